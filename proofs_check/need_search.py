"""The search for the point that needs the most demanding constant.

Screening as in the search for counterexamples, then ascent from the best points by scaling,
shifting and joint random moves, then rounding to simple values that need no less.
"""

import math
import random
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import fmpq
from sympy import Symbol

from proofs_check.balls import ball_value
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.domains import Integer, Real, Sample
from proofs_check.errors import ClaimError
from proofs_check.evidence import Search
from proofs_check.methods.search import plausible, screened_points
from proofs_check.needed import Need, Needed
from proofs_check.witness import Point, certified_failure

__all__ = ["search_need"]

FAR = 1e18
"""A climb ends where the need is this many times the printed constant, or this small a part."""


def search_need(
    claim: Claim, context: Context, *, seconds: float | None = None
) -> tuple[Needed | None, int]:
    """Look for the point that needs the most demanding constant.

    Parameters
    ----------
    claim
        A claim with a constant.
    context
        Effort and seed; the search takes at most 8 seconds of this process in the quick profile,
        60 in the full. What else runs on the machine does not shorten it.
    seconds
        Another limit.

    Returns
    -------
    tuple
        The most demanding certified point (``None`` when no point could be certified) and the
        number of points that were looked at.
    """
    need = Need(claim)
    limit = seconds if seconds is not None else (60.0 if context.full else 8.0)
    climb = _Climb(need, context, time.process_time() + limit)
    searches = [e for e in claim.evidence if isinstance(e, Search)]
    for point in screened_points(claim, searches[0] if searches else Search(), context):
        climb.look(point)
        if climb.late():
            break
    for start in climb.leaders(3):
        climb.ascend(start)
    return climb.finish(), climb.looked


class _Climb:
    """The state of one search: what was looked at and what was best."""

    def __init__(self, need: Need, context: Context, deadline: float) -> None:
        self.need, self.deadline = need, deadline
        self.claim = need.claim
        self.found: list[tuple[float, dict[Symbol, Any]]] = []
        self.hopeless: dict[Symbol, Any] | None = None
        self.looked = 0
        self.random = random.Random(f"need/{context.seed}/{self.claim.id}")

    def late(self) -> bool:
        return time.process_time() > self.deadline

    def look(self, point: Point) -> float:
        """Return the estimated need of a point; NaN when it is not admissible."""
        if not _inside(self.claim, point) or not plausible(self.claim, point):
            return math.nan
        self.looked += 1
        value = self.need.estimate(point)
        if not math.isnan(value):
            self.found.append((value, dict(point)))
        elif self.hopeless is None and certified_failure(self.claim, point, max_bits=256):
            self.hopeless = dict(point)
        return value

    def leaders(self, count: int) -> list[dict[Symbol, Any]]:
        ranked = sorted(self.found, key=lambda item: -self.need.sense * item[0])
        return [point for _, point in ranked[:count]]

    def ascend(self, start: dict[Symbol, Any]) -> None:
        """Climb with shrinking steps."""
        best, value = start, self.look(start)
        step = Fraction(1)
        stale = 0
        while step > Fraction(1, 2**22) and stale < 80 and not self._over(value):
            moved = False
            for candidate in _moves(best, self.claim, step, self.random):
                there = self.look(candidate)
                if not math.isnan(there) and self.need.better(there, value):
                    stale = stale + 1 if abs(there - value) < 1e-7 * abs(value) else 0
                    best, value, moved = candidate, there, True
                    break
            if not moved:
                step /= 4

    def _over(self, value: float) -> bool:
        """Return whether the time is up or the need grows without bound."""
        size = abs(float(self.need.constant.printed)) or 1.0
        return self.late() or not size / FAR < abs(value) < size * FAR

    def finish(self) -> Needed | None:
        """Certify the best points, most demanding first, and round them to simple values."""
        if self.hopeless is not None:
            witness = certified_failure(self.claim, self.hopeless)
            if witness is not None and self._fails_always(self.hopeless):
                return Needed(point=self.hopeless, value=None, exact=True, witness=witness)
        for point in self.leaders(40):
            found = self.need.certified(point)
            if found is not None:
                return self._simplified(found)
        return None

    def _fails_always(self, point: Point) -> bool:
        if self.need.slope is None:
            return False
        slope = ball_value(self.need.slope, point)
        return bool(isinstance(slope, fmpq) and slope == 0)

    def _simplified(self, found: Needed) -> Needed:
        """Return a simpler point that needs at least as much, if there is one."""
        best = found
        for limit in (1, 2, 4, 10, 100, 1000, 10**5):
            for candidate in _rounded(found.point, limit):
                if best.value is None or not _inside(self.claim, candidate):
                    continue
                other = self.need.certified(candidate)
                if other is None or other.value is None:
                    continue
                gain = self.need.sense * (other.value - best.value)
                if gain > 0 or (gain == 0 and other.exact):
                    best = other
        return best


def _inside(claim: Claim, point: Point) -> bool:
    known: dict[Symbol, Any] = {}
    for symbol, domain in claim.given.items():
        try:
            if not domain.contains(point[symbol], known):
                return False
        except ClaimError:
            return False
        known[symbol] = point[symbol]
    return True


def _rounded(point: Point, limit: int) -> Iterator[dict[Symbol, Any]]:
    """Yield the point with all values, then with one value, of small denominators."""
    table = {s: _round(v, limit) for s, v in point.items()}
    yield table
    for s in point:
        yield {**point, s: table[s]}


def _round(value: Any, limit: int) -> Any:
    if isinstance(value, tuple):
        return tuple(_round(v, limit) for v in value)
    return value.limit_denominator(limit) if isinstance(value, Fraction) else value


def _tidy(value: Fraction) -> Fraction:
    """Round to about 40 binary digits, so that fractions do not grow along a climb."""
    if value == 0 or value.denominator == 1:
        return value
    size = abs(value.numerator).bit_length() - value.denominator.bit_length()
    unit = Fraction(2) ** (size - 40)
    return round(value / unit) * unit


def _moves(
    point: Point, claim: Claim, step: Fraction, stream: random.Random
) -> Iterator[dict[Symbol, Any]]:
    """Yield neighbours of a point: one value at a time, then joint random ones."""
    for symbol, domain in claim.given.items():
        for value in _neighbours(point[symbol], domain, point, step):
            yield {**point, symbol: value}
    for _ in range(12):
        factors = {s: 1 + step * Fraction(stream.randint(-8, 8), 10) for s in claim.given}
        # a named point may have values for other claims too
        yield {s: _scaled(point[s], domain, factors[s]) for s, domain in claim.given.items()}


def _scaled(value: Any, domain: Any, factor: Fraction) -> Any:
    if isinstance(domain, Sample):
        return tuple(_tidy(v * factor) for v in value)
    return _tidy(value * factor) if isinstance(domain, Real) else value


def _neighbours(value: Any, domain: Any, env: Point, step: Fraction) -> Iterator[Any]:
    if isinstance(domain, Sample):
        yield from _near_samples(value, step)
    elif isinstance(domain, Integer):
        for shift in {1, max(1, int(value * step / 2)), max(1, int(value * step))}:
            yield value + shift
            yield value - shift
    elif isinstance(domain, Real):
        lo, hi = domain.ends(env)
        for end in (lo, hi, Fraction(0)):
            if end is not None:
                yield _tidy(end + (value - end) * (1 + step))
                yield _tidy(end + (value - end) / (1 + step))
        yield _tidy(value + step)
        yield _tidy(value - step)


def _near_samples(sample: tuple[Fraction, ...], step: Fraction) -> Iterator[tuple[Fraction, ...]]:
    gaps = [b - a for a, b in pairwise(sample)]
    for factor in (1 + step, 1 / (1 + step)):
        yield tuple(_tidy(sample[0] + (v - sample[0]) * factor) for v in sample)
        for k in range(len(gaps)):
            yield _from_gaps(sample[0], [*gaps[:k], gaps[k] * factor, *gaps[k + 1 :]])
    for shift in (step, -step):
        yield tuple(_tidy(v + shift * (gaps[0] if gaps else 1)) for v in sample)
    if step == 1 and gaps:
        yield sample[1:]
        yield sample[:-1]
        yield (*sample, sample[-1] + gaps[-1])


def _from_gaps(first: Fraction, gaps: list[Fraction]) -> tuple[Fraction, ...]:
    points = [first]
    for gap in gaps:
        points.append(_tidy(points[-1] + gap))
    return tuple(points)
