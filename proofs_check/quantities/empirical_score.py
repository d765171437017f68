"""The empirical optimal score and the posterior of the datum: three independent faces each."""

from collections.abc import Callable
from typing import Any

import numpy as np
from sympy import Abs, Expr, IndexedBase, Integral, Symbol, oo

import theory.empirical_score as derived
from proofs_check.functionals import Point, formal_size, functional
from proofs_check.quantities import mixture_balls as balls
from proofs_check.quantities.normal import NormalDensity
from theory import tilting
from theory.symbols import mu, sigma, x, y

__all__ = [
    "AffineExcessRisk",
    "AffineRisk",
    "CentreRisk",
    "LossDensity",
    "MinimiserOfRisk",
    "MixtureDensity",
    "OptimalRisk",
    "PosteriorMean",
    "PosteriorThird",
    "PosteriorVariance",
    "PosteriorWeight",
    "Score",
    "ScoreCurvature",
    "ScoreSlope",
    "ScoreVariation",
    "ScoreVariationLeft",
    "ScoreVariationOn",
    "ScoreVariationRight",
    "WeightSlope",
]


def _derived(build: Callable[..., Expr]) -> Callable[..., Expr]:
    """Return an unfolding that calls a derivation for the sample's size and puts arguments in.

    Further arguments (an index) go to the derivation.
    """

    def unfold(sample: Any, mean_scale: Any, noise: Any, point: Any, *rest: Any) -> Expr:
        formal = isinstance(sample, IndexedBase)
        expr = build(*rest, formal_size if formal else len(sample.args))
        table: dict[Any, Any] = {mu: mean_scale, sigma: noise, y: point}
        if not formal:
            table |= {x[k]: v for k, v in enumerate(sample.args, start=1)}
        result: Expr = expr.subs(table, simultaneous=True)
        return result

    return unfold


def _index(value: Any) -> Any:
    return int(value) if getattr(value, "is_Integer", False) else value


def _moments(name: str) -> Callable[..., float]:
    def float64(sample: Any, mean_scale: float, noise: float, point: float) -> float:
        from numerics.posterior import posterior_moments

        found = posterior_moments(point, sample, mu=float(mean_scale), sigma=float(noise))
        return float(getattr(found, name))

    return float64


def _derivatives(name: str) -> Callable[..., float]:
    def float64(sample: Any, mean_scale: float, noise: float, point: float) -> float:
        from numerics.empirical_score import empirical_score_derivatives

        found = empirical_score_derivatives(point, sample, mu=float(mean_scale), sigma=float(noise))
        return float(getattr(found, name))

    return float64


def _float_weight(
    sample: Any, mean_scale: float, noise: float, point: float, index: float
) -> float:
    from numerics.posterior import posterior_weights

    row = posterior_weights([point], sample, mu=float(mean_scale), sigma=float(noise))
    return float(row[0, round(index) - 1])


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


def _float_variation(sample: Any, mean_scale: float, noise: float) -> float:
    from numerics.total_variation import score_total_variation

    return float(score_total_variation(sample, mu=float(mean_scale), sigma=float(noise)))


PosteriorWeight = functional(
    "PosteriorWeight",
    nargs=5,
    latex=r"\alpha_{{{4}}}\left({3}\right)",
    float64=_float_weight,
    ball=balls.weight,
    unfold=_derived(lambda place, size: tilting.posterior_weight(_index(place), size)),
    positive=True,
)
"""``PosteriorWeight(X, mu, sigma, y, i)`` is alpha_i(y)."""

PosteriorMean = functional(
    "PosteriorMean",
    nargs=4,
    latex=r"\mathbb{{E}}\left[W\left({3}\right)\right]",
    float64=_moments("mean"),
    ball=balls.mean,
    unfold=_derived(tilting.posterior_mean),
)
"""``PosteriorMean(X, mu, sigma, y)`` is E[W(y)]."""

PosteriorVariance = functional(
    "PosteriorVariance",
    nargs=4,
    latex=r"\mathbb{{V}}\left[W\left({3}\right)\right]",
    float64=_moments("variance"),
    ball=balls.variance,
    unfold=_derived(tilting.posterior_variance),
    nonnegative=True,
)
"""``PosteriorVariance(X, mu, sigma, y)`` is V[W(y)]."""

PosteriorThird = functional(
    "PosteriorThird",
    nargs=4,
    latex=r"\mathbb{{E}}\left[(W-\mathbb{{E}}W)^3\right]\left({3}\right)",
    float64=_moments("third"),
    ball=balls.third,
    unfold=_derived(lambda size: tilting.central_moment(3, size)),
)
"""``PosteriorThird(X, mu, sigma, y)`` is the third central moment of W(y)."""

Score = functional(
    "Score",
    nargs=4,
    latex=r"s^\star\left({3}\right)",
    float64=_derivatives("score"),
    ball=balls.score,
    unfold=_derived(derived.optimal_score),
)
"""``Score(X, mu, sigma, y)`` is the derivative of the log mixture density."""

MinimiserOfRisk = functional(
    "MinimiserOfRisk",
    nargs=4,
    latex=r"\left(\arg\min_s R_n(s)\right)\left({3}\right)",
    ball=balls.score,
    unfold=_derived(derived.score_by_definition),
)
"""``MinimiserOfRisk(X, mu, sigma, y)`` is the value at y of the score of least risk."""


def _slope(order: int) -> Callable[..., Expr]:
    def build(size: Any) -> Expr:
        expr = derived.optimal_score(size)
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
    unfold=_derived(_slope(1)),
)
"""``ScoreSlope(X, mu, sigma, y)`` is the derivative of the optimal score."""

ScoreCurvature = functional(
    "ScoreCurvature",
    nargs=4,
    latex=r"s^{{\star\prime\prime}}\left({3}\right)",
    float64=_derivatives("second"),
    ball=balls.curvature,
    unfold=_derived(_slope(2)),
)
"""``ScoreCurvature(X, mu, sigma, y)`` is the second derivative of the optimal score."""


def _weight_slope_ball(sample: Any, mean_scale: Any, noise: Any, point: Any, index: Any) -> Any:
    """Differentiate the weight as a quotient of power series."""
    from flint import arb, arb_series, ctx, fmpq

    from proofs_check.balls import to_ball

    before = ctx.cap
    ctx.cap = 2
    try:
        terms = []
        centre = mean_scale * sample[int(index) - 1]
        for value in sample:
            shift = (point - centre) ** 2 - (point - mean_scale * value) ** 2
            rate = fmpq(-1) * (point - mean_scale * value) / noise**2
            terms.append(arb_series([to_ball(shift / (2 * noise**2)), to_ball(rate)]).exp())
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return arb((terms[int(index) - 1] / total)[1])
    finally:
        ctx.cap = before


def _float_weight_slope(
    sample: Any, mean_scale: float, noise: float, point: float, index: float
) -> float:
    """Differentiate the log weight by its definition: difference of the Gaussian exponents."""
    from numerics.posterior import posterior_weights

    alpha = posterior_weights([point], sample, mu=float(mean_scale), sigma=float(noise))[0]
    rates = -(point - mean_scale * np.asarray(sample)) / noise**2
    own = round(index) - 1
    return float(alpha[own] * np.sum(alpha * (rates[own] - rates)))


WeightSlope = functional(
    "WeightSlope",
    nargs=5,
    latex=r"\alpha_{{{4}}}'\left({3}\right)",
    float64=_float_weight_slope,
    ball=_weight_slope_ball,
    unfold=_derived(lambda place, size: tilting.weight_derivative(_index(place), size)),
)
"""``WeightSlope(X, mu, sigma, y, j)`` is the derivative of alpha_j at y."""

LossDensity = functional(
    "LossDensity",
    nargs=5,
    latex=r"\ell\left({3},{4}\right)",
    ball=balls.loss_density,
    unfold=_derived(derived.denoising_integrand),
    nonnegative=True,
)
"""``LossDensity(X, mu, sigma, y, s)`` is the integrand of the risk at y for the value s there."""

MixtureDensity = functional(
    "MixtureDensity",
    nargs=4,
    latex=r"p\left({3}\right)",
    ball=balls.density,
    unfold=_derived(derived.mixture_density),
    positive=True,
)
"""``MixtureDensity(X, mu, sigma, y)`` is the density of the noisy point."""

_POINT = Symbol("v_", real=True)


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

ScoreVariation = functional(
    "ScoreVariation",
    nargs=3,
    latex=r"\int\left|s^{{\star\prime\prime}}\right|dy",
    float64=_float_variation,
    ball=balls.variation,
    unfold=_integrated(lambda *args: Abs(ScoreCurvature(*args, _POINT))),
    nonnegative=True,
)
"""``ScoreVariation(X, mu, sigma)`` is the total variation of the slope of the optimal score."""


def _float_centre_risk(sample: Any, mean_scale: float, noise: float, index: float) -> float:
    from scipy.integrate import quad

    from numerics.posterior import posterior_moments

    datum = float(np.asarray(sample)[round(index) - 1])

    def integrand(u: float) -> float:
        point = mean_scale * datum + noise * u
        mean = posterior_moments(point, sample, mu=float(mean_scale), sigma=float(noise)).mean
        return float((mean - datum) ** 2 * np.exp(-u * u / 2) / np.sqrt(2 * np.pi))

    inner = [mean_scale * (float(v) - datum) / noise for v in np.asarray(sample)]
    breaks = sorted({0.0, *(h / 2 for h in inner if abs(h / 2) < 12)})
    return float(quad(integrand, -12, 12, points=breaks, epsabs=0, epsrel=1e-10, limit=200)[0])


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

ScoreVariationOn = functional(
    "ScoreVariationOn",
    nargs=5,
    latex=r"\int_{{{3}}}^{{{4}}}\left|s^{{\star\prime\prime}}\right|dy",
    float64=_float_variation_on,
    ball=balls.variation_on,
    unfold=lambda sample, mean_scale, noise, lo, hi: Integral(
        Abs(ScoreCurvature(sample, mean_scale, noise, _POINT)), (_POINT, lo, hi)
    ),
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
    unfold=lambda sample, m, s, start: Integral(
        Abs(ScoreCurvature(sample, m, s, _POINT)), (_POINT, start, oo)
    ),
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
    unfold=lambda sample, m, s, end: Integral(
        Abs(ScoreCurvature(sample, m, s, _POINT)), (_POINT, -oo, end)
    ),
    nonnegative=True,
)
"""``ScoreVariationLeft(X, mu, sigma, a)`` is the variation of the slope before a."""
