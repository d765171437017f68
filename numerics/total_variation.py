"""Total variation of the derivative of the empirical score, plain and weighted by pi."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.double_double import two_sum
from numerics.empirical_score import log_derivatives
from numerics.gaussian_window import Centres, centres, window
from numerics.validation import check_mu, check_sample, check_sigma
from numerics.weight_function import average_overlap, one_sided

__all__ = ["score_total_variation", "weighted_total_variation"]

_NODE, _WEIGHT = np.polynomial.legendre.leggauss(16)

# Legendre coefficients of the interpolant through the 16 nodes, and its values at -1 and 1.
_TRANSFORM = (
    np.polynomial.legendre.legvander(_NODE, 15) * _WEIGHT[:, None] * (np.arange(16) + 0.5)
).T
_TO_ENDS = np.polynomial.legendre.legvander(np.array([-1.0, 1.0]), 15) @ _TRANSFORM

# Between two centres at distance D the second derivative is a function of t D / sigma^2, t the
# distance from the midpoint, with poles at +-i pi and decay exp(-|t| D / sigma^2); these panels
# resolve it to 1e-13 and leave out 1e-14 of it.
_GRADES = np.array([2.0, 6.0, 12.0, 20.0, 32.0])

# Share of the total below which a panel's unresolved part or a change of sign is ignored.
_RESOLVED = 1e-13

_ROUNDS = 60


@dataclass(frozen=True, kw_only=True)
class _Panels:
    """Intervals of the line in local coordinates: y = c_base + (anchor + anchor_low) + t."""

    base: NDArray[np.intp]
    anchor: NDArray[np.float64]
    anchor_low: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]

    def nodes(self) -> NDArray[np.float64]:
        """Return t at the Gauss-Legendre nodes, shape (panels, 16)."""
        half = 0.5 * (self.right - self.left)
        local: NDArray[np.float64] = (self.left + half)[:, None] + half[:, None] * _NODE
        return local

    def part(self, keep: NDArray[np.bool_]) -> "_Panels":
        """Return the chosen panels."""
        return _Panels(
            base=self.base[keep],
            anchor=self.anchor[keep],
            anchor_low=self.anchor_low[keep],
            left=self.left[keep],
            right=self.right[keep],
        )

    def cut(self, place: NDArray[np.float64]) -> "_Panels":
        """Return the panels cut in two at ``place``, in [-1, 1] along each."""
        middle = self.left + 0.5 * (1.0 + place) * (self.right - self.left)
        before = replace(self, right=middle)
        return _joined(before, replace(self, left=middle))


def score_total_variation(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the total variation of the derivative of the empirical score.

    .. math:: \\int_{-\\infty}^{\\infty}\\lvert s^{\\star\\prime\\prime}(y)\\rvert\\,dy

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    float
        To about 1e-12 of its value. Not certified: see the enclosures of the ledger.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, Lemma 12 (claim ``A.lem12``). Gauss-Legendre panels that follow the data (see
    `weighted_total_variation`); outside the data they double in length up to the point where the
    two outermost weights differ by exp(-50). Cost O(16 p w) for p panels.

    Examples
    --------
    >>> value = score_total_variation([-1.0, 1.0], mu=0.5, sigma=0.01)
    >>> round(value * 0.01**4, 10)  # two points: s*' climbs by (mu D / 2)^2 / sigma^4 and falls
    0.5
    """
    table = centres(check_sample(x), check_mu(mu), check_sigma(sigma))
    panels, values = _resolve(table, _joined(_inner_panels(table), _outer_panels(table)))
    half = 0.5 * (panels.right - panels.left)
    return float(half @ (np.abs(values) @ _WEIGHT))


def weighted_total_variation(x: ArrayLike, *, mu: float, sigma: float) -> float:
    """Return the total variation of the derivative of the empirical score, weighted by pi.

    .. math:: TV_\\pi(s^\\star) = \\int\\lvert s^{\\star\\prime\\prime}(y)\\rvert\\,\\pi(y)\\,dy

    Parameters
    ----------
    x : array_like, shape (n,)
        Distinct data, n >= 2, in any order.
    mu : float
        Contraction of the data, in (0, 1].
    sigma : float
        Noise level, > 0.

    Returns
    -------
    float
        To about 1e-12 of its value. Not certified: see the enclosures of the ledger.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Source: paper A, section 2 and Theorem 4 (claims ``A.thm4``, ``A.x1``). s*'' comes from the
    density, pi from its expectation. The line is cut at data and midpoints, around each midpoint
    in steps of sigma^2 / D; panels whose Legendre coefficients have not decayed are halved; where
    s*'' changes sign within a panel it is cut once more. All nodes are local to a datum, so
    sigma = 1e-6 (a transition narrower than the rounding of y) costs no digit. Cost O(16 p w)
    for the score, p panels, w data within ten sigma, and O(256 p (w + 6)) exponentials for pi.

    Examples
    --------
    >>> value = weighted_total_variation([-1.0, 1.0], mu=0.5, sigma=1e-6)
    >>> round(value * 1e-24, 6)  # tends to pi(0) / 2 = 1/16
    0.0625
    """
    table = centres(check_sample(x), check_mu(mu), check_sigma(sigma))
    sides = one_sided(table.sample, table.mu)
    panels, values = _resolve(table, _inner_panels(table))
    half = 0.5 * (panels.right - panels.left)
    offset = panels.nodes() + panels.anchor[:, None]
    base = np.repeat(panels.base, _NODE.size)
    weight = average_overlap(sides, base, offset.ravel(), table.sigma).reshape(offset.shape)
    return float(half @ ((np.abs(values) * weight) @ _WEIGHT))


def _inner_panels(table: Centres) -> _Panels:
    """Cut [c_1, c_n] at data, midpoints and multiples of sigma^2 / D around them.

    Data closer together than sigma / 2 share a panel: only the first and the last of a bin of
    that width are ends.
    """
    high, sigma = table.high, table.sigma
    bins = np.floor((high - high[0]) / (0.5 * sigma))
    fresh = np.flatnonzero(np.diff(bins) > 0.0)
    ends = np.unique(np.concatenate(([0], fresh, fresh + 1, [high.size - 1])))
    lower, upper = ends[:-1], ends[1:]
    width = (high[upper] - high[lower]) + (table.low[upper] - table.low[lower])
    width_low = _remainder(table, upper, lower, width)
    # Distances from the midpoint at which to cut, cropped to the half gap: (gaps, grades).
    wide = upper == lower + 1
    scale = np.where(wide, sigma**2 / width, np.inf)
    half = 0.5 * width[:, None]
    grades = np.concatenate(([0.0], _GRADES, [np.inf]))
    with np.errstate(invalid="ignore"):
        far = np.fmin(scale[:, None] * grades, half)
    # One panel from end to end where no transition fits into the gap.
    far[~wide, 0] = 0.0
    near, far = far[:, :-1], far[:, 1:]
    base = np.broadcast_to(lower[:, None], near.shape)
    anchor = np.broadcast_to(half, near.shape)
    anchor_low = np.broadcast_to(0.5 * width_low[:, None], near.shape)
    right = _Panels(
        base=base.ravel(),
        anchor=anchor.ravel(),
        anchor_low=anchor_low.ravel(),
        left=near.ravel(),
        right=far.ravel(),
    )
    left = replace(right, left=-right.right, right=-right.left)
    both = _joined(left, right)
    return both.part(both.right > both.left)


def _remainder(
    table: Centres, upper: NDArray[np.intp], lower: NDArray[np.intp], width: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return c_upper - c_lower - width, the part of a distance that one float does not hold."""
    high, low = two_sum(table.high[upper], -table.high[lower])
    rest: NDArray[np.float64] = (high - width) + (low + (table.low[upper] - table.low[lower]))
    return rest


def _outer_panels(table: Centres) -> _Panels:
    """Cut the line outside the data into panels that double in length from sigma on.

    At c_1 - t the second weight is exp(-D(t + D/2)/sigma^2) of the first, D their distance.
    """
    pieces = []
    for base, neighbour, sign in ((0, 1, -1.0), (table.high.size - 1, table.high.size - 2, 1.0)):
        gap = abs(float(table.high[base] - table.high[neighbour]))
        reach = (50.0 + np.log(table.high.size)) * table.sigma**2 / gap
        count = max(1, int(np.ceil(np.log2(reach / table.sigma + 1.0))))
        far = sign * table.sigma * (2.0 ** np.arange(1, count + 1) - 1.0)
        near = np.concatenate(([0.0], far[:-1]))
        pieces.append(
            _Panels(
                base=np.full(count, base),
                anchor=np.zeros(count),
                anchor_low=np.zeros(count),
                left=np.minimum(near, far),
                right=np.maximum(near, far),
            )
        )
    return _joined(*pieces)


def _joined(*pieces: _Panels) -> _Panels:
    return _Panels(
        **{
            field.name: np.concatenate([getattr(piece, field.name) for piece in pieces])
            for field in fields(_Panels)
        }
    )


def _resolve(table: Centres, panels: _Panels) -> tuple[_Panels, NDArray[np.float64]]:
    """Cut panels until s*'' is resolved and of one sign on each; return it at their nodes."""
    done: list[_Panels] = []
    done_values: list[NDArray[np.float64]] = []
    settled = 0.0
    for _ in range(_ROUNDS):
        values = _second_derivative(table, panels)
        half = 0.5 * (panels.right - panels.left)
        share = half * (np.abs(values) @ _WEIGHT)
        negligible = _RESOLVED * (settled + float(share.sum()))
        tail = np.abs(values @ _TRANSFORM[-2:].T).sum(axis=1) * half
        place = _sign_change(values, negligible / half)
        place = np.where(tail > negligible, 0.0, place)
        keep = np.isnan(place)
        done.append(panels.part(keep))
        done_values.append(values[keep])
        settled += float(share[keep].sum())
        if keep.all():
            return _joined(*done), np.concatenate(done_values)
        panels = panels.part(~keep).cut(place[~keep])
    raise ArithmeticError(f"s*'' was not resolved by {_ROUNDS} halvings of its panels")


def _sign_change(
    values: NDArray[np.float64], negligible: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a root of each panel's interpolant, in (-1, 1), or NaN where it keeps its sign.

    Values below ``negligible`` count as zero: the lobe they belong to adds nothing to the total.
    """
    ends = values @ _TO_ENDS.T
    along = np.concatenate((ends[:, :1], values, ends[:, 1:]), axis=1)
    along = np.where(np.abs(along) <= negligible[:, None], 0.0, along)
    root = np.full(len(values), np.nan)
    rows = np.flatnonzero((along.max(axis=1) > 0.0) & (along.min(axis=1) < 0.0))
    for row in rows:
        sign = np.sign(along[row])
        place = np.concatenate(([-1.0], _NODE, [1.0]))[sign != 0.0]
        first = int(np.flatnonzero(np.diff(sign[sign != 0.0]))[0])
        low, high, start = place[first], place[first + 1], sign[sign != 0.0][first]
        coefficient = _TRANSFORM @ values[row]
        while high - low > 1e-14:
            middle = 0.5 * (low + high)
            if start * np.polynomial.legendre.legval(middle, coefficient) > 0.0:
                low = middle
            else:
                high = middle
        root[row] = 0.5 * (low + high)
    return root


def _second_derivative(table: Centres, panels: _Panels) -> NDArray[np.float64]:
    """Return s*'' at the nodes of each panel, shape (panels, 16)."""
    node = panels.nodes().ravel()
    base = np.repeat(panels.base, _NODE.size)
    anchor = np.repeat(panels.anchor, _NODE.size)
    nearest = np.searchsorted(table.edges, table.high[base] + (anchor + node))
    # y - c_nearest = (c_base - c_nearest) + anchor + t: the first two cancel, t must not be hurt.
    step, step_low = two_sum(table.high[base], -table.high[nearest])
    step, anchored_low = two_sum(step, anchor)
    local, local_low = two_sum(step, node)
    local_low += anchored_low + step_low
    local_low += np.repeat(panels.anchor_low, _NODE.size)
    local_low += table.low[base] - table.low[nearest]
    values = np.empty(node.size)
    width = int((table.last - table.first).max()) + 1
    block = max(16, 65536 // width)
    for begin in range(0, node.size, block):
        part = slice(begin, begin + block)
        near = window(table, nearest[part], local[part], local_low[part])
        values[part] = log_derivatives(near, table.sigma)[2]
    return values.reshape(-1, _NODE.size)
