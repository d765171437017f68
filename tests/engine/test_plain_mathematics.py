"""The site shows docstrings as their authors meant them: formulas stay formulas, lists lists."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

DOCS: Final = Path(__file__).parents[2] / "docs"
PLACE: Final = DOCS / "_extensions" / "plain_mathematics.py"


@pytest.fixture(scope="module")
def extension() -> ModuleType:
    pytest.importorskip("sphinx", reason="the dependency group 'docs' is not installed")
    found = importlib.util.spec_from_file_location("plain_mathematics", PLACE)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("written", "markup"),
    [
        ("the norm |x| and a*b", r"the norm \|x\| and a\*b"),
        ("with ``|x| * y`` in code", "with ``|x| * y`` in code"),
        ("a root lambda_ of it", r"a root lambda\_ of it"),
        ("* one point, |x|", r"* one point, \|x\|"),
        ("  * one further in", "  * one further in"),
        (">>> 2 * 3", ">>> 2 * 3"),
        ("", ""),
    ],
)
def test_formulas_are_escaped_and_lists_are_not(
    extension: ModuleType, written: str, markup: str
) -> None:
    assert list(extension.escaped([written])) == [markup]


def test_what_is_indented_under_a_literal_block_is_left_alone(extension: ModuleType) -> None:
    lines = ["so that::", "", "    |x| <= 1", "", "for |x| small"]
    assert list(extension.escaped(lines)) == [*lines[:-1], r"for \|x\| small"]


def crowded(text: str) -> list[str]:
    """Return the first lines of displayed formulas that follow a line of text.

    In such a place the dollars of a page pair up wrongly and its sentences are set as formulas.
    """
    found, inside, before = [], False, ""
    for line in text.splitlines():
        if not inside and line.startswith("$$") and before.strip():
            found.append(line)
        inside ^= line.count("$$") % 2 == 1
        before = line
    return found


def test_displayed_formulas_stand_alone() -> None:
    pages = [p for p in DOCS.rglob("*.md") if "_build" not in p.parts]
    assert len(pages) > 40
    assert {p.name: c for p in pages if (c := crowded(p.read_text(encoding="utf-8")))} == {}
    assert crowded("so\n$$x\n= y$$\nfor every x\n\n$$z$$\n") == ["$$x"]
