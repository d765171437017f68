"""Weights at a noised training point: against plain loops, exact moments and each other."""

import math

import numpy as np
import pytest

from numerics.collapse import (
    coordinate_moment,
    differential_entropy,
    typical_log,
    weight_replicates,
)

SETTING = {"t": 0.7, "noise_scale": 0.8, "s_d": 1.3}


def signal() -> float:
    return 1.3**2 / (0.8 * math.expm1(1.4))


def test_replicates_are_the_definition() -> None:
    n, d, count = 4, 3, 5
    found = weight_replicates(np.random.default_rng(1), count, n=n, d=d, **SETTING)
    rng = np.random.default_rng(1)
    data = 1.3 * rng.standard_normal((count, n, d))
    noise = rng.standard_normal((count, d))
    a, variance = math.exp(-0.7), 0.8 * (1.0 - math.exp(-1.4))
    for k in range(count):
        y = a * data[k, 0] + math.sqrt(variance) * noise[k]
        weights = [math.exp(-sum((y - a * x) ** 2) / (2.0 * variance)) / n for x in data[k]]
        # a sum of four exponentials of numbers below 50: a few units in the last place
        assert math.isclose(found.log_own[k], math.log(weights[0]), rel_tol=1e-12)
        assert math.isclose(found.log_rest[k], math.log(sum(weights[1:])), rel_tol=1e-12)
        share = weights[0] / sum(weights)
        assert math.isclose(found.own_share[k], share, rel_tol=1e-11)


def test_nothing_underflows_where_plain_weights_do() -> None:
    found = weight_replicates(
        np.random.default_rng(0), 3, n=3, d=2000, t=0.01, noise_scale=1.0, s_d=1.0
    )
    assert np.isfinite(found.log_rest).all()
    assert (found.log_rest < -10000.0).all()
    assert np.array_equal(found.own_share, np.ones(3))


def test_means_of_simulated_weights_are_the_integrals() -> None:
    n, d, count = 5, 2, 40000
    found = weight_replicates(np.random.default_rng(2), count, n=n, d=d, **SETTING)
    gamma = signal()
    own, rest = np.exp(found.log_own), np.exp(found.log_rest)
    pairs = (
        (own, coordinate_moment(1.0, [], gamma) ** d / n),
        (rest, (n - 1) * coordinate_moment(0.0, [1.0], gamma) ** d / n),
        (own * rest, (n - 1) * coordinate_moment(1.0, [1.0], gamma) ** d / n**2),
        (
            rest**2,
            (n - 1)
            * (
                coordinate_moment(0.0, [2.0], gamma) ** d
                + (n - 2) * coordinate_moment(0.0, [1.0, 1.0], gamma) ** d
            )
            / n**2,
        ),
    )
    for sample, expected in pairs:
        error = sample.std(ddof=1) / math.sqrt(count)
        # five standard errors: one false alarm in a million
        assert abs(sample.mean() - expected) < 5.0 * error


@pytest.mark.parametrize("gamma", [0.02, 3.0, 40.0])
def test_the_grid_agrees_with_gauss_hermite(gamma: float) -> None:
    # given u = h_1 + z the other points are independent: a plain double sum, no grid in common
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    spread = math.sqrt(gamma)
    total = 0.0
    for z, share in zip(nodes, weights, strict=True):
        u = spread * nodes + z
        inner = np.exp(-0.5 * 0.3 * (u[:, None] - spread * nodes) ** 2) @ weights
        total += share * math.exp(-0.25 * z * z) * float(weights @ inner**2)
    found = coordinate_moment(0.5, [0.3, 0.3], gamma)
    # 120 nodes integrate a kernel of 1/sqrt(0.3 * 40) of the range to about 1e-9
    assert math.isclose(found, total, rel_tol=1e-8)


def test_far_above_the_collapse_the_log_ratio_has_its_finite_law() -> None:
    # With many points the rest settles at its mean given y, and the log-ratio is a centre plus
    # R/2 times a difference of two chi-square variables, at any dimension.
    d, n, count, gamma = 4, 3000, 1500, 0.15
    scale = 1.0 / (gamma * math.expm1(1.0))
    rng = np.random.default_rng(4)
    found = weight_replicates(rng, count, n=n, d=d, t=0.5, noise_scale=scale, s_d=1.0).log_ratio
    spread = 0.5 * math.sqrt(gamma / (1.0 + gamma))
    drawn = spread * (rng.chisquare(d, 200_000) - rng.chisquare(d, 200_000))
    drawn += 0.5 * d * math.log1p(gamma) - math.log(n - 1)
    places = np.sort(found)
    law = np.searchsorted(np.sort(drawn), places) / drawn.size
    gap = np.abs(law - (np.arange(count) + 0.5) / count).max()
    # Kolmogorov-Smirnov at the level 1e-4: 2.23 / sqrt(1500) = 0.058; measured 0.024
    assert gap < 2.23 / math.sqrt(count)
    # a normal law of the same mean and variance is farther away from the law, so this can fail
    assert abs(float(np.mean((drawn - drawn.mean()) ** 4)) / drawn.var() ** 2 - 3.0) > 0.5


def test_entropy_grows_by_the_logarithm_of_the_scale() -> None:
    gap = differential_entropy(9.0) - differential_entropy(1.0)
    # the trapezoidal rule is exact to rounding for this integrand
    assert math.isclose(gap, math.log(3.0), rel_tol=1e-13)


def test_the_typical_log_is_below_the_log_of_the_mean() -> None:
    for gamma in (0.01, 1.0, 30.0):
        assert typical_log(gamma) < math.log(coordinate_moment(0.0, [1.0], gamma))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: coordinate_moment(-1.0, [], 1.0), "own was -1.0"),
        (lambda: coordinate_moment(1.0, [-0.5], 1.0), "others had the power -0.5"),
        (lambda: coordinate_moment(1.0, [float("nan")], 1.0), "others"),
        (lambda: coordinate_moment(1.0, [], 0.0), "signal was 0.0"),
        (lambda: typical_log(-1.0), "signal was -1.0"),
        (lambda: differential_entropy(float("inf")), "variance was inf"),
        (
            lambda: weight_replicates(np.random.default_rng(0), 2, n=1, d=1, **SETTING),
            "n was 1",
        ),
        (
            lambda: weight_replicates(
                np.random.default_rng(0), 2, n=2, d=1, t=0.0, noise_scale=1.0, s_d=1.0
            ),
            "T was 0.0",
        ),
    ],
)
def test_bad_input_is_refused(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
