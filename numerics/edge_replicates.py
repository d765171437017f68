r"""Descents around minima of the exact risk: which ones settle, and how fast the others leave.

A start is a minimum of a random narrow network, found by a quasi-Newton method; gradient descent
with the step m eta then starts close to it. Eq. 8 allows it to stay only if
``m eta lambda_max / 2 <= 1``; a descent from beyond the limit leaves, and may settle at a flatter
minimum.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.exact_risk import risk_and_gradient
from numerics.many_descents import descend_many
from numerics.mixture_tails import NoisedSample, noised_sample
from numerics.relu_network import ReluNetwork
from numerics.sharpness import sharpness
from numerics.validation import FloatArray, check_count, check_positive, check_rng

_FLAT = 1e-2
"""Minima of a smaller sharpness have lost all neurons; no learning rate is large for them."""
_ACCURATE = 1e-4
_STARTS_PER_RUN = 40


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Minima:
    """Minima of random networks.

    Attributes
    ----------
    outer, inner, bias : ndarray, shape (count, m)
        The networks.
    sharpness : ndarray, shape (count,)
        The largest eigenvalue of the Hessian of the exact risk.
    """

    outer: FloatArray
    inner: FloatArray
    bias: FloatArray
    sharpness: FloatArray


def random_minima(
    rng: np.random.Generator, count: int, x: ArrayLike, mu: float, sigma: float, *, width: int
) -> Minima:
    """Find minima of the exact risk from random starts.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the starts.
    count : int
        Number of minima, >= 1.
    x, mu, sigma : array_like, float, float
        Distinct data, contraction and noise level.
    width : int
        Number m of neurons, >= 2; both signs of the inner weight occur.

    Returns
    -------
    Minima
        Gradient norms are at most 1e-4 / m; flat minima, of sharpness below 0.01, are left out.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or hardly any start leads to a minimum.

    Examples
    --------
    >>> found = random_minima(np.random.default_rng(0), 2, [-1.0, 1.0], 0.8, 0.6, width=3)
    >>> found.outer.shape, bool((found.sharpness > 0.01).all())
    ((2, 3), True)
    """
    rng, count = check_rng(rng), check_count(count, name="count")
    width = check_count(width, name="width")
    if width < 2:
        raise ValueError("width was 1; both signs of the inner weight need 2 neurons")
    sample = noised_sample(x, mu, sigma)
    rows: list[tuple[FloatArray, FloatArray, FloatArray, float]] = []
    for _ in range(_STARTS_PER_RUN * count):
        inner = rng.choice([-1.0, 1.0], width)
        inner[:2] = 1.0, -1.0
        start = np.concatenate([rng.standard_normal(width), 0.5 * rng.standard_normal(width)])
        theta, slope = _descended(start, inner, sample)
        if width * slope > _ACCURATE:
            continue
        top = sharpness(_network(theta, inner), sample).value
        if top > _FLAT:
            rows.append((theta[:width], inner, theta[width:], top))
        if len(rows) == count:
            break
    else:
        raise ValueError(f"only {len(rows)} of {count} minima were found; take a wider network")
    outer, signs, bias, tops = zip(*rows, strict=True)
    return Minima(
        outer=np.array(outer),
        inner=np.array(signs),
        bias=np.array(bias),
        sharpness=np.array(tops),
    )


def _descended(
    start: FloatArray, inner: FloatArray, sample: NoisedSample
) -> tuple[FloatArray, float]:
    """Return the outer weights and biases where a quasi-Newton method ends, and the slope there."""
    from scipy.optimize import minimize

    def objective(theta: FloatArray) -> tuple[float, FloatArray]:
        found = risk_and_gradient(_network(theta, inner), sample)
        return found.risk, np.concatenate([found.outer, found.bias])

    ended = minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 300, "gtol": 1e-7, "ftol": 1e-16},
    )
    return ended.x, float(np.linalg.norm(ended.jac))


def settled_stability(
    rng: np.random.Generator,
    count: int,
    x: ArrayLike,
    mu: float,
    sigma: float,
    *,
    width: int,
    steps: int = 400,
    slope: float = 0.02,
    spread: float = 0.05,
) -> FloatArray:
    r"""Simulate where gradient descent settles at learning rates around the limit.

    .. math:: \tfrac12\,m\,\eta\,\lambda_{\max}\big(\nabla^2R_n(\theta)\big)
              \quad\text{at ends with } m\,|\nabla R_n(\theta)| \le \text{slope}

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the starts and the learning rates: m eta lambda_max / 2 at the minimum close to
        the start is uniform on [0.4, 2].
    count : int
        Number of descents that settle, >= 1; those that do not are left out.
    x, mu, sigma : array_like, float, float
        Distinct data, contraction and noise level.
    width, steps : int
        Neurons and steps.
    slope : float
        What counts as settled, > 0.
    spread : float
        Standard deviation of the start around the minimum, > 0.

    Returns
    -------
    ndarray, shape (count,)
        m eta lambda_max / 2 at the ends.

    Raises
    ------
    ValueError
        If an argument is out of its domain, or hardly any descent settles.

    Notes
    -----
    Source: paper A, eq. 8 and appendix D; claims ``A.x6``, ``A.appD``.

    Examples
    --------
    >>> ends = settled_stability(
    ...     np.random.default_rng(1), 2, [-1.0, 0.0, 1.0], 0.8, 0.6, width=4, steps=400
    ... )
    >>> ends.shape
    (2,)
    """
    slope, spread = check_positive(slope, name="slope"), check_positive(spread, name="spread")
    sample = noised_sample(x, mu, sigma)
    found: list[float] = []
    # about two in three settle
    batch = 2 * check_count(count, name="count")
    for _ in range(_STARTS_PER_RUN):
        near = random_minima(rng, batch, x, mu, sigma, width=width)
        rates = 2.0 * rng.uniform(0.4, 2.0, batch) / (width * near.sharpness)
        ends = descend_many(
            near.outer + spread * rng.standard_normal(near.outer.shape),
            near.inner,
            near.bias + spread * rng.standard_normal(near.bias.shape),
            sample,
            learning_rates=rates,
            steps=steps,
        )
        for k in np.flatnonzero(ends.slope <= slope).tolist():
            theta = np.concatenate([ends.outer[k], ends.bias[k]])
            top = sharpness(_network(theta, near.inner[k]), sample).value
            found.append(0.5 * width * float(rates[k]) * top)
        if len(found) >= count:
            return np.array(found[:count])
    raise ValueError(f"only {len(found)} of {count} descents settled; take more steps")


def leaving_growth(
    rng: np.random.Generator,
    count: int,
    x: ArrayLike,
    mu: float,
    sigma: float,
    *,
    width: int,
    stability: tuple[float, float],
    steps: int = 400,
    spread: float = 1e-4,
) -> FloatArray:
    r"""Simulate how far descents get from the minimum next to which they start.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the minima, the starts and the learning rates.
    count : int
        Number of descents, >= 1.
    x, mu, sigma : array_like, float, float
        Distinct data, contraction and noise level.
    width, steps : int
        Neurons and steps.
    stability : tuple of float
        m eta lambda_max / 2 at the minimum is uniform between these numbers.
    spread : float
        Standard deviation of the start around the minimum, > 0.

    Returns
    -------
    ndarray, shape (count,)
        Distance from the minimum after the steps over that before them.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, eq. 8 and appendix D; claims ``A.x6``, ``A.appD``.

    Examples
    --------
    >>> growth = leaving_growth(
    ...     np.random.default_rng(0), 2, [-1.0, 1.0], 0.8, 0.6, width=3, stability=(1.2, 1.3)
    ... )
    >>> bool((growth > 100).all())
    True
    """
    spread = check_positive(spread, name="spread")
    near = random_minima(rng, count, x, mu, sigma, width=width)
    rates = 2.0 * rng.uniform(*stability, count) / (width * near.sharpness)
    shift = spread * rng.standard_normal((2, *near.outer.shape))
    ends = descend_many(
        near.outer + shift[0],
        near.inner,
        near.bias + shift[1],
        noised_sample(x, mu, sigma),
        learning_rates=rates,
        steps=steps,
    )
    after = ((ends.outer - near.outer) ** 2 + (ends.bias - near.bias) ** 2).sum(axis=1)
    growth: FloatArray = np.sqrt(after / (shift**2).sum(axis=(0, 2)))
    return growth


def _network(theta: FloatArray, inner: FloatArray) -> ReluNetwork:
    width = inner.size
    return ReluNetwork(outer=theta[:width], inner=inner, bias=theta[width:])
