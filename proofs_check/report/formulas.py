"""Formulas for reading: LaTeX of statements, hypotheses and domains, and MathML of LaTeX."""

import re
from typing import Final

from sympy import Expr, Symbol, latex

from proofs_check.claim import Claim, Rel, Relation
from proofs_check.domains import Domain, Integer, Real, Sample
from proofs_check.report.document import Formula

__all__ = ["domain_formula", "relation_formula", "statement_formula"]

_REL: Final = {
    Rel.EQ: "=",
    Rel.LE: r"\le",
    Rel.LT: "<",
    Rel.GE: r"\ge",
    Rel.GT: ">",
}


DIGITS: Final = 40
"""Digits of a number that is not written out; the text of a formula has them all."""


def statement_formula(claim: Claim) -> Formula:
    """Return the statement as printed, or made from the record where nothing was printed."""
    statement = claim.statement
    return Formula(text=str(statement), latex=claim.printed or _relation(statement))


def relation_formula(relation: Relation) -> Formula:
    """Return a hypothesis as text and LaTeX.

    Examples
    --------
    >>> from proofs_check.claim import le
    >>> relation_formula(le(Symbol("a"), 2)).latex
    'a \\\\le 2'
    """
    return Formula(text=str(relation), latex=_relation(relation))


def _relation(relation: Relation) -> str:
    return f"{_latex(relation.lhs)} {_REL[relation.rel]} {_latex(relation.rhs)}"


def _latex(expr: Expr) -> str:
    shown: str = latex(expr, ln_notation=True)
    return re.sub(rf"\d{{{DIGITS},}}", lambda m: rf"{m[0][:6]}\dots {m[0][-6:]}", shown)


def domain_formula(symbol: Symbol, domain: Domain) -> Formula:
    """Return where a symbol lives, as text and LaTeX.

    Examples
    --------
    >>> domain_formula(Symbol("a"), Real(lo=0, hi=1, lo_open=True)).latex
    'a \\\\in (0, 1]'
    >>> domain_formula(Symbol("i"), Integer(lo=1)).latex
    'i \\\\in \\\\{1, 2, \\\\dots\\\\}'
    """
    return Formula(text=f"{symbol} in {domain}", latex=_domain(symbol, domain))


def _domain(symbol: Symbol, domain: Domain) -> str:
    name = _latex(symbol)
    match domain:
        case Real() if domain.lo.is_infinite and domain.hi.is_infinite:
            return rf"{name} \in \mathbb{{R}}"
        case Real():
            left, right = "(" if domain.lo_open else "[", ")" if domain.hi_open else "]"
            return rf"{name} \in {left}{_latex(domain.lo)}, {_latex(domain.hi)}{right}"
        case Integer() if domain.hi.is_infinite:
            second = domain.lo + 1
            return rf"{name} \in \{{{_latex(domain.lo)}, {_latex(second)}, \dots\}}"
        case Integer() if domain.lo == domain.hi:
            return rf"{name} = {_latex(domain.lo)}"
        case Integer():
            return rf"{name} \in \{{{_latex(domain.lo)}, \dots, {_latex(domain.hi)}\}}"
        case Sample():
            top = "" if domain.max_size is None else rf" \le {domain.max_size}"
            size = rf"{domain.min_size} \le n{top}"
            if domain.min_size == domain.max_size:
                size = f"n = {domain.min_size}"
            return rf"{name} : x_1 < \dots < x_n, \quad {size}"
    return rf"{name} : \text{{{_plain_text(str(domain))}}}"


def _plain_text(text: str) -> str:
    """Return text without what has a meaning in LaTeX."""
    return re.sub(r"[\\{}$&#^_%~]", " ", text)
