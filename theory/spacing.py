r"""The law of the least spacing of uniform points, by integrating over ordered points.

.. math:: P(\Delta>s)=\frac{n!}{a^n}\,V_n(a),\qquad
   V_k(t)=\int_{(k-1)s}^{t}V_{k-1}(u-s)\,du,\quad V_1(t)=t

V_k(t) is the volume of the ordered points of [0, t] that keep a distance s: the largest one is u,
the others lie in [0, u - s]. By induction V_k(t) = (t - (k - 1) s)^k / k!.
"""

from sympy import Expr, Integer, Integral, Symbol, cancel, diff, expand, factorial, simplify

from theory.symbols import n

__all__ = [
    "admissible_volume",
    "induction_residual",
    "least_spacing_mean",
    "least_spacing_survival",
    "survival_by_integration",
]

LENGTH = Symbol("a", positive=True)
"""Length of the interval."""
LEVEL = Symbol("s", positive=True)
"""Level that the least spacing exceeds."""


def admissible_volume(count: int, reach: Expr = LENGTH, level: Expr = LEVEL) -> Expr:
    r"""Return V_k(t) by carrying out its k integrals one after the other.

    Parameters
    ----------
    count : int
        Number k of points, >= 1.
    reach, level : Expr
        t and s, with t >= (k - 1) s.

    Raises
    ------
    ValueError
        If ``count`` is less than 1.

    Examples
    --------
    >>> admissible_volume(2)
    a**2/2 - a*s + s**2/2
    """
    if count < 1:
        raise ValueError(f"count was {count}; it must be at least 1")
    top = Symbol("t", positive=True)
    largest = Symbol("u", real=True)
    volume: Expr = top
    for placed in range(2, count + 1):
        inner = expand(volume.subs(top, largest - level))
        volume = expand(Integral(inner, (largest, (placed - 1) * level, top)).doit())
    return volume.subs(top, reach)


def survival_by_integration(size: int, length: Expr = LENGTH, level: Expr = LEVEL) -> Expr:
    """Return P(Delta > s) for a given number of points from the volume, not the closed form.

    Notes
    -----
    Claim ``A.spacing``.

    Examples
    --------
    >>> survival_by_integration(2)
    1 - 2*s/a + s**2/a**2
    """
    return expand(factorial(size) * admissible_volume(size, length, level) / length**size)


def least_spacing_survival(
    size: Expr | int = n, length: Expr = LENGTH, level: Expr = LEVEL
) -> Expr:
    r"""Return :math:`P(\Delta>s)=(1-(n-1)s/a)^n`, for 0 <= s <= a/(n - 1).

    Notes
    -----
    Claim ``A.spacing``; proved for every n by `induction_residual`.

    Examples
    --------
    >>> least_spacing_survival(2)
    (1 - s/a)**2
    """
    return (1 - (size - 1) * level / length) ** size


def induction_residual(count: Expr = n) -> Expr:
    r"""Return the t-derivative of V_{k+1} minus the integrand V_k(t - s): zero.

    Both sides of the recursion vanish at t = k s, so this is the whole induction step.

    Examples
    --------
    >>> induction_residual()
    0
    """
    top = Symbol("t", positive=True)

    def volume(points: Expr, reach: Expr) -> Expr:
        value: Expr = expand(reach - (points - 1) * LEVEL) ** points
        return value

    # times (k + 1)!: the factorials of both volumes differ by the factor k + 1
    slope = diff(volume(count + 1, top), top)
    return simplify(cancel((slope - (count + 1) * volume(count, top - LEVEL)) / slope))


def least_spacing_mean(size: Expr | int = n, length: Expr = LENGTH) -> Expr:
    r"""Return :math:`E\Delta=\int_0^{a/(n-1)}P(\Delta>s)\,ds=\frac a{n^2-1}`.

    With w = 1 - (n - 1) s / a the integral is that of w^n over [0, 1], times a/(n - 1).

    Notes
    -----
    Claim ``A.spacing``.

    Examples
    --------
    >>> from sympy import factor
    >>> factor(least_spacing_mean())
    a/((n - 1)*(n + 1))
    """
    place = Symbol("w", positive=True)
    power = Integral(place**size, (place, Integer(0), Integer(1))).doit()
    return length / (size - 1) * power
