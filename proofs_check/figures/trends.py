"""Judgements that several trends share: a ratio with its confidence, an order along an axis."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from proofs_check.figures.bands import mean_band
from proofs_check.figures.figure import Judgement, Seen

__all__ = ["judge_order", "judge_ratio", "weakest_judgement"]


def judge_ratio(
    larger: ArrayLike, smaller: ArrayLike, what: str, *, level: float = 0.95, why: str = ""
) -> Judgement:
    """Judge whether one positive quantity exceeds another, by the ratio of its repetitions.

    Parameters
    ----------
    larger, smaller
        Values > 0 of equal repetitions, pair by pair; pairs with a NaN are left out.
    what
        Name of the ratio, for the numbers.
    level
        Confidence of the interval of the geometric mean.
    why
        Reason to be given if the interval lies below 1.

    Returns
    -------
    Judgement
        Reproduced if the whole interval lies above 1, not if it lies below, undecided otherwise
        and with less than two pairs.

    Examples
    --------
    >>> judge_ratio([2.0, 2.2, 1.9], [1.0, 1.0, 1.0], "risk ratio").numbers
    'risk ratio 2.03 (95 %: 1.69 to 2.44, 3 pairs)'
    """
    a, b = np.asarray(larger, dtype=np.float64).ravel(), np.asarray(smaller, np.float64).ravel()
    ratio = a / b
    ratio = ratio[np.isfinite(ratio) & (ratio > 0)]
    if ratio.size < 2:
        few = f"{what}: {ratio.size} of {a.size} pairs are finite"
        return Judgement(seen=Seen.UNDECIDED, numbers=few, why="The other runs diverged.")
    band = mean_band(ratio, level=level, logarithmic=True)
    low, high = float(band.low), float(band.high)
    seen = Seen.REPRODUCED if low > 1 else Seen.NOT if high < 1 else Seen.UNDECIDED
    numbers = (
        f"{what} {float(band.middle):.3g} "
        f"({100 * level:g} %: {low:.3g} to {high:.3g}, {ratio.size} pairs)"
    )
    if seen is Seen.UNDECIDED:
        why = "The interval holds 1: more runs would tell."
    return Judgement(seen=seen, numbers=numbers, why="" if seen is Seen.REPRODUCED else why)


def judge_order(larger: ArrayLike, smaller: ArrayLike, what: str, *, why: str = "") -> Judgement:
    """Judge whether one quantity exceeds another in every pair of repetitions; zeros are allowed.

    Parameters
    ----------
    larger, smaller
        Values of equal repetitions, pair by pair; pairs with a NaN are left out.
    what
        Name of the pair, for the numbers.
    why
        Reason to be given if the order is the other one in every pair.

    Returns
    -------
    Judgement
        Reproduced if it holds in all pairs, not if in none, undecided otherwise and without pairs.

    Examples
    --------
    >>> judge_order([2.0, 3.0], [1.0, 0.0], "variation:").numbers
    'variation: 2 of 2 pairs, medians 2.5 and 0.5'
    """
    a, b = np.asarray(larger, dtype=np.float64).ravel(), np.asarray(smaller, np.float64).ravel()
    kept = np.isfinite(a) & np.isfinite(b)
    if not kept.any():
        return Judgement(
            seen=Seen.UNDECIDED, numbers=f"{what} no finite pair", why="The runs diverged."
        )
    a, b = a[kept], b[kept]
    holds = int((a > b).sum())
    numbers = f"{what} {holds} of {a.size} pairs, medians {np.median(a):.3g} and {np.median(b):.3g}"
    if holds == a.size:
        return Judgement(seen=Seen.REPRODUCED, numbers=numbers)
    if holds == 0:
        return Judgement(seen=Seen.NOT, numbers=numbers, why=why)
    return Judgement(seen=Seen.UNDECIDED, numbers=numbers, why="The pairs disagree.")


def weakest_judgement(parts: Sequence[Judgement]) -> Judgement:
    """Return all judgements as one: reproduced if all are, not if one is not.

    Examples
    --------
    >>> yes = Judgement(seen=Seen.REPRODUCED, numbers="a 2")
    >>> no = Judgement(seen=Seen.NOT, numbers="b 0.5", why="It falls.")
    >>> weakest_judgement([yes, no])
    Judgement(seen=<Seen.NOT: 'not reproduced'>, numbers='a 2; b 0.5', why='It falls.')
    """
    for seen in (Seen.NOT, Seen.UNDECIDED, Seen.REPRODUCED):
        if any(part.seen is seen for part in parts):
            break
    why = " ".join(dict.fromkeys(part.why for part in parts if part.why))
    return Judgement(seen=seen, numbers="; ".join(part.numbers for part in parts), why=why)
