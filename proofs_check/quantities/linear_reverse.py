"""The exact reverse process with a linear score, and the sample Gaussian it ends in."""

from functools import cache
from typing import Final, Literal

from sympy import Expr

from proofs_check.errors import ClaimError
from proofs_check.functionals import functional
from proofs_check.quantities import reverse_balls as balls

__all__ = [
    "FirstOrderError",
    "MeanSampleKL",
    "ReverseVariance",
    "SampleKLLimit",
]

FLOWS: Final[tuple[Literal["sde", "ode"], ...]] = ("sde", "ode")


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
