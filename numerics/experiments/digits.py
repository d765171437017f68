r"""The one-step model and the exact reverse process on 8 x 8 images of handwritten digits.

Training sets are images drawn without replacement from the 1 797 that scikit-learn bundles (extra
``data``), in the eigenbasis of their covariance: all components, or the leading ones.
"""

from collections.abc import Sequence
from typing import Final

from numerics.digit_images import digit_population, digit_replicates
from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from numerics.random_streams import named_stream

__all__ = ["EXPERIMENT", "run"]


def _cells(profile: Profile) -> Sequence[Parameters]:
    count = 8 if profile == "quick" else 60
    sizes = (10, 20, 30, 38, 41, 45, 52, 58, 62, 64, 65, 66, 68, 72, 80, 100, 130, 200, 400, 800)
    return [
        {"components": kept, "n": n, "T": 1.0, "noise_scale": 1.0, "count": count}
        for kept in (64, 40)
        for n in sizes
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:  # noqa: ARG001
    """Return replicates of rank, total variance and divergences, and the spectrum.

    Parameters
    ----------
    parameters
        ``components`` (kept), ``n``, ``T``, ``noise_scale`` (in units of the mean variance of a
        pixel), ``count`` (training sets).
    checkpoint
        Not used: a cell takes a second.

    Returns
    -------
    dict of ndarray
        ``rank``, ``trace``, ``kl`` and ``exact_kl``, each of shape (count,); ``spectrum``, shape
        (64,).

    Raises
    ------
    ValueError
        If scikit-learn is not installed.

    Notes
    -----
    Claim ``B.realdata``.
    """
    kept, n, count = (int(parameters[name]) for name in ("components", "n", "count"))
    population = digit_population(components=kept)
    found = digit_replicates(
        named_stream(0, "digits", kept, n),
        population,
        count,
        n=n,
        T=float(parameters["T"]),
        noise_scale=float(parameters["noise_scale"]),
    )
    return {
        "rank": found.rank,
        "trace": found.trace,
        "kl": found.kl,
        "exact_kl": found.exact_kl,
        "spectrum": population.spectrum,
    }


def _cost(parameters: Parameters) -> float:
    """Return the estimated seconds of a cell."""
    return 0.1 + int(parameters["count"]) * (1e-3 + 1e-5 * int(parameters["n"]))


EXPERIMENT: Final = Experiment(
    name="B.digits",
    says="Rank, variance and divergences against n for images of handwritten digits.",
    cells=_cells,
    run=run,
    cost=_cost,
)
