"""Long formulas are broken before relations and signs, and nothing of them is lost."""

import re
from itertools import pairwise

import pytest

from proofs_check.report.document import Formula
from proofs_check.report.long_formula import LONG, WIDE, displayed
from proofs_check.report.markup import formula


def shown(latex: str) -> str:
    return displayed(Formula(text="", latex=latex))


def pieces(latex: str) -> list[str]:
    """Return what is seen of each piece of a formula."""
    return [re.sub("<[^>]*>", "", p) for p in re.findall("<math.*?</math>", shown(latex))]


SUM = "+".join(["abc"] * (LONG // 4 + 1))


def test_a_short_formula_stays_whole() -> None:
    source = r"a+b \le \frac{c}{d}"
    whole = formula(Formula(text="", latex=source), block=True)
    assert shown(source) == f'<div class="formula">{whole}</div>'


@pytest.mark.parametrize(
    "latex",
    [
        f"f(x) = {SUM}",
        rf"{SUM} \le \left(a+\frac{{1}}{{b}}\right)-c",
        rf"x < {SUM}, \quad y > 1 \Rightarrow z \ge 0",
        rf"\sqrt{{a+b}} = \sum_{{i=1}}^{{n}} x_i - {SUM}",
    ],
)
def test_nothing_of_a_broken_formula_is_lost(latex: str) -> None:
    whole = re.sub("<[^>]*>", "", formula(Formula(text="", latex=latex), block=True))
    found = pieces(latex)
    assert "".join(found) == whole
    assert len(found) > LONG // 4
    for before, after in pairwise(found):
        assert before.endswith(",") or after[0] in "=+≤≥⇒\N{MINUS SIGN}&"
    # a sign that begins a row stands for an operation, not for the sign of a number
    assert not re.search(r"</math> <math[^>]*><mo>", shown(latex))


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (rf"K({SUM}) = c", 2),
        (rf"\left[{SUM}\right] = c", 2),
        (rf"\frac{{{SUM}}}{{b}}", 1),
        (rf"\left({SUM}\right)", 1),
    ],
)
def test_no_line_ends_within_brackets_or_fractions(latex: str, expected: int) -> None:
    assert len(pieces(latex)) == expected


def test_what_stays_wide_is_marked_for_paper() -> None:
    fits = "x" * (WIDE - 1)
    assert shown(rf"\frac{{{fits}}}{{}}").startswith('<div class="formula">')
    assert shown(rf"\frac{{{fits}x}}{{}}").startswith('<div class="formula wide" tabindex="0">')
    assert shown(rf"{fits[1:]} = {fits[1:]}").startswith('<div class="formula">')
