"""How much a printed constant gives away, from the recorded bracket of the best one, in words."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Final

from proofs_check.report.document import BestRow, ConstantRow, Document, Entry

__all__ = [
    "HEADINGS",
    "Slack",
    "best_words",
    "factor_words",
    "known_ends",
    "outward",
    "ranked",
    "slack",
    "table",
]

HEADINGS: Final = ("claim", "printed", "best", "factor given away")
"""Of the columns of `table`."""
SHORT: Final = 7
"""Characters of a fraction that is shown as it is."""
TIGHT: Final = Fraction(1000001, 1000000)
"""A constant that gives away less than this factor is called best possible."""


@dataclass(frozen=True, kw_only=True)
class Slack:
    """The factor between a printed constant and the best one, above 1 where the printed is weaker.

    Attributes
    ----------
    least
        What the printed constant gives away at least; ``None`` when that is not known.
    most
        What it gives away at most; ``None`` when that is not known. Below 1 the printed constant
        does not hold.
    """

    least: Fraction | None
    most: Fraction | None

    @property
    def false(self) -> bool:
        """Whether the statement is known to fail with the printed constant."""
        return self.most is not None and self.most < 1

    @property
    def tight(self) -> bool:
        """Whether the printed constant holds and is best possible, up to a millionth."""
        return self.least is not None and self.most is not None and 1 <= self.most <= TIGHT


def slack(row: ConstantRow) -> Slack | None:
    """Return the slack of a constant, ``None`` when nothing is recorded or it has no sign.

    Examples
    --------
    >>> from proofs_check.report.document import BestRow
    >>> best = BestRow(
    ...     lo="2",
    ...     hi="5/2",
    ...     slack_lo="2/5",
    ...     slack_hi="1/2",
    ...     lo_by="PROVED",
    ...     hi_by="a certified failure",
    ...     certified=True,
    ... )
    >>> slack(
    ...     ConstantRow(
    ...         symbol="c", printed="1", larger_is_weaker=False, power_of_two=False, best=best
    ...     )
    ... )
    Slack(least=Fraction(2, 1), most=Fraction(5, 2))
    """
    best = row.best
    if best is None or (best.slack_lo is None and best.slack_hi is None):
        return None
    ends = tuple(None if e is None else Fraction(e) for e in (best.slack_lo, best.slack_hi))
    least, most = ends
    if not row.larger_is_weaker:
        least, most = (None if e is None else 1 / e for e in (most, least))
    return Slack(least=least if best.certified else None, most=most)


def outward(value: str | Fraction, *, up: bool) -> str:
    """Return a number in at most four digits, rounded up or down; short fractions as they are.

    Examples
    --------
    >>> outward("1/4096", up=True), outward("4994330/10000001", up=False)
    ('1/4096', '0.4994')
    >>> outward(Fraction(10**12 + 1, 10**12), up=True), outward(Fraction(10**9, 3), up=True)
    ('1.001', '3.334e8')
    """
    exact = Fraction(value)
    if len(str(exact)) <= SHORT:
        return str(exact)
    context = Context(prec=4, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    rounded = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return f"{float(rounded):.4g}".replace("e+0", "e").replace("e-0", "e-")


def best_words(row: ConstantRow) -> str:
    """Return where the best value of a constant is, as ``1/4`` or ``between 1/4 and 1/2``."""
    best = row.best
    if best is None or (best.lo is None and best.hi is None):
        return "not known"
    if best.lo is not None and best.lo == best.hi:
        return outward(best.lo, up=False)
    held, failed = known_ends(row, best)
    lo, hi = (failed, held) if row.larger_is_weaker else (held, failed)
    if lo is not None and hi is not None:
        return f"between {outward(lo, up=False)} and {outward(hi, up=True)}"
    if lo is not None:
        return f"at least {outward(lo, up=False)}"
    return "not known" if hi is None else f"at most {outward(hi, up=True)}"


def known_ends(row: ConstantRow, best: BestRow) -> tuple[str | None, str | None]:
    """Return the end at which the statement is shown, and the one beyond which it fails."""
    weak, strong = (best.hi, best.lo) if row.larger_is_weaker else (best.lo, best.hi)
    return weak if best.certified else None, strong


def factor_words(found: Slack) -> str:
    """Return the slack in words.

    Examples
    --------
    >>> factor_words(Slack(least=Fraction(1), most=Fraction(151, 2)))
    'at most 151/2'
    >>> factor_words(Slack(least=Fraction(1), most=Fraction(1)))
    '1: best possible'
    """
    if found.false:
        return "the printed value does not hold"
    if found.tight:
        return "1: best possible"
    low = None if found.least in (None, 1) else outward(found.least, up=False)
    high = None if found.most is None else outward(found.most, up=True)
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    if high is not None:
        return f"at most {high}"
    return "not known" if low is None else f"at least {low}"


def ranked(document: Document) -> list[tuple[Entry, ConstantRow, Slack]]:
    """Return the constants with a known slack: false ones first, then those that give away most."""
    rows = [
        (entry, entry.constant, found)
        for entry in document.entries
        if entry.constant is not None and (found := slack(entry.constant)) is not None
    ]

    def worst(row: tuple[Entry, ConstantRow, Slack]) -> tuple[bool, Fraction, bool, Fraction]:
        least, most = row[2].least, row[2].most
        return (row[2].false, least or Fraction(1), most is None, most or Fraction(1))

    return sorted(rows, key=worst, reverse=True)


def table(document: Document) -> list[tuple[str, ...]]:
    """Return the rows of `ranked` in words."""
    return [
        (entry.id, row.printed, best_words(row), factor_words(found))
        for entry, row, found in ranked(document)
    ]
