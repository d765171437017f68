"""The least variation on moving knots: near-optimal, feasible, better than a fixed grid."""

import numpy as np
import pytest

from numerics.exact_risk import exact_risk
from numerics.least_variation import least_variation
from numerics.relu_network import weighted_total_variation
from numerics.variation_knots import refined_least_variation
from numerics.weight_function import weight_function

CASES = [
    ([0.0, 2.0], 0.1),
    ([0.0, 2.0, 4.0], 0.125),
    ([0.0, 1.0, 4.0, 5.0], 0.05),
]


@pytest.mark.parametrize(("x", "sigma"), CASES)
def test_better_than_a_fixed_grid_and_within_the_risk(x: list[float], sigma: float) -> None:
    risk = 1 / (16 * len(x) * sigma**2)
    found = refined_least_variation(x, 0.5, sigma, risk)
    assert found.excess <= 1e-3
    assert found.best.gap < 1e-6
    # the solver stops within 1e-10 of the level; the exact risk is on another route
    assert exact_risk(found.best.network, x, 0.5, sigma) <= risk * (1 + 1e-9)
    variation = weighted_total_variation(
        found.best.network, lambda y: weight_function(y, x, mu=0.5, sigma=sigma)
    )
    assert variation == pytest.approx(found.best.primal, rel=1e-9)  # rounding of 1/sigma^2 sums
    fixed = least_variation(x, 0.5, sigma, risk)
    # where the fixed grid has the best knots by chance, its excess is what is left
    assert found.best.primal <= fixed.primal * (1 + 1e-3)
    assert found.best.primal >= 0.9 * fixed.primal


def test_no_score_with_other_knots_has_less() -> None:
    # a finer fixed grid may gain at most the excess
    x, sigma = [0.0, 2.0, 4.0], 0.125
    risk = 1 / (48 * sigma**2)
    found = refined_least_variation(x, 0.5, sigma, risk)
    edge = sigma * np.array([0.001, 0.01, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0])
    knots = np.concatenate([-edge, np.linspace(0.0, 2.0, 161), 2.0 + edge])
    fine = least_variation(x, 0.5, sigma, risk, knots=knots)
    assert fine.primal >= found.best.dual / (1 + found.excess)
    assert fine.primal == pytest.approx(found.best.primal, rel=2e-3)  # knots sigma/10 apart


def test_the_limit_on_rounds_is_visible() -> None:
    found = refined_least_variation([0.0, 2.0, 4.0], 0.5, 0.125, 4 / 3, max_rounds=1)
    assert found.rounds == 1
    assert found.excess > 1e-3


@pytest.mark.parametrize(
    ("options", "said"),
    [({"tolerance": 0.0}, "tolerance was 0"), ({"max_rounds": 0}, "max_rounds was 0")],
)
def test_bad_input_is_refused(options: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        refined_least_variation([0.0, 2.0], 0.5, 0.1, 1.0, **options)  # type: ignore[arg-type]
