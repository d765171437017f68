"""The recorded verdicts: what a run of the ledger is compared with."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from proofs_check.errors import InputError
from proofs_check.output import write
from proofs_check.verdict import Verdict

if TYPE_CHECKING:
    from proofs_check.engine import Result

__all__ = ["RECORD", "Recorded", "read_record", "update_record"]

RECORD: Final = Path(__file__).parent / "ledger" / "recorded.json"
"""Claim id to own and rolled-up verdict, written by ``scoreproof verify --record``."""

DIGITS: Final = 16
"""Digits of a statement's hash that are recorded."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """Verdicts of an earlier run that somebody looked at and committed.

    Attributes
    ----------
    own, rolled
        The verdicts.
    statement
        Start of the hash of the statement that they were given to; empty when it is not known.
    """

    own: Verdict
    rolled: Verdict
    statement: str = ""

    def of(self, statement: str) -> bool:
        """Return whether the verdicts belong to a statement, given by its hash."""
        return statement.startswith(self.statement)


def read_record(path: Path) -> dict[str, Recorded]:
    """Return the recorded verdicts by claim; empty when nothing was recorded.

    Raises
    ------
    InputError
        The file is not a record.
    """
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Recorded(
                own=Verdict[row["own"]],
                rolled=Verdict[row["rolled"]],
                statement=str(row.get("statement", "")),
            )
            for name, row in rows.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: is not a record of verdicts ({type(error).__name__}); "
            "write it anew with 'scoreproof verify --record'"
        ) from error


def update_record(
    path: Path,
    results: Mapping[str, "Result"],
    *,
    ledger: Iterable[str],
    statements: Mapping[str, str],
) -> None:
    """Write the verdicts of a run into the record; other claims of the ledger keep theirs.

    Parameters
    ----------
    path
        Where the record is.
    results
        What was run; ids that are not in the ledger are left out.
    ledger
        Ids of the ledger: the record keeps their order and forgets other ids.
    statements
        Hash of the statement of each claim that was run: the verdicts are bound to it.
    """
    rows = {k: _row(v.own, v.rolled, v.statement) for k, v in read_record(path).items()}
    rows |= {k: _row(r.own, r.rolled, statements[k][:DIGITS]) for k, r in results.items()}
    lines = [f"  {json.dumps(k)}: {json.dumps(rows[k])}" for k in ledger if k in rows]
    write(path, "{\n" + ",\n".join(lines) + "\n}\n")


def _row(own: Verdict, rolled: Verdict, statement: str) -> dict[str, str]:
    row = {"own": own.name, "rolled": rolled.name}
    return row | {"statement": statement} if statement else row
