"""Linear diffusions: marginals from the moment equations, densities from Fokker-Planck.

Everything starts from the stochastic differential equation dX = b(X) dt + g dB. Ito's formula
gives the moment equations, their solution gives mu(t) and sigma(t)^2, and matching the
Fokker-Planck equations of the two directions of time gives the reverse process.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import (
    Derivative,
    Eq,
    Expr,
    Function,
    Integer,
    Poly,
    Rational,
    Symbol,
    diff,
    dsolve,
    exp,
    expand,
    pi,
    solve,
    sqrt,
)

from theory.exponentials import normal_form
from theory.symbols import mu, sigma, t, x_0, y

__all__ = [
    "Marginal",
    "fokker_planck_residual",
    "generator",
    "implied_coefficients",
    "marginal_rates",
    "moment_equations",
    "ornstein_uhlenbeck_marginal",
    "reverse_drift",
    "reverse_fokker_planck_residual",
    "transition_density",
]

_MEAN = Symbol("mean", real=True)
_VARIANCE = Symbol("variance", real=True)


@dataclass(frozen=True, kw_only=True)
class Marginal:
    """The law of X_t given X_0: X_t = mean_factor X_0 + sqrt(variance) xi, xi standard normal."""

    mean_factor: Expr
    variance: Expr


def generator(test: Expr, drift: Expr, diffusion_squared: Expr, *, state: Symbol = y) -> Expr:
    r"""Return Ito's drift of a function of the state.

    .. math:: L f = b f' + \tfrac12 g^2 f'', \qquad \frac{d}{dt} E f(X_t) = E[L f(X_t)]

    Examples
    --------
    >>> generator(y**2, -y, Integer(2))
    2 - 2*y**2
    """
    first = diff(test, state)
    return expand(drift * first + Rational(1, 2) * diffusion_squared * diff(first, state))


def moment_equations(
    drift: Expr, diffusion_squared: Expr, *, state: Symbol = y
) -> tuple[Expr, Expr]:
    r"""Derive the rates of the mean and of the variance of a diffusion with linear drift.

    Ito's formula for f = x and f = x^2, with Var = E X^2 - (E X)^2.

    Parameters
    ----------
    drift : Expr
        b(x), a polynomial of degree at most 1 in ``state``.
    diffusion_squared : Expr
        g(x)^2, a polynomial of degree at most 2 in ``state``.

    Returns
    -------
    tuple of Expr
        dE[X]/dt and dVar[X]/dt, in the symbols ``mean`` and ``variance``.

    Raises
    ------
    ValueError
        If the moments of order 1 and 2 do not close.

    Notes
    -----
    Paper A, forward process; claims ``A.eq3``, ``A.code.marginal``.

    Examples
    --------
    >>> moment_equations(-y, Integer(2))
    (-mean, 2 - 2*variance)
    """
    moments = {0: Integer(1), 1: _MEAN, 2: _VARIANCE + _MEAN**2}

    def expectation(polynomial: Expr) -> Expr:
        terms = Poly(polynomial, state).terms()
        if any(power > 2 for (power,), _ in terms):
            raise ValueError("drift or diffusion_squared was of too high degree; use linear drift")
        return sum((value * moments[power] for (power,), value in terms), Integer(0))

    mean_rate = expand(expectation(generator(state, drift, diffusion_squared, state=state)))
    square_rate = expectation(generator(state**2, drift, diffusion_squared, state=state))
    return mean_rate, expand(square_rate - 2 * _MEAN * mean_rate)


def ornstein_uhlenbeck_marginal(
    reversion: Expr | int = 1, noise_scale: Expr | int = 1, *, time: Symbol = t
) -> Marginal:
    r"""Derive the marginal of an Ornstein-Uhlenbeck process from its moment equations.

    .. math:: dX_t = -a X_t\,dt + \sqrt{2\lambda}\,dB_t, \qquad
       \mu(t) = e^{-at}, \quad \sigma(t)^2 = \frac{\lambda}{a}(1 - e^{-2at})

    The right side is not used: both rates are derived by Ito's formula and the two linear
    equations are solved from E X = X_0, Var X = 0.

    Parameters
    ----------
    reversion : Expr or int
        a > 0; 1 in both papers.
    noise_scale : Expr or int
        lambda > 0; 1 in paper A.
    time : Symbol
        t > 0.

    Returns
    -------
    Marginal
        mu(t) and sigma(t)^2.

    Raises
    ------
    ValueError
        If ``reversion`` or ``noise_scale`` is not positive.

    Notes
    -----
    Paper A, eq. 3 (claims ``A.eq3``, ``A.code.marginal``); paper B with ``noise_scale``.

    Examples
    --------
    >>> law = ornstein_uhlenbeck_marginal()
    >>> law.mean_factor, law.variance
    (exp(-t), 1 - exp(-2*t))
    """
    reversion, noise_scale = (
        _positive(reversion, "reversion"),
        _positive(noise_scale, "noise_scale"),
    )
    mean_rate, variance_rate = moment_equations(-reversion * y, 2 * noise_scale)
    mean, variance = Function("m_1"), Function("v")
    mean_law = dsolve(
        Eq(Derivative(mean(time), time), mean_rate.subs(_MEAN, mean(time))),
        mean(time),
        ics={mean(0): x_0},
    )
    variance_law = dsolve(
        Eq(Derivative(variance(time), time), variance_rate.subs(_VARIANCE, variance(time))),
        variance(time),
        ics={variance(0): 0},
    )
    return Marginal(
        mean_factor=normal_form(mean_law.rhs / x_0), variance=expand(normal_form(variance_law.rhs))
    )


def transition_density(
    law: Marginal | None = None, *, state: Symbol = y, start: Symbol = x_0
) -> Expr:
    r"""Return the Gaussian density of X_t given X_0 = ``start``.

    .. math:: p(y) = (2\pi\sigma^2)^{-1/2} e^{-(y-\mu x_0)^2/2\sigma^2}

    Without ``law`` the moments are the symbols mu and sigma.

    Examples
    --------
    >>> transition_density().subs({y: 0, x_0: 0})
    sqrt(2)/(2*sqrt(pi)*sigma)
    """
    law = law or Marginal(mean_factor=mu, variance=sigma**2)
    deviation = state - law.mean_factor * start
    return exp(-(deviation**2) / (2 * law.variance)) / sqrt(2 * pi * law.variance)


def marginal_rates(reversion: Expr | int = 1, noise_scale: Expr | int = 1) -> dict[Symbol, Expr]:
    r"""Return the rates of the symbols mu and sigma along dX = -a X dt + sqrt(2 lambda) dB.

    Read off the moment equations: E X = mu x_0 and Var X = sigma^2 give

    .. math:: \mu' = -a\mu, \qquad \sigma' = (\lambda - a\sigma^2)/\sigma.

    Examples
    --------
    >>> marginal_rates()[mu]
    -mu
    """
    reversion, noise_scale = (
        _positive(reversion, "reversion"),
        _positive(noise_scale, "noise_scale"),
    )
    mean_rate, variance_rate = moment_equations(-reversion * y, 2 * noise_scale)
    return {
        mu: normal_form(mean_rate.subs(_MEAN, mu * x_0) / x_0),
        sigma: normal_form(variance_rate.subs(_VARIANCE, sigma**2) / (2 * sigma)),
    }


def fokker_planck_residual(
    density: Expr,
    drift: Expr,
    diffusion_squared: Expr,
    *,
    rates: Mapping[Symbol, Expr],
    state: Symbol = y,
) -> Expr:
    r"""Return the relative defect of a density in the Fokker-Planck equation, in lowest terms.

    .. math:: \frac{1}{p}\Big(\partial_t p + \partial_y(b p) - \tfrac12\partial_y^2(g^2 p)\Big)

    Time enters through the parameters of the density, d/dt = sum of rate times d/d(parameter).

    Parameters
    ----------
    density : Expr
        Positive; a rational function of exponentials of polynomials in its symbols.
    drift, diffusion_squared : Expr
        b and g^2, functions of ``state`` and of the parameters.
    rates : mapping of Symbol to Expr
        Time derivative of each parameter of the density, as from `marginal_rates`.
    state : Symbol
        The place on the line.

    Returns
    -------
    Expr
        0 if and only if the density solves the equation.

    Raises
    ------
    ValueError
        If the density is outside the class that can be decided.

    Notes
    -----
    Claims ``A.eq3``, ``A.code.marginal``.

    Examples
    --------
    >>> fokker_planck_residual(transition_density(), -y, Integer(2), rates=marginal_rates())
    0
    """
    change = sum((diff(density, name) * rate for name, rate in rates.items()), Integer(0))
    inflow = diff(drift * density, state)
    spread = Rational(1, 2) * diff(diffusion_squared * density, state, 2)
    return normal_form((change + inflow - spread) / density)


def implied_coefficients(law: Marginal, *, time: Symbol = t) -> tuple[Expr, Expr]:
    r"""Return the linear SDE that a prescribed marginal solves.

    For dX = -a(t) X dt + g(t) dB the moment equations are mu' = -a mu and
    (sigma^2)' = -2 a sigma^2 + g^2; they are solved for a and g^2.

    Returns
    -------
    tuple of Expr
        a(t) and g(t)^2. Constant a and g^2 mean an Ornstein-Uhlenbeck process.

    Notes
    -----
    Claim ``A.code.marginal``: mu = e^{-2t} with sigma^2 = 1 - e^{-2t} is the law of
    dX = -2X dt + sqrt(4 - 2 e^{-2t}) dB, not that of dX = -X dt + sqrt(2) dB.

    Examples
    --------
    >>> implied_coefficients(Marginal(mean_factor=exp(-2 * t), variance=1 - exp(-2 * t)))
    (2, 4 - 2*exp(-2*t))
    """
    rate, noise = Symbol("a"), Symbol("g2")
    mean_rate, variance_rate = moment_equations(-rate * y, noise)
    unknowns = solve(
        [
            mean_rate.subs(_MEAN, law.mean_factor) - diff(law.mean_factor, time),
            variance_rate.subs(_VARIANCE, law.variance) - diff(law.variance, time),
        ],
        [rate, noise],
        dict=True,
    )[0]
    return expand(normal_form(unknowns[rate])), expand(normal_form(unknowns[noise]))


def reverse_drift(
    drift: Expr,
    diffusion_squared: Expr,
    score: Expr,
    *,
    reverse_diffusion_squared: Expr | None = None,
    state: Symbol = y,
) -> Expr:
    r"""Derive the drift that makes a diffusion run through the same marginals backwards.

    With q_s = p_{T-s} the Fokker-Planck equation of the reverse process holds when its
    probability flux is minus that of the forward process,

    .. math:: \tilde b q - \tfrac12\partial_y(\tilde g^2 q) = -(b p - \tfrac12\partial_y(g^2 p)),

    which is solved for the drift (divided by p, so that only the score occurs).

    Parameters
    ----------
    drift, diffusion_squared : Expr
        b and g^2 of the forward process.
    score : Expr
        The derivative of log p with respect to the state.
    reverse_diffusion_squared : Expr, optional
        g^2 of the reverse process; that of the forward process if not given, 0 for the
        probability flow. Both may depend on the state.

    Returns
    -------
    Expr
        The reverse drift, -b + g^2 score when the two noises agree and are constant.

    Notes
    -----
    Paper A, backward process of section 2; claims ``A.eq3``, ``A.code.marginal``.

    Examples
    --------
    >>> reverse_drift(-y, Integer(2), Symbol("s"))
    2*s + y
    """
    noise = diffusion_squared
    reverse_noise = noise if reverse_diffusion_squared is None else reverse_diffusion_squared
    unknown = Symbol("reverse_drift")

    def flux(coefficient: Expr, noise_squared: Expr) -> Expr:
        gradient = diff(noise_squared, state) + noise_squared * score
        return coefficient - Rational(1, 2) * gradient

    balance = flux(unknown, reverse_noise) + flux(drift, noise)
    # The balance is linear in the unknown, so two values of it solve it.
    return -balance.subs(unknown, 0) / diff(balance, unknown)


def reverse_fokker_planck_residual(
    density: Expr,
    backward_drift: Expr,
    reverse_diffusion_squared: Expr,
    *,
    rates: Mapping[Symbol, Expr],
    state: Symbol = y,
) -> Expr:
    """Return the defect of a forward density in the Fokker-Planck equation of a reverse SDE.

    In reversed time s = T - t the density q_s = p_{T-s} changes at the rate -dp/dt, so all
    ``rates`` of the forward process change sign.

    Returns
    -------
    Expr
        0 if and only if the reverse process has the forward marginals.

    Notes
    -----
    Paper A, backward process of section 2; claims ``A.eq3``, ``A.code.marginal``.

    Examples
    --------
    >>> from sympy import log
    >>> p = transition_density()
    >>> backward = reverse_drift(-y, Integer(2), diff(log(p), y))
    >>> reverse_fokker_planck_residual(p, backward, Integer(2), rates=marginal_rates())
    0
    """
    reversed_rates = {name: -rate for name, rate in rates.items()}
    return fokker_planck_residual(
        density, backward_drift, reverse_diffusion_squared, rates=reversed_rates, state=state
    )


def _positive(value: Expr | int, name: str) -> Expr:
    converted = Integer(value) if isinstance(value, int) else value
    if converted.is_positive is not True:
        raise ValueError(f"{name} was {value}; it must be a positive number or symbol")
    return converted
