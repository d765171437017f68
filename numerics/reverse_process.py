r"""Run the forward Ornstein-Uhlenbeck process backwards with any score.

.. math:: dX = (X + 2 s(t, X))\,d\tau + \sqrt2\,dB \quad\text{or}\quad
          \dot X = X + s(t, X), \qquad \tau = T - t

The first is the reverse equation, the second the probability flow: with the score of the forward
marginals both run through them.
"""

from enum import Enum
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from numerics.score_functions import Score
from numerics.validation import (
    FloatArray,
    check_finite_array,
    check_function,
    check_rng,
    check_sample_nd,
)

__all__ = ["ReverseScheme", "check_reverse_times", "sample_reverse"]


class ReverseScheme(Enum):
    """How a backward step is taken; the noise comes with the first two."""

    EULER_MARUYAMA = "euler-maruyama"
    EXPONENTIAL = "exponential"
    FLOW_EULER = "flow-euler"
    FLOW_HEUN = "flow-heun"

    @property
    def stochastic(self) -> bool:
        """Whether a step adds noise."""
        return self in (ReverseScheme.EULER_MARUYAMA, ReverseScheme.EXPONENTIAL)


def check_reverse_times(times: ArrayLike) -> FloatArray:
    """Return decreasing times as a float64 array.

    Raises
    ------
    ValueError
        If there are fewer than two, they do not decrease, or one is negative.

    Examples
    --------
    >>> check_reverse_times([1, 0.5]).tolist()
    [1.0, 0.5]
    """
    grid = check_finite_array(times, name="times", ndim=1, min_size=2)
    if not (np.diff(grid) < 0.0).all():
        raise ValueError("times did not decrease; give them from T down to delta")
    if grid[-1] < 0.0:
        raise ValueError(f"times ended at {grid[-1]}; the last one must be >= 0")
    return grid


def sample_reverse(
    start: ArrayLike,
    score: Score,
    *,
    times: ArrayLike,
    scheme: ReverseScheme = ReverseScheme.EULER_MARUYAMA,
    rng: np.random.Generator | None = None,
    last_noise: bool = True,
) -> FloatArray:
    r"""Take one backward step between every two neighbouring times.

    With h the length of a step and s the score at its beginning,

    .. math:: x &\mapsto x + h(x+2s) + \sqrt{2h}\,\xi &&\text{(Euler-Maruyama)}\\
              x &\mapsto e^hx + 2(e^h-1)s + \sqrt{e^{2h}-1}\,\xi &&\text{(exponential)}\\
              x &\mapsto x + h(x+s) &&\text{(Euler's method for the flow)}

    and Heun's method for the flow, which averages the slopes at both ends of the step.

    Parameters
    ----------
    start : array_like, shape (N, d)
        Points at the first time.
    score : Score
        ``score(t, y)``; called at every time but the last (Heun: also at the last).
    times : array_like, shape (K + 1,)
        Decreasing, from T to delta >= 0.
    scheme : ReverseScheme
        How a step is taken.
    rng : numpy.random.Generator, optional
        Source of the noise; needed where there is any.
    last_noise : bool
        Whether the last step adds its noise, as the notebooks do.

    Returns
    -------
    ndarray of float64, shape (N, d)
        Points at the last time.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the score has another shape than the points (or
        refuses them, because unstable steps made them infinite).

    Notes
    -----
    Paper A, sections 2 and 5 (claims ``A.fig3``, ``A.fig4``, ``A.code.time``). Weak order 1 in the
    largest step, 2 for Heun. An Euler-Maruyama step contracts towards a point of the data only if
    h < sigma(t)^2, about 2 t for small t. Cost: K scores of N points (Heun: 2 K).

    Examples
    --------
    >>> def still(t, y):
    ...     return -y
    >>> sample_reverse(
    ...     [[1.0]], still, times=[1.0, 0.5], scheme=ReverseScheme.FLOW_EULER
    ... ).tolist()
    [[1.0]]
    """
    points = check_sample_nd(start, name="start", min_size=1).copy()
    grid = check_reverse_times(times)
    check_function(score, name="score")
    if not isinstance(scheme, ReverseScheme):
        raise ValueError(f"scheme was {scheme!r}; use one of ReverseScheme")
    fresh = np.empty_like(points) if scheme.stochastic else None
    generator = check_rng(rng) if scheme.stochastic else None
    for k, (now, then) in enumerate(pairwise(grid)):
        _step(points, score, float(now), float(then), scheme)
        if fresh is not None and generator is not None and (last_noise or k < len(grid) - 2):
            h = float(now - then)
            euler = scheme is ReverseScheme.EULER_MARUYAMA
            generator.standard_normal(out=fresh)
            fresh *= np.sqrt(2.0 * h if euler else np.expm1(2.0 * h))
            points += fresh
    return points


def _step(points: FloatArray, score: Score, now: float, then: float, scheme: ReverseScheme) -> None:
    """Take the part of a step that is not noise, in place."""
    h = now - then
    slope = _scored(score, now, points)
    if scheme is ReverseScheme.EXPONENTIAL:
        slope *= 2.0 * np.expm1(h)
        points *= np.exp(h)
        points += slope
        return
    if scheme is ReverseScheme.EULER_MARUYAMA:
        slope *= 2.0
    slope += points
    if scheme is ReverseScheme.FLOW_HEUN:
        ahead = points + h * slope
        slope += ahead
        slope += _scored(score, then, ahead)
        slope *= 0.5
    slope *= h
    points += slope


def _scored(score: Score, time: float, points: FloatArray) -> FloatArray:
    """Return the score as an array that may be written into."""
    value = np.array(score(time, points), dtype=np.float64)
    if value.shape != points.shape:
        raise ValueError(f"score gave shape {value.shape}; it must be that of y, {points.shape}")
    return value
