"""The linear one-step model: expectations over training sets, limits, and the fitted law.

Expectations depend on the dimension d, the degrees of freedom m = n - 1 and the signal-to-noise
ratio gamma alone. Their float64 face on the line integrates the definition; beyond the line the
definition is a simulation (`proofs_check.quantities.linear_simulation`), so there is none.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from sympy import Expr, ImmutableMatrix, Tuple

from proofs_check.errors import ClaimError
from proofs_check.functionals import functional
from proofs_check.quantities import linear_balls as balls

__all__ = [
    "ChiSquareDensity",
    "FittedWeight",
    "GeneratedCovariance",
    "GeneratedMean",
    "InverseChiSquare",
    "LimitingAffinityRoot",
    "LimitingKL",
    "LimitingLogAffinity",
    "LimitingLogDet",
    "LimitingTrace",
    "LimitingTraceBelow",
    "LimitingWasserstein",
    "LogChiSquare",
    "MeanError",
    "MeanKL",
    "MeanLogDet",
    "MeanLogVariance",
    "MeanTrace",
    "MeanTraceEmpirical",
    "NormalDensity",
    "PseudoInverseTrace",
    "RegressionSlope",
    "ResidualVariance",
    "ReverseKL",
    "RidgeErrorMode",
    "TruncatedInverseChiSquare",
    "TruncatedInverseNormal",
    "ZonalLogDet",
    "simulated",
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


def _limit(name: str) -> Callable[..., Any]:
    def unfold(psi: Expr, gamma: Expr) -> Expr:
        import theory.proportional_limit as derived

        value: Expr = getattr(derived, name)(psi, gamma)
        return value

    return unfold


LimitingTrace: Final = functional(
    "LimitingTrace",
    nargs=2,
    latex=r"t\left({0},{1}\right)",
    ball=balls.limiting_trace,
    unfold=_limit("trace_above"),
    positive=True,
)
"""``LimitingTrace(psi, gamma)`` is lim tr Sigma_G / (d s_d^2); its symbolic face needs psi > 1."""

LimitingTraceBelow: Final = functional(
    "LimitingTraceBelow",
    nargs=2,
    latex=r"t\left({0},{1}\right)",
    ball=balls.limiting_trace,
    unfold=_limit("trace_below"),
    positive=True,
)
"""``LimitingTraceBelow(psi, gamma)`` is the same with a symbolic face for psi < 1."""

LimitingLogDet: Final = functional(
    "LimitingLogDet",
    nargs=2,
    latex=r"\Lambda\left({0},{1}\right)",
    ball=balls.limiting_log_det,
    unfold=_limit("log_det_bulk"),
)
"""``LimitingLogDet(psi, gamma)``; its symbolic face needs 1 < psi <= 1 + 1/gamma."""

LimitingKL: Final = functional(
    "LimitingKL",
    nargs=2,
    latex=r"kl\left({0},{1}\right)",
    ball=balls.limiting_kl,
    unfold=_limit("kl_bulk"),
)
"""``LimitingKL(psi, gamma)``; its symbolic face needs 1 < psi <= 1 + 1/gamma."""

LimitingAffinityRoot: Final = functional(
    "LimitingAffinityRoot",
    nargs=2,
    latex=r"x\left({0},{1}\right)",
    ball=balls.limiting_affinity_root,
    positive=True,
)
"""``LimitingAffinityRoot(psi, gamma)`` is mean 1/(1 + eigenvalue) in the limit, psi > 1."""


def _reverse(psi: Expr, gamma: Expr) -> Expr:
    from theory.proportional_limit import log_det_gapped
    from theory.resolvent_limit import inverse_trace_from_resolvent

    value: Expr = (inverse_trace_from_resolvent(psi, gamma) - 1 + log_det_gapped(gamma)) / 2
    return value


ReverseKL: Final = functional(
    "ReverseKL",
    nargs=2,
    latex=r"kl_{{rev}}\left({0},{1}\right)",
    ball=balls.limiting_reverse_kl,
    unfold=_reverse,
)
"""``ReverseKL(psi, gamma)`` is lim KL(rho || rho_G) / d for psi > 1 + 1/gamma, in probability."""

LimitingLogAffinity: Final = functional(
    "LimitingLogAffinity",
    nargs=2,
    latex=r"\lim\tfrac1d\log(1-H^2)\left({0},{1}\right)",
    ball=balls.limiting_log_affinity,
)
"""``LimitingLogAffinity(psi, gamma)`` is lim log(1 - H^2) / d for psi > 1."""


LimitingWasserstein: Final = functional(
    "LimitingWasserstein",
    nargs=2,
    latex=r"\lim\tfrac1{{ds_d^2}}W_2^2\left({0},{1}\right)",
    ball=balls.limiting_wasserstein,
)
"""``LimitingWasserstein(psi, gamma)`` is lim W_2^2 / (d s_d^2) for psi > 1."""


def _ridge_mode(eigenvalue: Expr, ridge: Expr, slope: Expr, noise: Expr, d: Expr) -> Expr:
    from theory.ridge_limit import mode_moments

    value: Expr = mode_moments(eigenvalue, ridge, slope, noise, d)[1]
    return value


RidgeErrorMode: Final = functional(
    "RidgeErrorMode",
    nargs=5,
    latex=r"E_{{{0}}}\left({1}\right)",
    unfold=_ridge_mode,
)
"""``RidgeErrorMode(w, r, kappa, tau2, d)``: one eigenvalue's part of the squared error."""


def _population(place: int) -> Callable[..., Expr]:
    def unfold(a: Expr, data_variance: Expr, noise_variance: Expr) -> Expr:
        from theory.linear_denoiser import population_least_squares

        return population_least_squares(a, data_variance, noise_variance, 0 * a)[place]

    return unfold


RegressionSlope: Final = functional(
    "RegressionSlope",
    nargs=3,
    latex=r"\kappa\left({0},{1},{2}\right)",
    unfold=_population(0),
)
"""``RegressionSlope(a, s2, q2)`` minimises E (x - b_0 - b y)^2."""

ResidualVariance: Final = functional(
    "ResidualVariance",
    nargs=3,
    latex=r"\tau^2\left({0},{1},{2}\right)",
    unfold=_population(2),
)
"""``ResidualVariance(a, s2, q2)`` is the least E (x - b_0 - b y)^2."""


def _matrix(entries: Tuple) -> ImmutableMatrix:
    size = round(len(entries) ** 0.5)
    return ImmutableMatrix(size, size, list(entries))


def _derived_covariance(i: Expr, j: Expr, weights: Tuple, variance: Expr) -> Expr:
    from sympy import zeros

    from theory.linear_denoiser import affine_image_law

    matrix = _matrix(weights)
    origin = zeros(matrix.rows, 1).as_immutable()
    value: Expr = affine_image_law(origin, matrix, origin, variance)[1][int(i) - 1, int(j) - 1]
    return value


def _float_covariance(i: Any, j: Any, weights: Any, variance: Any) -> float:
    from numerics.linear_denoiser import GeneratedLaw

    size = round(len(weights) ** 0.5)
    matrix = np.asarray(weights, dtype=np.float64).reshape(size, size)
    law = GeneratedLaw(
        mean=np.zeros(size), factor=np.sqrt(float(variance)) * matrix, variance_ratio=1.0
    )
    return float(law.covariance[round(float(i)) - 1, round(float(j)) - 1])


def _ball_covariance(i: Any, j: Any, weights: Any, variance: Any) -> Any:
    size = round(len(weights) ** 0.5)
    first, second = ((int(r) - 1) * size for r in (i, j))
    return variance * sum(weights[first + k] * weights[second + k] for k in range(size))


GeneratedCovariance: Final = functional(
    "GeneratedCovariance",
    nargs=4,
    latex=r"\mathrm{{Cov}}(b_0+By)_{{{0}{1}}}",
    float64=_float_covariance,
    ball=_ball_covariance,
    unfold=_derived_covariance,
)
"""``GeneratedCovariance(i, j, B, s2)`` is Cov(b_0 + B y)_ij for y ~ N(., s2 I)."""


def _derived_mean(i: Expr, offset: Tuple, weights: Tuple, mean: Tuple) -> Expr:
    from theory.linear_denoiser import affine_image_law

    columns = [ImmutableMatrix(len(v), 1, list(v)) for v in (offset, mean)]
    law = affine_image_law(columns[0], _matrix(weights), columns[1], 1 + 0 * i)
    value: Expr = law[0][int(i) - 1]
    return value


GeneratedMean: Final = functional(
    "GeneratedMean",
    nargs=4,
    latex=r"E(b_0+By)_{{{0}}}",
    unfold=_derived_mean,
)
"""``GeneratedMean(i, b_0, B, mean)`` is E(b_0 + B y)_i for y of the given mean."""


def _derived_weight(i: Expr, j: Expr, clean: Tuple, noised: Tuple, size: Expr) -> Expr:
    from theory.linear_denoiser import fitted_weights

    n, d = len(clean) // int(size), int(size)
    matrices = (ImmutableMatrix(n, d, list(v)) for v in (clean, noised))
    value: Expr = fitted_weights(*matrices)[int(i) - 1, int(j) - 1]
    return value


def _float_weight(i: Any, j: Any, clean: Any, noised: Any, size: Any) -> float:
    from numerics.linear_denoiser import fit_linear_denoiser

    shape = (-1, round(float(size)))
    x, y = (np.asarray(v, dtype=np.float64).reshape(shape) for v in (clean, noised))
    return float(fit_linear_denoiser(x, y).weights[round(float(i)) - 1, round(float(j)) - 1])


def _ball_weight(i: Any, j: Any, clean: Any, noised: Any, size: Any) -> Any:
    """Solve the normal equations exactly; the centred noised data must have full column rank."""
    from flint import fmpq, fmpq_mat

    d = int(size)
    n = len(clean) // d
    x, y = (
        fmpq_mat(n, d, [v[k] - sum(v[k % d :: d]) / fmpq(n) for k in range(n * d)])
        for v in (clean, noised)
    )
    weights = (y.transpose() * y).solve(y.transpose() * x).transpose()
    return weights[int(i) - 1, int(j) - 1]


FittedWeight: Final = functional(
    "FittedWeight",
    nargs=5,
    latex=r"B_{{{0}{1}}}",
    float64=_float_weight,
    ball=_ball_weight,
    unfold=_derived_weight,
)
"""``FittedWeight(i, j, x, y, d)`` is an entry of the least-squares weights of a training set."""


def _only_simulated(*_: Any) -> Any:
    raise ClaimError("this quantity is known by simulation only")


def simulated(name: str, nargs: int, latex: str = "") -> Any:
    """Return a functional without a rigorous value: only Monte Carlo can speak about it.

    Examples
    --------
    >>> simulated("Rank", 3).__name__
    'Rank'
    """
    return functional(name, nargs=nargs, latex=latex, ball=_only_simulated)
