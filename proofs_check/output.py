"""Write results whole or not at all; find out before a long run whether they can be written."""

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from proofs_check.errors import InputError

__all__ = ["check_writable", "write"]


def check_writable(outputs: Mapping[str, Path], *, inputs: Iterable[Path] = ()) -> None:
    """Refuse outputs that could not be written at the end of a run.

    Parameters
    ----------
    outputs
        Option to file, such as ``{"--json": Path("ledger.json")}``.
    inputs
        Files that are read and must not be overwritten.

    Raises
    ------
    InputError
        A folder that is missing with its parent, or read-only; a folder or a read-only file in
        place of the file, the same file twice, an output that is an input.
    """
    taken = {os.path.realpath(path): f"the input {path}" for path in inputs}
    for option, path in outputs.items():
        place = os.path.realpath(path)
        if place in taken:
            raise InputError(f"{option}: {path} is {taken[place]}; name another file")
        taken[place] = f"also given to {option}"
        _check_one(option, path)


def _check_one(option: str, path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{option}: {path} is a folder; name a file in it")
    folder = path.parent
    if not folder.exists() and folder.parent.is_dir():
        folder = folder.parent  # `write` makes one folder, and only when there is something to put
    if not folder.exists():
        raise InputError(f"{option}: there is no folder {folder.parent}; create it first")
    if not folder.is_dir():
        raise InputError(f"{option}: {folder} is not a folder; name a file in a folder")
    if path.exists() and not (path.is_file() and os.access(path, os.W_OK)):
        raise InputError(f"{option}: {path} cannot be overwritten; name another file")
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"{option}: cannot write in {folder} ({error.strerror}); name a file elsewhere"
        ) from error


def write(path: Path, text: str) -> None:
    """Replace a file by a text in one step: readers see the old file or the whole new one.

    A missing folder is made, its parents are not.

    Raises
    ------
    InputError
        The file cannot be written; nothing is left behind.
    """
    name = ""
    try:
        path.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        # a temporary file is private; the result has the usual permissions
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        if name:
            Path(name).unlink(missing_ok=True)
        raise InputError(
            f"{path}: cannot be written ({error.strerror}); name another file"
        ) from error
