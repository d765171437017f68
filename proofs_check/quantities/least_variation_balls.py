r"""A rigorous enclosure of the least weighted variation among all scores of at most a given risk.

From above by a network whose risk is certified. From below by a function h that vanishes outside
of the outermost centres and has no moments of order 0 and 1 under the mixture density p: with
``g(t) = int (y - t)_+ h p``, which then vanishes outside too,

.. math:: \int s\,h\,p = \int s''\,g, \qquad \int s^\star h\,p = \int h\,p', \qquad
          TV_\pi(s) \ge \frac{|\int h\,p'| - \sqrt{(r - R_n(s^\star)) \int h^2 p}}
          {\sup |g| / \pi} \quad\text{if } R_n(s) \le r,

because ``R_n(s) = R_n(s*) + int (s - s*)^2 p``. Both certificates are guided by a float64 solution,
which need not be right. h is piecewise linear, so that all integrals are truncated moments.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
from flint import arb, fmpq

from proofs_check.balls import precision, to_ball
from proofs_check.errors import ClaimError
from proofs_check.quantities.mixture_balls import optimal_risk
from proofs_check.quantities.network_balls import risk as network_risk
from proofs_check.quantities.weight_balls import weight_function

__all__ = ["bounds", "least_variation", "lower_bound", "upper_bound"]

Data = tuple[fmpq, ...]
_Pair = tuple[arb, arb]
BITS: Final = 128
FEW: Final = 53
"""Bits for the optimal risk, a slow quadrature of which few digits matter."""
BELOW: Final = 1e-7
"""The float64 solution keeps this relative distance from the level, so that it is within it."""
NEGLIGIBLE: Final = 1e-13
WIDE: Final = 12
"""Spacings over sigma beyond which the optimal risk is taken to be zero."""
EXCESS: Final = arb(101) / 100
"""How far above its largest value at a node the ratio may be bounded before a cell is split."""
HALVINGS: Final = 12
NEAR, PER_SIGMA, PER_GAP = 5, 16, 12
"""Nodes of h: reach around a centre in sigma, nodes per sigma there, and parts of a gap."""


def least_variation(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, level: Any) -> arb:
    """Return an enclosure of the infimum of TV_pi(s) over all s with R_n(s) <= level.

    Raises
    ------
    ClaimError
        The level is not a rational number > 0.
    """
    if not isinstance(level, fmpq) or level <= 0:
        raise ClaimError(f"level: {level} is no rational number > 0")
    lower, upper = bounds(tuple(sample), mu, sigma, level)
    if lower > upper:
        raise AssertionError(f"a dual bound {lower} above a feasible value {upper}")
    return lower.union(upper)


@lru_cache(maxsize=64)
def bounds(sample: Data, mu: fmpq, sigma: fmpq, level: fmpq) -> tuple[arb, arb]:
    """Return a certified lower and a certified upper bound of that infimum."""
    from numerics.variation_knots import refined_least_variation

    points = [float(_fraction(x)) for x in sample]
    scale, noise = float(_fraction(mu)), float(_fraction(sigma))
    wanted = float(_fraction(level)) * (1.0 - BELOW)
    found = refined_least_variation(points, scale, noise, wanted).best.network
    with precision(BITS):
        return (
            lower_bound(sample, mu, sigma, level, found),
            upper_bound(sample, mu, sigma, level, found),
        )


def _fraction(value: fmpq) -> Any:
    from fractions import Fraction

    return Fraction(int(value.p), int(value.q))


def _exact(value: float) -> fmpq:
    """Return a float64 as the rational number that it is."""
    top, bottom = float(value).as_integer_ratio()
    return fmpq(top, bottom)


def upper_bound(sample: Data, mu: fmpq, sigma: fmpq, level: fmpq, network: Any) -> arb:
    """Return the variation of a network near the given one, infinite if its risk is too large."""
    jumps = network.outer / network.width
    kept = np.flatnonzero(np.abs(jumps) > NEGLIGIBLE * np.abs(jumps).max())
    value: list[fmpq] = []
    total = arb(0)
    for k in kept.tolist():
        inner, bias, jump = (_exact(v) for v in (network.inner[k], network.bias[k], jumps[k]))
        value += [inner, jump * len(kept), bias, fmpq(1)]
        total += abs(to_ball(jump)) * to_ball(weight_function(sample, mu, sigma, -inner * bias))
    within = network_risk(sample, mu, sigma, tuple(value)) <= to_ball(level)
    return total if within else arb("inf")


@dataclass(frozen=True)
class _Cell:
    """An interval with the moments of p on it about its left end, and h there."""

    left: fmpq
    right: fmpq
    moments: tuple[arb, arb, arb]
    start: arb
    slope: arb

    @property
    def mass(self) -> arb:
        """Return the integral of h p."""
        return arb(self.start * self.moments[0] + self.slope * self.moments[1])

    @property
    def first(self) -> arb:
        """Return the integral of (y - left) h p."""
        return arb(self.start * self.moments[1] + self.slope * self.moments[2])

    @property
    def square(self) -> arb:
        """Return the integral of h^2 p."""
        zeroth, first, second = self.moments
        return arb(
            self.start**2 * zeroth + 2 * self.start * self.slope * first + self.slope**2 * second
        )

    @property
    def largest(self) -> arb:
        """Return the largest modulus of h."""
        return abs(self.start).max(abs(self.start + self.slope * (self.right - self.left)))


def lower_bound(sample: Data, mu: fmpq, sigma: fmpq, level: fmpq, network: Any) -> arb:
    """Return the dual bound of the residual of a network, for all scores."""
    centres = [mu * x for x in sample]
    nodes = _nodes(centres, sigma, network)
    moments = [_moments(centres, sigma, a, b) for a, b in pairwise(nodes)]
    cells = _orthogonal(nodes, moments, _residual(sample, mu, sigma, nodes, network))
    gain = abs(_against_slope(centres, sigma, cells))
    norm = sum((c.square for c in cells), arb(0))
    # what the risk leaves for the distance from the optimal score
    left = (to_ball(level) - _least_risk(sample, mu, sigma)).max(arb(0))
    value = gain - (left * norm.max(arb(0))).sqrt()
    if not value > 0:
        return arb(0)
    return arb((value / _ratio(sample, mu, sigma, cells)).lower())


def _least_risk(sample: Data, mu: fmpq, sigma: fmpq) -> arb:
    """Return a lower bound of R_n(s*), zero where it is too small to matter."""
    if min(b - a for a, b in pairwise(sample)) * mu > WIDE * sigma:
        return arb(0)
    with precision(FEW):
        return arb(optimal_risk(sample, mu, sigma).lower())


def _nodes(centres: list[fmpq], sigma: fmpq, network: Any) -> list[fmpq]:
    """Return the outermost centres and, between them, points near the centres and the knots."""
    found = {_exact(t) for t in network.knots.tolist()}
    reach = range(-NEAR * PER_SIGMA, NEAR * PER_SIGMA + 1)
    found |= {c + sigma * fmpq(k, PER_SIGMA) for c in centres for k in reach}
    found |= {
        a + (b - a) * fmpq(k, PER_GAP) for a, b in pairwise(centres) for k in range(1, PER_GAP)
    }
    inside = sorted(t for t in found if centres[0] < t < centres[-1])
    return [centres[0], *inside, centres[-1]]


def _residual(sample: Data, mu: fmpq, sigma: fmpq, nodes: list[fmpq], network: Any) -> list[fmpq]:
    """Return s - s* at the nodes, to float64 accuracy."""
    from numerics.empirical_score import empirical_score
    from numerics.relu_network import evaluate

    places = np.array([float(_fraction(t)) for t in nodes])
    points = [float(_fraction(x)) for x in sample]
    scale, noise = float(_fraction(mu)), float(_fraction(sigma))
    best = empirical_score(places, points, mu=scale, sigma=noise)
    return [_exact(v) for v in (evaluate(network, places) - best).tolist()]


def _moments(centres: list[fmpq], sigma: fmpq, left: fmpq, right: fmpq) -> tuple[arb, arb, arb]:
    """Return the integrals of p, (y - left) p and (y - left)^2 p."""
    root, deviation = arb(2).sqrt(), to_ball(sigma)
    norm = 1 / (2 * arb.pi()).sqrt()
    zeroth = first = second = arb(0)
    for c in centres:
        a, b = to_ball((left - c) / sigma), to_ball((right - c) / sigma)
        bell_a, bell_b = (-a * a / 2).exp() * norm, (-b * b / 2).exp() * norm
        if left >= c:
            mass = ((a / root).erfc() - (b / root).erfc()) / 2
        else:
            mass = ((-b / root).erfc() - (-a / root).erfc()) / 2
        ramp = bell_a - bell_b - a * mass
        zeroth += mass
        first += ramp
        second += mass - b * bell_b + a * bell_a - 2 * a * (bell_a - bell_b) + a * a * mass
    size = len(centres)
    return zeroth / size, deviation * first / size, deviation**2 * second / size


def _orthogonal(
    nodes: list[fmpq], moments: list[tuple[arb, arb, arb]], heights: list[fmpq]
) -> list[_Cell]:
    """Return h: the heights joined by lines, less the line that takes both moments away."""
    middle = (nodes[0] + nodes[-1]) / 2

    def made(values: Sequence[Any]) -> list[_Cell]:
        return [
            _Cell(a, b, m, to_ball(u), to_ball((v - u) / (b - a)))
            for (a, b), m, (u, v) in zip(pairwise(nodes), moments, pairwise(values), strict=True)
        ]

    def pair(cells: list[_Cell]) -> tuple[arb, arb]:
        mass = sum((c.mass for c in cells), arb(0))
        lever = sum((c.first + to_ball(c.left - middle) * c.mass for c in cells), arb(0))
        return mass, lever

    (a, b), (p, q), (u, v) = (
        pair(made(values))
        for values in (heights, [fmpq(1)] * len(nodes), [t - middle for t in nodes])
    )
    # h - constant - rate (y - middle) has no moments
    determinant = p * v - q * u
    constant, rate = (a * v - b * u) / determinant, (p * b - q * a) / determinant
    return [
        _Cell(
            c.left,
            c.right,
            c.moments,
            c.start - constant - rate * to_ball(c.left - middle),
            c.slope - rate,
        )
        for c in made(heights)
    ]


def _density(centres: list[fmpq], sigma: fmpq, y: arb) -> arb:
    """Return p, or its range on a ball of points."""
    deviation = to_ball(sigma)
    norm = (2 * arb.pi()).sqrt() * deviation * len(centres)
    total = arb(0)
    for c in centres:
        offset = (y - to_ball(c)) / deviation
        total += (-(offset**2) / 2).exp()
    return arb(total / norm)


def _against_slope(centres: list[fmpq], sigma: fmpq, cells: list[_Cell]) -> arb:
    """Return the integral of h p' by parts."""
    first, last = cells[0], cells[-1]
    end = last.start + last.slope * to_ball(last.right - last.left)
    ends = end * _density(centres, sigma, to_ball(last.right)) - first.start * _density(
        centres, sigma, to_ball(first.left)
    )
    return arb(ends - sum((c.slope * c.moments[0] for c in cells), arb(0)))


def _ratio(sample: Data, mu: fmpq, sigma: fmpq, cells: list[_Cell]) -> arb:
    """Return an upper bound of |g| / pi between the outermost centres."""
    centres = [mu * x for x in sample]

    @cache
    def weight(y: fmpq) -> arb:
        return to_ball(weight_function(sample, mu, sigma, y))

    # what lies right of each node: the integrals of h p and (y - node) h p
    beyond = [(arb(0), arb(0))]
    for cell in reversed(cells):
        mass, first = beyond[-1]
        step = to_ball(cell.right - cell.left)
        beyond.append((mass + cell.mass, cell.first + first + step * mass))
    beyond.reverse()
    height = _largest_smaller(sample, mu)
    seen = arb(0)
    for cell, (_, first) in zip(cells, beyond, strict=False):
        seen = seen.max(abs(first) / weight(cell.left))
    worst = arb(0)
    work: list[tuple[_Cell, _Pair, _Pair, int]] = [
        (cell, beyond[k], beyond[k + 1], 0) for k, cell in enumerate(cells)
    ]
    while work:
        cell, here, there, depth = work.pop()
        bound = _cell_bound(cell, here[1], there[1], centres, sigma, weight, height)
        if bound <= EXCESS * seen or depth == HALVINGS:
            worst = worst.max(bound)
            continue
        left, right = _halves(cell, centres, sigma)
        mass, first = there
        step = to_ball(right.right - right.left)
        between = (mass + right.mass, right.first + first + step * mass)
        seen = seen.max(abs(between[1]) / weight(right.left))
        work += [(left, here, between, depth + 1), (right, between, there, depth + 1)]
    return arb(worst.upper())


def _largest_smaller(sample: Data, mu: fmpq) -> arb:
    """Return an upper bound of min(pi^-, pi^+), which is at most their geometric mean.

    With a share a of the data below y that mean is at most ``a (1 - a)`` times the geometric mean
    of the distances to the outermost centres, a quarter times half the span.
    """
    return to_ball(mu * (sample[-1] - sample[0]) / 8)


def _halves(cell: _Cell, centres: list[fmpq], sigma: fmpq) -> tuple[_Cell, _Cell]:
    middle = (cell.left + cell.right) / 2
    start = cell.start + cell.slope * to_ball(middle - cell.left)
    return (
        _Cell(
            cell.left,
            middle,
            _moments(centres, sigma, cell.left, middle),
            cell.start,
            cell.slope,
        ),
        _Cell(middle, cell.right, _moments(centres, sigma, middle, cell.right), start, cell.slope),
    )


def _cell_bound(
    cell: _Cell,
    at_left: arb,
    at_right: arb,
    centres: list[fmpq],
    sigma: fmpq,
    weight: Callable[[fmpq], arb],
    height: arb,
) -> arb:
    """Return an upper bound of |g| / pi on a cell, from both ends and second derivatives.

    g'' = h p, and pi'' is the mean of min(pi^-, pi^+) times (z^2 - 1) / sigma^2, whose mean
    modulus is below 1 / sigma^2.
    """
    width = to_ball(cell.right - cell.left)
    share = width**2 / 8
    hull = to_ball(cell.left).union(to_ball(cell.right))
    bend = cell.largest * _density(centres, sigma, hull).upper()
    top = abs(at_left).max(abs(at_right)) + share * bend
    floor = weight(cell.left).min(weight(cell.right)) - share * height / to_ball(sigma) ** 2
    return arb((top / floor).upper()) if floor > 0 else arb("inf")
