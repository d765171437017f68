"""The chapters on collapse, relaxation and the nonlinear denoiser: verdicts and variants."""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from proofs_check.claim import Claim, Kind
from proofs_check.engine import LedgerResult, check, check_ledger, run_context
from proofs_check.evidence import Argued
from proofs_check.ledger import collect
from proofs_check.verdict import Verdict

OWN = ("onset", "collapse", "relaxation", "nonlinear")
BELOW = ("model", "divergences", "expectations", "limits", "transition")
ARGUMENTS = Path(__file__).parents[2] / "docs" / "arguments"

REFUTED = {"B.z1c", "B.late", "B.regime.collapse", "B.nonlinear", "B.nonlinear.same", "B.params"}
"""What was said and is false."""

FAST = {
    "B.z1.mean": Verdict.PROVED,
    "B.z1.likelihood": Verdict.PROVED,
    "B.z1.not_typical": Verdict.PROVED,
    "B.z1c": Verdict.REFUTED,
    "B.z1c.random": Verdict.SUPPORTED,
    "B.collapse.rem": Verdict.PROVED,
    "B.collapse.root": Verdict.PROVED,
    "B.collapse.law": Verdict.PROVED,
    "B.collapse.before": Verdict.SUPPORTED,
    "B.collapse.exponent": Verdict.PROVED,
    "B.relax": Verdict.PROVED,
    "B.relax.kl_bound": Verdict.PROVED,
    "B.late": Verdict.REFUTED,
    "B.late.cumulant": Verdict.PROVED,
    "B.regime.collapse": Verdict.REFUTED,
    "B.regime.rate": Verdict.PROVED,
    "B.regime.standard": Verdict.PROVED,
    "B.params": Verdict.REFUTED,
}
"""Own verdicts that take little time."""


@cache
def chapters() -> dict[str, Claim]:
    name = "proofs_check.ledger.linear_diffusion"
    return collect(c for m in (*BELOW, *OWN) for c in import_module(f"{name}.{m}").CLAIMS)


@cache
def own() -> dict[str, Claim]:
    name = "proofs_check.ledger.linear_diffusion"
    return collect(c for m in OWN for c in import_module(f"{name}.{m}").CLAIMS)


def checked(ids: set[str], *, seed: int = 0) -> LedgerResult:
    claims = chapters()
    context = run_context(claims, full=False, seed=seed)
    results = {name: check(claims[name], context) for name in claims if name in ids}
    return LedgerResult(results=results, seconds=0.0, profile="quick", seed=seed)


def test_every_row_has_a_claim() -> None:
    rows = "z1 collapse relax z1c late regime nonlinear params"
    for row in rows.split():
        assert f"B.{row}" in own() or any(k.startswith(f"B.{row}.") for k in own()), row


def test_what_was_said_is_named_so_and_what_is_false_is_amended() -> None:
    amended = {claim.amends for claim in own().values() if claim.amends}
    for name in REFUTED:
        assert own()[name].kind is Kind.SAID
        assert name in amended or name == "B.nonlinear"


def test_planted_errors_are_many_and_differ_from_the_claims() -> None:
    variants = [variant.apply(claim) for claim in own().values() for variant in claim.broken]
    assert len(variants) >= 150
    assert len({variant.id for variant in variants}) == len(variants)


def test_arguments_are_written() -> None:
    for claim in own().values():
        for evidence in claim.evidence:
            if isinstance(evidence, Argued):
                assert (ARGUMENTS / f"{evidence.document or claim.id}.md").is_file(), claim.id


def test_fast_claims_have_their_verdicts() -> None:
    found = checked(set(FAST))
    assert {k: r.own for k, r in found.results.items()} == FAST
    for name, result in found.results.items():
        assert result.void == (), name
        assert all(f.toothless == () for f in result.findings), name


@pytest.mark.parametrize("name", ["B.z1c", "B.late", "B.regime.collapse"])
def test_refutations_have_exact_witnesses(name: str) -> None:
    witness = checked({name}).results[name].witness
    assert witness is not None
    assert witness.lhs != witness.rhs


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_whole_chapters(seed: int) -> None:
    found = check_ledger(chapters(), ids=list(own()), seed=seed)
    verdicts = {k: found.results[k].own for k in own()}
    assert {k for k, v in verdicts.items() if v is Verdict.REFUTED} == REFUTED
    rest = {k: v for k, v in verdicts.items() if k not in REFUTED}
    assert all(v >= Verdict.SUPPORTED for v in rest.values()), rest
    assert all(found.results[k].void == () for k in own())
