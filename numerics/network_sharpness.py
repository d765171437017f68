r"""The sharpness of trained networks: the largest eigenvalue of the Hessian of their risk.

On the line it is exact, with the part that sits in the knots or without it. In more dimensions, and
for the time-conditioned network, the noise is drawn once and the Hessian is the one of automatic
differentiation, which has no such part. The risk is the mean over the data and the noise of the
squared norm; with the mean over coordinates instead, divide by d.
"""

import numpy as np

from numerics.empirical_score import empirical_score
from numerics.experimental_hessian import experimental_hessian, experimental_product
from numerics.lanczos import LargestEigenvalue, largest_eigenvalue
from numerics.mixture_tails import NoisedSample
from numerics.notebook_sharpness import notebook_grid
from numerics.sampled_hessian import SampledRisk, risk_product, sampled_risk
from numerics.stacked_network import NetworkStack
from numerics.time_network import TimeNetwork, TimeTask
from numerics.validation import (
    FloatArray,
    check_count,
    check_mu,
    check_rng,
    check_sample_nd,
    check_sigma,
)

__all__ = [
    "exact_network_sharpness",
    "notebook_network_sharpness",
    "sampled_network_sharpness",
    "sampled_score_risk",
    "sampled_sharpness",
    "sampled_time_risk",
    "time_network_sharpness",
]


def exact_network_sharpness(
    stack: NetworkStack,
    index: int,
    sample: NoisedSample,
    *,
    rng: np.random.Generator,
    knots: bool = True,
    tolerance: float = 1e-6,
) -> LargestEigenvalue:
    r"""Compute the sharpness of a member on the line, in all three layers of parameters.

    .. math:: \lambda_{\max}\big(\nabla^2_{(w, b, v)} R_n(\theta)\big)

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1.
    index : int
        Which.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.
    rng : numpy.random.Generator
        Source of the start.
    knots : bool
        Whether the part from the knots is in the Hessian; without it, the limit of what automatic
        differentiation gives.
    tolerance : float
        Residual relative to the value.

    Returns
    -------
    LargestEigenvalue
        With the number of products and the residual.

    Raises
    ------
    ValueError
        If d is not 1, a parameter is not finite, or an inner weight is 0.

    Notes
    -----
    O(m) per product. Source: paper A, section 5; claims ``A.fig5``, ``A.code.sharpness``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> from numerics.stacked_network import random_networks
    >>> stack, sample = (
    ...     random_networks([0], width=20, dimension=1),
    ...     noised_sample([-1, 1], 0.8, 0.6),
    ... )
    >>> exact_network_sharpness(stack, 0, sample, rng=np.random.default_rng(0)).value > 0.0
    True
    """
    hessian = experimental_hessian(stack, index, sample, knots=knots)

    def product(vector: FloatArray) -> FloatArray:
        return experimental_product(hessian, vector)

    start = check_rng(rng).standard_normal(3 * stack.width)
    return largest_eigenvalue(product, start, tolerance=tolerance)


def sampled_network_sharpness(
    stack: NetworkStack,
    index: int,
    data: FloatArray,
    *,
    mu: float,
    sigma: float,
    draws: int,
    rng: np.random.Generator,
    tolerance: float = 1e-4,
) -> LargestEigenvalue:
    """Compute the sharpness of a member on noise drawn once, in any dimension.

    Parameters and errors are those of `sampled_score_risk`; the start is drawn after the noise.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> stack, rng = random_networks([0], width=20, dimension=2), np.random.default_rng(0)
    >>> sampled_network_sharpness(
    ...     stack, 0, np.eye(2), mu=0.8, sigma=0.6, draws=9, rng=rng
    ... ).value > 0
    True
    """
    risk = sampled_score_risk(stack, index, data, mu=mu, sigma=sigma, draws=draws, rng=rng)
    return sampled_sharpness(risk, rng=rng, tolerance=tolerance)


def time_network_sharpness(
    network: TimeNetwork,
    task: TimeTask,
    *,
    draws: int,
    rng: np.random.Generator,
    tolerance: float = 1e-4,
) -> LargestEigenvalue:
    """Compute the sharpness of a time-conditioned network on inputs drawn once.

    Parameters and errors are those of `sampled_time_risk`; the start is drawn after the noise.

    Examples
    --------
    >>> from numerics.noise_schedule import noise_schedule
    >>> from numerics.time_network import random_time_network
    >>> rng = np.random.default_rng(0)
    >>> network = random_time_network(20, 2, rng=rng)
    >>> task = TimeTask(data=np.eye(2), schedule=noise_schedule(), learning_rate=1.0)
    >>> time_network_sharpness(network, task, draws=9, rng=rng).value > 0.0
    True
    """
    risk = sampled_time_risk(network, task, draws=draws, rng=rng)
    return sampled_sharpness(risk, rng=rng, tolerance=tolerance)


def notebook_network_sharpness(
    stack: NetworkStack,
    index: int,
    data: FloatArray,
    *,
    mu: float,
    sigma: float,
    rng: np.random.Generator,
    tolerance: float = 1e-4,
) -> LargestEigenvalue:
    r"""Compute the sharpness of the risk whose sharpness the notebooks report, on the line.

    .. math:: \frac1{500} \sum_{j=1}^{500} e^{-y_j^2/2}\,(s_\theta(y_j) - s^\star(y_j))^2,
              \quad y_j \in [-2, 2]

    The weights have no relation to the data and their mean is 0.6, not 1. The notebooks take 20
    power iterations; here the eigenvalue is the largest, to the tolerance.

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1.
    index : int
        Which.
    data : ndarray, shape (n,)
        Distinct data, n >= 2, for the empirical optimal score.
    mu, sigma : float
        Contraction and noise level.
    rng : numpy.random.Generator
        Source of the start.
    tolerance : float
        Residual relative to the value.

    Returns
    -------
    LargestEigenvalue
        With the number of products and the residual.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: the public notebooks of paper A; claims ``A.code.sharpness``, ``A.fig5``.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> stack, rng = random_networks([0], width=20, dimension=1), np.random.default_rng(0)
    >>> notebook_network_sharpness(stack, 0, np.eye(2)[0], mu=0.8, sigma=0.6, rng=rng).value > 0.0
    True
    """
    if stack.dimension != 1:
        raise ValueError(f"stack had dimension {stack.dimension}; the notebooks' grid has d = 1")
    grid = notebook_grid()
    risk = sampled_risk(
        stack.affine[index],
        stack.outer[index],
        grid[:, None],
        empirical_score(grid, data, mu=mu, sigma=sigma)[:, None],
        weights=np.exp(-0.5 * grid**2) / grid.size,
    )
    return sampled_sharpness(risk, rng=rng, tolerance=tolerance)


def sampled_sharpness(
    risk: SampledRisk, *, rng: np.random.Generator, tolerance: float = 1e-4
) -> LargestEigenvalue:
    """Compute the largest eigenvalue of the Hessian of a risk on fixed inputs.

    Examples
    --------
    >>> risk = sampled_risk(
    ...     np.ones((2, 1)), np.ones((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), weights=1.0
    ... )
    >>> round(sampled_sharpness(risk, rng=np.random.default_rng(0)).value, 6)
    17.489125
    """

    def product(vector: FloatArray) -> FloatArray:
        return risk_product(risk, vector)

    start = check_rng(rng).standard_normal(risk.size)
    return largest_eigenvalue(product, start, tolerance=tolerance)


def sampled_score_risk(
    stack: NetworkStack,
    index: int,
    data: FloatArray,
    *,
    mu: float,
    sigma: float,
    draws: int,
    rng: np.random.Generator,
) -> SampledRisk:
    r"""Draw the noise of the risk of a member.

    .. math:: \hat R_n(\theta) = \frac1{nN} \sum_{i \le n} \sum_{k \le N}
              \Big\lVert s_\theta(\mu x_i + \sigma \xi_{ik}) + \frac{\xi_{ik}}\sigma \Big\rVert^2

    Parameters
    ----------
    stack : NetworkStack
        Networks in d dimensions.
    index : int
        Which.
    data : ndarray, shape (n, d)
        The data.
    mu, sigma : float
        Contraction and noise level.
    draws : int
        N, the draws for each datum; 5 000 in the paper.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    SampledRisk
        The risk on these draws.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> stack = random_networks([0], width=20, dimension=2)
    >>> sampled_score_risk(
    ...     stack, 0, np.eye(2), mu=0.8, sigma=0.6, draws=9, rng=np.random.default_rng(0)
    ... ).inputs.shape
    (18, 3)
    """
    x = check_sample_nd(data, name="data", min_size=1)
    mu, sigma = check_mu(mu), check_sigma(sigma)
    count = check_count(draws, name="draws") * len(x)
    noise = check_rng(rng).standard_normal((count, x.shape[1]))
    points = sigma * noise
    points += np.repeat(mu * x, draws, axis=0)
    noise /= -sigma
    return sampled_risk(stack.affine[index], stack.outer[index], points, noise, weights=1.0 / count)


def sampled_time_risk(
    network: TimeNetwork, task: TimeTask, *, draws: int, rng: np.random.Generator
) -> SampledRisk:
    r"""Draw the times and the noise of the risk of a time-conditioned network.

    .. math:: \hat R_n(\theta) = \frac1{nN} \sum_{i \le n} \sum_{k \le N}
              \lVert r_\theta(t_{ik}, \mu(t_{ik}) x_i + \sigma(t_{ik}) Z_{ik}) - Z_{ik} \rVert^2

    Parameters
    ----------
    network : TimeNetwork
        The network.
    task : TimeTask
        Its data and schedule; the rest of the task is not used.
    draws : int
        N, the draws for each datum.
    rng : numpy.random.Generator
        Source of times and noise.

    Returns
    -------
    SampledRisk
        The risk on these draws.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Examples
    --------
    >>> from numerics.noise_schedule import noise_schedule
    >>> from numerics.time_network import random_time_network
    >>> rng = np.random.default_rng(0)
    >>> task = TimeTask(data=np.eye(2), schedule=noise_schedule(), learning_rate=1.0)
    >>> sampled_time_risk(random_time_network(20, 2, rng=rng), task, draws=9, rng=rng).inputs.shape
    (18, 4)
    """
    x, schedule = check_sample_nd(task.data, name="data", min_size=1), task.schedule
    count = check_count(draws, name="draws") * len(x)
    when = check_rng(rng).choice(schedule.times.size, size=count, p=schedule.probability)
    noise = rng.standard_normal((count, x.shape[1]))
    points = np.empty((count, x.shape[1] + 1))
    points[:, 0] = schedule.times[when]
    points[:, 1:] = schedule.mu[when, None] * np.repeat(x, draws, axis=0)
    points[:, 1:] += schedule.sigma[when, None] * noise
    return sampled_risk(network.affine, network.outer, points, noise, weights=1.0 / count)
