"""Has a generator memorized its training set? Paper B's metric on samples, and what it lacks.

The metric's sign depends on the numbers of points (`B.transition.equal`, `B.pdelta.null`), so next
to it stand a gap at equal sizes with its permutation null, nearest neighbours, the maximum mean
discrepancy and the Wasserstein distance, each with what fresh points get.
"""

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.assignment import wasserstein_squared
from numerics.kernel_density import kernel_width
from numerics.kernel_metrics import KernelMetrics, set_metrics
from numerics.memory_gap import MemoryGap, memory_gap
from numerics.mmd import mmd_squared
from numerics.nearest_neighbour import memorization_ratio
from numerics.pair_blocks import Precision

__all__ = ["FEWEST", "MOST", "Memorization", "memorization"]

Array = NDArray[np.float64]

FEWEST: Final = 10
"""Points of a set below which no share or interval says anything."""
MOST: Final = 20_000
"""Points of a set beyond which pairs take minutes."""
_MANY: Final = 4_000
"""Points of all sets beyond which exponents of pairs are formed in single precision."""
_TRANSPORTED: Final = 1_000
"""Points of each set that are assigned to each other."""
_DISCREPANCY: Final = 2_000
"""Points of each set that the discrepancy is taken of."""
_COPY: Final = 1.0 / 3.0
"""Ratio of distances to the two nearest training points below which a point counts as a copy."""


@dataclass(frozen=True, kw_only=True)
class Memorization:
    """What was measured; distances are in units of each coordinate's standard deviation.

    Attributes
    ----------
    sizes
        Points of the sets by name.
    dimension
        Coordinates of a point.
    e_tg, e_og
        Logarithms of the squared distances over the squared norm of the train or original density.
    delta_sign, delta_log
        Sign (0: not decided by rounding) and logarithm of the modulus of the paper's gap.
    gap, gap_low, gap_high, gap_p_value, gap_size
        Gap at equal sizes in standard deviations of its null, its 95 % bootstrap interval, the
        share of the null that is as low, and the number of points of each set.
    copies, copies_fresh
        Share of generated, and of original, points that are copies of training points.
    nearer
        Share of generated points nearer to a training point than to any of as many fresh points.
    mmd_train, mmd_original, mmd_fresh
        Squared discrepancies generated-train, generated-original, train-original.
    w2_train, w2_original, w2_fresh, w2_size
        Squared Wasserstein distances over the dimension, in the same order, and the points used.
    notes
        Caveats that belong to these data.
    """

    sizes: dict[str, int]
    dimension: int
    e_tg: float
    e_og: float | None = None
    delta_sign: int | None = None
    delta_log: float | None = None
    gap: float | None = None
    gap_low: float | None = None
    gap_high: float | None = None
    gap_p_value: float | None = None
    gap_size: int | None = None
    copies: float = 0.0
    copies_fresh: float | None = None
    nearer: float | None = None
    mmd_train: float = 0.0
    mmd_original: float | None = None
    mmd_fresh: float | None = None
    w2_train: float = 0.0
    w2_original: float | None = None
    w2_fresh: float | None = None
    w2_size: int = 0
    notes: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return the values for JSON: no infinities."""
        values = asdict(self)
        return {k: _finite(v) for k, v in values.items()}


def memorization(
    train: Array,
    generated: Array,
    original: Array | None,
    *,
    seed: int = 0,
    permutations: int = 199,
) -> Memorization:
    r"""Measure how close a generated set is to its training set, and to fresh points.

    Parameters
    ----------
    train, generated, original : ndarray, shapes (n, d), (k, d), (N, d)
        Points; original ones are of the same law as the training set and were not trained on.
    seed : int
        Of the subsets, the permutations and the bootstrap.
    permutations : int
        Of the null.

    Returns
    -------
    Memorization
        All that can be said; without original points no gap and no null.

    Raises
    ------
    ValueError
        Dimensions that differ, too few or too many points, a constant column.

    Notes
    -----
    Claims ``B.metric``, ``B.pdelta``, ``B.circular``, ``B.w2``. Cost: some five products of
    n x d by d x n; 5 000 points of 1 024 coordinates each take less than 1 GB.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> train, fresh = rng.standard_normal((2, 40, 3))
    >>> found = memorization(train, train.copy(), fresh)
    >>> found.copies, found.gap_p_value < 0.02
    (1.0, True)
    """
    sets = {"train": train, "generated": generated}
    if original is not None:
        sets["original"] = original
    _check(sets)
    rng = np.random.default_rng(seed)
    real = np.vstack([sets[name] for name in ("train", "original") if name in sets])
    centre, scale = real.mean(axis=0), real.std(axis=0)
    scaled = {name: (points - centre) / scale for name, points in sets.items()}
    sizes = {name: len(points) for name, points in sets.items()}
    precision: Precision = "single" if sum(sizes.values()) > _MANY else "double"
    found: dict[str, Any] = {"sizes": sizes, "dimension": train.shape[1]}
    found |= _distances(scaled, precision)
    found |= _neighbours(rng, scaled)
    found |= _discrepancies(rng, scaled)
    found |= _transports(rng, scaled)
    if original is not None:
        found |= _gap(rng, scaled, permutations, precision)
    return Memorization(**found, notes=_notes(sets, scaled))


def _check(sets: dict[str, Array]) -> None:
    d = sets["train"].shape[1]
    for name, points in sets.items():
        if points.shape[1] != d:
            raise ValueError(f"{name} has {points.shape[1]} columns and train {d}; they must agree")
        if len(points) < FEWEST:
            raise ValueError(f"{name} has {len(points)} points; at least {FEWEST} are needed")
        if len(points) > MOST:
            raise ValueError(f"{name} has {len(points)} points; draw at most {MOST} of them")
        constant = np.flatnonzero(points.max(axis=0) == points.min(axis=0))
        if constant.size:
            raise ValueError(
                f"{name} has the same number in all of column {constant[0] + 1}; leave such "
                "columns out of all sets"
            )


def _width(points: Array) -> float:
    return kernel_width(len(points), points.shape[1], s_d=1.0)


def _distances(sets: dict[str, Array], precision: Precision) -> dict[str, Any]:
    """Return the squared distances and the gap as the paper defines them."""
    other = sets.get("original", sets["train"])
    points = (sets["generated"], sets["train"], other)
    widths = tuple(_width(p) for p in points)
    metrics = set_metrics(*points, widths=(widths[0], widths[1], widths[2]), precision=precision)
    found: dict[str, Any] = {"e_tg": metrics.log_e_tg - _norm(metrics, "train")}
    if "original" in sets:
        delta = metrics.delta
        if delta.sign == 0 and precision == "single":
            return _distances(sets, "double")
        found |= {
            "e_og": metrics.log_e_og - _norm(metrics, "original"),
            "delta_sign": delta.sign,
            "delta_log": delta.log_size,
        }
    return found


def _norm(metrics: KernelMetrics, name: str) -> float:
    reference = getattr(metrics, name)
    return float(np.logaddexp(reference.log_diagonal, reference.log_pairs))


def _gap(
    rng: np.random.Generator, sets: dict[str, Array], permutations: int, precision: Precision
) -> dict[str, Any]:
    size = min(len(sets["train"]), len(sets["original"]))
    found: MemoryGap = memory_gap(
        rng,
        sets["generated"],
        _some(rng, sets["train"], size),
        _some(rng, sets["original"], size),
        width=kernel_width(size, sets["train"].shape[1], s_d=1.0),
        width_generated=_width(sets["generated"]),
        permutations=permutations,
        precision=precision,
    )
    unit = float(found.null.std())
    unit = unit if unit > 0.0 else 1.0
    low, high = np.quantile(found.bootstrap, [0.025, 0.975])
    return {
        "gap": found.observed / unit,
        "gap_low": float(low) / unit,
        "gap_high": float(high) / unit,
        "gap_p_value": found.p_value,
        "gap_size": size,
    }


def _neighbours(rng: np.random.Generator, sets: dict[str, Array]) -> dict[str, Any]:
    distinct = np.unique(sets["train"], axis=0)
    if len(distinct) < 2:
        raise ValueError("train has one distinct point; nearest neighbours need two")
    ratios = memorization_ratio(sets["generated"], distinct)
    found: dict[str, Any] = {"copies": float((ratios < _COPY).mean())}
    if "original" in sets:
        from numerics.nearest_neighbour import nearest_two

        fresh = memorization_ratio(sets["original"], distinct)
        found["copies_fresh"] = float((fresh < _COPY).mean())
        size = min(len(distinct), len(sets["original"]))
        to_train = nearest_two(sets["generated"], _some(rng, distinct, size)).first
        to_fresh = nearest_two(sets["generated"], _some(rng, sets["original"], size)).first
        ties = 0.5 * float((to_train == to_fresh).mean())
        found["nearer"] = float((to_train < to_fresh).mean()) + ties
    return found


def _pairs(sets: dict[str, Array]) -> dict[str, tuple[str, str]]:
    pairs = {"train": ("generated", "train")}
    if "original" in sets:
        pairs |= {"original": ("generated", "original"), "fresh": ("train", "original")}
    return pairs


def _discrepancies(rng: np.random.Generator, sets: dict[str, Array]) -> dict[str, Any]:
    """Return discrepancies at the median distance of some training points."""
    some = {name: _some(rng, points, _DISCREPANCY) for name, points in sets.items()}
    few = _some(rng, sets["train"], 200)
    gaps = ((few[:, None] - few[None]) ** 2).sum(axis=2) if few.shape[1] <= 64 else _squares(few)
    distances = np.sqrt(gaps[np.triu_indices(len(few), 1)])
    bandwidth = float(np.median(distances)) or 1.0
    return {
        f"mmd_{name}": mmd_squared(some[a], some[b], bandwidth=bandwidth)
        for name, (a, b) in _pairs(sets).items()
    }


def _squares(points: Array) -> Array:
    from scipy.spatial.distance import cdist

    squares: Array = cdist(points, points, "sqeuclidean")
    return squares


def _transports(rng: np.random.Generator, sets: dict[str, Array]) -> dict[str, Any]:
    size = min(_TRANSPORTED, *(len(points) for points in sets.values()))
    some = {name: _some(rng, points, size) for name, points in sets.items()}
    d = sets["train"].shape[1]
    found: dict[str, Any] = {
        f"w2_{name}": wasserstein_squared(some[a], some[b]) / d
        for name, (a, b) in _pairs(sets).items()
    }
    return found | {"w2_size": size}


def _some(rng: np.random.Generator, points: Array, size: int) -> Array:
    """Return a random subset, or all points in their order if there are no more."""
    if len(points) <= size:
        return points
    return points[np.sort(rng.choice(len(points), size, replace=False))]


def _notes(sets: dict[str, Array], scaled: dict[str, Array]) -> tuple[str, ...]:
    notes = []
    n, d = sets["train"].shape
    for name, points in sets.items():
        repeated = len(points) - len(np.unique(points, axis=0))
        if repeated:
            notes.append(f"{repeated} of the {len(points)} {name} points are repeated")
    spread = scaled["generated"].std()
    if not 0.2 < spread < 5.0 or np.abs(scaled["generated"].mean(axis=0)).mean() > 3.0:
        notes.append(
            "the generated points are on another scale than the data; bring all sets to one scale"
        )
    if "original" in sets and len(sets["original"]) != n:
        notes.append(
            f"train has {n} and original {len(sets['original'])} points: the paper's Delta then "
            "compares kernels of two widths and its sign says little by itself"
        )
    if d > 20:
        notes.append(
            f"in {d} dimensions kernels of the paper's width hardly overlap: both squared "
            "distances are dominated by what does not depend on the generator"
        )
    shared = _shared(sets["train"], sets["original"]) if "original" in sets else 0
    if shared:
        notes.append(
            f"{shared} original points are training points: leave them out, the null needs points "
            "that were not trained on"
        )
    if "original" not in sets:
        notes.append("without --original there is no null: distances cannot tell memory from fit")
    return tuple(notes)


def _shared(train: Array, original: Array) -> int:
    """Return how many original points are training points."""
    known = {row.tobytes() for row in train + 0.0}
    return sum(row.tobytes() in known for row in original + 0.0)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
