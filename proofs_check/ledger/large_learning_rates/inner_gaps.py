"""Paper A, Theorem 4: the weighted variation of the optimal score is large.

The printed proof takes pi from Proposition 9 (i) on whole gaps, which says nothing for two or
three points. Taken on the middle of each gap, the same steps give a bound for every n >= 2; the
printed theorem follows from it.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import (
    Abs,
    Expr,
    Integral,
    Min,
    Rational,
    Sum,
    Symbol,
    erf,
    sqrt,
)

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real, Sample
from proofs_check.evidence import (
    Branch,
    Definition,
    From,
    Search,
    Steps,
)
from proofs_check.ledger.large_learning_rates.irregularity import factor, least_factor
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SIGMA,
    X,
    data,
    decay,
    gap,
    i,
    j,
    k,
    middle,
    mu,
    n,
    place,
    sigma,
    spaced,
    x,
    y,
)
from proofs_check.quantities.empirical_score import ScoreCurvature, ScoreSlope
from proofs_check.quantities.weight_function import (
    GapMean,
    GapVariation,
    LeftLine,
    RightLine,
    SlopeRise,
    WeightFunction,
    noise_density,
)
from theory.symbols import Delta, z

__all__ = [
    "CLAIMS",
    "amended_weight",
    "centred",
    "dense",
    "inner_weight",
    "is_spaced",
    "least",
    "printed_weight",
    "quotient",
    "rate",
    "rise",
    "sampled",
    "within_gap",
]

_half = Fraction(1, 2)
_a = Symbol("a", real=True)
_b = Symbol("b", real=True)
_q = Symbol("q", positive=True)
_v = Symbol("v", real=True)
_e = Symbol("e", integer=True, nonnegative=True)
_N = Symbol("N", integer=True, positive=True)

dense = le(16 * n**3 * decay(), 1)
"""The hypothesis of Theorem 4."""

_WIDE = Sample(spacing=5 * sigma / mu, draw_size=4)
sampled = {mu: MU, sigma: SIGMA, X: _WIDE}
_gaps = {**sampled, i: Integer(lo=1, hi=n - 1)}
_slow = Search(examples=6, hypothesis_examples=0, bits=64)
_few = Search(examples=40, hypothesis_examples=0, bits=128)

_left, _right = mu * x(i), mu * x(i + 1)
_quarter, _eighth = mu * gap / 4, mu * gap / 8
_inner = (_left + _quarter, _right - _quarter)
rate = mu**2 / sigma**4
rise = rate * ((x(i + 1) - x(i)) ** 2 / (2 * n) - 4 * n**2 * gap**2 * decay())
_middle_ratio = erf(sqrt(2) * mu * gap / (16 * sigma))


def centred(count: Any) -> Expr:
    """Return k^2 (4 k - 3), eight times the factor of the inner half of a gap."""
    value: Expr = count**2 * (4 * count - 3)
    return value


least = Min(centred(i), centred(n - i))
inner_weight = mu * gap / (8 * n**2) * least * _middle_ratio


def _edge(*, below: bool) -> dict[Symbol, Any]:
    """Return three points and the place at which the bound of one line is attained."""
    return {
        mu: _half,
        X: (Fraction(0), Fraction(1), Fraction(2)),
        i: Fraction(2 if below else 1),
        z: Fraction(9 if below else 7, 16),
    }


def _line(side: str) -> Claim:
    """Return: in the inner part of a gap a line is at least mu Delta k^2 (4k - 3)/(8 n^2)."""
    below = side == "left"
    count = i if below else n - i
    line = (LeftLine if below else RightLine)(X, mu, z, i)
    hypothesis = ge(z, _left + _eighth) if below else le(z, _right - _eighth)
    parts = (
        From(hypothesis=0, weight=count**2 / n**2),
        From(
            claim="A.prop9a.P3.lower" if below else "A.prop9a.P3.upper",
            weight=mu * count / n**2,
        ),
    )
    return Claim(
        id=f"A.thm4.{side}",
        kind=Kind.LEMMA,
        says="An eighth of a spacing inside a gap the one-sided weight is not small.",
        source=place("Theorem 4, proof for every n"),
        given={mu: MU, X: Sample(), i: Integer(lo=1, hi=n - 1), z: Real(within=_inner)},
        where=(hypothesis,),
        lhs=line,
        rel=Rel.GE,
        rhs=mu * gap / (8 * n**2) * centred(count),
        evidence=(
            Steps(branches=(Branch(parts=parts),), unfold=(LeftLine, RightLine)),
            Search(also=(_edge(below=below),)),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0)),
    )


_two = {
    mu: _half,
    X: (Fraction(0), Fraction(1)),
    i: Fraction(1),
    z: Fraction(1, 16),
}
_density = noise_density(sigma, _v)
_at = (*data, _v)
_bend = Abs(ScoreCurvature(*_at))
within_gap = From(claim="A.fact.gap")

WEIGHT: Final = (
    _line("left"),
    _line("right"),
    Claim(
        id="A.thm4.lines",
        kind=Kind.LEMMA,
        says="An eighth of a spacing inside a gap the smaller line is not small.",
        source=place("Theorem 4, proof for every n"),
        given={mu: MU, X: Sample(), i: Integer(lo=1, hi=n - 1), z: Real(within=_inner)},
        where=(ge(z, _left + _eighth), le(z, _right - _eighth)),
        lhs=Min(LeftLine(X, mu, z, i), RightLine(X, mu, z, i)),
        rel=Rel.GE,
        rhs=mu * gap / (8 * n**2) * least,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.thm4.left"),),
                        rest=mu * gap / (8 * n**2) * (centred(i) - least),
                    ),
                    Branch(
                        parts=(From(claim="A.thm4.right"),),
                        rest=mu * gap / (8 * n**2) * (centred(n - i) - least),
                    ),
                )
            ),
            Search(also=(_two,)),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(1)),
    ),
    Claim(
        id="A.thm4.positive",
        kind=Kind.LEMMA,
        says="In a gap both lines are nonnegative.",
        source=place("used without statement"),
        given={mu: MU, X: Sample(), i: Integer(lo=1, hi=n - 1), z: Real(within=(_left, _right))},
        where=(ge(z, _left), le(z, _right)),
        lhs=Min(LeftLine(X, mu, z, i), RightLine(X, mu, z, i)),
        rel=Rel.GE,
        rhs=0,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop9a.left"),
                            From(claim="A.prop9a.P3.lower", weight=mu * i / n**2),
                        ),
                        rest=mu * i**2 * (i - 1) * gap / (2 * n**2),
                    ),
                    Branch(
                        parts=(
                            From(claim="A.prop9a.right"),
                            From(claim="A.prop9a.P3.upper", weight=mu * (n - i) / n**2),
                        ),
                        rest=mu * (n - i) ** 2 * (n - i - 1) * gap / (2 * n**2),
                    ),
                )
            ),
            Search(),
        ),
        broken=(flip(), restate("positive", rhs=mu * gap / n**2)),
    ),
    Claim(
        id="A.thm4.inner.mean",
        kind=Kind.LEMMA,
        says="Noise below an eighth of a spacing keeps the inner part of a gap inside of it.",
        source=place("Theorem 4, proof for every n"),
        given={**_gaps, y: Real(within=_inner)},
        where=(ge(y, _inner[0]), le(y, _inner[1])),
        lhs=GapMean(*data, y, i),
        rel=Rel.GE,
        rhs=inner_weight,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.thm4.lines",
                                at={z: y - _v},
                                along=(_v, -_eighth, _eighth),
                                times=_density,
                            ),
                            From(
                                claim="A.thm4.positive",
                                at={z: y - _v},
                                along=(_v, y - _right, -_eighth),
                                times=_density,
                            ),
                            From(
                                claim="A.thm4.positive",
                                at={z: y - _v},
                                along=(_v, _eighth, y - _left),
                                times=_density,
                            ),
                        ),
                        because=(within_gap,),
                    ),
                ),
                unfold=(GapMean,),
            ),
            _few,
        ),
        broken=(scale("rhs", 5), drop(0, name="left of the gap too")),
    ),
    Claim(
        id="A.thm4.inner",
        kind=Kind.LEMMA,
        says="pi is bounded below in the inner half of every gap, for two points already.",
        source=place("Theorem 4, proof for every n"),
        given={**_gaps, y: Real(within=_inner)},
        where=(ge(y, _inner[0]), le(y, _inner[1])),
        lhs=WeightFunction(*data, y),
        rel=Rel.GE,
        rhs=inner_weight,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.weight.inside",
                                because=(
                                    From(claim="A.fact.distance", at={i: 1, j: i}),
                                    From(claim="A.fact.distance", at={i: i + 1, j: n}),
                                ),
                            ),
                            From(claim="A.thm4.inner.mean"),
                        ),
                        rest=Sum(GapMean(*data, y, k), (k, 1, i - 1))
                        + Sum(GapMean(*data, y, k), (k, i + 1, n - 1)),
                        because=(within_gap,),
                    ),
                )
            ),
            _few,
        ),
        broken=(scale("rhs", 5), drop(0, name="left of the gap too")),
    ),
)

_near_end = le(Abs(y - mu * x(i + _e)), mu * gap / 4)
_end = {**_gaps, _e: Integer(lo=0, hi=1)}
_mid = middle(i)


def _climb(lower: Expr, upper: Expr, *, rising: bool, weight: Expr) -> tuple[From, ...]:
    """Return the parts that turn the integral of |s*''| into a difference of slopes."""
    return (
        From(
            claim="A.fact.bend.up" if rising else "A.fact.bend.down",
            at={y: _v},
            along=(_v, lower, upper),
            weight=weight,
        ),
        From(
            claim="A.fact.slope",
            at={_a: lower, _b: upper},
            weight=weight if rising else -weight,
        ),
    )


SLOPE: Final = (
    Claim(
        id="A.fact.slope",
        kind=Kind.LEMMA,
        says="The integral of s*'' is the difference of s*'.",
        source=place("used without statement"),
        given={
            **sampled,
            _a: Real(within=(mu * x(1), mu * x(n))),
            _b: Real(within=(_a, _a + sigma**2 / 100)),
        },
        lhs=SlopeRise(*data, _a, _b),
        rel=Rel.EQ,
        rhs=ScoreSlope(*data, _b) - ScoreSlope(*data, _a),
        evidence=(Definition(of=SlopeRise),),
        broken=(scale("rhs", -1), scale("rhs", Rational(11, 10))),
    ),
    *(
        Claim(
            id=f"A.fact.bend.{name}",
            kind=Kind.LEMMA,
            says="An absolute value is at least the number and its opposite.",
            source=place("used without statement"),
            given={**sampled, y: Real(near=(mu * x(1),))},
            lhs=Abs(ScoreCurvature(*data, y)),
            rel=Rel.GE,
            rhs=side * ScoreCurvature(*data, y),
            evidence=(
                Steps(
                    branches=(
                        Branch(
                            rest=Abs(ScoreCurvature(*data, y)) - side * ScoreCurvature(*data, y)
                        ),
                    )
                ),
                Search(examples=40, hypothesis_examples=0),
            ),
            broken=(scale("rhs", 2), flip()),
        )
        for name, side in (("up", 1), ("down", -1))
    ),
    Claim(
        id="A.thm4.rise",
        kind=Kind.LEMMA,
        says="The slope of the optimal score climbs from each centre to the middle of the gap.",
        source=place("Corollary 3 (i), with its sign"),
        given={**_end, y: Real(within=(mu * x(i + _e) - _quarter, mu * x(i + _e) + _quarter))},
        where=(_near_end, spaced),
        lhs=ScoreSlope(*data, _mid) - ScoreSlope(*data, y),
        rel=Rel.GE,
        rhs=rise,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.eq9", at={y: _mid}),
                            From(claim="A.eq9", weight=-1),
                            From(claim="A.prop2a", weight=rate),
                            From(claim="A.prop2c", at={i: i + _e}, weight=rate),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", 4),
            restate("downhill", lhs=ScoreSlope(*data, y) - ScoreSlope(*data, _mid)),
        ),
    ),
)


def _gap_branch(
    claim: str, weight: Expr, ends: tuple[Expr, Expr], rest: Expr, because: tuple[From, ...] = ()
) -> Branch:
    """Return: the variation in a gap exceeds its least weight times twice the rise."""
    lower, upper = ends
    parts = [
        From(claim=claim, at={y: _v}, along=(_v, *piece), times=_bend)
        for piece in ((lower, _mid), (_mid, upper))
    ]
    parts += _climb(lower, _mid, rising=True, weight=weight)
    parts += _climb(_mid, upper, rising=False, weight=weight)
    for index, point in ((0, lower), (1, upper)):
        parts.append(From(claim="A.thm4.rise", at={y: point, _e: index}, weight=weight))
    return Branch(parts=tuple(parts), rest=rest, because=(within_gap, *because))


_product = _bend * WeightFunction(*_at)
printed_weight = (
    mu / n**2 * (Rational(1, 2) - decay(2)) * Min(factor(i), (n - i) ** 2 * (n - i + 1) / 2) * gap
)
amended_weight = mu / n**2 * (Rational(1, 2) - decay(2)) * least_factor(i) * gap

_four = {
    mu: _half,
    sigma: Fraction(1, 20),
    X: tuple(Fraction(r) for r in range(4)),
    i: Fraction(2),
}
"""Four points: the fewest for which the amended Proposition 9 (i) says anything."""
is_spaced = From(claim="A.thm4.P1", at={_N: n, Delta: gap})
quotient = mu**2 * gap**2 / (4 * sigma**2)
_half_left = From(claim="A.thm4.P5.first", at={_N: n, _q: quotient})

GAPS: Final = (
    Claim(
        id="A.thm4.P2.gap",
        kind=Kind.LEMMA,
        says="Each gap adds twice the rise of the slope times the least weight.",
        source=place("Theorem 4, proof"),
        given=_gaps,
        where=(dense,),
        lhs=GapVariation(*data, i),
        rel=Rel.GE,
        rhs=2 * amended_weight * rise,
        evidence=(
            Steps(
                branches=(
                    _gap_branch(
                        "A.prop9a.amended",
                        amended_weight,
                        (_left, _right),
                        Rational(0),
                        (is_spaced, _half_left),
                    ),
                ),
                unfold=(GapVariation, SlopeRise),
            ),
            Search(also=(_four,), examples=3, hypothesis_examples=0, bits=64),
        ),
        broken=(
            restate("forty times as much", rhs=80 * amended_weight * rise),
            restate("wrong power", rhs=200 * amended_weight * rise),
        ),
    ),
    Claim(
        id="A.thm4.gap",
        kind=Kind.LEMMA,
        says="The inner half of each gap adds twice the rise times the least weight there.",
        source=place("Theorem 4, proof for every n"),
        given=_gaps,
        where=(spaced,),
        lhs=GapVariation(*data, i),
        rel=Rel.GE,
        rhs=2 * inner_weight * rise,
        evidence=(
            Steps(
                branches=(
                    _gap_branch(
                        "A.thm4.inner",
                        inner_weight,
                        _inner,
                        Integral(_product, (_v, _left, _inner[0]))
                        + Integral(_product, (_v, _inner[1], _right)),
                    ),
                ),
                unfold=(GapVariation, SlopeRise),
            ),
            _slow,
        ),
        broken=(
            scale("rhs", 40),
            restate("no loss", rhs=2 * inner_weight * rate * n * 4 * (x(i + 1) - x(i)) ** 2),
        ),
    ),
)

CLAIMS: Final = (*WEIGHT, *SLOPE, *GAPS)
