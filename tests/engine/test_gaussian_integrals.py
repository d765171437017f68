"""Integrals of Gaussians around a symbolic point, as certificates integrate them."""

from sympy import Symbol, erf, exp, pi, sqrt

from proofs_check.formal_sums import integral_of
from proofs_check.normal_form import numerator


def test_shifted_gaussian_has_an_error_function() -> None:
    s, a = Symbol("s", real=True), Symbol("a", real=True)
    r = Symbol("r", positive=True)
    found = integral_of(exp(-((a - s) ** 2) / 2), (s, a - a, r))
    expected = sqrt(pi / 2) * (erf((r - a) / sqrt(2)) + erf(a / sqrt(2)))
    assert numerator(found - expected) == 0
