"""Fast, unreliable values: float64 for screening, never for a verdict."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from sympy import Expr, Symbol

from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional
from proofs_check.program import compile_expression

__all__ = ["FLOATS", "float_value"]


class _Floats:
    """The arithmetic of `program.Arithmetic` on float64 scalars and arrays."""

    def number(self, p: int, q: int) -> Any:
        return np.float64(p / q)

    def symbol(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return np.array([float(v) for v in value], dtype=np.float64)
        if isinstance(value, (Fraction, int)):
            return np.float64(value)
        return value

    def constant(self, name: str) -> Any:
        return {"pi": math.pi, "e": math.e, "euler": float(np.euler_gamma)}[name]

    def add(self, values: list[Any]) -> Any:
        total = values[0]
        for v in values[1:]:
            total = total + v
        return total

    def mul(self, values: list[Any]) -> Any:
        total = values[0]
        for v in values[1:]:
            total = total * v
        return total

    def power(self, base: Any, p: int, q: int) -> Any:
        return np.float64(base) ** (p / q) if np.ndim(base) == 0 else base ** (p / q)

    def general_power(self, base: Any, exponent: Any) -> Any:
        return np.power(base, exponent)

    def unary(self, name: str, value: Any) -> Any:
        return _function(name)(value)

    def extreme(self, name: str, values: list[Any]) -> Any:
        combine = np.minimum if name == "min" else np.maximum
        total = values[0]
        for v in values[1:]:
            total = combine(total, v)
        return total

    def call(self, function: type[Functional], values: list[Any]) -> Any:
        if function.float64 is None:
            raise ClaimError(f"{function.__name__} has no float64 evaluator")
        return function.float64(*values)

    def integer(self, value: Any) -> int:
        return round(float(value))


def _function(name: str) -> Any:
    if name in ("erf", "erfc", "gamma", "lgamma", "digamma"):
        from scipy import special

        return getattr(special, {"lgamma": "gammaln", "digamma": "psi"}.get(name, name))
    names = {"ceiling": "ceil", "asin": "arcsin", "acos": "arccos", "atan": "arctan"}
    return getattr(np, names.get(name, name))


FLOATS = _Floats()


def float_value(expr: Expr, env: Mapping[Symbol, Any]) -> Any:
    """Return a float64 value, NaN or infinite where float64 cannot tell.

    Parameters
    ----------
    expr
        Any expression that `program` knows.
    env
        Value of each symbol: a fraction, a tuple of them, or an array of floats, one a point.

    Examples
    --------
    >>> from sympy import exp
    >>> float(float_value(exp(1), {}))
    2.718281828459045
    """
    program = compile_expression(expr)
    with np.errstate(all="ignore"):
        try:
            return program.run(FLOATS, env)
        except OverflowError:
            return np.float64(math.nan)
