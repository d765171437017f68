"""Hellinger and Wasserstein limits: the cubic, the jump at the onset, special cases."""

import math
from itertools import pairwise
from typing import Any

import pytest
from sympy import Poly, Rational, Symbol, expand, log, simplify, sqrt

from theory import distance_limits as limits
from theory.resolvent_limit import resolvent_argument
from theory.symbols import gamma, psi

X, U = Symbol("x", positive=True), Symbol("u", positive=True)
CASES = [
    (Rational(3, 2), Rational(1)),
    (Rational(101, 100), Rational(1, 50)),
    (Rational(4), Rational(3)),
    (Rational(30), Rational(1, 5)),
]


def test_cubic_is_the_resolvent_equation_squared_twice() -> None:
    signal = gamma / (1 + gamma)
    one, other = 1 - 4 * signal * X**2, (psi - 1) ** 2 + 4 * (1 - signal) * X**2
    gap = ((2 * X - psi) ** 2 - one - other) ** 2 - 4 * one * other
    assert simplify(expand(gap - 16 * X * limits.affinity_cubic(X))) == 0


@pytest.mark.parametrize(("ratio", "snr"), CASES)
def test_root_solves_the_resolvent_equation(ratio: Any, snr: Any) -> None:
    root = limits.affinity_root(ratio, snr)
    w = sqrt(1 + snr)
    assert abs((resolvent_argument(root / w, ratio, snr) - w).evalf(30)) < Rational(1, 10**25)
    assert 0 < root.evalf(20) < 1


@pytest.mark.parametrize(("ratio", "snr"), CASES)
def test_affinity_is_a_probability_and_the_transport_cost_is_not_negative(
    ratio: Any, snr: Any
) -> None:
    assert limits.limiting_log_affinity(ratio, snr).evalf(20) < 0
    assert limits.limiting_wasserstein_value(ratio, snr, digits=8) > 0


def test_onset_jumps_to_its_closed_form() -> None:
    """At psi = 1 the cubic is R^2 x (2x - 1)^2."""
    cubic = Poly(limits.affinity_cubic(X, Rational(1), Rational(3)), X)
    assert cubic == Poly(Rational(3, 4) * X * (2 * X - 1) ** 2, X)
    for snr in (Rational(1, 10), Rational(1), Rational(10)):
        near = limits.limiting_log_affinity(1 + Rational(1, 10**12), snr).evalf(20)
        # The correction is of order u log u.
        assert abs(near - log(limits.affinity_at_onset(snr)).evalf(20)) < Rational(1, 10**10)
        assert limits.affinity_at_onset(snr) > 1 / sqrt(2)


@pytest.mark.parametrize("snr", [Rational(1, 4), Rational(2)])
def test_many_samples_leave_the_isotropic_gap(snr: Any) -> None:
    """psi -> infinity: Sigma_G = R^2 s_d^2 I."""
    ratio, root = Rational(10**8), sqrt(snr / (1 + snr))
    affinity = log(2 * root / (1 + root**2)) / 2
    # The next order is 1/psi.
    assert abs((limits.limiting_log_affinity(ratio, snr) - affinity).evalf(20)) < Rational(1, 10**6)
    cost = limits.limiting_wasserstein_value(ratio, snr, digits=10)
    assert abs(cost - ((1 - root) ** 2).evalf(20)) < Rational(1, 10**6)


def test_transport_value_against_the_definition_by_the_resolvent() -> None:
    """mean sigma = (2/pi) int (1 - w p) dw, with p found at every w by bisection."""
    ratio, snr = 3.0, 2.0

    def unfilled(w: float) -> float:
        low, high = 0.0, math.pi
        for _ in range(60):
            angle = (low + high) / 2
            root = math.sqrt((ratio - 1) ** 2 + math.sin(angle) ** 2 / snr)
            if math.sqrt(snr) * (ratio + math.cos(angle) - root) > w * math.sin(angle):
                low = angle
            else:
                high = angle
        return 1 - w * math.sin(low) / (2 * math.sqrt(snr))

    step = 0.05
    places = [math.exp(step * k) for k in range(-400, 260)]
    mean = 2 / math.pi * step * sum(w * unfilled(w) for w in places)
    value = limits.limiting_wasserstein_value(Rational(3), Rational(2), digits=10)
    expected = (snr + 0.5) / (1 + snr) + 1 - 2 * mean / math.sqrt(1 + snr)
    # Trapezoid in log w: the range beyond e^13 holds about 1e-6.
    assert abs(float(value) - expected) < 1e-5


def test_transport_cost_starts_at_the_distance_to_a_point() -> None:
    """psi -> 0: nothing is generated but the mean, W_2^2 / d = 1."""
    cost = limits.limiting_wasserstein_value(Rational(1, 10**6), Rational(1), digits=8)
    assert abs(cost - 1) < Rational(1, 10**5)


def test_transport_cost_peaks_at_the_onset() -> None:
    below = [
        limits.limiting_wasserstein_value(Rational(k, 10), Rational(1), digits=6) for k in (5, 9)
    ]
    above = [
        limits.limiting_wasserstein_value(Rational(k, 10), Rational(1), digits=6) for k in (11, 20)
    ]
    assert all(a < b for a, b in pairwise(below))
    assert all(a > b for a, b in pairwise(above))


def test_transport_cost_without_noise_is_the_missing_dimensions() -> None:
    """gamma -> infinity: B is the projector on the data, so a fraction 1 - psi is missing."""
    for ratio, missing in ((Rational(1, 2), Rational(1, 2)), (Rational(3), Rational(0))):
        cost = limits.limiting_wasserstein_value(ratio, Rational(10**8), digits=10)
        # The next order is 1/gamma.
        assert abs(cost - missing) < Rational(1, 10**6)


@pytest.mark.parametrize(("ratio", "snr"), [(1, 1), (Rational(1, 2), 1), (2, 0)])
def test_affinity_root_refuses_the_singular_side(ratio: Any, snr: Any) -> None:
    with pytest.raises(ValueError, match="psi, gamma"):
        limits.affinity_root(Rational(ratio), Rational(snr))
