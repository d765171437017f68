"""Pages of the site in a browser without a network: one of each sort."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

pytestmark = pytest.mark.slow

ROOT: Final = Path(__file__).parents[2]
WRITTEN: Final = (
    "index",
    "quick_start",
    "tutorials/add_a_paper",
    "notation",
    "figures",
    "trust",
    "arguments/A.lem5.amended",
)
PAGES: Final = (*WRITTEN, "module", "search")
EXTENSIONS: Final = (
    "heading_levels,mathml,plain_mathematics,myst_parser,sphinx.ext.autodoc,sphinx.ext.napoleon"
)
"""Those of `docs/conf.py` but for the one that writes a page for each module."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site of these pages and of one module."""
    pytest.importorskip("furo", reason="the dependency group 'docs' is not installed")
    desk = tmp_path_factory.mktemp("site")
    docs = desk / "docs"
    for place in (
        "conf.py",
        "_extensions",
        "_static",
        "images",
        *(f"{page}.md" for page in WRITTEN),
    ):
        source, copy = ROOT / "docs" / place, docs / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    shutil.copy(ROOT / "pyproject.toml", desk)
    (docs / "module.rst").write_text(
        "theory.stability\n================\n\n.. automodule:: theory.stability\n   :members:\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-D", f"extensions={EXTENSIONS}"]
    ended = subprocess.run([*command, docs, desk / "html"], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode()
    return desk / "html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_whole_and_has_no_barriers(
    site: Path, visit: Callable[..., Any], page: str, scheme: str
) -> None:
    seen = visit(site / f"{page}.html", scheme=scheme)
    seen.formulas()
    assert seen.unreadable() == []
    assert seen.barriers() == []
    assert seen.faults == []


def test_a_page_reads_without_scripts(site: Path, visit: Callable[..., Any]) -> None:
    path = site / "tutorials" / "add_a_paper.html"
    main = "[role=main]"
    with_scripts = visit(path).page.locator(main).inner_text()
    plain = visit(path, scripts=False)
    assert plain.page.locator(main).inner_text() == with_scripts
    assert plain.faults == []
