"""Mutants are false, shown so by other code, and the engine accepts none of them."""

import itertools
import json
import math
from fractions import Fraction
from typing import Any

import pytest
from sympy import (
    Abs,
    Expr,
    Integral,
    Max,
    Min,
    Rational,
    Sum,
    Symbol,
    ceiling,
    erf,
    erfc,
    exp,
    floor,
    log,
    oo,
    pi,
    sign,
)

from numerics.checkpoints import NoCheckpoint
from proofs_check.broken import flip
from proofs_check.claim import Claim, gt
from proofs_check.context import Context
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.errors import ClaimError
from proofs_check.evidence import Enclosure, Search
from proofs_check.functionals import Point, Spacing, functional, sample_symbol
from proofs_check.trust import mutation_run, second_opinion
from proofs_check.trust.mutation import OPERATORS, Mutant, mutants
from proofs_check.trust.mutation_run import COLUMNS, EXPERIMENT, answer, rows
from proofs_check.trust.screen import Screen
from proofs_check.trust.second_opinion import fails_at
from proofs_check.witness import certified_failure

a = Symbol("a", real=True)
b = Symbol("b", real=True)
p = Symbol("p", positive=True)
j = Symbol("j", integer=True)
X = sample_symbol()


def made(**parts: Any) -> Claim:
    parts = {
        "id": "t",
        "says": "s",
        "given": {a: reals},
        "lhs": exp(a),
        "rel": ">=",
        "rhs": 1 + a,
        "evidence": (Enclosure(), Search()),
        "broken": (flip(),),
    } | parts
    return Claim(**parts)


TANGENT = made()
BOUND = made(
    given={p: Real(lo=Rational(1, 9), hi=Rational(2))},
    lhs=p * exp(-p),
    rel="<=",
    rhs=Rational(1, 2),
    id="bound",
)
SQUARE = made(lhs=(a + 1) ** 2, rel="==", rhs=a**2 + 2 * a + 1, id="square", evidence=(Search(),))
HYPOTHESIS = made(lhs=a**2, rel=">", rhs=a, where=(gt(a, 1),), id="hypothesis")


@pytest.mark.parametrize("claim", [TANGENT, BOUND, SQUARE, HYPOTHESIS], ids=lambda c: c.id)
def test_mutants_are_false_by_both_arithmetics(claim: Claim) -> None:
    found = [m for m in mutants(claim, most=6) if m.shown_by]
    assert len(found) >= 3
    for mutant in found:
        assert mutant.shown_by == "digits"
        assert certified_failure(mutant.claim, mutant.witness) is not None


@pytest.mark.parametrize("claim", [TANGENT, BOUND, HYPOTHESIS], ids=lambda c: c.id)
def test_no_mutant_is_accepted(claim: Claim) -> None:
    found = [answer(claim, m, Context()) for m in mutants(claim, most=6)]
    shown = [r for r in found if r.shown_by]
    assert shown
    assert {r.outcome for r in shown} == {"refuted"}
    assert {r.outcome for r in found if not r.shown_by} <= {"weaker", "not seen to fail"}


def test_what_float64_alone_sees_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_opinion, "OPERATIONS", 0)
    found = {answer(TANGENT, m, Context()).outcome for m in mutants(TANGENT, most=2)}
    assert "not confirmed" in found
    assert "refuted" not in found


def test_an_engine_that_accepts_everything_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs_check.methods import enclosure
    from proofs_check.verdict import Finding, Verdict

    def yes(*_: Any) -> Finding:
        return Finding(method="enclosure", verdict=Verdict.PROVED, detail="")

    monkeypatch.setattr(enclosure, "run", yes)
    mutant = next(m for m in mutants(TANGENT, most=1) if m.shown_by)
    assert answer(TANGENT, mutant, Context()).outcome == "accepted"


def test_what_the_quick_search_misses_is_searched_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs_check.methods import enclosure, search
    from proofs_check.verdict import Finding, Verdict

    def nothing(*_: Any) -> Finding:
        return Finding(method="enclosure", verdict=Verdict.UNDECIDED, detail="")

    def late(claim: Claim, evidence: Search, context: Context) -> Finding:
        if context.full:
            return sound(claim, evidence, context)
        return Finding(method="search", verdict=Verdict.SUPPORTED, detail="none at 3 points")

    sound = search.run
    monkeypatch.setattr(enclosure, "run", nothing)
    monkeypatch.setattr(search, "run", late)
    mutant = next(m for m in mutants(TANGENT, most=1) if m.shown_by)
    found = answer(TANGENT, mutant, Context())
    assert found.outcome == "refuted in full"
    assert "none at 3 points; fails at a =" in found.detail
    monkeypatch.setattr(search, "run", lambda *_: late(TANGENT, Search(), Context()))
    assert answer(TANGENT, mutant, Context()).outcome == "supported"


def test_a_weaker_claim_is_known_to_be_true() -> None:
    half_line = {p: Real(lo=Rational(0), lo_open=True)}
    claim = made(given=half_line, lhs=p + 2, rel=">=", rhs=2 * p / (1 + p), evidence=(Search(),))
    found = {m.operator: m for m in mutants(claim, most=99)}
    assert any(m.weaker for m in found.values())
    for mutant in found.values():
        assert not (mutant.weaker and mutant.shown_by)
        if mutant.weaker:
            assert answer(claim, mutant, Context()).outcome == "weaker"


def test_a_claim_that_only_balls_can_value_has_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    thing = functional("Opaque", nargs=1, ball=lambda v: v * v, nonnegative=True)
    claim = made(lhs=thing(a), rel=">=", rhs=0, evidence=(Search(),))
    monkeypatch.setattr(mutation_run, "whole_ledger", lambda: ({"t": claim}, Context()))
    (row,) = rows([EXPERIMENT.run({"claim": "t", "most": 3, "seed": 0}, NoCheckpoint())])
    assert row.outcome == "no other value"
    assert "Opaque" in row.detail


def test_an_arithmetic_that_denies_the_claim_shows_nothing() -> None:
    wrong = functional("Wrong", nargs=1, ball=lambda v: v, float64=lambda v: 0.9 * v)
    claim = made(given={a: Real(lo=1)}, lhs=wrong(a), rel=">=", rhs=a, evidence=(Search(),))
    found = [answer(claim, m, Context()) for m in mutants(claim, most=1)]
    assert not [r for r in found if r.shown_by]
    (denied, *_) = [r for r in found if r.outcome == "claim denied"]
    assert "float64 denies" in denied.detail


def test_what_has_no_value_anywhere_is_not_said_to_hold() -> None:
    def simulated(_: Any) -> Any:
        raise ClaimError("known by simulation only")

    thing = functional("Simulated", nargs=1, ball=simulated, float64=simulated)
    claim = made(lhs=thing(a), rel=">=", rhs=1, evidence=(Search(),))
    found = [answer(claim, m, Context()) for m in mutants(claim, most=1)]
    assert {r.outcome for r in found} == {"no other value"}


def test_long_sums_and_missing_values_are_not_seen_to_fail() -> None:
    k = Symbol("k", integer=True)
    total = made(given={k: Integer(lo=1)}, lhs=Sum(j, (j, 1, k)), rel="==", rhs=k)
    screen = Screen([{k: Fraction(3)}, {k: Fraction(10**6)}])
    assert screen.sides(total, 0) == (6.0, 3.0)
    assert math.isnan(screen.score(total, 1))
    beyond = made(given={X: Sample(min_size=2)}, lhs=Point(X, 9), rel=">=", rhs=0)
    assert math.isnan(Screen([{X: (Fraction(0), Fraction(1))}]).score(beyond, 0))


def test_a_strict_relation_fails_at_a_tie() -> None:
    strict = made(lhs=a, rel=">", rhs=a)
    assert Screen([{a: Fraction(2)}]).score(strict, 0) < 0
    assert Screen([{a: Fraction(2)}]).score(made(lhs=a, rel=">=", rhs=a), 0) == 0


def test_the_second_opinion_counts_its_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    false = made(lhs=exp(a), rel="<=", rhs=1 + a)
    assert fails_at(false, {a: Fraction(1, 3)}).fails
    monkeypatch.setattr(second_opinion, "OPERATIONS", 3)
    assert not fails_at(false, {a: Fraction(1, 3)}).fails


@pytest.mark.parametrize(
    "expr",
    [
        Sum(j**2 * a, (j, 1, 4)),
        Integral(exp(-(b**2)), (b, -oo, oo)) + a,
        floor(9 * a / 2) + ceiling(9 * a / 2) + sign(-a),
        Max(a, 2) * Min(a, 2) + Abs(a - 2),
        erf(a) + erfc(2 * a) + log(a) + a ** Rational(3, 2) + pi,
    ],
    ids=["sum", "integral", "steps", "extremes", "functions"],
)
def test_the_second_opinion_of_every_operation(expr: Expr) -> None:
    """SymPy's own evaluation is the other route."""
    value = Rational(str(expr.subs(a, Rational(1, 3)).evalf(30)))
    little = Rational(1, 1000)
    assert fails_at(made(lhs=expr, rel="<=", rhs=value - little), {a: Fraction(1, 3)}).fails
    assert fails_at(made(lhs=expr, rel=">=", rhs=value + little), {a: Fraction(1, 3)}).fails
    assert not fails_at(made(lhs=expr, rel="<=", rhs=value + little), {a: Fraction(1, 3)}).fails


def test_operators_take_turns() -> None:
    """Different claims lose different things."""
    first = {m.operator for m in itertools.islice(mutants(TANGENT, most=9), 9)}
    assert len(first) >= 4
    assert first <= set(OPERATORS)


def test_mutants_repeat() -> None:
    def drawn() -> list[Mutant]:
        return list(mutants(BOUND, most=3, seed=5))

    assert drawn() == drawn()


def test_the_second_opinion_needs_every_hypothesis() -> None:
    false = made(lhs=a, rel=">=", rhs=2, where=(gt(a, 1),))
    assert fails_at(false, {a: Fraction(3, 2)}).fails
    assert not fails_at(false, {a: Fraction(1)}).fails  # the hypothesis is strict
    assert not fails_at(false, {a: Fraction(1, 2)}).fails
    assert not fails_at(false, {}).fails


def test_the_second_opinion_looks_at_the_domain() -> None:
    false = made(given={a: Real(lo=Rational(0), hi=Rational(1))}, lhs=a, rel=">=", rhs=1)
    assert fails_at(false, {a: Fraction(1, 2)}).fails
    assert not fails_at(false, {a: Fraction(-1)}).fails


def test_the_second_opinion_of_a_tie() -> None:
    tie = {a: Fraction(0)}
    assert not fails_at(TANGENT, tie).fails
    assert fails_at(made(lhs=a, rel=">", rhs=a**2), {a: Fraction(1)}).fails  # exact on both sides
    rounded = made(lhs=exp(a) ** 2, rel=">", rhs=exp(2 * a))
    assert not fails_at(rounded, {a: Fraction(1, 3)}).fails


def test_the_second_opinion_of_a_quantity_without_a_definition() -> None:
    thing = functional("Thing", nargs=1, ball=lambda v: v * 3, float64=lambda v: 2.0 * v)
    opinion = fails_at(made(lhs=thing(a), rel="==", rhs=3 * a), {a: Fraction(1)})
    assert opinion.fails
    assert opinion.how == "float64"


def test_the_second_opinion_of_samples() -> None:
    claim = made(
        given={X: Sample(min_size=3)}, lhs=Point(X, 2) - Point(X, 1), rel="<=", rhs=Spacing(X)
    )
    assert fails_at(claim, {X: (Fraction(0), Fraction(2), Fraction(3))}).fails
    assert not fails_at(claim, {X: (Fraction(0), Fraction(1), Fraction(3))}).fails


def test_a_cell_gives_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutation_run, "whole_ledger", lambda: ({"bound": BOUND}, Context()))
    parameters: dict[str, str | int] = {"claim": "bound", "most": 3, "seed": 0, "of": ""}
    found = rows([EXPERIMENT.run(parameters, NoCheckpoint())])
    assert sum(bool(r.shown_by) for r in found) == 3
    assert all(r.claim == "bound" for r in found)
    assert set(COLUMNS) == set(vars(found[0]))
    json.dumps([vars(r) for r in found])


@pytest.mark.slow
def test_no_mutant_of_the_ledger_is_accepted() -> None:
    sample = EXPERIMENT.cells("paper")[::40]
    found = rows([EXPERIMENT.run(cell, NoCheckpoint()) for cell in sample])
    shown = [r for r in found if r.shown_by]
    assert len(shown) >= 30
    assert not [r for r in shown if r.outcome in ("accepted", "supported")]
