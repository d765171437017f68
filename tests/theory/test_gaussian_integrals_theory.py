"""Gaussian integrals of polynomials: integration by parts against differentiation."""

import pytest
from sympy import Expr, Integer, Rational, Symbol, diff, erf, exp, factorial2, oo, pi, sqrt, symbols

from theory.gaussian_integrals import (
    antiderivative,
    gaussian_integral,
    is_zero_gaussian,
    normal_cdf,
    normal_pdf,
    tail_probability,
    truncated_moment,
    two_sided_second_moment,
)
from theory.symbols import sigma, z

a, b, u, mean = symbols("a b u mean", real=True)
polynomials = [Integer(1), u, u**2, u**5 - 3 * u + 2, (a * u + b) ** 2, (u - mean) ** 4]


@pytest.mark.parametrize("polynomial", polynomials)
def test_derivative_in_the_upper_limit_is_the_integrand(polynomial: Expr) -> None:
    value = gaussian_integral(polynomial, u, mean=mean, deviation=sigma, lower=a, upper=b)
    place = (b - mean) / sigma
    integrand = polynomial.subs(u, b) * normal_pdf(place) / sigma
    rate = diff(value, b) - diff(polynomial, b).subs(u, b) * 0
    if polynomial.has(a) or polynomial.has(b):
        value = gaussian_integral(polynomial, u, mean=mean, deviation=sigma, lower=a, upper=z)
        integrand = polynomial.subs(u, z) * normal_pdf((z - mean) / sigma) / sigma
        rate = diff(value, z)
    assert is_zero_gaussian(rate - integrand)
    assert not is_zero_gaussian(rate + integrand)


@pytest.mark.parametrize("power", range(9))
def test_antiderivative(power: int) -> None:
    assert is_zero_gaussian(diff(antiderivative(z**power), z) - z**power * normal_pdf(z))


@pytest.mark.parametrize("power", range(0, 9, 2))
def test_whole_line_moments_are_double_factorials(power: int) -> None:
    assert truncated_moment(power, -oo, oo) == factorial2(power - 1)


def test_intervals_add_up() -> None:
    whole = truncated_moment(4, a, b)
    parts = truncated_moment(4, a, z) + truncated_moment(4, z, b)
    assert is_zero_gaussian(whole - parts)
    assert is_zero_gaussian(truncated_moment(3, a, b) + truncated_moment(3, b, a))


def test_half_line_moments() -> None:
    assert truncated_moment(0, 0, oo) == Rational(1, 2)
    assert truncated_moment(1, 0, oo) == 1 / sqrt(2 * pi)
    assert truncated_moment(2, -oo, 0) == Rational(1, 2)


def test_second_moment_of_lemma_14() -> None:
    d = Symbol("d", positive=True)
    by_parts = 2 * normal_cdf(d) - 1 - 2 * d * normal_pdf(d)
    assert is_zero_gaussian(two_sided_second_moment(d) - by_parts)
    wrong_sign = 2 * normal_cdf(d) - 1 + 2 * d * normal_pdf(d)
    assert not is_zero_gaussian(two_sided_second_moment(d) - wrong_sign)


def test_symmetries() -> None:
    assert normal_pdf(-z) == normal_pdf(z)
    assert is_zero_gaussian(normal_cdf(-z) + normal_cdf(z) - 1)
    assert is_zero_gaussian(normal_cdf((a - b) / sigma) + normal_cdf(b / sigma - a / sigma) - 1)
    assert normal_cdf(Integer(0)) == Rational(1, 2)
    assert tail_probability(oo) == 0


def test_symbols_mean_what_they_say() -> None:
    assert normal_pdf(z).rewrite(exp) == exp(-(z**2) / 2) / sqrt(2 * pi)
    assert normal_cdf(z).rewrite(erf).diff(z).equals(normal_pdf(z).rewrite(exp))
    # Phi(1.96) = 0.9750021; seven digits of a table.
    assert abs(normal_cdf(Rational(196, 100)).evalf() - Rational(9750021, 10**7)) < Rational(
        1, 10**7
    )


def test_what_cannot_be_decided_is_refused() -> None:
    with pytest.raises(ValueError, match="several numbers"):
        is_zero_gaussian(normal_cdf(Integer(1)) - normal_cdf(Integer(2)))
    with pytest.raises(ValueError, match="deviation was"):
        gaussian_integral(u, u, deviation=0)
    with pytest.raises(ValueError, match="power was -1"):
        truncated_moment(-1, a, b)
