"""The error rates of simulations: measured on the engine's own decision, and able to be bad."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sympy import Rational, Symbol

from numerics.checkpoints import NoCheckpoint
from proofs_check.broken import scale
from proofs_check.claim import Claim, Rel
from proofs_check.context import Context
from proofs_check.domains import Real
from proofs_check.evidence import MonteCarlo
from proofs_check.methods import monte_carlo
from proofs_check.trust import null_runs
from proofs_check.trust.canaries import SECOND_MOMENT, squares
from proofs_check.trust.null_runs import EXPERIMENT, calibration, null_alarms, simulated

LEVEL = 1e-5
RELATIONS = (Rel.EQ, Rel.LE, Rel.GE)


def pool() -> Any:
    return np.random.default_rng(0).standard_normal(2000)


@pytest.mark.parametrize("rel", RELATIONS)
def test_the_decision_seldom_alarms_and_is_powerful(rel: Rel) -> None:
    rng = np.random.default_rng(1)
    assert not null_alarms(pool(), rel, LEVEL, runs=300, rng=rng).any()
    assert null_alarms(pool(), rel, LEVEL, runs=300, rng=rng, moved=3.4).all()


@pytest.mark.parametrize("rel", RELATIONS)
def test_the_rate_follows_the_level(rel: Rel) -> None:
    """At level 1/2 a two-sided interval misses half of the time, a one-sided decision a quarter."""
    rng = np.random.default_rng(2)
    share = null_alarms(pool(), rel, 0.5, runs=2000, rng=rng).mean()
    # five standard errors of a share of 2000 runs
    assert abs(share - (0.5 if rel is Rel.EQ else 0.25)) < 5 * 0.5 / np.sqrt(2000)


def test_an_interval_that_is_too_short_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = monte_carlo.interval_of

    def short(*args: Any) -> Any:
        middle, half, exact = sound(*args)
        return middle, half / 10, exact

    monkeypatch.setattr(null_runs, "interval_of", short)
    rng = np.random.default_rng(1)
    assert null_alarms(pool(), Rel.EQ, LEVEL, runs=100, rng=rng).mean() > 0.3


def test_a_cell_and_what_the_cells_say(monkeypatch: pytest.MonkeyPatch) -> None:
    p = Symbol("p", positive=True)
    evidence = MonteCarlo(
        replicates=squares, at=({p: Fraction(2)},), margin=Rational(1, 5), count=500
    )
    claim = Claim(
        id="t",
        says="s",
        given={p: Real(lo=Rational(0), lo_open=True)},
        lhs=SECOND_MOMENT(p),
        rel=Rel.EQ,
        rhs=p**2,
        evidence=(evidence,),
        broken=(scale("rhs", 2),),
    )
    assert simulated({"t": claim}) == [("t", 0)]
    monkeypatch.setattr(null_runs, "whole_ledger", lambda: ({"t": claim}, Context(level=1e-6)))
    cell = EXPERIMENT.run({"claim": "t", "evidence": 0, "runs": 50}, NoCheckpoint())
    found = calibration([cell, cell])
    assert (found.claims, found.runs, found.falsehoods) == (2, 50, 10)
    low, high = found.alarm_interval
    assert 0 <= low <= found.alarms / 50 <= high
    assert found.power_interval[1] == 1


def test_a_run_alarms_when_one_of_its_simulations_does() -> None:
    cells = [
        {"alarms": np.array([True, False, False]), "caught": np.zeros(0, dtype=np.bool_)},
        {"alarms": np.array([False, False, True]), "caught": np.ones(4, dtype=np.bool_)},
    ]
    assert calibration(cells).alarms == 2


def test_no_results() -> None:
    with pytest.raises(ValueError, match="results was empty"):
        calibration([])
