"""The denoising risk of the empirical optimal score: the least risk of all, however small."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.gaussian_window import Window, centres
from numerics.score_panels import inner_panels, joined, outer_panels, resolve
from numerics.validation import check_mu, check_sample, check_sigma

__all__ = ["log_optimal_risk", "optimal_risk"]


def optimal_risk(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the risk of the empirical optimal score, the least risk of all.

    .. math::
        R_n(s^\\star) = \\frac1{n\\sigma^4}\\int\\sum_i\\varphi_\\sigma(y-\\mu x_i)
        \\Big(\\sum_k\\alpha_k(y)\\,\\mu(x_k - x_i)\\Big)^2dy

    which is the definition with s* = sum_k alpha_k(y)(mu x_k - y)/sigma^2 put in: the datum's own
    term (y - mu x_i)/sigma^2 then cancels before rounding, and a risk of 1e-300 is resolved.

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    float
        To about 1e-12 of its value; 0.0 when below the range of float64, from spacings of about
        75 sigma / mu on: see `log_optimal_risk`.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, Corollary 3 (claim ``A.cor3b``). Quadrature panels that follow the data, as
    for the total variation. Cost O(16 p w) for p panels and w data that matter at a point.

    Examples
    --------
    >>> 0.0 < optimal_risk([-1.0, 1.0], mu=0.5, sigma=0.02) < 1e-120
    True
    """
    return math.exp(log_optimal_risk(x, mu=mu, sigma=sigma))


def log_optimal_risk(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the logarithm of the risk of the empirical optimal score.

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    float
        To about 1e-12 absolutely, at any noise level.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    See `optimal_risk`. The mixture density at the midpoint of the narrowest gap g, where the risk
    of small noise sits, is taken out as exp(-g^2 / 8 sigma^2).

    Examples
    --------
    >>> gap, sigma = 1.0, 1e-4
    >>> round(log_optimal_risk([-1.0, 1.0], mu=0.5, sigma=sigma) * 8.0 * sigma**2 / gap**2, 5)
    -1.0
    """
    table = centres(check_sample(x), check_mu(mu), check_sigma(sigma))
    noise = table.sigma
    level = 0.125 * (float(np.diff(table.high).min()) / noise) ** 2

    def spread(near: Window) -> NDArray[np.float64]:
        mean = np.einsum("ij,ij->j", near.weight, near.distance) / near.weight.sum(axis=0)
        gap = near.distance - mean
        # The weights are relative to the largest one, whose own exponent is put back here; where
        # the crop at exp(700) acts, the other weights are 0.
        largest = np.log(near.weight[near.nearest - near.start, np.arange(mean.size)])
        distance = (near.offset + near.offset_low) / noise
        height = np.exp(np.minimum(level - 0.5 * distance**2 - largest, 700.0))
        total: NDArray[np.float64] = height * np.einsum("ij,ij,ij->j", near.weight, gap, gap)
        return total

    panels = joined(inner_panels(table), outer_panels(table, 40.0 * noise))
    panels, values = resolve(table, panels, spread)
    scale = math.sqrt(2.0 * math.pi) * table.high.size
    return (
        math.log(panels.integrate(values) / noise) - 4.0 * math.log(noise) - math.log(scale) - level
    )
