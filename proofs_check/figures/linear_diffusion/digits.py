"""Figure B.digits: predicted and measured transition on images of handwritten digits."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from numerics.experiments.digits import EXPERIMENT
from proofs_check.figures.bands import quantile_band
from proofs_check.figures.figure import Figure, Judgement, Seen, Tables, Trend

if TYPE_CHECKING:
    from numerics.validation import FloatArray
    from proofs_check.figures.page import Page, Panel

__all__ = ["FIGURE"]

_NAME: Final = EXPERIMENT.name
_ALL, _LEADING = 64, 40


@cache
def _formulas() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return slope and residual of a mode, and the mean of an inverse chi-square variable."""
    from sympy import Symbol, lambdify

    from theory.spectrum_denoiser import mode_regression
    from theory.wishart_moments import expected_inverse_chi_square

    a, s, q2, nu = (Symbol(name, positive=True) for name in ("a", "s", "q2", "nu"))
    return (
        lambdify((a, s, q2), mode_regression(a, s, q2), "numpy"),
        lambdify(nu, expected_inverse_chi_square(nu).args[0][0], "numpy"),
    )


def _predicted(spectrum: "FloatArray", n: Any, T: float, noise_scale: float) -> Any:
    """Return the mean total variance over that of the data, for n >= d + 3."""
    modes, inverse = _formulas()
    a = float(np.exp(-T))
    q2 = noise_scale * (1.0 - a * a)
    slope, residual = modes(a, spectrum, q2)
    noised = a * a * spectrum + q2
    d = spectrum.size
    total = (slope**2 * noised).sum() + residual.sum() * d * inverse(np.asarray(n) - d)
    return total / spectrum.sum()


@cache
def _exact_mean(d: int, n: int) -> float:
    from sympy import Integer

    from theory.sample_gaussian import expected_kl

    return float(expected_kl(Integer(d), Integer(n - 1)).evalf())


def _rows(tables: Tables, components: int) -> list[Any]:
    found = tables[_NAME].where(components=components)
    return sorted(found, key=lambda row: int(row.parameters["n"]))


def _line(panel: "Panel", label: str, rows: list[Any], field: str, k: int) -> None:
    n = np.array([int(r.parameters["n"]) for r in rows])
    band = quantile_band(np.array([r[field] for r in rows]).T)
    panel.line(label, n, band.middle, low=band.low, high=band.high, k=k, markers=True)


def _draw(page: "Page", tables: Tables) -> None:
    left, right = page.panels(2, height=3.1)
    rows = _rows(tables, _ALL)
    first = rows[0].parameters
    _line(left, "digits, all components", rows, "trace", 0)
    grid = np.geomspace(67, 800, 120)
    curve = _predicted(
        np.asarray(rows[0]["spectrum"]), grid, float(first["T"]), float(first["noise_scale"])
    )
    left.theory("B.aniso", "mean predicted from the spectrum", grid, curve)
    left.threshold("B.lowrank", "$n = d + 1 = 65$", 65)
    left.label(
        title="(a) total variance of the one-step model",
        x="images $n$",
        y="generated over data variance",
        log_x=True,
        log_y=True,
    )
    leading = [r for r in _rows(tables, _LEADING) if int(r.parameters["n"]) > _LEADING]
    _line(right, "one step", leading, "kl", 1)
    _line(right, "exact reverse process", leading, "exact_kl", 2)
    n = np.array([int(r.parameters["n"]) for r in leading])
    exact = np.array([_exact_mean(_LEADING, int(v)) for v in n])
    right.theory("B.lowrank.exact", "predicted for Gaussian data", n, exact)
    right.threshold("B.lowrank", "$n = d + 1 = 65$", 65)
    right.threshold("B.lowrank.onset", f"$n = k + 1 = {_LEADING + 1}$", _LEADING + 1, style="-.")
    right.label(
        title=f"(b) {_LEADING} leading components, drawn without replacement",
        x="images $n$",
        y="$KL$ of the fitted Gaussians",
        log_x=True,
        log_y=True,
    )
    for panel in (left, right):
        panel.ticks([20, 40, 65, 130, 400, 800])
        panel.axes.legend(fontsize=6, loc="upper right")


def _peak(tables: Tables) -> Judgement:
    """Judge whether the total variance is largest at n = 65, the number of pixels plus one."""
    rows = _rows(tables, _ALL)
    medians = {int(r.parameters["n"]): float(np.median(r["trace"])) for r in rows}
    top = max(medians, key=lambda n: medians[n])
    numbers = f"largest median {medians[top]:.1f} at n = {top}; {medians[200]:.2f} at n = 200"
    if 64 <= top <= 66:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="the peak is elsewhere")


def _agreement(tables: Tables) -> Judgement:
    """Judge whether the measured mean variance follows the prediction from n = 72 on."""
    worst, parts = 0.0, []
    for row in _rows(tables, _ALL):
        n = int(row.parameters["n"])
        if n < 72:
            continue
        wanted = float(
            _predicted(
                np.asarray(row["spectrum"]),
                n,
                float(row.parameters["T"]),
                float(row.parameters["noise_scale"]),
            )
        )
        ratio = float(np.mean(row["trace"])) / wanted
        worst = max(worst, abs(ratio - 1.0))
        parts.append(f"{ratio:.2f} at {n}")
    numbers = "measured over predicted " + ", ".join(parts)
    if worst < 0.15:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    return Judgement(seen=Seen.NOT, numbers=numbers, why="off by more than 15 %")


def _support(tables: Tables) -> Judgement:
    """Judge whether 62 images suffice to cover the 61 dimensions of the digits."""
    rows = {int(r.parameters["n"]): np.asarray(r["rank"]) for r in _rows(tables, _ALL)}
    numbers = ", ".join(f"median rank {np.median(rows[n]):g} at n = {n}" for n in (62, 100, 800))
    if np.median(rows[62]) >= 61:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    why = "some pixels vary in a few images only; Gaussian data would have rank 61 at n = 62"
    return Judgement(seen=Seen.NOT, numbers=numbers, why=why)


FIGURE: Final = Figure(
    name="B.digits",
    title="the one-step model and the exact reverse process on images of handwritten digits",
    experiments=(EXPERIMENT,),
    claims=("B.aniso", "B.lowrank", "B.lowrank.exact", "B.lowrank.onset", "B.realdata"),
    draw=_draw,
    trends=(
        Trend(
            says="The variance peaks where n reaches the number of pixels.",
            source="derived, B.lowrank",
            judge=_peak,
        ),
        Trend(
            says="Second moments follow the fitted spectrum as for Gaussian data.",
            source="derived, B.aniso",
            judge=_agreement,
        ),
        Trend(
            says="The support is complete from n = k + 1 on.",
            source="derived, B.lowrank.onset",
            judge=_support,
        ),
    ),
)
