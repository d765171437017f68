"""``scoreproof verify``: check claims, compare with the record, write reports."""

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from proofs_check.commands.checking import checked
from proofs_check.commands.options import add_cache, add_effort, add_targets
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from proofs_check.engine import LedgerResult
    from proofs_check.figures.figure import Figure
    from proofs_check.loading import Claims, Origin
    from proofs_check.report.document import Document

__all__ = ["add_arguments", "run"]

OUTPUTS = ("json", "html", "junit", "markdown", "latex", "svg")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser)
    add_effort(parser)
    add_cache(parser)
    parser.add_argument("--json", type=Path, metavar="F", help="write the ledger with certificates")
    parser.add_argument("--html", type=Path, metavar="F", help="write one offline page")
    parser.add_argument("--junit", type=Path, metavar="F", help="write results for a CI system")
    parser.add_argument("--markdown", type=Path, metavar="F", help="write a table and the errata")
    parser.add_argument("--latex", type=Path, metavar="F", help="write a table and the errata")
    parser.add_argument("--svg", type=Path, metavar="F", help="write the graph of statements")
    parser.add_argument(
        "--strict", action="store_true", help="exit with 3 when a claim stays undecided"
    )
    parser.add_argument("--quiet", action="store_true", help="print only what differs")
    parser.add_argument(
        "--record", action="store_true", help="make these the recorded verdicts of the ledger"
    )


def run(args: argparse.Namespace) -> int:
    """Check the claims and return the exit code."""
    from proofs_check import recorded
    from proofs_check.loading import read_targets
    from proofs_check.output import check_writable
    from proofs_check.report.files import write_reports
    from proofs_check.report.table import print_document

    start = time.perf_counter()
    origin, ids = read_targets(args.targets)
    outputs = {f"--{k}": getattr(args, k) for k in OUTPUTS if getattr(args, k) is not None}
    kept = {"--record": recorded.RECORD} if args.record else {}
    check_writable(kept | outputs, inputs=origin.files)
    # a user's file may change the folder in which it is run
    outputs = {option: path.absolute() for option, path in outputs.items()}
    key = _key(args, origin, ids, reports=bool(outputs))
    document = _kept(key)
    if document is None:
        document, recalled = _made(args, origin, ids, key=key, reports=bool(outputs))
    else:
        document = replace(document, seconds=time.perf_counter() - start)
        recalled = len(document.entries)
    write_reports(document, outputs)
    print_document(document, quiet=args.quiet)
    say_where_from(recalled, len(document.entries), quiet=args.quiet)
    return exit_code(document, strict=args.strict)


def _key(args: argparse.Namespace, origin: "Origin", ids: Sequence[str], *, reports: bool) -> str:
    """Return the fingerprint of a run's document; empty when the document is not to be kept.

    A file of the user may read anything, so nothing says whether it still gives the same claims.
    """
    from hashlib import sha256

    from proofs_check.sources import project_fingerprint

    if origin.files or args.record or not args.cache:
        return ""
    wanted = [project_fingerprint(), args.full, args.seed, list(ids), reports]
    return sha256(json.dumps(wanted).encode()).hexdigest()


def _kept(key: str) -> "Document | None":
    from proofs_check.cache import Cache, default_path

    if not key:
        return None
    with Cache(default_path()) as cache:
        return cache.get_document(key)


def _made(
    args: argparse.Namespace, origin: "Origin", ids: Sequence[str], *, key: str, reports: bool
) -> "tuple[Document, int]":
    """Check the claims; return the document of the run, and how many results are of earlier ones.

    Parameters
    ----------
    args, origin, ids
        What the user asked for.
    key
        Fingerprint under which the document is kept, unless it is empty.
    reports
        Whether reports are written, which name the figures too.
    """
    from proofs_check import recorded
    from proofs_check.cache import Cache, default_path
    from proofs_check.ledger import best_constants
    from proofs_check.loading import load_claims, select
    from proofs_check.report.build import build

    record = recorded.read_record(recorded.RECORD)
    brackets = best_constants.read_brackets(best_constants.RECORD)
    claims = load_claims(origin)
    names = select(claims, ids)
    if args.record and claims.mine.issuperset(names):
        raise InputError("--record: only claims of the ledger are recorded; leave the option out")
    result = checked(args, claims, names, quiet=args.quiet)
    if args.record:
        _record(claims, result)
        record = recorded.read_record(recorded.RECORD)
    figures = _figures() if reports else ()
    document = build(claims, result, record, brackets=brackets, figures=figures)
    if key:
        with Cache(default_path()) as cache:
            cache.put_document(key, document)
    return document, result.recalled


def _figures() -> "Iterable[Figure]":
    """Return the figures of the project, which reports name beside the claims."""
    from proofs_check.modules import constants

    return constants("proofs_check.figures", "FIGURE")


def _record(claims: "Claims", run: "LedgerResult") -> None:
    """Write the verdicts of the ledger's claims into the record."""
    from proofs_check import recorded
    from proofs_check.serialised import record, statement_hash
    from proofs_check.verdict import Verdict

    # a crash is no verdict to record; the run fails because of it, and the table says where
    ended = {k: r for k, r in run.results.items() if r.own is not Verdict.ERROR}
    ledger = [k for k in claims.by_id if k not in claims.mine]
    statements = {k: statement_hash(record(claims.by_id[k])) for k in ended}
    recorded.update_record(recorded.RECORD, ended, ledger=ledger, statements=statements)


def say_where_from(recalled: int, of: int, *, quiet: bool) -> None:
    """Print on standard error how many results were kept from before."""
    from proofs_check.report.table import console

    if recalled and not quiet:
        console(error=True).print(
            f"{recalled} of {of} results are of an earlier run of the same "
            "claims, evidence, code and versions; --no-cache checks them anew"
        )


def exit_code(document: "Document", *, strict: bool) -> int:
    """Return 1 when a verdict differs or a user's claim fails, 3 for undecided under strict."""
    from proofs_check.verdict import Verdict

    if any(e.fails for e in document.entries):
        return 1
    if strict and any(e.rolled is Verdict.UNDECIDED for e in document.entries):
        return 3
    return 0
