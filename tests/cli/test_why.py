"""``scoreproof why`` and the results kept between runs, as a user meets them."""

from pathlib import Path
from typing import Any

import pytest

MINE = """
from sympy import Rational, Symbol, exp

from proofs_check import *

a = Symbol("a", real=True)
parts = dict(says="s", given={a: reals}, rel=">=", broken=(scale("rhs", Rational(101, 100)),))
tangent = Claim(id="U.tangent", lhs=exp(a), rhs=1 + a, evidence=(Enclosure(),), **parts)
lifted = Claim(
    id="U.lifted",
    lhs=exp(a) + 1,
    rhs=2 + a,
    evidence=(Steps(branches=(Branch(parts=(From(claim="U.tangent"),)),)),),
    **parts,
)
searched = Claim(
    id="U.searched", lhs=exp(a) + 2, rhs=3 + a, evidence=(Search(),), uses=("U.lifted",), **parts
)
false = Claim(id="U.false", lhs=exp(a), rhs=1 + 2 * a, evidence=(Search(),), **parts)
"""


@pytest.fixture
def mine(folder: Path) -> str:
    (folder / "mine.py").write_text(MINE)
    return "mine.py"


def test_a_second_run_computes_nothing(run: Any, mine: str) -> None:
    words = ("verify", "U.tangent", "U.lifted", mine)
    first, second, anew = run(*words), run(*words), run(*words, "--no-cache")
    assert first.code == second.code == anew.code == 0
    assert "earlier run" not in first.err
    assert "2 of 2 results are of an earlier run" in second.err
    assert "earlier run" not in anew.err


def test_an_edit_is_noticed(run: Any, mine: str, folder: Path) -> None:
    run("verify", "U.tangent", mine)
    (folder / mine).write_text(MINE.replace("rhs=1 + a,", "rhs=1 + 3 * a,"))
    assert run("verify", "U.tangent", mine).code == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("U.tangent", ["PROVED by its own evidence", "-> enclosure", "rests on no other claim"]),
        ("U.lifted", ["U.tangent: PROVED", "what it would change: U.searched"]),
        ("U.searched", ["SUPPORTED by its own", "covers the whole domain"]),
        ("U.false", ["REFUTED", "nothing but another statement: it fails at a = "]),
    ],
)
def test_why(name: str, said: list[str], run: Any, mine: str) -> None:
    ended = run("why", name, mine)
    assert ended.code == 0
    for text in said:
        assert text in ended.out, text


def test_why_names_the_weakest_link(run: Any, folder: Path) -> None:
    weak = MINE.replace("evidence=(Enclosure(),), **parts)", "evidence=(Search(),), **parts)", 1)
    (folder / "weak.py").write_text(weak)
    ended = run("why", "U.lifted", "weak.py")
    assert "PROVED by its own evidence, SUPPORTED rolled up" in ended.out
    assert "weakest links, SUPPORTED on their own: U.tangent" in ended.out
    assert "better evidence for U.tangent would raise" in ended.out


def test_why_of_nothing(run: Any) -> None:
    ended = run("why", "A.nothing.at.all")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
