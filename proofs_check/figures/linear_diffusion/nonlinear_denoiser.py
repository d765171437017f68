"""Figure 4 of paper B: a trained nonlinear denoiser against n, under all metrics."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.nonlinear_denoiser import EXPERIMENT, GENERATORS
from proofs_check.figures.bands import runs_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from numerics.table import Table
    from numerics.validation import FloatArray
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

_NAME: Final = EXPERIMENT.name
_NETWORK, _POPULATION = GENERATORS.index("network"), GENERATORS.index("population")
_ENOUGH: Final = 0.8
"""What the review saw exceeded everywhere."""


def _smallest(table: "Table") -> "Table":
    """Return the cells of the smallest dimension, which every profile has."""
    return table.where(d=min(table.values("d")))


def _numbers(table: "Table") -> list[int]:
    return sorted(int(n) for n in table.values("n"))


def _stack(table: "Table", name: str) -> "list[FloatArray]":
    """Return the runs of every n, by n."""
    return [np.asarray(table.where(n=n).stack(name), dtype=np.float64) for n in _numbers(table)]


def _positive_share(table: "Table", generator: int) -> Any:
    """Return by n the share of training sets with Delta > 0 and its Clopper-Pearson interval."""
    signs = [runs[:, generator, 0] > 0.0 for runs in _stack(table, "law")]
    ends = np.array([clopper_pearson(int(s.sum()), s.size) for s in signs])
    return np.array([s.mean() for s in signs]), ends[:, 0], ends[:, 1]


def _gap(panel: "Panel", table: "Table", x: "FloatArray") -> None:
    runs = [np.array([row["gaps"][-1] for row in table.where(n=n)]) for n in _numbers(table)]
    band = [runs_band(values) for values in runs]
    panel.line(
        "network, gap left",
        x,
        [b.middle for b in band],
        low=[b.low for b in band],
        high=[b.high for b in band],
        k=0,
        markers=True,
    )
    share = [
        float(np.mean([bool(row["converged"]) for row in table.where(n=n)]))
        for n in _numbers(table)
    ]
    panel.points("share of runs that converged", x, share, k=4)
    copied = [runs_band(values[:, 0]) for values in _stack(table, "copied")]
    panel.line(
        "copied points",
        x,
        [b.middle for b in copied],
        low=[b.low for b in copied],
        high=[b.high for b in copied],
        k=3,
        markers=True,
    )
    panel.label(title="(a) what was memorized", x="$n/d$", y="share", log_x=True)


def _probabilities(panel: "Panel", table: "Table", x: "FloatArray") -> None:
    for k, (label, generator) in enumerate((("network", _NETWORK), ("new points", _POPULATION))):
        middle, low, high = _positive_share(table, generator)
        panel.line(
            f"{label}, kernel metric",
            x,
            middle,
            low=low,
            high=high,
            k=k,
            markers=True,
        )
        batches = [runs[:, :, generator, 1].mean(axis=1) for runs in _stack(table, "positive")]
        band = [runs_band(values) for values in batches]
        panel.line(
            f"{label}, by coordinates",
            x,
            [b.middle for b in band],
            low=[b.low for b in band],
            high=[b.high for b in band],
            k=k,
            dashed=True,
        )
    panel.axes.axhline(_ENOUGH, color="0.6", linewidth=0.7, linestyle=":")
    panel.axes.set_ylim(-0.03, 1.03)
    panel.label(title="(b) memorization metric", x="$n/d$", y=r"$P(\Delta > 0)$", log_x=True)


def _distances(panel: "Panel", table: "Table", x: "FloatArray", metric: int, title: str) -> None:
    for k, name in ((2, "$E_{TG}$"), (5, "$E_{OG}$")):
        column = 0 if k == 2 else 1
        # in units of the squared norm of the population where that is natural
        runs = [values[:, _NETWORK, metric, column] for values in _stack(table, "log_distances")]
        band = [runs_band(values) for values in runs]
        panel.line(
            name,
            x,
            np.exp([float(b.middle) for b in band]),
            low=np.exp([float(b.low) for b in band]),
            high=np.exp([float(b.high) for b in band]),
            k=k,
            markers=True,
        )
    panel.label(title=title, x="$n/d$", y="mean distance", log_x=True, log_y=True)


def _draw(page: "Page", tables: Tables) -> None:
    table = _smallest(tables[_NAME])
    d = int(table.values("d")[0])
    x = np.array(_numbers(table)) / d
    panels = page.panels(2, rows=2, height=2.5)
    _gap(panels[0], table, x)
    _probabilities(panels[1], table, x)
    _distances(panels[2], table, x, 0, "(c) kernel densities")
    _distances(panels[3], table, x, 1, "(d) by coordinates")
    for panel in panels:
        panel.axes.axvline(1.0, color="0.8", linewidth=0.7)
    page.legend(columns=3)


def _never_below(tables: Tables) -> Judgement:
    """Judge the review: P(Delta > 0) stays above 0.8 for all n, under either metric."""
    table = _smallest(tables[_NAME])
    _, _, high = _positive_share(table, _NETWORK)
    by_coordinates = [float(runs[:, :, _NETWORK, 1].mean()) for runs in _stack(table, "positive")]
    broken = bool((high < _ENOUGH).any()) or min(by_coordinates) < _ENOUGH / 2.0
    numbers = (
        f"kernel metric: upper ends {', '.join(f'{v:.2f}' for v in high)}; by coordinates "
        f"{', '.join(f'{v:.2f}' for v in by_coordinates)} for n = {_numbers(table)}"
    )
    return Judgement(
        seen=Seen.NOT if broken else Seen.UNDECIDED,
        numbers=numbers,
        why="On one scale both metrics fall far below 0.8 for small n."
        if broken
        else "The intervals are too wide.",
    )


def _same_place(tables: Tables) -> Judgement:
    """Judge the paper: the sign of Delta changes at n = d, here between d/2 and 4 d."""
    table = _smallest(tables[_NAME])
    d = int(table.values("d")[0])
    numbers = np.array(_numbers(table))
    means = np.array([float(runs[:, _NETWORK, 0].mean()) for runs in _stack(table, "law")])
    up = np.flatnonzero((means[:-1] <= 0.0) & (means[1:] > 0.0))
    if not up.size:
        return Judgement(
            seen=Seen.NOT,
            numbers=f"mean Delta {', '.join(f'{v:.3g}' for v in means)}",
            why="Delta does not change its sign over these n.",
        )
    low, high = numbers[up[-1]] / d, numbers[up[-1] + 1] / d
    seen = Seen.NOT if low > 4.0 or high < 0.5 else Seen.UNDECIDED
    return Judgement(
        seen=seen if not (low >= 0.5 and high <= 4.0) else Seen.REPRODUCED,
        numbers=f"mean Delta turns positive between n = {low:g} d and n = {high:g} d",
        why="The place is set by parameters and training, not by the dimension."
        if seen is Seen.NOT
        else "",
    )


FIGURE: Final = Figure(
    name="B.fig4",
    title="A trained nonlinear denoiser on isotropic Gaussian data, d = 16.",
    experiments=(EXPERIMENT,),
    claims=("B.nonlinear", "B.nonlinear.same", "B.params"),
    draw=_draw,
    trends=(
        Trend(
            says="With a nonlinear denoiser P(Delta > 0) stays above 0.8 for all n.",
            source="review of paper B",
            judge=_never_below,
        ),
        Trend(
            says="The nonlinear denoiser changes from memorization to generalization at n = d.",
            source="paper B, Figure 4",
            judge=_same_place,
        ),
    ),
)
