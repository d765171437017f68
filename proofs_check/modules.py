"""Find experiments and figures: each is a constant of a module in a known package."""

import pkgutil
import sys
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from proofs_check.errors import InputError

__all__ = ["constant_of_file", "constants", "named"]


def constants(package: str, name: str) -> Iterator[Any]:
    """Yield the constant ``name`` of each module below a package that has it, in order of files.

    Examples
    --------
    >>> [e.name for e in constants("numerics.experiments", "EXPERIMENT") if e.name == "A.x6"]
    ['A.x6']
    """
    root = import_module(package)
    for found in sorted(pkgutil.walk_packages(root.__path__, f"{package}."), key=lambda m: m.name):
        module = import_module(found.name)
        if hasattr(module, name):
            yield getattr(module, name)


def named(word: str, package: str, name: str, *, option: str) -> Any:
    """Return the constant whose ``name`` attribute is a word of the user.

    Raises
    ------
    InputError
        There is none.
    """
    known: list[str] = []
    for found in constants(package, name):
        if found.name == word:
            return found
        known.append(found.name)
    close = get_close_matches(word, known, n=1)
    remedy = f"did you mean {close[0]!r}?" if close else f"use one of {', '.join(sorted(known))}"
    raise InputError(f"{option}: there is no {word!r}; {remedy}")


def constant_of_file(path: Path, name: str) -> Any:
    """Return the constant of a file of the user, importable by workers under the file's name.

    Raises
    ------
    InputError
        The file is missing, cannot be imported, or has no such constant.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; check the path")
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        # workers are started with this path too
        sys.path.insert(0, folder)
    module = _imported(path)
    if not hasattr(module, name):
        raise InputError(f"{path}: has no {name}; see numerics/experiments for examples")
    return getattr(module, name)


def _imported(path: Path) -> ModuleType:
    try:
        module = import_module(path.stem)
    except Exception as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(f"{path}: cannot be imported ({said})") from error
    if Path(module.__file__ or "").resolve() != path.resolve():
        raise InputError(
            f"{path}: a module {path.stem} is there already; give the file another name"
        )
    return module
