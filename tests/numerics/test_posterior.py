"""Posterior weights and moments against the plain definition and known limits."""

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from numerics.posterior import posterior_moments, posterior_weights


def plain(y: float, x: NDArray[np.float64], mu: float, sigma: float) -> list[mp.mpf]:
    """Mean, variance, third central moment and third absolute moment, as defined."""
    with mp.workdps(200):
        u = [(mp.mpf(y) - mp.mpf(mu) * mp.mpf(v)) / mp.mpf(sigma) for v in x]
        top = max(-(v**2) / 2 for v in u)
        e = [mp.exp(-(v**2) / 2 - top) for v in u]
        total = mp.fsum(e)
        mean = mp.fsum(w * mp.mpf(v) for w, v in zip(e, x, strict=True)) / total
        gaps = [mp.mpf(v) - mean for v in x]
        return [mean] + [
            mp.fsum(w * g for w, g in zip(e, power, strict=True)) / total
            for power in (
                [g**2 for g in gaps],
                [g**3 for g in gaps],
                [abs(g) ** 3 for g in gaps],
            )
        ]


@pytest.mark.parametrize("sigma", [0.57, 0.1, 1e-3, 1e-6])
def test_moments_agree_with_the_plain_definition(sigma: float) -> None:
    x, mu = np.sort(np.random.default_rng(3).normal(size=12)), 0.81
    middle = 0.5 * mu * (x[1:] + x[:-1])
    y = np.concatenate([mu * x, middle, middle + 0.3 * sigma**2, [-1.5, 1.5]])
    at = posterior_moments(y, x, mu=mu, sigma=sigma)
    assert at.mean.shape == at.variance.shape == at.third.shape == y.shape
    for k, point in enumerate(y):
        mean, variance, third, absolute = plain(float(point), x, mu, sigma)
        # Rounding of the mean, then of exponents up to 700 in relative terms.
        assert abs(at.mean[k] - mean) <= 1e-15 * max(1.0, abs(float(mean)))
        if variance > mp.mpf("1e-290"):
            assert abs(at.variance[k] - variance) <= 2e-13 * variance
            assert abs(at.third[k] - third) <= 2e-13 * absolute


def test_weights_are_probabilities_in_sorted_order() -> None:
    x, y = np.array([2.0, -1.0, 0.5, 0.5]), np.linspace(-3, 3, 50)
    alpha = posterior_weights(y, x, mu=0.7, sigma=0.4)
    assert alpha.shape == (50, 4)
    exponent = -((y[:, None] - 0.7 * np.sort(x)) ** 2) / (2 * 0.4**2)
    direct = np.exp(exponent) / np.exp(exponent).sum(axis=1, keepdims=True)
    # Direct exponents up to 80 lose 80 units of rounding.
    np.testing.assert_allclose(alpha, direct, rtol=1e-13, atol=1e-18)
    np.testing.assert_allclose(alpha.sum(axis=1), 1.0, rtol=1e-15)
    assert (alpha[:, 1] == alpha[:, 2]).all()


def test_weights_give_the_moments() -> None:
    rng = np.random.default_rng(8)
    x, y = np.sort(rng.normal(size=400)), rng.uniform(-3, 3, size=200)
    alpha = posterior_weights(y, x, mu=0.8, sigma=0.05)
    at = posterior_moments(y, x, mu=0.8, sigma=0.05)
    mean = alpha @ x
    gap = x - mean[:, None]
    # Direct sums in global coordinates: rounding of x, of size 3, squared and cubed.
    np.testing.assert_allclose(at.mean, mean, atol=1e-14, rtol=0)
    np.testing.assert_allclose(at.variance, (alpha * gap**2).sum(axis=1), atol=1e-15, rtol=1e-12)
    np.testing.assert_allclose(at.third, (alpha * gap**3).sum(axis=1), atol=1e-15, rtol=1e-11)


def test_midpoint_variance_tends_to_a_quarter_of_the_gap_squared() -> None:
    x = np.array([-1.0, 0.25, 0.75, 2.0])
    middle = 0.5 * 0.5 * (x[1:] + x[:-1])
    at = posterior_moments(middle, x, mu=0.5, sigma=1e-6)
    # Binary data: midpoints are exact, both weights are 1/2 exactly.
    assert at.variance.tolist() == (np.diff(x) ** 2 / 4).tolist()
    assert at.third.tolist() == [0.0, 0.0, 0.0]


def test_a_tiny_variance_is_resolved() -> None:
    # alpha = exp(-D^2/2 sigma^2) at a datum, D = 1/2: 1e-217 for sigma = 1/(2 sqrt(1000)).
    sigma = 0.5 / np.sqrt(1000.0)
    at = posterior_moments(-0.25, [-0.5, 0.5], mu=0.5, sigma=sigma)
    # The exponent 500 is known to 500 units of rounding.
    assert abs(float(at.variance) / np.exp(-500.0) - 1.0) < 1e-12


@settings(deadline=None, max_examples=30)
@given(
    x=st.lists(st.integers(-30, 30), min_size=2, max_size=7),
    sigma=st.sampled_from([0.02, 0.2, 2.0]),
)
def test_mean_increases_and_stays_within_the_data(x: list[int], sigma: float) -> None:
    sample = np.array(x) / 8
    y = np.linspace(-3, 3, 41)
    at = posterior_moments(y, sample, mu=0.5, sigma=sigma)
    assert (np.diff(at.mean) >= -1e-14).all()  # rounding of a constant mean
    assert (at.mean >= sample.min() - 1e-14).all()
    assert (at.mean <= sample.max() + 1e-14).all()
    # Popoviciu's bound, with the rounding of equality.
    assert (at.variance <= np.ptp(sample) ** 2 / 4 * (1 + 1e-14)).all()


def test_bad_input_is_one_line() -> None:
    for function in (posterior_moments, posterior_weights):
        with pytest.raises(ValueError, match=r"sigma was -1.0; it must be > 0"):
            function([0.0], [0.0, 1.0], mu=0.5, sigma=-1.0)
