"""The linear one-step model: population regression, fitted weights and the generated law."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sympy import Expr, ImmutableMatrix, Tuple

from proofs_check.functionals import functional

__all__ = [
    "FittedWeight",
    "GeneratedCovariance",
    "GeneratedMean",
    "RegressionSlope",
    "ResidualVariance",
]


def _population(place: int) -> Callable[..., Expr]:
    def unfold(a: Expr, data_variance: Expr, noise_variance: Expr) -> Expr:
        from theory.linear_denoiser import population_least_squares

        return population_least_squares(a, data_variance, noise_variance, 0 * a)[place]

    return unfold


RegressionSlope: Final = functional(
    "RegressionSlope",
    nargs=3,
    latex=r"\kappa\left({0},{1},{2}\right)",
    unfold=_population(0),
)
"""``RegressionSlope(a, s2, q2)`` minimises E (x - b_0 - b y)^2."""

ResidualVariance: Final = functional(
    "ResidualVariance",
    nargs=3,
    latex=r"\tau^2\left({0},{1},{2}\right)",
    unfold=_population(2),
)
"""``ResidualVariance(a, s2, q2)`` is the least E (x - b_0 - b y)^2."""


def _matrix(entries: Tuple) -> ImmutableMatrix:
    size = round(len(entries) ** 0.5)
    return ImmutableMatrix(size, size, list(entries))


def _derived_covariance(i: Expr, j: Expr, weights: Tuple, variance: Expr) -> Expr:
    from sympy import zeros

    from theory.linear_denoiser import affine_image_law

    matrix = _matrix(weights)
    origin = zeros(matrix.rows, 1).as_immutable()
    value: Expr = affine_image_law(origin, matrix, origin, variance)[1][int(i) - 1, int(j) - 1]
    return value


def _float_covariance(i: Any, j: Any, weights: Any, variance: Any) -> float:
    from numerics.linear_denoiser import GeneratedLaw

    size = round(len(weights) ** 0.5)
    matrix = np.asarray(weights, dtype=np.float64).reshape(size, size)
    law = GeneratedLaw(
        mean=np.zeros(size), factor=np.sqrt(float(variance)) * matrix, variance_ratio=1.0
    )
    return float(law.covariance[round(float(i)) - 1, round(float(j)) - 1])


def _ball_covariance(i: Any, j: Any, weights: Any, variance: Any) -> Any:
    size = round(len(weights) ** 0.5)
    first, second = ((int(r) - 1) * size for r in (i, j))
    return variance * sum(weights[first + k] * weights[second + k] for k in range(size))


GeneratedCovariance: Final = functional(
    "GeneratedCovariance",
    nargs=4,
    latex=r"\mathrm{{Cov}}(b_0+By)_{{{0}{1}}}",
    float64=_float_covariance,
    ball=_ball_covariance,
    unfold=_derived_covariance,
)
"""``GeneratedCovariance(i, j, B, s2)`` is Cov(b_0 + B y)_ij for y ~ N(., s2 I)."""


def _derived_mean(i: Expr, offset: Tuple, weights: Tuple, mean: Tuple) -> Expr:
    from theory.linear_denoiser import affine_image_law

    columns = [ImmutableMatrix(len(v), 1, list(v)) for v in (offset, mean)]
    law = affine_image_law(columns[0], _matrix(weights), columns[1], 1 + 0 * i)
    value: Expr = law[0][int(i) - 1]
    return value


GeneratedMean: Final = functional(
    "GeneratedMean",
    nargs=4,
    latex=r"E(b_0+By)_{{{0}}}",
    unfold=_derived_mean,
)
"""``GeneratedMean(i, b_0, B, mean)`` is E(b_0 + B y)_i for y of the given mean."""


def _derived_weight(i: Expr, j: Expr, clean: Tuple, noised: Tuple, size: Expr) -> Expr:
    from theory.linear_denoiser import fitted_weights

    n, d = len(clean) // int(size), int(size)
    matrices = (ImmutableMatrix(n, d, list(v)) for v in (clean, noised))
    value: Expr = fitted_weights(*matrices)[int(i) - 1, int(j) - 1]
    return value


def _float_weight(i: Any, j: Any, clean: Any, noised: Any, size: Any) -> float:
    from numerics.linear_denoiser import fit_linear_denoiser

    shape = (-1, round(float(size)))
    x, y = (np.asarray(v, dtype=np.float64).reshape(shape) for v in (clean, noised))
    return float(fit_linear_denoiser(x, y).weights[round(float(i)) - 1, round(float(j)) - 1])


def _ball_weight(i: Any, j: Any, clean: Any, noised: Any, size: Any) -> Any:
    """Solve the normal equations exactly; the centred noised data must have full column rank."""
    from flint import fmpq, fmpq_mat

    d = int(size)
    n = len(clean) // d
    x, y = (
        fmpq_mat(n, d, [v[k] - sum(v[k % d :: d]) / fmpq(n) for k in range(n * d)])
        for v in (clean, noised)
    )
    weights = (y.transpose() * y).solve(y.transpose() * x).transpose()
    return weights[int(i) - 1, int(j) - 1]


FittedWeight: Final = functional(
    "FittedWeight",
    nargs=5,
    latex=r"B_{{{0}{1}}}",
    float64=_float_weight,
    ball=_ball_weight,
    unfold=_derived_weight,
)
"""``FittedWeight(i, j, x, y, d)`` is an entry of the least-squares weights of a training set."""
