"""Paper A: when the hypothesis of Theorem 4 holds, and what it says as the noise vanishes."""

from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sympy import Abs, Expr, Min, Rational, Sum, Symbol, exp, sqrt

from proofs_check.broken import flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real, Sample
from proofs_check.evidence import (
    Branch,
    Enclosure,
    From,
    Instances,
    MonteCarlo,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SIGMA,
    X,
    data,
    gap,
    i,
    k,
    middle,
    mu,
    n,
    place,
    sigma,
    x,
)
from proofs_check.quantities.spacing import SpacingMean, SpacingSurvival, VolumeSlope
from proofs_check.quantities.weight_function import (
    LeftLine,
    RightLine,
    SmallerWeight,
    WeightedVariation,
)
from theory.symbols import t, y, z

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_a = Symbol("a", positive=True)
_c = Symbol("c", positive=True)
_s = Symbol("s", nonnegative=True)
_u = Symbol("u", real=True)
_N = Symbol("N", integer=True, positive=True)

_climb = (exp(3 * t / 2) - exp(-t / 2)) / 2
_short = Rational(58162, 100000)
_long = Rational(58163, 100000)
_speed = exp(-3 * t) / (1 - exp(-2 * t)) ** 2
_any_time = {t: Real(lo=0, lo_open=True, near=(_short, 1))}

TIME: Final = (
    Claim(
        id="A.thm4.time.root",
        kind=Kind.LEMMA,
        says="Up to t = 0.58162 the function sinh(t) exp(t/2) is at most sqrt(2) t.",
        source=place("Theorem 4, after it"),
        given=_any_time,
        where=(le(t, _short),),
        lhs=_climb,
        rel=Rel.LE,
        rhs=sqrt(2) * t,
        evidence=(Enclosure(), Search(also=({t: Fraction(58163, 100000)},))),
        broken=(scale("lhs", Rational(101, 100)), restate("longer", where=(le(t, _long),))),
    ),
    Claim(
        id="A.thm4.time",
        says="In diffusion time the bound of Theorem 4 grows at least like 1/8 t^2.",
        source=place("Theorem 4, after it"),
        given=_any_time,
        where=(le(t, _short),),
        lhs=_speed,
        rel=Rel.GE,
        rhs=_c / t**2,
        constant=Constant(_c, Rational(1, 8), larger_is_weaker=False, power_of_two=True),
        uses=("A.thm4.time.beyond",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.time.root",
                                weight=(sqrt(2) * t + _climb) / (8 * t**2 * _climb**2),
                            ),
                        )
                    ),
                )
            ),
            Search(also=({t: Fraction(58163, 100000)},)),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("longer", where=(le(t, _long),)),
            restate("a quarter", rhs=1 / (4 * t**2)),
        ),
        printed=r"\mu^3/\sigma^4=e^{-3t}/(1-e^{-2t})^2\ge1/8t^2\quad(t\text{ small})",
        note="The exact range is 0 < t <= 0.58162829..., the root of sinh(t) exp(t/2) = sqrt(2) t; "
        "as t -> 0 the constant could be 1/4.",
    ),
    Claim(
        id="A.thm4.time.beyond",
        kind=Kind.DERIVED,
        says="From t = 0.58163 on the bound fails.",
        source=place("Theorem 4, after it, exact range"),
        given=_any_time,
        where=(ge(t, _long),),
        lhs=_climb,
        rel=Rel.GT,
        rhs=sqrt(2) * t,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.tangent",
                                at={Symbol("s", real=True): 3 * (t - _long) / 2},
                                weight=exp(3 * _long / 2) / 2,
                            ),
                            From(
                                claim="A.fact.exponential",
                                at={y: _long / 2, z: (t - _long) / 2},
                                weight=Rational(1, 2),
                            ),
                        ),
                        rest=_climb.subs(t, _long)
                        - sqrt(2) * _long
                        + (t - _long) * (3 * exp(3 * _long / 2) / 4 - sqrt(2)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("lhs", Rational(99, 100)), restate("earlier", where=(ge(t, _short),))),
    ),
)


def exceeds(
    rng: np.random.Generator, count: int, *, N: float, a: float, s: float
) -> NDArray[np.float64]:
    """Return 1 where the least spacing of simulated points exceeds the level."""
    from numerics.spacing import least_spacings

    return np.asarray(least_spacings(rng, count, size=round(N), length=a) > s, dtype=np.float64)


def spacings(rng: np.random.Generator, count: int, *, N: float, a: float) -> NDArray[np.float64]:
    """Return simulated least spacings."""
    from numerics.spacing import least_spacings

    return least_spacings(rng, count, size=round(N), length=a)


def _points(*rows: tuple[int, Any, Any]) -> tuple[dict[Symbol, Any], ...]:
    return tuple({_N: Fraction(m), _a: Fraction(a), _s: Fraction(s)} for m, a, s in rows)


_law = (1 - (_N - 1) * _s / _a) ** _N
_inside = {
    _N: Integer(lo=2, hi=40),
    _a: Real(lo=0, lo_open=True),
    _s: Real(lo=0, within=(0, _a / (_N - 1))),
}
_tests = _points((2, 1, Fraction(1, 3)), (5, 2, Fraction(1, 20)), (12, 1, Fraction(1, 200)))
_means = tuple({_N: Fraction(m), _a: Fraction(a)} for m, a in ((2, 1), (5, 2), (12, 1)))

SPACING: Final = (
    Claim(
        id="A.spacing.law",
        kind=Kind.DERIVED,
        says="The law of the least spacing of uniform points.",
        source=place("after Theorem 4, exact"),
        given=_inside,
        where=(le((_N - 1) * _s, _a),),
        lhs=SpacingSurvival(_N, _a, _s),
        rel=Rel.EQ,
        rhs=_law,
        uses=("A.spacing.induction",),
        evidence=(
            Instances(
                at={
                    f"n = {m}": {_N: Fraction(m), _a: Fraction(3), _s: Fraction(1, 2 * m)}
                    for m in range(2, 13)
                }
            ),
            MonteCarlo(replicates=exceeds, at=_tests, margin=Rational(1, 10), count=20000),
            Search(examples=60, hypothesis_examples=0),
        ),
        broken=(
            restate("one power less", rhs=(1 - (_N - 1) * _s / _a) ** (_N - 1)),
            restate("n spacings", rhs=(1 - _N * _s / _a) ** _N),
        ),
    ),
    Claim(
        id="A.spacing.induction",
        kind=Kind.LEMMA,
        says="One more point: the volume's derivative in the interval's length is the smaller one.",
        source=place("after Theorem 4, exact"),
        given={_N: Integer(lo=1, hi=40), _u: Real(), _s: Real(lo=0)},
        where=(ge(_u, _N * _s),),
        lhs=VolumeSlope(_N, _u, _s),
        rel=Rel.EQ,
        rhs=(_N + 1) * (_u - _N * _s) ** _N,
        evidence=(Symbolic(recipe="derivative"),),
        broken=(scale("rhs", Rational(101, 100)), restate("no factor", rhs=(_u - _N * _s) ** _N)),
    ),
    Claim(
        id="A.spacing",
        says="The least spacing of n uniform points on an interval of length a is of order a/n^2.",
        source=place("after Theorem 4"),
        given={_N: Integer(lo=2, hi=40), _a: Real(lo=0, lo_open=True)},
        lhs=SpacingMean(_N, _a),
        rel=Rel.EQ,
        rhs=_a / (_N**2 - 1),
        uses=("A.spacing.law",),
        evidence=(
            Instances(at={f"n = {m}": {_N: Fraction(m), _a: Fraction(3)} for m in range(2, 13)}),
            MonteCarlo(replicates=spacings, at=_means, margin=Rational(1, 10), count=20000),
            Search(examples=40, hypothesis_examples=0),
        ),
        broken=(
            restate("a/n^2", rhs=_a / _N**2),
            restate("a/n", rhs=_a / (_N + 1)),
        ),
        printed=r"\Delta\ \text{is of order}\ a/n^2",
        note="Exact: P(Delta > s) = (1 - (n - 1)s/a)^n, E Delta = a/(n^2 - 1), and n^2 Delta/a "
        "tends to a standard exponential variable.",
    ),
)


def _cubes(index: Any) -> Expr:
    """Return the smaller cube of the numbers of points on either side of a gap."""
    return Min(index**3, (n - index) ** 3)


_limit = Sum(
    (x(k + 1) - x(k)) ** 2 * mu**2 / 2 * SmallerWeight(X, mu, mu * (x(k) + x(k + 1)) / 2),
    (k, 1, n - 1),
)
_equal = {
    f"{m} points, sigma = {s}": {
        mu: _half,
        sigma: s,
        X: tuple(Fraction(r) for r in range(m)),
    }
    for m, s in ((2, Fraction(1, 40)), (3, Fraction(1, 1000)))
}

LIMIT: Final = (
    Claim(
        id="A.x3.variation",
        kind=Kind.DERIVED,
        says="At low noise sigma^4 TV is close to a sum over gaps in closed form.",
        source=place("beyond the paper"),
        given={mu: MU, sigma: SIGMA, X: Sample(spacing=8 * sigma / mu, draw_size=3)},
        where=(ge(mu * gap, 8 * sigma),),
        lhs=Abs(sigma**4 * WeightedVariation(*data) / _limit - 1),
        rel=Rel.LE,
        rhs=2 * sigma / (mu * gap),
        evidence=(
            Instances(
                at={
                    **_equal,
                    "irregular": {
                        mu: _half,
                        sigma: Fraction(1, 100),
                        X: (Fraction(0), Fraction(1), Fraction(4)),
                    },
                },
                agreement=None,
            ),
            Search(examples=2, hypothesis_examples=0, bits=64),
        ),
        broken=(
            scale("rhs", Rational(1, 100)),
            restate("twice", lhs=Abs(2 * sigma**4 * WeightedVariation(*data) / _limit - 1)),
        ),
        note="So the limit of sigma^4 TV is the sum: V rises to a quarter of the squared gap at "
        "each middle. For equal spacing it is mu^3 Delta^3/(4 n^2) sum min(i, n - i)^3.",
    ),
    Claim(
        id="A.x3.gap",
        kind=Kind.LEMMA,
        says="In the middle of a gap the smaller weight is at least that of equal spacing.",
        source=place("beyond the paper"),
        given={mu: MU, X: Sample(), i: Integer(lo=1, hi=n - 1)},
        lhs=SmallerWeight(X, mu, middle(i)),
        rel=Rel.GE,
        rhs=mu * gap / (2 * n**2) * _cubes(i),
        evidence=(
            Steps(
                branches=tuple(
                    Branch(
                        parts=(
                            From(
                                claim=f"A.fact.{side}",
                                at={z: middle(i)},
                                because=(From(claim="A.fact.gap"),),
                            ),
                            From(claim=f"A.prop9a.P3.{sums}", weight=mu * count / n**2),
                            From(claim="A.fact.gap", weight=mu * count**2 / (2 * n**2)),
                        ),
                        rest=mu * gap / (2 * n**2) * (count**3 - _cubes(i)),
                    )
                    for side, sums, count in (("left", "lower", i), ("right", "upper", n - i))
                ),
                unfold=(SmallerWeight, LeftLine, RightLine),
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), flip()),
    ),
    Claim(
        id="A.x3.variation.least",
        kind=Kind.DERIVED,
        says="For a given least spacing the limit is smallest at equal spacing.",
        source=place("beyond the paper"),
        given={mu: MU, X: Sample()},
        lhs=_limit,
        rel=Rel.GE,
        rhs=mu**3 * gap**3 / (4 * n**2) * Sum(_cubes(k), (k, 1, n - 1)),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.x3.gap",
                                at={i: k},
                                over=(k, 1, n - 1),
                                times=mu**2 / 2 * (x(k + 1) - x(k)) ** 2,
                            ),
                            From(
                                claim="A.fact.gap",
                                at={i: k},
                                over=(k, 1, n - 1),
                                times=mu**3
                                * gap
                                / (4 * n**2)
                                * _cubes(k)
                                * (x(k + 1) - x(k) + gap),
                                because=(From(claim="A.fact.gap", at={i: k}),),
                            ),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), flip()),
        note="Equality for equal spacing: mu^3 Delta^3/(4 n^2) sum min(i, n - i)^3.",
    ),
)

CLAIMS: Final = (*TIME, *SPACING, *LIMIT)
