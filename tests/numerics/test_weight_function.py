"""The weight function against its definition, by another quadrature and by draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from numerics.weight_function import overlap, weight_function


def plain_overlap(z: float, x: list[float], mu: float) -> float:
    """min(pi^+, pi^-) with probabilities and conditional means as written."""
    below = [mu * v for v in x if mu * v < z]
    above = [mu * v for v in x if mu * v > z]
    if not below or not above:
        return 0.0
    minus = (len(below) / len(x)) ** 2 * (z - sum(below) / len(below))
    plus = (len(above) / len(x)) ** 2 * (sum(above) / len(above) - z)
    return min(minus, plus)


SAMPLES = [[-1.0, 1.0], [-1.0, -0.9, 0.2, 1.5], [-2.0, 0.0, 0.1, 0.2, 0.3, 3.0, 3.5]]


@pytest.mark.parametrize("x", SAMPLES)
def test_overlap_as_written(x: list[float]) -> None:
    z = np.concatenate([np.linspace(-3, 3, 97), 0.8 * np.array(x)])
    got = overlap(z, x, mu=0.8)
    assert got.shape == z.shape
    # Sums of a few numbers of size 3.
    np.testing.assert_allclose(got, [plain_overlap(v, x, 0.8) for v in z], atol=5e-15, rtol=0)


@pytest.mark.parametrize("x", SAMPLES)
@pytest.mark.parametrize("sigma", [0.5, 0.1, 0.01])
def test_expectation_by_scipy_quadrature(x: list[float], sigma: float) -> None:
    mu = 0.8
    y = np.linspace(mu * x[0], mu * x[-1], 9)

    def integrand(t: float, point: float) -> float:
        value = plain_overlap(point - sigma * t, x, mu)
        return value * float(np.exp(-0.5 * t * t)) / float(np.sqrt(2 * np.pi))

    for point, got in zip(y, weight_function(y, x, mu=mu, sigma=sigma), strict=True):
        # The overlap jumps at data and has its kink between them.
        breaks = [t for v in x if -9 < (t := (point - mu * v) / sigma) < 9]
        value, _ = quad(
            integrand, -9, 9, args=(point,), points=breaks or None, limit=400, epsabs=1e-11
        )
        assert abs(got - value) < 1e-9  # what the outer routine was asked for, with a margin


def test_expectation_by_draws() -> None:
    rng = np.random.default_rng(11)
    x = np.sort(rng.normal(size=20))
    y, draws = np.array([-0.7, 0.0, 0.4]), 200_000
    noise = 0.31 * rng.standard_normal(draws)
    got = weight_function(y, x, mu=0.95, sigma=0.31)
    for point, value in zip(y, got, strict=True):
        sample = overlap(point - noise, x, mu=0.95)
        # Five standard errors: one false alarm in a million.
        assert abs(sample.mean() - value) < 5 * sample.std() / np.sqrt(draws)


def test_zero_outside_the_data_and_not_at_their_ends() -> None:
    y = [-0.5 - 1e-12, -0.5, 0.5, 0.5 + 1e-12]
    outside, low, high, beyond = weight_function(y, [-1.0, 1.0], mu=0.5, sigma=0.1)
    assert outside == beyond == 0.0
    # Half the noise points inwards: E max(xi, 0) / n^2.
    half = 0.1 / np.sqrt(2 * np.pi) / 4
    np.testing.assert_allclose([low, high], half, rtol=1e-5)  # the kink at 0 takes 5 sigma: 1e-6


def test_small_noise_limit_is_the_overlap() -> None:
    x = [-1.0, -0.3, 0.4, 1.0, 2.0]
    y = 0.5 * np.array([-0.9, -0.1, 0.7, 1.6])
    # Straight lines average to their value; cuts are 1e4 sigma away or more.
    np.testing.assert_allclose(
        weight_function(y, x, mu=0.5, sigma=1e-8), overlap(y, x, mu=0.5), rtol=1e-14
    )


@settings(deadline=None, max_examples=20)
@given(
    x=st.lists(st.integers(-40, 40), min_size=2, max_size=9, unique=True),
    sigma=st.sampled_from([0.01, 0.2, 3.0]),
)
def test_bounds_and_reflection(x: list[int], sigma: float) -> None:
    sample = np.sort(np.array(x) / 8)
    y = np.linspace(0.5 * sample[0], 0.5 * sample[-1], 23)
    value = weight_function(y, sample, mu=0.5, sigma=sigma)
    assert (value >= 0.0).all()
    assert (value <= 0.5 * np.ptp(sample)).all()
    mirrored = weight_function(-y, -sample, mu=0.5, sigma=sigma)
    # Rounding of sums of numbers of size 5.
    np.testing.assert_allclose(mirrored, value, atol=1e-14, rtol=0)


def test_repeated_points_are_refused() -> None:
    with pytest.raises(ValueError, match="points must be distinct"):
        weight_function([0.0], [0.0, 0.0, 1.0], mu=0.5, sigma=0.1)
