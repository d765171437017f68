"""Where to draw the nodes of a directed graph without cycles: layers, left to right.

A node's layer is the length of the longest path to it, so every edge points right. Edges that pass
a layer get a point of their own there and run between its nodes. The order within a layer comes
from barycentre sweeps, of which the one with the fewest crossings is kept, and the heights from
isotonic regression towards the neighbours. All of it is deterministic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["Box", "Drawing", "lay_out"]

Point = tuple[float, float]
Edge = tuple[str, str]

SWEEPS = 12
POINT = 2.0
"""Height of the point at which an edge passes a layer."""


@dataclass(frozen=True)
class Box:
    """A node's place: upper left corner and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """Boxes of the nodes, points of the edges from left to right, and the size of it all."""

    boxes: Mapping[str, Box]
    paths: Mapping[Edge, tuple[Point, ...]]
    width: float
    height: float


def lay_out(
    sizes: Mapping[str, Point],
    edges: Sequence[Edge],
    *,
    gap_x: float = 56,
    gap_y: float = 12,
) -> Drawing:
    """Return a layered drawing; the cost is quadratic in the edges between two layers.

    Parameters
    ----------
    sizes
        Width and height of each node, in the order that is kept where edges leave it free.
    edges
        Pairs of nodes, each drawn from left to right; one that closes a cycle is left out.
    gap_x, gap_y
        Space between layers and between nodes of a layer.

    Examples
    --------
    >>> drawing = lay_out({"a": (10, 5), "b": (10, 5)}, [("a", "b")], gap_x=20)
    >>> drawing.boxes["b"].x, drawing.paths["a", "b"], drawing.width
    (30, ((10, 2.5), (30, 2.5)), 40)
    """
    arcs = _without_cycles(list(sizes), edges)
    linked = {name for arc in arcs for name in arc}
    layer = _layers([n for n in sizes if n in linked], arcs)
    columns, chains = _with_points_between(layer, arcs)
    columns = _ordered(columns, chains)
    heights = {n: sizes[n][1] if n in sizes else POINT for column in columns for n in column}
    middle = _middles(columns, chains, heights, gap_y)
    widths = [max(sizes[n][0] for n in column if n in sizes) for column in columns]
    left = [sum(widths[:k]) + k * gap_x for k in range(len(widths))]
    boxes = {
        n: Box(left[k], middle[n] - heights[n] / 2, *sizes[n])
        for k, column in enumerate(columns)
        for n in column
        if n in sizes
    }
    paths = {
        (chain[0], chain[-1]): _points(chain, layer, boxes, middle, left, widths)
        for chain in chains
    }
    return _with_isolated(sizes, boxes, paths, gap_x=gap_x / 2, gap_y=gap_y)


def _without_cycles(names: list[str], edges: Sequence[Edge]) -> list[Edge]:
    below: dict[str, list[str]] = {n: [] for n in names}
    for a, b in dict.fromkeys(edges):
        if a in below and b in below:
            below[a].append(b)
    kept: list[Edge] = []
    done: set[str] = set()
    for root in names:
        if root in done:
            continue
        path, stack = {root}, [(root, iter(below[root]))]
        while stack:
            name, rest = stack[-1]
            child = next(rest, None)
            if child is None:
                stack.pop()
                path.discard(name)
                done.add(name)
            elif child not in path:
                kept.append((name, child))
                if child not in done:
                    path.add(child)
                    stack.append((child, iter(below[child])))
    return kept


def _layers(names: list[str], arcs: list[Edge]) -> dict[str, int]:
    layer = dict.fromkeys(names, 0)
    for _ in names:
        moved = False
        for a, b in arcs:
            if layer[b] <= layer[a]:
                layer[b], moved = layer[a] + 1, True
        if not moved:
            break
    return layer


def _with_points_between(
    layer: Mapping[str, int], arcs: list[Edge]
) -> tuple[list[list[str]], list[list[str]]]:
    """Return the nodes of each layer and, for each edge, the chain of nodes and points it joins."""
    columns: list[list[str]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for name, k in layer.items():
        columns[k].append(name)
    chains = []
    for number, (a, b) in enumerate(arcs):
        chain = [a]
        for k in range(layer[a] + 1, layer[b]):
            # a node's name has no white space, so this one is new
            chain.append(f" {number} {k}")
            columns[k].append(chain[-1])
        chains.append([*chain, b])
    return columns, chains


def _neighbours(chains: list[list[str]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in chains:
        for a, b in pairwise(chain):
            after.setdefault(a, []).append(b)
            before.setdefault(b, []).append(a)
    return before, after


def _ordered(columns: list[list[str]], chains: list[list[str]]) -> list[list[str]]:
    before, after = _neighbours(chains)
    best, fewest = columns, _crossings(columns, after)
    current = columns
    for sweep in range(SWEEPS):
        current = [list(column) for column in current]
        forward = sweep % 2 == 0
        side = before if forward else after
        inner = range(1, len(current)) if forward else range(len(current) - 2, -1, -1)
        for k in inner:
            fixed = {n: i for i, n in enumerate(current[k - 1 if forward else k + 1])}
            own = {n: i for i, n in enumerate(current[k])}
            current[k].sort(key=lambda n, fixed=fixed, own=own: _centre(n, side, fixed, own))  # type: ignore[misc]
        crossings = _crossings(current, after)
        if crossings < fewest:
            best, fewest = current, crossings
    return best


def _centre(
    name: str,
    side: Mapping[str, list[str]],
    fixed: Mapping[str, int],
    own: Mapping[str, int],
) -> tuple[float, int]:
    places = [fixed[n] for n in side.get(name, ()) if n in fixed]
    return (sum(places) / len(places) if places else float(own[name]), own[name])


def _crossings(columns: list[list[str]], after: Mapping[str, list[str]]) -> int:
    total = 0
    for left, right in pairwise(columns):
        place = {n: i for i, n in enumerate(right)}
        ends: list[int] = []
        for name in left:
            new = sorted(place[n] for n in after.get(name, ()) if n in place)
            total += sum(e > n for n in new for e in ends)
            ends += new
    return total


def _middles(
    columns: list[list[str]],
    chains: list[list[str]],
    heights: Mapping[str, float],
    gap: float,
) -> dict[str, float]:
    """Return the height of each node's middle, near the mean of its neighbours."""
    before, after = _neighbours(chains)
    middle: dict[str, float] = {}
    for column in columns:
        middle |= _stacked(column, dict.fromkeys(column, 0.0), heights, gap)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            wish = {}
            for n in column:
                near = [middle[m] for m in (*before.get(n, ()), *after.get(n, ()))]
                wish[n] = sum(near) / len(near) if near else middle[n]
            middle |= _stacked(column, wish, heights, gap)
    top = min((middle[n] - heights[n] / 2 for n in middle), default=0.0)
    return {n: y - top for n, y in middle.items()}


def _stacked(
    column: list[str], wish: Mapping[str, float], heights: Mapping[str, float], gap: float
) -> dict[str, float]:
    """Return the heights closest to the wishes, in least squares, that keep order and distance."""
    offset, offsets = 0.0, []
    for above, name in zip([None, *column], column, strict=False):
        if above is not None:
            # edges may run closer to each other than nodes stand
            apart = gap if heights[above] > POINT < heights[name] else gap / 2
            offset += (heights[above] + heights[name]) / 2 + apart
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for name, shift in zip(column, offsets, strict=True):
        mean, count = wish[name] - shift, 1
        while blocks and blocks[-1][0] >= mean:
            other, size = blocks.pop()
            mean, count = (mean * count + other * size) / (count + size), count + size
        blocks.append((mean, count))
    fitted = [mean for mean, count in blocks for _ in range(count)]
    return {n: f + s for n, f, s in zip(column, fitted, offsets, strict=True)}


def _points(
    chain: list[str],
    layer: Mapping[str, int],
    boxes: Mapping[str, Box],
    middle: Mapping[str, float],
    left: list[float],
    widths: list[float],
) -> tuple[Point, ...]:
    start, end = boxes[chain[0]], boxes[chain[-1]]
    points = [(start.x + start.width, middle[chain[0]])]
    for k, name in enumerate(chain[1:-1], layer[chain[0]] + 1):
        points += [(left[k], middle[name]), (left[k] + widths[k], middle[name])]
    return (*points, (end.x, middle[chain[-1]]))


def _with_isolated(
    sizes: Mapping[str, Point],
    boxes: dict[str, Box],
    paths: Mapping[Edge, tuple[Point, ...]],
    *,
    gap_x: float,
    gap_y: float,
) -> Drawing:
    """Put nodes without edges into rows below the layers."""
    boxes = dict(boxes)
    width = max((b.x + b.width for b in boxes.values()), default=0.0)
    bottom = max((b.y + b.height for b in boxes.values()), default=-2 * gap_y)
    alone = [n for n in sizes if n not in boxes]
    if alone:
        cell = max(sizes[n][0] for n in alone) + gap_x
        tall = max(sizes[n][1] for n in alone) + gap_y
        across = max(1, int((max(width, 4 * cell - gap_x) + gap_x) // cell))
        top = bottom + 2 * gap_y
        for k, n in enumerate(alone):
            boxes[n] = Box(k % across * cell, top + k // across * tall, *sizes[n])
        width = max(b.x + b.width for b in boxes.values())
        bottom = max(b.y + b.height for b in boxes.values())
    return Drawing(boxes=boxes, paths=paths, width=width, height=bottom)
