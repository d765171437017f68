"""Decide identities between rational functions of symbols and of exponentials.

The one idea: exponentials exp(a_1), ..., exp(a_r) of polynomials a_k that are linearly
independent over the rationals are algebraically independent over the rational functions. (Two
different monomials in them have exponents that differ by a non-constant polynomial, whose
exponential is not algebraic, or by a non-zero algebraic number, where Lindemann and Weierstrass
apply.) So after a basis of the exponents is replaced by fresh variables, a rational expression
vanishes identically exactly when its numerator is the zero polynomial.
"""

from dataclasses import dataclass
from functools import reduce
from math import comb, lcm

from sympy import (
    E,
    Expr,
    Indexed,
    Integer,
    Matrix,
    Pow,
    Rational,
    Symbol,
    exp,
    expand,
    factorint,
    pi,
    sympify,
    together,
)
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

__all__ = ["TERM_LIMIT", "Fraction", "is_zero_exponential", "normal_form", "reduce_exponentials"]

TERM_LIMIT = 2_000_000
"""Most terms a product may expand to before a decision is refused."""


@dataclass(frozen=True, kw_only=True)
class Fraction:
    """A quotient of two polynomials in symbols and independent exponentials, fully expanded.

    ``back`` maps each variable that was introduced to what it stands for.
    """

    numerator: PolyElement
    denominator: PolyElement
    back: dict[Symbol, Expr]

    def as_expr(self) -> Expr:
        """Return the quotient in lowest terms, written in the original symbols."""
        numerator, denominator = self.numerator.cancel(self.denominator)
        return (numerator.as_expr() / denominator.as_expr()).xreplace(self.back)


def reduce_exponentials(
    expr: Expr, *, opaque: tuple[Expr, ...] = (), term_limit: int = TERM_LIMIT
) -> Fraction:
    """Write an expression as a quotient of polynomials in independent variables.

    The variables are the symbols and indexed symbols, one variable for each member of a basis of
    the exponents over the rationals, roots of pi, of primes and of positive symbols, and the
    ``opaque`` expressions.

    Parameters
    ----------
    expr : Expr
        Built by +, *, rational powers and exp from symbols and rational numbers; exponents of
        exp must be polynomials in symbols and their inverses.
    opaque : tuple of Expr
        Subexpressions that the caller knows to be algebraically independent of the rest.
    term_limit : int
        A numerator whose expansion might have more terms is refused.

    Returns
    -------
    Fraction
        Numerator, denominator and the meaning of the new variables.

    Raises
    ------
    ValueError
        If the expression contains anything else, or is too large.
    ZeroDivisionError
        If the denominator vanishes identically.

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> reduce_exponentials((exp(2 * a) - exp(2 * b)) / (exp(a) - exp(b))).as_expr()
    exp(a) + exp(b)
    """
    given = sympify(expr)
    back: dict[Symbol, Expr] = {}
    given = _name_opaque(given, opaque, back)
    given = _name_exponentials(given, back)
    given = _name_roots(given, back)
    given = _name_indexed(given, back)
    quotient = together(given)
    top, bottom = quotient.as_numer_denom()
    generators = sorted(quotient.free_symbols, key=lambda symbol: (symbol.name, repr(symbol)))
    ring = PolyRing(generators or [Symbol("_unit")], QQ)
    numerator = _polynomial(top, ring, term_limit)
    denominator = _polynomial(bottom, ring, term_limit)
    relations = _root_relations(ring, back)
    if relations:
        numerator, denominator = numerator.rem(relations), denominator.rem(relations)
    if not denominator:
        raise ZeroDivisionError("expr has a denominator that vanishes identically")
    return Fraction(numerator=numerator, denominator=denominator, back=back)


def is_zero_exponential(
    expr: Expr, *, opaque: tuple[Expr, ...] = (), term_limit: int = TERM_LIMIT
) -> bool:
    """Decide whether an expression in exponentials vanishes identically.

    Returns
    -------
    bool
        True if it is zero wherever it is defined, False if it is not. Never a guess.

    Raises
    ------
    ValueError
        If the expression is outside the class of `reduce_exponentials`, is too large, or mixes
        pi with exponentials of numbers (whether these are independent is an open question).

    Examples
    --------
    >>> from sympy.abc import a, b
    >>> is_zero_exponential(exp(a + b) - exp(a) * exp(b))
    True
    >>> is_zero_exponential(exp(a + b) - exp(a) - exp(b))
    False
    """
    fraction = reduce_exponentials(expr, opaque=opaque, term_limit=term_limit)
    if not fraction.numerator:
        return True
    meanings = fraction.back.values()
    if any(value.has(pi) for value in meanings) and any(
        value.is_number and value.has(exp, E) for value in meanings
    ):
        raise ValueError("expr mixes pi with the exponential of a number; separate the two first")
    return False


def normal_form(expr: Expr, *, term_limit: int = TERM_LIMIT) -> Expr:
    """Return the quotient in lowest terms of an expression in exponentials.

    Examples
    --------
    >>> from sympy.abc import a
    >>> normal_form(exp(a) / (1 + exp(a)) + 1 / (1 + exp(a)))
    1
    """
    return reduce_exponentials(expr, term_limit=term_limit).as_expr()


def _name_opaque(expr: Expr, opaque: tuple[Expr, ...], back: dict[Symbol, Expr]) -> Expr:
    named = {}
    for number, subject in enumerate(opaque):
        symbol = Symbol(f"_o{number}")
        back[symbol] = subject
        named[subject] = symbol
    return expr.xreplace(named)


def _name_exponentials(expr: Expr, back: dict[Symbol, Expr]) -> Expr:
    """Replace every exponential by a monomial in exponentials of a basis of the exponents."""
    found = sorted(expr.atoms(exp), key=lambda item: item.sort_key())
    if expr.has(E):
        expr = expr.xreplace({E: exp(1, evaluate=False)})
        found.append(exp(1, evaluate=False))
    # An exponential inside the argument of another would not be a polynomial exponent.
    exponents = [_exponent_terms(item.args[0]) for item in found]
    if not found:
        return expr
    monomials = sorted({key for row in exponents for key in row}, key=lambda key: key.sort_key())
    if not monomials:
        return expr.xreplace({item: Integer(1) for item in found})
    table = Matrix([[row.get(key, Integer(0)) for row in exponents] for key in monomials])
    reduced, pivots = table.rref()
    scales = [
        reduce(lcm, (int(reduced[row, col].q) for col in range(table.cols)), 1)
        for row in range(len(pivots))
    ]
    symbols = [Symbol(f"_e{number}", positive=True) for number in range(len(pivots))]
    for symbol, pivot, scale in zip(symbols, pivots, scales, strict=True):
        back[symbol] = exp(expand(found[pivot].args[0]) / scale)
    named = {}
    for column, item in enumerate(found):
        value: Expr = Integer(1)
        for row, (symbol, scale) in enumerate(zip(symbols, scales, strict=True)):
            value *= symbol ** (reduced[row, column] * scale)
        named[item] = value
    return expr.xreplace(named)


def _exponent_terms(exponent: Expr) -> dict[Expr, Rational]:
    terms: dict[Expr, Rational] = {}
    expanded = expand(exponent)
    if expanded.has(pi):
        raise ValueError(f"exponent {exponent} holds pi; only algebraic numbers can be decided")
    for term in expanded.as_ordered_terms() if expanded != 0 else []:
        coefficient, monomial = term.as_coeff_Mul(rational=True)
        for factor in monomial.as_ordered_factors():
            base, power = factor.as_base_exp()
            atomic = base.is_Symbol or isinstance(base, Indexed) or base.is_Integer
            if not (atomic and power.is_Rational):
                raise ValueError(f"exponent {exponent} is not a polynomial in symbols and inverses")
        terms[monomial] = terms.get(monomial, Integer(0)) + coefficient
    return {key: value for key, value in terms.items() if value != 0}


def _name_roots(expr: Expr, back: dict[Symbol, Expr]) -> Expr:
    """Replace fractional powers, and pi, by powers of fresh roots."""
    orders: dict[Expr, int] = {}
    for power in expr.atoms(Pow):
        base, exponent = power.as_base_exp()
        if not exponent.is_Rational:
            raise ValueError(f"power {power} has an exponent that is not rational")
        if exponent.is_Integer:
            continue
        allowed = base == pi or (base.is_Symbol and base.is_positive) or base.is_Integer
        if not allowed or base.is_negative:
            raise ValueError(f"power {power} is not a root of a positive symbol, prime or pi")
        for prime in factorint(base) if base.is_Integer else (base,):
            orders[sympify(prime)] = lcm(orders.get(sympify(prime), 1), int(exponent.q))
    if expr.has(pi):
        orders.setdefault(pi, 1)
    roots = {}
    for number, base in enumerate(sorted(orders, key=lambda item: item.sort_key())):
        roots[base] = Symbol(f"_r{number}", positive=True)
        back[roots[base]] = base ** Rational(1, orders[base])

    def rewrite(power: Expr) -> Expr:
        base, exponent = power.as_base_exp()
        primes = factorint(base) if base.is_Integer else {base: 1}
        value: Expr = Integer(1)
        for prime, multiplicity in primes.items():
            order = orders[sympify(prime)]
            value *= roots[sympify(prime)] ** (exponent * multiplicity * order)
        return value

    def is_root(item: Expr) -> bool:
        return isinstance(item, Pow) and not item.exp.is_Integer

    expr = expr.replace(is_root, rewrite)
    # Symbols that also occur under a root must be written in that root everywhere.
    return expr.xreplace(
        {base: root ** orders[base] for base, root in roots.items() if not base.is_Integer}
    )


def _root_relations(ring: PolyRing, back: dict[Symbol, Expr]) -> list[PolyElement]:
    relations = []
    for variable, symbol in zip(ring.gens, ring.symbols, strict=True):
        value = back.get(symbol)
        if value is not None and isinstance(value, Pow) and value.base.is_Integer:
            relations.append(variable ** int(value.exp.q) - int(value.base))
    return relations


def _name_indexed(expr: Expr, back: dict[Symbol, Expr]) -> Expr:
    named = {}
    found = sorted(expr.atoms(Indexed), key=lambda item: item.sort_key())
    for number, item in enumerate(found):
        symbol = Symbol(f"_x{number}", real=True)
        back[symbol] = item
        named[item] = symbol
    return expr.xreplace(named)


def _polynomial(expr: Expr, ring: PolyRing, term_limit: int) -> PolyElement:
    bound = _term_bound(expr)
    if bound > term_limit:
        raise ValueError(f"expr may expand to {bound} terms; the limit is {term_limit}")
    try:
        return ring.from_expr(expr)
    except (ValueError, TypeError) as error:
        raise ValueError(f"expr holds something that is no polynomial: {error}") from error


def _term_bound(expr: Expr) -> int:
    """Bound the number of terms of the expansion from above, without expanding."""
    if expr.is_Add:
        return sum(_term_bound(term) for term in expr.args)
    if expr.is_Mul:
        bound = 1
        for factor in expr.args:
            bound *= _term_bound(factor)
        return bound
    if expr.is_Pow and expr.exp.is_Integer and expr.exp.is_positive:
        terms, power = _term_bound(expr.base), int(expr.exp)
        return comb(terms + power - 1, power)
    return 1
