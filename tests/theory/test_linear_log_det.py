"""The zonal series: plain sum against prefix sums, special sizes, limits."""

from itertools import pairwise
from typing import Any

import pytest
from sympy import Integer, Poly, Rational, Symbol, atanh, log, rf, symbols

from theory import linear_log_det as series
from theory.proportional_limit import log_det_bulk, log_det_gapped
from theory.symbols import s_d
from theory.wishart_moments import expected_log_det

X = Symbol("x", positive=True)


def _plain_sum(d: Any, m: Any) -> Any:
    """Add every surviving partition by the slow formula."""
    offset, ends = Rational(d - m, 2), (m - d) // 2
    total = Integer(0)
    for one in range(1, ends + 1):
        total += series.zonal_term((one,), offset) * X**one
        for two in range(1, one + 1):
            for ones in range(d - 1):
                partition = (one, two) + (1,) * ones
                total += series.zonal_term(partition, offset) * X ** sum(partition)
    return total


@pytest.mark.parametrize(("d", "m"), [(1, 3), (1, 7), (2, 4), (2, 8), (3, 7), (4, 10), (5, 7)])
def test_prefix_sums_are_the_plain_sum(d: Any, m: Any) -> None:
    assert Poly(_plain_sum(d, m) - series.log_det_polynomial(d, m), X).is_zero


def test_other_partitions_vanish() -> None:
    for partition in ((2, 2, 2), (3, 2, 2), (4, 3, 2, 1)):
        assert series.zonal_term(partition, Rational(-7)) == 0


def test_zonal_term_is_the_jack_definition() -> None:
    """C_(2)(I_d)/2! and C_(1,1)(I_d)/2! from the known values d(d+2)/3 and 2d(d-1)/3."""
    d, b, h = 5, Rational(-4), symbols("h")
    for partition, value in (
        ((2,), Rational(d * (d + 2), 3)),
        ((1, 1), Rational(2 * d * (d - 1), 3)),
    ):
        rising = Integer(1)
        for index, part in enumerate(partition):
            for step in range(part):
                half = Rational(index, 2)
                rising *= (-h - half + step) * (b - half + step) / (Rational(d, 2) - half + step)
        expected = (rising * value / 2).diff(h).subs(h, 0)
        assert series.zonal_term(partition, b) == expected


@pytest.mark.parametrize("d", [1, 2, 5, 30])
def test_square_case_is_zero_for_every_ratio(d: Any) -> None:
    assert series.canonical_log_product(d, d) == 0


@pytest.mark.parametrize(("d", "m"), [(1, 5), (2, 6), (4, 8), (7, 11)])
def test_no_noise_gives_no_loss(d: Any, m: Any) -> None:
    """At R = 1 all canonical correlations are 1."""
    assert series.canonical_log_product(d, m, Integer(1)) == 0


@pytest.mark.parametrize(("d", "m"), [(1, 5), (3, 7), (6, 14)])
def test_no_signal_is_two_independent_factors(d: Any, m: Any) -> None:
    """At R = 0: det X^T Y, with X a d x d Gaussian matrix in the span of Y."""
    expected = expected_log_det(Integer(d), Integer(d)) - expected_log_det(Integer(d), Integer(m))
    value = series.canonical_log_product(d, m, Integer(0))
    assert (expected - value).expand(func=True).equals(0)


def test_one_dimension_is_the_hypergeometric_sum() -> None:
    """d = 1: psi(1/2) - psi(m/2) - sum_k (b)_k x^k / (k (1/2)_k), b = (1 - m)/2."""
    for m in (3, 5, 9):
        offset, total = Rational(1 - m, 2), Integer(0)
        for k in range(1, (m - 1) // 2 + 1):
            total -= rf(offset, k) * X**k / (k * rf(Rational(1, 2), k))
        shift = -sum((Rational(2, 1 + 2 * j) for j in range((m - 1) // 2)), Rational(0))
        assert Poly(series.canonical_log_product(1, m, X) - shift - total, X).is_zero


def test_determinants_increase_with_signal() -> None:
    values = [series.canonical_log_product(4, 10, Rational(k, 8)) for k in range(9)]
    assert all(a < b for a, b in pairwise(values))


def test_many_samples_reach_the_floor() -> None:
    """L -> d log R^2 with the error -d/(gamma m), approached from below."""
    d, ratio = 3, Rational(1, 3)
    floor = d * log(ratio)
    gaps = [(m * (series.canonical_log_product(d, m, ratio) - floor)).evalf(20) for m in (101, 401)]
    # gamma = 1/2: the limit of m (L - floor) is -6; the next order is 1/m.
    assert abs(gaps[0] + 6) < 1
    assert abs(gaps[1] + 6) < Rational(1, 4)


@pytest.mark.parametrize(("d", "m"), [(1, 5), (3, 9), (6, 14), (20, 44)])
def test_many_digits_agree_with_the_polynomial(d: Any, m: Any) -> None:
    ratio = Rational(2, 5)
    exact = series.canonical_log_product(d, m, ratio)
    value = series.canonical_log_product_value(d, m, ratio, digits=25)
    assert abs(exact.evalf(40) - value) < Rational(1, 10**23)


@pytest.mark.parametrize(("d", "m"), [(1, 6), (2, 7), (5, 10)])
def test_odd_sizes_continue_the_even_ones(d: Any, m: Any) -> None:
    ratio = Rational(1, 2)
    value = series.canonical_log_product_value(d, m, ratio, digits=20)
    more = series.canonical_log_product_value(d, m, ratio, digits=30)
    assert abs(value - more) < Rational(1, 10**18)
    around = [series.canonical_log_product(d, m + k, ratio) for k in (-3, -1, 1, 3)]
    cubic = (9 * (around[1] + around[2]) - around[0] - around[3]) / 16
    # Cubic interpolation in m of a function that is smooth on the scale of m.
    assert abs(value - cubic) < Rational(1, 50)


def test_one_dimension_odd_size_in_closed_form() -> None:
    """b = -1/2: the sum is that of x^k/(k (2k - 1)) = 2 R artanh R + log(1 - R^2)."""
    root = Rational(1, 2)
    total = 2 * root * atanh(root) + log(1 - root**2)
    shift = expected_log_det(Integer(1), Integer(1)) - expected_log_det(Integer(1), Integer(2))
    value = series.canonical_log_product_value(1, 2, root**2, digits=20)
    assert abs(value - (shift + total).evalf(30)) < Rational(1, 10**18)


def _scaled_gaps(psi: Any, gamma: Any, sizes: Any) -> Any:
    limit = log_det_bulk(psi, gamma) if (psi - 1) * gamma < 1 else log_det_gapped(gamma)
    return [
        series.canonical_log_product_value(d, int(psi * d), gamma / (1 + gamma), digits=15)
        - (d * limit).evalf(20)
        for d in sizes
    ]


def test_large_sizes_approach_the_limit_in_the_gap_at_rate_one_over_d() -> None:
    gaps = _scaled_gaps(Rational(3), Rational(1), (32, 64))
    # d times the error per dimension tends to a constant, about -0.69.
    assert all(Rational(1, 2) < -gap < 1 for gap in gaps)


@pytest.mark.parametrize("psi", [Rational(5, 4), Rational(3, 2)])
def test_large_sizes_approach_the_limit_in_the_bulk_at_rate_log_d_over_d(psi: Any) -> None:
    """Singular values near 0 add -(1/2) log d to the log-determinant."""
    gaps = _scaled_gaps(psi, Rational(1), (32, 64))
    step = (gaps[0] - gaps[1]) / log(2).evalf(20)
    # Measured 0.490 and 0.495; the next order is 1/d.
    assert abs(step - Rational(1, 2)) < Rational(1, 50)


def test_weights_shift_by_the_variance() -> None:
    variance = Symbol("v", positive=True)
    value = series.expected_log_det_weights(3, 3, variance)
    assert value == 3 * log(s_d**2 / variance)


@pytest.mark.parametrize("call", [series.log_det_polynomial, series.canonical_log_product])
def test_sizes_outside_the_statement_are_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="even"):
        call(2, 5)
    with pytest.raises(ValueError, match="d, m"):
        call(5, 3)


def test_ratio_outside_the_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="reliability"):
        series.canonical_log_product_value(2, 4, Rational(3, 2))


def test_binomial_degree() -> None:
    """The degree of the polynomial is m - 2 for d >= 2, even m - d > 0."""
    for d, m in ((2, 4), (3, 9), (5, 11)):
        assert Poly(series.log_det_polynomial(d, m), X).degree() == m - 2
