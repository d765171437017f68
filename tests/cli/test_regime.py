"""``scoreproof regime``: hypotheses by name, the parts of sigma_0, and bad input in one line."""

import math
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofs_check.regime import Regime, regime

EQUAL = tuple(Fraction(k) for k in range(20))
GOOD = ("--mu", "0.8", "--sigma", "0.5")


def at(sigma: str, points: tuple[Fraction, ...] = EQUAL, mu: str = "0.8") -> Regime:
    return regime(points, Fraction(mu), Fraction(sigma))


def test_the_papers_experiments_lie_outside_every_regime() -> None:
    for mu, sigma in (("0.81", "0.57"), ("0.95", "0.31")):
        found = at(sigma, tuple(Fraction(k, 5) for k in range(20)), mu)
        assert not any(found.applies(c) for c in ("A.prop2b", "A.thm4", "A.prop7", "A.thm8"))


def test_each_hypothesis_holds_up_to_its_threshold() -> None:
    limits = {
        "A.prop2b": 0.8 / 2,
        "A.thm4": 0.8 / (2 * math.sqrt(math.log(16 * 20**3))),
        "A.prop7": 0.8 / 8,
        "A.thm8": float(at("0.5").amended.least),
    }
    for claim, limit in limits.items():
        below, above = (Fraction(limit * (1 + e)).limit_denominator(10**12) for e in (-1e-6, 1e-6))
        assert regime(EQUAL, Fraction(4, 5), below).applies(claim)
        assert not regime(EQUAL, Fraction(4, 5), above).applies(claim)


def test_the_second_part_is_where_the_optimal_risk_meets_its_share() -> None:
    found = at("0.5")
    level = Fraction(str(found.amended.optimal)).limit_denominator(10**15)
    there = regime(EQUAL, Fraction(4, 5), level)
    # R_n(s*) may be at most what the excess leaves: the same number, since the share is one half
    assert abs(there.optimal_risk / there.excess - 1) < 1e-6  # 15 digits enter exp(-mu^2/32 s^2)


def test_the_missing_cube_moves_the_second_part_for_narrow_data_only() -> None:
    narrow = at("0.5", tuple(Fraction(k, 10) for k in range(20)))
    assert narrow.printed.optimal > narrow.amended.optimal
    assert abs(at("0.5").printed.optimal / at("0.5").amended.optimal - 1) < 1e-12  # Delta = 1


def test_three_points_are_too_few_for_the_repaired_theorem() -> None:
    tiny = at("0.000000001", EQUAL[:3])
    assert tiny.applies("A.thm4")
    assert not tiny.applies("A.prop7")
    assert not tiny.applies("A.thm8")


def test_scaling_of_the_bounds() -> None:
    one, two = at("0.01"), at("0.005")
    # 1/sigma^4, 1/sigma^2 and sigma^2 in turn, to the 15 digits that are carried
    assert abs(two.variation_optimal / one.variation_optimal - 16) < 1e-9
    assert abs(two.variation_network / one.variation_network - 4) < 1e-9
    assert abs(one.learning_rate / two.learning_rate - 4) < 1e-9


@pytest.mark.parametrize(
    ("points", "mu", "sigma", "said"),
    [
        ((Fraction(1),), "0.5", "0.5", "x had 1 point; it needs at least 2"),
        ((Fraction(1), Fraction(1)), "0.5", "0.5", "x repeated the point 1"),
        (EQUAL, "1", "0.5", "mu was 1; it must lie in (0, 1)"),
        (EQUAL, "0.5", "0", "sigma was 0; it must lie in (0, 1)"),
    ],
)
def test_the_function_refuses(points: tuple[Fraction, ...], mu: str, sigma: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"must|needs") as caught:
        at(sigma, points, mu)
    assert said in str(caught.value)


FILES: dict[str, tuple[str, str]] = {
    "NaN": ("1\nnan\n", "line 2 is 'nan'; give a finite number"),
    "NaN first": ("nan\n1\n", "line 1 is 'nan'; give a finite number"),
    "infinite": ("1\ninf\n", "line 2 is 'inf'; give a finite number"),
    "words": ("1\ntwo\n", "line 2 is 'two'; give a finite number"),
    "repeated": ("1\n2\n1.0\n", "x repeated the point 1; points must be distinct"),
    "one point": ("x\n1\n", "x had 1 point; it needs at least 2"),
    "empty": ("", "x had 0 points; it needs at least 2"),
    "two columns": ("1,2\n3,4\n", "line 1 has several columns; give one number a line"),
}


@pytest.mark.parametrize("name", FILES)
def test_bad_files_are_one_line(run: Callable[..., Any], folder: Path, name: str) -> None:
    text, said = FILES[name]
    (folder / "data.csv").write_text(text, encoding="utf-8")
    ended = run("regime", "data.csv", *GOOD)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.csv", *GOOD), "missing.csv: cannot be read"),
        ((".", *GOOD), "cannot be read"),
        (("data.csv", "--mu", "0.8"), "--sigma"),
        (("data.csv", "--mu", "2", "--sigma", "0.5"), "--mu: '2' is not a number between 0 and 1"),
        (("data.csv", "--mu", "0.8", "--sigma", "nan"), "--sigma: 'nan' is not a number"),
    ],
)
def test_bad_words_are_one_line(
    run: Callable[..., Any], folder: Path, words: tuple[str, ...], said: str
) -> None:
    (folder / "data.csv").write_text("1\n2\n", encoding="utf-8")
    ended = run("regime", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_the_command_names_what_holds(run: Callable[..., Any], folder: Path) -> None:
    (folder / "data.csv").write_text("value\n0\n10\n20\n30\n", encoding="utf-8")
    ended = run("regime", "data.csv", "--mu", "0.9", "--sigma", "0.01")
    assert ended.code == 0
    assert ended.err == ""
    assert "sigma_0" in ended.out
    assert "A.prop7 says: " in ended.out
