"""Small statements with known truth, two for each method: one true, one false by little.

A sabotaged engine must not call a false one proved, and should say something else of some of them
than the sound engine does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, Symbol, ceiling, exp, floor, log

from proofs_check.broken import Broken, restate, scale
from proofs_check.claim import Claim, Rel, gt
from proofs_check.domains import Integer, Real, Sample, reals
from proofs_check.evidence import (
    Branch,
    Enclosure,
    Evidence,
    From,
    Instances,
    MonteCarlo,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.functionals import Point, Spacing, functional, sample_symbol
from proofs_check.verdict import Verdict

__all__ = ["CANARIES", "Canary", "ledger"]

a = Symbol("a", real=True)
b = Symbol("b", real=True)
p = Symbol("p", positive=True)
k = Symbol("k", integer=True)
X = sample_symbol()
UNIT: Final = Real(lo=Rational(0), hi=Rational(1))
HALF_LINE: Final = Real(lo=Rational(0), lo_open=True)

SECOND_MOMENT: Final = functional(
    "SecondMoment", nargs=1, ball=lambda v: v * v, unfold=lambda v: v**2, nonnegative=True
)
"""The second moment of a centred Gaussian with this standard deviation."""


@dataclass(frozen=True, kw_only=True)
class Canary:
    """A statement, whether it is true, and what the sound engine says of it."""

    claim: Claim
    true: bool
    expected: Verdict


def squares(rng: np.random.Generator, count: int, *, p: float) -> NDArray[np.float64]:
    """Return squares of Gaussian numbers."""
    return (p * rng.standard_normal(count)) ** 2


def _canary(
    name: str,
    expected: Verdict,
    statement: tuple[Expr, str, Any],
    given: Mapping[Symbol, Any],
    evidence: Evidence,
    *broken: Broken,
    **parts: Any,
) -> Canary:
    lhs, rel, rhs = statement
    true = expected.accepts
    claim = Claim(
        id=name,
        says="true" if true else "false",
        given=given,
        lhs=lhs,
        rel=Rel(rel),
        rhs=rhs,
        evidence=(evidence,),
        broken=broken,
        **parts,
    )
    return Canary(claim=claim, true=true, expected=expected)


def _replaced(rhs: Any, name: str = "another right side") -> Broken:
    return restate(name, rhs=rhs)


def _from(name: str, weight: Any = 1) -> Steps:
    return Steps(branches=(Branch(parts=(From(claim=name, weight=weight),)),))


_PROVED, _REFUTED, _UNDECIDED = Verdict.PROVED, Verdict.REFUTED, Verdict.UNDECIDED
COVER: Final = Enclosure(max_boxes=200)
"""The sound engine needs a tenth of these boxes; a broken one shall not look for minutes."""
_LITTLE: Final = Rational(1, 10**6)

CANARIES: Final[tuple[Canary, ...]] = (
    _canary("tangent", _PROVED, (exp(a), ">=", 1 + a), {a: reals}, COVER, _replaced(1 + 2 * a)),
    _canary(
        "tangent.false",
        _REFUTED,
        (exp(a), ">=", Rational(11, 10) + a),
        {a: reals},
        COVER,
        _replaced(2 + a),
    ),
    _canary(
        "peak",
        _PROVED,
        (p * exp(-p), "<=", Rational(37, 100)),
        {p: HALF_LINE},
        COVER,
        _replaced(Rational(36, 100)),
    ),
    _canary(
        "peak.false",
        _REFUTED,
        (p * exp(-p), "<=", Rational(9, 25)),
        {p: HALF_LINE},
        COVER,
        _replaced(Rational(1, 3)),
    ),
    _canary("logarithm", _PROVED, (log(p), "<=", p - 1), {p: HALF_LINE}, COVER, _replaced(p - 2)),
    _canary(
        "logarithm.false",
        _REFUTED,
        (log(p), "<=", p - Rational(11, 10)),
        {p: HALF_LINE},
        COVER,
        _replaced(p - 2),
    ),
    _canary(
        "open-end",
        _PROVED,
        (a, "<", 1),
        {a: Real(lo=Rational(0), hi=Rational(1), hi_open=True)},
        COVER,
        _replaced(Rational(1, 2)),
    ),
    _canary(
        "closed-end.false",
        _UNDECIDED,
        (a, "<", 1),
        {a: UNIT},
        COVER,
        _replaced(Rational(1, 2)),
    ),
    _canary(
        "far-end",
        _PROVED,
        (a**2, "<=", 9),
        {a: Real(lo=Rational(0), hi=Rational(3))},
        COVER,
        _replaced(8),
    ),
    _canary(
        "far-end.false",
        _REFUTED,
        (a**2, "<=", 8),
        {a: Real(lo=Rational(0), hi=Rational(3))},
        COVER,
        _replaced(7),
    ),
    _canary(
        "hypothesis",
        _PROVED,
        (a**2, ">=", a),
        {a: Real(lo=Rational(-9), hi=Rational(9))},
        COVER,
        _replaced(2 * a),
        where=(gt(a, 1),),
    ),
    _canary(
        "hypothesis.false",
        _REFUTED,
        (a**2, ">=", Rational(3, 2) * a),
        {a: Real(lo=Rational(-9), hi=Rational(9))},
        Search(),
        _replaced(2 * a),
        where=(gt(a, 1),),
    ),
    _canary(
        "undefined.false",
        _UNDECIDED,
        (exp(-1 / a**2), "<=", Rational(1, 2)),
        {a: Real(lo=Rational(-1), hi=Rational(1))},
        COVER,
        _replaced(Rational(1, 3)),
    ),
    _canary(
        "pole.false",
        _REFUTED,
        (1 / a, ">=", -1),
        {a: Real(lo=Rational(-2), hi=Rational(1))},
        COVER,
        _replaced(Rational(-1, 2)),
    ),
    _canary(
        "difference-of-infinities.false",
        _REFUTED,
        (exp(p) - 3 * p**2, ">=", 0),
        {p: HALF_LINE},
        COVER,
        _replaced(Rational(1, 2)),
    ),
    _canary(
        "identity",
        _PROVED,
        ((exp(a) + 1) ** 2, "==", exp(2 * a) + 2 * exp(a) + 1),
        {a: reals},
        Symbolic(recipe="exponentials"),
        _replaced(exp(2 * a) + 2 * exp(a) + 2),
    ),
    _canary(
        "identity.false",
        _REFUTED,
        ((exp(a) + 1) ** 2, "==", exp(2 * a) + 2 * exp(a) + 1 + _LITTLE),
        {a: reals},
        Symbolic(recipe="exponentials"),
        _replaced(exp(2 * a) + 2 * exp(a) + 2),
    ),
    _canary(
        "integers",
        _PROVED,
        (k**2, ">=", 3 * k - 2),
        {k: Integer(lo=2)},
        Polynomial(shift={k: k + 2}),
        _replaced(3 * k),
    ),
    _canary(
        "integers.false",
        _REFUTED,
        (k**2, ">=", 3 * k - 1),
        {k: Integer(lo=2)},
        Search(),
        _replaced(3 * k),
    ),
    _canary(
        "sturm",
        _PROVED,
        (k**4 + 3, ">=", 2 * k**3),
        {k: Integer(lo=0)},
        Polynomial(),
        _replaced(4 * k**3),
    ),
    _canary(
        "sturm.false",
        _UNDECIDED,
        (k**4 + 2, ">=", 3 * k**3),
        {k: Integer(lo=0)},
        Polynomial(),
        _replaced(4 * k**3),
    ),
    _canary(
        "residues",
        _PROVED,
        (floor(k / 2) + ceiling(k / 2), ">=", k),
        {k: Integer(lo=0)},
        Polynomial(residues={k: 2}),
        _replaced(k + 1),
    ),
    _canary(
        "residues.false",
        _UNDECIDED,
        (2 * floor(k / 2), ">=", k),
        {k: Integer(lo=0)},
        Polynomial(residues={k: 2}),
        _replaced(k + 1),
    ),
    _canary(
        "steps", _PROVED, (exp(a) + 1, ">=", 2 + a), {a: reals}, _from("tangent"), _replaced(3 + a)
    ),
    _canary(
        "steps.false",
        _UNDECIDED,
        (exp(a) + 1, ">=", 2 + a + _LITTLE),
        {a: reals},
        _from("tangent"),
        _replaced(3 + a),
    ),
    _canary(
        "steps-weight.false",
        _UNDECIDED,
        (-exp(a), ">=", -1 - a),
        {a: reals},
        _from("tangent", -1),
        _replaced(3 + a),
    ),
    _canary(
        "steps-domain.false",
        _UNDECIDED,
        (9, ">=", a**2),
        {a: reals},
        _from("far-end"),
        _replaced(3 + a**2),
    ),
    _canary(
        "gaps",
        Verdict.SUPPORTED,
        (Point(X, 2) - Point(X, 1), ">=", Spacing(X)),
        {X: Sample(min_size=3)},
        Search(),
        scale("rhs", Rational(3, 2)),
    ),
    _canary(
        "gaps.false",
        _REFUTED,
        (Point(X, 2) - Point(X, 1), ">=", Rational(11, 10) * Spacing(X)),
        {X: Sample(min_size=3)},
        Search(),
        scale("rhs", 2),
    ),
    _canary(
        "instances",
        Verdict.ENCLOSED,
        (exp(a), "<=", Rational(2719, 1000)),
        {a: UNIT},
        Instances(at={"one": {a: Fraction(1)}}),
        _replaced(2),
    ),
    _canary(
        "instances.false",
        _REFUTED,
        (exp(a), "<=", Rational(2718, 1000)),
        {a: UNIT},
        Instances(at={"one": {a: Fraction(1)}}),
        _replaced(2),
    ),
    _canary(
        "simulation",
        Verdict.SUPPORTED,
        (SECOND_MOMENT(p), "==", p**2),
        {p: HALF_LINE},
        MonteCarlo(replicates=squares, at=({p: Fraction(2)},), margin=Rational(1, 5), count=20_000),
        scale("rhs", 2),
    ),
    _canary(
        "simulation.false",
        _REFUTED,
        (SECOND_MOMENT(p), "==", Rational(13, 10) * p**2),
        {p: HALF_LINE},
        MonteCarlo(replicates=squares, at=({p: Fraction(2)},), margin=Rational(1, 5), count=20_000),
        scale("rhs", 2),
    ),
    _canary(
        "narrow.false",
        _UNDECIDED,
        (exp(-((10**6 * a - 333_667) ** 2)), "<=", Rational(1, 2)),
        {a: UNIT},
        Search(),
        _replaced(Rational(1, 3)),
    ),
    _canary(
        "resting",
        _PROVED,
        (exp(a) + 3, ">=", 4 + a),
        {a: reals},
        _from("tangent"),
        _replaced(5 + a),
        uses=("gaps",),
    ),
)

"""True and false statements; ``resting`` is weaker rolled up than on its own."""


def ledger() -> dict[str, Claim]:
    """Return the canaries as a ledger."""
    return {c.claim.id: c.claim for c in CANARIES}
