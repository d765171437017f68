"""The least variation: feasible, certified, and consistent with what is known of it."""

import numpy as np
import pytest

from numerics.exact_risk import exact_risk
from numerics.least_variation import least_variation, variation_grid
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork, weighted_total_variation
from numerics.weight_function import weight_function


@pytest.mark.parametrize(
    ("x", "sigma", "fraction"),
    [
        ([0.0, 1.0], 0.05, 1.0),
        ([0.0, 1.0], 0.001, 1.0),
        ([0.0, 1.0, 2.0], 0.1, 0.1),
        ([0.0, 0.5, 2.0, 2.4], 0.04, 1.0),
        ([0.0, 1.0, 2.0], 0.05, 1e-4),
    ],
)
def test_primal_is_feasible_and_certified(x: list[float], sigma: float, fraction: float) -> None:
    risk = fraction / (16 * len(x) * sigma**2)
    result = least_variation(x, 0.9, sigma, risk)
    # The solver stops within 1e-10 of the level; the exact risk is on another route.
    assert exact_risk(result.network, x, 0.9, sigma) <= risk * (1 + 1e-9)
    variation = weighted_total_variation(
        result.network, lambda y: weight_function(y, x, mu=0.9, sigma=sigma)
    )
    # Both knots of the affine part lie outside the data, where the weight is 0.
    assert variation == pytest.approx(result.primal, rel=1e-9)  # rounding of 1 / sigma^2 sums
    assert 0.0 < result.dual <= result.primal * (1 + 1e-12)  # rounding
    assert result.gap < 1e-6


def test_other_scores_of_that_risk_have_more() -> None:
    # Any feasible score on the grid is above the dual bound: random mixtures of two solutions.
    x, sigma = [0.0, 1.0, 2.0], 0.05
    level = 1 / (48 * sigma**2)
    best, stricter = (least_variation(x, 0.9, sigma, r) for r in (level, 0.2 * level))
    for share in (0.1, 0.5, 0.9):
        # The networks share their grid of knots, so a mixture is the mixture of the weights.
        mixed = ReluNetwork(
            outer=(1 - share) * best.network.outer + share * stricter.network.outer,
            inner=best.network.inner,
            bias=best.network.bias,
        )
        assert exact_risk(mixed, x, 0.9, sigma) <= level
        variation = weighted_total_variation(
            mixed, lambda y: weight_function(y, x, mu=0.9, sigma=sigma)
        )
        assert variation >= best.dual


def test_less_risk_needs_more_variation() -> None:
    x, sigma = [0.0, 1.0, 2.5], 0.05
    values = [least_variation(x, 0.8, sigma, r / sigma**2).primal for r in (0.03, 0.01, 0.001)]
    assert values[0] < values[1] < values[2]


def test_a_finer_grid_gains_little() -> None:
    x, sigma = [0.0, 1.0, 2.0], 0.05
    sample = noised_sample(x, 0.9, sigma)
    grid = variation_grid(sample)
    fine = np.unique(np.concatenate([grid, (grid[1:] + grid[:-1]) / 2]))
    coarse = least_variation(x, 0.9, sigma, 1 / (48 * sigma**2))
    finer = least_variation(x, 0.9, sigma, 1 / (48 * sigma**2), knots=fine)
    assert coarse.dual * (1 - 1e-2) < finer.dual <= coarse.primal * (1 + 1e-9)


def test_units_of_length_do_not_matter() -> None:
    # y -> 4 y: s'' scales as 1/64, dy as 4 and pi as 4; sigma^2 R is unchanged.
    one = least_variation([0.0, 1.0, 2.0], 0.5, 0.01, 0.02 / 0.01**2)
    four = least_variation([0.0, 4.0, 8.0], 0.5, 0.04, 0.02 / 0.04**2)
    assert four.primal == pytest.approx(one.primal / 4, rel=1e-7)  # the solver's stopping


def test_two_data_far_apart_need_less_than_prop7_prints() -> None:
    # Proposition 7 as printed, n = 2: mu n^2 Delta / (2^11 sigma^2) with all its hypotheses.
    mu, sigma = 0.9, 0.001
    level = 1 / (32 * sigma**2)
    assert 8 * sigma / mu <= 1.0
    result = least_variation([0.0, 1.0], mu, sigma, level)
    assert result.risk <= level * (1 + 1e-9)
    assert result.primal < 0.4 * mu * 4 / (2**11 * sigma**2)


@pytest.mark.parametrize(
    ("x", "risk", "message"),
    [
        ([0.0], 1.0, "x had 1 point"),
        ([0.0, 1.0], 0.0, "risk was 0.0"),
        ([0.0, 0.1], 1e-9, r"on this grid it is at least"),
    ],
)
def test_bad_input_is_refused(x: list[float], risk: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        least_variation(x, 0.9, 0.1, risk)
