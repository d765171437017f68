"""Statements as plain data: prefix trees, canonical text and hash. `docs/certificates.md` has all.

A tree is text or a list: a number (``"-3/4"``), a symbol (``"x"``), or an operation with its
arguments (``["add", "x", "1"]``). What commutes is sorted, so equal statements have equal text.
"""

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sympy import (
    Abs,
    Add,
    Derivative,
    E,
    EulerGamma,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    Integral,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    S,
    Sum,
    Symbol,
    Tuple,
    ceiling,
    erf,
    erfc,
    exp,
    floor,
    log,
    loggamma,
    pi,
    polygamma,
    sign,
)
from sympy.core.relational import Relational

from proofs_check.claim import Claim, Relation
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.domains_network import Network
from proofs_check.functionals import Functional

__all__ = [
    "canonical",
    "domain",
    "exact_text",
    "functional_name",
    "record",
    "relation",
    "statement_hash",
    "tree",
]

_NAMES: Final[dict[Any, str]] = {
    Add: "add",
    Mul: "mul",
    Min: "min",
    Max: "max",
    Pow: "pow",
    Abs: "abs",
    Tuple: "tuple",
    exp: "exp",
    log: "log",
    erf: "erf",
    erfc: "erfc",
    floor: "floor",
    ceiling: "ceiling",
    sign: "sign",
    loggamma: "lgamma",
}
_UNORDERED: Final = ("add", "mul", "min", "max")
_CONSTANTS: Final = {
    pi: ["pi"],
    E: ["e"],
    EulerGamma: ["euler"],
    S.Infinity: ["oo"],
    S.NegativeInfinity: ["-oo"],
}


def tree(expr: Any) -> Any:
    """Return an expression as a prefix tree.

    Examples
    --------
    >>> x = Symbol("x")
    >>> tree(x**2 / 2 + exp(-x))
    ['add', ['exp', ['mul', '-1', 'x']], ['mul', '1/2', ['pow', 'x', '2']]]
    """
    expr = S(expr)
    if isinstance(expr, Rational):
        return f"{expr.p}/{expr.q}" if expr.q != 1 else str(expr.p)
    if isinstance(expr, (Symbol, IndexedBase)):
        return str(expr)
    if expr in _CONSTANTS:
        return list(_CONSTANTS[expr])
    if isinstance(expr, (Sum, Product, Integral)):
        body = tree(expr.function)
        for limits in expr.limits:
            body = [type(expr).__name__.lower(), body, *map(tree, limits)]
        return body
    if isinstance(expr, Derivative) and len(expr.variable_count) == 1:
        variable, count = expr.variable_count[0]
        return ["derivative", tree(expr.expr), tree(variable), tree(count)]
    if isinstance(expr, Piecewise):
        return ["piecewise", *([tree(c), tree(v)] for v, c in expr.args)]
    if isinstance(expr, Relational):
        return [expr.rel_op, tree(expr.lhs), tree(expr.rhs)]
    if expr in (S.true, S.false):
        return [str(expr).lower()]
    return _applied(expr)


def _applied(expr: Any) -> Any:
    args = [tree(a) for a in expr.args]
    if isinstance(expr, Functional):
        return ["call", functional_name(type(expr)), *args]
    if isinstance(expr, Indexed):
        return ["item", *args]
    if isinstance(expr, polygamma) and expr.args[0] == 0:
        return ["digamma", args[1]]
    name = _NAMES.get(expr.func)
    if name in _UNORDERED:
        return [name, *sorted(args, key=canonical)]
    if name is None:
        name = expr.func.__name__.lower() if isinstance(expr, Function) else type(expr).__name__
    return [name, *args]


def functional_name(kind: type[Functional]) -> str:
    """Return the name of a functional, which those of a user's file cannot share."""
    own = kind.__module__.startswith("proofs_check.")
    return kind.__name__ if own else f"{kind.__module__}:{kind.__name__}"


def relation(value: Relation) -> list[Any]:
    """Return a hypothesis as ``[lhs, rel, rhs]``."""
    return [tree(value.lhs), value.rel.value, tree(value.rhs)]


def domain(value: Domain) -> list[Any]:
    """Return a domain; hints for drawing are left out, since they change no statement."""
    if isinstance(value, Real):
        return ["real", tree(value.lo), tree(value.hi), value.lo_open, value.hi_open]
    if isinstance(value, Integer):
        return ["integer", tree(value.lo), tree(value.hi)]
    if isinstance(value, Sample):
        return ["sample", value.min_size, value.max_size]
    if isinstance(value, Network):
        return ["network", value.single]
    return ["other", type(value).__name__, str(value)]


def record(claim: Claim) -> dict[str, Any]:
    """Return the exact statement of a claim, with the printed constant in place."""
    statement = claim.statement
    return {
        "id": claim.id,
        "given": [[str(s), domain(d)] for s, d in claim.given.items()],
        "where": [relation(h) for h in claim.where],
        "lhs": tree(statement.lhs),
        "rel": statement.rel.value,
        "rhs": tree(statement.rhs),
        "uses": list(claim.uses),
        "steps": list(claim.steps),
    }


def canonical(data: Any) -> str:
    """Return the one JSON text of plain data: sorted keys, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def statement_hash(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an exact statement, to which its verdicts are bound.

    Examples
    --------
    >>> statement_hash({"lhs": "x", "rel": "<=", "rhs": "y"})[:8]
    'f6e7f6eb'
    """
    return hashlib.sha256(canonical(data).encode("ascii")).hexdigest()


def exact_text(value: Any) -> Any:
    """Return an exact value as text: a fraction, or a tuple of them as a list."""
    if isinstance(value, (tuple, list)):
        return [exact_text(v) for v in value]
    if isinstance(value, (Fraction, int)):
        return str(Fraction(value))
    if isinstance(value, Expr):
        return tree(value)
    return str(value)
