r"""Hellinger and Wasserstein distances of the linear one-step model in the proportional limit.

Both are functionals of the spectrum whose resolvent `theory.resolvent_limit` derives: the
Hellinger affinity needs it at one point, where a cubic fixes it, the Wasserstein distance along
its whole range, which an angle parametrises. Here :math:`u=\psi-1`.
"""

from mpmath import mp, mpf, workdps
from sympy import (
    Dummy,
    Expr,
    Float,
    Integral,
    Rational,
    acos,
    cos,
    diff,
    lambdify,
    log,
    pi,
    real_roots,
    sin,
    sqrt,
)

from theory.proportional_limit import log_det_bulk, log_det_gapped, trace_above, trace_below
from theory.resolvent_limit import log_potential_from_resolvent
from theory.symbols import gamma as gamma_symbol
from theory.symbols import psi as psi_symbol

__all__ = [
    "affinity_at_onset",
    "affinity_cubic",
    "affinity_root",
    "limiting_log_affinity",
    "limiting_wasserstein_squared",
    "limiting_wasserstein_value",
    "mean_singular_value",
]


def affinity_cubic(x: Expr, psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the cubic whose root fixes the limiting Hellinger distance.

    .. math:: 4R^2x^3-4R^2\psi x^2+(\psi^2-1+R^2\psi^2)x-\psi(\psi-1) = 0,\qquad
              x = \mathrm{mean}\,\frac1{1+\xi}

    over the limiting eigenvalues :math:`\xi` of :math:`\Sigma_G/s_d^2`: the resolvent equation at
    :math:`w^2=1+\gamma`, :math:`x=wp`, squared twice and divided by 4x.

    Parameters
    ----------
    x : Expr
        The unknown.
    psi, gamma : Expr
        Aspect ratio > 1 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The cubic.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> from sympy.abc import x
    >>> affinity_cubic(x, Rational(1), Rational(1))
    2*x**3 - 2*x**2 + x/2
    """
    signal = gamma / (1 + gamma)
    linear = psi**2 - 1 + signal * psi**2
    return 4 * signal * x**3 - 4 * signal * psi * x**2 + linear * x - psi * (psi - 1)


def affinity_root(psi: Rational, gamma: Rational) -> Expr:
    r"""Return the mean of 1/(1 + eigenvalue) of the limiting generated covariance.

    .. math:: 2x = \psi+\sqrt{1-4R^2x^2}-\sqrt{u^2+4(1-R^2)x^2}

    has exactly one root in (0, 1): left minus right rises from negative to not negative.

    Parameters
    ----------
    psi, gamma : Rational
        Aspect ratio > 1 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The root, as an exact real root of `affinity_cubic`.

    Raises
    ------
    ValueError
        If psi <= 1 or gamma <= 0.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> affinity_root(Rational(3, 2), Rational(1)).evalf(6)
    0.570623
    """
    if psi <= 1 or gamma <= 0:
        raise ValueError(f"psi, gamma were {psi}, {gamma}; they must be > 1 and > 0")
    x = Dummy("x", positive=True)
    signal, u = Rational(gamma, 1) / (1 + gamma), psi - 1
    for root in real_roots(affinity_cubic(x, psi, gamma)):
        value = root.evalf(40)
        inside = 1 - 4 * signal * value**2
        if value <= 0 or inside < 0:
            continue
        other = sqrt(u**2 + 4 * (1 - signal) * value**2)
        if abs(psi + sqrt(inside) - other - 2 * value) < Rational(1, 10**30):
            return root
    raise ValueError(f"no root at psi = {psi}, gamma = {gamma}")


def limiting_log_affinity(psi: Rational, gamma: Rational) -> Expr:
    r"""Return the limit of the log Hellinger affinity per dimension.

    .. math:: \frac1d\log(1-H^2) \to \tfrac12\log2+\tfrac14\Lambda
              -\tfrac12\,\mathrm{mean}\log(1+\xi)

    Parameters
    ----------
    psi, gamma : Rational
        Aspect ratio > 1 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        An exact number, < 0. For psi < 1 the affinity is 0.

    Notes
    -----
    Claims ``B.edge``, ``B.slope``.

    Examples
    --------
    >>> limiting_log_affinity(Rational(3, 2), Rational(1)).evalf(6)
    -0.159201
    """
    p = affinity_root(psi, gamma) / sqrt(1 + gamma)
    potential = log_potential_from_resolvent(p, psi, gamma) - log(1 + gamma)
    bulk = psi * gamma < 1 + gamma
    log_det = log_det_bulk(psi, gamma) if bulk else log_det_gapped(gamma)
    return log(2) / 2 + log_det / 4 - potential / 2


def affinity_at_onset(gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the height of the jump of the normalised affinity at the onset.

    .. math:: \lim_{\psi\downarrow1}\lim_d\,(1-H^2)^{1/d} = (1+\sqrt{1-R^2})^{-1/2}
              \ge \frac1{\sqrt2}

    while it is 0 for every psi < 1: at :math:`\psi=1` the root is x = 1/2, the log-determinant 0.

    Parameters
    ----------
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The one-sided limit.

    Notes
    -----
    Claim ``B.slope``.

    Examples
    --------
    >>> affinity_at_onset(Rational(3))
    sqrt(6)/3
    """
    return 1 / sqrt(1 + 1 / sqrt(1 + gamma))


def mean_singular_value(psi: Expr, gamma: Expr) -> Expr:
    r"""Return the limiting mean of the nonzero singular values of N, as an explicit integral.

    .. math:: \mathrm{mean}\,\sigma = \frac2\pi\int_0^\infty(1-wp)\,dw
              = \frac2\pi\int_0^{\vartheta_*}w\,\frac{d(1-wp)}{d\vartheta}\,d\vartheta

    along :math:`p=\sin\vartheta/(2\sqrt\gamma)`, which runs through both branches;
    :math:`\cos\vartheta_*=\frac{1-\gamma(2\psi-1)}{1+\gamma}`, or :math:`\vartheta_*=\pi`
    above the second transition. For psi < 1 the rectangular analogue with ratio psi is used and
    :math:`\cos\vartheta_*=1-2\psi R^2`.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio, not 1, and signal-to-noise ratio > 0; exact numbers.

    Returns
    -------
    Expr
        An integral over one variable, for numerical evaluation.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> mean_singular_value(Rational(10**6), Rational(4)).evalf(4)
    2.000
    """
    angle = Dummy("theta", positive=True)
    if psi > 1:
        u = psi - 1
        other = sqrt(u**2 + sin(angle) ** 2 / gamma)
        w = sqrt(gamma) * (psi + cos(angle) - other) / sin(angle)
        filled = (2 - psi - cos(angle) + other) / 2
        gap = (1 - gamma * (2 * psi - 1)) / (1 + gamma)
        end = acos(gap) if u * gamma < 1 else pi
    else:
        other = sqrt((1 - psi) ** 2 + sin(angle) ** 2 / gamma)
        filled = (psi - cos(angle) + other) / (2 * psi)
        product = (1 - psi * filled) * (1 - filled)
        w = 2 * sqrt(psi * gamma * product) / sin(angle)
        end = acos(1 - 2 * psi * gamma / (1 + gamma))
    # By parts: f w vanishes at both ends. In theta = end - x^2 the root of w at the end is smooth.
    x = Dummy("x", positive=True)
    integrand = (w * diff(filled, angle)).subs(angle, end - x**2) * 2 * x
    return 2 / pi * Integral(integrand, (x, 0, sqrt(end)))


def limiting_wasserstein_squared(psi: Expr, gamma: Expr) -> Expr:
    r"""Return the limit of the squared 2-Wasserstein distance per dimension.

    .. math:: \frac{W_2^2(\rho_G,\rho)}{d\,s_d^2} \to t(\psi)+1
              -\frac{2\min(\psi,1)}{\sqrt{1+\gamma}}\,\mathrm{mean}\,\sigma

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio, not 1, and signal-to-noise ratio > 0; exact numbers.

    Returns
    -------
    Expr
        The limit on both sides of n = d: this distance sees no singularity of the law.

    Notes
    -----
    Claims ``B.edge``, ``B.wasserstein``.

    Examples
    --------
    >>> limiting_wasserstein_squared(Rational(10**6), Rational(3)).evalf(4)
    0.01795
    """
    return _wasserstein_squared(psi, gamma, mean_singular_value(psi, gamma))


def _wasserstein_squared(psi: Expr, gamma: Expr, mean: Expr) -> Expr:
    """Return the limit from the mean singular value, symbolic or a number."""
    trace = trace_above(psi, gamma) if psi > 1 else trace_below(psi, gamma)
    filled = Rational(1) if psi > 1 else psi
    return trace + 1 - 2 * filled / sqrt(1 + gamma) * mean


def limiting_wasserstein_value(psi: Expr, gamma: Expr, *, digits: int = 12) -> Float:
    r"""Return the limit of the squared 2-Wasserstein distance per dimension as a number.

    .. math:: \lim\frac{W_2^2(\rho_G,\rho)}{d\,s_d^2}

    The integrand of `mean_singular_value` is analytic on its range; Gauss-Legendre on panels
    that shrink towards small angles, with extra digits against the cancellation at small angles.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio, not 1, and signal-to-noise ratio > 0; exact numbers.
    digits : int
        Digits wanted.

    Returns
    -------
    Float
        The value of `limiting_wasserstein_squared`.

    Notes
    -----
    Claims ``B.edge``, ``B.wasserstein``.

    Examples
    --------
    >>> limiting_wasserstein_value(Rational(3), Rational(1), digits=8)
    0.16161429
    """
    integral = mean_singular_value(psi, gamma).atoms(Integral).pop()
    angle, start, end = integral.limits[0]
    with workdps(2 * digits + 30):
        integrand = lambdify(angle, integral.function, "mpmath")
        stop = mpf(end.evalf(2 * digits + 30))
        # Close to psi = 1 the integrand bends where the angle is of the size of psi - 1.
        edges = [stop**2 / 4**k for k in range(13)] + [mpf(0)]
        panels = [mp.sqrt(max(stop**2 - edge, mpf(start))) for edge in edges]
        mean = 2 / mp.pi * mp.quad(integrand, panels, method="gauss-legendre")
    return _wasserstein_squared(psi, gamma, Float(mean, digits + 5)).evalf(digits)
