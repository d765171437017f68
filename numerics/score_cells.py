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
_WIDE = 512
_BLOCK = 8192


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
    ends, middle = _cells(points, cell_width(table))
    starts = np.append(0, ends[:-1])
    coefficient, shift, good = _series(table, middle)
    shift /= table.sigma
    rows = 4 if derivatives else 2
    # The highest power that any cell feels: the last ones seldom matter.
    felt = np.abs(coefficient).max(axis=1) * _HALF ** np.arange(_DEGREE + 1)
    degree = max(1, int(np.flatnonzero((felt > 0.02 * _NEGLECTED).any(axis=0))[-1]))
    coefficient = np.ascontiguousarray(coefficient[:, :rows, : degree + 1])
    out = np.empty((rows - 1, points.size))
    buffer, sums = np.empty((degree + 1, _BLOCK)), np.empty((rows, _BLOCK))
    for first in range(0, points.size, _BLOCK):
        last = min(first + _BLOCK, points.size)
        power, q = buffer[:, : last - first], sums[:, : last - first]
        block, score = points[first:last], out[0, first:last]
        parts = []
        for k in range(int(np.searchsorted(ends, first, side="right")), starts.size):
            if starts[k] >= last:
                break
            part = slice(max(starts[k] - first, 0), min(ends[k], last) - first)
            np.subtract(block[part], middle[k], out=power[1, part])
            parts.append((k, part))
        power[0] = 1.0
        power[1] /= table.sigma
        for k in range(2, degree + 1):
            np.multiply(power[k - 1], power[1], out=power[k])
        for k, part in parts:
            np.matmul(coefficient[k], power[:, part], out=q[:, part])
            np.subtract(shift[k], power[1, part], out=score[part])
        q[1:] /= q[0]
        score += q[1]
        if derivatives:
            _cumulants(q, out[1, first:last], out[2, first:last])
    out /= table.sigma ** np.arange(1.0, rows)[:, None]
    return out, np.repeat(good, ends - starts)


def _cells(
    points: NDArray[np.float64], step: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return where the points of each cell that holds any end, and the middles of these cells."""
    low = float(points.min())
    number = np.arange(int((float(points.max()) - low) / step) + 1)
    # Rounding may put a point at an end into the neighbouring cell, whose series holds there too.
    ends = np.append(np.searchsorted(points, low + number[1:] * step), points.size)
    filled = np.diff(ends, prepend=0) > 0
    # A middle as a float: y - middle is then exact, being far smaller than both.
    middle: NDArray[np.float64] = low + (number[filled].astype(np.float64) + 0.5) * step
    return ends[filled], middle


def _cumulants(
    q: NDArray[np.float64], first: NDArray[np.float64], second: NDArray[np.float64]
) -> None:
    """Write sigma^2 s' and sigma^3 s'', given the quotients Q'/Q, Q''/Q, Q'''/Q in q[1:]."""
    square = q[1] * q[1]
    np.subtract(q[2], square, out=first)
    first -= 1.0
    square *= 2.0
    square -= 3.0 * q[2]
    square *= q[1]
    np.add(q[3], square, out=second)


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
        widest = int(width[nearest[begin : begin + size]].max())
        # Arrays of many rows and a few columns are slow: wide cells go one by one.
        size = 1 if widest > _WIDE else max(1, min(size, _PAIRS // widest))
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
