"""An exact confidence interval of the mean of bounded random numbers, whatever their law."""

import math

__all__ = ["hoeffding_interval"]

_HALVINGS = 200
"""More than float64 can tell apart."""


def hoeffding_interval(mean: float, count: int, *, error: float = 0.05) -> tuple[float, float]:
    r"""Return the interval of Hoeffding's bound for the mean of numbers in [0, 1].

    Its ends solve

    .. math:: n\,\Bigl(x\log\frac xp+(1-x)\log\frac{1-x}{1-p}\Bigr)=\log\frac2{\text{error}}

    for p below and above the observed mean x. It misses the true mean at most with the probability
    ``error`` for every law on [0, 1] and every number n of independent draws, however skew.

    Parameters
    ----------
    mean : float
        Observed mean, in [0, 1].
    count : int
        Number of independent draws, >= 1.
    error : float
        In (0, 1).

    Returns
    -------
    tuple of float
        Lower and upper end, rounded outwards to what the bisection can tell.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    W. Hoeffding, Probability inequalities for sums of bounded random variables, 1963, theorem 1.
    Claims ``B.slope``, ``B.slope.truth``.

    Examples
    --------
    >>> low, high = hoeffding_interval(0.0, 720, error=1e-5)
    >>> low, round(high, 4)
    (0.0, 0.0168)
    """
    if not 0.0 <= mean <= 1.0 or count < 1 or not 0.0 < error < 1.0:
        raise ValueError(
            f"mean, count, error were {mean}, {count}, {error}; "
            "0 <= mean <= 1, count >= 1 and 0 < error < 1 would do"
        )
    room = math.log(2.0 / error) / count
    return 1.0 - _upper_end(1.0 - mean, room), _upper_end(mean, room)


def _upper_end(mean: float, room: float) -> float:
    """Return the largest p whose relative entropy to the mean is at most the room."""
    low, high = mean, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if _relative_entropy(mean, middle) <= room:
            low = middle
        else:
            high = middle
    return high


def _relative_entropy(x: float, p: float) -> float:
    """Return the relative entropy of a coin of chance x to one of chance p >= x."""
    if p >= 1.0:
        return 0.0 if x >= 1.0 else math.inf
    head = x * math.log(x / p) if x > 0.0 else 0.0
    return head + (1.0 - x) * (math.log1p(-x) - math.log1p(-p))
