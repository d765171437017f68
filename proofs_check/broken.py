"""Broken variants: false neighbours of a claim that every method must reject."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sympy import Expr, Symbol

from proofs_check.claim import Claim, Rel, Relation, exact
from proofs_check.domains import Domain
from proofs_check.errors import ClaimError

__all__ = ["Broken", "drop", "flip", "restate", "scale", "swap"]

_OPPOSITE = {Rel.LE: Rel.GE, Rel.GE: Rel.LE, Rel.LT: Rel.GT, Rel.GT: Rel.LT}


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A change that makes a claim false; build it with `scale`, `flip`, `drop`, `swap`, `restate`.

    Attributes
    ----------
    name
        What was broken, in a few words.
    factors
        ``lhs`` or ``rhs`` to the factor that multiplies it.
    flipped
        Whether the relation is reversed.
    dropped
        Indices of the hypotheses that are left out.
    swapped
        Expressions replaced in both sides.
    lhs, rel, rhs, where, given
        Parts that are replaced as a whole.
    """

    name: str
    factors: Mapping[str, Expr] = field(default_factory=dict)
    flipped: bool = False
    dropped: tuple[int, ...] = ()
    swapped: Mapping[Any, Any] = field(default_factory=dict)
    lhs: Expr | None = None
    rel: Rel | None = None
    rhs: Expr | None = None
    where: tuple[Relation, ...] | None = None
    given: Mapping[Symbol, Domain] | None = None

    def apply(self, claim: Claim) -> Claim:
        """Return the broken claim; its id names the variant.

        Raises
        ------
        ClaimError
            The change leaves the claim as it is.
        """
        statement = Relation(
            claim.lhs if self.lhs is None else self.lhs,
            self.rel or claim.rel,
            claim.rhs if self.rhs is None else self.rhs,
        )
        if self.swapped:
            statement = Relation(
                statement.lhs.xreplace(dict(self.swapped)),
                statement.rel,
                statement.rhs.xreplace(dict(self.swapped)),
            )
        sides = {"lhs": statement.lhs, "rhs": statement.rhs}
        for side, factor in self.factors.items():
            sides[side] = factor * sides[side]
        rel = _OPPOSITE.get(statement.rel, statement.rel) if self.flipped else statement.rel
        where = claim.where if self.where is None else self.where
        where = tuple(h for k, h in enumerate(where) if k not in self.dropped)
        given = dict(claim.given if self.given is None else self.given)
        same = (sides["lhs"], rel, sides["rhs"]) == (claim.lhs, claim.rel, claim.rhs)
        if same and where == claim.where and given == dict(claim.given):
            raise ClaimError(f"{claim.id}: the broken variant {self.name!r} changes nothing")
        return replace(
            claim,
            id=f"{claim.id}~{self.name.replace(' ', '-')}",
            lhs=sides["lhs"],
            rel=rel,
            rhs=sides["rhs"],
            where=where,
            given=given,
            amends=None,
        )


def scale(side: str, factor: object, name: str = "") -> Broken:
    """Multiply one side by a factor."""
    if side not in ("lhs", "rhs"):
        raise ClaimError(f"broken: there is no side {side!r}; use 'lhs' or 'rhs'")
    value = exact(factor, where="broken")
    return Broken(name=name or f"{side} times {value}", factors={side: value})


def flip(name: str = "relation reversed") -> Broken:
    """Reverse the relation."""
    return Broken(name=name, flipped=True)


def drop(*indices: int, name: str = "") -> Broken:
    """Leave out hypotheses."""
    shown = ", ".join(str(k + 1) for k in indices)
    return Broken(name=name or f"hypothesis {shown} dropped", dropped=indices)


def swap(old: object, new: object, name: str = "") -> Broken:
    """Replace an expression in both sides."""
    a, b = exact(old, where="broken"), exact(new, where="broken")
    return Broken(name=name or f"{a} for {b}", swapped={a: b})


def restate(name: str, **parts: Any) -> Broken:
    """Replace whole parts: ``lhs``, ``rel``, ``rhs``, ``where`` or ``given``."""
    for side in ("lhs", "rhs"):
        if side in parts:
            parts[side] = exact(parts[side], where="broken")
    return Broken(name=name, **parts)
