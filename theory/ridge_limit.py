r"""The ridge variant of the linear denoiser: moments, optimal penalty, proportional limits.

The penalty is :math:`r = dv\rho`; :math:`B_r\mid Y=\kappa W(W+r)^{-1}+\tau GW^{1/2}(W+r)^{-1}`. The
Stieltjes transform of the Marchenko-Pastur law is :math:`g(\rho)=\int\mu(ds)/(s+\rho)`.
"""

from sympy import Dummy, Expr, Rational, cancel, diff, expand, factor, solve, sqrt

from theory.proportional_limit import log_det_bulk, log_det_gapped, log_potential
from theory.symbols import gamma as gamma_symbol
from theory.symbols import psi as psi_symbol

__all__ = [
    "denoising_risk_derivative",
    "mode_moments",
    "optimal_excess_risk",
    "optimal_ridge",
    "ridge_excess_risk",
    "ridge_helps_below",
    "ridge_kl",
    "ridge_trace",
    "stieltjes_transform",
]


def mode_moments(
    eigenvalue: Expr, ridge: Expr, slope: Expr, noise: Expr, d: Expr
) -> tuple[Expr, Expr]:
    r"""Return, for one eigenvalue of W, its part of two quadratic moments of the ridge weights.

    .. math:: E[\mathrm{tr}\,B_rB_r^\top\mid Y] = \sum_w\frac{\kappa^2w^2+\tau^2dw}{(w+r)^2},\qquad
              E[\lVert B_r-\kappa I\rVert_F^2\mid Y] = \sum_w\frac{\kappa^2r^2+\tau^2dw}{(w+r)^2}

    Parameters
    ----------
    eigenvalue : Expr
        :math:`w\ge0`, eigenvalue of :math:`Y_c^\top Y_c` (all d of them, zeros included).
    ridge : Expr
        Penalty :math:`r>0`.
    slope, noise, d : Expr
        :math:`\kappa`, :math:`\tau^2` and the dimension.

    Returns
    -------
    tuple of Expr
        Contributions to the squared weights and to the squared error.

    Notes
    -----
    Claim ``B.ridge``. Finite for every n, unlike without ridge.

    Examples
    --------
    >>> one = Rational(1)
    >>> mode_moments(one, one, one, one, one)
    (1/2, 1/2)
    """
    gain = eigenvalue / (eigenvalue + ridge)
    variance = noise * d * eigenvalue / (eigenvalue + ridge) ** 2
    return slope**2 * gain**2 + variance, slope**2 * (1 - gain) ** 2 + variance


def denoising_risk_derivative(
    eigenvalue: Expr, ridge: Expr, slope: Expr, noise: Expr, d: Expr
) -> Expr:
    r"""Return the derivative in the penalty of one eigenvalue's part of the denoising error.

    .. math:: \frac{\partial}{\partial r}\frac{\kappa^2r^2+\tau^2dw}{(w+r)^2}
              = \frac{2w(\kappa^2r-\tau^2d)}{(w+r)^3}

    Parameters
    ----------
    eigenvalue, ridge, slope, noise, d : Expr
        As for `mode_moments`.

    Returns
    -------
    Expr
        The derivative, factored.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> one = Rational(1)
    >>> denoising_risk_derivative(one, one, one, one, one)
    0
    """
    penalty = Dummy("r", positive=True)
    error = mode_moments(eigenvalue, penalty, slope, noise, d)[1]
    return factor(cancel(diff(error, penalty))).subs(penalty, ridge)


def optimal_ridge(slope: Expr, noise: Expr, d: Expr) -> Expr:
    r"""Return the penalty with the least denoising error.

    .. math:: r_* = \frac{d\tau^2}{\kappa^2} = \frac{dv}{\gamma}

    The derivative changes sign there for every eigenvalue, so it is optimal given every noised
    data set, at every n, not on average only.

    Parameters
    ----------
    slope, noise, d : Expr
        :math:`\kappa`, :math:`\tau^2` and the dimension.

    Returns
    -------
    Expr
        The penalty, added to :math:`Y_c^\top Y_c` (not divided by n).

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> optimal_ridge(Rational(1, 2), Rational(1, 2), Rational(3))
    6
    """
    penalty, eigenvalue = Dummy("r", positive=True), Dummy("w", positive=True)
    kappa, tau2, size = (Dummy(name, positive=True) for name in ("kappa", "tau2", "d"))
    roots = solve(denoising_risk_derivative(eigenvalue, penalty, kappa, tau2, size), penalty)
    return roots[0].subs({kappa: slope, tau2: noise, size: d})


def stieltjes_transform(rho: Expr, psi: Expr = psi_symbol) -> Expr:
    r"""Return the Stieltjes transform of the Marchenko-Pastur law.

    .. math:: g = \frac{\sqrt{(\rho+\psi-1)^2+4\rho}-(\rho+\psi-1)}{2\rho},\qquad
              \rho = \frac1g-\frac\psi{1+g}

    Parameters
    ----------
    rho : Expr
        Penalty in units of dv, > 0.
    psi : Expr
        Aspect ratio, > 0; below 1 the law has an atom at 0.

    Returns
    -------
    Expr
        The positive root.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> stieltjes_transform(Rational(1), Rational(1))
    -1/2 + sqrt(5)/2
    """
    shift = rho + psi - 1
    return (sqrt(shift**2 + 4 * rho) - shift) / (2 * rho)


def ridge_trace(rho: Expr, psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limiting generated variance per dimension with ridge.

    .. math:: t_\rho = R^2(1-2\rho g-\rho^2g')+(1-R^2)(g+\rho g')

    Parameters
    ----------
    rho : Expr
        Penalty in units of dv, > 0.
    psi, gamma : Expr
        Aspect ratio > 0 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        :math:`\lim\mathrm{tr}\,\Sigma_G/(ds_d^2)`, finite also at psi = 1.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> ridge_trace(Rational(1), Rational(1), Rational(1)).simplify()
    3/4 - sqrt(5)/4
    """
    g, slope = _transform_and_slope(rho, psi)
    square = 1 - 2 * rho * g - rho**2 * slope
    return (gamma * square + g + rho * slope) / (1 + gamma)


def ridge_excess_risk(rho: Expr, psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limiting excess denoising risk per dimension with ridge.

    .. math:: \frac{v\lVert B_r-\kappa I\rVert_F^2}{ds_d^2}\to-R^2\rho^2g'+(1-R^2)(g+\rho g')

    Parameters
    ----------
    rho : Expr
        Penalty in units of dv, > 0.
    psi, gamma : Expr
        Aspect ratio > 0 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The excess over the residual variance :math:`\tau^2`, in units of :math:`s_d^2`.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> ridge_excess_risk(Rational(1), Rational(1), Rational(1)).simplify()
    -1/4 + sqrt(5)/4
    """
    g, slope = _transform_and_slope(rho, psi)
    return (-gamma * rho**2 * slope + g + rho * slope) / (1 + gamma)


def optimal_excess_risk(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the limiting excess denoising risk at the optimal penalty.

    .. math:: (1-R^2)\,g(1/\gamma),\qquad \rho_* = 1/\gamma

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio > 0 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        Decreasing in psi: with the optimal penalty there is no second descent.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> optimal_excess_risk(Rational(1), Rational(1))
    -1/4 + sqrt(5)/4
    """
    return expand(stieltjes_transform(1 / gamma, psi) / (1 + gamma))


def ridge_kl(rho: Expr, psi: Expr, gamma: Expr, *, gapped: bool) -> Expr:
    r"""Return the limiting divergence of the generated law per dimension with ridge, psi > 1.

    .. math:: kl_\rho = \tfrac12\Bigl[t_\rho-1-\Lambda-2\int\log\frac s{s+\rho}\,\mu(ds)\Bigr]

    because :math:`B_r=B\,W(W+r)^{-1}` if W is regular. For n <= d the rank of :math:`B_r` is still
    n - 1: no ridge makes the divergence finite there.

    Parameters
    ----------
    rho : Expr
        Penalty in units of dv, > 0.
    psi, gamma : Expr
        Aspect ratio > 1 and signal-to-noise ratio > 0.
    gapped : bool
        Whether psi >= 1 + 1/gamma.

    Returns
    -------
    Expr
        The limit.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> ridge_kl(Rational(1), Rational(3), Rational(1), gapped=True).evalf(6)
    0.402367
    """
    log_det = log_det_gapped(gamma) if gapped else log_det_bulk(psi, gamma)
    shrunk = log_potential(1 / (psi - 1), psi) - log_potential(stieltjes_transform(rho, psi), psi)
    return Rational(1, 2) * (ridge_trace(rho, psi, gamma) - 1 - log_det - 2 * shrunk)


def ridge_helps_below() -> Expr:
    r"""Return the aspect ratio below which a small ridge lowers the divergence.

    .. math:: \frac{\partial kl_\rho}{\partial\rho}\Bigr|_{\rho=0}
              = (1-R^2)\Bigl[\frac1{\psi-1}-\frac\psi{(\psi-1)^3}\Bigr]<0
              \iff (\psi-1)^2<\psi \iff \psi<\frac{3+\sqrt5}2

    from :math:`\partial_\rho kl_\rho=\int\frac{1}{s+\rho}-R^2\int\frac{s^2}{(s+\rho)^3}
    -(1-R^2)\int\frac s{(s+\rho)^3}` at 0, whatever :math:`\gamma`.

    Returns
    -------
    Expr
        The ratio.

    Notes
    -----
    Claim ``B.ridge``.

    Examples
    --------
    >>> ridge_helps_below()
    sqrt(5)/2 + 3/2
    """
    rho, psi, g = Dummy("rho"), Dummy("psi", positive=True), Dummy("g")
    # 1/g - psi/(1+g) = rho differentiated: g' = -1/(1/g^2 - psi/(1+g)^2), at g = 1/(psi - 1).
    argument = 1 / g - psi / (1 + g) - rho
    slope = cancel((-diff(argument, rho) / diff(argument, g)).subs(g, 1 / (psi - 1)))
    roots = solve(1 / (psi - 1) + slope, psi)
    return next(root for root in roots if root > 1)


def _transform_and_slope(rho: Expr, psi: Expr) -> tuple[Expr, Expr]:
    point, ratio = Dummy("rho", positive=True), Dummy("psi", positive=True)
    g = stieltjes_transform(point, ratio)
    at = {point: rho, ratio: psi}
    return g.subs(at), diff(g, point).subs(at)
