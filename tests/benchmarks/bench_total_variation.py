"""Time and accuracy of the two total variations, against plain nested quadrature.

Run as ``python tests/benchmarks/bench_total_variation.py [--plain]``; pytest does not collect it.
"""

import argparse
import sys
import time
import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import quad

from numerics.total_variation import score_total_variation, weighted_total_variation


def plain_weighted(x: NDArray[np.float64], mu: float, sigma: float) -> float:
    """Nest two general quadratures, asked for 1e-4, over the definition in global coordinates."""
    c = mu * x
    n = len(c)

    def smaller(z: float) -> float:
        below, above = c[c < z], c[c > z]
        if not below.size or not above.size:
            return 0.0
        minus = (below.size / n) ** 2 * (z - below.mean())
        plus = (above.size / n) ** 2 * (above.mean() - z)
        return float(min(minus, plus))

    def weight(y: float) -> float:
        def inner(t: float) -> float:
            return smaller(y - sigma * t) * float(np.exp(-0.5 * t * t))

        return float(quad(inner, -8.6, 8.6, epsrel=1e-4)[0]) / float(np.sqrt(2 * np.pi))

    def outer(y: float) -> float:
        exponent = -((y - c) ** 2) / (2 * sigma**2)
        alpha = np.exp(exponent - exponent.max())
        alpha /= alpha.sum()
        third = float(alpha @ (c - alpha @ c) ** 3)
        return abs(third) / sigma**6 * weight(y)

    return float(quad(outer, c[0], c[-1], epsrel=1e-4)[0])


def show(line: str) -> None:
    """Write one line of the table."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plain", action="store_true", help="time nested quadrature as well")
    plain = parser.parse_args().plain
    rng = np.random.default_rng(0)
    mu = 0.81
    show("     n    sigma   TV ms   TV_pi ms   TV sigma^4        TV_pi sigma^4    reflected - 1")
    for n in (20, 100, 1000):
        x = np.sort(rng.normal(size=n))
        for sigma in (0.5, 0.31, 0.1, 1e-2, 1e-3, 1e-4, 1e-6):
            times: list[list[float]] = [[], []]
            for _ in range(7 if n < 1000 else 3):
                for row, function in zip(
                    times, (score_total_variation, weighted_total_variation), strict=True
                ):
                    start = time.perf_counter()
                    function(x, mu=mu, sigma=sigma)
                    row.append(time.perf_counter() - start)
            total = score_total_variation(x, mu=mu, sigma=sigma)
            weighted = weighted_total_variation(x, mu=mu, sigma=sigma)
            mirrored = weighted_total_variation(-x, mu=mu, sigma=sigma)
            show(
                f"{n:6d} {sigma:8.0e} {1e3 * min(times[0]):7.2f} {1e3 * min(times[1]):10.2f}"
                f"   {total * sigma**4:.10e}  {weighted * sigma**4:.10e}"
                f" {mirrored / weighted - 1:9.0e}"
            )
            if plain and n == 20 and sigma in {0.31, 1e-4}:
                start = time.perf_counter()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # it says that it does not converge
                    value = plain_weighted(x, mu, sigma)
                seconds = time.perf_counter() - start
                show(f"       nested quadrature {seconds:.1f} s, off by {value / weighted - 1:.0e}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
