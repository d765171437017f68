"""Parts of normal expectations against closed forms, and the risk around a datum."""

import math

import numpy as np
import pytest
from scipy.special import erf, erfc

from numerics.centre_risk import centre_risk
from numerics.normal_average import normal_average
from numerics.posterior import posterior_moments


@pytest.mark.parametrize("reach", [1e-6, 0.1, 1.0, 5.0, 14_373.028087706609, 1e8])
def test_masses_and_squares(reach: float) -> None:
    # rounding of the exponent and of closed forms without cancellation
    mass = normal_average(np.ones_like, -reach, reach)
    assert mass == pytest.approx(erf(reach / math.sqrt(2)), rel=1e-13, abs=0.0)
    half = normal_average(np.square, 0.0, reach)
    # the closed form loses digits for a short interval, the series does not
    exact = (
        reach**3 / 3 * (1 - 0.3 * reach**2)
        if reach < 1e-3
        else math.sqrt(math.pi / 2) * erf(reach / math.sqrt(2)) - reach * math.exp(-(reach**2) / 2)
    ) / math.sqrt(2 * math.pi)
    assert half == pytest.approx(exact, rel=1e-11, abs=0.0)


@pytest.mark.parametrize("reach", [0.0, 0.3, 4.0, 20.0, 36.0, 50.0])
def test_tails_however_far(reach: float) -> None:
    tail = 2 * normal_average(np.ones_like, reach, np.inf)
    # exponents near 650 carry a rounding error of 1e-13
    assert tail == pytest.approx(erfc(reach / math.sqrt(2)), rel=3e-13, abs=0.0)


def test_moments_and_the_order_of_ends() -> None:
    def power(k: int) -> float:
        return normal_average(lambda u: u**k, -np.inf, np.inf)

    # sums of a few thousand terms of one sign
    assert [power(k) for k in (0, 2, 4, 6)] == pytest.approx([1.0, 1.0, 3.0, 15.0], rel=1e-13)
    parts = [normal_average(np.exp, *ends) for ends in ((-1.0, 0.5), (0.5, 2.0))]
    assert sum(parts) == pytest.approx(normal_average(np.exp, -1.0, 2.0), rel=1e-14)
    assert normal_average(np.exp, 40.0, 50.0) == 0.0
    for ends in ((1.0, 0.0), (math.nan, 1.0)):
        with pytest.raises(ValueError, match="lo <= hi"):
            normal_average(np.exp, *ends)
    with pytest.raises(ValueError, match="panel > 0"):
        normal_average(np.exp, 0.0, 1.0, panel=0.0)


def brute_force(sample: np.ndarray, index: int, mu: float, sigma: float) -> float:
    """Return the risk by the trapezoidal rule."""
    u = np.linspace(-38, 38, 20_001)
    moved = sample - sample[index]
    mean = posterior_moments(sigma * u, moved, mu=mu, sigma=sigma).mean
    return float(np.trapezoid(mean**2 * np.exp(-u * u / 2), u)) / math.sqrt(2 * math.pi)


@pytest.mark.parametrize("gap", [0.2, 3.0, 12.0, 26.0, 45.0])
def test_two_centres(gap: float) -> None:
    sample = np.array([0.0, gap, gap + 1.0])
    found = [centre_risk(sample, k, mu=1.0, sigma=1.0) for k in range(3)]
    # its error is exp(-2 pi^2/(gap spacing)), below 1e-50 for a spacing of 0.0038
    expected = [brute_force(sample, k, 1.0, 1.0) for k in range(3)]
    assert found == pytest.approx(expected, rel=1e-11, abs=0.0)


def test_scaling_and_order() -> None:
    sample = [0.3, -1.0, 2.0]
    risk = centre_risk(sample, 1, mu=0.5, sigma=0.4)
    assert centre_risk(sorted(sample), 1, mu=0.5, sigma=0.4) == risk
    scaled = [8.0 * v for v in sample]
    # powers of two scale without rounding, up to the order of sums
    assert centre_risk(scaled, 1, mu=0.25, sigma=1.6) == pytest.approx(64 * risk, rel=1e-12)
    with pytest.raises(ValueError, match="index was 3"):
        centre_risk(sample, 3, mu=0.5, sigma=0.4)
