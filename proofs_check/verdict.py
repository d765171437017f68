"""What a check may say: seven ordered verdicts, and the finding that carries one."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

__all__ = ["Control", "Finding", "Verdict", "Witness", "weakest"]


class Verdict(enum.IntEnum):
    """How much was shown, strongest last; ``ERROR`` is outside the order and fails a run.

    Examples
    --------
    >>> Verdict.PROVED > Verdict.SUPPORTED
    True
    >>> Verdict.UNDECIDED.accepts
    False
    """

    ERROR = 0
    REFUTED = 1
    VACUOUS = 2
    UNDECIDED = 3
    ARGUED = 4
    SUPPORTED = 5
    ENCLOSED = 6
    PROVED = 7

    @property
    def accepts(self) -> bool:
        """Whether a machine said yes: the verdicts that a false statement must never get."""
        return self >= Verdict.SUPPORTED

    @property
    def certified(self) -> bool:
        """Whether the yes carries a certificate."""
        return self >= Verdict.ENCLOSED


def weakest(verdicts: "list[Verdict]") -> Verdict:
    """Return the weakest of some verdicts; an error is weaker than a refutation.

    Examples
    --------
    >>> weakest([Verdict.PROVED, Verdict.ARGUED]).name
    'ARGUED'
    """
    return min(verdicts)


@dataclass(frozen=True, kw_only=True)
class Witness:
    """An exact point at which a statement fails although every hypothesis holds.

    Attributes
    ----------
    values
        Symbol name to exact value: a ``Fraction``, a tuple of them (a sample), or a record.
    lhs, rhs
        Both sides as decimal enclosures that do not overlap.
    hypotheses
        One line for each hypothesis with the sign of its margin at the witness.
    bits
        Working precision at which the failure was certified; 0 when it is exact.
    """

    values: Mapping[str, Any]
    lhs: str
    rhs: str
    hypotheses: tuple[str, ...] = ()
    bits: int = 0

    def __str__(self) -> str:
        """Return the values as one line."""
        return ", ".join(f"{k} = {_show(v)}" for k, v in self.values.items())


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(_show(v) for v in value) + ")"
    if isinstance(value, Fraction) and value.denominator == 1:
        return str(value.numerator)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Control:
    """What one method said of one broken variant."""

    variant: str
    verdict: Verdict
    witness: Witness | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one piece of evidence says of one statement.

    Attributes
    ----------
    method
        Name of the method: ``symbolic``, ``enclosure``, ``steps``, ...
    verdict
        What the method says.
    detail
        One line for people: what was covered, or why nothing could be said.
    certificate
        Plain data from which the finding can be checked again.
    rests_on
        Ids of the claims that the finding uses.
    toothless
        Names of the broken variants that the method accepted; its yes then does not count.
    boxes
        How many boxes a cover examined: the measure of a method's effort.
    """

    method: str
    verdict: Verdict
    detail: str
    certificate: Mapping[str, Any] = field(default_factory=dict)
    witness: Witness | None = None
    rests_on: tuple[str, ...] = ()
    toothless: tuple[str, ...] = ()
    boxes: int = 0
    seconds: float = 0.0

    @property
    def counted(self) -> Verdict:
        """The verdict that counts: a yes of a toothless method is no yes."""
        if self.toothless and self.verdict.accepts:
            return Verdict.UNDECIDED
        return self.verdict
