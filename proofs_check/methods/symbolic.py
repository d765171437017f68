"""Prove an identity: both sides have the same normal form under a named recipe.

SymPy is no proof kernel, so a yes also needs a clean ball evaluation at random exact points.
"""

from typing import Any

from flint import fmpq
from sympy import Expr, IndexedBase, Symbol, Tuple

from proofs_check.balls import ball_value
from proofs_check.certificates import definitions, points
from proofs_check.claim import Claim, Rel, Relation
from proofs_check.context import Context
from proofs_check.domains import Sample
from proofs_check.entailment import scene_of
from proofs_check.errors import ClaimError
from proofs_check.evidence import Search, Symbolic
from proofs_check.methods.recipes import recipe
from proofs_check.methods.search import refuted, screened_points
from proofs_check.methods.timing import OutOfTimeError, time_limit
from proofs_check.normal_form import unfold
from proofs_check.verdict import Finding, Verdict
from proofs_check.witness import admissible, certified_failure

__all__ = ["run"]

POINTS = 8
AGREEMENT_BITS = 256


def run(claim: Claim, evidence: Symbolic, context: Context) -> Finding:
    """Reduce the difference of both sides to zero.

    Returns
    -------
    Finding
        PROVED for every sample size (formal sums, or no sample at all), ENCLOSED when only some
        sizes were reduced, REFUTED with a witness, UNDECIDED otherwise.
    """
    if claim.rel is not Rel.EQ:
        return _undecided("only equalities can be reduced; use enclosure or steps")
    failing, checked = _ball_check(claim, context)
    if failing is not None:
        return refuted(claim, failing, context, method="symbolic")
    if not checked and claim.given:
        return _undecided("no admissible point could be evaluated in ball arithmetic")
    samples = [s for s, d in claim.given.items() if isinstance(d, Sample)]
    try:
        shown = _reductions(claim, evidence, samples)
    except (ClaimError, OutOfTimeError, NotImplementedError) as error:
        return _undecided(str(error))
    if shown is None:
        return _undecided(f"the difference does not reduce to zero by {evidence.recipe!r}")
    scene = scene_of(claim)
    for side in () if samples else (claim.statement.lhs, claim.statement.rhs):
        why = scene.why_undefined(side)
        if why:
            return _undecided(why)
    whole = not samples or evidence.formal
    return Finding(
        method="symbolic",
        verdict=Verdict.PROVED if whole else Verdict.ENCLOSED,
        detail=f"reduces to zero by {evidence.recipe!r} for {shown}; {checked} points agree",
        certificate={
            "recipe": evidence.recipe,
            "for": shown,
            "formal": evidence.formal,
            "agreeing": checked,
            "points": points(claim, context),
            "definitions": definitions(claim),
        },
    )


def _undecided(why: str) -> Finding:
    return Finding(method="symbolic", verdict=Verdict.UNDECIDED, detail=why)


def _reductions(claim: Claim, evidence: Symbolic, samples: list[Symbol]) -> str | None:
    """Return what was reduced to zero, or ``None`` when something was not."""
    same = recipe(evidence.recipe)
    statement = claim.statement
    cases: list[tuple[str, dict[Symbol, Any]]] = []
    if not samples:
        cases.append(("all values", {}))
    for size in evidence.sizes if samples else ():
        points = Tuple(*[Symbol(f"x{k}", real=True) for k in range(1, size + 1)])
        cases.append((f"n = {size}", dict.fromkeys(samples, points)))
    if samples and evidence.formal:
        cases.append(("symbolic n", dict.fromkeys(samples, IndexedBase("x", real=True))))
    if not cases:
        raise ClaimError("symbolic evidence of a sample needs sizes or formal=True")
    for name, table in cases:
        decide = recipe("tilting") if name == "symbolic n" else same
        with time_limit(evidence.limit):
            for variant in _indices(claim, name, table):
                lhs, rhs = (_ready(side, variant) for side in (statement.lhs, statement.rhs))
                if not decide(lhs, rhs):
                    return None
    return ", ".join(name for name, _ in cases)


def _ready(side: Expr, table: dict[Symbol, Any]) -> Expr:
    return unfold(side, table)


def _indices(claim: Claim, name: str, table: dict[Symbol, Any]) -> list[dict[Symbol, Any]]:
    """Return one table for each value of the integer indices that range over the sample."""
    from sympy import Integer as Number

    from proofs_check.domains import Integer

    tables = [dict(table)]
    if name == "symbolic n":
        return tables
    for symbol, domain in claim.given.items():
        if isinstance(domain, Integer) and domain.free_symbols:
            lo, hi = (int(unfold(e, table)) for e in (domain.lo, domain.hi))
            tables = [{**t, symbol: Number(v)} for t in tables for v in range(lo, hi + 1)]
    return tables


def _ball_check(claim: Claim, context: Context) -> tuple[Any, int]:
    """Return a failing point or ``None``, and at how many points both sides agree."""
    checked = 0
    statement = claim.statement
    for point in screened_points(claim, Search(examples=4 * POINTS), context):
        if admissible(claim, point, max_bits=AGREEMENT_BITS) is not True:
            continue
        if certified_failure(claim, point, max_bits=AGREEMENT_BITS) is not None:
            return point, checked
        if _agree(statement, point):
            checked += 1
        if checked >= POINTS:
            break
    return None, checked


def _agree(statement: Relation, point: Any) -> bool:
    """Return whether the difference is a small ball around zero, not merely a wide one."""
    value = ball_value(statement.margin, point, bits=AGREEMENT_BITS)
    if isinstance(value, fmpq):
        return bool(value == 0)
    if not value.is_finite():
        return False
    size = ball_value(statement.lhs, point, bits=AGREEMENT_BITS)
    return bool(abs(value) < (abs(size) + 1) * fmpq(1, 2**40))
