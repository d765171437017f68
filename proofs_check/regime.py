"""Which theorems of paper A speak of given data, by what factor they miss, and what they say.

Everything is evaluated from the expressions of `theory` at exact data, with exponents of any size:
the bounds run over hundreds of orders of magnitude. Results carry 15 digits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import mpmath
from sympy import Expr, Rational, log

from theory.main_theorem import (
    RANGE,
    Theorem8,
    optimal_risk_condition,
    thm8_constants,
    thm8_excess,
    thm8_learning_rate,
)
from theory.noise_threshold import AMPLITUDE, REACH, amplitude_constant, noise_limits
from theory.symbols import A, Delta, mu, n, sigma
from theory.variation_bound import prop7_rhs, theorem4_constant

__all__ = ["Condition", "NoiseThreshold", "Regime", "regime"]

DIGITS: Final = 30
LEAST_SIZE: Final = 4
"""Number of points that the repaired Proposition 7 and Theorem 8 need."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One hypothesis on the data.

    ``factor`` is value over need: at least 1 when it holds, and 1/factor is what is missing.
    """

    claims: tuple[str, ...]
    says: str
    value: Any
    need: Any

    @property
    def factor(self) -> Any:
        """Value over need."""
        return self.value / self.need

    @property
    def holds(self) -> bool:
        """Whether the value is at least the need."""
        return bool(self.value >= self.need)


@dataclass(frozen=True, kw_only=True)
class NoiseThreshold:
    """The four parts of sigma_0 of Theorem 8; sigma_0 is the least."""

    spacing: Any
    optimal: Any
    risk: Any
    root: Any

    @property
    def least(self) -> Any:
        """Return sigma_0."""
        return min(self.spacing, self.optimal, self.risk, self.root)


@dataclass(frozen=True, kw_only=True)
class Regime:
    """What the theorems of paper A say about a sample at a noise level.

    Attributes
    ----------
    size, spacing, span
        n, Delta, x_n - x_1.
    amplitude
        C_n of Lemma 12; the outer weights are at most C_n / sigma^6.
    conditions
        Hypotheses of A.prop2b, A.cor3b, A.thm4, A.prop7 and A.thm8.
    printed, amended
        The four parts of sigma_0: as printed, and with the missing Delta^3 and the largest third
        part.
    optimal_risk, variation_optimal, variation_network, learning_rate, excess
        Bounds of Corollary 3, Theorem 4, Proposition 7 and Theorem 8, whether or not they apply.
    """

    size: int
    spacing: Any
    span: Any
    amplitude: Any
    conditions: tuple[Condition, ...]
    printed: NoiseThreshold
    amended: NoiseThreshold
    optimal_risk: Any
    variation_optimal: Any
    variation_network: Any
    learning_rate: Any
    excess: Any

    def applies(self, claim: str) -> bool:
        """Return whether all hypotheses on the data of a claim hold."""
        return all(c.holds for c in self.conditions if claim in c.claims)


def regime(x: Sequence[Fraction], mean_scale: Fraction, noise: Fraction) -> Regime:
    r"""Return which hypotheses hold for a sample, by what factor, and what the theorems say.

    Parameters
    ----------
    x : sequence of Fraction
        Distinct data in any order, n >= 2.
    mean_scale, noise : Fraction
        mu and sigma, in (0, 1).

    Returns
    -------
    Regime
        Values of 15 digits.

    Raises
    ------
    ValueError
        Fewer than two points, repeated points, mu or sigma outside (0, 1).

    Notes
    -----
    Claim ``A.x2``; sources: paper A, Corollary 3, Theorems 4 and 8, Proposition 7. Cost: about 200
    evaluations of one expression for the second part of sigma_0.

    Examples
    --------
    >>> found = regime([Fraction(k) for k in range(20)], Fraction(4, 5), Fraction(3, 5))
    >>> found.applies("A.prop2b"), found.applies("A.thm4")
    (False, False)
    """
    points = _checked(x, mean_scale, noise)
    spacing = min(b - a for a, b in pairwise(points))
    span = points[-1] - points[0]
    values = {n: len(points), mu: mean_scale, sigma: noise, Delta: spacing, RANGE: span}
    values[REACH] = max(points[-1], Fraction(0)) - min(points[0], Fraction(0))
    at = _evaluator(values)
    amplitude = at(amplitude_constant())
    free = amplitude_constant().subs(
        {s: _rational(v) for s, v in values.items() if s in {n, Delta, RANGE, REACH}}
    )
    values[AMPLITUDE] = Fraction(int(free.p), int(free.q))
    at = _evaluator(values)
    in_class = AMPLITUDE / sigma**6
    constants = thm8_constants()
    printed, amended = _thresholds(values, constants)
    q = -(at(Delta * mu / sigma) ** 2)
    return Regime(
        size=len(points),
        spacing=at(Delta),
        span=at(RANGE),
        amplitude=amplitude,
        conditions=_conditions(len(points), at(Delta * mu / sigma), at(1 / sigma), amended.least),
        printed=printed,
        amended=amended,
        optimal_risk=at(4 * mu**2 * RANGE**2 / sigma**4) * mpmath.exp(q / 32),
        variation_optimal=at(theorem4_constant() * mu**3 * n * Delta**3 / sigma**4),
        variation_network=at(prop7_rhs(Rational(1, 2**11))),
        learning_rate=at(thm8_learning_rate(constants)),
        excess=at(thm8_excess(constants).subs(A, in_class)),
    )


def _conditions(size: int, ratio: Any, precision: Any, least_noise: Any) -> tuple[Condition, ...]:
    """Return the hypotheses on n, on Delta mu / sigma and on 1 / sigma."""
    return (
        Condition(
            claims=("A.prop2b", "A.prop2c", "A.cor3a", "A.cor3b", "A.cor3"),
            says="Delta mu / sigma >= 2",
            value=ratio,
            need=mpmath.mpf(2),
        ),
        Condition(
            claims=("A.thm4",),
            says="Delta mu / sigma >= 2 sqrt(ln 16 n^3)",
            value=ratio,
            need=2 * mpmath.sqrt(mpmath.log(16 * size**3)),
        ),
        Condition(
            claims=("A.prop7", "A.thm8"),
            says="Delta mu / sigma >= 8",
            value=ratio,
            need=mpmath.mpf(8),
        ),
        Condition(
            claims=("A.prop7", "A.thm8"),
            says=f"n >= {LEAST_SIZE} (repaired proof)",
            value=mpmath.mpf(size),
            need=mpmath.mpf(LEAST_SIZE),
        ),
        Condition(
            claims=("A.thm8",),
            says="1 / sigma >= 1 / sigma_0",
            value=precision,
            need=1 / least_noise,
        ),
    )


def _checked(x: Sequence[Fraction], mean_scale: Fraction, noise: Fraction) -> tuple[Fraction, ...]:
    points = tuple(sorted(x))
    if len(points) < 2:
        word = "point" if len(points) == 1 else "points"
        raise ValueError(f"x had {len(points)} {word}; it needs at least 2")
    for a, b in pairwise(points):
        if a == b:
            raise ValueError(f"x repeated the point {float(a):.12g}; points must be distinct")
    for name, value in (("mu", mean_scale), ("sigma", noise)):
        if not 0 < value < 1:
            raise ValueError(f"{name} was {float(value):.12g}; it must lie in (0, 1)")
    return points


def _rational(value: Any) -> Rational:
    exact = Fraction(value)
    return Rational(exact.numerator, exact.denominator)


def _evaluator(values: dict[Any, Any]) -> Callable[[Expr], Any]:
    table = {s: _rational(v) for s, v in values.items()}

    def at(expr: Expr) -> Any:
        with mpmath.workdps(DIGITS):
            return mpmath.mpmathify(str(expr.subs(table).evalf(DIGITS)))

    return at


def _thresholds(
    values: dict[Any, Any], constants: Theorem8
) -> tuple[NoiseThreshold, NoiseThreshold]:
    """Return the four parts of sigma_0, as printed and amended."""
    fixed = {s: v for s, v in values.items() if s is not sigma}
    at = _evaluator(fixed)
    limits = noise_limits(constants)
    allowed = optimal_risk_condition(constants).subs(A, AMPLITUDE / sigma**6)
    shared = {"spacing": at(limits.spacing), "root": at(limits.root)}
    amended = NoiseThreshold(optimal=_second_part(allowed, fixed), risk=at(limits.risk), **shared)
    printed = NoiseThreshold(
        optimal=_second_part(allowed / Delta**3, fixed),
        risk=mpmath.mpf(1) / values[n],
        **shared,
    )
    return printed, amended


def _second_part(allowed: Expr, fixed: dict[Any, Any]) -> Any:
    """Return the largest sigma below mu Delta/sqrt(384) from which down eq. 19 holds.

    With ``allowed`` = c sigma^24 the logarithm of the margin, ln c + 24 ln sigma + mu^2 Delta^2 /
    32 sigma^2, decreases up to that place, so that bisection finds its only zero.
    """
    table = {s: _rational(v) for s, v in fixed.items()}
    power = 24
    with mpmath.workdps(DIGITS):
        constant = mpmath.mpmathify(str(log((allowed / sigma**power).subs(table)).evalf(DIGITS)))
        width = mpmath.mpf(fixed[mu].numerator) / fixed[mu].denominator
        width *= mpmath.mpf(fixed[Delta].numerator) / fixed[Delta].denominator

        def margin(level: Any) -> Any:
            return constant + power * mpmath.log(level) + width**2 / (32 * level**2)

        high = width / mpmath.sqrt(16 * power)
        if margin(high) >= 0:
            return high
        low = high / 2
        while margin(low) < 0:
            high, low = low, low / 2
        for _ in range(100):
            middle = (low + high) / 2
            low, high = (middle, high) if margin(middle) >= 0 else (low, middle)
        return low
