r"""Exact finite-sample expectations of the linear one-step model.

In the units of the data every expectation depends on the dimension d, the degrees of freedom
m = n - 1 and the signal-to-noise ratio :math:`\gamma` alone; :math:`R^2=\gamma/(1+\gamma)`.
"Population" generation starts at the variance :math:`s^2=v`, "empirical" at
:math:`s^2=a^2\overline{\mathrm{var}}+q^2`.
"""

from typing import Literal

from mpmath import mp, mpf, workdps
from sympy import (
    Dummy,
    Expr,
    Float,
    Integer,
    Integral,
    Piecewise,
    Rational,
    exp,
    expint,
    log,
    oo,
    solve,
)

from theory.linear_log_det import canonical_log_product, canonical_log_product_value
from theory.symbols import d as d_symbol
from theory.symbols import gamma as gamma_symbol
from theory.symbols import m as m_symbol
from theory.wishart_moments import pseudo_inverse_trace_pieces

__all__ = [
    "Spread",
    "equal_trace_degrees",
    "expected_kl",
    "expected_kl_value",
    "expected_log_variance",
    "expected_log_variance_finite_sum",
    "expected_log_variance_value",
    "expected_mean_error",
    "expected_relative_trace",
]

Spread = Literal["population", "empirical"]


def expected_relative_trace(
    d: Expr = d_symbol,
    m: Expr = m_symbol,
    gamma: Expr = gamma_symbol,
    *,
    spread: Spread = "population",
) -> Expr:
    r"""Return the expected total variance of the generated law in units of the data.

    .. math:: t_0 = \frac{E\,\mathrm{tr}\,\Sigma_G}{s_d^2} = R^2r+(1-R^2)\,d\,w,\qquad
              r=\min(m,d),\quad w=E\,\mathrm{tr}\,S^+

    for population variance, and for the empirical one

    .. math:: (1-R^2)\,t_0+\frac{R^2}{dm}\Bigl[R^4rmd+R^2(1-R^2)\{d(md-2)w+dr^2+4r\}
              +(1-R^2)^2d(dr+2)w+(1-R^2)(m-r)d\,t_0\Bigr]

    from :math:`B=\kappa P+\tau GW^{+1/2}` and, for the second, the mean of
    :math:`\lVert X_c\rVert^2\,\mathrm{tr}\,BB^\top` over G (Gaussian fourth moments) and W.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom n - 1, >= 1.
    gamma : Expr
        Signal-to-noise ratio, > 0.
    spread : {"population", "empirical"}
        Variance that generation starts from.

    Returns
    -------
    Expr
        Piecewise in m: finite for m >= d + 2 and for m <= d - 2, infinite between, that is for n
        in {d, d + 1, d + 2}. :math:`E\,\mathrm{tr}\,BB^\top` is the population value times
        :math:`s_d^2/v`.

    Raises
    ------
    ValueError
        If ``spread`` is neither word.

    Notes
    -----
    Claim ``B.moments``.

    Examples
    --------
    >>> expected_relative_trace(Integer(2), Integer(5), Integer(1))
    2
    >>> expected_relative_trace(Integer(2), Integer(3), Integer(1))
    oo
    """
    if spread not in {"population", "empirical"}:
        raise ValueError(f'spread was {spread!r}; it must be "population" or "empirical"')
    signal, noise = gamma / (1 + gamma), 1 / (1 + gamma)
    branches = pseudo_inverse_trace_pieces(d, m)
    pieces = []
    for rank, (inverse, domain) in zip((d, m), branches, strict=True):
        total = signal * rank + noise * d * inverse
        if spread == "empirical":
            # (md - 2) w is the mean of tr S tr S^+, see theory.wishart_moments.
            bracket = (
                signal**2 * rank * m * d
                + signal * noise * (d * (m * d - 2) * inverse + d * rank**2 + 4 * rank)
                + noise**2 * d * (d * rank + 2) * inverse
                + noise * (m - rank) * d * total
            )
            total = noise * total + signal * bracket / (d * m)
        pieces.append((total, domain))
    return Piecewise(*pieces, (oo, True))


def expected_mean_error(d: Expr = d_symbol, m: Expr = m_symbol, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the expected squared error of the generated mean in units of the data.

    .. math:: \frac{E\lvert m_G-\mu_0\rvert^2}{s_d^2} = \frac{d+(1-R^2)\,t_0}{n}

    because :math:`m_G-\mu_0=(\bar x-\mu_0)-qB\bar\xi` with the three factors independent:
    sample means and centred data of Gaussian samples are.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom n - 1, >= 1.
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The expectation, the same for both variances; infinite where :math:`t_0` is.

    Notes
    -----
    Claim ``B.moments``.

    Examples
    --------
    >>> expected_mean_error(Integer(2), Integer(5), Integer(1))
    1/2
    """
    return (d + expected_relative_trace(d, m, gamma) / (1 + gamma)) / (m + 1)


def equal_trace_degrees(d: Expr = d_symbol, gamma: Expr = gamma_symbol) -> list[Expr]:
    r"""Return the degrees of freedom at which the generated total variance is right on average.

    .. math:: E\,\mathrm{tr}\,\Sigma_G = d\,s_d^2
              \iff (1-R^2)\,d\,\Bigl(\frac d{m-d-1}-1\Bigr) = 0 \iff m = 2d+1

    solved on both branches for symbolic :math:`\gamma`; a root that depends on :math:`\gamma` is
    dropped.

    Parameters
    ----------
    d, gamma : Expr
        Dimension and signal-to-noise ratio.

    Returns
    -------
    list of Expr
        All solutions in m > 0 that serve every :math:`\gamma`: n = 2d + 2 alone.

    Notes
    -----
    Claim ``B.rank1``, population variance.

    Examples
    --------
    >>> equal_trace_degrees()
    [2*d + 1]
    """
    free = Dummy("m", positive=True)
    roots: list[Expr] = []
    for value, _ in expected_relative_trace(d, free, gamma).args[:2]:
        roots.extend(root for root in solve(value - d, free) if gamma not in root.free_symbols)
    return roots


def expected_log_variance(d: Expr, m: Expr, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the mean log-ratio of the empirical to the population starting variance.

    .. math:: E\log\frac{s^2}{v} = E\log\frac{1+\gamma\chi^2_{md}/(md)}{1+\gamma}
              = \int_0^\infty\frac{e^{-r}}r\Bigl[1-\Bigl(1+\frac{2\gamma r}{md}\Bigr)^{-md/2}
              \Bigr]dr-\log(1+\gamma)

    by :math:`\log(1+z)=\int_0^\infty e^{-r}(1-e^{-rz})\,dr/r`.

    Parameters
    ----------
    d, m : Expr
        Dimension and degrees of freedom n - 1, >= 1.
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The mean, <= 0 by concavity, as an integral over one variable.

    Notes
    -----
    Claim ``B.klexact``. `expected_log_variance_finite_sum` is the same for md even.

    Examples
    --------
    >>> round(float(expected_log_variance(Integer(1), Integer(2), Integer(1)).evalf()), 6)
    -0.0968
    """
    r = Dummy("r", positive=True)
    kernel = (1 + 2 * gamma * r / (m * d)) ** (-Rational(1, 2) * m * d)
    return Integral(exp(-r) * (1 - kernel) / r, (r, 0, oo)) - log(1 + gamma)


def expected_log_variance_finite_sum(d: int, m: int, gamma: Expr = gamma_symbol) -> Expr:
    r"""Return the mean log-ratio of the starting variances as a finite sum, for md even.

    .. math:: E\log\frac{s^2}{v} = e^{\beta}\sum_{j=1}^{md/2}E_j(\beta)-\log(1+\gamma),\qquad
              \beta=\frac{md}{2\gamma}

    with exponential integrals :math:`E_j`, because raising the shape k of a gamma variable X by
    one raises :math:`E\log(1+X/\beta)` by :math:`e^\beta E_{k+1}(\beta)` (integrate the densities'
    difference by parts).

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom n - 1, >= 1, md even.
    gamma : Expr
        Signal-to-noise ratio, > 0.

    Returns
    -------
    Expr
        The mean in closed form.

    Raises
    ------
    ValueError
        If md is odd.

    Notes
    -----
    Claim ``B.klexact``.

    Examples
    --------
    >>> expected_log_variance_finite_sum(1, 2, Integer(1))
    -log(2) + E*expint(1, 1)
    """
    if (m * d) % 2:
        raise ValueError(f"m d was {m * d}; the sum is finite for an even product")
    rate = Rational(m * d, 2) / gamma
    total = sum((expint(j, rate) for j in range(1, m * d // 2 + 1)), Integer(0))
    return exp(rate) * total - log(1 + gamma)


def expected_log_variance_value(d: int, m: int, gamma: Expr, *, digits: int = 20) -> Float:
    r"""Return the mean log-ratio of the starting variances to many digits.

    .. math:: \int_0^\infty\frac{e^{-r}}r\Bigl[1-\Bigl(1+\frac{2\gamma r}{md}\Bigr)^{-md/2}
              \Bigr]dr-\log(1+\gamma)

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom n - 1, >= 1.
    gamma : Expr
        Signal-to-noise ratio, an exact number > 0.
    digits : int
        Digits wanted.

    Returns
    -------
    Float
        The integral of `expected_log_variance` by tanh-sinh quadrature.

    Notes
    -----
    Claim ``B.klexact``.

    Examples
    --------
    >>> expected_log_variance_value(1, 2, Integer(1), digits=10)
    -0.09679981824
    """
    with workdps(digits + 15):
        ratio, half = mpf(gamma.evalf(digits + 15)), mpf(m * d) / 2

        def integrand(r: mpf) -> mpf:
            return -mp.exp(-r) * mp.expm1(-half * mp.log1p(ratio * r / half)) / r

        value = mp.quad(integrand, [0, mpf(1) / 10, 1, 4, 16, 64, mp.inf]) - mp.log1p(ratio)
        return Float(value, digits)


def expected_kl(
    d: int, m: int, gamma: Expr = gamma_symbol, *, spread: Spread = "population"
) -> Expr:
    r"""Return the expected divergence of the generated law from the sampling law, exactly.

    .. math:: E\,KL(\rho_G\Vert\rho) = \frac12\Bigl[t+\frac{E\lvert m_G-\mu_0\rvert^2}{s_d^2}
              -d-L(d,m)-d\,E\log\frac{s^2}v\Bigr]

    with :math:`t` from `expected_relative_trace` and :math:`L` from
    `theory.linear_log_det.canonical_log_product`.

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom n - 1; m - d even where the value is finite.
    gamma : Expr
        Signal-to-noise ratio, > 0.
    spread : {"population", "empirical"}
        Variance that generation starts from.

    Returns
    -------
    Expr
        The expectation in nats; infinite for m <= d + 1: almost surely for n <= d, in mean only
        for n in {d + 1, d + 2}.

    Raises
    ------
    ValueError
        If m - d is odd and the value finite (use `expected_kl_value`).

    Notes
    -----
    Claim ``B.klexact``.

    Examples
    --------
    >>> expected_kl(1, 3, Integer(1))
    11/16
    >>> expected_kl(3, 4, Integer(1))
    oo
    """
    if m <= d + 1:
        return oo
    logs = canonical_log_product(d, m, gamma / (1 + gamma))
    if spread == "empirical":
        logs += d * expected_log_variance(Integer(d), Integer(m), gamma)
    return _assemble(d, m, gamma, spread, logs)


def expected_kl_value(
    d: int, m: int, gamma: Expr, *, spread: Spread = "population", digits: int = 20
) -> Expr:
    r"""Return the expected divergence of the generated law to many digits, any m.

    .. math:: E\,KL(\rho_G\Vert\rho)

    as `expected_kl`, with the log-determinant summed to the wanted digits.

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom n - 1.
    gamma : Expr
        Signal-to-noise ratio, an exact number > 0.
    spread : {"population", "empirical"}
        Variance that generation starts from.
    digits : int
        Correct digits wanted.

    Returns
    -------
    Expr
        A Float, or infinity for m <= d + 1.

    Notes
    -----
    Claim ``B.klexact``.

    Examples
    --------
    >>> expected_kl_value(1, 3, Integer(1), digits=8)
    0.68750000
    """
    if m <= d + 1:
        return oo
    logs = canonical_log_product_value(d, m, gamma / (1 + gamma), digits=digits + 5)
    if spread == "empirical":
        logs += d * expected_log_variance_value(d, m, gamma, digits=digits + 5)
    return _assemble(d, m, gamma, spread, logs).evalf(digits)


def _assemble(d: int, m: int, gamma: Expr, spread: Spread, logs: Expr) -> Expr:
    dimension, degrees = Integer(d), Integer(m)
    trace = expected_relative_trace(dimension, degrees, gamma, spread=spread)
    return (trace + expected_mean_error(dimension, degrees, gamma) - d - logs) / 2
