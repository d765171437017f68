"""The HTML report in a browser without a network: whole, readable and usable by everybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from proofs_check.cli import main

pytestmark = pytest.mark.slow

CLAIMS: Final = (
    *("A.eq8", "A.code.mean", "A.code.time.start", "A.thm8.P2"),
    *("B.kl.standard", "B.slope.jump", "B.width", "B.params"),
)
"""Statements of both papers: proved, refuted at a witness, repaired, argued; cheap to check."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of a part of the ledger."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert main(["verify", *CLAIMS, "--quiet", "--jobs", "1", "--html", str(path)]) == 0
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_opens_whole_and_has_no_barriers(
    report: Path, visit: Callable[..., Any], scheme: str
) -> None:
    seen = visit(report, scheme=scheme)
    assert seen.formulas() > 50  # of statements, hypotheses and steps
    assert seen.unreadable() == []
    assert seen.barriers() == []
    assert seen.faults == []


def test_dark_is_dark(report: Path, visit: Callable[..., Any]) -> None:
    def brightness(scheme: str) -> float:
        page = visit(report, scheme=scheme).page
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(float(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]) / 765

    assert brightness("dark") < 0.25
    assert brightness("light") > 0.75


def test_the_graph_is_reached_by_the_keyboard(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report).page
    nodes = page.locator(".graphs svg a")
    assert nodes.count() >= 8
    for node in nodes.all():
        node.focus()
        assert node.evaluate("(node) => document.activeElement === node")
        name = (node.get_attribute("aria-label") or node.text_content() or "").strip()
        assert len(name) > 3, node.evaluate("(node) => node.outerHTML")
    first = nodes.first
    first.focus()
    target = first.get_attribute("href")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == target
    page.locator(f'[id="{target.removeprefix("#")}"]').wait_for()


def test_tab_leads_from_the_top_into_the_graph(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report).page
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.graphs svg a') !== null"):
            return
    pytest.fail("four hundred times Tab do not reach a node of a graph")


def test_claims_are_filtered(report: Path, visit: Callable[..., Any]) -> None:
    seen = visit(report)
    page = seen.page
    everything = page.locator("article:visible").count()
    page.get_by_label("own verdict").select_option("REFUTED")
    refuted = page.locator("article:visible")
    assert 0 < refuted.count() < everything
    assert (
        page.get_by_role("search")
        .locator("output")
        .inner_text()
        .startswith(f"{refuted.count()} of {everything}")
    )
    page.get_by_label("Claims with the word").fill("no claim has these words")
    assert refuted.count() == 0
    # a link to a claim that is hidden shows all again
    page.evaluate("location.hash = document.querySelector('article').id")
    page.wait_for_function("document.querySelectorAll('article:not([hidden])').length > 1")
    assert page.locator("article:visible").count() == everything
    assert seen.faults == []


def test_a_graph_grows_and_shrinks(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report).page

    def width() -> float:
        return float(page.locator(".graphs svg").first.evaluate("(g) => g.width.baseVal.value"))

    before = width()
    page.get_by_role("button", name="Larger").first.click()
    larger = width()
    page.get_by_role("button", name="Smaller").first.click()
    assert larger > 1.2 * before
    assert width() == pytest.approx(before, rel=1e-3)  # the attribute has few digits


def test_the_report_reads_without_scripts(report: Path, visit: Callable[..., Any]) -> None:
    with_scripts = visit(report).page.locator("article").all_inner_texts()
    plain = visit(report, scripts=False)
    assert plain.page.locator("article").all_inner_texts() == with_scripts
    assert plain.page.locator("form, .zoom").count() == 0  # no control that would do nothing
    assert plain.page.locator(".graphs svg").first.bounding_box()["width"] > 100
    assert plain.faults == []


def test_the_report_fits_a_narrow_screen(report: Path, visit: Callable[..., Any]) -> None:
    page = visit(report).page
    page.set_viewport_size({"width": 360, "height": 640})
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(too_wide) <= 0
