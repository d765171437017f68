"""Options that several commands share."""

import argparse
import os
from collections.abc import Callable

from proofs_check.errors import InputError

__all__ = ["add_cache", "add_effort", "add_targets", "cores", "whole_number"]


def whole_number(option: str, least: int) -> Callable[[str], int]:
    """Return a reader of whole numbers that says what it wants.

    Examples
    --------
    >>> whole_number("--jobs", 1)("2")
    2
    """

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if value < least:
            raise InputError(f"{option}: {text!r} is not a whole number of at least {least}")
        return value

    return read


def cores() -> int:
    """Return how many cores this process may use: a container often has fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def add_targets(parser: argparse.ArgumentParser) -> None:
    """Add the claims to work on."""
    parser.add_argument(
        "targets",
        nargs="*",
        metavar="ID|FILE.py",
        help="claims, parts of the ledger (A, A.prop7), or Python files of your own claims",
    )


def add_effort(parser: argparse.ArgumentParser, *, jobs: bool = True) -> None:
    """Add profile, seed and, for what runs in several processes, their number."""
    profile = parser.add_mutually_exclusive_group()
    profile.add_argument("--quick", action="store_true", help="the quick profile (default)")
    profile.add_argument("--full", action="store_true", help="more points, boxes and replicates")
    parser.add_argument(
        "--seed",
        type=whole_number("--seed", 0),
        default=0,
        metavar="S",
        help="root of all random streams (default 0)",
    )
    if not jobs:
        return
    parser.add_argument(
        "--jobs",
        type=whole_number("--jobs", 1),
        default=cores(),
        metavar="N",
        help="processes (default: one per core); results do not depend on it",
    )


def add_cache(parser: argparse.ArgumentParser) -> None:
    """Add whether results of earlier runs may be used."""
    parser.add_argument(
        "--no-cache",
        dest="cache",
        action="store_false",
        help="check everything anew, also what has not changed since an earlier run",
    )
