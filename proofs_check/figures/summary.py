"""The page that puts what a paper sees in its figures next to what we see, from the records."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from proofs_check.errors import InputError
from proofs_check.figures.files import read_json
from proofs_check.output import write

__all__ = ["summary", "write_summary"]

HEAD: Final = """# Figures

What the papers say about their figures, next to what the same experiments show here. Each line is
judged by a function of the results, which can also say no; the numbers are those that decided.
This page is written by `scoreproof figures --docs docs/figures.md`.

A curve of theory is drawn only if its claim stands; its verdict, rolled up over all it rests on, is
in the legend. Verdicts are explained in [the architecture](architecture.md).
"""


def write_summary(path: Path, folder: Path, pictures: Mapping[str, bytes]) -> None:
    """Write the page for all figures that have a record in a folder, and the pictures beside it.

    Parameters
    ----------
    path
        The page; pictures go to a folder ``images`` next to it.
    folder
        Where the records are.
    pictures
        Figure to PNG, for those that were drawn now.

    Raises
    ------
    InputError
        A file cannot be read or written.
    """
    images = path.parent / "images"
    try:
        images.mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            (images / f"{name}.png").write_bytes(picture)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"--docs: {images} cannot be written ({reason})") from error
    records = [read_json(place) for place in sorted(folder.glob("*.json"))]
    shown = {r["figure"] for r in records if (images / f"{r['figure']}.png").exists()}
    write(path, summary(records, shown))


def summary(records: list[dict[str, Any]], shown: set[str]) -> str:
    """Return the page; figures in ``shown`` have a picture."""
    return "\n".join([HEAD, *_counts(records), *(_section(r, shown) for r in records)])


def _counts(records: list[dict[str, Any]]) -> list[str]:
    seen = [trend["seen"] for record in records for trend in record["trends"]]
    if not seen:
        return []
    parts = (f"{seen.count(word)} {word}" for word in ("reproduced", "not reproduced", "undecided"))
    return [f"Of {len(seen)} trends: {', '.join(parts)}.\n"]


def _section(record: dict[str, Any], shown: set[str]) -> str:
    name = record["figure"]
    lines = [f"## {name}: {record['title']}", ""]
    if name in shown:
        lines += [f"![{record['title']}](images/{name}.png)", ""]
    cells = "; ".join(
        f"{e['name']}, {e['finished']} of {e['cells']}" for e in record["experiments"]
    )
    lines += [f"Profile {record['profile']}; finished cells: {cells}.", ""]
    if record["claims"]:
        said = ", ".join(f"`{k}` {v['rolled'].lower()}" for k, v in record["claims"].items())
        lines += [f"Claims: {said}.", ""]
    if record["trends"]:
        lines += ["| statement | here | numbers |", "|---|---|---|"]
        lines += [_row(trend) for trend in record["trends"]]
        lines.append("")
    return "\n".join(lines)


def _row(trend: dict[str, str]) -> str:
    numbers = trend["numbers"] + (f". {trend['why']}" if trend["why"] else "")
    statement = f"{trend['says']} ({trend['source']})"
    return f"| {_cell(statement)} | {trend['seen']} | {_cell(numbers)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
