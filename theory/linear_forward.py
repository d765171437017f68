r"""The Ornstein-Uhlenbeck forward process with noise scale, and the constants of the linear model.

Every constant is derived from the stochastic differential equation
:math:`dy = -y\,dt + \sqrt{2\lambda}\,dW` started at the data, :math:`y_0 = x`.
"""

from sympy import Dummy, Expr, exp, expand, integrate

from theory.symbols import T, lambda_, s_d

__all__ = [
    "code_noise_scale",
    "contraction",
    "noise_variance",
    "noised_variance",
    "posterior_variance",
    "reliability",
    "shrinkage",
    "signal_to_noise",
]


def contraction(time: Expr = T) -> Expr:
    r"""Return the factor by which the data have shrunk at a time.

    .. math:: a = e^{-T},\qquad \dot a = -a,\ a(0)=1

    Parameters
    ----------
    time : Expr
        Diffusion time, > 0.

    Returns
    -------
    Expr
        The solution of the equation of the mean.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue.

    Examples
    --------
    >>> contraction()
    exp(-T)
    """
    return exp(-time)


def noise_variance(time: Expr = T, noise_scale: Expr = lambda_) -> Expr:
    r"""Return the variance of the accumulated noise.

    .. math:: q^2 = \int_0^T 2\lambda\,e^{-2(T-r)}\,dr = \lambda(1-e^{-2T})

    by the Itô isometry.

    Parameters
    ----------
    time : Expr
        Diffusion time, > 0.
    noise_scale : Expr
        :math:`\lambda` > 0; 1 is the standard process.

    Returns
    -------
    Expr
        The integral, carried out.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue.

    Examples
    --------
    >>> noise_variance() - lambda_ * (1 - exp(-2 * T))
    0
    """
    moment = Dummy("r", real=True)
    unit = integrate(2 * exp(2 * moment), (moment, 0, time)) * exp(-2 * time)
    return noise_scale * unit.expand()


def code_noise_scale(time: Expr = T) -> Expr:
    r"""Return the noise scale of the public code.

    .. math:: \lambda = e^{-2T}

    Parameters
    ----------
    time : Expr
        Diffusion time, > 0.

    Returns
    -------
    Expr
        The scale; with it and :math:`s_d=1`, :math:`\gamma=1/(1-e^{-2T})`.

    Notes
    -----
    Linear diffusion paper, its public code; claims ``B.kl``, ``B.monotone``.

    Examples
    --------
    >>> code_noise_scale()
    exp(-2*T)
    """
    return exp(-2 * time)


def noised_variance(time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d) -> Expr:
    r"""Return the variance of a coordinate of the noised data.

    .. math:: v = a^2s_d^2+q^2

    Parameters
    ----------
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    Expr
        :math:`v`.

    Examples
    --------
    >>> noised_variance(noise_scale=1, data_sd=1).simplify()
    1
    """
    return contraction(time) ** 2 * data_sd**2 + noise_variance(time, noise_scale)


def shrinkage(time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d) -> Expr:
    r"""Return the slope of the regression of clean on noised data.

    .. math:: \kappa = \frac{\mathrm{Cov}(x,y)}{\mathrm{Var}(y)} = \frac{as_d^2}{v}

    Parameters
    ----------
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    Expr
        :math:`\kappa`, the population value of every diagonal entry of :math:`B`.

    Notes
    -----
    Claim ``B.cond``; derived in `theory.linear_denoiser.population_least_squares`.

    Examples
    --------
    >>> shrinkage(noise_scale=1, data_sd=1).simplify()
    exp(-T)
    """
    return contraction(time) * data_sd**2 / noised_variance(time, noise_scale, data_sd)


def posterior_variance(time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d) -> Expr:
    r"""Return the variance of a clean coordinate given its noised value.

    .. math:: \tau^2 = \frac{s_d^2q^2}{v}

    Parameters
    ----------
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    Expr
        :math:`\tau^2`, the residual variance of the population least squares.

    Notes
    -----
    Claim ``B.cond``; derived in `theory.linear_denoiser.population_least_squares`.

    Examples
    --------
    >>> (posterior_variance(noise_scale=1, data_sd=1) + exp(-2 * T)).simplify()
    1
    """
    variance = noised_variance(time, noise_scale, data_sd)
    return data_sd**2 * noise_variance(time, noise_scale) / variance


def signal_to_noise(time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d) -> Expr:
    r"""Return the signal-to-noise ratio of the noised data.

    .. math:: \gamma = \frac{a^2s_d^2}{q^2} = \frac{s_d^2}{\lambda(e^{2T}-1)}

    Parameters
    ----------
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    Expr
        :math:`\gamma`, the only constant that the dimensionless results depend on.

    Notes
    -----
    Claims ``B.moments``, ``B.lambda``, ``B.monotone``.

    Examples
    --------
    >>> signal_to_noise(noise_scale=code_noise_scale(), data_sd=1)
    1/(1 - exp(-2*T))
    >>> signal_to_noise(noise_scale=1, data_sd=1)
    1/(exp(2*T) - 1)
    """
    return data_sd**2 / expand(noise_variance(time, noise_scale) / contraction(time) ** 2)


def reliability(time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d) -> Expr:
    r"""Return the squared correlation of a clean and a noised coordinate.

    .. math:: R^2 = \frac{a^2s_d^2}{v} = \frac{\gamma}{1+\gamma}

    Parameters
    ----------
    time, noise_scale, data_sd : Expr
        :math:`T`, :math:`\lambda`, :math:`s_d`, all > 0.

    Returns
    -------
    Expr
        :math:`R^2` in (0, 1).

    Notes
    -----
    Claims ``B.floor``, ``B.lambda``.

    Examples
    --------
    >>> reliability(noise_scale=1, data_sd=1).simplify()
    exp(-2*T)
    """
    variance = noised_variance(time, noise_scale, data_sd)
    return contraction(time) ** 2 * data_sd**2 / variance
