"""Where cells are computed: processes of this machine, or a cluster of dask.

Both are executors of `concurrent.futures`; the sweep knows no more about them.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from multiprocessing.connection import Connection

from numerics.single_threaded import single_threaded

__all__ = ["dask_cluster", "processes"]

PATIENCE: float = 10.0
"""Seconds to wait for the answer of a scheduler."""


@contextlib.contextmanager
def processes(jobs: int) -> Iterator[Executor]:
    """Give an executor of processes with one thread each; none of them outlives this process.

    Parameters
    ----------
    jobs
        Number of processes, >= 1. They are started (not forked), so a script that uses this
        needs the usual ``if __name__ == "__main__"``.
    """
    spawn = multiprocessing.get_context("spawn")
    watched, held = spawn.Pipe(duplex=False)
    with single_threaded():
        executor = ProcessPoolExecutor(
            jobs, mp_context=spawn, initializer=_prepare, initargs=(watched,)
        )
        try:
            yield executor
        except BaseException:
            # the workers see the end of the pipe and leave at once, whatever they compute
            held.close()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)
            held.close()
            watched.close()


@contextlib.contextmanager
def dask_cluster(scheduler: str | None, jobs: int) -> Iterator[Executor]:
    """Give an executor that hands cells to dask: to a scheduler, or to a cluster made here.

    Parameters
    ----------
    scheduler
        Address such as ``tcp://host:8786``; without it, a cluster of processes on this machine.
    jobs
        Processes of the cluster made here, with one thread each.

    Raises
    ------
    ValueError
        If dask is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise ValueError(
            "executor was dask, which is not installed; pip install 'scoreproof[cluster]'"
        ) from error
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            place = stack.enter_context(
                LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=jobs, threads_per_worker=1, processes=True, dashboard_address=":0"
                )
            )
        else:
            place = scheduler
        try:
            client = stack.enter_context(
                Client(place, timeout=PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
            )
        except (OSError, ValueError) as error:
            raise ValueError(
                f"scheduler was {scheduler}, where no dask scheduler answers; "
                "start one with 'dask scheduler'"
            ) from error
        executor: Executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            # to dask this means: cancel what has not ended
            executor.shutdown(wait=False)


def _prepare(watched: Connection) -> None:
    """Prepare a worker: deaf to Ctrl-C, which the parent answers, and gone when the parent is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def leave() -> None:
        # nothing is ever sent: the pipe ends when the parent closes it, or dies
        with contextlib.suppress(EOFError, OSError):
            watched.recv_bytes()
        os._exit(1)

    threading.Thread(target=leave, daemon=True).start()
