"""Figure A.x6: the sharpness along descents in the theoretical class, against its limit."""

from typing import TYPE_CHECKING, Final

import numpy as np

from numerics.experiments.edge_of_stability import EXPERIMENT
from numerics.table import Row, Table
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend
from proofs_check.figures.trends import judge_ratio, weakest_judgement

if TYPE_CHECKING:
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

LIMIT: Final = r"limit 1 of $m\eta\lambda_{\max}/2$"

RATES_SHOWN: Final = (0.05, 0.1, 0.2, 0.5)

METHODS: Final = {"full": "full gradient", "mean": "batches"}


def draw(page: "Page", tables: Tables) -> None:
    """Draw paths under full steps and under batches, and where all of them end."""
    table = tables["A.x6"]
    full, mean, ends = page.panels(3, height=2.9)
    _draw_paths(full, table.where(method="full"))
    full.level("A.appD", LIMIT, 1.0)
    full.label(title="(a) full gradient", y=r"$m\eta\lambda_{\max}/2$")
    _draw_paths(mean, table.where(method="mean"))
    mean.level("A.eq8.mean", LIMIT, 1.0)
    mean.label(title="(b) mean over a batch of 50")
    for k, (method, name) in enumerate(METHODS.items()):
        rows = [r for r in table.where(method=method) if not _left(r)]
        eta = np.array([r.parameters["eta"] for r in rows]) * (1 + 0.05 * k)
        # the last tenth of the records, as full steps circle above the limit
        last = [np.quantile(r["stability"][-10:], [0.0, 0.5, 1.0]) for r in rows]
        low, middle, high = np.array(last).reshape(-1, 3).T
        ends.points(f"{name}: last tenth of the way", eta, middle, low=low, high=high, k=k + 5)
        gone = [r.parameters["eta"] for r in table.where(method=method) if _left(r)]
        if gone:
            ends.points(
                f"{name}: left for the zero network",
                np.array(gone) * (1 + 0.05 * k),
                np.full(len(gone), 0.05),
                k=k + 5,
                markerfacecolor="none",
            )
    ends.level("A.appD", LIMIT, 1.0)
    ends.label(title="(c) ends", x=r"learning rate $\eta$", log_x=True)
    ends.ticks(table.values("eta"))
    for panel in (full, mean, ends):
        panel.label(log_y=True)
        panel.axes.set_ylim(0.03, 6.0)
        panel.ticks([0.05, 0.1, 0.2, 0.5, 1, 2, 5], axis="y")
    page.legend(columns=3)


def _draw_paths(panel: "Panel", table: Table) -> None:
    for k, eta in enumerate(RATES_SHOWN):
        row = table.where(eta=eta, start=0).rows[0]
        panel.line(rf"$\eta = {eta:g}$", row["time"], row["stability"], k=k, linewidth=0.9)
    panel.label(x=r"time $\eta\,j$ after $j$ steps")


def _left(row: Row) -> bool:
    """Return whether a descent ended at the zero network, whose risk is 1 / sigma^2, or beyond."""
    zero = 1.0 / float(row.parameters["sigma"]) ** 2
    return bool(row["diverged"]) or float(row["risk"][-1]) > 0.98 * zero


def _sharpens(tables: Tables) -> Judgement:
    rows = tables["A.x6"].where(method="full", eta=min(_rates(tables)))
    grown = [r["stability"][-1] for r in rows]
    return judge_ratio(grown, [r["stability"][0] for r in rows], "end over start")


def _none_stays_above(tables: Tables) -> Judgement:
    counted = [(r, r["stability"]) for r in tables["A.x6"].where(method="full")]
    crossed = [(r, s) for r, s in counted if s.max() > 1.0]
    staying = [r for r, s in crossed if (s[-len(s) // 4 :] > 1.001).all()]
    numbers = (
        f"{len(crossed)} of {len(counted)} runs rise above the limit, up to "
        f"{max(float(s.max()) for _, s in counted):.2f}; {len(staying)} stay there for the last "
        "quarter of their way"
    )
    if not crossed:
        return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="The runs are too short.")
    return Judgement(seen=Seen.NOT if staying else Seen.REPRODUCED, numbers=numbers)


def _flatter(tables: Tables) -> Judgement:
    parts = []
    for method, name in METHODS.items():
        table = tables["A.x6"].where(method=method)
        staying = [e for e in table.values("eta") if not any(map(_left, table.where(eta=e)))]
        small, large = staying[0], staying[-1]
        sharp, flat = ([_end(r) for r in table.where(eta=eta)] for eta in (small, large))
        parts.append(judge_ratio(sharp, flat, f"{name}: rate {small:g} over {large:g}"))
    return weakest_judgement(parts)


def _sum_leaves(tables: Tables) -> Judgement:
    rows = list(tables["A.x6"].where(method="sum"))
    gone = sum(map(_left, rows))
    seen = Seen.REPRODUCED if gone == len(rows) else Seen.NOT
    return Judgement(seen=seen, numbers=f"{gone} of {len(rows)} runs left")


def _end(row: Row) -> float:
    return float(np.median(row["stability"][-10:])) / float(row.parameters["eta"])


def _rates(tables: Tables) -> list[float]:
    return tables["A.x6"].values("eta")


FIGURE: Final = Figure(
    name="A.x6",
    title="the edge of stability in the theoretical class",
    experiments=(EXPERIMENT,),
    claims=("A.appD", "A.eq8.mean", "A.eq8.sum"),
    draw=draw,
    trends=(
        Trend(
            says="Along a slow descent the sharpness grows towards the limit",
            source="ours, row A.x6",
            judge=_sharpens,
        ),
        Trend(
            says="A descent does not stay above the limit: it comes back, circles or leaves",
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
