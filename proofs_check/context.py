"""What every method is told about the run: effort, seed, error level, the other claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from proofs_check.claim import Claim

__all__ = ["ARGUMENTS", "LEDGER_LEVEL", "Context"]

ARGUMENTS = Path(__file__).resolve().parent.parent / "docs" / "arguments"
"""The arguments for people, in a checkout of the project."""

LEDGER_LEVEL = 1e-3
"""Probability that a run over a whole true ledger refutes anything by Monte Carlo."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Settings of a run.

    Attributes
    ----------
    full
        Whether to spend the effort of the full profile.
    seed
        Root of all random streams; each claim's stream is keyed by its id.
    level
        Error level of one Monte-Carlo comparison.
    claims
        All claims of the run by id, for methods that use other claims.
    control
        Whether a broken variant is being run: witnesses are not simplified.
    cover_boxes
        Boxes that one cover of a domain may examine, if fewer than the evidence says. A broken
        variant gets three times what the claim took, so a method cannot keep its teeth by running
        out of its budget.
    documents
        Folder with the arguments for people.
    """

    full: bool = False
    seed: int = 0
    level: float = LEDGER_LEVEL
    claims: Mapping[str, Claim] = field(default_factory=dict)
    control: bool = False
    cover_boxes: int | None = None
    documents: Path = ARGUMENTS
