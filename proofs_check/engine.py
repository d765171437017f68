"""Run the evidence of claims, demand that every method rejects the broken variants, roll up.

`check` gives the result of one claim; `check_ledger` of many. A claim's own verdict is the
strongest that counts among its findings; the rolled-up one is the weakest over everything that the
finding rests on. A refutation and a yes on the same claim contradict each other and are an ERROR.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from proofs_check.claim import Claim
from proofs_check.context import LEDGER_LEVEL, Context
from proofs_check.errors import ClaimError, LedgerError
from proofs_check.evidence import (
    Argued,
    Definition,
    Enclosure,
    Evidence,
    Instances,
    MonteCarlo,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.verdict import Control, Finding, Verdict, Witness, weakest

__all__ = ["LedgerResult", "Result", "check", "check_ledger", "order", "roll_up"]

FEWEST_BOXES = 100
"""Boxes that the cover of a broken variant may examine at least."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was found for one claim.

    Attributes
    ----------
    id
        The claim.
    own
        Verdict of the claim's own evidence.
    findings
        One for each piece of evidence, in the claim's order.
    controls
        What the search said of each broken variant; every one should be REFUTED.
    rolled
        Verdict rolled up over all that the claim rests on (`roll_up` fills it).
    proof
        Verdict of the printed proof: the weakest of its steps, rolled up; ``None`` without steps.
    """

    id: str
    own: Verdict
    findings: tuple[Finding, ...]
    controls: tuple[Control, ...] = ()
    rolled: Verdict = Verdict.UNDECIDED
    proof: Verdict | None = None
    seconds: float = 0.0

    @property
    def witness(self) -> Witness | None:
        """The counterexample of a refuted claim."""
        found = [f.witness for f in self.findings if f.verdict is Verdict.REFUTED]
        return found[0] if found else None

    @property
    def best(self) -> Finding:
        """The finding that gives the claim's own verdict."""
        return max(self.findings, key=lambda f: f.counted)

    @property
    def void(self) -> tuple[str, ...]:
        """Broken variants that no method showed to be false."""
        return tuple(c.variant for c in self.controls if c.verdict is not Verdict.REFUTED)

    def _repr_html_(self) -> str:
        """Return the result as a notebook shows it."""
        from proofs_check.report.notebook import result_html

        return result_html(self)


@dataclass(frozen=True, kw_only=True)
class LedgerResult:
    """Results of a run, by claim, in the order of the ledger; how many were kept from before."""

    results: Mapping[str, Result]
    seconds: float
    profile: str
    seed: int
    recalled: int = 0

    def counts(self, *, rolled: bool = False) -> dict[Verdict, int]:
        """Return how many claims have each verdict, own or rolled up."""
        table = dict.fromkeys(sorted(Verdict, reverse=True), 0)
        for r in self.results.values():
            table[r.rolled if rolled else r.own] += 1
        return table

    def _repr_html_(self) -> str:
        """Return the run as a notebook shows it."""
        from proofs_check.report.notebook import run_html

        return run_html(self)


def _method(evidence: Evidence) -> Callable[[Claim, Any, Context], Finding]:
    """Return the function that runs a piece of evidence; imports are lazy."""
    from proofs_check import methods
    from proofs_check.methods import (
        argued,
        definition,
        enclosure,
        instances,
        monte_carlo,
        polynomial,
        search,
        steps,
        symbolic,
    )

    del methods
    table: dict[type, Callable[[Claim, Any, Context], Finding]] = {
        Argued: argued.run,
        Definition: definition.run,
        Enclosure: enclosure.run,
        Instances: instances.run,
        MonteCarlo: monte_carlo.run,
        Polynomial: polynomial.run,
        Search: search.run,
        Steps: steps.run,
        Symbolic: symbolic.run,
    }
    return table[type(evidence)]


def run_evidence(claim: Claim, evidence: Evidence, context: Context) -> Finding:
    """Run one piece of evidence; a crash becomes an ERROR finding, never a silent no."""
    start = time.perf_counter()
    try:
        finding = _method(evidence)(claim, evidence, context)
    except Exception as error:  # noqa: BLE001 - reported as ERROR, which fails the run
        finding = Finding(
            method=type(evidence).__name__.lower(),
            verdict=Verdict.ERROR,
            detail=f"{type(error).__name__}: {error}",
        )
    return replace(finding, seconds=time.perf_counter() - start)


def check(claim: Claim, context: Context | None = None) -> Result:
    """Return the result of one claim: findings, controls and its own verdict.

    Parameters
    ----------
    claim
        The claim; children that its evidence names are looked up in ``context.claims``.
    context
        Settings of the run; the quick profile with seed 0 by default.

    Examples
    --------
    >>> from sympy import Rational, Symbol, exp
    >>> from proofs_check.broken import scale
    >>> from proofs_check.domains import reals
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="exp",
    ...     says="exp lies above its tangent",
    ...     given={a: reals},
    ...     lhs=exp(a),
    ...     rel=">=",
    ...     rhs=1 + a,
    ...     evidence=(Enclosure(),),
    ...     broken=(scale("rhs", Rational(101, 100)),),
    ... )
    >>> check(claim).own.name
    'PROVED'
    """
    context = context or Context()
    start = time.perf_counter()
    findings = [run_evidence(claim, evidence, context) for evidence in claim.evidence]
    controls, accepted = _controls(claim, context, [f.boxes for f in findings])
    findings = [replace(f, toothless=tuple(accepted.get(k, ()))) for k, f in enumerate(findings)]
    return Result(
        id=claim.id,
        own=_own_verdict(findings),
        findings=tuple(findings),
        controls=controls,
        seconds=time.perf_counter() - start,
    )


def _own_verdict(findings: list[Finding]) -> Verdict:
    verdicts = [f.counted for f in findings]
    if Verdict.ERROR in verdicts:
        return Verdict.ERROR
    if Verdict.REFUTED in verdicts:
        # what is enclosed on a part, or follows from children that may be false, contradicts none
        alone = any(f.counted is Verdict.PROVED and not f.rests_on for f in findings)
        return Verdict.ERROR if alone else Verdict.REFUTED
    if Verdict.VACUOUS in verdicts:
        return Verdict.VACUOUS
    return max(verdicts)


def _controls(
    claim: Claim, context: Context, boxes: list[int]
) -> tuple[tuple[Control, ...], dict[int, list[str]]]:
    """Run every method on every broken variant; say which variants each method accepts.

    A cover has three times the boxes that the claim itself took, and at least `FEWEST_BOXES`.
    """
    controls = []
    accepted: dict[int, list[str]] = {}
    control = replace(context, control=True)
    for variant in claim.broken:
        broken = variant.apply(claim)
        findings = []
        own_search = False
        for k, evidence in enumerate(claim.evidence):
            patience = max(FEWEST_BOXES, 3 * boxes[k])
            finding = run_evidence(broken, evidence, replace(control, cover_boxes=patience))
            own_search = own_search or isinstance(evidence, Search)
            findings.append(finding)
            if finding.counted.accepts:
                accepted.setdefault(k, []).append(variant.name)
        if not any(f.verdict is Verdict.REFUTED for f in findings) and not own_search:
            findings.append(run_evidence(broken, Search(), control))
        best = min(findings, key=lambda f: (f.verdict is not Verdict.REFUTED, -f.verdict))
        controls.append(Control(variant=variant.name, verdict=best.verdict, witness=best.witness))
    return tuple(controls), accepted


def order(claims: Mapping[str, Claim]) -> list[str]:
    """Return the ids so that every claim comes after what it uses.

    Raises
    ------
    LedgerError
        An unknown id or a cycle.
    """
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str, wanted_by: str) -> None:
        if name in done:
            return
        if name not in claims:
            raise LedgerError(f"{wanted_by}: uses {name!r}, which is not in the ledger")
        if name in path:
            circle = " -> ".join([*path[path.index(name) :], name])
            raise LedgerError(f"{name}: depends on itself: {circle}")
        path.append(name)
        for child in dependencies(claims[name]):
            visit(child, name)
        path.pop()
        done[name] = None

    for name in claims:
        visit(name, "the ledger")
    return list(done)


def dependencies(claim: Claim) -> tuple[str, ...]:
    """Return the ids that a claim names: uses, steps, children of its certificates."""
    from proofs_check.methods.steps import children

    found = [*claim.uses, *claim.steps]
    for evidence in claim.evidence:
        if isinstance(evidence, Steps):
            found += children(evidence)
        if isinstance(evidence, Argued):
            found += evidence.rests_on
    return tuple(dict.fromkeys(found))


def roll_up(claims: Mapping[str, Claim], results: Mapping[str, Result]) -> dict[str, Result]:
    """Fill in the verdicts over everything that each claim rests on.

    Claims that were not run count as undecided.
    """
    rolled: dict[str, Result] = {}
    missing = Result(id="", own=Verdict.UNDECIDED, findings=())
    for name in order(claims):
        if name not in results:
            continue
        claim, result = claims[name], results[name]
        base = [rolled.get(u, missing).rolled for u in claim.uses]
        options = [
            weakest([f.counted, *base, *(rolled.get(c, missing).rolled for c in f.rests_on)])
            for f in result.findings
        ]
        settled = result.own in (Verdict.REFUTED, Verdict.ERROR, Verdict.VACUOUS)
        verdict = result.own if settled or not options else max(options)
        steps = [rolled.get(s, missing).rolled for s in claim.steps]
        rolled[name] = replace(result, rolled=verdict, proof=weakest(steps) if steps else None)
    return {name: rolled[name] for name in results}


def check_ledger(
    claims: Mapping[str, Claim],
    *,
    ids: Iterable[str] | None = None,
    full: bool = False,
    seed: int = 0,
    on_result: Callable[[Result], None] | None = None,
) -> LedgerResult:
    """Check claims one after the other and roll up.

    Parameters
    ----------
    claims
        The ledger.
    ids
        Claims to check; what they depend on is checked too. All by default.
    full, seed
        Effort and root of the random streams.
    on_result
        Called after each claim.
    """
    start = time.perf_counter()
    context = run_context(claims, full=full, seed=seed)
    results: dict[str, Result] = {}
    for name in selected(claims, ids):
        results[name] = check(claims[name], context)
        if on_result is not None:
            on_result(results[name])
    return LedgerResult(
        results=roll_up(claims, results),
        seconds=time.perf_counter() - start,
        profile="full" if full else "quick",
        seed=seed,
    )


def run_context(claims: Mapping[str, Claim], *, full: bool, seed: int) -> Context:
    """Return the settings of a run; the Monte-Carlo level is split over the ledger."""
    tests = sum(isinstance(e, MonteCarlo) for c in claims.values() for e in c.evidence)
    return Context(full=full, seed=seed, level=LEDGER_LEVEL / max(tests, 1), claims=claims)


def selected(claims: Mapping[str, Claim], ids: Iterable[str] | None) -> list[str]:
    """Return the wanted ids and all they depend on, in ledger order.

    Raises
    ------
    ClaimError
        An id that is not in the ledger.
    LedgerError
        A wanted claim uses one that is not in the ledger.
    """
    if ids is None:
        order(claims)
        return list(claims)
    wanted: set[str] = set()

    def add(name: str) -> None:
        if name in wanted:
            return
        wanted.add(name)
        for child in dependencies(claims[name]):
            if child not in claims:
                raise LedgerError(f"{name}: uses {child!r}, which is not in the ledger")
            add(child)

    for name in ids:
        if name not in claims:
            raise ClaimError(f"there is no claim {name!r}")
        add(name)
    order({k: v for k, v in claims.items() if k in wanted})
    return [k for k in claims if k in wanted]
