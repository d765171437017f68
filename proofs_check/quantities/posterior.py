"""The posterior of the datum behind a noisy point: three independent faces of each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs_check.functionals import functional
from proofs_check.quantities import mixture_balls as balls
from proofs_check.quantities.sample_derivation import derived
from theory import tilting

__all__ = [
    "PosteriorMean",
    "PosteriorThird",
    "PosteriorVariance",
    "PosteriorWeight",
    "WeightSlope",
]


def _index(value: Any) -> Any:
    return int(value) if getattr(value, "is_Integer", False) else value


def _moments(name: str) -> Callable[..., float]:
    def float64(sample: Any, mean_scale: float, noise: float, point: float) -> float:
        from numerics.posterior import posterior_moments

        found = posterior_moments(point, sample, mu=float(mean_scale), sigma=float(noise))
        return float(getattr(found, name))

    return float64


def _float_weight(
    sample: Any, mean_scale: float, noise: float, point: float, index: float
) -> float:
    from numerics.posterior import posterior_weights

    row = posterior_weights([point], sample, mu=float(mean_scale), sigma=float(noise))
    return float(row[0, round(index) - 1])


PosteriorWeight = functional(
    "PosteriorWeight",
    nargs=5,
    latex=r"\alpha_{{{4}}}\left({3}\right)",
    float64=_float_weight,
    ball=balls.weight,
    unfold=derived(lambda place, size: tilting.posterior_weight(_index(place), size)),
    positive=True,
)
"""``PosteriorWeight(X, mu, sigma, y, i)`` is alpha_i(y)."""

PosteriorMean = functional(
    "PosteriorMean",
    nargs=4,
    latex=r"\mathbb{{E}}\left[W\left({3}\right)\right]",
    float64=_moments("mean"),
    ball=balls.mean,
    unfold=derived(tilting.posterior_mean),
)
"""``PosteriorMean(X, mu, sigma, y)`` is E[W(y)]."""

PosteriorVariance = functional(
    "PosteriorVariance",
    nargs=4,
    latex=r"\mathbb{{V}}\left[W\left({3}\right)\right]",
    float64=_moments("variance"),
    ball=balls.variance,
    unfold=derived(tilting.posterior_variance),
    nonnegative=True,
)
"""``PosteriorVariance(X, mu, sigma, y)`` is V[W(y)]."""

PosteriorThird = functional(
    "PosteriorThird",
    nargs=4,
    latex=r"\mathbb{{E}}\left[(W-\mathbb{{E}}W)^3\right]\left({3}\right)",
    float64=_moments("third"),
    ball=balls.third,
    unfold=derived(lambda size: tilting.central_moment(3, size)),
)
"""``PosteriorThird(X, mu, sigma, y)`` is the third central moment of W(y)."""


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
    unfold=derived(lambda place, size: tilting.weight_derivative(_index(place), size)),
)
"""``WeightSlope(X, mu, sigma, y, j)`` is the derivative of alpha_j at y."""
