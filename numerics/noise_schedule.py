r"""The times at which a time-conditioned network is trained, with their factors and probabilities.

The paper's process has ``mu(t) = exp(-t)``, ``sigma(t)^2 = 1 - exp(-2t)``, and 100 times from 0.01
to 1 drawn with probability proportional to ``sigma(t)``; its notebooks take ``mu(t) = exp(-2t)``
with the same ``sigma``, times from 0.05 on, and probabilities proportional to ``1 / sigma(t)``.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from numerics.validation import FloatArray, check_count, check_positive

__all__ = ["Marginal", "NoiseSchedule", "TimeWeighting", "noise_schedule"]


class Marginal(Enum):
    """The factor that the data are said to be multiplied with at time t."""

    PRINTED = "exp(-t)"
    NOTEBOOK = "exp(-2t)"


class TimeWeighting(Enum):
    """The probability of a time, up to a factor."""

    SIGMA = "sigma"
    INVERSE_SIGMA = "1/sigma"
    UNIFORM = "uniform"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NoiseSchedule:
    """Times in increasing order, with mu(t), sigma(t) and the probability of each, shape (k,)."""

    times: FloatArray
    mu: FloatArray
    sigma: FloatArray
    probability: FloatArray


def noise_schedule(
    *,
    start: float = 0.01,
    end: float = 1.0,
    count: int = 100,
    marginal: Marginal = Marginal.PRINTED,
    weighting: TimeWeighting = TimeWeighting.SIGMA,
) -> NoiseSchedule:
    r"""Space times equally and give each its factor, its noise and its probability.

    .. math:: \sigma(t)^2 = 1 - e^{-2t}, \qquad \mu(t) = e^{-t} \text{ or } e^{-2t}

    Parameters
    ----------
    start, end : float
        First and last time, 0 < start < end.
    count : int
        Number of times, >= 2.
    marginal : Marginal
        The paper's factor or the notebooks'.
    weighting : TimeWeighting
        What the probability of a time is proportional to.

    Returns
    -------
    NoiseSchedule
        The table.

    Raises
    ------
    ValueError
        If the times are not increasing and positive, or fewer than two.

    Notes
    -----
    Source: paper A, section 5 and its notebooks; claims ``A.fig3``, ``A.code.marginal``,
    ``A.code.time``.

    Examples
    --------
    >>> table = noise_schedule(count=3)
    >>> table.times.round(3).tolist(), bool(np.isclose(table.probability.sum(), 1.0))
    ([0.01, 0.505, 1.0], True)
    """
    start, end = check_positive(start, name="start"), check_positive(end, name="end")
    if start >= end:
        raise ValueError(f"start was {start} and end {end}; start must be the smaller")
    times = np.linspace(start, end, check_count(count, name="count", minimum=2))
    sigma = np.sqrt(-np.expm1(-2.0 * times))
    weight = {
        TimeWeighting.SIGMA: sigma,
        TimeWeighting.INVERSE_SIGMA: 1.0 / sigma,
        TimeWeighting.UNIFORM: np.ones_like(sigma),
    }[weighting]
    rate = 1.0 if marginal is Marginal.PRINTED else 2.0
    return NoiseSchedule(
        times=times, mu=np.exp(-rate * times), sigma=sigma, probability=weight / weight.sum()
    )
