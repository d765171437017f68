"""Small pieces of HTML: escaped text, anchors, links to claims, formulas as MathML."""

import html
import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

from proofs_check.report.document import Document, Formula
from proofs_check.report.looks import chip

__all__ = [
    "anchor",
    "approximate",
    "claim_link",
    "formula",
    "links",
    "section_name",
    "shorten",
    "text",
]

UNKNOWN: Final = {
    # what the converter lacks, and the same in words it knows
    r"\arg": r"\operatorname{arg}",
    r"\Big\{": r"\{",
    r"\Big\}": r"\}",
}

ELEMENTS: Final = """
    math mrow mi mo mn mtext ms mspace msup msub msubsup mover munder munderover mfrac msqrt
    mroot mtable mtr mtd mstyle mpadded mphantom menclose mfenced mmultiscripts mprescripts none
"""
"""Elements of formulas that are let through, one word each."""
ATTRIBUTES: Final = """
    xmlns display stretchy fence form separator lspace rspace minsize maxsize mathvariant
    mathsize accent accentunder movablelimits largeop symmetric width height depth voffset
    linethickness displaystyle scriptlevel columnalign rowspacing columnspacing columnlines
    rowlines notation open close separators
"""
"""Their attributes."""

DEFAULTS: Final = tuple(
    (f'<mo stretchy="true" fence="true" form="{form}">{bracket}<', f"<mo>{bracket}<")
    for form, brackets in (("prefix", "([{⌊⌈"), ("postfix", ")]}⌋⌉"))
    for bracket in brackets
)
"""What the converter writes, and the same without what a browser takes for granted."""
TALL: Final = ("mfrac", "mover", "mroot", "msqrt", "msu", "mtable", "mu")
"""Beginnings of the names of elements that may be taller than a letter."""


def text(value: object) -> str:
    """Return text that is safe inside elements and attributes.

    Examples
    --------
    >>> text("a < b & c")
    'a &lt; b &amp; c'
    """
    return html.escape(str(value), quote=True)


def section_name(prefix: str, name: str) -> str:
    """Return the id of an element for a name; different names have different ids.

    Examples
    --------
    >>> section_name("claim", "A.prop2b"), section_name("claim", "my claim")
    ('claim-A.prop2b', 'claim-my~20~claim')
    """
    return f"{prefix}-" + re.sub(r"[^A-Za-z0-9._]", lambda m: f"~{ord(m[0]):x}~", name)


def anchor(name: str) -> str:
    """Return the id of a claim's section."""
    return section_name("claim", name)


def claim_link(document: Document, name: str, *, verdict: bool = False) -> str:
    """Return a claim's id, linked to its section when the document has one."""
    entry = document.by_id.get(name)
    if entry is None:
        return f'<span class="id">{text(name)}</span> (not run)'
    link = f'<a href="#{anchor(name)}">{text(name)}</a>'
    return f"{link} {chip(entry.rolled, quiet=True)}" if verdict else link


def links(document: Document, names: Iterable[str]) -> str:
    """Return links to claims, separated by commas."""
    return ", ".join(claim_link(document, n) for n in names)


def shorten(value: str, limit: int) -> str:
    """Return at most about ``limit`` characters, saying how many there are in all.

    Examples
    --------
    >>> shorten("0123456789", 4)
    '0123 ... (10 characters)'
    """
    if len(value) <= limit:
        return value
    return f"{value[:limit]} ... ({len(value)} characters)"


def approximate(exact: str) -> str:
    """Return a decimal for an exact rational, and nothing when it says no more.

    Examples
    --------
    >>> approximate("2/3"), approximate("2"), approximate("sqrt(2)")
    ('0.666667', '', '')
    """
    if "/" not in exact:
        return ""
    try:
        return f"{float(Fraction(exact)):.6g}"
    except (ValueError, ZeroDivisionError, OverflowError):
        return ""


def formula(shown: Formula, *, block: bool = False) -> str:
    """Return a formula as MathML; one that cannot be converted as its text, marked as such.

    Examples
    --------
    >>> formula(Formula(text="a**2", latex="a^2"))
    '<math><msup><mi>a</mi><mn>2</mn></msup></math>'
    """
    converted = _mathml(shown.latex, block)
    if converted:
        return converted
    return (
        '<code class="plain" title="This formula could not be typeset; it is shown as plain text.">'
        f"{text(shown.text)}</code>"
    )


@lru_cache(maxsize=4096)
def _mathml(latex: str, block: bool) -> str:
    """Return MathML without what a browser does not need; empty when the conversion fails."""
    from latex2mathml.converter import convert

    for unknown, known in UNKNOWN.items():
        latex = re.sub(re.escape(unknown) + r"(?![A-Za-z])", lambda _, k=known: k, latex)  # type: ignore[misc]
    if not latex.strip():
        return ""
    try:
        made = convert(latex, display="block" if block else "inline")
    except Exception:  # noqa: BLE001 - the converter raises many kinds; the caller shows the text
        return ""
    # rows of one element, and the outermost row, change nothing
    made = re.sub(r"<mrow>(<m[in]>[^<]*</m[in]>)</mrow>", r"\1", made)
    made = re.sub(r"^(<math[^>]*>)<mrow>(.*)</mrow></math>$", r"\1\2</math>", made)
    if "\\" in made or not _is_mathml(made):
        # a command that it does not know, and the inside of \\text, are copied as they are
        return ""
    made = made.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    made = made.replace(' display="inline"', "")
    made = re.sub(r"&#x0*([0-9A-Fa-f]+);", _character, made)
    for default in DEFAULTS:
        made = made.replace(*default)
    if not any(f"<{tall}" in made for tall in TALL):
        # what is no taller than a letter stretches no bracket
        made = made.replace('<mo stretchy="false">', "<mo>")
    return made


def _is_mathml(source: str) -> bool:
    """Whether a source has only elements and attributes of formulas, and all are closed."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.fine and not reader.open


class _Reader(HTMLParser):
    """Reads MathML; ``fine`` tells whether all that was met is known to be harmless."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = True
        self.open: list[str] = []
        self.elements = frozenset(ELEMENTS.split())
        self.attributes = frozenset(ATTRIBUTES.split())

    def _known(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        return tag in self.elements and all(name in self.attributes for name, _ in attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fine &= self._known(tag, attrs)
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fine &= self._known(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.fine &= bool(self.open) and self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        del data
        self.fine = False

    def handle_decl(self, decl: str) -> None:
        del decl
        self.fine = False

    def unknown_decl(self, data: str) -> None:
        del data
        self.fine = False

    def handle_pi(self, data: str) -> None:
        del data
        self.fine = False


def _character(entity: re.Match[str]) -> str:
    return html.escape(chr(int(entity[1], 16)), quote=True)
