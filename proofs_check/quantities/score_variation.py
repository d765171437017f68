"""Total variation of the slope of the optimal score: three independent faces of each."""

from typing import Any

import numpy as np
from sympy import Abs, Expr, Integral, Symbol, oo

from proofs_check.functionals import functional
from proofs_check.quantities import mixture_balls as balls
from proofs_check.quantities.empirical_score import ScoreCurvature

__all__ = [
    "ScoreVariation",
    "ScoreVariationLeft",
    "ScoreVariationOn",
    "ScoreVariationRight",
]

_POINT = Symbol("v_", real=True)


def _float_variation(sample: Any, mean_scale: float, noise: float) -> float:
    from numerics.total_variation import score_total_variation

    return float(score_total_variation(sample, mu=float(mean_scale), sigma=float(noise)))


def _float_variation_on(
    sample: Any, mean_scale: float, noise: float, lo: float, hi: float
) -> float:
    """Sum |increments| of the slope on a fine grid: the definition of a variation."""
    from numerics.empirical_score import empirical_score_derivatives

    points = np.linspace(float(lo), float(hi), 20_001)
    found = empirical_score_derivatives(points, sample, mu=float(mean_scale), sigma=float(noise))
    return float(np.abs(np.diff(found.first)).sum())


def _decay(sample: Any, mean_scale: float, noise: float) -> float:
    """Return the length over which the outermost weights fall by a factor e."""
    return float(noise**2 / (mean_scale * np.min(np.diff(sample))))


def _integral(sample: Any, mean_scale: Any, noise: Any, lo: Any, hi: Any) -> Expr:
    return Integral(Abs(ScoreCurvature(sample, mean_scale, noise, _POINT)), (_POINT, lo, hi))


ScoreVariation = functional(
    "ScoreVariation",
    nargs=3,
    latex=r"\int\left|s^{{\star\prime\prime}}\right|dy",
    float64=_float_variation,
    ball=balls.variation,
    unfold=lambda sample, m, s: _integral(sample, m, s, -oo, oo),
    nonnegative=True,
)
"""``ScoreVariation(X, mu, sigma)`` is the total variation of the slope of the optimal score."""

ScoreVariationOn = functional(
    "ScoreVariationOn",
    nargs=5,
    latex=r"\int_{{{3}}}^{{{4}}}\left|s^{{\star\prime\prime}}\right|dy",
    float64=_float_variation_on,
    ball=balls.variation_on,
    unfold=_integral,
    nonnegative=True,
)
"""``ScoreVariationOn(X, mu, sigma, a, b)`` is the variation of the slope between a and b."""

ScoreVariationRight = functional(
    "ScoreVariationRight",
    nargs=4,
    latex=r"\int_{{{3}}}^\infty\left|s^{{\star\prime\prime}}\right|dy",
    float64=lambda sample, m, s, start: _float_variation_on(
        sample, m, s, start, max(start, m * float(np.max(sample))) + 60 * _decay(sample, m, s)
    ),
    ball=balls.variation_right,
    unfold=lambda sample, m, s, start: _integral(sample, m, s, start, oo),
    nonnegative=True,
)
"""``ScoreVariationRight(X, mu, sigma, a)`` is the variation of the slope beyond a."""

ScoreVariationLeft = functional(
    "ScoreVariationLeft",
    nargs=4,
    latex=r"\int_{{-\infty}}^{{{3}}}\left|s^{{\star\prime\prime}}\right|dy",
    float64=lambda sample, m, s, end: _float_variation_on(
        sample, m, s, min(end, m * float(np.min(sample))) - 60 * _decay(sample, m, s), end
    ),
    ball=balls.variation_left,
    unfold=lambda sample, m, s, end: _integral(sample, m, s, -oo, end),
    nonnegative=True,
)
"""``ScoreVariationLeft(X, mu, sigma, a)`` is the variation of the slope before a."""
