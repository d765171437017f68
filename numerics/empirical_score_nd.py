"""The empirical optimal score in d dimensions, its Jacobian and its second derivative."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.gaussian_window_nd import CloudWindow, cloud_windows
from numerics.validation import (
    check_mu,
    check_points_nd,
    check_sample_nd,
    check_sigma,
)

__all__ = ["empirical_score_nd", "score_jacobian_nd", "score_second_derivative_nd"]


def empirical_score_nd(
    y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float
) -> NDArray[np.float64]:
    """Return the score of the Gaussian mixture centred at the contracted data.

    .. math::
        s^\\star(y) = \\nabla\\log p(y)
        = \\frac{\\sum_i(\\mu x_i - y)e^{-\\lvert y-\\mu x_i\\rvert^2/2\\sigma^2}}
        {\\sigma^2\\sum_i e^{-\\lvert y-\\mu x_i\\rvert^2/2\\sigma^2}}

    Parameters
    ----------
    y : array_like, shape (..., d)
        Points.
    x : array_like, shape (n, d)
        Data, one per row, n >= 2; repeated points count with their multiplicity.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level per coordinate, > 0.

    Returns
    -------
    ndarray of float64, shape (..., d)
        Accurate to rounding of |y - mu x_j| / sigma^2, x_j the datum of largest weight.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, eq. 6 and section 5 (claim ``A.x5``). Cost 2 n m d operations in single
    precision to screen, O(w d) in double precision per point for w data that matter.

    Examples
    --------
    >>> empirical_score_nd([[0.0, 0.25]], [[0, -1], [0, 1]], mu=0.5, sigma=0.1).round(6).tolist()
    [[0.0, 25.0]]
    """
    sample = check_sample_nd(x)
    points = check_points_nd(y, sample.shape[1])
    flat = points.reshape(-1, sample.shape[1])
    contraction, noise = check_mu(mu), check_sigma(sigma)
    score = np.empty(flat.shape)
    for near in cloud_windows(flat, sample, contraction, noise):
        centre = _centre(near)
        score[near.places] = (centre - near.offset) / noise**2
    return score.reshape(points.shape)


def score_jacobian_nd(
    y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float
) -> NDArray[np.float64]:
    """Return the Jacobian of the score, the Hessian of the log density.

    .. math::
        \\nabla s^\\star = \\frac{\\nabla^2p}{p} - \\frac{\\nabla p\\,\\nabla p^\\top}{p^2}
        = -\\frac{I}{\\sigma^2} + \\frac{\\nabla^2q}{q} - \\frac{\\nabla q\\,\\nabla q^\\top}{q^2}

    with p(y) = exp(-|y - r|^2 / 2 sigma^2) q(y) for any r; r is half a standard deviation from the
    weighted mean of the centres in each coordinate, so that nothing cancels to speak of and every
    term counts (see `numerics.empirical_score.log_derivatives`).

    Parameters
    ----------
    y : array_like, shape (..., d)
        Points.
    x : array_like, shape (n, d)
        Data, n >= 2.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level per coordinate, > 0.

    Returns
    -------
    ndarray of float64, shape (..., d, d)
        Symmetric.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 6 of the catalogue (claim ``A.x5``). Cost as for the score plus
    O(w d^2) per point; the result has d^2 entries per point.

    Examples
    --------
    >>> score_jacobian_nd([0.0, 0.0], [[0, -1], [0, 1]], mu=0.5, sigma=0.5).tolist()
    [[-4.0, 0.0], [0.0, 0.0]]
    """
    sample = check_sample_nd(x)
    points = check_points_nd(y, sample.shape[1])
    flat = points.reshape(-1, sample.shape[1])
    contraction, noise = check_mu(mu), check_sigma(sigma)
    jacobian = np.empty((*flat.shape, flat.shape[1]))
    diagonal = np.arange(flat.shape[1])
    for near in cloud_windows(flat, sample, contraction, noise):
        local = (near.distance - _reference(near)[:, None]) / noise
        share = near.weight / near.weight.sum(axis=1, keepdims=True)
        gradient = np.einsum("mw,mwi->mi", share, local)
        block = (share[:, :, None] * local).transpose(0, 2, 1) @ local
        block -= gradient[:, :, None] * gradient[:, None, :]
        block[:, diagonal, diagonal] -= 1.0
        jacobian[near.places] = block / noise**2
    return jacobian.reshape((*points.shape, sample.shape[1]))


def score_second_derivative_nd(
    y: ArrayLike, x: ArrayLike, directions: ArrayLike, *, mu: float, sigma: float
) -> NDArray[np.float64]:
    """Return the third derivative of the log density contracted with one direction.

    .. math::
        T_{ab}(y) = \\sum_c\\partial_a\\partial_b\\partial_c\\log p(y)\\,u_c,\\qquad
        \\partial_{abc}\\log q = \\frac{q_{abc}}q
        - \\frac{q_{ab}q_c + q_{ac}q_b + q_{bc}q_a}{q^2} + 2\\frac{q_aq_bq_c}{q^3}

    with p(y) = exp(-|y - r|^2 / 2 sigma^2) q(y); the Gaussian factor has no third derivative. The
    full tensor is the stack of the contractions with the coordinate directions.

    Parameters
    ----------
    y : array_like, shape (..., d)
        Points.
    x : array_like, shape (n, d)
        Data, n >= 2.
    directions : array_like, shape (k, d)
        The directions u.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level per coordinate, > 0.

    Returns
    -------
    ndarray of float64, shape (..., k, d, d)
        Symmetric in its last two axes; with the identity as directions symmetric in all three.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: claim ``A.x5``. Cost as for the score plus O(w k d^2) per point.

    Examples
    --------
    >>> third = score_second_derivative_nd(
    ...     [0.0, 0.0], [[0, -1], [0, 1]], [[0, 1]], mu=0.5, sigma=0.5
    ... )
    >>> third.shape, float(abs(third).max())
    ((1, 2, 2), 0.0)
    """
    sample = check_sample_nd(x)
    dimension = sample.shape[1]
    points = check_points_nd(y, dimension)
    along = check_sample_nd(directions, name="directions", min_size=1)
    along = check_points_nd(along, dimension, name="directions")
    flat = points.reshape(-1, dimension)
    contraction, noise = check_mu(mu), check_sigma(sigma)
    tensor = np.empty((flat.shape[0], along.shape[0], dimension, dimension))
    for near in cloud_windows(flat, sample, contraction, noise):
        tensor[near.places] = _third(near, along, noise)
    return tensor.reshape((*points.shape[:-1], *tensor.shape[1:]))


def _centre(near: CloudWindow) -> NDArray[np.float64]:
    """Return the weighted mean of the centres, as a displacement from the reference datum."""
    mean: NDArray[np.float64] = np.einsum("mw,mwd->md", near.weight, near.distance)
    mean /= near.weight.sum(axis=1, keepdims=True)
    return mean


def _reference(near: CloudWindow) -> NDArray[np.float64]:
    """Return r, half a standard deviation beyond the weighted mean in each coordinate."""
    mean = _centre(near)
    square: NDArray[np.float64] = np.einsum(
        "mw,mwd,mwd->md", near.weight, near.distance, near.distance
    )
    square /= near.weight.sum(axis=1, keepdims=True)
    reference: NDArray[np.float64] = mean + 0.5 * np.sqrt(np.maximum(square - mean * mean, 0.0))
    return reference


def _third(near: CloudWindow, along: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Contract the third derivative of log q with the directions, shape (m, k, d, d)."""
    local = (near.distance - _reference(near)[:, None]) / sigma
    share = near.weight / near.weight.sum(axis=1, keepdims=True)
    slope = local @ along.T
    gradient = np.einsum("mw,mwi->mi", share, local)
    hessian = np.einsum("mw,mwi,mwj->mij", share, local, local)
    slope_mean = np.einsum("mw,mwk->mk", share, slope)
    slope_gradient = np.einsum("mw,mwk,mwi->mki", share, slope, local)
    third: NDArray[np.float64] = np.einsum(
        "mw,mwk,mwi,mwj->mkij", share, slope, local, local, optimize=True
    )
    outer = gradient[:, :, None] * gradient[:, None, :]
    mixed = slope_gradient[:, :, :, None] * gradient[:, None, None, :]
    third -= slope_mean[:, :, None, None] * (hessian - 2.0 * outer)[:, None]
    third -= mixed + mixed.transpose(0, 1, 3, 2)
    third /= sigma**3
    return third
