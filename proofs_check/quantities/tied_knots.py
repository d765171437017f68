"""The product of two activations averaged over a Gaussian, differentiated where the knots meet."""

from typing import Any

from flint import arb, arb_series, ctx, fmpq
from sympy import Expr, Symbol, erfc, exp, pi, sqrt

from proofs_check.balls import to_ball
from proofs_check.functionals import functional
from proofs_check.quantities.network_balls import Neuron, pair_moments, tails

__all__ = ["TiedCurvature"]


def _unfold(centre: Expr, noise: Expr, knot: Expr, side: Any) -> Expr:
    """Differentiate E[(Y - a)_+ (Y - b)_+], written for one order of a and b, in both."""
    a, b = Symbol("a_", real=True), Symbol("b_", real=True)
    top, low = (b, a) if int(side) > 0 else (a, b)
    u = (top - centre) / noise
    mass = erfc(u / sqrt(2)) / 2
    bell = exp(-(u**2) / 2) / sqrt(2 * pi)
    first = noise * (bell - u * mass)
    second = noise**2 * ((1 + u**2) * mass - u * bell)
    product = second + (top - low) * first
    mixed: Expr = product.diff(a, b) + product.diff(a, 2)
    return mixed.subs({a: knot, b: knot}, simultaneous=True)


def _ball(centre: Any, noise: Any, knot: Any, side: Any) -> arb:
    """Expand the pair moments with knots that part in one order or the other."""
    before = ctx.cap
    ctx.cap = 3
    try:

        def along(first: int, second: int) -> arb:
            p, q = (
                Neuron(1, fmpq(1), arb_series([to_ball(knot), to_ball(fmpq(r))]), 1)
                for r in (first, second)
            )
            at_p, at_q = (tails(v.knot, centre, noise) for v in (p, q))
            found = pair_moments(p, q, at_p, at_q, lambda _first, _second: first < second)
            return 2 * arb(found.ramps[2])

        # directions on the side where the first knot is before (1) or behind (-1) the second
        one = int(side)
        mixed = (along(0, one) - along(-one, one) + along(-one, 0)) / 2
        return mixed + along(-one, 0)
    finally:
        ctx.cap = before


TiedCurvature = functional(
    "TiedCurvature",
    nargs=4,
    latex=r"\left(\partial_a\partial_b+\partial_a^2\right)\mathbb{{E}}[(Y-a)_+(Y-b)_+]^{{({3})}}",
    ball=_ball,
    unfold=_unfold,
)
"""``TiedCurvature(c, sigma, a, side)``: mixed plus second derivative at a = b, a before b for 1."""
