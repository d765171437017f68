"""From results to a figure: its tables, its page, its trends, its record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from numerics.experiments.experiment import Profile
from numerics.sweep import grid
from numerics.table import Table
from proofs_check.errors import InputError
from proofs_check.figures.figure import Figure, Judgement
from proofs_check.figures.page import Page
from proofs_check.recorded import Recorded

if TYPE_CHECKING:
    from numerics.store import Store

__all__ = ["Drawn", "build"]


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A page and the plain data that goes with it."""

    page: Page
    record: dict[str, Any]


def build(
    figure: Figure, store: "Store", profile: Profile, verdicts: Mapping[str, Recorded]
) -> Drawn:
    """Draw a figure from the results in a store.

    Parameters
    ----------
    figure
        What to draw.
    store
        Where results are.
    profile
        Whose cells are drawn; other cells of the experiments are left out.
    verdicts
        Verdicts of the figure's claims.

    Raises
    ------
    InputError
        An experiment has no finished cell, or not those that the figure cannot do without.
    TheoryRefusedError
        A curve of theory rests on a claim that does not stand.

    Notes
    -----
    Draw, and write the files, under `proofs_check.figures.looks.style`.
    """
    cells = {e.name: grid(e, profile) for e in figure.experiments}
    tables = {name: store.table(of) for name, of in cells.items()}
    for name, table in tables.items():
        if not len(table):
            raise InputError(
                f"{figure.name}: {name} has no finished cell in {store.path}; "
                f"compute them with 'scoreproof sweep {name}'"
            )
    page = Page(figure.name, {k: verdicts[k] for k in figure.claims})
    unfinished = sum(len(cells[name]) - len(table) for name, table in tables.items())
    try:
        figure.draw(page, tables)
        record = _record(figure, page, profile, cells, tables)
    except (LookupError, ValueError) as error:
        if not unfinished:
            raise
        raise InputError(
            f"{figure.name}: cannot be drawn while {unfinished} of its cells have no result "
            f"({type(error).__name__}: {error}); see what 'scoreproof sweep' says of them"
        ) from error
    page.drawing.suptitle(
        _origin(figure, profile, unfinished), x=0.995, ha="right", fontsize=6.5, color="#777777"
    )
    return Drawn(page=page, record=record)


def _origin(figure: Figure, profile: Profile, unfinished: int) -> str:
    words = [f"scoreproof {figure.name}", f"{profile} profile"]
    if unfinished:
        words.append(f"{unfinished} cells without result")
    return ", ".join(words)


def _record(
    figure: Figure,
    page: Page,
    profile: Profile,
    cells: Mapping[str, tuple[Any, ...]],
    tables: Mapping[str, Table],
) -> dict[str, Any]:
    return {
        "figure": figure.name,
        "title": figure.title,
        "profile": profile,
        "experiments": [
            {
                "name": e.name,
                "says": e.says,
                "version": e.version,
                "cells": len(cells[e.name]),
                "finished": len(tables[e.name]),
                "digest": tables[e.name].digest(),
                "parameters": _parameters(tables[e.name]),
            }
            for e in figure.experiments
        ],
        "claims": {
            name: {"own": page.verdict(name).own.name, "rolled": page.verdict(name).rolled.name}
            for name in figure.claims
        },
        "trends": [
            {"says": t.says, "source": t.source, **_plain(t.judge(tables))} for t in figure.trends
        ],
        "panels": page.record(),
    }


def _plain(judgement: Judgement) -> dict[str, str]:
    return asdict(judgement) | {"seen": judgement.seen.value}


def _parameters(table: Table) -> dict[str, list[Any]]:
    """Return all values that each parameter takes, seeds among them."""
    names = sorted({name for row in table for name in row.parameters})
    return {
        name: sorted({r.parameters[name] for r in table if name in r.parameters}) for name in names
    }
