r"""The main theorem of paper A: a large learning rate forces a large excess risk.

Prop. 7 bounds the total variation of a score of small risk from below, Prop. 6 that of a
linearly stable minimum from above. The constants of Theorem 8 are derived from those of its
children, so that a child's changed constant flows through. The defaults are the printed numbers.
"""

from dataclasses import dataclass

from sympy import Expr, Rational, Symbol

from theory.sharpness_bound import HALF, Proposition6, prop6_constants
from theory.symbols import A, Delta, mu, n, sigma

__all__ = [
    "RANGE",
    "VARIATION",
    "Theorem8",
    "optimal_risk_condition",
    "thm8_constants",
    "thm8_excess",
    "thm8_learning_rate",
]

RANGE = Symbol("x_range", positive=True)
"""x_n - x_1."""
VARIATION = Rational(1, 2**11)
"""Printed constant of Prop. 7."""

QUARTER = Rational(1, 4)


@dataclass(frozen=True, kw_only=True)
class Theorem8:
    r"""Constants of Theorem 8.

    ``learning_rate`` times :math:`\sigma^2/(\mu n^2\Delta)` is the threshold;
    ``risk`` and ``excess`` times :math:`n^5\mu^3\Delta^3/(A^4\sigma^4)` bound the risk from which
    the contradiction comes and the excess risk.
    """

    learning_rate: Expr
    risk: Expr
    excess: Expr


def thm8_constants(
    *,
    variation: Expr = VARIATION,
    upper: Proposition6 | None = None,
    stability: Expr | int = 2,
    knot_share: Expr = HALF,
    risk_share: Expr = QUARTER,
    optimal_share: Expr = HALF,
) -> Theorem8:
    r"""Derive the constants of Theorem 8 from those of Prop. 6, Prop. 7 and eq. 8.

    With lambda_max <= stability / (m eta), Prop. 6 and Prop. 7 give

    .. math:: c_7\frac{\mu n^2\Delta}{\sigma^2}\le\frac{c_1\,\text{stability}}{\eta}
       + c_2\sqrt R + c_3\frac A\sigma(\text{case2}\,A\sigma nR)^{1/3}.

    If the last term takes at most ``knot_share`` of the left side and the middle one at most
    ``risk_share``, the rest bounds eta. The first condition is solved for R; of that risk the
    optimal score may use ``optimal_share``, so the excess risk has the remaining part.

    Parameters
    ----------
    variation : Expr
        c_7 of Prop. 7.
    upper : Proposition6, optional
        The printed constants if not given.
    stability : Expr
        c in lambda_max <= c / (m eta); 2/b for a risk summed over a batch of b.
    knot_share, risk_share, optimal_share : Expr
        The split of the budget.

    Returns
    -------
    Theorem8
        2^12, pi 2^-35 e^{-1/2} and pi 2^-36 e^{-1/2} for the printed children.

    Raises
    ------
    ValueError
        If the shares leave nothing for the learning rate.

    Notes
    -----
    Claims ``A.thm8``, ``A.thm8.P2``, ``A.thm8.P5``, ``A.thm8.P6``.

    Examples
    --------
    >>> thm8_constants().learning_rate
    4096
    >>> thm8_constants(variation=Rational(1, 2**12)).learning_rate
    8192
    """
    rest = 1 - knot_share - risk_share
    if not rest > 0:
        raise ValueError(f"knot_share + risk_share was {1 - rest}; it must be below 1")
    used = upper or prop6_constants()
    rate = used.sharpness * stability / (rest * variation)
    # c_3 A/sigma (case2 A sigma n R)^(1/3) = knot_share c_7 mu n^2 Delta/sigma^2, solved for R.
    risk = (knot_share * variation / used.knots) ** 3 / used.case2
    return Theorem8(learning_rate=rate, risk=risk, excess=risk * (1 - optimal_share))


def thm8_learning_rate(constants: Theorem8 | None = None) -> Expr:
    """Return the learning rate above which Theorem 8 speaks.

    Examples
    --------
    >>> thm8_learning_rate()
    4096*sigma**2/(Delta*mu*n**2)
    """
    return (constants or thm8_constants()).learning_rate * sigma**2 / (mu * n**2 * Delta)


def thm8_excess(constants: Theorem8 | None = None) -> Expr:
    """Return the lower bound of the excess risk in Theorem 8.

    Examples
    --------
    >>> from sympy import exp, pi
    >>> printed = pi * n**5 * mu**3 * Delta**3 / (2**36 * exp(HALF) * A**4 * sigma**4)
    >>> thm8_excess() - printed
    0
    """
    return (constants or thm8_constants()).excess * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)


def optimal_risk_condition(constants: Theorem8 | None = None, *, optimal: Expr | int = 4) -> Expr:
    r"""Return what exp(-mu^2 Delta^2 / 32 sigma^2) may be at most in Theorem 8, eq. 19.

    Corollary 3b bounds R_n(s*) by optimal mu^2 (x_n - x_1)^2 sigma^-4 times that exponential;
    it must not exceed risk - excess. The printed sufficient condition has no Delta^3, which is
    needed when Delta < 1.

    Notes
    -----
    Claim ``A.thm8.P2``; ``optimal`` is the constant of ``A.cor3b``.

    Examples
    --------
    >>> optimal_risk_condition().has(Delta)
    True
    """
    used = constants or thm8_constants()
    allowed = (used.risk - used.excess) * n**5 * mu**3 * Delta**3 / (A**4 * sigma**4)
    return allowed / (optimal * mu**2 * RANGE**2 / sigma**4)
