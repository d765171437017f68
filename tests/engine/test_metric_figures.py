"""Figures on the metric: their trends can say yes and no, and they draw what experiments give."""

from typing import Any

import numpy as np
import pytest

from numerics.checkpoints import NoCheckpoint
from numerics.experiments.experiment import Experiment, Parameters
from numerics.experiments.memorization_probability import EXPERIMENT as PROBABILITY
from numerics.experiments.memorization_probability import NUMBERS, VARIANTS
from numerics.experiments.metric_scenarios import EXPERIMENT as SCENARIOS
from numerics.experiments.metric_scenarios import LINEAR_NUMBERS, SHARES, run
from numerics.sweep import grid
from numerics.table import Row, Table
from proofs_check.figures.figure import Figure, Seen
from proofs_check.figures.linear_diffusion.distances import FIGURE as DISTANCES
from proofs_check.figures.linear_diffusion.probability import FIGURE as CHANCES
from proofs_check.figures.linear_diffusion.scenarios import FIGURE as CASES
from proofs_check.figures.page import Page
from proofs_check.recorded import Recorded
from proofs_check.verdict import Verdict

Arrays = dict[str, Any]


def chances(parameters: Parameters, as_said: bool) -> Arrays:
    """Return signs and distances as the paper describes them, or as nothing would."""
    d, count = int(parameters["d"]), int(parameters["replicates"])
    n = np.array(NUMBERS[d])
    rises = np.where(n > d, 1, -1)
    flat = np.ones_like(n)
    table = {
        "right": rises,
        "code": rises if as_said else np.where(n == d, -1, 1),
        "fresh": np.where(n == d, -1, 1),
        "population": flat,
        "equal": -flat,
        "equal_fresh": flat,
    }
    if not as_said:
        table["right"] = -flat
        table["fresh"] = -flat
    signs = np.stack([np.repeat(table[v][:, None], count, axis=1) for v in VARIANTS], axis=2)
    falls = -0.1 * n[:, None] * np.ones(count)
    root = np.where(n > d, 0.9, 0.0 if as_said else 0.89)
    with np.errstate(divide="ignore"):
        affinity = np.log(root)[:, None] * np.ones(count) * (0.01 if as_said else d)
    return {
        "n": n,
        "sign": signs,
        "relative": np.ones((n.size, count, 2)),
        "log_norm": falls if as_said else -falls,
        "log_affinity": affinity,
    }


def cases(parameters: Parameters, as_said: bool) -> Arrays:
    """Return the three scenarios, or distances that do not change."""
    generator, count = str(parameters["generator"]), int(parameters["replicates"])
    x = np.array(LINEAR_NUMBERS if generator == "linear" else SHARES)
    steps = np.linspace(0.0, 1.0, x.size)[:, None] * np.ones(count)
    slopes = {"mixture": (1, -1), "replaced": (1, 0), "linear": (-1, -1)}[generator]
    relative = np.stack([2.0 + (s if as_said else 0.5) * steps for s in slopes], axis=2)
    return {
        "x": x,
        "relative": relative + 0.001 * np.random.default_rng(0).standard_normal(relative.shape),
        "log_norm": -steps if as_said else steps,
        "sign": np.sign(steps - 0.5),
    }


MADE = {"B.pdelta": chances, "B.scenarios": cases}


def tables(experiment: Experiment, as_said: bool) -> dict[str, Table]:
    rows = [
        Row(cell=cell, arrays=MADE[experiment.name](cell.parameters, as_said))
        for cell in grid(experiment, "quick")
    ]
    return {experiment.name: Table.of(rows)}


def seen(figure: Figure, made: dict[str, Table]) -> list[Seen]:
    return [trend.judge(made).seen for trend in figure.trends]


YES, NO, OPEN = Seen.REPRODUCED, Seen.NOT, Seen.UNDECIDED


@pytest.mark.parametrize(
    ("figure", "experiment", "as_said", "otherwise"),
    [
        (CHANCES, PROBABILITY, [YES, YES, YES, OPEN], [NO, OPEN, OPEN, NO]),
        (DISTANCES, PROBABILITY, [YES, YES, YES], [NO, NO, NO]),
        (CASES, SCENARIOS, [YES, YES, YES, YES], [NO, NO, NO, NO]),
    ],
    ids=["B.fig3", "B.fig2", "B.fig1"],
)
def test_trends_say_yes_and_no(
    figure: Figure, experiment: Experiment, as_said: list[Seen], otherwise: list[Seen]
) -> None:
    assert seen(figure, tables(experiment, True)) == as_said
    assert seen(figure, tables(experiment, False)) == otherwise


@pytest.mark.parametrize(
    ("figure", "experiment"), [(CHANCES, PROBABILITY), (CASES, SCENARIOS)], ids=["B.fig3", "B.fig1"]
)
def test_figures_draw_and_record_every_series(figure: Figure, experiment: Experiment) -> None:
    stands = Recorded(own=Verdict.SUPPORTED, rolled=Verdict.SUPPORTED)
    page = Page(figure.name, dict.fromkeys(figure.claims, stands))
    figure.draw(page, tables(experiment, True))
    record = page.record()
    assert all(panel["series"] for panel in record)
    labels = {series["label"] for panel in record for series in panel["series"]}
    assert len(labels) >= 3


def test_the_scenarios_are_realised() -> None:
    parameters = {"d": 8, "n": 16, "original": 100, "block": 0, "replicates": 4}
    found = {
        g: run({**parameters, "generator": g}, NoCheckpoint()) for g in ("mixture", "replaced")
    }
    mixture, replaced = (found[g]["relative"].mean(axis=1) for g in ("mixture", "replaced"))
    # (1 - t)^2 and t^2 times one distance, exactly
    t = np.array(SHARES)
    np.testing.assert_allclose(mixture[:, 0], t**2 * mixture[-1, 0], rtol=0.3, atol=1e-12)
    assert mixture[-1, 1] < 1e-9 < mixture[0, 1]
    # fresh and training points are exchangeable: the second distance varies by chance only
    assert np.ptp(replaced[:, 1]) < 0.1
    assert replaced[-1, 0] > replaced[0, 0] + 0.5
    with pytest.raises(ValueError, match="generator was 'odd'"):
        run({**parameters, "generator": "odd"}, NoCheckpoint())
