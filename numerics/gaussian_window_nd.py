"""Gaussian weights of the few data that matter at each point, in d dimensions.

All n m squared distances are screened in single precision by one matrix product per block, with
the norms folded in; the data that could carry weight, given a bound on the rounding of the screen,
are weighed again in double precision and local coordinates.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.double_double import two_product, two_sum

__all__ = ["CloudWindow", "cloud_windows"]

# Weights below exp(-42)/n of the largest add less than 6e-19 to a sum of n of them.
_CUT = 42.0

# Entries of the screening block (10 MB in single precision) and of a refined block (4 MB).
_SCREEN = 1 << 21
_REFINE = 1 << 19


@dataclass(frozen=True, kw_only=True)
class CloudWindow:
    """Weights and displacements of w data around each of m points in d dimensions.

    Attributes
    ----------
    places : ndarray of intp, shape (m,)
        Rows of y.
    offset : ndarray, shape (m, d)
        y - c_j, c_j = mu x_j the datum of (nearly) largest weight.
    distance : ndarray, shape (m, w, d)
        c_i - c_j.
    weight : ndarray, shape (m, w)
        exp(-|y - c_i|^2 / 2 sigma^2) over the largest of them; 0 where a row has fewer data.
    """

    places: NDArray[np.intp]
    offset: NDArray[np.float64]
    distance: NDArray[np.float64]
    weight: NDArray[np.float64]


def cloud_windows(
    y: NDArray[np.float64], x: NDArray[np.float64], mu: float, sigma: float
) -> Iterator[CloudWindow]:
    """Yield the weights around all points, block by block.

    Parameters
    ----------
    y : ndarray of float64, shape (m, d)
        Points.
    x : ndarray of float64, shape (n, d)
        Data.
    mu, sigma : float
        Contraction of the data and noise level.

    Yields
    ------
    CloudWindow
        Every row of ``y`` occurs in exactly one of them.

    Notes
    -----
    Cost: 2 n m d operations in single precision, then O(w d) in double precision per point with
    w data of weight above exp(-42)/n (and those the screen cannot tell apart from them). Memory:
    n d for the centres, 16 MB for the blocks.

    Examples
    --------
    >>> y, x = np.array([[0.0, 0.25]]), np.array([[0.0, -1.0], [0.0, 1.0]])
    >>> [near.offset.tolist() for near in cloud_windows(y, x, 0.5, 0.1)]
    [[[0.0, -0.25]]]
    """
    size, dimension = x.shape
    flat_high, flat_low = two_product(mu, x.ravel())
    high, low = flat_high.reshape(x.shape), flat_low.reshape(x.shape)
    # The middle of the data as origin: the rounding of a product grows with the norms.
    origin = high.mean(axis=0)
    centred = high - origin
    norms = np.einsum("ij,ij->i", centred, centred)
    columns = np.empty((dimension + 1, size), dtype=np.float32)
    columns[:dimension] = centred.T
    columns[dimension] = -0.5 * norms
    largest = float(np.sqrt(norms.max()))
    rows = max(1, min(_SCREEN // size, y.shape[0]))
    for begin in range(0, y.shape[0], rows):
        part = y[begin : begin + rows] - origin
        extended = np.empty((part.shape[0], dimension + 1), dtype=np.float32)
        extended[:, :dimension] = part
        extended[:, dimension] = 1.0
        half_product = extended @ columns
        # y.c - |c|^2/2 in single precision is off by at most (d + 3) 2^-24 of the sum of moduli.
        length = np.sqrt(np.einsum("ij,ij->i", part, part))
        bound = (dimension + 3) * 2.0**-24 * largest * (length + 0.5 * largest)
        slack = sigma**2 * (_CUT + np.log(size)) + 2.0 * bound
        # Rounding the threshold to single precision must not raise it.
        lowest = half_product.max(axis=1) - slack
        threshold = np.nextafter(lowest.astype(np.float32), np.float32(-np.inf))
        flat = np.flatnonzero(half_product >= threshold[:, None])
        row, column = np.divmod(flat, size)
        best = half_product.argmax(axis=1)
        yield from _refined(y[begin : begin + rows], begin, row, column, best, (high, low), sigma)


def _refined(
    y: NDArray[np.float64],
    begin: int,
    row: NDArray[np.intp],
    column: NDArray[np.intp],
    best: NDArray[np.intp],
    centre: tuple[NDArray[np.float64], NDArray[np.float64]],
    sigma: float,
) -> Iterator[CloudWindow]:
    """Weigh the survivors (row, column) of one screening block in double precision."""
    high, low = centre
    count = np.bincount(row, minlength=y.shape[0])
    first = np.cumsum(count) - count
    # Rows with equally many survivors together: little padding.
    order = np.argsort(count, kind="stable")
    done = 0
    while done < order.size:
        # Counts ascend: shrink the block until it holds its own widest row.
        rows = max(1, _REFINE // (int(count[order[done]]) * y.shape[1]))
        chosen = order[done : done + rows]
        rows = max(1, _REFINE // (int(count[chosen[-1]]) * y.shape[1]))
        chosen = chosen[:rows]
        done += chosen.size
        width = int(count[chosen[-1]])
        slot = np.arange(width)
        present = slot < count[chosen, None]
        index = column[np.where(present, first[chosen, None] + slot, first[chosen, None])]
        j = best[chosen]
        offset, offset_low = two_sum(y[chosen], -high[j])
        offset_low -= low[j]
        distance, rest = two_sum(high[index], -high[j, None])
        rest += low[index] - low[j, None]
        distance, rest = two_sum(distance, rest)
        lever = offset[:, None] - 0.5 * distance
        lever += offset_low[:, None] - 0.5 * rest
        exponent = np.einsum("mwd,mwd->mw", distance, lever) / sigma**2
        exponent[~present] = -np.inf
        exponent -= exponent.max(axis=1, keepdims=True)
        yield CloudWindow(
            places=begin + chosen,
            offset=offset + offset_low,
            distance=distance,
            weight=np.exp(exponent),
        )
