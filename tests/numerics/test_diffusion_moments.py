"""The moments of the forward process against the exact solution of its linear equations."""

import numpy as np
import pytest
from scipy.linalg import expm

from numerics.diffusion import ornstein_uhlenbeck_moments


@pytest.mark.parametrize("time", [1e-9, 1e-4, 0.1, 1.0, 7.0])
@pytest.mark.parametrize("noise_scale", [0.01, 1.0, 4.0])
def test_a_matrix_exponential_gives_the_same_moments(time: float, noise_scale: float) -> None:
    # d/dt (m, v, 1) is linear, so its flow is the exponential of one matrix
    rates = np.array([[-1.0, 0.0, 0.0], [0.0, -2.0, 2.0 * noise_scale], [0.0, 0.0, 0.0]])
    mean, variance, _ = expm(time * rates) @ np.array([1.0, 0.0, 1.0])
    found = ornstein_uhlenbeck_moments(time, noise_scale=noise_scale)
    # the integrator is asked for 3e-14 a step
    assert found.mean_factor == pytest.approx(mean, rel=1e-11)
    assert found.variance == pytest.approx(variance, rel=1e-8)


@pytest.mark.parametrize("time", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(time: float) -> None:
    with pytest.raises(ValueError, match="time"):
        ornstein_uhlenbeck_moments(time)
