"""``scoreproof constants``: printed and best constants."""

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sympy import Rational

from proofs_check.commands import constants
from proofs_check.ledger import best_constants
from proofs_check.loading import Origin, load_claims
from proofs_check.repair import Repair

CLAIMS = """
from sympy import Rational, Symbol
from proofs_check import *

a = Symbol("a", real=True)
c = Symbol("c", positive=True)


def made(name, printed, **parts):
    return Claim(id=name, says="s", given={a: Real(lo=0, hi=1)}, lhs=a * (1 - a), rel="<=", rhs=c,
                 constant=Constant(c, printed, **parts), evidence=(Enclosure(),),
                 broken=(flip(),))


loose = made("C.loose", Rational(1, 2), power_of_two=True)
sharp = made("C.sharp", Rational(1, 4))
false = made("C.false", Rational(1, 8))
other = Claim(id="C.other", says="s", given={a: reals}, lhs=a**2, rel=">=", rhs=0,
              evidence=(Enclosure(),), broken=(flip(),))
"""


def rows(out: str) -> dict[str, list[str]]:
    return {
        cells[0]: cells[1:]
        for line in out.splitlines()
        if line.startswith("C.") and (cells := re.split(r" {2,}", line.strip()))
    }


def test_best_constant_and_slack(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    ended = run("constants", "mine.py")
    assert ended.code == 0
    found = rows(ended.out)
    assert found["C.loose"][:3] == ["1/2", "[1/4, 1/4]", "2"]
    assert found["C.sharp"][:3] == ["1/4", "[1/4, 1/4]", "1"]
    # a printed constant that is too small has slack below 1
    assert found["C.false"][:3] == ["1/8", "[1/4, 1/4]", "1/2"]
    assert "C.other" not in ended.out


def test_a_single_id(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    ended = run("constants", "mine.py", "C.sharp")
    assert list(rows(ended.out)) == ["C.sharp"]
    assert "\x1b" not in ended.out
    assert ended.err == "C.sharp  best in [1/4, 1/4]\n"


FIRST, SECOND = "A.thm4.count", "A.thm4.time"


@pytest.fixture
def record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep brackets in a file of the test."""
    path = folder / "kept" / "best_constants.json"
    path.parent.mkdir()
    monkeypatch.setattr(best_constants, "RECORD", path)
    return path


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Put a fixed bracket in place of the search; return the claims that are asked for."""
    asked: list[str] = []

    def best(origin: Origin, name: str, **effort: Any) -> Repair:
        del origin, effort
        asked.append(name)
        return Repair(
            printed=Rational(1, 2),
            lo=Fraction(1, 4),
            hi=Fraction(1, 3),
            slack=(Fraction(3, 2), None),
            power_of_two=None,
            sharp=False,
            witness=None,
            lo_certified_by="PROVED by steps: follows",
            hi_certified_by="a certified failure at a = 1/2",
            detail="",
        )

    monkeypatch.setattr(constants, "_best", best)
    return asked


def test_a_record_is_kept_claim_by_claim_and_not_computed_again(
    run: Any, record: Path, computed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    healthy = constants._best

    def dies(origin: Origin, name: str, **effort: Any) -> Repair:
        if name == SECOND:
            raise KeyboardInterrupt
        return healthy(origin, name, **effort)

    monkeypatch.setattr(constants, "_best", dies)
    assert run("constants", "--record", FIRST, SECOND).code != 0
    kept = best_constants.read_brackets(record)
    assert list(kept) == computed == [FIRST]
    assert (kept[FIRST].lo, kept[FIRST].hi) == (Fraction(1, 4), Fraction(1, 3))
    assert kept[FIRST].slack == (Fraction(3, 2), None)
    assert kept[FIRST].certified
    monkeypatch.setattr(constants, "_best", healthy)
    ended = run("constants", "--record", FIRST, SECOND)
    assert ended.code == 0
    assert "1 of 2 brackets are recorded for the same statements" in ended.err
    assert computed == [FIRST, SECOND]
    assert list(best_constants.read_brackets(record)) == [FIRST, SECOND]
    assert run("constants", "--record", "--anew", FIRST).code == 0
    assert computed == [FIRST, SECOND, FIRST]


def test_an_edited_statement_does_not_inherit_a_bracket(
    run: Any, record: Path, computed: list[str]
) -> None:
    assert run("constants", "--record", FIRST).code == 0
    brackets = best_constants.read_brackets(record)
    claim = load_claims(Origin()).by_id[FIRST]
    assert best_constants.bracket_of(claim, brackets) == brackets[FIRST]
    assert claim.constant is not None
    edits = (
        replace(claim, rhs=claim.rhs + 1),
        claim.with_constant(Rational(1, 3)),
        replace(claim, constant=replace(claim.constant, larger_is_weaker=True)),
    )
    for edited in edits:
        assert best_constants.bracket_of(edited, brackets) is None
    text = record.read_text()
    record.write_text(text.replace(brackets[FIRST].statement, "0" * 16))
    assert run("constants", "--record", FIRST).code == 0
    assert computed == [FIRST, FIRST]
    assert record.read_text() == text


def test_what_is_no_record_of_brackets_is_refused(run: Any, record: Path) -> None:
    for text in ("{", "[]", '{"A.thm4": {"lo": "1/0", "hi": null}}', '{"A.thm4": {"hi": "1"}}'):
        record.write_text(text)
        ended = run("constants", "--record", FIRST)
        assert ended.code == 2
        assert "best_constants.json: is not a record of best constants" in ended.err


def test_only_constants_of_the_ledger_are_recorded(run: Any, folder: Path, record: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    assert "--record: only claims of the ledger" in run("constants", "--record", "mine.py").err
    assert "--anew: redoes" in run("constants", "--anew", "mine.py").err
    assert not record.exists()


@pytest.mark.slow
def test_processes_find_what_one_process_finds(run: Any, folder: Path) -> None:
    start = CLAIMS.index("loose =")
    both = 'one, two = (made(name, Rational(1, 4)) for name in ("C.one", "C.two"))\n'
    (folder / "mine.py").write_text(CLAIMS[:start] + both)
    alone, together = (run("constants", "mine.py", "--jobs", jobs) for jobs in ("1", "2"))
    assert together.code == 0
    assert together.out == alone.out
    assert list(rows(together.out)) == ["C.one", "C.two"]
