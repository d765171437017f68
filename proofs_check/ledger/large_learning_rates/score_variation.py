"""Paper A, Lemma 12: the total variation of the slope of the optimal score is finite."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from sympy import Abs, Expr, Max, Min, Rational, Sum, Symbol, exp, oo

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, Relation, ge, le
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.evidence import Branch, From, Search, Steps, Symbolic
from proofs_check.ledger.large_learning_rates.sample_facts import weight
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    gap,
    i,
    j,
    mu,
    n,
    place,
    sigma,
    span,
    x,
    y,
)
from proofs_check.quantities.empirical_score import ScoreCurvature
from proofs_check.quantities.posterior import PosteriorMean, PosteriorThird
from proofs_check.quantities.score_variation import (
    ScoreVariation,
    ScoreVariationLeft,
    ScoreVariationOn,
    ScoreVariationRight,
)

__all__ = ["CLAIMS", "amplitude"]

_c = Symbol("c", positive=True)
_v = Symbol("v", real=True)
_sampled = {mu: MU, sigma: SIGMA, X: SAMPLE}
_right = 2 * mu * Max(0, x(n))
_left = 2 * mu * Min(0, x(1))
_mean = PosteriorMean(*data, y)
_third = PosteriorThird(*data, y)
_curvature = Abs(ScoreCurvature(*data, y))
_rate = mu**3 / sigma**6
_DIRECTION: Final = {1: "up", -1: "down"}


@dataclass(frozen=True, kw_only=True)
class _Tail:
    """One of two mirror images: y beyond twice the last centre, or before twice the first.

    Attributes
    ----------
    name, tag
        In the names of claims; only those above are printed in the paper, and have no tag.
    sign
        1 above, -1 below.
    edge, opposite
        Index of the outermost datum on this side, and on the other.
    domain, where
        The region, as a domain of y for drawing and as the hypothesis.
    start
        Where the region begins.
    others
        All data but the outermost, as the range of a sum.
    decay
        The bound of one of their weights.
    near, far
        The claims that the mean is inside the outermost datum, and the opposite one.
    crowded
        Two points much closer than the noise, y at zero: the bound is 1, the weight 1/2.
    """

    name: str
    tag: str
    sign: int
    edge: Any
    opposite: Any
    domain: Mapping[Symbol, Domain]
    where: tuple[Relation, ...]
    start: Expr
    others: tuple[Symbol, Any, Any]
    decay: Expr
    near: str
    far: str
    crowded: Mapping[Symbol, object]

    @property
    def kind(self) -> Kind:
        """A step where the paper prints it."""
        return Kind.LEMMA if self.tag else Kind.STEP

    @property
    def indexed(self) -> Mapping[Symbol, Domain]:
        """The region with the index of one of the other data."""
        return {**self.domain, i: Integer(lo=self.others[1], hi=self.others[2])}

    @property
    def mass(self) -> Expr:
        """The weights of the other data together."""
        return Sum(weight(j), self.others)

    def spaced(self, **options: Any) -> From:
        """Take that datum i is as far off the outermost one as their indices say."""
        ends = {i: i, j: n} if self.sign > 0 else {i: 1, j: i}
        return From(claim="A.fact.distance", at=ends, **options)

    def printed(self, tex: str) -> str:
        """Return what the paper prints, on the side where it does."""
        return "" if self.tag else tex


_tiny = Fraction(1, 100)
_ABOVE: Final = _Tail(
    name="above",
    tag="",
    sign=1,
    edge=n,
    opposite=1,
    domain={**_sampled, y: Real(within=(_right, _right + 4 * sigma**2 / (mu * gap)))},
    where=(ge(y, _right),),
    start=_right,
    others=(j, 1, n - 1),
    decay=exp(-y * mu * gap / (2 * sigma**2)),
    near="A.fact.range.above",
    far="A.fact.range.below",
    crowded={
        mu: Fraction(1, 2),
        sigma: Fraction(9, 10),
        X: (-_tiny, Fraction(0)),
        y: Fraction(0),
    },
)
_BELOW: Final = _Tail(
    name="below",
    tag=".below",
    sign=-1,
    edge=1,
    opposite=n,
    domain={**_sampled, y: Real(within=(_left - 4 * sigma**2 / (mu * gap), _left))},
    where=(le(y, _left),),
    start=_left,
    others=(j, 2, n),
    decay=exp(y * mu * gap / (2 * sigma**2)),
    near="A.fact.range.below",
    far="A.fact.range.above",
    crowded={
        mu: Fraction(1, 2),
        sigma: Fraction(9, 10),
        X: (Fraction(0), _tiny),
        y: Fraction(0),
    },
)


def _tail_claims(tail: _Tail) -> tuple[Claim, ...]:
    """Return what is claimed beyond the outermost centre, in the paper's order."""
    return (
        _beyond_the_edge(tail),
        _beyond_zero(tail),
        _exponent(tail),
        _other_weight(tail),
        _other_mass(tail),
        _edge_cube(tail, 1),
        _edge_cube(tail, -1),
        _third_bound(tail),
        _curvature_bound(tail),
    )


def _beyond_the_edge(tail: _Tail) -> Claim:
    spare = tail.sign * (tail.start - 2 * mu * x(tail.edge))
    return Claim(
        id=f"A.lem12.edge.{tail.name}",
        kind=Kind.LEMMA,
        says="The region lies beyond twice the outermost centre.",
        source=place("Lemma 12, proof"),
        given=tail.domain,
        where=tail.where,
        lhs=tail.sign * y,
        rel=Rel.GE,
        rhs=tail.sign * 2 * mu * x(tail.edge),
        evidence=(Steps(branches=(Branch(parts=(From(hypothesis=0),), rest=spare),)), Search()),
        broken=(flip(), restate("three times", rhs=tail.sign * 3 * mu * x(tail.edge))),
    )


def _beyond_zero(tail: _Tail) -> Claim:
    spare = tail.sign * tail.start
    return Claim(
        id=f"A.lem12.edge.{tail.name}.zero",
        kind=Kind.LEMMA,
        says="The region does not cross zero.",
        source=place("Lemma 12, proof"),
        given=tail.domain,
        where=tail.where,
        lhs=tail.sign * y,
        rel=Rel.GE,
        rhs=0,
        evidence=(Steps(branches=(Branch(parts=(From(hypothesis=0),), rest=spare),)), Search()),
        broken=(flip(), restate("one", rhs=1)),
    )


def _exponent(tail: _Tail) -> Claim:
    sign, edge = tail.sign, tail.edge
    distance = sign * (x(edge) - x(i))
    between = sign * (edge - i) - 1
    return Claim(
        id=f"A.lem12.exponent.{tail.name}",
        kind=Kind.LEMMA,
        says="Beyond the outermost centre the exponents of the other data grow linearly.",
        source=place("eq. 21, proof"),
        given=tail.indexed,
        where=tail.where,
        lhs=distance * sign * (2 * y - mu * (x(edge) + x(i))),
        rel=Rel.GE,
        rhs=sign * y * gap,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            tail.spaced(weight=sign * y),
                            From(claim=f"A.lem12.edge.{tail.name}", weight=distance),
                        ),
                        rest=between * gap * sign * y + mu * distance**2,
                        because=(
                            tail.spaced(),
                            From(claim=f"A.lem12.edge.{tail.name}"),
                            From(claim=f"A.lem12.edge.{tail.name}.zero"),
                        ),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", 3), drop(0)),
    )


def _other_weight(tail: _Tail) -> Claim:
    edge = tail.edge
    exponent = ((y - mu * x(i)) ** 2 - (y - mu * x(edge)) ** 2) / (2 * sigma**2)
    rate = tail.sign * y * mu * gap / (2 * sigma**2)
    return Claim(
        id=f"A.lem12.P1{tail.tag}",
        kind=tail.kind,
        says="Beyond the outermost centre the other weights decay exponentially.",
        source=place("eq. 21"),
        given=tail.indexed,
        where=tail.where,
        lhs=weight(i),
        rel=Rel.LE,
        rhs=tail.decay,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.exponential",
                                at={y: rate, Symbol("z", real=True): exponent - rate},
                                because=(From(claim=f"A.lem12.exponent.{tail.name}"),),
                            ),
                            From(claim="A.fact.ratio", at={i: edge, j: i}, weight=-1),
                            From(claim="A.fact.weight", at={i: edge}, weight=exp(-exponent)),
                        )
                    ),
                )
            ),
            Search(also=({**tail.crowded, i: Fraction(tail.others[1])},)),
        ),
        broken=(scale("rhs", Rational(2, 5)), restate("rate doubled", rhs=tail.decay**2), drop(0)),
        printed=tail.printed(
            r"\alpha_i(y)\le e^{-y\mu\Delta/2\sigma^2}\quad(y\ge2\mu(x_n)_+,\ i\le n-1)"
        ),
    )


def _other_mass(tail: _Tail) -> Claim:
    each = From(claim=f"A.lem12.P1{tail.tag}", at={i: j}, over=tail.others, weight=1)
    return Claim(
        id=f"A.lem12.mass{tail.tag}",
        kind=Kind.LEMMA,
        says="Beyond the outermost centre the other weights together decay exponentially.",
        source=place("eq. 22, proof"),
        given=tail.domain,
        where=tail.where,
        lhs=tail.mass,
        rel=Rel.LE,
        rhs=(n - 1) * tail.decay,
        evidence=(Steps(branches=(Branch(parts=(each,)),)), Search(also=(tail.crowded,))),
        broken=(scale("rhs", Rational(1, 3)), drop(0)),
    )


def _edge_cube(tail: _Tail, sign: int) -> Claim:
    """Return: sign * (x_edge - M)^3 alpha_edge <= span^3 * (mass of the others)."""
    return Claim(
        id=f"A.lem12.edge_cube.{_DIRECTION[sign]}{tail.tag}",
        kind=Kind.LEMMA,
        says="The outermost point is close to the mean, so its cube is small.",
        source=place("eq. 22, proof"),
        given=tail.domain,
        lhs=sign * (x(tail.edge) - _mean) ** 3 * weight(tail.edge),
        rel=Rel.LE,
        rhs=span**3 * tail.mass,
        evidence=(Steps(branches=(_edge_cube_branch(tail, sign),)), Search()),
        broken=(flip(), restate("square of the mass", rhs=-(span**3) * tail.mass)),
    )


def _edge_cube_branch(tail: _Tail, sign: int) -> Branch:
    """Certify the bound of the outermost cube.

    With d = |x_edge - M| >= 0: the wrong sign is trivial; the right one follows from
    d = sum alpha_j |x_edge - x_j| <= span * mass, d <= span and alpha_edge <= 1.
    """
    d = tail.sign * (x(tail.edge) - _mean)
    reasons = (From(claim=tail.near), From(claim=tail.far), From(claim="A.fact.span"))
    if sign != tail.sign:
        return Branch(
            parts=(), rest=d**3 * weight(tail.edge) + span**3 * tail.mass, because=reasons
        )
    return Branch(
        parts=(
            # span^3 S - d^3 a = span^2 (span S - d) + d (span^2 - d^2) + d^3 (1 - a)
            From(claim=f"A.lem12.pull{tail.tag}", weight=span**2),
            From(claim=tail.far, weight=d * (span + d)),
            From(claim="A.fact.weight", at={i: tail.edge}, weight=d**3),
        ),
        because=reasons,
    )


def _third_bound(tail: _Tail) -> Claim:
    def branch(sign: int) -> Branch:
        """Certify sign * kappa_3 <= 2 (n - 1) span^3 decay."""
        up = _DIRECTION[sign]
        return Branch(
            parts=(
                From(claim="A.lem12.third", weight=-sign),
                From(claim=f"A.lem12.cube.{up}", at={i: j}, over=tail.others),
                From(claim=f"A.lem12.edge_cube.{up}{tail.tag}"),
                From(claim=f"A.lem12.mass{tail.tag}", weight=2 * span**3),
            ),
            because=(From(claim="A.fact.span"),),
        )

    bound = (n - 1) * tail.decay
    return Claim(
        id=f"A.lem12.third_bound{tail.tag}",
        kind=Kind.LEMMA,
        says="Beyond the outermost centre the third central moment decays exponentially.",
        source=place("eq. 22, proof"),
        given=tail.domain,
        where=tail.where,
        lhs=Abs(_third),
        rel=Rel.LE,
        rhs=2 * span**3 * bound,
        evidence=(Steps(branches=(branch(1), branch(-1))), Search()),
        broken=(
            scale("rhs", Rational(1, 100)),
            restate("rate doubled", rhs=span**3 * bound * tail.decay**3 / 10),
        ),
    )


def _curvature_bound(tail: _Tail) -> Claim:
    def branch(sign: int) -> Branch:
        return Branch(
            parts=(
                From(claim="A.lem11", weight=-sign),
                From(claim=f"A.lem12.third_bound{tail.tag}", weight=_rate),
            ),
            rest=_rate * (Abs(_third) - sign * _third),
        )

    return Claim(
        id=f"A.lem12.P2{tail.tag}",
        kind=tail.kind,
        says="Beyond the outermost centre the second derivative decays exponentially.",
        source=place("eq. 22"),
        given=tail.domain,
        where=tail.where,
        lhs=_curvature,
        rel=Rel.LE,
        rhs=_c * _rate * (n - 1) * span**3 * tail.decay,
        constant=Constant(_c, Rational(2), power_of_two=True),
        evidence=(Steps(branches=(branch(1), branch(-1))), Search()),
        broken=(scale("rhs", Rational(1, 100)), flip()),
        printed=tail.printed(
            r"|s^{\star\prime\prime}(y)|\le\tfrac{2\mu^3(n-1)(x_n-x_1)^3}{\sigma^6}"
            r"e^{-y\mu\Delta/2\sigma^2}"
        ),
    )


def _pull(tail: _Tail) -> Claim:
    """Return: |x_edge - M| <= span * (mass of the others)."""
    return Claim(
        id=f"A.lem12.pull{tail.tag}",
        kind=Kind.LEMMA,
        says="The mean is off the outermost point by at most the span times the other mass.",
        source=place("eq. 22, proof"),
        given=tail.domain,
        lhs=tail.sign * (x(tail.edge) - _mean),
        rel=Rel.LE,
        rhs=span * tail.mass,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.mean", weight=tail.sign),
                            From(claim="A.fact.total", weight=tail.sign * x(tail.edge)),
                            From(
                                claim=f"A.fact.{tail.name}",
                                at={i: tail.opposite},
                                over=tail.others,
                            ),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 2)), flip()),
    )


def _cube(sign: int) -> Claim:
    """Return: sign * (x_i - M)^3 alpha_i <= span^3 alpha_i."""
    w = sign * (x(i) - _mean)
    reasons = (
        From(claim="A.fact.range.above"),
        From(claim="A.fact.range.below"),
        From(claim="A.fact.distance", at={i: 1, j: i}),
        From(claim="A.fact.distance", at={i: i, j: n}),
    )
    ends = (
        (
            From(claim="A.fact.range.below", weight=weight(i)),
            From(claim="A.fact.distance", at={i: i, j: n}, weight=weight(i)),
        )
        if sign > 0
        else (
            From(claim="A.fact.range.above", weight=weight(i)),
            From(claim="A.fact.distance", at={i: 1, j: i}, weight=weight(i)),
        )
    )
    factor = (span + w / 2) ** 2 + Rational(3, 4) * w**2
    spare = (n - i) if sign > 0 else (i - 1)
    parts = tuple(From(claim=p.claim, at=p.at, weight=p.weight * factor) for p in ends)
    return Claim(
        id=f"A.lem12.cube.{_DIRECTION[sign]}",
        kind=Kind.LEMMA,
        says="A cubed deviation from the mean is at most the cubed span.",
        source=place("eq. 22, proof"),
        given={**_sampled, y: Real(within=(_left, _right)), i: Integer(lo=1, hi=n)},
        lhs=sign * (x(i) - _mean) ** 3 * weight(i),
        rel=Rel.LE,
        rhs=span**3 * weight(i),
        evidence=(
            Steps(
                branches=(
                    Branch(parts=parts, rest=spare * gap * factor * weight(i), because=reasons),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 10)), flip()),
    )


_everywhere = {**_sampled, y: Real(within=(_left, _right))}


def _crude(sign: int) -> Branch:
    return Branch(
        parts=(
            From(claim="A.lem11", weight=-sign),
            From(claim="A.lem12.third", weight=-sign * _rate),
            From(
                claim=f"A.lem12.cube.{_DIRECTION[sign]}",
                at={i: j},
                over=(j, 1, n),
                weight=_rate,
            ),
            From(claim="A.fact.total", weight=-_rate * span**3),
        ),
    )


_amplitude_value = 8 * span**3 * (Max(0, x(n)) - Min(0, x(1)) + 2 * (n - 1) / gap)


def amplitude() -> Expr:
    """Return C_n of the paper: an explicit bound of 2 sigma^6 int |s*''|, at least one."""
    return Max(1, _amplitude_value)


_pieces = {mu: MU, sigma: SIGMA, X: Sample(draw_size=3, spacing=2 * sigma / mu)}
_slow = Search(examples=3, hypothesis_examples=0, bits=64)
_tail_bound = 4 * mu**2 * (n - 1) * span**3 / (sigma**4 * gap)
_lemma12 = (
    4
    * mu**2
    * span**3
    / sigma**6
    * (mu**2 * (Max(0, x(n)) - Min(0, x(1))) + 2 * (n - 1) * sigma**2 / gap)
)
_variation_left = ScoreVariationLeft(*data, _left)
_variation_middle = ScoreVariationOn(*data, _left, _right)
_variation_right = ScoreVariationRight(*data, _right)
_middle_bound = 4 * mu**4 * span**3 * (Max(0, x(n)) - Min(0, x(1))) / sigma**6
_one_sided = {
    side: {mu: Fraction(1, 2), sigma: Fraction(1, 4), X: (first, first + 1)}
    for side, first in (("right", Fraction(-1)), ("left", Fraction(0)))
}
"""The outermost centre at zero, where a tail begins: the tails are as large as they get."""

CLAIMS: Final = (
    Claim(
        id="A.lem12.third",
        kind=Kind.LEMMA,
        says="The third central moment is a weighted sum of cubes.",
        source=place("Lemma 12, proof"),
        given=_everywhere,
        lhs=_third,
        rel=Rel.EQ,
        rhs=Sum((x(j) - _mean) ** 3 * weight(j), (j, 1, n)),
        evidence=(Symbolic(recipe="tilting", sizes=(2, 3, 4), formal=True), Search()),
        broken=(scale("rhs", Rational(101, 100)), scale("rhs", -1, "opposite sign")),
    ),
    _cube(1),
    _cube(-1),
    _pull(_ABOVE),
    _pull(_BELOW),
    *_tail_claims(_ABOVE),
    *_tail_claims(_BELOW),
    Claim(
        id="A.lem12.crude",
        kind=Kind.LEMMA,
        says="Everywhere the second derivative is at most mu^3 span^3/sigma^6.",
        source=place("Lemma 12, proof"),
        given=_everywhere,
        lhs=_curvature,
        rel=Rel.LE,
        rhs=_rate * span**3,
        evidence=(Steps(branches=(_crude(1), _crude(-1))), Search()),
        broken=(scale("rhs", Rational(1, 15)), flip()),
    ),
    Claim(
        id="A.lem12.P3",
        kind=Kind.STEP,
        says="The variation splits into a middle part and two tails.",
        source=place("eq. 23"),
        given=_pieces,
        lhs=ScoreVariation(*data),
        rel=Rel.EQ,
        rhs=_variation_left + _variation_middle + _variation_right,
        evidence=(
            Steps(
                branches=(Branch(),),
                unfold=(ScoreVariation, ScoreVariationOn, ScoreVariationLeft, ScoreVariationRight),
            ),
            _slow,
        ),
        steps=("A.lem12.P3.middle", "A.lem12.P3.right", "A.lem12.P3.left"),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("no left tail", rhs=_variation_middle + _variation_right),
        ),
        printed=r"\int|s^{\star\prime\prime}|=\int_{2\mu(x_1)_-}^{2\mu(x_n)_+}"
        r"+\int_{2\mu(x_n)_+}^\infty+\int_{-\infty}^{2\mu(x_1)_-}",
    ),
    Claim(
        id="A.lem12.P3.middle",
        kind=Kind.STEP,
        says="The middle part is at most its length times the largest second derivative.",
        source=place("eq. 23"),
        given=_pieces,
        lhs=_variation_middle,
        rel=Rel.LE,
        rhs=_c * _middle_bound / 4,
        constant=Constant(_c, Rational(4), power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.lem12.crude", at={y: _v}, along=(_v, _left, _right)),),
                        rest=_middle_bound / 2,
                        because=(From(claim="A.fact.span"),),
                    ),
                ),
                unfold=(ScoreVariationOn,),
            ),
            _slow,
        ),
        broken=(scale("rhs", Rational(1, 2000)), flip()),
        printed=r"\text{middle}\le\tfrac{4\mu^4(x_n-x_1)^3((x_n)_+-(x_1)_-)}{\sigma^6}",
    ),
    *(
        Claim(
            id=f"A.lem12.P3.{side}",
            kind=Kind.STEP,
            says=f"The {side} tail of the variation is finite.",
            source=place("eq. 23"),
            given=_pieces,
            lhs=part,
            rel=Rel.LE,
            rhs=_c * _tail_bound / 4,
            constant=Constant(_c, Rational(4), power_of_two=True),
            evidence=(
                Steps(
                    branches=(
                        Branch(
                            parts=(
                                From(claim=pointwise, at={y: _v}, along=along),
                                From(
                                    claim="A.fact.exponential",
                                    at={y: 0, Symbol("z", real=True): depth},
                                    weight=_tail_bound,
                                    because=(From(claim="A.fact.span"),),
                                ),
                            ),
                            because=(From(claim="A.fact.span"),),
                        ),
                    ),
                    unfold=(ScoreVariationLeft, ScoreVariationRight),
                ),
                Search(examples=3, hypothesis_examples=0, bits=64, also=(_one_sided[side],)),
            ),
            broken=(scale("rhs", Rational(1, 100)), flip()),
            printed=r"\text{each tail}\le\tfrac{4\mu^2(n-1)(x_n-x_1)^3}{\sigma^4\Delta}",
        )
        for side, part, pointwise, along, depth in (
            (
                "right",
                _variation_right,
                "A.lem12.P2",
                (_v, _right, oo),
                mu**2 * Max(0, x(n)) * gap / sigma**2,
            ),
            (
                "left",
                _variation_left,
                "A.lem12.P2.below",
                (_v, -oo, _left),
                -(mu**2) * Min(0, x(1)) * gap / sigma**2,
            ),
        )
    ),
    Claim(
        id="A.lem12",
        says="The total variation of the slope of the optimal score is finite, explicitly.",
        source=place("Lemma 12"),
        given=_pieces,
        lhs=ScoreVariation(*data),
        rel=Rel.LE,
        rhs=_c * _lemma12 / 4,
        constant=Constant(_c, Rational(4), power_of_two=True),
        steps=("A.lem12.P1", "A.lem12.P2", "A.lem12.P3"),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.lem12.P3", weight=-1),
                            From(claim="A.lem12.P3.middle"),
                            From(claim="A.lem12.P3.right"),
                            From(claim="A.lem12.P3.left"),
                        )
                    ),
                )
            ),
            _slow,
        ),
        broken=(
            scale("rhs", Rational(1, 2000)),
            restate("sigma^4", rhs=_lemma12 * sigma**2 / 2000),
        ),
        printed=r"\int|s^{\star\prime\prime}|dy\le\tfrac{4\mu^2(x_n-x_1)^3}{\sigma^6}"
        r"\Big(\mu^2((x_n)_+-(x_1)_-)+\tfrac{2(n-1)\sigma^2}{\Delta}\Big)",
    ),
    Claim(
        id="A.lem12.amplitude",
        kind=Kind.STEP,
        says="The bound is C_n/2 sigma^6 with an explicit C_n that is at least one.",
        source=place("Lemma 12"),
        given=_pieces,
        lhs=_lemma12,
        rel=Rel.LE,
        rhs=amplitude() / (2 * sigma**6),
        uses=("A.lem12",),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        rest=(amplitude() - _amplitude_value) / (2 * sigma**6)
                        + 4 * span**3 / sigma**6 * (Max(0, x(n)) - Min(0, x(1))) * (1 - mu**4)
                        + 8
                        * span**3
                        * (n - 1)
                        / (gap * sigma**6)
                        * ((1 - mu**2) + mu**2 * (1 - sigma**2)),
                        because=(From(claim="A.fact.span"),),
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(1, 100)), flip()),
        printed=r"\dots\le\tfrac{C_n}{2\sigma^6}",
        note="The paper does not print C_n; this is what its bound gives for mu, sigma < 1.",
    ),
)
