r"""Paper B, relaxation of the forward process, and how collapse and n ~ d go together.

Dictionary: ``x_m`` is a second moment <y_i y_j>, ``kappa_4`` a fourth cumulant, ``excess`` the
second moment of the data less lambda; ``gamma`` is the signal-to-noise ratio at time t.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, exp, log, sqrt

from proofs_check.broken import Broken, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer, Real, reals
from proofs_check.evidence import (
    Branch,
    Enclosure,
    Evidence,
    From,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    CODE_GAMMA,
    POSITIVE,
    STANDARD_GAMMA,
    d,
    gamma,
    lambda_,
    percent,
    place,
    s_d,
    u,
)
from proofs_check.quantities.collapse import (
    FourthCumulant,
    SecondMoment,
    SecondMomentRate,
    StationaryKL,
)
from theory.symbols import T, delta, psi, t

__all__ = ["CLAIMS"]

_source: Final = place("late times")
_moment: Final = Symbol("x_m", real=True)
_excess: Final = Symbol("excess", positive=True)
_kappa: Final = Symbol("kappa_4", real=True)
_mean: Final = Symbol("mu_0", real=True)
_h: Final = Symbol("h", positive=True)
_near: Final = Real(lo=0, lo_open=True, within=(Rational(1, 4), 4))
_quick: Final = Search(examples=24, hypothesis_examples=4, bits=128)


def _equality(
    name: str,
    says: str,
    lhs: Expr,
    rhs: Expr,
    broken: tuple[Broken, ...],
    *,
    given: Any,
    evidence: tuple[Evidence, ...] = (Symbolic(), _quick),
    **parts: Any,
) -> Claim:
    """Return an equality with a variant that is a percent off."""
    return Claim(
        id=name,
        kind=parts.pop("kind", Kind.DERIVED),
        says=says,
        source=_source,
        given=given,
        lhs=lhs,
        rel=Rel.EQ,
        rhs=rhs,
        evidence=evidence,
        broken=(scale("rhs", percent), *broken),
        **parts,
    )


_state = {lambda_: _near, _moment: Real(within=(-3, 3))}
_times = {t: _near, lambda_: _near, _moment: Real(within=(-3, 3))}
_shrunk = exp(-2 * T)
_variance = lambda_ + _shrunk * (s_d**2 - lambda_)
_divergence = (
    _variance / lambda_ + _shrunk * _mean**2 / lambda_ - 1 + log(lambda_) - log(_variance)
) / 2
_relaxed = log(_excess / (lambda_ * delta)) / 2

RELAX: Final = (
    _equality(
        "B.relax",
        "The equation of the second moment of one coordinate is -2 <y^2> + 2 lambda.",
        SecondMomentRate(1, lambda_, _moment),
        -2 * _moment + 2 * lambda_,
        (
            restate("lambda once", rhs=-2 * _moment + lambda_),
            restate("rate one", rhs=-_moment + 2 * lambda_),
            restate("no noise", rhs=-2 * _moment),
        ),
        given=_state,
        kind=Kind.SAID,
        printed=r"\tfrac d{dt}\langle y_iy_j\rangle=-2\langle y_iy_j\rangle+2\lambda\delta_{ij}",
        note="From Itô's formula: closed for every law of the data and at every time, not only at "
        "late ones. In that sense the review's 'trivial' is right.",
    ),
    _equality(
        "B.relax.cross",
        "The equation of the product of two coordinates has no source.",
        SecondMomentRate(0, lambda_, _moment),
        -2 * _moment,
        (
            restate("noise in common", rhs=-2 * _moment + 2 * lambda_),
            restate("rate one", rhs=-_moment),
        ),
        given=_state,
    ),
    _equality(
        "B.relax.solution",
        "Its solution from <x_i^2> relaxes at the rate two.",
        SecondMoment(1, _moment, t, lambda_),
        exp(-2 * t) * _moment + lambda_ * (1 - exp(-2 * t)),
        (
            restate("rate one", rhs=exp(-t) * _moment + lambda_ * (1 - exp(-t))),
            restate("limit 2 lambda", rhs=exp(-2 * t) * _moment + 2 * lambda_ * (1 - exp(-2 * t))),
        ),
        given=_times,
        printed=r"\langle y_i^2\rangle_t=e^{-2t}\langle x_i^2\rangle+\lambda(1-e^{-2t})",
    ),
    _equality(
        "B.relax.solution.cross",
        "Correlations of two coordinates die out at the rate two.",
        SecondMoment(0, _moment, t, lambda_),
        exp(-2 * t) * _moment,
        (
            restate("rate one", rhs=exp(-t) * _moment),
            restate("limit lambda", rhs=exp(-2 * t) * _moment + lambda_ * (1 - exp(-2 * t))),
        ),
        given=_times,
    ),
    _equality(
        "B.relax.time",
        "At t_R(delta) = log((<x^2> - lambda)/(lambda delta))/2 the second moment is "
        "(1 + delta) lambda.",
        SecondMoment(1, lambda_ + _excess, _relaxed, lambda_),
        (1 + delta) * lambda_,
        (
            restate("no one half", lhs=SecondMoment(1, lambda_ + _excess, 2 * _relaxed, lambda_)),
            restate("lambda forgotten", rhs=lambda_ + delta),
        ),
        given={lambda_: _near, _excess: _near, delta: _near},
        printed=r"t_R(\delta)=\tfrac12\log\frac{\langle x_i^2\rangle-\lambda}{\lambda\delta}",
        note="What delta measures is not said; here the relative distance of a second moment from "
        "its limit, for <x^2> = lambda + excess. Itself negative when the data are that close.",
    ),
    _equality(
        "B.relax.kl",
        "The divergence of a coordinate of Gaussian data from the stationary law.",
        StationaryKL(_mean, T, lambda_, s_d),
        _divergence,
        (
            restate("no mean", rhs=_divergence - _shrunk * _mean**2 / (2 * lambda_)),
            restate(
                "reversed",
                rhs=(lambda_ / _variance - 1 - log(lambda_) + log(_variance)) / 2
                + _shrunk * _mean**2 / (2 * _variance),
            ),
        ),
        given={_mean: Real(within=(-2, 2)), T: _near, lambda_: _near, s_d: _near},
        evidence=(Search(examples=24, hypothesis_examples=4, bits=128), Symbolic()),
        printed=r"KL(p_T\Vert N(0,\lambda I))=\tfrac d2\Bigl[\tfrac v\lambda-1"
        r"-\log\tfrac v\lambda\Bigr]+\frac{e^{-2T}\lvert\mu_0\rvert^2}{2\lambda}",
    ),
    Claim(
        id="B.relax.kl_bound",
        kind=Kind.DERIVED,
        says="For centred data with s_d^2 >= lambda it is at most a quarter of the square of the "
        "relative distance of the second moment: r - log(1 + r) <= r^2/2.",
        source=_source,
        given={u: POSITIVE},
        lhs=u - log(1 + u),
        rel=Rel.LE,
        rhs=u**2 / 2,
        uses=("B.relax.kl",),
        evidence=(Enclosure(), Search()),
        broken=(flip(), scale("rhs", Rational(1, 2)), restate("cube", rhs=u**3 / 2)),
        printed=r"KL\le\tfrac d4\delta^2\quad\text{at}\quad t_R(\delta)",
        note="u = e^{-2T}(s_d^2/lambda - 1) is delta at T = t_R(delta).",
    ),
    Claim(
        id="B.relax.code",
        kind=Kind.DERIVED,
        says="With the code's noise, lambda = e^{-4}, T = 2, s_d = 1 and a mean of ten, the law at "
        "T is more than 50 nats a coordinate from the stationary one.",
        source=place("public code, noise scale"),
        lhs=StationaryKL(10, 2, exp(-4), 1),
        rel=Rel.GT,
        rhs=Rational(50),
        uses=("B.relax.kl",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("51", rhs=Rational(51)),
            restate("centred data", lhs=StationaryKL(0, 2, exp(-4), 1)),
            restate("standard noise", lhs=StationaryKL(10, 2, 1, 1)),
        ),
        note="The noise scale falls with T as fast as the signal does, so the process does not "
        "relax at all. The code starts from N(a xbar, s^2 I) and not from the stationary law; a "
        "user of N(0, lambda I) would be off by 50 d nats.",
    ),
    Claim(
        id="B.relax.code.centred",
        kind=Kind.DERIVED,
        says="For centred data and the code's noise at any T >= 2 it is above 0.148 nats.",
        source=place("public code, noise scale"),
        given={u: Real(lo=0, lo_open=True, hi=Rational(1, 50))},
        lhs=(1 - u - log(2 - u)) / 2,
        rel=Rel.GT,
        rhs=Rational(148, 1000),
        uses=("B.relax.kl",),
        evidence=(Enclosure(), Search()),
        broken=(
            flip(),
            restate("0.16", rhs=Rational(16, 100)),
            restate("T >= 1", given={u: Real(lo=0, lo_open=True, hi=Rational(1, 7))}),
        ),
        printed=r"\tfrac12[1-e^{-2T}-\log(2-e^{-2T})]\to\tfrac12(1-\log2)",
        note="u = e^{-2T} = lambda and s_d = 1, so v/lambda = 2 - u.",
    ),
)

LATE: Final = (
    _equality(
        "B.late",
        "At late times the law is Gaussian: the fourth cumulant of a coordinate is zero.",
        FourthCumulant(_kappa, t, lambda_) + 1,
        1,
        (restate("of the data", lhs=_kappa + 1),),
        given={_kappa: reals, t: POSITIVE, lambda_: POSITIVE},
        evidence=(Search(also=({_kappa: Fraction(-2), t: Fraction(5), lambda_: Fraction(1)},)),),
        kind=Kind.SAID,
        printed=r"p_t\text{ is Gaussian for }t>t_R",
        note="False at every finite time unless the data are Gaussian: two points at -1 and 1 have "
        "kappa_4 = -2. For Gaussian data it holds at all times, so lateness plays no part. One "
        "is added on both sides.",
    ),
    _equality(
        "B.late.cumulant",
        "The fourth cumulant dies out at the rate four.",
        FourthCumulant(_kappa, t, lambda_),
        exp(-4 * t) * _kappa,
        (
            restate("rate two", rhs=exp(-2 * t) * _kappa),
            restate("kept", rhs=_kappa),
        ),
        given={_kappa: Real(within=(-3, 3)), t: _near, lambda_: _near},
        kind=Kind.AMENDED,
        amends="B.late",
        printed=r"\kappa_4(y_t)=e^{-4t}\kappa_4(x)",
    ),
    Claim(
        id="B.late.before",
        kind=Kind.DERIVED,
        says="Relative to lambda^2 the fourth cumulant at the relaxation time is "
        "delta^2 kappa_4/(<x^2> - lambda)^2: of second order in the distance of the variance.",
        source=_source,
        given={_kappa: Real(within=(-3, 3)), lambda_: _near, _excess: _near, delta: _near},
        lhs=FourthCumulant(_kappa, _relaxed, lambda_) / lambda_**2,
        rel=Rel.EQ,
        rhs=delta**2 * _kappa / _excess**2,
        uses=("B.late.cumulant", "B.relax.time"),
        evidence=(Symbolic(), _quick),
        broken=(
            scale("rhs", percent),
            restate("first order", rhs=delta * _kappa / _excess),
        ),
    ),
)

_rate = log(psi * d) / d
_own = (1 + gamma) / (1 + gamma - gamma / 4)

REGIME: Final = (
    Claim(
        id="B.regime.collapse",
        kind=Kind.SAID,
        says="n ~ d is inconsistent with results for n = e^{alpha d}: n = d points have no "
        "collapse time, at no signal-to-noise ratio does their excess entropy vanish.",
        source=place("reviews"),
        given={d: Integer(lo=2), gamma: POSITIVE},
        lhs=log(d) - d * log(1 + gamma) / 2,
        rel=Rel.GT,
        rhs=0,
        evidence=(Search(also=({d: Fraction(2), gamma: Fraction(1)},)),),
        broken=(flip("no root below"), restate("for n = 1", lhs=-d * log(1 + gamma) / 2)),
        printed=r"n\sim d\text{ against }n=e^{\alpha d}",
        note="The two regimes differ, as the review says (B.regime.rate: for n = psi d the rate "
        "alpha tends to zero); but the collapse time is a formula in n and d that holds for "
        "n ~ d too (B.regime.root), and it speaks of the exact score, while the change at "
        "n = d + 1 is one of rank of a linear score. With the code's own noise both hold at once: "
        "at d = n = 100 the exact score has collapsed at T (B.regime.code), and the linear one "
        "cannot.",
    ),
    Claim(
        id="B.regime.rate",
        kind=Kind.AMENDED,
        amends="B.regime.collapse",
        says="For n = psi d the rate (log n)/d is at most sqrt(psi/d): n ~ d is the rate zero.",
        source=_source,
        given={psi: POSITIVE, d: Integer(lo=1)},
        lhs=_rate,
        rel=Rel.LE,
        rhs=sqrt(psi * d) / d,
        uses=("B.fact.root",),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="B.fact.root", at={_h: psi * d}, weight=1 / d),)),
                ),
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", Rational(1, 2)), restate("1/d", rhs=1 / d)),
        printed=r"\alpha=\tfrac1d\log(\psi d)\le\sqrt{\psi/d}\to0",
    ),
    Claim(
        id="B.fact.root",
        kind=Kind.LEMMA,
        says="The logarithm lies below the square root.",
        source=place("used throughout"),
        given={_h: POSITIVE},
        lhs=log(_h),
        rel=Rel.LE,
        rhs=sqrt(_h),
        uses=("B.fact.log",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="B.fact.log", at={_h: sqrt(_h) / 2}, weight=Rational(2)),
                        ),
                        rest=2 - 2 * log(2),
                    ),
                ),
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", Rational(2, 3))),
    ),
    Claim(
        id="B.regime.root",
        kind=Kind.AMENDED,
        amends="B.regime.collapse",
        says="For n = d points gamma_C = d^(2/d) - 1 is below 2 (log d)/d times d^(2/d): the "
        "collapse time exists and grows like log(d / (2 log d))/2.",
        source=_source,
        given={u: POSITIVE},
        lhs=exp(u) - 1,
        rel=Rel.LE,
        rhs=u * exp(u),
        uses=("B.fact.log", "B.collapse"),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim="B.fact.log", at={_h: exp(-u)}, weight=exp(u)),)),
                ),
            ),
            Search(),
        ),
        broken=(flip(), scale("rhs", Rational(1, 2)), restate("no growth", rhs=u)),
        printed=r"n^{2/d}-1\le\tfrac{2\log n}d\,n^{2/d}",
        note="u = 2 (log n)/d; s_d^2/lambda over this bounds e^{2 t_C} - 1 from below.",
    ),
    Claim(
        id="B.regime.code",
        kind=Kind.DERIVED,
        says="With the code's noise, d = n = 100, the exact score has collapsed at T: the others "
        "outweigh the own point with probability below 2.1e-4.",
        source=_source,
        lhs=sqrt(99) * ((1 + gamma) ** -25 * _own**50).subs(gamma, CODE_GAMMA),
        rel=Rel.LT,
        rhs=Rational(21, 10**5),
        uses=("B.collapse.before",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("half", rhs=Rational(1, 10**4)),
            restate(
                "the standard process",
                lhs=sqrt(99) * ((1 + gamma) ** -25 * _own**50).subs(gamma, STANDARD_GAMMA),
            ),
        ),
        note="The bound of B.collapse.before at theta = 1/2. The threshold is n = (1+gamma)^50, "
        "about 1.8e15: no training set of the sweep comes near it.",
    ),
    Claim(
        id="B.regime.standard",
        kind=Kind.DERIVED,
        says="For the standard process at T = 2, d = 100, three points are already more than the "
        "threshold (1 + gamma)^50.",
        source=_source,
        lhs=(1 + STANDARD_GAMMA) ** 50,
        rel=Rel.LT,
        rhs=Rational(3),
        uses=("B.collapse",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("two points", rhs=Rational(2)),
            restate("the code's noise", lhs=(1 + CODE_GAMMA) ** 50),
        ),
    ),
    Claim(
        id="B.regime.time",
        kind=Kind.DERIVED,
        says="For the standard process with d = n = 100 the exact score collapses at 1.215 < t_C: "
        "e^{2.43} (100^{1/50} - 1) is below 100^{1/50}.",
        source=_source,
        lhs=exp(Rational(243, 100)) * (exp(log(100) / 50) - 1),
        rel=Rel.LT,
        rhs=exp(log(100) / 50),
        uses=("B.collapse",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("1.22", lhs=exp(Rational(244, 100)) * (exp(log(100) / 50) - 1)),
            restate(
                "n - 1 squared",
                lhs=exp(Rational(243, 100)) * (exp(log(9801) / 50) - 1),
                rhs=exp(log(9801) / 50),
            ),
        ),
        printed=r"t_C=1.2152\ldots",
    ),
)

CLAIMS: Final = (*RELAX, *LATE, *REGIME)
