"""What rests on what, when the amended form of a claim stands for the printed one.

A printed claim and its amendments are one family. What becomes of the claims above a wrong one is
then read off the ledger: they are reached through its amendment.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from proofs_check.report.document import Document, Entry

__all__ = ["Chains", "chains"]


@dataclass(frozen=True)
class Chains:
    """The families of a document.

    Attributes
    ----------
    root
        Id to the printed claim of its family.
    parents
        Printed claim to the printed claims of the families that rest directly on its family, in
        the order of the ledger.
    """

    root: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]]

    def above(self, name: str) -> tuple[str, ...]:
        """Return the printed claims of all families that rest on the one of a claim."""
        start = self.root[name]
        found: dict[str, None] = {}
        waiting = [start]
        while waiting:
            for parent in self.parents.get(waiting.pop(), ()):
                if parent not in found and parent != start:
                    found[parent] = None
                    waiting.append(parent)
        return tuple(k for k in self.parents if k in found)


def chains(document: Document) -> Chains:
    """Return the families of a document and what rests on each.

    Parameters
    ----------
    document
        A run; claims that it names but did not check are left out.
    """
    by_id = document.by_id
    root = {name: _root(by_id, entry) for name, entry in by_id.items()}
    parents: dict[str, dict[str, None]] = {root[name]: {} for name in by_id}
    for entry in document.entries:
        for child in entry.rests_on:
            if child in by_id and root[child] != root[entry.id]:
                parents[root[child]][root[entry.id]] = None
    return Chains(root=root, parents={k: tuple(v) for k, v in parents.items()})


def _root(by_id: Mapping[str, Entry], entry: Entry) -> str:
    seen = {entry.id}
    while entry.amends is not None and entry.amends in by_id and entry.amends not in seen:
        entry = by_id[entry.amends]
        seen.add(entry.id)
    return entry.id
