"""``scoreproof planted``: false variants, and what the engine says of them."""

import csv
from pathlib import Path
from typing import Any

CLAIMS = """
from sympy import Rational, Symbol
from proofs_check import *

a = Symbol("a", real=True)


def made(name, *broken, rel="<="):
    return Claim(id=name, says="s", given={a: Real(lo=0, hi=1)}, lhs=a * (1 - a), rel=rel,
                 rhs=Rational(1, 4), evidence=(Enclosure(),), broken=broken)


fine = made("P.fine", flip(), scale("rhs", Rational(99, 100), name='a "hundredth", less'))
"""
TOOTHLESS = """
loose = made("P.loose", flip(), scale("rhs", Rational(101, 100)))
"""
FALSE = """
false = made("P.false", flip(), rel=">=")
"""


def test_variants_that_are_refuted(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS)
    ended = run("planted", "mine.py", "--seeds", "2", "--csv", "out/rows.csv")
    assert ended.code == 0
    assert ended.out.splitlines() == [
        "2 false variants of 1 claims, 2 seeds",
        "  proved or enclosed by some method: 0",
        "  refuted with an exact witness in every run: 2 (100.0 %)",
        "  undecided in some run: 0",
        "claims whose verdict depends on the seed: 0",
    ]
    with Path("out/rows.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["variant"], r["outcome"], r["refuted"], r["runs"]) for r in rows] == [
        ("relation reversed", "refuted", "2", "2"),
        ('a "hundredth", less', "refuted", "2", "2"),
    ]
    assert rows[1]["witness"].startswith("a = ")


def test_an_accepted_variant_is_a_hole(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS + TOOTHLESS)
    ended = run("planted", "mine.py", "P.loose")
    assert ended.code == 1
    assert "  proved or enclosed by some method: 1\n" in ended.out
    assert "  accepted: P.loose ~ rhs times 101/100 by enclosure\n" in ended.out


def test_a_refuted_claim_has_no_false_neighbours(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS + FALSE)
    ended = run("planted", "mine.py", "--csv", "rows.csv")
    assert ended.out.startswith("2 false variants of 1 claims, 1 seeds\n")
    assert "P.false" not in Path("rows.csv").read_text(encoding="utf-8")


def test_only_refuted_claims_leave_an_empty_table(run: Any, folder: Path) -> None:
    (folder / "mine.py").write_text(CLAIMS + FALSE)
    ended = run("planted", "mine.py", "P.false", "--csv", "rows.csv")
    assert ended.code == 0
    header = "claim,variant,outcome,refuted,runs,accepted_by,witness\n"
    assert Path("rows.csv").read_text(encoding="utf-8") == header
