"""Figure A.fig5: sharpness where training ends against the learning rate, and its limit."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.experiment import Parameter
from numerics.experiments.figure5 import EXPERIMENT
from numerics.table import Row, Table
from numerics.validation import FloatArray
from proofs_check.figures.bands import FEW, runs_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.trends import judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

MEAN: Final = {"coordinate_risk": "mean"}

PANELS: Final[Mapping[str, tuple[str, Mapping[str, Parameter]]]] = {
    "left": ("(a) $d = 1$", MEAN),
    "middle": ("(b) $d = 10$", MEAN),
    "right": (r"(c) $r_\theta(t, x)$", {**MEAN, "marginal": "exp(-t)"}),
}
"""Title and main choices by panel."""


def draw(page: "Page", tables: Tables) -> None:
    """Draw the three panels with the limit of equation 8."""
    panels = page.panels(3, height=2.7)
    for panel, (name, (title, main)) in zip(panels, PANELS.items(), strict=True):
        table = tables["A.fig5"].where(panel=name)
        rates = table.values("eta")
        rows = table.where(**main)
        width = float(rows.rows[0].parameters["width"])
        panel.theory(
            "A.eq8.mean",
            r"limit $2/(m\eta)$",
            rates,
            [2.0 / (width * eta) for eta in rates],
        )
        _curve(panel, "at the end of training", rows, "stability", 1)
        _curve(panel, "at the start", rows, "start_stability", 6, dashed=True)
        if name == "left":
            _curve(panel, "without the knots", rows, "without_knots", 4, dashed=True)
        if name == "right":
            other = table.where(**MEAN, marginal="exp(-2t)")
            _curve(panel, "notebooks' process", other, "stability", 2)
            _note_diverged(panel, rows)
        count = min(_sharpness(rows.where(eta=eta), "stability").size for eta in rates)
        what = f"range of {count} runs" if count < FEW else f"95 %, {count} runs"
        panel.label(title=f"{title}, {what}", x=r"learning rate $\eta$", log_x=True, log_y=True)
        panel.ticks(rates)
    panels[0].label(y=r"$\lambda_{\max}$ of the trained risk")
    page.legend(columns=3)


def _curve(
    panel: "Panel", label: str, rows: Table, name: str, k: int, *, dashed: bool = False
) -> None:
    bands = {
        eta: runs_band(values, logarithmic=True)
        for eta in rows.values("eta")
        if (values := _sharpness(rows.where(eta=eta), name)).size
    }
    panel.line(
        label,
        list(bands),
        [b.middle for b in bands.values()],
        low=[b.low for b in bands.values()],
        high=[b.high for b in bands.values()],
        k=k,
        markers=True,
        dashed=dashed,
    )


def _note_diverged(panel: "Panel", rows: Table) -> None:
    gone = {e: int(rows.where(eta=e).stack("diverged").sum()) for e in rows.values("eta")}
    lines = [
        rf"$\eta = {eta:g}$: {count} of {rows.where(eta=eta).stack('diverged').size} diverged"
        for eta, count in gone.items()
        if count
    ]
    if lines:
        panel.note("\n".join(lines))


def _sharpness(rows: Table, name: str) -> FloatArray:
    """Return the largest eigenvalue for the risk that is trained, of all runs that are finite."""
    values = np.concatenate([_of_trained_risk(row, name) for row in rows])
    kept: FloatArray = values[np.isfinite(values) & (values > 0)]
    return kept


def _of_trained_risk(row: Row, name: str) -> FloatArray:
    """Turn a share of the limit back into an eigenvalue, so that one limit holds everywhere."""
    limit = 2.0 / (float(row.parameters["width"]) * float(row.parameters["eta"]))
    if name == "without_knots":
        share: FloatArray = row["stability"] * row[name] / row["sharpness"]
        return limit * share
    found: FloatArray = limit * row[name]
    return found


def _rows(tables: Tables, name: str) -> Table:
    return tables["A.fig5"].where(panel=name, **PANELS[name][1])


def _falls(tables: Tables) -> Judgement:
    parts = []
    for name in PANELS:
        rows = _rows(tables, name)
        rates = [e for e in rows.values("eta") if not rows.where(eta=e).stack("diverged").all()]
        small, large = (
            np.concatenate([_of_trained_risk(r, "stability") for r in rows.where(eta=eta)])
            for eta in (rates[0], rates[-1])
        )
        parts.append(judge_ratio(small, large, f"{name}, rate {rates[0]:g} over {rates[-1]:g}:"))
    return weakest_judgement(parts)


def _below(tables: Tables) -> Judgement:
    shares = {
        name: np.concatenate([row["stability"] for row in _rows(tables, name)]) for name in PANELS
    }
    finite = {name: values[np.isfinite(values)] for name, values in shares.items()}
    over = {name: int((values > 1.0).sum()) for name, values in finite.items()}
    numbers = "; ".join(
        f"{name}: {over[name]} of {values.size} above, largest share {values.max():.3g}"
        for name, values in finite.items()
    )
    if sum(over.values()) == 0:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(
        seen=Seen.NOT,
        numbers=numbers,
        why="Steps on batches circle around a minimum; the limit binds at a minimum that is "
        "stable, not at the last step of a run.",
    )


def _near(tables: Tables) -> Judgement:
    """Judge whether training ends within a factor of two of the limit at the largest rate."""
    parts, near = [], []
    for name in PANELS:
        rows = _rows(tables, name)
        for eta in rows.values("eta")[::-1]:
            values = np.concatenate([row["stability"] for row in rows.where(eta=eta)])
            values = values[np.isfinite(values)]
            if values.size:
                share = float(np.median(values))
                near.append(0.5 <= share <= 2.0)
                parts.append(f"{name}, rate {eta:g}: {share:.2g}")
                break
    return Judgement(
        seen=Seen.REPRODUCED if all(near) else Seen.NOT,
        numbers="median share of the limit: " + "; ".join(parts),
        why="" if all(near) else "Training ends in flatter places than stability asks for.",
    )


def _knots(tables: Tables) -> Judgement:
    """Judge whether leaving the knots out changes the sharpness of some run by over a per cent."""
    rows = _rows(tables, "left")
    sharp, without = (
        np.concatenate([row[name] for row in rows]) for name in ("sharpness", "without_knots")
    )
    change = np.abs(without / sharp - 1.0)
    change = change[np.isfinite(change)]
    off = int((change > 0.01).sum())
    numbers = (
        f"{off} of {change.size} runs off by over 1 %, median {100 * np.median(change):.2g} %, "
        f"largest {100 * change.max():.2g} %"
    )
    return Judgement(seen=Seen.REPRODUCED if off else Seen.NOT, numbers=numbers)


FIGURE: Final = Figure(
    name="A.fig5",
    title="sharpness at the end of training against the learning rate",
    experiments=(EXPERIMENT,),
    claims=("A.eq8", "A.eq8.mean", "A.eq8.sum", "A.code.sharpness", "A.code.sharpness.missed"),
    draw=draw,
    trends=(
        Trend(
            says="The sharpness at the end falls when the learning rate grows",
            source="paper A, Figure 5",
            judge=_falls,
        ),
        Trend(
            says="It stays below the limit of stability 2/(m eta)",
            source="paper A, Figure 5",
            judge=_below,
        ),
        Trend(
            says="At the largest rate it is within a factor of two of the limit",
            source="ours",
            judge=_near,
        ),
        Trend(
            says="Without the knots, as automatic differentiation has it, it is off by over 1 %",
            source="ours, row A.code.sharpness",
            judge=_knots,
        ),
    ),
)
