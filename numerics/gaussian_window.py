"""Gaussian weights of the few data that matter at each point, in local coordinates.

Every quantity of the empirical score in one dimension is a sum over the data with the weights
exp(-(y - mu x_i)^2 / 2 sigma^2). Here these weights are formed once, safely, for all of them:

* relative to the datum c_j = mu x_j nearest to y the exponent is
  (c_i - c_j)(y - (c_i + c_j)/2) / sigma^2 <= 0, so nothing overflows (log-sum-exp);
* the factors are differences of exact pairs (`numerics.double_double`), so nothing is lost when
  sigma is tiny: the exponent carries the relative error of its own last operations only;
* data with a relative weight below exp(-42)/n anywhere in the cell of points nearest to c_j are
  left out, except the two neighbours of c_j, which are always kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.double_double import two_product, two_sum

__all__ = ["Centres", "Window", "along_the_line", "centres", "window", "windows"]

# Weights below exp(-42)/n of the largest add less than 6e-19 to a sum of n of them.
_CUT = 42.0

# Pairs (datum, point) handled at a time: the five arrays of a block stay in the second-level cache.
_PAIRS = 16384


@dataclass(frozen=True, kw_only=True)
class Centres:
    """The centres c_i = mu x_i, exact, with the range of data that matter around each.

    Attributes
    ----------
    sample : ndarray, shape (n,)
        The data x, sorted.
    high, low : ndarray, shape (n,)
        c_i = high_i + low_i without error.
    edges : ndarray, shape (n - 1,)
        Rounded midpoints of neighbouring centres.
    first, last : ndarray of intp, shape (n,)
        The data that matter for points nearest to c_j are first_j, ..., last_j.
    mu, sigma : float
        Contraction of the data and noise level.
    """

    sample: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    edges: NDArray[np.float64]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    mu: float
    sigma: float


@dataclass(frozen=True, kw_only=True)
class Window:
    """Weights and distances of w data around each of m points.

    Attributes
    ----------
    nearest : ndarray of intp, shape (m,)
        Index j of the reference datum, the nearest one.
    offset, offset_low : ndarray, shape (m,)
        y - c_j = offset + offset_low.
    start : ndarray of intp, shape (m,)
        Index of the first of the w data.
    distance : ndarray, shape (w, m)
        c_i - c_j, to relative rounding.
    weight : ndarray, shape (w, m)
        exp(-(y - c_i)^2 / 2 sigma^2) over the largest of them: in [0, 1], with a 1 per column.
    """

    nearest: NDArray[np.intp]
    offset: NDArray[np.float64]
    offset_low: NDArray[np.float64]
    start: NDArray[np.intp]
    distance: NDArray[np.float64]
    weight: NDArray[np.float64]


def centres(x: NDArray[np.float64], mu: float, sigma: float) -> Centres:
    """Return the exact centres mu x_i and the range of data that matter around each.

    With c_j nearest to y and g the gap to its neighbour on one side, a datum at distance D > g on
    that side has an exponent <= -D(D - g)/2 sigma^2 throughout the cell of c_j, attained at the
    cell's end. The range keeps D(D - g) <= 2 sigma^2 (42 + log n).

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Sorted data; repeated points are allowed.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    Centres

    Notes
    -----
    Cost O(n log n).

    Examples
    --------
    >>> table = centres(np.array([0.0, 1.0, 2.0]), 0.5, 0.01)
    >>> table.first.tolist(), table.last.tolist()
    ([0, 0, 1], [1, 2, 2])
    """
    high, low = two_product(mu, x)
    gap = np.diff(high)
    reach = 2.0 * sigma**2 * (_CUT + np.log(x.size))
    radius = 0.5 * gap + np.sqrt(0.25 * gap**2 + reach)
    # A repeated point has no gap; the slack of one part in 1e6 absorbs the rounding of the ends.
    left = np.concatenate(([0.0], radius)) * (1.0 + 1e-6)
    right = np.concatenate((radius, [0.0])) * (1.0 + 1e-6)
    index = np.arange(x.size)
    first = np.minimum(np.searchsorted(high, high - left, side="left"), np.maximum(index - 1, 0))
    last = np.searchsorted(high, high + right, side="right") - 1
    last = np.maximum(last, np.minimum(index + 1, x.size - 1))
    edges = high[:-1] + 0.5 * gap
    return Centres(
        sample=x, high=high, low=low, edges=edges, first=first, last=last, mu=mu, sigma=sigma
    )


def window(
    table: Centres,
    nearest: NDArray[np.intp],
    offset: NDArray[np.float64],
    offset_low: NDArray[np.float64],
) -> Window:
    """Return the weights around points given in local coordinates y = c_j + offset + offset_low.

    .. math::
        \\mathrm{weight}_i \\propto \\exp\\Big(\\frac{(c_i - c_j)(y - c_j - (c_i - c_j)/2)}
        {\\sigma^2}\\Big) = \\frac{e^{-(y - c_i)^2/2\\sigma^2}}{e^{-(y - c_j)^2/2\\sigma^2}}

    Parameters
    ----------
    table : Centres
        From `centres`.
    nearest : ndarray of intp, shape (m,)
        Index j of the datum nearest to each point (up to rounding of the choice).
    offset, offset_low : ndarray, shape (m,)
        The local coordinate as an unevaluated sum.

    Returns
    -------
    Window
        With w the widest range among the m points.

    Notes
    -----
    Cost O(w m), about fifteen passes and one exponential per pair.

    Examples
    --------
    >>> table = centres(np.array([0.0, 1.0]), 0.5, 1e-8)
    >>> at = window(table, np.array([0]), np.array([0.25]), np.array([0.0]))
    >>> at.weight[:, 0].tolist()
    [1.0, 1.0]
    """
    start = table.first[nearest]
    width = int((table.last[nearest] - start).max()) + 1
    start = np.minimum(start, table.high.size - width)
    distance, rest = _distances(table, nearest, width)
    exponent = offset - 0.5 * distance
    rest *= -0.5
    rest += offset_low
    exponent += rest
    exponent *= distance
    exponent *= 1.0 / table.sigma**2
    # The nearest datum was chosen in rounded arithmetic: the true largest weight may be another's.
    exponent -= exponent.max(axis=0)
    weight = np.exp(exponent, out=exponent)
    return Window(
        nearest=nearest,
        offset=offset,
        offset_low=offset_low,
        start=start,
        distance=distance,
        weight=weight,
    )


def _distances(
    table: Centres, nearest: NDArray[np.intp], width: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return c_i - c_j for the data in the windows as unevaluated sums, shape (width, m)."""
    # Nearby points share their data: form the differences once per reference datum when that is
    # fewer columns than points.
    low_j, high_j = int(nearest.min()), int(nearest.max())
    shared = high_j - low_j + 1 < nearest.size
    columns = np.arange(low_j, high_j + 1) if shared else nearest
    begin = np.minimum(table.first[columns], table.high.size - width)
    index = begin + np.arange(width)[:, None]
    distance, rest = two_sum(table.high[index], -table.high[columns])
    rest += table.low[index] - table.low[columns]
    # Close data cancel in the high parts: what the low parts hold belongs into the distance.
    distance, rest = two_sum(distance, rest)
    if shared:
        pick = nearest - low_j
        distance, rest = distance.take(pick, axis=1), rest.take(pick, axis=1)
    return distance, rest


def along_the_line(y: NDArray[np.float64], step: float) -> NDArray[np.intp] | slice:
    """Return an order in which points of the same cell follow each other, cells increasing.

    Parameters
    ----------
    y : ndarray of float64, shape (m,)
        Points.
    step : float
        Width of a cell, counted from the least point; raised to a 65 535th of the range.

    Returns
    -------
    ndarray of intp, shape (m,), or slice
        The whole slice if the points increase already.

    Notes
    -----
    Cost O(m): a radix sort of 16-bit cell numbers, an order of magnitude less than a full sort.

    Examples
    --------
    >>> y = np.array([0.3, 0.11, 0.2, 0.12])
    >>> y[along_the_line(y, 0.05)].tolist()
    [0.11, 0.12, 0.2, 0.3]
    """
    if (y[1:] >= y[:-1]).all():
        return slice(None)
    low = y.min()
    number = (y - low) / max(step, float(y.max() - low) / 65535.0)
    return np.argsort(number.astype(np.uint16), kind="stable")


def windows(table: Centres, points: NDArray[np.float64]) -> Iterator[tuple[slice, Window]]:
    """Yield the weights around all points, block by block, with the places they belong to.

    Parameters
    ----------
    table : Centres
        From `centres`.
    points : ndarray of float64, shape (m,)
        Points in any order; near ones next to each other (`along_the_line`) share work.

    Yields
    ------
    tuple of (slice, Window)
        The slice of ``points`` and their weights.

    Notes
    -----
    Cost O(m log n + w m). Memory: a few arrays of `_PAIRS` (datum, point) pairs, or of 8 w when
    the windows are wider than that.

    Examples
    --------
    >>> table = centres(np.array([0.0, 1.0]), 0.5, 0.1)
    >>> [places for places, _ in windows(table, np.array([0.2, 0.3]))]
    [slice(0, 2, None)]
    """
    nearest = np.searchsorted(table.edges, points)
    width = table.last - table.first + 1
    begin = 0
    while begin < points.size:
        # Widths vary along the line: size the block by its own first estimate, then by its widest.
        size = max(8, _PAIRS // int(width[nearest[begin]]))
        size = max(8, min(size, _PAIRS // int(width[nearest[begin : begin + size]].max())))
        part = slice(begin, min(begin + size, points.size))
        j = nearest[part]
        offset, offset_low = two_sum(points[part], -table.high[j])
        offset_low -= table.low[j]
        yield part, window(table, j, offset, offset_low)
        begin = part.stop
