"""Run commands as a user types them, in this process, in an empty folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.commands import options


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs ``scoreproof`` with some words, here and in one process."""
    monkeypatch.setattr(options, "cores", lambda: 1)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / f"{folder.name}-cache"))

    def run(*words: str) -> Ended:
        capsys.readouterr()
        code = main(words)
        shown = capsys.readouterr()
        return Ended(code, shown.out, shown.err)

    return run


MINE = """
from sympy import Rational, Symbol, exp, log

from proofs_check import *

a = Symbol("a", real=True)
p = Symbol("p", positive=True)


def made(name, says, lhs, rel, rhs, *, evidence=Enclosure(), **parts):
    parts.setdefault("given", {a: reals})
    parts.setdefault("broken", (flip(),))
    return Claim(
        id=f"U.{name}", says=says, lhs=lhs, rel=rel, rhs=rhs, evidence=(evidence,), **parts
    )


CLAIMS = (
    made(
        "proved",
        "a square is not negative",
        a**2,
        ">=",
        0,
        given={a: Real(lo=0)},
        evidence=Polynomial(),
    ),
    made(
        "enclosed",
        "the logarithm lies below its tangent",
        log(p),
        "<=",
        p,
        given={p: Real(lo=Rational(1, 8))},
        evidence=Enclosure(box={p: Real(lo=Rational(1, 8), hi=8)}),
        broken=(scale("rhs", Rational(1, 4)),),
    ),
    made("supported", "an obvious bound", a**2 + 1, ">=", 2 * a, evidence=Search(examples=20)),
    made("argued", "exp is positive", exp(a), ">", 0, evidence=Argued()),
    made("undecided", "nobody argued for it", exp(a), ">=", 0, evidence=Argued()),
    made("refuted", "a square | exceeds its root_", a**2, ">=", a, evidence=Search(examples=20)),
    made(
        "refuted.amended",
        "a square exceeds its root from 1 on",
        a**2,
        ">=",
        a,
        given={a: Real(lo=1)},
        evidence=Polynomial(),
        amends="U.refuted",
    ),
    made(
        "parent",
        "rests on an argument",
        a**4,
        ">=",
        0,
        given={a: Real(lo=0)},
        evidence=Polynomial(),
        uses=("U.argued",),
        steps=("U.proved", "U.refuted"),
    ),
)
"""

VERDICTS = {
    "U.proved": ("PROVED", "PROVED"),
    "U.enclosed": ("ENCLOSED", "ENCLOSED"),
    "U.supported": ("SUPPORTED", "SUPPORTED"),
    "U.argued": ("ARGUED", "ARGUED"),
    "U.undecided": ("UNDECIDED", "UNDECIDED"),
    "U.refuted": ("REFUTED", "REFUTED"),
    "U.refuted.amended": ("PROVED", "PROVED"),
    "U.parent": ("PROVED", "ARGUED"),
}
"""Own and rolled-up verdict of each claim of `MINE`."""


@pytest.fixture
def mine(folder: Path) -> str:
    """Write a file with one claim for each verdict and return its name."""
    (folder / "mine.py").write_text(MINE, encoding="utf-8")
    arguments = folder / "docs" / "arguments"
    arguments.mkdir(parents=True)
    (arguments / "U.argued.md").write_text("Because it is a limit of powers. " * 5)
    return "mine.py"


@pytest.fixture
def verdicts() -> dict[str, tuple[str, str]]:
    """Return own and rolled-up verdict of each claim of the file."""
    return VERDICTS
