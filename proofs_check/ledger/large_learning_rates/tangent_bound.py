"""Paper A, Proposition 10: the tangent part of the Hessian and the weighted variation.

The printed proof takes the largest eigenvalue for at least a trace (Jensen the wrong way). Knots on
the outermost noisy centres then break the statement itself: pi charges them although the noisy
point rarely passes them. With the weight min{P(Y > y) E(Y - y)_+, P(Y < y) E(y - Y)_+} everything
holds, for every network.
"""

from fractions import Fraction
from typing import Final

from sympy import Abs, Rational, Sum, Symbol

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Branch, From, Search, Steps
from proofs_check.ledger.large_learning_rates.network_setting import (
    CLUSTERS,
    CROWDED,
    EDGE,
    MIRRORED,
    NET,
    TWO_POINTS,
    at,
    given,
    net,
    searched,
)
from proofs_check.ledger.large_learning_rates.setting import MU, SIGMA, X, data, mu, place, sigma
from proofs_check.quantities.network_risk import (
    AmendedVariation,
    AmendedWeight,
    Copies,
    Groups,
    Knot,
    MeanGradientSquare,
    MeanRamp,
    MeanStep,
    NetworkVariation,
    Outer,
    StepGradientSquare,
    TangentTop,
    Width,
)

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_c = Symbol("c", positive=True)
_l = Symbol("l", integer=True, positive=True)
_e = Symbol("e", nonnegative=True)
_P = Symbol("P", nonnegative=True)
_w = Symbol("w", real=True)
m = Width(net)
_groups = (_l, 1, Groups(net))
_kinks = Sum(Copies(net, _l) * Abs(Outer(net, _l)) * AmendedWeight(*data, Knot(net, _l)), _groups)
_products = Sum(
    Copies(net, _l) * Abs(Outer(net, _l)) * MeanStep(*at, _l) * MeanRamp(*at, _l), _groups
)
_single = {**given, _l: Integer(lo=1, hi=Groups(net))}
_ONE: Final = {**TWO_POINTS, net: network((1, Fraction(1, 4), Fraction(1, 4)))}
_PAIR: Final = {
    mu: _half,
    sigma: Fraction(1, 100),
    X: (Fraction(0), Fraction(100)),
    net: network((1, 25, 25), (-1, 25, 25)),
}
"""Two mirrored neurons with their knots in the middle: the bound is nearly attained."""

CLAIMS: Final = (
    Claim(
        id="A.prop10",
        says="The tangent part of the Hessian dominates the weighted variation.",
        source=place("Proposition 10"),
        given=given,
        lhs=TangentTop(*at),
        rel=Rel.GE,
        rhs=_c / m * NetworkVariation(*at),
        constant=Constant(_c, Rational(2), larger_is_weaker=False),
        steps=("A.prop10.P1", "A.prop10.P2"),
        evidence=(searched(EDGE, CROWDED),),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", 2)),
        printed=r"\lambda_{\max}\Big(\frac1n\sum_i\mathbb E[\nabla s_\theta(Y)\nabla "
        r"s_\theta(Y)^\top]\Big)\ge\frac2mTV_\pi(s_\theta)",
        note="False: neurons with knots on the outermost noisy centres, which pi charges with the "
        "mean of a minimum that jumps there. With 192 such neurons the right side exceeds the left "
        "by 10.2 per cent; without them it was not seen to fail.",
    ),
    Claim(
        id="A.prop10.ten",
        kind=Kind.DERIVED,
        says="Proposition 10 for ten data and more.",
        source=place("Proposition 10, as Theorem 8 uses it"),
        given={mu: MU, sigma: SIGMA, X: Sample(min_size=10, draw_size=10), net: NET},
        lhs=TangentTop(*at),
        rel=Rel.GE,
        rhs=2 / m * NetworkVariation(*at),
        evidence=(searched(CLUSTERS, examples=2),),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", 2)),
        note="More data do not help: two clusters act like two data.",
    ),
    Claim(
        id="A.prop10.P1",
        kind=Kind.STEP,
        says="The largest eigenvalue is at least the mean square in the all-ones direction.",
        source=place("Proposition 10, proof"),
        given=given,
        lhs=TangentTop(*at),
        rel=Rel.GE,
        rhs=StepGradientSquare(*at),
        evidence=(searched(MIRRORED),),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", 3)),
        printed=r"\lambda_{\max}\ge\tfrac1{n^2}\mathbb E\|\Phi(\xi)1\|^2",
        note="Jensen the wrong way: the largest eigenvalue of a mean of matrices is at most the "
        "mean of their largest eigenvalues. The all-ones vector gives |E Phi 1|^2/n^2.",
    ),
    Claim(
        id="A.prop10.P1.amended",
        kind=Kind.AMENDED,
        amends="A.prop10.P1",
        says="The largest eigenvalue is at least the square of the mean gradient.",
        source=place("Proposition 10, proof repaired"),
        given=given,
        lhs=TangentTop(*at),
        rel=Rel.GE,
        rhs=_c * MeanGradientSquare(*at),
        constant=Constant(_c, Rational(1), larger_is_weaker=False),
        evidence=(Argued(), searched(EDGE, MIRRORED, _PAIR)),
        broken=(
            restate("mean of squares", rhs=StepGradientSquare(*at)),
            scale("rhs", Rational(11, 10)),
        ),
    ),
    Claim(
        id="A.prop10.P2.square",
        kind=Kind.STEP,
        says="A sum of two squares is at least twice the product.",
        source=place("Proposition 10, proof"),
        given={_e: Real(lo=0), _P: Real(lo=0), _w: reals},
        lhs=_e**2 + _w**2 * _P**2,
        rel=Rel.GE,
        rhs=2 * Abs(_w) * _P * _e,
        evidence=(
            Steps(branches=(Branch(rest=(_e - Abs(_w) * _P) ** 2),)),
            Search(also=({_e: Fraction(1), _P: Fraction(1), _w: Fraction(1)},)),
        ),
        broken=(scale("rhs", Rational(101, 100)), flip()),
        printed=r"a^2+b^2\ge2ab",
    ),
    Claim(
        id="A.prop10.P2",
        kind=Kind.STEP,
        says="The mean square in the all-ones direction dominates the weighted variation.",
        source=place("Proposition 10, proof"),
        given=given,
        lhs=StepGradientSquare(*at),
        rel=Rel.GE,
        rhs=_c / m * NetworkVariation(*at),
        constant=Constant(_c, Rational(2), larger_is_weaker=False),
        evidence=(
            Argued(rests_on=("A.prop10.P2.square",)),
            searched(_PAIR, EDGE),
        ),
        broken=(scale("rhs", Rational(11, 10)), scale("rhs", 2)),
        printed=r"\tfrac1{n^2}\mathbb E\|\Phi(\xi)1\|^2\ge\tfrac2m\,TV_\pi(s_\theta)",
    ),
    Claim(
        id="A.prop10.weight",
        kind=Kind.LEMMA,
        says="At its knot a neuron's probability times its mean is at least the amended weight.",
        source=place("Proposition 10, proof repaired"),
        given=_single,
        lhs=MeanStep(*at, _l) * MeanRamp(*at, _l),
        rel=Rel.GE,
        rhs=AmendedWeight(*data, Knot(net, _l)),
        evidence=(Argued(), searched({**_ONE, _l: Fraction(1)})),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("probability squared", lhs=MeanStep(*at, _l) ** 2 * MeanRamp(*at, _l)),
        ),
    ),
    Claim(
        id="A.prop10.variation",
        kind=Kind.LEMMA,
        says="The weighted variation is at most the sum over the neurons.",
        source=place("Proposition 10, proof repaired"),
        given=given,
        lhs=AmendedVariation(*at),
        rel=Rel.LE,
        rhs=_kinks / m,
        evidence=(Argued(), searched(_ONE)),
        broken=(
            scale("rhs", Rational(99, 100)),
            restate("without moduli", rhs=_kinks.replace(Abs, lambda v: v) / m),
        ),
        note="Neurons of opposite outer weights on one knot cancel on the left only.",
    ),
    Claim(
        id="A.prop10.gradient",
        kind=Kind.LEMMA,
        says="The square of the mean gradient dominates the products, neuron by neuron.",
        source=place("Proposition 10, proof repaired"),
        given=given,
        lhs=MeanGradientSquare(*at),
        rel=Rel.GE,
        rhs=2 / m**2 * _products,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.prop10.P2.square",
                                at={
                                    _e: MeanRamp(*at, _l),
                                    _P: MeanStep(*at, _l),
                                    _w: Outer(net, _l),
                                },
                                over=_groups,
                                times=Copies(net, _l),
                                weight=1 / m**2,
                            ),
                        )
                    ),
                ),
                unfold=(MeanGradientSquare,),
            ),
            searched(_PAIR),
        ),
        broken=(scale("rhs", Rational(11, 10)), restate("one power of m", rhs=2 / m * _products)),
    ),
    Claim(
        id="A.prop10.amended",
        kind=Kind.AMENDED,
        amends="A.prop10",
        says="The tangent part dominates the variation under the amended weight.",
        source=place("Proposition 10, with another weight"),
        given=given,
        lhs=TangentTop(*at),
        rel=Rel.GE,
        rhs=_c / m * AmendedVariation(*at),
        constant=Constant(_c, Rational(2), larger_is_weaker=False),
        steps=("A.prop10.P1.amended", "A.prop10.P2.square"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop10.P1.amended"),
                            From(claim="A.prop10.gradient"),
                            From(
                                claim="A.prop10.weight",
                                over=_groups,
                                times=Copies(net, _l) * Abs(Outer(net, _l)),
                                weight=2 / m**2,
                            ),
                            From(claim="A.prop10.variation", weight=2 / m),
                        )
                    ),
                )
            ),
            searched(EDGE, _PAIR),
        ),
        broken=(
            scale("rhs", Rational(1001, 1000)),
            restate("printed weight", rhs=2 / m * NetworkVariation(*at)),
        ),
        printed=r"\lambda_{\max}\Big(\frac1n\sum_i\mathbb E[\nabla s_\theta\nabla s_\theta^\top]"
        r"\Big)\ge\frac2mTV_{\tilde\pi}(s_\theta)",
        note="The constant 2 is best: a mirrored pair with knots in the middle comes within "
        "1e-6 of it.",
    ),
)
