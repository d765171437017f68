r"""The excess risk of trained networks over the empirical optimal score: exact on the line."""

import numpy as np

from numerics.empirical_score_nd import empirical_score_nd
from numerics.exact_risk import exact_risk
from numerics.optimal_risk import optimal_risk
from numerics.score_risk import RiskEstimate
from numerics.stacked_network import NetworkStack, evaluate_member, kink_network
from numerics.validation import (
    FloatArray,
    check_count,
    check_mu,
    check_rng,
    check_sample_nd,
    check_sigma,
)

__all__ = ["exact_excess_risk", "sampled_excess_risk"]


def exact_excess_risk(
    stack: NetworkStack, index: int, data: FloatArray, *, mu: float, sigma: float
) -> float:
    r"""Compute the excess risk of a member on the line, without draws.

    .. math:: R_n(s_\theta) - R_n(s^\star)

    Parameters
    ----------
    stack : NetworkStack
        Networks with d = 1.
    index : int
        Which.
    data : ndarray, shape (n, 1) or (n,)
        Distinct data, n >= 2.
    mu, sigma : float
        Contraction of the data, in (0, 1], and noise level, > 0.

    Returns
    -------
    float
        The excess, to about 1e-12 of the risk.

    Raises
    ------
    ValueError
        If d is not 1, a parameter is not finite, or the data are out of their domain.

    Notes
    -----
    Cost O(n + m log m) and one quadrature for the data. Source: paper A, section 5; claims
    ``A.excess``, ``A.fig2``.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> stack = random_networks([0], width=20, dimension=1)
    >>> exact_excess_risk(stack, 0, np.array([-1.0, 1.0]), mu=0.8, sigma=0.6) > 0.0
    True
    """
    network, _ = kink_network(stack, index)
    x = np.asarray(data).ravel()
    return exact_risk(network, x, mu, sigma) - optimal_risk(x, mu=mu, sigma=sigma)


def sampled_excess_risk(
    stack: NetworkStack,
    index: int,
    data: FloatArray,
    *,
    mu: float,
    sigma: float,
    draws: int,
    rng: np.random.Generator,
) -> RiskEstimate:
    r"""Estimate the excess risk of a member in any dimension from draws at every datum.

    .. math:: \frac1{nN} \sum_{i \le n} \sum_{k \le N}
              \lVert s_\theta(Y_{ik}) - s^\star(Y_{ik}) \rVert^2, \qquad
              Y_{ik} = \mu x_i + \sigma \xi_{ik}

    Parameters
    ----------
    stack : NetworkStack
        Networks in d dimensions.
    index : int
        Which.
    data : ndarray, shape (n, d)
        The data, n >= 2.
    mu, sigma : float
        Contraction of the data, in (0, 1], and noise level, > 0.
    draws : int
        N >= 2, the draws for each datum; 5 000 in the paper.
    rng : numpy.random.Generator
        Source of the noise.

    Returns
    -------
    RiskEstimate
        With its standard error, the data being fixed.

    Raises
    ------
    ValueError
        If an argument is out of its domain or a parameter is not finite.

    Notes
    -----
    Cost O(n N (m d + n d)), one datum at a time. Source: paper A, section 5; claims ``A.excess``,
    ``A.fig2``. Counterpart on the line: `exact_excess_risk`.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> stack, rng = random_networks([0], width=20, dimension=2), np.random.default_rng(0)
    >>> sampled_excess_risk(stack, 0, np.eye(2), mu=0.8, sigma=0.6, draws=9, rng=rng).draws
    9
    """
    x = check_sample_nd(data, name="data")
    mu, sigma, rng = check_mu(mu), check_sigma(sigma), check_rng(rng)
    count = check_count(draws, name="draws", minimum=2)
    if not (np.isfinite(stack.affine[index]).all() and np.isfinite(stack.outer[index]).all()):
        raise ValueError(
            "stack had a parameter that is not finite; its excess risk is not a number"
        )
    means, variances = np.empty(len(x)), np.empty(len(x))
    for datum, centre in enumerate(mu * x):
        y = centre + sigma * rng.standard_normal((count, x.shape[1]))
        gap = evaluate_member(stack, index, y) - empirical_score_nd(y, x, mu=mu, sigma=sigma)
        squared = np.einsum("ik,ik->i", gap, gap)
        means[datum], variances[datum] = squared.mean(), squared.var(ddof=1)
    return RiskEstimate(
        value=float(means.mean()),
        standard_error=float(np.sqrt(variances.sum() / count)) / len(x),
        draws=count,
    )
