"""Look for counterexamples: corners, random rationals, then Hypothesis aimed at the margin.

Float64 only screens. A failure counts when it is certified at an exact point
(`proofs_check.witness`); the absence of one is support, never proof.
"""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sympy import Symbol

from proofs_check.balls import ball_value
from proofs_check.certificates import definitions
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Choices
from proofs_check.errors import ClaimError
from proofs_check.evidence import Search
from proofs_check.floats import float_value
from proofs_check.verdict import Finding, Verdict, Witness
from proofs_check.witness import Point, certified_failure, shrunk

__all__ = ["RandomChoices", "draw_point", "margin_score", "plausible", "run", "screened_points"]

T = TypeVar("T")
TIE = 1e-9
"""Relative margins below this are settled in ball arithmetic."""


class RandomChoices:
    """A stream of choices from a seeded generator."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def integer(self, lo: int, hi: int) -> int:
        """Return an integer in ``[lo, hi]``."""
        return self._random.randint(lo, hi)

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return self._random.choice(options)


def draw_point(claim: Claim, choices: Choices) -> dict[Symbol, Any]:
    """Return a point of the domains; hypotheses are not looked at."""
    point: dict[Symbol, Any] = {}
    for symbol, domain in claim.given.items():
        point[symbol] = domain.draw(choices, point)
    return point


def _corner_points(claim: Claim, choices: RandomChoices) -> Iterator[dict[Symbol, Any]]:
    """Yield points made of corners of every domain, in random order without end."""
    while True:
        point: dict[Symbol, Any] = {}
        for symbol, domain in claim.given.items():
            corners = domain.corners(point)
            point[symbol] = choices.pick(corners) if corners else domain.draw(choices, point)
        yield point


def margin_score(claim: Claim, point: Point) -> float:
    """Return the margin relative to the size of both sides: negative when the claim fails.

    NaN when float64 cannot tell. For an equality, minus the relative difference.
    """
    statement = claim.statement
    try:
        lhs = float(float_value(statement.lhs, point))
        rhs = float(float_value(statement.rhs, point))
    except ClaimError:
        lhs = _ball_float(statement.lhs, point)
        rhs = _ball_float(statement.rhs, point)
    size = abs(lhs) + abs(rhs)
    if not math.isfinite(size):
        return math.nan
    if size == 0:
        return 0.0
    if statement.rel is Rel.EQ:
        return -abs(lhs - rhs) / size
    gap = rhs - lhs if statement.rel in (Rel.LE, Rel.LT) else lhs - rhs
    return gap / size


def _ball_float(expr: Any, point: Point) -> float:
    value = ball_value(expr, point)
    try:
        return float(value) if not hasattr(value, "mid") else float(value.mid())
    except (OverflowError, TypeError):
        return float(int(value.p) / int(value.q)) if hasattr(value, "p") else math.nan


def plausible(claim: Claim, point: Point) -> bool:
    """Return whether float64 sees no hypothesis clearly violated."""
    for hypothesis in claim.where:
        try:
            value = float(float_value(hypothesis.margin, point))
        except ClaimError:
            value = _ball_float(hypothesis.margin, point)
        if value < -1e-9 * (1 + abs(value)):
            return False
    return True


def _suspicious(claim: Claim, score: float) -> bool:
    if math.isnan(score):
        return True
    if claim.rel is Rel.EQ:
        return score < -TIE
    return score < TIE


def screened_points(
    claim: Claim, evidence: Search, context: Context
) -> Iterator[dict[Symbol, Any]]:
    """Yield the points of the first two phases: given ones, corners, random ones."""
    choices = RandomChoices(f"{context.seed}/{claim.id}")
    count = evidence.examples * (10 if context.full else 1)
    yield from (dict(p) for p in evidence.also)
    yield from islice(_corner_points(claim, choices), count // 2 if claim.given else 1)
    for _ in range(count if claim.given else 0):
        if evidence.draw is not None and choices.integer(0, 3):
            yield dict(evidence.draw(choices))
        else:
            yield draw_point(claim, choices)


def run(claim: Claim, evidence: Search, context: Context) -> Finding:
    """Search a claim's domain for a certified failure.

    Returns
    -------
    Finding
        REFUTED with a shrunk exact witness, SUPPORTED when at least one admissible point was
        tried and none fails, UNDECIDED when no admissible point was found.
    """
    tried, unclear = 0, 0
    closest = math.inf
    for point in screened_points(claim, evidence, context):
        if not plausible(claim, point):
            continue
        score = margin_score(claim, point)
        # the first points are certified whatever float64 thinks of them
        if tried < 5 or _suspicious(claim, score):
            witness = certified_failure(claim, point, max_bits=evidence.bits)
            if witness is not None:
                return refuted(claim, point, context)
            unclear += math.isnan(score)
        tried += 1
        closest = min(closest, score) if not math.isnan(score) else closest
    if claim.given and evidence.hypothesis_examples:
        found, more = _targeted(claim, evidence, context)
        if found is not None:
            return refuted(claim, found, context)
        tried += more
    if tried == 0:
        return Finding(
            method="search",
            verdict=Verdict.UNDECIDED,
            detail="no point of the domain met the hypotheses; is the claim vacuous?",
        )
    nearest = "" if math.isinf(closest) else f", smallest relative margin {closest:.3g}"
    return Finding(
        method="search",
        verdict=Verdict.SUPPORTED,
        detail=f"no failure at {tried} admissible points{nearest}",
        certificate={"points": tried, "unclear": unclear, "seed": context.seed},
    )


def refuted(claim: Claim, point: Point, context: Context, *, method: str = "search") -> Finding:
    """Return the refutation of a claim at a certified failure, with a shrunk witness."""
    simple = shrunk(claim, point) if not context.control else point
    witness: Witness | None = certified_failure(claim, simple)
    return Finding(
        method=method,
        verdict=Verdict.REFUTED,
        detail=f"fails at {witness}",
        witness=witness,
        certificate={} if context.control else {"definitions": definitions(claim)},
    )


class _FoundError(Exception):
    """Carries a failing point out of Hypothesis."""

    def __init__(self, point: Mapping[Symbol, Any]) -> None:
        super().__init__("certified failure")
        self.point = point


def _targeted(
    claim: Claim, evidence: Search, context: Context
) -> tuple[Mapping[Symbol, Any] | None, int]:
    """Let Hypothesis push the margin down; return a failing point and the number of points."""
    import hypothesis
    from hypothesis import strategies as st

    from proofs_check.repeatable import draw_repeatably
    from proofs_check.strategies import DrawnChoices

    tried = 0

    @st.composite
    def points(draw: Any) -> dict[Symbol, Any]:
        return draw_point(claim, DrawnChoices(draw))

    def probe(point: dict[Symbol, Any]) -> None:
        nonlocal tried
        if not plausible(claim, point):
            hypothesis.reject()
        tried += 1
        score = margin_score(claim, point)
        if _suspicious(claim, score):
            if certified_failure(claim, point, max_bits=evidence.bits) is not None:
                raise _FoundError(point)
        else:
            hypothesis.target(-score)

    draw_repeatably()
    test = hypothesis.given(points())(probe)
    test = hypothesis.seed(context.seed)(test)
    test = hypothesis.settings(
        max_examples=evidence.hypothesis_examples * (5 if context.full else 1),
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.generate, hypothesis.Phase.target),
        suppress_health_check=list(hypothesis.HealthCheck),
        print_blob=False,
        verbosity=hypothesis.Verbosity.quiet,
    )(test)
    try:
        test()
    except _FoundError as found:
        return found.point, tried
    except hypothesis.errors.Unsatisfiable:
        return None, tried
    return None, tried
