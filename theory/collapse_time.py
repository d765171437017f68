r"""The collapse time, by three routes: entropy, condensation, and two bounds at finite dimension.

The empirical density at time t is a mixture of n Gaussians of variance D; below the collapse time
each is seen apart. Reading the n training points as the words of a random code of rate
:math:`\alpha=(\log n)/d` on a channel with Gaussian noise makes the collapse a coding problem: one
point is told from the others while the rate is below :math:`\frac12\log(1+\gamma)`.
"""

from sympy import Dummy, Expr, Rational, cancel, diff, exp, expand, factor, log, pi, solve

from theory.collapse import log_ratio_moment
from theory.linear_forward import signal_to_noise
from theory.quadratic_exponentials import exponential_moments, integrate_quadratic_exponential
from theory.symbols import alpha, beta, d, gamma, lambda_, n, s_d, t

__all__ = [
    "collapse_bound",
    "collapse_signal",
    "collapse_time",
    "confusion_bound",
    "differential_entropy",
    "energy_entropy",
    "energy_rate",
    "excess_entropy",
]

HALF = Rational(1, 2)


def differential_entropy(variance: Expr) -> Expr:
    r"""Return the entropy of a Gaussian coordinate from its density.

    .. math:: -\int\rho\log\rho

    Parameters
    ----------
    variance : Expr
        Variance, > 0.

    Returns
    -------
    Expr
        The entropy in nats.

    Notes
    -----
    Claim ``B.collapse.entropy``.

    Examples
    --------
    >>> from sympy import E
    >>> differential_entropy(1 / (2 * pi * E))
    0
    """
    x = Dummy("x", real=True)
    exponent = -(x**2) / (2 * variance)
    mass = integrate_quadratic_exponential(exponent, [x])
    second = exponential_moments(exponent, [x])[1][x, x]
    entropy: Expr = log(pi / mass.pivots[0]) / 2 + cancel(second / (2 * variance))
    return entropy.expand(log=True, force=True)


def excess_entropy(rate: Expr = alpha, signal: Expr = gamma) -> Expr:
    r"""Return the entropy per dimension by which n separate Gaussians exceed the population.

    .. math:: f = \alpha + h(D) - h(D(1+\gamma)),\qquad \alpha=\tfrac1d\log n

    Parameters
    ----------
    rate : Expr
        :math:`\alpha`.
    signal : Expr
        :math:`\gamma` at time t.

    Returns
    -------
    Expr
        Negative while the Gaussians are apart; the noise variance cancels.

    Notes
    -----
    Claims ``B.collapse.entropy``, ``B.collapse``.

    Examples
    --------
    >>> excess_entropy()
    alpha - log(gamma + 1)/2
    """
    noise = Dummy("D", positive=True)
    gap = differential_entropy(noise) - differential_entropy(noise * (1 + signal))
    return rate + gap.expand(log=True, force=True)


def collapse_signal(size: Expr = n, dimension: Expr = d) -> Expr:
    r"""Solve for the signal-to-noise ratio at which the excess entropy vanishes.

    Parameters
    ----------
    size, dimension : Expr
        n >= 2, d >= 1.

    Returns
    -------
    Expr
        :math:`\gamma_C=n^{2/d}-1`.

    Notes
    -----
    Claim ``B.collapse``.

    Examples
    --------
    >>> collapse_signal()
    n**(2/d) - 1
    """
    signal = Dummy("gamma", positive=True)
    (root,) = solve(excess_entropy(alpha, signal), signal)
    found = root.subs(alpha, log(size) / dimension)
    return found.replace(exp, lambda power: size ** factor(power / log(size)))


def collapse_time(
    size: Expr = n, dimension: Expr = d, noise_scale: Expr = lambda_, data_sd: Expr = s_d
) -> Expr:
    r"""Solve for the time at which the excess entropy vanishes.

    .. math:: \gamma(t) = \frac{s_d^2}{\lambda(e^{2t}-1)} = n^{2/d}-1

    Parameters
    ----------
    size, dimension : Expr
        n >= 2, d >= 1.
    noise_scale, data_sd : Expr
        :math:`\lambda`, :math:`s_d`, > 0.

    Returns
    -------
    Expr
        :math:`t_C`.

    Notes
    -----
    Claims ``B.collapse``, ``B.collapse.time``.

    Examples
    --------
    >>> collapse_time(size=4, dimension=2, noise_scale=1, data_sd=1)
    log(4/3)/2
    """
    signal = signal_to_noise(t, noise_scale, data_sd)
    growth = Dummy("e2t", positive=True)
    equation = signal.subs(exp(2 * t), growth) - collapse_signal(size, dimension)
    (root,) = solve(equation, growth)
    return log(root) / 2


def energy_rate(power: Expr = beta, signal: Expr = gamma) -> Expr:
    r"""Return the rate function of the energies of the other points, for a typical y.

    .. math:: g(\beta) = \lim\frac1d\log E[e^{-\beta\lvert y-ax_i\rvert^2/2D}\mid y],\qquad
              \tfrac1d\lvert y\rvert^2\to D(1+\gamma)

    Parameters
    ----------
    power : Expr
        Inverse temperature :math:`\beta` > 0.
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    Expr
        :math:`g`, the mean over y of the logarithm of the Gaussian integral.

    Notes
    -----
    Claim ``B.collapse.rem``.

    Examples
    --------
    >>> factor(energy_rate(1))
    -(log(gamma + 1) + 1)/2
    """
    h, u = Dummy("h", real=True), Dummy("u", real=True)
    exponent = -power * (u - h) ** 2 / 2 - h**2 / (2 * signal)
    found = integrate_quadratic_exponential(expand(exponent), [h])
    spread = exponential_moments(-(u**2) / (2 * (1 + signal)), [u])[1][u, u]
    logarithm = log(factor(cancel(2 * signal * found.pivots[0])))
    return -logarithm / 2 + factor(cancel(found.exponent / u**2)) * spread


def energy_entropy(power: Expr = beta, signal: Expr = gamma) -> Expr:
    r"""Return the entropy of the energies that dominate at an inverse temperature.

    .. math:: g(\beta)-\beta g'(\beta)

    The n - 1 energies condense where :math:`\alpha` plus this entropy vanishes.

    Parameters
    ----------
    power : Expr
        Inverse temperature :math:`\beta` > 0.
    signal : Expr
        :math:`\gamma` > 0.

    Returns
    -------
    Expr
        The entropy, per dimension.

    Notes
    -----
    Claim ``B.collapse.rem``: at :math:`\beta=1` it is minus the gain of the excess entropy.

    Examples
    --------
    >>> energy_entropy(1)
    -log(gamma + 1)/2
    """
    free = Dummy("beta", positive=True)
    rate = energy_rate(free, signal)
    rational, logarithm = rate.as_independent(log, as_Add=True)
    entropy: Expr = logarithm + cancel(rational - free * diff(rate, free))
    return entropy.subs(free, power)


def collapse_bound(power: Expr, size: Expr = n, dimension: Expr = d, signal: Expr = gamma) -> Expr:
    r"""Bound the probability that the other points outweigh the own one.

    .. math:: P(Z_{1^c}\ge Z_1)\le E\Bigl[\Bigl(\frac{E[Z_{1^c}\mid y]}{Z_1}\Bigr)^\theta\Bigr]
              = (n-1)^\theta(1+\gamma)^{-\theta d/2}E[e^{-\theta q}]^d,\qquad 0\le\theta\le1

    Markov's inequality for the power, then Jensen's given y.

    Parameters
    ----------
    power : Expr
        :math:`\theta` in [0, 1].
    size, dimension, signal : Expr
        n, d, :math:`\gamma`.

    Returns
    -------
    Expr
        The bound; below the collapse time some power makes it exponentially small in d.

    Notes
    -----
    Claims ``B.collapse.before``, ``B.collapse.threshold``.

    Examples
    --------
    >>> collapse_bound(Rational(1), size=2, dimension=2)
    1
    """
    ratio = (size - 1) ** power * (1 + signal) ** (-power * dimension / 2)
    return ratio * log_ratio_moment(power, signal) ** dimension


def confusion_bound(
    power: Expr, slack: Expr, size: Expr = n, dimension: Expr = d, signal: Expr = gamma
) -> Expr:
    r"""Bound the probability that the own point outweighs all others together.

    .. math:: P(Z_1>Z_{1^c})\le e^{-\eta}
              + P\Bigl(\log\frac{Z_1}{E[Z_{1^c}\mid y]}\ge\log\tfrac n{n-1}-\eta\Bigr)
              \le e^{-\eta}+\Bigl(\frac{(1+\gamma)^{d/2}e^\eta}n\Bigr)^\theta E[e^{\theta q}]^d

    The regions in which one of the n points outweighs the others are disjoint, and in each the
    density of that point is compared with the population's.

    Parameters
    ----------
    power : Expr
        :math:`\theta\ge0`, below :math:`(1+1/\gamma)^{1/2}`.
    slack : Expr
        :math:`\eta` > 0.
    size, dimension, signal : Expr
        n, d, :math:`\gamma`.

    Returns
    -------
    Expr
        The bound; above the collapse time some pair makes it exponentially small in d.

    Notes
    -----
    Claims ``B.collapse.after``, ``B.collapse.threshold``.

    Examples
    --------
    >>> confusion_bound(Rational(0), log(2), size=2, dimension=2)
    3/2
    """
    ratio = (1 + signal) ** (power * dimension / 2) * exp(power * slack) / size**power
    return exp(-slack) + ratio * log_ratio_moment(power, signal) ** dimension
