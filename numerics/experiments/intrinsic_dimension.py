r"""The one-step model and the exact reverse process on data of rank k in d dimensions.

Unit variance in k directions and none in the others; noise in all d. Divergences are within the
subspace of the data.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.random_streams import named_stream
from numerics.spectrum_simulation import spectrum_replicates

__all__ = ["EXPERIMENT", "run"]


def _cells(profile: Profile) -> Sequence[Parameters]:
    k, ambient, count = (8, (8, 24, 48), 24) if profile == "quick" else (20, (20, 60, 200), 60)
    cells: list[Parameters] = []
    for d in ambient:
        sizes = {k - 2, k, k + 1, k + 2, k + 4, 3 * k // 2, 2 * k, 5 * k // 2, 4 * k, 8 * k, 12 * k}
        sizes |= {d - 4, d - 1, d, d + 1, d + 2, d + 3, d + 6, 3 * d // 2, 2 * d + 2, 4 * d}
        cells += [
            {"k": k, "d": d, "n": n, "gamma": 1.0, "count": count} for n in sorted(sizes) if n >= 3
        ]
    return cells


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return replicates of rank, total variance and divergences.

    Parameters
    ----------
    parameters
        ``k``, ``d``, ``n``, ``gamma`` (signal-to-noise ratio), ``count`` (training sets).
    checkpoint
        Not used: a cell takes a second.

    Returns
    -------
    dict of ndarray
        ``rank``, ``trace``, ``kl`` and ``exact_kl``, each of shape (count,).

    Notes
    -----
    Claims ``B.lowrank``, ``B.intrinsic``.

    Examples
    --------
    >>> run({"k": 1, "d": 2, "n": 5, "gamma": 1.0, "count": 3}, None)["rank"].tolist()
    [1.0, 1.0, 1.0]
    """
    k, d, n, count = (int(parameters[name]) for name in ("k", "d", "n", "count"))
    spectrum = np.concatenate([np.ones(k), np.zeros(d - k)])
    noise_scale = 1.0 / (float(parameters["gamma"]) * math.expm1(2.0))
    found = spectrum_replicates(
        named_stream(0, "intrinsic_dimension", k, d, n),
        count,
        n=n,
        spectrum=spectrum,
        T=1.0,
        noise_scale=noise_scale,
    )
    return {
        "rank": found.rank,
        "trace": found.trace,
        "kl": found.kl,
        "exact_kl": found.exact_kl,
    }


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    d, n = int(parameters["d"]), int(parameters["n"])
    return 0.01 + int(parameters["count"]) * (3e-4 + 5e-8 * n * d * min(n, d))


EXPERIMENT: Final = Experiment(
    name="B.intrinsic",
    says="Rank, variance and divergences against n for data of rank k in d dimensions.",
    cells=_cells,
    run=run,
    cost=_cost,
)
