"""What the other tests of this folder look for is found where it was planted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.slow

SOUND: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title></head>'
    "<body><main><h1>A page</h1><p>with <code>\\alpha</code> and "
    "<math><mi>x</mi></math></p>{planted}</main></body></html>"
)


@pytest.fixture
def planted(tmp_path: Path, visit: Callable[..., Any]) -> Callable[[str], Any]:
    """Return a function that opens a sound page with one thing more."""

    def open_with(markup: str) -> Any:
        path = tmp_path / "page.html"
        path.write_text(SOUND.replace("{planted}", markup), encoding="utf-8")
        return visit(path)

    return open_with


def test_a_sound_page_has_no_fault(planted: Callable[[str], Any]) -> None:
    seen = planted("")
    assert seen.formulas() == 1
    assert seen.unreadable() + seen.barriers() + seen.faults == []


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ('<button type="button"></button>', "button-name"),
        ('<p style="color: #999; background: #fff">pale</p>', "color-contrast"),
        ('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">', "image-alt"),
        ('<svg width="9" height="9"><a href="#x"><rect width="9" height="9"/></a></svg>', "link"),
    ],
)
def test_a_barrier_is_found(planted: Callable[[str], Any], markup: str, rule: str) -> None:
    assert [found for found in planted(markup).barriers() if found.startswith(rule)]


@pytest.mark.parametrize(
    ("markup", "fault"),
    [
        ('<img src="missing.png" alt="gone">', "request failed"),
        ('<img src="https://example.org/a.png" alt="elsewhere">', "asked https://example.org"),
        ("<script>console.error('loud')</script>", "console: loud"),
        ("<script>absent()</script>", "script failed"),
    ],
)
def test_a_fault_of_loading_is_found(
    planted: Callable[[str], Any], markup: str, fault: str
) -> None:
    assert [found for found in planted(markup).faults if found.startswith(fault)]


@pytest.mark.parametrize(
    "markup",
    [
        '<div style="width: 0; height: 0; overflow: hidden; font-size: 0"><math></math></div>',
        '<math style="display: none"><mi>y</mi></math>',
        r"<p>the noise \sigma</p>",
        "<p>with $x^2$</p>",
        r"<p>\(x\)</p>",
    ],
)
def test_a_formula_that_cannot_be_read_is_found(planted: Callable[[str], Any], markup: str) -> None:
    assert planted(markup).unreadable()
