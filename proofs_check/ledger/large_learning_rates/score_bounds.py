"""Paper A, Corollary 3: the slope of the optimal score jumps, and its risk is small."""

from fractions import Fraction
from typing import Final

from sympy import Abs, Rational, Sum, Symbol, erf, erfc, exp, oo, sqrt

from proofs_check.broken import drop, flip, restate, scale, swap
from proofs_check.claim import Claim, Constant, Kind, Rel
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import Branch, Enclosure, From, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.posterior_bounds import near
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    decay,
    gap,
    i,
    j,
    k,
    middle,
    mu,
    n,
    near_centre,
    place,
    sigma,
    spaced,
    span,
    x,
    y,
)
from proofs_check.quantities.empirical_score import LossDensity, Score, ScoreSlope
from proofs_check.quantities.normal import NormalDensity, NormalMass, NormalTail
from proofs_check.quantities.posterior import PosteriorMean
from proofs_check.quantities.score_risk import CentreRisk, OptimalRisk
from theory.symbols import z

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_b = Symbol("b", integer=True, nonnegative=True)
_c = Symbol("c", positive=True)
_v = Symbol("v", real=True)
_p = Symbol("p", positive=True)
_sampled = {mu: MU, sigma: SIGMA, X: SAMPLE}
_gaps = {**_sampled, i: Integer(lo=1, hi=n - 1), _b: Integer(lo=0, hi=1)}
_bound = mu**2 / sigma**4 * ((x(i + 1) - x(i)) ** 2 / (2 * n) - 4 * n**2 * gap**2 * decay())


def _jump(point: object) -> Abs:
    return Abs(ScoreSlope(*data, point) - ScoreSlope(*data, middle(i)))


_centre = mu * x(i + _b)
_difference = ScoreSlope(*data, _centre) - ScoreSlope(*data, middle(i))

JUMP: Final = (
    Claim(
        id="A.cor3a",
        says="The slope of the optimal score differs much between a data point and the middle "
        "of its gap.",
        source=place("Corollary 3 (i)"),
        given=_gaps,
        where=(spaced,),
        lhs=_jump(x(i + _b)),
        rel=Rel.GE,
        rhs=_bound,
        evidence=(
            Search(
                also=(
                    {
                        mu: _half,
                        sigma: Fraction(1, 5),
                        X: (Fraction(1), Fraction(3)),
                        i: Fraction(1),
                        _b: Fraction(0),
                    },
                )
            ),
        ),
        broken=(scale("rhs", 20),),
        printed=r"\left|s^{\star\prime}(y)-s^{\star\prime}(m_i)\right|\ge\tfrac{\mu^2}{\sigma^4}"
        r"\Big(\tfrac{(x_i-x_{i+1})^2}{2n}-4n^2\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}\Big),"
        r"\quad y\in\{x_i,x_{i+1}\}",
        note="Read literally, y is a data point itself, not the noisy centre mu x_i.",
    ),
    Claim(
        id="A.cor3a.amended",
        kind=Kind.AMENDED,
        amends="A.cor3a",
        says="The slope of the optimal score differs much between a noisy centre and the middle "
        "of its gap.",
        source=place("Corollary 3 (i), with y in {mu x_i, mu x_(i+1)}"),
        given=_gaps,
        where=(spaced,),
        lhs=_jump(_centre),
        rel=Rel.GE,
        rhs=_bound,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.eq9", at={y: middle(i)}),
                            From(claim="A.eq9", at={y: _centre}, weight=-1),
                            From(claim="A.prop2a", weight=mu**2 / sigma**4),
                            From(
                                claim="A.prop2c",
                                at={y: _centre, i: i + _b},
                                weight=mu**2 / sigma**4,
                            ),
                        ),
                        rest=Abs(_difference) + _difference,
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", 4),
            restate(
                "no loss at the centre and no n", rhs=mu**2 / sigma**4 * (x(i + 1) - x(i)) ** 2
            ),
            restate("sigma^6", rhs=_bound / sigma**2 * 4),
        ),
        printed=r"\left|s^{\star\prime}(y)-s^{\star\prime}(m_i)\right|\ge\tfrac{\mu^2}{\sigma^4}"
        r"\Big(\tfrac{(x_i-x_{i+1})^2}{2n}-4n^2\Delta^2e^{-\mu^2\Delta^2/4\sigma^2}\Big),"
        r"\quad y\in\{\mu x_i,\mu x_{i+1}\}",
    ),
)

_line = (mu * x(i) - y) / sigma**2
_near_i = {**_sampled, i: Integer(lo=1, hi=n), y: near_centre(i)}


def _line_branch(sign: int) -> Branch:
    deviation = PosteriorMean(*data, y) - x(i)
    scale_ = mu / sigma**2
    return Branch(
        parts=(
            From(claim="A.eq9.score", weight=-sign),
            From(claim="A.prop2b", weight=scale_),
        ),
        rest=scale_ * (Abs(deviation) - sign * deviation),
    )


NEAR: Final = (
    Claim(
        id="A.cor3b.P1",
        kind=Kind.STEP,
        says="Near a centre the optimal score is almost the score of one Gaussian.",
        source=place("eq. 13"),
        given=_near_i,
        where=(near, spaced),
        lhs=Abs(Score(*data, y) - _line),
        rel=Rel.LE,
        rhs=n * mu * gap / sigma**2 * decay(),
        evidence=(Steps(branches=(_line_branch(1), _line_branch(-1))), Search()),
        broken=(
            scale("rhs", Rational(9, 20)),
            swap(decay(), decay(Rational(5, 4)), "exponent larger by a quarter"),
            drop(0, name="y anywhere"),
        ),
        printed=r"\left|s^\star(y)-\tfrac1{\sigma^2}(\mu x_i-y)\right|"
        r"\le\tfrac{n\mu\Delta}{\sigma^2}e^{-\mu^2\Delta^2/4\sigma^2}",
    ),
)

_radius = mu * gap / 4
_tail_bound = 2 * exp(-(mu**2) * gap**2 / (32 * sigma**2))
_square = (PosteriorMean(*data, y) - x(i)) ** 2
_gauss = NormalDensity(mu * x(i), sigma, y)
_far_y = {**_sampled, y: Real(within=(mu * x(1) - sigma, mu * x(n) + sigma))}
_far = {**_sampled, i: Integer(lo=1, hi=n), y: Real(near=(mu * x(i),))}

RISK: Final = (
    Claim(
        id="A.fact.erfc",
        kind=Kind.LEMMA,
        says="The two-sided Gaussian tail is at most exp(-z^2).",
        source=place("used without statement"),
        given={z: Real(lo=0)},
        lhs=erfc(z),
        rel=Rel.LE,
        rhs=exp(-(z**2)),
        evidence=(Enclosure(margin=exp(-(z**2)) - erfc(z)), Search()),
        broken=(
            scale("rhs", Rational(99, 100)),
            restate("faster decay", rhs=exp(-Rational(11, 10) * z**2)),
            flip(),
        ),
    ),
    Claim(
        id="A.fact.range.above",
        kind=Kind.LEMMA,
        says="The posterior mean is at most the largest datum.",
        source=place("used without statement"),
        given=_far_y,
        lhs=PosteriorMean(*data, y),
        rel=Rel.LE,
        rhs=x(n),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.mean", weight=-1),
                            From(claim="A.fact.total", weight=-x(n)),
                            From(claim="A.fact.below", at={i: n}, over=(j, 1, n)),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(restate("second largest", rhs=x(n - 1)), flip()),
    ),
    Claim(
        id="A.fact.range.below",
        kind=Kind.LEMMA,
        says="The posterior mean is at least the smallest datum.",
        source=place("used without statement"),
        given=_far_y,
        lhs=PosteriorMean(*data, y),
        rel=Rel.GE,
        rhs=x(1),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.mean"),
                            From(claim="A.fact.total", weight=x(1)),
                            From(claim="A.fact.above", at={i: 1}, over=(j, 1, n)),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(restate("second smallest", rhs=x(2)), flip()),
    ),
    Claim(
        id="A.cor3b.near",
        kind=Kind.LEMMA,
        says="Near a centre the weighted squared error of the posterior mean is small.",
        source=place("Corollary 3 (ii), proof"),
        given=_near_i,
        where=(near, spaced),
        lhs=_gauss * _square,
        rel=Rel.LE,
        rhs=n**2 * gap**2 * decay(2) * _gauss,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.prop2b",
                                weight=_gauss
                                * (n * gap * decay() + Abs(PosteriorMean(*data, y) - x(i))),
                            ),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 5)), drop(0, name="y anywhere")),
    ),
    Claim(
        id="A.cor3b.far",
        kind=Kind.LEMMA,
        says="Anywhere the weighted squared error is at most the squared span of the data.",
        source=place("Corollary 3 (ii), proof"),
        given=_far,
        lhs=_gauss * _square,
        rel=Rel.LE,
        rhs=span**2 * _gauss,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.range.above",
                                weight=_gauss * (span + PosteriorMean(*data, y) - x(i)),
                            ),
                            From(
                                claim="A.fact.distance",
                                at={i: 1, j: i},
                                weight=_gauss * (span + PosteriorMean(*data, y) - x(i)),
                            ),
                        ),
                        rest=_gauss * (span + PosteriorMean(*data, y) - x(i)) * (i - 1) * gap,
                        because=(
                            From(claim="A.fact.range.below"),
                            From(claim="A.fact.distance", at={i: i, j: n}),
                        ),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 10)), flip()),
    ),
)

_s = Symbol("s", positive=True)
_r = Symbol("r", positive=True)
_normal = {z: reals, _s: Real(lo=0, lo_open=True), _r: Real(lo=0, lo_open=True)}
_mass, _tail = NormalMass(z, _s, _r), NormalTail(z, _s, _r)

NORMAL: Final = (
    Claim(
        id="A.fact.mass",
        kind=Kind.LEMMA,
        says="A normal variable is within any distance of its mean with probability at most one.",
        source=place("used without statement"),
        given=_normal,
        lhs=_mass,
        rel=Rel.LE,
        rhs=1,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.mass.value", weight=-1),),
                        rest=1 - erf(_r / (sqrt(2) * _s)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(9, 10)), flip()),
    ),
    Claim(
        id="A.fact.mass.value",
        kind=Kind.LEMMA,
        says="The probability of a normal variable near its mean is an error function.",
        source=place("used without statement"),
        given=_normal,
        lhs=_mass,
        rel=Rel.EQ,
        rhs=erf(_r / (sqrt(2) * _s)),
        evidence=(Symbolic(recipe="integral"), Search()),
        broken=(scale("rhs", Rational(101, 100)), restate("no sqrt 2", rhs=erf(_r / _s))),
    ),
    Claim(
        id="A.fact.tail.value",
        kind=Kind.LEMMA,
        says="The probability of a normal variable far from its mean is one less its mass near it.",
        source=place("used without statement"),
        given=_normal,
        lhs=_tail,
        rel=Rel.EQ,
        rhs=erfc(_r / (sqrt(2) * _s)),
        evidence=(Symbolic(recipe="integral"), Search()),
        broken=(scale("rhs", Rational(1, 2)), restate("no sqrt 2", rhs=erfc(_r / _s))),
    ),
    Claim(
        id="A.fact.tail",
        kind=Kind.LEMMA,
        says="A normal variable is farther than r from its mean with probability at most "
        "2 exp(-r^2/2 s^2).",
        source=place("Corollary 3 (ii), proof"),
        given=_normal,
        lhs=_tail,
        rel=Rel.LE,
        rhs=_c * exp(-(_r**2) / (2 * _s**2)),
        constant=Constant(_c, Rational(2), power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.tail.value", weight=-1),
                            From(claim="A.fact.erfc", at={z: _r / (sqrt(2) * _s)}),
                        ),
                        rest=exp(-(_r**2) / (2 * _s**2)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 3)), restate("rate doubled", rhs=exp(-(_r**2) / _s**2))),
    ),
)

_risk_i = {
    mu: MU,
    sigma: SIGMA,
    X: Sample(draw_size=3, spacing=2 * sigma / mu),
    i: Integer(lo=1, hi=n),
}
_risk = {s: d for s, d in _risk_i.items() if s != i}
_slow = Search(examples=3, hypothesis_examples=0, bits=64)
_apart = {mu: _half, sigma: Fraction(1, 14), X: (Fraction(0), Fraction(1))}
"""Two points seven noise levels apart, where the true rate 1/8 shows."""

_rate = mu**2 / sigma**4
_term_bound = n**2 * gap**2 * decay(2) + span**2 * _tail_bound
_two_terms = _rate * _term_bound

SUM: Final = (
    Claim(
        id="A.cor3b.pointwise",
        kind=Kind.LEMMA,
        says="The loss of the optimal score is a weighted squared error of the posterior mean.",
        source=place("Corollary 3 (ii), proof"),
        given=_far_y,
        lhs=LossDensity(*data, y, Score(*data, y)),
        rel=Rel.EQ,
        rhs=_rate
        / n
        * Sum(
            NormalDensity(mu * x(j), sigma, y) * (PosteriorMean(*data, y) - x(j)) ** 2, (j, 1, n)
        ),
        evidence=(Symbolic(recipe="tilting", sizes=(2, 3, 4), formal=True), Search()),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", mu, "mu^3")),
    ),
    Claim(
        id="A.cor3b.sum",
        kind=Kind.LEMMA,
        says="The risk of the optimal score is a mean of squared errors around the centres.",
        source=place("Corollary 3 (ii), proof"),
        given=_risk,
        lhs=OptimalRisk(*data),
        rel=Rel.EQ,
        rhs=_rate / n * Sum(CentreRisk(*data, j), (j, 1, n)),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.cor3b.pointwise", at={y: _v}, along=(_v, -oo, oo)),)
                    ),
                ),
                unfold=(OptimalRisk, CentreRisk),
            ),
            _slow,
        ),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", mu, "mu^3")),
    ),
    Claim(
        id="A.cor3b.term",
        kind=Kind.LEMMA,
        says="Around each centre the squared error is small near it and rarely far from it.",
        source=place("Corollary 3 (ii), proof"),
        given=_risk_i,
        where=(spaced,),
        lhs=CentreRisk(*data, i),
        rel=Rel.LE,
        rhs=_term_bound,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.cor3b.near",
                                at={y: _v},
                                along=(_v, mu * x(i) - _radius, mu * x(i) + _radius),
                            ),
                            From(
                                claim="A.cor3b.far",
                                at={y: _v},
                                along=(_v, -oo, mu * x(i) - _radius),
                            ),
                            From(
                                claim="A.cor3b.far", at={y: _v}, along=(_v, mu * x(i) + _radius, oo)
                            ),
                            From(
                                claim="A.fact.mass",
                                at={z: mu * x(i), _s: sigma, _r: _radius},
                                weight=n**2 * gap**2 * decay(2),
                            ),
                            From(
                                claim="A.fact.tail",
                                at={z: mu * x(i), _s: sigma, _r: _radius},
                                weight=span**2,
                            ),
                        )
                    ),
                ),
                unfold=(CentreRisk, NormalMass, NormalTail),
            ),
            _slow,
        ),
        broken=(
            scale("rhs", Rational(1, 50)),
            restate("no far part", rhs=n**2 * gap**2 * decay(2)),
        ),
    ),
    Claim(
        id="A.cor3b.P2",
        kind=Kind.STEP,
        says="The risk of the optimal score is at most a near part plus a far part.",
        source=place("Corollary 3 (ii), proof"),
        given=_risk,
        where=(spaced,),
        lhs=OptimalRisk(*data),
        rel=Rel.LE,
        rhs=_two_terms,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.cor3b.sum", weight=-1),
                            From(
                                claim="A.cor3b.term",
                                at={i: k},
                                over=(k, 1, n),
                                weight=_rate / n,
                            ),
                        )
                    ),
                )
            ),
            _slow,
        ),
        broken=(
            scale("rhs", Rational(1, 50)),
            restate("no far part", rhs=_rate * n**2 * gap**2 * decay(2)),
        ),
        printed=r"R_n(s^\star)\le\tfrac{n^2\mu^2\Delta^2}{\sigma^4}e^{-\mu^2\Delta^2/2\sigma^2}"
        r"+\tfrac{2\mu^2(x_n-x_1)^2}{\sigma^4}e^{-\mu^2\Delta^2/32\sigma^2}",
    ),
    Claim(
        id="A.cor3b.P2.span",
        kind=Kind.STEP,
        says="n spacings are at most twice the span of the data.",
        source=place("Corollary 3 (ii), proof"),
        given={X: Sample()},
        lhs=n * gap,
        rel=Rel.LE,
        rhs=_c * span,
        constant=Constant(_c, Rational(2), power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.span", weight=2),),
                        rest=(n - 2) * gap,
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(99, 100)), flip()),
        printed=r"n\Delta\le2(x_n-x_1)",
    ),
    Claim(
        id="A.cor3b.P2.last",
        kind=Kind.STEP,
        says="The near part is smaller than half of the far part.",
        source=place("Corollary 3 (ii), proof"),
        given={_p: Real(lo=Rational(1, 8))},
        lhs=4 * exp(-16 * _p),
        rel=Rel.LE,
        rhs=_c * exp(-_p),
        constant=Constant(_c, Rational(2), power_of_two=True),
        evidence=(Enclosure(), Search()),
        broken=(
            scale("rhs", Rational(3, 10)),
            restate("any p", given={_p: Real(lo=0, lo_open=True)}),
        ),
        printed=r"4e^{-\mu^2\Delta^2/2\sigma^2}\le2e^{-\mu^2\Delta^2/32\sigma^2}",
    ),
    Claim(
        id="A.cor3b",
        says="The risk of the optimal score is exponentially small.",
        source=place("Corollary 3 (ii), eq. 10"),
        given=_risk,
        where=(spaced,),
        lhs=OptimalRisk(*data),
        rel=Rel.LE,
        rhs=_c * _rate * span**2 * _tail_bound / 2,
        constant=Constant(_c, Rational(4), power_of_two=True),
        steps=("A.cor3b.P1", "A.cor3b.P2", "A.cor3b.P2.span", "A.cor3b.P2.last"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.cor3b.P2"),
                            From(
                                claim="A.cor3b.P2.span",
                                weight=_rate * decay(2) * (2 * span + n * gap),
                            ),
                            From(
                                claim="A.cor3b.P2.last",
                                at={_p: mu**2 * gap**2 / (32 * sigma**2)},
                                weight=_rate * span**2,
                            ),
                        ),
                        because=(From(claim="A.fact.span"),),
                    ),
                )
            ),
            Search(examples=3, hypothesis_examples=0, bits=64, also=(_apart,)),
        ),
        broken=(
            scale("rhs", Rational(1, 1000)),
            restate("rate 1/4", rhs=4 * _rate * span**2 * decay()),
        ),
        printed=r"R_n(s^\star)\le\tfrac{4\mu^2(x_n-x_1)^2}{\sigma^4}e^{-\mu^2\Delta^2/32\sigma^2}",
    ),
)

CLAIMS: Final = (*JUMP, *NEAR, *RISK, *NORMAL, *SUM)
