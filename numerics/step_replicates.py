r"""Independent replicates of what a K-step sampler with a fitted linear score generates.

A training set of isotropic Gaussian data enters through its sample mean and the eigenvalues of its
sample covariance (by singular values of centred data). The sampler is run on them
(`numerics.sampling_steps`), and the generated Gaussian is compared with the sampling law and with
the training set.
"""

from dataclasses import dataclass

import numpy as np

from numerics.sampling_steps import Scheme, Start, sampler_spectrum
from numerics.validation import FloatArray, check_count, check_positive, check_real, check_rng

__all__ = ["FittedSpectra", "StepReplicates", "fitted_spectra", "step_replicates"]


@dataclass(frozen=True, kw_only=True)
class FittedSpectra:
    r"""Sample means and covariances of independent training sets, in eigencoordinates.

    Attributes
    ----------
    eigenvalues : numpy.ndarray, shape (count, d)
        Of :math:`X_c^\top X_c/m`, in units of :math:`s_d^2`.
    mean : numpy.ndarray, shape (count, d)
        :math:`\bar x/s_d`.
    truth : numpy.ndarray, shape (count, d)
        :math:`\mu_0/s_d`.
    n : int
        Number of points.
    """

    eigenvalues: FloatArray
    mean: FloatArray
    truth: FloatArray
    n: int


@dataclass(frozen=True, kw_only=True)
class StepReplicates:
    r"""Replicates of quantities of the generated law :math:`N(m_G, \mathrm{diag}\,V)`.

    Attributes
    ----------
    kl, kl_reverse : numpy.ndarray, shape (count,)
        :math:`KL(\rho_G\Vert\rho)` and :math:`KL(\rho\Vert\rho_G)`.
    gap : numpy.ndarray, shape (count,)
        Mean of :math:`\log\rho_G` over the training set less its mean over fresh points: how much
        better the model knows the training set.
    variance : numpy.ndarray, shape (count,)
        :math:`\mathrm{tr}\,V/(ds_d^2)`.
    """

    kl: FloatArray
    kl_reverse: FloatArray
    gap: FloatArray
    variance: FloatArray


def fitted_spectra(
    rng: np.random.Generator, count: int, *, n: int, d: int, s_d: float = 1.0, mean: float = 0.0
) -> FittedSpectra:
    """Draw training sets and keep their sample means and covariance eigenvalues.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of training sets, >= 1.
    n, d : int
        Points (>= 2) and dimension (>= 1).
    s_d : float
        Standard deviation of a coordinate, > 0.
    mean : float
        The same mean for every coordinate.

    Returns
    -------
    FittedSpectra
        Everything in units of the data and in the eigenbasis of the sample covariance.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.exactreverse``, ``B.steps``. One singular value decomposition a training set.

    Examples
    --------
    >>> fitted_spectra(np.random.default_rng(0), 3, n=4, d=2).eigenvalues.shape
    (3, 2)
    """
    check_rng(rng)
    number = check_count(count, name="count")
    size, dimension = check_count(n, name="n", minimum=2), check_count(d, name="d")
    scale = check_positive(s_d, name="s_d")
    centre = check_real(mean, name="mean") / scale
    eigenvalues = np.zeros((number, dimension))
    means = np.empty((number, dimension))
    truths = np.empty((number, dimension))
    for k in range(number):
        points = centre + rng.standard_normal((size, dimension))
        average = points.mean(axis=0)
        _, singular, axes = np.linalg.svd(points - average, full_matrices=True)
        rank = min(size - 1, dimension)
        eigenvalues[k, :rank] = singular[:rank] ** 2 / (size - 1)
        means[k] = axes @ average
        truths[k] = axes @ np.full(dimension, centre)
    return FittedSpectra(eigenvalues=eigenvalues, mean=means, truth=truths, n=size)


def step_replicates(
    spectra: FittedSpectra,
    *,
    scheme: Scheme | None,
    steps: int,
    T: float,
    noise_scale: float,
    start: Start = "matched",
) -> StepReplicates:
    r"""Run a sampler on fitted spectra and compare what it generates.

    Parameters
    ----------
    spectra : FittedSpectra
        Training sets.
    scheme : {"em", "euler", "ddpm", "ddim"} or None
        Sampler; None for the exact reverse process, which returns the fitted Gaussian.
    steps : int
        Number of steps, >= 1 (ignored without a scheme).
    T, noise_scale : float
        Diffusion time and noise scale in units of the data, :math:`\lambda/s_d^2`; > 0.
    start : {"matched", "prior"}
        Law at which generation starts.

    Returns
    -------
    StepReplicates
        One value for each training set; infinite where the generated law is singular.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.steps``, ``B.discretisation``.

    Examples
    --------
    >>> drawn = fitted_spectra(np.random.default_rng(0), 50, n=9, d=2)
    >>> found = step_replicates(drawn, scheme="ddpm", steps=5, T=1.0, noise_scale=1.0)
    >>> exact = step_replicates(drawn, scheme=None, steps=1, T=1.0, noise_scale=1.0)
    >>> bool((found.variance < exact.variance).all())
    True
    """
    if scheme is None:
        variance, factor = spectra.eigenvalues, np.ones_like(spectra.eigenvalues)
    else:
        variance, factor = sampler_spectrum(
            spectra.eigenvalues,
            scheme=scheme,
            steps=steps,
            T=T,
            noise_scale=noise_scale,
            start=start,
        )
    error = factor * spectra.mean - spectra.truth
    shift = (factor - 1.0) * spectra.mean
    n = spectra.n
    with np.errstate(divide="ignore", invalid="ignore"):
        # A direction without variance makes both divergences infinite; the gap is then not defined.
        logs = np.log(variance)
        kl = 0.5 * (variance + error**2 - 1.0 - logs).sum(axis=-1)
        reverse = 0.5 * ((1.0 + error**2) / variance - 1.0 + logs).sum(axis=-1)
        train = (spectra.eigenvalues * (n - 1) / n + shift**2) / variance
        gap = 0.5 * ((1.0 + error**2) / variance - train).sum(axis=-1)
    singular = (variance <= 0).any(axis=-1)
    reverse[singular], gap[singular] = np.inf, np.nan
    return StepReplicates(kl=kl, kl_reverse=reverse, gap=gap, variance=variance.mean(axis=-1))
