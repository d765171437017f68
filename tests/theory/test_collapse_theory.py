"""Collapse and relaxation: identities between derived forms, limits, symmetries. All exact."""

from itertools import pairwise

import pytest
from sympy import (
    Integer,
    Rational,
    Symbol,
    cancel,
    diff,
    exp,
    limit,
    log,
    oo,
    simplify,
    sqrt,
    together,
)

from theory.collapse import (
    conditional_weight,
    coordinate_moment,
    first_moments,
    log_ratio_cumulants,
    log_ratio_moment,
    second_moments,
    typical_logs,
)
from theory.collapse_time import (
    collapse_bound,
    collapse_signal,
    collapse_time,
    confusion_bound,
    energy_entropy,
    energy_rate,
    excess_entropy,
)
from theory.relaxation import (
    fourth_cumulant,
    relaxation_time,
    second_moment,
    second_moment_rate,
    stationary_divergence,
)
from theory.symbols import alpha, gamma, lambda_, n, s_d, t

p = Symbol("p", positive=True)
q = Symbol("q", positive=True)


def test_the_other_points_are_independent_given_the_noised_one() -> None:
    # E omega_2 omega_3 = E (E[omega_2 | u])^2, one more Gaussian integral over u
    u = Symbol("u", real=True)
    from theory.quadratic_exponentials import integrate_quadratic_exponential

    weight = conditional_weight(u)
    norm, exponent = weight.as_independent(u)[0], weight.as_independent(u)[1].args[0]
    inner = integrate_quadratic_exponential(2 * exponent - u**2 / (2 * (1 + gamma)), [u])
    direct = norm**2 / (2 * (1 + gamma)) ** Rational(1, 2) / sqrt(inner.pivots[0])
    assert simplify(direct**2 - coordinate_moment(0, [1, 1]) ** 2) == 0


def test_a_power_of_zero_is_no_weight() -> None:
    assert coordinate_moment(0, [0]) == 1
    assert cancel(coordinate_moment(p, [q, 0]) ** 2 - coordinate_moment(p, [q]) ** 2) == 0


def test_without_signal_all_points_weigh_the_same() -> None:
    # at late times h vanishes: the weight of any point is that of the own one
    assert limit(coordinate_moment(p, [q]), gamma, 0) == coordinate_moment(p + q)


def test_the_likelihood_ratio_is_symmetric_about_one_half() -> None:
    swapped = coordinate_moment(-(1 - p), [1 - p]) ** 2
    assert cancel(coordinate_moment(-p, [p]) ** 2 - swapped) == 0
    assert coordinate_moment(-1, [1]) == 1


def test_second_moments_obey_cauchy_and_schwarz() -> None:
    values = {gamma: Rational(3, 2), n: 5}
    own, cross, rest = (value.subs(values) for value in second_moments(dimension=Integer(4)))
    means = [value.subs(values) for value in first_moments(dimension=Integer(4))]
    assert cross**2 < own * rest
    assert own > means[0] ** 2
    assert rest > means[1] ** 2


def test_the_log_ratio_has_the_mean_of_the_typical_logs() -> None:
    own, rest, variance = typical_logs()
    d = Symbol("d", integer=True, positive=True)
    gap = own - rest + log(n - 1)
    assert (gap + d * log(1 / sqrt(1 + gamma))).expand(force=True) == 0
    assert variance == d / 2
    assert log_ratio_cumulants()[0] == log_ratio_cumulants()[2] == 0


def test_the_generating_function_of_the_log_ratio_is_even_and_normalised() -> None:
    assert log_ratio_moment(Integer(0)) == 1
    assert cancel(log_ratio_moment(p) ** 2 - log_ratio_moment(-p) ** 2) == 0
    # at one it is the mean of Z_1 over the conditional mean of the rest: a chi-square integral
    assert log_ratio_moment(Integer(1)) ** 2 == 1 + gamma


def test_at_the_collapse_the_spread_is_one_less_the_population_overlap() -> None:
    spread = log_ratio_cumulants()[1].subs(gamma, exp(2 * alpha) - 1)
    assert cancel(spread - 1 + exp(-2 * alpha)) == 0
    assert collapse_signal(Integer(16), Integer(4)) == 3


def test_three_routes_to_the_collapse_time_agree() -> None:
    at_root = {gamma: exp(2 * alpha) - 1}
    assert excess_entropy().subs(at_root) == 0
    assert (alpha + energy_entropy(Integer(1))).subs(at_root) == 0
    time = collapse_time(exp(4 * alpha), Integer(4), Rational(1, 3), Integer(2))
    found = 4 / (Rational(1, 3) * (exp(2 * time) - 1)) - at_root[gamma]
    assert cancel(together(found.subs(alpha, log(q) / 2))) == 0


def test_more_points_collapse_earlier_and_more_noise_too() -> None:
    times = [collapse_time(Integer(size), Integer(2), 1, 1) for size in (2, 4, 9)]
    assert all(bool(a > b) for a, b in pairwise(times))
    assert bool(collapse_time(Integer(4), Integer(2), 2, 1) < times[1])


def test_energy_rate_is_a_cumulant_generating_function() -> None:
    beta = Symbol("beta", positive=True)
    rate = energy_rate(beta)
    assert limit(rate, beta, 0) == 0
    # the mean energy of another point, half of 1 + 2 gamma, and of the dominating ones, one half
    assert simplify(diff(rate, beta).subs(beta, 0) + (1 + 2 * gamma) / 2) == 0
    assert simplify(diff(rate, beta).subs(beta, 1) + Rational(1, 2)) == 0


def test_bounds_fall_with_the_dimension_on_their_side() -> None:
    below = [
        collapse_bound(Rational(1, 2), exp(d * Rational(1, 10)) + 1, Integer(d), Integer(3)).evalf()
        for d in (10, 20, 40)
    ]
    above = [
        confusion_bound(
            Rational(1, 2), Integer(d) / 10, exp(Integer(d)), Integer(d), Rational(1, 2)
        ).evalf()
        for d in (10, 20, 40)
    ]
    for path in (below, above):
        assert path[0] > path[1] > path[2]
        assert path[2] < Rational(1, 10)
    assert limit(collapse_bound(Integer(0)), gamma, oo) == 1


@pytest.mark.parametrize("same", [True, False])
def test_the_solution_solves_the_moment_equation(same: bool) -> None:
    start = Symbol("M_0", real=True)
    path = second_moment(same, start)
    assert simplify(diff(path, t) - second_moment_rate(same, moment=path)) == 0
    assert path.subs(t, 0) == start
    assert limit(path.subs(lambda_, 3).subs(start, 5), t, oo) == (3 if same else 0)


def test_relaxation_takes_log_two_longer_for_a_quarter_of_the_distance() -> None:
    far, near = (relaxation_time(Integer(5), Rational(1, k), 1) for k in (3, 12))
    assert simplify(near - far - log(2)) == 0


def test_divergence_from_the_limit_falls_and_vanishes_for_stationary_data() -> None:
    values = [
        stationary_divergence(Integer(1), Integer(k), Integer(1), Integer(2)).evalf()
        for k in (1, 2, 3)
    ]
    assert values[0] > values[1] > values[2] > 0
    assert simplify(stationary_divergence(Integer(0)).subs(s_d, sqrt(lambda_))) == 0


def test_cumulants_of_gaussian_data_stay_zero() -> None:
    assert fourth_cumulant(Integer(0)) == 0
    assert fourth_cumulant(alpha).subs(t, 0) == alpha
