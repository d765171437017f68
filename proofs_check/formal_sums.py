"""Sums and integrals with symbolic limits, brought to one form.

A sum is linear: its summand is expanded and what does not depend on the index is taken out, so two
certificates that differ by rearrangement have equal terms. Neighbouring ranges of one summand are
joined; a few missing terms between them are put in and subtracted. A join is valid only when the
ranges are in order, which the caller must confirm.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from sympy import (
    Add,
    Expr,
    Heaviside,
    Integral,
    Mul,
    Piecewise,
    S,
    Sum,
    Symbol,
    ceiling,
    diff,
    expand,
    floor,
    integrate,
    powsimp,
    sign,
)
from sympy import limit as sympy_limit

from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.normal_form import numerator

__all__ = ["collected", "integral_of", "primitives_of", "sum_of"]

MOST_HOLES = 3
"""Single terms that may be put in between two ranges of a sum."""

Confirm = Callable[[Expr], bool]
"""Says whether an expression is certainly not negative."""


def sum_of(expr: Expr, over: tuple[Symbol, Expr, Expr]) -> Expr:
    """Return the sum over an index, telescoping ``f(k + 1) - f(k)``.

    Examples
    --------
    >>> from sympy import Function, symbols
    >>> k, n = symbols("k n", integer=True)
    >>> f = Function("f")
    >>> sum_of(f(k + 1) - f(k) - 3, (k, 1, n))
    -3*n - f(1) + f(n + 1)
    """
    index, lo, hi = over
    terms = list(Add.make_args(expand(expr)))
    total: Expr = S.Zero
    while terms:
        term = terms.pop()
        if index not in term.free_symbols:
            total = total + (hi - lo + 1) * term
            continue
        before, after = -term.subs(index, index - 1), -term.subs(index, index + 1)
        if before in terms:
            terms.remove(before)
            total = total + term.subs(index, hi) - term.subs(index, lo - 1)
        elif after in terms:
            terms.remove(after)
            total = total + term.subs(index, lo) - term.subs(index, hi + 1)
        else:
            outer, inner = term.as_independent(index, as_Add=False)
            total = total + outer * Sum(inner, (index, lo, hi))
    return expand(total)


def integral_of(expr: Expr, along: tuple[Symbol, Expr, Expr]) -> Expr:
    """Return the integral over a range; integrands with functionals stay unevaluated.

    Raises
    ------
    ClaimError
        SymPy's antiderivative does not differentiate back, or an end diverges.
    """
    variable, lo, hi = along
    total: Expr = S.Zero
    for term in Add.make_args(expand(expr)):
        outer, inner = term.as_independent(variable, as_Add=False)
        if _opaque(inner, variable):
            total = total + outer * Integral(inner, (variable, lo, hi))
        else:
            total = total + outer * _between(inner, variable, lo, hi)
    return total


def _between(inner: Expr, variable: Symbol, lo: Expr, hi: Expr) -> Expr:
    primitive = _primitive(inner, variable)
    ends = []
    for end in (lo, hi):
        value = (
            sympy_limit(primitive, variable, end)
            if end.is_infinite
            else primitive.subs(variable, end)
        )
        if value.is_finite is False or value.has(Integral, S.NaN):
            raise ClaimError(f"the integral of {inner} does not converge")
        ends.append(value)
    return ends[1] - ends[0]


def primitives_of(expr: Expr, along: tuple[Symbol, Expr, Expr]) -> Iterator[Expr]:
    """Yield the antiderivatives that `integral_of` takes differences of.

    They must be defined on the whole range, or their difference is no integral.
    """
    variable = along[0]
    for term in Add.make_args(expand(expr)):
        inner = term.as_independent(variable, as_Add=False)[1]
        if not _opaque(inner, variable):
            yield _primitive(inner, variable)


def _opaque(inner: Expr, variable: Symbol) -> bool:
    """Return whether an integrand stays under its integral: no antiderivative is looked for."""
    return inner.has(Sum) or any(variable in f.free_symbols for f in inner.atoms(Functional))


@lru_cache(maxsize=4096)
def _primitive(inner: Expr, variable: Symbol) -> Expr:
    # SymPy knows the error function of exp(b v - v^2) only while the exponent is in one piece
    found = integrate(powsimp(inner, combine="exp"), variable)
    steps = (Integral, Piecewise, floor, ceiling, sign, Heaviside)
    if found.has(*steps) or numerator(diff(found, variable) - inner) != 0:
        raise ClaimError(f"cannot integrate {inner}")
    return found


def collected(expr: Expr, confirm: Confirm) -> Expr:
    """Return an expression with linear sums and integrals, neighbouring ranges joined.

    Parameters
    ----------
    expr
        Any expression; sums and integrals must occur linearly to be joined.
    confirm
        Decides whether the ranges that are to be joined are in order.
    """
    linear = _linear(expr)
    if not linear.has(Sum, Integral):
        return linear
    total: Expr = S.Zero
    pieces: dict[tuple[Any, ...], list[tuple[Expr, Expr]]] = {}
    for term in Add.make_args(expand(linear)):
        repeated = [f for f in Mul.make_args(term) if isinstance(f, (Sum, Integral))]
        if len(repeated) != 1 or len(repeated[0].limits) != 1:
            total = total + term
            continue
        part = repeated[0]
        variable, lo, hi = part.limits[0]
        index = _common_symbol(part.func, variable)
        body = part.function.subs(variable, index)
        pieces.setdefault((part.func, index, body, term / part), []).append((lo, hi))
    for key, ranges in pieces.items():
        kind, index, body, weight = key
        pieces[key], extra = _joined(ranges, body, index, kind, confirm)
        total = total + weight * extra
    total = total + _cancelled(pieces, confirm)
    for (kind, index, body, weight), ranges in pieces.items():
        for lo, hi in ranges:
            total = total + weight * kind(body, (index, lo, hi))
    return expand(total)


def _cancelled(pieces: dict[tuple[Any, ...], list[tuple[Expr, Expr]]], confirm: Confirm) -> Expr:
    """Take away sums that a sum of opposite sign covers up to a few terms; return these terms."""
    total: Expr = S.Zero
    for (kind, index, body, weight), ranges in pieces.items():
        if kind is not Sum:
            continue
        opposite = pieces.get((kind, index, body, -weight), [])
        for lo, hi in tuple(ranges):
            partner = _partner((lo, hi), opposite, confirm)
            if partner is None:
                continue
            ranges.remove((lo, hi))
            opposite.remove(partner)
            ends = [*_between_ends(lo, partner[0]), *_between_ends(partner[1] + 1, hi + 1)]
            total = total + weight * sum((body.subs(index, at) for at in ends), S.Zero)
    return total


def _partner(
    own: tuple[Expr, Expr], others: list[tuple[Expr, Expr]], confirm: Confirm
) -> tuple[Expr, Expr] | None:
    """Return a range inside this one, to which only a few terms are missing at the ends."""
    for other in others:
        missing = (expand(other[0] - own[0]), expand(own[1] - other[1]))
        small = all(m.is_Integer and 0 <= m <= MOST_HOLES for m in missing)
        if small and confirm(other[1] - other[0] + 1):
            return other
    return None


def _between_ends(start: Expr, stop: Expr) -> list[Expr]:
    """Return start, start + 1, ... below stop."""
    return [start + step for step in range(int(expand(stop - start)))]


def _common_symbol(kind: type[Expr], variable: Symbol) -> Symbol:
    """Return one index for all sums, declared no more than the index that it replaces."""
    if kind is Sum:
        return Symbol("k_", integer=True, positive=variable.is_positive)
    return Symbol("v_", real=True)


def _linear(expr: Expr) -> Expr:
    """Expand summands and integrands, take out what is constant, sum under the integral."""
    if isinstance(expr, (Sum, Integral)) and len(expr.limits) == 1 and len(expr.limits[0]) == 3:
        variable, lo, hi = expr.limits[0]
        common = _common_symbol(expr.func, variable)
        body = _linear(expr.function)
        if common not in body.free_symbols:
            body, variable = body.subs(variable, common), common
        total: Expr = S.Zero
        for term in Add.make_args(expand(body)):
            outer, inner = term.as_independent(variable, as_Add=False)
            total = total + outer * _gathered(expr.func, inner, (variable, lo, hi))
        return total
    if not expr.args or not expr.has(Sum, Integral):
        return expr
    return expr.func(*[_linear(a) for a in expr.args])


def _gathered(kind: type[Expr], inner: Expr, limits: tuple[Symbol, Expr, Expr]) -> Expr:
    """Return one linear piece; a finite sum of integrals becomes the integral of the sum."""
    variable, lo, hi = limits
    if kind is Integral:
        return Integral(inner, limits)
    if inner == 1:
        return hi - lo + 1
    nested = [f for f in Mul.make_args(inner) if isinstance(f, Integral)]
    if len(nested) == 1 and len(nested[0].limits) == 1:
        point, a, b = nested[0].limits[0]
        # the limits of the integral must not move with the index
        if variable not in (a.free_symbols | b.free_symbols):
            summand = inner / nested[0] * nested[0].function
            if point not in (inner / nested[0]).free_symbols:
                return _linear(Integral(Sum(summand, limits), nested[0].limits[0]))
    return Sum(inner, limits)


def _joined(
    ranges: list[tuple[Expr, Expr]],
    body: Expr,
    index: Symbol,
    kind: type[Expr],
    confirm: Confirm,
) -> tuple[list[tuple[Expr, Expr]], Expr]:
    """Join ranges that follow each other; return them and the single terms that were put in."""
    extra: Expr = S.Zero
    step = 1 if kind is Sum else 0
    changed = True
    while changed:
        changed = False
        for a in ranges:
            for b in ranges:
                if a is b:
                    continue
                gap = expand(b[0] - a[1] - step)
                holes = int(gap) if gap.is_Integer else -1
                if not 0 <= holes <= (MOST_HOLES if kind is Sum else 0):
                    continue
                if not _in_order(a, b, step, confirm):
                    continue
                for hole in range(holes):
                    extra = extra - body.subs(index, a[1] + 1 + hole)
                ranges = [r for r in ranges if r is not a and r is not b]
                ranges.append((a[0], b[1]))
                changed = True
                break
            if changed:
                break
    return ranges, extra


def _in_order(a: tuple[Expr, Expr], b: tuple[Expr, Expr], step: int, confirm: Confirm) -> bool:
    left = True if a[0].is_infinite else confirm(a[1] - a[0] + step)
    return left and (True if b[1].is_infinite else confirm(b[1] - b[0] + step))
