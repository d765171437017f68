r"""Divergence and memorization gap against the number of sampling steps.

Standard Gaussian data, the linear score fitted to n points with all noise averaged, uniform steps
in time from the noised fit: Euler-Maruyama, Euler's method for the flow, ancestral and
deterministic sampling, on the same training sets.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.random_streams import named_stream
from numerics.sampling_steps import SCHEMES
from numerics.step_replicates import fitted_spectra, step_replicates

__all__ = ["EXPERIMENT", "STEPS", "run"]

STEPS: Final = (1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 30, 40, 60, 100, 160, 250, 400)
"""Numbers of steps."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    d, count = (20, 120) if profile == "quick" else (100, 200)
    return [
        {"d": d, "n": round(ratio * d), "noise_scale": scale, "T": 2.0, "count": count}
        for ratio in (1.5, 5.0)
        for scale in (1.0, 0.25, 4.0)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return replicates of the divergence and of the gap for every sampler and number of steps.

    Parameters
    ----------
    parameters
        ``d``, ``n``, ``noise_scale`` (in units of the data's variance), ``T``, ``count``.
    checkpoint
        Not used: a cell takes a second.

    Returns
    -------
    dict of ndarray
        ``kl`` and ``gap``, shape (4, number of `STEPS`, count), samplers in the order of
        `numerics.sampling_steps.SCHEMES`; ``exact_kl`` and ``exact_gap``, shape (count,).

    Notes
    -----
    Claims ``B.steps``, ``B.discretisation``.

    Examples
    --------
    >>> cell = {"d": 2, "n": 6, "noise_scale": 1.0, "T": 2.0, "count": 3}
    >>> run(cell, None)["kl"].shape
    (4, 18, 3)
    """
    d, n, count = (int(parameters[name]) for name in ("d", "n", "count"))
    T, scale = float(parameters["T"]), float(parameters["noise_scale"])
    # The same training sets for every noise scale.
    drawn = fitted_spectra(named_stream(0, "diffusion_steps", d, n), count, n=n, d=d)
    exact = step_replicates(drawn, scheme=None, steps=1, T=T, noise_scale=scale)
    found = [
        [step_replicates(drawn, scheme=name, steps=k, T=T, noise_scale=scale) for k in STEPS]
        for name in SCHEMES
    ]
    return {
        "kl": np.array([[cell.kl for cell in row] for row in found]),
        "gap": np.array([[cell.gap for cell in row] for row in found]),
        "exact_kl": exact.kl,
        "exact_gap": exact.gap,
    }


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    d, n, count = (int(parameters[name]) for name in ("d", "n", "count"))
    return 0.05 + count * (3e-8 * n * d * d + 4e-5 * d)


EXPERIMENT: Final = Experiment(
    name="B.steps",
    says="Divergence and memorization gap of four samplers against the number of steps.",
    cells=_cells,
    run=run,
    cost=_cost,
)
