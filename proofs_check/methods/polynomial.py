"""Exact sign arguments for rational functions: Sturm, shifted coefficients, residue classes."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from sympy import (
    QQ,
    ZZ,
    Expr,
    Poly,
    PolynomialError,
    Rational,
    Symbol,
    ceiling,
    expand,
    floor,
    fraction,
    together,
)

from proofs_check.certificates import polynomial_certificate
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Integer, Real
from proofs_check.errors import ClaimError
from proofs_check.evidence import Polynomial
from proofs_check.serialised import tree
from proofs_check.verdict import Finding, Verdict

__all__ = ["nonnegative_on_ray", "run"]


def run(claim: Claim, evidence: Polynomial, context: Context) -> Finding:
    """Prove a polynomial or rational inequality exactly.

    Returns
    -------
    Finding
        PROVED, or UNDECIDED with the case that resists; refutations are left to the search.
    """
    del context
    if claim.rel is Rel.EQ:
        return _undecided("polynomial evidence is for inequalities")
    margin = claim.statement.margin
    cases = []
    try:
        for case, domains in _residue_cases(claim, evidence):
            name = ", ".join(f"{s} = {e}" for s, e in case.items()) or "all values"
            if _empty(domains):
                continue
            reduced = _without_rounding(margin.subs(case))
            how = _sign_argument(reduced, domains, evidence, strict=claim.rel.strict)
            if how is None:
                return _undecided(f"the sign is not settled for {name}")
            top, bottom = fraction(together(reduced))
            cases.append({"case": name, "numerator": tree(top), "denominator": tree(bottom), **how})
    except ClaimError as error:
        return _undecided(str(error))
    except PolynomialError:
        return _undecided(f"{margin} is no rational function of its symbols")
    return Finding(
        method="polynomial",
        verdict=Verdict.PROVED,
        detail=f"{len(cases)} exact case{'s' if len(cases) > 1 else ''}: "
        + ", ".join(sorted({c["argument"] for c in cases})),
        certificate=polynomial_certificate(claim, evidence, cases),
    )


def _undecided(why: str) -> Finding:
    return Finding(method="polynomial", verdict=Verdict.UNDECIDED, detail=why)


def _residue_cases(
    claim: Claim, evidence: Polynomial
) -> Iterator[tuple[dict[Symbol, Expr], dict[Symbol, tuple[Expr, Expr | None]]]]:
    """Yield substitutions ``n -> q k + r`` and the ranges of all variables."""
    ranges: dict[Symbol, tuple[Expr, Expr | None]] = {}
    for symbol, domain in claim.given.items():
        if not isinstance(domain, (Real, Integer)) or domain.lo.is_infinite:
            raise ClaimError(f"{symbol} has no finite lower end; polynomial evidence needs one")
        ranges[symbol] = (domain.lo, None if domain.hi.is_infinite else domain.hi)
    moduli = evidence.residues
    for residues in product(*[range(q) for q in moduli.values()]):
        table: dict[Symbol, Expr] = {}
        domains = dict(ranges)
        for (symbol, q), r in zip(moduli.items(), residues, strict=True):
            if not isinstance(claim.given.get(symbol), Integer):
                raise ClaimError(f"residues: {symbol} is no integer of the claim")
            if q < 1:
                raise ClaimError(f"residues: the modulus of {symbol} was {q}; it must be positive")
            lo, hi = domains.pop(symbol)
            fresh = Symbol(f"{symbol}_{q}", integer=True, nonnegative=lo.is_nonnegative or None)
            table[symbol] = q * fresh + r
            top = None if hi is None else floor(Rational(1, q) * (hi - r))
            domains[fresh] = (ceiling((lo - r) * Rational(1, q)), top)
        domains = {
            s: (lo.subs(table), None if hi is None else hi.subs(table))
            for s, (lo, hi) in domains.items()
        }
        yield table, domains


def _empty(domains: Mapping[Symbol, tuple[Expr, Expr | None]]) -> bool:
    """Return whether a residue class has no member: the range of its multiples is empty."""
    ends = [(lo, hi) for lo, hi in domains.values() if hi is not None]
    return any(lo.is_Rational and hi.is_Rational and bool(lo > hi) for lo, hi in ends)


def _without_rounding(expr: Expr) -> Expr:
    result = expand(expr) if expr.has(floor, ceiling) else expr
    if result.has(floor, ceiling):
        raise ClaimError(f"floor or ceiling is left in {result}; give another modulus")
    return result


def _sign_argument(
    expr: Expr,
    domains: Mapping[Symbol, tuple[Expr, Expr | None]],
    evidence: Polynomial,
    *,
    strict: bool,
) -> dict[str, Any] | None:
    """Return how numerator and denominator are seen to have the right sign."""
    top, bottom = fraction(together(expr))
    used = top.free_symbols | bottom.free_symbols
    if not used <= set(domains):
        raise ClaimError(f"{min(used - set(domains), key=str)} has no range here")
    ends = [e for s in used for e in domains[s] if e is not None]
    if evidence.shift or len(used) > 1 or any(not e.is_Rational for e in ends):
        return _by_coefficients(top, bottom, domains, evidence, strict=strict)
    if not used:
        value = top / bottom
        good = value > 0 or (value == 0 and not strict)
        return {"argument": "exact value"} if good else None
    symbol = next(iter(used))
    lo, hi = domains[symbol]
    down = nonnegative_on_ray(bottom, symbol, lo, hi, strict=True)
    if not down:
        top, bottom = -top, -bottom
        down = nonnegative_on_ray(bottom, symbol, lo, hi, strict=True)
    if down and nonnegative_on_ray(top, symbol, lo, hi, strict=strict):
        return {"argument": "Sturm sequence", "from": str(lo), "to": str(hi)}
    return None


def nonnegative_on_ray(
    expr: Expr, symbol: Symbol, lo: Expr, hi: Expr | None, *, strict: bool
) -> bool:
    """Return whether a polynomial keeps its sign on ``[lo, hi]`` or ``[lo, oo)``, by Sturm.

    Examples
    --------
    >>> n = Symbol("n")
    >>> nonnegative_on_ray(n**2 - 4 * n + 5, n, Rational(0), None, strict=True)
    True
    >>> nonnegative_on_ray(n**2 - 4, n, Rational(1), None, strict=False)
    False
    """
    poly = Poly(expr, symbol)
    if poly.domain not in (ZZ, QQ):
        raise ClaimError(f"the coefficients of {expr} are not rational")
    if poly.is_zero:
        return not strict
    if poly.degree() == 0:
        return bool(poly.LC() > 0)
    at_lo = poly.eval(lo)
    if at_lo < 0 or (strict and at_lo == 0):
        return False
    # roots of even multiplicity touch without changing the sign; only odd ones matter
    if strict:
        roots = poly.count_roots(lo, hi) if hi is not None else poly.count_roots(lo)
        inside = roots
    else:
        inside = sum(
            _open_count(factor, lo, hi) for factor, power in poly.sqf_list()[1] if power % 2
        )
    if lo == hi:
        return not strict or bool(at_lo > 0)
    probe = lo + 1 if hi is None else (lo + hi) / 2
    while poly.eval(probe) == 0:
        probe = (lo + probe) / 2
    return bool(inside == 0 and poly.eval(probe) > 0)


def _open_count(factor: Poly, lo: Expr, hi: Expr | None) -> int:
    count = int(factor.count_roots(lo, hi) if hi is not None else factor.count_roots(lo))
    count -= int(factor.eval(lo) == 0)
    if hi is not None and hi != lo:
        count -= int(factor.eval(hi) == 0)
    return count


def _by_coefficients(
    top: Expr,
    bottom: Expr,
    domains: Mapping[Symbol, tuple[Expr, Expr | None]],
    evidence: Polynomial,
    *,
    strict: bool,
) -> dict[str, Any] | None:
    """Shift every variable to ``[0, oo)`` and look at the coefficients."""
    used = top.free_symbols | bottom.free_symbols
    for symbol in sorted(used, key=str):
        if domains[symbol][1] is not None and symbol not in evidence.shift:
            raise ClaimError(f"{symbol} is bounded above; give its shift")
    for symbol, image in evidence.shift.items():
        _check_shift(symbol, image, domains)
    table = {s: _from_zero(s, domains) for s in used}
    up, down = (expand(e.subs(table, simultaneous=True)) for e in (top, bottom))
    symbols = sorted(up.free_symbols | down.free_symbols, key=str)
    for a, b in ((up, down), (-up, -down)):
        good_up = all(c >= 0 for c in _coefficients(a, symbols))
        good_down = _positive_constant(b, symbols)
        if good_up and good_down and (not strict or _positive_constant(a, symbols)):
            return {
                "argument": "nonnegative coefficients",
                "shift": sorted([str(s), str(e)] for s, e in table.items()),
            }
    return None


def _check_shift(
    symbol: Symbol, image: Expr, domains: Mapping[Symbol, tuple[Expr, Expr | None]]
) -> None:
    """Demand that a shift is ``symbol + lower end``, so that ``[0, oo)`` covers the range."""
    if symbol not in domains:
        raise ClaimError(f"shift: {symbol} is not a variable here")
    lo, _ = domains[symbol]
    if expand(image - symbol - lo) != 0:
        raise ClaimError(f"shift: {symbol} -> {image} does not start at {lo}")


def _from_zero(
    symbol: Symbol, domains: Mapping[Symbol, tuple[Expr, Expr | None]], depth: int = 0
) -> Expr:
    """Return a symbol in terms of shifted ones, each of which ranges over ``[0, oo)``.

    The lower end may use other symbols, and theirs others again: all of them are shifted.
    """
    lo, _ = domains[symbol]
    if not lo.free_symbols <= set(domains) or depth > len(domains):
        raise ClaimError(f"the lower end {lo} of {symbol} uses symbols without a lower end")
    table = {s: _from_zero(s, domains, depth + 1) for s in lo.free_symbols}
    image: Expr = symbol + lo.subs(table, simultaneous=True)
    return image


def _coefficients(expr: Expr, symbols: list[Symbol]) -> list[Expr]:
    return list(Poly(expr, *symbols).coeffs()) if symbols else [expr]


def _positive_constant(expr: Expr, symbols: list[Symbol]) -> bool:
    if not symbols:
        return bool(expr > 0)
    poly = Poly(expr, *symbols)
    constant = poly.eval(dict.fromkeys(symbols, 0))
    return bool(constant > 0) and all(c >= 0 for c in poly.coeffs())
