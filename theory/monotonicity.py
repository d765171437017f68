r"""When more samples make the linear one-step model worse.

With :math:`u=\psi-1`, on :math:`1<\psi<1+1/\gamma`

.. math:: -2\,kl'(\psi) = f(u) = \frac1{(1+\gamma)u^2}+\log\frac{(1+\gamma)u}{1+u}

and beyond the divergence decreases. f is convex in its fall and rise: it falls up to
:math:`(1+\gamma)u^2=2(1+u)` and rises after, so kl is decreasing for all psi > 1 exactly if f is
not negative there. At the threshold both vanish together, a double root: eliminating
:math:`\gamma` leaves :math:`\log\frac u2=\frac1{2(1+u)}`. Everything is certified in rational
arithmetic.
"""

from collections.abc import Callable

from sympy import (
    Expr,
    Integer,
    Rational,
    cancel,
    diff,
    factor,
    integer_nthroot,
    log,
    logcombine,
    together,
)

from theory.proportional_limit import kl_bulk
from theory.rational_logarithm import log_bounds
from theory.symbols import gamma as gamma_symbol
from theory.symbols import psi as psi_symbol

__all__ = [
    "Enclosure",
    "break_even_enclosure",
    "double_root_enclosure",
    "double_root_residual",
    "kl_excess_enclosure",
    "slope_bracket",
    "stationary_enclosures",
    "threshold",
    "threshold_enclosure",
]

Enclosure = tuple[Rational, Rational]
"""Rational lower and upper bound of one real number."""


def slope_bracket(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return minus twice the slope of the limiting divergence below the second transition.

    .. math:: f = -2\,kl'(\psi)
              = \frac1{(1+\gamma)(\psi-1)^2}+\log\frac{(1+\gamma)(\psi-1)}\psi

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio in (1, 1 + 1/gamma) and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The derivative, carried out; the divergence falls where it is positive.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> slope_bracket(Rational(2), Rational(1))
    1/2
    """
    slope = (-2 * diff(kl_bulk(), psi_symbol)).expand()
    logs = sum((term for term in slope.args if term.has(log)), Integer(0))
    rest = cancel(together(slope - logs))
    return (factor(rest) + logcombine(logs)).subs({psi_symbol: psi, gamma_symbol: gamma})


def threshold(u: Expr) -> Expr:
    r"""Return the signal-to-noise ratio whose slope turns at a given place.

    .. math:: (1+\gamma)u^2 = 2(1+u) \iff \gamma = \frac{2(1+u)}{u^2}-1

    Parameters
    ----------
    u : Expr
        :math:`\psi-1>0`.

    Returns
    -------
    Expr
        :math:`\gamma`, decreasing in u.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> threshold(Rational(2))
    1/2
    """
    return 2 * (1 + u) / u**2 - 1


def double_root_residual(u: Expr) -> Expr:
    r"""Return the residual of the equation of the double root.

    .. math:: \log\frac u2-\frac1{2(1+u)}

    It is the negative of :math:`f` on the turning curve of `threshold`, and increasing in u, so it
    has exactly one root.

    Parameters
    ----------
    u : Expr
        :math:`\psi-1>0`.

    Returns
    -------
    Expr
        The residual.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> double_root_residual(Rational(2))
    -1/6
    """
    return log(u / 2) - 1 / (2 * (1 + u))


def double_root_enclosure(*, digits: int = 12) -> Enclosure:
    r"""Enclose the aspect ratio, less one, at which the slope has its double root.

    .. math:: \log\frac{u_0}2 = \frac1{2(1+u_0)}

    Parameters
    ----------
    digits : int
        The enclosure is narrower than :math:`10^{-digits}`.

    Returns
    -------
    tuple of Rational
        Bounds of :math:`u_0`, certified by the signs of the residual.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> low, high = double_root_enclosure(digits=8)
    >>> round(float(low), 5), round(float(high), 5)
    (2.32459, 2.32459)
    """
    bits = 4 * digits + 32

    def residual(u: Rational) -> Enclosure:
        low, high = log_bounds(u / 2, bits=bits)
        rest = 1 / (2 * (1 + u))
        return low - rest, high - rest

    return _bisect(residual, Rational(2), Rational(3), digits)


def threshold_enclosure(*, digits: int = 12) -> Enclosure:
    r"""Enclose the signal-to-noise ratio from which on the divergence is decreasing.

    .. math:: \gamma_c = \frac{2(1+u_0)}{u_0^2}-1 = 0.2304851845\ldots

    Parameters
    ----------
    digits : int
        The enclosure is narrower than :math:`10^{-digits}`.

    Returns
    -------
    tuple of Rational
        Bounds of :math:`\gamma_c`: the limiting divergence decreases on all of psi > 1 if
        :math:`\gamma` is at least the upper, and does not if it is at most the lower.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> low, high = threshold_enclosure()
    >>> high - low < Rational(1, 10**12), round(float(low), 10)
    (True, 0.2304851846)
    """
    low, high = double_root_enclosure(digits=digits + 1)
    return threshold(high), threshold(low)


def stationary_enclosures(gamma: Rational, *, digits: int = 12) -> tuple[Enclosure, Enclosure]:
    r"""Enclose the minimum and the maximum of the limiting divergence below the threshold.

    .. math:: f(u_{\min}) = f(u_{\max}) = 0,\qquad 1<u_{\min}<u_t<u_{\max}<1/\gamma

    f is positive at 1 and at :math:`1/\gamma` and negative at its turning point
    :math:`u_t=(1+\sqrt{3+2\gamma})/(1+\gamma)`.

    Parameters
    ----------
    gamma : Rational
        Signal-to-noise ratio in (0, :math:`\gamma_c`).
    digits : int
        Each enclosure is narrower than :math:`10^{-digits}`.

    Returns
    -------
    tuple of Enclosure
        Bounds of :math:`\psi_{\min}` and of :math:`\psi_{\max}`.

    Raises
    ------
    ValueError
        If :math:`\gamma` is not below the threshold: then there is no stationary point.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> low, high = stationary_enclosures(Rational(1, 10), digits=6)
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (2.4602, 9.8655)
    """
    snr = Rational(gamma)
    if not 0 < snr < threshold_enclosure(digits=digits)[0]:
        raise ValueError(f"gamma was {gamma}; it must lie in (0, 0.2304851...), the threshold")

    def slope(u: Rational) -> Enclosure:
        return _slope_bounds(u, snr, 4 * digits + 32)

    scale = 10**digits
    root = Rational(integer_nthroot(int((3 + 2 * snr) * scale**2), 2)[0], scale)
    turn = (1 + root) / (1 + snr)
    left, right = _bisect(slope, Rational(1), turn, digits), _bisect(slope, turn, 1 / snr, digits)
    return (1 + left[0], 1 + left[1]), (1 + right[0], 1 + right[1])


def kl_excess_enclosure(gamma: Rational, stationary: Enclosure, *, digits: int = 12) -> Enclosure:
    r"""Enclose how far the divergence at a stationary point lies above the floor.

    .. math:: 2(kl-\mathrm{floor}) = \frac1{(1+\gamma)u}+\log\gamma
              -(1+u)\log\frac{1+\gamma}{1+u}-u\log u

    at the lower end of the bracket, widened by its length times the largest slope in it.

    Parameters
    ----------
    gamma : Rational
        Signal-to-noise ratio.
    stationary : Enclosure
        Bounds of :math:`\psi` from `stationary_enclosures`.
    digits : int
        Working accuracy of the logarithms.

    Returns
    -------
    tuple of Rational
        Bounds of the excess per dimension, in nats; negative where finitely many samples beat
        infinitely many.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> minimum, maximum = stationary_enclosures(Rational(1, 10), digits=8)
    >>> [
    ...     round(float(kl_excess_enclosure(Rational(1, 10), place)[0]), 6)
    ...     for place in (minimum, maximum)
    ... ]
    [-0.126252, 0.048116]
    """
    bits = 4 * digits + 32
    u, end = stationary[0] - 1, stationary[1] - 1
    signal = log_bounds(gamma, bits=bits)
    ratio = log_bounds((1 + gamma) / (1 + u), bits=bits)
    place = log_bounds(u, bits=bits)
    lead = 1 / ((1 + gamma) * u)
    low = lead + signal[0] - (1 + u) * ratio[1] - u * place[1]
    high = lead + signal[1] - (1 + u) * ratio[0] - u * place[0]
    # The slope bracket is monotone between u and end, so its ends bound it.
    bounds = (*_slope_bounds(u, gamma, bits), *_slope_bounds(end, gamma, bits))
    reach = (end - u) * max(abs(bound) for bound in bounds)
    return (low - reach) / 2, (high + reach) / 2


def break_even_enclosure(*, digits: int = 10) -> Enclosure:
    r"""Enclose the signal-to-noise ratio below which fewer samples beat infinitely many.

    .. math:: \min_{\psi>1}kl(\psi) = \tfrac12[R^2-1-\log R^2]
              \quad\text{at}\quad \gamma_b = 0.1462308811\ldots

    The excess at the minimum has the derivative
    :math:`\tfrac12[\frac{1-\gamma u}{\gamma(1+\gamma)}-\frac1{u(1+\gamma)^2}]>0` in
    :math:`\gamma`, because :math:`u(1-\gamma u)(1+\gamma)>\gamma` for u in [1, 7/3] and
    :math:`\gamma<1/4`; so the sign changes once.

    Parameters
    ----------
    digits : int
        The enclosure is narrower than :math:`10^{-digits}`.

    Returns
    -------
    tuple of Rational
        Bounds of :math:`\gamma_b`.

    Notes
    -----
    Claim ``B.monotone``.

    Examples
    --------
    >>> low, high = break_even_enclosure(digits=4)
    >>> round(float(low), 3), round(float(high), 3)
    (0.146, 0.146)
    """

    def excess(gamma: Rational) -> Enclosure:
        minimum = stationary_enclosures(gamma, digits=digits + 4)[0]
        return kl_excess_enclosure(gamma, minimum, digits=digits + 4)

    return _bisect(excess, Rational(1, 8), Rational(1, 6), digits)


def _slope_bounds(u: Rational, gamma: Rational, bits: int) -> Enclosure:
    low, high = log_bounds((1 + gamma) * u / (1 + u), bits=bits)
    lead = 1 / ((1 + gamma) * u**2)
    return lead + low, lead + high


def _bisect(
    function: Callable[[Rational], Enclosure], start: Rational, end: Rational, digits: int
) -> Enclosure:
    """Bisect between points of certified opposite sign, on decimal grid points."""
    rising = function(start)[1] < 0 < function(end)[0]
    if not rising and not function(end)[1] < 0 < function(start)[0]:
        raise ValueError("function was not of certified opposite sign at the two ends")
    scale = 10 ** (digits + 2)
    width = Rational(1, 10**digits)
    while end - start >= width:
        middle = Rational(int((start + end) * scale / 2), scale)
        low, high = function(middle)
        if low <= 0 <= high:
            raise ValueError(f"sign at {middle} was not decided; more bits would do")
        if (low > 0) == rising:
            end = middle
        else:
            start = middle
    return start, end
