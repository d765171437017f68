"""Functionals of a network and a sample: risk, sharpness and its parts, weighted variation.

The float64 faces come from `numerics` (sorted knots, structured Hessian, quadrature of pi), the
balls from pair moments and closed forms at exact knots.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Sum, Symbol

from proofs_check.domains_network import groups_of
from proofs_check.functionals import functional
from proofs_check.quantities import network_balls, network_variation_balls, sharpness_balls

__all__ = [
    "AmendedVariation",
    "AmendedWeight",
    "Copies",
    "CrossShare",
    "Groups",
    "HessianTop",
    "Inner",
    "Knot",
    "KnotPeak",
    "KnotShare",
    "MeanGradientSquare",
    "MeanRamp",
    "MeanStep",
    "NetworkRisk",
    "NetworkValue",
    "NetworkVariation",
    "Outer",
    "OuterBound",
    "StepGradientSquare",
    "TangentTop",
    "TruncatedTop",
    "Width",
    "dense_parts",
    "float_network",
    "float_sample",
]

Floats = NDArray[np.float64]


def float_network(value: Floats) -> Any:
    """Return the network of `numerics` with all copies written out."""
    from numerics.relu_network import ReluNetwork

    rows = np.asarray(value, dtype=np.float64).reshape(-1, 4)
    rows = np.repeat(rows, rows[:, 3].astype(int), axis=0)
    return ReluNetwork(outer=rows[:, 1], inner=rows[:, 0], bias=rows[:, 2])


def float_sample(sample: Floats, mu: float, sigma: float) -> Any:
    """Return the noised sample of `numerics`."""
    from numerics.mixture_tails import noised_sample

    return noised_sample(sample, float(mu), float(sigma))


def _float_risk(sample: Floats, mu: float, sigma: float, value: Floats) -> float:
    from numerics.exact_risk import exact_risk

    return float(exact_risk(float_network(value), sample, float(mu), float(sigma)))


def _float_value(value: Floats, y: float) -> float:
    from numerics.relu_network import evaluate

    return float(evaluate(float_network(value), [float(y)])[0])


def dense_parts(sample: Floats, mu: float, sigma: float, value: Floats) -> Any:
    """Return the three parts of the Hessian as `numerics` forms them."""
    from numerics.exact_hessian import dense_hessian

    return dense_hessian(float_network(value), float_sample(sample, mu, sigma))


def _float_top(part: str) -> Callable[..., float]:
    def float64(sample: Floats, mu: float, sigma: float, value: Floats) -> float:
        parts = dense_parts(sample, mu, sigma, value)
        matrix = {
            "all": parts.tangent + parts.cross + parts.knot,
            "truncated": parts.tangent + parts.cross,
            "tangent": parts.tangent / 2,
        }[part]
        return float(np.linalg.eigvalsh(matrix)[-1])

    return float64


def _float_share(part: str) -> Callable[..., float]:
    def float64(sample: Floats, mu: float, sigma: float, value: Floats) -> float:
        parts = dense_parts(sample, mu, sigma, value)
        values, vectors = np.linalg.eigh(parts.tangent)
        if values.size > 1 and values[-1] - values[-2] <= 1e-9 * abs(values[-1]):
            return float("nan")
        top = vectors[:, -1]
        return float(top @ getattr(parts, part) @ top)

    return float64


def _weights(sample: Floats, mu: float, sigma: float, y: Floats) -> Floats:
    """Return pi; a knot that is an outermost centre up to rounding is put on it."""
    from numerics.weight_function import weight_function

    points = np.array(y, dtype=np.float64)
    for end in (float(mu) * sample[0], float(mu) * sample[-1]):
        points[np.abs(points - end) <= 1e-15 * (np.abs(points) + abs(end))] = end
    values: Floats = weight_function(points, sample, mu=float(mu), sigma=float(sigma))
    return values


def _float_variation(sample: Floats, mu: float, sigma: float, value: Floats) -> float:
    from numerics.relu_network import weighted_total_variation

    return float(
        weighted_total_variation(float_network(value), lambda y: _weights(sample, mu, sigma, y))
    )


def _float_peak(sample: Floats, mu: float, sigma: float, value: Floats) -> float:
    from numerics.relu_network import evaluate

    net = float_network(value)
    away = net.knots[:, None] - mu * np.asarray(sample)
    size = np.abs(evaluate(net, net.knots)[:, None] + away / sigma**2)
    return float(np.max(size * np.exp(-(away**2) / (2 * sigma**2))))


def _of_network(name: str, latex: str, **faces: Any) -> Any:
    return functional(name, nargs=4, latex=latex, **faces)


Width = functional(
    "Width",
    nargs=1,
    latex="m",
    float64=lambda value: float(np.sum(value[3::4])),
    ball=lambda value: sum((copies for _, _, _, copies in groups_of(value)), 0),
    positive=True,
    integer=True,
)
"""``Width(net)`` is the number of neurons."""

OuterBound = functional(
    "OuterBound",
    nargs=1,
    latex=r"\max_l|w^{{(2)}}_l|",
    float64=lambda value: float(np.max(np.abs(value[1::4]))),
    ball=lambda value: max(abs(outer) for _, outer, _, _ in groups_of(value)),
    nonnegative=True,
)
"""``OuterBound(net)`` is the largest outer weight in absolute value."""


def _entry(place: int) -> Callable[..., Any]:
    def ball(value: Any, index: Any) -> Any:
        row = list(groups_of(value))[int(index) - 1]
        return -row[0] * row[2] if place == 2 else row[place]

    return ball


def _float_entry(place: int) -> Callable[..., float]:
    def float64(value: Floats, index: float) -> float:
        inner, outer, bias, _ = value[4 * (round(index) - 1) :][:4]
        return float((inner, outer, -inner * bias)[place])

    return float64


Inner = functional(
    "Inner", nargs=2, latex="w^{{(1)}}_{{{1}}}", float64=_float_entry(0), ball=_entry(0)
)
"""``Inner(net, l)`` is the inner weight of group l."""
Outer = functional(
    "Outer", nargs=2, latex="w^{{(2)}}_{{{1}}}", float64=_float_entry(1), ball=_entry(1)
)
"""``Outer(net, l)`` is the outer weight of group l."""
Knot = functional("Knot", nargs=2, latex=r"\tau_{{{1}}}", float64=_float_entry(2), ball=_entry(2))
"""``Knot(net, l)`` is the knot of group l."""
Copies = functional(
    "Copies",
    nargs=2,
    latex="c_{{{1}}}",
    float64=lambda value, index: float(value[4 * round(index) - 1]),
    ball=_entry(3),
    positive=True,
    integer=True,
)
"""``Copies(net, l)`` is the number of neurons in group l."""

MeanRamp = functional(
    "MeanRamp",
    nargs=5,
    latex=r"\mathbb{{E}}\,\mathrm{{relu}}_{{{4}}}(Y)",
    ball=partial(network_variation_balls.neuron_mean, ramp=True),
    nonnegative=True,
)
"""``MeanRamp(X, mu, sigma, net, l)`` is E relu(w1 Y + b) of group l."""

MeanStep = functional(
    "MeanStep",
    nargs=5,
    latex=r"P(w^{{(1)}}_{{{4}}}Y+b_{{{4}}}>0)",
    ball=partial(network_variation_balls.neuron_mean, ramp=False),
    nonnegative=True,
)
"""``MeanStep(X, mu, sigma, net, l)`` is the probability that group l is active."""

Groups = functional(
    "Groups",
    nargs=1,
    latex="L",
    float64=lambda value: float(len(value) // 4),
    ball=lambda value: len(value) // 4,
    positive=True,
    integer=True,
)
"""``Groups(net)`` is the number of rows of a network's value; its width if nothing is repeated."""

NetworkValue = functional(
    "NetworkValue",
    nargs=2,
    latex=r"s_\theta\left({1}\right)",
    float64=_float_value,
    ball=network_balls.value_at,
)
"""``NetworkValue(net, y)`` is s_theta(y)."""

NetworkRisk = _of_network(
    "NetworkRisk", r"R_n(\theta)", float64=_float_risk, ball=network_balls.risk, nonnegative=True
)
"""``NetworkRisk(X, mu, sigma, net)`` is R_n of the network."""

HessianTop = _of_network(
    "HessianTop",
    r"\lambda_{{\max}}\left(\nabla^2R_n(\theta)\right)",
    float64=_float_top("all"),
    ball=sharpness_balls.hessian_top,
)
"""``HessianTop(X, mu, sigma, net)`` is the sharpness."""

TruncatedTop = _of_network(
    "TruncatedTop",
    r"\lambda_{{\max}}\left(\mathbb{{E}}\nabla^2\hat R\right)",
    float64=_float_top("truncated"),
    ball=sharpness_balls.truncated_top,
)
"""``TruncatedTop`` is the largest eigenvalue of the Hessian without its knot part."""

TangentTop = _of_network(
    "TangentTop",
    r"\lambda_{{\max}}\left(\mathbb{{E}}[\nabla s_\theta\nabla s_\theta^\top]\right)",
    float64=_float_top("tangent"),
    ball=sharpness_balls.tangent_top,
)
"""``TangentTop`` is the largest eigenvalue of E[grad s grad s^T]."""

CrossShare = _of_network(
    "CrossShare", r"v^\top Cv", float64=_float_share("cross"), ball=sharpness_balls.cross_share
)
"""``CrossShare`` is v^T C v for the top unit eigenvector v of the tangent part."""

KnotShare = _of_network(
    "KnotShare", r"v^\top Dv", float64=_float_share("knot"), ball=sharpness_balls.knot_share
)
"""``KnotShare`` is v^T D v for the top unit eigenvector v of the tangent part."""

KnotPeak = _of_network(
    "KnotPeak",
    r"\max_{{l,i}}|f_\theta(\tau_l)|e^{{-(\tau_l-\mu x_i)^2/2\sigma^2}}",
    float64=_float_peak,
    ball=network_variation_balls.knot_peak,
    nonnegative=True,
)
"""``KnotPeak`` is the largest damped residual at a knot."""

AmendedWeight = functional(
    "AmendedWeight",
    nargs=4,
    latex=r"\tilde\pi\left({3}\right)",
    ball=network_variation_balls.amended_weight,
    nonnegative=True,
)
"""``AmendedWeight(X, mu, sigma, y)`` is min{P(Y > y) E(Y - y)_+, P(Y < y) E(y - Y)_+}."""

NetworkVariation = _of_network(
    "NetworkVariation",
    r"TV_\pi(s_\theta)",
    float64=_float_variation,
    ball=network_variation_balls.variation,
    nonnegative=True,
)
"""``NetworkVariation(X, mu, sigma, net)`` is TV_pi of the network."""

AmendedVariation = _of_network(
    "AmendedVariation",
    r"TV_{{\tilde\pi}}(s_\theta)",
    ball=network_variation_balls.variation_amended,
    nonnegative=True,
)
"""``AmendedVariation(X, mu, sigma, net)`` is the variation under the amended weight."""


def _mean_gradient(sample: Any, mu: Any, sigma: Any, value: Any) -> Any:
    """Write |E grad s|^2 neuron by neuron."""
    index = Symbol("l", integer=True, positive=True)
    row = (sample, mu, sigma, value, index)
    square = MeanRamp(*row) ** 2 + Outer(value, index) ** 2 * MeanStep(*row) ** 2
    return Sum(Copies(value, index) * square, (index, 1, Groups(value))) / Width(value) ** 2


MeanGradientSquare = _of_network(
    "MeanGradientSquare",
    r"\left\|\mathbb{{E}}\nabla s_\theta(Y)\right\|^2",
    ball=network_variation_balls.mean_gradient_square,
    unfold=_mean_gradient,
    nonnegative=True,
)
"""``MeanGradientSquare`` is |E grad s(Y)|^2."""

StepGradientSquare = _of_network(
    "StepGradientSquare",
    r"\tfrac1{{n^2}}\mathbb{{E}}\left\|\Phi(\xi)1\right\|^2",
    ball=network_variation_balls.step_gradient_square,
    nonnegative=True,
)
"""``StepGradientSquare`` is E |Phi(xi) 1|^2 / n^2, one noise for all data."""
