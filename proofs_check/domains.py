"""Where a symbol lives: real intervals, integer ranges, ordered data samples.

A domain knows three things: which values belong to it, which of them are corners, and how to draw
one from a stream of choices. The same drawing code serves fast random screening and Hypothesis,
because both are such streams. Bounds may depend on symbols that are given earlier.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from sympy import S, Symbol, ceiling, oo

from proofs_check.balls import exact_value, midpoint
from proofs_check.claim import exact
from proofs_check.errors import ClaimError

__all__ = ["Choices", "Domain", "Environment", "Integer", "Real", "Sample", "reals"]

Environment = Mapping[Symbol, Any]
"""Symbol to exact value: a ``Fraction``, or a tuple of them for a sample."""

T = TypeVar("T")


class Choices(Protocol):
    """A stream of choices: random, or owned by Hypothesis."""

    def integer(self, lo: int, hi: int) -> int:
        """Return an integer in ``[lo, hi]``."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; earlier ones are simpler."""


class Domain(ABC):
    """A set of values with corners and a way to draw."""

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols that the bounds use."""
        return set()

    @abstractmethod
    def draw(self, choices: Choices, env: Environment) -> Any:
        """Return a value of the domain, exactly."""

    @abstractmethod
    def corners(self, env: Environment) -> tuple[Any, ...]:
        """Return a few extreme values, exactly."""

    @abstractmethod
    def contains(self, value: Any, env: Environment) -> bool:
        """Return whether a value belongs to the domain."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the domain as plain text."""


_SIMPLE = tuple(Fraction(p, q) for q in (1, 2, 3, 4, 5, 8, 10) for p in range(1, q + 1))


def _unit(choices: Choices) -> Fraction:
    """Return a rational of (0, 1], often simple, sometimes close to an end."""
    kind = choices.integer(0, 5)
    if kind <= 2:
        return choices.pick(_SIMPLE)
    if kind == 3:
        return Fraction(1, 2 ** choices.integer(1, 24))
    if kind == 4:
        return 1 - Fraction(1, 2 ** choices.integer(1, 24))
    return Fraction(choices.integer(1, 1000), 1000)


def _magnitude(choices: Choices) -> Fraction:
    """Return a positive rational over many orders of magnitude, mostly near one."""
    kind = choices.integer(0, 3)
    if kind == 0:
        return Fraction(choices.integer(1, 12))
    if kind == 1:
        return choices.pick(_SIMPLE) * choices.integer(1, 4)
    if kind == 2:
        return _unit(choices) * choices.integer(1, 40)
    return (1 + _unit(choices)) * Fraction(2) ** choices.integer(-14, 14)


@dataclass(frozen=True, kw_only=True)
class Real(Domain):
    """A real interval; ends are closed unless they are infinite or declared open.

    Parameters
    ----------
    lo, hi
        Ends: exact numbers, infinities, or expressions in symbols given earlier.
    lo_open, hi_open
        Whether an end is excluded.
    near
        Values around which most draws should fall; they change no verdict.
    within
        A range from which most draws should come; it changes no verdict.

    Examples
    --------
    >>> Real(lo=0, hi=1, lo_open=True).contains(Fraction(0), {})
    False
    >>> str(Real(lo=2))
    '[2, oo)'
    """

    lo: Any = -oo
    hi: Any = oo
    lo_open: bool = False
    hi_open: bool = False
    near: tuple[Any, ...] = ()
    within: tuple[Any, Any] | None = None

    def __post_init__(self) -> None:
        """Turn the ends into exact expressions."""
        for name in ("lo", "hi"):
            object.__setattr__(self, name, exact(getattr(self, name), where=name))
        for end in (self.lo, self.hi):
            if end.is_number and end.is_extended_real is not True:
                raise ClaimError(f"given: the end {end} of an interval is not a real number")
        if self.lo is S.Infinity or self.hi is S.NegativeInfinity:
            raise ClaimError(f"given: the interval ({self.lo}, {self.hi}) is empty")
        if self.lo.is_number and self.hi.is_number:
            point = self.lo == self.hi and (self.lo_open or self.hi_open)
            if point or not bool(self.lo <= self.hi):
                raise ClaimError(f"given: the interval {self} is empty")
        if self.lo.is_infinite:
            object.__setattr__(self, "lo_open", True)
        if self.hi.is_infinite:
            object.__setattr__(self, "hi_open", True)

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of the ends and hints."""
        found: set[Symbol] = set()
        for e in (self.lo, self.hi, *self.near, *(self.within or ())):
            found |= S(e).free_symbols
        return found

    def ends(self, env: Environment) -> tuple[Fraction | None, Fraction | None]:
        """Return the ends as exact numbers, ``None`` for an infinite one."""
        lo = None if self.lo.is_infinite else exact_value(self.lo, env)
        hi = None if self.hi.is_infinite else exact_value(self.hi, env)
        return lo, hi

    def draw(self, choices: Choices, env: Environment) -> Fraction:
        """Return a rational of the interval."""
        lo, hi = self.ends(env)
        value = self._hinted(choices, env)
        if value is not None and self._inside(value, lo, hi):
            return value
        if lo is not None and hi is not None:
            if lo == hi:
                return lo
            value = lo + (hi - lo) * (_unit(choices) if choices.integer(0, 7) else Fraction(0))
        elif lo is not None:
            value = lo + (_magnitude(choices) if choices.integer(0, 9) else Fraction(0))
        elif hi is not None:
            value = hi - (_magnitude(choices) if choices.integer(0, 9) else Fraction(0))
        else:
            value = choices.pick((1, -1, 0)) * _magnitude(choices)
        if self._inside(value, lo, hi):
            return value
        return self._interior(lo, hi)

    def _hinted(self, choices: Choices, env: Environment) -> Fraction | None:
        if self.within is not None and choices.integer(0, 3):
            a, b = (midpoint(S(e), env) for e in self.within)
            part = choices.pick((Fraction(0), Fraction(1))) if choices.integer(0, 2) == 0 else None
            return a + (b - a) * (_unit(choices) if part is None else part)
        if self.near and choices.integer(0, 3):
            centre = midpoint(S(choices.pick(self.near)), env)
            return centre + choices.pick((0, 1, -1)) * _unit(choices)
        return None

    def _inside(self, v: Fraction, lo: Fraction | None, hi: Fraction | None) -> bool:
        above = lo is None or v > lo or (v == lo and not self.lo_open)
        below = hi is None or v < hi or (v == hi and not self.hi_open)
        return above and below

    def _interior(self, lo: Fraction | None, hi: Fraction | None) -> Fraction:
        if lo is not None and hi is not None:
            return (lo + hi) / 2
        if lo is not None:
            return lo + 1
        return hi - 1 if hi is not None else Fraction(0)

    def corners(self, env: Environment) -> tuple[Fraction, ...]:
        """Return the closed ends, points close to open ones, and a middle."""
        lo, hi = self.ends(env)
        tiny = Fraction(1, 2**20)
        found: list[Fraction] = []
        if lo is not None:
            found += [lo, lo + tiny, lo + Fraction(1, 8), lo + 1, lo + 100]
        if hi is not None:
            found += [hi, hi - tiny, hi - Fraction(1, 8), hi - 1, hi - 100]
        if lo is None and hi is None:
            found += [Fraction(v) for v in (0, 1, -1, 100, -100)]
        if lo is not None and hi is not None:
            found += [(lo + hi) / 2]
        found += [midpoint(S(e), env) for e in (*self.near, *(self.within or ()))]
        unique = dict.fromkeys(found)
        return tuple(v for v in unique if self._inside(v, lo, hi))

    def contains(self, value: Any, env: Environment) -> bool:
        """Return whether a rational lies in the interval."""
        return isinstance(value, Fraction) and self._inside(value, *self.ends(env))

    def __str__(self) -> str:
        """Return the interval in the usual notation."""
        left, right = "(" if self.lo_open else "[", ")" if self.hi_open else "]"
        return f"{left}{self.lo}, {self.hi}{right}"


@dataclass(frozen=True, kw_only=True)
class Integer(Domain):
    """A range of integers; the upper end may be infinite.

    Examples
    --------
    >>> Integer(lo=1, hi=3).contains(Fraction(2), {}), Integer(lo=1).contains(Fraction(1, 2), {})
    (True, False)
    """

    lo: Any
    hi: Any = oo

    def __post_init__(self) -> None:
        """Turn the ends into exact expressions."""
        for name in ("lo", "hi"):
            object.__setattr__(self, name, exact(getattr(self, name), where=name))
        if self.lo.is_infinite:
            raise ClaimError("given: a range of integers needs a finite lower end")
        if self.hi is S.NegativeInfinity:
            raise ClaimError("given: a range of integers cannot end at -oo")
        if self.lo.is_number and self.hi.is_number and not bool(ceiling(self.lo) <= self.hi):
            raise ClaimError(f"given: the range {self} is empty")

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of the ends."""
        return set(self.lo.free_symbols | self.hi.free_symbols)

    def ends(self, env: Environment) -> tuple[int, int | None]:
        """Return the ends as integers, ``None`` for an infinite upper one."""
        lo = -((-exact_value(self.lo, env)).__floor__())
        hi = None if self.hi.is_infinite else exact_value(self.hi, env).__floor__()
        return lo, hi

    def draw(self, choices: Choices, env: Environment) -> Fraction:
        """Return an integer of the range as a fraction."""
        lo, hi = self.ends(env)
        if hi is not None:
            return Fraction(choices.integer(lo, max(lo, hi)))
        if choices.integer(0, 4):
            return Fraction(lo + choices.integer(0, 12))
        return Fraction(lo + choices.pick((1, 3)) * 10 ** choices.integer(1, 5))

    def corners(self, env: Environment) -> tuple[Fraction, ...]:
        """Return the ends and their neighbours."""
        lo, hi = self.ends(env)
        top = [hi - 1, hi] if hi is not None else [lo + 10, lo + 1000]
        unique = dict.fromkeys([lo, lo + 1, lo + 2, lo + 3, *top])
        return tuple(Fraction(v) for v in unique if v >= lo and (hi is None or v <= hi))

    def contains(self, value: Any, env: Environment) -> bool:
        """Return whether a fraction is an integer of the range."""
        lo, hi = self.ends(env)
        if not isinstance(value, Fraction) or value.denominator != 1:
            return False
        return value >= lo and (hi is None or value <= hi)

    def __str__(self) -> str:
        """Return the range in words."""
        return f"integers {self.lo}..{self.hi}"


@dataclass(frozen=True, kw_only=True)
class Sample(Domain):
    """Strictly increasing data points x_1 < ... < x_n.

    Parameters
    ----------
    min_size, max_size
        Sizes that belong to the domain; no upper limit when ``max_size`` is ``None``.
    draw_size
        Largest size that is drawn; it changes no verdict's domain, only the search.
    spacing
        Most draws have a minimum spacing a little above this expression; no verdict changes.

    Examples
    --------
    >>> Sample().contains((Fraction(0), Fraction(1)), {})
    True
    >>> Sample(min_size=3).contains((Fraction(0), Fraction(1)), {})
    False
    """

    min_size: int = 2
    max_size: int | None = None
    draw_size: int = 6
    spacing: Any = None

    def __post_init__(self) -> None:
        """Check the sizes."""
        if self.min_size < 1:
            raise ClaimError("given: a sample needs min_size >= 1")
        if self.max_size is not None and self.max_size < self.min_size:
            raise ClaimError("given: a sample has max_size < min_size")

    @property
    def free_symbols(self) -> set[Symbol]:
        """Symbols of the hint."""
        return set() if self.spacing is None else set(S(self.spacing).free_symbols)

    @property
    def largest_drawn(self) -> int:
        """Largest size that the search draws."""
        top = max(self.draw_size, self.min_size)
        return top if self.max_size is None else min(top, self.max_size)

    def _unit_gap(self, env: Environment) -> Fraction:
        if self.spacing is None:
            return Fraction(1)
        hint = midpoint(S(self.spacing), env)
        return hint if hint > 0 else Fraction(1)

    def draw(self, choices: Choices, env: Environment) -> tuple[Fraction, ...]:
        """Return an ordered sample: equal, clustered, geometric or irregular gaps."""
        size = choices.integer(self.min_size, self.largest_drawn)
        scale = self._unit_gap(env)
        if self.spacing is None or choices.integer(0, 5) == 5:
            scale *= _magnitude(choices)
        elif choices.integer(0, 1):
            scale *= 1 + _unit(choices) * choices.integer(0, 3)
        pattern = choices.integer(0, 3)
        gaps = [scale] * (size - 1)
        if pattern == 1:
            gaps = [scale * (1 + _unit(choices)) for _ in gaps]
        elif pattern == 2 and gaps:
            gaps[choices.integer(0, size - 2)] *= 1 + _magnitude(choices)
        elif pattern == 3:
            ratio = choices.pick((Fraction(2), Fraction(1, 2), Fraction(3), Fraction(10)))
            gaps = [scale * ratio**r for r in range(size - 1)]
            least = min(gaps, default=scale)
            gaps = [g * scale / least for g in gaps]
        start = choices.pick((0, 0, 1, -1)) * _magnitude(choices)
        if choices.integer(0, 3) == 3:
            start = -sum(gaps, Fraction(0)) / 2
        points = [start]
        for gap in gaps:
            points.append(points[-1] + gap)
        return tuple(points)

    def corners(self, env: Environment) -> tuple[tuple[Fraction, ...], ...]:
        """Return equally spaced, clustered and shifted samples of a few sizes."""
        unit = self._unit_gap(env)
        sizes = dict.fromkeys([self.min_size, self.min_size + 1, self.largest_drawn])
        found: list[tuple[Fraction, ...]] = []
        for size in sizes:
            if self.max_size is not None and size > self.max_size:
                continue
            equal = tuple(unit * r for r in range(size))
            found += [equal, tuple(v - 10 * unit for v in equal), tuple(3 * v for v in equal)]
            if size > 2:
                found.append((*equal[:-1], equal[-1] + 50 * unit))
        return tuple(found)

    def contains(self, value: Any, env: Environment) -> bool:  # noqa: ARG002
        """Return whether a tuple of fractions is strictly increasing and of a right size."""
        if not isinstance(value, tuple) or len(value) < self.min_size:
            return False
        if self.max_size is not None and len(value) > self.max_size:
            return False
        return all(a < b for a, b in pairwise(value))

    def __str__(self) -> str:
        """Return the domain in words."""
        top = "" if self.max_size is None else f", n <= {self.max_size}"
        return f"samples x_1 < ... < x_n, n >= {self.min_size}{top}"


reals = Real()
"""The real line."""
