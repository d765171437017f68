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
from numerics.stacked_network import inactive_share
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
    cells: list[Parameters] = []
    for dimension, variants in VARIANTS.items():
        main: dict[str, Parameter] = {"dimension": dimension}
        if dimension > 1:
            main["precision"] = "float32"
        settings = [main | {"mu": mu, "sigma": sigma} for mu, sigma in SETTINGS]
        if profile == "paper":
            blocks, size = (3, 10) if dimension == 1 else (10, 3)
            cells += _grid(settings, EPOCHS, blocks=blocks, size=size, draws=5000)
            cells += _grid(
                [main | each for each in variants], EPOCHS, blocks=1, size=size, draws=5000
            )
            continue
        epochs = {eta: steps // 10 for eta, steps in EPOCHS.items()}
        # The longest runs are half of the whole time; only the sum over the batch needs them.
        shorter = {eta: steps for eta, steps in epochs.items() if eta > 0.01}
        if dimension == 1:
            cells += _grid(settings, epochs, blocks=1, size=6, draws=200)
            for each in variants:
                rates = epochs if "batch_risk" in each else shorter
                cells += _grid([main | each], rates, blocks=1, size=6, draws=200)
        else:
            kinds = [settings[0], main | {"coordinate_risk": "sum"}]
            cells += _grid(kinds[:1], epochs, blocks=1, size=2, draws=200)
            cells += _grid(kinds[1:], shorter, blocks=1, size=2, draws=200)
    return cells


def _grid(
    kinds: Sequence[dict[str, Parameter]],
    epochs: dict[float, int],
    *,
    blocks: int,
    size: int,
    draws: int,
) -> list[Parameters]:
    """Return every kind at every learning rate, in blocks of simulations."""
    return [
        score_cell(eta, steps, size, first_seed=block * size, **kind) | {"draws": draws}
        for kind in kinds
        for eta, steps in epochs.items()
        for block in range(blocks)
    ]


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
        ``estimate`` with its ``standard_error``; ``inactive``, the share of neurons that are off at
        100 noised copies of each datum; ``diverged``. NaN where the member diverged.

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
    exact, estimate, error, inactive = np.full((4, stack.members), np.nan)
    for member in np.flatnonzero(finite).tolist():
        seed = int(parameters["first_seed"]) + member
        copies = np.repeat(mu * data[member], 100, axis=0)
        copies += sigma * named_stream(seed, "copies").standard_normal(copies.shape)
        inactive[member] = inactive_share(stack, member, copies)
        found = sampled_excess_risk(
            stack,
            member,
            data[member],
            mu=mu,
            sigma=sigma,
            draws=int(parameters["draws"]),
            rng=named_stream(seed, "evaluation"),
        )
        estimate[member], error[member] = found.value, found.standard_error
        if stack.dimension == 1:
            exact[member] = exact_excess_risk(stack, member, data[member], mu=mu, sigma=sigma)
    return {
        "excess_risk": exact if stack.dimension == 1 else estimate,
        "estimate": estimate,
        "standard_error": error,
        "inactive": inactive,
        "diverged": ~finite,
    }


def _cost(parameters: Parameters) -> float:
    evaluations = int(parameters["draws"]) * int(parameters["data_count"])
    evaluations *= int(parameters["members"]) * int(parameters["width"])
    return training_cost(parameters) + evaluations * (2e-9 + 0.5e-9 * int(parameters["dimension"]))


EXPERIMENT: Final = Experiment(
    name="A.fig2",
    says="How far trained networks stay above the optimal risk, against the learning rate",
    cells=_cells,
    run=run,
    version=2,
    cost=_cost,
)
