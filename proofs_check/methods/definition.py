"""Accept a statement that is, word for word, the defining property of a functional."""

from proofs_check.certificates import definitions, points
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.evidence import Definition, Search
from proofs_check.methods import search
from proofs_check.verdict import Finding, Verdict

__all__ = ["run"]


def run(claim: Claim, evidence: Definition, context: Context) -> Finding:
    """Compare a claim with a functional's registered definition, and search it as well."""
    found = search.run(claim, Search(hypothesis_examples=0), context)
    if found.verdict is not Verdict.SUPPORTED:
        return found
    defining = evidence.of.defining
    stated = (claim.lhs, claim.rel, claim.rhs)
    for entry in defining(*claim.given) if defining is not None else ():
        relation, *needed = entry if isinstance(entry, tuple) else (entry,)
        same = stated == (relation.lhs, relation.rel, relation.rhs)
        if same and all(hypothesis in claim.where for hypothesis in needed):
            return Finding(
                method="definition",
                verdict=Verdict.PROVED,
                detail=f"defines {evidence.of.__name__}",
                certificate={
                    "definition of": evidence.of.__name__,
                    "points": points(claim, context),
                    "definitions": definitions(claim),
                },
            )
    return Finding(
        method="definition",
        verdict=Verdict.UNDECIDED,
        detail=f"is not the registered definition of {evidence.of.__name__}",
    )
