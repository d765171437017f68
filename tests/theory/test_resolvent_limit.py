"""The resolvent of the generated covariance: equation, moments, potential."""

from typing import Any

import pytest
from mpmath import mp, mpf
from sympy import Rational, Symbol, diff, limit, log, oo, series, simplify, sqrt

from theory import resolvent_limit as resolvent
from theory.proportional_limit import log_det_bulk, trace_above
from theory.symbols import gamma, psi

P, U, Z = Symbol("p", positive=True), Symbol("u", positive=True), Symbol("z", positive=True)


def test_determining_series_solves_its_equation() -> None:
    f = resolvent.determining_series(Z)
    assert simplify(f * (psi - 1 - f) - Z) == 0
    assert f.subs({Z: 0, psi: 1 + U}) == 0


def test_first_cumulant_is_the_mean_square_of_the_noise() -> None:
    """f = z E tr A A^T / d + ..., and E tr G S^-1 G^T / d = 1/(psi - 1)."""
    f = resolvent.determining_series(Z, 1 + U)
    assert simplify(series(f, Z, 0, 2).removeO().coeff(Z, 1) - 1 / U) == 0


def test_equation_as_written() -> None:
    w = resolvent.resolvent_argument(P)
    written = psi + sqrt(1 - 4 * gamma * P**2) - sqrt((psi - 1) ** 2 + 4 * P**2)
    assert simplify(2 * w * P - written) == 0
    lower = resolvent.resolvent_argument(P, lower=True)
    assert simplify(2 * P * (w - lower) - 2 * sqrt(1 - 4 * gamma * P**2)) == 0


def test_second_moment_from_the_resolvent_is_the_limiting_trace() -> None:
    """w p = 1 - mean(sigma^2) p^2 + ... far out."""
    expansion = series(P * resolvent.resolvent_argument(P, 1 + U, gamma), P, 0, 3).removeO()
    mean_square = 1 - expansion.coeff(P, 0), -expansion.coeff(P, 2)
    assert simplify(mean_square[0]) == 0
    assert simplify(mean_square[1] / (1 + gamma) - trace_above(1 + U)) == 0


def test_potential_has_the_right_slope_and_growth() -> None:
    """d potential / dw = 2 p, by the chain rule through p."""
    potential = resolvent.log_potential_from_resolvent(P)
    w = resolvent.resolvent_argument(P)
    at = {psi: Rational(7, 3), gamma: Rational(2, 5), P: Rational(1, 3)}
    gap = (diff(potential, P) - 2 * P * diff(w, P)).subs(at)
    assert abs(gap.evalf(40)) < Rational(1, 10**35)
    value = potential.subs({psi: 3, gamma: Rational(1, 2)})
    far = resolvent.resolvent_argument(P, Rational(3), Rational(1, 2))
    assert abs(value.subs(P, Rational(1, 10**6)) - 2 * mp.log(mpf(10) ** 6)) < 1e-9
    assert limit(far * P, P, 0) == 1


@pytest.mark.parametrize(
    ("ratio", "snr"), [(Rational(3, 2), Rational(1)), (Rational(5, 4), Rational(2))]
)
def test_potential_at_zero_is_the_log_determinant_of_the_bulk(ratio: Any, snr: Any) -> None:
    """A second route to the limiting log-determinant: w = 0 in the resolvent."""
    u = ratio - 1
    cosine = (1 - snr * (2 * ratio - 1)) / (1 + snr)
    p = sqrt(1 - cosine**2) / (2 * sqrt(snr))
    on_lower_branch = cosine < 0
    w = resolvent.resolvent_argument(p, ratio, snr, lower=bool(on_lower_branch))
    assert abs(w.evalf(30)) < Rational(1, 10**25)
    # On the lower branch the root in the potential changes sign with the cosine.
    other = sqrt(u**2 + 4 * p**2)

    potential = -2 * log(p) + log((1 + cosine) / 2) - u * log((u + other) / (2 * u))
    value = potential - log(1 + snr)
    assert abs((value - log_det_bulk(ratio, snr)).evalf(30)) < Rational(1, 10**25)


def test_inverse_trace_has_its_pole_at_the_second_transition() -> None:
    value = resolvent.inverse_trace_from_resolvent(psi, gamma)
    assert limit(value.subs({gamma: Rational(1, 3), psi: 4 + U}), U, 0) == oo
    assert simplify(limit(value, psi, oo) - (1 + gamma) / gamma) == 0
