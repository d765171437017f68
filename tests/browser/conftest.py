"""Pages as a browser shows them, with the network off.

Needs the dependency group ``browser`` and a Chromium on the path (or the one that Playwright
keeps); without them the tests are skipped and say which of the two is missing.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

CHROMIUM: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

UNSEEN: Final = """
() => [...document.querySelectorAll('math')].filter((formula) => {
  const box = formula.getBoundingClientRect();
  return !(box.width > 0 && box.height > 0) && !formula.closest('[hidden]');
}).map((formula) => formula.textContent)
"""
"""The formulas that take no room on the page."""

TEX: Final = r"""
() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (words.nextNode()) {
    const text = words.currentNode;
    if (text.parentElement.closest('pre, code, script, style, noscript')) continue;
    if (/\\[a-zA-Z]{2,}|\\[()[\]]|\$[^$]+\$/.test(text.data)) found.push(text.data.trim());
  }
  return found;
}
"""
"""Texts in which TeX was left standing; code may show it."""


@dataclass(frozen=True)
class Visit:
    """A page that is open, and what went wrong while it was."""

    page: Any
    faults: list[str] = field(default_factory=list)

    def formulas(self) -> int:
        """Return how many formulas the page has, all folded parts unfolded."""
        self.page.evaluate(
            "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
        )
        return int(self.page.locator("math").count())

    def unreadable(self) -> list[str]:
        """Return the formulas that are not drawn, and the TeX that is."""
        return [*self.page.evaluate(UNSEEN), *self.page.evaluate(TEX)]

    def barriers(self) -> list[str]:
        """Return what axe finds to be a serious or critical barrier to some readers."""
        from axe_playwright_python.sync_playwright import Axe

        # styles are read by the browser; axe's own way to them is closed to files
        found = Axe().run(self.page, options={"preload": False}).response
        return [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start a headless Chromium once for all tests."""
    reason = "the dependency group 'browser' is not installed"
    pytest.importorskip("axe_playwright_python", reason=reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        places = (*map(shutil.which, CHROMIUM), playwright.chromium.executable_path)
        found = next((p for p in places if p and Path(p).exists()), None)
        if found is None:
            pytest.skip(f"there is no Chromium: none of {', '.join(CHROMIUM)} is on the path")
        running = playwright.chromium.launch(executable_path=found)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Callable[..., Visit]]:
    """Return a function that opens a file; every page is closed after the test."""
    contexts = []

    def open_file(path: Path, *, scheme: str = "light", scripts: bool = True) -> Visit:
        context = browser.new_context(
            offline=True, color_scheme=scheme, java_script_enabled=scripts, reduced_motion="reduce"
        )
        contexts.append(context)
        seen = Visit(context.new_page())
        _listen(seen.page, seen.faults.append)
        seen.page.goto(path.as_uri(), wait_until="load")
        return seen

    yield open_file
    for context in contexts:
        context.close()


def _listen(page: Any, note: Callable[[str], None]) -> None:
    """Note what fails, what is asked of a network, and what the console is told."""

    def asked(request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            note(f"asked {request.url}")

    def told(message: Any) -> None:
        if message.type in ("error", "warning"):
            note(f"console: {message.text}")

    page.on("request", asked)
    page.on("requestfailed", lambda request: note(f"request failed: {request.url}"))
    page.on("pageerror", lambda error: note(f"script failed: {error}"))
    page.on("console", told)
