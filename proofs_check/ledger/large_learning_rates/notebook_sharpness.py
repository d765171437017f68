"""Row A.code.sharpness: what the public notebook reports as sharpness, against the exact one.

The notebook averages over 500 points of [-2, 2] with weights exp(-y^2/2) that are not normalised,
and differentiates automatically. Three effects: the total weight is 0.597, not 1; the weights are
those of one normal variable at zero, whatever the data; the knot term of eq. 15 is missing.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Abs, Rational, Symbol, erf, pi, sqrt

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer
from proofs_check.domains_network import network
from proofs_check.evidence import Instances
from proofs_check.ledger.large_learning_rates.network_setting import at, given, net, searched
from proofs_check.ledger.large_learning_rates.setting import X, mu, place, sigma
from proofs_check.quantities.network_risk import HessianTop, TruncatedTop
from proofs_check.quantities.notebook_balls import (
    APART,
    CASES,
    CENTRED,
    GridMass,
    NotebookRatio,
    NotebookTop,
    TruncatedRatio,
)

__all__ = ["CLAIMS"]

_k = Symbol("k", integer=True, positive=True)
_half = Fraction(1, 2)
_source = place("public notebook, sharpness")
_KINK: Final = {mu: _half, sigma: _half, X: (Fraction(0), Fraction(1)), net: network((1, 1, 0))}
_near = {mu: Fraction(81, 100), sigma: Fraction(57, 100), X: (Fraction(0), Fraction(1))}
_LARGER: Final = {**_near, net: network((1, 1, 0), (-1, 1, 0))}
_SMALLER: Final = {**_near, net: network((1, -6, 0), (-1, 6, 0))}


def _point(values: tuple[Any, ...]) -> dict[Symbol, Any]:
    return dict(zip((X, mu, sigma, net), values, strict=True))


_last = len(CASES)
_case = {_k: Integer(lo=1, hi=len(CENTRED))}
_every = {name: {_k: Fraction(k)} for k, name in enumerate(CENTRED, start=1)}
_total = GridMass(2)

CLAIMS: Final = (
    Claim(
        id="A.code.sharpness",
        kind=Kind.SAID,
        says="What the notebook reports is the largest eigenvalue of the Hessian of R_n.",
        source=_source,
        given=given,
        lhs=NotebookTop(*at),
        rel=Rel.EQ,
        rhs=HessianTop(*at),
        evidence=(searched(_KINK, _point(APART), examples=2),),
        broken=(
            scale("lhs", 2, "half of it"),
            restate("at most", rel=Rel.LE),
            restate("at least", rel=Rel.GE),
            scale("rhs", sqrt(2 * pi) / 4, "constant factor"),
        ),
        note="No constant factor leads from one to the other: from 0.003 (data at the edge of the "
        "grid) to 2.1 (data at 3 and 4, sigma = 0.31). For data centred at zero it is about "
        "sqrt(2 pi)/4 = 0.63 times a loss at the ends, see A.code.sharpness.centred.",
    ),
    Claim(
        id="A.code.sharpness.apart",
        kind=Kind.DERIVED,
        says="With data at 3 and 4 and five neurons it reports more than twice the sharpness.",
        source=_source,
        given={_k: Integer(lo=_last - 1, hi=_last - 1)},
        lhs=NotebookRatio(_k),
        rel=Rel.GE,
        rhs=2,
        evidence=(Instances(at={"data away from zero": {_k: Fraction(_last - 1)}}),),
        broken=(scale("rhs", Rational(11, 10)), flip()),
    ),
    Claim(
        id="A.code.sharpness.outside",
        kind=Kind.DERIVED,
        says="With data at the edge of the grid it reports less than a three-hundredth.",
        source=_source,
        given={_k: Integer(lo=_last, hi=_last)},
        lhs=NotebookRatio(_k),
        rel=Rel.LE,
        rhs=Rational(1, 300),
        evidence=(Instances(at={"data at the grid's edge": {_k: Fraction(_last)}}),),
        broken=(scale("rhs", Rational(9, 10)), flip()),
    ),
    Claim(
        id="A.code.sharpness.centred",
        kind=Kind.DERIVED,
        says="On centred data with score-like networks it reports 0.54 to 0.64 of the sharpness.",
        source=_source,
        given=_case,
        lhs=Abs(NotebookRatio(_k) - Rational(59, 100)),
        rel=Rel.LE,
        rhs=Rational(1, 20),
        evidence=(Instances(at=_every, agreement=Rational(1, 100)),),
        broken=(
            scale("rhs", Rational(1, 2)),
            restate("the sharpness itself", lhs=Abs(NotebookRatio(_k) - 1)),
        ),
        note="Four cases; the agreement of both faces is that of the power iteration.",
    ),
    Claim(
        id="A.code.sharpness.mass",
        kind=Kind.DERIVED,
        says="The notebook's weights add up to sqrt(2 pi)/4 erf(sqrt 2) = 0.598 up to 0.001.",
        source=_source,
        lhs=Abs(_total - sqrt(2 * pi) / 4 * erf(sqrt(2))),
        rel=Rel.LE,
        rhs=Rational(1, 1000),
        evidence=(Instances(at={"the grid": {}}),),
        broken=(
            restate("one", lhs=Abs(_total - 1)),
            restate("no loss at the ends", lhs=Abs(_total - sqrt(2 * pi) / 4)),
        ),
    ),
    Claim(
        id="A.code.sharpness.knots",
        kind=Kind.DERIVED,
        says="Automatic differentiation of R_n itself gives its largest eigenvalue.",
        source=_source,
        given=given,
        lhs=TruncatedTop(*at),
        rel=Rel.EQ,
        rhs=HessianTop(*at),
        evidence=(searched(_KINK, _LARGER, _SMALLER, examples=2),),
        broken=(restate("at least", rel=Rel.GE), restate("at most", rel=Rel.LE)),
        note="What it misses is the third term of eq. 15.",
    ),
    Claim(
        id="A.code.sharpness.missed",
        kind=Kind.DERIVED,
        says="Without the knot term the largest eigenvalue is 0.94 to 1 of the exact one.",
        source=_source,
        given=_case,
        lhs=Abs(TruncatedRatio(_k) - Rational(97, 100)),
        rel=Rel.LE,
        rhs=Rational(4, 100),
        evidence=(Instances(at=_every),),
        broken=(scale("rhs", Rational(1, 2)), flip()),
        note="On the four cases of A.code.sharpness.centred; elsewhere 0.88 to 1.25 was seen.",
    ),
)
