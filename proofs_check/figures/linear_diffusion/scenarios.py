"""Figure B.fig1: three ways in which P(Delta > 0) rises, drawn from models that realise them."""

from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.metric_scenarios import EXPERIMENT
from numerics.validation import FloatArray
from proofs_check.figures.bands import mean_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["FIGURE"]

_NAME: Final = EXPERIMENT.name
_PANELS: Final = (
    ("mixture", r"(a) $(1-t)\rho_T + t\rho_O$", "share $t$"),
    ("replaced", "(b) training points replaced", "share replaced"),
    ("linear", "(c) linear model, less its norm", "training points $n$"),
)


def _stacked(tables: Tables, generator: str, name: str) -> FloatArray:
    """Return the replicates of all blocks, shape (places, replicates, ...)."""
    rows = tables[_NAME].where(generator=generator).rows
    found: FloatArray = np.concatenate([np.asarray(row[name], float) for row in rows], axis=1)
    return found


def _draw(page: "Page", tables: Tables) -> None:
    panels = page.panels(3, 2, height=1.9)
    for column, (generator, title, x_label) in enumerate(_PANELS):
        x = np.asarray(tables[_NAME].where(generator=generator).rows[0]["x"], float)
        relative = _stacked(tables, generator, "relative")
        top, bottom = panels[column], panels[column + 3]
        for k, label in enumerate(("$E_{TG}$", "$E_{OG}$")):
            band = mean_band(relative[:, :, k].T)
            top.line(label, x, band.middle, low=band.low, high=band.high, k=k, markers=True)
        positive = (_stacked(tables, generator, "sign") > 0.0).sum(axis=1)
        count = relative.shape[1]
        ends = np.array([clopper_pearson(int(v), count) for v in positive])
        bottom.line(
            r"$P(\Delta > 0)$",
            x,
            positive / count,
            low=ends[:, 0],
            high=ends[:, 1],
            k=2,
            markers=True,
        )
        top.label(title=title, log_x=generator == "linear")
        bottom.label(x=x_label, log_x=generator == "linear")
        bottom.axes.set_ylim(-0.03, 1.03)
        if generator == "linear":
            for panel in (top, bottom):
                panel.threshold("B.cond.density", "$n = d + 1$", 17.0)
                panel.ticks([17, 32, 64, 160, 640])
    panels[0].label(y=r"distance / $\Vert\rho\Vert^2$")
    panels[3].label(y=r"$P(\Delta > 0)$")
    page.legend(columns=4)


def _ends(tables: Tables, generator: str, which: int) -> tuple[float, float]:
    """Return the mean change of a distance from the first to the last place, with its error."""
    values = _stacked(tables, generator, "relative")[..., which]
    change = values[-1] - values[0]
    return float(change.mean()), float(change.std(ddof=1) / np.sqrt(change.size))


def _changes(tables: Tables, generator: str, wanted: tuple[int, int]) -> Judgement:
    """Judge whether E_TG and E_OG change in the wanted directions (0: by less than a tenth)."""
    shown, seen = [], True
    for k, direction in enumerate(wanted):
        mean, error = _ends(tables, generator, k)
        shown.append(f"{('E_TG', 'E_OG')[k]} by {mean:+.2f} +- {error:.2f}")
        good = abs(mean) + 2.0 * error < 0.1 if direction == 0 else direction * mean > 4.0 * error
        seen = seen and good
    numbers = ", ".join(shown)
    if seen:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="a distance does not change that way")


def _norm_rises(tables: Tables) -> Judgement:
    """Judge whether both full distances of the linear model fall from n = d + 4 to 2d."""
    rows = tables[_NAME].where(generator="linear").rows
    places = list(np.asarray(rows[0]["x"], int))
    norm = _stacked(tables, "linear", "log_norm")
    change = norm[places.index(32)] - norm[places.index(20)]
    error = float(change.std(ddof=1) / np.sqrt(change.size))
    numbers = f"log of the norm changes by {change.mean():+.2f} +- {error:.2f} from n = 20 to 32"
    if change.mean() + 4.0 * error < 0.0:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    why = "the norm of the generated density, which cancels in Delta, rises as the variance falls"
    return Judgement(seen=Seen.NOT, numbers=numbers, why=why)


FIGURE: Final = Figure(
    name="B.fig1",
    title="three ways in which the probability of a positive gap rises",
    experiments=(EXPERIMENT,),
    claims=("B.cond.density", "B.scenarios", "B.scenarios.amended", "B.scenarios.mixture.train"),
    draw=_draw,
    trends=(
        Trend(
            says="It can rise while E_TG rises and E_OG falls",
            source="paper B, three scenarios",
            judge=lambda tables: _changes(tables, "mixture", (1, -1)),
        ),
        Trend(
            says="It can rise while E_TG rises and E_OG stays",
            source="paper B, three scenarios",
            judge=lambda tables: _changes(tables, "replaced", (1, 0)),
        ),
        Trend(
            says="In the linear model both fall, less the norm that they share",
            source="paper B, three scenarios",
            judge=lambda tables: _changes(tables, "linear", (-1, -1)),
        ),
        Trend(
            says="In the linear model both fall from the onset on, as they are defined",
            source="paper B, three scenarios",
            judge=_norm_rises,
        ),
    ),
)
