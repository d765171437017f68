"""The stability of descents in the theoretical class as MyST Markdown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from proofs_check.report.myst import table

if TYPE_CHECKING:
    from numerics.mixture_tails import NoisedSample
    from numerics.relu_network import ReluNetwork

__all__ = ["EdgeRow", "edge_rows", "page"]

DATA: Final = (-1.0, 0.0, 1.0)
MU: Final = 0.8
SIGMA: Final = 0.6
WIDTH: Final = 20
RATES: Final = (0.05, 0.1, 0.2, 0.3, 0.4, 0.6)
TIME: Final = 200.0
"""eta times the number of steps, the same for all rates."""
STARTS: Final = 6
BATCH: Final = 20
RECORDS: Final = 20
SETTLED: Final = 0.02


@dataclass(frozen=True, kw_only=True)
class EdgeRow:
    """m eta lambda_max / 2 of descents at one learning rate, from several starts.

    Attributes
    ----------
    rate
        eta.
    first, largest, last
        At the start, the largest recorded and at the end; one number for each start, NaN where a
        descent diverged.
    risk, slope
        Exact risk, and m times the norm of its gradient, at the end.
    """

    rate: float
    first: tuple[float, ...]
    largest: tuple[float, ...]
    last: tuple[float, ...]
    risk: tuple[float, ...]
    slope: tuple[float, ...]


def edge_rows(
    method: str, seed: int, *, rates: tuple[float, ...] = RATES, time: float = TIME
) -> list[EdgeRow]:
    """Run gradient descent (``full``) or SGD with the mean over a batch (``mean``).

    Examples
    --------
    >>> rows = edge_rows("full", 0, rates=(0.1,), time=1.0)
    >>> len(rows[0].last) == STARTS
    True
    """
    from numerics.descent import (
        BatchRisk,
        gradient_descent,
        random_start,
        stochastic_gradient_descent,
    )
    from numerics.mixture_tails import noised_sample

    sample = noised_sample(DATA, MU, SIGMA)
    streams = np.random.default_rng(seed).spawn(STARTS)
    networks = [random_start(WIDTH, rng=stream, bias_scale=1.0) for stream in streams]
    rows = []
    for rate in rates:
        steps = max(1, round(time / rate))
        every = max(1, steps // RECORDS)
        paths = []
        for k, network in enumerate(networks):
            if method == "full":
                path = gradient_descent(
                    network, sample, learning_rate=rate, steps=steps, record_every=every
                )
            else:
                path = stochastic_gradient_descent(
                    network,
                    DATA,
                    MU,
                    SIGMA,
                    learning_rate=rate,
                    steps=steps,
                    batch=BATCH,
                    batch_risk=BatchRisk.MEAN,
                    rng=np.random.default_rng([seed, k]),
                    record_every=every,
                )
            paths.append(path)
        rows.append(
            EdgeRow(
                rate=rate,
                first=tuple(float(p.stability[0]) for p in paths),
                largest=tuple(float(p.stability.max()) for p in paths),
                last=tuple(np.nan if p.diverged else float(p.stability[-1]) for p in paths),
                risk=tuple(np.nan if p.diverged else float(p.risk[-1]) for p in paths),
                slope=tuple(np.inf if p.diverged else _slope(p.network, sample) for p in paths),
            )
        )
    return rows


def _slope(network: "ReluNetwork", sample: "NoisedSample") -> float:
    from numerics.exact_risk import risk_and_gradient

    found = risk_and_gradient(network, sample)
    norm = np.hypot(np.linalg.norm(found.outer), np.linalg.norm(found.bias))
    return float(network.width * norm)


def page(seed: int) -> str:
    """Return the page.

    Parameters
    ----------
    seed
        Of the starts and of the batches.
    """
    opening = (
        f"Made by `scoreproof numbers edge --seed {seed}`; made anew, not edited. Gradient descent "
        "on the exact risk and SGD in the theoretical class of paper A (inner weights fixed at "
        rf"$\pm1$), width {WIDTH}, data -1, 0, 1, $\mu={MU}$, $\sigma={SIGMA}$, {STARTS} starts, "
        rf"$\eta\cdot$steps $={TIME:g}$. Shown is $\frac12m\eta\lambda_{{\max}}(\nabla^2R_n)$, "
        "which eq. 8 bounds by 1 at a stable minimum. Settled means "
        rf"$m|\nabla R_n|\le{SETTLED:g}$ at the end: what ends above 1 has not settled but "
        "oscillates. Claims about it are `A.x6.settled`, `A.x6.unstable` and `A.appD`."
    )
    lines = ["# The edge of stability in numbers", "", opening, ""]
    for method, title in (
        ("full", "Gradient descent on the exact risk"),
        ("mean", f"SGD, mean over fresh batches of {BATCH}"),
    ):
        head = (
            r"$\eta$",
            "at the start",
            "largest on the way",
            "at the end: least, median, largest",
            "ends above 1.001",
            "settled, the largest of them",
            "median risk at the end",
        )
        lines += [f"## {title}", "", *table(head, map(_cells, edge_rows(method, seed))), ""]
    return "\n".join(lines).rstrip() + "\n"


def _cells(found: EdgeRow) -> tuple[str, ...]:
    ended = [v for v in found.last if not np.isnan(v)]
    if not ended:
        return (f"{found.rate:g}", _median(found.first), "-", "all diverged", "-", "-", "-")
    settled = [v for v, s in zip(found.last, found.slope, strict=True) if s <= SETTLED]
    ends = f"{min(ended):.3f}, {np.median(ended):.3f}, {max(ended):.3f}"
    return (
        f"{found.rate:g}",
        _median(found.first),
        f"{max(found.largest):.3f}",
        ends,
        f"{sum(v > 1.001 for v in ended)} of {len(found.last)}",
        f"{len(settled)}, {max(settled):.3f}" if settled else "0",
        f"{np.nanmedian(found.risk):.4g}",
    )


def _median(values: tuple[float, ...]) -> str:
    return f"{float(np.median(values)):.3f}"
