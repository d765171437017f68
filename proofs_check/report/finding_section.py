"""The section of one finding: what is printed, where it fails, what stands, what it changes."""

from collections.abc import Collection, Sequence
from typing import Final

from proofs_check.report.chains import Chains
from proofs_check.report.document import Document, Entry, EvidenceRow, WitnessRow
from proofs_check.report.markup import shorten
from proofs_check.report.myst import claim_link, display, inline, number, table, target, words
from proofs_check.verdict import Verdict

__all__ = ["constant_change", "finding_section", "stands"]

VALUE: Final = 600
"""Characters of a number that are shown."""
PARTS: Final = 4
"""Numbers of one group of equal neurons: inner weight, outer weight, bias, copies."""


def finding_section(
    document: Document, links: Chains, entry: Entry, shown: Collection[str]
) -> list[str]:
    """Return the lines of the section of a claim that does not hold as printed.

    Parameters
    ----------
    document
        The run.
    links
        Its families.
    entry
        The claim.
    shown
        Ids of the claims that have a section.
    """
    where = f": {words(entry.place)}" if entry.place else ""
    said = "The ledger's own form" if entry.kind == "derived" else "As the source has it"
    lines = [f"({target(entry.id)})=", f"### `{entry.id}`{where}", "", words(entry.says), ""]
    lines += [f"{said} ({words(entry.kind)}, {entry.own.name}):", ""]
    lines += [display(entry.statement), ""]
    lines += _witness(entry)
    if entry.note:
        lines += [f"*Remark.* {words(entry.note)}", ""]
    lines += stands(document, entry, shown)
    return [*lines, *_downstream(document, links, entry, shown)]


def _witness(entry: Entry) -> list[str]:
    """Return where the claim fails, with both sides."""
    row = next((e for e in entry.evidence if e.verdict is Verdict.REFUTED and e.witness), None)
    if row is None or row.witness is None:
        return []
    witness = row.witness
    given = {g.symbol.text: g for g in entry.given}
    rows: list[Sequence[str]] = []
    for name, value in witness.values.items():
        symbol = inline(given[name].symbol) if name in given else f"`{name}`"
        network = name in given and "networks" in given[name].domain.text
        rows.append((symbol, _network(value) if network else _value(value)))
    rows += [("left side", words(shorten(witness.lhs, VALUE)))]
    rows += [("right side", words(shorten(witness.rhs, VALUE)))]
    lines = [f"It fails ({_certainty(row, witness)}) at", "", *table(("", "value"), rows), ""]
    held = {h.text: inline(h) for h in entry.where}
    if witness.hypotheses:
        conditions = "; ".join(held.get(h, words(h)) for h in witness.hypotheses)
        lines += [f"where every hypothesis holds: {conditions}.", ""]
    return lines


def _certainty(row: EvidenceRow, witness: WitnessRow) -> str:
    if row.method == "monte carlo":
        return "simulated, a test at the stated level"
    return f"certified with {witness.bits} bits" if witness.bits else "exact"


def _value(value: str | tuple[str, ...]) -> str:
    text = value if isinstance(value, str) else "(" + ", ".join(value) + ")"
    return words(shorten(text, VALUE))


def _network(value: str | tuple[str, ...]) -> str:
    """Return the neurons of a network, equal ones once."""
    if isinstance(value, str) or len(value) % PARTS:
        return _value(value)
    groups = []
    for start in range(0, len(value), PARTS):
        inner, outer, bias, copies = value[start : start + PARTS]
        times = "" if copies == "1" else f"{copies} times "
        groups.append(f"{times}inner {inner}, outer {outer}, bias {bias}")
    return words(shorten("; ".join(groups), VALUE))


def stands(document: Document, entry: Entry, shown: Collection[str]) -> list[str]:
    """Return the claims that repair a claim, with their verdicts and constants."""
    amended = document.amendments(entry.id)
    if not amended:
        return []
    lines = ["**What still stands.**", ""]
    for repair in amended:
        place = f"{claim_link(document, repair.id, shown)}, {words(repair.place)}"
        lines += [f"{place}: {words(repair.says)}", "", display(repair.statement), ""]
        if repair.note:
            lines += [f"*Remark.* {words(repair.note)}", ""]
    change = constant_change(document, entry)
    return [*lines, f"{change[0].upper()}{change[1:]}.", ""] if change else lines


def constant_change(document: Document, entry: Entry) -> str:
    """Return what becomes of the constant of a printed claim in its amended forms."""
    if entry.constant is None:
        return ""
    printed = entry.constant.printed
    after = {a.constant.printed for a in document.amendments(entry.id) if a.constant is not None}
    if not after:
        return ""
    if after == {printed}:
        return f"the printed constant {number(printed)} stays"
    return f"the printed constant {number(printed)} becomes {', '.join(map(number, sorted(after)))}"


def _downstream(
    document: Document, links: Chains, entry: Entry, shown: Collection[str]
) -> list[str]:
    """Return what rests on the claim or its repair, as far as the statements of the paper."""
    by_id = document.by_id
    family = {k for k, root in links.root.items() if root == links.root[entry.id]}
    printed = [e.id for e in document.entries if entry.id in e.steps]
    users = [
        e.id
        for e in document.entries
        if e.id not in family and family & set(e.rests_on) - {entry.id}
    ]
    reached = [k for k in links.above(entry.id) if by_id[k].kind == "statement"]
    if not (printed or users or reached):
        return ["**Downstream.** Nothing in the ledger rests on it.", ""]
    said = []
    if printed:
        said.append(f"A step of the printed proof of {_links(document, printed, shown)}.")
    if users:
        said.append(f"Its repair is used by {_links(document, users, shown)}.")
    elif not document.amendments(entry.id):
        said.append("No claim repairs this row by itself.")
    lines = [f"**Downstream.** {' '.join(said)}", ""]
    return [
        *lines,
        *(_reached(document, by_id[k], shown) for k in reached),
        *([""] * bool(reached)),
    ]


def _reached(document: Document, entry: Entry, shown: Collection[str]) -> str:
    """Return what becomes of a statement above a wrong row."""
    repairs = [a.id for a in document.amendments(entry.id)]
    if repairs:
        fate = f"amended as {_links(document, repairs, shown)}"
    else:
        fate = "has no amended form" if entry.own is Verdict.REFUTED else "not refuted as stated"
    change = constant_change(document, entry)
    place = f", {words(entry.place)}" if entry.place else ""
    ending = f"; {change}" if change else ""
    return f"* Reaches {claim_link(document, entry.id, shown)}{place}: {fate}{ending}."


def _links(document: Document, names: Sequence[str], shown: Collection[str]) -> str:
    return ", ".join(claim_link(document, n, shown) for n in names)
