r"""First moments of inverse and pseudo-inverse Wishart matrices, and of log-determinants.

:math:`S\sim\mathrm{Wishart}_d(m)` is :math:`Z^\top Z` with an m x d matrix of independent standard
normals. For m < d it is singular; its nonzero eigenvalues are those of the m x m matrix
:math:`ZZ^\top\sim\mathrm{Wishart}_m(d)`.
"""

from sympy import (
    And,
    Dummy,
    Expr,
    Integer,
    Piecewise,
    Rational,
    Sum,
    cancel,
    diff,
    digamma,
    gamma,
    gammasimp,
    log,
    oo,
)

__all__ = [
    "expected_inverse_chi_square",
    "expected_log_chi_square",
    "expected_log_det",
    "expected_pseudo_inverse_trace",
    "expected_trace_product",
    "power_moment_chi_square",
    "pseudo_inverse_trace_pieces",
]


def power_moment_chi_square(order: Expr, degrees: Expr) -> Expr:
    r"""Return a power moment of a chi-square variable.

    .. math:: E\,(\chi^2_\nu)^h = \int_0^\infty x^h\,
              \frac{x^{\nu/2-1}e^{-x/2}}{2^{\nu/2}\Gamma(\nu/2)}\,dx
              = 2^h\,\frac{\Gamma(\nu/2+h)}{\Gamma(\nu/2)}

    finite exactly for :math:`h>-\nu/2`.

    Parameters
    ----------
    order : Expr
        :math:`h`.
    degrees : Expr
        :math:`\nu` > 0.

    Returns
    -------
    Expr
        The moment, on its domain.

    Examples
    --------
    >>> power_moment_chi_square(Integer(1), Integer(5))
    5
    """
    half = degrees / 2
    return 2**order * gamma(half + order) / gamma(half)


def expected_inverse_chi_square(degrees: Expr) -> Expr:
    r"""Return the mean of the inverse of a chi-square variable.

    .. math:: E\,\frac1{\chi^2_\nu} = \frac1{\nu-2}\quad(\nu>2),\qquad\infty\quad(\nu\le2)

    Parameters
    ----------
    degrees : Expr
        :math:`\nu` > 0.

    Returns
    -------
    Expr
        The mean, infinite where the integral diverges at 0.

    Notes
    -----
    Claim ``B.moments``: the reason why moments are infinite near n = d + 1.

    Examples
    --------
    >>> expected_inverse_chi_square(Integer(5)), expected_inverse_chi_square(Integer(2))
    (1/3, oo)
    """
    nu = Dummy("nu", positive=True)
    value = cancel(gammasimp(power_moment_chi_square(Integer(-1), nu))).subs(nu, degrees)
    return Piecewise((value, degrees > 2), (oo, True))


def expected_pseudo_inverse_trace(d: Expr, m: Expr) -> Expr:
    r"""Return the mean trace of the pseudo-inverse of a standard Wishart matrix.

    .. math:: E\,\mathrm{tr}\,S^+ = \frac{d}{m-d-1}\ (m\ge d+2),\qquad
              \frac{m}{d-m-1}\ (1\le m\le d-2),\qquad \infty\ (\lvert m-d\rvert\le1)

    For m >= d a diagonal entry of :math:`S^{-1}` is the inverse of a Schur complement, a squared
    distance of one column from the span of the d - 1 others: a chi-square of m - d + 1 degrees.
    For m < d the two dimensions change places.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom, integers >= 1.

    Returns
    -------
    Expr
        The mean, infinite for three values of m.

    Notes
    -----
    Claim ``B.moments``.

    Examples
    --------
    >>> [expected_pseudo_inverse_trace(Integer(4), Integer(m)) for m in (2, 3, 4, 5, 6)]
    [2, oo, oo, oo, 4]
    """
    return Piecewise(*pseudo_inverse_trace_pieces(d, m), (oo, True))


def pseudo_inverse_trace_pieces(d: Expr, m: Expr) -> tuple[tuple[Expr, Expr], tuple[Expr, Expr]]:
    r"""Return the two finite branches of the mean trace of the pseudo-inverse.

    .. math:: \frac{d}{m-d-1}\ (m\ge d+2),\qquad \frac{m}{d-m-1}\ (1\le m\le d-2)

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom, integers >= 1.

    Returns
    -------
    tuple
        Value and domain for m > d, then for m < d.

    Notes
    -----
    Claim ``B.moments``.

    Examples
    --------
    >>> [value for value, _ in pseudo_inverse_trace_pieces(Integer(2), Integer(5))]
    [1, -5/4]
    """
    nu = Dummy("nu", positive=True)
    inverse = expected_inverse_chi_square(nu).args[0][0]
    return (
        (d * inverse.subs(nu, m - d + 1), m >= d + 2),
        (m * inverse.subs(nu, d - m + 1), And(m >= 1, m <= d - 2)),
    )


def expected_trace_product(d: Expr, m: Expr) -> Expr:
    r"""Return the mean of the trace times the trace of the pseudo-inverse.

    .. math:: E\,[\mathrm{tr}\,S\;\mathrm{tr}\,S^+] = (md-2)\,E\,\mathrm{tr}\,S^+

    because :math:`\mathrm{tr}\,S\sim\chi^2_{md}` is independent of the direction
    :math:`S/\mathrm{tr}\,S`, whence :math:`E\,\mathrm{tr}\,S^+
    = E[1/\chi^2_{md}]\;E[\mathrm{tr}\,S\,\mathrm{tr}\,S^+]`.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom, integers >= 1.

    Returns
    -------
    Expr
        The mean, infinite where the mean of the second trace is.

    Notes
    -----
    Claim ``B.moments``, empirical variance.

    Examples
    --------
    >>> expected_trace_product(Integer(1), Integer(4))
    1
    """
    nu = Dummy("nu", positive=True)
    inverse = expected_inverse_chi_square(nu).args[0][0].subs(nu, m * d)
    return expected_pseudo_inverse_trace(d, m) / inverse


def expected_log_chi_square(degrees: Expr) -> Expr:
    r"""Return the mean logarithm of a chi-square variable.

    .. math:: E\log\chi^2_\nu = \frac{d}{dh}E\,(\chi^2_\nu)^h\Bigr|_{h=0}
              = \psi_0(\nu/2)+\log2

    Parameters
    ----------
    degrees : Expr
        :math:`\nu` > 0.

    Returns
    -------
    Expr
        The mean, finite for every degree.

    Examples
    --------
    >>> expected_log_chi_square(Integer(2))
    -EulerGamma + log(2)
    """
    h, nu = Dummy("h"), Dummy("nu", positive=True)
    return diff(power_moment_chi_square(h, nu), h).subs(h, 0).subs(nu, degrees).expand()


def expected_log_det(d: Expr, m: Expr) -> Expr:
    r"""Return the mean log-determinant of a standard Wishart matrix.

    .. math:: E\log\det S = \sum_{i=1}^d\Bigl[\psi_0\Bigl(\frac{m-i+1}2\Bigr)+\log2\Bigr]

    from Bartlett's decomposition, :math:`\det S=\prod_i\chi^2_{m-i+1}` with independent factors.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom, m >= d.

    Returns
    -------
    Expr
        A sum, unevaluated if d is a symbol.

    Notes
    -----
    Claim ``B.logdet``.

    Examples
    --------
    >>> expected_log_det(Integer(1), Integer(2))
    -EulerGamma + log(2)
    """
    index = Dummy("i", integer=True, positive=True)
    term = digamma((m - index + 1) / Integer(2)) + log(2)
    if isinstance(d, int | Integer):
        total = sum((term.subs(index, k) for k in range(1, int(d) + 1)), Rational(0))
        return total.expand(func=True)
    return Sum(term, (index, 1, d))
