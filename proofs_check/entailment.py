"""Does a sign follow from what is assumed? A small, sound, incomplete decision.

An expression is certainly not negative when its assumptions say so, when it is a product of
factors that are, when it exceeds a known fact by something that is, when interval arithmetic
settles it with functionals as free variables, or when it is a sum whose terms are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Abs, Add, Expr, Integral, Max, Min, Mul, Product, S, Sum, Symbol
from sympy import Integer as Number

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.definedness import demands
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional, Size
from proofs_check.normal_form import factored, strip_positive
from proofs_check.problem import Problem

__all__ = ["Scene", "absolute_sides", "scene_of"]

DEPTH = 3


@dataclass(frozen=True)
class Scene:
    """What may be assumed: domains of symbols, and relations between them."""

    domains: dict[Symbol, Domain]
    facts: tuple[Relation, ...]

    def extended(self, *facts: Relation, domains: dict[Symbol, Domain] | None = None) -> "Scene":
        """Return the scene with more facts and symbols."""
        return Scene({**self.domains, **(domains or {})}, (*self.facts, *facts))

    @cached_property
    def margins(self) -> tuple[tuple[Expr, bool], ...]:
        """Expressions that are not negative (positive when strict), equalities both ways."""
        found: list[tuple[Expr, bool]] = []
        for fact in self.facts:
            if fact.rel is Rel.EQ:
                found += [(fact.lhs - fact.rhs, False), (fact.rhs - fact.lhs, False)]
            else:
                found += [(m, fact.strict) for m in absolute_sides(fact)]
        for symbol, domain in self.domains.items():
            found += [(b.margin, b.strict) for b in _ends(symbol, domain)]
        return tuple(found)

    @cached_property
    def known(self) -> dict[tuple[Expr, bool, int], bool]:
        """Decisions made so far."""
        return {}

    @cached_property
    def stripped(self) -> tuple[tuple[Expr, bool], ...]:
        """The margins without their positive factors."""
        return tuple((strip_positive(m).expand(), firm) for m, firm in self.margins)

    @cached_property
    def described(self) -> frozenset[Expr]:
        """Absolute values, maxima and minima whose defining facts are known."""
        return frozenset(f.lhs for f in self.facts if isinstance(f.lhs, (Abs, Max, Min)))

    def nonnegative(self, expr: Expr) -> bool:
        """Return whether an expression is certainly not negative."""
        return self.certainly(expr, strict=False)

    def positive(self, expr: Expr) -> bool:
        """Return whether an expression is certainly positive."""
        return self.certainly(expr, strict=True)

    def certainly(self, expr: Expr, *, strict: bool, depth: int = DEPTH) -> bool:
        """Return whether an expression is certainly not negative, or positive when strict."""
        key = (expr, strict, depth)
        if key not in self.known:
            self.known[key] = self._decide(expr, strict=strict, depth=depth)
        return self.known[key]

    def _decide(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        if _assumed(expr, strict=strict):
            return True
        fresh = sorted(expr.atoms(Abs, Max, Min) - self.described, key=str)
        if fresh and depth:
            facts = [fact for f in fresh for fact in _defining(f)]
            return self.extended(*facts).certainly(expr, strict=strict, depth=depth)
        if isinstance(expr, (Sum, Integral)) and not strict:
            return self._termwise(expr, depth)
        if isinstance(expr, Mul) and depth and self._by_arguments(expr, strict=strict, depth=depth):
            return True
        reduced = strip_positive(expr)
        if _assumed(reduced, strict=strict) or self._is_fact(reduced, strict=strict):
            return True
        if depth == 0:
            return False
        return (
            self._by_terms(expr, strict=strict, depth=depth)
            or self._by_factors(reduced, strict=strict, depth=depth)
            or self._by_extreme(reduced, strict=strict, depth=depth)
            or self._above_a_fact(reduced, strict=strict, depth=depth)
            or (depth == DEPTH and self._by_cover(reduced, strict=strict))
        )

    def _is_fact(self, reduced: Expr, *, strict: bool) -> bool:
        return any(
            (firm or not strict) and (reduced - stripped).expand() == 0
            for stripped, firm in self.stripped
        )

    def _termwise(self, expr: Expr, depth: int) -> bool:
        """Return whether every term of a sum, or the integrand, is not negative."""
        if len(expr.limits) != 1 or len(expr.limits[0]) != 3 or depth == 0:
            return False
        variable, lo, hi = expr.limits[0]
        domain: Domain = Integer(lo=1) if variable.is_positive else Real()
        if lo is S.Infinity or hi is S.NegativeInfinity:
            return False
        ends = [] if lo.is_infinite else [Relation(variable, Rel.GE, lo)]
        ends += [] if hi.is_infinite else [Relation(variable, Rel.LE, hi)]
        inner = self.extended(*ends, domains={variable: domain})
        ordered = True
        if isinstance(expr, Integral) and not (lo.is_infinite or hi.is_infinite):
            ordered = self.certainly(hi - lo, strict=False, depth=depth - 1)
        return ordered and inner.certainly(expr.function, strict=False, depth=depth - 1)

    def _by_terms(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        """Return whether every additive term is not negative, and one positive if need be."""
        terms = Add.make_args(expr)
        if len(terms) < 2:
            return False
        if not all(self.certainly(t, strict=False, depth=depth - 1) for t in terms):
            return False
        return not strict or any(self.certainly(t, strict=True, depth=depth - 1) for t in terms)

    def _by_arguments(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        """Return whether every factor, as it is written, is not negative."""
        return all(self.certainly(a, strict=strict, depth=depth - 1) for a in expr.args)

    def _by_factors(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        """Return whether every factor keeps a sign and the signs multiply to plus."""
        sign, factors = factored(expr)
        if len(factors) < 2 and sign > 0:
            return False
        for base, power in factors:
            if power % 2 == 0 and base.is_real and not strict:
                continue
            if self.certainly(base, strict=strict, depth=depth - 1):
                continue
            if self.certainly(-base, strict=strict, depth=depth - 1):
                sign = sign * (-1) ** power
                continue
            return False
        return bool(sign > 0)

    def _by_extreme(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        """Return whether all arguments of a minimum, or one of a maximum, have the sign."""
        if not isinstance(expr, (Min, Max)):
            return False
        found = (self.certainly(a, strict=strict, depth=depth - 1) for a in expr.args)
        return all(found) if isinstance(expr, Min) else any(found)

    def _above_a_fact(self, expr: Expr, *, strict: bool, depth: int) -> bool:
        """Return whether an expression is a fact plus something that is not negative."""
        own = expr.expand().as_coefficients_dict()
        for (margin, firm), (stripped, _) in zip(self.margins, self.stripped, strict=True):
            for fact in dict.fromkeys((margin.expand(), stripped)):
                # a multiple of a fact helps when it takes a term away
                for multiple in _cancelling(own, fact):
                    left = (expr - multiple * fact).expand()
                    if self.certainly(left, strict=strict and not firm, depth=depth - 1):
                        return True
        return False

    def why_undefined(self, expr: Expr) -> str:
        """Return why a formula may be undefined somewhere; empty if it is defined everywhere.

        A sum or product whose range may run backwards counts as undefined.
        """
        for needed, nonzero in dict.fromkeys(demands(expr)):
            signs = (needed, -needed, needed**2) if nonzero else (needed,)
            if not any(self.certainly(e, strict=nonzero) for e in signs):
                sense = "zero" if nonzero else "negative"
                return f"{expr} may be undefined: {needed} is not certainly not {sense}"
        for part in expr.atoms(Sum, Product):
            for limits in part.limits:
                if len(limits) != 3 or limits[2].is_infinite:
                    continue
                length = limits[2] - limits[1] + 1
                # the range of an inner sum may end at an outer index
                inside = length.free_symbols & set(part.variables)
                if not inside and not self.nonnegative(length):
                    return f"the range of {part} may run backwards"
        return ""

    def _by_cover(self, expr: Expr, *, strict: bool) -> bool:
        """Return whether interval arithmetic settles the sign, functionals being free variables."""
        from proofs_check.cover import cover

        problem = self._hidden(expr, strict=strict)
        if problem is None:
            return False
        try:
            done = cover(problem, 400)
        except ClaimError:
            return False
        return not done.open_boxes and not done.failing

    def _hidden(self, expr: Expr, *, strict: bool) -> Problem | None:
        hidden: dict[Expr, Symbol] = {}
        domains: dict[Symbol, Domain] = {}

        def hide(e: Expr) -> Expr:
            if isinstance(e, (Functional, Sum, Integral)):
                if e not in hidden:
                    hidden[e] = Symbol(f"_value{len(hidden)}", real=True)
                    domains[hidden[e]] = _value_domain(e)
                return hidden[e]
            return e.func(*[hide(a) for a in e.args]) if e.args else e

        goal = hide(expr)
        used = goal.free_symbols
        known = [(hide(m), firm) for m, firm in self.stripped]
        known = [(m, firm) for m, firm in known if m.free_symbols and m.free_symbols <= used]
        for s in used - set(domains):
            domain = self.domains.get(s)
            if not isinstance(domain, (Real, Integer)) or domain.free_symbols:
                return None
            domains[s] = domain
        if not used:
            return None
        return Problem({s: domains[s] for s in used}, tuple(known), goal, strict, {})


def _defining(expr: Expr) -> Iterator[Relation]:
    """Yield what holds by definition: |z| >= z and -z, max >= and min <= each argument."""
    if isinstance(expr, Abs):
        yield Relation(expr, Rel.GE, expr.args[0])
        yield Relation(expr, Rel.GE, -expr.args[0])
        return
    rel = Rel.GE if isinstance(expr, Max) else Rel.LE
    for argument in expr.args:
        yield Relation(expr, rel, argument)


def _assumed(expr: Expr, *, strict: bool) -> bool:
    return bool(expr.is_positive or (not strict and expr.is_nonnegative))


def _cancelling(own: Mapping[Expr, Expr], fact: Expr) -> list[Expr]:
    """Return the positive multiples of a fact that share a term with an expression."""
    ratios = {
        own[monomial] / coefficient
        for monomial, coefficient in fact.as_coefficients_dict().items()
        if monomial in own
    }
    return sorted(r for r in ratios if r.is_positive)


def _value_domain(expr: Expr) -> Domain:
    if expr.is_positive:
        return Real(lo=0, lo_open=True)
    return Real(lo=0) if expr.is_nonnegative else Real()


def absolute_sides(relation: Relation) -> tuple[Expr, ...]:
    """Return the margins of a relation; ``|z| <= b`` gives ``b - z`` and ``b + z``.

    Examples
    --------
    >>> from proofs_check.claim import le
    >>> z, b = Symbol("z", real=True), Symbol("b", real=True)
    >>> absolute_sides(le(Abs(z), b))
    (b - z, b + z)
    """
    upward = relation.rel in (Rel.LE, Rel.LT)
    small, large = (relation.lhs, relation.rhs) if upward else (relation.rhs, relation.lhs)
    if isinstance(small, Abs):
        return large - small.args[0], large + small.args[0]
    return (relation.margin,)


def _ends(symbol: Symbol, domain: Domain) -> Iterator[Relation]:
    """Yield the finite ends of a domain as relations; a sample has a least size."""
    if isinstance(domain, Sample):
        yield Relation(Size(symbol), Rel.GE, Number(domain.min_size))
    if not isinstance(domain, (Real, Integer)):
        return
    open_lo, open_hi = getattr(domain, "lo_open", False), getattr(domain, "hi_open", False)
    if not domain.lo.is_infinite:
        yield Relation(symbol, Rel.GT if open_lo else Rel.GE, domain.lo)
    if not domain.hi.is_infinite:
        yield Relation(symbol, Rel.LT if open_hi else Rel.LE, domain.hi)


def scene_of(claim: Claim) -> Scene:
    """Return what a claim assumes."""
    return Scene(dict(claim.given), claim.where)
