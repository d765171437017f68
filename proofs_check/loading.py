"""From names on the command line to claims: the ledger, files of the user, ids and their prefixes.

Workers rebuild the claims from a `Origin`, which is a few paths; claims are never pickled.
"""

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from proofs_check.errors import InputError, LedgerError, ScoreproofError

if TYPE_CHECKING:
    from proofs_check.claim import Claim

__all__ = ["Claims", "Origin", "load_claims", "read_targets", "select", "single"]


@dataclass(frozen=True)
class Origin:
    """Where claims come from: the ledger, and files of the user.

    Attributes
    ----------
    files
        Absolute paths of Python files.
    ledger
        Whether the ledger belongs to it: a worker that checks a user's claims may do without.
    """

    files: tuple[Path, ...] = ()
    ledger: bool = True


@dataclass(frozen=True, kw_only=True)
class Claims:
    """All claims of a run.

    Attributes
    ----------
    by_id
        The ledger, then the user's claims, by id.
    mine
        Ids that come from the user's files.
    origin
        From which they can be built again.
    """

    by_id: Mapping[str, "Claim"]
    mine: frozenset[str]
    origin: Origin


def read_targets(targets: Sequence[str]) -> tuple[Origin, list[str]]:
    """Split the words of a command line into files and ids.

    A word is a file if it ends in ``.py`` or contains a path separator.

    Raises
    ------
    InputError
        A file that is missing, is a folder, or is no Python file.

    Examples
    --------
    >>> read_targets(["A.prop7", "A.thm8.P1"])
    (Origin(files=(), ledger=True), ['A.prop7', 'A.thm8.P1'])
    """
    files: list[Path] = []
    ids: list[str] = []
    for word in targets:
        if not word.strip():
            raise InputError("ID: an empty name is no claim; leave it out to run all claims")
        if not (word.endswith(".py") or os.sep in word):
            ids.append(word)
            continue
        path = Path(word)
        if path.is_dir():
            raise InputError(f"{word}: is a folder; name a Python file that holds claims")
        if not path.exists():
            raise InputError(f"{word}: there is no such file; check the path")
        if path.suffix != ".py":
            raise InputError(f"{word}: is no Python file; claims are read from a .py file")
        if path.resolve() not in files:
            files.append(path.resolve())
    return Origin(tuple(files)), ids


def load_claims(origin: Origin) -> Claims:
    """Return the claims of the ledger and of the user's files, checked against each other.

    Raises
    ------
    ScoreproofError
        Anything that makes a file or the ledger unusable; one line.
    """
    from proofs_check.engine import order
    from proofs_check.ledger import load

    # first what may be wrong: a fault in a file is told before the ledger is built
    found = [_claims_of(path) for path in origin.files]
    table = dict(load()) if origin.ledger else {}
    mine: list[str] = []
    for claims in found:
        for claim in claims:
            if table.get(claim.id) is claim:
                continue
            if claim.id in table:
                owner = "in the files given" if claim.id in mine else "by the ledger"
                raise LedgerError(
                    f"{claim.id}: the id is already used {owner}; give the claim another id"
                )
            table[claim.id] = claim
            mine.append(claim.id)
    if origin.ledger:
        for name in mine:
            _check_parts(table[name])
            _check_links(table[name], table)
        order(table)
    return Claims(by_id=table, mine=frozenset(mine), origin=origin)


def _check_parts(claim: "Claim") -> None:
    """Check what nothing asks before the claim is run: a fault of a file is no crash of a check."""
    from typing import get_args

    from proofs_check.broken import Broken
    from proofs_check.evidence import Evidence

    for field, kinds, remedy in (
        ("evidence", get_args(Evidence), "build it with Enclosure(), Search(), ..."),
        ("broken", (Broken,), "build it with scale, flip, drop, swap or restate"),
        ("uses", (str,), "write ('its.id',)"),
        ("steps", (str,), "write ('its.id',)"),
    ):
        value = getattr(claim, field)
        if not isinstance(value, (tuple, list)):
            raise LedgerError(f"{claim.id}: {field}: is no tuple but {_shown(value)}; {remedy}")
        for entry in value:
            if not isinstance(entry, kinds):
                raise LedgerError(f"{claim.id}: {field}: {_shown(entry)} is none; {remedy}")
    for variant in claim.broken:
        variant.apply(claim)


def _shown(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else f"a {type(value).__name__}"


def _check_links(claim: "Claim", table: Mapping[str, "Claim"]) -> None:
    """Check that the claims that a claim names are there."""
    from proofs_check.engine import dependencies

    for name in dependencies(claim):
        if name not in table:
            raise LedgerError(
                f"{claim.id}: uses: there is no claim {name!r}{_nearest(name, table)}"
            )
    if claim.amends is not None and claim.amends not in table:
        raise LedgerError(
            f"{claim.id}: amends: there is no claim {claim.amends!r}{_nearest(claim.amends, table)}"
        )


def _claims_of(path: Path) -> list["Claim"]:
    """Return the claims of a user's file in the order of their definition."""
    from proofs_check.claim import Claim

    found: dict[int, Claim] = {}
    for name, value in vars(_executed(path)).items():
        if isinstance(value, Claim):
            found.setdefault(id(value), value)
        elif name == "CLAIMS":
            if not isinstance(value, (tuple, list)):
                raise InputError(f"{path.name}: CLAIMS is no tuple or list; write (claim, ...)")
            for entry in value:
                if not isinstance(entry, Claim):
                    raise InputError(
                        f"{path.name}: CLAIMS has a {type(entry).__name__}; put only claims there"
                    )
                found.setdefault(id(entry), entry)
    if not found:
        raise InputError(
            f"{path.name}: there is no claim in the file; define one at the top level, "
            "or a tuple CLAIMS"
        )
    return list(found.values())


def _executed(path: Path) -> ModuleType:
    """Run a user's file as a module, without leaving byte code beside it."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path.name}: cannot be read ({error.strerror}); check its permissions"
        ) from error
    module = ModuleType(f"_scoreproof_user_{path.stem}")
    module.__file__ = str(path)
    try:
        code = compile(source, str(path), "exec")
    except SyntaxError as error:
        said = error.msg
        remedy = "save it as UTF-8 text" if "codec" in said else "mend the syntax"
        raise InputError(f"{path.name}:{error.lineno or 1}: {said}; {remedy}") from error
    except ValueError as error:
        raise InputError(f"{path.name}: {error}; save it as UTF-8 text") from error
    sys.modules[module.__name__] = module
    with _beside(path):
        try:
            exec(code, vars(module))  # noqa: S102 - a file of claims is a program, as the user asked
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # also SystemExit, and what else a program may end with
            raise InputError(_blame(path, error)) from error
    return module


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[None]:
    """Let a file import its neighbours, and write no byte code for them."""
    before = sys.dont_write_bytecode
    sys.path.insert(0, str(path.parent))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        with contextlib.suppress(ValueError):
            sys.path.remove(str(path.parent))


def _blame(path: Path, error: BaseException) -> str:
    """Return one line that names the line of the user's file where an error arose."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    place = f"{path.name}:{lines[-1]}" if lines else path.name
    said = " ".join(str(error).split())
    if isinstance(error, ScoreproofError):
        return f"{place}: {said}"
    if isinstance(error, SystemExit):
        return f"{place}: the file ends the program; remove the call of exit"
    return f"{place}: {type(error).__name__}: {said}; run the file with Python to see more"


def select(claims: Claims, names: Sequence[str]) -> list[str]:
    """Return the ids that names stand for, in the order of the ledger.

    A name selects the claim of that id, all claims below it (``A.prop7`` selects ``A.prop7.P1``)
    and the claims that amend them. The user's claims are all selected unless a name is one of
    theirs. Without names and files: all claims.

    Raises
    ------
    InputError
        A name that selects nothing; the nearest id is suggested.
    """
    table = claims.by_id
    if not names:
        return [k for k in table if k in claims.mine] if claims.origin.files else list(table)
    chosen: set[str] = set()
    for name in names:
        found = {k for k in table if k == name or k.startswith(f"{name.rstrip('.')}.")}
        if not found:
            raise InputError(_unknown(name, table))
        chosen |= found
    if not chosen & claims.mine:
        chosen |= claims.mine
    chosen |= {k for k, claim in table.items() if claim.amends in chosen}
    return [k for k in table if k in chosen]


def single(wanted: str, claims: Claims) -> str:
    """Return the id of the one claim that a name stands for.

    Raises
    ------
    InputError
        The name stands for none, or for several claims.
    """
    if wanted in claims.by_id:
        return wanted
    if not wanted.strip():
        raise InputError("ID: an empty name is no claim; name one, such as A.cor3a")
    if wanted.endswith(".py"):
        raise InputError(f"ID: {wanted!r} is a file; name one of its claims first, then the file")
    names = select(claims, [wanted])
    if len(names) > 1:
        some = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
        raise InputError(f"ID: {wanted!r} stands for {len(names)} claims ({some}); name one")
    return names[0]


def _unknown(name: str, table: Mapping[str, "Claim"]) -> str:
    if Path(name).is_dir():
        return f"{name}: is a folder; name a Python file that holds claims"
    if Path(name).exists():
        return f"ID: there is no claim {name!r}; a file of claims ends in .py"
    if not table:
        return f"ID: there is no claim {name!r}; the ledger is empty, name a file of claims"
    return f"ID: there is no claim {name!r}{_nearest(name, table)}"


def _nearest(name: str, table: Mapping[str, "Claim"]) -> str:
    from difflib import get_close_matches

    folded = {k.casefold(): k for k in table}
    close = get_close_matches(name.casefold(), folded, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {folded[close[0]]!r}?"
    heads = sorted({k.split(".")[0] for k in table})
    return f"; ids start with {', '.join(heads)}"
