"""Collapse of the exact score: who outweighs whom, and the law of the log-ratio at finite d."""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.collapse import EXPERIMENT, LEVELS, RATE
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from numerics.table import Table
    from proofs_check.figures.page import Page

__all__ = ["FIGURE"]

_NAME: Final = EXPERIMENT.name
LARGE: Final = 200
"""Dimension for which the bounds are drawn."""


def _dimensions(table: "Table") -> list[int]:
    return [int(d) for d in table.values("d")]


def _rows(table: "Table", d: int) -> Any:
    """Return the cells of one dimension in the order of time."""
    return sorted(table.where(d=d), key=lambda row: float(row.parameters["relative_time"]))


@cache
def _formulas() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return both bounds at n = e^(RATE d) as functions of powers, slacks and signals."""
    from sympy import Symbol, exp, lambdify, nsimplify

    from theory.collapse_time import collapse_bound, confusion_bound
    from theory.symbols import gamma

    power, slack = Symbol("theta", positive=True), Symbol("eta", positive=True)
    sizes = exp(nsimplify(RATE) * LARGE), LARGE
    below = collapse_bound(power, *sizes)
    above = confusion_bound(power, slack, *sizes)
    return (
        lambdify((power, gamma), below, "numpy"),
        lambdify((power, slack, gamma), above, "numpy"),
    )


def _bounds(signal: float) -> tuple[float, float]:
    """Return the lower and the upper bound of P(Z_1 > Z_1c), the best over a grid of powers."""
    theta, eta = np.linspace(0.005, 1.0, 200), np.linspace(0.05, 30.0, 200)[:, None]
    below, above = _formulas()
    least = float(below(theta, signal).min()), float(above(theta, eta, signal).min())
    return max(0.0, 1.0 - least[0]), min(1.0, least[1])


def _draw(page: "Page", tables: Tables) -> None:
    table = tables[_NAME]
    left, right = page.panels(2, height=3.2)
    dimensions = _dimensions(table)
    for k, d in enumerate(dimensions):
        rows = _rows(table, d)
        x = np.array([float(row.parameters["relative_time"]) for row in rows])
        count = int(rows[0].parameters["count"])
        own = np.array([int(row["own"]) for row in rows])
        ends = np.array([clopper_pearson(int(v), count) for v in own])
        n = int(rows[0].parameters["n"])
        left.line(
            f"$d = {d}$, $n = {n}$",
            x,
            own / count,
            low=ends[:, 0],
            high=ends[:, 1],
            k=k,
            markers=True,
        )
    d = dimensions[-1]
    rows = _rows(table, d)
    n = int(rows[0].parameters["n"])
    grid = np.linspace(0.2, 2.0, 46)
    t_c = float(rows[0]["time"]) / float(rows[0].parameters["relative_time"])
    signals = 1.0 / np.expm1(2.0 * grid * t_c)
    # the bounds say little in dimensions that can be simulated: they are shown far beyond
    large_c = 0.5 * np.log1p(1.0 / np.expm1(2.0 * RATE))
    bounds = np.array([_bounds(1.0 / np.expm1(2.0 * x * large_c)) for x in grid])
    for side, claim in enumerate(("B.collapse.before", "B.collapse.after")):
        if page.stands(claim):
            name = ("lower", "upper")[side]
            left.theory(claim, f"{name} bound, $d = {LARGE}$", grid, bounds[:, side])
    left.threshold("B.collapse", "$t_C$", 1.0)
    left.label(
        title="(a) the own point outweighs all others",
        x=r"time $t/t_C$",
        y=r"$P(Z_1 > Z_{1^c})$",
    )
    x = np.array([float(row.parameters["relative_time"]) for row in rows])
    quantiles = np.array([row["quantiles"] for row in rows])
    middle = LEVELS.index(0.5)
    right.line(
        f"median, 5 to 95 %, $d = {d}$",
        x,
        quantiles[:, middle],
        low=quantiles[:, 0],
        high=quantiles[:, -1],
        k=len(dimensions) - 1,
        markers=True,
    )
    right.points("mean", x, np.array([float(row["mean"]) for row in rows]), k=len(dimensions))
    centre = 0.5 * d * np.log1p(signals) - np.log(n - 1)
    right.theory("B.collapse.jensen", f"bound of the mean, $d = {d}$", grid, centre)
    right.threshold("B.collapse", "$t_C$", 1.0)
    right.axes.axhline(0.0, color="0.7", linewidth=0.6)
    right.axes.set_ylim(-12.0, 30.0)
    right.label(
        title="(b) law of the log-ratio",
        x=r"time $t/t_C$",
        y=r"$\log(Z_1/Z_{1^c})$",
    )
    page.legend(columns=2)


def _sharpens(tables: Tables) -> Judgement:
    """Judge whether the change of the probability around t_C gets steeper with d."""
    table = tables[_NAME]
    drops = []
    for d in _dimensions(table):
        at = {float(r.parameters["relative_time"]): r for r in _rows(table, d)}
        count = int(at[0.75].parameters["count"])
        drops.append((int(at[0.75]["own"]) - int(at[1.25]["own"])) / count)
    # a difference of two frequencies has an error of at most sqrt(1/(2 count))
    margin = 2.0 * (0.5 / count) ** 0.5
    steeper = all(b > a for a, b in pairwise(drops))
    sure = drops[-1] - drops[0] > 2.0 * margin
    shown = ", ".join(f"{v:.2f}" for v in drops)
    return Judgement(
        seen=Seen.REPRODUCED if steeper and sure else Seen.UNDECIDED if sure else Seen.NOT,
        numbers=f"P falls by {shown} from 0.75 to 1.25 t_C, d = {_dimensions(table)}",
        why="" if steeper and sure else "The fall does not grow with d.",
    )


def _half(tables: Tables) -> Judgement:
    """Judge whether the median of the log-ratio changes sign near t_C in the largest dimension."""
    table = tables[_NAME]
    rows = _rows(table, _dimensions(table)[-1])
    middle = LEVELS.index(0.5)
    x = np.array([float(row.parameters["relative_time"]) for row in rows])
    y = np.array([float(row["quantiles"][middle]) for row in rows])
    k = int(np.flatnonzero((y[:-1] > 0) & (y[1:] <= 0))[0])
    root = float(x[k] + (x[k + 1] - x[k]) * y[k] / (y[k] - y[k + 1]))
    near = abs(root - 1.0) < 0.15
    return Judgement(
        seen=Seen.REPRODUCED if near else Seen.NOT,
        numbers=f"the median log-ratio is zero at {root:.3f} t_C",
        why="" if near else "The median changes sign elsewhere.",
    )


FIGURE: Final = Figure(
    name="B.collapse",
    title="Collapse of the exact score onto one training point, at the rate 0.35.",
    experiments=(EXPERIMENT,),
    claims=(
        "B.collapse",
        "B.collapse.before",
        "B.collapse.after",
        "B.collapse.jensen",
        "B.collapse.law",
    ),
    draw=_draw,
    trends=(
        Trend(
            says="The own point stops to dominate at t_C.",
            source="paper B, collapse time",
            judge=_half,
        ),
        Trend(
            says="The change gets sharper with the dimension.",
            source="derived, B.collapse.exponent",
            judge=_sharpens,
        ),
    ),
)
