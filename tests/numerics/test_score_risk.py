"""The risk by three routes, its closed cases, and the excess-risk identity."""

import math
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.empirical_score import empirical_score
from numerics.optimal_risk import log_optimal_risk, optimal_risk
from numerics.score_risk import (
    Score,
    excess_risk,
    risk_monte_carlo,
    risk_quadrature,
    score_distance,
)

X = np.array([-1.0, -0.25, 0.5, 1.5])


def hinge(y: NDArray[np.float64]) -> NDArray[np.float64]:
    """A score with two kinks."""
    return 2.0 * np.maximum(y - 0.3, 0.0) - 5.0 * np.maximum(0.1 - y, 0.0) + 0.5


def test_zero_score_has_risk_one_over_sigma_squared() -> None:
    for sigma in (1.0, 0.1, 1e-4):
        got = risk_quadrature(np.zeros_like, X, mu=0.8, sigma=sigma)
        assert math.isclose(got, sigma**-2, rel_tol=1e-12)  # a polynomial: rounding only


def test_linear_score_has_the_moments_of_the_data() -> None:
    # s(y) = a y + b: the error is (a + 1/sigma^2) sigma u + a mu x + b.
    a, b, mu, sigma = -1.5, 0.25, 0.7, 0.4
    exact = (a * sigma + 1 / sigma) ** 2 + float(np.mean((a * mu * X + b) ** 2))
    got = risk_quadrature(lambda y: a * y + b, X, mu=mu, sigma=sigma)
    assert math.isclose(got, exact, rel_tol=1e-12)  # a polynomial: rounding only


@pytest.mark.parametrize("sigma", [0.6, 0.05])
def test_kinks_against_a_fine_sum(sigma: float) -> None:
    u = np.linspace(-12, 12, 2_000_001)
    density = np.exp(-0.5 * u**2) * (u[1] - u[0]) / np.sqrt(2 * np.pi)
    terms = [((hinge(0.8 * v + sigma * u) + u / sigma) ** 2 @ density) for v in X]
    got = risk_quadrature(hinge, X, mu=0.8, sigma=sigma)
    # Trapezoidal sums err by h^2 times the jump of the slope: 1e-10.
    assert math.isclose(got, float(np.mean(terms)), rel_tol=1e-8)


@pytest.mark.parametrize("sigma", [0.6, 0.3, 0.1])
def test_optimal_risk_against_the_quadrature_of_the_definition(sigma: float) -> None:
    def score(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return empirical_score(y, X, mu=0.8, sigma=sigma)

    direct = risk_quadrature(score, X, mu=0.8, sigma=sigma, tolerance=1e-12)
    # What the direct route promises, for risks down to 1e-3.
    assert math.isclose(optimal_risk(X, mu=0.8, sigma=sigma), direct, rel_tol=1e-10)


def test_optimal_risk_in_high_precision() -> None:
    # Two points at distance 1: R = E[alpha_2(Y)^2]/sigma^4, Y around the first point; with
    # Y = 1/2 + sigma^2 v past it, alpha_2 = 1/(1 + e^{-v}).
    for sigma in (0.5, 0.05, 0.02):
        with mp.workdps(30):
            s, step = mp.mpf(sigma), mp.mpf("0.25")

            def term(v: mp.mpf, s: mp.mpf = s) -> mp.mpf:
                return mp.npdf(1 / (2 * s) + s * v) / (1 + mp.exp(-v)) ** 2 / s**3

            # Trapezoidal sums of an analytic function converge like exp(-2 pi^2/step).
            exact = step * mp.fsum(term(step * k) for k in range(-400, 4000))
        got = optimal_risk([-1.0, 1.0], mu=0.5, sigma=sigma)
        assert abs(got / exact - 1) < 1e-12, sigma  # the accuracy promised


def test_logarithm_of_the_optimal_risk_goes_on_below_the_range_of_floats() -> None:
    assert optimal_risk(X, mu=0.8, sigma=1e-3) == 0.0
    # Leading terms of the narrowest gap g = 0.6: -g^2/8 sigma^2 and powers of sigma.
    for sigma in (1e-3, 1e-5):
        got = log_optimal_risk(X, mu=0.8, sigma=sigma)
        leading = -(0.6**2) / (8 * sigma**2)
        assert abs(got - leading) < 4 * abs(math.log(sigma)) + 5


@pytest.mark.parametrize("sigma", [0.7, 0.2])
@pytest.mark.parametrize("score", [np.zeros_like, np.sin, hinge])
def test_excess_risk_is_the_mean_squared_distance(sigma: float, score: object) -> None:
    assert callable(score)
    excess = excess_risk(score, X, mu=0.8, sigma=sigma)
    distance = score_distance(score, X, mu=0.8, sigma=sigma)
    # Two quadratures to 1e-10 of the risk; the excess is at least a hundredth of it here.
    assert math.isclose(excess, distance, rel_tol=1e-7)


def test_the_distance_of_the_optimum_from_itself_is_zero() -> None:
    def score(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return empirical_score(y, X, mu=0.8, sigma=0.1)

    assert score_distance(score, X, mu=0.8, sigma=0.1) == 0.0


def test_small_noise_does_not_run_away() -> None:
    x = np.sort(np.random.default_rng(0).normal(size=20))

    def score(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return empirical_score(y, x, mu=0.81, sigma=1e-4)

    # What rounding leaves: (16 eps (|y|/sigma + 12)/sigma)^2, the true risk being 1e-165 or so.
    assert 0.0 <= risk_quadrature(score, x, mu=0.81, sigma=1e-4) < 1e-9


def test_monte_carlo_covers_the_quadrature() -> None:
    rng = np.random.default_rng(42)
    exact = risk_quadrature(hinge, X, mu=0.8, sigma=0.3)
    scores = []
    for _ in range(40):
        estimate = risk_monte_carlo(hinge, X, mu=0.8, sigma=0.3, draws=500, rng=rng)
        scores.append((estimate.value - exact) / estimate.standard_error)
    # The mean of 40 standard scores: five standard errors; their spread: chi-square at 1e-5.
    assert abs(np.mean(scores)) < 5 / math.sqrt(40)
    assert 0.5 < np.std(scores) < 1.6


def test_monte_carlo_merges_blocks_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    one = risk_monte_carlo(hinge, X, mu=0.8, sigma=0.3, draws=1000, rng=np.random.default_rng(1))
    monkeypatch.setattr("numerics.score_risk._DRAWS", 130)
    two = risk_monte_carlo(hinge, X, mu=0.8, sigma=0.3, draws=1000, rng=np.random.default_rng(1))
    # The same draws, summed in another order.
    assert math.isclose(one.value, two.value, rel_tol=1e-13)
    assert math.isclose(one.standard_error, two.standard_error, rel_tol=1e-12)
    assert two.draws == 1000


def test_repeated_points_count_twice() -> None:
    twice = risk_quadrature(hinge, [0.0, 1.0, 1.0], mu=0.8, sigma=0.3)
    zero = risk_quadrature(hinge, [0.0, 0.0], mu=0.8, sigma=0.3)
    one = risk_quadrature(hinge, [1.0, 1.0], mu=0.8, sigma=0.3)
    assert math.isclose(twice, (zero + 2 * one) / 3, rel_tol=1e-9)  # three quadratures to 1e-10


def test_bad_scores_and_arguments_are_one_line() -> None:
    cases: list[tuple[Score, dict[str, Any], str]] = [
        (lambda _: 0.0, {}, "score returned shape"),
        (lambda y: y * np.nan, {}, "score returned NaN"),
        (np.sin, {"tolerance": 0.0}, "tolerance was 0.0"),
        (np.sin, {"max_points": 0}, "max_points was 0"),
    ]
    for score, more, says in cases:
        with pytest.raises(ValueError, match=says) as caught:
            risk_quadrature(score, X, mu=0.8, sigma=0.3, **more)
        assert "\n" not in str(caught.value)
    with pytest.raises(ValueError, match="draws was 1"):
        risk_monte_carlo(np.sin, X, mu=0.8, sigma=0.3, draws=1, rng=np.random.default_rng(0))
    with pytest.raises(ArithmeticError, match="did not settle"):
        risk_quadrature(hinge, X, mu=0.8, sigma=0.3, max_points=2000)
