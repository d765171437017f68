"""An argument for people: it counts as ARGUED, never as a machine's yes."""

from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.evidence import Argued
from proofs_check.verdict import Finding, Verdict

__all__ = ["run"]

LEAST_WORDS = 25
"""A document shorter than this is no argument."""


def run(claim: Claim, evidence: Argued, context: Context) -> Finding:
    """Look for the document and record what it rests on."""
    path = context.documents / f"{evidence.document or claim.id}.md"
    words = len(path.read_text(encoding="utf-8").split()) if path.is_file() else 0
    if words < LEAST_WORDS:
        return Finding(
            method="argued",
            verdict=Verdict.UNDECIDED,
            detail=f"{path.name} has {words} words; write the argument there",
        )
    return Finding(
        method="argued",
        verdict=Verdict.ARGUED,
        detail=f"argued in {path.name}; no machine checked it",
        certificate={"document": path.name, "words": words},
        rests_on=evidence.rests_on,
    )
