r"""The Hessian of the risk of a network as exact integrals, and its product in O(m).

Differentiating the gradient of `numerics.exact_risk` once more gives three parts, with ``1_l`` and
``relu_l`` the indicator and the activation of neuron l, ``g_i`` the residual of datum i:

* tangent, ``(2/m^2) E[psi_k psi_l]`` with ``psi = (relu_1, ..., w_1 1_1, ...)``;
* cross, ``(2/m) E[g 1_l]``, between the outer weight and the bias of one neuron;
* knot, on the diagonal of the biases, from moving the end of the half line on which a neuron is
  active: ``(2 w_l / m) (1/n) sum_i g_i(tau_l) phi_i(tau_l)``, ``phi_i`` the density of
  N(mu x_i, sigma^2).

The half line of neuron l grows with its bias whatever the sign of its inner weight v_l, so the knot
part carries ``+ w_l / abs(v_l)``. Eq. 15 of paper A prints ``- w_l v_l`` there, the opposite sign
for v_l = +1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.exact_risk import residual_moments
from numerics.mixture_tails import REACH, NoisedSample, Tails
from numerics.relu_network import ReluNetwork, SortedPieces
from numerics.validation import FloatArray, check_finite_array


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RiskHessian:
    """The Hessian in the form in which its product costs O(m); neurons sorted by knot.

    Positions are counted from the start of the reach of the data. A knot out of reach is moved to
    the end of the reach; ``offset`` is what an activation then has at its knot. The tails are
    ``C0 = P(Y > tau)``, ``C1 = E (Y - tau)_+`` and ``C2 = E (Y - tau)_+^2``, all times 2/m^2, and
    ``D1 = C1 + t C0``, ``D2 = C2 + t C1`` with t the position of the knot.
    """

    order: NDArray[np.intp]
    outer: FloatArray  # w_l
    signed_outer: FloatArray  # w_l v_l
    opens_left: FloatArray  # 1 where v_l = -1, else 0
    position: FloatArray
    signed_offset: FloatArray  # times v_l
    shifted: bool  # whether any offset is not 0
    by_intercept: FloatArray  # (C0, C1), shape (2, m)
    by_slope: FloatArray  # (D1, D2)
    by_jump: FloatArray  # (C0, D1)
    by_kink: FloatArray  # (C1, D2)
    moments: tuple[float, float, float]  # of the position of Y: 2/m^2 times 1, mean, mean square
    left: FloatArray  # (2, m): position + offset, and w_l, where v_l = -1, else 0
    cross: FloatArray  # (2/m) E[g 1_l]
    knot: FloatArray  # (2 w_l / m) (1/n) sum_i g_i(tau_l) phi_i(tau_l)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class HessianParts:
    """The three parts of the Hessian as dense matrices of shape (2m, 2m), w first, then b."""

    tangent: FloatArray
    cross: FloatArray
    knot: FloatArray

    @property
    def total(self) -> FloatArray:
        """The Hessian itself."""
        whole: FloatArray = self.tangent + self.cross + self.knot
        return whole


def risk_hessian(network: ReluNetwork, sample: NoisedSample) -> RiskHessian:
    r"""Prepare the Hessian of the risk for products in O(m).

    .. math:: \nabla^2 R_n = \frac{2}{m^2} E[\psi\psi^\top] + \frac2m
              \begin{pmatrix} 0 & \mathrm{diag}\,E[g 1_l] \\ \cdot & 0 \end{pmatrix}
              + \frac{2}{mn} \sum_i \mathrm{diag}\big(0_m,\, w_l\, g_i(\tau_l)\,\phi_i(\tau_l)\big)

    Parameters
    ----------
    network : ReluNetwork
        The network, of width m.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.

    Returns
    -------
    RiskHessian
        To be used with `hessian_product`; its eigenvalues by `numerics.sharpness.sharpness`.

    Notes
    -----
    Cost O(n + m log m). Source: paper A, Lemma 5 (eq. 15), whose printed knot part has another
    sign for inner weights +1; claims ``A.lem5`` and ``A.x1``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> hessian = risk_hessian(network, noised_sample([0.0], 1.0, 1.0))
    >>> hessian_product(hessian, np.array([1.0, 0.0])).round(6)
    array([1.      , 2.393654])
    """
    moments = residual_moments(network, sample)
    outer = network.outer.take(moments.pieces.order)
    pieces, tails, width, sigma = moments.pieces, moments.tails, network.width, sample.sigma
    start = float(sample.centres[0] - REACH * sigma)
    end = float(sample.centres[-1] + REACH * sigma)
    opens_left = 0.5 - 0.5 * pieces.inner
    position, signed_offset, shifted = _within_reach(pieces, start, end)
    left = np.empty((2, width))
    np.subtract(position, signed_offset, out=left[0])
    left[1] = outer
    left *= opens_left
    scale = 2.0 / width**2
    mass, first, second = _tail_moments(sample, tails, moments.beyond, position + start)
    by_intercept = np.empty((2, width))
    np.multiply(mass, scale, out=by_intercept[0])
    np.multiply(first, scale, out=by_intercept[1])
    second *= scale
    by_slope = position * by_intercept
    by_slope[0] += by_intercept[1]
    by_slope[1] += second
    by_jump, by_kink = by_intercept.copy(), by_slope.copy()
    by_jump[1] = by_slope[0]
    by_kink[0] = by_intercept[1]
    at_knots = (pieces.values * tails.density + tails.slope / sigma) / sigma
    distance = sample.centres - start
    mean_square = float(distance @ distance / distance.size) + sigma**2
    return RiskHessian(
        order=pieces.order,
        outer=outer,
        signed_outer=outer * pieces.inner,
        opens_left=opens_left,
        position=position,
        signed_offset=signed_offset,
        shifted=shifted,
        by_intercept=by_intercept,
        by_slope=by_slope,
        by_jump=by_jump,
        by_kink=by_kink,
        moments=(scale, scale * float(distance.mean()), scale * mean_square),
        left=left,
        cross=moments.active * (2.0 / width),
        knot=2.0 * pieces.jumps * at_knots,
    )


def hessian_product(hessian: RiskHessian, vector: ArrayLike) -> FloatArray:
    """Multiply the Hessian with a vector, outer weights first and biases second, in O(m).

    Parameters
    ----------
    hessian : RiskHessian
        From `risk_hessian`, for m neurons.
    vector : array_like, shape (2m,)
        Direction in (w, b), in the order of the neurons.

    Returns
    -------
    ndarray, shape (2m,)
        The product.

    Raises
    ------
    ValueError
        If the vector is not finite or not of length 2m.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[-1], bias=[0.0])
    >>> hessian = risk_hessian(network, noised_sample([0.0], 1.0, 1.0))
    >>> hessian_product(hessian, np.array([0.0, 1.0])).round(6)
    array([0.797885, 1.      ])
    """
    direction = check_finite_array(vector, name="vector", ndim=1)
    width = hessian.order.size
    if direction.size != 2 * width:
        raise ValueError(
            f"vector had {direction.size} entries; it needs {2 * width}, two per neuron"
        )
    out = np.empty((2, width))
    out[:, hessian.order] = sorted_product(hessian, direction.reshape(2, width)[:, hessian.order])
    return out.reshape(2 * width)


def sorted_product(hessian: RiskHessian, direction: FloatArray) -> FloatArray:
    r"""Multiply with a direction of shape (2, m) whose neurons are sorted by knot, unchecked.

    The direction is the function ``f = sum_l u_l relu_l + v_l w_l 1_l``; the tangent part asks for
    ``E[f relu_l]`` and ``E[f 1_l]``. Written with ramps and indicators that open to the right, the
    pair integrals depend on the two knots through products of one function of each, so both are
    prefix sums for the knots before and suffix sums for those beyond.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> hessian = risk_hessian(network, noised_sample([0.0], 1.0, 1.0))
    >>> sorted_product(hessian, np.array([[1.0], [0.0]])).round(6)
    array([[1.      ],
           [2.393654]])
    """
    kink = direction[0]
    jump = direction[1] * hessian.signed_outer
    # f at the start of the reach, where only the neurons open to the left are on.
    start_slope = -float(kink @ hessian.opens_left)
    start_value = float(kink @ hessian.left[0] - jump @ hessian.opens_left)
    if hessian.shifted:
        jump += kink * hessian.signed_offset
    slope = kink.copy()
    slope[0] += start_slope
    np.add.accumulate(slope, out=slope)
    # f(y) = slope y - intercept just right of each knot.
    intercept = kink * hessian.position
    intercept -= jump
    intercept[0] -= start_value
    np.add.accumulate(intercept, out=intercept)
    beyond = hessian.by_kink * kink
    term = hessian.by_jump * jump
    beyond += term
    np.add.accumulate(beyond, axis=1, out=beyond)
    total = beyond[:, -1:].copy()
    np.subtract(total, beyond, out=beyond)
    out = hessian.by_slope * slope
    np.multiply(hessian.by_intercept, intercept, out=term)
    out -= term
    out += beyond
    beyond[0] *= hessian.position
    out[1] -= beyond[0]
    one, mean, mean_square = hessian.moments
    whole = start_value * one + start_slope * mean + float(total[0, 0])
    whole_ramp = start_value * mean + start_slope * mean_square + float(total[1, 0])
    return _assemble(hessian, direction, out, whole, whole_ramp)


def _assemble(
    hessian: RiskHessian,
    direction: FloatArray,
    sums: FloatArray,
    whole: float,
    whole_ramp: float,
) -> FloatArray:
    """Return to the neurons from ramps that open to the right, and add the diagonal parts."""
    active, ramp = sums
    # A neuron that opens to the left: all minus the one that opens to the right.
    out = hessian.left * whole
    out[0] += ramp
    if hessian.shifted:
        out[0] += hessian.signed_offset * active
    np.multiply(hessian.opens_left, whole_ramp, out=ramp)
    out[0] -= ramp
    active *= hessian.signed_outer
    out[1] += active
    np.multiply(hessian.cross, direction[::-1], out=sums)
    out += sums
    np.multiply(hessian.knot, direction[1], out=active)
    out[1] += active
    return out


def dense_hessian(network: ReluNetwork, sample: NoisedSample) -> HessianParts:
    r"""Form the three parts of the Hessian as dense matrices: O(m^2) numbers, for small m.

    Parameters and source are those of `risk_hessian`.

    Returns
    -------
    HessianParts
        Tangent, cross and knot part, each (2m, 2m), in the order of the neurons.

    Notes
    -----
    The entries of the tangent part are the pairwise integrals ``E[psi_k psi_l]``, one closed form
    per pair of neurons instead of the running sums of `hessian_product`.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> dense_hessian(network, noised_sample([0.0], 1.0, 1.0)).tangent.round(6)
    array([[1.      , 0.797885],
           [0.797885, 1.      ]])
    """
    hessian = risk_hessian(network, sample)
    width = network.width
    place = np.argsort(hessian.order)
    both = np.concatenate([place, place + width])
    zero = np.zeros((width, width))
    cross = np.block([[zero, np.diag(hessian.cross)], [np.diag(hessian.cross), zero]])
    knot = np.diag(np.concatenate([np.zeros(width), hessian.knot]))
    return HessianParts(
        tangent=_dense_tangent(hessian)[np.ix_(both, both)],
        cross=cross[np.ix_(both, both)],
        knot=knot[np.ix_(both, both)],
    )


def _dense_tangent(hessian: RiskHessian) -> FloatArray:
    """Pair integrals of ramps and indicators that open to the right, then a change of basis."""
    width = hessian.order.size
    one, mean, mean_square = hessian.moments
    knots = np.append(0.0, hessian.position)
    mass = np.append(one, hessian.by_intercept[0])
    first = np.append(mean, hessian.by_intercept[1])
    second = np.append(
        mean_square, hessian.by_slope[1] - hessian.position * hessian.by_intercept[1]
    )
    later = np.maximum.outer(np.arange(width + 1), np.arange(width + 1))
    lag = knots[later] - knots[:, None]
    ramp_active = first[later] + lag * mass[later]
    ramp_ramp = second[later] + np.maximum(lag, lag.T) * first[later]
    gram = np.block([[ramp_ramp, ramp_active], [ramp_active.T, mass[later]]])
    # Within reach of the data the neuron at the start is all of the line: its ramp is y - start.
    active = np.zeros((width, 2 * (width + 1)))
    rows = np.arange(width)
    sign = 1.0 - 2.0 * hessian.opens_left
    active[rows, width + 2 + rows] = sign
    active[:, width + 1] = hessian.opens_left
    ramp = (sign * hessian.signed_offset)[:, None] * active
    ramp[rows, 1 + rows] += 1.0
    ramp[:, 0] -= hessian.opens_left
    ramp[:, width + 1] += hessian.opens_left * hessian.position
    basis = np.concatenate([ramp, hessian.outer[:, None] * active])
    tangent: FloatArray = basis @ gram @ basis.T
    return tangent


def _within_reach(
    pieces: SortedPieces, start: float, end: float
) -> tuple[FloatArray, FloatArray, bool]:
    """Return positions of the knots within the reach, signed offsets, and whether a knot moved."""
    beyond = pieces.knots - start
    if pieces.knots[0] >= start and pieces.knots[-1] <= end:
        return beyond, np.zeros(beyond.size), False
    position = np.clip(beyond, 0.0, end - start)
    # Only a neuron that is active on the whole reach has a value left at its moved knot.
    signed_offset = position - beyond
    signed_offset[pieces.inner * signed_offset < 0.0] = 0.0
    return position, signed_offset, True


def _tail_moments(
    sample: NoisedSample, tails: Tails, beyond: NDArray[np.intp], tau: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """P(Y > tau), E (Y - tau)_+ and E (Y - tau)_+^2 from the tails and the centres beyond."""
    centres, sigma, n = sample.centres, sample.sigma, sample.centres.size
    # Moments of the centres from the j-th on about the j-th, by a recurrence from the right.
    count = np.arange(n, -1.0, -1.0) / n
    gap = centres[1:] - centres[:-1]
    about_first = np.zeros(n + 1)
    about_first[: n - 1] = gap * count[1:-1]
    np.add.accumulate(about_first[::-1], out=about_first[::-1])
    about_second = np.zeros(n + 1)
    about_second[: n - 1] = gap * (2.0 * about_first[1:-1] + gap * count[1:-1])
    np.add.accumulate(about_second[::-1], out=about_second[::-1])
    distance = centres.take(beyond, mode="clip")
    distance -= tau
    number = count.take(beyond)
    mass = tails.mass + number
    second = 2.0 * tails.second
    second += number
    second *= sigma**2
    first_beyond = about_first.take(beyond)
    number *= distance
    first = sigma * tails.first
    first += first_beyond
    first += number
    number += 2.0 * first_beyond
    number *= distance
    second += number
    second += about_second.take(beyond)
    return mass, first, second
