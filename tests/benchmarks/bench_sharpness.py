"""Time and accuracy of the sharpness, against Lanczos on products and the dense Hessian.

Run as ``python tests/benchmarks/bench_sharpness.py``; pytest does not collect it. Also prints what
the notebook's sharpness and a Hessian without the knot part make of the same network.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # threads cost more than they gain on vectors of 1000

import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402

import numpy as np  # noqa: E402
from scipy.linalg import eigh  # noqa: E402

from numerics.descent import gradient_descent, random_start  # noqa: E402
from numerics.empirical_score import empirical_score  # noqa: E402
from numerics.exact_hessian import dense_hessian, hessian_product, risk_hessian  # noqa: E402
from numerics.mixture_tails import noised_sample  # noqa: E402
from numerics.notebook_sharpness import notebook_grid, notebook_sharpness  # noqa: E402
from numerics.sharpness import sharpness  # noqa: E402


def best_time(run: Callable[[], object], seconds: float) -> float:
    """Return the least wall time of one call: what the code takes when undisturbed."""
    run()
    times: list[float] = []
    stop = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < stop:
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def show(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    rng = np.random.default_rng(0)
    x, mu, sigma, width = rng.normal(size=20), 0.81, 0.57, 1000
    sample = noised_sample(x, mu, sigma)
    start = random_start(width, rng=rng)
    trained = gradient_descent(
        start, sample, learning_rate=0.1, steps=2000, record_every=2000
    ).network
    spread = random_start(width, rng=rng, bias_scale=1.0)
    for name, network in (("start", start), ("knots spread", spread), ("trained", trained)):
        parts = dense_hessian(network, sample)
        whole = parts.total
        top = float(eigh(whole, subset_by_index=[1999, 1999], eigvals_only=True)[0])
        result = sharpness(network, sample)
        hessian = risk_hessian(network, sample)
        vector = rng.normal(size=2 * width)
        fast = best_time(lambda: sharpness(network, sample), 2.0)  # noqa: B023
        plain = best_time(
            lambda: sharpness(network, sample, preconditioned=False),  # noqa: B023
            1.0,
        )
        setup = best_time(lambda: risk_hessian(network, sample), 1.0)  # noqa: B023
        product = best_time(lambda: hessian_product(hessian, vector), 0.5)  # noqa: B023
        dense = best_time(lambda: whole @ vector, 0.5)  # noqa: B023
        show(f"{name}: lambda_max = {top:.9e}, n = 20, m = {width}, sigma = {sigma}")
        show(
            f"  sharpness {1e3 * fast:8.3f} ms, {result.products} products, relative error "
            f"{abs(result.value / top - 1):.1e}; Lanczos {1e3 * plain:.3f} ms"
        )
        show(
            f"  set-up {1e3 * setup:.3f} ms; product {1e6 * product:.0f} us, dense product "
            f"{1e6 * dense:.0f} us, x {dense / product:.0f}"
        )
        target = empirical_score(notebook_grid(), x, mu=mu, sigma=sigma)
        notebook = notebook_sharpness(network, target, rng=np.random.default_rng(0))
        smooth = parts.tangent + parts.cross
        truncated = float(eigh(smooth, subset_by_index=[1999, 1999], eigvals_only=True)[0])
        show(f"  without the knot part: x {truncated / top:.6f}; notebook: x {notebook / top:.6f}")


if __name__ == "__main__":
    main()
