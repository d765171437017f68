"""Figure A.fig4: discrepancies of generated points against the dimension."""

from collections.abc import Callable
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


def _closer_to_gaussian(tables: Tables) -> Judgement:
    """Judge whether in every run the Gaussian is nearer than s*, with the printed bandwidth."""
    parts, wins, count = [], 0, 0
    for choices, name in CHOICES_SHOWN.items():
        rows = [r for r in tables["A.fig4"].where(choices=choices) if not r["diverged"]]
        near = [_normalised("fitted", 0)(r) < _normalised("optimal", 0)(r) for r in rows]
        wins, count = wins + sum(near), count + len(near)
        parts.append(f"{name}: {sum(near)} of {len(near)} runs")
    if not count:
        return Judgement(seen=Seen.UNDECIDED, numbers="no run", why="All diverged.")
    seen = Seen.REPRODUCED if wins == count else Seen.NOT
    return Judgement(seen=seen, numbers="; ".join(parts))


def _learns(tables: Tables) -> Judgement:
    """Judge whether the network is nearer to the Gaussian than the start is, in every run."""
    parts, wins, count = [], 0, 0
    for choices, name in CHOICES_SHOWN.items():
        rows = [r for r in tables["A.fig4"].where(choices=choices) if not r["diverged"]]
        near = [_normalised("fitted", 1)(r) < _control(1, 1)(r) for r in rows]
        wins, count = wins + sum(near), count + len(near)
        parts.append(f"{name}: {sum(near)} of {len(near)} runs")
    seen = Seen.REPRODUCED if count and wins == count else Seen.NOT
    return Judgement(seen=seen, numbers="; ".join(parts))


def _blind(tables: Tables) -> Judgement:
    """Judge whether the printed bandwidth stops telling s* from the Gaussian in high dimension."""
    table = tables["A.fig4"].where(choices="paper-mean")
    dimensions = table.values("dimension")
    low, high = (
        np.mean([discrepancy(row, BASE) for row in table.where(dimension=d)])
        for d in (dimensions[0], dimensions[-1])
    )
    numbers = f"MMD of s* and Gaussian {low:.2g} at d = {dimensions[0]}, {high:.2g} at d = "
    seen = Seen.REPRODUCED if high < 0.5 * low else Seen.NOT
    return Judgement(seen=seen, numbers=numbers + str(dimensions[-1]))


FIGURE: Final = Figure(
    name="A.fig4",
    title="discrepancies of generated points against the dimension",
    experiments=(EXPERIMENT,),
    claims=("A.eq3", "A.eq6.score"),
    draw=draw,
    trends=(
        Trend(
            says="In every dimension generated points are closer to the Gaussian than to s*",
            source="paper A, Figure 4",
            judge=_closer_to_gaussian,
        ),
        Trend(
            says="They are closer to the Gaussian than the points from which generation starts",
            source="ours",
            judge=_learns,
        ),
        Trend(
            says="With bandwidth 1 the discrepancy itself fades when the dimension grows",
            source="ours",
            judge=_blind,
        ),
    ),
)
