"""Limits: as printed, continuous at the junctions, and consistent with each other."""

from typing import Any

import pytest
from sympy import Rational, Symbol, diff, expand_log, limit, log, oo, simplify

from theory import proportional_limit as large
from theory.resolvent_limit import inverse_trace_from_resolvent
from theory.symbols import gamma, psi

U = Symbol("u", positive=True)
SIGNAL = gamma / (1 + gamma)


def _zero(expression: Any) -> Any:
    at = expression.subs(psi, 1 + U)
    return simplify(expand_log(simplify(at), force=True)) == 0


def test_trace_as_the_catalogue_prints_it() -> None:
    assert _zero(large.trace_above() - SIGNAL - (1 - SIGNAL) / (psi - 1))
    below = SIGNAL * psi + (1 - SIGNAL) * psi / (1 - psi)
    assert simplify(large.trace_below() - below) == 0


def test_log_det_as_the_catalogue_prints_it() -> None:
    printed = -log(1 + gamma) + psi * log((1 + gamma) / psi) + (psi - 1) * log(psi - 1)
    assert _zero(large.log_det_bulk() - printed)
    assert _zero(large.log_det_gapped() - log(SIGNAL))


def test_log_det_vanishes_at_the_onset_as_at_m_equal_to_d() -> None:
    assert simplify(limit(large.log_det_bulk().subs(psi, 1 + U), U, 0)) == 0


@pytest.mark.parametrize("order", [0, 1])
def test_log_det_joins_smoothly(order: Any) -> None:
    gap = (
        diff(large.log_det_bulk() - large.log_det_gapped(), psi, order)
        if order
        else (large.log_det_bulk() - large.log_det_gapped())
    )
    assert simplify(expand_log(gap.subs(psi, large.critical_ratio()), force=True)) == 0


def test_log_det_second_derivative_jumps() -> None:
    """It is 1/(u (1 + u)) below and 0 above: a third-order-free, second-order transition."""
    second = diff(large.log_det_bulk(), psi, 2)
    assert simplify(second - 1 / (psi * (psi - 1))) == 0


@pytest.mark.parametrize("point", [Rational(1, 3), Rational(2)])
def test_potential_is_stationary_and_its_slope_is_the_transform(point: Any) -> None:
    g, w = Symbol("g", positive=True), Symbol("w", positive=True)
    free = w * g - 1 - log(g) + psi * log(1 + g)
    stationary = diff(free, g).subs(w, large.marchenko_pastur_argument(g, psi))
    assert simplify(stationary) == 0
    assert diff(free, w) == g
    at = {g: point, psi: Rational(7, 2)}
    value = free.subs(w, large.marchenko_pastur_argument(g, psi)).subs(at)
    assert simplify(value - large.log_potential(point, Rational(7, 2))) == 0


def test_potential_of_many_degrees_is_the_log_of_the_mean() -> None:
    """psi -> infinity: S/d is near psi, so the potential at 0 is near log psi."""
    ratio = Rational(10**6)
    value = large.log_potential(1 / (ratio - 1), ratio)
    assert abs((value - log(ratio)).evalf(20)) < Rational(1, 10**6)


def test_kl_is_half_of_trace_and_log_det() -> None:
    assert _zero(2 * large.kl_gapped() - (SIGNAL - 1 - log(SIGNAL) + (1 - SIGNAL) / (psi - 1)))
    gap = (large.kl_bulk() - large.kl_gapped()).subs(psi, large.critical_ratio())
    assert simplify(expand_log(gap, force=True)) == 0


def test_reverse_kl_from_the_resolvent_and_as_printed() -> None:
    inverse = inverse_trace_from_resolvent()
    half = 2 * large.reverse_kl_gapped() + 1 - log(gamma) + log(1 + gamma)
    assert simplify(half - inverse) == 0
    printed = gamma * (psi - 1) / (SIGNAL * (gamma * (psi - 1) - 1))
    assert simplify(inverse - printed) == 0


def test_reverse_kl_blows_up_at_the_second_transition() -> None:
    at = large.reverse_kl_gapped().subs({gamma: Rational(1, 2), psi: 3 + U})
    assert limit(at, U, 0) == oo


def test_floor_is_the_limit_and_vanishes_without_noise_only() -> None:
    floor = large.kl_floor()
    assert simplify(limit(large.kl_gapped(), psi, oo) - floor) == 0
    assert limit(floor, gamma, oo) == 0
    # Its derivative is negative: positive for every finite ratio.
    assert simplify(diff(floor, gamma) + 1 / (2 * gamma * (1 + gamma) ** 2)) == 0


def test_floor_rate_matches_the_gapped_limit_per_dimension() -> None:
    d = Symbol("d", positive=True)
    rate = limit(large.floor_rate(d, gamma) / d**2, d, oo)
    gap = large.kl_gapped() - large.kl_floor()
    assert simplify(limit(gap * psi, psi, oo) - rate) == 0
