"""Paper A, beyond Proposition 7: the least weighted variation at the risk that it allows.

Proposition 7 bounds the weighted variation of every score of risk at most 1/(16 n sigma^2) from
below. The best such bound is the value of a convex problem over all scores, which is enclosed here
for a few samples: from above by a network, from below by a dual certificate (A.x4.every).
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol

from proofs_check.broken import drop, flip, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Choices, Real, Sample
from proofs_check.domains_network import network
from proofs_check.evidence import Argued, Instances, Search
from proofs_check.ledger.large_learning_rates.low_risk import apart, sawtooth
from proofs_check.ledger.large_learning_rates.network_setting import NET, at, net
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SIGMA,
    X,
    data,
    gap,
    mu,
    n,
    place,
    sigma,
    span,
)
from proofs_check.quantities.least_variation import LeastVariation
from proofs_check.quantities.network_risk import NetworkRisk, NetworkVariation

__all__ = ["CLAIMS"]

_c = Symbol("c", positive=True)
_r = Symbol("r", positive=True)
_level = 1 / (16 * n * sigma**2)
_least = LeastVariation(*data, _level)
_AGREEMENT: Final = Rational(1, 50)
"""The ball is one per cent wide, and the float64 value lies at its upper end."""


def _bound(constant: Expr) -> Expr:
    return constant * mu * n**2 * gap / sigma**2


def _points(*places: int, noise: Fraction) -> dict[Symbol, Any]:
    """Return a sample of integers at mu = 1/2."""
    return {mu: Fraction(1, 2), sigma: noise, X: tuple(Fraction(p) for p in places)}


def _given(size: int) -> dict[Symbol, Any]:
    sample = Sample(min_size=size, max_size=size, spacing=8 * sigma / mu)
    return {mu: MU, sigma: SIGMA, X: sample}


_EDGE: Final = _points(0, 2, 4, noise=Fraction(1, 8))
"""Three points, 8 sigma/mu apart."""
_EMPTY: Final = (
    "At this spacing 20 equally spaced points are the most for which any score has so small a "
    "risk: R_n(s*) sigma^2 = 0.002993 > 1/336 for 21, and Proposition 7 is empty."
)
_FAR: Final = _points(0, 1, noise=Fraction(1, 2000))
_NEAR: Final = {**_points(0, 2, noise=Fraction(1, 10)), _r: Fraction(25, 8)}
"""Two points ten noise levels apart, and the level of Proposition 7."""


def _tooth(reach: Fraction) -> dict[Symbol, Any]:
    value = sawtooth(_NEAR[X], _NEAR[mu], _NEAR[sigma], reach)
    return {**_NEAR, net: value}


def _teeth(choices: Choices) -> Mapping[Symbol, Any]:
    """Draw a sawtooth of low risk on the one sample: a least variation is dear."""
    return _tooth(Fraction(choices.integer(20, 45), 10))


CLAIMS: Final = (
    Claim(
        id="A.x4.every",
        kind=Kind.LEMMA,
        says="No network of at most a given risk has less variation than the certified infimum.",
        source=place("beyond the paper"),
        given={mu: MU, sigma: SIGMA, X: Sample(), net: NET, _r: Real(lo=0, lo_open=True)},
        where=(le(NetworkRisk(*at), _r),),
        lhs=NetworkVariation(*at),
        rel=Rel.GE,
        rhs=LeastVariation(*data, _r),
        evidence=(
            Argued(),
            Search(
                also=(
                    _tooth(Fraction(5, 2)),
                    {**_NEAR, net: network((1, 0, 0))},
                ),
                draw=_teeth,
                examples=6,
                hypothesis_examples=0,
                bits=64,
            ),
        ),
        broken=(drop(0, name="any risk"), flip()),
        note="The infimum is over all scores with a measure as second derivative; the ball value "
        "rests on the duality of the argument, and on no solver.",
    ),
    *(
        Claim(
            id=f"A.x4.{name}",
            kind=Kind.DERIVED,
            says=f"The printed bound of Proposition 7 is far below the least variation, {words}.",
            source=place("beyond the paper, Proposition 7"),
            given=_given(size),
            where=(apart,),
            lhs=_least,
            rel=Rel.GE,
            rhs=_bound(_c),
            constant=Constant(_c, Rational(1, 2**11), larger_is_weaker=False, power_of_two=True),
            uses=("A.x4.every",),
            evidence=(Instances(at=instances, agreement=_AGREEMENT),),
            broken=(scale("rhs", factor), flip()),
            note=note,
        )
        for name, words, size, instances, factor, note in (
            (
                "three",
                "for three points",
                3,
                {
                    "8 sigma/mu apart": _EDGE,
                    "20 sigma/mu apart": _points(0, 2, 4, noise=Fraction(1, 20)),
                },
                112,
                "Proposition 7 is not proved for three points; here it holds with room.",
            ),
            (
                "four",
                "for four points",
                4,
                {"8 sigma/mu apart": _points(0, 2, 4, 6, noise=Fraction(1, 8))},
                152,
                _EMPTY,
            ),
            (
                "uneven",
                "for four points of uneven spacing",
                4,
                {"gaps of 1, 3 and 1": _points(0, 1, 4, 5, noise=Fraction(1, 20))},
                800,
                "",
            ),
        )
    ),
    *(
        Claim(
            id=f"A.x4.best.{name}",
            kind=Kind.DERIVED,
            says=f"For three points at 8 sigma/mu the best constant is {words} than printed.",
            source=place("beyond the paper, Proposition 7"),
            given=_given(3),
            where=(apart, le(mu * span, 16 * sigma)),
            lhs=_least,
            rel=rel,
            rhs=_bound(Rational(times, 2**11)),
            uses=("A.x4.every",),
            evidence=(Instances(at={"8 sigma/mu apart": _EDGE}, agreement=_AGREEMENT),),
            broken=(scale("rhs", factor), flip()),
        )
        for name, words, rel, times, factor in (
            ("lower", "at least 108 times larger", Rel.GE, 108, Rational(103, 100)),
            ("upper", "at most 110 times larger", Rel.LE, 110, Rational(97, 100)),
        )
    ),
    Claim(
        id="A.x4.two",
        kind=Kind.DERIVED,
        says="Two points a thousand noise levels apart need less than half the printed bound.",
        source=place("beyond the paper, Proposition 7"),
        given=_given(2),
        where=(apart, ge(mu * gap, 1000 * sigma)),
        lhs=_least,
        rel=Rel.LE,
        rhs=_bound(Rational(1, 2**12)),
        evidence=(Instances(at={"1000 noise levels apart": _FAR}, agreement=_AGREEMENT),),
        broken=(scale("rhs", Rational(1, 10)), flip()),
        note="The failure of Proposition 7 for n = 2 (A.prop7) seen from the least variation: two "
        "points need O(1/sigma) only.",
    ),
)
