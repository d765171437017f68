"""Time of kernel discrepancies and nearest neighbours, against plain implementations.

Run as ``python tests/benchmarks/bench_mmd.py``; pytest does not collect it. Two plain versions: all
differences at once (as long as they fit), and the usual Gram matrices without blocks.
"""

import sys
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from numerics.mmd import mmd_squared
from numerics.nearest_neighbour import nearest_two
from numerics.validation import FloatArray


def differences(a: FloatArray, b: FloatArray, width: float) -> float:
    """All pairs of differences in one array of shape (N, M, d)."""

    def kernel(u: FloatArray, v: FloatArray) -> FloatArray:
        exponent: FloatArray = -((u[:, None] - v) ** 2).sum(axis=2) / (2 * width**2)
        value: FloatArray = np.exp(exponent)
        return value

    return _unbiased(kernel(a, a), kernel(b, b), kernel(a, b))


def gram(a: FloatArray, b: FloatArray, width: float) -> float:
    """Three Gram matrices at once, norms added afterwards."""

    def kernel(u: FloatArray, v: FloatArray) -> FloatArray:
        square = (u**2).sum(axis=1)[:, None] + (v**2).sum(axis=1) - 2 * u @ v.T
        value: FloatArray = np.exp(-square / (2 * width**2))
        return value

    return _unbiased(kernel(a, a), kernel(b, b), kernel(a, b))


def _unbiased(first: FloatArray, second: FloatArray, across: FloatArray) -> float:
    n, m = across.shape
    own = (first.sum() - n) / (n * (n - 1)) + (second.sum() - m) / (m * (m - 1))
    return float(own - 2 * across.mean())


def plain_nearest(points: FloatArray, train: FloatArray) -> FloatArray:
    """All distances by differences, one point at a time, sorted."""
    return np.array([np.sort(np.sqrt(((train - y) ** 2).sum(axis=1)))[:2] for y in points])


def best_time(run: Callable[[], object], repeats: int) -> float:
    """Return the least of several wall times, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def peak(run: Callable[[], object]) -> float:
    """Return the most memory that NumPy held meanwhile, in MB."""
    tracemalloc.start()
    run()
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return used / 1e6


def discrepancies() -> None:
    rng = np.random.default_rng(0)
    show("unbiased MMD^2 of two sets of N points")
    show(
        "     d      N   bandwidth      ms   gram ms  ratio   differences ms   MB   gram MB   error"
    )
    for d, size, with_differences in ((2, 1000, True), (2, 4000, False), (100, 4000, False)):
        a, b = rng.normal(size=(size, d)), 0.1 + rng.normal(size=(size, d))
        for width in (1.0, float(np.sqrt(d)), 0.05):

            def fast(a: FloatArray = a, b: FloatArray = b, width: float = width) -> float:
                return mmd_squared(a, b, bandwidth=width)

            def plain(a: FloatArray = a, b: FloatArray = b, width: float = width) -> float:
                return gram(a, b, width)

            mine, other = best_time(fast, 3), best_time(plain, 3)
            slow = ""
            error = abs(fast() - plain())
            if with_differences:
                start = time.perf_counter()
                error = abs(fast() - differences(a, b, width))
                slow = f"{1e3 * (time.perf_counter() - start):.0f}"
            show(
                f"{d:6d} {size:6d} {width:11.2f} {1e3 * mine:7.0f} {1e3 * other:9.0f} "
                f"{other / mine:6.1f} {slow:>16} {peak(fast):4.0f} {peak(plain):9.0f}  {error:.0e}"
            )


def neighbours() -> None:
    rng = np.random.default_rng(1)
    show("two nearest training points of 2000 points")
    for d, size in ((2, 1000), (100, 1000), (100, 10_000)):
        points, train = rng.normal(size=(2000, d)), rng.normal(size=(size, d))
        mine = best_time(lambda p=points, x=train: nearest_two(p, x), 3)  # type: ignore[misc]
        some = points[:100]
        start = time.perf_counter()
        expected = plain_nearest(some, train)
        other = 20 * (time.perf_counter() - start)
        found = nearest_two(some, train)
        error = np.abs(np.column_stack((found.first, found.second)) - expected).max()
        show(
            f"  d {d:4d} n {size:6d}: {1e3 * mine:6.0f} ms, plain {1e3 * other:7.0f} ms, "
            f"ratio {other / mine:.1f}, error {error:.0e}"
        )


def show(line: str) -> None:
    """Write one line of the table."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    discrepancies()
    neighbours()
    return 0


if __name__ == "__main__":
    sys.exit(main())
