"""Paper B, section 2: exact expectations over training sets, and what is infinite."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, S, Sum, Symbol, digamma, exp, log, pi, sqrt

from proofs_check.broken import Broken, drop, flip, restate, scale, swap
from proofs_check.claim import Claim, Kind, Rel, ge
from proofs_check.domains import Domain, Integer, Real, reals
from proofs_check.evidence import (
    Argued,
    Branch,
    Enclosure,
    Evidence,
    From,
    MonteCarlo,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    POSITIVE,
    d,
    gamma,
    m,
    noise,
    percent,
    place,
    sets,
    signal,
)
from proofs_check.quantities.linear_model import (
    ChiSquareDensity,
    InverseChiSquare,
    LogChiSquare,
    MeanError,
    MeanKL,
    MeanLogDet,
    MeanLogVariance,
    MeanTrace,
    MeanTraceEmpirical,
    NormalDensity,
    PseudoInverseTrace,
    TruncatedInverseChiSquare,
    TruncatedInverseNormal,
    ZonalLogDet,
)
from proofs_check.quantities.linear_simulation import (
    indicators,
    replicates_of,
    simulated,
    within_limits,
)

__all__ = ["CLAIMS"]

_y, _z = Symbol("y", real=True), Symbol("z", real=True)


def _is_one(found: NDArray[np.float64]) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = found == 1.0
    return same


_ABOVE: Final[dict[Symbol, Domain]] = {d: Integer(lo=1), m: Integer(lo=d + 2), gamma: POSITIVE}
_BELOW: Final[dict[Symbol, Domain]] = {m: Integer(lo=1), d: Integer(lo=m + 2), gamma: POSITIVE}
_above = sets((3, 14, 1), (5, 20, "1/2"), (2, 12, 3), (8, 30, "1/5"))
_below = sets((14, 3, 1), (20, 5, "1/2"), (12, 2, 3), (30, 8, "1/5"))
_wide_above = sets((8, 30, 1), (10, 24, "1/2"), (12, 40, 3), (9, 30, "1/5"))
_EIGHTH: Final = Rational(1, 8)
_exact = Search(examples=16, hypothesis_examples=0, bits=128)
_both = {d: Integer(lo=1), m: Integer(lo=1), gamma: POSITIVE}

_trace_above = signal * d + noise * d**2 / (m - d - 1)
_trace_below = signal * m + noise * d * m / (d - m - 1)


def _expectation(
    name: str,
    says: str,
    lhs: Expr,
    rhs: Expr,
    broken: tuple[Broken, ...],
    *,
    given: Any,
    evidence: tuple[Evidence, ...],
    uses: tuple[str, ...] = (),
    steps: tuple[str, ...] = (),
    printed: str = "",
    note: str = "",
) -> Claim:
    """Return a claim that an expectation has a closed form."""
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=place("exact finite-sample results"),
        given=given,
        lhs=lhs,
        rel=Rel.EQ,
        rhs=rhs,
        uses=uses,
        steps=steps,
        evidence=evidence,
        broken=broken,
        printed=printed,
        note=note,
    )


def _simulate(
    field: str, at: Any, *, margin: Any = _EIGHTH, count: int = 500, **options: Any
) -> MonteCarlo:
    return MonteCarlo(replicates=replicates_of(field, **options), at=at, margin=margin, count=count)


_nu = Symbol("nu", positive=True)

CHI: Final = (
    Claim(
        id="B.moments.chi",
        kind=Kind.LEMMA,
        says="The mean of 1/chi^2 with nu > 2 degrees of freedom is 1/(nu - 2).",
        source=place("exact finite-sample results"),
        given={_nu: Real(lo=2, lo_open=True)},
        lhs=InverseChiSquare(_nu),
        rel=Rel.EQ,
        rhs=1 / (_nu - 2),
        evidence=(Symbolic(), Search(bits=128)),
        broken=(
            scale("rhs", percent),
            restate("wrong pole", rhs=1 / (_nu - 1)),
            restate("inverse of the mean", rhs=1 / _nu),
        ),
        printed=r"E\,1/\chi^2_\nu=1/(\nu-2)",
    ),
    Claim(
        id="B.logdet.chi",
        kind=Kind.LEMMA,
        says="The mean of log chi^2 is the digamma function at half the degrees, plus log 2.",
        source=place("exact finite-sample results"),
        given={_nu: POSITIVE},
        lhs=LogChiSquare(_nu),
        rel=Rel.EQ,
        rhs=digamma(_nu / 2) + log(2),
        evidence=(Symbolic(), Search(bits=128)),
        broken=(
            scale("rhs", percent),
            restate("no log 2", rhs=digamma(_nu / 2)),
            restate("all degrees", rhs=digamma(_nu) + log(2)),
            restate("log of the mean", rhs=log(_nu)),
        ),
        printed=r"E\log\chi^2_\nu=\psi_0(\nu/2)+\log2",
    ),
)


def _inverse(side: str) -> Claim:
    above = side == "above"
    given = {k: v for k, v in (_ABOVE if above else _BELOW).items() if k != gamma}
    rank, gap = (d, m - d) if above else (m, d - m)
    return _expectation(
        f"B.moments.inverse.{side}",
        f"The mean trace of the pseudo-inverse of a Wishart matrix, n {'>' if above else '<'} d.",
        PseudoInverseTrace(d, m),
        rank / (gap - 1),
        (
            scale("rhs", percent),
            restate("wrong pole", rhs=rank / (gap + 1)),
            restate("no pole shift", rhs=rank / gap),
            restate("m and d exchanged", rhs=(m if above else d) / (gap - 1)),
        ),
        given=given,
        uses=("B.moments.chi",),
        evidence=(_exact, Argued(document="B.moments.inverse")),
        printed=r"E\,\mathrm{tr}\,S^+=\frac{d}{m-d-1}" if above else r"\frac m{d-m-1}",
        note="Each diagonal entry of the inverse is the inverse of a squared distance with "
        "|m - d| + 1 degrees of freedom.",
    )


def _given_noised(side: str) -> Claim:
    above = side == "above"
    rank = d if above else m
    rhs = signal * rank + noise * d * PseudoInverseTrace(d, m)
    return _expectation(
        f"B.moments.given.{side}",
        "The generated variance is a signal part on the span of the data and a noise part by the "
        "pseudo-inverse.",
        MeanTrace(d, m, gamma),
        rhs,
        (
            scale("rhs", Rational(3, 2)),
            restate("no projection", rhs=noise * d * PseudoInverseTrace(d, m)),
            restate(
                "R for R squared",
                rhs=sqrt(signal) * rank + 2 * noise * d * PseudoInverseTrace(d, m),
            ),
            restate("rank for d", rhs=signal * rank + noise * PseudoInverseTrace(d, m)),
        ),
        given=_ABOVE if above else _BELOW,
        uses=("B.cond",),
        evidence=(
            _simulate("trace", _above if above else _below, count=700),
            _exact,
        ),
        printed=r"E[\mathrm{tr}\,BB^\top\mid Y]=\kappa^2r+\tau^2d\,\mathrm{tr}\,W^+",
    )


MOMENTS: Final = (
    _inverse("above"),
    _inverse("below"),
    _given_noised("above"),
    _given_noised("below"),
    _expectation(
        "B.moments.trace.above",
        "The mean generated variance for n >= d + 3, population variance.",
        MeanTrace(d, m, gamma),
        _trace_above,
        (
            scale("rhs", percent),
            swap(m - d - 1, m - d, "wrong pole"),
            swap(m - d - 1, m - d + 1, "n for m, pole moved"),
            restate("R for R squared", rhs=sqrt(signal) * d + noise * d**2 / (m - d - 1)),
            restate("d for d squared", rhs=signal * d + noise * d / (m - d - 1)),
            restate("roles of signal and noise", rhs=noise * d + signal * d**2 / (m - d - 1)),
        ),
        given=_ABOVE,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="B.moments.given.above"),
                            From(claim="B.moments.inverse.above", weight=noise * d),
                        )
                    ),
                )
            ),
            _exact,
        ),
        printed=r"E\,\mathrm{tr}\,\Sigma_G/s_d^2=R^2d+(1-R^2)d^2/(m-d-1)",
    ),
    _expectation(
        "B.moments.trace.below",
        "The mean generated variance for n <= d - 1, population variance.",
        MeanTrace(d, m, gamma),
        _trace_below,
        (
            scale("rhs", percent),
            swap(d - m - 1, d - m, "wrong pole"),
            restate("full rank signal", rhs=signal * d + noise * d * m / (d - m - 1)),
            restate("m squared", rhs=signal * m + noise * m**2 / (d - m - 1)),
        ),
        given=_BELOW,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="B.moments.given.below"),
                            From(claim="B.moments.inverse.below", weight=noise * d),
                        )
                    ),
                )
            ),
            _exact,
        ),
        printed=r"E\,\mathrm{tr}\,\Sigma_G/s_d^2=R^2m+(1-R^2)dm/(d-m-1)",
    ),
    *(
        _expectation(
            f"B.moments.empirical.{side}",
            f"The mean generated variance for {where}, empirical variance.",
            MeanTraceEmpirical(d, m, gamma),
            rhs,
            (
                scale("rhs", Rational(3, 2)),
                restate("no noise start", rhs=rhs - noise * total),
                restate("population start", rhs=total - noise * total / 2),
            ),
            given=_ABOVE if side == "above" else _BELOW,
            uses=("B.cond",),
            evidence=(
                _simulate("trace", points, count=700, spread="empirical"),
                _exact,
                Argued(document="B.moments.empirical"),
            ),
            printed=r"(1-R^2)t_0+\frac{R^2}{dm}[R^4rmd+R^2(1-R^2)\{d(md-2)w+dr^2+4r\}"
            r"+(1-R^2)^2d(dr+2)w+(1-R^2)(m-r)d\,t_0]",
        )
        for side, where, points, total, rhs in (
            (
                "above",
                "n >= d + 3",
                _above,
                _trace_above,
                noise * _trace_above
                + signal
                / (d * m)
                * (
                    signal**2 * d * m * d
                    + signal * noise * (d * (m * d - 2) * d / (m - d - 1) + d**3 + 4 * d)
                    + noise**2 * d * (d**2 + 2) * d / (m - d - 1)
                    + noise * (m - d) * d * _trace_above
                ),
            ),
            (
                "below",
                "n <= d - 1",
                _below,
                _trace_below,
                noise * _trace_below
                + signal
                / (d * m)
                * (
                    signal**2 * m * m * d
                    + signal * noise * (d * (m * d - 2) * m / (d - m - 1) + d * m**2 + 4 * m)
                    + noise**2 * d * (d * m + 2) * m / (d - m - 1)
                ),
            ),
        )
    ),
    *(
        _expectation(
            f"B.moments.mean.{side}",
            f"The mean squared error of the generated mean for {where}.",
            MeanError(d, m, gamma),
            (d + noise * total) / (m + 1),
            (
                scale("rhs", Rational(3, 2)),
                restate("no noise", rhs=d / (m + 1) / 2),
                restate("m for n", rhs=2 * (d + noise * total) / m),
                restate("signal for noise", rhs=(d + (1 + signal) * (total + d)) / (m + 1)),
            ),
            given=_ABOVE if side == "above" else _BELOW,
            uses=(f"B.moments.trace.{side}",),
            evidence=(_simulate("mean_error", points, margin=Rational(1, 6), count=700), _exact),
            printed=r"E\lvert m_G-\mu_0\rvert^2/s_d^2=(d+(1-R^2)t_0)/n",
        )
        for side, where, points, total in (
            ("above", "n >= d + 3", _wide_above, _trace_above),
            ("below", "n <= d - 1", _below, _trace_below),
        )
    ),
)

_cut = Symbol("e", positive=True)
_x = Symbol("x", positive=True)
_small = Real(lo=0, hi=1, lo_open=True)
_b = Symbol("b", nonnegative=True)
_search_small = Search(examples=20, hypothesis_examples=0, bits=128)
_half_e = exp(-Rational(1, 2))
_grows = exp(-((_b + 1) ** 2) / 2) / sqrt(2 * pi)


def _density(degrees: int, lower: Expr, wrong: Expr) -> Claim:
    """Return a lower bound on a chi-square density on (0, 1]."""
    return Claim(
        id=f"B.fact.density.{degrees}",
        kind=Kind.LEMMA,
        says=f"The chi-square density with {degrees} degrees of freedom on (0, 1] is at least its "
        "power times exp(-1/2).",
        source=place("exact finite-sample results"),
        given={_x: _small},
        lhs=ChiSquareDensity(degrees, _x),
        rel=Rel.GE,
        rhs=lower,
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", percent), flip(), restate("wrong power", rhs=wrong)),
    )


def _truncated(
    name: str,
    says: str,
    lhs: Expr,
    rhs: Expr,
    *,
    child: str,
    times: Expr,
    unfold: Any,
    given: Any,
    printed: str,
    note: str = "",
) -> Claim:
    """Return a lower bound on a truncated mean that grows without bound as the cut goes to 0."""
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=place("exact finite-sample results"),
        lhs=lhs,
        rel=Rel.GE,
        rhs=rhs,
        given=given,
        evidence=(
            Steps(
                branches=(
                    Branch(parts=(From(claim=child, along=(_x, _cut, S.One), times=times),)),
                ),
                unfold=(unfold,),
            ),
            _search_small,
        ),
        broken=(
            scale("rhs", 20),
            restate("a higher power of the cut", rhs=rhs / _cut + 1 / _cut),
            flip(),
        ),
        printed=printed,
        note=note,
    )


_line = (
    "On the line: given the noised data B is normal; in units of its conditional standard "
    "deviation "
    "its mean is b. The general case is argued in B.klexact.tail."
)

INFINITE: Final = (
    _density(2, _half_e / 2, 1 / (2 * _x)),
    _density(1, _half_e / sqrt(2 * pi * _x), 1 / _x),
    _truncated(
        "B.moments.infinite.two",
        "With two degrees of freedom, n = d + 2 or n = d, the truncated mean of 1/chi^2 grows like "
        "the logarithm of the cut: the moments are infinite.",
        TruncatedInverseChiSquare(2, _cut),
        -_half_e * log(_cut) / 2,
        child="B.fact.density.2",
        times=1 / _x,
        unfold=TruncatedInverseChiSquare,
        given={_cut: _small},
        printed=r"E[1/\chi^2_2;\chi^2\ge e]\ge\tfrac12\mathrm e^{-1/2}\log(1/e)",
    ),
    _truncated(
        "B.moments.infinite.one",
        "With one degree of freedom, n = d + 1, the truncated mean of 1/chi^2 grows like the "
        "inverse "
        "root of the cut.",
        TruncatedInverseChiSquare(1, _cut),
        _half_e * (2 / sqrt(_cut) - 2) / sqrt(2 * pi),
        child="B.fact.density.1",
        times=1 / _x,
        unfold=TruncatedInverseChiSquare,
        given={_cut: _small},
        printed=r"E[1/\chi^2_1;\chi^2\ge e]\ge\sqrt{2/\pi\mathrm e}\,(e^{-1/2}-1)",
    ),
    Claim(
        id="B.moments.infinite",
        kind=Kind.DERIVED,
        says="The moments are finite at every n outside {d, d + 1, d + 2}: the degrees of freedom "
        "|m - d| + 1 exceed two.",
        source=place("exact finite-sample results"),
        given={d: Integer(lo=1), m: Integer(lo=1)},
        where=(ge((m - d) ** 2, 4),),
        lhs=(m - d) ** 2,
        rel=Rel.GT,
        rhs=1,
        uses=("B.moments.infinite.two", "B.moments.infinite.one", "B.moments.chi"),
        evidence=(
            Steps(branches=(Branch(parts=(From(hypothesis=0),), rest=Rational(3)),)),
            Search(),
        ),
        broken=(drop(0), scale("rhs", 5), flip()),
        printed=r"E\,\mathrm{tr}\,\Sigma_G=\infty\iff n\in\{d,d+1,d+2\}",
        note="Exception: d = 1, n = 1, where B = 0.",
    ),
    Claim(
        id="B.fact.normal",
        kind=Kind.LEMMA,
        says="A normal density of unit variance is at least exp(-(b + 1)^2/2) up to scale on (0, "
        "1].",
        source=place("exact finite-sample results"),
        given={_x: _small, _b: Real(lo=0)},
        lhs=NormalDensity(_b, _x),
        rel=Rel.GE,
        rhs=_grows,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="B.fact.exp",
                                at={
                                    _y: (_x - _b) ** 2 / 2,
                                    _z: (_b + 1) ** 2 / 2 - (_x - _b) ** 2 / 2,
                                },
                                weight=1 / sqrt(2 * pi),
                            ),
                        )
                    ),
                ),
                unfold=(NormalDensity,),
            ),
            Search(),
        ),
        broken=(restate("at the mean", rhs=1 / sqrt(2 * pi)), flip()),
    ),
    Claim(
        id="B.fact.exp",
        kind=Kind.LEMMA,
        says="The exponential of a smaller number is smaller.",
        source=place("used throughout"),
        given={_y: reals, _z: Real(lo=0)},
        lhs=exp(-_y),
        rel=Rel.GE,
        rhs=exp(-_y - _z),
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", percent), flip()),
    ),
    _truncated(
        "B.klexact.reverse.infinite",
        "The truncated mean of 1/B^2 grows like the inverse of the cut, at every n: the mean of "
        "KL(rho || rho_G) is infinite.",
        TruncatedInverseNormal(_b, 2, _cut),
        _grows * (1 / _cut - 1),
        child="B.fact.normal",
        times=_x**-2,
        unfold=TruncatedInverseNormal,
        given={_b: Real(lo=0, within=(0, 3)), _cut: _small},
        printed=r"E\,KL(\rho\Vert\rho_G)=\infty\ (n\ge d+1)",
        note=_line,
    ),
    _truncated(
        "B.klexact.l2.infinite",
        "The truncated mean of 1/|B| grows like the logarithm of the cut, at every n: the mean of "
        "the squared L2 distance is infinite.",
        TruncatedInverseNormal(_b, 1, _cut),
        -_grows * log(_cut),
        child="B.fact.normal",
        times=1 / _x,
        unfold=TruncatedInverseNormal,
        given={_b: Real(lo=0, within=(0, 3)), _cut: _small},
        printed=r"E\lVert\rho_G-\rho\rVert_2^2=\infty\ (n\ge d+1)",
        note=_line,
    ),
)

_p = Symbol("p", integer=True, nonnegative=True)
_pp = Symbol("p", integer=True, positive=True)
_even = {d: Integer(lo=1, hi=5), _p: Integer(lo=0, hi=3), gamma: POSITIVE}
_even_above = {d: Integer(lo=1, hi=5), _pp: Integer(lo=1, hi=3), gamma: POSITIVE}
_logs = sets((6, 5, "1/5"), (4, 6, "1/10"), (8, 4, "1/10"), (3, 8, "1/5"), names=(d, _p, gamma))
_k = Symbol("k", integer=True, positive=True)
_shift = Sum(digamma((d - _k + 1) / 2) - digamma((d + 2 * _p - _k + 1) / 2), (_k, 1, d))
_zonal = ZonalLogDet(d, _p, gamma)

LOGDET: Final = (
    _expectation(
        "B.logdet",
        "The mean log-determinant of the generated covariance for m = d + 2p, as digamma "
        "differences and the zonal polynomial in R^2 (d <= 5, p <= 3 rigorously).",
        MeanLogDet(d, d + 2 * _p, gamma),
        _shift + _zonal,
        (
            scale("rhs", Rational(1, 2)),
            restate("no zonal part", rhs=2 * _shift - 1),
            restate("no digamma part", rhs=_zonal + d),
            restate("opposite zonal part", rhs=_shift - _zonal - 1),
        ),
        given=_even,
        uses=("B.cond", "B.logdet.chi"),
        evidence=(_exact, Argued()),
        printed=r"E\log\det\frac{\Sigma_G}{s_d^2}=\sum_{i\le d}[\psi_0(\tfrac{d-i+1}2)"
        r"-\psi_0(\tfrac{m-i+1}2)]+\tfrac d{dh}{}_2F_1(-h,\tfrac{d-m}2;\tfrac d2;R^2I_d)|_{h=0}",
    ),
    _expectation(
        "B.logdet.simulated",
        "The same for larger sizes, by simulation.",
        simulated("SimulatedLogDet", 3)(d, _p, gamma),
        _shift + _zonal,
        (
            scale("rhs", Rational(1, 2)),
            restate("no zonal part", rhs=_shift),
            restate("no digamma part", rhs=_zonal),
        ),
        given={d: Integer(lo=1, hi=12), _p: Integer(lo=0, hi=8), gamma: POSITIVE},
        evidence=(_simulate("log_det", _logs, count=700),),
        uses=("B.logdet",),
    ),
    _expectation(
        "B.logdet.weights",
        "The mean of log det B B^T: the same less d log(v / s_d^2), here with v = s_d^2 (1 + g).",
        simulated("SimulatedLogDetWeights", 3)(d, _p, gamma),
        _shift + _zonal - d * log((1 + 1 / gamma) * exp(-Rational(3, 2))),
        (
            scale("rhs", Rational(1, 2)),
            restate("no change of scale", rhs=_shift + _zonal),
            restate(
                "opposite scale",
                rhs=_shift + _zonal + d * log((1 + 1 / gamma) * exp(-Rational(3, 2))),
            ),
        ),
        given={d: Integer(lo=1, hi=12), _p: Integer(lo=0, hi=8), gamma: POSITIVE},
        evidence=(
            _simulate(
                "log_det_weights",
                sets((6, 5, "1/5"), (4, 6, "1/10"), (8, 4, "1/10"), names=(d, _p, gamma)),
                count=700,
            ),
        ),
        uses=("B.logdet",),
        printed=r"E\log\det BB^\top=L(d,m)+d\log(s_d^2/v)",
        note="At the diffusion time of the simulations, 3/4: v / s_d^2 = e^{-3/2} (1 + 1/gamma).",
    ),
    _expectation(
        "B.logdet.square",
        "At m = d the mean log-determinant is zero, whatever the noise.",
        MeanLogDet(d, d, gamma),
        0 * d,
        (
            restate("minus d log(1 + 1/gamma)", rhs=-d * log(1 + 1 / gamma)),
            restate("a nat", rhs=1),
        ),
        given={d: Integer(lo=1, hi=6), gamma: POSITIVE},
        uses=("B.logdet",),
        evidence=(_exact,),
        printed=r"E\log\det(\Sigma_G/s_d^2)=0\quad(n=d+1)",
    ),
    _expectation(
        "B.logdet.line",
        "On the line with four points: 2 R^2 - 2.",
        MeanLogDet(1, 3, gamma),
        2 * signal - 2,
        (
            scale("rhs", percent),
            restate("R for R squared", rhs=2 * sqrt(signal) - 2),
            restate("log of the mean", rhs=log(signal)),
        ),
        given={gamma: POSITIVE},
        evidence=(Search(examples=24, hypothesis_examples=0, bits=128),),
        note="The float64 value integrates the definition over Student's law.",
    ),
    _expectation(
        "B.logdet.plane",
        "In the plane with five points: a quadratic polynomial in R^2.",
        MeanLogDet(2, 4, gamma),
        signal**2 + 2 * signal - 3,
        (
            scale("rhs", percent),
            restate("linear", rhs=3 * signal - 3),
            restate("opposite quadratic", rhs=-(signal**2) + 4 * signal - 3),
        ),
        given={gamma: POSITIVE},
        evidence=(Search(examples=24, hypothesis_examples=0, bits=128),),
    ),
    Claim(
        id="B.klexact.variance.below",
        kind=Kind.DERIVED,
        says="The empirical starting variance has a mean logarithm below that of the population "
        "one.",
        source=place("exact finite-sample results"),
        given={d: Integer(lo=1, hi=6), _pp: Integer(lo=1, hi=6), gamma: POSITIVE},
        lhs=MeanLogVariance(d, 2 * _pp, gamma),
        rel=Rel.LT,
        rhs=0,
        evidence=(Search(examples=10, hypothesis_examples=0, bits=64),),
        broken=(flip(), restate("far below", rhs=-1)),
        printed=r"E\log(s^2/v)<0",
    ),
)

_scale = log((1 + 1 / gamma) * exp(-Rational(3, 2)))
_times = "At the diffusion time of the simulations, 3/4: v / s_d^2 = e^{-3/2} (1 + 1/gamma)."
_mean_log_det = _shift + _zonal
_at_p = {m: d + 2 * _pp}
_kl_p = (
    _trace_above.subs(_at_p)
    + (d + noise * _trace_above.subs(_at_p)) / (d + 2 * _pp + 1)
    - d
    - _mean_log_det.subs(_p, _pp)
) / 2
_finite = sets((2, 3, 1), (4, 3, "1/2"), (1, 6, 3), (5, 2, 2), names=(d, _pp, gamma))
_onset = {d: Integer(lo=1), m: Integer(lo=d), gamma: POSITIVE}
_singular = {m: Integer(lo=1), d: Integer(lo=m + 1), gamma: POSITIVE}
_onset_sets = sets((3, 3, 1), (3, 4, 1), (5, 9, "1/2"), (1, 4, 2))
_singular_sets = sets((3, 2, 1), (6, 3, 1), (5, 4, "1/2"), (12, 1, 2))
_all_sets = (*_onset_sets, *_singular_sets)


def _event(
    name: str,
    says: str,
    field: str,
    holds: Any,
    given: Any,
    at: Any,
    value: int,
    *,
    note: str = "",
    printed: str = "",
) -> Claim:
    """Return a claim that an event has probability one or zero."""
    functional_name = "".join(part.capitalize() for part in name.split(".")[1:])
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=place("exact finite-sample results"),
        given=given,
        lhs=simulated(f"Probability{functional_name.replace('_', '')}", 3)(d, m, gamma),
        rel=Rel.EQ,
        rhs=value,
        uses=("B.cond.rank",),
        evidence=(
            MonteCarlo(replicates=indicators(field, holds), at=at, count=60),
            Argued(document="B.klexact.events"),
        ),
        broken=(
            restate("complement", rhs=1 - value),
            restate("half of the time", rhs=Rational(1, 2)),
        ),
        note=note,
        printed=printed,
    )


KLEXACT: Final = (
    _expectation(
        "B.klexact.variance",
        "The mean logarithm of the empirical starting variance is a one-dimensional integral over "
        "the gamma law of shape m d / 2.",
        simulated("SimulatedLogVariance", 3)(d, m, gamma),
        MeanLogVariance(d, m, gamma) + _scale,
        (
            restate("population variance", rhs=_scale),
            restate("squared", rhs=2 * MeanLogVariance(d, m, gamma) + _scale + 1),
            restate("no scale", rhs=MeanLogVariance(d, m, gamma)),
        ),
        given={d: Integer(lo=1), m: Integer(lo=1), gamma: POSITIVE},
        evidence=(
            _simulate(
                "log_variance_ratio",
                sets((1, 2, 30), (2, 1, 30)),
                margin=Rational(1, 8),
                count=1600,
                spread="empirical",
            ),
        ),
        printed=r"E\log s^2/s_d^2",
        note=_times + " For m d even.",
    ),
    _expectation(
        "B.klexact",
        "The mean divergence of the generated law from the sampling law, n >= d + 3, n - d odd.",
        MeanKL(d, d + 2 * _pp, gamma),
        _kl_p,
        (
            scale("rhs", percent),
            restate("missing one half", rhs=2 * _kl_p),
            restate("no log-determinant", rhs=_kl_p + _mean_log_det.subs(_p, _pp) / 2),
            restate(
                "no error of the mean",
                rhs=_kl_p - (d + noise * _trace_above.subs(_at_p)) / (d + 2 * _pp + 1) / 2,
            ),
            restate("d forgotten", rhs=_kl_p + d / 2),
        ),
        given=_even_above,
        uses=("B.moments.trace.above", "B.moments.mean.above", "B.logdet"),
        evidence=(_exact,),
        printed=r"E\,KL(\rho_G\Vert\rho)=\tfrac12[t_0+E\lvert m_G-\mu_0\rvert^2/s_d^2-d-L(d,m)]",
    ),
    _expectation(
        "B.klexact.simulated",
        "The same from training sets drawn, noised and fitted.",
        simulated("SimulatedKL", 3)(d, _pp, gamma),
        _kl_p,
        (
            scale("rhs", 2),
            restate("no log-determinant", rhs=_kl_p + _mean_log_det.subs(_p, _pp) / 2),
            restate("d forgotten", rhs=_kl_p + d / 2),
            restate("log-determinant doubled", rhs=_kl_p - _mean_log_det.subs(_p, _pp) / 2),
        ),
        given={d: Integer(lo=1, hi=12), _pp: Integer(lo=1, hi=8), gamma: POSITIVE},
        uses=("B.klexact",),
        evidence=(_simulate("kl", _finite, margin=Rational(1, 5), count=8000),),
    ),
    _event(
        "B.klexact.singular",
        "For n <= d the divergence is infinite almost surely.",
        "kl",
        np.isinf,
        _singular,
        _singular_sets,
        1,
        printed=r"n\le d\Rightarrow KL(\rho_G\Vert\rho)=\infty",
    ),
    _event(
        "B.klexact.regular",
        "For n >= d + 1 the divergence is finite almost surely, also where its mean is not.",
        "kl",
        within_limits,
        _onset,
        _onset_sets,
        1,
        note="At n in {d + 1, d + 2} the mean is infinite, so only medians are reported there.",
    ),
    _event(
        "B.klexact.reverse.singular",
        "For n <= d the reversed divergence is infinite almost surely.",
        "kl_reverse",
        np.isinf,
        _singular,
        _singular_sets,
        1,
    ),
    _event(
        "B.klexact.reverse.regular",
        "For n >= d + 1 the reversed divergence is finite almost surely, although its mean is "
        "infinite at every n.",
        "kl_reverse",
        within_limits,
        _onset,
        _onset_sets,
        1,
        note="See B.klexact.reverse.infinite.",
    ),
    _event(
        "B.klexact.hellinger.singular",
        "For n <= d the squared Hellinger distance is exactly one.",
        "hellinger_squared",
        _is_one,
        _singular,
        _singular_sets,
        1,
        printed=r"n\le d\Rightarrow H^2=1",
    ),
    _event(
        "B.klexact.l2.singular",
        "For n <= d the generated law has no density: the squared L2 distance is infinite.",
        "log_squared_l2",
        np.isinf,
        _singular,
        _singular_sets,
        1,
    ),
    _event(
        "B.klexact.wasserstein",
        "The Wasserstein distance is finite at every n.",
        "wasserstein_squared",
        within_limits,
        _both,
        _all_sets,
        1,
        note="Its mean square is infinite exactly at n in {d, d + 1, d + 2}.",
    ),
)

RANK: Final = (
    _expectation(
        "B.rank1",
        "At n = 2d + 2 the mean generated variance is exactly that of the data, whatever the "
        "noise.",
        MeanTrace(d, 2 * d + 1, gamma),
        d,
        (
            scale("rhs", percent),
            restate("at n = 2d + 1", lhs=MeanTrace(d + 1, 2 * d + 2, gamma)),
            restate("at n = 2d + 3", lhs=MeanTrace(d, 2 * d + 2, gamma)),
        ),
        given={d: Integer(lo=1), gamma: POSITIVE},
        evidence=(
            Steps(
                branches=(Branch(parts=(From(claim="B.moments.trace.above", at={m: 2 * d + 1}),)),)
            ),
            _exact,
        ),
        printed=r"E\,\mathrm{tr}\,\Sigma_G=d\,s_d^2\iff n=2d+2",
    ),
    _expectation(
        "B.rank1.simulated",
        "The same from training sets drawn, noised and fitted.",
        simulated("SimulatedTrace", 3)(d, m, gamma),
        d,
        (scale("rhs", Rational(3, 2)), scale("rhs", Rational(1, 2))),
        given={d: Integer(lo=1), m: Integer(lo=2 * d + 1, hi=2 * d + 1), gamma: POSITIVE},
        evidence=(_simulate("trace", sets((8, 17, 1), (10, 21, 3), (9, 19, "1/5")), count=400),),
    ),
    Claim(
        id="B.rank1.excess",
        kind=Kind.DERIVED,
        says="Above n = d + 2 the excess of the mean variance is (1 - R^2) d (2d + 1 - m)/(m - d - "
        "1)"
        ": n = 2d + 2 is the only place where it vanishes.",
        source=place("exact finite-sample results"),
        given=_ABOVE,
        lhs=MeanTrace(d, m, gamma) - d,
        rel=Rel.EQ,
        rhs=noise * d * (2 * d + 1 - m) / (m - d - 1),
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="B.moments.trace.above"),)),)),
            _exact,
        ),
        broken=(
            scale("rhs", percent),
            restate("at n = 2d + 1", rhs=noise * d * (2 * d - m) / (m - d - 1)),
            restate("signal for noise", rhs=signal * d * (2 * d + 1 - m) / (m - d - 1)),
        ),
    ),
    Claim(
        id="B.rank1.below",
        kind=Kind.DERIVED,
        says="For n <= d - 1 no place serves every signal-to-noise ratio: at gamma = d m the mean "
        "variance is below that of the data.",
        source=place("exact finite-sample results"),
        given={m: Integer(lo=1), d: Integer(lo=m + 2)},
        lhs=_trace_below.subs(gamma, d * m),
        rel=Rel.LT,
        rhs=d,
        uses=("B.moments.trace.below",),
        evidence=(Polynomial(), Search()),
        broken=(
            flip(),
            restate("at gamma = 1", lhs=_trace_below.subs(gamma, 1) + d / 2),
            restate("m for d", rhs=m),
        ),
    ),
)

CLAIMS: Final = (*CHI, *MOMENTS, *INFINITE, *LOGDET, *KLEXACT, *RANK)
