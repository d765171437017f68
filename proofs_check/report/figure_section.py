"""Figures in the HTML report: named beside the claims that they rest on, with how to draw them.

The page holds no picture: it would be larger than everything else, and a link to one could fail.
"""

from proofs_check.report.document import Document, Entry, FigureRow
from proofs_check.report.markup import claim_link, section_name, text

__all__ = ["figures_list", "figures_of"]


def figures_of(document: Document, entry: Entry) -> str:
    """Return the figures that rest on a claim, linked to the list of all."""
    named = ", ".join(
        f'<a href="#{_anchor(row)}">{text(row.name)}</a> ({text(row.title)})'
        for row in document.figures
        if entry.id in row.claims
    )
    return f"<h5>Figures</h5><p>{named}</p>" if named else ""


def figures_list(document: Document) -> str:
    """Return all figures: what is shown, on which claims they rest, the command that draws them."""
    rows = "".join(
        f'<li id="{_anchor(row)}"><b>{text(row.name)}</b>: {text(row.title)}. Rests on '
        f"{', '.join(claim_link(document, name, verdict=True) for name in row.claims)}. "
        f"<code>scoreproof figures {text(row.name)}</code></li>"
        for row in document.figures
    )
    return f"<ul>{rows}</ul>" if rows else ""


def _anchor(row: FigureRow) -> str:
    return section_name("figure", row.name)
