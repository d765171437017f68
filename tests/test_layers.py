"""theory and numerics know neither each other, nor the ledger, nor each other's libraries.

Two guards with no code in common watch the directions of imports: import-linter, which follows
chains of imports but reads import statements only, and a walk over the syntax trees, which also
sees modules named by strings. Both are shown to fire on planted violations.
"""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]

FORBIDDEN = {
    "theory": {"numerics", "proofs_check", "numpy", "scipy", "flint"},
    "numerics": {"theory", "proofs_check", "sympy", "flint"},
}

BY_STRING = {"import_module", "__import__", "find_spec", "find_loader"}
UNREADABLE = "a module named at run time"


def absolute_name(statement: ast.ImportFrom, package: list[str]) -> str:
    """Return what a ``from`` statement imports from, as an absolute name."""
    if statement.level == 0:
        return statement.module or ""
    base = package[: max(0, len(package) - statement.level + 1)]
    return ".".join([*base, *([statement.module] if statement.module else [])])


def imported_modules(source: str, module: str) -> set[str]:
    """Return the top-level names that a module's source imports, by statement or by string.

    A call that imports what is not a literal string counts as `UNREADABLE`, and so does any other
    use of such a function: passed on or renamed, it could import anything.
    """
    tree = ast.parse(source)
    package = module.split(".")[:-1]
    found: set[str] = set()
    read: set[ast.AST] = set()
    renamed: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = absolute_name(node, package)
            names = [base] if base else [alias.name for alias in node.names]
            found.update(name.split(".")[0] for name in names)
            renamed.update(a.asname for a in node.names if a.asname and a.name in BY_STRING)
    importers = BY_STRING | renamed
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node.func) in importers:
            read.add(node.func)
            arguments = [*node.args, *(k.value for k in node.keywords if k.arg == "name")]
            match arguments[:1]:
                case [ast.Constant(value=str(name))] if not name.startswith("."):
                    found.add(name.split(".")[0])
                case _:
                    found.add(UNREADABLE)
        elif isinstance(node, ast.Subscript) and name_of(node.value) == "modules":
            match node.slice:
                case ast.Constant(value=str(name)):
                    found.add(name.split(".")[0])
                case _:
                    found.add(UNREADABLE)
    if any(name_of(node) in importers and node not in read for node in ast.walk(tree)):
        found.add(UNREADABLE)
    return found


def name_of(node: ast.AST) -> str | None:
    """Return the last part of a name or an attribute."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def violations(source: str, module: str) -> set[str]:
    """Return the forbidden imports in the source of a module of theory or numerics."""
    return imported_modules(source, module) & (FORBIDDEN[module.partition(".")[0]] | {UNREADABLE})


FILES = sorted(path for layer in FORBIDDEN for path in (ROOT / layer).rglob("*.py"))


def test_both_layers_are_read() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(FORBIDDEN)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_layer_is_kept(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    assert violations(path.read_text(encoding="utf-8"), module) == set()


@pytest.mark.parametrize(
    ("module", "source", "caught"),
    [
        ("theory.x", "import numerics", "numerics"),
        ("theory.x", "import numerics.diffusion as forward", "numerics"),
        ("theory.x", "from numerics import diffusion", "numerics"),
        ("theory.x", "from numerics.diffusion import marginal", "numerics"),
        ("theory.x", "import proofs_check.claim", "proofs_check"),
        ("theory.x", "import numpy as np", "numpy"),
        ("theory.x", "import sympy, numpy", "numpy"),
        ("theory.x", "from numpy.linalg import eigh", "numpy"),
        ("theory.x", "import scipy.special", "scipy"),
        ("theory.x", "import flint", "flint"),
        ("theory.x", "from flint import arb", "flint"),
        ("numerics.x", "import theory", "theory"),
        ("numerics.x", "from theory.symbols import mu", "theory"),
        ("numerics.x", "from proofs_check import Claim", "proofs_check"),
        ("numerics.x", "import sympy as sp", "sympy"),
        ("numerics.x", "from sympy import exp", "sympy"),
        ("numerics.x", "import flint", "flint"),
        ("numerics.experiments.x", "import sympy", "sympy"),
        # Relative imports that leave the package.
        ("theory.x", "from .. import numerics", "numerics"),
        ("theory.x", "from ..numerics import diffusion", "numerics"),
        ("theory.__init__", "from ..numerics.diffusion import marginal", "numerics"),
        ("numerics.experiments.x", "from ... import theory", "theory"),
        ("numerics.experiments.x", "from ...theory.symbols import mu", "theory"),
        # Hidden from a glance at the head of the file.
        ("theory.x", "def f():\n    import numpy\n    return numpy", "numpy"),
        ("theory.x", "if TYPE_CHECKING:\n    import numpy", "numpy"),
        ("theory.x", "try:\n    import numpy\nexcept ImportError:\n    numpy = None", "numpy"),
        ("numerics.x", "class A:\n    from sympy import exp", "sympy"),
        # By string.
        ("theory.x", "import importlib\nimportlib.import_module('numpy')", "numpy"),
        ("theory.x", "import importlib as i\ni.import_module('numpy.linalg')", "numpy"),
        ("theory.x", "import importlib\nimportlib.import_module(name='numpy')", "numpy"),
        ("theory.x", "from importlib import import_module\nimport_module('scipy')", "scipy"),
        ("theory.x", "from importlib import import_module as f\nf('scipy')", "scipy"),
        ("theory.x", "import importlib.util\nimportlib.util.find_spec('numpy')", "numpy"),
        ("numerics.x", "__import__('sympy')", "sympy"),
        ("numerics.x", "__import__('sympy.core').core", "sympy"),
        ("numerics.x", "import builtins\nbuiltins.__import__('theory')", "theory"),
        ("numerics.x", "import sys\nsys.modules['sympy']", "sympy"),
        # What cannot be read is not allowed.
        ("theory.x", "import importlib\nimportlib.import_module('num' + 'py')", UNREADABLE),
        ("theory.x", "import importlib\nimportlib.import_module('..numerics', 'a')", UNREADABLE),
        ("theory.x", "name = 'numpy'\n__import__(name)", UNREADABLE),
        ("theory.x", "from importlib import import_module\nf = import_module", UNREADABLE),
        ("numerics.x", "load = __import__\nload('sympy')", UNREADABLE),
        ("numerics.x", "import sys\nsys.modules[name]", UNREADABLE),
    ],
)
def test_planted_violation_is_caught(module: str, source: str, caught: str) -> None:
    assert caught in violations(source, module)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("theory.x", "import sympy\nfrom sympy import exp"),
        ("theory.x", "from theory.symbols import mu"),
        ("theory.x", "from .symbols import mu"),
        ("theory.x", "from . import symbols"),
        ("theory.x", "from functools import cache"),
        ("theory.x", '"""The counterpart is numerics.diffusion, in numpy."""'),
        ("theory.x", "import numpydoc\nimport numerics_of_something_else"),
        ("theory.x", "modules = {}\nmodules['diffusion']"),
        ("numerics.x", "import numpy as np\nfrom scipy.special import ndtr"),
        ("numerics.x", "from importlib import import_module\nimport_module('sklearn.datasets')"),
        ("numerics.experiments.x", "from ..diffusion import marginal"),
        ("numerics.experiments.x", "from numerics.diffusion import marginal"),
    ],
)
def test_allowed_import_is_not_reported(module: str, source: str) -> None:
    assert violations(source, module) == set()


CONFIGURATION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_both_guards_forbid_the_same() -> None:
    contracts = CONFIGURATION["tool"]["importlinter"]["contracts"]
    forbidden = {
        source: set(contract["forbidden_modules"])
        for contract in contracts
        for source in contract["source_modules"]
    }
    assert forbidden == FORBIDDEN


def run_import_linter(folder: Path, sources: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the project's contracts on packages made of the given sources."""
    for layer in ("theory", "numerics", "proofs_check"):
        (folder / layer).mkdir()
        (folder / layer / "__init__.py").touch()
    for name, source in sources.items():
        (folder / name).write_text(dedent(source), encoding="utf-8")
    (folder / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    run = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", run], cwd=folder, capture_output=True, text=True, check=False
    )


def test_import_linter_passes_what_is_allowed(tmp_path: Path) -> None:
    result = run_import_linter(
        tmp_path,
        {
            "theory/a.py": "import sympy",
            "numerics/a.py": "import numpy, scipy",
            "proofs_check/a.py": "import theory.a, numerics.a, sympy, numpy, flint",
        },
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_import_linter_catches_planted_violations(tmp_path: Path) -> None:
    result = run_import_linter(
        tmp_path,
        {
            f"{layer}/a.py": "".join(f"import {name}\n" for name in sorted(names))
            for layer, names in FORBIDDEN.items()
        },
    )
    assert result.returncode == 1, result.stdout + result.stderr
    missed = {
        (layer, name)
        for layer, names in FORBIDDEN.items()
        for name in names
        if f"{layer} is not allowed to import {name}:" not in result.stdout
    }
    assert missed == set()


def test_import_linter_follows_a_chain(tmp_path: Path) -> None:
    result = run_import_linter(
        tmp_path,
        {
            "theory/a.py": "import theory.b",
            "theory/b.py": "import numerics.c",
            "numerics/c.py": "import numpy",
        },
    )
    assert result.returncode == 1, result.stdout + result.stderr
    assert "theory.b -> numerics.c" in result.stdout
