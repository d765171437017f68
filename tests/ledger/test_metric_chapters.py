"""The chapters on the memorization metric: they load, and their verdicts stand."""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from proofs_check.claim import Claim, Kind
from proofs_check.engine import check, order, run_context
from proofs_check.evidence import Argued
from proofs_check.ledger import collect
from proofs_check.verdict import Verdict

PACKAGE = "proofs_check.ledger.linear_diffusion"
BELOW = ("model", "divergences", "expectations", "limits", "transition")
MODULES = ("metrics", "metric_simulations")
ARGUMENTS = Path(__file__).parents[2] / "docs" / "arguments"

REFUTED = {"B.rhoO", "B.width", "B.expressive", "B.transition", "B.scenarios", "B.wasserstein"}
"""What was said and is false; each has an amended claim beside it."""

FAST = {
    "B.metric.overlap": Verdict.PROVED,
    "B.metric.line": Verdict.PROVED,
    "B.metric.delta": Verdict.PROVED,
    "B.metric.diagonal.100": Verdict.PROVED,
    "B.metric.mean.pairs": Verdict.PROVED,
    "B.rhoO": Verdict.REFUTED,
    "B.rhoO.amended": Verdict.PROVED,
    "B.rhoO.limit": Verdict.PROVED,
    "B.width": Verdict.REFUTED,
    "B.width.amended": Verdict.PROVED,
    "B.bandwidth.best.100_100.low": Verdict.PROVED,
    "B.bandwidth.best.100_100.high": Verdict.PROVED,
    "B.lower": Verdict.PROVED,
    "B.lower.any": Verdict.SUPPORTED,
    "B.expressive": Verdict.REFUTED,
    "B.coordinate": Verdict.PROVED,
    "B.wasserstein": Verdict.REFUTED,
    "B.scenarios": Verdict.REFUTED,
    "B.transition.equal": Verdict.SUPPORTED,
    "B.pdelta.code.drop": Verdict.SUPPORTED,
}
"""Own verdicts that take little time."""


@cache
def chapter() -> dict[str, Claim]:
    return collect(c for m in MODULES for c in import_module(f"{PACKAGE}.{m}").CLAIMS)


@cache
def everything() -> dict[str, Claim]:
    names = (*BELOW, *MODULES)
    return collect(c for m in names for c in import_module(f"{PACKAGE}.{m}").CLAIMS)


def verdicts(ids: set[str], seed: int = 0) -> dict[str, Verdict]:
    context = run_context(everything(), full=False, seed=seed)
    found = {}
    for name in ids:
        result = check(chapter()[name], context)
        assert result.void == (), name
        assert all(f.toothless == () for f in result.findings), name
        found[name] = result.own
    return found


def test_the_chapters_load_and_their_links_hold() -> None:
    claims = everything()
    assert set(order(claims)) == set(claims)
    for claim in chapter().values():
        assert claim.amends is None or claim.amends in claims
        assert len(claim.broken) >= 2, claim.id
        for variant in claim.broken:
            variant.apply(claim)


def test_every_row_of_the_catalogue_has_a_claim() -> None:
    rows = "metric pdelta lower bandwidth coordinate w2 transition scenarios rhoO expressive"
    rows += " cannotfit circular width wasserstein code.scales"
    for row in rows.split():
        assert f"B.{row}" in chapter(), row


def test_what_was_said_and_is_false_is_amended() -> None:
    amended = {c.amends for c in chapter().values() if c.amends}
    assert amended == REFUTED
    assert all(chapter()[name].kind is Kind.SAID for name in REFUTED)


def test_arguments_are_written() -> None:
    for claim in chapter().values():
        for evidence in claim.evidence:
            if isinstance(evidence, Argued):
                assert (ARGUMENTS / f"{evidence.document or claim.id}.md").is_file(), claim.id


def test_two_hundred_false_variants_are_planted() -> None:
    assert sum(len(c.broken) for c in chapter().values()) >= 200


def test_fast_claims_have_their_verdicts() -> None:
    assert verdicts(set(FAST)) == FAST


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_both_chapters_with_every_seed(seed: int) -> None:
    found = verdicts(set(chapter()), seed)
    assert {k for k, v in found.items() if v is Verdict.REFUTED} == REFUTED
    rest = {k: v for k, v in found.items() if k not in REFUTED}
    assert all(v >= Verdict.SUPPORTED for v in rest.values()), rest
