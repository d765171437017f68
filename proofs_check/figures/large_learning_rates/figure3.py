"""Figure A.fig3: points generated in the plane at a large and at a small learning rate."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.figure3 import EXPERIMENT
from numerics.table import Row, Table
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.large_learning_rates.generation import (
    CHOICES_SHOWN,
    discrepancy,
    share_diverged,
)
from proofs_check.figures.trends import judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

SHOWN: Final = 300
"""Points that are drawn of a generated set."""


def draw(page: "Page", tables: Tables) -> None:
    """Draw generated points and discrepancies for the paper's and the notebooks' choices."""
    panels = page.panels(4, 2, height=2.1)
    seed = _seed(tables["A.fig3"])
    for line, (choices, name) in enumerate(CHOICES_SHOWN.items()):
        table = tables["A.fig3"].where(choices=choices)
        rates = table.values("eta")
        clouds = panels[4 * line : 4 * line + 3]
        of = table.where(seed=seed)
        _cloud(clouds[0], r"$s^\star$", of.where(eta=rates[0]).rows[0], "optimal", 1)
        for panel, eta, k in ((clouds[1], rates[-1], 0), (clouds[2], rates[0], 2)):
            row = of.where(eta=eta).rows[0]
            if not row["diverged"]:
                _cloud(panel, rf"$s_\theta$, $\eta = {eta:g}$", row, "generated", k)
        for panel, letter, words in zip(
            clouds,
            "abc" if line == 0 else "efg",
            (r"$s^\star$", rf"$\eta = {rates[-1]:g}$", rf"$\eta = {rates[0]:g}$"),
            strict=True,
        ):
            panel.label(title=f"({letter}) {words}")
        clouds[0].label(y=name)
        _discrepancies(panels[4 * line + 3], table)
        panels[4 * line + 3].label(title=f"({'dh'[line]}) MMD")
    page.legend(columns=6)


def _seed(table: Table) -> int:
    """Return the first seed that no choice and no rate loses, so that all clouds share the data."""
    lost = {
        row.parameters["seed"]
        for choices in CHOICES_SHOWN
        for row in table.where(choices=choices)
        if row["diverged"]
    }
    seeds = table.values("seed")
    return next((int(seed) for seed in seeds if seed not in lost), int(seeds[0]))


def _cloud(panel: "Panel", label: str, row: Row, name: str, k: int) -> None:
    points = row[name][:SHOWN]
    panel.points(label, points[:, 0], points[:, 1], k=k, marker=".", markersize=2, alpha=0.6)
    data = row["data"]
    low, high = data.min() - 1.5, data.max() + 1.5
    panel.axes.set(xlim=(low, high), ylim=(low, high), aspect="equal")
    outside = ((row[name] < low) | (row[name] > high)).any(axis=1).mean()
    if outside >= 0.005:
        panel.note(f"{100 * outside:.0f} % outside")
    panel.points(
        "training data", data[:, 0], data[:, 1], k=6, marker="x", markersize=5, color="#333333"
    )


def _discrepancies(panel: "Panel", table: Table) -> None:
    rates = table.values("eta")
    for k, (pair, label) in enumerate(
        (("network, optimal", r"$s_\theta$ to $s^\star$"), ("network, fitted", "to the Gaussian")),
        start=3,
    ):
        values = [_values(table.where(eta=eta), pair) for eta in rates]
        kept = [(eta, v) for eta, v in zip(rates, values, strict=True) if len(v)]
        panel.line(
            label,
            [eta for eta, _ in kept],
            [np.mean(v) for _, v in kept],
            low=[min(v) for _, v in kept],
            high=[max(v) for _, v in kept],
            k=k,
            markers=True,
        )
    panel.label(x=r"learning rate $\eta$", log_x=True)
    panel.ticks(rates)
    panel.axes.set_ylim(bottom=0.0)
    gone = share_diverged(table)
    if gone:
        panel.note(gone, y=0.12)


def _values(table: Table, pair: str) -> list[float]:
    return [discrepancy(row, pair) for row in table if not row["diverged"]]


def _pairs(table: Table, of: Callable[[Row], float]) -> tuple[list[float], list[float]]:
    """Return a number of the cells at the largest and at the smallest rate, seed by seed."""
    rates = table.values("eta")
    large, small = ([of(row) for row in table.where(eta=eta)] for eta in (rates[-1], rates[0]))
    return large, small


def _farther(tables: Tables) -> Judgement:
    parts = []
    for choices, name in CHOICES_SHOWN.items():
        table = tables["A.fig3"].where(choices=choices)
        large, small = _pairs(table, lambda row: discrepancy(row, "network, optimal"))
        parts.append(judge_ratio(large, small, f"{name}: largest over smallest rate"))
    return weakest_judgement(parts)


def _gaussian(tables: Tables) -> Judgement:
    parts = []
    for choices, name in CHOICES_SHOWN.items():
        table = tables["A.fig3"].where(choices=choices)
        large, small = _pairs(table, lambda row: discrepancy(row, "network, fitted"))
        parts.append(judge_ratio(small, large, f"{name}: smallest over largest rate"))
    return weakest_judgement(parts)


def _memorizes(tables: Tables) -> Judgement:
    """Judge whether the share of memorized points falls with the rate in each pair of runs."""
    parts, seen = [], []
    for choices, name in CHOICES_SHOWN.items():
        table = tables["A.fig3"].where(choices=choices)
        large, small = _pairs(table, lambda row: float(row["memorized"][0, :, 0].mean()))
        both = [(a, b) for a, b in zip(large, small, strict=True) if np.isfinite([a, b]).all()]
        seen += [b > a for a, b in both]
        parts += [f"{name}: {b:.2g} at the smallest rate, {a:.2g} at the largest" for a, b in both]
    if not seen:
        return Judgement(seen=Seen.UNDECIDED, numbers="no pair of runs", why="All diverged.")
    return Judgement(seen=Seen.REPRODUCED if all(seen) else Seen.NOT, numbers="; ".join(parts))


def _printed_sum(tables: Tables) -> Judgement:
    table = tables["A.fig3"].where(choices="paper")
    table = table.where(eta=max(table.values("eta")))
    gone = int(table.stack("diverged").sum())
    seen = Seen.REPRODUCED if gone == len(table) else Seen.NOT
    rate = table.rows[0].parameters["eta"]
    return Judgement(seen=seen, numbers=f"{gone} of {len(table)} runs diverged at rate {rate:g}")


FIGURE: Final = Figure(
    name="A.fig3",
    title="points generated in the plane at a large and at a small learning rate",
    experiments=(EXPERIMENT,),
    claims=("A.eq3", "A.eq6.score", "A.eq8.mean"),
    draw=draw,
    trends=(
        Trend(
            says="A larger learning rate takes generated points away from those of s*",
            source="paper A, Figure 3",
            judge=_farther,
        ),
        Trend(
            says="A larger learning rate brings them closer to the Gaussian fitted to the data",
            source="paper A, Figure 3",
            judge=_gaussian,
        ),
        Trend(
            says="A smaller learning rate memorises more of the data",
            source="paper A, Figure 3",
            judge=_memorizes,
        ),
        Trend(
            says="With the sum over coordinates, as printed, training at the largest rate diverges",
            source="ours, row A.code.mean",
            judge=_printed_sum,
        ),
    ),
)
