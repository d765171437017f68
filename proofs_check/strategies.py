"""Hypothesis strategies for data, noise levels, Gaussian laws and the points of a claim.

Everything is drawn in exact rationals; simple values come first, so that failures shrink well.
"""

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy import Symbol

from proofs_check.claim import Claim
from proofs_check.witness import admissible

__all__ = [
    "DrawnChoices",
    "Gaussian",
    "NoiseLevel",
    "diffusion_pairs",
    "gaussians",
    "noise_levels",
    "points",
    "samples",
]

T = TypeVar("T")
Draw = Any
"""The function that Hypothesis hands to a composite strategy."""


@lru_cache(maxsize=1024)
def _whole(lo: int, hi: int) -> st.SearchStrategy[int]:
    # a point takes dozens of draws, most of them from the same few ranges
    return st.integers(lo, hi)


class DrawnChoices:
    """A stream of choices (`domains.Choices`) that Hypothesis owns and shrinks."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def integer(self, lo: int, hi: int) -> int:
        """Return an integer in ``[lo, hi]``."""
        value: int = self._draw(_whole(lo, hi))
        return value

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        value: T = self._draw(st.sampled_from(options))
        return value


class NoiseLevel(NamedTuple):
    """The pair of Y = mu X + sigma xi; both lie in (0, 1)."""

    mu: Fraction
    sigma: Fraction

    @property
    def time(self) -> float:
        """Return t with mu = exp(-t); then sigma^2 = 1 - exp(-2t) on the circle only."""
        return -math.log(self.mu)


@dataclass(frozen=True)
class Gaussian:
    """A Gaussian law with a positive definite covariance matrix, in exact rationals.

    Attributes
    ----------
    mean
        Entries, shape (d,).
    covariance
        Rows, shape (d, d): symmetric and positive definite.
    """

    mean: tuple[Fraction, ...]
    covariance: tuple[tuple[Fraction, ...], ...]

    def float64(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return mean of shape (d,) and covariance of shape (d, d), rounded to float64."""
        mean = np.array([float(v) for v in self.mean], dtype=np.float64)
        rows = [[float(v) for v in row] for row in self.covariance]
        return mean, np.array(rows, dtype=np.float64)


def _check_sizes(min_size: int, max_size: int, least: int) -> None:
    if min_size < least:
        raise ValueError(f"min_size was {min_size}; it must be at least {least}")
    if max_size < min_size:
        raise ValueError(f"max_size was {max_size}; it must be at least min_size = {min_size}")


def _positive() -> st.SearchStrategy[Fraction]:
    """Positive rationals: small integers first, then simple ratios, then orders of magnitude."""
    simple = st.builds(Fraction, st.integers(1, 12), st.integers(1, 12))
    powers = st.integers(-12, 12).map(lambda k: Fraction(2) ** k)
    wide = st.builds(operator.mul, powers, st.integers(1, 9))
    return st.one_of(st.integers(1, 10).map(Fraction), simple, wide)


@st.composite
def samples(
    draw: Draw, *, min_size: int = 2, max_size: int = 6, spacing: Fraction | int = 0
) -> tuple[Fraction, ...]:
    r"""Draw data points :math:`x_1<\dots<x_n` with gaps of at least ``spacing``.

    Parameters
    ----------
    min_size, max_size
        Range of n; at least 1.
    spacing
        Least gap; gaps are equal to it in a part of the draws when it is positive.

    Raises
    ------
    ValueError
        Sizes out of order or a negative spacing.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(samples(min_size=3, spacing=2), lambda x: True)
    (Fraction(0, 1), Fraction(2, 1), Fraction(4, 1))
    """
    _check_sizes(min_size, max_size, 1)
    if spacing < 0:
        raise ValueError(f"spacing was {spacing}; it must not be negative")
    least = Fraction(spacing)
    size = draw(st.integers(min_size, max_size))
    extra = _positive() if least == 0 else st.one_of(st.just(Fraction(0)), _positive())
    if draw(st.booleans()):
        gaps = [draw(extra) for _ in range(size - 1)]
    else:
        gaps = [draw(extra)] * (size - 1)
    whole = st.integers(-10, 10).map(Fraction)
    found = [draw(st.one_of(whole, _positive(), _positive().map(operator.neg)))]
    for gap in gaps:
        found.append(found[-1] + least + gap)
    return tuple(found)


def _unit() -> st.SearchStrategy[Fraction]:
    """Rationals strictly between 0 and 1, also close to both ends."""
    simple = st.builds(lambda p, q: Fraction(p, p + q), st.integers(1, 11), st.integers(1, 11))
    small = st.integers(1, 20).map(lambda k: Fraction(1, 2**k))
    return st.one_of(simple, small, small.map(lambda v: 1 - v))


def _on_circle(t: Fraction) -> NoiseLevel:
    """Return the rational point (2t, 1-t^2) / (1+t^2) of the unit circle."""
    return NoiseLevel(2 * t / (1 + t**2), (1 - t**2) / (1 + t**2))


def noise_levels(*, circle: bool | None = None) -> st.SearchStrategy[NoiseLevel]:
    r"""Draw exact pairs :math:`(\mu,\sigma)\in(0,1)^2`.

    Parameters
    ----------
    circle
        ``True``: only pairs with :math:`\mu^2+\sigma^2=1`, as in the diffusion reading, by the
        rational parametrisation of the circle; ``False``: independent values; both by default.

    Examples
    --------
    >>> from hypothesis import find
    >>> level = find(noise_levels(circle=True), lambda level: level.mu < level.sigma)
    >>> level.mu**2 + level.sigma**2
    Fraction(1, 1)
    """
    on = _unit().map(_on_circle)
    off = st.builds(NoiseLevel, _unit(), _unit())
    if circle is None:
        return st.one_of(off, on)
    return on if circle else off


def diffusion_pairs(
    *, min_time: float = 1e-8, max_time: float = 10.0
) -> st.SearchStrategy[tuple[float, float, float]]:
    r"""Draw :math:`(t, e^{-t}, \sqrt{1-e^{-2t}})` in float64, times over orders of magnitude.

    Raises
    ------
    ValueError
        Times that are not positive or out of order.

    Examples
    --------
    >>> from hypothesis import find
    >>> t, mu, sigma = find(diffusion_pairs(), lambda pair: True)
    >>> abs(mu**2 + sigma**2 - 1) < 1e-15
    True
    """
    if not 0 < min_time <= max_time < math.inf:
        raise ValueError(f"min_time, max_time were {min_time}, {max_time}; give 0 < min <= max")
    exponents = st.floats(math.log(min_time), math.log(max_time))
    # rounding may push exp(log(t)) a little over an end
    times = exponents.map(lambda e: min(max(math.exp(e), min_time), max_time))
    return times.map(lambda t: (t, math.exp(-t), math.sqrt(-math.expm1(-2 * t))))


@st.composite
def gaussians(draw: Draw, dimension: int) -> Gaussian:
    r"""Draw a Gaussian law with covariance :math:`LL^\top`, L lower triangular, positive diagonal.

    Parameters
    ----------
    dimension
        d >= 1.

    Raises
    ------
    ValueError
        A dimension below 1.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(gaussians(2), lambda law: True).covariance
    ((Fraction(1, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1)))
    """
    if dimension < 1:
        raise ValueError(f"dimension was {dimension}; it must be at least 1")
    entry = st.builds(Fraction, st.integers(-8, 8), st.integers(1, 4))
    # diagonals within a factor 64, so that the float64 form stays positive definite
    diagonal = st.builds(Fraction, st.integers(1, 8), st.sampled_from((1, 2, 4, 8)))
    mean = tuple(draw(entry) for _ in range(dimension))
    lower = [
        [*(draw(entry) for _ in range(r)), draw(diagonal), *[Fraction(0)] * (dimension - 1 - r)]
        for r in range(dimension)
    ]
    rows = tuple(
        tuple(sum((a * b for a, b in zip(u, v, strict=True)), Fraction(0)) for v in lower)
        for u in lower
    )
    return Gaussian(mean, rows)


@st.composite
def points(draw: Draw, claim: Claim) -> dict[Symbol, Any]:
    """Draw exact points of a claim's domains at which every hypothesis certainly holds.

    Examples
    --------
    >>> from hypothesis import find
    >>> from sympy import Symbol
    >>> from proofs_check import Claim, Rel, Search, flip, reals
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="square",
    ...     says="squares are not negative",
    ...     given={a: reals},
    ...     lhs=a**2,
    ...     rel=Rel.GE,
    ...     rhs=0,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> find(points(claim), lambda point: point[a] > 2)[a] > 2
    True
    """
    from proofs_check.methods.search import draw_point

    point = draw_point(claim, DrawnChoices(draw))
    assume(admissible(claim, point, max_bits=512) is True)
    return point
