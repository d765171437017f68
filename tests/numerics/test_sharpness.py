"""The largest eigenvalue against dense linear algebra, and what other Hessians make of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics.descent import random_start
from numerics.exact_hessian import dense_hessian
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork
from numerics.sharpness import sharpness


@pytest.mark.parametrize("preconditioned", [True, False])
@pytest.mark.parametrize(
    ("n", "width", "mu", "sigma", "scale", "spread"),
    [
        (20, 300, 0.81, 0.57, 1.0, 1.0),
        (20, 300, 0.81, 0.57, 1.0, 0.01),
        (20, 100, 0.95, 0.05, 50.0, 1.0),
        (1, 1, 0.8, 0.5, 1.0, 1.0),
        (1, 4, 0.8, 0.5, 1.0, 1.0),
        (5, 30, 0.81, 0.57, 30.0, 1.0),
        (3, 20, 0.99, 1e-3, 1e3, 1.0),
        (2, 10, 0.9, 0.9, 5.0, 36.0),
    ],
)
def test_value_is_the_top_of_the_dense_spectrum(
    n: int,
    width: int,
    mu: float,
    sigma: float,
    scale: float,
    spread: float,
    preconditioned: bool,
) -> None:
    network = random_start(
        width, rng=np.random.default_rng(1), outer_scale=scale, bias_scale=spread
    )
    sample = noised_sample(np.random.default_rng(n).normal(size=n), mu, sigma)
    result = sharpness(network, sample, preconditioned=preconditioned)
    whole = dense_hessian(network, sample).total
    top = float(np.linalg.eigvalsh(whole)[-1])
    assert result.vector.shape == (2 * width,)
    assert result.value == pytest.approx(top, rel=2e-12)  # the tolerance, and rounding of the dense
    assert abs(result.value - top) <= result.error + 1e-13 * top  # its own rounding
    residual = np.linalg.norm(whole @ result.vector - result.value * result.vector)
    assert residual == pytest.approx(result.residual, abs=1e-13 * top)  # rounding of two products
    assert np.linalg.norm(result.vector) == pytest.approx(1.0, rel=1e-13)  # rounding of 2m squares


def test_paper_size_needs_few_products() -> None:
    sample = noised_sample(np.random.default_rng(0).normal(size=20), 0.81, 0.57)
    network = random_start(1000, rng=np.random.default_rng(5), bias_scale=1.0)
    fast, plain = sharpness(network, sample), sharpness(network, sample, preconditioned=False)
    assert fast.value == pytest.approx(plain.value, rel=2e-12)  # twice the tolerance
    assert fast.products <= 12
    assert fast.products < plain.products


@given(st.integers(0, 10**6), st.integers(1, 6))
def test_an_antisymmetric_top_vector_is_found(seed: int, width: int) -> None:
    # Symmetric data and a mirrored network: the Hessian has vectors of both parities.
    half = random_start(width, rng=np.random.default_rng(seed), outer_scale=4.0, bias_scale=0.3)
    network = ReluNetwork(
        outer=np.concatenate([half.outer, -half.outer]),
        inner=np.concatenate([half.inner, -half.inner]),
        bias=np.concatenate([half.bias, half.bias]),
    )
    sample = noised_sample([-0.5, 0.5], 0.8, 0.2)
    top = float(np.linalg.eigvalsh(dense_hessian(network, sample).total)[-1])
    result = sharpness(network, sample)
    assert result.value <= top * (1 + 1e-13)  # rounding
    # The two parities can agree to many digits: then the residual is what bounds the error.
    assert top - result.value <= result.residual + 1e-12 * top  # the tolerance


def test_without_the_dirac_term_lanczos_converges_to_another_number() -> None:
    # What automatic differentiation returns: tangent and cross part. It converges, elsewhere.
    sample = noised_sample(np.random.default_rng(0).normal(size=20), 0.81, 0.57)
    network = random_start(200, rng=np.random.default_rng(5), outer_scale=20.0, bias_scale=1.0)
    parts = dense_hessian(network, sample)
    truncated = float(np.linalg.eigvalsh(parts.tangent + parts.cross)[-1])
    vector = np.random.default_rng(1).normal(size=400)
    for _ in range(3000):
        vector = (parts.tangent + parts.cross) @ (vector / np.linalg.norm(vector))
    assert np.linalg.norm(vector) == pytest.approx(truncated, rel=1e-9)  # it has converged
    exact = sharpness(network, sample).value
    assert exact == pytest.approx(float(np.linalg.eigvalsh(parts.total)[-1]), rel=1e-12)
    assert abs(truncated - exact) > 1e-3 * exact


def test_neurons_out_of_reach_leave_no_sharpness() -> None:
    network = ReluNetwork(outer=[1.0, 2.0], inner=[1, -1], bias=[-50.0, -50.0])
    result = sharpness(network, noised_sample([0.0, 1.0], 0.9, 0.3))
    # What lies beyond twelve sigma is 1e-33 of the mixture.
    assert abs(result.value) + result.residual < 1e-28


def test_reaching_the_limit_shows_in_the_error() -> None:
    sample = noised_sample([0.0, 1.0], 0.9, 0.3)
    network = random_start(50, rng=np.random.default_rng(3), bias_scale=1.0)
    result = sharpness(network, sample, max_products=2)
    assert result.products == 2
    assert result.error > 1e-9 * result.value


@pytest.mark.parametrize(
    ("option", "message"),
    [({"tolerance": 0.0}, "tolerance was 0.0"), ({"max_products": 0}, "max_products was 0")],
)
def test_bad_options_are_refused(option: dict[str, float], message: str) -> None:
    network = random_start(2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        sharpness(network, noised_sample([0.0], 1.0, 1.0), **option)  # type: ignore[arg-type]
