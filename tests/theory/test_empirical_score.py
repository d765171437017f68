"""The optimal score: one object reached by four routes."""

import pytest
from sympy import Rational, Symbol, diff, symbols

from theory.empirical_score import (
    SCORE_VALUE,
    denoising_integrand,
    excess_cross_term,
    excess_integrand,
    minimise_pointwise,
    mixture_density,
    optimal_score,
    posterior_average,
    score_by_definition,
    tweedie_mean,
)
from theory.symbols import j, mu, n, sigma, x, y
from theory.tilting import (
    central_moment,
    is_zero_tilted,
    posterior_mean,
    posterior_variance,
    tilting_weight,
    total,
)

SIZES = [2, 3, 4, n]


@pytest.mark.parametrize("size", SIZES)
def test_minimiser_of_the_risk_is_the_score_of_the_mixture(size: int | Symbol) -> None:
    best = score_by_definition(size)
    assert is_zero_tilted(best - optimal_score(size))
    numerator = total((mu * x[j] - y) * tilting_weight(j), size)
    printed = numerator / (sigma**2 * total(tilting_weight(j), size))
    assert is_zero_tilted(best - printed)
    assert not is_zero_tilted(best + printed)


@pytest.mark.parametrize("size", SIZES)
def test_curvature_of_the_risk_is_the_density(size: int | Symbol) -> None:
    """So the minimiser is unique wherever the density is positive, which is everywhere."""
    minimum = minimise_pointwise(denoising_integrand(SCORE_VALUE, size))
    assert is_zero_tilted(minimum.curvature - mixture_density(size))


@pytest.mark.parametrize("size", SIZES)
def test_least_risk_is_the_posterior_variance(size: int | Symbol) -> None:
    """The minimum of the integrand at y is p(y) mu^2 V[W(y)] / sigma^4."""
    minimum = minimise_pointwise(denoising_integrand(SCORE_VALUE, size))
    expected = mixture_density(size) * mu**2 * posterior_variance(size) / sigma**4
    assert is_zero_tilted(minimum.value - expected)


@pytest.mark.parametrize("size", SIZES)
def test_tweedie(size: int | Symbol) -> None:
    assert is_zero_tilted(tweedie_mean(size) - posterior_mean(size))
    assert is_zero_tilted(tweedie_mean(size) - posterior_average(x[j], size))


@pytest.mark.parametrize("size", SIZES)
def test_excess_risk(size: int | Symbol) -> None:
    square = mixture_density(size) * (SCORE_VALUE - optimal_score(size)) ** 2
    assert is_zero_tilted(excess_integrand(size) - square)
    assert not is_zero_tilted(excess_integrand(size) - 2 * square)
    assert is_zero_tilted(excess_cross_term(size))


@pytest.mark.parametrize("size", SIZES)
def test_derivatives_are_central_moments(size: int | Symbol) -> None:
    score = optimal_score(size)
    first = (-1 + mu**2 / sigma**2 * posterior_variance(size)) / sigma**2
    second = mu**3 / sigma**6 * central_moment(3, size)
    assert is_zero_tilted(diff(score, y) - first)
    assert is_zero_tilted(diff(score, y, 2) - second)
    assert not is_zero_tilted(diff(score, y, 2) - Rational(101, 100) * second)


def test_one_datum_has_a_linear_score() -> None:
    assert is_zero_tilted(optimal_score(1) - (mu * x[1] - y) / sigma**2)


def test_reflection_turns_the_score_round() -> None:
    mirrored = {x[1]: -x[1], x[2]: -x[2], y: -y}
    score = optimal_score(2)
    assert is_zero_tilted(score.subs(mirrored, simultaneous=True) + score)


def test_scaling() -> None:
    """Data, noise and place scaled by c: the score scales by 1/c."""
    c = Symbol("c", positive=True)
    scaled = {x[1]: c * x[1], x[2]: c * x[2], y: c * y, sigma: c * sigma}
    score = optimal_score(2)
    assert is_zero_tilted(c * score.subs(scaled, simultaneous=True) - score)


def test_minimisation_refuses_what_is_not_quadratic() -> None:
    a = symbols("a")
    for integrand in (a, a * SCORE_VALUE, SCORE_VALUE**3):
        with pytest.raises(ValueError, match="not quadratic"):
            minimise_pointwise(integrand)
