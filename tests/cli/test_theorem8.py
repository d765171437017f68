"""``scoreproof theorem8``: the numbers of Theorem 8, and the committed page of them."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs_check.regime import regime
from proofs_check.theorem8_table import standard_sample, table_rows

PAGE = Path(__file__).parents[2] / "docs" / "theorem-8.md"


def test_the_committed_page_is_what_the_command_makes(run: Any) -> None:
    ended = run("theorem8")
    assert ended.code == 0
    assert ended.out == PAGE.read_text("utf-8")


def test_the_theorem_speaks_at_its_noise_level_and_not_well_above() -> None:
    scale = Fraction(4, 5)
    for row in table_rows([10, 12], [scale], seed=3):
        assert row.found.applies("A.thm8")
        points = standard_sample(row.kind, row.size, seed=3)
        # rounding to three digits loses at most one per cent
        louder = regime(points, scale, row.noise * Fraction(102, 100))
        assert not louder.applies("A.thm8")
        assert row.found.optimal_risk <= row.found.excess


def test_narrow_samples_have_a_smaller_amended_threshold() -> None:
    # the missing Delta^3 matters for Delta < 1 only
    even, drawn = table_rows([10], [Fraction(4, 5)], seed=0)
    assert even.found.printed.optimal == even.found.amended.optimal
    assert drawn.found.spacing < 1
    assert drawn.found.amended.optimal < drawn.found.printed.optimal


def test_samples_are_exact_and_repeatable(run: Any) -> None:
    drawn = standard_sample("Gaussian", 8, seed=1)
    assert drawn == standard_sample("Gaussian", 8, seed=1) == sorted(set(drawn))
    assert standard_sample("Gaussian", 8, seed=2) != drawn
    with pytest.raises(ValueError, match="kind was 'uniform'"):
        standard_sample("uniform", 8, seed=1)
    rows = re.findall(
        r"^\| Gaussian \| 5 ", run("theorem8", "--n", "5", "--seed", "1").out, re.MULTILINE
    )
    assert len(rows) == 4  # two tables for each of two values of mu


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--n", "3"), "--n: '3' is not a whole number of at least 4"),
        (("--seed", "x"), "--seed: 'x' is not a whole number"),
        (("--out", "no/where/page.md"), "--out: there is no folder no"),
    ],
)
def test_bad_input_is_one_line(run: Any, words: tuple[str, ...], said: str) -> None:
    ended = run("theorem8", *words)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
