"""Paper A, Proposition 6, steps 4 to 8: a large residual at a knot costs risk.

``a`` is the distance of a knot to a noisy centre, ``rho`` = |f|/4A, ``N`` = n R_n(theta), ``f`` the
modulus of the residual at the knot, and the window integral is that of exp(-y^2/2 sigma^2) over
[a - rho, a + rho].
"""

from fractions import Fraction
from typing import Final

from sympy import Abs, Rational, Symbol, pi, sqrt

from proofs_check.broken import drop, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Branch, From, Steps
from proofs_check.ledger.large_learning_rates.knot_windows import window
from proofs_check.ledger.large_learning_rates.network_setting import (
    A,
    at,
    bounded,
    meeting_bounds,
    net,
    residual,
    searched,
)
from proofs_check.ledger.large_learning_rates.setting import X, i, mu, n, place, sigma, x, y
from proofs_check.quantities.network_risk import Groups, Knot, NetworkRisk, OuterBound
from theory.symbols import z

__all__ = ["BOUNDS", "CLAIMS", "precise"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
_l = Symbol("l", integer=True, positive=True)

BOUNDS: Final = (le(OuterBound(net), A),)
precise: Final = ge(A, 1 / sigma**2)
"""What P4 uses and no statement prints."""


_FLAT: Final = {
    mu: _half,
    sigma: _half,
    X: (Fraction(0), Fraction(1)),
    net: network((1, 0, 0)),
    A: Fraction(1),
}
"""A network that is zero, with the bound A = 1 below sigma^-2 = 4."""
_CLOSE: Final = {
    mu: Fraction(9, 10),
    sigma: Fraction(1, 100),
    X: (Fraction(0), Fraction(1)),
    net: network(
        (1, Fraction(-5, 8), Fraction(9, 20)),
        (-1, Fraction(-1, 200), Fraction(-1, 80)),
        (-1, Fraction(9, 10), Fraction(1, 100)),
        (-1, -10000, Fraction(9, 20)),
    ),
    A: Fraction(10000),
    _l: Fraction(2),
    i: Fraction(1),
}
"""A knot at which the residual costs little more than the step says."""
_two_points = {**bounded, y: Real(near=(mu * x(1),)), z: Real(near=(mu * x(1),))}
_step = residual(i, y) - residual(i, z)
_at_knot = {**bounded, _l: Integer(lo=1, hi=Groups(net)), i: Integer(lo=1, hi=n)}
_value = Abs(residual(i, Knot(net, _l)))
_share = (
    _value**2
    / (4 * sqrt(2 * pi) * sigma)
    * window(Abs(Knot(net, _l) - mu * x(i)), _value / (4 * A))
)


def _lipschitz_branch(side: int) -> Branch:
    return Branch(
        parts=(From(claim="A.prop6.P4.slope"),),
        rest=Abs(_step) - side * _step + (A - 1 / sigma**2) * Abs(y - z),
    )


SLOPE: Final = (
    Claim(
        id="A.prop6.P4",
        kind=Kind.STEP,
        says="The residual is Lipschitz with constant 2A.",
        source=place("Proposition 6, proof"),
        given={**_two_points, i: Integer(lo=1, hi=n)},
        where=BOUNDS,
        lhs=Abs(_step),
        rel=Rel.LE,
        rhs=2 * A * Abs(y - z),
        evidence=(
            searched({**_FLAT, y: Fraction(1), z: Fraction(0), i: Fraction(1)}, examples=16),
        ),
        broken=(scale("rhs", _half), scale("rhs", Rational(1, 3))),
        printed=r"f_\theta\ \text{is Lipschitz with constant}\ A+\sigma^{-2}\le2A",
        note="Needs A >= sigma^-2, which is not printed; A = C_n/sigma^6 satisfies it.",
    ),
    Claim(
        id="A.prop6.P4.slope",
        kind=Kind.STEP,
        says="The residual is Lipschitz with constant A + sigma^-2.",
        source=place("Proposition 6, proof"),
        given={**_two_points, i: Integer(lo=1, hi=n)},
        where=BOUNDS,
        lhs=Abs(_step),
        rel=Rel.LE,
        rhs=(A + 1 / sigma**2) * Abs(y - z),
        evidence=(
            Argued(),
            searched(
                {
                    **_FLAT,
                    net: network((1, 1, 0)),
                    y: Fraction(1),
                    z: Fraction(1, 2),
                    i: Fraction(1),
                },
                examples=16,
            ),
        ),
        broken=(scale("rhs", Rational(99, 100)), drop(0, name="any outer weights")),
        printed=r"|f_\theta(y)-f_\theta(z)|\le(A+\sigma^{-2})|y-z|",
    ),
    Claim(
        id="A.prop6.P4.amended",
        kind=Kind.AMENDED,
        amends="A.prop6.P4",
        says="The residual is Lipschitz with constant 2A if A is at least sigma^-2.",
        source=place("Proposition 6, proof, with A >= sigma^-2"),
        given={**_two_points, i: Integer(lo=1, hi=n)},
        where=(*BOUNDS, precise),
        lhs=Abs(_step),
        rel=Rel.LE,
        rhs=2 * A * Abs(y - z),
        evidence=(
            Steps(branches=(_lipschitz_branch(1), _lipschitz_branch(-1))),
            searched(
                {**_FLAT, y: Fraction(1), z: Fraction(0), i: Fraction(1)},
                {
                    **_FLAT,
                    A: Fraction(4),
                    net: network((1, 4, 0)),
                    y: Fraction(1),
                    z: Fraction(1, 2),
                    i: Fraction(1),
                },
                examples=16,
            ),
        ),
        broken=(scale("rhs", Rational(99, 100)), drop(1, name="any bound A")),
    ),
    Claim(
        id="A.prop6.P5",
        kind=Kind.STEP,
        says="The risk is at least what the residual near a knot costs.",
        source=place("Proposition 6, proof"),
        given=_at_knot,
        where=BOUNDS,
        lhs=n * NetworkRisk(*at),
        rel=Rel.GE,
        rhs=_share,
        evidence=(
            searched(
                {
                    **_FLAT,
                    A: Fraction(1, 100),
                    net: network((1, 0, 10)),
                    _l: Fraction(1),
                    i: Fraction(1),
                },
                examples=16,
            ),
        ),
        broken=(scale("rhs", 2), scale("rhs", 4)),
        printed=r"nR_n\ge\frac{f_\theta(\tau_l)^2}{4\sqrt{2\pi}\sigma}\int_De^{-y^2/2\sigma^2}dy,"
        r"\quad D=[a-\rho,a+\rho],\ a=|\tau_l-\mu x_i|,\ \rho=|f_\theta(\tau_l)|/4A",
        note="Inherits A >= sigma^-2 from the step before; without it the window is too wide.",
    ),
    Claim(
        id="A.prop6.P5.amended",
        kind=Kind.AMENDED,
        amends="A.prop6.P5",
        says="The risk is at least what the residual near a knot costs, if A is at least sigma^-2.",
        source=place("Proposition 6, proof, with A >= sigma^-2"),
        given=_at_knot,
        where=(*BOUNDS, precise),
        lhs=n * NetworkRisk(*at),
        rel=Rel.GE,
        rhs=_c * _share,
        constant=Constant(_c, Rational(1), larger_is_weaker=False),
        evidence=(
            Argued(rests_on=("A.prop6.P4.amended",)),
            searched(
                {
                    **_FLAT,
                    A: Fraction(1, 100),
                    net: network((1, 0, 10)),
                    _l: Fraction(1),
                    i: Fraction(1),
                },
                _CLOSE,
                draw=meeting_bounds(_at_knot),
                examples=16,
            ),
        ),
        broken=(drop(1, name="any bound A"), scale("rhs", 4)),
        note="Least ratio of both sides found: 3.2.",
    ),
)


CLAIMS: Final = SLOPE
