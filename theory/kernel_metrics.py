r"""The metric of paper B derived from its densities: overlaps, means over sets, widths.

In d dimensions an isotropic kernel is a product over coordinates, so an integral is a power of one
on the line, and those are carried out by completing squares (`theory.quadratic_exponentials`).
"""

from collections.abc import Sequence

from sympy import Dummy, Expr, Integer, Rational, expand, log, pi, sqrt

from theory.quadratic_exponentials import integrate_quadratic_exponential

__all__ = [
    "Kernel",
    "expected_pair_overlap",
    "expected_squared_error",
    "kernel_overlap",
    "log_midpoint_gap",
    "smoothed_kernel",
    "squared_distance",
]

Kernel = tuple[Expr, Expr]
"""A Gaussian on the line: its place and its variance."""


def kernel_overlap(first: Kernel, second: Kernel) -> Expr:
    r"""Integrate the product of two Gaussian densities on the line.

    .. math:: \int N(x;a,u)\,N(x;b,w)\,dx

    Parameters
    ----------
    first, second : tuple of Expr
        Place and variance > 0 of each.

    Returns
    -------
    Expr
        The overlap, a function of the difference of the places.

    Notes
    -----
    Claim ``B.metric.overlap``.

    Examples
    --------
    >>> from sympy import S
    >>> kernel_overlap((S(0), S(1)), (S(0), S(1)))
    1/(2*sqrt(pi))
    """
    x = Dummy("x", real=True)
    (a, u), (b, w) = first, second
    exponent = expand(-((x - a) ** 2) / (2 * u) - (x - b) ** 2 / (2 * w))
    integral = integrate_quadratic_exponential(exponent, [x])
    return integral.value / (2 * pi * sqrt(u) * sqrt(w))


def squared_distance(
    first: Sequence[tuple[Expr, Kernel]], second: Sequence[tuple[Expr, Kernel]]
) -> Expr:
    r"""Integrate the squared difference of two Gaussian mixtures on the line.

    .. math:: \int(\rho_1-\rho_2)^2

    Parameters
    ----------
    first, second : sequence of (weight, kernel)
        The mixtures.

    Returns
    -------
    Expr
        The squared distance, as the double sum over all components of the difference.

    Notes
    -----
    Claims ``B.metric.line``, ``B.metric.delta``.

    Examples
    --------
    >>> from sympy import S
    >>> one = [(S(1), (S(0), S(1)))]
    >>> squared_distance(one, one)
    0
    """
    parts = [*first, *((-weight, kernel) for weight, kernel in second)]
    total: Expr = Integer(0)
    for weight_1, kernel_1 in parts:
        for weight_2, kernel_2 in parts:
            total += weight_1 * weight_2 * kernel_overlap(kernel_1, kernel_2)
    return total


def smoothed_kernel(variance: Expr, data_variance: Expr, place: Expr) -> Expr:
    r"""Average a kernel at a place over a Gaussian centre.

    .. math:: \int N(o;0,s^2)\,N(p;o,u)\,do

    Parameters
    ----------
    variance, data_variance : Expr
        u and s^2, > 0.
    place : Expr
        p.

    Returns
    -------
    Expr
        The mean density of a kernel estimate at the place.

    Notes
    -----
    Claim ``B.metric.mean.cross``.

    Examples
    --------
    >>> from sympy import S
    >>> smoothed_kernel(S(1), S(1), S(0))
    1/(2*sqrt(pi))
    """
    centre = Dummy("o", real=True)
    exponent = expand(-(centre**2) / (2 * data_variance) - (place - centre) ** 2 / (2 * variance))
    integral = integrate_quadratic_exponential(exponent, [centre])
    return integral.value / (2 * pi * sqrt(variance) * sqrt(data_variance))


def expected_pair_overlap(variance: Expr, data_variance: Expr) -> Expr:
    r"""Average the overlap of two kernels over two independent Gaussian centres.

    .. math:: \iint N(o;0,s^2)\,N(o';0,s^2)\,N(o-o';0,2u)\,do\,do'

    Parameters
    ----------
    variance, data_variance : Expr
        u and s^2, > 0.

    Returns
    -------
    Expr
        The mean overlap of two kernels of variance u.

    Notes
    -----
    Claim ``B.metric.mean.pairs``.

    Examples
    --------
    >>> from sympy import S
    >>> expected_pair_overlap(S(1), S(1))
    sqrt(2)/(4*sqrt(pi))
    """
    one, two = Dummy("o", real=True), Dummy("p", real=True)
    exponent = expand(-(one**2 + two**2) / (2 * data_variance) - (one - two) ** 2 / (4 * variance))
    integral = integrate_quadratic_exponential(exponent, [one, two])
    return integral.value / (2 * pi * data_variance * sqrt(4 * pi * variance))


def expected_squared_error(size: Expr, ratio: Expr, dimension: int) -> Expr:
    r"""Return the mean squared L2 error of a kernel density over that of the zero density.

    .. math:: \frac{E\lVert\rho_N-\rho\rVert_2^2}{\lVert\rho\rVert_2^2},\qquad
              \rho=N(0,I_d),\quad\epsilon^2=h

    from :math:`E\int\rho_N^2`, a diagonal part and pairs, :math:`E\int\rho_N\rho` and
    :math:`\int\rho^2`, each a power of an integral on the line.

    Parameters
    ----------
    size, ratio : Expr
        N and h = (width / standard deviation)^2.
    dimension : int
        d >= 1.

    Returns
    -------
    Expr
        The relative error.

    Notes
    -----
    Claims ``B.rhoO``, ``B.bandwidth``.

    Examples
    --------
    >>> from sympy import S
    >>> expected_squared_error(S(1), S(1), 2)
    2/3
    """
    origin, one = Integer(0), Integer(1)
    own = kernel_overlap((origin, ratio), (origin, ratio)) ** dimension
    pair = expected_pair_overlap(ratio, one) ** dimension
    # the law is one Gaussian, so its overlap with a kernel is the kernel smoothed by it
    smoothed = Dummy("x", real=True)
    exponent = expand(-(smoothed**2) / 2 - smoothed**2 / (2 * (one + ratio)))
    cross = integrate_quadratic_exponential(exponent, [smoothed]).value
    cross = (cross / (2 * pi * sqrt(one + ratio))) ** dimension
    norm = kernel_overlap((origin, one), (origin, one)) ** dimension
    return (own / size + (1 - 1 / size) * pair - 2 * cross + norm) / norm


def log_midpoint_gap(place_1: Expr, place_2: Expr, mean: Expr, variance: Expr) -> Expr:
    r"""Return how far a log-density lies above its chord halfway.

    .. math:: 2\log N\bigl(\tfrac{x+y}2\bigr)-\log N(x)-\log N(y)

    Parameters
    ----------
    place_1, place_2, mean, variance : Expr
        x, y, and mean and variance > 0 of the density.

    Returns
    -------
    Expr
        The gap; that it is not negative is log-concavity.

    Notes
    -----
    Claim ``B.lower.concave``.

    Examples
    --------
    >>> from sympy import S, simplify
    >>> simplify(log_midpoint_gap(S(0), S(2), S(5), S(1)))
    1
    """

    def log_density(place: Expr) -> Expr:
        return -((place - mean) ** 2) / (2 * variance) - log(2 * pi * variance) / 2

    middle = (place_1 + place_2) * Rational(1, 2)
    return 2 * log_density(middle) - log_density(place_1) - log_density(place_2)
