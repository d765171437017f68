"""The code of README and documentation runs, and prints what is said below it.

A Python block is executed; one whose first line is a comment with a file's name is written to that
file instead. Lines of a shell block are run in the same folder. The ``text`` block below it must be
printed: by Python exactly, by the shell line by line, up to white space and among other lines, for
times differ.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest

from proofs_check.cli import main
from proofs_check.commands import options

ROOT: Final = Path(__file__).parents[2]
TUTORIALS: Final = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
PAGES: Final = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts),
]
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FENCE: Final = re.compile(r"^\s*(```|~~~).*$", re.MULTILINE)
NAMED: Final = re.compile(r"# (\w+\.py)\n")

NOT_RUN: Final = {
    # the beginning of a line, or of a block of Python, and why it is not run here
    "make ": "makes environments and runs everything; the targets are used to develop",
    "HYPOTHESIS_PROFILE=deep make ": "the same",
    "source ": "the environment of the test is active already",
    "scoreproof sweep A.": "takes minutes; tests/cli/test_sweep_command.py runs small ones",
    "scoreproof sweep  ": "lists all experiments; tests/cli/test_sweep_command.py does so",
    "scoreproof figures A.": "takes minutes; tests/cli/test_figures_command.py draws small ones",
    "dask ": "starts servers that do not end",
    "from numerics.sgd import ": "trains thirty networks; `data` stands for the reader's",
}
SLOW: Final = {"README.md", "docs/quick_start.md"}
"""Pages that check more of the ledger than fits into a few seconds."""


@dataclass(frozen=True)
class Block:
    """A block of code with what is printed below it, empty where nothing is."""

    language: str
    body: str
    expected: str


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks that a reader would run."""
    found = [(m.group(1), m.group(2)) for m in BLOCK.finditer(text)]
    for k, (language, body) in enumerate(found):
        if language in ("python", "sh", "console"):
            below = found[k + 1] if k + 1 < len(found) else ("", "")
            yield Block(language, body, below[1] if below[0] == "text" else "")


def left_out(line: str) -> bool:
    """Return whether a line or block is among those that are not run."""
    return any(line.startswith(start) for start in NOT_RUN)


def run_python(block: Block, names: dict[str, Any], path: Path) -> None:
    """Execute a block, or write it to the file that it names."""
    if left_out(block.body):
        return
    if named := NAMED.match(block.body):
        Path(named[1]).write_text(block.body, encoding="utf-8")
        return
    printed = StringIO()
    with redirect_stdout(printed):
        exec(compile(block.body, str(path), "exec"), names)
    assert printed.getvalue() == block.expected


def run_shell(block: Block) -> None:
    """Run the lines of a block, those of scoreproof in this process."""
    printed = StringIO()
    for line in (whole.removeprefix("$ ") for whole in block.body.splitlines()):
        if not line.strip() or left_out(line):
            continue
        words = shlex.split(line, comments=True)
        if words[0].removeprefix(".venv/bin/") == "scoreproof" and ">" not in words:
            with redirect_stdout(printed):
                assert main(words[1:]) == 0, line
        else:
            ended = subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True)
            printed.write(ended.stdout)
    said = " ".join(printed.getvalue().split())
    for line in block.expected.splitlines():
        assert " ".join(line.split()) in said, said


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of a reader current, with the examples and no results of earlier runs."""
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(options, "cores", lambda: 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "160")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    return tmp_path


def _case(path: Path) -> Any:
    name = path.relative_to(ROOT).as_posix()
    return pytest.param(path, id=name, marks=[pytest.mark.slow] if name in SLOW else [])


@pytest.mark.parametrize(
    "path", [_case(p) for p in PAGES if list(blocks(p.read_text(encoding="utf-8")))]
)
@pytest.mark.usefixtures("desk")
def test_a_page_prints_what_it_says(path: Path) -> None:
    names: dict[str, Any] = {"__name__": "tutorial"}
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.language == "python":
            run_python(block, names, path)
        else:
            run_shell(block)


def test_all_tutorials_are_there_and_have_code() -> None:
    assert [p.stem for p in TUTORIALS] == [
        "add_a_paper",
        "check_your_own_inequality",
        "is_my_generator_copying",
        "property_based_tests",
        "regenerate_a_figure",
        "repair_a_constant",
    ]
    for path in TUTORIALS:
        assert list(blocks(path.read_text(encoding="utf-8")))


def test_nothing_is_excused_that_is_not_there() -> None:
    code = [b.body for p in PAGES for b in blocks(p.read_text(encoding="utf-8"))]
    lines = [line.removeprefix("$ ") for body in code for line in body.splitlines()]
    for start in NOT_RUN:
        assert any(entry.startswith(start) for entry in [*code, *lines]), start


def test_code_has_a_language_that_is_run_or_is_no_code() -> None:
    known = {"python", "sh", "console", "text"}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert {m.group(1) for m in BLOCK.finditer(text)} <= known, path


def test_no_block_hides_from_these_tests() -> None:
    # a fence that is indented, has no language, or is made of other signs would not be run
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        known = re.sub(r"^```\{.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        assert len(FENCE.findall(known)) == 2 * len(BLOCK.findall(known)), path
    assert len(FENCE.findall("```\nls\n```\n    ```sh\n    ls\n    ```\n")) == 4


def test_the_first_tutorial_takes_thirty_lines() -> None:
    path = next(p for p in TUTORIALS if p.stem == "check_your_own_inequality")
    first = next(blocks(path.read_text(encoding="utf-8")))
    assert len(first.body.splitlines()) <= 30


@pytest.mark.usefixtures("desk")
def test_a_wrong_output_is_noticed() -> None:
    said = "```text\n2\n```\n"
    python, shell = blocks(f"```python\nprint(1)\n```\n\n{said}\n```sh\necho 1\n```\n{said}")
    with pytest.raises(AssertionError):
        run_python(python, {}, Path("page.md"))
    with pytest.raises(AssertionError):
        run_shell(shell)


@pytest.mark.usefixtures("desk")
def test_a_command_that_fails_is_noticed() -> None:
    with pytest.raises(AssertionError):
        run_shell(Block("sh", "scoreproof show A.no.such.claim\n", ""))
