"""Check claims as a command: progress on the terminal, results of earlier runs used again."""

import argparse
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofs_check.engine import LedgerResult
    from proofs_check.loading import Claims

__all__ = ["checked"]


def checked(
    args: argparse.Namespace, claims: "Claims", names: Sequence[str], *, quiet: bool = False
) -> "LedgerResult":
    """Return the results of claims and of all they rest on.

    Parameters
    ----------
    args
        With what `options.add_effort` and `options.add_cache` add.
    claims
        The claims of the run.
    names
        Which to check.
    quiet
        Whether to show no progress.
    """
    from proofs_check import pool
    from proofs_check.cache import Cache, default_path
    from proofs_check.report.table import Progress, console

    with (
        Cache(default_path()) if args.cache else nullcontext() as cache,
        Progress(pool.count(claims, names), quiet=quiet) as progress,
    ):
        run = pool.run(
            claims,
            names,
            full=args.full,
            seed=args.seed,
            jobs=args.jobs,
            on_result=progress.advance,
            cache=cache,
        )
    if cache is not None and cache.fault:
        console(error=True).print(f"scoreproof: {cache.fault}")
    return run
