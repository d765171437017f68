"""The empirical optimal score and its derivatives: three independent faces of each."""

from collections.abc import Callable
from typing import Any

from sympy import Expr

import theory.empirical_score as score
from proofs_check.functionals import functional
from proofs_check.quantities import mixture_balls as balls
from proofs_check.quantities.sample_derivation import derived
from theory.symbols import y

__all__ = [
    "LossDensity",
    "MinimiserOfRisk",
    "MixtureDensity",
    "Score",
    "ScoreCurvature",
    "ScoreSlope",
]


def _derivatives(name: str) -> Callable[..., float]:
    def float64(sample: Any, mean_scale: float, noise: float, point: float) -> float:
        from numerics.empirical_score import empirical_score_derivatives

        found = empirical_score_derivatives(point, sample, mu=float(mean_scale), sigma=float(noise))
        return float(getattr(found, name))

    return float64


Score = functional(
    "Score",
    nargs=4,
    latex=r"s^\star\left({3}\right)",
    float64=_derivatives("score"),
    ball=balls.score,
    unfold=derived(score.optimal_score),
)
"""``Score(X, mu, sigma, y)`` is the derivative of the log mixture density."""

MinimiserOfRisk = functional(
    "MinimiserOfRisk",
    nargs=4,
    latex=r"\left(\arg\min_s R_n(s)\right)\left({3}\right)",
    ball=balls.score,
    unfold=derived(score.score_by_definition),
)
"""``MinimiserOfRisk(X, mu, sigma, y)`` is the value at y of the score of least risk."""


def _slope(order: int) -> Callable[..., Expr]:
    def build(size: Any) -> Expr:
        expr = score.optimal_score(size)
        for _ in range(order):
            expr = expr.diff(y)
        return expr

    return build


ScoreSlope = functional(
    "ScoreSlope",
    nargs=4,
    latex=r"s^{{\star\prime}}\left({3}\right)",
    float64=_derivatives("first"),
    ball=balls.slope,
    unfold=derived(_slope(1)),
)
"""``ScoreSlope(X, mu, sigma, y)`` is the derivative of the optimal score."""

ScoreCurvature = functional(
    "ScoreCurvature",
    nargs=4,
    latex=r"s^{{\star\prime\prime}}\left({3}\right)",
    float64=_derivatives("second"),
    ball=balls.curvature,
    unfold=derived(_slope(2)),
)
"""``ScoreCurvature(X, mu, sigma, y)`` is the second derivative of the optimal score."""

LossDensity = functional(
    "LossDensity",
    nargs=5,
    latex=r"\ell\left({3},{4}\right)",
    ball=balls.loss_density,
    unfold=derived(score.denoising_integrand),
    nonnegative=True,
)
"""``LossDensity(X, mu, sigma, y, s)`` is the integrand of the risk at y for the value s there."""

MixtureDensity = functional(
    "MixtureDensity",
    nargs=4,
    latex=r"p\left({3}\right)",
    ball=balls.density,
    unfold=derived(score.mixture_density),
    positive=True,
)
"""``MixtureDensity(X, mu, sigma, y)`` is the density of the noisy point."""
