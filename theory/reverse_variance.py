r"""Does the reverse process carry a prescribed marginal? Exactly, for Gaussian data on the line.

The reverse equation of dX = -X dt + sqrt(2) dB is run with the score -y/V(t) of the law
N(0, V(t)), V = mu^2 v + sigma^2, of noised data N(0, v). It passes through these laws if and only
if the variance of the process, at V, changes at the rate of V; the difference is the defect.
"""

from sympy import Expr, Integer, Symbol, diff, exp, expand

from theory.diffusion import Marginal, moment_equations, reverse_drift
from theory.exponentials import normal_form
from theory.symbols import t, y

__all__ = [
    "NOTEBOOK_MARGINAL",
    "noised_variance",
    "reverse_defect",
    "reverse_mean_defect",
    "reverse_variance_rate",
]

NOTEBOOK_MARGINAL = Marginal(mean_factor=exp(-2 * t), variance=1 - exp(-2 * t))
"""What the public notebooks of paper A take for the law of the forward process."""


def noised_variance(law: Marginal, data_variance: Expr | int) -> Expr:
    r"""Return the variance of mu X + sigma xi for data of a given variance.

    Examples
    --------
    >>> noised_variance(NOTEBOOK_MARGINAL, 4)
    1 - exp(-2*t) + 4*exp(-4*t)
    """
    return expand(law.mean_factor**2 * data_variance + law.variance)


def reverse_variance_rate(
    variance: Expr,
    noised: Expr,
    *,
    drift: Expr | None = None,
    diffusion_squared: Expr | int = 2,
) -> Expr:
    r"""Derive the rate of the variance S of the reverse process with the score -y/V.

    .. math:: dY = (-b(Y) - g^2 Y/V)\,d\tau + g\,dB, \qquad
              \frac{dS}{d\tau} = 2S - \frac{4S}{V} + 2 \text{ for } b = -y,\ g^2 = 2

    Ito's formula on the reverse drift of `theory.diffusion`; the right side is not used.

    Parameters
    ----------
    variance, noised : Expr
        S of the process and V of the score.
    drift, diffusion_squared : Expr
        b and g^2 of the forward process; -y and 2 if not given.

    Returns
    -------
    Expr
        dS / d tau, tau the reversed time.

    Notes
    -----
    Claim ``A.code.marginal``.

    Examples
    --------
    >>> reverse_variance_rate(Symbol("S"), Symbol("V"))
    2*S - 4*S/V + 2
    """
    forward = -y if drift is None else drift
    backward = reverse_drift(forward, Integer(1) * diffusion_squared, -y / noised)
    _, rate = moment_equations(expand(backward), Integer(1) * diffusion_squared)
    return expand(rate.subs(Symbol("variance", real=True), variance))


def reverse_defect(
    law: Marginal,
    data_variance: Expr | int,
    *,
    drift: Expr | None = None,
    diffusion_squared: Expr | int = 2,
) -> Expr:
    r"""Return by how much the reverse process leaves the prescribed marginal, as a rate.

    .. math:: \frac{dS}{d\tau}\Big|_{S=V} + \frac{dV}{dt}

    Zero for every data variance and time if and only if the laws are those of the forward
    process; negative where the generated variance falls behind.

    Parameters
    ----------
    law : Marginal
        mu(t) and sigma(t)^2 as prescribed.
    data_variance : Expr or int
        v >= 0.
    drift, diffusion_squared : Expr
        Of the forward process that is reversed; -y and 2 if not given.

    Returns
    -------
    Expr
        The defect, a function of t.

    Notes
    -----
    Claim ``A.code.marginal``.

    Examples
    --------
    >>> reverse_defect(NOTEBOOK_MARGINAL, 4)
    -8*exp(-4*t)
    """
    noised = noised_variance(law, data_variance)
    rate = reverse_variance_rate(noised, noised, drift=drift, diffusion_squared=diffusion_squared)
    return expand(normal_form(rate + diff(noised, t)))


def reverse_mean_defect(law: Marginal, data_variance: Expr | int) -> Expr:
    r"""Return by how much the reverse of dX = -X dt + sqrt(2) dB leaves the mean, per unit of it.

    .. math:: \frac{dM}{d\tau}\Big|_{M=\mu m} + \frac{d(\mu m)}{dt}, \quad m = 1

    with the score :math:`-(y-\mu m)/V` of noised data N(m, v).

    Parameters
    ----------
    law : Marginal
        mu(t) and sigma(t)^2 as prescribed.
    data_variance : Expr or int
        v >= 0; the defect does not depend on it.

    Returns
    -------
    Expr
        The defect, a function of t.

    Notes
    -----
    Claim ``A.code.marginal``.

    Examples
    --------
    >>> reverse_mean_defect(NOTEBOOK_MARGINAL, 4)
    -exp(-2*t)
    """
    score = -(y - law.mean_factor) / noised_variance(law, data_variance)
    rate, _ = moment_equations(expand(reverse_drift(-y, Integer(2), score)), Integer(2))
    reached = rate.subs(Symbol("mean", real=True), law.mean_factor)
    return expand(normal_form(reached + diff(law.mean_factor, t)))
