"""The optimal score in d dimensions: covariance and third cumulants (claim A.x5)."""

from itertools import product

import pytest
from sympy import diff

from theory.empirical_score import optimal_score
from theory.empirical_score_nd import (
    coordinates,
    mixture_density_nd,
    optimal_score_nd,
    posterior_moment_nd,
    score_gradient,
    score_second_derivative,
    third_cumulant,
)
from theory.symbols import mu, sigma, x, y
from theory.tilting import is_zero_tilted


@pytest.mark.parametrize(("size", "dimension"), [(2, 1), (2, 2), (3, 2), (2, 3)])
def test_gradient_is_the_covariance(size: int, dimension: int) -> None:
    gradient = score_gradient(size, dimension)
    for row, col in product(range(dimension), repeat=2):
        covariance = posterior_moment_nd(size, dimension, (row + 1, col + 1))
        expected = (mu**2 / sigma**2 * covariance - int(row == col)) / sigma**2
        assert is_zero_tilted(gradient[row, col] - expected)


@pytest.mark.parametrize(("size", "dimension"), [(2, 2), (3, 2)])
def test_second_derivative_is_the_third_cumulant(size: int, dimension: int) -> None:
    derivative, cumulant = score_second_derivative(size, dimension), third_cumulant(size, dimension)
    for index in [(0, 0, 0), (0, 0, 1), (0, 1, 1)]:
        assert is_zero_tilted(derivative[index] - mu**3 / sigma**6 * cumulant[index])
        assert not is_zero_tilted(derivative[index] + mu**3 / sigma**6 * cumulant[index])


def test_second_derivative_is_symmetric() -> None:
    derivative = score_second_derivative(2, 2)
    assert is_zero_tilted(derivative[0, 0, 1] - derivative[1, 0, 0])


def test_one_dimension_is_the_scalar_score() -> None:
    (place,) = coordinates(1)
    (score,) = optimal_score_nd(2, 1)
    scalar = optimal_score(2).subs({x[1]: x[1, 1], x[2]: x[2, 1], y: place})
    assert is_zero_tilted(score - scalar)


def test_score_is_a_gradient_of_the_density() -> None:
    first, second = coordinates(2)
    density = mixture_density_nd(2, 2)
    score = optimal_score_nd(2, 2)
    assert is_zero_tilted(diff(density, first) - density * score[0])
    assert is_zero_tilted(diff(score[0], second) - diff(score[1], first))


def test_bad_arguments() -> None:
    with pytest.raises(ValueError, match="dimension was 0"):
        coordinates(0)
    with pytest.raises(ValueError, match="size was 0"):
        optimal_score_nd(0, 1)
    with pytest.raises(ValueError, match="axes was"):
        posterior_moment_nd(2, 2, (1, 3))
