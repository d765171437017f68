"""Paper A, Corollary 3: the slope of the optimal score jumps, and its risk is small."""

from fractions import Fraction
from typing import Final

from sympy import Abs, Integral, Rational, S, Sum, Symbol, erf, erfc, exp, oo, pi, sqrt

from proofs_check.broken import drop, flip, restate, scale, swap
from proofs_check.claim import Claim, Constant, Kind, Rel
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import (
    Branch,
    Change,
    Enclosure,
    From,
    Instances,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
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
    instances,
    j,
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
from proofs_check.quantities.empirical_score import (
    CentreDensity,
    CentreRisk,
    LossDensity,
    OptimalRisk,
    PosteriorMean,
    PosteriorVariance,
    Score,
    ScoreSlope,
)
from theory.symbols import z

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_b = Symbol("b", integer=True, nonnegative=True)
_c = Symbol("c", positive=True)
_v = Symbol("v", real=True)
_N = Symbol("N", integer=True, positive=True)
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
        uses=(),
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
            restate("no loss at the centre and no n", rhs=mu**2 / sigma**4 * (x(i + 1) - x(i)) ** 2),
            swap(sigma, sigma / 2, "noise halved in the bound")
            if False
            else restate("sigma^6", rhs=_bound / sigma**2 * 4),
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
_gauss = CentreDensity(*data, y, i)
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
        evidence=(Enclosure(), Search()),
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
        given=_far,
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
        given=_far,
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
                                * (
                                    n * gap * decay()
                                    + Abs(PosteriorMean(*data, y) - x(i))
                                ),
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
                        rest=_gauss
                        * (span + PosteriorMean(*data, y) - x(i))
                        * (i - 1)
                        * gap,
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

CLAIMS: Final = (*JUMP, *NEAR, *RISK)
