"""All claims, one module for each chapter of a paper, in the papers' order."""

from collections.abc import Iterable
from importlib import import_module
from typing import Final

from proofs_check.claim import Claim
from proofs_check.errors import LedgerError

__all__ = ["CHAPTERS", "collect", "load"]

CHAPTERS: Final[tuple[str, ...]] = (
    "large_learning_rates.identities",
    "large_learning_rates.sample_facts",
    "large_learning_rates.posterior_bounds",
    "large_learning_rates.score_bounds",
    "large_learning_rates.score_variation",
    "large_learning_rates.dimensions",
    "large_learning_rates.irregularity",
    "large_learning_rates.weight_bounds",
    "large_learning_rates.inner_gaps",
    "large_learning_rates.theorem4_scalars",
    "large_learning_rates.theorem4",
    "large_learning_rates.spacing",
    "large_learning_rates.stability",
    "large_learning_rates.risk_curvature",
    "large_learning_rates.tangent_bound",
    "large_learning_rates.knot_bound",
    "large_learning_rates.knot_windows",
    "large_learning_rates.sharpness",
    "large_learning_rates.edge_of_stability",
    "large_learning_rates.notebook_sharpness",
    "large_learning_rates.notebooks",
    "large_learning_rates.low_risk_scalars",
    "large_learning_rates.low_risk",
    "large_learning_rates.least_variation",
    "large_learning_rates.theorem8_scalars",
    "large_learning_rates.main_theorem",
    "linear_diffusion.model",
    "linear_diffusion.divergences",
    "linear_diffusion.expectations",
    "linear_diffusion.limits",
    "linear_diffusion.transition",
    "linear_diffusion.metrics",
    "linear_diffusion.metric_simulations",
    "linear_diffusion.alternatives",
    "linear_diffusion.sampling_steps",
    "linear_diffusion.other_data",
    "linear_diffusion.onset",
    "linear_diffusion.collapse",
    "linear_diffusion.relaxation",
    "linear_diffusion.nonlinear",
)
"""Names of the modules below this package; each has a tuple ``CLAIMS``."""


def collect(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Return claims by id.

    Raises
    ------
    LedgerError
        Two claims have the same id.
    """
    table: dict[str, Claim] = {}
    for claim in claims:
        if claim.id in table:
            raise LedgerError(f"{claim.id}: the id is used twice")
        table[claim.id] = claim
    return table


def load() -> dict[str, Claim]:
    """Return the whole ledger by id, in the papers' order."""
    chapters = (import_module(f"{__name__}.{name}") for name in CHAPTERS)
    return collect(claim for chapter in chapters for claim in chapter.CLAIMS)
