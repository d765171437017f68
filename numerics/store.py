"""The store of results: one SQLite file in which a finished cell stays finished, come what may.

The file is written ahead (WAL) and synchronised at each commit, so that a reader never waits for a
writer and a killed or unplugged writer leaves the last committed state. One process writes it, the
one that hands out the cells; workers only compute.
"""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from numerics.array_blob import decode
from numerics.checkpoints import checkpoint_file, forget_checkpoint
from numerics.experiments.experiment import Cell
from numerics.table import Row, Table

__all__ = ["Failure", "Store", "StoreError"]

APPLICATION: Final = 0x73636F72
"""SQLite's mark for the owner of a file: the letters ``scor``."""

FORMAT: Final = 1
"""Counts up when the tables of the file change."""

PATIENCE: float = 10.0
"""Seconds to wait for a lock that another process holds."""

TABLES: Final = """
CREATE TABLE cells (
    key TEXT PRIMARY KEY,
    experiment TEXT NOT NULL,
    arrays BLOB,
    error TEXT,
    trace TEXT,
    seconds REAL NOT NULL,
    CHECK ((arrays IS NULL) <> (error IS NULL))
) WITHOUT ROWID
"""


class StoreError(ValueError):
    """A file that cannot be used as a store of results: one line that says why."""


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a cell has no result: one line, and the traceback where there was one."""

    error: str
    trace: str


class Store:
    """Results by cell, in one file.

    Parameters
    ----------
    path
        The file; it is made if there is none, and so is its folder.

    Raises
    ------
    StoreError
        If the file is not a store of results, is damaged, locked, or cannot be read and written.

    Examples
    --------
    >>> import tempfile
    >>> from numerics.experiments.experiment import Experiment
    >>> from numerics.array_blob import encode
    >>> toy = Experiment(name="A.toy", says="", cells=lambda _: [], run=lambda p, c: {})
    >>> cell = Cell(experiment=toy, parameters={"seed": 1})
    >>> with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "r.sqlite") as store:
    ...     store.commit(cell, encode({"y": [1.5]}), seconds=0.1)
    ...     store.table([cell]).stack("y").tolist()
    [[1.5]]
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists() and not path.is_file():
            raise StoreError(f"{path}: is not a file; name a file for the results")
        with _clear(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
        try:
            with _clear(path):
                self._check()
                self._file.execute("PRAGMA journal_mode=WAL")
                self._file.execute("PRAGMA synchronous=FULL")
                self._make()
                self._tidy()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; what was committed stays."""
        self._file.close()

    def commit(self, cell: Cell, blob: bytes, *, seconds: float) -> None:
        """Keep the results of a cell, as encoded arrays; on return they are on the disk.

        A result of the same cell that is there already is replaced, a failure too, and the
        cell's checkpoint is removed.
        """
        self._put(cell, (blob, None, None, seconds))
        with _clear(self.path):
            forget_checkpoint(checkpoint_file(self.path, cell.key))

    def fail(self, cell: Cell, failure: Failure, *, seconds: float) -> None:
        """Keep why a cell has no result; its checkpoint stays for the next attempt."""
        self._put(cell, (None, failure.error, failure.trace, seconds))

    def done(self, cells: Sequence[Cell]) -> set[str]:
        """Return the keys of those cells that have results."""
        wanted = {cell.key for cell in cells}
        query = "SELECT key FROM cells WHERE experiment = ? AND arrays IS NOT NULL"
        with _clear(self.path):
            names = sorted({cell.experiment.name for cell in cells})
            found = {row[0] for name in names for row in self._file.execute(query, (name,))}
        return wanted & found

    def failures(self, cells: Sequence[Cell]) -> dict[str, Failure]:
        """Return why cells have no result, by key, in the order of the cells."""
        query = "SELECT error, trace FROM cells WHERE key = ? AND error IS NOT NULL"
        found: dict[str, Failure] = {}
        with _clear(self.path):
            for cell in cells:
                row = self._file.execute(query, (cell.key,)).fetchone()
                if row is not None:
                    found[cell.key] = Failure(error=row[0], trace=row[1])
        return found

    def table(self, cells: Sequence[Cell]) -> Table:
        """Return the results of those cells that have them, in canonical order.

        Raises
        ------
        StoreError
            If the file is damaged.
        """
        query = "SELECT arrays, seconds FROM cells WHERE key = ? AND arrays IS NOT NULL"
        rows: list[Row] = []
        with _clear(self.path):
            for cell in cells:
                found = self._file.execute(query, (cell.key,)).fetchone()
                if found is not None:
                    rows.append(Row(cell=cell, arrays=decode(found[0]), seconds=found[1]))
        return Table.of(rows)

    def forget(self, cells: Sequence[Cell]) -> None:
        """Remove results, failures and checkpoints of some cells, all or none of them."""
        with _clear(self.path), self._transaction():
            for cell in cells:
                self._file.execute("DELETE FROM cells WHERE key = ?", (cell.key,))
                forget_checkpoint(checkpoint_file(self.path, cell.key))

    def _put(self, cell: Cell, row: tuple[bytes | None, str | None, str | None, float]) -> None:
        query = "INSERT OR REPLACE INTO cells VALUES (?, ?, ?, ?, ?, ?)"
        with _clear(self.path):
            # outside a transaction a statement commits itself
            self._file.execute(query, (cell.key, cell.experiment.name, *row))

    def _check(self) -> None:
        """Refuse a file of somebody else before anything in it is touched."""
        owner = self._number("application_id")
        tables = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if owner != APPLICATION and (owner or tables):
            raise StoreError(
                f"{self.path}: is a database of another program; name another file for the results"
            )
        if owner == APPLICATION and self._number("user_version") != FORMAT:
            raise StoreError(
                f"{self.path}: was written by another version of scoreproof "
                f"(format {self._number('user_version')}, this one reads {FORMAT}); "
                "name another file for the results"
            )

    def _make(self) -> None:
        if self._number("application_id") == APPLICATION:
            return
        with self._transaction():
            # another process may have made the table while this one waited for the lock
            if self._number("application_id") != APPLICATION:
                self._file.execute(TABLES)
                self._file.execute(f"PRAGMA user_version={FORMAT}")
                self._file.execute(f"PRAGMA application_id={APPLICATION}")

    def _tidy(self) -> None:
        """Remove checkpoints of finished cells: a process killed right after a commit left them."""
        folder = checkpoint_file(self.path, "").parent
        if not folder.is_dir() or not any(folder.iterdir()):
            return
        for (key,) in self._file.execute("SELECT key FROM cells WHERE arrays IS NOT NULL"):
            forget_checkpoint(checkpoint_file(self.path, key))

    def _number(self, pragma: str) -> int:
        value: int = self._file.execute(f"PRAGMA {pragma}").fetchone()[0]
        return value

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.execute("ROLLBACK")
            raise
        self._file.execute("COMMIT")


@contextlib.contextmanager
def _clear(path: Path) -> Iterator[None]:
    """Say in one line what is wrong with a file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise StoreError(
                f"{path}: is locked by another process; wait until it ends, or name another file"
            ) from error
        raise StoreError(f"{path}: cannot be used ({said}); name another file") from error
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "not a database" in said:
            raise StoreError(f"{path}: is no store of results; name another file") from error
        raise StoreError(f"{path}: is damaged ({said}); name another file") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreError(f"{path}: cannot be used ({reason}); name another file") from error
    except StoreError:
        raise
    except ValueError as error:
        raise StoreError(f"{path}: is damaged ({error}); name another file") from error
