"""Small pieces of HTML: escaped text, anchors, links to claims, formulas as MathML."""

import html
import re
from collections.abc import Iterable
from fractions import Fraction

from proofs_check.report.document import Document, Formula
from proofs_check.report.looks import chip
from proofs_check.report.mathml import mathml

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
    >>> section_name("paper", "A"), section_name("family", "my claim")
    ('paper-A', 'family-my~20~claim')
    """
    return f"{prefix}-{anchor(name)}"


def anchor(name: str) -> str:
    """Return the id of a claim's section; it has no hyphen, as all other ids on the page have.

    Examples
    --------
    >>> anchor("A.prop2b"), anchor("my-claim")
    ('A.prop2b', 'my~2d~claim')
    """
    return re.sub(r"[^A-Za-z0-9._]", lambda m: f"~{ord(m[0]):x}~", name)


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
    converted = mathml(shown.latex, block=block)
    if converted:
        return converted
    return (
        '<code class="plain" title="This formula could not be typeset; it is shown as plain text.">'
        f"{text(shown.text)}</code>"
    )
