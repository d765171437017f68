"""Read the JSON ledger back as the document from which it was rendered."""

import dataclasses
import enum
import json
import types
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from proofs_check.errors import InputError
from proofs_check.report.document import SCHEMA_VERSION, Document
from proofs_check.verdict import Verdict

__all__ = ["read_ledger"]

LARGEST: Final = 1 << 30
"""Bytes of a ledger that is read; the ledger of both papers has some millions."""


def read_ledger(path: Path) -> Document:
    """Return the document of a JSON ledger.

    Fields that this version does not know are left out. That a field is missing is a fault, unless
    ledgers of the same version were written before there was one: then it has a default.

    Parameters
    ----------
    path
        A file written by ``scoreproof verify --json``.

    Raises
    ------
    InputError
        The file cannot be read, is no JSON ledger, or has another schema version.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(f"{path}: is over {LARGEST} bytes, which no ledger is")
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError(f"{path}: cannot be read ({reason}); name a JSON ledger") from error
    except ValueError as error:
        raise InputError(
            f"{path}: is no JSON; write a ledger with 'scoreproof verify --json F'"
        ) from error
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version != SCHEMA_VERSION:
        raise InputError(
            f"{path}: has schema version {version}, not {SCHEMA_VERSION}; "
            "write it anew with 'scoreproof verify --json F'"
        )
    try:
        document: Document = _record(Document, data)
    except (KeyError, TypeError, ValueError) as error:
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(
            f"{path}: is no whole ledger ({said}); write it anew with 'scoreproof verify --json F'"
        ) from error
    return document


@cache
def _fields(kind: type) -> dict[str, tuple[Any, bool]]:
    """Return the type of each field of a record, and whether it must be there."""
    hints = get_type_hints(kind)
    missing = dataclasses.MISSING
    return {
        f.name: (hints[f.name], f.default is missing and f.default_factory is missing)
        for f in dataclasses.fields(kind)
    }


def _record(kind: type, data: Any) -> Any:
    """Return a record from a mapping that has all fields without a default."""
    return kind(
        **{
            name: _value(hint, data[name])
            for name, (hint, demanded) in _fields(kind).items()
            if demanded or name in data
        }
    )


def _value(kind: Any, data: Any) -> Any:
    """Return a value of an annotated type from JSON data.

    Examples
    --------
    >>> _value(tuple[Verdict, ...], ["PROVED"])
    (<Verdict.PROVED: 7>,)
    """
    origin, parts = get_origin(kind), get_args(kind)
    if kind is Any:
        return data
    if kind is Verdict:
        return Verdict[data]
    if isinstance(kind, type) and origin is None:
        if issubclass(kind, enum.Enum):
            return kind(data)
        return _record(kind, data) if dataclasses.is_dataclass(kind) else _scalar(kind, data)
    if origin in (Union, types.UnionType):
        return _one_of(parts, data)
    if origin is tuple:
        if not isinstance(data, list):
            raise TypeError(f"{data!r} is no list")
        return tuple(_value(parts[0], entry) for entry in data)
    if origin is Mapping:
        return {str(k): _value(parts[1], v) for k, v in data.items()}
    raise TypeError(f"no value of type {kind} is read from JSON")


def _scalar(kind: type, data: Any) -> Any:
    if kind is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data


def _one_of(kinds: tuple[Any, ...], data: Any) -> Any:
    """Return a value of the first type that fits: null, text, or a list or record."""
    if data is None and types.NoneType in kinds:
        return None
    others = [k for k in kinds if k is not types.NoneType]
    if len(others) == 1:
        return _value(others[0], data)
    if isinstance(data, str) and str in others:
        return data
    return _value(next(k for k in others if k is not str), data)
