"""Marginals of linear diffusions, and their reversal."""

import pytest
from sympy import Expr, Integer, Symbol, diff, exp, limit, log, oo, simplify, symbols

from theory.diffusion import (
    Marginal,
    fokker_planck_residual,
    implied_coefficients,
    marginal_rates,
    moment_equations,
    ornstein_uhlenbeck_marginal,
    reverse_drift,
    reverse_fokker_planck_residual,
    transition_density,
)
from theory.exponentials import is_zero_exponential
from theory.symbols import lambda_, mu, sigma, t, x, x_0, y

reversion = Symbol("a", positive=True)
mixture = (transition_density().subs(x_0, x[1]) + 2 * transition_density().subs(x_0, x[2])) / 3


def test_marginal_of_paper_a() -> None:
    law = ornstein_uhlenbeck_marginal()
    assert law.mean_factor == exp(-t)
    assert is_zero_exponential(law.variance - (1 - exp(-2 * t)))


def test_marginal_of_paper_b() -> None:
    law = ornstein_uhlenbeck_marginal(1, lambda_)
    assert is_zero_exponential(law.variance - lambda_ * (1 - exp(-2 * t)))


def test_marginal_limits() -> None:
    law = ornstein_uhlenbeck_marginal(reversion, lambda_)
    assert law.variance.subs(t, 0) == 0
    assert limit(law.mean_factor, t, oo) == 0
    assert simplify(limit(law.variance, t, oo) - lambda_ / reversion) == 0
    # No reversion at all: Brownian motion of variance 2 lambda t.
    assert simplify(limit(law.variance, reversion, 0) - 2 * lambda_ * t) == 0


def test_semigroup() -> None:
    """Running for t and then for s is running for t + s."""
    s = Symbol("s", positive=True)
    law = ornstein_uhlenbeck_marginal(reversion, lambda_)
    later = law.variance.subs(t, s) + law.mean_factor.subs(t, s) ** 2 * law.variance
    assert is_zero_exponential(later - law.variance.subs(t, s + t))
    factor = law.mean_factor.subs(t, s) * law.mean_factor
    assert is_zero_exponential(factor - law.mean_factor.subs(t, s + t))


def test_rates_are_those_of_the_marginal() -> None:
    law = ornstein_uhlenbeck_marginal(reversion, lambda_)
    rates = marginal_rates(reversion, lambda_)
    assert is_zero_exponential(diff(law.mean_factor, t) - rates[mu].subs(mu, law.mean_factor))
    square_rate = (2 * sigma * rates[sigma]).expand().subs(sigma**2, law.variance)
    assert is_zero_exponential(diff(law.variance, t) - square_rate)


@pytest.mark.parametrize("density", [transition_density(), mixture])
def test_fokker_planck(density: Expr) -> None:
    rates = marginal_rates(reversion, lambda_)
    assert fokker_planck_residual(density, -reversion * y, 2 * lambda_, rates=rates) == 0
    assert fokker_planck_residual(density, -reversion * y, lambda_, rates=rates) != 0
    assert fokker_planck_residual(density, reversion * y, 2 * lambda_, rates=rates) != 0


def test_marginal_of_the_notebooks_is_another_process() -> None:
    """A.code.marginal: mu = e^{-2t} with sigma^2 = 1 - e^{-2t} solves no constant linear SDE."""
    printed = ornstein_uhlenbeck_marginal()
    assert implied_coefficients(printed) == (1, 2)
    notebook = Marginal(mean_factor=exp(-2 * t), variance=1 - exp(-2 * t))
    drift, noise = implied_coefficients(notebook)
    assert drift == 2
    assert is_zero_exponential(noise - (4 - 2 * exp(-2 * t)))


@pytest.mark.parametrize("noise", [None, Integer(0), Integer(2), Symbol("g", positive=True)])
def test_reverse_process_has_the_forward_marginals(noise: Expr | None) -> None:
    score = diff(log(mixture), y)
    backward = reverse_drift(-y, Integer(2), score, reverse_diffusion_squared=noise)
    kept = Integer(2) if noise is None else noise
    rates = marginal_rates()
    assert reverse_fokker_planck_residual(mixture, backward, kept, rates=rates) == 0
    assert reverse_fokker_planck_residual(mixture, backward + y, kept, rates=rates) != 0


def test_reverse_drift_as_printed() -> None:
    score = Symbol("score")
    assert reverse_drift(-y, Integer(2), score) == y + 2 * score
    assert reverse_drift(-y, 2 * lambda_, score) == y + 2 * lambda_ * score


def test_reversing_twice_gives_the_forward_process() -> None:
    score = Symbol("score")
    once = reverse_drift(-y, Integer(2), score)
    assert reverse_drift(once, Integer(2), score) == -y


def test_moments_that_do_not_close_are_refused() -> None:
    with pytest.raises(ValueError, match="too high degree"):
        moment_equations(-(y**3), Integer(2))


@pytest.mark.parametrize("bad", [0, -1, Symbol("q", real=True)])
def test_bad_coefficients(bad: object) -> None:
    with pytest.raises(ValueError, match="reversion was"):
        ornstein_uhlenbeck_marginal(bad)
    with pytest.raises(ValueError, match="noise_scale was"):
        ornstein_uhlenbeck_marginal(1, bad)


def test_geometric_noise_closes() -> None:
    """Noise proportional to the state: d Var = 2 b Var + c (Var + mean^2)."""
    mean, variance, c = symbols("mean variance c", real=True)
    rates = moment_equations(-y, c * y**2)
    assert rates[0] == -mean
    assert (rates[1] - (-2 * variance + c * (variance + mean**2))).expand() == 0
