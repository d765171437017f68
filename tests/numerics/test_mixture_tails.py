"""The tabulated tails against the normal distribution in high precision."""

import mpmath
import numpy as np
import pytest

from numerics.mixture_tails import noised_sample, tails_at


def reference(tau: float, centres: np.ndarray, sigma: float) -> list[float]:
    total = [mpmath.mpf(0)] * 5
    for centre in centres:
        z = (mpmath.mpf(tau) - mpmath.mpf(float(centre))) / mpmath.mpf(sigma)
        side = 1 if tau >= centre else -1
        distance, density = abs(z), mpmath.npdf(z)
        mass = mpmath.erfc(distance / mpmath.sqrt(2)) / 2
        first = density - distance * mass
        second = ((distance**2 + 1) * mass - distance * density) / 2
        for k, value in enumerate([density, z * density, side * mass, first, side * second]):
            total[k] += value
    return [float(value / len(centres)) for value in total]


@pytest.mark.parametrize("sigma", [2.0, 0.3, 0.01, 1e-4])
@pytest.mark.parametrize("n", [1, 2, 7])
def test_tails_agree_with_high_precision(n: int, sigma: float) -> None:
    rng = np.random.default_rng(n)
    sample = noised_sample(rng.normal(size=n), 0.9, sigma)
    centres = sample.centres
    tau = np.concatenate([centres, rng.choice(centres, 40) + sigma * rng.uniform(-9, 9, 40)])
    found = tails_at(sample, tau)
    rows = np.stack([found.density, found.slope, found.mass, found.first, found.second])
    with mpmath.workdps(40):
        expected = np.array([reference(float(t), centres, sigma) for t in tau]).T
    assert rows.shape == expected.shape
    # Two units of rounding of the largest value, 1/2, for the sums of a dozen terms.
    np.testing.assert_allclose(rows, expected, rtol=0, atol=2.5e-16)
    # The terms left out at nine sigma are 1e-10 of the tail there, which is 1e-19.
    np.testing.assert_allclose(rows[2:], expected[2:], rtol=1e-9)


def test_far_from_the_data_there_is_nothing() -> None:
    sample = noised_sample([0.0, 1.0], 1.0, 0.001)
    tails = tails_at(sample, np.array([-1e300, -1.0, 0.5, 2.0, 1e300]))
    for part in (tails.density, tails.slope, tails.mass, tails.first, tails.second):
        assert part.tolist() == [0.0] * 5


def test_many_points_are_tabulated_by_blocks() -> None:
    x = np.linspace(0.0, 1.0, 400)
    tau = np.array([0.1, 0.77])
    sample = noised_sample(x, 1.0, 0.2)
    with mpmath.workdps(30):
        expected = np.array([reference(float(t), x, 0.2) for t in tau]).T
    found = tails_at(sample, tau)
    np.testing.assert_allclose(found.mass, expected[2], rtol=0, atol=1e-15)  # 400 sums
    np.testing.assert_allclose(found.second, expected[4], rtol=0, atol=1e-15)  # 400 sums


@pytest.mark.parametrize(
    ("x", "mu", "sigma", "message"),
    [
        ([0.0, 0.0], 0.5, 0.1, "x repeated the point 0.0"),
        ([0.0, 1.0], 0.5, 0.0, "sigma was 0.0"),
        ([0.0, 1.0], 1.5, 0.1, "mu was 1.5"),
        ([1.5, float(np.nextafter(1.5, 2.0))], 0.67, 0.1, "mu times x repeated a point"),
    ],
)
def test_bad_samples_are_refused(x: list[float], mu: float, sigma: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        noised_sample(x, mu, sigma)
