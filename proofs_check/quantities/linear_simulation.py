"""Replicates of the linear one-step model under the names of the ledger's symbols.

Claims speak of d, m = n - 1 (or p = (m - d)/2, or the aspect ratio psi) and gamma; here these
become a training set, drawn and fitted by `numerics`. The same stream of random numbers gives the
same replicates, so broken variants of a claim are confronted with the draws of the claim itself.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proofs_check.errors import ClaimError
from proofs_check.functionals import functional

__all__ = ["indicators", "replicates_of", "simulated", "within_limits"]

Array = NDArray[np.float64]
TIME = 0.75
"""Diffusion time of all simulations; the noise scale then follows from gamma."""
SCALE = 1.5
"""Standard deviation of the data: results in units of the data must not depend on it."""

_KEPT = 64


@lru_cache(maxsize=_KEPT)
def _drawn(
    stream: tuple[int, ...], count: int, n: int, d: int, gamma: float, options: tuple[Any, ...]
) -> Any:
    from numerics.linear_simulation import law_replicates

    rng = np.random.default_rng(list(stream))
    noise_scale = SCALE**2 / (gamma * float(np.expm1(2.0 * TIME)))
    return law_replicates(
        rng, count, n=n, d=d, T=TIME, noise_scale=noise_scale, s_d=SCALE, **dict(options)
    )


def _draws(
    rng: np.random.Generator, count: int, values: dict[str, float], options: dict[str, Any]
) -> Any:
    """Return the replicates of a stream, drawn once."""
    d = round(values["d"])
    if "p" in values:
        m = d + 2 * round(values["p"])
    elif "psi" in values:
        m = round(values["psi"] * d)
    else:
        m = round(values["m"])
    if "rho" in values:
        # the penalty d v rho; v = s_d^2 e^{-2T} (1 + 1/gamma)
        variance = SCALE**2 * float(np.exp(-2.0 * TIME)) * (1.0 + 1.0 / values["gamma"])
        options = {**options, "ridge": values["rho"] * d * variance}
    entropy = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
    stream = tuple(int(v) for v in np.atleast_1d(entropy))
    extra = tuple(sorted(options.items()))
    return _drawn(stream, count, m + 1, d, values["gamma"], extra)


def _name(options: dict[str, Any]) -> str:
    """Return the name that keys the stream: all quantities of one setting share their draws."""
    return "_".join(["law", *(str(options[key]) for key in sorted(options))])


def replicates_of(
    name: str, *, per_dimension: bool = False, cap: float = np.inf, **options: Any
) -> Callable[..., Array]:
    """Return a replicate function of one field of `numerics.linear_simulation.LawReplicates`.

    Parameters
    ----------
    name
        The field.
    per_dimension
        Whether to divide by d.
    cap
        Upper bound that is put on every replicate: a mean that is infinite becomes finite.
    **options
        For `numerics.linear_simulation.law_replicates`.
    """

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        found = getattr(_draws(rng, count, values, options), name)
        scaled: Array = np.minimum(found / round(values["d"]) if per_dimension else found, cap)
        return scaled

    replicates.__name__ = _name(options)
    return replicates


def indicators(
    name: str, holds: Callable[[Array], NDArray[np.bool_]], **options: Any
) -> Callable[..., Array]:
    """Return replicates of an event: 1 where it happens, else 0."""

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        found = getattr(_draws(rng, count, values, options), name)
        return holds(found).astype(np.float64)

    replicates.__name__ = _name(options)
    return replicates


def within_limits(found: Array) -> NDArray[np.bool_]:
    """Return where values are finite."""
    finite: NDArray[np.bool_] = np.isfinite(found)
    return finite


def _only_simulated(*_: Any) -> Any:
    raise ClaimError("this quantity is known by simulation only")


def simulated(name: str, nargs: int, latex: str = "") -> Any:
    """Return a functional without a rigorous value: only Monte Carlo can speak about it.

    Examples
    --------
    >>> simulated("Rank", 3).__name__
    'Rank'
    """
    return functional(name, nargs=nargs, latex=latex, ball=_only_simulated)
