"""The exact risk and gradient against quadrature, high precision and simulation."""

from itertools import pairwise

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.descent import random_start
from numerics.exact_risk import exact_risk, risk_and_gradient
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork, evaluate

LEGENDRE_NODES, LEGENDRE_WEIGHTS = np.polynomial.legendre.leggauss(24)


def by_quadrature(
    network: ReluNetwork, x: np.ndarray, mu: float, sigma: float
) -> tuple[float, np.ndarray, np.ndarray]:
    """Gauss-Legendre on half-sigma panels that break at the knots, straight from the definition."""
    risk, outer, bias = 0.0, np.zeros(network.width), np.zeros(network.width)
    for centre in mu * x:
        panels = centre + sigma * np.arange(-13.0, 13.1, 0.5)
        knots = network.knots
        edges = np.unique(np.append(panels, knots[(knots > panels[0]) & (knots < panels[-1])]))
        half = np.diff(edges)[:, None] / 2
        y = ((edges[1:] + edges[:-1])[:, None] / 2 + half * LEGENDRE_NODES).ravel()
        density = np.exp(-0.5 * ((y - centre) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        weights = (half * LEGENDRE_WEIGHTS).ravel() * density / x.size
        inside = np.multiply.outer(y, network.inner) + network.bias
        activation = np.maximum(inside, 0.0)
        residual = activation @ network.outer / network.width + (y - centre) / sigma**2
        risk += float(weights @ residual**2)
        outer += 2 * (weights * residual) @ activation / network.width
        bias += 2 * ((weights * residual) @ (inside > 0)) * network.outer / network.width
    return risk, outer, bias


CASES = [
    # n, m, mu, sigma, scale of the outer weights, spread of the biases
    (3, 1, 0.8, 0.5, 1.0, 1.0),
    (1, 4, 0.8, 0.5, 1.0, 1.0),
    (5, 50, 0.81, 0.57, 1.0, 1.0),
    (4, 50, 0.95, 0.31, 30.0, 2.0),
    (3, 20, 0.99, 1e-3, 1e6, 1.0),
    (20, 50, 0.81, 0.57, 1.0, 0.01),
    (2, 10, 0.9, 0.9, 5.0, 36.0),  # knots 40 sigma away
]


@pytest.mark.parametrize(("n", "width", "mu", "sigma", "scale", "spread"), CASES)
def test_risk_and_gradient_agree_with_quadrature(
    n: int, width: int, mu: float, sigma: float, scale: float, spread: float
) -> None:
    x = np.random.default_rng(n).normal(size=n)
    network = random_start(
        width, rng=np.random.default_rng(7), outer_scale=scale, bias_scale=spread
    )
    result = risk_and_gradient(network, noised_sample(x, mu, sigma))
    risk, outer, bias = by_quadrature(network, x, mu, sigma)
    assert result.outer.shape == outer.shape
    assert result.bias.shape == bias.shape
    # The quadrature's own error: 24 nodes on half a sigma leave rounding only.
    assert result.risk == pytest.approx(risk, rel=1e-12)
    np.testing.assert_allclose(result.outer, outer, rtol=0, atol=1e-12 * np.abs(outer).max())
    np.testing.assert_allclose(result.bias, bias, rtol=0, atol=1e-12 * np.abs(bias).max())
    # The same number on another route, without the gradient.
    assert exact_risk(network, x, mu, sigma) == pytest.approx(result.risk, rel=1e-14)


def high_precision_risk(network: ReluNetwork, centres: np.ndarray, sigma: float) -> mpmath.mpf:
    """Raw moments of each Gaussian between neighbouring knots, in 60 digits."""
    outer, bias = ([mpmath.mpf(float(v)) for v in part] for part in (network.outer, network.bias))
    inner, width, scale = network.inner.astype(int).tolist(), network.width, mpmath.mpf(sigma)
    knots = sorted({-b * v for b, v in zip(bias, inner, strict=True)})
    edges = [-mpmath.inf, *knots, mpmath.inf]
    total = mpmath.mpf(0)
    for low, high in pairwise(edges):
        inside = (max(low, knots[0] - 1) + min(high, knots[-1] + 1)) / 2
        on = [k for k in range(width) if inner[k] * inside + bias[k] > 0]
        slope = sum(outer[k] * inner[k] for k in on) / width
        intercept = sum(outer[k] * bias[k] for k in on) / width
        for centre in centres:
            a, b = ((edge - mpmath.mpf(float(centre))) / scale for edge in (low, high))
            ends = [
                (mpmath.npdf(z), z * mpmath.npdf(z)) if abs(z) < 1e9 else (0, 0) for z in (a, b)
            ]
            zeroth = mpmath.ncdf(b) - mpmath.ncdf(a)
            first, second = ends[0][0] - ends[1][0], zeroth + ends[0][1] - ends[1][1]
            steep = (slope + scale**-2) * scale
            level = slope * mpmath.mpf(float(centre)) + intercept
            total += steep**2 * second + 2 * steep * level * first + level**2 * zeroth
    return total / len(centres)


@pytest.mark.parametrize(("sigma", "floor"), [(0.2, 1e-2), (0.1, 1e-4), (0.05, 1e-13)])
def test_a_tiny_risk_keeps_its_digits(sigma: float, floor: float) -> None:
    # A network that memorizes: (mu x_i - y) / sigma^2 near each datum, steep in between.
    x, mu = np.array([0.0, 1.0, 2.3]), 0.9
    centres = mu * x
    middle, gap = (centres[1:] + centres[:-1]) / 2, np.diff(centres)
    knots = np.concatenate([middle - 0.1 * gap, middle + 0.1 * gap, [-8.0, 12.0]])
    left = -12.0 / 20.0 / sigma**2
    jumps = np.concatenate([5.0 * np.ones(2), -5.0 * np.ones(2)]) / sigma**2
    jumps = np.concatenate([jumps, [left, left + 1.0 / sigma**2]])
    inner = np.array([1.0, 1.0, 1.0, 1.0, 1.0, -1.0])
    network = ReluNetwork(outer=6.0 * jumps, inner=inner, bias=-knots * inner)
    with mpmath.workdps(60):
        expected = high_precision_risk(network, centres, sigma)
        found = exact_risk(network, x, mu, sigma)
        assert expected * sigma**2 < 20 * floor, "the case is meant to have a small risk"
        # Rounding of s itself, about 1e-15 / sigma, against the root of the risk.
        assert abs(found / expected - 1) < 1e-15 / float(sigma * mpmath.sqrt(expected)) + 1e-13


def test_shared_knots_cancel_before_they_are_multiplied() -> None:
    # y / sigma^2 as relu(y) - relu(-y): one knot on a datum, jumps of opposite sign.
    sigma, steep = 0.05, 2.0 / 0.05**2
    network = ReluNetwork(outer=[-steep, steep], inner=[1, -1], bias=[0.0, 0.0])
    assert exact_risk(network, [0.0], 1.0, sigma) < 1e-24 / sigma**2


@given(st.integers(0, 10**6), st.sampled_from([1, 2, 6]), st.sampled_from([0.02, 0.4]))
def test_knots_on_the_data_and_on_each_other(seed: int, n: int, sigma: float) -> None:
    rng = np.random.default_rng(seed)
    x = np.sort(rng.choice(np.arange(-8, 9), n, replace=False)) / 8.0
    width = 12
    inner = rng.choice([-1.0, 1.0], width)
    knots = rng.choice(0.75 * x, width)
    network = ReluNetwork(outer=rng.normal(size=width) / sigma, inner=inner, bias=-knots * inner)
    result = risk_and_gradient(network, noised_sample(x, 0.75, sigma))
    risk, outer, bias = by_quadrature(network, x, 0.75, sigma)
    assert result.risk == pytest.approx(risk, rel=1e-12)  # rounding of the quadrature
    scale = 1e-12 / sigma**2  # the same, for entries that may cancel
    np.testing.assert_allclose(result.outer, outer, rtol=0, atol=scale)
    np.testing.assert_allclose(result.bias, bias, rtol=0, atol=scale)


def test_gradient_agrees_with_central_differences() -> None:
    x, sample = np.array([-0.4, 0.1, 0.9]), noised_sample([-0.4, 0.1, 0.9], 0.8, 0.3)
    network = random_start(15, rng=np.random.default_rng(2), bias_scale=1.0)
    rng = np.random.default_rng(0)
    outer, bias, step = rng.normal(size=15), rng.normal(size=15), 1e-4

    def risk(t: float) -> float:
        moved = ReluNetwork(
            outer=network.outer + t * outer, inner=network.inner, bias=network.bias + t * bias
        )
        return exact_risk(moved, x, 0.8, 0.3)

    result = risk_and_gradient(network, sample)
    slope = (8 * (risk(step) - risk(-step)) - (risk(2 * step) - risk(-2 * step))) / (12 * step)
    # Rounding 1e-15 / 1e-4 of a risk of size 10; the fourth-order difference itself is below it.
    assert slope == pytest.approx(result.outer @ outer + result.bias @ bias, abs=1e-9)


@pytest.mark.parametrize("width", [1, 1000])
def test_monte_carlo_contains_the_risk(width: int) -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=20)
    network = random_start(width, rng=np.random.default_rng(3), outer_scale=3.0, bias_scale=1.0)
    draws = 4000
    noise = rng.standard_normal((draws, x.size))
    residual = evaluate(network, 0.81 * x + 0.57 * noise) + noise / 0.57
    per_draw = (residual**2).mean(axis=1)
    error = per_draw.std() / np.sqrt(draws)
    # Five standard errors: missed once in a million runs, and the seed is fixed.
    assert abs(per_draw.mean() - exact_risk(network, x, 0.81, 0.57)) < 5 * error


@given(st.integers(0, 10**6))
def test_risk_scales_with_the_units(seed: int) -> None:
    # y -> 2 y with sigma -> 2 sigma, s -> s / 2 halves every residual.
    rng = np.random.default_rng(seed)
    network = random_start(9, rng=np.random.default_rng(seed), bias_scale=1.0)
    doubled = ReluNetwork(outer=network.outer / 4, inner=network.inner, bias=2 * network.bias)
    x = rng.normal(size=4)
    risk = exact_risk(network, x, 0.5, 0.25)
    assert exact_risk(doubled, 2 * x, 0.5, 0.5) == pytest.approx(risk / 4, rel=1e-14)  # powers of 2


@given(st.integers(0, 10**6))
def test_risk_is_the_same_in_a_mirror(seed: int) -> None:
    network = random_start(9, rng=np.random.default_rng(seed), bias_scale=1.0)
    mirror = ReluNetwork(outer=-network.outer, inner=-network.inner, bias=network.bias)
    x = np.random.default_rng(seed).normal(size=4)
    left, right = noised_sample(x, 0.9, 0.3), noised_sample(-x, 0.9, 0.3)
    one, two = risk_and_gradient(network, left), risk_and_gradient(mirror, right)
    assert one.risk == pytest.approx(two.risk, rel=1e-13)  # sums in the other order
    np.testing.assert_allclose(one.outer, -two.outer, rtol=0, atol=1e-12)  # the same
    np.testing.assert_allclose(one.bias, two.bias, rtol=0, atol=1e-12)  # the same


def test_far_active_neurons_count() -> None:
    # Both neurons are on wherever there is data, and add up to the constant 1e6.
    network = ReluNetwork(outer=[1.0, 1.0], inner=[1, -1], bias=[1e6, 1e6])
    assert exact_risk(network, [0.0, 1.0], 1.0, 0.5) == pytest.approx(1e12 + 4.0, rel=1e-15)
