"""What a run does not tell: best constants, and what a claim is without each hypothesis."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from proofs_check.claim import Claim, Kind
from proofs_check.context import Context
from proofs_check.errors import ScoreproofError
from proofs_check.hypothesis_audit import audit
from proofs_check.repair import best_constant

__all__ = ["Bracket", "Depth", "Dropped", "deepen", "work"]

BRACKETED: Final = frozenset({Kind.STATEMENT, Kind.STEP, Kind.AMENDED})
AUDITED: Final = frozenset({Kind.STATEMENT, Kind.AMENDED})


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """The best value of a constant, as text."""

    id: str
    printed: str
    best: str
    slack: str
    known: str


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A claim without one of its hypotheses."""

    id: str
    hypothesis: str
    verdict: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class Depth:
    """Brackets of constants and dropped hypotheses, in the order of the ledger."""

    brackets: tuple[Bracket, ...]
    dropped: tuple[Dropped, ...]


def work(claims: Mapping[str, Claim], paper: str) -> tuple[list[str], list[str]]:
    """Return the ids whose constants are bracketed and those whose hypotheses are dropped."""
    mine = {k: c for k, c in claims.items() if c.source.paper == paper}
    constants = [k for k, c in mine.items() if c.constant is not None and c.kind in BRACKETED]
    return constants, [k for k, c in mine.items() if c.where and c.kind in AUDITED]


def deepen(
    claims: Mapping[str, Claim],
    constants: Sequence[str],
    audited: Sequence[str],
    context: Context,
    on_step: Callable[[str], None] = lambda _: None,
) -> Depth:
    """Bracket constants, and drop the hypotheses of claims.

    Parameters
    ----------
    claims
        The ledger.
    constants, audited
        Ids, from `work`.
    context
        Settings of the run.
    on_step
        Called with one line after each claim.

    Returns
    -------
    Depth
        A claim for which nothing could be found out is left out.
    """
    brackets: list[Bracket] = []
    for name in constants:
        found = _bracket(claims[name], context)
        brackets += found
        on_step(f"{name}  {found[0].best if found else 'no bracket'}")
    dropped: list[Dropped] = []
    for name in audited:
        rows = audit(claims[name], context)
        words = {True: "needed", False: "not needed", None: "not known to be needed"}
        dropped += [
            Dropped(id=name, hypothesis=r.hypothesis, verdict=words[r.needed], detail=r.detail)
            for r in rows
        ]
        on_step(f"{name}  {len(rows)} hypotheses")
    return Depth(brackets=tuple(brackets), dropped=tuple(dropped))


def _bracket(claim: Claim, context: Context) -> list[Bracket]:
    try:
        found = best_constant(claim, context)
    except ScoreproofError:
        return []
    slack = "" if found.slack is None else " to ".join(dict.fromkeys(map(_short, found.slack)))
    marks = dict.fromkeys((found.lo_certified_by, found.hi_certified_by))
    return [
        Bracket(
            id=claim.id,
            printed=str(found.printed),
            best=f"[{_short(found.lo)}, {_short(found.hi)}]",
            slack=slack,
            known="; ".join(marks),
        )
    ]


def _short(value: object) -> str:
    if value is None:
        return "?"
    text = str(value)
    return text if len(text) <= 10 else f"{float(value):.6g}"  # type: ignore[arg-type]
