"""The setting of paper A: its symbols, their domains, and abbreviations.

Dictionary: the sample is `X` with points ``x(i)``, size ``n`` and minimum spacing ``gap``; the
noisy point is ``y = mu x + sigma xi`` with mu and sigma in (0, 1); ``q`` is the exponent
mu^2 Delta^2 / 4 sigma^2 of section 2, and ``middle(i)`` the point m_i = mu (x_i + x_{i+1}) / 2.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Symbol, exp

from proofs_check.claim import Relation, Source, ge
from proofs_check.domains import Real, Sample
from proofs_check.functionals import Point, Size, Spacing, sample_symbol
from theory.symbols import i, j, k, mu, sigma, y

__all__ = [
    "MU",
    "SAMPLE",
    "SIGMA",
    "X",
    "data",
    "decay",
    "gap",
    "i",
    "instances",
    "j",
    "k",
    "middle",
    "mu",
    "n",
    "near_centre",
    "place",
    "sigma",
    "spaced",
    "span",
    "x",
    "y",
]

X: Final = sample_symbol()
n: Final = Size(X)
gap: Final = Spacing(X)
data: Final = (X, mu, sigma)
"""The arguments that every functional of the score starts with."""

MU: Final = Real(lo=0, hi=1, lo_open=True, hi_open=True)
SIGMA: Final = Real(lo=0, hi=1, lo_open=True, hi_open=True)
SAMPLE: Final = Sample(spacing=2 * sigma / mu)
"""Samples of any size; most draws are a little wider spaced than the hypothesis needs."""

spaced: Final[Relation] = ge(gap, 2 * sigma / mu)
span: Final[Expr] = Point(X, n) - Point(X, 1)


def x(index: Any) -> Expr:
    """Return the point x_index of the sample."""
    return Point(X, index)


def middle(index: Any) -> Expr:
    """Return m_i, the middle of the noisy centres i and i + 1."""
    return mu * (x(index) + x(index + 1)) / 2


def decay(factor: Any = 1) -> Expr:
    """Return exp(-factor mu^2 Delta^2 / 4 sigma^2)."""
    return exp(-factor * mu**2 * gap**2 / (4 * sigma**2))


def near_centre(index: Any) -> Real:
    """Return the real line with draws within a quarter spacing of a noisy centre."""
    radius = mu * gap / 4
    return Real(within=(mu * x(index) - radius, mu * x(index) + radius))


def place(where: str) -> Source:
    """Return a place in paper A."""
    return Source("A", where)


def instances(**extra: Any) -> dict[str, dict[Symbol, Any]]:
    """Return named parameter sets: the paper's noise levels on three kinds of samples.

    Keyword arguments are values of further symbols by name: ``i``, ``y``, ...
    """
    samples = {
        "equally spaced": tuple(Fraction(5 * r, 2) for r in range(5)),
        "clustered": tuple(Fraction(v, 4) for v in (0, 9, 18, 60, 69)),
        "irregular": tuple(Fraction(v, 10) for v in (-71, -40, 2, 33, 95)),
    }
    noise = {"(0.81, 0.57)": (81, 57), "(0.95, 0.31)": (95, 31)}
    symbols = {"i": i, "j": j, "k": k, "y": y}
    rest = {symbols[name]: Fraction(value) for name, value in extra.items()}
    return {
        f"{kind} at {label}": {
            mu: Fraction(a, 100),
            sigma: Fraction(b, 100),
            X: points,
            **rest,
        }
        for kind, points in samples.items()
        for label, (a, b) in noise.items()
    }
