r"""Full gradient steps of the experimental networks on the line, where the risk is exact.

A neuron ``v relu(w y + b)`` is ``v |w| relu(+-y + b / |w|)``, which belongs to the theoretical
class. There risk and gradient are integrals in closed form; the chain rule brings them back.
"""

import numpy as np

from numerics.exact_risk import risk_and_gradient
from numerics.mixture_tails import NoisedSample
from numerics.stacked_network import NetworkStack, kink_network
from numerics.validation import FloatArray, check_positive

__all__ = ["exact_network_gradient", "full_gradient_step"]


def exact_network_gradient(
    stack: NetworkStack, index: int, sample: NoisedSample
) -> tuple[float, FloatArray, FloatArray]:
    r"""Return risk and gradient of one member in its inner weights, biases and outer weights.

    .. math:: \partial_v = |w|\,g, \qquad \partial_b = \frac{h}{|w|}, \qquad
              \partial_w = \mathrm{sgn}(w)\Big(v\,g - \frac{b}{w^2}\,h\Big)

    with g and h the gradients in the outer weights and biases of the theoretical class.

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1 and no inner weight 0.
    index : int
        Which.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.

    Returns
    -------
    risk : float
        R_n.
    affine : ndarray, shape (2, m)
        Derivatives in the inner weights and the biases.
    outer : ndarray, shape (m,)
        Derivatives in the outer weights.

    Raises
    ------
    ValueError
        If d is not 1, a parameter is not finite, or an inner weight is 0.

    Notes
    -----
    Cost O(m log m). Source: paper A, section 5; claim ``A.x6``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> from numerics.stacked_network import random_networks
    >>> stack = random_networks([0], width=20, dimension=1)
    >>> risk, affine, outer = exact_network_gradient(stack, 0, noised_sample([-1, 1], 0.8, 0.6))
    >>> affine.shape, outer.shape
    ((2, 20), (20,))
    """
    network, size = kink_network(stack, index)
    found = risk_and_gradient(network, sample)
    sign, outer = network.inner, stack.outer[index, 0]
    by_size = outer * found.outer - network.bias / size * found.bias
    return found.risk, np.stack([sign * by_size, found.bias / size]), size * found.outer


def full_gradient_step(
    stack: NetworkStack, sample: NoisedSample, *, learning_rate: float
) -> NetworkStack:
    r"""Take one step of every member down the exact risk.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla R_n(\theta_j)

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1 and no inner weight 0.
    sample : NoisedSample
        The data under noise, the same for all members.
    learning_rate : float
        eta, > 0.

    Returns
    -------
    NetworkStack
        The next parameters; the given ones stay as they are.

    Raises
    ------
    ValueError
        If the learning rate is not > 0, or as in `exact_network_gradient`.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> from numerics.stacked_network import random_networks
    >>> stack, sample = (
    ...     random_networks([0], width=20, dimension=1),
    ...     noised_sample([-1, 1], 0.8, 0.6),
    ... )
    >>> following = full_gradient_step(stack, sample, learning_rate=0.01)
    >>> before, after = (exact_network_gradient(s, 0, sample)[0] for s in (stack, following))
    >>> after < before
    True
    """
    step = stack.width * check_positive(learning_rate, name="learning_rate")
    affine, outer = stack.affine.copy(), stack.outer.copy()
    for index in range(stack.members):
        _, by_affine, by_outer = exact_network_gradient(stack, index, sample)
        affine[index] -= step * by_affine
        outer[index, 0] -= step * by_outer
    return NetworkStack(affine=affine, outer=outer, steps=stack.steps + 1)
