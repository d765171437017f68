"""The data model: a claim is data, a verdict is computed.

A `Claim` is one statement of a paper, or one step of its proof, with everything that is needed to
check it: symbols with their domains (`given`), hypotheses (`where`), both sides kept apart
(`lhs`, `rel`, `rhs`, because SymPy evaluates a relation while building it), the evidence to
gather, and broken variants that every method must reject.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sympy import Expr, Float, Symbol, Tuple, nan, sympify, zoo

from proofs_check.errors import ClaimError

if TYPE_CHECKING:
    from proofs_check.broken import Broken
    from proofs_check.domains import Domain
    from proofs_check.evidence import Evidence

__all__ = ["Claim", "Constant", "Kind", "Rel", "Relation", "Source", "eq", "ge", "gt", "le", "lt"]


class Rel(enum.Enum):
    """The relation between the two sides of a statement."""

    EQ = "=="
    LE = "<="
    LT = "<"
    GE = ">="
    GT = ">"

    @property
    def strict(self) -> bool:
        """Whether equality of both sides makes the statement false."""
        return self in (Rel.LT, Rel.GT)


class Kind(enum.Enum):
    """What sort of row a claim is."""

    STATEMENT = "statement"
    STEP = "step"
    SAID = "said"
    DERIVED = "derived"
    LEMMA = "lemma"
    AMENDED = "amended"


def exact(value: object, *, where: str) -> Expr:
    """Return a SymPy expression, refusing floats, infinities and NaN.

    Examples
    --------
    >>> exact(2, where="lhs")
    2
    >>> exact(0.5, where="lhs")
    Traceback (most recent call last):
        ...
    proofs_check.errors.ClaimError: lhs: has the float 0.5; write Rational(1, 2)
    """
    if isinstance(value, str):
        raise ClaimError(f"{where}: {value!r} is text; build the formula from SymPy symbols")
    expr = sympify(value)
    floats = expr.atoms(Float) if hasattr(expr, "atoms") else set()
    if floats:
        number = min(floats, key=str)
        raise ClaimError(f"{where}: has the float {float(number)!r}; write {_as_rational(number)}")
    if not isinstance(expr, (Expr, Tuple)):
        raise ClaimError(f"{where}: {value!r} is not a formula; give a SymPy expression")
    if expr.has(nan, zoo):
        raise ClaimError(f"{where}: {expr} is not a number; check for a division by zero")
    return expr


def _as_rational(number: Float) -> str:
    ratio = Fraction(float(number)).limit_denominator(10**6)
    return f"Rational({ratio.numerator}, {ratio.denominator})"


@dataclass(frozen=True)
class Relation:
    """A hypothesis or a statement ``lhs rel rhs`` that SymPy has not evaluated.

    Examples
    --------
    >>> from sympy import Symbol
    >>> r = le(Symbol("a"), Symbol("b"))
    >>> r.margin, str(r)
    (-a + b, 'a <= b')
    """

    lhs: Expr
    rel: Rel
    rhs: Expr

    @cached_property
    def margin(self) -> Expr:
        """``rhs - lhs`` for ``<=`` and ``<``, ``lhs - rhs`` otherwise: not negative when true."""
        return self.rhs - self.lhs if self.rel in (Rel.LE, Rel.LT) else self.lhs - self.rhs

    @property
    def strict(self) -> bool:
        """Whether a margin of zero makes the relation false."""
        return self.rel.strict

    def subs(self, values: Mapping[Any, Any]) -> "Relation":
        """Return the relation with symbols replaced at the same time in both sides."""
        return Relation(_subs(self.lhs, values), self.rel, _subs(self.rhs, values))

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of both sides."""
        return set(self.lhs.free_symbols | self.rhs.free_symbols)

    def __str__(self) -> str:
        """Return the relation as plain text."""
        return f"{self.lhs} {self.rel.value} {self.rhs}"


def _subs(expr: Expr, values: Mapping[Any, Any]) -> Expr:
    result: Expr = expr.subs(dict(values), simultaneous=True)
    return result


def _relation(lhs: object, rel: Rel, rhs: object) -> Relation:
    return Relation(exact(lhs, where="hypothesis"), rel, exact(rhs, where="hypothesis"))


def le(lhs: object, rhs: object) -> Relation:
    """Return ``lhs <= rhs``, not evaluated."""
    return _relation(lhs, Rel.LE, rhs)


def lt(lhs: object, rhs: object) -> Relation:
    """Return ``lhs < rhs``, not evaluated."""
    return _relation(lhs, Rel.LT, rhs)


def ge(lhs: object, rhs: object) -> Relation:
    """Return ``lhs >= rhs``, not evaluated."""
    return _relation(lhs, Rel.GE, rhs)


def gt(lhs: object, rhs: object) -> Relation:
    """Return ``lhs > rhs``, not evaluated."""
    return _relation(lhs, Rel.GT, rhs)


def eq(lhs: object, rhs: object) -> Relation:
    """Return ``lhs == rhs``, not evaluated."""
    return _relation(lhs, Rel.EQ, rhs)


@dataclass(frozen=True)
class Source:
    """Where a statement is printed.

    Attributes
    ----------
    paper
        Key of the paper in `proofs_check.ledger.papers`, or a free citation for a user's claim.
    place
        Theorem, equation or page.
    """

    paper: str
    place: str = ""

    def __str__(self) -> str:
        """Return ``paper, place``."""
        return f"{self.paper}, {self.place}" if self.place else self.paper


@dataclass(frozen=True)
class Constant:
    """A number of the statement that `repair` may change.

    The statement contains `symbol`; verdicts are computed with `printed` in its place.

    Attributes
    ----------
    symbol
        The symbol that stands for the number.
    printed
        The number that the paper prints.
    larger_is_weaker
        Whether a larger number makes the statement easier to satisfy.
    power_of_two
        Whether the paper prints a power of two, so that the repair names the nearest one.
    """

    symbol: Symbol
    printed: Expr
    larger_is_weaker: bool = True
    power_of_two: bool = False

    def __post_init__(self) -> None:
        """Turn the number into an exact expression without symbols."""
        from proofs_check.load_checks import check_number

        printed = exact(self.printed, where="constant")
        if not printed.is_number:
            raise ClaimError(f"constant: {printed} is not a number; give what the paper prints")
        if not isinstance(self.symbol, Symbol):
            raise ClaimError(f"constant: {self.symbol} is not a symbol; put one in the statement")
        check_number(self.symbol, printed)
        object.__setattr__(self, "printed", printed)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One statement of a paper, or one step of a proof, as a record.

    Parameters
    ----------
    id
        Permanent name, such as ``A.prop7.P6``.
    kind, says, source
        What sort of row it is, one sentence in plain words, where it is printed.
    given
        Symbols in the order in which they are chosen, each with its domain.
    where
        Hypotheses.
    lhs, rel, rhs
        The statement.
    uses
        Ids of other claims that the statement (not its proof) rests on.
    steps
        Ids of the steps of the printed proof, in order.
    evidence
        How to check it.
    broken
        False variants that each method must reject.
    constant
        A number of the statement that may be optimised.
    amends
        Id of the printed claim that this one repairs.
    printed
        The statement in LaTeX as the paper prints it; made from the record when empty.
    note
        What a reader should know: a choice of reading, a case that is left out.

    Raises
    ------
    ClaimError
        A float in the statement, a symbol without domain, no evidence, no broken variant.
    """

    id: str
    says: str
    lhs: Expr
    rel: Rel
    rhs: Expr
    evidence: tuple["Evidence", ...]
    broken: tuple["Broken", ...]
    given: Mapping[Symbol, "Domain"] = field(default_factory=dict)
    where: tuple[Relation, ...] = ()
    kind: Kind = Kind.STATEMENT
    source: Source = Source("unpublished")
    uses: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    constant: Constant | None = None
    amends: str | None = None
    printed: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Check what can be checked without the other claims."""
        if not self.id or self.id != self.id.strip() or any(c.isspace() for c in self.id):
            raise ClaimError(f"id: {self.id!r} is empty or has white space; use e.g. 'A.prop7.P6'")
        try:
            object.__setattr__(self, "lhs", exact(self.lhs, where="lhs"))
            object.__setattr__(self, "rhs", exact(self.rhs, where="rhs"))
            object.__setattr__(self, "rel", _as_rel(self.rel))
            self._check_parts()
        except ClaimError as error:
            raise ClaimError(f"{self.id}: {error}") from None
        object.__setattr__(self, "given", MappingProxyType(dict(self.given)))

    def _check_parts(self) -> None:
        from proofs_check.domains import Domain
        from proofs_check.load_checks import check_evidence, check_side, check_symbols

        if not self.evidence:
            raise ClaimError("evidence: there is none; name at least one method")
        if not self.broken:
            raise ClaimError("broken: there is no broken variant; add one that must be rejected")
        if any(not isinstance(h, Relation) for h in self.where):
            raise ClaimError("where: a hypothesis is not a relation; build it with le, lt, ge, gt")
        seen: set[Symbol] = set()
        for symbol, domain in self.given.items():
            if not isinstance(domain, Domain):
                raise ClaimError(f"given: {symbol} has no domain; use Real, Integer or Sample")
            missing = {s for s in domain.free_symbols if s not in seen}
            if missing:
                raise ClaimError(
                    f"given: the domain of {symbol} uses {_names(missing)} before it is given"
                )
            seen.add(symbol)
        check_symbols(self.given)
        check_evidence(self.evidence)
        free = {self.constant.symbol} if self.constant else set()
        if free & seen:
            raise ClaimError(f"given: the constant {_names(free)} needs no domain; leave it out")
        known = seen | free
        for side in ("lhs", "rhs"):
            check_side(getattr(self, side), where=side)
        used = self.lhs.free_symbols | self.rhs.free_symbols
        for hypothesis in self.where:
            if free & hypothesis.free_symbols:
                raise ClaimError(f"where: {_names(free)} is a constant of the statement only")
            used = used | hypothesis.free_symbols
            for side in (hypothesis.lhs, hypothesis.rhs):
                check_side(exact(side, where="where"), where="where")
        missing = {s for s in used if s not in known}
        if missing:
            raise ClaimError(f"given: {_names(missing)} is not in given; add its domain")

    @cached_property
    def statement(self) -> Relation:
        """The statement with the printed constant in place."""
        relation = Relation(self.lhs, self.rel, self.rhs)
        if self.constant is None:
            return relation
        return relation.subs({self.constant.symbol: self.constant.printed})

    def with_constant(self, value: object) -> "Claim":
        """Return the claim with another number in place of the printed one."""
        if self.constant is None:
            raise ClaimError(f"{self.id}: has no constant to change")
        return replace(self, constant=replace(self.constant, printed=exact(value, where="value")))

    @property
    def symbols(self) -> dict[str, Symbol]:
        """Name to symbol, in the order of `given`."""
        return {str(s): s for s in self.given}

    def __str__(self) -> str:
        """Return id and statement."""
        return f"{self.id}: {self.statement}"

    def _repr_html_(self) -> str:
        """Return the claim as a notebook shows it."""
        from proofs_check.report.notebook import claim_html

        return claim_html(self)


def _as_rel(value: object) -> Rel:
    try:
        return Rel(value)
    except ValueError:
        allowed = ", ".join(r.value for r in Rel)
        raise ClaimError(f"rel: {value!r} is not a relation; use one of {allowed}") from None


def _names(symbols: set[Symbol]) -> str:
    return ", ".join(sorted(str(s) for s in symbols))
