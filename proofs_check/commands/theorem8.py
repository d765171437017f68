"""``scoreproof theorem8``: the numbers of Theorem 8 of paper A for standard samples."""

import argparse
import sys
from pathlib import Path

from proofs_check.commands.options import whole_number

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--n",
        nargs="+",
        type=whole_number("--n", 4),
        default=[10, 20, 50],
        metavar="N",
        help="sizes of the samples (default 10 20 50)",
    )
    parser.add_argument(
        "--seed",
        type=whole_number("--seed", 0),
        default=0,
        metavar="S",
        help="seed of the Gaussian samples (default 0)",
    )
    parser.add_argument("--out", type=Path, metavar="F", help="write the page (default: print it)")


def run(args: argparse.Namespace) -> int:
    """Write sigma_0, the learning rate and the excess risk, as printed and as repaired."""
    from proofs_check.output import check_writable, write
    from proofs_check.report.theorem8_page import render
    from proofs_check.theorem8_table import SCALES, table_rows

    check_writable({"--out": args.out} if args.out else {})
    sizes = " ".join(str(size) for size in args.n)
    command = f"scoreproof theorem8 --n {sizes} --seed {args.seed}"
    page = render(table_rows(args.n, SCALES, seed=args.seed), command)
    if args.out:
        write(args.out, page)
    else:
        sys.stdout.write(page)
    return 0
