"""Named recipes that decide whether two expressions are the same."""

from collections.abc import Callable
from typing import Final

from sympy import Derivative, Expr, Integral, Sum

from proofs_check.errors import ClaimError
from proofs_check.normal_form import difference_is_zero

__all__ = ["RECIPES", "recipe"]


def _exponentials(lhs: Expr, rhs: Expr) -> bool:
    """Rational normal form with independent exponentials."""
    return difference_is_zero(lhs, rhs)


def _derivative(lhs: Expr, rhs: Expr) -> bool:
    """Carry out derivatives, then the rational normal form."""
    return difference_is_zero(_carried_out(lhs, Derivative), _carried_out(rhs, Derivative))


def _integral(lhs: Expr, rhs: Expr) -> bool:
    """Carry out integrals and derivatives, then the rational normal form."""
    done = [_carried_out(_carried_out(side, Integral), Derivative) for side in (lhs, rhs)]
    return difference_is_zero(*done)


def _sums(lhs: Expr, rhs: Expr) -> bool:
    """Carry out finite sums in closed form, then the rational normal form."""
    return difference_is_zero(_carried_out(lhs, Sum), _carried_out(rhs, Sum))


def _tilting(lhs: Expr, rhs: Expr) -> bool:
    """Reduce sums over the data, explicit or formal, to fractions in independent power sums."""
    from theory.tilting import is_zero_tilted

    try:
        return is_zero_tilted(_carried_out(lhs - rhs, Derivative))
    except ValueError as error:
        raise ClaimError(str(error)) from None


def _carried_out(expr: Expr, kind: type[Expr]) -> Expr:
    if isinstance(expr, kind):
        done = expr.doit(deep=False) if not expr.has(Sum) else expr.doit()
        if done.has(kind):
            raise ClaimError(f"SymPy cannot carry out {expr}")
        return done
    if not expr.has(kind):
        return expr
    return expr.func(*[_carried_out(a, kind) for a in expr.args])


RECIPES: Final[dict[str, Callable[[Expr, Expr], bool]]] = {
    "exponentials": _exponentials,
    "derivative": _derivative,
    "integral": _integral,
    "sums": _sums,
    "tilting": _tilting,
}


def recipe(name: str) -> Callable[[Expr, Expr], bool]:
    """Return a recipe by name.

    Raises
    ------
    ClaimError
        There is none of that name.
    """
    if name not in RECIPES:
        raise ClaimError(f"recipe: there is no {name!r}; use one of {', '.join(RECIPES)}")
    return RECIPES[name]
