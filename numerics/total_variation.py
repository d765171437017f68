"""Total variation of the derivative of the empirical score, plain and weighted by pi."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.empirical_score import log_derivatives
from numerics.gaussian_window import Centres, centres
from numerics.score_panels import ORDER, Panels, inner_panels, joined, outer_panels, resolve
from numerics.validation import check_mu, check_sample, check_sigma
from numerics.weight_function import OneSided, average_overlap, one_sided

__all__ = ["score_total_variation", "weighted_total_variation"]

# Chebyshev points of the first kind on [-1, 1] with their barycentric weights.
_ANGLE = (np.arange(20) + 0.5) * np.pi / 20
_CHEBYSHEV = np.cos(_ANGLE)
_BARYCENTRIC = np.sin(_ANGLE) * (-1.0) ** np.arange(20)


def score_total_variation(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the total variation of the derivative of the empirical score.

    .. math:: \\int_{-\\infty}^{\\infty}\\lvert s^{\\star\\prime\\prime}(y)\\rvert\\,dy

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
        To about 1e-12 of its value. Not certified: see the enclosures of the ledger.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, Lemma 12 (claim ``A.lem12``). Gauss-Legendre panels that follow the data (see
    `weighted_total_variation`); outside the data they double in length up to the point where the
    two outermost weights differ by exp(-50). Cost O(16 p w) for p panels.

    Examples
    --------
    >>> value = score_total_variation([-1.0, 1.0], mu=0.5, sigma=0.01)
    >>> round(value * 0.01**4, 10)  # two points: s*' climbs by (mu D / 2)^2 / sigma^4 and falls
    0.5
    """
    table = centres(check_sample(x), check_mu(mu), check_sigma(sigma))
    gap = float(min(table.high[1] - table.high[0], table.high[-1] - table.high[-2]))
    reach = (50.0 + float(np.log(table.high.size))) * table.sigma**2 / gap
    start = joined(inner_panels(table), outer_panels(table, reach))
    panels, values = resolve(table, start, lambda near: log_derivatives(near, table.sigma)[2])
    return panels.integrate(np.abs(values))


def weighted_total_variation(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the total variation of the derivative of the empirical score, weighted by pi.

    .. math:: TV_\\pi(s^\\star) = \\int\\lvert s^{\\star\\prime\\prime}(y)\\rvert\\,\\pi(y)\\,dy

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
        To about 1e-12 of its value. Not certified: see the enclosures of the ledger.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 and Theorem 4 (claims ``A.thm4``, ``A.x1``). s*'' comes from the
    density, pi from its expectation. The line is cut at data and midpoints, around each midpoint
    in steps of sigma^2 / D; panels whose Legendre coefficients have not decayed are halved; where
    s*'' changes sign within a panel it is cut once more. All nodes are local to a datum, so
    sigma = 1e-6 (a transition narrower than the rounding of y) costs no digit. Cost O(16 p w)
    for the score, p panels, w data within ten sigma, and O(256 p (w + 6)) exponentials for pi.

    Examples
    --------
    >>> value = weighted_total_variation([-1.0, 1.0], mu=0.5, sigma=1e-6)
    >>> round(value * 1e-24, 6)  # tends to pi(0) / 2 = 1/16
    0.0625
    """
    table = centres(check_sample(x), check_mu(mu), check_sigma(sigma))
    sides = one_sided(table.sample, table.mu)
    panels, values = resolve(
        table, inner_panels(table), lambda near: log_derivatives(near, table.sigma)[2]
    )
    return panels.integrate(np.abs(values) * _weight_at(table, sides, panels))


def _weight_at(table: Centres, sides: OneSided, panels: Panels) -> NDArray[np.float64]:
    """Return pi at the nodes of the panels, shape (p, 16).

    pi is an average over N(0, sigma^2): on an interval of two sigma the polynomial through 20
    Chebyshev points reproduces it to 1e-15. Where that takes fewer evaluations it is used, except
    when sigma is so small that the place within the interval would feel the rounding of y.
    """
    offset = (panels.nodes() + panels.anchor[:, None]).ravel()
    base = np.repeat(panels.base, ORDER)
    y = (table.high[base] - table.high[0]) + offset
    cell = np.floor(y / (2.0 * table.sigma)).astype(np.intp)
    used, member = np.unique(cell, return_inverse=True)
    if used.size * _CHEBYSHEV.size >= y.size or table.sigma < 1e-3 * float(y.max()):
        return average_overlap(sides, base, offset, table.sigma).reshape(-1, ORDER)
    middle = (2.0 * used + 1.0) * table.sigma
    knots = (middle[:, None] + table.sigma * _CHEBYSHEV).ravel()
    at_knots = average_overlap(sides, np.zeros(knots.size, np.intp), knots, table.sigma)
    gap = ((y - middle[member]) / table.sigma)[:, None] - _CHEBYSHEV
    # A node on a Chebyshev point would divide by zero; 1e-17 beside it the quotient is its value.
    gap[gap == 0.0] = 1e-17
    share = _BARYCENTRIC / gap
    share /= share.sum(axis=1, keepdims=True)
    values: NDArray[np.float64] = np.einsum(
        "ij,ij->i", share, at_knots.reshape(used.size, -1)[member]
    )
    return values.reshape(-1, ORDER)
