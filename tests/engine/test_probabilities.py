"""Bounds on probabilities: the interval is exact, and seeing no event is not certainty."""

from fractions import Fraction

import numpy as np
import pytest
from sympy import Rational, Symbol

from proofs_check.broken import flip, scale
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Real
from proofs_check.evidence import MonteCarlo
from proofs_check.functionals import functional
from proofs_check.methods.monte_carlo import run
from proofs_check.verdict import Finding, Verdict

a = Symbol("a", positive=True)
Probability = functional("Probability", nargs=1, ball=lambda v: v)


def claim(rel: str, bound: Rational, *, chance: float, count: int) -> Claim:
    def events(rng: np.random.Generator, size: int, **_: float) -> np.ndarray:
        return rng.random(size) < chance

    return Claim(
        id="t.events",
        says="a probability is bounded",
        given={a: Real(lo=0, lo_open=True)},
        lhs=Probability(a),
        rel=Rel(rel),
        rhs=bound,
        evidence=(MonteCarlo(replicates=events, at=({a: Fraction(1)},), count=count),),
        broken=(flip(), scale("rhs", 2)),
    )


def finding(stated: Claim) -> Finding:
    (evidence,) = stated.evidence
    assert isinstance(evidence, MonteCarlo)
    return run(stated, evidence, Context(full=False, seed=0, claims={stated.id: stated}))


def verdict(stated: Claim) -> Verdict:
    return finding(stated).verdict


@pytest.mark.parametrize(
    ("rel", "bound", "chance", "count", "found"),
    [
        # 0 of 10 events leave a probability of one half possible at the level 1e-3
        ("<=", Rational(1, 10), 0.0, 10, Verdict.UNDECIDED),
        ("<=", Rational(1, 10), 0.0, 1000, Verdict.SUPPORTED),
        (">=", Rational(1, 1000), 0.0, 10, Verdict.UNDECIDED),
        (">=", Rational(8, 10), 0.0, 10, Verdict.REFUTED),
        (">=", Rational(9, 10), 1.0, 10, Verdict.UNDECIDED),
        ("<=", Rational(2, 10), 1.0, 10, Verdict.REFUTED),
        ("<=", Rational(6, 10), 0.3, 4000, Verdict.SUPPORTED),
    ],
)
def test_events_are_judged_by_an_exact_interval(
    rel: str, bound: Rational, chance: float, count: int, found: Verdict
) -> None:
    assert verdict(claim(rel, bound, chance=chance, count=count)) is found


def test_the_certificate_names_the_interval() -> None:
    stated = claim("<=", Rational(6, 10), chance=0.3, count=4000)
    assert finding(stated).certificate["interval"] == "Clopper-Pearson"
