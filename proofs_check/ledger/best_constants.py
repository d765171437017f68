"""The recorded brackets of best constants: what is known of the best number for each statement."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from proofs_check.claim import Claim
from proofs_check.errors import InputError
from proofs_check.output import write
from proofs_check.recorded import DIGITS
from proofs_check.serialised import record, statement_hash

if TYPE_CHECKING:
    from proofs_check.repair import Repair

__all__ = ["RECORD", "Bracket", "bracket", "bracket_of", "read_brackets", "update_brackets"]

RECORD: Final = Path(__file__).with_name("best_constants.json")
"""Claim id to bracket, written by ``scoreproof constants --record``."""


@dataclass(frozen=True, kw_only=True)
class Bracket:
    """What is known of the best value of a claim's constant.

    Attributes
    ----------
    statement
        Start of the hash of the statement for which it was found, with the printed constant.
    symbol, larger_is_weaker
        The constant: with the statement they say which number was varied, and which way.
    lo, hi
        The best value is between them; ``None`` for an end about which nothing is known.
    slack
        Bracket of printed / best, when both are positive.
    lo_by, hi_by
        How each end is known.
    certified
        Whether the statement is known to hold at the end towards weaker values. Otherwise that
        end is the printed value, and says only that nothing refuted it.
    """

    statement: str
    symbol: str
    larger_is_weaker: bool
    lo: Fraction | None
    hi: Fraction | None
    slack: tuple[Fraction | None, Fraction | None] | None
    lo_by: str
    hi_by: str
    certified: bool

    def of(self, claim: Claim) -> bool:
        """Return whether the bracket is one of this claim, as it is stated now."""
        constant = claim.constant
        return (
            constant is not None
            and self.statement == statement_hash(record(claim))[:DIGITS]
            and self.symbol == str(constant.symbol)
            and self.larger_is_weaker is constant.larger_is_weaker
        )


def bracket(claim: Claim, found: "Repair") -> Bracket:
    """Return what was found for a claim, bound to its statement."""
    from proofs_check.repair import NOT_REFUTED

    if claim.constant is None:
        raise ValueError(f"claim was {claim.id}, which has no constant; give one that has")
    weak, by = (
        (found.hi, found.hi_certified_by)
        if claim.constant.larger_is_weaker
        else (found.lo, found.lo_certified_by)
    )
    return Bracket(
        statement=statement_hash(record(claim))[:DIGITS],
        symbol=str(claim.constant.symbol),
        larger_is_weaker=claim.constant.larger_is_weaker,
        lo=found.lo,
        hi=found.hi,
        slack=found.slack,
        lo_by=found.lo_certified_by,
        hi_by=found.hi_certified_by,
        certified=weak is not None and by != NOT_REFUTED,
    )


def bracket_of(claim: Claim, brackets: Mapping[str, Bracket]) -> Bracket | None:
    """Return the recorded bracket of a claim; an edited statement does not inherit any."""
    found = brackets.get(claim.id)
    return found if found is not None and found.of(claim) else None


def read_brackets(path: Path) -> dict[str, Bracket]:
    """Return the recorded brackets by claim; empty when nothing was recorded.

    Raises
    ------
    InputError
        The file is not a record of brackets.
    """
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {name: _bracket(row) for name, row in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError) as error:
        raise InputError(
            f"{path}: is not a record of best constants ({type(error).__name__}); "
            "remove it and write it anew with 'scoreproof constants --record'"
        ) from error


def update_brackets(path: Path, found: Mapping[str, Bracket], *, ledger: Iterable[str]) -> None:
    """Write brackets into the record; other claims of the ledger keep theirs.

    Parameters
    ----------
    path
        Where the record is.
    found
        New brackets; ids that are not in the ledger are left out.
    ledger
        Ids of the ledger: the record keeps their order and forgets other ids.
    """
    rows = {**read_brackets(path), **found}
    lines = [f"  {json.dumps(k)}: {_row(rows[k])}" for k in ledger if k in rows]
    write(path, "{\n" + ",\n".join(lines) + "\n}\n")


def _bracket(row: dict[str, Any]) -> Bracket:
    slack = row["slack"] and tuple(_number(end) for end in row["slack"])
    return Bracket(**{**row, "lo": _number(row["lo"]), "hi": _number(row["hi"]), "slack": slack})


def _row(found: Bracket) -> str:
    slack = found.slack and [_text(end) for end in found.slack]
    data = {**vars(found), "lo": _text(found.lo), "hi": _text(found.hi), "slack": slack}
    return json.dumps(data, ensure_ascii=False)


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _text(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
