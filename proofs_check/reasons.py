"""Why a claim has its verdict: what it rests on, which link is weakest, what would change it."""

from collections.abc import Iterator, Mapping, Sequence

from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.engine import Result, dependencies
from proofs_check.evidence import MonteCarlo
from proofs_check.fingerprint import fingerprint
from proofs_check.verdict import Finding, Verdict

__all__ = ["reasons", "weakest_links"]


def reasons(
    name: str,
    claims: Mapping[str, Claim],
    results: Mapping[str, Result],
    context: Context,
    *,
    dependents: Sequence[str] = (),
) -> Iterator[str]:
    """Yield lines that say why a claim has its verdict.

    Parameters
    ----------
    name
        The claim.
    claims, results
        The ledger, and the results of the claim and of all below it, rolled up.
    context
        The run, for the fingerprint.
    dependents
        Claims above it.
    """
    claim, result = claims[name], results[name]
    yield f"{name}: {result.own.name} by its own evidence, {result.rolled.name} rolled up"
    yield f"  {claim.statement}"
    yield ""
    yield "what counts"
    for finding in result.findings:
        mark = "->" if finding.counted is result.own else "  "
        yield f"  {mark} {finding.method}: {finding.verdict.name}, {finding.detail}"
        yield from _doubts(finding)
    refused = sum(c.verdict is Verdict.REFUTED for c in result.controls)
    yield f"  {refused} of {len(result.controls)} broken variants are refuted"
    yield from _below(name, claims, results)
    yield ""
    yield "what would change it"
    yield from _changes(claim, result, results)
    if dependents:
        yield ""
        yield f"what it would change: {_listed(dependents)}"
    yield ""
    yield f"fingerprint of statement, evidence, code and versions: {fingerprint(claim, context)}"


def _doubts(finding: Finding) -> Iterator[str]:
    if finding.toothless:
        yield f"       does not count: it accepts {', '.join(finding.toothless)}"


def _below(name: str, claims: Mapping[str, Claim], results: Mapping[str, Result]) -> Iterator[str]:
    direct = [n for n in dependencies(claims[name]) if n in results]
    if not direct:
        yield "  rests on no other claim"
        return
    yield ""
    yield "what it rests on"
    for child in direct:
        yield f"  {child}: {results[child].own.name}, rolled up {results[child].rolled.name}"
    if results[name].rolled < results[name].own:
        links = weakest_links(name, claims, results)
        yield f"  weakest links, {results[name].rolled.name} on their own: {_listed(links)}"


def weakest_links(
    name: str, claims: Mapping[str, Claim], results: Mapping[str, Result]
) -> list[str]:
    """Return the claims below a claim whose own verdict is the rolled-up one.

    Steps of the printed proof do not weaken a statement that is shown otherwise: only what the
    roll-up follows counts.
    """
    wanted, seen, found = results[name].rolled, {name}, []
    queue = [name]
    while queue:
        here = queue.pop(0)
        result = results[here]
        if here != name and result.own is wanted:
            found.append(here)
        below = [*claims[here].uses, *(c for f in result.findings for c in f.rests_on)]
        for child in below:
            if child in results and child not in seen and results[child].rolled is wanted:
                seen.add(child)
                queue.append(child)
    return found


def _changes(claim: Claim, result: Result, results: Mapping[str, Result]) -> Iterator[str]:
    own = result.own
    if own is Verdict.REFUTED:
        yield f"  nothing but another statement: it fails at {result.witness}"
        return
    if own is Verdict.ERROR:
        yield "  mending the crash; the verdict says nothing of the statement"
        return
    yield "  a witness that meets every hypothesis refutes it, whatever was shown before"
    if any(isinstance(e, MonteCarlo) for e in claim.evidence):
        yield "  another seed or more replicates (--seed, --full) may change a simulated verdict"
    if own is Verdict.SUPPORTED:
        yield "  evidence that covers the whole domain would make it PROVED"
    if own is Verdict.ENCLOSED:
        yield "  evidence beyond the sizes, box or points named above would make it PROVED"
    if own in (Verdict.UNDECIDED, Verdict.VACUOUS, Verdict.ARGUED):
        yield "  evidence that a machine checks would raise it"
    if result.rolled < own:
        lifted = [n for n in dependencies(claim) if n in results and results[n].rolled < own]
        yield f"  better evidence for {_listed(lifted)} would raise the rolled-up verdict"


def _listed(names: Sequence[str], most: int = 12) -> str:
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
