"""Trained nonlinear denoisers under the names of the ledger's symbols: simulation only.

The setting is small enough to be trained in every run: four dimensions, networks of one width, a
fixed number of steps. One trained network serves all quantities of a parameter set.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["DIMENSION", "Learnt", "learnt_by"]

Array = NDArray[np.float64]
DIMENSION: Final = 4
STEPS: Final = 150
GENERATED: Final = 400
ORIGINAL: Final = 400


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What a trained network is compared by.

    Attributes
    ----------
    gap : float
        Share of the gap to the exact predictor of the training set that is left.
    delta : float
        E_TG - E_OG of the generated law, in units of the squared norm of the population density.
    population : float
        The same of new points of the population.
    coordinate : float
        One if a batch of ten generated points is farther from the training than from the original
        set in the metric of the second program, else zero.
    """

    gap: float
    delta: float
    population: float
    coordinate: float


@lru_cache(maxsize=256)
def _learnt(stream: tuple[int, ...], index: int, n: int, width: int) -> Learnt:
    from numerics.coordinate_metric import code_grid, coordinate_distance
    from numerics.denoiser_convergence import predictor_of, remaining_gap
    from numerics.experiments.nonlinear_denoiser import law_difference
    from numerics.kernel_metrics import reference_set
    from numerics.noise_sampling import noise_levels, sample_points
    from numerics.nonlinear_denoiser import LOG_RANGE, Adam, random_predictor, train_predictor

    d = DIMENSION
    rng = np.random.default_rng([*stream, index])
    data = rng.standard_normal((n, d))
    start = random_predictor(width, d, rng=rng)
    adam = Adam(batch=32, rate=2e-2, seed=int(rng.integers(2**31)))
    predict = predictor_of(train_predictor(start, data, STEPS, adam=adam))
    levels = noise_levels(20, low=LOG_RANGE[0], high=LOG_RANGE[1])
    made = sample_points(predict, GENERATED, d, levels=levels, rng=rng)
    original = rng.standard_normal((ORIGINAL, d))
    sets = (data, original)
    references = [reference_set(points, s_d=1.0) for points in sets]
    grid = code_grid(0.0, 1.0)
    near, far = (coordinate_distance(made[:10], points, grid, s_d=1.0) for points in sets)
    return Learnt(
        gap=remaining_gap(predict, data, draws=1024),
        delta=law_difference(made, sets, references),
        population=law_difference(rng.standard_normal((GENERATED, d)), sets, references),
        coordinate=float(near > far),
    )


def learnt_by(
    function: Callable[[Learnt, Learnt], float], *, against: int = 0
) -> Callable[..., Array]:
    """Return a replicate function of a trained network, for the symbols n and width.

    Parameters
    ----------
    function
        Of the network and of a second one of width ``against`` on the same training set.
    against
        That width; with 0 there is no second network and the first is passed twice.

    Examples
    --------
    >>> gap = learnt_by(lambda one, two: one.gap)
    >>> gap(np.random.default_rng(0), 1, n=2.0, width=2.0).shape
    (1,)
    """

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        entropy: Any = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
        stream = tuple(int(v) for v in np.atleast_1d(entropy))
        n, width = round(values["n"]), round(values["width"])
        found = []
        for index in range(count):
            one = _learnt(stream, index, n, width)
            two = _learnt(stream, index, n, against) if against else one
            found.append(function(one, two))
        return np.array(found, dtype=np.float64)

    replicates.__name__ = "nonlinear"
    return replicates
