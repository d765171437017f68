"""Figure B.figx: divergence against n/d and against K, memorization gap, intrinsic dimension."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.experiments.diffusion_steps import EXPERIMENT as STEPS_EXPERIMENT
from numerics.experiments.diffusion_steps import STEPS
from numerics.experiments.divergence_curves import EXPERIMENT as CURVES_EXPERIMENT
from numerics.experiments.divergence_curves import RATIOS
from numerics.experiments.intrinsic_dimension import EXPERIMENT as RANK_EXPERIMENT
from numerics.sampling_steps import SCHEMES
from proofs_check.figures.bands import mean_band, quantile_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from numerics.validation import FloatArray
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

_MODELS: Final = {
    "standard": r"one step, $\gamma = 0.019$",
    "low": r"one step, $\gamma = 0.1$",
    "threshold": r"one step, $\gamma = \gamma_c$",
    "code": r"one step, $\gamma = 1.02$",
    "exact": "exact reverse process",
}
_SAMPLERS: Final = {
    "em": "Euler-Maruyama",
    "euler": "Euler, flow",
    "ddpm": "ancestral (DDPM)",
    "ddim": "deterministic (DDIM)",
}
_NOISE: Final = 4.0
"""Noise scale over data variance in the cell of the sampler experiment that is drawn.

At 1 the prior is the law of the data and a sampler that does nothing is perfect.
"""


@cache
def _limits() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Return the limits of the divergence: bulk, gapped, and of the sample Gaussian."""
    from sympy import lambdify

    from theory.proportional_limit import kl_bulk, kl_gapped
    from theory.sample_gaussian import sample_kl_limit
    from theory.symbols import gamma, psi

    return (
        lambdify((psi, gamma), kl_bulk(), "numpy"),
        lambdify((psi, gamma), kl_gapped(), "numpy"),
        lambdify(psi, sample_kl_limit(), "numpy"),
    )


@cache
def _floor() -> Callable[..., Any]:
    from sympy import lambdify

    from theory.proportional_limit import kl_floor
    from theory.symbols import gamma

    function: Callable[..., Any] = lambdify(gamma, kl_floor(), "numpy")
    return function


@cache
def _exact_mean(d: int, m: int) -> float:
    """Return the mean divergence of the sample Gaussian."""
    from sympy import Integer

    from theory.sample_gaussian import expected_kl

    return float(expected_kl(Integer(d), Integer(m)).evalf())


def _curves(panel: "Panel", tables: Tables) -> None:
    table = tables[CURVES_EXPERIMENT.name]
    bulk, gapped, sample = _limits()
    for k, (model, label) in enumerate(_MODELS.items()):
        rows = sorted(table.where(model=model), key=lambda row: int(row.parameters["m"]))
        ratio = np.array([int(r.parameters["m"]) / int(r.parameters["d"]) for r in rows])
        band = mean_band(np.array([r["kl"] for r in rows]).T, logarithmic=True)
        panel.points(label, ratio, band.middle, low=band.low, high=band.high, k=k, markersize=3)
        snr = RATIOS[model]
        grid = np.geomspace(1.05, 18.0, 300)
        if model == "exact":
            panel.theory("B.exactreverse.limit", "limit of high dimension", grid, sample(grid))
            continue
        inside = grid[grid <= 1 + 1 / snr]
        beyond = grid[grid > 1 + 1 / snr]
        panel.theory("B.kllimit", "limit of high dimension", inside, bulk(inside, snr))
        if beyond.size:
            panel.theory("B.kllimit.gapped", "limit of high dimension", beyond, gapped(beyond, snr))
        if model in ("standard", "code"):
            panel.level("B.floor", r"floor, $n = \infty$", float(_floor()(snr)), style=":")
    d = int(rows[0].parameters["d"])
    panel.label(
        title=f"(a) one step against exact, $d = {d}$",
        x="$(n-1)/d$",
        y="$KL$ per dimension",
        log_x=True,
        log_y=True,
    )
    panel.ticks([1, 2, 4, 8, 16])


def _steps_cell(tables: Tables) -> Any:
    """Return the cell with n = 1.5 d."""
    rows = tables[STEPS_EXPERIMENT.name].where(noise_scale=_NOISE)
    return next(r for r in rows if 2 * int(r.parameters["n"]) == 3 * int(r.parameters["d"]))


def _steps(panel: "Panel", tables: Tables, field: str, letter: str) -> None:
    row = _steps_cell(tables)
    d, n = int(row.parameters["d"]), int(row.parameters["n"])
    for k, (name, label) in enumerate(_SAMPLERS.items()):
        values = np.asarray(row[field])[SCHEMES.index(name)]
        band = mean_band(values.T) if field == "kl" else quantile_band(values.T)
        keep = slice(None) if field == "kl" else slice(1, None)
        panel.line(
            label,
            STEPS[keep],
            band.middle[keep],
            low=band.low[keep],
            high=band.high[keep],
            k=k,
            markers=True,
        )
    if field == "kl":
        panel.level("B.exactreverse", "exact reverse process", _exact_mean(d, n - 1))
    else:
        m = n - 1
        gap = 0.5 * ((1 + 1 / n) * m * d / (m - d - 1) - d * m / n)
        panel.level("B.discretisation.memory.exact", "exact reverse process", gap)
    panel.label(
        title=f"({letter}) $d = {d}$, $n = {n}$, $\\lambda = 4 s_d^2$, "
        + ("quality" if field == "kl" else "memorization"),
        x="steps $K$",
        y="mean $KL$" if field == "kl" else "train less fresh log density",
        log_x=True,
        log_y=True,
    )
    panel.ticks([1, 4, 16, 60, 400])


def _rank(panel: "Panel", tables: Tables) -> None:
    table = tables[RANK_EXPERIMENT.name]
    k_data = int(table.values("k")[0])
    drawn: FloatArray = np.array([])
    for k, d in enumerate(int(v) for v in table.values("d")):
        rows = sorted(table.where(d=d), key=lambda row: int(row.parameters["n"]))
        rows = [r for r in rows if np.isfinite(r["kl"]).all()]
        n = np.array([int(r.parameters["n"]) for r in rows])
        band = quantile_band(np.array([r["kl"] for r in rows]).T / k_data)
        panel.line(
            f"one step, $d = {d}$", n, band.middle, low=band.low, high=band.high, k=k, markers=True
        )
        panel.threshold("B.lowrank", "$n = d + 1$", d + 1)
        drawn = n
    drawn = drawn[drawn > k_data]
    exact = np.array([_exact_mean(k_data, int(v) - 1) for v in drawn]) / k_data
    panel.theory("B.lowrank.exact", "exact reverse process", drawn, exact)
    panel.threshold("B.lowrank.onset", "$n = k + 1$", k_data + 1, style="-.")
    panel.label(
        title=f"(d) data of rank {k_data} in $d$ dimensions",
        x="$n$",
        y="$KL$ per data dimension",
        log_x=True,
        log_y=True,
    )
    panel.ticks([k_data + 1, 25, 50, 100, 200])


def _draw(page: "Page", tables: Tables) -> None:
    panels = page.panels(2, rows=2, height=3.1)
    _curves(panels[0], tables)
    _steps(panels[1], tables, "kl", "b")
    _steps(panels[2], tables, "gap", "c")
    _rank(panels[3], tables)
    # Room for the legend above the curves.
    for panel, top in zip(panels, (400.0, 2000.0, 2e6, 2e5), strict=True):
        panel.axes.set_ylim(top=top)
        handles, labels = panel.axes.get_legend_handles_labels()
        # One entry for what is drawn several times.
        unique = dict(zip(labels, handles, strict=True))
        panel.axes.legend(
            list(unique.values()),
            list(unique),
            fontsize=5.2,
            loc="upper right",
            # the thresholds run over the whole height and must not cross the words
            frameon=True,
            facecolor="white",
            edgecolor="none",
            framealpha=1.0,
            handlelength=1.6,
            labelspacing=0.25,
        )


def _falls(tables: Tables) -> Judgement:
    """Judge whether the divergence of the standard process falls from psi = 2.5 on."""
    table = tables[CURVES_EXPERIMENT.name]
    rows = {int(r.parameters["m"]): np.asarray(r["kl"]) for r in table.where(model="standard")}
    sizes = sorted(rows)
    d = int(table.values("d")[0])
    early = rows[min(sizes, key=lambda m: abs(m / d - 2.5))]
    late = rows[sizes[-1]]
    first, last = (mean_band(v[:, None]) for v in (early, late))
    numbers = (
        f"KL per dimension {first.middle[0]:.3f} (95 % {first.low[0]:.3f} to {first.high[0]:.3f}) "
        f"at psi = 2.5, {last.middle[0]:.3f} ({last.low[0]:.3f} to {last.high[0]:.3f}) at "
        f"psi = {sizes[-1] / d:g}"
    )
    if last.low[0] > first.high[0]:
        return Judgement(
            seen=Seen.NOT,
            numbers=numbers,
            why="with weak signal more samples make the one-step model worse",
        )
    if last.high[0] < first.low[0]:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="the intervals overlap")


def _optimum(tables: Tables) -> Judgement:
    """Judge whether a finite number of Euler-Maruyama steps is best."""
    row = _steps_cell(tables)
    values = np.asarray(row["kl"])[SCHEMES.index("em")]
    exact = np.asarray(row["exact_kl"])
    best = int(values.mean(axis=1).argmin())
    # The same training sets: compare pair by pair.
    gain = mean_band((exact - values[best])[:, None])
    numbers = (
        f"K = {STEPS[best]} leaves {values[best].mean():.2f} nats, infinitely many "
        f"{exact.mean():.2f}; difference {gain.middle[0]:.2f} (95 % {gain.low[0]:.2f} to "
        f"{gain.high[0]:.2f})"
    )
    if gain.low[0] > 0 and best < len(STEPS) - 1:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="no finite number is better")


def _ancestral(tables: Tables) -> Judgement:
    """Judge whether ancestral sampling has an optimal finite number of steps."""
    row = _steps_cell(tables)
    values = np.asarray(row["kl"])[SCHEMES.index("ddpm")]
    exact = np.asarray(row["exact_kl"])
    change = mean_band((values[:-1] - values[1:]).T)
    last = mean_band((values[-1] - exact)[:, None])
    numbers = (
        f"from {values[0].mean():.1f} nats at K = 1 to {values[-1].mean():.2f} at K = {STEPS[-1]}, "
        f"infinitely many {exact.mean():.2f}"
    )
    best = int(values.mean(axis=1).argmin())
    if mean_band((exact - values[best])[:, None]).low[0] > 0:
        return Judgement(seen=Seen.REPRODUCED, numbers=f"K = {STEPS[best]} is best; {numbers}")
    if bool((change.low > 0).all()) and last.low[0] > 0:
        why = "every further step improves the quality"
        return Judgement(seen=Seen.NOT, numbers=numbers, why=why)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="the intervals overlap")


def _ambient(tables: Tables) -> Judgement:
    """Judge whether the peak of the one-step model sits at the ambient dimension."""
    table = tables[RANK_EXPERIMENT.name]
    parts, seen = [], True
    for d in (int(v) for v in table.values("d")[1:]):
        rows = [r for r in table.where(d=d) if np.isfinite(r["kl"]).all()]
        medians = {int(r.parameters["n"]): float(np.median(r["kl"])) for r in rows}
        top = max(medians, key=lambda n: medians[n])
        parts.append(f"d = {d}: largest median at n = {top}")
        seen = seen and abs(top - d - 1) <= 1
    numbers = "; ".join(parts)
    if seen:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="the peak is elsewhere")


FIGURE: Final = Figure(
    name="B.figx",
    title="divergence against samples and steps, memorization gap, intrinsic dimension",
    experiments=(CURVES_EXPERIMENT, STEPS_EXPERIMENT, RANK_EXPERIMENT),
    claims=(
        "B.kllimit",
        "B.kllimit.gapped",
        "B.floor",
        "B.exactreverse",
        "B.exactreverse.limit",
        "B.discretisation",
        "B.discretisation.memory.exact",
        "B.lowrank",
        "B.lowrank.exact",
        "B.lowrank.onset",
        "B.intrinsic",
    ),
    draw=_draw,
    trends=(
        Trend(
            says="The divergence falls monotonically once n has reached d (standard process).",
            source="paper B, abstract of the successor",
            judge=_falls,
        ),
        Trend(
            says="An optimal finite number of steps may exist (Euler-Maruyama).",
            source="paper B, abstract of the successor",
            judge=_optimum,
        ),
        Trend(
            says="An optimal finite number of steps may exist (ancestral sampling).",
            source="paper B, abstract of the successor",
            judge=_ancestral,
        ),
        Trend(
            says="The transition is at the ambient dimension.",
            source="paper B, a review's question",
            judge=_ambient,
        ),
    ),
)
