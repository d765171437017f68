"""Exact expectations: branches, poles, identities and limits."""

from itertools import pairwise
from typing import Any

import pytest
from sympy import Integer, Rational, Symbol, cancel, oo, simplify

from theory import linear_expectations as exact
from theory.proportional_limit import floor_rate, kl_floor, trace_above, trace_below
from theory.symbols import d, gamma, m

SPREADS = ["population", "empirical"]


@pytest.mark.parametrize("spread", SPREADS)
@pytest.mark.parametrize("size", [2, 5, 8])
def test_moments_are_infinite_at_n_equal_to_d_and_the_next_two(size: Any, spread: Any) -> None:
    sizes = range(2, 2 * size + 6)
    infinite = [
        n
        for n in sizes
        if exact.expected_relative_trace(Integer(size), Integer(n - 1), spread=spread) == oo
    ]
    assert infinite == [n for n in sizes if n in {size, size + 1, size + 2}]
    assert [
        n for n in sizes if exact.expected_mean_error(Integer(size), Integer(n - 1)) == oo
    ] == infinite


def test_branches_as_the_catalogue_prints_them() -> None:
    above, below = exact.expected_relative_trace().args[:2]
    signal = gamma / (1 + gamma)
    assert simplify(above[0] - signal * d - (1 - signal) * d**2 / (m - d - 1)) == 0
    assert simplify(below[0] - signal * m - (1 - signal) * d * m / (d - m - 1)) == 0


def test_equal_trace_is_at_one_size_only() -> None:
    assert exact.equal_trace_degrees() == [2 * d + 1]
    for size in (1, 4, 9):
        value = exact.expected_relative_trace(Integer(size), Integer(2 * size + 1))
        assert cancel(value) == size


def test_equal_trace_fails_for_the_empirical_variance_by_a_little() -> None:
    size, ratio = Integer(4), gamma / (1 + gamma)
    value = exact.expected_relative_trace(size, 2 * size + 1, spread="empirical")
    excess = 2 * ratio * (1 - ratio) / (2 * size + 1)
    assert simplify(value - size - excess) == 0


@pytest.mark.parametrize("degrees", [3, 12])
def test_no_noise_returns_the_data(degrees: Any) -> None:
    """gamma -> infinity: B is the projector on the data, so the trace is the rank."""
    size = Integer(6)
    value = exact.expected_relative_trace(size, Integer(degrees), gamma)
    # The next order is 1/gamma.
    assert abs(value.subs(gamma, 10**12) - min(degrees, 6)) < Rational(1, 10**10)


def test_empirical_variance_without_noise_is_the_sample_variance() -> None:
    """gamma -> infinity and m >= d + 2: B = I, s^2 = var, of mean s_d^2."""
    value = exact.expected_relative_trace(Integer(3), Integer(9), gamma, spread="empirical")
    # The next order is 1/gamma.
    assert abs(value.subs(gamma, 10**12) - 3) < Rational(1, 10**10)


@pytest.mark.parametrize("spread", SPREADS)
def test_proportional_limit_of_the_trace(spread: Any) -> None:
    scale, snr = Integer(10**7), Rational(3, 4)
    for psi, limit in ((Rational(5, 2), trace_above), (Rational(1, 4), trace_below)):
        value = exact.expected_relative_trace(scale, psi * scale, snr, spread=spread) / scale
        # The next order is 1/d.
        assert abs(value - limit(psi, snr)) < Rational(1, 10**6)


def test_unknown_spread_is_refused() -> None:
    with pytest.raises(ValueError, match="spread"):
        exact.expected_relative_trace(spread="sample")  # type: ignore[arg-type]


@pytest.mark.parametrize(("size", "degrees"), [(1, 2), (2, 3), (2, 5), (3, 4)])
def test_log_variance_integral_is_the_finite_sum(size: Any, degrees: Any) -> None:
    snr = Rational(2, 3)
    integral = exact.expected_log_variance_value(size, degrees, snr, digits=20)
    total = exact.expected_log_variance_finite_sum(size, degrees, snr)
    assert abs(integral - total.evalf(25)) < Rational(1, 10**18)


def test_log_variance_value_is_the_integral() -> None:
    integral = exact.expected_log_variance(Integer(1), Integer(3), Rational(1, 2))
    value = exact.expected_log_variance_value(1, 3, Rational(1, 2), digits=12)
    # The general integrator is asked for few digits: it is slow.
    assert abs(integral.evalf(6) - value) < Rational(1, 10**5)


def test_log_variance_is_negative_and_vanishes_like_one_over_the_data() -> None:
    values = [exact.expected_log_variance_value(2, k, Integer(1), digits=15) for k in (4, 40, 400)]
    assert all(a < b < 0 for a, b in pairwise([*values, values[-1] / 2]))
    # -(1/2) Var = -(R^2)^2 / (m d) at leading order, R^2 = 1/2.
    assert abs(values[-1] * 800 + Rational(1, 4)) < Rational(1, 100)


def test_log_variance_sum_refuses_odd_products() -> None:
    with pytest.raises(ValueError, match="even"):
        exact.expected_log_variance_finite_sum(3, 5)


@pytest.mark.parametrize("spread", SPREADS)
def test_kl_is_infinite_up_to_two_points_past_the_dimension(spread: Any) -> None:
    size, snr = 3, Integer(1)
    values = [exact.expected_kl_value(size, k, snr, spread=spread, digits=10) for k in range(1, 7)]
    assert [value == oo for value in values] == [True, True, True, True, False, False]


def test_kl_is_a_rational_function_for_even_differences() -> None:
    value = exact.expected_kl(2, 4)
    assert value.is_rational_function(gamma)
    point = value.subs(gamma, Rational(1, 2))
    assert abs(point - exact.expected_kl_value(2, 4, Rational(1, 2), digits=15)) < 1e-14


def test_kl_refuses_odd_differences() -> None:
    with pytest.raises(ValueError, match="even"):
        exact.expected_kl(2, 5)


@pytest.mark.parametrize("size", [1, 3])
def test_floor_is_approached_at_its_rate(size: Any) -> None:
    snr = Rational(3, 2)
    floor = size * kl_floor(snr)
    rate = floor_rate(Integer(size), snr)
    gaps = []
    for degrees in (size + 200, size + 800):
        gap = exact.expected_kl_value(size, degrees, snr, digits=20) - floor.evalf(30)
        gaps.append(abs(gap * (degrees + 1) - rate))
    # The error of the rate is O(1/n): a factor of four.
    assert gaps[1] < gaps[0] / 3
    assert gaps[1] < rate / 50


def test_kl_of_the_standard_process_rises_with_more_samples() -> None:
    """T = 2, s_d = 1 gives gamma = 0.0187; at d = 20 the expectation rises from n = 60 to 240."""
    snr = Rational(187, 10000)
    few = exact.expected_kl_value(20, 59, snr, digits=10)
    many = exact.expected_kl_value(20, 239, snr, digits=10)
    assert few < Rational(4, 5) * many


def test_kl_of_the_code_noise_falls() -> None:
    snr = Rational(10187, 10000)
    values = [exact.expected_kl_value(10, k, snr, digits=10) for k in range(12, 60, 3)]
    assert all(a > b for a, b in pairwise(values))


def test_symbols_are_the_shared_ones() -> None:
    assert exact.expected_relative_trace().free_symbols == {d, m, gamma}
    assert exact.expected_mean_error(d, m, Symbol("g")).free_symbols == {d, m, Symbol("g")}
