"""Independent replicates of the metrics of paper B, from their definitions.

Every function takes a source of randomness ``rng`` and the number ``count`` >= 1 of replicates,
draws a training set of the linear model for each, and returns one quantity of each, an array of
shape (count,); an argument that is out of range raises ``ValueError``. The signal-to-noise ratio
gamma fixes the noise of the forward process; lengths are in units of s_d.
"""

from typing import Any, Literal, TypeAlias

import numpy as np

from numerics.assignment import wasserstein_squared
from numerics.kernel_density import (
    kernel_width,
    log_gaussian_overlaps,
    log_mean_exp,
)
from numerics.kernel_metrics import expected_reference, gaussian_metrics, reference_set
from numerics.linear_denoiser import (
    GeneratedLaw,
    fit_linear_denoiser,
    generate_points,
    generated_law,
    sample_training_set,
)
from numerics.validation import FloatArray, check_count, check_positive, check_rng

__all__ = [
    "Variant",
    "delta_sign_replicates",
    "distance_fall_replicates",
    "memory_replicates",
    "transport_replicates",
]

Variant: TypeAlias = Literal["right", "code", "fresh", "population"]
"""Which law, and which set in the place of the training set."""

_TIME = 2.0


def delta_sign_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    d: int,
    n: int,
    N: int,
    gamma: float,
    variant: Variant = "right",
    averaged: bool = False,
) -> FloatArray:
    r"""Draw the event :math:`\Delta>0`.

    Parameters
    ----------
    d, n, N : int
        Dimension, training points, original points.
    gamma : float
        Signal-to-noise ratio, > 0.
    variant : {"right", "code", "fresh", "population"}
        ``code`` takes :math:`s^2B^\top B`; ``fresh`` puts a fresh set in place of the training
        set; ``population`` does so for the law of infinitely many samples.
    averaged : bool
        Whether :math:`\Delta` is averaged over the original set, exactly, instead of drawing one.

    Returns
    -------
    numpy.ndarray, shape (count,)
        1 where the sign is positive, 0 where it is negative, 1/2 where it is not decided.

    Notes
    -----
    Claims ``B.pdelta``, ``B.transition``, ``B.circular``.

    Examples
    --------
    >>> draw = delta_sign_replicates(np.random.default_rng(0), 2, d=3, n=4, N=9, gamma=1.0)
    >>> set(draw.tolist()) <= {0.0, 0.5, 1.0}
    True
    """
    check_rng(rng)
    signs = np.empty(check_count(count, name="count"))
    for k in range(count):
        law, clean, rank = _trained(rng, d=d, n=n, gamma=gamma)
        if variant == "code":
            turned = np.ascontiguousarray(law.factor.T)
            law = GeneratedLaw(mean=law.mean, factor=turned, variance_ratio=1.0)
        elif variant == "population":
            limit = float(np.sqrt(gamma / (1.0 + gamma)))
            law = GeneratedLaw(mean=np.zeros(d), factor=limit * np.eye(d), variance_ratio=1.0)
            rank = d
        elif variant not in ("right", "fresh"):
            raise ValueError(f"variant was {variant!r}; right, code, fresh or population would do")
        own = clean if variant in ("right", "code") else rng.standard_normal((n, d))
        original = (
            expected_reference(np.zeros(d), N=N, s_d=1.0)
            if averaged
            else reference_set(rng.standard_normal((N, d)), s_d=1.0, precision="single")
        )
        found = gaussian_metrics(law, reference_set(own, s_d=1.0), original, rank=rank)
        signs[k] = 0.5 * (1.0 + found.delta.sign)
    return signs


def memory_replicates(
    rng: np.random.Generator, count: int, *, d: int, n: int, gamma: float
) -> FloatArray:
    r"""Draw the event that the generated law overlaps the training set more than a fresh one.

    Parameters
    ----------
    d, n : int
        Dimension and points of both sets.
    gamma : float
        Signal-to-noise ratio, > 0.

    Returns
    -------
    numpy.ndarray, shape (count,)
        1 or 0.

    Notes
    -----
    Claim ``B.expressive.amended``.

    Examples
    --------
    >>> memory_replicates(np.random.default_rng(0), 2, d=16, n=8, gamma=1.0).tolist()
    [1.0, 1.0]
    """
    events = np.empty(check_count(count, name="count"))
    width = kernel_width(n, d, s_d=1.0)
    for k in range(count):
        law, clean, _ = _trained(rng, d=d, n=n, gamma=gamma)
        own, other = (
            log_mean_exp(log_gaussian_overlaps(points, law.mean, law.factor, width=width))
            for points in (clean, rng.standard_normal((n, d)))
        )
        events[k] = float(own > other)
    return events


def distance_fall_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    d: int,
    n: int,
    later: int,
    N: int,
    gamma: float,
    which: Literal["train", "original"],
    norm: bool = True,
) -> FloatArray:
    r"""Draw by how much a squared distance falls from n to more training points.

    Parameters
    ----------
    d, n, later : int
        Dimension, and the two numbers of training points; n > d.
    N : int
        Original points, over which the distance is averaged exactly.
    gamma : float
        Signal-to-noise ratio, > 0.
    which : {"train", "original"}
        The distance.
    norm : bool
        Whether the norm of the generated density counts, as the definition has it; the public
        code leaves it out.

    Returns
    -------
    numpy.ndarray, shape (count,)
        Differences of logarithms with the norm; without it, of distances in units of the squared
        norm of the population density.

    Notes
    -----
    Claim ``B.scenarios``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> distance_fall_replicates(rng, 2, d=4, n=9, later=9, N=99, gamma=1.0, which="train").shape
    (2,)
    """
    check_rng(rng)
    falls = np.empty(check_count(count, name="count"))
    unit = -0.5 * d * float(np.log(4.0 * np.pi))
    original = expected_reference(np.zeros(d), N=N, s_d=1.0)
    for k in range(count):
        values = []
        for size in (n, later):
            law, clean, rank = _trained(rng, d=d, n=size, gamma=gamma)
            found = gaussian_metrics(law, reference_set(clean, s_d=1.0), original, rank=rank)
            reference = found.train if which == "train" else found.original
            cross = found.log_cross_train if which == "train" else found.log_cross_original
            log = found.log_e_tg if which == "train" else found.log_e_og
            rest = float(np.exp(reference.log_pairs - unit) - 2.0 * np.exp(cross - unit))
            values.append(log if norm else rest)
        falls[k] = values[0] - values[1]
    return falls


def transport_replicates(
    rng: np.random.Generator, count: int, *, d: int, n: int, gamma: float, against: str
) -> FloatArray:
    r"""Draw squared 2-Wasserstein distances by assignment, divided by d.

    Parameters
    ----------
    d, n : int
        Dimension and points of every set.
    gamma : float
        Signal-to-noise ratio, > 0.
    against : {"train", "fresh", "memory", "perfect"}
        Generated points against the training set or a fresh one; the training set against itself;
        two independent sets.

    Notes
    -----
    Claim ``B.w2``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> transport_replicates(rng, 1, d=2, n=5, gamma=1.0, against="memory").tolist()
    [0.0]
    """
    distances = np.empty(check_count(count, name="count"))
    for k in range(count):
        law, clean, _ = _trained(rng, d=d, n=n, gamma=gamma)
        made, fresh = generate_points(rng, law, count=n), rng.standard_normal((n, d))
        pairs: dict[str, tuple[Any, Any]] = {
            "train": (made, clean),
            "fresh": (made, fresh),
            "memory": (clean[::-1], clean),
            "perfect": (fresh, clean),
        }
        if against not in pairs:
            raise ValueError(f"against was {against!r}; {', '.join(pairs)} would do")
        distances[k] = wasserstein_squared(*pairs[against]) / d
    return distances


def _trained(
    rng: np.random.Generator, *, d: int, n: int, gamma: float
) -> tuple[GeneratedLaw, FloatArray, int]:
    noise_scale = 1.0 / (check_positive(gamma, name="gamma") * float(np.expm1(2.0 * _TIME)))
    data = sample_training_set(rng, n=n, d=d, T=_TIME, noise_scale=noise_scale, s_d=1.0)
    fit = fit_linear_denoiser(data.clean, data.noised)
    law = generated_law(
        fit, data.clean, T=_TIME, noise_scale=noise_scale, s_d=1.0, spread="empirical"
    )
    return law, data.clean, fit.rank
