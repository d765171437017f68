"""``scoreproof planted``: plant the false variants of every claim and count the answers."""

import argparse
from pathlib import Path

from proofs_check.commands.options import add_effort, add_targets, whole_number

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser)
    add_effort(parser)
    parser.add_argument(
        "--seeds",
        type=whole_number("--seeds", 1),
        default=1,
        metavar="K",
        help="also check the claims themselves with K seeds and look for false refutations",
    )
    parser.add_argument("--csv", type=Path, metavar="F", help="write one row for each variant")


def run(args: argparse.Namespace) -> int:
    """Run the controls, print the table and return 1 when a false variant was accepted."""
    from proofs_check import pool
    from proofs_check.loading import load_claims, read_targets, select
    from proofs_check.output import check_writable, write
    from proofs_check.planted import PlantedRow, planted_rows, summary
    from proofs_check.report.table import Progress, console

    origin, ids = read_targets(args.targets)
    outputs = {"--csv": args.csv} if args.csv else {}
    check_writable(outputs, inputs=origin.files)
    claims = load_claims(origin)
    names = select(claims, ids)
    with Progress(pool.count(claims, names) * args.seeds, quiet=False) as progress:
        runs = [
            pool.run(
                claims,
                names,
                full=args.full,
                seed=seed,
                jobs=args.jobs,
                on_result=progress.advance,
            )
            for seed in range(args.seed, args.seed + args.seeds)
        ]
    rows = planted_rows(claims.by_id, names, runs)
    if args.csv:
        header = ",".join(PlantedRow.header())
        write(args.csv, "\n".join([header, *(r.csv() for r in rows), ""]))
    found = summary(rows, names, runs)
    console().print(found.text, markup=False)
    return 0 if found.sound else 1
