"""One-parameter quadratic losses and the mean square of a step on a random batch of them.

The sample is read as the second derivatives h_1 < ... < h_n of the losses. A batch of b losses is
drawn with replacement; the batch risk adds them up or takes their mean.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray
from sympy import Add, Expr, Symbol

from proofs_check.functionals import functional
from theory.stability import BatchRisk, mean_square_growth

__all__ = ["LossMean", "LossVariance", "MeanGrowth", "QuadraticSlope", "SumGrowth"]


def _batches(sample: tuple[fmpq, ...], batch: Any) -> Iterator[tuple[fmpq, ...]]:
    return product(sample, repeat=int(batch))


def _growth_ball(*, mean: bool) -> Callable[..., Any]:
    def ball(sample: tuple[fmpq, ...], batch: Any, step: Any) -> Any:
        share = fmpq(1, int(batch)) if mean else fmpq(1)
        total = sum(((1 - step * share * sum(h, fmpq(0))) ** 2 for h in _batches(sample, batch)), 0)
        return total / len(sample) ** int(batch)

    return ball


def _growth_float(*, mean: bool) -> Callable[..., float]:
    def float64(sample: NDArray[np.float64], batch: float, step: float) -> float:
        size = round(batch)
        totals = np.zeros(1)
        for _ in range(size):
            totals = np.add.outer(totals, sample).ravel()
        factor = step / size if mean else step
        return float(np.mean((1.0 - factor * totals) ** 2))

    return float64


def _growth_unfold(risk: BatchRisk) -> Callable[..., Expr]:
    def unfold(sample: Any, batch: Any, step: Any) -> Expr:
        return mean_square_growth(list(sample.args), int(batch), risk, step=step)

    return unfold


SumGrowth = functional(
    "SumGrowth",
    nargs=3,
    latex=r"\mathbb{{E}}\Big[\big(1-{2}\sum_{{i\in B}}h_i\big)^2\Big]",
    float64=_growth_float(mean=False),
    ball=_growth_ball(mean=False),
    unfold=_growth_unfold(BatchRisk.SUM),
    nonnegative=True,
)
"""``SumGrowth(X, b, step)`` is E (1 - step H)^2, H the sum over a batch of b."""

MeanGrowth = functional(
    "MeanGrowth",
    nargs=3,
    latex=r"\mathbb{{E}}\Big[\big(1-\tfrac{{{2}}}{{b}}\sum_{{i\in B}}h_i\big)^2\Big]",
    float64=_growth_float(mean=True),
    ball=_growth_ball(mean=True),
    unfold=_growth_unfold(BatchRisk.MEAN),
    nonnegative=True,
)
"""``MeanGrowth(X, b, step)`` is E (1 - step H)^2, H the mean over a batch of b."""


def _quadratic(values: tuple[Any, ...]) -> Any:
    """Return the loss g.d + d.H d/2 of two parameters, d their distance to the minimum."""
    t1, t2, o1, o2, g1, g2, h11, h12, h22 = values
    u, v = t1 - o1, t2 - o2
    return g1 * u + g2 * v + (h11 * u * u + 2 * h12 * u * v + h22 * v * v) / 2


def _central_difference(first: Any, *rest: Any) -> Any:
    """Differentiate in the first parameter; a central difference of a quadratic is exact."""
    return (_quadratic((first + 1, *rest)) - _quadratic((first - 1, *rest))) / 2


def _derivative(*values: Expr) -> Expr:
    place = Symbol("u_", real=True)
    slope: Expr = _quadratic((place, *values[1:])).diff(place).subs(place, values[0])
    return slope


QuadraticSlope = functional(
    "QuadraticSlope",
    nargs=9,
    latex=r"\partial_1\hat R({0},{1})",
    float64=_central_difference,
    ball=_central_difference,
    unfold=_derivative,
)
"""``QuadraticSlope(t, t*, g, h11, h12, h22)`` is a partial derivative of a quadratic loss."""


def _mean(sample: Any) -> Any:
    return sum(sample, fmpq(0)) / len(sample)


LossMean = functional(
    "LossMean",
    nargs=1,
    latex=r"\bar h",
    float64=lambda sample: float(np.mean(sample)),
    ball=_mean,
    unfold=lambda sample: Add(*sample.args) / len(sample.args),
)
"""``LossMean(X)`` is the second derivative of R_n, the mean over the data."""

LossVariance = functional(
    "LossVariance",
    nargs=1,
    latex=r"\mathbb{{V}}[h]",
    float64=lambda sample: float(np.var(sample)),
    ball=lambda sample: sum(((h - _mean(sample)) ** 2 for h in sample), fmpq(0)) / len(sample),
    unfold=lambda sample: (
        Add(*((h - Add(*sample.args) / len(sample.args)) ** 2 for h in sample.args))
        / len(sample.args)
    ),
    nonnegative=True,
)
"""``LossVariance(X)`` is the variance of the second derivatives over the data."""
