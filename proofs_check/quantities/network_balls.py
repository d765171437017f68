"""Rigorous values for ReLU networks under a Gaussian mixture: risk, Hessian, weighted variation.

Everything is a sum of truncated Gaussian moments at the knots. The risk runs in balls and in power
series of balls alike, so that its second derivatives also come from the risk itself
(`hessian_entry`) and not only from the parts of eq. 15, which are under test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flint import arb, arb_series, ctx, fmpq

from proofs_check.balls import to_ball
from proofs_check.domains_network import groups_of

__all__ = [
    "Neuron",
    "bias_slope",
    "hessian_entry",
    "neurons_of",
    "pair_moments",
    "residual",
    "risk",
    "tails",
    "value_at",
]

Number = Any
"""An ``arb``, an ``arb_series`` or a ``fmpq``."""


@dataclass(frozen=True)
class Neuron:
    """A group of equal neurons: inner weight, outer weight, knot, copies."""

    inner: int
    outer: Number
    knot: Number
    copies: int


def neurons_of(value: Sequence[fmpq], *, merged: bool = True) -> list[Neuron]:
    """Return the groups of a network, equal ones put together unless they are to be told apart."""
    rows = [(int(v), w, -v * b, int(copies)) for v, w, b, copies in groups_of(value)]
    if not merged:
        return [Neuron(*row) for row in rows]
    found: dict[tuple[int, fmpq, fmpq], int] = {}
    for inner, outer, knot, copies in rows:
        key = (inner, outer, knot)
        found[key] = found.get(key, 0) + copies
    return [Neuron(*key, copies) for key, copies in found.items()]


def width_of(neurons: Sequence[Neuron]) -> int:
    """Return the number of neurons with their copies."""
    return sum(p.copies for p in neurons)


def value_at(value: Sequence[fmpq], y: Any) -> Any:
    """Return s(y), exactly when y is exact."""
    total: Any = fmpq(0)
    neurons = neurons_of(value)
    for p in neurons:
        ramp = p.inner * (y - p.knot)
        ramp = max(ramp, fmpq(0)) if isinstance(ramp, fmpq) else ramp.max(arb(0))
        total = total + p.copies * p.outer * ramp
    return total / width_of(neurons)


def residual(value: Sequence[fmpq], centre: fmpq, sigma: fmpq, y: Any) -> Any:
    """Return f(y) = s(y) + (y - mu x_i)/sigma^2 for one noisy centre."""
    return value_at(value, y) + (y - centre) / sigma**2


@dataclass(frozen=True)
class Tails:
    """P(Y > t), E(Y - t)_+, E(Y - t)_+^2 for N(c, sigma^2), and the same of the other side."""

    above: tuple[Number, Number, Number]
    below: tuple[Number, Number, Number]
    density: Number


def _series(value: Number) -> arb_series:
    return value if isinstance(value, arb_series) else arb_series([to_ball(value)])


def tails(knot: Number, centre: fmpq, sigma: fmpq) -> Tails:
    """Return the truncated moments of N(centre, sigma^2) at a knot, in balls or in series."""
    root = arb(2).sqrt()
    u: Number
    deviation = to_ball(sigma)
    if isinstance(knot, arb_series):
        u = (knot - _series(centre)) * (1 / deviation)
        mass, other = (u * (1 / root)).erfc() * arb(0.5), (u * (-1 / root)).erfc() * arb(0.5)
    else:
        u = to_ball((knot - centre) / sigma)
        mass, other = (u / root).erfc() / 2, (-u / root).erfc() / 2
    bell = (u * u * arb(-0.5)).exp() * (1 / (2 * arb.pi()).sqrt())
    square = u * u + 1
    variance = deviation * deviation
    return Tails(
        (mass, (bell - u * mass) * deviation, (square * mass - u * bell) * variance),
        (other, (bell + u * other) * deviation, (square * other + u * bell) * variance),
        bell * (1 / deviation),
    )


@dataclass(frozen=True)
class Pair:
    """E[relu relu], E[relu 1], E[1 relu] and E[1 1] of two neurons."""

    ramps: Number
    ramp_step: Number
    step_ramp: Number
    steps: Number


Before = Callable[[Number, Number], bool]
"""Whether a knot comes before another one."""


def pair_moments(p: Neuron, q: Neuron, at_p: Tails, at_q: Tails, before: Before) -> Pair:
    """Return the moments of two neurons from the truncated moments at their knots."""
    if p.inner == q.inner:
        right = p.inner > 0
        inner_most = before(p.knot, q.knot) == right
        last = at_q if inner_most else at_p
        tail = last.above if right else last.below
        lag = (q.knot - p.knot) * p.inner if inner_most else (p.knot - q.knot) * p.inner
        zeroth, first, second = tail
        wide = _times(lag, zeroth) + first
        ramps = second + _times(lag, first)
        return Pair(ramps, wide, first, zeroth) if inner_most else Pair(ramps, first, wide, zeroth)
    if p.inner < 0:
        turned = pair_moments(q, p, at_q, at_p, before)
        return Pair(turned.ramps, turned.step_ramp, turned.ramp_step, turned.steps)
    if not before(p.knot, q.knot):
        zero = at_p.density * 0
        return Pair(zero, zero, zero, zero)
    length = q.knot - p.knot
    (a0, a1, a2), (b0, b1, b2) = at_p.above, at_q.above
    ramps = _times(length, a1 + b1) - a2 + b2
    ramp_step = a1 - b1 - _times(length, b0)
    step_ramp = at_q.below[1] - at_p.below[1] - _times(length, at_p.below[0])
    return Pair(ramps, ramp_step, step_ramp, a0 - b0)


def _times(a: Number, b: Number) -> Number:
    if isinstance(b, arb_series):
        return _series(a) * b if not isinstance(a, arb_series) else a * b
    return to_ball(a) * b


def _plainly(a: Number, b: Number) -> bool:
    return bool(a < b)


def _risk_of(
    neurons: Sequence[Neuron], centres: Sequence[fmpq], sigma: fmpq, before: Before
) -> Number:
    """Return the risk from E[(Y - c) relu]/sigma^2 = P(active) and the pair moments."""
    width = width_of(neurons)
    total: Number = None
    for centre in centres:
        at = [tails(p.knot, centre, sigma) for p in neurons]
        for k, p in enumerate(neurons):
            active = (at[k].above if p.inner > 0 else at[k].below)[0]
            term = _times(p.outer, active) * fmpq(2 * p.inner * p.copies, width)
            total = term if total is None else total + term
            for j in range(k + 1):
                q = neurons[j]
                both = pair_moments(p, q, at[k], at[j], before).ramps
                factor = fmpq((1 if j == k else 2) * p.copies * q.copies, width**2)
                total = total + _times(p.outer, _times(q.outer, both)) * factor
    return total * fmpq(1, len(centres)) + to_ball(1 / sigma**2)


def risk(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return R_n of a network."""
    return arb(_risk_of(neurons_of(value), [mu * x for x in sample], sigma, _plainly))


def hessian_entry(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    first: Any,
    second: Any,
    side: Any,
) -> arb:
    """Return a second derivative of the risk, from its expansion along lines.

    Parameters run over outer weights, then biases, of the network's groups (each taken as one
    neuron times its copies). ``side`` is 1 or -1: where knots meet, their order just after or
    just before, that is the second derivative from that side.
    """
    p, q = int(first) - 1, int(second) - 1
    if p == q:
        return _second(sample, mu, sigma, value, {p: 1}, int(side))
    both = _second(sample, mu, sigma, value, {p: 1, q: 1}, int(side))
    return (
        both
        - _second(sample, mu, sigma, value, {p: 1}, int(side))
        - _second(sample, mu, sigma, value, {q: 1}, int(side))
    ) / 2


def _second(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    direction: dict[int, int],
    side: int,
) -> arb:
    """Return the second derivative of the risk along a direction in (outer weights, biases)."""
    return 2 * arb(_expansion(sample, mu, sigma, value, direction, side)[2])


def bias_slope(
    sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq], index: Any
) -> arb:
    """Return the derivative of the risk in the bias of a group, from its expansion."""
    size = len(value) // 4
    return arb(_expansion(sample, mu, sigma, value, {size + int(index) - 1: 1}, 1)[1])


def _expansion(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    direction: dict[int, int],
    side: int,
) -> arb_series:
    """Return the risk along a line, to second order; knots that meet part to the given side."""
    groups = list(groups_of(value))
    slopes: dict[int, fmpq] = {}
    before_cap = ctx.cap
    ctx.cap = 3
    try:
        neurons = []
        for k, (inner, outer, bias, copies) in enumerate(groups):
            rate = fmpq(direction.get(k, 0))
            drift = -inner * direction.get(len(groups) + k, 0)
            knot = arb_series([to_ball(-inner * bias), to_ball(drift)])
            slopes[id(knot)] = drift
            neurons.append(
                Neuron(int(inner), arb_series([to_ball(outer), to_ball(rate)]), knot, int(copies))
            )
        order = {
            id(p.knot): (-g[0] * g[2], side * slopes[id(p.knot)])
            for p, g in zip(neurons, groups, strict=True)
        }

        def before(a: Number, b: Number) -> bool:
            return bool(order[id(a)] < order[id(b)])

        expansion: arb_series = _risk_of(neurons, [mu * x for x in sample], sigma, before)
        return expansion
    finally:
        ctx.cap = before_cap
