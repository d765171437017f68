"""Float64 margins of many changed claims at the same points; a quantity is valued once a point.

A change mostly leaves the quantities of a claim as they are and changes what is made of them. Only
screens: what fails here is put before the second opinion.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sympy import Dummy, Expr, Integral, Product, Sum, Symbol

from proofs_check.balls import ball_value, to_ball
from proofs_check.claim import Claim, Rel
from proofs_check.errors import ClaimError
from proofs_check.floats import float_value
from proofs_check.functionals import Functional
from proofs_check.trust.second_opinion import UNABLE
from proofs_check.witness import Point

__all__ = ["Screen"]

TERMS: Final = 1000
"""Longer sums are left out: a shorter one shows the same."""

AT_A_TIE: Final = -1e-12
"""Margin of a strict relation between equal sides: it fails, if they are equal."""


class Screen:
    """Points at which changed claims are looked at.

    Parameters
    ----------
    points
        Symbol to an exact value, for each point.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = list(points)
        self._names: dict[Expr, Symbol] = {}
        self._values: dict[tuple[int, Expr], float] = {}

    def sides(self, claim: Claim, k: int) -> tuple[float, float]:
        """Return both sides at point number ``k``; NaN where one has no value."""
        statement = claim.statement
        return self._value(statement.lhs, k), self._value(statement.rhs, k)

    def score(self, claim: Claim, k: int) -> float:
        """Return the margin relative to both sides, negative where the claim fails.

        NaN without a value, as for an index beyond a sample.
        """
        lhs, rhs = self.sides(claim, k)
        size = abs(lhs) + abs(rhs)
        if not math.isfinite(size):
            return math.nan
        if claim.rel is Rel.EQ:
            return -abs(lhs - rhs) / size if size else 0.0
        if lhs == rhs:
            return AT_A_TIE if claim.rel in (Rel.LT, Rel.GT) else 0.0
        gap = rhs - lhs if claim.rel in (Rel.LE, Rel.LT) else lhs - rhs
        return gap / size

    def _value(self, expr: Expr, k: int) -> float:
        known: dict[Symbol, Any] = dict(self.points[k])
        quantities = set(_outermost(expr))
        for quantity in quantities:
            name = self._names.setdefault(quantity, Dummy("q", real=True))
            if (k, quantity) not in self._values:
                self._values[k, quantity] = _float(quantity, self.points[k])
            known[name] = self._values[k, quantity]
        return _float(expr.xreplace({q: self._names[q] for q in quantities}), known)


def _outermost(expr: Expr) -> Iterator[Expr]:
    """Yield the quantities, sums and integrals that are inside of no other."""
    if isinstance(expr, (Functional, Sum, Product, Integral)):
        yield expr
    else:
        for argument in expr.args:
            yield from _outermost(argument)


def _float(expr: Expr, known: Mapping[Symbol, Any]) -> float:
    try:
        if isinstance(expr, Sum) and _terms(expr, known) > TERMS:
            return math.nan
        return _without_float64(expr, known)
    except UNABLE:
        return math.nan  # it has no value there


def _terms(expr: Sum, known: Mapping[Symbol, Any]) -> float:
    _, first, last = expr.limits[0]
    return _without_float64(last - first, known)


def _without_float64(expr: Expr, known: Mapping[Symbol, Any]) -> float:
    try:
        return float(float_value(expr, known))
    except ClaimError:
        return float(to_ball(ball_value(expr, known)).mid())
