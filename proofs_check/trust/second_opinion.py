"""The value of a statement at an exact point by other code than the engine's.

SymPy's own evaluation (mpmath floats of guaranteed digits) of the written-out definitions; where a
functional has none, the float64 face from `numerics/`. Neither the ball evaluator nor the
program that the engine compiles has a part in it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from sympy import Expr, Float, Integer, N, Rational, Symbol, Tuple

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.methods.timing import OutOfTimeError, time_limit
from proofs_check.normal_form import unfold
from proofs_check.witness import Point

__all__ = ["UNABLE", "Opinion", "fails_at"]

UNABLE: Final = (
    ArithmeticError,
    ClaimError,
    IndexError,
    NotImplementedError,
    OutOfTimeError,
    TypeError,
    ValueError,
)
"""What an evaluation ends with where it cannot be done."""

DIGITS: Final = 40

SECONDS: Final = 2.0

EXACT_GAP: Final = Fraction(1, 10**20)
"""Least relative gap between the sides that 40 digits can vouch for."""

FLOAT_GAP: Final = Fraction(1, 10**4)
"""The same where a float64 value from `numerics/` takes part."""


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """Whether a statement fails at a point, and by what arithmetic that was seen.

    Attributes
    ----------
    fails
        True when every hypothesis holds and the relation does not, with a clear gap.
    how
        ``digits`` or ``float64``; empty when nothing could be said.
    """

    fails: bool
    how: str = ""


def fails_at(claim: Claim, point: Point) -> Opinion:
    """Return whether a claim fails at an exact point of its domains.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> from proofs_check.broken import flip
    >>> from proofs_check.domains import reals
    >>> from proofs_check.evidence import Search
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="t",
    ...     says="false",
    ...     given={a: reals},
    ...     lhs=exp(a),
    ...     rel="<=",
    ...     rhs=1 + a,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> fails_at(claim, {a: Fraction(1, 3)})
    Opinion(fails=True, how='digits')
    >>> fails_at(claim, {a: Fraction(0)}).fails
    False
    """
    known: dict[Symbol, Any] = {}
    for symbol, domain in claim.given.items():
        if symbol not in point or not domain.contains(point[symbol], known):
            return Opinion(fails=False)
        known[symbol] = point[symbol]
    arithmetic = _Arithmetic(known)
    try:
        with time_limit(SECONDS):
            if not all(arithmetic.holds(h) is True for h in claim.where):
                return Opinion(fails=False, how=arithmetic.how)
            fails = arithmetic.holds(claim.statement) is False
            if fails and arithmetic.rounded:
                # what is left of a zero shrinks when the digits double; a failure stays
                gap = arithmetic.gap(claim.statement)
                arithmetic.digits *= 2
                fails = abs(arithmetic.gap(claim.statement) - gap) < abs(gap) / 10
            return Opinion(fails=fails, how=arithmetic.how)
    except UNABLE:
        # SymPy may be unable to evaluate: that is no opinion, and no failure
        return Opinion(fails=False)


class _Arithmetic:
    def __init__(self, point: Mapping[Symbol, Any]) -> None:
        self.point = point
        self.table = {s: _expression(v) for s, v in point.items()}
        self.how = "digits"
        self.rounded = False
        self.digits = DIGITS

    def gap(self, relation: Relation) -> Fraction:
        """Return right side less left side."""
        return self.value(relation.rhs) - self.value(relation.lhs)

    def holds(self, relation: Relation) -> bool | None:
        """Return whether a relation holds; ``None`` when the sides are too close to tell."""
        self.rounded = False
        lhs, rhs = self.value(relation.lhs), self.value(relation.rhs)
        size = max(abs(lhs), abs(rhs))
        least = (EXACT_GAP if self.how == "digits" else FLOAT_GAP) * size
        gap = rhs - lhs
        if self.rounded and abs(gap) <= least:
            return None
        if relation.rel is Rel.EQ:
            return gap == 0
        if relation.rel in (Rel.GE, Rel.GT):
            gap = -gap
        return gap > 0 or (gap == 0 and relation.rel in (Rel.LE, Rel.GE))

    def value(self, expr: Expr) -> Fraction:
        written = unfold(expr, self.table)
        if written.has(Functional):
            self.how = "float64"
            written = written.replace(
                lambda e: isinstance(e, Functional), lambda e: Float(self._float(e), 17)
            )
        number = written.subs(self._scalars())
        if not number.is_Rational:
            self.rounded = True
            number = N(number, self.digits)
        if not number.is_Float and not number.is_Rational:
            raise ClaimError(f"{expr} has no value at the point")
        return Fraction(*(int(part) for part in Rational(number).as_numer_denom()))

    def _scalars(self) -> dict[Symbol, Expr]:
        return {s: v for s, v in self.table.items() if not isinstance(v, Tuple)}

    def _float(self, expr: Expr) -> float:
        """Return the float64 value of a functional without a written definition."""
        function = type(expr).float64
        if function is None:
            raise ClaimError(f"{expr} has no float64 value")
        arguments: list[Any] = []
        for argument in expr.args:
            if isinstance(argument, Tuple):
                arguments.append(np.array([float(v) for v in argument.args]))
            else:
                arguments.append(float(self.value(argument)))
        value = float(function(*arguments))
        if not math.isfinite(value):
            raise ClaimError(f"{expr} is not finite")
        return value


def _expression(value: Any) -> Any:
    if isinstance(value, tuple):
        return Tuple(*[_expression(v) for v in value])
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    return Integer(value)
