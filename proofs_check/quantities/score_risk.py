"""Risks of scores, as integrals over the line: three independent faces of each."""

from collections.abc import Callable
from typing import Any

from sympy import Expr, Integral, Symbol, oo

from proofs_check.functionals import Point, functional
from proofs_check.quantities import mixture_balls as balls
from proofs_check.quantities.empirical_score import LossDensity, MixtureDensity, Score
from proofs_check.quantities.normal import NormalDensity
from proofs_check.quantities.posterior import PosteriorMean

__all__ = [
    "AffineExcessRisk",
    "AffineRisk",
    "CentreRisk",
    "OptimalRisk",
]

_POINT = Symbol("v_", real=True)


def _float_optimal_risk(sample: Any, mean_scale: float, noise: float) -> float:
    from numerics.score_risk import optimal_risk

    return float(optimal_risk(sample, mu=float(mean_scale), sigma=float(noise)))


def _float_affine_risk(sample: Any, mean_scale: float, noise: float, a: float, b: float) -> float:
    from numerics.score_risk import risk_quadrature

    return float(
        risk_quadrature(lambda p: a + b * p, sample, mu=float(mean_scale), sigma=float(noise))
    )


def _float_affine_excess(sample: Any, mean_scale: float, noise: float, a: float, b: float) -> float:
    from numerics.score_risk import score_distance

    return float(
        score_distance(lambda p: a + b * p, sample, mu=float(mean_scale), sigma=float(noise))
    )


def _float_centre_risk(sample: Any, mean_scale: float, noise: float, index: float) -> float:
    from numerics.centre_risk import centre_risk

    return centre_risk(sample, round(index) - 1, mu=float(mean_scale), sigma=float(noise))


def _integrated(build: Callable[..., Expr]) -> Callable[..., Expr]:
    """Return an unfolding as an integral of opaque integrands over the line."""

    def unfold(*args: Any) -> Expr:
        return Integral(build(*args), (_POINT, -oo, oo))

    return unfold


def _squared_distance(sample: Any, mean_scale: Any, noise: Any, a: Any, b: Any) -> Expr:
    arguments = (sample, mean_scale, noise, _POINT)
    result: Expr = MixtureDensity(*arguments) * (a + b * _POINT - Score(*arguments)) ** 2
    return result


OptimalRisk = functional(
    "OptimalRisk",
    nargs=3,
    latex=r"R_n(s^\star)",
    float64=_float_optimal_risk,
    ball=balls.optimal_risk,
    unfold=_integrated(lambda *args: LossDensity(*args, _POINT, Score(*args, _POINT))),
    nonnegative=True,
)
"""``OptimalRisk(X, mu, sigma)`` is the risk of the empirical optimal score."""

AffineRisk = functional(
    "AffineRisk",
    nargs=5,
    latex=r"R_n(s_{{{3},{4}}})",
    float64=_float_affine_risk,
    ball=balls.affine_risk,
    unfold=_integrated(
        lambda sample, mean_scale, noise, a, b: LossDensity(
            sample, mean_scale, noise, _POINT, a + b * _POINT
        )
    ),
    nonnegative=True,
)
"""``AffineRisk(X, mu, sigma, a, b)`` is the risk of s(y) = a + b y."""

AffineExcessRisk = functional(
    "AffineExcessRisk",
    nargs=5,
    latex=r"\frac1n\sum_i\mathbb{{E}}\left[(s_{{{3},{4}}}-s^\star)^2\right]",
    float64=_float_affine_excess,
    ball=balls.affine_excess_risk,
    unfold=_integrated(_squared_distance),
    nonnegative=True,
)
"""``AffineExcessRisk(X, mu, sigma, a, b)`` is the mean squared distance of a + b y to s*."""

CentreRisk = functional(
    "CentreRisk",
    nargs=4,
    latex=r"\mathbb{{E}}_{{Y\sim N(\mu x_{{{3}}},\sigma^2)}}"
    r"\left[(\mathbb{{E}}[W(Y)]-x_{{{3}}})^2\right]",
    float64=_float_centre_risk,
    ball=balls.centre_risk,
    unfold=lambda sample, mean_scale, noise, index: Integral(
        NormalDensity(mean_scale * Point(sample, index), noise, _POINT)
        * (PosteriorMean(sample, mean_scale, noise, _POINT) - Point(sample, index)) ** 2,
        (_POINT, -oo, oo),
    ),
    nonnegative=True,
)
"""``CentreRisk(X, mu, sigma, i)`` is the mean squared error of E[W] around the i-th centre."""
