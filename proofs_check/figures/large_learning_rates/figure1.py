"""Figure A.fig1: trained networks beside the empirical optimal score."""

from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.figure1 import EXPERIMENT, NOTEBOOK_SETTINGS
from numerics.table import Row, Table
from numerics.training_runs import SETTINGS
from numerics.validation import FloatArray
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.trends import judge_order, judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["FIGURE"]


def draw(page: "Page", tables: Tables) -> None:
    """Draw the optimal score and the networks for each setting, the paper's and the notebooks'."""
    panels = page.panels(2, 2, height=2.25, share_x=True)
    names = [("printed", s) for s in SETTINGS] + [("notebooks", s) for s in NOTEBOOK_SETTINGS]
    for panel, letter, (whose, (mu, sigma)) in zip(panels, "abcd", names, strict=True):
        table = _main(tables).where(mu=mu, sigma=sigma)
        first = table.rows[0]
        panel.theory("A.eq6.score", r"$s^\star$", first["y"], first["optimal"], style="-")
        for k, eta in enumerate(reversed(table.values("eta"))):
            row = table.where(eta=eta).rows[0]
            networks = row["network"][np.isfinite(row["network"]).all(axis=1)]
            panel.line(
                rf"$s_\theta$, $\eta = {eta:g}$",
                row["y"],
                networks[0],
                low=networks.min(axis=0),
                high=networks.max(axis=0),
                k=k,
            )
        data = mu * first["data"]
        panel.points(r"data $\mu x_i$", data, np.full(data.size, -9), k=6, marker="|")
        panel.label(title=rf"({letter}) $\mu = {mu:.2f}$, $\sigma = {sigma:.2f}$ ({whose})")
        panel.axes.set_ylim(-10, 10)
        panel.axes.set_xlim(-5, 5)
    for panel in panels[2:]:
        panel.label(x="$y$")
    for panel in panels[::2]:
        panel.label(y="score")
    page.legend(columns=5)


def _main(tables: Tables) -> Table:
    """Return the cells of the main choices: mean over the batch, drawn with replacement."""
    return tables["A.fig1"].where(batch_risk="mean", composition="replacement")


def _over_data(row: Row, values: FloatArray) -> FloatArray:
    """Return what lies between the first and the last datum."""
    y, mu = row["y"], float(row.parameters["mu"])
    part: FloatArray = values[..., (y > mu * row["data"].min()) & (y < mu * row["data"].max())]
    return part


def _roughness(row: Row) -> FloatArray:
    """Return the total variation of the derivative over the data, as a share of that of s*."""
    variation, optimal = (
        np.abs(np.diff(_over_data(row, values), n=2)).sum(axis=-1)
        for values in (row["network"], row["optimal"])
    )
    share: FloatArray = variation / optimal
    return share


def _ends(tables: Tables, sigma: float) -> tuple[Row, Row]:
    """Return the cells of the largest and the smallest rate of a printed setting."""
    table = _main(tables).where(sigma=sigma)
    rates = table.values("eta")
    return table.where(eta=rates[-1]).rows[0], table.where(eta=rates[0]).rows[0]


def _closer(tables: Tables) -> Judgement:
    parts = []
    for _, sigma in SETTINGS:
        large, small = _ends(tables, sigma)
        name = f"excess risk, sigma {sigma:g}, rate {_rate(large)} over {_rate(small)}:"
        parts.append(judge_ratio(large["excess_risk"], small["excess_risk"], name))
    return weakest_judgement(parts)


def _smoother(tables: Tables) -> Judgement:
    parts = []
    for _, sigma in SETTINGS:
        large, small = _ends(tables, sigma)
        name = f"variation, sigma {sigma:g}, rates {_rate(small)} and {_rate(large)}:"
        parts.append(judge_order(_roughness(small), _roughness(large), name))
    return weakest_judgement(parts)


def _below_optimal(tables: Tables) -> Judgement:
    bent = "Where the optimal score is nearly straight over the data, the network bends more."
    parts = []
    for _, sigma in SETTINGS:
        share = _roughness(_ends(tables, sigma)[0])
        name = f"variation of s* and of the network, sigma {sigma:g}:"
        parts.append(judge_order(np.ones_like(share), share, name, why=bent))
    return weakest_judgement(parts)


def _switched_off(tables: Tables) -> Judgement:
    """Judge whether some network does nothing over all the data."""
    parts, off = [], 0
    for _, sigma in SETTINGS:
        row = _ends(tables, sigma)[0]
        share = _roughness(row)
        still = (share < 1e-9) & (np.abs(_over_data(row, row["network"])).max(axis=-1) < 1e-9)
        off += int(still.sum())
        parts.append(f"sigma {sigma:g}, rate {_rate(row)}: {int(still.sum())} of {share.size}")
    return Judgement(seen=Seen.REPRODUCED if off else Seen.NOT, numbers="; ".join(parts))


def _rate(row: Row) -> str:
    return f"{row.parameters['eta']:g}"


FIGURE: Final = Figure(
    name="A.fig1",
    title="networks trained with several learning rates beside the optimal score",
    experiments=(EXPERIMENT,),
    claims=("A.eq6.score", "A.eq6", "A.excess"),
    draw=draw,
    trends=(
        Trend(
            says="A smaller learning rate brings the network closer to the optimal score",
            source="paper A, Figure 1",
            judge=_closer,
        ),
        Trend(
            says="A larger learning rate makes the network smoother",
            source="paper A, Figure 1",
            judge=_smoother,
        ),
        Trend(
            says="With the largest rate the network is smoother than the optimal score",
            source="paper A, Figure 1",
            judge=_below_optimal,
        ),
        Trend(
            says="With the largest rate some networks are zero over all the data, switched off",
            source="ours",
            judge=_switched_off,
        ),
    ),
)
