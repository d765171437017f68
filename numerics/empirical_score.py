"""The empirical optimal score in one dimension and its first two derivatives, from the density."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.gaussian_window import Centres, Window, along_the_line, centres, windows
from numerics.score_cells import cell_width, expand, worthwhile
from numerics.validation import check_mu, check_points, check_sample, check_sigma

__all__ = ["ScoreDerivatives", "empirical_score", "empirical_score_derivatives", "log_derivatives"]


@dataclass(frozen=True, kw_only=True)
class ScoreDerivatives:
    """The score and its first two derivatives at the same points.

    Attributes
    ----------
    score, first, second : ndarray
        s*(y), s*'(y), s*''(y), each of the shape of y.
    """

    score: NDArray[np.float64]
    first: NDArray[np.float64]
    second: NDArray[np.float64]


def empirical_score(y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float) -> NDArray[np.float64]:
    """Return the score of the Gaussian mixture centred at the contracted data.

    .. math::
        s^\\star(y) = \\frac{p'(y)}{p(y)}
        = \\frac{\\sum_i(\\mu x_i - y)e^{-(y-\\mu x_i)^2/2\\sigma^2}}
        {\\sigma^2\\sum_i e^{-(y-\\mu x_i)^2/2\\sigma^2}}

    Parameters
    ----------
    y : array_like
        Points, any shape.
    x : array_like, shape (n,)
        Data, n >= 2, in any order; repeated points count with their multiplicity.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level (standard deviation), > 0.

    Returns
    -------
    ndarray of float64, shape of ``y``
        Accurate to a few units of rounding of |y - mu x_j| / sigma^2, x_j the datum nearest to
        y; not to its own relative precision next to a zero.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, eq. 6 (claims ``A.eq6``, ``A.eq4``). Cost O(n log n + m log n + w m) for m
    points, w the number of data within about ten sigma of a point; where that is dearer, O(w) per
    cell of half a sigma and O(1) per point (`numerics.score_cells`). Memory is bounded by blocks.

    Examples
    --------
    >>> empirical_score([-0.75, 0.0, 0.75], [-1.0, 1.0], mu=0.5, sigma=0.1).round(6).tolist()
    [25.0, 0.0, -25.0]
    """
    points = check_points(y)
    table = centres(check_sample(x, distinct=False), check_mu(mu), check_sigma(sigma))
    return _evaluate(table, points.ravel(), derivatives=False).reshape(points.shape)


def empirical_score_derivatives(
    y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float
) -> ScoreDerivatives:
    """Return the score of the mixture and its first two derivatives.

    .. math::
        s = \\frac{p'}{p},\\quad s' = \\frac{p''}{p} - \\Big(\\frac{p'}{p}\\Big)^2,\\quad
        s'' = \\frac{p'''}{p} - 3\\frac{p''p'}{p^2} + 2\\Big(\\frac{p'}{p}\\Big)^3

    evaluated in the stable form of `log_derivatives`.

    Parameters
    ----------
    y : array_like
        Points, any shape.
    x : array_like, shape (n,)
        Data, n >= 2, in any order; repeated points count with their multiplicity.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level (standard deviation), > 0.

    Returns
    -------
    ScoreDerivatives
        Accurate to a few units of rounding of |y - mu x_j| / sigma^2 for s (x_j the nearest
        datum), of 1/sigma^2 + v/sigma^4 for s' and of a/sigma^6 for s'', where v and a are the
        variance and the third absolute moment of mu W under the weights at y.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, eq. 6 differentiated; counterpart of ``A.eq9`` and ``A.lem11``, whose
    posterior moments are computed apart in `numerics.posterior`. Cost as for
    `empirical_score`.

    Examples
    --------
    >>> at = empirical_score_derivatives(0.0, [-1.0, 1.0], mu=0.5, sigma=0.5)
    >>> float(at.score), float(at.first), float(at.second)
    (0.0, 0.0, 0.0)
    """
    points = check_points(y)
    table = centres(check_sample(x, distinct=False), check_mu(mu), check_sigma(sigma))
    out = _evaluate(table, points.ravel(), derivatives=True)
    score, first, second = out.reshape((3, *points.shape))
    return ScoreDerivatives(score=score, first=first, second=second)


def log_derivatives(near: Window, sigma: float) -> NDArray[np.float64]:
    """Return the first three derivatives of log p from the sums over a window.

    For any number r the density is, up to a constant factor,

    .. math::
        p(y) = e^{-(y-r)^2/2\\sigma^2} q(y),\\qquad
        q(y) = \\sum_i e^{((c_i-r)(y-r) - (c_i-r)^2/2)/\\sigma^2},\\qquad
        q^{(k)} = \\sum_i \\Big(\\frac{c_i-r}{\\sigma^2}\\Big)^k e^{(\\cdot)},

    so that s' = -1/sigma^2 + q''/q - (q'/q)^2 and
    s'' = q'''/q - 3 q''q'/q^2 + 2 (q'/q)^3. Taking the Gaussian factor out removes the powers of
    (y - c_i)/sigma, up to 1e24 at sigma = 1e-8, that cancel in the quotients of p itself. s is the
    quotient p'/p as it stands.

    The result does not depend on r; its rounding does. r is half a standard deviation beyond the
    weighted mean of the centres: so near that no quotient cancels to speak of, and so far that
    every term of the three rules counts.

    What is independent here: the derivatives come from sums of derivatives of the density and
    from the rules for the derivatives of a logarithm; no variance, third central moment or
    derivative of a weight enters (mean and deviation only place r). What is not: the weights
    themselves are those of `numerics.posterior`, and an error in them would show on both sides;
    the tests therefore compare with p, p', p'', p''' of the plain definition in high precision.

    Parameters
    ----------
    near : Window
        Weights around m points.
    sigma : float
        Noise level.

    Returns
    -------
    ndarray of float64, shape (3, m)
        s, s', s''.

    Examples
    --------
    >>> table = centres(np.array([-1.0, 1.0]), 0.5, 0.5)
    >>> ((_, near),) = windows(table, np.array([0.0]))
    >>> log_derivatives(near, 0.5).tolist()
    [[0.0], [0.0], [0.0]]
    """
    total = near.weight.sum(axis=0)
    term = near.weight * near.distance
    mean = term.sum(axis=0) / total
    square = np.einsum("ij,ij->j", term, near.distance) / total
    reference = mean + 0.5 * np.sqrt(np.maximum(square - mean * mean, 0.0))
    local = near.distance - reference
    np.multiply(near.weight, local, out=term)
    first = term.sum(axis=0) / total
    term *= local
    second = term.sum(axis=0) / total
    third = np.einsum("ij,ij->j", term, local) / total
    out = np.empty((3, total.size))
    square = first * first
    out[0] = ((mean - near.offset) - near.offset_low) / sigma**2
    out[1] = ((second - square) / sigma**2 - 1.0) / sigma**2
    out[2] = (third - (3.0 * second - 2.0 * square) * first) / sigma**6
    return out


def _evaluate(table: Centres, y: NDArray[np.float64], *, derivatives: bool) -> NDArray[np.float64]:
    """Return s, and s' and s'' if wanted, by series in cells where they serve, else directly."""
    order = along_the_line(y, cell_width(table))
    points = y[order]
    if worthwhile(table, points):
        values, good = expand(table, points, derivatives=derivatives)
        left_over = np.flatnonzero(~good)
        for places, near in windows(table, points[left_over]):
            values[:, left_over[places]] = log_derivatives(near, table.sigma)[: len(values)]
    else:
        values = np.empty((3 if derivatives else 1, y.size))
        for places, near in windows(table, points):
            if derivatives:
                values[:, places] = log_derivatives(near, table.sigma)
            else:
                total = near.weight.sum(axis=0)
                shift = np.einsum("ij,ij->j", near.weight, near.distance) / total
                values[0, places] = (shift - near.offset) - near.offset_low
        if not derivatives:
            values /= table.sigma**2
    if isinstance(order, slice):
        return values
    out = np.empty_like(values)
    for row, value in zip(out, values, strict=True):
        row[order] = value
    return out
