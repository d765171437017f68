"""The value of a statement at an exact point by other code than the engine's.

Fractions and mpmath floats walk through the written-out definitions; where a definition is an
integral, the float64 face from `numerics/` takes its place if there is one. Neither the ball
evaluator nor the program that the engine compiles has a part in it. The effort is counted in
operations, so that an opinion never depends on the machine.
"""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any, Final, TypeAlias

import mpmath
import numpy as np
import sympy
from sympy import Expr, Float, Integral, Rational, Sum, Symbol, Tuple

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.normal_form import unfold
from proofs_check.witness import Point

__all__ = ["UNABLE", "Opinion", "Values", "fails_at", "without_definition"]

UNABLE: Final = (
    ArithmeticError,
    ClaimError,
    IndexError,
    NotImplementedError,
    TypeError,
    ValueError,
)
"""What an evaluation ends with where it cannot be done."""

Number: TypeAlias = Any
"""A `Fraction`, exact, or an mpmath float."""

DIGITS: Final = 40

OPERATIONS: Final = 150_000
"""What one opinion may cost, at each of two precisions: about a second."""

EXACT_GAP: Final = Fraction(1, 10**20)
"""Least relative gap between the sides that 40 digits can vouch for."""

FLOAT_GAP: Final = Fraction(1, 10**4)
"""The same where a float64 value from `numerics/` or a quadrature takes part."""

LARGEST: Final = 10**300
"""Exponents of e beyond this are out of reach."""

LONGEST: Final = 200
"""Integer arguments up to which a definition is written out: sums over them grow with them."""

COARSE: Final = frozenset({"ScoreVariationOn", "ScoreVariationLeft", "ScoreVariationRight"})
"""Functionals whose float64 value, a sum over a fixed grid, may screen points but not decide."""

EXACT_BITS: Final = 4000
"""Fractions with longer denominators go on as floats."""

_ELEMENTARY: Final[Mapping[type, Callable[..., Any]]] = {
    sympy.log: mpmath.log,
    sympy.erf: mpmath.erf,
    sympy.erfc: mpmath.erfc,
    sympy.digamma: mpmath.digamma,
    sympy.polygamma: mpmath.polygamma,
    sympy.loggamma: mpmath.loggamma,
    sympy.gamma: mpmath.gamma,
    sympy.sin: mpmath.sin,
    sympy.cos: mpmath.cos,
    sympy.sinh: mpmath.sinh,
    sympy.cosh: mpmath.cosh,
    sympy.tanh: mpmath.tanh,
    sympy.asin: mpmath.asin,
    sympy.acos: mpmath.acos,
    sympy.atan: mpmath.atan,
}

_EXACT: Final[Mapping[type, Callable[..., Any]]] = {
    sympy.Add: lambda *values: reduce(operator.add, values),
    sympy.Mul: lambda *values: reduce(operator.mul, values),
    sympy.Abs: abs,
    sympy.Min: min,
    sympy.Max: max,
    sympy.floor: lambda v: Fraction(math.floor(v)),
    sympy.ceiling: lambda v: Fraction(math.ceil(v)),
    sympy.sign: lambda v: Fraction((v > 0) - (v < 0)),
}


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
    return Values(point).opinion(claim)


def without_definition(claim: Claim) -> list[str]:
    """Return the quantities of a claim that nothing but the engine's balls can value."""
    sides = [claim.lhs, claim.rhs, *(h.margin for h in claim.where)]
    kinds = {type(q) for side in sides for q in side.atoms(Functional)}
    return sorted(k.__name__ for k in kinds if k.unfold is None and k.float64 is None)


class Values:
    """Values at one exact point; what several claims have in common is computed once.

    Parameters
    ----------
    point
        Symbol to a fraction, or to a tuple of them.
    """

    def __init__(self, point: Point) -> None:
        self.point = point
        self._table = {s: _expression(v) for s, v in point.items()}
        self._written: dict[Expr, Expr | None] = {}
        self._quantities: dict[tuple[Expr, int], tuple[Number, str]] = {}
        self._digits = DIGITS
        self._spent = 0
        self._how = "digits"

    def opinion(self, claim: Claim) -> Opinion:
        """Return whether a claim fails here."""
        known: dict[Symbol, Any] = {}
        for symbol, domain in claim.given.items():
            if symbol not in self.point or not domain.contains(self.point[symbol], known):
                return Opinion(fails=False)
            known[symbol] = self.point[symbol]
        try:
            self._how = "digits"
            gap = self._gap(claim, DIGITS)
            if gap is not None and isinstance(gap, mpmath.mpf):
                # what is left of a zero shrinks when the digits double; a failure stays
                finer = self._gap(claim, 2 * DIGITS)
                if finer is None or abs(finer - gap) >= abs(gap) / 10:
                    gap = None
        except UNABLE:
            # no definition, no value, or too many operations: that is no opinion, and no failure
            return Opinion(fails=False)
        return Opinion(fails=gap is not None, how=self._how)

    def _gap(self, claim: Claim, digits: int) -> Number | None:
        """Return right side less left side where the claim fails, else ``None``."""
        self._digits, self._spent = digits, 0
        with mpmath.workdps(digits + 10):
            if not all(self._holds(h) for h in claim.where):
                return None
            statement = claim.statement
            gap = self._difference(statement)
            return gap if self._relation(statement.rel, gap) is False else None

    def _holds(self, hypothesis: Relation) -> bool:
        return self._relation(hypothesis.rel, self._difference(hypothesis)) is True

    def _relation(self, rel: Rel, gap: Number | None) -> bool | None:
        """Return whether a relation holds; ``None`` when the sides are too close to tell."""
        if gap is None:
            return None
        if rel is Rel.EQ:
            return bool(gap == 0)
        gap = -gap if rel in (Rel.GE, Rel.GT) else gap
        return bool(gap > 0 or (gap == 0 and rel in (Rel.LE, Rel.GE)))

    def _difference(self, relation: Relation) -> Number | None:
        """Return right side less left side; ``None`` when rounding may have made it."""
        before, self._how = self._how, "digits"
        lhs, rhs = self._value(relation.lhs), self._value(relation.rhs)
        least = EXACT_GAP if self._how == "digits" else FLOAT_GAP
        self._how = min(before, self._how, key=("float64", "digits").index)
        gap = _plus(rhs, -lhs)
        if isinstance(gap, Fraction):
            return gap
        return None if abs(gap) <= _float(least) * max(abs(_float(lhs)), abs(_float(rhs))) else gap

    def _value(self, expr: Expr) -> Number:
        return self._walk(expr, {}, {})

    def _walk(self, expr: Expr, bound: Mapping[Symbol, Number], known: dict[Expr, Number]) -> Any:
        """Return the value of an expression; ``known`` holds those of its parts."""
        found = known.get(expr)
        if found is None:
            self._spent += 1
            if self._spent > OPERATIONS:
                raise ClaimError("the second opinion took too many operations")
            found = known[expr] = self._step(expr, bound, known)
        return found

    def _step(self, expr: Expr, bound: Mapping[Symbol, Number], known: dict[Expr, Number]) -> Any:
        if expr.is_Rational:
            return Fraction(int(expr.p), int(expr.q))
        if isinstance(expr, Symbol):
            return bound[expr] if expr in bound else self._walk(self._table[expr], {}, known)
        if isinstance(expr, Functional):
            return self._quantity(expr, bound, known)
        if isinstance(expr, Sum):
            return self._sum(expr, bound)
        if isinstance(expr, Integral):
            return self._integral(expr, bound)
        if not expr.args:
            return mpmath.mpf(expr.evalf(mpmath.mp.dps))  # pi, e, a float
        values = [self._walk(a, bound, known) for a in expr.args]
        return _short(_applied(expr.func, values))

    def _quantity(
        self, expr: Expr, bound: Mapping[Symbol, Number], known: dict[Expr, Number]
    ) -> Number:
        """Return the value of a functional: by its definition, else by its float64 face."""
        application = expr.func(*[self._argument(a, bound, known) for a in expr.args])
        key = (application, self._digits)
        if key not in self._quantities:
            before, self._how = self._how, "digits"
            value = self._defined(application)
            self._quantities[key] = (value, self._how)
            self._how = before
        value, how = self._quantities[key]
        self._how = "float64" if how == "float64" else self._how
        return value

    def _argument(
        self, expr: Expr, bound: Mapping[Symbol, Number], known: dict[Expr, Number]
    ) -> Expr:
        table = self._table.get(expr, expr)
        return table if isinstance(table, Tuple) else _number(self._walk(expr, bound, known))

    def _defined(self, application: Expr) -> Number:
        function = type(application)
        if application not in self._written:
            self._written[application] = _definition(application)
        written = self._written[application]
        if written is not None:
            return self._walk(written, {}, {})
        if function.float64 is None or function.__name__ in COARSE:
            raise ClaimError(f"{function.__name__} has no value but the engine's")
        self._how = "float64"
        arguments = [
            np.array([float(v) for v in a.args]) if isinstance(a, Tuple) else float(a)
            for a in application.args
        ]
        value = float(function.float64(*arguments))
        if not math.isfinite(value):
            raise ClaimError(f"{application} is not finite")
        return mpmath.mpf(value)

    def _sum(self, expr: Expr, bound: Mapping[Symbol, Number]) -> Number:
        index, lo, hi = expr.limits[0]
        first, last = (self._walk(e, bound, {}) for e in (lo, hi))
        if len(expr.limits) > 1 or not isinstance(first, Fraction) or last != int(last):
            raise ClaimError("a sum without explicit ends")
        terms = range(int(first), int(last) + 1)
        total: Number = Fraction(0)
        for term in terms:
            value = self._walk(expr.function, {**bound, index: Fraction(term)}, {})
            total = _short(_plus(total, value))
        return total

    def _integral(self, expr: Expr, bound: Mapping[Symbol, Number]) -> Number:
        """Return an integral by quadrature: a coarse one, so that two precisions tell its error."""
        variable, lo, hi = expr.limits[0]
        if len(expr.limits) > 1:
            raise ClaimError("an integral over more than one variable")
        self._how = "float64"
        written = unfold(expr.function, {})
        ends = [
            mpmath.mpf("inf" if e == sympy.oo else "-inf")
            if e.is_infinite
            else _float(self._walk(e, bound, {}))
            for e in (lo, hi)
        ]
        return mpmath.quad(
            lambda v: _float(self._walk(written, {**bound, variable: v}, {})),
            ends,
            maxdegree=5 if self._digits == DIGITS else 6,
        )


def _definition(application: Expr) -> Expr | None:
    """Return a functional written out; ``None`` without a definition.

    Also for an integral that has a float64 value, which is then better than a quadrature, and for
    sums that would be long.
    """
    function: Any = type(application)
    if function.unfold is None or any(a.is_Integer and a > LONGEST for a in application.args):
        return None
    first: Expr = sympy.S(function.unfold(*application.args))
    return None if function.float64 and first.has(Integral) else unfold(first, {})


def _applied(function: Any, values: list[Number]) -> Number:
    """Return an elementary function of numbers, exactly where that is simple."""
    if function is sympy.Pow:
        return _power(*values)
    if not all(isinstance(v, Fraction) for v in values):
        values = [_float(v) for v in values]
    if function in _EXACT:
        return _EXACT[function](*values)
    if function is sympy.exp:
        if abs(values[0]) > LARGEST:
            raise ClaimError("an exponent is out of reach")
        return mpmath.exp(_float(values[0]))
    if function not in _ELEMENTARY:
        raise ClaimError(f"{function} has no second opinion")
    result = _ELEMENTARY[function](*map(_float, values))
    if not isinstance(result, mpmath.mpf):
        raise ClaimError(f"{function} has no real value")
    return result


def _power(base: Number, exponent: Number) -> Number:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        count = int(exponent)
        size = 1
        if isinstance(base, Fraction):
            size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size * abs(count) <= EXACT_BITS:
            return base**count
        return _float(base) ** count
    if base < 0:
        raise ClaimError("a power has no real value")
    if base == 0 and exponent > 0:
        return Fraction(0)
    return mpmath.power(_float(base), _float(exponent))


def _plus(a: Number, b: Number) -> Number:
    exact = isinstance(a, Fraction) and isinstance(b, Fraction)
    return a + b if exact else _float(a) + _float(b)


def _float(value: Number) -> Any:
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return value


def _short(value: Number) -> Number:
    long = isinstance(value, Fraction) and value.denominator.bit_length() > EXACT_BITS
    return _float(value) if long else value


def _number(value: Number) -> Expr:
    if isinstance(value, Fraction):
        return Rational(value.numerator, value.denominator)
    return Float(value, mpmath.mp.dps)


def _expression(value: Any) -> Any:
    if isinstance(value, tuple):
        return Tuple(*[_expression(v) for v in value])
    return _number(Fraction(value))
