"""The chapter on the linear one-step model: it loads, and its verdicts are the ones that stand."""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from proofs_check.claim import Claim, Kind
from proofs_check.engine import LedgerResult, check_ledger, order
from proofs_check.ledger import collect
from proofs_check.verdict import Verdict

MODULES = ("model", "divergences", "expectations", "limits", "transition")
ARGUMENTS = Path(__file__).parents[2] / "docs" / "arguments"

REFUTED = {
    "B.law",
    "B.law.diagonal",
    "B.code.det",
    "B.trivial",
    "B.kl",
    "B.kl.onset",
    "B.slope",
}
"""What was said and is false."""

FAST = {
    "B.law": Verdict.REFUTED,
    "B.law.covariance.12": Verdict.PROVED,
    "B.law.mean.1": Verdict.PROVED,
    "B.code.det": Verdict.REFUTED,
    "B.code.det.threshold": Verdict.PROVED,
    "B.kl": Verdict.REFUTED,
    "B.kl.onset": Verdict.REFUTED,
    "B.kl.standard": Verdict.ENCLOSED,
    "B.kl.formula": Verdict.PROVED,
    "B.kl.time": Verdict.PROVED,
    "B.trivial": Verdict.REFUTED,
    "B.fact.log": Verdict.PROVED,
    "B.monotone.turn": Verdict.PROVED,
    "B.monotone.below": Verdict.PROVED,
    "B.monotone.root.low": Verdict.PROVED,
    "B.monotone.root.high": Verdict.PROVED,
    "B.klexact.reverse.infinite": Verdict.PROVED,
    "B.klexact.l2.infinite": Verdict.PROVED,
    "B.logdet.plane": Verdict.SUPPORTED,
    "B.rank1": Verdict.PROVED,
    "B.otherdiv.bures.dual": Verdict.PROVED,
    "B.otherdiv.space": Verdict.ENCLOSED,
    "B.edge.onset": Verdict.PROVED,
    "B.ridge.mode": Verdict.PROVED,
    "B.ridge.kl": Verdict.PROVED,
}
"""Own verdicts that take little time."""


@cache
def chapter() -> dict[str, Claim]:
    name = "proofs_check.ledger.linear_diffusion"
    return collect(c for m in MODULES for c in import_module(f"{name}.{m}").CLAIMS)


def checked(ids: set[str]) -> LedgerResult:
    """Check some claims alone: what they rest on is left out."""
    from proofs_check.engine import check, run_context

    claims = chapter()
    context = run_context(claims, full=False, seed=0)
    results = {name: check(claims[name], context) for name in claims if name in ids}
    return LedgerResult(results=results, seconds=0.0, profile="quick", seed=0)


def test_the_chapter_loads_and_its_links_hold() -> None:
    claims = chapter()
    assert set(order(claims)) == set(claims)
    for claim in claims.values():
        assert claim.amends is None or claim.amends in claims
        for variant in claim.broken:
            variant.apply(claim)


def test_every_row_of_the_catalogue_has_a_claim() -> None:
    rows = "law code.det hellinger kl slope trivial cond moments logdet klexact otherdiv rank1"
    rows += " t lambda kllimit monotone floor edge ridge"
    for row in rows.split():
        assert any(k == f"B.{row}" or k.startswith(f"B.{row}.") for k in chapter()), row


def test_what_was_said_and_is_false_is_amended() -> None:
    claims = chapter()
    amended = {c.amends for c in claims.values() if c.amends}
    for name in ("B.law", "B.trivial", "B.kl", "B.slope"):
        assert claims[name].kind is Kind.SAID
        assert name in amended


def test_arguments_are_written() -> None:
    from proofs_check.evidence import Argued

    for claim in chapter().values():
        for evidence in claim.evidence:
            if isinstance(evidence, Argued):
                assert (ARGUMENTS / f"{evidence.document or claim.id}.md").is_file(), claim.id


def test_at_least_a_hundred_false_variants_are_planted() -> None:
    assert sum(len(c.broken) for c in chapter().values()) >= 100


def test_fast_claims_have_their_verdicts() -> None:
    found = checked(set(FAST))
    assert {k: r.own for k, r in found.results.items()} == FAST
    for result in found.results.values():
        assert result.void == ()
        assert all(f.toothless == () for f in result.findings)


def test_the_witness_against_the_transposed_covariance_is_exact() -> None:
    witness = checked({"B.law"}).results["B.law"].witness
    assert witness is not None
    assert witness.bits == 0
    assert witness.lhs != witness.rhs


@pytest.mark.slow
def test_the_whole_chapter() -> None:
    found = check_ledger(chapter())
    own = {k: r.own for k, r in found.results.items()}
    assert {k for k, v in own.items() if v is Verdict.REFUTED} == REFUTED
    rest = {k: v for k, v in own.items() if k not in REFUTED}
    assert all(v >= Verdict.SUPPORTED for v in rest.values()), rest
    assert all(r.void == () for r in found.results.values())
    assert all(f.toothless == () for r in found.results.values() for f in r.findings)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_no_other_seed_refutes_what_stands(seed: int) -> None:
    found = check_ledger(chapter(), seed=seed)
    refuted = {k for k, r in found.results.items() if r.own is Verdict.REFUTED}
    assert refuted == REFUTED
