"""Paper A, Theorem 8: a large learning rate keeps a stable minimum away from the optimal score.

The printed statement hides its conditions in a sigma_0 and rests on Propositions 6 and 7, whose
proofs fail. The amended form names every condition, asks for four points and A >= sigma^-2, and has
the printed constants. It is stated the other way round: a small excess risk bounds the rate.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sympy import E, Expr, Rational, Symbol, exp, pi, sqrt

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Choices, Real, Sample
from proofs_check.evidence import Branch, From, Search, Steps
from proofs_check.ledger.large_learning_rates.low_risk import apart, sawtooth
from proofs_check.ledger.large_learning_rates.network_setting import NET, A, at, net
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
from proofs_check.ledger.large_learning_rates.theorem8_scalars import CONSTANTS, N, R
from proofs_check.quantities.network_risk import HessianTop, NetworkRisk, OuterBound, Width
from proofs_check.quantities.score_risk import OptimalRisk
from theory.main_theorem import RANGE, optimal_risk_condition, thm8_excess
from theory.symbols import Delta, eta
from theory.symbols import n as count

__all__ = ["CLAIMS"]

_c = Symbol("c", positive=True)
_amplitude = Symbol("C_n", positive=True)
_risk, _least, _top = NetworkRisk(*at), OptimalRisk(*data), HessianTop(*at)
m = Width(net)


def _of_sample(expr: Expr) -> Expr:
    result: Expr = expr.subs({count: n, Delta: gap, RANGE: span})
    return result


_excess = _of_sample(thm8_excess(CONSTANTS))
_needed = _of_sample(optimal_risk_condition(CONSTANTS))
_tail = exp(-(mu**2) * gap**2 / (32 * sigma**2))
_level = mu * n**2 * gap / sigma**2
_rooted = le(pi * n * mu * gap, 2**11 * sqrt(E) * A**4)
_capped = le(2 * _excess, 1 / (16 * n * sigma**2))
_precise = ge(A, 1 / sigma**2)
_in_class = le(OuterBound(net), A)
_stable = le(_top, 2 / (m * eta))
_given = {
    mu: MU,
    sigma: SIGMA,
    X: Sample(min_size=4, spacing=8 * sigma / mu),
    net: NET,
    A: Real(lo=0, lo_open=True, near=(OuterBound(net), 1 / sigma**2)),
    eta: Real(lo=0, lo_open=True, within=(0, 2 / (m * (_top**2 + 1)))),
}
_conditions = (
    apart,
    _precise,
    _in_class,
    _stable,
    le(_tail, _needed),
    _capped,
    _rooted,
)


def _sharp_teeth(size: int, reach: int = 60) -> dict[Symbol, Any]:
    """Return a sawtooth of tiny risk, so far apart that every condition can be met."""
    points = tuple(Fraction(1000 * k) for k in range(size))
    half, noise = Fraction(1, 2), Fraction(1, 8)
    value = sawtooth(points, half, noise, Fraction(reach))
    largest = max(abs(w) for w in value[1::4])
    return {mu: half, sigma: noise, X: points, net: value, A: largest, eta: Fraction(1, 10**12)}


_MET: Final = _sharp_teeth(4)


def _around(choices: Choices) -> Mapping[Symbol, Any]:
    """Draw variations of a point that meets every condition."""
    met = _sharp_teeth(choices.integer(4, 6))
    met[eta] = met[eta] * choices.pick((1, Fraction(1, 10), Fraction(1, 1000)))
    met[A] = met[A] * choices.pick((1, 2))
    return met


def _printed(choices: Choices) -> Mapping[Symbol, Any]:
    """Draw points that meet the printed conditions."""
    point = dict(_around(choices))
    point[_amplitude] = point.pop(A) * point[sigma] ** 6 + 1
    return point


_search = Search(
    also=(_MET, _sharp_teeth(4, 8)), draw=_around, examples=3, hypothesis_examples=0, bits=256
)
_printed_needed = _needed / gap**3
_class = le(OuterBound(net), _amplitude / sigma**6)
_printed_excess = _excess.subs(A, _amplitude / sigma**6)
_printed_given = {
    mu: MU,
    sigma: SIGMA,
    X: Sample(spacing=8 * sigma / mu),
    net: NET,
    _amplitude: Real(lo=1, near=(OuterBound(net) * sigma**6,)),
    eta: Real(lo=0, lo_open=True, within=(0, 2 / (m * (_top**2 + 1)))),
}
_PRINTED: Final = {
    **{s: v for s, v in _MET.items() if s != A},
    _amplitude: _MET[A] * _MET[sigma] ** 6 + 1,
}


CLAIMS: Final = (
    Claim(
        id="A.thm8",
        says="At a large learning rate a stable minimum has a large excess risk.",
        source=place("Theorem 8"),
        given=_printed_given,
        where=(
            apart,
            le(sigma, 1 / n),
            le(_tail, _printed_needed.subs(A, _amplitude / sigma**6)),
            le(pi * n * mu * gap, 2**11 * sqrt(E) * (_amplitude / sigma**6) ** 4),
            _class,
            _stable,
            le(_risk - _least, _printed_excess),
        ),
        lhs=eta,
        rel=Rel.LE,
        rhs=_c / _level,
        constant=Constant(_c, CONSTANTS.learning_rate, larger_is_weaker=True, power_of_two=True),
        steps=(
            "A.thm8.P1",
            "A.thm8.P2",
            "A.thm8.P3",
            "A.thm8.P4",
            "A.thm8.P4.true",
            "A.thm8.P5",
            "A.thm8.P5.root",
            "A.thm8.P6",
        ),
        evidence=(
            Search(also=(_PRINTED,), draw=_printed, examples=3, hypothesis_examples=0, bits=256),
        ),
        broken=(flip(), scale("rhs", Rational(1, 10**30))),
        printed=r"\sigma\le\sigma_0,\ \eta>\frac{2^{12}\sigma^2}{\mu n^2\Delta}\Rightarrow "
        r"R_n(\theta^\star)-R_n(s^\star)>"
        r"\frac{\pi n^5\mu^3\Delta^3}{2^{36}e^{1/2}A^4\sigma^4}",
        note="Read with the four printed parts of sigma_0 and A = C_n/sigma^6, the other way "
        "round: a small excess risk bounds the rate. No failure was found, but the chain does not "
        "close as printed: Propositions 7 (n = 2), 9a and 10 are false, eq. 19 misses Delta^3, and "
        "eq. 20 needs the C_n of Lemma 12. See A.thm8.amended.",
    ),
    Claim(
        id="A.thm8.low",
        kind=Kind.LEMMA,
        says="A small excess risk gives a risk within the hypothesis of Proposition 7.",
        source=place("Theorem 8, proof"),
        given=_given,
        where=(*_conditions, le(_risk - _least, _excess)),
        lhs=_risk,
        rel=Rel.LE,
        rhs=2 * _excess,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=7),
                            From(claim="A.cor3b", because=(From(hypothesis=0),)),
                            From(hypothesis=4, weight=4 * mu**2 * span**2 / sigma**4),
                        ),
                        because=(From(claim="A.fact.span"),),
                    ),
                )
            ),
            _search,
        ),
        broken=(flip(), restate("far below", rhs=_excess / 10**30)),
    ),
    Claim(
        id="A.thm8.cap",
        kind=Kind.LEMMA,
        says="Under the conditions the risk meets the hypothesis of Proposition 7.",
        source=place("Theorem 8, proof"),
        given=_given,
        where=(*_conditions, le(_risk - _least, _excess)),
        lhs=_risk,
        rel=Rel.LE,
        rhs=1 / (16 * n * sigma**2),
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.thm8.low"), From(hypothesis=5))),)),
            _search,
        ),
        broken=(flip(), scale("rhs", Rational(1, 10**30))),
    ),
    Claim(
        id="A.thm8.amended",
        kind=Kind.AMENDED,
        amends="A.thm8",
        says="If a stable minimum nearly memorises the data, the learning rate is small.",
        source=place("Theorem 8, with its conditions"),
        given=_given,
        where=(*_conditions, le(_risk - _least, _excess)),
        lhs=eta,
        rel=Rel.LE,
        rhs=_c / _level,
        constant=Constant(_c, CONSTANTS.learning_rate, larger_is_weaker=True, power_of_two=True),
        steps=(
            "A.thm8.P1",
            "A.thm8.P2.amended",
            "A.thm8.P3.amended",
            "A.thm8.P4",
            "A.thm8.P5",
            "A.thm8.P6",
        ),
        uses=("A.eq8.mean", "A.eq8.direction"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop6.stable", weight=2**13 * eta / _level),
                            From(
                                claim="A.prop7.amended",
                                weight=2**13 * eta / _level,
                                because=(From(claim="A.thm8.cap"),),
                            ),
                            From(
                                claim="A.thm8.P5.third",
                                at={N: n, Delta: gap, R: _risk},
                                weight=2**13 * eta / _level * A / (sqrt(2 * pi) * sigma),
                                because=(
                                    From(claim="A.thm8.low"),
                                    From(claim="A.thm8.cap"),
                                    From(hypothesis=1, weight=sigma**2),
                                ),
                            ),
                            From(
                                claim="A.thm8.P5.second",
                                at={N: n, Delta: gap, R: _risk},
                                weight=2**13 * eta / _level,
                                because=(From(claim="A.thm8.low"),),
                            ),
                        )
                    ),
                )
            ),
            _search,
        ),
        broken=(flip(), scale("rhs", Rational(1, 10**30))),
        note="Conditions: n >= 4; Delta >= 8 sigma/mu; A >= sigma^-2 and A at least every outer "
        "weight; eq. 19 with Delta^3; the risk bound below 1/(16 n sigma^2); pi n mu Delta <= "
        "2^11 e^(1/2) A^4. With A = C_n/sigma^6 and the C_n of Lemma 12 all hold for small sigma "
        "(A.thm8.P3.amended). Linear stability enters as a sharpness of at most 2/(m eta), for "
        "gradient descent on R_n or for the mean over a batch; for ReLU networks and SGD that "
        "bounds the Hessian without the knots' own term only (A.eq8.interchange).",
    ),
    *(
        Claim(
            id=f"A.x2.{name}",
            kind=Kind.DERIVED,
            says="Twenty points in the regime of Proposition 7 at the paper's noise are wide.",
            source=place("experiments; Proposition 7"),
            given={X: Sample(min_size=20, max_size=20, spacing=8 * noise / scale_)},
            where=(ge(gap, 8 * noise / scale_),),
            lhs=span,
            rel=Rel.GE,
            rhs=_c,
            constant=Constant(_c, Rational(least), larger_is_weaker=False),
            evidence=(
                Steps(
                    branches=(
                        Branch(
                            parts=(
                                From(claim="A.fact.span"),
                                From(hypothesis=0, weight=n - 1),
                            ),
                            rest=(n - 20) * 8 * noise / scale_
                            + 19 * 8 * noise / scale_
                            - Rational(least),
                            because=(),
                        ),
                    )
                ),
                Search(examples=30),
            ),
            broken=(scale("rhs", Rational(11, 10)), drop(0)),
            note="The experiments draw 20 points of N(0, 1), which span about 4: they lie outside "
            "the regime of Proposition 7 and Theorem 8.",
        )
        for name, scale_, noise, least in (
            ("wide", Rational(81, 100), Rational(57, 100), 106),
            ("narrow", Rational(95, 100), Rational(31, 100), 49),
        )
    ),
)
