"""The ledger and the settings of its quick run, built once in each process."""

from collections.abc import Mapping
from functools import cache

from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.engine import run_context

__all__ = ["whole_ledger"]


@cache
def whole_ledger() -> tuple[Mapping[str, Claim], Context]:
    """Return all claims by id and the context in which ``verify`` checks them."""
    from proofs_check.ledger import load
    from proofs_check.repeatable import draw_repeatably

    draw_repeatably()
    claims = load()
    return claims, run_context(claims, full=False, seed=0)
