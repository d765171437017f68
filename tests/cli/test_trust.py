"""``scoreproof trust`` and its page."""

from typing import Any

import pytest

from numerics.checkpoints import NoCheckpoint
from proofs_check.trust import sabotage
from proofs_check.trust.canaries import CANARIES, ledger
from proofs_check.trust.faults import FAULTS
from proofs_check.trust.mutation_run import Row
from proofs_check.trust.null_runs import Calibration
from proofs_check.trust.page import Measured, csv, render
from proofs_check.trust.sabotage import MASKED, judged, outcome


def row(**parts: str) -> Row:
    parts = {
        "claim": "A.x",
        "operator": "sign",
        "shown_by": "digits",
        "outcome": "refuted",
        "by": "search",
        "detail": "fails | here",
    } | parts
    return Row(**parts)


SOUND = {c.claim.id: [c.expected.name, c.expected.name, "1", ""] for c in CANARIES}
FALSE = next(c.claim.id for c in CANARIES if not c.true)
TRUE = next(c.claim.id for c in CANARIES if c.true)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "survived"),
        ({TRUE: ["UNDECIDED", "UNDECIDED", "1", ""]}, "killed by the controls"),
        ({TRUE: [*SOUND[TRUE][:2], "0", ""]}, "killed by the controls"),
        ({FALSE: ["PROVED", "PROVED", "1", "refused"]}, "killed by the checker"),
        ({FALSE: ["PROVED", "PROVED", "1", ""]}, "killed by the canaries"),
    ],
)
def test_outcomes(change: dict[str, list[str]], expected: str) -> None:
    assert outcome(SOUND | change, SOUND)[0] == expected


def test_a_part_that_is_not_there_cannot_be_sabotaged() -> None:
    with pytest.raises(AttributeError, match="would break nothing"):
        judged([(sabotage, "no such part", None)])


@pytest.mark.parametrize("name", FAULTS)
def test_every_sabotage_names_parts_that_are_there(name: str) -> None:
    for owner, part, _ in FAULTS[name]():
        assert hasattr(owner, part), part


def test_the_sound_engine_knows_the_canaries() -> None:
    from proofs_check.engine import check_ledger

    results = check_ledger(ledger()).results
    assert {k: r.own.name for k, r in results.items()} == {k: v[0] for k, v in SOUND.items()}


@pytest.mark.parametrize("name", MASKED)
def test_what_masks_a_fault_is_broken_with_it_in_another(name: str) -> None:
    _, both = MASKED[name]
    assert {(o, part) for o, part, _ in FAULTS[name]()} < {
        (o, part) for o, part, _ in FAULTS[both]()
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    sorted({*list(FAULTS)[::4], *(both for _, both in MASKED.values())}),
)
def test_sabotages_are_found_out(name: str) -> None:
    cell = sabotage.EXPERIMENT.run({"sabotage": name, "engine": ""}, NoCheckpoint())
    assert str(cell["outcome"]).startswith("killed") or name in MASKED
    assert int(cell["false_proofs"]) == 0


def test_a_false_proof_is_one_that_the_checker_confirms() -> None:
    def said(verdict: str, refused: str) -> dict[str, list[str]]:
        return SOUND | {FALSE: [verdict, verdict, "1", refused]}

    assert sabotage.false_proofs(said("PROVED", "")) == [FALSE]
    assert sabotage.false_proofs(said("PROVED", "refused")) == []
    assert sabotage.false_proofs(said("SUPPORTED", "")) == []
    assert not Measured(false_proofs=1).sound


def test_the_page_tells_a_false_proof() -> None:
    found = Measured(mutants=(row(), row(outcome="accepted"), row(shown_by="", outcome="weaker")))
    assert not found.sound
    page = render(found, profile="quick")
    assert "3 changed claims made from 1 claims" in page
    assert "| **proved or enclosed: a false proof** | 1 | 50.00 % |" in page
    assert "1 of 2 (50.00 %)" in page
    assert "fails \\| here" in page
    assert csv(found).count("\n") == 4


def test_the_page_names_claims_that_the_other_arithmetic_denies() -> None:
    denied = row(claim="A.y", shown_by="", outcome="claim denied", detail="float64 denies it")
    page = render(Measured(mutants=(row(), denied)), profile="quick")
    assert "| `A.y` | float64 denies it |" in page


def test_the_page_of_everything() -> None:
    found = Measured(
        mutants=(row(),),
        sabotages=(("fault", "killed by the checker", "why"),),
        calibration=Calibration(claims=3, runs=1000, alarms=0, falsehoods=50, caught=50),
        points=10,
        failed={"ball": 0, "interval": 0},
    )
    assert found.sound
    page = render(found, profile="full")
    assert "Of 1000 null runs of the whole ledger 0 refute" in page
    assert "95 % interval 0 to 0.0037" in page
    assert "10 trials, each of a random formula at a random rational point, and 20 checks" in page


def test_a_missed_number_is_no_soundness() -> None:
    assert not Measured(points=1, failed={"ball": 1}).sound


def test_the_command(run: Any, folder: Any) -> None:
    ended = run("trust", "containment", "--store", "s.sqlite", "--out", "t.md", "--csv", "t.csv")
    assert ended.code == 0, ended.err
    assert "Enclosures" in (folder / "t.md").read_text()


def test_what_is_not_measured(run: Any) -> None:
    ended = run("trust", "luck")
    assert ended.code == 2
    assert "'luck' is not measured" in ended.err
