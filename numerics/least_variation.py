r"""The least weighted variation of a score of given risk, as a convex problem on a grid of knots.

A continuous piecewise linear score with knots t_k is ``alpha + beta y + sum a_k (y - t_k)_+``; its
weighted variation is ``sum pi(t_k) abs(a_k)`` and its risk a convex quadratic form in the
coefficients, with exact Gaussian moments. Outside the data pi is 0 and the kinks are free.

The primal side: for each penalty kappa, ``risk + kappa variation^2`` is a problem of non-negative
least squares, solved by an active set; kappa is bisected to the given risk. The dual side: for
every function nu of a datum and a point with ``E nu = E nu Y = 0``, ``E[nu (Y - t_k)_+] = 0`` at
the free knots and ``2 abs(E[nu (Y - t_k)_+]) <= pi(t_k)`` at the others,

.. math:: TV_\pi(s) \ge 2 E\Big[\nu\,\frac{Y - \mu X}{\sigma^2}\Big] - 2 \sqrt{r\,E[\nu^2]}
          \quad\text{for every } s \text{ on the grid with } R_n(s) \le r.

The multiple of the residual of the primal solution that meets the constraints is such a nu, so the
bound needs no trust in the solver.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.exact_risk import exact_risk
from numerics.mixture_tails import REACH, NoisedSample, noised_sample
from numerics.relu_network import ReluNetwork
from numerics.validation import FloatArray, check_finite_array, check_positive
from numerics.weight_function import weight_function

_BISECTIONS = 60
_LOG_PENALTIES = (-50.0, 40.0)
# Ten nodes on half a sigma integrate a Gaussian times a square to rounding.
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(10)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LeastVariation:
    """A score of nearly least variation with a lower bound for all scores on the grid.

    Attributes
    ----------
    primal : float
        Weighted variation of ``network``, whose risk is at most the given one.
    dual : float
        No score with knots on the grid and risk at most the given one has less (to rounding).
    gap : float
        (primal - dual) / primal, 0 when both are 0.
    risk : float
        The exact risk of ``network``.
    network : ReluNetwork
        The score, with one neuron per knot of the grid and two for its affine part.
    """

    primal: float
    dual: float
    gap: float
    risk: float
    network: ReluNetwork


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Problem:
    """The risk as least squares: sigma^2 R = |matrix theta - target|^2 + constant.

    The coefficients theta belong to 1, z and (z - t_k)_+ with z = (y - origin) / sigma. Between two
    neighbouring knots each function is linear, so its mean square is that of its value at the mean
    of the mixture there and of its slope times the spread: two rows per interval.
    """

    knots: FloatArray
    price: FloatArray  # weight of each coefficient, 0 for the affine part and free knots
    matrix: FloatArray
    target: FloatArray
    constant: float
    origin: float


def least_variation(
    x: ArrayLike, mu: float, sigma: float, risk: float, *, knots: ArrayLike | None = None
) -> LeastVariation:
    r"""Minimise the weighted variation over piecewise linear scores of at most a given risk.

    .. math:: \min\Big\{\sum_k \pi(t_k)\,|a_k| \;:\; R_n(s) \le r\Big\}

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.
    risk : float
        The bound r on the risk, > 0. `A.prop7` takes 1 / (16 n sigma^2).
    knots : array_like, shape (K,), optional
        The grid; by default `variation_grid` of the sample.

    Returns
    -------
    LeastVariation
        The variation reached, the lower bound, the relative gap and the score.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or no score on the grid has so small a risk.

    Notes
    -----
    Cost about 60 active-set solutions of K unknowns. Source: claim ``A.x4``, the sharp form of
    paper A, Proposition 7 (``A.prop7``).

    Examples
    --------
    >>> result = least_variation([0.0, 1.0, 2.0], 0.9, 0.05, 1 / (48 * 0.05**2))
    >>> result.risk <= 1 / (48 * 0.05**2), bool(0.0 <= result.gap < 1e-6)
    (True, True)
    """
    risk = check_positive(risk, name="risk")
    sample = noised_sample(x, mu, sigma)
    if sample.centres.size < 2:
        raise ValueError("x had 1 point; the weight function needs at least 2")
    grid = variation_grid(sample) if knots is None else check_finite_array(knots, name="knots")
    problem = _pose(
        sample, np.unique(grid), weight_function(np.unique(grid), x, mu=mu, sigma=sigma)
    )
    level = risk * sample.sigma**2
    coefficients = _solve(problem, level)
    network = _as_network(problem, coefficients, sample.sigma)
    primal = float(problem.price @ np.abs(coefficients)) / sample.sigma**2
    dual = max(0.0, _lower_bound(problem, coefficients, level)) / sample.sigma**2
    return LeastVariation(
        primal=primal,
        dual=dual,
        gap=(primal - dual) / primal if primal > 0.0 else 0.0,
        risk=exact_risk(network, x, mu, sigma),
        network=network,
    )


def variation_grid(sample: NoisedSample) -> FloatArray:
    """Return a grid of knots: fine within four sigma of the data, coarse between, a few beyond.

    Examples
    --------
    >>> grid = variation_grid(noised_sample([0.0, 1.0], 1.0, 0.01))
    >>> grid.size, float(grid[0]), float(grid[-1])
    (67, -0.04, 1.04)
    """
    centres, sigma = sample.centres, sample.sigma
    near = sigma * np.concatenate([np.arange(0.0, 2.0, 0.125), np.arange(2.0, 4.5, 0.5)])
    local = np.add.outer(centres, np.concatenate([-near, near])).ravel()
    beyond = sigma * np.arange(0.5, 4.5, 0.5)
    between = np.add.outer(centres[:-1], np.zeros(9)) + np.multiply.outer(
        np.diff(centres), np.arange(1.0, 10.0) / 10.0
    )
    inside = np.concatenate([local, between.ravel()])
    inside = inside[(inside >= centres[0]) & (inside <= centres[-1])]
    return np.unique(np.concatenate([centres[0] - beyond, inside, centres[-1] + beyond]))


def _pose(sample: NoisedSample, knots: FloatArray, weights: FloatArray) -> _Problem:
    """Mass, mean, spread and noise moments of the mixture between neighbouring knots."""
    sigma, origin = sample.sigma, float(sample.centres.mean())
    centres, place = (sample.centres - origin) / sigma, (knots - origin) / sigma
    reach = np.arange(-REACH, REACH + 0.25, 0.5)
    edges = np.unique(np.concatenate([np.add.outer(centres, reach).ravel(), place]))
    half = 0.5 * np.diff(edges)[:, None]
    z = (edges[:-1, None] + half + half * _NODES).ravel()
    weight = (half * _WEIGHTS).ravel() / np.sqrt(2.0 * np.pi) / centres.size
    # One column per datum: the density times the quadrature weight, and the noise y - mu x_i.
    noise = np.subtract.outer(z, centres)
    density = weight[:, None] * np.exp(-0.5 * noise * noise)
    interval = place.searchsorted(z)
    count = knots.size + 1

    def per_interval(values: FloatArray) -> FloatArray:
        totals = np.bincount(interval, weights=values, minlength=count)
        return np.asarray(totals, dtype=np.float64)

    mixture, pushed = density.sum(axis=1), (density * noise).sum(axis=1)
    mass = per_interval(mixture)
    used = mass > 1e-30
    safe = np.where(used, mass, 1.0)
    mean = per_interval(mixture * z) / safe
    offset = z - mean[interval]
    spread = per_interval(mixture * offset**2)
    used &= spread > 1e-30
    safe_spread = np.where(used, spread, 1.0)
    level, slope = per_interval(pushed) / safe, per_interval(pushed * offset) / safe_spread
    unexplained = noise - (level[interval] + slope[interval] * offset)[:, None]
    constant = float((density * unexplained**2).sum())
    root, root_spread = np.sqrt(mass[used]), np.sqrt(spread[used])
    ramp = np.maximum(np.subtract.outer(mean[used], place), 0.0)
    on = np.greater_equal.outer(np.flatnonzero(used), np.arange(1, count)).astype(np.float64)
    upper = np.column_stack([np.ones(root.size), mean[used], ramp]) * root[:, None]
    lower = np.column_stack([np.zeros(root.size), np.ones(root.size), on]) * root_spread[:, None]
    return _Problem(
        knots=knots,
        price=np.concatenate([[0.0, 0.0], weights]),
        matrix=np.concatenate([upper, lower]),
        target=-np.concatenate([level[used] * root, slope[used] * root_spread]),
        constant=constant,
        origin=origin,
    )


def _risk_of(problem: _Problem, theta: FloatArray) -> float:
    """Risk times sigma^2."""
    residual = problem.matrix @ theta - problem.target
    return float(residual @ residual) + problem.constant


def _solve(problem: _Problem, level: float) -> FloatArray:
    """Bisect the penalty until the risk is just within the level; returns a feasible solution."""
    free = problem.price == 0.0
    orthogonal = _orthonormal(problem.matrix[:, free])
    reduced = problem.matrix[:, ~free]
    reduced = reduced - orthogonal @ (orthogonal.T @ reduced)
    target = problem.target - orthogonal @ (orthogonal.T @ problem.target)

    def solution(log_penalty: float) -> FloatArray:
        theta = np.zeros(free.size)
        price = np.exp(0.5 * log_penalty) * problem.price[~free]
        theta[~free] = _penalised(reduced, target, price)
        rest = problem.target - problem.matrix[:, ~free] @ theta[~free]
        theta[free] = np.linalg.lstsq(problem.matrix[:, free], rest, rcond=1e-14)[0]
        return theta

    low, high = _LOG_PENALTIES
    best = solution(low)
    least = _risk_of(problem, best)
    if least > level:
        raise ValueError(
            f"risk was {level:.6g} / sigma^2; on this grid it is at least {least:.6g} / sigma^2"
        )
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        theta = solution(middle)
        excess = _risk_of(problem, theta) - level
        if excess > 0.0:
            high = middle
        else:
            low, best = middle, theta
            if excess > -1e-10 * level:
                break
    return best


def _orthonormal(columns: FloatArray) -> FloatArray:
    """Orthonormal basis of the columns, without the directions lost in their rounding."""
    length = np.sqrt((columns**2).sum(axis=0))
    scaled = columns[:, length > 0.0] / length[length > 0.0]
    left, values, _ = np.linalg.svd(scaled, full_matrices=False)
    basis: FloatArray = left[:, values > 1e-14 * values[0]]
    return basis


def _penalised(matrix: FloatArray, target: FloatArray, price: FloatArray) -> FloatArray:
    """Minimise |matrix a - target|^2 + (price @ abs(a))^2 by non-negative least squares."""
    from scipy.optimize import nnls

    # Columns of one length: the ramps of the last knots are small but not unimportant.
    length = np.sqrt((matrix**2).sum(axis=0) + price**2)
    scaled, scaled_price = matrix / length, price / length
    both = np.concatenate([scaled, -scaled], axis=1)
    system = np.concatenate([both, np.concatenate([scaled_price, scaled_price])[None]])
    parts = nnls(system, np.append(target, 0.0), maxiter=30 * system.shape[1])[0]
    size = price.size
    difference: FloatArray = (parts[:size] - parts[size:]) / length
    return difference


def _lower_bound(problem: _Problem, theta: FloatArray, level: float) -> float:
    """Dual value of the residual of theta, made orthogonal to the free functions and rescaled."""
    free = problem.price == 0.0
    orthogonal = _orthonormal(problem.matrix[:, free])
    residual = problem.matrix @ theta - problem.target
    residual -= orthogonal @ (orthogonal.T @ residual)
    pull = np.abs(problem.matrix[:, ~free].T @ residual)
    scale = float(np.min(problem.price[~free] / np.maximum(2.0 * pull, 1e-300)))
    along_noise = problem.constant - float(residual @ problem.target)
    norm = math.sqrt(float(residual @ residual) + problem.constant)
    return 2.0 * scale * (along_noise - math.sqrt(level) * norm)


def _as_network(problem: _Problem, theta: FloatArray, sigma: float) -> ReluNetwork:
    """Write the score as a network: ramps at the knots, the affine part by two neurons outside."""
    knots, unit = problem.knots, sigma**2
    jumps = theta[2:] / unit
    # Left of all knots the function is alpha + beta (y - origin).
    alpha, beta = theta[0] / sigma, theta[1] / unit
    reach = float(knots[-1] - knots[0]) + 40.0 * sigma
    left, right = problem.origin - reach, problem.origin + reach
    # a (y - left)_+ + b (right - y)_+ on [left, right].
    up = (alpha + beta * reach) / (2.0 * reach)
    down = (alpha - beta * reach) / (2.0 * reach)
    places = np.concatenate([knots, [left, right]])
    inner = np.concatenate([np.ones(knots.size + 1), [-1.0]])
    masses = np.concatenate([jumps, [up, down]])
    return ReluNetwork(outer=masses * places.size, inner=inner, bias=-places * inner)
