"""Functionals of single entries: the Hessian of a network's risk, its parts, its gradient.

The Hessian and the gradient come from expanding the risk itself, the parts from pair moments.
"""

import numpy as np
from numpy.typing import NDArray

from proofs_check.functionals import functional
from proofs_check.quantities import network_balls, sharpness_balls
from proofs_check.quantities.network_risk import dense_parts, float_network, float_sample

__all__ = ["BiasSlope", "CrossEntry", "HessianEntry", "HessianPart", "KnotPart"]

Floats = NDArray[np.float64]


def _float_slope(sample: Floats, mu: float, sigma: float, value: Floats, index: float) -> float:
    from numerics.exact_risk import risk_and_gradient

    found = risk_and_gradient(float_network(value), float_sample(sample, mu, sigma))
    return float(found.bias[round(index) - 1])


def _float_cross(sample: Floats, mu: float, sigma: float, value: Floats, index: float) -> float:
    net = float_network(value)
    place = round(index) - 1
    return float(dense_parts(sample, mu, sigma, value).cross[place, net.width + place])


HessianEntry = functional(
    "HessianEntry",
    nargs=7,
    latex=r"\left(\nabla^2R_n(\theta)\right)_{{{4},{5}}}",
    ball=network_balls.hessian_entry,
)
"""``HessianEntry(X, mu, sigma, net, p, q, side)`` is a second derivative of the risk itself."""

HessianPart = functional(
    "HessianPart",
    nargs=6,
    latex=r"\left(\tfrac2n\sum_i\mathbb{{E}}[\nabla s\nabla s^\top]+\tfrac2{{mn}}\sum_i"
    r"\mathbb{{E}}[fH]\right)_{{{4},{5}}}",
    ball=sharpness_balls.hessian_part,
)
"""``HessianPart(X, mu, sigma, net, p, q)`` is an entry of the first two terms of eq. 15."""

KnotPart = functional(
    "KnotPart",
    nargs=7,
    latex=r"D_{{{4},{5}}}",
    ball=sharpness_balls.knot_part,
)
"""``KnotPart(X, mu, sigma, net, p, q, signed)`` is an entry of the knot term: factor +w for
``signed = 0``, the printed ``-w w1`` for 1."""

BiasSlope = functional(
    "BiasSlope",
    nargs=5,
    latex=r"\partial_{{b_{{{4}}}}}R_n(\theta)",
    float64=_float_slope,
    ball=network_balls.bias_slope,
)
"""``BiasSlope(X, mu, sigma, net, l)`` is the derivative of the risk in the bias of group l."""

CrossEntry = functional(
    "CrossEntry",
    nargs=5,
    latex=r"C_{{{4},m+{4}}}",
    float64=_float_cross,
    ball=sharpness_balls.cross_entry,
)
"""``CrossEntry(X, mu, sigma, net, l)`` is (2/m) E[f 1_l], the cross entry of neuron l."""
