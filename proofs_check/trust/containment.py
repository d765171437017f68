"""Does every ball hold its number: random formulas, three arithmetics, two oracles for each.

A trial evaluates one random formula at one random rational point by the engine's balls, over a
random box around the point by the engine's intervals, and by the fractions of the checker of
certificates, each at low precision. The number itself comes from mpmath at 600 bits. Each of the
three must hold it; and any two enclosures of the same number must meet.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import mpmath
import numpy as np
from sympy import Expr, I, Rational, Symbol, erf, erfc, exp, log, nan, zoo

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from proofs_check import recheck
from proofs_check.balls import ball_value, to_ball
from proofs_check.errors import ClaimError
from proofs_check.intervals import Interval, interval_value

__all__ = ["EXPERIMENT", "Tree", "exact_value", "random_tree", "trial"]

Tree = Any
"""A prefix list as in a certificate: ``["add", "x", "1/2"]``."""

BITS: Final = 600
"""Precision of the number itself; the enclosures have at most 128 bits."""

LARGEST: Final = 1e60
"""Formulas with larger values, also inside, are drawn again: they show nothing more."""

SLACK: Final = Fraction(1, 2**400)
"""What the number may be off by, far above its rounding and far below any radius."""

FARTHEST: Final = 4000
"""Ends beyond 2 to this count as infinite, and as zero below its inverse, which `SLACK` covers."""

CHUNKS: Final = 265
"""Chunks of the full profile: about 3 850 trials in each have a value, a million in all."""

ARITHMETICS: Final = tuple(
    f"proofs_check/{name}.py"
    for name in ("balls", "intervals", "program", "recheck", "trust/containment")
)
"""Files that decide what a trial finds."""

CHECKS: Final = ("ball", "interval", "fractions", "ball meets fractions", "interval meets ball")

x, y = Symbol("x", real=True), Symbol("y", real=True)

_SYMPY: Final[Mapping[str, Callable[..., Expr]]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "exp": exp,
    "log": log,
    "erf": erf,
    "erfc": erfc,
}
_MPMATH: Final[Mapping[str, Callable[..., Any]]] = {
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
}


def random_tree(rng: random.Random, depth: int) -> Tree:
    """Return a random formula in ``x`` and ``y`` that is at most ``depth`` operations deep."""
    if depth == 0 or rng.random() < 0.1:
        number = str(Fraction(rng.randint(-40, 40), rng.randint(1, 9)))
        return rng.choice(["x", "x", "y", number])
    name = rng.choice(["add", "add", "mul", "mul", "exp", "log", "erf", "erfc", "pow", "pow"])
    if name == "pow":
        return [name, random_tree(rng, depth - 1), rng.choice(["2", "3", "-1", "1/2", "-2", "3/2"])]
    count = 2 if name in ("add", "mul") else 1
    return [name, *(random_tree(rng, depth - 1) for _ in range(count))]


def _expression(tree: Tree) -> Expr:
    if isinstance(tree, str):
        return {"x": x, "y": y}.get(tree) or Rational(tree)
    if tree[0] == "pow":
        return _expression(tree[1]) ** Rational(tree[2])
    return _SYMPY[tree[0]](*map(_expression, tree[1:]))


def exact_value(tree: Tree, point: Mapping[str, Fraction]) -> Any:
    """Return the value of a formula by mpmath, at the precision that is set.

    Raises
    ------
    ArithmeticError
        The formula is undefined or large there, itself or inside.
    """
    if isinstance(tree, str):
        value = point[tree] if tree in point else Fraction(tree)
        return mpmath.mpf(value.numerator) / value.denominator
    arguments = [exact_value(t, point) for t in tree[1:]]
    if tree[0] == "log" and arguments[0] <= 0:
        raise ArithmeticError("logarithm")
    if tree[0] == "pow":
        base, power = arguments[0], Fraction(tree[2])
        if (base == 0 and power < 0) or (base < 0 and power.denominator != 1):
            raise ArithmeticError("power")
        root = base if power.denominator == 1 else mpmath.root(base, power.denominator)
        result = root**power.numerator
    else:
        result = _MPMATH[tree[0]](*arguments)
    if not abs(result) < LARGEST or 0 < abs(result) < 1 / LARGEST:
        raise ArithmeticError("size")
    return result


def _fraction(value: Any) -> Fraction:
    """Return an mpmath float exactly."""
    sign, mantissa, exponent, _ = value._mpf_
    size: Fraction = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -size if sign else size


def _ends(lower: Any, upper: Any) -> tuple[Fraction | None, Fraction | None]:
    """Return ends of the engine as fractions; ``None`` for an infinite one.

    An end may itself be a ball, when it was carried over to a lower precision.
    """
    return _end(lower.lower()), _end(upper.upper())


def _end(value: Any) -> Fraction | None:
    if not value.is_finite():
        return None
    mantissa, exponent = value.man_exp()
    size = int(mantissa).bit_length() + int(exponent)
    if abs(size) > FARTHEST:
        return None if size > 0 else Fraction(0)
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _holds(ends: tuple[Any, Any], value: Fraction) -> bool:
    low, high = ends
    return (low is None or low <= value + SLACK) and (high is None or value - SLACK <= high)


def _meet(a: tuple[Any, Any], b: tuple[Any, Any]) -> bool:
    lows = [e for e in (a[0], b[0]) if e is not None]
    highs = [e for e in (a[1], b[1]) if e is not None]
    return not lows or not highs or max(lows) <= min(highs) + SLACK


def trial(
    tree: Tree, expr: Expr, point: Mapping[str, Fraction], width: Fraction, bits: int
) -> dict[str, bool] | None:
    """Return which checks hold for a formula at a point; ``None`` where it has no value.

    Parameters
    ----------
    tree, expr
        The formula, as prefix list and as SymPy expression.
    point
        Values of ``x`` and ``y``.
    width
        How far the box of the intervals reaches from the point, to either side.
    bits
        Precision of the enclosures.
    """
    with mpmath.workprec(BITS):
        try:
            value = _fraction(exact_value(tree, point))
        except ArithmeticError:
            return None
    symbols = {"x": x, "y": y}
    box = {symbols[s]: Interval.hull(v - width, v + 2 * width) for s, v in point.items()}
    over = interval_value(expr, box, bits=bits)
    ranged = _ends(over.lo, over.hi)
    checks = {"interval": _holds(ranged, value)}
    try:
        ball = to_ball(ball_value(expr, {symbols[s]: v for s, v in point.items()}, bits=bits))
        pointed = _ends(ball.lower(), ball.upper())
    except (ClaimError, ZeroDivisionError):
        pointed = (None, None)  # undecided at this precision: nothing is said, so nothing is wrong
    checks["ball"] = _holds(pointed, value)
    checks["interval meets ball"] = _meet(ranged, pointed)
    try:
        fractions = tuple(
            None if isinstance(e, float) else e
            for e in recheck._at(tree, point, bits)  # noqa: SLF001
        )
    except (ArithmeticError, ValueError):
        fractions = (None, None)
    checks["fractions"] = _holds((fractions[0], fractions[1]), value)
    checks["ball meets fractions"] = _meet(pointed, (fractions[0], fractions[1]))
    return checks


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return chunks of formulas; the fingerprint of the arithmetics is part of each."""
    from proofs_check.fingerprint import files_fingerprint

    chunks, formulas = (1, 10) if profile == "quick" else (CHUNKS, 50)
    engine = files_fingerprint(*ARITHMETICS)[:16]
    return [
        {"chunk": k, "formulas": formulas, "points": 100, "engine": engine} for k in range(chunks)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Return how many trials there were, and how many failed each check."""
    del checkpoint
    rng = random.Random(f"containment/{parameters['chunk']}")
    tried, failed = 0, dict.fromkeys(CHECKS, 0)
    failures: list[str] = []
    for _ in range(int(parameters["formulas"])):
        tree = random_tree(rng, rng.randint(1, 4))
        try:
            expr = _expression(tree)
        except ZeroDivisionError:
            continue
        if expr.has(zoo, nan, I):
            continue  # SymPy saw that it has no real value anywhere
        for _ in range(int(parameters["points"])):
            point = {s: Fraction(rng.randint(-300, 300), rng.randint(1, 90)) for s in ("x", "y")}
            width = Fraction(rng.randint(0, 50), rng.choice([1, 100, 10**6]))
            checks = trial(tree, expr, point, width, rng.choice([24, 53, 64, 128]))
            if checks is None:
                continue
            tried += 1
            for name, good in checks.items():
                failed[name] += not good
                if not good:
                    failures.append(f"{name}: {tree} at {point['x']}, {point['y']}")
    return {
        "tried": np.array(tried),
        "failed": np.array([failed[name] for name in CHECKS]),
        "failures": np.array([f[:300] for f in failures[:20]], dtype=np.str_),
    }


EXPERIMENT: Final = Experiment(
    name="trust.containment",
    says="Whether every enclosure holds its number",
    cells=cells,
    run=run,
    cost=lambda _parameters: 5.0,
)
