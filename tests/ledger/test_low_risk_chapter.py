"""Paper A, section 4 in the ledger: verdicts, witnesses, and the functionals of low risk."""

from fractions import Fraction
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from sympy import Rational

from proofs_check.balls import holds, precision
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.domains_network import network
from proofs_check.engine import check
from proofs_check.ledger.large_learning_rates.low_risk import TWO, apart, low, sawtooth
from proofs_check.ledger.large_learning_rates.low_risk_scalars import INDEX_SHARE
from proofs_check.ledger.large_learning_rates.network_setting import net
from proofs_check.ledger.large_learning_rates.setting import X, mu, sigma
from proofs_check.quantities import low_risk as functionals
from proofs_check.quantities.network_balls import risk, value_at
from proofs_check.verdict import Verdict
from theory.main_theorem import thm8_constants
from theory.variation_bound import index_sum

PACKAGE = "proofs_check.ledger.large_learning_rates"
OWN = ("low_risk_scalars", "low_risk", "theorem8_scalars", "main_theorem")
MODULES = (
    "sample_facts",
    "posterior_bounds",
    "score_bounds",
    "inner_gaps",
    "irregularity",
    "theorem4_scalars",
    "stability",
    "tangent_bound",
    "knot_bound",
    "sharpness",
    *OWN,
)
CLAIMS: dict[str, Claim] = {
    c.id: c for name in MODULES for c in import_module(f"{PACKAGE}.{name}").CLAIMS
}
MINE = [c.id for name in OWN for c in import_module(f"{PACKAGE}.{name}").CLAIMS]
RECORDED = {
    "A.lem13": Verdict.PROVED,
    "A.lem13.falls": Verdict.PROVED,
    "A.lem14": Verdict.PROVED,
    "A.lem14.P1": Verdict.REFUTED,
    "A.lem14.P1.amended": Verdict.SUPPORTED,
    "A.lem14.second": Verdict.PROVED,
    "A.prop7": Verdict.REFUTED,
    "A.prop7.P1": Verdict.REFUTED,
    "A.prop7.P1.second": Verdict.REFUTED,
    "A.prop7.P1.quarter": Verdict.PROVED,
    "A.prop7.P2": Verdict.SUPPORTED,
    "A.prop7.P3": Verdict.SUPPORTED,
    "A.prop7.P4": Verdict.PROVED,
    "A.prop7.P5": Verdict.REFUTED,
    "A.prop7.P6": Verdict.REFUTED,
    "A.prop7.amended": Verdict.SUPPORTED,
    "A.thm8": Verdict.SUPPORTED,
    "A.thm8.P2": Verdict.REFUTED,
    "A.thm8.P2.amended": Verdict.PROVED,
    "A.thm8.P3": Verdict.REFUTED,
    "A.thm8.P3.amended": Verdict.PROVED,
    "A.thm8.P6": Verdict.PROVED,
    "A.thm8.amended": Verdict.PROVED,
}
"""Claims that are checked in every run, with the verdict of their own evidence."""


def exact(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(exact(v) for v in value)
    return fmpq(value.numerator, value.denominator)


def test_the_witness_of_two_points_meets_the_hypotheses() -> None:
    assert holds(apart, TWO)
    assert holds(low, TWO)


def test_a_sawtooth_costs_what_lies_beyond_its_reach() -> None:
    points, noise, scale = (Fraction(0), Fraction(2)), Fraction(1, 10), Fraction(1, 2)
    value = exact(sawtooth(points, scale, noise, Fraction(5, 2)))
    sample = exact(points)
    with precision(128):
        cost = risk(sample, exact(scale), exact(noise), value) * fmpq(1, 100)
        # E(xi - 5/2)_+^2 (1 + 1)^2 bounds one side, the climb here being as steep as the descent
        tail = (arb(29) / 4) * (arb(5) / 2 / arb(2).sqrt()).erfc() / 2
        bell = (arb(-25) / 8).exp() / (2 * arb.pi()).sqrt()
        assert 0 < cost < 4 * (tail - arb(5) / 2 * bell)
        assert value_at(value, fmpq(1, 10)) == -10


def test_extremes_of_a_tent() -> None:
    # relu(y) - 2 relu(y - 1): climbs to 1 at y = 1, then falls
    tent = network((1, 2, 0), (1, -4, 1))
    places = (tent, Fraction(-1), Fraction(3))
    found = {
        name: getattr(functionals, name).ball(*(exact(p) for p in places))
        for name in ("LeastSlope", "LargestSlope", "LeastValue", "LargestValue")
    }
    assert found == {"LeastSlope": -1, "LargestSlope": 1, "LeastValue": -1, "LargestValue": 1}
    rows = np.array([float(v) for v in tent])
    for name, value in found.items():
        fast = getattr(functionals, name).float64(rows, -1.0, 3.0)
        assert fast == pytest.approx(float(value.p), abs=1e-12)  # sums of four small integers


def test_the_half_square_is_the_mean_square_on_one_side() -> None:
    with precision(128):
        sure = functionals.HalfSquare.ball(fmpq(4))  # type: ignore[misc]
    fast = functionals.HalfSquare.float64(4.0)  # type: ignore[misc]
    assert abs(float(sure.mid()) - fast) < 1e-12  # quad is asked for 1e-12
    assert 0.49942 < fast < 0.49944  # from its definition; the printed value is 0.5005


@pytest.mark.parametrize("size", range(4, 60))
def test_the_exact_sum_gives_the_printed_constant_from_four_points_on(size: int) -> None:
    total = index_sum(size)
    assert Rational(total.numerator, total.denominator) >= INDEX_SHARE * size**4


def test_constants_flow_from_the_children() -> None:
    assert CLAIMS["A.thm8.amended"].constant is not None
    assert CLAIMS["A.thm8.amended"].constant.printed == thm8_constants().learning_rate


def test_witness_of_two_points_is_small_in_floats() -> None:
    from proofs_check.quantities.network_risk import NetworkVariation

    values = [np.array([float(v) for v in TWO[X]]), float(TWO[mu]), float(TWO[sigma])]
    rows = np.array([float(v) for v in TWO[net]])
    found = NetworkVariation.float64(*values, rows)
    # 3906 is the printed bound; the two neurons that share a knot are counted apart or together
    assert found < 1940


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_recorded_verdict(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    assert result.own is RECORDED[name], result.findings
    assert result.void == ()
    assert all(f.toothless == () for f in result.findings)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(MINE) - set(RECORDED)))
def test_every_claim_is_decided(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    assert result.own not in (Verdict.ERROR, Verdict.VACUOUS, Verdict.UNDECIDED), result.findings
    assert result.void == ()
    assert all(f.toothless == () for f in result.findings)
