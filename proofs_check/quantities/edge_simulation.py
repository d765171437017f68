"""Replicates of gradient descent around minima, under the names of the ledger's symbols.

The same stream of random numbers gives the same descents, so that claims about one setting, and
their broken variants, are confronted with the same draws.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from proofs_check.quantities.linear_simulation import simulated

__all__ = ["SettledShare", "StayingShare", "settled_within", "staying"]

Array = NDArray[np.float64]
DATA: Final = (-1.0, 0.0, 1.0)
MU: Final = 0.8
SIGMA: Final = 0.6
"""Three data at mu = 0.8, sigma = 0.6, close to the experiments' first noise level."""
FAR: Final = 100.0
"""A descent that is a hundred times as far from the minimum as at its start has left it."""


def _stream(rng: np.random.Generator) -> tuple[int, ...]:
    entropy = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    return tuple(int(v) for v in np.atleast_1d(entropy))


@lru_cache(maxsize=16)
def _settled(stream: tuple[int, ...], count: int, width: int) -> Array:
    from numerics.edge_replicates import settled_stability

    rng = np.random.default_rng(list(stream))
    return settled_stability(rng, count, DATA, MU, SIGMA, width=width)


@lru_cache(maxsize=16)
def _growth(stream: tuple[int, ...], count: int, width: int, low: float, high: float) -> Array:
    from numerics.edge_replicates import leaving_growth

    rng = np.random.default_rng(list(stream))
    return leaving_growth(rng, count, DATA, MU, SIGMA, width=width, stability=(low, high))


def settled_within(limit: float) -> Callable[..., Array]:
    """Return replicates: 1 when a descent that settled has m eta lambda_max / 2 <= limit."""

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        found = _settled(_stream(rng), count, round(values["m"]))
        return (found <= limit).astype(np.float64)

    replicates.__name__ = "settled"
    return replicates


def staying(low: float, high: float) -> Callable[..., Array]:
    """Return replicates: 1 when a descent with m eta lambda_max / 2 in (low, high) stays near."""

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        found = _growth(_stream(rng), count, round(values["m"]), low, high)
        return (found <= FAR).astype(np.float64)

    replicates.__name__ = f"staying_{low:g}_{high:g}"
    return replicates


SettledShare: Any = simulated(
    "SettledShare",
    2,
    latex=r"P\big(\tfrac12m\eta\lambda_{{\max}}\le {1}\mid\text{{settled}}\big)",
)
"""``SettledShare(m, L)`` is the share of settled descents with m eta lambda_max / 2 <= L."""

StayingShare: Any = simulated(
    "StayingShare",
    3,
    latex=r"P\big(\text{{stays}}\mid{1}<\tfrac12m\eta\lambda_{{\max}}<{2}\big)",
)
"""``StayingShare(m, a, b)`` is the share of descents next to a minimum that stay there."""
