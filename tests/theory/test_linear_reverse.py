"""Exact reverse processes, samplers and first-order errors: one route against another, exactly."""

import math
from typing import Any

import pytest
from sympy import Integer, Rational, Symbol, diff, exp, limit, log, oo, series, simplify

from theory.linear_forward import noise_variance
from theory.linear_reverse import (
    first_order_error,
    flow_gain_squared,
    gaussian_score,
    generated_variance,
    reverse_variance_rate,
)
from theory.sampling_steps import (
    SCHEMES,
    Level,
    chain_variance,
    deficit_term,
    overlap_squared,
    sampler_step,
    start_level,
    uniform_levels,
)
from theory.symbols import T, lambda_, y

w, c, start = (Symbol(name, positive=True) for name in ("w", "c", "V"))
noised = w * exp(-2 * T) + lambda_ * (1 - exp(-2 * T))


def test_the_score_is_the_gradient_of_the_log_density() -> None:
    assert gaussian_score(y, c) == -y / c


@pytest.mark.parametrize("flow", ["sde", "ode"])
def test_the_fitted_law_is_a_fixed_point(flow: Any) -> None:
    """Started at the noised fit, both processes return the fit for every T."""
    assert simplify(generated_variance(flow, w, noised) - w) == 0


@pytest.mark.parametrize("flow", ["sde", "ode"])
def test_the_variance_solves_its_equation(flow: Any) -> None:
    """V_0 as a function of T satisfies d V_0/dT = - (flow backwards): pull back the start.

    V_0(T, V) is constant along reverse trajectories: d/dT + (reverse rate) d/dV = 0 with the sign
    of the forward direction.
    """
    value = generated_variance(flow, w, start)
    rate = reverse_variance_rate(flow, noised).subs(Symbol("variance", real=True), start)
    assert simplify(diff(value, T) - rate * diff(value, start)) == 0


def test_gains_of_both_flows() -> None:
    later = lambda_ + (w - lambda_) * exp(-2 * T)
    assert simplify(flow_gain_squared("ode", w, later) - w / later) == 0
    wanted = exp(-2 * T) * w**2 / later**2
    assert simplify(flow_gain_squared("sde", w, later) - wanted) == 0


def test_a_long_diffusion_forgets_its_start() -> None:
    flows: tuple[Any, ...] = ("sde", "ode")
    for flow in flows:
        value = generated_variance(flow, Integer(3), Integer(1), T, Integer(1))
        assert limit(value, T, oo) == 3


def test_the_stochastic_flow_forgets_faster() -> None:
    """From V = lambda the errors are of the order a^4 and a^2."""
    flows: tuple[Any, ...] = ("sde", "ode")
    errors = [generated_variance(flow, Integer(3), Integer(1), T, Integer(1)) - 3 for flow in flows]
    assert limit(errors[0] * exp(4 * T), T, oo) == -18
    assert limit(errors[1] * exp(2 * T), T, oo) == -6


def test_one_ancestral_step_is_the_posterior_mean() -> None:
    a, q2 = Symbol("a", positive=True), Symbol("q2", positive=True)
    schemes: tuple[Any, ...] = ("ddpm", "ddim")
    for scheme in schemes:
        step = sampler_step(scheme, w, start_level(), Level(shrink=a, noise=q2))
        assert simplify(step.gain - a * w / (a**2 * w + q2)) == 0
        assert step.fresh == 0


def test_euler_steps_need_a_length() -> None:
    with pytest.raises(ValueError, match="length was None"):
        sampler_step("em", w, start_level(), start_level())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_small_steps_return_the_fit(scheme: Any) -> None:
    """The error falls by about one half when the number of steps doubles."""
    value, time = Rational(1, 2), 0.5
    errors = []
    for steps in (4, 8):
        levels = [(1.0, 0.0)]
        for k in range(1, steps + 1):
            square = math.exp(-2 * time * k / steps)
            levels.append((math.sqrt(square), 1 - square))
        variance = float(value) * levels[-1][0] ** 2 + levels[-1][1]
        for k in range(steps - 1, -1, -1):
            below, above = (
                Level(shrink=Rational(str(u)), noise=Rational(str(v)))
                for u, v in (levels[k], levels[k + 1])
            )
            h = Rational(1, 2 * steps)
            step = sampler_step(scheme, value, below, above, Integer(1), h)
            variance = float(step.gain) ** 2 * variance + float(step.fresh)
        errors.append(abs(variance - 0.5))
    # First order up to a logarithm: ancestral and deterministic steps lose h log(1/h).
    assert 0.45 < errors[1] / errors[0] < 0.75


def test_deficits_and_overlaps_make_up_the_chain() -> None:
    low, high, value = Rational(1, 3), Symbol("nu", positive=True), Rational(2)
    one = Integer(1)
    grid = (start_level(), Level(shrink=one, noise=low), Level(shrink=one, noise=high))
    lost = deficit_term(value, Integer(0), low) + deficit_term(value, low, high)
    made = chain_variance("ddpm", value, grid, value + high)
    assert simplify(made - value * (1 - lost)) == 0
    kept = overlap_squared(value, Integer(0), low) * overlap_squared(value, low, high)
    made = chain_variance("ddim", value, grid, value + high)
    assert simplify(made - value * kept) == 0


@pytest.mark.parametrize("flow", ["sde", "ode"])
@pytest.mark.parametrize("value", [Rational(1, 3), Rational(3)])
def test_the_first_order_error_is_that_of_the_recursion(flow: Any, value: Rational) -> None:
    """(V_0(h) - w)/(w h) of the recursion itself, extrapolated in h, against the integral."""
    scheme = "em" if flow == "sde" else "euler"
    time = 0.5
    slopes = []
    for steps in (400, 800):
        h = time / steps
        variance = float(value) * 2.718281828459045 ** (-2 * time)
        variance += 1 - 2.718281828459045 ** (-2 * time)
        for k in range(steps, 0, -1):
            square = 2.718281828459045 ** (-2 * k * h)
            clock = float(value) * square + 1 - square
            weight = 2 if flow == "sde" else 1
            variance = (1 + h - weight * h / clock) ** 2 * variance + (weight - 1) * 2 * h
        slopes.append((variance / float(value) - 1) / h)
    assert scheme in SCHEMES
    later = 1 + (value - 1) * exp(-1)
    exact = float(first_order_error(flow, value, later, Integer(1)).evalf())
    # Richardson: what is left is of second order in h, about 1e-6.
    assert abs(2 * slopes[1] - slopes[0] - exact) < 1e-4


def test_the_error_of_euler_maruyama_in_a_long_diffusion() -> None:
    made = first_order_error("sde", w, Integer(1), Integer(1))
    assert simplify(made - (1 / w - w * log(w) / (2 * (w - 1)))) == 0


def test_noise_is_that_of_the_forward_process() -> None:
    assert simplify(uniform_levels(2, T)[1].noise - noise_variance(T / 2)) == 0
    assert series(uniform_levels(2, T)[1].shrink, T, 0, 2).removeO() == 1 - T / 2
