"""Cover a domain by boxes, on each of which the sign of the margin is settled.

A box is settled when a hypothesis fails on all of it, or when the margin is certainly not negative;
otherwise it is cut in two.
"""

import heapq
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count

from sympy import Symbol

from proofs_check.balls import Sign
from proofs_check.balls import sign as certified_sign
from proofs_check.margins import Box, Margins, Settled
from proofs_check.problem import Problem

__all__ = ["Cover", "cover", "middle"]

DEEPEST = 64
"""Cuts of each variable, after which a box shrinks to a point where the margin touches zero."""

GUARD = 120.0
"""Seconds after which a cover is given up."""


@dataclass
class Cover:
    """Boxes that together cover the domain, each with the reason why it is settled."""

    boxes: list[tuple[Box, Settled]] = field(default_factory=list)
    open_boxes: list[Box] = field(default_factory=list)
    failing: list[Box] = field(default_factory=list)
    examined: int = 0


def cover(problem: Problem, max_boxes: int) -> Cover:
    """Bisect until every box is settled, one fails, or the budget is spent.

    The budget counts boxes, not seconds, so that a loaded machine finds the same; `GUARD` only ends
    what would never end.
    """
    deadline = time.monotonic() + GUARD
    margins = Margins(problem)
    done = Cover()
    order = count()
    queue: list[tuple[int, int, Box]] = [(0, next(order), dict(margins.ends))]
    while queue:
        depth, _, box = heapq.heappop(queue)
        done.examined += 1
        index = margins.excluded(box)
        if index is not None:
            done.boxes.append((box, Settled(f"hypothesis {index + 1}", hypothesis=index)))
            continue
        good, how = margins.settled(box)
        if good:
            done.boxes.append((box, how))
            continue
        if good is False and not problem.hypotheses:
            done.failing.append(box)
            return done
        if good is False and _admissible_middle(problem, box):
            done.failing.append(box)
            return done
        spent = done.examined >= max_boxes or depth >= DEEPEST * len(box)
        if spent or time.monotonic() > deadline:
            done.open_boxes += [box, *(b for _, _, b in queue)]
            return done
        pieces = list(_split(box, margins))
        if not pieces:
            done.open_boxes.append(box)
            return done
        for piece in pieces:
            heapq.heappush(queue, (depth + 1, next(order), piece))
    return done


def _admissible_middle(problem: Problem, box: Box) -> bool:
    point = middle(box)
    return all(
        certified_sign(h, point, max_bits=256)[0] is Sign.POSITIVE for h, _ in problem.hypotheses
    )


def _split(box: Box, margins: Margins) -> Iterator[Box]:
    """Cut the most promising variable in two."""
    best, score = None, -1.0
    for s, (lo, hi) in box.items():
        for turn in margins.turning_points(s):
            if (lo is None or lo < turn) and (hi is None or turn < hi):
                yield {**box, s: (lo, turn)}
                yield {**box, s: (turn, hi)}
                return
    for s, (lo, hi) in box.items():
        if lo is not None and lo == hi:
            continue
        width = _relative_width(lo, hi)
        if width > score:
            best, score = s, width
    if best is None:
        return
    lo, hi = box[best]
    cut = _cut(lo, hi)
    yield {**box, best: (lo, cut)}
    yield {**box, best: (cut, hi)}


def _relative_width(lo: Fraction | None, hi: Fraction | None) -> float:
    if lo is None or hi is None:
        return 4.0
    return float(hi - lo) / (1.0 + 0.5 * abs(float(lo + hi)))


def _cut(lo: Fraction | None, hi: Fraction | None) -> Fraction:
    if hi is None and lo is not None:
        return lo * 2 + 1 if lo >= 0 else Fraction(0) if lo < -1 else Fraction(1)
    if lo is None and hi is not None:
        return hi * 2 - 1 if hi <= 0 else Fraction(0) if hi > 1 else Fraction(-1)
    if lo is None or hi is None:
        return Fraction(0)
    return _dyadic((lo + hi) / 2, hi - lo)


def _dyadic(value: Fraction, width: Fraction) -> Fraction:
    """Round a cut to few binary digits, well inside the box."""
    bits = 2
    while Fraction(1, 2**bits) > width / 16:
        bits += 1
    return Fraction(round(value * 2**bits), 2**bits)


def middle(box: Box) -> dict[Symbol, Fraction]:
    """Return a point inside a box, near its finite ends."""
    point = {}
    for s, (lo, hi) in box.items():
        if lo is not None and hi is not None:
            point[s] = (lo + hi) / 2
        elif lo is not None:
            point[s] = lo + 1
        else:
            point[s] = hi - 1 if hi is not None else Fraction(0)
    return point
