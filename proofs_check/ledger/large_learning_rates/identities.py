"""Paper A, section 2: the forward process, Tweedie, the optimal score and its derivatives."""

from typing import Final

from sympy import Expr, Rational, Sum, Symbol, diff, exp, log, oo, pi, sqrt

from proofs_check.broken import restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import Branch, From, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    i,
    j,
    mu,
    n,
    place,
    sigma,
    x,
    y,
)
from proofs_check.quantities.diffusion import ForwardMean, ForwardVariance
from proofs_check.quantities.empirical_score import (
    LossDensity,
    MinimiserOfRisk,
    MixtureDensity,
    Score,
    ScoreCurvature,
    ScoreSlope,
)
from proofs_check.quantities.posterior import (
    PosteriorMean,
    PosteriorThird,
    PosteriorVariance,
    PosteriorWeight,
    WeightSlope,
)
from proofs_check.quantities.score_risk import AffineExcessRisk, AffineRisk, OptimalRisk
from theory.symbols import t

__all__ = ["CLAIMS"]

_x0 = Symbol("x_0", real=True)
_a, _b = Symbol("a", real=True), Symbol("b", real=True)
_value = Symbol("s_y", real=True)
_v = Symbol("v", real=True)
_time = {t: Real(lo=0, lo_open=True)}
_sampled = {mu: MU, sigma: SIGMA, X: SAMPLE}
_at_y = {**_sampled, y: Real(within=(mu * x(1) - sigma, mu * x(n) + sigma))}
_tilted = Symbolic(recipe="tilting", sizes=(2, 3, 4), formal=True)


def _log_density() -> Expr:
    variance = 1 - exp(-2 * t)
    return -((y - exp(-t) * _x0) ** 2) / (2 * variance) - log(2 * pi * variance) / 2


def _gaussian(factor: Expr, variance: Expr) -> Expr:
    return exp(-((y - factor * _x0) ** 2) / (2 * variance)) / sqrt(2 * pi * variance)


_ell = _log_density()

FORWARD: Final = (
    Claim(
        id="A.eq3.mean",
        kind=Kind.STEP,
        says="The forward process contracts its start by exp(-t).",
        source=place("eq. 3"),
        given=_time,
        lhs=ForwardMean(t),
        rel=Rel.EQ,
        rhs=exp(-t),
        evidence=(Symbolic(), Search()),
        broken=(scale("rhs", Rational(101, 100)), restate("doubled rate", rhs=exp(-2 * t))),
        printed=r"\mu(t)=e^{-t}",
    ),
    Claim(
        id="A.eq3.variance",
        kind=Kind.STEP,
        says="The forward process adds noise of variance 1 - exp(-2t).",
        source=place("eq. 3"),
        given=_time,
        lhs=ForwardVariance(t),
        rel=Rel.EQ,
        rhs=1 - exp(-2 * t),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("single rate", rhs=1 - exp(-t)),
            restate("half the noise", rhs=(1 - exp(-2 * t)) / 2),
        ),
        printed=r"\sigma(t)^2=1-e^{-2t}",
    ),
    Claim(
        id="A.eq3.law",
        kind=Kind.STEP,
        says="The printed Gaussian solves the Fokker-Planck equation of the forward process.",
        source=place("eq. 3"),
        given={**_time, _x0: reals, y: reals},
        lhs=diff(_ell, t),
        rel=Rel.EQ,
        rhs=1 + y * diff(_ell, y) + diff(_ell, y, 2) + diff(_ell, y) ** 2,
        evidence=(Symbolic(), Search()),
        broken=(
            restate(
                "half the diffusion",
                rhs=1 + y * diff(_ell, y) + diff(_ell, y, 2) / 2 + diff(_ell, y) ** 2 / 2,
            ),
            restate("no drift", rhs=diff(_ell, y, 2) + diff(_ell, y) ** 2),
        ),
        printed=r"\partial_t p=\partial_y(yp)+\partial_y^2p",
        note="In the logarithm of the density, where both sides are rational in exp(-t).",
    ),
    Claim(
        id="A.eq3",
        says="The forward process at time t is exp(-t) X_0 plus Gaussian noise of standard "
        "deviation sqrt(1 - exp(-2t)).",
        source=place("eq. 3"),
        given={**_time, _x0: reals, y: reals},
        lhs=_gaussian(ForwardMean(t), ForwardVariance(t)),
        rel=Rel.EQ,
        rhs=_gaussian(exp(-t), 1 - exp(-2 * t)),
        uses=("A.eq3.law",),
        steps=("A.eq3.mean", "A.eq3.variance", "A.eq3.law"),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("mean exp(-2t) x_0", rhs=_gaussian(exp(-2 * t), 1 - exp(-2 * t))),
            restate("variance for deviation", rhs=_gaussian(exp(-t), (1 - exp(-2 * t)) ** 2)),
        ),
        printed=r"\mu(t)=e^{-t},\qquad\sigma(t)=\sqrt{1-e^{-2t}}",
        note="The left side is the Gaussian with the moments that solve the moment equations.",
    ),
)

_ratio = Sum((mu * x(j) - y) * exp(-((y - mu * x(j)) ** 2) / (2 * sigma**2)), (j, 1, n)) / (
    sigma**2 * Sum(exp(-((y - mu * x(j)) ** 2) / (2 * sigma**2)), (j, 1, n))
)

SCORE: Final = (
    Claim(
        id="A.eq4",
        says="Tweedie: the posterior mean is an affine function of the score.",
        source=place("eq. 4"),
        given=_at_y,
        lhs=PosteriorMean(*data, y),
        rel=Rel.EQ,
        rhs=(y + sigma**2 * Score(*data, y)) / mu,
        steps=("A.eq4.minimum",),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("wrong sign", rhs=(y - sigma**2 * Score(*data, y)) / mu),
            restate("sigma for its square", rhs=(y + sigma * Score(*data, y)) / mu),
        ),
        printed=r"\mathbb{E}[X\mid Y=y]=\tfrac1\mu"
        r"\big(y+\sigma^2\partial_y\log p_{\mu,\sigma}(y)\big)",
        note="For X uniform on the data, the law that the paper uses it for.",
    ),
    Claim(
        id="A.eq4.minimum",
        kind=Kind.STEP,
        says="The score of the mixture minimises the denoising risk, point by point.",
        source=place("eq. 4"),
        given=_at_y,
        lhs=MinimiserOfRisk(*data, y),
        rel=Rel.EQ,
        rhs=Score(*data, y),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("opposite sign", rhs=-Score(*data, y)),
        ),
        printed=r"\arg\min_s\mathbb{E}\big(s(Y)+\tfrac1{\sigma^2}(Y-\mu X)\big)^2"
        r"=\partial_y\log p_{\mu,\sigma}",
    ),
    Claim(
        id="A.eq6",
        says="The minimiser of the empirical risk is a ratio of sums of Gaussians.",
        source=place("eq. 6"),
        given=_at_y,
        lhs=MinimiserOfRisk(*data, y),
        rel=Rel.EQ,
        rhs=_ratio,
        steps=("A.eq6.score",),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("opposite sign", rhs=-_ratio),
            restate("no noise variance below", rhs=_ratio * sigma**2),
        ),
        printed=r"s^\star(y)=\frac{\sum_i(\mu x_i-y)e^{-(y-\mu x_i)^2/2\sigma^2}}"
        r"{\sigma^2\sum_ie^{-(y-\mu x_i)^2/2\sigma^2}}",
        note="Over functions that are square integrable under the law of Y; s* grows linearly.",
    ),
    Claim(
        id="A.eq6.score",
        kind=Kind.STEP,
        says="The same ratio is the score of the Gaussian mixture.",
        source=place("eq. 6"),
        given=_at_y,
        lhs=Score(*data, y),
        rel=Rel.EQ,
        rhs=_ratio,
        evidence=(_tilted, Search()),
        broken=(scale("rhs", Rational(101, 100)), restate("opposite sign", rhs=-_ratio)),
        printed=r"s^\star=\partial_y\log\tfrac1n\sum_i\varphi_\sigma(\cdot-\mu x_i)",
    ),
)

_loss_at = LossDensity(*data, y, _value)
_best_loss = LossDensity(*data, y, Score(*data, y))
_affine = {mu: MU, sigma: SIGMA, X: Sample(draw_size=3), _a: reals, _b: reals}
_slow = Search(examples=2, hypothesis_examples=0, bits=64)

EXCESS: Final = (
    Claim(
        id="A.excess.pointwise",
        kind=Kind.STEP,
        says="At every point the excess loss is the density times a squared difference of scores.",
        source=place("section 2"),
        given={**_at_y, _value: reals},
        lhs=_loss_at - _best_loss,
        rel=Rel.EQ,
        rhs=MixtureDensity(*data, y) * (_value - Score(*data, y)) ** 2,
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("not the optimal score", lhs=_loss_at - LossDensity(*data, y, 0)),
            restate("no square", rhs=MixtureDensity(*data, y) * (_value - Score(*data, y))),
        ),
        printed=r"\tfrac1n\sum_i\varphi_i(y)\big[(s+\tfrac{y-\mu x_i}{\sigma^2})^2"
        r"-(s^\star+\tfrac{y-\mu x_i}{\sigma^2})^2\big]=p(y)(s-s^\star(y))^2",
        note="For any value s of a score at y, hence for every score.",
    ),
    Claim(
        id="A.excess",
        says="The excess risk of a score is its mean squared distance to the optimal score.",
        source=place("section 2"),
        given=_affine,
        lhs=AffineRisk(*data, _a, _b) - OptimalRisk(*data),
        rel=Rel.EQ,
        rhs=AffineExcessRisk(*data, _a, _b),
        steps=("A.excess.pointwise",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.excess.pointwise",
                                at={y: _v, _value: _a + _b * _v},
                                along=(_v, -oo, oo),
                            ),
                        )
                    ),
                ),
                unfold=(AffineRisk, OptimalRisk, AffineExcessRisk),
            ),
            _slow,
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("sum of risks", lhs=AffineRisk(*data, _a, _b) + OptimalRisk(*data)),
        ),
        printed=r"R_n(s)-R_n(s^\star)=\tfrac1n\sum_i\mathbb{E}_{Y\sim N(\mu x_i,\sigma^2)}"
        r"\big[(s(Y)-s^\star(Y))^2\big]",
        note="Stated for affine scores, so that both sides have rigorous values; the pointwise "
        "step holds for the value of any score.",
    ),
)

_tilt = mu / sigma**2 * PosteriorWeight(*data, y, i) * (x(i) - PosteriorMean(*data, y))

DERIVATIVES: Final = (
    Claim(
        id="A.eq9.score",
        kind=Kind.STEP,
        says="The optimal score is an affine function of the posterior mean.",
        source=place("eq. 9"),
        given=_at_y,
        lhs=Score(*data, y),
        rel=Rel.EQ,
        rhs=(-y + mu * PosteriorMean(*data, y)) / sigma**2,
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("no mu", rhs=(-y + PosteriorMean(*data, y)) / sigma**2),
        ),
        printed=r"s^\star=\tfrac1{\sigma^2}(-y+\mu\,\mathbb{E}[W(y)])",
    ),
    Claim(
        id="A.eq9",
        says="The slope of the optimal score is an affine function of the posterior variance.",
        source=place("eq. 9"),
        given=_at_y,
        lhs=ScoreSlope(*data, y),
        rel=Rel.EQ,
        rhs=(-1 + mu**2 / sigma**2 * PosteriorVariance(*data, y)) / sigma**2,
        steps=("A.eq9.score",),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate(
                "mu for its square",
                rhs=(-1 + mu / sigma**2 * PosteriorVariance(*data, y)) / sigma**2,
            ),
            restate(
                "sigma for its square",
                rhs=(-1 + mu**2 / sigma * PosteriorVariance(*data, y)) / sigma**2,
            ),
        ),
        printed=r"s^{\star\prime}=\tfrac1{\sigma^2}\big(-1+\tfrac{\mu^2}{\sigma^2}"
        r"\mathbb{V}[W(y)]\big)",
    ),
    Claim(
        id="A.lem11.weight",
        kind=Kind.STEP,
        says="A posterior weight grows in proportion to the distance of its point from the mean.",
        source=place("Lemma 11, proof"),
        given={**_at_y, i: Integer(lo=1, hi=n)},
        lhs=WeightSlope(*data, y, i),
        rel=Rel.EQ,
        rhs=_tilt,
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("no mean", rhs=mu / sigma**2 * PosteriorWeight(*data, y, i) * x(i)),
        ),
        printed=r"\alpha_j'=\tfrac{\mu\alpha_j}{\sigma^2}(x_j-\mathbb{E}W)",
    ),
    Claim(
        id="A.lem11",
        says="The second derivative of the optimal score is a third central moment.",
        source=place("Lemma 11"),
        given=_at_y,
        lhs=ScoreCurvature(*data, y),
        rel=Rel.EQ,
        rhs=mu**3 / sigma**6 * PosteriorThird(*data, y),
        steps=("A.lem11.weight",),
        evidence=(_tilted, Search()),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("sigma^4", rhs=mu**3 / sigma**4 * PosteriorThird(*data, y)),
            restate("opposite sign", rhs=-(mu**3) / sigma**6 * PosteriorThird(*data, y)),
        ),
        printed=r"s^{\star\prime\prime}(y)=\tfrac{\mu^3}{\sigma^6}\mathbb{E}[(W-\mathbb{E}W)^3]",
    ),
)

CLAIMS: Final = (*FORWARD, *SCORE, *EXCESS, *DERIVATIVES)
