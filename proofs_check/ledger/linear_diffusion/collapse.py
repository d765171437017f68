r"""Paper B, collapse: the weights at a noised training point, the collapse time, relaxation.

Dictionary: ``gamma`` is the signal-to-noise ratio at time t (the paper's w), ``n`` the number of
training points, ``d`` the dimension, ``omega_i`` one coordinate of the weight of point i. Moments
are per coordinate: those of Z_1 and Z_{1^c} are their d-th powers, times counts of points over
powers of n.
"""

from fractions import Fraction
from typing import Any, Final

import numpy as np
from sympy import Expr, Rational, Symbol, Tuple, exp, log, sqrt

from proofs_check.broken import Broken, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Argued,
    Branch,
    Evidence,
    From,
    MonteCarlo,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    POSITIVE,
    d,
    gamma,
    lambda_,
    m,
    percent,
    place,
    s_d,
    sets,
    signal,
    u,
)
from proofs_check.quantities.collapse import (
    CollapseTime,
    ConditionalWeight,
    EnergyEntropy,
    EnergyRate,
    ExcessEntropy,
    LogRatioMoment,
    TypicalLog,
    WeightMoment,
    weights_of,
)
from proofs_check.quantities.linear_simulation import simulated
from theory.symbols import alpha, beta, eta, n

__all__ = ["CLAIMS"]

_source: Final = place("collapse of the exact score")
_near: Final = Real(lo=0, lo_open=True, within=(Rational(1, 4), 4))
_signal: Final = {gamma: _near}
_theta: Final = Symbol("theta", real=True)
_place: Final = Symbol("x_u", real=True)
_quick: Final = Search(examples=24, hypothesis_examples=4, bits=128)
_sizes: Final = {n: Integer(lo=2), d: Integer(lo=1), gamma: POSITIVE}


def _equality(
    name: str,
    says: str,
    lhs: Expr,
    rhs: Expr,
    broken: tuple[Broken, ...],
    *,
    given: Any = _signal,
    evidence: tuple[Evidence, ...] = (Symbolic(), _quick),
    where: Any = (),
    tight: bool = True,
    **parts: Any,
) -> Claim:
    """Return an equality, with a variant that is a percent off where that can be told."""
    return Claim(
        id=name,
        kind=parts.pop("kind", Kind.DERIVED),
        says=says,
        source=_source,
        given=given,
        where=where,
        lhs=lhs,
        rel=Rel.EQ,
        rhs=rhs,
        evidence=evidence,
        broken=(scale("rhs", percent), *broken) if tight else broken,
        **parts,
    )


def _weight(own: Any, *others: Any) -> Expr:
    return WeightMoment(own, Tuple(*others), gamma)


MOMENTS: Final = (
    _equality(
        "B.z1.mean",
        "The mean value of the own part is 2^(-d/2)/n: per coordinate, squared, one half.",
        _weight(1) ** 2,
        Rational(1, 2),
        (restate("the typical value 1/e", rhs=exp(-1)), restate("not squared", lhs=_weight(1))),
        printed=r"E\,Z_1=\tfrac1n2^{-d/2}",
        note="The typical value is e^{-d/2}/n, smaller by (e/2)^{d/2}: see B.z1.typical.own.",
    ),
    _equality(
        "B.z1.mean_rest",
        "The mean value of the rest is (n-1)/n (2(1+gamma))^(-d/2).",
        _weight(0, 1) ** 2,
        1 / (2 * (1 + gamma)),
        (
            restate("same place as the own point", rhs=1 / (1 + 2 * gamma)),
            restate("no factor 2", rhs=1 / (1 + gamma)),
            restate("distance of the points once", rhs=1 / (2 + gamma)),
        ),
        printed=r"E\,Z_{1^c}=\tfrac{n-1}n(2(1+\gamma))^{-d/2}",
    ),
    _equality(
        "B.z1.square",
        "The mean square of the own part is 3^(-d/2)/n^2.",
        _weight(2) ** 2,
        Rational(1, 3),
        (restate("square of the mean", rhs=Rational(1, 4)),),
        printed=r"E\,Z_1^2=n^{-2}3^{-d/2}",
    ),
    _equality(
        "B.z1.square_rest",
        "The mean square of one other weight is (3 + 4 gamma)^(-1/2) per coordinate.",
        _weight(0, 2) ** 2,
        1 / (3 + 4 * gamma),
        (
            restate("square of the mean", rhs=1 / (4 * (1 + gamma) ** 2)),
            restate("3 + 2 gamma", rhs=1 / (3 + 2 * gamma)),
        ),
        printed=r"E\,Z_{1^c}^2=\tfrac{n-1}{n^2}\bigl[(3+4\gamma)^{-d/2}"
        r"+(n-2)3^{-d/2}(1+\gamma)^{-d}\bigr]",
    ),
    _equality(
        "B.z1.pair",
        "The mean product of two other weights is 3^(-1/2)/(1 + gamma) per coordinate.",
        _weight(0, 1, 1) ** 2,
        1 / (3 * (1 + gamma) ** 2),
        (
            restate("as if independent", rhs=1 / (4 * (1 + gamma) ** 2)),
            restate("one factor", rhs=1 / (3 * (1 + gamma))),
        ),
    ),
    _equality(
        "B.z1.cross",
        "The mean product of the own and another weight is (3 + 4 gamma)^(-1/2) per coordinate.",
        _weight(1, 1) ** 2,
        1 / (3 + 4 * gamma),
        (
            restate("as if independent", rhs=1 / (4 * (1 + gamma))),
            restate("2 + 4 gamma", rhs=1 / (2 + 4 * gamma)),
        ),
        printed=r"E\,Z_1Z_{1^c}=\tfrac{n-1}{n^2}(3+4\gamma)^{-d/2}",
    ),
    _equality(
        "B.z1.not_typical",
        "The mean square of the rest exceeds the square of its mean by (4/3)^(d/2), whatever the "
        "number of points: neither part settles at its mean.",
        _weight(0, 1, 1) ** 2 / _weight(0, 1) ** 4,
        Rational(4, 3),
        (restate("settled", rhs=1), restate("grows with the signal", rhs=1 + gamma / 3)),
        printed=r"\frac{E\,Z_{1^c}^2}{(E\,Z_{1^c})^2}\to(4/3)^{d/2}\quad(n\to\infty)",
        note="The same factor as for Z_1 (B.z1.square over the square of B.z1.mean): the length "
        "of y fluctuates, and both parts with it.",
    ),
    _equality(
        "B.z1.conditional",
        "Given y the rest has the mean (n-1)/n (1+gamma)^(-d/2) exp(-|y|^2/(2 D (1+gamma))).",
        ConditionalWeight(_place, gamma) ** 2,
        exp(-(_place**2) / (1 + gamma)) / (1 + gamma),
        (
            restate("exponent of the noise alone", rhs=exp(-(_place**2)) / (1 + gamma)),
            restate("no normalisation", rhs=exp(-(_place**2) / (1 + gamma))),
        ),
        given={_place: Real(within=(-3, 3)), gamma: _near},
    ),
    _equality(
        "B.z1.typical",
        "The mean logarithm of that conditional mean is -(1 + log(1+gamma))/2 per coordinate.",
        TypicalLog(gamma),
        -(1 + log(1 + gamma)) / 2,
        (
            restate("logarithm of the mean", rhs=-(log(2) + log(1 + gamma)) / 2),
            restate("no entropy", rhs=-log(1 + gamma) / 2),
        ),
        printed=r"E\log E[Z_{1^c}\mid y]=\log\tfrac{n-1}n-\tfrac d2\log(1+\gamma)-\tfrac d2",
    ),
    _equality(
        "B.z1.likelihood",
        "The ratio of another weight to the own one has mean one at every time: in the mean "
        "Z_{1^c}/Z_1 is n - 1, and nothing ever collapses.",
        _weight(-1, 1),
        1,
        (
            restate("the power one half", lhs=_weight(Rational(-1, 2), Rational(1, 2))),
            restate("falls with the signal", rhs=1 / (1 + gamma)),
        ),
        printed=r"E\,\frac{Z_{1^c}}{Z_1}=n-1",
        note="A likelihood ratio. The collapse is a statement about typical values only.",
    ),
    _equality(
        "B.z1.power",
        "A power of that ratio has the mean (1 + 2 theta (1 - theta) gamma)^(-1/2).",
        _weight(-_theta, _theta) ** 2,
        1 / (1 + 2 * _theta * (1 - _theta) * gamma),
        (
            restate("no factor 2", rhs=1 / (1 + _theta * (1 - _theta) * gamma)),
            restate("theta squared", rhs=1 / (1 + 2 * _theta**2 * gamma)),
        ),
        given={_theta: Real(lo=0, hi=1), gamma: _near},
        printed=r"E(\omega_2/\omega_1)^\theta=(1+2\theta(1-\theta)\gamma)^{-1/2}",
    ),
)

_mean_log_own = simulated("MeanLogOwn", 3, r"E\log Z_1\left({0},{1},{2}\right)")(n, d, gamma)
_mean_log_rest = simulated("MeanLogRest", 3, r"E\log Z_{{1^c}}\left({0},{1},{2}\right)")(
    n, d, gamma
)
_spread_own = simulated("SpreadLogOwn", 3, r"V\log Z_1\left({0},{1},{2}\right)")(n, d, gamma)
_spread_rest = simulated("SpreadLogRest", 3, r"V\log Z_{{1^c}}\left({0},{1},{2}\right)")(
    n, d, gamma
)
_mean_ratio = simulated(
    "MeanLogRatio", 3, r"E\log\tfrac{{Z_1}}{{Z_{{1^c}}}}\left({0},{1},{2}\right)"
)(n, d, gamma)
_mean_share = simulated("MeanLogShare", 3, r"E\log\tfrac{{Z_1}}Z\left({0},{1},{2}\right)")(
    n, d, gamma
)
_outweighed = simulated("Outweighed", 3, r"P(Z_{{1^c}}\ge Z_1)\left({0},{1},{2}\right)")(
    n, d, gamma
)
_stands_out = simulated("StandsOut", 3, r"P(Z_1>Z_{{1^c}})\left({0},{1},{2}\right)")(n, d, gamma)


def _at(*rows: Any, names: tuple[Symbol, ...] = (n, d, gamma)) -> Any:
    return sets(*rows, names=names)


_gain = d * log(1 + gamma) / 2
_few = _at((20, 8, 1), (60, 12, "1/2"))

SIMULATED: Final = (
    _equality(
        "B.z1.typical.own",
        "The mean logarithm of the own part is -log n - d/2.",
        _mean_log_own,
        -log(n) - d / 2,
        (
            scale("rhs", Rational(104, 100)),
            restate("logarithm of the mean", rhs=-log(n) - d * log(2) / 2),
            restate("d for d/2", rhs=-log(n) - d),
        ),
        given=_sizes,
        tight=False,
        evidence=(MonteCarlo(replicates=weights_of(lambda f: f.log_own), at=_few, count=10000),),
        printed=r"E\log Z_1=-\log n-\tfrac d2",
    ),
    _equality(
        "B.z1.spread",
        "The logarithm of the own part has the variance d/2.",
        _spread_own,
        d / 2,
        (restate("one", rhs=1), restate("d", rhs=d), restate("d/4", rhs=d / 4)),
        given=_sizes,
        tight=False,
        evidence=(
            MonteCarlo(
                replicates=weights_of(lambda f: (f.log_own - f.log_own.mean()) ** 2),
                at=_few,
                count=20000,
                margin=Rational(1, 12),
            ),
        ),
        note="About the sample mean, which costs one part in the number of replicates.",
    ),
    Claim(
        id="B.z1.typical.rest",
        kind=Kind.DERIVED,
        says="The mean logarithm of the rest is at most that of its conditional mean (Jensen).",
        source=_source,
        given=_sizes,
        lhs=_mean_log_rest,
        rel=Rel.LE,
        rhs=log(n - 1) - log(n) - _gain - d / 2,
        uses=("B.z1.conditional", "B.z1.typical"),
        evidence=(MonteCarlo(replicates=weights_of(lambda f: f.log_rest), at=_few, count=4000),),
        broken=(
            restate("the other way", rel=Rel.GE),
            restate("lower by one", rhs=log(n - 1) - log(n) - _gain - d / 2 - 1),
        ),
        printed=r"E\log Z_{1^c}\le\log\tfrac{n-1}n-\tfrac d2\log(1+\gamma)-\tfrac d2",
    ),
)

_at_root = Tuple(1), n ** (2 / d) - 1

Z1C: Final = (
    _equality(
        "B.z1c",
        "At the collapse time the mean value of the rest is e^(-d/2)/n.",
        (n - 1) * WeightMoment(0, *_at_root) ** d / n,
        exp(-d / 2) / n,
        (restate("without 1/n", rhs=exp(-d / 2)),),
        given={n: Integer(lo=2), d: Integer(lo=1)},
        evidence=(Search(also=({n: Fraction(4), d: Fraction(2)},), examples=10, bits=128),),
        kind=Kind.SAID,
        printed=r"n=e^{\alpha d}:\quad Z_{1^c}=e^{-d/2}/n",
        note="The left side is random, as the review says. Read as a mean it is false: the mean "
        "is (1 - 1/n) 2^{-d/2}/n. Read as a typical value it holds up to 1 - 1/n "
        "(B.z1c.typical), with fluctuations of the logarithm of variance d/2 (B.z1c.random).",
    ),
    _equality(
        "B.z1c.typical",
        "At the collapse time the mean logarithm of the conditional mean of the rest is that of "
        "e^(-d/2)/n, up to log(1 - 1/n).",
        log(n - 1) - log(n) + d * TypicalLog(n ** (2 / d) - 1),
        log(n - 1) - log(n) - log(n) - d / 2,
        (
            restate("logarithm of the mean", rhs=log(n - 1) - 2 * log(n) - d * log(2) / 2),
            restate("without 1/n", rhs=log(n - 1) - log(n) - d / 2),
        ),
        given={n: Integer(lo=2), d: Integer(lo=1)},
        evidence=(Search(examples=10, hypothesis_examples=0, bits=128), Symbolic()),
        kind=Kind.AMENDED,
        amends="B.z1c",
        uses=("B.z1.typical",),
        printed=r"E\log E[Z_{1^c}\mid y]=\log\bigl(e^{-d/2}/n\bigr)+\log(1-\tfrac1n)",
    ),
    Claim(
        id="B.z1c.random",
        kind=Kind.DERIVED,
        says="The logarithm of the rest is random with a variance that grows with d: at n = 64, "
        "d = 12, at the collapse time, it exceeds 8 (the logarithm of its conditional mean: 6).",
        source=_source,
        given=_sizes,
        lhs=_spread_rest,
        rel=Rel.GE,
        rhs=Rational(8),
        evidence=(
            MonteCarlo(
                replicates=weights_of(lambda f: (f.log_rest - f.log_rest.mean()) ** 2),
                at=_at((64, 12, 1)),
                count=4000,
            ),
        ),
        broken=(
            restate("not random", rel=Rel.LE, rhs=Rational(1)),
            restate("that of its conditional mean", rel=Rel.LE, rhs=Rational(6)),
            restate("the variance 2 d", rhs=Rational(24)),
        ),
        note="64^(2/12) - 1 = 1. The simulated variance is 11: the condensation at the collapse "
        "time adds to the fluctuation of the length of y.",
    ),
)

_half_log = log(1 + gamma) / 2

TIME: Final = (
    _equality(
        "B.collapse.entropy",
        "The entropy of n separate Gaussians exceeds that of the population by "
        "alpha - log(1+gamma)/2 a dimension.",
        ExcessEntropy(alpha, gamma),
        alpha - _half_log,
        (
            restate("no one half", rhs=alpha - log(1 + gamma)),
            restate("no noise", rhs=alpha - log(gamma) / 2),
        ),
        given={alpha: POSITIVE, gamma: POSITIVE},
        printed=r"f=\alpha-\tfrac12\log(1+\gamma)",
    ),
    _equality(
        "B.collapse",
        "The printed collapse time is the root of the excess entropy in time, for n = e^(alpha d).",
        exp(2 * CollapseTime(exp(alpha * d), d, lambda_, s_d)),
        1 + s_d**2 / (lambda_ * (exp(2 * alpha) - 1)),
        (
            restate("exponent 1/d", rhs=1 + s_d**2 / (lambda_ * (exp(alpha) - 1))),
            restate("no minus one", rhs=1 + s_d**2 / (lambda_ * exp(2 * alpha))),
            restate("no noise scale", rhs=1 + s_d**2 / (exp(2 * alpha) - 1)),
        ),
        given={alpha: _near, d: Integer(lo=1), lambda_: _near, s_d: _near},
        uses=("B.collapse.entropy",),
        printed=r"t_C=\tfrac12\log\Bigl(1+\frac{s_d^2}{\lambda(n^{2/d}-1)}\Bigr)",
        note="Through e^{2 t_C}, with n^{2/d} = e^{2 alpha}. The condensation of the other weights "
        "gives the same time (B.collapse.rem), the crossing of typical values n - 1 in place of n "
        "(B.collapse.typical). It is a sharp threshold from both sides, with bounds at finite d "
        "(B.collapse.before, B.collapse.after, B.collapse.exponent).",
    ),
    _equality(
        "B.collapse.root",
        "At gamma = n^(2/d) - 1 the excess entropy of n = e^(alpha d) points vanishes.",
        ExcessEntropy(log(n) / d, n ** (2 / d) - 1) + 1,
        1,
        (
            restate("exponent 1/d", lhs=ExcessEntropy(log(n) / d, n ** (1 / d) - 1) + 1),
            restate("no minus one", lhs=ExcessEntropy(log(n) / d, n ** (2 / d)) + 1),
        ),
        given={n: Integer(lo=2), d: Integer(lo=1)},
        uses=("B.collapse.entropy",),
        note="One is added on both sides, so that a factor can break the equality.",
    ),
    _equality(
        "B.collapse.rem.rate",
        "The energies of the other points have the rate function "
        "-(log(1+beta gamma))/2 - beta (1+gamma)/(2(1+beta gamma)).",
        EnergyRate(beta, gamma),
        -log(1 + beta * gamma) / 2 - beta * (1 + gamma) / (2 * (1 + beta * gamma)),
        (
            restate("y at the origin", rhs=-log(1 + beta * gamma) / 2),
            restate(
                "y of variance one",
                rhs=-log(1 + beta * gamma) / 2 - beta / (2 * (1 + beta * gamma)),
            ),
        ),
        given={beta: POSITIVE, gamma: POSITIVE},
    ),
    _equality(
        "B.collapse.rem",
        "The n - 1 energies condense at temperature one exactly where the excess entropy "
        "vanishes: both routes give the same collapse time.",
        alpha + EnergyEntropy(1, gamma),
        ExcessEntropy(alpha, gamma),
        (
            restate("at half the temperature", lhs=alpha + EnergyEntropy(2, gamma)),
            restate("free energy for entropy", lhs=alpha + EnergyRate(1, gamma)),
        ),
        given={alpha: POSITIVE, gamma: POSITIVE},
        printed=r"\alpha+g(1)-g'(1)=\alpha-\tfrac12\log(1+\gamma)",
        note="At temperature one the energy of the dominating points is d/2, that of the own "
        "point: the condensation and the crossing of Z_1 and Z_{1^c} are one event.",
    ),
    _equality(
        "B.collapse.rem.entropy",
        "The entropy at inverse temperature beta.",
        EnergyEntropy(beta, gamma),
        -log(1 + beta * gamma) / 2 + beta * gamma * (1 - beta) / (2 * (1 + beta * gamma) ** 2),
        (
            restate("no energy", rhs=-log(1 + beta * gamma) / 2),
            restate(
                "energy of the other sign",
                rhs=-log(1 + beta * gamma) / 2
                - beta * gamma * (1 - beta) / (2 * (1 + beta * gamma) ** 2),
            ),
        ),
        given={beta: POSITIVE, gamma: POSITIVE},
    ),
    Claim(
        id="B.collapse.rem.falls",
        kind=Kind.DERIVED,
        says="That entropy falls with beta (minus its slope over beta gamma, times the square of "
        "1 + beta gamma, is positive): the condensation happens once.",
        source=_source,
        given={beta: POSITIVE, gamma: POSITIVE},
        lhs=gamma / 2 + (1 + gamma) / (1 + beta * gamma),
        rel=Rel.GT,
        rhs=0,
        uses=("B.collapse.rem.slope",),
        evidence=(
            Steps(
                branches=(Branch(rest=gamma / 2 + (1 + gamma) / (1 + beta * gamma)),),
            ),
            Search(),
        ),
        broken=(
            flip(),
            restate("sign of the rate", lhs=gamma / 2 - (1 + gamma) / (1 + beta * gamma)),
        ),
    ),
    _equality(
        "B.collapse.rem.slope",
        "Its slope is -beta gamma (gamma/2 + (1+gamma)/(1+beta gamma))/(1+beta gamma)^2.",
        (
            -log(1 + beta * gamma) / 2 + beta * gamma * (1 - beta) / (2 * (1 + beta * gamma) ** 2)
        ).diff(beta),
        -beta * gamma * (gamma / 2 + (1 + gamma) / (1 + beta * gamma)) / (1 + beta * gamma) ** 2,
        (
            restate(
                "sign",
                rhs=beta
                * gamma
                * (gamma / 2 + (1 + gamma) / (1 + beta * gamma))
                / (1 + beta * gamma) ** 2,
            ),
        ),
        given={beta: POSITIVE, gamma: POSITIVE},
    ),
    _equality(
        "B.collapse.typical",
        "The typical values of both parts cross at gamma = (n-1)^(2/d) - 1: n - 1 stands where "
        "the printed formula has n.",
        d * TypicalLog(m ** (2 / d) - 1) + log(m) + 1,
        1 - d / 2,
        (
            restate(
                "at the printed time",
                lhs=d * TypicalLog((m + 1) ** (2 / d) - 1) + log(m) + 1,
            ),
            restate("exponent 1/d", lhs=d * TypicalLog(m ** (1 / d) - 1) + log(m) + 1),
        ),
        given={m: Integer(lo=2), d: Integer(lo=1)},
        evidence=(Symbolic(), Search(examples=10, hypothesis_examples=0, bits=128)),
        kind=Kind.AMENDED,
        amends="B.collapse",
        uses=("B.z1.typical", "B.z1.typical.own"),
        printed=r"t=\tfrac12\log\Bigl(1+\frac{s_d^2}{\lambda((n-1)^{2/d}-1)}\Bigr)",
        note="Here m = n - 1. Mean logarithms of n Z, one added on both sides. The difference to "
        "the printed time is log(n/(n-1)) in the log-ratio and vanishes in the limit "
        "n = e^{alpha d}. The mean values of both parts cross at the same place "
        "(B.collapse.means).",
    ),
    _equality(
        "B.collapse.means",
        "The mean values of both parts cross there too.",
        (n - 1) * (_weight(0, 1) / _weight(1)) ** 2,
        (n - 1) / (1 + gamma),
        (restate("3 + 4 gamma", rhs=(n - 1) / (3 + 4 * gamma)),),
        given={n: Integer(lo=3), gamma: _near},
        printed=r"\frac{E\,Z_{1^c}}{E\,Z_1}=(n-1)(1+\gamma)^{-d/2}",
        note="Per coordinate, squared, times n - 1.",
    ),
)

_radius = {
    gamma: _near,
    _theta: Real(lo=-1, hi=1),
}
_closed = (1 + gamma) / (1 + gamma - gamma * _theta**2)

LAW: Final = (
    _equality(
        "B.collapse.law",
        "The logarithm of Z_1 over the conditional mean of the rest is "
        "(d/2) log(1+gamma) - log(n-1) plus R/2 times a difference of two independent chi-square "
        "variables with d degrees of freedom: its generating function is (1 - R^2 theta^2)^(-d/2).",
        LogRatioMoment(_theta, gamma) ** 2,
        _closed,
        (
            restate("R for R squared", rhs=1 / (1 - sqrt(signal) * _theta**2)),
            restate("normal law", rhs=exp(signal * _theta**2)),
            restate("one chi-square", rhs=1 / (1 - sqrt(signal) * _theta)),
        ),
        given=_radius,
        printed=r"\log\frac{Z_1}{E[Z_{1^c}\mid y]}=\tfrac d2\log(1+\gamma)-\log(n-1)"
        r"+\tfrac R2(\chi^2_d-\chi'^2_d)",
        note="R^2 = gamma/(1+gamma) = 1 - n^{-2/d} at the collapse time; the standard deviation "
        "is R sqrt(d). For every n, d and t.",
    ),
    _equality(
        "B.collapse.symmetric",
        "That law is symmetric about its centre.",
        LogRatioMoment(_theta, gamma) ** 2,
        LogRatioMoment(-_theta, gamma) ** 2,
        (restate("shifted", rhs=LogRatioMoment(_theta / 2, gamma) ** 2),),
        given=_radius,
    ),
    Claim(
        id="B.collapse.jensen",
        kind=Kind.DERIVED,
        says="The mean log-ratio is at least (d/2) log(1+gamma) - log(n-1).",
        source=_source,
        given=_sizes,
        lhs=_mean_ratio,
        rel=Rel.GE,
        rhs=_gain - log(n - 1),
        uses=("B.collapse.law",),
        evidence=(
            MonteCarlo(
                replicates=weights_of(lambda f: f.log_ratio),
                at=(*_few, *_at((200, 8, 1))),
                count=8000,
            ),
        ),
        broken=(
            restate("the other way", rel=Rel.LE),
            restate("larger by two", rhs=_gain - log(n - 1) + 2),
        ),
        printed=r"E\log\frac{Z_1}{Z_{1^c}}\ge\tfrac d2\log(1+\gamma)-\log(n-1)",
    ),
    Claim(
        id="B.collapse.equivocation",
        kind=Kind.DERIVED,
        says="The mean log-weight of the own point is at most minus d times the excess entropy: "
        "above the collapse time the exact score cannot tell the own point.",
        source=_source,
        given=_sizes,
        lhs=_mean_share,
        rel=Rel.LE,
        rhs=_gain - log(n),
        uses=("B.collapse.entropy",),
        evidence=(
            Argued(),
            MonteCarlo(
                replicates=weights_of(lambda f: np.log(f.own_share)),
                at=_at((20, 8, 1), (200, 8, "1/4"), (60, 12, "1/10")),
            ),
        ),
        broken=(
            restate("the other way", rel=Rel.GE),
            restate("lower by two", rhs=_gain - log(n) - 2),
        ),
        printed=r"E\log\frac{Z_1}Z\le-d\,f",
    ),
)

_bounded = (1 + gamma) / (1 + gamma - gamma * _theta**2)
_before = (n - 1) ** _theta * (1 + gamma) ** (-_theta * d / 2) * _bounded ** (d / 2)
_after = exp(-eta) + (
    (1 + gamma) ** (_theta * d / 2) * exp(_theta * eta) / n**_theta * _bounded ** (d / 2)
)
_powers = {**_sizes, _theta: Real(lo=0, hi=1)}
_h = Symbol("h", positive=True)
_exponent = u**2 / (1 + u) - log((1 + u) ** 2 / (1 + 2 * u)) / 2

THRESHOLD: Final = (
    Claim(
        id="B.collapse.before",
        kind=Kind.DERIVED,
        says="The probability that the others outweigh the own point is at most "
        "((n-1)/(1+gamma)^{d/2})^theta (1 - R^2 theta^2)^{-d/2}, for every theta in [0, 1].",
        source=_source,
        given=_powers,
        lhs=_outweighed,
        rel=Rel.LE,
        rhs=_before,
        uses=("B.collapse.law", "B.collapse.before.power", "B.z1.conditional"),
        evidence=(
            Argued(),
            MonteCarlo(
                replicates=weights_of(lambda f: f.log_ratio <= 0),
                at=_at((20, 16, 2, "1/2"), (60, 12, 4, "1/2"), names=(n, d, gamma, _theta)),
                count=8000,
            ),
        ),
        broken=(
            restate("the other way", rel=Rel.GE),
            restate("a thousandth", rhs=_before / 1000),
        ),
        printed=r"P(Z_{1^c}\ge Z_1)\le\Bigl(\frac{n-1}{(1+\gamma)^{d/2}}\Bigr)^\theta"
        r"(1-R^2\theta^2)^{-d/2}",
    ),
    Claim(
        id="B.collapse.before.power",
        kind=Kind.DERIVED,
        says="A power between 0 and 1 lies below its tangent at one (Jensen for the power).",
        source=_source,
        given={_theta: Real(lo=0, hi=1), _place: Real(within=(-3, 3))},
        lhs=1 + _theta * (exp(_place) - 1),
        rel=Rel.GE,
        rhs=exp(_theta * _place),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.fact.log",
                                at={_h: exp((1 - _theta) * _place)},
                                weight=_theta * exp(_theta * _place),
                            ),
                            From(
                                claim="B.fact.log",
                                at={_h: exp(-_theta * _place)},
                                weight=(1 - _theta) * exp(_theta * _place),
                            ),
                        ),
                    ),
                ),
            ),
            Search(examples=60, hypothesis_examples=10, bits=128),
        ),
        broken=(
            flip(),
            restate("half the slope", lhs=1 + _theta * (exp(_place) - 1) / 2),
        ),
        printed=r"r^\theta\le1+\theta(r-1)",
        note="Written for r = e^x.",
    ),
    Claim(
        id="B.collapse.after",
        kind=Kind.DERIVED,
        says="The probability that the own point outweighs all others together is at most "
        "e^-eta + ((1+gamma)^{d/2} e^eta/n)^theta (1 - R^2 theta^2)^{-d/2}.",
        source=_source,
        given={**_powers, eta: POSITIVE},
        lhs=_stands_out,
        rel=Rel.LE,
        rhs=_after,
        uses=("B.collapse.law",),
        evidence=(
            Argued(),
            MonteCarlo(
                replicates=weights_of(lambda f: f.log_ratio > 0),
                at=_at(
                    (20, 8, 1, "3/10", 1),
                    (400, 4, "1/2", "4/5", 2),
                    names=(n, d, gamma, _theta, eta),
                ),
            ),
        ),
        broken=(
            restate("the other way", rel=Rel.GE),
            restate("a hundredth", rhs=_after / 100),
        ),
        printed=r"P(Z_1>Z_{1^c})\le e^{-\eta}+\Bigl(\frac{(1+\gamma)^{d/2}e^\eta}n\Bigr)^\theta"
        r"(1-R^2\theta^2)^{-d/2}",
        note="Also the weights at one y: the regions in which one point outweighs the others are "
        "disjoint.",
    ),
    Claim(
        id="B.collapse.exponent",
        kind=Kind.DERIVED,
        says="With theta = c/(1+c) the exponent c theta + (1/2) log(1 - theta^2) is positive for "
        "every distance c > 0 from the threshold.",
        source=_source,
        given={u: POSITIVE},
        lhs=_exponent,
        rel=Rel.GT,
        rhs=0,
        uses=("B.collapse.before", "B.collapse.after"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.fact.log",
                                at={_h: (1 + u) ** 2 / (1 + 2 * u)},
                                weight=Rational(1, 2),
                            ),
                        ),
                        rest=u**2 * (1 + 3 * u) / (2 * (1 + u) * (1 + 2 * u)),
                    ),
                ),
            ),
            Search(),
        ),
        broken=(
            flip(),
            restate("twice the cost", lhs=u**2 / (1 + u) - 2 * log((1 + u) ** 2 / (1 + 2 * u))),
            restate("theta = c", lhs=u**2 / (1 + u) - log(1 + 2 * u + u**2) / 2),
        ),
        printed=r"c\,\theta+\tfrac12\log(1-\theta^2)>0,\quad\theta=\tfrac c{1+c}",
        note="u stands for c. Below the collapse time c = log(1+gamma)/2 - alpha, above it half "
        "of alpha - log(1+gamma)/2 (the other half is eta/d); since R < 1 both bounds fall "
        "exponentially in d: the collapse time is a sharp threshold from both sides.",
    ),
)

CLAIMS: Final = (*MOMENTS, *SIMULATED, *Z1C, *TIME, *LAW, *THRESHOLD)
