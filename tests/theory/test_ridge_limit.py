"""Ridge: moments, the optimal penalty, limits, and where a ridge helps the divergence."""

from itertools import pairwise
from typing import Any

import pytest
from mpmath import mp
from sympy import Rational, Symbol, diff, limit, simplify, sqrt

from theory import ridge_limit as ridge
from theory.linear_forward import noised_variance, posterior_variance, shrinkage, signal_to_noise
from theory.proportional_limit import kl_bulk, trace_above, trace_below
from theory.symbols import d, gamma, psi

R, W, RHO = Symbol("r", positive=True), Symbol("w", positive=True), Symbol("rho", positive=True)
KAPPA, TAU2 = Symbol("kappa", positive=True), Symbol("tau2", positive=True)


def test_derivative_is_factored_as_written() -> None:
    value = ridge.denoising_risk_derivative(W, R, KAPPA, TAU2, d)
    assert simplify(value - 2 * W * (KAPPA**2 * R - TAU2 * d) / (W + R) ** 3) == 0


def test_optimal_penalty_serves_every_eigenvalue() -> None:
    best = ridge.optimal_ridge(KAPPA, TAU2, d)
    assert simplify(best - d * TAU2 / KAPPA**2) == 0
    error = ridge.mode_moments(W, R, KAPPA, TAU2, d)[1]
    assert simplify(diff(error, R).subs(R, best)) == 0
    assert simplify(diff(error, R, 2).subs(R, best)).is_positive
    # At the optimum weight and error add up to the population weight.
    weight, error = ridge.mode_moments(W, best, KAPPA, TAU2, d)
    assert simplify(weight + error - KAPPA**2) == 0


def test_optimal_penalty_in_units_of_the_noised_data() -> None:
    best = ridge.optimal_ridge(shrinkage(), posterior_variance(), d)
    assert simplify(best - d * noised_variance() / signal_to_noise()) == 0


def test_no_penalty_is_least_squares() -> None:
    weight, error = ridge.mode_moments(W, Rational(0), KAPPA, TAU2, d)
    assert simplify(weight - KAPPA**2 - TAU2 * d / W) == 0
    assert simplify(error - TAU2 * d / W) == 0


def test_transform_solves_its_equation_and_is_positive() -> None:
    g = ridge.stieltjes_transform(RHO)
    assert simplify(1 / g - psi / (1 + g) - RHO) == 0
    assert g.subs({RHO: Rational(1, 7), psi: Rational(2, 3)}) > 0


def test_transform_sees_the_atom_at_zero() -> None:
    """For psi < 1 a fraction 1 - psi of the eigenvalues is 0."""
    g = ridge.stieltjes_transform(RHO, Rational(1, 4))
    assert limit(RHO * g, RHO, 0) == Rational(3, 4)


@pytest.mark.parametrize(
    ("ratio", "exact"), [(Rational(3), trace_above), (Rational(1, 3), trace_below)]
)
def test_small_penalty_returns_the_unpenalised_trace(ratio: Any, exact: Any) -> None:
    value = limit(ridge.ridge_trace(RHO, ratio, gamma), RHO, 0)
    assert simplify(value - exact(ratio, gamma)) == 0


def test_optimum_of_the_limiting_risk() -> None:
    for ratio in (Rational(1, 2), Rational(1), Rational(4)):
        risk = ridge.ridge_excess_risk(RHO, ratio, Rational(2, 3))
        assert abs(diff(risk, RHO).subs(RHO, Rational(3, 2)).evalf(30)) < Rational(1, 10**25)
        best = ridge.optimal_excess_risk(ratio, Rational(2, 3))
        assert simplify(risk.subs(RHO, Rational(3, 2)) - best) == 0


def test_optimal_risk_has_no_second_descent() -> None:
    values = [
        ridge.optimal_excess_risk(Rational(k, 10), Rational(1)).evalf(10) for k in range(2, 31, 2)
    ]
    assert all(a > b for a, b in pairwise(values))


def test_small_penalty_returns_the_unpenalised_divergence() -> None:
    value = ridge.ridge_kl(Rational(1, 10**12), Rational(3, 2), Rational(1), gapped=False)
    # The first-order term is of the size of the penalty.
    assert abs((value - kl_bulk(Rational(3, 2), Rational(1))).evalf(30)) < Rational(1, 10**9)


@pytest.mark.parametrize("snr", [Rational(1, 5), Rational(4)])
def test_ridge_helps_below_the_squared_golden_ratio_whatever_the_noise(snr: Any) -> None:
    bound = ridge.ridge_helps_below()
    assert simplify(bound - ((1 + sqrt(5)) / 2) ** 2) == 0
    for ratio, helps in ((Rational(26, 10), True), (Rational(265, 100), False)):
        gapped = bool(ratio >= 1 + 1 / snr)
        step = Rational(1, 10**6)
        slope = ridge.ridge_kl(2 * step, ratio, snr, gapped=gapped)
        slope -= ridge.ridge_kl(step, ratio, snr, gapped=gapped)
        assert (slope.evalf(40) < 0) == helps


def test_divergence_derivative_as_written() -> Any:
    """kl' = int 1/(s+r) - R^2 int s^2/(s+r)^3 - (1-R^2) int s/(s+r)^3, by numerical moments."""
    mp.dps = 30
    ratio, snr, penalty = mp.mpf(3), mp.mpf(1), mp.mpf(1) / 4
    low, high = (mp.sqrt(ratio) - 1) ** 2, (mp.sqrt(ratio) + 1) ** 2

    def mean(function: Any) -> Any:
        def integrand(angle: Any) -> Any:
            s = (low + high) / 2 + (high - low) / 2 * mp.cos(angle)
            return function(s) * ((high - low) / 2 * mp.sin(angle)) ** 2 / (2 * mp.pi * s)

        return mp.quad(integrand, [0, mp.pi])

    signal = snr / (1 + snr)
    expected = mean(
        lambda s: (
            1 / (s + penalty)
            - signal * s**2 / (s + penalty) ** 3
            - (1 - signal) * s / (s + penalty) ** 3
        )
    )
    value = diff(ridge.ridge_kl(RHO, Rational(3), Rational(1), gapped=True), RHO)
    assert abs(value.subs(RHO, Rational(1, 4)).evalf(25) - expected) < 1e-20
