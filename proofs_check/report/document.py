"""The neutral document behind every report: plain text, LaTeX and verdicts, no SymPy.

`build` makes it once from claims and results; the renderers only read it. JSON holds all of it.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from proofs_check.verdict import Verdict

__all__ = [
    "SCHEMA_VERSION",
    "Agreement",
    "BestRow",
    "ConstantRow",
    "ControlRow",
    "Document",
    "Entry",
    "EvidenceRow",
    "FigureRow",
    "Formula",
    "GivenRow",
    "WitnessRow",
]

SCHEMA_VERSION = 2
"""Raised whenever a reader of the JSON ledger would have to change."""


class Agreement(enum.Enum):
    """How a verdict compares with the recorded one."""

    SAME = "as recorded"
    DIFFERS = "differs"
    UNRECORDED = "not recorded"
    USER = "user's claim"


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A formula as plain text and as LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True, kw_only=True)
class GivenRow:
    """A symbol and where it lives."""

    symbol: Formula
    domain: Formula


@dataclass(frozen=True, kw_only=True)
class BestRow:
    """What is recorded of the best value of a constant; numbers as exact text.

    Attributes
    ----------
    lo, hi
        The best value is between them; ``None`` for an end about which nothing is known.
    slack_lo, slack_hi
        The same of printed / best, when both are positive.
    lo_by, hi_by
        How each end is known.
    certified
        Whether the statement is known to hold at the end towards weaker values; otherwise that
        end is the printed value, and nothing refuted it.
    """

    lo: str | None
    hi: str | None
    slack_lo: str | None
    slack_hi: str | None
    lo_by: str
    hi_by: str
    certified: bool


@dataclass(frozen=True, kw_only=True)
class ConstantRow:
    """A number of the statement that may be optimised, and what is recorded of its best value."""

    symbol: str
    printed: str
    larger_is_weaker: bool
    power_of_two: bool
    best: BestRow | None = None


@dataclass(frozen=True, kw_only=True)
class WitnessRow:
    """An exact point at which a statement fails; numbers as exact text."""

    values: Mapping[str, str | tuple[str, ...]]
    lhs: str
    rhs: str
    hypotheses: tuple[str, ...]
    bits: int

    def __str__(self) -> str:
        """Return the values as one line."""
        return ", ".join(
            f"{k} = {v if isinstance(v, str) else '(' + ', '.join(v) + ')'}"
            for k, v in self.values.items()
        )


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """What one piece of evidence says.

    Attributes
    ----------
    verdict, counted
        What the method says, and what of it counts: a toothless yes is no yes.
    certificate
        JSON data from which the finding can be checked again.
    """

    method: str
    verdict: Verdict
    counted: Verdict
    detail: str
    certificate: Mapping[str, Any]
    witness: WitnessRow | None
    rests_on: tuple[str, ...]
    toothless: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, kw_only=True)
class ControlRow:
    """What was said of one broken variant."""

    variant: str
    verdict: Verdict
    witness: WitnessRow | None


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """A figure that ``scoreproof figures`` draws, and the claims that it rests on."""

    name: str
    title: str
    claims: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One claim with all that was found.

    Attributes
    ----------
    statement
        As printed; `repair` of it are the entries whose `amends` is this id.
    own, rolled, proof
        Verdict of its evidence, over all it rests on, and of its printed proof.
    recorded_own, recorded_rolled
        What the record says, if anything.
    exact, hash
        The statement as data (`proofs_check.serialised.record`), and the hash to which the
        verdicts are bound.
    """

    id: str
    kind: str
    says: str
    paper: str
    place: str
    statement: Formula
    given: tuple[GivenRow, ...]
    where: tuple[Formula, ...]
    uses: tuple[str, ...]
    steps: tuple[str, ...]
    amends: str | None
    note: str
    constant: ConstantRow | None
    own: Verdict
    rolled: Verdict
    proof: Verdict | None
    agreement: Agreement
    recorded_own: Verdict | None
    recorded_rolled: Verdict | None
    evidence: tuple[EvidenceRow, ...]
    controls: tuple[ControlRow, ...]
    seconds: float
    exact: Mapping[str, Any] = field(default_factory=dict)
    hash: str = ""

    @property
    def witness(self) -> WitnessRow | None:
        """The counterexample of a refuted claim."""
        found = [e.witness for e in self.evidence if e.verdict is Verdict.REFUTED]
        return found[0] if found else None

    @property
    def best(self) -> EvidenceRow:
        """The evidence that gives the claim's own verdict."""
        same = [e for e in self.evidence if e.counted is self.own]
        return same[0] if same else self.evidence[0]

    @property
    def void(self) -> tuple[str, ...]:
        """Broken variants that no method showed to be false."""
        return tuple(c.variant for c in self.controls if c.verdict is not Verdict.REFUTED)

    @property
    def fails(self) -> bool:
        """Whether the entry makes a run fail: a crash, a change, a fault in a user's claim."""
        if self.own is Verdict.ERROR:
            return True
        if self.agreement is Agreement.USER:
            return self.own in (Verdict.REFUTED, Verdict.VACUOUS)
        return self.agreement is not Agreement.SAME

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Ids of the claims below this one: uses, steps, what its evidence names."""
        named = [*self.uses, *self.steps, *(r for e in self.evidence for r in e.rests_on)]
        return tuple(dict.fromkeys(named))

    @property
    def headline(self) -> str:
        """One line for tables: the witness of a refutation, else the best evidence."""
        if self.own is Verdict.REFUTED and self.witness is not None:
            return f"fails at {self.witness}"
        best = self.best
        return f"{best.method}: {best.detail}" if best.method != "run" else best.detail


@dataclass(frozen=True, kw_only=True)
class Document:
    """A run: how it was made, and an entry for each claim, in the order of the ledger."""

    version: str
    libraries: Mapping[str, str]
    papers: Mapping[str, str]
    profile: str
    seed: int
    seconds: float
    entries: tuple[Entry, ...]
    figures: tuple[FigureRow, ...] = ()

    def counts(self, *, rolled: bool = False) -> dict[Verdict, int]:
        """Return how many claims have each verdict, strongest first."""
        table = dict.fromkeys(sorted(Verdict, reverse=True), 0)
        for entry in self.entries:
            table[entry.rolled if rolled else entry.own] += 1
        return table

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """Entries by claim."""
        return {e.id: e for e in self.entries}

    def amendments(self, name: str) -> tuple[Entry, ...]:
        """Return the claims that repair a claim."""
        return self._repairs.get(name, ())

    def dependents(self, name: str) -> tuple[str, ...]:
        """Return the claims that name a claim below them."""
        return self._above.get(name, ())

    @cached_property
    def _repairs(self) -> Mapping[str, tuple[Entry, ...]]:
        repairs: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.amends is not None:
                repairs.setdefault(entry.amends, []).append(entry)
        return {name: tuple(found) for name, found in repairs.items()}

    @cached_property
    def _above(self) -> Mapping[str, tuple[str, ...]]:
        above: dict[str, list[str]] = {}
        for entry in self.entries:
            for below in entry.rests_on:
                above.setdefault(below, []).append(entry.id)
        return {name: tuple(ids) for name, ids in above.items()}

    def _repr_html_(self) -> str:
        """Return the document as a notebook shows it."""
        from proofs_check.report.notebook import document_html

        return document_html(self)
