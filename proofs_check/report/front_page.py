"""The front page of the HTML report: what fails, what is weak, and how many of each."""

from collections.abc import Sequence

from proofs_check.report.claim_section import recorded, repairs, statement, verdicts, witness_table
from proofs_check.report.document import Agreement, Document, Entry
from proofs_check.report.graph import HELPERS, is_broken
from proofs_check.report.looks import LOOKS, chip, slug
from proofs_check.report.markup import claim_link, links, text
from proofs_check.report.prose import prose
from proofs_check.verdict import Verdict

__all__ = ["counts_table", "findings", "tiles", "weakest_links"]

SHOWN = 12
"""Rows of a list before the rest is folded."""


def tiles(document: Document) -> str:
    """Return the few numbers that say how the run went."""
    entries = document.entries
    printed = [e for e in entries if e.kind == "statement"]
    held = [e for e in printed if e.rolled.certified]
    rows = [
        (len(entries), "claims checked", ""),
        (
            len(held),
            f"of {len(printed)} printed statements hold, with all they rest on",
            slug(Verdict.PROVED),
        ),
        (
            sum(e.own is Verdict.REFUTED for e in entries),
            "claims refuted, each at a witness",
            slug(Verdict.REFUTED),
        ),
        (sum(is_broken(e) for e in entries), "printed proofs broken", slug(Verdict.REFUTED)),
        (
            sum(e.rolled in (Verdict.UNDECIDED, Verdict.ARGUED) for e in entries),
            "claims with a gap: undecided or argued, rolled up",
            slug(Verdict.UNDECIDED),
        ),
    ]
    errors = sum(e.own is Verdict.ERROR for e in entries)
    if errors:
        rows.insert(1, (errors, "checks crashed", slug(Verdict.ERROR)))
    items = "".join(f'<li class="{c}"><b>{n}</b>{text(what)}</li>' for n, what, c in rows)
    return f'<ul class="tiles">{items}</ul>'


def findings(document: Document) -> str:
    """Return what a reader should know first, worst first."""
    parts = (
        _errors(document),
        _differences(document),
        _refuted(document),
        _vacuous(document),
        _broken(document),
        _weak(document),
        _unbitten(document),
    )
    found = "".join(parts)
    return found or "<p>Nothing failed, and no claim is weaker than its printed form.</p>"


def _list(rows: Sequence[str]) -> str:
    first, rest = "".join(rows[:SHOWN]), "".join(rows[SHOWN:])
    more = f"<details><summary>{len(rows) - SHOWN} more</summary><ul>{rest}</ul></details>"
    return f"<ul>{first}</ul>" + (more if rest else "")


def _errors(document: Document) -> str:
    rows = [
        f"<li>{claim_link(document, e.id)} {chip(Verdict.ERROR)} {text(e.headline)}</li>"
        for e in document.entries
        if e.own is Verdict.ERROR
    ]
    return f"<h3>Checks that crashed</h3>{_list(rows)}" if rows else ""


def _differences(document: Document) -> str:
    rows = [
        f"<li>{claim_link(document, e.id)} {verdicts(e)}; {recorded(e)}</li>"
        for e in document.entries
        if e.agreement is Agreement.DIFFERS
    ]
    new = [e.id for e in document.entries if e.agreement is Agreement.UNRECORDED]
    unrecorded = (
        f"<details><summary>Claims without a recorded verdict: {len(new)}</summary>"
        f"<p>{links(document, new)}</p></details>"
    )
    return (
        f"<h3>Verdicts that differ from the recorded ones</h3>{_list(rows)}" if rows else ""
    ) + (unrecorded if new else "")


def _rank(entry: Entry) -> int:
    order = ("statement", "said", "step", "derived", "amended", "lemma")
    return order.index(entry.kind) if entry.kind in order else len(order)


def _refuted(document: Document) -> str:
    false = [e for e in document.entries if e.own is Verdict.REFUTED]
    cards = []
    for e in sorted(false, key=_rank):
        place = f'<span class="kind">{text(e.kind)} · {prose(e.place)}</span>'
        above = document.dependents(e.id)
        hit = f'<p class="small">Used by {links(document, above)}</p>' if above else ""
        cards.append(
            f'<div class="card bad {slug(e.own)}"><div class="head">'
            f"<h4>{claim_link(document, e.id)}</h4> {place}{verdicts(e)}</div>"
            f'<p class="says">{prose(e.says)}</p>{statement(e)}{witness_table(e)}'
            f"{repairs(document, e)}{hit}</div>"
        )
    return f"<h3>Refuted</h3>{''.join(cards)}" if cards else ""


def _vacuous(document: Document) -> str:
    rows = [
        f"<li>{claim_link(document, e.id)} {chip(e.own)} {prose(e.says)} "
        f'<span class="small soft">{text(e.headline)}</span></li>'
        for e in document.entries
        if e.own is Verdict.VACUOUS
    ]
    return f"<h3>Hypotheses that contradict each other</h3>{_list(rows)}" if rows else ""


def _broken(document: Document) -> str:
    rows = []
    for e in document.entries:
        if not is_broken(e):
            continue
        culprits = [
            s for s in e.steps if s in document.by_id and document.by_id[s].rolled is e.proof
        ]
        word = "nothing else shows the statement"
        if e.own is Verdict.REFUTED:
            word = "the statement is false as well"
        elif e.rolled.accepts:
            word = "the statement stands by other evidence"
        rows.append(
            f"<li>{claim_link(document, e.id)} {verdicts(e)} {prose(e.place)}: {word}; "
            f"fails in {', '.join(claim_link(document, c, verdict=True) for c in culprits)}</li>"
        )
    return f"<h3>Broken proofs</h3>{_list(rows)}" if rows else ""


def weakest_links(document: Document) -> dict[str, tuple[str, ...]]:
    """Return the claims that make others weaker than their own evidence, with those others.

    A claim's rolled-up verdict is weak because of the claims below it whose own verdict is just
    that. The weakest come first, and among equals those that weaken most printed statements.
    """
    by_id = document.by_id
    weakened: dict[str, list[str]] = {}
    for e in document.entries:
        if e.rolled >= e.own:
            continue
        seen: set[str] = set()
        waiting = list(e.rests_on)
        while waiting:
            name = waiting.pop()
            if name in seen or name not in by_id:
                continue
            seen.add(name)
            if by_id[name].rolled > e.rolled:
                continue
            if by_id[name].own is e.rolled:
                weakened.setdefault(name, []).append(e.id)
            waiting += by_id[name].rests_on
    order = [e.id for e in document.entries if e.id in weakened]

    def weight(name: str) -> tuple[int, int, int]:
        above = weakened[name]
        printed = sum(by_id[a].kind not in HELPERS for a in above)
        return (int(by_id[name].own), -printed, -len(above))

    return {name: tuple(weakened[name]) for name in sorted(order, key=weight)}


def _weak(document: Document) -> str:
    weakest = weakest_links(document)
    rows = []
    for name, above in weakest.items():
        e = document.by_id[name]
        many = f"{len(above)} claim" + "s" * (len(above) != 1)
        rows.append(
            f"<li>{claim_link(document, name)} {chip(e.own)} {prose(e.says)} "
            f'<span class="small soft">Lowers {many}: {links(document, above[:6])}'
            + (" &hellip;" if len(above) > 6 else "")
            + "</span></li>"
        )
    alone = [
        f"<li>{claim_link(document, e.id)} {chip(e.own)} {prose(e.says)} "
        f'<span class="small soft">{text(e.headline)}</span></li>'
        for e in document.entries
        if e.own in (Verdict.SUPPORTED, Verdict.ARGUED, Verdict.UNDECIDED) and e.id not in weakest
    ]
    head = "<h3>Weakest links</h3><p class='small soft'>A chain is worth its weakest link: these "
    return (
        head + f"claims lower others that are shown otherwise.</p>{_list(rows)}" if rows else ""
    ) + (f"<h3>Weak, with nothing resting on them</h3>{_list(alone)}" if alone else "")


def _unbitten(document: Document) -> str:
    rows = []
    for e in document.entries:
        said = [f"no method refutes {prose(v)}" for v in e.void]
        said += [f"{text(r.method)} accepts {prose(t)}" for r in e.evidence for t in r.toothless]
        if said:
            rows.append(f"<li>{claim_link(document, e.id)}: {'; '.join(said)}</li>")
    return f"<h3>Controls that did not bite</h3>{_list(rows)}" if rows else ""


def counts_table(document: Document) -> str:
    """Return how many claims have each verdict, own and rolled up, and what each verdict means."""
    printed = [e for e in document.entries if e.kind == "statement"]
    own, rolled = document.counts(), document.counts(rolled=True)
    most = max([1, *own.values(), *rolled.values()])
    rows = []
    for verdict in LOOKS:
        numbers = (
            sum(e.own is verdict for e in printed),
            sum(e.rolled is verdict for e in printed),
            own[verdict],
            rolled[verdict],
        )
        cells = "".join(f'<td class="number">{n or "&ndash;"}</td>' for n in numbers)
        bars = "".join(
            f'<span class="{kind} {slug(verdict)}" style="width:{100 * n / most:.0f}%"></span>'
            for kind, n in (("bar", own[verdict]), ("bar hollow", rolled[verdict]))
            if n
        )
        rows.append(
            f'<tr><th scope="row">{chip(verdict)}</th>{cells}'
            f'<td class="bars" aria-hidden="true">{bars}</td></tr>'
        )
    meanings = "".join(
        f"<li>{chip(v, quiet=True)} {text(look.means)}</li>" for v, look in LOOKS.items()
    )
    halves = '<th class="number">own</th><th class="number">rolled up</th>'
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Verdicts">'
        '<table class="counts"><thead><tr><th rowspan="2">Verdict</th>'
        '<th colspan="2" class="number">Printed statements</th>'
        '<th colspan="2" class="number">All claims</th><td class="bars"></td></tr>'
        f'<tr>{halves}{halves}<td class="bars"></td></tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f"<details><summary>What the verdicts mean</summary><ul>{meanings}</ul></details>"
    )
