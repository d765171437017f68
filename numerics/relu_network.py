"""The two-layer ReLU network of paper A on the line, as a sum of kinks.

With inner weights +-1 a neuron is active on a half line that starts at its knot, so the network is
piecewise linear. Sorting the knots turns every question (value, slope, weighted total variation)
into prefix sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.validation import FloatArray, check_finite_array, check_function, check_points


@dataclass(frozen=True, kw_only=True, slots=True, eq=False, init=False)
class ReluNetwork:
    r"""A network of the theoretical class S: inner weights +-1, scale 1/m, dimension one.

    .. math:: s_\theta(y) = \frac1m \sum_{l=1}^m w_l\,\mathrm{relu}(v_l y + b_l), \quad v_l = \pm1

    Parameters
    ----------
    outer : array_like, shape (m,)
        Outer weights w, trained.
    inner : array_like, shape (m,)
        Inner weights v, each +1 or -1, fixed.
    bias : array_like, shape (m,)
        Biases b, trained.

    Raises
    ------
    ValueError
        If a part is not one axis of m finite reals, or an inner weight is not +-1.

    Notes
    -----
    Source: paper A (Wu, Marion, Biau, Boyer 2025), section 3; row ``A.x1`` of the catalogue.

    Examples
    --------
    >>> network = ReluNetwork(outer=[2.0, 4.0], inner=[1, -1], bias=[0.5, 0.0])
    >>> network.width, network.knots
    (2, array([-0.5,  0. ]))
    """

    outer: FloatArray
    inner: FloatArray
    bias: FloatArray

    def __init__(self, *, outer: ArrayLike, inner: ArrayLike, bias: ArrayLike) -> None:
        w = check_finite_array(outer, name="outer", ndim=1)
        v = check_finite_array(inner, name="inner", ndim=1)
        b = check_finite_array(bias, name="bias", ndim=1)
        if not w.shape == v.shape == b.shape:
            raise ValueError(
                f"outer, inner and bias had {w.size}, {v.size} and {b.size} entries; "
                "each needs one entry per neuron"
            )
        if not (np.abs(v) == 1.0).all():
            raise ValueError("inner had an entry other than +1 and -1; the class S fixes both")
        object.__setattr__(self, "outer", w)
        object.__setattr__(self, "inner", v)
        object.__setattr__(self, "bias", b)

    @property
    def width(self) -> int:
        """The number m of neurons."""
        return int(self.outer.size)

    @property
    def knots(self) -> FloatArray:
        """The points -b/v where the neurons switch, one per neuron, in the neurons' order."""
        # 0 - x instead of -x: a bias 0 gives the knot 0.0, not -0.0.
        return 0.0 - self.bias * self.inner


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SortedPieces:
    """A network cut at its sorted knots; slopes and values are those of the whole network.

    The neurons that open to the right are summed from the left and the others from the right, so
    that no large affine part is added and taken away again.
    """

    order: NDArray[np.intp]  # neurons by increasing knot
    knots: FloatArray  # sorted, shape (m,)
    gaps: FloatArray  # knots[1:] - knots[:-1]
    jumps: FloatArray  # change of slope at each knot, w / m
    inner: FloatArray  # inner weights, +1 or -1
    opens_right: NDArray[np.bool_]  # where the inner weight is +1
    slopes: FloatArray  # shape (m + 1,): slopes[k] left of knot k, slopes[k + 1] right of it
    values: FloatArray  # the network at the knots
    rightward: FloatArray  # (m + 1,): slope of the part that opens to the right
    leftward: FloatArray  # (m + 1,): minus the slope of the part that opens to the left
    rightward_values: FloatArray
    leftward_values: FloatArray


def sort_pieces(network: ReluNetwork) -> SortedPieces:
    """Sort the knots and accumulate slopes and values, in O(m log m).

    Examples
    --------
    >>> pieces = sort_pieces(ReluNetwork(outer=[2.0, 4.0], inner=[1, -1], bias=[0.5, 0.0]))
    >>> pieces.slopes, pieces.values
    (array([-2., -1.,  1.]), array([1. , 0.5]))
    """
    unsorted = network.knots
    order = np.argsort(unsorted)
    knots = unsorted.take(order)
    width = knots.size
    jumps = network.outer.take(order)
    jumps /= width
    inner = network.inner.take(order)
    opens_right = inner > 0.0
    to_the_right = jumps * opens_right
    gaps = knots[1:] - knots[:-1]
    rightward = np.zeros(width + 1)
    np.add.accumulate(to_the_right, out=rightward[1:])
    leftward = np.zeros(width + 1)
    np.add.accumulate((jumps - to_the_right)[::-1], out=leftward[-2::-1])
    rightward_values = np.zeros(width)
    np.add.accumulate(gaps * rightward[1:-1], out=rightward_values[1:])
    leftward_values = np.zeros(width)
    np.add.accumulate((gaps * leftward[1:-1])[::-1], out=leftward_values[-2::-1])
    return SortedPieces(
        order=order,
        knots=knots,
        gaps=gaps,
        jumps=jumps,
        inner=inner,
        opens_right=opens_right,
        slopes=rightward - leftward,
        values=rightward_values + leftward_values,
        rightward=rightward,
        leftward=leftward,
        rightward_values=rightward_values,
        leftward_values=leftward_values,
    )


def values_at(pieces: SortedPieces, y: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
    """Return the network at points of any shape and the number of knots < y, without checks."""
    below = pieces.knots.searchsorted(y, side="left")
    left = np.maximum(below - 1, 0)
    right = np.minimum(below, pieces.knots.size - 1)
    # Where no knot lies on a side, the slope of that side's part is 0; its value there is 0 too.
    value = np.where(below > 0, pieces.rightward_values[left], 0.0)
    value += (y - pieces.knots[left]) * pieces.rightward[below]
    value += np.where(below < pieces.knots.size, pieces.leftward_values[right], 0.0)
    value += (pieces.knots[right] - y) * pieces.leftward[below]
    return value, below


def evaluate(network: ReluNetwork, y: ArrayLike) -> FloatArray:
    """Evaluate the network at points of any shape, in O((m + p) log m) for p points.

    Parameters
    ----------
    network : ReluNetwork
        The network, of width m.
    y : array_like
        Points on the line, any shape.

    Returns
    -------
    ndarray
        The values s(y), of the shape of ``y``.

    Raises
    ------
    ValueError
        If ``y`` is empty or not finite.

    Examples
    --------
    >>> evaluate(ReluNetwork(outer=[2.0, 4.0], inner=[1, -1], bias=[0.5, 0.0]), [-1.0, 0.0, 1.0])
    array([2. , 0.5, 1.5])
    """
    return values_at(sort_pieces(network), check_points(y))[0]


def evaluate_derivative(network: ReluNetwork, y: ArrayLike) -> FloatArray:
    """Evaluate the derivative of the network, from the right at a knot, in O((m + p) log m).

    Parameters, shapes and errors are those of `evaluate`.

    Examples
    --------
    >>> network = ReluNetwork(outer=[2.0, 4.0], inner=[1, -1], bias=[0.5, 0.0])
    >>> evaluate_derivative(network, [-1.0, -0.5, 0.0])
    array([-2., -1.,  1.])
    """
    points = check_points(y)
    pieces = sort_pieces(network)
    slope: FloatArray = np.asarray(pieces.slopes[pieces.knots.searchsorted(points, side="right")])
    return slope


def curvature(network: ReluNetwork) -> tuple[FloatArray, FloatArray]:
    r"""Return the atoms of the measure s'': distinct sorted knots and the mass at each.

    .. math:: s_\theta'' = \frac1m \sum_l |v_l| w_l\,\delta_{\tau_l}

    Neurons that share a knot are one atom, with the sum of their masses: two such neurons of
    opposite outer weights cancel.

    Examples
    --------
    >>> curvature(ReluNetwork(outer=[2.0, -4.0, 6.0], inner=[1, -1, 1], bias=[0.0, 0.0, -1.0]))
    (array([0., 1.]), array([-0.66666667,  2.        ]))
    """
    places, atom = np.unique(network.knots, return_inverse=True)
    masses = np.bincount(atom, weights=network.outer, minlength=places.size) / network.width
    return places, masses


def weighted_total_variation(
    network: ReluNetwork, weight: Callable[[FloatArray], ArrayLike]
) -> float:
    r"""Compute the weighted total variation of the derivative of a network.

    .. math:: TV_\pi(s_\theta) = \int |s_\theta''|\,\pi
              = \sum_{\tau} \Big|\frac1m \sum_{l:\,\tau_l = \tau} w_l\Big|\,\pi(\tau)

    Parameters
    ----------
    network : ReluNetwork
        The network.
    weight : callable
        The weight function pi, taking an array of points and returning as many values.

    Returns
    -------
    float
        The total variation, >= 0 when the weight is.

    Raises
    ------
    ValueError
        If ``weight`` is not callable or returns values that do not fit its argument.

    Notes
    -----
    Source: paper A, section 2 (definition of TV_pi); claims ``A.prop6``, ``A.prop7``, ``A.prop10``.

    Examples
    --------
    >>> network = ReluNetwork(outer=[2.0, -4.0], inner=[1, -1], bias=[0.0, 3.0])
    >>> weighted_total_variation(network, lambda y: 1.0 + y**2)
    21.0
    """
    function: Callable[[Any], ArrayLike] = check_function(weight, name="weight")
    places, masses = curvature(network)
    weights = check_finite_array(function(places), name="weight(knots)", ndim=1)
    if weights.shape != places.shape:
        raise ValueError(
            f"weight(knots) had shape {weights.shape}; it must return one value per point"
        )
    return float(np.abs(masses) @ weights)
