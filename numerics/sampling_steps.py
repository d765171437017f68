r"""Samplers of a diffusion model step by step, for the score of a Gaussian.

Four samplers on the uniform grid of times :math:`t_k=kT/K`: Euler-Maruyama for the reverse
equation ("em"), Euler's method for the probability flow ("euler"), ancestral sampling with the
posterior variance ("ddpm") and its deterministic variant ("ddim"). With the score of a Gaussian
every step is an affine map of the point plus independent noise, so mean and covariance are
propagated exactly, as matrices (`sampler_moments`) or, where all matrices commute, eigenvalue by
eigenvalue (`sampler_spectrum`).
"""

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from numerics.linear_denoiser import forward_coefficients
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_symmetric,
)

__all__ = ["SCHEMES", "Scheme", "Start", "sampler_moments", "sampler_spectrum"]

Scheme = Literal["em", "euler", "ddpm", "ddim"]
"""The sampler."""

SCHEMES: Final[tuple[Scheme, ...]] = ("em", "euler", "ddpm", "ddim")

Start = Literal["matched", "prior"]
"""Where generation starts: at the noised fit N(a m, a^2 C + q^2 I), or at N(0, lambda I)."""


def sampler_moments(
    mean: ArrayLike,
    covariance: ArrayLike,
    *,
    scheme: Scheme,
    steps: int,
    T: float,
    noise_scale: float,
    start: Start = "matched",
) -> tuple[FloatArray, FloatArray]:
    r"""Propagate mean and covariance through the steps of a sampler.

    .. math:: y\mapsto My+b+\text{noise of covariance }\beta I:\quad
              \mu\mapsto M\mu+b,\qquad C\mapsto MCM^\top+\beta I

    The score at time t is :math:`-(a^2\Sigma+q^2I)^{-1}(y-am)`. The last ancestral step adds no
    noise. Cost :math:`O(Kd^3)`.

    Parameters
    ----------
    mean : array_like, shape (d,)
        :math:`m`, the mean behind the score.
    covariance : array_like, shape (d, d)
        :math:`\Sigma`, symmetric, positive semidefinite.
    scheme : {"em", "euler", "ddpm", "ddim"}
        Sampler.
    steps : int
        :math:`K\ge1`.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.
    start : {"matched", "prior"}
        Law at which generation starts.

    Returns
    -------
    tuple of numpy.ndarray
        Generated mean, shape (d,), and covariance, shape (d, d).

    Raises
    ------
    ValueError
        If an argument is out of range or a word is none of those above.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> moments = sampler_moments([0.0], [[1.0]], scheme="ddim", steps=1, T=1.0, noise_scale=1.0)
    >>> round(float(moments[1][0, 0]), 6), round(float(np.exp(-2.0)), 6)
    (0.135335, 0.135335)
    """
    sigma = check_symmetric(covariance, name="covariance")
    m = check_finite_array(mean, name="mean", ndim=1)
    if m.size != sigma.shape[0]:
        raise ValueError(f"mean had shape {m.shape}; it must be ({sigma.shape[0]},)")
    a, noises, length = _grid(steps, T, noise_scale)
    eye = np.eye(m.size)
    noised = a[-1] ** 2 * sigma + noises[-1] * eye
    current, spread = _started(start, a[-1] * m, noised, noise_scale * eye)
    for k in range(len(a) - 2, -1, -1):
        clock = a[k + 1] ** 2 * sigma + noises[k + 1] * eye
        precision = np.linalg.solve(clock, eye)
        if scheme in {"em", "euler"}:
            weight = noise_scale * (2.0 if scheme == "em" else 1.0) * length
            matrix = (1.0 + length) * eye - weight * precision
            offset = weight * a[k + 1] * (precision @ m)
            fresh = 2.0 * noise_scale * length if scheme == "em" else 0.0
        else:
            denoiser = a[k + 1] * sigma @ precision
            clean, own, fresh = _mixing(scheme, a[k], noises[k], a[k + 1], noises[k + 1])
            matrix = clean * denoiser + own * eye
            offset = clean * (m - a[k + 1] * (denoiser @ m))
        current = matrix @ current + offset
        spread = matrix @ spread @ matrix.T + fresh * eye
    return current, 0.5 * (spread + spread.T)


def sampler_spectrum(
    eigenvalues: ArrayLike,
    *,
    scheme: Scheme,
    steps: int,
    T: float,
    noise_scale: float,
    start: Start = "matched",
) -> tuple[FloatArray, FloatArray]:
    r"""Propagate variances eigenvalue by eigenvalue, for any number of spectra at once.

    Parameters
    ----------
    eigenvalues : array_like
        :math:`\varsigma\ge0` of the covariance behind the score, any shape.
    scheme, steps, T, noise_scale, start
        As for `sampler_moments`.

    Returns
    -------
    tuple of numpy.ndarray
        Generated variances, and the factors M with generated mean M m; shape of ``eigenvalues``.

    Raises
    ------
    ValueError
        If an argument is out of range or a word is none of those above.

    Notes
    -----
    Claim ``B.steps``. Cost K times the number of eigenvalues.

    Examples
    --------
    >>> found = sampler_spectrum([1.0], scheme="ddpm", steps=400, T=1.0, noise_scale=1.0)
    >>> round(float(found[0][0]), 2)
    0.98
    """
    values = check_finite_array(eigenvalues, name="eigenvalues")
    if bool((values < 0).any()):
        raise ValueError(f"eigenvalues had {values.min()}; every entry must be >= 0")
    a, noises, length = _grid(steps, T, noise_scale)
    variance, factor = _started(
        start,
        np.full_like(values, a[-1]),
        a[-1] ** 2 * values + noises[-1],
        np.full_like(values, noise_scale),
    )[::-1]
    for k in range(len(a) - 2, -1, -1):
        clock = a[k + 1] ** 2 * values + noises[k + 1]
        if scheme in {"em", "euler"}:
            pull = noise_scale * (2.0 if scheme == "em" else 1.0) * length / clock
            gain = 1.0 + length - pull
            offset = pull * a[k + 1]
            fresh = 2.0 * noise_scale * length if scheme == "em" else 0.0
        else:
            clean, own, fresh = _mixing(scheme, a[k], noises[k], a[k + 1], noises[k + 1])
            denoiser = a[k + 1] * values / clock
            gain = clean * denoiser + own
            offset = clean * (1.0 - a[k + 1] * denoiser)
        factor = gain * factor + offset
        variance = gain**2 * variance + fresh
    return variance, factor


def _grid(steps: int, T: float, noise_scale: float) -> tuple[FloatArray, FloatArray, float]:
    """Return contraction and noise variance at the times, and the length of a step."""
    count = check_count(steps, name="steps")
    forward_coefficients(T, noise_scale)
    times = np.linspace(0.0, float(T), count + 1)
    return np.exp(-times), -noise_scale * np.expm1(-2.0 * times), float(T) / count


def _started(
    start: Start, mean: FloatArray, noised: FloatArray, prior: FloatArray
) -> tuple[FloatArray, FloatArray]:
    if start == "matched":
        return mean, noised
    if start == "prior":
        return np.zeros_like(mean), prior
    raise ValueError(f'start was {start!r}; it must be "matched" or "prior"')


def _mixing(
    scheme: Scheme, a: float, noise: float, a_above: float, noise_above: float
) -> tuple[float, float, float]:
    """Return weights of the clean point and of the own point, and the added variance."""
    if scheme == "ddpm":
        # Posterior of y given y_above = (a_above/a) y + noise, and y = a x + noise.
        alpha = a_above / a
        added = noise_above - alpha**2 * noise
        return a * added / noise_above, alpha * noise / noise_above, noise * added / noise_above
    if scheme == "ddim":
        ratio = float(np.sqrt(noise / noise_above))
        return a - ratio * a_above, ratio, 0.0
    known = ", ".join(SCHEMES)
    raise ValueError(f"scheme was {scheme!r}; it must be one of {known}")
