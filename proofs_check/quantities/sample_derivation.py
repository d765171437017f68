"""A derivation of `theory` for n symbolic data, put to work for a given sample."""

from collections.abc import Callable
from typing import Any

from sympy import Expr, IndexedBase

from proofs_check.functionals import formal_size
from theory.symbols import mu, sigma, x, y

__all__ = ["derived"]


def derived(build: Callable[..., Expr]) -> Callable[..., Expr]:
    """Return an unfolding that calls a derivation for the sample's size and puts arguments in.

    Further arguments (an index) go to the derivation.
    """

    def unfold(sample: Any, mean_scale: Any, noise: Any, point: Any, *rest: Any) -> Expr:
        formal = isinstance(sample, IndexedBase)
        expr = build(*rest, formal_size if formal else len(sample.args))
        table: dict[Any, Any] = {mu: mean_scale, sigma: noise, y: point}
        if not formal:
            table |= {x[k]: v for k, v in enumerate(sample.args, start=1)}
        result: Expr = expr.subs(table, simultaneous=True)
        return result

    return unfold
