"""Prop. 9a, Theorem 4 and Prop. 7: what the steps deliver against what is printed."""

import pytest
from sympy import Integer, Rational, exp, sqrt, symbols

from theory.gaussian_integrals import (
    is_zero_gaussian,
    normal_cdf,
    normal_pdf,
    two_sided_second_moment,
)
from theory.symbols import z
from theory.variation import left_weight_on_gap, right_weight_on_gap
from theory.variation_bound import (
    INDICES,
    gap_factors,
    index_constant,
    index_sum,
    one_sided_risk,
    prop7_constant,
    slope_at_least,
    stay_probability,
    theorem4_constant,
)

i, n = symbols("i n", integer=True, positive=True)
PRINTED = Rational(1, 2**11)


def test_gap_factors_are_the_repaired_ones() -> None:
    left, right = gap_factors(i, n)
    assert (left - i**2 * (i - 1) / 2).expand() == 0
    assert (right - (n - i) ** 2 * (n - i - 1) / 2).expand() == 0
    printed = (n - i) ** 2 * (n - i + 1) / 2
    assert (right - printed).expand() != 0


@pytest.mark.parametrize("size", [2, 3, 5, 8])
def test_gap_factors_are_the_weights_at_the_ends_of_a_gap(size: int) -> None:
    """Equal spacing: n^2 times the limit of pi^- at the left end, of pi^+ at the right end."""
    points = [Integer(place) for place in range(1, size + 1)]
    for gap in range(1, size):
        left, right = gap_factors(Integer(gap), Integer(size))
        assert size**2 * left_weight_on_gap(points, gap, place=points[gap - 1]) == left
        assert size**2 * right_weight_on_gap(points, gap, place=points[gap]) == right


def test_repaired_bound_is_trivial_for_three_points() -> None:
    assert all(min(gap_factors(Integer(gap), Integer(3))) == 0 for gap in (1, 2))
    assert min(gap_factors(Integer(2), Integer(4))) == 2


def test_theorem_4() -> None:
    assert theorem4_constant() == Rational(1, 2**12)
    # P5 before its last step: 1/256 times the two brackets.
    assert theorem4_constant(stay=Integer(1), rise=Integer(1)) == Rational(1, 256)


def test_one_sided_risk_has_a_negative_boundary_term() -> None:
    """A.prop7.P1 prints it with a plus, and a lower bound that fails at d = 4."""
    value = one_sided_risk(z)
    assert is_zero_gaussian(value - (normal_cdf(z) - Rational(1, 2) - z * normal_pdf(z)))
    assert not is_zero_gaussian(value - (normal_cdf(z) - Rational(1, 2) + z * normal_pdf(z)))
    at_four = one_sided_risk(Integer(4)).evalf()
    assert at_four < (Rational(1, 2) - exp(-8)).evalf()
    assert at_four > Rational(1, 4)


def test_slope() -> None:
    assert slope_at_least(risk_cap=Rational(1, 16)) == 1 - 1 / (2 * sqrt(2))


def test_printed_step_p6_fails() -> None:
    """A.prop7.P6: (1/2 - e^-32)(1 - 1/(2 sqrt 2)) is below 1/2, so 2^-11 is not reached."""
    value = prop7_constant() / INDICES
    assert value.evalf() < Rational(1, 2)
    assert prop7_constant().evalf() < PRINTED
    assert prop7_constant().evalf() > PRINTED / 2


def least_weight_on_hull(size: int, index: int) -> Rational:
    """n^2 times the least of pi^- and pi^+ on [x_e - 1/2, x_{e+1}], equal spacing 1."""
    points = [Integer(place) for place in range(1, size + 1)]
    values = []
    for gap, left, right in (
        (index - 1, points[index - 1] - Rational(1, 2), points[index - 1]),
        (index, points[index - 1], points[index]),
    ):
        # pi^- increases and pi^+ decreases along a gap.
        values.append(size**2 * left_weight_on_gap(points, gap, place=left))
        values.append(size**2 * right_weight_on_gap(points, gap, place=right))
    return min(values)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 6, 9, 14])
def test_index_sum_from_the_weight_function(size: int) -> None:
    odd = [least_weight_on_hull(size, e) for e in range(3, size, 2)]
    even = [least_weight_on_hull(size, e) for e in range(2, size, 2)]
    total = index_sum(size)
    assert Rational(total.numerator, total.denominator) == max(sum(odd), sum(even))


def test_index_sum_is_a_polynomial_on_residue_classes() -> None:
    for size in range(2, 120):
        value = Rational(size**4, 128) - Rational(size**3, 24)
        if size % 2 == 0:
            value += Rational(3 * size**2, 32) - Rational(size, 12)
        else:
            value += Rational(9 * size**2, 64) - Rational(13 * size, 48)
            value += Rational(21 if size % 4 == 1 else 5, 128)
        total = index_sum(size)
        assert Rational(total.numerator, total.denominator) == value


@pytest.mark.parametrize("size", [*range(4, 41), 100, 333])
def test_exact_sum_reaches_the_printed_constant(size: int) -> None:
    """So Prop. 7 holds as printed for n >= 4, by another count than the printed one."""
    assert prop7_constant(indices=index_constant(size)).evalf() > PRINTED


@pytest.mark.parametrize("size", [2, 3])
def test_plain_repair_says_nothing_for_small_samples(size: int) -> None:
    assert prop7_constant(indices=index_constant(size)) == 0


def test_index_constant_tends_to_1_over_128() -> None:
    # The relative distance decays like 1/n; at n = 400 it is below 2 per cent.
    ratio = index_constant(400) * 128
    assert Rational(98, 100) < ratio < 1


def test_sharper_children_sharpen_the_parent() -> None:
    sharp = prop7_constant(
        stay_factor=Rational(1, 2), second_moment=two_sided_second_moment(Integer(4))
    )
    assert sharp.evalf() > prop7_constant().evalf()


def test_probability_to_stay() -> None:
    assert stay_probability(8) == Rational(1, 2) - exp(-32)
    assert stay_probability(0, factor=Rational(1, 2)) == 0
    for ratio in (Rational(1, 10), Integer(1), Integer(3)):
        exact = normal_cdf(ratio) - Rational(1, 2)
        assert (exact - stay_probability(ratio, factor=Rational(1, 2))).evalf() > 0


def test_bad_size() -> None:
    with pytest.raises(ValueError, match="size was 1"):
        index_sum(1)
