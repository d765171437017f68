"""Time of a training step against plain NumPy loops and, if installed, against PyTorch.

Run as ``python tests/benchmarks/bench_sgd.py [--seconds S]``; pytest does not collect it. Times are
processor times of one thread, the least of several rounds that alternate between the candidates, so
that what else runs on the machine disturbs all alike. "Plain" is what one would type for one
network: the arrays of width times batch, a mask, and five products.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from typing import Any, TypeAlias

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402
from numpy.typing import DTypeLike, NDArray  # noqa: E402

from numerics.noise_schedule import noise_schedule  # noqa: E402
from numerics.random_streams import named_stream  # noqa: E402
from numerics.sgd import ScoreTask, train_networks  # noqa: E402
from numerics.stacked_network import random_networks  # noqa: E402
from numerics.time_network import (  # noqa: E402
    TimeTask,
    draw_time_batch,
    random_time_network,
    train_time_network,
)
from numerics.training_choices import NOTEBOOK, PAPER  # noqa: E402

Floats = NDArray[np.float64]
# What takes some steps, how many at a time, and how many networks take them.
Candidate: TypeAlias = tuple[Callable[[int], Any], int, int]
WIDTH, BATCH, ROUNDS = 1000, 50, 5


def plain_descent(
    affine: NDArray[Any], outer: NDArray[Any], inputs: NDArray[Any], targets: NDArray[Any], c: float
) -> None:
    """Take one step of one network by its definition; inputs end with a column of ones."""
    signed = inputs @ affine
    active = signed > 0.0
    activation = np.where(active, signed, 0.0)
    pull = 2.0 * c * (activation @ outer.T / WIDTH - targets)
    back = (pull @ outer) * active
    outer -= pull.T @ activation
    affine -= inputs.T @ back


def plain_training(
    dimension: int, dtype: DTypeLike, x: Floats, mu: float, sigma: float
) -> Callable[[int], tuple[NDArray[Any], NDArray[Any]]]:
    """Return a loop over steps that draws, steps and returns the parameters."""
    stack = random_networks([0], width=WIDTH, dimension=dimension, dtype=dtype)
    affine, outer = stack.affine[0].copy(), stack.outer[0].copy()
    rng = np.random.default_rng(0)

    def run(steps: int) -> tuple[NDArray[Any], NDArray[Any]]:
        for _ in range(steps):
            noise = rng.standard_normal((BATCH, dimension))
            inputs = np.ones((BATCH, dimension + 1))
            inputs[:, :-1] = mu * x[rng.integers(len(x), size=BATCH)] + sigma * noise
            plain_descent(
                affine,
                outer,
                inputs.astype(dtype),
                (-noise / sigma).astype(dtype),
                0.05 / (BATCH * dimension),
            )
        return affine, outer

    return run


def torch_training(
    inputs: NDArray[Any], targets: NDArray[Any], rate: float
) -> Callable[[int], Any]:
    """Return a loop of eager PyTorch over the same network, on one batch drawn beforehand."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    width, wanted = WIDTH, torch.from_numpy(targets)
    points = torch.from_numpy(np.ascontiguousarray(inputs))
    first = torch.nn.Linear(inputs.shape[1], width, dtype=points.dtype)
    second = torch.nn.Linear(width, targets.shape[1], bias=False, dtype=points.dtype)
    torch.nn.init.normal_(second.weight)
    optimiser = torch.optim.SGD(
        [*first.parameters(), *second.parameters()], lr=rate * width, foreach=True
    )

    def run(steps: int) -> Any:
        for _ in range(steps):
            loss = torch.nn.functional.mse_loss(second(first(points).relu()) / width, wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    return run


def compare(candidates: dict[str, Candidate], seconds: float) -> dict[str, float]:
    """Return the least processor time per step and network of each candidate."""
    repeats, best = {}, dict.fromkeys(candidates, np.inf)
    for name, (run, steps, _) in candidates.items():
        run(steps)
        start = time.process_time()
        run(steps)
        each = time.process_time() - start
        repeats[name] = max(1, int(seconds / ROUNDS / each))
    for _ in range(ROUNDS):
        for name, (run, steps, members) in candidates.items():
            start = time.process_time()
            for _ in range(repeats[name]):
                run(steps)
            spent = time.process_time() - start
            best[name] = min(best[name], spent / (repeats[name] * steps * members))
    return best


def show(title: str, best: dict[str, float]) -> None:
    ours = next(iter(best.values()))
    say(title)
    for name, spent in best.items():
        say(f"  {name:34s} {spent * 1e6:10.1f} us   {spent / ours:6.2f} x the first")


def score_networks(
    dimension: int, members: int, dtype: DTypeLike, seconds: float, eager: bool
) -> None:
    mu, sigma = 0.81, 0.57
    x = named_stream(0, "data").standard_normal((20, dimension))

    def stacked(count: int) -> Callable[[int], Any]:
        task = ScoreTask(
            data=np.stack([x] * count),
            mu=[mu] * count,
            sigma=[sigma] * count,
            learning_rate=[0.05] * count,
            seeds=range(count),
            choices=NOTEBOOK,
        )
        start = random_networks(range(count), width=WIDTH, dimension=dimension, dtype=dtype)
        return lambda steps: train_networks(start, task, steps)

    candidates: dict[str, Candidate] = {
        # Two blocks of 64 steps: a training draws whole blocks.
        f"{members} stacked": (stacked(members), 128, members),
        "one alone": (stacked(1), 128, 1),
        "plain NumPy, one": (plain_training(dimension, dtype, x, mu, sigma), 50, 1),
    }
    if eager:
        noise = np.random.default_rng(0).standard_normal((BATCH, dimension))
        inputs = (mu * np.resize(x, noise.shape) + sigma * noise).astype(dtype)
        run = torch_training(inputs, (-noise / sigma).astype(dtype), 0.05)
        candidates["PyTorch eager, one, no draws"] = (run, 50, 1)
    show(
        f"d = {dimension}, batch {BATCH}, {np.dtype(dtype).name}: a step of one network",
        compare(candidates, seconds),
    )


def time_networks(dimension: int, dtype: DTypeLike, seconds: float, eager: bool) -> None:
    batch = 5000
    x = 2.0 * named_stream(1, "data").standard_normal((10, dimension))
    task = TimeTask(
        data=x, schedule=noise_schedule(), learning_rate=0.05, batch=batch, choices=PAPER
    )
    start = random_time_network(WIDTH, dimension, rng=np.random.default_rng(0), dtype=dtype)
    affine, outer = start.affine.copy(), start.outer.copy()

    def plain(steps: int) -> None:
        for step in range(steps):
            times, points, noise = draw_time_batch(task, step)
            inputs = np.column_stack((times, points, np.ones(batch))).astype(dtype)
            plain_descent(affine, outer, inputs, noise.astype(dtype), 0.05 / batch)

    candidates: dict[str, Candidate] = {
        "in blocks": (lambda steps: train_time_network(start, task, steps), 3, 1),
        "plain NumPy": (plain, 3, 1),
    }
    if eager:
        times, points, noise = draw_time_batch(task, 0)
        inputs = np.column_stack((times, points)).astype(dtype)
        candidates["PyTorch eager, no draws"] = (
            torch_training(inputs, noise.astype(dtype), 0.05),
            3,
            1,
        )
    show(
        f"r(t, x), d = {dimension}, batch {batch}, {np.dtype(dtype).name}: a step",
        compare(candidates, seconds),
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of processor time a candidate")
    seconds = parser.parse_args().seconds
    eager = importlib.util.find_spec("torch") is not None
    peer = f"PyTorch {importlib.metadata.version('torch')}" if eager else "no PyTorch"
    say(f"NumPy {np.__version__}, {peer}, one thread")
    score_networks(1, 30, np.float64, seconds, eager)
    for dtype in (np.float64, np.float32):
        score_networks(10, 3, dtype, seconds, eager)
    for dimension in (2, 100):
        for dtype in (np.float64, np.float32):
            time_networks(dimension, dtype, seconds, eager)


if __name__ == "__main__":
    main()
