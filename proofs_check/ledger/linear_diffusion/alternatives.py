"""Paper B, section 4: the exact reverse process with a linear score, and two regimes of n."""

from fractions import Fraction
from typing import Any, Final

from sympy import Rational, S, Sum, Symbol, diff, digamma, exp, log

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, le
from proofs_check.domains import Choices, Integer, Real
from proofs_check.evidence import (
    Argued,
    Branch,
    Enclosure,
    From,
    Instances,
    MonteCarlo,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import POSITIVE, d, m, percent, place, sets, u
from proofs_check.quantities.alternatives_simulation import sample_kl
from proofs_check.quantities.linear_model import LogChiSquare
from proofs_check.quantities.linear_reverse import MeanSampleKL, ReverseVariance, SampleKLLimit
from proofs_check.quantities.linear_simulation import simulated
from theory.symbols import T, i, lambda_, n

__all__ = ["CLAIMS"]

_source = place("alternatives that the reviews ask for")
_w, _start = Symbol("w", positive=True), Symbol("V", positive=True)
_a2 = exp(-2 * T)
_later = _w * _a2 + lambda_ * (1 - _a2)
_flow = dict.fromkeys((_w, _start, lambda_, T), POSITIVE)
_sde = _w + _a2 * _w**2 * (_start - _later) / _later**2
_ode = _w * _start / _later
_x = Symbol("x", positive=True)
"""e^{2T} - 1 in the claims on flows, so that a^2 = 1/(1 + x)."""
_from_prior = {_x: POSITIVE, _w: POSITIVE, lambda_: POSITIVE}
_clock = (_w + lambda_ * _x) / (1 + _x)

FLOWS: Final = (
    Claim(
        id="B.exactreverse.sde",
        kind=Kind.DERIVED,
        says="The reverse equation with the fitted linear score turns the variance V at time T "
        "into w + a^2 w^2 (V - c)/c^2 in a direction with the fitted variance w.",
        source=_source,
        given=_flow,
        lhs=ReverseVariance(1, _w, _start, lambda_, T),
        rel=Rel.EQ,
        rhs=_sde,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the probability flow", rhs=_ode),
            restate("a for a squared", rhs=_w + exp(-T) * _w**2 * (_start - _later) / _later**2),
            restate("without fresh noise", rhs=_a2 * _w**2 * _start / _later**2),
        ),
        printed=r"V_0=w+\frac{a^2w^2}{c^2}(V_T-c),\quad c=a^2w+q^2",
    ),
    Claim(
        id="B.exactreverse.ode",
        kind=Kind.DERIVED,
        says="The probability flow with that score turns V into w V / c.",
        source=_source,
        given=_flow,
        lhs=ReverseVariance(2, _w, _start, lambda_, T),
        rel=Rel.EQ,
        rhs=_ode,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("the reverse equation", rhs=_sde),
            restate("squared gain", rhs=_w**2 * _start / _later**2),
        ),
        printed=r"V_0=wV_T/c",
    ),
    Claim(
        id="B.exactreverse.matched",
        kind=Kind.DERIVED,
        says="Started at the noised fit, V = c, the reverse equation returns the fitted variance "
        "at every T.",
        source=_source,
        given={_w: POSITIVE, lambda_: POSITIVE, T: POSITIVE},
        lhs=ReverseVariance(1, _w, _later, lambda_, T),
        rel=Rel.EQ,
        rhs=_w,
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate("what the one-step model gives", rhs=_a2 * _w**2 / _later),
        ),
        note="So does the flow (B.exactreverse.ode): both generate N(xbar, S), the sample "
        "Gaussian. The one-step map drops the posterior variance that the noise restores.",
    ),
    Claim(
        id="B.exactreverse.onestep",
        kind=Kind.DERIVED,
        says="What the one-step map with the same score lacks is the posterior variance w q^2/c.",
        source=_source,
        given=_from_prior,
        lhs=_w - (_w**2 / (1 + _x) / _clock**2) * _clock,
        rel=Rel.EQ,
        rhs=_w * lambda_ * _x / (1 + _x) / _clock,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("the prior variance", rhs=_w * _x / (1 + _x)),
            restate("no data variance", rhs=lambda_ * _x / (1 + _x)),
        ),
        printed=r"w-\kappa^2c=wq^2/c",
    ),
    Claim(
        id="B.exactreverse.forget",
        kind=Kind.DERIVED,
        says="Started at the prior, V = lambda, the reverse equation has a smaller error than the "
        "flow, by the factor a^2 w / c.",
        source=_source,
        given=_from_prior,
        lhs=_w / (_w + lambda_ * _x),
        rel=Rel.LT,
        rhs=1,
        uses=("B.exactreverse.sde", "B.exactreverse.ode"),
        evidence=(Steps(branches=(Branch(rest=lambda_ * _x / (_w + lambda_ * _x)),)), Search()),
        broken=(flip(), scale("lhs", 2), restate("the flow wins", lhs=(_w + lambda_ * _x) / _w)),
        note="Both errors vanish as T grows, as a^4 and a^2.",
    ),
)

_nu = Symbol("nu", positive=True)
_z, _h = Symbol("z", positive=True), Symbol("h", positive=True)
_digammas = Sum(digamma((m - i + 1) / 2), (i, 1, d))
_kl = (d / (m + 1) - _digammas - d * log(2 / m)) / 2
_dense = {d: Integer(lo=1), m: Integer(lo=d)}


def _draw(choices: Choices) -> dict[Symbol, Any]:
    """Return a small dimension: sums of thousands of digamma values are dear."""
    dimension = choices.integer(1, 12)
    return {d: Fraction(dimension), m: Fraction(dimension + choices.integer(0, 40))}


def _draw_onset(choices: Choices) -> dict[Symbol, Any]:
    """Return a small dimension and one point more."""
    dimension = Fraction(choices.integer(1, 40))
    return {d: dimension, m: dimension}


_some = Search(examples=12, hypothesis_examples=0, bits=64, draw=_draw)
_simulated = simulated("SimulatedSampleKL", 2)(d, m)
_sample_sets = sets((2, 12), (5, 16), (3, 4), (8, 40), names=(d, m))

SAMPLE: Final = (
    Claim(
        id="B.exactreverse.bartlett",
        kind=Kind.LEMMA,
        says="The mean divergence of the sample Gaussian is half of d/n less the sum of the mean "
        "logarithms of independent chi^2_{m-i+1}/m, for any covariance of the data.",
        source=_source,
        given=_dense,
        lhs=_simulated,
        rel=Rel.EQ,
        rhs=(d / (m + 1) - Sum(LogChiSquare(m - i + 1) - log(m), (i, 1, d))) / 2,
        evidence=(
            MonteCarlo(replicates=sample_kl, at=_sample_sets, margin=Rational(1, 8), count=2000),
            Argued(),
        ),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate(
                "same degrees for all",
                rhs=(d / (m + 1) - d * (LogChiSquare(m) - log(m))) / 4,
            ),
            restate("no error of the mean", rhs=-Sum(LogChiSquare(m) - log(m), (i, 1, d)) / 4),
        ),
        printed=r"\log\det W\overset d=\sum_i\log\chi^2_{m-i+1}",
        note="The simulated data are strongly correlated.",
    ),
    Claim(
        id="B.exactreverse",
        kind=Kind.DERIVED,
        says="For n >= d + 1 the sum of mean logarithms gives the printed closed form in digamma "
        "functions.",
        source=_source,
        given=_dense,
        lhs=(d / (m + 1) - Sum(LogChiSquare(m - i + 1) - log(m), (i, 1, d))) / 2,
        rel=Rel.EQ,
        rhs=_kl,
        uses=("B.exactreverse.bartlett", "B.exactreverse.matched"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.logdet.chi",
                                at={_nu: m - i + 1},
                                over=(i, 1, d),
                                weight=-Rational(1, 2),
                            ),
                        ),
                    ),
                )
            ),
            _some,
        ),
        broken=(
            scale("rhs", percent),
            restate("log m/2 for log 2/m", rhs=(d / (m + 1) - _digammas - d * log(m / 2)) / 2),
            restate("1/m for 1/n", rhs=(d / m - _digammas - d * log(2 / m)) / 2),
            restate(
                "all degrees m",
                rhs=(d / (m + 1) - (d + 1) * digamma(m / 2) - d * log(2 / m)) / 2,
            ),
        ),
        printed=r"E\,KL=\tfrac12\bigl[\tfrac dn-\sum_{i\le d}\psi_0(\tfrac{m-i+1}2)"
        r"-d\log\tfrac2m\bigr]",
        note="For the unbiased covariance X_c^T X_c / m. Denoising score matching fits "
        "X_c^T X_c / n, which is worse: B.exactreverse.unbiased.",
    ),
    Claim(
        id="B.exactreverse.value",
        kind=Kind.DERIVED,
        says="The same closed form from the moments of the determinant.",
        source=_source,
        given={d: Integer(lo=1, hi=40), m: Integer(lo=d, hi=400)},
        lhs=MeanSampleKL(d, m),
        rel=Rel.EQ,
        rhs=_kl,
        evidence=(_some,),
        broken=(
            scale("rhs", percent),
            restate("missing one half", rhs=2 * _kl),
            restate("no mean", rhs=_kl - d / (2 * (m + 1))),
        ),
    ),
    Claim(
        id="B.exactreverse.unbiased",
        kind=Kind.DERIVED,
        says="The covariance with 1/n that score matching fits has no smaller mean divergence than "
        "the unbiased one: it is larger by (log(n/m) - 1/n)/2 a dimension.",
        source=_source,
        given={m: Integer(lo=1)},
        lhs=log(m + 1) - log(m) - 1 / (m + 1),
        rel=Rel.GE,
        rhs=0,
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="B.fact.log", at={_h: m / (m + 1)}),)),)),
            Search(),
        ),
        broken=(
            flip(),
            restate("minus 1/m", lhs=log(m + 1) - log(m) - 1 / m),
            restate("larger than 1/n", rhs=1 / (m + 1)),
        ),
        note="The trace loses d/n and the log-determinant gains d log(n/m).",
    ),
    Claim(
        id="B.exactreverse.singular",
        kind=Kind.DERIVED,
        says="For n <= d the sample covariance is singular: the exact reverse process needs d + 1 "
        "points as well.",
        source=_source,
        given={d: Integer(lo=2), n: Integer(lo=2, hi=d)},
        lhs=n - 1,
        rel=Rel.LT,
        rhs=d,
        evidence=(Steps(branches=(Branch(rest=d - n + 1),)), Search()),
        broken=(flip(), restate("the rank is n", lhs=n), scale("lhs", 3)),
    ),
)

_s = Symbol("s", positive=True)
_lower = d * (d + 3) / (4 * (m + 1))
_term = log(m) - log(2) - digamma(_x / 2)

BOUNDS: Final = (
    Claim(
        id="B.fact.trapezoid.slope",
        kind=Kind.LEMMA,
        says="The slope of the error of the trapezoidal rule is not negative.",
        source=place("used throughout"),
        given={_s: POSITIVE},
        lhs=_s**2 / (2 * (1 + _s) ** 2),
        rel=Rel.GE,
        rhs=0,
        evidence=(Polynomial(), Search()),
        broken=(flip(), restate("at least 1/2", rhs=Rational(1, 2))),
    ),
    Claim(
        id="B.fact.trapezoid",
        kind=Kind.LEMMA,
        says="The trapezoidal rule of the convex function 1/(1 + s) on [0, x] is no less than "
        "log(1 + x).",
        source=place("used throughout"),
        given={_x: POSITIVE},
        lhs=log(1 + _x),
        rel=Rel.LE,
        rhs=(_x + _x / (1 + _x)) / 2,
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="B.fact.trapezoid.slope", along=(_s, S.Zero, _x)),)),
                )
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", Rational(9, 10)), restate("left end", rhs=_x / (1 + _x))),
    ),
    Claim(
        id="B.fact.sum",
        kind=Kind.LEMMA,
        says="The first d integers add up to d(d + 1)/2.",
        source=place("used throughout"),
        given={d: Integer(lo=1)},
        lhs=Sum(i, (i, 1, d)),
        rel=Rel.EQ,
        rhs=d * (d + 1) / 2,
        evidence=(Symbolic(recipe="sums"), _some),
        broken=(scale("rhs", percent), restate("d squared", rhs=d**2)),
    ),
    Claim(
        id="B.fact.digamma",
        kind=Kind.LEMMA,
        says="The digamma function lies below log z - 1/(2z).",
        source=place("used throughout"),
        given={_z: POSITIVE},
        lhs=digamma(_z),
        rel=Rel.LE,
        rhs=log(_z) - 1 / (2 * _z),
        uses=("B.fact.trapezoid",),
        evidence=(Search(), Argued()),
        broken=(flip(), restate("minus 1/z", rhs=log(_z) - 1 / _z)),
    ),
    Claim(
        id="B.exactreverse.term",
        kind=Kind.LEMMA,
        says="Each term of the mean divergence is at least (m - x + 1)/m, x = m - i + 1.",
        source=_source,
        given={m: Integer(lo=1), _x: Real(lo=1, hi=m)},
        lhs=_term,
        rel=Rel.GE,
        rhs=(m - _x + 1) / m,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="B.fact.digamma", at={_z: _x / 2}),
                            From(claim="B.fact.log", at={_h: _x / m}),
                        ),
                        rest=(m - _x) / (m * _x),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", 2), restate("(m + 1)/x", rhs=(m + 1) / _x)),
    ),
    Claim(
        id="B.exactreverse.lower",
        kind=Kind.DERIVED,
        says="The mean divergence is at least d (d + 3)/(4 n), half the number of parameters over "
        "n, for every n >= d + 1.",
        source=_source,
        given=_dense,
        lhs=_kl,
        rel=Rel.GE,
        rhs=_lower,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.exactreverse.term",
                                at={_x: m - i + 1},
                                over=(i, 1, d),
                                weight=Rational(1, 2),
                            ),
                            From(claim="B.fact.sum", weight=1 / (2 * m)),
                        ),
                        rest=d * (d + 1) / (4 * m * (m + 1)),
                    ),
                )
            ),
            _some,
        ),
        broken=(
            flip(),
            scale("rhs", 2),
            restate("over n - d", rhs=d * (d + 3) / (2 * (m - d + 1))),
        ),
        printed=r"E\,KL\ge\frac{d(d+3)}{4n}",
    ),
    Claim(
        id="B.exactreverse.rate",
        kind=Kind.DERIVED,
        says="The mean divergence is d^2/(4n) up to a quarter, for n >= 100 d.",
        source=_source,
        given={d: Integer(lo=1, hi=30), m: Integer(lo=100 * d, hi=100 * d + 400)},
        lhs=MeanSampleKL(d, m),
        rel=Rel.LE,
        rhs=Rational(5, 4) * d**2 / (4 * (m + 1)),
        evidence=(
            Search(
                examples=20,
                hypothesis_examples=0,
                also=({d: Fraction(1), m: Fraction(100)},),
                bits=128,
            ),
        ),
        broken=(flip(), scale("rhs", Rational(1, 2))),
        printed=r"\approx d^2/4n",
        note="Printed for the proportional limit, where it is the right end (B.exactreverse.end). "
        "At a fixed dimension it misses 3d/(4n): at d = 1 the truth is four times as large.",
    ),
    Claim(
        id="B.exactreverse.rate.fixed",
        kind=Kind.AMENDED,
        amends="B.exactreverse.rate",
        says="For n >= 100 d it is d (d + 3)/(4n) up to one per cent, at every dimension.",
        source=_source,
        given={d: Integer(lo=1, hi=30), m: Integer(lo=100 * d, hi=100 * d + 400)},
        lhs=MeanSampleKL(d, m),
        rel=Rel.LE,
        rhs=(1 + Rational(1, 80)) * _lower,
        uses=("B.exactreverse.lower",),
        evidence=(_some,),
        broken=(
            flip(),
            restate("d squared", rhs=(1 + Rational(1, 80)) * d**2 / (4 * (m + 1))),
            scale("rhs", Rational(9, 10)),
        ),
        printed=r"E\,KL=\frac{d(d+3)}{4n}(1+O(d/n))",
    ),
    Claim(
        id="B.trivial.reverse",
        kind=Kind.AMENDED,
        amends="B.trivial",
        says="Nor do d + 1 points suffice with the exact reverse process: more than d/4 nats "
        "remain.",
        source=place("public review"),
        given={d: Integer(lo=1), m: Integer(lo=d, hi=d)},
        lhs=_kl,
        rel=Rel.GT,
        rhs=d / 4,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.exactreverse.lower"),),
                        rest=d * (d + 2 - m) / (4 * (m + 1)),
                    ),
                )
            ),
            Search(examples=12, hypothesis_examples=0, bits=64, draw=_draw_onset),
        ),
        broken=(flip(), scale("rhs", 20)),
        printed=r"n=d+1:\ E\,KL>d/4",
        note="In high dimension d/2 remain (B.exactreverse.onset).",
    ),
)

_limit = (1 - u * log((1 + u) / u)) / 2
_slope = log(1 + u) - log(u) - 1 / (1 + u)
_ball = Search(examples=12, hypothesis_examples=0, bits=128)
_p = Symbol("p", integer=True, positive=True)
_ratio = {d: Integer(lo=10, hi=200), _p: Integer(lo=2, hi=20)}
_at_p = (1 - (_p - 1) * log(_p / (_p - 1))) / 2

LIMIT: Final = (
    Claim(
        id="B.exactreverse.limit",
        kind=Kind.DERIVED,
        says="Per dimension it tends to (1 - (psi - 1) log(psi/(psi - 1)))/2.",
        source=_source,
        given={u: POSITIVE},
        lhs=SampleKLLimit(1 + u),
        rel=Rel.EQ,
        rhs=(1 - u * (log(1 + u) - log(u))) / 2,
        evidence=(Symbolic(), Search(bits=128)),
        broken=(
            scale("rhs", percent),
            restate("psi for psi - 1", rhs=(1 - (1 + u) * (log(1 + u) - log(u))) / 2),
            restate("missing one half", rhs=1 - u * (log(1 + u) - log(u))),
        ),
        printed=r"\tfrac12\bigl[1-(\psi-1)\log\tfrac\psi{\psi-1}\bigr]",
    ),
    Claim(
        id="B.exactreverse.limit.above",
        kind=Kind.DERIVED,
        says="The exact mean per dimension lies above that limit at integer aspect ratios.",
        source=_source,
        given=_ratio,
        lhs=MeanSampleKL(d, _p * d) / d,
        rel=Rel.GT,
        rhs=_at_p,
        evidence=(_ball,),
        broken=(flip(), scale("rhs", Rational(3, 2))),
    ),
    Claim(
        id="B.exactreverse.limit.below",
        kind=Kind.DERIVED,
        says="It exceeds the limit by less than 1/(p d) at the aspect ratio p.",
        source=_source,
        given=_ratio,
        lhs=MeanSampleKL(d, _p * d) / d,
        rel=Rel.LT,
        rhs=_at_p + 1 / (_p * d),
        evidence=(_ball,),
        broken=(flip(), restate("1/(10 p d)", rhs=_at_p + 1 / (10 * _p * d))),
    ),
    Claim(
        id="B.exactreverse.onset",
        kind=Kind.DERIVED,
        says="At the onset it is 1/2 a dimension, and less beyond: no divergence of the kind that "
        "the one-step model has near n = d.",
        source=_source,
        given={u: POSITIVE},
        lhs=_limit,
        rel=Rel.LT,
        rhs=Rational(1, 2),
        evidence=(Enclosure(), Search()),
        broken=(flip(), scale("rhs", Rational(1, 2)), restate("quarter", rhs=Rational(1, 4))),
    ),
    Claim(
        id="B.exactreverse.slope",
        kind=Kind.LEMMA,
        says="The slope in psi of twice the limit, up to its sign.",
        source=_source,
        given={u: POSITIVE},
        lhs=diff(u * log((1 + u) / u), u),
        rel=Rel.EQ,
        rhs=_slope,
        evidence=(Symbolic(), Search()),
        broken=(scale("rhs", percent), restate("no 1/psi", rhs=log(1 + u) - log(u))),
    ),
    Claim(
        id="B.exactreverse.falls",
        kind=Kind.DERIVED,
        says="It never rises on psi > 1, without exception: what was said of the one-step model "
        "(B.kl) is true of the exact reverse process.",
        source=_source,
        given={u: POSITIVE},
        lhs=_slope,
        rel=Rel.GE,
        rhs=0,
        uses=("B.exactreverse.slope",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.fact.log", at={_h: u / (1 + u)}),),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("1/psi doubled", lhs=_slope - 1 / (1 + u))),
    ),
    Claim(
        id="B.exactreverse.end",
        kind=Kind.DERIVED,
        says="It is at least 1/(4 psi): d^2/(4n) is its end in high dimension.",
        source=_source,
        given={_x: POSITIVE},
        lhs=log(1 + _x),
        rel=Rel.LE,
        rhs=_x * (2 + _x) / (2 * (1 + _x)),
        uses=("B.exactreverse.limit",),
        evidence=(Steps(branches=(Branch(parts=(From(claim="B.fact.trapezoid"),)),)), Search()),
        broken=(flip(), scale("rhs", Rational(9, 10))),
        printed=r"kl\ge\frac1{4\psi}",
        note="With x = 1/(psi - 1): multiply by psi - 1 and halve.",
    ),
    Claim(
        id="B.exactreverse.end.above",
        kind=Kind.DERIVED,
        says="It is at most 1/(4 (psi - 1)).",
        source=_source,
        given={_x: POSITIVE},
        lhs=log(1 + _x),
        rel=Rel.GE,
        rhs=_x - _x**2 / 2,
        uses=("B.exactreverse.limit",),
        evidence=(Enclosure(), Search()),
        broken=(flip(), restate("a quarter of the square", rhs=_x - _x**2 / 4)),
        printed=r"kl\le\frac1{4(\psi-1)}",
        note="With x = 1/(psi - 1).",
    ),
)

_collapse = log(1 + 1 / (n ** (2 / d) - 1)) / 2
_cases: Any = {
    "d = 100, n = 201": {d: Fraction(100), n: Fraction(201)},
    "d = 150, n = 301": {d: Fraction(150), n: Fraction(301)},
    "d = 200, n = 401": {d: Fraction(200), n: Fraction(401)},
}
_pair = {d: Integer(lo=1), n: Integer(lo=d + 1)}
_doubles: Any = {name: {d: at[d]} for name, at in _cases.items()}
_twice = {d: Integer(lo=100, hi=200)}

REGIME: Final = (
    Claim(
        id="B.regime",
        kind=Kind.SAID,
        says="Accurate generation needs exponentially many samples: a mean divergence of at most "
        "d/6 needs n >= e^(d/10).",
        source=place("public review"),
        given=_pair,
        where=(le(MeanSampleKL(d, n - 1), d / 6),),
        lhs=n,
        rel=Rel.GE,
        rhs=exp(d / 10),
        evidence=(
            Search(
                examples=6,
                hypothesis_examples=0,
                also=({d: Fraction(100), n: Fraction(201)},),
                bits=128,
            ),
        ),
        broken=(flip(), restate("e^d", rhs=exp(d))),
        printed=r"n\sim d\text{ is inconsistent with }n=e^{\alpha d}",
        note="The two counts belong to two scores: the linear one has d(d + 3)/2 parameters, the "
        "exact one is fitted to every point. Any rate alpha > 0 is refuted alike.",
    ),
    Claim(
        id="B.regime.linear",
        kind=Kind.AMENDED,
        amends="B.regime",
        says="With n = 2d + 1 points the linear score already leaves less than d/6.",
        source=place("public review"),
        given=_twice,
        lhs=MeanSampleKL(d, 2 * d),
        rel=Rel.LT,
        rhs=d / 6,
        evidence=(Instances(at=_doubles, agreement=None),),
        broken=(flip(), restate("d/7", rhs=d / 7)),
        note="In high dimension (1 - log 2) d/2 = 0.1534 d.",
    ),
    Claim(
        id="B.regime.exact",
        kind=Kind.AMENDED,
        amends="B.regime",
        says="With the same n = 2d + 1 points the exact empirical score has collapsed onto single "
        "training points by t = 1 (s_d = lambda = 1).",
        source=place("public review"),
        given=_twice,
        lhs=_collapse.subs(n, 2 * d + 1),
        rel=Rel.GT,
        rhs=1,
        evidence=(Instances(at=_doubles),),
        broken=(flip(), scale("lhs", Rational(1, 2)), restate("by t = 2", rhs=2)),
        printed=r"t_C=\tfrac12\log\bigl(1+\tfrac1{n^{2/d}-1}\bigr)",
        note="The collapse time is that of B.collapse; it stays bounded only for n = e^{alpha d}. "
        "Both counts are right and they are about different models.",
    ),
)

CLAIMS: Final = (*FLOWS, *SAMPLE, *BOUNDS, *LIMIT, *REGIME)
