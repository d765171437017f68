"""Rigorous ranges over boxes: intervals whose ends may be infinite.

A box end is an exact dyadic or rational number or an infinity; every operation rounds its ends
outwards in ball arithmetic. Monotone functions are evaluated at the ends, so
``exp([2, oo)) = [e^2, oo)``: unbounded domains need no substitution.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq
from sympy import Expr, Symbol

from proofs_check.balls import integer_power, precision
from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.program import compile_expression

__all__ = ["INTERVALS", "Interval", "continuous_on", "interval_value"]

_NEG_INF, _POS_INF, _ZERO = arb.neg_inf(), arb.pos_inf(), arb(0)


@dataclass(frozen=True)
class Interval:
    """All real numbers between two exact ends; an infinite end is not attained."""

    lo: arb
    hi: arb

    @classmethod
    def hull(cls, lo: Any, hi: Any) -> "Interval":
        """Return the interval between two rationals or infinities, rounded outwards."""
        return cls(_end(lo, upper=False), _end(hi, upper=True))

    @property
    def positive(self) -> bool:
        """Whether every element is certainly positive."""
        return bool(self.lo > 0)

    @property
    def nonnegative(self) -> bool:
        """Whether every element is certainly not negative."""
        return bool(self.lo >= 0)

    @property
    def negative(self) -> bool:
        """Whether every element is certainly negative."""
        return bool(self.hi < 0)

    def __str__(self) -> str:
        """Return the ends to a few digits."""
        return f"[{self.lo.str(6, radius=False)}, {self.hi.str(6, radius=False)}]"


ENTIRE = Interval(_NEG_INF, _POS_INF)


def _end(value: Any, *, upper: bool) -> arb:
    if value is None:
        return _POS_INF if upper else _NEG_INF
    if isinstance(value, Fraction):
        value = fmpq(value.numerator, value.denominator)
    ball = arb(value)
    return ball.upper() if upper else ball.lower()


def _make(lo: arb, hi: arb) -> Interval:
    """Round two balls outwards; an undefined end gives the whole line."""
    if lo.is_nan() or hi.is_nan():
        return ENTIRE
    low = lo if lo.is_exact() else lo.lower()
    high = hi if hi.is_exact() else hi.upper()
    if low.is_nan() or high.is_nan():
        return ENTIRE
    return Interval(low, high)


def _times(a: arb, b: arb) -> arb:
    """Return a product of ends in which 0 times an unattained infinity is 0."""
    return _ZERO if a.is_zero() or b.is_zero() else a * b


def _product(a: Interval, b: Interval) -> Interval:
    if a.nonnegative and b.nonnegative:
        return _make(_times(a.lo, b.lo), _times(a.hi, b.hi))
    ends = [_times(p, q) for p in (a.lo, a.hi) for q in (b.lo, b.hi)]
    lows = [e if e.is_exact() else e.lower() for e in ends]
    highs = [e if e.is_exact() else e.upper() for e in ends]
    if any(e.is_nan() for e in (*lows, *highs)):
        return ENTIRE
    low, high = lows[0], highs[0]
    for e in lows[1:]:
        low = e if e < low else low
    for e in highs[1:]:
        high = e if e > high else high
    return Interval(low, high)


def _reciprocal(a: Interval) -> Interval:
    if a.lo > 0 or a.hi < 0:
        low = _ZERO if not a.hi.is_finite() else 1 / a.hi
        high = _ZERO if not a.lo.is_finite() else 1 / a.lo
        return _make(low, high)
    if a.lo.is_zero() and a.hi > 0:
        return _make(_ZERO if not a.hi.is_finite() else 1 / a.hi, _POS_INF)
    if a.hi.is_zero() and a.lo < 0:
        return _make(_NEG_INF, _ZERO if not a.lo.is_finite() else 1 / a.lo)
    return ENTIRE


def _integer_power(a: Interval, p: int) -> Interval:
    if p < 0:
        return _reciprocal(_integer_power(a, -p))
    if p % 2 or a.lo >= 0:
        return _make(_raise(a.lo, p), _raise(a.hi, p))
    if a.hi <= 0:
        return _make(_raise(a.hi, p), _raise(a.lo, p))
    left, right = _raise(a.lo, p), _raise(a.hi, p)
    high = left if left.upper() > right.upper() else right
    return _make(_ZERO, high)


def _raise(end: arb, p: int) -> arb:
    if end.is_finite():
        power: arb = integer_power(end, p)
        return power
    return _POS_INF if end > 0 or p % 2 == 0 else _NEG_INF


def _root(a: Interval, p: int, q: int) -> Interval:
    """Return ``a ** (p/q)`` with q > 1 on the nonnegative part; undefined below zero."""
    if a.lo < 0:
        return ENTIRE
    power = arb(fmpq(abs(p), q))

    def at(end: arb) -> arb:
        if end.is_zero() or not end.is_finite():
            return end
        return integer_power(end.sqrt(), abs(p)) if q == 2 else end**power

    result = _make(at(a.lo), at(a.hi))
    return _reciprocal(result) if p < 0 else result


def _monotone(name: str, a: Interval) -> Interval:
    return _make(_at_end(name, a.lo), _at_end(name, a.hi))


_LIMITS = {
    "exp": (0, None),
    "erf": (-1, 1),
    "tanh": (-1, 1),
    "atan": None,
    "sinh": (None, None),
    "floor": (None, None),
    "ceiling": (None, None),
}


def _at_end(name: str, end: arb) -> arb:
    if end.is_finite():
        if name == "ceiling":
            return end.ceil()
        result: arb = getattr(end, name)()
        return result
    upper = end > 0
    if name == "atan":
        return arb.pi() / 2 if upper else -arb.pi() / 2
    limits = _LIMITS[name]
    value = limits[1 if upper else 0] if limits else None
    if value is None:
        return _POS_INF if upper else _NEG_INF
    return arb(value)


class _Intervals:
    """The arithmetic of `program.Arithmetic` on intervals."""

    def number(self, p: int, q: int) -> Interval:
        return Interval.hull(Fraction(p, q), Fraction(p, q))

    def symbol(self, value: Any) -> Any:
        if isinstance(value, (Fraction, int)):
            return Interval.hull(Fraction(value), Fraction(value))
        return value

    def constant(self, name: str) -> Interval:
        value = {"pi": arb.pi, "e": arb.const_e, "euler": arb.const_euler}[name]()
        return _make(value, value)

    def add(self, values: list[Any]) -> Interval:
        lo, hi = values[0].lo, values[0].hi
        for v in values[1:]:
            lo, hi = (lo + v.lo).lower(), (hi + v.hi).upper()
        return _make(lo, hi)

    def mul(self, values: list[Any]) -> Interval:
        total: Interval = values[0]
        for v in values[1:]:
            total = _product(total, v)
        return total

    def power(self, base: Any, p: int, q: int) -> Interval:
        return _integer_power(base, p) if q == 1 else _root(base, p, q)

    def general_power(self, base: Any, exponent: Any) -> Interval:
        if base.lo < 0:
            # a negative base with an integer exponent may have either sign
            return ENTIRE
        return self.unary("exp", _product(exponent, self.unary("log", base)))

    def unary(self, name: str, value: Any) -> Interval:
        if name in _LIMITS:
            return _monotone(name, value)
        special = {
            "log": _log,
            "abs": _absolute,
            "erfc": _erfc,
            "cosh": _cosh,
            "sign": _sign,
            "lgamma": _log_gamma,
            "digamma": _digamma,
        }
        if name in special:
            return special[name](value)
        raise ClaimError(f"no interval extension of {name}")

    def extreme(self, name: str, values: list[Any]) -> Interval:
        low, high = values[0].lo, values[0].hi
        for v in values[1:]:
            if name == "min":
                low, high = (v.lo if v.lo < low else low), (v.hi if v.hi < high else high)
            else:
                low, high = (v.lo if v.lo > low else low), (v.hi if v.hi > high else high)
        return Interval(low, high)

    def call(self, function: type[Functional], values: list[Any]) -> Interval:  # noqa: ARG002
        raise ClaimError(f"{function.__name__} has no interval extension; unfold the sample first")

    def integer(self, value: Any) -> int:
        if value.lo == value.hi and value.lo.is_integer():
            return int(value.lo.unique_fmpz())
        raise ClaimError("the limit of a sum is not one integer on this box")


def _log(a: Interval) -> Interval:
    if a.lo < 0:
        return ENTIRE
    low = _NEG_INF if a.lo.is_zero() else (a.lo.log() if a.lo.is_finite() else _POS_INF)
    if a.hi.is_zero():
        return ENTIRE
    return _make(low, a.hi.log() if a.hi.is_finite() else _POS_INF)


def _absolute(a: Interval) -> Interval:
    if a.lo >= 0:
        return a
    if a.hi <= 0:
        return Interval(-a.hi, -a.lo)
    return Interval(_ZERO, a.hi if a.hi > -a.lo else -a.lo)


def _erfc(a: Interval) -> Interval:
    low = a.hi.erfc() if a.hi.is_finite() else (_ZERO if a.hi > 0 else arb(2))
    high = a.lo.erfc() if a.lo.is_finite() else (arb(2) if a.lo < 0 else _ZERO)
    return _make(low, high)


def _cosh(a: Interval) -> Interval:
    b = _absolute(a)
    return _make(b.lo.cosh(), b.hi.cosh() if b.hi.is_finite() else _POS_INF)


def _sign(a: Interval) -> Interval:
    low = arb(1) if a.lo > 0 else (_ZERO if a.lo >= 0 else arb(-1))
    high = arb(-1) if a.hi < 0 else (_ZERO if a.hi <= 0 else arb(1))
    return Interval(low, high)


def _digamma(a: Interval) -> Interval:
    if not a.lo > 0:
        return ENTIRE
    return _make(a.lo.digamma(), a.hi.digamma() if a.hi.is_finite() else _POS_INF)


def _log_gamma(a: Interval) -> Interval:
    """Return the range of log Gamma, which increases on [3/2, oo)."""
    if not a.lo >= arb(1.5):
        return ENTIRE
    return _make(a.lo.lgamma(), a.hi.lgamma() if a.hi.is_finite() else _POS_INF)


class _Watched(_Intervals):
    """Interval arithmetic that notices where an expression may be undefined or jump inside a box.

    A pole that the box only touches, so that the function tends to one infinity there, is no jump.
    """

    def __init__(self) -> None:
        self.continuous = True

    def _demand(self, condition: Any) -> None:
        self.continuous = self.continuous and bool(condition)

    def power(self, base: Any, p: int, q: int) -> Interval:
        if q != 1:
            self._demand(base.lo >= 0)
        if p < 0:
            self._demand(base.lo < 0 or base.hi > 0)
            self._demand(p % 2 == 0 or base.lo >= 0 or base.hi <= 0)
        return super().power(base, p, q)

    def general_power(self, base: Any, exponent: Any) -> Interval:
        self._demand(base.lo > 0 or (base.lo >= 0 and exponent.lo > 0))
        return super().general_power(base, exponent)

    def unary(self, name: str, value: Any) -> Interval:
        if name in ("floor", "ceiling", "sign"):
            self._demand(value.lo == value.hi)
        elif name == "log":
            self._demand(value.lo >= 0 and value.hi > 0)
        elif name in ("digamma", "lgamma"):
            self._demand(value.lo > 0)
        return super().unary(name, value)


INTERVALS = _Intervals()


def continuous_on(expr: Expr, box: Mapping[Symbol, Interval], *, bits: int = 64) -> bool:
    """Return whether an expression is certainly defined and continuous inside a box.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> a = Symbol("a")
    >>> continuous_on(exp(1 / a), {a: Interval.hull(0, 1)})
    True
    >>> continuous_on(exp(1 / a), {a: Interval.hull(-1, 1)})
    False
    """
    watched = _Watched()
    with precision(bits):
        compile_expression(expr).run(watched, box)
    return watched.continuous


def interval_value(expr: Expr, box: Mapping[Symbol, Interval], *, bits: int = 64) -> Interval:
    """Return an interval that contains every value of an expression on a box.

    Examples
    --------
    >>> from sympy import Symbol, exp
    >>> a = Symbol("a")
    >>> interval_value(exp(a) - 7, {a: Interval.hull(2, None)}).positive
    True
    """
    program = compile_expression(expr)
    with precision(bits):
        result: Interval = program.run(INTERVALS, box)
    return result
