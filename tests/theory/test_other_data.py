"""The sample Gaussian, other covariances and mixtures: limits, special cases, second routes."""

import math

import pytest
from sympy import (
    Expr,
    Integer,
    Integral,
    Rational,
    Symbol,
    diff,
    digamma,
    lambdify,
    limit,
    log,
    oo,
    simplify,
    symbols,
)

from theory.mixture_score import (
    affine_score_slope,
    empirical_residual,
    matched_divergence,
    mixture_density,
    negentropy,
    second_moment,
    transport_bound,
)
from theory.proportional_limit import kl_floor
from theory.sample_gaussian import (
    expected_kl,
    expected_reverse_kl,
    log_det_limit,
    parameter_rate,
    sample_kl_limit,
    sample_reverse_kl_limit,
)
from theory.spectrum_denoiser import (
    expected_generated_variance,
    floor_gap,
    isotropic_start_floor,
    matched_start_floor,
)
from theory.symbols import T, lambda_, psi, t, y

s_1, s_2, a, q2 = symbols("s_1 s_2 a q2", positive=True)


@pytest.mark.parametrize(("d", "m"), [(1, 1), (2, 5), (3, 3), (4, 11)])
def test_expected_divergence_is_the_printed_sum(d: int, m: int) -> None:
    printed = Rational(d, m + 1) - sum(digamma(Rational(m - i + 1, 2)) for i in range(1, d + 1))
    printed -= d * log(Rational(2, m))
    assert abs((expected_kl(Integer(d), Integer(m)) - printed / 2).evalf(30)) < 1e-25


def test_the_unbiased_covariance_is_better() -> None:
    d, m = Integer(3), Integer(7)
    gap = expected_kl(d, m, m + 1) - expected_kl(d, m)
    wanted = d * (log(Rational(8, 7)) - Rational(1, 8)) / 2
    assert simplify(gap - wanted) == 0
    assert wanted > 0


def test_reverse_divergence_needs_two_points_more() -> None:
    d = Integer(2)
    assert expected_reverse_kl(d, Integer(4)).is_finite
    m = Symbol("m", positive=True)
    assert limit(expected_reverse_kl(d, m), m, 3, "+") == oo


def test_limits_of_the_sample_divergence() -> None:
    assert limit(sample_kl_limit(psi), psi, 1, "+") == Rational(1, 2)
    assert limit(sample_reverse_kl_limit(psi), psi, 1, "+") == oo
    far = Integer(10) ** 6
    for end in (sample_kl_limit(far), sample_reverse_kl_limit(far)):
        # The next term is of relative order 1/psi.
        assert abs((far * end).evalf(20) - Rational(1, 4)) < 1e-5
    assert simplify(diff(log_det_limit(psi), psi) - log(psi) + log(psi - 1) + 1 / psi) == 0


def test_the_exact_mean_tends_to_its_limit() -> None:
    ratio = Integer(2)
    errors = []
    for d in (20, 80):
        value = expected_kl(Integer(d), 2 * Integer(d)) / d
        errors.append(float((value - sample_kl_limit(ratio)).evalf()))
    # The correction is of the order 1/d.
    assert 3.5 < errors[0] / errors[1] < 4.5


def test_parameter_rate_by_large_samples() -> None:
    d = Integer(3)
    assert parameter_rate(d) == Rational(9, 2)
    found = float((300 * expected_kl(d, Integer(299))).evalf())
    # The next term is of relative order d/n, here one per cent.
    assert 4.5 < found < 4.55


def test_isotropic_spectrum_is_the_known_case() -> None:
    """R^2 d + (1 - R^2) d^2/(m - d - 1) of the isotropic model."""
    d, m = 3, Symbol("m", positive=True)
    found = expected_generated_variance([s_1] * d, a, q2, m=m)
    share = a**2 * s_1 / (a**2 * s_1 + q2)
    wanted = s_1 * (share * d + (1 - share) * d**2 / (m - d - 1))
    assert simplify(found - wanted) == 0


def test_total_variance_is_kept_at_one_place_for_every_spectrum() -> None:
    spectrum = [s_1, s_2, Integer(0)]
    found = expected_generated_variance(spectrum, a, q2, m=Integer(7))
    assert simplify(found - s_1 - s_2) == 0


def test_start_enters_through_its_size_in_units_of_the_noised_data() -> None:
    m = Integer(9)
    start = [a**2 * s + q2 for s in (s_1, s_2)]
    matched = expected_generated_variance([s_1, s_2], a, q2, m=m)
    assert simplify(expected_generated_variance([s_1, s_2], a, q2, start, m) - matched) == 0
    twice = expected_generated_variance([s_1, s_2], a, q2, [2 * v for v in start], m)
    assert simplify(twice - 2 * matched) == 0


def test_floors_agree_for_isotropic_data() -> None:
    found = matched_start_floor([s_1], a, q2)
    assert simplify(found - isotropic_start_floor([s_1], a, q2)) == 0
    ratio = a**2 * s_1 / q2
    at = {s_1: Rational(2), a: Rational(1, 2), q2: Rational(3, 4)}
    assert abs((found - kl_floor(ratio)).subs(at).evalf(20)) < 1e-15


def test_the_matched_floor_vanishes_without_noise_and_the_isotropic_one_does_not() -> None:
    spectrum = [Integer(1), Integer(4)]
    tiny = Rational(1, 10**6)
    assert matched_start_floor(spectrum, Integer(1), tiny).evalf() < 1e-5
    assert isotropic_start_floor(spectrum, Integer(1), tiny).evalf() > 0.3


def test_the_gap_is_at_least_what_is_claimed() -> None:
    bound = (a**2 * (s_1 + s_2) + 2 * q2) * q2
    left = simplify(floor_gap([s_1, s_2], a, q2) - bound)
    assert simplify(left - a**4 * (s_1 - s_2) ** 2 / 2) == 0


def test_mixture_moments_and_affine_score() -> None:
    delta = Symbol("delta", positive=True)
    assert second_moment(delta) == 1 + delta**2
    assert simplify(affine_score_slope(delta, a, q2) + 1 / (a**2 * (1 + delta**2) + q2)) == 0


@pytest.mark.parametrize("separation", [Rational(1, 2), Rational(2)])
def test_negentropy_by_quadrature_of_its_definition(separation: Rational) -> None:
    """The integral of rho log(rho/g), with the density as it is defined."""
    place = Symbol("x", real=True)
    density = lambdify(place, mixture_density(separation, place), "math")
    delta = float(separation)
    variance = 1 + delta**2
    nodes = [k / 8 for k in range(-160, 161)]

    def gauss(x: float, spread: float) -> float:
        return math.exp(-(x**2) / (2 * spread)) / math.sqrt(2 * math.pi * spread)

    def value(formula: Expr) -> float:
        """Return the formula with its Gaussian integral by the trapezoidal rule."""
        integral = next(iter(formula.atoms(Integral)))
        body = lambdify(integral.limits[0][0], integral.function, "math")
        return float(formula.subs(integral, sum(body(x) for x in nodes[48:-48]) / 8))

    # The trapezoidal rule converges geometrically for analytic integrands on the line; 1e-6 leaves
    # room for the poles of log cosh, which are at distance pi/(2 delta) and more from the line.
    forward = sum(density(x) * math.log(density(x) / gauss(x, variance)) for x in nodes) / 8
    assert abs(value(negentropy(separation)) - forward) < 1e-6
    backward = (
        sum(gauss(x, variance) * math.log(gauss(x, variance) / density(x)) for x in nodes) / 8
    )
    assert abs(value(matched_divergence(separation)) - backward) < 1e-6


def test_no_separation_no_divergence() -> None:
    assert negentropy(Integer(0)) == matched_divergence(Integer(0)) == 0


def test_the_exact_score_leads_back_to_the_training_set() -> None:
    x_1, x_2 = symbols("x_1 x_2", real=True)
    at = {x_1: Rational(-1, 3), x_2: Rational(4, 5), y: Rational(2, 7), t: Rational(1, 2)}
    for noise in (2 * lambda_, Integer(0), lambda_ / 3):
        left = empirical_residual((x_1, x_2), noise).subs({**at, lambda_: Rational(3, 2)})
        # An exact zero at a point with rational coordinates; the ledger proves it in general.
        assert abs(left.evalf(30, maxn=60)) < 1e-25


def test_transport_bound_vanishes_at_time_zero() -> None:
    assert transport_bound(Integer(5), Integer(2)).subs(T, 0) == 0
    assert diff(transport_bound(Integer(5), Integer(2), T, Integer(1)), T).subs(T, 0) == 4
