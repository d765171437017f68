"""The page on the architecture names what is there, all packages among it."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CODE: Final = re.compile(r"`([\w./-]+(?:\.py|\.css|\.js|\.toml|/))`")
PACKAGES: Final = ("theory", "numerics", "proofs_check")


def tree() -> set[str]:
    """Return the files of the project and its folders, which end in a slash."""
    found = {"pyproject.toml"}
    for top in (*PACKAGES, "tests", "docs"):
        for path in (ROOT / top).rglob("*"):
            if not {"__pycache__", "_build", "reference"} & set(path.parts):
                found.add(path.relative_to(ROOT).as_posix() + "/" * path.is_dir())
    return found


def missing(names: list[str], there: set[str]) -> list[str]:
    """Return the names that are the end of no path."""
    return [n for n in names if not any(f"/{path}".endswith(f"/{n}") for path in there)]


def test_what_is_named_is_there() -> None:
    names = CODE.findall(PAGE)
    assert len(names) > 80
    assert missing(names, tree()) == []
    assert missing([*names, "no_such_file.py"], tree()) == ["no_such_file.py"]


def test_every_package_is_described() -> None:
    packages = {p.parent.name for top in PACKAGES for p in (ROOT / top).rglob("__init__.py")}
    # the folder of one paper is part of the package that holds such folders
    packages -= {"large_learning_rates", "linear_diffusion"}
    assert {"ledger", "methods", "report"} < packages
    assert [n for n in sorted(packages) if f"{n}/`" not in PAGE and f"`{n}`" not in PAGE] == []
