"""Integrals of exponentials of quadratic polynomials, by completing one square at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Dummy, Expr, Poly, Rational, Symbol, cancel, diff, exp, factor, pi, sqrt

__all__ = ["GaussianIntegral", "exponential_moments", "integrate_quadratic_exponential"]


@dataclass(frozen=True, kw_only=True)
class GaussianIntegral:
    r"""The value :math:`\pi^{k/2}\prod_jp_j^{-1/2}e^{E}` of an integral over k variables.

    Attributes
    ----------
    pivots : tuple of Expr
        :math:`p_1, \dots, p_k`: the integral converges exactly where all of them are positive.
    exponent : Expr
        :math:`E`.
    """

    pivots: tuple[Expr, ...]
    exponent: Expr

    @property
    def value(self) -> Expr:
        """The integral, valid where every pivot is positive."""
        product = exp(self.exponent)
        for pivot in self.pivots:
            product *= sqrt(pi / pivot)
        return product


def integrate_quadratic_exponential(
    exponent: Expr, variables: Sequence[Symbol]
) -> GaussianIntegral:
    r"""Integrate the exponential of a quadratic polynomial over the whole space.

    .. math:: \int e^{-px^2+qx+r}\,dx
              = \int e^{-p(x-q/2p)^2}\,dx\;e^{q^2/4p+r} = \sqrt{\pi/p}\;e^{q^2/4p+r}\qquad(p>0)

    applied to one variable after the other.

    Parameters
    ----------
    exponent : Expr
        Polynomial of degree 2 in the variables.
    variables : sequence of Symbol
        The variables integrated over.

    Returns
    -------
    GaussianIntegral
        Pivots, whose signs decide convergence, and the exponent that remains.

    Raises
    ------
    ValueError
        If the exponent is not quadratic in a variable.

    Notes
    -----
    Claim ``B.otherdiv``: the one recipe under all divergences of Gaussian laws.

    Examples
    --------
    >>> from sympy.abc import x
    >>> integrate_quadratic_exponential(-(x**2) / 2, [x]).value
    sqrt(2)*sqrt(pi)
    """
    rest = exponent
    pivots = []
    for variable in variables:
        polynomial = Poly(rest, variable)
        if polynomial.degree() != 2:
            raise ValueError(
                f"exponent had degree {polynomial.degree()} in {variable}; it must be quadratic"
            )
        square, linear, constant = polynomial.all_coeffs()
        pivot = factor(-square)
        pivots.append(pivot)
        rest = cancel(constant + linear**2 / (4 * pivot))
    return GaussianIntegral(pivots=tuple(pivots), exponent=rest)


def exponential_moments(
    exponent: Expr, variables: Sequence[Symbol]
) -> tuple[dict[Symbol, Expr], dict[tuple[Symbol, Symbol], Expr]]:
    r"""Return first and second moments under the normalised density exp(quadratic).

    .. math:: \langle x_i\rangle = \partial_{J_i}\log Z,\qquad
              \langle x_ix_j\rangle = \partial_{J_i}\partial_{J_j}\log Z
              + \langle x_i\rangle\langle x_j\rangle,\qquad
              Z(J) = \int e^{E(x)+J\cdot x}\,dx

    Parameters
    ----------
    exponent : Expr
        Quadratic polynomial :math:`E`.
    variables : sequence of Symbol
        The variables.

    Returns
    -------
    tuple of dict
        Means by variable, second moments by pair of variables.

    Raises
    ------
    ValueError
        If the exponent is not quadratic in a variable.

    Examples
    --------
    >>> from sympy.abc import x
    >>> first, second = exponential_moments(-((x - 3) ** 2) / 2, [x])
    >>> first[x], second[x, x]
    (3, 10)
    """
    sources = {variable: Dummy(f"J_{variable}") for variable in variables}
    tilted = exponent + sum(sources[variable] * variable for variable in variables)
    # Pivots do not contain the sources, so log Z depends on them through the exponent alone.
    log_z = integrate_quadratic_exponential(tilted, variables).exponent
    off = dict.fromkeys(sources.values(), Rational(0))
    first = {variable: cancel(diff(log_z, sources[variable]).subs(off)) for variable in variables}
    second = {
        (one, two): cancel(
            diff(log_z, sources[one], sources[two]).subs(off) + first[one] * first[two]
        )
        for one in variables
        for two in variables
    }
    return first, second
