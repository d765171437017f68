"""What the backward sampler of paper A makes of Gaussian data: exact recursions of the moments.

Also the mean of the training times, and the slope of a loss summed or averaged over coordinates.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray
from sympy import Expr, IndexedBase, Sum, Symbol

from proofs_check.balls import integer_power, to_ball
from proofs_check.functionals import functional
from theory.symbols import j, t

__all__ = [
    "MeanSlope",
    "MeanTime",
    "ReverseDefect",
    "ReverseMean",
    "ReverseMeanDefect",
    "ReverseVariance",
    "SumSlope",
]


def _law(rate: Any) -> Any:
    from theory.diffusion import ornstein_uhlenbeck_marginal
    from theory.reverse_variance import NOTEBOOK_MARGINAL

    if rate == 1:
        return ornstein_uhlenbeck_marginal()
    if rate == 2:
        return NOTEBOOK_MARGINAL
    raise NotImplementedError(f"mu = exp(-{rate} t) is in neither the paper nor its notebooks")


def _defect(data_variance: Any, time: Any, rate: Any) -> Expr:
    from theory.reverse_variance import reverse_defect

    defect: Expr = reverse_defect(_law(rate), data_variance).subs(t, time)
    return defect


def _variance_ball(
    data_variance: Any, start: Any, rate: Any, end: Any, steps: Any, last: Any
) -> arb:
    """Take the Euler-Maruyama steps on the variance, S to (1 + h - 2h/V)^2 S + 2h."""
    count = int(steps)
    h = (1 - end) / count
    spread = to_ball(start)
    for k in range(count):
        now = to_ball(1 - k * h)
        noised = to_ball(data_variance) * (-2 * int(rate) * now).exp() + 1 - (-2 * now).exp()
        spread = integer_power(1 + to_ball(h) - 2 * to_ball(h) / noised, 2) * spread
        if k < count - 1 or int(last):
            spread += 2 * to_ball(h)
    return spread


def _mean_defect(data_variance: Any, time: Any, rate: Any) -> Expr:
    from theory.reverse_variance import reverse_mean_defect

    defect: Expr = reverse_mean_defect(_law(rate), data_variance).subs(t, time)
    return defect


def _mean_ball(data_variance: Any, start: Any, rate: Any, end: Any, steps: Any) -> arb:
    """Take the steps on the mean, M to (1 + h - 2h/V) M + 2h mu/V."""
    count = int(steps)
    h = to_ball((1 - end) / count)
    mean = to_ball(start)
    for k in range(count):
        now = to_ball(1 - k * (1 - end) / count)
        mu = (-int(rate) * now).exp()
        noised = to_ball(data_variance) * mu * mu + 1 - (-2 * now).exp()
        mean += h * mean - 2 * h * (mean - mu) / noised
    return mean


def _mean_float(data_variance: float, start: float, rate: float, end: float, steps: float) -> float:
    return float(_moments(data_variance, start, 1.0, rate, end, steps, 1.0)[0][0])


def _variance_float(
    data_variance: float, start: float, rate: float, end: float, steps: float, last: float
) -> float:
    return float(_moments(data_variance, 0.0, start, rate, end, steps, last, mean=0.0)[1][0, 0])


def _moments(
    data_variance: float,
    start_mean: float,
    start_variance: float,
    rate: float,
    end: float,
    steps: float,
    last: float,
    *,
    mean: float = 1.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Run the recursion of `numerics` on the line, for data of mean 1 unless said otherwise."""
    from numerics.noise_schedule import Marginal
    from numerics.reverse_moments import reverse_moments

    return reverse_moments(
        [mean],
        [[data_variance]],
        start_mean=[start_mean],
        start_covariance=[[start_variance]],
        times=np.linspace(1.0, end, round(steps) + 1),
        marginal=Marginal.PRINTED if round(rate) == 1 else Marginal.NOTEBOOK,
        last_noise=bool(round(last)),
    )


def _mean_time_ball(first: Any, count: Any, power: Any) -> arb:
    size, exponent = int(count), int(power)
    top, bottom = arb(0), arb(0)
    for k in range(size):
        now = first + (1 - first) * fmpq(k, size - 1)
        sigma = (1 - to_ball(-2 * now).exp()).sqrt()
        weight = sigma if exponent == 1 else 1 / sigma
        top += weight * now
        bottom += weight
    return top / bottom


def _mean_time_float(first: float, count: float, power: float) -> float:
    from numerics.noise_schedule import TimeWeighting, noise_schedule

    weighting = TimeWeighting.SIGMA if round(power) == 1 else TimeWeighting.INVERSE_SIGMA
    table = noise_schedule(start=first, count=round(count), weighting=weighting)
    return float(table.times @ table.probability)


def _loss(sample: Any, parameter: Any, target: Any) -> Any:
    return sum((parameter * value - target) ** 2 for value in sample)


def _central_difference(*, mean: bool) -> Callable[..., Any]:
    """Differentiate in the parameter; a central difference of a quadratic is exact."""

    def slope(sample: Any, parameter: Any, target: Any) -> Any:
        up, down = (_loss(sample, parameter + e, target) for e in (1, -1))
        return (up - down) / (2 * len(sample) if mean else 2)

    return slope


def _float_slope(*, mean: bool) -> Callable[..., float]:
    def slope(sample: NDArray[np.float64], parameter: float, target: float) -> float:
        residual = parameter * sample - target
        total = float(2.0 * (residual * sample).sum())
        return total / sample.size if mean else total

    return slope


def _slope(*, mean: bool) -> Callable[..., Expr]:
    def unfold(sample: Any, parameter: Any, target: Any) -> Expr:
        from proofs_check.functionals import formal_size

        place = Symbol("u_", real=True)
        if isinstance(sample, IndexedBase):
            term = ((place * sample[j] - target) ** 2).diff(place).subs(place, parameter)
            whole, size = Sum(term.expand(), (j, 1, formal_size)), formal_size
        else:
            whole = _loss(sample.args, place, target).diff(place).subs(place, parameter)
            size = len(sample.args)
        slope: Expr = whole / size if mean else whole
        return slope

    return unfold


ReverseVariance = functional(
    "ReverseVariance",
    nargs=6,
    latex=r"S\left({0},{1},{2},{3},{4},{5}\right)",
    float64=_variance_float,
    ball=_variance_ball,
    positive=True,
)
"""``ReverseVariance(v, S_1, a, delta, K, last)``: the variance after K equal Euler-Maruyama steps
from variance S_1 at t = 1 down to delta, with the exact score of N(0, v) data for mu = exp(-a t),
sigma^2 = 1 - exp(-2t); the last step adds its noise if ``last`` is 1."""

ReverseMean = functional(
    "ReverseMean",
    nargs=5,
    latex=r"M\left({0},{1},{2},{3},{4}\right)",
    float64=_mean_float,
    ball=_mean_ball,
)
"""``ReverseMean(v, M_1, a, delta, K)``: the mean after the same steps from mean M_1 at t = 1, with
the score of data N(1, v)."""

ReverseMeanDefect = functional(
    "ReverseMeanDefect",
    nargs=3,
    latex=r"\Big(\frac{{dM}}{{d\tau}}\Big|_{{M=\mu}}+\frac{{d\mu}}{{dt}}\Big)\left({0},{1},{2}\right)",
    unfold=_mean_defect,
)
"""``ReverseMeanDefect(v, t, a)``: how fast the reverse process with the score of noised N(1, v)
leaves the mean mu(t)."""

ReverseDefect = functional(
    "ReverseDefect",
    nargs=3,
    latex=r"\Big(\frac{{dS}}{{d\tau}}\Big|_{{S=V}}+\frac{{dV}}{{dt}}\Big)\left({0},{1},{2}\right)",
    unfold=_defect,
)
"""``ReverseDefect(v, t, a)``: how fast the reverse process with the score of N(0, V(t)) leaves that
law, V = v exp(-2at) + 1 - exp(-2t)."""

MeanTime = functional(
    "MeanTime",
    nargs=3,
    latex=r"\bar t\left({0},{1},{2}\right)",
    float64=_mean_time_float,
    ball=_mean_time_ball,
    positive=True,
)
"""``MeanTime(delta, K, p)``: mean of K equally spaced times from delta to 1, weights sigma^p."""

SumSlope = functional(
    "SumSlope",
    nargs=3,
    latex=r"\partial_\theta\sum_k({1}\,x_k-{2})^2",
    float64=_float_slope(mean=False),
    ball=_central_difference(mean=False),
    unfold=_slope(mean=False),
)
"""``SumSlope(X, theta, z)``: the derivative of a squared residual summed over the coordinates."""

MeanSlope = functional(
    "MeanSlope",
    nargs=3,
    latex=r"\partial_\theta\tfrac1d\sum_k({1}\,x_k-{2})^2",
    float64=_float_slope(mean=True),
    ball=_central_difference(mean=True),
    unfold=_slope(mean=True),
)
"""``MeanSlope(X, theta, z)``: the same, averaged over the coordinates."""
