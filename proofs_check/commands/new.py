"""``scoreproof new``: a small ledger file to start from."""

import argparse
import os
import re
from pathlib import Path
from typing import Final

__all__ = ["TEMPLATE", "add_arguments", "run"]

TEMPLATE: Final = '''"""Claims of a paper: a record for each statement and each step of a proof.

Check them with

    scoreproof verify {name}
    scoreproof show mine.product {name}
    scoreproof constants mine.product {name}

Two statements that hold stand here as patterns; put yours in their place.
"""

from sympy import Rational, Symbol, exp

from proofs_check import (
    Branch,
    Claim,
    Constant,
    Enclosure,
    From,
    Real,
    Rel,
    Search,
    Source,
    Steps,
    ge,
    scale,
)

# Symbols. What SymPy may assume of a symbol must follow from its domain (`given`, below).
t = Symbol("t", positive=True)
s = Symbol("s", real=True)
c = Symbol("c", positive=True)  # a number of the statement that might be better than printed

# A step of the proof. Numbers are exact: Rational(1, 10), never 0.1.
tangent = Claim(
    id="mine.product.P1",  # permanent; parts of a statement begin with its id
    says="The exponential function lies above its tangent at 1.",
    source=Source("Author, Title (year)", "proof of Lemma 1"),
    given={{s: Real()}},
    lhs=exp(s - 1),
    rel=Rel.GE,
    rhs=s,
    # Enclosure proves by interval arithmetic on boxes; Search looks for a counterexample.
    evidence=(Enclosure(), Search()),
    # False neighbours, which every method must reject; one that accepts them does not count.
    broken=(scale("rhs", Rational(11, 10)),),
)

# The statement: it follows from the step at s = t, multiplied by exp(-t).
product = Claim(
    id="mine.product",
    says="t exp(-t) is at most 2/5 on t >= 1/8.",
    source=Source("Author, Title (year)", "Lemma 1"),
    given={{t: Real(lo=0, lo_open=True)}},
    where=(ge(t, Rational(1, 8)),),  # hypotheses: le, lt, ge, gt, eq
    lhs=t * exp(-t),
    rel=Rel.LE,
    rhs=c,
    constant=Constant(c, Rational(2, 5)),  # `scoreproof constants` finds the best one, 1/e
    steps=(tangent.id,),
    evidence=(
        Steps(
            branches=(
                Branch(
                    parts=(From(claim=tangent.id, at={{s: t}}, weight=exp(-t)),),
                    # what the step leaves: 2/5 - exp(-1)
                    rest=Rational(2, 5) - exp(-1),
                ),
            )
        ),
        Enclosure(),  # `scoreproof constants` runs it with other numbers than 2/5
        Search(),
    ),
    broken=(scale("lhs", Rational(6, 5)),),
)
'''
"""A file of claims; ``{name}`` is its name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("file", type=Path, metavar="FILE.py", help="the file to write; must be new")


def run(args: argparse.Namespace) -> int:
    """Write the file and say what to do next; a file that is there is left alone."""
    from shlex import quote

    from proofs_check.errors import InputError
    from proofs_check.output import check_writable, write
    from proofs_check.report.table import console

    if args.file.is_dir():
        raise InputError(f"FILE.py: {args.file} is a folder; name a file in it")
    if args.file.suffix != ".py":
        raise InputError(f"FILE.py: {args.file} is no Python file; name it {args.file.stem}.py")
    if os.path.lexists(args.file):
        raise InputError(f"FILE.py: {args.file} is there already; name another file")
    check_writable({"FILE.py": args.file})
    name = quote(str(args.file))
    # inside the file a name that would end its string, or needs quoting, is no help
    inside = str(args.file) if re.fullmatch(r"[\w./-]+", str(args.file)) else "FILE.py"
    write(args.file, TEMPLATE.format(name=inside))
    console().print(f"wrote {args.file}; check it with: scoreproof verify {name}", soft_wrap=True)
    return 0
