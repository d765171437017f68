"""One thread for each of several processes, which share the cores among themselves."""

import contextlib
import os
from collections.abc import Iterator
from typing import Final

__all__ = ["single_threaded"]

THREADS: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


@contextlib.contextmanager
def single_threaded() -> Iterator[None]:
    """Let processes that are started now read one thread each from their environment.

    A setting of the user goes first. Libraries that are loaded here already read theirs.

    Examples
    --------
    >>> before = dict(os.environ)
    >>> with single_threaded():
    ...     os.environ["OMP_NUM_THREADS"] == before.get("OMP_NUM_THREADS", "1")
    True
    >>> dict(os.environ) == before
    True
    """
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update({name: os.environ.get(name, "1") for name in THREADS})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
