"""``scoreproof new`` writes a file that can be checked at once, and overwrites nothing."""

from pathlib import Path
from typing import Any

import pytest

Run = Any


def test_a_new_file_is_checked_with_exit_zero(run: Run, folder: Path) -> None:
    made = run("new", "paper.py")
    assert made.code == 0
    assert "scoreproof verify paper.py" in made.out
    assert "scoreproof verify paper.py" in (folder / "paper.py").read_text(encoding="utf-8")
    checked = run("verify", "paper.py", "--jobs", "1")
    assert checked.code == 0
    rows = [line.split() for line in checked.out.splitlines() if line.startswith("mine.")]
    # the step has no printed proof of its own
    assert [row[:3] for row in rows] == [
        ["mine.product.P1", "PROVED", "PROVED"],
        ["mine.product", "PROVED", "PROVED"],
    ]
    # the best constant is 1/e = 0.36787944...
    assert (
        "mine.product  2/5      [0.367879, 0.367879]"
        in run("constants", "paper.py", "--jobs", "1").out
    )


def test_a_wrong_constant_in_the_file_is_refuted(run: Run, folder: Path) -> None:
    run("new", "paper.py")
    path = folder / "paper.py"
    source = path.read_text(encoding="utf-8")
    # the largest value of t exp(-t) is 1/e = 0.367...
    assert source.count("Rational(2, 5)") == 2
    path.write_text(source.replace("Rational(2, 5)", "Rational(1, 3)"), encoding="utf-8")
    assert run("verify", "paper.py", "--jobs", "1").code == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("there.py", "there.py is there already; name another file"),
        ("link.py", "link.py is there already; name another file"),
        ("folder.py", "folder.py is a folder; name a file in it"),
        (".", ". is a folder; name a file in it"),
        ("paper.txt", "paper.txt is no Python file; name it paper.py"),
        ("no/such/folder/paper.py", "there is no folder"),
    ],
)
def test_nothing_is_overwritten(run: Run, folder: Path, name: str, said: str) -> None:
    (folder / "there.py").write_text("mine\n", encoding="utf-8")
    (folder / "link.py").symlink_to("nowhere.py")
    (folder / "folder.py").mkdir()
    ended = run("new", name)
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert said in ended.err
    assert (folder / "there.py").read_text(encoding="utf-8") == "mine\n"
    assert not (folder / "nowhere.py").exists()


def test_a_name_that_would_end_a_string_does_no_harm(run: Run, folder: Path) -> None:
    name = 'a """ b.py'
    assert run("new", name).code == 0
    compile((folder / name).read_text(encoding="utf-8"), name, "exec")
