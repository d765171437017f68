"""Section 2 of paper A: weight function, Theorem 4, least spacing."""

import time
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib import import_module

import pytest

from proofs_check.claim import Claim
from proofs_check.engine import Result, check, check_ledger, run_context
from proofs_check.verdict import Verdict

PACKAGE = "proofs_check.ledger.large_learning_rates"
EARLIER = ("sample_facts", "posterior_bounds", "identities")
OWN = ("irregularity", "weight_bounds", "inner_gaps", "theorem4_scalars", "theorem4", "spacing")
REFUTED = {"A.prop9a", "A.prop9a.P1", "A.prop9a.P1.above"}
QUICK = (
    "A.prop9a.left",
    "A.prop9a.P3",
    "A.prop9a.gap",
    "A.thm4.P1",
    "A.thm4.P4",
    "A.thm4.time",
)


def _claims(*chapters: str) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for chapter in chapters:
        found.update({c.id: c for c in import_module(f"{PACKAGE}.{chapter}").CLAIMS})
    return found


@cache
def _ledger() -> Mapping[str, Claim]:
    return _claims(*EARLIER, *OWN)


def _checked(name: str) -> Result:
    claims = _ledger()
    return check(claims[name], run_context(claims, full=False, seed=0))


def test_every_row_of_the_section_has_a_claim() -> None:
    rows = {f"A.prop9a{s}" for s in ("", ".P1", ".P2", ".P3")}
    rows |= {f"A.thm4{s}" for s in ("", ".P1", ".P2", ".P3", ".P4", ".P5", ".cond", ".time")}
    assert rows | {"A.prop9b", "A.spacing"} <= set(_ledger())


def test_the_chapters_load_fast() -> None:
    start = time.perf_counter()
    for chapter in OWN:
        import_module(f"{PACKAGE}.{chapter}")
    # imported above at the latest: building the records must not derive anything
    assert time.perf_counter() - start < 5.0


@pytest.mark.parametrize("name", QUICK)
def test_steps_are_proved_and_their_broken_variants_refuted(name: str) -> None:
    result = _checked(name)
    assert result.own is Verdict.PROVED
    assert result.void == ()
    assert all(not f.toothless for f in result.findings)


@pytest.mark.parametrize("name", sorted(REFUTED))
def test_printed_rows_that_fail_have_a_small_witness(name: str) -> None:
    result = _checked(name)
    assert result.own is Verdict.REFUTED
    assert result.witness is not None
    assert result.witness.values["X"] == (Fraction(0), Fraction(1), Fraction(2))


@pytest.mark.slow
def test_the_whole_section() -> None:
    own = _claims(*OWN)
    done = check_ledger(_ledger(), ids=list(own))
    assert {k for k in own if done.results[k].own is Verdict.REFUTED} == REFUTED
    assert done.results["A.thm4"].rolled is Verdict.PROVED
    assert done.results["A.thm4.sharp"].rolled is Verdict.PROVED
    assert done.results["A.prop9a.amended"].rolled is Verdict.PROVED
    assert done.results["A.prop9b"].rolled is Verdict.PROVED
    assert all(done.results[k].own.accepts for k in set(own) - REFUTED)
    assert all(done.results[k].void == () for k in own)
