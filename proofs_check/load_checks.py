"""Faults of a claim that can be seen when it is loaded, beyond its single fields.

SymPy simplifies by what a symbol is declared to be. A symbol that is declared positive but ranges
over negative numbers would let a false statement pass, so declarations must follow from domains.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sympy import Expr, Float, I, Integral, Product, Sum, Symbol, nan, oo, zoo

from proofs_check.domains import Domain, Integer, Real
from proofs_check.errors import ClaimError

__all__ = [
    "check_declared",
    "check_evidence",
    "check_index",
    "check_number",
    "check_side",
    "check_symbols",
]

_SHOWN = ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer", "real")


def check_symbols(given: Mapping[Symbol, Domain]) -> None:
    """Demand that names differ and that each declaration follows from the domain.

    Raises
    ------
    ClaimError
        Two symbols of one name, a reserved name, a declaration beyond the domain.
    """
    names: set[str] = set()
    for symbol, domain in given.items():
        if str(symbol) in names:
            raise ClaimError(f"given: two symbols are called {symbol}; rename one of them")
        names.add(str(symbol))
        if str(symbol).startswith("_"):
            raise ClaimError(f"given: the name {symbol} is reserved; names do not begin with '_'")
        check_declared(symbol, domain)


def check_declared(symbol: Symbol, domain: Domain) -> None:
    """Demand that what a symbol is declared to be follows from its domain."""
    if not isinstance(domain, (Real, Integer)):
        return
    opens = [getattr(domain, f"{end}_open", False) for end in ("lo", "hi")]
    implied = _implied(domain.lo, domain.hi, *opens, integer=isinstance(domain, Integer))
    excess = _excess(symbol, implied)
    if excess:
        raise ClaimError(
            f"given: {symbol} is declared {excess}, which does not follow from {domain}; "
            "change the declaration or the domain"
        )


def _implied(lo: Expr, hi: Expr, low_open: bool, high_open: bool, *, integer: bool) -> Symbol:
    """Return a symbol that is declared to be exactly what its range implies."""
    facts = {"real": True}
    if integer:
        facts["integer"] = True
    if lo.is_positive or (lo.is_nonnegative and low_open):
        facts["positive"] = True
    elif lo.is_nonnegative:
        facts["nonnegative"] = True
    if hi.is_negative or (hi.is_nonpositive and high_open):
        facts["negative"] = True
    elif hi.is_nonpositive:
        facts["nonpositive"] = True
    return Symbol("implied", **facts)


def _excess(symbol: Symbol, implied: Symbol) -> str:
    """Return in words what a symbol is declared to be beyond another one; empty if nothing."""
    known = implied.assumptions0
    wrong = {k: v for k, v in symbol.assumptions0.items() if known.get(k) is not v}
    if not wrong:
        return ""
    name = next((k for k in _SHOWN if wrong.get(k)), min(wrong))
    return name if wrong[name] else f"not {name}"


def check_number(symbol: Symbol, value: Expr) -> None:
    """Demand that a number is what the symbol that stands for it is declared to be."""
    for name, truth in symbol.assumptions0.items():
        if name != "commutative" and getattr(value, f"is_{name}") is not truth:
            shown = next((k for k in _SHOWN if symbol.assumptions0.get(k)), name)
            raise ClaimError(f"constant: {value} is not {shown}, as {symbol} is declared to be")


def check_side(expr: Expr, *, where: str) -> None:
    """Demand that one side of a relation is a finite real formula."""
    # only what holds an infinity can be one, and asking every formula takes a third of the start
    if expr.has(oo, -oo, zoo, nan) and (expr.is_infinite or expr is nan):
        raise ClaimError(f"{where}: {expr} is no number; leave the bound out")
    if expr.has(I):
        raise ClaimError(f"{where}: {expr} is not real; write real and imaginary part apart")
    check_bound_symbols(expr, where=where)


def check_bound_symbols(expr: Expr, *, where: str) -> None:
    """Demand that the index of a sum, product or integral is what its range allows."""
    for part in expr.atoms(Sum, Product, Integral):
        discrete = not isinstance(part, Integral)
        for limits in part.limits:
            if len(limits) != 3:
                continue
            check_index(*limits, discrete=discrete, where=where)


def check_index(index: Symbol, lo: Expr, hi: Expr, *, discrete: bool, where: str) -> None:
    """Demand that an index, or the variable of an integral, is what its range allows."""
    if (hi - lo).is_extended_negative:
        if discrete:
            # an empty sum, and whatever it is declared to be holds for its index
            return
        raise ClaimError(f"{where}: the integral over {index} runs backwards from {lo} to {hi}")
    # a single point of an integral's range has no weight, so its ends count as open
    implied = _implied(lo, hi, not discrete, not discrete, integer=discrete)
    excess = _excess(index, implied)
    if excess:
        raise ClaimError(
            f"{where}: the index {index} is declared {excess}, but runs from {lo} to {hi}"
        )


def check_evidence(evidence: Iterable[Any]) -> None:
    """Demand that the formulas in the evidence are exact: rounding would blur an identity."""
    for piece in evidence:
        for expr in _formulas(piece):
            floats = [expr] if isinstance(expr, float) else sorted(expr.atoms(Float), key=str)
            if floats:
                raise ClaimError(
                    f"evidence: {type(piece).__name__} has the float {float(floats[0])!r}; "
                    "write a Rational"
                )


def _formulas(value: Any) -> Iterator[Any]:
    """Yield the formulas and plain floats in a record, through mappings and tuples."""
    if isinstance(value, (Expr, float)):
        yield value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _formulas(key)
            yield from _formulas(entry)
    elif isinstance(value, (tuple, list)):
        for entry in value:
            yield from _formulas(entry)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            if field.name != "limit":
                yield from _formulas(getattr(value, field.name))
