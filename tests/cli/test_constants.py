"""``scoreproof constants``: printed and best constants."""

import re
from pathlib import Path
from typing import Any

CLAIMS = """
from sympy import Rational, Symbol
from proofs_check import *

a = Symbol("a", real=True)
c = Symbol("c", positive=True)


def made(name, printed, **parts):
    return Claim(id=name, says="s", given={a: Real(lo=0, hi=1)}, lhs=a * (1 - a), rel="<=", rhs=c,
                 constant=Constant(c, printed, **parts), evidence=(Enclosure(),),
                 broken=(flip(),))


loose = made("C.loose", Rational(1, 2), power_of_two=True)
sharp = made("C.sharp", Rational(1, 4))
false = made("C.false", Rational(1, 8))
other = Claim(id="C.other", says="s", given={a: reals}, lhs=a**2, rel=">=", rhs=0,
              evidence=(Enclosure(),), broken=(flip(),))
"""


def rows(out: str) -> dict[str, list[str]]:
    return {
        cells[0]: cells[1:]
        for line in out.splitlines()
        if line.startswith("C.") and (cells := re.split(r" {2,}", line.strip()))
    }


def test_best_constant_and_slack(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    ended = run("constants", "mine.py")
    assert ended.code == 0
    found = rows(ended.out)
    assert found["C.loose"][:3] == ["1/2", "[1/4, 1/4]", "2"]
    assert found["C.sharp"][:3] == ["1/4", "[1/4, 1/4]", "1"]
    # a printed constant that is too small has slack below 1
    assert found["C.false"][:3] == ["1/8", "[1/4, 1/4]", "1/2"]
    assert "C.other" not in ended.out


def test_a_single_id(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    ended = run("constants", "mine.py", "C.sharp")
    assert list(rows(ended.out)) == ["C.sharp"]
    assert "\x1b" not in ended.out
    assert ended.err == "C.sharp  best in [1/4, 1/4]\n"
