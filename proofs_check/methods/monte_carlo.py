"""An equivalence test: replicates from `numerics/` against a formula.

The error level of the whole ledger is split over its comparisons. Two intervals hold for every law:
that of Clopper and Pearson for events (replicates that are all 0 or 1) and that of Hoeffding for
replicates of a declared range. Anything else gets Student's, which keeps its level only
asymptotically: with a few hundred replicates of a skew law it fails more often than one in a
hundred thousand. So an exact interval refutes alone, and one of Student's only together with that
of a fresh, larger sample on the same side of the formula. The samples are independent: the chances
that they err multiply. Both sizes are fixed in advance, so there is no peeking, and the fresh
sample never supports anything.
"""

import math
import zlib
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

import numpy as np
from flint import fmpq

from numerics.binomial_interval import clopper_pearson
from numerics.bounded_mean_interval import hoeffding_interval
from proofs_check.balls import ball_value
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.evidence import MonteCarlo
from proofs_check.verdict import Finding, Verdict, Witness
from proofs_check.witness import Point, admissible

__all__ = ["FRESH", "Interval", "contradicted", "interval_of", "judged", "replicates_at", "run"]

Interval = tuple[float, float, str]
"""Middle, half width and kind of a confidence interval."""

FRESH: Final = 4
"""How many times as many replicates the sample has that confirms a refutation."""

ROUNDING = 1e-12
"""Relative accuracy that replicates in float64 are trusted to have."""

_STUDENT: Final = "Student (asymptotic)"


def run(claim: Claim, evidence: MonteCarlo, context: Context) -> Finding:
    """Compare the mean of replicates with the other side at every parameter set.

    Returns
    -------
    Finding
        SUPPORTED when every confidence interval lies in the equivalence region; REFUTED when an
        interval excludes the formula's side and, unless it is exact, a fresh one does too;
        UNDECIDED when an interval is too wide or not confirmed.
    """
    rel = claim.statement.rel
    rows: list[dict[str, Any]] = []
    kinds: set[str] = set()
    for point in evidence.at:
        if admissible(claim, point) is not True:
            return _undecided(f"{_shown(point)} is not admissible")
        first = _measured(evidence, point, rel, context)
        mean, half, kind = first
        kinds.add(kind)
        target = _number(claim.statement.rhs, point)
        region = float(evidence.margin) * (abs(target) or 1.0)
        rows.append({"at": _shown(point), "mean": mean, "half": half, "formula": target})
        if not math.isfinite(mean + half):
            return _undecided(f"{_shown(point)}: the replicates are not finite")
        again = partial(_measured, evidence, point, rel, context, fresh=True)
        refuted, second = judged(rel, target, first, again)
        if second is not None:
            rows[-1] |= {"fresh mean": second[0], "fresh half": second[1]}
        if refuted:
            return _refuted(claim, evidence, point, context, rows, kind)
        if second is not None:
            return _undecided(
                f"{_shown(point)}: {mean:.6g} +- {half:.2g} excludes {target:.6g}, which "
                f"{second[0]:.6g} +- {second[1]:.2g} of a fresh sample does not confirm"
            )
        if _excess(rel, mean, target) + half > region:
            return _undecided(
                f"{_shown(point)}: {mean:.6g} +- {half:.2g} does not fit into "
                f"{target:.6g} +- {region:.2g}; more replicates are needed"
            )
    worst = max((1.7 * row["half"] / (abs(row["formula"]) or 1.0) for row in rows), default=0.0)
    return Finding(
        method="monte carlo",
        verdict=Verdict.SUPPORTED,
        detail=f"{len(rows)} parameter sets within {float(evidence.margin):.1%}; "
        f"detectable relative effect {worst:.2g}",
        certificate=_certificate(rows, evidence, context, kinds),
    )


def _refuted(
    claim: Claim,
    evidence: MonteCarlo,
    point: Point,
    context: Context,
    rows: list[dict[str, Any]],
    kind: str,
) -> Finding:
    """Return the finding of a refutation at the point of the last row."""
    row = rows[-1]
    count = _count(evidence, context)
    found = f"{row['mean']:.6g} +- {row['half']:.2g} ({count} replicates)"
    if "fresh mean" in row:
        again = f"{row['fresh mean']:.6g} +- {row['fresh half']:.2g}"
        found += f" and {again} ({FRESH * count} fresh ones)"
    level = context.level / len(evidence.at)
    return Finding(
        method="monte carlo",
        verdict=Verdict.REFUTED,
        detail=f"statistical, no exact witness: mean {found}, formula {row['formula']:.6g} "
        f"at {row['at']}",
        witness=Witness(
            values={str(s): v for s, v in point.items()},
            lhs=f"{found}, interval: {kind}, level {level:.1e}",
            rhs=f"{row['formula']:.6g}",
            hypotheses=tuple(str(h) for h in claim.where),
        ),
        certificate=_certificate(rows, evidence, context, {kind}),
    )


def _certificate(
    rows: list[dict[str, Any]], evidence: MonteCarlo, context: Context, kinds: set[str]
) -> dict[str, Any]:
    """Return the rows with the level of one interval and the weakest kind among them."""
    kind = _STUDENT if _STUDENT in kinds else ", ".join(sorted(kinds))
    return {"rows": rows, "level": context.level / len(evidence.at), "interval": kind}


def _undecided(why: str) -> Finding:
    return Finding(method="monte carlo", verdict=Verdict.UNDECIDED, detail=why)


def _shown(point: Point) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items())


def _number(expr: Any, point: Point) -> float:
    value = ball_value(expr, point)
    return float(int(value.p) / int(value.q)) if isinstance(value, fmpq) else float(value.mid())


def judged(
    rel: Rel, target: float, first: Interval, again: Callable[[], Interval]
) -> tuple[bool, Interval | None]:
    """Return whether a target is refuted, and the interval of the fresh sample if one was drawn.

    Parameters
    ----------
    rel
        What the claim says of the mean and the target.
    target
        Its other side.
    first
        Interval of the first sample; it refutes alone if it is exact.
    again
        Draws the fresh sample; called once at most, and only where an asymptotic interval excludes
        the target.

    Examples
    --------
    >>> judged(Rel.EQ, 0.0, (1.0, 0.5, "Student (asymptotic)"), lambda: (0.2, 0.3, "..."))
    (False, (0.2, 0.3, '...'))
    """
    mean, half, kind = first
    if not contradicted(rel, mean, half, target):
        return False, None
    if kind != _STUDENT:
        return True, None
    second = again()
    same_side = (second[0] > target) == (mean > target)
    return same_side and contradicted(rel, second[0], second[1], target), second


def contradicted(rel: Rel, mean: float, half: float, target: float) -> bool:
    """Return whether an interval leaves no room for what the relation says of the target."""
    if rel is Rel.EQ:
        return abs(mean - target) > half
    if rel in (Rel.LE, Rel.LT):
        return mean - half > target
    return mean + half < target


def _excess(rel: Rel, mean: float, target: float) -> float:
    """Return how far the mean lies beyond what the relation allows."""
    if rel is Rel.EQ:
        return abs(mean - target)
    return mean - target if rel in (Rel.LE, Rel.LT) else target - mean


def _count(evidence: MonteCarlo, context: Context) -> int:
    """Return the replicates of a first sample."""
    return evidence.count * (4 if context.full else 1)


def _measured(
    evidence: MonteCarlo, point: Point, rel: Rel, context: Context, *, fresh: bool = False
) -> Interval:
    """Return the interval of the first or of the fresh sample at a parameter set."""
    count = _count(evidence, context) * (FRESH if fresh else 1)
    sample = replicates_at(evidence, point, count, context.seed, fresh=fresh)
    return interval_of(sample, rel, context.level / len(evidence.at), evidence.within)


def replicates_at(
    evidence: MonteCarlo, point: Point, count: int, seed: int, *, fresh: bool = False
) -> Any:
    """Return the replicates at a parameter set, of the first or of the fresh sample.

    The stream depends on seed and parameters only, so a broken variant meets the same replicates;
    they are kept for it.
    """
    key = zlib.crc32(f"{evidence.replicates.__name__}/{_shown(point)}".encode())
    values = {str(s): (v if isinstance(v, tuple) else float(v)) for s, v in point.items()}
    stream = (seed, key, 1) if fresh else (seed, key)
    return _drawn(evidence.replicates, tuple(values.items()), count, stream)


@lru_cache(maxsize=16)
def _drawn(
    replicates: Callable[..., Any],
    values: tuple[tuple[str, Any], ...],
    count: int,
    stream: tuple[int, ...],
) -> Any:
    rng = np.random.default_rng(list(stream))
    sample = np.array(replicates(rng, count, **dict(values)), dtype=np.float64)
    if sample.shape != (count,):
        raise ValueError(f"{replicates.__name__} returned shape {sample.shape}")
    sample.setflags(write=False)
    return sample


def interval_of(
    sample: Any, rel: Rel, level: float, within: tuple[int, int] | None = None
) -> Interval:
    """Return a confidence interval of the mean of some replicates.

    Replicates that are all 0 or 1 are events; where they are all equal and said to equal a number,
    they are taken for that number, as any other constant is.

    Raises
    ------
    ValueError
        A replicate lies outside of the declared range.
    """
    if within is not None:
        return _bounded(sample, level, within)
    events = sample[0] in (0.0, 1.0) and bool(((sample == 0.0) | (sample == 1.0)).all())
    varied = rel is not Rel.EQ or bool((sample != sample[0]).any())
    return (_binomial if events and varied else _student)(sample, level)


def _student(sample: Any, level: float) -> Interval:
    """Return the mean of the replicates and the half width of Student's interval."""
    from scipy.special import stdtrit

    count = sample.size
    mean = float(sample.mean())
    from_mean = sample - mean
    error = math.sqrt(float(from_mean @ from_mean) / (count - 1) / count) if count > 1 else math.nan
    # replicates carry rounding errors, which show where they hardly vary
    rounding = ROUNDING * float(np.abs(sample).max())
    half = float(stdtrit(count - 1, 1 - level / 2)) * error + rounding
    return mean, half, _STUDENT


def _binomial(sample: Any, level: float) -> Interval:
    """Return the Clopper-Pearson interval of a probability.

    Examples
    --------
    >>> middle, half, _ = _binomial(np.zeros(24), 1e-4)
    >>> middle - half, 0.3 < middle + half < 0.4
    (0.0, True)
    """
    low, high = clopper_pearson(int(sample.sum()), sample.size, error=level)
    return 0.5 * (low + high), 0.5 * (high - low), "Clopper-Pearson"


def _bounded(sample: Any, level: float, within: tuple[int, int]) -> Interval:
    """Return Hoeffding's interval of the mean of replicates in a range."""
    lo, hi = within
    if not bool(((sample >= lo) & (sample <= hi)).all()):
        raise ValueError(f"a replicate lies outside of the declared range {lo} to {hi}")
    share = (float(sample.mean()) - lo) / (hi - lo)
    ends = hoeffding_interval(share, sample.size, error=level)
    low, high = (lo + (hi - lo) * end for end in ends)
    return 0.5 * (low + high), 0.5 * (high - low), "Hoeffding"
