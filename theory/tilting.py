r"""Exponential tilting: posterior weights, their moments, and a decision for identities.

Given Y = y the datum behind an observation has the law

.. math:: \alpha_j(y) = e_j / M_0, \qquad e_j = e^{-(y-\mu x_j)^2/2\sigma^2}, \qquad
   M_k = \sum_j x_j^k e_j

Everything about the score is a rational function of the power sums M_k, of y, mu and sigma.
"Explicit" sizes (n = 2, 3, 4, ...) write the sums out; "formal" ones keep `Sum` over a symbolic n.
"""

from sympy import (
    Add,
    Dummy,
    Expr,
    Indexed,
    Integer,
    Mul,
    Pow,
    Sum,
    Symbol,
    diff,
    exp,
    expand,
    sympify,
)

from theory.exponentials import TERM_LIMIT, Fraction, is_zero_exponential, reduce_exponentials
from theory.symbols import j, mu, n, sigma, x, y

__all__ = [
    "central_moment",
    "data",
    "is_zero_tilted",
    "posterior_mean",
    "posterior_variance",
    "posterior_weight",
    "reduce_tilted",
    "tilting_weight",
    "total",
    "weight_derivative",
]

_PLACE = Symbol("J", integer=True, positive=True)


def data(size: int) -> tuple[Expr, ...]:
    """Return the data x[1], ..., x[size] as indexed symbols.

    Raises
    ------
    ValueError
        If ``size`` is not an integer of at least 1.

    Examples
    --------
    >>> data(2)
    (x[1], x[2])
    """
    if type(size) is not int or size < 1:
        raise ValueError(f"size was {size}; it must be an integer of at least 1")
    return tuple(x[place] for place in range(1, size + 1))


def total(summand: Expr, size: int | Symbol, *, index: Symbol = j) -> Expr:
    """Sum over the data, written out for an integer size and formally for a symbolic one.

    Examples
    --------
    >>> total(x[j], 2)
    x[1] + x[2]
    >>> total(x[j], n)
    Sum(x[j], (j, 1, n))
    """
    if isinstance(size, int):
        return Add(*(summand.subs(index, place) for place in range(1, len(data(size)) + 1)))
    return Sum(summand, (index, 1, size))


def tilting_weight(place: Expr | int = j) -> Expr:
    """Return e_j = exp(-(y - mu x_j)^2 / 2 sigma^2), the weight before normalisation.

    Examples
    --------
    >>> tilting_weight(1)
    exp(-(-mu*x[1] + y)**2/(2*sigma**2))
    """
    return exp(-((y - mu * x[place]) ** 2) / (2 * sigma**2))


def posterior_weight(place: Expr | int, size: int | Symbol = n) -> Expr:
    """Return alpha_j(y), the probability that the datum behind y is x_j.

    Notes
    -----
    Paper A, section 0; claims ``A.eq9``, ``A.lem11``, ``A.prop2a``.

    Examples
    --------
    >>> is_zero_tilted(total(posterior_weight(j, 3), 3) - 1)
    True
    """
    return tilting_weight(place) / total(tilting_weight(j), size)


def posterior_mean(size: int | Symbol = n) -> Expr:
    """Return E[W(y)], the mean of the data under the posterior weights.

    Notes
    -----
    Claims ``A.eq9``, ``A.prop2b``.

    Examples
    --------
    >>> posterior_mean(2).subs({x[1]: 0, x[2]: 2, y: mu})
    1
    """
    return total(x[j] * tilting_weight(j), size) / total(tilting_weight(j), size)


def central_moment(order: int, size: int | Symbol = n) -> Expr:
    """Return E[(W - E W)^order] under the posterior weights, from its definition.

    Parameters
    ----------
    order : int
        At least 0.
    size : int or Symbol
        Number of data; a symbol keeps the sums formal.

    Notes
    -----
    Claims ``A.eq9``, ``A.lem11``.

    Examples
    --------
    >>> is_zero_tilted(central_moment(1))
    True
    """
    if order < 0:
        raise ValueError(f"order was {order}; it must be at least 0")
    deviation = x[j] - posterior_mean(size).subs(j, Dummy("l", integer=True, positive=True))
    weighted = deviation**order * tilting_weight(j)
    return total(weighted, size) / total(tilting_weight(j), size)


def posterior_variance(size: int | Symbol = n) -> Expr:
    """Return V[W(y)], the variance of the data under the posterior weights.

    Notes
    -----
    Claims ``A.eq9``, ``A.prop2a``, ``A.prop2c``.

    Examples
    --------
    >>> posterior_variance(2).subs({x[1]: 0, x[2]: 2, y: mu})
    1
    """
    return central_moment(2, size)


def weight_derivative(place: Expr | int, size: int | Symbol = n) -> Expr:
    r"""Differentiate a posterior weight and return the result in lowest terms.

    Equals :math:`\frac{\mu\alpha_j}{\sigma^2}(x_j - E[W])`, which is not used.

    Notes
    -----
    Paper A, Lemma 11, first step (claim ``A.lem11``).

    Examples
    --------
    >>> rule = mu / sigma**2 * posterior_weight(1) * (x[1] - posterior_mean())
    >>> is_zero_tilted(weight_derivative(1) - rule)
    True
    """
    return diff(posterior_weight(place, size), y)


def reduce_tilted(expr: Expr, *, term_limit: int = TERM_LIMIT) -> Fraction:
    r"""Write an expression in sums over the data as a fraction in independent power sums.

    Sums over a formal range are linearised: the summand is expanded, what does not depend on the
    index leaves the sum, and what remains is one of the power sums
    :math:`\sum_j f(x_j)`, f a monomial times an exponential. Different f that are not constant
    are linearly independent modulo constants, so their sums have a Jacobian of full rank and are
    algebraically independent as soon as n exceeds their number, also over functions of y, mu,
    sigma, n and finitely many single data; each sum becomes a variable.

    Parameters
    ----------
    expr : Expr
        Rational in symbols, exponentials, indexed data and (nested) sums ``Sum(f, (j, 1, n))``.
    term_limit : int
        Largest number of terms an expansion may reach.

    Returns
    -------
    Fraction
        Zero numerator if and only if the expression vanishes identically.

    Raises
    ------
    ValueError
        If a sum has more than one index or a summand is no polynomial in the datum times
        exponentials of such polynomials, or the expression is too large.
    """
    flat, power_sums = _linearised(expr)
    return reduce_exponentials(flat, opaque=power_sums, term_limit=term_limit)


def is_zero_tilted(expr: Expr, *, term_limit: int = TERM_LIMIT) -> bool:
    """Decide whether an expression in (formal or explicit) sums over the data vanishes.

    Returns
    -------
    bool
        For explicit sums: True exactly when it vanishes identically. For formal sums: True when
        it vanishes for every n; False when it does not vanish identically for all large n (it may
        still vanish for a particular small n).

    Raises
    ------
    ValueError
        If the expression cannot be decided; see `reduce_tilted`.

    Examples
    --------
    >>> is_zero_tilted(diff(posterior_mean(), y) - mu / sigma**2 * posterior_variance())
    True
    >>> is_zero_tilted(diff(posterior_mean(), y) - posterior_variance())
    False
    """
    flat, power_sums = _linearised(expr)
    return is_zero_exponential(flat, opaque=power_sums, term_limit=term_limit)


def _linearised(expr: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    found: set[Expr] = set()
    flat = _linearise(sympify(expr), found)
    sizes = {power_sum.limits[0][2] for power_sum in found}
    if len(sizes) > 1:
        raise ValueError(f"sums ran to different ends {sizes}; such sums are not independent")
    return flat, tuple(sorted(found, key=lambda power_sum: power_sum.sort_key()))


def _linearise(expr: Expr, found: set[Expr]) -> Expr:
    """Rewrite every sum, innermost first, by the canonical power sums it consists of."""
    if not expr.has(Sum):
        return expr
    if isinstance(expr, Sum):
        if len(expr.limits) != 1:
            raise ValueError("a sum had several indices; nest single sums instead")
        index, lower, upper = expr.limits[0]
        if lower != 1:
            raise ValueError(f"a sum started at {lower}; sums over the data start at 1")
        if upper.is_Integer:
            return _linearise(expr.doit(), found)
        return _power_sums(_linearise(expr.function, found), index, upper, found)
    return expr.func(*(_linearise(part, found) for part in expr.args))


def _power_sums(summand: Expr, index: Symbol, upper: Expr, found: set[Expr]) -> Expr:
    parts = [Integer(0)]
    for term in Add.make_args(_expand_in_index(summand, index)):
        constant, remainder = term.as_independent(index, as_Add=False)
        inside: Expr = Integer(1)
        for factor in Mul.make_args(remainder) if remainder != 1 else ():
            outer, inner = _split_factor(factor, index)
            constant *= outer
            inside *= inner
        if inside == 1:
            parts.append(constant * upper)
            continue
        if inside.xreplace({x[index]: _PLACE}).has(index):
            raise ValueError(f"summand {term} depends on {index} other than through x[{index}]")
        atom = Sum(inside.subs(index, _PLACE), (_PLACE, 1, upper))
        found.add(atom)
        parts.append(constant * atom)
    return Add(*parts)


def _expand_in_index(expr: Expr, index: Symbol) -> Expr:
    """Expand only as far as the index reaches, leaving factors free of it alone."""
    if not expr.has(index) or isinstance(expr, (Indexed, exp, Symbol)):
        return expr
    if expr.is_Add:
        return Add(*(_expand_in_index(term, index) for term in expr.args))
    if expr.is_Mul:
        constant, remainder = expr.as_independent(index, as_Add=False)
        factors = [Add.make_args(_expand_in_index(f, index)) for f in Mul.make_args(remainder)]
        terms: tuple[Expr, ...] = (constant,)
        for factor in factors:
            terms = tuple(left * right for left in terms for right in factor)
        return Add(*terms)
    if isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp.is_positive:
        base = Add.make_args(_expand_in_index(expr.base, index))
        terms = (Integer(1),)
        for _ in range(int(expr.exp)):
            terms = tuple(left * right for left in terms for right in base)
        return Add(*terms)
    return expr


def _split_factor(factor: Expr, index: Symbol) -> tuple[Expr, Expr]:
    """Split a factor into what is free of the index and what the power sum keeps."""
    base, power = factor.as_base_exp()
    if isinstance(factor, exp):
        free, bound = Integer(0), Integer(0)
        for term in Add.make_args(expand(factor.args[0])):
            if term.has(index):
                bound += term
            else:
                free += term
        return exp(free), exp(bound)
    if isinstance(base, Indexed) and power.is_Integer and power.is_nonnegative:
        return Integer(1), factor
    raise ValueError(f"summand factor {factor} is no power of a datum and no exponential")
