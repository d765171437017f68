"""What automatic differentiation of a ReLU network's risk leaves out, if PyTorch is installed.

The second derivative of a ramp is a Dirac mass at its knot, which automatic differentiation takes
to be zero at every sample point. The Hessian that it returns therefore lacks the knot part of
eq. 15, however fine the average over the noise is, and its top eigenvalue tends to a wrong number.
"""

from typing import Any

import numpy as np
import pytest

from numerics.exact_hessian import dense_hessian
from numerics.exact_risk import risk_and_gradient
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork

torch: Any = pytest.importorskip("torch")

X = [0.0, 1.0]
MU, SIGMA = 0.5, 0.5
POINTS = 4001
REACH = 8.0
NETWORK = ReluNetwork(outer=[1.0, 0.5], inner=[1.0, -1.0], bias=[0.0, 0.2])
THETA = np.concatenate([NETWORK.outer, NETWORK.bias])


def risk_of(theta: Any) -> Any:
    """Return the risk by the trapezoidal rule, which is exact to rounding away from kinks."""
    noise = torch.linspace(-REACH, REACH, POINTS, dtype=torch.float64)
    weights = torch.exp(-0.5 * noise**2)
    weights = weights / weights.sum()
    inner = torch.tensor(NETWORK.inner, dtype=torch.float64)
    width = NETWORK.width
    total = torch.zeros((), dtype=torch.float64)
    for centre in (MU * x for x in X):
        y = centre + SIGMA * noise
        active = torch.relu(y[:, None] * inner + theta[width:])
        residual = active @ theta[:width] / width + noise / SIGMA
        total = total + (weights * residual**2).sum()
    return total / len(X)


def automatic_hessian() -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the Hessian by automatic differentiation."""
    theta = torch.tensor(THETA, dtype=torch.float64)
    found = torch.autograd.functional.hessian(risk_of, theta)
    return np.asarray(found.numpy(), dtype=np.float64)


def test_the_risk_and_its_gradient_are_right() -> None:
    theta = torch.tensor(THETA, dtype=torch.float64, requires_grad=True)
    risk = risk_of(theta)
    (slope,) = torch.autograd.grad(risk, theta)
    exact = risk_and_gradient(NETWORK, noised_sample(X, MU, SIGMA))
    # a kink within a cell of 8 sigma/2000 costs the square of its width
    assert float(risk) == pytest.approx(exact.risk, rel=1e-4)
    both = np.concatenate([exact.outer, exact.bias])
    np.testing.assert_allclose(slope.numpy(), both, rtol=0, atol=5e-3 * np.abs(both).max())


def test_the_hessian_lacks_exactly_the_knot_part() -> None:
    parts = dense_hessian(NETWORK, noised_sample(X, MU, SIGMA))
    found = automatic_hessian()
    assert found.shape == parts.total.shape
    size = np.abs(parts.total).max()
    # steps of the activations within a cell cost its width
    np.testing.assert_allclose(found, parts.tangent + parts.cross, rtol=0, atol=5e-3 * size)
    missed = np.abs(parts.total - found).max()
    assert missed > 0.5 * np.abs(parts.knot).max() > 0.05 * size


def test_the_top_eigenvalue_tends_to_a_wrong_number() -> None:
    parts = dense_hessian(NETWORK, noised_sample(X, MU, SIGMA))
    exact = float(np.linalg.eigvalsh(parts.total)[-1])
    automatic = float(np.linalg.eigvalsh(automatic_hessian())[-1])
    limit = float(np.linalg.eigvalsh(parts.tangent + parts.cross)[-1])
    assert automatic == pytest.approx(limit, rel=5e-3)
    assert abs(automatic - exact) > 0.05 * exact


def test_differences_of_the_automatic_gradient_see_the_knots() -> None:
    """The gradient is right, so that its differences over many cells have the knot part."""
    parts = dense_hessian(NETWORK, noised_sample(X, MU, SIGMA))
    width, step = NETWORK.width, 0.02
    for k in range(width):
        slopes = []
        for sign in (1.0, -1.0):
            theta = torch.tensor(THETA, dtype=torch.float64)
            theta[width + k] += sign * step
            theta.requires_grad_(True)
            (slope,) = torch.autograd.grad(risk_of(theta), theta)
            slopes.append(float(slope[width + k]))
        found = (slopes[0] - slopes[1]) / (2 * step)
        # a difference over 0.02 with kinks placed to within 0.0024
        assert found == pytest.approx(
            parts.total[width + k, width + k],
            abs=0.15 * abs(parts.knot[width + k, width + k]) + 0.01,
        )
