"""Margins on the faces of a box: what vanishes there is recognised, what does not is left alone."""

from fractions import Fraction

import pytest
from sympy import Expr, S, Symbol, exp

from proofs_check import margins, normal_form
from proofs_check.broken import scale
from proofs_check.claim import Claim, Rel
from proofs_check.domains import Integer, Real
from proofs_check.evidence import Enclosure, Search
from proofs_check.margins import Margins
from proofs_check.problem import problems

x = Symbol("x", real=True)
y = Symbol("y", positive=True)
k = Symbol("k", integer=True, positive=True)


def on_a_face(margin: Expr) -> tuple[Expr, list[Expr]]:
    """Return a margin at x = 0, and of what the normal form was asked on the way."""
    claim = Claim(
        id="t",
        says="t",
        given={x: Real(lo=0, hi=1), y: Real(lo=0, lo_open=True), k: Integer(lo=1, hi=2)},
        lhs=margin,
        rel=Rel.GE,
        rhs=S.Zero,
        evidence=(Search(),),
        broken=(scale("lhs", -1),),
    )
    (problem,) = problems(claim, Enclosure())
    asked: list[Expr] = []

    def numerator(expr: Expr) -> Expr:
        asked.append(expr)
        return normal_form.numerator(expr)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(margins, "numerator", numerator)
        return Margins(problem)._restricted({x: Fraction(0)}), asked


@pytest.mark.parametrize(
    ("margin", "left", "needed"),
    [
        (x + 2**70 * exp(y) + 1, 2**70 * exp(y) + 1, False),
        (x * y + k, k, False),
        (x * exp(y), S.Zero, True),
        # zero, but only the normal form sees it
        (x + (exp(y) + k) ** 2 - exp(2 * y) - 2 * k * exp(y) - k**2, S.Zero, True),
        # zero at the one point that is looked at, not everywhere
        (x + (y - 1) ** 2, y**2 - 2 * y + 1, True),
    ],
)
def test_the_normal_form_decides_what_a_ball_leaves_open(
    margin: Expr, left: Expr, needed: bool
) -> None:
    found, asked = on_a_face(margin)
    assert found == left
    assert bool(asked) is needed
