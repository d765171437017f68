"""Verdicts of the claims of figures: the recorded ones, and fresh ones where none is recorded."""

from collections.abc import Iterable

from proofs_check.errors import InputError
from proofs_check.recorded import RECORD, Recorded, read_record

__all__ = ["claim_verdicts"]


def claim_verdicts(ids: Iterable[str]) -> dict[str, Recorded]:
    """Return own and rolled-up verdicts by claim.

    A claim that is in the ledger but not in its record yet is checked now, in the quick profile.

    Raises
    ------
    InputError
        The ledger has no such claim.

    Examples
    --------
    >>> claim_verdicts(["A.excess"])["A.excess"].rolled.name
    'PROVED'
    """
    wanted = list(dict.fromkeys(ids))
    record = read_record(RECORD)
    fresh = [name for name in wanted if name not in record]
    return {name: record[name] for name in wanted if name in record} | _checked(fresh)


def _checked(ids: list[str]) -> dict[str, Recorded]:
    if not ids:
        return {}
    from proofs_check import pool
    from proofs_check.loading import Origin, load_claims

    claims = load_claims(Origin())
    unknown = [name for name in ids if name not in claims.by_id]
    if unknown:
        raise InputError(f"{unknown[0]}: a figure names this claim, which the ledger does not have")
    results = pool.run(claims, ids).results
    return {name: Recorded(own=results[name].own, rolled=results[name].rolled) for name in ids}
