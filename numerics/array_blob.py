"""Named arrays as bytes and back, bit by bit: what the store of results and checkpoints keep.

A blob is a magic word, a checksum, the length of a JSON header, the header (name, dtype and shape
of each array, names sorted) and the raw values in C order. Equal arrays give equal bytes on every
machine, and nothing in a blob is ever executed.
"""

import json
import math
import zlib
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["decode", "encode"]

MAGIC: Final = b"scoreproof-arrays-1\n"

KINDS: Final = "biufcUS"
"""Booleans, whole, real and complex numbers, and text: what has a dtype of one line."""


def encode(arrays: Mapping[str, Any]) -> bytes:
    """Return named arrays as bytes; NaN payloads, signed zeros and byte orders are kept.

    Parameters
    ----------
    arrays
        Arrays, or scalars, of booleans, numbers or fixed-width text.

    Raises
    ------
    ValueError
        If a name is no text, or an array holds objects, records or dates.

    Examples
    --------
    >>> decode(encode({"risk": [0.1, float("nan")], "steps": 3}))
    {'risk': array([0.1, nan]), 'steps': array(3)}
    """
    header, parts = [], []
    for name in sorted(arrays, key=_text):
        # np.require, as np.ascontiguousarray would make a scalar a vector
        array = np.require(arrays[name], requirements="C")
        if array.dtype.kind not in KINDS:
            raise ValueError(
                f"{name} was an array of {array.dtype}; give booleans, numbers or fixed-width text"
            )
        header.append([name, array.dtype.str, list(array.shape)])
        parts.append(array.tobytes())
    described = json.dumps(header, separators=(",", ":")).encode()
    body = b"".join([len(described).to_bytes(8, "little"), described, *parts])
    return b"".join([MAGIC, zlib.crc32(body).to_bytes(4, "little"), body])


def decode(blob: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a blob; they own their memory and may be changed.

    Raises
    ------
    ValueError
        If the bytes are no blob, or were cut or changed.

    Examples
    --------
    >>> decode(b"abc")
    Traceback (most recent call last):
        ...
    ValueError: blob was not written by encode; its first bytes were b'abc'
    """
    if not blob.startswith(MAGIC):
        raise ValueError(f"blob was not written by encode; its first bytes were {blob[:8]!r}")
    start = len(MAGIC)
    body = memoryview(blob)[start + 4 :]
    if zlib.crc32(body).to_bytes(4, "little") != blob[start : start + 4]:
        raise ValueError(f"blob of {len(blob)} bytes was cut or changed; its checksum differs")
    length = int.from_bytes(body[:8], "little")
    place = 8 + length
    arrays: dict[str, NDArray[Any]] = {}
    for name, kind, shape in json.loads(bytes(body[8:place])):
        dtype = np.dtype(kind)
        count = math.prod(shape)
        values = np.frombuffer(body, dtype=dtype, count=count, offset=place)
        arrays[name] = values.reshape(shape).copy()
        place += count * dtype.itemsize
    return arrays


def _text(name: object) -> str:
    if not isinstance(name, str):
        raise ValueError(f"name of an array was {name!r}; it must be text")
    return name
