r"""Collapse of the exact empirical score onto one training point: the weights and their moments.

At time t the forward process has made :math:`y=ax_1+\sqrt D\,z` of the training point
:math:`x_1\sim N(0,s_d^2I_d)`; the empirical density at y is proportional to

.. math:: Z = \frac1n\sum_ie^{-\lvert y-ax_i\rvert^2/2D} = Z_1+Z_{1^c}

In units of :math:`\sqrt D` one coordinate of :math:`y-ax_i` is :math:`h_1-h_i+z` with
:math:`h_i\sim N(0,\gamma)`, :math:`z\sim N(0,1)`; :math:`\gamma=a^2s_d^2/D` is the signal-to-noise
ratio at time t (``w`` in the paper). Coordinates are independent, so every moment of a product of
weights is the d-th power of one Gaussian integral. The times that follow are in
`theory.collapse_time`.
"""

from collections.abc import Sequence

from sympy import (
    Dummy,
    Expr,
    Rational,
    Symbol,
    cancel,
    diff,
    exp,
    expand,
    factor,
    log,
    prod,
    sqrt,
)

from theory.quadratic_exponentials import exponential_moments, integrate_quadratic_exponential
from theory.symbols import d, gamma, n

__all__ = [
    "conditional_weight",
    "coordinate_moment",
    "first_moments",
    "log_ratio_cumulants",
    "log_ratio_moment",
    "second_moments",
    "typical_logs",
]

HALF = Rational(1, 2)


def coordinate_moment(
    own: Expr | int, others: Sequence[Expr | int] = (), signal: Expr = gamma
) -> Expr:
    r"""Integrate powers of the weights of several training points over one coordinate.

    .. math:: E\exp\Bigl(-\tfrac12p\,z^2-\tfrac12\sum_kq_k(h_1-h_k+z)^2\Bigr)

    Parameters
    ----------
    own : Expr or int
        Power p of the weight of the point that y came from.
    others : sequence of Expr or int
        Powers :math:`q_k` of the weights of other points.
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    Expr
        The moment, valid where the integral converges (for powers >= 0 always).

    Notes
    -----
    Claim ``B.z1``.

    Examples
    --------
    >>> coordinate_moment(1)
    sqrt(2)/2
    >>> coordinate_moment(0, [1])
    sqrt(2)/(2*sqrt(gamma + 1))
    >>> coordinate_moment(-1, [1])
    1
    """
    noise, origin = Dummy("z", real=True), Dummy("h_1", real=True)
    places = [Dummy(f"h_{k + 2}", real=True) for k in range(len(others))]
    exponent = -(noise**2) / 2 - own * noise**2 / 2 - origin**2 / (2 * signal)
    for power, place in zip(others, places, strict=True):
        exponent -= power * (origin - place + noise) ** 2 / 2 + place**2 / (2 * signal)
    # the other points first: given y they are independent of each other
    pivots = integrate_quadratic_exponential(exponent, [*places, origin, noise]).pivots
    norms = [HALF / signal] * (len(places) + 1) + [HALF]
    return sqrt(factor(cancel(prod(norms) / prod(pivots))))


def conditional_weight(place: Expr, signal: Expr = gamma) -> Expr:
    r"""Average the weight of another training point given one coordinate u of :math:`y/\sqrt D`.

    .. math:: E\,e^{-(u-h)^2/2},\qquad h\sim N(0,\gamma)

    Parameters
    ----------
    place : Expr
        u.
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    Expr
        The conditional mean, by completing the square.

    Notes
    -----
    Claims ``B.z1``, ``B.collapse``.

    Examples
    --------
    >>> from theory.symbols import y
    >>> conditional_weight(y)
    exp(-y**2/(2*(gamma + 1)))/sqrt(gamma + 1)
    """
    norm, exponent = _conditional(place, signal)
    return norm * exp(exponent)


def _conditional(place: Expr, signal: Expr) -> tuple[Expr, Expr]:
    """Return the factor and the exponent of the conditional weight."""
    h = Dummy("h", real=True)
    exponent = -((place - h) ** 2) / 2 - h**2 / (2 * signal)
    found = integrate_quadratic_exponential(expand(exponent), [h])
    norm = sqrt(factor(cancel(HALF / signal / found.pivots[0])))
    return norm, factor(found.exponent)


def first_moments(signal: Expr = gamma, size: Expr = n, dimension: Expr = d) -> tuple[Expr, Expr]:
    r"""Return the mean values of both parts.

    .. math:: E\,Z_1 = \frac1n2^{-d/2},\qquad
              E\,Z_{1^c} = \frac{n-1}n(2(1+\gamma))^{-d/2}

    Parameters
    ----------
    signal, size, dimension : Expr
        :math:`\gamma`, n, d.

    Returns
    -------
    tuple of Expr
        Both means, as powers of derived integrals.

    Notes
    -----
    Claims ``B.z1.mean``, ``B.z1.mean_rest``.

    Examples
    --------
    >>> first_moments(size=2, dimension=2)
    (1/4, 1/(4*(gamma + 1)))
    """
    one = coordinate_moment(1) ** dimension / size
    rest = (size - 1) * coordinate_moment(0, [1], signal) ** dimension / size
    return one, rest


def second_moments(
    signal: Expr = gamma, size: Expr = n, dimension: Expr = d
) -> tuple[Expr, Expr, Expr]:
    r"""Return the mean values of the squares of both parts and of their product.

    .. math:: E\,Z_1^2,\quad E\,Z_1Z_{1^c},\quad E\,Z_{1^c}^2
              = \frac{n-1}{n^2}[q_2^d+(n-2)q_{11}^d]

    with the integral :math:`q_2` of a squared weight and :math:`q_{11}` of two points' product.

    Parameters
    ----------
    signal, size, dimension : Expr
        :math:`\gamma`, n, d.

    Returns
    -------
    tuple of Expr
        Three second moments.

    Notes
    -----
    Claims ``B.z1.square``, ``B.z1.square_rest``, ``B.z1.cross``.

    Examples
    --------
    >>> second_moments(size=2, dimension=2)
    (1/12, 1/(4*(4*gamma + 3)), 1/(4*(4*gamma + 3)))
    """
    own = coordinate_moment(2) ** dimension / size**2
    cross = (size - 1) * coordinate_moment(1, [1], signal) ** dimension / size**2
    alone = coordinate_moment(0, [2], signal) ** dimension
    pair = coordinate_moment(0, [1, 1], signal) ** dimension
    return own, cross, (size - 1) * (alone + (size - 2) * pair) / size**2


def typical_logs(
    signal: Expr = gamma, size: Expr = n, dimension: Expr = d
) -> tuple[Expr, Expr, Expr]:
    r"""Return the mean logarithm of :math:`Z_1` and of :math:`E[Z_{1^c}\mid y]`, and a variance.

    .. math:: E\log Z_1 = -\log n-\tfrac d2,\qquad
              E\log E[Z_{1^c}\mid y] = \log\tfrac{n-1}n-\tfrac d2\log(1+\gamma)-\tfrac d2

    Both logarithms are half a chi-square variable below a constant, so they have one variance.

    Parameters
    ----------
    signal, size, dimension : Expr
        :math:`\gamma`, n, d.

    Returns
    -------
    tuple of Expr
        Both means and the variance of each.

    Notes
    -----
    Claims ``B.z1.typical``, ``B.z1.typical_rest``, ``B.z1.spread``, ``B.z1c``.

    Examples
    --------
    >>> typical_logs(size=2, dimension=2)[2]
    1
    """
    u = Dummy("u", real=True)
    norm, exponent = _conditional(u, signal)
    # one coordinate of y / sqrt D is N(0, 1 + gamma), one of the noise N(0, 1)
    spread = exponential_moments(-(u**2) / (2 * (1 + signal)), [u])[1][u, u]
    noise = exponential_moments(-(u**2) / 2, [u])[1][u, u]
    rest = log(size - 1) - log(size) + dimension * (log(norm) + exponent.subs(u**2, spread))
    source = Dummy("s", real=True)
    tilted = integrate_quadratic_exponential(-(u**2) / 2 - source * u**2 / 2, [u]).pivots[0]
    variance = diff(log(HALF / tilted) / 2, source, 2).subs(source, 0)
    return -log(size) - dimension * noise / 2, rest, dimension * variance


def log_ratio_moment(power: Expr, signal: Expr = gamma) -> Expr:
    r"""Integrate the moment generating function of the log-ratio over one coordinate.

    .. math:: E\,e^{\theta q} = \Bigl(1-\frac\gamma{1+\gamma}\theta^2\Bigr)^{-1/2},\qquad
              q = -\frac{z^2}2+\frac{(h+z)^2}{2(1+\gamma)}

    With it, :math:`\log Z_1-\log E[Z_{1^c}\mid y]` is
    :math:`\frac d2\log(1+\gamma)-\log(n-1)+\sum_{j\le d}q_j`.

    Parameters
    ----------
    power : Expr
        :math:`\theta`, :math:`\lvert\theta\rvert<(1+1/\gamma)^{1/2}`.
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    Expr
        The generating function, even in the power: the sum has the law of
        :math:`\frac R2(\chi^2_d-\chi'^2_d)`.

    Notes
    -----
    Claims ``B.collapse.law``, ``B.collapse.symmetric``.

    Examples
    --------
    >>> log_ratio_moment(Rational(1))
    sqrt(gamma + 1)
    """
    h, g = Dummy("h", real=True), Dummy("z", real=True)
    q = -(g**2) / 2 + (h + g) ** 2 / (2 * (1 + signal))
    exponent = expand(power * q - h**2 / (2 * signal) - g**2 / 2)
    pivots = integrate_quadratic_exponential(exponent, [h, g]).pivots
    return sqrt(factor(cancel(HALF * HALF / signal / prod(pivots))))


def log_ratio_cumulants(signal: Expr = gamma) -> tuple[Expr, Expr, Expr, Expr]:
    r"""Return the first four cumulants of one coordinate of the log-ratio.

    .. math:: 0,\quad R^2,\quad 0,\quad 6R^4,\qquad R^2=\frac\gamma{1+\gamma}

    Parameters
    ----------
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    tuple of Expr
        Cumulants of q, by differentiating the logarithm of its generating function.

    Notes
    -----
    Claim ``B.collapse.spread``.

    Examples
    --------
    >>> log_ratio_cumulants()[1]
    gamma/(gamma + 1)
    """
    theta = Symbol("theta", real=True)
    generating = log(log_ratio_moment(theta, signal))
    found = [diff(generating, theta, k).subs(theta, 0) for k in (1, 2, 3, 4)]
    first, second, third, fourth = (factor(cancel(value)) for value in found)
    return first, second, third, fourth
