"""The constants of the forward process and the relations between them."""

from typing import Any

import pytest
from sympy import Integer, Rational, Symbol, diff, exp, log, simplify

from theory import linear_forward as forward
from theory.symbols import T, lambda_, s_d


def test_noise_variance_solves_its_own_equation() -> None:
    """d q^2/dt = -2 q^2 + 2 lambda, q^2(0) = 0: the second route to the Ito integral."""
    variance = forward.noise_variance()
    assert simplify(diff(variance, T) + 2 * variance - 2 * lambda_) == 0
    assert variance.subs(T, 0) == 0


def test_contraction_solves_its_own_equation() -> None:
    assert diff(forward.contraction(), T) == -forward.contraction()
    assert forward.contraction().subs(T, 0) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (forward.reliability(), 1 - forward.noise_variance() / forward.noised_variance()),
        (
            forward.reliability(),
            forward.signal_to_noise() / (1 + forward.signal_to_noise()),
        ),
        (forward.posterior_variance(), s_d**2 * (1 - forward.reliability())),
        (forward.shrinkage() ** 2 * forward.noised_variance(), s_d**2 * forward.reliability()),
        (forward.signal_to_noise(), s_d**2 / (lambda_ * (exp(2 * T) - 1))),
        (
            forward.posterior_variance() / forward.shrinkage() ** 2,
            forward.noised_variance() / forward.signal_to_noise(),
        ),
    ],
)
def test_relations(one: Any, other: Any) -> None:
    assert simplify(one - other) == 0


def test_standard_process_keeps_unit_variance() -> None:
    assert simplify(forward.noised_variance(T, Integer(1), Integer(1))) == 1


def test_code_noise_is_almost_independent_of_time() -> None:
    ratio = forward.signal_to_noise(T, forward.code_noise_scale(), Integer(1))
    assert simplify(ratio - 1 / (1 - exp(-2 * T))) == 0
    at = ratio.subs(T, 2)
    assert Rational(1018657, 10**6) < at < Rational(1018658, 10**6)


def test_time_from_ratio() -> None:
    gamma = Symbol("gamma", positive=True)
    time = log(1 + 1 / gamma) / 2
    assert simplify(forward.signal_to_noise(time, Integer(1), Integer(1)) - gamma) == 0
