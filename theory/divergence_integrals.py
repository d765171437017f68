"""Divergences of Gaussian laws derived from their densities, by completing squares.

Every function starts from the two densities and carries out the integral in the definition; none
knows the closed form of `theory.gaussian_divergences`. Dimensions 1 and 2 are meant for symbolic
entries, any dimension for rational ones.
"""

from sympy import Dummy, Expr, ImmutableMatrix, Rational, Symbol, expand, log, pi, sqrt

from theory.quadratic_exponentials import (
    GaussianIntegral,
    exponential_moments,
    integrate_quadratic_exponential,
)

__all__ = [
    "hellinger_affinity_integral",
    "kl_divergence_integral",
    "quantile_wasserstein_squared",
    "renyi_integral",
    "squared_l2_distance_integral",
]


def kl_divergence_integral(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Integrate the log-ratio of two Gaussian densities against the first.

    .. math:: \int\rho_1(\log\rho_1-\log\rho_2)

    The log-ratio is a quadratic polynomial; its moments under :math:`\rho_1` come from the
    generating function :math:`\int\rho_1e^{J\cdot x}`.

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.

    Returns
    -------
    Expr
        The divergence in nats.

    Notes
    -----
    Claims ``B.kl``, ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> kl_divergence_integral(0 * one, one, one, one)
    1/2
    """
    point = _point(mean_1.rows)
    exponent_1, log_norm_1 = _log_density(point, mean_1, covariance_1)
    exponent_2, log_norm_2 = _log_density(point, mean_2, covariance_2)
    first, second = exponential_moments(exponent_1, point)
    ratio = expand(exponent_1 - exponent_2)
    total = log_norm_1 - log_norm_2
    poly = ratio.as_poly(*point)
    if poly is None:
        return total + ratio
    for powers, coefficient in poly.terms():
        factors = [v for v, power in zip(point, powers, strict=True) for _ in range(power)]
        if not factors:
            total += coefficient
        elif len(factors) == 1:
            total += coefficient * first[factors[0]]
        else:
            total += coefficient * second[factors[0], factors[1]]
    return total


def hellinger_affinity_integral(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Integrate the geometric mean of two Gaussian densities.

    .. math:: \int\sqrt{\rho_1\rho_2}

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.

    Returns
    -------
    Expr
        The affinity, in (0, 1].

    Notes
    -----
    Claims ``B.hellinger``, ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> hellinger_affinity_integral(0 * one, one, 2 * one, one)
    exp(-1/2)
    """
    norm, integral = _tilted(
        mean_1, covariance_1, Rational(1, 2), mean_2, covariance_2, Rational(1, 2)
    )
    return norm * integral.value


def renyi_integral(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
    *,
    order: Expr,
) -> tuple[Expr, tuple[Expr, ...]]:
    r"""Integrate a power mean of two Gaussian densities, with its exact domain.

    .. math:: \int\rho_1^\alpha\rho_2^{1-\alpha}

    Parameters
    ----------
    mean_1, mean_2 : Matrix, d x 1
        Means.
    covariance_1, covariance_2 : Matrix, d x d
        Positive definite covariances.
    order : Expr
        :math:`\alpha`.

    Returns
    -------
    tuple
        The integral and the pivots that must all be positive for it to converge.

    Notes
    -----
    Claim ``B.otherdiv``. In d = 1 the only pivot is
    :math:`\frac\alpha{2v_1}+\frac{1-\alpha}{2v_2}`.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> value, pivots = renyi_integral(0 * one, one, one, one, order=Rational(2))
    >>> value, pivots
    (E, (1/2,))
    """
    norm, integral = _tilted(mean_1, covariance_1, order, mean_2, covariance_2, 1 - order)
    return norm * integral.value, integral.pivots


def squared_l2_distance_integral(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
) -> Expr:
    r"""Integrate the squared difference of two Gaussian densities.

    .. math:: \int(\rho_1-\rho_2)^2 = \int\rho_1^2-2\int\rho_1\rho_2+\int\rho_2^2

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
    Claim ``B.otherdiv``.

    Examples
    --------
    >>> one = ImmutableMatrix([[1]])
    >>> squared_l2_distance_integral(one, one, one, one)
    0
    """
    one = Rational(1)
    total = Rational(0)
    for law_1, law_2, weight in (
        ((mean_1, covariance_1), (mean_1, covariance_1), one),
        ((mean_1, covariance_1), (mean_2, covariance_2), -2 * one),
        ((mean_2, covariance_2), (mean_2, covariance_2), one),
    ):
        norm, integral = _tilted(*law_1, one, *law_2, one)
        total += weight * norm * integral.value
    return total


def quantile_wasserstein_squared(mean_1: Expr, sd_1: Expr, mean_2: Expr, sd_2: Expr) -> Expr:
    r"""Integrate the squared gap of two univariate Gaussian quantile functions.

    .. math:: W_2^2 = \int_0^1\bigl(F_1^{-1}(u)-F_2^{-1}(u)\bigr)^2du
              = \int\bigl(m_1+s_1z-m_2-s_2z\bigr)^2\varphi(z)\,dz

    The monotone coupling is optimal on the line.

    Parameters
    ----------
    mean_1, mean_2 : Expr
        Means.
    sd_1, sd_2 : Expr
        Standard deviations, > 0.

    Returns
    -------
    Expr
        The squared 2-Wasserstein distance.

    Notes
    -----
    Claim ``B.otherdiv``.

    Examples
    --------
    >>> quantile_wasserstein_squared(Rational(0), Rational(2), Rational(3), Rational(1))
    10
    """
    z = Dummy("z", real=True)
    first, second = exponential_moments(-(z**2) / 2, [z])
    gap = expand((mean_1 + sd_1 * z - mean_2 - sd_2 * z) ** 2).as_poly(z)
    moments = {0: Rational(1), 1: first[z], 2: second[z, z]}
    return sum((coefficient * moments[power] for (power,), coefficient in gap.terms()), Rational(0))


def _point(dimension: int) -> list[Symbol]:
    return [Dummy(f"x_{k}", real=True) for k in range(1, dimension + 1)]


def _log_density(
    point: list[Symbol], mean: ImmutableMatrix, covariance: ImmutableMatrix
) -> tuple[Expr, Expr]:
    """Return the quadratic exponent and the logarithm of the normalising constant."""
    gap = ImmutableMatrix(point) - mean
    exponent = expand(-(gap.T * covariance.inv() * gap)[0, 0] / 2)
    log_norm = -Rational(mean.rows, 2) * log(2 * pi) - log(covariance.det()) / 2
    return exponent, log_norm


def _tilted(
    mean_1: ImmutableMatrix,
    covariance_1: ImmutableMatrix,
    power_1: Expr,
    mean_2: ImmutableMatrix,
    covariance_2: ImmutableMatrix,
    power_2: Expr,
) -> tuple[Expr, GaussianIntegral]:
    """Return norm and integral of a product of powers of two densities."""
    point = _point(mean_1.rows)
    total, norm = Rational(0), Rational(1)
    for mean, covariance, power in (
        (mean_1, covariance_1, power_1),
        (mean_2, covariance_2, power_2),
    ):
        exponent, _ = _log_density(point, mean, covariance)
        total += power * exponent
        norm *= (sqrt(2 * pi) ** mean.rows * sqrt(covariance.det())) ** (-power)
    return norm, integrate_quadratic_exponential(expand(total), point)
