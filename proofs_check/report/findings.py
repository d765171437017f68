"""The findings on one paper as MyST Markdown: what does not hold, what stands, what rests on what.

Nothing here is written by hand: verdicts, witnesses and constants are those of the run, remarks
are the notes of the claims, and what a wrong row does to the theorems above it is read off the
dependencies of the ledger.
"""

from collections.abc import Collection, Sequence
from typing import Final

from proofs_check.errors import InputError
from proofs_check.report.chains import Chains, chains
from proofs_check.report.document import Document, Entry
from proofs_check.report.finding_section import constant_change, finding_section
from proofs_check.report.myst import claim_link, display, inline, number, table, words
from proofs_check.verdict import Verdict

__all__ = ["render", "wrong"]

PRINTED: Final = frozenset({"statement", "step", "said"})
"""Kinds of rows that a source states; the others are the ledger's own."""
SHARP: Final = ".sharp"
"""How the ids of sharpened forms end."""


def render(document: Document, paper: str) -> str:
    """Return the findings on a paper as one page.

    Parameters
    ----------
    document
        A run that has all claims of the paper.
    paper
        Key of the paper.

    Raises
    ------
    InputError
        The document has no claim of the paper.
    """
    entries = tuple(e for e in document.entries if e.paper == paper)
    if not entries:
        known = ", ".join(dict.fromkeys(e.paper for e in document.entries)) or "none"
        raise InputError(f"PAPER: the ledger has no claim of paper {paper!r}; it has {known}")
    links = chains(document)
    bad = wrong(document, paper)
    shown = {e.id for e in bad}
    lines = [f"# Findings on paper {paper}", "", *_opening(document, paper, entries, bad), ""]
    lines += ["## What does not hold as printed", ""]
    lines += _overview(document, bad, shown) if bad else ["Every row holds as printed."]
    lines += [""]
    for entry in bad:
        lines += finding_section(document, links, entry, shown)
    lines += _broken_proofs(document, entries, shown)
    lines += _effects(document, links, entries, shown)
    lines += _constants(document, entries)
    lines += _hypotheses(document, entries, shown)
    lines += _not_proved(document, entries, shown)
    return "\n".join(lines).rstrip() + "\n"


def wrong(document: Document, paper: str) -> tuple[Entry, ...]:
    """Return the entries of a paper that are refuted."""
    return tuple(e for e in document.entries if e.paper == paper and e.own is Verdict.REFUTED)


def _opening(
    document: Document, paper: str, entries: Sequence[Entry], bad: Sequence[Entry]
) -> list[str]:
    rows = [
        (v.name, str(sum(e.own is v for e in entries)), str(sum(e.rolled is v for e in entries)))
        for v in sorted(Verdict, reverse=True)
    ]
    printed = sum(e.kind in PRINTED for e in bad)
    own = len(bad) - printed
    more = f", and {own} of the ledger's own" if own else ""
    made = (
        f"Made by `scoreproof findings {paper}` from the checked ledger ({document.profile} "
        f"profile, seed {document.seed}); made anew, not edited. Of {len(entries)} rows, "
        f"{printed} that a source states are refuted{more}. A refutation has a witness in exact "
        "rationals that satisfies every hypothesis; both sides are shown as decimals of certified "
        "enclosures, unless it is called simulated."
    )
    return [
        f"{words(document.papers.get(paper, paper))}.",
        "",
        made,
        "",
        *table(("verdict", "own", "rolled up"), [r for r in rows if r[1:] != ("0", "0")]),
    ]


def _overview(document: Document, bad: Sequence[Entry], shown: Collection[str]) -> list[str]:
    rows = []
    for entry in bad:
        repairs = ", ".join(claim_link(document, a.id, ()) for a in document.amendments(entry.id))
        rows.append(
            (
                claim_link(document, entry.id, shown),
                words(entry.place),
                words(entry.says),
                repairs or "-",
            )
        )
    return table(("claim", "source", "says", "repaired as"), rows)


def _broken_proofs(
    document: Document, entries: Sequence[Entry], shown: Collection[str]
) -> list[str]:
    """Return the claims that are not refuted although a printed step is."""
    rows = []
    for entry in entries:
        steps = [s for s in entry.steps if s in document.by_id]
        broken = [s for s in steps if document.by_id[s].rolled is Verdict.REFUTED]
        if broken and entry.own is not Verdict.REFUTED:
            names = ", ".join(claim_link(document, s, shown) for s in broken)
            rows.append((claim_link(document, entry.id, shown), words(entry.place), names))
    if not rows:
        return []
    head = ("claim", "source", "refuted steps of the printed proof")
    return ["## Not refuted, but the printed proof is broken", "", *table(head, rows), ""]


def _effects(
    document: Document, links: Chains, entries: Sequence[Entry], shown: Collection[str]
) -> list[str]:
    """Return, for each statement above a wrong row, what is left of it."""
    rows = []
    for entry in entries:
        if entry.kind != "statement" or entry.amends:
            continue
        below = [k for k in shown if links.root[k] != entry.id and entry.id in links.above(k)]
        if not below:
            continue
        below.sort(key=list(document.by_id).index)
        repairs = ", ".join(claim_link(document, a.id, ()) for a in document.amendments(entry.id))
        rows.append(
            (
                claim_link(document, entry.id, shown),
                words(entry.place),
                ", ".join(f"`{k}`" for k in below),
                repairs or ("-" if entry.own is Verdict.REFUTED else "as stated"),
                constant_change(document, entry) or "-",
            )
        )
    if not rows:
        return []
    head = ("statement", "source", "refuted rows below", "stands as", "constant")
    lines = ["## What the refutations do to the statements above them", ""]
    return [*lines, *table(head, rows), ""]


def _constants(document: Document, entries: Sequence[Entry]) -> list[str]:
    """Return the rows that hold with another constant than the printed one."""
    lines = ["## Constants", ""]
    changed = []
    for entry in entries:
        repairs = [a for a in document.amendments(entry.id) if a.constant is not None]
        for repair in repairs:
            if entry.constant is None or repair.constant is None:
                continue
            changed.append(
                (
                    f"`{entry.id}`",
                    number(entry.constant.printed),
                    number(repair.constant.printed),
                    claim_link(document, repair.id, ()),
                )
            )
    if changed:
        head = ("claim", "printed", "in the amended form", "amended form")
        lines += [*table(head, changed), ""]
    sharp = [e for e in entries if e.id.endswith(SHARP)]
    if sharp:
        lines += ["Sharper forms that the same argument gives:", ""]
        for entry in sharp:
            note = f" {words(entry.note)}" if entry.note else ""
            place = f"{claim_link(document, entry.id, ())}, {words(entry.place)}"
            lines += [f"{place}: {words(entry.says)}{note}", "", display(entry.statement), ""]
    return lines if len(lines) > 2 else []


def _hypotheses(document: Document, entries: Sequence[Entry], shown: Collection[str]) -> list[str]:
    """Return what amended claims suppose beyond the printed ones."""
    by_id = document.by_id
    rows = []
    for repair in entries:
        if repair.amends is None or repair.amends not in by_id:
            continue
        printed = by_id[repair.amends]
        known = {h.text for h in printed.where}
        domains = {g.symbol.text: g.domain.text for g in printed.given}
        added = [inline(h) for h in repair.where if h.text not in known]
        added += [
            inline(g.domain)
            for g in repair.given
            if domains.get(g.symbol.text, g.domain.text) != g.domain.text
        ]
        if added:
            fails = "fails without" if printed.own is Verdict.REFUTED else "no failure was found"
            rows.append(
                (claim_link(document, printed.id, shown), f"`{repair.id}`", "; ".join(added), fails)
            )
    if not rows:
        return []
    head = ("printed", "amended", "supposes in addition or instead", "printed form")
    return ["## Hypotheses that are used silently", "", *table(head, rows), ""]


def _not_proved(document: Document, entries: Sequence[Entry], shown: Collection[str]) -> list[str]:
    """Return what is only argued or supported, and which results inherit it."""
    weak = (Verdict.ARGUED, Verdict.SUPPORTED, Verdict.UNDECIDED, Verdict.VACUOUS)
    own = [e for e in entries if e.own in weak]
    if not own:
        return []
    rows = []
    for entry in own:
        argued = next((r for r in entry.evidence if r.method == "argued"), None)
        name = str(argued.certificate.get("document", "")) if argued is not None else ""
        text = f"[argument](arguments/{name})" if name else "-"
        how = next((r for r in entry.evidence if r.counted is entry.own), entry.best)
        said = "" if how.method == "argued" else f"{how.method}: {how.detail}"
        rows.append((f"`{entry.id}`", words(entry.place), entry.own.name, text, words(said) or "-"))
    lines = ["## What is only argued or supported", ""]
    lines += ["None of these rows is proved: people argued for it, or a search saw no failure.", ""]
    lines += [*table(("claim", "source", "own", "by people", "by a machine"), rows), ""]
    inherited = []
    for entry in entries:
        if entry.kind not in ("statement", "amended") or not entry.own.certified:
            continue
        below = [k for k in _below(document, entry) if document.by_id[k].own in weak]
        if below and not entry.rolled.certified:
            inherited.append(
                (
                    claim_link(document, entry.id, shown),
                    words(entry.place),
                    ", ".join(f"`{k}` ({document.by_id[k].own.name})" for k in below),
                )
            )
    if inherited:
        lines += ["Results that rest on them:", ""]
        lines += [*table(("claim", "source", "rests on"), inherited), ""]
    return lines


def _below(document: Document, entry: Entry) -> list[str]:
    """Return all claims on which the verdict of a claim rests, in the order of the ledger."""
    by_id = document.by_id
    found: set[str] = set()
    waiting = [entry]
    while waiting:
        last = waiting.pop()
        for name in (*last.uses, *(r for e in last.evidence for r in e.rests_on)):
            if name in by_id and name not in found:
                found.add(name)
                waiting.append(by_id[name])
    return [k for k in by_id if k in found]
