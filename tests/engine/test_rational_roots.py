"""Roots of rationals stay exact where they are rational, for any order of the root."""

import pytest
from flint import fmpq

from proofs_check.balls import _rational_root


@pytest.mark.parametrize(
    ("value", "order", "root"),
    [
        (fmpq(8, 27), 3, fmpq(2, 3)),
        (fmpq(2), 2, None),
        (fmpq(4), 2, fmpq(2)),
        (fmpq(1), 10**30, fmpq(1)),
        (fmpq(0), 10**30, fmpq(0)),
        (fmpq(3, 2), 10**30, None),
        (fmpq(2), 1, fmpq(2)),
        (fmpq(-8), 3, None),
    ],
)
def test_a_root_is_rational_or_none(value: fmpq, order: int, root: fmpq | None) -> None:
    assert _rational_root(value, order) == root


def test_the_order_may_be_as_large_as_the_number_of_digits() -> None:
    # 2^40 has 41 binary digits: its 40th root is the largest order with a rational one
    assert _rational_root(fmpq(2**40), 40) == fmpq(2)
    assert _rational_root(fmpq(2**40), 41) is None
