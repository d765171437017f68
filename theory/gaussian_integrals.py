r"""Gaussian integrals of polynomials over intervals, in the normal density and distribution.

.. math:: \int z^k\varphi(z)\,dz = -z^{k-1}\varphi(z) + (k-1)\int z^{k-2}\varphi(z)\,dz,
   \qquad \varphi' = -z\varphi,\quad \Phi' = \varphi

Integration by parts is the only rule. Every result is checked by differentiation, which
`is_zero_gaussian` decides exactly.
"""

from sympy import (
    Expr,
    Function,
    Integer,
    Poly,
    Rational,
    Symbol,
    erf,
    exp,
    expand,
    oo,
    pi,
    sqrt,
    sympify,
)

from theory.exponentials import TERM_LIMIT, is_zero_exponential
from theory.symbols import z

__all__ = [
    "antiderivative",
    "gaussian_integral",
    "is_zero_gaussian",
    "normal_cdf",
    "normal_pdf",
    "tail_probability",
    "truncated_moment",
    "two_sided_second_moment",
]


class normal_pdf(Function):  # noqa: N801 - SymPy names a function by its class
    """The standard normal density, phi(z) = exp(-z^2/2)/sqrt(2 pi), kept as a symbol.

    Examples
    --------
    >>> normal_pdf(z).diff(z)
    -z*normal_pdf(z)
    >>> normal_pdf(-z)
    normal_pdf(z)
    """

    nargs = 1

    @classmethod
    def eval(cls, place: Expr) -> Expr | None:
        """Evaluate at infinity and use that the density is even."""
        if place in {oo, -oo}:
            return Integer(0)
        if place.could_extract_minus_sign():
            return cls(-place)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Differentiate: phi' = -z phi."""
        return -self.args[argindex - 1] * self

    def _eval_rewrite_as_exp(self, place: Expr, **_: object) -> Expr:
        return exp(-(place**2) / 2) / sqrt(2 * pi)

    def _eval_evalf(self, prec: int) -> Expr:
        return self.rewrite(exp)._eval_evalf(prec)  # noqa: SLF001 - SymPy's hook


class normal_cdf(Function):  # noqa: N801 - SymPy names a function by its class
    """The standard normal distribution function Phi, kept as a symbol.

    Examples
    --------
    >>> normal_cdf(z).diff(z)
    normal_pdf(z)
    >>> normal_cdf(-z)
    1 - normal_cdf(z)
    """

    nargs = 1

    @classmethod
    def eval(cls, place: Expr) -> Expr | None:
        """Evaluate at 0 and at infinity and use Phi(-z) = 1 - Phi(z)."""
        if place == oo:
            return Integer(1)
        if place == -oo:
            return Integer(0)
        if place.is_zero:
            return Rational(1, 2)
        if place.could_extract_minus_sign():
            return 1 - cls(-place)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        """Differentiate: Phi' = phi."""
        return normal_pdf(self.args[argindex - 1])

    def _eval_rewrite_as_erf(self, place: Expr, **_: object) -> Expr:
        return (1 + erf(place / sqrt(2))) / 2

    def _eval_evalf(self, prec: int) -> Expr:
        return self.rewrite(erf)._eval_evalf(prec)  # noqa: SLF001 - SymPy's hook


def antiderivative(polynomial: Expr, *, variable: Symbol = z) -> Expr:
    r"""Return an antiderivative of a polynomial times the standard normal density.

    Parameters
    ----------
    polynomial : Expr
        A polynomial in ``variable``; its coefficients may hold other symbols.
    variable : Symbol
        The variable of integration.

    Returns
    -------
    Expr
        a(z) phi(z) + b Phi(z) with a polynomial a and a constant b.

    Notes
    -----
    Claims ``A.lem14``, ``A.prop7.P1``, ``A.x1``.

    Examples
    --------
    >>> antiderivative(z**2)
    -z*normal_pdf(z) + normal_cdf(z)
    """
    coefficients = {power: value for (power,), value in Poly(polynomial, variable).terms()}
    density_part, mass = Integer(0), Integer(0)
    # From the top: z^k phi = -(z^(k-1) phi)' + (k-1) z^(k-2) phi hands its rest two powers down.
    for power in range(max(coefficients), 0, -1):
        value = coefficients.get(power, Integer(0))
        density_part -= value * variable ** (power - 1)
        if power >= 2:
            coefficients[power - 2] = coefficients.get(power - 2, Integer(0)) + (power - 1) * value
    mass = coefficients.get(0, Integer(0))
    return density_part * normal_pdf(variable) + mass * normal_cdf(variable)


def truncated_moment(power: int, lower: Expr, upper: Expr) -> Expr:
    r"""Return :math:`\int_{lower}^{upper} z^k\varphi(z)\,dz`, the truncated moment.

    Parameters
    ----------
    power : int
        k >= 0.
    lower, upper : Expr
        Limits; -oo and oo are allowed.

    Raises
    ------
    ValueError
        If ``power`` is negative.

    Examples
    --------
    >>> truncated_moment(2, -oo, oo)
    1
    >>> truncated_moment(1, 0, oo)
    sqrt(2)/(2*sqrt(pi))
    """
    if power < 0:
        raise ValueError(f"power was {power}; it must be at least 0")
    return gaussian_integral(z**power, z, lower=lower, upper=upper)


def gaussian_integral(
    polynomial: Expr,
    variable: Symbol,
    *,
    mean: Expr | int = 0,
    deviation: Expr | int = 1,
    lower: Expr | int = -oo,
    upper: Expr | int = oo,
) -> Expr:
    r"""Integrate a polynomial against a normal density over an interval.

    .. math:: \int_{lower}^{upper} P(u)\,
       \frac1{\sqrt{2\pi}\,\sigma}e^{-(u-m)^2/2\sigma^2}\,du,
       \qquad u = m + \sigma z

    Parameters
    ----------
    polynomial : Expr
        P(u), a polynomial in ``variable``.
    variable : Symbol
        u.
    mean, deviation : Expr or int
        m and sigma > 0; neither may hold ``variable``.
    lower, upper : Expr or int
        Limits; -oo and oo are allowed.

    Returns
    -------
    Expr
        In `normal_pdf` and `normal_cdf`.

    Raises
    ------
    ValueError
        If ``deviation`` is not positive.

    Notes
    -----
    Claims ``A.x1``, ``A.lem14``, ``A.prop7.P1``.

    Examples
    --------
    >>> u, m = Symbol("u"), Symbol("m")
    >>> gaussian_integral(u**2, u, mean=m)
    m**2 + 1
    """
    mean, deviation = sympify(mean), sympify(deviation)
    if deviation.is_positive is not True:
        raise ValueError(f"deviation was {deviation}; it must be positive")
    standard = Symbol("_standard", real=True)
    primitive = antiderivative(
        expand(polynomial.subs(variable, mean + deviation * standard)), variable=standard
    )

    def at(limit: Expr) -> Expr:
        place = limit if limit in {oo, -oo} else (limit - mean) / deviation
        return _at(primitive, standard, place)

    return expand(at(sympify(upper)) - at(sympify(lower)), deep=False)


def is_zero_gaussian(expr: Expr, *, term_limit: int = TERM_LIMIT) -> bool:
    r"""Decide whether a rational expression in exp, phi and Phi vanishes identically.

    phi is written by exp. Values of Phi at places that differ by more than a sign are
    algebraically independent over the exponentials (by Liouville's theorem on integration in
    finite terms, none of them nor a linear combination of them is elementary).

    Returns
    -------
    bool
        True or False, never a guess.

    Raises
    ------
    ValueError
        If the expression is outside this class.

    Examples
    --------
    >>> from sympy import diff
    >>> is_zero_gaussian(diff(antiderivative(z**5), z) - z**5 * normal_pdf(z))
    True
    >>> is_zero_gaussian(normal_cdf(z) - normal_pdf(z))
    False
    """
    flat = sympify(expr).replace(normal_cdf, lambda place: normal_cdf(expand(place)))
    flat = flat.replace(normal_pdf, lambda place: exp(expand(-(place**2) / 2)) / sqrt(2 * pi))
    places = tuple(sorted(flat.atoms(normal_cdf), key=lambda item: item.sort_key()))
    numbers = [item for item in places if item.args[0].is_number]
    if len(numbers) > 1:
        raise ValueError("expr holds Phi at several numbers; their independence is not known")
    return is_zero_exponential(flat, opaque=places, term_limit=term_limit)


def tail_probability(place: Expr) -> Expr:
    """Return P(xi > place) for a standard normal xi, which is 1 - Phi(place).

    Examples
    --------
    >>> tail_probability(Integer(0))
    1/2
    """
    return 1 - normal_cdf(place)


def two_sided_second_moment(half_width: Expr) -> Expr:
    r"""Return :math:`\int_{-d}^{d} z^2\varphi(z)\,dz = 2\Phi(d) - 1 - 2d\varphi(d)`.

    Notes
    -----
    The middle expression of Lemma 14 divided by sigma^2 (beta - gamma)^2, with
    d = delta / sigma; claims ``A.lem14``, ``A.prop7.P3``.

    Examples
    --------
    >>> two_sided_second_moment(z)
    -2*z*normal_pdf(z) + 2*normal_cdf(z) - 1
    """
    return truncated_moment(2, -half_width, half_width)


def _at(primitive: Expr, variable: Symbol, place: Expr) -> Expr:
    if place in {oo, -oo}:
        # A polynomial times phi vanishes at infinity; only Phi stays.
        mass = primitive.coeff(normal_cdf(variable))
        return mass if place == oo else Integer(0)
    value = primitive.subs(variable, place)
    zero_density = value.atoms(normal_pdf)
    return value.xreplace({item: 1 / sqrt(2 * pi) for item in zero_density if item.args[0].is_zero})
