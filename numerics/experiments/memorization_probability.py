r"""P(Delta > 0) of the linear model against the number of training points, with its nulls.

The setting of the public code: T = 2, noise scale e^-4, s_d = 1, the variance of generation
estimated. Variants of one replicate share its data:

- ``right``: the generated law as it is, with covariance :math:`s^2BB^\top`;
- ``code``: the covariance of the code, :math:`s^2B^\top B`;
- ``fresh``: the generated law of ``right``, but a fresh set in place of the training set: the model
  has never seen it, so nothing can be memorized;
- ``population``: the law of infinitely many samples, :math:`N(\mu_0,R^2s_d^2I)`, and a fresh set:
  neither training nor memory;
- ``equal``: as ``right`` with N = n, so that both kernel densities have one width;
- ``equal_fresh``: as ``fresh`` with N = n; its probability is 1/2 by symmetry.
"""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.kernel_metrics import KernelMetrics, gaussian_metrics, reference_set
from numerics.linear_denoiser import (
    GeneratedLaw,
    fit_linear_denoiser,
    forward_coefficients,
    generated_law,
    sample_training_set,
)
from numerics.linear_simulation import divergences_to_isotropic

__all__ = ["EXPERIMENT", "NUMBERS", "VARIANTS", "run"]

TIME: Final = 2.0
NOISE_SCALE: Final = math.exp(-4.0)
ORIGINAL: Final = 10_000

NUMBERS: Final = {
    16: (4, 8, 12, 14, 16, 17, 18, 20, 24, 32, 64, 160, 640, 2560),
    100: (25, 50, 75, 90, 100, 101, 102, 110, 125, 150, 200, 400, 1000, 4000),
}
"""Numbers of training points by dimension, on both sides of it."""

VARIANTS: Final = ("right", "code", "fresh", "population", "equal", "equal_fresh")


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return blocks of replicates; each draws its own original sets, shared by all n."""
    blocks = {16: (4, 10), 100: (4, 4)} if profile == "quick" else {16: (40, 10), 100: (40, 10)}
    return [
        {"d": d, "block": block, "replicates": size, "original": ORIGINAL}
        for d, (count, size) in blocks.items()
        for block in range(count)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return the replicates of one block.

    Parameters
    ----------
    parameters
        ``d`` (16 or 100), ``block`` (keys the stream), ``replicates``, ``original`` (N).
    checkpoint
        Not used: a block takes seconds.

    Returns
    -------
    dict of ndarray
        ``n`` (k,); ``sign`` (k, replicates, 6) in the order of `VARIANTS`; ``relative`` (k,
        replicates, 2): the squared distances to train and original less the norm of the generated
        density, in units of the squared norm of the population density; ``log_norm`` (k,
        replicates): that norm's logarithm, ``inf`` for n <= d; ``log_affinity`` (k, replicates).

    Notes
    -----
    Claims ``B.pdelta``, ``B.transition``, ``B.circular``, ``B.fig2``, ``B.fig3``. Cost of a
    replicate: the pairs of the original set, :math:`N^2d`, and :math:`3Nd^2` for each n.

    Examples
    --------
    >>> run({"d": 16, "block": 0, "replicates": 1, "original": 50}, None)["sign"].shape
    (14, 1, 6)
    """
    d, count = int(parameters["d"]), int(parameters["replicates"])
    size = int(parameters["original"])
    rng = np.random.default_rng([20241118, d, int(parameters["block"])])
    numbers = NUMBERS[d]
    shape = (len(numbers), count)
    found: dict[str, NDArray[Any]] = {
        "n": np.array(numbers),
        "sign": np.zeros((*shape, len(VARIANTS)), dtype=np.int8),
        "relative": np.empty((*shape, 2)),
        "log_norm": np.empty(shape),
        "log_affinity": np.empty(shape),
    }
    for replicate in range(count):
        original = reference_set(rng.standard_normal((size, d)), s_d=1.0, precision="single")
        for k, n in enumerate(numbers):
            signs, metrics, affinity = _replicate(rng, n, d, original)
            found["sign"][k, replicate] = signs
            found["relative"][k, replicate] = _relative(metrics)
            found["log_norm"][k, replicate] = metrics.log_generated - _unit(d)
            found["log_affinity"][k, replicate] = affinity
    return found


def _replicate(
    rng: np.random.Generator, n: int, d: int, original: Any
) -> tuple[list[int], KernelMetrics, float]:
    """Return the sign of every variant, the metrics of the first, and the log affinity."""
    data = sample_training_set(rng, n=n, d=d, T=TIME, noise_scale=NOISE_SCALE, s_d=1.0)
    fit = fit_linear_denoiser(data.clean, data.noised)
    law = generated_law(
        fit, data.clean, T=TIME, noise_scale=NOISE_SCALE, s_d=1.0, spread="empirical"
    )
    code = GeneratedLaw(
        mean=law.mean, factor=np.ascontiguousarray(law.factor.T), variance_ratio=law.variance_ratio
    )
    contraction, noise_variance = forward_coefficients(TIME, NOISE_SCALE)
    limit = contraction / math.sqrt(contraction**2 + noise_variance)
    population = GeneratedLaw(mean=np.zeros(d), factor=limit * np.eye(d), variance_ratio=1.0)
    train = reference_set(data.clean, s_d=1.0)
    fresh, other = (reference_set(rng.standard_normal((n, d)), s_d=1.0) for _ in range(2))
    first = gaussian_metrics(law, train, original, rank=fit.rank)
    metrics = (
        first,
        gaussian_metrics(code, train, original, rank=fit.rank),
        gaussian_metrics(law, fresh, original, rank=fit.rank),
        gaussian_metrics(population, fresh, original, rank=d),
        gaussian_metrics(law, train, other, rank=fit.rank),
        gaussian_metrics(law, fresh, other, rank=fit.rank),
    )
    affinity = divergences_to_isotropic(law.mean, law.factor, rank=fit.rank)[3]
    return [m.delta.sign for m in metrics], first, affinity


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    return int(parameters["replicates"]) * (0.3 if parameters["d"] == 16 else 1.5)


def _unit(d: int) -> float:
    """Return the logarithm of the squared norm of the population density."""
    return -0.5 * d * math.log(4.0 * math.pi)


def _relative(metrics: KernelMetrics) -> tuple[float, float]:
    """Return both squared distances less the norm they share, over that of the population."""
    unit = metrics.train.log_diagonal
    values = [
        1.0 + math.exp(reference.log_pairs - unit) - 2.0 * math.exp(cross - unit)
        for reference, cross in (
            (metrics.train, metrics.log_cross_train),
            (metrics.original, metrics.log_cross_original),
        )
    ]
    return values[0], values[1]


EXPERIMENT: Final = Experiment(
    name="B.pdelta",
    says="P(Delta > 0) against n at d = 16 and 100: right and printed covariance, and two nulls.",
    cells=_cells,
    run=run,
    cost=_cost,
)
