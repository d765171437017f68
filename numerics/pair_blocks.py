"""Sums of Gaussian kernels over pairs of points: exponents in blocks, and their scaled sums.

A block is one Gram product with the norms of the points folded in, so no array with three axes is
formed; where rounding of the product would show, plain differences take its place.
"""

from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.spatial.distance import cdist

from numerics.validation import FloatArray

__all__ = ["LOWEST", "PairBlocks", "Precision", "ScaledSum", "pair_error"]

Precision: TypeAlias = Literal["double", "single"]
"""How the exponents of pairs are formed; ``single`` is twice as fast and good to 1e-4."""

# Below this an exponential is a subnormal number, which is slow and adds nothing.
LOWEST: Final[dict[str, float]] = {"double": -700.0, "single": -80.0}
"""Exponents below are set to it."""

# A Gram product whose exponents may be off by more is replaced by plain differences.
_ROUNDING = 1e-9


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

    size = 512
    """Rows and columns of a block: 2 MB in double precision, the fastest from 128 to 1024."""

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
            self._space = np.empty((self.size, self.size), dtype=kind)

    def exponents(self, start: int, other: int) -> FloatArray:
        """Return a block, to be used up before the next one is asked for."""
        rows = self._left[start : start + self.size]
        columns = self._right[other : other + self.size]
        if self._plain:
            plain: FloatArray = -0.5 * cdist(rows, columns, "sqeuclidean")
            return plain
        # A fresh block would be mapped and unmapped by the system each time.
        block: FloatArray = self._space[: len(rows), : len(columns)]
        np.matmul(rows, columns.T, out=block)
        return block


class ScaledSum:
    """A running sum of exponentials, scaled by the largest exponent met so far.

    Parameters
    ----------
    blocks : PairBlocks
        Where the exponents come from.

    Examples
    --------
    >>> points = np.array([[0.0], [100.0]])
    >>> blocks = PairBlocks(points, points, 1.0, "double")
    >>> total = ScaledSum(blocks)
    >>> total.add(blocks.exponents(0, 0)[:1, 1:], 2.0)
    >>> round(total.log, 6)
    -4999.306853
    """

    def __init__(self, blocks: PairBlocks) -> None:
        # Exponents are never positive: unless some may underflow, no scale is needed.
        self._plain = blocks.lowest > LOWEST[blocks.precision]
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
        lowest = LOWEST["double" if exponents.dtype == np.float64 else "single"]
        exponents -= exponents.dtype.type(max(self._top, -1e300))
        np.maximum(exponents, exponents.dtype.type(lowest), out=exponents)

    @property
    def log(self) -> float:
        """Logarithm of the sum."""
        return self._top + float(np.log(self._sum)) if self._sum > 0.0 else -float("inf")


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
