"""Fingerprints of the project's files: what code, records and libraries a run is made with."""

import functools
import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

__all__ = ["ENGINE", "LIBRARIES", "engine_fingerprint", "files_fingerprint", "project_fingerprint"]

ROOT: Final = Path(__file__).resolve().parent.parent

LIBRARIES: Final = ("sympy", "python-flint", "numpy", "scipy", "hypothesis", "mpmath")
"""Libraries whose versions a result may depend on; reports name them in this order."""

ENGINE: Final = ("theory", "numerics", "proofs_check")
"""Packages whose code decides results, but for the parts named in `ASIDE`."""

ASIDE: Final = (
    "numerics/experiments",
    "proofs_check/commands",
    "proofs_check/figures",
    "proofs_check/ledger",
    "proofs_check/recheck.py",
    "proofs_check/report",
    "proofs_check/trust",
)
"""Folders and files without influence on results; claims of the ledger count one by one."""

PROJECT: Final = (*ENGINE, "docs/arguments")
"""Folders from which the document of a whole run is made."""


@functools.cache
def engine_fingerprint() -> str:
    """Return the fingerprint of the code that checks claims and of the libraries below it."""
    return _read(_versions(), _code(ROOT), ROOT)


def project_fingerprint(*, root: Path = ROOT) -> str:
    """Return the fingerprint of all that decides what the reports of the ledger say.

    Parameters
    ----------
    root
        Where the project is: every file of its packages counts, and every argument for people.
    """
    found = (p for folder in PROJECT for p in sorted((root / folder).rglob("*")))
    return _read(_versions(), (p for p in found if p.is_file() and p.suffix != ".pyc"), root)


def files_fingerprint(*names: str) -> str:
    """Return the fingerprint of some files of the project, named from its root."""
    digest = hashlib.sha256(f"python {sys.version_info[:3]}".encode())
    for name in names:
        digest.update(hashlib.sha256((ROOT / name).read_bytes()).digest())
    return digest.hexdigest()


def _versions() -> bytes:
    lines = [f"python {sys.version_info[:3]}", *(f"{name} {version(name)}\n" for name in LIBRARIES)]
    return "".join(lines).encode()


def _read(start: bytes, paths: Iterator[Path], root: Path) -> str:
    digest = hashlib.sha256(start)
    for path in paths:
        digest.update(f"{path.relative_to(root)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _code(root: Path) -> Iterator[Path]:
    aside = [root / folder for folder in ASIDE]
    for package in ENGINE:
        for path in sorted((root / package).rglob("*.py")):
            if not any(path.is_relative_to(folder) for folder in aside):
                yield path
