"""A claim as a scalar problem: explicit sample, changed variables, margins without clutter.

Enclosure and polynomial arguments work on real variables. This module unfolds a sample to explicit
points, applies changes of variable after checking them, and strips positive factors from margins,
all symbolically; it says by an error why a claim has no such form.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from sympy import Abs, Expr, Integer, S, Symbol, Tuple

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.domains import Domain, Real, Sample
from proofs_check.domains import Integer as IntegerDomain
from proofs_check.errors import ClaimError
from proofs_check.evidence import Change, Enclosure
from proofs_check.functionals import Functional
from proofs_check.load_checks import check_declared
from proofs_check.normal_form import (
    difference_is_zero,
    explicit_sample,
    numerator,
    positive_factors,
    strip_positive,
    unfold,
)

__all__ = ["Problem", "problems"]

Factors: TypeAlias = tuple[tuple[Expr, int], ...]
Origin: TypeAlias = tuple[str, int]
"""``("where", k)`` for a hypothesis; a symbol and 0 or 1 for one of the ends of its range."""


@dataclass(frozen=True)
class Problem:
    """Show ``margin >= 0`` (``> 0`` when strict) on a box cut by hypotheses.

    Attributes
    ----------
    domains
        Scalar symbols with their domains; unused ones are left out.
    hypotheses
        Margins that are not negative on the set of interest, with their strictness.
    margin, strict
        The goal.
    back
        The claim's symbols in terms of the problem's, to carry a failing point back.
    sides
        Both sides of the statement, which must be defined wherever it is claimed.
    everything
        All scalar symbols with their domains.
    factors
        Bases with exponents: the printed margin is `margin` times these, which are positive.
    origins
        For each hypothesis what it is of the statement (see `_State.origins`) and its factors.
    """

    domains: Mapping[Symbol, Domain]
    hypotheses: tuple[tuple[Expr, bool], ...]
    margin: Expr
    strict: bool
    back: Mapping[Symbol, Any]
    sides: tuple[Expr, ...] = ()
    everything: Mapping[Symbol, Domain] = field(default_factory=dict)
    factors: Factors = ()
    origins: tuple[tuple[Origin, Factors], ...] = ()

    def about(self, goal: Expr, *, strict: bool) -> "Problem":
        """Return the problem with another goal, on the domains of all variables that it needs."""
        used = goal.free_symbols.union(*(h.free_symbols for h, _ in self.hypotheses))
        domains = {s: d for s, d in self.everything.items() if s in used}
        return replace(self, margin=goal, strict=strict, domains=domains)


@dataclass(frozen=True)
class _State:
    domains: dict[Symbol, Domain]
    where: tuple[Relation, ...]
    statement: Relation
    back: dict[Symbol, Any]
    origins: tuple[Origin, ...]
    """What each relation of `where` is."""


def problems(claim: Claim, evidence: Enclosure) -> Iterator[Problem]:
    """Yield the scalar problems whose solution shows a claim (one for each integer index).

    Raises
    ------
    ClaimError
        A functional that cannot be unfolded, an unchecked change of variable, an equality.
    """
    if claim.rel is Rel.EQ:
        raise ClaimError("an equality cannot be enclosed; use symbolic evidence")
    for state in _explicit(claim, evidence.points):
        for change in evidence.changes:
            state = _changed(state, change)  # noqa: PLW2901
        yield _finished(state, evidence)


def _explicit(claim: Claim, points: int | None) -> Iterator[_State]:
    """Unfold the sample and run through the integer indices that depend on it."""
    samples = [s for s, d in claim.given.items() if isinstance(d, Sample)]
    domains = {s: d for s, d in claim.given.items() if s not in samples}
    values: dict[Symbol, Any] = {}
    if samples:
        if points is None or len(samples) > 1:
            raise ClaimError("enclosure needs one sample and its number of points")
        values[samples[0]], fresh = _points_of(claim, samples[0], points)
        domains = {fresh[0]: Real(), **{g: Real(lo=0, lo_open=True) for g in fresh[1:]}, **domains}
    indexed = {
        s: d
        for s, d in domains.items()
        if isinstance(d, IntegerDomain) and (d.free_symbols & set(samples))
    }
    ranges = []
    for domain in indexed.values():
        lo, hi = (unfold(e, values) for e in (domain.lo, domain.hi))
        ranges.append([Integer(v) for v in range(int(lo), int(hi) + 1)])
    rest = {s: d for s, d in domains.items() if s not in indexed}
    for choice in product(*ranges):
        table = values | dict(zip(indexed, choice, strict=True))
        yield _State(
            {s: _unfolded_domain(d, table) for s, d in rest.items()},
            tuple(_unfolded(h, table) for h in claim.where),
            _unfolded(claim.statement, table),
            {s: table.get(s, s) for s in claim.given},
            tuple(("where", k) for k in range(len(claim.where))),
        )


def _points_of(claim: Claim, sample: Symbol, points: int) -> tuple[Tuple, tuple[Symbol, ...]]:
    """Return explicit points of a sample, whose names and number must fit the claim."""
    domain = claim.given[sample]
    least = getattr(domain, "min_size", points)
    most = getattr(domain, "max_size", None) or points
    if not least <= points <= most:
        raise ClaimError(f"{points} points are outside of {sample}: {domain}")
    found, fresh = explicit_sample(points)
    clash = {str(s) for s in fresh} & {str(s) for s in claim.given}
    if clash:
        raise ClaimError(f"rename {min(clash)}: the points of {sample} are written x1, g1, g2, ...")
    return found, fresh


def _unfolded_domain(domain: Domain, table: Mapping[Symbol, Any]) -> Domain:
    if not isinstance(domain, Real):
        return domain
    lo, hi = (unfold(e, dict(table)) for e in (domain.lo, domain.hi))
    return replace(domain, lo=lo, hi=hi, near=(), within=None)


def _unfolded(relation: Relation, table: Mapping[Symbol, Any]) -> Relation:
    result = Relation(
        unfold(relation.lhs, dict(table)), relation.rel, unfold(relation.rhs, dict(table))
    )
    opaque = result.lhs.atoms(Functional) | result.rhs.atoms(Functional)
    if opaque:
        raise ClaimError(f"{next(iter(opaque)).func.__name__} has no symbolic definition")
    return result


def _changed(state: _State, change: Change) -> _State:
    """Apply a change of variable after checking that it is one."""
    if change.old not in state.domains:
        raise ClaimError(f"change of variable: {change.old} is not a variable here")
    _check_change(state, change)
    table = {change.old: change.expression}
    old_domain = state.domains[change.old]
    domains = {s: d for s, d in state.domains.items() if s != change.old}
    domains[change.new] = change.domain
    _check_range(change, state.where)
    bounds = _bounds(change.old, old_domain)
    return _State(
        domains,
        tuple(h.subs(table) for h in (*state.where, *bounds)),
        state.statement.subs(table),
        {s: _substituted(v, table) for s, v in state.back.items()},
        (*state.origins, *_sides(change.old, old_domain)),
    )


def _check_change(state: _State, change: Change) -> None:
    """Demand a fresh variable and two formulas that are real and inverse to each other."""
    what = "change of variable"
    known = set(state.domains)
    used = state.statement.free_symbols.union(*(h.free_symbols for h in state.where))
    if str(change.new) in {str(s) for s in known | used}:
        raise ClaimError(f"{what}: {change.new} is used already; take another name")
    if not change.new_is.free_symbols <= known:
        raise ClaimError(f"{what}: {change.new_is} uses symbols that are no variables here")
    if not change.expression.free_symbols <= (known - {change.old}) | {change.new}:
        raise ClaimError(f"{what}: {change.expression} uses symbols that are no variables here")
    check_declared(change.new, change.domain)
    if not change.new_is.is_real:
        # log(x) undoes exp(t) for every x that SymPy knows, but reaches only positive x
        raise ClaimError(f"{what}: {change.new_is} is not real wherever {change.old} is")
    there = change.new_is.subs(change.old, change.expression)
    back = change.expression.subs(change.new, change.new_is)
    if not difference_is_zero(there, change.new) or not difference_is_zero(back, change.old):
        raise ClaimError(f"{what}: {change.new} is not {change.new_is}")


def _substituted(value: Any, table: Mapping[Symbol, Expr]) -> Any:
    return S(value).subs(dict(table)) if not isinstance(value, Tuple) else value.subs(dict(table))


def _bounds(symbol: Symbol, domain: Domain) -> tuple[Relation, ...]:
    """Return the ends of a real interval as hypotheses."""
    if not isinstance(domain, Real):
        raise ClaimError(f"change of variable: {symbol} is not real")
    found = []
    if not domain.lo.is_infinite:
        found.append(Relation(symbol, Rel.GT if domain.lo_open else Rel.GE, domain.lo))
    if not domain.hi.is_infinite:
        found.append(Relation(symbol, Rel.LT if domain.hi_open else Rel.LE, domain.hi))
    return tuple(found)


def _sides(symbol: Symbol, domain: Domain) -> tuple[Origin, ...]:
    """Return which ends of a range the relations of `_bounds` are, in their order."""
    ends = (getattr(domain, "lo", S.NegativeInfinity), getattr(domain, "hi", S.Infinity))
    return tuple((str(symbol), k) for k, end in enumerate(ends) if not end.is_infinite)


def _check_range(change: Change, where: tuple[Relation, ...]) -> None:
    """Make sure that the new domain holds every value that the old variables reach."""
    new = change.domain
    if not isinstance(new, Real):
        raise ClaimError(f"change of variable: {change.new} is not real")
    if new.lo.is_infinite and new.hi.is_infinite:
        return
    if new.lo == 0 and new.hi.is_infinite:
        if change.new_is.is_positive or (not new.lo_open and change.new_is.is_nonnegative):
            return
        goal = strip_positive(change.new_is)
        for h in where:
            if strip_positive(h.margin) == goal and (h.strict or not new.lo_open):
                return
    raise ClaimError(
        f"change of variable: the range of {change.new} must be the line, or the positive "
        f"half-line when {change.new_is} is positive by assumption or by a hypothesis"
    )


def _finished(state: _State, evidence: Enclosure) -> Problem:
    raw = state.statement.margin
    factors = positive_factors(_split_absolute(raw))
    margin = strip_positive(_split_absolute(raw))
    if evidence.margin is not None:
        if not _same_margin(evidence.margin, evidence.times, raw):
            raise ClaimError("the given margin is not the printed one times the given factor")
        margin, factors = evidence.margin, ((evidence.times, -1),)
    facts = list(zip(state.where, state.origins, strict=True))
    hypotheses = [
        ((strip_positive(h.margin), h.strict), (origin, positive_factors(h.margin)))
        for h, origin in facts
    ]
    hypotheses = [(h, of) for h, of in hypotheses if not h[0].is_positive]
    needed = margin.free_symbols.union(*(h.free_symbols for (h, _), _ in hypotheses))
    domains = dict(state.domains)
    for s, d in state.domains.items():
        if isinstance(d, Real) and (d.free_symbols or not _plain(d)):
            bounds = zip(_bounds(s, d), _sides(s, d), strict=True)
            hypotheses += [((b.margin, b.strict), (side, ())) for b, side in bounds]
            needed |= {s} | d.free_symbols
            domains[s] = Real()
    boxed = {s: _boxed(s, d, evidence) for s, d in domains.items()}
    for s in evidence.box:
        if s not in boxed:
            raise ClaimError(f"box: {s} is not a variable here")
    return Problem(
        {s: d for s, d in boxed.items() if s in needed},
        tuple(h for h, _ in hypotheses),
        margin,
        state.statement.strict,
        state.back,
        (state.statement.lhs, state.statement.rhs),
        boxed,
        factors,
        tuple(of for _, of in hypotheses),
    )


def _boxed(symbol: Symbol, domain: Domain, evidence: Enclosure) -> Domain:
    """Return the part of a domain that the evidence asks for, which must be a part of it."""
    box = evidence.box.get(symbol)
    if box is None:
        return domain
    if not isinstance(box, Real) or not isinstance(domain, (Real, IntegerDomain)):
        raise ClaimError(f"box: give a real range for {symbol}")
    if not _plain(box):
        raise ClaimError(f"box: the ends of {box} must be rational")
    inside = (domain.lo <= box.lo) == True and (box.hi <= domain.hi) == True  # noqa: E712
    if not inside:
        raise ClaimError(f"box: {box} is no part of {domain}, where {symbol} lives")
    return box


def _plain(domain: Real) -> bool:
    return all(e.is_infinite or e.is_Rational for e in (domain.lo, domain.hi))


def _split_absolute(expr: Expr) -> Expr:
    """Put the argument of each absolute value on one fraction, so positive factors come out."""

    def simpler(a: Any) -> Any:
        top = strip_positive(a)
        if top in (0, 1, -1):
            return Abs(a)
        from sympy import cancel

        ratio = cancel(a / top) if not top.has(Abs) else S.One
        return ratio * Abs(top) if ratio.is_positive else Abs(a)

    return expr.replace(Abs, simpler)


def _same_margin(margin: Expr, times: Expr, raw: Expr) -> bool:
    """Return whether ``margin == times * raw``, on either sign of absolute values alike."""
    return bool(numerator(margin - times * raw) == 0)


def carried_back(
    claim: Claim, problem: Problem, values: Mapping[Symbol, Fraction]
) -> Mapping[Symbol, Any] | None:
    """Return a point of the claim for a point of the problem, or ``None`` if it is not rational.

    Symbols that the problem does not mention get a simple value of their domain.
    """
    point: dict[Symbol, Any] = {}
    table = {s: Integer(v.numerator) / Integer(v.denominator) for s, v in values.items()}
    free = set().union(*(S(v).free_symbols for v in problem.back.values())) - set(table)
    for s in sorted(free, key=str):
        domain = claim.given.get(s)
        inside = (
            domain.corners(table) if isinstance(domain, Real) and not domain.free_symbols else ()
        )
        middle = inside[-1] if inside else Fraction(1)
        table[s] = Integer(middle.numerator) / Integer(middle.denominator)
    for symbol, value in problem.back.items():
        if isinstance(value, Tuple):
            entries = [_rational(v.subs(table)) for v in value]
            if any(e is None for e in entries):
                return None
            point[symbol] = tuple(entries)
        else:
            entry = _rational(S(value).subs(table))
            if entry is None:
                return None
            point[symbol] = entry
    return point


def _rational(value: Expr) -> Fraction | None:
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else None
