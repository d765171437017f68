"""``scoreproof findings``: what a paper prints that does not hold, as one page."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from proofs_check.commands.checking import checked
from proofs_check.commands.options import add_cache, add_effort

if TYPE_CHECKING:
    from proofs_check.report.document import Document

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("paper", metavar="PAPER", help="a paper of the ledger, such as A")
    parser.add_argument("--out", type=Path, metavar="F", help="write the page (default: print it)")
    parser.add_argument(
        "--ledger",
        type=Path,
        metavar="F",
        help="read the verdicts from a JSON ledger of 'verify' instead of checking all claims",
    )
    parser.add_argument(
        "--deep",
        action="store_true",
        help="write instead the page of best constants and needed hypotheses (takes minutes)",
    )
    add_effort(parser)
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Write the findings on a paper; return 1 when a verdict differs from the recorded one."""
    from proofs_check.errors import InputError
    from proofs_check.ledger.papers import PAPERS
    from proofs_check.output import check_writable
    from proofs_check.report.findings import render
    from proofs_check.report.read_ledger import read_ledger

    if args.paper not in PAPERS:
        raise InputError(f"PAPER: there is no paper {args.paper!r}; use {', '.join(PAPERS)}")
    inputs = (args.ledger,) if args.ledger else ()
    check_writable({"--out": args.out} if args.out else {}, inputs=inputs)
    if args.deep and args.ledger:
        raise InputError("--deep: needs the claims themselves; leave --ledger out")
    if args.deep:
        _put(args, _deep_page(args))
        return 0
    document = read_ledger(args.ledger) if args.ledger else _checked(args)
    _put(args, render(document, args.paper))
    return 1 if any(e.fails for e in document.entries if e.paper == args.paper) else 0


def _put(args: argparse.Namespace, page: str) -> None:
    from proofs_check.output import write

    if args.out:
        write(args.out, page)
    else:
        sys.stdout.write(page)


def _checked(args: argparse.Namespace) -> "Document":
    """Return a run of all claims of the paper."""
    from proofs_check import recorded
    from proofs_check.loading import Origin, load_claims
    from proofs_check.report.build import build

    claims = load_claims(Origin())
    names = [k for k, c in claims.by_id.items() if c.source.paper == args.paper]
    result = checked(args, claims, names)
    return build(claims, result, recorded.read_record(recorded.RECORD))


def _deep_page(args: argparse.Namespace) -> str:
    """Return the page of constants and hypotheses."""
    from proofs_check.depth import deepen, work
    from proofs_check.engine import run_context
    from proofs_check.ledger import load
    from proofs_check.repeatable import draw_repeatably
    from proofs_check.report.depth_page import render
    from proofs_check.report.table import Progress

    claims = load()
    constants, audited = work(claims, args.paper)
    context = run_context(claims, full=args.full, seed=args.seed)
    draw_repeatably()
    with Progress(len(constants) + len(audited), quiet=False) as progress:
        depth = deepen(claims, constants, audited, context, progress.step)
    return render(args.paper, depth)
