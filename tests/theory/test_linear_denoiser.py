"""Population optimum, conditional law of the weights, and the law that is generated."""

from typing import Any

import pytest
from sympy import ImmutableMatrix, Rational, Symbol, eye, log, simplify, zeros

from theory import linear_denoiser as model
from theory.gaussian_divergences import kl_divergence
from theory.linear_forward import posterior_variance, shrinkage
from theory.symbols import T, lambda_, s_d

A = Symbol("a", positive=True)
S2 = Symbol("s_d^2", positive=True)
Q2 = Symbol("q^2", positive=True)
MU = Symbol("mu_0", real=True)
Y = Symbol("y", real=True)
CLEAN = ImmutableMatrix([[1, 0], [2, 5], [-1, 1], [0, 3], [4, -2]])
NOISED = ImmutableMatrix([[0, 1], [3, 1], [-2, 0], [1, 1], [1, -4]])


def test_population_optimum() -> None:
    slope, intercept, residual = model.population_least_squares(A, S2, Q2, MU)
    v = A**2 * S2 + Q2
    assert simplify(slope - A * S2 / v) == 0
    assert simplify(residual - S2 * Q2 / v) == 0
    assert simplify(intercept - MU * (1 - slope * A)) == 0


def test_population_optimum_is_the_posterior_mean() -> None:
    slope, _, residual = model.population_least_squares(A, S2, Q2, Rational(0))
    mean, variance = model.posterior_moments(A, S2, Q2, Y)
    assert simplify(mean - slope * Y) == 0
    assert simplify(variance - residual) == 0


def test_fit_solves_the_normal_equations() -> None:
    weights = model.fitted_weights(CLEAN, NOISED)
    x, y = model.centre(CLEAN), model.centre(NOISED)
    assert (x - y * weights.T).T * y == zeros(2, 2)


def test_fit_has_minimum_norm_below_full_rank() -> None:
    clean, noised = CLEAN[:2, :], NOISED[:2, :]
    weights = model.fitted_weights(clean, noised)
    y = model.centre(noised)
    assert weights.rank() == 1
    assert model.centre(clean) == y * weights.T
    # Nothing of the weights acts outside the span of the noised data.
    null = y.nullspace()[0]
    assert weights * null == zeros(2, 1)


def test_fitted_map_passes_through_the_means() -> None:
    weights, offset = model.fitted_weights(CLEAN, NOISED), model.fitted_intercept(CLEAN, NOISED)
    ones = ImmutableMatrix([[Rational(1, 5)] * 5])
    assert offset + weights * (ones * NOISED).T == (ones * CLEAN).T


def test_generated_law_is_the_image_of_the_noise() -> None:
    """Second route: the covariance of the image of every basis vector of the noise."""
    weights = ImmutableMatrix([[1, 2], [3, 5]])
    mean, covariance = model.affine_image_law(
        ImmutableMatrix([1, 1]), weights, ImmutableMatrix([2, 0]), Rational(4)
    )
    images = [weights.col(k) for k in range(2)]
    assert covariance == 4 * (images[0] * images[0].T + images[1] * images[1].T)
    assert mean == ImmutableMatrix([3, 7])


def test_witness_is_attained_and_separates_the_two_covariances() -> None:
    witness = model.covariance_witness()
    weights = model.fitted_weights(witness.clean, witness.noised)
    assert witness.variance == Rational(5, 4)
    assert weights == ImmutableMatrix([[1, 1], [0, 1]])
    assert witness.generated == Rational(5, 4) * ImmutableMatrix([[2, 1], [1, 1]])
    assert witness.code == Rational(5, 4) * ImmutableMatrix([[1, 1], [1, 2]])


def test_transposed_covariance_keeps_the_spectrum_but_not_the_reversed_divergence() -> None:
    witness = model.covariance_witness()
    assert witness.generated.charpoly() == witness.code.charpoly()
    shift, origin, unit = ImmutableMatrix([1, 0]), zeros(2, 1), ImmutableMatrix(eye(2))
    forward = [
        kl_divergence(shift, covariance, origin, unit)
        for covariance in (witness.generated, witness.code)
    ]
    backward = [
        kl_divergence(origin, unit, shift, covariance)
        for covariance in (witness.generated, witness.code)
    ]
    assert simplify(forward[0] - forward[1]) == 0
    assert simplify(backward[1] - backward[0]) == Rational(1, 2) * Rational(4, 5)


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_conditional_law_of_the_weights(rows: Any) -> None:
    """E B = kappa P and Cov(row) = tau^2 W^+, with W^+ formed on its own."""
    noised = ImmutableMatrix([[0, 1, 2], [3, 1, 0], [-2, 0, 1], [1, 1, 1], [1, -4, 2]])[:rows, :]
    mean, row = model.conditional_weight_law(noised)
    y = model.centre(noised)
    gram = y.T * y
    inverse = gram.pinv()
    assert (mean - shrinkage() * inverse * gram).applyfunc(simplify) == zeros(3, 3)
    assert (row - posterior_variance() * inverse).applyfunc(simplify) == zeros(3, 3)
    assert inverse.rank() == min(rows - 1, 3)


def test_generated_points_stay_in_the_hull_of_the_clean_data() -> None:
    """For n <= d the range of B B^T is spanned by clean differences, that of B^T B by noised."""
    clean = ImmutableMatrix([[1, 0, 0], [0, 2, 0]])
    noised = ImmutableMatrix([[0, 0, 1], [0, 1, 0]])
    weights = model.fitted_weights(clean, noised)
    generated = weights * weights.T
    difference = (clean[0, :] - clean[1, :]).T
    assert ImmutableMatrix.hstack(generated, difference).rank() == 1
    code = model.code_covariance(weights, Rational(1))
    assert ImmutableMatrix.hstack(code, difference).rank() == 2


def test_symbols_reach_the_conditional_law() -> None:
    mean, row = model.conditional_weight_law(ImmutableMatrix([[0], [1]]))
    assert {T, lambda_, s_d} == mean[0, 0].free_symbols
    assert {T, lambda_, s_d} == row[0, 0].free_symbols
    assert row.subs({T: log(2), lambda_: 1, s_d: 1}) == ImmutableMatrix([[Rational(3, 2)]])
