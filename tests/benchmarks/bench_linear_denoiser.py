"""Exact expectations of the linear model against the simulation that reaches the same error.

Run as ``python tests/benchmarks/bench_linear_denoiser.py [--digits K]``; pytest does not
collect it.
The simulation is timed on some hundred draws and extrapolated: its error falls like the root of
the number of draws.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # threads cost more than they gain on matrices of 100

import argparse  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402
from sympy import Rational  # noqa: E402

from numerics.linear_simulation import Route, law_replicates  # noqa: E402
from theory.linear_expectations import expected_kl_value  # noqa: E402

SIZES = [(8, 20), (20, 60), (50, 101), (100, 150), (100, 151)]
RATIO = Rational(1)


def main() -> None:
    """Print both times and their ratio for several sizes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--digits", type=int, default=10)
    parser.add_argument("--draws", type=int, default=200)
    options = parser.parse_args()
    routes: tuple[Route, ...] = ("data", "conditional")
    for d, n in SIZES:
        start = time.perf_counter()
        value = float(expected_kl_value(d, n - 1, RATIO, digits=options.digits))
        exact = time.perf_counter() - start
        sys.stdout.write(f"d {d:4d}  n {n:4d}  E KL {value:.10f}  exact {exact:7.3f} s\n")
        for route in routes:
            rng = np.random.default_rng(0)
            start = time.perf_counter()
            draws = law_replicates(
                rng,
                options.draws,
                n=n,
                d=d,
                T=0.5 * float(np.log(2.0)),
                noise_scale=1.0,
                s_d=1.0,
                route=route,
            ).kl
            each = (time.perf_counter() - start) / options.draws
            spread = float(draws.std(ddof=1))
            gap = abs(float(draws.mean()) - value) / (spread / options.draws**0.5)
            # Three digits already; every further digit costs a hundred times more.
            needed = (spread / (1e-3 * value)) ** 2
            sys.stdout.write(
                f"      {route:<12} {1e3 * each:7.3f} ms a draw, {gap:4.1f} standard errors off, "
                f"{needed * each:9.3f} s for three digits: {needed * each / exact:8.1f} times\n"
            )


if __name__ == "__main__":
    main()
