"""Divergences between Gaussian laws, batched, by Cholesky factors and log-determinants.

Every function takes two stacks of Gaussian laws, means ``(..., d)`` and positive definite
covariances ``(..., d, d)`` with the same or broadcastable leading axes, and returns one number a
pair. Factorisations run per matrix in LAPACK, on triangular factors only: no determinant and no
inverse is ever formed, so nothing overflows at large d.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import blas, lapack

from numerics.gaussian_pairs import cholesky_factor, log_det_factor, over_pairs
from numerics.validation import FloatArray, check_positive

__all__ = [
    "bures_wasserstein_squared",
    "hellinger_squared",
    "kl_divergence",
    "log_hellinger_affinity",
    "log_squared_l2_distance",
    "renyi_divergence",
    "squared_l2_distance",
]

_LOG_TWO = float(np.log(2.0))
_LOG_TWO_PI = float(np.log(2.0 * np.pi))


def kl_divergence(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the Kullback-Leibler divergence of the first law from the second.

    .. math:: KL(\rho_1\Vert\rho_2) = E_{\rho_1}[\log\rho_1 - \log\rho_2]

    evaluated as :math:`\frac12[\lVert L_2^{-1}L_1\rVert_F^2 + \lvert L_2^{-1}\delta\rvert^2 - d]
    + \log\det L_2 - \log\det L_1` with Cholesky factors; two factorisations and one triangular
    solve a pair, :math:`5d^3/3` operations.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Divergences in nats.

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Linear diffusion paper, claims ``B.kl``, ``B.klexact``, ``B.otherdiv``.

    Examples
    --------
    >>> float(kl_divergence([0.0], [[1.0]], [1.0], [[1.0]]))
    0.5
    """

    def pair(delta: FloatArray, first: FloatArray, second: FloatArray) -> float:
        factor_1, factor_2 = cholesky_factor(first, 1, clean=1), cholesky_factor(second, 2)
        log_ratio = log_det_factor(factor_2) - log_det_factor(factor_1)
        moved = blas.dtrsm(1.0, factor_2, factor_1, lower=1, overwrite_b=1)
        shift = blas.dtrsv(factor_2, delta, lower=1)
        quadratic = float(np.vdot(moved, moved)) + float(shift @ shift) - delta.size
        return 0.5 * quadratic + log_ratio

    return over_pairs(pair, mean_1, covariance_1, mean_2, covariance_2)


def renyi_divergence(
    mean_1: ArrayLike,
    covariance_1: ArrayLike,
    mean_2: ArrayLike,
    covariance_2: ArrayLike,
    *,
    order: float,
) -> FloatArray:
    r"""Return the Rényi divergence of a given order of the first law from the second.

    .. math:: D_\alpha(\rho_1\Vert\rho_2) = \frac1{\alpha-1}\log\int\rho_1^\alpha\rho_2^{1-\alpha}

    It is infinite where the integral diverges, that is where
    :math:`\alpha\Sigma_1^{-1}+(1-\alpha)\Sigma_2^{-1}` is not positive definite (possible for
    :math:`\alpha>1` only). The pencil is diagonalised: :math:`K = L_2^{-1}\Sigma_1L_2^{-\top}`.
    At order 1 the value is the limit, the Kullback-Leibler divergence.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.
    order : float
        The order, > 0.

    Returns
    -------
    numpy.ndarray, shape (...)
        Divergences in nats, ``inf`` outside the domain.

    Raises
    ------
    ValueError
        If the order is not > 0, a shape does not fit or a covariance is not positive definite.

    Notes
    -----
    Claim ``B.otherdiv``. Order 1/2 is :math:`-2\log` of the Hellinger affinity.

    Examples
    --------
    >>> float(renyi_divergence([0.0], [[1.0]], [1.0], [[1.0]], order=2.0))
    1.0
    >>> float(renyi_divergence([0.0], [[2.0]], [0.0], [[1.0]], order=2.0))
    inf
    """
    alpha = check_positive(order, name="order")
    if alpha == 1.0:
        return kl_divergence(mean_1, covariance_1, mean_2, covariance_2)

    def pair(delta: FloatArray, first: FloatArray, second: FloatArray) -> float:
        factor_1, factor_2 = cholesky_factor(first, 1, clean=1), cholesky_factor(second, 2)
        moved = blas.dtrsm(1.0, factor_2, factor_1, lower=1)
        ratios, axes = np.linalg.eigh(moved @ moved.T)
        blend = alpha + (1.0 - alpha) * ratios
        # On the edge of the domain the blend is rounding.
        if blend[-1] <= 4.0 * delta.size * np.finfo(np.float64).eps * alpha:
            return float("inf")
        shift = axes.T @ blas.dtrsv(factor_2, delta, lower=1)
        log_ratio = 2.0 * (log_det_factor(factor_1) - log_det_factor(factor_2))
        spread = (1.0 - alpha) * log_ratio - float(np.log(blend).sum())
        return 0.5 * (alpha * float((shift**2 / blend).sum()) + spread / (alpha - 1.0))

    return over_pairs(pair, mean_1, covariance_1, mean_2, covariance_2)


def log_hellinger_affinity(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the logarithm of the Hellinger affinity of two laws.

    .. math:: \log\int\sqrt{\rho_1\rho_2}

    finite for every pair, however small the affinity; three factorisations a pair,
    :math:`d^3` operations.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Logarithms, <= 0 up to rounding.

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Claims ``B.hellinger``, ``B.slope``, ``B.edge``.

    Examples
    --------
    >>> round(float(log_hellinger_affinity([0.0], [[1.0]], [2.0], [[1.0]])), 12)
    -0.5
    """

    def pair(delta: FloatArray, first: FloatArray, second: FloatArray) -> float:
        total = cholesky_factor(first + second, 0)
        shift = blas.dtrsv(total, delta, lower=1)
        log_dets = log_det_factor(cholesky_factor(first, 1)) + log_det_factor(
            cholesky_factor(second, 2)
        )
        spread = 0.5 * (delta.size * _LOG_TWO + log_dets) - log_det_factor(total)
        return spread - 0.25 * float(shift @ shift)

    return over_pairs(pair, mean_1, covariance_1, mean_2, covariance_2)


def hellinger_squared(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the squared Hellinger distance of two laws.

    .. math:: H^2 = \frac12\int(\sqrt{\rho_1}-\sqrt{\rho_2})^2 = 1-\int\sqrt{\rho_1\rho_2}

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Squared distances in [0, 1].

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Claims ``B.hellinger``, ``B.code.det``. Cost as `log_hellinger_affinity`.

    Examples
    --------
    >>> round(float(hellinger_squared([0.0], [[1.0]], [0.0], [[1.0]])), 12)
    0.0
    """
    logs = log_hellinger_affinity(mean_1, covariance_1, mean_2, covariance_2)
    squared: FloatArray = -np.expm1(np.minimum(logs, 0.0))
    return squared


def bures_wasserstein_squared(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the squared 2-Wasserstein distance of two laws.

    .. math:: W_2^2 = \lvert\delta\rvert^2 + \mathrm{tr}\,\Sigma_1 + \mathrm{tr}\,\Sigma_2
              - 2\,\lVert L_1^\top L_2\rVert_*

    with the nuclear norm from the eigenvalues of :math:`L_2^\top\Sigma_1L_2`; where these spread
    so widely that their roots would lose digits, from singular values instead. Two products, one
    factorisation and one eigenvalue problem a pair, about :math:`5d^3` operations.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Squared distances, >= 0.

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Claims ``B.otherdiv``, ``B.edge``, ``B.wasserstein``.

    Examples
    --------
    >>> float(bures_wasserstein_squared([0.0], [[4.0]], [3.0], [[1.0]]))
    10.0
    """

    def pair(delta: FloatArray, first: FloatArray, second: FloatArray) -> float:
        factor_1, factor_2 = cholesky_factor(first, 1, clean=1), cholesky_factor(second, 2)
        cross = blas.dtrmm(1.0, factor_2, factor_1.T, side=1, lower=1)
        squares = lapack.dsyevd(cross.T @ cross, compute_v=0)[0]
        # The root of an eigenvalue e carries the error eps e_max / sqrt(e).
        if squares[0] > 1e-6 * squares[-1]:
            nuclear = float(np.sqrt(squares).sum())
        else:
            nuclear = float(np.linalg.svd(cross, compute_uv=False).sum())
        traces = float(np.trace(first) + np.trace(second))
        return max(float(delta @ delta) + traces - 2.0 * nuclear, 0.0)

    return over_pairs(pair, mean_1, covariance_1, mean_2, covariance_2)


def log_squared_l2_distance(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the logarithm of the squared L2 distance of two densities.

    .. math:: \log\int(\rho_1-\rho_2)^2

    The three overlap integrals are combined in log space, so the value stays finite where the
    distance itself leaves the range of float64 (already at moderate d).

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Logarithms, ``-inf`` for equal laws.

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Claims ``B.otherdiv``, ``B.klexact``. Three factorisations a pair, :math:`d^3` operations.

    Examples
    --------
    >>> float(log_squared_l2_distance([0.0], [[1.0]], [0.0], [[1.0]]))
    -inf
    """

    def pair(delta: FloatArray, first: FloatArray, second: FloatArray) -> float:
        total = cholesky_factor(first + second, 0)
        shift = blas.dtrsv(total, delta, lower=1)
        own = 0.5 * delta.size * (_LOG_TWO_PI + _LOG_TWO)
        self_1 = -own - log_det_factor(cholesky_factor(first, 1))
        self_2 = -own - log_det_factor(cholesky_factor(second, 2))
        cross = -0.5 * delta.size * _LOG_TWO_PI - log_det_factor(total)
        cross -= 0.5 * float(shift @ shift)
        top = max(self_1, self_2)
        # e^a + e^b - 2 e^c, split so that nearly equal laws do not cancel.
        excess = np.expm1(self_1 - top) + np.expm1(self_2 - top) - 2.0 * np.expm1(cross - top)
        return top + float(np.log(excess)) if excess > 0.0 else -float("inf")

    return over_pairs(pair, mean_1, covariance_1, mean_2, covariance_2)


def squared_l2_distance(
    mean_1: ArrayLike, covariance_1: ArrayLike, mean_2: ArrayLike, covariance_2: ArrayLike
) -> FloatArray:
    r"""Return the squared L2 distance of two densities.

    .. math:: \int(\rho_1-\rho_2)^2

    It underflows to 0 or overflows to ``inf`` where float64 cannot hold it; then use
    `log_squared_l2_distance`.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (..., d)
        Means.
    covariance_1, covariance_2 : array_like, shape (..., d, d)
        Positive definite covariances.

    Returns
    -------
    numpy.ndarray, shape (...)
        Squared distances, in the unit of length to the power -d.

    Raises
    ------
    ValueError
        If a shape does not fit or a covariance is not symmetric positive definite.

    Notes
    -----
    Claims ``B.otherdiv``, ``B.klexact``.

    Examples
    --------
    >>> round(float(squared_l2_distance([0.0], [[0.5]], [9.0], [[0.5]])), 6)
    0.797885
    """
    logs = log_squared_l2_distance(mean_1, covariance_1, mean_2, covariance_2)
    with np.errstate(over="ignore", under="ignore"):
        squared: FloatArray = np.exp(logs)
    return squared
