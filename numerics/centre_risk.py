"""How far the posterior mean is from the datum that the noise was added to, on average."""

import math

import numpy as np
from numpy.typing import ArrayLike

from numerics.normal_average import REACH, normal_average
from numerics.posterior import posterior_moments
from numerics.validation import FloatArray, check_mu, check_sample, check_sigma

__all__ = ["centre_risk"]


def centre_risk(x: ArrayLike, index: int, *, mu: float, sigma: float) -> float:
    r"""Return the mean squared error of the posterior mean around a datum.

    .. math:: E_{Y\sim N(\mu x_i,\sigma^2)}\bigl[(E[W(Y)]-x_i)^2\bigr]

    Parameters
    ----------
    x : array_like, shape (n,)
        Data, n >= 2.
    index : int
        Which datum, from 0 in increasing order.
    mu, sigma : float
        Contraction in (0, 1] and noise level > 0.

    Returns
    -------
    float
        In the unit of the data, squared.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``A.cor3b.term``. The data are moved so that the datum is zero: nothing cancels where the
    risk is tiny. Where centres are D standard deviations apart, the posterior passes from one to
    the other over 1/D (its poles are pi/D away); panels are as short as the largest D within reach
    asks for.

    Examples
    --------
    >>> centre_risk([-1.0, 1.0], 0, mu=1.0, sigma=0.1) < 1e-20
    True
    """
    sample, mu, sigma = check_sample(x, distinct=False), check_mu(mu), check_sigma(sigma)
    if not 0 <= index < sample.size:
        raise ValueError(f"index was {index}; 0 to {sample.size - 1} would do")
    moved = sample - sample[index]
    steepest = min(mu * float(np.abs(moved).max()) / sigma, 2.0 * REACH)

    def squared(u: FloatArray) -> FloatArray:
        mean: FloatArray = posterior_moments(sigma * u, moved, mu=mu, sigma=sigma).mean
        return mean * mean

    return normal_average(
        squared, -REACH, REACH, panel=4.0 * math.pi / max(steepest, 4.0 * math.pi)
    )
