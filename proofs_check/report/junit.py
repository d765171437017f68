"""Results as JUnit XML: a refutation that is on record passes, a verdict that differs fails."""

from xml.etree import ElementTree as ET

from proofs_check.report.document import Document, Entry
from proofs_check.verdict import Verdict

__all__ = ["render"]


def render(document: Document) -> str:
    """Return one test case for each claim."""
    cases = [_case(entry) for entry in document.entries]
    suite = ET.Element(
        "testsuite",
        name="scoreproof",
        tests=str(len(cases)),
        failures=str(sum(c.find("failure") is not None for c in cases)),
        errors=str(sum(c.find("error") is not None for c in cases)),
        skipped="0",
        time=f"{sum(e.seconds for e in document.entries):.3f}",
    )
    suite.extend(cases)
    suites = ET.Element("testsuites")
    suites.append(suite)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _case(entry: Entry) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=f"scoreproof.{entry.paper}",
        name=entry.id,
        time=f"{entry.seconds:.3f}",
    )
    properties = ET.SubElement(case, "properties")
    for name, value in (("own", entry.own.name), ("rolled", entry.rolled.name)):
        ET.SubElement(properties, "property", name=name, value=value)
    if entry.own is Verdict.ERROR:
        ET.SubElement(case, "error", message=_clean(entry.headline))
    elif entry.fails:
        said = f"{entry.own.name}/{entry.rolled.name} ({entry.agreement.value}): {entry.headline}"
        ET.SubElement(case, "failure", message=_clean(said))
    return case


def _clean(text: str) -> str:
    """Drop control characters, which XML cannot hold."""
    return "".join(c if c.isprintable() else " " for c in text)
