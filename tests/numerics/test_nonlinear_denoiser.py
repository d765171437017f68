"""The nonlinear denoiser: gradients, exact predictors, sampling, and what convergence means."""

from dataclasses import replace

import numpy as np
import pytest

from numerics.denoiser_convergence import (
    has_converged,
    predictor_of,
    remaining_gap,
    train_until_converged,
)
from numerics.noise_sampling import empirical_noise, gaussian_noise, noise_levels, sample_points
from numerics.nonlinear_denoiser import (
    LOG_RANGE,
    Adam,
    NoisePredictor,
    noise_loss,
    noised,
    parameter_count,
    predict_noise,
    random_predictor,
    train_predictor,
)

LEVELS = noise_levels(30, low=LOG_RANGE[0], high=LOG_RANGE[1])


def awake(width: int, d: int, seed: int) -> NoisePredictor:
    """Return a double precision network whose last layer is not zero."""
    rng = np.random.default_rng(seed)
    network = random_predictor(width, d, rng=rng, dtype=np.float64)
    theta = network.theta + 0.3 * rng.standard_normal(network.theta.size)
    return replace(network, theta=theta)


def batch(size: int, d: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    levels, noise = rng.uniform(*LOG_RANGE, size), rng.standard_normal((size, d))
    return noised(rng.standard_normal((size, d)), levels, noise)[0], levels, noise


def test_gradients_are_central_differences_of_the_loss() -> None:
    network, (y, levels, noise) = awake(7, 3, 0), batch(11, 3, 1)
    loss, gradient = noise_loss(network, y, levels, noise)
    assert gradient.shape == network.theta.shape == (parameter_count(3, 7),)
    step = 1e-6
    for k in range(network.theta.size):
        ends = []
        for sign in (1.0, -1.0):
            theta = network.theta.copy()
            theta[k] += sign * step
            ends.append(noise_loss(replace(network, theta=theta), y, levels, noise)[0])
        # rounding 1e-16/step and curvature step^2, both below 1e-9 of a loss of order one
        assert abs((ends[0] - ends[1]) / (2.0 * step) - gradient[k]) < 1e-8 * (1.0 + loss)


def test_the_network_is_the_formula() -> None:
    network, (y, levels, _) = awake(4, 2, 3), batch(5, 2, 4)
    sizes = [(2 + 3 + 1) * 4, 5 * 4, 5 * 2]
    one, two, three = np.split(network.theta, np.cumsum(sizes)[:-1])
    for k in range(5):
        place = levels[k] / 4.6
        inputs = [*y[k], place, np.cos(np.pi * place), np.sin(np.pi * place), 1.0]
        first = np.maximum(np.array(inputs) @ one.reshape(6, 4), 0.0)
        second = np.maximum(np.append(first, 1.0) @ two.reshape(5, 4), 0.0)
        expected = np.append(second, 1.0) @ three.reshape(5, 2)
        # the same few products in another order
        assert np.allclose(predict_noise(network, y, levels)[k], expected, rtol=1e-12, atol=1e-13)


def test_single_precision_is_harmless_over_a_short_training() -> None:
    data = np.random.default_rng(0).standard_normal((6, 3))
    gaps = []
    for kind in (np.float32, np.float64):
        network = random_predictor(16, 3, rng=np.random.default_rng(1), dtype=kind)
        trained = train_predictor(network, data, 150, adam=Adam(batch=32, rate=5e-3))
        gaps.append(remaining_gap(predictor_of(trained), data))
    # rounding of 6e-8 a step; measured 3e-8
    assert abs(gaps[0] - gaps[1]) < 1e-3
    assert gaps[0] < 1.0


def test_training_leaves_the_given_network_alone_and_repeats_itself() -> None:
    data = np.random.default_rng(0).standard_normal((4, 2))
    network = random_predictor(8, 2, rng=np.random.default_rng(1))
    before = network.theta.copy()
    one, two = (train_predictor(network, data, 20, adam=Adam(batch=16)) for _ in range(2))
    assert np.array_equal(network.theta, before)
    assert np.array_equal(one.theta, two.theta)
    other = train_predictor(network, data, 20, adam=Adam(batch=16, seed=1))
    assert not np.array_equal(one.theta, other.theta)


def test_the_exact_predictor_is_the_posterior_mean() -> None:
    rng = np.random.default_rng(5)
    data, (y, levels, _) = rng.standard_normal((4, 3)), batch(6, 3, 6)
    found = empirical_noise(data)(y, levels)
    assert found.shape == y.shape
    for k in range(6):
        a = np.sqrt(1.0 / (1.0 + np.exp(-levels[k])))
        q = np.sqrt(1.0 / (1.0 + np.exp(levels[k])))
        weights = [np.exp(-((y[k] - a * x) ** 2).sum() / (2.0 * q * q)) for x in data]
        mean = np.average(data, axis=0, weights=weights)
        # the plain weights lose digits where q is a tenth
        assert np.allclose(found[k], (y[k] - a * mean) / q, rtol=1e-9, atol=1e-9)


def test_no_predictor_beats_the_exact_one_and_gaps_are_differences_of_losses() -> None:
    rng = np.random.default_rng(7)
    data = rng.standard_normal((5, 2))
    count = 200_000
    levels = rng.uniform(*LOG_RANGE, count)
    noise = rng.standard_normal((count, 2))
    y, _, _ = noised(data[rng.integers(0, 5, count)], levels, noise)
    network = awake(6, 2, 8)
    errors = [
        ((predict(y, levels) - noise) ** 2).sum(axis=1)
        for predict in (empirical_noise(data), gaussian_noise(), predictor_of(network))
    ]
    assert errors[0].mean() < errors[1].mean() < errors[2].mean()
    top, bottom = errors[2] - errors[0], errors[1] - errors[0]
    ratio = top.mean() / bottom.mean()
    spread = (top - ratio * bottom).std() / np.sqrt(count) / bottom.mean()
    gap = remaining_gap(predictor_of(network), data, draws=count)
    # both sides are simulated with independent points: five joint standard errors
    assert abs(ratio - gap) < 5.0 * np.sqrt(2.0) * spread


def test_sampling_with_the_exact_predictor_returns_training_points() -> None:
    rng = np.random.default_rng(9)
    data = rng.standard_normal((6, 4))
    made = sample_points(empirical_noise(data), 200, 4, levels=LEVELS, rng=rng)
    nearest = np.sqrt(((made[:, None] - data) ** 2).sum(axis=2)).min(axis=1)
    assert made.shape == (200, 4)
    # at the last level q is a tenth and the weights of other points are exp(-50 |x - x'|^2)
    assert np.quantile(nearest, 0.95) < 1e-6


def test_sampling_with_the_population_predictor_returns_the_population() -> None:
    made = sample_points(
        gaussian_noise(),
        20000,
        2,
        levels=noise_levels(200, low=-7.0, high=7.0),
        rng=np.random.default_rng(0),
    )
    # a step of 0.07 in log gamma leaves a bias of about 0.1 %, the sample one of 1.5 %
    assert np.allclose(made.std(axis=0), 1.0, atol=0.02)
    assert np.allclose(made.mean(axis=0), 0.0, atol=0.03)


def test_convergence_is_seen_and_its_lack_too() -> None:
    assert has_converged([2.0, 1.0, 1.0 - 1e-3, 1.0], tolerance=0.01)
    # one round on a plateau is not enough
    assert not has_converged([2.0, 1.0, 1.0 - 1e-3], tolerance=0.01)
    assert not has_converged([1.0, 1.0, 0.9], tolerance=0.01)
    assert not has_converged([2.0], tolerance=0.01)
    assert not has_converged([1.0, 1.0], tolerance=0.01)
    # growing is no convergence either
    assert not has_converged([1.0, 1.5, 2.0], tolerance=0.01)


def test_training_stops_by_convergence_or_by_its_limit() -> None:
    data = np.random.default_rng(0).standard_normal((3, 2))
    start = random_predictor(16, 2, rng=np.random.default_rng(1))
    adam = Adam(batch=32, rate=1e-2)
    free = train_until_converged(start, data, first=50, limit=10**4, tolerance=0.2, adam=adam)
    cut = train_until_converged(start, data, first=50, limit=150, tolerance=1e-6, adam=adam)
    assert free.converged
    assert (np.abs(np.diff(free.gaps[-3:])) < 0.2).all()
    assert not cut.converged
    assert cut.steps.tolist() == [0.0, 50.0, 100.0]
    assert cut.gaps[-1] < cut.gaps[0]
    # three points, 4000 visits, batches of 32: at least 375 steps
    assert free.steps[-1] >= 375
    hasty = train_until_converged(
        start, data, first=50, limit=10**4, tolerance=10.0, visits=1, adam=adam
    )
    assert hasty.steps.tolist() == [0.0, 50.0, 100.0]
    assert hasty.converged
    # rounds share their first steps
    assert np.array_equal(free.gaps[:2], cut.gaps[:2])


def test_few_points_are_memorized_by_many_parameters_and_not_by_few() -> None:
    data = np.random.default_rng(0).standard_normal((3, 4))
    gaps = []
    for width in (2, 48):
        start = random_predictor(width, 4, rng=np.random.default_rng(1))
        adam = Adam(batch=64, rate=5e-3)
        trained = train_predictor(start, data, 600, adam=adam)
        gaps.append(remaining_gap(predictor_of(trained), data))
    # measured 1.57 and 0.15
    assert gaps[0] > 0.7
    assert gaps[1] < 0.35


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: random_predictor(0, 2, rng=np.random.default_rng(0)), "width was 0"),
        (
            lambda: sample_points(
                gaussian_noise(), 2, 1, levels=[0.0, 0.0], rng=np.random.default_rng(0)
            ),
            "levels did not increase",
        ),
        (lambda: empirical_noise([[np.nan]]), "data"),
        (lambda: train_predictor(awake(2, 2, 0), [[1.0]], 1), "data had shape"),
        (lambda: train_predictor(awake(2, 1, 0), [[1.0]], 1, adam=Adam(rate=0.0)), "adam.rate"),
        (lambda: train_predictor(awake(2, 1, 0), [[1.0]], 50, adam=Adam(rate=1e200)), "loss was"),
        (lambda: predict_noise(awake(2, 1, 0), [[np.inf]], 0.0), "y"),
        (lambda: noise_levels(1, low=0.0, high=1.0), "count was 1"),
    ],
)
def test_bad_input_is_refused(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with np.errstate(all="ignore"), pytest.raises(ValueError, match=message):
        call()
