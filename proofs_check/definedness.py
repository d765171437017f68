"""Where a formula is defined: what its divisors, logarithms and roots demand.

An inequality is PROVED only if both sides mean something at every point of the domain, so these
demands are shown like the inequality itself.
"""

from collections.abc import Iterator

from sympy import (
    Abs,
    Expr,
    Function,
    Integral,
    Pow,
    Product,
    S,
    Sum,
    acos,
    asin,
    asinh,
    atan,
    ceiling,
    cos,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    floor,
    gamma,
    log,
    loggamma,
    polygamma,
    sign,
    sin,
    sinh,
    tanh,
)

from proofs_check.functionals import Functional
from proofs_check.normal_form import factored, strip_positive

__all__ = ["demands"]

_EVERYWHERE = (
    *(exp, erf, erfc, sin, cos, sinh, cosh, tanh, asinh, atan),
    *(Abs, sign, floor, ceiling),
)
_POSITIVE_ARGUMENT = (log, digamma, gamma, loggamma)


def demands(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    """Yield what must be nonzero (``True``) or nonnegative (``False``) for a formula to be defined.

    Demands that the declarations of the symbols already meet are left out; a positive argument is
    demanded as nonnegative and nonzero. Functionals are defined on the whole of their domain, and
    sums, products and integrals are not looked into.

    Examples
    --------
    >>> from sympy import Symbol, sqrt
    >>> a, p = Symbol("a", real=True), Symbol("p", positive=True)
    >>> list(demands(1 / (a * p) + sqrt(p)))
    [(a, True)]
    """
    if not expr.args or isinstance(expr, (Functional, Sum, Product, Integral)):
        return
    for a in expr.args:
        yield from demands(a)
    if isinstance(expr, Pow):
        yield from _of_power(expr.base, expr.exp)
    elif isinstance(expr, _POSITIVE_ARGUMENT):
        yield from _nonzero(expr.args[0])
        yield from _nonnegative(expr.args[0])
    elif isinstance(expr, polygamma):
        yield from _nonzero(expr.args[1])
        yield from _nonnegative(expr.args[1])
    elif isinstance(expr, (asin, acos)):
        yield from _nonnegative(1 - expr.args[0] ** 2)
    elif isinstance(expr, Function) and not isinstance(expr, _EVERYWHERE):
        # not known to be defined anywhere
        yield S.Zero, True


def _of_power(base: Expr, exponent: Expr) -> Iterator[tuple[Expr, bool]]:
    if not exponent.is_nonnegative:
        yield from _nonzero(base)
    if not exponent.is_integer:
        yield from _nonnegative(base)


def _nonzero(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    if expr.is_nonzero:
        return
    for base, _ in factored(expr)[1]:
        if not base.is_nonzero:
            yield base, True


def _nonnegative(expr: Expr) -> Iterator[tuple[Expr, bool]]:
    reduced = S.One if expr.is_nonnegative else strip_positive(expr)
    if not reduced.is_nonnegative:
        yield reduced, False
