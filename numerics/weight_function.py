"""The weight function pi of the weighted total variation, as the expectation that defines it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.double_double import two_product
from numerics.validation import check_mu, check_points, check_sample, check_sigma

__all__ = ["OneSided", "average_overlap", "one_sided", "overlap", "weight_function"]

# Beyond 8.6 standard deviations lies less than 1e-17 of the normal distribution.
_REACH = 8.6

# Gauss-Legendre with 16 points integrates the normal density times a straight line over a panel
# of 2.9 standard deviations (six to the range) to about 1e-17.
_NODE, _WEIGHT = np.polynomial.legendre.leggauss(16)
_PANELS = 6

# Nodes handled at a time: about 1 MB per array.
_NODES_PER_BLOCK = 1 << 17


@dataclass(frozen=True, kw_only=True)
class OneSided:
    """The pieces of pi^- and pi^+ between neighbouring centres.

    Attributes
    ----------
    high, low : ndarray, shape (n,)
        Centres c_i = mu x_i = high_i + low_i without error.
    rise, fall : ndarray, shape (n + 1,)
        rise_k = sum_{i <= k}(c_i - c_1) and fall_k = sum_{i > k}(c_n - c_i).
    cut, cut_low : ndarray, shape (n + 1,)
        All centres and the one point where the smaller of pi^- and pi^+ changes, sorted.
    """

    high: NDArray[np.float64]
    low: NDArray[np.float64]
    rise: NDArray[np.float64]
    fall: NDArray[np.float64]
    cut: NDArray[np.float64]
    cut_low: NDArray[np.float64]


def one_sided(x: NDArray[np.float64], mu: float) -> OneSided:
    """Return the pieces of pi^- and pi^+ for sorted distinct data.

    Between c_k and c_{k+1}, k centres below,

    .. math::
        \\pi^-(z) = \\frac{k}{n^2}\\sum_{i\\le k}(z - c_i),\\qquad
        \\pi^+(z) = \\frac{n-k}{n^2}\\sum_{i>k}(c_i - z),

    because P(mu U < z) = k/n and E[z - mu U | mu U < z] = (1/k) sum_{i <= k}(z - c_i).

    Parameters
    ----------
    x : ndarray of float64, shape (n,)
        Sorted distinct data.
    mu : float
        Contraction of the data.

    Returns
    -------
    OneSided

    Examples
    --------
    >>> one_sided(np.array([-1.0, 1.0]), 0.5).cut.tolist()
    [-0.5, 0.0, 0.5]
    """
    high, low = two_product(mu, x)
    n = high.size
    rise = np.concatenate(([0.0], np.cumsum(high - high[0])))
    fall = np.concatenate((np.cumsum((high[-1] - high)[::-1])[::-1], [0.0]))
    # pi^- - pi^+ times n^2 just left of c_{k+1}: the first k at which it is >= 0 holds the change
    # of sign, inside the piece or by the jump at its left end.
    k = np.arange(1, n)
    slope = (k**2 + (n - k) ** 2).astype(np.float64)
    at_left = k * (k * (high[:-1] - high[0]) - rise[k]) - (n - k) * (
        (n - k) * (high[-1] - high[:-1]) - fall[k]
    )
    first = int(np.argmax(at_left + slope * np.diff(high) >= 0.0))
    change = high[first] + max(0.0, -float(at_left[first]) / float(slope[first]))
    place = first + 1
    return OneSided(
        high=high,
        low=low,
        rise=rise,
        fall=fall,
        cut=np.insert(high, place, min(change, high[first + 1])),
        cut_low=np.insert(low, place, 0.0),
    )


def overlap(z: ArrayLike, x: ArrayLike, *, mu: float) -> NDArray[np.float64]:
    """Return the smaller of the two one-sided means, the function that pi averages.

    .. math::
        G(z) = \\min\\{\\pi^+(z), \\pi^-(z)\\},\\quad
        \\pi^-(z) = P(\\mu U<z)^2\\,E[z-\\mu U\\mid\\mu U<z],\\quad
        \\pi^+(z) = P(\\mu U>z)^2\\,E[\\mu U-z\\mid\\mu U>z]

    with U uniform on the data.

    Parameters
    ----------
    z : array_like
        Points, any shape.
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].

    Returns
    -------
    ndarray of float64, shape of ``z``
        0 outside the open interval (mu x_1, mu x_n), where one of the two events is impossible.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 (claims ``A.prop9a``, ``A.prop9a.P1``). Cost O((n + m) log n).

    Examples
    --------
    >>> overlap([0.0, 0.25], [-1.0, 1.0], mu=0.5).tolist()
    [0.125, 0.0625]
    """
    points = check_points(z, name="z")
    sides = one_sided(check_sample(x), check_mu(mu))
    below = np.searchsorted(sides.high, points, side="left")
    above = sides.high.size - np.searchsorted(sides.high, points, side="right")
    lower, upper, _, _ = _lines(sides, below, above, points)
    smaller: NDArray[np.float64] = np.minimum(lower, upper)
    return smaller


def weight_function(y: ArrayLike, x: ArrayLike, *, mu: float, sigma: float) -> NDArray[np.float64]:
    """Return the weight function by quadrature of its defining expectation.

    .. math:: \\pi(y) = E_{\\xi\\sim N(0,\\sigma^2)}\\min\\{\\pi^+(y-\\xi), \\pi^-(y-\\xi)\\}
              \\text{ for } \\mu x_1\\le y\\le\\mu x_n,\\qquad 0 \\text{ elsewhere}

    Parameters
    ----------
    y : array_like
        Points, any shape.
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    ndarray of float64, shape of ``y``
        Accurate to about 1e-15 of the largest value; pi jumps to 0 outside the data, as defined.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 (claims ``A.prop9a``, ``A.prop9b``, ``A.x1``). The closed form by
    normal distribution functions is not used. Cost O(m (w + 6)) panels of 16 nodes for m points,
    w the number of data within 8.6 sigma of a point; memory is bounded by blocks.

    Examples
    --------
    >>> weight_function([0.0, 0.6], [-1.0, 1.0], mu=0.5, sigma=1e-6).round(9).tolist()
    [0.124999801, 0.0]
    """
    points = check_points(y)
    sides = one_sided(check_sample(x), check_mu(mu))
    noise = check_sigma(sigma)
    flat = points.ravel()
    value = np.zeros(flat.size)
    inside = np.flatnonzero((flat >= sides.high[0]) & (flat <= sides.high[-1]))
    base = np.minimum(np.searchsorted(sides.high, flat[inside]), sides.high.size - 1)
    offset = (flat[inside] - sides.high[base]) - sides.low[base]
    value[inside] = average_overlap(sides, base, offset, noise)
    return value.reshape(points.shape)


def average_overlap(
    sides: OneSided, base: NDArray[np.intp], offset: NDArray[np.float64], sigma: float
) -> NDArray[np.float64]:
    """Return E G(y - xi) at points in local coordinates y = c_base + offset.

    The integrand is a straight line between neighbouring cuts (centres, where P jumps, and the
    point where pi^+ and pi^- cross). The range of 8.6 sigma about y is cut there and into six
    equal panels, and every panel is integrated by Gauss-Legendre quadrature; a range without a
    cut needs none.

    Parameters
    ----------
    sides : OneSided
        From `one_sided`.
    base : ndarray of intp, shape (m,)
        Index of a centre next to each point.
    offset : ndarray, shape (m,)
        y - c_base: keeps what y itself would lose when sigma is near the rounding of y.
    sigma : float
        Noise level.

    Returns
    -------
    ndarray of float64, shape (m,)

    Notes
    -----
    Cost: 16 exponentials per panel, (w + 6) panels per point.

    Examples
    --------
    >>> sides = one_sided(np.array([-1.0, 1.0]), 0.5)
    >>> average_overlap(sides, np.array([0]), np.array([0.5]), 1e-6).round(9).tolist()
    [0.124999801]
    """
    reach = _REACH * sigma
    y = sides.high[base] + offset
    first = np.searchsorted(sides.cut, y - reach)
    last = np.searchsorted(sides.cut, y + reach)
    # Without a cut in reach the mean of the straight line is its value at y, by symmetry.
    below = np.searchsorted(sides.high, y)
    lower, upper, _, _ = _lines(sides, below, sides.high.size - below, y)
    value: NDArray[np.float64] = np.minimum(lower, upper)
    crossed = np.flatnonzero(last > first)
    width = int((last - first).max(initial=0))
    step = max(1, _NODES_PER_BLOCK // ((width + _PANELS) * _NODE.size))
    even = np.linspace(-reach, reach, _PANELS + 1)
    for begin in range(0, crossed.size, step):
        part = crossed[begin : begin + step]
        width = int((last[part] - first[part]).max())
        start = np.minimum(first[part], sides.cut.size - width)
        index = start[:, None] + np.arange(width)
        j = base[part, None]
        inner = (sides.cut[index] - sides.high[j]) + (sides.cut_low[index] - sides.low[j])
        inner -= offset[part, None]
        # Cuts out of reach collapse into panels of width zero.
        np.clip(inner, -reach, reach, out=inner)
        ends = np.concatenate((np.broadcast_to(even, (inner.shape[0], even.size)), inner), axis=1)
        ends.sort(axis=1)
        value[part] = _integrate(sides, y[part], ends, sigma)
    return value


def _integrate(
    sides: OneSided, y: NDArray[np.float64], ends: NDArray[np.float64], sigma: float
) -> NDArray[np.float64]:
    """Integrate G(y + u) against the normal density of u over panels with the given ends."""
    half = 0.5 * (ends[:, 1:] - ends[:, :-1])
    middle = ends[:, :-1] + half
    z = y[:, None] + middle
    below = np.searchsorted(sides.high, z)
    lower, upper, slope_lower, slope_upper = _lines(sides, below, sides.high.size - below, z)
    value = np.minimum(lower, upper)
    slope = np.where(lower <= upper, slope_lower, slope_upper)
    density = middle[:, :, None] + half[:, :, None] * _NODE
    density *= density
    density *= -0.5 / sigma**2
    np.exp(density, out=density)
    mass = density @ _WEIGHT
    tilt = density @ (_WEIGHT * _NODE)
    mean: NDArray[np.float64] = np.einsum("ij,ij->i", half, value * mass + slope * half * tilt)
    mean /= math.sqrt(2.0 * math.pi) * sigma
    return mean


def _lines(
    sides: OneSided,
    below: NDArray[np.intp],
    above: NDArray[np.intp],
    z: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return pi^-, pi^+ at z and their slopes, given the number of centres on either side."""
    size = sides.high.size
    lower = below * (below * (z - sides.high[0]) - sides.rise[below]) / size**2
    upper = above * (above * (sides.high[-1] - z) - sides.fall[size - above]) / size**2
    return lower, upper, below**2 / size**2, -(above**2) / size**2
