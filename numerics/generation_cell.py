"""One cell of the diffusion experiments: train r(t, x), generate, and compare with s*.

Both Figures 3 and 4 of paper A are grids of such cells.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Parameters
from numerics.generation_choices import (
    CHOICES,
    GenerationChoices,
    StartLaw,
    reverse_grid,
    schedule_of,
    start_points,
)
from numerics.mmd import mean_kernel, mean_kernel_within, mmd_squared_to_gaussian
from numerics.nearest_neighbour import memorized_share
from numerics.random_streams import named_stream
from numerics.reverse_process import sample_reverse
from numerics.score_functions import Score, empirical_score_function, network_score_function
from numerics.time_network import (
    TimeNetwork,
    TimeTask,
    evaluate_time_network,
    random_time_network,
    restore_time_network,
    stored_time_network,
    train_time_network,
)
from numerics.validation import FloatArray

__all__ = ["PAIRS", "VARIANTS", "generation_cost", "run_generation"]

VARIANTS: Final = ("as chosen", "the other start", "no noise in the last step")
"""Ways to sample with one trained network: the cell's own choices, and each with one change."""

PAIRS: Final = ("network, optimal", "network, fitted", "optimal, fitted")
"""Which two laws a discrepancy compares: generated under s_theta, under s*, the fitted Gaussian."""

# Draws with which the distance of r from the optimal one is estimated.
_DRAWS = 3000


def run_generation(parameters: Parameters, checkpoint: Checkpoint, *, keep_points: bool) -> Arrays:
    """Train a network on data of N(0, 4 I), generate with it and with s*, and compare.

    Parameters
    ----------
    parameters : mapping
        ``choices`` (a name of `CHOICES`), ``eta``, ``epochs``, ``dimension``, ``size``, ``width``,
        ``batch``, ``precision``, ``seed``, ``sets`` (generated sets), ``points`` (in each of them).
    checkpoint : Checkpoint
        Where the network under training is kept.
    keep_points : bool
        Whether the data and the first generated sets are returned too.

    Returns
    -------
    mapping of str to ndarray
        ``steps`` taken, ``diverged``; ``loss`` and ``excess``, the mean of |r - Z|^2 and of
        |r - r*|^2 over the schedule; ``bandwidths`` (2,), 1 as printed and sqrt(d);
        ``mmd_squared`` (variants, sets, pairs, bandwidths), unbiased, the Gaussian in closed form;
        ``control`` (sets, 2, bandwidths), the same of the starting points, which no score has
        moved, to s* and to the Gaussian; ``memorized`` (variants, sets, 2), share of ratios below
        1/3 under s_theta and s*, and ``memorized_fitted`` (sets,) of fresh Gaussian points; with
        `keep_points` also ``data``, ``generated``, ``optimal``. After a divergence what depends
        on the network is NaN.

    Notes
    -----
    Source: paper A, section 5; claims ``A.fig3``, ``A.fig4``, ``A.code.marginal``,
    ``A.code.time``.
    """
    seed, dimension = int(parameters["seed"]), int(parameters["dimension"])
    choices = CHOICES[str(parameters["choices"])]
    rng = named_stream(seed, "data", dimension)
    data = 2.0 * rng.standard_normal((int(parameters["size"]), dimension))
    network, finite = _trained(data, choices, parameters, checkpoint)
    optimal = empirical_score_function(data, marginal=choices.marginal)
    scores = {"optimal": optimal}
    loss, excess = np.nan, np.nan
    if finite:
        scores["network"] = network_score_function(network)
        loss, excess = _excess(data, network, optimal, choices, seed)
    measured, first = _measured(data, scores, choices, parameters)
    kept = {"data": data, **first} if keep_points else {}
    return {
        "steps": np.array(network.steps),
        "diverged": np.array(not finite),
        "loss": np.array(loss),
        "excess": np.array(excess),
        **measured,
        **kept,
    }


def _measured(
    data: FloatArray, scores: dict[str, Score], choices: GenerationChoices, parameters: Parameters
) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
    """Generate all sets under all variants and compare them; return also the first sets."""
    seed, sets, points = (int(parameters[name]) for name in ("seed", "sets", "points"))
    widths = np.array([1.0, np.sqrt(data.shape[1])])
    mean, covariance = data.mean(axis=0), np.atleast_2d(np.cov(data.T))
    factor = (data - mean) / np.sqrt(len(data) - 1)
    mmd = np.full((len(VARIANTS), sets, len(PAIRS), 2), np.nan)
    control = np.empty((sets, 2, 2))
    memorized = np.full((len(VARIANTS), sets, 2), np.nan)
    memorized_fitted = np.empty(sets)
    first: dict[str, FloatArray] = {}
    for k in range(sets):
        fresh = named_stream(seed, "fitted", k).standard_normal((points, len(data)))
        memorized_fitted[k] = memorized_share(mean + fresh @ factor, data)
        for v, variant in enumerate(_variants(choices)):
            generated = [
                _generated(data, score, variant, points, (seed, k, v, name), last_noise=v != 2)
                for name, score in scores.items()
            ]
            shares = [memorized_share(cloud, data) for cloud in generated]
            memorized[v, k, 2 - len(shares) :] = shares[::-1]
            mmd[v, k] = _discrepancies(generated, mean, covariance, widths)
            if v == 0:
                idle = start_points(data, choices, count=points, rng=named_stream(seed, "idle", k))
                control[k] = _discrepancies([generated[0], idle], mean, covariance, widths)[:2]
                if k == 0:
                    first = dict(zip(("optimal", "generated"), generated, strict=False))
    measured = {
        "bandwidths": widths,
        "mmd_squared": mmd,
        "control": control,
        "memorized": memorized,
        "memorized_fitted": memorized_fitted,
    }
    return measured, first


def generation_cost(parameters: Parameters) -> float:
    """Return about how many seconds of one core a cell takes.

    Examples
    --------
    >>> size = {"dimension": 2, "width": 1000, "batch": 5000, "sets": 5, "points": 1000}
    >>> round(generation_cost({**size, "epochs": 10**6}) / 3600, 1)
    1.4
    """
    dimension, width = float(parameters["dimension"]), float(parameters["width"])
    # Per neuron and point: products at 9e10 operations a second, and the passes over the masks.
    unit = width * (6.0 * (2.0 * dimension + 2.0) / 9e10 + 6e-10)
    trained = float(parameters["epochs"]) * float(parameters["batch"]) * unit
    moved = float(parameters["sets"]) * float(parameters["points"]) * len(VARIANTS) * 100
    return trained + moved * (unit + 1e-7 * dimension)


def _trained(
    data: FloatArray, choices: GenerationChoices, parameters: Parameters, checkpoint: Checkpoint
) -> tuple[TimeNetwork, bool]:
    """Train to the last epoch or to divergence, from the checkpoint if there is one."""
    seed, epochs = int(parameters["seed"]), int(parameters["epochs"])
    task = TimeTask(
        data=data,
        schedule=schedule_of(choices),
        learning_rate=float(parameters["eta"]),
        batch=int(parameters["batch"]),
        choices=choices.training,
        seed=seed,
    )
    state = checkpoint.load()
    if state is not None:
        network = restore_time_network(state)
    else:
        network = random_time_network(
            int(parameters["width"]),
            data.shape[1],
            rng=named_stream(seed, "network"),
            dtype=str(parameters["precision"]),
        )
    finite = bool(np.isfinite(network.outer).all())
    while finite and network.steps < epochs:
        # The blocks are the same however the run was interrupted, so that a divergence is, too.
        block = min(50 - network.steps % 50, epochs - network.steps)
        network = train_time_network(network, task, block)
        finite = bool(np.isfinite(network.outer).all())
        checkpoint.save(stored_time_network(network))
    return network, finite


def _variants(choices: GenerationChoices) -> tuple[GenerationChoices, ...]:
    other = StartLaw.NORMAL if choices.start is StartLaw.NOISED else StartLaw.NOISED
    return choices, replace(choices, start=other), choices


def _generated(
    data: FloatArray,
    score: Score,
    choices: GenerationChoices,
    points: int,
    names: tuple[int, int, int, str],
    *,
    last_noise: bool,
) -> FloatArray:
    rng = named_stream(names[0], "generated", *names[1:])
    start = start_points(data, choices, count=points, rng=rng)
    return sample_reverse(start, score, times=reverse_grid(choices), rng=rng, last_noise=last_noise)


def _discrepancies(
    sets: list[FloatArray], mean: FloatArray, covariance: FloatArray, widths: FloatArray
) -> FloatArray:
    """Return squared discrepancies (pairs, bandwidths) of [optimal, other] and the Gaussian."""
    found = np.full((len(PAIRS), len(widths)), np.nan)
    for w, width in enumerate(widths.tolist()):
        to_law = [
            mmd_squared_to_gaussian(points, mean, covariance, bandwidth=width) for points in sets
        ]
        found[2, w] = to_law[0]
        if len(sets) == 2:
            within = [mean_kernel_within(points, bandwidth=width) for points in sets]
            found[0, w] = sum(within) - 2.0 * mean_kernel(*sets, bandwidth=width)
            found[1, w] = to_law[1]
    return found


def _excess(
    data: FloatArray,
    network: TimeNetwork,
    optimal: Score,
    choices: GenerationChoices,
    seed: int,
) -> tuple[float, float]:
    """Return the means of |r - Z|^2 and of |r - r*|^2 over the schedule, r* = -sigma s*."""
    rng, schedule = named_stream(seed, "excess"), schedule_of(choices)
    k = rng.choice(len(schedule.times), p=schedule.probability, size=_DRAWS)
    noise = rng.standard_normal((_DRAWS, data.shape[1]))
    chosen = data[rng.integers(len(data), size=_DRAWS)]
    noised = schedule.mu[k, None] * chosen + schedule.sigma[k, None] * noise
    predicted = evaluate_time_network(network, schedule.times[k], noised)
    best = np.empty_like(noised)
    for index in np.unique(k):
        here = k == index
        best[here] = optimal(float(schedule.times[index]), noised[here])
    best *= -schedule.sigma[k, None]
    return (
        float(((predicted - noise) ** 2).sum(axis=1).mean()),
        float(((predicted - best) ** 2).sum(axis=1).mean()),
    )
