"""A drawn figure as files: PDF, PNG and the numbers as JSON, byte for byte the same each time."""

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from proofs_check.errors import InputError
from proofs_check.output import write

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["picture", "read_json", "write_figure"]

METADATA: Final[dict[str, dict[str, None]]] = {
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
}
"""What a file would say of the day and the program that made it."""


def picture(page: "Page", kind: str, *, dpi: int = 200) -> bytes:
    """Return a page as ``pdf``, ``png`` or ``svg``; call it under the style it was drawn in."""
    stream = io.BytesIO()
    page.drawing.savefig(stream, format=kind, dpi=dpi, metadata=METADATA[kind])
    return stream.getvalue()


def write_figure(page: "Page", record: dict[str, Any], folder: Path) -> list[Path]:
    """Write the files of a figure into a folder that is there, and return them.

    Raises
    ------
    InputError
        A file cannot be written.
    """
    paths = [folder / f"{page.name}.{kind}" for kind in ("pdf", "png", "json")]
    try:
        for path in paths[:2]:
            path.write_bytes(picture(page, path.suffix[1:]))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{folder}: cannot be written ({reason}); name another folder") from error
    write(paths[2], _text(record))
    return paths


def read_json(path: Path) -> dict[str, Any]:
    """Return the record of a figure.

    Raises
    ------
    InputError
        The file is not the record of a figure.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as the record of a figure") from error
    if not isinstance(record, dict) or "figure" not in record:
        raise InputError(f"{path}: is not the record of a figure; remove it or name another folder")
    return record


def _text(record: dict[str, Any]) -> str:
    """Return a record as JSON with each list of numbers on one line."""
    spread = json.dumps(record, indent=1, allow_nan=False)
    # a string has no line break, so a bracket before one is a bracket of JSON
    rows = re.sub(r"\[\n([^\[\]{}]*)\n *\]", lambda found: f"[{found[1].strip()}]", spread)
    return re.sub(r",\n *(?=[-\d\[n])", ", ", rows) + "\n"
