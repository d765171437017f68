"""What a printed constant gives away: in words, as a picture, in every report."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from sympy import Rational, Symbol

from proofs_check import Claim, Constant, Enclosure, Real, Rel, flip
from proofs_check.engine import check_ledger
from proofs_check.ledger.best_constants import Bracket, bracket
from proofs_check.loading import Claims, Origin
from proofs_check.repair import best_constant
from proofs_check.report import html, json_ledger, latex, markdown
from proofs_check.report.build import build
from proofs_check.report.constant_section import _counted, constant_section, constants_table
from proofs_check.report.document import BestRow, ConstantRow, Document
from proofs_check.report.read_ledger import read_ledger
from proofs_check.report.slack import Slack, best_words, factor_words, outward, slack, table
from proofs_check.report.slack_plot import slack_plot

A, C = Symbol("a", real=True), Symbol("c", positive=True)


def row(
    printed: str, lo: str | None, hi: str | None, *, larger: bool = True, certified: bool = True
) -> ConstantRow:
    """Return a constant with a bracket, and the slack that goes with it."""
    small, large = (None if e is None else str(Fraction(printed) / Fraction(e)) for e in (hi, lo))
    best = BestRow(
        lo=lo, hi=hi, slack_lo=small, slack_hi=large, lo_by="low", hi_by="up", certified=certified
    )
    return ConstantRow(
        symbol="c", printed=printed, larger_is_weaker=larger, power_of_two=False, best=best
    )


CASES = [
    # statement, best value, factor given away; the numbers by hand
    (row("1/2", "1/4", "1/4"), "1/4", "2"),
    (row("2", "1/8", "2"), "between 1/8 and 2", "at most 16"),
    (row("2", "1", "3/2"), "between 1 and 3/2", "4/3 to 2"),
    (row("2", None, "3/2"), "at most 3/2", "at least 4/3"),
    (row("2", None, "2"), "at most 2", "not known"),
    (row("1/4", "1/4", "1/4"), "1/4", "1: best possible"),
    (row("1/8", "1/4", None, certified=False), "at least 1/4", "the printed value does not hold"),
    (row("2", "1/8", "2", certified=False), "at least 1/8", "at most 16"),
    (row("1/8", "1/4", "1/2", larger=False), "between 1/4 and 1/2", "2 to 4"),
    (row("1/2", None, "1/4", larger=False, certified=False), "at most 1/4", None),
    (row("1/8", "1/8", "1/2", larger=False, certified=False), "at most 1/2", "at most 4"),
    (row("1/8", "1/8", None, larger=False), "at least 1/8", "not known"),
]


@pytest.mark.parametrize(("constant", "best", "factor"), CASES)
def test_a_bracket_in_words(constant: ConstantRow, best: str, factor: str | None) -> None:
    assert best_words(constant) == best
    found = slack(constant)
    assert found is not None
    assert factor_words(found) == (factor or "the printed value does not hold")


def test_without_a_bracket_there_is_no_slack() -> None:
    bare = replace(row("1", "1", "1"), best=None)
    signless = row("1", "1", "1")
    assert signless.best is not None
    signless = replace(signless, best=replace(signless.best, slack_lo=None, slack_hi=None))
    assert slack(bare) is slack(signless) is None
    assert best_words(bare) == "not known"
    assert constant_section(None) == ""
    assert "<svg" not in constant_section(bare)
    nowhere = (replace(row("1", "1", "1"), printed=p) for p in ("-1", "0", "sqrt(2)", "1/0"))
    assert [slack_plot(c) for c in (bare, *nowhere)] == [""] * 5


@pytest.mark.parametrize(
    "value", ["99999999/100000000", "100000001/100000000", "4567123/99", "1/123456789"]
)
def test_a_number_is_rounded_outward(value: str) -> None:
    down, up = (Fraction(outward(value, up=up)) for up in (False, True))
    assert down <= Fraction(value) <= up
    assert up - down <= Fraction(value) / 1000  # four digits


def regions(constant: ConstantRow) -> list[tuple[str, float, float]]:
    """Return the regions of a picture with their ends."""
    found = re.findall(r'<path class="(\w+)" d="M([\d.e-]+) 32H([\d.]+)"', slack_plot(constant))
    return [(kind, float(start), float(end)) for kind, start, end in found]


@pytest.mark.parametrize(
    ("constant", "kinds"),
    [
        (row("2", "1/8", "2"), ["fails", "open", "holds"]),
        (row("1/2", "1/4", "1/4"), ["fails", "holds"]),
        (row("2", None, "2"), ["open", "holds"]),
        (row("2", "1/8", "2", certified=False), ["fails", "open"]),
        (row("1/8", "1/4", "1/2", larger=False), ["holds", "open", "fails"]),
        (row("1/2", None, "1/4", larger=False, certified=False), ["open", "fails"]),
    ],
)
def test_the_regions_of_a_picture_fill_the_axis(constant: ConstantRow, kinds: list[str]) -> None:
    found = regions(constant)
    assert [kind for kind, *_ in found] == kinds
    assert found[0][1] == 0
    assert found[-1][2] == 360
    assert all(one[2] == other[1] for one, other in pairwise(found))


def test_the_axis_is_logarithmic_and_the_printed_value_is_marked() -> None:
    wide = row("4", "1/4", "4")
    (_, _, low), (_, _, high), _ = regions(wide)
    (mark,) = (float(x) for x in re.findall(r'class="mark" d="M([\d.]+) ', slack_plot(wide)))
    # beyond the ends lies a quarter of their distance
    assert low == pytest.approx(60, abs=0.1)  # the picture has four digits
    assert high == mark == pytest.approx(300, abs=0.1)


def test_a_picture_says_what_it_shows() -> None:
    assert (
        'role="img" aria-label="c on a logarithmic scale: fails below 1/8, holds from 2 on; '
        'printed 2"'
    ) in slack_plot(row("2", "1/8", "2"))
    assert "scale: fails above 1/2, holds up to 1/4; printed 1/8" in slack_plot(
        row("1/8", "1/4", "1/2", larger=False)
    )
    assert "holds" not in slack_plot(row("2", "1/8", "2", certified=False))


def claim(name: str, printed: Rational) -> Claim:
    return Claim(
        id=name,
        says="a (1 - a) is at most c",
        given={A: Real(lo=0, hi=1)},
        lhs=A * (1 - A),
        rel=Rel.LE,
        rhs=C,
        constant=Constant(C, printed),
        evidence=(Enclosure(),),
        broken=(flip(),),
    )


CLAIMS = {c.id: c for c in (claim("S.tight", Rational(1, 4)), claim("S.loose", Rational(1, 2)))}


@pytest.fixture(scope="module")
def brackets() -> Mapping[str, Bracket]:
    return {name: bracket(c, best_constant(c, seconds=1)) for name, c in CLAIMS.items()}


def document(claims: Mapping[str, Claim], brackets: Mapping[str, Bracket]) -> Document:
    mine = Claims(by_id=claims, mine=frozenset(claims), origin=Origin())
    return build(mine, check_ledger(claims), {}, brackets=brackets)


def test_every_report_lists_the_constants_most_slack_first(
    brackets: Mapping[str, Bracket], tmp_path: Path
) -> None:
    made = document(CLAIMS, brackets)
    assert table(made) == [
        ("S.loose", "1/2", "1/4", "2"),
        ("S.tight", "1/4", "1/4", "1: best possible"),
    ]
    assert "| S.loose | 1/2 | 1/4 | 2 |\n| S.tight | 1/4 |" in markdown.render(made)
    assert "S.loose & 1/2 & 1/4 & 2\\\\\nS.tight & 1/4 &" in latex.render(made)
    page = html.render(made)
    assert page.index(">S.loose</a></th><td>1/2</td><td>1/4</td><td>2</td>") < page.index(
        ">S.tight</a></th><td>1/4</td>"
    )
    assert "<li><a href=#front-constants>Constants</a></li>" in page
    assert page.count('aria-label="c on a logarithmic scale: fails below 1/4') == len(CLAIMS)
    kept = json.loads(json_ledger.render(made))["entries"][1]["constant"]["best"]
    assert {k: kept[k] for k in ("lo", "hi", "slack_lo", "slack_hi", "certified")} == {
        "lo": "1/4",
        "hi": "1/4",
        "slack_lo": "2",
        "slack_hi": "2",
        "certified": True,
    }
    assert kept["lo_by"].startswith("a certified failure at a = 1/2")
    assert kept["hi_by"].startswith("PROVED by enclosure")
    path = tmp_path / "ledger.json"
    path.write_text(json_ledger.render(made))
    assert read_ledger(path) == made


def test_a_ledger_without_best_constants_is_read(
    brackets: Mapping[str, Bracket], tmp_path: Path
) -> None:
    made = document(CLAIMS, {})
    data = json.loads(json_ledger.render(made))
    for entry in data["entries"]:
        del entry["constant"]["best"]
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps(data))
    assert read_ledger(path) == made
    assert constants_table(made) == ""
    assert "Constants" not in markdown.render(made) + latex.render(made) + html.render(made)


def test_a_bracket_of_another_statement_is_not_shown(brackets: Mapping[str, Bracket]) -> None:
    edited = {"S.loose": claim("S.loose", Rational(1, 3))}
    (shown,) = document(edited, brackets).entries
    assert shown.constant is not None
    assert shown.constant.best is None


def test_constants_are_counted() -> None:
    found = [
        Slack(least=Fraction(1), most=Fraction(1)),
        Slack(least=Fraction(3), most=Fraction(200)),
        Slack(least=Fraction(1), most=None),
        Slack(least=None, most=Fraction(1, 2)),
    ]
    assert _counted(found) == (
        "4 numbers of statements. Best possible up to a millionth: 1. Known to give something "
        "away: 1. False as printed: 1. A factor of 100 or more not excluded: 2."
    )
