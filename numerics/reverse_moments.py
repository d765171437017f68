"""Mean and covariance of what a backward sampler makes with the score of a Gaussian law.

With such a score every step is an affine map plus independent noise, so that both moments follow
a recursion: what the steps, the start and the noise of the last step change is computed without
sampling.
"""

import numpy as np
from numpy.typing import ArrayLike

from numerics.noise_schedule import Marginal
from numerics.reverse_process import ReverseScheme, check_reverse_times
from numerics.score_functions import marginal_coefficients
from numerics.validation import (
    FloatArray,
    check_finite_array,
    check_points_nd,
    check_symmetric,
)

__all__ = ["reverse_moments"]


def reverse_moments(
    mean: ArrayLike,
    covariance: ArrayLike,
    *,
    start_mean: ArrayLike,
    start_covariance: ArrayLike,
    times: ArrayLike,
    scheme: ReverseScheme = ReverseScheme.EULER_MARUYAMA,
    marginal: Marginal = Marginal.PRINTED,
    last_noise: bool = True,
) -> tuple[FloatArray, FloatArray]:
    r"""Propagate mean and covariance through the steps of a sampler.

    .. math:: x\mapsto Gx+b+\text{noise of covariance }\beta I:\qquad
              m\mapsto Gm+b,\quad C\mapsto GCG^\top+\beta I

    with G and b of `sample_reverse` for :math:`s(t,x)=-(\mu^2C_0+\sigma^2I)^{-1}(x-\mu m_0)`, in
    the basis of the eigenvectors of :math:`C_0`, where G is diagonal.

    Parameters
    ----------
    mean, covariance : array_like, shapes (d,) and (d, d)
        m_0 and C_0, the law of the data behind the score.
    start_mean, start_covariance : array_like, shapes (d,) and (d, d)
        The law of the points at the first time.
    times, scheme, last_noise
        As for `sample_reverse`.
    marginal : Marginal
        The factor mu(t) in the score: the paper's or the notebooks'.

    Returns
    -------
    tuple of ndarray
        Mean, shape (d,), and covariance, shape (d, d), at the last time.

    Raises
    ------
    ValueError
        If an argument is out of its domain or the shapes do not fit.

    Notes
    -----
    Claims ``A.code.marginal``, ``A.code.time``. Cost O(K d^2 + d^3) for K steps.

    Examples
    --------
    >>> times = np.linspace(1.0, 0.05, 101)
    >>> law = {"start_mean": [0.0], "start_covariance": [[1.0]], "times": times}
    >>> reverse_moments([0.0], [[4.0]], **law)[1].round(3).tolist()
    [[3.271]]
    """
    spectrum, axes = np.linalg.eigh(check_symmetric(covariance, name="covariance"))
    if spectrum[0] < -1e-12 * np.abs(spectrum).max():
        raise ValueError(
            f"covariance had the eigenvalue {spectrum[0]:.3g}; it must be positive semidefinite"
        )
    spectrum = np.maximum(spectrum, 0.0)
    size = spectrum.size
    spread = check_symmetric(start_covariance, name="start_covariance")
    if spread.shape != axes.shape:
        raise ValueError(f"start_covariance had shape {spread.shape}; it must be {axes.shape}")
    target = _vector(mean, size, "mean") @ axes
    centre = _vector(start_mean, size, "start_mean") @ axes
    spread = axes.T @ spread @ axes
    grid = check_reverse_times(times)
    for k in range(len(grid) - 1):
        now, then = float(grid[k]), float(grid[k + 1])
        gain, offset, noise = _affine(target, spectrum, now, then, scheme, marginal)
        centre = gain * centre + offset
        spread = gain[:, None] * spread * gain
        if last_noise or k < len(grid) - 2:
            spread[np.diag_indices(size)] += noise
    moved = axes @ spread @ axes.T
    return axes @ centre, 0.5 * (moved + moved.T)


def _vector(values: ArrayLike, size: int, name: str) -> FloatArray:
    return check_points_nd(check_finite_array(values, name=name, ndim=1), size, name=name)


def _affine(
    target: FloatArray,
    spectrum: FloatArray,
    now: float,
    then: float,
    scheme: ReverseScheme,
    marginal: Marginal,
) -> tuple[FloatArray, FloatArray, float]:
    """Return gain, offset and variance of the noise of one step, per eigenvector."""
    h = now - then
    pull, towards = _score(target, spectrum, now, marginal)
    if scheme is ReverseScheme.EULER_MARUYAMA:
        return 1.0 + h - 2.0 * h * pull, 2.0 * h * towards, 2.0 * h
    if scheme is ReverseScheme.EXPONENTIAL:
        grown = float(np.expm1(h))
        gain = 1.0 + grown - 2.0 * grown * pull
        return gain, 2.0 * grown * towards, float(np.expm1(2.0 * h))
    gain, offset = 1.0 + h - h * pull, h * towards
    if scheme is ReverseScheme.FLOW_EULER:
        return gain, offset, 0.0
    pull_then, towards_then = _score(target, spectrum, then, marginal)
    half = 0.5 * h
    both = 1.0 + half * (1.0 - pull) + half * (1.0 - pull_then) * gain
    return both, half * (towards + (1.0 - pull_then) * offset + towards_then), 0.0


def _score(
    target: FloatArray, spectrum: FloatArray, time: float, marginal: Marginal
) -> tuple[FloatArray, FloatArray]:
    """Return p and p mu m_0 of the score -p (x - mu m_0), per eigenvector."""
    mu, sigma = marginal_coefficients(time, marginal=marginal)
    pull = 1.0 / (mu**2 * spectrum + sigma**2)
    return pull, pull * mu * target
