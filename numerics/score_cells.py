"""Many points over dense data: the density expanded once per cell of half a sigma.

With r the middle of a cell, c the weighted mean of the centres there and b_i = (c_i - c)/sigma,

    p(y) = const e^{-(y-c)^2/2 sigma^2} Q(z),  Q(z) = sum_i alpha_i(r) e^{b_i z},  z = (y-r)/sigma,

and the Taylor series of Q in |z| <= 1/4 has the coefficients M_k/k!, M_k = sum_i alpha_i(r) b_i^k.
It costs one pass over the data per cell instead of one per point.
"""

from math import factorial

import numpy as np
from numpy.typing import NDArray

from numerics.double_double import two_sum
from numerics.gaussian_window import Centres, window

__all__ = ["cell_width", "expand", "worthwhile"]

# 25 moments, M_0 to M_24: the series of Q to Q''' up to the power 20 of z.
_POWERS = 5
_DEGREE = 20
_HALF = 0.25

# A cell whose first neglected term exceeds this share of its scale is left to the direct sums.
_NEGLECTED = 2e-16

# Points are grouped by 16-bit cell numbers.
_MOST_CELLS = 65_000

_PAIRS = 16384
_BLOCK = 4096


def cell_width(table: Centres) -> float:
    """Return the width of a cell, half a sigma."""
    return 2.0 * _HALF * table.sigma


def worthwhile(table: Centres, points: NDArray[np.float64]) -> bool:
    """Tell whether expanding pays: fewer (datum, cell) than (datum, point) pairs.

    Examples
    --------
    >>> from numerics.gaussian_window import centres
    >>> table = centres(np.linspace(-1, 1, 50), 0.8, 0.5)
    >>> worthwhile(table, np.linspace(-2, 2, 10_000)), worthwhile(table, np.linspace(-2, 2, 10))
    (True, False)
    """
    nearest = np.searchsorted(table.edges, points[:: max(1, points.size // 64)])
    width = float((table.last - table.first)[nearest].mean()) + 1.0
    cells = float(np.ptp(points)) / cell_width(table) + 1.0
    if cells > _MOST_CELLS:
        return False
    # Measured in passes over a pair: a point costs about 6 in a cell, a cell 3 per datum and 300.
    return bool(points.size * (width - 6.0) > min(cells, points.size) * (3.0 * width + 300.0))


def expand(
    table: Centres, points: NDArray[np.float64], *, derivatives: bool = True
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the derivatives of log p at grouped points, where the series is exact enough.

    Parameters
    ----------
    table : Centres
        The data.
    points : ndarray of float64, shape (m,)
        Points, those of a cell next to each other (`numerics.gaussian_window.along_the_line`).
    derivatives : bool, default True
        Whether s' and s'' are wanted besides s.

    Returns
    -------
    tuple of ndarray, shape (3, m) or (1, m), and ndarray of bool, shape (m,)
        s, s', s''; and the points at which they hold to rounding. Elsewhere they mean nothing.

    Notes
    -----
    Cost: O(w) per cell of half a sigma that holds a point, w data within ten sigma, and 21
    multiplications by a 4 x 21 matrix per point. Memory: a few arrays of 65 536 pairs.

    Examples
    --------
    >>> from numerics.gaussian_window import centres
    >>> values, good = expand(centres(np.array([-1.0, 1.0]), 0.5, 0.5), np.array([0.0]))
    >>> values.round(12).tolist(), good.tolist()
    ([[0.0], [0.0], [0.0]], [True])
    """
    step, low = cell_width(table), points.min()
    cell = np.floor((points - low) / step)
    begin = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
    # The middle as a float: y - middle is then exact, being far smaller than both.
    middle = low + (cell[begin] + 0.5) * step
    coefficient, shift, good = _series(table, middle)
    ends = np.append(begin[1:], points.size)
    member = np.repeat(np.arange(begin.size), ends - begin)
    from_middle = points - middle[member]
    rows = 4 if derivatives else 2
    coefficient = coefficient[:, :rows]
    out = np.empty((rows - 1, points.size))
    # The highest power that any cell feels: the last ones seldom matter.
    felt = np.abs(coefficient).max(axis=1) * _HALF ** np.arange(_DEGREE + 1)
    degree = int(np.flatnonzero((felt > 0.02 * _NEGLECTED).any(axis=0))[-1])
    coefficient = np.ascontiguousarray(coefficient[:, :, : degree + 1])
    power = np.empty((degree + 1, _BLOCK))
    for first in range(0, points.size, _BLOCK):
        last = min(first + _BLOCK, points.size)
        z = from_middle[first:last] / table.sigma
        here = power[:, : z.size]
        here[0] = 1.0
        for k in range(1, degree + 1):
            np.multiply(here[k - 1], z, out=here[k])
        q = np.empty((rows, z.size))
        for k in range(member[first], member[last - 1] + 1):
            part = slice(max(begin[k], first) - first, min(ends[k], last) - first)
            np.matmul(coefficient[k], here[:, part], out=q[:, part])
        q[1:] /= q[0]
        from_mean = shift[member[first:last]] - from_middle[first:last]
        out[0, first:last] = (from_mean + table.sigma * q[1]) / table.sigma**2
        if derivatives:
            square = q[1] * q[1]
            out[1, first:last] = ((q[2] - square) - 1.0) / table.sigma**2
            third = q[3] - 3.0 * q[2] * q[1] + 2.0 * square * q[1]
            out[2, first:last] = third / table.sigma**3
    return out, good[member]


def _series(
    table: Centres, middle: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the coefficients of Q to Q''' per cell, c - r, and where the series suffices."""
    nearest = np.searchsorted(table.edges, middle)
    moments = np.empty((middle.size, _POWERS * _POWERS))
    shift = np.empty(middle.size)
    begin = 0
    width = table.last - table.first + 1
    while begin < middle.size:
        size = max(1, _PAIRS // int(width[nearest[begin]]))
        size = max(1, min(size, _PAIRS // int(width[nearest[begin : begin + size]].max())))
        part = slice(begin, begin + size)
        begin += size
        offset, offset_low = two_sum(middle[part], -table.high[nearest[part]])
        offset_low -= table.low[nearest[part]]
        near = window(table, nearest[part], offset, offset_low)
        alpha = near.weight / near.weight.sum(axis=0)
        mean = np.einsum("ij,ij->j", alpha, near.distance)
        shift[part] = (mean - offset) - offset_low
        b = np.ascontiguousarray(((near.distance - mean) / table.sigma).T)
        # M_{j + 5 k} = sum_i (alpha_i b_i^j)(b_i^5)^k: nine powers instead of twenty-four.
        left = np.empty((b.shape[0], _POWERS, b.shape[1]))
        right = np.empty_like(left)
        left[:, 0], right[:, 0] = alpha.T, 1.0
        fifth = b**2
        fifth *= fifth
        fifth *= b
        for k in range(1, _POWERS):
            np.multiply(left[:, k - 1], b, out=left[:, k])
            np.multiply(right[:, k - 1], fifth, out=right[:, k])
        product = right @ left.transpose(0, 2, 1)
        moments[part] = product.reshape(-1, _POWERS * _POWERS)
    inverse = np.array([1.0 / factorial(k) for k in range(_DEGREE + 1)])
    coefficient = np.stack(
        [moments[:, order : order + _DEGREE + 1] * inverse for order in range(4)], axis=1
    )
    # The next term of Q and of Q'', both with even moments, against 1 + variance.
    scale = _NEGLECTED * (1.0 + moments[:, 2])
    beyond = _HALF ** (_DEGREE + 1) * inverse[-1] / (_DEGREE + 1)
    good = (moments[:, 24] * beyond <= scale) & (moments[:, 22] * beyond <= scale)
    return coefficient, shift, good
