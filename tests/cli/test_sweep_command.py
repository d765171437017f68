"""``scoreproof sweep`` as a user types it."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from numerics import store as store_module

TOY = str(Path(__file__).parents[1] / "experiments" / "toy_experiment.py")

FAULTY = f"""
import sys

sys.path.insert(0, {str(Path(TOY).parent)!r})
from toy_experiment import FAULTY as EXPERIMENT
"""


def test_a_sweep_goes_on_where_it_stopped(run: Any, folder: Path) -> None:
    first = run("sweep", TOY, "--jobs", "1")
    assert first.code == 0
    assert "10 of 10 cells have results in .scoreproof/results.sqlite (0 had before)" in first.out
    assert "10 of 10 cells computed" in first.err
    again = run("sweep", TOY, "--resume")
    assert (again.code, again.err) == (0, "")
    assert "(10 had before)" in again.out
    assert again.out.splitlines()[1:] == first.out.splitlines()[1:]
    paper = run("sweep", TOY, "--profile", "paper", "--jobs", "2")
    assert "48 of 48 cells" in paper.out
    assert "(10 had before)" in paper.out
    fresh = run("sweep", TOY, "--fresh", "--jobs", "1")
    assert "(0 had before)" in fresh.out
    assert fresh.out.splitlines()[1:] == first.out.splitlines()[1:]
    # the cells of the other profile are still there
    assert "(48 had before)" in run("sweep", TOY, "--profile", "paper").out


def test_a_failed_cell_is_told_and_tried_again(run: Any, folder: Path) -> None:
    (folder / "faulty.py").write_text(FAULTY)
    ended = run("sweep", "faulty.py", "--store", "f.sqlite", "--jobs", "2")
    assert ended.code == 1
    assert "3 of 6 cells have results in f.sqlite" in ended.out
    assert "ArithmeticError: the risk was not finite" in ended.out
    assert "the process that computed the cell died" in ended.out
    assert "T.faulty failed (seed=1, fault=raises)" in ended.err
    skipped = run("sweep", "faulty.py", "--store", "f.sqlite", "--skip-failed")
    assert (skipped.code, skipped.err) == (1, "")
    assert "6 of 6" not in run("sweep", "faulty.py", "--store", "f.sqlite", "--jobs", "2").out


def test_no_name_lists_what_there_is(run: Any, folder: Path) -> None:
    ended = run("sweep")
    assert ended.code == 0
    assert re.search(r"A\.x6 +0 of \d+ +0 of \d+ ", ended.out)
    assert not (folder / ".scoreproof").exists()
    (folder / "foreign").write_text("eta\n" * 999)
    assert "is no store of results" in run("sweep", "--store", "foreign").err


def make_locked(folder: Path) -> sqlite3.Connection:
    store_module.Store(folder / "locked.sqlite").close()
    holder = sqlite3.connect(folder / "locked.sqlite", isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    return holder


def make_foreign(folder: Path) -> None:
    with sqlite3.connect(folder / "foreign.sqlite") as file:
        file.execute("CREATE TABLE mine (a)")
    file.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["A.x7"], "scoreproof: NAME: there is no 'A.x7'; did you mean 'A.x6'?"),
        (["missing.py"], "scoreproof: missing.py: there is no such file; check the path"),
        (["broken.py"], "scoreproof: broken.py: cannot be imported (ZeroDivisionError: division"),
        (["empty_one.py"], "scoreproof: empty_one.py: has no EXPERIMENT; see numerics/experiments"),
        (["wrong_kind.py"], "scoreproof: wrong_kind.py: its EXPERIMENT is no Experiment"),
        (["json.py"], "scoreproof: json.py: a module json is there already; give the file another"),
        (["twice.py"], "scoreproof: cells of T.twice held {'seed': 1} twice"),
        ([TOY, "--store", "."], "scoreproof: --store: .: is not a file; name a file for the"),
        ([TOY, "--store", "text.csv"], "scoreproof: --store: text.csv: is no store of results"),
        ([TOY, "--store", "foreign.sqlite"], "is a database of another program; name another"),
        ([TOY, "--store", "locked.sqlite"], "locked.sqlite: is locked by another process; wait"),
        (
            [TOY, "--store", "text.csv/r.sqlite"],
            "scoreproof: --store: text.csv/r.sqlite: cannot be",
        ),
        ([TOY, "--scheduler", "tcp://h:1"], "scoreproof: --scheduler: is for dask; add"),
        ([TOY, "--jobs", "0"], "scoreproof: --jobs: '0' is not a whole number of at least 1"),
        ([TOY, "--profile", "big"], "scoreproof: --profile: invalid choice: 'big'"),
        ([TOY, "--fresh", "--resume"], "not allowed with argument"),
    ],
    ids=lambda value: " ".join(value)[-30:] if isinstance(value, list) else "",
)
def test_bad_input_is_one_line(
    words: list[str], said: str, run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "PATIENCE", 0.05)
    monkeypatch.setattr(sys, "path", list(sys.path))
    (folder / "broken.py").write_text("1 / 0\n")
    (folder / "empty_one.py").write_text("")
    (folder / "json.py").write_text("EXPERIMENT = 1\n")
    (folder / "wrong_kind.py").write_text("EXPERIMENT = 1\n")
    (folder / "twice.py").write_text(
        "from numerics.experiments.experiment import Experiment\n"
        "EXPERIMENT = Experiment(name='T.twice', says='', run=lambda p, c: {},\n"
        "                        cells=lambda profile: [{'seed': 1}, {'seed': 1}])\n"
    )
    (folder / "text.csv").write_text("eta,risk\n" * 200)
    make_foreign(folder)
    holder = make_locked(folder)
    try:
        ended = run("sweep", *words)
    finally:
        holder.close()
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


def test_a_dask_scheduler_that_is_not_there(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from numerics import executors

    monkeypatch.setattr(executors, "PATIENCE", 0.3)
    ended = run("sweep", TOY, "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert ended.code == 2
    assert "scheduler was tcp://127.0.0.1:9, where no dask scheduler answers" in ended.err


@pytest.mark.slow
def test_dask_gives_the_same_table(folder: Path) -> None:
    def digest(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "proofs_check", "sweep", TOY, *words],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()[-1]

    on_dask = digest("--executor", "dask", "--store", "a.sqlite", "--jobs", "2")
    assert on_dask == digest("--store", "b.sqlite", "--jobs", "2")


def test_help_loads_nothing_heavy() -> None:
    look = (
        "import sys\n"
        "from proofs_check.cli import main\n"
        "for command in ('sweep', 'figures'):\n"
        "    try:\n"
        "        main([command, '--help'])\n"
        "    except SystemExit:\n"
        "        pass\n"
        "heavy = {'numpy', 'scipy', 'sympy', 'matplotlib', 'rich', 'dask', 'sqlite3'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)) or 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--scheduler" in done.stdout
    assert "--paper" in done.stdout
