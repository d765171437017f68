"""Figure 4 of paper A: generation against the dimension, at one learning rate.

Printed: as Figure 3 at learning rate 0.5 with 50 000 epochs, d from 2 to 1000, three simulations
and five generated sets. The quick profile has four dimensions, batch 300 and 1 000 epochs.
"""

from collections.abc import Sequence
from typing import Final

from numerics.experiments.experiment import (
    Arrays,
    Checkpoint,
    Experiment,
    Parameter,
    Parameters,
    Profile,
)
from numerics.generation_cell import generation_cost, run_generation
from numerics.generation_choices import CHOICES

__all__ = ["EXPERIMENT"]

_SIZES: Final[dict[str, Parameter]] = {
    "size": 10,
    "width": 1000,
    "eta": 0.5,
    "precision": "float32",
}


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return a cell for each set of choices, dimension and simulation."""
    if profile == "paper":
        dimensions: tuple[int, ...] = (2, 5, 10, 50, 80, 100, 200, 400, 1000)
        size: dict[str, Parameter] = {"batch": 5000, "epochs": 50_000, "points": 1000, "sets": 5}
        seeds = range(3)
    else:
        dimensions = (2, 5, 10, 50)
        size, seeds = {"batch": 300, "epochs": 1000, "points": 400, "sets": 2}, range(2)
    return [
        {**_SIZES, **size, "choices": choices, "dimension": dimension, "seed": seed}
        for choices in CHOICES
        for dimension in dimensions
        for seed in seeds
    ]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Compute one cell."""
    return run_generation(parameters, checkpoint, keep_points=False)


EXPERIMENT: Final = Experiment(
    name="A.fig4",
    says="Discrepancies of generated points to s* and to the fitted Gaussian against the "
    "dimension, at one learning rate.",
    cells=cells,
    run=run,
    cost=generation_cost,
)
