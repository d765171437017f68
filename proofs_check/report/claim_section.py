"""The section of one claim in the HTML report."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from proofs_check.report.constant_section import constant_section
from proofs_check.report.document import Agreement, Document, Entry, EvidenceRow, WitnessRow
from proofs_check.report.figure_section import figures_of
from proofs_check.report.graph import is_broken
from proofs_check.report.long_formula import displayed
from proofs_check.report.looks import chip, slug
from proofs_check.report.markup import (
    anchor,
    approximate,
    claim_link,
    formula,
    links,
    shorten,
    text,
)
from proofs_check.report.prose import prose
from proofs_check.report.witness_plot import witness_plot
from proofs_check.verdict import Verdict

__all__ = ["claim_section", "recorded", "repairs", "statement", "verdicts", "witness_table"]

CERTIFICATE: Final = 60
"""Characters up to which a certificate is shown, whole; the JSON ledger has them all."""
VALUE: Final = 400
"""Characters of a number that are shown."""
SCREENED: Final = {"points", "seed", "unclear"}
"""The certificate of a search that found nothing: the detail and the front page say the same."""
LINE: Final = 100
"""Characters of the witness of a broken variant that are shown."""


def claim_section(document: Document, entry: Entry, *, alike: Entry | None = None) -> str:
    """Return everything that is known of a claim; a lemma's details are folded.

    Parameters
    ----------
    document
        The run.
    entry
        The claim.
    alike
        A claim above it on the page with the same symbols and hypotheses, which are then not said
        again.
    """
    lemma = entry.kind == "lemma"
    bad = entry.own in (Verdict.REFUTED, Verdict.ERROR, Verdict.VACUOUS)
    classes = " ".join(["lemma"] * lemma + ["bad", slug(entry.own)] * bad) or "claim"
    note = f'<p class="soft small">{prose(entry.note)}</p>' if entry.note else ""
    more = "".join(
        (
            _given(entry, alike),
            constant_section(entry.constant),
            _steps(document, entry),
            _evidence(document, entry),
            _controls(entry),
            figures_of(document, entry),
            _neighbours(document, entry),
        )
    )
    if lemma:
        more = f"<details><summary>Domains, evidence, controls</summary>{more}</details>"
    return (
        f'<article id="{anchor(entry.id)}" class="{classes}">{_head(entry)}'
        f'<p class="says">{prose(entry.says)}</p>{_amends(document, entry)}'
        f"{statement(entry)}{note}{witness_table(entry)}{repairs(document, entry)}{more}"
        f"{'' if lemma else _again(entry)}</article>"
    )


def verdicts(entry: Entry) -> str:
    """Return the labels of a claim: its own verdict, the one rolled up if it differs, the proof."""
    labels = [chip(entry.own)]
    if entry.rolled is not entry.own:
        labels.append(chip(entry.rolled, before="rolled up", quiet=True))
    if entry.proof is not None:
        word = "printed proof broken" if is_broken(entry) else "printed proof"
        labels.append(chip(entry.proof, before=word, quiet=True))
    return " ".join(labels)


def statement(entry: Entry) -> str:
    """Return the statement as a displayed formula that is broken, or scrolls, when too wide."""
    return displayed(entry.statement)


def _head(entry: Entry) -> str:
    where = f"{text(entry.kind)} · {prose(entry.place)}" if entry.place else text(entry.kind)
    differs = ""
    if entry.agreement is Agreement.DIFFERS:
        differs = f'<span class="kind">{recorded(entry)}</span>'
    return (
        f'<div class="head"><h4 class="id">{text(entry.id)}</h4>'
        f'<span class="kind">{where}</span>{verdicts(entry)}{differs}</div>'
    )


def recorded(entry: Entry) -> str:
    """Return the recorded verdicts of a claim as words."""
    own = entry.recorded_own.name if entry.recorded_own is not None else "nothing"
    rolled = entry.recorded_rolled.name if entry.recorded_rolled is not None else "nothing"
    return f"recorded: {own}, rolled up {rolled}"


def _amends(document: Document, entry: Entry) -> str:
    if entry.amends is None:
        return ""
    return f'<p class="small">Amends {claim_link(document, entry.amends, verdict=True)}</p>'


def repairs(document: Document, entry: Entry) -> str:
    """Return the claims that amend a claim, each with its statement."""
    rows = "".join(
        f"<h5>Amended claim</h5><p>{claim_link(document, a.id)} {verdicts(a)} {prose(a.says)}</p>"
        f"{statement(a)}"
        for a in document.amendments(entry.id)
    )
    return rows


def witness_table(entry: Entry) -> str:
    """Return the counterexample of a refuted claim as numbers, empty when there is none."""
    witness = entry.witness
    if witness is None:
        return ""
    symbols = {g.symbol.text: formula(g.symbol) for g in entry.given}
    conditions = {h.text: formula(h) for h in entry.where}
    rows = "".join(
        f'<tr><th scope="row">{symbols.get(k) or text(k)}</th><td>{_number(v)}</td></tr>'
        for k, v in witness.values.items()
    )
    sides = (
        f'<tr><th scope="row">left side</th><td>{text(shorten(witness.lhs, VALUE))}</td></tr>'
        f'<tr><th scope="row">right side</th><td>{text(shorten(witness.rhs, VALUE))}</td></tr>'
    )
    held = "".join(
        f"<li>{conditions.get(h) or text(shorten(h, VALUE))}</li>" for h in witness.hypotheses
    )
    return (
        f'<div class="witness {slug(Verdict.REFUTED)}"><h5>Witness ({_certainty(entry)})</h5>'
        f"<table><tbody>{rows}{sides}</tbody></table>{witness_plot(witness)}"
        + (f'<p class="small">Every hypothesis holds there:</p><ul>{held}</ul>' if held else "")
        + "</div>"
    )


def _certainty(entry: Entry) -> str:
    """Return how sure the failure at the witness is."""
    row = next(r for r in entry.evidence if r.verdict is Verdict.REFUTED and r.witness)
    if row.method == "monte carlo":
        return "simulated: a test at the stated level"
    bits = row.witness.bits if row.witness else 0
    return f"certified with {bits} bits" if bits else "exact"


def _number(value: str | tuple[str, ...]) -> str:
    if isinstance(value, str):
        exact, near = value, approximate(value)
    else:
        exact = f"({', '.join(value)})"
        decimals = [approximate(v) for v in value]
        near = f"({', '.join(d or v for d, v in zip(decimals, value, strict=True))})"
        near = near if any(decimals) else ""
    shown = text(shorten(exact, VALUE))
    if not near:
        return shown
    return f'{shown} <span class="soft">&asymp; {text(shorten(near, VALUE))}</span>'


def _given(entry: Entry, alike: Entry | None) -> str:
    checked = (
        f"<details><summary>As checked</summary><pre>{text(entry.statement.text)}</pre></details>"
    )
    if alike is not None:
        above = f'<a class="id" href="#{anchor(alike.id)}">{text(alike.id)}</a>'
        return f'<p class="small">Symbols and hypotheses are those of {above}.</p>{checked}'
    domains = "".join(f"<li>{formula(g.domain)}</li>" for g in entry.given)
    held = "".join(f"<li>{formula(h)}</li>" for h in entry.where)
    return (
        (f'<h5>For</h5><ul class="given">{domains}</ul>' if domains else "")
        + (f'<h5>Hypotheses</h5><ul class="given">{held}</ul>' if held else "")
        + checked
    )


def _steps(document: Document, entry: Entry) -> str:
    if not entry.steps:
        return ""
    rows = []
    for name in entry.steps:
        step = document.by_id.get(name)
        labels = f" {verdicts(step)} {prose(step.says)}" if step else ""
        rows.append(f"<li>{claim_link(document, name)}{labels}</li>")
    return f"<h5>Steps of the printed proof</h5><ol>{''.join(rows)}</ol>"


def _evidence(document: Document, entry: Entry) -> str:
    rows = "".join(_evidence_row(document, row) for row in entry.evidence)
    return f'<h5>Evidence</h5><ul class="rows">{rows}</ul>'


def _evidence_row(document: Document, row: EvidenceRow) -> str:
    strength = chip(row.verdict, quiet=True)
    lines = [_linked(document, row.detail, row.rests_on)]
    if row.toothless:
        strength = f"<span>{strength} counts as {chip(row.counted)}</span>"
        names = "; ".join(prose(t) for t in row.toothless)
        lines.append(f"<p>Toothless: it accepts the broken variants {names}.</p>")
    unnamed = [name for name in row.rests_on if name not in row.detail]
    if unnamed:
        lines.append(f'<p class="small">rests on {links(document, unnamed)}</p>')
    lines.append(_certificate(row.certificate))
    return f"<li><b>{text(row.method)}</b> {strength} <div>{''.join(lines)}</div></li>"


def _linked(document: Document, detail: str, names: Sequence[str]) -> str:
    """Return a text with the ids in it linked."""
    if not names:
        return text(detail)
    # the longest first, so that no id is found inside another
    either = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    parts = re.split(f"({either})", detail)
    return "".join(claim_link(document, p) if k % 2 else text(p) for k, p in enumerate(parts))


def _certificate(certificate: Mapping[str, Any]) -> str:
    if not certificate or set(certificate) <= SCREENED:
        return ""
    source = json.dumps(certificate, sort_keys=True, ensure_ascii=False, default=str)
    if len(source) > CERTIFICATE:
        return f" <small>(certificate: {len(source)} characters)</small>"
    return f"<details><summary>certificate</summary><pre>{text(source)}</pre></details>"


def _controls(entry: Entry) -> str:
    if not entry.controls:
        return ""
    if entry.kind in ("lemma", "step", "derived") and not entry.void:
        names = "; ".join(c.variant for c in entry.controls)
        return f"<h5>Controls: false variants, all refuted</h5><p>{prose(names)}</p>"
    rows = "".join(
        f"<li><b>{prose(c.variant)}</b> {_answer(c.verdict)} <div>{_line(c.witness)}</div></li>"
        for c in entry.controls
    )
    return f'<h5>Controls: false variants, each to be refuted</h5><ul class="rows">{rows}</ul>'


def _answer(verdict: Verdict) -> str:
    """Return a control's verdict; here a refutation is what should be, and does not stand out."""
    return "<span>REFUTED</span>" if verdict is Verdict.REFUTED else chip(verdict)


def _line(witness: WitnessRow | None) -> str:
    return f"fails at {text(shorten(str(witness), LINE))}" if witness else "no witness"


def _neighbours(document: Document, entry: Entry) -> str:
    rows = (
        ("Rests on", links(document, entry.rests_on)),
        ("What depends on it", links(document, document.dependents(entry.id))),
    )
    return "".join(f"<h5>{head}</h5><p>{named}</p>" for head, named in rows if named)


def _again(entry: Entry) -> str:
    line = f"scoreproof verify {text(_quoted(entry.id))}"
    return f'<p class="small">Check just this again: <code>{line}</code></p>'


def _quoted(name: str) -> str:
    from shlex import quote

    return quote(name)
