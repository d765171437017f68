"""Figure A.x6: the sharpness along descents in two classes of networks, against its limit."""

from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.edge_of_stability import EXPERIMENT
from numerics.table import Row, Table
from numerics.validation import FloatArray
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.trends import judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

LIMIT: Final = "limit 1"

RATES_SHOWN: Final = (0.05, 0.1, 0.2, 0.5)

METHODS: Final = {"full": "full gradient", "mean": "batches"}

NETWORKS: Final = {"theoretical": "signs fixed inside", "experimental": "all weights trained"}


def draw(page: "Page", tables: Tables) -> None:
    """Draw paths under full steps and under batches, and where all of them end, by class."""
    panels = page.panels(3, 2, height=2.2)
    for line, (network, name) in enumerate(NETWORKS.items()):
        table = tables["A.x6"].where(network=network)
        full, mean, ends = panels[3 * line : 3 * line + 3]
        _draw_paths(full, table.where(method="full"))
        full.level("A.appD", LIMIT, 1.0)
        _draw_paths(mean, table.where(method="mean"))
        mean.level("A.eq8.mean", LIMIT, 1.0)
        _draw_ends(ends, table)
        ends.level("A.appD", LIMIT, 1.0)
        words = ("full gradient", "batches of 50", "ends")
        for panel, letter, word in zip(
            (full, mean, ends), "abcdef"[3 * line :], words, strict=False
        ):
            panel.label(title=f"({letter}) {word}", log_y=True)
            panel.axes.set_ylim(0.03, 6.0)
            panel.ticks([0.05, 0.1, 0.2, 0.5, 1, 2, 5], axis="y")
        full.label(y=f"{name}\n$m\\eta\\lambda_{{\\max}}/2$")
    for panel in panels[3:5]:
        panel.label(x=r"time $\eta\,j$ after $j$ steps")
    panels[5].label(x=r"learning rate $\eta$")
    page.legend(columns=3)


def _draw_paths(panel: "Panel", table: Table) -> None:
    for k, eta in enumerate(RATES_SHOWN):
        row = table.where(eta=eta, start=0).rows[0]
        panel.line(rf"$\eta = {eta:g}$", row["time"], row["stability"], k=k, linewidth=0.9)


def _draw_ends(panel: "Panel", table: Table) -> None:
    """Draw the range of the last tenth of each path, as full steps circle about the limit."""
    for k, (method, name) in enumerate(METHODS.items()):
        rows = table.where(method=method)
        staying = [r for r in rows if not _left(r)]
        last = [np.quantile(r["stability"][-10:], [0.0, 0.5, 1.0]) for r in staying]
        low, middle, high = np.array(last).reshape(-1, 3).T
        eta = np.array([r.parameters["eta"] for r in staying]) * (1 + 0.06 * k)
        panel.points(f"{name}: last tenth of the way", eta, middle, low=low, high=high, k=k + 5)
        gone = np.array([r.parameters["eta"] for r in rows if _left(r)])
        if gone.size:
            panel.points(
                f"{name}: left for the zero network",
                gone * (1 + 0.06 * k),
                np.full(gone.size, 0.05),
                k=k + 5,
                markerfacecolor="none",
            )
    panel.label(log_x=True)
    panel.ticks(table.values("eta"))


def _left(row: Row) -> bool:
    """Return whether a descent ended at the zero network, whose risk is 1 / sigma^2, or beyond."""
    zero = 1.0 / float(row.parameters["sigma"]) ** 2
    return bool(row["diverged"]) or float(row["risk"][-1]) > 0.98 * zero


def _sharpens(tables: Tables) -> Judgement:
    parts = []
    for network, name in NETWORKS.items():
        table = tables["A.x6"].where(network=network, method="full")
        rows = table.where(eta=min(table.values("eta")))
        end, tenth = (
            [r["stability"][k * (r["time"].size - 1) // 10] for r in rows] for k in (10, 1)
        )
        parts.append(judge_ratio(end, tenth, f"{name}: end over a tenth of the way"))
    return weakest_judgement(parts)


def _none_stays_above(tables: Tables) -> Judgement:
    rows = list(tables["A.x6"].where(method="full"))
    crossed = [r for r in rows if r["stability"].max() > 1.0]
    # the departure comes late: first a direction must grow that the stable way there made tiny
    staying = [r for r in crossed if (_last_quarter(r) > 1.05).all()]
    numbers = (
        f"{len(crossed)} of {len(rows)} runs rise above the limit, up to "
        f"{max(float(r['stability'].max()) for r in rows):.2f}; {len(staying)} stay 5 % "
        "above it for the last quarter of their way"
    )
    if not crossed:
        return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="The runs are too short.")
    return Judgement(seen=Seen.NOT if staying else Seen.REPRODUCED, numbers=numbers)


def _last_quarter(row: Row) -> FloatArray:
    stability: FloatArray = row["stability"]
    return stability[-max(1, stability.size // 4) :]


def _flatter(tables: Tables) -> Judgement:
    """Judge by the end at the smallest rate and at the largest at which no run is lost."""
    parts = []
    for network in NETWORKS:
        for method, name in METHODS.items():
            table = tables["A.x6"].where(network=network, method=method)
            staying = [e for e in table.values("eta") if not any(map(_left, table.where(eta=e)))]
            small, large = staying[0], staying[-1]
            sharp, flat = ([_end(r) for r in table.where(eta=eta)] for eta in (small, large))
            parts.append(judge_ratio(sharp, flat, f"{network}, {name}: {small:g} over {large:g}:"))
    return weakest_judgement(parts)


def _sum_leaves(tables: Tables) -> Judgement:
    rows = list(tables["A.x6"].where(method="sum"))
    gone = sum(map(_left, rows))
    seen = Seen.REPRODUCED if gone == len(rows) else Seen.NOT
    return Judgement(seen=seen, numbers=f"{gone} of {len(rows)} runs left")


def _end(row: Row) -> float:
    return float(np.median(_last_quarter(row))) / float(row.parameters["eta"])


FIGURE: Final = Figure(
    name="A.x6",
    title="the edge of stability, observed",
    experiments=(EXPERIMENT,),
    claims=("A.appD", "A.eq8.mean", "A.eq8.sum"),
    draw=draw,
    trends=(
        Trend(
            says="After a tenth of a slow descent the sharpness still grows towards the limit",
            source="ours, row A.x6",
            judge=_sharpens,
        ),
        Trend(
            says="A descent does not stay well above the limit: it comes back, circles or leaves",
            source="paper A, section 3 and appendix D",
            judge=_none_stays_above,
        ),
        Trend(
            says="Descents with a larger rate end where the risk is flatter",
            source="paper A, section 3",
            judge=_flatter,
        ),
        Trend(
            says="With the printed sum over a batch of 50, no run at these rates stays near data",
            source="ours, row A.code.mean",
            judge=_sum_leaves,
        ),
    ),
)
