"""Certificates: what follows is proved, and nothing else is, whatever the certificate says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sympy import Abs, Integral, Max, Min, Rational, S, Sum, Symbol, exp, floor, oo, pi

from proofs_check import (
    Branch,
    Claim,
    Context,
    Finding,
    From,
    Integer,
    Point,
    Real,
    Sample,
    Search,
    Size,
    Spacing,
    Steps,
    Verdict,
    check_ledger,
    eq,
    flip,
    functional,
    ge,
    gt,
    le,
    sample_symbol,
    scale,
)
from proofs_check.engine import run_evidence

Make = Callable[..., Claim]

a, b, d, x, y, z = (Symbol(name, real=True) for name in ("a", "b", "d", "x", "y", "z"))
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
k, kp = Symbol("k", integer=True), Symbol("k", integer=True, positive=True)
j = Symbol("j", integer=True, positive=True)
n, np = Symbol("n", integer=True), Symbol("n", integer=True, positive=True)
X = sample_symbol()
f = functional("f", nargs=1, ball=lambda v: v)
g = functional("g", nargs=1, ball=lambda v: v)
line, half_line = Real(), Real(lo=0, lo_open=True)


@dataclass(frozen=True, kw_only=True)
class Case:
    lhs: Any
    rel: str
    rhs: Any
    given: Mapping[Symbol, Any]
    branches: tuple[Branch, ...]
    children: Mapping[str, tuple[Any, str, Any, Mapping[Symbol, Any], tuple[Any, ...]]] = field(
        default_factory=dict
    )
    where: tuple[Any, ...] = ()


def child(
    lhs: Any, rel: str, rhs: Any, given: Mapping[Symbol, Any], *where: Any
) -> tuple[Any, str, Any, Mapping[Symbol, Any], tuple[Any, ...]]:
    return lhs, rel, rhs, given, where


def one(*parts: From, rest: Any = S.Zero, because: tuple[From, ...] = ()) -> tuple[Branch, ...]:
    return (Branch(parts=parts, rest=S(rest), because=because),)


XY = {x: line, y: line}
F_NOT_NEGATIVE = {"c": child(f(x), ">=", 0, {x: line})}
F_BELOW_G = {"c": child(f(x), "<=", g(x), {x: line})}
TERM = {"c": child(f(k), "<=", g(k), {k: Integer(lo=1)})}

FOLLOWS: dict[str, Case] = {
    "a hypothesis": Case(
        lhs=x, rel="<=", rhs=y, given=XY, where=(le(x, y),), branches=one(From(hypothesis=0))
    ),
    "a child": Case(
        lhs=f(y), rel="<=", rhs=g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y})),
    ),
    "a weighted child and a rest": Case(
        lhs=2 * f(y), rel="<=", rhs=2 * g(y) + y**2, given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}, weight=S(2)), rest=y**2),
    ),
    "a strict child": Case(
        lhs=f(y), rel="<", rhs=y, given={y: line}, children={"c": child(f(x), "<", x, {x: line})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "an equality with a negative weight": Case(
        lhs=-f(y), rel="<=", rhs=-y + 1, given={y: line},
        children={"c": child(f(x), "==", x, {x: line})},
        branches=one(From(claim="c", at={x: y}, weight=S(1)), rest=1),
    ),
    "an equality from an equality": Case(
        lhs=3 * f(y), rel="==", rhs=3 * y, given={y: line},
        children={"c": child(f(x), "==", x, {x: line})},
        branches=one(From(claim="c", at={x: y}, weight=S(3))),
    ),
    "both signs of an absolute value": Case(
        lhs=Abs(f(y)), rel="<=", rhs=1, given={y: line},
        children={
            "c": child(f(x), "<=", 1, {x: line}),
            "d": child(f(x), ">=", -1, {x: line}),
        },
        branches=(*one(From(claim="c", at={x: y})), *one(From(claim="d", at={x: y}))),
    ),
    "a maximum": Case(
        lhs=Max(f(y), g(y)), rel="<=", rhs=1, given={y: line},
        children={
            "c": child(f(x), "<=", 1, {x: line}),
            "d": child(g(x), "<=", 1, {x: line}),
        },
        branches=(*one(From(claim="c", at={x: y})), *one(From(claim="d", at={x: y}))),
    ),
    "a sum": Case(
        lhs=Sum(f(kp), (kp, 1, np)), rel="<=", rhs=Sum(g(kp), (kp, 1, np)),
        given={np: Integer(lo=1)}, children=TERM,
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np))),
    ),
    "a telescoping sum": Case(
        lhs=f(np + 1), rel=">=", rhs=f(1) + np, given={np: Integer(lo=1)},
        children={"c": child(f(k + 1) - f(k), ">=", 1, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np))),
    ),
    "an integral": Case(
        lhs=p**2 / 2, rel="<=", rhs=Integral(f(x), (x, 0, p)), given={p: half_line},
        children={"c": child(x, "<=", f(x), {x: line})},
        branches=one(From(claim="c", at={x: y}, along=(y, S.Zero, p))),
    ),
    "a hypothesis of the child that is implied": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: Real(lo=2)},
        children={"c": child(f(x), ">=", 0, {x: line}, ge(x, 1))},
        branches=one(From(claim="c", at={x: y})),
    ),
    "a hypothesis that another child gives": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: line},
        children={
            "c": child(f(x), ">=", 0, {x: line}, ge(g(x), 1)),
            "d": child(g(x), ">=", 2, {x: line}),
        },
        branches=one(From(claim="c", at={x: y}, because=(From(claim="d", at={x: y}),))),
    ),
    "an equality among the hypotheses": Case(
        lhs=f(x), rel=">=", rhs=0, given=XY, where=(eq(x, y),),
        children={"c": child(f(a), ">=", 0, {a: line, b: line}, eq(a, b))},
        branches=one(From(claim="c", at={a: x, b: y})),
    ),
}  # fmt: skip

FAILS: dict[str, Case] = {
    "no certificate": Case(lhs=x, rel="<=", rhs=y, given=XY, branches=()),
    "an empty certificate": Case(lhs=x, rel="<=", rhs=y, given=XY, branches=one()),
    "the claim as its own rest": Case(lhs=x, rel="<=", rhs=y, given=XY, branches=one(rest=y - x)),
    "wrong weight": Case(
        lhs=2 * f(y), rel="<=", rhs=2 * g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}, weight=S(3))),
    ),
    "weight too small for a wrong factor": Case(
        lhs=f(y), rel="<=", rhs=Rational(999, 1000) * g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y})),
    ),
    "negative weight": Case(
        lhs=g(y), rel="<=", rhs=f(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}, weight=S(-1))),
    ),
    "weight of unknown sign": Case(
        lhs=y * f(y), rel="<=", rhs=y * g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}, weight=y)),
    ),
    "negative rest": Case(
        lhs=f(y), rel="<=", rhs=g(y) - 1, given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}), rest=-1),
    ),
    "rest of unknown sign": Case(
        lhs=f(y), rel="<=", rhs=g(y) + y, given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y}), rest=y),
    ),
    "strict from not strict": Case(
        lhs=f(y), rel="<", rhs=g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y})),
    ),
    "strict by a weight that may be zero": Case(
        lhs=0, rel="<", rhs=y**2 * (g(y) - f(y)), given={y: line},
        children={"c": child(f(x), "<", g(x), {x: line})},
        branches=one(From(claim="c", at={x: y}, weight=y**2)),
    ),
    "strict by a rest that may be zero": Case(
        lhs=0, rel="<", rhs=y**2, given={y: line}, branches=one(rest=y**2)
    ),
    "one branch for an absolute value": Case(
        lhs=Abs(f(y)), rel="<=", rhs=1, given={y: line},
        children={"c": child(f(x), "<=", 1, {x: line})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "the same branch twice": Case(
        lhs=Abs(f(y)), rel="<=", rhs=1, given={y: line},
        children={"c": child(f(x), "<=", 1, {x: line})},
        branches=2 * one(From(claim="c", at={x: y})),
    ),
    "one half of a maximum": Case(
        lhs=Max(f(y), g(y)), rel="<=", rhs=1, given={y: line},
        children={"c": child(f(x), "<=", 1, {x: line})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "a minimum on the wrong side": Case(
        lhs=1, rel="<=", rhs=Max(f(y), g(y)), given={y: line},
        children={"c": child(Min(f(x), g(x)), "<=", Max(f(x), g(x)), {x: line})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "a child that is not there": Case(
        lhs=x, rel="<=", rhs=y, given=XY, branches=one(From(claim="missing"))
    ),
    "a hypothesis that is not there": Case(
        lhs=x, rel="<=", rhs=y, given=XY, branches=one(From(hypothesis=0))
    ),
    "a hypothesis counted from the end": Case(
        lhs=x, rel="<=", rhs=y, given=XY, where=(le(y, x),), branches=one(From(hypothesis=-1))
    ),
    "the wrong side of an absolute value": Case(
        lhs=-x, rel=">=", rhs=1, given={x: line}, where=(le(Abs(x), 1),),
        branches=one(From(hypothesis=0, side=-1)),
    ),
    "hypothesis not implied": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: line},
        children={"c": child(f(x), ">=", 0, {x: line}, ge(x, 1))},
        branches=one(From(claim="c", at={x: y})),
    ),
    "hypothesis strict, known not strict": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: Real(lo=1)},
        children={"c": child(f(x), ">=", 0, {x: line}, gt(x, 1))},
        branches=one(From(claim="c", at={x: y})),
    ),
    "equality among hypotheses, known one way": Case(
        lhs=f(x), rel=">=", rhs=0, given=XY, where=(ge(x, y),),
        children={"c": child(f(a), ">=", 0, {a: line, b: line}, eq(a, b))},
        branches=one(From(claim="c", at={a: x, b: y})),
    ),
    "domain wider than the child's": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: line},
        children={"c": child(f(x), ">=", 0, {x: Real(lo=0)})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "closed end where the child's is open": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: Real(lo=0)},
        children={"c": child(f(x), ">=", 0, {x: half_line})},
        branches=one(From(claim="c", at={x: y})),
    ),
    "a value outside": Case(
        lhs=f(-1), rel=">=", rhs=0, given={y: line},
        children={"c": child(f(x), ">=", 0, {x: Real(lo=0)})},
        branches=one(From(claim="c", at={x: S(-1)})),
    ),
    "a value that is no integer": Case(
        lhs=f(y), rel=">=", rhs=0, given={y: Real(lo=1)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: y})),
    ),
    "half of an integer": Case(
        lhs=f(np / 2), rel=">=", rhs=0, given={np: Integer(lo=2)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: np / 2})),
    ),
    "an index one too large": Case(
        lhs=f(np + 1), rel=">=", rhs=0, given={np: Integer(lo=1, hi=5)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1, hi=5)})},
        branches=one(From(claim="c", at={k: np + 1})),
    ),
    "an index beyond the sample": Case(
        lhs=Point(X, np + 1) - Point(X, np), rel=">=", rhs=Spacing(X),
        given={X: Sample(), np: Integer(lo=1, hi=Size(X))},
        children={
            "c": child(
                Point(X, np + 1) - Point(X, np), ">=", Spacing(X),
                {X: Sample(), np: Integer(lo=1, hi=Size(X) - 1)},
            )
        },
        branches=one(From(claim="c")),
    ),
    "a smaller sample than the child's": Case(
        lhs=Size(X), rel=">=", rhs=3, given={X: Sample()},
        children={"c": child(Size(X), ">=", 3, {X: Sample(min_size=3)})},
        branches=one(From(claim="c")),
    ),
    "a larger sample than the child's": Case(
        lhs=Size(X), rel="<=", rhs=3, given={X: Sample()},
        children={"c": child(Size(X), "<=", 3, {X: Sample(max_size=3)})},
        branches=one(From(claim="c")),
    ),
    "a domain that is the same text at another place": Case(
        lhs=y, rel=">=", rhs=x + 10, given={x: line, y: Real(lo=x)},
        children={"c": child(y, ">=", x, {x: line, y: Real(lo=x)})},
        branches=one(From(claim="c", at={x: x + 10})),
    ),
    "a swap of dependent symbols": Case(
        lhs=x, rel=">=", rhs=y, given={x: line, y: Real(lo=x)},
        children={"c": child(y, ">=", x, {x: line, y: Real(lo=x)})},
        branches=one(From(claim="c", at={x: y, y: x})),
    ),
    "an index range that may run backwards": Case(
        lhs=0, rel="<=", rhs=np - 3, given={np: Integer(lo=1)},
        children={"c": child(0, "<=", 1, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np - 3))),
    ),
    "a strict sum that may be empty": Case(
        lhs=0, rel="<", rhs=n, given={n: Integer(lo=0)},
        children={"c": child(0, "<", 1, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, n))),
    ),
    "a sum that starts below the child's range": Case(
        lhs=Sum(f(k), (k, 0, np)), rel=">=", rhs=0, given={np: Integer(lo=1)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: j}, over=(j, S.Zero, np))),
    ),
    "a sum to half of an integer": Case(
        lhs=0, rel="<=", rhs=floor(np / 2) - np / 2, given={np: Integer(lo=1)},
        children={
            "c": child(Sum(1, (k, 1, k)), "<=", 1, {k: Integer(lo=1)}),
            "d": child(1, "<=", 1, {k: Integer(lo=1)}),
        },
        branches=one(From(claim="d", at={k: j}, over=(j, S.One, np / 2))),
    ),
    "a sum over a symbol in use": Case(
        lhs=np * f(np), rel=">=", rhs=0, given={np: Integer(lo=1)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1, hi=1)})},
        branches=one(From(claim="c", at={k: np}, over=(np, S.One, S.One))),
    ),
    "a sum without an end": Case(
        lhs=Sum(f(k), (k, 1, oo)), rel=">=", rhs=0, given={np: Integer(lo=1)},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, oo))),
    ),
    "an index-dependent weight outside of the sum": Case(
        lhs=0, rel="<=", rhs=Sum(kp * (g(kp) - f(kp)), (kp, 1, np)), given={np: Integer(lo=1)},
        children=TERM,
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np), weight=j)),
    ),
    "a factor of either sign under the sum": Case(
        lhs=Sum((3 - kp) * f(kp), (kp, 1, np)), rel="<=", rhs=Sum((3 - kp) * g(kp), (kp, 1, np)),
        given={np: Integer(lo=1)}, children=TERM,
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np), times=3 - j)),
    ),
    "one term too many": Case(
        lhs=Sum(f(kp), (kp, 1, np + 1)), rel="<=", rhs=Sum(g(kp), (kp, 1, np)),
        given={np: Integer(lo=1)}, children=TERM,
        branches=one(From(claim="c", at={k: j}, over=(j, S.One, np))),
    ),
    "absolute values of negative indices": Case(
        lhs=Sum(Abs(k), (k, -2, np)), rel="<=", rhs=Sum(k, (k, -2, np)),
        given={np: Integer(lo=1)}, branches=one(),
    ),
    "an index that is declared even": Case(
        lhs=np, rel="<=", rhs=Sum((-1) ** kp, (kp, 1, np)), given={np: Integer(lo=1)},
        children={"c": child(1, "<=", (-1) ** (2 * k), {k: Integer(lo=1)})},
        branches=one(
            From(claim="c", at={k: Symbol("e", even=True, positive=True) / 2},
                 over=(Symbol("e", even=True, positive=True), S.One, np))
        ),
    ),
    "an integral from right to left": Case(
        lhs=0, rel="<=", rhs=-Integral(f(x), (x, 0, 1)), given={z: line},
        children=F_NOT_NEGATIVE,
        branches=one(From(claim="c", at={x: y}, along=(y, S.One, S.Zero))),
    ),
    "an integral of unknown direction": Case(
        lhs=0, rel="<=", rhs=z, given={z: line},
        children={"c": child(0, "<=", 1, {x: line})},
        branches=one(From(claim="c", at={x: y}, along=(y, S.Zero, z))),
    ),
    "an integral from infinity to minus infinity": Case(
        lhs=0, rel="<=", rhs=-pi, given={z: line},
        children={"c": child(0, "<=", 1 / (1 + x**2), {x: line})},
        branches=one(From(claim="c", at={x: y}, along=(y, oo, -oo))),
    ),
    "an integral across a pole": Case(
        lhs=0, rel="<=", rhs=-2, given={z: line},
        children={"c": child(0, "<=", 1 / x**2, {x: line})},
        branches=one(From(claim="c", at={x: y}, along=(y, S.NegativeOne, S.One))),
    ),
    "a strict integral over a point": Case(
        lhs=0, rel="<", rhs=z, given={z: Real(lo=0)},
        children={"c": child(0, "<", 1, {x: line})},
        branches=one(From(claim="c", at={x: y}, along=(y, S.Zero, z))),
    ),
    "an integer variable of an integral": Case(
        lhs=0, rel="<=", rhs=Integral(f(x), (x, 1, 2)), given={z: line},
        children={"c": child(f(k), ">=", 0, {k: Integer(lo=1)})},
        branches=one(From(claim="c", at={k: kp}, along=(kp, S.One, S(2)))),
    ),
    "a positive variable of an integral": Case(
        lhs=0, rel="<=", rhs=Integral(f(x), (x, -1, 2)), given={z: line},
        children={"c": child(f(x), ">=", 0, {x: half_line})},
        branches=one(From(claim="c", at={x: p}, along=(p, S.NegativeOne, S(2)))),
    ),
    "an equality from an inequality": Case(
        lhs=f(y), rel="==", rhs=g(y), given={y: line}, children=F_BELOW_G,
        branches=one(From(claim="c", at={x: y})),
    ),
    "an equality with a rest": Case(
        lhs=f(y), rel="==", rhs=y - 1, given={y: line},
        children={"c": child(f(x), "==", x, {x: line})},
        branches=one(From(claim="c", at={x: y}), rest=1),
    ),
    "a free symbol that a sum of the child binds": Case(
        lhs=Sum(kp, (kp, 1, np)), rel="==", rhs=np * kp,
        given={np: Integer(lo=1), kp: Integer(lo=1)},
        children={
            "c": child(
                Sum(f(x) * 0 + x, (kp, 1, np)), "==", np * x, {np: Integer(lo=1), x: line}
            )
        },
        branches=one(From(claim="c", at={x: kp})),
    ),
    "an undefined statement": Case(
        lhs=exp(-(1 / (x - 1)) ** 2), rel=">=", rhs=0, given={x: line},
        branches=one(rest=exp(-(1 / (x - 1)) ** 2)),
    ),
    "a sum that runs backwards": Case(
        lhs=Sum(1, (k, 1, np - 3)), rel="<=", rhs=np - 3, given={np: Integer(lo=1)},
        branches=one(),
    ),
    "an argument in a circle": Case(
        lhs=f(y), rel=">=", rhs=5, given={y: line},
        children={"c": child(f(x), ">=", 5, {x: line}, ge(f(x), 5))},
        branches=one(From(claim="c", at={x: y})),
    ),
}  # fmt: skip


def run_case(case: Case, make: Make) -> Finding:
    children = {
        name: make(lhs, rel, rhs, given=given, where=where, id=name)
        for name, (lhs, rel, rhs, given, where) in case.children.items()
    }
    parent = make(
        case.lhs,
        case.rel,
        case.rhs,
        given=case.given,
        where=case.where,
        evidence=(Steps(branches=case.branches),),
    )
    return run_evidence(parent, parent.evidence[0], Context(claims=children))


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_is_proved(name: str, claim: Make) -> None:
    found = run_case(FOLLOWS[name], claim)
    assert found.verdict is Verdict.PROVED, found.detail


@pytest.mark.parametrize("name", FAILS)
def test_what_does_not_follow_is_not_proved(name: str, claim: Make) -> None:
    found = run_case(FAILS[name], claim)
    assert found.verdict is Verdict.UNDECIDED, found.detail
    assert "\n" not in found.detail


def test_a_proof_is_worth_its_weakest_child(claim: Make) -> None:
    false = claim(
        x, "<=", 0, id="c", given={x: line}, evidence=(Search(),), broken=(scale("lhs", 2),)
    )
    parent = claim(
        2 * y,
        "<=",
        0,
        id="parent",
        given={y: Real(lo=0)},
        evidence=(Steps(branches=one(From(claim="c", at={x: y}, weight=S(2)))),),
        broken=(flip(),),
    )
    found = check_ledger({"c": false, "parent": parent})
    assert found.results["c"].own is Verdict.REFUTED
    assert found.results["parent"].rolled is Verdict.REFUTED
