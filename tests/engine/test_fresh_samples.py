"""A simulation refutes by an exact interval, or by two independent samples on the same side."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sympy import Rational, Symbol

from proofs_check.broken import flip
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Real
from proofs_check.engine import check
from proofs_check.errors import ClaimError
from proofs_check.evidence import MonteCarlo
from proofs_check.functionals import functional
from proofs_check.methods.monte_carlo import FRESH, replicates_at, run
from proofs_check.verdict import Finding, Verdict

a = Symbol("a", positive=True)
Mean = functional("Mean", nargs=1, ball=lambda v: v)
COUNT = 300
HALF = Rational(1, 2)


def stated(replicates: Any, rel: str = "<=", rhs: Any = HALF, **parts: Any) -> Claim:
    parts.setdefault("count", COUNT)
    return Claim(
        id="t.mean",
        says="a mean is bounded",
        given={a: Real(lo=0, lo_open=True)},
        lhs=Mean(a),
        rel=Rel(rel),
        rhs=rhs,
        evidence=(MonteCarlo(replicates=replicates, at=({a: Fraction(1)},), **parts),),
        broken=(flip(),),
    )


def found(claim: Claim, **context: Any) -> Finding:
    (evidence,) = claim.evidence
    assert isinstance(evidence, MonteCarlo)
    return run(claim, evidence, Context(claims={claim.id: claim}, **context))


def around(first: float, fresh: float) -> Any:
    """Return replicates whose mean depends on which sample they are: bad luck on demand."""

    def replicates(rng: np.random.Generator, count: int, **_: float) -> Any:
        return (first if count == COUNT else fresh) + 0.1 * rng.standard_normal(count)

    return replicates


@pytest.mark.parametrize(
    ("rel", "first", "fresh", "verdict"),
    [
        ("<=", 1.0, 1.0, Verdict.REFUTED),
        ("<=", 1.0, 0.5, Verdict.UNDECIDED),
        # nor does a fresh sample support what the first one denies
        ("<=", 1.0, 0.0, Verdict.UNDECIDED),
        (">=", 0.0, 0.0, Verdict.REFUTED),
        (">=", 0.0, 1.0, Verdict.UNDECIDED),
        ("==", 1.0, 1.0, Verdict.REFUTED),
        ("==", 1.0, 0.5, Verdict.UNDECIDED),
        # both exclude one half, on different sides: they contradict each other, not the claim
        ("==", 1.0, 0.0, Verdict.UNDECIDED),
        ("<=", 0.0, 1.0, Verdict.SUPPORTED),
    ],
)
def test_a_refutation_needs_two_samples(
    rel: str, first: float, fresh: float, verdict: Verdict
) -> None:
    assert found(stated(around(first, fresh), rel)).verdict is verdict


def test_a_skew_law_seldom_refutes_the_truth() -> None:
    """The mean of the fourth power of a normal number is three."""

    def fourth_power(rng: np.random.Generator, count: int, **_: float) -> Any:
        return rng.standard_normal(count) ** 4

    claim = stated(fourth_power, "==", 3, count=40, margin=Rational(100))
    verdicts = [found(claim, seed=seed, level=1e-3).verdict for seed in range(120)]
    # 40 replicates miss at a rate of 0.089 and 160 at 0.032, measured on 20 000 samples: 11 of 120
    # and 0.3; fewer than 4, or more than 2, have a probability below 0.01
    assert verdicts.count(Verdict.UNDECIDED) >= 4
    assert verdicts.count(Verdict.REFUTED) <= 2


def test_samples_are_independent_and_kept() -> None:
    drawn = []

    def normal(rng: np.random.Generator, count: int, **_: float) -> Any:
        drawn.append(count)
        return 1.0 + rng.standard_normal(count)

    claim = stated(normal)
    (evidence,) = claim.evidence
    assert isinstance(evidence, MonteCarlo)
    result = check(claim, Context(claims={claim.id: claim}))
    assert result.own is Verdict.REFUTED
    # the broken variant meets the same replicates, and no third sample is ever drawn
    assert drawn == [COUNT, FRESH * COUNT]
    first, fresh = (
        replicates_at(evidence, {a: Fraction(1)}, COUNT, 0, fresh=which) for which in (False, True)
    )
    # five standard errors of a correlation
    assert abs(np.corrcoef(first, fresh)[0, 1]) < 5 / np.sqrt(COUNT)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0.0


def test_a_refutation_says_that_it_is_statistical() -> None:
    refuted = found(stated(around(1.0, 1.0)), level=1e-4)
    assert refuted.detail.startswith("statistical, no exact witness")
    assert refuted.witness is not None
    for part in ("300 replicates", "1200 fresh", "Student (asymptotic)", "level 1.0e-04"):
        assert part in refuted.witness.lhs
    assert refuted.certificate["interval"] == "Student (asymptotic)"
    assert refuted.certificate["rows"][-1]["fresh mean"] == pytest.approx(1.0, abs=0.02)


def test_a_declared_range_makes_the_interval_exact() -> None:
    def near_one(rng: np.random.Generator, count: int, **_: float) -> Any:
        return 1.0 - 1e-6 * rng.random(count)

    bound = Rational(95, 100)
    refuted = found(stated(near_one, rhs=bound, within=(0, 1)))
    assert refuted.verdict is Verdict.REFUTED
    assert refuted.certificate["interval"] == "Hoeffding"
    assert "fresh mean" not in refuted.certificate["rows"][-1]
    # the same replicates may be wilder than they look: 40 of them leave 0.9 possible
    assert found(stated(near_one, rhs=bound, within=(0, 1), count=40)).verdict is Verdict.UNDECIDED
    with pytest.raises(ValueError, match="outside of the declared range 0 to 1"):
        found(stated(lambda *args, **values: 1.0 + near_one(*args, **values), within=(0, 1)))


def test_another_range_counts_zeros_and_ones_as_numbers() -> None:
    def event(rng: np.random.Generator, count: int, **_: float) -> Any:
        return rng.random(count) < 0.9

    kinds = {
        within: found(stated(event, ">=", within=within)).certificate["interval"]
        for within in (None, (-1, 1))
    }
    assert kinds == {None: "Clopper-Pearson", (-1, 1): "Hoeffding"}


def test_an_empty_range_is_refused() -> None:
    with pytest.raises(ClaimError, match=r"within was \(1, 0\)"):
        stated(around(0.0, 0.0), within=(1, 0))
