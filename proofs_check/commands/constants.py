"""``scoreproof constants``: printed and best constants."""

import argparse

from proofs_check.commands.options import add_effort, add_targets

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_targets(parser)
    add_effort(parser, jobs=False)


def run(args: argparse.Namespace) -> int:
    """Bracket the best value of every constant and print a table."""
    from rich.table import Table

    from proofs_check.engine import run_context
    from proofs_check.errors import InputError
    from proofs_check.loading import load_claims, read_targets, select
    from proofs_check.repair import best_constant
    from proofs_check.repeatable import draw_repeatably
    from proofs_check.report.table import Progress, console

    origin, ids = read_targets(args.targets)
    claims = load_claims(origin)
    names = [k for k in select(claims, ids) if claims.by_id[k].constant is not None]
    if not names:
        raise InputError("ID: none of these claims has a constant; 'scoreproof verify' lists them")
    context = run_context(claims.by_id, full=args.full, seed=args.seed)
    draw_repeatably()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("claim", "printed", "best in", "slack", "known by"):
        table.add_column(heading, no_wrap=heading != "known by")
    with Progress(len(names), quiet=False) as progress:
        for name in names:
            found = best_constant(claims.by_id[name], context)
            bracket = f"[{_short(found.lo)}, {_short(found.hi)}]"
            known = f"{found.lo_certified_by}; {found.hi_certified_by}"
            table.add_row(name, str(found.printed), bracket, _slack(found.slack), known)
            progress.step(f"{name}  best in {bracket}")
    console().print(table)
    return 0


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
