"""Training of stacks: gradients, independence of the members, resumption, and the open choices."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from numerics.experimental_hessian import experimental_hessian
from numerics.mixture_tails import noised_sample
from numerics.noised_batches import BLOCK_STEPS, draw_block
from numerics.random_streams import named_stream, stream_key
from numerics.relu_step import descend, step_buffers
from numerics.sgd import ScoreTask, train_networks
from numerics.stacked_network import (
    NetworkStack,
    evaluate_member,
    inactive_share,
    kink_network,
    random_networks,
    restore_networks,
    stored_networks,
    theoretical_networks,
)
from numerics.training_choices import (
    NOTEBOOK,
    PAPER,
    PRINTED,
    Composition,
    StepScaling,
    TrainingChoices,
)

Floats = NDArray[np.float64]


def task(members: int, dimension: int, **changes: object) -> ScoreTask:
    data = np.stack(
        [named_stream(k, "data").standard_normal((6, dimension)) for k in range(members)]
    )
    given: dict[str, object] = {
        "data": data,
        "mu": [0.8, 0.9, 0.95][:members],
        "sigma": [0.6, 0.4, 0.5][:members],
        "learning_rate": [0.1, 0.05, 0.2][:members],
        "seeds": list(range(members)),
        "batch": 10,
    }
    return ScoreTask(**(given | changes))  # type: ignore[arg-type]


def batch_risk(
    affine: Floats, outer: Floats, points: Floats, targets: Floats, factor: float
) -> np.longdouble:
    """The definition in extended precision: central differences lose half the digits."""
    total = np.longdouble(0)
    wide, weights = affine.astype(np.longdouble), outer.astype(np.longdouble)
    for point, target in zip(points, targets, strict=True):
        signed = point.astype(np.longdouble) @ wide[:-1] + wide[-1]
        value = weights @ np.maximum(signed, 0) / affine.shape[1]
        total += ((value - target) ** 2).sum()
    return np.longdouble(factor) * total


def central_differences(function: Callable[[Floats], float | np.longdouble], at: Floats) -> Floats:
    out, width = np.empty(at.size), 1e-6
    for k in range(at.size):
        up, down = at.copy(), at.copy()
        up[k] += width
        down[k] -= width
        out[k] = (function(up) - function(down)) / (2.0 * width)
    return out


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize(
    "choices", [PAPER, NOTEBOOK, PRINTED, TrainingChoices(scaling=StepScaling.PLAIN)]
)
def test_a_step_is_minus_the_gradient(dimension: int, choices: TrainingChoices) -> None:
    width, setting = 6, task(1, dimension, choices=choices)
    start = random_networks([0], width=width, dimension=dimension)
    start = NetworkStack(affine=start.affine + 0.1, outer=start.outer, steps=BLOCK_STEPS + 3)
    points, targets = draw_block(
        stream_key(0, "batch"),
        1,
        setting.data[0],
        mu=0.8,
        sigma=0.6,
        batch=10,
        composition=choices.composition,
    )
    factor = {PAPER: 0.1, NOTEBOOK: 0.1 / dimension, PRINTED: 1.0}.get(choices, 0.1)
    cut = start.affine[0].size

    def risk(theta: Floats) -> np.longdouble:
        affine = theta[:cut].reshape(start.affine[0].shape)
        outer = theta[cut:].reshape(start.outer[0].shape)
        return batch_risk(affine, outer, points[3], targets[3], factor)

    theta = np.concatenate((start.affine[0].ravel(), start.outer[0].ravel()))
    gradient = central_differences(risk, theta)
    after = train_networks(start, setting, 1)
    moved = np.concatenate((after.affine[0].ravel(), after.outer[0].ravel())) - theta
    step = 0.1 * (1 if choices.scaling is StepScaling.PLAIN else width)
    assert np.abs(gradient).max() > 1e-3
    # Central differences of width 1e-6: truncation 1e-12, rounding 1e-16 / 1e-6.
    np.testing.assert_allclose(moved, -step * gradient, rtol=1e-7, atol=1e-9)


def test_the_expected_step_is_the_exact_gradient() -> None:
    width, x, mu, sigma = 15, np.array([-1.0, 0.2, 1.5]), 0.8, 0.6
    stack = random_networks([3], width=width, dimension=1)
    stack.affine[0, 1] = 0.5 * named_stream(0, "bias").standard_normal(width)
    nodes = 40_000
    # Midpoints of equal probability: an average over them is one over the noise up to the tails.
    noise = ndtri((np.arange(nodes) + 0.5) / nodes)
    points = (mu * x[:, None] + sigma * noise).ravel()
    targets = np.tile(-noise / sigma, x.size)
    affine, outer = stack.affine[0].copy(), stack.outer[0].copy()
    inputs = np.stack((-points, np.full(points.size, -1.0)), axis=1)
    descend(
        affine,
        outer,
        inputs,
        targets[:, None],
        factor=1.0 / points.size,
        buffers=step_buffers(affine, outer, batch=points.size, rows=1000),
    )
    moved = np.concatenate(((affine - stack.affine[0]).ravel(), (outer - stack.outer[0]).ravel()))
    exact = experimental_hessian(stack, 0, noised_sample(x, mu, sigma)).gradient
    # What lies beyond the outermost of 40 000 midpoints, times a quadratic: 2e-4.
    np.testing.assert_allclose(moved / -width, exact, rtol=0.0, atol=3e-4 * np.abs(exact).max())


def test_the_average_step_over_draws_is_the_exact_gradient() -> None:
    width, repeats = 10, 40 * BLOCK_STEPS
    stack = random_networks([1], width=width, dimension=1)
    stack.affine[0, 1] = 0.3
    setting = task(1, 1, learning_rate=[1e-9], batch=50)
    # At this learning rate the network stands still: the sum of the steps is their average.
    after = train_networks(stack, setting, repeats)
    moved = np.concatenate(
        ((after.affine - stack.affine).ravel(), (after.outer - stack.outer).ravel())
    )
    x = setting.data[0, :, 0]
    exact = experimental_hessian(stack, 0, noised_sample(x, 0.8, 0.6)).gradient
    got = moved / (-width * 1e-9 * repeats)
    # 128 000 draws of a quantity with a spread of a few times its mean: 1 % of the largest entry.
    np.testing.assert_allclose(got, exact, rtol=0.0, atol=0.03 * np.abs(exact).max())


def test_the_exact_gradient_is_that_of_the_exact_risk() -> None:
    stack, sample = (
        random_networks([5], width=8, dimension=1),
        noised_sample([-1, 0.3, 2], 0.8, 0.5),
    )
    stack.affine[0, 1] = 0.4
    theta = np.concatenate((stack.affine.ravel(), stack.outer.ravel())).astype(np.float64)

    def risk(at: Floats) -> float:
        moved = NetworkStack(affine=at[:16].reshape(1, 2, 8), outer=at[16:].reshape(1, 1, 8))
        return experimental_hessian(moved, 0, sample).risk

    gradient = experimental_hessian(stack, 0, sample).gradient
    # Width 1e-6: rounding of the risk, 1e-15, over the width.
    np.testing.assert_allclose(gradient, central_differences(risk, theta), rtol=0.0, atol=1e-8)


@pytest.mark.parametrize(("dimension", "precision"), [(1, "f8"), (3, "f8"), (3, "f4")])
def test_a_member_does_not_depend_on_the_rest_of_the_stack(dimension: int, precision: str) -> None:
    stack = random_networks([0, 1, 2], width=30, dimension=dimension, dtype=precision)
    whole = train_networks(stack, task(3, dimension), 70)
    assert whole.affine.dtype == np.dtype(precision)
    for k in range(3):
        full = task(3, dimension)
        part = task(
            1,
            dimension,
            data=full.data[k : k + 1],
            mu=full.mu[k : k + 1],
            sigma=full.sigma[k : k + 1],
            learning_rate=full.learning_rate[k : k + 1],
            seeds=[k],
        )
        alone = train_networks(stack.member(k), part, 70)
        np.testing.assert_array_equal(alone.affine[0], whole.affine[k])
        np.testing.assert_array_equal(alone.outer[0], whole.outer[k])


@pytest.mark.parametrize("dimension", [1, 2])
def test_an_interrupted_run_is_the_same_run(dimension: int) -> None:
    stack, setting = random_networks([0, 1], width=25, dimension=dimension), task(2, dimension)
    whole = train_networks(stack, setting, 150)
    state = stack
    for steps in (1, 62, 1, 0, 65, 21):
        state = restore_networks(stored_networks(train_networks(state, setting, steps)))
    assert state.steps == whole.steps == 150
    np.testing.assert_array_equal(state.affine, whole.affine)
    np.testing.assert_array_equal(state.outer, whole.outer)


def test_training_leaves_its_start_alone_and_lowers_the_risk() -> None:
    stack, sample = random_networks([0], width=100, dimension=1), noised_sample([-1, 1], 0.8, 0.6)
    before = stack.outer.copy()
    setting = task(1, 1, data=np.array([[[-1.0], [1.0]]]), batch=50)
    after = train_networks(stack, setting, 300)
    np.testing.assert_array_equal(stack.outer, before)
    risks = [experimental_hessian(net, 0, sample).risk for net in (stack, after)]
    assert risks[1] < 0.5 * risks[0]


def test_the_theoretical_class_keeps_its_inner_weights() -> None:
    stack = theoretical_networks([0, 1], width=40)
    after = train_networks(stack, task(2, 1, train_inner=False), 50)
    np.testing.assert_array_equal(after.affine[:, 0], stack.affine[:, 0])
    assert (after.affine[:, 1] != stack.affine[:, 1]).any()


def test_a_balanced_batch_holds_each_datum_equally_often() -> None:
    data = np.arange(7.0)[:, None]
    points, _ = draw_block(
        (1,), 0, data, mu=1.0, sigma=1e-9, batch=17, composition=Composition.BALANCED
    )
    counts = np.stack(
        [np.bincount(step, minlength=7) for step in points[..., 0].round().astype(int)]
    )
    assert counts.shape == (BLOCK_STEPS, 7)
    assert ((counts == 2) | (counts == 3)).all()
    # Each datum is among the three extra ones in 3/7 of the steps; 64 steps, four deviations.
    assert (np.abs((counts == 3).mean(axis=0) - 3 / 7) < 4 * np.sqrt(3 / 7 * 4 / 7 / 64)).all()
    mixed, _ = draw_block(
        (1,), 0, data, mu=1.0, sigma=1e-9, batch=17, composition=Composition.REPLACEMENT
    )
    assert not (np.abs(np.sort(mixed[..., 0]) - np.sort(points[..., 0])) < 0.5).all()


def test_the_noise_is_what_the_target_says() -> None:
    data = named_stream(0, "data").standard_normal((5, 2))
    points, targets = draw_block(
        (2,), 3, data, mu=0.8, sigma=0.5, batch=40, composition=Composition.REPLACEMENT
    )
    clean = points + 0.25 * targets  # Y + sigma^2 t = mu x
    nearest = np.abs(clean[..., None, :] - 0.8 * data).max(axis=-1).min(axis=-1)
    assert nearest.max() < 1e-12
    # 5 120 standard normal numbers: the variance is 1 to within 5 deviations.
    assert abs((0.5 * targets).var() - 1.0) < 5 * np.sqrt(2 / targets.size)


def test_streams_are_told_apart_by_every_word() -> None:
    names: list[tuple[str | int, ...]] = [("a",), ("a", 0), ("a", "0"), ("a0",), (), ("b",)]
    keys = {stream_key(seed, *name) for seed in (0, 1) for name in names}
    assert len(keys) == 2 * len(names)


def test_a_network_on_the_line_is_a_sum_of_kinks() -> None:
    from numerics.relu_network import evaluate

    stack = random_networks([0], width=50, dimension=1)
    stack.affine[0, 1] = named_stream(0, "bias").standard_normal(50)
    y = np.linspace(-3.0, 3.0, 601)
    network, size = kink_network(stack, 0)
    assert (size > 0.0).all()
    want = evaluate_member(stack, 0, y[:, None])[:, 0]
    np.testing.assert_allclose(evaluate(network, y), want, rtol=0.0, atol=1e-14)  # sums of 50 terms


def test_neurons_that_are_off_at_all_data_are_counted_and_stand_still() -> None:
    stack = random_networks([0], width=40, dimension=1)
    # Their inner weights are below 8/3 in size, so that they are off where abs(y) <= 1.5.
    stack.affine[0, 1, :13] = -4.0
    y = np.linspace(-1.5, 1.5, 301)[:, None]
    off = [
        k
        for k in range(40)
        if all(stack.affine[0, 0, k] * p + stack.affine[0, 1, k] <= 0 for p in y[:, 0])
    ]
    assert inactive_share(stack, 0, y) == pytest.approx(len(off) / 40)
    assert set(range(13)) <= set(off)
    setting = task(1, 1, data=np.array([[[-0.5], [0.5]]]), sigma=[0.05])
    after = train_networks(stack, setting, 30)
    np.testing.assert_array_equal(after.affine[0, :, :13], stack.affine[0, :, :13])
    assert (after.affine[0, :, 13:] != stack.affine[0, :, 13:]).any()


def test_a_diverged_member_is_not_finite_and_harms_nobody() -> None:
    stack = random_networks([0, 1], width=50, dimension=1)
    wild = train_networks(stack, task(2, 1, learning_rate=[1e3, 0.05]), 100)
    calm = train_networks(stack, task(2, 1, learning_rate=[1e-3, 0.05]), 100)
    assert not np.isfinite(wild.outer[0]).all()
    np.testing.assert_array_equal(wild.outer[1], calm.outer[1])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data": np.zeros((2, 4, 2))}, "data had shape"),
        ({"data": np.full((2, 4, 1), np.nan)}, "data"),
        ({"mu": [0.8]}, "mu had 1 entries"),
        ({"mu": [0.8, 1.2]}, "mu was 1.2"),
        ({"sigma": [0.8, 0.0]}, "sigma was 0.0"),
        ({"learning_rate": [0.8, -1.0]}, "learning_rate was -1.0"),
        ({"seeds": [0]}, "seeds had 1 entries"),
        ({"batch": 0}, "batch was 0"),
    ],
)
def test_bad_tasks_are_refused_in_one_line(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        train_networks(random_networks([0, 1], width=5, dimension=1), task(2, 1, **changes), 1)
    assert "\n" not in str(caught.value)


def test_other_bad_input_is_refused() -> None:
    stack = random_networks([0], width=5, dimension=2)
    with pytest.raises(ValueError, match="steps was -1"):
        train_networks(stack, task(1, 2), -1)
    with pytest.raises(ValueError, match="train_inner"):
        train_networks(stack, task(1, 2, train_inner=False), 1)
    with pytest.raises(ValueError, match="d = 1"):
        kink_network(stack, 0)
    with pytest.raises(ValueError, match="inner_variance"):
        random_networks([0], width=5, dimension=2, inner_variance=0.0)
    with pytest.raises(ValueError, match="y had shape"):
        evaluate_member(stack, 0, np.zeros((3, 5)))
    with pytest.raises(ValueError, match="seed was -1"):
        named_stream(-1)
