r"""Exact 2-Wasserstein distance of two sets of points by optimal assignment.

.. math:: W_2^2 = \min_\pi\frac1n\sum_i\lvert a_i-b_{\pi(i)}\rvert^2
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from numerics.validation import check_points_nd, check_sample_nd

__all__ = ["LARGEST", "wasserstein_squared"]

LARGEST = 4000
"""Most points of a set: 128 MB of distances, and half a minute."""


def wasserstein_squared(a: ArrayLike, b: ArrayLike) -> float:
    r"""Return the squared 2-Wasserstein distance of two empirical laws of equal size.

    Distances are plain differences, so copies of points are at distance exactly 0.

    Parameters
    ----------
    a, b : array_like, shape (n, d)
        Sets of the same number of points, n <= `LARGEST`.

    Returns
    -------
    float
        The squared distance, in the unit of the points squared.

    Raises
    ------
    ValueError
        If the sets differ in size or dimension, or are too large.

    Notes
    -----
    Claims ``B.w2``, ``B.wasserstein``. Cost :math:`n^2d` for the distances and at most
    :math:`O(n^3)` for the assignment (Jonker-Volgenant); :math:`8n^2` bytes.

    Examples
    --------
    >>> wasserstein_squared([[0.0], [1.0]], [[1.5], [0.0]])
    0.125
    """
    from scipy.optimize import linear_sum_assignment

    first = check_sample_nd(a, name="a", min_size=1)
    second = check_sample_nd(check_points_nd(b, first.shape[1], name="b"), name="b", min_size=1)
    if len(first) != len(second):
        raise ValueError(
            f"b had {len(second)} points; an assignment needs as many as a has, {len(first)}"
        )
    if len(first) > LARGEST:
        raise ValueError(f"a had {len(first)} points; an assignment serves at most {LARGEST}")
    costs = cdist(first, second, "sqeuclidean")
    rows, columns = linear_sum_assignment(costs)
    return float(np.mean(costs[rows, columns]))
