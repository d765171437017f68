"""The setting of paper B: its symbols, their domains, and abbreviations.

Dictionary: ``d`` is the dimension, ``m = n - 1`` the degrees of freedom of n training points,
``gamma`` the signal-to-noise ratio, ``psi = m / d`` the aspect ratio and ``u = psi - 1``;
``signal`` is R^2 and ``noise`` is 1 - R^2. Lengths are in units of the data's standard deviation.
Gaussian laws are given by the difference of the means and triangular factors of the covariances.
"""

from typing import Any, Final

from sympy import Expr, Rational, Symbol, Tuple, exp

from proofs_check.claim import Source
from proofs_check.domains import Domain, Real
from theory.symbols import alpha, d, gamma, lambda_, m, psi, s_d

__all__ = [
    "CODE_GAMMA",
    "LAWS",
    "LINE",
    "PLANE",
    "PLANE_LAWS",
    "POSITIVE",
    "SPACE",
    "STANDARD_GAMMA",
    "alpha",
    "d",
    "delta",
    "first",
    "gamma",
    "lambda_",
    "m",
    "noise",
    "percent",
    "place",
    "psi",
    "s_d",
    "second",
    "sets",
    "signal",
    "u",
    "w",
]

POSITIVE: Final = Real(lo=0, lo_open=True)
percent: Final = Rational(101, 100)

signal: Final[Expr] = gamma / (1 + gamma)
noise: Final[Expr] = 1 / (1 + gamma)
u: Final = Symbol("u", positive=True)
"""psi - 1."""
w: Final = Symbol("w", positive=True)
"""An eigenvalue, or the turning point of the slope in u."""

CODE_GAMMA: Final[Expr] = exp(4) / (exp(4) - 1)
"""Signal-to-noise ratio of the public code: noise scale e^-4 at T = 2, s_d = 1."""
STANDARD_GAMMA: Final[Expr] = 1 / (exp(4) - 1)
"""Signal-to-noise ratio of the standard process at T = 2, s_d = 1."""

delta: Final = tuple(Symbol(f"delta_{k}", real=True) for k in (1, 2))
first: Final = (
    Symbol("p_1", positive=True),
    Symbol("p_2", real=True),
    Symbol("p_3", positive=True),
)
second: Final = (
    Symbol("q_1", positive=True),
    Symbol("q_2", real=True),
    Symbol("q_3", positive=True),
)

LINE: Final = (Tuple(delta[0]), Tuple(first[0]), Tuple(second[0]))
"""Two laws on the line: N(delta_1, p_1^2) and N(0, q_1^2)."""
PLANE: Final = (Tuple(*delta), Tuple(*first), Tuple(*second))
"""Two laws in the plane, with factors [[p_1, 0], [p_2, p_3]] and [[q_1, 0], [q_2, q_3]]."""

_near: Final = Real(lo=0, lo_open=True, within=(Rational(1, 3), 3))
LAWS: Final[dict[Symbol, Domain]] = {
    delta[0]: Real(within=(-2, 2)),
    first[0]: _near,
    second[0]: _near,
}
PLANE_LAWS: Final[dict[Symbol, Domain]] = {
    **{s: Real(within=(-2, 2)) for s in delta},
    **{s: _near if s.is_positive else Real(within=(-1, 1)) for s in (*first, *second)},
}
SPACE: Final = {
    "three dimensions": (
        Tuple(1, Rational(1, 2), -1),
        Tuple(1, Rational(1, 2), 2, 0, Rational(1, 3), 1),
        Tuple(2, -1, 1, 1, Rational(1, 5), Rational(3, 2)),
    ),
}


def place(where: str) -> Source:
    """Return a place in the sources of paper B."""
    return Source("B", where)


def sets(*rows: Any, names: tuple[Symbol, ...] = (d, m, gamma)) -> tuple[dict[Symbol, Any], ...]:
    """Return parameter sets for simulations, exact values in the order of the names."""
    from fractions import Fraction

    return tuple({s: Fraction(v) for s, v in zip(names, row, strict=True)} for row in rows)
