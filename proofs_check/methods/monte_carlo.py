"""An equivalence test: replicates from `numerics/` against a formula.

The error level of the whole ledger is split over its comparisons, so a run over a true ledger
refutes something with at most that probability. The confidence interval is Student's, hence
asymptotic unless the replicates are Gaussian; it is reported as such. A bound on replicates that
are all 0 or 1 is one on a probability: their interval is that of Clopper and Pearson, which holds
for every probability, also where no event or only events were seen. Sizes are fixed in advance:
there is no peeking.
"""

import math
import zlib
from typing import Any

import numpy as np
from flint import fmpq

from numerics.binomial_interval import clopper_pearson
from proofs_check.balls import ball_value
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.evidence import MonteCarlo
from proofs_check.verdict import Finding, Verdict, Witness
from proofs_check.witness import Point, admissible

__all__ = ["contradicted", "interval_of", "replicates_at", "run"]

ROUNDING = 1e-12
"""Relative accuracy that replicates in float64 are trusted to have."""


def run(claim: Claim, evidence: MonteCarlo, context: Context) -> Finding:
    """Compare the mean of replicates with the other side at every parameter set.

    Returns
    -------
    Finding
        SUPPORTED when every confidence interval lies in the equivalence region, REFUTED when one
        interval excludes the formula's side, UNDECIDED when an interval is too wide.
    """
    statement = claim.statement
    level = context.level / len(evidence.at)
    count = evidence.count * (4 if context.full else 1)
    rows: list[dict[str, Any]] = []
    worst, exact = 0.0, True
    for point in evidence.at:
        if admissible(claim, point) is not True:
            return _undecided(f"{_shown(point)} is not admissible")
        sample = replicates_at(evidence, point, count, context.seed)
        mean, half, sure = interval_of(sample, statement.rel, level)
        exact = exact and sure
        target = _number(statement.rhs, point)
        region = float(evidence.margin) * (abs(target) or 1.0)
        rows.append({"at": _shown(point), "mean": mean, "half": half, "formula": target})
        if not math.isfinite(mean + half):
            return _undecided(f"{_shown(point)}: the replicates are not finite")
        if contradicted(statement.rel, mean, half, target):
            witness = Witness(
                values={str(s): v for s, v in point.items()},
                lhs=f"{mean:.6g} +- {half:.2g} ({count} replicates, level {level:.1e})",
                rhs=f"{target:.6g}",
                hypotheses=tuple(str(h) for h in claim.where),
            )
            return Finding(
                method="monte carlo",
                verdict=Verdict.REFUTED,
                detail=f"mean {mean:.6g} +- {half:.2g}, formula {target:.6g} at {_shown(point)}",
                witness=witness,
                certificate={"rows": rows},
            )
        if _excess(statement.rel, mean, target) + half > region:
            return _undecided(
                f"{_shown(point)}: {mean:.6g} +- {half:.2g} does not fit into "
                f"{target:.6g} +- {region:.2g}; more replicates are needed"
            )
        worst = max(worst, 1.7 * half / (abs(target) or 1.0))
    return Finding(
        method="monte carlo",
        verdict=Verdict.SUPPORTED,
        detail=f"{len(rows)} parameter sets within {float(evidence.margin):.1%}; "
        f"detectable relative effect {worst:.2g}",
        certificate={"rows": rows, "level": level, "interval": _kind(exact)},
    )


def _kind(exact: bool) -> str:
    return "Clopper-Pearson" if exact else "Student (asymptotic)"


def _undecided(why: str) -> Finding:
    return Finding(method="monte carlo", verdict=Verdict.UNDECIDED, detail=why)


def _shown(point: Point) -> str:
    return ", ".join(f"{s} = {v}" for s, v in point.items())


def _number(expr: Any, point: Point) -> float:
    value = ball_value(expr, point)
    return float(int(value.p) / int(value.q)) if isinstance(value, fmpq) else float(value.mid())


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


def replicates_at(evidence: MonteCarlo, point: Point, count: int, seed: int) -> Any:
    """Return the replicates at a parameter set.

    The stream depends on seed and parameters only, so a broken variant meets the same replicates.
    """
    key = zlib.crc32(f"{evidence.replicates.__name__}/{_shown(point)}".encode())
    rng = np.random.default_rng([seed, key])
    values = {str(s): (v if isinstance(v, tuple) else float(v)) for s, v in point.items()}
    sample = np.asarray(evidence.replicates(rng, count, **values), dtype=np.float64)
    if sample.shape != (count,):
        raise ValueError(f"{evidence.replicates.__name__} returned shape {sample.shape}")
    return sample


def interval_of(sample: Any, rel: Rel, level: float) -> tuple[float, float, bool]:
    """Return the middle and the half width of a confidence interval, and whether it is exact.

    Events (0 or 1) under a bound get the interval of a probability, all else Student's.
    """
    events = rel is not Rel.EQ and bool(np.isin(sample, (0.0, 1.0)).all())
    middle, half = (_binomial if events else _student)(sample, level)
    return middle, half, events


def _student(sample: Any, level: float) -> tuple[float, float]:
    """Return the mean of the replicates and the half width of Student's interval."""
    from scipy.special import stdtrit

    count = sample.size
    error = float(sample.std(ddof=1)) / math.sqrt(count)
    # replicates carry rounding errors, which show where they hardly vary
    rounding = ROUNDING * float(np.abs(sample).max(initial=0.0))
    return float(sample.mean()), float(stdtrit(count - 1, 1 - level / 2)) * error + rounding


def _binomial(sample: Any, level: float) -> tuple[float, float]:
    """Return the middle and half the length of the Clopper-Pearson interval of a probability.

    Examples
    --------
    >>> middle, half = _binomial(np.zeros(24), 1e-4)
    >>> middle - half, 0.3 < middle + half < 0.4
    (0.0, True)
    """
    low, high = clopper_pearson(int(sample.sum()), sample.size, error=level)
    return 0.5 * (low + high), 0.5 * (high - low)
