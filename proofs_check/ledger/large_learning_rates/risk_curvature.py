"""Paper A, Lemma 5: the Hessian of the risk of a network, and its critical points.

The identity is shown for one datum and one or two neurons, for every pattern of inner weights, as
a quadratic form in an arbitrary direction; R_n is a mean over data and a sum over pairs of neurons,
so nothing else can occur in it. For whole networks both sides are compared at exact points.
"""

from fractions import Fraction
from typing import Final

from sympy import Expr, Rational, Symbol, erfc, exp, pi, sqrt

from proofs_check.broken import restate, scale
from proofs_check.claim import Claim, Kind, Rel, lt
from proofs_check.domains import Integer, Real, reals
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Search, Symbolic
from proofs_check.ledger.large_learning_rates.network_setting import SINGLE, at, given, net
from proofs_check.ledger.large_learning_rates.setting import SIGMA, X, mu, place, sigma
from proofs_check.quantities.datum_curvature import curvature_forms, slope_forms
from proofs_check.quantities.network_curvature import (
    BiasSlope,
    CrossEntry,
    HessianEntry,
    HessianPart,
    KnotPart,
)
from proofs_check.quantities.network_risk import Groups, Outer
from proofs_check.quantities.tied_knots import TiedCurvature
from theory.risk_hessian import CENTRE

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_p = Symbol("p", integer=True, positive=True)
_q = Symbol("q", integer=True, positive=True)
_l = Symbol("l", integer=True, positive=True)
_a = Symbol("a", real=True)
_entries = {
    **given,
    net: SINGLE,
    _p: Integer(lo=1, hi=2 * Groups(net)),
    _q: Integer(lo=1, hi=2 * Groups(net)),
}
_whole = HessianEntry(*at, _p, _q, 1)
_between = HessianPart(*at, _p, _q)
_kinked: Final = {
    mu: _half,
    sigma: _half,
    X: (Fraction(0), Fraction(1)),
    net: network((1, 1, 0)),
    _p: Fraction(2),
    _q: Fraction(2),
}
"""One neuron that opens to the right at the first noisy centre; the entry of its bias."""
_search = Search(also=(_kinked,), examples=12, hypothesis_examples=0, bits=64)


def _datum(*signs: int) -> Claim:
    """Return: the derived Hessian of a datum is the sum of its parts, in every direction."""
    size = len(signs)
    tag = "".join("p" if s > 0 else "m" for s in signs)
    whole, between, knots = curvature_forms(signs)
    weights = [Symbol(f"w{k}", real=True) for k in range(1, size + 1)]
    biases = [Symbol(f"b{k}", real=True) for k in range(1, size + 1)]
    direction = [Symbol(f"v{k}", real=True) for k in range(1, 2 * size + 1)]
    arguments = (CENTRE, sigma, *weights, *biases, *direction)
    ordered = tuple(
        lt(-s * b, -t * c) for s, b, t, c in zip(signs, biases, signs[1:], biases[1:], strict=False)
    )
    shown = ", ".join("right" if s > 0 else "left" for s in signs)
    return Claim(
        id=f"A.lem5.datum.{tag}",
        kind=Kind.LEMMA,
        says=f"The Hessian of one datum's risk is the sum of its parts, neurons opening {shown}.",
        source=place("Lemma 5, proof"),
        given={
            sigma: SIGMA,
            **dict.fromkeys([CENTRE, *weights, *biases, *direction], Real(within=(-1, 1))),
        },
        where=ordered,
        lhs=whole(*arguments),
        rel=Rel.EQ,
        rhs=between(*arguments) + knots(*arguments),
        evidence=(Symbolic(),),
        broken=(
            restate("knot part left out", rhs=between(*arguments)),
            restate("knot part subtracted", rhs=between(*arguments) - knots(*arguments)),
        ),
    )


def _slope(*signs: int) -> Claim:
    """Return: the derivative in the biases is outer weight times cross entry."""
    size = len(signs)
    tag = "".join("p" if s > 0 else "m" for s in signs)
    whole, crossed = slope_forms(signs)
    weights = [Symbol(f"w{k}", real=True) for k in range(1, size + 1)]
    biases = [Symbol(f"b{k}", real=True) for k in range(1, size + 1)]
    direction = [Symbol(f"v{k}", real=True) for k in range(1, size + 1)]
    arguments = (CENTRE, sigma, *weights, *biases, *direction)
    ordered = tuple(
        lt(-s * b, -t * c) for s, b, t, c in zip(signs, biases, signs[1:], biases[1:], strict=False)
    )
    return Claim(
        id=f"A.prop6.critical.{tag}",
        kind=Kind.LEMMA,
        says="The derivative of one datum's risk in a bias is outer weight times cross entry.",
        source=place("Proposition 6, sharpened"),
        given={
            sigma: SIGMA,
            **dict.fromkeys([CENTRE, *weights, *biases, *direction], Real(within=(-1, 1))),
        },
        where=ordered,
        lhs=whole(*arguments),
        rel=Rel.EQ,
        rhs=crossed(*arguments),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", 2),
            restate("other sign", rhs=-crossed(*arguments)),
        ),
    )


def _mass(point: Expr) -> Expr:
    """Return P(Y > point) for Y ~ N(c, sigma^2)."""
    return erfc((point - CENTRE) / (sqrt(2) * sigma)) / 2


_density = exp(-((_a - CENTRE) ** 2) / (2 * sigma**2)) / (sqrt(2 * pi) * sigma)

CLAIMS: Final = (
    *(_datum(s) for s in (1, -1)),
    *(_datum(s, t) for s in (1, -1) for t in (1, -1)),
    Claim(
        id="A.lem5",
        says="The Hessian of R_n: two terms between the knots and one of the knots.",
        source=place("Lemma 5, equation (15)"),
        given=_entries,
        lhs=_whole,
        rel=Rel.EQ,
        rhs=_between + KnotPart(*at, _p, _q, 1),
        evidence=(_search,),
        broken=(
            restate("no knot term", rhs=_between),
            scale("rhs", Rational(101, 100)),
        ),
        printed=r"\nabla^2R_n=\frac2n\sum_i\mathbb E[\nabla s_\theta\nabla s_\theta^\top]"
        r"+\frac2{mn}\sum_i\mathbb E\Big[\big(s_\theta(Y)+\tfrac{Y-\mu x_i}{\sigma^2}\big)H(Y)\Big]"
        r"-\frac{\sqrt2}{\sqrt\pi mn\sigma}\sum_i\mathrm{diag}\Big(0_m,\;w^{(2)}w^{(1)}"
        r"\big(s_\theta(\tau)+\tfrac{\tau-\mu x_i}{\sigma^2}\big)"
        r"e^{-(\tau-\mu x_i)^2/2\sigma^2}\Big)",
        note="The sign of the knot term is right for w1 = -1 only: a half line grows with its "
        "bias whatever the inner weight. Harmless for Prop. 6, which bounds its modulus.",
    ),
    Claim(
        id="A.lem5.amended",
        kind=Kind.AMENDED,
        amends="A.lem5",
        says="The Hessian of R_n, with +w2 in place of -w2 w1 in the knot term.",
        source=place("Lemma 5, equation (15), sign repaired"),
        given=_entries,
        lhs=_whole,
        rel=Rel.EQ,
        rhs=_between + KnotPart(*at, _p, _q, 0),
        evidence=(
            Argued(
                rests_on=tuple(f"A.lem5.datum.{tag}" for tag in ("p", "m", "pp", "pm", "mp", "mm"))
            ),
            _search,
        ),
        broken=(
            restate("printed sign", rhs=_between + KnotPart(*at, _p, _q, 1)),
            restate("no knot term", rhs=_between),
            restate("knot term doubled", rhs=_between + 2 * KnotPart(*at, _p, _q, 0)),
        ),
    ),
    *(_slope(s) for s in (1, -1)),
    *(_slope(1, t) for t in (1, -1)),
    Claim(
        id="A.prop6.critical",
        kind=Kind.DERIVED,
        says="The derivative of the risk in a bias is the outer weight times the cross entry.",
        source=place("Proposition 6, sharpened"),
        given={**given, net: SINGLE, _l: Integer(lo=1, hi=Groups(net))},
        lhs=BiasSlope(*at, _l),
        rel=Rel.EQ,
        rhs=Outer(net, _l) * CrossEntry(*at, _l),
        evidence=(
            Argued(rests_on=tuple(f"A.prop6.critical.{tag}" for tag in ("p", "m", "pp", "pm"))),
            Search(
                also=({k: v for k, v in _kinked.items() if k not in (_p, _q)} | {_l: Fraction(1)},),
                examples=12,
                hypothesis_examples=0,
                bits=64,
            ),
        ),
        broken=(
            scale("rhs", 2),
            restate("without the weight", rhs=2 * CrossEntry(*at, _l)),
        ),
        note="At a critical point of R_n the cross part therefore vanishes for every neuron with "
        "a nonzero outer weight, and the term sqrt(R_n)/2 of Proposition 6 can be dropped.",
    ),
    Claim(
        id="A.lem5.twice",
        kind=Kind.STEP,
        says="Where knots meet, the second derivatives from both sides agree.",
        source=place("Lemma 5, twice differentiable everywhere"),
        given={sigma: SIGMA, CENTRE: reals, _a: Real(near=(CENTRE,))},
        lhs=TiedCurvature(CENTRE, sigma, _a, 1),
        rel=Rel.EQ,
        rhs=TiedCurvature(CENTRE, sigma, _a, -1),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("the mass alone", rhs=_mass(_a) + _density),
        ),
        note="The mixed second derivative of E[relu relu'] in two knots that meet, from either "
        "order of the knots; the third derivatives differ, so R_n is C^2 but not C^3.",
    ),
)
