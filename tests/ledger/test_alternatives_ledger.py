"""Section 4 of paper B: the chapters load, and their verdicts are the ones that stand."""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from proofs_check.claim import Claim, Kind
from proofs_check.engine import check, check_ledger, order, run_context
from proofs_check.evidence import Argued
from proofs_check.ledger import collect
from proofs_check.verdict import Verdict

PACKAGE = "proofs_check.ledger.linear_diffusion"
MODULES = ("alternatives", "sampling_steps", "other_data")
BASIS = ("model", "divergences", "expectations", "limits")
ARGUMENTS = Path(__file__).parents[2] / "docs" / "arguments"

ROWS = "exactreverse steps aniso lowrank gmm realdata intrinsic anisotropic mixture regime"
ROWS += " discretisation trivial"

REFUTED = {
    "B.anisotropic",
    "B.discretisation",
    "B.exactreverse.rate",
    "B.intrinsic",
    "B.intrinsic.peak",
    "B.mixture",
    "B.regime",
    "B.steps.sampled",
}
"""What was said or printed and is false."""

FAST = {
    "B.exactreverse": Verdict.PROVED,
    "B.exactreverse.ode": Verdict.PROVED,
    "B.exactreverse.lower": Verdict.PROVED,
    "B.exactreverse.rate": Verdict.REFUTED,
    "B.exactreverse.falls": Verdict.PROVED,
    "B.trivial.reverse": Verdict.PROVED,
    "B.regime": Verdict.REFUTED,
    "B.regime.exact": Verdict.ENCLOSED,
    "B.steps": Verdict.PROVED,
    "B.steps.sampled": Verdict.REFUTED,
    "B.steps.ddpm.refine": Verdict.PROVED,
    "B.steps.ddim.refine": Verdict.PROVED,
    "B.steps.one.worse": Verdict.PROVED,
    "B.steps.em.falls.above": Verdict.PROVED,
    "B.steps.euler.prior": Verdict.PROVED,
    "B.discretisation.half": Verdict.ENCLOSED,
    "B.discretisation.space": Verdict.SUPPORTED,
    "B.aniso": Verdict.PROVED,
    "B.aniso.gap": Verdict.PROVED,
    "B.anisotropic.place": Verdict.PROVED,
    "B.lowrank.rank": Verdict.SUPPORTED,
    "B.lowrank.onset": Verdict.SUPPORTED,
    "B.intrinsic": Verdict.REFUTED,
    "B.intrinsic.peak": Verdict.REFUTED,
    "B.intrinsic.height": Verdict.PROVED,
    "B.realdata": Verdict.PROVED,
    "B.mixture.floor": Verdict.ENCLOSED,
    "B.gmm.ode": Verdict.PROVED,
}
"""Own verdicts that take little time."""


@cache
def chapter(names: tuple[str, ...] = MODULES) -> dict[str, Claim]:
    return collect(c for m in names for c in import_module(f"{PACKAGE}.{m}").CLAIMS)


def test_the_chapters_load_and_their_links_hold() -> None:
    claims = chapter((*BASIS, *MODULES))
    assert set(order(claims)) == set(claims)
    for claim in chapter().values():
        assert claim.amends is None or claim.amends in claims
        for variant in claim.broken:
            variant.apply(claim)


@pytest.mark.parametrize("row", ROWS.split())
def test_every_row_has_a_claim(row: str) -> None:
    assert any(k == f"B.{row}" or k.startswith(f"B.{row}.") for k in chapter())


def test_what_was_said_and_is_false_is_amended() -> None:
    amended = {c.amends for c in chapter().values() if c.amends}
    said = {k for k, c in chapter().items() if c.kind is Kind.SAID}
    assert said <= REFUTED
    assert amended >= REFUTED


def test_arguments_are_written() -> None:
    for claim in chapter().values():
        for evidence in claim.evidence:
            if isinstance(evidence, Argued):
                assert (ARGUMENTS / f"{evidence.document or claim.id}.md").is_file(), claim.id


def test_many_false_variants_are_planted() -> None:
    assert all(len(c.broken) >= 2 for c in chapter().values())
    assert sum(len(c.broken) for c in chapter().values()) >= 200


def test_fast_claims_have_their_verdicts() -> None:
    claims = chapter((*BASIS, *MODULES))
    context = run_context(claims, full=False, seed=0)
    found = {name: check(claims[name], context) for name in FAST}
    assert {k: r.own for k, r in found.items()} == FAST
    for result in found.values():
        assert result.void == ()
        assert all(f.toothless == () for f in result.findings)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_the_whole_chapters(seed: int) -> None:
    found = check_ledger(chapter((*BASIS, *MODULES)), ids=chapter(), seed=seed)
    own = {k: found.results[k].own for k in chapter()}
    assert {k for k, v in own.items() if v is Verdict.REFUTED} == REFUTED
    rest = {k: v for k, v in own.items() if k not in REFUTED}
    assert all(v >= Verdict.SUPPORTED for v in rest.values()), rest
    assert all(found.results[k].void == () for k in own)
    assert all(f.toothless == () for k in own for f in found.results[k].findings)
