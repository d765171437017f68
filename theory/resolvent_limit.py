r"""Spectrum of the generated covariance in the proportional limit, through its resolvent.

With :math:`\Sigma_G/s_d^2\overset d=NN^\top/(1+\gamma)`, :math:`N=\sqrt\gamma I+A`,
:math:`A=GS^{-1/2}`: the law of A is invariant under rotations from both sides, so in the limit A
is R-diagonal and free from the identity, and the R-transforms of the symmetrised singular values
add. The resolvent :math:`p(w)=w\,\mathrm{mean}\,1/(w^2+\sigma^2)` over the singular values
:math:`\sigma` of N solves one scalar equation. Here :math:`u=\psi-1>0`.
"""

from sympy import Dummy, Expr, I, cancel, expand, limit, log, series, solve, sqrt

from theory.symbols import gamma as gamma_symbol
from theory.symbols import psi as psi_symbol

__all__ = [
    "determining_series",
    "inverse_trace_from_resolvent",
    "log_potential_from_resolvent",
    "resolvent_argument",
]


def determining_series(z: Expr, psi: Expr = psi_symbol) -> Expr:
    r"""Return the determining series of the noise part of the weights.

    .. math:: f(u-f) = z,\qquad f = \frac{u-\sqrt{u^2-4z}}2

    The S-transforms :math:`1/(1+z)` of :math:`GG^\top/d` and :math:`u-z` of
    :math:`(S/d)^{-1}` (from :math:`1/(\psi+z)` by :math:`S_{X^{-1}}(z)=1/S_X(-1-z)`) multiply, and
    for an R-diagonal element :math:`f^{-1}(z)=z(1+z)S_{AA^\top}(z)`.

    Parameters
    ----------
    z : Expr
        Argument.
    psi : Expr
        Aspect ratio, > 1.

    Returns
    -------
    Expr
        The branch that vanishes at 0.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> determining_series(2, 4)
    1
    """
    point, f, excess = Dummy("z"), Dummy("f"), Dummy("u", positive=True)
    wishart = 1 / (1 + excess + point)
    inverse_wishart = cancel(1 / wishart.subs(point, -1 - point))
    product = inverse_wishart / (1 + point)
    equation = cancel(point * (1 + point) * product).subs(point, f) - point
    branch = next(root for root in solve(equation, f) if root.subs(point, 0) == 0)
    return branch.subs({point: z, excess: psi - 1})


def resolvent_argument(
    p: Expr, psi: Expr = psi_symbol, gamma: Expr = gamma_symbol, *, lower: bool = False
) -> Expr:
    r"""Return the point w at which the resolvent takes the value p.

    .. math:: 2wp = \psi\pm\sqrt{1-4\gamma p^2}-\sqrt{u^2+4p^2}

    For symmetrised laws :math:`K(g)=1/g+R_1(g)+R_2(g)` with
    :math:`R_2=f(g^2)/g` and :math:`R_1` of two atoms :math:`\pm\sqrt\gamma`, at :math:`g=-ip`,
    :math:`K=iw`.

    Parameters
    ----------
    p : Expr
        Value of the resolvent, in :math:`(0, 1/(2\sqrt\gamma)]`.
    psi, gamma : Expr
        Aspect ratio > 1 and signal-to-noise ratio > 0.
    lower : bool
        The branch with the minus sign, passed after p has reached its maximum.

    Returns
    -------
    Expr
        :math:`w`.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> resolvent_argument(1 / sqrt(4), 1, 3 / sqrt(16))
    1/2
    """
    g, w, value = Dummy("g"), Dummy("w"), Dummy("p", positive=True)
    snr, ratio = Dummy("gamma", positive=True), Dummy("psi", positive=True)
    # Two atoms: g = w/(w^2 - gamma); the branch with w ~ 1/g.
    inverse = solve(g * (w**2 - snr) - w, w)
    atoms = next(root for root in inverse if limit(root * g, g, 0) == 1)
    total = 1 / g + (atoms - 1 / g) + determining_series(g**2, ratio) / g
    at = expand(total.subs(g, -I * value) / I)
    if lower:
        root = sqrt(1 - 4 * snr * value**2)
        at = at.subs(root, -root)
    return at.subs({value: p, snr: gamma, ratio: psi})


def log_potential_from_resolvent(
    p: Expr, psi: Expr = psi_symbol, gamma: Expr = gamma_symbol
) -> Expr:
    r"""Return the logarithmic potential at the point where the resolvent is p.

    .. math:: \mathrm{mean}\,\log(w^2+\sigma^2) = -2\log p+\log\frac{1+\sqrt{1-4\gamma p^2}}2
              -u\log\frac{u+\sqrt{u^2+4p^2}}{2u}

    whose derivative in w is 2p and which behaves as :math:`2\log w` far out.

    Parameters
    ----------
    p : Expr
        Value of the resolvent on the upper branch.
    psi, gamma : Expr
        Aspect ratio > 1 and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The potential.

    Notes
    -----
    Claim ``B.edge``.

    Examples
    --------
    >>> log_potential_from_resolvent(1, 4, 1 / sqrt(16))
    -log(2) - 3*log(1/2 + sqrt(13)/6)
    """
    u = psi - 1
    upper = log((1 + sqrt(1 - 4 * gamma * p**2)) / 2)
    return -2 * log(p) + upper - u * log((u + sqrt(u**2 + 4 * p**2)) / (2 * u))


def inverse_trace_from_resolvent(psi: Expr = psi_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the mean inverse eigenvalue of the generated covariance above the second transition.

    .. math:: \frac1d\mathrm{tr}\,s_d^2\Sigma_G^{-1} \to (1+\gamma)\lim_{w\to0}\frac pw
              = \frac{(1+\gamma)(\psi-1)}{\gamma(\psi-1)-1}

    on the lower branch, where p and w vanish together.

    Parameters
    ----------
    psi, gamma : Expr
        Aspect ratio > 1 + 1/gamma and signal-to-noise ratio > 0.

    Returns
    -------
    Expr
        The limit, in probability.

    Notes
    -----
    Claim ``B.kllimit``.

    Examples
    --------
    >>> inverse_trace_from_resolvent(3, 1)
    4
    """
    p, u, snr = Dummy("p", positive=True), Dummy("u", positive=True), Dummy("g", positive=True)
    ratio = resolvent_argument(p, 1 + u, snr, lower=True) / p
    leading = expand(series(expand(ratio * p**2), p, 0, 4).removeO()).coeff(p, 2)
    return cancel((1 + snr) / leading).subs({u: psi - 1, snr: gamma})
