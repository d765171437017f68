r"""A trained nonlinear denoiser on isotropic Gaussian data: three metrics against n.

A three-layer ReLU network predicts the noise at all noise levels and is trained until more training
changes little; points are sampled along its deterministic path. Beside it stand the two predictors
that need no training, and a null:

- ``network``: the trained network;
- ``exact``: the exact predictor of the training set, which memorizes completely;
- ``population``: new points of the population, which know nothing of the training set;
- ``fresh``: the network's points with a fresh set of n points in place of the training set.

For every generator the sign of Delta is taken under three metrics, all sets on one scale:

- ``law``: the kernel densities of paper B against the generated law itself. Its norm cancels in
  Delta and its overlaps are means over generated points: the metric of the linear model;
- ``kernel``: the same with a kernel density in place of the law, in batches of generated points;
- ``coordinate``: that of the second program, coordinate by coordinate on a coarse grid, with ten
  generated points at a time.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.coordinate_metric import code_grid, coordinate_densities
from numerics.denoiser_convergence import Trained, predictor_of, train_until_converged
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.kernel_density import kernel_width, log_overlap_across, log_overlap_within
from numerics.kernel_metrics import KernelMetrics, Reference, reference_set
from numerics.nearest_neighbour import memorized_share
from numerics.noise_sampling import empirical_noise, noise_levels, sample_points
from numerics.nonlinear_denoiser import LOG_RANGE, Adam, parameter_count, random_predictor
from numerics.pair_blocks import pair_error
from numerics.random_streams import named_stream
from numerics.validation import FloatArray

__all__ = [
    "EXPERIMENT",
    "GENERATORS",
    "METRICS",
    "SAMPLING_STEPS",
    "law_difference",
    "run",
    "train_denoiser",
    "training_seconds",
]

GENERATORS: Final = ("network", "exact", "population", "fresh")
METRICS: Final = ("law", "kernel", "coordinate")
CODE_POINTS: Final = 10
"""Generated points that the second program compares at a time."""
SAMPLING_STEPS: Final = 40
POINT: Final = 1e-6
"""Width of a generated point, which stands for no kernel at all."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return training sets of every size; ``limit`` is the longest training."""
    common: dict[str, Any] = {"batches": 10, "batch_points": 200}
    if profile == "quick":
        return [
            {**common, "d": 16, "width": 64, "n": n, "limit": 4000, "original": 2000, "seed": seed}
            for n in (4, 16, 64, 256, 1024)
            for seed in range(6)
        ]
    return [
        {**common, "d": d, "width": width, "n": n, "limit": 64000, "original": 10000, "seed": seed}
        for d, width in ((16, 256), (64, 256))
        for n in (4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096)
        for seed in range(20)
    ]


def train_denoiser(
    d: int, width: int, n: int, seed: int, *, limit: int, tolerance: float = 0.03
) -> tuple[FloatArray, Trained]:
    """Return a training set of the population and a network trained on it.

    Parameters
    ----------
    d, width, n : int
        Dimension, width of both hidden layers, number of training points.
    seed : int
        Of data, network and training.
    limit : int
        Largest number of steps.
    tolerance : float
        See `numerics.denoiser_convergence.train_until_converged`.

    Returns
    -------
    tuple
        Training points (n, d), and the network with its path.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.params``.

    Examples
    --------
    >>> data, trained = train_denoiser(2, 4, 3, 0, limit=200)
    >>> data.shape, trained.network.steps
    ((3, 2), 0)
    """
    data = named_stream(seed, "nonlinear-data", d, n).standard_normal((n, d))
    start = random_predictor(width, d, rng=named_stream(seed, "nonlinear-network", d, width))
    adam = Adam(rate=0.32 / (width + 16), batch=64, seed=seed)
    trained = train_until_converged(
        start, data, first=250, limit=limit, tolerance=tolerance, adam=adam
    )
    return data, trained


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return the metrics of one training set.

    Parameters
    ----------
    parameters
        ``d``, ``width``, ``n``, ``limit`` (steps of training), ``original`` (N), ``batches`` and
        ``batch_points`` (generated points of the kernel metric), ``seed``.
    checkpoint
        Not used: the longest cells take minutes.

    Returns
    -------
    dict of ndarray
        ``law`` (4, 2): Delta of the generated law and its standard error, in units of the squared
        norm of the population density, by generator; ``positive`` (batches, 4, 2): whether
        Delta > 0 in a batch, by generator, for the kernel and the coordinate metric;
        ``log_distances`` (4, 2, 2): logarithms of the mean E_TG and E_OG of these; ``gaps`` and
        ``steps``: the path of the training; ``converged``; ``parameters``; ``copied`` (2,): share
        of the points of network and population that are three times as close to one training
        point as to any other.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.fig4``.
    """
    d, n, seed = (int(parameters[name]) for name in ("d", "n", "seed"))
    width, limit = int(parameters["width"]), int(parameters["limit"])
    batches, points = int(parameters["batches"]), int(parameters["batch_points"])
    data, trained = train_denoiser(d, width, n, seed, limit=limit)
    rng = named_stream(seed, "nonlinear-sampling", d, width, n)
    levels = noise_levels(SAMPLING_STEPS, low=LOG_RANGE[0], high=LOG_RANGE[1])
    count = batches * points
    made = sample_points(predictor_of(trained.network), count, d, levels=levels, rng=rng)
    copies = sample_points(empirical_noise(data), count, d, levels=levels, rng=rng)
    new = rng.standard_normal((count, d))
    original = _yardstick(rng.standard_normal((int(parameters["original"]), d)))
    train, fresh = _yardstick(data), _yardstick(rng.standard_normal((n, d)))
    shape = (batches, len(GENERATORS), len(METRICS) - 1)
    positive, sums = np.zeros(shape, dtype=bool), np.full((*shape, 2), -math.inf)
    law = np.empty(shape[:2])
    sets = ((made, train), (copies, train), (new, train), (made, fresh))
    for batch in range(batches):
        part = slice(batch * points, (batch + 1) * points)
        for k, (generated, reference) in enumerate(sets):
            law[batch, k] = law_difference(
                generated[part],
                (reference.points, original.points),
                (reference.reference, original.reference),
            )
            found = _kernel(generated[part], reference, original)
            positive[batch, k, 0] = found.delta.sign > 0
            sums[batch, k, 0] = found.log_e_tg, found.log_e_og
            pair = _coordinate(generated[part][:CODE_POINTS], reference, original)
            positive[batch, k, 1] = pair[0] > pair[1]
            sums[batch, k, 1] = np.log(pair)
    return {
        "law": np.stack([law.mean(axis=0), law.std(axis=0, ddof=1) / math.sqrt(batches)], axis=1),
        "positive": positive,
        "log_distances": np.logaddexp.reduce(sums, axis=0) - math.log(batches),
        "gaps": trained.gaps,
        "steps": trained.steps,
        "converged": np.array(trained.converged),
        "parameters": np.array(parameter_count(d, width)),
        "copied": np.array([memorized_share(made, data), memorized_share(new, data)]),
    }


@dataclass(frozen=True, kw_only=True)
class _Yardstick:
    """A set that generated points are compared with: points, kernel density, coordinates."""

    points: FloatArray
    width: float
    reference: Reference
    coordinates: NDArray[np.float64]


def _yardstick(points: FloatArray) -> _Yardstick:
    n, d = points.shape
    return _Yardstick(
        points=points,
        width=kernel_width(n, d, s_d=1.0),
        reference=reference_set(points, s_d=1.0, precision="single"),
        coordinates=coordinate_densities(points, code_grid(0.0, 1.0), s_d=1.0),
    )


def law_difference(
    generated: FloatArray, sets: Sequence[FloatArray], references: Sequence[Reference]
) -> float:
    r"""Return Delta of the generated law, estimated from its points, over the population's norm.

    .. math:: (4\pi)^{d/2}\Bigl[\int\rho_T^2-\int\rho_O^2
              -\frac2k\sum_{i\le k}(\rho_T-\rho_O)(g_i)\Bigr]

    Parameters
    ----------
    generated : numpy.ndarray, shape (k, d)
        Points of the law.
    sets : sequence of numpy.ndarray
        Training and original points.
    references : sequence of Reference
        Their kernel densities, with the widths of the paper.

    Returns
    -------
    float
        The difference; unbiased, for the overlaps are means over the points.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.params``. The diagonal parts of both norms are equal and left out.

    Examples
    --------
    >>> one, two = np.zeros((1, 1)), np.array([[0.0], [9.0]])
    >>> pair = [reference_set(points, s_d=1.0) for points in (one, two)]
    >>> law_difference(one, (one, two), pair) < 0.0
    True
    """
    d = generated.shape[1]
    unit, total = -0.5 * d * math.log(4.0 * math.pi), 0.0
    for points, reference, sign in zip(sets, references, (1.0, -1.0), strict=True):
        width = kernel_width(len(points), d, s_d=1.0)
        cross = log_overlap_across(generated, points, width_a=POINT, width_b=width)
        total += sign * (math.exp(reference.log_pairs - unit) - 2.0 * math.exp(cross - unit))
    return total


def _kernel(generated: FloatArray, train: _Yardstick, original: _Yardstick) -> KernelMetrics:
    """Return the kernel metric of a batch, each set with the width of its size."""
    k, d = generated.shape
    width = kernel_width(k, d, s_d=1.0)
    crosses = [
        log_overlap_across(generated, other.points, width_a=width, width_b=other.width)
        for other in (train, original)
    ]
    error = 2.0 * pair_error(generated, width=width, precision="double")
    return KernelMetrics(
        log_generated=float(np.logaddexp(*log_overlap_within(generated, width=width))),
        train=train.reference,
        original=original.reference,
        log_cross_train=crosses[0],
        log_cross_original=crosses[1],
        cross_errors=(error, error),
    )


def _coordinate(
    generated: FloatArray, train: _Yardstick, original: _Yardstick
) -> tuple[float, float]:
    """Return the coordinate metric of a batch to both sets."""
    own = coordinate_densities(generated, code_grid(0.0, 1.0), s_d=1.0)
    first, second = (float(((own - other.coordinates) ** 2).mean()) for other in (train, original))
    return first, second


def training_seconds(parameters: Parameters) -> float:
    """Return an estimate of the time that the training of a cell takes.

    Examples
    --------
    >>> round(training_seconds({"width": 80, "limit": 1000}), 3)
    0.28
    """
    width = int(parameters["width"])
    return int(parameters["limit"]) * (2e-4 + 1e-8 * width * (width + 20))


EXPERIMENT: Final = Experiment(
    name="B.fig4",
    says="A trained nonlinear denoiser against n: P(Delta > 0) and distances under both metrics.",
    cells=_cells,
    run=run,
    cost=lambda parameters: 1.5 + training_seconds(parameters),
)
