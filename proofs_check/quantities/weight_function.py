"""The weight function of paper A and the variation it weighs: float64, ball and definition.

Between two neighbouring centres pi^- and pi^+ are straight lines, so that both are exact rationals
at rational points and their Gaussian averages are sums of error functions.
"""

from typing import Any

from sympy import Abs, Expr, Integral, Min, Sum, Symbol, exp, pi, sqrt

from proofs_check.functionals import Functional, Point, Size, functional
from proofs_check.quantities import weight_balls as balls
from proofs_check.quantities.empirical_score import ScoreCurvature, ScoreSlope
from theory.symbols import j

__all__ = [
    "GapMean",
    "GapVariation",
    "LeftLine",
    "LeftWeight",
    "RightLine",
    "RightWeight",
    "SlopeRise",
    "SmallerWeight",
    "WeightFunction",
    "WeightedVariation",
    "left_line",
    "noise_density",
    "right_line",
]

_PLACE = Symbol("v", real=True)


def noise_density(noise: Expr, place: Expr) -> Expr:
    """Return the density of sigma times a standard normal variable."""
    density: Expr = exp(-(place**2) / (2 * noise**2)) / (sqrt(2 * pi) * noise)
    return density


def left_line(sample: Any, mean_scale: Expr, place: Expr, index: Expr) -> Expr:
    """Return the line of pi^- between centres i and i + 1, written out."""
    distances = Sum(place - mean_scale * Point(sample, j), (j, 1, index))
    line: Expr = index / Size(sample) ** 2 * distances
    return line


def right_line(sample: Any, mean_scale: Expr, place: Expr, index: Expr) -> Expr:
    """Return the line of pi^+ between centres i and i + 1, written out."""
    size = Size(sample)
    distances = Sum(mean_scale * Point(sample, j) - place, (j, index + 1, size))
    line: Expr = (size - index) / size**2 * distances
    return line


LeftLine = functional(
    "LeftLine",
    nargs=4,
    latex=r"\frac{{{3}}}{{n^2}}\sum_{{j\le {3}}}\left({2}-\mu x_j\right)",
    ball=balls.left_line,
    unfold=left_line,
)
"""``LeftLine(X, mu, z, i)`` is the straight line that pi^- is between centres i and i + 1."""

RightLine = functional(
    "RightLine",
    nargs=4,
    latex=r"\frac{{n-{3}}}{{n^2}}\sum_{{j>{3}}}\left(\mu x_j-{2}\right)",
    ball=balls.right_line,
    unfold=right_line,
)
"""``RightLine(X, mu, z, i)`` is the straight line that pi^+ is between centres i and i + 1."""


def _on_gap(weight: Any, line: Any, *, closed_left: bool) -> Any:
    """Return what defines a one-sided weight: i data lie below z exactly between two centres."""

    def defining(mean_scale: Any, sample: Any, index: Any, place: Any) -> tuple[Any, ...]:
        from proofs_check.claim import eq, ge, gt, le, lt

        left, right = mean_scale * Point(sample, index), mean_scale * Point(sample, index + 1)
        inside = (
            (ge(place, left), lt(place, right))
            if closed_left
            else (gt(place, left), le(place, right))
        )
        both = (sample, mean_scale, place)
        return ((eq(weight()(*both), line(*both, index)), *inside),)

    return defining


LeftWeight: type[Functional] = functional(
    "LeftWeight",
    nargs=3,
    latex=r"\pi^-\left({2}\right)",
    ball=balls.left_weight,
    defining=_on_gap(lambda: LeftWeight, LeftLine, closed_left=False),
    nonnegative=True,
)
"""``LeftWeight(X, mu, z)`` is P(mu U < z)^2 E[z - mu U | mu U < z]."""

RightWeight: type[Functional] = functional(
    "RightWeight",
    nargs=3,
    latex=r"\pi^+\left({2}\right)",
    ball=balls.right_weight,
    defining=_on_gap(lambda: RightWeight, RightLine, closed_left=True),
    nonnegative=True,
)
"""``RightWeight(X, mu, z)`` is P(mu U > z)^2 E[mu U - z | mu U > z]."""


def _float_smaller(sample: Any, mean_scale: float, place: float) -> float:
    from numerics.weight_function import overlap

    return float(overlap(place, sample, mu=float(mean_scale)))


SmallerWeight = functional(
    "SmallerWeight",
    nargs=3,
    latex=r"\min\left\{{\pi^+,\pi^-\right\}}\left({2}\right)",
    float64=_float_smaller,
    ball=lambda *args: balls.smaller(balls.left_weight(*args), balls.right_weight(*args)),
    unfold=lambda *args: Min(LeftWeight(*args), RightWeight(*args)),
    nonnegative=True,
)
"""``SmallerWeight(X, mu, z)`` is the smaller of pi^- and pi^+, which pi averages."""


def _gap_mean(sample: Any, mean_scale: Expr, noise: Expr, place: Expr, index: Expr) -> Expr:
    at = (sample, mean_scale, place - _PLACE, index)
    ends = (place - mean_scale * Point(sample, index + k) for k in (1, 0))
    smaller = Min(LeftLine(*at), RightLine(*at))
    return Integral(noise_density(noise, _PLACE) * smaller, (_PLACE, *ends))


GapMean = functional(
    "GapMean",
    nargs=5,
    latex=r"\mathbb{{E}}\left[\min\{{\pi^+,\pi^-\}}({3}-\xi);\ "
    r"\mu x_{{{4}}}<{3}-\xi<\mu x_{{{4}+1}}\right]",
    ball=balls.gap_mean,
    unfold=_gap_mean,
    nonnegative=True,
)
"""``GapMean(X, mu, sigma, y, i)`` is the part of pi(y) from noise that leads into the i-th gap."""


def _float_weight(sample: Any, mean_scale: float, noise: float, place: float) -> float:
    from numerics.weight_function import weight_function

    return float(weight_function(place, sample, mu=float(mean_scale), sigma=float(noise)))


def _weight_definition(
    mean_scale: Any, noise: Any, sample: Any, place: Any, *_: Any
) -> tuple[Any, ...]:
    """Say that the minimum is averaged within the data, gap by gap, and zero outside of them."""
    from proofs_check.claim import eq, ge, le

    size = Size(sample)
    total = Sum(GapMean(sample, mean_scale, noise, place, j), (j, 1, size - 1))
    inside = (
        ge(place, mean_scale * Point(sample, 1)),
        le(place, mean_scale * Point(sample, size)),
    )
    value = WeightFunction(sample, mean_scale, noise, place)
    return (eq(value, total), *inside), le(value, total)


WeightFunction = functional(
    "WeightFunction",
    nargs=4,
    latex=r"\pi\left({3}\right)",
    float64=_float_weight,
    ball=balls.weight_function,
    defining=_weight_definition,
    nonnegative=True,
)
"""``WeightFunction(X, mu, sigma, y)`` is E min{pi^+, pi^-}(y - xi) within the data, else 0."""


def _rise_definition(mean_scale: Any, noise: Any, sample: Any, a: Any, b: Any) -> tuple[Any, ...]:
    """Say that the integral of a derivative is a difference."""
    from proofs_check.claim import eq

    data = (sample, mean_scale, noise)
    return (eq(SlopeRise(*data, a, b), ScoreSlope(*data, b) - ScoreSlope(*data, a)),)


SlopeRise = functional(
    "SlopeRise",
    nargs=5,
    latex=r"\int_{{{3}}}^{{{4}}}s^{{\star\prime\prime}}(v)\,dv",
    ball=balls.slope_rise,
    unfold=lambda sample, mean_scale, noise, a, b: Integral(
        ScoreCurvature(sample, mean_scale, noise, _PLACE), (_PLACE, a, b)
    ),
    defining=_rise_definition,
)
"""``SlopeRise(X, mu, sigma, a, b)`` is the integral of s*'' from a to b."""


def _gap_variation(sample: Any, mean_scale: Expr, noise: Expr, index: Expr) -> Expr:
    at = (sample, mean_scale, noise, _PLACE)
    ends = (mean_scale * Point(sample, index + k) for k in (0, 1))
    return Integral(Abs(ScoreCurvature(*at)) * WeightFunction(*at), (_PLACE, *ends))


GapVariation = functional(
    "GapVariation",
    nargs=4,
    latex=r"\int_{{\mu x_{{{3}}}}}^{{\mu x_{{{3}+1}}}}|s^{{\star\prime\prime}}|\,\pi\,dy",
    ball=balls.gap_variation,
    unfold=_gap_variation,
    nonnegative=True,
)
"""``GapVariation(X, mu, sigma, i)`` is the part of TV_pi(s*) between centres i and i + 1."""


def _float_variation(sample: Any, mean_scale: float, noise: float) -> float:
    from numerics.total_variation import weighted_total_variation

    return float(weighted_total_variation(sample, mu=float(mean_scale), sigma=float(noise)))


WeightedVariation = functional(
    "WeightedVariation",
    nargs=3,
    latex=r"\mathrm{{TV}}_\pi(s^\star)",
    float64=_float_variation,
    ball=balls.weighted_variation,
    unfold=lambda sample, mean_scale, noise: Sum(
        GapVariation(sample, mean_scale, noise, j), (j, 1, Size(sample) - 1)
    ),
    nonnegative=True,
)
"""``WeightedVariation(X, mu, sigma)`` is the integral of |s*''| pi over the data's range."""
