"""Overlaps, means over sets and errors of kernel densities: exact identities and limits."""

from sympy import Integer, Integral, Rational, Symbol, diff, exp, limit, log, oo, pi, simplify, sqrt

from theory.kernel_metrics import (
    expected_pair_overlap,
    expected_squared_error,
    kernel_overlap,
    log_midpoint_gap,
    smoothed_kernel,
    squared_distance,
)

A, B = Symbol("a", real=True), Symbol("b", real=True)
U, W = Symbol("u", positive=True), Symbol("w", positive=True)
N = Symbol("n", integer=True, positive=True)
ONE = Integer(1)


def test_an_overlap_solves_the_heat_equation_and_is_the_integral_at_one_place() -> None:
    x = Symbol("x", real=True)
    overlap = kernel_overlap((A, U), (Integer(0), W))
    # widening a kernel diffuses it: together with one value this fixes the overlap
    assert simplify(diff(overlap, U) - diff(overlap, A, 2) / 2) == 0
    product = exp(-(x**2) / 4 - x**2) / sqrt(4 * pi) / sqrt(pi)
    direct = Integral(product, (x, -oo, oo)).doit()
    assert simplify(direct - overlap.subs({A: 0, U: 2, W: Rational(1, 2)})) == 0


def test_overlaps_are_symmetric_and_shift_free() -> None:
    one, two = (A, U), (B, W)
    assert simplify(kernel_overlap(one, two) - kernel_overlap(two, one)) == 0
    moved = kernel_overlap((A + 1, U), (B + 1, W))
    assert simplify(kernel_overlap(one, two) - moved) == 0


def test_a_distance_to_itself_vanishes_and_points_may_be_split() -> None:
    law = [(ONE, (A, U))]
    halves = [(Rational(1, 2), (A, U)), (Rational(1, 2), (A, U))]
    assert simplify(squared_distance(law, law)) == 0
    assert simplify(squared_distance(law, halves)) == 0


def test_smoothing_adds_variances() -> None:
    # the mean of a kernel over a Gaussian centre is the overlap of the two
    gap = smoothed_kernel(U, W, A) - kernel_overlap((A, U), (Integer(0), W))
    assert simplify(gap) == 0
    # and two kernels at independent places are one of twice the variance at their difference
    assert simplify(expected_pair_overlap(U, W) - smoothed_kernel(2 * U, 2 * W, Integer(0))) == 0


def test_the_error_has_its_limits() -> None:
    for d in (1, 2, 3):
        error = expected_squared_error(N, U, d)
        # kernels of no width: pure variance; of infinite width: the zero density
        assert limit(error.subs(N, 5), U, 0, "+") == oo
        assert limit(error.subs(N, 5), U, oo) == 1
        # infinitely many points at a fixed width: the squared bias
        bias = limit(error, N, oo)
        assert simplify(limit(bias, U, 0, "+")) == 0


def test_with_the_width_of_the_paper_the_error_tends_to_one() -> None:
    for d in (1, 2):
        error = expected_squared_error(N, N ** Rational(-2, d), d)
        assert limit(error, N, oo) == 1


def test_log_concavity_is_a_square() -> None:
    gap = log_midpoint_gap(A, B, Symbol("m", real=True), U)
    assert simplify(gap - (A - B) ** 2 / (4 * U)) == 0
    assert simplify(log_midpoint_gap(A, A, B, U)) == 0
    assert not gap.has(log)
