"""The normal density and its masses around the mean."""

from typing import Any

import numpy as np
from sympy import Expr, Integral, Symbol, exp, oo, pi, sqrt

from proofs_check.balls import integer_power, to_ball
from proofs_check.functionals import functional

__all__ = ["NormalDensity", "NormalMass", "NormalTail"]

_POINT = Symbol("v_", real=True)


def _density_ball(mean: Any, deviation: Any, point: Any) -> Any:
    from flint import arb

    exponent = -integer_power(point - mean, 2) / (2 * integer_power(deviation, 2))
    return to_ball(exponent).exp() / ((2 * arb.pi()).sqrt() * to_ball(deviation))


def _density(mean: Any, deviation: Any, point: Any) -> Expr:
    result: Expr = exp(-((point - mean) ** 2) / (2 * deviation**2)) / (sqrt(2 * pi) * deviation)
    return result


def _integrated(lo: Any, hi: Any) -> Any:
    """Return a rigorous integral of the standard normal density, from its definition."""
    from flint import acb, arb

    norm = 1 / (2 * arb.pi()).sqrt()
    value = acb.integral(lambda u, _: (-u * u / 2).exp(), acb(to_ball(lo)), acb(to_ball(hi)))
    return value.real * norm


def _mass_ball(mean: Any, deviation: Any, radius: Any) -> Any:
    del mean
    reach = to_ball(radius / deviation)
    return _integrated(-reach, reach)


def _tail_ball(mean: Any, deviation: Any, radius: Any) -> Any:
    """Integrate one tail up to where the rest is negligible, and double it."""
    from flint import arb, ctx

    del mean
    start = to_ball(radius / deviation)
    length = (arb(2) * ctx.prec).sqrt() + 4
    end = start + length
    rest = (-(end * end) / 2).exp().upper()
    return 2 * _integrated(start, end) + rest + arb(0, 1) * rest


def _float_mass(mean: float, deviation: float, radius: float) -> float:
    from numerics.normal_average import normal_average

    del mean
    reach = radius / deviation
    return normal_average(np.ones_like, -reach, reach)


def _float_tail(mean: float, deviation: float, radius: float) -> float:
    from numerics.normal_average import normal_average

    del mean
    return 2 * normal_average(np.ones_like, radius / deviation, np.inf)


NormalDensity = functional(
    "NormalDensity",
    nargs=3,
    latex=r"\varphi_{{{1}}}\left({2}-{0}\right)",
    ball=_density_ball,
    unfold=_density,
    positive=True,
)
"""``NormalDensity(c, s, v)`` is the N(c, s^2) density at v."""

NormalMass = functional(
    "NormalMass",
    nargs=3,
    latex=r"P(|N({0},{1}^2)-{0}|\le {2})",
    float64=_float_mass,
    ball=_mass_ball,
    unfold=lambda c, s, r: Integral(NormalDensity(c, s, _POINT), (_POINT, c - r, c + r)),
    nonnegative=True,
)
"""``NormalMass(c, s, r)`` is the probability of N(c, s^2) within r of c."""

NormalTail = functional(
    "NormalTail",
    nargs=3,
    latex=r"P(|N({0},{1}^2)-{0}|> {2})",
    float64=_float_tail,
    ball=_tail_ball,
    unfold=lambda c, s, r: (
        Integral(NormalDensity(c, s, _POINT), (_POINT, -oo, c - r))
        + Integral(NormalDensity(c, s, _POINT), (_POINT, c + r, oo))
    ),
    nonnegative=True,
)
"""``NormalTail(c, s, r)`` is the probability of N(c, s^2) farther than r from c."""
