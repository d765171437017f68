"""Excess risk against the learning rate, over simulations with fresh data (Figure 2).

In dimension one the excess risk is exact; the paper's estimate from 5 000 noise draws for each
datum stands beside it. In ten dimensions there is only the estimate. The sensitivity to what the
paper leaves open is shown at the first of its two settings: data of a batch drawn with replacement
or each equally often, mean or sum over the batch, mean or sum over the coordinates, step m eta or
eta, inner weights trained or not, single or double precision.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.experiments.experiment import (
    Arrays,
    Checkpoint,
    Experiment,
    Parameter,
    Parameters,
    Profile,
)
from numerics.network_excess_risk import exact_excess_risk, sampled_excess_risk
from numerics.random_streams import named_stream
from numerics.training_runs import (
    EPOCHS,
    SETTINGS,
    finite_members,
    member_data,
    score_cell,
    train_cell,
    training_cost,
)

__all__ = ["EXPERIMENT", "VARIANTS", "run"]

VARIANTS: Final[dict[int, tuple[dict[str, Parameter], ...]]] = {
    1: (
        {"composition": "balanced"},
        {"batch_risk": "sum"},
        {"step": "plain"},
        {"network": "theoretical"},
    ),
    10: (
        {"composition": "balanced"},
        {"batch_risk": "sum"},
        {"coordinate_risk": "sum"},
        {"step": "plain"},
        {"precision": "float64"},
    ),
}
"""By dimension, the choices that are run beside the main one, each changing one thing."""


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return the printed grid in blocks of simulations; the quick one has a tenth of the epochs."""
    share, draws = (10, 200) if profile == "quick" else (1, 5000)
    cells: list[Parameters] = []
    for dimension, variants in VARIANTS.items():
        main: dict[str, Parameter] = {} if dimension == 1 else {"precision": "float32"}
        settings = SETTINGS if dimension == 1 or profile == "paper" else SETTINGS[:1]
        if profile == "paper":
            blocks, size = (3, 10) if dimension == 1 else (10, 3)
        else:
            blocks, size = (1, 6) if dimension == 1 else (1, 2)
        kinds = [main | {"mu": mu, "sigma": sigma} for mu, sigma in settings]
        kinds += [main | variant for variant in variants]
        for position, kind in enumerate(kinds):
            extra = position >= len(settings)
            if extra and profile == "quick" and dimension > 1 and "coordinate_risk" not in kind:
                # Half a minute for what dimension one shows already; the paper profile has it.
                continue
            # The longest runs are half of the whole time; the sum is finite there alone.
            skipped = 0.01 if extra and profile == "quick" and "batch_risk" not in kind else 0.0
            cells += [
                {
                    **score_cell(
                        eta,
                        epochs // share,
                        size,
                        dimension=dimension,
                        first_seed=block * size,
                        **kind,
                    ),
                    "draws": draws,
                }
                for eta, epochs in EPOCHS.items()
                for block in range(1 if extra else blocks)
                if eta != skipped
            ]
    return cells


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Train a block of simulations and measure their excess risks.

    Parameters
    ----------
    parameters
        From `numerics.training_runs.score_cell`, and ``draws`` for each datum.
    checkpoint
        Keeps the state of the training.

    Returns
    -------
    dict of ndarray
        For each member: ``excess_risk``, exact on the line and the estimate otherwise;
        ``estimate`` with its ``standard_error``; ``diverged``. NaN where the member diverged.

    Notes
    -----
    The excess risk is that of the squared norm: where the training takes the mean over the
    coordinates it is not divided by d. Source: paper A, Figure 2; claims ``A.fig2``, ``A.excess``,
    ``A.code.mean``.

    Examples
    --------
    >>> from numerics.checkpoints import NoCheckpoint
    >>> cell = {**score_cell(0.5, 20, 2, width=50), "draws": 500}
    >>> arrays = run(cell, NoCheckpoint())
    >>> gap = arrays["estimate"] - arrays["excess_risk"]
    >>> bool((abs(gap) < 5 * arrays["standard_error"]).all())
    True
    """
    data = member_data(parameters)
    stack = train_cell(parameters, data, checkpoint)
    mu, sigma = float(parameters["mu"]), float(parameters["sigma"])
    finite = finite_members(stack)
    exact, estimate, error = np.full((3, stack.members), np.nan)
    for member in np.flatnonzero(finite).tolist():
        found = sampled_excess_risk(
            stack,
            member,
            data[member],
            mu=mu,
            sigma=sigma,
            draws=int(parameters["draws"]),
            rng=named_stream(int(parameters["first_seed"]) + member, "evaluation"),
        )
        estimate[member], error[member] = found.value, found.standard_error
        if stack.dimension == 1:
            exact[member] = exact_excess_risk(stack, member, data[member], mu=mu, sigma=sigma)
    return {
        "excess_risk": exact if stack.dimension == 1 else estimate,
        "estimate": estimate,
        "standard_error": error,
        "diverged": ~finite,
    }


EXPERIMENT: Final = Experiment(
    name="A.fig2",
    says="How far trained networks stay above the optimal risk, against the learning rate",
    cells=_cells,
    run=run,
    cost=training_cost,
)
