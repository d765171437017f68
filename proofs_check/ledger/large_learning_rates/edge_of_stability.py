"""Paper A, the edge of stability observed: gradient descent on the exact risk, narrow networks.

Equation 8 says that a minimum at which gradient descent can stay has m eta lambda_max / 2 <= 1.
Descents of the theoretical class, inner weights +-1, start near minima of random networks at
learning rates on both sides of the limit (A.appD).
"""

from fractions import Fraction
from typing import Any, Final

from sympy import Expr, Rational
from sympy import Integer as Whole

from proofs_check.broken import flip, restate
from proofs_check.claim import Claim, Kind, Rel
from proofs_check.domains import Integer
from proofs_check.evidence import MonteCarlo
from proofs_check.ledger.large_learning_rates.setting import place
from proofs_check.quantities.edge_simulation import (
    SettledShare,
    StayingShare,
    settled_within,
    staying,
)
from theory.symbols import m

__all__ = ["CLAIMS"]

_source = place("equation (8), observed")
_given = {m: Integer(lo=2)}
_at = ({m: Fraction(4)},)
_all = Whole(1)
_few = Rational(9, 10)
_limit = Rational(1001, 1000)
_half = Rational(1, 2)


def _claim(name: str, says: str, lhs: Expr, rel: Rel, rhs: Expr, **rest: Any) -> Claim:
    return Claim(
        id=f"A.x6.{name}",
        kind=Kind.DERIVED,
        says=says,
        source=_source,
        given=_given,
        lhs=lhs,
        rel=rel,
        rhs=rhs,
        **rest,
    )


CLAIMS: Final = (
    _claim(
        "settled",
        "Gradient descent that settles does so within the stability limit.",
        SettledShare(m, _limit),
        Rel.EQ,
        _all,
        uses=("A.appD",),
        evidence=(MonteCarlo(replicates=settled_within(1.001), at=_at, count=20),),
        broken=(
            restate("one in ten settles beyond", rhs=_few),
            restate("none settles within", rhs=Whole(0)),
        ),
        note="Three data, four neurons, 400 steps from starts near a minimum, m eta lambda_max/2 "
        "there between 0.4 and 2; settled means m |grad R_n| <= 0.02 at the end.",
    ),
    _claim(
        "settled.half",
        "Half the limit would not do: settled descents come close to it.",
        SettledShare(m, _half),
        Rel.LE,
        _few,
        evidence=(MonteCarlo(replicates=settled_within(0.5), at=_at, count=20),),
        broken=(
            flip(),
            restate("all settle within half the limit", rel=Rel.EQ, rhs=_all),
        ),
        note="The same descents as in A.x6.settled.",
    ),
    _claim(
        "unstable",
        "A descent next to a minimum beyond the limit leaves it.",
        StayingShare(m, Rational(21, 20), Rational(3, 2)),
        Rel.EQ,
        Whole(0),
        uses=("A.appD.grows",),
        evidence=(MonteCarlo(replicates=staying(1.05, 1.5), at=_at, count=20),),
        broken=(
            restate("one in ten stays", rhs=Rational(1, 10)),
            restate("all stay", rhs=_all),
        ),
        note="It is a hundred times as far from the minimum after 400 steps as at its start.",
    ),
    _claim(
        "stable",
        "A descent next to a minimum within the limit stays there.",
        StayingShare(m, _half, Rational(19, 20)),
        Rel.EQ,
        _all,
        evidence=(MonteCarlo(replicates=staying(0.5, 0.95), at=_at, count=20),),
        broken=(
            restate("one in ten leaves", rhs=_few),
            restate("none stays", rhs=Whole(0)),
        ),
    ),
)
