"""Results that were computed before, by fingerprint: an unchanged claim is not checked again.

The document of a run of the ledger is kept too, for a second run of which nothing has changed. One
SQLite file in the user's cache folder. A result is committed before the run goes on, so a run
that is killed loses no finished claim. Whatever cannot be read is computed anew.
"""

import io
import os
import pickle
import sqlite3
import zlib
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from proofs_check.verdict import Verdict

if TYPE_CHECKING:
    from proofs_check.engine import Result
    from proofs_check.report.document import Document

__all__ = ["Cache", "default_path"]

KEPT: Final = 8
"""Results of one claim that are kept: the newest, for other seeds, profiles and versions."""

DOCUMENTS: Final = 4
"""Documents that are kept: the newest."""

CLASSES: Final = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("fractions", "Fraction"),
        ("proofs_check.engine", "Result"),
        ("proofs_check.verdict", "Control"),
        ("proofs_check.verdict", "Finding"),
        ("proofs_check.verdict", "Verdict"),
        ("proofs_check.verdict", "Witness"),
    }
)
"""All that a stored result is made of; a file that names anything else is not followed.

A document is made of verdicts and of the public records of `proofs_check.report.document`."""


def default_path() -> Path:
    """Return where results are kept: ``XDG_CACHE_HOME``, else ``~/.cache``."""
    home = os.environ.get("XDG_CACHE_HOME")
    folder = Path(home) if home else Path.home() / ".cache"
    return folder / "scoreproof" / "results.sqlite"


class Cache:
    """Results by fingerprint in a file; use it as a context manager.

    Parameters
    ----------
    path
        The file. When it cannot be opened or is no store of results, nothing is found and nothing
        is kept, and `fault` says why: a cache never stops a run.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Cache(Path(folder) / "r.sqlite") as cache:
    ...     cache.get("no such fingerprint") is None
    True
    """

    def __init__(self, path: Path) -> None:
        self.fault = ""
        self._path = path
        self._file: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS results (number INTEGER PRIMARY KEY AUTOINCREMENT, "
                "fingerprint TEXT UNIQUE NOT NULL, claim TEXT NOT NULL, result BLOB NOT NULL)"
            )
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS documents (number INTEGER PRIMARY KEY AUTOINCREMENT, "
                "fingerprint TEXT UNIQUE NOT NULL, document BLOB NOT NULL)"
            )
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        self.fault = (
            f"{self._path}: results are not kept ({error}); delete the file or use --no-cache"
        )
        if self._file is not None:
            self._file.close()
        self._file = None

    def __enter__(self) -> Self:
        """Return the cache."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def get(self, fingerprint: str) -> "Result | None":
        """Return the result kept under a fingerprint, ``None`` when there is none to rely on."""
        from proofs_check.engine import Result

        found = self._found("SELECT result FROM results WHERE fingerprint = ?", fingerprint)
        return found if isinstance(found, Result) else None

    def get_document(self, fingerprint: str) -> "Document | None":
        """Return the document kept under a fingerprint, ``None`` when there is none to rely on."""
        from proofs_check.report.document import Document

        found = self._found("SELECT document FROM documents WHERE fingerprint = ?", fingerprint)
        return found if isinstance(found, Document) else None

    def _found(self, query: str, fingerprint: str) -> object:
        if self._file is None:
            return None
        try:
            row = self._file.execute(query, (fingerprint,)).fetchone()
            return None if row is None else _Unpickler(io.BytesIO(zlib.decompress(row[0]))).load()
        except (
            sqlite3.Error,
            zlib.error,
            pickle.UnpicklingError,
            EOFError,
            AttributeError,
        ) as error:
            self._give_up(error)
            return None

    def put(self, fingerprint: str, result: "Result") -> None:
        """Keep a result, unless time or a crash may have decided it."""
        if result.own in (Verdict.ERROR, Verdict.UNDECIDED):
            return
        older = (
            "DELETE FROM results WHERE claim = ? AND number NOT IN "
            "(SELECT number FROM results WHERE claim = ? ORDER BY number DESC LIMIT ?)"
        )
        self._write(
            "INSERT OR REPLACE INTO results (fingerprint, claim, result) VALUES (?, ?, ?)",
            (fingerprint, result.id, _packed(result)),
            older,
            (result.id, result.id, KEPT),
        )

    def put_document(self, fingerprint: str, document: "Document") -> None:
        """Keep a document, unless time or a crash may have decided a verdict in it."""
        if any(e.own in (Verdict.ERROR, Verdict.UNDECIDED) for e in document.entries):
            return
        older = (
            "DELETE FROM documents WHERE number NOT IN "
            "(SELECT number FROM documents ORDER BY number DESC LIMIT ?)"
        )
        self._write(
            "INSERT OR REPLACE INTO documents (fingerprint, document) VALUES (?, ?)",
            (fingerprint, _packed(document)),
            older,
            (DOCUMENTS,),
        )

    def _write(
        self, insert: str, row: tuple[object, ...], delete: str, limits: tuple[object, ...]
    ) -> None:
        if self._file is None:
            return
        try:
            with self._file:
                self._file.execute("BEGIN IMMEDIATE")
                self._file.execute(insert, row)
                self._file.execute(delete, limits)
        except sqlite3.Error as error:
            self._give_up(error)


def _packed(value: object) -> bytes:
    return zlib.compress(pickle.dumps(value, protocol=5), 1)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        from proofs_check.report import document

        part = module == document.__name__ and name in document.__all__
        if not part and (module, name) not in CLASSES:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a result")
        return super().find_class(module, name)
