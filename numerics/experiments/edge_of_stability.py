"""Descents in the theoretical class: whether the sharpness settles below the limit of stability.

Inner weights are signs, so that risk, gradient and sharpness are exact. Full gradient steps differ
from the gradient flow by their length alone; stochastic ones draw a fresh batch, whose risk is a
mean, or the sum that the paper prints, which is a step longer by the size of the batch. All rates
run for one time, rate times steps, from the same starts.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from numerics.descent import (
    BatchRisk,
    DescentPath,
    gradient_descent,
    random_start,
    stochastic_gradient_descent,
)
from numerics.exact_risk import risk_and_gradient
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.mixture_tails import NoisedSample, noised_sample

__all__ = ["EXPERIMENT"]

RATES: Final = (0.05, 0.1, 0.2, 0.3, 0.5)
BATCH: Final = 50


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return the grid: how the steps are taken, rates and starts."""
    width, time, starts = (50, 300.0, 3) if profile == "quick" else (1000, 2000.0, 10)
    shared: Parameters = {"mu": 0.81, "sigma": 0.57, "points": 6, "width": width}
    return [
        # steps over a sum leave at once or never
        {"method": method, "eta": eta, "start": start, "time": limit, **shared}
        for method, limit in (("full", time), ("mean", time), ("sum", 10.0))
        for eta in RATES
        for start in range(starts)
    ]


def cost(parameters: Parameters) -> float:
    """Return about the seconds that a cell takes."""
    steps = float(parameters["time"]) / float(parameters["eta"])
    return 0.3 + steps * (2e-4 + 7e-7 * float(parameters["width"]))


def run(parameters: Parameters, _checkpoint: Checkpoint) -> Arrays:
    """Descend, and record risk and m eta lambda_max / 2 at 100 places of the path."""
    eta, start = float(parameters["eta"]), int(parameters["start"])
    steps = round(float(parameters["time"]) / eta)
    mu, sigma = float(parameters["mu"]), float(parameters["sigma"])
    x = np.sort(np.random.default_rng([1, 0]).standard_normal(int(parameters["points"])))
    sample = noised_sample(x, mu, sigma)
    network = random_start(
        int(parameters["width"]), rng=np.random.default_rng([2, start]), bias_scale=1.0
    )
    # an odd distance, so that a cycle of two steps is not taken for rest
    every = 2 * (steps // 200) + 1
    if parameters["method"] == "full":
        path = gradient_descent(network, sample, learning_rate=eta, steps=steps, record_every=every)
    else:
        path = stochastic_gradient_descent(
            network,
            x,
            mu,
            sigma,
            learning_rate=eta,
            steps=steps,
            batch=BATCH,
            batch_risk=BatchRisk(parameters["method"]),
            rng=np.random.default_rng([3, start]),
            record_every=every,
        )
    return {
        "time": eta * path.step,
        "risk": path.risk,
        "stability": path.stability,
        "diverged": np.array(path.diverged),
        "motion": np.array(_motion(path, sample, eta)),
    }


def _motion(path: DescentPath, sample: NoisedSample, eta: float) -> float:
    """Return the length of one more full step, as a share of the length of the parameters."""
    network = path.network
    gradient = risk_and_gradient(network, sample)
    step = network.width * eta * np.linalg.norm(np.append(gradient.outer, gradient.bias))
    return float(step / np.linalg.norm(np.append(network.outer, network.bias)))


EXPERIMENT: Final = Experiment(
    name="A.x6",
    says="m eta lambda_max / 2 along descents of the exact risk and of batches, theoretical class",
    cells=cells,
    run=run,
    cost=cost,
)
