"""What every method is told about the run: effort, seed, error level, the other claims."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from proofs_check.claim import Claim

__all__ = ["LEDGER_LEVEL", "Context"]

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
        Whether a broken variant is being run: no shrinking, little time for proofs.
    documents
        Folder with the arguments for people.
    """

    full: bool = False
    seed: int = 0
    level: float = LEDGER_LEVEL
    claims: Mapping[str, Claim] = field(default_factory=dict)
    control: bool = False
    documents: Path = Path("docs") / "arguments"
