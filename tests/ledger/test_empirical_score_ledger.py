"""Section 1 of paper A: every row has a claim, the verdicts, and the two faces of each quantity."""

import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from importlib import import_module
from itertools import pairwise
from typing import Any

import mpmath
import pytest
from sympy import Symbol

from proofs_check.balls import ball_value, to_ball
from proofs_check.claim import Claim
from proofs_check.engine import Result, check, check_ledger, order, run_context
from proofs_check.floats import float_value
from proofs_check.functionals import Functional
from proofs_check.ledger import CHAPTERS, collect, load
from proofs_check.quantities import (
    diffusion,
    empirical_score,
    normal,
    posterior,
    score_risk,
    score_variation,
)
from proofs_check.recorded import RECORD, read_record
from proofs_check.verdict import Verdict, Witness

OWN = tuple(
    f"large_learning_rates.{name}"
    for name in (
        "identities",
        "sample_facts",
        "posterior_bounds",
        "score_bounds",
        "score_variation",
    )
)
ROWS = (
    *("A.eq3", "A.eq4", "A.eq6", "A.excess", "A.eq9", "A.lem11"),
    *("A.prop2a", "A.prop2b", "A.prop2b.P1", "A.prop2b.P2", "A.prop2c", "A.prop2c.P1"),
    *("A.cor3a", "A.cor3b", "A.cor3b.P1", "A.cor3b.P2"),
    *("A.lem12", "A.lem12.P1", "A.lem12.P2", "A.lem12.P3"),
)
"""The statements and steps of the catalogue's section 1."""

QUICK = {
    "A.cor3a": Verdict.REFUTED,
    "A.cor3a.amended": Verdict.PROVED,
    "A.eq9": Verdict.PROVED,
    "A.fact.mean": Verdict.PROVED,
    "A.lem12.P3.right": Verdict.PROVED,
    "A.prop2a": Verdict.PROVED,
    "A.prop2b.P1": Verdict.PROVED,
    "A.prop2c.P1.second": Verdict.PROVED,
}


@cache
def claims() -> Mapping[str, Claim]:
    chapters = (import_module(f"proofs_check.ledger.{name}") for name in OWN)
    return collect(claim for chapter in chapters for claim in chapter.CLAIMS)


@cache
def checked(name: str) -> Result:
    return check(claims()[name], run_context(claims(), full=False, seed=0))


# the table


def test_the_chapters_are_in_the_ledger_and_come_first() -> None:
    assert CHAPTERS[: len(OWN)] == OWN
    assert list(load())[: len(claims())] == list(claims())


def test_every_row_of_the_section_has_a_claim() -> None:
    assert len(ROWS) == len(set(ROWS)) == 20
    assert set(ROWS) <= set(claims())


def test_ids_belong_to_the_paper_and_links_stay_in_the_section() -> None:
    assert all(name == c.id and name.startswith("A.") for name, c in claims().items())
    assert all(c.source.paper == "A" and c.source.place for c in claims().values())
    assert set(order(claims())) == set(claims())


def test_steps_of_a_printed_proof_are_named_after_it() -> None:
    for name in ROWS:
        if ".P" in name:
            statement = claims()[name.rsplit(".P", 1)[0]]
            assert name in statement.steps, name


@pytest.mark.parametrize("name", claims())
def test_every_broken_variant_applies(name: str) -> None:
    claim = claims()[name]
    variants = [v.apply(claim) for v in claim.broken]
    assert variants
    assert len({v.id for v in variants}) == len(variants)


def test_the_section_loads_fast() -> None:
    code = (
        "import sympy, time\nfrom importlib import import_module\nstart = time.process_time()\n"
        f"for name in {OWN!r}: import_module('proofs_check.ledger.' + name)\n"
        "print(time.process_time() - start)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    # half a second alone: building the records derives nothing
    assert float(shown.stdout) < 2


# verdicts


@pytest.mark.parametrize("name", QUICK)
def test_verdict_and_controls(name: str) -> None:
    result = checked(name)
    assert result.own is QUICK[name]
    assert result.void == ()
    assert read_record(RECORD)[name].own is QUICK[name]


def jump(witness: Witness, at: Any) -> tuple[Any, Any]:
    """Return both sides of Corollary 3 (i) at a witness, for y = ``at``, in 60 digits."""
    value = witness.values
    sample, i = value["X"], int(value["i"])
    low, high = sample[i - 1], sample[i]
    gap, n = min(b - a for a, b in pairwise(sample)), len(sample)
    mu, sigma = (mpmath.mpf(value[k].numerator) / value[k].denominator for k in ("mu", "sigma"))
    points = [mpmath.mpf(v.numerator) / v.denominator for v in sample]

    def slope(y: Any) -> Any:
        weights = [mpmath.exp(-((y - mu * x) ** 2) / (2 * sigma**2)) for x in points]
        total = sum(weights)
        mean = sum(w * x for w, x in zip(weights, points, strict=True)) / total
        variance = sum(w * (x - mean) ** 2 for w, x in zip(weights, points, strict=True)) / total
        return (-1 + mu**2 / sigma**2 * variance) / sigma**2

    middle = mu * (points[i - 1] + points[i]) / 2
    width = mpmath.mpf((high - low).numerator) / (high - low).denominator
    delta = mpmath.mpf(gap.numerator) / gap.denominator
    decay = mpmath.exp(-(mu**2) * delta**2 / (4 * sigma**2))
    bound = mu**2 / sigma**4 * (width**2 / (2 * n) - 4 * n**2 * delta**2 * decay)
    return abs(slope(at(points, mu)) - slope(middle)), bound


def test_corollary_3_fails_as_printed_at_an_admissible_point() -> None:
    result = checked("A.cor3a")
    witness = result.witness
    assert witness is not None
    value = witness.values
    sample, mu, sigma = value["X"], value["mu"], value["sigma"]
    i, b = value["i"], value["b"]
    assert all(isinstance(v, Fraction) for v in (*sample, mu, sigma, i, b))
    # every hypothesis, in exact rationals
    assert all(p < q for p, q in pairwise(sample))
    assert 0 < mu < 1
    assert 0 < sigma < 1
    assert i.denominator == 1
    assert 1 <= i <= len(sample) - 1
    assert b in (0, 1)
    assert min(q - p for p, q in pairwise(sample)) >= 2 * sigma / mu
    # y is a data point itself: the printed inequality is false there
    index = int(i + b) - 1
    with mpmath.workdps(60):
        lhs, rhs = jump(witness, lambda points, _: points[index])
        assert lhs < rhs * (1 - mpmath.mpf(10) ** -6)
        # the reported sides are these numbers
        assert abs(lhs - mpmath.mpf(witness.lhs)) <= abs(lhs) * mpmath.mpf(10) ** -15
        assert abs(rhs - mpmath.mpf(witness.rhs)) <= abs(rhs) * mpmath.mpf(10) ** -15
        # the repair, y the noisy centre, holds at the same point
        lhs, rhs = jump(witness, lambda points, scale: scale * points[index])
        assert lhs >= rhs


def test_the_repair_of_corollary_3_stands_beside_it() -> None:
    claim = claims()["A.cor3a.amended"]
    assert claim.amends == "A.cor3a"
    assert claim.rel is claims()["A.cor3a"].rel
    assert claim.rhs == claims()["A.cor3a"].rhs
    assert claim.lhs != claims()["A.cor3a"].lhs


@pytest.mark.slow
def test_the_whole_section_is_as_recorded() -> None:
    record = read_record(RECORD)
    done = check_ledger(load(), ids=list(claims())).results
    found = {k: (r.own, r.rolled) for k, r in done.items()}
    assert found == {k: (record[k].own, record[k].rolled) for k in done}
    assert {k for k, r in done.items() if r.own is Verdict.REFUTED} == {"A.cor3a"}
    assert {k: r.void for k, r in done.items() if r.void} == {}


def test_the_record_is_readable_json_in_the_order_of_the_ledger() -> None:
    names = list(json.loads(RECORD.read_text(encoding="utf-8")))
    assert names == [k for k in load() if k in set(names)]
    assert set(claims()) <= set(names)


# double entry: float64 and ball of each quantity

X = Symbol("X")
m, s, y, i, a, b = (Symbol(name, real=True) for name in ("m", "s", "y", "i", "a", "b"))
ARGUMENTS: Mapping[str, tuple[Any, ...]] = {
    "AffineExcessRisk": (X, m, s, a, b),
    "AffineRisk": (X, m, s, a, b),
    "CentreRisk": (X, m, s, i),
    "ForwardMean": (s,),
    "ForwardVariance": (s,),
    "LossDensity": (X, m, s, y, a),
    "MinimiserOfRisk": (X, m, s, y),
    "MixtureDensity": (X, m, s, y),
    "NormalDensity": (a, s, a + m),
    "NormalMass": (a, s, m),
    "NormalTail": (a, s, m),
    "OptimalRisk": (X, m, s),
    "PosteriorMean": (X, m, s, y),
    "PosteriorThird": (X, m, s, y),
    "PosteriorVariance": (X, m, s, y),
    "PosteriorWeight": (X, m, s, y, i),
    "Score": (X, m, s, y),
    "ScoreCurvature": (X, m, s, y),
    "ScoreSlope": (X, m, s, y),
    "ScoreVariation": (X, m, s),
    "ScoreVariationLeft": (X, m, s, y),
    "ScoreVariationOn": (X, m, s, y, y + 1),
    "ScoreVariationRight": (X, m, s, y),
    "WeightSlope": (X, m, s, y, i),
}
TOLERANCE = {
    # a sum of |increments| over 20 000 steps misses O(step^2) at each turning point; the tails are
    # sixty decay lengths long
    "ScoreVariationOn": 1e-6,
    "ScoreVariationLeft": 1e-3,
    "ScoreVariationRight": 1e-3,
}
BALL_ONLY = {"LossDensity", "MinimiserOfRisk", "MixtureDensity", "NormalDensity"}
"""Integrands, and what only identities speak of: nothing screens them in float64."""


def quantities() -> dict[str, type[Functional]]:
    return {
        name: getattr(module, name)
        for module in (empirical_score, posterior, score_risk, score_variation, normal, diffusion)
        for name in module.__all__
    }


def instance(name: str, number: int) -> dict[Symbol, Any]:
    """Return gaps of half a standard deviation to three, and a point among the centres."""
    rng = random.Random(f"{name}/{number}")
    size = rng.randint(2, 5)
    scale, noise = Fraction(rng.randint(4, 19), 20), Fraction(rng.randint(4, 19), 20)
    sample = [Fraction(rng.randint(-10, 10), 4)]
    for _ in range(size - 1):
        sample.append(sample[-1] + noise / scale * Fraction(rng.randint(4, 24), 8))
    index = rng.randrange(size)
    return {
        X: tuple(sample),
        m: scale,
        s: noise,
        y: scale * sample[index] + noise * Fraction(rng.randint(-15, 15), 10),
        i: Fraction(index + 1),
        a: Fraction(rng.randint(-30, 30), 7),
        b: Fraction(rng.randint(-30, 30), 7),
    }


def test_every_quantity_is_in_the_table() -> None:
    assert set(quantities()) == set(ARGUMENTS)
    assert {k for k, f in quantities().items() if f.float64 is None} == BALL_ONLY


def middle_of(ball: Any) -> float:
    """Return the middle of a ball that is tight enough to compare with."""
    assert ball.is_finite()
    assert float(ball.rad()) <= 1e-13 * (abs(float(ball.mid())) + 1e-300)
    return float(ball.mid())


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - BALL_ONLY))
def test_float_and_ball_agree(name: str) -> None:
    expr = quantities()[name](*ARGUMENTS[name])
    for number in range(12):
        point = instance(name, number)
        exact = middle_of(to_ball(ball_value(expr, point, bits=128)))
        value = float(float_value(expr, point))
        # O(1) arguments: a few hundred units of rounding, unless said otherwise above
        assert value == pytest.approx(exact, rel=TOLERANCE.get(name, 1e-9), abs=1e-13), number


def density(point: float, centre: float, noise: float) -> float:
    return math.exp(-((point - centre) ** 2) / (2 * noise**2)) / (math.sqrt(2 * math.pi) * noise)


def by_hand(name: str, point: Mapping[Symbol, Any]) -> float:
    """Return a quantity that has no float64 face, from its definition."""
    mu, sigma, at, level = (float(point[k]) for k in (m, s, y, a))
    if name == "NormalDensity":
        return density(level + mu, level, sigma)
    centres = [mu * float(v) for v in point[X]]
    weights = [density(at, c, sigma) / len(centres) for c in centres]
    if name == "MixtureDensity":
        return sum(weights)
    targets = [(c - at) / sigma**2 for c in centres]
    if name == "LossDensity":
        return sum(w * (level - t) ** 2 for w, t in zip(weights, targets, strict=True))
    # the least of a quadratic in the value is its weighted mean
    return sum(w * t for w, t in zip(weights, targets, strict=True)) / sum(weights)


@pytest.mark.parametrize("name", sorted(BALL_ONLY))
def test_ball_agrees_with_the_definition(name: str) -> None:
    expr = quantities()[name](*ARGUMENTS[name])
    for number in range(12):
        point = instance(name, number)
        exact = middle_of(to_ball(ball_value(expr, point, bits=128)))
        # sums of at most five terms of one size
        assert by_hand(name, point) == pytest.approx(exact, rel=1e-9, abs=1e-13), number


def test_a_wrong_face_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    score = quantities()["Score"]
    face = score.float64
    assert face is not None
    wrong: Callable[..., float] = lambda *args: face(*args) * (1 + 1e-8)  # noqa: E731
    monkeypatch.setattr(score, "float64", staticmethod(wrong))
    with pytest.raises(AssertionError):
        test_float_and_ball_agree("Score")
