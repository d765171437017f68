"""Paper A, Proposition 6: the sharpness bounds the weighted variation of a network.

The chain as printed rests on Proposition 10, which is false; with the amended weight of
`tangent_bound` and A >= sigma^-2 every link holds with the printed constants. ``v`` is the top unit
eigenvector of the tangent part, C the cross part, D the knot part of eq. 15.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Abs, E, Expr, Max, Rational, Symbol, pi, sqrt

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, le
from proofs_check.domains import Real
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Branch, From, Steps
from proofs_check.ledger.large_learning_rates.knot_bound import BOUNDS, precise
from proofs_check.ledger.large_learning_rates.network_setting import (
    EDGE,
    TWO_POINTS,
    A,
    at,
    bounded,
    given,
    meeting_bounds,
    net,
    searched,
)
from proofs_check.ledger.large_learning_rates.setting import X, mu, n, place, sigma
from proofs_check.quantities.network_risk import (
    AmendedVariation,
    CrossShare,
    HessianTop,
    KnotPeak,
    KnotShare,
    NetworkRisk,
    NetworkVariation,
    TangentTop,
    Width,
)
from theory.symbols import eta

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
m = Width(net)
_risk = NetworkRisk(*at)
_top = HessianTop(*at)
_cross, _knots = CrossShare(*at), KnotShare(*at)
_cube = (sqrt(2 * pi * E) * A * sigma * n * _risk) ** Rational(1, 3)
_larger = Max(sqrt(2 * n * _risk), _cube)
_knot_term = A / (sqrt(2 * pi) * sigma) * _larger
_damped = sqrt(2) * A / (sqrt(pi) * m * sigma) * KnotPeak(*at)
_draw = meeting_bounds(bounded)

_FAR: Final[dict[Symbol, Any]] = {
    mu: Fraction(3, 4),
    sigma: Fraction(9, 10),
    X: (Fraction(0), Fraction(100)),
    net: network((-1, Fraction(9, 16), Fraction(27, 10)), (1, Fraction(9, 16), Fraction(723, 10))),
    A: Fraction(5, 4),
}
"""Two data far apart: the bound exceeds the variation least, by a factor 8.8."""
_LEVER: Final = {
    mu: _half,
    sigma: _half,
    X: (Fraction(0), Fraction(100)),
    net: network((-1, Fraction(-25, 2), Fraction(25, 2)), (1, Fraction(-25, 2), Fraction(75, 2))),
}
_STEEP: Final = {**TWO_POINTS, net: network((1, -400, 0)), A: Fraction(400)}
_UNBOUNDED: Final = {**_STEEP, A: Fraction(4)}
"""The same network with outer weights beyond A: the knot term exceeds the bound there."""
_SIDE: Final = {**TWO_POINTS, net: network((1, Fraction(1, 4), Fraction(1, 4)))}
_TIGHT: Final = {
    mu: Fraction(9, 10),
    sigma: Fraction(1, 5),
    X: tuple(Fraction(v) for v in range(4)),
    net: network(
        (1, Fraction(175, 8), Fraction(-108, 5)), (-1, Fraction(3, 10), Fraction(189, 80))
    ),
}
"""A residual of nearly constant modulus, on which the second step is nearly sharp."""


def _bound(first: Expr) -> Expr:
    return first + sqrt(_risk) / 2 + _knot_term


CLAIMS: Final = (
    Claim(
        id="A.prop6.P1",
        kind=Kind.STEP,
        says="Sharpness, cross term and knot term together dominate the weighted variation.",
        source=place("Proposition 6, equation (17)"),
        given=given,
        lhs=_top + Abs(_cross) + Abs(_knots),
        rel=Rel.GE,
        rhs=4 / m * NetworkVariation(*at),
        evidence=(searched(_LEVER, _SIDE, EDGE),),
        broken=(scale("rhs", 20), flip()),
        printed=r"\lambda_{\max}(\nabla^2R_n)+|v^\top Cv|+|v^\top Dv|\ge\tfrac4mTV_\pi(s_\theta)",
        note="Its proof rests on Proposition 10, which is false; no network that breaks this "
        "weaker statement was found (least ratio 2.3).",
    ),
    Claim(
        id="A.prop6.rayleigh",
        kind=Kind.LEMMA,
        says="The sharpness is at least the Rayleigh quotient at the tangent part's eigenvector.",
        source=place("Proposition 6, equation (17)"),
        given=given,
        lhs=_top,
        rel=Rel.GE,
        rhs=2 * TangentTop(*at) + _cross + _knots,
        evidence=(Argued(rests_on=("A.lem5.amended",)), searched(_LEVER, _SIDE)),
        broken=(
            restate("without cross and knot term", rhs=2 * TangentTop(*at)),
            flip(),
        ),
    ),
    Claim(
        id="A.prop6.P1.amended",
        kind=Kind.AMENDED,
        amends="A.prop6.P1",
        says="Sharpness, cross term and knot term dominate the variation with the amended weight.",
        source=place("Proposition 6, equation (17), with another weight"),
        given=given,
        lhs=_top + Abs(_cross) + Abs(_knots),
        rel=Rel.GE,
        rhs=4 / m * AmendedVariation(*at),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop6.rayleigh"),
                            From(claim="A.prop10.amended", weight=2),
                        ),
                        rest=Abs(_cross) + _cross + Abs(_knots) + _knots,
                    ),
                )
            ),
            searched(_LEVER, _SIDE),
        ),
        broken=(scale("rhs", 20), flip()),
    ),
    Claim(
        id="A.prop6.P2",
        kind=Kind.STEP,
        says="The cross term is at most 2/m times the root of the risk.",
        source=place("Proposition 6, proof"),
        given=given,
        lhs=Abs(_cross),
        rel=Rel.LE,
        rhs=_c / m * sqrt(_risk),
        constant=Constant(_c, Rational(2), larger_is_weaker=True, power_of_two=True),
        evidence=(Argued(), searched(_TIGHT, _LEVER)),
        broken=(scale("rhs", Rational(19, 20)), restate("one over m", rhs=sqrt(_risk) / m)),
        printed=r"|v^\top Cv|\le\tfrac2m\sqrt{R_n(\theta)}\quad(\lambda_{\max}(H(y))\le1)",
        note="Nearly attained (ratio 1.003). At a critical point of R_n the term vanishes: the "
        "derivative in b_l is w_l times the cross entry of neuron l.",
    ),
    Claim(
        id="A.prop6.P3",
        kind=Kind.STEP,
        says="The knot term is at most a multiple of the largest damped residual at a knot.",
        source=place("Proposition 6, equation (18)"),
        given=bounded,
        where=BOUNDS,
        lhs=Abs(_knots),
        rel=Rel.LE,
        rhs=_damped,
        evidence=(Argued(), searched(_STEEP, _FAR, _UNBOUNDED, draw=_draw)),
        broken=(
            drop(0, name="any outer weights"),
            scale("rhs", Rational(1, 100)),
        ),
        printed=r"|v^\top Dv|\le\frac{\sqrt2A}{\sqrt\pi m\sigma}\max_{l,i}|f_\theta(\tau_l)|"
        r"e^{-(\tau_l-\mu x_i)^2/2\sigma^2}",
    ),
    Claim(
        id="A.prop6.peak",
        kind=Kind.LEMMA,
        says="The largest damped residual at a knot is bounded by the risk.",
        source=place("Proposition 6, the two cases together"),
        given=bounded,
        where=(*BOUNDS, precise),
        lhs=KnotPeak(*at),
        rel=Rel.LE,
        rhs=2 * _larger,
        evidence=(
            Argued(
                rests_on=(
                    "A.prop6.P5.amended",
                    "A.prop6.P6",
                    "A.prop6.P7.amended",
                    "A.prop6.P7.amended.narrow",
                    "A.prop6.P8.risk",
                    "A.prop6.P8",
                )
            ),
            searched(_STEEP, _FAR, draw=_draw),
        ),
        broken=(scale("rhs", Rational(1, 10)), flip()),
    ),
    Claim(
        id="A.prop6",
        says="The weighted variation is bounded by the sharpness, the risk and the outer weights.",
        source=place("Proposition 6"),
        given=bounded,
        where=BOUNDS,
        lhs=NetworkVariation(*at),
        rel=Rel.LE,
        rhs=_c * _bound(m * _top / 4),
        constant=Constant(_c, Rational(1), larger_is_weaker=True),
        steps=(
            "A.prop6.P1",
            "A.prop6.P2",
            "A.prop6.P3",
            "A.prop6.P4",
            "A.prop6.P5",
            "A.prop6.P6",
            "A.prop6.P7",
            "A.prop6.P8.risk",
            "A.prop6.P8",
        ),
        evidence=(searched(_FAR, {**EDGE, A: Fraction(1, 8)}, draw=_draw),),
        broken=(
            scale("rhs", Rational(1, 10)),
            flip(),
        ),
        printed=r"TV_\pi(s_\theta)\le\frac{m\lambda_{\max}(\nabla^2R_n(\theta))}4"
        r"+\frac{\sqrt{R_n(\theta)}}2+\frac A{\sqrt{2\pi}\sigma}\max\Big(\sqrt{2nR_n(\theta)},"
        r"(\sqrt{2\pi e}A\sigma nR_n(\theta))^{1/3}\Big)",
        note="Stands in every search (least ratio of both sides about 6.6 without A >= sigma^-2, "
        "8.8 with it), but the printed proof is broken at Proposition 10, at P4 and P5 without "
        "A >= sigma^-2, and at the inclusion of P7.",
    ),
    Claim(
        id="A.prop6.amended",
        kind=Kind.AMENDED,
        amends="A.prop6",
        says="The variation with the amended weight is bounded as printed, if A >= sigma^-2.",
        source=place("Proposition 6, with another weight"),
        given=bounded,
        where=(*BOUNDS, precise),
        lhs=AmendedVariation(*at),
        rel=Rel.LE,
        rhs=_bound(m * _top / 4),
        steps=("A.prop6.P1.amended", "A.prop6.P2", "A.prop6.P3", "A.prop6.peak"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop6.P1.amended", weight=m / 4),
                            From(claim="A.prop6.P2", weight=m / 4),
                            From(claim="A.prop6.P3", weight=m / 4),
                            From(claim="A.prop6.peak", weight=A / (2 * sqrt(2 * pi) * sigma)),
                        )
                    ),
                )
            ),
            searched(_FAR, draw=_draw),
        ),
        broken=(scale("rhs", Rational(1, 10)), flip()),
    ),
    Claim(
        id="A.prop6.stable",
        says="At a linearly stable minimum the first term is at most 1/(2 eta).",
        source=place("Proposition 6, last sentence"),
        given={
            **bounded,
            eta: Real(lo=0, lo_open=True, within=(0, 2 / (m * Abs(_top) + sigma**4))),
        },
        where=(*BOUNDS, precise, le(_top, 2 / (m * eta))),
        lhs=AmendedVariation(*at),
        rel=Rel.LE,
        rhs=_bound(1 / (2 * eta)),
        uses=("A.eq8.mean",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop6.amended"),
                            From(hypothesis=2, weight=m / 4),
                        )
                    ),
                )
            ),
            searched({**_FAR, eta: Fraction(1, 1000)}),
        ),
        broken=(flip(), restate("no noise level", rhs=sqrt(_risk) / 100)),
        printed=r"TV\le\frac1{2\eta}+\frac{\sqrt{R_n}}2+\frac A{\sqrt{2\pi}\sigma}\max(\dots)",
        note="Stability enters as eq. 8 with the mean over the batch; with the amended weight.",
    ),
)
