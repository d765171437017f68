r"""Tail integrals of the noised sample: what is left of each Gaussian beyond a point.

The law of ``Y = mu X + sigma xi`` given the data is the Gaussian mixture with centres mu x_i. Every
exact integral of this package (risk, gradient, Hessian) needs, at m knots, the mixture's density
and its once and twice integrated tails, each Gaussian's tail being taken on the side of the knot
that is away from its centre, so that nothing large is subtracted. They are tabulated once per
sample as Taylor expansions on cells of an eighth of sigma; a knot then costs a dozen products,
whatever the number n of data.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import FloatArray, check_mu, check_sample, check_sigma

# Beyond 12 sigma of every centre the tails are below 1e-32 of the mixture and are taken as 0.
REACH = 12.0
_CELLS_PER_SIGMA = 8
# The j-th Taylor term on a half cell is at most 16^-j / sqrt(j!): 1e-18 after 12 terms.
_TERMS = 12
_J = np.arange(float(_TERMS))
# Rows: weights of the terms in the density and in its first, second and third integral.
_INTEGRATION = np.stack(
    [
        np.ones(_TERMS),
        1.0 / (_J + 1),
        1.0 / ((_J + 1) * (_J + 2)),
        1.0 / ((_J + 1) * (_J + 2) * (_J + 3)),
    ]
)
_PAIRS_PER_BLOCK = 200_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NoisedSample:
    """The Gaussian mixture with centres mu x_i and width sigma, with its tails tabulated."""

    centres: FloatArray  # mu x_i, sorted, shape (n,)
    sigma: float
    edges: FloatArray  # inner boundaries of the cells; every centre is one of them
    middles: FloatArray
    scales: FloatArray  # 1 / sigma, or 0 in the empty cells far from all centres
    table: FloatArray  # (cells, 15): Taylor terms of the density, then the three tails at middles


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tails:
    r"""Averages over the centres, in units of sigma: ``z = (tau - mu x_i) / sigma``.

    ``density`` is phi(z), ``slope`` is z phi(z); ``mass`` is Q(z) for z >= 0 and -Q(-z) for z < 0,
    with Q = 1 - Phi; ``first`` is the integral of Q from abs(z) on; ``second`` is the integral of
    that, with the sign of z. The derivative of each in tau / sigma is minus the one before it.
    """

    density: FloatArray
    slope: FloatArray
    mass: FloatArray
    first: FloatArray
    second: FloatArray


def noised_sample(x: ArrayLike, mu: float, sigma: float) -> NoisedSample:
    r"""Tabulate the tails of the mixture ``(1/n) sum_i N(mu x_i, sigma^2)``.

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 1.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    NoisedSample
        At most 192 n + 3 cells of 15 numbers; cost O(n) times the data within 14 sigma of a point.

    Raises
    ------
    ValueError
        If the data are not finite or repeat a point, or mu or sigma is out of range.

    Examples
    --------
    >>> noised_sample([0.0, 1.0], 0.5, 0.1).centres
    array([0. , 0.5])
    """
    sigma = check_sigma(sigma)
    centres = check_mu(mu) * check_sample(x, min_size=1)
    if centres.size > 1 and bool((centres[1:] == centres[:-1]).any()):
        raise ValueError("mu times x repeated a point in float64; spread x or enlarge mu")
    edges = _cell_edges(centres, sigma)
    middles = np.empty(edges.size + 1)
    middles[1:-1] = edges[:-1] + 0.5 * (edges[1:] - edges[:-1])
    middles[0] = edges[0]
    middles[-1] = edges[-1]
    widths = np.concatenate(([np.inf], edges[1:] - edges[:-1], [np.inf]))
    used = widths <= 1.01 * sigma / _CELLS_PER_SIGMA
    table = np.zeros((middles.size, _TERMS + 3))
    table[used] = _tabulate(middles[used], centres, sigma)
    return NoisedSample(
        centres=centres,
        sigma=sigma,
        edges=edges,
        middles=middles,
        scales=np.where(used, 1.0 / sigma, 0.0),
        table=table,
    )


def tails_at(sample: NoisedSample, tau: FloatArray) -> Tails:
    """Return the averaged tails at points of shape (m,), in O(m (12 + log cells)).

    The absolute error is a few units of rounding of the largest value, 1/2; relative to a tail
    itself it grows to 1e-10 at 12 sigma, where the tail is 1e-33.

    Examples
    --------
    >>> tails_at(noised_sample([0.0], 1.0, 1.0), np.array([0.0])).mass
    array([0.5])
    """
    cell = sample.edges.searchsorted(tau, side="right")
    # One row per term: the powers then fill long contiguous rows.
    row = np.ascontiguousarray(sample.table.take(cell, axis=0).T)
    delta = tau - sample.middles.take(cell)
    delta *= sample.scales.take(cell)
    powers = np.empty((_TERMS, tau.size))
    powers[0] = 1.0
    powers[1] = delta
    square = delta * delta
    np.multiply(powers[:2], square, out=powers[2:4])
    square *= square
    np.multiply(powers[:4], square, out=powers[4:8])
    np.multiply(powers[4:8], square, out=powers[8:12])
    slope = -_J[1:] @ (row[1:_TERMS] * powers[:-1])
    powers *= row[:_TERMS]
    density, once, twice, thrice = _INTEGRATION @ powers
    mass, first, second = row[_TERMS:]
    # Each tail is Taylor's polynomial of the next, integrated: from the inside outwards.
    thrice *= delta
    np.subtract(0.5 * mass, thrice, out=thrice)
    thrice *= delta
    np.subtract(first, thrice, out=thrice)
    thrice *= delta
    twice *= delta
    np.subtract(mass, twice, out=twice)
    twice *= delta
    once *= delta
    return Tails(
        density=density,
        slope=slope,
        mass=mass - once,
        first=first - twice,
        second=second - thrice,
    )


def _cell_edges(centres: FloatArray, sigma: float) -> FloatArray:
    """Cut the line into cells of sigma / 8 within reach of the centres, each centre an edge."""
    steps = np.arange(1, int(REACH) * _CELLS_PER_SIGMA + 1) * (sigma / _CELLS_PER_SIGMA)
    pieces = [centres[0] - steps[::-1], centres[:1]]
    for left, right in pairwise(centres):
        gap = right - left
        if gap > 2.0 * REACH * sigma:
            pieces += [left + steps, right - steps[::-1]]
        else:
            count = max(1, int(np.ceil(gap / sigma * _CELLS_PER_SIGMA)))
            pieces.append(left + gap * (np.arange(1, count) / count))
        pieces.append(np.array([right]))
    pieces.append(centres[-1] + steps)
    return np.concatenate(pieces)


def _tabulate(middles: FloatArray, centres: FloatArray, sigma: float) -> FloatArray:
    """Average Taylor terms and tails over the centres within reach of each middle."""
    # Two sigma more than the reach: a centre left out would add less than 1e-42.
    first = centres.searchsorted(middles - (REACH + 2.0) * sigma)
    count = centres.searchsorted(middles + (REACH + 2.0) * sigma) - first
    block_of = np.cumsum(count) // _PAIRS_PER_BLOCK
    rows = []
    for block in range(int(block_of[-1]) + 1):
        cells = np.flatnonzero(block_of == block)
        if cells.size:
            rows.append(_tabulate_block(middles[cells], first[cells], count[cells], centres, sigma))
    return np.concatenate(rows) / centres.size


def _tabulate_block(
    middles: FloatArray,
    first: NDArray[np.intp],
    count: NDArray[np.intp],
    centres: FloatArray,
    sigma: float,
) -> FloatArray:
    starts = np.concatenate(([0], np.cumsum(count)[:-1]))
    cell = np.repeat(np.arange(middles.size), count)
    datum = np.arange(cell.size) - starts[cell] + first[cell]
    z = (middles[cell] - centres[datum]) / sigma
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    terms = np.empty((z.size, _TERMS + 3))
    terms[:, 0] = density
    terms[:, 1] = -z * density
    for j in range(2, _TERMS):
        # Taylor terms of the normal density: (-1)^j He_j(z) phi(z) / j!.
        terms[:, j] = -(z * terms[:, j - 1] + terms[:, j - 2]) / j
    terms[:, _TERMS:] = _normal_tails(z, density)
    # A centre within reach exists for every cell that is tabulated, so no segment is empty.
    return np.add.reduceat(terms, starts, axis=0)


def _normal_tails(z: FloatArray, density: FloatArray) -> FloatArray:
    """Signed tail of the normal law and its two integrals, without cancellation, shape (p, 3)."""
    from scipy.special import erfc

    distance = np.abs(z)
    tails = np.empty((z.size, 3))
    near = distance < 3.0
    d, phi = distance[near], density[near]
    mass = 0.5 * erfc(d / np.sqrt(2.0))
    tails[near] = np.stack([mass, phi - d * mass, 0.5 * ((d * d + 1.0) * mass - d * phi)], axis=1)
    # Ratios of successive integrals by their continued fraction, from the far end inwards.
    d, phi = distance[~near], density[~near]
    ratio = np.zeros_like(d)
    ratios = []
    for k in range(40, 0, -1):
        ratio = 1.0 / (d + k * ratio)
        if k <= 3:
            ratios.append(ratio)
    second, first, mass = ratios
    tails[~near, 0] = phi * mass
    tails[~near, 1] = phi * mass * first
    tails[~near, 2] = phi * mass * first * second
    # At a centre itself the knot counts as right of it, as everywhere in this package.
    tails[:, [0, 2]] *= np.where(z >= 0.0, 1.0, -1.0)[:, None]
    return tails
