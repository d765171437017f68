"""Replicates of the metrics of paper B under the names of the ledger's symbols.

Sizes arrive as floats and leave as integers; options that are no symbols are fixed here. As in
`proofs_check.quantities.linear_simulation`, one stream gives one set of draws.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["kernel_replicates_of", "metric_replicates_of", "rise_of_the_null"]

Array = NDArray[np.float64]
_SIZES = frozenset({"d", "n", "N", "k", "later"})


def _called(function: Callable[..., Any], name: str, options: dict[str, Any]) -> Any:
    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        exact = {k: round(v) if k in _SIZES else float(v) for k, v in values.items()}
        found: Array = function(rng, count, **exact, **options)
        return found

    replicates.__name__ = "_".join([name, *(f"{k}={options[k]}" for k in sorted(options))])
    return replicates


def metric_replicates_of(name: str, **options: Any) -> Any:
    """Return a replicate function of `numerics.metric_replicates` with some options fixed."""

    def function(*args: Any, **values: Any) -> Any:
        import numerics.metric_replicates as made

        return getattr(made, name)(*args, **values)

    return _called(function, name, options)


def kernel_replicates_of(name: str, **options: Any) -> Any:
    """Return a replicate function of `numerics.kernel_replicates` with some options fixed."""

    def function(*args: Any, **values: Any) -> Any:
        import numerics.kernel_replicates as made

        return getattr(made, name)(*args, **values)

    return _called(function, name, options)


def rise_of_the_null(
    rng: np.random.Generator, count: int, *, d: float, n: float, N: float, gamma: float
) -> Array:
    """Return replicates of the event for a fresh set at 2n less the event at n."""
    from numerics.metric_replicates import delta_sign_replicates

    draw = partial(
        delta_sign_replicates,
        rng,
        count,
        d=round(d),
        N=round(N),
        gamma=float(gamma),
        variant="fresh",
        averaged=True,
    )
    risen: Array = draw(n=2 * round(n)) - draw(n=round(n))
    return risen
