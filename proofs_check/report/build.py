"""Make the neutral document from claims and results."""

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

from proofs_check.claim import Claim
from proofs_check.engine import LedgerResult, Result
from proofs_check.figures.figure import Figure
from proofs_check.ledger.best_constants import Bracket, bracket_of
from proofs_check.ledger.papers import PAPERS
from proofs_check.loading import Claims
from proofs_check.recorded import Recorded
from proofs_check.report.document import (
    Agreement,
    BestRow,
    ConstantRow,
    ControlRow,
    Document,
    Entry,
    EvidenceRow,
    FigureRow,
    Formula,
    GivenRow,
    WitnessRow,
)
from proofs_check.report.formulas import domain_formula, relation_formula, statement_formula
from proofs_check.serialised import record as exact_record
from proofs_check.serialised import statement_hash
from proofs_check.sources import LIBRARIES
from proofs_check.verdict import Finding, Witness

__all__ = ["build", "plain"]


def build(
    claims: Claims,
    run: LedgerResult,
    record: Mapping[str, Recorded],
    *,
    brackets: Mapping[str, Bracket] | None = None,
    figures: Iterable[Figure] = (),
) -> Document:
    """Return the document of a run.

    Parameters
    ----------
    claims
        The claims, of which the run checked some.
    run
        Results with rolled-up verdicts.
    record
        Recorded verdicts of the ledger.
    brackets
        Recorded brackets of best constants; those of other statements are left out.
    figures
        Figures of the project; those that rest on none of the claims of the run are left out.
    """
    entries = tuple(
        _entry(claims.by_id[name], result, name in claims.mine, record.get(name), brackets or {})
        for name, result in run.results.items()
    )
    papers = {p.key: f"{p.authors}: {p.title} ({p.version})" for p in PAPERS.values()}
    shown = {e.paper for e in entries}
    return Document(
        version=_version("scoreproof"),
        libraries={"python": python_version(), **{k: _version(k) for k in LIBRARIES}},
        papers={k: v for k, v in papers.items() if k in shown},
        profile=run.profile,
        seed=run.seed,
        seconds=run.seconds,
        entries=entries,
        figures=tuple(
            FigureRow(name=f.name, title=f.title.rstrip("."), claims=f.claims)
            for f in figures
            if not run.results.keys().isdisjoint(f.claims)
        ),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _entry(
    claim: Claim,
    result: Result,
    mine: bool,
    recorded: Recorded | None,
    brackets: Mapping[str, Bracket],
) -> Entry:
    exact = exact_record(claim)
    return Entry(
        id=claim.id,
        kind=claim.kind.value,
        says=claim.says,
        paper=claim.source.paper,
        place=claim.source.place,
        statement=statement_formula(claim),
        given=tuple(
            GivenRow(symbol=_symbol(s), domain=domain_formula(s, d)) for s, d in claim.given.items()
        ),
        where=tuple(relation_formula(h) for h in claim.where),
        uses=claim.uses,
        steps=claim.steps,
        amends=claim.amends,
        note=claim.note,
        constant=_constant(claim, bracket_of(claim, brackets)),
        own=result.own,
        rolled=result.rolled,
        proof=result.proof,
        agreement=_agreement(result, mine, recorded, statement_hash(exact)),
        recorded_own=recorded.own if recorded else None,
        recorded_rolled=recorded.rolled if recorded else None,
        evidence=tuple(_evidence(f) for f in result.findings),
        controls=tuple(
            ControlRow(variant=c.variant, verdict=c.verdict, witness=_witness(c.witness))
            for c in result.controls
        ),
        seconds=round(result.seconds, 3),
        exact=exact,
        hash=statement_hash(exact),
    )


def _symbol(symbol: Any) -> Formula:
    from sympy import latex

    return Formula(text=str(symbol), latex=latex(symbol))


def _constant(claim: Claim, found: Bracket | None) -> ConstantRow | None:
    if claim.constant is None:
        return None
    return ConstantRow(
        symbol=str(claim.constant.symbol),
        printed=str(claim.constant.printed),
        larger_is_weaker=claim.constant.larger_is_weaker,
        power_of_two=claim.constant.power_of_two,
        best=None if found is None else _best(found),
    )


def _best(found: Bracket) -> BestRow:
    small, large = found.slack or (None, None)
    lo, hi, slack_lo, slack_hi = (
        None if v is None else str(v) for v in (found.lo, found.hi, small, large)
    )
    return BestRow(
        lo=lo,
        hi=hi,
        slack_lo=slack_lo,
        slack_hi=slack_hi,
        lo_by=found.lo_by,
        hi_by=found.hi_by,
        certified=found.certified,
    )


def _agreement(result: Result, mine: bool, recorded: Recorded | None, statement: str) -> Agreement:
    if mine:
        return Agreement.USER
    # an edited statement does not inherit the verdicts of the old one
    if recorded is None or not recorded.of(statement):
        return Agreement.UNRECORDED
    same = (result.own, result.rolled) == (recorded.own, recorded.rolled)
    return Agreement.SAME if same else Agreement.DIFFERS


def _evidence(finding: Finding) -> EvidenceRow:
    return EvidenceRow(
        method=finding.method,
        verdict=finding.verdict,
        counted=finding.counted,
        detail=" ".join(finding.detail.split()),
        certificate=plain(finding.certificate),
        witness=_witness(finding.witness),
        rests_on=finding.rests_on,
        toothless=finding.toothless,
        seconds=round(finding.seconds, 3),
    )


def _witness(witness: Witness | None) -> WitnessRow | None:
    if witness is None:
        return None
    values = {
        k: tuple(str(x) for x in v) if isinstance(v, (tuple, list)) else str(v)
        for k, v in witness.values.items()
    }
    return WitnessRow(
        values=values,
        lhs=witness.lhs,
        rhs=witness.rhs,
        hypotheses=witness.hypotheses,
        bits=witness.bits,
    )


def plain(value: Any) -> Any:
    """Return a value as JSON data; exact numbers, formulas and non-finite floats become text.

    Examples
    --------
    >>> plain({"at": (Fraction(1, 3), 2), "width": math.inf})
    {'at': ['1/3', 2], 'width': 'inf'}
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(v) for v in value), key=str)
    if isinstance(value, Fraction):
        return str(value)
    return str(value)
