"""Hoeffding's interval against the exact binomial law, its equation and its limits."""

import math

import numpy as np
import pytest

from numerics.binomial_interval import clopper_pearson
from numerics.bounded_mean_interval import hoeffding_interval


@pytest.mark.parametrize("chance", [0.002, 0.1, 0.5, 0.97])
def test_it_holds_a_probability_as_often_as_it_says(chance: float) -> None:
    """Events are the widest law of a given mean; their law is known exactly."""
    count, error = 60, 0.1
    held = 0.0
    for seen in range(count + 1):
        low, high = hoeffding_interval(seen / count, count, error=error)
        if low <= chance <= high:
            held += math.comb(count, seen) * chance**seen * (1 - chance) ** (count - seen)
    assert held >= 1 - error


@pytest.mark.parametrize("seen", [0, 1, 17, 39, 40])
def test_it_holds_the_interval_for_events(seen: int) -> None:
    low, high = hoeffding_interval(seen / 40, 40, error=1e-4)
    inner = clopper_pearson(seen, 40, error=1e-4)
    # both are solved to a few units in the last place
    assert low <= inner[0] + 1e-12
    assert high >= inner[1] - 1e-12


@pytest.mark.parametrize("mean", [0.0, 0.02, 0.3, 0.5])
def test_the_ends_solve_the_equation(mean: float) -> None:
    low, high = hoeffding_interval(mean, 50, error=0.01)
    room = math.log(200) / 50
    for end in (low, high):
        if 0 < end < 1:
            head = mean * math.log(mean / end) if mean else 0.0
            entropy = head + (1 - mean) * math.log((1 - mean) / (1 - end))
            # bisected to the last place of an end below one
            assert entropy == pytest.approx(room, rel=1e-9)
    assert low <= mean <= high
    assert (low == 0) == (mean == 0)


def test_limits_and_symmetry() -> None:
    assert hoeffding_interval(0.0, 10, error=0.2)[1] == pytest.approx(1 - 0.1**0.1, rel=1e-12)
    low, high = hoeffding_interval(0.3, 25)
    assert hoeffding_interval(0.7, 25) == pytest.approx((1 - high, 1 - low), rel=1e-12)
    widths = np.array([np.ptp(hoeffding_interval(0.3, n)) for n in (1, 10, 100, 10_000)])
    assert (np.diff(widths) < 0).all()
    # for many draws kl is about (p - x)^2 / (2 x (1 - x)), within the third derivative
    assert widths[-1] == pytest.approx(2 * math.sqrt(2 * 0.21 * math.log(40) / 10_000), rel=1e-2)
    assert hoeffding_interval(1.0, 5)[1] == 1.0


@pytest.mark.parametrize(
    ("mean", "count", "error"), [(-0.1, 5, 0.1), (1.1, 5, 0.1), (math.nan, 5, 0.1), (0.5, 0, 0.1)]
)
def test_bad_input_is_refused(mean: float, count: int, error: float) -> None:
    with pytest.raises(ValueError, match="0 <= mean <= 1"):
        hoeffding_interval(mean, count, error=error)
    with pytest.raises(ValueError, match="0 < error < 1"):
        hoeffding_interval(0.5, 5, error=1.0)
