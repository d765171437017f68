"""An experiment is a grid of cells, and each cell is computed from its own parameters alone."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from numpy.typing import NDArray

__all__ = [
    "Arrays",
    "Cell",
    "Checkpoint",
    "Experiment",
    "Parameter",
    "Parameters",
    "Profile",
    "equal_cost",
]

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
        """Keep ``state`` in place of the one saved before, unless that is only seconds old."""
        ...


def equal_cost(parameters: Parameters) -> float:  # noqa: ARG001 - every cell counts the same
    """Return 1: what a cell costs where an experiment says nothing about it."""
    return 1.0


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
    cost
        About how many seconds a cell takes on one core: the costly cells are started first, and
        the time that is left is estimated by it. It has no influence on results.
    """

    name: str
    says: str
    cells: Callable[[Profile], Sequence[Parameters]]
    run: Callable[[Parameters, Checkpoint], Arrays]
    version: int = 1
    cost: Callable[[Parameters], float] = equal_cost


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell of an experiment."""

    experiment: Experiment
    parameters: Parameters

    @property
    def key(self) -> str:
        """The cell's name in a store: experiment, version and parameters, but no profile.

        Raises
        ------
        ValueError
            If a parameter is no finite number, text or boolean of Python.

        Examples
        --------
        >>> nothing = Experiment(name="A.x", says="", cells=lambda _: [], run=lambda p, c: {})
        >>> Cell(experiment=nothing, parameters={"seed": 3, "eta": 0.5}).key
        '{"experiment":"A.x","parameters":{"eta":0.5,"seed":3},"version":1}'
        """
        for name, value in self.parameters.items():
            if not isinstance(value, bool | int | float | str):
                raise ValueError(
                    f"parameter {name} of {self.experiment.name} was {value!r}; "
                    "it must be a number, text or boolean of Python"
                )
        row = {
            "experiment": self.experiment.name,
            "parameters": dict(self.parameters),
            "version": self.experiment.version,
        }
        try:
            return json.dumps(row, sort_keys=True, separators=(",", ":"), allow_nan=False)
        except ValueError as error:
            raise ValueError(
                f"a parameter of {self.experiment.name} was not finite: {dict(self.parameters)}"
            ) from error
