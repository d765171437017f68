r"""How much a trained denoiser memorizes, against its number of parameters and of points.

The networks of `numerics.experiments.nonlinear_denoiser`, of several widths. With n points in d
dimensions a training set has n d numbers; a network with fewer parameters cannot store them, one
with more may. The share of the gap to the exact predictor that training leaves is measured, with
Delta of the generated law and the generated points that are copies.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from numerics.denoiser_convergence import predictor_of
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.experiments.nonlinear_denoiser import (
    SAMPLING_STEPS,
    law_difference,
    train_denoiser,
    training_seconds,
)
from numerics.kernel_metrics import reference_set
from numerics.nearest_neighbour import memorized_share
from numerics.noise_sampling import noise_levels, sample_points
from numerics.nonlinear_denoiser import LOG_RANGE, parameter_count
from numerics.random_streams import named_stream

__all__ = ["EXPERIMENT", "run"]


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return widths by numbers of points."""
    if profile == "quick":
        shape: dict[str, Any] = {"d": 16, "limit": 2000, "original": 1000, "points": 1000}
        return _grid(shape, (4, 16, 64, 128), (8, 32, 128), 2)
    shape = {"d": 16, "limit": 64000, "original": 10000, "points": 4000}
    return _grid(shape, (4, 8, 16, 32, 64, 128, 256, 512), (8, 16, 32, 64, 128, 512), 10)


def _grid(
    shape: Parameters, widths: Sequence[int], numbers: Sequence[int], seeds: int
) -> Sequence[Parameters]:
    return [
        {**shape, "width": width, "n": n, "seed": seed}
        for width in widths
        for n in numbers
        for seed in range(seeds)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return what one network has memorized of its training set.

    Parameters
    ----------
    parameters
        ``d``, ``width``, ``n``, ``limit`` (steps of training), ``original`` (N), ``points``
        (generated ones), ``seed``.
    checkpoint
        Not used: the longest cells take minutes.

    Returns
    -------
    dict of ndarray
        ``gap``: the share that is left; ``converged``; ``parameters``; ``delta``: that of the
        generated law in units of the squared norm of the population density; ``copied``: share of
        generated points that are three times as close to one training point as to any other.

    Notes
    -----
    Claim ``B.params``.
    """
    d, n, width, seed = (int(parameters[name]) for name in ("d", "n", "width", "seed"))
    data, trained = train_denoiser(d, width, n, seed, limit=int(parameters["limit"]))
    rng = named_stream(seed, "parameter-count", d, width, n)
    levels = noise_levels(SAMPLING_STEPS, low=LOG_RANGE[0], high=LOG_RANGE[1])
    made = sample_points(
        predictor_of(trained.network), int(parameters["points"]), d, levels=levels, rng=rng
    )
    original = rng.standard_normal((int(parameters["original"]), d))
    references = [reference_set(points, s_d=1.0, precision="single") for points in (data, original)]
    return {
        "gap": np.array(trained.gaps[-1]),
        "converged": np.array(trained.converged),
        "parameters": np.array(parameter_count(d, width)),
        "delta": np.array(law_difference(made, (data, original), references)),
        "copied": np.array(memorized_share(made, data)),
    }


EXPERIMENT: Final = Experiment(
    name="B.params",
    says="The memorized share of a trained denoiser against its width and the number of points.",
    cells=_cells,
    run=run,
    cost=lambda parameters: 0.3 + training_seconds(parameters),
)
