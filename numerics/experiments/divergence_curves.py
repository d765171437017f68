r"""Divergence from the sampling law against the number of samples, one-step and exact reverse.

Standard Gaussian data in d dimensions, :math:`m=n-1=\psi d`; the one-step model at several
signal-to-noise ratios and, with the ratio 0 as its name, the sample Gaussian that the exact reverse
process generates.
"""

import math
from collections.abc import Sequence
from typing import Final

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.linear_simulation import law_replicates
from numerics.random_streams import named_stream
from numerics.step_replicates import fitted_spectra, step_replicates

__all__ = ["EXPERIMENT", "RATIOS", "run"]

RATIOS: Final = {
    "standard": 1.0 / math.expm1(4.0),
    "low": 0.1,
    "threshold": 0.230485,
    "code": 1.0 / -math.expm1(-4.0),
    "high": 5.0,
    "exact": 0.0,
}
"""Signal-to-noise ratios: standard process and public code at T = 2, and others; 0 is exact."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    d, count = (40, 16) if profile == "quick" else (100, 40)
    ratios = (1.1, 1.3, 1.6, 2.0, 2.5, 3.2, 4.5, 7.0, 11.0, 18.0)
    return [
        {"d": d, "m": round(psi * d), "model": name, "count": count}
        for name in RATIOS
        for psi in ratios
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return replicates of the divergence per dimension.

    Parameters
    ----------
    parameters
        ``d``, ``m``, ``model`` (a name in `RATIOS`), ``count`` (training sets).
    checkpoint
        Not used: a cell takes a second.

    Returns
    -------
    dict of ndarray
        ``kl``, shape (count,).

    Notes
    -----
    Claims ``B.kllimit``, ``B.floor``, ``B.exactreverse``.

    Examples
    --------
    >>> run({"d": 2, "m": 6, "model": "exact", "count": 3}, None)["kl"].shape
    (3,)
    """
    d, m, count = (int(parameters[name]) for name in ("d", "m", "count"))
    model = str(parameters["model"])
    rng = named_stream(0, "divergence_curves", model, d, m)
    if model == "exact":
        drawn = fitted_spectra(rng, count, n=m + 1, d=d)
        found = step_replicates(drawn, scheme=None, steps=1, T=2.0, noise_scale=1.0).kl
    else:
        noise_scale = 1.0 / (RATIOS[model] * math.expm1(4.0))
        found = law_replicates(
            rng,
            count,
            n=m + 1,
            d=d,
            T=2.0,
            noise_scale=noise_scale,
            s_d=1.0,
            route="conditional",
        ).kl
    return {"kl": found / d}


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    d, m = int(parameters["d"]), int(parameters["m"])
    return 0.01 + 2e-8 * int(parameters["count"]) * d * d * (m + 3 * d)


EXPERIMENT: Final = Experiment(
    name="B.divergence",
    says="Divergence per dimension against n/d, for the one-step model and the exact reverse "
    "process.",
    cells=_cells,
    run=run,
    cost=_cost,
)
