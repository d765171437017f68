"""Descents against the plain step, the optimum and the limit of stability."""

import numpy as np
import pytest

from numerics.descent import (
    BatchRisk,
    gradient_descent,
    random_start,
    stochastic_gradient_descent,
)
from numerics.edge_of_stability import edge_of_stability
from numerics.exact_risk import exact_risk, risk_and_gradient
from numerics.mixture_tails import noised_sample
from numerics.relu_network import ReluNetwork
from numerics.sharpness import sharpness

X, MU, SIGMA = np.array([-1.0, 0.2, 0.9]), 0.8, 0.5


def test_one_step_is_the_step_of_the_paper() -> None:
    start, sample = random_start(7, rng=np.random.default_rng(0)), noised_sample(X, MU, SIGMA)
    path = gradient_descent(start, sample, learning_rate=0.3, steps=1)
    gradient = risk_and_gradient(start, sample)
    assert path.network.outer.tolist() == (start.outer - 7 * 0.3 * gradient.outer).tolist()
    assert path.network.bias.tolist() == (start.bias - 7 * 0.3 * gradient.bias).tolist()
    assert path.risk[0] == pytest.approx(exact_risk(start, X, MU, SIGMA), rel=1e-14)  # same sums
    top = sharpness(start, sample).value
    assert path.stability[0] == pytest.approx(0.5 * 7 * 0.3 * top, rel=1e-14)  # the same call


@pytest.mark.parametrize("batch_risk", list(BatchRisk))
def test_mean_of_stochastic_steps_is_the_full_step(batch_risk: BatchRisk) -> None:
    start, batch, eta = random_start(5, rng=np.random.default_rng(0), bias_scale=1.0), 40_000, 1e-4
    path = stochastic_gradient_descent(
        start,
        X,
        MU,
        SIGMA,
        learning_rate=eta,
        steps=1,
        batch=batch,
        batch_risk=batch_risk,
        rng=np.random.default_rng(1),
    )
    exact = risk_and_gradient(start, noised_sample(X, MU, SIGMA))
    factor = 5 * eta * (batch if batch_risk is BatchRisk.SUM else 1)
    # One standard error is about 4 / sqrt(40000) = 0.02 per entry; five of them.
    np.testing.assert_allclose((start.outer - path.network.outer) / factor, exact.outer, atol=0.1)
    np.testing.assert_allclose((start.bias - path.network.bias) / factor, exact.bias, atol=0.1)


def test_small_steps_descend_and_stay_below_the_limit() -> None:
    start, sample = random_start(30, rng=np.random.default_rng(2)), noised_sample(X, MU, SIGMA)
    path = gradient_descent(start, sample, learning_rate=0.02, steps=400, record_every=20)
    assert (np.diff(path.risk) < 0.0).all()
    assert (path.stability < 1.0).all()
    assert path.step.tolist() == list(range(0, 401, 20))


def test_a_minimum_sharper_than_the_limit_is_left() -> None:
    sample = noised_sample(X, MU, SIGMA)
    start = random_start(10, rng=np.random.default_rng(3))
    near = gradient_descent(start, sample, learning_rate=0.05, steps=4000, record_every=4000)
    top = sharpness(near.network, sample)
    too_large = 1.5 * 2.0 / (10 * top.value)
    shifted = ReluNetwork(
        outer=near.network.outer + 1e-4 * top.vector[:10],
        inner=near.network.inner,
        bias=near.network.bias + 1e-4 * top.vector[10:],
    )
    path = gradient_descent(shifted, sample, learning_rate=too_large, steps=60, record_every=60)
    moved = np.linalg.norm(path.network.outer - near.network.outer)
    assert path.diverged or moved > 1e-2  # from 1e-4, by a factor 2 a step
    assert path.stability[0] == pytest.approx(1.5, rel=1e-3)  # the shift changes it by 1e-4


def test_divergence_is_recorded() -> None:
    start = random_start(10, rng=np.random.default_rng(3), outer_scale=5.0, bias_scale=5.0)
    path = gradient_descent(start, noised_sample(X, MU, SIGMA), learning_rate=1e6, steps=20)
    assert path.diverged
    assert path.step.size < 21
    assert np.isfinite(path.risk).all()


def test_sweep_has_one_row_per_rate() -> None:
    ends = edge_of_stability(
        X,
        MU,
        SIGMA,
        learning_rates=[0.01, 0.1],
        starts=3,
        width=12,
        steps=60,
        rng=np.random.default_rng(0),
    )
    assert ends.risk.shape == ends.stability.shape == ends.largest.shape == (2, 3)
    assert (ends.largest >= ends.stability).all()
    again = edge_of_stability(
        X,
        MU,
        SIGMA,
        learning_rates=[0.1],
        starts=3,
        width=12,
        steps=60,
        rng=np.random.default_rng(0),
    )
    # The starts do not depend on the other rates.
    assert again.risk[0].tolist() == ends.risk[1].tolist()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"learning_rate": 0.0, "steps": 3}, "learning_rate was 0.0"),
        ({"learning_rate": 0.1, "steps": 0}, "steps was 0"),
        ({"learning_rate": 0.1, "steps": 1, "record_every": 0}, "record_every was 0"),
    ],
)
def test_bad_options_are_refused(option: dict[str, float], message: str) -> None:
    start = random_start(2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        gradient_descent(start, noised_sample(X, MU, SIGMA), **option)  # type: ignore[arg-type]
