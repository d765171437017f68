"""``scoreproof sweep``: compute the cells of experiments, and keep each one that is finished."""

import argparse
import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proofs_check.computing import add_execution, check_execution, compute, open_store
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from numerics.experiments.experiment import Cell, Experiment, Profile

__all__ = ["add_arguments", "run"]

PROFILES: Final[tuple["Profile", ...]] = ("quick", "paper")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME|FILE.py",
        help="experiments, such as A.fig1, or files of your own; none lists them",
    )
    parser.add_argument(
        "--profile",
        choices=PROFILES,
        default="quick",
        help="sizes: quick (default) takes minutes, paper is as printed",
    )
    add_execution(parser)
    again = parser.add_mutually_exclusive_group()
    again.add_argument(
        "--resume", action="store_true", help="go on where a run stopped; this is the default"
    )
    again.add_argument(
        "--fresh", action="store_true", help="forget the results of these cells first"
    )


def run(args: argparse.Namespace) -> int:
    """Compute what is missing; 1 if a cell has no result at the end."""
    from numerics.sweep import grid

    check_execution(args)
    if not args.names:
        return _list(args.store)
    experiments = list({e.name: e for e in map(find_experiment, args.names)}.values())
    cells: list[Cell] = []
    for experiment in experiments:
        try:
            cells += grid(experiment, args.profile)
        except ValueError as error:
            raise InputError(str(error)) from error
    with open_store(args.store) as store:
        if args.fresh:
            store.forget(cells)
        known = len(store.done(cells))
        left = compute(store, cells, args)
        _print(
            f"{len(cells) - left} of {len(cells)} cells have results in {store.path} "
            f"({known} had before)"
        )
        for experiment in experiments:
            table = store.table([c for c in cells if c.experiment is experiment])
            _print(f"{experiment.name}: {len(table)} rows, digest {table.digest()[:16]}")
        for key, failure in store.failures(cells).items():
            _print(f"failed: {key}: {failure.error}")
    return 1 if left else 0


def find_experiment(word: str) -> "Experiment":
    """Return an experiment by its name, or from a file.

    Raises
    ------
    InputError
        There is none.
    """
    from numerics.experiments.experiment import Experiment
    from proofs_check.modules import constant_of_file, named

    if word.endswith(".py"):
        found = constant_of_file(Path(word), "EXPERIMENT")
    else:
        found = named(word, "numerics.experiments", "EXPERIMENT", option="NAME")
    if not isinstance(found, Experiment):
        raise InputError(f"{word}: its EXPERIMENT is no Experiment; see numerics/experiments")
    return found


def _list(path: Path) -> int:
    """Print the experiments: for both profiles the finished cells of all."""
    from rich.table import Table

    from numerics.sweep import grid
    from proofs_check.modules import constants
    from proofs_check.report.table import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("experiment", no_wrap=True)
    for heading in PROFILES:
        table.add_column(heading, no_wrap=True, justify="right")
    table.add_column("measures")
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(open_store(path)) if path.exists() else None
        for found in constants("numerics.experiments", "EXPERIMENT"):
            cells = [grid(found, profile) for profile in PROFILES]
            done = [len(store.done(of)) if store else 0 for of in cells]
            shown = [f"{k} of {len(of)}" for k, of in zip(done, cells, strict=True)]
            table.add_row(found.name, *shown, found.says)
    console().print(table)
    return 0


def _print(line: str) -> None:
    from proofs_check.report.table import console

    console().print(line)
