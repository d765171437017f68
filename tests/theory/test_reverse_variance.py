"""Which marginals the reverse process carries, for Gaussian data."""

from sympy import Symbol, exp, expand, symbols

from theory.diffusion import Marginal, implied_coefficients, ornstein_uhlenbeck_marginal
from theory.exponentials import is_zero_exponential
from theory.reverse_variance import (
    NOTEBOOK_MARGINAL,
    noised_variance,
    reverse_defect,
    reverse_mean_defect,
    reverse_variance_rate,
)
from theory.symbols import t, y

v = Symbol("v", positive=True)


def test_the_forward_marginal_has_no_defect() -> None:
    assert reverse_defect(ornstein_uhlenbeck_marginal(), v) == 0


def test_the_notebook_marginal_has_one() -> None:
    defect = reverse_defect(NOTEBOOK_MARGINAL, v)
    assert is_zero_exponential(defect + 2 * v * exp(-4 * t))
    # Data in one point do not see mu.
    assert reverse_defect(NOTEBOOK_MARGINAL, 0) == 0


def test_its_own_reverse_process_has_none() -> None:
    rate, noise = implied_coefficients(NOTEBOOK_MARGINAL)
    assert reverse_defect(NOTEBOOK_MARGINAL, v, drift=-rate * y, diffusion_squared=noise) == 0


def test_a_faster_clock_has_none_at_its_own_speed() -> None:
    law = ornstein_uhlenbeck_marginal()
    fast = Marginal(
        mean_factor=law.mean_factor.subs(t, 2 * t), variance=expand(law.variance.subs(t, 2 * t))
    )
    assert reverse_defect(fast, v, drift=-2 * y, diffusion_squared=4) == 0
    assert reverse_defect(fast, v) != 0


def test_fixed_point_of_the_variance() -> None:
    """Score of the equilibrium N(0, 1): the reverse process relaxes to it."""
    S = symbols("S", positive=True)
    assert reverse_variance_rate(S, 1 + 0 * S) == 2 - 2 * S
    assert noised_variance(ornstein_uhlenbeck_marginal(), 1) == 1


def test_the_mean_is_carried_by_the_forward_marginal_alone() -> None:
    assert reverse_mean_defect(ornstein_uhlenbeck_marginal(), v) == 0
    assert is_zero_exponential(reverse_mean_defect(NOTEBOOK_MARGINAL, v) + exp(-2 * t))
    assert is_zero_exponential(reverse_mean_defect(NOTEBOOK_MARGINAL, 0) + exp(-2 * t))
