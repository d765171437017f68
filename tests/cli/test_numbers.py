"""``scoreproof numbers``: pages of numbers, and the committed ones."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs_check.commands.numbers import PAGES
from proofs_check.regime import regime
from proofs_check.report.edge_page import edge_rows
from proofs_check.report.variation_page import row
from proofs_check.theorem8_table import standard_sample, table_rows

DOCS = Path(__file__).parents[2] / "docs"


def test_the_committed_page_is_what_the_command_makes(run: Any) -> None:
    ended = run("numbers", "theorem8")
    assert ended.code == 0
    assert ended.out == (DOCS / "theorem-8.md").read_text("utf-8")


def test_the_theorem_speaks_at_its_noise_level_and_not_well_above() -> None:
    scale = Fraction(4, 5)
    for found in table_rows([10, 12], [scale], seed=3):
        assert found.found.applies("A.thm8")
        points = standard_sample(found.kind, found.size, seed=3)
        # rounding to three digits loses at most one per cent
        louder = regime(points, scale, found.noise * Fraction(102, 100))
        assert not louder.applies("A.thm8")
        assert found.found.optimal_risk <= found.found.excess


def test_narrow_samples_have_a_smaller_amended_threshold() -> None:
    # the missing Delta^3 matters for Delta < 1 only
    even, drawn = table_rows([10], [Fraction(4, 5)], seed=0)
    assert even.found.printed.optimal == even.found.amended.optimal
    assert drawn.found.spacing < 1
    assert drawn.found.amended.optimal < drawn.found.printed.optimal


def test_samples_are_exact_and_repeatable() -> None:
    drawn = standard_sample("Gaussian", 8, seed=1)
    assert drawn == standard_sample("Gaussian", 8, seed=1) == sorted(set(drawn))
    assert standard_sample("Gaussian", 8, seed=2) != drawn
    with pytest.raises(ValueError, match="kind was 'uniform'"):
        standard_sample("uniform", 8, seed=1)


def test_the_committed_variation_is_what_a_row_gives() -> None:
    text = (DOCS / "least-variation.md").read_text("utf-8")
    for size in (2,):
        found = row(size, 10)
        cells = re.findall(rf"^\| {size} \| (\S+) \| (\S+) \|", text, re.MULTILINE)[0]
        # four digits are printed; what guides the certificates may differ in its rounding
        assert float(cells[0]) == pytest.approx(found.lower, rel=2e-3)
        assert float(cells[1]) == pytest.approx(found.upper, rel=2e-3)


def test_every_page_is_committed_as_the_command_says() -> None:
    for name in PAGES:
        made = [
            p for p in DOCS.glob("*.md") if f"scoreproof numbers {name}" in p.read_text("utf-8")
        ]
        assert len(made) == 1, name


def test_small_steps_are_stable_and_sgd_repeats() -> None:
    slow = edge_rows("full", 1, rates=(0.02,), time=4.0)[0]
    assert max(slow.largest) < 1
    assert slow.first == edge_rows("full", 1, rates=(0.02,), time=0.02)[0].first
    noisy = [edge_rows("mean", 1, rates=(0.1,), time=2.0)[0].last for _ in range(2)]
    assert noisy[0] == noisy[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("theorem",), "NAME: invalid choice: 'theorem'"),
        (("theorem8", "--seed", "x"), "--seed: 'x' is not a whole number"),
        (("theorem8", "--out", "no/where/page.md"), "--out: there is no folder no"),
    ],
)
def test_bad_input_is_one_line(run: Any, words: tuple[str, ...], said: str) -> None:
    ended = run("numbers", *words)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1
