r"""Exact gradient and Hessian of the risk of a network on the line whose inner weights are trained.

The neuron ``v relu(w y + b)`` is ``u relu(s y + beta)`` with ``u = v |w|``, ``beta = b / |w|`` and
``s`` the sign of w, which the exact integrals of the theoretical class take. The chain rule carries
them over:

.. math:: \nabla^2_\theta R = J^\top \nabla^2_{u, \beta} R\,J
          + \sum_l \big( \partial_{u_l} R\,\nabla^2 u_l
          + \partial_{\beta_l} R\,\nabla^2 \beta_l \big)

The Hessian of the expectation has a part from the knots, ``(2 v_l / (m |w_l|)) E[g; Y = tau_l]``
times the square of ``db + tau dw``, which no fixed set of draws and no automatic differentiation
sees. It can be left out, to compare.
"""

from dataclasses import dataclass, replace

import numpy as np

from numerics.exact_hessian import RiskHessian, hessian_product, risk_hessian
from numerics.exact_risk import risk_and_gradient
from numerics.mixture_tails import NoisedSample
from numerics.stacked_network import NetworkStack, kink_network
from numerics.validation import FloatArray

__all__ = ["ExperimentalHessian", "experimental_hessian", "experimental_product"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ExperimentalHessian:
    """Risk, gradient and Hessian at a network with parameters (w, b, v), each of m entries.

    Attributes
    ----------
    risk : float
        The exact risk.
    gradient : ndarray, shape (3m,)
        Its exact gradient: inner weights, biases, outer weights.
    kinks : RiskHessian
        The Hessian in (u, beta).
    sign, size : ndarray, shape (m,)
        Of the inner weights.
    outer, knots : ndarray, shape (m,)
        v and tau = -b / w.
    by_outer, by_bias : ndarray, shape (m,)
        The gradient in u and beta.
    """

    risk: float
    gradient: FloatArray
    kinks: RiskHessian
    sign: FloatArray
    size: FloatArray
    outer: FloatArray
    knots: FloatArray
    by_outer: FloatArray
    by_bias: FloatArray


def experimental_hessian(
    stack: NetworkStack, index: int, sample: NoisedSample, *, knots: bool = True
) -> ExperimentalHessian:
    """Prepare the exact gradient, and the exact Hessian for products in O(m).

    Parameters
    ----------
    stack : NetworkStack
        Networks on the line.
    index : int
        Which.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.
    knots : bool
        Whether the part from the knots is in the Hessian. Without it the Hessian is what automatic
        differentiation tends to as the draws become many.

    Returns
    -------
    ExperimentalHessian
        For `experimental_product`.

    Raises
    ------
    ValueError
        If d is not 1, a parameter is not finite, or an inner weight is 0.

    Notes
    -----
    Cost O(n + m log m). Source: paper A, Lemma 5, here for trained inner weights; claims
    ``A.fig5``, ``A.code.sharpness``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = NetworkStack(affine=np.array([[[2.0], [0.0]]]), outer=np.array([[[0.5]]]))
    >>> hessian = experimental_hessian(network, 0, noised_sample([0.0], 1.0, 1.0))
    >>> hessian.risk, hessian.gradient.round(6)
    (2.5, array([1.      , 0.797885, 4.      ]))
    """
    network, size = kink_network(stack, index)
    first = risk_and_gradient(network, sample)
    second = risk_hessian(network, sample)
    if not knots:
        second = replace(second, knot=np.zeros_like(second.knot))
    sign, outer = network.inner, np.asarray(stack.outer[index, 0], dtype=np.float64)
    tau = network.knots
    by_bias = first.bias / size
    gradient = np.concatenate(
        (sign * outer * first.outer + tau * by_bias, by_bias, size * first.outer)
    )
    return ExperimentalHessian(
        risk=first.risk,
        gradient=gradient,
        kinks=second,
        sign=sign,
        size=size,
        outer=outer,
        knots=tau,
        by_outer=first.outer,
        by_bias=first.bias,
    )


def experimental_product(hessian: ExperimentalHessian, direction: FloatArray) -> FloatArray:
    """Multiply the Hessian with a direction of shape (3m,): inner weights, biases, outer weights.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = NetworkStack(affine=np.array([[[2.0], [0.0]]]), outer=np.array([[[0.5]]]))
    >>> hessian = experimental_hessian(network, 0, noised_sample([0.0], 1.0, 1.0))
    >>> experimental_product(hessian, np.array([0.0, 0.0, 1.0])).round(6)
    array([3.      , 2.393654, 4.      ])
    """
    of_inner, of_bias, of_outer = direction.reshape(3, -1)
    size, sign = hessian.size, hessian.sign
    kinks = np.concatenate(
        (
            size * of_outer + sign * hessian.outer * of_inner,
            (of_bias + hessian.knots * of_inner) / size,
        )
    )
    by_outer, by_bias = hessian_product(hessian.kinks, kinks).reshape(2, -1)
    by_bias = by_bias / size
    out = np.empty((3, size.size))
    out[0] = sign * hessian.outer * by_outer + hessian.knots * by_bias
    out[1] = by_bias
    out[2] = size * by_outer
    # The second derivatives of u = v |w| and of beta = b / |w| = -s tau.
    bend = hessian.by_bias * sign / size**2
    out[0] += hessian.by_outer * sign * of_outer
    out[0] -= bend * (of_bias + 2.0 * hessian.knots * of_inner)
    out[1] -= bend * of_inner
    out[2] += hessian.by_outer * sign * of_inner
    return out.ravel()
