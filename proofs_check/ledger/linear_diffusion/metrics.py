"""Paper B, the metric: closed forms, what cancels, consistency, widths, and who can memorize.

Dictionary: lengths are in units of s_d where it is not written; ``h`` is the squared width of the
kernels in that unit, for N points h = N^{-2/d}. A relative squared error or distance is one over
the squared L2 norm of the density that is approximated.
"""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational, Symbol, Tuple, diff, exp, log, pi, sqrt

from proofs_check.broken import Broken, drop, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real
from proofs_check.evidence import (
    Branch,
    Enclosure,
    Evidence,
    From,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.linear_diffusion.setting import POSITIVE, d, percent, place
from proofs_check.quantities.kernel_metrics import (
    DiagonalPart,
    ExpectedError,
    KernelOverlap,
    MeanPairOverlap,
    MidpointGap,
    OriginalDistance,
    SmoothedKernel,
)
from theory.symbols import k, n

__all__ = ["CLAIMS", "squared_error_at_width"]

_source = place("metric")
_a, _b, _m = (Symbol(name, real=True) for name in ("a", "b", "m_G"))
_u, _w, _v = (Symbol(name, positive=True) for name in ("u", "w", "v"))
_s2, _e2, _h = (Symbol(name, positive=True) for name in ("s2", "e2", "h"))
_near = Real(lo=0, lo_open=True, within=(Rational(1, 4), 4))
_middle = Real(within=(-3, 3))
_search = Search(examples=50, hypothesis_examples=10)
_few = Search(examples=20, hypothesis_examples=5, bits=128)


def _normal(gap: Expr, variance: Expr) -> Expr:
    """Return the density of N(0, variance)."""
    return exp(-(gap**2) / (2 * variance)) / sqrt(2 * pi * variance)


def _equality(
    name: str,
    says: str,
    given: dict[Symbol, Any],
    lhs: Expr,
    rhs: Expr,
    broken: tuple[Broken, ...],
    *,
    evidence: tuple[Evidence, ...] = (Symbolic(), _few),
    **more: Any,
) -> Claim:
    more.setdefault("kind", Kind.DERIVED)
    return Claim(
        id=name,
        says=says,
        source=_source,
        given=given,
        lhs=lhs,
        rel=Rel.EQ,
        rhs=rhs,
        evidence=evidence,
        broken=broken,
        **more,
    )


_pair = Tuple(_a, _b)
_kernel_norm = (1 / sqrt(4 * pi * _e2) + _normal(_a - _b, 2 * _e2)) / 2
_cross = (_normal(_a - _m, _e2 + _v) + _normal(_b - _m, _e2 + _v)) / 2
_e_tg = 1 / sqrt(4 * pi * _v) - 2 * _cross + _kernel_norm
_four = {_a: _middle, _b: _middle, _e2: _near, _m: _middle, _v: _near}

_cross_three = sum(_normal(p - _m, _e2 + _v) for p in (0, _a, _b)) / 3
_e_tg_three = (
    1 / sqrt(4 * pi * _v)
    - 2 * _cross_three
    + 1 / sqrt(4 * pi * _e2) / 3
    + 2 * sum(_normal(gap, 2 * _e2) for gap in (_a, _b, _a - _b)) / 9
)

# On the line n points have the width s/n: one training point, two original ones, s = 1.
_t = Symbol("t_1", real=True)
_train, _original = Tuple(_t), Tuple(_a, _b)
_delta = (
    -2 * _normal(_t - _m, 1 + _v)
    + _normal(_a - _m, Rational(1, 4) + _v)
    + _normal(_b - _m, Rational(1, 4) + _v)
    - _normal(_a - _b, Rational(1, 2)) / 2
)

METRIC: Final = (
    _equality(
        "B.metric.overlap",
        "The overlap of two kernels is a kernel whose variance is the sum.",
        {_a: _middle, _u: _near, _w: _near},
        KernelOverlap(_a, _u, _w),
        _normal(_a, _u + _w),
        (
            scale("rhs", percent),
            restate("variances not added", rhs=_normal(_a, _u)),
            restate("standard deviations added", rhs=_normal(_a, (sqrt(_u) + sqrt(_w)) ** 2)),
            restate("exponent without one half", rhs=_normal(_a * sqrt(2), _u + _w)),
        ),
        printed=r"\int N(x;a,u)N(x;b,w)\,dx=N(a-b;0,u+w)",
    ),
    _equality(
        "B.metric.line",
        "E_TG of a law on the line and two training points: norm, overlaps, diagonal and pairs.",
        _four,
        OriginalDistance(_pair, _e2, _m, _v),
        _e_tg,
        (
            scale("rhs", percent),
            restate("overlaps counted once", rhs=_e_tg + _cross),
            restate("no pairs", rhs=_e_tg - _normal(_a - _b, 2 * _e2) / 2),
            restate(
                "one kernel variance in the pairs",
                rhs=_e_tg + (_normal(_a - _b, _e2) - _normal(_a - _b, 2 * _e2)) / 2,
            ),
            restate(
                "covariance not widened",
                rhs=_e_tg + 2 * _cross - _normal(_a - _m, _v) - _normal(_b - _m, _v),
            ),
        ),
        evidence=(Symbolic(), Search(examples=12, hypothesis_examples=0, bits=128)),
        uses=("B.metric.overlap",),
        printed=r"E_{TG}=\int\rho_G^2-2\int\rho_G\rho_T+\int\rho_T^2",
        note="float64 sums the squared difference over a grid, the ball integrates every product.",
    ),
    _equality(
        "B.metric.product",
        "In the plane an overlap of isotropic kernels is the product over coordinates.",
        {_a: _middle, _b: _middle, _u: _near, _w: _near},
        KernelOverlap(_a, _u, _w) * KernelOverlap(_b, _u, _w),
        exp(-(_a**2 + _b**2) / (2 * (_u + _w))) / (2 * pi * (_u + _w)),
        (
            scale("rhs", percent),
            restate(
                "norm of the line",
                rhs=exp(-(_a**2 + _b**2) / (2 * (_u + _w))) / sqrt(2 * pi * (_u + _w)),
            ),
            restate("product of the places", rhs=exp(-_a * _b / (_u + _w)) / (2 * pi * (_u + _w))),
        ),
        uses=("B.metric.overlap",),
    ),
    _equality(
        "B.metric",
        "E_TG of a law on the line and three training points, one of them at 0.",
        _four,
        OriginalDistance(Tuple(0, _a, _b), _e2, _m, _v),
        _e_tg_three,
        (
            scale("rhs", percent),
            restate("two pairs for three", rhs=_e_tg_three - 2 * _normal(_a, 2 * _e2) / 9),
            restate("diagonal of one point", rhs=_e_tg_three + 2 / sqrt(4 * pi * _e2) / 3),
            restate("overlap counted once", rhs=_e_tg_three + _cross_three),
        ),
        evidence=(Symbolic(), Search(examples=8, hypothesis_examples=0, bits=128)),
        uses=("B.metric.line", "B.metric.product"),
        printed=r"E_{TG}=(4\pi)^{-d/2}\lvert\Sigma_G\rvert^{-1/2}"
        r"-\tfrac2n\sum_iN(x_i-m_G;0,\Sigma_G+\epsilon^2I)"
        r"+\tfrac1{n^2}\sum_{ij}N(x_i-x_j;0,2\epsilon^2I)",
        note="For correlated laws in the plane one training point is B.otherdiv.l2.plane; more "
        "points add products of the same kind. Blocked sums agree with a grid to 1e-10 (tests).",
    ),
    _equality(
        "B.metric.diagonal",
        "With the width of the paper the diagonal part of the squared norm is (4 pi s^2)^{-d/2} "
        "for any number of points: it is the same for the training and the original set.",
        {_s2: _near, k: Integer(lo=1, hi=6), d: Integer(lo=1, hi=8)},
        DiagonalPart(k, d, _s2),
        (1 / sqrt(4 * pi * _s2)) ** d,
        (
            scale("rhs", percent),
            restate("falls with the number of points", rhs=(1 / sqrt(4 * pi * _s2)) ** d / k),
            restate("grows with it", rhs=(k / sqrt(4 * pi * _s2)) ** d),
            restate("kernel variance not doubled", rhs=(1 / sqrt(2 * pi * _s2)) ** d),
        ),
        evidence=(Search(examples=60, hypothesis_examples=0, bits=128),),
        uses=("B.metric.overlap",),
        printed=r"\tfrac1n(4\pi\epsilon_n^2)^{-d/2}=(4\pi s_d^2)^{-d/2}",
        note="For n = k^d points the width is s/k.",
    ),
    *(
        _equality(
            f"B.metric.diagonal.{size}",
            f"The same for every number of points and every width in d = {size}.",
            {_s2: _near, _u: _near},
            DiagonalPart(_u, size, _s2),
            (1 / sqrt(4 * pi * _s2)) ** size,
            (
                scale("rhs", percent),
                restate("grows", rhs=(_u / sqrt(4 * pi * _s2)) ** size),
                restate("variance not doubled", rhs=(1 / sqrt(2 * pi * _s2)) ** size),
            ),
        )
        for size in (1, 2, 16, 100)
    ),
    _equality(
        "B.metric.delta",
        "In the gap of the two distances the norm of the generated law and both diagonal parts "
        "cancel: only overlaps and pairs stay (line, one training and two original points).",
        {_t: _middle, _a: _middle, _b: _middle, _m: _middle, _v: _near},
        OriginalDistance(_train, 1, _m, _v) - OriginalDistance(_original, Rational(1, 4), _m, _v),
        _delta,
        (
            scale("rhs", percent),
            restate("norm left in", rhs=_delta + 1 / sqrt(4 * pi * _v)),
            restate("a diagonal left in", rhs=_delta + 1 / sqrt(4 * pi)),
            restate("signs of the overlaps", rhs=-_delta),
            restate("pairs left out", rhs=_delta + _normal(_a - _b, Rational(1, 2)) / 2),
        ),
        evidence=(Symbolic(), Search(examples=10, hypothesis_examples=0, bits=128)),
        uses=("B.metric.line", "B.metric.diagonal.1"),
        printed=r"\Delta=2\int\rho_G(\rho_O-\rho_T)+\text{pairs}_T-\text{pairs}_O",
    ),
    Claim(
        id="B.metric.singular",
        kind=Kind.DERIVED,
        says="Both distances exceed any bound as the generated law becomes singular (n <= d): a "
        "variance below 1/(4 pi M^2) gives a norm above M.",
        source=_source,
        given={_u: POSITIVE, _w: Real(lo=0, hi=1, lo_open=True, hi_open=True)},
        lhs=1 / sqrt(_w / _u**2),
        rel=Rel.GT,
        rhs=_u,
        uses=("B.metric.line",),
        evidence=(Enclosure(margin=1 / sqrt(_w) - 1, times=1 / _u), _search),
        broken=(flip(), restate("twice the bound", rhs=2 * _u)),
        printed=r"(4\pi v)^{-1/2}>M\text{ for }4\pi v=w/M^2,\ w<1",
        note="The gap stays finite: its overlaps are densities of the widened law.",
    ),
    _equality(
        "B.metric.mean.cross",
        "The mean over the original set of its overlap with a law widens the law by the data's "
        "variance.",
        {_u: _near, _s2: _near, _a: _middle},
        SmoothedKernel(_u, _s2, _a),
        _normal(_a, _u + _s2),
        (
            scale("rhs", percent),
            restate("data variance left out", rhs=_normal(_a, _u)),
            restate("doubled", rhs=_normal(_a, _u + 2 * _s2)),
        ),
        printed=r"E\int\rho_G\rho_O=N(m_G-\mu_0;0,\Sigma_G+(s_d^2+\epsilon_N^2)I)",
    ),
    _equality(
        "B.metric.mean.pairs",
        "The mean overlap of the kernels of two different points, per coordinate.",
        {_u: _near, _s2: _near},
        MeanPairOverlap(_u, _s2),
        1 / sqrt(4 * pi * (_u + _s2)),
        (
            scale("rhs", percent),
            restate("one point fixed", rhs=1 / sqrt(4 * pi * (_u + _s2 / 2))),
            restate("no data variance", rhs=1 / sqrt(4 * pi * _u)),
        ),
        printed=r"E\int N(o,\epsilon^2I)N(o',\epsilon^2I)=(4\pi(s_d^2+\epsilon^2))^{-d/2}",
    ),
    Claim(
        id="B.metric.rounding",
        kind=Kind.DERIVED,
        says="At d = 100, N = 10^4 the pairs of the original set are below 10^-12 of the diagonal "
        "part: added to it in single precision they are lost, in double they keep three digits.",
        source=_source,
        lhs=100 * log(1 + 10 ** Rational(-8, 100)) / 2,
        rel=Rel.GT,
        rhs=12 * log(10),
        uses=("B.metric.diagonal.100", "B.metric.mean.pairs"),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("below 10^-14", rhs=14 * log(10)),
            restate("d = 16", lhs=16 * log(1 + 10 ** Rational(-1, 2)) / 2),
        ),
        printed=r"(1+\epsilon_N^2)^{-d/2}=6.9\ldots\cdot10^{-14}",
    ),
)


def _error(size: Expr, ratio: Expr, dimension: Expr) -> Expr:
    """Return the closed form of the mean relative squared error."""
    half = dimension / 2
    return (
        ratio ** (-half) / size
        + (1 - 1 / size) * (1 + ratio) ** (-half)
        - 2 * (1 + ratio / 2) ** (-half)
        + 1
    )


def squared_error_at_width(size: Expr, dimension: Expr) -> Expr:
    """Return it at the width of the paper, where the first term is 1."""
    half, ratio = dimension / 2, size ** (-2 / dimension)
    return 2 + (1 - 1 / size) * (1 + ratio) ** (-half) - 2 * (1 + ratio / 2) ** (-half)


_N = Symbol("N", integer=True, positive=True)
_b0, _c0 = Symbol("b_0", positive=True), Symbol("c_0", positive=True)
_share = {_N: Integer(lo=2), _b0: Real(lo=0, hi=1, lo_open=True), _c0: Real(lo=_b0**2, hi=1)}
_sizes = {_N: Integer(lo=100), d: Integer(lo=1)}

CONSISTENCY: Final = (
    *(
        _equality(
            f"B.rhoO.error.{size}",
            f"The mean relative squared error of a kernel density of any width in d = {size}.",
            {n: Integer(lo=1), _h: _near},
            ExpectedError(n, _h, size),
            _error(n, _h, Rational(size)),
            (
                scale("rhs", percent),
                restate("diagonal not divided by n", rhs=_error(Rational(1), _h, Rational(size))),
                restate(
                    "overlap with the population counted once",
                    rhs=_error(n, _h, Rational(size)) + (1 + _h / 2) ** (-Rational(size, 2)),
                ),
            ),
            uses=("B.metric.mean.pairs", "B.metric.mean.cross"),
            printed=r"\tfrac1nh^{-d/2}+(1-\tfrac1n)(1+h)^{-d/2}-2(1+\tfrac h2)^{-d/2}+1",
        )
        for size in (1, 2, 3)
    ),
    Claim(
        id="B.rhoO",
        kind=Kind.SAID,
        says="rho_O tends to rho as N grows: the mean relative squared error falls below one half.",
        source=place("definition of the metric"),
        given=_sizes,
        lhs=squared_error_at_width(_N, d),
        rel=Rel.LT,
        rhs=Rational(1, 2),
        uses=("B.rhoO.error.1",),
        evidence=(Search(also=({_N: Fraction(10**4), d: Fraction(100)},)),),
        broken=(
            restate("below one percent", rhs=Rational(1, 100)),
            restate("below nine tenths", rhs=Rational(9, 10)),
        ),
        printed=r"\rho_O\to\rho\ (N\to\infty)",
        note="In the metric's own norm it never falls below 1 - 1/N and tends to 1; it is near 2 "
        "at d = 100. The law of large numbers gives weak convergence only.",
    ),
    Claim(
        id="B.rhoO.power",
        kind=Kind.LEMMA,
        says="The overlap with the population, squared, is at most the overlap of two kernels.",
        source=_source,
        given={_h: POSITIVE},
        lhs=log(1 + _h),
        rel=Rel.LE,
        rhs=2 * log(1 + _h / 2),
        evidence=(Enclosure(), _search),
        broken=(
            flip(),
            restate("one factor", rhs=log(1 + _h / 2)),
            restate("a quarter", rhs=2 * log(1 + _h / 4)),
        ),
        printed=r"(1+\tfrac h2)^{-d}\le(1+h)^{-d/2}",
    ),
    Claim(
        id="B.rhoO.amended",
        kind=Kind.AMENDED,
        amends="B.rhoO",
        says="With the width of the paper the mean relative squared error is at least 1 - 1/N in "
        "every dimension: the variance of the estimate does not fall.",
        source=_source,
        given=_share,
        lhs=2 + (1 - 1 / _N) * _c0 - 2 * _b0,
        rel=Rel.GE,
        rhs=1 - 1 / _N,
        uses=("B.rhoO.error.1", "B.rhoO.power"),
        evidence=(
            Steps(branches=(Branch(rest=(1 - _b0) ** 2 + (_c0 - _b0**2) + (1 - _c0) / _N),)),
            _search,
        ),
        broken=(
            flip(),
            restate("at least 1 + 1/N", rhs=1 + 1 / _N),
            restate("diagonal forgotten", lhs=1 + (1 - 1 / _N) * _c0 - 2 * _b0),
        ),
        printed=r"\frac{E\lVert\rho_N-\rho\rVert_2^2}{\lVert\rho\rVert_2^2}\ge1-\frac1N",
        note="b_0 = (1 + h/2)^{-d/2} and c_0 = (1 + h)^{-d/2}, h = N^{-2/d}.",
    ),
    _equality(
        "B.rhoO.limit",
        "In the plane it is 1 - 2N/((N + 1)(2N + 1)): it tends to 1.",
        {_N: Integer(lo=1)},
        ExpectedError(_N, 1 / _N, 2),
        1 - 2 * _N / ((_N + 1) * (2 * _N + 1)),
        (
            scale("rhs", percent),
            restate("tends to 0", rhs=2 * _N / ((_N + 1) * (2 * _N + 1))),
            restate("first order", rhs=1 - 1 / _N),
        ),
        printed=r"1-\frac{2N}{(N+1)(2N+1)}\to1",
    ),
    Claim(
        id="B.rhoO.code",
        kind=Kind.DERIVED,
        says="In the paper's setting, d = 100 and N = 10^4, it is above 1.9999999: the estimate is "
        "as good as orthogonal to the population.",
        source=_source,
        lhs=squared_error_at_width(Rational(10**4), Rational(100)),
        rel=Rel.GT,
        rhs=2 - Rational(1, 10**7),
        uses=("B.rhoO.error.1",),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("above 1.99999999", rhs=2 - Rational(1, 10**8)),
            restate("d = 17", lhs=squared_error_at_width(Rational(10**4), Rational(17))),
        ),
    ),
)


def _slope(size: Expr, ratio: Expr, dimension: Expr) -> Expr:
    """Return -(2/d) times the derivative of the error in the squared width."""
    power = -dimension / 2 - 1
    return ratio**power / size + (1 - 1 / size) * (1 + ratio) ** power - (1 + ratio / 2) ** power


def _optimum(dimension: int, size: int, low: Rational, high: Rational) -> tuple[Claim, ...]:
    """Return a certified enclosure of the best squared width."""
    base = f"B.bandwidth.best.{dimension}_{size}"
    what = f"At d = {dimension}, n = {size} the best squared width"
    dim, count = Rational(dimension), Rational(size)
    return tuple(
        Claim(
            id=f"{base}.{end}",
            kind=Kind.DERIVED,
            says=f"{what} is {'above' if end == 'low' else 'below'} {at}; the paper's is "
            f"{float(size) ** (-2 / dimension):.4f}.",
            source=_source,
            lhs=_slope(count, at, dim),
            rel=rel,
            rhs=0,
            uses=("B.bandwidth.slope.1",),
            evidence=(Enclosure(),),
            broken=(
                flip(),
                restate("at the other end", lhs=_slope(count, other, dim)),
            ),
        )
        for end, at, other, rel in (("low", low, high, Rel.GT), ("high", high, low, Rel.LT))
    )


_kernel_share = {
    n: Integer(lo=2),
    _h: Real(lo=0, hi=1, lo_open=True),
    _b0: Real(lo=0, hi=1, lo_open=True, hi_open=True),
    _c0: Real(lo=0, hi=1, lo_open=True, hi_open=True),
}

BANDWIDTH: Final = (
    *(
        _equality(
            f"B.bandwidth.slope.{size}",
            f"-2/d times the slope of the mean relative error in the squared width, d = {size}.",
            {n: Integer(lo=1), _h: _near},
            -Rational(2, size) * diff(_error(n, _h, Rational(size)), _h),
            _slope(n, _h, Rational(size)),
            (
                scale("rhs", percent),
                restate(
                    "power d/2",
                    rhs=_slope(n, _h, Rational(size - 2)),
                ),
                restate(
                    "no pairs",
                    rhs=_slope(n, _h, Rational(size))
                    - (1 - 1 / n) * (1 + _h) ** (-Rational(size, 2) - 1),
                ),
            ),
            uses=("B.rhoO.error.1",),
        )
        for size in (1, 2, 16, 100)
    ),
    Claim(
        id="B.bandwidth.wider",
        kind=Kind.DERIVED,
        says="At the width of the paper the error falls when the width grows, for every number of "
        "points and dimension: the best width is larger.",
        source=_source,
        given=_kernel_share,
        lhs=1 / _h + (1 - 1 / n) * _c0 - _b0,
        rel=Rel.GT,
        rhs=0,
        uses=("B.bandwidth.slope.1",),
        evidence=(
            Steps(branches=(Branch(rest=(1 - _h) / _h + (1 - _b0) + (1 - 1 / n) * _c0),)),
            _search,
        ),
        broken=(flip(), scale("lhs", -1), restate("above two", rhs=2)),
        printed=r"n^{-1}\epsilon_n^{-d-2}=\epsilon_n^{-2}\ge1>(1+\tfrac{\epsilon_n^2}2)^{-d/2-1}",
        note="b_0 and c_0 are the powers -d/2 - 1 of 1 + h/2 and 1 + h; n h^{d/2} = 1.",
    ),
    Claim(
        id="B.width",
        kind=Kind.SAID,
        says="The width minimises the distance to the population: a squared width larger by a "
        "fifth is no better.",
        source=place("public review"),
        given={n: Integer(lo=2), d: Integer(lo=1)},
        lhs=squared_error_at_width(n, d),
        rel=Rel.LE,
        rhs=_error(n, Rational(6, 5) * n ** (-2 / d), d),
        uses=("B.rhoO.error.1",),
        evidence=(
            Search(
                also=(
                    {n: Fraction(4), d: Fraction(2)},
                    {n: Fraction(100), d: Fraction(100)},
                )
            ),
        ),
        broken=(
            scale("lhs", percent),
            restate(
                "no better than one larger by a tenth",
                rhs=_error(n, Rational(11, 10) * n ** (-2 / d), d),
            ),
        ),
        printed=r"\epsilon_n=s_dn^{-1/d}\text{ minimises the distance to the population}",
    ),
    Claim(
        id="B.width.amended",
        kind=Kind.AMENDED,
        amends="B.width",
        says="In the plane a squared width larger by a fifth is better for every n >= 2.",
        source=_source,
        given={n: Integer(lo=2)},
        lhs=_error(n, Rational(6, 5) / n, Rational(2)),
        rel=Rel.LT,
        rhs=_error(n, 1 / n, Rational(2)),
        uses=("B.bandwidth.wider",),
        evidence=(Polynomial(shift={n: n + 2}), _search),
        broken=(
            flip(),
            restate("by a tenth less", lhs=_error(n, Rational(9, 10) / n, Rational(2))),
        ),
    ),
    *_optimum(16, 16, Rational(117, 100), Rational(118, 100)),
    *_optimum(16, 1000, Rational(61, 100), Rational(62, 100)),
    *_optimum(100, 100, Rational(168, 100), Rational(169, 100)),
    *_optimum(100, 10_000, Rational(143, 100), Rational(144, 100)),
    Claim(
        id="B.bandwidth.zero",
        kind=Kind.DERIVED,
        says="At d = 100, n = 100 even the best width leaves the error within 10^-12 of that of "
        "the zero density: 1 - error is below 10^-12 at h = 1.682.",
        source=_source,
        lhs=1 - _error(Rational(100), Rational(1682, 1000), Rational(100)),
        rel=Rel.LT,
        rhs=Rational(1, 10**12),
        uses=("B.bandwidth.best.100_100.low", "B.bandwidth.best.100_100.high"),
        evidence=(Enclosure(),),
        broken=(
            flip(),
            restate("below 10^-14", rhs=Rational(1, 10**14)),
            restate("d = 16", lhs=1 - _error(Rational(16), Rational(7, 6), Rational(16))),
        ),
    ),
    Claim(
        id="B.bandwidth.kl.one",
        kind=Kind.DERIVED,
        says="For one point the mean KL error of the population is least at h = 2, twice the "
        "paper's squared width, in every dimension.",
        source=_source,
        given={_h: POSITIVE},
        lhs=log(_h) + 2 / _h,
        rel=Rel.GE,
        rhs=log(2) + 1,
        evidence=(Enclosure(), _search),
        broken=(flip(), restate("at h = 1", rhs=2), restate("1/h", lhs=log(_h) + 1 / _h)),
        printed=r"E\,KL=\tfrac d2(\log h+\tfrac2h-1)",
    ),
)

_r, _g = (Symbol(name, positive=True) for name in ("r_n", "g_n"))
_c = Symbol("c_G", real=True)
_share_t = Symbol("tau", positive=True)
_load, _kappa = Symbol("Lambda", positive=True), Symbol("kappa", positive=True)
_ks = tuple(Symbol(f"k_{i}", nonnegative=True) for i in (1, 2, 3))
_cs = tuple(Symbol(f"c_{i}", real=True) for i in (1, 2, 3))
_unit = Real(lo=0, hi=1)
_long, _one, _none = Fraction(7, 5), Fraction(1), Fraction(0)
_apart = tuple(
    {**dict(zip(_cs, sizes, strict=True)), **dict(zip(_ks, overlaps, strict=True)), _load: 2 * _one}
    for sizes, overlaps in (
        ((_long, _one, _one), (_one, _one, _none)),
        ((_one, _one, _long), (_none, _one, _one)),
    )
)
"""Two kernels that each equal a third one: its row is the one that counts."""
_short = ({n: _one, _load: 2 * _one, _kappa: _one, _g: _one, _r: _one / 2, _c: 2 * _one},)
"""Half the least norm of a kernel density."""


def _orthogonal_load(size: Expr, dimension: Expr) -> Expr:
    """Return the largest row sum at n orthogonal points of length sqrt d and their midpoints."""
    scale_ = size ** (2 / dimension) * dimension / 4
    near, far, other = (exp(-scale_ * f) for f in (Rational(1, 2), Rational(3, 2), Rational(1)))
    halves = 2 * near + 2 * (size - 2) * near
    rest = (size - 2) * far + (size - 2) * (size - 3) / 2 * other
    return 1 + halves + rest


_bound = 1 - 2 * _orthogonal_load(n, Rational(100)) / n
_sweep = {n: Integer(lo=25, hi=100)}

LOWER: Final = (
    _equality(
        "B.lower.concave",
        "A Gaussian log-density lies above its chord halfway by (x - y)^2/4v: the product of two "
        "values is at most the squared value at the midpoint.",
        {_a: _middle, _b: _middle, _m: _middle, _v: _near},
        MidpointGap(_a, _b, _m, _v),
        (_a - _b) ** 2 / (4 * _v),
        (
            scale("rhs", percent),
            restate("one half", rhs=(_a - _b) ** 2 / (2 * _v)),
            restate("no midpoint", rhs=0 * _a),
        ),
        printed=r"G(x)G(y)\le G(\tfrac{x+y}2)^2",
        note="For log-concave densities it is the definition; smoothing keeps it (Prekopa).",
    ),
    Claim(
        id="B.lower.pair",
        kind=Kind.LEMMA,
        says="Twice a product of overlaps is at most the sum of the squares.",
        source=_source,
        given={_cs[0]: Real(), _cs[1]: Real(), _ks[0]: _unit},
        lhs=2 * _ks[0] * _cs[0] * _cs[1],
        rel=Rel.LE,
        rhs=_ks[0] * (_cs[0] ** 2 + _cs[1] ** 2),
        evidence=(Steps(branches=(Branch(rest=_ks[0] * (_cs[0] - _cs[1]) ** 2),)), _search),
        broken=(flip(), scale("lhs", percent)),
    ),
    Claim(
        id="B.lower.gram",
        kind=Kind.DERIVED,
        says="A quadratic form of a matrix with unit diagonal and nonnegative overlaps is at most "
        "its largest row sum times the sum of squares (three kernels).",
        source=_source,
        given={
            **dict.fromkeys(_cs, Real(within=(-3, 3))),
            **dict.fromkeys(_ks, _unit),
            _load: Real(lo=1, within=(1, 4)),
        },
        where=(
            ge(_load, 1 + _ks[0] + _ks[1]),
            ge(_load, 1 + _ks[0] + _ks[2]),
            ge(_load, 1 + _ks[1] + _ks[2]),
        ),
        lhs=_cs[0] ** 2
        + _cs[1] ** 2
        + _cs[2] ** 2
        + 2 * _ks[0] * _cs[0] * _cs[1]
        + 2 * _ks[1] * _cs[0] * _cs[2]
        + 2 * _ks[2] * _cs[1] * _cs[2],
        rel=Rel.LE,
        rhs=_load * (_cs[0] ** 2 + _cs[1] ** 2 + _cs[2] ** 2),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            *(From(hypothesis=i, weight=c**2) for i, c in enumerate(_cs)),
                            From(claim="B.lower.pair"),
                            From(
                                claim="B.lower.pair",
                                at={_cs[1]: _cs[2], _ks[0]: _ks[1]},
                            ),
                            From(
                                claim="B.lower.pair",
                                at={_cs[0]: _cs[1], _cs[1]: _cs[2], _ks[0]: _ks[2]},
                            ),
                        ),
                    ),
                )
            ),
            Search(examples=50, hypothesis_examples=10, also=_apart),
        ),
        broken=(flip(), drop(0), drop(2), restate("load one", rhs=sum(c**2 for c in _cs))),
        printed=r"\sum_{jk}c_jc_kK_{jk}\le\Lambda\sum_kc_k^2",
    ),
    Claim(
        id="B.lower.bessel",
        kind=Kind.DERIVED,
        says="Bessel: with h = sum c_k phi_k the sum S of squared overlaps obeys S = <g, h> and "
        "|h|^2 <= Lambda S, so S <= Lambda |g|^2.",
        source=_source,
        given={
            _load: Real(lo=1),
            _g: POSITIVE,
            _u: POSITIVE,
            _w: POSITIVE,
        },
        where=(le(_u**2, _g**2 * _w), le(_w, _load * _u)),
        lhs=_u,
        rel=Rel.LE,
        rhs=_load * _g**2,
        uses=("B.lower.gram",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=0, weight=1 / _u),
                            From(hypothesis=1, weight=_g**2 / _u),
                        ),
                    ),
                )
            ),
            _search,
        ),
        broken=(flip(), drop(0), drop(1), scale("rhs", Rational(1, 2))),
        printed=r"\sum_k\langle g,\varphi_k\rangle^2\le\Lambda\kappa\lVert g\rVert_2^2",
        note="u is S, w is |h|^2, g_n is |g|.",
    ),
    Claim(
        id="B.lower.share",
        kind=Kind.DERIVED,
        says="The overlap with the training density is at most sqrt(2 Lambda / n) of the product "
        "of the norms.",
        source=_source,
        given={
            n: Integer(lo=1),
            _load: Real(lo=1),
            _kappa: POSITIVE,
            _g: POSITIVE,
            _r: POSITIVE,
            _c: Real(within=(-2, 2)),
        },
        where=(
            le(_c**2, 2 * _load * _kappa * _g**2 / n**2),
            ge(_r**2, _kappa / n),
        ),
        lhs=_c**2,
        rel=Rel.LE,
        rhs=2 * _load / n * _g**2 * _r**2,
        uses=("B.lower.concave", "B.lower.bessel", "B.rhoO.norm"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=0),
                            From(hypothesis=1, weight=2 * _load * _g**2 / n),
                        ),
                    ),
                )
            ),
            replace(_search, also=_short),
        ),
        broken=(flip(), drop(0), drop(1), scale("rhs", Rational(1, 3))),
        printed=r"\langle g,\rho_n\rangle^2"
        r"\le\tfrac{2\Lambda}n\lVert g\rVert^2\lVert\rho_n\rVert^2",
        note="kappa is the squared norm of one kernel.",
    ),
    Claim(
        id="B.rhoO.norm",
        kind=Kind.LEMMA,
        says="The squared norm of a kernel density is at least that of its diagonal part (two "
        "points).",
        source=_source,
        given={_a: _middle, _b: _middle, _e2: _near},
        lhs=1 / sqrt(4 * pi * _e2) / 2,
        rel=Rel.LE,
        rhs=_kernel_norm,
        uses=("B.metric.line",),
        evidence=(Steps(branches=(Branch(rest=_normal(_a - _b, 2 * _e2) / 2),)), _search),
        broken=(flip(), scale("lhs", 3)),
        printed=r"\lVert\rho_n\rVert_2^2\ge\tfrac1n(4\pi\epsilon^2)^{-d/2}",
        note="All overlaps are positive.",
    ),
    Claim(
        id="B.lower",
        kind=Kind.DERIVED,
        says="Every log-concave density is at a relative squared distance of at least 1 - tau^2 "
        "when its overlap is at most tau times the norms, tau^2 = 2 Lambda / n.",
        source=_source,
        given={
            _share_t: Real(lo=0, hi=1, lo_open=True),
            _g: POSITIVE,
            _r: POSITIVE,
            _c: Real(within=(-2, 2)),
        },
        where=(le(_c, _share_t * _g * _r),),
        lhs=_g**2 - 2 * _c + _r**2,
        rel=Rel.GE,
        rhs=(1 - _share_t**2) * _r**2,
        uses=("B.lower.share", "B.lower.mixture", "B.lower.any"),
        steps=("B.lower.concave", "B.lower.gram", "B.lower.bessel", "B.lower.share"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(hypothesis=0, weight=2),),
                        rest=(_g - _share_t * _r) ** 2,
                    ),
                )
            ),
            _search,
        ),
        broken=(
            flip(),
            drop(0),
            restate("1 - tau^2/2", rhs=(1 - _share_t**2 / 2) * _r**2),
            restate("all of the norm", rhs=_r**2),
        ),
        printed=r"\frac{\lVert g-\rho_n\rVert_2^2}{\lVert\rho_n\rVert_2^2}\ge1-\frac{2\Lambda}n",
    ),
    Claim(
        id="B.lower.mixture",
        kind=Kind.DERIVED,
        says="The squared mean of values with product bounds is at most the mean square over "
        "points and twice that over midpoints (two points).",
        source=_source,
        given={_u: POSITIVE, _w: POSITIVE, _v: POSITIVE},
        where=(le(_u * _w, _v**2),),
        lhs=(_u + _w) ** 2 / 4,
        rel=Rel.LE,
        rhs=(_u**2 + _w**2 + 2 * _v**2) / 4,
        uses=("B.lower.concave",),
        evidence=(Steps(branches=(Branch(parts=(From(hypothesis=0, weight=Rational(1, 2)),)),)),),
        broken=(flip(), drop(0), restate("midpoint once", rhs=(_u**2 + _w**2 + _v**2) / 4)),
        printed=r"\langle g,\rho_n\rangle^2\le\frac1{n^2}\Bigl[\sum_iG(x_i)^2"
        r"+2\sum_{i<j}G(\tfrac{x_i+x_j}2)^2\Bigr]",
    ),
    Claim(
        id="B.cannotfit",
        kind=Kind.SAID,
        says="A linear model cannot fit the smoothed training distribution: at d = 100, for n "
        "orthogonal points of length sqrt d, 25 <= n <= 100, every Gaussian is at a relative "
        "squared distance of at least 0.9.",
        source=place("public review"),
        given=_sweep,
        lhs=_bound,
        rel=Rel.GE,
        rhs=Rational(9, 10),
        uses=("B.lower",),
        evidence=(Enclosure(max_boxes=800),),
        broken=(
            flip(),
            restate("at least 0.95", rhs=Rational(95, 100)),
            restate(
                "kernels ten times as wide", lhs=1 - 200 * _orthogonal_load(n, Rational(100)) / n
            ),
        ),
        printed=r"\text{can only generate Gaussians and cannot fit the training distribution}",
        note="Gaussian training sets have the same distances up to fluctuations; for them the "
        "bound is simulated (B.lower.simulated).",
    ),
    Claim(
        id="B.expressive",
        kind=Kind.SAID,
        says="For this data the linear model is expressive enough to memorize: some Gaussian is "
        "within one half of the norm of the smoothed training distribution.",
        source=place("rebuttal"),
        given=_sweep,
        lhs=_bound,
        rel=Rel.LE,
        rhs=Rational(1, 2),
        uses=("B.lower",),
        evidence=(Search(also=({n: Fraction(100)},)),),
        broken=(
            restate("within a tenth", rhs=Rational(1, 10)),
            restate("within 0.9", rhs=Rational(9, 10)),
        ),
        printed=r"\text{expressive enough to memorize}",
        note="In the paper's own distance it is not. It does remember a subspace and directions: "
        "B.expressive.amended.",
    ),
)

CLAIMS: Final = (*METRIC, *CONSISTENCY, *BANDWIDTH, *LOWER)
