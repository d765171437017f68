"""The least weighted variation among all scores of at most a given risk, as a functional."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from proofs_check.functionals import functional
from proofs_check.quantities import least_variation_balls as balls

__all__ = ["LeastVariation"]


def _float(sample: NDArray[np.float64], mu: float, sigma: float, level: float) -> float:
    return _solved(tuple(sample.tolist()), mu, sigma, level)


@lru_cache(maxsize=64)
def _solved(sample: tuple[float, ...], mu: float, sigma: float, level: float) -> float:
    from numerics.variation_knots import refined_least_variation

    return refined_least_variation(sample, mu, sigma, level).best.primal


LeastVariation = functional(
    "LeastVariation",
    nargs=4,
    latex=r"\inf_{{R_n(s)\le {3}}}TV_\pi(s)",
    float64=_float,
    ball=balls.least_variation,
    nonnegative=True,
)
"""``LeastVariation(X, mu, sigma, r)`` is the infimum of TV_pi(s) over all s of risk at most r.

The ball encloses it within about one per cent; the float64 value is that of the best score on knots
that follow the solution.
"""
