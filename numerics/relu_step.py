r"""One gradient step of a two-layer ReLU network in any dimension, in place and in blocks of rows.

The network is ``f(x) = (1/m) sum_l V_l relu(W_l x + b_l)``; ``affine`` holds W and, as its last
row, b, with the neurons along the last axis, and the inputs carry a last column of ones. All
products are then matrix products with the neurons contiguous. The inputs enter with their sign
changed: the sign bit of the product, spread over the word by an arithmetic shift, is the mask of
the active neurons, and one bitwise and applies it, in the forward and in the backward pass.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["StepBuffers", "descend", "forward", "sign_words", "step_buffers"]

RealArray: TypeAlias = NDArray[np.floating[Any]]

# Rows of a block times width: three such arrays stay in the second-level cache.
_BLOCK_BYTES = 400_000
# In high dimension the sums over blocks cost more than the cache gives: fewer, larger blocks.
_ROWS_PER_INPUT = 2
_MOST_ROWS = 1000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class StepBuffers:
    """Scratch arrays of one shape of network, used over and over."""

    activation: RealArray  # (rows, m)
    mask: NDArray[np.signedinteger[Any]]
    back: RealArray
    residual: RealArray  # (rows, q)
    outer: RealArray  # (q, m)
    affine: RealArray  # (p + 1, m)
    outer_part: RealArray
    affine_part: RealArray

    @property
    def rows(self) -> int:
        """The rows of a block."""
        return int(self.activation.shape[0])


def step_buffers(
    affine: RealArray, outer: RealArray, *, batch: int, rows: int | None = None
) -> StepBuffers:
    """Allocate the scratch arrays for parameters of one member and batches of a size.

    Examples
    --------
    >>> step_buffers(np.zeros((2, 1000)), np.zeros((1, 1000)), batch=5000).rows
    50
    """
    width, dtype = affine.shape[1], affine.dtype
    if rows is None:
        rows = min(_ROWS_PER_INPUT * affine.shape[0], _MOST_ROWS)
        rows = max(16, rows, _BLOCK_BYTES // (width * dtype.itemsize))
    rows = min(rows, batch)
    activation: RealArray = np.empty((rows, width), dtype)
    return StepBuffers(
        activation=activation,
        mask=sign_words(activation),
        back=np.empty((rows, width), dtype),
        residual=np.empty((rows, outer.shape[0]), dtype),
        outer=np.empty_like(outer),
        affine=np.empty_like(affine),
        outer_part=np.empty_like(outer),
        affine_part=np.empty_like(affine),
    )


def sign_words(values: RealArray) -> NDArray[np.signedinteger[Any]]:
    """Allocate integers of the shape and the word length of some floats.

    Examples
    --------
    >>> sign_words(np.empty(3, np.float32)).dtype
    dtype('int32')
    """
    if values.itemsize == 8:
        return np.empty(values.shape, np.int64)
    return np.empty(values.shape, np.int32)


def descend(
    affine: RealArray,
    outer: RealArray,
    negated_inputs: RealArray,
    targets: RealArray,
    *,
    factor: float,
    buffers: StepBuffers,
) -> None:
    r"""Take one step along minus the gradient, in place.

    .. math:: \theta \leftarrow \theta - m\,c\,\nabla \sum_{i,k} (f_k(x_i) - t_{ik})^2

    Parameters
    ----------
    affine : ndarray, shape (p + 1, m)
        Inner weights and, as last row, biases. Overwritten.
    outer : ndarray, shape (q, m)
        Outer weights. Overwritten.
    negated_inputs : ndarray, shape (N, p + 1)
        Minus the inputs, with a last column of -1.
    targets : ndarray, shape (N, q)
        What the network should return.
    factor : float
        c: the learning rate times the weight of one squared coordinate. The factor m of the step
        and the 1/m of the network cancel.
    buffers : StepBuffers
        From `step_buffers`.

    Notes
    -----
    Cost (6 p + 6 q) m N operations; memory of a block apart from the arguments.

    Examples
    --------
    >>> affine, outer = np.array([[1.0], [0.0]]), np.array([[1.0]])
    >>> buffers = step_buffers(affine, outer, batch=1)
    >>> inputs, targets = np.array([[-2.0, -1.0]]), np.array([[0.0]])
    >>> descend(affine, outer, inputs, targets, factor=0.1, buffers=buffers)
    >>> affine.ravel(), outer.ravel()
    (array([ 0.2, -0.4]), array([0.2]))
    """
    count = negated_inputs.shape[0]
    for begin in range(0, count, buffers.rows):
        block = slice(begin, min(begin + buffers.rows, count))
        rows = block.stop - begin
        activation, mask = buffers.activation[:rows], buffers.mask[:rows]
        residual, back = buffers.residual[:rows], buffers.back[:rows]
        # Minus the activations; zero where a neuron is off.
        forward(affine, outer, negated_inputs[block], activation, mask, residual)
        residual -= targets[block]
        residual *= 2.0 * factor
        first = begin == 0
        np.matmul(residual.T, activation, out=buffers.outer if first else buffers.outer_part)
        np.matmul(residual, outer, out=back)
        bits = back.view(mask.dtype)
        np.bitwise_and(bits, mask, out=bits)
        np.matmul(
            negated_inputs[block].T, back, out=buffers.affine if first else buffers.affine_part
        )
        if not first:
            np.add(buffers.outer, buffers.outer_part, out=buffers.outer)
            np.add(buffers.affine, buffers.affine_part, out=buffers.affine)
    # Both carry the minus sign of the inputs, which is that of the descent.
    affine += buffers.affine
    outer += buffers.outer


def forward(
    affine: RealArray,
    outer: RealArray,
    negated_inputs: RealArray,
    activation: RealArray,
    mask: NDArray[np.signedinteger[Any]],
    out: RealArray,
) -> None:
    """Write minus the activations, their mask and the network's values into the last three.

    Examples
    --------
    >>> values, mask, out = np.empty((1, 1)), np.empty((1, 1), np.int64), np.empty((1, 1))
    >>> forward(np.array([[1.0], [0.5]]), np.array([[3.0]]), -np.ones((1, 2)), values, mask, out)
    >>> float(out[0, 0]), mask[0, 0]
    (4.5, np.int64(-1))
    """
    np.matmul(negated_inputs, affine, out=activation)
    bits = activation.view(mask.dtype)
    np.right_shift(bits, 8 * bits.itemsize - 1, out=mask)
    np.bitwise_and(bits, mask, out=bits)
    np.matmul(activation, outer.T, out=out)
    out *= -1.0 / affine.shape[1]
