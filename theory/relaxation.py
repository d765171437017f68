r"""Relaxation of the forward process to its stationary law :math:`N(0,\lambda I)`.

Everything is derived from :math:`dy=-y\,dt+\sqrt{2\lambda}\,dW`, :math:`y_0=x`: Itô's formula
closes the second moments for any law of the data, at any time, and the fourth cumulant measures how
far the law is from Gaussian.
"""

from sympy import (
    Dummy,
    Expr,
    Function,
    ImmutableMatrix,
    Integer,
    Symbol,
    cancel,
    diff,
    dsolve,
    exp,
    expand,
    log,
    solve,
)

from theory.divergence_integrals import kl_divergence_integral
from theory.linear_forward import contraction, noise_variance, noised_variance
from theory.symbols import T, delta, lambda_, s_d, t

__all__ = [
    "fourth_cumulant",
    "relaxation_time",
    "second_moment",
    "second_moment_rate",
    "stationary_divergence",
]

MOMENT = Symbol("M", real=True)
"""A second moment <y_i y_j>."""


def second_moment_rate(same: bool, noise_scale: Expr = lambda_, *, moment: Expr = MOMENT) -> Expr:
    r"""Derive the rate of a second moment by Itô's formula.

    .. math:: \frac d{dt}\langle f\rangle
              = \langle-y\cdot\nabla f+\lambda\nabla^2f\rangle,\qquad f = y_iy_j

    Parameters
    ----------
    same : bool
        Whether i = j.
    noise_scale : Expr
        :math:`\lambda` > 0.
    moment : Expr
        Stands for :math:`\langle y_iy_j\rangle`.

    Returns
    -------
    Expr
        The rate; no other moment occurs, so the equation is closed for every law.

    Notes
    -----
    Claims ``B.relax.own``, ``B.relax.cross``, ``B.late``.

    Examples
    --------
    >>> second_moment_rate(False), second_moment_rate(True)
    (-2*M, -2*M + 2*lambda)
    """
    one = Dummy("y_i", real=True)
    two = one if same else Dummy("y_j", real=True)
    state = (one,) if same else (one, two)
    test = one * two
    rate = expand(
        sum((-v * diff(test, v) + noise_scale * diff(test, v, 2) for v in state), Integer(0))
    )
    closed = expand(rate.coeff(test) * moment) if not same else rate.coeff(one**2) * moment
    return closed + rate.subs(dict.fromkeys(state, 0))


def second_moment(same: bool, start: Expr, time: Expr = t, noise_scale: Expr = lambda_) -> Expr:
    r"""Solve the equation of a second moment.

    .. math:: \langle y_iy_j\rangle_t = e^{-2t}\langle x_ix_j\rangle
              + \lambda(1-e^{-2t})\delta_{ij}

    Parameters
    ----------
    same : bool
        Whether i = j.
    start : Expr
        :math:`\langle x_ix_j\rangle`.
    time, noise_scale : Expr
        t >= 0, :math:`\lambda` > 0.

    Returns
    -------
    Expr
        The moment at that time.

    Notes
    -----
    Claims ``B.relax.solution``, ``B.relax``.

    Examples
    --------
    >>> second_moment(False, 3)
    3*exp(-2*t)
    """
    clock, path = Symbol("clock", real=True), Function("M")
    equation = path(clock).diff(clock) - second_moment_rate(same, noise_scale, moment=path(clock))
    solved = dsolve(equation, path(clock), ics={path(0): start}).rhs
    return expand(solved.subs(clock, time))


def relaxation_time(start: Expr, accuracy: Expr = delta, noise_scale: Expr = lambda_) -> Expr:
    r"""Solve for the time at which a second moment is within a fraction of its limit.

    .. math:: \langle y_i^2\rangle_{t_R} = (1+\delta)\lambda
              \quad\Longleftrightarrow\quad
              t_R = \tfrac12\log\frac{\langle x_i^2\rangle-\lambda}{\lambda\delta}

    Parameters
    ----------
    start : Expr
        :math:`\langle x_i^2\rangle` > :math:`\lambda` (for a smaller one the signs of both
        differences change).
    accuracy : Expr
        :math:`\delta` > 0.
    noise_scale : Expr
        :math:`\lambda` > 0.

    Returns
    -------
    Expr
        :math:`t_R(\delta)`; negative if the data are that close at once.

    Notes
    -----
    Claim ``B.relax.time``. The catalogue leaves the meaning of :math:`\delta` open.

    Examples
    --------
    >>> from sympy import Rational
    >>> relaxation_time(Integer(2), Rational(1, 4), 1)
    log(4)/2
    """
    shrunk = Dummy("e-2t", positive=True)
    gap = second_moment(True, start, t, noise_scale).subs(exp(-2 * t), shrunk)
    (root,) = solve(gap - (1 + accuracy) * noise_scale, shrunk)
    return log(cancel(1 / root)) / 2


def stationary_divergence(
    mean: Expr, time: Expr = T, noise_scale: Expr = lambda_, data_sd: Expr = s_d
) -> Expr:
    r"""Integrate the divergence of one coordinate from the stationary law.

    .. math:: KL(N(e^{-T}\mu_0,v)\Vert N(0,\lambda)),\qquad v=e^{-2T}s_d^2+\lambda(1-e^{-2T})

    Parameters
    ----------
    mean : Expr
        :math:`\mu_0`, a coordinate of the mean of the data.
    time, noise_scale, data_sd : Expr
        T, :math:`\lambda`, :math:`s_d`, > 0.

    Returns
    -------
    Expr
        The divergence in nats, for Gaussian data; d coordinates add up.

    Notes
    -----
    Claims ``B.relax.kl``, ``B.relax.kl_bound``, ``B.relax.code``.

    Examples
    --------
    >>> stationary_divergence(Integer(0), noise_scale=1, data_sd=1).simplify()
    0
    """
    law = ImmutableMatrix([[noised_variance(time, noise_scale, data_sd)]])
    centre = ImmutableMatrix([[contraction(time) * mean]])
    limit = ImmutableMatrix([[noise_scale]])
    return kl_divergence_integral(centre, law, 0 * limit, limit)


def fourth_cumulant(start: Expr, time: Expr = t, noise_scale: Expr = lambda_) -> Expr:
    r"""Return the fourth cumulant of a coordinate at a time.

    .. math:: \kappa_4(y_t) = \partial_s^4\Bigl[K_x(e^{-t}s)
              +\tfrac12\lambda(1-e^{-2t})s^2\Bigr]_{s=0},\qquad
              K_x(s) = \sum_k\kappa_ks^k/k!

    The cumulant generating function of a sum of independent variables is the sum of theirs.

    Parameters
    ----------
    start : Expr
        :math:`\kappa_4` of the data.
    time, noise_scale : Expr
        t >= 0, :math:`\lambda` > 0.

    Returns
    -------
    Expr
        The cumulant; zero at some finite time only if it is zero for the data.

    Notes
    -----
    Claims ``B.late``, ``B.late.cumulant``.

    Examples
    --------
    >>> fourth_cumulant(Integer(-2))
    -2*exp(-4*t)
    """
    source = Dummy("s", real=True)
    shrunk = contraction(time) * source
    generating = start * shrunk**4 / 24 + noise_variance(time, noise_scale) * source**2 / 2
    return diff(generating, source, 4).subs(source, 0)
