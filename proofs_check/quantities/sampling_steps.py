"""Samplers of the linear model step by step: three faces of each."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal

from sympy import Expr, S, exp

from proofs_check.functionals import functional
from proofs_check.quantities import reverse_balls as balls

__all__ = [
    "AncestralDeficit",
    "ChainMean",
    "ChainVariance",
    "DeterministicOverlap",
    "MeanStepKL",
    "StepGain",
    "StepNoise",
]

SCHEMES: Final[tuple[Literal["em", "euler", "ddpm", "ddim"], ...]] = (
    "em",
    "euler",
    "ddpm",
    "ddim",
)


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
    from numerics.sampler_divergence import mean_step_kl

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
