"""Results as JUnit XML: a refutation that is on record passes, a verdict that differs fails.

Two schemas are in use, Ant's and the one of Jenkins; the file is valid against both, so verdicts
stand among the properties of the suite: a test case may have none.
"""

import time
from xml.etree import ElementTree as ET

from proofs_check.report.document import Document, Entry
from proofs_check.verdict import Verdict

__all__ = ["render"]


def render(document: Document) -> str:
    """Return one test case for each claim; undecided claims are skipped, never passed.

    Only the attribute ``timestamp``, which Ant's schema demands, differs between equal runs.
    """
    cases = [_case(entry) for entry in document.entries]
    suite = ET.Element(
        "testsuite",
        name="scoreproof",
        package="scoreproof",
        id="0",
        # what the schema names for a machine that is not to be told
        hostname="localhost",
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()),
        tests=str(len(cases)),
        time=f"{document.seconds:.3f}",
        failures=_count(cases, "failure"),
        errors=_count(cases, "error"),
        skipped=_count(cases, "skipped"),
    )
    suite.append(_properties(document))
    suite.extend(cases)
    for name in ("system-out", "system-err"):
        ET.SubElement(suite, name)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _count(cases: list[ET.Element], tag: str) -> str:
    return str(sum(c.find(tag) is not None for c in cases))


def _properties(document: Document) -> ET.Element:
    """Return how the run was made, then the verdicts of each claim."""
    rows = {"profile": document.profile, "seed": str(document.seed)}
    for e in document.entries:
        said = f"own {e.own.name}, rolled up {e.rolled.name}"
        said += f", proof {e.proof.name}" if e.proof is not None else ""
        rows[e.id] = f"{said}, {e.agreement.value}"
    properties = ET.Element("properties")
    for name, value in rows.items():
        ET.SubElement(properties, "property", name=_clean(name), value=_clean(value))
    return properties


def _case(entry: Entry) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=_clean(f"scoreproof.{entry.paper}"),
        name=_clean(entry.id),
        time=f"{entry.seconds:.3f}",
    )
    if entry.own is Verdict.ERROR:
        ET.SubElement(case, "error", type="ERROR", message=_clean(entry.headline))
    elif entry.fails:
        said = f"{entry.own.name}/{entry.rolled.name} ({entry.agreement.value}): {entry.headline}"
        ET.SubElement(case, "failure", type=entry.own.name, message=_clean(said))
    elif entry.rolled is Verdict.UNDECIDED:
        ET.SubElement(case, "skipped")
    return case


def _clean(text: str) -> str:
    """Drop control characters, which XML cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)
