"""Mutants are false, shown so by other code, and the engine accepts none of them."""

import itertools
import json
from fractions import Fraction
from typing import Any

import pytest
from sympy import Rational, Symbol, exp

from numerics.checkpoints import NoCheckpoint
from proofs_check.broken import flip
from proofs_check.claim import Claim, gt
from proofs_check.context import Context
from proofs_check.domains import Real, Sample, reals
from proofs_check.evidence import Enclosure, Search
from proofs_check.functionals import Point, Spacing, functional, sample_symbol
from proofs_check.trust import mutation_run
from proofs_check.trust.mutation import OPERATORS, Mutant, mutants
from proofs_check.trust.mutation_run import COLUMNS, EXPERIMENT, answer, rows
from proofs_check.trust.second_opinion import fails_at
from proofs_check.witness import certified_failure

a = Symbol("a", real=True)
p = Symbol("p", positive=True)
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


def test_an_engine_that_accepts_everything_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs_check.methods import enclosure
    from proofs_check.verdict import Finding, Verdict

    def yes(*_: Any) -> Finding:
        return Finding(method="enclosure", verdict=Verdict.PROVED, detail="")

    monkeypatch.setattr(enclosure, "run", yes)
    mutant = next(m for m in mutants(TANGENT, most=1) if m.shown_by)
    assert answer(TANGENT, mutant, Context()).outcome == "accepted"


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
