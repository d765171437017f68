"""``scoreproof why``: what a verdict rests on, and what would change it."""

import argparse
from typing import TYPE_CHECKING

from proofs_check.commands.checking import checked
from proofs_check.commands.options import add_cache, add_effort

if TYPE_CHECKING:
    from proofs_check.loading import Claims

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("id", metavar="ID", help="a claim, such as A.thm8.amended")
    parser.add_argument(
        "file", nargs="?", metavar="FILE.py", help="a file of your own claims that holds it"
    )
    add_effort(parser)
    add_cache(parser)


def run(args: argparse.Namespace) -> int:
    """Check the claim and what it rests on, and print the reasons."""
    from proofs_check.engine import run_context
    from proofs_check.loading import load_claims, read_targets, single
    from proofs_check.reasons import reasons
    from proofs_check.report.table import console

    origin, _ = read_targets([args.file] if args.file else [])
    claims = load_claims(origin)
    name = single(args.id, claims)
    wanted = _with_dependents(name, claims)
    result = checked(args, claims, [name])
    context = run_context(claims.by_id, full=args.full, seed=args.seed)
    screen = console()
    for line in reasons(name, claims.by_id, result.results, context, dependents=wanted):
        screen.print(line)
    return 0


def _with_dependents(name: str, claims: "Claims") -> list[str]:
    """Return the claims that name a claim, directly or through others."""
    from proofs_check.engine import dependencies

    above = {name}
    grown = True
    while grown:
        more = {k for k, c in claims.by_id.items() if above.intersection(dependencies(c))}
        grown = not more <= above
        above |= more
    return [k for k in claims.by_id if k in above - {name}]
