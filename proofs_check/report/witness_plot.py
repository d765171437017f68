"""A counterexample as a picture: both sides as bars, the data and the point on a line."""

import math
from fractions import Fraction

from proofs_check.report.document import WitnessRow
from proofs_check.report.markup import text

__all__ = ["witness_plot"]

WIDTH = 360.0
"""Length of the longer bar and of the line, in pixels."""
LEFT = 90.0
POINTS = 40
"""Most data points that are drawn."""


def witness_plot(witness: WitnessRow) -> str:
    """Return both sides of a failing statement, and its sample if it has one, as SVG.

    Empty when neither can be drawn to scale: the numbers are in the table in any case.

    Parameters
    ----------
    witness
        The point, with its two sides as decimal or exact text.

    Examples
    --------
    >>> row = WitnessRow(values={"a": "1/2"}, lhs="1", rhs="2", hypotheses=(), bits=0)
    >>> 'width="180"' in witness_plot(row)
    True
    """
    parts: list[str] = []
    sides = _number(witness.lhs), _number(witness.rhs)
    if sides[0] is not None and sides[1] is not None and any(sides):
        parts += _bars(sides[0], sides[1])
    height = 40.0 if parts else 0.0
    for name, value in witness.values.items():
        numbers = [_number(v) for v in value] if isinstance(value, tuple) else []
        points = [v for v in numbers if v is not None]
        if name == "X" and 2 <= len(points) == len(numbers) <= POINTS and points[0] < points[-1]:
            parts += _line(name, points, height)
            height += 24
    if not parts:
        return ""
    return (
        f'<svg class="plot" role="img" aria-label="{text(_label(witness))}" '
        f'width="{LEFT + WIDTH + 10:g}" viewBox="0 0 {LEFT + WIDTH + 10:g} {height:g}">'
        f"{''.join(parts)}</svg>"
    )


def _label(witness: WitnessRow) -> str:
    return f"left side {witness.lhs[:20]}, right side {witness.rhs[:20]}, to scale"


def _number(value: str) -> float | None:
    """Return a number from its text, ``None`` when it is none or has no finite size."""
    try:
        found = float(Fraction(value)) if "/" in value else float(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _bars(left: float, right: float) -> list[str]:
    """Return two bars from a common zero."""
    low, high = min(left, right, 0.0), max(left, right, 0.0)
    scale = WIDTH / (high - low)
    zero = LEFT - low * scale
    parts = []
    for k, (word, value) in enumerate((("left side", left), ("right side", right))):
        start = zero + min(value, 0.0) * scale
        parts.append(
            f'<text y="{13 + 19 * k}">{word}</text><rect class="side{k}" x="{start:.4g}" '
            f'y="{3 + 19 * k}" width="{abs(value) * scale:.4g}" height="13"/>'
        )
    parts.append(f'<path class="axis" d="M{zero:.4g} 0V38"/>')
    return parts


def _line(name: str, points: list[float], top: float) -> list[str]:
    """Return a sample on a line."""
    scale = WIDTH / (points[-1] - points[0])
    middle = top + 12
    dots = "".join(
        f'<circle cx="{LEFT + (p - points[0]) * scale:.4g}" cy="{middle:g}" r="4"/>' for p in points
    )
    return [
        f'<text y="{middle + 4:g}">data {text(name)}</text>',
        f'<path class="axis" d="M{LEFT:g} {middle:g}h{WIDTH:g}"/>{dots}',
    ]
