"""Whether a margin has the right sign on a box, and how that is seen.

Where the margin touches zero, intervals never settle it; a partial derivative of constant sign then
moves the question to a face, and a corner is decided exactly.
"""

from dataclasses import dataclass
from fractions import Fraction
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
from proofs_check.domains import Integer, Real
from proofs_check.errors import ClaimError
from proofs_check.floats import float_value
from proofs_check.intervals import Interval, continuous_on, interval_value
from proofs_check.normal_form import numerator, strip_positive
from proofs_check.problem import Problem

__all__ = ["Box", "Ends", "Margins", "Move", "Settled", "rational_zeros"]

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


class Margins:
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
        """Return a derivative without its positive factors, which hide its sign."""
        slope = self.plain_derivative(expr, symbol)
        return None if slope is None else strip_positive(slope)

    def plain_derivative(self, expr: Expr, symbol: Symbol) -> Expr | None:
        """Return a derivative, ``None`` where there is none in closed form."""
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
            zero = not self._somewhere_nonzero(value) and numerator(value) == 0
            self.faces[key] = S.Zero if zero else value
        return self.faces[key]

    def _somewhere_nonzero(self, expr: Expr) -> bool:
        """Return whether a ball at one point shows that an expression does not vanish identically.

        That spares most faces the normal form.
        """
        domains = self.problem.domains
        at = {
            s: _inner(*self.ends[s], whole=isinstance(domains[s], Integer))
            for s in expr.free_symbols
        }
        found, _ = certified_sign(expr, at, max_bits=128, zeros=False)
        return found in (Sign.POSITIVE, Sign.NEGATIVE)

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


def _inner(lo: Fraction | None, hi: Fraction | None, *, whole: bool) -> Fraction:
    """Return a number between two ends."""
    if lo is None:
        return Fraction(0) if hi is None else hi - 1
    if hi is None:
        return lo + 1
    middle = (lo + hi) / 2
    return Fraction(round(middle)) if whole else middle


def _ranges(box: Box) -> dict[Symbol, Interval]:
    return {s: Interval.hull(lo, hi) for s, (lo, hi) in box.items()}
