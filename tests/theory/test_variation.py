"""The weight function of paper A and the small-noise limit of the total variation."""

from itertools import pairwise

import pytest
from sympy import Integer, Rational, diff, limit, oo, symbols

from theory.gaussian_integrals import is_zero_gaussian
from theory.symbols import mu, sigma, x, y
from theory.tilting import data, is_zero_tilted, posterior_variance
from theory.variation import (
    PLACE,
    equally_spaced_variation_limit,
    left_weight,
    left_weight_on_gap,
    midpoint_weight_limit,
    minimum_pieces,
    right_weight,
    right_weight_on_gap,
    smoothed_weights,
    variance_limit,
    variation_limit,
    weight_function,
)

SAMPLE = [Rational(-3, 2), Integer(0), Rational(1, 3), Integer(2)]


def test_gap_formulas_are_the_definition() -> None:
    for gap in range(1, len(SAMPLE)):
        inside = (2 * SAMPLE[gap - 1] + SAMPLE[gap]) / 3
        assert left_weight_on_gap(SAMPLE, gap).subs(PLACE, inside) == left_weight(SAMPLE, inside)
        assert right_weight_on_gap(SAMPLE, gap).subs(PLACE, inside) == right_weight(SAMPLE, inside)


def test_reflection_exchanges_the_sides() -> None:
    mirrored = [-point for point in SAMPLE]
    for place in (Rational(-1), Rational(1, 6), Rational(1, 3), Rational(5, 4)):
        assert left_weight(SAMPLE, place) == right_weight(mirrored, -place)


def test_weights_jump_at_the_data() -> None:
    """At x_i the probability on the left is (i-1)/n, just right of it i/n: A.prop9a.P1 fails."""
    sample = [0, 1, 2]
    at_datum = left_weight(sample, 1)
    from_the_right = left_weight_on_gap(sample, 2).subs(PLACE, 1)
    assert (at_datum, from_the_right) == (Rational(1, 9), Rational(2, 9))
    printed_bound = Rational(2, 9) * (1 - 0)
    assert at_datum < printed_bound


def test_outside_the_data_one_side_vanishes() -> None:
    assert left_weight(SAMPLE, -2) == 0
    assert right_weight(SAMPLE, 2) == 0


def test_pieces_are_the_minimum() -> None:
    pieces = minimum_pieces(SAMPLE)
    assert pieces[0].lower == SAMPLE[0]
    assert pieces[-1].upper == SAMPLE[-1]
    for piece, following in pairwise(pieces):
        assert piece.upper == following.lower
    for piece in pieces:
        for share in (Rational(1, 4), Rational(1, 2), Rational(9, 10)):
            place = piece.lower + share * (piece.upper - piece.lower)
            smaller = min(left_weight(SAMPLE, place), right_weight(SAMPLE, place))
            assert piece.value.subs(PLACE, place) == smaller


def test_minimum_is_at_most_an_eighth_of_the_range() -> None:
    """A.prop9b with its best constant; two points reach it in the middle."""
    for sample in (SAMPLE, [0, 1], [0, Rational(1, 100), Rational(99, 100), 1]):
        extent = max(sample) - min(sample)
        for piece in minimum_pieces(sample):
            for end in (piece.lower, piece.upper):
                assert piece.value.subs(PLACE, end) <= extent / Integer(8)
    assert midpoint_weight_limit([0, 1], 1) == Rational(1, 8)


def test_average_solves_the_heat_equation() -> None:
    """A Gaussian average of a fixed function obeys d/dsigma = sigma d^2/dy^2."""
    average = weight_function([0, 1, 3])
    assert is_zero_gaussian(diff(average, sigma) - sigma * diff(average, y, 2))


def test_average_tends_to_the_minimum() -> None:
    average = weight_function([0, 1, 3]).subs(mu, Rational(1, 2))
    for place in (Rational(1, 2), Rational(2)):
        limiting = limit(average.subs(y, place / 2).rewrite("erf").rewrite("exp"), sigma, 0, "+")
        smaller = min(left_weight([0, 1, 3], place), right_weight([0, 1, 3], place))
        assert (limiting - smaller / 2).rewrite("exp").equals(0)


def test_smoothed_weights_are_products_of_mixture_functions() -> None:
    left, right = smoothed_weights([x[1], x[2]])
    swapped = {x[1]: -x[2], x[2]: -x[1], y: -y}
    assert is_zero_gaussian(left.subs(swapped, simultaneous=True) - right)
    # Far to the right all data are passed: the product is y - E Y, here y - 1/2.
    tail = left.subs({x[1]: 0, x[2]: 2, mu: Rational(1, 2)})
    assert limit(tail.subs(sigma, 1).rewrite("erf").rewrite("exp") - y, y, oo) == Rational(-1, 2)


def test_variance_limits() -> None:
    assert variance_limit(SAMPLE, SAMPLE[1]) == 0
    for left, right in pairwise(SAMPLE):
        assert variance_limit(SAMPLE, (left + right) / 2) == (right - left) ** 2 / 4


def test_variance_limit_is_that_of_the_derived_variance() -> None:
    exact = posterior_variance(3).subs({x[1]: 0, x[2]: 1, x[3]: 3, mu: 1, y: 2})
    assert limit(exact, sigma, 0, "+") == variance_limit([0, 1, 3], 2)


@pytest.mark.parametrize("size", range(2, 12))
def test_equal_spacing_has_a_closed_sum(size: int) -> None:
    cubes = sum(min(gap, size - gap) ** 3 for gap in range(1, size))
    assert equally_spaced_variation_limit(size) == mu**3 * Rational(cubes, 4 * size**2)


def test_limit_scales_and_exceeds_the_printed_bound() -> None:
    assert variation_limit([3 * p + 1 for p in SAMPLE]).equals(27 * variation_limit(SAMPLE))
    for size in range(2, 15):
        bound = mu**3 * Rational(size, 2**12)
        assert equally_spaced_variation_limit(size) / bound > 32 * Rational(1, 2)


def test_formal_points() -> None:
    points = data(3)
    assert is_zero_tilted(
        left_weight_on_gap(points, 2) - Rational(2, 9) * (2 * PLACE - x[1] - x[2])
    )


@pytest.mark.parametrize("points", [[], [1], [1, 1], [0, symbols("q")]])
def test_bad_points(points: list[object]) -> None:
    with pytest.raises(ValueError, match="points"):
        minimum_pieces(points)


def test_bad_gap() -> None:
    with pytest.raises(ValueError, match="gap was 2"):
        midpoint_weight_limit([0, 1], 2)
    with pytest.raises(ValueError, match="size was 1"):
        equally_spaced_variation_limit(1)
