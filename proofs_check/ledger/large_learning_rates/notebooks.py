"""Rows A.code.mean, A.code.marginal, A.code.time: the choices of the public notebooks, decided.

Dictionary: ``v`` is the variance of Gaussian data in one coordinate, the process runs from t = 1
down to delta, and `ReverseVariance` is the exact variance of what Euler-Maruyama steps generate.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Abs, Expr, Rational, Symbol, Tuple, diff, exp, log, pi, sqrt

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, le
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import Branch, Enclosure, From, Instances, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.setting import X, n, place, y
from proofs_check.quantities.diffusion import ForwardMean, ForwardVariance
from proofs_check.quantities.gaussian_divergences import KullbackLeibler
from proofs_check.quantities.reverse_variance import (
    MeanSlope,
    MeanTime,
    ReverseDefect,
    ReverseMean,
    ReverseMeanDefect,
    ReverseVariance,
    SumSlope,
)
from theory.symbols import d, t, x_0

__all__ = ["CLAIMS"]

_percent = Rational(101, 100)
_positive = Real(lo=0, lo_open=True)
_time = {t: Real(lo=0, lo_open=True, near=(1,))}
_one = Fraction(1)
_few = Search(examples=40, hypothesis_examples=10)
_alone: Final[dict[str, dict[Symbol, Any]]] = {"the numbers": {}}

# Gradient and rate.
_theta = Symbol("theta", real=True)
_target = Symbol("z_t", real=True)
_step = Symbol("s", positive=True)
_sharpness = Symbol("lam", real=True)
_coordinates = {X: Sample(draw_size=4), _theta: reals, _target: reals, _step: _positive}
_two_coordinates = {X: (Fraction(0), _one), _theta: _one, _target: Fraction(0), _step: _one}


def _rounded(name: str, says: str, value: Expr, printed: Rational, **parts: Any) -> Claim:
    """Return: a printed number of two decimals is the value, rounded."""
    return Claim(
        id=name,
        says=says,
        source=place("section 5 and public notebook"),
        lhs=Abs(value - printed),
        rel=Rel.LE,
        rhs=Rational(1, 200),
        evidence=(Enclosure(), Instances(at=_alone, agreement=None)),
        broken=(
            restate("two hundredths more", lhs=Abs(value - printed - Rational(1, 50))),
            restate("one hundredth less", lhs=Abs(value - printed + Rational(1, 100))),
        ),
        **parts,
    )


MEAN: Final = (
    Claim(
        id="A.code.mean",
        kind=Kind.SAID,
        says="The step of the notebooks, on the mean over the coordinates, is the printed one, on "
        "the squared norm, at the same eta.",
        source=place("public notebook, training"),
        given=_coordinates,
        lhs=_step * MeanSlope(X, _theta, _target),
        rel=Rel.EQ,
        rhs=_step * SumSlope(X, _theta, _target),
        evidence=(Search(also=(_two_coordinates,), examples=20, hypothesis_examples=0),),
        broken=(
            restate("half of it", lhs=_step * MeanSlope(X, _theta, _target) / 2),
            restate("at least", rel=Rel.GE),
        ),
        note="The sample is read as the derivatives of the d coordinates of the network in one "
        "parameter. In dimension one both steps are the same; in the d = 10 of Figure 2 they "
        "differ by ten, in Figures 3 and 4 by 2 to 1000. Run with the printed sum, the rate 2 of "
        "Figure 3 diverges within 50 steps (experiment A.fig3).",
    ),
    Claim(
        id="A.code.mean.amended",
        kind=Kind.AMENDED,
        amends="A.code.mean",
        says="It is the printed step at the learning rate eta/d.",
        source=place("public notebook, training"),
        given=_coordinates,
        lhs=_step * MeanSlope(X, _theta, _target),
        rel=Rel.EQ,
        rhs=_step / n * SumSlope(X, _theta, _target),
        evidence=(
            Symbolic(sizes=(2, 3), formal=True),
            Search(examples=20, hypothesis_examples=0),
        ),
        broken=(
            restate("eta", rhs=_step * SumSlope(X, _theta, _target)),
            restate("eta/d^2", rhs=_step / n**2 * SumSlope(X, _theta, _target)),
            scale("rhs", _percent),
        ),
        note="So at the same eta a batch of the notebooks sees 1/d of the printed rate.",
    ),
    Claim(
        id="A.code.mean.limit",
        kind=Kind.DERIVED,
        says="A minimum that is stable for the notebooks' step has a sharpness of the printed risk "
        "of at most 2d/(m eta).",
        source=place("public notebook, training"),
        given={_sharpness: reals, d: Integer(lo=1), _step: _positive},
        where=(le(_sharpness / d, 2 / _step),),
        lhs=_sharpness,
        rel=Rel.LE,
        rhs=2 * d / _step,
        uses=("A.eq8", "A.code.mean.amended"),
        evidence=(Steps(branches=(Branch(parts=(From(hypothesis=0, weight=d),)),)), Search()),
        broken=(scale("rhs", Rational(99, 100)), restate("2/(m eta)", rhs=2 / _step)),
        note="The hypothesis is A.eq8 for the risk that the notebooks descend, whose Hessian is "
        "1/d of that of R_n; s stands for m eta.",
    ),
    _rounded(
        "A.code.mean.mu",
        "The printed mu = 0.81 is exp(-1/5) of the notebooks, rounded.",
        exp(-Rational(1, 5)),
        Rational(81, 100),
        kind=Kind.SAID,
        note="exp(-1/5) = 0.8187. With sigma = 0.57 the printed pair has mu^2 + sigma^2 = 0.981.",
    ),
    _rounded(
        "A.code.mean.mu.amended",
        "Rounded it is 0.82.",
        exp(-Rational(1, 5)),
        Rational(82, 100),
        kind=Kind.AMENDED,
        amends="A.code.mean.mu",
    ),
    _rounded(
        "A.code.mean.sigma",
        "The printed sigma = 0.57 is that of t = 1/5, rounded.",
        sqrt(1 - exp(-Rational(2, 5))),
        Rational(57, 100),
        kind=Kind.DERIVED,
    ),
    _rounded(
        "A.code.mean.mu.early",
        "The printed mu = 0.95 is that of t = 1/20, rounded.",
        exp(-Rational(1, 20)),
        Rational(95, 100),
        kind=Kind.DERIVED,
    ),
    _rounded(
        "A.code.mean.sigma.early",
        "The printed sigma = 0.31 is that of t = 1/20, rounded.",
        sqrt(1 - exp(-Rational(1, 10))),
        Rational(31, 100),
        kind=Kind.DERIVED,
    ),
)


def _gaussian(factor: Expr, variance: Expr) -> Expr:
    return exp(-((y - factor * x_0) ** 2) / (2 * variance)) / sqrt(2 * pi * variance)


def _ell(factor: Expr, variance: Expr) -> Expr:
    return -((y - factor * x_0) ** 2) / (2 * variance) - log(2 * pi * variance) / 2


_notebook = (exp(-2 * t), 1 - exp(-2 * t))
_law = _ell(*_notebook)
_placed = {**_time, x_0: reals, y: reals}
_seen = {t: _one, x_0: _one, y: Fraction(0)}
_v = Symbol("v", nonnegative=True)
_data = {_v: Real(lo=0, near=(4,)), **_time}
_four = {_v: Fraction(4), t: _one}
_speed = 4 - 2 * exp(-2 * t)


def _fokker_planck(rate: int, noise: Expr) -> Expr:
    """Return d/dt log p for dX = -rate X dt + sqrt(noise) dB."""
    return rate * (1 + y * diff(_law, y)) + noise * (diff(_law, y, 2) + diff(_law, y) ** 2) / 2


def _noised(variance: Any, rate: int, time: Any) -> Expr:
    """Return the variance of mu X + sigma xi, mu = exp(-rate t), for data of a variance."""
    return variance * exp(-2 * rate * time) + 1 - exp(-2 * time)


_END: Final = Rational(4, 99)  # one step of 0.95/99 below 0.05
_DELTA: Final = Rational(1, 100)


def _generated(
    variance: int, rate: int, steps: int, *, start: Expr | None = None, last: int = 1
) -> Expr:
    """Return the variance generated over the variance wanted, on the paper's or notebooks' grid."""
    end = _DELTA if steps == 99 else _END
    begin = _noised(variance, rate, 1) if start is None else start
    reached = ReverseVariance(variance, begin, rate, end, steps, last)
    return reached / _noised(variance, rate, end)


def _place(rate: int, steps: int) -> Expr:
    """Return the mean generated around a single datum over the mean wanted."""
    end = _DELTA if steps == 99 else _END
    return ReverseMean(0, exp(-rate), rate, end, steps) / exp(-rate * end)


def _ratio(name: str, says: str, value: Expr, rel: Rel, bound: Rational, note: str = "") -> Claim:
    """Return: a certified ratio lies on one side of a number of two or three digits."""
    tight = Rational(49, 50) if rel is Rel.LE else Rational(51, 50)
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=place("public notebook, diffusion"),
        lhs=value,
        rel=rel,
        rhs=bound,
        evidence=(Instances(at=_alone),),
        broken=(scale("rhs", tight), flip()),
        note=note,
    )


MARGINAL: Final = (
    Claim(
        id="A.code.marginal",
        kind=Kind.SAID,
        says="exp(-2t) X_0 plus noise of variance 1 - exp(-2t) is the law of the forward process "
        "whose reverse step the notebooks take.",
        source=place("public notebook, diffusion"),
        given=_placed,
        lhs=_gaussian(ForwardMean(t), ForwardVariance(t)),
        rel=Rel.EQ,
        rhs=_gaussian(*_notebook),
        uses=("A.eq3",),
        evidence=(Search(also=(_seen,)),),
        broken=(
            restate("the noise doubled too", rhs=_gaussian(exp(-2 * t), 1 - exp(-4 * t))),
            scale("rhs", _percent),
        ),
        note="The reverse step x + (x + 2s) dt + sqrt(2 dt) xi belongs to dX = -X dt + sqrt(2) dB.",
    ),
    Claim(
        id="A.code.marginal.amended",
        kind=Kind.AMENDED,
        amends="A.code.marginal",
        says="It is the law of dX = -2X dt + sqrt(4 - 2 exp(-2t)) dB.",
        source=place("public notebook, diffusion"),
        given=_placed,
        lhs=diff(_law, t),
        rel=Rel.EQ,
        rhs=_fokker_planck(2, _speed),
        evidence=(Symbolic(), _few),
        broken=(
            restate("the paper's process", rhs=_fokker_planck(1, Rational(2))),
            restate("twice as fast", rhs=_fokker_planck(2, Rational(4))),
            restate("drift alone", rhs=_fokker_planck(2, Rational(2))),
        ),
        note="The Fokker-Planck equation in the logarithm of the density; at t = 0 the law is that "
        "of X_0. Its reverse step would be x + (2x + (4 - 2 exp(-2t)) s) dt + noise.",
    ),
    Claim(
        id="A.code.marginal.clock",
        kind=Kind.DERIVED,
        says="At time 2t, where the factor is exp(-2t), the noise has exp(-2t) (1 - exp(-2t)) more "
        "variance than the notebooks give it.",
        source=place("public notebook, diffusion"),
        given=_time,
        lhs=ForwardVariance(2 * t) - (1 - exp(-2 * t)),
        rel=Rel.EQ,
        rhs=exp(-2 * t) * (1 - exp(-2 * t)),
        evidence=(Symbolic(), _few),
        broken=(scale("rhs", _percent), restate("none", rhs=0)),
    ),
    Claim(
        id="A.code.marginal.preserving",
        kind=Kind.SAID,
        says="The notebooks' factor and noise keep the variance of standardised data: "
        "mu^2 + sigma^2 = 1.",
        source=place("public notebook, diffusion"),
        given=_time,
        lhs=exp(-4 * t) + 1 - exp(-2 * t),
        rel=Rel.EQ,
        rhs=1,
        evidence=(Search(also=({t: _one},)),),
        broken=(scale("rhs", _percent), restate("at least", rel=Rel.GE)),
    ),
    Claim(
        id="A.code.marginal.preserving.amended",
        kind=Kind.AMENDED,
        amends="A.code.marginal.preserving",
        says="They lose up to a quarter of it.",
        source=place("public notebook, diffusion"),
        given=_time,
        lhs=exp(-4 * t) + 1 - exp(-2 * t),
        rel=Rel.GE,
        rhs=Rational(3, 4),
        evidence=(Steps(branches=(Branch(rest=(exp(-2 * t) - Rational(1, 2)) ** 2),)), Search()),
        broken=(scale("rhs", _percent), restate("a fifth", rhs=Rational(4, 5))),
        note="The quarter is lost at t = log(2)/2 = 0.35.",
    ),
    Claim(
        id="A.code.marginal.reverse",
        kind=Kind.SAID,
        says="With the exact scores of the notebooks' laws their reverse process runs through "
        "these laws.",
        source=place("public notebook, diffusion"),
        given=_data,
        lhs=ReverseDefect(_v, t, 2),
        rel=Rel.EQ,
        rhs=0,
        evidence=(Search(also=(_four,)),),
        broken=(restate("at least", rel=Rel.GE), restate("one too many", rhs=1)),
        note="For Gaussian data of variance v: the rate of the generated variance less that of the "
        "law's, where the two agree.",
    ),
    Claim(
        id="A.code.marginal.reverse.amended",
        kind=Kind.AMENDED,
        amends="A.code.marginal.reverse",
        says="The generated variance falls behind at the rate 2 v exp(-4t).",
        source=place("public notebook, diffusion"),
        given=_data,
        lhs=ReverseDefect(_v, t, 2),
        rel=Rel.EQ,
        rhs=-2 * _v * exp(-4 * t),
        evidence=(Symbolic(), _few),
        broken=(
            scale("rhs", _percent),
            restate("ahead", rhs=2 * _v * exp(-4 * t)),
            restate("exp(-2t)", rhs=-2 * _v * exp(-2 * t)),
        ),
    ),
    Claim(
        id="A.code.marginal.reverse.mean",
        kind=Kind.DERIVED,
        says="The generated mean falls behind too, at the rate exp(-2t) of that of the data, even "
        "for a single datum.",
        source=place("public notebook, diffusion"),
        given=_data,
        lhs=ReverseMeanDefect(_v, t, 2),
        rel=Rel.EQ,
        rhs=-exp(-2 * t),
        evidence=(Symbolic(), _few),
        broken=(
            scale("rhs", _percent),
            restate("carried", rhs=0),
            restate("the printed marginal", lhs=ReverseMeanDefect(_v, t, 1)),
        ),
    ),
    Claim(
        id="A.code.marginal.printed.mean",
        kind=Kind.DERIVED,
        says="With the printed marginal the mean is carried.",
        source=place("section 2"),
        given=_data,
        lhs=ReverseMeanDefect(_v, t, 1),
        rel=Rel.EQ,
        rhs=0,
        evidence=(Symbolic(), _few),
        broken=(
            restate("the notebooks' marginal", lhs=ReverseMeanDefect(_v, t, 2)),
            restate("one too many", rhs=1),
        ),
    ),
    Claim(
        id="A.code.marginal.printed",
        kind=Kind.DERIVED,
        says="With the printed marginal it does run through the laws.",
        source=place("section 2"),
        given=_data,
        lhs=ReverseDefect(_v, t, 1),
        rel=Rel.EQ,
        rhs=0,
        evidence=(Symbolic(), _few),
        broken=(
            restate("the notebooks' marginal", lhs=ReverseDefect(_v, t, 2)),
            restate("one too many", rhs=1),
        ),
    ),
    _ratio(
        "A.code.marginal.generated",
        "For data N(0, 4) the notebooks' steps, started in the right law, generate at most 0.53 of "
        "the variance that their own marginal asks for.",
        _generated(4, 2, 100),
        Rel.LE,
        Rational(53, 100),
    ),
    _ratio(
        "A.code.marginal.generated.fine",
        "That is no matter of the step: with ten times as many steps it is at most 0.53 too.",
        _generated(4, 2, 1000),
        Rel.LE,
        Rational(53, 100),
    ),
    _ratio(
        "A.code.marginal.place",
        "A single datum, memorised by the exact score, comes out at most at 0.92 of its place at "
        "delta in the notebooks.",
        _place(2, 100),
        Rel.LE,
        Rational(92, 100),
        "0.839 of the datum where exp(-2 delta) is 0.922; with finer steps 0.844.",
    ),
    Claim(
        id="A.code.marginal.place.printed",
        kind=Kind.DERIVED,
        says="With the printed marginal and times it comes out there up to 0.03 per cent.",
        source=place("section 5"),
        lhs=Abs(_place(1, 99) - 1),
        rel=Rel.LE,
        rhs=Rational(3, 10000),
        evidence=(Instances(at=_alone),),
        broken=(
            scale("rhs", Rational(1, 2)),
            restate("the notebooks' marginal", lhs=Abs(_place(2, 100) - 1)),
        ),
    ),
    Claim(
        id="A.code.marginal.generated.printed",
        kind=Kind.DERIVED,
        says="With the printed marginal and times it is right up to one per cent.",
        source=place("section 5"),
        lhs=Abs(_generated(4, 1, 99) - 1),
        rel=Rel.LE,
        rhs=Rational(1, 100),
        evidence=(Instances(at=_alone),),
        broken=(
            scale("rhs", Rational(1, 2)),
            restate("the notebooks' marginal", lhs=Abs(_generated(4, 2, 100) - 1)),
        ),
    ),
)

_start_data = {_v: Real(lo=0, near=(4,)), **_time}
_w = Symbol("w", positive=True)
_origin, _unit = Tuple(0, 0), Tuple(1, 0, 1)


def _divergence(deviation: Expr) -> Expr:
    """Return KL(N(0, I) || N(0, w^2 I)) in the plane."""
    return KullbackLeibler(_origin, _unit, Tuple(deviation, 0, deviation))


def _nats(variance: Expr) -> Expr:
    """Return KL(N(0, I) || N(0, variance I)) in the plane, by A.code.time.start.amended."""
    return 1 / variance - 1 + log(variance)


def _near(
    name: str,
    says: str,
    value: Expr,
    number: Rational,
    width: Rational,
    uses: tuple[str, ...] = (),
) -> Claim:
    """Return: a certified value is a number of three digits."""
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=place("section 5 and public notebook"),
        lhs=Abs(value - number),
        rel=Rel.LE,
        rhs=width,
        uses=uses,
        evidence=(*(() if value.has(MeanTime) else (Enclosure(),)), Instances(at=_alone)),
        broken=(
            restate("three widths more", lhs=Abs(value - number - 3 * width)),
            restate("three widths less", lhs=Abs(value - number + 3 * width)),
        ),
    )


TIME: Final = (
    Claim(
        id="A.code.time",
        kind=Kind.SAID,
        says="The notebooks draw a time, compared with the last one, as often as printed.",
        source=place("public notebook, diffusion"),
        given={t: Real(lo=0, hi=1, lo_open=True)},
        lhs=(1 - exp(-2 * t)) / (1 - exp(-2)),
        rel=Rel.EQ,
        rhs=(1 - exp(-2)) / (1 - exp(-2 * t)),
        evidence=(Search(also=({t: Fraction(1, 2)},)),),
        broken=(scale("rhs", _percent), restate("at least", rel=Rel.GE)),
        note="Squares of the weights sigma(t)/sigma(1) and sigma(1)/sigma(t).",
    ),
    Claim(
        id="A.code.time.amended",
        kind=Kind.AMENDED,
        amends="A.code.time",
        says="Before the last one every time is drawn less often than it as printed, and so more "
        "often in the notebooks.",
        source=place("public notebook, diffusion"),
        given={t: Real(lo=0, hi=1, lo_open=True)},
        lhs=1 - exp(-2 * t),
        rel=Rel.LE,
        rhs=1 - exp(-2),
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(99, 100)), flip()),
    ),
    _near(
        "A.code.time.mean",
        "The mean time of training is 0.574 as printed.",
        MeanTime(_DELTA, 100, 1),
        Rational(574, 1000),
        Rational(1, 1000),
    ),
    _near(
        "A.code.time.mean.notebook",
        "It is 0.455 in the notebooks.",
        MeanTime(Rational(1, 20), 100, -1),
        Rational(455, 1000),
        Rational(1, 1000),
    ),
    Claim(
        id="A.code.time.start",
        kind=Kind.SAID,
        says="The start N(0, I) is the law of the forward process at the last time.",
        source=place("public notebook, diffusion"),
        given=_start_data,
        lhs=_noised(_v, 1, t),
        rel=Rel.EQ,
        rhs=1,
        evidence=(Search(also=(_four,)),),
        broken=(restate("at least", rel=Rel.GE), scale("rhs", _percent)),
        note="The variance of a coordinate of noised Gaussian data of variance v.",
    ),
    Claim(
        id="A.code.time.start.amended",
        kind=Kind.AMENDED,
        amends="A.code.time.start",
        says="In the plane N(0, I) has the divergence 1/w^2 - 1 + log w^2 from N(0, w^2 I).",
        source=place("public notebook, diffusion"),
        given={_w: _positive},
        lhs=_divergence(_w),
        rel=Rel.EQ,
        rhs=1 / _w**2 - 1 + log(_w**2),
        evidence=(Symbolic(), Search(examples=20, hypothesis_examples=0, bits=128)),
        broken=(
            scale("rhs", _percent, "a hundredth more"),
            restate("the other way round", rhs=_w**2 - 1 - log(_w**2)),
        ),
    ),
    _near(
        "A.code.time.start.printed",
        "For data N(0, 4 I) in the plane it is 0.052 nats at T = 1 with the printed marginal.",
        _nats(_noised(4, 1, 1)),
        Rational(52, 1000),
        Rational(1, 1000),
        ("A.code.time.start.amended",),
    ),
    _near(
        "A.code.time.start.notebook",
        "It is 0.0021 nats with the notebooks' marginal, which has contracted the data more.",
        _nats(_noised(4, 2, 1)),
        Rational(21, 10000),
        Rational(1, 10000),
        ("A.code.time.start.amended",),
    ),
    _ratio(
        "A.code.time.start.generated",
        "Started from N(0, 1) the printed process generates at most 0.89 of the variance of data "
        "N(0, 4).",
        _generated(4, 1, 99, start=Rational(1)),
        Rel.LE,
        Rational(89, 100),
        "Started in the right law it is 0.993, see A.code.marginal.generated.printed.",
    ),
    Claim(
        id="A.code.time.noise",
        kind=Kind.DERIVED,
        says="A last step as long as delta adds more noise than the data carry at delta.",
        source=place("section 5 and public notebook"),
        given=_time,
        lhs=2 * t,
        rel=Rel.GT,
        rhs=1 - exp(-2 * t),
        evidence=(Enclosure(), Search()),
        broken=(scale("lhs", Rational(99, 100)), flip()),
        note="The printed times are 0.01 apart and end at 0.01. A step adds variance 2h.",
    ),
    _near(
        "A.code.time.noise.notebook",
        "In the notebooks it adds 0.202 of the noise at delta = 0.05.",
        2 * Rational(95, 9900) / (1 - exp(-Rational(1, 10))),
        Rational(202, 1000),
        Rational(1, 1000),
    ),
    _ratio(
        "A.code.time.last",
        "Around a single datum the printed steps, with noise in the last one, generate at least "
        "1.65 times the noise at delta.",
        _generated(0, 1, 99),
        Rel.GE,
        Rational(165, 100),
    ),
    _ratio(
        "A.code.time.last.silent",
        "Without noise in the last step they generate at most 0.645 of it: neither is right.",
        _generated(0, 1, 99, last=0),
        Rel.LE,
        Rational(645, 1000),
    ),
    _ratio(
        "A.code.time.last.notebook",
        "In the notebooks it is at most 1.14, for they stop earlier.",
        _generated(0, 2, 100),
        Rel.LE,
        Rational(114, 100),
    ),
)

CLAIMS: Final = (*MEAN, *MARGINAL, *TIME)
