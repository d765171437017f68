r"""Stacks of independent two-layer ReLU networks in d dimensions, and their values.

.. math:: s_\theta(y) = \frac1m \sum_{l=1}^m V_l\,\mathrm{relu}(w_l^\top y + b_l)

The theoretical class of paper A has d = 1 and w = +-1; the experimental class trains both layers.
A member of a stack may have its own data, noise level, learning rate and seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from numerics.random_streams import named_stream
from numerics.relu_network import ReluNetwork
from numerics.relu_step import RealArray, forward, sign_words
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_points_nd,
    check_positive,
)

__all__ = [
    "NetworkStack",
    "evaluate_member",
    "inactive_share",
    "kink_network",
    "random_networks",
    "restore_networks",
    "stored_networks",
    "theoretical_networks",
]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NetworkStack:
    """The parameters of s networks, and how many steps of training they have had.

    Attributes
    ----------
    affine : ndarray, shape (s, d + 1, m)
        Inner weights and, in the last row, biases.
    outer : ndarray, shape (s, d, m)
        Outer weights.
    steps : int
        Number of steps taken, the same for all.
    """

    affine: RealArray
    outer: RealArray
    steps: int = 0

    @property
    def members(self) -> int:
        """The number s of networks."""
        return int(self.outer.shape[0])

    @property
    def dimension(self) -> int:
        """The dimension d of the data."""
        return int(self.outer.shape[1])

    @property
    def width(self) -> int:
        """The number m of neurons."""
        return int(self.outer.shape[2])

    def member(self, index: int) -> "NetworkStack":
        """Return the stack of one member alone."""
        part = slice(index, index + 1)
        return NetworkStack(affine=self.affine[part], outer=self.outer[part], steps=self.steps)


def random_networks(
    seeds: Sequence[int],
    *,
    width: int,
    dimension: int,
    inner_variance: float | None = None,
    dtype: DTypeLike = np.float64,
) -> NetworkStack:
    r"""Draw the starts of the experimental class, each member from the stream of its seed.

    .. math:: V_l \sim N(0, I), \quad w_l \sim N(0, v I), \quad b_l = 0

    Parameters
    ----------
    seeds : sequence of int
        One for each member, >= 0.
    width, dimension : int
        m and d, >= 1.
    inner_variance : float, optional
        v; the paper's 1/d if not given.
    dtype : dtype
        float64, or float32 for d > 1. Both see the same draws.

    Returns
    -------
    NetworkStack
        Before the first step.

    Raises
    ------
    ValueError
        If a size, a seed or the variance is out of its domain.

    Notes
    -----
    Source: paper A, section 5.

    Examples
    --------
    >>> stack = random_networks([3, 4], width=5, dimension=1)
    >>> bool((random_networks([4], width=5, dimension=1).outer[0] == stack.outer[1]).all())
    True
    """
    width, dimension = check_count(width, name="width"), check_count(dimension, name="dimension")
    variance = 1.0 / dimension if inner_variance is None else inner_variance
    spread = np.sqrt(check_positive(variance, name="inner_variance"))
    affine = np.zeros((len(seeds), dimension + 1, width))
    outer = np.empty((len(seeds), dimension, width))
    for member, seed in enumerate(seeds):
        affine[member, :-1] = named_stream(seed, "inner").standard_normal((dimension, width))
        outer[member] = named_stream(seed, "outer").standard_normal((dimension, width))
    affine *= spread
    return NetworkStack(affine=affine.astype(dtype), outer=outer.astype(dtype))


def theoretical_networks(seeds: Sequence[int], *, width: int) -> NetworkStack:
    """Draw starts of the theoretical class: d = 1, inner weights +-1 at random, bias 0.

    Parameters and errors are those of `random_networks`. Train them with ``train_inner=False``.

    Examples
    --------
    >>> np.unique(theoretical_networks([0], width=50).affine).tolist()
    [-1.0, 0.0, 1.0]
    """
    stack = random_networks(seeds, width=width, dimension=1)
    # The sign of a normal draw is a fair coin.
    stack.affine[:, 0] = np.copysign(1.0, stack.affine[:, 0])
    return stack


def evaluate_member(stack: NetworkStack, index: int, y: ArrayLike) -> FloatArray:
    """Evaluate one member at points.

    Parameters
    ----------
    stack : NetworkStack
        The networks.
    index : int
        Which.
    y : array_like, shape (N, d)
        Points.

    Returns
    -------
    ndarray, shape (N, d)
        In double precision, computed in that of the parameters.

    Raises
    ------
    ValueError
        If the points do not have d columns or are not finite.

    Notes
    -----
    Cost O(N d m), in blocks of 256 points.

    Examples
    --------
    >>> evaluate_member(random_networks([0], width=5, dimension=2), 0, np.ones((3, 2))).shape
    (3, 2)
    """
    points = check_points_nd(y, stack.dimension)
    affine, outer = stack.affine[index], stack.outer[index]
    inputs = np.full((len(points), stack.dimension + 1), -1.0, affine.dtype)
    np.negative(points, out=inputs[:, :-1], casting="same_kind")
    out = np.empty(points.shape, affine.dtype)
    rows = min(256, len(points))
    activation = np.empty((rows, stack.width), affine.dtype)
    mask = sign_words(activation)
    for begin in range(0, len(points), rows):
        part = inputs[begin : begin + rows]
        end = len(part)
        forward(affine, outer, part, activation[:end], mask[:end], out[begin : begin + rows])
    return out.astype(np.float64)


def inactive_share(stack: NetworkStack, index: int, y: ArrayLike) -> float:
    """Return the share of a member's neurons that are inactive at every one of some points.

    Such a neuron adds nothing there and has no gradient: if the points cover the noised data it
    stays as it is for the rest of the training.

    Parameters, cost and errors are those of `evaluate_member`.

    Examples
    --------
    >>> stack = NetworkStack(affine=np.array([[[1.0, -1.0]] * 2]), outer=np.ones((1, 1, 2)))
    >>> inactive_share(stack, 0, [[0.0], [2.0]])
    0.5
    """
    points = check_points_nd(y, stack.dimension)
    affine = stack.affine[index].astype(np.float64)
    active = np.zeros(stack.width, np.bool_)
    for begin in range(0, len(points), 256):
        signed = points[begin : begin + 256] @ affine[:-1] + affine[-1]
        active |= (signed > 0.0).any(axis=0)
    return float(1.0 - active.mean())


def kink_network(stack: NetworkStack, index: int) -> tuple[ReluNetwork, FloatArray]:
    r"""Write a member on the line with inner weights +-1, which is the same function.

    .. math:: v\,\mathrm{relu}(w y + b) = v |w|\,\mathrm{relu}(\pm y + b / |w|)

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1 and no inner weight 0.
    index : int
        Which.

    Returns
    -------
    network : ReluNetwork
        Of the theoretical class, for the exact integrals.
    size : ndarray, shape (m,)
        The absolute inner weights, to carry gradients and Hessians over.

    Raises
    ------
    ValueError
        If d is not 1, a parameter is not finite, or an inner weight is 0.

    Examples
    --------
    >>> stack = random_networks([0], width=3, dimension=1)
    >>> from numerics.relu_network import evaluate
    >>> network, _ = kink_network(stack, 0)
    >>> bool(np.allclose(evaluate(network, [2.0]), evaluate_member(stack, 0, [[2.0]])))
    True
    """
    if stack.dimension != 1:
        raise ValueError(f"stack had dimension {stack.dimension}; kinks are on the line, d = 1")
    inner, bias = check_finite_array(stack.affine[index], name="affine")
    size = np.abs(inner)
    if not size.all():
        raise ValueError("affine had an inner weight 0; such a neuron has no knot")
    network = ReluNetwork(
        outer=stack.outer[index, 0] * size, inner=np.copysign(1.0, inner), bias=bias / size
    )
    return network, size


def stored_networks(stack: NetworkStack) -> dict[str, NDArray[Any]]:
    """Return the state as arrays by name, for a checkpoint.

    Examples
    --------
    >>> sorted(stored_networks(random_networks([0], width=3, dimension=1)))
    ['affine', 'outer', 'steps']
    """
    return {
        "affine": stack.affine,
        "outer": stack.outer,
        "steps": np.array(stack.steps, dtype=np.int64),
    }


def restore_networks(state: Mapping[str, NDArray[Any]]) -> NetworkStack:
    """Return the state that `stored_networks` wrote.

    Examples
    --------
    >>> stack = random_networks([0], width=3, dimension=1)
    >>> restore_networks(stored_networks(stack)).steps
    0
    """
    return NetworkStack(
        affine=np.array(state["affine"]), outer=np.array(state["outer"]), steps=int(state["steps"])
    )
