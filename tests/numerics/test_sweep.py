"""The table of a sweep is the same for any executor and order, and whatever kills it on the way."""

import contextlib
import importlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from numerics import executors as executors_module
from numerics.checkpoints import FileCheckpoint, NoCheckpoint, checkpoint_file
from numerics.executors import dask_cluster, processes
from numerics.experiments.experiment import Cell, Experiment
from numerics.store import Store
from numerics.sweep import ExecutorLostError, Outcome, grid, missing, sweep

FOLDER = Path(__file__).parents[1] / "experiments"


class Toys(Protocol):
    """What the toy module offers here."""

    BLOCKS: int
    EXPERIMENT: Experiment
    FAULTY: Experiment
    THREADS: Experiment


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import the toys under the name that workers find them by."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("toy_experiment")


def computed(
    path: Path,
    cells: Sequence[Cell],
    executors: Callable[[], contextlib.AbstractContextManager[Executor]] | None = None,
) -> str:
    """Compute what is missing, in threads by default, and return the digest of the table."""
    executors = executors or partial(ThreadPoolExecutor, 4)
    with Store(path) as store:
        for outcome in sweep(store, missing(store, cells), executors, window=4):
            assert outcome.error == ""
        table = store.table(cells)
    assert len(table) == len(cells)
    return table.digest()


def test_the_table_is_the_same_for_any_executor_and_order(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.EXPERIMENT, "quick")
    shuffled = random.Random(1).sample(cells, len(cells))
    digests = {
        "4 threads": computed(tmp_path / "a", cells),
        "1 thread": computed(tmp_path / "b", shuffled, partial(ThreadPoolExecutor, 1)),
        "1 process": computed(tmp_path / "c", cells, partial(processes, 1)),
        "2 processes": computed(tmp_path / "d", shuffled, partial(processes, 2)),
    }
    assert len(set(digests.values())) == 1, digests


def test_the_table_is_that_of_computing_by_hand(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.EXPERIMENT, "quick")
    computed(tmp_path / "a", cells)
    with Store(tmp_path / "a") as store:
        for row in store.table(cells):
            expected = toys.EXPERIMENT.run(row.parameters, NoCheckpoint())
            assert row["path"].tolist() == expected["path"].tolist()


# distributed leaves the closing of its sockets to the garbage collector
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_the_table_is_the_same_on_a_dask_scheduler(toys: Toys, tmp_path: Path) -> None:
    from distributed import LocalCluster

    cells = grid(toys.EXPERIMENT, "quick")
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, processes=False, protocol="tcp://", dashboard_address=":0"
    ) as cluster:
        on_dask = computed(
            tmp_path / "a", cells, partial(dask_cluster, cluster.scheduler_address, 1)
        )
    assert on_dask == computed(tmp_path / "b", cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_the_table_is_the_same_on_processes_of_dask(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.EXPERIMENT, "quick")
    on_dask = computed(tmp_path / "a", cells, partial(dask_cluster, None, 2))
    assert on_dask == computed(tmp_path / "b", cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_cell_that_kills_workers_of_dask_stops_no_sweep(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.FAULTY, "quick")
    with Store(tmp_path / "r") as store:
        outcomes = list(sweep(store, cells, partial(dask_cluster, None, 2), window=2))
    assert {o.cell.parameters["fault"] for o in outcomes if o.error} == {"raises", "dies", "object"}


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_scheduler_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors_module, "PATIENCE", 0.3)
    with (
        pytest.raises(ValueError, match="where no dask scheduler answers") as caught,
        dask_cluster("tcp://127.0.0.1:9", 1),
    ):
        pass
    assert "\n" not in str(caught.value)


class Leaving(ThreadPoolExecutor):
    """An executor that gives up every cell but the first."""

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        first = not hasattr(self, "left")
        self.left = True
        if first:
            return super().submit(*args, **kwargs)
        given_up: Future[Any] = Future()
        given_up.cancel()
        given_up.set_running_or_notify_cancel()
        return given_up


def test_an_executor_that_gives_up_is_told_and_costs_nothing(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.EXPERIMENT, "quick")
    with Store(tmp_path / "r") as store:
        with pytest.raises(ExecutorLostError, match="finished cells are kept"):
            list(sweep(store, cells, partial(Leaving, 1), window=1))
        assert store.done(cells) == {cells[0].key}
        assert store.failures(cells) == {}


def test_dask_that_is_not_installed_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ValueError, match=r"pip install 'scoreproof\[cluster\]'"),
        dask_cluster(None, 1),
    ):
        pass


def test_quick_cells_are_not_computed_again_for_the_paper(toys: Toys, tmp_path: Path) -> None:
    quick, paper = grid(toys.EXPERIMENT, "quick"), grid(toys.EXPERIMENT, "paper")
    computed(tmp_path / "r", quick)
    with Store(tmp_path / "r") as store:
        left = missing(store, paper)
    assert len(left) == len(paper) - len(quick)
    assert {c.key for c in left} == {c.key for c in paper} - {c.key for c in quick}


def test_results_of_another_version_are_not_used(toys: Toys, tmp_path: Path) -> None:
    computed(tmp_path / "r", grid(toys.EXPERIMENT, "quick"))
    newer = grid(replace(toys.EXPERIMENT, version=2), "quick")
    with Store(tmp_path / "r") as store:
        assert missing(store, newer) == list(newer)


def test_costly_cells_come_first(toys: Toys, tmp_path: Path) -> None:
    costly = replace(toys.EXPERIMENT, cost=lambda p: float(p["seed"]))
    with Store(tmp_path / "r") as store:
        order = [c.parameters["seed"] for c in missing(store, grid(costly, "quick"))]
    assert order == sorted(order, reverse=True)


def test_two_equal_cells_are_refused(toys: Toys) -> None:
    twice = replace(toys.EXPERIMENT, cells=lambda _: [{"seed": 1}, {"seed": 1}])
    with pytest.raises(ValueError, match=r"held \{'seed': 1\} twice"):
        grid(twice, "quick")


def faults(outcomes: list[Outcome]) -> dict[object, str]:
    return {o.cell.parameters["seed"]: o.error for o in outcomes}


def test_a_cell_that_fails_or_kills_its_process_is_recorded(toys: Toys, tmp_path: Path) -> None:
    cells = grid(toys.FAULTY, "quick")
    with Store(tmp_path / "r") as store:
        said = faults(list(sweep(store, cells, partial(processes, 2), window=4)))
        assert said[0] == said[2] == said[5] == ""
        assert said[1] == "ArithmeticError: the risk was not finite"
        assert said[3] == "the process that computed the cell died"
        assert said[4].startswith("ValueError: path was an array of object")
        assert len(store.table(cells)) == 3
        failures = store.failures(cells)
        assert 'raise ArithmeticError("the risk' in failures[cells[1].key].trace
        # they are computed again by the next run, unless it says otherwise
        assert {c.parameters["seed"] for c in missing(store, cells)} == {1, 3, 4}
        assert missing(store, cells, retry_failed=False) == []


def test_a_cell_that_dies_once_goes_on_from_its_checkpoint(toys: Toys, tmp_path: Path) -> None:
    cell = Cell(experiment=toys.FAULTY, parameters={"seed": 7, "fault": "once"})
    with Store(tmp_path / "r") as store:
        one = partial(processes, 1)
        # the first attempt dies after it has saved; the same sweep tries it alone, and it ends
        outcomes = list(sweep(store, [cell], one, window=2, checkpoint_every=0.0))
        assert faults(outcomes) == {7: ""}
        assert not checkpoint_file(store.path, cell.key).exists()


def test_a_resumed_walk_is_the_walk(toys: Toys, tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    class Stopping(FileCheckpoint):
        def save(self, state: Any) -> None:
            super().save(state)
            if int(state["block"]) == 2:
                raise StoppedError

    parameters = grid(toys.EXPERIMENT, "quick")[0].parameters
    place = tmp_path / "c.state"
    with pytest.raises(StoppedError):
        toys.EXPERIMENT.run(parameters, Stopping(place, every=0.0))
    state = FileCheckpoint(place).load()
    assert state is not None
    assert len(state["path"]) == 2
    # what was kept is used: another start gives another end
    resumed = toys.EXPERIMENT.run(parameters, FileCheckpoint(place))
    whole = toys.EXPERIMENT.run(parameters, NoCheckpoint())
    assert resumed["path"].tolist() == whole["path"].tolist()
    FileCheckpoint(place, every=0.0).save({"block": np.array(2), "path": np.zeros(2)})
    assert toys.EXPERIMENT.run(parameters, FileCheckpoint(place))["path"][0] == 0.0


def test_workers_have_one_thread_each(
    toys: Toys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    cells = grid(toys.THREADS, "quick")
    with Store(tmp_path / "r") as store:
        assert len(list(sweep(store, cells, partial(processes, 1), window=1))) == 1
        assert store.table(cells).stack("threads").tolist() == [["1"]]
    # and the process that started them keeps its own setting
    assert "OPENBLAS_NUM_THREADS" not in os.environ


def test_stopping_early_ends_the_workers_and_keeps_what_was_yielded(
    toys: Toys, tmp_path: Path
) -> None:
    slow = replace(
        toys.EXPERIMENT, cells=lambda _: [{"eta": 1.0, "seed": k, "pause": 0.0} for k in (0, 1)]
    )
    cells = [
        *grid(slow, "quick"),
        Cell(experiment=slow, parameters={"eta": 1.0, "seed": 2, "pause": 1000.0}),
    ]
    start = time.monotonic()
    with Store(tmp_path / "r") as store:
        with contextlib.closing(sweep(store, cells, partial(processes, 1), window=1)) as outcomes:
            first = next(outcomes)
            second = next(outcomes)
            # the third cell is not even handed out: the generator stands at its second yield
        with contextlib.closing(sweep(store, cells[2:], partial(processes, 2), window=2)):
            pass
        assert store.done(cells) == {first.cell.key, second.cell.key}
    assert time.monotonic() - start < 60  # not the 4000 seconds of the third cell


RUNNER = """
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, sys.argv[1])
import toy_experiment

from numerics.executors import processes
from numerics.store import Store
from numerics.sweep import grid, missing, sweep

if __name__ == "__main__":
    cells = grid(toy_experiment.EXPERIMENT, "paper")
    print("started", flush=True)
    with Store(Path(sys.argv[2])) as store:
        left = missing(store, cells)
        executors = partial(processes, 2)
        for outcome in sweep(store, left, executors, window=4, checkpoint_every=0.0):
            print(outcome.cell.key, flush=True)
"""
"""A sweep in a process of its own; it says which cells it has, each on a line."""


def run_and_kill(script: Path, store: Path, *, cells: int, wait: float, number: int) -> set[str]:
    """Start a sweep, send it a signal some time after so many cells; return the cells it named."""
    words = [sys.executable, str(script), str(FOLDER), str(store)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    with process:
        lines = [process.stdout.readline() for _ in range(1 + cells)]
        time.sleep(wait)
        process.send_signal(number)
        # the workers write to the same pipe: it ends when the last of them has gone
        rest, _ = process.communicate(timeout=30)
    return {line.strip() for line in [*lines, *rest.splitlines()]} - {"started", ""}


def survives(kills: int, toys: Toys, tmp_path: Path) -> None:
    """Kill a sweep at random moments; nothing it had said is lost, and the table is the same."""
    script, path = tmp_path / "runner.py", tmp_path / "r.sqlite"
    script.write_text(RUNNER)
    cells = grid(toys.EXPERIMENT, "paper")
    moments = random.Random(kills)
    said: set[str] = set()
    before: set[str] = set()
    for _ in range(kills):
        said |= run_and_kill(
            script,
            path,
            cells=moments.randrange(12),
            wait=moments.uniform(0.0, 0.05),
            number=signal.SIGKILL,
        )
        file = sqlite3.connect(path)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        file.close()
        with Store(path) as store:
            done = store.done(cells)
            assert {row["path"].size for row in store.table(cells)} <= {toys.BLOCKS}
        assert said <= done
        assert before <= done
        before = done
        if len(done) > len(cells) - 20:
            # nearly finished: keep it, and let the next ones begin anew
            assert computed(path, cells) == computed(tmp_path / "undisturbed", cells)
            path.unlink()
            said, before = set(), set()
    assert computed(path, cells) == computed(tmp_path / "undisturbed", cells)
    # a kill between a commit and the end of its checkpoint leaves one until the next opening
    Store(path).close()
    assert list(tmp_path.glob("*.checkpoints/*")) == []


def test_a_sweep_that_is_killed_loses_nothing(toys: Toys, tmp_path: Path) -> None:
    survives(4, toys, tmp_path)


@pytest.mark.slow
def test_a_sweep_that_is_killed_fifty_times_loses_nothing(toys: Toys, tmp_path: Path) -> None:
    survives(50, toys, tmp_path)


def test_ctrl_c_leaves_a_clean_file(toys: Toys, tmp_path: Path) -> None:
    script, path = tmp_path / "runner.py", tmp_path / "r.sqlite"
    script.write_text(RUNNER)
    said = run_and_kill(script, path, cells=3, wait=0.0, number=signal.SIGINT)
    # written back into the one file: nothing beside it but states of cells
    assert {p.name for p in tmp_path.glob("r.sqlite*")} <= {"r.sqlite", "r.sqlite.checkpoints"}
    with Store(path) as store:
        assert len(said) >= 3
        assert said <= store.done(grid(toys.EXPERIMENT, "paper"))
