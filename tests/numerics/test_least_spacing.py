"""The simulated least spacing against a count over pairs."""

import itertools

import numpy as np
import pytest

from numerics.spacing import least_spacings


def test_it_is_the_least_distance_over_all_pairs() -> None:
    seed, count, size = 3, 5, 6
    found = least_spacings(np.random.default_rng(seed), count, size=size, length=2.0)
    points = np.random.default_rng(seed).uniform(0.0, 2.0, size=(count, size))
    pairs = [min(abs(a - b) for a, b in itertools.combinations(row, 2)) for row in points]
    assert found.shape == (count,)
    assert found.tolist() == pairs


def test_it_scales_with_the_interval() -> None:
    one, three = (least_spacings(np.random.default_rng(0), 4, size=3, length=a) for a in (1.0, 3.0))
    # one rounding for each of the points, their scale and their difference
    np.testing.assert_allclose(three, 3.0 * one, rtol=1e-13)


@pytest.mark.parametrize(
    ("count", "size", "length", "named"),
    [(0, 2, 1.0, "count"), (1, 1, 1.0, "size"), (1, 2, 0.0, "length"), (1, 2, np.inf, "length")],
)
def test_bad_input_is_named(count: int, size: int, length: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        least_spacings(np.random.default_rng(0), count, size=size, length=length)
