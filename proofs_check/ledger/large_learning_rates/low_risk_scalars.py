"""Paper A, Lemma 13, Lemma 14 and Proposition 7: the facts that hold without a network.

``d`` is a distance in units of the noise level, ``h`` = mu Delta / sigma, ``rho`` = n sigma^2 R_n.
The bounded second moments are written by the error function and the normal density.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import (
    Expr,
    Min,
    Rational,
    Sum,
    Symbol,
    ceiling,
    erf,
    exp,
    floor,
    log,
    pi,
    sqrt,
)
from sympy import (
    Integer as Number,
)

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, gt, le, lt
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import (
    Branch,
    Enclosure,
    From,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.large_learning_rates.setting import MU, X, gap, i, mu, n, place, x
from proofs_check.quantities.low_risk import HalfSquare
from theory.gaussian_integrals import gaussian_integral, normal_cdf, normal_pdf
from theory.symbols import A, beta, delta, gamma, z
from theory.variation_bound import (
    GAP_FACTOR,
    INDICES,
    RISK_CAP,
    SECOND_MOMENT,
    slope_at_least,
    stay_probability,
)

__all__ = ["CLAIMS", "INDEX_SHARE", "SHARE", "least_factor"]

_half = Rational(1, 2)
_c = Symbol("c", positive=True)
_d = Symbol("d", positive=True)
_e = Symbol("e", integer=True, positive=True)
_h = Symbol("h", positive=True)
_p = Symbol("p", positive=True)
_rho = Symbol("rho", nonnegative=True)
_K = Symbol("K", integer=True, nonnegative=True)
_M = Symbol("M", integer=True, positive=True)
_N = Symbol("N", integer=True, positive=True)
_a = [Symbol(f"a{power}", real=True) for power in range(3)]
_positive = Real(lo=0, lo_open=True)
_far = Real(lo=4)

SHARE: Final = Rational(323, 1000)
"""Below what the probability to stay and the drop of the slope deliver together, 0.32322."""
INDEX_SHARE: Final = 1 / (SHARE * 2**11)
"""What the sum over indices must be at least, relative to n^4, for the printed 2^-11."""


def least_factor(index: Expr, size: Expr) -> Expr:
    """Return the least factor of pi on the hull that belongs to an index."""
    rest = size - index
    return Min((index - 1) ** 3 / 2, rest**2 * (rest - 1) / 2)


def _bell(place_: Expr) -> Expr:
    return exp(-(place_**2) / 2) / sqrt(2 * pi)


def _plain(expr: Expr) -> Expr:
    """Write the normal density and distribution function by exp and erf."""
    plain: Expr = expr.replace(normal_pdf, _bell).replace(
        normal_cdf, lambda v: (1 + erf(v / sqrt(2))) / 2
    )
    return plain


def _second(width: Expr) -> Expr:
    """Return the mean of z^2 on [-width, width] for a standard normal z."""
    return erf(width / sqrt(2)) - 2 * width * _bell(width)


def _printed_second(width: Expr) -> Expr:
    """Return the lower bound of `_second` that Lemma 14 prints."""
    return 1 - 2 * (width / sqrt(2 * pi) + 1) * exp(-(width**2) / 2)


_s = Symbol("s", real=True)


def _monotone(name: str, *, rising: bool) -> Claim:
    """Return: x^p exp(-A x^2/2) rises up to sqrt(p/A) (falls beyond), as its logarithm."""
    lower = Symbol("u", positive=True)
    upper = Symbol("v", positive=True)
    limit = le(A * upper**2, _p) if rising else ge(A * lower**2, _p)
    first = exp(_p * log(lower) - A * lower**2 / 2)
    last = exp(_p * log(upper) - A * upper**2 / 2)
    growth = _p * (log(upper) - log(lower)) - A * (upper**2 - lower**2) / 2
    small = {_p: Fraction(2), A: Fraction(1), lower: Fraction(1), upper: Fraction(5, 4)}
    large = {_p: Fraction(2), A: Fraction(1), lower: Fraction(2), upper: Fraction(3)}
    if rising:
        # p log(v/u) >= p (1 - u^2/v^2)/2 >= A (v^2 - u^2)/2, the first by the tangent
        parts = (
            From(claim="A.fact.tangent", at={_s: growth}, weight=first),
            From(
                claim="A.fact.tangent",
                at={_s: 2 * (log(lower) - log(upper))},
                weight=first * _p / 2,
            ),
            From(
                hypothesis=0,
                weight=first * (1 - lower**2 / upper**2) / 2,
            ),
        )
    else:
        # the same with the roles of both points exchanged
        parts = (
            From(claim="A.fact.tangent", at={_s: -growth}, weight=last),
            From(
                claim="A.fact.tangent",
                at={_s: 2 * (log(upper) - log(lower))},
                weight=last * _p / 2,
            ),
            From(
                hypothesis=0,
                weight=last * (upper**2 / lower**2 - 1) / 2,
            ),
        )
    return Claim(
        id=name,
        kind=Kind.STATEMENT if rising else Kind.STEP,
        says=(
            "x^k exp(-A x^2/2) rises up to sqrt(k/A)."
            if rising
            else "x^k exp(-A x^2/2) falls beyond sqrt(k/A)."
        ),
        source=place("Lemma 13"),
        given={
            _p: _positive,
            A: _positive,
            lower: _positive,
            upper: Real(lo=lower, within=(lower, 2 * lower)),
        },
        where=(limit,),
        lhs=first if rising else last,
        rel=Rel.LE,
        rhs=last if rising else first,
        uses=("A.lem13.falls",) if rising else (),
        evidence=(
            Steps(branches=(Branch(parts=parts),)),
            Search(also=(small, large), examples=60),
        ),
        broken=(
            drop(0, name="on both sides of the maximum"),
            flip(),
            scale("rhs", Rational(99, 100)),
        ),
        printed=r"x^ke^{-Ax^2/2}\ \text{rises on}\ (0,\sqrt{k/A})\ \text{and falls beyond}",
        note="Stated by values at two points, x^k as exp(k log x); k is any positive number.",
    )


LEMMA13: Final = (
    _monotone("A.lem13", rising=True),
    _monotone("A.lem13.falls", rising=False),
)

_quadratic = _a[0] + _a[1] * z + _a[2] * z**2
_bounded = {
    beta: _positive,
    gamma: Real(lo=0, hi=beta, lo_open=True, hi_open=True),
    delta: _positive,
    _a[0]: reals,
    _a[1]: reals,
    _a[2]: reals,
}


def _mass(polynomial: Expr) -> Expr:
    return _plain(gaussian_integral(polynomial, z, lower=-delta, upper=delta))


_WITNESS14: Final[dict[Symbol, Any]] = {
    beta: Fraction(2),
    gamma: Fraction(1),
    delta: Fraction(1),
    _a[0]: Fraction(4),
    _a[1]: Fraction(0),
    _a[2]: Fraction(-1, 2),
}

LEMMA14: Final = (
    Claim(
        id="A.lem14.P1",
        kind=Kind.STEP,
        says="A function of slope at least -gamma costs no less than the line through its value.",
        source=place("Lemma 14, proof"),
        given=_bounded,
        where=(
            ge(_a[1] + 2 * _a[2] * delta, -gamma),
            ge(_a[1] - 2 * _a[2] * delta, -gamma),
        ),
        lhs=_mass((_quadratic + beta * z) ** 2),
        rel=Rel.GE,
        rhs=_mass((_a[0] + (beta - gamma) * z) ** 2),
        evidence=(Search(also=(_WITNESS14,), examples=30),),
        broken=(scale("rhs", Rational(11, 10)), scale("rhs", 2)),
        printed=r"\int_{-\delta}^\delta(f(y)+\beta y)^2\varphi\ge"
        r"\int_{-\delta}^\delta(-\gamma y+f(0)+\beta y)^2\varphi",
        note="Written for quadratic f and sigma = 1. False: where f + beta y and the line have "
        "opposite signs the larger one costs less. Compare with the zero of f + beta y instead "
        "(A.lem14.P1.amended), which gives the same second moment.",
    ),
    Claim(
        id="A.lem14.second",
        kind=Kind.STEP,
        says="The bounded second moment is at least the printed expression.",
        source=place("Lemma 14"),
        given={_d: _positive},
        lhs=_second(_d),
        rel=Rel.GE,
        rhs=_printed_second(_d),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.fact.erfc", at={z: _d / sqrt(2)}),),
                        rest=exp(-(_d**2) / 2),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            restate("boundary term left out", rhs=1 - exp(-(_d**2) / 2) / 10),
            flip(),
        ),
        printed=r"\frac1{\sqrt{2\pi\sigma^2}}\int_{-\delta}^\delta x^2e^{-x^2/2\sigma^2}dx\ge"
        r"\sigma^2\big(1-2(\tfrac\delta{\sqrt{2\pi\sigma^2}}+1)e^{-\delta^2/2\sigma^2}\big)",
        note="With d = delta / sigma; 1 in place of the 2 before the bracket's 1 also holds.",
    ),
    Claim(
        id="A.lem14.second.sharp",
        kind=Kind.DERIVED,
        says="The same with half of the tail.",
        source=place("Lemma 14, sharpened"),
        given={_d: _positive},
        lhs=_second(_d),
        rel=Rel.GE,
        rhs=1 - (2 * _d / sqrt(2 * pi) + 1) * exp(-(_d**2) / 2),
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.fact.erfc", at={z: _d / sqrt(2)}),)),)),
            Search(),
        ),
        broken=(
            restate("no tail", rhs=1 - 2 * _d / sqrt(2 * pi) * exp(-(_d**2) / 2)),
            flip(),
        ),
    ),
)

_one_sided = HalfSquare(_d)
_value = erf(_d / sqrt(2)) / 2
_at_four = {_d: Fraction(4)}

ONE_SIDED: Final = (
    Claim(
        id="A.prop7.P1",
        kind=Kind.STEP,
        says="The one-sided second moment by parts.",
        source=place("Proposition 7, proof"),
        given={_d: _far},
        lhs=_one_sided,
        rel=Rel.EQ,
        rhs=_value + _d * _bell(_d),
        evidence=(Search(also=(_at_four,)),),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", Rational(99, 100))),
        printed=r"\frac1{\sqrt{2\pi\sigma^2}}\int_{-\mu\Delta/2}^0y^2e^{-y^2/2\sigma^2}dy="
        r"\frac{\sigma^2}{\sqrt{2\pi\sigma^2}}\Big(\frac{\mu\Delta}2e^{-\mu^2\Delta^2/8\sigma^2}"
        r"+\int_{-\mu\Delta/2}^0e^{-y^2/2\sigma^2}dy\Big)",
        note="In units of sigma, d = mu Delta / 2 sigma >= 4. The boundary term is negative.",
    ),
    Claim(
        id="A.prop7.P1.amended",
        kind=Kind.AMENDED,
        amends="A.prop7.P1",
        says="The one-sided second moment by parts, the boundary term subtracted.",
        source=place("Proposition 7, proof repaired"),
        given={_d: _positive},
        lhs=_one_sided,
        rel=Rel.EQ,
        rhs=_value - _d * _bell(_d),
        evidence=(Symbolic(recipe="integral"), Search()),
        broken=(
            restate("boundary term added", rhs=_value + _d * _bell(_d)),
            scale("rhs", Rational(101, 100)),
        ),
    ),
    Claim(
        id="A.prop7.P1.second",
        kind=Kind.STEP,
        says="The one-sided second moment is at least 1/2 - exp(-8).",
        source=place("Proposition 7, proof"),
        given={_d: _far},
        lhs=_one_sided,
        rel=Rel.GE,
        rhs=_half - exp(-8),
        evidence=(Search(also=(_at_four,)),),
        broken=(scale("rhs", Rational(101, 100)), restate("one half", rhs=_half)),
        printed=r"\dots\ge\frac1{\sigma^2}\big(\tfrac12-e^{-8}\big)",
        note="0.49943 at Delta = 8 sigma/mu, below 1/2 - exp(-8) = 0.49966.",
    ),
    Claim(
        id="A.prop7.P1.second.amended",
        kind=Kind.AMENDED,
        amends="A.prop7.P1.second",
        says="The one-sided second moment is at least 1/2 - (1/2 + 4/sqrt(2 pi)) exp(-8).",
        source=place("Proposition 7, proof repaired"),
        given={_d: _far},
        lhs=_one_sided,
        rel=Rel.GE,
        rhs=_half - (_half + 4 / sqrt(2 * pi)) * exp(-8),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop7.P1.amended"),
                            From(claim="A.prop7.P1.grows"),
                        )
                    ),
                )
            ),
            Search(also=(_at_four,)),
        ),
        broken=(scale("rhs", Rational(1001, 1000)), restate("printed", rhs=_half - exp(-8))),
    ),
    Claim(
        id="A.prop7.P1.grows",
        kind=Kind.LEMMA,
        says="From four noise levels on, the one-sided moment in closed form is nearly a half.",
        source=place("Proposition 7, proof repaired"),
        given={_d: _far},
        lhs=_value - _d * _bell(_d),
        rel=Rel.GE,
        rhs=_half - (_half + 4 / sqrt(2 * pi)) * exp(-8),
        evidence=(Enclosure(), Search(also=(_at_four,))),
        broken=(scale("rhs", Rational(1001, 1000)), restate("printed", rhs=_half - exp(-8))),
    ),
    Claim(
        id="A.prop7.P1.quarter",
        kind=Kind.STEP,
        says="The one-sided second moment is at least a quarter.",
        source=place("Proposition 7, proof"),
        given={_d: _far},
        lhs=_one_sided,
        rel=Rel.GE,
        rhs=_c,
        constant=Constant(_c, Rational(1, 4), larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.prop7.P1.second.amended"),),
                        rest=Rational(1, 4) - (_half + 4 / sqrt(2 * pi)) * exp(-8),
                    ),
                )
            ),
            Search(also=(_at_four,)),
        ),
        broken=(
            scale("rhs", 2),
            restate("from one on", given={_d: Real(lo=1)}),
        ),
        printed=r"\dots\ge\frac1{4\sigma^2}",
        note="The conclusion of the broken chain stands; the best constant is 0.49943.",
    ),
)

_middle = 1 - 2 * sqrt(2) / sqrt(pi) * exp(-2) - 2 * exp(-8)

MOMENT: Final = (
    Claim(
        id="A.prop7.P3.first",
        kind=Kind.STEP,
        says="The printed second moment is at least its printed middle value.",
        source=place("Proposition 7, proof"),
        given={_d: _far},
        lhs=_printed_second(_d),
        rel=Rel.GE,
        rhs=_middle,
        evidence=(Enclosure(), Search(also=(_at_four,))),
        broken=(scale("rhs", Rational(13, 10)), restate("from one on", given={_d: Real(lo=1)})),
        printed=r"1-2\Big(\tfrac{\mu\Delta}{2\sqrt{2\pi\sigma^2}}+1\Big)"
        r"e^{-\mu^2\Delta^2/8\sigma^2}\ge1-\tfrac{2\sqrt2}{\sqrt\pi}e^{-2}-2e^{-8}",
        note="At least 0.9982; the printed middle value is 0.783.",
    ),
    Claim(
        id="A.prop7.P3.second",
        kind=Kind.STEP,
        says="The printed middle value is at least one half.",
        source=place("Proposition 7, proof"),
        given={_d: _far},
        lhs=_printed_second(_d),
        rel=Rel.GE,
        rhs=_c,
        constant=Constant(_c, SECOND_MOMENT, larger_is_weaker=False, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.prop7.P3.first"),),
                        rest=_middle - SECOND_MOMENT,
                    ),
                )
            ),
            Search(also=(_at_four,)),
        ),
        broken=(scale("rhs", 2), restate("from one on", given={_d: Real(lo=1)})),
        printed=r"\dots\ge\tfrac12",
    ),
)

_count = ceiling(3 * _N / 8) - 1 - floor(_N / 8)
_indexed = {_N: Integer(lo=10), _e: Integer(lo=2, hi=_N - 1)}


def _printed_factor(index: Expr) -> Expr:
    """Return the printed factor of Proposition 9a in a gap."""
    return Min(index**2 * (index - 1) / 2, (_N - index) ** 2 * (_N - index + 1) / 2)


COUNTS: Final = (
    Claim(
        id="A.prop7.P4",
        kind=Kind.STEP,
        says="At least n/8 even indices lie in the middle half.",
        source=place("Proposition 7, proof"),
        given={_N: Integer(lo=10)},
        lhs=_count,
        rel=Rel.GE,
        rhs=_c * _N,
        constant=Constant(_c, Rational(1, 8), larger_is_weaker=False, power_of_two=True),
        uses=("A.prop7.P4.disjoint",),
        evidence=(Polynomial(residues={_N: 8}), Search()),
        broken=(
            scale("rhs", 2),
            restate("for two points too", given={_N: Integer(lo=2)}),
        ),
        printed=r"\#\{i:\tfrac n4<2i<\tfrac{3n}4\}\ge\tfrac n8\quad(n\ge10)",
        note="Holds for every n >= 3 (A.prop7.P4.small) and fails for n = 2.",
    ),
    Claim(
        id="A.prop7.P4.small",
        kind=Kind.DERIVED,
        says="The count holds from three points on.",
        source=place("Proposition 7, proof, audit of n >= 10"),
        given={_N: Integer(lo=3)},
        lhs=_count,
        rel=Rel.GE,
        rhs=_N / 8,
        evidence=(Polynomial(residues={_N: 8}), Search()),
        broken=(scale("rhs", 2), restate("for two points too", given={_N: Integer(lo=2)})),
    ),
    Claim(
        id="A.prop7.P4.disjoint",
        kind=Kind.STEP,
        says="The interval of index i ends before that of index i + 2 begins.",
        source=place("Proposition 7, proof"),
        given={mu: MU, X: Sample(min_size=3), i: Integer(lo=1, hi=n - 2)},
        lhs=mu * x(i + 2) - mu * gap / 2 - mu * x(i + 1),
        rel=Rel.GE,
        rhs=mu * gap / 2,
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.fact.gap", at={i: i + 1}, weight=mu),)),)),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("next index", lhs=mu * x(i + 1) - mu * gap / 2 - mu * x(i + 1)),
        ),
        printed=r"[y_i,c_i]\cap[y_{i+2},c_{i+2}]=\emptyset",
        note="y_i >= mu x_i - mu Delta/2 and c_i <= mu x_(i+1); their order does not matter.",
    ),
    Claim(
        id="A.prop7.P5",
        kind=Kind.STEP,
        says="On the hull of an index in the middle half both gaps have factors above n^3/128.",
        source=place("Proposition 7, proof"),
        given=_indexed,
        where=(gt(4 * _e, _N), lt(4 * _e, 3 * _N)),
        lhs=Min(_printed_factor(_e - 1), _printed_factor(_e)),
        rel=Rel.GE,
        rhs=GAP_FACTOR * _N**3,
        evidence=(Search(also=({_N: Fraction(12), _e: Fraction(4)},)),),
        broken=(scale("rhs", 2), scale("rhs", 4)),
        printed=r"TV_\pi(s_\theta)\ge\sum_{n/4<2i<3n/4}\frac{\mu n\Delta}{128}(\dots)",
        note="The hull of y_e and c_e meets the gaps e - 1 and e, and e - 1 may lie outside the "
        "middle half: at n = 12, e = 4 gap 3 has the factor 9 < 13.5, with the printed factors of "
        "Proposition 9a. An exact sum over all even indices repairs it (A.prop7.sum).",
    ),
    Claim(
        id="A.prop7.P5.count",
        kind=Kind.STEP,
        says="The count of P4 times n/128 is at least n^2/1024.",
        source=place("Proposition 7, proof"),
        given={_N: Integer(lo=10)},
        lhs=_count * _N * GAP_FACTOR,
        rel=Rel.GE,
        rhs=INDICES * _N**2,
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.prop7.P4", weight=_N * GAP_FACTOR),)),)),
            Search(),
        ),
        broken=(scale("rhs", 2), flip()),
        printed=r"\dots\ge\frac{\mu n^2\Delta}{1024}(\dots)",
    ),
)

_scarce = {_h: Real(lo=8), _rho: Real(lo=0, hi=RISK_CAP)}
_product = INDICES * stay_probability(_h) * slope_at_least(risk_cap=_rho)
_at_eight = {_h: Fraction(8), _rho: Fraction(1, 16)}


def _last(name: str, constant: Expr, **parts: Any) -> Claim:
    return Claim(
        id=name,
        given=_scarce,
        lhs=_product,
        rel=Rel.GE,
        rhs=_c,
        constant=Constant(_c, constant, larger_is_weaker=False, power_of_two=True),
        **parts,
    )


PRODUCT: Final = (
    _last(
        "A.prop7.P6",
        Rational(1, 2**11),
        kind=Kind.STEP,
        says="The last two factors are together at least one half.",
        source=place("Proposition 7, proof"),
        evidence=(Search(also=(_at_eight,)),),
        broken=(scale("rhs", 2), scale("rhs", Rational(11, 10))),
        printed=r"\frac{\mu n^2\Delta}{1024}(\tfrac12-e^{-32})\frac1{\sigma^2}"
        r"(1-\tfrac1{2\sqrt2})\ge\frac{\mu n^2\Delta}{2^{11}\sigma^2}",
        note="(1/2 - exp(-32))(1 - 1/(2 sqrt 2)) = 0.32322, not 1/2: even a risk of zero would "
        "only give 1/2 - exp(-32). The printed steps give 1/3168, so 2^-12; the exact sum over "
        "indices gives the printed 2^-11 back.",
    ),
    _last(
        "A.prop7.P6.amended",
        Rational(1, 2**12),
        kind=Kind.AMENDED,
        amends="A.prop7.P6",
        says="The last two factors are together at least a quarter.",
        source=place("Proposition 7, proof, with 2^-12"),
        evidence=(Enclosure(), Search(also=(_at_eight,))),
        broken=(scale("rhs", Rational(13, 10)), scale("rhs", 2, "printed")),
    ),
    Claim(
        id="A.prop7.share",
        kind=Kind.LEMMA,
        says="Half of the drop of the slope, with the probability to stay, is at least 323/1000.",
        source=place("Proposition 7, proof repaired"),
        given=_scarce,
        lhs=_product / INDICES,
        rel=Rel.GE,
        rhs=SHARE,
        evidence=(Enclosure(), Search(also=(_at_eight,))),
        broken=(scale("rhs", Rational(101, 100)), restate("one half", rhs=_half)),
    ),
)

_even_left = _K**2 * (2 * _K**2 - 1) / 2
_T = Symbol("T", integer=True, nonnegative=True)
_t = Symbol("t", integer=True, positive=True)


def _parity_sum(name: str, size: Expr, spare: Expr, right: Expr, least: int) -> Claim:
    """Return: the sum of the least factors over even indices is large enough for 2^-11."""
    half = floor(_M / 2)
    left = _even_left.subs(_K, half)
    return Claim(
        id=name,
        kind=Kind.LEMMA,
        says=f"The factors of the even indices add up to n^4/661 for n = {size}.",
        source=place("Proposition 7, proof repaired"),
        given={_M: Integer(lo=least)},
        lhs=left + right.subs(_T, spare - half),
        rel=Rel.GE,
        rhs=_c * size**4,
        constant=Constant(_c, INDEX_SHARE, larger_is_weaker=False),
        evidence=(Polynomial(residues={_M: 2}), Search()),
        broken=(scale("rhs", 6), restate("n^5", rhs=size**5 / 100)),
    )


_right_even = _T**2 * (_T + 1) ** 2 - _T * (_T + 1) * (2 * _T + 1) / 3
_right_odd = (
    _T**2 * (_T + 1) ** 2 - 8 * _T * (_T + 1) * (2 * _T + 1) / 6 + 5 * _T * (_T + 1) / 2 - _T
)

SUMS: Final = (
    _parity_sum("A.prop7.sum.even", 2 * _M, _M - 1, _right_even, 2),
    _parity_sum("A.prop7.sum.odd", 2 * _M + 1, _M, _right_odd, 3),
    Claim(
        id="A.prop7.sum.five",
        kind=Kind.LEMMA,
        says="For five points the index 3 alone is enough.",
        source=place("Proposition 7, proof repaired"),
        given={_e: Integer(lo=3, hi=3)},
        lhs=least_factor(_e, Number(5)),
        rel=Rel.GE,
        rhs=INDEX_SHARE * 5**4,
        evidence=(Enclosure(), Search()),
        broken=(
            restate("index 2", lhs=least_factor(_e - 1, Number(5))),
            scale("rhs", 3),
        ),
    ),
    *(
        Claim(
            id=f"A.prop7.sum.{name}",
            kind=Kind.LEMMA,
            says=f"The factors of the {name} even indices, added up.",
            source=place("Proposition 7, proof repaired"),
            given={_T: Integer(lo=1)},
            lhs=Sum(term, (_t, 1, _T)),
            rel=Rel.EQ,
            rhs=closed,
            evidence=(Symbolic(recipe="sums"),),
            broken=(scale("rhs", Rational(101, 100)), restate("quartic", rhs=_T**4 / 2)),
        )
        for name, term, closed in (
            ("lower", (2 * _t - 1) ** 3 / 2, _T**2 * (2 * _T**2 - 1) / 2),
            ("upper", (2 * _t) ** 2 * (2 * _t - 1) / 2, _right_even),
            ("upper.odd", (2 * _t - 1) ** 2 * (2 * _t - 2) / 2, _right_odd),
        )
    ),
)

CLAIMS: Final = (
    *LEMMA13,
    *LEMMA14,
    *ONE_SIDED,
    *MOMENT,
    *COUNTS,
    *PRODUCT,
    *SUMS,
)
