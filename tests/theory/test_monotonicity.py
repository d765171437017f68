"""The threshold of monotonicity: derivation, certificates, and what lies on either side."""

from itertools import pairwise
from typing import Any

import pytest
from sympy import Rational, Symbol, diff, expand_log, log, nsolve, simplify, sqrt

from theory import monotonicity as mono
from theory.proportional_limit import kl_bulk, kl_floor
from theory.symbols import gamma, psi

U = Symbol("u", positive=True)


def test_slope_bracket_is_the_derivative() -> None:
    bracket = mono.slope_bracket()
    assert (
        simplify(expand_log(bracket + 2 * diff(kl_bulk(), psi), force=True).subs(psi, 1 + U)) == 0
    )


def test_double_root_satisfies_both_equations() -> None:
    """On the turning curve the bracket is minus the residual, and its slope vanishes."""
    at = mono.slope_bracket().subs(psi, 1 + U)
    curve = mono.threshold(U)
    assert (
        simplify(expand_log(at.subs(gamma, curve) + mono.double_root_residual(U), force=True)) == 0
    )
    assert simplify(diff(at, U).subs(gamma, curve)) == 0


def test_residual_is_increasing_and_threshold_decreasing() -> None:
    assert simplify(diff(mono.double_root_residual(U), U) - 1 / U - 1 / (2 * (1 + U) ** 2)) == 0
    assert simplify(diff(mono.threshold(U), U) + 2 / U**2 + 4 / U**3) == 0


def test_slope_bracket_falls_then_rises() -> None:
    """Its derivative has the sign of (1 + gamma) u^2 - 2 u - 2, which has one positive root."""
    slope = diff(mono.slope_bracket().subs(psi, 1 + U), U)
    expected = ((1 + gamma) * U**2 - 2 * U - 2) / ((1 + gamma) * U**3 * (1 + U))
    assert simplify(slope - expected) == 0


def test_threshold_to_ten_digits_and_more() -> None:
    low, high = mono.threshold_enclosure(digits=30)
    assert high - low < Rational(1, 10**30)
    root = nsolve(mono.double_root_residual(U), U, 2.3, prec=40)
    assert low <= mono.threshold(root) <= high
    assert round(low.evalf(20), 10) == round(high.evalf(20), 10)


def test_enclosures_are_nested() -> None:
    widths = [mono.threshold_enclosure(digits=digits) for digits in (4, 8, 16)]
    for wide, narrow in pairwise(widths):
        assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@pytest.mark.parametrize(
    ("offset", "falls"), [(Rational(1, 10**6), True), (-Rational(1, 10**6), False)]
)
def test_divergence_falls_above_the_threshold_and_not_below(offset: Any, falls: Any) -> None:
    ratio = mono.threshold_enclosure(digits=12)[0] + offset
    turn = (1 + sqrt(3 + 2 * ratio)) / (1 + ratio)
    assert (mono.slope_bracket(1 + turn, ratio).evalf(30) > 0) == falls


@pytest.mark.parametrize("ratio", [Rational(1, 50), Rational(1, 10), Rational(23, 100)])
def test_stationary_points_are_minimum_then_maximum(ratio: Any) -> None:
    minimum, maximum = mono.stationary_enclosures(ratio, digits=15)
    assert 2 < minimum[0] < minimum[1] < maximum[0] < maximum[1] < 1 + 1 / ratio
    values = [kl_bulk(place, ratio).evalf(30) for place in (Rational(3, 2), *minimum, *maximum)]
    assert values[0] > values[1]
    assert values[3] > values[1]
    second = diff(kl_bulk(psi, ratio), psi, 2)
    assert second.subs(psi, minimum[0]) > 0 > second.subs(psi, maximum[0])


@pytest.mark.parametrize("ratio", [Rational(1, 4), Rational(1), Rational(0), Rational(-1, 10)])
def test_no_stationary_point_is_invented(ratio: Any) -> None:
    with pytest.raises(ValueError, match="gamma"):
        mono.stationary_enclosures(ratio)


def test_excess_is_the_divergence_less_the_floor() -> None:
    ratio = Rational(1, 10)
    for place in mono.stationary_enclosures(ratio, digits=14):
        low, high = mono.kl_excess_enclosure(ratio, place, digits=14)
        value = (kl_bulk(place[0], ratio) - kl_floor(ratio)).evalf(30)
        # The enclosure is for the stationary value, second order in the width of the bracket.
        assert low - Rational(1, 10**12) < value < high + Rational(1, 10**12)
        assert high - low < Rational(1, 10**12)


@pytest.mark.parametrize("ratio", [Rational(1, 50), Rational(1, 10)])
def test_coarse_excess_contains_the_fine_one(ratio: Any) -> None:
    """The stationary value itself lies in the coarse enclosure, not just a value near it."""
    fine = mono.stationary_enclosures(ratio, digits=20)
    for coarse, exact in zip(mono.stationary_enclosures(ratio, digits=2), fine, strict=True):
        outer = mono.kl_excess_enclosure(ratio, coarse, digits=12)
        inner = mono.kl_excess_enclosure(ratio, exact, digits=20)
        assert outer[0] <= inner[0] <= inner[1] <= outer[1]


def test_break_even_separates_better_from_worse() -> None:
    low, high = mono.break_even_enclosure(digits=5)
    assert high - low < Rational(1, 10**5)
    for ratio, negative in ((low - Rational(1, 1000), True), (high + Rational(1, 1000), False)):
        minimum = mono.stationary_enclosures(ratio, digits=12)[0]
        bounds = mono.kl_excess_enclosure(ratio, minimum, digits=12)
        assert (bounds[1] < 0) if negative else (bounds[0] > 0)


def test_break_even_inequality_for_uniqueness() -> None:
    """u (1 - gamma u)(1 + gamma) > gamma on the box that holds the minimum: its worst corners."""
    quarter = Rational(1, 4)
    for place in (Rational(1), Rational(7, 3)):
        assert place * (1 - quarter * place) > quarter


def test_standard_process_at_two_is_not_monotone_and_the_code_is() -> None:
    threshold = mono.threshold_enclosure()
    standard = Rational(18657361, 10**9)
    assert standard < threshold[0]
    assert Rational(1018657, 10**6) > threshold[1]
    minimum, maximum = mono.stationary_enclosures(standard, digits=10)
    assert abs(minimum[0] - Rational(23559, 10000)) < Rational(1, 10**4)
    assert abs(maximum[0] - Rational(5358, 100)) < Rational(1, 100)
    # The minimum beats the floor: 0.6616 against 1.5092 nats per dimension.
    assert mono.kl_excess_enclosure(standard, minimum)[1] < Rational(-84, 100)


def test_residual_is_written_as_in_the_text() -> None:
    assert mono.double_root_residual(U) == log(U / 2) - 1 / (2 * (1 + U))
