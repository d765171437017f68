"""``scoreproof findings``: the page of a paper, made from a JSON ledger or by checking."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from proofs_check import depth
from proofs_check.recorded import RECORD, read_record
from proofs_check.report import json_ledger
from proofs_check.report.chains import chains
from proofs_check.report.document import Document, Formula
from proofs_check.report.findings import render
from proofs_check.report.myst import display, inline, words
from proofs_check.report.read_ledger import read_ledger
from proofs_check.verdict import Verdict

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("findings-*.md"))
VERDICT = re.compile(r"`([AB]\.[\w.]+)`(?:\]\(#[\w-]+\))? \(([A-Z]+)(?:, rolled up ([A-Z]+))?\)")
SECTION = re.compile(r"^### `([AB]\.[\w.]+)`", re.MULTILINE)


@pytest.fixture
def ledger(folder: Path, run: Any, mine: str) -> Path:
    """Return the JSON ledger of a user's claims."""
    run("verify", mine, "--json", "mine.json", "--quiet")
    return folder / "mine.json"


@pytest.fixture
def document(ledger: Path) -> Document:
    """Return the document of a user's claims."""
    return read_ledger(ledger)


def test_a_ledger_is_read_as_it_was_written(
    ledger: Path, document: Document, verdicts: dict[str, tuple[str, str]]
) -> None:
    assert {e.id: (e.own.name, e.rolled.name) for e in document.entries} == verdicts
    assert json.loads(json_ledger.render(document)) == json.loads(ledger.read_text("utf-8"))


def test_a_refuted_claim_has_its_witness_and_its_repair(document: Document) -> None:
    page = render(document, "unpublished")
    assert SECTION.findall(page.replace("U.", "A.")) == ["A.refuted"]
    section = page.split("### `U.refuted`")[1].split("\n## ")[0]
    witness = document.by_id["U.refuted"].witness
    assert witness is not None
    for said in (str(witness.values["a"]), witness.lhs, witness.rhs):
        assert f" {said} |" in section
    assert "`U.refuted.amended` (PROVED)" in section
    assert r"a square \| exceeds its root\_" in section
    assert "A step of the printed proof of `U.parent` (PROVED, rolled up ARGUED)" in section


def test_a_broken_proof_and_what_is_only_argued_are_listed(document: Document) -> None:
    page = render(document, "unpublished")
    broken = page.split("## Not refuted, but the printed proof is broken")[1].split("\n## ")[0]
    assert "`U.parent`" in broken
    assert "[`U.refuted`](#finding-u-refuted)" in broken
    weak = page.split("## What is only argued or supported")[1]
    assert re.findall(r"^\| `U\.(\w+)` \|", weak, re.MULTILINE) == [
        "supported",
        "argued",
        "undecided",
    ]
    assert "| `U.parent` (PROVED, rolled up ARGUED) |  | `U.argued` (ARGUED) |" in weak


def test_a_stronger_domain_counts_as_a_silent_hypothesis(document: Document) -> None:
    page = render(document, "unpublished")
    silent = page.split("## Hypotheses that are used silently")[1].split("\n## ")[0]
    assert r"| `U.refuted.amended` | $a \in [1, \infty)$ | fails without |" in silent


def test_what_rests_on_an_amended_claim_rests_on_the_printed_one(document: Document) -> None:
    links = chains(document)
    assert links.root["U.refuted.amended"] == "U.refuted"
    assert links.above("U.refuted.amended") == links.above("U.refuted") == ("U.parent",)
    assert links.above("U.parent") == ()


def test_formulas_that_cannot_be_typeset_are_shown_as_text() -> None:
    assert display(Formula(text="a", latex=r"\nosuchcommand a")) == "```text\na\n```"
    assert inline(Formula(text="a | b", latex=r"\nosuchcommand a")) == "`a b`"
    assert "2^{38}" in display(Formula(text="", latex="274877906944 a"))
    assert words("<b> [x](y)") == r"\<b\> \[x\](y)"


def test_the_page_of_a_ledger_is_written(folder: Path, run: Any) -> None:
    made = run("verify", "A.thm4.time", "A.eq9", "--json", "some.json", "--quiet")
    assert made.code == 0, made.err
    ended = run("findings", "A", "--ledger", "some.json", "--out", "a.md")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert "Every row holds as printed." in (folder / "a.md").read_text("utf-8")
    assert run("findings", "A", "--ledger", "some.json").out.startswith("# Findings on paper A\n")


def _spoiled(ledger: Path, **changes: Any) -> Path:
    data = json.loads(ledger.read_text("utf-8")) | changes
    (ledger.parent / "spoiled.json").write_text(json.dumps(data), encoding="utf-8")
    return ledger.parent / "spoiled.json"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema_version": 0}, "has schema version 0"),
        ({"entries": {}}, "is no whole ledger"),
        ({"entries": [{"id": "A.x"}]}, "is no whole ledger"),
        ({"seed": "zero"}, "is no whole ledger"),
    ],
)
def test_a_spoiled_ledger_is_refused(
    ledger: Path, run: Any, changes: dict[str, Any], said: str
) -> None:
    ended = run("findings", "A", "--ledger", str(_spoiled(ledger, **changes)))
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("findings", "C"), "PAPER: there is no paper 'C'; use A, B"),
        (("findings", "A", "--ledger", "none.json"), "none.json: cannot be read"),
        (("findings", "A", "--ledger", "text.json"), "text.json: is no JSON"),
        (("findings", "A", "--ledger", "text.json", "--deep"), "--deep: needs the claims"),
        (("findings", "A", "--ledger", "text.json", "--out", "text.json"), "is the input"),
    ],
)
def test_bad_input_is_one_line(folder: Path, run: Any, line: tuple[str, ...], said: str) -> None:
    (folder / "text.json").write_text("no ledger", encoding="utf-8")
    ended = run(*line)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_a_ledger_without_the_paper_is_refused(ledger: Path, run: Any) -> None:
    ended = run("findings", "A", "--ledger", str(ledger))
    assert ended.code == 2
    assert "the ledger has no claim of paper 'A'; it has unpublished" in ended.err


def test_the_deep_page(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(depth, "work", lambda *_: (["A.thm4.P3"], ["A.thm4.P3"]))
    ended = run("findings", "A", "--deep")
    assert ended.code == 0
    assert r"| `A.thm4.P3` | $2^{-7}$ | \[1/128, " in ended.out
    assert ended.out.count("| `A.thm4.P3` |") == 3  # one constant, two hypotheses


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_committed_pages_have_the_recorded_verdicts(page: Path) -> None:
    """Made anew whenever a verdict changes: ``scoreproof findings A --out docs/findings-a.md``."""
    text = page.read_text("utf-8")
    record = read_record(RECORD)
    said = VERDICT.findall(text)
    assert len(said) > 20
    for name, own, rolled in said:
        if name in record:
            assert own == record[name].own.name, name
            assert (rolled or own) == record[name].rolled.name, name
    paper = page.stem.removeprefix("findings-").upper()
    refuted = {
        k for k, r in record.items() if k.startswith(f"{paper}.") and r.own is Verdict.REFUTED
    }
    assert refuted <= set(SECTION.findall(text))
