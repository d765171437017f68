"""The linear model under other samplers and for other data: three faces of each quantity."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal

from sympy import Expr, Integer, S, exp

from proofs_check.errors import ClaimError
from proofs_check.functionals import functional
from proofs_check.quantities import reverse_balls as balls

__all__ = [
    "AffineSlope",
    "AncestralDeficit",
    "ChainMean",
    "ChainVariance",
    "DeterministicOverlap",
    "EmpiricalDefect",
    "FirstOrderError",
    "IsotropicFloor",
    "MarchenkoPasturEntropy",
    "MeanSampleKL",
    "MeanStepKL",
    "MixtureFloor",
    "ReverseVariance",
    "SampleKLLimit",
    "SpectrumFloorGap",
    "SpectrumTrace",
    "StepGain",
    "StepNoise",
]

FLOWS: Final[tuple[Literal["sde", "ode"], ...]] = ("sde", "ode")
SCHEMES: Final[tuple[Literal["em", "euler", "ddpm", "ddim"], ...]] = (
    "em",
    "euler",
    "ddpm",
    "ddim",
)


@cache
def _derived_variance(flow: Expr, value: Expr, start: Expr, scale: Expr, time: Expr) -> Expr:
    from theory.linear_reverse import generated_variance

    result: Expr = generated_variance(FLOWS[int(flow) - 1], value, start, time, scale)
    return result


def _float_variance(flow: float, value: float, start: float, scale: float, time: float) -> float:
    from numerics.linear_reverse import generated_variance

    name = FLOWS[round(flow) - 1]
    return generated_variance(name, value, start, T=time, noise_scale=scale)


ReverseVariance: Final = functional(
    "ReverseVariance",
    nargs=5,
    latex=r"V_0^{{({0})}}\left({1},{2},{3},{4}\right)",
    float64=_float_variance,
    unfold=_derived_variance,
)
"""``ReverseVariance(flow, w, V, lambda, T)``: flow 1 is the reverse SDE, 2 the probability flow."""


@cache
def _derived_error(flow: Expr, value: Expr, later: Expr, scale: Expr) -> Expr:
    from theory.linear_reverse import first_order_error

    result: Expr = first_order_error(FLOWS[int(flow) - 1], value, later, scale)
    return result


FirstOrderError: Final = functional(
    "FirstOrderError",
    nargs=4,
    latex=r"e^{{({0})}}\left({1},{2},{3}\right)",
    unfold=_derived_error,
)
"""``FirstOrderError(flow, w, c, lambda)``: relative error of the variance over the step length."""


def _derived_sample(d: Expr, m: Expr) -> Expr:
    from theory.sample_gaussian import expected_kl

    result: Expr = expected_kl(d, m)
    return result


def _float_sample(d: float, m: float) -> float:
    from numerics.linear_reverse import sample_gaussian_line

    if round(float(d)) != 1:
        raise ClaimError("an expectation beyond the line is known by simulation only")
    return sample_gaussian_line(n=round(float(m)) + 1)


MeanSampleKL: Final = functional(
    "MeanSampleKL",
    nargs=2,
    latex=r"E\,KL\left(N(\bar x,S)\Vert\rho\right)\left({0},{1}\right)",
    float64=_float_sample,
    ball=balls.sample_kl,
    unfold=_derived_sample,
    positive=True,
)
"""``MeanSampleKL(d, m)``: mean divergence of the sample Gaussian from the sampling law."""


def _derived_limit(psi: Expr) -> Expr:
    from theory.sample_gaussian import sample_kl_limit

    result: Expr = sample_kl_limit(psi)
    return result


SampleKLLimit: Final = functional(
    "SampleKLLimit",
    nargs=1,
    latex=r"kl_S\left({0}\right)",
    unfold=_derived_limit,
)
"""``SampleKLLimit(psi)``: limit of the mean divergence of the sample Gaussian per dimension."""


def _step(place: str) -> Callable[..., Expr]:
    @cache
    def unfold(*arguments: Expr) -> Expr:
        from theory.sampling_steps import Level, sampler_step

        scheme, value, a, q2, above, over, h, scale = arguments
        step = sampler_step(
            SCHEMES[int(scheme) - 1],
            value,
            Level(shrink=a, noise=q2),
            Level(shrink=above, noise=over),
            scale,
            h,
        )
        result: Expr = S(getattr(step, place))
        return result

    return unfold


StepGain: Final = functional(
    "StepGain",
    nargs=8,
    latex=r"g_{{{0}}}\left({1};{2},{3};{4},{5};{6},{7}\right)",
    unfold=_step("gain"),
)
"""``StepGain(scheme, w, a, q2, a', q2', h, lambda)``: factor of a deviation in one step.

Schemes: 1 Euler-Maruyama, 2 Euler, 3 ancestral, 4 deterministic.
"""

StepNoise: Final = functional(
    "StepNoise",
    nargs=8,
    latex=r"\beta_{{{0}}}\left({1};{2},{3};{4},{5};{6},{7}\right)",
    unfold=_step("fresh"),
)
"""``StepNoise(scheme, w, a, q2, a', q2', h, lambda)``: variance that one step adds."""


@cache
def _derived_deficit(value: Expr, lower: Expr, upper: Expr) -> Expr:
    from theory.sampling_steps import deficit_term

    result: Expr = deficit_term(value, lower, upper)
    return result


AncestralDeficit: Final = functional(
    "AncestralDeficit",
    nargs=3,
    latex=r"D\left({0};{1},{2}\right)",
    unfold=_derived_deficit,
)
"""``AncestralDeficit(w, nu, nu')``: share of the variance that one ancestral step drops."""


def _derived_overlap(value: Expr, lower: Expr, upper: Expr) -> Expr:
    from theory.sampling_steps import overlap_squared

    result: Expr = overlap_squared(value, lower, upper)
    return result


DeterministicOverlap: Final = functional(
    "DeterministicOverlap",
    nargs=3,
    latex=r"\cos^2\left({0};{1},{2}\right)",
    unfold=_derived_overlap,
)
"""``DeterministicOverlap(w, nu, nu')``: share of the variance that one DDIM step keeps."""


@cache
def _derived_chain(scheme: Expr, steps: Expr, value: Expr, scale: Expr, time: Expr) -> Expr:
    from theory.sampling_steps import chain_variance, uniform_levels

    count = int(steps)
    start = value * exp(-2 * time) + scale * (1 - exp(-2 * time))
    levels = uniform_levels(count, time, scale)
    lengths = [time / count] * count
    name = SCHEMES[int(scheme) - 1]
    result: Expr = chain_variance(name, value, levels, start, scale, lengths)
    return result


def _spectrum(scheme: float, steps: float, value: float, scale: float, time: float) -> Any:
    """Return the generated variances and means of one fitted variance."""
    from numerics.sampling_steps import sampler_spectrum

    name = SCHEMES[round(scheme) - 1]
    return sampler_spectrum([value], scheme=name, steps=round(steps), T=time, noise_scale=scale)


ChainVariance: Final = functional(
    "ChainVariance",
    nargs=5,
    latex=r"V_0^{{({0},{1})}}\left({2},{3},{4}\right)",
    float64=lambda *at: float(_spectrum(*at)[0][0]),
    unfold=_derived_chain,
)
"""``ChainVariance(scheme, K, w, lambda, T)``: generated variance after K uniform steps."""


@cache
def _derived_mean(scheme: Expr, steps: Expr, value: Expr, scale: Expr, time: Expr) -> Expr:
    from theory.sampling_steps import chain_mean, uniform_levels

    count, name = int(steps), SCHEMES[int(scheme) - 1]
    lengths = [time / count] * count if name in ("em", "euler") else None
    result: Expr = chain_mean(name, value, uniform_levels(count, time, scale), scale, lengths)
    return result


ChainMean: Final = functional(
    "ChainMean",
    nargs=5,
    latex=r"M_0^{{({0},{1})}}\left({2},{3},{4}\right)",
    float64=lambda *at: float(_spectrum(*at)[1][0]),
    unfold=_derived_mean,
)
"""``ChainMean(scheme, K, w, lambda, T)``: generated mean over the fitted one, uniform steps."""


def _float_step_kl(scheme: float, steps: float, m: float, scale: float, time: float) -> float:
    from numerics.step_line import mean_step_kl

    return mean_step_kl(
        balls.SCHEMES[round(scheme) - 1],
        round(steps),
        n=round(m) + 1,
        T=time,
        noise_scale=scale,
    )


MeanStepKL: Final = functional(
    "MeanStepKL",
    nargs=5,
    latex=r"E\,KL_{{{0},{1}}}\left({2},{3},{4}\right)",
    float64=_float_step_kl,
    ball=balls.mean_step_kl,
)
"""``MeanStepKL(scheme, K, m, lambda, T)``: mean divergence on the line after K steps.

Schemes: 1 Euler-Maruyama, 2 ancestral, 3 deterministic.
"""


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
