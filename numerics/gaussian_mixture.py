r"""Two-component Gaussian mixtures: draws, entropies by quadrature, affine scores by least squares.

Along its axis the mixture is :math:`\frac12N(-\delta,1)+\frac12N(\delta,1)`, across it standard
Gaussian. Also the exact score of the noised training set, under which a reverse process returns
the training set.
"""

import numpy as np
from numpy.typing import ArrayLike

from numerics.linear_denoiser import forward_coefficients
from numerics.validation import (
    FloatArray,
    check_count,
    check_points_nd,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = [
    "affine_score",
    "empirical_score",
    "matched_divergences",
    "nearest_distance",
    "sample_mixture",
]


def sample_mixture(
    rng: np.random.Generator, count: int, *, d: int, separation: float
) -> FloatArray:
    """Draw points of the mixture with its axis along the first coordinate.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count, d : int
        Number of points and dimension, >= 1.
    separation : float
        Half the distance of the centres, > 0.

    Returns
    -------
    numpy.ndarray, shape (count, d)
        Points.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> sample_mixture(np.random.default_rng(0), 4, d=2, separation=3.0).shape
    (4, 2)
    """
    check_rng(rng)
    size = (check_count(count, name="count"), check_count(d, name="d"))
    delta = check_positive(separation, name="separation")
    points = rng.standard_normal(size)
    points[:, 0] += delta * rng.choice([-1.0, 1.0], size=size[0])
    return points


def matched_divergences(separation: float) -> tuple[float, float]:
    r"""Integrate both divergences between the mixture and the Gaussian with its two moments.

    .. math:: KL(\rho\Vert g) = \int\rho\log\frac\rho g,\qquad
              KL(g\Vert\rho) = \int g\log\frac g\rho

    Parameters
    ----------
    separation : float
        Half the distance of the centres, > 0.

    Returns
    -------
    tuple of float
        Both divergences, to about 1e-10; the first is the floor of every Gaussian generator.

    Raises
    ------
    ValueError
        If the separation is not a positive number.

    Notes
    -----
    Claim ``B.gmm``. Directions across the axis do not contribute.

    Examples
    --------
    >>> [round(v, 6) for v in matched_divergences(2.0)]
    [0.171999, 0.247828]
    """
    from scipy.integrate import quad

    delta = check_positive(separation, name="separation")
    variance = 1.0 + delta**2

    def log_mixture(x: float) -> float:
        bumps = np.logaddexp(-0.5 * (x - delta) ** 2, -0.5 * (x + delta) ** 2)
        return float(bumps - np.log(2.0) - 0.5 * np.log(2.0 * np.pi))

    def log_gauss(x: float) -> float:
        return float(-0.5 * x**2 / variance - 0.5 * np.log(2.0 * np.pi * variance))

    def forward(x: float) -> float:
        return float(np.exp(log_mixture(x))) * (log_mixture(x) - log_gauss(x))

    def backward(x: float) -> float:
        return float(np.exp(log_gauss(x))) * (log_gauss(x) - log_mixture(x))

    ends = (delta + 12.0, 12.0 * float(np.sqrt(variance)))
    # Even integrands: twice the half line, with a break point at the centre.
    values = [
        2.0 * quad(f, 0.0, end, points=[delta], epsabs=1e-12, epsrel=1e-11, limit=400)[0]
        for f, end in zip((forward, backward), ends, strict=True)
    ]
    return float(values[0]), float(values[1])


def affine_score(
    rng: np.random.Generator, points: ArrayLike, *, T: float, noise_scale: float, copies: int = 1
) -> tuple[FloatArray, FloatArray]:
    r"""Fit an affine score by denoising score matching on drawn noise.

    .. math:: \min_{b,M}\sum\Bigl\lvert b+My+\frac\xi q\Bigr\rvert^2,\qquad y = ax+q\xi

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    points : array_like, shape (n, d)
        Clean points, n >= 2.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.
    copies : int
        Noise draws for each point, >= 1.

    Returns
    -------
    tuple of numpy.ndarray
        Intercept, shape (d,), and matrix, shape (d, d).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> fit = affine_score(rng, [[-1.0], [1.0]], T=1.0, noise_scale=1.0, copies=4000)
    >>> round(float(fit[1][0, 0]), 1)
    -1.0
    """
    check_rng(rng)
    x = np.repeat(
        check_sample_nd(points, name="points"), check_count(copies, name="copies"), axis=0
    )
    a, q2 = forward_coefficients(T, noise_scale)
    noise = rng.standard_normal(x.shape)
    noised = a * x + np.sqrt(q2) * noise
    design = np.hstack([np.ones((len(x), 1)), noised])
    solution, *_ = np.linalg.lstsq(design, -noise / np.sqrt(q2), rcond=None)
    return solution[0], solution[1:].T


def empirical_score(y: ArrayLike, data: ArrayLike, *, t: float, noise_scale: float) -> FloatArray:
    r"""Return the exact score of the noised training set.

    .. math:: \nabla\log\frac1n\sum_iN(y;e^{-t}x_i,q_t^2I) = \frac{e^{-t}\hat x(y)-y}{q_t^2}

    Parameters
    ----------
    y : array_like, shape (count, d)
        Where to evaluate.
    data : array_like, shape (n, d)
        Training set, n >= 2.
    t, noise_scale : float
        Time and noise scale, > 0.

    Returns
    -------
    numpy.ndarray, shape (count, d)
        Scores. Cost count x n x d in one Gram product.

    Raises
    ------
    ValueError
        If a shape does not fit or an argument is out of range.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> empirical_score([[0.0]], [[-1.0], [1.0]], t=1.0, noise_scale=1.0).tolist()
    [[0.0]]
    """
    x = check_sample_nd(data, name="data")
    state = check_points_nd(y, x.shape[1], name="y")
    a, q2 = forward_coefficients(t, noise_scale)
    logits = (a * (state @ x.T) - 0.5 * a**2 * (x**2).sum(axis=1)) / q2
    logits -= logits.max(axis=1, keepdims=True)
    weights = np.exp(logits)
    weights /= weights.sum(axis=1, keepdims=True)
    score: FloatArray = (a * (weights @ x) - state) / q2
    return score


def nearest_distance(points: ArrayLike, data: ArrayLike) -> FloatArray:
    """Return the distance of every point to the nearest point of a training set.

    Parameters
    ----------
    points : array_like, shape (count, d)
        Points.
    data : array_like, shape (n, d)
        Training set, n >= 2.

    Returns
    -------
    numpy.ndarray, shape (count,)
        Distances, accurate to about 1e-7 of the size of the points where they are small.

    Raises
    ------
    ValueError
        If a shape does not fit.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> nearest_distance([[0.5]], [[0.0], [2.0]]).tolist()
    [0.5]
    """
    x = check_sample_nd(data, name="data")
    y = check_points_nd(points, x.shape[1], name="points")
    squares = (y**2).sum(axis=1)[:, None] + (x**2).sum(axis=1) - 2.0 * y @ x.T
    nearest: FloatArray = np.sqrt(np.maximum(squares.min(axis=1), 0.0))
    return nearest
