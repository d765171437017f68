"""Theorem 8: its constants follow from those of its children."""

import pytest
from sympy import Integer, Rational, Symbol, exp, pi, simplify, sqrt

from theory.main_theorem import (
    RANGE,
    optimal_risk_condition,
    thm8_constants,
    thm8_excess,
    thm8_learning_rate,
)
from theory.noise_threshold import (
    AMPLITUDE,
    REACH,
    amplitude_constant,
    curvature_bound,
    noise_limits,
)
from theory.sharpness_bound import prop6_constants, prop6_rhs
from theory.symbols import A, Delta, m, mu, n, sigma
from theory.variation_bound import index_constant, prop7_constant, prop7_rhs

HALF = Rational(1, 2)


def test_printed_constants() -> None:
    constants = thm8_constants()
    assert constants.learning_rate == 2**12
    assert simplify(constants.risk - pi / (2**35 * exp(HALF))) == 0
    assert simplify(constants.excess - pi / (2**36 * exp(HALF))) == 0


def test_repaired_constants_along_the_printed_path() -> None:
    """Prop. 7 with 2^-12: twice the learning rate, an eighth of the excess risk."""
    printed, repaired = thm8_constants(), thm8_constants(variation=Rational(1, 2**12))
    assert repaired.learning_rate == 2 * printed.learning_rate
    assert simplify(repaired.excess - printed.excess / 8) == 0


def test_the_budget_is_spent_exactly() -> None:
    """At the threshold and the critical risk Prop. 6 without its root is 3/4 of Prop. 7."""
    constants = thm8_constants()
    risk = constants.risk * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)
    sharpness = 2 / (m * thm8_learning_rate(constants))
    upper = prop6_rhs(prop6_constants(cross=0), sharpness=sharpness, risk=risk)
    lower = prop7_rhs(Rational(1, 2**11))
    values = {n: 7, mu: HALF, Delta: 3, A: 1000, sigma: Rational(1, 8), m: 5}
    # A rational identity up to the writing of cube roots; 30 digits tell them apart.
    difference = (upper / lower - Rational(3, 4)).subs(values).evalf(30)
    assert abs(difference) < Rational(1, 10**25)


def test_third_term_of_p5() -> None:
    """At the critical risk it is exactly mu n^2 Delta / (2^12 sigma^2)."""
    risk = thm8_constants().risk * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)
    third = prop6_rhs(prop6_constants(cross=0), sharpness=Integer(0), risk=risk)
    assert simplify(third**3 - (mu * n**2 * Delta / (2**12 * sigma**2)) ** 3) == 0


def test_excess_of_the_statement() -> None:
    printed = pi * n**5 * mu**3 * Delta**3 / (2**36 * exp(HALF) * A**4 * sigma**4)
    assert simplify(thm8_excess() - printed) == 0


def test_sum_over_the_batch_lowers_the_threshold() -> None:
    b = Symbol("b", positive=True)
    assert thm8_constants(stability=2 / b).learning_rate == 2**12 / b


def test_exact_sum_keeps_the_printed_constants() -> None:
    """With Prop. 7 counted exactly, n >= 4 gives a threshold below the printed one."""
    for size in (4, 5, 6, 10, 20):
        variation = prop7_constant(indices=index_constant(size))
        constants = thm8_constants(variation=variation)
        assert constants.learning_rate.evalf() < 2**12
        assert constants.excess.evalf() > thm8_constants().excess.evalf()


def test_optimal_risk_condition_has_the_cube_of_the_spacing() -> None:
    """A.thm8.P2 prints it without Delta^3."""
    printed = pi * n**5 * mu / (2**38 * exp(HALF) * RANGE**2 * A**4)
    assert simplify(optimal_risk_condition() / printed - Delta**3) == 0


def test_noise_limits_solve_their_conditions() -> None:
    limits, constants = noise_limits(), thm8_constants()
    risk = constants.risk * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)
    at_risk = (16 * n * sigma**2 * risk).subs(A, AMPLITUDE / sigma**6).subs(sigma, limits.risk)
    assert simplify(at_risk) == 1
    root = (sqrt(risk) / 2) / (mu * n**2 * Delta / (2**13 * sigma**2))
    at_root = (root**2).subs(A, AMPLITUDE / sigma**6).subs(sigma, limits.root)
    assert simplify(at_root) == 1
    assert limits.spacing == mu * Delta / 8


def test_optimal_margin_changes_sign_once() -> None:
    margin = noise_limits().optimal.subs(
        {mu: HALF, n: 10, Delta: 1, RANGE: 9, AMPLITUDE: 10**6, Symbol("q"): 1}
    )
    assert margin.subs(sigma, Rational(1, 200)).evalf() > 0
    assert margin.subs(sigma, Rational(1, 20)).evalf() < 0


def test_lemma_12_adds_up() -> None:
    printed = 4 * mu**2 * RANGE**3 / sigma**6 * (mu**2 * REACH + 2 * (n - 1) * sigma**2 / Delta)
    assert simplify(curvature_bound() - printed) == 0
    values = {n: 3, REACH: 2, RANGE: 2, Delta: 1, mu: HALF, sigma: HALF}
    bound = curvature_bound().subs(values)
    assert bound <= amplitude_constant().subs(values) / (2 * HALF**6)
    assert amplitude_constant().subs({n: 2, REACH: 0, RANGE: Rational(1, 10), Delta: 1}) == 1


def test_bad_shares() -> None:
    with pytest.raises(ValueError, match="knot_share"):
        thm8_constants(knot_share=Rational(3, 4))
