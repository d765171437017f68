r"""The linear one-step model for many samples in high dimension, m/d tending to psi.

With :math:`u=\psi-1`, :math:`R^2=\gamma/(1+\gamma)` and the Marchenko-Pastur law of
:math:`S/d`, whose Stieltjes transform solves :math:`g=1/(w+\psi/(1+g))`.
"""

from sympy import Dummy, Expr, Rational, cancel, expand, expand_log, log, together

from theory.symbols import d as d_symbol
from theory.symbols import gamma as gamma_symbol
from theory.symbols import psi as psi_symbol
from theory.wishart_moments import pseudo_inverse_trace_pieces

__all__ = [
    "critical_ratio",
    "floor_rate",
    "kl_bulk",
    "kl_floor",
    "kl_gapped",
    "log_det_bulk",
    "log_det_gapped",
    "log_potential",
    "marchenko_pastur_argument",
    "reverse_kl_gapped",
    "trace_above",
    "trace_below",
]


def critical_ratio(gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the aspect ratio of the second transition.

    .. math:: \psi_c = 1+\frac1\gamma

    Parameters
    ----------
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The ratio m/d above which the singular values of the weights stay away from 0.

    Notes
    -----
    Claims ``B.lambda``, ``B.kllimit``.

    Examples
    --------
    >>> critical_ratio(Rational(1, 2))
    3
    """
    return 1 + 1 / gamma


def trace_above(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the total generated variance per dimension for psi > 1.

    .. math:: t(\psi) = R^2+\frac{1-R^2}{\psi-1}

    as the limit of the exact expectation at :math:`m=\psi d`.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio m/d > 1 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        :math:`\lim\mathrm{tr}\,\Sigma_G/(ds_d^2)`, the same for both starting variances.

    Notes
    -----
    Claim ``B.t``.

    Examples
    --------
    >>> trace_above(Rational(3), Rational(1))
    3/4
    """
    return _trace_branch(0, psi, gamma)


def trace_below(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the total generated variance per dimension for psi < 1.

    .. math:: t(\psi) = R^2\psi+\frac{(1-R^2)\psi}{1-\psi}

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio m/d in (0, 1) and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        :math:`\lim\mathrm{tr}\,\Sigma_G/(ds_d^2)`.

    Notes
    -----
    Claim ``B.t``.

    Examples
    --------
    >>> trace_below(Rational(1, 2), Rational(1))
    3/4
    """
    return _trace_branch(1, psi, gamma)


def marchenko_pastur_argument(g: Expr, psi: Expr) -> Expr:
    r"""Return the point at which the Stieltjes transform takes a given value.

    .. math:: g = \int\frac{\mu(ds)}{s+w} \iff w = \frac1g-\frac\psi{1+g}

    Parameters
    ----------
    g : Expr
        Value of the transform, > 0.
    psi : Expr
        Aspect ratio, > 0.

    Returns
    -------
    Expr
        :math:`w`; the value is taken at some w >= 0 iff this is >= 0.

    Notes
    -----
    Claim ``B.lambda``.

    Examples
    --------
    >>> marchenko_pastur_argument(Rational(1), Rational(2))
    0
    """
    return 1 / g - psi / (1 + g)


def log_potential(g: Expr, psi: Expr) -> Expr:
    r"""Return the logarithmic potential of the Marchenko-Pastur law.

    .. math:: \int\log(s+w)\,\mu(ds) = wg-1-\log g+\psi\log(1+g)

    where the Stieltjes transform is :math:`g`: the right side is stationary in g there, has the
    derivative g in w, and behaves as :math:`\log w` far out.

    Parameters
    ----------
    g : Expr
        Value of the transform, > 0.
    psi : Expr
        Aspect ratio, > 0.

    Returns
    -------
    Expr
        The potential.

    Notes
    -----
    Claims ``B.lambda``, ``B.ridge``.

    Examples
    --------
    >>> log_potential(Rational(1), Rational(2))
    -1 + 2*log(2)
    """
    distance = cancel(marchenko_pastur_argument(g, psi) * g)
    return distance - 1 - log(g) + psi * log(together(1 + g))


def log_det_bulk(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the log-determinant per dimension for 1 < psi <= 1 + 1/gamma.

    .. math:: \Lambda = -\log(1+\gamma)+\psi\log\frac{1+\gamma}\psi+(\psi-1)\log(\psi-1)

    For :math:`M=\sqrt\gamma S^{1/2}+G` and :math:`\mu` the law of S/d,
    :math:`\frac1d\log\det\frac{MM^\top}d\to\int\log(\gamma s+\eta^2)\mu(ds)-\eta^2`, where
    :math:`\eta^2\ge0` solves :math:`\int\frac{\mu(ds)}{\gamma s+\eta^2}=1`: it is
    :math:`\gamma w` at the transform value :math:`g=\gamma`. The potential of S at 0 and
    :math:`\log(1+\gamma)` are subtracted.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio in (1, 1 + 1/gamma] and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        :math:`\lim\frac1d\log\det(\Sigma_G/s_d^2)`.

    Notes
    -----
    Claim ``B.lambda``. At psi = 1 the limit is 0, as the exact mean at m = d is.

    Examples
    --------
    >>> log_det_bulk(Rational(2), Rational(1))
    -log(2)
    """
    eta_squared = cancel(gamma * marchenko_pastur_argument(gamma, psi))
    potential = log(gamma) + log_potential(gamma, psi) - eta_squared
    return potential - _potential_at_zero(psi) - log(1 + gamma)


def log_det_gapped(gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the log-determinant per dimension for psi >= 1 + 1/gamma.

    .. math:: \Lambda = \log R^2

    Here :math:`\int\mu(ds)/(\gamma s)\le1`, so :math:`\eta=0` and the potentials of S cancel.

    Parameters
    ----------
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        :math:`\lim\frac1d\log\det(\Sigma_G/s_d^2)`.

    Notes
    -----
    Claim ``B.lambda``.

    Examples
    --------
    >>> log_det_gapped(Rational(1))
    -log(2)
    """
    return log(gamma) - log(1 + gamma)


def kl_bulk(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the divergence per dimension for 1 < psi <= 1 + 1/gamma.

    .. math:: kl(\psi) = \lim\tfrac1dKL(\rho_G\Vert\rho) = \tfrac12[t-1-\Lambda]

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio in (1, 1 + 1/gamma] and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The limit, also of the expectation.

    Notes
    -----
    Claims ``B.kllimit``, ``B.monotone``, ``B.kl``.

    Examples
    --------
    >>> kl_bulk(Rational(2), Rational(1))
    log(2)/2
    """
    return Rational(1, 2) * (trace_above(psi, gamma) - 1 - log_det_bulk(psi, gamma))


def kl_gapped(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the divergence per dimension for psi >= 1 + 1/gamma.

    .. math:: kl(\psi) = \tfrac12\Bigl[R^2-1-\log R^2+\frac{1-R^2}{\psi-1}\Bigr]

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio >= 1 + 1/gamma and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The limit, decreasing in psi towards `kl_floor` at the rate 1/psi.

    Notes
    -----
    Claims ``B.kllimit``, ``B.monotone``, ``B.floor``.

    Examples
    --------
    >>> kl_gapped(Rational(3), Rational(1))
    -1/8 + log(2)/2
    """
    return (trace_above(psi, gamma) - 1 - log_det_gapped(gamma)) / 2


def reverse_kl_gapped(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limit of the reversed divergence per dimension for psi > 1 + 1/gamma.

    .. math:: kl_{rev}(\psi) = \tfrac12\Bigl[\frac{\gamma(\psi-1)}{R^2(\gamma(\psi-1)-1)}
              -1+\log R^2\Bigr]

    The first term, the mean of 1/x over the spectrum, is derived in `theory.resolvent_limit`.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio > 1 + 1/gamma and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        Limit in probability of :math:`\frac1dKL(\rho\Vert\rho_G)`; infinite for smaller psi.
        Not a limit of expectations: those are infinite at every n.

    Notes
    -----
    Claim ``B.kllimit``.

    Examples
    --------
    >>> reverse_kl_gapped(Rational(3), Rational(1))
    3/2 - log(2)/2
    """
    inverse = (1 + gamma) * (psi - 1) / (gamma * (psi - 1) - 1)
    return (inverse - 1 + log_det_gapped(gamma)) / 2


def kl_floor(gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the divergence per dimension that infinitely many samples leave.

    .. math:: \lim_{n\to\infty}\frac{KL(\rho_G\Vert\rho)}d = \tfrac12[R^2-1-\log R^2]

    because :math:`\Sigma_G\to R^2s_d^2I`; it vanishes only as :math:`\gamma\to\infty`.

    Parameters
    ----------
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The floor, for every dimension.

    Notes
    -----
    Claim ``B.floor``.

    Examples
    --------
    >>> kl_floor(Rational(1))
    -1/4 + log(2)/2
    """
    small = Dummy("1/psi", positive=True)
    trace = cancel(trace_above(1 / small, gamma)).subs(small, 0)
    return (trace - 1 - log_det_gapped(gamma)) / 2


def floor_rate(d: Expr = d_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the coefficient of 1/n in the approach to the floor at a fixed dimension.

    .. math:: E\,KL(\rho_G\Vert\rho)-\tfrac d2[R^2-1-\log R^2]
              = \frac d{2n}\Bigl[(1-R^2)d+1+R^2(1-R^2)+\frac{1-R^2}{R^2}\Bigr]+O(n^{-2})

    for population variance: trace, error of the mean, and :math:`-E\,\mathrm{tr}\,S^{-1}/\gamma`
    in the log-determinant.

    Parameters
    ----------
    d, gamma : Expr
        Dimension and signal-to-noise ratio.

    Returns
    -------
    Expr
        The coefficient.

    Examples
    --------
    >>> floor_rate(Rational(1), Rational(1))
    11/8
    """
    signal, noise = gamma / (1 + gamma), 1 / (1 + gamma)
    return d * (noise * d + 1 + signal * noise + noise / signal) / 2


def _trace_branch(branch: int, psi: Expr, gamma: Expr) -> Expr:
    small, ratio = Dummy("1/d", positive=True), Dummy("psi", positive=True)
    size = 1 / small
    rank = (size, ratio * size)[branch]
    inverse, _ = pseudo_inverse_trace_pieces(size, ratio * size)[branch]
    # A rational function of 1/d without a pole at 0: its limit is its value.
    signal, noise = (cancel(small * term).subs(small, 0) for term in (rank, size * inverse))
    return (gamma * signal.subs(ratio, psi) + noise.subs(ratio, psi)) / (1 + gamma)


def _potential_at_zero(psi: Expr) -> Expr:
    """Return the potential at w = 0, where the transform is 1/(psi - 1)."""
    excess = Dummy("u", positive=True)
    value = expand_log(log_potential(1 / excess, 1 + excess))
    return expand(value).subs(excess, psi - 1)
