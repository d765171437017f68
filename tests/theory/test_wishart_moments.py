"""Wishart moments against integrals, against each other, and at their poles."""

from typing import Any

import pytest
from sympy import (
    Dummy,
    EulerGamma,
    Integer,
    Rational,
    Sum,
    exp,
    gamma,
    integrate,
    log,
    oo,
    simplify,
)

from theory import wishart_moments as moments
from theory.symbols import d, m


@pytest.mark.parametrize("degrees", [3, 4, 7])
def test_inverse_chi_square_is_its_integral(degrees: Any) -> None:
    x, half = Dummy("x", positive=True), Rational(degrees, 2)
    density = x ** (half - 1) * exp(-x / 2) / (2**half * gamma(half))
    value = integrate(density / x, (x, 0, oo))
    assert simplify(value - moments.expected_inverse_chi_square(Integer(degrees))) == 0


def test_power_moments_give_mean_and_variance() -> None:
    first = moments.power_moment_chi_square(Integer(1), Integer(6))
    second = moments.power_moment_chi_square(Integer(2), Integer(6))
    assert (first, second - first**2) == (6, 12)


def test_log_chi_square_from_its_recurrence() -> None:
    """Integrate by parts: E log X at nu + 2 exceeds that at nu by E (2/X) at nu + 2 = 2/nu."""
    assert moments.expected_log_chi_square(Integer(2)) == log(2) - EulerGamma
    for degrees in (1, 2, 5, 8):
        step = moments.expected_log_chi_square(Integer(degrees + 2))
        step -= moments.expected_log_chi_square(Integer(degrees))
        expected = 2 * moments.expected_inverse_chi_square(Integer(degrees + 2))
        assert simplify(step.expand(func=True) - expected) == 0


def test_pseudo_inverse_trace_is_infinite_at_three_sizes_only() -> None:
    size = Integer(6)
    values = [moments.expected_pseudo_inverse_trace(size, Integer(k)) for k in range(1, 12)]
    assert [k for k, value in enumerate(values, start=1) if value == oo] == [5, 6, 7]
    assert all(value > 0 for value in values)


def test_pseudo_inverse_trace_is_symmetric_in_its_sizes() -> None:
    """tr (Z^T Z)^+ = tr (Z Z^T)^+."""
    for one, other in ((3, 9), (1, 4), (5, 12)):
        left = moments.expected_pseudo_inverse_trace(Integer(one), Integer(other))
        assert left == moments.expected_pseudo_inverse_trace(Integer(other), Integer(one))


def test_one_dimension_is_the_inverse_chi_square() -> None:
    value = moments.expected_pseudo_inverse_trace(Integer(1), Integer(9))
    assert value == moments.expected_inverse_chi_square(Integer(9))
    # tr S tr S^-1 = 1 for a number.
    assert moments.expected_trace_product(Integer(1), Integer(9)) == 1


def test_trace_product_exceeds_its_jensen_bound() -> None:
    """tr S tr S^-1 >= d^2, with equality for d = 1 or m -> infinity."""
    assert moments.expected_trace_product(Integer(3), Integer(7)) == Rational(19)
    assert moments.expected_trace_product(Integer(3), Integer(10**6)) - 9 < Rational(1, 10**4)


def test_symbolic_branches() -> None:
    above, below = moments.pseudo_inverse_trace_pieces(d, m)
    assert simplify(above[0] - d / (m - d - 1)) == 0
    assert simplify(below[0] - m / (d - m - 1)) == 0


def test_log_det_is_a_sum_of_independent_factors() -> None:
    """det S ~ product of chi-squares: moments of the determinant for d = 2 by the same route."""
    total = moments.expected_log_det(Integer(2), Integer(5))
    parts = [moments.expected_log_chi_square(Integer(k)) for k in (5, 4)]
    assert simplify((total - sum(parts)).expand(func=True)) == 0
    assert moments.expected_log_det(d, m).has(Sum)
