"""Read sets of points from files: .npy, .npz and .csv, one point per row."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from proofs_check.errors import InputError

__all__ = ["read_points"]

LARGEST: Final = 2**28
"""Most numbers that are read, 2 GB."""


def read_points(path: Path, *, option: str) -> NDArray[np.float64]:
    """Return the points of a file as float64, one per row.

    Parameters
    ----------
    path
        ``.npy``, ``.npz`` with one array, or ``.csv`` with commas; a first line of words in a
        ``.csv`` file is a heading.
    option
        Named in errors.

    Returns
    -------
    numpy.ndarray, shape (n, d)
        Finite points.

    Raises
    ------
    InputError
        The file cannot be read, is pickled, is no matrix of finite real numbers, or is too large.
    """
    readers = {".npy": _array, ".npz": _archive, ".csv": _table}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"{option}: {path} is of no known kind; name a .npy, .npz or .csv file")
    try:
        found = reader(path, option)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{option}: {path} cannot be read ({reason})") from error
    if found.ndim != 2:
        shape = " x ".join(str(n) for n in found.shape) or "a single number"
        raise InputError(f"{option}: {path} has shape {shape}; give one row for each point")
    if found.dtype.kind not in "iufb":
        raise InputError(f"{option}: {path} has entries of type {found.dtype}; give real numbers")
    if found.size > LARGEST:
        raise InputError(f"{option}: {path} has {found.size} numbers; at most {LARGEST} are read")
    points = np.ascontiguousarray(found, dtype=np.float64)
    finite = np.isfinite(points)
    if not finite.all():
        row, column = np.unravel_index(int(np.argmin(finite)), points.shape)
        raise InputError(
            f"{option}: {path} has {points[row, column]} in row {row + 1}, column {column + 1}; "
            "give finite numbers"
        )
    return points


def _array(path: Path, option: str) -> Any:
    try:
        found = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise InputError(f"{option}: {path} {_reason(error)}") from error
    return found


def _archive(path: Path, option: str) -> Any:
    from zipfile import BadZipFile, is_zipfile

    with path.open("rb") as stream:
        if not is_zipfile(stream):
            raise InputError(f"{option}: {path} is damaged or not what its name says")
    try:
        with np.load(path, allow_pickle=False) as archive:
            names = archive.files
            if len(names) != 1:
                shown = ", ".join(names[:5]) or "none"
                raise InputError(
                    f"{option}: {path} holds {len(names)} arrays ({shown}); it must hold one"
                )
            return archive[names[0]]
    except (ValueError, EOFError, BadZipFile, AttributeError) as error:
        raise InputError(f"{option}: {path} {_reason(error)}") from error


def _reason(error: Exception) -> str:
    said = str(error).lower()
    if "pickle" in said or "python objects" in said:
        return "holds Python objects, which are not loaded; save a plain array of numbers"
    return "is damaged or not what its name says; save it again with numpy.save"


def _table(path: Path, option: str) -> Any:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{option}: {path} is not text; give comma-separated numbers") from error
    rows: list[list[float]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = [cell.strip().strip('"') for cell in line.split(",")]
        try:
            row = [float(cell) for cell in cells]
        except ValueError as error:
            if not rows and not any(_number(cell) for cell in cells):
                continue
            raise InputError(
                f"{option}: {path}: line {number} is {line.strip()[:40]!r}; give numbers"
            ) from error
        if rows and len(row) != len(rows[0]):
            raise InputError(
                f"{option}: {path}: line {number} has {len(row)} columns, the first {len(rows[0])}"
            )
        rows.append(row)
    return np.array(rows, dtype=np.float64).reshape(len(rows), -1)


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
