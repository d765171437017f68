"""An experiment is a grid of cells, and each cell is computed from its own parameters alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from numpy.typing import NDArray

__all__ = ["Arrays", "Checkpoint", "Experiment", "Parameter", "Parameters", "Profile"]

Parameter: TypeAlias = bool | int | float | str
"""What a cell's parameter may be: a scalar that JSON writes and reads back unchanged."""

Parameters: TypeAlias = Mapping[str, Parameter]
"""The parameters of one cell by name, the seed among them."""

Arrays: TypeAlias = Mapping[str, NDArray[Any]]
"""A cell's results, or the state of a computation under way, by name."""

Profile: TypeAlias = Literal["quick", "paper"]
"""``quick`` takes minutes for all experiments on two cores, ``paper`` has the printed sizes."""


class Checkpoint(Protocol):
    """Where a long cell keeps its state, so that a killed run goes on instead of starting again."""

    def load(self) -> Arrays | None:
        """Return the state saved last, or None if there is none."""
        ...

    def save(self, state: Arrays) -> None:
        """Keep ``state`` in place of the one saved before."""
        ...


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A grid of cells and the function that computes one.

    Parameters
    ----------
    name
        As the catalogue of statements names it, for example ``A.fig1``.
    says
        One sentence: what is measured.
    cells
        The grid of a profile. Two cells never have equal parameters.
    run
        Computes one cell. It depends on the parameters alone, a checkpoint apart: it is the same
        in any process, in any order. It is a function of a module, so that it can be pickled.
    version
        Counts up when ``run`` changes what it computes; results of another version are not used.
    """

    name: str
    says: str
    cells: Callable[[Profile], Sequence[Parameters]]
    run: Callable[[Parameters, Checkpoint], Arrays]
    version: int = 1
