"""JUnit: what both schemas in use demand, Ant's and the one of Jenkins."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from proofs_check.report.document import Agreement, Document, Entry, EvidenceRow, Formula
from proofs_check.report.junit import render
from proofs_check.verdict import Verdict

EVIDENCE = EvidenceRow(
    method="search",
    verdict=Verdict.SUPPORTED,
    counted=Verdict.SUPPORTED,
    detail="no failure",
    certificate={},
    witness=None,
    rests_on=(),
    toothless=(),
    seconds=0.1,
)
ENTRY = Entry(
    id="t",
    kind="statement",
    says="a square is not negative",
    paper="A",
    place="",
    statement=Formula(text="a**2 >= 0", latex=r"a^2 \ge 0"),
    given=(),
    where=(),
    uses=(),
    steps=(),
    amends=None,
    note="",
    constant=None,
    own=Verdict.PROVED,
    rolled=Verdict.PROVED,
    proof=None,
    agreement=Agreement.SAME,
    recorded_own=Verdict.PROVED,
    recorded_rolled=Verdict.PROVED,
    evidence=(EVIDENCE,),
    controls=(),
    seconds=1234.5,
)


def entry(name: str, verdict: Verdict, agreement: Agreement, **parts: object) -> Entry:
    changed = {"id": name, "own": verdict, "rolled": verdict, "agreement": agreement} | parts
    return replace(ENTRY, **changed)  # type: ignore[arg-type]


ENTRIES = (
    entry("same", Verdict.PROVED, Agreement.SAME, proof=Verdict.REFUTED),
    entry("on.record", Verdict.REFUTED, Agreement.SAME),
    entry("differs", Verdict.ENCLOSED, Agreement.DIFFERS),
    entry("new", Verdict.PROVED, Agreement.UNRECORDED),
    entry("mine.true", Verdict.SUPPORTED, Agreement.USER),
    entry("mine.false", Verdict.REFUTED, Agreement.USER),
    entry("mine.vacuous", Verdict.VACUOUS, Agreement.USER),
    entry("crash\x07", Verdict.ERROR, Agreement.SAME, paper="<&\x00>"),
    entry("open", Verdict.UNDECIDED, Agreement.SAME),
    entry("above.open", Verdict.PROVED, Agreement.SAME, rolled=Verdict.UNDECIDED),
)


@pytest.fixture
def suite() -> ET.Element:
    document = Document(
        version="0",
        libraries={},
        papers={},
        profile="quick",
        seed=0,
        seconds=1234.5678,
        entries=ENTRIES,
    )
    root = ET.fromstring(render(document))
    assert root.tag == "testsuites"
    (suite,) = root
    return suite


def test_the_parts_of_a_suite_are_in_the_order_of_the_schema(suite: ET.Element) -> None:
    cases = ["testcase"] * len(ENTRIES)
    assert [part.tag for part in suite] == ["properties", *cases, "system-out", "system-err"]


def test_a_suite_has_the_attributes_that_the_schema_demands(suite: ET.Element) -> None:
    number = r"\d+"
    wanted = {
        "name": "scoreproof",
        "package": "scoreproof",
        "hostname": "localhost",
        "timestamp": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
        "id": number,
        "tests": number,
        "failures": number,
        "errors": number,
        "skipped": number,
        "time": r"\d+\.\d+",
    }
    assert set(suite.attrib) == set(wanted)
    for name, pattern in wanted.items():
        assert re.fullmatch(pattern, suite.attrib[name]), name


def test_a_case_has_at_most_one_outcome_and_nothing_else(suite: ET.Element) -> None:
    for case in suite.findall("testcase"):
        assert set(case.attrib) == {"name", "classname", "time"}
        assert [part.tag for part in case] in ([], ["failure"], ["error"], ["skipped"])
        for part in case:
            assert set(part.attrib) == (set() if part.tag == "skipped" else {"type", "message"})


def test_each_verdict_has_its_outcome(suite: ET.Element) -> None:
    outcomes = {
        case.attrib["name"]: part.tag for case in suite.findall("testcase") for part in case
    }
    assert outcomes == {
        "differs": "failure",
        "new": "failure",
        "mine.false": "failure",
        "mine.vacuous": "failure",
        "crash ": "error",
        "open": "skipped",
        "above.open": "skipped",
    }
    counts = [suite.attrib[k] for k in ("tests", "failures", "errors", "skipped")]
    assert counts == [str(len(ENTRIES)), "4", "1", "2"]


def test_verdicts_are_properties(suite: ET.Element) -> None:
    rows = {p.attrib["name"]: p.attrib["value"] for p in suite.iterfind("properties/property")}
    assert rows["on.record"] == "own REFUTED, rolled up REFUTED, as recorded"
    assert rows["same"] == "own PROVED, rolled up PROVED, proof REFUTED, as recorded"
    assert rows["profile"] == "quick"
    assert len(rows) == len(ENTRIES) + 2
