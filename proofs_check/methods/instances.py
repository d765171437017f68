"""Certified evaluation at named points, with double entry between float64 and balls."""

import math
from typing import Any

from flint import fmpq

from proofs_check.balls import ball_value, holds
from proofs_check.certificates import definitions
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.errors import ClaimError
from proofs_check.evidence import Instances
from proofs_check.floats import float_value
from proofs_check.methods.search import refuted
from proofs_check.serialised import exact_text
from proofs_check.verdict import Finding, Verdict
from proofs_check.witness import Point, admissible, certified_failure

__all__ = ["run"]


def run(claim: Claim, evidence: Instances, context: Context) -> Finding:
    """Certify a claim at each named point.

    Returns
    -------
    Finding
        ENCLOSED at the listed points, REFUTED with one of them, ERROR when the float64 and the
        ball value of a side disagree, UNDECIDED when a point is not admissible or not decided.
    """
    statement = claim.statement
    if not evidence.at:
        return _undecided("no instance is named")
    shown = []
    for name, point in evidence.at.items():
        if admissible(claim, point) is not True:
            return _undecided(f"{name}: not certainly in the domain with every hypothesis true")
        if certified_failure(claim, point) is not None:
            return refuted(claim, point, context, method="instances")
        if holds(statement, point) is not True:
            return _undecided(f"{name}: both sides are too close to be told apart")
        if evidence.agreement is not None:
            gap = max(_disagreement(side, point) for side in (statement.lhs, statement.rhs))
            if gap > float(evidence.agreement):
                return Finding(
                    method="instances",
                    verdict=Verdict.ERROR,
                    detail=f"{name}: float64 and ball values differ by {gap:.2e}",
                )
        shown.append(
            {
                "name": name,
                "point": {str(s): exact_text(point[s]) for s in claim.given},
                "values": [str(_value(side, point)) for side in (statement.lhs, statement.rhs)],
            }
        )
    return Finding(
        method="instances",
        verdict=Verdict.ENCLOSED,
        detail=f"certified at {len(shown)} instances: {', '.join(evidence.at)}",
        certificate={"instances": shown, "definitions": definitions(claim)},
    )


def _value(side: Any, point: Point) -> Any:
    """Return the value of a side: exact, or a ball."""
    value = ball_value(side, point, bits=128)
    return value if isinstance(value, fmpq) else value.str(20)


def _undecided(why: str) -> Finding:
    return Finding(method="instances", verdict=Verdict.UNDECIDED, detail=why)


def _disagreement(side: Any, point: Point) -> float:
    """Return the relative difference between the float64 and the ball value of a side."""
    try:
        fast = float(float_value(side, point))
    except ClaimError:
        return 0.0
    value = ball_value(side, point, bits=128)
    exact = float(int(value.p) / int(value.q)) if isinstance(value, fmpq) else float(value.mid())
    if exact == fast:
        return 0.0
    gap = abs(exact - fast) / max(abs(exact), abs(fast))
    return gap if math.isfinite(gap) else math.inf
