"""Small pieces of MyST Markdown: escaped text, formulas, targets, links and tables."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from proofs_check.report.document import Document, Formula
from proofs_check.report.markup import formula
from proofs_check.report.mathml import known

__all__ = ["claim_link", "code", "display", "inline", "number", "table", "target", "words"]

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]<>$|~#])")


def words(text: str) -> str:
    r"""Return text in which nothing is markup.

    Examples
    --------
    >>> print(words("A >= x_i * 2"))
    A \>= x\_i \* 2
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def display(shown: Formula) -> str:
    """Return a formula on lines of its own; one that cannot be typeset as plain text."""
    if formula(shown, block=True).startswith("<math"):
        return f"$$\n{_known(shown.latex)}\n$$"
    return f"```text\n{shown.text}\n```"


def inline(shown: Formula) -> str:
    r"""Return a formula within a line, also of a table.

    Examples
    --------
    >>> inline(Formula(text="|a|", latex="|a|"))
    '$\\vert a\\vert $'
    """
    if formula(shown).startswith("<math"):
        latex = _known(shown.latex).replace("|", r"\vert ")
        return f"${latex}$"
    return code(shown.text)


def code(text: str) -> str:
    """Return text as a span of code that a table can hold.

    Examples
    --------
    >>> code("a | b")
    '`a b`'
    """
    plain = " ".join(text.replace("|", " ").replace("`", " ").split())
    return f"`{plain}`"


def _known(latex: str) -> str:
    """Return LaTeX on one line, without what ends a formula or what the converter lacks."""
    latex = re.sub(r"(?<![\d.])\d{5,}(?![\d.^])", _power, known(latex))
    return " ".join(latex.split()).replace("$", "")


def _power(match: re.Match[str]) -> str:
    """Return a large power of two as such."""
    value = int(match[0])
    return match[0] if value & (value - 1) else f"2^{{{value.bit_length() - 1}}}"


def target(name: str) -> str:
    """Return the name of a claim's place in a page of findings.

    Examples
    --------
    >>> target("A.prop7.P6")
    'finding-a-prop7-p6'
    """
    return "finding-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def claim_link(document: Document, name: str, shown: Iterable[str]) -> str:
    """Return a claim's id with its verdicts, linked when the page has a section for it."""
    entry = document.by_id.get(name)
    label = f"[`{name}`](#{target(name)})" if name in shown else f"`{name}`"
    if entry is None:
        return f"{label} (not run)"
    rolled = f", rolled up {entry.rolled.name}" if entry.rolled is not entry.own else ""
    return f"{label} ({entry.own.name}{rolled})"


def number(text: str) -> str:
    r"""Return a power of two as such, and any other number as it is.

    Examples
    --------
    >>> number("1/2048"), number("4096"), number("3/8"), number("1")
    ('$2^{-11}$', '$2^{12}$', '3/8', '1')
    """
    if not (match := re.fullmatch(r"(1/)?(\d+)", text)):
        return words(text)
    value = int(match[2])
    power = value.bit_length() - 1
    if value != 1 << power or power < 4:
        return text
    return f"$2^{{{'-' if match[1] else ''}{power}}}$"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table whose cells are Markdown already."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows)]
