"""Quadrature panels that follow the data: where the empirical score varies, however narrowly.

Between two centres at distance D the weights change over a length sigma^2 / D around the midpoint,
at sigma = 1e-6 less than the rounding of y. Panels are therefore kept in local coordinates: a
datum, an anchor (the midpoint, as an exact pair) and the distance t from it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from numerics.double_double import two_sum
from numerics.gaussian_window import Centres, Window, window

__all__ = ["ORDER", "Panels", "inner_panels", "joined", "outer_panels", "resolve"]

ORDER = 16
NODE, WEIGHT = np.polynomial.legendre.leggauss(ORDER)

# Legendre coefficients of the interpolant through the nodes, and its values at -1 and 1.
_TRANSFORM = (
    np.polynomial.legendre.legvander(NODE, ORDER - 1) * WEIGHT[:, None] * (np.arange(ORDER) + 0.5)
).T
_TO_ENDS = np.polynomial.legendre.legvander(np.array([-1.0, 1.0]), ORDER - 1) @ _TRANSFORM

# A transition between two centres is a function of t D / sigma^2 with poles at +-i pi and decay
# exp(-|t| D / sigma^2): panels with these ends resolve it to 1e-13 and leave out 1e-14 of it.
_GRADES = np.array([0.0, 2.0, 6.0, 12.0, 20.0, 32.0, np.inf])

# Share of the total below which a panel's unresolved part or a change of sign is ignored.
_RESOLVED = 1e-13

_ROUNDS = 60
_MOST = 2_000_000

# Pairs (datum, node) handled at a time.
_PAIRS = 65536


@dataclass(frozen=True, kw_only=True)
class Panels:
    """Intervals of the line in local coordinates: y = c_base + (anchor + anchor_low) + t.

    Attributes
    ----------
    base : ndarray of intp, shape (p,)
        Index of a datum next to each panel.
    anchor, anchor_low : ndarray, shape (p,)
        Distance of the local origin from that datum, as an unevaluated sum.
    left, right : ndarray, shape (p,)
        Ends of the panel in t.
    """

    base: NDArray[np.intp]
    anchor: NDArray[np.float64]
    anchor_low: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]

    def half(self) -> NDArray[np.float64]:
        """Return half the lengths, shape (p,)."""
        return 0.5 * (self.right - self.left)

    def nodes(self) -> NDArray[np.float64]:
        """Return t at the Gauss-Legendre nodes, shape (p, 16)."""
        half = self.half()
        local: NDArray[np.float64] = (self.left + half)[:, None] + half[:, None] * NODE
        return local

    def part(self, keep: NDArray[np.bool_]) -> "Panels":
        """Return the chosen panels."""
        return Panels(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})

    def cut(self, place: NDArray[np.float64]) -> "Panels":
        """Return the panels cut in two at ``place``, in [-1, 1] along each."""
        middle = self.left + (1.0 + place) * self.half()
        return joined(replace(self, right=middle), replace(self, left=middle))

    def integrate(self, values: NDArray[np.float64]) -> float:
        """Return the integral of a function given at the nodes, shape (p, 16)."""
        return float(self.half() @ (values @ WEIGHT))


def joined(*pieces: Panels) -> Panels:
    """Return all panels as one record."""
    return Panels(
        **{
            field.name: np.concatenate([getattr(piece, field.name) for piece in pieces])
            for field in fields(Panels)
        }
    )


def inner_panels(table: Centres) -> Panels:
    """Cut [c_1, c_n] at data, midpoints and multiples of sigma^2 / D around them.

    Data closer together than sigma / 2 share a panel: only the first and the last datum of a bin
    of that width are ends.

    Examples
    --------
    >>> from numerics.gaussian_window import centres
    >>> panels = inner_panels(centres(np.array([-1.0, 1.0]), 0.5, 0.1))
    >>> panels.right.round(2).tolist()
    [-0.0, -0.02, -0.06, -0.12, -0.2, -0.32, 0.02, 0.06, 0.12, 0.2, 0.32, 0.5]
    """
    high, sigma = table.high, table.sigma
    bins = np.floor((high - high[0]) / (0.5 * sigma))
    fresh = np.flatnonzero(np.diff(bins) > 0.0)
    ends = np.unique(np.concatenate(([0], fresh, fresh + 1, [high.size - 1])))
    lower, upper = ends[:-1], ends[1:]
    width, rest = two_sum(high[upper], -high[lower])
    width, width_low = two_sum(width, rest + (table.low[upper] - table.low[lower]))
    half = 0.5 * width[:, None]
    wide = (upper == lower + 1)[:, None]
    # Distances from the midpoint at which to cut, cropped to the half gap: (gaps, grades). A bin
    # of several data is cut at its midpoint only.
    ladder = np.where(wide, _GRADES, np.where(_GRADES > 0.0, np.inf, 0.0))
    distance: NDArray[np.float64] = np.minimum(ladder * (sigma**2 / width[:, None]), half)
    near, far = distance[:, :-1], distance[:, 1:]
    right = Panels(
        base=np.broadcast_to(lower[:, None], near.shape).ravel(),
        anchor=np.broadcast_to(half, near.shape).ravel(),
        anchor_low=np.broadcast_to(0.5 * width_low[:, None], near.shape).ravel(),
        left=near.ravel(),
        right=far.ravel(),
    )
    both = joined(replace(right, left=-right.right, right=-right.left), right)
    return both.part(both.right > both.left)


def outer_panels(table: Centres, reach: float) -> Panels:
    """Cut the line outside the data, up to ``reach`` from it, at sigma (2^k - 1), k = 0, 1, ...

    Examples
    --------
    >>> from numerics.gaussian_window import centres
    >>> outer_panels(centres(np.array([-1.0, 1.0]), 0.5, 0.1), 0.5).left.round(2).tolist()
    [-0.1, -0.3, -0.7, 0.0, 0.1, 0.3]
    """
    count = max(1, int(np.ceil(np.log2(reach / table.sigma + 1.0))))
    ladder: NDArray[np.float64] = table.sigma * (np.exp2(np.arange(count + 1)) - 1.0)
    right = Panels(
        base=np.full(count, table.high.size - 1),
        anchor=np.zeros(count),
        anchor_low=np.zeros(count),
        left=ladder[:-1],
        right=ladder[1:],
    )
    left = replace(right, base=np.zeros(count, dtype=np.intp), left=-right.right, right=-right.left)
    return joined(left, right)


def resolve(
    table: Centres,
    panels: Panels,
    integrand: Callable[[Window], NDArray[np.float64]],
) -> tuple[Panels, NDArray[np.float64]]:
    """Cut panels until the integrand is resolved and of one sign on each.

    A panel whose Legendre coefficients have not decayed is halved; one on which the interpolant
    changes sign is cut at the root.

    Parameters
    ----------
    table : Centres
        The data.
    panels : Panels
        Where to start.
    integrand : callable
        From the weights around m points to m values.

    Returns
    -------
    tuple of Panels and ndarray, shape (p, 16)
        The final panels and the integrand at their nodes.

    Raises
    ------
    ArithmeticError
        If sixty rounds of cuts or two million panels do not resolve the integrand.

    Notes
    -----
    A quadrature of 16 nodes is exact to degree 31, so its error is about the square of the
    relative size of the last Legendre coefficients; that is what is compared with 1e-13 of the
    total. Cost O(16 p w), w the number of data that matter at a point.
    """
    done: list[Panels] = []
    done_values: list[NDArray[np.float64]] = []
    settled = 0.0
    for _ in range(_ROUNDS):
        values = _at_nodes(table, panels, integrand)
        half = panels.half()
        share = half * (np.abs(values) @ WEIGHT)
        negligible = _RESOLVED * (settled + float(share.sum()))
        tail = np.abs(values @ _TRANSFORM[-2:].T).sum(axis=1) * half
        place = _sign_change(values, half, negligible)
        # The factor leaves room for a second factor of the integrand, smooth on the scale sigma.
        place = np.where(tail > 0.03 * np.sqrt(negligible * share), 0.0, place)
        place = np.where(share > negligible, place, np.nan)
        keep = np.isnan(place)
        done.append(panels.part(keep))
        done_values.append(values[keep])
        settled += float(share[keep].sum())
        if keep.all():
            return joined(*done), np.concatenate(done_values)
        panels = panels.part(~keep).cut(place[~keep])
        if panels.left.size > _MOST:
            break
    raise ArithmeticError(f"the integrand was not resolved: {panels.left.size} panels are open")


def _sign_change(
    values: NDArray[np.float64], half: NDArray[np.float64], negligible: float
) -> NDArray[np.float64]:
    """Return a root of each panel's interpolant, in (-1, 1), or NaN where it keeps its sign.

    Values below rounding count as zero, and so does an end whose lobe of the other sign, a
    triangle as far as the first node, is negligible: cuts are as exact as the interpolant.
    """
    ends = values @ _TO_ENDS.T
    floor = 1e-14 * np.abs(values).max(axis=1)
    along = np.concatenate((ends[:, :1], values, ends[:, 1:]), axis=1)
    along = np.where(np.abs(along) <= floor[:, None], 0.0, along)
    for end, node in ((0, 1), (-1, -2)):
        drop = np.abs(along[:, end] - along[:, node])
        lobe = (1.0 + NODE[0]) * half * along[:, end] ** 2 / np.where(drop > 0.0, drop, np.inf)
        along[:, end] = np.where(lobe <= negligible, 0.0, along[:, end])
    root = np.full(len(values), np.nan)
    rows = np.flatnonzero((along.max(axis=1) > 0.0) & (along.min(axis=1) < 0.0))
    if rows.size:
        root[rows] = _first_root(along[rows], values[rows] @ _TRANSFORM.T)
    return root


def _first_root(
    along: NDArray[np.float64], coefficient: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Bisect the interpolants between the first two values of opposite sign, to 1e-8."""
    where = np.concatenate(([-1.0], NODE, [1.0]))
    sign = np.sign(along)
    start = np.take_along_axis(sign, (sign != 0.0).argmax(axis=1)[:, None], axis=1)[:, 0]
    other = (sign == -start[:, None]).argmax(axis=1)
    high = where[other]
    # The last value of the first sign before it: zeros in between stay inside the bracket.
    before = np.where(np.arange(where.size) < other[:, None], sign == start[:, None], False)
    low = where[where.size - 1 - before[:, ::-1].argmax(axis=1)]
    for _ in range(26):
        middle = 0.5 * (low + high)
        here = np.einsum(
            "ij,ij->i", np.polynomial.legendre.legvander(middle, ORDER - 1), coefficient
        )
        same = here * start > 0.0
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    root: NDArray[np.float64] = 0.5 * (low + high)
    return root


def _at_nodes(
    table: Centres, panels: Panels, integrand: Callable[[Window], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return the integrand at the nodes of each panel, shape (p, 16)."""
    node = panels.nodes().ravel()
    base = np.repeat(panels.base, ORDER)
    anchor = np.repeat(panels.anchor, ORDER)
    nearest = np.searchsorted(table.edges, table.high[base] + (anchor + node))
    # y - c_nearest = (c_base - c_nearest) + anchor + t: the first two cancel, t must not be hurt.
    step, local_low = two_sum(table.high[base], -table.high[nearest])
    step, rest = two_sum(step, anchor)
    local_low += rest
    local, rest = two_sum(step, node)
    local_low += rest
    local_low += np.repeat(panels.anchor_low, ORDER)
    local_low += table.low[base] - table.low[nearest]
    values = np.empty(node.size)
    width = int((table.last - table.first)[nearest].max()) + 1
    block = max(ORDER, _PAIRS // width)
    for begin in range(0, node.size, block):
        part = slice(begin, begin + block)
        values[part] = integrand(window(table, nearest[part], local[part], local_low[part]))
    return values.reshape(-1, ORDER)
