"""False neighbours of a claim, made by operators instead of by hand.

Each operator changes one thing: a constant, an exponent, a sign, a function, a relation, an index,
a term, a hypothesis, an end of a domain. For an inequality two more move the constant to where the
statement fails at a tenth and at a half of the points that the search draws: subtle errors.
A mutant counts only when other code than the engine's shows it false at an exact point.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

from sympy import Add, Expr, Integer, Max, Min, Pow, Rational, Symbol, exp, log, oo

from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Real
from proofs_check.errors import ClaimError
from proofs_check.evidence import Search
from proofs_check.floats import float_value
from proofs_check.functionals import Functional
from proofs_check.methods.search import margin_score, plausible, screened_points
from proofs_check.trust.second_opinion import UNABLE, fails_at

__all__ = ["OPERATORS", "Mutant", "mutants"]

POINTS: Final = 60
"""Points of the domain at which a mutant may be shown false."""

TRIED: Final = 3
"""Points at which the slow second opinion is asked: those that fail in float64, simplest first."""


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
    """

    claim: Claim
    origin: str
    operator: str
    witness: Mapping[Symbol, Any]
    shown_by: str


def mutants(claim: Claim, *, most: int, seed: int = 0) -> Iterator[Mutant]:
    """Yield changed claims, those shown false first come first; at most ``most`` false ones.

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
    points = _points(claim, context)
    values = [_sides(claim, p) for p in points]
    found = 0
    tried: set[Any] = set()
    for operator in _in_turn(claim.id, seed):
        if found >= most:
            return
        try:
            changed = OPERATORS[operator](claim, values)
        except ClaimError:
            continue  # the operator makes nothing that is a claim
        if changed is None:
            continue
        key = (changed.lhs, changed.rel, changed.rhs, changed.where, tuple(changed.given.items()))
        if key in tried:
            continue
        tried.add(key)
        changed = replace(changed, id=f"{claim.id}~{operator.replace(' ', '-')}")
        mutant = _shown_false(claim, changed, operator, points, context)
        found += bool(mutant.shown_by)
        yield mutant


def _in_turn(name: str, seed: int) -> list[str]:
    """Return the operators in an order of the claim's own; the subtle ones first."""
    import random

    rest = [name for name in OPERATORS if name not in SUBTLE]
    random.Random(f"{seed}/{name}").shuffle(rest)
    return [*SUBTLE, *rest]


def _points(claim: Claim, context: Context) -> Sequence[Mapping[Symbol, Any]]:
    search = next((e for e in claim.evidence if isinstance(e, Search)), Search())
    drawn = screened_points(claim, replace(search, examples=POINTS), context)
    return [p for p in drawn if plausible(claim, p)][:POINTS]


def _sides(claim: Claim, point: Mapping[Symbol, Any]) -> tuple[float, float] | None:
    statement = claim.statement
    try:
        return float(float_value(statement.lhs, point)), float(float_value(statement.rhs, point))
    except UNABLE:
        return None


def _shown_false(
    claim: Claim,
    changed: Claim,
    operator: str,
    points: Sequence[Mapping[Symbol, Any]],
    context: Context,
) -> Mutant:
    made = Mutant(claim=changed, origin=claim.id, operator=operator, witness={}, shown_by="")
    if changed.where != claim.where or changed.given != claim.given:
        try:
            points = [*points, *_points(changed, context)]
        except UNABLE:
            return made  # beyond the old domain a quantity has no value
    scores = [_score(changed, p) for p in points]
    failing = [p for p, score in zip(points, scores, strict=True) if score < 0]
    for point in sorted(failing, key=_length)[:TRIED]:
        opinion = fails_at(changed, point)
        if opinion.fails:
            return replace(made, witness=dict(point), shown_by=opinion.how)
    return made


def _length(point: Mapping[Symbol, Any]) -> int:
    return sum(len(v) for v in point.values() if isinstance(v, tuple))


def _score(claim: Claim, point: Mapping[Symbol, Any]) -> float:
    try:
        score = margin_score(claim, point)
    except UNABLE:
        return 1.0  # the change has no value there, such as an index beyond the sample
    return 1.0 if math.isnan(score) else score


Values = list[tuple[float, float] | None]


def _pushed(share: float) -> Callable[[Claim, Values], Claim | None]:
    """Return the operator that moves the right side so that a share of the points fails."""

    def operate(claim: Claim, values: Values) -> Claim | None:
        if claim.rel is Rel.EQ or claim.constant is not None:
            return None
        ratios = sorted(a / b for a, b in filter(None, values) if a > 0 and b > 0 and a != b)
        if len(ratios) < 5:
            return None
        upper = claim.rel in (Rel.LE, Rel.LT)
        place = ratios[-1 - int(share * len(ratios))] if upper else ratios[int(share * len(ratios))]
        factor = Fraction(place).limit_denominator(10**6)
        if factor <= 0 or factor == 1:
            return None
        return replace(claim, rhs=Rational(factor.numerator, factor.denominator) * claim.rhs)

    return operate


def _scaled(side: str, factor: Rational) -> Callable[[Claim, Values], Claim | None]:
    def operate(claim: Claim, _values: Values) -> Claim | None:
        if claim.rel is not Rel.EQ or getattr(claim, side) == 0:
            return None
        return replace(claim, **{side: factor * getattr(claim, side)})

    return operate


def _reversed(claim: Claim, _values: Values) -> Claim | None:
    turned = {Rel.LE: Rel.GT, Rel.LT: Rel.GE, Rel.GE: Rel.LT, Rel.GT: Rel.LE}
    return replace(claim, rel=turned[claim.rel]) if claim.rel in turned else None


def _negated(claim: Claim, _values: Values) -> Claim | None:
    return replace(claim, rhs=-claim.rhs) if claim.rhs != 0 else None


def _dropped(claim: Claim, _values: Values) -> Claim | None:
    return replace(claim, where=claim.where[1:]) if claim.where else None


def _widened(claim: Claim, _values: Values) -> Claim | None:
    """Take away the upper end of the first bounded interval."""
    for symbol, domain in claim.given.items():
        if isinstance(domain, Real) and domain.hi != oo:
            given = {**claim.given, symbol: replace(domain, hi=oo, hi_open=True)}
            return replace(claim, given=given)
    return None


def _changed(
    pattern: Callable[[Expr], bool], change: Callable[[Expr], Expr], which: int
) -> Callable[[Claim, Values], Claim | None]:
    """Return the operator that changes one matching part of the statement, counted from its end."""

    def operate(claim: Claim, _values: Values) -> Claim | None:
        for side in ("rhs", "lhs"):
            expr = getattr(claim, side)
            parts = [p for p in _parts(expr) if pattern(p)]
            if len(parts) > which:
                part = parts[-1 - which]
                return replace(claim, **{side: expr.xreplace({part: change(part)})})
        return None

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


OPERATORS: Final[Mapping[str, Callable[[Claim, Values], Claim | None]]] = {
    "fails at a tenth": _pushed(0.1),
    "fails at a half": _pushed(0.5),
    "right side one per cent larger": _scaled("rhs", Rational(101, 100)),
    "left side two per cent larger": _scaled("lhs", Rational(51, 50)),
    "relation reversed": _reversed,
    "sign of the right side": _negated,
    "first hypothesis dropped": _dropped,
    "interval without upper end": _widened,
    "last constant plus one": _changed(_is_constant, lambda e: e + 1, 0),
    "last constant halved": _changed(_is_constant, lambda e: e / 2, 0),
    "another constant doubled": _changed(_is_constant, lambda e: 2 * e, 1),
    "exponent plus one": _changed(_is_power, lambda e: Pow(e.base, e.exp + 1), 0),
    "exponent of the other sign": _changed(_is_power, lambda e: Pow(e.base, -e.exp), 0),
    "exponential of the other sign": _changed(
        lambda e: isinstance(e, exp), lambda e: exp(-e.args[0]), 0
    ),
    "logarithm doubled": _changed(lambda e: isinstance(e, log), lambda e: 2 * e, 0),
    "minimum for maximum": _changed(lambda e: isinstance(e, Max), lambda e: Min(*e.args), 0),
    "maximum for minimum": _changed(lambda e: isinstance(e, Min), lambda e: Max(*e.args), 0),
    "a term left out": _changed(
        lambda e: isinstance(e, Add) and len(e.args) > 1, lambda e: e - e.args[-1], 0
    ),
    "a term of the other sign": _changed(
        lambda e: isinstance(e, Add) and len(e.args) > 1, lambda e: e - 2 * e.args[-1], 0
    ),
    "next index": _changed(_is_index, lambda e: e.func(e.args[0], e.args[1] + Integer(1)), 0),
}
"""Name of what is done, to the function that does it or returns ``None`` where it does not fit."""

SUBTLE: Final = ("fails at a tenth", "right side one per cent larger", "fails at a half")
"""Operators that come first: those whose mutants are nearest to the truth."""
