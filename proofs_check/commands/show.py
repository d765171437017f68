"""``scoreproof show``: one claim, whole."""

import argparse
from typing import TYPE_CHECKING

from proofs_check.commands.checking import checked
from proofs_check.commands.options import add_cache, add_effort

if TYPE_CHECKING:
    from rich.console import Console

    from proofs_check.claim import Claim
    from proofs_check.report.document import Document, Entry

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("id", metavar="ID", help="a claim, such as A.cor3a")
    parser.add_argument(
        "file", nargs="?", metavar="FILE.py", help="a file of your own claims that holds it"
    )
    parser.add_argument(
        "--audit", action="store_true", help="drop each hypothesis in turn and say what happens"
    )
    add_effort(parser)
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Check the claim and what it rests on, and print all about it."""
    from proofs_check import recorded
    from proofs_check.ledger import best_constants
    from proofs_check.loading import load_claims, read_targets, single
    from proofs_check.report.build import build
    from proofs_check.report.table import console

    origin, _ = read_targets([args.file] if args.file else [])
    claims = load_claims(origin)
    name = single(args.id, claims)
    wanted = [name, *(k for k, c in claims.by_id.items() if c.amends == name)]
    result = checked(args, claims, wanted)
    record = recorded.read_record(recorded.RECORD)
    brackets = best_constants.read_brackets(best_constants.RECORD)
    document = build(claims, result, record, brackets=brackets)
    screen = console()
    _print_entry(screen, document, document.by_id[name])
    if args.audit:
        _print_audit(screen, claims.by_id[name])
    return 0


def _print_entry(screen: "Console", document: "Document", entry: "Entry") -> None:
    from rich.text import Text

    from proofs_check.report.table import verdict_text

    screen.print(Text.assemble((entry.id, "bold"), f"  {entry.says}"))
    paper = document.papers.get(entry.paper, entry.paper)
    screen.print(f"  {paper}, {entry.place}" if entry.place else f"  {paper}")
    screen.print()
    screen.print(Text(f"  {entry.statement.text}"))
    for row in entry.given:
        screen.print(Text(f"    {row.domain.text}"))
    for hypothesis in entry.where:
        screen.print(Text(f"    where {hypothesis.text}"))
    if entry.note:
        screen.print(Text(f"    note: {entry.note}"))
    screen.print()
    verdicts = [("own", entry.own), ("rolled up", entry.rolled), ("printed proof", entry.proof)]
    for label, verdict in verdicts:
        if verdict is not None:
            screen.print(Text.assemble(f"  {label:<14}", verdict_text(verdict)))
    for evidence in entry.evidence:
        line = Text.assemble(f"    {evidence.method:<12}", verdict_text(evidence.verdict))
        screen.print(Text.assemble(line, f"  {evidence.detail}"))
        if evidence.toothless:
            screen.print(f"      toothless: accepts {', '.join(evidence.toothless)}")
    _print_constant(screen, entry)
    _print_links(screen, document, entry)


def _print_constant(screen: "Console", entry: "Entry") -> None:
    from proofs_check.report.slack import best_words, factor_words, slack

    row = entry.constant
    if row is None:
        return
    screen.print(f"  constant {row.symbol}    printed {row.printed}")
    if row.best is None:
        screen.print("    best value not recorded; 'scoreproof constants' searches for it")
        return
    screen.print(f"    best value    {best_words(row)}")
    screen.print(f"    lower end     {row.best.lo_by}")
    screen.print(f"    upper end     {row.best.hi_by}")
    found = slack(row)
    if found is not None:
        screen.print(f"    factor given away: {factor_words(found)}")


def _print_links(screen: "Console", document: "Document", entry: "Entry") -> None:
    from rich.text import Text

    from proofs_check.report.table import verdict_text

    by_id = document.by_id
    for label, names in (("steps", entry.steps), ("rests on", entry.rests_on)):
        shown = [n for n in names if n in by_id]
        if shown:
            screen.print(f"  {label}")
        for n in shown:
            screen.print(Text.assemble(f"    {n:<28}", verdict_text(by_id[n].rolled)))
    screen.print("  broken variants")
    for control in entry.controls:
        at = f"  at {control.witness}" if control.witness else ""
        screen.print(Text.assemble(f"    {control.variant}: ", verdict_text(control.verdict), at))
    if entry.witness is not None:
        screen.print(Text(f"  witness {entry.witness}"))
        screen.print(Text(f"    left side {entry.witness.lhs}, right side {entry.witness.rhs}"))
    for amended in document.amendments(entry.id):
        screen.print(Text.assemble(f"  repaired as {amended.id}: ", verdict_text(amended.rolled)))


def _print_audit(screen: "Console", claim: "Claim") -> None:
    from proofs_check.hypothesis_audit import audit

    screen.print("  hypothesis audit")
    for row in audit(claim):
        screen.print(f"    {row}", markup=False)
