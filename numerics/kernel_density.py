r"""Overlap integrals of Gaussian kernel densities and Gaussian laws, in log space and in blocks.

.. math:: \int N(a,uI)\,N(b,wI) = N(a-b;\,0,(u+w)I)

so every squared L2 distance of such densities is a sum over pairs of points. A block of pairs is
one Gram product with the norms folded in; no array with three axes and no determinant is formed.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import blas
from scipy.spatial.distance import cdist

from numerics.gaussian_pairs import NotPositiveDefiniteError, cholesky_factor, log_det_factor
from numerics.validation import (
    FloatArray,
    check_count,
    check_matrix,
    check_points_nd,
    check_positive,
    check_sample_nd,
)

__all__ = [
    "PairBlocks",
    "Precision",
    "kernel_width",
    "log_gaussian_overlaps",
    "log_kernel_values",
    "log_mean_exp",
    "log_overlap_across",
    "log_overlap_within",
    "pair_error",
]

Precision: TypeAlias = Literal["double", "single"]
"""How the exponents of pairs are formed; ``single`` is twice as fast and good to 1e-4."""

_LOG_TWO_PI = float(np.log(2.0 * np.pi))

# Rows and columns of a block: 2 MB in double precision, fastest of 128 to 1024 on a 1 MB cache.
_BLOCK = 512

# Below this an exponential is a subnormal number, which is slow and adds nothing.
_LOWEST = {"double": -700.0, "single": -80.0}

# A Gram product whose exponents may be off by more is replaced by plain differences.
_ROUNDING = 1e-9


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
        Of the exponents; see `pair_error`.

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
    total = _Total(blocks)
    for start in range(0, n, _BLOCK):
        inner = blocks.exponents(start, start)
        np.fill_diagonal(inner, -np.inf)
        total.add(inner, 1.0)
        for other in range(start + _BLOCK, n, _BLOCK):
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
        Of the exponents; see `pair_error`.

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
    total = _Total(blocks)
    for start in range(0, n, _BLOCK):
        for other in range(0, m, _BLOCK):
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
    for start in range(0, count, _BLOCK):
        row = logs[start : start + _BLOCK]
        for other in range(0, len(centres), _BLOCK):
            exponents = blocks.exponents(start, other)
            top = exponents.max(axis=1)
            exponents -= top[:, None]
            np.maximum(exponents, _LOWEST["single"], out=exponents)
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


def pair_error(points: FloatArray, *, width: float, precision: Precision) -> float:
    r"""Return a bound on the error of the logarithm of a sum over pairs.

    The exponent :math:`\lvert x_i-x_j\rvert^2/4\epsilon^2` comes from a product over d + 2 columns
    with entries that are rounded; the bound is the usual one, without the factor that only an
    adversary attains: :math:`4\sqrt{d+2}\,u\max_i\lvert x_i-\bar x\rvert^2/\epsilon^2`.

    Parameters
    ----------
    points : numpy.ndarray, shape (n, d)
        Centres of the kernels.
    width : float
        :math:`\\epsilon` > 0.
    precision : {"double", "single"}
        Of the exponents.

    Returns
    -------
    float
        The bound, on the scale of the logarithm.

    Notes
    -----
    Claim ``B.metric``; a bound that decides whether a sign is certain.

    Examples
    --------
    >>> pair_error(np.zeros((2, 1)), width=1.0, precision="double") < 1e-14
    True
    """
    unit = 2.0**-53 if precision == "double" else 2.0**-24
    shifted = points - points.mean(axis=0)
    reach = float(np.einsum("ij,ij->i", shifted, shifted).max()) / width**2
    return unit * (4.0 * float(np.sqrt(points.shape[1] + 2)) * reach + 8.0)


class _Total:
    """A running sum of exponentials, scaled by the largest exponent met so far."""

    def __init__(self, blocks: "PairBlocks") -> None:
        # Exponents are never positive: unless some may underflow, no scale is needed.
        self._plain = blocks.lowest > _LOWEST[blocks.precision]
        self._top = 0.0 if self._plain else -np.inf
        self._sum = 0.0

    def add(self, exponents: FloatArray, weight: float) -> None:
        """Add a block, which is overwritten."""
        if not self._plain:
            self._rescale(exponents)
        np.exp(exponents, out=exponents)
        self._sum += weight * float(exponents.sum(axis=1).sum(dtype=np.float64))

    def _rescale(self, exponents: FloatArray) -> None:
        top = float(exponents.max())
        if top > self._top:
            self._sum *= float(np.exp(self._top - top))
            self._top = top
        lowest = _LOWEST["double" if exponents.dtype == np.float64 else "single"]
        exponents -= exponents.dtype.type(max(self._top, -1e300))
        np.maximum(exponents, exponents.dtype.type(lowest), out=exponents)

    @property
    def log(self) -> float:
        """Logarithm of the sum."""
        return self._top + float(np.log(self._sum)) if self._sum > 0.0 else -float("inf")


class PairBlocks:
    r"""Blocks of the exponents :math:`-\lvert a_i-b_j\rvert^2/2v`, as Gram products.

    Parameters
    ----------
    a, b : numpy.ndarray, shapes (n, d) and (m, d)
        Points; the same array for the pairs of one set.
    variance : float
        v > 0.
    precision : {"double", "single"}
        Of the products.

    Raises
    ------
    ValueError
        If ``precision`` is neither word.

    Examples
    --------
    >>> points = np.array([[0.0], [2.0]])
    >>> PairBlocks(points, points, 1.0, "double").exponents(0, 0).tolist()
    [[0.0, -2.0], [-2.0, 0.0]]
    """

    size = _BLOCK
    """Rows and columns of a block."""

    def __init__(self, a: FloatArray, b: FloatArray, variance: float, precision: Precision) -> None:
        if precision not in ("double", "single"):
            raise ValueError(f'precision was {precision!r}; it must be "double" or "single"')
        # Distances do not depend on the origin, their rounding does.
        centre = b.mean(axis=0)
        scale = 1.0 / np.sqrt(variance)
        left = (a - centre) * scale
        right = left if a is b else (b - centre) * scale
        halves = [0.5 * np.einsum("ij,ij->i", s, s) for s in (left, right)]
        largest = float(halves[0].max() + halves[1].max())
        self.precision: Precision = precision
        # |a - b|^2 <= 2 |a|^2 + 2 |b|^2
        self.lowest = -2.0 * largest
        """No exponent is lower than this."""
        self._plain = precision == "double" and 2.0**-50 * largest > _ROUNDING
        if self._plain:
            # Shifting would already cost the digits that differences are taken to keep.
            self._left, self._right = a * scale, b * scale
        else:
            kind = np.float64 if precision == "double" else np.float32
            ones = [np.ones((len(s), 1)) for s in (left, right)]
            self._left = np.hstack([left, -halves[0][:, None], -ones[0]]).astype(kind)
            folded = np.hstack([right, ones[1], halves[1][:, None]]).astype(kind)
            self._right = folded
            self._space = np.empty((_BLOCK, _BLOCK), dtype=kind)

    def exponents(self, start: int, other: int) -> FloatArray:
        """Return a block, to be used up before the next one is asked for."""
        rows, columns = self._left[start : start + _BLOCK], self._right[other : other + _BLOCK]
        if self._plain:
            plain: FloatArray = -0.5 * cdist(rows, columns, "sqeuclidean")
            return plain
        # A fresh block would be mapped and unmapped by the system each time.
        block: FloatArray = self._space[: len(rows), : len(columns)]
        np.matmul(rows, columns.T, out=block)
        return block
