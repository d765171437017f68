"""Scores as functions of time and place: of the data themselves, of a Gaussian law, of a network.

A score function maps a time t and points (N, d) to s(t, y), (N, d). Samplers take any of them.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from numerics.empirical_score import empirical_score
from numerics.empirical_score_nd import empirical_score_nd
from numerics.noise_schedule import Marginal
from numerics.time_network import TimeNetwork, evaluate_time_network
from numerics.validation import (
    FloatArray,
    check_finite_array,
    check_points_nd,
    check_positive,
    check_sample_nd,
    check_symmetric,
)

__all__ = [
    "Score",
    "empirical_score_function",
    "gaussian_score_function",
    "marginal_coefficients",
    "network_score_function",
]

Score: TypeAlias = Callable[[float, FloatArray], FloatArray]
"""``score(t, y)`` for points y of shape (N, d), of the same shape."""

# Entries of a block of weights, 2 MB in double precision.
_BLOCK = 1 << 18

# Points that a network sees at a time: at width 1000 they stay in the second-level cache.
_ROWS = 64

# Up to so many data the weights of all of them cost less than the choice of those that matter.
_FEW = 64

# The exponents of a Gram product may be off by about so much, in absolute terms.
_ROUNDING = 1e-9


def marginal_coefficients(
    time: float, *, marginal: Marginal = Marginal.PRINTED
) -> tuple[float, float]:
    r"""Return the factor of the data and the standard deviation of the noise at a time.

    .. math:: \mu(t) = e^{-t} \text{ (paper) or } e^{-2t} \text{ (notebooks)},\qquad
              \sigma(t) = \sqrt{1 - e^{-2t}}

    Parameters
    ----------
    time : float
        t > 0.
    marginal : Marginal
        The paper's factor or the notebooks'.

    Returns
    -------
    tuple of float
        mu(t) and sigma(t).

    Raises
    ------
    ValueError
        If the time is not positive.

    Notes
    -----
    Claims ``A.eq3``, ``A.code.marginal``.

    Examples
    --------
    >>> [round(c, 3) for c in marginal_coefficients(0.05)]
    [0.951, 0.308]
    """
    t = check_positive(time, name="time")
    rate = 1.0 if marginal is Marginal.PRINTED else 2.0
    return float(np.exp(-rate * t)), float(np.sqrt(-np.expm1(-2.0 * t)))


def empirical_score_function(x: ArrayLike, *, marginal: Marginal = Marginal.PRINTED) -> Score:
    r"""Return the empirical optimal score of the data at every time.

    .. math:: s^\star(t, y) = \nabla\log\sum_i e^{-\lvert y-\mu(t)x_i\rvert^2/2\sigma(t)^2}

    Parameters
    ----------
    x : array_like, shape (n, d)
        Data, two points at least.
    marginal : Marginal
        The paper's factor mu(t) or the notebooks'.

    Returns
    -------
    Score
        The function; the weights of the data are exact to d 1e-9 relatively, to rounding on the
        line and for more than 64 data.

    Raises
    ------
    ValueError
        If the data are out of their domain.

    Notes
    -----
    Paper A, eq. 6. Few data in d dimensions: 4 N n d operations and N n exponentials for N points,
    in blocks; otherwise as `empirical_score_nd`.

    Examples
    --------
    >>> score = empirical_score_function([[0.0, -1.0], [0.0, 1.0]])
    >>> score(0.5, np.array([[0.0, 0.0]])).tolist()
    [[0.0, 0.0]]
    """
    data = check_sample_nd(x)

    def score(time: float, y: FloatArray) -> FloatArray:
        mu, sigma = marginal_coefficients(time, marginal=marginal)
        points = check_points_nd(y, data.shape[1])
        if data.shape[1] == 1:
            return empirical_score(points[:, 0], data[:, 0], mu=mu, sigma=sigma)[:, None]
        if len(data) > _FEW:
            return empirical_score_nd(points, data, mu=mu, sigma=sigma)
        return _dense(points, data, mu, sigma)

    return score


def _dense(y: FloatArray, x: FloatArray, mu: float, sigma: float) -> FloatArray:
    """Weigh all data at all points by Gram products."""
    origin = mu * x.mean(axis=0)
    centre = mu * x - origin
    local: FloatArray = y - origin
    norms = np.einsum("ij,ij->i", centre, centre)
    reach = float(np.sqrt(norms.max()))
    farthest = float(np.sqrt(np.einsum("ij,ij->i", local, local).max()))
    if np.finfo(np.float64).eps * reach * (reach + farthest) > _ROUNDING * sigma**2:
        return empirical_score_nd(y, x, mu=mu, sigma=sigma)
    rows = max(1, _BLOCK // len(x))
    for begin in range(0, len(y), rows):
        part = local[begin : begin + rows]
        weight = part @ centre.T
        weight -= 0.5 * norms
        weight -= weight.max(axis=1, keepdims=True)
        weight /= sigma**2
        np.exp(weight, out=weight)
        weight /= weight.sum(axis=1, keepdims=True)
        np.subtract(weight @ centre, part, out=part)
    local /= sigma**2
    return local


def gaussian_score_function(
    mean: ArrayLike, covariance: ArrayLike, *, marginal: Marginal = Marginal.PRINTED
) -> Score:
    r"""Return the score of a Gaussian law N(m, C) at every time.

    .. math:: s(t, y) = -(\mu^2C+\sigma^2I)^{-1}(y-\mu m)

    Parameters
    ----------
    mean, covariance : array_like, shapes (d,) and (d, d)
        The law of the data; its covariance may be singular.
    marginal : Marginal
        The paper's factor mu(t) or the notebooks'.

    Returns
    -------
    Score
        The function.

    Raises
    ------
    ValueError
        If the covariance is not symmetric positive semidefinite or the shapes do not fit.

    Notes
    -----
    The covariance is diagonalised once; then 4 N d^2 operations for N points.

    Examples
    --------
    >>> gaussian_score_function([0.0], [[1.0]])(0.5, np.array([[2.0]])).round(12).tolist()
    [[-2.0]]
    """
    matrix = check_symmetric(covariance, name="covariance")
    centre = check_points_nd(
        check_finite_array(mean, name="mean", ndim=1), len(matrix), name="mean"
    )
    spectrum, axes = np.linalg.eigh(matrix)
    if spectrum[0] < -1e-12 * np.abs(spectrum).max():
        raise ValueError(
            f"covariance had the eigenvalue {spectrum[0]:.3g}; it must be positive semidefinite"
        )

    def score(time: float, y: FloatArray) -> FloatArray:
        mu, sigma = marginal_coefficients(time, marginal=marginal)
        local = (check_points_nd(y, len(matrix)) - mu * centre) @ axes
        local /= -(mu**2 * np.maximum(spectrum, 0.0) + sigma**2)
        result: FloatArray = local @ axes.T
        return result

    return score


def network_score_function(network: TimeNetwork) -> Score:
    r"""Return the score that a time-conditioned network stands for.

    .. math:: s_\theta(t, y) = -r_\theta(t, y)/\sigma(t)

    Parameters
    ----------
    network : TimeNetwork
        r; it predicts the noise.

    Returns
    -------
    Score
        The function.

    Notes
    -----
    Paper A, section 5. sigma(t) is the same for the paper's marginal and the notebooks'.

    Examples
    --------
    >>> from numerics.time_network import random_time_network
    >>> score = network_score_function(random_time_network(5, 2, rng=np.random.default_rng(0)))
    >>> score(0.5, np.zeros((3, 2))).shape
    (3, 2)
    """

    def score(time: float, y: FloatArray) -> FloatArray:
        noise = evaluate_time_network(network, time, y, block=_ROWS)
        noise /= -marginal_coefficients(time)[1]
        return noise

    return score
