"""Time of the backward samplers, against plain implementations.

Run as ``python tests/benchmarks/bench_samplers.py``; pytest does not collect it.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

from numerics.empirical_score_nd import empirical_score_nd
from numerics.reverse_process import ReverseScheme, sample_reverse
from numerics.score_functions import (
    Score,
    empirical_score_function,
    marginal_coefficients,
    network_score_function,
)
from numerics.time_network import random_time_network
from numerics.validation import FloatArray

TIMES = np.linspace(1.0, 0.01, 100)


def plain_score(x: FloatArray) -> Score:
    """All differences at once, shape (N, n, d)."""

    def score(t: float, y: FloatArray) -> FloatArray:
        mu, sigma = marginal_coefficients(t)
        gap = mu * x - y[:, None]
        exponent = -(gap**2).sum(axis=2) / (2 * sigma**2)
        weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
        weight /= weight.sum(axis=1, keepdims=True)
        value: FloatArray = (weight[:, :, None] * gap).sum(axis=1) / sigma**2
        return value

    return score


def careful_score(x: FloatArray) -> Score:
    """Screened and refined, as for many data."""

    def score(t: float, y: FloatArray) -> FloatArray:
        mu, sigma = marginal_coefficients(t)
        return empirical_score_nd(y, x, mu=mu, sigma=sigma)

    return score


def plain_network_score(affine: FloatArray, outer: FloatArray) -> Score:
    """The network without blocks, in double precision."""

    def score(t: float, y: FloatArray) -> FloatArray:
        inputs = np.column_stack((np.full(len(y), t), y, np.ones(len(y))))
        hidden = np.maximum(inputs @ affine, 0.0)
        value: FloatArray = -(hidden @ outer.T) / outer.shape[1] / marginal_coefficients(t)[1]
        return value

    return score


def best_time(run: Callable[[], FloatArray], repeats: int = 2) -> tuple[float, FloatArray]:
    """Return the least of several wall times, in seconds, and what was computed."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return min(times), result


def generate(score: Score, start: FloatArray) -> FloatArray:
    return sample_reverse(
        start,
        score,
        times=TIMES,
        scheme=ReverseScheme.EULER_MARUYAMA,
        rng=np.random.default_rng(1),
    )


def main() -> int:
    rng = np.random.default_rng(0)
    show("99 Euler-Maruyama steps of 1000 points under s* of n = 10 data")
    for d in (2, 10, 100):
        x, start = 2.0 * rng.normal(size=(10, d)), rng.normal(size=(1000, d))
        mine, points = best_time(lambda x=x, s=start: generate(empirical_score_function(x), s))  # type: ignore[misc]
        plain, other = best_time(lambda x=x, s=start: generate(plain_score(x), s), 1)  # type: ignore[misc]
        careful, _ = best_time(lambda x=x, s=start: generate(careful_score(x), s), 1)  # type: ignore[misc]
        show(
            f"  d {d:4d}: {1e3 * mine:6.0f} ms, plain {1e3 * plain:6.0f} ms, ratio "
            f"{plain / mine:4.1f}; screened {1e3 * careful:6.0f} ms; apart by "
            f"{np.abs(points - other).max():.0e}"
        )
    show("the same under a network of width 1000, single precision")
    for d in (2, 100):
        start = rng.normal(size=(1000, d))
        network = random_time_network(1000, d, rng=np.random.default_rng(2), dtype=np.float32)
        double = [np.asarray(part, dtype=np.float64) for part in (network.affine, network.outer)]
        mine, points = best_time(lambda n=network, s=start: generate(network_score_function(n), s))  # type: ignore[misc]
        plain, other = best_time(lambda p=double, s=start: generate(plain_network_score(*p), s), 1)  # type: ignore[misc]
        scale = np.abs(other).max()
        show(
            f"  d {d:4d}: {1e3 * mine:6.0f} ms, plain {1e3 * plain:6.0f} ms, ratio "
            f"{plain / mine:4.1f}; apart by {np.abs(points - other).max() / scale:.0e} of the scale"
        )
    return 0


def show(line: str) -> None:
    """Write one line of the table."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
