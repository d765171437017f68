"""``scoreproof numbers``: pages of numbers that stand beside the theorems of paper A."""

import argparse
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from proofs_check.commands.options import whole_number

__all__ = ["PAGES", "add_arguments", "run"]

PAGES: Final = {
    "theorem8": "sigma_0, learning rate and excess risk of Theorem 8 (seconds)",
    "variation": "the least variation at the risk of Proposition 7, certified (minutes)",
    "edge": "m eta lambda_max / 2 along gradient descent and SGD (minutes)",
}
"""Name to what it shows; the module ``proofs_check.report.<name>_page`` has ``page(seed)``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.epilog = "\n".join(["pages:", *(f"  {k:<10} {v}" for k, v in PAGES.items())])
    parser.add_argument("name", metavar="NAME", choices=PAGES, help=", ".join(PAGES))
    parser.add_argument("--out", type=Path, metavar="F", help="write the page (default: print it)")
    parser.add_argument(
        "--seed",
        type=whole_number("--seed", 0),
        default=0,
        metavar="S",
        help="seed of what is drawn (default 0)",
    )


def run(args: argparse.Namespace) -> int:
    """Write one page."""
    from proofs_check.output import check_writable, write

    check_writable({"--out": args.out} if args.out else {})
    text: str = import_module(f"proofs_check.report.{args.name}_page").page(args.seed)
    if args.out:
        write(args.out, text)
    else:
        sys.stdout.write(text)
    return 0
