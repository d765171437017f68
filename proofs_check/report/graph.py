"""The claim graph as inline SVG: what each claim rests on, with its own and its rolled-up verdict.

`draw` gives a paper's graph of statements; helper claims are collapsed into its arrows. Each
family (a statement with its steps and lemmas, such as ``A.prop2b`` with ``A.prop2b.P1``) has a
graph of its own from `draw_family`, so that every claim of a paper is a node somewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from proofs_check.report.document import Document, Entry
from proofs_check.report.layout import Box, Drawing, lay_out
from proofs_check.report.looks import sign, slug
from proofs_check.report.markup import anchor, text
from proofs_check.report.prose import plain_prose
from proofs_check.verdict import Verdict

__all__ = [
    "draw",
    "draw_family",
    "families",
    "family",
    "family_arrows",
    "is_broken",
    "statement_arrows",
]

LETTER = 7.3
"""Width of a letter of a node's first line."""
SMALL = 6.2
"""Mean width of a letter of its other lines."""
BADGE = 26
MARGIN = 6
HELPERS = ("step", "lemma")
"""Kinds that the graph of statements leaves out."""


@dataclass(frozen=True, kw_only=True)
class _Node:
    """What a node shows.

    Attributes
    ----------
    lines
        Name, then smaller lines.
    away
        Whether the claim belongs to another family.
    whole
        Whether the title says the claim, which is not close by.
    """

    entry: Entry
    lines: tuple[str, ...]
    away: bool = False
    whole: bool = False

    @property
    def size(self) -> tuple[float, float]:
        first, *others = self.lines
        widest = max(len(first) * LETTER, *(len(line) * SMALL for line in others))
        return round(2 * BADGE + 18 + widest), 16 * len(self.lines) + 12


def family(entry: Entry) -> str:
    """Return the first two parts of a claim's id, which a statement shares with its steps.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> family(SimpleNamespace(id="A.prop2b.P2.below"))
    'A.prop2b'
    """
    return ".".join(entry.id.split(".")[:2])


def families(document: Document, paper: str) -> dict[str, list[Entry]]:
    """Return the claims of a paper by family, in the order of the document."""
    groups: dict[str, list[Entry]] = {}
    for entry in document.entries:
        if entry.paper == paper:
            groups.setdefault(family(entry), []).append(entry)
    return groups


def is_broken(entry: Entry) -> bool:
    """Whether a step of the printed proof fails."""
    return entry.proof in (Verdict.REFUTED, Verdict.VACUOUS, Verdict.ERROR)


def draw(document: Document, paper: str) -> str:
    """Return the graph of a paper's statements as SVG, empty when it has none.

    An arrow leads from a statement to what it rests on, directly or through steps and lemmas;
    arrows that follow from others are left out. `looks.signs` must be on the page.

    Parameters
    ----------
    document
        The run.
    paper
        Key of the paper.
    """
    shown = _statements(document, paper)
    if not shown:
        return ""
    nodes = {
        name: _Node(
            entry=e, lines=(name, _clipped(e.place or e.kind, 34), _verdicts(e)), whole=True
        )
        for name, e in shown.items()
    }
    edges = statement_arrows(document, paper)
    return _svg(nodes, edges, _amendments(shown), f"Statements of paper {paper} and their grounds")


def _statements(document: Document, paper: str) -> dict[str, Entry]:
    shown = {e.id: e for e in document.entries if e.paper == paper and e.kind not in HELPERS}
    # what is derived beside a statement is a node of its family's graph
    return {
        k: e
        for k, e in shown.items()
        if not (e.kind == "derived" and family(e) != k and family(e) in shown)
    }


def statement_arrows(document: Document, paper: str) -> list[tuple[str, str]]:
    """Return the arrows between a paper's statements, each as the ids of its ends."""
    return _reduced(_contracted(document, _statements(document, paper)))


def draw_family(document: Document, members: Sequence[Entry]) -> str:
    """Return the graph of a family and of the claims that it names elsewhere.

    Arrows that follow from others are left out. Empty when there is nothing to show but one claim.

    Parameters
    ----------
    document
        The run.
    members
        Claims of the family.
    """
    alone = len(members) == 1 and (members[0].kind not in HELPERS or not members[0].rests_on)
    if alone:
        # a statement is a node of the paper's graph, and what it rests on is listed below it
        return ""
    name = family(members[0])
    inside, outside = _around(document, members)
    nodes = {
        k: _Node(entry=e, lines=(_label(e, name), _verdicts(e))) for k, e in inside.items()
    } | {k: _Node(entry=e, lines=(k, _verdicts(e)), away=True) for k, e in outside.items()}
    edges = family_arrows(document, members)
    return _svg(nodes, edges, _amendments(inside), f"{name} and what it rests on")


def _around(
    document: Document, members: Sequence[Entry]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Return the claims of a family, and those that they name elsewhere."""
    inside = {e.id: e for e in members}
    used = dict.fromkeys(r for e in members for r in e.rests_on)
    outside = {r: document.by_id[r] for r in used if r not in inside and r in document.by_id}
    return inside, outside


def family_arrows(document: Document, members: Sequence[Entry]) -> list[tuple[str, str]]:
    """Return the arrows of a family's graph, each as the ids of its ends."""
    inside, outside = _around(document, members)
    nodes = inside | outside
    below = {k: {r for r in e.rests_on if r in nodes} for k, e in inside.items()}
    return _reduced(below | {k: set() for k in outside})


def _label(entry: Entry, name: str) -> str:
    return entry.id if entry.id == name else entry.id.removeprefix(name)


def _clipped(line: str, limit: int) -> str:
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def _verdicts(entry: Entry) -> str:
    own, rolled = entry.own.name.lower(), entry.rolled.name.lower()
    line = own if own == rolled else f"{own}, rolled up {rolled}"
    return f"{line}, proof broken" if is_broken(entry) else line


def _contracted(document: Document, shown: Mapping[str, Entry]) -> dict[str, set[str]]:
    """Return for each statement those it reaches through claims that are not shown."""
    by_id = document.by_id
    reached: dict[str, set[str]] = {}
    for name in shown:
        found: set[str] = set()
        seen = {name}
        waiting = [name]
        while waiting:
            for below in by_id[waiting.pop()].rests_on:
                if below in seen:
                    continue
                seen.add(below)
                if below in shown:
                    found.add(below)
                elif below in by_id:
                    waiting.append(below)
        reached[name] = found
    return reached


def _reduced(below: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Return the edges that do not follow from longer paths."""
    edges = []
    for name, direct in below.items():
        further: set[str] = set()
        waiting = list(direct)
        while waiting:
            for child in below.get(waiting.pop(), ()):
                if child not in further:
                    further.add(child)
                    waiting.append(child)
        edges += [(name, child) for child in below if child in direct - further]
    return edges


def _amendments(shown: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [(e.id, e.amends) for e in shown.values() if e.amends in shown and e.amends]


def _svg(
    nodes: Mapping[str, _Node],
    edges: Sequence[tuple[str, str]],
    repairs: Sequence[tuple[str, str]],
    title: str,
) -> str:
    drawing = lay_out({k: n.size for k, n in nodes.items()}, [*edges, *repairs])
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    arrows = "".join(_arrow(drawing, edge, edge in set(repairs)) for edge in drawing.paths)
    shapes = "".join(_shape(node, drawing.boxes[name]) for name, node in nodes.items())
    return (
        f'<svg class="graph" role="group" aria-label="{text(title)}" width="{width:g}" '
        f'height="{height:g}" viewBox="{-MARGIN} {-MARGIN} {width:g} {height:g}">'
        f'<g class="arrows" aria-hidden="true">{arrows}</g>{shapes}</svg>'
    )


def _arrow(drawing: Drawing, edge: tuple[str, str], repair: bool) -> str:
    points = drawing.paths[edge]
    (x, y), rest = points[0], points[1:]
    path = [f"M{x:.0f} {y:.0f}"]
    for k, (to_x, to_y) in enumerate(rest):
        if k % 2:
            path.append(f"H{to_x:.0f}")
        else:
            half = (x + to_x) / 2
            path.append(f"C{half:.0f} {y:.0f} {half:.0f} {to_y:.0f} {to_x:.0f} {to_y:.0f}")
        x, y = to_x, to_y
    head = "m-6-3.5l6 3.5l-6 3.5"
    kind = "repair" if repair else "arrow"
    return f'<path class="{kind}" d="{"".join(path)}{head}"/>'


def _shape(node: _Node, box: Box) -> str:
    """Return a node; what all nodes have in common, such as a height, is in the style.

    It has the colour of the verdict rolled up; the part on the left that of its own.
    """
    entry = node.entry
    kind = "away" if node.away else entry.kind
    tall = " tall" if len(node.lines) > 2 else ""
    own = "own" if entry.own is entry.rolled else f"own {slug(entry.own)}"
    lines = "".join(
        f'<text y="{18 + 16 * k:g}">{text(plain_prose(line))}</text>'
        for k, line in enumerate(node.lines)
    )
    title = _title(entry, whole=node.whole)
    return (
        # the title names the link for those who do not see it, and shows when one points at it
        f'<a class="node {text(kind)}{tall} {slug(entry.rolled)}" href="#{anchor(entry.id)}" '
        f'transform="translate({box.x:g} {box.y:.4g})"><title>{text(plain_prose(title))}</title>'
        f'<rect class="frame" width="{box.width:g}"/><rect class="{own}"/>'
        f"{sign(entry.own)}{sign(entry.rolled, x=box.width - 24)}{lines}</a>"
    )


def _title(entry: Entry, *, whole: bool) -> str:
    parts: Iterable[str] = (
        f"{entry.id}, {entry.kind}" + (f", {entry.place}" if entry.place and whole else ""),
        (
            entry.own.name
            if entry.own is entry.rolled
            else f"own verdict {entry.own.name}, rolled up {entry.rolled.name}"
        )
        + (", printed proof broken" if is_broken(entry) else ""),
        entry.says.rstrip(".") if whole else "",
    )
    return ". ".join(p for p in parts if p)
