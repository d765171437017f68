"""Every method accepts a truth, refutes or refuses a falsehood and its mutants, reports vacuity."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sympy import (
    Abs,
    Derivative,
    Expr,
    Integral,
    Rational,
    S,
    Sum,
    Symbol,
    ceiling,
    diff,
    exp,
    floor,
    log,
    oo,
    pi,
    sin,
    sqrt,
    tanh,
)

from proofs_check import (
    Argued,
    Claim,
    Context,
    Definition,
    Enclosure,
    Finding,
    Instances,
    Integer,
    MonteCarlo,
    Point,
    Polynomial,
    Real,
    Rel,
    Relation,
    Sample,
    Search,
    Size,
    Spacing,
    Symbolic,
    Verdict,
    check,
    flip,
    functional,
    ge,
    gt,
    le,
    restate,
    sample_symbol,
    scale,
    swap,
)

Make = Callable[..., Claim]
Run = Callable[..., Finding]
Array = NDArray[np.float64]

r, s, t = (Symbol(name, real=True) for name in "rst")
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
m, n = Symbol("m", integer=True, positive=True), Symbol("n", integer=True)
X = sample_symbol()
line, half_line = Real(), Real(lo=0, lo_open=True)
unit = Real(lo=0, hi=1)
inner = Real(lo=0, hi=1, lo_open=True, hi_open=True)

# polynomials

SIGNS: dict[str, tuple[Expr, str, Any, dict[Symbol, Any], Polynomial]] = {
    "no real root": (r**2 - r + 1, ">", 0, {r: Real(lo=0)}, Polynomial()),
    "double root": (r**2 - 2 * r + 1, ">=", 0, {r: Real(lo=0)}, Polynomial()),
    "irrational double root": ((r**2 - 2) ** 2, ">=", 0, {r: Real(lo=0)}, Polynomial()),
    "root at the end": (r * (2 - r), ">=", 0, {r: Real(lo=0, hi=2)}, Polynomial()),
    "single point": (r**2, "<=", r, {r: Real(lo=1, hi=1)}, Polynomial()),
    "quotient": (r / (1 + r), "<", 1, {r: Real(lo=0)}, Polynomial()),
    "from an integer on": (m**2 - 5 * m + 6, ">=", 0, {m: Integer(lo=3)}, Polynomial()),
    "two variables": (r * s + r, ">=", 0, {r: Real(lo=0), s: Real(lo=0)}, Polynomial()),
    "chain of ends": (t, ">=", r, {r: Real(lo=-5), s: Real(lo=r), t: Real(lo=s)}, Polynomial()),
    "halves": (
        floor(m / 2) + ceiling(m / 2), ">=", m, {m: Integer(lo=1)}, Polynomial(residues={m: 2}),
    ),
    "count of integers": (
        floor(3 * m / 4) - ceiling(m / 4) - 1, ">=", m / 4, {m: Integer(lo=10)},
        Polynomial(residues={m: 4}),
    ),
    "short range": (m * (5 - m), ">=", 0, {m: Integer(lo=1, hi=5)}, Polynomial(residues={m: 7})),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_exact_sign_arguments_prove(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, evidence = SIGNS[name]
    found = finding(lhs, rel, rhs, given=given, evidence=(evidence,))
    assert found.verdict is Verdict.PROVED, found.detail


@pytest.mark.parametrize("name", SIGNS)
def test_exact_sign_arguments_reject_mutants(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, evidence = SIGNS[name]
    opposite = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}[rel]
    assert not finding(lhs, opposite, rhs, given=given, evidence=(evidence,)).verdict.accepts


# identities


def identity(lhs: Expr, rhs: Expr, given: Mapping[Symbol, Any], **options: Any) -> dict[str, Any]:
    return {
        "lhs": lhs,
        "rel": "==",
        "rhs": rhs,
        "given": given,
        "evidence": (Symbolic(**options),),
    }


IDENTITIES: dict[str, dict[str, Any]] = {
    "exponentials": identity(1 / (1 + exp(-r)), exp(r) / (1 + exp(r)), {r: line}),
    "derivative": identity(
        Derivative(log(1 + exp(r)), r).doit(), 1 / (1 + exp(-r)), {r: line}, recipe="derivative"
    ),
    "rational": identity((r**3 - 1), (r - 1) * (r**2 + r + 1), {r: line}),
    "sample": identity(
        Point(X, 2) - Point(X, 1) + Point(X, 1), Point(X, 2), {X: Sample()}, sizes=(2, 3)
    ),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_are_proved(name: str, finding: Run) -> None:
    found = finding(**IDENTITIES[name])
    wanted = Verdict.ENCLOSED if name == "sample" else Verdict.PROVED
    assert found.verdict is wanted, found.detail


FALSE_IDENTITIES: dict[str, dict[str, Any]] = {
    "wrong": identity(exp(r + s), exp(r) + exp(s), {r: line, s: line}),
    "close in float64": identity(exp(r), exp(r) + Rational(1, 10**25), {r: line}),
    "nearly an integer": identity(exp(pi * sqrt(163)), S(262537412640768744), {r: line}),
    "true at integers only": identity(sin(pi * r), S.Zero, {r: line}),
    "true for two points only": identity(
        Point(X, Size(X)) - Point(X, 1), Spacing(X), {X: Sample()}, sizes=(2, 3, 4)
    ),
    "false for four points only": identity(
        (Size(X) - 2) * (Size(X) - 3) * (Size(X) - 5), S.Zero, {X: Sample(min_size=2, max_size=5)},
        sizes=(2, 3, 4, 5),
    ),
    "undefined at one point": identity((r**2 - 1) / (r - 1), r + 1, {r: line}),
    "sign lost": identity(sqrt(r**2), r, {r: line}),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE_IDENTITIES)
def test_false_identities_are_not_proved(name: str, finding: Run) -> None:
    found = finding(**FALSE_IDENTITIES[name])
    assert not found.verdict.accepts, found.detail


def test_an_unknown_recipe_is_named(finding: Run) -> None:
    found = finding(**identity(r, r + 0 * s, {r: line}, recipe="magic"))
    assert found.verdict is Verdict.UNDECIDED
    assert "there is no 'magic'" in found.detail


def test_a_reduction_has_a_time_limit(finding: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(lhs: Expr, rhs: Expr) -> bool:
        while True:
            diff(lhs * rhs, r)

    from proofs_check.methods import recipes

    monkeypatch.setitem(recipes.RECIPES, "endless", endless)
    found = finding(**identity(r, r, {r: line}, recipe="endless", limit=0.2))
    assert found.verdict is Verdict.UNDECIDED
    assert "no result within 0.2 s" in found.detail


def test_an_inequality_is_no_identity(finding: Run) -> None:
    found = finding(r, "<=", r + 1, given={r: line}, evidence=(Symbolic(),))
    assert found.verdict is Verdict.UNDECIDED


# instances and search


def test_instances_certify_named_points_only(finding: Run) -> None:
    at = {"zero": {r: Fraction(0)}, "two": {r: Fraction(2)}}
    found = finding(exp(r), ">=", 1 + r, given={r: line}, evidence=(Instances(at=at),))
    assert found.verdict is Verdict.ENCLOSED
    assert "zero, two" in found.detail


@pytest.mark.parametrize(
    ("at", "where", "verdict"),
    [
        ({"bad": {r: Fraction(1, 2)}}, (), Verdict.REFUTED),
        ({"outside": {r: Fraction(-5)}}, (), Verdict.UNDECIDED),
        ({"excluded": {r: Fraction(1, 2)}}, (ge(r, 1),), Verdict.UNDECIDED),
        ({"missing": {s: Fraction(1)}}, (), Verdict.UNDECIDED),
        ({}, (), Verdict.UNDECIDED),
    ],
    ids=["fails", "outside", "hypothesis", "no value", "none"],
)
def test_instances_refuse(
    at: dict[str, Any], where: tuple[Relation, ...], verdict: Verdict, finding: Run
) -> None:
    found = finding(r**2, ">=", r, given={r: Real(lo=0)}, where=where, evidence=(Instances(at=at),))
    assert found.verdict is verdict, found.detail


def test_double_entry_notices_a_wrong_float64_face(finding: Run) -> None:
    wrong = functional("wrong", nargs=1, ball=lambda v: v, float64=lambda v: v * 1.001)
    at = {"one": {r: Fraction(1)}}
    found = finding(wrong(r), ">=", 0, given={r: line}, evidence=(Instances(at=at),))
    assert found.verdict is Verdict.ERROR
    assert "float64 and ball values differ" in found.detail


@pytest.mark.parametrize(
    ("lhs", "rel", "rhs", "given"),
    [
        (r**2, ">=", r, {r: line}),
        (r, "<", 1, {r: unit}),
        (p * exp(-p), "<=", Rational(36, 100), {p: half_line}),
        (m**2, "<=", 100 * m, {m: Integer(lo=1)}),
        (Point(X, 2) - Point(X, 1), "<=", Spacing(X), {X: Sample(min_size=3)}),
        (exp(r), "==", 1 + r, {r: line}),
        (r * s, "<=", 10**4, {r: line, s: line}),
    ],
    ids=str,
)
def test_search_refutes_with_an_exact_simple_witness(
    lhs: Expr, rel: str, rhs: Any, given: dict[Symbol, Any], finding: Run
) -> None:
    found = finding(lhs, rel, rhs, given=given, evidence=(Search(),))
    assert found.verdict is Verdict.REFUTED, found.detail
    assert found.witness is not None
    assert set(found.witness.values) == {str(k) for k in given}


def test_search_supports_the_truth_and_proves_nothing(finding: Run) -> None:
    found = finding(exp(r), ">=", 1 + r, given={r: line}, evidence=(Search(),))
    assert found.verdict is Verdict.SUPPORTED


def test_search_without_an_admissible_point_is_undecided(finding: Run) -> None:
    found = finding(r, ">=", 0, given={r: unit}, where=(gt(r, 2),), evidence=(Search(),))
    assert found.verdict is Verdict.UNDECIDED
    assert "vacuous" in found.detail


def test_search_repeats_itself(finding: Run) -> None:
    statement = (r * s, "<=", 10**4)
    found = [finding(*statement, given={r: line, s: line}, evidence=(Search(),)) for _ in range(2)]
    assert found[0].witness == found[1].witness


# Monte Carlo


def normal_mean(rng: np.random.Generator, count: int, mu: float) -> Array:
    return rng.normal(mu, 1.0, count)


def constant(rng: np.random.Generator, count: int, mu: float) -> Array:
    return np.full(count, mu / 3)


def infinite(rng: np.random.Generator, count: int, mu: float) -> Array:
    return np.full(count, np.inf)


def misshapen(rng: np.random.Generator, count: int, mu: float) -> Array:
    return np.zeros((count, 2))


mu = Symbol("mu", positive=True)
MEAN = functional("Mean", nargs=1, ball=lambda v: v)


def carlo(rel: str, rhs: Any, replicates: Any = normal_mean, **options: Any) -> dict[str, Any]:
    return {
        "lhs": MEAN(mu),
        "rel": rel,
        "rhs": S(rhs),
        "given": {mu: half_line},
        "evidence": (MonteCarlo(replicates=replicates, at=({mu: Fraction(2)},), **options),),
    }


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        (carlo("==", mu, count=40000), Verdict.SUPPORTED),
        (carlo("==", mu * Rational(11, 10), count=40000), Verdict.REFUTED),
        (carlo("==", mu, count=100), Verdict.UNDECIDED),
        (carlo("<=", mu + 1), Verdict.SUPPORTED),
        (carlo("<=", mu - 1), Verdict.REFUTED),
        (carlo(">=", mu + 1), Verdict.REFUTED),
        (carlo("<=", mu * Rational(99, 100), count=100), Verdict.UNDECIDED),
        (carlo("==", mu / 3, constant), Verdict.SUPPORTED),
        (carlo("==", mu / 3 + Rational(1, 10**6), constant), Verdict.REFUTED),
        (carlo("==", mu, infinite), Verdict.UNDECIDED),
        (carlo("==", mu, misshapen), Verdict.ERROR),
        (carlo("==", mu, count=1), Verdict.UNDECIDED),
    ],
    ids=[
        *("true", "ten per cent off", "too few", "below", "not below", "not above", "no power"),
        *("exact", "exact and off", "infinite", "wrong shape", "one replicate"),
    ],
)
@pytest.mark.filterwarnings("ignore:Degrees of freedom|invalid value:RuntimeWarning")
def test_monte_carlo(parts: dict[str, Any], verdict: Verdict, finding: Run) -> None:
    found = finding(**parts)
    assert found.verdict is verdict, found.detail


def test_monte_carlo_seldom_alarms(finding: Run) -> None:
    # level 0.1 for each of 60 runs: 16 alarms or more have probability 5e-4 when the level is kept
    parts = carlo("==", mu, count=300, margin=Rational(10))
    alarms = sum(
        finding(**parts, context=Context(seed=seed, level=0.1)).verdict is Verdict.REFUTED
        for seed in range(60)
    )
    assert alarms < 16


def test_monte_carlo_has_power(finding: Run) -> None:
    # the shift is 0.2 = 6.3 standard errors of 1000 replicates, against a quantile of 3.3
    parts = carlo("==", mu * Rational(11, 10), count=1000, margin=Rational(10))
    found = [finding(**parts, context=Context(seed=seed, level=1e-3)).verdict for seed in range(20)]
    assert found.count(Verdict.REFUTED) >= 19


# arguments and definitions


def test_an_argument_never_accepts(tmp_path: Path, finding: Run) -> None:
    parts = {"lhs": r, "rel": "<=", "rhs": r + 1, "given": {r: line}, "evidence": (Argued(),)}
    context = Context(documents=tmp_path)
    assert finding(**parts, context=context).verdict is Verdict.UNDECIDED
    (tmp_path / "t.md").write_text("Clear.", encoding="utf-8")
    assert finding(**parts, context=context).verdict is Verdict.UNDECIDED
    (tmp_path / "t.md").write_text("because " * 30, encoding="utf-8")
    found = finding(**parts, context=context)
    assert found.verdict is Verdict.ARGUED
    assert not found.verdict.accepts


def _defined(value: Expr) -> tuple[Relation, ...]:
    return (Relation(SQUARE(value), Rel.EQ, value**2),)


SQUARE = functional("Square", nargs=1, ball=lambda v: v * v, defining=_defined)


def _defined_wrongly(value: Expr) -> tuple[Relation, ...]:
    return (Relation(FALSE(value), Rel.EQ, value**2),)


FALSE = functional("False_", nargs=1, ball=lambda v: v, defining=_defined_wrongly)


@pytest.mark.parametrize(
    ("lhs", "rhs", "of", "verdict"),
    [
        (SQUARE(r), r**2, SQUARE, Verdict.PROVED),
        (SQUARE(r), r * Abs(r), SQUARE, Verdict.REFUTED),
        (SQUARE(r) + 1, r**2 + 1, SQUARE, Verdict.UNDECIDED),
        (FALSE(r), r**2, FALSE, Verdict.REFUTED),
    ],
    ids=["word for word", "another", "rearranged", "a false definition"],
)
def test_definitions(lhs: Expr, rhs: Expr, of: Any, verdict: Verdict, finding: Run) -> None:
    found = finding(lhs, "==", rhs, given={r: line}, evidence=(Definition(of=of),))
    assert found.verdict is verdict, found.detail


# functionals that lie


def test_a_functional_that_breaks_its_declaration_is_an_error(finding: Run) -> None:
    lying = functional("lying", nargs=1, ball=lambda v: v - 3, positive=True)
    found = finding(lying(r), ">=", 0, given={r: line}, evidence=(Search(),))
    assert found.verdict is Verdict.ERROR
    assert "is declared positive" in found.detail


def test_a_functional_that_returns_a_float_is_an_error(finding: Run) -> None:
    rounding = functional("rounding", nargs=1, ball=float)
    found = finding(rounding(r), ">=", 0, given={r: line}, evidence=(Search(),))
    assert found.verdict is Verdict.ERROR
    assert "return an int, a fmpq or an arb" in found.detail


def test_a_functional_that_crashes_is_an_error(finding: Run) -> None:
    def crashing(value: Any) -> Any:
        raise ZeroDivisionError("no")

    broken = functional("broken", nargs=1, ball=crashing)
    found = finding(broken(r), ">=", 0, given={r: line}, evidence=(Search(),))
    assert found.verdict is Verdict.ERROR


def test_the_examples_of_the_readme_kind(claim: Make) -> None:
    made = claim(
        tanh(r),
        "<",
        1,
        given={r: Real(lo=-3, hi=3)},
        evidence=(Enclosure(), Search()),
        broken=(scale("rhs", Rational(1, 2)), flip(), swap(r, 100 * r + 50), restate("0", rhs=0)),
    )
    result = check(made)
    assert result.own is Verdict.PROVED
    assert [c.verdict for c in result.controls].count(Verdict.REFUTED) >= 3


@pytest.mark.parametrize(
    "formula", [Sum(1 / m**2, (m, 1, oo)), Integral(exp(-(r**2)), (r, -oo, oo))]
)
def test_what_no_arithmetic_knows_is_not_accepted(formula: Expr, finding: Run) -> None:
    for evidence in (Enclosure(), Search(), Instances(at={"here": {s: Fraction(0)}})):
        found = finding(formula + s, "<=", 0, given={s: unit}, evidence=(evidence,))
        assert not found.verdict.accepts


def test_hypotheses_are_checked_at_a_witness(finding: Run) -> None:
    where = (le(r**2, 2), ge(r**2, Rational(19, 10)))
    found = finding(r, "<=", Rational(14, 10), given={r: line}, where=where, evidence=(Search(),))
    assert found.verdict in (Verdict.REFUTED, Verdict.SUPPORTED, Verdict.UNDECIDED)
    if found.witness is not None:
        assert Fraction(19, 10) <= found.witness.values["r"] ** 2 <= 2
