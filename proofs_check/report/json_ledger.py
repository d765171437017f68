"""The ledger as JSON: a documented schema, exact numbers as text, certificates included."""

import dataclasses
import enum
import json
import re
from functools import cache
from typing import Any, Final

from proofs_check.report.document import SCHEMA_VERSION, Document
from proofs_check.verdict import Verdict

__all__ = ["render"]

COMPACT: Final = frozenset({"exact", "certificate"})
"""Fields that are plain data already, most of the ledger; each comes on one line."""

MARK: Final = "\ue000"
"""A character of no script, so that no sentence of a ledger is taken for a mark."""


def render(document: Document) -> str:
    """Return the document as JSON text; verdicts by name, keys in a fixed order.

    Apart from fields named ``seconds`` the text is the same for every run with the same seed.
    """
    data = {"schema_version": SCHEMA_VERSION, **_plain(document)}
    data["counts"] = {
        "own": {v.name: n for v, n in document.counts().items()},
        "rolled": {v.name: n for v, n in document.counts(rolled=True).items()},
    }
    compact: list[str] = []
    for entry in data["entries"]:
        entry["exact"] = _on_one_line(entry["exact"], compact)
        for row in entry["evidence"]:
            row["certificate"] = _on_one_line(row["certificate"], compact)
    text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    return re.sub(f'"{MARK}(\\d+)"', lambda found: compact[int(found[1])], text)


def _on_one_line(value: Any, compact: list[str]) -> str:
    """Put the text of nested data aside; return what stands for it."""
    compact.append(json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    return f"{MARK}{len(compact) - 1}"


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Verdict):
        return value.name
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = {name: getattr(value, name) for name in _fields(type(value))}
        return {k: v if k in COMPACT else _plain(v) for k, v in parts.items()}
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
