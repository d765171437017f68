"""Full gradient steps of experimental networks against differences of the exact risk."""

import numpy as np
import pytest

from numerics.full_gradient import exact_network_gradient, full_gradient_step
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork, evaluate
from numerics.stacked_network import NetworkStack, evaluate_member, random_networks

SAMPLE = noised_sample([-1.2, -0.1, 0.4, 1.5], 0.8, 0.6)


def moved() -> NetworkStack:
    """Return three networks with biases, away from ties of the knots."""
    stack = random_networks([0, 1, 2], width=8, dimension=1)
    rng = np.random.default_rng(5)
    stack.affine[:, 1] = 0.7 * rng.standard_normal(stack.affine[:, 1].shape)
    return stack


def risk(stack: NetworkStack) -> float:
    """Return the risk of the first member by quadrature of its definition."""
    nodes = np.linspace(-9.0, 9.0, 20_001)
    weights = np.exp(-0.5 * nodes**2) * (nodes[1] - nodes[0])
    total = 0.0
    for centre in SAMPLE.centres:
        y = centre + SAMPLE.sigma * nodes
        residual = evaluate_member(stack, 0, y[:, None])[:, 0] + nodes / SAMPLE.sigma
        total += float(weights @ residual**2) / np.sqrt(2 * np.pi)
    return total / SAMPLE.centres.size


def test_the_risk_is_that_of_the_definition() -> None:
    # the trapezoidal rule errs at a kink by about the square of the distance of nodes, 1e-6
    assert exact_network_gradient(moved(), 0, SAMPLE)[0] == pytest.approx(risk(moved()), rel=1e-5)


@pytest.mark.parametrize("layer", ["inner", "bias", "outer"])
@pytest.mark.parametrize("neuron", range(8))
def test_gradients_are_differences(layer: str, neuron: int) -> None:
    _, affine, outer = exact_network_gradient(moved(), 0, SAMPLE)
    place = {"inner": affine[0], "bias": affine[1], "outer": outer}[layer]
    values = []
    for step in (-1e-5, 1e-5):
        stack = moved()
        where = {
            "inner": stack.affine[0, 0],
            "bias": stack.affine[0, 1],
            "outer": stack.outer[0, 0],
        }
        where[layer][neuron] += step
        values.append(exact_network_gradient(stack, 0, SAMPLE)[0])
    # central differences err by step^2 and by rounding over step, 1e-16 / 1e-5
    assert (values[1] - values[0]) / 2e-5 == pytest.approx(place[neuron], rel=1e-6, abs=1e-9)


def test_a_step_moves_every_member_by_its_own_gradient() -> None:
    stack = moved()
    following = full_gradient_step(stack, SAMPLE, learning_rate=0.01)
    assert following.steps == stack.steps + 1
    for index in range(3):
        alone = full_gradient_step(stack.member(index), SAMPLE, learning_rate=0.01)
        assert (alone.affine[0] == following.affine[index]).all()
        assert (alone.outer[0] == following.outer[index]).all()
        before, after = (exact_network_gradient(s, index, SAMPLE)[0] for s in (stack, following))
        assert after < before
    assert (stack.affine == moved().affine).all()


def test_with_signs_inside_it_is_the_gradient_of_the_theoretical_class() -> None:
    from numerics.exact_risk import risk_and_gradient

    stack = moved()
    stack.affine[:, 0] = np.copysign(1.0, stack.affine[:, 0])
    network = ReluNetwork(
        outer=stack.outer[0, 0], inner=stack.affine[0, 0], bias=stack.affine[0, 1]
    )
    y = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(
        evaluate(network, y), evaluate_member(stack, 0, y[:, None])[:, 0], rtol=1e-13, atol=1e-15
    )
    expected = risk_and_gradient(network, SAMPLE)
    value, affine, outer = exact_network_gradient(stack, 0, SAMPLE)
    assert value == expected.risk
    np.testing.assert_array_equal(affine[1], expected.bias)
    np.testing.assert_array_equal(outer, expected.outer)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.affine[0, 0].fill(0.0), "inner weight 0"),
        (lambda s: s.affine[0, 1].fill(np.nan), "affine"),
    ],
)
def test_bad_networks_are_refused(change: object, said: str) -> None:
    stack = moved()
    assert callable(change)
    change(stack)
    with pytest.raises(ValueError, match=said):
        full_gradient_step(stack, SAMPLE, learning_rate=0.1)
    with pytest.raises(ValueError, match="learning_rate"):
        full_gradient_step(moved(), SAMPLE, learning_rate=0.0)
