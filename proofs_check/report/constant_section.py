"""Constants in the HTML report: the line and the picture of one claim, and the list of all."""

import math
from fractions import Fraction
from typing import Final

from proofs_check.report.document import ConstantRow, Document
from proofs_check.report.markup import claim_link, shorten, text
from proofs_check.report.slack import (
    HEADINGS,
    Slack,
    best_words,
    factor_words,
    ranked,
    slack,
    table,
)
from proofs_check.report.slack_plot import slack_plot

__all__ = ["constant_section", "constants_table"]

KNOWN: Final = 200
"""Characters that are shown of how an end is known; the JSON ledger has all."""
LARGE: Final = 100
"""Factor that an author would like to know of."""
FARTHEST: Final = 1000.0
"""Factor at which the bars of the list end."""


def constant_section(row: ConstantRow | None) -> str:
    """Return what is known of a claim's constant: printed and best value, slack, a picture."""
    if row is None:
        return ""
    weaker = "a larger" if row.larger_is_weaker else "a smaller"
    line = (
        f'Constant <span class="id">{text(row.symbol)}</span>, printed as {text(row.printed)}; '
        f"{weaker} value is weaker."
    )
    best, found = row.best, slack(row)
    if best is None:
        return f'<p class="small">{line}</p>'
    line += f" Best value: {text(best_words(row))}."
    if found is not None:
        line += f" Factor given away: {text(factor_words(found))}."
    known = "".join(
        f"<li>{side} end: {text(shorten(by, KNOWN))}</li>"
        for side, by in (("lower", best.lo_by), ("upper", best.hi_by))
    )
    return (
        f'<h5>Slack</h5><p class="small">{line}</p>{slack_plot(row)}'
        f"<details><summary>How the ends are known</summary><ul>{known}</ul></details>"
    )


def constants_table(document: Document) -> str:
    """Return all constants with what they give away, most first; empty when none is recorded."""
    found = [one for *_, one in ranked(document)]
    if not found:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{claim_link(document, name)}</th>'
        f"{''.join(f'<td>{text(cell)}</td>' for cell in cells)}"
        f'<td class="bars" aria-hidden="true">{_bars(one)}</td></tr>'
        for (name, *cells), one in zip(table(document), found, strict=True)
    )
    heads = "".join(f"<th>{heading.capitalize()}</th>" for heading in HEADINGS)
    return (
        f"<p>{_counted(found)}</p>"
        '<div class="scroll" tabindex="0" role="region" aria-label="Constants">'
        f'<table><thead><tr>{heads}<td class="bars"></td></tr></thead><tbody>{rows}</tbody></table>'
        '</div><p class="small soft bars">Filled bars: what is given away at least; hollow ones: '
        f"at most. Their scale is logarithmic and ends at a factor of {FARTHEST:g}.</p>"
    )


def _counted(found: list[Slack]) -> str:
    """Return how many constants are tight, loose, false."""
    false, tight = sum(s.false for s in found), sum(s.tight for s in found)
    loose = sum(s.least is not None and s.least > 1 for s in found)
    rest = sum(not s.false and (s.most is None or s.most >= LARGE) for s in found)
    return (
        f"{len(found)} numbers of statements. Best possible up to a millionth: {tight}. Known to "
        f"give something away: {loose}. False as printed: {false}. "
        f"A factor of {LARGE} or more not excluded: {rest}."
    )


def _bars(found: Slack) -> str:
    """Return what is given away at least, filled, and what at most, hollow."""
    if found.false:
        return ""
    least = _share(found.least or Fraction(1))
    most = 100.0 if found.most is None else _share(found.most)
    widths = (("bar", least), ("bar hollow", most - least))
    spans = "".join(
        f'<span class="{kind}" style="width:{width:.0f}%"></span>'
        for kind, width in widths
        if width >= 1
    )
    return f'<span class="line">{spans}</span>'


def _share(factor: Fraction) -> float:
    return 100 * min(1.0, math.log(max(factor, Fraction(1))) / math.log(FARTHEST))
