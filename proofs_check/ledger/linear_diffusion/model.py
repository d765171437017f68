"""Paper B, what was said of the model itself: generated law, code, slope, rank, conditional law."""

from fractions import Fraction
from typing import Final

from sympy import Expr, Min, Rational, Sum, Symbol, Tuple, exp, log, sqrt

from proofs_check.broken import flip, restate, scale, swap
from proofs_check.claim import Claim, Kind, Rel, le
from proofs_check.domains import Integer, Sample, reals
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
from proofs_check.functionals import Point, Size, sample_symbol
from proofs_check.ledger.linear_diffusion.setting import (
    CODE_GAMMA,
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
from proofs_check.quantities.linear_law import (
    FittedWeight,
    GeneratedCovariance,
    GeneratedMean,
    RegressionSlope,
    ResidualVariance,
)
from proofs_check.quantities.linear_model import PseudoInverseTrace
from proofs_check.quantities.linear_simulation import replicates_of, simulated
from theory.symbols import i, j, n

__all__ = ["CLAIMS"]

_B: Final = tuple(Symbol(f"B_{r}{c}", real=True) for r in (1, 2) for c in (1, 2))
_b11, _b12, _b21, _b22 = _B
_c: Final = tuple(Symbol(f"c_{r}", real=True) for r in (1, 2))
_e: Final = tuple(Symbol(f"e_{r}", real=True) for r in (1, 2))
_s2: Final = Symbol("s2", positive=True)
_weights: Final = Tuple(*_B)
_matrix: Final = {**dict.fromkeys(_B, reals), _s2: POSITIVE}
_witness: Final = {
    **dict(zip(_B, map(Fraction, (1, 1, 0, 1)), strict=True)),
    _s2: Fraction(1),
}


def _covariance(r: int, c: int) -> Expr:
    return GeneratedCovariance(r, c, _weights, _s2)


def _entry(r: int, c: int, rhs: Expr, wrong: Expr) -> Claim:
    return Claim(
        id=f"B.law.covariance.{r}{c}",
        kind=Kind.AMENDED,
        amends="B.law",
        says=f"Entry {r}{c} of the generated covariance is that of s^2 B B^T.",
        source=place("setting"),
        given=_matrix,
        lhs=_covariance(r, c),
        rel=Rel.EQ,
        rhs=rhs,
        evidence=(Symbolic(), Search()),
        broken=(
            restate("transposed product", rhs=wrong),
            scale("rhs", percent),
            restate("s for s squared", rhs=rhs / sqrt(_s2)),
        ),
        printed=rf"\Sigma_{{G,{r}{c}}}=s^2(BB^\top)_{{{r}{c}}}",
    )


_true = (_s2 * (_b11**2 + _b12**2), _s2 * (_b11 * _b21 + _b12 * _b22), _s2 * (_b21**2 + _b22**2))
_code = (_s2 * (_b11**2 + _b21**2), _s2 * (_b11 * _b12 + _b21 * _b22), _s2 * (_b12**2 + _b22**2))
_clean, _noised = Tuple(1, 0, 1, 1, -2, -1), Tuple(1, 0, 0, 1, -1, -1)

LAW: Final = (
    Claim(
        id="B.law",
        kind=Kind.SAID,
        says="The generated covariance is s^2 B^T B (its off-diagonal entry, in the plane).",
        source=place("public code, generated law"),
        given=_matrix,
        lhs=_covariance(1, 2),
        rel=Rel.EQ,
        rhs=_code[1],
        evidence=(Search(also=(_witness,)),),
        broken=(scale("rhs", percent), restate("opposite sign", rhs=-_code[1])),
        printed=r"\Sigma_G=s^2B^\top B",
        note="In the column convention x = b_0 + B y, which the printed mean uses too. The witness "
        "is attained by a training set, see B.law.attained.",
    ),
    Claim(
        id="B.law.diagonal",
        kind=Kind.SAID,
        says="The generated variances are the diagonal of s^2 B^T B (its first entry).",
        source=place("public code, generated law"),
        given=_matrix,
        lhs=_covariance(1, 1),
        rel=Rel.EQ,
        rhs=_code[0],
        evidence=(Search(also=(_witness,)),),
        broken=(scale("rhs", percent), restate("doubled", rhs=2 * _code[0])),
        printed=r"\Sigma_{G,11}=s^2(B^\top B)_{11}",
    ),
    *(
        _entry(r, c, right, wrong)
        for (r, c), right, wrong in zip(((1, 1), (1, 2), (2, 2)), _true, _code, strict=True)
    ),
    *(
        Claim(
            id=f"B.law.mean.{r}",
            kind=Kind.SAID,
            says=f"Coordinate {r} of the generated mean is that of b_0 + a B xbar.",
            source=place("public code, generated law"),
            given=dict.fromkeys((*_B, *_c, *_e), reals),
            lhs=GeneratedMean(r, Tuple(*_c), _weights, Tuple(*_e)),
            rel=Rel.EQ,
            rhs=_c[r - 1] + _B[2 * r - 2] * _e[0] + _B[2 * r - 1] * _e[1],
            evidence=(Symbolic(), Search()),
            broken=(
                scale("rhs", percent),
                restate(
                    "transposed weights",
                    rhs=_c[r - 1] + _B[r - 1] * _e[0] + _B[r + 1] * _e[1],
                ),
                restate("no intercept", rhs=_B[2 * r - 2] * _e[0] + _B[2 * r - 1] * _e[1]),
            ),
            printed=r"m_G=b_0+aB\bar x",
            note="For y with mean e = a xbar.",
        )
        for r in (1, 2)
    ),
    Claim(
        id="B.law.determinant",
        kind=Kind.DERIVED,
        says="Both products have the same determinant.",
        source=place("consequence of the transposition"),
        given=_matrix,
        lhs=_covariance(1, 1) * _covariance(2, 2) - _covariance(1, 2) ** 2,
        rel=Rel.EQ,
        rhs=_code[0] * _code[2] - _code[1] ** 2,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("sign of the square", rhs=_code[0] * _code[2] + _code[1] ** 2),
        ),
        note="Divergences to an isotropic law with the same mean do not see the transposition.",
    ),
    Claim(
        id="B.law.trace",
        kind=Kind.DERIVED,
        says="Both products have the same trace.",
        source=place("consequence of the transposition"),
        given=_matrix,
        lhs=_covariance(1, 1) + _covariance(2, 2),
        rel=Rel.EQ,
        rhs=_code[0] + _code[2],
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("one diagonal doubled", rhs=2 * _code[0]),
        ),
    ),
    Claim(
        id="B.law.attained",
        kind=Kind.DERIVED,
        says="A training set of three points in the plane has weights [[1, 1], [0, 1]]: with them "
        "entry 12 of B B^T is 1 more than ten times the difference to B^T B would allow.",
        source=place("witness of B.law"),
        lhs=sum(
            10 ** (2 * r + c) * FittedWeight(r + 1, c + 1, _clean, _noised, 2)
            for r in (0, 1)
            for c in (0, 1)
        ),
        rel=Rel.EQ,
        rhs=1 + 10 + 1000,
        evidence=(
            Symbolic(),
            Instances(at={"x = (1,0),(1,1),(-2,-1); y = (1,0),(0,1),(-1,-1)": {}}),
        ),
        broken=(
            restate("transposed weights", rhs=1 + 100 + 1000),
            scale("rhs", percent),
        ),
        note="The four weights are read as the decimal digits of one number.",
    ),
)

_root = sqrt(signal)
_shrunk = 2 * _root / (1 + signal)
_code_root = exp(2) / sqrt(2 * exp(4) - 1)
_code_shrunk = 2 * _code_root / (1 + _code_root**2)
_h = Symbol("h", positive=True)

CODE: Final = (
    Claim(
        id="B.code.det",
        kind=Kind.SAID,
        says="Setting a determinant below e^-25 to zero changes the squared Hellinger distance by "
        "no more than single precision does (at infinitely many samples).",
        source=place("public code, determinants"),
        given={d: Integer(lo=1), gamma: POSITIVE},
        where=(le(d * log(signal), -25),),
        lhs=_shrunk ** (d / 2),
        rel=Rel.LE,
        rhs=Rational(1, 2**24),
        evidence=(Search(also=({d: Fraction(100), gamma: Fraction(1)},)),),
        broken=(scale("rhs", Rational(1, 2)), flip()),
        printed=r"\det\Sigma_G<e^{-25}\Rightarrow H^2=1",
        note="At infinitely many samples Sigma_G = R^2 I, so 1 - H^2 = (2R/(1+R^2))^{d/2}.",
    ),
    Claim(
        id="B.code.det.threshold",
        kind=Kind.DERIVED,
        says="With the code's noise and d = 100 the determinant is below the threshold even for "
        "infinitely many samples.",
        source=place("public code, determinants"),
        lhs=100 * log(CODE_GAMMA / (1 + CODE_GAMMA)),
        rel=Rel.LT,
        rhs=-25,
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("R for R squared", lhs=50 * log(CODE_GAMMA / (1 + CODE_GAMMA)) + 10),
            restate("d = 16", lhs=16 * log(CODE_GAMMA / (1 + CODE_GAMMA))),
        ),
        printed=r"100\log R^2=-68.39\ldots<-25",
    ),
    Claim(
        id="B.code.det.truth",
        kind=Kind.DERIVED,
        says="There the squared Hellinger distance is below 0.9433, while the code returns 1.",
        source=place("public code, determinants"),
        lhs=1 - _code_shrunk**50,
        rel=Rel.LT,
        rhs=Rational(9433, 10000),
        evidence=(Enclosure(),),
        broken=(
            restate("a percent lower", rhs=Rational(934, 1000)),
            restate("power d for d/2", lhs=1 - _code_shrunk**100),
            flip(),
        ),
        printed=r"1-\bigl(\tfrac{2R}{1+R^2}\bigr)^{50}=0.94320\ldots",
    ),
    Claim(
        id="B.code.det.below",
        kind=Kind.DERIVED,
        says="There the squared Hellinger distance is above 0.9432.",
        source=place("public code, determinants"),
        lhs=1 - _code_shrunk**50,
        rel=Rel.GT,
        rhs=Rational(9432, 10000),
        evidence=(Enclosure(),),
        broken=(
            restate("a percent higher", rhs=Rational(953, 1000)),
            restate("power d/4", lhs=1 - _code_shrunk**25),
            flip(),
        ),
    ),
    Claim(
        id="B.code.det.sweep",
        kind=Kind.DERIVED,
        says="For n <= d the rank of B is below d: the determinant is zero before any threshold.",
        source=place("public code, default sweep"),
        given={d: Integer(lo=2), n: Integer(lo=2, hi=d)},
        lhs=n - 1,
        rel=Rel.LT,
        rhs=d,
        evidence=(
            Steps(branches=(Branch(rest=d - n + 1),)),
            Search(),
        ),
        broken=(flip(), restate("the rank is n", lhs=n), scale("lhs", 3)),
        printed=r"\mathrm{rank}\,B\le n-1<d",
        note="The default sweep is d = 100, n in {25, 50, 75, 100}: H^2 is exactly 1 on all of it.",
    ),
    Claim(
        id="B.fact.log",
        kind=Kind.LEMMA,
        says="The logarithm lies below its tangent at one.",
        source=place("used throughout"),
        given={_h: POSITIVE},
        lhs=log(_h),
        rel=Rel.LE,
        rhs=_h - 1,
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(9, 10)), restate("tangent too low", rhs=_h - percent)),
    ),
)

RankOfWeights = simulated("RankOfWeights", 3, r"\mathrm{{rank}}\,B\left({0},{1},{2}\right)")
_any = {d: Integer(lo=1), m: Integer(lo=1), gamma: POSITIVE}
_both_sides = sets((5, 9, 1), (5, 5, 2), (5, 4, 1), (7, 3, "1/2"), (3, 20, "1/5"), (12, 2, 3))

Y = sample_symbol("Y")
_size = Size(Y)
_mean_y = Sum(Point(Y, j), (j, 1, _size)) / _size
_w = Sum((Point(Y, i) - _mean_y) ** 2, (i, 1, _size))
_kappa, _tau2 = Symbol("kappa", positive=True), Symbol("tau2", positive=True)
_sample = {Y: Sample(draw_size=4), _kappa: POSITIVE, _tau2: POSITIVE}
_a, _v2, _q2 = (Symbol(name, positive=True) for name in ("a", "sd2", "q2"))
_noising = dict.fromkeys((_a, _v2, _q2), POSITIVE)
_noised_variance = _a**2 * _v2 + _q2
_formal = Symbolic(recipe="tilting", sizes=(2, 3, 4), formal=True)

CONDITIONAL: Final = (
    Claim(
        id="B.cond.slope",
        kind=Kind.DERIVED,
        says="The population regression of clean on noised data has the slope kappa = a s_d^2 / v.",
        source=place("setting"),
        given=_noising,
        lhs=RegressionSlope(_a, _v2, _q2),
        rel=Rel.EQ,
        rhs=_a * _v2 / _noised_variance,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("inverse regression", rhs=1 / _a),
            restate("a squared", rhs=_a**2 * _v2 / _noised_variance),
            restate("no noise", rhs=_a * _v2 / (_noised_variance - _q2 / 2)),
        ),
        printed=r"\kappa=as_d^2/v",
    ),
    Claim(
        id="B.cond.residual",
        kind=Kind.DERIVED,
        says="It leaves the residual variance tau^2 = s_d^2 q^2 / v.",
        source=place("setting"),
        given=_noising,
        lhs=ResidualVariance(_a, _v2, _q2),
        rel=Rel.EQ,
        rhs=_v2 * _q2 / _noised_variance,
        evidence=(Symbolic(), Search()),
        broken=(
            scale("rhs", percent),
            restate("q for q squared", rhs=_v2 * sqrt(_q2) / _noised_variance),
            restate("signal part", rhs=_a**2 * _v2**2 / _noised_variance),
        ),
        printed=r"\tau^2=s_d^2q^2/v",
    ),
    Claim(
        id="B.cond.uncorrelated",
        kind=Kind.DERIVED,
        says="Clean data less kappa times noised data are uncorrelated with the noised data, hence "
        "independent of them.",
        source=place("B.cond"),
        given=_noising,
        lhs=_a * _v2 - RegressionSlope(_a, _v2, _q2) * _noised_variance,
        rel=Rel.EQ,
        rhs=0,
        evidence=(Symbolic(), Search()),
        broken=(
            restate(
                "kappa squared",
                lhs=_a * _v2 - RegressionSlope(_a, _v2, _q2) ** 2 * _noised_variance,
            ),
            restate("slope 1/a", lhs=_a * _v2 - _noised_variance / _a),
        ),
    ),
    Claim(
        id="B.cond.mean",
        kind=Kind.DERIVED,
        says="On the line the least-squares weight has the conditional mean kappa, for any noised "
        "data of any size.",
        source=place("B.cond"),
        given=_sample,
        lhs=Sum(_kappa * (Point(Y, i) - _mean_y) * (Point(Y, i) - _mean_y), (i, 1, _size)) / _w,
        rel=Rel.EQ,
        rhs=_kappa,
        evidence=(_formal, Search()),
        broken=(
            scale("rhs", percent),
            restate("centred once", lhs=Sum(_kappa * Point(Y, i) ** 2, (i, 1, _size)) / _w),
        ),
        printed=r"E[B\mid Y]=\kappa",
        note="E[x_i | Y] = kappa y_i up to a constant; the weight is linear in the clean data.",
    ),
    Claim(
        id="B.cond.variance",
        kind=Kind.DERIVED,
        says="On the line it has the conditional variance tau^2 / W, for noised data of any size.",
        source=place("B.cond"),
        given=_sample,
        lhs=_tau2 * Sum(((Point(Y, i) - _mean_y) / _w) ** 2, (i, 1, _size)),
        rel=Rel.EQ,
        rhs=_tau2 / _w,
        evidence=(_formal, Search()),
        broken=(
            scale("rhs", percent),
            restate("W squared", rhs=_tau2 / _w**2),
            restate("per point", rhs=_tau2 / (_size * _w)),
        ),
        printed=r"\mathrm{Var}(B\mid Y)=\tau^2/W",
    ),
    Claim(
        id="B.cond",
        kind=Kind.DERIVED,
        says="Weights drawn from their conditional law have the trace moment that weights fitted "
        "to data have.",
        source=place("B.cond"),
        given={d: Integer(lo=1), m: Integer(lo=d + 2), gamma: POSITIVE},
        lhs=simulated("ConditionalTrace", 3)(d, m, gamma),
        rel=Rel.EQ,
        rhs=signal * d + noise * d * PseudoInverseTrace(d, m),
        uses=("B.cond.slope", "B.cond.residual", "B.cond.uncorrelated"),
        steps=("B.cond.mean", "B.cond.variance"),
        evidence=(
            MonteCarlo(
                replicates=replicates_of("trace", route="conditional"),
                at=sets((3, 12, 1), (5, 20, "1/2"), (2, 15, 3)),
                margin=Rational(1, 8),
                count=600,
            ),
            Argued(),
        ),
        broken=(
            scale("rhs", Rational(3, 2)),
            restate("no projection", rhs=noise * d * PseudoInverseTrace(d, m)),
            restate("R for R squared", rhs=sqrt(signal) * d + noise * d * PseudoInverseTrace(d, m)),
        ),
        printed=r"B\mid Y\overset d=\kappa P+\tau GW^{+1/2}",
        note="The argument is for people; on the line its two moments are proved.",
    ),
    Claim(
        id="B.cond.rank",
        kind=Kind.DERIVED,
        says="The rank of the weights is min(n - 1, d).",
        source=place("B.cond"),
        given=_any,
        lhs=RankOfWeights(d, m, gamma),
        rel=Rel.EQ,
        rhs=Min(m, d),
        evidence=(
            MonteCarlo(replicates=replicates_of("rank"), at=_both_sides, count=50),
            Argued(),
        ),
        broken=(
            restate("n for m", rhs=Min(m + 1, d)),
            restate("always d", rhs=d),
            scale("rhs", Rational(3, 2)),
        ),
        printed=r"\mathrm{rank}\,B=\min(m,d)",
    ),
    Claim(
        id="B.cond.density",
        kind=Kind.DERIVED,
        says="From n = d + 1 points on the rank is d, so the generated law has a density.",
        source=place("B.cond"),
        given={d: Integer(lo=1), n: Integer(lo=d + 1)},
        lhs=n - 1,
        rel=Rel.GE,
        rhs=d,
        uses=("B.cond.rank",),
        evidence=(Steps(branches=(Branch(rest=n - 1 - d),)), Search()),
        broken=(
            restate("from n = d on", given={d: Integer(lo=1), n: Integer(lo=d)}),
            restate("rank d + 1", rhs=d + 1),
        ),
        printed=r"n\ge d+1\Rightarrow\mathrm{rank}\,B=d",
    ),
)

TRIVIAL: Final = (
    Claim(
        id="B.trivial",
        kind=Kind.SAID,
        says="d points suffice to match the population score: then the weights have full rank.",
        source=place("public review"),
        given={d: Integer(lo=2), n: Integer(lo=d)},
        lhs=n - 1,
        rel=Rel.GE,
        rhs=d,
        evidence=(Search(also=({d: Fraction(2), n: Fraction(2)},)),),
        broken=(flip(), scale("rhs", 2)),
        printed=r"n\ge d\Rightarrow B=\kappa I",
        note="B = kappa I needs rank d; the rank is min(n - 1, d).",
    ),
    Claim(
        id="B.trivial.error",
        kind=Kind.AMENDED,
        amends="B.trivial",
        says="No finite number of points matches: the mean squared error of the weights is "
        "positive "
        "for every n >= d + 3.",
        source=place("public review"),
        given={d: Integer(lo=1), m: Integer(lo=d + 2), gamma: POSITIVE},
        lhs=noise * d**2 / (m - d - 1),
        rel=Rel.GT,
        rhs=0,
        uses=("B.cond",),
        evidence=(Polynomial(), Search()),
        broken=(
            flip(),
            restate("at least one", rhs=1),
            swap(m - d - 1, m - 2 * d - 1, "wrong pole"),
        ),
        printed=r"E\lVert B-\kappa I\rVert_F^2=\frac{\tau^2d^2}{v(m-d-1)}>0",
        note="In units of s_d^2 / v. For n in {d + 1, d + 2} it is infinite (B.moments.infinite); "
        "for n <= d the rank is too small.",
    ),
    Claim(
        id="B.trivial.rate",
        kind=Kind.DERIVED,
        says="The error per dimension only falls as 1 / (psi - 1), whatever the dimension.",
        source=place("public review"),
        given={d: Integer(lo=1), m: Integer(lo=d + 2)},
        lhs=PseudoInverseTrace(d, m) * (m - d),
        rel=Rel.GT,
        rhs=d,
        uses=("B.moments.inverse.above",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="B.moments.inverse.above", weight=m - d),),
                        rest=d / (m - d - 1),
                    ),
                )
            ),
            Search(examples=30, hypothesis_examples=0),
        ),
        broken=(flip(), scale("rhs", 4)),
        printed=r"E\,\mathrm{tr}\,S^{-1}>\frac{d}{m-d}",
    ),
)

CLAIMS: Final = (*LAW, *CODE, *CONDITIONAL, *TRIVIAL)
