"""Closed forms of the divergences between two Gaussian laws, for explicit matrices.

`theory.divergence_integrals` derives each from the densities; here stand the closed forms
in the notation of linear algebra, with their domains. Means are d x 1, covariances d x d.
"""

from sympy import (
    Expr,
    ImmutableMatrix,
    Rational,
    Symbol,
    exp,
    log,
    oo,
    pi,
    real_roots,
    sqrt,
)
from sympy.core.relational import Relational

__all__ = [
    "bures_wasserstein_squared",
    "hellinger_affinity",
    "hellinger_squared",
    "kantorovich_dual_value",
    "kl_divergence",
    "renyi_divergence",
    "renyi_domain",
    "squared_l2_distance",
]


def kl_divergence(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Return the Kullback-Leibler divergence of the first law from the second.

    .. math:: KL(\rho_1\Vert\rho_2) = \tfrac12\Bigl[\mathrm{tr}\,\Sigma_2^{-1}\Sigma_1
              + \delta^\top\Sigma_2^{-1}\delta - d
              + \log\frac{\det\Sigma_2}{\det\Sigma_1}\Bigr]

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means; :math:`\delta` is their difference.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances; a singular first one gives infinity.

    Returns
    -------
    Expr
        The divergence in nats.

    Notes
    -----
    Linear diffusion paper, claims ``B.kl``, ``B.klexact``, ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> kl_divergence(0 * one, one, one, one)
    1/2
    """
    if covariance_1.det() == 0:
        return oo
    delta = mean_1 - mean_2
    precision = covariance_2.inv()
    traces = (precision * covariance_1).trace() + (delta.T * precision * delta)[0, 0]
    return (traces - delta.rows + log(covariance_2.det()) - log(covariance_1.det())) / 2


def hellinger_affinity(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Return the Hellinger affinity of two laws.

    .. math:: 2^{d/2}\frac{(\det\Sigma_1\det\Sigma_2)^{1/4}}{\det(\Sigma_1+\Sigma_2)^{1/2}}
              \exp\bigl(-\tfrac14\delta^\top(\Sigma_1+\Sigma_2)^{-1}\delta\bigr)

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Covariances whose sum is positive definite; 0 if just one is singular.

    Returns
    -------
    Expr
        The affinity :math:`\int\sqrt{\rho_1\rho_2}`.

    Notes
    -----
    Claim ``B.hellinger``: the printed prefactor is right.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> hellinger_affinity(0 * one, one, 2 * one, one)
    exp(-1/2)
    """
    delta = mean_1 - mean_2
    total = covariance_1 + covariance_2
    prefactor = 2 ** Rational(delta.rows, 2) / sqrt(total.det())
    prefactor *= (covariance_1.det() * covariance_2.det()) ** Rational(1, 4)
    return prefactor * exp(-(delta.T * total.inv() * delta)[0, 0] / 4)


def hellinger_squared(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Return the squared Hellinger distance, one minus the affinity.

    .. math:: H^2 = 1-\int\sqrt{\rho_1\rho_2}

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Covariances as for `hellinger_affinity`.

    Returns
    -------
    Expr
        The squared distance, in [0, 1].

    Notes
    -----
    Claims ``B.hellinger``, ``B.slope``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> hellinger_squared(one, one, one, one)
    0
    """
    return 1 - hellinger_affinity(mean_1, covariance_1, mean_2, covariance_2)


def renyi_divergence(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
    *,
    order: Expr,
) -> Expr:
    r"""Return the Rényi divergence of order alpha, valid on `renyi_domain`.

    .. math:: D_\alpha = \frac\alpha2\delta^\top\Sigma_\alpha^{-1}\delta
              - \frac1{2(\alpha-1)}\log\frac{\det\Sigma_\alpha}
              {\det\Sigma_1^{1-\alpha}\det\Sigma_2^{\alpha}},\qquad
              \Sigma_\alpha = (1-\alpha)\Sigma_1+\alpha\Sigma_2

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.
    order : Expr
        :math:`\alpha>0`, not 1 (there it is the Kullback-Leibler divergence).

    Returns
    -------
    Expr
        The divergence in nats.

    Raises
    ------
    ValueError
        If the order is 1.

    Notes
    -----
    Claim ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> renyi_divergence(0 * one, one, one, one, order=Rational(2))
    1
    """
    if order == 1:
        raise ValueError("order was 1; use kl_divergence, the limit")
    delta = mean_1 - mean_2
    blend = (1 - order) * covariance_1 + order * covariance_2
    spread = (
        log(blend.det()) - (1 - order) * log(covariance_1.det()) - order * log(covariance_2.det())
    )
    shift = (delta.T * blend.inv() * delta)[0, 0]
    return order * shift / 2 - spread / (2 * (order - 1))


def renyi_domain(
    covariance_1: ImmutableMatrix, covariance_2: ImmutableMatrix, *, order: Expr
) -> tuple[Relational, ...]:
    r"""Return the conditions under which the Rényi divergence is finite.

    .. math:: (1-\alpha)\Sigma_1+\alpha\Sigma_2 \succ 0

    by the leading principal minors. They hold for every order in (0, 1); for a larger order they
    are the exact domain, and outside the divergence is infinite.

    Parameters
    ----------
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.
    order : Expr
        :math:`\alpha>0`.

    Returns
    -------
    tuple of Relational
        One condition a dimension.

    Notes
    -----
    Claim ``B.otherdiv``. It is :math:`\Sigma_1(\alpha\Sigma_1^{-1}+(1-\alpha)\Sigma_2^{-1})
    \Sigma_2`, so positivity of the precision of the integrand and of this blend agree.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> renyi_domain(2 * one, one, order=Rational(2))
    (False,)
    """
    blend = (1 - order) * covariance_1 + order * covariance_2
    return tuple(blend[:k, :k].det() > 0 for k in range(1, blend.rows + 1))


def squared_l2_distance(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Return the squared L2 distance of two Gaussian densities.

    .. math:: (4\pi)^{-d/2}\bigl(\det\Sigma_1^{-1/2}+\det\Sigma_2^{-1/2}\bigr)
              - 2(2\pi)^{-d/2}\det(\Sigma_1+\Sigma_2)^{-1/2}
              e^{-\frac12\delta^\top(\Sigma_1+\Sigma_2)^{-1}\delta}

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.

    Returns
    -------
    Expr
        The squared distance.

    Notes
    -----
    Claims ``B.klexact``, ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> squared_l2_distance(one, one, one, one)
    0
    """
    delta = mean_1 - mean_2
    half = Rational(delta.rows, 2)
    total = covariance_1 + covariance_2
    own = (1 / sqrt(covariance_1.det()) + 1 / sqrt(covariance_2.det())) / (4 * pi) ** half
    cross = exp(-(delta.T * total.inv() * delta)[0, 0] / 2) / sqrt(total.det())
    return own - 2 * cross / (2 * pi) ** half


def bures_wasserstein_squared(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Return the squared 2-Wasserstein distance of two Gaussian laws.

    .. math:: W_2^2 = \lvert\delta\rvert^2 + \mathrm{tr}\,\Sigma_1+\mathrm{tr}\,\Sigma_2
              - 2\,\mathrm{tr}(\Sigma_1^{1/2}\Sigma_2\Sigma_1^{1/2})^{1/2}

    The last trace is the sum of the roots of the eigenvalues of :math:`\Sigma_1\Sigma_2`, in
    radicals for d <= 2 and from isolated real roots of the characteristic polynomial beyond.

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive semidefinite covariances, with rational entries if d > 2.

    Returns
    -------
    Expr
        The squared distance.

    Notes
    -----
    Claims ``B.otherdiv``, ``B.wasserstein``. Optimal by `kantorovich_dual_value`.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> bures_wasserstein_squared(0 * one, 4 * one, 3 * one, one)
    10
    """
    delta = mean_1 - mean_2
    product = covariance_1 * covariance_2
    traces = (delta.T * delta)[0, 0] + covariance_1.trace() + covariance_2.trace()
    if delta.rows == 1:
        overlap = sqrt(product[0, 0])
    elif delta.rows == 2:
        overlap = sqrt(product.trace() + 2 * sqrt(product.det()))
    else:
        polynomial = product.charpoly(Symbol("z"))
        overlap = sum((sqrt(root) for root in real_roots(polynomial.as_expr())), Rational(0))
    return traces - 2 * overlap


def kantorovich_dual_value(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
    transport: ImmutableMatrix,
) -> Expr:
    r"""Return the lower bound on the squared 2-Wasserstein distance from a quadratic potential.

    .. math:: \lvert\delta\rvert^2+\mathrm{tr}\,\Sigma_1+\mathrm{tr}\,\Sigma_2
              - \mathrm{tr}\,A\Sigma_1-\mathrm{tr}\,A^{-1}\Sigma_2\le W_2^2

    from :math:`2x\cdot y\le x^\top Ax+y^\top A^{-1}y`, for every symmetric :math:`A\succ0`;
    equality holds for the map with :math:`A\Sigma_1A=\Sigma_2`.

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive semidefinite covariances.
    transport : Matrix, d x d
        :math:`A`, symmetric positive definite.

    Returns
    -------
    Expr
        The bound; it needs no Gaussian shape, so no coupling of any kind does better.

    Notes
    -----
    Claim ``B.otherdiv``: with equality it proves the closed form.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> kantorovich_dual_value(0 * one, 4 * one, 3 * one, one, one / 2)
    10
    """
    delta = mean_1 - mean_2
    traces = (delta.T * delta)[0, 0] + covariance_1.trace() + covariance_2.trace()
    return traces - (transport * covariance_1).trace() - (transport.inv() * covariance_2).trace()
