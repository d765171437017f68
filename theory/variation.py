r"""The weight function of paper A, and the small-noise limit of the total variation it weighs.

With U uniform on the data,

.. math:: \pi^-(y) = P(\mu U<y)^2\,E[y-\mu U\mid\mu U<y], \qquad
   \pi^+(y) = P(\mu U>y)^2\,E[\mu U-y\mid\mu U>y], \qquad
   \pi(y) = E\min\{\pi^+(y-\xi),\pi^-(y-\xi)\}

Both are linear between two data (and jump at the data, where a probability jumps), so that the
minimum is piecewise linear and its Gaussian average is closed in phi and Phi. Places are written
u = y / mu, in units of the data.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Add, Expr, Integer, Rational, Symbol, oo, solve, sympify

from theory.gaussian_integrals import gaussian_integral
from theory.symbols import mu, sigma, y

__all__ = [
    "Piece",
    "equally_spaced_variation_limit",
    "left_weight",
    "left_weight_on_gap",
    "midpoint_weight_limit",
    "minimum_pieces",
    "right_weight",
    "right_weight_on_gap",
    "smoothed_weights",
    "variance_limit",
    "variation_limit",
    "weight_function",
]

PLACE = Symbol("u", real=True)
"""Place in units of the data, u = y / mu."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A linear piece: ``value`` (divided by mu, in the place u) on the open interval."""

    lower: Expr
    upper: Expr
    value: Expr


def left_weight(points: Sequence[Expr | int], place: Expr | int) -> Expr:
    r"""Return pi^-(mu u) / mu from the definition, for numbers.

    Strict inequality as printed: at u = x_i the datum x_i itself does not count.

    Notes
    -----
    Paper A, section 3; claims ``A.prop9a``, ``A.prop9a.P1``, ``A.prop9b``.

    Examples
    --------
    >>> left_weight([0, 1, 2], 1), left_weight([0, 1, 2], Rational(3, 2))
    (1/9, 4/9)
    """
    sample, at = _sample(points), sympify(place)
    below = [point for point in sample if point < at]
    return _weight([at - point for point in below], len(sample))


def right_weight(points: Sequence[Expr | int], place: Expr | int) -> Expr:
    """Return pi^+(mu u) / mu from the definition, for numbers.

    Examples
    --------
    >>> right_weight([0, 1, 2], 1)
    1/9
    """
    sample, at = _sample(points), sympify(place)
    above = [point for point in sample if point > at]
    return _weight([point - at for point in above], len(sample))


def left_weight_on_gap(points: Sequence[Expr], gap: int, *, place: Expr = PLACE) -> Expr:
    r"""Return pi^-(mu u) / mu for x_gap < u < x_{gap+1}; the points may be symbols in order.

    There P(U < u) = gap / n and the conditional mean is the average distance to the points
    below. The gaps 0 and n are the two unbounded ones.

    Raises
    ------
    ValueError
        If ``gap`` is not in 0, ..., n.

    Examples
    --------
    >>> from theory.tilting import data
    >>> left_weight_on_gap(data(2), 1)
    u/4 - x[1]/4
    """
    _check_gap(gap, len(points), lowest=0, highest=len(points))
    return _weight([place - point for point in points[:gap]], len(points))


def right_weight_on_gap(points: Sequence[Expr], gap: int, *, place: Expr = PLACE) -> Expr:
    """Return pi^+(mu u) / mu for x_gap < u < x_{gap+1}; the points may be symbols in order.

    Examples
    --------
    >>> from theory.tilting import data
    >>> right_weight_on_gap(data(2), 1)
    -u/4 + x[2]/4
    """
    _check_gap(gap, len(points), lowest=0, highest=len(points))
    return _weight([point - place for point in points[gap:]], len(points))


def minimum_pieces(points: Sequence[Expr | int]) -> tuple[Piece, ...]:
    r"""Return min(pi^+, pi^-) / mu as linear pieces, for numbers.

    pi^- increases and pi^+ decreases, so at most one gap holds their crossing. Outside the data
    the minimum is 0 and no piece is listed.

    Returns
    -------
    tuple of Piece
        From left to right, covering (x_1, x_n).

    Raises
    ------
    ValueError
        If the points are not at least two distinct numbers.

    Notes
    -----
    Claim ``A.x1``.

    Examples
    --------
    >>> [(piece.lower, piece.upper, piece.value) for piece in minimum_pieces([0, 2])]
    [(0, 1, u/4), (1, 2, 1/2 - u/4)]
    """
    sample = _sample(points)
    pieces = []
    for gap in range(1, len(sample)):
        lower, upper = sample[gap - 1], sample[gap]
        rising = left_weight_on_gap(sample, gap)
        falling = right_weight_on_gap(sample, gap)
        (crossing,) = solve(rising - falling, PLACE)
        if crossing > lower:
            pieces.append(Piece(lower=lower, upper=min(crossing, upper), value=rising))
        if crossing < upper:
            pieces.append(Piece(lower=max(crossing, lower), upper=upper, value=falling))
    return tuple(pieces)


def weight_function(points: Sequence[Expr | int]) -> Expr:
    r"""Return pi(y) in closed form, for numbers as data and symbols y, mu, sigma.

    Each linear piece is integrated against the law N(y/mu, sigma^2/mu^2) of (y - xi)/mu.

    Parameters
    ----------
    points : sequence of Expr or int
        At least two distinct rational numbers.

    Returns
    -------
    Expr
        In `normal_pdf` and `normal_cdf`. Valid for mu x_1 <= y <= mu x_n; outside, paper A
        sets pi to 0, the expression goes on.

    Notes
    -----
    Claims ``A.prop9a``, ``A.prop9b``, ``A.x1``.

    Examples
    --------
    >>> from theory.gaussian_integrals import normal_cdf
    >>> weight_function([0, 1]).has(normal_cdf)
    True
    """
    law = {"mean": y / mu, "deviation": sigma / mu}
    return mu * Add(
        *(
            gaussian_integral(piece.value, PLACE, lower=piece.lower, upper=piece.upper, **law)
            for piece in minimum_pieces(points)
        )
    )


def smoothed_weights(points: Sequence[Expr | int]) -> tuple[Expr, Expr]:
    r"""Return the two products whose minimum repairs the weight function, in closed form.

    .. math:: P(Y<y)\,E(y-Y)_+ \quad\text{and}\quad P(Y>y)\,E(Y-y)_+, \qquad Y=\mu U+\xi

    Here the noise is averaged before the product is taken, as the all-ones direction of the
    tangent matrix allows; pi averages the product. The points may be symbols.

    Notes
    -----
    Claims ``A.prop10``, ``A.prop10.P1`` (their amended forms).

    Examples
    --------
    >>> left, right = smoothed_weights([-1, 1])
    >>> (left - right).subs(y, 0)
    0
    """
    level, size = Symbol("v", real=True), len(points)
    sides = []
    for sign, lower, upper in ((1, -oo, y), (-1, y, oo)):
        laws = [{"mean": mu * point, "deviation": sigma} for point in points]
        probability, distance = (
            Add(*(gaussian_integral(f, level, lower=lower, upper=upper, **law) for law in laws))
            for f in (Integer(1), sign * (y - level))
        )
        sides.append(probability * distance / size**2)
    return sides[0], sides[1]


def midpoint_weight_limit(points: Sequence[Expr | int], gap: int) -> Expr:
    r"""Return the small-noise limit of pi(m_gap) / mu, for numbers.

    min(pi^+, pi^-) is continuous inside a gap, so the average tends to its value at the midpoint
    (at a datum it would tend to the mean of the two one-sided limits).

    Notes
    -----
    Claim ``A.x3``.

    Examples
    --------
    >>> midpoint_weight_limit([0, 1], 1)
    1/8
    """
    sample = _sample(points)
    _check_gap(gap, len(sample), lowest=1, highest=len(sample) - 1)
    midpoint = (sample[gap - 1] + sample[gap]) / 2
    return min(left_weight(sample, midpoint), right_weight(sample, midpoint))


def variance_limit(points: Sequence[Expr | int], place: Expr | int) -> Expr:
    r"""Return the limit of V[W(mu u)] as sigma -> 0, for numbers.

    Relative to the nearest datum the weights are exp(-c_j mu^2 / 2 sigma^2) with
    c_j = (u - x_j)^2 - min >= 0: they tend to 1 where c_j = 0 and to 0 elsewhere.

    Notes
    -----
    Claims ``A.prop2a``, ``A.x3``: at a midpoint the limit is a quarter of the squared gap.

    Examples
    --------
    >>> variance_limit([0, 1, 3], 2), variance_limit([0, 1, 3], 1)
    (1, 0)
    """
    sample, at = _sample(points), sympify(place)
    nearest = min((at - point) ** 2 for point in sample)
    # exp(-c mu^2 / 2 sigma^2) tends to 1 for c = 0 and to 0 for c > 0.
    weights = [Integer(1 if (at - point) ** 2 == nearest else 0) for point in sample]
    mass = Add(*weights)
    mean = Add(*(w * point for w, point in zip(weights, sample, strict=True))) / mass
    squares = (w * (point - mean) ** 2 for w, point in zip(weights, sample, strict=True))
    return Add(*squares) / mass


def variation_limit(points: Sequence[Expr | int]) -> Expr:
    r"""Return the limit of sigma^4 TV_pi(s*) as sigma -> 0, for numbers as data.

    s*' = (-1 + (mu/sigma)^2 V[W]) / sigma^2. In each gap V rises from its limit at the left datum
    to that at the midpoint and falls again, within O(sigma^2) of the midpoint, where pi tends to
    the value of the minimum there:

    .. math:: \sigma^4\,TV_\pi(s^\star)\to\mu^3\sum_i \frac{g_i^2}{2}\,
       \min\{\pi^-,\pi^+\}(m_i)/\mu, \qquad g_i = x_{i+1}-x_i

    Notes
    -----
    Claims ``A.x3``, ``A.thm4``.

    Examples
    --------
    >>> variation_limit([0, 1])
    mu**3/16
    """
    sample = _sample(points)
    terms = []
    for gap in range(1, len(sample)):
        left, right = sample[gap - 1], sample[gap]
        peak = variance_limit(sample, (left + right) / 2)
        rise = peak - variance_limit(sample, left)
        fall = peak - variance_limit(sample, right)
        terms.append((rise + fall) * midpoint_weight_limit(sample, gap))
    return mu**3 * Add(*terms)


def equally_spaced_variation_limit(size: int, spacing: Expr | int = 1) -> Expr:
    r"""Return the limit of sigma^4 TV_pi(s*) for n equally spaced data, term by term.

    .. math:: \mu^3\,\frac{\Delta^3}{4n^2}\sum_{i=1}^{n-1}\min(i,n-i)^3

    obtained from the gap formulas with x_i = i Delta; of order mu^3 n^2 Delta^3 / 128.

    Raises
    ------
    ValueError
        If ``size`` is less than 2.

    Notes
    -----
    Claims ``A.thm4``, ``A.x3``.

    Examples
    --------
    >>> equally_spaced_variation_limit(2, 1)
    mu**3/16
    """
    if size < 2:
        raise ValueError(f"size was {size}; it must be at least 2")
    return variation_limit([Integer(place) * spacing for place in range(size)])


def _weight(distances: Sequence[Expr], size: int) -> Expr:
    """Return P^2 E from the distances to the points on one side."""
    if not distances:
        return Integer(0)
    probability = Rational(len(distances), size)
    return (probability**2 * (Add(*distances) / len(distances))).expand()


def _sample(points: Sequence[Expr | int]) -> list[Expr]:
    given = [sympify(point) for point in points]
    if any(not point.is_number for point in given):
        raise ValueError("points held a symbol; give exact numbers")
    sample = sorted(given)
    if len(sample) < 2 or len(set(sample)) < len(sample):
        raise ValueError(f"points were {sample}; they must be at least two distinct numbers")
    return sample


def _check_gap(gap: int, size: int, *, lowest: int, highest: int) -> None:
    if not lowest <= gap <= highest:
        raise ValueError(f"gap was {gap}; it must lie in {lowest}, ..., {highest} for n = {size}")
