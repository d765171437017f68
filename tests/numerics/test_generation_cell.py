"""The cells of Figures 3 and 4: choices, divergence, resumption, and what the arrays hold."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.checkpoints import NoCheckpoint
from numerics.experiments import figure3, figure4
from numerics.experiments.experiment import Parameter
from numerics.generation_cell import PAIRS, VARIANTS, generation_cost, run_generation
from numerics.generation_choices import (
    CHOICES,
    StartLaw,
    reverse_grid,
    schedule_of,
    start_points,
)
from numerics.mmd import mmd_squared, mmd_squared_to_gaussian
from numerics.nearest_neighbour import memorized_share
from numerics.noise_schedule import Marginal
from numerics.training_choices import Reduction

SMALL: dict[str, Parameter] = {
    "choices": "notebook",
    "eta": 0.2,
    "epochs": 120,
    "dimension": 2,
    "size": 10,
    "width": 100,
    "batch": 100,
    "precision": "float64",
    "seed": 1,
    "sets": 2,
    "points": 60,
}


class KilledError(Exception):
    pass


class Stopping:
    """Keeps the state and interrupts at the second save."""

    def __init__(self) -> None:
        self.state: dict[str, NDArray[Any]] | None = None
        self.saves = 0

    def load(self) -> dict[str, NDArray[Any]] | None:
        return self.state

    def save(self, state: Any) -> None:
        self.state = {name: np.array(value) for name, value in state.items()}
        self.saves += 1
        if self.saves == 2:
            raise KilledError


def test_choices_are_the_printed_ones() -> None:
    paper, notebook = CHOICES["paper"], CHOICES["notebook"]
    schedule = schedule_of(paper)
    assert (schedule.times[0], schedule.times[-1], len(schedule.times)) == (0.01, 1.0, 100)
    assert schedule.probability == pytest.approx(schedule.sigma / schedule.sigma.sum(), rel=1e-14)
    assert schedule.mu == pytest.approx(np.exp(-schedule.times), rel=1e-14)
    other = schedule_of(notebook)
    inverse = 1 / other.sigma
    assert (other.times[0], len(other.times)) == (0.05, 100)
    assert other.probability == pytest.approx(inverse / inverse.sum(), rel=1e-14)
    assert other.mu == pytest.approx(np.exp(-2 * other.times), rel=1e-14)
    assert paper.training.coordinates is Reduction.SUM
    assert notebook.training.coordinates is Reduction.MEAN
    assert (paper.start, notebook.start) == (StartLaw.NOISED, StartLaw.NORMAL)


def test_grids_step_from_the_trained_times() -> None:
    for name, steps in (("paper", 99), ("notebook", 100)):
        grid = reverse_grid(CHOICES[name])
        assert len(grid) == steps + 1
        assert grid[:100] == pytest.approx(schedule_of(CHOICES[name]).times[::-1], rel=1e-14)
        assert np.ptp(np.diff(grid)) < 1e-15  # equal steps up to rounding of times below 1


@pytest.mark.parametrize("name", ["paper", "notebook"])
def test_start_points_have_the_law_they_name(name: str) -> None:
    choices = CHOICES[name]
    data = np.array([[3.0, 0.0], [-1.0, 2.0]])
    points = start_points(data, choices, count=40_000, rng=np.random.default_rng(0))
    if choices.start is StartLaw.NORMAL:
        mean, spread = np.zeros(2), np.eye(2)
    else:
        rate = 1.0 if choices.marginal is Marginal.PRINTED else 2.0
        mean = np.exp(-rate) * data.mean(axis=0)
        spread = np.exp(-2 * rate) * np.cov(data.T, ddof=0) + (1 - np.exp(-2)) * np.eye(2)
    # Five standard errors of 40 000 draws with variances of about one.
    assert np.abs(points.mean(axis=0) - mean).max() < 5 * np.sqrt(spread.max() / 40_000)
    assert np.abs(np.cov(points.T) - spread).max() < 5 * spread.max() * np.sqrt(2 / 40_000)


def test_a_cell_is_resumed_bit_for_bit() -> None:
    whole = run_generation(SMALL, NoCheckpoint(), keep_points=True)
    stopping = Stopping()
    with pytest.raises(KilledError):
        run_generation(SMALL, stopping, keep_points=True)
    assert stopping.state is not None
    assert stopping.state["steps"] == 100
    resumed = run_generation(SMALL, stopping, keep_points=True)
    assert stopping.saves == 3
    assert sorted(resumed) == sorted(whole)
    for name, value in whole.items():
        assert np.array_equal(value, resumed[name]), name


def test_arrays_hold_what_they_say() -> None:
    found = run_generation(SMALL, NoCheckpoint(), keep_points=True)
    data, generated, optimal = (found[name] for name in ("data", "generated", "optimal"))
    assert data.shape == (10, 2)
    assert generated.shape == optimal.shape == (60, 2)
    assert found["mmd_squared"].shape == (len(VARIANTS), 2, len(PAIRS), 2)
    assert found["bandwidths"].tolist() == [1.0, np.sqrt(2)]
    mean, covariance = data.mean(axis=0), np.cov(data.T)
    for w, h in enumerate(found["bandwidths"].tolist()):
        expected = [
            mmd_squared(generated, optimal, bandwidth=h),
            mmd_squared_to_gaussian(generated, mean, covariance, bandwidth=h),
            mmd_squared_to_gaussian(optimal, mean, covariance, bandwidth=h),
        ]
        # The same sums in another order.
        assert found["mmd_squared"][0, 0, :, w] == pytest.approx(expected, abs=1e-14)
    expected = [memorized_share(generated, data), memorized_share(optimal, data)]
    assert found["memorized"][0, 0].tolist() == expected
    assert not np.array_equal(found["mmd_squared"][0, 0], found["mmd_squared"][0, 1])
    assert float(found["excess"]) < float(found["loss"])
    # A network in its start predicts worse than after training.
    fresh = run_generation({**SMALL, "epochs": 0}, NoCheckpoint(), keep_points=False)
    assert float(fresh["excess"]) > 2 * float(found["excess"])
    assert "data" not in fresh


def test_the_printed_rate_diverges_with_the_sum_and_not_in_the_notebooks() -> None:
    size = {**SMALL, "eta": 2.0, "width": 1000, "batch": 500, "precision": "float32", "epochs": 100}
    lost = run_generation({**size, "choices": "paper"}, NoCheckpoint(), keep_points=True)
    assert bool(lost["diverged"])
    assert lost["steps"] == 50
    assert np.isnan(lost["excess"])
    assert np.isnan(lost["mmd_squared"][:, :, :2]).all()
    assert np.isfinite(lost["mmd_squared"][:, :, 2]).all()
    assert "generated" not in lost
    kept = run_generation(size, NoCheckpoint(), keep_points=False)
    assert not bool(kept["diverged"])
    assert np.isfinite(kept["mmd_squared"]).all()


@pytest.mark.parametrize("module", [figure3, figure4])
def test_cells_are_distinct_and_complete(module: Any) -> None:
    for profile in ("quick", "paper"):
        cells = module.EXPERIMENT.cells(profile)
        assert len({tuple(sorted(cell.items())) for cell in cells}) == len(cells)
        assert {cell["choices"] for cell in cells} == set(CHOICES)
        assert all(set(cell) == set(SMALL) for cell in cells)
        assert all(generation_cost(cell) > 0 for cell in cells)


def test_paper_profile_is_the_printed_one() -> None:
    third = figure3.EXPERIMENT.cells("paper")
    assert {(c["eta"], c["epochs"]) for c in third} == {(2.0, 20_000), (0.05, 1_000_000)}
    assert {(c["dimension"], c["size"], c["width"], c["batch"]) for c in third} == {
        (2, 10, 1000, 5000)
    }
    fourth = figure4.EXPERIMENT.cells("paper")
    assert {c["dimension"] for c in fourth} == {2, 5, 10, 50, 80, 100, 200, 400, 1000}
    assert {(c["eta"], c["epochs"], c["sets"]) for c in fourth} == {(0.5, 50_000, 5)}
    assert {c["seed"] for c in fourth} == {0, 1, 2}
