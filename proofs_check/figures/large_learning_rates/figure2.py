"""Figure A.fig2: excess risk against the learning rate, and where Theorem 8 would speak."""

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.figure2 import EXPERIMENT
from numerics.table import Table
from numerics.training_runs import SETTINGS, member_data
from numerics.validation import FloatArray
from proofs_check.figures.bands import FEW, runs_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.trends import judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page, Panel
    from proofs_check.regime import Regime

__all__ = ["FIGURE"]

MAIN: Final = {
    "network": "experimental",
    "batch_risk": "mean",
    "composition": "replacement",
    "step": "width",
}
"""The main choices but for the mean over coordinates, which is one on the line anyway."""

VARIANTS: Final = {
    "balanced batches": {"composition": "balanced"},
    "inner weights fixed": {"network": "theoretical"},
    r"step $\eta$": {"step": "plain"},
    "sum over the batch": {"batch_risk": "sum"},
}


def draw(page: "Page", tables: Tables) -> None:
    """Draw both dimensions, and on the line what the open choices change."""
    line, ten, choices = page.panels(3, height=2.9)
    table = tables["A.fig2"]
    for panel, dimension, letter in ((line, 1, "a"), (ten, 10, "b")):
        of = _main(table.where(dimension=dimension))
        for k, (mu, sigma) in enumerate(SETTINGS):
            rows = of.where(mu=mu, sigma=sigma)
            if len(rows):
                _curve(panel, rf"$\mu = {mu:g}$, $\sigma = {sigma:g}$", rows, k)
        count = _excess(of, of.values("eta")[-1]).size // len(of.values("mu"))
        what = f"range of {count} runs" if count < FEW else f"95 %, {count} runs"
        panel.label(title=f"({letter}) $d = {dimension}$, {what}", log_x=True, log_y=True)
    mu, sigma = SETTINGS[0]
    of = table.where(dimension=1, mu=mu, sigma=sigma)
    _curve(choices, rf"$\mu = {mu:g}$, $\sigma = {sigma:g}$", _main(of), 0)
    for k, (name, change) in enumerate(VARIANTS.items(), start=2):
        rows = of.where(**(MAIN | change))
        if _excess(rows, rows.values("eta")[0]).size:
            _curve(choices, name, rows, k, band=False)
        else:
            choices.note(f"{name}: all diverge")
    choices.label(title="(c) open choices, $d = 1$", log_x=True, log_y=True)
    rows = _main(of)
    found = _regime(rows)
    if page.stands("A.thm8.amended") and found.applies("A.thm8"):
        line.threshold("A.thm8.amended", "Theorem 8 speaks from here", float(found.learning_rate))
    else:
        line.note(
            f"Theorem 8 needs $\\sigma \\leq {_power(found.amended.least)}$\n"
            f"and speaks of $\\eta > {_power(found.learning_rate)}$",
            y=0.24,
        )
    line.label(y="excess risk")
    line.axes.set_ylim(bottom=1e-4)
    for panel in (line, ten, choices):
        panel.label(x=r"learning rate $\eta$")
        panel.ticks(table.values("eta"))
    page.legend(columns=4)


def _curve(panel: "Panel", label: str, rows: Table, k: int, *, band: bool = True) -> None:
    """Draw geometric means with their confidence, without the runs that diverged."""
    found = [(eta, _excess(rows, eta)) for eta in rows.values("eta")]
    bands = [(eta, runs_band(values, logarithmic=True)) for eta, values in found if values.size]
    panel.line(
        label,
        [eta for eta, _ in bands],
        [b.middle for _, b in bands],
        low=[b.low for _, b in bands] if band else None,
        high=[b.high for _, b in bands] if band else None,
        k=k,
        markers=True,
    )


def _main(table: Table) -> Table:
    """Return the main cells: the mean over coordinates, in single precision in ten dimensions."""
    rows = table.where(**MAIN, coordinate_risk="mean")
    return Table(
        rows=tuple(
            row
            for row in rows
            if row.parameters["precision"]
            == ("float64" if row.parameters["dimension"] == 1 else "float32")
        )
    )


def _excess(rows: Table, eta: float) -> FloatArray:
    """Return the excess risks of all simulations that did not diverge."""
    values = np.concatenate([row["excess_risk"] for row in rows.where(eta=eta)])
    kept: FloatArray = values[np.isfinite(values)]
    return kept


def _power(value: object) -> str:
    """Return a positive number as a power of ten in TeX.

    Examples
    --------
    >>> _power(0.00021)
    '2\\\\cdot 10^{-4}'
    """
    digits, exponent = f"{float(str(value)):.0e}".split("e")
    return rf"{digits}\cdot 10^{{{int(exponent)}}}"


def _paired(rows: Table, eta: float) -> FloatArray:
    """Return the excess risks of all simulations in their order, NaN where they diverged."""
    return np.concatenate([row["excess_risk"] for row in rows.where(eta=eta)])


def _regime(rows: Table) -> "Regime":
    """Return what the theorems say of the data of the first simulation."""
    from proofs_check.regime import regime

    parameters = rows.rows[0].parameters
    points = [Fraction(value) for value in member_data(parameters)[0, :, 0].tolist()]
    return regime(points, *(Fraction(str(parameters[name])) for name in ("mu", "sigma")))


def _grows(dimension: int, tables: Tables) -> Judgement:
    parts = []
    for mu, sigma in SETTINGS:
        rows = _main(tables["A.fig2"].where(dimension=dimension, mu=mu, sigma=sigma))
        if len(rows):
            rates = rows.values("eta")
            name = f"sigma {sigma:g}, rate {rates[-1]:g} over {rates[0]:g}:"
            parts.append(judge_ratio(_paired(rows, rates[-1]), _paired(rows, rates[0]), name))
    return weakest_judgement(parts)


def _in_regime(tables: Tables) -> Judgement:
    rows = _main(tables["A.fig2"].where(dimension=1))
    parts, spoken = [], 0
    for mu, sigma in SETTINGS:
        of = rows.where(mu=mu, sigma=sigma)
        found = _regime(of)
        spoken += found.applies("A.thm8") and max(of.values("eta")) > found.learning_rate
        parts.append(
            f"sigma {sigma:g} against sigma_0 = {float(found.amended.least):.1g}, "
            f"rates up to {max(of.values('eta')):g} against {float(found.learning_rate):.2g}, "
            f"Delta mu / sigma = {float(found.spacing) * mu / sigma:.1g} against 8, and the bound "
            f"would be an excess risk of {float(found.excess):.0e}"
        )
    return Judgement(
        seen=Seen.REPRODUCED if spoken == len(SETTINGS) else Seen.NOT,
        numbers="; ".join(parts),
        why="The theorem is about noise far below the spacing; the figure is not explained by it.",
    )


def _sensitive(tables: Tables) -> Judgement:
    """Judge whether the printed sum diverges at the largest rate in every simulation."""
    rows = tables["A.fig2"].where(dimension=1, **(MAIN | {"batch_risk": "sum"}))
    parts, gone = [], 0
    for eta in rows.values("eta"):
        diverged = np.concatenate([row["diverged"] for row in rows.where(eta=eta)])
        parts.append(f"rate {eta:g}: {int(diverged.sum())} of {diverged.size}")
        gone = int(diverged.sum()) if eta == max(rows.values("eta")) else gone
    seen = Seen.REPRODUCED if gone == diverged.size else Seen.NOT
    return Judgement(seen=seen, numbers="diverged at " + ", ".join(parts))


FIGURE: Final = Figure(
    name="A.fig2",
    title="excess risk against the learning rate",
    experiments=(EXPERIMENT,),
    claims=("A.excess", "A.thm8", "A.thm8.amended", "A.prop7.amended"),
    draw=draw,
    trends=(
        Trend(
            says="On the line the excess risk grows with the learning rate",
            source="paper A, Figure 2",
            judge=partial(_grows, 1),
        ),
        Trend(
            says="In ten dimensions the excess risk grows with the learning rate",
            source="paper A, Figure 2",
            judge=partial(_grows, 10),
        ),
        Trend(
            says="The figure lies in the regime of Theorem 8",
            source="paper A, section 5",
            judge=_in_regime,
        ),
        Trend(
            says="With the sum over the batch, as printed, training diverges at the largest rate",
            source="ours, row A.code.mean",
            judge=_sensitive,
        ),
    ),
)
