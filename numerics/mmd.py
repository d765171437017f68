"""Maximum mean discrepancy with a Gaussian kernel: kernel sums in blocks, Gaussians in closed form.

The norms are folded into the Gram product (two more columns), so one matrix product per block
gives the exponents; of a set against itself only the upper triangle of blocks is computed.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from numerics.gaussian_pairs import cholesky_factor, log_det_factor
from numerics.validation import (
    FloatArray,
    check_finite_array,
    check_points_nd,
    check_positive,
    check_sample_nd,
    check_symmetric,
)

__all__ = [
    "Estimator",
    "gaussian_mmd_squared",
    "mean_kernel",
    "mean_kernel_within",
    "mmd_squared",
    "mmd_squared_to_gaussian",
]

Estimator: TypeAlias = Literal["unbiased", "biased"]
"""Whether a point is paired with itself (``biased``: the distance of the empirical laws)."""

# Rows and columns of a block: 2 MB in double precision.
_BLOCK = 512

# Kernels below exp(-700) = 1e-304 count as 0: exp takes 100 times as long where its result is
# subnormal, and five times as long where it is 0.
_LOWEST = -700.0

# Where the exponents of a Gram product may be off by more, those that matter are computed again
# from the differences; exp(-40) = 4e-18 does not matter.
_ROUNDING = 1e-10
_NEGLIGIBLE = 40.0


def mmd_squared(
    a: ArrayLike, b: ArrayLike, *, bandwidth: float, estimator: Estimator = "unbiased"
) -> float:
    r"""Return the squared maximum mean discrepancy of two samples.

    .. math:: \widehat{MMD}^2 = \overline{k(a,a')} + \overline{k(b,b')} - 2\,\overline{k(a,b)},
              \qquad k(u,v) = e^{-\lvert u-v\rvert^2/2h^2}

    Parameters
    ----------
    a, b : array_like, shapes (N, d) and (M, d)
        Samples, one point per row, two points each at least.
    bandwidth : float
        h > 0, in the unit of the points.
    estimator : {"unbiased", "biased"}
        ``unbiased`` leaves out the pairs of a point with itself: its mean is the squared distance
        of the two laws, and single values may be negative. ``biased`` is the squared distance of
        the two empirical laws, never negative but for rounding.

    Returns
    -------
    float
        The squared discrepancy, with an absolute error below 1e-10 for any bandwidth,
        and near 1e-15 for one that is not small against the spread of the points.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 5 (claims ``A.fig3``, ``A.fig4``, with h = 1). Cost: (N + M)^2 / 2
    exponentials and (N + M)^2 d operations; memory 2 MB besides the points.

    Examples
    --------
    >>> a, b = [[0.0], [1.0]], [[0.0], [1.0]]
    >>> mmd_squared(a, b, bandwidth=1.0, estimator="biased")
    0.0
    >>> round(mmd_squared(a, b, bandwidth=1.0), 6)
    -0.393469
    """
    first, second = _two_samples(a, b)
    width = check_positive(bandwidth, name="bandwidth")
    return (
        mean_kernel_within(first, bandwidth=width, estimator=estimator)
        + mean_kernel_within(second, bandwidth=width, estimator=estimator)
        - 2.0 * mean_kernel(first, second, bandwidth=width)
    )


def mmd_squared_to_gaussian(
    a: ArrayLike,
    mean: ArrayLike,
    covariance: ArrayLike,
    *,
    bandwidth: float,
    estimator: Estimator = "unbiased",
) -> float:
    r"""Return the squared maximum mean discrepancy of a sample and a Gaussian law.

    The mean of the kernel over the law :math:`N(m,C)` is a Gaussian integral,

    .. math:: E\,k(a,\cdot) = \det(I+C/h^2)^{-1/2} e^{-(a-m)^\top(h^2I+C)^{-1}(a-m)/2},\qquad
              E\,k = \det(I+2C/h^2)^{-1/2},

    so no sample of the law is drawn.

    Parameters
    ----------
    a : array_like, shape (N, d)
        Sample.
    mean, covariance : array_like, shapes (d,) and (d, d)
        The law; its covariance may be singular.
    bandwidth : float
        h > 0.
    estimator : {"unbiased", "biased"}
        As for `mmd_squared`, for the sample.

    Returns
    -------
    float
        The squared discrepancy.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 5 (claims ``A.fig3``, ``A.fig4``). Cost: N^2/2 exponentials, N^2 d +
    N d^2 + d^3 operations.

    Examples
    --------
    >>> round(mmd_squared_to_gaussian([[0.0], [1.0]], [0.5], [[0.0]], bandwidth=1.0), 6)
    -0.158463
    """
    points = check_sample_nd(a, name="a")
    width = check_positive(bandwidth, name="bandwidth")
    centre, matrix = _law(mean, covariance, points.shape[1])
    across = _gaussian_means(points, centre, matrix, width)
    return (
        mean_kernel_within(points, bandwidth=width, estimator=estimator)
        + float(_gaussian_means(centre[None], centre, 2.0 * matrix, width)[0])
        - 2.0 * float(across.mean())
    )


def gaussian_mmd_squared(
    mean_1: ArrayLike,
    covariance_1: ArrayLike,
    mean_2: ArrayLike,
    covariance_2: ArrayLike,
    *,
    bandwidth: float,
) -> float:
    r"""Return the squared maximum mean discrepancy of two Gaussian laws.

    .. math:: E\,k(a,b) = \det(I+(C_1+C_2)/h^2)^{-1/2} e^{-\delta^\top(h^2I+C_1+C_2)^{-1}\delta/2}

    for independent draws a and b, :math:`\delta` the difference of the means; three such terms.

    Parameters
    ----------
    mean_1, mean_2 : array_like, shape (d,)
        Means.
    covariance_1, covariance_2 : array_like, shape (d, d)
        Covariances, which may be singular.
    bandwidth : float
        h > 0.

    Returns
    -------
    float
        The squared discrepancy, not negative but for rounding.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claims ``A.fig3``, ``A.fig4``; what `mmd_squared` estimates for Gaussian samples.

    Examples
    --------
    >>> round(gaussian_mmd_squared([0.0], [[1.0]], [1.0], [[1.0]], bandwidth=1.0), 6)
    0.177268
    """
    first = check_finite_array(mean_1, name="mean_1", ndim=1)
    first, left = _law(mean_1, covariance_1, first.size, label="_1")
    second, right = _law(mean_2, covariance_2, first.size, label="_2")
    width = check_positive(bandwidth, name="bandwidth")
    within = [
        float(_gaussian_means(centre[None], centre, 2.0 * matrix, width)[0])
        for centre, matrix in ((first, left), (second, right))
    ]
    across = float(_gaussian_means(first[None], second, left + right, width)[0])
    return within[0] + within[1] - 2.0 * across


def mean_kernel(a: ArrayLike, b: ArrayLike, *, bandwidth: float) -> float:
    r"""Return the mean of the Gaussian kernel over all pairs of points of two samples.

    .. math:: \frac1{NM}\sum_{i,j} e^{-\lvert a_i-b_j\rvert^2/2h^2}

    Parameters
    ----------
    a, b : array_like, shapes (N, d) and (M, d)
        Samples.
    bandwidth : float
        h > 0.

    Returns
    -------
    float
        In [0, 1] up to rounding.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    For several discrepancies between the same sets. Cost: N M exponentials.

    Examples
    --------
    >>> round(mean_kernel([[0.0], [1.0]], [[0.0], [1.0]], bandwidth=1.0), 6)
    0.803265
    """
    first, second = _two_samples(a, b)
    width = check_positive(bandwidth, name="bandwidth")
    left, right = _scaled(first, second, width)
    total = 0.0
    for i in range(0, len(left), _BLOCK):
        for j in range(0, len(right), _BLOCK):
            total += _block_sum(left[i : i + _BLOCK], right[j : j + _BLOCK])
    return total / (len(left) * len(right))


def mean_kernel_within(
    a: ArrayLike, *, bandwidth: float, estimator: Estimator = "unbiased"
) -> float:
    r"""Return the mean of the Gaussian kernel over the pairs of points of one sample.

    .. math:: \frac1{N(N-1)}\sum_{i\ne j} k(a_i,a_j) \quad\text{or}\quad
              \frac1{N^2}\sum_{i,j} k(a_i,a_j)

    Parameters
    ----------
    a : array_like, shape (N, d)
        Sample.
    bandwidth : float
        h > 0.
    estimator : {"unbiased", "biased"}
        The first or the second mean.

    Returns
    -------
    float
        In [0, 1] up to rounding.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    For several discrepancies between the same sets. Cost: N^2/2 exponentials.

    Examples
    --------
    >>> round(mean_kernel_within([[0.0], [1.0]], bandwidth=1.0), 6)
    0.606531
    """
    sample = check_sample_nd(a, name="a")
    width = check_positive(bandwidth, name="bandwidth")
    if estimator not in ("unbiased", "biased"):
        raise ValueError(f"estimator was {estimator!r}; use 'unbiased' or 'biased'")
    points, _ = _scaled(sample, sample, width)
    size = len(points)
    above = 0.0
    for i in range(0, size, _BLOCK):
        part = points[i : i + _BLOCK]
        # A block of the diagonal holds its upper triangle twice, and ones between.
        above += 0.5 * (_block_sum(part, part) - len(part))
        for j in range(i + _BLOCK, size, _BLOCK):
            above += _block_sum(part, points[j : j + _BLOCK])
    if estimator == "unbiased":
        return 2.0 * above / (size * (size - 1))
    return (2.0 * above + size) / size**2


def _two_samples(a: ArrayLike, b: ArrayLike) -> tuple[FloatArray, FloatArray]:
    first = check_sample_nd(a, name="a")
    second = check_points_nd(check_sample_nd(b, name="b"), first.shape[1], name="b")
    return first, second


def _law(
    mean: ArrayLike, covariance: ArrayLike, dimension: int, *, label: str = ""
) -> tuple[FloatArray, FloatArray]:
    centre = check_points_nd(
        check_finite_array(mean, name=f"mean{label}", ndim=1), dimension, name=f"mean{label}"
    )
    matrix = check_symmetric(covariance, name=f"covariance{label}")
    if matrix.shape[0] != dimension:
        raise ValueError(
            f"covariance{label} had shape {matrix.shape}; it must be {dimension} x {dimension}"
        )
    least = float(np.linalg.eigvalsh(matrix)[0])
    if least < -1e-12 * float(np.abs(matrix).max()):
        raise ValueError(
            f"covariance{label} had the eigenvalue {least:.3g}; it must be positive semidefinite"
        )
    return centre, matrix


def _scaled(a: FloatArray, b: FloatArray, width: float) -> tuple[FloatArray, FloatArray]:
    """Return both samples from a common centre in units of the bandwidth."""
    # Rounding of a Gram product grows with the norms, hence the common centre.
    centre = 0.5 * (a.mean(axis=0) + b.mean(axis=0))
    left = (a - centre) / width
    return left, left if a is b else (b - centre) / width


def _block_sum(a: FloatArray, b: FloatArray) -> float:
    """Return the sum of exp(-|a_i - b_j|^2 / 2) over a block."""
    exponent = _exponents(a, b)
    floored = float(exponent.min()) < _LOWEST
    if floored:
        np.maximum(exponent, _LOWEST, out=exponent)
    np.exp(exponent, out=exponent)
    if floored:
        exponent -= np.exp(_LOWEST)
    return float(exponent.sum())


def _exponents(a: FloatArray, b: FloatArray) -> FloatArray:
    left, right = (-0.5 * np.einsum("ij,ij->i", side, side) for side in (a, b))
    one, other = np.ones((len(a), 1)), np.ones((len(b), 1))
    extended = np.hstack((a, left[:, None], one))
    exponent: FloatArray = extended @ np.hstack((b, other, right[:, None])).T
    largest = -2.0 * float(left.min() + right.min())
    rounding = (a.shape[1] + 4) * np.finfo(np.float64).eps * largest
    if rounding > _ROUNDING:
        _refine(exponent, a, b, below=_NEGLIGIBLE + rounding)
    return exponent


def _refine(exponent: FloatArray, a: FloatArray, b: FloatArray, *, below: float) -> None:
    """Replace the exponents that matter, those of at least -``below``, by plain differences."""
    row, column = np.nonzero(exponent >= -below)
    step = max(1, _BLOCK**2 // a.shape[1])
    for begin in range(0, row.size, step):
        i, j = row[begin : begin + step], column[begin : begin + step]
        gap = a[i] - b[j]
        exponent[i, j] = -0.5 * np.einsum("ij,ij->i", gap, gap)


def _gaussian_means(
    points: FloatArray, centre: FloatArray, covariance: FloatArray, width: float
) -> FloatArray:
    """Return the mean of the kernel at each point over a Gaussian law."""
    from scipy.linalg import solve_triangular

    factor = cholesky_factor(np.eye(centre.size) + covariance / width**2, 1)
    away = solve_triangular(factor, ((points - centre) / width).T, lower=True)
    exponent: FloatArray = -0.5 * np.einsum("ij,ij->j", away, away) - log_det_factor(factor)
    return np.exp(exponent)
