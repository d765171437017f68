"""What the checker evaluates by itself: eigenvalues, recursions, local names, digamma, cells."""

import copy
import random
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import fmpq

from proofs_check import recheck
from proofs_check.balls import precision
from proofs_check.certificates import definitions
from proofs_check.domains_network import network
from proofs_check.ledger import load
from proofs_check.plain_definitions import written_definitions
from proofs_check.quantities import reverse_balls
from proofs_check.quantities.network_curvature import HessianEntry, HessianPart, KnotPart
from proofs_check.quantities.network_risk import HessianTop, TangentTop, TruncatedTop
from proofs_check.serialised import record


@pytest.fixture(autouse=True)
def _written() -> Any:
    recheck.NOW.opaque, recheck.NOW.definitions = None, written_definitions()
    yield
    recheck.NOW.definitions = {}


def value(tree: Any, env: Any = None, bits: int = 64) -> tuple[Any, Any]:
    low, high = recheck._at(tree, env or {}, bits)
    return low, high


def matrix(entries: list[list[Any]]) -> Any:
    rows = ["tuple", *(["tuple", *map(str, row)] for row in entries)]
    return ["top", ["item", ["item", rows, "j"], "k"], "j", "k", str(len(entries))]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_largest_eigenvalue_is_enclosed(size: int) -> None:
    rng = np.random.default_rng(size)
    for _ in range(5):
        half = rng.integers(-9, 10, (size, size))
        low, high = value(matrix((half + half.T).tolist()))
        top = float(np.linalg.eigvalsh(half + half.T)[-1])
        # float64 is right to 1e-13 of the norm, at most 90 here; 64 cuts leave next to nothing
        assert low - Fraction(1, 10**10) <= Fraction(top) <= high + Fraction(1, 10**10)
        assert high - low < Fraction(1, 10**6)


def test_an_eigenvalue_of_an_unsure_matrix_stays_unsure() -> None:
    entry = ["between", "1", "2"]
    low, high = value(["top", entry, "j", "k", "1"])
    assert low <= 1
    assert high >= 2


def test_ranges_need_not_be_in_order() -> None:
    assert value(["between", "2", "1"]) == (1, 2)


def test_steps_are_repeated_and_names_are_local() -> None:
    double = ["fold", ["mul", "2", "x"], "x", "3", "k", "1", "5"]
    assert value(double) == (96, 96)
    assert value(["let", ["add", "x", ["let", "x", "x", "7"]], "x", "1"]) == (8, 8)
    with pytest.raises(ArithmeticError, match="backwards"):
        value(["fold", "x", "x", "0", "k", "3", "1"])


def test_logarithms_cancel_only_if_they_do() -> None:
    double = ["mul", "2", ["log", "x"]]
    for x in (Fraction(3), Fraction(5, 7)):
        assert recheck._holds([["log", "y"], "==", double], {"x": x, "y": x * x}) is None
        assert recheck._holds([["log", "x"], ">", ["log", "y"]], {"x": x, "y": x}) is False
        assert recheck._holds([["log", "x"], ">=", ["log", "y"]], {"x": x, "y": x}) is True


def test_digamma_contains_the_value() -> None:
    rng = random.Random(0)
    for _ in range(40):
        x = Fraction(rng.randint(1, 10**6), rng.randint(1, 10**4))
        low, high = value(["digamma", "x"], {"x": x}, 256)
        with mpmath.workprec(600):
            exact = mpmath.digamma(mpmath.mpf(x.numerator) / x.denominator)
            assert mpmath.mpf(low.numerator) / low.denominator <= exact
            assert exact <= mpmath.mpf(high.numerator) / high.denominator
        # 24 terms after 40 steps are right to 54 digits
        assert high - low < Fraction(1, 10**50) * (1 + abs(low))


def overlap(found: tuple[Fraction, Fraction], ball: Any) -> bool:
    """Return whether two enclosures of one number meet, and the first is no wider than 1e-6."""
    low, high = (float(e) for e in found)
    # float64 moves an end by 1e-16 of its size, which is below 10 here
    meet = low - 1e-14 <= float(ball.upper()) and high + 1e-14 >= float(ball.lower())
    return meet and high - low < 1e-6


NET = network((1, Fraction(3, 4), Fraction(-1, 8)), (-1, Fraction(1, 3), Fraction(1, 2)))
SAMPLE = (Fraction(-1), Fraction(0), Fraction(2))


def at(name: str, *more: str) -> Any:
    env = {"X": list(SAMPLE), "mu": Fraction(2, 3), "sigma": Fraction(1, 2), "net": list(NET)}
    return value(["call", name, "X", "mu", "sigma", "net", *more], env)


def ball(kind: Any, *more: int) -> Any:
    exact = [fmpq(v.numerator, v.denominator) for v in (Fraction(2, 3), Fraction(1, 2))]
    sample, net = (tuple(fmpq(v.numerator, v.denominator) for v in s) for s in (SAMPLE, NET))
    with precision(128):
        return kind.ball(sample, *exact, net, *more)


@pytest.mark.parametrize("kind", [TangentTop, HessianTop, TruncatedTop])
def test_both_routes_to_the_sharpness_meet(kind: Any) -> None:
    assert overlap(at(kind.__name__), ball(kind))


def test_both_routes_to_each_entry_meet() -> None:
    for p in range(1, 5):
        for q in range(1, 5):
            places = str(p), str(q)
            assert overlap(at("HessianEntry", *places, "1"), ball(HessianEntry, p, q, 1))
            assert overlap(at("HessianPart", *places), ball(HessianPart, p, q))
            for signed in (0, 1):
                found = at("KnotPart", *places, str(signed))
                assert overlap(found, ball(KnotPart, p, q, signed))


def test_both_routes_to_the_floor_of_a_mixture_meet() -> None:
    low, high = value(["call", "MixtureFloor", "2"])
    exact = reverse_balls.mixture_floor(fmpq(2))
    assert float(low) <= float(exact) <= float(high)
    # 400 cells: a length of 0.035, squared over 24, times the variation of the slope
    assert high - low < 1e-4


REFUTED: dict[str, dict[str, Any]] = {
    "B.discretisation": {"K": "3", "m": "3", "lambda": "1", "T": "1"},
    "A.code.sharpness.knots": {
        "mu": "1/2",
        "sigma": "1/2",
        "X": ["0", "1"],
        "theta": ["1", "1", "0", "1"],
    },
    "B.regime.collapse": {"d": "2", "gamma": "1"},
    "A.prop10.P1": {
        "mu": "1/2",
        "sigma": "1/2",
        "X": ["0", "1"],
        "theta": ["1", "1", "0", "1", "-1", "1", "0", "1"],
    },
}


SLOW = "B.discretisation"
"""Its integrals take seconds."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.slow if n == SLOW else ()) for n in REFUTED]
)
def test_a_witness_is_checked_by_another_route(name: str) -> None:
    claim = load()[name]
    row = {
        "method": "search",
        "verdict": "REFUTED",
        "witness": {"values": REFUTED[name]},
        "certificate": {"definitions": definitions(claim)},
    }
    entry = {"exact": record(claim)}
    assert recheck._finding(entry, row, {}) == "witnesses"
    # a statement that is true there is not refuted by the same numbers
    turned = copy.deepcopy(entry)
    turned["exact"]["rel"] = {"<=": ">=", ">=": "<=", ">": "<=", "==": ">="}[claim.rel.value]
    with pytest.raises(ValueError, match="does not hold or fail"):
        recheck._finding(turned, row, {})
