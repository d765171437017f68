r"""How small the noise of Theorem 8 must be: the four parts of sigma_0, as expressions.

The network class has |w| <= A = C_n / sigma^6, C_n from Lemma 12. All conditions are monotone in
sigma below an explicit place, so sigma_0 is the least of the four parts.
"""

from dataclasses import dataclass

from sympy import Expr, Integer, Max, Symbol, exp

from theory.main_theorem import (
    QUARTER,
    RANGE,
    VARIATION,
    Theorem8,
    optimal_risk_condition,
    thm8_constants,
)
from theory.sharpness_bound import HALF
from theory.symbols import A, Delta, mu, n, sigma
from theory.variation_bound import RISK_CAP

__all__ = [
    "AMPLITUDE",
    "REACH",
    "NoiseLimits",
    "amplitude_constant",
    "curvature_bound",
    "noise_limits",
]

AMPLITUDE = Symbol("C_n", positive=True)
"""C_n >= 1 in A = C_n / sigma^6."""
REACH = Symbol("x_reach", nonnegative=True)
"""max(0, x_n) - min(0, x_1)."""


@dataclass(frozen=True, kw_only=True)
class NoiseLimits:
    r"""The four parts of sigma_0; three are solved, the second stays a condition.

    ``optimal`` is a margin: :math:`\sigma\le\sigma_2` is where it is nonnegative, and it has one
    sign change from + to - as sigma grows from 0 while :math:`\sigma^2\le\mu^2\Delta^2/384`.
    """

    spacing: Expr
    optimal: Expr
    risk: Expr
    root: Expr


def curvature_bound(*, middle: Expr | int = 4, tail: Expr | int = 4) -> Expr:
    r"""Return Lemma 12's bound of the integral of |s*''|, from the bounds of its three parts.

    .. math:: \frac{\text{middle}\,\mu^4 R^3 L}{\sigma^6}
       + 2\,\frac{\text{tail}\,\mu^2(n-1)R^3}{\sigma^4\Delta},
       \qquad R=x_n-x_1,\ L=(x_n)_+-(x_1)_-

    Parameters
    ----------
    middle : Expr
        4 printed; 2 from |third moment| <= R^3; 1/(3 sqrt 3) from the best such bound.
    tail : Expr
        4 printed; 2 from |third moment| <= R Var.

    Notes
    -----
    Claims ``A.lem12``, ``A.lem12.P3``.

    Examples
    --------
    >>> curvature_bound().subs({n: 2, REACH: 0, RANGE: 1, Delta: 1, mu: 1, sigma: 1})
    8
    """
    inner = middle * mu**4 * RANGE**3 * REACH / sigma**6
    return inner + 2 * tail * mu**2 * (n - 1) * RANGE**3 / (sigma**4 * Delta)


def amplitude_constant(*, middle: Expr | int = 4, tail: Expr | int = 4) -> Expr:
    r"""Return C_n >= 1 with ``curvature_bound`` <= C_n / 2 sigma^6 for all mu, sigma in (0, 1].

    The bound times 2 sigma^6 grows with mu and sigma, so C_n is its value at mu = sigma = 1.

    Notes
    -----
    Claim ``A.lem12``.

    Examples
    --------
    >>> amplitude_constant().subs({n: 2, REACH: 1, RANGE: 1, Delta: 1})
    24
    """
    scaled = (2 * sigma**6 * curvature_bound(middle=middle, tail=tail)).expand()
    return Max(1, scaled.subs({mu: 1, sigma: 1}))


def noise_limits(
    constants: Theorem8 | None = None,
    *,
    variation: Expr = VARIATION,
    risk_share: Expr = QUARTER,
    risk_coefficient: Expr = HALF,
    risk_cap: Expr = RISK_CAP,
    spacing: Expr | int = 8,
    optimal: Expr | int = 4,
    rate: Expr | int = 32,
) -> NoiseLimits:
    r"""Derive the four parts of sigma_0 for A = C_n / sigma^6.

    * spacing: Delta >= c sigma / mu (Corollary 3b and Prop. 7);
    * optimal: R_n(s*) is at most the part of the risk left to it (eq. 19);
    * risk: the risk of eq. 19 is at most risk_cap / (n sigma^2) (eq. 20);
    * root: risk_coefficient sqrt(R) takes at most risk_share of Prop. 7's bound.

    Parameters
    ----------
    constants : Theorem8, optional
        The printed ones if not given.
    variation, risk_share, risk_coefficient, risk_cap, spacing, optimal, rate : Expr
        Constants of Prop. 7, of the split, of Prop. 6, of Prop. 7's hypotheses and of
        Corollary 3b.

    Returns
    -------
    NoiseLimits
        In mu, n, Delta, x_n - x_1, C_n and, for ``optimal``, sigma.

    Notes
    -----
    Claims ``A.thm8.P1``, ``A.thm8.P2``, ``A.thm8.P3``, ``A.thm8.P5``, ``A.x2``. The printed
    sigma_3 = 1/n is not the largest possible one.

    Examples
    --------
    >>> noise_limits().spacing
    Delta*mu/8
    """
    used = constants or thm8_constants(variation=variation, risk_share=risk_share)
    bound = AMPLITUDE / sigma**6
    allowed = optimal_risk_condition(used, optimal=optimal).subs(A, bound)
    risk = used.risk * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)
    # Both conditions read (constant) sigma^p <= 1 after A = C_n / sigma^6 is put in.
    capped = (risk * n * sigma**2 / risk_cap).subs(A, bound)
    rooted = (
        risk * (risk_coefficient / (risk_share * variation * mu * n**2 * Delta / sigma**2)) ** 2
    ).subs(A, bound)
    return NoiseLimits(
        spacing=mu * Delta / spacing,
        optimal=allowed - exp(-(mu**2) * Delta**2 / (Integer(1) * rate * sigma**2)),
        risk=_solved(capped),
        root=_solved(rooted),
    )


def _solved(monomial: Expr) -> Expr:
    """Return the sigma at which a monomial in sigma of positive degree equals 1."""
    constant, power = monomial.as_independent(sigma)
    degree = power.as_base_exp()[1]
    if power != sigma**degree or not degree.is_positive:
        raise ValueError(f"condition {monomial} is no positive power of sigma")
    return constant ** (-1 / degree)
