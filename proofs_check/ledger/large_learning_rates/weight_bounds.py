"""Paper A, Proposition 9: the weight function between its bounds, gap by gap."""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Max, Min, Rational, Sum, Symbol, erf, exp, sqrt

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, le
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import (
    Branch,
    Enclosure,
    From,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.ledger.large_learning_rates.irregularity import factor, least_factor
from proofs_check.ledger.large_learning_rates.setting import (
    MU,
    SAMPLE,
    SIGMA,
    X,
    data,
    decay,
    gap,
    i,
    j,
    k,
    mu,
    n,
    place,
    sigma,
    span,
    x,
    y,
)
from proofs_check.quantities.weight_function import (
    GapMean,
    LeftLine,
    RightLine,
    WeightFunction,
    left_line,
    noise_density,
    right_line,
)
from theory.symbols import z

__all__ = ["CLAIMS"]

_half = Fraction(1, 2)
_a = Symbol("a", nonnegative=True)
_b = Symbol("b", nonnegative=True)
_c = Symbol("c", positive=True)
_h = Symbol("h", nonnegative=True)
_v = Symbol("v", real=True)
_N = Symbol("N", integer=True, positive=True)

_gap_of = {X: Sample(), i: Integer(lo=1, hi=n - 1)}
_at_place = {mu: MU, **_gap_of}
_left_end, _right_end = mu * x(i), mu * x(i + 1)
_in_gap = Real(within=(_left_end, _right_end))
_noisy = {mu: MU, sigma: SIGMA, X: SAMPLE, i: Integer(lo=1, hi=n - 1), y: _in_gap}
_slipped = {
    mu: _half,
    sigma: Fraction(1, 100),
    X: (Fraction(0), Fraction(1), Fraction(2)),
    i: Fraction(2),
    y: Fraction(1),
}
_few = Search(also=(_slipped,), examples=40, hypothesis_examples=0, bits=128)


def mass(point: Any, lower: Any, upper: Any) -> Expr:
    """Return the probability that N(point, sigma^2) lies between two numbers."""
    ends = (erf(sqrt(2) * (end - point) / (2 * sigma)) for end in (upper, lower))
    above, below = ends
    return (above - below) / 2


_printed_least = Min(factor(i), (n - i) ** 2 * (n - i + 1) / 2)
_bracket = Rational(1, 2) - decay(2)
_sharp_bracket = (1 - decay(2)) / 2


_stay = erf(_h / sqrt(2)) / 2

STAY: Final = (
    Claim(
        id="A.prop9a.P2",
        kind=Kind.STEP,
        says="Noise stays in an interval around its centre with least probability at an end.",
        source=place("Proposition 9, proof"),
        given={_a: Real(lo=0), _b: Real(lo=0)},
        lhs=erf(_a / sqrt(2)) / 2 + erf(_b / sqrt(2)) / 2,
        rel=Rel.GE,
        rhs=erf((_a + _b) / sqrt(2)) / 2,
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(101, 100)), flip()),
        printed=r"P(\mu(x_i-x)<\sigma z<\mu(x_{i+1}-x))\ge P(0<\sigma z<\mu(x_{i+1}-x_i))",
        note="a = mu (x - x_i)/sigma and b = mu (x_(i+1) - x)/sigma.",
    ),
    Claim(
        id="A.prop9a.P2.tail",
        kind=Kind.STEP,
        says="Half-line noise exceeds h with probability at most exp(-h^2/2).",
        source=place("Proposition 9, proof"),
        given={_h: Real(lo=0)},
        lhs=_stay,
        rel=Rel.GE,
        rhs=Rational(1, 2) - _c * exp(-(_h**2) / 2),
        constant=Constant(_c, Rational(1), larger_is_weaker=True, power_of_two=True),
        evidence=(
            Enclosure(margin=_stay - Rational(1, 2) + exp(-(_h**2) / 2)),
            Search(),
        ),
        broken=(
            restate("constant 2/5", rhs=Rational(1, 2) - Rational(2, 5) * exp(-(_h**2) / 2)),
            restate("faster decay", rhs=Rational(1, 2) - exp(-(_h**2))),
        ),
        printed=r"P(0<\sigma z<\mu(x_{i+1}-x_i))\ge\tfrac12-e^{-\mu^2(x_{i+1}-x_i)^2/2\sigma^2}",
    ),
    Claim(
        id="A.prop9a.P2.sharp",
        kind=Kind.DERIVED,
        says="Half-line noise exceeds h with probability at most exp(-h^2/2)/2.",
        source=place("Proposition 9, proof, sharpened"),
        given={_h: Real(lo=0)},
        lhs=_stay,
        rel=Rel.GE,
        rhs=Rational(1, 2) - exp(-(_h**2) / 2) / 2,
        evidence=(
            Enclosure(margin=_stay - Rational(1, 2) + exp(-(_h**2) / 2) / 2),
            Search(),
        ),
        broken=(
            restate("constant 2/5", rhs=Rational(1, 2) - Rational(2, 5) * exp(-(_h**2) / 2)),
            restate("faster decay", rhs=Rational(1, 2) - exp(-(_h**2)) / 2),
        ),
    ),
)

SUMS: Final = (
    Claim(
        id="A.prop9a.P3",
        kind=Kind.STEP,
        says="The distances to the points below add up to at least i (i - 1)/2 spacings.",
        source=place("Proposition 9, proof"),
        given={X: Sample(), i: Integer(lo=1, hi=n)},
        lhs=Sum(x(i) - x(j), (j, 1, i - 1)),
        rel=Rel.GE,
        rhs=i * (i - 1) * gap / 2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.distance", at={i: j, j: i}, over=(j, 1, i - 1)),
                            From(claim="A.fact.triangle.strict", weight=gap),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), restate("one more", rhs=i * (i + 1) * gap / 2)),
        printed=r"\sum_{i'<i}(x_i-x_{i'})\ge\tfrac{i(i-1)}2\Delta",
    ),
    Claim(
        id="A.fact.triangle.strict",
        kind=Kind.LEMMA,
        says="The distances from i to the smaller numbers add up to i (i - 1)/2.",
        source=place("used without statement"),
        given={i: Integer(lo=1)},
        lhs=Sum(i - j, (j, 1, i - 1)),
        rel=Rel.EQ,
        rhs=i * (i - 1) / 2,
        evidence=(Symbolic(recipe="sums"),),
        broken=(scale("rhs", Rational(101, 100)), restate("one more", rhs=i * (i + 1) / 2)),
    ),
    Claim(
        id="A.fact.triangle.beyond",
        kind=Kind.LEMMA,
        says="The distances from i to the larger numbers add up to (n - i)(n - i + 1)/2.",
        source=place("used without statement"),
        given={i: Integer(lo=1), _N: Integer(lo=1)},
        where=(ge(_N, i),),
        lhs=Sum(j - i, (j, i + 1, _N)),
        rel=Rel.EQ,
        rhs=(_N - i) * (_N - i + 1) / 2,
        evidence=(Symbolic(recipe="sums"),),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("one less", rhs=(_N - i) * (_N - i - 1) / 2),
        ),
    ),
    Claim(
        id="A.prop9a.P3.above",
        kind=Kind.STEP,
        says="The distances to the points above add up to at least (n - i)(n - i + 1)/2 spacings.",
        source=place("Proposition 9, proof"),
        given={X: Sample(), i: Integer(lo=1, hi=n)},
        lhs=Sum(x(j) - x(i), (j, i + 1, n)),
        rel=Rel.GE,
        rhs=(n - i) * (n - i + 1) * gap / 2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.distance", over=(j, i + 1, n)),
                            From(claim="A.fact.triangle.beyond", at={_N: n}, weight=gap),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("from x_(i+1)", lhs=Sum(x(j) - x(i + 1), (j, i + 1, n))),
        ),
        printed=r"\sum_{i'>i}(x_{i'}-x_i)\ge\tfrac{(n-i)(n-i+1)}2\Delta",
        note="True, but not the sum that the bound of pi^+ delivers: that one starts at x_(i+1).",
    ),
)

_inside = (ge(y, _left_end), le(y, _right_end))
_whole_mass = mass(y, _left_end, _right_end)
_base = mu * gap / n**2
_rate = mu**2 / (2 * sigma**2)
_first = From(claim="A.fact.distance", at={i: 1, j: i})
_last = From(claim="A.fact.distance", at={i: i + 1, j: n})

WEIGHT: Final = (
    Claim(
        id="A.prop9a.gap",
        kind=Kind.LEMMA,
        says="The part of pi from one gap is at least the least line there times the gap's mass.",
        source=place("Proposition 9 (i), proof"),
        given={**_noisy, y: Real(near=(mu * x(i),))},
        lhs=GapMean(*data, y, i),
        rel=Rel.GE,
        rhs=_base * least_factor(i) * _whole_mass,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.prop9a.smaller",
                                at={z: y - _v},
                                along=(_v, y - _right_end, y - _left_end),
                                times=noise_density(sigma, _v),
                            ),
                        ),
                        because=(From(claim="A.fact.gap"),),
                    ),
                ),
                unfold=(GapMean,),
            ),
            _few,
        ),
        broken=(
            restate("three times as much", rhs=3 * _base * least_factor(i) * _whole_mass),
            restate("as printed in 9a", rhs=_base * _printed_least * _whole_mass),
        ),
    ),
    Claim(
        id="A.prop9a.sharp",
        kind=Kind.DERIVED,
        says="pi is bounded below in each gap, with the usual Gaussian tail.",
        source=place("Proposition 9 (i), amended and sharpened"),
        given=_noisy,
        where=_inside,
        lhs=WeightFunction(*data, y),
        rel=Rel.GE,
        rhs=_base * least_factor(i) * _sharp_bracket,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.weight.inside", because=(_first, _last)),
                            From(claim="A.prop9a.gap"),
                            From(
                                claim="A.prop9a.P2",
                                at={_a: (y - _left_end) / sigma, _b: (_right_end - y) / sigma},
                                weight=_base * least_factor(i),
                            ),
                            From(
                                claim="A.prop9a.P2.sharp",
                                at={_h: mu * (x(i + 1) - x(i)) / sigma},
                                weight=_base * least_factor(i),
                                because=(From(claim="A.fact.gap"),),
                            ),
                            From(
                                claim="A.fact.exponential",
                                at={
                                    y: _rate * gap**2,
                                    z: _rate * ((x(i + 1) - x(i)) ** 2 - gap**2),
                                },
                                weight=_base * least_factor(i) / 2,
                                because=(From(claim="A.fact.gap"),),
                            ),
                        ),
                        rest=Sum(GapMean(*data, y, k), (k, 1, i - 1))
                        + Sum(GapMean(*data, y, k), (k, i + 1, n - 1)),
                    ),
                )
            ),
            _few,
        ),
        broken=(
            restate("three times as much", rhs=3 * _base * least_factor(i) * _sharp_bracket),
            restate("as printed in 9a", rhs=_base * _printed_least * _sharp_bracket),
            drop(0, name="left of the gap too"),
        ),
    ),
    Claim(
        id="A.prop9a",
        says="pi is bounded below in each gap by the position of the gap among the data.",
        source=place("Proposition 9 (i)"),
        given=_noisy,
        where=_inside,
        lhs=WeightFunction(*data, y),
        rel=Rel.GE,
        rhs=mu / n**2 * _bracket * _printed_least * gap,
        steps=(
            "A.prop9a.P1",
            "A.prop9a.P1.above",
            "A.prop9a.P2",
            "A.prop9a.P2.tail",
            "A.prop9a.P3",
            "A.prop9a.P3.above",
        ),
        evidence=(_few,),
        broken=(
            scale("rhs", 3),
            restate("no bracket", rhs=mu / n**2 * _printed_least * gap),
        ),
        printed=r"\pi(y)\ge\tfrac\mu{n^2}\Big(\tfrac12-e^{-\mu^2\Delta^2/2\sigma^2}\Big)"
        r"\min\Big\{\tfrac{i^2(i-1)}2,\tfrac{(n-i)^2(n-i+1)}2\Big\}\Delta,"
        r"\quad y\in[\mu x_i,\mu x_{i+1}]",
        note="An index slip: P1 sums the distances from x_(i+1), which gives n - i - 1.",
    ),
    Claim(
        id="A.prop9a.amended",
        kind=Kind.AMENDED,
        amends="A.prop9a",
        says="pi is bounded below in each gap by the position of the gap among the data.",
        source=place("Proposition 9 (i), with (n - i)^2 (n - i - 1)"),
        given=_noisy,
        where=_inside,
        lhs=WeightFunction(*data, y),
        rel=Rel.GE,
        rhs=mu / n**2 * _bracket * least_factor(i) * gap,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.prop9a.sharp"),),
                        rest=_base * least_factor(i) * decay(2) / 2,
                    ),
                )
            ),
            _few,
        ),
        broken=(
            scale("rhs", 4),
            restate("as printed", rhs=mu / n**2 * _bracket * _printed_least * gap),
        ),
        printed=r"\pi(y)\ge\tfrac\mu{n^2}\Big(\tfrac12-e^{-\mu^2\Delta^2/2\sigma^2}\Big)"
        r"\min\Big\{\tfrac{i^2(i-1)}2,\tfrac{(n-i)^2(n-i-1)}2\Big\}\Delta",
    ),
)

_share = mu * span
_rising, _falling = left_line(X, mu, z, i), right_line(X, mu, z, i)
_smaller = Min(LeftLine(X, mu, z, i), RightLine(X, mu, z, i))
_above = n - i
_squares = i**2 + _above**2
_central = {
    mu: _half,
    sigma: Fraction(1, 100),
    X: (Fraction(0), Fraction(1)),
    i: Fraction(1),
    y: Fraction(1, 4),
    z: Fraction(1, 4),
}
"""Two points and the middle between them, where pi is an eighth of the span."""
_few_above = Search(also=(_central,), examples=40, hypothesis_examples=0, bits=128)
_mean_part = GapMean(*data, y, i)
_anywhere = Real(within=(mu * x(1), mu * x(n)))

ABOVE: Final = (
    Claim(
        id="A.fact.order",
        kind=Kind.LEMMA,
        says="The points are in order.",
        source=place("used without statement"),
        given={X: Sample(), i: Integer(lo=1, hi=n), j: Integer(lo=i, hi=n)},
        lhs=x(j) - x(i),
        rel=Rel.GE,
        rhs=0,
        evidence=(
            Steps(branches=(Branch(parts=(From(claim="A.fact.distance"),), rest=(j - i) * gap),)),
            Search(),
        ),
        broken=(flip(), restate("strictly by a spacing", rhs=gap)),
    ),
    Claim(
        id="A.fact.least",
        kind=Kind.LEMMA,
        says="The smaller of two numbers is at most the first.",
        source=place("used without statement"),
        given={y: reals, z: reals},
        lhs=Min(y, z),
        rel=Rel.LE,
        rhs=y,
        evidence=(Steps(branches=(Branch(rest=y - Min(y, z)),)), Search()),
        broken=(flip(), restate("the larger", lhs=Max(y, z))),
    ),
    Claim(
        id="A.prop9b.smaller",
        kind=Kind.LEMMA,
        says="In a gap the smaller line is at most an eighth of the span of the centres.",
        source=place("Proposition 9 (ii), sharpened"),
        given={**_at_place, z: _in_gap},
        lhs=_smaller,
        rel=Rel.LE,
        rhs=_share / 8,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.fact.least",
                                at={y: _rising, z: _falling},
                                weight=_above**2 / _squares,
                            ),
                            From(
                                claim="A.fact.least",
                                at={y: _falling, z: _rising},
                                weight=i**2 / _squares,
                            ),
                            From(
                                claim="A.fact.order",
                                at={i: 1, j: j},
                                over=(j, 1, i),
                                weight=mu * i / n**2 * _above**2 / _squares,
                            ),
                            From(
                                claim="A.fact.order",
                                at={i: j, j: n},
                                over=(j, i + 1, n),
                                weight=mu * _above / n**2 * i**2 / _squares,
                            ),
                        ),
                        rest=mu
                        * span
                        * (i - _above) ** 2
                        * (_squares + 4 * i * _above)
                        / (8 * n**2 * _squares),
                        because=(From(claim="A.fact.distance", at={i: 1, j: n}),),
                    ),
                ),
                unfold=(LeftLine, RightLine),
            ),
            Search(also=(_central,)),
        ),
        broken=(scale("rhs", Rational(99, 100)), flip()),
    ),
    Claim(
        id="A.prop9b.gap",
        kind=Kind.LEMMA,
        says="The part of pi from one gap is at most an eighth of the span times the gap's mass.",
        source=place("Proposition 9 (ii), proof"),
        given={**_noisy, y: Real(near=(mu * x(i),))},
        lhs=_mean_part,
        rel=Rel.LE,
        rhs=_share / 8 * _whole_mass,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(
                                claim="A.prop9b.smaller",
                                at={z: y - _v},
                                along=(_v, y - _right_end, y - _left_end),
                                times=noise_density(sigma, _v),
                            ),
                        ),
                        because=(From(claim="A.fact.gap"),),
                    ),
                ),
                unfold=(GapMean,),
            ),
            _few_above,
        ),
        broken=(scale("rhs", Rational(9, 10)), flip()),
    ),
    Claim(
        id="A.fact.erf",
        kind=Kind.LEMMA,
        says="The error function lies between -1 and 1.",
        source=place("used without statement"),
        given={z: reals},
        lhs=erf(z),
        rel=Rel.LE,
        rhs=1,
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(9, 10)), flip()),
    ),
    Claim(
        id="A.prop9b.sharp",
        kind=Kind.DERIVED,
        says="pi is at most an eighth of the span of the centres, everywhere.",
        source=place("Proposition 9 (ii), sharpened"),
        given={mu: MU, sigma: SIGMA, X: SAMPLE, y: _anywhere},
        lhs=WeightFunction(*data, y),
        rel=Rel.LE,
        rhs=_c * _share,
        constant=Constant(_c, Rational(1, 8), larger_is_weaker=True, power_of_two=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.fact.weight.anywhere"),
                            From(claim="A.prop9b.gap", at={i: k}, over=(k, 1, n - 1)),
                            From(
                                claim="A.fact.erf",
                                at={z: sqrt(2) * (mu * x(n) - y) / (2 * sigma)},
                                weight=_share / 16,
                            ),
                            From(
                                claim="A.fact.erf",
                                at={z: sqrt(2) * (y - mu * x(1)) / (2 * sigma)},
                                weight=_share / 16,
                            ),
                        ),
                        because=(From(claim="A.fact.distance", at={i: 1, j: n}),),
                    ),
                )
            ),
            _few_above,
        ),
        broken=(
            scale("rhs", Rational(9, 10)),
            restate("the least spacing for the span", rhs=_c * mu * gap / 2),
        ),
        note="Attained by two points as the noise vanishes, in the middle between them.",
    ),
    Claim(
        id="A.prop9b",
        says="pi is at most the span of the centres, everywhere.",
        source=place("Proposition 9 (ii)"),
        given={mu: MU, sigma: SIGMA, X: SAMPLE, y: _anywhere},
        lhs=WeightFunction(*data, y),
        rel=Rel.LE,
        rhs=_c * _share,
        constant=Constant(_c, Rational(1), larger_is_weaker=True),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(From(claim="A.prop9b.sharp"),),
                        rest=Rational(7, 8) * _share,
                        because=(From(claim="A.fact.distance", at={i: 1, j: n}),),
                    ),
                )
            ),
            _few_above,
        ),
        broken=(
            scale("rhs", Rational(1, 9)),
            restate("the least spacing for the span", rhs=_c * mu * gap / 9),
        ),
        printed=r"\pi(y)\le\mu(x_n-x_1)",
    ),
)

CLAIMS: Final = (*STAY, *SUMS, *WEIGHT, *ABOVE)
