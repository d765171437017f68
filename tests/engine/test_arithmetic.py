"""Intervals contain balls, balls contain high-precision values, at thousands of random points."""

import math
import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb, fmpq
from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    acos,
    asin,
    atan,
    ceiling,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    floor,
    gamma,
    log,
    loggamma,
    pi,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
)

from proofs_check import ClaimError, Rel, Relation, balls
from proofs_check.balls import Sign, ball_value, exact_value, holds, midpoint, precision, to_ball
from proofs_check.balls import sign as certified_sign
from proofs_check.floats import float_value
from proofs_check.intervals import Interval, continuous_on, interval_value

x, y = Symbol("x", real=True), Symbol("y", real=True)
k, n = Symbol("k", integer=True), Symbol("n", integer=True)

UNARY: tuple[Any, ...] = (
    *(exp, log, Abs, erf, erfc, sinh, cosh, tanh, atan, floor, ceiling, sign),
    *(digamma, loggamma, sqrt),
)
POWERS = tuple(Rational(a, b) for a, b in ((2, 1), (3, 1), (-1, 1), (-2, 1), (-3, 1), (4, 1)))
ROOTS = tuple(Rational(a, b) for a, b in ((1, 2), (-1, 2), (3, 2), (1, 3), (-2, 3), (1, 4)))

MPMATH: dict[Any, Any] = {
    exp: mpmath.exp,
    log: mpmath.log,
    Abs: abs,
    erf: mpmath.erf,
    erfc: mpmath.erfc,
    sinh: mpmath.sinh,
    cosh: mpmath.cosh,
    tanh: mpmath.tanh,
    atan: mpmath.atan,
    floor: mpmath.floor,
    ceiling: mpmath.ceil,
    sign: mpmath.sign,
    digamma: mpmath.digamma,
    loggamma: mpmath.loggamma,
    sqrt: mpmath.sqrt,
}


class UndefinedError(Exception):
    """A random expression has no real value at a point."""


class Grown:
    """A random expression, once for SymPy and once for mpmath: two separate evaluations."""

    def __init__(self, stream: random.Random, depth: int) -> None:
        kind = stream.randint(0, 6) if depth else 0
        self.parts = [Grown(stream, depth - 1) for _ in range((0, 1, 1, 2, 2, 2, 1)[kind])]
        self.kind = kind
        self.what: Any = None
        if kind == 0:
            number = Fraction(stream.randint(-12, 12), stream.randint(1, 6))
            self.what = stream.choice([x, y, x, y, number])
        elif kind == 1:
            self.what = stream.choice(UNARY)
        elif kind == 2:
            self.what = stream.choice(POWERS)
        elif kind == 5:
            self.what = stream.choice((Min, Max))
        elif kind == 6:
            self.what = stream.choice(ROOTS)

    def formula(self) -> Expr:
        parts = [p.formula() for p in self.parts]
        if self.kind == 0:
            number = self.what
            if isinstance(number, Fraction):
                return Rational(number.numerator, number.denominator)
            return number
        if self.kind == 1:
            return self.what(*parts)
        if self.kind in (2, 6):
            return parts[0] ** self.what
        if self.kind == 5:
            return self.what(*parts)
        return parts[0] + parts[1] if self.kind == 3 else parts[0] * parts[1]

    def value(self, point: dict[Symbol, Fraction]) -> Any:
        parts = [p.value(point) for p in self.parts]
        if self.kind == 0:
            number = self.what if isinstance(self.what, Fraction) else point[self.what]
            return mpmath.mpf(number.numerator) / number.denominator
        if self.kind == 1:
            if self.what in (log, digamma, loggamma) and parts[0] <= 0:
                raise UndefinedError
            if self.what is sqrt and parts[0] < 0:
                raise UndefinedError
            return MPMATH[self.what](*parts)
        if self.kind in (2, 6):
            p, q = int(self.what.p), int(self.what.q)
            if (p < 0 and parts[0] == 0) or (q > 1 and parts[0] < 0):
                raise UndefinedError
            return parts[0] ** p if q == 1 else mpmath.root(parts[0] ** abs(p), q) ** (p // abs(p))
        if self.kind == 5:
            return min(parts) if self.what is Min else max(parts)
        return parts[0] + parts[1] if self.kind == 3 else parts[0] * parts[1]


def drawn_end(stream: random.Random) -> Fraction:
    return Fraction(stream.randint(-40, 40), stream.choice((1, 2, 3, 4, 8)))


def drawn_range(stream: random.Random) -> tuple[Fraction | None, Fraction | None, Fraction]:
    """Return a range, often half infinite or touching zero, and a point of it."""
    lo, hi = sorted((drawn_end(stream), drawn_end(stream)))
    kind = stream.randint(0, 7)
    if kind == 0:
        lo = Fraction(0) if hi >= 0 else lo
    if kind == 1:
        hi = Fraction(0) if lo <= 0 else hi
    share = stream.choice((Fraction(0), Fraction(1), Fraction(stream.randint(0, 16), 16)))
    point = lo + (hi - lo) * share
    if kind == 2:
        return lo, None, point + stream.choice((0, 1, 10**3))
    if kind == 3:
        return None, hi, point - stream.choice((0, 1, 10**3))
    if kind == 4:
        return None, None, point
    return lo, hi, point


def within(value: Any, interval: Interval) -> bool:
    ball = to_ball(value)
    return not (ball < interval.lo or ball > interval.hi)


def check_one(stream: random.Random) -> bool:
    """Check one random expression at one random point of one random box; False if undefined."""
    grown = Grown(stream, stream.choice((1, 2, 2, 3, 3)))
    try:
        formula = grown.formula()
    except (TypeError, ValueError, KeyError):
        # SymPy evaluates at construction and stumbles over complex or undefined numbers
        return False
    if formula.has(S.ImaginaryUnit, S.ComplexInfinity, S.NaN):
        return False
    ranges = {s: drawn_range(stream) for s in (x, y)}
    point = {s: p for s, (_, _, p) in ranges.items()}
    box = {s: Interval.hull(lo, hi) for s, (lo, hi, _) in ranges.items()}
    try:
        ball = ball_value(formula, point, bits=64)
        fine = ball_value(formula, point, bits=256)
        interval = interval_value(formula, box)
    except ClaimError:
        return False
    with mpmath.workdps(200):
        try:
            value = grown.value(point)
        except (UndefinedError, ZeroDivisionError, OverflowError, ValueError):
            value = None
    if isinstance(fine, arb) and not fine.is_finite():
        return False
    assert within(fine, interval), (formula, box, fine)
    if isinstance(ball, fmpq):
        assert ball == fine
    elif ball.is_finite():
        assert ball.overlaps(to_ball(fine)), (formula, point)
    if value is None or not mpmath.isfinite(value) or mpmath.im(value) != 0:
        return False
    if formula.has(floor, ceiling, sign):
        # at a jump the reference may fall on the other side
        return True
    with precision(512):
        reference = arb(str(mpmath.nstr(value, 80)))
        reference = arb(reference.mid(), (abs(reference) + 1) * arb(10) ** -60)
        # sixty digits are left of two hundred, whatever cancels
        assert to_ball(fine).overlaps(reference), (formula, point, fine, value)
    return True


@pytest.mark.parametrize("seed", range(4))
def test_intervals_contain_balls_contain_values(seed: int) -> None:
    stream = random.Random(f"arithmetic/{seed}")
    assert sum(check_one(stream) for _ in range(350)) > 75


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_intervals_contain_balls_contain_values_at_length(seed: int) -> None:
    stream = random.Random(f"arithmetic at length/{seed}")
    assert sum(check_one(stream) for _ in range(2500)) > 500


def interval(lo: Any, hi: Any) -> Interval:
    return Interval.hull(*(None if e is None else Fraction(e) for e in (lo, hi)))


INF = math.inf

ENDS: dict[str, tuple[Expr, tuple[Any, Any], tuple[float, float]]] = {
    "reciprocal of a half-line": (1 / x, (2, None), (0, 0.5)),
    "reciprocal touching zero": (1 / x, (0, 4), (0.25, INF)),
    "reciprocal of negative numbers": (1 / x, (None, -2), (-0.5, 0)),
    "reciprocal touching zero from below": (1 / x, (-4, 0), (-INF, -0.25)),
    "reciprocal across zero": (1 / x, (-1, 1), (-INF, INF)),
    "reciprocal of zero": (1 / x, (0, 0), (-INF, INF)),
    "even power across zero": (x**2, (-2, 1), (0, 4)),
    "even power of a half-line": (x**2, (None, 1), (0, INF)),
    "odd power of a half-line": (x**3, (None, 2), (-INF, 8)),
    "even negative power across zero": (x**-2, (-1, 2), (0.25, INF)),
    "odd negative power across zero": (x**-3, (-1, 2), (-INF, INF)),
    "square root from zero": (sqrt(x), (0, None), (0, INF)),
    "square root below zero": (sqrt(x), (-1, 4), (-INF, INF)),
    "inverse root from zero": (1 / sqrt(x), (0, 4), (0.5, INF)),
    "cube root below zero": (x ** Rational(1, 3), (-8, 8), (-INF, INF)),
    "exp of the line": (exp(x), (None, None), (0, INF)),
    "exp of a half-line": (exp(x), (0, None), (1, INF)),
    "log from zero": (log(x), (0, 1), (-INF, 0)),
    "log below zero": (log(x), (-1, 1), (-INF, INF)),
    "zero times infinity": (0 * x + x * (x - x), (None, None), (0, 0)),
    "product of half-lines": (x * y, (0, None), (0, INF)),
    "difference of half-lines": (x - y, (0, None), (-INF, INF)),
    "erf of the line": (erf(x), (None, None), (-1, 1)),
    "erfc of a half-line": (erfc(x), (0, None), (0, 1)),
    "tanh of a half-line": (tanh(x), (0, None), (0, 1)),
    "cosh across zero": (cosh(x), (-1, 1), (1, 1.5430806348152439)),
    "sinh of the line": (sinh(x), (None, None), (-INF, INF)),
    "absolute value across zero": (Abs(x), (-3, 2), (0, 3)),
    "absolute value of a half-line": (Abs(x), (None, 2), (0, INF)),
    "floor": (floor(x), (Fraction(1, 2), Fraction(5, 2)), (0, 2)),
    "ceiling": (ceiling(x), (Fraction(1, 2), Fraction(5, 2)), (1, 3)),
    "sign across zero": (sign(x), (-1, 1), (-1, 1)),
    "sign from zero": (sign(x), (0, 1), (0, 1)),
    "sign of positive numbers": (sign(x), (1, 2), (1, 1)),
    "minimum": (Min(x, 1), (0, None), (0, 1)),
    "maximum": (Max(x, 1), (None, 5), (1, 5)),
    "digamma across zero": (digamma(x), (-1, 1), (-INF, INF)),
    "log gamma near its minimum": (loggamma(x), (1, 2), (-INF, INF)),
    "log gamma beyond": (loggamma(x), (2, None), (0, INF)),
    "negative base": ((-2) ** n, (1, 9), (-INF, INF)),
    "power with a symbol": (2**x, (-1, None), (0.5, INF)),
    "power of zero": (x**y, (0, 1), (0, 1)),
}


@pytest.mark.parametrize("name", ENDS)
def test_ranges_at_awkward_ends(name: str) -> None:
    formula, ends, (lo, hi) = ENDS[name]
    box = {s: interval(*ends) for s in formula.free_symbols}
    if n in formula.free_symbols and not formula.has(x):
        assert formula == (-2) ** n
    found = interval_value(formula, box)
    # outward rounding of the last digit at 64 bits
    for got, want in ((found.lo, lo), (found.hi, hi)):
        if math.isinf(want):
            assert not got.is_finite()
            assert (got > 0) == (want > 0)
        else:
            assert abs(float(got) - want) <= 1e-15 * (1 + abs(want))


CONTINUITY: dict[str, tuple[Expr, tuple[Any, Any], bool]] = {
    "polynomial": (x**3 - x, (None, None), True),
    "pole inside": (1 / x, (-1, 1), False),
    "pole touched": (1 / x, (0, 1), True),
    "even pole inside": (x**-2, (-1, 1), True),
    "pole only": (1 / x, (0, 0), False),
    "pole inside an exponential": (exp(1 / x), (-1, 1), False),
    "hidden by a bounded function": (tanh(1 / x), (-1, 1), False),
    "root below zero": (sqrt(x), (-1, 1), False),
    "logarithm below zero": (log(x), (-1, 1), False),
    "logarithm from zero": (log(x), (0, 1), True),
    "power of zero": (x**y, (0, 1), False),
    "jump": (floor(x), (0, 1), False),
    "sign": (sign(x), (-1, 1), False),
    "digamma": (digamma(x), (0, 1), False),
    "kink": (Abs(x), (-1, 1), True),
}


@pytest.mark.parametrize("name", CONTINUITY)
def test_continuity_is_not_overlooked(name: str) -> None:
    formula, ends, expected = CONTINUITY[name]
    box = {s: interval(*ends) for s in formula.free_symbols}
    assert continuous_on(formula, box) is expected


def test_a_functional_without_extension_is_refused() -> None:
    with pytest.raises(ClaimError, match="no interval extension of sin"):
        interval_value(sin(x), {x: interval(0, 1)})


SIGNS: dict[str, tuple[Expr, Sign]] = {
    "rational tie": (Rational(1, 3) + Rational(1, 6) - Rational(1, 2), Sign.ZERO),
    "tie of exponentials": (exp(x) * exp(-x) - 1, Sign.ZERO),
    "tie of squares": (exp(2 * x) - exp(x) ** 2, Sign.ZERO),
    "tie of roots": (sqrt(x**2 + 2 * x + 1) ** 2 - (x + 1) ** 2, Sign.ZERO),
    "tiny": (exp(x / 10**40) - 1, Sign.POSITIVE),
    "tiny below": (1 - exp(x / 10**40), Sign.NEGATIVE),
    "beyond the precision": (exp(x / S(10) ** 2000) - 1, Sign.UNKNOWN),
    "huge": (exp(-exp(x * 50)), Sign.POSITIVE),
    "tie not in the normal form": (sin(x) ** 2 + cos(x) ** 2 - 1, Sign.UNKNOWN),
    "undefined": (log(-x), Sign.UNKNOWN),
    "square root of a negative number": (sqrt(-x), Sign.UNKNOWN),
    "division by zero": (1 / (x - x**2), Sign.UNKNOWN),
    "floor": (floor(x) - x, Sign.ZERO),
    "absolute value": (Abs(-x) - 1, Sign.ZERO),
    "nearly an integer": (exp(pi * sqrt(163)) - 262537412640768744, Sign.NEGATIVE),
    "atan": (atan(x) * 4 - pi, Sign.ZERO),
    "asin": (asin(x / 2) + acos(x / 2) - pi / 2, Sign.ZERO),
    "gamma": (gamma(x + 4) - 24, Sign.ZERO),
    "negative cube root": ((-8 * x) ** Rational(1, 3) + 2, Sign.UNKNOWN),
}


@pytest.mark.parametrize("name", SIGNS)
def test_signs_at_ties(name: str) -> None:
    formula, expected = SIGNS[name]
    found, _ = certified_sign(formula, {x: Fraction(1)}, max_bits=2048)
    assert found in (expected, Sign.UNKNOWN if expected is Sign.ZERO else expected)
    if name in ("rational tie", "tie of exponentials", "tie of squares", "floor", "gamma"):
        assert found is expected


@pytest.mark.parametrize(
    ("margin", "truths"),
    [
        (S.Zero, {"<=": True, "<": False, ">=": True, ">": False, "==": True}),
        (S.One, {"<=": True, "<": True, ">=": False, ">": False, "==": False}),
        (-sqrt(2), {"<=": False, "<": False, ">=": True, ">": True, "==": False}),
        (log(S(-1) * x), dict.fromkeys(("<=", "<", ">=", ">", "=="))),
    ],
    ids=["tie", "above", "below", "undefined"],
)
def test_relations_at_a_point(margin: Expr, truths: dict[str, bool | None]) -> None:
    # the relation is read as 0 rel margin
    for rel, truth in truths.items():
        assert holds(Relation(S.Zero, Rel(rel), margin), {x: Fraction(1)}, max_bits=256) is truth


@pytest.mark.parametrize("rel", Rel)
def test_ties_are_recognised_only_where_that_decides(
    rel: Rel, monkeypatch: pytest.MonkeyPatch
) -> None:
    tie = Relation((exp(x) + 1) ** 2, rel, exp(2 * x) + 2 * exp(x) + 1)
    asked: list[object] = []
    known = balls._vanishes

    def vanishes(expr: Expr, env: Mapping[Symbol, Any]) -> bool:
        asked.append(expr)
        return known(expr, env)

    monkeypatch.setattr(balls, "_vanishes", vanishes)
    at = {x: Fraction(1, 3)}
    whole, quick = (holds(tie, at, max_bits=256, zeros=z) for z in (True, tie.strict))
    assert (whole is False) is (quick is False) is tie.strict
    assert len(asked) == (2 if tie.strict else 1)


def test_values_are_remembered_under_numbers_and_shape() -> None:
    one, two = fmpq(1, 2), fmpq(2)
    keys = [[one, two], [two, one], [(one, two)], [(one,), two], [one], [fmpq(1), two], []]
    assert len({balls._plain(k) for k in keys}) == len(keys)
    assert balls._plain([(one, two)]) == balls._plain([(fmpq(2, 4), two)])


def test_empty_sums_are_zero_and_backward_ones_are_refused() -> None:
    total, times = Sum(k**2, (k, 1, n)), Product(k, (k, 1, n))
    assert exact_value(total, {n: Fraction(3)}) == 14
    assert exact_value(times, {n: Fraction(4)}) == 24
    assert exact_value(total, {n: Fraction(0)}) == 0
    assert exact_value(times, {n: Fraction(0)}) == 1
    for formula in (total, times):
        with pytest.raises(ClaimError, match="runs backwards from 1 to -1"):
            ball_value(formula, {n: Fraction(-1)})
    with pytest.raises(ClaimError, match="is not an integer"):
        ball_value(total, {n: Fraction(1, 2)})


@pytest.mark.parametrize("formula", [1 / x, log(x), x ** Rational(-1, 2), x**-3])
def test_a_division_by_zero_is_no_number(formula: Expr) -> None:
    value = ball_value(formula, {x: Fraction(0)})
    assert isinstance(value, arb)
    assert not value.is_finite()
    assert certified_sign(formula, {x: Fraction(0)}, max_bits=128)[0] is not Sign.ZERO


def test_powers_of_zero_and_negative_numbers() -> None:
    assert exact_value(x**y, {x: Fraction(0), y: Fraction(0)}) == 1
    assert exact_value(x**y, {x: Fraction(-2), y: Fraction(3)}) == -8
    assert not ball_value(x**y, {x: Fraction(-2), y: Fraction(1, 2)}).is_finite()
    assert exact_value(x ** Rational(3, 2), {x: Fraction(4, 9)}) == Fraction(8, 27)


def test_float64_is_only_screening_but_agrees() -> None:
    stream = random.Random("floats")
    compared = 0
    for _ in range(300):
        grown, point = Grown(stream, 2), {x: drawn_end(stream), y: drawn_end(stream)}
        try:
            formula = grown.formula()
            fast, ball = float(float_value(formula, point)), ball_value(formula, point, bits=128)
        except (ClaimError, TypeError, ValueError, KeyError):
            continue
        exact = float(to_ball(ball).mid()) if to_ball(ball).is_finite() else math.nan
        if math.isfinite(fast) and math.isfinite(exact) and abs(exact) < 1e100:
            # two operations of float64 with arguments up to 40, cubed: a loss of 1e-9 is generous
            assert abs(fast - exact) <= 1e-9 * (1 + abs(exact)) or formula.has(floor, ceiling, sign)
            compared += 1
    assert compared > 100


def test_a_hint_beyond_the_floats_is_no_crash() -> None:
    a = Symbol("a", real=True)
    assert midpoint(exp(a), {a: Fraction(10**6)}) == 0
    assert midpoint(exp(a), {a: Fraction(0)}) == 1
