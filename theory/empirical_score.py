r"""The empirical optimal score, from the density of the Gaussian mixture it belongs to.

.. math:: p(y) = \frac1n\sum_j \varphi_\sigma(y - \mu x_j), \qquad s^\star = \partial_y\log p

The size n of the data is an integer (sums written out) or a symbol (formal sums).
"""

from dataclasses import dataclass

from sympy import Expr, Symbol, diff, log, pi, sqrt

from theory.symbols import j, mu, n, sigma, x, y
from theory.tilting import tilting_weight, total

__all__ = [
    "SCORE_VALUE",
    "PointwiseMinimum",
    "denoising_integrand",
    "excess_cross_term",
    "excess_integrand",
    "minimise_pointwise",
    "mixture_density",
    "noise_density",
    "optimal_score",
    "posterior_average",
    "score_by_definition",
    "score_of_density",
    "tweedie_mean",
]

SCORE_VALUE = Symbol("s_y", real=True)
"""The value s(y) of a score at one point."""


@dataclass(frozen=True, kw_only=True)
class PointwiseMinimum:
    """The minimum over s of a s^2 + 2 b s + c with a > 0: its place and its value."""

    place: Expr
    value: Expr
    curvature: Expr


def noise_density(place: Expr | int = j) -> Expr:
    """Return the density of Y given that the datum is x_j, the N(mu x_j, sigma^2) density.

    Examples
    --------
    >>> noise_density(1).subs({x[1]: 0, y: 0})
    sqrt(2)/(2*sqrt(pi)*sigma)
    """
    return tilting_weight(place) / (sqrt(2 * pi) * sigma)


def mixture_density(size: int | Symbol = n) -> Expr:
    """Return the density of Y = mu X + sigma xi, X uniform on the data.

    Parameters
    ----------
    size : int or Symbol
        Number of data; a symbol keeps the sum formal.

    Returns
    -------
    Expr
        p(y) in y, mu, sigma and the indexed data.

    Notes
    -----
    Paper A, section 2 (claims ``A.eq4``, ``A.eq6``).

    Examples
    --------
    >>> mixture_density(1).subs({x[1]: 0, y: 0})
    sqrt(2)/(2*sqrt(pi)*sigma)
    """
    return total(noise_density(j), size) / size


def score_of_density(density: Expr) -> Expr:
    """Return d/dy log of a density.

    Examples
    --------
    >>> from sympy import exp
    >>> score_of_density(exp(-(y**2) / 2))
    -y
    """
    return diff(log(density), y)


def optimal_score(size: int | Symbol = n) -> Expr:
    """Return the score of the mixture density, differentiated from the density.

    Notes
    -----
    Claims ``A.eq6``, ``A.eq9``.

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted, posterior_mean
    >>> is_zero_tilted(optimal_score() - (mu * posterior_mean() - y) / sigma**2)
    True
    """
    return score_of_density(mixture_density(size))


def tweedie_mean(size: int | Symbol = n) -> Expr:
    r"""Return :math:`\frac1\mu(y + \sigma^2\,\partial_y\log p(y))`.

    Tweedie's formula says that it is the posterior mean E[X | Y = y], which is
    `theory.tilting.posterior_mean`.

    Notes
    -----
    Paper A, eq. 4 (claim ``A.eq4``).

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted, posterior_mean
    >>> is_zero_tilted(tweedie_mean(3) - posterior_mean(3))
    True
    """
    return (y + sigma**2 * optimal_score(size)) / mu


def denoising_integrand(value: Expr = SCORE_VALUE, size: int | Symbol = n) -> Expr:
    r"""Return the integrand of the risk at one y, for a score with the value ``value`` there.

    .. math:: R_n(s) = \int \frac1n\sum_i\varphi_\sigma(y-\mu x_i)
       \Big(s(y)+\frac{y-\mu x_i}{\sigma^2}\Big)^2 dy

    It depends on s only through s(y), so the risk is minimised point by point.

    Notes
    -----
    Claims ``A.eq4``, ``A.eq6``, ``A.excess``.

    Examples
    --------
    >>> denoising_integrand(y - y, 1).subs({x[1]: 0, y: 0})
    0
    """
    loss = (value + (y - mu * x[j]) / sigma**2) ** 2
    return total(noise_density(j) * loss, size) / size


def minimise_pointwise(integrand: Expr, *, value: Symbol = SCORE_VALUE) -> PointwiseMinimum:
    r"""Minimise a quadratic a s^2 + 2 b s + c in the value of the score, completing the square.

    The coefficients are derivatives at s = 0: :math:`a=\tfrac12\partial_s^2, b=\tfrac12\partial_s`;
    the minimum is at -b/a with value c - b^2/a.

    Parameters
    ----------
    integrand : Expr
        Quadratic in ``value``, with a > 0 (a is returned as ``curvature``: for the risk it is
        the density p(y)).

    Raises
    ------
    ValueError
        If the integrand is not quadratic in ``value``.

    Notes
    -----
    Paper A, eqs. 4 and 6 (claims ``A.eq4``, ``A.eq6``).

    Examples
    --------
    >>> s = SCORE_VALUE
    >>> minimise_pointwise(3 * s**2 - 6 * s + 4).place
    1
    """
    slope = diff(integrand, value)
    curvature = diff(slope, value) / 2
    if diff(curvature, value) != 0 or curvature == 0:
        raise ValueError(f"integrand was not quadratic in {value}")
    at_zero = slope.subs(value, 0) / 2
    return PointwiseMinimum(
        place=-at_zero / curvature,
        value=integrand.subs(value, 0) - at_zero**2 / curvature,
        curvature=curvature,
    )


def score_by_definition(size: int | Symbol = n) -> Expr:
    """Return the minimiser of the risk, obtained by pointwise quadratic minimisation.

    Notes
    -----
    Claim ``A.eq6``: it equals the score of the mixture.

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted
    >>> is_zero_tilted(score_by_definition(2) - optimal_score(2))
    True
    """
    return minimise_pointwise(denoising_integrand(SCORE_VALUE, size)).place


def excess_integrand(size: int | Symbol = n) -> Expr:
    """Return the integrand of R_n(s) - R_n(s*) at one y, from the definition of the risk.

    Notes
    -----
    Claim ``A.excess``: it equals p(y) (s(y) - s*(y))^2.

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted
    >>> square = mixture_density() * (SCORE_VALUE - optimal_score()) ** 2
    >>> is_zero_tilted(excess_integrand() - square)
    True
    """
    best = optimal_score(size)
    return denoising_integrand(SCORE_VALUE, size) - denoising_integrand(best, size)


def excess_cross_term(size: int | Symbol = n) -> Expr:
    r"""Return the cross term of the excess risk at one y; it vanishes before integration.

    .. math:: \frac2n\sum_i\varphi_\sigma(y-\mu x_i)
       \Big(s^\star(y)+\frac{y-\mu x_i}{\sigma^2}\Big)\,(s(y)-s^\star(y))

    Notes
    -----
    Claim ``A.excess``.

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted
    >>> is_zero_tilted(excess_cross_term(2))
    True
    """
    best = optimal_score(size)
    residual = best.subs(j, Symbol("l", integer=True, positive=True)) + (y - mu * x[j]) / sigma**2
    return 2 * (SCORE_VALUE - best) * total(noise_density(j) * residual, size) / size


def posterior_average(summand: Expr, size: int | Symbol = n) -> Expr:
    """Return the average of a function of the datum x[j] under the posterior weights.

    Examples
    --------
    >>> from theory.tilting import is_zero_tilted, posterior_mean
    >>> is_zero_tilted(posterior_average(x[j]) - posterior_mean())
    True
    """
    return total(summand * tilting_weight(j), size) / total(tilting_weight(j), size)
