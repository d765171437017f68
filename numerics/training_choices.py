r"""The choices that paper A leaves open when it says how its networks are trained.

The printed update is ``theta - m eta grad R_hat`` with ``R_hat`` a sum over the batch; the public
notebooks take the mean over the batch and over the coordinates. With the sum, a batch of 50 and
the printed learning rates, the first steps are 50 times as long. So the mean over the batch is the
default here, and each choice is a parameter.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

__all__ = [
    "NOTEBOOK",
    "PAPER",
    "PRINTED",
    "Composition",
    "Reduction",
    "StepScaling",
    "TrainingChoices",
]


class Reduction(Enum):
    """What is made of the squared residuals along an axis."""

    SUM = "sum"
    MEAN = "mean"


class Composition(Enum):
    """Which data a batch holds; the noise is fresh in either case."""

    REPLACEMENT = "replacement"  # each entry a datum at random
    BALANCED = "balanced"  # each datum equally often, the remainder without replacement


class StepScaling(Enum):
    """What multiplies the gradient of the 1/m-scaled network."""

    WIDTH = "width"  # m eta
    PLAIN = "plain"  # eta


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingChoices:
    r"""How a batch is drawn and what step is taken.

    .. math:: \theta \leftarrow \theta - c\,\eta\,\nabla \sum_{i \in B}\sum_{k \le d} \rho_{ik}^2,
              \qquad c \in \{m, 1\} \times \{1, 1/|B|\} \times \{1, 1/d\}

    Attributes
    ----------
    batch : Reduction
        Over the batch.
    coordinates : Reduction
        Over the coordinates of the residual; nothing in dimension one.
    composition : Composition
        How the data of a batch are drawn.
    scaling : StepScaling
        Whether the step carries the width m.

    Notes
    -----
    Source: paper A, sections 3 and 5, and its notebooks; claims ``A.code.mean``, ``A.fig1`` to
    ``A.fig5``.

    Examples
    --------
    >>> PAPER.gradient_factor(batch=50, dimension=10), NOTEBOOK.gradient_factor(50, 10)
    (0.02, 0.002)
    """

    batch: Reduction = Reduction.MEAN
    coordinates: Reduction = Reduction.SUM
    composition: Composition = Composition.REPLACEMENT
    scaling: StepScaling = StepScaling.WIDTH

    def gradient_factor(self, batch: int, dimension: int) -> float:
        """Return the weight of one squared coordinate of one datum in the risk of a batch."""
        factor = 1.0 / batch if self.batch is Reduction.MEAN else 1.0
        return factor / dimension if self.coordinates is Reduction.MEAN else factor


PAPER: Final = TrainingChoices()
"""The paper's squared norm, averaged over the batch: the default."""

NOTEBOOK: Final = TrainingChoices(coordinates=Reduction.MEAN)
"""What the public notebooks do: the mean over the batch and the coordinates."""

PRINTED: Final = TrainingChoices(batch=Reduction.SUM)
"""The formula of the paper's section 3 to the letter: a sum over the batch."""
