"""Every refused argument gives one clear line; every accepted one comes back as float64."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from numerics import validation as v

REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("empty sample", lambda: v.check_sample([]), "x had 0 entries"),
    ("one point", lambda: v.check_sample([1.0]), "x had 1 point"),
    ("repeated point", lambda: v.check_sample([2.0, 1.0, 2.0]), "repeated the point 2.0"),
    ("NaN in the sample", lambda: v.check_sample([0.0, np.nan]), r"x\[1\] was nan"),
    ("infinite sample", lambda: v.check_sample([np.inf, 0.0]), r"x\[0\] was inf"),
    ("sample of rows", lambda: v.check_sample([[1.0, 2.0]]), "must have 1 axis"),
    ("ragged sample", lambda: v.check_sample([[1.0], [2.0, 3.0]]), "ragged"),
    ("text sample", lambda: v.check_sample(["a", "b"]), "array of real numbers"),
    ("mixed sample", lambda: v.check_sample(np.array([1.0, None])), "array of real numbers"),
    ("logical sample", lambda: v.check_sample([True, False]), "type bool"),
    ("complex points", lambda: v.check_points([1j]), "array of real numbers"),
    ("no points", lambda: v.check_points([]), "y had 0 entries"),
    ("NaN point", lambda: v.check_points([[0.0], [np.nan]]), r"y\[1, 0\] was nan"),
    ("infinite scalar point", lambda: v.check_points(np.inf), "y was inf"),
    ("huge integer", lambda: v.check_points([0, 10**400]), "must be a finite number"),
    ("sigma zero", lambda: v.check_sigma(0), "sigma was 0.0; it must be > 0"),
    ("sigma negative", lambda: v.check_sigma(-1.5), "sigma was -1.5"),
    ("sigma NaN", lambda: v.check_sigma(float("nan")), "sigma was nan"),
    ("sigma text", lambda: v.check_sigma("0.1"), "sigma was '0.1'"),
    ("sigma None", lambda: v.check_sigma(None), "sigma was None"),
    ("sigma array", lambda: v.check_sigma(np.array([0.1, 0.2])), "one real number"),
    ("sigma below range", lambda: v.check_sigma(1e-60), "1e-60"),
    ("mu zero", lambda: v.check_mu(0.0), r"must lie in \(0, 1\]"),
    ("mu above one", lambda: v.check_mu(1.0001), "mu was 1.0001"),
    ("mu logical", lambda: v.check_mu(True), "mu was True"),
    ("seed for a generator", lambda: v.check_rng(3), "default_rng"),
    ("fractional count", lambda: v.check_count(2.5, name="draws"), "draws was 2.5"),
    ("small count", lambda: v.check_count(1, name="draws", minimum=2), ">= 2"),
    ("negative ridge", lambda: v.check_nonnegative(-1e-9, name="ridge"), "ridge was -1e-09"),
    ("wrong dimension", lambda: v.check_points_nd([1.0, 2.0, 3.0], 2), "last axis"),
    ("sample of one row", lambda: v.check_sample_nd([[1.0, 2.0]]), "x had 1 point"),
    ("flat sample in d", lambda: v.check_sample_nd([1.0, 2.0]), "2 axes"),
    ("wrong matrix", lambda: v.check_matrix([[1.0]], name="a", shape=(2, None)), "2 x any"),
    ("not square", lambda: v.check_matrix([[1.0, 2.0]], name="a", square=True), "square"),
    ("not symmetric", lambda: v.check_symmetric([[1, 2], [0, 1]], name="a"), "transpose by 2"),
    ("singular", lambda: v.check_covariance([[1, 1], [1, 1]]), "positive definite"),
    ("indefinite", lambda: v.check_covariance([[1, 2], [2, 1]]), "singular or indefinite"),
    ("not callable", lambda: v.check_function(1.0, name="score"), "score was 1.0"),
]


@pytest.mark.parametrize(("call", "says"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_refuses_with_one_clear_line(call: Callable[[], object], says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_sample_comes_back_sorted_in_float64() -> None:
    sample = v.check_sample(np.array([3, 1, 2], dtype=np.int32))
    assert sample.dtype == np.float64
    assert sample.tolist() == [1.0, 2.0, 3.0]


def test_sample_is_a_copy() -> None:
    given = np.array([1.0, 2.0])
    v.check_sample(given)[0] = 7.0
    assert given[0] == 1.0


def test_exact_rationals_are_numbers() -> None:
    assert v.check_sample(np.array([Fraction(1, 2), Fraction(1, 4)])).tolist() == [0.25, 0.5]
    assert v.check_mu(Fraction(3, 4)) == 0.75


def test_repeated_points_pass_where_distinct_ones_are_not_needed() -> None:
    assert v.check_sample([1.0, 1.0], distinct=False).tolist() == [1.0, 1.0]


def test_bounds_are_inclusive_where_the_domain_is() -> None:
    assert v.check_mu(1) == 1.0
    assert v.check_nonnegative(0, name="ridge") == 0.0
    assert v.check_count(2, name="draws", minimum=2) == 2
