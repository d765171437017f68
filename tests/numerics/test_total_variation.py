"""Both total variations against closed cases, another route, and high precision."""

import itertools
import math

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import brentq

from numerics.empirical_score import empirical_score_derivatives
from numerics.total_variation import score_total_variation, weighted_total_variation
from numerics.weight_function import overlap, weight_function

EVEN = np.arange(10) / 8.0


def climbs(x: NDArray[np.float64], mu: float, sigma: float, points: int = 400_001) -> float:
    """Sum the climbs and falls of s*' between its turning points on a fine grid.

    A grid value falls short of a turning point by h^2 s'''/8 only, so the sum is off by that.
    """
    y = np.linspace(mu * x[0] - 12, mu * x[-1] + 12, points)
    first = empirical_score_derivatives(y, x, mu=mu, sigma=sigma).first
    ends = np.concatenate(([-1 / sigma**2], first, [-1 / sigma**2]))
    return float(np.abs(np.diff(ends)).sum())


@pytest.mark.parametrize("sigma", [0.5, 0.1, 1e-2, 1e-4, 1e-6, 1e-8])
def test_two_points_climb_once_and_fall_once(sigma: float) -> None:
    # s*' rises from -1/sigma^2 by (mu D/2)^2/sigma^4 and falls back: twice that, exactly.
    got = score_total_variation([-0.7, 1.1], mu=0.81, sigma=sigma)
    exact = 2 * (0.81 * 1.8 / 2) ** 2 / sigma**4
    assert math.isclose(got, exact, rel_tol=1e-12)  # the accuracy promised


@pytest.mark.parametrize("sigma", [0.5, 0.31, 0.1, 0.03])
def test_agrees_with_the_climbs_of_the_derivative(sigma: float) -> None:
    x = np.sort(np.random.default_rng(2).normal(size=20))
    expected = climbs(x, 0.81, sigma)
    # A peak of s*' has width sigma^2 / D; the grid of step 7e-5 misses its top by a quarter of the
    # square of their ratio at most.
    miss = 0.25 * (7e-5 * float(np.diff(x).max()) / sigma**2) ** 2
    got = score_total_variation(x, mu=0.81, sigma=sigma)
    assert math.isclose(got, expected, rel_tol=miss)
    assert got >= expected * (1 - 1e-12)  # a grid never overstates a variation, but for rounding


@pytest.mark.parametrize("sigma", [0.4, 0.1])
def test_agrees_with_high_precision(sigma: float) -> None:
    x, mu = [-1.0, -0.6, 0.5, 1.25], 0.75
    with mp.workdps(30):
        c = [mp.mpf(mu) * mp.mpf(v) for v in x]
        s = mp.mpf(sigma)

        def second(y: mp.mpf) -> mp.mpf:
            e = [mp.exp(-((y - v) ** 2) / (2 * s**2)) for v in c]
            p = mp.fsum(e)
            mean = mp.fsum(a * b for a, b in zip(c, e, strict=True)) / p
            return mp.fsum((a - mean) ** 3 * b for a, b in zip(c, e, strict=True)) / p / s**6

        grid = [mp.mpf(-4) + mp.mpf(k) / 50 for k in range(401)]
        signs = [mp.sign(second(y)) for y in grid]
        turns = [
            mp.findroot(second, (grid[k], grid[k + 1]), solver="anderson")
            for k in range(400)
            if signs[k] != signs[k + 1]
        ]

        def first(y: mp.mpf) -> mp.mpf:
            e = [mp.exp(-((y - v) ** 2) / (2 * s**2)) for v in c]
            p = mp.fsum(e)
            mean = mp.fsum(a * b for a, b in zip(c, e, strict=True)) / p
            return mp.fsum((a - mean) ** 2 * b for a, b in zip(c, e, strict=True)) / p / s**4

        levels = [mp.mpf(0), *(first(y) for y in sorted(turns)), mp.mpf(0)]
        exact = mp.fsum(abs(b - a) for a, b in itertools.pairwise(levels))
        got = score_total_variation(x, mu=mu, sigma=sigma)
        assert abs(got / exact - 1) < mp.mpf("1e-11")  # the accuracy promised, with a margin


@pytest.mark.parametrize("sigma", [0.5, 0.2, 0.05])
def test_weighted_agrees_with_a_fine_midpoint_sum(sigma: float) -> None:
    x = np.sort(np.random.default_rng(4).normal(size=8))
    ends = np.linspace(0.81 * x[0], 0.81 * x[-1], 40_001)
    y = 0.5 * (ends[1:] + ends[:-1])
    second = empirical_score_derivatives(y, x, mu=0.81, sigma=sigma).second
    weight = weight_function(y[::40], x, mu=0.81, sigma=sigma)
    # pi varies over sigma: linear interpolation between 40 midpoints errs by (40 h/sigma)^2/8.
    dense = np.interp(y, y[::40], weight)
    expected = float((np.abs(second) * dense).sum() * (ends[1] - ends[0]))
    got = weighted_total_variation(x, mu=0.81, sigma=sigma)
    assert math.isclose(got, expected, rel_tol=1e-3)


@pytest.mark.parametrize("sigma", [1e-4, 1e-5, 1e-6, 1e-8])
def test_small_noise_limit(sigma: float) -> None:
    # Each gap D contributes 2 (D/2)^2/sigma^4 at its midpoint, where pi is the overlap of order
    # sigma^4/D^2 near: equal gaps D = 1/16 and straight lines leave no other term but the kink.
    mu = 0.5
    middle = 0.5 * mu * (EVEN[1:] + EVEN[:-1])
    gap = mu / 8.0
    limit = float((overlap(middle, EVEN, mu=mu) * gap**2 / 2).sum()) / sigma**4
    got = weighted_total_variation(EVEN, mu=mu, sigma=sigma)
    # The kink of the overlap in the middle gap lowers pi there by about sigma / 2.
    assert abs(got / limit - 1) < 2 * sigma / gap


def test_ten_digits_where_the_scale_is_free() -> None:
    # TV scales as 1/length^2 under (x, sigma) -> (r x, r sigma): r no power of two, so that all
    # roundings differ; down to transitions narrower than the rounding of y.
    x = np.sort(np.random.default_rng(6).normal(size=20))
    for sigma in (0.3, 1e-2, 1e-4, 1e-6):
        for function, power in ((score_total_variation, 4), (weighted_total_variation, 3)):
            one = function(x, mu=0.81, sigma=sigma) * sigma**power
            # Shifted samples have other roundings of y throughout.
            two = function(3 * x, mu=0.81, sigma=3 * sigma) * (3 * sigma) ** power
            expected = one * 3 ** (power - 2 if power == 4 else power - 1)
            assert math.isclose(two, expected, rel_tol=1e-9), (sigma, power)


def test_reflection_leaves_both_unchanged() -> None:
    x = np.random.default_rng(7).normal(size=30)
    for function in (score_total_variation, weighted_total_variation):
        one, two = (function(v, mu=0.7, sigma=0.02) for v in (x, -x))
        assert math.isclose(one, two, rel_tol=1e-11)  # the accuracy promised, with a margin


def test_a_thousand_points() -> None:
    x = np.sort(np.random.default_rng(9).normal(size=1000))
    # 4 000 points to the range: peaks of width sigma are missed by (0.007/0.3)^2/8 at most.
    expected = climbs(x, 0.81, 0.3, points=4_001)
    assert math.isclose(score_total_variation(x, mu=0.81, sigma=0.3), expected, rel_tol=1e-4)


def test_weighted_agrees_with_panels_cut_at_bracketed_turns() -> None:
    x, mu = np.sort(np.random.default_rng(10).normal(size=12)), 0.8
    node, weight = np.polynomial.legendre.leggauss(20)
    for sigma in (0.5, 0.25, 0.05):

        def second(y: float | NDArray[np.float64], s: float = sigma) -> NDArray[np.float64]:
            return empirical_score_derivatives(y, x, mu=mu, sigma=s).second

        grid = np.linspace(mu * x[0], mu * x[-1], 20_001)
        values = second(grid)
        turns = [
            brentq(lambda t: float(second(t)), grid[k], grid[k + 1], xtol=1e-15)
            for k in np.flatnonzero(values[1:] * values[:-1] < 0.0)
        ]
        ends = np.unique(np.concatenate([grid[::20], turns]))
        half = 0.5 * np.diff(ends)
        y = (ends[:-1] + half)[:, None] + half[:, None] * node
        product = np.abs(second(y)) * weight_function(y, x, mu=mu, sigma=sigma)
        expected = float(half @ (product @ weight))
        got = weighted_total_variation(x, mu=mu, sigma=sigma)
        assert math.isclose(got, expected, rel_tol=1e-12)  # the accuracy promised


@pytest.mark.parametrize("function", [score_total_variation, weighted_total_variation])
def test_bad_input_is_one_line(function: object) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match="points must be distinct"):
        function([1.0, 1.0], mu=0.5, sigma=0.1)
    with pytest.raises(ValueError, match="x had 1 point"):
        function([1.0], mu=0.5, sigma=0.1)
