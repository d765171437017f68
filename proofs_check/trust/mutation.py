"""False neighbours of a claim, made by operators instead of by hand.

Each operator changes one thing: a constant, an exponent, a sign, a function, a relation, an index,
a term, a hypothesis, an end of a domain; of two directions it takes the one that makes the claim
false. For an inequality two more move the constant to where the statement fails at a tenth and at
a half of the points that the search draws: subtle errors. A mutant counts only when other code than
the engine's shows it false at an exact point.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from math import isnan
from typing import Any, Final, TypeAlias

from sympy import Add, Expr, Integer, Max, Min, Pow, Rational, Symbol, exp, log, oo

from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Real
from proofs_check.errors import ClaimError
from proofs_check.evidence import Search
from proofs_check.functionals import Functional
from proofs_check.methods.search import plausible, screened_points
from proofs_check.trust.screen import Screen
from proofs_check.trust.second_opinion import UNABLE, Values

__all__ = ["OPERATORS", "Mutant", "mutants"]

POINTS: Final = 60
"""Points of the domain at which a mutant may be shown false."""

FEW: Final = 20
"""With fewer admissible points than this, ten times as many are drawn."""

TRIED: Final = 6
"""Points at which the second opinion is asked: those that fail in float64, simplest first."""

CLEAR: Final = -1e-3
"""Relative margins below this are asked first: no rounding makes them."""

TIE: Final = -1e-9
"""Relative margins of an equality above this may be rounding alone."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A changed claim.

    Attributes
    ----------
    claim
        The changed claim; its id names the operator.
    origin, operator
        Id of the claim it was made from, and what was done.
    witness
        A point at which it was shown false, empty when none was found.
    shown_by
        ``digits`` or ``float64``, by which arithmetic; empty without a witness.
    points, suspected
        At how many points it has a value in float64, and at how many of them it fails there.
    weaker
        Whether it provably follows from the claim, so that it is no false neighbour.
    denied
        By which arithmetic the claim itself was denied where the changed one was; empty if by none.
        Then one of the two is wrong, and nothing is shown.
    """

    claim: Claim
    origin: str
    operator: str
    witness: Mapping[Symbol, Any]
    shown_by: str
    points: int
    suspected: int
    weaker: bool
    denied: str = ""


def mutants(claim: Claim, *, most: int, seed: int = 0) -> Iterator[Mutant]:
    """Yield changed claims, until ``most`` of them are false.

    Parameters
    ----------
    claim
        A claim that holds.
    most
        How many false ones are wanted; operators take turns, so that different claims lose
        different things.
    seed
        Root of the draws and of the turns.
    """
    context = Context(seed=seed)
    witnesses = _Witnesses(claim, _points(claim, context), context)
    sides = [witnesses.screen.sides(claim, k) for k in range(len(witnesses.screen.points))]
    found = 0
    tried: set[Any] = {_identity(claim)}
    for operator in _in_turn(claim.id, seed):
        if found >= most:
            return
        mutant = None
        for changed in _alternatives(claim, operator, sides):
            if _identity(changed) in tried:
                continue
            tried.add(_identity(changed))
            mutant = witnesses.mutant(changed, operator)
            if mutant.shown_by:
                found += 1
                break
        if mutant is not None:
            yield mutant


def _identity(claim: Claim) -> Any:
    return claim.lhs, claim.rel, claim.rhs, claim.where, tuple(claim.given.items())


def _alternatives(claim: Claim, operator: str, sides: "Sides") -> Iterator[Claim]:
    """Yield what an operator can make of a claim."""
    try:
        for changed in OPERATORS[operator](claim, sides):
            yield replace(changed, id=f"{claim.id}~{operator.replace(' ', '-')}")
    except ClaimError:
        return  # the change makes nothing that is a claim


def _in_turn(name: str, seed: int) -> list[str]:
    """Return the operators in an order of the claim's own; the subtle ones first."""
    rest = [name for name in OPERATORS if name not in SUBTLE]
    random.Random(f"{seed}/{name}").shuffle(rest)
    return [*SUBTLE, *rest]


def _points(claim: Claim, context: Context) -> Sequence[Mapping[Symbol, Any]]:
    """Return different admissible points, as far as float64 can tell."""
    search = next((e for e in claim.evidence if isinstance(e, Search)), Search())
    found: dict[Any, Mapping[Symbol, Any]] = {}
    for examples in (POINTS, 10 * POINTS):
        drawn = screened_points(claim, replace(search, examples=examples), context)
        # a few corners come again and again
        fresh = {tuple(p.items()): p for p in islice(drawn, 2 * examples)}
        admissible = (item for item in fresh.items() if plausible(claim, item[1]))
        found = dict(islice(admissible, POINTS))
        if len(found) >= FEW:
            break
    return list(found.values())


class _Witnesses:
    """Looks for points at which changed claims fail; values are computed once for all of them."""

    def __init__(
        self, claim: Claim, points: Sequence[Mapping[Symbol, Any]], context: Context
    ) -> None:
        self.claim, self.context = claim, context
        self.screen = Screen(points)
        self.values = [Values(p) for p in points]

    def mutant(self, changed: Claim, operator: str) -> Mutant:
        """Return a changed claim with a point at which it was shown false, if there is one."""
        screen, values = self.screen, self.values
        if changed.where != self.claim.where or changed.given != self.claim.given:
            screen, values = self._beyond(changed)
        scores = [screen.score(changed, k) for k in range(len(values))]
        equality = changed.rel is Rel.EQ
        failing = [k for k, score in enumerate(scores) if score < (TIE if equality else 0)]
        made = Mutant(
            claim=changed,
            origin=self.claim.id,
            operator=operator,
            witness={},
            shown_by="",
            points=sum(not isnan(score) for score in scores),
            suspected=len(failing),
            weaker=not failing and _weaker(self.claim, changed),
        )
        failing.sort(key=lambda k: (scores[k] > CLEAR, _length(screen.points[k])))
        for k in failing[:TRIED]:
            opinion = values[k].opinion(changed)
            if not opinion.fails:
                continue
            itself = values[k].opinion(self.claim)
            if not itself.fails:
                return replace(made, witness=dict(screen.points[k]), shown_by=opinion.how)
            made = replace(made, denied=itself.how)
        return made

    def _beyond(self, changed: Claim) -> tuple[Screen, list[Values]]:
        """Return points of a larger domain; at those of the old one the claim holds."""
        try:
            points = _points(changed, self.context)[:FEW]
        except UNABLE:
            points = []  # beyond the old domain a quantity has no value
        return Screen(points), [Values(p) for p in points]


def _weaker(claim: Claim, changed: Claim) -> bool:
    """Return whether a changed claim follows since its margin is larger everywhere."""
    same = (claim.given, claim.where, claim.rel) == (changed.given, changed.where, changed.rel)
    if not same or claim.rel is Rel.EQ:
        return False
    gain = changed.statement.margin - claim.statement.margin
    return bool(gain.is_nonnegative or gain.factor().is_nonnegative)


def _length(point: Mapping[Symbol, Any]) -> int:
    return sum(len(v) for v in point.values() if isinstance(v, tuple))


Sides: TypeAlias = Sequence[tuple[float, float]]
"""Both sides of a claim at each point."""

Operator: TypeAlias = Callable[[Claim, Sides], Iterator[Claim]]
"""Yields what can be made of a claim, none where the operator does not fit."""


def _pushed(share: float) -> Operator:
    """Return the operator that moves the right side so that a share of the points fails."""

    def operate(claim: Claim, sides: Sides) -> Iterator[Claim]:
        if claim.rel is Rel.EQ or claim.constant is not None:
            return
        ratios = sorted(a / b for a, b in sides if 0 < a < oo and 0 < b < oo and a != b)
        if len(ratios) < 5:
            return
        upper = claim.rel in (Rel.LE, Rel.LT)
        place = ratios[-1 - int(share * len(ratios))] if upper else ratios[int(share * len(ratios))]
        factor = Fraction(place).limit_denominator(10**6)
        if factor > 0:
            yield replace(claim, rhs=Rational(factor.numerator, factor.denominator) * claim.rhs)

    return operate


def _scaled(side: str, factor: Rational) -> Operator:
    def operate(claim: Claim, _sides: Sides) -> Iterator[Claim]:
        if claim.rel is Rel.EQ and getattr(claim, side) != 0:
            yield replace(claim, **{side: factor * getattr(claim, side)})

    return operate


def _reversed(claim: Claim, _sides: Sides) -> Iterator[Claim]:
    turned = {Rel.LE: Rel.GT, Rel.LT: Rel.GE, Rel.GE: Rel.LT, Rel.GT: Rel.LE}
    if claim.rel in turned:
        yield replace(claim, rel=turned[claim.rel])


def _negated(claim: Claim, _sides: Sides) -> Iterator[Claim]:
    if claim.rhs != 0:
        yield replace(claim, rhs=-claim.rhs)
    if claim.lhs != 0:
        yield replace(claim, lhs=-claim.lhs)


def _dropped(claim: Claim, _sides: Sides) -> Iterator[Claim]:
    for k in range(len(claim.where)):
        yield replace(claim, where=(*claim.where[:k], *claim.where[k + 1 :]))


def _widened(claim: Claim, _sides: Sides) -> Iterator[Claim]:
    """Take away the upper end of a bounded interval."""
    for symbol, domain in claim.given.items():
        if isinstance(domain, Real) and domain.hi != oo:
            given = {**claim.given, symbol: replace(domain, hi=oo, hi_open=True)}
            yield replace(claim, given=given)


def _changed(
    pattern: Callable[[Expr], bool], *changes: Callable[[Expr], Expr], which: int = 0
) -> Operator:
    """Return the operator that changes one matching part of the statement, counted from its end."""

    def operate(claim: Claim, _sides: Sides) -> Iterator[Claim]:
        for side in ("rhs", "lhs"):
            expr = getattr(claim, side)
            parts = [p for p in _parts(expr) if pattern(p)]
            if len(parts) > which:
                part = parts[-1 - which]
                for change in changes:
                    yield replace(claim, **{side: expr.xreplace({part: change(part)})})
                return

    return operate


def _parts(expr: Expr) -> list[Expr]:
    """Return the parts of an expression in a fixed order, without the arguments of functionals."""
    from sympy import default_sort_key

    found: dict[Expr, None] = {}

    def visit(e: Expr) -> None:
        found.setdefault(e)
        if not isinstance(e, Functional):
            for argument in sorted(e.args, key=default_sort_key):
                visit(argument)

    visit(expr)
    return list(found)


def _is_constant(e: Expr) -> bool:
    return bool(e.is_Rational and e not in (0, 1, -1))


def _is_power(e: Expr) -> bool:
    return isinstance(e, Pow) and bool(e.exp.is_Rational) and not e.base.is_number


def _is_index(e: Expr) -> bool:
    return isinstance(e, Functional) and type(e).__name__ == "Point"


def _is_sum(e: Expr) -> bool:
    return isinstance(e, Add) and len(e.args) > 1


OPERATORS: Final[Mapping[str, Operator]] = {
    "fails at a tenth": _pushed(0.1),
    "fails at a half": _pushed(0.5),
    "right side one per cent larger": _scaled("rhs", Rational(101, 100)),
    "left side two per cent larger": _scaled("lhs", Rational(51, 50)),
    "relation reversed": _reversed,
    "sign of one side": _negated,
    "a hypothesis dropped": _dropped,
    "an interval without upper end": _widened,
    "last constant moved by one": _changed(_is_constant, lambda e: e + 1, lambda e: e - 1),
    "last constant halved or doubled": _changed(_is_constant, lambda e: e / 2, lambda e: 2 * e),
    "another constant doubled or halved": _changed(
        _is_constant, lambda e: 2 * e, lambda e: e / 2, which=1
    ),
    "exponent moved by one": _changed(
        _is_power,
        lambda e: Pow(e.base, e.exp + 1),
        lambda e: Pow(e.base, e.exp - 1),
    ),
    "exponent of the other sign": _changed(_is_power, lambda e: Pow(e.base, -e.exp)),
    "exponential of the other sign": _changed(
        lambda e: isinstance(e, exp), lambda e: exp(-e.args[0])
    ),
    "logarithm doubled or halved": _changed(
        lambda e: isinstance(e, log), lambda e: 2 * e, lambda e: e / 2
    ),
    "minimum for maximum": _changed(lambda e: isinstance(e, Max), lambda e: Min(*e.args)),
    "maximum for minimum": _changed(lambda e: isinstance(e, Min), lambda e: Max(*e.args)),
    "a term left out": _changed(_is_sum, lambda e: e - e.args[-1], lambda e: e - e.args[0]),
    "a term of the other sign": _changed(
        _is_sum, lambda e: e - 2 * e.args[-1], lambda e: e - 2 * e.args[0]
    ),
    "next index": _changed(_is_index, lambda e: e.func(e.args[0], e.args[1] + Integer(1))),
}
"""Name of what is done, to the function that does it."""

SUBTLE: Final = ("fails at a tenth", "right side one per cent larger", "fails at a half")
"""Operators that come first: those whose mutants are nearest to the truth."""
