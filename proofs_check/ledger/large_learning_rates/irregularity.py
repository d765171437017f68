"""Paper A, Proposition 9: bounds of the weight function.

Between two neighbouring centres pi^- and pi^+ are straight lines, and pi is a sum over gaps of the
Gaussian mean of the smaller one. Every bound below is shown gap by gap for samples of any size.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Max, Min, Rational, Sum, Symbol, erf, exp, sqrt

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Constant, Kind, Rel, ge, gt, le, lt
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import (
    Branch,
    Definition,
    Enclosure,
    From,
    Search,
    Steps,
    Symbolic,
)
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
    LeftWeight,
    RightLine,
    RightWeight,
    WeightFunction,
    left_line,
    noise_density,
)
from theory.symbols import z

__all__ = ["CLAIMS", "factor", "least_factor", "mass"]

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
_lower = Sum(x(i) - x(j), (j, 1, i))
_upper = Sum(x(j) - x(i + 1), (j, i + 1, n))
_slipped = {
    mu: _half,
    sigma: Fraction(1, 100),
    X: (Fraction(0), Fraction(1), Fraction(2)),
    i: Fraction(2),
    y: Fraction(1),
}
_few = Search(also=(_slipped,), examples=40, hypothesis_examples=0, bits=128)


def factor(count: Expr) -> Expr:
    """Return count^2 (count - 1) / 2."""
    value: Expr = count**2 * (count - 1) / 2
    return value


def least_factor(index: Any) -> Expr:
    """Return the smaller of the two factors of a gap, as the lines deliver them."""
    return Min(factor(index), factor(n - index))


def mass(point: Any, lower: Any, upper: Any) -> Expr:
    """Return the probability that N(point, sigma^2) lies between two numbers."""
    ends = (erf(sqrt(2) * (end - point) / (2 * sigma)) for end in (upper, lower))
    above, below = ends
    return (above - below) / 2


_printed_least = Min(factor(i), (n - i) ** 2 * (n - i + 1) / 2)
_bracket = Rational(1, 2) - decay(2)
_sharp_bracket = (1 - decay(2)) / 2

FACTS: Final = (
    Claim(
        id="A.fact.triangle",
        kind=Kind.LEMMA,
        says="The numbers below i add up to i (i - 1)/2.",
        source=place("used without statement"),
        given={i: Integer(lo=1)},
        lhs=Sum(i - j, (j, 1, i)),
        rel=Rel.EQ,
        rhs=i * (i - 1) / 2,
        evidence=(Symbolic(recipe="sums"),),
        broken=(scale("rhs", Rational(101, 100)), restate("one more", rhs=i * (i + 1) / 2)),
    ),
    Claim(
        id="A.fact.triangle.above",
        kind=Kind.LEMMA,
        says="The distances from i + 1 to the larger numbers add up to (n - i)(n - i - 1)/2.",
        source=place("used without statement"),
        given={i: Integer(lo=1), _N: Integer(lo=1)},
        where=(ge(_N, i),),
        lhs=Sum(j - i - 1, (j, i + 1, _N)),
        rel=Rel.EQ,
        rhs=(_N - i) * (_N - i - 1) / 2,
        evidence=(Symbolic(recipe="sums"),),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("one more", rhs=(_N - i) * (_N - i + 1) / 2),
        ),
    ),
    Claim(
        id="A.fact.left",
        kind=Kind.LEMMA,
        says="Between two centres pi^- is a straight line, at the right end too.",
        source=place("section 3, definition of pi"),
        given={**_at_place, z: _in_gap},
        where=(gt(z, _left_end), le(z, _right_end)),
        lhs=LeftWeight(X, mu, z),
        rel=Rel.EQ,
        rhs=LeftLine(X, mu, z, i),
        evidence=(Definition(of=LeftWeight),),
        broken=(drop(0, name="at the left end too"), scale("rhs", Rational(101, 100))),
    ),
    Claim(
        id="A.fact.right",
        kind=Kind.LEMMA,
        says="Between two centres pi^+ is a straight line, at the left end too.",
        source=place("section 3, definition of pi"),
        given={**_at_place, z: _in_gap},
        where=(ge(z, _left_end), lt(z, _right_end)),
        lhs=RightWeight(X, mu, z),
        rel=Rel.EQ,
        rhs=RightLine(X, mu, z, i),
        evidence=(Definition(of=RightWeight),),
        broken=(drop(1, name="at the right end too"), scale("rhs", Rational(101, 100))),
    ),
    Claim(
        id="A.fact.weight.inside",
        kind=Kind.LEMMA,
        says="Within the data pi is the sum over gaps of the mean of the smaller line.",
        source=place("section 3, definition of pi"),
        given={mu: MU, sigma: SIGMA, X: SAMPLE, y: Real(within=(mu * x(1), mu * x(n)))},
        where=(ge(y, mu * x(1)), le(y, mu * x(n))),
        lhs=WeightFunction(*data, y),
        rel=Rel.EQ,
        rhs=Sum(GapMean(*data, y, j), (j, 1, n - 1)),
        evidence=(Definition(of=WeightFunction),),
        broken=(drop(0, name="left of the data too"), scale("rhs", Rational(101, 100))),
    ),
    Claim(
        id="A.fact.weight.anywhere",
        kind=Kind.LEMMA,
        says="Anywhere pi is at most that sum, because it is zero outside of the data.",
        source=place("section 3, definition of pi"),
        given={mu: MU, sigma: SIGMA, X: SAMPLE, y: Real(within=(mu * x(1), mu * x(n)))},
        lhs=WeightFunction(*data, y),
        rel=Rel.LE,
        rhs=Sum(GapMean(*data, y, j), (j, 1, n - 1)),
        evidence=(Definition(of=WeightFunction),),
        broken=(scale("rhs", Rational(99, 100)), flip()),
    ),
)

_spaced_left = From(claim="A.fact.distance", at={i: j, j: i}, over=(j, 1, i))
_spaced_right = From(claim="A.fact.distance", at={i: i + 1, j: j}, over=(j, i + 1, n))

LINES: Final = (
    Claim(
        id="A.prop9a.P3.lower",
        kind=Kind.LEMMA,
        says="The distances to the points below add up to at least i (i - 1)/2 spacings.",
        source=place("Proposition 9, proof"),
        given={X: Sample(), i: Integer(lo=1, hi=n)},
        lhs=_lower,
        rel=Rel.GE,
        rhs=i * (i - 1) * gap / 2,
        evidence=(
            Steps(
                branches=(Branch(parts=(_spaced_left, From(claim="A.fact.triangle", weight=gap))),)
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), restate("one more", rhs=i * (i + 1) * gap / 2)),
    ),
    Claim(
        id="A.prop9a.P3.upper",
        kind=Kind.LEMMA,
        says="The distances from x_(i+1) to the points above add up to (n-i)(n-i-1)/2 spacings.",
        source=place("Proposition 9, proof"),
        given=_gap_of,
        lhs=_upper,
        rel=Rel.GE,
        rhs=(n - i) * (n - i - 1) * gap / 2,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            _spaced_right,
                            From(claim="A.fact.triangle.above", at={_N: n}, weight=gap),
                        )
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("as printed in 9a", rhs=(n - i) * (n - i + 1) * gap / 2),
        ),
    ),
    Claim(
        id="A.prop9a.left",
        kind=Kind.LEMMA,
        says="The line of pi^- is at least its value at the left end of the gap.",
        source=place("Proposition 9, proof"),
        given={**_at_place, z: _in_gap},
        where=(ge(z, _left_end),),
        lhs=LeftLine(X, mu, z, i),
        rel=Rel.GE,
        rhs=mu * i / n**2 * _lower,
        evidence=(
            Steps(
                branches=(Branch(parts=(From(hypothesis=0, weight=i**2 / n**2),)),),
                unfold=(LeftLine,),
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0)),
    ),
    Claim(
        id="A.prop9a.right",
        kind=Kind.LEMMA,
        says="The line of pi^+ is at least its value at the right end of the gap.",
        source=place("Proposition 9, proof"),
        given={**_at_place, z: _in_gap},
        where=(le(z, _right_end),),
        lhs=RightLine(X, mu, z, i),
        rel=Rel.GE,
        rhs=mu * (n - i) / n**2 * _upper,
        evidence=(
            Steps(
                branches=(Branch(parts=(From(hypothesis=0, weight=(n - i) ** 2 / n**2),)),),
                unfold=(RightLine,),
            ),
            Search(),
        ),
        broken=(scale("rhs", Rational(101, 100)), drop(0)),
    ),
    Claim(
        id="A.prop9a.smaller",
        kind=Kind.LEMMA,
        says="In a gap the smaller line is at least mu Delta/n^2 times the smaller factor.",
        source=place("Proposition 9, proof"),
        given={**_at_place, z: _in_gap},
        where=(ge(z, _left_end), le(z, _right_end)),
        lhs=Min(LeftLine(X, mu, z, i), RightLine(X, mu, z, i)),
        rel=Rel.GE,
        rhs=mu * gap / n**2 * least_factor(i),
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(claim="A.prop9a.left"),
                            From(claim="A.prop9a.P3.lower", weight=mu * i / n**2),
                        ),
                        rest=mu * gap / n**2 * (factor(i) - least_factor(i)),
                    ),
                    Branch(
                        parts=(
                            From(claim="A.prop9a.right"),
                            From(claim="A.prop9a.P3.upper", weight=mu * (n - i) / n**2),
                        ),
                        rest=mu * gap / n**2 * (factor(n - i) - least_factor(i)),
                    ),
                )
            ),
            Search(),
        ),
        broken=(
            scale("rhs", Rational(101, 100)),
            restate("as printed in 9a", rhs=mu * gap / n**2 * _printed_least),
            drop(1),
        ),
    ),
)

_at_right_end = {
    mu: _half,
    X: (Fraction(0), Fraction(1), Fraction(2)),
    i: Fraction(2),
    z: Fraction(1),
}
_at_left_end = {**_at_right_end, i: Fraction(1), z: Fraction(1)}
_in_data = {**_at_place, z: Real(within=(x(i), x(i + 1)))}
_closed = (ge(z, x(i)), le(z, x(i + 1)))


def _one_sided(side: str) -> tuple[Claim, Claim]:
    """Return the printed bound of pi^- or pi^+ on the closed gap and the one that holds."""
    below = side == "below"
    weight = (LeftWeight if below else RightWeight)(X, mu, mu * z)
    bound = (
        mu * i / n**2 * Sum(x(i) - x(j), (j, 1, i - 1))
        if below
        else mu * (n - i) / n**2 * Sum(x(j) - x(i + 1), (j, i + 2, n))
    )
    shown = mu * i / n**2 * _lower if below else mu * (n - i) / n**2 * _upper
    name = "A.prop9a.P1" if below else "A.prop9a.P1.above"
    line, fact = ("A.prop9a.left", "A.fact.left") if below else ("A.prop9a.right", "A.fact.right")
    open_ = (gt(z, x(i)), le(z, x(i + 1))) if below else (ge(z, x(i)), lt(z, x(i + 1)))
    printed = (
        r"\pi^-(\mu x)\ge\tfrac{\mu i}{n^2}\sum_{i'<i}(x_i-x_{i'}),\quad x\in[x_i,x_{i+1}]"
        if below
        else r"\pi^+(\mu x)\ge\tfrac{\mu(n-i)}{n^2}\sum_{i'>i+1}(x_{i'}-x_{i+1}),"
        r"\quad x\in[x_i,x_{i+1}]"
    )
    return (
        Claim(
            id=name,
            kind=Kind.STEP,
            says="On a closed gap the one-sided weight is at least its line's value at the end.",
            source=place("Proposition 9, proof"),
            given=_in_data,
            where=_closed,
            lhs=weight,
            rel=Rel.GE,
            rhs=bound,
            evidence=(Search(also=(_at_right_end if below else _at_left_end,)),),
            broken=(scale("rhs", Rational(101, 100)), drop(0 if below else 1)),
            printed=printed,
            note="Fails only at one end of the closed gap, where the one-sided weight jumps.",
        ),
        Claim(
            id=f"{name}.amended",
            kind=Kind.AMENDED,
            amends=name,
            says="On a half-open gap the one-sided weight is at least its line's value at the end.",
            source=place("Proposition 9, proof, one end left out"),
            given=_in_data,
            where=open_,
            lhs=weight,
            rel=Rel.GE,
            rhs=shown,
            evidence=(
                Steps(
                    branches=(
                        Branch(
                            parts=(
                                From(claim=fact, at={z: mu * z}),
                                From(claim=line, at={z: mu * z}),
                            )
                        ),
                    )
                ),
                Search(),
            ),
            broken=(scale("rhs", Rational(101, 100)), restate("closed gap", where=_closed)),
            note="The sum has the term of the end itself, which is zero.",
        ),
    )


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
_rising = left_line(X, mu, z, i)
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
_distances = From(claim="A.fact.distance", at={i: 1, j: j}, over=(j, 1, i), weight=mu * i / n**2)
_anywhere = Real(within=(mu * x(1), mu * x(n)))

ABOVE: Final = (
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
        says="In a gap the smaller line is at most the span of the centres.",
        source=place("Proposition 9 (ii), proof"),
        given={**_at_place, z: _in_gap},
        where=(le(z, _right_end),),
        lhs=Min(LeftLine(X, mu, z, i), RightLine(X, mu, z, i)),
        rel=Rel.LE,
        rhs=_share,
        evidence=(
            Steps(
                branches=(
                    Branch(
                        parts=(
                            From(hypothesis=0, weight=i**2 / n**2),
                            _distances,
                            From(
                                claim="A.fact.distance",
                                at={i: 1, j: i + 1},
                                weight=mu * (n - i) * (n + i) / n**2,
                            ),
                            From(claim="A.fact.distance", at={i: i + 1, j: n}, weight=mu),
                            From(claim="A.fact.least", at={y: _rising, z: RightLine(X, mu, z, i)}),
                        ),
                        rest=mu * gap * (n - i) * (n + i) * i / n**2
                        + mu * gap * (n - i - 1)
                        + mu * i / n**2 * Sum((j - 1) * gap, (j, 1, i)),
                    ),
                ),
                unfold=(LeftLine,),
            ),
            Search(also=(_central,)),
        ),
        broken=(scale("rhs", Rational(1, 9)), flip()),
    ),
    Claim(
        id="A.prop9b.gap",
        kind=Kind.LEMMA,
        says="The part of pi from one gap is at most the span times the gap's mass.",
        source=place("Proposition 9 (ii), proof"),
        given={**_noisy, y: Real(near=(mu * x(i),))},
        lhs=_mean_part,
        rel=Rel.LE,
        rhs=_share * _whole_mass,
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
        broken=(scale("rhs", Rational(1, 12)), flip()),
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
                        parts=(
                            From(claim="A.fact.weight.anywhere"),
                            From(claim="A.prop9b.gap", at={i: k}, over=(k, 1, n - 1)),
                            From(
                                claim="A.fact.erf",
                                at={z: sqrt(2) * (mu * x(n) - y) / (2 * sigma)},
                                weight=_share / 2,
                            ),
                            From(
                                claim="A.fact.erf",
                                at={z: sqrt(2) * (y - mu * x(1)) / (2 * sigma)},
                                weight=_share / 2,
                            ),
                        ),
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

_P1 = (*_one_sided("below"), *_one_sided("above"))

CLAIMS: Final = (*FACTS, *LINES, *_P1, *STAY, *SUMS, *WEIGHT, *ABOVE)
