"""What a notebook shows: whole HTML, with the statement typeset and every verdict in words."""

import xml.etree.ElementTree as ET

from sympy import Symbol

from proofs_check import Claim, Real, Rel, Search, check_ledger, ge, scale
from proofs_check.engine import LedgerResult
from proofs_check.loading import Claims, Origin
from proofs_check.report.build import build

a = Symbol("a", real=True)


def claim(**changed: object) -> Claim:
    parts: dict[str, object] = {
        "id": "square",
        "says": "a square exceeds <its> root & more",
        "given": {a: Real(lo=0)},
        "where": (ge(a, 2),),
        "lhs": a**2,
        "rel": Rel.GE,
        "rhs": a,
        "evidence": (Search(),),
        "broken": (scale("rhs", 3),),
    }
    return Claim(**(parts | changed))  # type: ignore[arg-type]


def page(source: str) -> ET.Element:
    """Return the elements; a fault in the nesting raises."""
    return ET.fromstring(source.replace("&emsp;", " "))


def words(source: str) -> str:
    return " ".join("".join(page(source).itertext()).split())


def test_a_claim_shows_its_statement_domain_and_hypothesis_as_formulas() -> None:
    shown = claim()._repr_html_()
    assert len(list(page(shown).iter("math"))) == 3
    assert "a square exceeds <its> root & more" in words(shown)


def test_a_claim_without_hypotheses_says_nothing_of_them() -> None:
    assert "where" not in words(claim(where=())._repr_html_())


def test_a_run_and_its_document_show_the_same_rows() -> None:
    false = claim(id="false", where=(), says="without the hypothesis")
    claims = {c.id: c for c in (claim(), false)}
    run: LedgerResult = check_ledger(claims)
    document = build(Claims(by_id=claims, mine=frozenset(claims), origin=Origin()), run, {})
    for shown in (run._repr_html_(), document._repr_html_()):
        rows = [[("".join(c.itertext())) for c in row] for row in page(shown).iter("tr")][1:]
        assert [row[:3] for row in rows] == [
            ["square", "SUPPORTED", "SUPPORTED"],
            ["false", "REFUTED", "REFUTED"],
        ]
        assert rows[1][3].startswith("fails at a = ")
        assert words(shown).startswith("2 claims, quick profile, seed 0")


def test_a_result_shows_its_witness_and_its_controls() -> None:
    run = check_ledger({"square": claim(where=())})
    shown = words(run.results["square"]._repr_html_())
    assert "fails at a = " in shown
    assert "false variant: rhs times 3" in shown
