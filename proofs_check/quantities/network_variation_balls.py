"""Rigorous weighted variations of a ReLU network, and moments of the gradient of its outputs.

The printed weight averages a piecewise linear function with exact break points against a Gaussian,
by tails and ramps: another route than that of `proofs_check.quantities.weight_balls`, which knows
no network, so that tests can compare them. The amended weight is known in closed form.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flint import arb, fmpq

from proofs_check.balls import to_ball
from proofs_check.domains_network import groups_of
from proofs_check.quantities.network_balls import (
    Neuron,
    neurons_of,
    pair_moments,
    residual,
    tails,
    width_of,
)

__all__ = [
    "amended_weight",
    "kink_weight",
    "knot_peak",
    "mean_gradient_square",
    "neuron_mean",
    "step_gradient_square",
    "variation",
    "variation_amended",
]

Data = Sequence[fmpq]


def _sides(centres: Data, y: fmpq) -> tuple[fmpq, fmpq]:
    """Return pi^-(y) and pi^+(y) at a point that is no centre, from their definitions."""
    below = [y - c for c in centres if c < y]
    above = [c - y for c in centres if c > y]
    n = len(centres)
    return (
        fmpq(len(below), n) * sum(below, fmpq(0)) / n,
        fmpq(len(above), n) * sum(above, fmpq(0)) / n,
    )


def _lines(centres: Data, a: fmpq, b: fmpq) -> list[tuple[fmpq, fmpq, fmpq, fmpq]]:
    """Return pieces (left, right, value at left, slope) of min(pi^-, pi^+) on a gap."""
    p, q = (2 * a + b) / 3, (a + 2 * b) / 3
    lines = []
    for at_p, at_q in zip(_sides(centres, p), _sides(centres, q), strict=True):
        slope = (at_q - at_p) / (q - p)
        lines.append((at_p - slope * (p - a), slope))
    (low, up), (high, down) = lines
    cuts = [a, b]
    if up != down:
        crossing = a + (high - low) / (up - down)
        if a < crossing < b:
            cuts = [a, crossing, b]
    pieces = []
    for left, right in pairwise(cuts):
        middle = (left + right) / 2 - a
        value, slope = min(lines, key=lambda line: line[0] + line[1] * middle)
        pieces.append((left, right, value + slope * (left - a), slope))
    return pieces


def kink_weight(sample: Data, mu: fmpq, sigma: fmpq, y: Any) -> Any:
    """Return pi(y)."""
    centres = [mu * x for x in sample]
    if y < centres[0] or y > centres[-1]:
        return fmpq(0)
    total = arb(0)
    for a, b in pairwise(centres):
        for left, right, value, slope in _lines(centres, a, b):
            start, end = tails(left, y, sigma), tails(right, y, sigma)
            mass = start.above[0] - end.above[0] if left > y else end.below[0] - start.below[0]
            # E[(Z - left) 1] from the ramps at both ends
            first = start.above[1] - end.above[1] - to_ball(right - left) * end.above[0]
            total += to_ball(value) * mass + to_ball(slope) * first
    return total


def amended_weight(sample: Data, mu: fmpq, sigma: fmpq, y: Any) -> arb:
    """Return min{P(Y > y) E(Y - y)_+, P(Y < y) E(y - Y)_+} for the noisy point Y."""
    (a0, a1), (b0, b1) = _mean_tails(sample, mu, sigma, y)
    return (a0 * a1).min(b0 * b1)


def _mean_tails(
    sample: Data, mu: fmpq, sigma: fmpq, y: Any
) -> tuple[tuple[arb, arb], tuple[arb, arb]]:
    found = [tails(y, mu * x, sigma) for x in sample]
    sums = [arb(0)] * 4
    for t in found:
        parts = (*t.above[:2], *t.below[:2])
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
    a0, a1, b0, b1 = (total / len(found) for total in sums)
    return (a0, a1), (b0, b1)


def _weighted(value: Data, weight: Any) -> Any:
    """Return the sum over distinct knots of |mass of s''| times a weight."""
    masses: dict[fmpq, fmpq] = {}
    neurons = neurons_of(value)
    for p in neurons:
        masses[p.knot] = masses.get(p.knot, fmpq(0)) + p.copies * p.outer
    width = width_of(neurons)
    total: Any = fmpq(0)
    for knot, mass in masses.items():
        if mass != 0:
            total = total + weight(knot) * (abs(mass) / width)
    return total


def variation(sample: Data, mu: fmpq, sigma: fmpq, value: Data) -> Any:
    """Return TV_pi of a network."""
    return _weighted(value, lambda knot: kink_weight(sample, mu, sigma, knot))


def variation_amended(sample: Data, mu: fmpq, sigma: fmpq, value: Data) -> Any:
    """Return the total variation under the amended weight, on the hull of the noisy centres."""

    def weight(knot: fmpq) -> Any:
        inside = mu * sample[0] <= knot <= mu * sample[-1]
        return amended_weight(sample, mu, sigma, knot) if inside else fmpq(0)

    return _weighted(value, weight)


def mean_gradient_square(sample: Data, mu: fmpq, sigma: fmpq, value: Data) -> arb:
    """Return |E grad s(Y)|^2."""
    neurons = neurons_of(value)
    total = arb(0)
    for p in neurons:
        sides = _mean_tails(sample, mu, sigma, p.knot)
        mass, ramp = sides[0] if p.inner > 0 else sides[1]
        total += p.copies * (ramp * ramp + to_ball(p.outer**2) * mass * mass)
    return total / width_of(neurons) ** 2


def neuron_mean(sample: Data, mu: fmpq, sigma: fmpq, value: Data, index: Any, *, ramp: bool) -> arb:
    """Return E relu(w1 Y + b) or P(w1 Y + b > 0) of a group's neuron."""
    inner, _, bias, _ = list(groups_of(value))[int(index) - 1]
    above, below = _mean_tails(sample, mu, sigma, -inner * bias)
    return (above if inner > 0 else below)[1 if ramp else 0]


def step_gradient_square(sample: Data, mu: fmpq, sigma: fmpq, value: Data) -> arb:
    """Return E |sum_i grad s(mu x_i + xi)|^2 / n^2, one noise xi for all data."""
    neurons = neurons_of(value)
    centres = [mu * x for x in sample]
    total = arb(0)
    for p in neurons:
        moved = [Neuron(p.inner, p.outer, p.knot - c, 1) for c in centres]
        at = [tails(q.knot, fmpq(0), sigma) for q in moved]
        for i, a in enumerate(moved):
            for j, b in enumerate(moved):
                both = pair_moments(a, b, at[i], at[j], lambda s, t: bool(s < t))
                total += p.copies * (both.ramps + to_ball(p.outer**2) * both.steps)
    return total / (width_of(neurons) * len(centres)) ** 2


def knot_peak(sample: Data, mu: fmpq, sigma: fmpq, value: Data) -> arb:
    """Return the largest |f(tau_l)| exp(-(tau_l - mu x_i)^2/2 sigma^2) over l and i."""
    top = arb(0)
    for p in neurons_of(value):
        for c in (mu * x for x in sample):
            size = to_ball(abs(residual(value, c, sigma, p.knot)))
            top = top.max(size * to_ball(-((p.knot - c) ** 2) / (2 * sigma**2)).exp())
    return top
