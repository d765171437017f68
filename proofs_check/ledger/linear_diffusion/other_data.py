"""Paper B, section 4: data that are not isotropic, not of full rank, or not Gaussian.

Dictionary: ``s_1, s_2`` are eigenvalues of the data's covariance in the plane, ``a2 = a^2`` and
``q2 = q^2`` belong to the forward process, k is the rank of the data in d dimensions, ``delta``
half the distance of the two centres of a mixture in units of a component's standard deviation.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Min, Rational, Symbol, Tuple, exp, log

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Domain, Integer, Real, reals
from proofs_check.evidence import (
    Argued,
    Branch,
    Instances,
    MonteCarlo,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import (
    POSITIVE,
    d,
    delta,
    first,
    gamma,
    m,
    noise,
    percent,
    place,
    second,
    sets,
    signal,
)
from proofs_check.quantities.alternatives_simulation import low_rank, plane_trace, score_distance
from proofs_check.quantities.gaussian_divergences import KullbackLeibler
from proofs_check.quantities.linear_reverse import MeanSampleKL
from proofs_check.quantities.linear_simulation import simulated
from proofs_check.quantities.other_data import (
    AffineSlope,
    EmpiricalDefect,
    IsotropicFloor,
    MixtureFloor,
    SpectrumFloorGap,
    SpectrumTrace,
)
from theory.symbols import k, lambda_, t, y

__all__ = ["CLAIMS"]

_source = place("alternatives that the reviews ask for")
_review = place("public review")
_s1, _s2, _a2, _q2 = (Symbol(name, positive=True) for name in ("s_1", "s_2", "a2", "q2"))
_plane: Final[dict[Symbol, Domain]] = dict.fromkeys((_s1, _s2, _a2, _q2), POSITIVE)
_sampled: Final[dict[Symbol, Domain]] = {**_plane, m: Integer(lo=4)}
_v1, _v2 = _a2 * _s1 + _q2, _a2 * _s2 + _q2
_kept = _a2 * _s1**2 / _v1 + _a2 * _s2**2 / _v2
_rest = _q2 * _s1 / _v1 + _q2 * _s2 / _v2
_trace = _kept + _rest * 2 / (m - 3)
_drawn = sets(
    (1, 4, "1/2", 1, 14),
    (3, "1/2", "1/4", "1/2", 12),
    names=(_s1, _s2, _a2, _q2, m),
)
_mean = (_v1 + _v2) / 2

ANISOTROPIC: Final = (
    Claim(
        id="B.aniso",
        kind=Kind.DERIVED,
        says="Data of any covariance, generation from the noised covariance: the mean generated "
        "variance is sum s_i rho_i + (sum s_i (1 - rho_i)) d/(m - d - 1), rho_i = a^2 s_i/v_i "
        "(here d = 2).",
        source=_source,
        given=_sampled,
        lhs=SpectrumTrace(_s1, _s2, _a2, _q2, m),
        rel=Rel.EQ,
        rhs=_trace,
        uses=("B.cond", "B.moments.chi"),
        evidence=(Symbolic(), Search(examples=40, hypothesis_examples=0, bits=128)),
        broken=(
            scale("rhs", percent),
            restate("pole at m = d", rhs=_kept + _rest * 2 / (m - 2)),
            restate("signal alone", rhs=_kept),
            restate("means first", rhs=_kept + _q2 * (_s1 + _s2) / (_v1 + _v2) * 2 / (m - 3)),
        ),
        printed=r"E\,\mathrm{tr}\,\Sigma_G=\sum s_i\rho_i+\frac{d\sum s_i(1-\rho_i)}{m-d-1}",
        note="E W^{-1} = V^{-1}/(m - d - 1) for every covariance V of the noised data; for another "
        "start M the factor d becomes tr V^{-1} M.",
    ),
    Claim(
        id="B.aniso.simulated",
        kind=Kind.DERIVED,
        says="The same from training sets drawn, noised and fitted.",
        source=_source,
        given={**_sampled, _a2: Real(lo=0, hi=1, lo_open=True, hi_open=True)},
        lhs=simulated("SimulatedPlaneTrace", 5)(_s1, _s2, _a2, _q2, m),
        rel=Rel.EQ,
        rhs=_trace,
        uses=("B.aniso",),
        evidence=(MonteCarlo(replicates=plane_trace, at=_drawn, margin=Rational(1, 8), count=900),),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate("signal alone", rhs=_kept / 2),
            restate("means first", rhs=_kept + 3 * _rest),
        ),
    ),
    Claim(
        id="B.aniso.identity",
        kind=Kind.DERIVED,
        says="At n = 2d + 2 the mean generated variance is that of the data, whatever the "
        "covariance and the noise: B.rank1 needs no isotropy.",
        source=_source,
        given=_plane,
        lhs=SpectrumTrace(_s1, _s2, _a2, _q2, 5),
        rel=Rel.EQ,
        rhs=_s1 + _s2,
        evidence=(Symbolic(), Search(examples=40, hypothesis_examples=0, bits=128)),
        broken=(
            scale("rhs", percent),
            restate("at n = 2d + 3", lhs=SpectrumTrace(_s1, _s2, _a2, _q2, 6)),
            restate("at n = 2d + 1", lhs=SpectrumTrace(_s1, _s2, _a2, _q2, 4)),
        ),
    ),
    Claim(
        id="B.aniso.gap",
        kind=Kind.DERIVED,
        says="With an isotropic start of the right mean variance s^2, sum (v_i^2 - a^2 s_i s^2) "
        ">= d s^2 q^2 > 0: not every generated variance a^2 s_i^2 s^2/v_i^2 can be s_i.",
        source=_source,
        given=_plane,
        lhs=SpectrumFloorGap(_s1, _s2, _a2, _q2),
        rel=Rel.GE,
        rhs=2 * _mean * _q2,
        evidence=(
            Steps(
                branches=(Branch(rest=_a2**2 * (_s1 - _s2) ** 2 / 2),),
                unfold=(SpectrumFloorGap,),
            ),
            Search(),
        ),
        broken=(
            flip(),
            scale("rhs", 2),
            restate("v squared", rhs=2 * _mean**2),
        ),
        printed=r"\textstyle\sum_i(v_i^2-a^2s_is^2)\ge ds^2q^2",
        note="So the floor of the one-step model from an isotropic start is positive for every "
        "spectrum, time and noise, isotropic spectra included.",
    ),
)

_identity = Tuple(1, 0, 1)
_p1, _p2, _p3 = first
_g1, _g2, _g3 = second
_shift = Tuple(_g1 * delta[0], _g2 * delta[0] + _g3 * delta[1])
_carried = Tuple(_g1 * _p1, _g2 * _p1 + _g3 * _p2, _g3 * _p3)
_pair: Final[dict[Symbol, Domain]] = {
    **{s: Real(within=(-2, 2)) for s in delta},
    **{
        s: Real(lo=0, lo_open=True, within=(Rational(1, 3), 3)) if s.is_positive else reals
        for s in (*first, *second)
    },
}
_thin = {_s2: POSITIVE, _q2: Real(lo=0, hi=Rational(1, 1000), lo_open=True)}

REVIEW: Final = (
    Claim(
        id="B.anisotropic",
        kind=Kind.SAID,
        says="What holds for isotropic data holds for any Gaussian: the divergence that infinitely "
        "many samples leave (start isotropic) is below 1/100 once the noise is below s_1/1000.",
        source=_review,
        given=_thin,
        lhs=IsotropicFloor(1, _s2, 1, _q2),
        rel=Rel.LE,
        rhs=Rational(1, 100),
        evidence=(
            Search(
                examples=20,
                hypothesis_examples=0,
                also=(
                    {_s2: Fraction(4), _q2: Fraction(1, 1000)},
                    {_s2: Fraction(1), _q2: Fraction(1, 1000)},
                ),
            ),
        ),
        broken=(flip(), scale("rhs", Rational(1, 100))),
        note="A review asks what becomes of anisotropic data. The place of the transition does not "
        "move (B.anisotropic.place), the exact reverse process does not notice "
        "(B.anisotropic.exact), but the isotropic start does (B.aniso.gap): without noise the map "
        "is the identity and returns the isotropic law.",
    ),
    Claim(
        id="B.anisotropic.place",
        kind=Kind.AMENDED,
        amends="B.anisotropic",
        says="The pole of the mean variance is at m = d + 1 for every spectrum: (m - 3) times the "
        "noise part does not depend on m (d = 2).",
        source=_review,
        given=_sampled,
        lhs=(m - 3) * (SpectrumTrace(_s1, _s2, _a2, _q2, m) - _kept),
        rel=Rel.EQ,
        rhs=2 * _rest,
        evidence=(
            Symbolic(),
            Search(examples=40, hypothesis_examples=0, bits=128),
        ),
        broken=(
            scale("rhs", percent),
            restate("m - 2", lhs=(m - 2) * (SpectrumTrace(_s1, _s2, _a2, _q2, m) - _kept)),
        ),
    ),
    Claim(
        id="B.anisotropic.exact",
        kind=Kind.AMENDED,
        amends="B.anisotropic",
        says="The divergence of the exact reverse process has the same law for every covariance of "
        "full rank: carried by a triangular map, it does not change (in the plane).",
        source=_review,
        given=_pair,
        lhs=KullbackLeibler(_shift, _carried, Tuple(*second)),
        rel=Rel.EQ,
        rhs=KullbackLeibler(Tuple(*delta), Tuple(*first), _identity),
        uses=("B.exactreverse",),
        evidence=(Symbolic(),),
        broken=(
            scale("rhs", percent),
            restate(
                "mean not carried", lhs=KullbackLeibler(Tuple(*delta), _carried, Tuple(*second))
            ),
            restate(
                "covariance not carried", lhs=KullbackLeibler(_shift, Tuple(*first), Tuple(*second))
            ),
        ),
    ),
    Claim(
        id="B.anisotropic.floor",
        kind=Kind.AMENDED,
        amends="B.anisotropic",
        says="Variances 1 and 4, a = 1, q^2 = 1/1000: the floor of the isotropic start exceeds "
        "0.33 nats.",
        source=_review,
        given={_q2: Real(lo=Rational(1, 1000), hi=Rational(1, 1000))},
        lhs=IsotropicFloor(1, 4, 1, _q2),
        rel=Rel.GT,
        rhs=Rational(33, 100),
        evidence=(Instances(at={"q2 = 1/1000": {_q2: Fraction(1, 1000)}}, agreement=None),),
        broken=(
            flip(),
            scale("rhs", 2),
            restate("isotropic", lhs=IsotropicFloor(4, 4, 1, _q2)),
        ),
    ),
)

_kd = {k: Integer(lo=1), d: Integer(lo=k + 1), m: Integer(lo=1), gamma: POSITIVE}
_names = (k, d, m, gamma)
_thick = {**_kd, m: Integer(lo=d + 2)}
_low = signal * k + noise * k * d / (m - d - 1)
_between = {**_kd, m: Integer(lo=k, hi=d - 1)}
_under = {m: Integer(lo=1), k: Integer(lo=m + 1), d: Integer(lo=k + 1), gamma: POSITIVE}
_any_side = sets((3, 9, 2, 1), (3, 9, 3, 1), (3, 9, 8, 1), (2, 7, 20, "1/2"), names=_names)
_onset = sets((3, 9, 3, 1), (4, 12, 4, "1/2"), (2, 8, 5, 1), names=_names)
_below = sets((3, 9, 2, 1), (4, 12, 3, "1/2"), names=_names)
_argued = Argued(document="B.lowrank")


def _event(name: str, says: str, field: str, at: Any, given: Any, rhs: Expr, **parts: Any) -> Claim:
    title = "".join(part.capitalize() for part in name.split(".")[1:])
    return Claim(
        id=name,
        kind=Kind.DERIVED,
        says=says,
        source=_source,
        given=given,
        lhs=simulated(title, 4)(*_names),
        rel=Rel.EQ,
        rhs=rhs,
        evidence=(
            MonteCarlo(
                replicates=low_rank(field, finite=parts.pop("finite", False)), at=at, count=60
            ),
            _argued,
        ),
        **parts,
    )


LOWRANK: Final = (
    _event(
        "B.lowrank.rank",
        "Data of rank k in d dimensions: the rank of the weights is min(n - 1, k).",
        "rank",
        _any_side,
        _kd,
        Min(m, k),
        broken=(
            restate("ambient", rhs=Min(m, d)),
            restate("n points", rhs=Min(m + 1, k)),
            scale("rhs", 2),
        ),
        printed=r"\mathrm{rank}\,B=\min(n-1,k)",
    ),
    _event(
        "B.lowrank.inside",
        "No generated variance lies outside of the data's subspace, at any n.",
        "leakage",
        _any_side,
        _kd,
        Rational(0),
        broken=(restate("half", rhs=Rational(1, 2)), restate("a hundredth", rhs=Rational(1, 100))),
    ),
    _event(
        "B.lowrank.onset",
        "From n = k + 1 on the divergence within the subspace is finite, long before n = d.",
        "kl",
        _onset,
        _between,
        Rational(1),
        finite=True,
        broken=(restate("never", rhs=0), restate("half", rhs=Rational(1, 2))),
        printed=r"n\ge k+1\Rightarrow KL<\infty",
    ),
    _event(
        "B.lowrank.below",
        "For n <= k it is infinite.",
        "kl",
        _below,
        _under,
        Rational(0),
        finite=True,
        broken=(restate("always", rhs=1), restate("half", rhs=Rational(1, 2))),
    ),
    Claim(
        id="B.lowrank",
        kind=Kind.DERIVED,
        says="The mean generated variance has its pole at the ambient m = d + 1: R^2 k + (1 - R^2) "
        "k d/(m - d - 1), because the noise fills all d dimensions.",
        source=_source,
        given=_thick,
        lhs=simulated("SimulatedLowRankTrace", 4)(*_names),
        rel=Rel.EQ,
        rhs=_low / k,
        uses=("B.aniso",),
        evidence=(
            MonteCarlo(
                replicates=low_rank("trace"),
                at=sets((2, 5, 18, 1), (3, 6, 20, "1/2"), names=_names),
                margin=Rational(1, 8),
                count=500,
            ),
            _argued,
        ),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate("intrinsic pole", rhs=signal + noise * k / (m - k - 1)),
            restate("signal alone", rhs=signal),
        ),
        printed=r"E\,\mathrm{tr}\,\Sigma_G/(ks_d^2)=R^2+(1-R^2)\frac d{m-d-1}",
    ),
    Claim(
        id="B.lowrank.plane",
        kind=Kind.DERIVED,
        says="A line in the plane: the general second moments with s_2 = 0.",
        source=_source,
        given={_s1: POSITIVE, _a2: POSITIVE, _q2: POSITIVE, m: Integer(lo=4)},
        lhs=SpectrumTrace(_s1, 0, _a2, _q2, m),
        rel=Rel.EQ,
        rhs=_a2 * _s1**2 / _v1 + _q2 * _s1 / _v1 * 2 / (m - 3),
        uses=("B.aniso",),
        evidence=(Symbolic(), Search(examples=40, hypothesis_examples=0, bits=128)),
        broken=(
            scale("rhs", percent),
            restate("as on the line", rhs=_a2 * _s1**2 / _v1 + _q2 * _s1 / _v1 / (m - 2)),
        ),
    ),
    Claim(
        id="B.lowrank.peak",
        kind=Kind.DERIVED,
        says="Where it is first finite, n = d + 3, the mean generated variance per intrinsic "
        "dimension is at least (1 - R^2) d: the peak grows with the ambient dimension.",
        source=_source,
        given={k: Integer(lo=1), d: Integer(lo=k + 1), gamma: POSITIVE},
        lhs=(_low / k).subs(m, d + 2),
        rel=Rel.GT,
        rhs=noise * d,
        uses=("B.lowrank",),
        evidence=(Steps(branches=(Branch(rest=signal),)), Search()),
        broken=(flip(), restate("two at most", lhs=2, rhs=noise * d)),
    ),
    Claim(
        id="B.lowrank.exact",
        kind=Kind.DERIVED,
        says="The exact reverse process sees the intrinsic dimension alone: its mean divergence is "
        "that of k-dimensional data, also near n = d.",
        source=_source,
        given={**_kd, m: Integer(lo=k)},
        lhs=simulated("SimulatedLowRankExact", 4)(*_names),
        rel=Rel.EQ,
        rhs=MeanSampleKL(k, m),
        uses=("B.exactreverse",),
        evidence=(
            MonteCarlo(
                replicates=low_rank("exact_kl"),
                at=sets((3, 9, 9, 1), (2, 12, 12, 1), names=_names),
                margin=Rational(1, 6),
                count=700,
            ),
            _argued,
        ),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate("one dimension more", rhs=MeanSampleKL(k + 1, m)),
        ),
    ),
    Claim(
        id="B.intrinsic",
        kind=Kind.SAID,
        says="The transition is governed by the ambient dimension: with n <= d points the "
        "generated law has no density on the data's subspace.",
        source=_review,
        given={k: Integer(lo=1), d: Integer(lo=k + 1), m: Integer(lo=1, hi=d - 1)},
        lhs=Min(m, k),
        rel=Rel.LT,
        rhs=k,
        uses=("B.lowrank.rank",),
        evidence=(Search(also=({k: Fraction(2), d: Fraction(5), m: Fraction(3)},)),),
        broken=(flip(), scale("rhs", Rational(1, 2))),
        note="The rank is B.lowrank.rank. The other reading is B.intrinsic.peak; both are "
        "refuted: the support follows k and the peak follows d.",
    ),
    Claim(
        id="B.intrinsic.peak",
        kind=Kind.SAID,
        says="The transition is governed by the intrinsic dimension: beyond n = d + 2 the mean "
        "variance is that of k-dimensional data.",
        source=_review,
        given=_thick,
        lhs=_low,
        rel=Rel.LE,
        rhs=signal * k + noise * k**2 / (m - k - 1),
        uses=("B.lowrank",),
        evidence=(
            Search(also=({k: Fraction(1), d: Fraction(10), m: Fraction(12), gamma: Fraction(1)},)),
        ),
        broken=(
            restate("signal alone", rhs=signal * k),
            scale("rhs", Rational(1, 2)),
        ),
    ),
    Claim(
        id="B.intrinsic.support",
        kind=Kind.AMENDED,
        amends="B.intrinsic",
        says="The support is complete from n = k + 1 on, whatever d.",
        source=_review,
        given={k: Integer(lo=1), m: Integer(lo=k)},
        lhs=Min(m, k),
        rel=Rel.GE,
        rhs=k,
        uses=("B.lowrank.rank", "B.lowrank.onset"),
        evidence=(Steps(branches=(Branch(rest=m - k), Branch(rest=0 * k))), Search()),
        broken=(
            restate("any n", given={k: Integer(lo=2), m: Integer(lo=1)}),
            restate("twice", rhs=2 * k),
        ),
    ),
    Claim(
        id="B.intrinsic.height",
        kind=Kind.AMENDED,
        amends="B.intrinsic.peak",
        says="Beyond n = d + 2 the mean variance of rank-k data exceeds that of k-dimensional data "
        "at the same n.",
        source=_review,
        given={k: Integer(lo=1), d: Integer(lo=k + 1), m: Integer(lo=d + 2)},
        lhs=d / (m - d - 1),
        rel=Rel.GT,
        rhs=k / (m - k - 1),
        uses=("B.lowrank",),
        evidence=(Polynomial(), Search()),
        broken=(flip(), scale("lhs", Rational(1, 4))),
        note="Times (1 - R^2) k, added to R^2 k.",
    ),
    Claim(
        id="B.realdata",
        kind=Kind.DERIVED,
        says="Images with 64 pixels whose covariance has the rank 61, as the bundled digits have: "
        "the peak belongs to n = 65 and 66, and at n = 67 the mean variance per dimension is "
        "still at least 64 times the noise share.",
        source=_source,
        given={gamma: POSITIVE},
        lhs=(_low / k).subs({k: 61, d: 64, m: 66}),
        rel=Rel.GE,
        rhs=64 * noise,
        uses=("B.lowrank", "B.aniso"),
        evidence=(Steps(branches=(Branch(rest=signal),)), Search()),
        broken=(
            flip(),
            scale("rhs", 2),
            restate("the peak of 61 dimensions", lhs=signal + noise * 61 / (66 - 62)),
        ),
        note="The prediction for Gaussian data. Measured on the digits, the second moments follow "
        "the general formula of B.aniso with the fitted spectrum; the support does not follow "
        "k + 1, because some pixels vary in a few images only.",
    ),
)

_delta, _b = Symbol("delta", positive=True), Symbol("a", positive=True)
_x1, _x2 = Symbol("x_1", real=True), Symbol("x_2", real=True)
_energy = Symbol("E", positive=True)
_flow_given = {_x1: reals, _x2: reals, lambda_: POSITIVE, y: reals, t: POSITIVE}


def _defect(flow: int, word: str) -> Claim:
    return Claim(
        id=f"B.gmm.{'sde' if flow == 1 else 'ode'}",
        kind=Kind.DERIVED,
        says=f"With its exact score the noised training set solves the equation of the {word}: "
        "started there, generation ends in the training set.",
        source=_source,
        given=_flow_given,
        lhs=EmpiricalDefect(flow, _x1, _x2, lambda_, y, t),
        rel=Rel.EQ,
        rhs=0,
        evidence=(Symbolic(),),
        broken=(
            restate("a remainder", rhs=exp(-(y**2))),
            restate("a constant", rhs=1),
        ),
        note="Two points on the line; the equation is linear in the density, so any number of "
        "points in any dimension follows point by point.",
    )


MIXTURE: Final = (
    Claim(
        id="B.gmm",
        kind=Kind.DERIVED,
        says="The best affine score of a noised mixture is that of the Gaussian with its two "
        "moments: slope -1/(a^2 (1 + delta^2) + q^2) along the axis.",
        source=_source,
        given={_delta: POSITIVE, _b: POSITIVE, _q2: POSITIVE},
        lhs=AffineSlope(_delta, _b, _q2),
        rel=Rel.EQ,
        rhs=-1 / (_b**2 * (1 + _delta**2) + _q2),
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("of one component", rhs=-1 / (_b**2 + _q2)),
            restate("delta for delta squared", rhs=-1 / (_b**2 * (1 + _delta) + _q2)),
        ),
    ),
    Claim(
        id="B.mixture",
        kind=Kind.SAID,
        says="What holds for Gaussian data holds for mixtures: the exact reverse process with the "
        "fitted affine score leaves less than 1/10 nat at infinitely many samples.",
        source=_review,
        given={_delta: POSITIVE},
        lhs=MixtureFloor(_delta),
        rel=Rel.LE,
        rhs=Rational(1, 10),
        uses=("B.gmm",),
        evidence=(
            Search(examples=4, hypothesis_examples=0, also=({_delta: Fraction(2)},), bits=64),
        ),
        broken=(flip(), scale("rhs", Rational(1, 10))),
        note="A review asks what becomes of mixtures. No Gaussian generator does better: the "
        "moment-matched one minimises KL(rho || g).",
    ),
    Claim(
        id="B.mixture.floor",
        kind=Kind.AMENDED,
        amends="B.mixture",
        says="At delta = 2 every Gaussian generator is at least 0.1719 nats away from the mixture, "
        "in any dimension and at any n.",
        source=_review,
        given={_delta: Real(lo=2, hi=2)},
        lhs=MixtureFloor(_delta),
        rel=Rel.GT,
        rhs=Rational(1719, 10000),
        evidence=(Instances(at={"delta = 2": {_delta: Fraction(2)}}),),
        broken=(flip(), scale("rhs", percent)),
        printed=r"J(2)=0.17199\ldots",
    ),
    Claim(
        id="B.gmm.floor",
        kind=Kind.DERIVED,
        says="The floor is at least log(1 + delta^2)/2 - log 2: it grows without bound with the "
        "distance of the components.",
        source=_source,
        given={_delta: Real(lo=Rational(1, 4), hi=40)},
        lhs=MixtureFloor(_delta),
        rel=Rel.GT,
        rhs=log(1 + _delta**2) / 2 - log(2),
        evidence=(
            Search(examples=12, hypothesis_examples=0, bits=128),
            Argued(document="B.gmm"),
        ),
        broken=(flip(), restate("without log 2", rhs=log(1 + _delta**2) / 2)),
        printed=r"J(\delta)\ge\tfrac12\log(1+\delta^2)-\log2",
    ),
    Claim(
        id="B.gmm.small",
        kind=Kind.DERIVED,
        says="For close components the floor is of eighth order: at most delta^8/12.",
        source=_source,
        given={_delta: Real(lo=Rational(1, 8), hi=2)},
        lhs=MixtureFloor(_delta),
        rel=Rel.LT,
        rhs=_delta**8 / 12,
        evidence=(Search(examples=12, hypothesis_examples=0, bits=192),),
        broken=(flip(), scale("rhs", Rational(1, 12)), restate("tenth order", rhs=_delta**12 / 12)),
        note="Half the squared excess kurtosis over 24 is delta^8/12.",
    ),
    _defect(1, "reverse process"),
    _defect(2, "probability flow"),
    Claim(
        id="B.gmm.memory",
        kind=Kind.DERIVED,
        says="At time t its law is within W_2^2 <= t^2 E + 2 d lambda t of the training set, E the "
        "mean squared length of a training point: full memorization as t -> 0, for any data.",
        source=_source,
        given={t: POSITIVE, _energy: POSITIVE, d: Integer(lo=1), lambda_: POSITIVE},
        lhs=(1 - exp(-t)) ** 2 * _energy + d * lambda_ * (1 - exp(-2 * t)),
        rel=Rel.LE,
        rhs=t**2 * _energy + 2 * d * lambda_ * t,
        uses=("B.gmm.sde", "B.gmm.ode"),
        evidence=(Search(), Argued(document="B.gmm")),
        broken=(flip(), scale("rhs", Rational(1, 2))),
    ),
    Claim(
        id="B.gmm.simulated",
        kind=Kind.DERIVED,
        says="Eight points of a mixture in the plane, exact score, flow simulated down to t = "
        "1/1000: the mean squared distance to the training set is below 0.02, against 0.5 for "
        "fresh points.",
        source=_source,
        given={t: POSITIVE},
        lhs=simulated("SimulatedDistance", 1)(t),
        rel=Rel.LE,
        rhs=Rational(2, 100),
        uses=("B.gmm.memory",),
        evidence=(MonteCarlo(replicates=score_distance, at=({t: Fraction(1, 1000)},), count=300),),
        broken=(flip(), scale("rhs", Rational(1, 100))),
    ),
)

CLAIMS: Final = (*ANISOTROPIC, *REVIEW, *LOWRANK, *MIXTURE)
