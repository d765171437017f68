"""Rational bounds on logarithms: they contain, they are narrow, they add up."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, log

from theory.rational_logarithm import log_bounds


@given(st.fractions(min_value="1/1000", max_value=1000, max_denominator=10**6))
def test_bounds_contain_the_logarithm_and_are_narrow(fraction: Any) -> None:
    value = Rational(fraction.numerator, fraction.denominator)
    low, high = log_bounds(value, bits=80)
    exact = log(value).evalf(60)
    assert low <= exact <= high
    # Some forty operations, each rounded by one unit, times the power of two.
    assert high - low < Rational(2000, 2**80)


@pytest.mark.parametrize("value", [Rational(1), Rational(4, 3), Rational(2, 3), Rational(1, 2)])
def test_ends_of_the_reduced_range(value: Any) -> None:
    low, high = log_bounds(value)
    assert low <= log(value).evalf(50) <= high


def test_one_is_enclosed_tightly() -> None:
    low, high = log_bounds(Rational(1), bits=64)
    assert low <= 0 <= high


def test_more_bits_refine() -> None:
    wide, narrow = log_bounds(Rational(7, 5), bits=32), log_bounds(Rational(7, 5), bits=128)
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]


@pytest.mark.parametrize("value", [Rational(0), Rational(-1)])
def test_nonpositive_numbers_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="> 0"):
        log_bounds(value)
