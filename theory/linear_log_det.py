r"""The mean log-determinant of the generated covariance, exactly.

With :math:`M=\sqrt\gamma S^{1/2}+G` the weights satisfy
:math:`BB^\top\overset d=\frac{\tau^2}{v}MS^{-1}M^\top`. Given S, :math:`MM^\top` is non-central
Wishart with d degrees of freedom, and averaging its moments over S gives

.. math:: E\det(MM^\top)^h = 2^{dh}\frac{\Gamma_d(d/2+h)}{\Gamma_d(d/2)}\,(1+\gamma)^{dh}\,
          {}_2F_1\Bigl(-h,\frac{d-m}2;\frac d2;R^2I_d\Bigr)

Its zonal series is differentiated at h = 0: only partitions :math:`(k_1,k_2,1^r)` survive, and
because :math:`(d/2)_\kappa` cancels against :math:`C_\kappa(I_d)` every term is rational. The sum
over pairs :math:`k_1\ge k_2` factorises but for :math:`2k_1-2k_2+1`, so prefix sums do it.
"""

from fractions import Fraction
from typing import TypeVar

from mpmath import mp, mpf, workdps
from sympy import Expr, Float, Integer, Poly, Rational, Symbol, log

from theory.symbols import gamma, s_d

__all__ = [
    "canonical_log_product",
    "canonical_log_product_value",
    "expected_log_det_weights",
    "log_det_polynomial",
    "zonal_term",
]

_X = Symbol("x", positive=True)
_Number = TypeVar("_Number", Fraction, mpf)


def zonal_term(partition: tuple[int, ...], offset: Rational) -> Rational:
    r"""Return the derivative at h = 0 of one term of the zonal series, without its power of x.

    .. math:: \frac{d}{dh}\Bigl|_0(-h)_\kappa\,(b)_\kappa\,4^{\lvert\kappa\rvert}
              \frac{\prod_{i<j}(2k_i-2k_j-i+j)}{\prod_i(2k_i+p-i)!}

    with :math:`(a)_\kappa=\prod_i(a-\frac{i-1}2)_{k_i}` and p the length. This is
    :math:`\frac{(-h)_\kappa(b)_\kappa}{(d/2)_\kappa}\frac{C_\kappa(I_d)}{\lvert\kappa\rvert!}`,
    whatever :math:`d\ge p`.

    Parameters
    ----------
    partition : tuple of int
        :math:`k_1\ge k_2\ge\dots\ge1`.
    offset : Rational
        :math:`b=(d-m)/2`.

    Returns
    -------
    Rational
        The coefficient of :math:`x^{\lvert\kappa\rvert}`; 0 unless the partition is
        :math:`(k_1,k_2,1^r)`.

    Notes
    -----
    Claim ``B.logdet``. The slow plain form of what `log_det_polynomial` sums.

    Examples
    --------
    >>> zonal_term((1,), Rational(-1)), zonal_term((2, 2, 2), Rational(-5))
    (2, 0)
    """
    length = len(partition)
    value = -_rising(Integer(1), partition[0] - 1)
    for index, part in enumerate(partition):
        half = Rational(index, 2)
        value *= _rising(offset - half, part) * 4**part
        value /= _rising(Integer(1), 2 * part + length - index - 1)
        if index:
            value *= _rising(-half, part)
        for other in range(index):
            value *= 2 * partition[other] - 2 * part + index - other
    return value


def log_det_polynomial(d: int, m: int) -> Expr:
    r"""Return the zonal part of the mean log-determinant as a polynomial in R^2, for m - d even.

    .. math:: D(x) = \frac{d}{dh}\,{}_2F_1\Bigl(-h,\frac{d-m}2;\frac d2;xI_d\Bigr)\Bigr|_{h=0}

    The series ends because :math:`(d-m)/2` is an integer <= 0: its degree is at most m - 2 for
    m > d >= 2.

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom, m >= d, m - d even.

    Returns
    -------
    Expr
        Polynomial in the symbol ``x``, rational coefficients.

    Raises
    ------
    ValueError
        If m < d or m - d is odd.

    Notes
    -----
    Claim ``B.logdet``. Cost :math:`O(d(m-d)^2)` rational operations.

    Examples
    --------
    >>> log_det_polynomial(1, 3), log_det_polynomial(2, 4)
    (2*x, x**2 + 2*x)
    """
    _checked(d, m)
    if (m - d) % 2:
        raise ValueError(f"m - d was {m - d}; the series ends for even m - d only")
    ends = (m - d) // 2
    coefficients: dict[int, Fraction] = {}
    offset = Fraction(d - m, 2)
    heads = _heads(offset, ends, Fraction(1))
    tails = _tails(offset, ends, Fraction(1))
    for k in range(1, ends + 1):
        coefficients[k] = coefficients.get(k, Fraction(0)) + heads[k] / (2 * k)
    weight = Fraction(1)
    for r in range(d - 1):
        for one in range(1, ends + 1):
            head = heads[one] / ((2 * one + r) * (2 * one + r + 1))
            for two in range(1, one + 1):
                tail = tails[two] / ((2 * two + r - 1) * (2 * two + r))
                power = one + two + r
                term = weight * (2 * one - 2 * two + 1) * head * tail
                coefficients[power] = coefficients.get(power, Fraction(0)) + term
        weight *= Fraction(m - d + 2 + r, r + 1)
    terms = {
        (power,): Rational(value.numerator, value.denominator)
        for power, value in coefficients.items()
    }
    return Poly(terms or {(0,): Integer(0)}, _X).as_expr()


def canonical_log_product(d: int, m: int, reliability: Expr | None = None) -> Expr:
    r"""Return the mean log-determinant of the generated covariance, exactly, for m - d even.

    .. math:: L(d,m) = E\log\det\frac{\Sigma_G}{s_d^2} = E\log\prod_ir_i^2
              = \sum_{i=1}^d\Bigl[\psi_0\Bigl(\tfrac{d-i+1}2\Bigr)
              -\psi_0\Bigl(\tfrac{m-i+1}2\Bigr)\Bigr]+D(R^2)

    with population variance; :math:`r_i` are the sample canonical correlations of clean and
    noised data, because the two marginal log-determinants have the same mean. The digamma
    differences are rational. At m = d it is 0 for every signal-to-noise ratio.

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom n - 1, m >= d, m - d even.
    reliability : Expr, optional
        :math:`R^2`; :math:`\gamma/(1+\gamma)` if absent.

    Returns
    -------
    Expr
        A rational polynomial in :math:`R^2`. :math:`E\log\det BB^\top` is this plus
        :math:`d\log(s_d^2/v)`.

    Raises
    ------
    ValueError
        If m < d or m - d is odd.

    Notes
    -----
    Claim ``B.logdet``.

    Examples
    --------
    >>> canonical_log_product(1, 3, Symbol("x"))
    2*x - 2
    >>> canonical_log_product(5, 5)
    0
    """
    polynomial = log_det_polynomial(d, m)
    x = gamma / (1 + gamma) if reliability is None else reliability
    shift = Rational(0)
    for k in range(d):
        # psi_0(z + p) - psi_0(z) = sum of 1/(z + j), j < p, with z = (d - k)/2.
        shift -= sum((Rational(2, d - k + 2 * j) for j in range((m - d) // 2)), Rational(0))
    return shift + polynomial.subs(_X, x)


def canonical_log_product_value(d: int, m: int, reliability: Expr, *, digits: int = 30) -> Float:
    r"""Return the mean log-determinant of the generated covariance to many digits, any m >= d.

    .. math:: L(d,m) = \sum_{i=1}^d\Bigl[\psi_0\Bigl(\tfrac{d-i+1}2\Bigr)
              -\psi_0\Bigl(\tfrac{m-i+1}2\Bigr)\Bigr]+D(R^2)

    For m - d odd the sum over :math:`k_1` is infinite; beyond :math:`k_1>(m-d)/2` its terms fall
    at least by the factor :math:`R^2`, so it is cut where that geometric bound is below the
    wanted digits. The terms alternate: the sum is formed with growing precision until two
    precisions agree.

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom, m >= d.
    reliability : Expr
        :math:`R^2`, an exact number in (0, 1).
    digits : int
        Correct digits wanted.

    Returns
    -------
    Float
        The value. Cost :math:`O(dK)` operations with :math:`K` terms in :math:`k_1`.

    Raises
    ------
    ValueError
        If m < d or :math:`R^2` is not in (0, 1).

    Notes
    -----
    Claim ``B.logdet``.

    Examples
    --------
    >>> canonical_log_product_value(1, 3, Rational(1, 2), digits=10)
    -1.000000000
    """
    _checked(d, m)
    if not 0 < reliability < 1:
        raise ValueError(f"reliability was {reliability}; it must lie in (0, 1)")
    working = digits + 20 + (m - d) // 2
    previous = None
    while True:
        with workdps(working):
            value = _value(d, m, mpf(reliability.evalf(working + 10)), digits)
            if previous is not None and abs(value - previous) < mpf(10) ** (-digits - 2):
                return Float(value, digits)
        previous, working = value, working + working // 4


def expected_log_det_weights(d: int, m: int, variance: Expr) -> Expr:
    r"""Return the mean of log det BB^T, exactly, for m - d even.

    .. math:: E\log\det BB^\top = L(d,m)+d\log\frac{s_d^2}{v}

    Parameters
    ----------
    d, m : int
        Dimension and degrees of freedom, m >= d, m - d even.
    variance : Expr
        :math:`v`, the variance of a noised coordinate.

    Returns
    -------
    Expr
        The mean in terms of :math:`\gamma`, :math:`s_d` and ``variance``.

    Raises
    ------
    ValueError
        If m < d or m - d is odd.

    Notes
    -----
    Claim ``B.logdet``.

    Examples
    --------
    >>> expected_log_det_weights(2, 2, s_d**2)
    0
    """
    return canonical_log_product(d, m) + d * log(s_d**2 / variance)


def _checked(d: int, m: int) -> None:
    if d < 1 or m < d:
        raise ValueError(f"d, m were {d}, {m}; they must satisfy 1 <= d <= m")


def _rising(start: Rational, count: int) -> Rational:
    value = Integer(1)
    for step in range(count):
        value *= start + step
    return value


def _heads(offset: _Number, count: int, x: _Number) -> list[_Number]:
    """Return -(k-1)! (b)_k (4x)^k / (2k-1)! for k = 0 (unused) to count."""
    terms = [-offset * 4 * x] * 2
    for k in range(1, count):
        terms.append(terms[-1] * x * (2 * offset + 2 * k) / (2 * k + 1))
    return terms


def _tails(offset: _Number, count: int, x: _Number) -> list[_Number]:
    """Return (-1/2)_k (b - 1/2)_k (4x)^k / (2k-2)! for k = 0 (unused) to count."""
    terms = [-(2 * offset - 1) * x] * 2
    for k in range(1, count):
        terms.append(terms[-1] * x * (2 * offset - 1 + 2 * k) / (2 * k))
    return terms


def _value(d: int, m: int, x: mpf, digits: int) -> mpf:
    """Sum digammas and series at the current precision."""
    total = mpf(0)
    for k in range(d):
        total += mp.digamma(mpf(d - k) / 2) - mp.digamma(mpf(m - k) / 2)
    ends = (m - d) // 2
    if ends == 0 and (m - d) % 2 == 0:
        return total
    offset = mpf(d - m) / 2
    # Past the last sign change heads fall by R^2 at least, and the tails end with k_2 <= ends + 1.
    count = ends if (m - d) % 2 == 0 else ends + 2
    heads = _heads(offset, count, x)
    if (m - d) % 2:
        # The weights in r add up to at most (1 - x)^-(m-d+2).
        floor = mpf(10) ** (-digits - 5) * (1 - x) ** (m - d + 3)
        while abs(heads[-1]) > floor:
            k = len(heads) - 1
            heads.append(heads[-1] * x * (2 * offset + 2 * k) / (2 * k + 1))
    tails = _tails(offset, ends + 1, x)
    total += sum((head / (2 * k) for k, head in enumerate(heads[1:], start=1)), mpf(0))
    weight = mpf(1)
    for r in range(d - 1):
        total += weight * _pair_sum(heads, tails, r)
        weight *= x * (m - d + 2 + r) / (r + 1)
    return total


def _pair_sum(heads: list[mpf], tails: list[mpf], r: int) -> mpf:
    """Sum head(k1) tail(k2) (2 k1 - 2 k2 + 1) over k1 >= k2 >= 1 with prefix sums over k2."""
    plain, moment, total = mpf(0), mpf(0), mpf(0)
    for k in range(1, len(heads)):
        if k < len(tails):
            tail = tails[k] / ((2 * k + r - 1) * (2 * k + r))
            plain += tail
            moment += 2 * k * tail
        total += heads[k] * ((2 * k + 1) * plain - moment) / ((2 * k + r) * (2 * k + r + 1))
    return total
