"""The command line ``scoreproof``.

Exit codes: 0 verdicts as recorded, 1 a verdict differs or a user's claim is refuted, 2 bad input
(one line on standard error), 3 undecided claims under ``--strict``.
"""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final, NoReturn

from proofs_check.commands.examples import EXAMPLES
from proofs_check.errors import InputError, ScoreproofError

__all__ = ["COMMANDS", "main", "parser"]

COMMANDS: Final = {
    "verify": "check the ledger, some of its claims, or your own file of claims",
    "show": "show one claim: statement, hypotheses, proof steps, verdicts, witness",
    "why": "say what a verdict rests on and what would change it",
    "trust": "measure how often the engine is wrong: false statements, sabotages, null runs",
    "new": "write a small file of claims to start from",
    "constants": "print printed and best constants with their slack",
    "recheck": "re-verify the certificates of a JSON ledger without the engine",
    "planted": "plant false variants and count how many the engine accepts or refutes",
    "linear": "exact and limiting values of the linear one-step diffusion model",
    "regime": "which theorems of paper A speak of your data, and by what factor they miss",
    "memorization": "whether generated points are closer to the training set than to fresh points",
    "sweep": "compute the cells of an experiment; a killed sweep goes on where it stopped",
    "figures": "draw the figures, computing what they miss, with the verdicts they rest on",
    "numbers": "tables for paper A: Theorem 8, least variation, edge of stability",
    "findings": "what a paper prints that does not hold: witnesses, repairs, consequences",
    "completion": "print a script that completes commands, options and ids in bash or zsh",
}

EPILOG: Final = """examples:
  scoreproof verify                         the whole ledger, quick profile
  scoreproof verify A.prop2b --full         one claim and all it rests on, more effort
  scoreproof new my_claims.py               a file of claims to start from
  scoreproof verify my_claims.py            your own claims
  scoreproof verify --html out/report.html  with a report that opens offline
  scoreproof show A.cor3a
  scoreproof constants A.prop2b

exit codes: 0 as recorded, 1 a verdict differs or your claim is refuted, 2 bad input,
3 undecided under --strict"""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line and exit code 2."""

    def error(self, message: str) -> NoReturn:
        said = message.removeprefix("argument ")
        raise InputError(f"{said}; see '{self.prog} --help'")


def parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the command that is named brings its arguments.

    Parameters
    ----------
    argv
        Words after the program's name, of which the first counts.

    Examples
    --------
    >>> parser(["show", "A.cor3a"]).parse_args(["show", "A.cor3a"]).id
    'A.cor3a'
    """
    made = _Parser(
        prog="scoreproof",
        description="Check the claims of theory papers: every verdict is computed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("-V", "--version", action="store_true", help="print the version and leave")
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    wanted = argv[0] if argv else "--help"
    if not wanted.startswith("-") and wanted not in COMMANDS:
        raise InputError(_unknown_command(wanted))
    if wanted.startswith("-") and wanted not in ("-h", "--help", "-V", "--version"):
        raise InputError(
            f"{wanted}: is not understood here; name a command first, then its options"
        )
    for name, summary in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        if name == wanted:
            module = import_module(f"proofs_check.commands.{name}")
            module.add_arguments(command)
            shown = ["examples:", *(f"  scoreproof {line}" for line in EXAMPLES[name])]
            command.epilog = "\n".join([*([command.epilog, ""] if command.epilog else []), *shown])
            command.set_defaults(run=module.run)
    return made


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code.

    Parameters
    ----------
    argv
        Words after the program's name; those of the process by default.

    Examples
    --------
    >>> main(["verify", "--jobs", "0"])
    2
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        _end_in_order()
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    try:
        args, unknown = parser(words).parse_known_args(words)
        if unknown:
            program = " ".join(["scoreproof", args.command or ""]).strip()
            raise InputError(f"{unknown[0]}: is not understood here; see '{program} --help'")
        if args.version:
            return _version()
        if args.command is None:
            parser([]).print_help()
            return 0
        code: int = args.run(args)
    except ScoreproofError as error:
        print(f"scoreproof: {_one_line(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("scoreproof: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # the reader of our output has gone: nothing is left to say, not even at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _end_in_order() -> None:
    """Leave no process behind when this one is told to end, or its terminal is closed."""

    def leave(number: int, _frame: object) -> NoReturn:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):  # the second is unknown to Windows
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def _unknown_command(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, n=1)
    if word.endswith(".py"):
        remedy = f"'scoreproof verify {word}' checks a file"
    elif close:
        remedy = f"did you mean {close[0]!r}?"
    else:
        remedy = f"use one of {', '.join(COMMANDS)}"
    return f"COMMAND: there is no command {word!r}; {remedy}"


def _version() -> int:
    from importlib.metadata import version

    print(f"scoreproof {version('scoreproof')}")
    return 0


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
