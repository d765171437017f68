r"""Two-component Gaussian mixtures and point clouds under linear and exact scores.

The mixture is :math:`\frac12N(-\delta,1)+\frac12N(\delta,1)` along the line through its centres, in
units of a component's standard deviation; across that line it is Gaussian.
"""

from sympy import Dummy, Expr, Integer, Integral, cosh, diff, exp, log, oo, pi, sqrt

from theory.linear_denoiser import population_least_squares
from theory.linear_forward import contraction, noise_variance
from theory.quadratic_exponentials import exponential_moments
from theory.symbols import T, lambda_, t, y

__all__ = [
    "affine_score_slope",
    "empirical_residual",
    "heat_kernel",
    "matched_divergence",
    "mixture_density",
    "negentropy",
    "second_moment",
    "transport_bound",
]


def mixture_density(separation: Expr, place: Expr = y) -> Expr:
    r"""Return the density of the mixture along its axis.

    .. math:: \frac12\varphi(x-\delta)+\frac12\varphi(x+\delta)
              = \varphi(x)\,e^{-\delta^2/2}\cosh\delta x

    Parameters
    ----------
    separation : Expr
        :math:`\delta\ge0`, half the distance of the centres.
    place : Expr
        :math:`x`.

    Returns
    -------
    Expr
        The density.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> mixture_density(Integer(0), Integer(0))
    sqrt(2)/(2*sqrt(pi))
    """
    bumps = exp(-((place - separation) ** 2) / 2) + exp(-((place + separation) ** 2) / 2)
    return bumps / (2 * sqrt(2 * pi))


def affine_score_slope(separation: Expr, a: Expr, noise: Expr) -> Expr:
    r"""Return the slope of the affine score that denoising score matching fits to the mixture.

    .. math:: \arg\min_{\alpha,\beta}E\Bigl(\alpha+\beta y+\frac{\xi}{q}\Bigr)^2:\qquad
              \beta = -\frac1{a^2(1+\delta^2)+q^2}

    through the denoiser (:math:`\xi/q=(y-ax)/q^2`): the objective contains the first two moments of
    the data and nothing else, so it is the score of the Gaussian with the same two moments.

    Parameters
    ----------
    separation, a, noise : Expr
        :math:`\delta`, :math:`a`, :math:`q^2`.

    Returns
    -------
    Expr
        :math:`\beta`.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> affine_score_slope(Integer(0), Integer(1), Integer(1))
    -1/2
    """
    variance = second_moment(separation)
    slope, _, _ = population_least_squares(a, variance, noise, Integer(0))
    # The score is (a x_hat(y) - y) / q^2.
    return ((a * slope - 1) / noise).together().cancel()


def second_moment(separation: Expr) -> Expr:
    r"""Return the second moment of the mixture, by integrating each bump.

    .. math:: E\,x^2 = 1+\delta^2

    Examples
    --------
    >>> second_moment(Integer(2))
    5
    """
    shift = Dummy("z", real=True)
    bumps = []
    for centre in (separation, -separation):
        exponent = (-((shift - centre) ** 2) / 2).expand()
        bumps.append(exponential_moments(exponent, [shift])[1][shift, shift])
    return sum(bumps, Integer(0)) / 2


def negentropy(separation: Expr) -> Expr:
    r"""Return the floor of every Gaussian generator: the divergence of the mixture from its fit.

    .. math:: J(\delta) = \min_gKL(\rho\Vert g) = \tfrac12\log(1+\delta^2)-\delta^2
              +E\log\cosh(\delta^2+\delta z),\qquad z\sim N(0,1)

    :math:`KL(\rho\Vert g)` depends on g through its first two moments, and the entropy of the
    mixture through one integral; the directions across the axis cancel.

    Parameters
    ----------
    separation : Expr
        :math:`\delta` > 0.

    Returns
    -------
    Expr
        The floor with its integral unevaluated; it does not depend on the dimension.

    Notes
    -----
    Claims ``B.gmm``, ``B.mixture``.

    Examples
    --------
    >>> negentropy(Integer(0))
    0
    """
    z = Dummy("z", real=True)
    if separation == 0:
        return Integer(0)
    inside = log(cosh(separation**2 + separation * z)) * exp(-(z**2) / 2) / sqrt(2 * pi)
    return log(1 + separation**2) / 2 - separation**2 + Integral(inside, (z, -oo, oo))


def matched_divergence(separation: Expr) -> Expr:
    r"""Return the divergence of the moment-matched Gaussian from the mixture.

    .. math:: KL(g\Vert\rho) = \delta^2-\tfrac12\log(1+\delta^2)
              -E\log\cosh\bigl(\delta\sqrt{1+\delta^2}\,z\bigr)

    Parameters
    ----------
    separation : Expr
        :math:`\delta` > 0.

    Returns
    -------
    Expr
        The divergence with its integral unevaluated.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> matched_divergence(Integer(0))
    0
    """
    z = Dummy("z", real=True)
    if separation == 0:
        return Integer(0)
    spread = separation * sqrt(1 + separation**2)
    inside = log(cosh(spread * z)) * exp(-(z**2) / 2) / sqrt(2 * pi)
    return separation**2 - log(1 + separation**2) / 2 - Integral(inside, (z, -oo, oo))


def heat_kernel(datum: Expr, place: Expr = y, time: Expr = t, noise_scale: Expr = lambda_) -> Expr:
    r"""Return the density of the noised data around one datum.

    .. math:: \frac1{\sqrt{2\pi q^2}}\exp\Bigl(-\frac{(y-e^{-t}x)^2}{2q^2}\Bigr)

    Parameters
    ----------
    datum, place, time, noise_scale : Expr
        :math:`x`, :math:`y`, :math:`t`, :math:`\lambda`.

    Returns
    -------
    Expr
        The density.

    Examples
    --------
    >>> heat_kernel(Integer(0), Integer(0), log(2) / 2, Integer(1))
    1/sqrt(pi)
    """
    variance = noise_variance(time, noise_scale)
    gap = place - contraction(time) * datum
    return exp(-(gap**2) / (2 * variance)) / sqrt(2 * pi * variance)


def empirical_residual(
    data: tuple[Expr, ...], reverse_noise: Expr, noise_scale: Expr = lambda_
) -> Expr:
    r"""Return the defect of the noised empirical law in the reverse equation with its own score.

    .. math:: -\partial_tp = -\partial_y\bigl[(y+(\lambda+\tfrac{g^2}2)\partial_y\log p)\,p\bigr]
              +\tfrac{g^2}2\partial_y^2p,\qquad p = \frac1n\sum_iN(e^{-t}x_i,q_t^2)

    with :math:`g^2=2\lambda` for the stochastic and 0 for the deterministic process. The score
    times p is :math:`\partial_yp`, so the equation is linear in p.

    Parameters
    ----------
    data : tuple of Expr
        The training set on the line.
    reverse_noise : Expr
        :math:`g^2`.
    noise_scale : Expr
        :math:`\lambda`.

    Returns
    -------
    Expr
        0: from the noised empirical law both processes reproduce the training set.

    Notes
    -----
    Claim ``B.gmm``. Coordinates of the process are independent given the datum, so one is enough.

    Examples
    --------
    >>> empirical_residual((Integer(1),), 2 * lambda_).simplify()
    0
    """
    density = sum((heat_kernel(x, y, t, noise_scale) for x in data), Integer(0)) / len(data)
    flux = y * density + (noise_scale + reverse_noise / 2) * diff(density, y)
    return -diff(density, t) + diff(flux, y) - reverse_noise / 2 * diff(density, y, 2)


def transport_bound(energy: Expr, d: Expr, time: Expr = T, noise_scale: Expr = lambda_) -> Expr:
    r"""Return a bound on the squared distance of the noised empirical law from the training set.

    .. math:: W_2^2\le(1-e^{-t})^2\,\frac1n\sum_i\lvert x_i\rvert^2+d\,\lambda(1-e^{-2t})

    by moving each point to its own noised copy.

    Parameters
    ----------
    energy : Expr
        :math:`\frac1n\sum_i\lvert x_i\rvert^2`.
    d : Expr
        Dimension.
    time, noise_scale : Expr
        :math:`t` and :math:`\lambda`.

    Returns
    -------
    Expr
        The bound; it vanishes as t does.

    Notes
    -----
    Claim ``B.gmm``.

    Examples
    --------
    >>> transport_bound(Integer(3), Integer(2)).subs(T, 0)
    0
    """
    return (1 - contraction(time)) ** 2 * energy + d * noise_variance(time, noise_scale)
