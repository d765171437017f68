"""The time-conditioned network: its batches, its gradient, and resumption."""

import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.noise_schedule import Marginal, NoiseSchedule, TimeWeighting, noise_schedule
from numerics.random_streams import named_stream
from numerics.time_network import (
    TimeNetwork,
    TimeTask,
    draw_time_batch,
    evaluate_time_network,
    network_score,
    random_time_network,
    restore_time_network,
    stored_time_network,
    train_time_network,
)
from numerics.training_choices import (
    NOTEBOOK,
    PAPER,
    Composition,
    StepScaling,
    TrainingChoices,
)

Floats = NDArray[np.float64]
SCHEDULE = noise_schedule()


def task(dimension: int, **changes: object) -> TimeTask:
    given: dict[str, object] = {
        "data": named_stream(0, "data").standard_normal((5, dimension)),
        "schedule": SCHEDULE,
        "learning_rate": 0.2,
        "batch": 30,
    }
    return TimeTask(**(given | changes))  # type: ignore[arg-type]


def value(network: TimeNetwork, t: float, x: Floats) -> Floats:
    """The definition, one neuron after the other."""
    total = np.zeros(network.dimension)
    for k in range(network.width):
        weights = network.affine[:, k]
        total += network.outer[:, k] * max(
            float(weights[0] * t + weights[1:-1] @ x + weights[-1]), 0.0
        )
    return total / network.width


def test_values_are_those_of_the_definition() -> None:
    network = random_time_network(17, 3, rng=np.random.default_rng(0))
    network.affine[-1] = np.random.default_rng(1).standard_normal(17)
    t, x = np.linspace(0.1, 1.0, 7), np.random.default_rng(2).standard_normal((7, 3))
    want = np.stack([value(network, when, point) for when, point in zip(t, x, strict=True)])
    for block in (1, 3, 512):
        got = evaluate_time_network(network, t, x, block=block)
        assert got.shape == want.shape
        np.testing.assert_allclose(got, want, rtol=0.0, atol=1e-15)  # sums of 17 terms over 17
    np.testing.assert_allclose(network_score(network, t, 0.5, x), -2.0 * want, atol=1e-14)


@pytest.mark.parametrize("choices", [PAPER, NOTEBOOK, TrainingChoices(scaling=StepScaling.PLAIN)])
def test_a_step_is_minus_the_gradient(choices: TrainingChoices) -> None:
    dimension, width, setting = 2, 5, task(2, choices=choices)
    start = random_time_network(width, dimension, rng=np.random.default_rng(0))
    start = TimeNetwork(affine=start.affine + 0.05, outer=start.outer, steps=7)
    times, points, noise = draw_time_batch(setting, 7)
    weight = (0.5 if choices is NOTEBOOK else 1.0) / 30
    rate = 0.2 * (width if choices.scaling is StepScaling.WIDTH else 1)

    def risk(network: TimeNetwork) -> float:
        gaps = [value(network, t, x) - z for t, x, z in zip(times, points, noise, strict=True)]
        return weight * float((np.stack(gaps) ** 2).sum())

    after, h = train_time_network(start, setting, 1), 1e-5
    for name in ("affine", "outer"):
        base, moved = getattr(start, name), getattr(after, name) - getattr(start, name)
        for place in np.ndindex(base.shape):
            ends = []
            for sign in (1.0, -1.0):
                part = base.copy()
                part[place] += sign * h
                parts = {"affine": start.affine, "outer": start.outer} | {name: part}
                ends.append(risk(TimeNetwork(**parts)))
            gradient = (ends[0] - ends[1]) / (2.0 * h)
            # Rounding of the risk, 1e-16, over the width 1e-5, times the step.
            assert moved[place] == pytest.approx(-rate * gradient, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_an_interrupted_run_is_the_same_run(dtype: type) -> None:
    start, setting = random_time_network(30, 2, rng=np.random.default_rng(0), dtype=dtype), task(2)
    whole = train_time_network(start, setting, 12)
    state = start
    for steps in (1, 0, 5, 6):
        state = restore_time_network(stored_time_network(train_time_network(state, setting, steps)))
    assert state.affine.dtype == dtype
    assert state.steps == 12
    np.testing.assert_array_equal(state.affine, whole.affine)
    np.testing.assert_array_equal(state.outer, whole.outer)
    other = train_time_network(start, task(2, seed=1), 12)
    assert (other.outer != whole.outer).any()


def test_training_fits_the_noise_and_single_precision_does_no_harm() -> None:
    setting, risks = task(2, batch=200, choices=NOTEBOOK), []
    times, points, noise = draw_time_batch(task(2, batch=2000, name="test"), 0)
    for dtype in (np.float64, np.float32):
        start = random_time_network(200, 2, rng=np.random.default_rng(0), dtype=dtype)
        for network in (start, train_time_network(start, setting, 300)):
            gap = evaluate_time_network(network, times, points) - noise
            risks.append(float((gap**2).sum(axis=1).mean()))
    assert risks[1] < 0.5 * risks[0]
    # Three hundred steps of rounding 6e-8; a wrong sign or mask would change the first digits.
    assert risks[3] == pytest.approx(risks[1], rel=1e-4)


@pytest.mark.parametrize("weighting", list(TimeWeighting))
def test_times_are_drawn_with_their_probabilities(weighting: TimeWeighting) -> None:
    schedule = noise_schedule(count=10, weighting=weighting)
    times, points, noise = draw_time_batch(
        task(1, schedule=schedule, batch=20_000, data=np.zeros((2, 1))), 0
    )
    shares = (times[:, None] == schedule.times).mean(axis=0)
    spread = np.sqrt(schedule.probability * (1 - schedule.probability) / times.size)
    assert (np.abs(shares - schedule.probability) < 5 * spread).all()
    assert np.isin(times, schedule.times).all()
    sigma = schedule.sigma[schedule.times.searchsorted(times)]
    np.testing.assert_allclose(points[:, 0], sigma * noise[:, 0], rtol=1e-15)


def test_data_are_shrunk_by_the_factor_of_their_time() -> None:
    quiet = NoiseSchedule(
        times=np.array([0.2, 0.7]),
        mu=np.array([0.5, 0.25]),
        sigma=np.full(2, 1e-9),
        probability=np.array([0.4, 0.6]),
    )
    setting = task(1, data=np.array([[8.0], [-4.0]]), schedule=quiet, batch=200)
    times, points, _ = draw_time_batch(setting, 0)
    wanted = {(0.2, 4.0), (0.2, -2.0), (0.7, 2.0), (0.7, -1.0)}
    seen = zip(times.tolist(), points[:, 0].round(6).tolist(), strict=True)
    assert set(seen) == wanted


def test_schedules_are_the_papers_and_the_notebooks() -> None:
    assert SCHEDULE.times.shape == (100,)
    np.testing.assert_allclose(SCHEDULE.mu**2 + SCHEDULE.sigma**2, 1.0, rtol=1e-15)
    code = noise_schedule(
        start=0.05, marginal=Marginal.NOTEBOOK, weighting=TimeWeighting.INVERSE_SIGMA
    )
    # exp(-2t) beside sigma^2 = 1 - exp(-2t): mu^2 + sigma^2 stays below 1.
    assert (code.mu**2 + code.sigma**2 < 1.0).all()
    assert code.probability[0] > code.probability[-1]
    assert SCHEDULE.probability[0] < SCHEDULE.probability[-1]
    ratio = SCHEDULE.probability / SCHEDULE.sigma
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-13)


def test_a_balanced_batch_holds_each_datum_equally_often() -> None:
    still = NoiseSchedule(
        times=np.array([0.5]), mu=np.ones(1), sigma=np.array([1e-9]), probability=np.ones(1)
    )
    choices = TrainingChoices(composition=Composition.BALANCED)
    setting = task(1, data=np.arange(7.0)[:, None], schedule=still, choices=choices)
    _, points, _ = draw_time_batch(setting, 0)
    counts = np.bincount(points[:, 0].round().astype(int), minlength=7)
    assert sorted(counts) == [4, 4, 4, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": np.zeros((5, 3))}, "data had 3 columns"),
        ({"batch": 0}, "batch was 0"),
        ({"learning_rate": 0.0}, "learning_rate was 0.0"),
        ({"data": np.full((5, 2), np.inf)}, "data"),
    ],
)
def test_bad_tasks_are_refused(changes: dict[str, object], message: str) -> None:
    network = random_time_network(5, 2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match=message):
        train_time_network(network, task(2, **changes), 1)


def test_other_bad_input_is_refused() -> None:
    network = random_time_network(5, 2, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="t had shape"):
        evaluate_time_network(network, [0.1, 0.2, 0.3], np.zeros((2, 2)))
    with pytest.raises(ValueError, match="x had shape"):
        evaluate_time_network(network, 0.1, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="start was 1"):
        noise_schedule(start=1.0, end=1.0)
    with pytest.raises(ValueError, match="count was 1"):
        noise_schedule(count=1)
