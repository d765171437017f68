r"""Exact reverse processes with a linear score, from the stochastic differential equation.

The score of a Gaussian fitted to data is linear, so in an eigendirection of the fitted covariance
(eigenvalue :math:`\varsigma`) everything is one-dimensional: the noised variance
:math:`c_t=\varsigma e^{-2t}+\lambda(1-e^{-2t})` and two numbers for the generated law, its mean and
its variance. The reverse drift comes from the balance of probability fluxes, the variance from
Ito's formula, and the equation is solved with :math:`c` as the clock.
"""

from typing import Literal

from sympy import Dummy, Expr, Integer, Rational, Symbol, cancel, diff, exp, expand, integrate, log

from theory.diffusion import moment_equations, reverse_drift
from theory.linear_forward import contraction, noised_variance
from theory.symbols import T, lambda_, y

__all__ = [
    "Flow",
    "first_order_error",
    "flow_gain_squared",
    "gaussian_score",
    "generated_variance",
    "reverse_variance_rate",
]

Flow = Literal["sde", "ode"]
"""The reverse stochastic differential equation, or the probability flow."""

_VARIANCE = Symbol("variance", real=True)


def gaussian_score(state: Expr, variance: Expr) -> Expr:
    r"""Return the score of a centred Gaussian density, by differentiation.

    .. math:: \partial_y\log\frac{e^{-y^2/2c}}{\sqrt{2\pi c}} = -\frac yc

    Parameters
    ----------
    state, variance : Expr
        :math:`y` and :math:`c` > 0.

    Returns
    -------
    Expr
        The score.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> gaussian_score(y, Integer(2))
    -y/2
    """
    place = Dummy("place", real=True)
    return diff(-(place**2) / (2 * variance), place).subs(place, state)


def reverse_variance_rate(flow: Flow, variance: Expr, noise_scale: Expr = lambda_) -> Expr:
    r"""Return the rate of the generated variance in reversed time.

    .. math:: \frac{dV}{ds} = 2\Bigl(1-\frac{2\lambda}c\Bigr)V+2\lambda\ \text{(SDE)},\qquad
              2\Bigl(1-\frac\lambda c\Bigr)V\ \text{(ODE)}

    The drift balances the probability fluxes of both directions of time
    (`theory.diffusion.reverse_drift`) and Ito's formula gives the rate.

    Parameters
    ----------
    flow : {"sde", "ode"}
        Reverse process.
    variance : Expr
        :math:`c`, the variance of the noised data at that time.
    noise_scale : Expr
        :math:`\lambda` > 0.

    Returns
    -------
    Expr
        The rate in the symbol ``variance``.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> reverse_variance_rate("ode", Integer(2), Integer(1))
    variance
    """
    forward_noise = 2 * noise_scale
    reverse_noise = forward_noise if flow == "sde" else Integer(0)
    drift = reverse_drift(
        -y,
        forward_noise,
        gaussian_score(y, variance),
        reverse_diffusion_squared=reverse_noise,
    )
    return moment_equations(expand(drift), reverse_noise)[1]


def flow_gain_squared(
    flow: Flow, eigenvalue: Expr, later: Expr, noise_scale: Expr = lambda_
) -> Expr:
    r"""Return the factor that carries a variance from a later time to time 0.

    .. math:: \Bigl(\frac{a\varsigma}c\Bigr)^2\ \text{(SDE)},\qquad
              \frac\varsigma c\ \text{(ODE)}

    From :math:`d\log V/ds` without its noise, with :math:`dc/ds=2(c-\lambda)`: an integral of a
    rational function of :math:`c`.

    Parameters
    ----------
    flow : {"sde", "ode"}
        Reverse process.
    eigenvalue : Expr
        :math:`\varsigma` > 0.
    later : Expr
        :math:`c`, the noised variance at the later time, > 0.
    noise_scale : Expr
        :math:`\lambda` > 0.

    Returns
    -------
    Expr
        The factor; :math:`a^2=(c-\lambda)/(\varsigma-\lambda)`.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> flow_gain_squared("ode", Integer(2), Integer(4), Integer(1))
    1/2
    """
    clock = Dummy("c", positive=True)
    rate = reverse_variance_rate(flow, clock, noise_scale)
    homogeneous = rate.coeff(_VARIANCE, 1)
    primitive = integrate(cancel(homogeneous / _clock_rate(clock, noise_scale)).apart(clock), clock)
    return cancel(exp(_between(primitive, clock, later, eigenvalue)))


def generated_variance(
    flow: Flow,
    eigenvalue: Expr,
    start: Expr,
    time: Expr = T,
    noise_scale: Expr = lambda_,
) -> Expr:
    r"""Return the variance that an exact reverse process generates in one eigendirection.

    .. math:: V_0 = \varsigma+\frac{a^2\varsigma^2}{c^2}(V_T-c)\ \text{(SDE)},\qquad
              V_0 = \frac\varsigma cV_T\ \text{(ODE)},\qquad c=a^2\varsigma+q^2

    Parameters
    ----------
    flow : {"sde", "ode"}
        Reverse process.
    eigenvalue : Expr
        :math:`\varsigma` > 0, an eigenvalue of the covariance behind the score.
    start : Expr
        :math:`V_T`, the variance at which generation starts.
    time, noise_scale : Expr
        :math:`T` and :math:`\lambda`, > 0.

    Returns
    -------
    Expr
        :math:`V_0`. With :math:`V_T=c` it is :math:`\varsigma` for both flows and every T.

    Notes
    -----
    Claim ``B.exactreverse``: a wrong start is forgotten as :math:`a^4` by the stochastic flow and
    as :math:`a^2` by the deterministic one.

    Examples
    --------
    >>> generated_variance("ode", Integer(1), Integer(3), T, Integer(1))
    3
    """
    later = noised_variance(time, noise_scale, 1) + (eigenvalue - 1) * contraction(time) ** 2
    clock = Dummy("c", positive=True)
    gain = _with_contraction(flow, eigenvalue, later, noise_scale, contraction(time) ** 2)
    value = gain * start
    if flow == "sde":
        # 2 lambda ds of fresh noise at the clock c reaches time 0 with the gain from there.
        source = flow_gain_squared(flow, eigenvalue, clock, noise_scale)
        density = cancel(source * 2 * noise_scale / _clock_rate(clock, noise_scale))
        primitive = integrate(density.apart(clock), clock)
        fresh = primitive.subs(clock, eigenvalue) - primitive.subs(clock, later)
        # (c - lambda) / (eigenvalue - lambda) = a^2 removes the pole of isotropic fits.
        value += cancel(fresh)
    return value


def first_order_error(
    flow: Flow, eigenvalue: Expr, later: Expr, noise_scale: Expr = lambda_
) -> Expr:
    r"""Return the leading relative error of the generated variance in the step of Euler's method.

    .. math:: V_0 = \varsigma\,(1+h\,e(\varsigma)+O(h^2)),\qquad V_T=c

    Euler's step is expanded to second order against the exact law; the local defect is carried to
    time 0 by the exact gain and integrated:

    .. math:: e_{ODE} = \tfrac12\Bigl[\frac\lambda\varsigma-\frac\lambda c
              +\log\frac c\varsigma\Bigr],\qquad
              e_{SDE} = \frac{\varsigma}{2(\varsigma-\lambda)}\Bigl[\frac{2\lambda}x
              -\frac{2\lambda^2}{x^2}-\log x\Bigr]_{x=c}^{\varsigma}

    Parameters
    ----------
    flow : {"sde", "ode"}
        Reverse process: Euler-Maruyama or Euler's method.
    eigenvalue, later : Expr
        :math:`\varsigma` and :math:`c` at the start, > 0.
    noise_scale : Expr
        :math:`\lambda` > 0.

    Returns
    -------
    Expr
        :math:`e`; as :math:`T\to\infty`, :math:`c\to\lambda`.

    Notes
    -----
    Claim ``B.steps``: its sign against :math:`\varsigma-1` decides whether finitely many steps
    are better.

    Examples
    --------
    >>> first_order_error("ode", Integer(1), Integer(2), Integer(1))
    1/4 + log(2)/2
    """
    clock, step = Dummy("c", positive=True), Dummy("h", positive=True)
    state = Symbol("variance", real=True)
    rate = reverse_variance_rate(flow, clock, noise_scale)
    fresh = rate.subs(state, 0)
    slope = cancel((rate - fresh) / (2 * state))
    euler = (1 + step * slope) ** 2 * clock + step * fresh
    exact = noise_scale + (clock - noise_scale) * exp(2 * step)
    defect = cancel(diff(euler - exact, step, 2).subs(step, 0) / 2)
    gain = flow_gain_squared(flow, eigenvalue, clock, noise_scale)
    density = cancel(gain * defect / _clock_rate(clock, noise_scale))
    primitive = integrate(expand(density), clock)
    return expand((primitive.subs(clock, eigenvalue) - primitive.subs(clock, later)) / eigenvalue)


def _clock_rate(clock: Expr, noise_scale: Expr) -> Expr:
    """Return dc/ds in reversed time: minus the forward rate 2 lambda - 2 c."""
    return 2 * (clock - noise_scale)


def _between(primitive: Expr, clock: Symbol, lower: Expr, upper: Expr) -> Expr:
    """Return the difference of a sum of logarithms as one logarithm for each coefficient."""
    total = Integer(0)
    for term in primitive.as_ordered_terms():
        factor, rest = term.as_independent(log)
        if rest == 1:
            total += factor.subs(clock, upper) - factor.subs(clock, lower)
            continue
        inside = rest.args[0]
        total += factor * log(cancel(inside.subs(clock, upper) / inside.subs(clock, lower)))
    return total


def _with_contraction(
    flow: Flow, eigenvalue: Expr, later: Expr, noise_scale: Expr, square: Expr
) -> Expr:
    """Return the squared gain with (later - lambda)/(eigenvalue - lambda) written as a^2."""
    clock = Dummy("c", positive=True)
    gain = flow_gain_squared(flow, eigenvalue, clock, noise_scale)
    ratio = cancel(gain * (eigenvalue - noise_scale) / (clock - noise_scale))
    if flow == "ode":
        return gain.subs(clock, later)
    return (ratio * Rational(1)).subs(clock, later) * square
