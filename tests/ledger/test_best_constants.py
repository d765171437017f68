"""The recorded brackets of best constants agree with the recorded verdicts."""

from fractions import Fraction

from proofs_check import recorded
from proofs_check.ledger.best_constants import RECORD, bracket_of, read_brackets
from proofs_check.loading import Origin, load_claims
from proofs_check.verdict import Verdict


def test_brackets_agree_with_the_verdicts() -> None:
    claims = load_claims(Origin()).by_id
    verdicts = recorded.read_record(recorded.RECORD)
    brackets = read_brackets(RECORD)
    assert brackets
    for name in brackets:
        claim = claims[name]
        found = bracket_of(claim, brackets)
        if found is None or claim.constant is None:
            # the statement was edited since; 'scoreproof constants --record' finds it a bracket
            continue
        assert found.lo is None or found.hi is None or found.lo <= found.hi, name
        printed = Fraction(str(claim.constant.printed))
        failed, held = found.lo, found.hi
        sign = 1
        if not claim.constant.larger_is_weaker:
            failed, held, sign = held, failed, -1
        # a printed number beyond the failing end is refuted, and no other is
        fails = failed is not None and sign * (printed - failed) < 0
        assert fails == (verdicts[name].own is Verdict.REFUTED), name
        if found.certified:
            assert held is not None, name
            assert sign * (printed - held) >= 0 or fails, name
