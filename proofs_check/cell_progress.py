"""The progress of a sweep on standard error: cells, what failed, and the time that is left."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from numerics.experiments.experiment import Cell
from numerics.sweep import Outcome
from proofs_check.report.table import console

__all__ = ["CellProgress"]


class CellProgress:
    """A bar over cells, weighted by what they cost; failures above it, plain lines in a pipe.

    Parameters
    ----------
    cells
        What is going to be computed.
    """

    def __init__(self, cells: Sequence[Cell]) -> None:
        self._total, self._done, self._failed = len(cells), 0, 0
        self._screen = console(error=True)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[cells]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            # a rate over many cells: their order is by cost, and they end in bursts
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self._screen,
            disable=not self._screen.is_terminal,
            transient=True,
            speed_estimate_period=600.0,
        )
        self._task = self._bar.add_task(
            "computing", total=sum(_cost(cell) for cell in cells), cells=self._count()
        )

    def __enter__(self) -> Self:
        """Start drawing."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing, and say how far it came where there is no bar."""
        self._bar.stop()
        self._screen.print(f"{self._count()} computed")

    def advance(self, outcome: Outcome) -> None:
        """Count a cell; say why if it failed."""
        self._done += 1
        if outcome.error:
            self._failed += 1
            shown = ", ".join(f"{k}={v}" for k, v in outcome.cell.parameters.items())
            name = outcome.cell.experiment.name
            self._screen.print(Text.assemble((f"{name} failed", "bold red"), f" ({shown}): "))
            self._screen.print(Text(f"  {outcome.error}"))
        self._bar.update(self._task, advance=_cost(outcome.cell), cells=self._count())

    def _count(self) -> str:
        failed = f", {self._failed} failed" if self._failed else ""
        return f"{self._done} of {self._total} cells{failed}"


def _cost(cell: Cell) -> float:
    return max(cell.experiment.cost(cell.parameters), 1e-9)
