"""The slack of a constant as a picture: where the statement fails, where it holds, what is printed.

The three regions differ in pattern as well as in colour: bars where the statement fails, solid
where it is shown, a thin line where nothing is known.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from proofs_check.report.document import BestRow, ConstantRow
from proofs_check.report.markup import text
from proofs_check.report.slack import known_ends, outward

__all__ = ["slack_plot"]

WIDTH: Final = 360.0
"""Length of the axis, in pixels."""
MARGIN: Final = 1.5
"""Least factor that is shown beyond the outermost number."""
LETTER: Final = 6.5
"""Width of a letter, at most."""


@dataclass(frozen=True)
class _Region:
    """A part of the axis: its class, which is also what is written below it, and its ends."""

    kind: str
    start: float
    end: float


def slack_plot(row: ConstantRow) -> str:
    """Return where a constant may be, on a logarithmic axis, as SVG.

    Empty when nothing is recorded of the best value, or when a number is not positive.

    Parameters
    ----------
    row
        The constant with its recorded bracket.

    Examples
    --------
    >>> best = BestRow(
    ...     lo="1/4", hi="1/2", slack_lo="2", slack_hi="4", lo_by="", hi_by="", certified=True
    ... )
    >>> row = ConstantRow(
    ...     symbol="c", printed="1", larger_is_weaker=True, power_of_two=False, best=best
    ... )
    >>> slack_plot(row)[46:118]
    '"c on a logarithmic scale: fails below 1/4, holds from 1/2 on; printed 1'
    """
    best = row.best
    known = [] if best is None else [e for e in known_ends(row, best) if e is not None]
    logs = [_logarithm(number) for number in (row.printed, *known)]
    if best is None or not known or any(math.isnan(x) for x in logs):
        return ""
    low, high = min(logs), max(logs)
    margin = max(math.log(MARGIN), (high - low) / 4)

    def place(value: str) -> float:
        return WIDTH * (_logarithm(value) - low + margin) / (high - low + 2 * margin)

    at = place(row.printed)
    anchor = "start" if at < WIDTH / 3 else "end" if at > 2 * WIDTH / 3 else "middle"
    parts = [
        f'<text x="{at:.4g}" y="11" text-anchor="{anchor}">printed {text(row.printed)}</text>',
        f'<path class="mark" d="M{at:.4g} 25l-4.5-9h9z"/>',
    ]
    parts += [_drawn(region) for region in _regions(row, best, place)]
    return (
        f'<svg class="plot slack" role="img" aria-label="{text(_label(row, best))}" '
        f'width="{WIDTH:g}" viewBox="0 0 {WIDTH:g} 52">{"".join(parts)}</svg>'
    )


def _logarithm(value: str) -> float:
    """Return the logarithm of a positive rational, NaN for any other text."""
    try:
        exact = Fraction(value)
    except (ValueError, ZeroDivisionError):
        return math.nan
    return math.log(exact.numerator) - math.log(exact.denominator) if exact > 0 else math.nan


def _regions(row: ConstantRow, best: BestRow, place: Callable[[str], float]) -> list[_Region]:
    """Return the regions from left to right; the bracket is what is open between two others."""
    held, failed = known_ends(row, best)
    low, high = ("fails", "holds") if row.larger_is_weaker else ("holds", "fails")
    ends = (failed, held) if row.larger_is_weaker else (held, failed)
    cuts = [None if e is None else place(e) for e in ends]
    start = 0.0 if cuts[0] is None else cuts[0]
    end = WIDTH if cuts[1] is None else cuts[1]
    found = [_Region(low, 0.0, start), _Region("open", start, end), _Region(high, end, WIDTH)]
    return [r for r in found if r.end - r.start > 0]


def _drawn(region: _Region) -> str:
    middle = (region.start + region.end) / 2
    line = f'<path class="{region.kind}" d="M{region.start:.4g} 32H{region.end:.4g}"/>'
    if region.end - region.start < LETTER * len(region.kind):
        return line
    return f'{line}<text x="{middle:.4g}" y="50" text-anchor="middle">{region.kind}</text>'


def _label(row: ConstantRow, best: BestRow) -> str:
    held, failed = known_ends(row, best)
    up = row.larger_is_weaker
    said = []
    if failed is not None:
        said.append(f"fails {'below' if up else 'above'} {outward(failed, up=not up)}")
    if held is not None:
        side = "from {} on" if up else "up to {}"
        said.append(f"holds {side.format(outward(held, up=up))}")
    return f"{row.symbol} on a logarithmic scale: {', '.join(said)}; printed {row.printed}"
