"""The networks of paper A, section 3: symbols, domains, and networks used as witnesses."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Symbol

from proofs_check.domains import Choices, Domain, Real
from proofs_check.domains_network import Network, groups_of, network
from proofs_check.evidence import Search
from proofs_check.functionals import sample_symbol
from proofs_check.ledger.large_learning_rates.setting import MU, SAMPLE, SIGMA, X, mu, sigma, x
from proofs_check.quantities.network_risk import NetworkValue, OuterBound
from theory.symbols import A

__all__ = [
    "BOUND",
    "CLUSTERS",
    "CROWDED",
    "EDGE",
    "MIRRORED",
    "NET",
    "SINGLE",
    "TWO_POINTS",
    "A",
    "at",
    "bounded",
    "given",
    "meeting_bounds",
    "net",
    "residual",
    "searched",
]

net: Final = sample_symbol("theta")
NET: Final = Network(sample=X, mean_scale=mu, noise=sigma)
SINGLE: Final = Network(sample=X, mean_scale=mu, noise=sigma, single=True)
"""Networks whose neurons are listed one by one, for statements about single entries."""
given: Final = {mu: MU, sigma: SIGMA, X: SAMPLE, net: NET}
at: Final = (X, mu, sigma, net)
"""The arguments that every functional of a network's risk takes."""

BOUND: Final = Real(lo=0, lo_open=True, near=(OuterBound(net), 1 / sigma**2))
bounded: Final = {**given, A: BOUND}
"""With the bound A of the outer weights; that it is one is a hypothesis."""


def meeting_bounds(extra: Mapping[Symbol, Domain]) -> Callable[[Choices], dict[Symbol, Any]]:
    """Return a way to draw points whose A is at least every outer weight and sigma^-2."""

    def draw(choices: Choices) -> dict[Symbol, Any]:
        point: dict[Symbol, Any] = {}
        for symbol, domain in given.items():
            point[symbol] = domain.draw(choices, point)
        largest = max(abs(outer) for _, outer, _, _ in groups_of(point[net]))
        point[A] = max(largest, 1 / point[sigma] ** 2) * choices.pick((1, 1, 2, 10))
        for symbol, domain in extra.items():
            if symbol not in point:
                point[symbol] = domain.draw(choices, point)
        return point

    return draw


def searched(
    *also: Mapping[Symbol, Any],
    examples: int = 24,
    draw: Callable[[Choices], Mapping[Symbol, Any]] | None = None,
) -> Search:
    """Return a search over networks, whose values are dear: random points only, few bits."""
    return Search(also=also, draw=draw, examples=examples, hypothesis_examples=0, bits=64)


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

CROWDED: Final = {
    mu: _half,
    sigma: Fraction(1, 40),
    X: (Fraction(0), Fraction(1)),
    net: network(
        (1, Fraction(3, 16), Fraction(5, 16)),
        (-1, Fraction(3, 16), Fraction(3, 16)),
        (1, Fraction(17, 800), _half, 96),
        (-1, Fraction(17, 800), 0, 96),
    ),
}
"""The same with 96 neurons on each side: Proposition 10 fails by a tenth."""

CLUSTERS: Final = {
    mu: _half,
    sigma: Fraction(1, 40),
    X: tuple(Fraction(k, 200) for k in (*range(5), *range(196, 201))),
    net: network(
        (1, Fraction(3, 16), Fraction(5, 16)),
        (-1, Fraction(3, 16), Fraction(3, 16)),
        (1, Fraction(1, 40), _half, 16),
        (-1, Fraction(1, 40), 0, 16),
    ),
}
"""Ten data in two clusters."""

MIRRORED: Final = {
    mu: _half,
    sigma: _half,
    X: (Fraction(-1, 100), Fraction(1, 100)),
    net: network((1, 1, 0), (-1, 1, 0)),
}
"""Two neurons that open away from each other: the tangent part falls into two equal blocks."""
