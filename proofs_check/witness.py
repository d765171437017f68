"""Counterexamples that count: every hypothesis certainly true, the statement certainly false."""

import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from itertools import chain, pairwise
from typing import Any

from flint import fmpq
from sympy import Symbol

from proofs_check.balls import MAX_BITS, ball_value, holds, sign, to_ball
from proofs_check.claim import Claim
from proofs_check.errors import ClaimError
from proofs_check.verdict import Witness

__all__ = ["Point", "admissible", "certified_failure", "minimal_witness", "shrunk"]

Point = Mapping[Symbol, Any]


def admissible(claim: Claim, point: Point, *, max_bits: int = MAX_BITS) -> bool | None:
    """Return whether a point certainly lies in the domains and meets the hypotheses.

    ``None`` means that a hypothesis could not be decided.
    """
    known: dict[Symbol, Any] = {}
    for symbol, domain in claim.given.items():
        if symbol not in point or not domain.contains(point[symbol], known):
            return False
        known[symbol] = point[symbol]
    undecided = False
    for hypothesis in claim.where:
        truth = holds(hypothesis, known, max_bits=max_bits)
        if truth is False:
            return False
        undecided = undecided or truth is None
    return None if undecided else True


def certified_failure(claim: Claim, point: Point, *, max_bits: int = MAX_BITS) -> Witness | None:
    """Return a witness if the claim certainly fails at an exact admissible point.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from proofs_check.broken import flip
    >>> from proofs_check.domains import reals
    >>> from proofs_check.evidence import Search
    >>> a = Symbol("a", real=True)
    >>> claim = Claim(
    ...     id="t",
    ...     says="a square exceeds its root",
    ...     given={a: reals},
    ...     lhs=a**2,
    ...     rel=">=",
    ...     rhs=a,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> str(certified_failure(claim, {a: Fraction(1, 2)}))
    'a = 1/2'
    >>> certified_failure(claim, {a: Fraction(2)}) is None
    True
    """
    if admissible(claim, point, max_bits=max_bits) is not True:
        return None
    statement = claim.statement
    # a tie that is no failure need not be recognised as one
    if holds(statement, point, max_bits=max_bits, zeros=statement.strict) is not False:
        return None
    _, bits = sign(statement.margin, point, max_bits=max_bits)
    return Witness(
        values={str(s): point[s] for s in claim.given},
        lhs=_digits(ball_value(statement.lhs, point, bits=max(bits, 128))),
        rhs=_digits(ball_value(statement.rhs, point, bits=max(bits, 128))),
        hypotheses=tuple(str(h) for h in claim.where),
        bits=bits,
    )


def _digits(value: Any) -> str:
    if isinstance(value, fmpq):
        text = str(value)
        if len(text) <= 40:
            return text
        value = to_ball(value)
    text = value.str(20, radius=False)
    return str(text)


def minimal_witness(claim: Claim, point: Point) -> Witness:
    """Return the witness at a simplest point that the shrinking reaches from a failing one.

    Raises
    ------
    ClaimError
        The claim does not certainly fail at the point.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from proofs_check.broken import flip
    >>> from proofs_check.claim import eq
    >>> from proofs_check.domains import Real
    >>> from proofs_check.evidence import Search
    >>> a, b = Symbol("a", positive=True), Symbol("b", positive=True)
    >>> claim = Claim(
    ...     id="t",
    ...     says="equal numbers differ",
    ...     given={s: Real(lo=0, lo_open=True) for s in (a, b)},
    ...     where=(eq(a, b),),
    ...     lhs=a,
    ...     rel="<",
    ...     rhs=b,
    ...     evidence=(Search(),),
    ...     broken=(flip(),),
    ... )
    >>> str(minimal_witness(claim, {a: Fraction(100), b: Fraction(100)}))
    'a = 1, b = 1'
    """
    if certified_failure(claim, point) is None:
        raise ClaimError(f"{claim.id}: does not certainly fail at the given point")
    found = certified_failure(claim, shrunk(claim, point, tries=5000))
    if found is None:
        raise ClaimError(f"{claim.id}: the failure at the simpler point was not certified again")
    return found


def shrunk(claim: Claim, point: Point, *, tries: int = 600, max_bits: int = 512) -> Point:
    """Return a simpler point at which the claim still certainly fails.

    Greedy: all values together, equal values together, then one after the other; fewer sample
    points, smaller integers, smaller denominators. A step is taken only when the failure is
    certified again; at most `tries` certifications are attempted.
    """
    best = dict(point)
    left = tries
    while True:
        size = _size(best)
        for candidate in chain(_jointly_simpler(best), _simpler(best)):
            if _size(candidate) >= size:
                continue
            if left == 0:
                return best
            left -= 1
            if certified_failure(claim, candidate, max_bits=max_bits):
                best = candidate
                break
        else:
            return best


def _size(point: Point) -> int:
    total = 0
    for value in point.values():
        if isinstance(value, tuple):
            total += 200 * len(value) + sum(_length(v) for v in value)
        elif isinstance(value, Fraction):
            total += _length(value)
    return total


def _length(value: Fraction) -> int:
    """Return roughly the number of digits, denominators counting more."""
    return 4 * (value.denominator.bit_length() - 1) * 2 + 3 * abs(value.numerator).bit_length()


def _jointly_simpler(point: Point) -> Iterator[dict[Symbol, Any]]:
    """Yield points with all values changed at the same time, so that ties and order survive."""
    numbers = sorted(set(_numbers(point)))
    for change in _changes(numbers):
        yield _mapped(point, {v: change(v) for v in numbers})
    # equal values together: a hypothesis may tie them
    for value in numbers:
        if _numbers(point).count(value) > 1:
            for option in _simpler_numbers(value):
                yield _mapped(point, {value: option})


def _changes(numbers: list[Fraction]) -> Iterator[Callable[[Fraction], Fraction]]:
    """Yield changes of all values: ranks, common units, a common origin, small denominators."""
    if not numbers:
        return
    for start in (0, 1):
        ranks = {v: Fraction(k) for k, v in enumerate(numbers, start)}
        yield ranks.__getitem__
    gap = min((b - a for a, b in pairwise(numbers)), default=Fraction(0))
    units = [abs(numbers[0]), abs(numbers[-1]), gap]
    units += [Fraction(2), Fraction(10), Fraction(1, 2), Fraction(1, 10)]
    for unit in units:
        if unit not in (0, 1):
            yield partial(operator.mul, 1 / unit)
    yield partial(operator.add, -numbers[0])
    for limit in (1, 2, 4, 10, 100, 1000):
        yield partial(Fraction.limit_denominator, max_denominator=limit)


def _numbers(point: Point) -> list[Fraction]:
    found: list[Fraction] = []
    for value in point.values():
        entries = value if isinstance(value, tuple) else (value,)
        found += [v for v in entries if isinstance(v, Fraction)]
    return found


def _mapped(point: Point, table: Mapping[Fraction, Fraction]) -> dict[Symbol, Any]:
    """Return a point with the values of a table replaced, also inside samples."""

    def moved(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(moved(v) for v in value)
        return table.get(value, value) if isinstance(value, Fraction) else value

    return {s: moved(v) for s, v in point.items()}


def _simpler(point: Point) -> Iterator[dict[Symbol, Any]]:
    for symbol, value in point.items():
        options: Iterator[Any]
        if isinstance(value, tuple) and value and isinstance(value[0], Fraction):
            options = _simpler_samples(value)
        elif isinstance(value, Fraction):
            options = _simpler_numbers(value)
        else:
            continue
        for option in options:
            yield {**point, symbol: option}


def _simpler_numbers(value: Fraction) -> Iterator[Fraction]:
    for candidate in (0, 1, -1, 2, -2, Fraction(1, 2)):
        yield Fraction(candidate)
    for limit in (1, 2, 3, 4, 5, 8, 10, 20, 50, 100, 1000):
        yield value.limit_denominator(limit)
    whole = value.numerator // value.denominator
    yield Fraction(whole)
    if value.denominator == 1 and abs(whole) > 3:
        yield Fraction(whole // 2)
        yield Fraction(whole - 1 if whole > 0 else whole + 1)
        power = 10 ** (len(str(abs(whole))) - 1)
        yield Fraction(round(whole / power) * power)


def _simpler_samples(sample: tuple[Fraction, ...]) -> Iterator[tuple[Fraction, ...]]:
    for k in range(len(sample)):
        yield sample[:k] + sample[k + 1 :]
    if sample[0] != 0:
        yield tuple(v - sample[0] for v in sample)
    for limit in (1, 2, 4, 10, 100):
        yield tuple(v.limit_denominator(limit) for v in sample)
    gaps = [b - a for a, b in pairwise(sample)]
    for k, gap in enumerate(gaps):
        for simple in _simpler_numbers(gap):
            moved = [*gaps[:k], simple, *gaps[k + 1 :]]
            points = [sample[0]]
            for g in moved:
                points.append(points[-1] + g)
            yield tuple(points)
