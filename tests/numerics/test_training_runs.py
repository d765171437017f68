"""Cells of Figures 1, 2 and 5: their grids, what they return, and resumption."""

import json

import numpy as np
import pytest

from numerics.checkpoints import NoCheckpoint
from numerics.experiments import figure1, figure2, figure5
from numerics.experiments.experiment import Arrays, Experiment, Parameters, Profile
from numerics.training_runs import (
    EPOCHS,
    member_data,
    score_cell,
    stability_factor,
    train_cell,
    training_choices,
)

EXPERIMENTS = [figure1.EXPERIMENT, figure2.EXPERIMENT, figure5.EXPERIMENT]


class InterruptedRunError(Exception):
    """The process that computes the cell is gone."""


class Memory:
    """A checkpoint that keeps the last state, and stops the run at a given saving."""

    def __init__(self) -> None:
        self.state: Arrays | None = None
        self.left = -1

    def load(self) -> Arrays | None:
        return self.state

    def save(self, state: Arrays) -> None:
        self.state = {name: array.copy() for name, array in state.items()}
        self.left -= 1
        if self.left == 0:
            raise InterruptedRunError


def same(one: Arrays, other: Arrays) -> None:
    assert one.keys() == other.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: str(e.name))
@pytest.mark.parametrize("profile", ["quick", "paper"])
def test_cells_are_distinct_and_plain(experiment: Experiment, profile: Profile) -> None:
    cells = experiment.cells(profile)
    keys = {json.dumps(dict(cell), sort_keys=True, allow_nan=False) for cell in cells}
    assert len(keys) == len(cells) > 3
    assert all(experiment.cost(cell) > 0.0 for cell in cells)


def test_the_paper_profile_has_the_printed_numbers() -> None:
    cells = figure2.EXPERIMENT.cells("paper")
    printed = {
        "mu": 0.81,
        "sigma": 0.57,
        "batch": 50,
        "data_count": 20,
        "width": 1000,
        "draws": 5000,
    }
    for dimension in (1, 10):
        for eta, epochs in EPOCHS.items():
            here = printed | {"dimension": dimension, "eta": eta, "epochs": epochs}
            choice = {"batch_risk": "mean", "coordinate_risk": "mean", "step": "width"}
            choice |= {"network": "experimental", "composition": "replacement"}
            kept = [c for c in cells if (here | choice).items() <= c.items()]
            kept = [
                c for c in kept if c["precision"] == ("float64" if dimension == 1 else "float32")
            ]
            assert sum(int(cell["members"]) for cell in kept) == 30
            assert len({cell["first_seed"] for cell in kept}) == len(kept)
    first = figure1.EXPERIMENT.cells("paper")
    assert {(c["eta"], c["epochs"]) for c in first} == {(0.5, 5000), (0.1, 25000), (0.05, 50000)}
    assert all(cell["same_data"] for cell in first)


def test_figure_1_shows_networks_beside_the_optimal_score() -> None:
    cell = score_cell(0.1, 400, 2, same_data=True, width=200)
    arrays = figure1.run(cell, NoCheckpoint())
    assert arrays["network"].shape == (2, 501)
    assert (arrays["network"][0] != arrays["network"][1]).any()
    near = np.abs(arrays["y"]) < 1.0
    gap = np.abs(arrays["network"] - arrays["optimal"])[:, near]
    assert gap.max() < 1.0
    assert (arrays["excess_risk"] < 0.3).all()
    np.testing.assert_allclose(arrays["stability"], arrays["sharpness"] * 0.1 * 200 / 2)


def test_the_printed_sum_over_the_batch_diverges_and_says_so() -> None:
    cell = {**score_cell(0.5, 5000, 2, batch_risk="sum", width=100), "draws": 100}
    arrays = figure2.run(cell, NoCheckpoint())
    assert arrays["diverged"].all()
    assert np.isnan(arrays["excess_risk"]).all()


def test_the_larger_learning_rate_has_the_larger_excess_risk() -> None:
    excess = [
        figure2.run(
            {**score_cell(eta, round(150 / eta), 4, width=200), "draws": 50}, NoCheckpoint()
        )["excess_risk"]
        for eta in (0.5, 0.05)
    ]
    assert np.median(excess[0]) > 2.0 * np.median(excess[1])


@pytest.mark.parametrize(
    ("experiment", "cell"),
    [
        (figure1.EXPERIMENT, score_cell(0.1, 300, 2, width=30, same_data=True)),
        (figure2.EXPERIMENT, {**score_cell(0.1, 300, 2, width=30), "draws": 20}),
        (figure5.EXPERIMENT, figure5.time_cell(0.1, 450, 1, width=30, batch=20, draws=20)),
    ],
    ids=["A.fig1", "A.fig2", "A.fig5"],
)
def test_a_killed_run_ends_where_an_undisturbed_one_does(
    experiment: Experiment, cell: Parameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numerics.training_runs._STRETCH", 100)
    undisturbed, memory = experiment.run(cell, NoCheckpoint()), Memory()
    steps = []
    for _ in range(2):
        memory.left = 1
        with pytest.raises(InterruptedRunError):
            experiment.run(cell, memory)
        assert memory.state is not None
        steps.append(int(memory.state["steps"]))
    # The second run went on where the first was killed.
    assert steps[1] == 2 * steps[0]
    memory.left = -1
    same(experiment.run(cell, memory), undisturbed)


def test_every_panel_of_figure_5_has_its_share_of_the_limit() -> None:
    cells: list[Parameters] = [
        {"panel": "left", "draws": 0, **score_cell(0.1, 30, 2, width=50, same_data=True)},
        {"panel": "middle", "draws": 20, **score_cell(0.1, 30, 2, width=50, dimension=4)},
        figure5.time_cell(0.1, 10, 1, width=50, batch=50, draws=30),
    ]
    for cell, factor in zip(cells, (2.5, 2.5 / 4, 2.5 / 2), strict=True):
        arrays = figure5.run(cell, NoCheckpoint())
        np.testing.assert_allclose(arrays["stability"], factor * arrays["sharpness"])
        assert (arrays["sharpness"] > 0.0).all()
        assert not arrays["diverged"].any()
    wild = figure5.run(
        figure5.time_cell(500.0, 30, 1, width=50, batch=50, draws=30), NoCheckpoint()
    )
    assert wild["diverged"].all()
    assert np.isnan(wild["sharpness"]).all()


def test_the_limit_follows_the_choices() -> None:
    assert stability_factor(score_cell(0.5, 1, 1), 1) == 250.0
    assert stability_factor(score_cell(0.5, 1, 1), 10) == 25.0
    assert stability_factor(score_cell(0.5, 1, 1, coordinate_risk="sum"), 10) == 250.0
    assert stability_factor(score_cell(0.5, 1, 1, batch_risk="sum"), 1) == 250.0 * 50
    assert stability_factor(score_cell(0.5, 1, 1, step="plain"), 1) == 0.25


def test_data_are_fresh_or_the_same_and_belong_to_the_seed() -> None:
    fresh, shifted = (member_data(score_cell(0.5, 1, 3, first_seed=first)) for first in (0, 1))
    np.testing.assert_array_equal(fresh[1:], shifted[:2])
    assert (fresh[0] != fresh[1]).all()
    fixed = member_data(score_cell(0.5, 1, 3, same_data=True, first_seed=7))
    np.testing.assert_array_equal(fixed, np.stack([fresh[0]] * 3))


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="batchsize was given"):
        score_cell(0.5, 1, 1, batchsize=3)
    with pytest.raises(ValueError, match="median"):
        training_choices(score_cell(0.5, 1, 1, batch_risk="median"))


def test_training_stops_when_all_members_have_diverged() -> None:
    cell = score_cell(100.0, 10**9, 2, width=20)
    assert train_cell(cell, member_data(cell), NoCheckpoint()).steps == 2048
