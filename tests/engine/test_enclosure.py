"""Enclosure proves on whole domains, refutes with a witness, and says when it cannot tell."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Rational,
    S,
    Symbol,
    cos,
    cosh,
    exp,
    floor,
    log,
)

from proofs_check import (
    Change,
    Enclosure,
    Finding,
    Integer,
    Real,
    Relation,
    Sample,
    Spacing,
    Verdict,
    eq,
    gt,
    lt,
    sample_symbol,
)
from proofs_check.methods.enclosure import _end

Run = Callable[..., Finding]

r, s, t = (Symbol(name, real=True) for name in "rst")
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
m = Symbol("m", integer=True, positive=True)
X = sample_symbol()
line, half_line = Real(), Real(lo=0, lo_open=True)
unit = Real(lo=0, hi=1)
inner = Real(lo=0, hi=1, lo_open=True, hi_open=True)

TRUTHS: dict[str, tuple[Expr, str, Any, dict[Symbol, Any], tuple[Any, ...], dict[str, Any]]] = {
    "touches zero at a closed end": (r**2, ">=", 0, {r: unit}, (), {}),
    "touches zero at both ends": (r * (1 - r), ">=", 0, {r: unit}, (), {}),
    "strict inside, zero at open ends": (p, ">", 0, {p: half_line}, (), {}),
    "strict at one open end": (r**2, ">", 0, {r: inner}, (), {}),
    "tangent of the exponential": (exp(r), ">=", 1 + r, {r: line}, (), {}),
    "strict tangent": (exp(p), ">", 1 + p, {p: half_line}, (), {}),
    "logarithm below its tangent": (log(p), "<=", p - 1, {p: half_line}, (), {}),
    "unbounded decay": (r * exp(-r), "<=", Rational(1, 2), {r: Real(lo=0)}, (), {}),
    "hyperbolic": (cosh(r), ">=", 1, {r: line}, (), {}),
    "under a hypothesis": (r**2, ">", r, {r: line}, (gt(r, 2),), {}),
    "two variables": (p**2 + q**2, ">", 0, {p: half_line, q: half_line}, (), {}),
    "minimum of two": (Min(r, s), ">=", 0, {r: unit, s: unit}, (), {}),
    "maximum of two": (Max(r, s), "<=", 1, {r: unit, s: unit}, (), {}),
    "absolute value": (Abs(r), "<=", 1, {r: Real(lo=-1, hi=1)}, (), {}),
    "floor": (floor(r), "<=", 2, {r: Real(lo=0, hi=2)}, (), {}),
    "integers": (2**m, ">=", 2, {m: Integer(lo=1)}, (), {}),
    "dependent end": (s + 1, ">", r, {r: unit, s: Real(lo=r, hi=2)}, (), {}),
    "given margin": (
        p / (1 + p), "<", 1, {p: half_line}, (), {"margin": S.One, "times": 1 + p},
    ),
    "change of variable": (
        p + 1 / p, ">=", 2, {p: half_line}, (),
        {"changes": (Change(old=p, expression=exp(t), new=t, new_is=log(p), domain=line),)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUTHS)
def test_enclosure_proves(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, where, options = TRUTHS[name]
    evidence = Enclosure(**options)
    found = finding(lhs, rel, rhs, given=given, where=where, evidence=(evidence,))
    assert found.verdict is Verdict.PROVED, found.detail


def test_enclosure_says_what_it_covered(finding: Run) -> None:
    boxed = Enclosure(box={r: Real(lo=0, hi=1)})
    found = finding(r, ">=", 0, given={r: Real(lo=0)}, evidence=(boxed,))
    assert found.verdict is Verdict.ENCLOSED
    assert "r in [0, 1]" in found.detail
    sized = Enclosure(points=3)
    found = finding(Spacing(X), ">", 0, given={X: Sample()}, evidence=(sized,))
    assert found.verdict is Verdict.ENCLOSED
    assert "every sample of 3 points" in found.detail


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [((r**2 - 2) ** 2, 0), ((exp(r) - 2) ** 2, 0), ((r**3 - r - 1) ** 2, 0)],
    ids=str,
)
def test_an_irrational_double_root_is_undecided(lhs: Expr, rhs: Any, finding: Run) -> None:
    evidence = Enclosure(max_boxes=200)
    found = finding(lhs, ">=", rhs, given={r: Real(lo=0, hi=2)}, evidence=(evidence,))
    assert found.verdict in (Verdict.UNDECIDED, Verdict.PROVED)
    found = finding(lhs, ">", rhs, given={r: Real(lo=0, hi=2)}, evidence=(evidence,))
    assert found.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("name", TRUTHS)
def test_enclosure_rejects_mutants(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, where, _ = TRUTHS[name]
    opposite = {"<=": ">", "<": ">=", ">=": "<", ">": "<="}[rel]
    found = finding(
        lhs, opposite, rhs, given=given, where=where, evidence=(Enclosure(max_boxes=60),)
    )
    assert not found.verdict.accepts, found.detail


def test_enclosure_refutes_with_an_exact_witness(finding: Run) -> None:
    found = finding(r**2, ">=", r, given={r: unit}, where=(lt(r, 1),))
    assert found.verdict is Verdict.REFUTED
    assert found.witness is not None
    value = found.witness.values["r"]
    assert isinstance(value, Fraction)
    assert 0 < value < 1


def test_enclosure_leaves_equalities_alone(finding: Run) -> None:
    assert finding(r, "==", r, given={r: line}).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    "where",
    [(gt(r, 2), lt(r, 1)), (lt(r**2, 0),), (gt(r, s), gt(s, r)), (eq(exp(r), 0),)],
    ids=["interval", "square", "order", "exponential"],
)
def test_enclosure_reports_vacuity(where: tuple[Relation, ...], finding: Run) -> None:
    given = {r: Real(lo=-5, hi=5), s: Real(lo=-5, hi=5)}
    found = finding(r, ">=", 10**6, given=given, where=where)
    assert found.verdict in (Verdict.VACUOUS, Verdict.UNDECIDED)
    if where[0].rhs == 2:
        assert found.verdict is Verdict.VACUOUS


def test_a_cosine_is_undecided_by_enclosure(finding: Run) -> None:
    assert finding(cos(r), "<=", 2, given={r: line}).verdict is Verdict.UNDECIDED


def test_a_box_beyond_the_floats_is_shown() -> None:
    assert _end(Fraction(10**400)) == "about 10^401"
    assert _end(Fraction(1, 3)) == "0.333333"
