"""Sentences of a ledger with their small formulas: powers and indices raised and lowered."""

import re
from typing import Final

from proofs_check.report.markup import text

__all__ = ["plain_prose", "prose"]

_GROUP: Final = r"\{([^{}]*)\}|\(([^()]*)\)"
_LEVELS: Final = (
    ("sup", re.compile(rf"\^(?:{_GROUP}|(-?[A-Za-z0-9]+|[+-](?!\w)))")),
    ("sub", re.compile(rf"(?<=[A-Za-z>])_(?:{_GROUP}|([A-Za-z0-9]+))")),
)
"""Where a formula goes up or down: a group in braces or brackets, or a number or name."""


def prose(value: str) -> str:
    """Return a sentence as safe HTML in which powers and indices are set as such.

    Examples
    --------
    >>> prose("x_(i+1) < e^{-2 t_C}")
    'x<sub>i+1</sub> &lt; e<sup>-2 t<sub>C</sub></sup>'
    """
    shown = text(value)
    for name, pattern in _LEVELS:
        # a group may hold another level, which the next round sees
        shown = pattern.sub(lambda m, n=name: f"<{n}>{m[1] or m[2] or m[3]}</{n}>", shown)  # type: ignore[misc]
    return shown


def plain_prose(value: str) -> str:
    """Return a sentence for where no markup can be, with brackets for the braces of its formulas.

    Examples
    --------
    >>> plain_prose("e^{-2 t_C} and Z_{1^c}")
    'e^(-2 t_C) and Z_(1^c)'
    """
    return re.sub(r"(?<=[_^])\{([^{}]*)\}", r"(\1)", value)
