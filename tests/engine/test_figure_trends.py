"""The trends of the figures can say yes and no; the figures draw from what experiments give.

Results are made up, in the shape of the experiments', once as a paper would have them and once the
other way round.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from numerics.experiments.experiment import Parameters
from numerics.generation_cell import PAIRS, VARIANTS
from numerics.sweep import grid
from numerics.table import Row, Table
from proofs_check.figures.figure import Figure, Judgement, Seen
from proofs_check.figures.large_learning_rates.edge_of_stability import FIGURE as EDGE
from proofs_check.figures.large_learning_rates.figure1 import FIGURE as FIGURE_1
from proofs_check.figures.large_learning_rates.figure2 import FIGURE as FIGURE_2
from proofs_check.figures.large_learning_rates.figure3 import FIGURE as FIGURE_3
from proofs_check.figures.large_learning_rates.figure4 import FIGURE as FIGURE_4
from proofs_check.figures.large_learning_rates.figure5 import FIGURE as FIGURE_5
from proofs_check.figures.looks import style
from proofs_check.figures.page import Page
from proofs_check.figures.trends import judge_order, judge_ratio, weakest_judgement
from proofs_check.figures.verdicts import claim_verdicts
from proofs_check.modules import constants

Arrays = Mapping[str, Any]
YES, NO, OPEN = Seen.REPRODUCED, Seen.NOT, Seen.UNDECIDED


def noise(parameters: Parameters, size: int) -> Any:
    """Return factors near 1 that differ from run to run."""
    seed = sum(map(ord, repr(sorted(parameters.items()))))
    return np.exp(0.05 * np.random.default_rng(seed).standard_normal(size))


def edge(parameters: Parameters, as_printed: bool) -> Arrays:
    eta, zero = float(parameters["eta"]), 1 / float(parameters["sigma"]) ** 2
    steps = np.linspace(0.0, 1.0, 60)
    # slowly up, or above the limit and back; otherwise from far above it a little down
    wave = 0.1 * eta + (1.2 * np.sin(3.0 * steps) if eta > 0.2 else 0.5 * np.sqrt(steps))
    stability = wave if as_printed else 40 * eta**2 * (2 - steps)
    gone = parameters["method"] == "sum" and as_printed
    return {
        "time": steps,
        "risk": np.full(60, zero if gone else 1.0),
        "stability": stability * noise(parameters, 1),
        "diverged": np.array(False),
    }


def curves(parameters: Parameters, as_printed: bool) -> Arrays:
    eta, members = float(parameters["eta"]), int(parameters["members"])
    y = np.linspace(-5.0, 5.0, 501)
    rough = 0.2 / eta if as_printed else 10 * eta
    optimal = np.sin(3.0 * y)
    # the amplitude of a sine of one frequency is its variation
    size = 0.05 * rough if as_printed else rough
    networks = size * noise(parameters, members)[:, None] * optimal
    if as_printed and eta > 0.2:
        networks[0] = 0.0
    return {
        "y": y,
        "optimal": optimal,
        "data": np.linspace(-2.0, 2.0, 20),
        "network": networks,
        "excess_risk": (eta if as_printed else 1 / eta) * noise(parameters, members),
    }


def excess(parameters: Parameters, as_printed: bool) -> Arrays:
    eta, members = float(parameters["eta"]), int(parameters["members"])
    gone = parameters["batch_risk"] == "sum" and eta > 0.02 and as_printed
    values = (eta if as_printed else 1 / eta) * noise(parameters, members)
    return {
        "excess_risk": np.where(gone, np.nan, values),
        "diverged": np.full(members, gone),
    }


def sharpness(parameters: Parameters, as_printed: bool) -> Arrays:
    eta, members = float(parameters["eta"]), int(parameters["members"])
    share = (0.8 if as_printed else 3.0 * eta**2) * noise(parameters, members)
    value = share / (500 * eta)
    return {
        "sharpness": value,
        "without_knots": value * (1.1 if as_printed else 1.0),
        "stability": share,
        "start_stability": share,
        "diverged": np.full(members, False),
    }


def generation(parameters: Parameters, as_printed: bool) -> Arrays:
    """Make up the discrepancies of Figure 4: variants, sets, pairs and bandwidths."""
    share = np.log(float(parameters["dimension"])) / np.log(50.0) * float(noise(parameters, 1)[0])
    far, near = (0.1 + share, 1.2 - share) if as_printed else (1.2 - share, 0.1 + share)
    control = np.empty((5, 2, 2))
    control[:, 0], control[:, 1] = (1.0, 0.0) if as_printed else (0.0, 1.0)
    return cloud(far, near) | {"control": control, "diverged": np.array(False)}


def in_the_plane(parameters: Parameters, as_printed: bool) -> Arrays:
    """Make up the discrepancies of Figure 3."""
    eta = float(parameters["eta"])
    pull = eta / (1 + eta) * float(noise(parameters, 1)[0])
    far, near = (pull, 1 - pull) if as_printed else (1 - pull, pull)
    points = np.random.default_rng(1).standard_normal((50, 2))
    return cloud(far, near) | {
        "memorized": np.full((len(VARIANTS), 5, 2), 1 / (1 + eta) if as_printed else eta),
        "diverged": np.array(parameters["choices"] == "paper" and as_printed),
        "data": points[:10],
        "generated": points,
        "optimal": points,
    }


def cloud(far: float, near: float) -> dict[str, Any]:
    squares = np.ones((len(VARIANTS), 5, len(PAIRS), 2))
    squares[..., PAIRS.index("network, optimal"), :] = far**2
    squares[..., PAIRS.index("network, fitted"), :] = near**2
    return {"mmd_squared": squares}


CASES: list[tuple[Figure, Callable[[Parameters, bool], Arrays]]] = [
    (EDGE, edge),
    (FIGURE_1, curves),
    (FIGURE_2, excess),
    (FIGURE_3, in_the_plane),
    (FIGURE_4, generation),
    (FIGURE_5, sharpness),
]


def tables(figure: Figure, made: Callable[[Parameters, bool], Arrays], printed: bool) -> Any:
    return {
        experiment.name: Table.of(
            [
                Row(cell=cell, arrays=made(cell.parameters, printed))
                for cell in grid(experiment, "quick")
            ]
        )
        for experiment in figure.experiments
    }


@pytest.mark.parametrize(("figure", "made"), CASES, ids=lambda c: getattr(c, "name", ""))
def test_trends_say_yes_and_no(figure: Figure, made: Callable[[Parameters, bool], Arrays]) -> None:
    as_printed, opposite = (tables(figure, made, printed) for printed in (True, False))
    yes = {t.says: t.judge(as_printed) for t in figure.trends}
    no = {t.says: t.judge(opposite) for t in figure.trends}
    # the regime depends on the data alone, which are the experiment's own
    expected = [NO if "regime" in t.says else YES for t in figure.trends]
    assert [j.seen for j in yes.values()] == expected, yes
    assert {j.seen for j in no.values()} == {NO}, no
    assert all(j.numbers for j in [*yes.values(), *no.values()])


@pytest.mark.parametrize(("figure", "made"), CASES, ids=lambda c: getattr(c, "name", ""))
def test_figures_draw(figure: Figure, made: Callable[[Parameters, bool], Arrays]) -> None:
    with style():
        page = Page(figure.name, claim_verdicts(figure.claims))
        figure.draw(page, tables(figure, made, True))
    series = [row for panel in page.record() for row in panel["series"]]
    assert all(row["label"] or row["kind"] == "note" for row in series if row["kind"] != "note")
    for panel in page.panels_drawn:
        assert panel.axes.get_title(loc="left").startswith("(")


def test_names_are_used_once() -> None:
    for package, constant in (
        ("proofs_check.figures", "FIGURE"),
        ("numerics.experiments", "EXPERIMENT"),
    ):
        names = [found.name for found in constants(package, constant)]
        assert len(set(names)) == len(names)


def test_grids_of_all_experiments_are_sound() -> None:
    for experiment in constants("numerics.experiments", "EXPERIMENT"):
        for profile in ("quick", "paper"):
            assert grid(experiment, profile)  # no cell twice, no parameter that JSON changes


def test_a_ratio_is_judged_by_its_interval() -> None:
    assert judge_ratio([2.0, 2.1, 1.9], [1.0, 1.0, 1.0], "r").seen is YES
    assert judge_ratio([1.0, 1.0, 1.0], [2.0, 2.1, 1.9], "r").seen is NO
    assert judge_ratio([2.0, 0.5, 1.0], [1.0, 1.0, 1.0], "r").seen is OPEN
    lonely = judge_ratio([2.0, np.nan], [1.0, 1.0], "r")
    assert (lonely.seen, lonely.numbers) == (OPEN, "r: 1 of 2 pairs are finite")


def test_an_order_is_judged_by_every_pair() -> None:
    assert judge_order([2.0, 1.0], [1.0, 0.0], "o").seen is YES
    assert judge_order([1.0, 0.0], [2.0, 0.0], "o").seen is NO
    assert judge_order([1.0, 3.0], [2.0, 2.0], "o").seen is OPEN
    assert judge_order([np.nan, 3.0], [2.0, 2.0], "o").numbers == "o 1 of 1 pairs, medians 3 and 2"
    assert judge_order([np.nan], [2.0], "o").seen is OPEN


def test_judgements_join_to_the_weakest() -> None:
    parts = {seen: Judgement(seen=seen, numbers=seen.value) for seen in Seen}
    assert weakest_judgement([parts[YES], parts[OPEN]]).seen is OPEN
    assert weakest_judgement([parts[YES], parts[OPEN], parts[NO]]).seen is NO
    assert weakest_judgement([parts[YES], parts[YES]]).numbers == "reproduced; reproduced"
