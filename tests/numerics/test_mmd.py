"""Maximum mean discrepancy against brute force, its limits, and Gaussian laws in closed form."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numerics.mmd import (
    Estimator,
    gaussian_mmd_squared,
    mean_kernel,
    mean_kernel_within,
    mmd_squared,
    mmd_squared_to_gaussian,
)
from numerics.validation import FloatArray


def plain(a: FloatArray, b: FloatArray, width: float, estimator: Estimator) -> float:
    """All pairs, one by one, summed without rounding."""

    def mean(u: FloatArray, v: FloatArray, *, same: bool) -> float:
        terms = [
            math.exp(-math.fsum((p - q) ** 2 for p, q in zip(s, t, strict=True)) / (2 * width**2))
            for i, s in enumerate(u.tolist())
            for j, t in enumerate(v.tolist())
            if not (same and i == j)
        ]
        return math.fsum(terms) / len(terms)

    alone = estimator == "unbiased"
    return mean(a, a, same=alone) + mean(b, b, same=alone) - 2 * mean(a, b, same=False)


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(2, 20),
    other=st.integers(2, 20),
    dimension=st.integers(1, 7),
    width=st.floats(1e-4, 1e4),
    far=st.floats(0, 1e6),
)
@example(seed=1, size=2, other=2, dimension=1, width=1e-4, far=1e6)
def test_against_all_pairs_one_by_one(
    seed: int, size: int, other: int, dimension: int, width: float, far: float
) -> None:
    rng = np.random.default_rng(seed)
    a = far + rng.normal(size=(size, dimension))
    b = far + rng.normal(size=(other, dimension))
    b[0] = a[0] + width / 3
    for estimator in ("biased", "unbiased"):
        got = mmd_squared(a, b, bandwidth=width, estimator=estimator)
        # Moving the origin rounds the points by far * 2^-53, hence the exponents by this.
        moved = 4 * dimension * far * 2.0**-53 / width
        assert abs(got - plain(a, b, width, estimator)) <= 1e-10 + moved


@pytest.mark.parametrize("sizes", [(512, 512), (513, 1), (1024, 700), (1025, 1537)])
def test_blocks_cover_every_pair_once(sizes: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(sizes[0], 2))
    b = rng.normal(size=(max(2, sizes[1]), 2))
    everything = np.exp(-((a[:, None] - b) ** 2).sum(axis=2) / 2)
    # Sums of at most 2e6 numbers in [0, 1], pairwise.
    assert abs(mean_kernel(a, b, bandwidth=1.0) - everything.mean()) < 1e-14
    square = np.exp(-((a[:, None] - a) ** 2).sum(axis=2) / 2)
    assert abs(mean_kernel_within(a, bandwidth=1.0, estimator="biased") - square.mean()) < 1e-14


def test_small_bandwidth_in_many_dimensions_is_as_exact_as_differences() -> None:
    """The Gram product alone is off by 1e-3 here: points at distance 1e7 bandwidths."""
    rng = np.random.default_rng(5)
    a = rng.normal(size=(40, 30))
    b = np.vstack((a[:20] + 1e-7, rng.normal(size=(20, 30))))
    assert abs(mmd_squared(a, b, bandwidth=1e-6) - plain(a, b, 1e-6, "unbiased")) < 1e-10


def test_limits_in_the_bandwidth() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(6, 3)), 1.0 + rng.normal(size=(4, 3))
    # Points apart: only a point with itself counts.
    small = mmd_squared(a, b, bandwidth=1e-3, estimator="biased")
    assert small == pytest.approx(1 / 6 + 1 / 4, rel=1e-15)  # two roundings
    assert mmd_squared(a, b, bandwidth=1e-3) == 0.0
    # Wide kernel: (difference of the means)^2 / h^2 to relative order 1/h^2, cancelling to 1e-16.
    gap = a.mean(axis=0) - b.mean(axis=0)
    wide = mmd_squared(a, b, bandwidth=1e4, estimator="biased")
    assert wide * 1e8 == pytest.approx(float(gap @ gap), rel=1e-6)


def test_symmetries() -> None:
    rng = np.random.default_rng(11)
    a, b = rng.normal(size=(30, 4)), 0.3 + rng.normal(size=(20, 4))
    turn = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    value = mmd_squared(a, b, bandwidth=0.7)
    # All are the same number up to rounding of means of at most 900 kernel values.
    assert mmd_squared(b, a, bandwidth=0.7) == pytest.approx(value, abs=1e-15)
    assert mmd_squared(a @ turn, b @ turn, bandwidth=0.7) == pytest.approx(value, abs=1e-14)
    assert mmd_squared(3 * a, 3 * b, bandwidth=2.1) == pytest.approx(value, abs=1e-14)
    assert mmd_squared(a[::-1] + 5, b + 5, bandwidth=0.7) == pytest.approx(value, abs=1e-14)
    assert mmd_squared(a, a, bandwidth=0.7, estimator="biased") == pytest.approx(0, abs=1e-15)
    assert mmd_squared(a, b, bandwidth=0.7, estimator="biased") > 0


def test_unbiased_estimator_has_the_closed_form_as_its_mean() -> None:
    rng = np.random.default_rng(13)
    factor = np.array([[1.0, 0.0], [0.6, 0.5]])
    shift, covariance = np.array([0.4, -0.2]), factor @ factor.T
    values, to_law, biased = [], [], []
    for _ in range(400):
        a, b = rng.normal(size=(25, 2)), shift + rng.normal(size=(20, 2)) @ factor.T
        values.append(mmd_squared(a, b, bandwidth=1.3))
        to_law.append(mmd_squared_to_gaussian(a, shift, covariance, bandwidth=1.3))
        biased.append(
            mmd_squared_to_gaussian(a, shift, covariance, bandwidth=1.3, estimator="biased")
        )
    exact = gaussian_mmd_squared([0, 0], np.eye(2), shift, covariance, bandwidth=1.3)
    for estimates in (values, to_law):
        error = np.std(estimates) / np.sqrt(400)
        assert error < 0.1 * exact  # the test can tell the value from one a third off
        assert abs(np.mean(estimates) - exact) < 4 * error  # fails once in 16 000 seeds
    # The pairs of a point with itself add (1 - E k)/N.
    within = 1 / np.sqrt(np.linalg.det(np.eye(2) + 2 * np.eye(2) / 1.3**2))
    assert np.mean(biased) - np.mean(to_law) == pytest.approx((1 - within) / 25, rel=0.02)


def test_singular_covariance_is_a_law_on_a_subspace() -> None:
    rng = np.random.default_rng(17)
    a = rng.normal(size=(10, 3))
    line = np.array([1.0, 2.0, -1.0])
    got = mmd_squared_to_gaussian(a, np.zeros(3), np.outer(line, line), bandwidth=1.0)
    # Gauss-Hermite along the line: exact to rounding for a kernel this smooth.
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    kernel = np.exp(-((a[:, None] - nodes[:, None] * line) ** 2).sum(axis=2) / 2)
    both = np.exp(-((nodes[:, None] - nodes) ** 2) * (line @ line) / 2)
    expected = mean_kernel_within(a, bandwidth=1.0) + weights @ both @ weights
    # 80 nodes resolve exp(-3 z^2) against the normal weight to 1e-8.
    assert got == pytest.approx(expected - 2 * (kernel @ weights).mean(), abs=1e-7)
    point = mmd_squared_to_gaussian(a, np.zeros(3), np.zeros((3, 3)), bandwidth=1.0)
    twice = mmd_squared(a, np.zeros((2, 3)), bandwidth=1.0)
    assert point == pytest.approx(twice, abs=1e-15)  # the law of one point is a repeated point


def test_memory_is_bounded_by_blocks() -> None:
    rng = np.random.default_rng(19)
    a, b = rng.normal(size=(4000, 2)), rng.normal(size=(4000, 2))
    tracemalloc.start()
    mmd_squared(a, b, bandwidth=1.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8e6  # all pairs at once would take 128 MB


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"bandwidth": 0.0}, "bandwidth was 0.0"),
        ({"bandwidth": math.nan}, "bandwidth was nan"),
        ({"a": [[1.0, 2.0]]}, "a had 1 point"),
        ({"b": [[1.0], [2.0]]}, "b had shape"),
        ({"a": [[1.0, math.inf], [0.0, 0.0]]}, r"a\[0, 1\] was inf"),
        ({"estimator": "plugin"}, "estimator was 'plugin'"),
    ],
)
def test_bad_input(wrong: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"a": np.eye(2), "b": np.eye(2), "bandwidth": 1.0, **wrong}
    with pytest.raises(ValueError, match=message):
        mmd_squared(**arguments)  # type: ignore[arg-type]


def test_bad_laws() -> None:
    points = np.eye(2)
    with pytest.raises(ValueError, match="eigenvalue -1"):
        mmd_squared_to_gaussian(points, [0, 0], [[0, 1], [1, 0]], bandwidth=1.0)
    with pytest.raises(ValueError, match="covariance had shape"):
        mmd_squared_to_gaussian(points, [0, 0], np.eye(3), bandwidth=1.0)
    with pytest.raises(ValueError, match="mean_2 had shape"):
        gaussian_mmd_squared([0, 0], np.eye(2), [0], np.eye(2), bandwidth=1.0)
