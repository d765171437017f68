"""Enclosures hold their numbers; and an arithmetic that does not is found out."""

import random
from fractions import Fraction
from typing import Any

import mpmath
import pytest

from numerics.checkpoints import NoCheckpoint
from numerics.experiments.experiment import Arrays
from proofs_check import balls, intervals, recheck
from proofs_check.trust import containment
from proofs_check.trust.containment import CHECKS, EXPERIMENT, exact_value, random_tree


def cell(formulas: int = 25) -> Arrays:
    parameters: dict[str, str | int] = {
        "chunk": 7,
        "formulas": formulas,
        "points": 8,
        "engine": "",
    }
    return EXPERIMENT.run(parameters, NoCheckpoint())


def failed(found: Arrays) -> dict[str, int]:
    return dict(zip(CHECKS, found["failed"].tolist(), strict=True))


def test_every_enclosure_holds_its_number() -> None:
    found = cell()
    assert int(found["tried"]) > 80
    assert set(failed(found).values()) == {0}, found["failures"]


def test_a_wrong_exponential_of_the_intervals_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = intervals._at_end

    def wrong(name: str, end: Any) -> Any:
        return sound(name, end) * (1 + 2**-8 if name == "exp" else 1)

    monkeypatch.setattr(intervals, "_at_end", wrong)
    assert failed(cell())["interval"] > 0


def test_a_wrong_error_function_of_the_balls_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = balls._ball_unary

    def wrong(name: str, value: Any) -> Any:
        return sound(name, value).mid() * (1 + 2**-12) if name == "erf" else sound(name, value)

    monkeypatch.setattr(balls, "_ball_unary", wrong)
    counts = failed(cell())
    assert counts["ball"] > 0
    assert counts["ball meets fractions"] > 0


def test_rounding_inwards_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def inwards(low: Any, high: Any) -> Any:
        bits = recheck.NOW.bits
        return -recheck.down(-low, bits), recheck.down(high, bits)

    monkeypatch.setattr(recheck, "_out", inwards)
    assert failed(cell())["fractions"] > 0


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (["pow", "x", "1/2"], mpmath.sqrt(2)),
        (["pow", "x", "-2"], mpmath.mpf(1) / 4),
        (["add", ["exp", "y"], "1/2"], mpmath.e + 0.5),
        (["mul", "x", ["log", "x"]], 2 * mpmath.log(2)),
    ],
)
def test_the_number_itself(tree: Any, value: Any) -> None:
    found = exact_value(tree, {"x": Fraction(2), "y": Fraction(1)})
    assert mpmath.almosteq(found, value, rel_eps=1e-14)


@pytest.mark.parametrize("tree", [["log", "y"], ["pow", "y", "1/2"], ["pow", "x", "-1"]])
def test_what_has_no_value(tree: Any) -> None:
    with pytest.raises(ArithmeticError):
        exact_value(tree, {"x": Fraction(0), "y": Fraction(-1)})


def test_formulas_use_every_operation() -> None:
    rng = random.Random(0)
    text = str([random_tree(rng, 4) for _ in range(50)])
    assert all(name in text for name in (*containment._SYMPY, "pow", "x", "y"))
