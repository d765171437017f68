"""Results as LaTeX: a table of claims and a list of errata for an appendix."""

from collections.abc import Iterable

from proofs_check.report.document import Document, Entry
from proofs_check.report.slack import HEADINGS, table
from proofs_check.verdict import Verdict

__all__ = ["render"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def render(document: Document) -> str:
    """Return a ``longtable`` of claims, an ``itemize`` of errata, a ``longtable`` of constants."""
    rows = "\n".join(_row(e) for e in document.entries)
    wrong = [e for e in document.entries if e.own is Verdict.REFUTED]
    errata = "\n".join(_erratum(document, e) for e in wrong)
    body = f"\\begin{{itemize}}\n{errata}\n\\end{{itemize}}" if wrong else "None found."
    return (
        "% needs \\usepackage{longtable}\n"
        "\\begin{longtable}{llll}\n"
        "claim & own & rolled up & printed proof\\\\\\hline\n"
        f"{rows}\n\\end{{longtable}}\n\n\\paragraph{{Errata}}\n{body}\n{_constants(document)}"
    )


def _constants(document: Document) -> str:
    rows = table(document)
    if not rows:
        return ""
    lines = "\n".join(map(_cells, rows))
    return (
        "\n\\paragraph{Constants}\n\\begin{longtable}{llll}\n"
        f"{_cells(HEADINGS)}\\hline\n{lines}\n\\end{{longtable}}\n"
    )


def _cells(cells: Iterable[str]) -> str:
    return " & ".join(_escaped(c) for c in cells) + r"\\"


def _row(entry: Entry) -> str:
    proof = entry.proof.name if entry.proof is not None else ""
    return _cells((entry.id, entry.own.name, entry.rolled.name, proof))


def _erratum(document: Document, entry: Entry) -> str:
    place = f" ({_escaped(entry.place)})" if entry.place else ""
    text = f"\\item {_escaped(entry.id)}{place}: {_escaped(entry.says)} "
    text += f"As printed: ${entry.statement.latex}$. "
    if entry.witness is not None:
        text += f"Fails at {_escaped(str(entry.witness))}. "
    for amended in document.amendments(entry.id):
        text += f"Repaired: ${amended.statement.latex}$ ({_escaped(amended.rolled.name)}). "
    return text.rstrip()


def _escaped(text: str) -> str:
    return "".join(_SPECIAL.get(c, c) for c in text)
