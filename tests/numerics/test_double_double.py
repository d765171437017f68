"""Sums and products with their errors are exact: compared with exact rationals."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.double_double import two_product, two_sum

NUMBERS = st.floats(-1e100, 1e100).filter(lambda v: v == 0.0 or abs(v) > 1e-100)


@settings(deadline=None, max_examples=100)
@given(a=NUMBERS, b=NUMBERS)
def test_sum_is_exact(a: float, b: float) -> None:
    high, low = two_sum(np.array([a]), np.array([b]))
    assert high[0] == a + b
    assert Fraction(high[0]) + Fraction(low[0]) == Fraction(a) + Fraction(b)


@settings(deadline=None, max_examples=100)
@given(a=st.floats(1e-10, 1.0), b=NUMBERS)
def test_product_is_exact(a: float, b: float) -> None:
    high, low = two_product(a, np.array([b]))
    assert high[0] == a * b
    assert Fraction(high[0]) + Fraction(low[0]) == Fraction(a) * Fraction(b)


@pytest.mark.parametrize(("a", "b"), [(1.0, 1e-20), (-1.0, 1.0), (1e16, 1.0), (0.1, 0.2)])
def test_sum_at_awkward_points(a: float, b: float) -> None:
    high, low = two_sum(np.array([a]), np.array([b]))
    assert Fraction(high[0]) + Fraction(low[0]) == Fraction(a) + Fraction(b)
