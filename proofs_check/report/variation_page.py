"""The least variation at the risk of Proposition 7 as MyST Markdown, certified on both sides."""

from dataclasses import dataclass
from typing import Final

from proofs_check.report.myst import table

__all__ = ["VariationRow", "page", "row"]

ROWS: Final = (
    *((size, 10) for size in range(2, 21)),
    *((size, 30) for size in (2, 3, 4, 6, 8, 10, 15, 20)),
)
"""n and mu Delta / sigma."""


@dataclass(frozen=True, kw_only=True)
class VariationRow:
    """Bounds for n equally spaced data, mu = 1/2, mu Delta = 1.

    Attributes
    ----------
    size, ratio
        n and mu Delta / sigma.
    lower, upper
        Certified bounds of the least variation, rounded outwards.
    printed, repaired
        mu n^2 Delta / sigma^2 times 2^-11, and times what the repaired proof gives for this n
        (zero below four points).
    """

    size: int
    ratio: int
    lower: float
    upper: float
    printed: float
    repaired: float


def row(size: int, ratio: int) -> VariationRow:
    """Return the bounds for one sample.

    Notes
    -----
    Claim ``A.x4``. Cost: seconds for 5 points, about a minute for 20.

    Examples
    --------
    >>> found = row(2, 10)
    >>> found.lower < found.upper < 1.02 * found.lower, found.lower > 50 * found.printed
    (True, True)
    """
    from flint import fmpq

    from proofs_check.quantities.least_variation_balls import bounds
    from theory.variation_bound import index_constant, prop7_constant

    mu, sigma = fmpq(1, 2), fmpq(1, ratio)
    points = tuple(fmpq(2 * k) for k in range(size))
    lower, upper = bounds(points, mu, sigma, 1 / (16 * size * sigma * sigma))
    scale = float(size**2 * ratio**2)
    proved = 0.0
    if size >= LEAST:
        proved = float(prop7_constant(indices=index_constant(size)))
    return VariationRow(
        size=size,
        ratio=ratio,
        lower=float(lower.lower()),
        upper=float(upper.upper()),
        printed=scale / 2**11,
        repaired=scale * proved,
    )


LEAST: Final = 4
"""Points that the repaired proof needs."""


def page(seed: int) -> str:
    """Return the page; nothing is drawn, so that the seed does not matter."""
    del seed
    rows = [row(size, ratio) for size, ratio in ROWS]
    opening = (
        "Made by `scoreproof numbers variation`; made anew, not edited. Proposition 7 of paper A "
        r"bounds $TV_\pi(s)$ from below for every network $s$ of risk at most "
        r"$r=1/16n\sigma^2$. The least value over *all* scores of that risk is enclosed between a "
        "dual certificate and a network, both in ball arithmetic (`A.x4.every`); the data are "
        r"equally spaced, $\mu=\frac12$, $\mu\Delta=1$."
    )
    meaning = (
        r"Printed: $2^{-11}\mu n^2\Delta/\sigma^2$. Repaired: what the repaired proof gives for "
        "this n with its exact sum over gaps, under the amended weight (`A.prop7.amended`); it "
        "needs four points. The last two columns divide the certified lower bound by them."
    )
    lines = ["# The least variation at low risk", "", opening, "", meaning, ""]
    for ratio in dict.fromkeys(r.ratio for r in rows):
        mine = [_cells(r) for r in rows if r.ratio == ratio]
        head = ("n", "at least", "at most", "printed", "repaired", "over printed", "over repaired")
        lines += [rf"## At $\mu\Delta={ratio}\,\sigma$", "", *table(head, mine), ""]
    return "\n".join(lines).rstrip() + "\n"


def _cells(found: VariationRow) -> tuple[str, ...]:
    proved = found.repaired > 0.0
    return (
        str(found.size),
        _number(found.lower),
        _number(found.upper),
        _number(found.printed),
        _number(found.repaired) if proved else "-",
        _number(found.lower / found.printed),
        _number(found.lower / found.repaired) if proved else "-",
    )


def _number(value: float) -> str:
    return f"{value:.4g}"
