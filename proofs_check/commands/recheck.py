"""``scoreproof recheck``: re-verify the certificates of a JSON ledger without the engine."""

import argparse
from pathlib import Path

from proofs_check.commands.options import whole_number
from proofs_check.errors import InputError

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("ledger", type=Path, metavar="LEDGER.json", help="what --json wrote")
    parser.add_argument(
        "--alter",
        type=whole_number("--alter", 1),
        metavar="N",
        help="alter N certificates at random instead, and count those that are refused",
    )
    parser.add_argument(
        "--seed",
        type=whole_number("--seed", 0),
        default=0,
        metavar="S",
        help="root of the random alterations (default 0)",
    )


def run(args: argparse.Namespace) -> int:
    """Re-check a ledger, or alterations of it, and return the exit code."""
    from proofs_check import recheck

    if not args.ledger.is_file():
        raise InputError(f"{args.ledger}: is no file; write one with 'scoreproof verify --json F'")
    if args.alter is None:
        return recheck.main(str(args.ledger))
    from proofs_check.trust.altered_certificates import report

    return report(args.ledger, count=args.alter, seed=args.seed)
