"""What the terminal shows: a progress bar, one row a claim, counts, and what went wrong."""

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from proofs_check.report.document import Agreement, Document, Entry
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

FIXED: Final = 44
"""Width of the three verdicts, the seconds and the gaps between columns."""

WIDE: Final = 160
"""Width of tables that do not go to a terminal, so that ids are never cut."""


def console(*, error: bool = False) -> Console:
    """Return a console that writes plain wide text when it is no terminal."""
    made = Console(stderr=error, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=error, highlight=False, width=WIDE)


def verdict_text(verdict: Verdict | None) -> Text:
    """Return a verdict in its style."""
    return Text("") if verdict is None else Text(verdict.name, style=STYLES[verdict])


class Progress:
    """A progress bar on a terminal, and nothing elsewhere."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        screen = console(error=True)
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

    def __enter__(self) -> "Progress":
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
        self._bar.console.print(
            Text.assemble(
                (f"{result.own.name:<10}", STYLES[result.own]), f" {result.id}  {result.seconds:.1f} s"
            )
        ) if not self._bar.disable else None
        self._bar.advance(self._task)


def print_document(document: Document, *, quiet: bool = False) -> None:
    """Print the table of claims, refutations with their amendments, differences and counts."""
    screen = console()
    if not quiet:
        screen.print(_claims(document.entries, screen.width))
    for entry in document.entries:
        if entry.own is Verdict.REFUTED and not quiet:
            _print_refutation(screen, document, entry)
    for entry in document.entries:
        if entry.agreement in (Agreement.DIFFERS, Agreement.UNRECORDED):
            _print_difference(screen, entry)
        elif entry.own is Verdict.ERROR or (entry.void and not quiet):
            said = entry.headline if entry.own is Verdict.ERROR else _void(entry)
            screen.print(Text.assemble((entry.id, "bold"), f": {said}"))
    _print_counts(screen, document)


def _claims(entries: tuple[Entry, ...], width: int) -> Table:
    """Return one row a claim; only the finding is ever cut."""
    ids = max((len(e.id) for e in entries), default=0)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("claim", no_wrap=True)
    for name in ("own", "rolled up", "proof"):
        table.add_column(name, no_wrap=True)
    table.add_column("s", justify="right", no_wrap=True)
    room = max(width - ids - FIXED, 20)
    table.add_column("finding", overflow="ellipsis", no_wrap=True, max_width=room)
    for e in entries:
        table.add_row(
            e.id,
            verdict_text(e.own),
            verdict_text(e.rolled),
            verdict_text(e.proof),
            f"{e.seconds:.1f}",
            Text(e.headline),
        )
    return table


def _print_refutation(screen: Console, document: Document, entry: Entry) -> None:
    screen.print()
    screen.print(Text.assemble((entry.id, "bold"), " is ", verdict_text(entry.own), f": {entry.says}"))
    if entry.witness is not None:
        screen.print(Text(f"  at {entry.witness}"))
        screen.print(Text(f"  left side {entry.witness.lhs}, right side {entry.witness.rhs}"))
    for amended in document.amendments(entry.id):
        screen.print(Text.assemble("  repaired as ", (amended.id, "bold"), ": ", verdict_text(amended.rolled)))


def _print_difference(screen: Console, entry: Entry) -> None:
    now = f"{entry.own.name}/{entry.rolled.name}"
    if entry.recorded_own is None or entry.recorded_rolled is None:
        said = f"{now} is not recorded"
    else:
        said = f"{now} differs from the recorded {entry.recorded_own.name}/{entry.recorded_rolled.name}"
    screen.print(Text.assemble((entry.id, "bold"), f": {said}", style="red"))


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
