"""Closed forms against the integrals of the densities, and against other exact routes."""

from typing import Any

import pytest
from sympy import (
    ImmutableMatrix,
    Matrix,
    Rational,
    Symbol,
    diag,
    diff,
    expand_log,
    limit,
    log,
    logcombine,
    oo,
    simplify,
    sqrt,
    zeros,
)

from theory import divergence_integrals as integrals
from theory import gaussian_divergences as closed
from theory.quadratic_exponentials import exponential_moments, integrate_quadratic_exponential

M1, M2 = Symbol("m_1", real=True), Symbol("m_2", real=True)
V1, V2 = Symbol("v_1", positive=True), Symbol("v_2", positive=True)
LINE = tuple(ImmutableMatrix([[entry]]) for entry in (M1, V1, M2, V2))
PLANE = (
    ImmutableMatrix([Rational(1, 2), -1]),
    ImmutableMatrix([[2, Rational(1, 3)], [Rational(1, 3), 1]]),
    ImmutableMatrix([0, Rational(2, 3)]),
    ImmutableMatrix([[1, Rational(-1, 2)], [Rational(-1, 2), 3]]),
)
SPACE_BASE = ImmutableMatrix([[2, 1, 0], [0, 1, -1], [1, 0, 3]])
SPACE_RATIOS = (Rational(1, 4), Rational(1), Rational(9, 2))


def _space() -> tuple[ImmutableMatrix, ...]:
    shift = SPACE_BASE * ImmutableMatrix([1, -2, Rational(1, 2)])
    first = SPACE_BASE * diag(*SPACE_RATIOS) * SPACE_BASE.T
    return shift, ImmutableMatrix(first), zeros(3, 1), SPACE_BASE * SPACE_BASE.T


def _same(one: Any, other: Any) -> bool:
    gap = expand_log(one - other, force=True)
    return bool(simplify(gap) == 0)


@pytest.mark.parametrize("laws", [LINE, PLANE], ids=["line", "plane"])
@pytest.mark.parametrize(
    ("form", "integral"),
    [
        (closed.kl_divergence, integrals.kl_divergence_integral),
        (closed.hellinger_affinity, integrals.hellinger_affinity_integral),
        (closed.squared_l2_distance, integrals.squared_l2_distance_integral),
    ],
)
def test_closed_form_is_the_integral_of_the_densities(laws: Any, form: Any, integral: Any) -> None:
    assert _same(form(*laws), integral(*laws))


@pytest.mark.parametrize("laws", [LINE, PLANE], ids=["line", "plane"])
def test_renyi_is_the_log_of_the_power_integral(laws: Any) -> None:
    order = Rational(1, 3)
    value, pivots = integrals.renyi_integral(*laws, order=order)
    assert all(pivot.is_positive or pivot > 0 for pivot in pivots)
    assert _same(closed.renyi_divergence(*laws, order=order), log(value) / (order - 1))


@pytest.mark.parametrize("form", ["kl", "affinity", "renyi"])
def test_three_dimensions_reduce_to_the_pencil(form: Any) -> None:
    """Both laws are diagonal after one change of basis, so the value adds over coordinates."""
    order = Rational(1, 3)
    functions = {
        "kl": closed.kl_divergence,
        "affinity": lambda *laws: log(closed.hellinger_affinity(*laws)),
        "renyi": lambda *laws: closed.renyi_divergence(*laws, order=order),
    }
    shifts = (Rational(1), Rational(-2), Rational(1, 2))
    one = ImmutableMatrix([[1]])
    parts = sum(
        functions[form](shift * one, ratio * one, 0 * one, one)
        for shift, ratio in zip(shifts, SPACE_RATIOS, strict=True)
    )
    assert _same(functions[form](*_space()), parts)


def test_renyi_tends_to_kullback_leibler() -> None:
    order = Symbol("alpha", positive=True)
    laws = tuple(ImmutableMatrix([[value]]) for value in (1, 2, 0, 3))
    value = limit(closed.renyi_divergence(*laws, order=order), order, 1)
    assert _same(value, closed.kl_divergence(*laws))


def test_renyi_of_order_one_half_is_the_affinity() -> None:
    value = closed.renyi_divergence(*PLANE, order=Rational(1, 2))
    assert _same(value, -2 * log(closed.hellinger_affinity(*PLANE)))


def test_renyi_refuses_order_one() -> None:
    with pytest.raises(ValueError, match="kl_divergence"):
        closed.renyi_divergence(*PLANE, order=1)


@pytest.mark.parametrize("order", [Rational(1, 2), Rational(3, 2), Rational(2), Rational(5)])
def test_renyi_domain_is_where_the_integral_converges(order: Any) -> None:
    """The condition on the blended covariance against the pivots of the integral."""
    for laws in (PLANE, (PLANE[2], PLANE[3], PLANE[0], PLANE[1])):
        pivots = integrals.renyi_integral(*laws, order=order)[1]
        domain = closed.renyi_domain(laws[1], laws[3], order=order)
        assert all(domain) == all(pivot > 0 for pivot in pivots)


def test_renyi_domain_ends_where_the_widths_say() -> None:
    one = ImmutableMatrix([[1]])
    # (1 - alpha) 3 + alpha 1 > 0 iff alpha < 3/2.
    assert all(closed.renyi_domain(3 * one, one, order=Rational(149, 100)))
    assert not any(closed.renyi_domain(3 * one, one, order=Rational(3, 2)))


def test_transport_from_quantiles() -> None:
    value = integrals.quantile_wasserstein_squared(M1, sqrt(V1), M2, sqrt(V2))
    assert simplify(value - closed.bures_wasserstein_squared(*LINE)) == 0


@pytest.mark.parametrize("dimension", [2, 3])
def test_transport_cost_is_met_by_the_dual_bound(dimension: Any) -> None:
    """For A with A S1 A = S2 the quadratic potential attains the closed form: it is optimal."""
    transport = ImmutableMatrix([[2, 1, 0], [1, 3, -1], [0, -1, 1]])[:dimension, :dimension]
    first = ImmutableMatrix([[1, 0, 1], [0, 2, 0], [1, 0, 4]])[:dimension, :dimension]
    second = ImmutableMatrix(transport * first * transport)
    origin = zeros(dimension, 1)
    value = closed.bures_wasserstein_squared(origin, first, origin, second)
    dual = closed.kantorovich_dual_value(origin, first, origin, second, transport)
    # Nested radicals or algebraic roots: 40 digits of an exact rational.
    assert abs((value - dual).evalf(40)) < Rational(1, 10**35)
    other = transport + Matrix.eye(dimension) / 5
    assert closed.kantorovich_dual_value(origin, first, origin, second, other) < dual


def test_transport_sees_singular_laws() -> None:
    origin = zeros(2, 1)
    flat = ImmutableMatrix([[4, 0], [0, 0]])
    unit = ImmutableMatrix([[1, 0], [0, 1]])
    assert closed.bures_wasserstein_squared(origin, flat, origin, unit) == 2


def test_singular_laws_are_infinitely_far_and_disjoint() -> None:
    origin = zeros(2, 1)
    flat = ImmutableMatrix([[4, 0], [0, 0]])
    unit = ImmutableMatrix([[1, 0], [0, 1]])
    assert closed.kl_divergence(origin, flat, origin, unit) is oo
    assert closed.hellinger_squared(origin, flat, origin, unit) == 1


@pytest.mark.parametrize(
    "form", [closed.hellinger_squared, closed.squared_l2_distance, closed.bures_wasserstein_squared]
)
def test_distances_are_symmetric(form: Any) -> None:
    assert simplify(form(*PLANE) - form(PLANE[2], PLANE[3], PLANE[0], PLANE[1])) == 0


def test_divergences_do_not_see_a_change_of_basis() -> None:
    base = ImmutableMatrix([[1, 2], [0, 3]])
    moved = (base * PLANE[0], base * PLANE[1] * base.T, base * PLANE[2], base * PLANE[3] * base.T)
    for form in (closed.kl_divergence, closed.hellinger_affinity):
        assert simplify(logcombine(form(*moved) - form(*PLANE))) == 0
    # The L2 distance of densities scales with the volume, the transport cost with the metric.
    ratio = closed.squared_l2_distance(*moved) / closed.squared_l2_distance(*PLANE)
    assert abs((ratio - Rational(1, 3)).evalf(40)) < Rational(1, 10**35)


def test_quadratic_integral_completes_squares_in_any_order() -> None:
    a, b = Symbol("a", real=True), Symbol("b", real=True)
    exponent = -(a**2) - a * b - 2 * b**2 + a - 3 * b
    one = integrate_quadratic_exponential(exponent, [a, b])
    other = integrate_quadratic_exponential(exponent, [b, a])
    assert simplify(one.value - other.value) == 0


def test_quadratic_integral_refuses_other_exponents() -> None:
    a = Symbol("a", real=True)
    with pytest.raises(ValueError, match="quadratic"):
        integrate_quadratic_exponential(-(a**3), [a])


def test_moments_are_derivatives_of_the_log_integral() -> None:
    a = Symbol("a", real=True)
    first, second = exponential_moments(-((a - M1) ** 2) / (2 * V1), [a])
    assert first[a] == M1
    assert simplify(second[a, a] - M1**2 - V1) == 0
    assert diff(second[a, a], V1) == 1
