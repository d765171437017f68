"""The notation page names every symbol that `theory` makes, with its assumptions."""

import re
from pathlib import Path

import pytest

from theory import symbols

PAGE = Path(__file__).parents[1] / "docs" / "notation.md"
ROW = re.compile(r"^\| \$.*?\$ \| (?P<names>`.*?) \| (?P<assumption>.*?) \| .* \|$", re.MULTILINE)


def assumptions_on_page() -> dict[str, str]:
    """Return the assumption that the first table states for each name."""
    rows = ROW.finditer(PAGE.read_text(encoding="utf-8").split("## Quantities")[0])
    return {
        name: row["assumption"] for row in rows for name in re.findall(r"`(\w+)`", row["names"])
    }


def test_every_symbol_is_on_the_page() -> None:
    assert sorted(assumptions_on_page()) == sorted(symbols.__all__)


@pytest.mark.parametrize("name", symbols.__all__)
def test_assumption_is_as_stated(name: str) -> None:
    symbol = getattr(symbols, name)
    stated = {
        "is_real": True,
        "is_positive": "positive" in assumptions_on_page()[name] or None,
        "is_integer": "integer" in assumptions_on_page()[name] or None,
    }
    if name == "x":  # the data: the entries, not the array, carry the assumption
        symbol, stated = symbol[symbols.i], {"is_real": True}
    assert {key: getattr(symbol, key) for key in stated} == stated
