"""Where gradient descent ends for many learning rates and starts: risk and m eta lambda_max / 2."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.descent import gradient_descent, random_start
from numerics.mixture_tails import noised_sample
from numerics.validation import FloatArray, check_count, check_finite_array, check_rng


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EdgeOfStability:
    """The ends of descents, one row per learning rate and one column per start.

    Attributes
    ----------
    risk : ndarray, shape (rates, starts)
        Exact risk at the end; NaN where the descent diverged.
    stability : ndarray, shape (rates, starts)
        m eta lambda_max / 2 at the end; NaN where the descent diverged.
    largest : ndarray, shape (rates, starts)
        The largest m eta lambda_max / 2 recorded.
    """

    learning_rate: FloatArray
    risk: FloatArray
    stability: FloatArray
    largest: FloatArray


def edge_of_stability(
    x: ArrayLike,
    mu: float,
    sigma: float,
    *,
    learning_rates: ArrayLike,
    starts: int,
    width: int,
    steps: int,
    rng: np.random.Generator,
    records: int = 10,
) -> EdgeOfStability:
    r"""Run gradient descent on the exact risk from the same starts at several learning rates.

    .. math:: \tfrac12\,m\,\eta\,\lambda_{\max}\big(\nabla^2 R_n(\theta_j)\big)
              \quad\text{against the limit } 1 \text{ of eq. 8}

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data.
    mu, sigma : float
        Contraction of the data and noise level.
    learning_rates : array_like, shape (rates,)
        Values of eta, > 0.
    starts : int
        Number of random starts, >= 1; the same for every learning rate.
    width : int
        Number m of neurons.
    steps : int
        Steps per descent, >= 1.
    rng : numpy.random.Generator
        Source of the starts.
    records : int
        Records per descent after the first, >= 1.

    Returns
    -------
    EdgeOfStability
        The ends, NaN where a descent diverged.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Cost O(rates starts steps m log m). Source: claims ``A.x6``, ``A.appD``.

    Examples
    --------
    >>> ends = edge_of_stability(
    ...     [-1.0, 1.0],
    ...     0.8,
    ...     0.6,
    ...     learning_rates=[0.1],
    ...     starts=2,
    ...     width=10,
    ...     steps=20,
    ...     rng=np.random.default_rng(0),
    ... )
    >>> ends.risk.shape
    (1, 2)
    """
    rates = check_finite_array(learning_rates, name="learning_rates", ndim=1)
    starts, steps = check_count(starts, name="starts"), check_count(steps, name="steps")
    records, rng = check_count(records, name="records"), check_rng(rng)
    sample = noised_sample(x, mu, sigma)
    networks = [random_start(width, rng=child) for child in rng.spawn(starts)]
    ends = np.full((3, rates.size, starts), np.nan)
    for i, rate in enumerate(rates.tolist()):
        for j, network in enumerate(networks):
            path = gradient_descent(
                network,
                sample,
                learning_rate=rate,
                steps=steps,
                record_every=max(1, steps // records),
            )
            ends[2, i, j] = path.stability.max()
            if not path.diverged:
                ends[:2, i, j] = path.risk[-1], path.stability[-1]
    return EdgeOfStability(learning_rate=rates, risk=ends[0], stability=ends[1], largest=ends[2])
