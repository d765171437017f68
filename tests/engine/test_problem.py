"""A claim and its scalar problems say the same at every point, whatever variables are changed."""

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from sympy import Abs, Expr, Min, Rational, S, Symbol, exp, log, sqrt

from proofs_check import (
    Change,
    Claim,
    ClaimError,
    Enclosure,
    Integer,
    Point,
    Real,
    Sample,
    Size,
    Spacing,
    ge,
    gt,
    le,
    sample_symbol,
)
from proofs_check.balls import Sign, sign
from proofs_check.methods.search import RandomChoices, draw_point
from proofs_check.problem import Problem, carried_back, problems
from proofs_check.witness import admissible, certified_failure

Make = Callable[..., Claim]

r, s, t, u = (Symbol(name, real=True) for name in "rstu")
p, q, v = (Symbol(name, positive=True) for name in "pqv")
m = Symbol("m", integer=True, positive=True)
X = sample_symbol()
line, half_line = Real(), Real(lo=0, lo_open=True)


def parts(lhs: Any, rel: str, rhs: Any, given: Any, *where: Any) -> dict[str, Any]:
    return {"lhs": S(lhs), "rel": rel, "rhs": S(rhs), "given": given, "where": where}


CASES: dict[str, tuple[dict[str, Any], Enclosure]] = {
    "no change": (parts(r**2, ">=", r, {r: Real(lo=0, hi=3)}), Enclosure()),
    "positive factors": (
        parts(p * exp(-p) / q, "<=", p / q**2, {p: half_line, q: half_line}),
        Enclosure(),
    ),
    "quotients": (parts(1 / (r - 2), ">=", 1 / (r + 2), {r: Real(lo=3, hi=9)}), Enclosure()),
    "negative denominators": (parts(1 / (r - 9), ">=", r - 5, {r: Real(lo=3, hi=8)}), Enclosure()),
    "absolute value": (
        parts(Abs(p * (r - 1) / q), "<=", p * q, {r: line, p: half_line, q: half_line}),
        Enclosure(),
    ),
    "shift": (
        parts(r**2, ">=", 5, {r: line}, ge(r, 1)),
        Enclosure(
            changes=(Change(old=r, expression=1 + t, new=t, new_is=r - 1, domain=Real(lo=0)),)
        ),
    ),
    "scale": (
        parts(p * q, "<=", q**2, {p: half_line, q: half_line}),
        Enclosure(
            changes=(Change(old=p, expression=v * q, new=v, new_is=p / q, domain=half_line),)
        ),
    ),
    "exponential": (
        parts(p**2, "<=", 2 * p + 1, {p: half_line}),
        Enclosure(changes=(Change(old=p, expression=exp(t), new=t, new_is=log(p), domain=line),)),
    ),
    "square root": (
        parts(p, "<=", sqrt(p) + 2, {p: half_line}),
        Enclosure(
            changes=(Change(old=p, expression=v**2, new=v, new_is=sqrt(p), domain=half_line),)
        ),
    ),
    "under a hypothesis": (
        parts(p, ">=", 2 * q, {p: half_line, q: half_line}, gt(p, q)),
        Enclosure(
            changes=(Change(old=p, expression=q + v, new=v, new_is=p - q, domain=half_line),)
        ),
    ),
    "two changes": (
        parts(p * q, "<=", p + q, {p: half_line, q: half_line}),
        Enclosure(
            changes=(
                Change(old=p, expression=v * q, new=v, new_is=p / q, domain=half_line),
                Change(old=q, expression=exp(t), new=t, new_is=log(q), domain=line),
            )
        ),
    ),
    "bounded old variable": (
        parts(r, "<=", Rational(3, 2), {r: Real(lo=1, hi=2, hi_open=True)}),
        Enclosure(changes=(Change(old=r, expression=2 - t, new=t, new_is=2 - r, domain=line),)),
    ),
    "dependent end": (
        parts(s, ">=", 2 * r - 1, {r: Real(lo=0, hi=1), s: Real(lo=r)}, le(s, 4)),
        Enclosure(),
    ),
    "given margin": (
        parts(r / (1 + r**2), "<=", Rational(2, 5), {r: line}),
        Enclosure(margin=2 * (1 + r**2) - 5 * r, times=5 * (1 + r**2)),
    ),
    "sample": (
        parts(
            Point(X, Size(X)) - Point(X, 1),
            ">=",
            3 * Spacing(X),
            {X: Sample(min_size=3, max_size=3)},
        ),
        Enclosure(points=3),
    ),
    "index of a sample": (
        parts(
            Point(X, m + 1) - Point(X, m),
            "<=",
            2 * Spacing(X),
            {X: Sample(min_size=3, max_size=3), m: Integer(lo=1, hi=Size(X) - 1)},
        ),
        Enclosure(points=3),
    ),
    "sample and a number": (
        parts(
            Spacing(X),
            ">=",
            q,
            {X: Sample(min_size=2, max_size=2), q: half_line},
            le(q, 2 * Spacing(X)),
        ),
        Enclosure(points=2),
    ),
}


def forward(
    case: tuple[dict[str, Any], Enclosure], point: dict[Symbol, Any]
) -> dict[Symbol, Any] | None:
    """Return the values of a problem's variables at a point of the claim, if they are rational."""
    values: dict[Symbol, Expr] = {}
    for symbol, value in point.items():
        if isinstance(value, tuple):
            values[Symbol("x1", real=True)] = number(value[0])
            for k, (a, b) in enumerate(pairwise(value), 1):
                values[Symbol(f"g{k}", positive=True)] = number(b - a)
        else:
            values[symbol] = number(value)
    for change in case[1].changes:
        values[change.new] = change.new_is.subs(values)
    found = {}
    for symbol, value in values.items():
        if not value.is_Rational:
            return None
        found[symbol] = Fraction(int(value.p), int(value.q))
    return found


def number(value: Fraction) -> Expr:
    return Rational(value.numerator, value.denominator)


def says(problem: Problem, values: dict[Symbol, Any]) -> bool | None:
    """Return whether a problem's goal holds at a point; ``None`` outside of its domain."""
    for symbol, domain in problem.domains.items():
        if not domain.contains(values[symbol], {}):
            return None
    for hypothesis, strict in problem.hypotheses:
        found, _ = sign(hypothesis, values, max_bits=512)
        if found is Sign.NEGATIVE or (strict and found is Sign.ZERO):
            return None
    found, _ = sign(problem.margin, values, max_bits=512)
    return found is Sign.POSITIVE or (found is Sign.ZERO and not problem.strict)


def solved(name: str, make: Make) -> tuple[Claim, list[Problem]]:
    statement, evidence = CASES[name]
    made = make(**statement, evidence=(evidence,))
    return made, list(problems(made, evidence))


@pytest.mark.parametrize("name", CASES)
def test_a_problem_agrees_with_its_claim_at_random_points(name: str, claim: Make) -> None:
    made, found = solved(name, claim)
    choices = RandomChoices(f"problems/{name}")
    compared = {True: 0, False: 0}
    for _ in range(400):
        point = draw_point(made, choices)
        values = forward(CASES[name], point)
        if values is None or admissible(made, point, max_bits=512) is not True:
            continue
        # one problem for each index, in order
        relevant = [found[int(point[m]) - 1]] if m in point else found
        truths = [says(problem, values) for problem in relevant]
        # an admissible point of the claim lies in the domain of its problem: nothing is left out
        assert None not in truths, (point, values)
        fails = certified_failure(made, point, max_bits=512) is not None
        assert all(truths) is not fails, (point, values)
        compared[fails] += 1
    if name == "exponential":
        # only the point 1 has a rational logarithm
        return
    assert compared[True] + compared[False] > (5 if "root" in name or "two" in name else 20)


@pytest.mark.parametrize("name", CASES)
def test_points_of_a_problem_are_carried_back(name: str, claim: Make) -> None:
    made, found = solved(name, claim)
    stream = random.Random(f"back/{name}")
    carried = 0
    for _ in range(200):
        problem = found[stream.randrange(len(found))]
        values = {
            s: Fraction(stream.randint(-20, 20), stream.randint(1, 4)) for s in problem.domains
        }
        point = carried_back(made, problem, values)
        if point is None or says(problem, values) is None:
            continue
        if admissible(made, point, max_bits=512) is True:
            carried += 1
            fails = certified_failure(made, point, max_bits=512) is not None
            assert fails is (says(problem, values) is False), (values, point)
    if name not in ("exponential", "two changes"):
        assert carried > 0


def test_every_index_gets_its_problem(claim: Make) -> None:
    _, found = solved("index of a sample", claim)
    assert len(found) == 2
    first, second = (problem.margin for problem in found)
    assert first != second


@pytest.mark.parametrize(
    ("statement", "evidence", "message"),
    [
        (parts(r, "==", 0, {r: line}), Enclosure(), "an equality cannot be enclosed"),
        (parts(Size(X), ">=", 2, {X: Sample()}), Enclosure(), "its number of points"),
        (parts(Size(X), ">=", 2, {X: Sample()}), Enclosure(points=1), "1 points are outside"),
        (
            parts(m, ">=", 1, {m: Integer(lo=1)}),
            Enclosure(changes=(Change(old=m, expression=t, new=t, new_is=m, domain=line),)),
            "m is not real",
        ),
        (
            parts(r, ">=", 1, {r: line}),
            Enclosure(
                changes=(Change(old=r, expression=t, new=t, new_is=r, domain=Integer(lo=1)),)
            ),
            "t is not real",
        ),
        (parts(r, ">=", 1, {r: line}), Enclosure(margin=r), "the given margin is not"),
        (parts(r, ">=", 1, {r: line}), Enclosure(box={s: line}), "box: s is not a variable"),
        (
            parts(r, ">=", 1, {r: line}),
            Enclosure(box={r: Integer(lo=1)}),
            "box: give a real range",
        ),
        (
            parts(r, ">=", 1, {r: line}),
            Enclosure(box={r: Real(lo=sqrt(2), hi=2)}),
            "must be rational",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_scalar_problem_is_said(
    statement: dict[str, Any], evidence: Enclosure, message: str, claim: Make
) -> None:
    made = claim(**statement, evidence=(evidence,))
    with pytest.raises(ClaimError, match=message):
        list(problems(made, evidence))


def test_irrational_ends_become_hypotheses(claim: Make) -> None:
    made = claim(r, ">=", 1, given={r: Real(lo=sqrt(2), hi=Min(2, sqrt(3)))})
    (problem,) = problems(made, Enclosure())
    assert problem.domains[r] == Real()
    assert len(problem.hypotheses) == 2
    assert says(problem, {r: Fraction(141, 100)}) is None
    assert says(problem, {r: Fraction(142, 100)}) is True
