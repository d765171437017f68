r"""The sharpness at the end of training against the learning rate (Figure 5).

Left: the setting of Figure 1 on the line, where the sharpness is exact; it is given with the part
of the Hessian that sits in the knots and without it, as automatic differentiation has it. Middle:
ten dimensions. Right: the time-conditioned network of Figure 3.

The stability limit of paper A (eq. 8) is ``2 / (m eta)`` for the risk that a batch estimates;
``stability`` is the sharpness of that risk as a share of the limit. Before the first step all
knots lie at 0, and a neuron with a small inner weight w has a knot part of the order
``1 / abs(w)``: large, but for moves of its bias below ``abs(w)`` only. So the share at the start is
given without it too.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from numerics.experiments.experiment import (
    Arrays,
    Checkpoint,
    Experiment,
    Parameter,
    Parameters,
    Profile,
)
from numerics.mixture_tails import noised_sample
from numerics.network_sharpness import (
    exact_network_sharpness,
    notebook_network_sharpness,
    sampled_network_sharpness,
    time_network_sharpness,
)
from numerics.noise_schedule import Marginal, TimeWeighting, noise_schedule
from numerics.random_streams import named_stream
from numerics.stacked_network import NetworkStack
from numerics.time_network import (
    TimeNetwork,
    TimeTask,
    random_time_network,
    restore_time_network,
    stored_time_network,
    train_time_network,
)
from numerics.training_runs import (
    EPOCHS,
    finite_members,
    member_data,
    score_cell,
    stability_factor,
    start_networks,
    train_cell,
    training_choices,
    training_cost,
)

__all__ = ["EXPERIMENT", "TIME_EPOCHS", "run", "time_cell"]

TIME_EPOCHS: Final = {2.0: 20_000, 0.5: 50_000, 0.05: 1_000_000}
"""Numbers of steps of the time-conditioned network: the paper's for Figures 3 and 4."""

_NOTEBOOK_TIMES: Final[dict[str, Parameter]] = {
    "start": 0.05,
    "marginal": "exp(-2t)",
    "weighting": "1/sigma",
}
# Steps of the time-conditioned network between two checkpoints.
_STRETCH = 200
# The error of the eigenvalue is about the square of this, relative to it.
_RESIDUAL: Final = 1e-2


def time_cell(eta: float, epochs: int, seed: int, **changes: Parameter) -> dict[str, Parameter]:
    """Return the parameters of a cell of the right panel: the printed ones but for the changes.

    Examples
    --------
    >>> time_cell(2.0, 20_000, 0)["batch"]
    5000
    """
    cell: dict[str, Parameter] = {
        "panel": "right",
        "eta": eta,
        "epochs": epochs,
        "first_seed": seed,
        "members": 1,
        "dimension": 2,
        "data_count": 10,
        "width": 1000,
        "batch": 5000,
        "precision": "float32",
        "start": 0.01,
        "marginal": "exp(-t)",
        "weighting": "sigma",
        "batch_risk": "mean",
        "coordinate_risk": "mean",
        "composition": "replacement",
        "step": "width",
        "draws": 1000,
    }
    return cell | changes


def _cells(profile: Profile) -> Sequence[Parameters]:
    """Return the three panels; the quick profile has shorter runs and, on the right, batches."""
    quick = profile == "quick"
    cells: list[Parameters] = []
    for eta, epochs in EPOCHS.items():
        steps = epochs // 10 if quick else epochs
        left = score_cell(eta, steps, 4 if quick else 10, same_data=True)
        cells.append({"panel": "left", "draws": 0, **left})
        blocks, size = (1, 2) if quick else (5, 2)
        cells += [
            {"panel": "middle", "draws": 100 if quick else 5000}
            | score_cell(
                eta, steps, size, dimension=10, first_seed=block * size, precision="float32"
            )
            for block in range(blocks)
        ]
    for eta, epochs in TIME_EPOCHS.items():
        seeds = (1, 2) if quick else (0, 1, 2)
        short: dict[str, Parameter] = {"batch": 500, "draws": 200} if quick else {}
        steps = epochs // 200 if quick else epochs
        cells += [time_cell(eta, steps, seed, **short) for seed in seeds]
        cells += [time_cell(eta, steps, seed, **short, **_NOTEBOOK_TIMES) for seed in seeds[:1]]
        if eta > 0.05:
            cells.append(time_cell(eta, steps, seeds[0], **short, coordinate_risk="sum"))
    return cells


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Train the members of a cell and compute their sharpness.

    Parameters
    ----------
    parameters
        ``panel`` and ``draws`` (for each datum, where the noise is drawn), and those of
        `numerics.training_runs.score_cell` or of `time_cell`.
    checkpoint
        Keeps the state of the training.

    Returns
    -------
    dict of ndarray
        For each member: ``sharpness`` of the mean over the data of the squared norm, exact and
        with the knots on the line; ``without_knots``, what automatic differentiation sees, equal
        to it elsewhere; ``notebook``, the sharpness of the notebooks' risk on their grid (on the
        line, NaN elsewhere); ``residual`` of the eigenvalue; ``stability``, the share of the limit;
        ``start_stability``, the same before the first step and without the knots;
        ``start_stability_with_knots``; ``diverged``. NaN where the member
        diverged.

    Notes
    -----
    Source: paper A, Figure 5; claims ``A.fig5``, ``A.eq8``, ``A.code.sharpness``.

    Examples
    --------
    >>> from numerics.checkpoints import NoCheckpoint
    >>> cell = {"panel": "left", "draws": 0} | score_cell(0.1, 20, 2, width=50, same_data=True)
    >>> run(cell, NoCheckpoint())["stability"].shape
    (2,)
    """
    if parameters["panel"] == "right":
        return _run_time(parameters, checkpoint)
    data = member_data(parameters)
    start = start_networks(parameters)
    stack = train_cell(parameters, data, checkpoint)
    finite = finite_members(stack)
    rows = np.full((6, stack.members), np.nan)
    for member in np.flatnonzero(finite).tolist():
        seed = int(parameters["first_seed"]) + member
        measure = _line_sharpness if stack.dimension == 1 else _space_sharpness
        rows[:, member] = measure(parameters, start, stack, member, data[member], seed)
    sharp, smooth, notebook, residual, first, first_knots = rows
    factor = stability_factor(parameters, stack.dimension)
    return {
        "sharpness": sharp,
        "without_knots": smooth,
        "notebook": notebook,
        "residual": residual,
        "stability": sharp * factor,
        "start_stability": first * factor,
        "start_stability_with_knots": first_knots * factor,
        "diverged": ~finite,
    }


def _line_sharpness(
    parameters: Parameters,
    start: NetworkStack,
    stack: NetworkStack,
    member: int,
    data: NDArray[np.float64],
    seed: int,
) -> tuple[float, ...]:
    mu, sigma, x = float(parameters["mu"]), float(parameters["sigma"]), data[:, 0]
    sample = noised_sample(x, mu, sigma)
    found, smooth, first_knots, first = (
        exact_network_sharpness(
            networks, member, sample, rng=named_stream(seed, "lanczos"), knots=knots
        )
        for networks in (stack, start)
        for knots in (True, False)
    )
    notebook = notebook_network_sharpness(
        stack, member, x, mu=mu, sigma=sigma, rng=named_stream(seed, "lanczos")
    )
    return (
        found.value,
        smooth.value,
        notebook.value,
        found.residual,
        first.value,
        first_knots.value,
    )


def _space_sharpness(
    parameters: Parameters,
    start: NetworkStack,
    stack: NetworkStack,
    member: int,
    data: NDArray[np.float64],
    seed: int,
) -> tuple[float, ...]:
    found, first = (
        sampled_network_sharpness(
            networks,
            member,
            data,
            mu=float(parameters["mu"]),
            sigma=float(parameters["sigma"]),
            draws=draws,
            rng=named_stream(seed, "sharpness"),
            tolerance=_RESIDUAL,
        )
        for networks, draws in ((stack, int(parameters["draws"])), (start, 100))
    )
    return found.value, found.value, np.nan, found.residual, first.value, first.value


def _run_time(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    seed, dimension = int(parameters["first_seed"]), int(parameters["dimension"])
    shape = (int(parameters["data_count"]), dimension)
    task = TimeTask(
        data=2.0 * named_stream(seed, "data").standard_normal(shape),
        schedule=noise_schedule(
            start=float(parameters["start"]),
            marginal=Marginal(parameters["marginal"]),
            weighting=TimeWeighting(parameters["weighting"]),
        ),
        learning_rate=float(parameters["eta"]),
        batch=int(parameters["batch"]),
        choices=training_choices(parameters),
        seed=seed,
    )
    start = random_time_network(
        int(parameters["width"]),
        dimension,
        rng=named_stream(seed, "start"),
        dtype=np.float32 if parameters["precision"] == "float32" else np.float64,
    )
    network = _trained(start, task, int(parameters["epochs"]), checkpoint)
    finite, sharp, residual = _finite(network), np.nan, np.nan
    if finite:
        found = time_network_sharpness(
            network,
            task,
            draws=int(parameters["draws"]),
            rng=named_stream(seed, "sharpness"),
            tolerance=_RESIDUAL,
        )
        sharp, residual = found.value, found.residual
    first = time_network_sharpness(
        start, task, draws=100, rng=named_stream(seed, "sharpness"), tolerance=_RESIDUAL
    ).value
    factor = stability_factor(parameters, dimension)
    return {
        "sharpness": np.array([sharp]),
        "without_knots": np.array([sharp]),
        "notebook": np.array([np.nan]),
        "residual": np.array([residual]),
        "stability": np.array([sharp * factor]),
        "start_stability": np.array([first * factor]),
        "start_stability_with_knots": np.array([first * factor]),
        "diverged": np.array([not finite]),
    }


def _trained(
    start: TimeNetwork, task: TimeTask, epochs: int, checkpoint: Checkpoint
) -> TimeNetwork:
    """Return the network after its epochs, or after a stretch in which it diverged."""
    state = checkpoint.load()
    network = start if state is None else restore_time_network(state)
    while network.steps < epochs and _finite(network):
        stretch = min(_STRETCH - network.steps % _STRETCH, epochs - network.steps)
        network = train_time_network(network, task, stretch)
        checkpoint.save(stored_time_network(network))
    return network


def _finite(network: TimeNetwork) -> bool:
    return bool(np.isfinite(network.affine).all() and np.isfinite(network.outer).all())


def _cost(parameters: Parameters) -> float:
    # About 25 products with the Hessian, each over all draws, at 6 ns for each neuron and draw.
    draws = int(parameters["draws"]) * int(parameters["data_count"]) * int(parameters["members"])
    eigenvalue = 150e-9 * draws * int(parameters["width"])
    if parameters["panel"] == "right":
        return 1.2e-6 * int(parameters["batch"]) * int(parameters["epochs"]) + eigenvalue
    return training_cost(parameters) + eigenvalue


EXPERIMENT: Final = Experiment(
    name="A.fig5",
    says="How sharp the risk is where training ends, against the learning rate",
    cells=_cells,
    run=run,
    version=3,
    cost=_cost,
)
