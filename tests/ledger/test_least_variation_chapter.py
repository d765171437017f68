"""Paper A, A.x4: the enclosure of the least variation, and the chapter."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from proofs_check.balls import precision, to_ball
from proofs_check.context import Context
from proofs_check.engine import check
from proofs_check.errors import ClaimError
from proofs_check.quantities import least_variation_balls as balls
from proofs_check.quantities.mixture_balls import optimal_risk
from proofs_check.quantities.network_balls import risk
from proofs_check.quantities.weight_balls import weight_function
from proofs_check.verdict import Verdict

CLAIMS = {
    c.id: c
    for c in import_module("proofs_check.ledger.large_learning_rates.least_variation").CLAIMS
}
X = (fmpq(0), fmpq(2), fmpq(4))
HALF, NOISE = fmpq(1, 2), fmpq(1, 8)
LEVEL = 1 / (48 * NOISE * NOISE)


def test_both_ends_are_a_per_cent_apart() -> None:
    found = balls.least_variation(X, HALF, NOISE, LEVEL)
    lower, upper = float(found.lower()), float(found.upper())
    assert 0.985 * upper < lower < upper


def test_no_network_of_that_risk_is_below_the_enclosure() -> None:
    """Descend from the float64 solution: perturbed networks within the risk have more."""
    from numerics.variation_knots import refined_least_variation

    found = balls.least_variation(X, HALF, NOISE, LEVEL)
    rng = np.random.default_rng(0)
    checked = 0
    for share in (0.3, 0.6, 0.9):
        level = share / (48 * 0.125**2)
        network = refined_least_variation([0.0, 2.0, 4.0], 0.5, 0.125, level).best.network
        sizes = network.outer / network.width
        for k in np.flatnonzero(np.abs(sizes) > 1e-9)[:4]:
            changed = sizes.copy()
            changed[k] *= 1 + 1e-3 * rng.standard_normal()
            value: list[fmpq] = []
            total = arb(0)
            for inner, bias, jump in zip(network.inner, network.bias, changed, strict=True):
                v, b, w = (fmpq(*float(a).as_integer_ratio()) for a in (inner, bias, jump))
                value += [v, w * len(sizes), b, fmpq(1)]
                total += abs(to_ball(w)) * to_ball(weight_function(X, HALF, NOISE, -v * b))
            with precision(128):
                if risk(X, HALF, NOISE, tuple(value)) <= to_ball(LEVEL):
                    checked += 1
                    assert total >= found.lower()
    assert checked >= 6


def test_the_zero_score_has_no_variation() -> None:
    """Its risk is 1/sigma^2; any certificate that gave more than zero above it would be wrong."""
    large = fmpq(2) / (NOISE * NOISE)
    assert balls.least_variation(X, HALF, NOISE, large).contains(0)


def test_the_moments_are_those_of_the_density() -> None:
    left, right = fmpq(1, 3), fmpq(4, 5)
    centres = [HALF * x for x in X]
    y = np.linspace(float(left.p) / float(left.q), 0.8, 20001)
    density = (
        sum(np.exp(-((y - c) ** 2) * 32) for c in (0.0, 1.0, 2.0)) * 8 / np.sqrt(2 * np.pi) / 3
    )
    found = balls._moments(centres, NOISE, left, right)
    for power, value in enumerate(found):
        # the trapezoidal rule with 2e4 cells
        assert float(value) == pytest.approx(
            np.trapezoid(density * (y - y[0]) ** power, y), rel=1e-6
        )


def test_the_level_must_be_rational() -> None:
    with pytest.raises(ClaimError, match="level"):
        balls.least_variation(X, HALF, NOISE, arb(1))
    with pytest.raises(ClaimError, match="level"):
        balls.least_variation(X, HALF, NOISE, fmpq(0))


@pytest.mark.parametrize("name", ["A.x4.best.lower", "A.x4.best.upper", "A.x4.two"])
def test_a_claim_is_certified(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    assert result.own is Verdict.ENCLOSED
    assert result.void == ()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "met"), [(20, True), (21, False)])
def test_the_hypothesis_of_proposition_7_can_be_empty(size: int, met: bool) -> None:
    """At 8 sigma/mu no score of 21 equally spaced points has the risk that it asks for."""
    points = tuple(fmpq(2 * k) for k in range(size))
    with precision(53):
        least = optimal_risk(points, HALF, NOISE)
    assert (least < to_ball(1 / (16 * size * NOISE * NOISE))) is met


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CLAIMS))
def test_the_chapter(name: str) -> None:
    result = check(CLAIMS[name], Context(claims=CLAIMS))
    expected: Any = Verdict.SUPPORTED if name == "A.x4.every" else Verdict.ENCLOSED
    assert result.own is expected
    assert result.void == ()
    assert not any(f.toothless for f in result.findings)
