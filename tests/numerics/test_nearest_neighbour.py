"""Nearest and second nearest training points against brute force, ties, duplicates, copies."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import nearest_neighbour
from numerics.nearest_neighbour import memorization_ratio, memorized_share, nearest_two
from numerics.validation import FloatArray


def plain(points: FloatArray, train: FloatArray) -> list[list[tuple[float, int]]]:
    """Sort all distances of each point; ties by the row."""
    return [sorted((math.dist(y, x), i) for i, x in enumerate(train)) for y in points]


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 30),
    size=st.integers(2, 40),
    dimension=st.integers(1, 8),
    far=st.sampled_from([0.0, 1.0, 1e6]),
    close=st.sampled_from([0.0, 1e-9, 0.3]),
)
def test_against_sorting_all_distances(
    seed: int, count: int, size: int, dimension: int, far: float, close: float
) -> None:
    rng = np.random.default_rng(seed)
    train = far * rng.normal(size=dimension) + rng.normal(size=(size, dimension))
    points = train[rng.integers(size, size=count)] + close * rng.normal(size=(count, dimension))
    found = nearest_two(points, train)
    for k, order in enumerate(plain(points, train)):
        # Two roundings of a difference and d of a sum, relative.
        assert found.first[k] == pytest.approx(order[0][0], rel=1e-14)
        assert found.second[k] == pytest.approx(order[1][0], rel=1e-14)
        assert {found.index[k], found.second_index[k]} <= {i for _, i in order}
        assert math.dist(points[k], train[found.index[k]]) == pytest.approx(order[0][0], rel=1e-14)


def test_data_far_from_the_origin_and_close_together_are_told_apart() -> None:
    """The screen alone cannot: its rounding is 1e-4, the squared distances are 1e-8."""
    train = 1e6 * np.array([[1.0, 1.0], [-1.0, -1.0]])
    train = np.vstack((train, train[0] + [1e-4, 0.0], train[0] + [0.0, 3e-4]))
    found = nearest_two(train[:1] + np.array([0.9e-4, 0.0]), train)
    assert (found.index[0], found.second_index[0]) == (2, 0)
    # 1e6 + 1e-4 is off by 6e-11 in double precision.
    assert found.first[0] == pytest.approx(1e-5, rel=1e-4)


def test_blocks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    points, train = rng.normal(size=(101, 3)), rng.normal(size=(40, 3))
    whole = nearest_two(points, train)
    own = nearest_two(train, train, exclude_same_row=True)
    monkeypatch.setattr(nearest_neighbour, "_BLOCK", 100)
    pieces = nearest_two(points, train)
    assert pieces.index.tolist() == whole.index.tolist()
    assert pieces.second.tolist() == whole.second.tolist()
    assert nearest_two(train, train, exclude_same_row=True).first.tolist() == own.first.tolist()


def test_ties_go_to_the_smaller_row() -> None:
    found = nearest_two([[0.0, 0.0]], [[0, 1], [1, 0], [0, -1], [-1, 0]])
    assert (found.index[0], found.second_index[0]) == (0, 1)


def test_repeated_training_points_count() -> None:
    found = nearest_two([[0.5]], [[0.0], [0.0], [9.0]])
    assert found.first.tolist() == found.second.tolist() == [0.5]
    assert memorization_ratio([[0.0]], [[0.0], [0.0]]).tolist() == [1.0]


def test_own_distances_of_a_training_set() -> None:
    train = np.array([[0.0], [1.0], [3.0], [3.5]])
    found = nearest_two(train, train, exclude_same_row=True)
    assert found.first.tolist() == [1.0, 1.0, 0.5, 0.5]
    assert found.second.tolist() == [3.0, 2.0, 2.0, 2.5]


def test_ratio_of_copies_and_its_scale() -> None:
    rng = np.random.default_rng(4)
    train = rng.normal(size=(10, 5))
    assert memorization_ratio(train, train).tolist() == [0.0] * 10
    points = rng.normal(size=(20, 5))
    ratio = memorization_ratio(points, train)
    assert ((ratio > 0) & (ratio <= 1)).all()
    # Scaling by 8 is exact in binary arithmetic.
    assert memorization_ratio(8 * points, 8 * train).tolist() == ratio.tolist()


def test_share_on_the_line_is_that_of_the_docstring() -> None:
    """Between 0 and 1 the ratio is below c on [0, c/(1+c)) and its mirror image."""
    points = (np.arange(1000)[:, None] + 0.5) / 1000
    for c in (1 / 3, 0.25, 0.1, 1.0):
        share = memorized_share(points, [[0.0], [1.0]], threshold=c)
        assert share == pytest.approx(2 * c / (1 + c), abs=2.1e-3)  # a grid of step 1e-3


def test_share_grows_with_the_threshold() -> None:
    rng = np.random.default_rng(6)
    points, train = rng.normal(size=(200, 2)), rng.normal(size=(10, 2))
    shares = [memorized_share(points, train, threshold=c) for c in (0.1, 0.2, 0.5, 0.9, 1.0)]
    assert shares == sorted(shares)
    assert shares[0] < shares[-1]


@pytest.mark.parametrize(
    ("points", "train", "message"),
    [
        ([[0.0]], [[1.0]], "train had 1 point"),
        ([[0.0]], [[1.0, 2.0], [3.0, 4.0]], "points had shape"),
        ([[math.nan]], [[1.0], [2.0]], r"points\[0, 0\] was nan"),
        ([0.0], [[1.0], [2.0]], "points had shape"),
        (np.empty((0, 1)), [[1.0], [2.0]], "points had 0"),
    ],
)
def test_bad_input(points: object, train: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        memorization_ratio(points, train)  # type: ignore[arg-type]


def test_bad_share() -> None:
    with pytest.raises(ValueError, match=r"threshold was 2\.0"):
        memorized_share([[0.0]], [[1.0], [2.0]], threshold=2.0)
    with pytest.raises(ValueError, match="train repeated a point"):
        memorized_share([[0.0]], [[1.0], [1.0]])
    with pytest.raises(ValueError, match="exclude_same_row"):
        nearest_two([[0.0]], [[1.0], [2.0], [3.0]], exclude_same_row=True)
