"""SymPy expressions as short programs that run in any arithmetic.

An expression is flattened once into instructions, equal parts once; a program then runs in exact
rationals and balls (`proofs_check.balls`), in intervals with half-infinite ends
(`proofs_check.intervals`) or in float64 (`proofs_check.floats`). There is no code generation and
no string.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from sympy import (
    Abs,
    Add,
    E,
    EulerGamma,
    Expr,
    Integral,
    Max,
    Min,
    Mul,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    Tuple,
    acos,
    asin,
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
    pi,
    polygamma,
    sign,
    sin,
    sinh,
    tanh,
)

from proofs_check.errors import ClaimError
from proofs_check.functionals import Functional

__all__ = ["Arithmetic", "Program", "compile_expression"]

_UNARY = {
    exp: "exp",
    log: "log",
    Abs: "abs",
    erf: "erf",
    erfc: "erfc",
    floor: "floor",
    ceiling: "ceiling",
    sign: "sign",
    sin: "sin",
    cos: "cos",
    sinh: "sinh",
    cosh: "cosh",
    tanh: "tanh",
    asin: "asin",
    acos: "acos",
    atan: "atan",
    gamma: "gamma",
    loggamma: "lgamma",
    digamma: "digamma",
}


class Arithmetic(Protocol):
    """What a number system must offer to run programs."""

    def number(self, p: int, q: int) -> Any:
        """Return the rational p/q."""

    def symbol(self, value: Any) -> Any:
        """Return an assigned value as a number of this system."""

    def constant(self, name: str) -> Any:
        """Return ``pi``, ``e`` or ``euler``."""

    def add(self, values: list[Any]) -> Any:
        """Return a sum."""

    def mul(self, values: list[Any]) -> Any:
        """Return a product."""

    def power(self, base: Any, p: int, q: int) -> Any:
        """Return ``base ** (p/q)``."""

    def general_power(self, base: Any, exponent: Any) -> Any:
        """Return ``base ** exponent`` for a positive base."""

    def unary(self, name: str, value: Any) -> Any:
        """Return an elementary function of a number."""

    def extreme(self, name: str, values: list[Any]) -> Any:
        """Return the ``min`` or ``max``."""

    def call(self, function: type[Functional], values: list[Any]) -> Any:
        """Return the value of an opaque functional."""

    def integer(self, value: Any) -> int:
        """Return a number that must be an integer."""


@dataclass(frozen=True)
class _Instruction:
    kind: str
    args: tuple[int, ...]
    data: Any = None


@dataclass(frozen=True)
class Program:
    """A flattened expression; `run` evaluates it."""

    instructions: tuple[_Instruction, ...]

    def run(self, arithmetic: Arithmetic, env: Mapping[Symbol, Any]) -> Any:
        """Return the value of the expression.

        Parameters
        ----------
        arithmetic
            The number system.
        env
            Value of each free symbol, as the number system's ``symbol`` takes it.

        Raises
        ------
        ClaimError
            A symbol has no value.
        """
        stack: list[Any] = []
        for step in self.instructions:
            stack.append(_execute(step, stack, arithmetic, env))
        return stack[-1]


def _execute(
    step: _Instruction, stack: list[Any], arithmetic: Arithmetic, env: Mapping[Symbol, Any]
) -> Any:
    values = [stack[a] for a in step.args]
    match step.kind:
        case "number":
            return arithmetic.number(*step.data)
        case "symbol":
            if step.data not in env:
                raise ClaimError(f"no value for the symbol {step.data}")
            return arithmetic.symbol(env[step.data])
        case "add":
            return arithmetic.add(values)
        case "mul":
            return arithmetic.mul(values)
        case "power":
            return arithmetic.power(values[0], *step.data)
        case "general_power":
            return arithmetic.general_power(*values)
        case "unary":
            return arithmetic.unary(step.data, values[0])
        case "extreme":
            return arithmetic.extreme(step.data, values)
        case "call":
            return arithmetic.call(step.data, values)
        case "constant":
            return arithmetic.constant(step.data)
        case "tuple":
            return tuple(values)
        case _:
            return _repeat(step, values, arithmetic, env)


def _repeat(
    step: _Instruction, ends: list[Any], arithmetic: Arithmetic, env: Mapping[Symbol, Any]
) -> Any:
    from fractions import Fraction

    index, body = step.data
    lo, hi = (arithmetic.integer(e) for e in ends)
    if hi < lo - 1:
        # SymPy and the printed page disagree on what this means, so it means nothing
        raise ClaimError(f"a sum or product over {index} runs backwards from {lo} to {hi}")
    terms = [body.run(arithmetic, {**env, index: Fraction(r)}) for r in range(lo, hi + 1)]
    if step.kind == "sum":
        return arithmetic.add(terms) if terms else arithmetic.number(0, 1)
    return arithmetic.mul(terms) if terms else arithmetic.number(1, 1)


class _Compiler:
    def __init__(self) -> None:
        self.instructions: list[_Instruction] = []
        self.seen: dict[Any, int] = {}

    def emit(self, kind: str, args: tuple[int, ...] = (), data: Any = None) -> int:
        self.instructions.append(_Instruction(kind, args, data))
        return len(self.instructions) - 1

    def visit(self, expr: Any) -> int:
        if expr not in self.seen:
            self.seen[expr] = self._visit(expr)
        return self.seen[expr]

    def _visit(self, expr: Any) -> int:
        if isinstance(expr, Rational):
            return self.emit("number", data=(int(expr.p), int(expr.q)))
        if isinstance(expr, Symbol):
            return self.emit("symbol", data=expr)
        for constant, name in ((pi, "pi"), (E, "e"), (EulerGamma, "euler")):
            if expr is constant:
                return self.emit("constant", data=name)
        if isinstance(expr, (Sum, Product)):
            return self._visit_repeated(expr)
        if isinstance(expr, Functional) and type(expr).ball is None:
            return self.visit(type(expr).unfold(*expr.args))  # type: ignore[misc]
        if isinstance(expr, Pow):
            return self._visit_power(expr)
        args = tuple(self.visit(a) for a in expr.args)
        if isinstance(expr, Add):
            return self.emit("add", args)
        if isinstance(expr, Mul):
            return self.emit("mul", args)
        if isinstance(expr, (Min, Max)):
            return self.emit("extreme", args, "min" if isinstance(expr, Min) else "max")
        if isinstance(expr, Functional):
            return self.emit("call", args, type(expr))
        if isinstance(expr, Tuple):
            return self.emit("tuple", args)
        if isinstance(expr, polygamma) and expr.args[0] == 0:
            return self.emit("unary", (args[1],), "digamma")
        if expr.func in _UNARY and len(args) == 1:
            return self.emit("unary", args, _UNARY[expr.func])
        hint = "; give a functional with a ball" if isinstance(expr, Integral) else ""
        raise ClaimError(f"cannot evaluate {type(expr).__name__} in {expr}{hint}")

    def _visit_power(self, expr: Pow) -> int:
        base, exponent = expr.args
        if base is E:
            return self.emit("unary", (self.visit(exponent),), "exp")
        if isinstance(exponent, Rational):
            return self.emit("power", (self.visit(base),), (int(exponent.p), int(exponent.q)))
        return self.emit("general_power", (self.visit(base), self.visit(exponent)))

    def _visit_repeated(self, expr: Sum | Product) -> int:
        if len(expr.limits) != 1 or len(expr.limits[0]) != 3:
            raise ClaimError(f"cannot evaluate {expr}: write one index with both limits")
        index, lo, hi = expr.limits[0]
        body = compile_expression(expr.function)
        kind = "sum" if isinstance(expr, Sum) else "product"
        return self.emit(kind, (self.visit(lo), self.visit(hi)), (index, body))


@lru_cache(maxsize=4096)
def compile_expression(expr: Expr) -> Program:
    """Return the program of an expression.

    Raises
    ------
    ClaimError
        A function that no arithmetic knows.

    Examples
    --------
    >>> from sympy import Symbol
    >>> a = Symbol("a")
    >>> len(compile_expression((a + 1) ** 2 + a).instructions)
    5
    """
    compiler = _Compiler()
    compiler.visit(expr)
    return Program(tuple(compiler.instructions))
