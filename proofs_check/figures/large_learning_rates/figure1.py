"""Figure A.fig1: trained networks beside the empirical optimal score."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.figure1 import EXPERIMENT, NOTEBOOK_SETTINGS
from numerics.table import Row, Table
from numerics.training_runs import SETTINGS
from numerics.validation import FloatArray
from proofs_check.figures.figure import Figure, Judgement, Tables, Trend
from proofs_check.figures.trends import judge_ratio, weakest_judgement

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


def _roughness(row: Row) -> FloatArray:
    """Return the total variation of the derivative over the data, as a share of that of s*."""
    y, mu = row["y"], float(row.parameters["mu"])
    inside = (y > mu * row["data"].min()) & (y < mu * row["data"].max())
    variation, optimal = (
        np.abs(np.diff(values[..., inside], n=2)).sum(axis=-1)
        for values in (row["network"], row["optimal"])
    )
    share: FloatArray = variation / optimal
    return share


def _closer(tables: Tables) -> Judgement:
    return _compare(tables, lambda row: row["excess_risk"], "excess risk")


def _smoother(tables: Tables) -> Judgement:
    return _compare(tables, lambda row: 1.0 / _roughness(row), "smoothness")


def _compare(tables: Tables, of: Callable[[Row], FloatArray], what: str) -> Judgement:
    """Compare the largest and the smallest rate in both printed settings."""
    parts = []
    for mu, sigma in SETTINGS:
        table = _main(tables).where(mu=mu, sigma=sigma)
        rates = table.values("eta")
        large, small = (of(table.where(eta=eta).rows[0]) for eta in (rates[-1], rates[0]))
        name = f"{what} at rate {rates[-1]:g} over {rates[0]:g}, sigma {sigma:g}:"
        parts.append(judge_ratio(large, small, name))
    return weakest_judgement(parts)


def _below_optimal(tables: Tables) -> Judgement:
    parts = []
    for mu, sigma in SETTINGS:
        table = _main(tables).where(mu=mu, sigma=sigma)
        rate = max(table.values("eta"))
        share = _roughness(table.where(eta=rate).rows[0])
        name = f"variation of s* over that of the network at rate {rate:g}, sigma {sigma:g}:"
        bent = "Where the optimal score is nearly straight over the data, the network bends more."
        parts.append(judge_ratio(np.ones_like(share), share, name, why=bent))
    return weakest_judgement(parts)


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
    ),
)
