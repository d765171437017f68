"""The choices of paper A's notebooks in the ledger: verdicts, witnesses, and their functionals."""

from fractions import Fraction
from importlib import import_module

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_check.balls import precision
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.engine import check
from proofs_check.ledger.large_learning_rates import notebooks
from proofs_check.quantities.reverse_variance import (
    MeanSlope,
    MeanTime,
    ReverseMean,
    ReverseVariance,
    SumSlope,
)
from proofs_check.verdict import Verdict

PACKAGE = "proofs_check.ledger.large_learning_rates"
CLAIMS: dict[str, Claim] = {
    c.id: c
    for name in ("identities", "stability", "notebooks")
    for c in import_module(f"{PACKAGE}.{name}").CLAIMS
}
RECORDED = {
    "A.code.mean": Verdict.REFUTED,
    "A.code.mean.amended": Verdict.PROVED,
    "A.code.mean.limit": Verdict.PROVED,
    "A.code.mean.mu": Verdict.REFUTED,
    "A.code.mean.mu.amended": Verdict.PROVED,
    "A.code.mean.mu.early": Verdict.PROVED,
    "A.code.mean.sigma": Verdict.PROVED,
    "A.code.mean.sigma.early": Verdict.PROVED,
    "A.code.marginal": Verdict.REFUTED,
    "A.code.marginal.amended": Verdict.PROVED,
    "A.code.marginal.clock": Verdict.PROVED,
    "A.code.marginal.generated": Verdict.ENCLOSED,
    "A.code.marginal.generated.fine": Verdict.ENCLOSED,
    "A.code.marginal.generated.printed": Verdict.ENCLOSED,
    "A.code.marginal.place": Verdict.ENCLOSED,
    "A.code.marginal.place.printed": Verdict.ENCLOSED,
    "A.code.marginal.preserving": Verdict.REFUTED,
    "A.code.marginal.preserving.amended": Verdict.PROVED,
    "A.code.marginal.printed": Verdict.PROVED,
    "A.code.marginal.printed.mean": Verdict.PROVED,
    "A.code.marginal.reverse": Verdict.REFUTED,
    "A.code.marginal.reverse.amended": Verdict.PROVED,
    "A.code.marginal.reverse.mean": Verdict.PROVED,
    "A.code.time": Verdict.REFUTED,
    "A.code.time.amended": Verdict.PROVED,
    "A.code.time.last": Verdict.ENCLOSED,
    "A.code.time.last.notebook": Verdict.ENCLOSED,
    "A.code.time.last.silent": Verdict.ENCLOSED,
    "A.code.time.mean": Verdict.ENCLOSED,
    "A.code.time.mean.notebook": Verdict.ENCLOSED,
    "A.code.time.noise": Verdict.PROVED,
    "A.code.time.noise.notebook": Verdict.PROVED,
    "A.code.time.start": Verdict.REFUTED,
    "A.code.time.start.amended": Verdict.PROVED,
    "A.code.time.start.generated": Verdict.ENCLOSED,
    "A.code.time.start.notebook": Verdict.PROVED,
    "A.code.time.start.printed": Verdict.PROVED,
}
SLOW = ("A.code.marginal", "A.code.marginal.amended")
"""Claims on densities, more than a second each."""


def verdict_of(name: str) -> None:
    result = check(CLAIMS[name], context=Context())
    assert result.own is RECORDED[name], result
    assert not result.void, result.void
    assert all(not finding.toothless for finding in result.findings), result.findings


@pytest.mark.parametrize("name", sorted(set(RECORDED) - set(SLOW)))
def test_verdict(name: str) -> None:
    verdict_of(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW)
def test_verdict_of_densities(name: str) -> None:
    verdict_of(name)


def test_every_claim_has_its_verdict_here() -> None:
    assert {claim.id for claim in notebooks.CLAIMS} == set(RECORDED)


def test_every_refuted_row_has_an_amended_one_that_stands() -> None:
    for name, verdict in RECORDED.items():
        if verdict is Verdict.REFUTED:
            amended = [c.id for c in notebooks.CLAIMS if c.amends == name]
            assert amended, name
            assert all(RECORDED[other] is Verdict.PROVED for other in amended)


def test_witnesses_are_those_named() -> None:
    found = check(CLAIMS["A.code.mean"], context=Context()).witness
    assert found is not None
    assert found.values["X"] == (Fraction(0), Fraction(1))
    half = check(CLAIMS["A.code.time"], context=Context()).witness
    assert half is not None
    assert half.values["t"] == Fraction(1, 2)


@settings(deadline=None, max_examples=20)
@given(
    variance=st.fractions(0, 9, max_denominator=20),
    start=st.fractions(0, 5, max_denominator=20),
    rate=st.sampled_from([1, 2]),
    end=st.fractions(Fraction(1, 100), Fraction(9, 10), max_denominator=100),
    steps=st.integers(1, 30),
    last=st.sampled_from([0, 1]),
)
def test_both_faces_of_the_generated_variance(
    variance: Fraction, start: Fraction, rate: int, end: Fraction, steps: int, last: int
) -> None:
    exact = [fmpq(v.numerator, v.denominator) for v in (variance, start, end)]
    assert ReverseVariance.ball is not None
    assert ReverseVariance.float64 is not None
    with precision(128):
        ball = ReverseVariance.ball(exact[0], exact[1], fmpq(rate), exact[2], steps, last)
    value = ReverseVariance.float64(
        float(variance), float(start), float(rate), float(end), float(steps), float(last)
    )
    assert ReverseMean.ball is not None
    assert ReverseMean.float64 is not None
    with precision(128):
        mean = ReverseMean.ball(exact[0], exact[1], fmpq(rate), exact[2], steps)
    centre = ReverseMean.float64(
        float(variance), float(start), float(rate), float(end), float(steps)
    )
    assert centre == pytest.approx(float(mean), rel=1e-11, abs=1e-13)
    # Thirty products of factors of order one, each rounded; a variance may cancel to nearly 0.
    assert value == pytest.approx(float(ball), rel=1e-11, abs=1e-13)


def test_one_step_by_hand() -> None:
    """From variance 1 at t = 1 to t = 1/2 with the score of N(0, V), V = 2/e^2 + 1 - 1/e^2."""
    noised = 2 * np.exp(-2) + 1 - np.exp(-2)
    expected = (1 + 0.5 - 1.0 / noised) ** 2
    assert ReverseVariance.float64 is not None
    assert ReverseVariance.float64(2, 1, 1, 0.5, 1, 0) == pytest.approx(expected, rel=1e-13)
    assert ReverseVariance.float64(2, 1, 1, 0.5, 1, 1) == pytest.approx(expected + 1, rel=1e-13)


@pytest.mark.parametrize("power", [1, -1])
def test_both_faces_of_the_mean_time(power: int) -> None:
    assert MeanTime.ball is not None
    assert MeanTime.float64 is not None
    times = np.linspace(0.05, 1, 11)
    weights = np.sqrt(1 - np.exp(-2 * times)) ** power
    expected = float((times * weights).sum() / weights.sum())
    assert float(MeanTime.ball(fmpq(1, 20), 11, power)) == pytest.approx(expected, rel=1e-13)
    assert MeanTime.float64(0.05, 11, power) == pytest.approx(expected, rel=1e-13)


def test_slopes_are_derivatives_of_sum_and_mean() -> None:
    sample = np.array([-1.0, 0.5, 2.0])
    exact = (fmpq(-1), fmpq(1, 2), fmpq(2))
    for slope, share in ((SumSlope, 1), (MeanSlope, 3)):
        assert slope.ball is not None
        assert slope.float64 is not None
        expected = float((2 * (0.7 * sample - 0.3) * sample).sum() / share)
        assert slope.float64(sample, 0.7, 0.3) == pytest.approx(expected, rel=1e-14)
        ball = slope.ball(exact, fmpq(7, 10), fmpq(3, 10))
        assert float(ball.p) / float(ball.q) == pytest.approx(expected, rel=1e-14)
