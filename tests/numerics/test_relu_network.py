"""The network against its plain sum, its derivative, its kinks and its weighted variation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.relu_network import (
    ReluNetwork,
    curvature,
    evaluate,
    evaluate_derivative,
    weighted_total_variation,
)


def random_network(width: int, seed: int, *, spread: float = 1.0) -> ReluNetwork:
    rng = np.random.default_rng(seed)
    return ReluNetwork(
        outer=rng.normal(size=width),
        inner=rng.choice([-1.0, 1.0], width),
        bias=spread * rng.normal(size=width),
    )


def plain(network: ReluNetwork, y: np.ndarray) -> np.ndarray:
    activation = np.maximum(np.multiply.outer(y, network.inner) + network.bias, 0.0)
    value: np.ndarray = activation @ network.outer / network.width
    return value


@given(st.integers(1, 40), st.integers(0, 10**6), st.sampled_from([1e-3, 1.0, 1e6]))
def test_values_are_the_plain_sum(width: int, seed: int, spread: float) -> None:
    network = random_network(width, seed, spread=spread)
    y = np.concatenate([spread * np.linspace(-3, 3, 41), network.knots])
    found, expected = evaluate(network, y), plain(network, y)
    assert found.shape == expected.shape
    # Both are sums of at most 40 rounded terms no larger than the largest activation.
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14 * spread * 10)


def test_far_knots_do_not_spoil_values_near_the_data() -> None:
    network = ReluNetwork(outer=[3.0, 3.0, 3.0], inner=[-1, 1, 1], bias=[-1e9, -1e9, 0.25])
    # Two neurons switch at -1e9 and 1e9 and are off in between.
    assert evaluate(network, 0.5) == 0.75


def test_shape_of_the_points_is_kept() -> None:
    network = random_network(3, 1)
    assert evaluate(network, np.zeros((2, 5))).shape == (2, 5)
    assert evaluate_derivative(network, 0.0).shape == ()


def test_derivative_is_the_slope_between_knots() -> None:
    network = random_network(25, 3)
    edges = np.sort(np.append(network.knots, [-5.0, 5.0]))
    middle, step = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 4
    slope = (plain(network, middle + step) - plain(network, middle - step)) / (2 * step)
    # A difference over a gap as small as 1e-4 keeps 12 digits.
    np.testing.assert_allclose(evaluate_derivative(network, middle), slope, rtol=0, atol=1e-11)
    at_knot = evaluate_derivative(network, network.knots)
    beside = evaluate_derivative(network, np.nextafter(network.knots, np.inf))
    assert at_knot.tolist() == beside.tolist()


def test_neurons_that_share_a_knot_cancel() -> None:
    network = ReluNetwork(outer=[2.0, -2.0, 1.0], inner=[1, -1, 1], bias=[-0.5, 0.5, 0.0])
    places, masses = curvature(network)
    assert places.tolist() == [0.0, 0.5]
    assert masses.tolist() == [1.0 / 3.0, 0.0]
    assert weighted_total_variation(network, np.ones_like) == 1.0 / 3.0


def test_variation_is_that_of_the_derivative() -> None:
    network = random_network(30, 5)
    slopes = evaluate_derivative(network, np.append(-1e3, np.sort(network.knots)))
    assert weighted_total_variation(network, np.ones_like) == pytest.approx(
        np.abs(np.diff(slopes)).sum(), rel=1e-13
    )  # rounding of 30 sums


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (([1.0], [1], [np.nan]), r"bias\[0\] was nan"),
        (([1.0, 2.0], [1], [0.0]), "outer, inner and bias had 2, 1 and 1 entries"),
        (([1.0], [0.5], [0.0]), r"inner had an entry other than \+1 and -1"),
        (([], [], []), "outer had 0 entries"),
    ],
)
def test_bad_networks_are_refused(parts: tuple[list[float], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ReluNetwork(outer=parts[0], inner=parts[1], bias=parts[2])


def test_bad_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="one value per point"):
        weighted_total_variation(random_network(3, 0), lambda y: y[:1])
