r"""One gradient step of a stack of two-layer ReLU networks on the line, without m x N matrices.

On a sorted batch a neuron is active on a suffix or on a prefix, and the number p of batch points
below its knot says which. So a step needs, instead of width times batch products,

* p for each neuron, from a table of cells of equal length: the points in earlier cells are counted
  by the table, those in the neuron's own cell are compared one by one, which is exact;
* the sums of the active slopes ``v w`` and intercepts ``v b``: one weighted count of p, then prefix
  sums over the batch for the neurons that open to the right, suffix sums for the others;
* the sums of the residuals over the points on which a neuron is active: suffix and prefix sums over
  the batch, looked up at p.

The cost is a few dozen passes over the width, nearly whatever the batch. Every array carries the
members of the stack as its first axis; a member's numbers depend on nothing but its own rows.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from numerics.validation import FloatArray

__all__ = ["LineBuffers", "descend_line", "line_buffers"]

_CELLS = 1024
# Adding 2^52 to a float in [0, 2^51) rounds it to an integer and leaves that in the low bits.
_ROUNDING = 2.0**52
_LOW_BITS = (1 << 52) - 1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LineBuffers:
    """Cells and scratch arrays for stacks of s members, width m and batches of N points."""

    scale: float  # minus the cells per unit of length
    shift: FloatArray  # (s, 1): what takes a position in cells to 2^52 plus the cell's number
    first: FloatArray  # (s, 1): 2^52 plus the number of the member's first cell
    last: FloatArray  # (s, 1): the same of its last
    minus_points: FloatArray  # (s, N + 1): minus the sorted batch and, last, minus infinity
    point_cell: FloatArray  # (s, N + 1)
    below: NDArray[np.int64]  # (s cells,): the points in earlier cells
    minus_knot: FloatArray  # (s, m) from here on
    knot_cell: FloatArray
    place: NDArray[np.int64]
    side: NDArray[np.int64]
    far: NDArray[np.bool_]
    one: FloatArray
    two: FloatArray
    three: FloatArray
    tables: FloatArray  # (2, 2, s, N + 1): sums of residuals, and of those times the point


def line_buffers(
    lowest: FloatArray, highest: FloatArray, *, width: int, batch: int, cells: int = _CELLS
) -> LineBuffers:
    """Lay the cells of each member from its lowest point on and allocate the scratch arrays.

    The cells are as long in all members, so that the widest [lowest, highest] is covered. Points
    and knots outside are exact too; they share the outermost cells.

    Examples
    --------
    >>> line_buffers(np.zeros(2), np.ones(2), width=3, batch=5).tables.shape
    (2, 2, 2, 6)
    """
    members = lowest.size
    density = (cells - 1) / float((highest - lowest).max())
    first = _ROUNDING + cells * np.arange(0.0, members)[:, None]
    whole = (members, width)
    return LineBuffers(
        scale=-density,
        # Its rounding moves the cells of a member, by half a cell at most.
        shift=first - lowest[:, None] * density,
        first=first,
        last=first + (cells - 1.0),
        minus_points=np.full((members, batch + 1), -np.inf),
        point_cell=np.empty((members, batch + 1)),
        below=np.zeros(members * cells, np.int64),
        minus_knot=np.empty(whole),
        knot_cell=np.empty(whole),
        place=np.empty(whole, np.int64),
        side=np.empty(whole, np.int64),
        far=np.empty(whole, np.bool_),
        one=np.empty(whole),
        two=np.empty(whole),
        three=np.empty(whole),
        tables=np.zeros((2, 2, members, batch + 1)),
    )


def descend_line(
    inner: FloatArray,
    bias: FloatArray,
    outer: FloatArray,
    points: FloatArray,
    targets: FloatArray,
    *,
    factor: FloatArray,
    train_inner: bool,
    buffers: LineBuffers,
) -> None:
    r"""Take one step along minus the gradient in every member of a stack, in place.

    .. math:: \theta \leftarrow \theta - m\,c\,\nabla \sum_i (s_\theta(y_i) - t_i)^2

    Parameters
    ----------
    inner, bias, outer : ndarray, shape (s, m)
        The parameters of ``(1/m) sum_l v_l relu(w_l y + b_l)``. Overwritten.
    points : ndarray, shape (s, N)
        Batches, each sorted.
    targets : ndarray, shape (s, N)
        What the networks should return.
    factor : ndarray, shape (s,)
        c: learning rate times the weight of one datum in the risk. The factor m of the step and
        the 1/m of the network cancel.
    train_inner : bool
        Whether the inner weights move too.
    buffers : LineBuffers
        From `line_buffers`, for this shape.

    Notes
    -----
    Cost O(s (m + N + cells)). Agrees with the m x N products to rounding: 1e-15 of the largest
    entry after a hundred steps. A member that diverges leaves the others as they are.

    Examples
    --------
    >>> inner, bias, outer = np.array([[1.0]]), np.array([[0.0]]), np.array([[1.0]])
    >>> buffers = line_buffers(np.array([-3.0]), np.array([3.0]), width=1, batch=1)
    >>> descend_line(
    ...     inner,
    ...     bias,
    ...     outer,
    ...     np.array([[2.0]]),
    ...     np.array([[0.0]]),
    ...     factor=np.array([0.1]),
    ...     train_inner=True,
    ...     buffers=buffers,
    ... )
    >>> inner.ravel(), bias.ravel(), outer.ravel()
    (array([0.2]), array([-0.4]), array([0.2]))
    """
    count = points.shape[1]
    place = _places(inner, bias, points, buffers)
    # Neurons that open to the left count in the second half of the tables.
    np.right_shift(inner.view(np.int64), 63, out=buffers.side)
    np.bitwise_and(buffers.side, inner.shape[0] * (count + 1), out=buffers.side)
    place += buffers.side
    residual = _values(inner, bias, outer, points, buffers)
    residual -= targets
    residual *= -2.0 * factor[:, None]
    _tabulate(residual, buffers.tables[0])
    residual *= points
    _tabulate(residual, buffers.tables[1])
    of_bias, of_inner, change, term = buffers.one, buffers.two, buffers.three, buffers.minus_knot
    # The places are in range; "clip" is the mode that writes into the given array directly.
    np.take(buffers.tables[0].ravel(), place, out=of_bias, mode="clip")
    np.take(buffers.tables[1].ravel(), place, out=of_inner, mode="clip")
    np.multiply(inner, of_inner, out=change)
    np.multiply(bias, of_bias, out=term)
    change += term
    of_bias *= outer
    bias += of_bias
    if train_inner:
        of_inner *= outer
        inner += of_inner
    outer += change


def _places(
    inner: FloatArray, bias: FloatArray, points: FloatArray, buffers: LineBuffers
) -> NDArray[np.int64]:
    """Return the number of points below each knot, plus N + 1 for every member before."""
    np.negative(points, out=buffers.minus_points[:, :-1])
    cell = _cells(buffers.minus_points, buffers.point_cell, buffers)
    counts = np.bincount(cell.ravel(), minlength=buffers.below.size)
    np.add.accumulate(counts[:-1], out=buffers.below[1:])
    with np.errstate(divide="ignore", invalid="ignore"):
        # An inner weight 0 gives a knot at infinity, or NaN for a neuron that adds nothing.
        np.divide(bias, inner, out=buffers.minus_knot)
    cell = _cells(buffers.minus_knot, buffers.knot_cell, buffers)
    np.take(buffers.below, cell, out=buffers.place, mode="clip")
    minus_points = buffers.minus_points.ravel()
    np.take(minus_points, buffers.place, out=buffers.one, mode="clip")
    np.less(buffers.minus_knot, buffers.one, out=buffers.far)
    # The few knots that share a cell with a point below them; minus infinity ends the walk.
    left = np.flatnonzero(buffers.far)
    place, minus_knot = buffers.place.ravel(), buffers.minus_knot.ravel()
    while left.size:
        here = place[left] + 1
        place[left] = here
        left = left[minus_knot[left] < minus_points[here]]
    return buffers.place


def _cells(negated: FloatArray, out: FloatArray, buffers: LineBuffers) -> NDArray[np.int64]:
    """Return the cells of minus some positions; monotone, so that cells order as positions do."""
    np.multiply(negated, buffers.scale, out=out)
    out += buffers.shift
    np.maximum(out, buffers.first, out=out)
    # fmin, unlike minimum, keeps a NaN of a diverged member in that member's cells.
    np.fmin(out, buffers.last, out=out)
    bits = out.view(np.int64)
    np.bitwise_and(bits, _LOW_BITS, out=bits)
    return bits


def _values(
    inner: FloatArray,
    bias: FloatArray,
    outer: FloatArray,
    points: FloatArray,
    buffers: LineBuffers,
) -> FloatArray:
    """Return the networks at the points: active slope times point plus active intercept, over m."""
    np.multiply(outer, inner, out=buffers.one)
    np.multiply(outer, bias, out=buffers.two)
    value = _active(buffers.one, points.shape, buffers)
    value *= points
    value += _active(buffers.two, points.shape, buffers)
    value /= inner.shape[1]
    return value


def _active(weights: FloatArray, shape: tuple[int, ...], buffers: LineBuffers) -> FloatArray:
    """Sum weights over the neurons active at each point."""
    members, count = shape
    place = buffers.place.ravel()
    binned = np.bincount(place, weights.ravel(), 2 * members * (count + 1))
    rightward, leftward = binned.reshape(2, members, count + 1)
    active: FloatArray = np.add.accumulate(rightward[:, :-1], axis=1)
    active += np.add.accumulate(leftward[:, :0:-1], axis=1)[:, ::-1]
    return active


def _tabulate(values: FloatArray, table: FloatArray) -> None:
    """Fill the sums of values from each place on, then those before it."""
    np.add.accumulate(values[:, ::-1], axis=1, out=table[0, :, -2::-1])
    np.add.accumulate(values, axis=1, out=table[1, :, 1:])
