r"""The one-step model for data of any covariance: second moments, support and floor.

Data :math:`N(\mu_0,\Sigma)` with eigenvalues :math:`s_i\ge0`, noised covariance
:math:`V=a^2\Sigma+q^2I`, reliabilities :math:`\rho_i=a^2s_i/v_i`. Given the noised data the weights
are :math:`KP+T^{1/2}GW^{+1/2}` with :math:`K=a\Sigma V^{-1}`, :math:`T=\Sigma-aK\Sigma` and
:math:`W\sim\mathrm{Wishart}_d(V,m)`: the argument for isotropic data, row by row.
"""

from collections.abc import Sequence

from sympy import Dummy, Expr, Integer, cancel, log

from theory.linear_denoiser import population_least_squares
from theory.symbols import m as m_symbol
from theory.wishart_moments import expected_inverse_chi_square

__all__ = [
    "expected_generated_variance",
    "floor_gap",
    "isotropic_start_floor",
    "matched_start_floor",
    "mode_regression",
]


def mode_regression(a: Expr, eigenvalue: Expr, noise: Expr) -> tuple[Expr, Expr]:
    r"""Return slope and residual variance of the population regression in an eigendirection.

    .. math:: k_i = \frac{as_i}{v_i},\qquad t_i = \frac{s_iq^2}{v_i}

    Parameters
    ----------
    a, eigenvalue, noise : Expr
        :math:`a`, :math:`s_i`, :math:`q^2`.

    Returns
    -------
    tuple of Expr
        :math:`k_i` and :math:`t_i`; both vanish where the data have no variance.

    Notes
    -----
    Claims ``B.aniso``, ``B.lowrank``.

    Examples
    --------
    >>> mode_regression(Integer(1), Integer(1), Integer(1))
    (1/2, 1/2)
    """
    slope, _, residual = population_least_squares(a, eigenvalue, noise, Integer(0))
    return slope, residual


def expected_generated_variance(
    spectrum: Sequence[Expr],
    a: Expr,
    noise: Expr,
    start: Sequence[Expr] | None = None,
    m: Expr = m_symbol,
) -> Expr:
    r"""Return the mean total variance of the generated law for m >= d + 2.

    .. math:: E\,\mathrm{tr}\,BMB^\top = \sum_ik_i^2M_i
              + \frac{\sum_it_i\;\sum_jM_j/v_j}{m-d-1}

    because :math:`E\,W^{-1}=V^{-1}E\,1/\chi^2_{m-d+1}`: a diagonal entry of the inverse of a
    whitened Wishart matrix is the inverse of a squared distance.

    Parameters
    ----------
    spectrum : sequence of Expr
        :math:`s_1,\dots,s_d`, zeros allowed.
    a, noise : Expr
        :math:`a` and :math:`q^2`.
    start : sequence of Expr, optional
        Eigenvalues :math:`M_i` of the covariance that generation starts from, in the same basis;
        those of the noised data, :math:`v_i`, if absent.
    m : Expr
        Degrees of freedom n - 1.

    Returns
    -------
    Expr
        The mean: its pole is at m = d + 1 whatever the spectrum, zeros included.

    Notes
    -----
    Claims ``B.aniso``, ``B.lowrank``.

    Examples
    --------
    >>> one = Integer(1)
    >>> expected_generated_variance([one, 0 * one], one, one, m=Integer(5))
    1
    """
    d = len(spectrum)
    noised = [a**2 * s + noise for s in spectrum]
    begun = noised if start is None else list(start)
    modes = [mode_regression(a, s, noise) for s in spectrum]
    degrees = Dummy("nu", positive=True)
    inverse = expected_inverse_chi_square(degrees).args[0][0].subs(degrees, m - d + 1)
    signal = sum((k**2 * b for (k, _), b in zip(modes, begun, strict=True)), Integer(0))
    residual = sum((t for _, t in modes), Integer(0))
    lever = sum((b / v for b, v in zip(begun, noised, strict=True)), Integer(0))
    return signal + residual * lever * inverse


def matched_start_floor(spectrum: Sequence[Expr], a: Expr, noise: Expr) -> Expr:
    r"""Return the divergence that infinitely many samples leave from the noised law.

    .. math:: \tfrac12\sum_i[\rho_i-1-\log\rho_i]

    Parameters
    ----------
    spectrum : sequence of Expr
        :math:`s_1,\dots,s_d` > 0.
    a, noise : Expr
        :math:`a` and :math:`q^2`.

    Returns
    -------
    Expr
        The floor; it vanishes as the noise does.

    Notes
    -----
    Claim ``B.aniso``.

    Examples
    --------
    >>> matched_start_floor([Integer(1)], Integer(1), Integer(1))
    -1/4 + log(2)/2
    """
    return _floor(spectrum, a, noise, [a**2 * s + noise for s in spectrum])


def isotropic_start_floor(spectrum: Sequence[Expr], a: Expr, noise: Expr) -> Expr:
    r"""Return the divergence that infinitely many samples leave from an isotropic start.

    .. math:: \tfrac12\sum_i[x_i-1-\log x_i],\qquad x_i=\frac{a^2s_is^2}{v_i^2},\qquad
              s^2=\frac1d\sum_iv_i

    Parameters
    ----------
    spectrum : sequence of Expr
        :math:`s_1,\dots,s_d` > 0.
    a, noise : Expr
        :math:`a` and :math:`q^2`.

    Returns
    -------
    Expr
        The floor: positive for every spectrum at every time, see `floor_gap`.

    Notes
    -----
    Claims ``B.aniso``, ``B.anisotropic``.

    Examples
    --------
    >>> isotropic_start_floor([Integer(1)], Integer(1), Integer(1))
    -1/4 + log(2)/2
    """
    mean = sum((a**2 * s + noise for s in spectrum), Integer(0)) / len(spectrum)
    return _floor(spectrum, a, noise, [mean] * len(spectrum))


def floor_gap(spectrum: Sequence[Expr], a: Expr, noise: Expr) -> Expr:
    r"""Return a sum that vanishes if the isotropic start leaves no divergence.

    .. math:: \sum_i(v_i^2-a^2s_is^2) = \sum_iv_i^2-ds^2(s^2-q^2)
              \ge ds^2q^2 > 0

    by :math:`\sum v_i^2\ge ds^4`: not all :math:`x_i` are 1.

    Parameters
    ----------
    spectrum : sequence of Expr
        :math:`s_1,\dots,s_d`.
    a, noise : Expr
        :math:`a` and :math:`q^2`.

    Returns
    -------
    Expr
        The sum.

    Notes
    -----
    Claim ``B.aniso``.

    Examples
    --------
    >>> floor_gap([Integer(1)], Integer(1), Integer(1))
    2
    """
    noised = [a**2 * s + noise for s in spectrum]
    mean = sum(noised, Integer(0)) / len(noised)
    return sum((v**2 - (v - noise) * mean for v in noised), Integer(0))


def _floor(spectrum: Sequence[Expr], a: Expr, noise: Expr, start: Sequence[Expr]) -> Expr:
    """Sum the divergences of the one-dimensional laws with covariance K M K."""
    total = Integer(0)
    for s, begun in zip(spectrum, start, strict=True):
        slope, _ = mode_regression(a, s, noise)
        ratio = cancel(slope**2 * begun / s)
        total += (ratio - 1 - log(ratio)) / 2
    return total
