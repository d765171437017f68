"""What the terminal shows: a progress bar, one row a claim, counts, and what went wrong."""

import os
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from proofs_check.report.document import Agreement, Document, Entry
from proofs_check.report.trust_base import trust_base
from proofs_check.verdict import Verdict

if TYPE_CHECKING:
    from proofs_check.engine import Result

__all__ = ["STYLES", "Progress", "console", "print_document", "verdict_text"]

STYLES: Final[Mapping[Verdict, str]] = {
    Verdict.PROVED: "bold green",
    Verdict.ENCLOSED: "cyan",
    Verdict.SUPPORTED: "blue",
    Verdict.ARGUED: "magenta",
    Verdict.UNDECIDED: "yellow",
    Verdict.VACUOUS: "bold yellow",
    Verdict.REFUTED: "bold red",
    Verdict.ERROR: "bold white on red",
}
"""A style for each verdict; the word is always written too."""

WIDE: Final = 160
"""Width of tables that do not go to a terminal, so that ids are never cut."""


class _Screen(Console):
    """A console whose reader may go away (``| head``): the run and its exit code go on."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


def console(*, error: bool = False) -> Console:
    """Return a console that writes plain wide text when it is no terminal."""
    made = _Screen(stderr=error, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not made.is_terminal:
        made.width = WIDE
    return made


def verdict_text(verdict: Verdict | None) -> Text:
    """Return a verdict in its style."""
    return Text("") if verdict is None else Text(verdict.name, style=STYLES[verdict])


class Progress:
    """Verdicts as they come, on standard error: above a bar on a terminal, plain elsewhere."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._quiet = quiet
        self._screen = screen = console(error=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=screen,
            disable=quiet or not screen.is_terminal,
            transient=True,
        )
        self._task = self._bar.add_task("checking", total=total)

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
        """Stop drawing."""
        self._bar.stop()

    def advance(self, result: "Result") -> None:
        """Show that a claim is done."""
        verdict = (f"{result.own.name:<10}", STYLES[result.own])
        self.step(Text.assemble(verdict, f" {result.id}  {result.seconds:.1f} s"))

    def step(self, line: str | Text) -> None:
        """Show a line above the bar, and move the bar."""
        if not self._quiet:
            self._screen.print(line)
        self._bar.advance(self._task)


def print_document(document: Document, *, quiet: bool = False) -> None:
    """Print the table of claims, refutations with their amendments, faults and counts.

    Parameters
    ----------
    document
        The run.
    quiet
        Print the faults only: what makes the run fail.
    """
    screen = console()
    if not quiet:
        screen.print(_claims(document.entries))
        for entry in document.entries:
            if entry.own is Verdict.REFUTED:
                _print_refutation(screen, document, entry)
        for entry in document.entries:
            if entry.void:
                screen.print(Text.assemble((entry.id, "bold"), f": {_void(entry)}"))
    for entry in document.entries:
        if entry.fails:
            screen.print(Text.assemble((entry.id, "bold red"), f": {_fault(entry)}"))
    if not quiet:
        _print_counts(screen, document)


def _claims(entries: tuple[Entry, ...]) -> Table:
    """Return one row a claim; only the finding is ever cut."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("claim", no_wrap=True)
    for name in ("own", "rolled up", "proof"):
        table.add_column(name, no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    # the only column that gives way; its cells, not the column, refuse to wrap
    table.add_column("finding")
    for e in entries:
        table.add_row(
            e.id,
            verdict_text(e.own),
            verdict_text(e.rolled),
            verdict_text(e.proof),
            f"{e.seconds:.1f}",
            Text(e.headline, no_wrap=True, overflow="ellipsis"),
        )
    return table


def _print_refutation(screen: Console, document: Document, entry: Entry) -> None:
    screen.print()
    verdict = verdict_text(entry.own)
    screen.print(Text.assemble((entry.id, "bold"), " is ", verdict, f": {entry.says}"))
    if entry.witness is not None:
        screen.print(Text(f"  at {entry.witness}"))
        screen.print(Text(f"  left side {entry.witness.lhs}, right side {entry.witness.rhs}"))
    for amended in document.amendments(entry.id):
        verdict = verdict_text(amended.rolled)
        screen.print(Text.assemble("  repaired as ", (amended.id, "bold"), ": ", verdict))


def _fault(entry: Entry) -> str:
    now = f"{entry.own.name}/{entry.rolled.name}"
    if entry.own is Verdict.ERROR or entry.agreement is Agreement.USER:
        return f"{entry.own.name}, {entry.headline}"
    if entry.recorded_own is None or entry.recorded_rolled is None:
        return f"{now} is not recorded"
    return f"{now} differs from the recorded {entry.recorded_own.name}/{entry.recorded_rolled.name}"


def _void(entry: Entry) -> str:
    return f"no method shows these broken variants to be false: {', '.join(entry.void)}"


def _print_counts(screen: Console, document: Document) -> None:
    own, rolled = document.counts(), document.counts(rolled=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("verdict")
    table.add_column("own", justify="right")
    table.add_column("rolled up", justify="right")
    for verdict in own:
        if own[verdict] or rolled[verdict]:
            table.add_row(verdict_text(verdict), str(own[verdict]), str(rolled[verdict]))
    screen.print()
    screen.print(table)
    screen.print(
        f"{len(document.entries)} claims in {document.seconds:.1f} s, {document.profile} profile, "
        f"seed {document.seed}"
    )
    screen.print()
    for line in trust_base(document):
        screen.print(line)
