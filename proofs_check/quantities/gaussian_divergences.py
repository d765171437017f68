"""Divergences of two Gaussian laws: float64, ball and symbolic faces.

Every functional takes the difference of the means and the lower triangular factors of both
covariances, each as a SymPy tuple, row by row. The symbolic face integrates the densities.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sympy import Expr, ImmutableMatrix, Tuple, zeros

from proofs_check.functionals import functional
from proofs_check.quantities import gaussian_balls as balls

__all__ = [
    "BuresSquared",
    "HellingerAffinity",
    "KullbackLeibler",
    "RenyiIntegral",
    "RenyiPivot",
    "SquaredL2",
    "covariance",
    "factor_matrix",
]


def factor_matrix(entries: Tuple) -> ImmutableMatrix:
    """Return the lower triangular matrix with the given entries, row by row.

    Examples
    --------
    >>> factor_matrix(Tuple(1, 2, 3))
    Matrix([
    [1, 0],
    [2, 3]])
    """
    size = int((1 + 8 * len(entries)) ** 0.5 - 1) // 2
    return ImmutableMatrix(size, size, lambda i, j: entries[i * (i + 1) // 2 + j] if j <= i else 0)


def covariance(entries: Tuple) -> ImmutableMatrix:
    """Return the covariance of a factor.

    Examples
    --------
    >>> covariance(Tuple(1, 2, 3))
    Matrix([
    [1,  2],
    [2, 13]])
    """
    factor = factor_matrix(entries)
    return ImmutableMatrix((factor * factor.T).expand())


def _laws(delta: Tuple, first: Tuple, second: Tuple) -> tuple[Any, Any, Any, Any]:
    mean = ImmutableMatrix(len(delta), 1, list(delta))
    return mean, covariance(first), zeros(len(delta), 1).as_immutable(), covariance(second)


def _derived(name: str) -> Callable[..., Expr]:
    def unfold(delta: Tuple, first: Tuple, second: Tuple) -> Expr:
        import theory.divergence_integrals as derived

        value: Expr = getattr(derived, name)(*_laws(delta, first, second))
        return value

    return unfold


def _derived_renyi(delta: Tuple, first: Tuple, second: Tuple, order: Expr) -> Expr:
    from theory.divergence_integrals import renyi_integral

    value: Expr = renyi_integral(*_laws(delta, first, second), order=order)[0]
    return value


def _derived_pivot(first: Tuple, second: Tuple, order: Expr) -> Expr:
    from theory.divergence_integrals import renyi_integral

    origin = Tuple(*[0] * factor_matrix(first).rows)
    return renyi_integral(*_laws(origin, first, second), order=order)[1][0]


def _derived_bures(delta: Tuple, first: Tuple, second: Tuple) -> Expr:
    from theory.divergence_integrals import quantile_wasserstein_squared

    if len(delta) != 1:
        raise NotImplementedError("the monotone coupling is optimal on the line only")
    return quantile_wasserstein_squared(delta[0], first[0], 0 * second[0], second[0])


def _float(name: str) -> Callable[..., float]:
    def float64(delta: Any, first: Any, second: Any) -> float:
        import numerics.gaussian_divergences as computed

        try:
            return float(getattr(computed, name)(*_float_laws(delta, first, second)))
        except ValueError:
            # a covariance that is singular in float64: the rigorous value decides
            return float("nan")

    return float64


def _float_laws(delta: Any, first: Any, second: Any) -> tuple[Any, Any, Any, Any]:
    mean = np.asarray(delta, dtype=np.float64)
    found = []
    for entries in (first, second):
        factor = np.zeros((mean.size, mean.size))
        factor[np.tril_indices(mean.size)] = np.asarray(entries, dtype=np.float64)
        found.append(factor @ factor.T)
    return mean, found[0], np.zeros_like(mean), found[1]


def _float_renyi(delta: Any, first: Any, second: Any, order: Any) -> float:
    from numerics.gaussian_divergences import renyi_divergence

    alpha = float(order)
    try:
        divergence = renyi_divergence(*_float_laws(delta, first, second), order=alpha)
    except ValueError:
        return float("nan")
    return float(np.exp((alpha - 1.0) * divergence))


def _float_affinity(delta: Any, first: Any, second: Any) -> float:
    from numerics.gaussian_divergences import log_hellinger_affinity

    try:
        return float(np.exp(log_hellinger_affinity(*_float_laws(delta, first, second))))
    except ValueError:
        return float("nan")


KullbackLeibler: Final = functional(
    "KullbackLeibler",
    nargs=3,
    latex=r"KL\left({0},{1}\Vert{2}\right)",
    float64=_float("kl_divergence"),
    ball=balls.kl,
    unfold=_derived("kl_divergence_integral"),
)
"""``KullbackLeibler(delta, L1, L2)`` is KL(N(delta, L1 L1^T) || N(0, L2 L2^T))."""

HellingerAffinity: Final = functional(
    "HellingerAffinity",
    nargs=3,
    latex=r"\int\sqrt{{\rho_1\rho_2}}\left({0},{1},{2}\right)",
    float64=_float_affinity,
    ball=balls.affinity,
    unfold=_derived("hellinger_affinity_integral"),
)
"""``HellingerAffinity(delta, L1, L2)`` is the integral of the root of both densities."""

RenyiIntegral: Final = functional(
    "RenyiIntegral",
    nargs=4,
    latex=r"\int\rho_1^{{{3}}}\rho_2^{{1-{3}}}\left({0},{1},{2}\right)",
    float64=_float_renyi,
    ball=balls.renyi,
    unfold=_derived_renyi,
)
"""``RenyiIntegral(delta, L1, L2, alpha)`` is exp((alpha - 1) D_alpha), where it converges."""

RenyiPivot: Final = functional(
    "RenyiPivot",
    nargs=3,
    latex=r"p_{{{2}}}\left({0},{1}\right)",
    ball=lambda first, second, order: balls.renyi_pivots(first, second, order)[0],
    unfold=_derived_pivot,
)
"""``RenyiPivot(L1, L2, alpha)`` is the coefficient of -x^2 in the Rényi integrand on the line."""

SquaredL2: Final = functional(
    "SquaredL2",
    nargs=3,
    latex=r"\lVert\rho_1-\rho_2\rVert_2^2\left({0},{1},{2}\right)",
    float64=_float("squared_l2_distance"),
    ball=balls.squared_l2,
    unfold=_derived("squared_l2_distance_integral"),
)
"""``SquaredL2(delta, L1, L2)`` is the integral of the squared difference of the densities."""

BuresSquared: Final = functional(
    "BuresSquared",
    nargs=3,
    latex=r"W_2^2\left({0},{1},{2}\right)",
    float64=_float("bures_wasserstein_squared"),
    ball=balls.bures,
    unfold=_derived_bures,
)
"""``BuresSquared(delta, L1, L2)`` is the squared 2-Wasserstein distance."""
