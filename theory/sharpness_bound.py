r"""From sharpness to total variation: Proposition 6 of paper A with its constants named.

At a point of the network's parameters, TV is bounded by the largest Hessian eigenvalue, the risk
and a term of the knots. Each constant of a step is an argument, so that a changed step changes
the proposition. The defaults are the printed numbers.
"""

from dataclasses import dataclass

from sympy import Expr, Integer, Rational, Symbol, exp, pi, sqrt

from theory.gaussian_integrals import truncated_moment
from theory.symbols import A, m, n, r, sigma

__all__ = [
    "HALF",
    "SHARPNESS",
    "Proposition6",
    "prop6_case2_margin",
    "prop6_constants",
    "prop6_rhs",
    "window_integral",
]

HALF = Rational(1, 2)
SHARPNESS = Symbol("lambda_max", positive=True)
"""Largest eigenvalue of the Hessian of R_n."""


@dataclass(frozen=True, kw_only=True)
class Proposition6:
    r"""Constants of :math:`TV\le c_1 m\lambda_{\max}+c_2\sqrt R+c_3\frac A\sigma F`.

    F is the larger of ``case1 sqrt(n R)`` and ``(case2 A sigma n R)^(1/3)``.
    """

    sharpness: Expr
    risk: Expr
    knots: Expr
    case1: Expr
    case2: Expr


def prop6_constants(
    *,
    tangent: Expr | int = 2,
    cross: Expr | int = 2,
    lipschitz: Expr | int = 2,
    radius: Expr = HALF,
    mass: Expr = HALF,
    window: Expr | int = 2,
) -> Proposition6:
    r"""Derive the constants of Prop. 6 from those of its steps.

    The top eigenvector gives 2 tangent TV / m <= lambda_max + (cross/m) sqrt R + |knot term|,
    the knot term is at most sqrt(2/pi) A F / (m sigma), and a value f of the residual at a knot
    keeps the fraction 1 - radius within radius f / (lipschitz A), so that

    .. math:: nR\ge\frac{(1-\kappa)^2f^2}{\sqrt{2\pi}\sigma}\int_De^{-y^2/2\sigma^2}dy.

    Parameters
    ----------
    tangent : Expr
        c in lambda_max of the tangent part >= c TV / m (Prop. 10: 2).
    cross : Expr
        c in |cross term| <= (c/m) sqrt R (0 at a critical point).
    lipschitz : Expr
        c in Lip(f) <= c A (2 needs A >= sigma^-2; (1 + 1/(A sigma^2)) always holds).
    radius : Expr
        The fraction kappa in (0, 1); 1/3 is best.
    mass : Expr
        Lower bound of P(|xi| <= 1) (2 Phi(1) - 1 is best).
    window : Expr
        c in int_D >= c rho e^{-1/2} e^{-a^2/2 sigma^2} in case 2 (1 from the half of D
        next to the datum; 2 as printed, by `prop6_case2_margin`).

    Returns
    -------
    Proposition6
        The five constants.

    Raises
    ------
    ValueError
        If ``radius`` does not lie in (0, 1).

    Notes
    -----
    Claims ``A.prop6``, ``A.prop6.P1`` to ``A.prop6.P8``.

    Examples
    --------
    >>> printed = prop6_constants()
    >>> printed.sharpness, printed.risk, printed.case1, printed.case2
    (1/4, 1/2, 2*sqrt(2), 8*sqrt(2)*sqrt(pi)*exp(1/2))
    """
    if not 0 < radius < 1:
        raise ValueError(f"radius was {radius}; it must lie in (0, 1)")
    share = 1 / (2 * Integer(tangent)) if isinstance(tangent, int) else 1 / (2 * tangent)
    kept = (1 - radius) ** 2
    return Proposition6(
        sharpness=share,
        risk=share * cross,
        knots=share * sqrt(2 / pi),
        case1=1 / sqrt(kept * mass),
        case2=sqrt(2 * pi) * exp(HALF) * lipschitz / (kept * radius * window),
    )


def prop6_rhs(
    constants: Proposition6,
    *,
    sharpness: Expr = SHARPNESS,
    risk: Expr = r,
    case: int = 2,
    size: Expr = n,
    bound: Expr = A,
) -> Expr:
    """Return the upper bound of TV in case 1 (wide window) or case 2 of Prop. 6.

    Prop. 6 itself takes the larger of the two cases.

    Raises
    ------
    ValueError
        If ``case`` is neither 1 nor 2.

    Notes
    -----
    Claims ``A.prop6``, ``A.thm8.P4``, ``A.thm8.P5``.

    Examples
    --------
    >>> prop6_rhs(prop6_constants(), risk=Integer(0))
    lambda_max*m/4
    """
    if case not in {1, 2}:
        raise ValueError(f"case was {case}; it must be 1 or 2")
    largest = (
        constants.case1 * sqrt(size * risk)
        if case == 1
        else (constants.case2 * bound * sigma * size * risk) ** Rational(1, 3)
    )
    linear = constants.sharpness * m * sharpness + constants.risk * sqrt(risk)
    return linear + constants.knots * bound / sigma * largest


def window_integral(distance: Expr, radius: Expr) -> Expr:
    r"""Return :math:`\int_{a-\rho}^{a+\rho}e^{-y^2/2}dy`, the integral I of Prop. 6 at sigma = 1.

    Examples
    --------
    >>> window_integral(Integer(0), Integer(1))
    sqrt(2)*sqrt(pi)*(-1 + 2*normal_cdf(1))
    """
    return sqrt(2 * pi) * truncated_moment(0, distance - radius, distance + radius)


def prop6_case2_margin(distance: Expr) -> Expr:
    r"""Return what decides the printed bound of I in case 2 of Prop. 6, at sigma = 1.

    The bound I >= 2 rho e^{-1/2} e^{-a^2/2} reads
    :math:`\int_0^\rho\cosh(ay)e^{-y^2/2}dy\ge\rho e^{-1/2}`. For rho <= 1 the integrand is at
    least e^{-1/2}; for rho in (1, a + 1] the left side grows with a, so a = rho - 1 is the worst:
    the margin is I - 2 rho e^{-1/2-a^2/2} there, times e^{a^2/2}.

    Returns
    -------
    Expr
        Positive for every a >= 0 if and only if the printed bound holds in case 2.

    Notes
    -----
    Claim ``A.prop6.P7``.

    Examples
    --------
    >>> bool(prop6_case2_margin(Rational(1, 2)).evalf() > 0)
    True
    """
    radius = distance + 1
    bound = 2 * radius * exp(-HALF - distance**2 / 2)
    return exp(distance**2 / 2) * (window_integral(distance, radius) - bound)
