"""Figure B.fig2: both squared distances and the Hellinger distance against the training set."""

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.experiments.memorization_probability import EXPERIMENT
from numerics.validation import FloatArray
from proofs_check.figures.bands import mean_band, quantile_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["FIGURE", "replicates"]

_NAME: Final = EXPERIMENT.name
_DIMENSIONS: Final = (16, 100)


def replicates(tables: Tables, d: int, name: str) -> FloatArray:
    """Return the replicates of all blocks of one dimension, shape (numbers, replicates, ...)."""
    rows = tables[_NAME].where(d=d).rows
    found: FloatArray = np.concatenate([np.asarray(row[name], float) for row in rows], axis=1)
    return found


def _numbers(tables: Tables, d: int) -> Any:
    return np.asarray(tables[_NAME].where(d=d).rows[0]["n"], float)


def _limit(ratio: float) -> float:
    """Return the limit of (1 - H^2)^(1/d) at the code's noise, from the certified root."""
    from sympy import Rational

    from proofs_check.balls import ball_value
    from proofs_check.ledger.linear_diffusion.setting import CODE_GAMMA
    from proofs_check.quantities.linear_limits import LimitingLogAffinity

    value = ball_value(LimitingLogAffinity(Rational(round(1000 * ratio), 1000), CODE_GAMMA), {})
    return float(np.exp(float(value.mid())))


def _draw(page: "Page", tables: Tables) -> None:
    panels = page.panels(3, 1, height=2.6)
    for k, d in enumerate(_DIMENSIONS):
        n = _numbers(tables, d)
        above = n > d
        norm = replicates(tables, d, "log_norm")[above]
        relative = replicates(tables, d, "relative")[above]
        for j, name in enumerate(("TG", "OG")):
            # a distance is the norm plus what is left; logarithms, because the norm is e^35
            log = np.log(np.exp(norm - norm.max()) + relative[..., j] * np.exp(-norm.max()))
            band = quantile_band((log + norm.max()).T / np.log(10.0))
            panels[0].line(
                f"$E_{{{name}}}$, $d = {d}$",
                n[above] / d,
                band.middle,
                low=band.low,
                high=band.high,
                k=2 * k + j,
                markers=True,
                dashed=bool(j),
            )
        hellinger = -np.expm1(replicates(tables, d, "log_affinity"))
        band = mean_band(hellinger.T)
        panels[1].line(
            f"$H^2$, $d = {d}$",
            n / d,
            band.middle,
            low=band.low,
            high=band.high,
            k=2 * k,
            markers=True,
        )
        root = np.exp(replicates(tables, d, "log_affinity") / d)
        band = mean_band(root.T)
        panels[2].line(
            f"$H^2$, $d = {d}$",
            n / d,
            band.middle,
            low=band.low,
            high=band.high,
            k=2 * k,
            markers=True,
        )
    ratios = np.concatenate([np.linspace(1.001, 1.9, 24), np.geomspace(2.05, 40.0, 24)])
    if page.stands("B.edge.simulated.lower"):
        panels[2].theory(
            "B.edge.simulated.lower", "limit", ratios, [_limit(float(v)) for v in ratios]
        )
    panels[0].label(
        title="(a) squared distances", x="$n/d$", y=r"$\log_{10}(E/\Vert\rho\Vert^2)$", log_x=True
    )
    panels[1].label(title="(b) Hellinger", x="$n/d$", y="$H^2$", log_x=True)
    panels[2].label(title="(c) per dimension", x="$n/d$", y="$(1-H^2)^{1/d}$", log_x=True)
    panels[0].ticks([1, 2, 4, 10, 40, 160])
    for panel in panels[1:]:
        panel.ticks([0.25, 1, 4, 16, 160])
    for panel in panels:
        panel.axes.axvline(1.0, color="0.8", linewidth=0.8, zorder=0)
    page.legend(columns=4)


def _change_of_slope(tables: Tables) -> Judgement:
    """Judge whether H^2 has dropped by 0.02 at n = 1.25 d in 100 dimensions."""
    place = list(_numbers(tables, 100)).index(125.0)
    drop = np.exp(replicates(tables, 100, "log_affinity")[place])
    numbers = f"1 - H^2 is at most {drop.max():.1e} at n = 125"
    if drop.min() > 0.01:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="the affinity is a d-th power: B.slope")


def _jump(tables: Tables) -> Judgement:
    """Judge whether (1 - H^2)^(1/d) jumps at the onset."""
    places = list(_numbers(tables, 100))
    root = np.exp(replicates(tables, 100, "log_affinity") / 100.0)
    before, after = root[places.index(100.0)], root[places.index(101.0)]
    numbers = f"{before.mean():.3f} at n = 100, {after.mean():.3f} at n = 101"
    if after.min() > before.max() + 0.5:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="no jump of a half")


def _both_fall(tables: Tables) -> Judgement:
    """Judge whether both distances fall from n = 1.1 d to 2 d in 100 dimensions."""
    places = list(_numbers(tables, 100))
    norm = replicates(tables, 100, "log_norm")
    rise = norm[places.index(200.0)] - norm[places.index(110.0)]
    numbers = f"both rise by a factor e^{rise.mean():.1f}"
    if rise.max() < 0.0:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    why = "the norm of the generated density rises as its variance comes down; it cancels in Delta"
    return Judgement(seen=Seen.NOT, numbers=numbers, why=why)


FIGURE: Final = Figure(
    name="B.fig2",
    title="squared distances and Hellinger distance against the number of training points",
    experiments=(EXPERIMENT,),
    claims=("B.metric", "B.scenarios", "B.slope", "B.slope.jump", "B.edge.simulated.lower"),
    draw=_draw,
    trends=(
        Trend(
            says="At the onset the squared Hellinger distance drops visibly",
            source="paper B, Figure 2",
            judge=_change_of_slope,
        ),
        Trend(
            says="Per dimension it jumps there",
            source="B.slope.jump",
            judge=_jump,
        ),
        Trend(
            says="Both squared distances fall beyond the onset",
            source="paper B, Figure 2",
            judge=_both_fall,
        ),
    ),
)
