"""The JSON ledger: what is written on one line says the same as the record it comes from."""

import dataclasses
import json

from sympy import Rational, Symbol, exp

from proofs_check.broken import scale
from proofs_check.claim import Claim, Rel
from proofs_check.domains import Real
from proofs_check.engine import check_ledger
from proofs_check.evidence import Enclosure, Search
from proofs_check.loading import Claims, Origin
from proofs_check.report.build import build
from proofs_check.report.json_ledger import COMPACT, render

a = Symbol("a", real=True)


def test_fields_on_one_line_are_the_fields_of_the_record() -> None:
    claim = Claim(
        id="U.exp",
        says='a "tangent" \ue0000',
        given={a: Real(lo=0, hi=4)},
        lhs=exp(a),
        rel=Rel.GE,
        rhs=1 + a,
        evidence=(Enclosure(), Search(examples=5, hypothesis_examples=0)),
        broken=(scale("rhs", Rational(101, 100)),),
    )
    claims = Claims(by_id={claim.id: claim}, mine=frozenset({claim.id}), origin=Origin())
    document = build(claims, check_ledger(claims.by_id), {})
    (entry,) = document.entries
    source = render(document)
    (read,) = json.loads(source)["entries"]
    assert read["exact"] == entry.exact
    assert [row["certificate"] for row in read["evidence"]] == [
        row.certificate for row in entry.evidence
    ]
    assert {f.name for f in dataclasses.fields(entry)} == set(read)
    assert read["says"] == claim.says
    assert read["own"] == "PROVED"
    for name in COMPACT:
        lines = [line for line in source.splitlines() if line.lstrip().startswith(f'"{name}"')]
        assert lines
        assert all(line.rstrip(",").endswith("}") for line in lines)
