r"""Generators that realise the three ways in which P(Delta > 0) was said to rise.

The first two generators are mixtures of kernel densities, so that all distances are sums over
pairs; their ``share`` runs from memory to none.

- ``mixture``: :math:`(1-t)\rho_T+t\rho_O`: :math:`E_{TG}` rises and :math:`E_{OG}` falls;
- ``replaced``: two fifths of :math:`\rho_O` and three fifths of n points, of which the share t is
  fresh and the rest training points: :math:`E_{TG}` rises, and :math:`E_{OG}` stays, since fresh
  and training points are exchangeable for it;
- ``linear``: the linear model with more and more training points, from just above the dimension.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.kernel_density import kernel_width, log_overlap_across
from numerics.kernel_metrics import (
    KernelMetrics,
    expected_reference,
    gaussian_metrics,
    reference_set,
)
from numerics.linear_denoiser import fit_linear_denoiser, generated_law, sample_training_set

__all__ = ["EXPERIMENT", "LINEAR_NUMBERS", "SHARES", "run"]

TIME: Final = 2.0
NOISE_SCALE: Final = math.exp(-4.0)

SHARES: Final = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
"""Share of what is not memory, for the first two generators."""

ORIGINAL_WEIGHT: Final = 0.4
"""Weight of the original density in the second generator."""

LINEAR_NUMBERS: Final = (17, 18, 20, 24, 32, 48, 64, 96, 160, 320, 640)
"""Training points of the third, in 16 dimensions."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return one cell for each generator and block of replicates."""
    blocks, size = (2, 10) if profile == "quick" else (10, 20)
    return [
        {
            "generator": generator,
            "d": 16,
            "n": 32,
            "original": 10_000 if generator == "linear" else 500,
            "block": block,
            "replicates": size,
        }
        for generator in ("mixture", "replaced", "linear")
        for block in range(blocks)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return the replicates of one generator.

    Parameters
    ----------
    parameters
        ``generator`` (mixture, replaced, linear), ``d``, ``n``, ``original``, ``block`` (keys the
        stream), ``replicates``.
    checkpoint
        Not used: a cell takes seconds.

    Returns
    -------
    dict of ndarray
        ``x`` (k,): shares, or numbers of training points; ``relative`` (k, replicates, 2): both
        squared distances over the squared norm of the population density, less that of the
        generated law for ``linear``; ``log_norm`` (k, replicates): logarithm of what was taken
        off, in the same unit; ``sign`` (k, replicates).

    Notes
    -----
    Claims ``B.scenarios``, ``B.fig1``. Cost: some products of N x d by d x N for each value.

    Examples
    --------
    >>> parameters = {
    ...     "generator": "mixture",
    ...     "d": 4,
    ...     "n": 6,
    ...     "original": 20,
    ...     "block": 0,
    ...     "replicates": 1,
    ... }
    >>> run(parameters, None)["relative"].shape
    (9, 1, 2)
    """
    d, n, size = (int(parameters[name]) for name in ("d", "n", "original"))
    count, generator = int(parameters["replicates"]), str(parameters["generator"])
    kinds = ("mixture", "replaced", "linear")
    if generator not in kinds:
        raise ValueError(f"generator was {generator!r}; one of {', '.join(kinds)} would do")
    key = [20241119, kinds.index(generator), int(parameters["block"])]
    places = LINEAR_NUMBERS if generator == "linear" else SHARES
    relative = np.empty((len(places), count, 2))
    norm, sign = np.full((len(places), count), -np.inf), np.zeros((len(places), count), np.int8)
    for replicate in range(count):
        rng = np.random.default_rng([*key, replicate])
        for k, place in enumerate(places):
            if generator == "linear":
                metrics = _linear(rng, d, round(place), size)
                norm[k, replicate] = metrics.log_generated - _unit(d)
                relative[k, replicate] = _relative(metrics, d)
                sign[k, replicate] = metrics.delta.sign
            else:
                squares = _mixed(rng, d, n, size, place, pure=generator == "mixture")
                relative[k, replicate] = squares
                sign[k, replicate] = np.sign(squares[0] - squares[1])
    return {"x": np.array(places), "relative": relative, "log_norm": norm, "sign": sign}


def _mixed(
    rng: np.random.Generator, d: int, n: int, size: int, share: float, *, pure: bool
) -> tuple[float, float]:
    """Return both squared distances of a mixture of kernel densities, in the unit of `run`."""
    width, wide = (kernel_width(count, d, s_d=1.0) for count in (n, size))
    train, original = rng.standard_normal((n, d)), rng.standard_normal((size, d))
    fresh = rng.standard_normal((n, d))
    kept = round((1.0 - share) * n)
    sets = [(train, width), (original, wide), (train[:kept], width), (fresh[kept:], width)]
    weights = (
        np.array([1.0 - share, share, 0.0, 0.0])
        if pure
        else np.array(
            [
                0.0,
                ORIGINAL_WEIGHT,
                (1.0 - ORIGINAL_WEIGHT) * kept / n,
                (1.0 - ORIGINAL_WEIGHT) * (1.0 - kept / n),
            ]
        )
    )
    used = [k for k, (points, _) in enumerate(sets) if len(points)]
    gram = np.zeros((4, 4))
    for i in used:
        for j in used:
            (a, width_a), (b, width_b) = sets[i], sets[j]
            log = log_overlap_across(a, b, width_a=width_a, width_b=width_b)
            gram[i, j] = math.exp(log - _unit(d))
    gaps = (weights - np.eye(4)[k] for k in (0, 1))
    to_train, to_original = (float(gap @ gram @ gap) for gap in gaps)
    return to_train, to_original


def _linear(rng: np.random.Generator, d: int, n: int, size: int) -> KernelMetrics:
    """Return the metrics of the linear model, averaged over the original set."""
    data = sample_training_set(rng, n=n, d=d, T=TIME, noise_scale=NOISE_SCALE, s_d=1.0)
    fit = fit_linear_denoiser(data.clean, data.noised)
    law = generated_law(
        fit, data.clean, T=TIME, noise_scale=NOISE_SCALE, s_d=1.0, spread="empirical"
    )
    original = expected_reference(np.zeros(d), N=size, s_d=1.0)
    return gaussian_metrics(law, reference_set(data.clean, s_d=1.0), original, rank=fit.rank)


def _unit(d: int) -> float:
    """Return the logarithm of the squared norm of the population density."""
    return -0.5 * d * math.log(4.0 * math.pi)


def _relative(metrics: KernelMetrics, d: int) -> tuple[float, float]:
    """Return both squared distances less the norm of the generated law, which they share."""
    found = []
    for reference, cross in (
        (metrics.train, metrics.log_cross_train),
        (metrics.original, metrics.log_cross_original),
    ):
        norm = float(np.logaddexp(reference.log_diagonal, reference.log_pairs))
        found.append(math.exp(norm - _unit(d)) - 2.0 * math.exp(cross - _unit(d)))
    return found[0], found[1]


EXPERIMENT: Final = Experiment(
    name="B.scenarios",
    says="Both distances and P(Delta > 0) for generators from memory to none.",
    cells=_cells,
    run=run,
)
