"""Rigorous values of the sharpness as the public notebook of paper A defines it."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from flint import arb, fmpq
from numpy.typing import NDArray

from proofs_check.balls import to_ball
from proofs_check.domains_network import network
from proofs_check.functionals import functional
from proofs_check.quantities.mixture_balls import score
from proofs_check.quantities.network_balls import neurons_of, value_at, width_of
from proofs_check.quantities.sharpness_balls import (
    hessian_top,
    largest_eigenvalue,
    truncated_top,
)

__all__ = [
    "APART",
    "CASES",
    "CENTRED",
    "GridMass",
    "NotebookRatio",
    "NotebookTop",
    "TruncatedRatio",
]

_POINTS = 500


def _grid() -> list[fmpq]:
    """Return 500 equally spaced points from -2 to 2."""
    return [fmpq(-2) + fmpq(4 * k, _POINTS - 1) for k in range(_POINTS)]


def notebook_top(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return lambda_max of the grid risk's Hessian without its knot part, target s*.

    Copies of a neuron are one row, as in `sharpness_balls`.
    """
    neurons = neurons_of(value)
    width, size = width_of(neurons), len(neurons)
    rows = [[arb(0)] * (2 * size) for _ in range(2 * size)]
    cross = [arb(0)] * size
    roots = [arb(p.copies).sqrt() for p in neurons]
    for y in _grid():
        weight = to_ball(-(y**2) / 2).exp() / _POINTS
        misfit = to_ball(value_at(value, y)) - score(sample, mu, sigma, y)
        active = [k for k, p in enumerate(neurons) if p.inner * (y - p.knot) > 0]
        gradient = []
        for k in active:
            p = neurons[k]
            gradient += [
                (k, to_ball(p.inner * (y - p.knot)) * roots[k] / width),
                (size + k, to_ball(p.outer) * roots[k] / width),
            ]
            cross[k] += 2 * weight * misfit / width
        for a, u in gradient:
            for b, v in gradient:
                rows[a][b] += 2 * weight * u * v
    for k in range(size):
        rows[k][size + k] += cross[k]
        rows[size + k][k] += cross[k]
    top = largest_eigenvalue(rows)
    for p, c in zip(neurons, cross, strict=True):
        top = top.max(abs(c)) if p.copies > 1 else top
    return top


def _float_top(
    sample: NDArray[np.float64], mu: float, sigma: float, value: NDArray[np.float64]
) -> float:
    """Run the notebook's power iteration until it has settled."""
    from numerics.empirical_score import empirical_score
    from numerics.notebook_sharpness import notebook_grid, notebook_sharpness
    from numerics.relu_network import ReluNetwork

    rows = np.asarray(value, dtype=np.float64).reshape(-1, 4)
    rows = np.repeat(rows, rows[:, 3].astype(int), axis=0)
    network = ReluNetwork(outer=rows[:, 1], inner=rows[:, 0], bias=rows[:, 2])
    target = empirical_score(notebook_grid(), sample, mu=float(mu), sigma=float(sigma))
    rng = np.random.default_rng(0)
    return float(notebook_sharpness(network, target, rng=rng, iterations=1000))


NotebookTop: Any = functional(
    "NotebookTop",
    nargs=4,
    latex=r"\lambda_{{\mathrm{{notebook}}}}",
    float64=_float_top,
    ball=notebook_top,
)
"""``NotebookTop(X, mu, sigma, net)`` is what the notebook's power iteration approaches.

The float64 value is the eigenvalue of largest modulus, the ball the largest one; they agree
where the largest one is also largest in modulus.
"""


def _float_mass(end: float) -> float:
    points = np.linspace(-end, end, _POINTS)
    return float(np.mean(np.exp(-(points**2) / 2)))


def _mass(end: Any) -> arb:
    total = arb(0)
    for k in range(_POINTS):
        total += to_ball(-((end * (fmpq(2 * k, _POINTS - 1) - 1)) ** 2) / 2).exp()
    return total / _POINTS


GridMass: Any = functional(
    "GridMass",
    nargs=1,
    latex=r"\tfrac1{{500}}\sum_je^{{-y_j^2/2}}",
    float64=_float_mass,
    ball=_mass,
    positive=True,
)
"""``GridMass(e)`` is the total weight of 500 equally spaced points of [-e, e]."""


def _teeth(centres: Sequence[Fraction], noise: Fraction) -> tuple[Fraction, ...]:
    """Return a network that falls with slope -1/sigma^2 near each of up to six centres."""
    steep = 4 / noise**2
    rows = []
    for c in centres:
        rows += [(1, -steep, c - noise), (1, steep, c + noise)]
    return network(*rows)


def _affine(noise: Fraction) -> tuple[Fraction, ...]:
    """Return the network s(y) = -y/sigma^2."""
    return network((1, -2 / noise**2, 0), (-1, 2 / noise**2, 0))


_MIXED = network(
    (1, -2, -1),
    (1, 1, Fraction(1, 2)),
    (-1, 2, 1),
    (-1, -1, Fraction(-1, 2)),
    (1, Fraction(3, 2), Fraction(3, 2)),
)
_LEVELS = ((Fraction(81, 100), Fraction(57, 100)), (Fraction(95, 100), Fraction(31, 100)))
_CENTRED = (
    tuple(Fraction(v) for v in (-1, 0, 1)),
    tuple(Fraction(v, 10) for v in (-15, -9, -3, 1, 6, 14)),
)


def _cases() -> Iterator[tuple[str, tuple[Any, ...]]]:
    for mu, sigma in _LEVELS:
        for sample in _CENTRED:
            centres = [mu * x for x in sample]
            first = sigma == _LEVELS[0][1]
            name, net = ("affine", _affine(sigma)) if first else ("teeth", _teeth(centres, sigma))
            yield f"{name}, n = {len(sample)}, sigma = {sigma}", (sample, mu, sigma, net)


CENTRED: Final[dict[str, tuple[Any, ...]]] = dict(_cases())
"""Networks that follow the score near centred data, at the paper's noise levels."""

_AWAY = (Fraction(3), Fraction(4))
APART: Final = (_AWAY, *_LEVELS[1], _MIXED)
"""Data away from zero: the notebook reports more than twice the sharpness."""
OUTSIDE: Final = (_AWAY, *_LEVELS[0], _teeth([_LEVELS[0][0] * x for x in _AWAY], _LEVELS[0][1]))
"""Data at the edge of the grid: the notebook reports a three-hundredth of the sharpness."""
CASES: Final = {**CENTRED, "data away from zero": APART, "data at the grid's edge": OUTSIDE}


def _case(index: Any) -> tuple[Any, ...]:
    return list(CASES.values())[round(float(index)) - 1]


def _exact(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_exact(v) for v in value)
    return fmpq(value.numerator, value.denominator)


def _ratio(top: Callable[..., Any]) -> Callable[[Any], Any]:
    def ball(index: Any) -> Any:
        case = tuple(_exact(v) for v in _case(index))
        return top(*case) / hessian_top(*case)

    return ball


def _float_ratio(top: Callable[..., float]) -> Callable[[float], float]:
    def float64(index: float) -> float:
        from proofs_check.quantities.network_risk import HessianTop

        sample, mu, sigma, net = _case(index)
        case = (
            np.array([float(v) for v in sample]),
            float(mu),
            float(sigma),
            np.array([float(v) for v in net]),
        )
        return top(*case) / float(HessianTop.float64(*case))

    return float64


NotebookRatio: Any = functional(
    "NotebookRatio",
    nargs=1,
    latex=r"\frac{{\lambda_{{\mathrm{{notebook}}}}}}{{\lambda_{{\max}}}}\left({0}\right)",
    float64=_float_ratio(_float_top),
    ball=_ratio(notebook_top),
    positive=True,
)
"""``NotebookRatio(k)`` is the notebook's sharpness over the exact one in case k of `CASES`."""

TruncatedRatio: Any = functional(
    "TruncatedRatio",
    nargs=1,
    latex=r"\frac{{\lambda_{{\max}}(T+C)}}{{\lambda_{{\max}}}}\left({0}\right)",
    ball=_ratio(truncated_top),
    positive=True,
)
"""``TruncatedRatio(k)`` is the same for automatic differentiation of R_n itself."""
