"""Displayed formulas that find room: a long one may be broken before relations and signs.

MathML has no line breaks of its own in browsers. So a long formula is written as several short
ones, each of which begins with the sign before which the line may end.
"""

import re
from collections.abc import Iterator
from typing import Final

from proofs_check.report.document import Formula
from proofs_check.report.markup import formula
from proofs_check.report.mathml import CLOSING, OPENING

__all__ = ["displayed"]

LONG: Final = 60
"""Characters of a formula from which on it may be broken."""
WIDE: Final = 80
"""Characters of a formula, or of a piece of one, from which on it may not fit on paper."""
BREAKS: Final = frozenset({*"=≤≥≈⇒⟹+,", "\N{MINUS SIGN}", "&lt;", "&gt;"})
"""Operators before which a line may end; after a comma."""

_TOKEN: Final = re.compile(r"<(?P<end>/?)(?P<name>\w+)[^>]*?(?P<empty>/?)>|[^<]+")
_OPERATOR: Final = re.compile(r"<mo[^>]*>([^<]*)</mo>")


def displayed(shown: Formula) -> str:
    """Return a formula in lines of its own; what stays wide is marked, and printed small.

    Examples
    --------
    >>> displayed(Formula(text="a", latex="a = b"))[21:]
    '<math display="block"><mi>a</mi><mo>=</mo><mi>b</mi></math></div>'
    >>> terms = "+".join(["a"] * LONG)
    >>> displayed(Formula(text=terms, latex=terms))[21:108]
    '<math displaystyle="true"><mi>a</mi></math> <math displaystyle="true"><mo form="infix">'
    """
    made = formula(shown, block=True)
    head = '<math display="block">'
    pieces = [made]
    if made.startswith(head) and _length(made) >= LONG:
        pieces = list(_pieces(made.removeprefix(head).removesuffix("</math>")))
    if len(pieces) > 1:
        made = " ".join(f'<math displaystyle="true">{piece}</math>' for piece in pieces)
    if max(map(_length, pieces)) >= WIDE:
        # what may scroll is reached by the keyboard
        return f'<div class="formula wide" tabindex="0">{made}</div>'
    return f'<div class="formula">{made}</div>'


def _length(made: str) -> int:
    """Return how many characters of a formula are seen, roughly."""
    return len(re.sub("<[^>]*>", "", made))


def _pieces(inside: str) -> Iterator[str]:
    """Yield the parts of a row that begin with an operator of `BREAKS` outside of brackets."""
    piece, inner = "", 0
    for part in _parts(inside):
        operator = _OPERATOR.fullmatch(part)
        sign = operator[1] if operator is not None else ""
        inner += (sign in OPENING) - (sign in CLOSING)
        if inner or not piece or sign not in BREAKS:
            piece += part
        elif sign == ",":
            yield piece + part
            piece = ""
        else:
            yield piece
            # at the beginning of a row it would be taken for a sign, without space around it
            piece = f'<mo form="infix">{sign}</mo>'
    if piece:
        yield piece


def _parts(inside: str) -> Iterator[str]:
    """Yield the elements of a row."""
    depth, start = 0, 0
    for token in _TOKEN.finditer(inside):
        if token["name"] is None or token["empty"]:
            continue
        depth += -1 if token["end"] else 1
        if depth == 0:
            yield inside[start : token.end()]
            start = token.end()
