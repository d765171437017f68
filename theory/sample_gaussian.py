r"""The sample Gaussian: what the exact reverse process generates for a long diffusion.

:math:`N(\bar x, S)` with the sample covariance :math:`S=X_c^\top X_c/\nu`, :math:`\nu` being
:math:`m=n-1` or n. Its divergence from the sampling law :math:`N(\mu_0,\Sigma)` does not change
under invertible affine maps of the data, so its law depends on n and d alone.
"""

from sympy import Dummy, Expr, Sum, cancel, factor, integrate, limit, log, oo, together

from theory.symbols import d as d_symbol
from theory.symbols import m as m_symbol
from theory.symbols import psi as psi_symbol
from theory.wishart_moments import expected_log_det

__all__ = [
    "expected_kl",
    "expected_reverse_kl",
    "log_det_limit",
    "parameter_rate",
    "sample_kl_limit",
    "sample_reverse_kl_limit",
]


def expected_kl(d: Expr = d_symbol, m: Expr = m_symbol, normalisation: Expr | None = None) -> Expr:
    r"""Return the mean divergence of the sample Gaussian from the sampling law.

    .. math:: E\,KL(N(\bar x,S)\Vert N(\mu_0,\Sigma)) = \tfrac12\Bigl[\frac dn
              +\frac{dm}\nu-d-E\log\det\frac W\nu\Bigr],\qquad W\sim\mathrm{Wishart}_d(m)

    with :math:`E\log\det W` from Bartlett's decomposition. With :math:`\nu=m`:
    :math:`\tfrac12[\frac dn-\sum_{i\le d}\psi_0(\frac{m-i+1}2)-d\log\frac2m]`.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom n - 1, m >= d.
    normalisation : Expr, optional
        :math:`\nu`; m (unbiased covariance) if absent.

    Returns
    -------
    Expr
        The mean, finite for every n >= d + 1.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> expected_kl(Integer(1), Integer(2)).evalf(6)
    0.455275
    """
    scale = m if normalisation is None else normalisation
    traces = d / (m + 1) + d * m / scale - d
    return (traces - expected_log_det(d, m) + d * log(scale)).expand() / 2


def expected_reverse_kl(d: Expr = d_symbol, m: Expr = m_symbol) -> Expr:
    r"""Return the mean divergence of the sampling law from the sample Gaussian.

    .. math:: E\,KL(N(\mu_0,\Sigma)\Vert N(\bar x,S)) = \tfrac12\Bigl[
              \Bigl(1+\frac1n\Bigr)\frac{md}{m-d-1}-d+E\log\det\frac Wm\Bigr]

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom, m >= d + 2 (infinite for m = d and m = d + 1).

    Returns
    -------
    Expr
        The mean.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> expected_reverse_kl(Integer(1), Integer(4)).evalf(6)
    0.564819
    """
    traces = (1 + 1 / (m + 1)) * m * d / (m - d - 1) - d
    return (traces + expected_log_det(d, m) - d * log(m)).expand() / 2


def log_det_limit(psi: Expr = psi_symbol) -> Expr:
    r"""Return the limit of the log-determinant of the sample covariance per dimension.

    .. math:: \frac1d\sum_{i\le d}\log\frac{m-i+1}m\to\int_0^1\log\frac{\psi-s}\psi\,ds
              = (\psi-1)\log\frac\psi{\psi-1}-1

    Each term of Bartlett's decomposition is :math:`\log\chi^2_{m-i+1}`, and the digamma function
    at :math:`x` is :math:`\log x+O(1/x)`: the sum is a Riemann sum.

    Parameters
    ----------
    psi : Expr
        Aspect ratio m/d > 1.

    Returns
    -------
    Expr
        The limit.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> log_det_limit(Integer(2))
    -1 + log(2)
    """
    place, ratio = Dummy("s", positive=True), Dummy("psi", positive=True)
    primitive = integrate(log(place), place)
    # The substitution psi - s = place turns the integral into one over [psi - 1, psi].
    value = primitive.subs(place, ratio) - primitive.subs(place, ratio - 1) - log(ratio)
    return value.expand().subs(ratio, psi).expand()


def sample_kl_limit(psi: Expr = psi_symbol) -> Expr:
    r"""Return the limit of the divergence per dimension.

    .. math:: \tfrac12\Bigl[1-(\psi-1)\log\frac\psi{\psi-1}\Bigr]

    Parameters
    ----------
    psi : Expr
        Aspect ratio m/d > 1.

    Returns
    -------
    Expr
        Between 1/(4 psi) and 1/(4 (psi - 1)), and at most 1/2.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> sample_kl_limit(Integer(2))
    1/2 - log(2)/2
    """
    return -log_det_limit(psi) / 2


def sample_reverse_kl_limit(psi: Expr = psi_symbol) -> Expr:
    r"""Return the limit of the reversed divergence per dimension.

    .. math:: \tfrac12\Bigl[\frac1{\psi-1}-1+(\psi-1)\log\frac\psi{\psi-1}\Bigr]

    Parameters
    ----------
    psi : Expr
        Aspect ratio m/d > 1.

    Returns
    -------
    Expr
        The limit of the mean, which has a pole at psi = 1 as the one-step model has.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> sample_reverse_kl_limit(Integer(2))
    log(2)/2
    """
    inverse = cancel(together(psi / (psi - 1)))
    return (inverse - 1 + log_det_limit(psi)).expand() / 2


def parameter_rate(d: Expr = d_symbol) -> Expr:
    r"""Return the limit of n times the mean divergence at a fixed dimension.

    .. math:: \lim_{n\to\infty}n\,E\,KL = \frac d2+\frac{d(d+1)}4 = \frac{d(d+3)}4

    half the number of parameters of a Gaussian law: from
    :math:`\psi_0(x)=\log x-\frac1{2x}+O(x^{-2})` term by term.

    Parameters
    ----------
    d : Expr
        Dimension.

    Returns
    -------
    Expr
        The limit: :math:`d^2/4` is its leading part for large d only.

    Notes
    -----
    Claim ``B.exactreverse``.

    Examples
    --------
    >>> from sympy import Integer
    >>> parameter_rate(Integer(1))
    1
    """
    index, large = Dummy("i", integer=True, positive=True), Dummy("m", positive=True)
    argument = (large - index + 1) / 2
    # log(m/2) - psi_0(argument), with both logarithms expanded at large m.
    expansion = large * ((index - 1) / large + 1 / (2 * argument))
    term = limit(cancel(together(expansion)), large, oo)
    return factor((d + Sum(term, (index, 1, d)).doit()) / 2)
