"""Rational normal form of expressions with exponentials, and what can be read off it.

Every exponential becomes a monomial in independent generators: the exponent is expanded to a
rational combination of distinct monomials, and ``exp`` of each monomial is one generator (with the
common denominator taken out). Exponentials of distinct monomials are algebraically independent, so
a rational function in the generators is zero exactly when its expanded numerator is.
"""

from functools import lru_cache
from math import gcd, lcm
from typing import Any

from sympy import (
    Add,
    Expr,
    Integral,
    Mul,
    Pow,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    erf,
    erfc,
    exp,
    expand,
    factor_list,
    fraction,
    together,
)

from proofs_check.functionals import Functional

__all__ = [
    "difference_is_zero",
    "explicit_sample",
    "factored",
    "numerator",
    "positive_factors",
    "strip_positive",
    "unfold",
]


def unfold(expr: Expr, samples: dict[Symbol, Any]) -> Expr:
    """Replace samples by explicit points (a SymPy tuple) and functionals by their definitions.

    Functionals whose arguments mention no replaced sample and that have no definition stay.
    """
    if isinstance(expr, Symbol):
        return samples.get(expr, expr)
    if not expr.args:
        return expr
    if isinstance(expr, Sum) and len(expr.limits) == 1:
        index, lo, hi = expr.limits[0]
        lo, hi = unfold(lo, samples), unfold(hi, samples)
        if lo.is_Integer and hi.is_Integer:
            terms = (expr.function.subs(index, value) for value in range(int(lo), int(hi) + 1))
            return Add(*(unfold(term, samples) for term in terms))
        return Sum(unfold(expr.function, samples), (index, lo, hi))
    args = [unfold(a, samples) for a in expr.args]
    if isinstance(expr, Functional) and type(expr).unfold is not None:
        result = S(type(expr).unfold(*args))  # type: ignore[misc]
        return unfold(result, samples) if result.has(Functional) else result
    return expr.func(*args)


def _exponential_terms(argument: Expr) -> list[tuple[Rational, Expr]]:
    """Return an exponent as rational coefficients of distinct monomials."""
    num, den = fraction(together(argument))
    terms: dict[Expr, Rational] = {}
    for term in Add.make_args(expand(num)):
        coefficient, monomial = (term / den).as_coeff_Mul()
        if not coefficient.is_Rational:
            coefficient, monomial = S.One, coefficient * monomial
        num_m, den_m = fraction(monomial)
        scale, den_m = expand(den_m).as_content_primitive()
        key = num_m / den_m
        terms[key] = terms.get(key, S.Zero) + coefficient / scale
    return [(c, m) for m, c in terms.items() if c != 0]


class _Generators:
    """Independent generators for the exponentials of one expression."""

    def __init__(self, expr: Expr) -> None:
        self.decomposed: dict[Expr, list[tuple[Rational, Expr]]] = {}
        denominators: dict[Expr, int] = {}
        for e in _exponentials(expr):
            parts = _exponential_terms(e)
            self.decomposed[e] = parts
            for c, m in parts:
                denominators[m] = lcm(denominators.get(m, 1), int(c.q))
        numerators: dict[Expr, int] = {}
        for parts in self.decomposed.values():
            for c, m in parts:
                numerators[m] = gcd(numerators.get(m, 0), int(c * denominators[m]))
        self.units = {m: Rational(max(numerators[m], 1), q) for m, q in denominators.items()}
        self.symbols = {m: Symbol(f"_exp{k}", positive=True) for k, m in enumerate(self.units)}

    def forward(self, expr: Expr) -> Expr:
        """Replace exponentials by monomials in the generators."""
        table = {}
        for e, parts in self.decomposed.items():
            monomial: Expr = S.One
            for c, m in parts:
                monomial = monomial * self.symbols[m] ** (c / self.units[m])
            table[e] = monomial
        return _replace_exponentials(expr, table)

    def backward(self, expr: Expr) -> Expr:
        """Put the exponentials back."""
        return expr.xreplace({s: exp(self.units[m] * m) for m, s in self.symbols.items()})


def _exponentials(expr: Expr) -> dict[Expr, None]:
    """Return the exponents outside sums, integrals and opaque functions.

    They come in the order of the formula, not in that of a set, which changes from run to run.
    """
    if isinstance(expr, (Sum, Integral, Functional)):
        return {}
    if isinstance(expr, exp):
        return {expr.args[0]: None}
    found: dict[Expr, None] = {}
    for a in expr.args:
        found |= _exponentials(a)
    return found


def _replace_exponentials(expr: Expr, table: dict[Expr, Expr]) -> Expr:
    if isinstance(expr, (Sum, Integral, Functional)) or not expr.args:
        return expr
    if isinstance(expr, exp):
        return table[expr.args[0]]
    return expr.func(*[_replace_exponentials(a, table) for a in expr.args])


@lru_cache(maxsize=20000)
def numerator(expr: Expr) -> Expr:
    """Return the expanded numerator of an expression in its exponential generators."""
    expr = expr.replace(erfc, lambda argument: 1 - erf(argument))
    generators = _Generators(expr)
    top, _ = fraction(together(generators.forward(expr)))
    return expand(top)


def difference_is_zero(lhs: Expr, rhs: Expr) -> bool:
    """Return whether two expressions have the same rational normal form.

    A `False` is not a proof of difference when both sides hold further special functions.

    Examples
    --------
    >>> from sympy import symbols
    >>> a, b = symbols("a b")
    >>> difference_is_zero(exp(a + b) ** 2, exp(2 * a) * exp(2 * b))
    True
    >>> difference_is_zero(1 / (1 + exp(-a)), exp(a) / (1 + exp(a)))
    True
    """
    return bool(numerator(lhs - rhs) == 0)


@lru_cache(maxsize=20000)
def strip_positive(expr: Expr) -> Expr:
    """Return an expression without its positive factors: same sign, fewer symbols.

    Examples
    --------
    >>> p = Symbol("p", positive=True)
    >>> a = Symbol("a", real=True)
    >>> strip_positive(p * exp(a) * (a - 2) / 3)
    a - 2
    """
    if expr.is_positive:
        return S.One
    sign, factors = factored(expr)
    kept: Expr = sign
    for base, power in factors:
        if base.is_positive or (power % 2 == 0 and base.is_nonzero and base.is_real):
            continue
        kept = kept * (base if power % 2 else base**2)
    return kept


def positive_factors(expr: Expr) -> tuple[tuple[Expr, int], ...]:
    """Return what `strip_positive` takes away, as bases with exponents.

    Each base is positive or its exponent is even, and
    ``expr == strip_positive(expr) * product of base**exponent``.

    Examples
    --------
    >>> p = Symbol("p", positive=True)
    >>> a = Symbol("a", real=True)
    >>> positive_factors(p * (a - 2) ** 3 / 3)
    ((p, 1), (a - 2, 2), (3, -1))
    """
    if expr.is_positive:
        return ((expr, 1),)
    generators = _Generators(expr)
    found: list[tuple[Expr, int]] = []
    for part, side in zip(fraction(together(generators.forward(expr))), (1, -1), strict=True):
        content, factors = _factors(part)
        if content.is_negative or content.is_positive:
            found.append((abs(content), side))
        else:
            factors = [(content, 1), *factors]
        for power_base, power in factors:
            base = generators.backward(power_base)
            away = base.is_positive or (power % 2 == 0 and base.is_nonzero and base.is_real)
            found.append((base, side * power - (0 if away else 2 - power % 2)))
    return tuple((base, power) for base, power in found if base != 1 and power != 0)


@lru_cache(maxsize=20000)
def factored(expr: Expr) -> tuple[Expr, tuple[tuple[Expr, int], ...]]:
    """Return the sign of the numerical content and the factors of numerator and denominator.

    The product of sign and factors has the sign of the expression where the denominator is not
    zero. A content whose sign is not known counts as a factor.

    Examples
    --------
    >>> a, b = Symbol("a"), Symbol("b")
    >>> sign, factors = factored(-3 * a**2 * b + 3 * a**3)
    >>> sign, sorted(factors, key=str)
    (1, [(a - b, 1), (a, 2)])
    """
    generators = _Generators(expr)
    top, bottom = fraction(together(generators.forward(expr)))
    sign: Expr = S.One
    found: list[tuple[Expr, int]] = []
    for part in (top, bottom):
        content, factors = _factors(part)
        if content.is_negative:
            sign = -sign
        elif not content.is_positive:
            found.append((content, 1))
        found += [(generators.backward(base), power) for base, power in factors]
    return sign, tuple(found)


def _factors(expr: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
    """Return content and factors; opaque parts count as symbols."""
    opaque: dict[Expr, Symbol] = {}
    hidden = _hide(expr, opaque)
    content, factors = factor_list(hidden)
    back = {s: e for e, s in opaque.items()}
    return content, [(b.xreplace(back), int(p)) for b, p in factors]


def _hide(expr: Expr, opaque: dict[Expr, Symbol]) -> Expr:
    """Replace everything that is not a polynomial operation by a symbol of the same sign."""
    if isinstance(expr, (Symbol, Rational)):
        return expr
    if isinstance(expr, (Add, Mul)):
        return expr.func(*[_hide(a, opaque) for a in expr.args])
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return _hide(expr.base, opaque) ** expr.exp
    if expr not in opaque:
        opaque[expr] = Symbol(
            f"_opaque{len(opaque)}",
            real=expr.is_real or None,
            positive=expr.is_positive,
            nonnegative=expr.is_nonnegative,
        )
    return opaque[expr]


def explicit_sample(size: int) -> tuple[Tuple, tuple[Symbol, ...]]:
    """Return the sample (x1, x1 + g1, x1 + g1 + g2, ...) and its symbols x1, g1, g2, ...

    Examples
    --------
    >>> explicit_sample(2)
    ((x1, g1 + x1), (x1, g1))
    """
    first = Symbol("x1", real=True)
    gaps = tuple(Symbol(f"g{k}", positive=True) for k in range(1, size))
    points: list[Expr] = [first]
    for gap in gaps:
        points.append(points[-1] + gap)
    return Tuple(*points), (first, *gaps)
