"""One HTML page for a run: it opens from disk, needs no network, and no script to be read.

The front page says what matters first; then each paper has its graph of statements, and each
statement its steps, lemmas, evidence, controls and witness.
"""

import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

from proofs_check.report.claim_section import claim_section
from proofs_check.report.constant_section import constants_table
from proofs_check.report.document import Document, Entry
from proofs_check.report.figure_section import figures_list
from proofs_check.report.front_page import counts_table, findings, tiles
from proofs_check.report.graph import draw, draw_family, families
from proofs_check.report.looks import signs, verdict_style
from proofs_check.report.markup import section_name, text
from proofs_check.report.prose import prose
from proofs_check.report.trust_base import trust_base

__all__ = ["render"]

PLAIN = re.compile(r'="([\w.#~-]+)"([ >]|/>)')
"""Attributes that need no quotation marks: a twentieth of the page."""
FEW = 2
"""Symbols and hypotheses that are said again, because a link would be as long."""


def render(document: Document) -> str:
    """Return the report of a run as one HTML page; the same document gives the same page.

    Parameters
    ----------
    document
        The run.

    Returns
    -------
    str
        The page; it names no time and no machine.
    """
    papers = list(dict.fromkeys(e.paper for e in document.entries))
    parts = _front(document)
    front = "".join(f'<h2 id="{to}">{heading}</h2>{part}' for to, heading, part in parts)
    sections = "".join(_paper(document, paper) for paper in papers)
    places = [(to, heading) for to, heading, _ in parts]
    places += [(section_name("paper", p), _title(document, p)) for p in papers]
    page = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>scoreproof: {len(document.entries)} claims checked</title>"
        f"<style>{_style()}</style></head><body>{signs()}"
        '<a class="skip" href="#main-part">Skip to the findings</a>'
        f'<header class="top"><h1>What holds, what does not, and why</h1>{_run(document)}'
        f"{_navigation(places)}</header>"
        f'<main id="main-part">{tiles(document)}{front}{sections}</main>{_footer(document)}'
    )
    # text has no quotation marks of its own: `markup.text` writes them as &quot;
    page = PLAIN.sub(lambda found: f"={found[1]}{' ' * (found[2] == '/>')}{found[2]}", page)
    return page + f"<script>{_script()}</script></body></html>\n"


def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8") + verdict_style()


def _script() -> str:
    """Return a script without which everything can be read: a filter, and zoom of the graphs."""
    return files(__package__).joinpath("report.js").read_text(encoding="utf-8")


def _run(document: Document) -> str:
    return (
        f'<p class="lead">scoreproof {text(document.version)} checked {len(document.entries)} '
        f"claims ({text(document.profile)} profile, seed {document.seed}). A claim's own verdict "
        "says what its evidence shows; the verdict rolled up says what is left of it over "
        "everything that it rests on. A claim with one label has the same verdict twice.</p>"
    )


def _title(document: Document, paper: str) -> str:
    if paper in document.papers:
        return f"Paper {paper}"
    return paper or "Your claims"


def _front(document: Document) -> list[tuple[str, str, str]]:
    """Return what is said of the run as a whole: anchor, heading and content of each part."""
    parts = (
        ("front-findings", "Findings", findings(document)),
        ("front-counts", "Verdicts", counts_table(document)),
        ("front-constants", "Constants", constants_table(document)),
        ("front-figures", "Figures", figures_list(document)),
    )
    return [part for part in parts if part[2]]


def _navigation(places: Sequence[tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="#{to}">{text(name)}</a></li>' for to, name in places)
    return f'<nav aria-label="Parts of the report"><ul>{items}</ul></nav>'


def _paper(document: Document, paper: str) -> str:
    groups = families(document, paper)
    graph = draw(document, paper)
    about = document.papers.get(paper, "")
    contents = "".join(
        f'<li><a class="id" href="#{section_name("family", name)}">{text(name)}</a> '
        f'<span class="soft">{prose(_heading(name, members))}</span></li>'
        for name, members in groups.items()
    )
    return (
        f'<h2 id="{section_name("paper", paper)}">{text(_title(document, paper))}</h2>'
        f"<p>{text(about)}</p>"
        + (f"{_legend()}{_scrolled(graph, f'Graph of paper {paper}')}" if graph else "")
        + f'<nav aria-label="Statements, {text(_title(document, paper))}"><ul>{contents}</ul></nav>'
        + "".join(_family(document, name, members) for name, members in groups.items())
    )


def _legend() -> str:
    parts = (
        "left, filled: own verdict",
        "right and frame: rolled up",
        "arrows lead to what a claim rests on",
        "dashed arrows: amends",
        "rounded: statement; square: step or lemma",
    )
    return f'<p class="legend">{"".join(f"<span>{p}</span>" for p in parts)}</p>'


def _scrolled(graph: str, name: str) -> str:
    return f'<div class="graphs" role="region" tabindex="0" aria-label="{text(name)}">{graph}</div>'


def _heading(name: str, members: Sequence[Entry]) -> str:
    head = next((e for e in members if e.id == name), None)
    if head is not None and head.place:
        return head.place
    if all(e.kind == "lemma" for e in members):
        return "facts used without statement"
    return members[0].place


def _family(document: Document, name: str, members: Sequence[Entry]) -> str:
    order = {"statement": 0, "said": 0, "amended": 1, "derived": 1, "step": 2}
    ranked = sorted(members, key=lambda e: order.get(e.kind, 3))
    graph = draw_family(document, members)
    title = _heading(name, members)
    return (
        f'<section><h3 id="{section_name("family", name)}">{prose(title or name)} '
        f'<span class="id soft">{text(name)}</span></h3>'
        + (_scrolled(graph, f"Graph of {name}") if graph else "")
        + "".join(_sections(document, ranked))
        + "</section>"
    )


def _sections(document: Document, members: Sequence[Entry]) -> Iterator[str]:
    """Yield the sections of a family; symbols and hypotheses are written out where they are new."""
    known: dict[object, Entry] = {}
    for entry in members:
        setting = (entry.given, entry.where)
        alike = known.setdefault(setting, entry)
        written = alike is entry or len(entry.given) + len(entry.where) < FEW
        yield claim_section(document, entry, alike=None if written else alike)


def _footer(document: Document) -> str:
    trusted = " ".join(text(line) for line in trust_base(document))
    return (
        f'<footer class="foot"><p>{trusted}</p><p>Certificates in full are in the JSON '
        "ledger (<code>scoreproof verify --json ledger.json</code>).</p></footer>"
    )
