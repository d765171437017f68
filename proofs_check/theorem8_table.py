"""The numbers of Theorem 8 of paper A for standard samples, as printed and as repaired."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import mpmath
import numpy as np
from sympy import Expr, Rational

from proofs_check.regime import Regime, regime
from theory.main_theorem import VARIATION, Theorem8, thm8_constants

__all__ = ["SCALES", "Theorem8Row", "constants_by_source", "standard_sample", "table_rows"]

SCALES: Final = (Fraction(81, 100), Fraction(95, 100))
"""The two values of mu of the experiments."""
STEPS_ALONE: Final = Rational(1, 2**12)
"""What the printed steps of Proposition 7 give (``A.prop7.P6.amended``)."""
UNIT: Final = 10**6
"""Draws are rounded to this fraction, so that a sample is exact."""
DIGITS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Theorem8Row:
    """Theorem 8 for one sample at the largest noise level at which its amended form speaks.

    Attributes
    ----------
    kind, size, mean_scale
        Sample, n and mu.
    noise
        sigma_0 of the amended form, rounded down to three digits.
    found
        All numbers at that noise level.
    """

    kind: str
    size: int
    mean_scale: Fraction
    noise: Fraction
    found: Regime


def standard_sample(kind: str, size: int, *, seed: int) -> list[Fraction]:
    """Return a sample: ``equally spaced`` by 1, or ``Gaussian``, N(0, 1) drawn with a seed.

    Examples
    --------
    >>> standard_sample("equally spaced", 3, seed=0)
    [Fraction(0, 1), Fraction(1, 1), Fraction(2, 1)]
    """
    if kind == "equally spaced":
        return [Fraction(k) for k in range(size)]
    if kind != "Gaussian":
        raise ValueError(f"kind was {kind!r}; it must be 'equally spaced' or 'Gaussian'")
    drawn = np.random.default_rng(seed).standard_normal(size)
    return sorted(Fraction(round(value * UNIT), UNIT) for value in drawn.tolist())


def table_rows(sizes: Sequence[int], scales: Sequence[Fraction], *, seed: int) -> list[Theorem8Row]:
    """Return one row for each mu, kind of sample and size.

    Parameters
    ----------
    sizes
        Values of n, >= 2.
    scales
        Values of mu in (0, 1).
    seed
        Of the Gaussian samples.

    Notes
    -----
    Claim ``A.x2``; source: paper A, Theorem 8. Cost: two evaluations of `regime` for a row.

    Examples
    --------
    >>> row = table_rows([10], [Fraction(4, 5)], seed=0)[0]
    >>> row.kind, float(row.noise) < row.found.amended.least, row.found.applies("A.thm8")
    ('equally spaced', True, True)
    """
    rows = []
    for mean_scale in scales:
        for kind in ("equally spaced", "Gaussian"):
            for size in sizes:
                points = standard_sample(kind, size, seed=seed)
                # sigma_0 does not depend on the noise level
                least = regime(points, mean_scale, Fraction(1, 2)).amended.least
                noise = _rounded_down(least)
                found = regime(points, mean_scale, noise)
                rows.append(
                    Theorem8Row(
                        kind=kind, size=size, mean_scale=mean_scale, noise=noise, found=found
                    )
                )
    return rows


def _rounded_down(value: Any) -> Fraction:
    """Return the largest number of three digits that is below a value in (0, 1)."""
    power = DIGITS - 1 - int(mpmath.floor(mpmath.log10(value)))
    return Fraction(int(mpmath.floor(value * mpmath.mpf(10) ** power)), 10**power)


def constants_by_source() -> dict[str, tuple[Expr, Theorem8]]:
    """Return the constant of Proposition 7 with those of Theorem 8 that follow from it.

    Examples
    --------
    >>> {name: str(found.learning_rate) for name, (_, found) in constants_by_source().items()}
    {'as printed': '4096', 'from the printed steps alone': '8192', 'repaired': '4096'}
    """
    return {
        "as printed": (VARIATION, thm8_constants()),
        "from the printed steps alone": (STEPS_ALONE, thm8_constants(variation=STEPS_ALONE)),
        "repaired": (VARIATION, thm8_constants(variation=VARIATION)),
    }
