"""Time and accuracy of the exact risk and gradient, against quadrature and Monte Carlo.

Run as ``python tests/benchmarks/bench_exact_risk.py``; pytest does not collect it.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # threads cost more than they gain on vectors of 1000

import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from numerics.exact_risk import risk_and_gradient  # noqa: E402
from numerics.mixture_tails import noised_sample  # noqa: E402
from numerics.relu_network import ReluNetwork  # noqa: E402

Value = tuple[float, NDArray[np.float64], NDArray[np.float64]]


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


def averaged(
    network: ReluNetwork,
    y: NDArray[np.float64],
    noise: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> Value:
    """Average the squared residual and its gradient over points, the plain broadcast way."""
    inside = np.multiply.outer(y, network.inner) + network.bias
    activation = np.maximum(inside, 0.0)
    residual = activation @ network.outer / network.width + noise
    pushed = 2.0 * weight * residual
    return (
        float(weight @ residual**2),
        pushed @ activation / network.width,
        pushed @ (inside > 0.0) * network.outer / network.width,
    )


def by_quadrature(network: ReluNetwork, x: NDArray[np.float64], mu: float, sigma: float) -> Value:
    """Gauss-Legendre between all knots and half sigmas, datum by datum."""
    nodes, weights = np.polynomial.legendre.leggauss(6)
    total: list[Value] = []
    for centre in mu * x:
        panels = centre + sigma * np.arange(-10.0, 10.1, 0.5)
        edges = np.unique(np.append(panels, np.clip(network.knots, panels[0], panels[-1])))
        half = np.diff(edges)[:, None] / 2
        y = ((edges[1:] + edges[:-1])[:, None] / 2 + half * nodes).ravel()
        z = (y - centre) / sigma
        density = np.exp(-0.5 * z**2) / (sigma * np.sqrt(2.0 * np.pi) * x.size)
        total.append(averaged(network, y, z / sigma, (half * weights).ravel() * density))
    return (
        sum(part[0] for part in total),
        np.sum([part[1] for part in total], axis=0),
        np.sum([part[2] for part in total], axis=0),
    )


def by_monte_carlo(
    network: ReluNetwork, x: NDArray[np.float64], mu: float, sigma: float, draws: int
) -> Value:
    """Average over draws of the noise for each datum, in blocks of one datum."""
    rng = np.random.default_rng(1)
    total: list[Value] = []
    for centre in mu * x:
        noise = rng.standard_normal(draws)
        weight = np.full(draws, 1.0 / (draws * x.size))
        total.append(averaged(network, centre + sigma * noise, noise / sigma, weight))
    return (
        sum(part[0] for part in total),
        np.sum([part[1] for part in total], axis=0),
        np.sum([part[2] for part in total], axis=0),
    )


def distance(found: Value, exact: Value) -> str:
    risk = abs(found[0] / exact[0] - 1.0)
    gradient = max(
        float(np.abs(a - b).max() / np.abs(b).max())
        for a, b in zip(found[1:], exact[1:], strict=True)
    )
    return f"{risk:9.1e} {gradient:9.1e}"


def show(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    rng = np.random.default_rng(0)
    x, mu, sigma = rng.normal(size=20), 0.81, 0.57
    show(f"risk and gradient, n = 20, mu = {mu}, sigma = {sigma}: best time, relative errors")
    for width in (100, 1000, 10_000):
        network = ReluNetwork(
            outer=rng.normal(size=width),
            inner=rng.choice([-1.0, 1.0], width),
            bias=rng.normal(size=width),
        )
        sample = noised_sample(x, mu, sigma)
        exact_time = best_time(lambda: risk_and_gradient(network, sample), 2.0)  # noqa: B023
        result = risk_and_gradient(network, sample)
        exact = (result.risk, result.outer, result.bias)
        show(f"m = {width:6d}  exact              {1e3 * exact_time:10.3f} ms")
        if width > 1000:
            continue
        rows: dict[str, Callable[[], Value]] = {
            "quadrature": lambda: by_quadrature(network, x, mu, sigma),  # noqa: B023
            "5000 draws": lambda: by_monte_carlo(network, x, mu, sigma, 5000),  # noqa: B023
        }
        for name, run in rows.items():
            found, taken = run(), best_time(run, 0.5)
            show(
                f"             {name:18s} {1e3 * taken:10.3f} ms"
                f"  x {taken / exact_time:8.0f}   {distance(found, exact)}"
            )
    table_time = best_time(lambda: noised_sample(x, mu, sigma), 0.5)
    show(f"the table of a sample, once: {1e3 * table_time:.3f} ms")


if __name__ == "__main__":
    main()
