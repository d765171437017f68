r"""Squared L2 distances by summing densities on a grid: the definition, for one and two dimensions.

On the whole line the trapezoidal rule is exponentially accurate for sums of Gaussians: with a
spacing h the error is of order :math:`e^{-2\pi^2u/h^2}` for the narrowest variance u.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import FloatArray, check_points_nd, check_positive, check_sample_nd

__all__ = ["grid_around", "kernel_density", "normal_density", "squared_l2_quadrature"]

Density = Callable[[FloatArray], FloatArray]


def kernel_density(points: ArrayLike, *, width: float) -> Density:
    r"""Return the Gaussian kernel density of a set of points.

    .. math:: \rho_n(x)=\frac1n\sum_iN(x-x_i;\,0,\epsilon^2I)

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres.
    width : float
        :math:`\epsilon` > 0.

    Returns
    -------
    callable
        Takes places of shape (count, d) and returns densities of shape (count,).

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue; claim ``B.metric``.

    Examples
    --------
    >>> round(float(kernel_density([[0.0]], width=1.0)(np.zeros((1, 1)))[0]), 6)
    0.398942
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    return normal_density(
        sample, check_positive(width, name="width") ** 2 * np.eye(sample.shape[1])
    )


def normal_density(means: ArrayLike, covariance: ArrayLike) -> Density:
    r"""Return the mean of Gaussian densities with one covariance.

    Parameters
    ----------
    means : array_like, shape (k, d)
        Means of the components, which have equal weights.
    covariance : array_like, shape (d, d)
        Positive definite covariance.

    Returns
    -------
    callable
        Takes places of shape (count, d) and returns densities of shape (count,).

    Notes
    -----
    Claim ``B.metric``.

    Examples
    --------
    >>> round(float(normal_density([[0.0]], [[1.0]])(np.zeros((1, 1)))[0]), 6)
    0.398942
    """
    centres = check_sample_nd(means, name="means", min_size=1)
    d = centres.shape[1]
    precision = np.linalg.inv(np.asarray(covariance, dtype=np.float64))
    height = np.sqrt(np.linalg.det(precision / (2.0 * np.pi)))

    def density(places: FloatArray) -> FloatArray:
        total = np.zeros(len(places))
        for centre in centres:
            gap = check_points_nd(places, d, name="places") - centre
            total += np.exp(-0.5 * np.einsum("ni,ij,nj->n", gap, precision, gap))
        return total * float(height) / len(centres)

    return density


def grid_around(points: ArrayLike, *, reach: float, spacing: float) -> tuple[FloatArray, float]:
    r"""Return a regular grid over the box that holds all points, and the volume of its cells.

    Parameters
    ----------
    points : array_like, shape (n, d)
        Points, d <= 2.
    reach : float
        How far the box goes beyond the points.
    spacing : float
        Distance of neighbours, > 0.

    Returns
    -------
    tuple
        Places of shape (count, d), and the volume of a cell.

    Raises
    ------
    ValueError
        If d > 2.

    Examples
    --------
    >>> places, cell = grid_around([[0.0]], reach=1.0, spacing=0.5)
    >>> places.ravel().tolist(), cell
    ([-1.0, -0.5, 0.0, 0.5, 1.0], 0.5)
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    if sample.shape[1] > 2:
        raise ValueError(f"points had dimension {sample.shape[1]}; a grid serves d <= 2")
    step = check_positive(spacing, name="spacing")
    axes = []
    for column in sample.T:
        count = int(np.ceil((column.max() - column.min() + 2.0 * reach) / step))
        axes.append(column.min() - reach + step * np.arange(count + 1))
    mesh = np.meshgrid(*axes, indexing="ij")
    return np.stack([m.ravel() for m in mesh], axis=1), step ** sample.shape[1]


def squared_l2_quadrature(
    densities: Sequence[Density], weights: Sequence[float], grid: tuple[FloatArray, float]
) -> float:
    r"""Integrate the square of a combination of densities over a grid.

    .. math:: \int\Bigl(\sum_kw_k\rho_k\Bigr)^2

    Parameters
    ----------
    densities : sequence of callable
        Densities.
    weights : sequence of float
        Their weights; 1 and -1 give a squared distance.
    grid : tuple
        From `grid_around`.

    Returns
    -------
    float
        The integral.

    Notes
    -----
    Claim ``B.metric``. Cost: one evaluation of each density at every place.

    Examples
    --------
    >>> one = kernel_density([[0.0]], width=1.0)
    >>> grid = grid_around([[0.0]], reach=9.0, spacing=0.25)
    >>> round(squared_l2_quadrature([one], [1.0], grid), 6)
    0.282095
    """
    places, cell = grid
    total = np.zeros(len(places))
    for density, weight in zip(densities, weights, strict=True):
        total += weight * density(places)
    return float((total**2).sum()) * cell
