"""The linear model for data of any covariance, for mixtures and for point clouds."""

from typing import Final

from sympy import Expr, Integer

from proofs_check.functionals import functional
from proofs_check.quantities import reverse_balls as balls

__all__ = [
    "AffineSlope",
    "EmpiricalDefect",
    "IsotropicFloor",
    "MarchenkoPasturEntropy",
    "MixtureFloor",
    "SpectrumFloorGap",
    "SpectrumTrace",
]


def _derived_trace(first: Expr, second: Expr, gain: Expr, noise: Expr, m: Expr) -> Expr:
    from sympy import sqrt

    from theory.spectrum_denoiser import expected_generated_variance

    result: Expr = expected_generated_variance([first, second], sqrt(gain), noise, m=m)
    return result


SpectrumTrace: Final = functional(
    "SpectrumTrace",
    nargs=5,
    latex=r"E\,\mathrm{{tr}}\,\Sigma_G\left({0},{1};{2},{3};{4}\right)",
    ball=balls.spectrum_trace,
    unfold=_derived_trace,
)
"""``SpectrumTrace(s_1, s_2, a2, q2, m)``: mean generated variance in the plane."""


def _derived_gap(first: Expr, second: Expr, gain: Expr, noise: Expr) -> Expr:
    from sympy import sqrt

    from theory.spectrum_denoiser import floor_gap

    result: Expr = floor_gap([first, second], sqrt(gain), noise)
    return result


def _derived_floor(first: Expr, second: Expr, gain: Expr, noise: Expr) -> Expr:
    from sympy import sqrt

    from theory.spectrum_denoiser import isotropic_start_floor

    result: Expr = isotropic_start_floor([first, second], sqrt(gain), noise)
    return result


IsotropicFloor: Final = functional(
    "IsotropicFloor",
    nargs=4,
    latex=r"KL_\infty\left({0},{1};{2},{3}\right)",
    unfold=_derived_floor,
)
"""``IsotropicFloor(s_1, s_2, a2, q2)``: divergence at infinitely many samples, isotropic start."""

SpectrumFloorGap: Final = functional(
    "SpectrumFloorGap",
    nargs=4,
    latex=r"\textstyle\sum(v_i^2-a^2s_is^2)\left({0},{1};{2},{3}\right)",
    unfold=_derived_gap,
)
"""``SpectrumFloorGap(s_1, s_2, a2, q2)``: zero if the isotropic start left no divergence."""


def _derived_slope(separation: Expr, a: Expr, noise: Expr) -> Expr:
    from theory.mixture_score import affine_score_slope

    result: Expr = affine_score_slope(separation, a, noise)
    return result


AffineSlope: Final = functional(
    "AffineSlope",
    nargs=3,
    latex=r"\beta\left({0},{1},{2}\right)",
    unfold=_derived_slope,
)
"""``AffineSlope(delta, a, q2)``: slope of the best affine score of the noised mixture."""


def _float_floor(separation: float) -> float:
    from numerics.gaussian_mixture import matched_divergences

    return matched_divergences(separation)[0]


MixtureFloor: Final = functional(
    "MixtureFloor",
    nargs=1,
    latex=r"J\left({0}\right)",
    float64=_float_floor,
    ball=balls.mixture_floor,
    positive=True,
)
"""``MixtureFloor(delta)``: divergence of the mixture from the nearest Gaussian."""


def _derived_defect(*arguments: Expr) -> Expr:
    from theory.mixture_score import empirical_residual
    from theory.symbols import t, y

    flow, first, second, scale, place, time = arguments
    noise = 2 * scale if int(flow) == 1 else Integer(0)
    result: Expr = empirical_residual((first, second), noise, scale).subs({y: place, t: time})
    return result


EmpiricalDefect: Final = functional(
    "EmpiricalDefect",
    nargs=6,
    latex=r"\mathrm{{FP}}^{{({0})}}\left({1},{2},{3};{4},{5}\right)",
    unfold=_derived_defect,
)
"""``EmpiricalDefect(flow, x_1, x_2, lambda, y, t)``: the noised training set in the equation."""

MarchenkoPasturEntropy: Final = functional(
    "MarchenkoPasturEntropy",
    nargs=1,
    latex=r"\textstyle\int\varsigma\log\varsigma\,d\mu_{{{0}}}",
    ball=balls.marchenko_pastur_entropy,
)
"""``MarchenkoPasturEntropy(y)`` is the mean of w log w over the spectrum of S/m, y = d/m < 1."""
