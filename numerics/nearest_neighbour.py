"""Distances to the nearest and the second nearest training point, and what they say of copying.

A generated point that is much closer to one training point than to any other was most likely
copied from it: the ratio of the two distances is 0 for a copy and of order 1 for a point that
the training set does not single out.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import (
    FloatArray,
    check_points_nd,
    check_positive,
    check_sample_nd,
)

__all__ = ["NearestTwo", "memorization_ratio", "memorized_share", "nearest_two"]

# Entries of a block of squared distances, 4 MB in double precision.
_BLOCK = 1 << 19


@dataclass(frozen=True, kw_only=True)
class NearestTwo:
    """The two nearest training points of each of N points.

    Attributes
    ----------
    index : ndarray of intp, shape (N,)
        Row of the nearest training point.
    first : ndarray, shape (N,)
        Distance to it.
    second_index : ndarray of intp, shape (N,)
        Row of the second nearest.
    second : ndarray, shape (N,)
        Distance to that.
    """

    index: NDArray[np.intp]
    first: FloatArray
    second_index: NDArray[np.intp]
    second: FloatArray


def nearest_two(
    points: ArrayLike, train: ArrayLike, *, exclude_same_row: bool = False
) -> NearestTwo:
    r"""Return the nearest and the second nearest training point of every point.

    Parameters
    ----------
    points : array_like, shape (N, d)
        Points, for example generated ones.
    train : array_like, shape (n, d)
        Training points, two at least; repeated points count as often as they occur.
    exclude_same_row : bool
        Leave training point i out for point i: with ``points`` the training set itself, its own
        distances. Needs three training points and as many points.

    Returns
    -------
    NearestTwo
        Rows and distances, exact to rounding of the differences; ties by the smaller row.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    One matrix product per block screens; the candidates that its rounding leaves are measured
    again by differences. Cost: 2 N n d operations; memory 10 MB besides the arguments.

    Examples
    --------
    >>> found = nearest_two([[0.25], [3.0]], [[0.0], [1.0], [5.0]])
    >>> found.index.tolist(), found.first.tolist(), found.second.tolist()
    ([0, 1], [0.25, 2.0], [0.75, 2.0])
    """
    cloud = check_sample_nd(train, name="train", min_size=2 + exclude_same_row)
    flat = check_sample_nd(points, name="points", min_size=1)
    flat = check_points_nd(flat, cloud.shape[1], name="points")
    if exclude_same_row and len(flat) != len(cloud):
        raise ValueError(
            f"points had {len(flat)} rows and train {len(cloud)}; exclude_same_row pairs them, "
            "so give as many"
        )
    origin = cloud.mean(axis=0)
    centred = cloud - origin
    norms = np.einsum("ij,ij->i", centred, centred)
    columns = np.vstack((-2.0 * centred.T, norms))
    index, distance = np.empty((2, len(flat)), dtype=np.intp), np.empty((2, len(flat)))
    rows = max(1, _BLOCK // len(cloud))
    for begin in range(0, len(flat), rows):
        part = flat[begin : begin + rows]
        place = slice(begin, begin + len(part))
        local = part - origin
        lengths = np.einsum("ij,ij->i", local, local)
        screen = np.hstack((local, np.ones((len(part), 1)))) @ columns
        if exclude_same_row:
            screen[np.arange(len(part)), np.arange(begin, begin + len(part))] = np.inf
        rounding = _rounding(cloud.shape[1], lengths, float(norms.max()))
        index[:, place], distance[:, place] = _measured(part, cloud, screen, rounding)
    return NearestTwo(index=index[0], first=distance[0], second_index=index[1], second=distance[1])


def memorization_ratio(points: ArrayLike, train: ArrayLike) -> FloatArray:
    r"""Return the distance to the nearest training point over that to the second nearest.

    .. math:: \rho(y) = \frac{\min_i\lvert y-x_i\rvert}{\min_{j\ne i^\star}\lvert y-x_j\rvert}

    Parameters
    ----------
    points : array_like, shape (N, d)
        Generated points.
    train : array_like, shape (n, d)
        Training points, two at least.

    Returns
    -------
    ndarray of float64, shape (N,)
        In [0, 1]; 1 where both distances are 0 (a training point that occurs twice: which of the
        two was copied cannot be told, but see the distance itself).

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claims ``A.fig3``, ``A.fig4``, ``B.w2``. Cost as `nearest_two`.

    Examples
    --------
    >>> memorization_ratio([[0.25], [3.0]], [[0.0], [1.0], [5.0]]).round(3).tolist()
    [0.333, 1.0]
    """
    found = nearest_two(points, train)
    ratio = np.ones_like(found.first)
    np.divide(found.first, found.second, out=ratio, where=found.second > 0.0)
    return ratio


def memorized_share(points: ArrayLike, train: ArrayLike, *, threshold: float = 1 / 3) -> float:
    r"""Return the share of points whose memorization ratio is below a threshold.

    .. math:: \frac1N\#\{y : \rho(y) < c\}

    Parameters
    ----------
    points : array_like, shape (N, d)
        Generated points.
    train : array_like, shape (n, d)
        Training points, two at least, all distinct.
    threshold : float
        c in (0, 1]; 1/3 is the usual convention, no theorem.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    ValueError
        If an argument is out of its domain, or training points repeat.

    Notes
    -----
    Claims ``A.fig3``, ``A.fig4``, ``B.w2``. Cost as `nearest_two`. A share of 0 is not to be
    expected of fresh points: on the line the ratio is below c on the part 2c/(1 + c) of every gap
    between neighbours (half of it for 1/3), and less in higher dimension. Compare with the share
    of a fresh sample.

    Examples
    --------
    >>> memorized_share([[0.01], [0.4], [0.9]], [[0.0], [1.0]]).__round__(3)
    0.667
    """
    level = check_positive(threshold, name="threshold")
    if level > 1.0:
        raise ValueError(f"threshold was {level}; it must lie in (0, 1]")
    cloud = check_sample_nd(train, name="train")
    if len(np.unique(cloud, axis=0)) < len(cloud):
        raise ValueError("train repeated a point; the ratio needs distinct ones (np.unique)")
    return float((memorization_ratio(points, cloud) < level).mean())


def _rounding(dimension: int, lengths: FloatArray, largest: float) -> FloatArray:
    """Bound the rounding of |c|^2 - 2 y.c for each point y of squared length ``lengths``."""
    scale = largest + 2.0 * np.sqrt(largest * lengths)
    bound: FloatArray = 2.0 * (dimension + 4) * np.finfo(np.float64).eps * scale
    return bound


def _measured(
    part: FloatArray, cloud: FloatArray, screen: FloatArray, rounding: FloatArray
) -> tuple[NDArray[np.intp], FloatArray]:
    """Measure the candidates by differences; return rows and distances, shape (2, m)."""
    second = np.partition(screen, 1, axis=1)[:, 1]
    row, column = np.divmod(
        np.flatnonzero(screen <= (second + 2.0 * rounding)[:, None]), screen.shape[1]
    )
    squares = np.empty(row.size)
    step = max(1, _BLOCK // part.shape[1])
    for begin in range(0, row.size, step):
        here = slice(begin, begin + step)
        gap = part[row[here]] - cloud[column[here]]
        squares[here] = np.einsum("ij,ij->i", gap, gap)
    order = np.lexsort((column, squares, row))
    starts = np.searchsorted(row, np.arange(len(part)))
    chosen = np.vstack((order[starts], order[starts + 1]))
    return column[chosen], np.sqrt(squares[chosen])
