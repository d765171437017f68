"""``scoreproof constants``: printed and best constants."""

import argparse
import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from proofs_check.commands.options import add_effort, add_targets, whole_number
from proofs_check.errors import InputError, ScoreproofError

if TYPE_CHECKING:
    from proofs_check.loading import Claims, Origin
    from proofs_check.repair import Repair

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser)
    add_effort(parser)
    parser.add_argument(
        "--seconds",
        type=whole_number("--seconds", 1),
        metavar="T",
        help="processor time of the search for one constant (default 8, with --full 60)",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="keep the brackets for reports; what is recorded for the same statement is not redone",
    )
    parser.add_argument(
        "--anew", action="store_true", help="with --record: redo what is recorded, too"
    )


def run(args: argparse.Namespace) -> int:
    """Bracket the best value of every constant and print a table."""
    from proofs_check.ledger.best_constants import RECORD, bracket, update_brackets
    from proofs_check.loading import read_targets, select
    from proofs_check.output import check_writable
    from proofs_check.report.table import Progress

    if args.anew and not args.record:
        raise InputError("--anew: redoes what --record keeps; give both, or leave it out")
    origin, ids = read_targets(args.targets)
    claims = _claims(origin)
    names = [k for k in select(claims, ids) if claims.by_id[k].constant is not None]
    if not names:
        raise InputError("ID: none of these claims has a constant; 'scoreproof verify' lists them")
    if args.record:
        check_writable({"--record": RECORD})
        names = _to_record(claims, names, anew=args.anew)
    ledger = [k for k in claims.by_id if k not in claims.mine]
    found: dict[str, Repair] = {}
    with Progress(len(names), quiet=False) as progress:
        for name, repair in _repairs(origin, names, args):
            found[name] = repair
            if args.record:
                # at once: a run that is killed loses what it was at, and nothing else
                update_brackets(RECORD, {name: bracket(claims.by_id[name], repair)}, ledger=ledger)
            progress.step(f"{name}  best in [{_short(repair.lo)}, {_short(repair.hi)}]")
    _print({name: found[name] for name in names})
    return 0


@functools.cache
def _claims(origin: "Origin") -> "Claims":
    from proofs_check.loading import load_claims

    return load_claims(origin)


def _to_record(claims: "Claims", names: Sequence[str], *, anew: bool) -> list[str]:
    """Return the claims that have no bracket for what they state now."""
    from proofs_check.ledger.best_constants import RECORD, bracket_of, read_brackets
    from proofs_check.report.table import console

    if claims.mine.intersection(names):
        raise InputError("--record: only claims of the ledger are recorded; leave the option out")
    brackets = {} if anew else read_brackets(RECORD)
    left = [k for k in names if bracket_of(claims.by_id[k], brackets) is None]
    if len(left) < len(names):
        console(error=True).print(
            f"{len(names) - len(left)} of {len(names)} brackets are recorded for the same "
            "statements; --anew computes them again"
        )
    return left


def _repairs(
    origin: "Origin", names: Sequence[str], args: argparse.Namespace
) -> "Iterator[tuple[str, Repair]]":
    """Yield what is found for each claim, as it is found."""
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    from numerics.executors import processes

    work = functools.partial(_best, origin, full=args.full, seed=args.seed, seconds=args.seconds)
    jobs = min(args.jobs, len(names))
    if jobs <= 1:
        yield from ((name, work(name)) for name in names)
        return
    with processes(jobs) as executor:
        waiting = {executor.submit(work, name): name for name in names}
        try:
            for ended in as_completed(waiting):
                yield waiting[ended], ended.result()
        except BrokenProcessPool as error:
            raise ScoreproofError(
                "a process died before its claim was done; start again"
            ) from error


def _best(origin: "Origin", name: str, *, full: bool, seed: int, seconds: int | None) -> "Repair":
    """Bracket one constant, in this process or in another."""
    from proofs_check.engine import run_context
    from proofs_check.repair import best_constant
    from proofs_check.repeatable import draw_repeatably

    draw_repeatably()
    claims = _claims(origin)
    context = run_context(claims.by_id, full=full, seed=seed)
    return best_constant(claims.by_id[name], context, seconds=seconds)


def _print(found: "Mapping[str, Repair]") -> None:
    from rich.table import Table

    from proofs_check.report.table import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("claim", "printed", "best in", "slack", "known by"):
        table.add_column(heading, no_wrap=heading != "known by")
    for name, repair in found.items():
        bracket = f"[{_short(repair.lo)}, {_short(repair.hi)}]"
        known = f"{repair.lo_certified_by}; {repair.hi_certified_by}"
        table.add_row(name, str(repair.printed), bracket, _slack(repair.slack), known)
    console().print(table)


def _short(value: object) -> str:
    if value is None:
        return "?"
    text = str(value)
    return text if len(text) <= 10 else f"{float(value):.6g}"  # type: ignore[arg-type]


def _slack(slack: tuple[object, object] | None) -> str:
    if slack is None:
        return ""
    low, high = (_short(s) for s in slack)
    return low if low == high else f"{low}..{high}"
