"""Descents on the line: whether the sharpness settles below the limit of stability.

Two classes of networks: the theoretical one, whose inner weights are signs and stay so, and the
experimental one, which trains all its weights. Risk, gradient and sharpness are exact for both.
Full gradient steps differ from the gradient flow by their length alone; stochastic ones draw a
fresh batch, whose risk is a mean, or the sum that the paper prints, which is a step longer by the
size of the batch. All rates run for one time, rate times steps, from the same starts.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.descent import (
    BatchRisk,
    gradient_descent,
    random_start,
    stochastic_gradient_descent,
)
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.full_gradient import exact_network_gradient, full_gradient_step
from numerics.mixture_tails import NoisedSample, noised_sample
from numerics.network_sharpness import exact_network_sharpness
from numerics.random_streams import named_stream
from numerics.sgd import ScoreTask, train_networks
from numerics.stacked_network import NetworkStack, random_networks
from numerics.validation import FloatArray

__all__ = ["EXPERIMENT"]

RATES: Final = (0.05, 0.1, 0.2, 0.3, 0.5)
BATCH: Final = 50


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return the grid: class of networks, how the steps are taken, rates and starts."""
    width, time, starts = (50, 150.0, 3) if profile == "quick" else (1000, 2000.0, 10)
    shared: Parameters = {"mu": 0.81, "sigma": 0.57, "points": 6, "width": width}
    kinds = [
        ("theoretical", "full", time, starts),
        ("theoretical", "mean", time, starts),
        # steps over a sum leave at once or never
        ("theoretical", "sum", 10.0, starts),
        ("experimental", "full", time, starts),
        ("experimental", "mean", time, starts),
    ]
    return [
        {"network": name, "method": method, "eta": eta, "start": start, "time": limit, **shared}
        for name, method, limit, count in kinds
        for eta in RATES
        for start in range(count)
    ]


def cost(parameters: Parameters) -> float:
    """Return about the seconds that a cell takes."""
    steps = float(parameters["time"]) / float(parameters["eta"])
    return 0.3 + steps * (2e-4 + 7e-7 * float(parameters["width"]))


def run(parameters: Parameters, _checkpoint: Checkpoint) -> Arrays:
    """Descend, and record risk and m eta lambda_max / 2 at 100 places of the path.

    Returns
    -------
    dict of ndarray
        ``time``, ``risk`` and ``stability`` along the path, ``diverged``.
    """
    eta = float(parameters["eta"])
    steps = round(float(parameters["time"]) / eta)
    x = np.sort(named_stream(1, "data").standard_normal(int(parameters["points"])))
    sample = noised_sample(x, float(parameters["mu"]), float(parameters["sigma"]))
    # an odd distance, so that a cycle of two steps is not taken for rest
    every = 2 * (steps // 200) + 1
    if parameters["network"] == "theoretical":
        return _theoretical(parameters, x, sample, steps, every)
    return _experimental(parameters, x, sample, steps, every)


def _theoretical(
    parameters: Parameters, x: FloatArray, sample: NoisedSample, steps: int, every: int
) -> Arrays:
    eta, start = float(parameters["eta"]), int(parameters["start"])
    rng = named_stream(start, "start")
    network = random_start(int(parameters["width"]), rng=rng, bias_scale=1.0)
    if parameters["method"] == "full":
        path = gradient_descent(network, sample, learning_rate=eta, steps=steps, record_every=every)
    else:
        path = stochastic_gradient_descent(
            network,
            x,
            float(parameters["mu"]),
            float(parameters["sigma"]),
            learning_rate=eta,
            steps=steps,
            batch=BATCH,
            batch_risk=BatchRisk(parameters["method"]),
            rng=named_stream(start, "batches"),
            record_every=every,
        )
    return {
        "time": eta * path.step,
        "risk": path.risk,
        "stability": path.stability,
        "diverged": np.array(path.diverged),
    }


def _experimental(
    parameters: Parameters, x: FloatArray, sample: NoisedSample, steps: int, every: int
) -> Arrays:
    eta, start = float(parameters["eta"]), int(parameters["start"])
    stack = random_networks([start], width=int(parameters["width"]), dimension=1)
    task = ScoreTask(
        data=x[None, :, None],
        mu=[float(parameters["mu"])],
        sigma=[float(parameters["sigma"])],
        learning_rate=[eta],
        seeds=[start],
        batch=BATCH,
    )
    rows: list[tuple[float, float, float]] = []
    diverged = False
    while not diverged:
        risk = exact_network_gradient(stack, 0, sample)[0]
        top = exact_network_sharpness(stack, 0, sample, rng=named_stream(start, "lanczos")).value
        rows.append((eta * stack.steps, risk, 0.5 * stack.width * eta * top))
        if stack.steps >= steps:
            break
        stretch = min(every, steps - stack.steps)
        stack = _further(stack, task, sample, stretch, full=parameters["method"] == "full")
        diverged = not _finite(stack)
    time, risks, stability = np.array(rows).T
    return {
        "time": time,
        "risk": risks,
        "stability": stability,
        "diverged": np.array(diverged),
    }


def _further(
    stack: NetworkStack, task: ScoreTask, sample: NoisedSample, steps: int, *, full: bool
) -> NetworkStack:
    """Take further steps; a divergence on the way ends them, and shows in the state."""
    if not full:
        return train_networks(stack, task, steps)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            if not _finite(stack):
                break
            stack = full_gradient_step(stack, sample, learning_rate=task.learning_rate[0])
    return stack


def _finite(stack: NetworkStack) -> bool:
    return bool(np.isfinite(stack.affine).all() and np.isfinite(stack.outer).all())


EXPERIMENT: Final = Experiment(
    name="A.x6",
    says="m eta lambda_max / 2 along descents of the exact risk and of batches, two classes",
    cells=cells,
    run=run,
    version=2,
    cost=cost,
)
