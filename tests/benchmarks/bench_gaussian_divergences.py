"""Time and accuracy of 1000 divergences at d = 100, against a plain loop, NumPy stacks and peers.

Run as ``python tests/benchmarks/bench_gaussian_divergences.py [--pairs N] [--dimension D]``; pytest
does not collect it. Peers (PyTorch, POT) are timed when they are installed.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # threads cost more than they gain on matrices of 100

import argparse  # noqa: E402
import importlib.util  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from scipy.linalg import sqrtm  # noqa: E402

from numerics import gaussian_divergences as gd  # noqa: E402

Array = NDArray[np.float64]
Form = Callable[[Array, Array, Array, Array], Any]


def best_time(run: Callable[[], object], repeats: int) -> float:
    """Return the least wall time of one call: what the code takes when undisturbed."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def plain_kl(m1: Array, c1: Array, m2: Array, c2: Array) -> float:
    """Return what a user types: solves and slogdet."""
    gap = m2 - m1
    traces = np.trace(np.linalg.solve(c2, c1)) + gap @ np.linalg.solve(c2, gap)
    logs = np.linalg.slogdet(c2)[1] - np.linalg.slogdet(c1)[1]
    return float(0.5 * (traces - len(m1) + logs))


def plain_hellinger(m1: Array, c1: Array, m2: Array, c2: Array) -> float:
    """Return what a user types: slogdet and one solve."""
    gap, total = m2 - m1, c1 + c2
    logs = 0.25 * (np.linalg.slogdet(c1)[1] + np.linalg.slogdet(c2)[1])
    logs += 0.5 * len(m1) * np.log(2.0) - 0.5 * np.linalg.slogdet(total)[1]
    return float(1.0 - np.exp(logs - 0.25 * gap @ np.linalg.solve(total, gap)))


def plain_bures(m1: Array, c1: Array, m2: Array, c2: Array) -> float:
    """Return what a user types: the square root of a matrix, twice."""
    root = sqrtm(c1).real
    overlap = np.trace(sqrtm(root @ c2 @ root).real)
    return float(np.sum((m1 - m2) ** 2) + np.trace(c1) + np.trace(c2) - 2.0 * overlap)


def stacked_kl(m1: Array, c1: Array, m2: Array, c2: Array) -> Array:
    """Return all divergences by NumPy's stacked linear algebra."""
    gap = (m2 - m1)[..., None]
    traces = np.trace(np.linalg.solve(c2, c1), axis1=-2, axis2=-1)
    shift = np.linalg.solve(c2, gap)
    logs = np.linalg.slogdet(c2)[1] - np.linalg.slogdet(c1)[1]
    value: Array = 0.5 * (traces + (gap * shift).sum(axis=(-2, -1)) - m1.shape[-1] + logs)
    return value


def torch_kl(m1: Array, c1: Array, m2: Array, c2: Array) -> Any:
    """Return all divergences by PyTorch's distributions."""
    import torch  # type: ignore[import-not-found]

    laws = [
        torch.distributions.MultivariateNormal(torch.from_numpy(m), torch.from_numpy(c))
        for m, c in ((m1, c1), (m2, c2))
    ]
    return torch.distributions.kl_divergence(*laws).numpy()


def ot_bures(m1: Array, c1: Array, m2: Array, c2: Array) -> Any:
    """Return all distances by POT."""
    import ot  # type: ignore[import-not-found]

    return np.array(
        [
            ot.gaussian.bures_wasserstein_distance(*law) ** 2
            for law in zip(m1, m2, c1, c2, strict=True)
        ]
    )


def sample(pairs: int, d: int) -> tuple[Array, Array, Array, Array]:
    """Draw pairs of laws with Wishart covariances of 2 d degrees of freedom."""
    rng = np.random.default_rng(0)
    laws: list[Array] = []
    for _ in range(2):
        factor = rng.standard_normal((pairs, d, 2 * d))
        laws += [
            0.1 * rng.standard_normal((pairs, d)),
            factor @ factor.transpose(0, 2, 1) / (2 * d),
        ]
    return laws[0], laws[1], laws[2], laws[3]


def report(name: str, ours: Form, rivals: dict[str, Form], laws: tuple[Array, ...]) -> None:
    """Print the time of the batch and of every rival, with the largest difference."""
    arguments = (laws[0], laws[1], laws[2], laws[3])
    expected = ours(*arguments)
    seconds = best_time(lambda: ours(*arguments), 5)
    sys.stdout.write(f"{name:<10} batched {seconds:8.3f} s\n")
    for rival, form in rivals.items():
        values = form(*arguments)
        other = best_time(lambda form=form: form(*arguments), 2)  # type: ignore[misc]
        gap = float(np.max(np.abs(values - expected) / np.maximum(np.abs(expected), 1e-300)))
        sys.stdout.write(
            f"{'':<10} {rival:<14} {other:8.3f} s   ratio {other / seconds:5.2f}   "
            f"relative difference {gap:.1e}\n"
        )


def looped(form: Form) -> Form:
    """Apply a plain function pair by pair."""

    def run(*laws: Array) -> Array:
        return np.array([form(*law) for law in zip(*laws, strict=True)])

    return run


def main() -> None:
    """Time every divergence."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--dimension", type=int, default=100)
    options = parser.parse_args()
    laws = sample(options.pairs, options.dimension)
    has_torch = importlib.util.find_spec("torch") is not None
    has_ot = importlib.util.find_spec("ot") is not None
    report(
        "KL",
        gd.kl_divergence,
        {"plain loop": looped(plain_kl), "NumPy stacks": stacked_kl}
        | ({"PyTorch": torch_kl} if has_torch else {}),
        laws,
    )
    report("Hellinger", gd.hellinger_squared, {"plain loop": looped(plain_hellinger)}, laws)
    report(
        "Bures",
        gd.bures_wasserstein_squared,
        {"plain loop": looped(plain_bures)} | ({"POT": ot_bures} if has_ot else {}),
        laws,
    )
    report("squared L2", gd.squared_l2_distance, {}, laws)


if __name__ == "__main__":
    main()
