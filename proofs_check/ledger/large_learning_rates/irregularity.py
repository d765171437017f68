"""Paper A, Proposition 9: bounds of the weight function.

Between two neighbouring centres pi^- and pi^+ are straight lines, and pi is a sum over gaps of the
Gaussian mean of the smaller one. Every bound below is shown gap by gap for samples of any size.
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Min, Rational, Sum, Symbol

from proofs_check.broken import drop, flip, restate, scale
from proofs_check.claim import Claim, Kind, Rel, ge, gt, le, lt
from proofs_check.domains import Integer, Real, Sample
from proofs_check.evidence import (
    Branch,
    Definition,
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
    gap,
    i,
    j,
    mu,
    n,
    place,
    sigma,
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
)
from theory.symbols import z

__all__ = ["CLAIMS", "factor", "least_factor"]

_half = Fraction(1, 2)
_N = Symbol("N", integer=True, positive=True)

_gap_of = {X: Sample(), i: Integer(lo=1, hi=n - 1)}
_at_place = {mu: MU, **_gap_of}
_left_end, _right_end = mu * x(i), mu * x(i + 1)
_in_gap = Real(within=(_left_end, _right_end))
_lower = Sum(x(i) - x(j), (j, 1, i))
_upper = Sum(x(j) - x(i + 1), (j, i + 1, n))


def factor(count: Expr) -> Expr:
    """Return count^2 (count - 1) / 2."""
    value: Expr = count**2 * (count - 1) / 2
    return value


def least_factor(index: Any) -> Expr:
    """Return the smaller of the two factors of a gap, as the lines deliver them."""
    return Min(factor(index), factor(n - index))


_printed_least = Min(factor(i), (n - i) ** 2 * (n - i + 1) / 2)
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


_P1 = (*_one_sided("below"), *_one_sided("above"))

CLAIMS: Final = (*FACTS, *LINES, *_P1)
