r"""Simulate the linear one-step model for Gaussian data of any covariance, of any rank.

Data :math:`x=\mu_0+A z` with a d x k factor, so k < d is data on a subspace. Drawn, noised and
fitted as in `numerics.linear_denoiser`; the generated law is compared with the sampling law within
the data's own subspace, where alone it can have a density.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from numerics.linear_denoiser import fit_linear_denoiser, forward_coefficients
from numerics.validation import FloatArray, check_count, check_finite_array, check_rng

__all__ = ["SpectrumReplicates", "StartLaw", "compared_fits", "spectrum_replicates"]

StartLaw = Literal["matched", "isotropic"]
"""Where generation starts: at the covariance of the noised data, or at its mean variance."""


@dataclass(frozen=True, kw_only=True)
class SpectrumReplicates:
    r"""Replicates for data with k positive eigenvalues in d dimensions.

    Attributes
    ----------
    trace : numpy.ndarray, shape (count,)
        Total generated variance over that of the data.
    whitened_trace : numpy.ndarray, shape (count,)
        :math:`\mathrm{tr}\,\Sigma^+\Sigma_G`.
    rank : numpy.ndarray, shape (count,)
        Rank of the generated covariance.
    leakage : numpy.ndarray, shape (count,)
        Share of the generated variance outside the data's subspace.
    kl : numpy.ndarray, shape (count,)
        :math:`KL(\rho_G\Vert\rho)` within the subspace; ``inf`` if the generated law is singular.
    exact_kl : numpy.ndarray, shape (count,)
        The same for the exact reverse process, i.e. the sample Gaussian.
    """

    trace: FloatArray
    whitened_trace: FloatArray
    rank: FloatArray
    leakage: FloatArray
    kl: FloatArray
    exact_kl: FloatArray


def spectrum_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    n: int,
    spectrum: ArrayLike,
    T: float,
    noise_scale: float,
    start: StartLaw = "matched",
) -> SpectrumReplicates:
    r"""Draw training sets of a given covariance spectrum, fit, and compare.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    n : int
        Number of points, >= 2.
    spectrum : array_like, shape (d,)
        Eigenvalues of the data's covariance, >= 0, at least one positive, positive ones first.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.
    start : {"matched", "isotropic"}
        Covariance at which generation starts.

    Returns
    -------
    SpectrumReplicates
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.aniso``, ``B.lowrank``. Two singular value decompositions a training set.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = spectrum_replicates(rng, 3, n=4, spectrum=[1.0, 0.0], T=1.0, noise_scale=1.0)
    >>> found.rank.tolist(), bool(np.isfinite(found.kl).all())
    ([1.0, 1.0, 1.0], True)
    """
    check_rng(rng)
    values = _checked(spectrum)
    number, size = check_count(count, name="count"), check_count(n, name="n", minimum=2)
    a, q2 = forward_coefficients(T, noise_scale)
    d = values.size
    noised_variances = a**2 * values + q2
    if start == "matched":
        begun = np.sqrt(noised_variances)
    elif start == "isotropic":
        begun = np.full(d, np.sqrt(noised_variances.mean()))
    else:
        raise ValueError(f'start was {start!r}; it must be "matched" or "isotropic"')
    scales = np.sqrt(values)

    def pairs() -> Iterator[tuple[FloatArray, FloatArray]]:
        for _ in range(number):
            clean = scales * rng.standard_normal((size, d))
            yield clean, a * clean + np.sqrt(q2) * rng.standard_normal((size, d))

    return compared_fits(pairs(), values, begun=begun, a=a)


def compared_fits(
    pairs: Iterable[tuple[FloatArray, FloatArray]],
    spectrum: FloatArray,
    *,
    begun: FloatArray,
    a: float,
) -> SpectrumReplicates:
    """Fit the denoiser to training sets and compare what it generates with the population.

    Parameters
    ----------
    pairs : iterable of tuple of numpy.ndarray, shape (n, d)
        Clean and noised data in the eigenbasis of the population, whose mean is 0.
    spectrum : numpy.ndarray, shape (d,)
        Eigenvalues of the population's covariance, positive ones first.
    begun : numpy.ndarray, shape (d,)
        Standard deviations at which generation starts.
    a : float
        Contraction of the forward process.

    Returns
    -------
    SpectrumReplicates
        One value for each pair.

    Notes
    -----
    Claims ``B.aniso``, ``B.lowrank``, ``B.realdata``.

    Examples
    --------
    >>> clean = np.array([[1.0], [-1.0]])
    >>> compared_fits([(clean, clean)], np.ones(1), begun=np.ones(1), a=1.0).rank.tolist()
    [1.0]
    """
    k = int((spectrum > 0).sum())
    scales = np.sqrt(spectrum[:k])
    rows = []
    for clean, noised in pairs:
        fit = fit_linear_denoiser(clean, noised)
        factor, average = fit.weights * begun, clean.mean(axis=0)
        mean = fit.intercept + a * (fit.weights @ average)
        inside = factor[:k] / scales[:, None]
        sampled = (clean - average)[:, :k].T / scales[:, None] / np.sqrt(len(clean) - 1)
        total = float((factor**2).sum())
        rows.append(
            (
                total / float(spectrum.sum()),
                float((inside**2).sum()),
                float(np.linalg.matrix_rank(factor)),
                float((factor[k:] ** 2).sum()) / total,
                _divergence(inside, mean[:k] / scales),
                _divergence(sampled, average[:k] / scales),
            )
        )
    names = ("trace", "whitened_trace", "rank", "leakage", "kl", "exact_kl")
    columns = np.array(rows).T
    return SpectrumReplicates(**dict(zip(names, columns, strict=True)))


def _checked(spectrum: ArrayLike) -> FloatArray:
    values = check_finite_array(spectrum, name="spectrum", ndim=1, min_size=1)
    positive = int((values > 0).sum())
    if bool((values < 0).any()) or positive == 0 or bool((values[:positive] <= 0).any()):
        raise ValueError(
            f"spectrum was {values.tolist()}; it must be >= 0 with the positive entries first"
        )
    return values


def _divergence(factor: FloatArray, shift: FloatArray) -> float:
    """Return the divergence of N(shift, F F^T) from the standard law; inf if it is singular."""
    widths = np.linalg.svd(factor, compute_uv=False)
    # A direction that no point explores has a singular value at rounding level.
    if widths.size < shift.size or widths[-1] <= 1e-10 * widths[0]:
        return float(np.inf)
    quadratic = (widths**2).sum() + (shift**2).sum() - shift.size
    return float(0.5 * quadratic - np.log(widths).sum())
