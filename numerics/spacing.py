"""The least spacing of uniform points, simulated from its definition."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["least_spacings"]


def least_spacings(
    rng: np.random.Generator, count: int, *, size: int, length: float
) -> NDArray[np.float64]:
    """Return independent copies of the least spacing of uniform points on an interval.

    .. math:: \\Delta = \\min_{2\\le i\\le n}(x_{(i)}-x_{(i-1)})

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of copies, >= 1.
    size : int
        Number n of points, >= 2.
    length : float
        Length a of the interval, > 0.

    Returns
    -------
    ndarray of float64, shape (count,)

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 3 (claim ``A.spacing``). The points are drawn, sorted and compared;
    the law is not used. Cost O(count n log n).

    Examples
    --------
    >>> least_spacings(np.random.default_rng(0), 3, size=5, length=2.0).shape
    (3,)
    """
    if count < 1:
        raise ValueError(f"count was {count}; it must be at least 1")
    if size < 2:
        raise ValueError(f"size was {size}; a spacing needs at least 2 points")
    if not 0.0 < length < np.inf:
        raise ValueError(f"length was {length}; it must be positive and finite")
    points = rng.uniform(0.0, length, size=(count, size))
    points.sort(axis=1)
    least: NDArray[np.float64] = np.diff(points, axis=1).min(axis=1)
    return least
