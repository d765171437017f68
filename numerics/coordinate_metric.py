r"""The per-coordinate metric of the public code's `simulation.py`, from its definition.

Every coordinate of a set of k points gets a kernel density on the line, of width
:math:`\epsilon=s/k`; the metric is the squared difference of two such densities, summed over a
grid that is the same for all coordinates, and averaged. The code's grid has 16 places within five
standard deviations, eleven times as wide apart as the kernels of its ten generated points.
"""

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_points_nd,
    check_positive,
    check_sample_nd,
)

__all__ = ["code_grid", "coordinate_densities", "coordinate_distance", "coordinate_l2"]

# Entries of a block: coordinates x places x points.
_ENTRIES = 1 << 18


def code_grid(mean: float, s_d: float, *, steps: int = 16, reach: float = 5.0) -> FloatArray:
    r"""Return the places at which the code compares densities.

    Parameters
    ----------
    mean, s_d : float
        Mean and standard deviation of a coordinate of the data.
    steps : int
        Number of places, >= 2.
    reach : float
        Half width of the grid in standard deviations, > 0.

    Returns
    -------
    numpy.ndarray, shape (steps,)
        Equally spaced places.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.coordinate``, ``B.code.scales``; public code, `simulation.py`.

    Examples
    --------
    >>> code_grid(0.5, 0.1, steps=3).tolist()
    [0.0, 0.5, 1.0]
    """
    half = check_positive(reach, name="reach") * check_positive(s_d, name="s_d")
    return np.linspace(mean - half, mean + half, check_count(steps, name="steps", minimum=2))


def coordinate_densities(points: ArrayLike, grid: ArrayLike, *, s_d: float) -> FloatArray:
    r"""Return the kernel density of every coordinate on a grid.

    .. math:: \rho_j(x)=\frac1k\sum_iN(x-x_{ij};\,0,(s/k)^2)

    Parameters
    ----------
    points : array_like, shape (k, d)
        Points.
    grid : array_like, shape (steps,)
        Places.
    s_d : float
        s > 0: the width is s/k.

    Returns
    -------
    numpy.ndarray, shape (d, steps)
        Densities.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claims ``B.coordinate``, ``B.code.scales``. Cost: k d steps exponentials, in blocks of 2 MB.

    Examples
    --------
    >>> coordinate_densities([[0.0]], [0.0], s_d=1.0).round(6).tolist()
    [[0.398942]]
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    places = check_finite_array(grid, name="grid", ndim=1)
    width = check_positive(s_d, name="s_d") / len(sample)
    found = np.empty((sample.shape[1], places.size))
    rows = max(1, _ENTRIES // (places.size * len(sample)))
    with np.errstate(under="ignore"):
        for start in range(0, sample.shape[1], rows):
            columns = sample.T[start : start + rows, None, :]
            gaps = (places[:, None] - columns) / width
            found[start : start + rows] = np.exp(-0.5 * gaps**2).mean(axis=2)
    found /= np.sqrt(2.0 * np.pi) * width
    return found


def coordinate_distance(a: ArrayLike, b: ArrayLike, grid: ArrayLike, *, s_d: float) -> float:
    r"""Return the metric of the code: the mean squared difference over coordinates and places.

    Parameters
    ----------
    a, b : array_like, shapes (k, d) and (n, d)
        Sets; each has the width that belongs to its size.
    grid : array_like, shape (steps,)
        Places.
    s_d : float
        The standard deviation that both widths are made of.

    Returns
    -------
    float
        The metric, >= 0.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claims ``B.coordinate``, ``B.code.scales``; public code, `simulation.py`.

    Examples
    --------
    >>> coordinate_distance([[0.2]], [[0.2]], [0.0, 0.5], s_d=1.0)
    0.0
    """
    first = coordinate_densities(a, grid, s_d=s_d)
    second = coordinate_densities(b, grid, s_d=s_d)
    check_points_nd(b, len(first), name="b")
    return float(((first - second) ** 2).mean())


def coordinate_l2(a: ArrayLike, b: ArrayLike, *, s_d: float) -> float:
    r"""Return the mean over coordinates of the squared L2 distance of the kernel densities.

    .. math:: \frac1d\sum_j\int(\rho^a_j-\rho^b_j)^2

    What a fine and wide grid would give, by the trapezoidal rule at 0.45 of the narrowest kernel.

    Parameters
    ----------
    a, b : array_like, shapes (k, d) and (n, d)
        Sets.
    s_d : float
        The standard deviation that both widths are made of.

    Returns
    -------
    float
        The mean squared distance, in the unit of 1/s_d.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.coordinate``.

    Examples
    --------
    >>> round(coordinate_l2([[0.0]], [[20.0]], s_d=1.0), 6)
    0.56419
    """
    first = check_sample_nd(a, name="a", min_size=1)
    second = check_sample_nd(check_points_nd(b, first.shape[1], name="b"), name="b", min_size=1)
    both = np.vstack([first, second])
    step = 0.45 * check_positive(s_d, name="s_d") / max(len(first), len(second))
    reach = 9.0 * s_d / min(len(first), len(second))
    total = 0.0
    for j in range(first.shape[1]):
        column = both[:, j]
        count = int(np.ceil((column.max() - column.min() + 2.0 * reach) / step)) + 1
        grid = column.min() - reach + step * np.arange(count)
        one = coordinate_densities(first[:, j : j + 1], grid, s_d=s_d)
        two = coordinate_densities(second[:, j : j + 1], grid, s_d=s_d)
        total += float(((one - two) ** 2).sum()) * step
    return float(total / first.shape[1])
