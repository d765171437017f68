"""``scoreproof memorization``: whether a generated set is a copy of its training set."""

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofs_check.errors import InputError

if TYPE_CHECKING:
    from proofs_check.memorization import Memorization

__all__ = ["add_arguments", "run"]

SURE = 0.01
"""Share of the null below which the reading speaks of memory."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    files = ".npy, .npz or .csv, one point per row"
    parser.add_argument("--train", required=True, metavar="FILE", help=f"training points ({files})")
    parser.add_argument("--generated", required=True, metavar="FILE", help="generated points")
    parser.add_argument(
        "--original", metavar="FILE", help="fresh points of the same law, not trained on"
    )
    parser.add_argument("--json", metavar="FILE", help="write all numbers")
    parser.add_argument("--seed", default="0", metavar="N", help="of subsets and permutations (0)")


def run(args: argparse.Namespace) -> int:
    """Measure, print a table and a reading, write JSON."""
    from proofs_check.memorization import memorization
    from proofs_check.output import check_writable, write
    from proofs_check.point_files import read_points

    if not args.seed.isdecimal():
        raise InputError(f"--seed: {args.seed!r} is not a whole number; 0 would do")
    names = {"--train": args.train, "--generated": args.generated}
    if args.original is not None:
        names["--original"] = args.original
    outputs = {} if args.json is None else {"--json": Path(args.json)}
    check_writable(outputs, inputs=[Path(name) for name in names.values()])
    points = {option: read_points(Path(name), option=option) for option, name in names.items()}
    try:
        found = memorization(
            points["--train"],
            points["--generated"],
            points.get("--original"),
            seed=int(args.seed),
        )
    except ValueError as error:
        raise InputError(f"--{error}") from error
    _write(found)
    for path in outputs.values():
        data = {"schema_version": 1, "files": names, **found.plain(), "reading": _reading(found)}
        write(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    return 0


def _write(found: "Memorization") -> None:
    from rich.table import Table

    from proofs_check.report.table import console

    screen = console()
    sizes = ", ".join(f"{n} {name}" for name, n in found.sizes.items())
    screen.print(f"{sizes} points of {found.dimension} coordinates, each in units of its deviation")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "train", "original", "train against original", "says"):
        table.add_column(heading, no_wrap=heading != "says")
    for row in _rows(found):
        table.add_row(*row)
    screen.print(table)
    screen.print()
    for sentence in _reading(found):
        screen.print(sentence, soft_wrap=True)


def _rows(found: "Memorization") -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            "E / norm",
            _exponential(found.e_tg),
            _exponential(found.e_og),
            "",
            "squared L2 distance of kernel densities, over the norm",
        ),
        (
            "copies",
            _share(found.copies),
            "",
            _share(found.copies_fresh),
            "nearest training point three times nearer than the second",
        ),
        ("MMD squared", *(_number(v) for v in _three(found, "mmd")), "at the median distance"),
        (
            "W2 squared / d",
            *(_number(v) for v in _three(found, "w2")),
            f"exact, {found.w2_size} points of each set",
        ),
    ]
    if found.nearer is not None:
        rows.insert(
            2,
            ("nearer to train", _share(found.nearer), "", "50.0 %", "than to as many fresh points"),
        )
    return rows


def _three(found: "Memorization", name: str) -> tuple[Any, ...]:
    return tuple(getattr(found, f"{name}_{end}") for end in ("train", "original", "fresh"))


def _reading(found: "Memorization") -> list[str]:
    """Return what the numbers say, in plain words, and what they do not say."""
    said = []
    if found.gap is not None and found.gap_p_value is not None:
        said.append(_gap_sentence(found))
        sign = {1: "positive", -1: "negative", 0: "too small for its sign to be certain"}
        word = {1: "generalizing", -1: "memorizing", 0: "neither"}
        delta = found.delta_sign or 0
        said.append(
            f"Delta = E_TG - E_OG is {sign[delta]} (the paper would say {word[delta]}). Its sign "
            "depends on the numbers of points; the gap at equal sizes does not."
        )
    said.append(_copies_sentence(found))
    said += [f"Note: {note}." for note in found.notes]
    return said


def _gap_sentence(found: "Memorization") -> str:
    numbers = (
        f"gap at {found.gap_size} points each {found.gap:.2f} standard deviations of the null, "
        f"95 % bootstrap {found.gap_low:.2f} to {found.gap_high:.2f}, p = {found.gap_p_value:.3f}"
    )
    if (found.gap_p_value or 1.0) <= SURE:
        return (
            f"The generated points are closer to the training set than to fresh points: {numbers}."
        )
    return f"No sign that the training set is closer than fresh points are: {numbers}."


def _copies_sentence(found: "Memorization") -> str:
    share = f"{_share(found.copies)} of the generated points are near copies of a training point"
    if found.copies_fresh is None:
        return f"{share}; fresh points would tell how many that should be."
    return f"{share}; of the fresh points {_share(found.copies_fresh)} are."


def _share(value: float | None) -> str:
    return "" if value is None else f"{100.0 * value:.1f} %"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _exponential(log: float | None) -> str:
    """Return a number from its logarithm, also where it leaves the range of float64."""
    if log is None:
        return ""
    if abs(log) < 600.0 or log == -math.inf:
        return f"{math.exp(log):.4g}"
    if log == math.inf:
        return "infinite"
    power = math.floor(log / math.log(10.0))
    return f"{math.exp(log - power * math.log(10.0)):.3f}e{power:+d}"
