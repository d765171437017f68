"""The Hessian against high-precision differences, quadrature, and its own dense form."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.descent import random_start
from numerics.exact_hessian import dense_hessian, hessian_product, risk_hessian
from numerics.exact_risk import risk_and_gradient
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork, weighted_total_variation
from numerics.weight_function import weight_function

CASES = [
    # n, m, mu, sigma, scale of the outer weights, spread of the biases
    (3, 1, 0.8, 0.5, 1.0, 1.0),
    (1, 4, 0.8, 0.5, 1.0, 1.0),
    (5, 50, 0.81, 0.57, 1.0, 1.0),
    (4, 20, 0.95, 0.31, 30.0, 2.0),
    (3, 20, 0.99, 1e-3, 1e3, 1.0),
    (2, 10, 0.9, 0.9, 5.0, 36.0),  # knots 40 sigma away
]


def high_precision_gradient(
    theta: list[mpmath.mpf], inner: list[int], centres: np.ndarray, sigma: float
) -> list[mpmath.mpf]:
    """Raw moments of each Gaussian between neighbouring knots, from the definition."""
    width, scale = len(inner), mpmath.mpf(sigma)
    outer, bias = theta[:width], theta[width:]
    knots = sorted({-b * v for b, v in zip(bias, inner, strict=True)})
    gradient = [mpmath.mpf(0)] * (2 * width)
    for low, high in pairwise([-mpmath.inf, *knots, mpmath.inf]):
        inside = (max(low, knots[0] - 1) + min(high, knots[-1] + 1)) / 2
        on = [k for k in range(width) if inner[k] * inside + bias[k] > 0]
        slope = sum(outer[k] * inner[k] for k in on) / width
        intercept = sum(outer[k] * bias[k] for k in on) / width
        for centre in map(mpmath.mpf, centres.tolist()):
            a, b = ((edge - centre) / scale for edge in (low, high))
            ends = [
                (mpmath.npdf(z), z * mpmath.npdf(z)) if abs(z) < 1e9 else (0, 0) for z in (a, b)
            ]
            zeroth = mpmath.ncdf(b) - mpmath.ncdf(a)
            first, second = ends[0][0] - ends[1][0], zeroth + ends[0][1] - ends[1][1]
            steep, level = (slope + scale**-2) * scale, slope * centre + intercept
            mean, tilted = steep * first + level * zeroth, steep * second + level * first
            for k in on:
                ramp = (inner[k] * centre + bias[k]) * mean + inner[k] * scale * tilted
                gradient[k] += ramp
                gradient[width + k] += outer[k] * mean
    return [2 * value / (width * len(centres)) for value in gradient]


@pytest.mark.parametrize(("n", "width", "mu", "sigma", "scale", "spread"), CASES)
def test_product_is_the_derivative_of_the_gradient(
    n: int, width: int, mu: float, sigma: float, scale: float, spread: float
) -> None:
    rng = np.random.default_rng(n)
    network = random_start(
        width, rng=np.random.default_rng(1), outer_scale=scale, bias_scale=spread
    )
    sample = noised_sample(rng.normal(size=n), mu, sigma)
    direction = rng.normal(size=2 * width)
    direction[:width] *= scale
    found = hessian_product(risk_hessian(network, sample), direction)
    with mpmath.workdps(60):
        theta = [mpmath.mpf(v) for v in np.concatenate([network.outer, network.bias]).tolist()]
        step = mpmath.mpf(10) ** -20
        ends = [
            high_precision_gradient(
                [t + sign * step * d for t, d in zip(theta, direction.tolist(), strict=True)],
                network.inner.astype(int).tolist(),
                sample.centres,
                sigma,
            )
            for sign in (1, -1)
        ]
        expected = np.array([float((p - q) / (2 * step)) for p, q in zip(*ends, strict=True)])
    assert found.shape == expected.shape
    # Rounding of the product; the difference itself keeps 20 digits or more.
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(("n", "width", "mu", "sigma", "scale", "spread"), CASES)
def test_structured_product_is_that_of_the_dense_parts(
    n: int, width: int, mu: float, sigma: float, scale: float, spread: float
) -> None:
    rng = np.random.default_rng(n)
    network = random_start(
        width, rng=np.random.default_rng(2), outer_scale=scale, bias_scale=spread
    )
    sample = noised_sample(rng.normal(size=n), mu, sigma)
    hessian, whole = risk_hessian(network, sample), dense_hessian(network, sample).total
    assert whole.shape == (2 * width, 2 * width)
    block = rng.normal(size=(2 * width, 3))
    found = np.stack([hessian_product(hessian, column) for column in block.T], axis=1)
    largest = np.abs(whole @ block).max()
    np.testing.assert_allclose(found, whole @ block, rtol=0, atol=2e-13 * largest)  # rounding
    np.testing.assert_allclose(whole, whole.T, rtol=0, atol=1e-14 * np.abs(whole).max())  # same


def test_tangent_part_is_the_mean_of_the_gradients_squared() -> None:
    network = random_start(12, rng=np.random.default_rng(4), bias_scale=1.0)
    x, sigma = np.array([-0.3, 0.2, 1.1]), 0.4
    nodes, weights = np.polynomial.legendre.leggauss(20)
    expected = np.zeros((24, 24))
    for centre in 0.7 * x:
        panels = centre + sigma * np.arange(-13.0, 13.1, 0.5)
        knots = network.knots
        edges = np.unique(np.append(panels, knots[(knots > panels[0]) & (knots < panels[-1])]))
        half = np.diff(edges)[:, None] / 2
        y = ((edges[1:] + edges[:-1])[:, None] / 2 + half * nodes).ravel()
        density = np.exp(-0.5 * ((y - centre) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        inside = np.multiply.outer(y, network.inner) + network.bias
        tangent = np.concatenate([np.maximum(inside, 0), network.outer * (inside > 0)], axis=1) / 12
        expected += 2 * (tangent.T * ((half * weights).ravel() * density / 3)) @ tangent
    found = dense_hessian(network, noised_sample(x, 0.7, sigma)).tangent
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)  # rounding of both sums


@pytest.mark.parametrize("inner", [1, -1])
@pytest.mark.parametrize("outer", [2.0, -2.0])
def test_knot_part_has_the_sign_of_the_outer_weight(inner: int, outer: float) -> None:
    # One neuron whose knot has the datum on its left: g(tau) > 0 there, since s(tau) = 0.
    sample = noised_sample([0.0], 1.0, 1.0)
    network = ReluNetwork(outer=[outer], inner=[inner], bias=[-0.5 * inner])
    density = np.exp(-0.125) / np.sqrt(2 * np.pi)
    knot = dense_hessian(network, sample).knot[1, 1]
    assert knot == pytest.approx(2 * outer * 0.5 * density, rel=1e-14)  # (2/m) w g(tau) phi(tau)
    # Eq. 15 as printed: -sqrt(2/pi) / (m n sigma) w v (s(tau) + tau / sigma^2) exp(-tau^2 / 2).
    printed = -np.sqrt(2 / np.pi) * outer * inner * 0.5 * np.exp(-0.125)
    assert knot == pytest.approx(-inner * printed, rel=1e-14)  # right only for inner weight -1


def test_without_the_knot_part_the_second_difference_is_missed() -> None:
    sample = noised_sample([0.0], 1.0, 1.0)

    def slope(bias: float) -> float:
        network = ReluNetwork(outer=[2.0], inner=[1], bias=[bias])
        return float(risk_and_gradient(network, sample).bias[0])

    difference = (slope(-0.5 + 1e-5) - slope(-0.5 - 1e-5)) / 2e-5
    parts = dense_hessian(ReluNetwork(outer=[2.0], inner=[1], bias=[-0.5]), sample)
    assert difference == pytest.approx(parts.total[1, 1], abs=1e-9)  # 1e-15 / 1e-5, second order
    assert abs(difference - parts.tangent[1, 1]) > 0.5


@pytest.mark.parametrize(
    ("sigma", "middle", "middle_weight", "edge_weight", "copies", "excess"),
    [(1 / 60, 9 / 32, 7 / 32, 1 / 60, 4, 8e-4), (1 / 40, 5 / 16, 3 / 16, 17 / 800, 96, 0.1)],
)
def test_proposition_10_fails_as_printed(
    sigma: float,
    middle: float,
    middle_weight: float,
    edge_weight: float,
    copies: int,
    excess: float,
) -> None:
    # Two neurons in the middle and many at the ends: their gradients have no common direction.
    knots = np.array([middle, 0.5 - middle, *([0.5] * copies), *([0.0] * copies)])
    inner = np.array([1.0, -1.0, *([1.0] * copies), *([-1.0] * copies)])
    outer = np.array([middle_weight] * 2 + [edge_weight] * (2 * copies))
    network = ReluNetwork(outer=outer, inner=inner, bias=-knots * inner)
    x, mu = [0.0, 1.0], 0.5
    tangent = dense_hessian(network, noised_sample(x, mu, sigma)).tangent / 2
    variation = weighted_total_variation(
        network, lambda y: weight_function(y, x, mu=mu, sigma=sigma)
    )
    printed = 2 / network.width * variation
    assert printed > (1 + excess) * np.linalg.eigvalsh(tangent)[-1]


@given(st.integers(0, 10**6))
def test_hessian_is_continuous_where_knots_meet(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = noised_sample([-0.5, 0.25], 0.5, 0.3)
    inner = rng.choice([-1.0, 1.0], 4)
    outer = rng.normal(size=4)
    knots = np.array([-0.25, -0.25, 0.125, 0.125])  # the centres themselves
    apart = knots + 1e-9 * rng.normal(size=4)
    one = dense_hessian(ReluNetwork(outer=outer, inner=inner, bias=-knots * inner), sample).total
    two = dense_hessian(ReluNetwork(outer=outer, inner=inner, bias=-apart * inner), sample).total
    # The Hessian is Lipschitz in the knots with a constant below 1e3 here.
    np.testing.assert_allclose(one, two, rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        ([1.0], "vector had 1 entries; it needs 4"),
        ([1.0, np.nan, 0.0, 0.0], r"vector\[1\] was nan"),
    ],
)
def test_bad_directions_are_refused(vector: list[float], message: str) -> None:
    hessian = risk_hessian(
        random_start(2, rng=np.random.default_rng(0), bias_scale=1.0),
        noised_sample([0.0], 1.0, 1.0),
    )
    with pytest.raises(ValueError, match=message):
        hessian_product(hessian, vector)
