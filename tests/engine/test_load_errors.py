"""Every fault of a record is one clear line when it is loaded."""

from collections.abc import Callable
from typing import Any

import pytest
from sympy import Float, I, Integral, Rational, S, Sum, Symbol, exp, oo, sqrt, zoo

from proofs_check import (
    Branch,
    Change,
    Claim,
    ClaimError,
    Constant,
    Enclosure,
    From,
    Integer,
    LedgerError,
    Polynomial,
    Real,
    Sample,
    Search,
    Steps,
    drop,
    flip,
    functional,
    ge,
    le,
    restate,
    scale,
    swap,
)
from proofs_check.engine import order
from proofs_check.ledger import collect

Make = Callable[..., Claim]

a, b = Symbol("a", real=True), Symbol("b", real=True)
p = Symbol("p", positive=True)
n = Symbol("n", integer=True)
k, kp = Symbol("k", integer=True), Symbol("k", integer=True, positive=True)
c = Symbol("c", positive=True)
line = Real()

CASES: dict[str, tuple[Callable[[Make], object], str]] = {
    "id empty": (lambda make: make(id=""), "id: '' is empty or has white space"),
    "id with a space": (lambda make: make(id="a b"), "id: 'a b' is empty or has white space"),
    "no evidence": (lambda make: make(evidence=()), "evidence: there is none"),
    "no broken variant": (lambda make: make(broken=()), "broken: there is no broken variant"),
    "float on the left": (
        lambda make: make(lhs=0.5),
        "lhs: has the float 0.5; write Rational(1, 2)",
    ),
    "float inside": (lambda make: make(a + 0.1, given={a: line}), "lhs: has the float 0.1"),
    "float in a hypothesis": (lambda make: make(where=(le(a, 0.25),)), "hypothesis: has the float"),
    "float in a domain": (lambda make: make(given={a: Real(lo=0.5)}), "lo: has the float 0.5"),
    "float in a margin": (
        lambda make: make(a, given={a: line}, evidence=(Enclosure(margin=Float(1.0) * a),)),
        "evidence: Enclosure has the float 1.0",
    ),
    "float in a factor": (
        lambda make: make(a, given={a: line}, evidence=(Enclosure(margin=a, times=Float(2.0)),)),
        "evidence: Enclosure has the float 2.0",
    ),
    "plain float in a weight": (
        lambda make: make(
            a, given={a: line}, evidence=(Steps(branches=(Branch(parts=(From(weight=0.5),)),)),)
        ),
        "evidence: Steps has the float 0.5",
    ),
    "float in a change": (
        lambda make: make(
            a,
            given={a: line},
            evidence=(
                Enclosure(
                    changes=(Change(old=a, expression=2.0 * b, new=b, new_is=a / 2, domain=line),)
                ),
            ),
        ),
        "evidence: Enclosure has the float 2.0",
    ),
    "float in a shift": (
        lambda make: make(a, given={a: line}, evidence=(Polynomial(shift={a: a + 0.5}),)),
        "evidence: Polynomial has the float 0.5",
    ),
    "text for a formula": (lambda make: make(lhs="a + 1"), "lhs: 'a + 1' is text"),
    "not a formula": (lambda make: make(lhs=True), "lhs: True is not a formula"),
    "NaN": (lambda make: make(lhs=S.NaN), "lhs: nan is not a number"),
    "division by zero": (lambda make: make(lhs=zoo), "lhs: zoo is not a number"),
    "infinite side": (lambda make: make(rhs=oo), "rhs: oo is no number"),
    "imaginary side": (lambda make: make(exp(I * a), given={a: line}), "is not real"),
    "no such relation": (lambda make: Claim(**parts(rel="=<")), "rel: '=<' is not a relation"),
    "symbol not given": (lambda make: make(a + b, given={a: line}), "given: b is not in given"),
    "hypothesis not given": (
        lambda make: make(a, given={a: line}, where=(ge(b, 0),)),
        "given: b is not in given",
    ),
    "hypothesis not a relation": (
        lambda make: make(a, given={a: line}, where=(a > 0,)),
        "where: a hypothesis is not a relation",
    ),
    "no domain": (lambda make: make(a, given={a: (0, 1)}), "given: a has no domain"),
    "domain used too early": (
        lambda make: make(a, given={a: Real(lo=b), b: line}),
        "given: the domain of a uses b before it is given",
    ),
    "positive symbol, wide domain": (
        lambda make: make(p, given={p: Real(lo=-1)}),
        "given: p is declared positive, which does not follow from [-1, oo)",
    ),
    "positive symbol, closed end": (
        lambda make: make(p, given={p: Real(lo=0)}),
        "given: p is declared positive, which does not follow from [0, oo)",
    ),
    "integer symbol, real domain": (
        lambda make: make(n, given={n: Real(lo=0)}),
        "given: n is declared integer",
    ),
    "even symbol": (
        lambda make: make(0, given={Symbol("e", even=True): Integer(lo=0)}),
        "given: e is declared even",
    ),
    "imaginary symbol": (
        lambda make: make(0, given={Symbol("z", imaginary=True): line}),
        "given: z is declared",
    ),
    "irrational symbol": (
        lambda make: make(0, given={Symbol("z", irrational=True): line}),
        "given: z is declared",
    ),
    "two symbols of one name": (
        lambda make: make(0, given={a: line, Symbol("a"): line}),
        "given: two symbols are called a",
    ),
    "reserved name": (
        lambda make: make(0, given={Symbol("_exp0", real=True): line}),
        "given: the name _exp0 is reserved",
    ),
    "positive index from 0": (
        lambda make: make(Sum(kp, (kp, 0, n)), given={n: Integer(lo=0)}),
        "lhs: the index k is declared positive, but runs from 0 to n",
    ),
    "positive variable of an integral": (
        lambda make: make(Integral(sqrt(p**2), (p, -1, a)), given={a: line}),
        "lhs: the index p is declared positive, but runs from -1 to a",
    ),
    "integral that runs backwards": (
        lambda make: make(Integral(exp(a), (a, 1, 0))),
        "lhs: the integral over a runs backwards from 1 to 0",
    ),
    "integral from infinity": (
        lambda make: make(Integral(exp(a), (a, oo, -oo))),
        "runs backwards from oo to -oo",
    ),
    "reversed interval": (lambda make: Real(lo=1, hi=0), "given: the interval [1, 0] is empty"),
    "empty half-open point": (
        lambda make: Real(lo=0, hi=0, lo_open=True),
        "given: the interval (0, 0] is empty",
    ),
    "interval from infinity": (lambda make: Real(lo=oo), "given: the interval"),
    "complex end": (
        lambda make: Real(lo=I),
        "given: the end I of an interval is not a real number",
    ),
    "empty range": (lambda make: Integer(lo=5, hi=3), "given: the range integers 5..3 is empty"),
    "range without integers": (
        lambda make: Integer(lo=Rational(1, 3), hi=Rational(2, 3)),
        "given: the range integers 1/3..2/3 is empty",
    ),
    "range without lower end": (lambda make: Integer(lo=-oo), "needs a finite lower end"),
    "range to -oo": (lambda make: Integer(lo=0, hi=-oo), "cannot end at -oo"),
    "sample of none": (lambda make: Sample(min_size=0), "a sample needs min_size >= 1"),
    "sample sizes reversed": (lambda make: Sample(min_size=3, max_size=2), "max_size < min_size"),
    "functional without evaluator": (
        lambda make: functional("f", nargs=1),
        "functional f: give a ball evaluator or a symbolic definition",
    ),
    "constant with a symbol": (
        lambda make: Constant(c, a),
        "constant: a is not a number",
    ),
    "constant against its declaration": (
        lambda make: Constant(c, Rational(-1)),
        "constant: -1 is not positive, as c is declared to be",
    ),
    "constant is no symbol": (lambda make: Constant(c + 1, S.One), "is not a symbol"),
    "constant in a hypothesis": (
        lambda make: make(
            a, rhs=c, given={a: line}, where=(le(a, c),), constant=Constant(c, S.One)
        ),
        "where: c is a constant of the statement only",
    ),
    "constant with a domain": (
        lambda make: make(
            0, rhs=c, given={c: Real(lo=0, lo_open=True)}, constant=Constant(c, S.One)
        ),
        "given: the constant c needs no domain",
    ),
    "no constant to change": (lambda make: make().with_constant(2), "has no constant to change"),
    "scale of no side": (lambda make: scale("left", 2), "broken: there is no side 'left'"),
    "float in a broken variant": (lambda make: scale("rhs", 1.1), "broken: has the float 1.1"),
    "scaling zero": (lambda make: applied(make, scale("rhs", 2)), "changes nothing"),
    "swapping nothing": (lambda make: applied(make, swap(b, a)), "changes nothing"),
    "restating the same": (lambda make: applied(make, restate("r", lhs=a)), "changes nothing"),
    "dropping what is not there": (lambda make: applied(make, drop(0)), "changes nothing"),
    "flipping an equality": (
        lambda make: flip().apply(make(a, "==", given={a: line})),
        "changes nothing",
    ),
    "duplicate id": (lambda make: collect([make(), make()]), "t: the id is used twice"),
    "unknown use": (
        lambda make: order(collect([make(uses=("z",))])),
        "t: uses 'z', which is not in the ledger",
    ),
    "unknown step": (
        lambda make: order(collect([make(steps=("z",))])),
        "t: uses 'z', which is not in the ledger",
    ),
    "unknown child": (
        lambda make: order(
            collect([make(evidence=(Steps(branches=(Branch(parts=(From(claim="z"),)),)),))])
        ),
        "t: uses 'z', which is not in the ledger",
    ),
    "uses itself": (lambda make: order(collect([make(uses=("t",))])), "t -> t"),
    "cycle": (
        lambda make: order(collect([make(id="x", uses=("y",)), make(id="y", steps=("x",))])),
        "x: depends on itself: x -> y -> x",
    ),
    "cycle through a child": (
        lambda make: order(
            collect(
                [
                    make(id="x", evidence=(Steps(branches=(Branch(parts=(From(claim="y"),)),)),)),
                    make(id="y", uses=("x",)),
                ]
            )
        ),
        "depends on itself",
    ),
}


def parts(**changed: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "id": "t",
        "says": "a test",
        "lhs": S.Zero,
        "rel": "<=",
        "rhs": S.Zero,
        "evidence": (Search(),),
        "broken": (flip(),),
    }
    return plain | changed


def applied(make: Make, variant: Any) -> Claim:
    changed: Claim = variant.apply(make(a, given={a: line}))
    return changed


@pytest.mark.parametrize("name", CASES)
def test_fault_is_one_clear_line(name: str, claim: Make) -> None:
    build, message = CASES[name]
    with pytest.raises((ClaimError, LedgerError)) as caught:
        build(claim)
    text = str(caught.value)
    assert message in text
    assert "\n" not in text
    assert len(text) < 200


@pytest.mark.parametrize(
    ("symbol", "domain"),
    [
        (p, Real(lo=0, lo_open=True)),
        (p, Real(lo=Rational(1, 2), hi=3)),
        (p, Integer(lo=1)),
        (Symbol("q", nonnegative=True), Real(lo=0)),
        (Symbol("m", negative=True), Real(hi=0, hi_open=True)),
        (Symbol("m", nonpositive=True), Real(hi=0)),
        (Symbol("i", integer=True, positive=True), Integer(lo=1)),
        (Symbol("w"), line),
    ],
    ids=str,
)
def test_declarations_that_follow_from_the_domain_are_accepted(
    symbol: Symbol, domain: Any, claim: Make
) -> None:
    assert claim(symbol**2, ">=", 0, given={symbol: domain}).symbols == {str(symbol): symbol}


def test_an_index_may_be_positive_where_its_range_is(claim: Make) -> None:
    positive = Symbol("N", integer=True, positive=True)
    made = claim(Sum(kp**2, (kp, 1, positive)), ">=", 0, given={positive: Integer(lo=1)})
    assert made.statement.lhs.has(Sum)


def test_an_empty_sum_is_no_fault(claim: Make) -> None:
    assert claim(Sum(kp, (kp, 1, 0)), "<=", 0).statement.lhs is not None
