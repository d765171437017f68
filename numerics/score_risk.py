"""The denoising risk of a score in one dimension: by quadrature, by draws, and at its minimum."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.empirical_score import empirical_score
from numerics.optimal_risk import optimal_risk
from numerics.validation import (
    check_count,
    check_function,
    check_mu,
    check_positive,
    check_rng,
    check_sample,
    check_sigma,
)

__all__ = [
    "RiskEstimate",
    "Score",
    "excess_risk",
    "optimal_risk",
    "risk_monte_carlo",
    "risk_quadrature",
    "score_distance",
]

Score: TypeAlias = Callable[[NDArray[np.float64]], ArrayLike]
# From u = (y - mu x_i)/sigma and y to a value per point.
_Integrand: TypeAlias = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]

# Beyond 12 standard deviations a quadratically growing integrand has less than 1e-29 of its mean.
_REACH = 12.0
_NODE, _WEIGHT = np.polynomial.legendre.leggauss(12)

# Draws handled at a time: 2 MB per array.
_DRAWS = 1 << 18


@dataclass(frozen=True, kw_only=True)
class RiskEstimate:
    """A Monte Carlo estimate with its standard error.

    Attributes
    ----------
    value : float
        Unbiased estimate of the risk.
    standard_error : float
        Estimated standard deviation of ``value``.
    draws : int
        Noise draws per datum.
    """

    value: float
    standard_error: float
    draws: int


def risk_quadrature(
    score: Score,
    x: ArrayLike,
    *,
    mu: float,
    sigma: float,
    tolerance: float = 1e-10,
    max_points: int = 2_000_000,
) -> float:
    """Return the risk of a score by adaptive quadrature.

    .. math::
        R_n(s) = \\frac1n\\sum_i E_{Y\\sim N(\\mu x_i,\\sigma^2)}
        \\Big[\\Big(s(Y) + \\frac{Y-\\mu x_i}{\\sigma^2}\\Big)^2\\Big]

    Parameters
    ----------
    score : callable
        From an array of points to the array of scores; called with one axis.
    x : array_like, shape (n,)
        Data, n >= 2; repeated points count with their multiplicity.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.
    tolerance : float, default 1e-10
        Error aimed at, as a share of the risk.
    max_points : int, default 2 000 000
        Evaluations of the score allowed.

    Returns
    -------
    float
        The terms of the square cancel near the data and y is a rounded number: with
        e = 1e-15 (|mu x| / sigma^2 + 1 / sigma) an error of e^2 + 2 e sqrt(R) remains, whatever
        the tolerance.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the score returns another shape or NaN.
    ArithmeticError
        If ``max_points`` evaluations do not reach the tolerance.

    Notes
    -----
    Source: paper A, section 2. Each normal expectation is cut to 12 standard deviations and into
    panels of 12 Gauss-Legendre points; a panel that disagrees with its two halves is halved, so
    kinks (ReLU networks) and narrow steps (s* itself) are found.

    Examples
    --------
    >>> round(risk_quadrature(lambda y: 0.0 * y, [-1, 1], mu=0.5, sigma=0.1), 9)  # 1 / sigma^2
    100.0
    """
    centre, noise = _setting(x, mu, sigma)
    function = check_function(score, name="score")

    def squared(u: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        error = _scores(function, y) + u / noise
        return error * error

    return _mean(squared, centre, noise, tolerance, max_points)


def score_distance(
    score: Score,
    x: ArrayLike,
    *,
    mu: float,
    sigma: float,
    tolerance: float = 1e-10,
    max_points: int = 2_000_000,
) -> float:
    """Return the mean squared distance of a score from the empirical optimal one.

    .. math:: \\frac1n\\sum_i E_{Y\\sim N(\\mu x_i,\\sigma^2)}[(s(Y) - s^\\star(Y))^2]

    Parameters
    ----------
    score : callable
        From an array of points to the array of scores.
    x : array_like, shape (n,)
        Data, n >= 2.
    mu, sigma : float
        Contraction of the data, in (0, 1], and noise level, > 0.
    tolerance : float, default 1e-10
        Error aimed at, as a share of the result.
    max_points : int, default 2 000 000
        Evaluations of the score allowed.

    Returns
    -------
    float
        The right-hand side of the excess-risk identity; compare `excess_risk`.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the score returns another shape or NaN.
    ArithmeticError
        If ``max_points`` evaluations do not reach the tolerance.

    Notes
    -----
    Source: paper A, section 2 (claim ``A.excess``). Method of `risk_quadrature`.

    Examples
    --------
    >>> distance = score_distance(lambda y: 0.0 * y, [-1, 1], mu=0.5, sigma=0.1)
    >>> distance < 100.0  # the risk of the zero score is the distance plus R_n(s*)
    True
    """
    sample = check_sample(x, distinct=False)
    centre, noise = _setting(x, mu, sigma)
    function = check_function(score, name="score")

    def squared(_: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        gap = _scores(function, y) - empirical_score(y, sample, mu=mu, sigma=sigma)
        return gap * gap

    return _mean(squared, centre, noise, tolerance, max_points)


def excess_risk(
    score: Score,
    x: ArrayLike,
    *,
    mu: float,
    sigma: float,
    tolerance: float = 1e-10,
    max_points: int = 2_000_000,
) -> float:
    """Return how much the risk of a score exceeds the least one, as a difference of risks.

    .. math:: R_n(s) - R_n(s^\\star)

    Parameters
    ----------
    score : callable
        From an array of points to the array of scores.
    x : array_like, shape (n,)
        Distinct data, n >= 2.
    mu, sigma : float
        Contraction of the data, in (0, 1], and noise level, > 0.
    tolerance : float, default 1e-10
        Error aimed at, as a share of the risk of the score, not of the excess.
    max_points : int, default 2 000 000
        Evaluations of the score allowed.

    Returns
    -------
    float
        The left-hand side of the excess-risk identity; compare `score_distance`. May be negative
        by the quadrature error when the score is nearly optimal.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the score returns another shape or NaN.
    ArithmeticError
        If ``max_points`` evaluations do not reach the tolerance.

    Notes
    -----
    Source: paper A, section 2 (claim ``A.excess``).

    Examples
    --------
    >>> excess_risk(lambda y: 0.0 * y, [-1, 1], mu=0.5, sigma=0.5) > 0.0
    True
    """
    least = optimal_risk(x, mu=mu, sigma=sigma)
    risk = risk_quadrature(score, x, mu=mu, sigma=sigma, tolerance=tolerance, max_points=max_points)
    return risk - least


def risk_monte_carlo(
    score: Score,
    x: ArrayLike,
    *,
    mu: float,
    sigma: float,
    draws: int,
    rng: np.random.Generator,
) -> RiskEstimate:
    """Return an estimate of the risk of a score from noise draws at every datum.

    .. math::
        \\hat R_n = \\frac1n\\sum_i\\frac1N\\sum_{k\\le N}
        \\Big(s(\\mu x_i + \\sigma\\xi_{ik}) + \\frac{\\xi_{ik}}{\\sigma}\\Big)^2

    Parameters
    ----------
    score : callable
        From an array of points to the array of scores.
    x : array_like, shape (n,)
        Data, n >= 2.
    mu, sigma : float
        Contraction of the data, in (0, 1], and noise level, > 0.
    draws : int
        Noise draws per datum, N >= 2 (paper A, section 5: 5000).
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    RiskEstimate
        With the standard error sqrt(sum_i v_i / N) / n, v_i the sample variance at datum i. For a
        score whose risk sits in rare events (s* at small noise) both are far too small until the
        draws meet such an event: use `risk_quadrature` there.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or the score returns another shape or NaN.

    Notes
    -----
    Source: paper A, section 2 and section 5. Cost n N evaluations of the score; memory is bounded
    by blocks of data.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> risk = risk_monte_carlo(lambda y: 0.0 * y, [-1, 1], mu=0.5, sigma=0.1, draws=1000, rng=rng)
    >>> abs(risk.value - 100.0) < 4 * risk.standard_error
    True
    """
    centre, noise = _setting(x, mu, sigma)
    function = check_function(score, name="score")
    count = check_count(draws, name="draws", minimum=2)
    generator = check_rng(rng)
    means, variances = np.empty(centre.size), np.empty(centre.size)
    for datum in range(centre.size):
        # Blocks are merged by the update of means and squared deviations (Chan et al. 1979).
        seen, mean, deviation = 0, 0.0, 0.0
        for begin in range(0, count, _DRAWS):
            u = generator.standard_normal(min(_DRAWS, count - begin))
            error = (_scores(function, centre[datum] + noise * u) + u / noise) ** 2
            step = float(error.mean()) - mean
            both = seen + u.size
            deviation += float(((error - error.mean()) ** 2).sum()) + step**2 * seen * u.size / both
            mean += step * u.size / both
            seen = both
        means[datum], variances[datum] = mean, deviation / (count - 1)
    return RiskEstimate(
        value=float(means.mean()),
        standard_error=float(np.sqrt(variances.sum() / count)) / centre.size,
        draws=count,
    )


def _setting(x: ArrayLike, mu: float, sigma: float) -> tuple[NDArray[np.float64], float]:
    return check_mu(mu) * check_sample(x, distinct=False), check_sigma(sigma)


def _scores(
    score: Callable[[NDArray[np.float64]], ArrayLike], y: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Call a foreign score and check what it returns."""
    values = np.asarray(score(y), dtype=np.float64)
    if values.shape != y.shape:
        raise ValueError(
            f"score returned shape {values.shape} for points of shape {y.shape}; it must match"
        )
    if not np.isfinite(values).all():
        raise ValueError("score returned NaN or infinity; it must be finite on the whole line")
    return values


def _mean(
    function: _Integrand,
    centre: NDArray[np.float64],
    sigma: float,
    tolerance: float,
    max_points: int,
) -> float:
    """Average a function over the mixture: the mean over the data of normal expectations."""
    goal = check_positive(tolerance, name="tolerance")
    allowed = check_count(max_points, name="max_points")
    edges = np.linspace(-_REACH, _REACH, 17)
    index = np.repeat(np.arange(centre.size), edges.size - 1)
    left, right = np.tile(edges[:-1], centre.size), np.tile(edges[1:], centre.size)

    def on(
        left: NDArray[np.float64], right: NDArray[np.float64], i: NDArray[np.intp]
    ) -> NDArray[np.float64]:
        piece = np.empty(left.size)
        for begin in range(0, left.size, _DRAWS // _NODE.size):
            part = slice(begin, begin + _DRAWS // _NODE.size)
            half = 0.5 * (right[part] - left[part])
            u = ((left[part] + half)[:, None] + half[:, None] * _NODE).ravel()
            y = np.repeat(centre[i[part]], _NODE.size) + sigma * u
            value = function(u, y) * np.exp(-0.5 * u * u)
            piece[part] = half * (value.reshape(-1, _NODE.size) @ _WEIGHT)
        return piece

    # Rounding of y in units of sigma, and what it leaves of an error that should vanish.
    grain = 16.0 * np.finfo(np.float64).eps * (float(np.abs(centre).max()) / sigma + _REACH)
    blur = grain / sigma
    whole = on(left, right, index)
    settled, used = 0.0, whole.size * _NODE.size
    while whole.size:
        used += 2 * whole.size * _NODE.size
        if used > allowed:
            raise ArithmeticError(
                f"the risk did not settle to {goal:g} in {allowed} evaluations; "
                "raise max_points or tolerance"
            )
        middle = 0.5 * (left + right)
        first, second = on(left, middle, index), on(middle, right, index)
        total = settled + float((first + second).sum())
        # A panel may err by its share of the goal, and by what the rounding of y over its length
        # and the rounding of the score leave.
        piece = np.abs(first + second)
        share = (right - left) / (2.0 * _REACH * centre.size)
        rounding = grain / (right - left) * piece + blur * (blur + 2.0 * np.sqrt(total)) * share
        off = np.abs(whole - first - second) > goal * np.maximum(total * share, piece) + rounding
        settled += float((first + second)[~off].sum())
        left, middle, right, index = left[off], middle[off], right[off], index[off]
        left, right = np.concatenate((left, middle)), np.concatenate((middle, right))
        whole = np.concatenate((first[off], second[off]))
        index = np.concatenate((index, index))
    return settled / (math.sqrt(2.0 * math.pi) * centre.size)
