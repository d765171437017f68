r"""Training from the parameters of a cell: the settings of Figures 1, 2 and 5 of paper A.

A cell names every choice that changes its result. Member number k of a stack has the seed
``first_seed + k``; start, batches and, where they are fresh, data come from that seed's streams, so
that the same seed meets the same data and noise at every learning rate.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.experiments.experiment import Checkpoint, Parameter, Parameters
from numerics.random_streams import named_stream
from numerics.sgd import ScoreTask, train_networks
from numerics.stacked_network import (
    NetworkStack,
    random_networks,
    restore_networks,
    stored_networks,
    theoretical_networks,
)
from numerics.training_choices import Composition, Reduction, StepScaling, TrainingChoices

__all__ = [
    "EPOCHS",
    "SETTINGS",
    "finite_members",
    "member_data",
    "score_cell",
    "score_task",
    "stability_factor",
    "start_networks",
    "train_cell",
    "training_choices",
    "training_cost",
]

SETTINGS: Final = ((0.81, 0.57), (0.95, 0.31))
"""The printed pairs of mu and sigma; mu^2 + sigma^2 is 0.981 and 0.9986."""

EPOCHS: Final = {0.5: 5_000, 0.1: 25_000, 0.05: 50_000, 0.01: 200_000}
"""The printed numbers of steps by learning rate."""

# Steps between two checkpoints.
_STRETCH = 2048


def score_cell(eta: float, epochs: int, members: int, **changes: Parameter) -> dict[str, Parameter]:
    """Return the parameters of a cell: the paper's setting on the line but for the changes.

    Parameters
    ----------
    eta : float
        Learning rate.
    epochs : int
        Steps.
    members : int
        Networks trained side by side.
    **changes : bool, int, float or str
        Any of ``dimension``, ``data_count``, ``mu``, ``sigma``, ``width``, ``batch``,
        ``first_seed``, ``same_data``, ``network`` ("experimental" or "theoretical"),
        ``precision`` ("float64" or "float32"), and the choices the paper leaves open:
        ``batch_risk`` and ``coordinate_risk`` ("mean" or "sum"), ``composition`` ("replacement" or
        "balanced"), ``step`` ("width" or "plain").

    Returns
    -------
    dict
        All of them.

    Raises
    ------
    ValueError
        If a change is none of these.

    Examples
    --------
    >>> score_cell(0.5, 5000, 30, sigma=0.31)["sigma"]
    0.31
    """
    cell: dict[str, Parameter] = {
        "eta": eta,
        "epochs": epochs,
        "members": members,
        "first_seed": 0,
        "same_data": False,
        "dimension": 1,
        "data_count": 20,
        "mu": SETTINGS[0][0],
        "sigma": SETTINGS[0][1],
        "width": 1000,
        "batch": 50,
        "network": "experimental",
        "precision": "float64",
        "batch_risk": "mean",
        "coordinate_risk": "mean",
        "composition": "replacement",
        "step": "width",
    }
    unknown = sorted(set(changes) - set(cell))
    if unknown:
        raise ValueError(f"{unknown[0]} was given; a cell of training has {', '.join(cell)}")
    return cell | changes


def member_data(parameters: Parameters) -> NDArray[np.float64]:
    """Return the data of each member, standard normal, shape (members, n, d).

    Examples
    --------
    >>> member_data(score_cell(0.5, 10, 3)).shape
    (3, 20, 1)
    """
    shape = (int(parameters["data_count"]), int(parameters["dimension"]))
    if parameters["same_data"]:
        one = named_stream(0, "data").standard_normal(shape)
        return np.broadcast_to(one, (int(parameters["members"]), *shape)).copy()
    return np.stack(
        [named_stream(seed, "data").standard_normal(shape) for seed in _seeds(parameters)]
    )


def score_task(parameters: Parameters, data: NDArray[np.float64]) -> ScoreTask:
    """Return the task of a cell, for `numerics.sgd.train_networks`.

    Examples
    --------
    >>> cell = score_cell(0.5, 10, 3)
    >>> score_task(cell, member_data(cell)).learning_rate
    [0.5, 0.5, 0.5]
    """
    members = int(parameters["members"])
    return ScoreTask(
        data=data,
        mu=[float(parameters["mu"])] * members,
        sigma=[float(parameters["sigma"])] * members,
        learning_rate=[float(parameters["eta"])] * members,
        seeds=_seeds(parameters),
        batch=int(parameters["batch"]),
        choices=training_choices(parameters),
        train_inner=parameters["network"] == "experimental",
    )


def training_choices(parameters: Mapping[str, Parameter]) -> TrainingChoices:
    """Return the choices that a cell names.

    Examples
    --------
    >>> training_choices(score_cell(0.5, 10, 3)).batch
    <Reduction.MEAN: 'mean'>
    """
    return TrainingChoices(
        batch=Reduction(parameters["batch_risk"]),
        coordinates=Reduction(parameters["coordinate_risk"]),
        composition=Composition(parameters["composition"]),
        scaling=StepScaling(parameters["step"]),
    )


def start_networks(parameters: Parameters) -> NetworkStack:
    """Return the members of a cell before the first step.

    Examples
    --------
    >>> start_networks(score_cell(0.5, 10, 3)).affine.shape
    (3, 2, 1000)
    """
    seeds, width = _seeds(parameters), int(parameters["width"])
    if parameters["network"] == "theoretical":
        return theoretical_networks(seeds, width=width)
    return random_networks(
        seeds,
        width=width,
        dimension=int(parameters["dimension"]),
        dtype=np.float32 if parameters["precision"] == "float32" else np.float64,
    )


def train_cell(
    parameters: Parameters, data: NDArray[np.float64], checkpoint: Checkpoint
) -> NetworkStack:
    """Train the members of a cell to the end, from the checkpoint if there is one.

    The training stops early when every member has diverged.

    Examples
    --------
    >>> from numerics.checkpoints import NoCheckpoint
    >>> cell = score_cell(0.5, 10, 2, width=20)
    >>> train_cell(cell, member_data(cell), NoCheckpoint()).steps
    10
    """
    task, epochs = score_task(parameters, data), int(parameters["epochs"])
    state = checkpoint.load()
    stack = start_networks(parameters) if state is None else restore_networks(state)
    while stack.steps < epochs and finite_members(stack).any():
        stretch = min(_STRETCH - stack.steps % _STRETCH, epochs - stack.steps)
        stack = train_networks(stack, task, stretch)
        checkpoint.save(stored_networks(stack))
    return stack


def finite_members(stack: NetworkStack) -> NDArray[np.bool_]:
    """Return which members have finite parameters: the others have diverged.

    Examples
    --------
    >>> finite_members(random_networks([0, 1], width=5, dimension=1))
    array([ True,  True])
    """
    parameters = np.concatenate((stack.affine, stack.outer), axis=1)
    finite: NDArray[np.bool_] = np.isfinite(parameters).all(axis=(1, 2))
    return finite


def stability_factor(parameters: Mapping[str, Parameter], dimension: int) -> float:
    r"""Return what turns a sharpness into a share of the stability limit.

    .. math:: \tfrac12 m \eta c\,\lambda_{\max}(\nabla^2 R_n) \le 1

    with R_n the mean over the data of the squared norm, and c the factor by which the risk of a
    batch differs from it: 1/d for the mean over coordinates, the batch size for the sum.

    Examples
    --------
    >>> stability_factor(score_cell(0.5, 10, 3), 1)
    250.0
    """
    batch = int(parameters["batch"])
    factor = batch * training_choices(parameters).gradient_factor(batch, dimension)
    if parameters["step"] == "width":
        factor *= int(parameters["width"])
    return 0.5 * float(parameters["eta"]) * factor


def training_cost(parameters: Parameters) -> float:
    """Return about how many seconds the training of a cell takes on one core.

    Examples
    --------
    >>> training_cost(score_cell(0.5, 5000, 30)) < 10.0
    True
    """
    members, dimension = int(parameters["members"]), int(parameters["dimension"])
    step = 40e-6 + 20e-6 * members if dimension == 1 else 12e-6 * dimension * members
    return step * int(parameters["epochs"]) * int(parameters["width"]) / 1000


def _seeds(parameters: Mapping[str, Any]) -> list[int]:
    first = int(parameters["first_seed"])
    return list(range(first, first + int(parameters["members"])))
