"""The linear one-step model: expectations over training sets.

Expectations depend on the dimension d, the degrees of freedom m = n - 1 and the signal-to-noise
ratio gamma alone. Their float64 face on the line integrates the definition; beyond the line the
definition is a simulation (`proofs_check.quantities.linear_simulation`), so there is none.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sympy import Expr

from proofs_check.errors import ClaimError
from proofs_check.functionals import functional
from proofs_check.quantities import linear_balls as balls

__all__ = [
    "ChiSquareDensity",
    "InverseChiSquare",
    "LogChiSquare",
    "MeanError",
    "MeanKL",
    "MeanLogDet",
    "MeanLogVariance",
    "MeanTrace",
    "MeanTraceEmpirical",
    "NormalDensity",
    "PseudoInverseTrace",
    "TruncatedInverseChiSquare",
    "TruncatedInverseNormal",
    "ZonalLogDet",
]


def _on_the_line(name: str) -> Callable[..., float]:
    """Return a float64 face that integrates the definition for d = 1 and m >= 3."""

    def float64(d: float, m: float, gamma: float) -> float:
        from numerics.linear_expectations import scalar_expectations

        if round(float(d)) != 1 or m < 3:
            raise ClaimError("an expectation beyond the line is known by simulation only")
        noise_scale = 1.0 / (float(gamma) * float(np.expm1(2.0)))
        found = scalar_expectations(n=round(float(m)) + 1, T=1.0, noise_scale=noise_scale, s_d=1.0)
        if name == "log_det":
            return found.log_det_weights + found.log_variance_ratio
        return float(getattr(found, name))

    return float64


def _expectation(
    name: str, ball: Callable[..., Any], latex: str, float64: Callable[..., Any] | None = None
) -> Any:
    return functional(name, nargs=3, latex=latex, ball=ball, float64=float64)


MeanTrace: Final = _expectation(
    "MeanTrace",
    balls.mean_trace,
    r"\tfrac1{{s_d^2}}E\,\mathrm{{tr}}\,\Sigma_G\left({0},{1},{2}\right)",
    _on_the_line("trace"),
)
"""``MeanTrace(d, m, gamma)`` is E tr Sigma_G / s_d^2, population variance."""

MeanTraceEmpirical: Final = _expectation(
    "MeanTraceEmpirical",
    balls.mean_trace_empirical,
    r"\tfrac1{{s_d^2}}E\,\mathrm{{tr}}\,\hat\Sigma_G\left({0},{1},{2}\right)",
)
"""``MeanTraceEmpirical(d, m, gamma)`` is E tr Sigma_G / s_d^2, empirical variance."""

MeanError: Final = _expectation(
    "MeanError",
    balls.mean_error,
    r"\tfrac1{{s_d^2}}E\lvert m_G-\mu_0\rvert^2\left({0},{1},{2}\right)",
    _on_the_line("mean_error"),
)
"""``MeanError(d, m, gamma)`` is E |m_G - mu_0|^2 / s_d^2."""

MeanLogDet: Final = _expectation(
    "MeanLogDet",
    balls.mean_log_det,
    r"E\log\det\tfrac{{\Sigma_G}}{{s_d^2}}\left({0},{1},{2}\right)",
    _on_the_line("log_det"),
)
"""``MeanLogDet(d, m, gamma)`` is E log det(Sigma_G / s_d^2), m - d even and m >= d."""


def _zonal(d: Any, p: Any, gamma: Any) -> Any:
    """Evaluate the polynomial of `theory` at R^2 by Horner's rule."""
    from flint import fmpq
    from sympy import Poly, Symbol

    from theory.linear_log_det import log_det_polynomial

    expression = log_det_polynomial(int(d), int(d) + 2 * int(p))
    total, signal = fmpq(0), gamma / (1 + gamma)
    for coefficient in Poly(expression, Symbol("x", positive=True)).all_coeffs():
        total = total * signal + fmpq(int(coefficient.p), int(coefficient.q))
    return total


ZonalLogDet: Final = functional(
    "ZonalLogDet",
    nargs=3,
    latex=r"\tfrac d{{dh}}{{}}_2F_1\left({0},{1},{2}\right)",
    ball=_zonal,
)
"""``ZonalLogDet(d, p, gamma)`` is the derived zonal polynomial in R^2 for m = d + 2p."""

MeanKL: Final = _expectation(
    "MeanKL",
    balls.mean_kl,
    r"E\,KL(\rho_G\Vert\rho)\left({0},{1},{2}\right)",
    _on_the_line("kl"),
)
"""``MeanKL(d, m, gamma)`` is E KL(rho_G || rho), population variance."""

MeanLogVariance: Final = _expectation(
    "MeanLogVariance", balls.mean_log_variance, r"E\log\tfrac{{s^2}}v\left({0},{1},{2}\right)"
)
"""``MeanLogVariance(d, m, gamma)`` is E log(s^2 / v) of the empirical variance, m d even."""

PseudoInverseTrace: Final = functional(
    "PseudoInverseTrace",
    nargs=2,
    latex=r"E\,\mathrm{{tr}}\,S^+\left({0},{1}\right)",
    ball=balls.pseudo_inverse_trace,
    positive=True,
)
"""``PseudoInverseTrace(d, m)`` is E tr S^+ of S = Z^T Z with Z an m x d standard normal matrix."""


def _derived_inverse(degrees: Expr) -> Expr:
    from theory.wishart_moments import expected_inverse_chi_square

    value: Expr = expected_inverse_chi_square(degrees).args[0][0]
    return value


def _derived_log(degrees: Expr) -> Expr:
    from theory.wishart_moments import expected_log_chi_square

    value: Expr = expected_log_chi_square(degrees)
    return value


InverseChiSquare: Final = functional(
    "InverseChiSquare",
    nargs=1,
    latex=r"E\,\tfrac1{{\chi^2_{{{0}}}}}",
    ball=balls.inverse_chi_square,
    unfold=_derived_inverse,
    positive=True,
)
"""``InverseChiSquare(nu)`` is E 1/chi^2, for more than two degrees of freedom."""

LogChiSquare: Final = functional(
    "LogChiSquare",
    nargs=1,
    latex=r"E\log\chi^2_{{{0}}}",
    ball=balls.log_chi_square,
    unfold=_derived_log,
)
"""``LogChiSquare(nu)`` is E log chi^2."""


def _chi_square_density(degrees: Expr, x: Expr) -> Expr:
    from sympy import exp, gamma

    half = degrees / 2
    value: Expr = x ** (half - 1) * exp(-x / 2) / (2**half * gamma(half))
    return value


def _normal_density(mean: Expr, x: Expr) -> Expr:
    from sympy import exp, pi, sqrt

    return exp(-((x - mean) ** 2) / 2) / sqrt(2 * pi)


ChiSquareDensity: Final = functional(
    "ChiSquareDensity",
    nargs=2,
    latex=r"f_{{\chi^2_{{{0}}}}}\left({1}\right)",
    unfold=_chi_square_density,
    positive=True,
)
"""``ChiSquareDensity(nu, x)`` is the chi-square density at x > 0."""

NormalDensity: Final = functional(
    "NormalDensity",
    nargs=2,
    latex=r"\varphi\left({1}-{0}\right)",
    unfold=_normal_density,
    positive=True,
)
"""``NormalDensity(b, x)`` is the density of N(b, 1) at x."""


def _truncated_chi_square(degrees: Expr, cut: Expr) -> Expr:
    from sympy import Dummy, Integral

    x = Dummy("x", positive=True)
    return Integral(ChiSquareDensity(degrees, x) / x, (x, cut, 1))


def _truncated_normal(mean: Expr, power: Expr, cut: Expr) -> Expr:
    from sympy import Dummy, Integral

    x = Dummy("x", positive=True)
    return Integral(NormalDensity(mean, x) * x ** (-power), (x, cut, 1))


TruncatedInverseChiSquare: Final = functional(
    "TruncatedInverseChiSquare",
    nargs=2,
    latex=r"E\left[\tfrac1{{\chi^2_{{{0}}}}};{1}\le\chi^2\le1\right]",
    ball=balls.truncated_inverse_chi_square,
    unfold=_truncated_chi_square,
)
"""``TruncatedInverseChiSquare(nu, e)`` is E[1/X; e <= X <= 1] for a chi-square X."""

TruncatedInverseNormal: Final = functional(
    "TruncatedInverseNormal",
    nargs=3,
    latex=r"E\left[\lvert B\rvert^{{-{1}}};{2}\le B\le1\right]_{{B\sim N({0},1)}}",
    ball=balls.truncated_inverse_normal,
    unfold=_truncated_normal,
)
"""``TruncatedInverseNormal(b, p, e)`` is E[B^-p; e <= B <= 1] for B ~ N(b, 1)."""
