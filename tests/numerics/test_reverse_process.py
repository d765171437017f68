"""Forward and backward samplers: exact recursions, convergence orders, memorization."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from numerics.forward_process import sample_forward
from numerics.nearest_neighbour import memorized_share, nearest_two
from numerics.noise_schedule import Marginal
from numerics.reverse_moments import reverse_moments
from numerics.reverse_process import ReverseScheme, sample_reverse
from numerics.sampling_steps import sampler_moments
from numerics.score_functions import (
    Score,
    empirical_score_function,
    gaussian_score_function,
    marginal_coefficients,
    network_score_function,
)
from numerics.time_network import random_time_network
from numerics.validation import FloatArray

MEAN = np.array([1.0, -0.5])
COVARIANCE = np.array([[4.0, 1.0], [1.0, 0.5]])
SCHEMES = list(ReverseScheme)


def noised(time: float, marginal: Marginal = Marginal.PRINTED) -> tuple[FloatArray, FloatArray]:
    mu, sigma = marginal_coefficients(time, marginal=marginal)
    return mu * MEAN, mu**2 * COVARIANCE + sigma**2 * np.eye(2)


@pytest.mark.parametrize("marginal", list(Marginal))
def test_gaussian_score_is_the_gradient_of_the_log_density(marginal: Marginal) -> None:
    score = gaussian_score_function(MEAN, COVARIANCE, marginal=marginal)
    centre, spread = noised(0.3, marginal)

    def log_density(y: FloatArray) -> float:
        return float(-0.5 * (y - centre) @ np.linalg.solve(spread, y - centre))

    point = np.array([0.7, 0.2])
    steps = 1e-5 * np.eye(2)
    slope = [(log_density(point + e) - log_density(point - e)) / 2e-5 for e in steps]
    # Central differences: rounding 1e-16 / 1e-5 of a function of order 1.
    assert score(0.3, point[None])[0] == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize(("n", "d"), [(2, 1), (7, 2), (64, 5), (65, 5), (10, 200)])
@pytest.mark.parametrize("marginal", list(Marginal))
def test_empirical_score_function_weighs_all_data(n: int, d: int, marginal: Marginal) -> None:
    rng = np.random.default_rng(n)
    x = 5.0 + 2.0 * rng.normal(size=(n, d))
    mu, sigma = marginal_coefficients(0.4, marginal=marginal)
    y = mu * x[rng.integers(n, size=50)] + sigma * rng.normal(size=(50, d))
    y[:10] = mu * (x[0] + x[1]) / 2
    gap = mu * x - y[:, None]
    exponent = -(gap**2).sum(axis=2) / (2 * sigma**2)
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    expected = (weight[:, :, None] * gap).sum(axis=1) / sigma**2
    got = empirical_score_function(x, marginal=marginal)(0.4, y)
    assert got.shape == y.shape
    # Weights rounded to 1e-13 by exponents of a few hundred.
    assert np.abs(got - expected).max() <= 1e-12 * np.abs(gap).max() / sigma**2


def test_close_data_beside_a_far_one_are_weighed_carefully() -> None:
    """Gram products alone would be off by 1e-16 * 1e10 / 2e-8 here, and weigh at random."""
    x = np.array([[0.0, 0.0], [1e-3, 0.0], [1e5, 0.0]])
    mu, sigma = marginal_coefficients(1e-8)
    y = np.array([[0.5e-3 * mu + 1e-6, 0.0]])
    got = empirical_score_function(x)(1e-8, y)[0, 0]
    # The weights of the two near data are logistic in y.
    z = (y[0, 0] - 0.5e-3 * mu) * 1e-3 * mu / sigma**2
    expected = (1e-3 * mu / (1 + np.exp(-z)) - y[0, 0]) / sigma**2
    # z and the two terms of the score, 2.5e4 each, are rounded.
    assert got == pytest.approx(expected, abs=1e-9)


def test_network_score_is_minus_the_predicted_noise_over_sigma() -> None:
    network = random_time_network(30, 3, rng=np.random.default_rng(0))
    y = np.random.default_rng(1).normal(size=(4, 3))
    sigma = float(np.sqrt(1 - np.exp(-0.6)))
    inputs = np.column_stack((np.full(4, 0.3), y, np.ones(4)))
    hidden = np.maximum(inputs @ np.asarray(network.affine), 0.0)
    expected = -(hidden @ np.asarray(network.outer).T) / 30 / sigma
    assert network_score_function(network)(0.3, y) == pytest.approx(expected, rel=1e-12)


def test_forward_moments_and_semigroup() -> None:
    rng = np.random.default_rng(5)
    start = np.tile([[2.0, -1.0]], (40_000, 1))
    for steps in (1, 3):
        end = sample_forward(start, time=0.7, rng=rng, steps=steps)
        mu, sigma = marginal_coefficients(0.7)
        # Five standard errors of means of 40 000 draws.
        assert np.abs(end.mean(axis=0) - mu * start[0]).max() < 5 * sigma / 200
        assert np.abs(end.std(axis=0) / sigma - 1).max() < 5 / np.sqrt(2 * 40_000)
    first, second = (end - end.mean(axis=0)).T
    assert abs(float((first * second).mean())) < 5 * sigma**2 / 200


def test_forward_euler_step_by_hand() -> None:
    x = np.array([[1.0], [2.0]])
    noise = np.random.default_rng(1).standard_normal((2, 1))
    got = sample_forward(x, time=0.1, rng=np.random.default_rng(1), scheme="euler-maruyama")
    assert got == pytest.approx(0.9 * x + np.sqrt(0.2) * noise, rel=1e-15)
    assert x.tolist() == [[1.0], [2.0]]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_steps_are_the_affine_maps_of_the_recursion(scheme: ReverseScheme) -> None:
    """With the same noise the difference of two paths moves by the gain alone, to rounding."""
    times = np.array([1.0, 0.8, 0.5, 0.45])
    score = gaussian_score_function(MEAN, COVARIANCE)
    ends = [
        sample_reverse(
            start[None], score, times=times, scheme=scheme, rng=np.random.default_rng(3)
        )[0]
        for start in (np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    ]
    gain = np.column_stack((ends[1] - ends[0], ends[2] - ends[0]))
    spread = np.array([[2.0, 0.3], [0.3, 1.0]])

    def moments(start_covariance: FloatArray) -> tuple[FloatArray, FloatArray]:
        return reverse_moments(
            MEAN,
            COVARIANCE,
            start_mean=[0.0, 0.0],
            start_covariance=start_covariance,
            times=times,
            scheme=scheme,
        )

    centre, noise = moments(np.zeros((2, 2)))
    assert moments(spread)[1] - noise == pytest.approx(gain @ spread @ gain.T, rel=1e-12)
    if not scheme.stochastic:
        assert ends[0] == pytest.approx(centre, rel=1e-12)
        assert not noise.any()


@pytest.mark.parametrize("scheme", SCHEMES[:2])
def test_mean_and_covariance_of_many_paths(scheme: ReverseScheme) -> None:
    rng = np.random.default_rng(7)
    count, times = 40_000, np.linspace(1.0, 0.1, 7)
    start = rng.standard_normal((count, 2))
    ends = sample_reverse(
        start, gaussian_score_function(MEAN, COVARIANCE), times=times, scheme=scheme, rng=rng
    )
    centre, spread = reverse_moments(
        MEAN,
        COVARIANCE,
        start_mean=[0.0, 0.0],
        start_covariance=np.eye(2),
        times=times,
        scheme=scheme,
    )
    scale = np.sqrt(np.outer(np.diag(spread), np.diag(spread)))
    # Five standard errors: a variance of Gaussian draws has sqrt(2/N).
    assert np.abs((ends.mean(axis=0) - centre) / np.sqrt(np.diag(spread))).max() < 5 / 200
    assert np.abs((np.cov(ends.T) - spread) / scale).max() < 5 * np.sqrt(2 / count)


def test_noise_of_a_step_by_hand() -> None:
    """No score, start at 0: what is left is the noise, and the last may be left out."""

    def silent(_time: float, y: FloatArray) -> FloatArray:
        return np.zeros_like(y)

    xi = np.random.default_rng(2).standard_normal((5, 2))
    scales = {
        ReverseScheme.EULER_MARUYAMA: np.sqrt(0.2),
        ReverseScheme.EXPONENTIAL: np.sqrt(np.exp(0.2) - 1),
    }
    for scheme, scale in scales.items():
        for last_noise in (True, False):
            end = sample_reverse(
                np.zeros((5, 2)),
                silent,
                times=[0.5, 0.4],
                scheme=scheme,
                rng=np.random.default_rng(2),
                last_noise=last_noise,
            )
            assert end == pytest.approx(scale * xi * last_noise, rel=1e-12)


@pytest.mark.parametrize("own", ["em", "euler"])
def test_recursion_agrees_with_the_one_of_the_linear_model(own: str) -> None:
    """Two routes to the same moments: eigenvectors here, matrices there, grids ending at 0."""
    scheme = {"em": ReverseScheme.EULER_MARUYAMA, "euler": ReverseScheme.FLOW_EULER}[own]
    theirs = sampler_moments(
        MEAN,
        COVARIANCE,
        scheme=own,  # type: ignore[arg-type]
        steps=9,
        T=1.3,
        noise_scale=1.0,
    )
    centre, spread = noised(1.3)
    mine = reverse_moments(
        MEAN,
        COVARIANCE,
        start_mean=centre,
        start_covariance=spread,
        times=np.linspace(1.3, 0.0, 10),
        scheme=scheme,
    )
    assert mine[0] == pytest.approx(theirs[0], rel=1e-12)
    assert mine[1] == pytest.approx(theirs[1], rel=1e-12)


@pytest.mark.parametrize(("scheme", "order"), list(zip(SCHEMES, (1, 1, 1, 2), strict=True)))
def test_convergence_order(scheme: ReverseScheme, order: int) -> None:
    start, end = noised(1.0), noised(0.1)
    errors = []
    for steps in (40, 80, 160, 320):
        centre, spread = reverse_moments(
            MEAN,
            COVARIANCE,
            start_mean=start[0],
            start_covariance=start[1],
            times=np.linspace(1.0, 0.1, steps + 1),
            scheme=scheme,
        )
        errors.append((np.abs(centre - end[0]).max(), np.abs(spread - end[1]).max()))
    for coarse, fine in pairwise(errors):
        # Next order: a relative change of a few steps' length.
        assert np.log2(coarse[1] / fine[1]) == pytest.approx(order, abs=0.15)
        if scheme is not ReverseScheme.EXPONENTIAL:
            assert np.log2(coarse[0] / fine[0]) == pytest.approx(order, abs=0.15)
    assert errors[-1][1] < 0.03
    if scheme is ReverseScheme.EXPONENTIAL:
        # At the mean the score is 0, and exp(h) undoes the contraction: rounding of 320 steps.
        assert max(error[0] for error in errors) < 1e-13


def test_notebook_marginal_is_not_reached_by_this_reverse_process() -> None:
    """The score of mu = exp(-2t) in the reverse of the other process: no step size mends it."""
    start = noised(1.0, Marginal.NOTEBOOK)
    for steps in (100, 1600):
        _, spread = reverse_moments(
            MEAN,
            COVARIANCE,
            start_mean=start[0],
            start_covariance=start[1],
            times=np.linspace(1.0, 0.05, steps + 1),
            marginal=Marginal.NOTEBOOK,
        )
        reached = spread / noised(0.05, Marginal.NOTEBOOK)[1]
        assert abs(reached[0, 0] - 1) > 0.1


def test_samples_of_the_empirical_score_collapse_to_the_data() -> None:
    rng = np.random.default_rng(11)
    data = np.column_stack((np.arange(10) % 4, np.arange(10) // 4)) - 1.0
    score = empirical_score_function(data)
    distances = []
    for delta in (0.2, 0.02, 0.002):
        # Steps in proportion to the time that is left keep every scheme stable.
        times = np.geomspace(1.0, delta, 60)
        mu, sigma = marginal_coefficients(1.0)
        start = mu * data[rng.integers(10, size=1000)] + sigma * rng.normal(size=(1000, 2))
        ends = sample_reverse(start, score, times=times, scheme=ReverseScheme.EXPONENTIAL, rng=rng)
        found = nearest_two(ends, np.exp(-delta) * data)
        noise = marginal_coefficients(delta)[1]
        distances.append(float(np.sqrt((found.first**2).mean())))
        if delta < 0.01:
            # N(0, sigma^2 I_2) around a point of the data: mean square 2 sigma^2; a tenth is the
            # bias of 60 steps and three errors of 1000 draws.
            assert distances[-1] == pytest.approx(np.sqrt(2) * noise, rel=0.1)
            assert memorized_share(ends, data) > 0.98
            counts = np.bincount(found.index, minlength=10)
            # Each datum is drawn alike: chi-square of 9 degrees, beyond 30 once in 2000 seeds.
            assert ((counts - 100) ** 2 / 100).sum() < 30
    assert distances[0] > 1.2 * distances[1] > 2.4 * distances[2]


def test_flow_of_the_empirical_score_ends_on_the_data() -> None:
    rng = np.random.default_rng(12)
    data = 2.0 * rng.normal(size=(10, 2))
    ends = sample_reverse(
        rng.normal(size=(500, 2)),
        empirical_score_function(data),
        times=np.geomspace(1.0, 1e-6, 200),
        scheme=ReverseScheme.FLOW_HEUN,
    )
    # Within a few sigma = 1.4e-3 of a datum, but for points between two of them.
    assert np.median(nearest_two(ends, data).first) < 5e-3


def test_bad_input() -> None:
    def good(_time: float, y: FloatArray) -> FloatArray:
        return -y

    cases: list[tuple[str, Callable[[], object]]] = [
        ("times did not decrease", lambda: sample_reverse([[0.0]], good, times=[0.1, 1.0])),
        ("times ended at -1", lambda: sample_reverse([[0.0]], good, times=[0.1, -1.0])),
        ("rng was None", lambda: sample_reverse([[0.0]], good, times=[1.0, 0.5])),
        ("start had shape", lambda: sample_reverse([0.0], good, times=[1.0, 0.5])),
        ("scheme was 'em'", lambda: sample_reverse([[0.0]], good, times=[1.0, 0.5], scheme="em")),  # type: ignore[arg-type]
        ("score was", lambda: sample_reverse([[0.0]], 3, times=[1.0, 0.5])),  # type: ignore[arg-type]
        ("score gave shape", lambda: _flow(lambda _t, y: y[:, :1])),
        ("time was 0", lambda: marginal_coefficients(0.0)),
        ("x had 1 point", lambda: empirical_score_function([[0.0]])),
        ("covariance had the eigenvalue -1", lambda: gaussian_score_function([0.0], [[-1.0]])),
        ("mean had shape", lambda: gaussian_score_function([0.0, 1.0], [[1.0]])),
        ("time was -1", lambda: _forward(time=-1.0)),
        ("scheme was 'heun'", lambda: _forward(scheme="heun")),
        ("start_covariance had shape", lambda: _moments(start_covariance=np.eye(3))),
        ("covariance had the eigenvalue", lambda: _moments(covariance=-np.eye(2))),
    ]
    for message, call in cases:
        with pytest.raises(ValueError, match=message):
            call()


def _flow(score: Score) -> object:
    scheme = ReverseScheme.FLOW_EULER
    return sample_reverse([[0.0, 1.0]], score, times=[1.0, 0.5], scheme=scheme)


def _forward(**changed: object) -> object:
    arguments: dict[str, object] = {"time": 1.0, "rng": np.random.default_rng(0), **changed}
    return sample_forward([[0.0]], **arguments)  # type: ignore[arg-type]


def _moments(**changed: object) -> object:
    arguments: dict[str, object] = {
        "mean": MEAN,
        "covariance": COVARIANCE,
        "start_mean": MEAN,
        "start_covariance": np.eye(2),
        "times": [1.0, 0.5],
        **changed,
    }
    return reverse_moments(**arguments)  # type: ignore[arg-type]
