"""The least spacing of uniform points: its law by exact iterated integration."""

from math import factorial
from typing import Any

from flint import fmpq, fmpq_poly
from sympy import Derivative, Expr

import theory.spacing as derived
from proofs_check.functionals import functional

__all__ = ["SpacingMean", "SpacingSurvival", "VolumeSlope"]


def _volume(count: int, level: fmpq) -> fmpq_poly:
    """Return the volume of ordered points of [0, t] that keep a distance, as polynomial in t."""
    volume = fmpq_poly([0, 1])
    for placed in range(2, count + 1):
        # the largest point u leaves [0, u - level] to the others
        inner = volume(fmpq_poly([-level, 1])).integral()
        volume = inner - inner((placed - 1) * level)
    return volume


def _survival(size: Any, length: Any, level: Any) -> Any:
    count = int(size)
    if (count - 1) * level >= length:
        return fmpq(0)
    return factorial(count) * _volume(count, level)(length) / length**count


def _mean(size: Any, length: Any) -> Any:
    """Integrate the survival function, a polynomial in the level, exactly by its values."""
    count = int(size)
    top = length / (count - 1)
    nodes = [top * fmpq(k, count) for k in range(count + 1)]
    interpolant = fmpq_poly([0])
    for k, node in enumerate(nodes):
        term = fmpq_poly([_survival(size, length, node)])
        for other in nodes[:k] + nodes[k + 1 :]:
            term = term * fmpq_poly([-other, 1]) / (node - other)
        interpolant = interpolant + term
    return interpolant.integral()(top)


def _survival_definition(size: Any, length: Any, level: Any) -> Expr:
    return derived.survival_by_integration(int(size), length, level)


SpacingSurvival = functional(
    "SpacingSurvival",
    nargs=3,
    latex=r"P_{{{0}}}\left(\Delta>{2}\right)",
    ball=_survival,
    unfold=_survival_definition,
    nonnegative=True,
)
"""``SpacingSurvival(n, a, s)`` is P(Delta > s) for n uniform points on [0, a]."""

SpacingMean = functional(
    "SpacingMean",
    nargs=2,
    latex=r"\mathbb{{E}}_{{{0}}}[\Delta]",
    ball=_mean,
    unfold=derived.least_spacing_mean,
    positive=True,
)
"""``SpacingMean(n, a)`` is E[Delta] for n uniform points on [0, a]."""


def _volume_slope(count: Any, reach: Any, level: Any) -> Any:
    """Differentiate the power as an exact polynomial in the reach."""
    power = fmpq_poly([-int(count) * level, 1]) ** (int(count) + 1)
    return power.derivative()(reach)


def _volume_slope_definition(count: Any, reach: Any, level: Any) -> Expr:
    return Derivative((reach - count * level) ** (count + 1), reach)


VolumeSlope = functional(
    "VolumeSlope",
    nargs=3,
    latex=r"\frac{{d}}{{d{1}}}\left({1}-{0}{2}\right)^{{{0}+1}}",
    ball=_volume_slope,
    unfold=_volume_slope_definition,
)
"""``VolumeSlope(k, t, s)`` is the derivative in t of (k + 1)! V_{k+1}(t)."""
