"""Bands around what repetitions give: confidence for a mean, quantiles for a spread."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import FloatArray

__all__ = ["FEW", "Band", "mean_band", "quantile_band", "runs_band"]

FEW: Final = 5
"""With fewer runs than this, a confidence interval says less than their range."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Band:
    """A middle line with a lower and an upper one, of one shape."""

    middle: FloatArray
    low: FloatArray
    high: FloatArray


def mean_band(values: ArrayLike, *, level: float = 0.95, logarithmic: bool = False) -> Band:
    r"""Return the mean over the first axis with Student's confidence interval.

    .. math:: \bar y \pm t_{n - 1,(1+\text{level})/2}\,\frac{s}{\sqrt n}

    Parameters
    ----------
    values : array_like, shape (n, ...)
        Repetitions. NaN (a run that diverged) makes a NaN: say what is left out, and leave it out
        before.
    level : float
        Confidence, in (0, 1).
    logarithmic : bool
        Take it of the logarithms: a geometric mean, for quantities > 0 on a logarithmic axis.

    Returns
    -------
    Band
        Each of the shape of one repetition; without width for a single one.

    Raises
    ------
    ValueError
        If there is no repetition, level is not in (0, 1), or a logarithm is taken of a value <= 0.

    Examples
    --------
    >>> band = mean_band([[1.0], [3.0]])
    >>> band.middle.tolist(), round(float(band.high[0]), 2)
    ([2.0], 14.71)
    """
    from scipy.special import stdtrit

    rows = _rows(values, level)
    if logarithmic:
        if (rows <= 0).any():
            raise ValueError(f"values held {rows.min():g}; a geometric mean needs values > 0")
        rows = np.log(rows)
    count = rows.shape[0]
    middle = rows.mean(axis=0)
    half = np.zeros_like(middle)
    if count > 1:
        quantile = float(stdtrit(count - 1, 0.5 * (1 + level)))
        half = quantile * rows.std(axis=0, ddof=1) / np.sqrt(count)
    low, high = middle - half, middle + half
    if logarithmic:
        middle, low, high = np.exp(middle), np.exp(low), np.exp(high)
    return Band(middle=middle, low=low, high=high)


def quantile_band(values: ArrayLike, *, level: float = 0.8) -> Band:
    """Return the median over the first axis with the quantiles that hold a share of the values.

    Examples
    --------
    >>> band = quantile_band(np.arange(11.0)[:, None], level=0.8)
    >>> [round(float(line[0]), 9) for line in (band.low, band.middle, band.high)]
    [1.0, 5.0, 9.0]
    """
    rows = _rows(values, level)
    low, middle, high = np.quantile(rows, [0.5 * (1 - level), 0.5, 0.5 * (1 + level)], axis=0)
    return Band(middle=middle, low=low, high=high)


def runs_band(values: ArrayLike, *, level: float = 0.95, logarithmic: bool = False) -> Band:
    """Return `mean_band` of many runs, and the mean with the range of less than `FEW`.

    Examples
    --------
    >>> band = runs_band([1.0, 4.0], logarithmic=True)
    >>> float(band.low), round(float(band.middle), 12), float(band.high)
    (1.0, 2.0, 4.0)
    """
    band = mean_band(values, level=level, logarithmic=logarithmic)
    rows = _rows(values, level)
    if rows.shape[0] >= FEW:
        return band
    return Band(middle=band.middle, low=rows.min(axis=0), high=rows.max(axis=0))


def _rows(values: ArrayLike, level: float) -> FloatArray:
    rows = np.asarray(values, dtype=np.float64)
    if rows.ndim == 0 or rows.shape[0] == 0:
        raise ValueError(f"values had shape {rows.shape}; it needs at least one repetition")
    if not 0 < level < 1:
        raise ValueError(f"level was {level:g}; it must lie in (0, 1)")
    return rows
