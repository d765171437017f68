"""``scoreproof show``: one claim, whole."""

from pathlib import Path
from typing import Any

import pytest

from proofs_check.ledger import best_constants
from proofs_check.modules import constant_of_file
from proofs_check.repair import best_constant


def test_a_refuted_claim_is_shown_with_witness_and_repair(run: Any, mine: str) -> None:
    ended = run("show", "U.refuted", mine)
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "U.refuted  a square | exceeds its root_",
        "  unpublished",
        "",
        "  a**2 >= a",
        "    a in (-oo, oo)",
        "",
        "  own           REFUTED",
        "  rolled up     REFUTED",
        "    search      REFUTED  fails at a = 1/2",
        "  broken variants",
        "    relation reversed: REFUTED  at a = -1",
        "  witness a = 1/2",
        "    left side 1/4, right side 1/2",
        "  repaired as U.refuted.amended: PROVED",
    ]


def test_a_parent_is_shown_with_its_steps_and_what_it_rests_on(run: Any, mine: str) -> None:
    out = run("show", "U.parent", mine).out
    assert "  own           PROVED\n  rolled up     ARGUED\n  printed proof REFUTED\n" in out
    assert "  steps\n    U.proved                    PROVED\n" in out
    assert "    U.argued                    ARGUED\n" in out
    assert out.count("    U.refuted  ") == 2  # as a step, and among what the claim rests on


@pytest.mark.parametrize(
    ("name", "domain"),
    [("U.enclosed", "    p in [1/8, oo)\n"), ("U.proved", "    a in [0, oo)\n")],
)
def test_each_domain_is_printed_once(name: str, domain: str, run: Any, mine: str) -> None:
    out = run("show", name, mine).out
    assert domain in out
    assert ": p in" not in out


def test_long_lines_are_not_broken_in_a_pipe(run: Any, folder: Path) -> None:
    (folder / "long.py").write_text(
        "from sympy import Symbol\nfrom proofs_check import *\n"
        "xs = [Symbol(f'x{k}', real=True) for k in range(60)]\n"
        "c = Claim(id='V', says='s', given=dict.fromkeys(xs, Real(lo=0)), lhs=sum(xs), rel='>=',"
        " rhs=0, where=(ge(xs[0], 1),), note='[red]a note[/red]',"
        " evidence=(Search(examples=5, hypothesis_examples=0),), broken=(flip(),),"
        " source=Source('A. Author, [on] :x: things', 'eq. 3'))\n"
    )
    lines = run("show", "V", "long.py").out.splitlines()
    assert sum(line.startswith("  x0 + x1") and line.endswith(" >= 0") for line in lines) == 1
    assert "  A. Author, [on] :x: things, eq. 3" in lines
    assert "    where x0 >= 1" in lines
    assert "    note: [red]a note[/red]" in lines


def test_audit_drops_each_hypothesis(run: Any, folder: Path) -> None:
    (folder / "two.py").write_text(
        "from sympy import Symbol\nfrom proofs_check import *\n"
        "a = Symbol('a', real=True)\n"
        "c = Claim(id='V', says='s', given={a: reals}, lhs=a**2, rel='>=', rhs=a,"
        " where=(ge(a, 2), ge(a, 0)), evidence=(Enclosure(),), broken=(flip(),))\n"
    )
    out = run("show", "V", "two.py", "--audit").out
    assert (
        "  hypothesis audit\n    a >= 2: needed (fails at a = 1/2)\n    a >= 0: not needed (" in out
    )


def test_a_claim_of_the_ledger_names_its_paper(run: Any) -> None:
    ended = run("show", "A.fact.exponential")
    assert ended.code == 0
    assert ended.out.startswith("A.fact.exponential  ")
    assert "Wu, Marion, Biau, Boyer: Taking a Big Step" in ended.out


def test_a_part_with_a_single_claim_is_that_claim(run: Any, folder: Path) -> None:
    (folder / "one.py").write_text(
        "from sympy import Symbol\nfrom proofs_check import *\n"
        "a = Symbol('a', real=True)\n"
        "c = Claim(id='V.only', says='s', given={a: reals}, lhs=a**2, rel='>=', rhs=0,"
        " evidence=(Search(examples=5, hypothesis_examples=0),), broken=(flip(),))\n"
    )
    assert run("show", "V", "one.py").out.startswith("V.only  s\n")


CONSTANT = """
from sympy import Rational, Symbol
from proofs_check import *

a, c = Symbol("a", real=True), Symbol("c", positive=True)
V = Claim(id="V", says="s", given={a: Real(lo=0, hi=1)}, lhs=a * (1 - a), rel="<=", rhs=c,
          constant=Constant(c, Rational(1, 2)), evidence=(Enclosure(),), broken=(flip(),))
"""


def test_a_constant_is_shown_with_its_recorded_bracket(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.py").write_text(CONSTANT)
    path = folder / "best_constants.json"
    monkeypatch.setattr(best_constants, "RECORD", path)
    assert "  constant c    printed 1/2\n    best value not recorded; " in (
        run("show", "V", "mine.py").out
    )
    claim = constant_of_file(folder / "mine.py", "V")
    found = best_constants.bracket(claim, best_constant(claim, seconds=1))
    best_constants.update_brackets(path, {"V": found}, ledger=["V"])
    out = run("show", "V", "mine.py").out
    assert "  constant c    printed 1/2\n    best value    1/4\n" in out
    assert "    lower end     a certified failure at a = 1/2\n" in out
    assert "    upper end     PROVED by enclosure: " in out
    assert "    factor given away: 2\n" in out
