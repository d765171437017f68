"""Random streams by name: what one computation draws depends on no other computation.

A stream is named by a seed and words such as ``("noise", 3)``. Member 3 of a stack draws from its
own streams, so its path is the same alone, beside thirty others and on any worker. A training step
or a block of steps opens the stream of its own number, so that a state needs no generator to be
resumed: the step counter is the whole random state.
"""

import hashlib

import numpy as np

from numerics.validation import check_count

__all__ = ["named_stream", "stream_key"]


def stream_key(seed: int, *names: str | int) -> tuple[int, ...]:
    """Return the words that seed the stream of a name: the seed and 128 bits of the name's hash.

    Parameters
    ----------
    seed : int
        Of the whole computation, >= 0.
    *names : str or int
        The path of the stream; names that differ anywhere give unrelated streams.

    Returns
    -------
    tuple of int
        Entropy for `numpy.random.SeedSequence`; further integers may be appended.

    Raises
    ------
    ValueError
        If the seed is not an integer >= 0.

    Examples
    --------
    >>> stream_key(1, "noise", 0) == stream_key(1, "noise", "0")
    False
    """
    seed = check_count(seed, name="seed", minimum=0)
    # repr tells 0 from "0" and ("a", "b") from ("ab",).
    digest = hashlib.sha256(repr(names).encode()).digest()
    return seed, *(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))


def named_stream(seed: int, *names: str | int) -> np.random.Generator:
    """Return a fresh generator at the start of the stream of a name.

    Parameters and errors are those of `stream_key`.

    Examples
    --------
    >>> one, same = named_stream(1, "noise", 0), named_stream(1, "noise", 0)
    >>> bool(one.random() == same.random())
    True
    """
    return np.random.default_rng(stream_key(seed, *names))
