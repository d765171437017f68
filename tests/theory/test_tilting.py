"""Moments of the posterior weights, and the decision for identities between them."""

import pytest
from sympy import Expr, Rational, Sum, Symbol, diff, exp, log, symbols

from theory.symbols import j, k, mu, n, sigma, x, y
from theory.tilting import (
    central_moment,
    data,
    is_zero_tilted,
    posterior_mean,
    posterior_variance,
    posterior_weight,
    reduce_tilted,
    tilting_weight,
    total,
    weight_derivative,
)

SIZES = [2, 3, 4, n]
slope = mu / sigma**2


@pytest.mark.parametrize("size", SIZES)
def test_weights_sum_to_one(size: int | Symbol) -> None:
    inner = tilting_weight(j) / total(tilting_weight(k), size, index=k)
    assert is_zero_tilted(total(inner, size) - 1)


@pytest.mark.parametrize("size", SIZES)
def test_derivative_of_a_weight(size: int | Symbol) -> None:
    rule = slope * posterior_weight(2, size) * (x[2] - posterior_mean(size))
    assert is_zero_tilted(weight_derivative(2, size) - rule)
    assert not is_zero_tilted(weight_derivative(2, size) + rule)


@pytest.mark.parametrize("size", SIZES)
def test_tilting_raises_the_order_of_the_moment(size: int | Symbol) -> None:
    """d/dy of the mean is the variance, of the variance the third moment, times mu/sigma^2."""
    variance = posterior_variance(size)
    assert is_zero_tilted(diff(posterior_mean(size), y) - slope * variance)
    assert is_zero_tilted(diff(variance, y) - slope * central_moment(3, size))
    assert not is_zero_tilted(
        diff(variance, y) - Rational(101, 100) * slope * central_moment(3, size)
    )


@pytest.mark.parametrize("size", [2, 3, n])
def test_fourth_order_is_a_cumulant_not_a_moment(size: int | Symbol) -> None:
    fourth = central_moment(4, size) - 3 * posterior_variance(size) ** 2
    rate = diff(central_moment(3, size), y)
    assert is_zero_tilted(rate - slope * fourth)
    assert not is_zero_tilted(rate - slope * central_moment(4, size))


def test_variance_at_a_midpoint_of_two_points() -> None:
    """A.prop2a holds with equality for n = 2."""
    midpoint = mu * (x[1] + x[2]) / 2
    value = posterior_variance(2).subs(y, midpoint)
    assert is_zero_tilted(value - (x[2] - x[1]) ** 2 / 4)


def test_moments_are_translation_equivariant() -> None:
    shift = Symbol("c", real=True)
    moved = {x[1]: x[1] + shift, x[2]: x[2] + shift, y: y + mu * shift}
    assert is_zero_tilted(
        posterior_mean(2).subs(moved, simultaneous=True) - posterior_mean(2) - shift
    )
    assert is_zero_tilted(
        central_moment(3, 2).subs(moved, simultaneous=True) - central_moment(3, 2)
    )


def test_formal_sums_agree_with_explicit_ones() -> None:
    formal = central_moment(3).subs(n, 3).doit()
    assert is_zero_tilted(formal - central_moment(3, 3))


def test_nested_dummies_do_not_clash() -> None:
    double = Sum(x[j] * Sum(x[k] * exp(-x[k]), (k, 1, n)), (j, 1, n))
    product = Sum(x[k], (k, 1, n)) * Sum(x[j] * exp(-x[j]), (j, 1, n))
    assert is_zero_tilted(double - product)
    assert not is_zero_tilted(double - Sum(x[j], (j, 1, n)) ** 2)


def test_constant_sums_count() -> None:
    assert is_zero_tilted(Sum(y, (j, 1, n)) - n * y)
    assert is_zero_tilted(
        Sum((x[j] - y) ** 2, (j, 1, n)) - Sum(x[j] ** 2 - 2 * y * x[j], (j, 1, n)) - n * y**2
    )


def test_a_formal_sum_is_not_its_square() -> None:
    """Cauchy-Schwarz is no identity: power sums of different order are independent."""
    first, second = Sum(x[j], (j, 1, n)), Sum(x[j] ** 2, (j, 1, n))
    assert not is_zero_tilted(n * second - first**2)


def test_reduction_is_in_lowest_terms() -> None:
    ratio = reduce_tilted(total(2 * tilting_weight(j), n) / total(tilting_weight(j), n))
    assert ratio.as_expr() == 2


@pytest.mark.parametrize(
    ("expr", "message"),
    [
        (Sum(log(x[j]), (j, 1, n)), "no power of a datum"),
        (Sum(x[j], (j, 2, n)), "started at 2"),
        (Sum(x[j] * x[k], (j, 1, n), (k, 1, n)), "several indices"),
        (Sum(x[j], (j, 1, n)) - Sum(x[j], (j, 1, n - 1)), "different ends"),
        (Sum(x[2 * j], (j, 1, n)), "other than through"),
        (Sum(exp(j * x[j]), (j, 1, n)), "other than through"),
        (Sum(1 / (1 + x[j]), (j, 1, n)), "no power of a datum"),
    ],
)
def test_what_cannot_be_decided_is_refused(expr: Expr, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        is_zero_tilted(expr)


@pytest.mark.parametrize("size", [0, -1, True, symbols("q")])
def test_bad_sizes(size: int | Symbol) -> None:
    with pytest.raises(ValueError, match="size was"):
        data(size)
    with pytest.raises(ValueError, match="order was"):
        central_moment(-1)
