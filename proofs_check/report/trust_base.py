"""What a reader has to take on trust: the last words of every report.

Arguments in prose, intervals that hold only asymptotically, the libraries below the engine, and
the share of certificates that `proofs_check.recheck` can verify without any of them.
"""

from collections.abc import Iterator
from typing import Any

from proofs_check import recheck
from proofs_check.report.document import Document, Entry, EvidenceRow
from proofs_check.verdict import Verdict

__all__ = ["checkable", "trust_base"]

_BUILT_IN = {"sum", "call", "oo", "-oo", *recheck._OPERATIONS}  # noqa: SLF001
_CALLS = set(recheck._SIMPLE)  # noqa: SLF001


def trust_base(document: Document) -> list[str]:
    """Return the lines, each a sentence of plain text."""
    argued = [e for e in document.entries for r in e.evidence if r.counted is Verdict.ARGUED]
    below = [e for e in document.entries if e.rolled is Verdict.ARGUED]
    rows = [(e, r) for e in document.entries for r in e.evidence if _certified(r)]
    sure = [r for e, r in rows if checkable(e, r)]
    share = f"{100 * len(sure) / len(rows):.1f} %" if rows else "none"
    libraries = ", ".join(f"{name} {version}" for name, version in document.libraries.items())
    simulated = [r for e in document.entries for r in e.evidence if r.method == "monte carlo"]
    loose = [r for r in simulated if "asymptotic" in str(r.certificate.get("interval", ""))]
    return [
        (
            f"{_count(len(argued), 'link')} argued in prose, which no machine has checked; "
            f"{_count(len(below), 'claim')} no stronger than such an argument."
        ),
        (
            f"{len(loose)} of {_count(len(simulated), 'simulation')} with an interval that holds "
            "only asymptotically."
        ),
        (
            f"{len(sure)} of {_count(len(rows), 'certificate')} ({share}) within reach of "
            "'scoreproof recheck', which uses none of the libraries: it proves boxes, fractions "
            "and witnesses anew, and compares identities and steps at exact points."
        ),
        f"The rest is trusted to the engine and to {libraries}.",
    ]


def _count(number: int, what: str) -> str:
    return f"{number} {what} is" if number == 1 else f"{number} {what}s are"


def _certified(row: EvidenceRow) -> bool:
    simulated = row.method == "monte carlo"
    return row.verdict.certified or (row.verdict is Verdict.REFUTED and not simulated)


def checkable(entry: Entry, row: EvidenceRow) -> bool:
    """Return whether the checker knows every operation that a certificate needs."""
    certificate = row.certificate
    if row.method == "definition" or not entry.exact:
        return False
    if row.method == "steps":
        parts = [p for b in certificate.get("branches", ()) for p in _parts(b)]
        return not any(p["along"] for p in parts) and not (
            {"integral", "derivative", "piecewise"} & set(_names([certificate, entry.exact]))
        )
    relations = [[entry.exact[k] for k in ("lhs", "rel", "rhs")], *entry.exact["where"]]
    sides = [side for lhs, _, rhs in relations for side in (lhs, rhs)]
    return all(_known(side, certificate.get("definitions", {})) for side in sides)


def _parts(branch: Any) -> Iterator[Any]:
    for part in (*branch["parts"], *branch["because"]):
        yield part
        yield from _parts({"parts": part["because"], "because": ()})


def _names(tree: Any) -> Iterator[str]:
    """Yield the first words of all lists inside."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (list, tuple)):
        if tree and isinstance(tree[0], str):
            yield tree[0]
        for branch in tree:
            yield from _names(branch)


def _known(tree: Any, definitions: Any) -> bool:
    """Return whether the checker can evaluate a tree."""
    if isinstance(tree, str):
        return True
    name, *parts = tree
    if name == "call":
        called, *parts = parts
        body = definitions.get(called)
        if called not in _CALLS and (body is None or not _known(body[1], definitions)):
            return False
    elif name not in _BUILT_IN:
        return False
    return all(_known(part, definitions) for part in parts)
