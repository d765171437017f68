"""The posterior of the datum behind a noisy point: weights, mean, variance, third moment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.gaussian_window import along_the_line, centres, windows
from numerics.validation import check_mu, check_points, check_sample, check_sigma

__all__ = ["PosteriorMoments", "posterior_moments", "posterior_weights"]


@dataclass(frozen=True, kw_only=True)
class PosteriorMoments:
    """Mean, variance and third central moment of W(y).

    Attributes
    ----------
    mean, variance, third : ndarray
        E[W(y)], V[W(y)], E[(W - E W)^3], each of the shape of y, in the unit of the data and its
        square and cube.
    """

    mean: NDArray[np.float64]
    variance: NDArray[np.float64]
    third: NDArray[np.float64]


def posterior_weights(
    y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float
) -> NDArray[np.float64]:
    """Return the probability of each datum given the noisy point.

    .. math:: \\alpha_i(y) = \\frac{e^{-(y-\\mu x_i)^2/2\\sigma^2}}
              {\\sum_k e^{-(y-\\mu x_k)^2/2\\sigma^2}}

    Parameters
    ----------
    y : array_like, shape (m,)
        Points; an array of another shape is read in C order.
    x : array_like, shape (n,)
        Data, n >= 2; repeated points share their probability equally.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    ndarray of float64, shape (m, n)
        Rows sum to 1; column i belongs to the i-th datum in increasing order, whatever the order
        of ``x``. Probabilities below exp(-42)/n of the row's largest may be returned as 0.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 (claims ``A.eq9``, ``A.prop2a``). Cost and memory O(n m) for the
    result alone; use `posterior_moments` where only moments are needed.

    Examples
    --------
    >>> posterior_weights([0.0], [-1.0, 1.0], mu=0.5, sigma=1e-8).tolist()
    [[0.5, 0.5]]
    """
    given = check_points(y).ravel()
    table = centres(check_sample(x, distinct=False), check_mu(mu), check_sigma(sigma))
    alpha = np.zeros((given.size, table.sample.size))
    order = np.arange(given.size)[along_the_line(given, 0.0)]
    for places, near in windows(table, given[order]):
        rows = order[places]
        columns = near.start + np.arange(len(near.weight))[:, None]
        alpha[rows, columns] = near.weight / near.weight.sum(axis=0)
    return alpha


def posterior_moments(y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float) -> PosteriorMoments:
    """Return the first three moments of W(y), the variance and the third central.

    .. math:: E[W] = \\sum_i\\alpha_i x_i,\\quad V[W] = \\sum_i\\alpha_i(x_i - E[W])^2,\\quad
              \\kappa_3 = \\sum_i\\alpha_i(x_i - E[W])^3

    Parameters
    ----------
    y : array_like
        Points, any shape.
    x : array_like, shape (n,)
        Data, n >= 2, in any order; repeated points count with their multiplicity.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    PosteriorMoments
        Central moments are summed about the mean in local coordinates, so a variance of 1e-300
        is returned as such. Each is accurate to rounding of its own absolute moment times the
        exponent of the weights that carry it.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 and Lemma 11 (claims ``A.eq9``, ``A.lem11``, ``A.prop2a``,
    ``A.prop2b``, ``A.prop2c``). Shares the weights, and nothing else, with
    `numerics.empirical_score`. Cost O(n log n + m log n + w m), w the number of data within about
    ten sigma of a point; memory is bounded by blocks.

    Examples
    --------
    >>> at = posterior_moments(0.0, [-1.0, 1.0], mu=0.5, sigma=0.1)
    >>> float(at.mean), float(at.variance), float(at.third)
    (0.0, 1.0, 0.0)
    """
    points = check_points(y)
    table = centres(check_sample(x, distinct=False), check_mu(mu), check_sigma(sigma))
    flat = points.ravel()
    order = np.arange(flat.size)[along_the_line(flat, 0.0)]
    out = np.empty((3, flat.size))
    for places, near in windows(table, flat[order]):
        rows = order[places]
        alpha = near.weight / near.weight.sum(axis=0)
        step = near.distance / table.mu
        shift = np.einsum("ij,ij->j", alpha, step)
        step -= shift
        out[0, rows] = table.sample[near.nearest] + shift
        out[1, rows] = np.einsum("ij,ij,ij->j", alpha, step, step)
        alpha *= step
        out[2, rows] = np.einsum("ij,ij,ij->j", alpha, step, step)
    mean, variance, third = out.reshape((3, *points.shape))
    return PosteriorMoments(mean=mean, variance=variance, third=third)
