"""What is certified at instances alone must not be false elsewhere on the domain that it states."""

import pytest

from proofs_check.claim import Claim
from proofs_check.engine import run_context, run_evidence
from proofs_check.errors import ClaimError
from proofs_check.evidence import Instances, Search
from proofs_check.ledger import load
from proofs_check.recorded import RECORD, read_record
from proofs_check.verdict import Verdict

CLAIMS = load()


def unsearched() -> list[str]:
    """Return the claims that hold at instances and that no evidence searches."""
    record = read_record(RECORD)
    return [
        name
        for name, claim in CLAIMS.items()
        if record[name].own is not Verdict.REFUTED
        and any(isinstance(e, Instances) for e in claim.evidence)
        and not any(isinstance(e, Search) for e in claim.evidence)
    ]


def searched(claim: Claim) -> Verdict:
    """Return what a short search says of a claim."""
    context = run_context(CLAIMS, full=False, seed=0)
    evidence = Search(examples=8, hypothesis_examples=0, bits=128)
    return run_evidence(claim, evidence, context).verdict


def test_there_are_some() -> None:
    assert len(unsearched()) > 20


@pytest.mark.slow
@pytest.mark.parametrize("name", unsearched())
def test_the_domain_has_no_failure(name: str) -> None:
    try:
        found = searched(CLAIMS[name])
    except ClaimError:
        pytest.skip("a point of the domain has no value")
    assert found is not Verdict.REFUTED
