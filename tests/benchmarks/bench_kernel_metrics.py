"""Time of one cell of the metric, d = 100, n = 100, N = 10^4, against its plain definitions.

Run as ``python tests/benchmarks/bench_kernel_metrics.py [--train N] [--original N]``; pytest does
not collect it. The plain version types the formulas: blocks of differences, a determinant by
`numpy.linalg.det`, an inverse, and sums in which the equal diagonal parts drown the pairs.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one core: cells run in parallel, not their products

import argparse  # noqa: E402
import math  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from functools import partial  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from numerics.kernel_metrics import (  # noqa: E402
    KernelMetrics,
    expected_reference,
    gaussian_metrics,
    reference_set,
)
from numerics.linear_denoiser import (  # noqa: E402
    GeneratedLaw,
    fit_linear_denoiser,
    generated_law,
    sample_training_set,
)
from numerics.pair_blocks import Precision  # noqa: E402

Array = NDArray[np.float64]


def best_time(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Return the least wall and processor time of one call: what it takes when undisturbed."""
    walls, works = [], []
    for _ in range(repeats):
        wall, work = time.perf_counter(), time.process_time()
        run()
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    return min(walls), min(works)


def plain_distance(mean: Array, covariance: Array, points: Array) -> float:
    """Return the squared distance less the norm of the law, as the definition is written."""
    n, d = points.shape
    width = n ** (-1.0 / d)
    pairs = 0.0
    for start in range(0, n, 25):
        block = points[start : start + 25]
        for other in range(0, n, 25):
            gaps = block[:, None, :] - points[None, other : other + 25, :]
            pairs += float(np.exp(-(gaps**2).sum(axis=2) / (4.0 * width**2)).sum())
    widened = covariance + width**2 * np.eye(d)
    inverse = np.linalg.inv(widened)
    overlap = 0.0
    for point in points:
        gap = point - mean
        overlap += math.exp(-0.5 * float(gap @ inverse @ gap))
    overlap /= n * math.sqrt(float(np.linalg.det(2.0 * math.pi * widened)))
    norm = pairs / n**2 / (4.0 * math.pi * width**2) ** (d / 2.0)
    return float(norm - 2.0 * overlap)


def plain_delta(law: GeneratedLaw, train: Array, original: Array) -> float:
    """Return the gap of both distances."""
    return plain_distance(law.mean, law.covariance, train) - plain_distance(
        law.mean, law.covariance, original
    )


def cell(
    law: GeneratedLaw, rank: int, train: Array, original: Array, precision: Precision
) -> KernelMetrics:
    """Return the metrics on data."""
    return gaussian_metrics(
        law,
        reference_set(train, s_d=1.0),
        reference_set(original, s_d=1.0, precision=precision),
        rank=rank,
    )


def analytic(law: GeneratedLaw, rank: int, train: Array, count: int) -> KernelMetrics:
    """Return the metrics with the mean over the original set."""
    return gaussian_metrics(
        law,
        reference_set(train, s_d=1.0),
        expected_reference(np.zeros(train.shape[1]), N=count, s_d=1.0),
        rank=rank,
    )


def main() -> None:
    """Time the cell."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--train", type=int, default=100)
    parser.add_argument("--original", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--skip-plain", action="store_true")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    noise = math.exp(-4.0)
    data = sample_training_set(rng, n=options.train, d=100, T=2.0, noise_scale=noise, s_d=1.0)
    fit = fit_linear_denoiser(data.clean, data.noised)
    law = generated_law(fit, data.clean, T=2.0, noise_scale=noise, s_d=1.0)
    original = rng.standard_normal((options.original, 100))
    say = sys.stdout.write
    times: dict[str, tuple[float, float]] = {}
    kinds: tuple[Precision, ...] = ("double", "single")
    for precision in kinds:
        found = cell(law, fit.rank, data.clean, original, precision)
        times[precision] = best_time(
            partial(cell, law, fit.rank, data.clean, original, precision), options.repeats
        )
        say(
            f"{precision:<10} wall {times[precision][0]:8.4f} s  processor "
            f"{times[precision][1]:8.4f} s   Delta {found.delta.value:.6e} "
            f"sign {found.delta.sign:+d}, relative error below "
            f"{math.exp(found.delta.log_error - found.delta.log_size):.0e}\n"
        )
    mean = best_time(lambda: analytic(law, fit.rank, data.clean, options.original), 50)
    say(f"{'analytic':<10} wall {mean[0]:8.4f} s  processor {mean[1]:8.4f} s\n")
    if options.skip_plain:
        return
    start, work = time.perf_counter(), time.process_time()
    plain = plain_delta(law, data.clean, original)
    wall, work = time.perf_counter() - start, time.process_time() - work
    exact = cell(law, fit.rank, data.clean, original, "double").delta.value
    gap = abs(plain - exact) / abs(exact)
    say(
        f"{'plain':<10} wall {wall:8.4f} s  processor {work:8.4f} s   Delta {plain:.6e}, "
        f"relative difference {gap:.1e}, ratio {work / times['double'][1]:.0f} (double), "
        f"{work / times['single'][1]:.0f} (single)\n"
    )


if __name__ == "__main__":
    main()
