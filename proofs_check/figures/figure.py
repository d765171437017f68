"""A figure is a record: what it is drawn from, the claims it rests on, and what it should show."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from numerics.experiments.experiment import Experiment
from numerics.table import Table

if TYPE_CHECKING:
    from proofs_check.figures.page import Page

__all__ = ["Figure", "Judgement", "Seen", "Tables", "Trend"]

Tables: TypeAlias = Mapping[str, Table]
"""The finished cells of a profile, by name of the experiment."""


class Seen(enum.Enum):
    """What the results say of a trend."""

    REPRODUCED = "reproduced"
    NOT = "not reproduced"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the results say of a trend, and by which number.

    Attributes
    ----------
    seen
        Whether the trend is there.
    numbers
        The numbers that decide, as a phrase: ``"slope -0.52 +- 0.04 over 4 rates"``.
    why
        Why the trend is not there, or cannot be judged; empty if it is there.
    """

    seen: Seen
    numbers: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A qualitative statement about a figure, and the function of the results that judges it.

    Attributes
    ----------
    says
        The statement in our words.
    source
        Who says so and where: ``"paper A, Figure 2"``.
    judge
        Decides by the results alone. It must be able to say no.
    """

    says: str
    source: str
    judge: Callable[[Tables], Judgement]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure, its data, its claims and its trends.

    Attributes
    ----------
    name
        As the catalogue names it; the files are named so too.
    title
        One line: what is shown.
    experiments
        Where the numbers come from.
    claims
        Ids of the claims that the figure rests on. A curve of theory names one of them, and is
        refused unless its rolled-up verdict is ARGUED or stronger.
    draw
        Draws on an empty page.
    trends
        What the paper sees in its figure, and what we add.
    """

    name: str
    title: str
    experiments: tuple[Experiment, ...]
    claims: tuple[str, ...]
    draw: Callable[["Page", Tables], None]
    trends: tuple[Trend, ...] = ()
