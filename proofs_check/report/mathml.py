"""LaTeX to MathML that is safe inside a page and says nothing that a browser takes for granted."""

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final
from xml.etree.ElementTree import Element

__all__ = ["known", "mathml"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNKNOWN: Final = {
    r"\arg": r"\operatorname{arg}",
    r"\Big\{": r"\{",
    r"\Big\}": r"\}",
}
"""What the converter lacks, and the same in words it knows."""

ELEMENTS: Final = _words(
    """
    math mrow mi mo mn mtext ms mspace msup msub msubsup mover munder munderover mfrac msqrt
    mroot mtable mtr mtd mstyle mpadded mphantom menclose mfenced mmultiscripts mprescripts none
    """
)
"""Elements of formulas that are let through."""
ATTRIBUTES: Final = _words(
    """
    xmlns display stretchy fence form separator lspace rspace minsize maxsize mathvariant
    mathsize accent accentunder movablelimits largeop symmetric width height depth voffset
    linethickness displaystyle scriptlevel columnalign rowspacing columnspacing columnlines
    rowlines notation open close separators
    """
)
"""Their attributes."""
OPENING: Final = frozenset("([{⌊⌈")
CLOSING: Final = frozenset(")]}⌋⌉")
"""Brackets that stretch by themselves."""
TALL: Final = _words(
    """
    mfrac msqrt mroot msub msup msubsup mover munder munderover mtable
    """
)
"""Elements that may be taller than a letter."""
ROWS: Final = frozenset({"math", "mrow", "mstyle", "mtd", "msqrt", "mpadded", "mphantom"})
"""Elements whose parts stand beside each other, as in a row."""


class _Refused(Exception):  # noqa: N818 - it says what happened to a formula, and stays in this file
    """A formula holds what is not let through."""


def known(latex: str) -> str:
    r"""Return LaTeX in words that the converter knows.

    Examples
    --------
    >>> print(known(r"\arg z"))
    \operatorname{arg} z
    """
    for unknown, same in UNKNOWN.items():
        latex = re.sub(re.escape(unknown) + r"(?![A-Za-z])", lambda _, same=same: same, latex)  # type: ignore[misc]
    return latex


@lru_cache(maxsize=4096)
def mathml(latex: str, *, block: bool = False) -> str:
    r"""Return a formula as MathML; empty when it cannot be converted, or not safely.

    Parameters
    ----------
    latex
        The formula.
    block
        Whether it is displayed, in a line of its own.

    Examples
    --------
    >>> mathml(r"\left(a^{2}\right)")
    '<math><mo>(</mo><msup><mi>a</mi><mn>2</mn></msup><mo>)</mo></math>'
    """
    from latex2mathml.converter import convert_to_element

    if not latex.strip():
        return ""
    try:
        made = convert_to_element(known(latex), display="block" if block else "inline")
    except Exception:  # noqa: BLE001 - the converter raises many kinds; the caller shows the text
        return ""
    try:
        parts = _row(made)
    except _Refused:
        return ""
    display = ' display="block"' if block else ""
    return f"<math{display}>{parts}</math>"


def _row(element: Element) -> str:
    """Return what stands side by side in an element."""
    parts = list(_beside(element))
    if element.tag == "math" and len(parts) == 1 and _is_plain_row(parts[0]):
        return _row(parts[0])
    tall = any(part.tag in TALL for side in parts for part in side.iter())
    return "".join(_written(part, tall=tall) for part in parts)


def _beside(element: Element) -> Iterator[Element]:
    """Yield the parts of a row, also those in a row of its own that changes nothing.

    Where an operator stands in its row says how it is spaced, so rows with operators are kept.
    """
    for part in map(_unwrapped, element):
        if _is_plain_row(part) and len(part) and next(part.iter("mo"), None) is None:
            yield from _beside(part)
        else:
            yield part


def _unwrapped(element: Element) -> Element:
    """Return the only part of a row of one; an operator keeps its row, in which it is alone."""
    while _is_plain_row(element) and len(element) == 1 and element[0].tag != "mo":
        element = element[0]
    return element


def _is_plain_row(element: Element) -> bool:
    return element.tag == "mrow" and not element.attrib


def _written(element: Element, *, tall: bool = True) -> str:
    """Return an element as text; ``tall`` says whether brackets would stretch in its row."""
    if element.tag not in ELEMENTS or not ATTRIBUTES.issuperset(element.attrib):
        raise _Refused
    attributes = dict(element.attrib)
    said = _said(element.text or "")
    if element.tag == "mo":
        if not tall and attributes.get("stretchy") == "false":
            # what is no taller than a letter stretches no bracket
            del attributes["stretchy"]
        bracket = {"stretchy": "true", "fence": "true"}
        if said in OPENING and attributes == bracket | {"form": "prefix"}:
            attributes = {}
        if said in CLOSING and attributes == bracket | {"form": "postfix"}:
            attributes = {}
    tag = "".join([element.tag, *(f' {k}="{html.escape(v)}"' for k, v in attributes.items())])
    if element.tag in ROWS:
        return f"<{tag}>{said}{_row(element)}</{element.tag}>"
    if not said and not len(element):
        return f"<{tag}/>"
    parts = "".join(_written(_unwrapped(part)) for part in element)
    return f"<{tag}>{said}{parts}</{element.tag}>"


def _said(text: str) -> str:
    r"""Return the text of an element; the converter writes characters as ``&#x3b1;``.

    A command that it does not know, and the inside of ``\text``, are copied as they are.
    """
    if "\\" in text or "<" in text:
        raise _Refused
    parts = re.split(r"&#x([0-9A-Fa-f]+);", text)
    parts[1::2] = [chr(int(part, 16)) for part in parts[1::2]]
    return html.escape("".join(parts))
