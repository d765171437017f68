"""Time and accuracy of the empirical score, against a plain implementation.

Run as ``python tests/benchmarks/bench_empirical_score.py [--full]``; pytest does not collect it.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from numerics.empirical_score import ScoreDerivatives, empirical_score_derivatives
from numerics.empirical_score_nd import empirical_score_nd


def plain_derivatives(
    y: NDArray[np.float64], x: NDArray[np.float64], mu: float, sigma: float
) -> ScoreDerivatives:
    """Weigh every datum at every point: the n x m matrix at once, log-sum-exp, central moments."""
    gap = mu * x - y[:, None]
    exponent = -(gap**2) / (2 * sigma**2)
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = (weight * gap).sum(axis=1)
    local = gap - mean[:, None]
    return ScoreDerivatives(
        score=mean / sigma**2,
        first=((weight * local**2).sum(axis=1) / sigma**2 - 1) / sigma**2,
        second=(weight * local**3).sum(axis=1) / sigma**6,
    )


def plain_score_nd(
    y: NDArray[np.float64], x: NDArray[np.float64], mu: float, sigma: float
) -> NDArray[np.float64]:
    """Weigh every datum at every point by Gram products in double precision, block by block."""
    c = mu * x
    out = np.empty_like(y)
    for begin in range(0, len(y), 500):
        part = y[begin : begin + 500]
        exponent = (part @ c.T - 0.5 * (c**2).sum(axis=1)) / sigma**2
        weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
        out[begin : begin + 500] = (
            weight @ c / weight.sum(axis=1, keepdims=True) - part
        ) / sigma**2
    return out


def best_time(run: Callable[[], object], repeats: int) -> float:
    """Return the least of several wall times, in seconds: what the code takes when undisturbed."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def on_the_line(points: int) -> None:
    rng = np.random.default_rng(0)
    y = rng.permutation(np.linspace(-5, 5, points))
    some = rng.choice(points, size=500, replace=False)
    show(f"s*, s*', s*'' at {points} points in random order, d = 1")
    show("     n    sigma        ms   plain ms   errors of s, s', s'' against plain, of scale")
    for n in (20, 200, 10_000):
        x = np.sort(rng.normal(size=n))
        for sigma in (0.57, 0.31, 0.1, 1e-2, 1e-3, 1e-4, 1e-6):

            def fast(
                at: NDArray[np.float64] = y, x: NDArray[np.float64] = x, sigma: float = sigma
            ) -> ScoreDerivatives:
                return empirical_score_derivatives(at, x, mu=0.81, sigma=sigma)

            start = time.perf_counter()
            reference = plain_derivatives(y[some], x, 0.81, sigma)
            plain = (time.perf_counter() - start) * points / some.size
            got = fast()
            pairs = (
                (got.score[some], reference.score, 1 / sigma),
                (got.first[some], reference.first, 1 / sigma**2),
                (got.second[some], reference.second, 1 / sigma**3),
            )
            errors = [float((np.abs(a - b) / (np.abs(b) + s)).max()) for a, b, s in pairs]
            shown = " ".join(f"{error:.0e}" for error in errors)
            show(
                f"{n:6d} {sigma:8.0e} {1e3 * best_time(fast, 7):9.2f} {1e3 * plain:10.0f}   {shown}"
            )


def in_space(points: int) -> None:
    rng = np.random.default_rng(1)
    n, d = 10_000, 100
    x = rng.normal(size=(n, d))
    show(f"s* at {points} points, d = {d}, n = {n}")
    for mu, sigma in ((0.81, 0.57), (0.95, 0.31)):
        y = mu * x[rng.integers(n, size=points)] + sigma * rng.normal(size=(points, d))
        some = slice(0, 500)
        start = time.perf_counter()
        reference = plain_score_nd(y[some], x, mu, sigma)
        plain = (time.perf_counter() - start) * points / 500

        def fast(
            y: NDArray[np.float64] = y, mu: float = mu, sigma: float = sigma
        ) -> NDArray[np.float64]:
            return empirical_score_nd(y, x, mu=mu, sigma=sigma)

        seconds = best_time(fast, 2)
        got = empirical_score_nd(y[some], x, mu=mu, sigma=sigma)
        error = float(np.abs(got - reference).max() / np.abs(reference).max())
        show(f"  mu {mu} sigma {sigma}: {seconds:.2f} s, plain {plain:.1f} s, error {error:.0e}")


def show(line: str) -> None:
    """Write one line of the table."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="100 000 points in d = 100 as well")
    full = parser.parse_args().full
    on_the_line(100_000)
    in_space(100_000 if full else 10_000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(f"peak resident memory {peak:.0f} MB, the plain references included")
    return 0


if __name__ == "__main__":
    sys.exit(main())
