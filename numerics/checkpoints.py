"""Where a long cell keeps its state: a file of its own, replaced in one step, or nowhere."""

import math
import os
import time
import warnings
from hashlib import sha256
from pathlib import Path

from numerics.array_blob import decode, encode
from numerics.experiments.experiment import Arrays

__all__ = ["FileCheckpoint", "NoCheckpoint", "checkpoint_file", "forget_checkpoint"]


class NoCheckpoint:
    """A checkpoint that keeps nothing: for short cells, and to compute a cell by hand.

    Examples
    --------
    >>> NoCheckpoint().load() is None
    True
    """

    def load(self) -> Arrays | None:
        """Return None: nothing was kept."""
        return None

    def save(self, state: Arrays) -> None:
        """Keep nothing."""


class FileCheckpoint:
    """The state of one cell in one file.

    Parameters
    ----------
    path
        The file, as `checkpoint_file` names it; its folder is made when there is something to keep.
    every
        Seconds between two writings, >= 0: a state that comes sooner is not written, so that a
        cell may call ``save`` as often as it likes.

    Notes
    -----
    A reader sees the old state or the whole new one; a file that was cut by a fault of the machine
    is known by its checksum and counts as none. Where nothing can be written, a warning says so and
    the cell goes on without. One file per cell needs no lock, so that it works
    on a network drive too, where SQLite does not.
    """

    def __init__(self, path: Path, *, every: float = 5.0) -> None:
        self._path, self._every = path, every
        self._last = time.monotonic()

    def load(self) -> Arrays | None:
        """Return the state written last, or None if there is none."""
        try:
            return decode(self._path.read_bytes())
        except (OSError, ValueError):
            # not there, not readable here, or cut: the cell starts anew
            return None

    def save(self, state: Arrays) -> None:
        """Write ``state`` in place of the one before, unless that is younger than ``every``."""
        if time.monotonic() - self._last < self._every:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(f".{os.getpid()}.new")
            fresh.write_bytes(encode(state))
            fresh.replace(self._path)
        except OSError as error:
            # a worker elsewhere may not have the folder: its cell is right without a checkpoint
            reason = error.strerror or type(error).__name__
            warnings.warn(f"{self._path}: no checkpoint is kept ({reason})", stacklevel=2)
            self._every = math.inf
        self._last = time.monotonic()


def checkpoint_file(store: Path, key: str) -> Path:
    """Return the file for the state of a cell: in a folder next to the store of results.

    Examples
    --------
    >>> checkpoint_file(Path("results.sqlite"), "{}").as_posix()
    'results.sqlite.checkpoints/44136fa355b3678a1146ad16f7e8649e.state'
    """
    name = sha256(key.encode()).hexdigest()[:32]
    return store.with_name(f"{store.name}.checkpoints") / f"{name}.state"


def forget_checkpoint(path: Path) -> None:
    """Remove the state of a finished cell and what killed writers of it left behind."""
    for left in (path, *path.parent.glob(f"{path.stem}.*.new")):
        left.unlink(missing_ok=True)
