"""Proposition 6: printed constants from their steps, and the steps themselves."""

import pytest
from sympy import Expr, Integer, Rational, S, Symbol, exp, pi, simplify, sqrt

from theory.gaussian_integrals import normal_cdf
from theory.sharpness_bound import (
    SHARPNESS,
    prop6_case2_margin,
    prop6_constants,
    prop6_rhs,
    window_integral,
)
from theory.symbols import A, m, n, r, sigma

EIGHTHS = [Rational(place, 8) for place in range(33)]


def test_printed_proposition() -> None:
    """A.prop6 with its two cases, from the numbers of P1 to P8."""
    linear = m * SHARPNESS / 4 + sqrt(r) / 2
    factor = A / (sqrt(2 * pi) * sigma)
    first = linear + factor * sqrt(2 * n * r)
    second = linear + factor * (sqrt(2 * pi * exp(1)) * A * sigma * n * r) ** Rational(1, 3)
    constants = prop6_constants()
    assert simplify(prop6_rhs(constants, case=1) - first) == 0
    # Cube what differs only by how the cube root is written.
    ours = prop6_rhs(constants, case=2) - linear
    assert simplify((ours / factor) ** 3 - ((second - linear) / factor) ** 3) == 0


def test_tangent_constant_flows_through() -> None:
    halved = prop6_constants(tangent=1)
    printed = prop6_constants()
    assert halved.sharpness == 2 * printed.sharpness
    assert halved.knots == 2 * printed.knots
    assert halved.case2 == printed.case2


def test_half_window_doubles_the_cube() -> None:
    """Keeping only the half of D next to the datum costs a factor 2 under the cube root."""
    assert prop6_constants(window=1).case2 == 2 * prop6_constants().case2


def test_critical_points_have_no_cross_term() -> None:
    assert prop6_constants(cross=0).risk == 0


def test_best_radius_is_a_third() -> None:
    best = prop6_constants(radius=Rational(1, 3)).case2
    for radius in (Rational(1, 4), Rational(32, 100), Rational(34, 100), Rational(1, 2)):
        assert (best / prop6_constants(radius=radius).case2).cancel() < 1


def test_mass_within_one_deviation() -> None:
    sharp = prop6_constants(mass=2 * normal_cdf(Integer(1)) - 1).case1
    assert sharp.evalf() < (2 * sqrt(2)).evalf()


@pytest.mark.parametrize("distance", EIGHTHS)
def test_printed_window_bound_survives(distance: Rational) -> None:
    """A.prop6.P7: the inclusion fails, the bound on the integral holds in case 2."""
    assert prop6_case2_margin(distance).evalf() > 0


def test_margin_is_the_worst_radius() -> None:
    """For every radius up to a + 1 the printed bound leaves at least the margin's sign."""
    for distance in (S(0), Rational(1, 2), Rational(2)):
        for share in (Rational(1, 4), Rational(1, 2), Rational(9, 10), Integer(1)):
            radius = share * (distance + 1)
            bound = 2 * radius * exp(-Rational(1, 2) - distance**2 / 2)
            assert (window_integral(distance, radius) - bound).evalf() > 0


def test_margin_can_fail() -> None:
    """Beyond case 2 the bound is false: a = 0 and rho = 3, more than a + 1."""
    bound = 2 * 3 * exp(-Rational(1, 2))
    assert (window_integral(S(0), Integer(3)) - bound).evalf() < 0


@pytest.mark.parametrize("radius", [0, 1, Rational(3, 2)])
def test_bad_radius(radius: Expr) -> None:
    with pytest.raises(ValueError, match="radius was"):
        prop6_constants(radius=radius)


def test_bad_case() -> None:
    with pytest.raises(ValueError, match="case was 3"):
        prop6_rhs(prop6_constants(), risk=Symbol("q"), case=3)
