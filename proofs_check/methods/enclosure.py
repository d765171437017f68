"""Prove an inequality on a whole domain: interval arithmetic with adaptive bisection.

A box is settled when a hypothesis fails on all of it, or when the margin is certainly not
negative. Where the margin touches zero, plain bisection never ends; a partial derivative of
constant sign then moves the question to a face, and a corner is decided exactly.
"""

import heapq
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count
from typing import Any

import numpy as np
from sympy import (
    Abs,
    Derivative,
    Expr,
    Max,
    Min,
    Pow,
    Rational,
    S,
    Subs,
    Symbol,
    ceiling,
    diff,
    digamma,
    floor,
    limit,
    log,
    loggamma,
    oo,
    polygamma,
    sign,
)

from proofs_check.balls import Sign
from proofs_check.balls import sign as certified_sign
from proofs_check.certificates import cover_certificate
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.definedness import demands
from proofs_check.domains import Integer, Real
from proofs_check.errors import ClaimError
from proofs_check.evidence import Enclosure
from proofs_check.floats import float_value
from proofs_check.intervals import Interval, continuous_on, interval_value
from proofs_check.methods.search import refuted
from proofs_check.normal_form import numerator, strip_positive
from proofs_check.problem import Problem, carried_back, problems
from proofs_check.verdict import Finding, Verdict
from proofs_check.witness import certified_failure

__all__ = ["Cover", "Move", "Settled", "cover", "run"]

DEEPEST = 64
"""Cuts of each variable, after which a box shrinks to a point where the margin touches zero."""

GUARD = 120.0
"""Seconds after which a cover is given up."""

Ends = tuple[Fraction | None, Fraction | None]
Box = dict[Symbol, Ends]


@dataclass(frozen=True)
class Move:
    """A step from a box to the face on which a margin is smallest.

    Attributes
    ----------
    symbol, side
        The variable that is fixed, and at which of its ends (0 or 1).
    slope
        Derivative of the margin there, as it was before positive factors were taken away.
    curve
        Derivative of the slope without its positive factors, when the sign of the slope follows
        from it or the margin must grow strictly.
    """

    symbol: Symbol
    side: int
    slope: Expr
    curve: Expr | None = None


@dataclass(frozen=True)
class Settled:
    """How a box was settled: in words, by a hypothesis that fails on it, or by moves to a face."""

    reason: str
    hypothesis: int | None = None
    moves: tuple[Move, ...] = ()


@dataclass
class Cover:
    """Boxes that together cover the domain, each with the reason why it is settled."""

    boxes: list[tuple[Box, Settled]] = field(default_factory=list)
    open_boxes: list[Box] = field(default_factory=list)
    failing: list[Box] = field(default_factory=list)
    examined: int = 0


def run(claim: Claim, evidence: Enclosure, context: Context) -> Finding:
    """Cover the domain of a claim by settled boxes.

    Returns
    -------
    Finding
        PROVED on the whole domain, ENCLOSED when a sample size or a box restricts it, REFUTED with
        an exact witness, UNDECIDED with the reason.
    """
    covers: list[tuple[Problem, Cover]] = []
    try:
        for problem in problems(claim, evidence):
            most = evidence.max_boxes * (5 if context.full else 1)
            done = cover(problem, min(most, context.cover_boxes or most))
            covers.append((problem, done))
            for box in done.failing:
                point = carried_back(claim, problem, _middle(box))
                if point is not None and certified_failure(claim, point) is not None:
                    return refuted(claim, point, context, method="enclosure")
            if done.open_boxes or done.failing:
                return replace(_open(done), boxes=_examined(covers))
    except ClaimError as error:
        return Finding(method="enclosure", verdict=Verdict.UNDECIDED, detail=str(error))
    if not _positive_factor(evidence, covers):
        return Finding(
            method="enclosure",
            verdict=Verdict.UNDECIDED,
            detail=f"the factor {evidence.times} is not certainly positive",
        )
    unclear = _undefined(problem for problem, _ in covers)
    if unclear is not None:
        return Finding(method="enclosure", verdict=Verdict.UNDECIDED, detail=unclear)
    total = sum(len(c.boxes) for _, c in covers)
    if all(how.hypothesis is not None for _, c in covers for _, how in c.boxes):
        return Finding(
            method="enclosure",
            verdict=Verdict.VACUOUS,
            detail="no point meets the hypotheses",
            certificate=cover_certificate(claim, evidence, covers, context),
        )
    whole = evidence.points is None and not evidence.box
    where = "the whole domain" if whole else _restriction(evidence)
    return Finding(
        method="enclosure",
        verdict=Verdict.PROVED if whole else Verdict.ENCLOSED,
        detail=f"{total} box{'' if total == 1 else 'es'} cover{'s' if total == 1 else ''} {where}",
        certificate=cover_certificate(claim, evidence, covers, context),
        boxes=_examined(covers),
    )


def _examined(covers: list[tuple[Problem, Cover]]) -> int:
    return sum(done.examined for _, done in covers)


def _restriction(evidence: Enclosure) -> str:
    parts = [] if evidence.points is None else [f"every sample of {evidence.points} points"]
    parts += [f"{s} in {d}" for s, d in evidence.box.items()]
    return " and ".join(parts)


def _open(done: Cover) -> Finding:
    box = (done.failing or done.open_boxes)[0]
    kind = "fails" if done.failing else "is not settled"
    shown = ", ".join(f"{s} in [{_end(a)}, {_end(b)}]" for s, (a, b) in box.items())
    return Finding(
        method="enclosure",
        verdict=Verdict.UNDECIDED,
        detail=f"the margin {kind} on the box {shown}; {len(done.open_boxes)} boxes are open",
    )


def _end(value: Fraction | None) -> str:
    if value is None:
        return "oo"
    digits = len(str(abs(value).__floor__()))
    return f"{float(value):.6g}" if digits < 300 else f"about 10^{digits}"


def _positive_factor(evidence: Enclosure, covers: Iterable[tuple[Problem, Cover]]) -> bool:
    if evidence.margin is None or evidence.times.is_positive:
        return True
    for problem, _ in covers:
        goal = Problem(problem.domains, problem.hypotheses, evidence.times, True, problem.back)
        if evidence.times.free_symbols - set(problem.domains):
            return False
        done = cover(goal, evidence.max_boxes)
        if done.open_boxes or done.failing:
            return False
    return True


def _undefined(solved: Iterable[Problem]) -> str | None:
    """Return why a statement may be undefined somewhere, ``None`` if it is defined everywhere."""
    for problem in solved:
        needed = (d for side in problem.sides for d in demands(side))
        for expr, nonzero in dict.fromkeys(needed):
            goals = (expr, -expr, expr**2) if nonzero else (expr,)
            try:
                good = any(_covered(problem.about(g, strict=nonzero)) for g in goals)
            except ClaimError:
                good = False
            if not good:
                sense = "zero" if nonzero else "negative"
                return f"the statement may be undefined: {expr} is not certainly not {sense}"
    return None


def _covered(problem: Problem) -> bool:
    done = cover(problem, 400)
    return not done.open_boxes and not done.failing


def _middle(box: Box) -> dict[Symbol, Fraction]:
    middle = {}
    for s, (lo, hi) in box.items():
        if lo is not None and hi is not None:
            middle[s] = (lo + hi) / 2
        elif lo is not None:
            middle[s] = lo + 1
        else:
            middle[s] = hi - 1 if hi is not None else Fraction(0)
    return middle


class _Margins:
    """The margin, its hypotheses and its partial derivatives on boxes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.opens = {
            s: (getattr(d, "lo_open", False), getattr(d, "hi_open", False))
            for s, d in problem.domains.items()
        }
        self.ends = {s: _domain_ends(s, d) for s, d in problem.domains.items()}
        self.derivatives: dict[tuple[Expr, Symbol], Expr | None] = {}
        self.whole: dict[Expr, bool] = {}
        self.limits: dict[Symbol, Expr] = {}
        self.turns: dict[Symbol, tuple[Fraction, ...]] = {}
        self.faces: dict[frozenset[tuple[Symbol, Fraction]], Expr] = {}

    def derivative(self, expr: Expr, symbol: Symbol) -> Expr | None:
        # only the sign matters, and factors that are positive hide it
        slope = self.plain_derivative(expr, symbol)
        return None if slope is None else strip_positive(slope)

    def plain_derivative(self, expr: Expr, symbol: Symbol) -> Expr | None:
        key = (expr, symbol)
        if key not in self.derivatives:
            value: Expr | None = None
            if not expr.has(Abs, Min, Max, floor, ceiling, sign):
                slope = diff(expr, symbol)
                value = None if slope.has(Derivative, Subs) else slope
            self.derivatives[key] = value
        return self.derivatives[key]

    def turning_points(self, symbol: Symbol) -> tuple[Fraction, ...]:
        """Return rational zeros of the derivative in one variable: places to touch zero."""
        if symbol not in self.turns:
            slope = self.derivative(self.problem.margin, symbol)
            alone = slope is not None and slope.free_symbols == {symbol}
            self.turns[symbol] = rational_zeros(slope, symbol, self.ends[symbol]) if alone else ()
        return self.turns[symbol]

    def excluded(self, box: Box) -> int | None:
        """Return the index of a hypothesis that fails on the whole box."""
        ranges = _ranges(box)
        for k, (hypothesis, strict) in enumerate(self.problem.hypotheses):
            value = interval_value(hypothesis, ranges)
            if value.negative or (strict and value.hi <= 0):
                return k
        return None

    def settled(self, box: Box) -> tuple[bool | None, Settled]:
        """Return whether the margin has the right sign on a box, and how that was seen."""
        value = interval_value(self.problem.margin, _ranges(box))
        if value.positive or (value.nonnegative and not self.problem.strict):
            return True, Settled("margin")
        if value.negative:
            return False, Settled("margin")
        falls = self._falls_to_its_limit(box)
        if falls is not None:
            return True, falls
        return self._on_a_face(box)

    def _on_a_face(self, box: Box) -> tuple[bool | None, Settled]:
        """Follow derivatives of constant sign to the face where the margin is smallest."""
        face, fixed = dict(box), {}
        moved: list[str] = []
        moves: list[Move] = []
        expr = self.problem.margin
        strictly = False
        progress = True
        while progress:
            progress = False
            for s in list(face):
                step = self._downhill(expr, s, face)
                if step is None:
                    continue
                end, low, strict_here = step
                moves.append(self._move(expr, s, face, low=low))
                fixed[s] = end
                del face[s]
                moved.append(f"{s}{'>=' if low else '<='}{end}")
                strictly = strictly or strict_here
                expr = self._restricted(fixed)
                progress = True
        how = Settled("face " + ", ".join(moved), moves=tuple(moves))
        enough = strictly or not self.problem.strict
        if not moved:
            return None, how
        if expr == 0:
            return (True if enough else None), how
        if not expr.free_symbols:
            found, _ = certified_sign(expr, {}, max_bits=1024)
            good = found is Sign.POSITIVE or (found is Sign.ZERO and enough)
            return (True if good else None), how
        goal = interval_value(expr, _ranges(face))
        good = goal.positive or (goal.nonnegative and enough)
        return (True if good else None), how

    def _move(self, expr: Expr, s: Symbol, face: Box, *, low: bool) -> Move:
        """Return the record of a step that `_downhill` allows."""
        plain, slope = self.plain_derivative(expr, s), self.derivative(expr, s)
        if plain is None or slope is None:
            raise ClaimError(f"{expr} has no derivative in {s}")
        value = interval_value(slope, _ranges(face))
        sure = value.nonnegative if low else value.hi <= 0
        needed = not sure or self.problem.strict
        return Move(s, 0 if low else 1, plain, self.plain_derivative(slope, s) if needed else None)

    def _downhill(self, expr: Expr, s: Symbol, face: Box) -> tuple[Fraction, bool, bool] | None:
        """Return the end at which an expression is smallest in one variable, if that is sure."""
        slope = self.derivative(expr, s)
        # a slope of one sign says nothing across a pole: exp(1/x) falls on both sides of 0
        if slope is None or not self._continuous(expr, face):
            return None
        lo, hi = face[s]
        value = interval_value(slope, _ranges(face))
        if lo is not None and (value.nonnegative or self._touches_zero(slope, s, face)):
            return lo, True, self._open_face(slope, s, lo, face)
        if hi is not None and (value.hi <= 0 or self._touches_zero(-slope, s, face)):
            return hi, False, self._open_face(slope, s, hi, face)
        return None

    def _falls_to_its_limit(self, box: Box) -> Settled | None:
        """Say so if the margin decreases on a half-line to a limit that is not negative."""
        margin = self.problem.margin
        ends = list(box.items())
        if len(ends) != 1 or ends[0][1][1] is not None or ends[0][1][0] is None:
            return None
        s = ends[0][0]
        slope = self.derivative(margin, s)
        if slope is None or not self._continuous(margin, box):
            return None
        if not interval_value(slope, _ranges(box)).hi <= 0:
            return None
        if s not in self.limits:
            self.limits[s] = limit(margin, s, oo)
        found = self.limits[s]
        # a decreasing margin lies above its limit; only a strict goal needs a positive one
        good = found.is_positive or (found.is_zero and not self.problem.strict)
        move = self._move(margin, s, box, low=False)
        return Settled(f"falls to {found} as {s} -> oo", moves=(move,)) if good else None

    def _continuous(self, expr: Expr, face: Box) -> bool:
        if expr not in self.whole:
            powers = expr.atoms(Pow)
            plain = all(p.exp.is_Integer and p.exp.is_positive for p in powers)
            self.whole[expr] = plain and not expr.has(log, loggamma, digamma, polygamma)
        return self.whole[expr] or continuous_on(expr, _ranges(face))

    def _touches_zero(self, slope: Expr, s: Symbol, face: Box) -> bool:
        """Return whether a slope that is zero at one end is not negative, by its own slope."""
        if slope.free_symbols != {s}:
            return False
        curvature = self.derivative(slope, s)
        if curvature is None:
            return False
        value = interval_value(curvature, _ranges(face))
        end = face[s][0] if value.nonnegative else face[s][1] if value.hi <= 0 else None
        return end is not None and end in self.turning_points(s)

    def _restricted(self, fixed: dict[Symbol, Fraction]) -> Expr:
        """Return the margin on a face, reduced to zero where it vanishes identically."""
        key = frozenset(fixed.items())
        if key not in self.faces:
            exact = {s: Rational(v.numerator, v.denominator) for s, v in fixed.items()}
            value = self.problem.margin.subs(exact)
            self.faces[key] = S.Zero if numerator(value) == 0 else value
        return self.faces[key]

    def _open_face(self, slope: Expr, s: Symbol, end: Fraction, face: Box) -> bool:
        """Return whether the margin is strictly larger inside than on an excluded face.

        The slope keeps one sign; it must not vanish on a whole piece. It does not if it is itself
        strictly monotone.
        """
        lo, hi = self.ends[s]
        low, high = self.opens[s]
        if not ((low and end == lo) or (high and end == hi)):
            return False
        turning = self.derivative(slope, s)
        for expr in (slope, turning):
            if expr is not None:
                value = interval_value(expr, _ranges(face))
                if value.positive or value.negative:
                    return expr is slope or self._continuous(slope, face)
        return False


def rational_zeros(expr: Expr, symbol: Symbol, ends: Ends) -> tuple[Fraction, ...]:
    """Return simple rational zeros of a function of one variable, each verified exactly.

    Float64 proposes (sign changes on a grid, bisection), the normal form decides.

    Examples
    --------
    >>> from sympy import E, exp
    >>> b = Symbol("b")
    >>> rational_zeros(exp(b) - E, b, (Fraction(0), None))
    (Fraction(1, 1),)
    """
    lo, hi = (None if e is None else float(e) for e in ends)
    grid = np.unique(np.concatenate([-np.geomspace(1e3, 1e-3, 61), np.geomspace(1e-3, 1e3, 61)]))
    grid = grid + 1e-7 * np.arange(grid.size)
    grid = grid[(grid > (-np.inf if lo is None else lo)) & (grid < (np.inf if hi is None else hi))]
    values = np.broadcast_to(float_value(expr, {symbol: grid}), grid.shape)
    found = []
    for k in np.flatnonzero(np.signbit(values[1:]) != np.signbit(values[:-1])):
        a, b = float(grid[k]), float(grid[k + 1])
        for _ in range(60):
            middle = (a + b) / 2
            same = np.signbit(float_value(expr, {symbol: middle})) == np.signbit(values[k])
            a, b = (middle, b) if same else (a, middle)
        root = Fraction(a).limit_denominator(1000)
        if numerator(expr.subs(symbol, Rational(root.numerator, root.denominator))) == 0:
            found.append(root)
    return tuple(found)


def _domain_ends(symbol: Symbol, domain: Any) -> Ends:
    if isinstance(domain, (Real, Integer)):
        try:
            lo, hi = domain.ends({})
        except ClaimError:
            raise ClaimError(f"the ends of {symbol} depend on other symbols") from None
        return (
            None if lo is None else Fraction(lo),
            None if hi is None else Fraction(hi),
        )
    raise ClaimError(f"{symbol} is not a scalar; enclosure needs real or integer variables")


def _ranges(box: Box) -> dict[Symbol, Interval]:
    return {s: Interval.hull(lo, hi) for s, (lo, hi) in box.items()}


def cover(problem: Problem, max_boxes: int) -> Cover:
    """Bisect until every box is settled, one fails, or the budget is spent.

    The budget counts boxes, not seconds, so that a loaded machine finds the same; `GUARD` only ends
    what would never end.
    """
    deadline = time.monotonic() + GUARD
    margins = _Margins(problem)
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
    point = _middle(box)
    return all(
        certified_sign(h, point, max_bits=256)[0] is Sign.POSITIVE for h, _ in problem.hypotheses
    )


def _split(box: Box, margins: _Margins) -> Iterator[Box]:
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
