"""Rigorous values at exact points: rationals as long as possible, balls from there on.

`sign` is the only comparison: it answers +1, -1, 0 (only when the value is exactly zero) or
`UNKNOWN`, and raises the precision until it knows. Two balls that overlap never compare.
"""

import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import arb, ctx, fmpq, fmpz
from sympy import Expr, Rational, Symbol

from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.program import compile_expression

__all__ = [
    "BALLS",
    "Sign",
    "ball_value",
    "exact_value",
    "holds",
    "integer_power",
    "midpoint",
    "precision",
    "sign",
    "to_ball",
]

START_BITS = 64
MAX_BITS = 4096
LARGEST_FLOAT = 2**1000
"""Hints beyond this are of no use for drawing."""


class Sign(enum.Enum):
    """What is known about the sign of a number."""

    NEGATIVE = -1
    ZERO = 0
    POSITIVE = 1
    UNKNOWN = None


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Set the working precision of balls, which is process-wide, and restore it."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def to_ball(value: Any) -> arb:
    """Return a rational or ball as a ball at the current precision."""
    return value if isinstance(value, arb) else arb(value)


def integer_power(base: Any, exponent: int) -> Any:
    """Return an integer power by repeated multiplication.

    ``arb ** int`` of python-flint goes through a logarithm and is NaN on balls that hold zero.

    Examples
    --------
    >>> integer_power(arb(0, 1), 2).is_finite()
    True
    """
    if exponent < 0:
        return 1 / integer_power(base, -exponent)
    result, square = None, base
    while exponent:
        if exponent & 1:
            result = square if result is None else result * square
        exponent >>= 1
        if exponent:
            square = square * square
    return arb(1) if result is None else result


def _to_fmpq(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_to_fmpq(v) for v in value)
    if isinstance(value, Fraction):
        return fmpq(value.numerator, value.denominator)
    if isinstance(value, int):
        return fmpq(value)
    return value


def _rational_root(value: fmpq, q: int) -> fmpq | None:
    """Return the exact q-th root of a nonnegative rational if it is rational."""
    if value < 0:
        return None
    roots = []
    for part in (int(value.p), int(value.q)):
        if part > 1 and q >= part.bit_length():
            # even 2^q is larger; and q may be beyond what the library takes
            return None
        root = int(fmpz(part).root(q)) if part > 1 else part
        if root**q != part:
            return None
        roots.append(root)
    return fmpq(*roots)


class _Balls:
    """The arithmetic of `program.Arithmetic` on ``fmpq`` and ``arb``."""

    def number(self, p: int, q: int) -> fmpq:
        return fmpq(p, q)

    def symbol(self, value: Any) -> Any:
        return _to_fmpq(value)

    def constant(self, name: str) -> arb:
        return {"pi": arb.pi, "e": arb.const_e, "euler": arb.const_euler}[name]()

    def add(self, values: list[Any]) -> Any:
        total = values[0]
        for v in values[1:]:
            total = total + v
        return total

    def mul(self, values: list[Any]) -> Any:
        total = values[0]
        for v in values[1:]:
            total = total * v
        return total

    def power(self, base: Any, p: int, q: int) -> Any:
        if q == 1:
            if isinstance(base, arb):
                return integer_power(base, p)
            return arb.nan() if base == 0 and p < 0 else base**p
        if isinstance(base, fmpq):
            root = _rational_root(base, q)
            if root is not None and not (root == 0 and p < 0):
                return root**p
        ball = to_ball(base)
        if q == 2:
            return integer_power(ball.sqrt(), p)
        return ball ** to_ball(fmpq(p, q))

    def general_power(self, base: Any, exponent: Any) -> Any:
        if isinstance(exponent, fmpq):
            if exponent.q == 1 and isinstance(base, fmpq) and abs(int(exponent.p)) <= 4096:
                return self.power(base, int(exponent.p), 1)
            if exponent.q == 1:
                return integer_power(to_ball(base), int(exponent.p))
        return to_ball(base) ** to_ball(exponent)

    def unary(self, name: str, value: Any) -> Any:
        if isinstance(value, fmpq):
            exact = _exact_unary(name, value)
            if exact is not None:
                return exact
        return _ball_unary(name, to_ball(value))

    def extreme(self, name: str, values: list[Any]) -> Any:
        if all(isinstance(v, fmpq) for v in values):
            return min(values) if name == "min" else max(values)
        total = to_ball(values[0])
        for v in values[1:]:
            total = total.min(to_ball(v)) if name == "min" else total.max(to_ball(v))
        return total

    def call(self, function: type[Functional], values: list[Any]) -> Any:
        return _called(function, values)

    def integer(self, value: Any) -> int:
        if isinstance(value, fmpq) and value.q == 1:
            return int(value.p)
        raise ClaimError(f"the limit {value} of a sum is not an integer")


def _check_declared(function: type[Functional], value: Any) -> None:
    """Refuse a value that contradicts what the functional is declared to be."""
    declared = function.declared
    if ("positive" in declared and value <= 0) or ("nonnegative" in declared and value < 0):
        raise ClaimError(f"{function.__name__} is declared positive or nonnegative, but is {value}")


def _called(function: type[Functional], values: list[Any]) -> Any:
    """Return the value of a functional, remembered when its arguments are exact."""
    if function.ball is None:
        raise ClaimError(f"{function.__name__} has no ball evaluator")
    key = None
    if not any(isinstance(v, arb) for v in values):
        key = (function, _plain(values), ctx.prec)
        known = _CALLS.get(key)
        if known is not None:
            return known
    result = function.ball(*values)
    if not isinstance(result, (int, fmpq, arb)):
        raise ClaimError(
            f"{function.__name__}: its ball evaluator returned {result!r}; "
            "return an int, a fmpq or an arb"
        )
    _check_declared(function, result)
    if isinstance(result, int):
        result = fmpq(result)
    if key is not None:
        if len(_CALLS) >= 4096:
            _CALLS.clear()
        _CALLS[key] = result
    return result


def _plain(value: Any) -> Any:
    """Return exact numbers as pairs of integers: the hash of ``fmpq`` takes a modular inverse."""
    if isinstance(value, fmpq):
        return int(value.p), int(value.q)
    if isinstance(value, (tuple, list)):
        return tuple(map(_plain, value))
    return value


_CALLS: dict[Any, Any] = {}
"""Functional, exact arguments and precision to value: risks are dear and asked for repeatedly."""

_EXACT_AT = {("exp", 0): 1, ("log", 1): 0, ("erf", 0): 0, ("erfc", 0): 1, ("sin", 0): 0}
_EXACT_AT |= {("cos", 0): 1, ("sinh", 0): 0, ("cosh", 0): 1, ("tanh", 0): 0, ("atan", 0): 0}
_EXACT_AT |= {("asin", 0): 0, ("lgamma", 1): 0, ("lgamma", 2): 0, ("gamma", 1): 1}


def _exact_unary(name: str, value: fmpq) -> fmpq | None:
    if name == "abs":
        return abs(value)
    if name == "sign":
        return fmpq((value > 0) - (value < 0))
    if name == "floor":
        return fmpq(value.floor())
    if name == "ceiling":
        return fmpq(value.ceil())
    if value.q == 1 and (name, int(value.p)) in _EXACT_AT:
        return fmpq(_EXACT_AT[name, int(value.p)])
    return None


def _ball_unary(name: str, value: arb) -> arb:
    if name == "abs":
        return abs(value)
    if name == "sign":
        return value.sgn()
    if name == "ceiling":
        return value.ceil()
    result: arb = getattr(value, name)()
    return result


BALLS = _Balls()


def ball_value(expr: Expr, env: Mapping[Symbol, Any], *, bits: int = START_BITS) -> Any:
    """Return a rigorous value: ``fmpq`` when it is exact, else an ``arb``.

    Parameters
    ----------
    expr
        Any expression that `program` knows.
    env
        Exact value of each symbol.
    bits
        Working precision.

    Examples
    --------
    >>> from sympy import Rational, exp
    >>> ball_value(Rational(1, 3) + 1, {})
    4/3
    >>> abs(ball_value(exp(1), {}) - arb(2)) < arb(1)
    True
    """
    program = compile_expression(expr)
    with precision(bits):
        return program.run(BALLS, env)


def sign(
    expr: Expr, env: Mapping[Symbol, Any], *, max_bits: int = MAX_BITS, zeros: bool = True
) -> tuple[Sign, int]:
    """Return the certified sign of an expression at an exact point and the precision used.

    The precision doubles until the ball excludes zero; `Sign.ZERO` is returned only when the value
    is rational, or its exact normal form is zero (precision 0).

    Parameters
    ----------
    expr
        Any expression that `program` knows.
    env
        Exact value of each symbol.
    max_bits
        Precision at which the sign is given up.
    zeros
        Whether the normal form is asked; without, an irrational formula for zero is `UNKNOWN`.

    Examples
    --------
    >>> from sympy import Rational, exp
    >>> sign(exp(Rational(1, 10**9)) - 1, {})[0]
    <Sign.POSITIVE: 1>
    >>> sign(Rational(1, 3) - Rational(1, 3), {})
    (<Sign.ZERO: 0>, 0)
    """
    bits = START_BITS
    while True:
        value = ball_value(expr, env, bits=bits)
        if isinstance(value, fmpq):
            return Sign((value > 0) - (value < 0)), 0
        if value > 0:
            return Sign.POSITIVE, bits
        if value < 0:
            return Sign.NEGATIVE, bits
        if bits >= max_bits:
            zero = zeros and _vanishes(expr, env)
            return (Sign.ZERO, 0) if zero else (Sign.UNKNOWN, bits)
        bits *= 2


def _vanishes(expr: Expr, env: Mapping[Symbol, Any]) -> bool:
    """Return whether an expression is zero at a point by its normal form there."""
    from proofs_check.normal_form import numerator

    used = {s: env[s] for s in expr.free_symbols}
    if expr.has(Functional) or any(not isinstance(v, Fraction) for v in used.values()):
        return False
    exact = {s: Rational(v.numerator, v.denominator) for s, v in used.items()}
    return bool(numerator(expr.subs(exact)) == 0)


def holds(
    relation: Any, env: Mapping[Symbol, Any], *, max_bits: int = MAX_BITS, zeros: bool = True
) -> bool | None:
    """Return whether a relation is certainly true, certainly false, or not known (``None``).

    Parameters
    ----------
    relation
        The relation.
    env
        Exact value of each symbol.
    max_bits
        Precision at which the sign of its margin is given up.
    zeros
        As in `sign`; only to decide a strict relation, or that another one is true, it is needed.

    Examples
    --------
    >>> from sympy import Rational, sqrt
    >>> from proofs_check.claim import le, lt
    >>> holds(le(sqrt(2), Rational(3, 2)), {}), holds(lt(1, 1), {})
    (True, False)
    """
    found, _ = sign(relation.margin, env, max_bits=max_bits, zeros=zeros)
    if found is Sign.UNKNOWN:
        return None
    if relation.rel.value == "==":
        return found is Sign.ZERO
    if found is Sign.ZERO:
        return not relation.strict
    return found is Sign.POSITIVE


def exact_value(expr: Expr, env: Mapping[Symbol, Any]) -> Fraction:
    """Return a value that must be rational.

    Raises
    ------
    ClaimError
        The value is not rational.
    """
    if isinstance(expr, Rational):
        return Fraction(int(expr.p), int(expr.q))
    value = ball_value(expr, env)
    if not isinstance(value, fmpq):
        raise ClaimError(f"{expr} is not rational there; write the bound as a hypothesis")
    return Fraction(int(value.p), int(value.q))


def midpoint(expr: Expr, env: Mapping[Symbol, Any]) -> Fraction:
    """Return a rational close to a value, for drawing only."""
    value = ball_value(expr, env)
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if not value.is_finite() or abs(value) > LARGEST_FLOAT:
        return Fraction(0)
    return Fraction(float(value.mid())).limit_denominator(10**9)
