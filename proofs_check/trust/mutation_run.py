"""What the engine says of mutants: one cell for each claim, so that a killed run goes on.

A mutant that other code shows false must not be accepted. Every method of the claim is run on it,
as on a broken variant, and the plain search; no control protects a method here: it has to reject
the mutant itself. Nothing is asked about the others: those that follow from the claim are true, and
of what fails nowhere, or has values by the engine alone, nobody else knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from numerics.experiments.experiment import (
    Arrays,
    Checkpoint,
    Experiment,
    Parameters,
    Profile,
)
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.domains import Integer, Real
from proofs_check.engine import FEWEST_BOXES, run_evidence
from proofs_check.evidence import Argued, Instances, MonteCarlo, Search
from proofs_check.recorded import RECORD, read_record
from proofs_check.trust.mutation import Mutant, mutants
from proofs_check.trust.second_opinion import fails_at, without_definition
from proofs_check.trust.whole_ledger import whole_ledger
from proofs_check.verdict import Finding, Verdict

__all__ = ["COLUMNS", "EXPERIMENT", "OF_FALSE", "Row", "answer", "rows"]

COLUMNS: Final = ("claim", "operator", "shown_by", "outcome", "by", "detail")

OF_FALSE: Final = (
    "refuted",
    "refuted in full",
    "undecided",
    "supported",
    "enclosed",
    "accepted",
)
"""Outcomes of a mutant that other code shows false."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What became of one mutant.

    Attributes
    ----------
    claim, operator
        What was changed, and how.
    shown_by
        By which arithmetic the mutant was shown false; empty when it was not.
    outcome
        ``refuted`` with an exact witness; ``refuted in full``: the quick profile's search finds
        nothing against it, that of the full profile does; ``undecided``: no method says yes or no;
        ``supported``: neither search finds anything; ``enclosed``: certified at listed instances,
        where it is true; ``accepted``: some method calls it proved or
        enclosed. Of those that were not shown false: ``weaker``, they follow from the claim;
        ``not seen to fail`` at any point; ``not confirmed``, where float64 sees a failure;
        ``no other value``: only the engine can value them; ``claim denied``: the other arithmetic
        denies the claim itself there, so that one of the two is wrong.
    by
        The methods that gave the outcome.
    detail
        A line for people.
    """

    claim: str
    operator: str
    shown_by: str
    outcome: str
    by: str
    detail: str


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return one cell for each claim that holds; a tenth of them in the quick profile."""
    from proofs_check.fingerprint import files_fingerprint, fingerprint

    names = ("mutation", "mutation_run", "screen", "second_opinion")
    by = files_fingerprint(*(f"proofs_check/trust/{name}.py" for name in names))[:16]
    claims, context = whole_ledger()
    record = read_record(RECORD)
    holds = [k for k in claims if k in record and record[k].own >= Verdict.ARGUED]
    return [
        {"claim": k, "most": 4, "seed": 0, "of": fingerprint(claims[k], context)[:16], "by": by}
        for k in (holds[::10] if profile == "quick" else holds)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Return the rows of one claim, a text array for each column."""
    del checkpoint
    claims, context = whole_ledger()
    claim = claims[str(parameters["claim"])]
    wanted = {"most": int(parameters["most"]), "seed": int(parameters["seed"])}
    only = without_definition(claim)
    found = (
        [_out_of_reach(claim, only)]
        if only
        else [answer(claim, mutant, context) for mutant in mutants(claim, **wanted)]
    )
    return {
        name: np.array([getattr(row, name)[:400] for row in found], dtype=np.str_)
        for name in COLUMNS
    }


def rows(table: Sequence[Arrays]) -> list[Row]:
    """Return the rows of finished cells."""
    return [
        Row(**{name: str(cell[name][k]) for name in COLUMNS})
        for cell in table
        for k in range(len(cell["claim"]))
    ]


def _out_of_reach(claim: Claim, quantities: Sequence[str]) -> Row:
    """Return the one row of a claim about which no other code can have an opinion."""
    return Row(
        claim=claim.id,
        operator="any",
        shown_by="",
        outcome="no other value",
        by="",
        detail=f"values by balls or simulation alone: {', '.join(quantities)}",
    )


def answer(claim: Claim, mutant: Mutant, context: Context) -> Row:
    """Return what the engine says of a mutant of a claim."""
    if not mutant.shown_by:
        return _not_asked(mutant)
    row = Row(
        claim=claim.id,
        operator=mutant.operator,
        shown_by=mutant.shown_by,
        outcome="",
        by="",
        detail="",
    )
    findings = _findings(mutant.claim, context)
    # what is certified at instances alone says nothing of other points, and so contradicts nothing
    within = "accepted" if _fails_at_an_instance(mutant.claim) else "enclosed"
    for outcome, wanted in (
        ("accepted", lambda f: f.verdict.certified and f.method != "instances"),
        ("refuted", lambda f: f.verdict is Verdict.REFUTED),
        (within, lambda f: f.verdict.certified),
        ("supported", lambda f: f.verdict is Verdict.SUPPORTED),
    ):
        by = [f for f in findings if wanted(f)]
        if by:
            row = replace(row, outcome=outcome, by=_methods(by), detail=by[0].detail)
            break
    else:
        why = "; ".join(dict.fromkeys(f"{f.method}: {f.detail}" for f in findings))
        row = replace(row, outcome="undecided", detail=why)
    if row.outcome == "supported":
        row = _searched_in_full(row, mutant, context)
    return row if row.outcome == "refuted" else replace(row, detail=_reason(row, mutant))


def _not_asked(mutant: Mutant) -> Row:
    """Return why nothing is asked of the engine about a mutant that was not shown false."""
    if mutant.weaker:
        outcome, detail = "weaker", "its margin is the claim's and something nonnegative"
    elif mutant.denied:
        outcome, detail = "claim denied", f"{mutant.denied} denies the claim itself where it fails"
    elif not mutant.points:
        outcome, detail = "no other value", "without a value in float64 at any point"
    elif not mutant.suspected:
        outcome, detail = "not seen to fail", f"fails at none of {mutant.points} points"
    else:
        seen = f"fails in float64 at {mutant.suspected} of {mutant.points} points"
        outcome, detail = "not confirmed", f"{seen}, which no other arithmetic confirms"
    return Row(
        claim=mutant.origin,
        operator=mutant.operator,
        shown_by="",
        outcome=outcome,
        by="",
        detail=detail,
    )


def _methods(findings: Sequence[Finding]) -> str:
    return " ".join(dict.fromkeys(f.method for f in findings))


def _searched_in_full(row: Row, mutant: Mutant, context: Context) -> Row:
    """Return what the searches of the full profile say: ten times as many points."""
    full = replace(context, control=True, full=True)
    searches = [e for e in mutant.claim.evidence if isinstance(e, Search)] or [Search()]
    found = [run_evidence(mutant.claim, e, full) for e in searches]
    refuted = [f for f in found if f.verdict is Verdict.REFUTED]
    if not refuted:
        return replace(row, detail=found[0].detail)
    return replace(row, outcome="refuted in full", detail=f"{row.detail}; {refuted[0].detail}")


def _reason(row: Row, mutant: Mutant) -> str:
    """Return why a false statement was not refuted at once."""
    reasons = {
        "refuted in full": "fails at few points: the quick search met none",
        "supported": "fails at few points: no search met one",
        "enclosed": "fails elsewhere than at the listed instances",
        "undecided": "what the claim rests on no longer gives it, and no search met a failure",
        "accepted": "a false proof",
    }
    at = ", ".join(f"{s} = {_exact(v)}" for s, v in mutant.witness.items())
    return f"{reasons[row.outcome]}; it fails at {at}; {row.detail}"


def _exact(value: Any) -> str:
    return f"({', '.join(map(str, value))})" if isinstance(value, tuple) else str(value)


def _fails_at_an_instance(claim: Claim) -> bool:
    points = [p for e in claim.evidence if isinstance(e, Instances) for p in e.at.values()]
    return any(fails_at(claim, point).fails for point in points)


def _findings(claim: Claim, context: Context) -> list[Finding]:
    limited = replace(context, control=True, cover_boxes=FEWEST_BOXES)
    evidence = [e for e in claim.evidence if not isinstance(e, (Argued, MonteCarlo))]
    found = [run_evidence(claim, e, limited) for e in evidence]
    if not any(isinstance(e, Search) for e in evidence):
        found.append(run_evidence(claim, Search(), limited))
    return found


def cost(parameters: Parameters) -> float:
    """Return the seconds that a claim takes, as far as its kind tells: more about data."""
    claims, _ = whole_ledger()
    domains = claims[str(parameters["claim"])].given.values()
    return 2.0 if all(isinstance(d, (Real, Integer)) for d in domains) else 8.0


EXPERIMENT: Final = Experiment(
    name="trust.mutants",
    says="What the engine says of false neighbours of every claim that holds",
    cells=cells,
    run=run,
    cost=cost,
)
