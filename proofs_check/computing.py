"""Compute the cells that a store misses, as the command line asks for it, and show the progress."""

import argparse
import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proofs_check.commands.options import cores, whole_number
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from numerics.experiments.experiment import Cell
    from numerics.store import Store

__all__ = ["STORE", "add_execution", "check_execution", "compute", "open_store"]

STORE: Final = Path(".scoreproof") / "results.sqlite"
"""Where results are kept unless the user says otherwise."""


def add_execution(parser: argparse.ArgumentParser) -> None:
    """Add where cells are computed and where their results go."""
    parser.add_argument(
        "--executor",
        choices=("processes", "dask"),
        default="processes",
        help="processes of this machine (default), or dask",
    )
    parser.add_argument(
        "--jobs",
        type=whole_number("--jobs", 1),
        default=cores(),
        metavar="N",
        help="processes (default: one per core); results do not depend on it",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of a running dask scheduler, such as tcp://host:8786; needs --executor dask",
    )
    parser.add_argument(
        "--store",
        type=Path,
        default=STORE,
        metavar="F",
        help=f"SQLite file of results (default {STORE})",
    )
    parser.add_argument(
        "--skip-failed",
        action="store_true",
        help="leave cells that failed before; without it they are computed again",
    )


def check_execution(args: argparse.Namespace) -> None:
    """Refuse options that contradict each other.

    Raises
    ------
    InputError
        A scheduler without dask.
    """
    if args.scheduler is not None and args.executor != "dask":
        raise InputError("--scheduler: is for dask; add '--executor dask', or leave it out")


def open_store(path: Path) -> "Store":
    """Open the store of results.

    Raises
    ------
    InputError
        The file cannot be used.
    """
    from numerics.store import Store, StoreError

    try:
        return Store(path)
    except StoreError as error:
        raise InputError(f"--store: {error}") from error


def compute(store: "Store", cells: Sequence["Cell"], args: argparse.Namespace) -> int:
    """Compute what is missing and return how many of the cells have no result then.

    Raises
    ------
    InputError
        The executor cannot be had, or the store cannot be written any more.
    """
    from numerics.executors import dask_cluster, processes
    from numerics.sweep import ExecutorLostError, missing, sweep
    from proofs_check.cell_progress import CellProgress

    left = missing(store, cells, retry_failed=not args.skip_failed)
    if left:
        jobs = min(args.jobs, len(left))
        if args.executor == "dask":
            executors = partial(dask_cluster, args.scheduler, jobs)
            # the scheduler spreads cells over workers that it alone knows
            window = 2 * jobs if args.scheduler is None else len(left)
        else:
            executors, window = partial(processes, jobs), 2 * jobs
        try:
            # closed at once on Ctrl-C, so that no worker outlives the run
            with (
                contextlib.closing(sweep(store, left, executors, window=window)) as outcomes,
                CellProgress(left) as progress,
            ):
                for outcome in outcomes:
                    progress.advance(outcome)
        except (ValueError, ExecutorLostError) as error:
            raise InputError(str(error)) from error
    return len(cells) - len(store.done(cells))
