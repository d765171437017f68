"""``scoreproof trust``: measure how often the engine is wrong, and publish it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proofs_check.computing import add_execution, check_execution, compute, open_store
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from numerics.experiments.experiment import Experiment

__all__ = ["MEASUREMENTS", "add_arguments", "run"]

MEASUREMENTS: Final = {
    "mutants": "proofs_check.trust.mutation_run",
    "sabotage": "proofs_check.trust.sabotage",
    "null-runs": "proofs_check.trust.null_runs",
    "containment": "proofs_check.trust.containment",
}
"""Name on the command line, to the module that holds the experiment."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"what to measure: {', '.join(MEASUREMENTS)} (default: all)",
    )
    profile = parser.add_mutually_exclusive_group()
    profile.add_argument("--quick", action="store_true", help="a sample (default)")
    profile.add_argument(
        "--full", action="store_true", help="all claims, all sabotages, 10 000 runs: half an hour"
    )
    parser.add_argument("--out", type=Path, metavar="F.md", help="write the page of results")
    parser.add_argument(
        "--csv", type=Path, metavar="F", help="write one row for each false variant"
    )
    add_execution(parser)


def run(args: argparse.Namespace) -> int:
    """Measure what is missing, print or write the page; 1 if a falsehood was accepted."""
    from importlib import import_module

    from numerics.sweep import grid
    from proofs_check.output import check_writable, write
    from proofs_check.report.table import console
    from proofs_check.trust.page import csv, measured, render

    check_execution(args)
    outputs = {"--out": args.out, "--csv": args.csv}
    check_writable({option: path for option, path in outputs.items() if path is not None})
    names = args.names or list(MEASUREMENTS)
    for name in names:
        if name not in MEASUREMENTS:
            raise InputError(f"NAME: {name!r} is not measured; use {', '.join(MEASUREMENTS)}")
    experiments: dict[str, Experiment] = {
        name: import_module(MEASUREMENTS[name]).EXPERIMENT for name in names
    }
    profile = "full" if args.full else "quick"
    cells = {
        name: grid(experiment, "paper" if args.full else "quick")
        for name, experiment in experiments.items()
    }
    with open_store(args.store) as store:
        left = compute(store, [c for group in cells.values() for c in group], args)
        found = measured(
            {name: [row.arrays for row in store.table(group)] for name, group in cells.items()}
        )
    page = render(found, profile=profile)
    if args.csv:
        write(args.csv, csv(found))
    if args.out:
        write(args.out, page)
    else:
        console().print(page, markup=False)
    return 1 if left or not found.sound else 0
