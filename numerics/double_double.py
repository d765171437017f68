"""Sums and products with their rounding errors: the exact result as a pair of float64 arrays.

A coordinate y - mu x_i enters the score divided by sigma^2, so at sigma = 1e-8 one rounding of
mu x_i already turns a weight of the mixture from 0 into 1. Pairs (high, low) keep it.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["two_product", "two_sum"]

# Splits a 53-bit significand into two halves whose products are exact (Dekker 1971).
_SPLIT = 2.0**27 + 1.0


def two_sum(
    a: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rounded sum and its rounding error, exactly.

    .. math:: a + b = \\mathrm{high} + \\mathrm{low}

    Parameters
    ----------
    a, b : ndarray of float64
        Finite arrays that broadcast together.

    Returns
    -------
    tuple of ndarray of float64
        ``high`` = fl(a + b) and ``low``, whose sum is a + b without error.

    Notes
    -----
    Knuth's branch-free form, six operations; source: Knuth, TAOCP 2, section 4.2.2.

    Examples
    --------
    >>> high, low = two_sum(np.array([1.0]), np.array([1e-20]))
    >>> float(high[0]), float(low[0])
    (1.0, 1e-20)
    """
    high: NDArray[np.float64] = a + b
    part = high - a
    low: NDArray[np.float64] = (a - (high - part)) + (b - part)
    return high, low


def two_product(
    a: float, b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rounded product of a number with an array and its rounding error, exactly.

    .. math:: a b = \\mathrm{high} + \\mathrm{low}

    Parameters
    ----------
    a : float
        A finite number.
    b : ndarray of float64
        Finite, with modulus below 1e290, and no product in the subnormal range.

    Returns
    -------
    tuple of ndarray of float64
        ``high`` = fl(a b) and ``low``, whose sum is a b without error.

    Notes
    -----
    Source: Dekker, A floating-point technique for extending the available precision (1971).

    Examples
    --------
    >>> high, low = two_product(0.1, np.array([10.0]))
    >>> float(high[0]), float(low[0]) == 2.0**-54
    (1.0, True)
    """
    high: NDArray[np.float64] = a * b
    a_high = _SPLIT * a - (_SPLIT * a - a)
    a_low = a - a_high
    scaled = _SPLIT * b
    b_high = scaled - (scaled - b)
    b_low = b - b_high
    low: NDArray[np.float64] = a_low * b_low - (
        ((high - a_high * b_high) - a_low * b_high) - a_high * b_low
    )
    return high, low
