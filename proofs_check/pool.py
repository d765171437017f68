"""Check many claims at once: one process per core, the same results for any number of them.

Each worker rebuilds the claims from their origin and is sent one id at a time, so a worker that
dies costs exactly its claim. Every random stream is keyed by the claim, never by the worker.
"""

import contextlib
import gc
import multiprocessing
import pickle
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Final

from numerics.single_threaded import single_threaded
from proofs_check.cache import Cache
from proofs_check.context import Context
from proofs_check.engine import LedgerResult, Result, check, roll_up, run_context, selected
from proofs_check.fingerprint import fingerprint
from proofs_check.loading import Claims, Origin, load_claims
from proofs_check.repeatable import draw_repeatably
from proofs_check.verdict import Finding, Verdict

__all__ = ["count", "run"]

ARGUMENTS: Final = Path("docs") / "arguments"
"""Where the arguments of a user's claims are, seen from the folder in which they work."""

PATIENCE = 3.0
"""Seconds before more processes are started, each of which takes about as long to be ready."""


def run(
    claims: Claims,
    ids: Sequence[str],
    *,
    full: bool = False,
    seed: int = 0,
    jobs: int = 1,
    on_result: Callable[[Result], None] | None = None,
    cache: Cache | None = None,
) -> LedgerResult:
    """Check claims and all they depend on, and roll up.

    Parameters
    ----------
    claims
        The claims of the run.
    ids
        Which to check.
    full, seed
        Effort, and root of the random streams.
    jobs
        Number of processes; 1 checks in this one, as the first seconds always do.
    on_result
        Called after each claim, in the order in which they end; kept results come first.
    cache
        Where results are looked up and kept; ``None`` computes everything.

    Returns
    -------
    LedgerResult
        In the order of the ledger; a claim whose worker died, or whose check crashed, is an ERROR.
    """
    start = time.perf_counter()
    names = selected(claims.by_id, ids)
    context = run_context(claims.by_id, full=full, seed=seed)
    keys = {} if cache is None else {name: _key(name, claims, context) for name in names}
    results: dict[str, Result] = {}
    for name, key in keys.items():
        kept = None if cache is None else cache.get(key)
        if kept is not None:
            results[name] = kept
            if on_result is not None:
                on_result(kept)
    recalled = len(results)
    left = [name for name in names if name not in results]
    stream = _results(claims, left, context, jobs=jobs)
    # closed at once on Ctrl-C, so that no worker outlives the run
    with contextlib.closing(stream):
        for name, result in stream:
            results[name] = result
            if cache is not None:
                cache.put(keys[name], result)
            if on_result is not None:
                on_result(result)
    ordered = {name: results[name] for name in names}
    return LedgerResult(
        results=roll_up(claims.by_id, ordered),
        seconds=time.perf_counter() - start,
        profile="full" if full else "quick",
        seed=seed,
        recalled=recalled,
    )


def _key(name: str, claims: Claims, context: Context) -> str:
    return fingerprint(claims.by_id[name], _seen_by(name, claims, context))


def _seen_by(name: str, claims: Claims, context: Context) -> Context:
    """Return the context of one claim: the arguments of a user's claims lie beside the file."""
    return replace(context, documents=ARGUMENTS) if name in claims.mine else context


def _results(
    claims: Claims, names: Sequence[str], context: Context, *, jobs: int
) -> Generator[tuple[str, Result]]:
    """Yield results: at once from this process, and from more when there is work for them."""
    start = time.perf_counter()
    draw_repeatably()
    left = list(names)
    while left and (min(jobs, len(left)) <= 1 or time.perf_counter() - start < PATIENCE):
        name = left.pop(0)
        yield name, _checked(name, claims, context)
    if left:
        origin = replace(claims.origin, ledger=not claims.mine.issuperset(left))
        yield from _parallel(origin, left, replace(context, claims={}), min(jobs, len(left)))


def count(claims: Claims, ids: Sequence[str]) -> int:
    """Return how many claims a run checks: the wanted ones and all they depend on."""
    return len(selected(claims.by_id, ids))


def _checked(name: str, claims: Claims, context: Context) -> Result:
    """Check one claim; whatever goes wrong outside its methods is an ERROR of this claim."""
    start = time.perf_counter()
    try:
        return check(claims.by_id[name], _seen_by(name, claims, context))
    except Exception as error:  # noqa: BLE001 - reported as ERROR, which fails the run
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return _failure(name, said, time.perf_counter() - start)


def _failure(name: str, why: str, seconds: float) -> Result:
    finding = Finding(method="run", verdict=Verdict.ERROR, detail=why)
    return Result(id=name, own=Verdict.ERROR, findings=(finding,), seconds=seconds)


@dataclass
class _Worker:
    """A process, the pipe to it, and the claim that it is checking."""

    process: SpawnProcess
    pipe: Connection
    name: str = ""
    since: float = field(default_factory=time.perf_counter)

    def give(self, name: str) -> None:
        self.name, self.since = name, time.perf_counter()
        # a worker that died before it could take the claim is seen by its closed pipe
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(name)


def _parallel(
    origin: Origin, names: Sequence[str], context: Context, workers: int
) -> Generator[tuple[str, Result]]:
    """Yield results as they come; workers are ended whatever happens.

    The context comes without claims: each worker puts in those that it builds.
    """
    spawn = multiprocessing.get_context("spawn")
    waiting = list(reversed(names))
    pool: list[_Worker] = []
    try:
        with single_threaded():
            for _ in range(workers):
                pool.append(_started(spawn, origin, context))
                pool[-1].give(waiting.pop())
            while pool:
                for pipe in wait([w.pipe for w in pool]):
                    worker = next(w for w in pool if w.pipe is pipe)
                    result = _received(worker)
                    if result is None:
                        pool.remove(worker)
                        result = _death(worker)
                        if waiting:
                            worker = _started(spawn, origin, context)
                            pool.append(worker)
                    yield result.id, result
                    if worker not in pool:
                        continue
                    if waiting:
                        worker.give(waiting.pop())
                    else:
                        pool.remove(worker)
                        _end(worker)
    finally:
        for worker in pool:
            worker.process.terminate()
        for worker in pool:
            _end(worker)


def _started(spawn: SpawnContext, origin: Origin, context: Context) -> _Worker:
    here, there = spawn.Pipe()
    process = spawn.Process(target=_work, args=(there, origin, context), daemon=True)
    with _deaf():
        process.start()
    there.close()
    return _Worker(process=process, pipe=here)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Ignore Ctrl-C for a moment: who is started now inherits that.

    Ctrl-C reaches the whole group; the parent alone decides, and ends its workers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _received(worker: _Worker) -> Result | None:
    """Return what a worker sent, or ``None`` when it died."""
    try:
        result: Result = worker.pipe.recv()
    except (EOFError, ConnectionResetError):
        return None
    return result


def _death(worker: _Worker) -> Result:
    _end(worker)
    code = worker.process.exitcode or 0
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
    return _failure(
        worker.name,
        f"the process that checked the claim {how}",
        time.perf_counter() - worker.since,
    )


def _end(worker: _Worker) -> None:
    worker.pipe.close()
    worker.process.join(timeout=5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _work(pipe: Connection, origin: Origin, context: Context) -> None:
    """Check the claims whose ids arrive, until the other end closes."""
    draw_repeatably()
    claims = load_claims(origin)
    # they live as long as the process: the collector need not walk through them each time
    gc.freeze()
    context = replace(context, claims=claims.by_id)
    while True:
        try:
            name: str = pipe.recv()
        except EOFError:
            return
        _send(pipe, name, _checked(name, claims, context))


def _send(pipe: Connection, name: str, result: Result) -> None:
    try:
        pipe.send(result)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError) as error:
        pipe.send(_failure(name, f"the result is no plain data: {error}", result.seconds))
