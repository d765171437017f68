"""Networks trained with several learning rates beside the empirical optimal score (Figure 1).

One sample of 20 points of N(0, 1), the same for every learning rate. The members of a cell differ
in start and batches. On the line the mean over coordinates is nothing, so the notebooks' choice
differs from the paper's in mu and sigma alone: they are exp(-t) and sqrt(1 - exp(-2t)) for t = 0.2
and 0.05, which the paper rounds (0.8187 to 0.81). The sum over the batch, which the paper prints,
diverges at these learning rates; cells with it say so.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.empirical_score import empirical_score
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.mixture_tails import noised_sample
from numerics.network_excess_risk import exact_excess_risk
from numerics.network_sharpness import exact_network_sharpness
from numerics.random_streams import named_stream
from numerics.stacked_network import evaluate_member
from numerics.training_runs import (
    EPOCHS,
    SETTINGS,
    finite_members,
    member_data,
    score_cell,
    stability_factor,
    train_cell,
    training_cost,
)

__all__ = ["EXPERIMENT", "NOTEBOOK_SETTINGS", "run"]

NOTEBOOK_SETTINGS: Final = tuple(
    (math.exp(-t), math.sqrt(-math.expm1(-2.0 * t))) for t in (0.2, 0.05)
)
"""The notebooks' pairs of mu and sigma, not rounded."""

_RATES: Final = (0.5, 0.1, 0.05)


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return the printed learning rates and epochs, a tenth of the epochs in the quick profile."""
    share, members = (10, 4) if profile == "quick" else (1, 8)
    cells: list[Parameters] = []
    for eta in _RATES:
        epochs = EPOCHS[eta] // share
        cells += [
            score_cell(eta, epochs, members, same_data=True, mu=mu, sigma=sigma)
            for mu, sigma in (*SETTINGS, *NOTEBOOK_SETTINGS)
        ]
        cells += [
            score_cell(eta, epochs, members, same_data=True, **{choice: value})
            for choice, value in (("batch_risk", "sum"), ("composition", "balanced"))
        ]
    return cells


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Train the members of a cell and evaluate them on [-5, 5].

    Parameters
    ----------
    parameters
        From `numerics.training_runs.score_cell`, on the line.
    checkpoint
        Keeps the state of the training.

    Returns
    -------
    dict of ndarray
        ``y`` (501,), ``optimal`` (501,) the empirical optimal score there, ``data`` (n,), and for
        each member ``network`` (members, 501), ``excess_risk`` (exact), ``sharpness`` (exact, with
        the knots), ``sharpness_without_knots``, ``stability`` (the share of the limit, with the
        knots) and ``diverged``; NaN where the member diverged.

    Notes
    -----
    Source: paper A, Figure 1; claims ``A.fig1``, ``A.code.mean``.

    Examples
    --------
    >>> from numerics.checkpoints import NoCheckpoint
    >>> arrays = run(score_cell(0.5, 20, 2, same_data=True, width=50), NoCheckpoint())
    >>> arrays["network"].shape, arrays["diverged"].tolist()
    ((2, 501), [False, False])
    """
    data = member_data(parameters)
    stack = train_cell(parameters, data, checkpoint)
    mu, sigma = float(parameters["mu"]), float(parameters["sigma"])
    x, y = data[0, :, 0], np.linspace(-5.0, 5.0, 501)
    sample = noised_sample(x, mu, sigma)
    finite = finite_members(stack)
    network = np.full((stack.members, y.size), np.nan)
    excess, sharp, smooth = np.full((3, stack.members), np.nan)
    for member in np.flatnonzero(finite).tolist():
        network[member] = evaluate_member(stack, member, y[:, None])[:, 0]
        excess[member] = exact_excess_risk(stack, member, x, mu=mu, sigma=sigma)
        sharp[member], smooth[member] = (
            exact_network_sharpness(
                stack, member, sample, rng=named_stream(0, "lanczos"), knots=knots
            ).value
            for knots in (True, False)
        )
    return {
        "y": y,
        "optimal": empirical_score(y, x, mu=mu, sigma=sigma),
        "data": x,
        "network": network,
        "excess_risk": excess,
        "sharpness": sharp,
        "sharpness_without_knots": smooth,
        "stability": sharp * stability_factor(parameters, 1),
        "diverged": ~finite,
    }


EXPERIMENT: Final = Experiment(
    name="A.fig1",
    says="What networks trained with several learning rates look like beside the optimal score",
    cells=_cells,
    run=run,
    cost=training_cost,
)
