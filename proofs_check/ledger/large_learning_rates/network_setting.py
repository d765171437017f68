"""The networks of paper A, section 3: symbols, domains, and networks used as witnesses."""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Symbol

from proofs_check.domains import Real
from proofs_check.domains_network import Network, network
from proofs_check.functionals import sample_symbol
from proofs_check.ledger.large_learning_rates.setting import MU, SAMPLE, SIGMA, X, mu, sigma, x
from proofs_check.quantities.network_risk import NetworkValue, OuterBound
from theory.symbols import A

__all__ = [
    "A",
    "BOUND",
    "EDGE",
    "MIRRORED",
    "NET",
    "TWO_POINTS",
    "at",
    "bounded",
    "given",
    "net",
    "residual",
]

net: Final = sample_symbol("theta")
NET: Final = Network(sample=X, mean_scale=mu, noise=sigma)
given: Final = {mu: MU, sigma: SIGMA, X: SAMPLE, net: NET}
at: Final = (X, mu, sigma, net)
"""The arguments that every functional of a network's risk takes."""

BOUND: Final = Real(lo=0, lo_open=True, near=(OuterBound(net), 1 / sigma**2))
bounded: Final = {**given, A: BOUND}
"""With the bound A of the outer weights; that it is one is a hypothesis."""


def residual(index: Any, point: Any) -> Expr:
    """Return f_theta at a point for datum i: s(y) + (y - mu x_i)/sigma^2."""
    return NetworkValue(net, point) + (point - mu * x(index)) / sigma**2


_half = Fraction(1, 2)
TWO_POINTS: Final[dict[Symbol, Any]] = {
    mu: _half,
    sigma: Fraction(1, 20),
    X: (Fraction(0), Fraction(1)),
}
"""Two data, ten noise levels apart."""

EDGE: Final = {
    **TWO_POINTS,
    net: network(
        (1, Fraction(1, 8), Fraction(3, 8)),
        (-1, Fraction(1, 8), Fraction(1, 8)),
        (1, Fraction(1, 20), _half, 3),
        (-1, Fraction(1, 20), 0, 3),
    ),
}
"""Eight neurons, six of them with knots on the outermost noisy centres."""

MIRRORED: Final = {
    mu: _half,
    sigma: _half,
    X: (Fraction(-1, 100), Fraction(1, 100)),
    net: network((1, 1, 0), (-1, 1, 0)),
}
"""Two neurons that open away from each other: the tangent part falls into two equal blocks."""
