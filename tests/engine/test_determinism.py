"""The ledger as JSON, times aside, is the same for every run and for any number of processes."""

import pytest

from proofs_check import pool
from proofs_check.claim import Claim
from proofs_check.loading import Claims, read_targets
from proofs_check.report.build import build
from proofs_check.report.json_ledger import render


def one_of_each(claims: Claims) -> list[str]:
    """Return the first claim of each paper with each kind of evidence."""

    def kinds(claim: Claim) -> list[tuple[str, str]]:
        paper = claim.id.partition(".")[0]
        return [(paper, type(e).__name__) for e in claim.evidence]

    first = {kind: c.id for c in reversed([*claims.by_id.values()]) for kind in kinds(c)}
    return sorted(set(first.values()))


def written(claims: Claims, ids: list[str], *, jobs: int) -> list[str]:
    """Return the lines of the JSON ledger of a run, without those that say how long it took."""
    text = render(build(claims, pool.run(claims, ids, jobs=jobs), {}))
    return [line for line in text.splitlines() if '"seconds"' not in line]


@pytest.mark.slow
def test_the_ledger_repeats_for_any_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    from proofs_check.loading import load_claims

    monkeypatch.setattr(pool, "PATIENCE", 0)
    claims = load_claims(read_targets([])[0])
    ids = one_of_each(claims)
    assert len(ids) >= 10
    alone = written(claims, ids, jobs=1)
    assert written(claims, ids, jobs=2) == alone
    assert written(claims, ids, jobs=2) == alone  # who gets which claim changes from run to run


def test_only_lines_about_time_are_left_out() -> None:
    from proofs_check.loading import load_claims

    claims = load_claims(read_targets([])[0])
    text = render(build(claims, pool.run(claims, ["A.appD"]), {}))
    timed = [line.split(":")[0].strip() for line in text.splitlines() if '"seconds"' in line]
    assert set(timed) == {'"seconds"'}
