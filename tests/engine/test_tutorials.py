"""The code of the tutorials runs, and prints what they say it prints."""

import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each code block with the output that is printed below it; empty where nothing is."""
    found = [(m.group(1), m.group(2)) for m in BLOCK.finditer(text)]
    for k, (language, body) in enumerate(found):
        if language == "python":
            below = found[k + 1] if k + 1 < len(found) else ("", "")
            yield body, below[1] if below[0] == "text" else ""


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_prints_what_it_says(path: Path) -> None:
    names: dict[str, Any] = {"__name__": "tutorial"}
    code = list(blocks(path.read_text(encoding="utf-8")))
    assert code
    for body, expected in code:
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(body, str(path), "exec"), names)
        assert printed.getvalue() == expected


def test_the_first_tutorial_takes_thirty_lines() -> None:
    path = next(p for p in TUTORIALS if p.stem == "check_your_own_inequality")
    first, _ = next(blocks(path.read_text(encoding="utf-8")))
    assert len(first.splitlines()) <= 30


def test_a_wrong_output_would_be_noticed() -> None:
    code = list(blocks("```python\nprint(1)\n```\n\n```text\n2\n```\n"))
    assert code == [("print(1)\n", "2\n")]
