"""Figures on alternatives: trends can say yes and no; figures draw what experiments give."""

from typing import Any

import numpy as np
import pytest

from numerics.checkpoints import NoCheckpoint
from numerics.experiments.diffusion_steps import EXPERIMENT as STEPS
from numerics.experiments.diffusion_steps import STEPS as NUMBERS
from numerics.experiments.digits import EXPERIMENT as DIGITS
from numerics.experiments.divergence_curves import EXPERIMENT as CURVES
from numerics.experiments.experiment import Experiment, Parameters
from numerics.experiments.intrinsic_dimension import EXPERIMENT as RANK
from numerics.sweep import grid
from numerics.table import Row, Table
from proofs_check.figures.figure import Figure, Seen
from proofs_check.figures.linear_diffusion.alternatives import FIGURE
from proofs_check.figures.linear_diffusion.digits import FIGURE as DIGIT_FIGURE
from proofs_check.figures.page import Page
from proofs_check.recorded import Recorded
from proofs_check.verdict import Verdict

Arrays = dict[str, Any]
EXPERIMENTS = {e.name: e for e in (CURVES, STEPS, RANK, DIGITS)}
YES, NO = Seen.REPRODUCED, Seen.NOT


def wobble(count: int) -> Any:
    return 1.0 + 0.01 * np.linspace(-1.0, 1.0, count)


def curves(parameters: Parameters, as_said: bool) -> Arrays:
    ratio = int(parameters["m"]) / int(parameters["d"])
    level = 1.0 / ratio if as_said else ratio
    return {"kl": level * wobble(int(parameters["count"]))}


def steps(parameters: Parameters, as_said: bool) -> Arrays:
    """Return an optimum at ten steps for every sampler, or none for any."""
    count = int(parameters["count"])
    number = np.array(NUMBERS, dtype=float)
    best = 1.0 + np.log(number / 10.0) ** 2
    level = best / best.max() if as_said else 2.0 + 10.0 / number
    kl = level[None, :, None] * np.ones((4, 1, 1)) * wobble(count)
    exact = (1.0 if as_said else 2.0) * wobble(count)
    return {"kl": kl, "gap": kl, "exact_kl": exact, "exact_gap": exact}


def rank(parameters: Parameters, as_said: bool) -> Arrays:
    d, n, k = (int(parameters[name]) for name in ("d", "n", "k"))
    place = d + 1 if as_said else k + 1
    value = 1.0 / (1.0 + abs(n - place)) * wobble(int(parameters["count"]))
    return {"rank": value, "trace": value, "kl": value, "exact_kl": value}


def digits(parameters: Parameters, as_said: bool) -> Arrays:
    from proofs_check.figures.linear_diffusion.digits import _predicted

    n, count = int(parameters["n"]), int(parameters["count"])
    spectrum = np.concatenate([np.linspace(3.0, 0.1, 61), np.zeros(3)])
    if n < 72:
        trace = 100.0 / (1.0 + abs(n - (65 if as_said else 20)))
    else:
        trace = float(_predicted(spectrum, n, 1.0, 1.0)) * (1.0 if as_said else 2.0)
    return {
        "rank": np.full(count, min(n - 1, 61) if as_said else 50.0),
        "trace": trace * wobble(count),
        "kl": wobble(count),
        "exact_kl": wobble(count),
        "spectrum": spectrum,
    }


MADE = {CURVES.name: curves, STEPS.name: steps, RANK.name: rank, DIGITS.name: digits}


def tables(figure: Figure, as_said: bool) -> dict[str, Table]:
    return {
        experiment.name: Table.of(
            [
                Row(cell=cell, arrays=MADE[experiment.name](cell.parameters, as_said))
                for cell in grid(experiment, "quick")
            ]
        )
        for experiment in figure.experiments
    }


@pytest.mark.parametrize(
    ("figure", "as_said", "wanted"),
    [
        (FIGURE, True, [YES, YES, YES, YES]),
        (FIGURE, False, [NO, NO, NO, NO]),
        (DIGIT_FIGURE, True, [YES, YES, YES]),
        (DIGIT_FIGURE, False, [NO, NO, NO]),
    ],
)
def test_trends_say_yes_and_no(figure: Figure, as_said: bool, wanted: list[Seen]) -> None:
    made = tables(figure, as_said)
    assert [trend.judge(made).seen for trend in figure.trends] == wanted


@pytest.mark.parametrize("figure", [FIGURE, DIGIT_FIGURE])
def test_figures_draw_and_refuse_what_is_refuted(figure: Figure) -> None:
    def page(verdict: Verdict) -> Page:
        recorded = Recorded(own=verdict, rolled=verdict)
        return Page(figure.name, dict.fromkeys(figure.claims, recorded))

    made = tables(figure, True)
    drawn = page(Verdict.PROVED)
    figure.draw(drawn, made)
    assert len(drawn.record()) == len(drawn.panels_drawn) >= 2
    with pytest.raises(Exception, match=r"B\."):
        figure.draw(page(Verdict.REFUTED), made)


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=list(EXPERIMENTS))
def test_a_cell_depends_on_its_parameters_alone(experiment: Experiment) -> None:
    if experiment is DIGITS:
        pytest.importorskip("sklearn")
    cell = dict(min(grid(experiment, "quick"), key=lambda c: str(c.parameters)).parameters)
    cell["count"] = 3
    one, two = (experiment.run(cell, NoCheckpoint()) for _ in range(2))
    assert one.keys() == two.keys()
    for name in one:
        np.testing.assert_array_equal(one[name], two[name])
