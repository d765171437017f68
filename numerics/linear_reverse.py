r"""The exact reverse process with a linear score, integrated numerically; the sample Gaussian.

The moment equations of the reverse equations are integrated in time, and paths can be simulated
with any score. Neither uses a closed form of the result.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from numerics.gaussian_divergences import kl_divergence
from numerics.linear_denoiser import forward_coefficients
from numerics.validation import (
    FloatArray,
    check_count,
    check_covariance,
    check_finite_array,
    check_nonnegative,
    check_positive,
    check_rng,
)

__all__ = [
    "Flow",
    "generated_variance",
    "sample_gaussian_line",
    "sample_gaussian_replicates",
    "simulate_reverse",
]

Flow = Literal["sde", "ode"]
"""The reverse stochastic differential equation, or the probability flow."""


def generated_variance(
    flow: Flow, eigenvalue: float, start: float, *, T: float, noise_scale: float
) -> float:
    r"""Integrate the variance that a reverse process generates in one eigendirection.

    .. math:: \frac{dV}{ds} = 2\Bigl(1-\frac{w\lambda}{c}\Bigr)V+(w-1)2\lambda,\qquad
              w = 2\ \text{(SDE)},\ 1\ \text{(ODE)}

    Parameters
    ----------
    flow : {"sde", "ode"}
        Reverse process.
    eigenvalue : float
        Of the covariance behind the score, > 0.
    start : float
        Variance at time T, >= 0.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.

    Returns
    -------
    float
        Variance at time 0, to about 1e-10 relative.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> round(generated_variance("sde", 2.0, 2.0, T=8.0, noise_scale=1.0), 6)
    2.0
    """
    from scipy.integrate import solve_ivp

    value = check_positive(eigenvalue, name="eigenvalue")
    forward_coefficients(T, noise_scale)
    if flow not in {"sde", "ode"}:
        raise ValueError(f'flow was {flow!r}; it must be "sde" or "ode"')
    weight = 2.0 if flow == "sde" else 1.0

    def rate(s: float, variance: FloatArray) -> FloatArray:
        square = np.exp(-2.0 * (T - s))
        clock = value * square + noise_scale * (1.0 - square)
        slope = 2.0 * (1.0 - weight * noise_scale / clock)
        change: FloatArray = slope * variance + 2.0 * (weight - 1.0) * noise_scale
        return change

    begin = [check_nonnegative(start, name="start")]
    found = solve_ivp(rate, (0.0, T), begin, method="DOP853", rtol=1e-11, atol=1e-13)
    return float(found.y[0, -1])


def simulate_reverse(
    rng: np.random.Generator,
    score: Callable[[FloatArray, float], FloatArray],
    points: ArrayLike,
    *,
    T: float,
    noise_scale: float,
    steps: int,
    flow: Flow = "sde",
    end: float = 0.0,
) -> FloatArray:
    r"""Simulate a reverse process with any score by Euler's method, from T down to ``end``.

    .. math:: dy = (y+w\lambda\,s(y,t))\,ds+\sqrt{(w-1)2\lambda}\,dB

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    score : callable
        Maps points (count, d) and a time to scores (count, d).
    points : array_like, shape (count, d)
        Points at time T.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.
    steps : int
        Number of steps, >= 1; they shrink towards ``end`` in proportion to :math:`e^{2t}-1` as far
        as ``end`` > 0 allows, uniform otherwise.
    flow : {"sde", "ode"}
        Reverse process.
    end : float
        Time at which the simulation stops, in [0, T).

    Returns
    -------
    numpy.ndarray, shape (count, d)
        Points at ``end``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.exactreverse``, ``B.gmm``. Cost: one call of ``score`` a step.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> start = rng.standard_normal((2000, 1))
    >>> made = simulate_reverse(rng, lambda y, t: -y, start, T=2.0, noise_scale=1.0, steps=20)
    >>> bool(abs(made.var() - 1.0) < 0.15)
    True
    """
    check_rng(rng)
    state = check_finite_array(points, name="points", ndim=2).copy()
    count = check_count(steps, name="steps")
    forward_coefficients(T, noise_scale)
    stop = check_nonnegative(end, name="end")
    if stop >= T:
        raise ValueError(f"end was {stop}; it must be below T = {T}")
    if flow not in {"sde", "ode"}:
        raise ValueError(f'flow was {flow!r}; it must be "sde" or "ode"')
    if stop > 0:
        logs = np.linspace(np.log(np.expm1(2.0 * T)), np.log(np.expm1(2.0 * stop)), count + 1)
        times = 0.5 * np.log1p(np.exp(logs))
    else:
        times = np.linspace(T, 0.0, count + 1)
    weight = 2.0 if flow == "sde" else 1.0
    for late, early in pairwise(times):
        length = late - early
        state += length * (state + weight * noise_scale * score(state, float(late)))
        if flow == "sde":
            state += np.sqrt(2.0 * noise_scale * length) * rng.standard_normal(state.shape)
    return state


def sample_gaussian_replicates(
    rng: np.random.Generator, count: int, *, n: int, covariance: ArrayLike
) -> FloatArray:
    r"""Draw replicates of the divergence of the sample Gaussian from the sampling law.

    .. math:: KL\bigl(N(\bar x,S)\Vert N(0,\Sigma)\bigr),\qquad
              S = \frac1{n-1}\sum_i(x_i-\bar x)(x_i-\bar x)^\top

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    n : int
        Number of points, >= d + 1.
    covariance : array_like, shape (d, d)
        :math:`\Sigma`, positive definite.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sample_gaussian_replicates(rng, 2, n=5, covariance=[[1.0]]).shape
    (2,)
    """
    check_rng(rng)
    sigma = check_covariance(covariance)
    d = sigma.shape[0]
    size = check_count(n, name="n", minimum=d + 1)
    factor = np.linalg.cholesky(sigma)
    number = check_count(count, name="count")
    means, spreads = np.empty((number, d)), np.empty((number, d, d))
    for k in range(number):
        points = rng.standard_normal((size, d)) @ factor.T
        means[k] = points.mean(axis=0)
        centred = points - means[k]
        spreads[k] = centred.T @ centred / (size - 1)
    return kl_divergence(means, spreads, np.zeros(d), sigma)


def sample_gaussian_line(*, n: int) -> float:
    r"""Integrate the mean divergence of the sample Gaussian on the line, unbiased variance.

    .. math:: E\,\tfrac12\Bigl[\frac{\chi^2_m}m+\frac1n-1-\log\frac{\chi^2_m}m\Bigr]

    Parameters
    ----------
    n : int
        Number of points, >= 2.

    Returns
    -------
    float
        The mean, to about 1e-11.

    Raises
    ------
    ValueError
        If n < 2.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> round(sample_gaussian_line(n=3), 5)
    0.45527
    """
    from scipy.integrate import quad
    from scipy.special import gammaln

    m = check_count(n, name="n", minimum=2) - 1
    half = 0.5 * m
    shift = half * np.log(2.0) + gammaln(half)

    def integrand(z: float) -> float:
        # In z = log w the density of w has no singularity at 0.
        w = float(np.exp(z))
        density = np.exp(half * z - 0.5 * w - shift)
        return float(0.5 * (w / m + 1.0 / n - 1.0 - z + np.log(m)) * density)

    centre = float(np.log(m))
    # Outside, the density is below e^-40 of its peak.
    low, high = centre - 90.0 / m - 8.0, centre + np.log1p(120.0 / m) + 1.0
    value, _ = quad(integrand, low, high, points=[centre], epsabs=1e-13, epsrel=1e-12, limit=400)
    return float(value)
