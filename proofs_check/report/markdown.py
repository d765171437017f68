"""Results as Markdown: a table of claims and a list of errata to paste into a review."""

from collections.abc import Iterable

from proofs_check.report.document import Document, Entry
from proofs_check.report.slack import HEADINGS, table
from proofs_check.report.trust_base import trust_base
from proofs_check.verdict import Verdict

__all__ = ["render"]


def render(document: Document) -> str:
    """Return counts, the table of claims, the errata, constants and what is trusted."""
    lines = ["# Claims and verdicts", "", *_counts(document), "", "## Claims", ""]
    lines += ["| claim | own | rolled up | printed proof | finding |", "|---|---|---|---|---|"]
    lines += [_row(e) for e in document.entries]
    lines += ["", "## Errata", ""]
    wrong = [e for e in document.entries if e.own is Verdict.REFUTED]
    lines += [line for e in wrong for line in _erratum(document, e)] or ["None found."]
    lines += _constants(document)
    lines += ["", "## What is trusted", "", *(f"* {line}" for line in trust_base(document))]
    return "\n".join(lines) + "\n"


def _counts(document: Document) -> list[str]:
    own, rolled = document.counts(), document.counts(rolled=True)
    rows = [f"| {v.name} | {own[v]} | {rolled[v]} |" for v in own if own[v] or rolled[v]]
    return ["| verdict | own | rolled up |", "|---|---|---|", *rows]


def _row(entry: Entry) -> str:
    proof = entry.proof.name if entry.proof is not None else ""
    return _cells((entry.id, entry.own.name, entry.rolled.name, proof, entry.headline))


def _constants(document: Document) -> list[str]:
    rows = table(document)
    lines = [_cells(HEADINGS), "|---|---|---|---|", *map(_cells, rows)]
    return ["", "## Constants", "", *lines] if rows else []


def _cells(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(c) for c in cells) + " |"


def _erratum(document: Document, entry: Entry) -> list[str]:
    place = f" ({_escaped(entry.place)})" if entry.place else ""
    lines = [f"* **{entry.id}**{place}: {_escaped(entry.says)}"]
    if entry.witness is not None:
        lines.append(f"  Fails at {_escaped(str(entry.witness))}:")
        lines.append(f"  left side {entry.witness.lhs}, right side {entry.witness.rhs}.")
    lines += [
        f"  Repaired as {amended.id} ({amended.rolled.name}): {_escaped(amended.says)}"
        for amended in document.amendments(entry.id)
    ]
    return lines


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
