"""Figure B.fig3: P(Delta > 0) against n/d, with intervals, the code's covariance and the nulls."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.memorization_probability import EXPERIMENT, VARIANTS
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["FIGURE"]

_NAME: Final = EXPERIMENT.name
_DIMENSIONS: Final = (16, 100)
_LABELS: Final = {
    "right": "training set, right covariance",
    "code": "training set, covariance of the code",
    "fresh": "null: fresh set",
    "population": "null: law of infinitely many samples",
    "equal": "training set, $N = n$",
}


def _events(tables: Tables, d: int, variant: str) -> tuple[Any, Any, int]:
    """Return n, how often the gap was positive, and the number of replicates."""
    rows = tables[_NAME].where(d=d).rows
    signs = np.concatenate([np.asarray(row["sign"]) for row in rows], axis=1)
    positive = (signs[:, :, VARIANTS.index(variant)] > 0).sum(axis=1)
    return np.asarray(rows[0]["n"], float), positive, signs.shape[1]


def _draw(page: "Page", tables: Tables) -> None:
    panels = page.panels(2, height=2.9, share_y=True)
    for panel, d, letter in zip(panels, _DIMENSIONS, "ab", strict=True):
        for k, (variant, label) in enumerate(_LABELS.items()):
            n, positive, count = _events(tables, d, variant)
            ends = np.array([clopper_pearson(int(v), count) for v in positive])
            panel.points(
                label,
                n / d,
                positive / count,
                low=ends[:, 0],
                high=ends[:, 1],
                k=k,
                linestyle="--" if variant in ("fresh", "population") else "-",
                linewidth=1.0,
                markersize=3.5,
            )
        if page.stands("B.pdelta.half"):
            panel.level("B.pdelta.half", "$N = n$, fresh set", 0.5)
        count = _events(tables, d, "right")[2]
        panel.label(
            title=f"({letter}) $d = {d}$, $N = 10^4$, {count} runs, 95 % intervals",
            x="$n/d$",
            log_x=True,
        )
        panel.ticks([0.25, 0.5, 1, 2, 4, 10, 40, *([160] if d == 16 else [])])
        panel.axes.axvline(1.0, color="0.8", linewidth=0.8, zorder=0)
        panel.axes.set_ylim(-0.03, 1.03)
    panels[0].label(y=r"$P(\Delta > 0)$")
    page.legend(columns=2)


def _share(tables: Tables, d: int, n: float, variant: str) -> tuple[float, float, float]:
    places, positive, count = _events(tables, d, variant)
    seen = int(positive[list(places).index(n)])
    return seen / count, *clopper_pearson(seen, count)


def _shown(share: tuple[float, float, float]) -> str:
    return f"{share[0]:.2f} (95 % {share[1]:.2f} to {share[2]:.2f})"


def _rises(tables: Tables) -> Judgement:
    """Judge whether the probability is above 3/4 at n = 2d in both dimensions."""
    found = {d: _share(tables, d, n, "right") for d, n in ((16, 32.0), (100, 200.0))}
    numbers = "; ".join(f"d = {d}: {_shown(v)} at n = 2d" for d, v in found.items())
    if all(v[1] > 0.75 for v in found.values()):
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    if any(v[2] < 0.75 for v in found.values()):
        why = "the rise is later than the dimension, and by another factor for each d"
        return Judgement(seen=Seen.NOT, numbers=numbers, why=why)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="too few replicates")


def _memory(tables: Tables) -> Judgement:
    """Judge whether below d the probability is far under that of the null."""
    parts, seen = [], True
    for d, n in ((16, 8.0), (100, 50.0)):
        own, null = (_share(tables, d, n, v) for v in ("right", "fresh"))
        parts.append(f"d = {d}, n = d/2: {_shown(own)} against {_shown(null)}")
        seen = seen and own[2] < null[1]
    numbers = "; ".join(parts)
    if seen:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="the intervals overlap")


def _null_rises(tables: Tables) -> Judgement:
    """Judge whether the null too rises from the dimension to twice the dimension."""
    parts, seen = [], True
    for d in _DIMENSIONS:
        first, last = (_share(tables, d, float(n), "fresh") for n in (d, 2 * d))
        parts.append(f"d = {d}: {_shown(first)} at d, {_shown(last)} at 2d")
        seen = seen and first[2] < last[1]
    numbers = "; ".join(parts)
    if seen:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="the intervals overlap")


def _monotone(tables: Tables) -> Judgement:
    """Judge whether the curve of the code's covariance is monotone around the dimension."""
    before, at = (_share(tables, 100, n, "code") for n in (90.0, 100.0))
    numbers = f"d = 100: {_shown(before)} at n = 90, {_shown(at)} at n = 100"
    if at[2] < before[1]:
        why = "it falls to nearly zero at n = d, where the generated variance diverges"
        return Judgement(seen=Seen.NOT, numbers=numbers, why=why)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="the intervals overlap")


FIGURE: Final = Figure(
    name="B.fig3",
    title="probability of a positive gap against the number of training points, with its nulls",
    experiments=(EXPERIMENT,),
    claims=(
        "B.pdelta",
        "B.pdelta.half",
        "B.pdelta.memory",
        "B.pdelta.null",
        "B.pdelta.code",
        "B.transition",
        "B.circular",
    ),
    draw=_draw,
    trends=(
        Trend(
            says="P(Delta > 0) rises sharply when n becomes proportional to d",
            source="paper B, Figure 3",
            judge=_rises,
        ),
        Trend(
            says="Below d it is far under what a fresh set gives: memory",
            source="B.pdelta.memory",
            judge=_memory,
        ),
        Trend(
            says="Without memory it rises from n = d on as well",
            source="public review (circularity)",
            judge=_null_rises,
        ),
        Trend(
            says="With the code's covariance it rises monotonically",
            source="public code, default sweep",
            judge=_monotone,
        ),
    ),
)
