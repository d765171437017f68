"""``scoreproof linear``: exact and limiting values of the linear one-step diffusion model."""

import argparse
import json
import math
from typing import TYPE_CHECKING, Any

from proofs_check.commands.options import whole_number
from proofs_check.errors import InputError

if TYPE_CHECKING:
    from proofs_check.linear_report import LinearReport

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--n",
        required=True,
        nargs="+",
        metavar="N",
        help="sample sizes: numbers, or ranges START:STOP[:STEP] with STOP included",
    )
    parser.add_argument("--d", required=True, metavar="D", help="dimension")
    parser.add_argument("--T", required=True, metavar="T", help="diffusion time")
    parser.add_argument(
        "--noise-scale",
        default="1",
        metavar="L",
        help="noise scale: 1 is the standard process (default), 'code' the public code's e^(-2T)",
    )
    parser.add_argument(
        "--sd", default="1", metavar="S", help="standard deviation of the data (default 1)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def run(args: argparse.Namespace) -> int:
    """Print a report for the model that the options name."""
    from proofs_check.linear_report import linear_report

    time = _number("--T", args.T)
    scale = math.exp(-2.0 * time) if args.noise_scale == "code" else None
    if scale is None:
        scale = _number("--noise-scale", args.noise_scale)
    sizes = [size for word in args.n for size in _sizes(word)]
    dimension = whole_number("--d", 1)(args.d)
    try:
        report = linear_report(
            sizes, dimension, time, noise_scale=scale, s_d=_number("--sd", args.sd)
        )
    except ValueError as error:
        raise InputError(str(error)) from error
    if args.json:
        _write_json(report)
    else:
        _write_tables(report)
    return 0


def _number(option: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise InputError(f"{option}: {text!r} is not a number above zero")
    return value


def _sizes(word: str) -> list[int]:
    """Return the numbers that a word stands for.

    Examples
    --------
    >>> _sizes("10:20:5")
    [10, 15, 20]
    """
    parts = word.split(":")
    if len(parts) > 3:
        raise InputError(f"--n: {word!r} is no range; write START:STOP or START:STOP:STEP")
    start = whole_number("--n", 2)(parts[0])
    if len(parts) == 1:
        return [start]
    stop = whole_number("--n", start)(parts[1])
    step = whole_number("--n", 1)(parts[2]) if len(parts) == 3 else 1
    if (stop - start) // step >= 10_000:
        raise InputError(f"--n: {word!r} has over 10000 sizes; take a larger step")
    return list(range(start, stop + 1, step))


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: infinities as words, unknown values as null."""
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if math.isinf(value):
            return "infinite" if value > 0 else "-infinite"
    return value


def _write_json(report: "LinearReport") -> None:
    import sys

    from proofs_check.linear_report import VALIDITY

    columns = {name: values.tolist() for name, values in report.columns().items()}
    rows = [
        {name: _plain(values[k]) for name, values in columns.items()} for k in range(report.n.size)
    ]
    document = {
        "d": report.d,
        "gamma": report.gamma,
        "reliability": report.reliability,
        "gamma_c": report.gamma_c,
        "monotone": report.monotone,
        "psi_c": report.psi_c,
        "kl_floor": report.kl_floor,
        "validity": VALIDITY,
        "rows": rows,
    }
    json.dump(document, sys.stdout, indent=1, allow_nan=False)
    sys.stdout.write("\n")


def _write_tables(report: "LinearReport") -> None:
    from rich.table import Table

    from proofs_check.linear_report import VALIDITY
    from proofs_check.report.table import console

    screen = console()
    word = "decreases on all of psi > 1" if report.monotone else "is not monotone"
    screen.print(
        f"gamma = {report.gamma:.12g}, R^2 = {report.reliability:.12g}; second transition at "
        f"psi = {report.psi_c:.8g}"
    )
    screen.print(
        f"limiting KL {word} (gamma_c = {report.gamma_c:.12g}); floor {report.kl_floor:.8g} a "
        "dimension"
    )
    columns = report.columns()
    for exact in (True, False):
        names = [k for k in columns if k not in {"n", "psi"} and k.startswith("limit") != exact]
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("n", "psi", *names):
            table.add_column(name.removeprefix("limit_"), justify="right", no_wrap=True)
        for k in range(report.n.size):
            table.add_row(
                str(report.n[k]),
                f"{report.psi[k]:.5g}",
                *(_shown(columns[name][k].item()) for name in names),
            )
        screen.print()
        screen.print("exact, over training sets" if exact else "proportional limits")
        screen.print(table)
        for name in names:
            screen.print(f"  {name.removeprefix('limit_')}: {VALIDITY[name]}")


def _shown(value: float) -> str:
    return "?" if math.isnan(value) else f"{value:.8g}"
