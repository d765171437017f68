"""``scoreproof regime``: which theorems of paper A speak of the user's data."""

import argparse
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs_check.errors import InputError

if TYPE_CHECKING:
    from proofs_check.regime import Regime

__all__ = ["add_arguments", "read_column", "run"]

LONGEST = 1_000_000
"""Most lines that are read."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("data", metavar="DATA.csv", help="one column of distinct numbers")
    parser.add_argument("--mu", required=True, metavar="MU", help="contraction of the data, (0, 1)")
    parser.add_argument("--sigma", required=True, metavar="SIGMA", help="noise level, (0, 1)")


def run(args: argparse.Namespace) -> int:
    """Print hypotheses, the factors by which they hold or fail, and what follows."""
    from proofs_check.regime import regime

    mu, sigma = (_share(f"--{name}", getattr(args, name)) for name in ("mu", "sigma"))
    points = read_column(Path(args.data))
    try:
        found = regime(points, mu, sigma)
    except ValueError as error:
        raise InputError(f"{args.data}: {error}") from error
    _write(found)
    return 0


def _share(option: str, text: str) -> Fraction:
    value = _fraction(text)
    if value is None or not 0 < value < 1:
        raise InputError(f"{option}: {text!r} is not a number between 0 and 1")
    return value


def _fraction(text: str) -> Fraction | None:
    """Return a decimal number exactly, ``None`` when the text is none."""
    if len(text) > 60:
        return None
    try:
        size = abs(float(text))
        return Fraction(text) if size == 0 or 1e-100 < size < 1e100 else None
    except (ValueError, ZeroDivisionError):
        return None


def read_column(path: Path) -> list[Fraction]:
    """Return the numbers of a file with one column; a first line of words is a heading.

    Raises
    ------
    InputError
        The file cannot be read, a line is no number, or it has several columns.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{path}: cannot be read ({reason}); name a CSV file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: is not text; name a CSV file with one column") from error
    if len(lines) > LONGEST:
        raise InputError(f"{path}: has {len(lines)} lines; at most {LONGEST} are read")
    found: list[Fraction] = []
    first = True
    for number, line in enumerate(lines, start=1):
        cell = line.strip().strip('"').strip()
        if not cell:
            continue
        if "," in cell or ";" in cell:
            raise InputError(f"{path}: line {number} has several columns; give one number a line")
        value = _fraction(cell)
        heading = first and value is None and not _number_like(cell)
        first = False
        if heading:
            continue
        if value is None:
            raise InputError(f"{path}: line {number} is {cell[:40]!r}; give a finite number")
        found.append(value)
    return found


def _number_like(text: str) -> bool:
    """Return whether Python reads the text as a float, such as nan or inf."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _write(found: "Regime") -> None:
    from rich.table import Table

    from proofs_check.report.table import console

    screen = console()
    screen.print(
        f"n = {found.size}, Delta = {_shown(found.spacing)}, x_n - x_1 = {_shown(found.span)}, "
        f"C_n = {_shown(found.amplitude)}"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("hypothesis", "value", "needed", "", "of"):
        table.add_column(heading, no_wrap=heading != "of")
    for condition in found.conditions:
        factor = condition.factor
        verdict = f"holds ({_shown(factor)})" if condition.holds else f"misses {_shown(1 / factor)}"
        table.add_row(
            condition.says,
            _shown(condition.value),
            _shown(condition.need),
            verdict,
            ", ".join(condition.claims),
        )
    screen.print(table)
    parts = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("sigma_0 of Theorem 8", "printed", "amended"):
        parts.add_column(heading, no_wrap=True)
    for name, label in (
        ("spacing", "sigma_1 (spacing)"),
        ("optimal", "sigma_2 (optimal risk)"),
        ("risk", "sigma_3 (risk)"),
        ("root", "sigma_4 (root)"),
        ("least", "sigma_0"),
    ):
        parts.add_row(label, *(_shown(getattr(t, name)) for t in (found.printed, found.amended)))
    screen.print()
    screen.print(parts)
    screen.print()
    for claim, sentence in _sentences(found):
        word = "says" if found.applies(claim) else "says nothing here; it would say"
        screen.print(f"{claim} {word}: {sentence}", soft_wrap=True)


def _sentences(found: "Regime") -> list[tuple[str, str]]:
    above = f"an excess risk above {_shown(found.excess)}"
    return [
        ("A.cor3b", f"R_n(s*) <= {_shown(found.optimal_risk)}"),
        ("A.thm4", f"TV of s* >= {_shown(found.variation_optimal)}"),
        ("A.prop7", f"TV of a network of low risk >= {_shown(found.variation_network)}"),
        ("A.thm8", f"eta > {_shown(found.learning_rate)} gives {above}"),
    ]


def _shown(value: Any) -> str:
    from mpmath import nstr

    return str(nstr(value, 6))
