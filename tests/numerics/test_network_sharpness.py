"""Hessian products, the sharpness by Lanczos, and what the knots add to it."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from numerics.empirical_score import empirical_score
from numerics.exact_hessian import hessian_product, risk_hessian
from numerics.experimental_hessian import experimental_hessian, experimental_product
from numerics.lanczos import largest_eigenvalue
from numerics.mixture_tails import noised_sample
from numerics.network_excess_risk import exact_excess_risk, sampled_excess_risk
from numerics.network_sharpness import (
    exact_network_sharpness,
    notebook_network_sharpness,
    sampled_network_sharpness,
    sampled_score_risk,
    sampled_sharpness,
    sampled_time_risk,
    time_network_sharpness,
)
from numerics.noise_schedule import noise_schedule
from numerics.notebook_sharpness import notebook_grid, notebook_sharpness
from numerics.random_streams import named_stream
from numerics.sampled_hessian import (
    SampledRisk,
    risk_gradient,
    risk_product,
    risk_value,
    sampled_risk,
)
from numerics.stacked_network import (
    NetworkStack,
    kink_network,
    random_networks,
    theoretical_networks,
)
from numerics.time_network import TimeTask, random_time_network

Floats = NDArray[np.float64]
X, MU, SIGMA = np.array([-1.2, -0.1, 0.4, 1.5]), 0.8, 0.6
SAMPLE = noised_sample(X, MU, SIGMA)


def trained_like(width: int, seed: int = 0) -> NetworkStack:
    stack = random_networks([seed], width=width, dimension=1)
    stack.affine[0, 1] = 0.7 * named_stream(seed, "bias").standard_normal(width)
    return stack


def flat(stack: NetworkStack) -> Floats:
    return np.concatenate((stack.affine[0].ravel(), stack.outer[0].ravel()))


def stack_of(theta: Floats) -> NetworkStack:
    width = theta.size // 3
    return NetworkStack(
        affine=theta[: 2 * width].reshape(1, 2, width),
        outer=theta[2 * width :].reshape(1, 1, width),
    )


def moved_risk(risk: SampledRisk, theta: Floats) -> SampledRisk:
    cut = risk.affine.size
    return SampledRisk(
        affine=theta[:cut].reshape(risk.affine.shape),
        outer=theta[cut:].reshape(risk.outer.shape),
        inputs=risk.inputs,
        targets=risk.targets,
        weights=risk.weights,
    )


def some_risk() -> tuple[SampledRisk, Floats]:
    rng = np.random.default_rng(0)
    affine, outer = rng.standard_normal((4, 6)), rng.standard_normal((2, 6))
    risk = sampled_risk(
        affine,
        outer,
        rng.standard_normal((40, 3)),
        rng.standard_normal((40, 2)),
        weights=0.1 * rng.random(40),
    )
    return risk, np.concatenate((affine.ravel(), outer.ravel()))


def dense(product: object, size: int) -> Floats:
    assert callable(product)
    return np.stack([product(unit) for unit in np.eye(size)])


def test_the_sampled_gradient_is_that_of_the_risk() -> None:
    risk, theta = some_risk()
    gradient, h = risk_gradient(risk), 1e-6
    for k in range(theta.size):
        step = h * (np.arange(theta.size) == k)
        ends = [risk_value(moved_risk(risk, theta + sign * step)) for sign in (1.0, -1.0)]
        # The risk is about 10; its rounding over the width is 1e-9.
        assert gradient[k] == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-8)


def test_the_sampled_product_is_the_derivative_of_the_gradient() -> None:
    risk, theta = some_risk()
    hessian = dense(lambda unit: risk_product(risk, unit), theta.size)
    # No input changes the side of a knot within the step, so the gradient is smooth there.
    h = 1e-7
    columns = [
        (
            risk_gradient(moved_risk(risk, theta + h * e))
            - risk_gradient(moved_risk(risk, theta - h * e))
        )
        / (2 * h)
        for e in np.eye(theta.size)
    ]
    np.testing.assert_allclose(hessian, np.stack(columns), rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(hessian, hessian.T, rtol=0.0, atol=1e-14)
    top = float(np.linalg.eigvalsh(hessian)[-1])
    found = sampled_sharpness(risk, rng=np.random.default_rng(0), tolerance=1e-9)
    assert found.value == pytest.approx(top, rel=1e-12)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    risk, theta = some_risk()
    direction = np.random.default_rng(1).standard_normal(theta.size)

    def everything() -> Floats:
        value = np.array([risk_value(risk)])
        return np.concatenate((value, risk_gradient(risk), risk_product(risk, direction)))

    whole = everything()
    monkeypatch.setattr("numerics.sampled_hessian._BLOCK_ENTRIES", 42)
    # Another order of summing.
    np.testing.assert_allclose(everything(), whole, rtol=1e-13, atol=1e-13)


def test_the_exact_product_is_the_derivative_of_the_exact_gradient() -> None:
    stack = trained_like(7)
    theta, h = flat(stack), 1e-5
    hessian = experimental_hessian(stack, 0, SAMPLE)
    got = dense(lambda unit: experimental_product(hessian, unit), theta.size)
    np.testing.assert_allclose(got, got.T, rtol=0.0, atol=1e-13)
    columns = []
    for unit in np.eye(theta.size):
        ends = [
            experimental_hessian(stack_of(theta + sign * h * unit), 0, SAMPLE).gradient
            for sign in (1.0, -1.0)
        ]
        columns.append((ends[0] - ends[1]) / (2 * h))
    # Second derivatives of the gradient are of order 10 here: 1e-10 of truncation, 1e-10 rounding.
    np.testing.assert_allclose(got, np.stack(columns), rtol=0.0, atol=2e-8)
    without = experimental_hessian(stack, 0, SAMPLE, knots=False)
    gap = got - dense(lambda unit: experimental_product(without, unit), theta.size)
    assert np.abs(gap).max() > 1e-3
    # The knots move with the inner weights and the biases alone.
    assert not gap[14:].any()


def test_many_draws_tend_to_the_hessian_without_the_knots() -> None:
    stack, nodes = trained_like(6), 30_000
    noise = ndtri((np.arange(nodes) + 0.5) / nodes)
    points = (MU * X[:, None] + SIGMA * noise).reshape(-1, 1)
    targets = np.tile(-noise / SIGMA, X.size).reshape(-1, 1)
    risk = sampled_risk(stack.affine[0], stack.outer[0], points, targets, weights=1.0 / points.size)
    sampled = dense(lambda unit: risk_product(risk, unit), 18)
    exact = []
    for knots in (False, True):
        hessian = experimental_hessian(stack, 0, SAMPLE, knots=knots)
        exact.append(dense(partial(experimental_product, hessian), 18))
    # Midpoints of equal probability: the tails beyond them weigh 2e-4.
    assert np.abs(sampled - exact[0]).max() < 5e-4
    assert np.abs(sampled - exact[1]).max() > 1e-2


def test_the_theoretical_class_has_the_hessian_it_had() -> None:
    stack = theoretical_networks([2], width=9)
    stack.affine[0, 1] = 0.5 * named_stream(2, "bias").standard_normal(9)
    network, _ = kink_network(stack, 0)
    old, new = risk_hessian(network, SAMPLE), experimental_hessian(stack, 0, SAMPLE)
    rng = np.random.default_rng(0)
    outer, bias = rng.standard_normal((2, 9))
    want = hessian_product(old, np.concatenate((outer, bias))).reshape(2, 9)
    got = experimental_product(new, np.concatenate((np.zeros(9), bias, outer))).reshape(3, 9)
    np.testing.assert_allclose(got[2], want[0], rtol=0.0, atol=1e-15)
    np.testing.assert_allclose(got[1], want[1], rtol=0.0, atol=1e-15)


@pytest.mark.parametrize("knots", [True, False])
def test_the_exact_sharpness_is_the_top_of_the_dense_hessian(knots: bool) -> None:
    stack = trained_like(20)
    hessian = experimental_hessian(stack, 0, SAMPLE, knots=knots)
    whole = dense(lambda unit: experimental_product(hessian, unit), 60)
    found = exact_network_sharpness(stack, 0, SAMPLE, rng=np.random.default_rng(0), knots=knots)
    # The error is about the square of the residual, 1e-6.
    assert found.value == pytest.approx(float(np.linalg.eigvalsh(whole)[-1]), rel=1e-10)


def test_draws_give_the_exact_sharpness_but_for_noise_where_knots_weigh_little() -> None:
    stack = trained_like(60)
    exact = exact_network_sharpness(
        stack, 0, SAMPLE, rng=np.random.default_rng(0), knots=False
    ).value
    found = sampled_network_sharpness(
        stack, 0, X[:, None], mu=MU, sigma=SIGMA, draws=4000, rng=np.random.default_rng(1)
    )
    # 16 000 draws: one per cent of noise.
    assert found.value == pytest.approx(exact, rel=0.05)


def test_the_time_conditioned_sharpness_is_the_top_of_the_dense_hessian() -> None:
    network = random_time_network(8, 2, rng=np.random.default_rng(0))
    task = TimeTask(data=np.eye(2), schedule=noise_schedule(), learning_rate=1.0)
    risk = sampled_time_risk(network, task, draws=50, rng=np.random.default_rng(3))
    assert risk.inputs.shape == (100, 4)
    whole = dense(lambda unit: risk_product(risk, unit), 48)
    found = time_network_sharpness(network, task, draws=50, rng=np.random.default_rng(3))
    assert found.value == pytest.approx(float(np.linalg.eigvalsh(whole)[-1]), rel=1e-6)


def test_the_notebooks_sharpness_is_that_of_their_grid() -> None:
    stack = theoretical_networks([2], width=30)
    stack.affine[0, 1] = 0.5 * named_stream(2, "bias").standard_normal(30)
    grid, rng = notebook_grid(), np.random.default_rng(0)
    target = empirical_score(grid, X, mu=MU, sigma=SIGMA)
    network, _ = kink_network(stack, 0)
    fixed = notebook_sharpness(network, target, rng=rng, iterations=2000)
    found = notebook_network_sharpness(stack, 0, X, mu=MU, sigma=SIGMA, rng=rng)
    # With the inner weights trained too there are more directions.
    assert found.value > fixed
    still = sampled_risk(
        stack.affine[0], stack.outer[0], grid[:, None], target[:, None], weights=1.0
    )
    # Without them the Hessian is the one of the notebooks' power iteration.
    weights = np.exp(-0.5 * grid**2)[:, None] / 500
    still = replace(still, weights=weights)
    whole = dense(lambda unit: risk_product(still, unit), 90)[30:, 30:]
    assert float(np.linalg.eigvalsh(whole)[-1]) == pytest.approx(fixed, rel=1e-6)


def test_lanczos_finds_the_largest_and_not_the_largest_in_modulus() -> None:
    rng = np.random.default_rng(0)
    vectors = np.linalg.qr(rng.standard_normal((50, 50)))[0]
    values = np.concatenate(([-9.0], np.linspace(-1.0, 1.0, 48), [1.5]))
    matrix = vectors * values @ vectors.T
    found = largest_eigenvalue(lambda v: matrix @ v, rng.standard_normal(50), tolerance=1e-9)
    assert found.value == pytest.approx(1.5, rel=1e-12)
    assert found.residual < 2e-9
    np.testing.assert_allclose(matrix @ found.vector, 1.5 * found.vector, atol=1e-8)
    short = largest_eigenvalue(lambda v: matrix @ v, rng.standard_normal(50), max_products=3)
    assert short.products == 3
    assert short.residual > 1e-6
    # A multiple of the identity has one Krylov vector.
    assert largest_eigenvalue(lambda v: 2.0 * v, np.ones(4)).products == 1


def test_the_exact_excess_risk_is_what_draws_estimate() -> None:
    stack = trained_like(30)
    exact = exact_excess_risk(stack, 0, X, mu=MU, sigma=SIGMA)
    found = sampled_excess_risk(
        stack, 0, X[:, None], mu=MU, sigma=SIGMA, draws=5000, rng=np.random.default_rng(0)
    )
    assert abs(found.value - exact) < 4 * found.standard_error
    assert found.standard_error < 0.05 * exact


def test_bad_input_is_refused() -> None:
    stack, rng = random_networks([0], width=4, dimension=2), np.random.default_rng(0)
    with pytest.raises(ValueError, match="d = 1"):
        exact_network_sharpness(stack, 0, SAMPLE, rng=rng)
    with pytest.raises(ValueError, match="draws was 0"):
        sampled_score_risk(stack, 0, np.eye(2), mu=0.8, sigma=0.6, draws=0, rng=rng)
    zero = NetworkStack(affine=np.zeros((1, 2, 3)), outer=np.ones((1, 1, 3)))
    with pytest.raises(ValueError, match="inner weight 0"):
        exact_excess_risk(zero, 0, X, mu=MU, sigma=SIGMA)
    broken = NetworkStack(affine=np.full((1, 3, 4), np.nan), outer=stack.outer)
    with pytest.raises(ValueError, match="not finite"):
        sampled_excess_risk(broken, 0, np.eye(2), mu=0.8, sigma=0.6, draws=5, rng=rng)
    with pytest.raises(ValueError, match="start was the zero vector"):
        largest_eigenvalue(lambda v: v, np.zeros(3))
