r"""The least weighted variation on knots that follow the solution.

A fixed grid wastes most of its knots and misses the best places. Here each round solves the
problem of `numerics.least_variation` on a few knots, looks between them at what a further knot at t
would gain,

.. math:: \rho(t) = \frac{1}{\pi(t)}\,\Big|\frac{\partial R_n}{\partial a_t}\Big|,

which at the least variation over all scores is nowhere larger than at the knots in use, and keeps
the knots in use together with the largest local maxima of rho.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.exact_risk import risk_and_gradient
from numerics.least_variation import LeastVariation, least_variation
from numerics.mixture_tails import NoisedSample, noised_sample
from numerics.relu_network import ReluNetwork
from numerics.validation import FloatArray, check_count, check_positive
from numerics.weight_function import weight_function

_NEAR = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0)
_BETWEEN = 3
_FINE = 1.0 / 32.0
_CELLS = 200
_NEARLY = 0.9
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RefinedVariation:
    """The least variation on the last set of knots.

    Attributes
    ----------
    best : LeastVariation
        Solution and bounds on these knots.
    excess : float
        The largest rho on a fine grid over that at the knots in use, minus 1: no score at all has
        a weighted variation below dual / (1 + excess), up to the grid.
    rounds : int
        How many problems were solved.
    """

    best: LeastVariation
    excess: float
    rounds: int


def refined_least_variation(
    x: ArrayLike,
    mu: float,
    sigma: float,
    risk: float,
    *,
    tolerance: float = 1e-3,
    max_rounds: int = 12,
) -> RefinedVariation:
    r"""Minimise the weighted variation over scores of at most a given risk, with moving knots.

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.
    risk : float
        The bound on the risk, > 0.
    tolerance : float
        The excess at which the rounds end, > 0.
    max_rounds : int
        Limit on the rounds, >= 1.

    Returns
    -------
    RefinedVariation
        The last solution; ``excess`` says how far it may be from the least over all scores.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or no score on the grid has so small a risk.

    Notes
    -----
    Cost: a few problems of about 10 n knots each. Source: claim ``A.x4``. Counterpart: the
    enclosure ``proofs_check.quantities.least_variation_balls``.

    Examples
    --------
    >>> found = refined_least_variation([0.0, 2.0], 0.5, 0.1, 1 / (32 * 0.1**2))
    >>> bool(found.excess < 1e-3), bool(found.best.gap < 1e-6)
    (True, True)
    """
    tolerance = check_positive(tolerance, name="tolerance")
    max_rounds = check_count(max_rounds, name="max_rounds")
    sample = noised_sample(x, mu, sigma)
    outer, inner = _starting_knots(sample)
    fine = _fine_grid(sample)
    weights = weight_function(fine, x, mu=mu, sigma=sigma)
    rounds, excess = 0, np.inf
    while excess > tolerance and rounds < max_rounds:
        rounds += 1
        knots = np.concatenate([outer, inner])
        best = least_variation(x, mu, sigma, risk, knots=knots)
        used = _used_knots(best.network, sample)
        everywhere = _pull(best.network, sample, fine) / weights
        at_used = _pull(best.network, sample, used) / weight_function(used, x, mu=mu, sigma=sigma)
        level = float(at_used.max())
        excess = float(everywhere.max()) / level - 1.0
        peaks = _peaks(everywhere)
        inner = np.union1d(used, fine[peaks][everywhere[peaks] > _NEARLY * level])
    return RefinedVariation(best=best, excess=max(float(excess), 0.0), rounds=rounds)


def _starting_knots(sample: NoisedSample) -> tuple[FloatArray, FloatArray]:
    """Free knots outside of the outermost centres, and priced ones between."""
    centres, sigma = sample.centres, sample.sigma
    # the score may turn freely just outside: a kink there costs nothing
    beyond = sigma * np.concatenate([0.25 ** np.arange(6.0, 1.0, -1.0), np.arange(0.25, 5.0, 0.25)])
    outer = np.concatenate([centres[0] - beyond, centres[-1] + beyond])
    near = sigma * np.array(_NEAR)
    pieces = [np.add.outer(centres, np.concatenate([-near, near])).ravel()]
    pieces += [np.linspace(left, right, _BETWEEN + 2)[1:-1] for left, right in pairwise(centres)]
    inner = np.unique(np.concatenate(pieces))
    inner = inner[(inner >= centres[0]) & (inner <= centres[-1])]
    return outer, inner


def _fine_grid(sample: NoisedSample) -> FloatArray:
    """Points within six sigma of the centres, a thirty-second of sigma apart, and between them."""
    centres, sigma = sample.centres, sample.sigma
    near = sigma * np.arange(-6.0, 6.0 + _FINE, _FINE)
    pieces = [np.add.outer(centres, near).ravel()]
    for left, right in pairwise(centres):
        pieces.append(np.linspace(left, right, _CELLS + 1))
    grid = np.unique(np.concatenate(pieces))
    inside: FloatArray = grid[(grid >= centres[0]) & (grid <= centres[-1])]
    return inside


def _used_knots(network: ReluNetwork, sample: NoisedSample) -> FloatArray:
    """Knots between the outermost centres whose jump is no rounding."""
    inside = (network.knots >= sample.centres[0]) & (network.knots <= sample.centres[-1])
    jumps = np.abs(network.outer) * inside
    return np.unique(network.knots[jumps > _ROUNDING * jumps.max()])


def _pull(network: ReluNetwork, sample: NoisedSample, knots: FloatArray) -> FloatArray:
    """Modulus of the derivative of the risk in the jump at further knots."""
    extended = ReluNetwork(
        outer=np.concatenate([network.outer, np.zeros(knots.size)])
        * (1 + knots.size / network.width),
        inner=np.concatenate([network.inner, np.ones(knots.size)]),
        bias=np.concatenate([network.bias, -knots]),
    )
    slopes = risk_and_gradient(extended, sample).outer[network.width :]
    pull: FloatArray = np.abs(slopes) * extended.width
    return pull


def _peaks(values: FloatArray) -> NDArray[np.intp]:
    """Find the local maxima, also at the ends."""
    padded = np.concatenate([[-np.inf], values, [-np.inf]])
    return np.flatnonzero((padded[1:-1] >= padded[:-2]) & (padded[1:-1] >= padded[2:]))
