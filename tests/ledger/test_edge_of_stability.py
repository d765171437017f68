"""Paper A, A.x6: simulated claims about gradient descent around minima."""

from importlib import import_module

import pytest

from proofs_check.context import Context
from proofs_check.engine import check
from proofs_check.quantities import edge_simulation
from proofs_check.verdict import Verdict

CLAIMS = {
    c.id: c
    for c in import_module("proofs_check.ledger.large_learning_rates.edge_of_stability").CLAIMS
}
QUICK = ("A.x6.unstable",)


def test_the_chapter_has_its_rows() -> None:
    assert {"A.x6.settled", "A.x6.unstable"} <= set(CLAIMS)
    for claim in CLAIMS.values():
        assert claim.evidence[0].count >= 20


@pytest.mark.parametrize("name", QUICK)
def test_a_claim_is_simulated(name: str) -> None:
    result = check(CLAIMS[name], Context())
    assert result.own is Verdict.SUPPORTED
    assert result.void == ()


def test_a_wrong_limit_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Descents within the limit stay: replicates from there contradict the claim."""
    claim = CLAIMS["A.x6.unstable"]
    growth = edge_simulation._growth
    monkeypatch.setattr(
        edge_simulation,
        "_growth",
        lambda stream, count, width, *_: growth(stream, count, width, 0.5, 0.95),
    )
    result = check(claim, Context(seed=7))
    assert result.own is Verdict.REFUTED


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", list(CLAIMS))
def test_the_chapter(name: str, seed: int) -> None:
    result = check(CLAIMS[name], Context(seed=seed))
    assert result.own is Verdict.SUPPORTED
    assert result.void == ()
