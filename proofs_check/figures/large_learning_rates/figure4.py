"""Figure A.fig4: discrepancies of generated points against the dimension."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.figure4 import EXPERIMENT
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

BASE: Final = "optimal, fitted"
"""By this discrepancy the others are divided."""

WIDTHS: Final = ("1", r"\sqrt{d}")
"""Bandwidths of the kernel, in the order of the cells."""


def draw(page: "Page", tables: Tables) -> None:
    """Draw both normalised discrepancies, for each set of choices and bandwidth."""
    panels = page.panels(2, 2, height=2.2, share_x=True)
    for line, (choices, name) in enumerate(CHOICES_SHOWN.items()):
        table = tables["A.fig4"].where(choices=choices)
        for width, text in enumerate(WIDTHS):
            panel = panels[2 * line + width]
            _curve(panel, r"$s_\theta$ to $s^\star$", table, 0, _normalised("optimal", width))
            _curve(panel, r"$s_\theta$ to the Gaussian", table, 1, _normalised("fitted", width))
            for k, label in enumerate((r"start to $s^\star$", "start to the Gaussian")):
                _curve(panel, label, table, k, _control(k, width), dashed=True)
            letter = "abcd"[2 * line + width]
            panel.label(title=f"({letter}) {name}, bandwidth ${text}$", log_x=True)
            panel.ticks(table.values("dimension"))
            panel.axes.set_ylim(bottom=0.0)
            if share_diverged(table):
                panel.note(share_diverged(table))
    for panel in panels[2:]:
        panel.label(x="dimension $d$")
    for panel in panels[::2]:
        panel.label(y="MMD / base")
    page.legend(columns=4)


def _normalised(other: str, width: int) -> Callable[[Row], float]:
    return lambda row: (
        discrepancy(row, f"network, {other}", width=width) / discrepancy(row, BASE, width=width)
    )


def _control(k: int, width: int) -> Callable[[Row], float]:
    """Return the same of the points from which the reverse process starts."""
    return lambda row: (
        float(np.sqrt(np.maximum(row["control"][:, k, width].mean(), 0.0)))
        / discrepancy(row, BASE, width=width)
    )


def _curve(
    panel: "Panel",
    label: str,
    table: Table,
    k: int,
    of: Callable[[Row], float],
    *,
    dashed: bool = False,
) -> None:
    found = {
        d: values
        for d in table.values("dimension")
        if (values := [of(row) for row in table.where(dimension=d) if not row["diverged"]])
    }
    panel.line(
        label,
        list(found),
        [np.mean(v) for v in found.values()],
        low=None if dashed else [min(v) for v in found.values()],
        high=None if dashed else [max(v) for v in found.values()],
        k=k,
        markers=not dashed,
        dashed=dashed,
    )


def _trend(tables: Tables, upward: Callable[[Row], float], words: str, *, falls: bool) -> Judgement:
    """Judge whether a number of the cells grows, or falls, from the least to the largest d."""
    parts = []
    for choices, name in CHOICES_SHOWN.items():
        table = tables["A.fig4"].where(choices=choices)
        dimensions = table.values("dimension")
        low, high = (
            [np.nan if row["diverged"] else upward(row) for row in table.where(dimension=d)]
            for d in (dimensions[0], dimensions[-1])
        )
        larger, smaller = (low, high) if falls else (high, low)
        ends = (dimensions[0], dimensions[-1]) if falls else (dimensions[-1], dimensions[0])
        parts.append(
            judge_ratio(larger, smaller, f"{name}, {words}, d = {ends[0]} over {ends[1]}:")
        )
    return weakest_judgement(parts)


def _towards(tables: Tables) -> Judgement:
    return weakest_judgement(
        [
            _trend(tables, _normalised("fitted", 0), "to the Gaussian", falls=True),
            _trend(tables, _normalised("optimal", 0), "to s*", falls=False),
        ]
    )


def _nearer(tables: Tables, width: int) -> Judgement:
    """Judge whether at the largest dimension the Gaussian is nearer than s* in every run."""
    return _count(
        tables,
        lambda row: _normalised("fitted", width)(row) < _normalised("optimal", width)(row),
        "To a kernel as wide as the distances are, the points of s* are nearer.",
    )


def _without_score(tables: Tables) -> Judgement:
    """Judge whether points that no score has moved pass for Gaussian, at the largest dimension."""
    return _count(
        tables,
        lambda row: _control(1, 0)(row) < min(_control(0, 0)(row), _normalised("fitted", 0)(row)),
        "The untrained start looks less Gaussian than what is generated.",
    )


def _count(tables: Tables, holds: Callable[[Row], bool], why: str) -> Judgement:
    parts, wins, count = [], 0, 0
    for choices, name in CHOICES_SHOWN.items():
        table = tables["A.fig4"].where(choices=choices)
        largest = table.where(dimension=max(table.values("dimension")))
        said = [holds(row) for row in largest if not row["diverged"]]
        wins, count = wins + sum(said), count + len(said)
        parts.append(f"{name}: {sum(said)} of {len(said)} runs")
    numbers = f"at d = {max(tables['A.fig4'].values('dimension'))}, " + "; ".join(parts)
    if not count:
        return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="All diverged.")
    if wins == count:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why=why)


FIGURE: Final = Figure(
    name="A.fig4",
    title="discrepancies of generated points against the dimension",
    experiments=(EXPERIMENT,),
    claims=("A.eq3", "A.eq6.score"),
    draw=draw,
    trends=(
        Trend(
            says="As the dimension grows, generated points approach the fitted Gaussian and leave "
            "those of s*",
            source="paper A, Figure 4",
            judge=_towards,
        ),
        Trend(
            says="In high dimension they are closer to the Gaussian than to s*",
            source="paper A, Figure 4, bandwidth 1",
            judge=partial(_nearer, width=0),
        ),
        Trend(
            says="They are so with a bandwidth that grows like the distances, sqrt(d), too",
            source="ours",
            judge=partial(_nearer, width=1),
        ),
        Trend(
            says="With bandwidth 1 the start of the reverse process, which no score has moved, "
            "passes for Gaussian even more",
            source="ours",
            judge=_without_score,
        ),
    ),
)
