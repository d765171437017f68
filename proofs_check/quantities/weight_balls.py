"""Rigorous values of the weight function and of the variation it weighs, from their definitions.

pi^- and pi^+ count and average the data on either side, exactly for rational arguments. Their
minimum is linear between neighbouring break points, so its Gaussian average is a finite sum of
error functions. The weighted variation is a rigorous quadrature on stretches where the sign of
s*'' is certain; what lies between them is bounded.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import acb, acb_series, arb, ctx, fmpq

from proofs_check.balls import to_ball
from proofs_check.quantities.mixture_balls import _local_curvature as local_curvature

__all__ = [
    "gap_mean",
    "gap_variation",
    "left_line",
    "left_weight",
    "right_line",
    "right_weight",
    "slope_rise",
    "smaller",
    "weight_function",
    "weighted_variation",
]

Data = Sequence[fmpq]
_CELLS = 8
MARGIN = 8
"""Bits by which far data are kept below the goal."""
Line = tuple[Any, Any]
"""Value at zero and slope."""
Piece = tuple[Any, Any, Line]
"""Ends of an interval and the line on it."""


def left_line(sample: Data, mu: Any, z: Any, index: Any) -> Any:
    """Return the line of pi^- between centres i and i + 1, at z."""
    count = int(index)
    return count * sum((z - mu * x for x in sample[:count]), fmpq(0)) / len(sample) ** 2


def right_line(sample: Data, mu: Any, z: Any, index: Any) -> Any:
    """Return the line of pi^+ between centres i and i + 1, at z."""
    count = len(sample) - int(index)
    return count * sum((mu * x - z for x in sample[int(index) :]), fmpq(0)) / len(sample) ** 2


def left_weight(sample: Data, mu: Any, z: Any) -> Any:
    """Return pi^-(z): the squared share of centres below z times their mean distance."""
    return _counted(sample, [z - mu * x for x in sample])


def right_weight(sample: Data, mu: Any, z: Any) -> Any:
    """Return pi^+(z): the squared share of centres above z times their mean distance."""
    return _counted(sample, [mu * x - z for x in sample])


def _counted(sample: Data, distances: list[Any]) -> Any:
    """Return P^2 E from signed distances; where a sign is open, both values are enclosed."""
    sure = [d for d in distances if d > 0]
    open_ = [d for d in distances if not (d > 0 or d <= 0)]
    size = len(sample)
    value = len(sure) * sum(sure, fmpq(0)) / size**2
    for count in range(1, len(open_) + 1):
        more = sum((abs(d) for d in open_), fmpq(0)) + sum(sure, fmpq(0))
        value = to_ball(value).union(to_ball((len(sure) + count) * more / size**2))
    return value


def smaller(a: Any, b: Any) -> Any:
    """Return the smaller of two exact or enclosed numbers."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return min(a, b)
    return to_ball(a).min(to_ball(b))


def _pieces(sample: Data, mu: Any, index: int) -> Iterator[Piece]:
    """Yield the linear pieces of min(pi^-, pi^+) on one gap: ends and line."""
    zero = fmpq(0)
    rising = (left_line(sample, mu, zero, index), fmpq(index**2, len(sample) ** 2))
    falling = (
        right_line(sample, mu, zero, index),
        fmpq(-((len(sample) - index) ** 2), len(sample) ** 2),
    )
    lower, upper = mu * sample[index - 1], mu * sample[index]
    crossing = (falling[0] - rising[0]) / (rising[1] - falling[1])
    if crossing <= lower:
        yield lower, upper, falling
    elif crossing >= upper:
        yield lower, upper, rising
    else:
        yield lower, crossing, rising
        yield crossing, upper, falling


def _averaged(pieces: list[Piece], sigma: Any, y: arb) -> arb:
    """Return the mean of a piecewise linear function under N(y, sigma^2)."""
    root = arb(2).sqrt() * to_ball(sigma)
    norm = to_ball(sigma) / (2 * arb.pi()).sqrt()
    total = arb(0)
    for lower, upper, (constant, rate) in pieces:
        a, b = (to_ball(lower) - y) / root, (to_ball(upper) - y) / root
        tilt = (-b * b).exp() - (-a * a).exp()
        total += (to_ball(constant) + to_ball(rate) * y) * _mass(a, b) - to_ball(rate) * norm * tilt
    return total


def _averaged_nearby(pieces: list[Piece], sigma: Any) -> Any:
    """Return that mean as a function of complex y, for pieces that follow each other."""
    root = arb(2).sqrt() * to_ball(sigma)
    norm = to_ball(sigma) / (2 * arb.pi()).sqrt()
    places = [to_ball(pieces[0][0]), *(to_ball(p[1]) for p in pieces)]
    lines = [(to_ball(constant), to_ball(rate)) for _, _, (constant, rate) in pieces]

    def average(y: acb) -> acb:
        offsets = [(place - y) / root for place in places]
        masses = [offset.erf() / 2 for offset in offsets]
        tilts = [norm * (-offset * offset).exp() for offset in offsets]
        total: acb = acb(0)
        for k, (constant, rate) in enumerate(lines):
            mass, tilt = masses[k + 1] - masses[k], tilts[k + 1] - tilts[k]
            total += (constant + rate * y) * mass - rate * tilt
        return acb(total)

    return average


def _mass(a: arb, b: arb) -> arb:
    """Return (erf(b) - erf(a)) / 2, from the tails when both ends lie on one side."""
    left, right = float(a.mid()), float(b.mid())
    if left > 0:
        return (a.erfc() - b.erfc()) / 2
    if right < 0:
        return ((-b).erfc() - (-a).erfc()) / 2
    return (b.erf() - a.erf()) / 2


def gap_mean(sample: Data, mu: Any, sigma: Any, y: Any, index: Any) -> arb:
    """Return E[min{pi^+, pi^-}(y - xi); y - xi in the i-th gap]."""
    pieces = list(_pieces(sample, mu, int(index)))
    value = _averaged(pieces, sigma, to_ball(y))
    return value if value > 0 else value.union(arb(0)) if value < 0 else value


def weight_function(sample: Data, mu: Any, sigma: Any, y: Any) -> Any:
    """Return pi(y), zero outside of the outermost centres."""
    outside = (y < mu * sample[0], y > mu * sample[-1])
    inside = y >= mu * sample[0] and y <= mu * sample[-1]
    if any(outside):
        return fmpq(0)
    pieces = [p for k in range(1, len(sample)) for p in _pieces(sample, mu, k)]
    value = _averaged(pieces, sigma, to_ball(y))
    return value if inside else value.union(arb(0))


def slope_rise(sample: Data, mu: Any, sigma: Any, a: Any, b: Any) -> arb:
    """Return a coarse enclosure of the integral of s*'' from a to b: cells times ranges."""
    start, step = to_ball(a), to_ball((b - a) / _CELLS)
    ends = [start + k * step for k in range(_CELLS + 1)]
    ranges = (local_curvature(sample, mu, sigma, p.union(q)) for p, q in pairwise(ends))
    return step * sum(ranges, arb(0))


def weighted_variation(sample: Data, mu: Any, sigma: Any) -> arb:
    """Return TV_pi(s*), gap by gap."""
    return sum((gap_variation(sample, mu, sigma, k) for k in range(1, len(sample))), arb(0))


def gap_variation(sample: Data, mu: Any, sigma: Any, index: Any) -> arb:
    """Return the integral of |s*''| pi between two neighbouring centres.

    Data and pieces far from the gap are left out, and what they could add is bounded (`_Nearby`).
    """
    pieces = [p for k in range(1, len(sample)) for p in _pieces(sample, mu, k)]
    gap = to_ball(mu * (sample[int(index)] - sample[int(index) - 1]))
    centre = to_ball(mu * (sample[int(index)] + sample[int(index) - 1]) / 2)
    # what the slope climbs in the gap times pi in its middle: the size of the result
    size = (gap / to_ball(sigma) ** 2) ** 2 / 4 * abs(_averaged(pieces, sigma, centre))
    near = _nearby(sample, mu, sigma, int(index), pieces, size)
    curvature = _complex_curvature(near.sample, mu, sigma)
    average = _averaged_nearby(near.pieces, sigma)
    goal = ctx.prec // 2

    def integrand(v: acb, _analytic: bool) -> acb:
        return acb(curvature(v) * average(v))

    total = arb(0)
    stretches, open_cells = _signed_stretches(near.sample, mu, sigma, near.index)
    tolerance = arb(2) ** -goal
    absolute = (tolerance * size).upper()
    for a, b in stretches:
        part = acb.integral(integrand, acb(a), acb(b), rel_tol=tolerance, abs_tol=absolute).real
        total += abs(part)
    slack = arb(0)
    for a, b, steepest in open_cells:
        weight = _averaged(pieces, sigma, a.union(b))
        slack += steepest * abs(weight).upper() * (b - a)
    upper = slack.upper()
    # open cells can only add, the far data may take away too
    return total + upper / 2 + arb(0, 1) * (upper / 2 + near.error).upper()


@dataclass(frozen=True)
class _Nearby:
    """What matters for one gap: data, the gap's index among them, pieces of min(pi^-, pi^+).

    ``error`` bounds what the rest changes in the integral of |s*''| pi over the gap.
    """

    sample: Data
    index: int
    pieces: list[Piece]
    error: arb


def _nearby(
    sample: Data, mu: Any, sigma: Any, index: int, pieces: list[Piece], size: arb
) -> _Nearby:
    r"""Return the data and pieces within some sigma of a gap.

    A datum at a distance d from the gap has on it at most the share exp(-d^2/2 sigma^2) of the
    weight; eps in all changes the third cumulant by at most 26 eps R^3, R the span of the data. A
    piece at a distance r adds at most exp(-r^2/2 sigma^2) to a share of pi, which is at most
    mu R/8. The third cumulant itself is at most R^3.
    """
    m, s = to_ball(mu), to_ball(sigma)
    lower, upper = mu * sample[index - 1], mu * sample[index]
    span = to_ball(sample[-1] - sample[0])
    steepest, highest = m**3 / s**6 * span**3, m * span / 8
    length = to_ball(upper - lower)
    most = (length * steepest * highest).upper()
    excess = max(0.0, math.log2(float(most / size)) if size > 0 else 64.0)
    bits = max(1.0, ctx.prec / 2 + excess + MARGIN)
    reach = s * arb(2 * math.log(2) * bits).sqrt()
    start, stop = (to_ball(lower) - reach).lower(), (to_ball(upper) + reach).upper()
    inside = [k for k, x in enumerate(sample) if start <= to_ball(mu * x) <= stop]
    first, last = min([*inside, index - 1]), max([*inside, index])
    kept = [p for p in pieces if to_ball(p[1]) >= start and to_ball(p[0]) <= stop]
    share = arb(0)
    for k, x in enumerate(sample):
        if not first <= k <= last:
            away = to_ball(lower - mu * x if k < first else mu * x - upper)
            share += (-((away / s) ** 2) / 2).exp()
    bump = (-((reach / s) ** 2) / 2).exp() if len(kept) < len(pieces) else arb(0)
    error = most * (26 * share + bump)
    return _Nearby(tuple(sample[first : last + 1]), index - first, kept, arb(error.upper()))


def _signed_stretches(
    sample: Data, mu: Any, sigma: Any, index: int
) -> tuple[list[tuple[arb, arb]], list[tuple[arb, arb, arb]]]:
    """Return stretches of a gap on which s*'' has one sign, and tiny cells where it is open."""
    m, s = to_ball(mu), to_ball(sigma)
    lower, upper = to_ball(mu * sample[index - 1]), to_ball(mu * sample[index])
    span = to_ball(sample[-1] - sample[0])
    largest = (m**3 / s**6 * span**3).upper()
    # an open cell may add at most 2^-(goal) of the rise m^2 gap^2 / 4 s^4 of the slope in the gap
    allowed = (m * (upper - lower) / s**2) ** 2 / 4 * arb(2) ** (-ctx.prec // 2 - 6)
    middle = ((lower + upper) / 2).mid()
    cells = [(middle, upper.mid()), (lower.mid(), middle)]
    stretches: list[tuple[arb, arb, int]] = []
    open_cells: list[tuple[arb, arb, arb]] = []
    while cells:
        a, b = cells.pop()
        value = _curvature_on(sample, mu, sigma, a, b)
        if value > 0 or value < 0:
            side = 1 if value > 0 else -1
            if stretches and stretches[-1][2] == side and bool(stretches[-1][1] == a):
                stretches[-1] = (stretches[-1][0], b, side)
            else:
                stretches.append((a, b, side))
            continue
        size = abs(value).upper().min(largest)
        if size * (b - a) < allowed:
            open_cells.append((a, b, size))
            continue
        centre = ((a + b) / 2).mid()
        cells += [(centre, b), (a, centre)]
    # centres that are no binary fractions are rounded: the strips at both ends stay open
    open_cells += [
        (end.lower(), end.upper(), largest) for end in (lower, upper) if not end.is_exact()
    ]
    return [(a, b) for a, b, _ in stretches], open_cells


def _curvature_on(sample: Data, mu: Any, sigma: Any, a: arb, b: arb) -> arb:
    """Return an enclosure of s*'' on a cell: its range there, cut with the mean value form."""
    hull = a.union(b)
    value = local_curvature(sample, mu, sigma, hull)
    if value > 0 or value < 0:
        return value
    middle = ((a + b) / 2).mid()
    slope = _local_slope(sample, mu, sigma, hull)
    linear = local_curvature(sample, mu, sigma, middle) + slope * (hull - middle)
    if not (linear.is_finite() and value.is_finite() and linear.overlaps(value)):
        return value
    return arb(linear.intersection(value))


def _local_slope(sample: Data, mu: Any, sigma: Any, y: arb) -> arb:
    """Return an enclosure of the derivative of s*'' on an interval: a fourth cumulant."""
    m, s = to_ball(mu), to_ball(sigma)
    distances = [abs(float((y - m * to_ball(x)).mid())) for x in sample]
    near = distances.index(min(distances))
    steps = [to_ball(x - sample[near]) for x in sample]
    powers = [
        (m * step * (2 * y - m * to_ball(x + sample[near])) / (2 * s**2)).exp()
        for x, step in zip(sample, steps, strict=True)
    ]
    total = sum(powers, arb(0))
    mean = sum((p * d for p, d in zip(powers, steps, strict=True)), arb(0)) / total
    second = sum((p * (d - mean) ** 2 for p, d in zip(powers, steps, strict=True)), arb(0))
    fourth = sum((p * (d - mean) ** 4 for p, d in zip(powers, steps, strict=True)), arb(0))
    slope: arb = m**4 / s**8 * (fourth / total - 3 * (second / total) ** 2)
    return slope


def _complex_curvature(sample: Data, mu: Any, sigma: Any) -> Any:
    """Return the third derivative of the log density as a function of complex y."""
    m, s = to_ball(mu), to_ball(sigma)
    rate = acb(-1 / (2 * s**2))

    def curvature(v: acb) -> acb:
        offsets = [v - m * to_ball(x) for x in sample]
        exponents = [o * o * rate for o in offsets]
        shift = max(float(e.real.mid()) for e in exponents)
        before = ctx.cap
        ctx.cap = 4
        try:
            total = acb_series([0])
            for o, e in zip(offsets, exponents, strict=True):
                total = total + acb_series([e - shift, 2 * o * rate, rate]).exp()
            if total[0].contains(acb(0)):
                return acb(arb.nan(), arb.nan())
            return acb((total.derivative() / total)[2]) * 2
        finally:
            ctx.cap = before

    return curvature
