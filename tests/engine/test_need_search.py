"""The climb to the most demanding point of a constant."""

from fractions import Fraction

from sympy import Integer, Rational, Symbol

from proofs_check import Claim, Constant, Enclosure, Real, Rel, Search, flip
from proofs_check.repair import best_constant

a, b = Symbol("a", real=True), Symbol("b", real=True)
c = Symbol("c", positive=True)


def test_a_named_point_may_have_values_of_other_claims() -> None:
    claim = Claim(
        id="T.shared",
        says="a bump that is highest at the named point",
        given={a: Real(lo=0, hi=1)},
        lhs=1 - (a - Rational(3, 7)) ** 2,
        rel=Rel.LE,
        rhs=c,
        constant=Constant(c, Integer(2)),
        evidence=(Enclosure(), Search(also=({a: Fraction(3, 7), b: Fraction(7)},))),
        broken=(flip(),),
    )
    found = best_constant(claim)
    assert (found.lo, found.hi) == (Fraction(1), Fraction(1))
