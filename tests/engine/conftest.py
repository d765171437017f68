"""A factory for small claims: each test names only what it is about."""

from collections.abc import Callable
from typing import Any

import pytest
from sympy import S

from proofs_check import Claim, Context, Enclosure, Finding, Rel, restate
from proofs_check.engine import run_evidence

Make = Callable[..., Claim]


def make_claim(lhs: Any = S.Zero, rel: str | Rel = "<=", rhs: Any = S.Zero, **parts: Any) -> Claim:
    """Return a claim with a name, a sentence, evidence and a broken variant filled in."""
    parts.setdefault("id", "t")
    parts.setdefault("says", "a test")
    parts.setdefault("evidence", (Enclosure(),))
    parts.setdefault("broken", (restate("shifted", lhs=S(1234567)),))
    return Claim(lhs=lhs, rel=Rel(rel), rhs=rhs, **parts)


@pytest.fixture
def claim() -> Make:
    """Return the factory."""
    return make_claim


@pytest.fixture
def finding() -> Callable[..., Finding]:
    """Return a function that makes a claim and runs its first piece of evidence."""

    def run(*args: Any, context: Context | None = None, **parts: Any) -> Finding:
        made = make_claim(*args, **parts)
        return run_evidence(made, made.evidence[0], context or Context())

    return run
