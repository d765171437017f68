"""Draw from the forward Ornstein-Uhlenbeck process, exactly or by small Euler steps."""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import (
    FloatArray,
    check_count,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = ["ForwardScheme", "sample_forward"]

ForwardScheme: TypeAlias = Literal["exact", "euler-maruyama"]
"""The transition law of the process, or one Euler step."""


def sample_forward(
    x: ArrayLike,
    *,
    time: float,
    rng: np.random.Generator,
    steps: int = 1,
    scheme: ForwardScheme = "exact",
) -> FloatArray:
    r"""Run the forward process from each point for a time.

    .. math:: dX = -X\,dt + \sqrt2\,dB:\qquad
              x \mapsto e^{-h}x + \sqrt{1-e^{-2h}}\,\xi
              \quad\text{or}\quad x \mapsto (1-h)x + \sqrt{2h}\,\xi

    Parameters
    ----------
    x : array_like, shape (N, d)
        Where the process starts, one point per row.
    time : float
        t > 0.
    rng : numpy.random.Generator
        Source of the noise.
    steps : int
        Number of steps of length h = t / steps; the law of the exact transition does not depend
        on it.
    scheme : {"exact", "euler-maruyama"}
        How a step is taken.

    Returns
    -------
    ndarray of float64, shape (N, d)
        X_t.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Paper A, section 2 (claim ``A.eq3``). Cost: N d normal draws a step.

    Examples
    --------
    >>> sample_forward([[1.0, 2.0]], time=0.5, rng=np.random.default_rng(0)).shape
    (1, 2)
    """
    points = check_sample_nd(x, min_size=1).copy()
    count = check_count(steps, name="steps")
    h = check_positive(time, name="time") / count
    generator = check_rng(rng)
    if scheme == "exact":
        gain, noise = np.exp(-h), np.sqrt(-np.expm1(-2.0 * h))
    elif scheme == "euler-maruyama":
        gain, noise = 1.0 - h, np.sqrt(2.0 * h)
    else:
        raise ValueError(f"scheme was {scheme!r}; use 'exact' or 'euler-maruyama'")
    fresh = np.empty_like(points)
    for _ in range(count):
        generator.standard_normal(out=fresh)
        fresh *= noise
        points *= gain
        points += fresh
    return points
