"""Finished cells as rows in one order, whatever the order in which they were computed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from numerics.array_blob import encode
from numerics.experiments.experiment import Arrays, Cell, Parameter, Parameters

__all__ = ["Row", "Table"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Row:
    """A finished cell: parameters, results, and how long it took (which is no result)."""

    cell: Cell
    arrays: Arrays
    seconds: float = 0.0

    @property
    def parameters(self) -> Parameters:
        """The parameters of the cell."""
        return self.cell.parameters

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """Rows sorted by their parameters.

    Parameters
    ----------
    rows
        In the order of `Table.of`.

    Examples
    --------
    >>> from numerics.experiments.experiment import Experiment
    >>> toy = Experiment(name="A.toy", says="", cells=lambda _: [], run=lambda p, c: {})
    >>> rows = [
    ...     Row(cell=Cell(experiment=toy, parameters={"seed": k}), arrays={"y": np.full(2, k)})
    ...     for k in (10, 2)
    ... ]
    >>> table = Table.of(rows)
    >>> table.values("seed"), table.stack("y").tolist(), len(table.where(seed=2))
    ([2, 10], [[2, 2], [10, 10]], 1)
    """

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Table":
        """Return the table of some rows: numbers by value, text by letters."""
        return cls(rows=tuple(sorted(rows, key=lambda row: _order(row.parameters))))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, **wanted: Parameter) -> "Table":
        """Return the rows whose parameters have these values.

        Raises
        ------
        KeyError
            If a row has no such parameter.
        """
        kept = (r for r in self.rows if all(r.parameters[k] == v for k, v in wanted.items()))
        return Table(rows=tuple(kept))

    def values(self, name: str) -> list[Any]:
        """Return the different values of a parameter, sorted."""
        return sorted({row.parameters[name] for row in self.rows})

    def column(self, name: str) -> NDArray[Any]:
        """Return a parameter of every row, shape (rows,)."""
        return np.array([row.parameters[name] for row in self.rows])

    def stack(self, name: str) -> NDArray[Any]:
        """Return an array of every row, shape (rows, ...).

        Raises
        ------
        ValueError
            If there is no row, or the arrays differ in shape.
        """
        if not self.rows:
            raise ValueError(f"there is no row with {name}; compute the cells first")
        return np.stack([row.arrays[name] for row in self.rows])

    def digest(self) -> str:
        """Return a checksum of all parameters and results: equal tables, equal digests."""
        state = sha256()
        for row in self.rows:
            state.update(row.cell.key.encode())
            state.update(encode(row.arrays))
        return state.hexdigest()


def _order(parameters: Parameters) -> list[tuple[str, int, float | str]]:
    return [
        (name, 1, value) if isinstance(value, str) else (name, 0, value)
        for name, value in sorted(parameters.items())
    ]
