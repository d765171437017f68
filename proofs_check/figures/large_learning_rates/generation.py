"""What Figures 3 and 4 have in common: discrepancies of generated points as numbers of a cell."""

from typing import Final

import numpy as np

from numerics.generation_cell import PAIRS
from numerics.table import Row, Table
from numerics.validation import FloatArray

__all__ = ["CHOICES_SHOWN", "discrepancy", "share_diverged"]

CHOICES_SHOWN: Final = {
    "paper-mean": "paper, mean over coordinates",
    "notebook": "notebooks",
}
"""Choices that are drawn, by their name in the cells; with the printed sum runs diverge."""


def discrepancy(row: Row, pair: str, *, width: int = 0, variant: int = 0) -> float:
    """Return the MMD of a pair of laws: the root of the unbiased mean square over generated sets.

    Parameters
    ----------
    row
        A cell of `numerics.generation_cell`.
    pair
        One of `numerics.generation_cell.PAIRS`.
    width, variant
        Which bandwidth and which way to sample.

    Returns
    -------
    float
        0 where the estimate of the square is negative, NaN after a divergence.
    """
    squares: FloatArray = row["mmd_squared"][variant, :, PAIRS.index(pair), width]
    return float(np.sqrt(np.maximum(squares.mean(), 0.0)))


def share_diverged(table: Table) -> str:
    """Return how many runs diverged, as words; empty if none did."""
    gone = int(table.stack("diverged").sum())
    return f"{gone} of {len(table)} diverged" if gone else ""
