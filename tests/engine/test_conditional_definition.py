"""A definition that holds under hypotheses is accepted only together with them."""

from sympy import Symbol

from proofs_check.broken import scale
from proofs_check.claim import Claim, Rel, Relation, eq, ge
from proofs_check.domains import Real, reals
from proofs_check.engine import check
from proofs_check.evidence import Definition
from proofs_check.functionals import functional
from proofs_check.verdict import Verdict

_a = Symbol("a", real=True)


def _defining(value: Symbol) -> tuple[tuple[Relation, Relation]]:
    return ((eq(Positive(value), value), ge(value, 0)),)


Positive = functional(
    "Positive", nargs=1, ball=lambda v: v if v >= 0 else 0 * v, defining=_defining
)


def _claim(where: tuple[Relation, ...], domain: Real) -> Claim:
    return Claim(
        id="t",
        says="the positive part of a number",
        given={_a: domain},
        where=where,
        lhs=Positive(_a),
        rel=Rel.EQ,
        rhs=_a,
        evidence=(Definition(of=Positive),),
        broken=(scale("rhs", 2),),
    )


def test_with_its_hypothesis_it_is_proved() -> None:
    assert check(_claim((ge(_a, 0),), reals)).own is Verdict.PROVED


def test_without_its_hypothesis_it_is_refuted() -> None:
    assert check(_claim((), reals)).own is Verdict.REFUTED


def test_another_hypothesis_is_not_enough_even_where_nothing_fails() -> None:
    assert check(_claim((), Real(lo=1))).own is Verdict.UNDECIDED
