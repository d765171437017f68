r"""How the diffusion experiments of paper A train and sample: as printed, and as its notebooks do.

=============== =========================== ===========================
choice          paper                       notebooks
=============== =========================== ===========================
mu(t)           exp(-t)                     exp(-2t)
times           100 from 0.01 to 1          100 from 0.05 to 1
drawn with      p proportional to sigma(t)  proportional to 1/sigma(t)
loss            sum over the coordinates    mean over the coordinates
start at T = 1  the data, noised            N(0, I)
steps           between the 100 times       one from each of them, 100
=============== =========================== ===========================

The reverse process is the same: x + h (x + 2 s) + sqrt(2h) xi, noise in the last step included.
With the sum over coordinates the printed learning rates of Figures 3 and 4 diverge in a few steps
(claim ``A.code.mean``), so the paper's process is also run with the mean (``paper-mean``).
"""

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from numerics.noise_schedule import Marginal, NoiseSchedule, TimeWeighting, noise_schedule
from numerics.score_functions import marginal_coefficients
from numerics.training_choices import NOTEBOOK, PAPER, TrainingChoices
from numerics.validation import FloatArray, check_count, check_rng, check_sample_nd

__all__ = [
    "CHOICES",
    "GenerationChoices",
    "StartLaw",
    "reverse_grid",
    "schedule_of",
    "start_points",
]


class StartLaw(Enum):
    """Where the reverse process starts at T."""

    NOISED = "the data, noised up to T"
    NORMAL = "N(0, I)"


@dataclass(frozen=True, kw_only=True, slots=True)
class GenerationChoices:
    """Everything between the data and the generated points that is not a size or a rate.

    Attributes
    ----------
    training : TrainingChoices
        Means or sums over batch and coordinates.
    marginal : Marginal
        mu(t), in training and in the empirical score.
    weighting : TimeWeighting
        Probabilities of the times.
    first_time, last_time : float
        delta and T.
    times : int
        How many equally spaced times from delta to T.
    start : StartLaw
        Where the reverse process starts.
    step_from_first : bool
        Whether a step is taken from delta too, to one step's length below.
    """

    training: TrainingChoices
    marginal: Marginal
    weighting: TimeWeighting
    first_time: float
    last_time: float = 1.0
    times: int = 100
    start: StartLaw
    step_from_first: bool


def _printed(training: TrainingChoices) -> GenerationChoices:
    return GenerationChoices(
        training=training,
        marginal=Marginal.PRINTED,
        weighting=TimeWeighting.SIGMA,
        first_time=0.01,
        start=StartLaw.NOISED,
        step_from_first=False,
    )


CHOICES: Final = MappingProxyType(
    {
        "paper": _printed(PAPER),
        "paper-mean": _printed(NOTEBOOK),
        "notebook": GenerationChoices(
            training=NOTEBOOK,
            marginal=Marginal.NOTEBOOK,
            weighting=TimeWeighting.INVERSE_SIGMA,
            first_time=0.05,
            start=StartLaw.NORMAL,
            step_from_first=True,
        ),
    }
)
"""The sets of choices that the experiments run, by the name that their cells carry."""


def schedule_of(choices: GenerationChoices) -> NoiseSchedule:
    """Return the table of times, factors, noises and probabilities.

    Examples
    --------
    >>> schedule_of(CHOICES["notebook"]).times[[0, -1]].tolist()
    [0.05, 1.0]
    """
    return noise_schedule(
        start=choices.first_time,
        end=choices.last_time,
        count=choices.times,
        marginal=choices.marginal,
        weighting=choices.weighting,
    )


def reverse_grid(choices: GenerationChoices) -> FloatArray:
    """Return the decreasing times between which the reverse process takes its steps.

    Examples
    --------
    >>> [len(reverse_grid(CHOICES[name])) - 1 for name in ("paper", "notebook")]
    [99, 100]
    """
    grid = np.linspace(choices.last_time, choices.first_time, choices.times)
    if choices.step_from_first:
        grid = np.append(grid, 2.0 * grid[-1] - grid[-2])
    return grid


def start_points(
    data: ArrayLike, choices: GenerationChoices, *, count: int, rng: np.random.Generator
) -> FloatArray:
    r"""Draw the points from which the reverse process starts.

    .. math:: \mu(T)x_I + \sigma(T)\xi \text{ with I uniform, or } \xi

    Parameters
    ----------
    data : array_like, shape (n, d)
        Training data.
    choices : GenerationChoices
        Marginal, last time and law of the start.
    count : int
        Number of points.
    rng : numpy.random.Generator
        Source of the draws.

    Returns
    -------
    ndarray of float64, shape (count, d)
        Points at T.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> start_points([[0.0, 1.0]], CHOICES["paper"], count=3, rng=rng).shape
    (3, 2)
    """
    sample = check_sample_nd(data, name="data", min_size=1)
    number, generator = check_count(count, name="count"), check_rng(rng)
    if choices.start is StartLaw.NORMAL:
        return generator.standard_normal((number, sample.shape[1]))
    chosen = sample[generator.integers(len(sample), size=number)]
    mu, sigma = marginal_coefficients(choices.last_time, marginal=choices.marginal)
    return mu * chosen + sigma * generator.standard_normal(chosen.shape)
