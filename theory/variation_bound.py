r"""Lower bounds of total variation: Prop. 9a, Theorem 4 and Prop. 7 of paper A, constants named.

The weight function is bounded below in each gap by the position of the gap among the data; a
score of low risk must turn in every gap. Each constant of a step is an argument; the defaults are
the printed numbers, and `index_sum` and the Gaussian integrals give what the steps deliver.
"""

from fractions import Fraction

from sympy import Expr, Integer, Rational, Symbol, exp, sqrt, summation

from theory.gaussian_integrals import truncated_moment
from theory.symbols import Delta, mu, n, sigma

__all__ = [
    "GAP_FACTOR",
    "INDICES",
    "RISK_CAP",
    "SECOND_MOMENT",
    "gap_factors",
    "index_constant",
    "index_sum",
    "one_sided_risk",
    "prop7_constant",
    "prop7_rhs",
    "slope_at_least",
    "stay_probability",
    "theorem4_constant",
]

QUARTER = Rational(1, 4)
GAP_FACTOR = Rational(1, 128)
"""Least factor of a gap in the middle half of the data, divided by n^3."""
INDICES = GAP_FACTOR / 8
"""That times the printed number of indices, n/8."""
RISK_CAP = Rational(1, 16)
"""Prop. 7 asks for n sigma^2 R_n to be at most this."""
SECOND_MOMENT = Rational(1, 2)
"""Printed lower bound of the second moment of Lemma 14, relative to sigma^2."""


def gap_factors(gap: Expr, size: Expr = n) -> tuple[Expr, Expr]:
    r"""Return the two factors of Prop. 9a in a gap, from P1 and equal spacings.

    .. math:: i\sum_{i'<i}(i-i'), \qquad (n-i)\sum_{i'>i+1}(i'-i-1)

    Their minimum times mu Delta / n^2 and the probability to stay in the gap bounds pi below.
    The second sum runs from i + 2, as P1 delivers it; the printed factor has the sum from i + 1.

    Notes
    -----
    Claims ``A.prop9a``, ``A.prop9a.P3``, ``A.thm4.P3``.

    Examples
    --------
    >>> gap_factors(Integer(2), Integer(5))
    (2, 9)
    """
    step = Symbol("k", integer=True, positive=True)
    left = gap * summation(step, (step, 1, gap - 1))
    right = (size - gap) * summation(step, (step, 1, size - gap - 1))
    return left.factor(), right.factor()


def stay_probability(ratio: Expr | int, *, factor: Expr | int = 1) -> Expr:
    r"""Return the bound :math:`\frac12 - c e^{-h^2/2}` of P(0 < xi < h), h = mu Delta / sigma.

    Printed with c = 1; c = 1/2 is the usual tail bound.

    Notes
    -----
    Claim ``A.prop9a.P2``.

    Examples
    --------
    >>> stay_probability(8)
    1/2 - exp(-32)
    """
    return Rational(1, 2) - factor * exp(-(Integer(1) * ratio**2) / 2)


def theorem4_constant(
    *,
    indices: Expr = QUARTER,
    gap_factor: Expr = GAP_FACTOR,
    stay: Expr = QUARTER,
    rise: Expr = QUARTER,
) -> Expr:
    r"""Return c of Theorem 4, :math:`TV_\pi(s^\star)\ge c\,\mu^3 n\Delta^3/\sigma^4`.

    At least ``indices`` n gaps contribute, each twice (up and down), pi is at least
    ``gap_factor`` mu n Delta ``stay`` and the variance rises by ``rise`` Delta^2 / n.

    Notes
    -----
    Claims ``A.thm4``, ``A.thm4.P5``.

    Examples
    --------
    >>> theorem4_constant()
    1/4096
    """
    return 2 * indices * gap_factor * stay * rise


def one_sided_risk(ratio: Expr) -> Expr:
    r"""Return :math:`\sigma^2` times the risk that a score of the wrong sign pays on one side.

    .. math:: \frac1{\sigma^2\sqrt{2\pi\sigma^2}}\int_{-d\sigma}^0y^2e^{-y^2/2\sigma^2}dy
       = \Phi(d)-\tfrac12-d\,\varphi(d)

    The boundary term of the integration by parts is negative (it is printed with a plus).

    Notes
    -----
    Claim ``A.prop7.P1``, with d = mu Delta / 2 sigma >= 4.

    Examples
    --------
    >>> from theory.symbols import z
    >>> one_sided_risk(z)
    -z*normal_pdf(z) + normal_cdf(z) - 1/2
    """
    return truncated_moment(2, -ratio, Integer(0))


def slope_at_least(*, risk_cap: Expr, second_moment: Expr = SECOND_MOMENT) -> Expr:
    r"""Return c in s'(y_i) <= -c / sigma^2, from Lemma 14 and n sigma^2 R <= ``risk_cap``.

    Lemma 14 gives n R >= sigma^2 kappa^2 ``second_moment`` for slopes above -1/sigma^2 + kappa,
    hence c = 1 - sqrt(risk_cap / second_moment).

    Notes
    -----
    Claims ``A.prop7.P3``, ``A.prop7.P6``; the sharp ``second_moment`` is
    `theory.gaussian_integrals.two_sided_second_moment`.

    Examples
    --------
    >>> slope_at_least(risk_cap=Rational(1, 16))
    1 - sqrt(2)/4
    """
    return 1 - sqrt(risk_cap / second_moment)


def index_sum(size: int) -> Fraction:
    r"""Return S_n, the exact sum over indices that replaces n/8 times n^3/128 in Prop. 7.

    The interval between y_e and c_e lies in [mu x_e - mu Delta/2, mu x_{e+1}]: in the gap e, with
    the factors of `gap_factors`, and in the right half of the gap e - 1, where

    .. math:: (e-1)\sum_{i'<e}\big(e-i'-\tfrac12\big)=\tfrac{(e-1)^3}2, \qquad
       (n-e+1)\sum_{i'>e}(i'-e)=\tfrac{(n-e+1)^2(n-e)}2

    bound pi^- and pi^+ in the same way. The index e counts with the least of the four. Every
    second e counts, and the better parity is taken; S_n is about n^4/128 for large n.

    Parameters
    ----------
    size : int
        n >= 2.

    Returns
    -------
    Fraction
        0 exactly for n = 2 and 3.

    Raises
    ------
    ValueError
        If ``size`` is less than 2.

    Notes
    -----
    Claims ``A.prop7.P4``, ``A.prop7.P5``.

    Examples
    --------
    >>> [str(index_sum(size)) for size in (3, 4, 5, 10)]
    ['0', '1/2', '2', '45']
    """
    if size < 2:
        raise ValueError(f"size was {size}; it must be at least 2")

    def least_factor(index: int) -> Fraction:
        rest = size - index
        return Fraction(
            min(
                index**2 * (index - 1),
                rest**2 * (rest - 1),
                (index - 1) ** 3,
                (rest + 1) ** 2 * rest,
            ),
            2,
        )

    places = range(2, size)
    return max(
        sum((least_factor(e) for e in places if e % 2 == parity), Fraction(0)) for parity in (0, 1)
    )


def index_constant(size: int) -> Rational:
    """Return S_n / n^4, which the printed proof takes to be 1/1024 for every n.

    Examples
    --------
    >>> index_constant(5)
    2/625
    """
    total = index_sum(size) / size**4
    return Rational(total.numerator, total.denominator)


def prop7_constant(
    *,
    indices: Expr = INDICES,
    spacing: Expr | int = 8,
    stay_factor: Expr | int = 1,
    risk_cap: Expr = RISK_CAP,
    second_moment: Expr = SECOND_MOMENT,
) -> Expr:
    r"""Return c of Prop. 7, :math:`TV_\pi(s_\theta)\ge c\,\mu n^2\Delta/\sigma^2`.

    Parameters
    ----------
    indices : Expr
        Sum over gaps divided by n^4 (`index_constant`; printed 1/8 times 1/128).
    spacing : Expr
        c in Delta >= c sigma / mu.
    stay_factor : Expr
        c of `stay_probability`.
    risk_cap : Expr
        c in n sigma^2 R_n <= c.
    second_moment : Expr
        Lower bound of Lemma 14's integral at d = spacing / 2.

    Returns
    -------
    Expr
        The printed children give 0.3232/1024, which is below the printed 2^-11.

    Notes
    -----
    Claims ``A.prop7``, ``A.prop7.P5``, ``A.prop7.P6``.

    Examples
    --------
    >>> bool(prop7_constant() < Rational(1, 2**11))
    True
    >>> bool(prop7_constant() > Rational(1, 2**12))
    True
    """
    slope = slope_at_least(risk_cap=risk_cap, second_moment=second_moment)
    return indices * stay_probability(spacing, factor=stay_factor) * slope


def prop7_rhs(constant: Expr) -> Expr:
    """Return the lower bound of TV in Prop. 7 with the given constant.

    Examples
    --------
    >>> prop7_rhs(Rational(1, 2048))
    Delta*mu*n**2/(2048*sigma**2)
    """
    return constant * mu * n**2 * Delta / sigma**2
