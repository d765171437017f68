"""``scoreproof figures``: compute what figures miss, draw them, write down their numbers."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from proofs_check.computing import add_execution, check_execution, compute, open_store
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from numerics.experiments.experiment import Cell, Profile
    from numerics.store import Store
    from proofs_check.figures.figure import Figure

__all__ = ["add_arguments", "run"]

OUT = Path("out") / "figures"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME|FILE.py",
        help="figures, such as A.fig1 (default: all), or files of your own",
    )
    parser.add_argument(
        "--paper", action="store_true", help="the printed sizes instead of the quick profile"
    )
    parser.add_argument(
        "--out", type=Path, default=OUT, metavar="DIR", help=f"folder (default {OUT})"
    )
    parser.add_argument(
        "--docs",
        type=Path,
        metavar="F.md",
        help="write a page that puts the papers' trends next to ours, with pictures",
    )
    add_execution(parser)


def run(args: argparse.Namespace) -> int:
    """Draw the figures; 1 if a cell failed or theory was refused."""
    from numerics.sweep import grid
    from proofs_check.output import check_writable

    check_execution(args)
    if args.docs is not None:
        check_writable({"--docs": args.docs})
    if args.out.exists() and not args.out.is_dir():
        raise InputError(f"--out: {args.out} is not a folder; name a folder")
    figures = _wanted(args.names)
    _make_folder(args.out)
    profile: Profile = "paper" if args.paper else "quick"
    cells: dict[str, Cell] = {}
    for figure in figures:
        for experiment in figure.experiments:
            cells |= {cell.key: cell for cell in grid(experiment, profile)}
    with open_store(args.store) as store:
        left = compute(store, list(cells.values()), args)
        for key, failure in store.failures(list(cells.values())).items():
            _say(f"failed: {key}: {failure.error}")
        refused = _draw(figures, store, profile, args)
    return 1 if left or refused else 0


def _make_folder(folder: Path) -> None:
    """Make the folder before anything is computed for it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"--out: {folder} cannot be made ({reason}); name another") from error


def _wanted(names: Sequence[str]) -> list["Figure"]:
    from proofs_check.figures.figure import Figure
    from proofs_check.modules import constant_of_file, constants, named

    package = "proofs_check.figures"
    if not names:
        return list(constants(package, "FIGURE"))
    found = []
    for word in dict.fromkeys(names):
        if word.endswith(".py"):
            figure = constant_of_file(Path(word), "FIGURE")
        else:
            figure = named(word, package, "FIGURE", option="NAME")
        if not isinstance(figure, Figure):
            raise InputError(f"{word}: its FIGURE is no Figure; see proofs_check/figures")
        found.append(figure)
    return found


def _draw(
    figures: Sequence["Figure"], store: "Store", profile: "Profile", args: argparse.Namespace
) -> int:
    """Draw and write the figures; return how many were refused."""
    from proofs_check.figures.build import build
    from proofs_check.figures.files import picture, write_figure
    from proofs_check.figures.looks import style
    from proofs_check.figures.page import TheoryRefusedError
    from proofs_check.figures.summary import write_summary
    from proofs_check.figures.verdicts import claim_verdicts

    verdicts = claim_verdicts(claim for figure in figures for claim in figure.claims)
    pictures: dict[str, bytes] = {}
    refused = 0
    with style():
        for figure in figures:
            try:
                drawn = build(figure, store, profile, verdicts)
            except TheoryRefusedError as error:
                _say(f"refused: {error}")
                refused += 1
                continue
            paths = write_figure(drawn.page, drawn.record, args.out)
            _say(f"{figure.name}: {', '.join(str(path) for path in paths)}")
            for trend in drawn.record["trends"]:
                _say(f"  {trend['seen']}: {trend['says']} ({trend['numbers']})")
            if args.docs is not None:
                pictures[figure.name] = picture(drawn.page, "png", dpi=100)
    if args.docs is not None:
        write_summary(args.docs, args.out, pictures)
        _say(f"wrote {args.docs}")
    return refused


def _say(line: str) -> None:
    from proofs_check.report.table import console

    console().print(line)
