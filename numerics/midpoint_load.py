r"""How far every log-concave density is from a kernel density, from the midpoints of its points.

A density g that is log-concave stays so when it is smoothed, so with
:math:`G=g*N(0,\epsilon^2I)` the values at two points are dominated by the one halfway,
:math:`G(x_i)G(x_j)\le G(\frac{x_i+x_j}2)^2`. In high dimension the kernels at all points and
midpoints overlap little, so Bessel's inequality bounds the sum of those squares, and

.. math:: \frac{\lVert g-\rho_n\rVert_2^2}{\lVert\rho_n\rVert_2^2}\ge1-\frac{2\Lambda}n

with :math:`\Lambda` the largest row sum of :math:`e^{-\lvert z-z'\rvert^2/4\epsilon^2}` over the
:math:`n(n+1)/2` points and midpoints z.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from numerics.validation import check_positive, check_sample_nd

__all__ = ["largest_overlap", "relative_distance_bound"]

_BLOCK = 256


def largest_overlap(points: ArrayLike, *, width: float) -> float:
    r"""Return the largest row sum of the overlaps of the kernels at points and midpoints.

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres of the kernels.
    width : float
        :math:`\epsilon` > 0.

    Returns
    -------
    float
        :math:`\Lambda\ge1`.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.lower``. Cost :math:`n^4d/8` operations, in blocks of rows: n = 100 takes seconds.

    Examples
    --------
    >>> round(largest_overlap([[0.0], [100.0]], width=1.0), 12)
    1.0
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    scale = 0.25 / check_positive(width, name="width") ** 2
    i, j = np.triu_indices(len(sample))
    places = 0.5 * (sample[i] + sample[j])
    largest = 0.0
    with np.errstate(under="ignore"):
        for start in range(0, len(places), _BLOCK):
            gaps = cdist(places[start : start + _BLOCK], places, "sqeuclidean")
            np.exp(np.maximum(-scale * gaps, -700.0), out=gaps)
            largest = max(largest, float(gaps.sum(axis=1).max()))
    return largest


def relative_distance_bound(points: ArrayLike, *, width: float) -> float:
    r"""Return a lower bound on the relative squared distance of every log-concave density.

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres of the kernels.
    width : float
        :math:`\epsilon` > 0.

    Returns
    -------
    float
        :math:`1-2\Lambda/n`, or 0 if that is negative.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claims ``B.lower``, ``B.cannotfit``, ``B.expressive``: no Gaussian comes closer, so no linear
    one-step model does.

    Examples
    --------
    >>> round(relative_distance_bound(100.0 * np.eye(5), width=1.0), 12)
    0.6
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    return max(0.0, 1.0 - 2.0 * largest_overlap(sample, width=width) / len(sample))
