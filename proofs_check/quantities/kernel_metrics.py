"""Kernel densities on the line and their squared distances: float64, ball and symbolic faces.

The symbolic face completes squares, the ball face integrates every product of two densities by
certified quadrature, float64 comes from the blocked kernel sums of `numerics`.
"""

from typing import Any, Final

import numpy as np
from sympy import Expr, Integer, Tuple

from proofs_check.balls import to_ball
from proofs_check.errors import ClaimError
from proofs_check.functionals import functional
from proofs_check.quantities.gaussian_balls import line_integral, quadratic_integral

__all__ = [
    "DiagonalPart",
    "ExpectedError",
    "KernelOverlap",
    "MeanPairOverlap",
    "MidpointGap",
    "OriginalDistance",
    "SmoothedKernel",
]


def _derived_overlap(place: Expr, first: Expr, second: Expr) -> Expr:
    from theory.kernel_metrics import kernel_overlap

    return kernel_overlap((place, first), (0 * place, second))


def _ball_overlap(place: Any, first: Any, second: Any) -> Any:
    """Integrate N(x; place, first) N(x; 0, second) by quadrature."""
    from flint import arb

    a, u, w = (to_ball(v) for v in (place, first, second))
    norm = -(4 * arb.pi() * arb.pi() * u * w).log() / 2
    return line_integral(1 / (2 * u) + 1 / (2 * w), a / u, norm - a * a / (2 * u))


def _float_overlap(place: Any, first: Any, second: Any) -> float:
    from numerics.kernel_density import log_overlap_across

    widths = np.sqrt([float(first), float(second)])
    return float(
        np.exp(log_overlap_across([[float(place)]], [[0.0]], width_a=widths[0], width_b=widths[1]))
    )


KernelOverlap: Final = functional(
    "KernelOverlap",
    nargs=3,
    latex=r"\int N({0},{1})N(0,{2})",
    float64=_float_overlap,
    ball=_ball_overlap,
    unfold=_derived_overlap,
    positive=True,
)
"""``KernelOverlap(a, u, w)`` is the integral of N(x; a, u) N(x; 0, w)."""


def _derived_smoothed(variance: Expr, data_variance: Expr, place: Expr) -> Expr:
    from theory.kernel_metrics import smoothed_kernel

    return smoothed_kernel(variance, data_variance, place)


SmoothedKernel: Final = functional(
    "SmoothedKernel",
    nargs=3,
    latex=r"E_{{o\sim N(0,{1})}}N({2};o,{0})",
    float64=lambda u, s2, p: _float_overlap(p, u, s2),
    ball=lambda u, s2, p: _ball_overlap(p, u, s2),
    unfold=_derived_smoothed,
    positive=True,
)
"""``SmoothedKernel(u, s2, p)`` is the mean over o ~ N(0, s2) of N(p; o, u)."""


def _derived_pair(variance: Expr, data_variance: Expr) -> Expr:
    from theory.kernel_metrics import expected_pair_overlap

    return expected_pair_overlap(variance, data_variance)


def _ball_pair(variance: Any, data_variance: Any) -> Any:
    """Integrate over both centres and the difference of their places."""
    from flint import arb

    u, s2 = to_ball(variance), to_ball(data_variance)
    both, cross = 1 / (2 * s2) + 1 / (4 * u), -1 / (4 * u)
    norm = -((2 * arb.pi() * s2) ** 2 * 4 * arb.pi() * u).log() / 2
    return quadratic_integral([[both, cross], [cross, both]], [arb(0), arb(0)], norm)


MeanPairOverlap: Final = functional(
    "MeanPairOverlap",
    nargs=2,
    latex=r"E\int N(o,{0})N(o',{0})",
    ball=_ball_pair,
    unfold=_derived_pair,
    positive=True,
)
"""``MeanPairOverlap(u, s2)`` is the mean overlap of kernels at two independent N(0, s2) places."""


def _mixture(points: Tuple, variance: Any) -> list[tuple[Any, tuple[Any, Any]]]:
    from sympy import Rational

    return [(Rational(1, len(points)), (p, variance)) for p in points]


def _derived_distance(points: Tuple, variance: Expr, mean: Expr, spread: Expr) -> Expr:
    from theory.kernel_metrics import squared_distance

    return squared_distance([(Integer(1), (mean, spread))], _mixture(points, variance))


def _ball_distance(points: Any, variance: Any, mean: Any, spread: Any) -> Any:
    n = len(points)
    total = _ball_overlap(0, spread, spread)
    for p in points:
        total -= 2 * _ball_overlap(p - mean, variance, spread) / n
        for q in points:
            total += _ball_overlap(p - q, variance, variance) / n**2
    return total


def _float_distance(points: Any, variance: Any, mean: Any, spread: Any) -> float:
    """Sum the squared difference of the densities over a grid."""
    from numerics.kernel_quadrature import (
        grid_around,
        kernel_density,
        normal_density,
        squared_l2_quadrature,
    )

    places = np.asarray(points, dtype=np.float64).reshape(-1, 1)
    widths = np.sqrt([float(variance), float(spread)])
    everything = np.vstack([places, [[float(mean)]]])
    reach, step = 9.0 * float(widths.max()), 0.45 * float(widths.min())
    if (float(np.ptp(everything)) + 2.0 * reach) / step > 1e6:
        return float("nan")
    grid = grid_around(everything, reach=reach, spacing=step)
    densities = [
        normal_density([[float(mean)]], [[float(spread)]]),
        kernel_density(places, width=float(widths[0])),
    ]
    return squared_l2_quadrature(densities, [1.0, -1.0], grid)


OriginalDistance: Final = functional(
    "OriginalDistance",
    nargs=4,
    latex=r"\lVert N({2},{3})-\rho_{{{0}}}\rVert_2^2",
    float64=_float_distance,
    ball=_ball_distance,
    unfold=_derived_distance,
)
"""``OriginalDistance(points, e2, m, v)`` is the squared L2 distance of N(m, v) to a kernel density
of variance e2."""


def _derived_diagonal(root: Expr, d: Expr, data_variance: Expr) -> Expr:
    from theory.kernel_metrics import kernel_overlap

    width_squared = data_variance / root**2
    own = kernel_overlap((Integer(0), width_squared), (Integer(0), width_squared))
    return own**d / root**d


def _ball_diagonal(root: Any, d: Any, data_variance: Any) -> Any:
    from proofs_check.balls import integer_power

    own = _ball_overlap(0, data_variance / root**2, data_variance / root**2)
    return integer_power(own, int(d)) / to_ball(root) ** int(d)


def _float_diagonal(root: Any, d: Any, data_variance: Any) -> float:
    from numerics.kernel_density import log_overlap_within

    size = float(root) ** round(float(d))
    if abs(size - round(size)) > 0.0 or not 1 <= size <= 64 or round(float(d)) > 64:
        raise ClaimError("the diagonal part is summed for a whole number of points only")
    points = np.zeros((round(size), round(float(d))))
    width = float(np.sqrt(float(data_variance))) / float(root)
    return float(np.exp(log_overlap_within(points, width=width)[0]))


DiagonalPart: Final = functional(
    "DiagonalPart",
    nargs=3,
    latex=r"\tfrac1n\Bigl(\int N(0,\epsilon_n^2)^2\Bigr)^{{{1}}}\left({0},{2}\right)",
    float64=_float_diagonal,
    ball=_ball_diagonal,
    unfold=_derived_diagonal,
    positive=True,
)
"""``DiagonalPart(k, d, s2)`` is the diagonal part of the squared norm for n = k^d points, whose
width is s/k."""


def _derived_error(size: Expr, ratio: Expr, d: Expr) -> Expr:
    from theory.kernel_metrics import expected_squared_error

    return expected_squared_error(size, ratio, int(d))


ExpectedError: Final = functional(
    "ExpectedError",
    nargs=3,
    latex=r"\frac{{E\lVert\rho_N-\rho\rVert_2^2}}{{\lVert\rho\rVert_2^2}}\left({0},{1},{2}\right)",
    unfold=_derived_error,
)
"""``ExpectedError(N, h, d)`` is the mean relative squared error of a kernel density."""


def _derived_gap(place_1: Expr, place_2: Expr, mean: Expr, variance: Expr) -> Expr:
    from theory.kernel_metrics import log_midpoint_gap

    return log_midpoint_gap(place_1, place_2, mean, variance)


MidpointGap: Final = functional(
    "MidpointGap",
    nargs=4,
    latex=r"\Bigl[2\log g\tfrac{{x+y}}2-\log g(x)-\log g(y)\Bigr]\left({0},{1}\right)",
    unfold=_derived_gap,
)
"""``MidpointGap(x, y, m, v)`` is how far log N(m, v) lies above its chord halfway."""
