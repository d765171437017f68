"""What a network of low risk looks like near a datum: its values and slopes on an interval.

Slopes are those of the pieces that meet the open interval: the ``s'`` of an almost everywhere
differentiable score. Values are attained at knots or at the ends.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray
from sympy import Integral, Symbol, exp, pi, sqrt

from proofs_check.balls import to_ball
from proofs_check.functionals import functional
from proofs_check.quantities import network_balls
from proofs_check.quantities.network_risk import float_network

__all__ = ["DatumRisk", "HalfSquare", "LargestSlope", "LargestValue", "LeastSlope", "LeastValue"]

_POINT = Symbol("v_", real=True)


def _cuts(value: Any, lo: Any, hi: Any) -> list[Any]:
    """Return the ends of an interval and the knots inside, in order."""
    knots = {p.knot for p in network_balls.neurons_of(value)}
    return sorted({lo, hi} | {t for t in knots if lo < t < hi})


def _slopes(value: Any, lo: Any, hi: Any) -> list[Any]:
    """Return the slope of each piece that meets the interval, exactly."""
    neurons = network_balls.neurons_of(value)
    width = network_balls.width_of(neurons)
    cuts = _cuts(value, lo, hi)
    found = []
    for a, b in pairwise(cuts):
        middle = (a + b) / 2
        active = [p for p in neurons if p.inner * (middle - p.knot) > 0]
        total = sum((p.copies * p.inner * p.outer for p in active), fmpq(0))
        found.append(total / width)
    return found


def _extreme_slope(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    return lambda value, lo, hi: choose(_slopes(value, lo, hi))


def _extreme_value(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    return lambda value, lo, hi: choose(
        [network_balls.value_at(value, t) for t in _cuts(value, lo, hi)]
    )


def _places(value: NDArray[np.float64], lo: float, hi: float) -> Any:
    from numerics.relu_network import evaluate, evaluate_derivative

    net = float_network(value)
    inside = net.knots[(net.knots > lo) & (net.knots < hi)]
    cuts = np.unique(np.concatenate(([lo], inside, [hi])))
    return evaluate(net, cuts), evaluate_derivative(net, (cuts[1:] + cuts[:-1]) / 2)


def _float_extreme(choose: Callable[[Any], Any], part: int) -> Callable[..., float]:
    return lambda value, lo, hi: float(choose(_places(value, lo, hi)[part]))


def _datum_risk(sample: Any, mu: Any, sigma: Any, value: Any, index: Any) -> Any:
    return network_balls.risk((sample[int(index) - 1],), mu, sigma, value)


def _float_datum_risk(
    sample: NDArray[np.float64], mu: float, sigma: float, value: NDArray[np.float64], index: float
) -> float:
    from numerics.exact_risk import exact_risk

    # a datum counted twice has the mean loss of the datum
    return float(exact_risk(float_network(value), [sample[round(index) - 1]], mu, sigma))


def _half_square_ball(distance: Any) -> Any:
    from flint import acb, arb

    value = acb.integral(lambda u, _: u * u * (-u * u / 2).exp(), acb(0), acb(to_ball(distance)))
    return value.real / (2 * arb.pi()).sqrt()


def _float_half_square(distance: float) -> float:
    from numerics.normal_average import normal_average

    return normal_average(np.square, 0.0, distance)


HalfSquare = functional(
    "HalfSquare",
    nargs=1,
    latex=r"\int_{{-{0}}}^0z^2\varphi(z)\,dz",
    float64=_float_half_square,
    ball=_half_square_ball,
    unfold=lambda d: Integral(_POINT**2 * exp(-(_POINT**2) / 2) / sqrt(2 * pi), (_POINT, -d, 0)),
    nonnegative=True,
)
"""``HalfSquare(d)`` is the integral of z^2 phi(z) over [-d, 0]."""

DatumRisk = functional(
    "DatumRisk",
    nargs=5,
    latex=r"R_{{({4})}}(\theta)",
    float64=_float_datum_risk,
    ball=_datum_risk,
    nonnegative=True,
)
"""``DatumRisk(X, mu, sigma, net, i)`` is the mean loss at datum i; R_n is their mean."""

LeastSlope = functional(
    "LeastSlope",
    nargs=3,
    latex=r"\min_{{[{1},{2}]}}s_\theta'",
    float64=_float_extreme(np.min, 1),
    ball=_extreme_slope(min),
)
"""``LeastSlope(net, lo, hi)`` is the least slope of the network on (lo, hi)."""

LargestSlope = functional(
    "LargestSlope",
    nargs=3,
    latex=r"\max_{{[{1},{2}]}}s_\theta'",
    float64=_float_extreme(np.max, 1),
    ball=_extreme_slope(max),
)
"""``LargestSlope(net, lo, hi)`` is the largest slope of the network on (lo, hi)."""

LeastValue = functional(
    "LeastValue",
    nargs=3,
    latex=r"\min_{{[{1},{2}]}}s_\theta",
    float64=_float_extreme(np.min, 0),
    ball=_extreme_value(min),
)
"""``LeastValue(net, lo, hi)`` is the least value of the network on [lo, hi]."""

LargestValue = functional(
    "LargestValue",
    nargs=3,
    latex=r"\max_{{[{1},{2}]}}s_\theta",
    float64=_float_extreme(np.max, 0),
    ball=_extreme_value(max),
)
"""``LargestValue(net, lo, hi)`` is the largest value of the network on [lo, hi]."""
