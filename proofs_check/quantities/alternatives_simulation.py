"""Replicates of other samplers and other data under the names of the ledger's symbols.

As `proofs_check.quantities.linear_simulation`: the same stream of random numbers gives the same
replicates, so broken variants of a claim meet the draws of the claim itself.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["low_rank", "plane_trace", "sample_kl", "sampled_steps", "score_distance"]

Array = NDArray[np.float64]
Replicates = Callable[..., Array]
Sampler = Literal["em", "euler", "ddpm", "ddim"]
TIME = 0.75
"""Diffusion time where a claim names the signal-to-noise ratio alone."""


def _stream(rng: np.random.Generator) -> tuple[int, ...]:
    entropy = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    return tuple(int(v) for v in np.atleast_1d(entropy))


def sample_kl(rng: np.random.Generator, count: int, **values: float) -> Array:
    """Return divergences of the sample Gaussian of strongly correlated data."""
    from numerics.linear_reverse import sample_gaussian_replicates

    d = round(values["d"])
    place = np.arange(d)
    # the answer must not depend on the covariance
    covariance = 3.0 * 0.8 ** np.abs(place[:, None] - place)
    size = round(values["m"]) + 1
    return sample_gaussian_replicates(rng, count, n=size, covariance=covariance)


@lru_cache(maxsize=16)
def _spectra(stream: tuple[int, ...], count: int, n: int, d: int) -> Any:
    from numerics.step_replicates import fitted_spectra

    return fitted_spectra(np.random.default_rng(list(stream)), count, n=n, d=d)


def sampled_steps(name: str, scheme: Sampler | None) -> Replicates:
    """Return a replicate function of one field of `numerics.step_replicates.StepReplicates`.

    Parameters
    ----------
    name
        The field.
    scheme
        The sampler; None for the exact reverse process.
    """

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        from numerics.step_replicates import step_replicates

        drawn = _spectra(_stream(rng), count, round(values["m"]) + 1, round(values["d"]))
        found = step_replicates(
            drawn,
            scheme=scheme,
            steps=round(values["K"]),
            T=values["T"],
            noise_scale=values["lambda"],
        )
        chosen: Array = getattr(found, name)
        return chosen

    replicates.__name__ = "sampled_steps"
    return replicates


@lru_cache(maxsize=32)
def _fits(
    stream: tuple[int, ...], count: int, size: int, shape: tuple[int, int], gamma: float
) -> Any:
    from numerics.spectrum_simulation import spectrum_replicates

    k, d = shape
    noise_scale = 1.0 / (gamma * float(np.expm1(2.0 * TIME)))
    spectrum = np.concatenate([np.ones(k), np.zeros(d - k)])
    rng = np.random.default_rng(list(stream))
    return spectrum_replicates(
        rng, count, n=size, spectrum=spectrum, T=TIME, noise_scale=noise_scale
    )


def low_rank(name: str, *, finite: bool = False) -> Replicates:
    """Return replicates of one field of `numerics.spectrum_simulation.SpectrumReplicates`.

    Parameters
    ----------
    name
        The field, for data with k unit variances in d dimensions.
    finite
        Whether to return 1 where the value is finite and 0 elsewhere.
    """

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        shape = (round(values["k"]), round(values["d"]))
        found = _fits(_stream(rng), count, round(values["m"]) + 1, shape, values["gamma"])
        chosen: Array = getattr(found, name)
        return np.isfinite(chosen).astype(np.float64) if finite else chosen

    replicates.__name__ = "low_rank"
    return replicates


def plane_trace(rng: np.random.Generator, count: int, **values: float) -> Array:
    """Return generated total variances of fits to data of two variances in the plane."""
    from numerics.spectrum_simulation import spectrum_replicates

    time = -0.5 * float(np.log(values["a2"]))
    spectrum = np.array([values["s_1"], values["s_2"]])
    found = spectrum_replicates(
        rng,
        count,
        n=round(values["m"]) + 1,
        spectrum=spectrum,
        T=time,
        noise_scale=values["q2"] / (1.0 - values["a2"]),
    )
    scaled: Array = found.trace * spectrum.sum()
    return scaled


def score_distance(rng: np.random.Generator, count: int, **values: float) -> Array:
    """Return squared distances to the training set of points made by the exact empirical score.

    The training set is drawn from a mixture in the plane and kept; generation is the probability
    flow from the noised training set at time 3 down to t.
    """
    from numerics.gaussian_mixture import empirical_score, nearest_distance, sample_mixture
    from numerics.linear_denoiser import forward_coefficients
    from numerics.linear_reverse import simulate_reverse

    data = sample_mixture(rng, 8, d=2, separation=2.0)
    a, q2 = forward_coefficients(3.0, 1.0)
    begun = a * data[rng.integers(8, size=count)] + np.sqrt(q2) * rng.standard_normal((count, 2))

    def score(y: Array, time: float) -> Array:
        return empirical_score(y, data, t=time, noise_scale=1.0)

    made = simulate_reverse(
        rng, score, begun, T=3.0, noise_scale=1.0, steps=200, flow="ode", end=values["t"]
    )
    squares: Array = nearest_distance(made, data) ** 2
    return squares
