"""Is each hypothesis needed? Drop it and run the evidence again."""

from dataclasses import dataclass, replace

from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.engine import check, run_evidence
from proofs_check.evidence import MonteCarlo, Search
from proofs_check.verdict import Verdict, Witness

__all__ = ["HypothesisAudit", "audit"]


@dataclass(frozen=True, kw_only=True)
class HypothesisAudit:
    """What is left of a claim without one hypothesis.

    Attributes
    ----------
    index, hypothesis
        Place in `Claim.where`, counted from 0, and text.
    verdict
        Of the claim without it: REFUTED means that it is needed, PROVED that it is not.
    witness
        The counterexample that the hypothesis excludes.
    """

    index: int
    hypothesis: str
    verdict: Verdict
    witness: Witness | None
    detail: str

    @property
    def needed(self) -> bool | None:
        """Whether the claim is false without the hypothesis; ``None`` when that is not known."""
        if self.verdict is Verdict.REFUTED:
            return True
        return False if self.verdict is Verdict.PROVED else None

    def __str__(self) -> str:
        """Return one line."""
        words = {True: "needed", False: "not needed", None: "not known to be needed"}
        return f"{self.hypothesis}: {words[self.needed]} ({self.detail})"


def audit(claim: Claim, context: Context | None = None) -> tuple[HypothesisAudit, ...]:
    """Drop each hypothesis of a claim in turn and say what becomes of the claim.

    Methods that accept a broken variant of the claim are not asked.

    Parameters
    ----------
    claim
        The claim.
    context
        Settings of the run; the quick profile by default.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from proofs_check import Enclosure, Rel, flip, ge, reals
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="square",
    ...     says="a square exceeds its root beyond 2",
    ...     given={a: reals},
    ...     where=(ge(a, 2), ge(a, 0)),
    ...     lhs=a**2,
    ...     rel=Rel.GE,
    ...     rhs=a,
    ...     evidence=(Enclosure(),),
    ...     broken=(flip(),),
    ... )
    >>> for row in audit(claim):
    ...     print(row)
    a >= 2: needed (fails at a = 1/2)
    a >= 0: not needed (4 boxes cover the whole domain)
    """
    context = context or Context()
    if not claim.where:
        return ()
    pairs = zip(claim.evidence, check(claim, context).findings, strict=True)
    trusted = [e for e, f in pairs if not f.toothless and not isinstance(e, MonteCarlo)]
    if not any(isinstance(e, Search) for e in trusted):
        trusted.append(Search())
    rows = []
    for index, hypothesis in enumerate(claim.where):
        where = tuple(h for k, h in enumerate(claim.where) if k != index)
        weaker = replace(claim, id=f"{claim.id}~without-{index + 1}", where=where)
        found = [run_evidence(weaker, e, context) for e in trusted]
        refuted = [f for f in found if f.verdict is Verdict.REFUTED]
        if refuted and any(f.verdict.certified for f in found):
            raise AssertionError(f"{weaker.id}: one method proves what another one refutes")
        best = refuted[0] if refuted else max(found, key=lambda f: f.verdict)
        rows.append(
            HypothesisAudit(
                index=index,
                hypothesis=str(hypothesis),
                verdict=best.verdict,
                witness=best.witness,
                detail=best.detail,
            )
        )
    return tuple(rows)
