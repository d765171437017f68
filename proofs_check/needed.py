"""The constant that one point needs.

A statement with a constant c that gets weaker as c grows (or shrinks) holds at a point from some
value of c on. The largest of these values over the domain is the best constant; any admissible
point bounds it from one side, and rigorously so, because the point is exact.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from sympy import Derivative, Expr, Rational, Subs, diff

from proofs_check.balls import ball_value, precision, to_ball
from proofs_check.claim import Claim, Constant
from proofs_check.errors import ClaimError
from proofs_check.floats import float_value
from proofs_check.verdict import Witness
from proofs_check.witness import Point, admissible, certified_failure

__all__ = ["Need", "Needed", "simplest_between"]

CLOSE = Fraction(1, 10**12)
"""Relative distance from the exact needed constant at which a failure is certified."""


@dataclass(frozen=True, kw_only=True)
class Needed:
    """A point, the constant that it needs, and the failure that shows it.

    Attributes
    ----------
    value
        A rational on the failing side: no constant beyond it (in the strong direction) will do.
        ``None`` when the statement fails at the point for every constant.
    exact
        Whether the needed constant of the point is exactly `value`.
    """

    point: Point
    value: Fraction | None
    exact: bool
    witness: Witness


class Need:
    """The needed constant of one claim as a function of the point.

    Parameters
    ----------
    claim
        A claim with a constant.
    """

    def __init__(self, claim: Claim) -> None:
        if claim.constant is None:
            raise ClaimError(f"{claim.id}: has no constant to optimise")
        self.claim = claim
        self.constant: Constant = claim.constant
        self.sense = 1 if claim.constant.larger_is_weaker else -1
        lhs, rhs = claim.lhs, claim.rhs
        self.margin: Expr = rhs - lhs if claim.rel.value in ("<=", "<") else lhs - rhs
        self.slope = self._slope()
        self.start = None if self.slope is None else self.margin.subs(self.constant.symbol, 0)

    def _slope(self) -> Expr | None:
        """Return the derivative in the constant if the margin is affine in it."""
        symbol = self.constant.symbol
        slope = diff(self.margin, symbol)
        affine = symbol not in slope.free_symbols and not slope.has(Derivative, Subs)
        return slope if affine else None

    def better(self, a: float, b: float) -> bool:
        """Return whether the need ``a`` is more demanding than ``b``."""
        return self.sense * (a - b) > 1e-12 * (abs(a) + abs(b))

    def estimate(self, point: Point) -> float:
        """Return the needed constant to about float64 accuracy; NaN where it is not known."""
        if self.slope is None:
            return self._estimate_by_bisection(point)
        start, slope = _floating(self.start, point), _floating(self.slope, point)
        if not math.isfinite(start) or not math.isfinite(slope) or slope == 0:
            return self._estimate_by_balls(point)
        return -start / slope

    def _estimate_by_balls(self, point: Point) -> float:
        ratio = self._ratio(point, 128)[2]
        return float(ratio.mid()) if ratio.is_finite() else math.nan

    def _ratio(self, point: Point, bits: int) -> tuple[Any, Any, arb]:
        """Return the affine margin's start and slope, and the zero between them as a ball."""
        start, slope = (ball_value(e, point, bits=bits) for e in (self.start, self.slope))
        with precision(bits):
            return start, slope, -to_ball(start) / to_ball(slope)

    def _margin_at(self, point: Point, value: float) -> float:
        return _floating(self.margin, {**point, self.constant.symbol: Fraction(value)})

    def _estimate_by_bisection(self, point: Point) -> float:
        """Walk away from the printed constant until the margin changes sign, then bisect."""
        at = float(self.constant.printed)
        step = abs(at) / 64 or 1 / 64
        good = self._margin_at(point, at)
        if math.isnan(good):
            return math.nan
        direction = -self.sense if good >= 0 else self.sense
        near, far = at, at
        for _ in range(80):
            near, far = far, far + direction * step
            if at > 0 > far:
                # a positive constant stays positive
                far = near / 4
            step *= 2
            value = self._margin_at(point, far)
            if math.isnan(value):
                return math.nan
            if (value >= 0) != (good >= 0):
                break
        else:
            return math.nan
        for _ in range(60):
            middle = (near + far) / 2
            if (self._margin_at(point, middle) >= 0) == (good >= 0):
                near = middle
            else:
                far = middle
        return (near + far) / 2

    def certified(self, point: Point) -> Needed | None:
        """Return the certified need of an admissible point, ``None`` if it cannot be certified.

        Raises
        ------
        ClaimError
            The statement gets stronger where `Constant.larger_is_weaker` says weaker.
        """
        if admissible(self.claim, point, max_bits=512) is not True:
            return None
        if self.slope is None:
            return self._certified_near(point, self.estimate(point))
        for bits in (128, 512, 2048):
            start, slope, ratio = self._ratio(point, bits)
            if isinstance(start, fmpq) and isinstance(slope, fmpq):
                return self._certified_exact(point, start, slope)
            if ratio.is_finite() and ratio.rel_accuracy_bits() >= 60:
                self._check_sense(slope)
                return self._certified_ball(point, ratio)
        return None

    def _check_sense(self, slope: Any) -> None:
        if (slope < 0) if self.sense > 0 else (slope > 0):
            raise ClaimError(
                f"{self.claim.id}: larger_is_weaker={self.constant.larger_is_weaker} is wrong; "
                "the statement gets stronger in that direction"
            )

    def _certified_exact(self, point: Point, start: fmpq, slope: fmpq) -> Needed | None:
        if slope == 0:
            witness = certified_failure(self.claim, point, max_bits=512)
            return _shown(point, None, witness, exact=True)
        self._check_sense(slope)
        ratio = -start / slope
        value = Fraction(int(ratio.p), int(ratio.q))
        witness = self.failure(point, value - self.sense * (abs(value) or 1) * CLOSE)
        return _shown(point, value, witness, exact=True)

    def _certified_ball(self, point: Point, ratio: arb) -> Needed | None:
        end = _fraction(ratio.lower() if self.sense > 0 else ratio.upper())
        far = end - self.sense * (abs(end) or 1) * CLOSE
        value = simplest_between(min(end, far), max(end, far))
        witness = self.failure(point, value)
        return _shown(point, value, witness, exact=False)

    def _certified_near(self, point: Point, estimate: float) -> Needed | None:
        if not math.isfinite(estimate):
            return None
        for distance in (1e-12, 1e-9, 1e-6):
            end = Fraction(estimate) - self.sense * Fraction((abs(estimate) or 1) * distance)
            far = end - self.sense * (abs(end) or 1) * CLOSE
            value = simplest_between(min(end, far), max(end, far))
            witness = self.failure(point, value)
            if witness is not None:
                return Needed(point=point, value=value, exact=False, witness=witness)
        return None

    def failure(self, point: Point, value: Fraction) -> Witness | None:
        """Return the certified failure of the claim at a point with another constant.

        ``None`` also for a constant that contradicts what its symbol is declared to be.
        """
        try:
            changed = self.claim.with_constant(Rational(value.numerator, value.denominator))
        except ClaimError:
            return None
        return certified_failure(changed, point, max_bits=1024)


def _shown(
    point: Point, value: Fraction | None, witness: Witness | None, *, exact: bool
) -> Needed | None:
    if witness is None:
        return None
    return Needed(point=point, value=value, exact=exact, witness=witness)


def _floating(expr: Expr, point: Point) -> float:
    try:
        return float(float_value(expr, point))
    except (ClaimError, OverflowError):
        value = ball_value(expr, point)
        if isinstance(value, fmpq):
            value = to_ball(value)
        return float(value.mid()) if value.is_finite() else math.nan


def _fraction(exact: arb) -> Fraction:
    mantissa, exponent = (int(v) for v in exact.man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def simplest_between(lo: Fraction, hi: Fraction) -> Fraction:
    """Return the rational with the smallest denominator in ``[lo, hi]``.

    Examples
    --------
    >>> simplest_between(Fraction(31, 100), Fraction(34, 100))
    Fraction(1, 3)
    """
    if lo > hi:
        raise ValueError(f"lo was {lo}, hi was {hi}; give lo <= hi")
    if lo <= 0 <= hi:
        return Fraction(0)
    if hi < 0:
        return -simplest_between(-hi, -lo)
    whole = math.floor(lo)
    if whole == lo or whole + 1 <= hi:
        return Fraction(whole if whole == lo else whole + 1)
    rest = simplest_between(1 / (hi - whole), 1 / (lo - whole))
    return whole + 1 / rest
