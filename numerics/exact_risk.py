r"""The risk of a network and its gradient as exact integrals, in dimension one.

The residual ``g_i(y) = s(y) + (y - mu x_i) / sigma^2`` is piecewise linear. Integrating its square
by parts twice against the i-th Gaussian, away from its centre on both sides, leaves the values at
the centre and one term per knot:

.. math::

   R_n = \frac1n \sum_i \Big[ s(c_i)^2 + \sigma^2 (\alpha_i + \sigma^{-2})^2 \Big]
       + 2 \sum_l a_l \frac1n \sum_i \Big[ g_i(\tau_l)\,\sigma T^1_i(\tau_l)
       + (\alpha_l^- + \alpha_l^+ + 2\sigma^{-2})\,\sigma^2 T^2_i(\tau_l) \Big],

with ``c_i = mu x_i``, ``alpha_i`` the slope at ``c_i``, ``a_l`` the jump of the slope at the knot
``tau_l`` from ``alpha_l^-`` to ``alpha_l^+``, and ``T^1, T^2`` the integrated tails of
`numerics.mixture_tails`. No term is larger than its share of the risk, so a risk far below
``1 / sigma^2`` is not the difference of two numbers of that size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.mixture_tails import REACH, NoisedSample, Tails, noised_sample, tails_at
from numerics.relu_network import ReluNetwork, SortedPieces, sort_pieces, values_at
from numerics.validation import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RiskGradient:
    """The risk and its gradient in the outer weights and the biases, each of shape (m,)."""

    risk: float
    outer: FloatArray
    bias: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ResidualMoments:
    r"""Moments of the residual ``g(Y) = s(Y) + (Y - mu X) / sigma^2`` at the sorted knots.

    ``active[l]`` is ``E[g 1_l]`` and ``ramp[l]`` is ``E[g relu_l]``, with ``1_l`` and ``relu_l``
    the indicator and the activation of the neuron at the l-th sorted knot.
    """

    pieces: SortedPieces
    tails: Tails
    active: FloatArray
    ramp: FloatArray
    at_centres: FloatArray  # s at mu x_i
    slope_at_centres: FloatArray  # s' there, from the left
    beyond: NDArray[np.intp]  # the first centre right of each knot


def exact_risk(network: ReluNetwork, x: ArrayLike, mu: float, sigma: float) -> float:
    r"""Compute the risk of a network to rounding error.

    .. math:: R_n(s) = \frac1n \sum_i E_{Y \sim N(\mu x_i, \sigma^2)}
              \Big[\Big(s(Y) + \frac{Y - \mu x_i}{\sigma^2}\Big)^2\Big]

    Parameters
    ----------
    network : ReluNetwork
        The network s, of width m.
    x : array_like, shape (n,)
        Distinct data, n >= 1.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    float
        The risk. Its relative error is about 1e-16 / (sigma sqrt(risk)), or 1e-14 if that is less.

    Raises
    ------
    ValueError
        If the data, mu or sigma are out of their domains.

    Notes
    -----
    Cost O(n + m log m) after the table of `numerics.mixture_tails.noised_sample`. Source: paper A,
    section 1; claim ``A.x1``.

    Examples
    --------
    >>> zero = ReluNetwork(outer=[0.0], inner=[1], bias=[0.0])
    >>> exact_risk(zero, [0.0, 1.0], 0.9, 0.5)
    4.0
    """
    sample = noised_sample(x, mu, sigma)
    pieces = sort_pieces(network)
    tails = tails_at(sample, pieces.knots)
    values, below = values_at(pieces, sample.centres)
    return _risk(pieces, tails, values, pieces.slopes[below], sample.sigma)


def risk_and_gradient(network: ReluNetwork, sample: NoisedSample) -> RiskGradient:
    r"""Compute the risk and its gradient to rounding error, for a sample tabulated once.

    .. math:: \frac{\partial R_n}{\partial w_l} = \frac2m E[g(Y)\,\mathrm{relu}(v_l Y + b_l)],
              \qquad \frac{\partial R_n}{\partial b_l} = \frac{2 w_l}m E[g(Y)\,1_{v_l Y + b_l > 0}]

    Parameters
    ----------
    network : ReluNetwork
        The network, of width m.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.

    Returns
    -------
    RiskGradient
        The risk and the gradient, in the order of the neurons.

    Notes
    -----
    Cost O(n + m log m). Source: paper A, section 1; claim ``A.x1``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> result = risk_and_gradient(network, noised_sample([0.0], 1.0, 1.0))
    >>> result.risk, result.outer, result.bias.round(6)
    (2.5, array([2.]), array([1.595769]))
    """
    moments = residual_moments(network, sample)
    pieces = moments.pieces
    outer = np.empty(network.width)
    outer[pieces.order] = moments.ramp
    outer *= 2.0 / network.width
    bias = np.empty(network.width)
    bias[pieces.order] = pieces.jumps * moments.active
    bias *= 2.0
    risk = _risk(pieces, moments.tails, moments.at_centres, moments.slope_at_centres, sample.sigma)
    return RiskGradient(risk=risk, outer=outer, bias=bias)


def residual_moments(network: ReluNetwork, sample: NoisedSample) -> ResidualMoments:
    """Integrate the residual against every neuron's indicator and activation, in O(n + m log m).

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> residual_moments(network, noised_sample([0.0], 1.0, 1.0)).ramp
    array([1.])
    """
    pieces = sort_pieces(network)
    tails = tails_at(sample, pieces.knots)
    values, below = values_at(pieces, sample.centres)
    slopes = pieces.slopes[below]
    sigma, centres, n = sample.sigma, sample.centres, sample.centres.size
    jump_first = pieces.jumps * tails.first
    jump_first *= sigma
    jump_second = pieces.jumps * tails.second
    jump_second *= 2.0 * sigma**2
    curved = sigma**2 * slopes + 1.0
    active, ramp = _knot_sums(pieces, tails, jump_first, jump_second, sigma)
    # Centres beyond a knot: sums over the data from the right, each anchored at its first centre.
    total = np.zeros(n + 1)
    np.add.accumulate(values[::-1], out=total[-2::-1])
    anchored = np.zeros(n + 1)
    anchored[:-1] = curved
    anchored[: n - 1] += (centres[1:] - centres[:-1]) * total[1:-1]
    np.add.accumulate(anchored[-2::-1], out=anchored[-2::-1])
    beyond = centres.searchsorted(pieces.knots, side="right")
    mass_beyond = (total / n).take(beyond)
    active += mass_beyond
    mass_beyond *= centres.take(beyond, mode="clip") - pieces.knots
    ramp += (anchored / n).take(beyond)
    ramp += mass_beyond
    whole = float(values.sum() / n + jump_first.sum())
    whole_ramp = float(
        (values @ (centres - centres[0]) + curved.sum()) / n
        + jump_first @ (pieces.knots - centres[0])
        + jump_second.sum()
    )
    active_left, ramp_left = _opening_left(pieces, sample, active, ramp, (whole, whole_ramp))
    return ResidualMoments(
        pieces=pieces,
        tails=tails,
        active=np.where(pieces.opens_right, active, active_left),
        ramp=np.where(pieces.opens_right, ramp, ramp_left),
        at_centres=values,
        slope_at_centres=slopes,
        beyond=beyond,
    )


def _opening_left(
    pieces: SortedPieces,
    sample: NoisedSample,
    active: FloatArray,
    ramp: FloatArray,
    whole: tuple[float, float],
) -> tuple[FloatArray, FloatArray]:
    """Integrate against what opens to the left: all minus what opens to the right.

    ``whole`` holds the integrals of the residual, and of it times the distance from the first
    centre.
    """
    start = sample.centres[0]
    active_left = whole[0] - active
    ramp_left = pieces.knots - start
    ramp_left *= whole[0]
    ramp_left += ramp
    ramp_left -= whole[1]
    # Left of every centre's reach they are 0; there the difference would leave its rounding.
    empty = int(pieces.knots.searchsorted(start - REACH * sample.sigma))
    active_left[:empty] = 0.0
    ramp_left[:empty] = 0.0
    return active_left, ramp_left


def _knot_sums(
    pieces: SortedPieces,
    tails: Tails,
    jump_first: FloatArray,
    jump_second: FloatArray,
    sigma: float,
) -> tuple[FloatArray, FloatArray]:
    """Sum the part of E[g 1{Y > tau}] and E[g (Y - tau)_+] due to the knots from tau on."""
    later = np.zeros_like(jump_first)
    np.add.accumulate(jump_first[:0:-1], out=later[-2::-1])
    step = pieces.gaps * later[:-1]
    step += jump_second[1:]
    ramp = np.zeros_like(jump_first)
    np.add.accumulate(step[::-1], out=ramp[-2::-1])
    ramp += tails.mass
    slope = pieces.slopes[1:] * sigma
    term = slope * tails.second
    term *= 2.0 * sigma
    ramp += term
    np.multiply(pieces.values, tails.first, out=term)
    term *= sigma
    ramp += term
    slope *= tails.first
    active = later
    active += slope
    np.multiply(pieces.values, tails.mass, out=term)
    active += term
    active += tails.density / sigma
    return active, ramp


def _risk(
    pieces: SortedPieces,
    tails: Tails,
    values: FloatArray,
    slopes: FloatArray,
    sigma: float,
) -> float:
    precision = 1.0 / sigma**2
    centre_slopes = sigma * (slopes + precision)
    central = (values @ values + centre_slopes @ centre_slopes) / values.size
    # mass - 2 second is the average of z times the first tail: one sign per side, no cancellation.
    jumps, value, slope_sum = pieces.jumps, pieces.values, pieces.slopes[:-1] + pieces.slopes[1:]
    mass, first, second = tails.mass, tails.first, tails.second
    shared = pieces.gaps == 0.0
    if shared.any():
        # Neurons with one knot are one kink: opposite jumps must cancel before they are multiplied.
        start = np.flatnonzero(np.concatenate(([True], ~shared)))
        end = np.append(start[1:], jumps.size)
        slope_sum = pieces.slopes[start] + pieces.slopes[end]
        jumps, value = np.add.reduceat(jumps, start), value[start]
        mass, first, second = mass[start], first[start], second[start]
    # mass - 2 second is the average of z times the first tail: one sign per side, no cancellation.
    knot = value * first
    knot *= sigma
    knot += mass - 2.0 * second
    slope_sum += 2.0 * precision
    slope_sum *= second
    slope_sum *= sigma**2
    knot += slope_sum
    return float(central + 2.0 * (jumps @ knot))
