"""The experiments on collapse and on trained denoisers: small cells of each."""

from typing import Any

import numpy as np
import pytest

from numerics.checkpoints import NoCheckpoint
from numerics.experiments import collapse, nonlinear_denoiser, parameter_count
from numerics.experiments.nonlinear_denoiser import GENERATORS, law_difference
from numerics.kernel_metrics import gaussian_metrics, reference_set
from numerics.linear_denoiser import GeneratedLaw

CELL: dict[str, Any] = {
    "d": 3,
    "width": 16,
    "n": 4,
    "limit": 1000,
    "original": 200,
    "batches": 4,
    "batch_points": 50,
    "seed": 0,
}


@pytest.mark.parametrize("module", [collapse, nonlinear_denoiser, parameter_count])
@pytest.mark.parametrize("profile", ["quick", "paper"])
def test_cells_differ_and_have_a_cost(module: Any, profile: Any) -> None:
    cells = module.EXPERIMENT.cells(profile)
    assert len({tuple(sorted(cell.items())) for cell in cells}) == len(cells)
    assert all(module.EXPERIMENT.cost(cell) > 0.0 for cell in cells)


def test_a_trained_denoiser_is_measured_under_all_metrics() -> None:
    found = nonlinear_denoiser.run(CELL, NoCheckpoint())
    assert found["law"].shape == (4, 2)
    assert found["positive"].shape == (4, 4, 2)
    assert found["log_distances"].shape == (4, 2, 2)
    assert np.isfinite(found["law"]).all()
    assert found["steps"][-1] <= CELL["limit"]
    assert found["gaps"].shape == found["steps"].shape
    network, exact, population, fresh = (GENERATORS.index(name) for name in GENERATORS)
    # copies are closest to their own set, the network lies between them and new points
    assert found["law"][exact, 0] < found["law"][network, 0] < found["law"][population, 0]
    assert found["law"][network, 0] < found["law"][fresh, 0]
    again = nonlinear_denoiser.run(CELL, NoCheckpoint())
    assert all(np.array_equal(found[name], again[name]) for name in found)


def test_more_parameters_memorize_more() -> None:
    gaps = []
    for width in (2, 32):
        cell = {**CELL, "width": width, "points": 100}
        found = parameter_count.run(cell, NoCheckpoint())
        gaps.append(float(found["gap"]))
    assert gaps[1] < 0.5 * gaps[0]


def test_the_difference_of_a_law_known_by_its_points_is_that_of_the_law() -> None:
    rng = np.random.default_rng(0)
    d, count = 3, 40_000
    sets = rng.standard_normal((9, d)), rng.standard_normal((50, d))
    references = [reference_set(points, s_d=1.0) for points in sets]
    factor = np.array([[0.8, 0.0, 0.0], [0.2, 0.7, 0.0], [0.0, 0.1, 1.1]])
    law = GeneratedLaw(mean=np.array([0.3, 0.0, -0.2]), factor=factor, variance_ratio=1.0)
    exact = gaussian_metrics(law, *references).delta
    unit = -0.5 * d * np.log(4.0 * np.pi)
    expected = exact.sign * np.exp(exact.log_size - unit)
    parts = [
        law_difference(
            law.mean + rng.standard_normal((count // 20, d)) @ factor.T, sets, references
        )
        for _ in range(20)
    ]
    error = float(np.std(parts, ddof=1)) / np.sqrt(20)
    # five standard errors of twenty parts
    assert abs(float(np.mean(parts)) - expected) < 5.0 * error


def test_the_collapse_is_seen_on_both_sides() -> None:
    early, late = (
        collapse.run({"d": 12, "n": 67, "relative_time": time, "count": 200}, NoCheckpoint())
        for time in (0.3, 3.0)
    )
    assert int(early["own"]) > 180
    assert int(late["own"]) < 20
    assert float(early["signal"]) > float(late["signal"])
    assert (np.diff(early["quantiles"]) > 0.0).all()
