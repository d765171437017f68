"""How often a simulation refutes what is true, and how surely it refutes what is not.

For each simulated claim a pool of replicates is drawn once, and its mean is taken for what the
claim says: the null, at its hardest point where the claim is a bound. A null run draws a small
sample from the pool and decides as the engine does, at the level of the whole ledger: where an
asymptotic interval excludes the truth, a larger fresh sample from the pool has to confirm it. The
same with a target that is false by twice the detectable effect gives the power.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from numerics.binomial_interval import clopper_pearson
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from proofs_check.claim import Claim, Rel
from proofs_check.evidence import MonteCarlo
from proofs_check.methods.monte_carlo import (
    FRESH,
    Interval,
    contradicted,
    interval_of,
    judged,
    replicates_at,
)
from proofs_check.trust.whole_ledger import whole_ledger
from proofs_check.witness import admissible

__all__ = [
    "EXPERIMENT",
    "Alarms",
    "Calibration",
    "calibration",
    "null_alarms",
    "simulated",
]

RUNS: Final = 10_000

SIZE: Final = 200
"""Replicates of the first sample of a null run at most; a claim that has fewer keeps its number."""

POOL: Final = 20_000
"""Replicates in a pool at most; a claim whose replicates are dear has as many as it may draw."""

DETECTABLE: Final = 1.7
"""Half widths that the printed detectable effect is long."""


def simulated(claims: Mapping[str, Claim]) -> list[tuple[str, int]]:
    """Return the id and the number of the evidence of every simulation in a ledger."""
    return [
        (name, k)
        for name, claim in claims.items()
        for k, e in enumerate(claim.evidence)
        if isinstance(e, MonteCarlo)
    ]


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """What the decisions of some runs say.

    Attributes
    ----------
    first
        Whether the interval of the first sample excludes the target.
    refuted
        Whether the decision refutes, confirmed where it has to be.
    """

    first: NDArray[np.bool_]
    refuted: NDArray[np.bool_]


def null_alarms(
    pool: NDArray[np.float64],
    rel: Rel,
    level: float,
    *,
    runs: int,
    rng: np.random.Generator,
    size: int = SIZE,
    within: tuple[int, int] | None = None,
    moved: float = 0.0,
) -> Alarms:
    """Return for each run whether the decision refutes a claim about the mean of a pool.

    Parameters
    ----------
    pool
        Replicates; their mean is taken for the true value, so the claim holds with no room.
    rel
        The relation between mean and target.
    level
        Error level of one interval.
    runs
        How many decisions are made, each with samples of its own.
    rng
        Where they come from.
    size
        Replicates of a first sample.
    within
        The declared range of the replicates.
    moved
        By how many half widths the target is false, in the direction that the relation forbids.

    Examples
    --------
    >>> pool = np.random.default_rng(0).standard_normal(1000)
    >>> rng = np.random.default_rng(1)
    >>> bool(null_alarms(pool, Rel.EQ, 1e-6, runs=50, rng=rng).refuted.any())
    False
    """

    def interval(count: int) -> Interval:
        sample = pool[rng.integers(pool.size, size=count)]
        return interval_of(sample, rel, level, within)

    mean = float(pool.mean())
    first, refuted = np.zeros((2, runs), dtype=np.bool_)
    for k in range(runs):
        begun = interval(size)
        away = moved * begun[1]
        target = mean + away if rel in (Rel.GE, Rel.GT) else mean - away
        first[k] = contradicted(rel, begun[0], begun[1], target)
        refuted[k], _ = judged(rel, target, begun, lambda: interval(FRESH * size))
    return Alarms(first=first, refuted=refuted)


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return one cell for each simulation of the ledger; few of them in the quick profile."""
    from proofs_check.fingerprint import files_fingerprint, fingerprint

    by = files_fingerprint("proofs_check/trust/null_runs.py")[:16]
    claims, context = whole_ledger()
    chosen = simulated(claims)
    return [
        {
            "claim": name,
            "evidence": k,
            "runs": 200 if profile == "quick" else RUNS,
            "of": fingerprint(claims[name], context)[:16],
            "by": by,
        }
        for name, k in (chosen[::10] if profile == "quick" else chosen)
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Return which null runs raise a false alarm, and how often a false claim is refuted."""
    del checkpoint
    claims, context = whole_ledger()
    claim = claims[str(parameters["claim"])]
    evidence = claim.evidence[int(parameters["evidence"])]
    if not isinstance(evidence, MonteCarlo):
        raise TypeError(f"{claim.id}: the evidence is no simulation")
    runs = int(parameters["runs"])
    decide = partial(
        null_alarms,
        rel=claim.rel,
        level=context.level / len(evidence.at),
        size=min(SIZE, evidence.count),
        within=evidence.within,
    )
    first, alarms = np.zeros((2, runs), dtype=np.bool_)
    caught = [np.zeros(0, dtype=np.bool_)]
    for number, point in enumerate(evidence.at):
        if admissible(claim, point) is not True:
            raise ValueError(f"{claim.id}: {point} is not admissible, so nothing is simulated")
        pool = _pool(evidence, point)
        rng = np.random.default_rng([int(parameters["evidence"]), number, runs])
        found = decide(pool, runs=runs, rng=rng)
        first |= found.first
        alarms |= found.refuted
        if float(np.ptp(pool)) > 0:
            false = decide(pool, runs=runs // 10, rng=rng, moved=2 * DETECTABLE)
            caught.append(false.refuted)
    return {"first": first, "alarms": alarms, "caught": np.concatenate(caught)}


def _pool(evidence: MonteCarlo, point: Any) -> NDArray[np.float64]:
    """Return replicates with a seed of their own, at most as many as a check draws in all."""
    count = min(POOL, (1 + FRESH) * evidence.count)
    pool: NDArray[np.float64] = replicates_at(evidence, point, count, 20_241)
    return pool[np.isfinite(pool)]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Error rates over all simulations, each with an exact 95 % interval.

    Attributes
    ----------
    runs, alarms
        Null runs of the whole ledger, and how many of them refute something.
    doubted
        In how many some first sample excludes the truth, whether a fresh one confirms it or not.
    falsehoods, caught
        Decisions about a claim false by twice the detectable effect, and how many refute it.
    """

    claims: int
    runs: int
    alarms: int
    falsehoods: int
    caught: int
    doubted: int = 0

    @property
    def alarm_interval(self) -> tuple[float, float]:
        """Clopper-Pearson interval of the false-alarm rate of a full run."""
        return clopper_pearson(self.alarms, self.runs)

    @property
    def power_interval(self) -> tuple[float, float]:
        """Clopper-Pearson interval of the power."""
        return clopper_pearson(self.caught, self.falsehoods)


def calibration(results: Sequence[Arrays]) -> Calibration:
    """Return the error rates from finished cells: run k of every simulation makes full run k."""
    if not results:
        raise ValueError("results was empty; run the experiment first")
    first, alarms = (
        np.stack([cell[part] for cell in results]).any(axis=0) for part in ("first", "alarms")
    )
    caught = np.concatenate([cell["caught"] for cell in results])
    return Calibration(
        claims=len(results),
        runs=int(alarms.size),
        alarms=int(alarms.sum()),
        falsehoods=int(caught.size),
        caught=int(caught.sum()),
        doubted=int(first.sum()),
    )


EXPERIMENT: Final = Experiment(
    name="trust.null_runs",
    says="How often a simulation refutes a true claim, and how surely it refutes a false one",
    cells=cells,
    run=run,
    cost=lambda _parameters: 10.0,
)
