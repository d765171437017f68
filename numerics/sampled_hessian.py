r"""The risk of a two-layer ReLU network on fixed inputs, its gradient and its Hessian's product.

The inputs are drawn once, or lie on a grid, so that the risk is a function of the parameters alone.
It is piecewise smooth; the Hessian is the one that holds almost everywhere, which is also what
automatic differentiation returns. The Hessian of the expectation over the noise has a further part,
from the knots that cross an input as the parameters move; it is exact in
`numerics.experimental_hessian`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import FloatArray, check_finite_array

__all__ = ["SampledRisk", "risk_gradient", "risk_product", "risk_value", "sampled_risk"]

_BLOCK_ENTRIES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SampledRisk:
    r"""The risk ``sum_i c_i |f(x_i) - t_i|^2`` at some parameters, with all it depends on.

    Attributes
    ----------
    affine : ndarray, shape (p + 1, m)
        Inner weights and, as the last row, biases.
    outer : ndarray, shape (q, m)
        Outer weights.
    inputs : ndarray, shape (N, p + 1)
        Inputs, with a last column of ones.
    targets : ndarray, shape (N, q)
        What the network should return.
    weights : ndarray, shape (N, 1)
        c_i, for example 1/N.
    """

    affine: FloatArray
    outer: FloatArray
    inputs: FloatArray
    targets: FloatArray
    weights: FloatArray

    @property
    def size(self) -> int:
        """The number of parameters: affine first, then outer."""
        return self.affine.size + self.outer.size


def sampled_risk(
    affine: ArrayLike,
    outer: ArrayLike,
    points: FloatArray,
    targets: FloatArray,
    *,
    weights: ArrayLike,
) -> SampledRisk:
    """Append the column of ones to points of shape (N, p) and keep all in double precision.

    ``weights`` is one number for all points or has one for each.

    Examples
    --------
    >>> risk = sampled_risk(
    ...     np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), weights=1.0
    ... )
    >>> risk_value(risk)
    4.0
    """
    inputs = np.ones((len(points), points.shape[1] + 1))
    inputs[:, :-1] = check_finite_array(points, name="points", ndim=2)
    return SampledRisk(
        affine=check_finite_array(affine, name="affine", ndim=2),
        outer=check_finite_array(outer, name="outer", ndim=2),
        inputs=inputs,
        targets=check_finite_array(targets, name="targets", ndim=2),
        weights=np.broadcast_to(
            check_finite_array(weights, name="weights").reshape(-1, 1), (len(points), 1)
        ),
    )


def risk_value(risk: SampledRisk) -> float:
    """Compute the risk, in O(N (p + q) m).

    Examples
    --------
    >>> risk = sampled_risk(
    ...     np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.ones((1, 1)), weights=0.5
    ... )
    >>> risk_value(risk)
    0.5
    """
    total = 0.0
    for part in _blocks(risk):
        signed = risk.inputs[part] @ risk.affine
        residual = _residual(risk, part, np.maximum(signed, 0.0, out=signed))
        total += float((risk.weights[part] * residual * residual).sum())
    return total


def risk_gradient(risk: SampledRisk) -> FloatArray:
    """Compute the gradient, affine parameters first, in O(N (p + q) m).

    Examples
    --------
    >>> risk = sampled_risk(
    ...     np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), weights=1.0
    ... )
    >>> risk_gradient(risk)
    array([4., 4., 8.])
    """
    of_affine, of_outer = np.zeros_like(risk.affine), np.zeros_like(risk.outer)
    for part in _blocks(risk):
        active, activation = _forward(risk, part)
        residual = _residual(risk, part, activation)
        residual *= risk.weights[part]
        of_outer += residual.T @ activation
        back = residual @ risk.outer
        back *= active
        of_affine += risk.inputs[part].T @ back
    return _joined(risk, of_affine, of_outer)


def risk_product(risk: SampledRisk, direction: FloatArray) -> FloatArray:
    r"""Multiply the Hessian, where it exists, with a direction.

    .. math:: \nabla^2 R\,u = 2 \sum_i c_i \big[ (\partial_u f)^\top \partial f
              + (f - t)^\top \partial_u \partial f \big](x_i)

    Parameters
    ----------
    risk : SampledRisk
        Where, and on which inputs.
    direction : ndarray, shape (k,)
        Affine parameters first, then outer weights, each in C order.

    Returns
    -------
    ndarray, shape (k,)
        The product.

    Notes
    -----
    Cost O(N (p + q) m), in blocks. Source: paper A, section 5 (claims ``A.fig5``,
    ``A.code.sharpness``).

    Examples
    --------
    >>> risk = sampled_risk(
    ...     np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), weights=1.0
    ... )
    >>> risk_product(risk, np.array([0.0, 0.0, 1.0]))
    array([8., 8., 8.])
    """
    split = risk.affine.size
    affine_step = direction[:split].reshape(risk.affine.shape)
    outer_step = direction[split:].reshape(risk.outer.shape)
    of_affine, of_outer = np.zeros_like(risk.affine), np.zeros_like(risk.outer)
    for part in _blocks(risk):
        inputs = risk.inputs[part]
        active, activation = _forward(risk, part)
        residual = _residual(risk, part, activation)
        residual *= risk.weights[part]
        tilt = inputs @ affine_step
        tilt *= active
        change = tilt @ risk.outer.T
        change += activation @ outer_step.T
        change /= risk.affine.shape[1]
        change *= risk.weights[part]
        of_outer += change.T @ activation
        of_outer += residual.T @ tilt
        back = change @ risk.outer
        back += residual @ outer_step
        back *= active
        of_affine += inputs.T @ back
    return _joined(risk, of_affine, of_outer)


def _forward(risk: SampledRisk, part: slice) -> tuple[FloatArray, FloatArray]:
    """Return which neurons are active, as 0 and 1, and the activations."""
    signed = risk.inputs[part] @ risk.affine
    active = (signed > 0.0).astype(np.float64)
    signed *= active
    return active, signed


def _residual(risk: SampledRisk, part: slice, activation: FloatArray) -> FloatArray:
    residual: FloatArray = activation @ risk.outer.T
    residual /= risk.affine.shape[1]
    residual -= risk.targets[part]
    return residual


def _joined(risk: SampledRisk, of_affine: FloatArray, of_outer: FloatArray) -> FloatArray:
    whole = np.concatenate((of_affine.ravel(), of_outer.ravel()))
    whole *= 2.0 / risk.affine.shape[1]
    return whole


def _blocks(risk: SampledRisk) -> list[slice]:
    rows = max(1, _BLOCK_ENTRIES // risk.affine.shape[1])
    return [slice(begin, begin + rows) for begin in range(0, len(risk.inputs), rows)]
