r"""Overlap integrals of Gaussian kernel densities and Gaussian laws, in log space and in blocks.

.. math:: \int N(a,uI)\,N(b,wI) = N(a-b;\,0,(u+w)I)

so every squared L2 distance of such densities is a sum over pairs of points. A block of pairs is
one Gram product with the norms folded in; no array with three axes and no determinant is formed.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import blas

from numerics.gaussian_pairs import NotPositiveDefiniteError, cholesky_factor, log_det_factor
from numerics.pair_blocks import LOWEST, PairBlocks, Precision, ScaledSum, pair_error
from numerics.validation import (
    FloatArray,
    check_count,
    check_matrix,
    check_points_nd,
    check_positive,
    check_sample_nd,
)

__all__ = [
    "kernel_width",
    "log_gaussian_overlaps",
    "log_kernel_values",
    "log_mean_exp",
    "log_overlap_across",
    "log_overlap_within",
    "pair_error",
]

_LOG_TWO_PI = float(np.log(2.0 * np.pi))


def kernel_width(n: int, d: int, *, s_d: float) -> float:
    r"""Return the width of the kernels of paper B.

    .. math:: \epsilon_n = s_d\,n^{-1/d}

    Parameters
    ----------
    n, d : int
        Number of points and dimension, >= 1.
    s_d : float
        Standard deviation of a coordinate of the data, > 0.

    Returns
    -------
    float
        The width, in the unit of the data.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue; claims ``B.metric``, ``B.bandwidth``.

    Examples
    --------
    >>> kernel_width(16, 4, s_d=1.0)
    0.5
    """
    count, dimension = check_count(n, name="n"), check_count(d, name="d")
    return float(check_positive(s_d, name="s_d") * count ** (-1.0 / dimension))


def log_overlap_within(
    points: ArrayLike, *, width: float, precision: Precision = "double"
) -> tuple[float, float]:
    r"""Return the squared L2 norm of a kernel density as logarithms of its two parts.

    .. math:: \int\rho_n^2 = \frac1n(4\pi\epsilon^2)^{-d/2}
              + \frac1{n^2}\sum_{i\ne j}N(x_i-x_j;\,0,2\epsilon^2I)

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres of the kernels, n >= 1.
    width : float
        :math:`\epsilon` > 0.
    precision : {"double", "single"}
        Of the exponents; see `numerics.pair_blocks.pair_error`.

    Returns
    -------
    tuple of float
        Logarithms of the diagonal part and of the part of pairs (``-inf`` for one point).

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.metric``. Cost :math:`n^2d` operations and :math:`n^2/2` exponentials; memory 6 MB
    and one copy of the points.

    Examples
    --------
    >>> diagonal, pairs = log_overlap_within([[0.0], [0.0]], width=1.0)
    >>> diagonal == pairs
    True
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    width = check_positive(width, name="width")
    n, d = sample.shape
    norm = -0.5 * d * (_LOG_TWO_PI + float(np.log(2.0)) + 2.0 * float(np.log(width)))
    diagonal = norm - float(np.log(n))
    if n == 1:
        return diagonal, -float("inf")
    blocks = PairBlocks(sample, sample, 2.0 * width**2, precision)
    total = ScaledSum(blocks)
    for start in range(0, n, PairBlocks.size):
        inner = blocks.exponents(start, start)
        np.fill_diagonal(inner, -np.inf)
        total.add(inner, 1.0)
        for other in range(start + PairBlocks.size, n, PairBlocks.size):
            total.add(blocks.exponents(start, other), 2.0)
    return diagonal, norm + total.log - 2.0 * float(np.log(n))


def log_overlap_across(
    a: ArrayLike,
    b: ArrayLike,
    *,
    width_a: float,
    width_b: float,
    precision: Precision = "double",
) -> float:
    r"""Return the logarithm of the overlap of two kernel densities.

    .. math:: \int\rho_a\rho_b
              = \frac1{nm}\sum_{i,j}N(a_i-b_j;\,0,(\epsilon_a^2+\epsilon_b^2)I)

    Parameters
    ----------
    a, b : array_like, shapes (n, d) and (m, d)
        Centres of the kernels.
    width_a, width_b : float
        Widths > 0.
    precision : {"double", "single"}
        Of the exponents; see `numerics.pair_blocks.pair_error`.

    Returns
    -------
    float
        The logarithm; finite for any distance of the sets.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.metric``. Cost :math:`2nmd` operations, :math:`nm` exponentials.

    Examples
    --------
    >>> round(log_overlap_across([[0.0]], [[0.0]], width_a=0.6, width_b=0.8), 12)
    -0.918938533205
    """
    first = check_sample_nd(a, name="a", min_size=1)
    second = check_points_nd(b, first.shape[1], name="b")
    second = check_sample_nd(second, name="b", min_size=1)
    variance = check_positive(width_a, name="width_a") ** 2
    variance += check_positive(width_b, name="width_b") ** 2
    n, m, d = len(first), len(second), first.shape[1]
    blocks = PairBlocks(first, second, variance, precision)
    total = ScaledSum(blocks)
    for start in range(0, n, PairBlocks.size):
        for other in range(0, m, PairBlocks.size):
            total.add(blocks.exponents(start, other), 1.0)
    norm = -0.5 * d * (_LOG_TWO_PI + float(np.log(variance)))
    found: float = norm + total.log - float(np.log(float(n) * m))
    return found


def log_gaussian_overlaps(
    points: ArrayLike, mean: ArrayLike, factor: ArrayLike, *, width: float
) -> FloatArray:
    r"""Return the logarithms of the overlaps of kernels with a Gaussian law.

    .. math:: \log\int N(x_i,\epsilon^2I)\,N(m,FF^\top) = \log N(x_i-m;\,0,FF^\top+\epsilon^2I)

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres of the kernels.
    mean : array_like, shape (d,)
        Mean of the law.
    factor : array_like, shape (d, k)
        Factor of its covariance, of any rank: the kernel makes the sum positive definite.
    width : float
        :math:`\epsilon` > 0.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Logarithms.

    Raises
    ------
    ValueError
        If an argument is out of its domain or the width is lost against the covariance.

    Notes
    -----
    Claim ``B.metric``. One Cholesky factor and one triangular solve, :math:`d^3/3+nd^2`.

    Examples
    --------
    >>> round(float(log_gaussian_overlaps([[3.0]], [3.0], [[0.6]], width=0.8)[0]), 12)
    -0.918938533205
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    d = sample.shape[1]
    centre = check_points_nd(mean, d, name="mean")
    matrix = check_matrix(factor, name="factor", shape=(d, None))
    variance = check_positive(width, name="width") ** 2
    covariance = matrix @ matrix.T
    covariance[np.diag_indices(d)] += variance
    try:
        root = cholesky_factor(covariance, 1)
    except NotPositiveDefiniteError as error:
        raise ValueError(
            f"width was {width}; it vanishes against the covariance, a larger one would do"
        ) from error
    shifted = np.asfortranarray((sample - centre).T)
    white = blas.dtrsm(1.0, root, shifted, lower=1, overwrite_b=1)
    squares = np.einsum("ij,ij->j", white, white)
    logs: FloatArray = -0.5 * squares - (0.5 * d * _LOG_TWO_PI + log_det_factor(root))
    return logs


def log_kernel_values(
    places: FloatArray, centres: FloatArray, *, variance: float, precision: Precision = "double"
) -> FloatArray:
    r"""Return the logarithm of a mean of Gaussian kernels at every place.

    .. math:: \log\frac1k\sum_jN(x_i-g_j;\,0,vI)

    Parameters
    ----------
    places, centres : numpy.ndarray, shapes (n, d) and (k, d)
        Where, and the centres of the kernels.
    variance : float
        v > 0.
    precision : {"double", "single"}
        Of the exponents.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Logarithms, finite at any distance.

    Notes
    -----
    Claim ``B.metric``. Cost :math:`2nkd` operations, :math:`nk` exponentials; 4 MB in blocks.

    Examples
    --------
    >>> log_kernel_values(np.zeros((1, 1)), np.zeros((2, 1)), variance=1.0).round(6).tolist()
    [-0.918939]
    """
    count, d = places.shape
    blocks = PairBlocks(places, centres, check_positive(variance, name="variance"), precision)
    logs = np.full(count, -np.inf)
    for start in range(0, count, PairBlocks.size):
        row = logs[start : start + PairBlocks.size]
        for other in range(0, len(centres), PairBlocks.size):
            exponents = blocks.exponents(start, other)
            top = exponents.max(axis=1)
            exponents -= top[:, None]
            np.maximum(exponents, LOWEST["single"], out=exponents)
            np.exp(exponents, out=exponents)
            part = top + np.log(exponents.sum(axis=1, dtype=np.float64))
            np.logaddexp(row, part, out=row)
    values: FloatArray = logs - (0.5 * d * (_LOG_TWO_PI + np.log(variance)) + np.log(len(centres)))
    return values


def log_mean_exp(logs: FloatArray) -> float:
    """Return the logarithm of the mean of exponentials.

    Examples
    --------
    >>> log_mean_exp(np.array([-2000.0, -2000.0]))
    -2000.0
    """
    top = float(logs.max())
    if top == -np.inf:
        return top
    return top + float(np.log(np.exp(logs - top).mean()))
