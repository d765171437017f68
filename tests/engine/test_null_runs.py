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
    assert not null_alarms(pool(), rel, LEVEL, runs=300, rng=rng).first.any()
    assert null_alarms(pool(), rel, LEVEL, runs=300, rng=rng, moved=3.4).refuted.all()


@pytest.mark.parametrize("rel", RELATIONS)
def test_the_rate_follows_the_level(rel: Rel) -> None:
    """At level 1/2 one interval misses on either side a quarter of the time, two 1/16."""
    rng = np.random.default_rng(2)
    runs, sides = 4000, 2 if rel is Rel.EQ else 1
    found = null_alarms(pool(), rel, 0.5, runs=runs, rng=rng, size=60)
    for share, rate in ((found.first.mean(), sides / 4), (found.refuted.mean(), sides / 16)):
        # five standard errors of a share
        assert abs(share - rate) < 5 * np.sqrt(rate * (1 - rate) / runs)


def test_a_skew_law_breaks_one_interval_and_not_the_decision() -> None:
    skew = np.random.default_rng(0).standard_normal(4000) ** 4
    rng = np.random.default_rng(3)
    found = null_alarms(skew, Rel.EQ, 1e-3, runs=4000, rng=rng, size=50)
    # Student's interval misses at 40 times its level: fewer than 80 of 4000 at a rate of 4 % has
    # a probability below 1e-12
    assert found.first.sum() > 80
    # both samples miss below: the product of the rates, and 3 more runs than that in no case
    assert found.refuted.sum() <= 4000 * found.first.mean() ** 2 + 3


def test_events_are_judged_by_one_exact_interval() -> None:
    events = (np.random.default_rng(0).random(4000) < 0.3).astype(np.float64)
    found = null_alarms(events, Rel.LE, 0.2, runs=2000, rng=np.random.default_rng(1), size=50)
    assert (found.first == found.refuted).all()
    # the level of one side and three standard errors of a share of 2000 runs
    assert 0 < found.first.mean() < 0.1 + 3 * np.sqrt(0.1 / 2000)


def test_a_declared_range_keeps_the_level_of_a_skew_law() -> None:
    rare = (np.random.default_rng(0).random(20_000) ** 40).clip(0, 1)
    found = {
        within: null_alarms(
            rare, Rel.EQ, 0.05, runs=1000, rng=np.random.default_rng(1), size=40, within=within
        )
        for within in (None, (0, 1))
    }
    assert found[None].first.mean() > 0.2
    assert found[0, 1].refuted.mean() < 0.05


def test_an_interval_that_is_too_short_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = monte_carlo.interval_of

    def short(*args: Any) -> Any:
        middle, half, exact = sound(*args)
        return middle, half / 10, exact

    monkeypatch.setattr(null_runs, "interval_of", short)
    rng = np.random.default_rng(1)
    assert null_alarms(pool(), Rel.EQ, LEVEL, runs=100, rng=rng).refuted.mean() > 0.1


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
    assert found.alarms <= found.doubted
    low, high = found.alarm_interval
    assert 0 <= low <= found.alarms / 50 <= high
    assert found.power_interval[1] == 1


def test_a_run_alarms_when_one_of_its_simulations_does() -> None:
    first, doubted, last = np.eye(3, dtype=np.bool_)
    cells = [
        {"first": first | doubted, "alarms": first, "caught": np.zeros(0, dtype=np.bool_)},
        {"first": last, "alarms": last, "caught": np.ones(4, dtype=np.bool_)},
    ]
    found = calibration(cells)
    assert (found.alarms, found.doubted, found.caught) == (2, 3, 4)


def test_no_results() -> None:
    with pytest.raises(ValueError, match="results was empty"):
        calibration([])
