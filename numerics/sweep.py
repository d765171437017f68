"""Compute the cells that a store misses, on any executor, and keep each before it is reported.

What a cell gives depends on its parameters alone, and the table of a store has one order; so the
final table is the same for any executor, any number of workers, and any number of interruptions.
"""

import time
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    wait,
)
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from numerics.array_blob import encode
from numerics.checkpoints import FileCheckpoint, checkpoint_file
from numerics.experiments.experiment import (
    Arrays,
    Cell,
    Checkpoint,
    Experiment,
    Parameters,
    Profile,
)
from numerics.store import Failure, Store
from numerics.validation import check_count, check_nonnegative

__all__ = ["ExecutorLostError", "Outcome", "grid", "missing", "sweep"]

Executors: TypeAlias = Callable[[], AbstractContextManager[Executor]]
"""Gives an executor; it is asked again after a worker died and took its executor with it."""


class ExecutorLostError(RuntimeError):
    """An executor that gave its cells up, such as a cluster whose scheduler is gone."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A cell that is now in the store.

    Attributes
    ----------
    cell
        The cell.
    error
        Why it has no result, in one line; empty if it has one.
    seconds
        How long it took.
    """

    cell: Cell
    error: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class _Computed:
    """What a worker sends back."""

    blob: bytes = b""
    failure: Failure | None = None
    seconds: float = 0.0


def grid(experiment: Experiment, profile: Profile) -> tuple[Cell, ...]:
    """Return the cells of a profile.

    Raises
    ------
    ValueError
        If two cells have equal parameters, or a parameter is not a finite scalar of Python.
    """
    cells = tuple(
        Cell(experiment=experiment, parameters=parameters)
        for parameters in experiment.cells(profile)
    )
    seen: set[str] = set()
    for cell in cells:
        if cell.key in seen:
            raise ValueError(f"cells of {experiment.name} held {dict(cell.parameters)} twice")
        seen.add(cell.key)
    return cells


def missing(store: Store, cells: Sequence[Cell], *, retry_failed: bool = True) -> list[Cell]:
    """Return the cells without results, the costly ones first.

    Parameters
    ----------
    store
        Where results are.
    cells
        The wanted cells, of one or more experiments.
    retry_failed
        Whether a cell that failed before is missing too.
    """
    known = store.done(cells)
    if not retry_failed:
        known |= store.failures(cells).keys()
    left = [cell for cell in cells if cell.key not in known]
    return sorted(left, key=lambda cell: -cell.experiment.cost(cell.parameters))


def sweep(
    store: Store,
    cells: Sequence[Cell],
    executors: Executors,
    *,
    window: int,
    checkpoint_every: float = 5.0,
) -> Generator[Outcome]:
    """Compute cells and yield each when it has been committed.

    Parameters
    ----------
    store
        Where results go. Only this process writes there.
    cells
        What to compute, for example what is `missing`; all of them, whatever the store holds.
    executors
        Gives the executor.
    window
        Number of cells handed out at a time, >= 1: about twice the number of workers.
    checkpoint_every
        Seconds between two states of a long cell, >= 0.

    Yields
    ------
    Outcome
        In the order in which the cells end. A cell that fails, or whose process dies, is
        recorded with its error, and the others go on.

    Raises
    ------
    ExecutorLostError
        The executor cancelled a cell.

    Notes
    -----
    When a worker dies, an executor of processes loses all cells in flight, the innocent ones too.
    These are computed again one at a time, so that the one that kills its worker is found.

    Close the generator to stop early: the workers are then ended, and what was yielded stays.
    """
    window = check_count(window, name="window")
    every = check_nonnegative(checkpoint_every, name="checkpoint_every")
    waiting: deque[Cell] = deque(cells)
    suspects: deque[Cell] = deque()
    while waiting or suspects:
        queue, width = (suspects, 1) if suspects else (waiting, window)
        lost: list[Cell] = []
        with executors() as executor:
            for cell, computed in _results(executor, queue, width, store.path, every, lost):
                yield _kept(store, cell, computed)
        if lost and width == 1:
            why = Failure(error="the process that computed the cell died", trace="")
            yield _kept(store, lost.pop(), _Computed(failure=why))
        suspects.extend(lost)


def _results(
    executor: Executor,
    queue: deque[Cell],
    window: int,
    store: Path,
    every: float,
    lost: list[Cell],
) -> Generator[tuple[Cell, _Computed]]:
    """Yield what comes back; when the executor breaks, leave the cells in flight in ``lost``."""
    flight: dict[Future[_Computed], Cell] = {}
    while (queue or flight) and not lost:
        while queue and len(flight) < window:
            cell = queue[0]
            place = checkpoint_file(store.absolute(), cell.key)
            try:
                future = executor.submit(
                    _compute, cell.experiment.run, dict(cell.parameters), place, every
                )
            except BrokenExecutor:
                lost.extend(flight.values() if flight else [queue.popleft()])
                return
            flight[future] = queue.popleft()
        ended, _ = wait(flight, return_when=FIRST_COMPLETED)
        for future in [f for f in flight if f in ended]:
            cell = flight.pop(future)
            try:
                error = future.exception()
            except CancelledError as cancelled:
                raise ExecutorLostError(
                    "the executor gave up its cells, as when a scheduler is lost; "
                    "finished cells are kept: run it again"
                ) from cancelled
            if isinstance(error, BrokenExecutor):
                lost.append(cell)
            elif error is not None:
                yield cell, _Computed(failure=_failure(error))
            else:
                yield cell, future.result()
    lost.extend(flight.values())


def _kept(store: Store, cell: Cell, computed: _Computed) -> Outcome:
    if computed.failure is None:
        store.commit(cell, computed.blob, seconds=computed.seconds)
        return Outcome(cell=cell, error="", seconds=computed.seconds)
    store.fail(cell, computed.failure, seconds=computed.seconds)
    return Outcome(cell=cell, error=computed.failure.error, seconds=computed.seconds)


def _compute(
    run: Callable[[Parameters, Checkpoint], Arrays],
    parameters: Parameters,
    place: Path,
    every: float,
) -> _Computed:
    """Compute one cell, in a worker."""
    start = time.perf_counter()
    try:
        blob = encode(run(parameters, FileCheckpoint(place, every=every)))
    except Exception as error:  # noqa: BLE001 - recorded as the cell's failure
        return _Computed(failure=_failure(error), seconds=time.perf_counter() - start)
    return _Computed(blob=blob, seconds=time.perf_counter() - start)


def _failure(error: BaseException) -> Failure:
    said = " ".join(f"{type(error).__name__}: {error}".split())
    return Failure(error=said, trace="".join(traceback.format_exception(error)))
