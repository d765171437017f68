"""The notebook's sharpness against the Hessian it stands for, and against the exact one."""

import numpy as np
import pytest

from numerics.empirical_score import empirical_score
from numerics.mixture_tails import noised_sample
from numerics.notebook_sharpness import notebook_grid, notebook_sharpness
from numerics.relu_network import ReluNetwork, evaluate
from numerics.sharpness import sharpness


def random_network(width: int, seed: int, *, scale: float = 1.0) -> ReluNetwork:
    rng = np.random.default_rng(seed)
    return ReluNetwork(
        outer=scale * rng.normal(size=width),
        inner=rng.choice([-1.0, 1.0], width),
        bias=rng.normal(size=width),
    )


def test_power_iterations_reach_the_largest_modulus_of_the_smooth_hessian() -> None:
    width, network = 12, random_network(12, 4)
    target = np.sin(notebook_grid())

    def loss(theta: np.ndarray) -> float:
        moved = ReluNetwork(outer=theta[:width], inner=network.inner, bias=theta[width:])
        grid = notebook_grid()
        return float(np.mean(np.exp(-(grid**2) / 2) * (evaluate(moved, grid) - target) ** 2))

    # Between two nodes nothing switches, so differences see no Dirac term either.
    theta, step = np.concatenate([network.outer, network.bias]), 1e-5
    eye = step * np.eye(2 * width)
    hessian = np.array(
        [
            [
                loss(theta + p + q)
                - loss(theta + p - q)
                - loss(theta - p + q)
                + loss(theta - p - q)
                for q in eye
            ]
            for p in eye
        ]
    ) / (4 * step**2)
    spectrum = np.linalg.eigvalsh(hessian)
    largest = spectrum[np.argmax(np.abs(spectrum))]
    found = notebook_sharpness(network, target, rng=np.random.default_rng(0), iterations=2000)
    assert found == pytest.approx(largest, abs=1e-5)  # rounding 1e-15 over the squared step


def test_it_is_not_the_sharpness_of_the_risk() -> None:
    x = np.random.default_rng(3).normal(size=20)
    network = random_network(400, 1, scale=3.0)
    exact = sharpness(network, noised_sample(x, 0.81, 0.57)).value
    target = empirical_score(notebook_grid(), x, mu=0.81, sigma=0.57)
    found = notebook_sharpness(network, target, rng=np.random.default_rng(0))
    # The weights exp(-y^2 / 2) average 0.6 over the grid: the number cannot be the exact one.
    assert abs(found / exact - 1.0) > 0.02


def test_bad_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="target had 3 entries; it needs 500"):
        notebook_sharpness(random_network(2, 0), np.zeros(3), rng=np.random.default_rng(0))
