r"""The weight of the own point against all others, through the collapse time.

Training sets of :math:`n=e^{\alpha d}` points of :math:`N(0,I)` at one rate, in several dimensions;
the standard process at multiples of the collapse time :math:`\frac12\log(1+1/(n^{2/d}-1))`, which
is used to place the times and nowhere else.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.collapse import weight_replicates
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.random_streams import named_stream

__all__ = ["EXPERIMENT", "LEVELS", "RATE", "TIMES", "run"]

RATE: Final = 0.35
TIMES: Final = (0.4, 0.6, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)
"""In units of the collapse time."""
LEVELS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of the log-ratio that are kept."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    dimensions, count = ((6, 10, 16), 1000) if profile == "quick" else ((6, 10, 16, 24), 4000)
    return [
        {"d": d, "n": round(math.exp(RATE * d)), "relative_time": time, "count": count}
        for d in dimensions
        for time in TIMES
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return the law of the log-ratio at one time.

    Parameters
    ----------
    parameters
        ``d``, ``n``, ``relative_time`` (in units of the collapse time), ``count`` (replicates).
    checkpoint
        Not used: a cell takes seconds.

    Returns
    -------
    dict of ndarray
        ``time`` and ``signal`` (the signal-to-noise ratio there); ``own`` (count of replicates in
        which the own point outweighs all others together); ``mean``, ``deviation`` and
        ``quantiles`` (5,) of the log-ratio; ``share``, the mean weight of the own point.

    Notes
    -----
    Claims ``B.collapse``, ``B.collapse.law``, ``B.collapse.before``, ``B.collapse.after``.

    Examples
    --------
    >>> found = run({"d": 2, "n": 3, "relative_time": 1.0, "count": 50}, None)
    >>> 0 <= int(found["own"]) <= 50, found["quantiles"].shape
    (True, (5,))
    """
    d, n, count = (int(parameters[name]) for name in ("d", "n", "count"))
    relative = float(parameters["relative_time"])
    time = 0.5 * relative * math.log1p(1.0 / (n ** (2.0 / d) - 1.0))
    rng = named_stream(0, "collapse", d, n, round(1000 * relative))
    found = weight_replicates(rng, count, n=n, d=d, t=time, noise_scale=1.0, s_d=1.0)
    ratio = found.log_ratio
    return {
        "time": np.array(time),
        "signal": np.array(1.0 / math.expm1(2.0 * time)),
        "own": np.array(int((ratio > 0.0).sum())),
        "mean": np.array(ratio.mean()),
        "deviation": np.array(ratio.std(ddof=1)),
        "quantiles": np.quantile(ratio, LEVELS),
        "share": np.array(found.own_share.mean()),
    }


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    return 0.05 + 3e-8 * int(parameters["d"]) * int(parameters["n"]) * int(parameters["count"])


EXPERIMENT: Final = Experiment(
    name="B.collapse",
    says="The weight of the own training point against all others, through the collapse time.",
    cells=_cells,
    run=run,
    cost=_cost,
)
