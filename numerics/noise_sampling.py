r"""Exact noise predictors of a data set and of the population, and sampling with any predictor.

A predictor takes noised points :math:`y=ax+q\xi` and :math:`\log\gamma=\log(a^2/q^2)` and returns
the mean of :math:`\xi`. For a finite data set it is a posterior mean over the points; sampling with
it ends at them, which is memorization without any learning.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_function,
    check_points_nd,
    check_rng,
    check_sample_nd,
)

__all__ = ["Predictor", "empirical_noise", "gaussian_noise", "noise_levels", "sample_points"]

Predictor: TypeAlias = Callable[[FloatArray, FloatArray], FloatArray]
"""Noised points (b, d) and log signal-to-noise ratios (b,) to predicted noise (b, d)."""

BLOCK = 2**20
"""Entries of a block of weights: 8 MB."""


def empirical_noise(data: ArrayLike) -> Predictor:
    r"""Return the exact predictor of a data set.

    .. math:: \hat\xi(y) = \frac{y-a\sum_iw_ix_i}q,\qquad w_i\propto e^{-\lvert y-ax_i\rvert^2/2q^2}

    Parameters
    ----------
    data : array_like, shape (n, d)
        Points.

    Returns
    -------
    callable
        The predictor; it attains the least mean squared error on the data.

    Raises
    ------
    ValueError
        If the data are not finite points.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.collapse``. Weights are normalised after the largest, in blocks;
    2 b n d operations for b points.

    Examples
    --------
    >>> predict = empirical_noise([[1.0], [-1.0]])
    >>> predict(np.zeros((1, 1)), np.zeros(1)).tolist()
    [[0.0]]
    """
    sample = check_sample_nd(data, name="data", min_size=1)
    half = 0.5 * np.einsum("ij,ij->i", sample, sample)
    rows = max(1, BLOCK // len(sample))

    def predict(y: FloatArray, log_signal: FloatArray) -> FloatArray:
        points = check_points_nd(y, sample.shape[1])
        levels = np.broadcast_to(np.asarray(log_signal, dtype=np.float64), len(points))
        found = np.empty_like(points)
        for start in range(0, len(points), rows):
            part = slice(start, start + rows)
            a, q = _coefficients(levels[part])
            # |y|^2 is the same for all points of the data and cancels in the weights
            exponents = (points[part] / q[:, None]) @ sample.T
            exponents -= (a / q)[:, None] * half
            exponents *= (a / q)[:, None]
            exponents -= exponents.max(axis=1, keepdims=True)
            np.exp(exponents, out=exponents)
            exponents /= exponents.sum(axis=1, keepdims=True)
            found[part] = (points[part] - a[:, None] * (exponents @ sample)) / q[:, None]
        return found

    return predict


def gaussian_noise() -> Predictor:
    r"""Return the exact predictor of the population :math:`N(0,I)`.

    .. math:: \hat\xi(y) = qy

    from the regression of the noise on y, whose variance is one.

    Returns
    -------
    callable
        The predictor.

    Notes
    -----
    Claim ``B.nonlinear``.

    Examples
    --------
    >>> float(gaussian_noise()(np.ones((1, 1)), np.zeros(1))[0, 0] ** 2).__round__(12)
    0.5
    """

    def predict(y: FloatArray, log_signal: FloatArray) -> FloatArray:
        levels = np.broadcast_to(np.asarray(log_signal, dtype=np.float64), len(y))
        product: FloatArray = _coefficients(levels)[1][:, None] * y
        return product

    return predict


def noise_levels(count: int, *, low: float, high: float) -> FloatArray:
    r"""Return equally spaced values of :math:`\log\gamma`, from noise to data.

    Parameters
    ----------
    count : int
        Number of evaluations, >= 2.
    low, high : float
        Ends.

    Returns
    -------
    numpy.ndarray, shape (count,)
        Increasing values.

    Examples
    --------
    >>> noise_levels(3, low=-1.0, high=1.0).tolist()
    [-1.0, 0.0, 1.0]
    """
    return np.linspace(low, high, check_count(count, name="count", minimum=2))


def sample_points(
    predict: Predictor, count: int, dimension: int, *, levels: ArrayLike, rng: np.random.Generator
) -> FloatArray:
    r"""Sample along the deterministic path of a noise predictor.

    .. math:: y' = a'\hat x+q'\hat\xi(y),\qquad \hat x = \frac{y-q\hat\xi(y)}a

    from standard normal y at the first level; the last step returns :math:`\hat x` (DDIM).

    Parameters
    ----------
    predict : callable
        The predictor.
    count, dimension : int
        Number of points and d, >= 1.
    levels : array_like, shape (K,)
        Increasing :math:`\log\gamma`.
    rng : numpy.random.Generator
        Draws the starting points.

    Returns
    -------
    numpy.ndarray, shape (count, d)
        Points in the units of the data.

    Raises
    ------
    ValueError
        If the levels do not increase or a size is out of range.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.fig4``, ``B.params``. Cost: K evaluations of the predictor.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> levels = noise_levels(40, low=-6.0, high=6.0)
    >>> found = sample_points(empirical_noise([[1.0], [-2.0]]), 50, 1, levels=levels, rng=rng)
    >>> sorted(set(found[:, 0].round(6).tolist()))
    [-2.0, 1.0]
    """
    check_function(predict, name="predict")
    check_rng(rng)
    path = check_finite_array(levels, name="levels", ndim=1, min_size=1)
    if bool((np.diff(path) <= 0.0).any()):
        raise ValueError("levels did not increase; sampling goes from noise to data")
    size = check_count(count, name="count")
    y = rng.standard_normal((size, check_count(dimension, name="dimension")))
    a, q = _coefficients(path)
    for k in range(len(path) - 1):
        noise = predict(y, np.full(size, path[k]))
        y -= q[k] * noise
        y *= a[k + 1] / a[k]
        y += q[k + 1] * noise
    clean: FloatArray = (y - q[-1] * predict(y, np.full(size, path[-1]))) / a[-1]
    return clean


def _coefficients(log_signal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a and q."""
    a: FloatArray = np.sqrt(1.0 / (1.0 + np.exp(-log_signal)))
    q: FloatArray = np.sqrt(1.0 / (1.0 + np.exp(log_signal)))
    return a, q
