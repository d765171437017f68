"""Bad input: one line that names the field, what is wrong and what would do; nothing is written."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofs_check.output import write

HEAD = """
from sympy import *
from proofs_check import *

a = Symbol("a", real=True)


def claim(**changed):
    parts = {
        "id": "t",
        "says": "a square is not negative",
        "given": {a: reals},
        "lhs": a**2,
        "rel": ">=",
        "rhs": 0,
        "evidence": (Search(),),
        "broken": (flip(),),
    }
    return Claim(**(parts | changed))


"""
GOOD = f"{HEAD}c = claim()\n"
FILES: Mapping[str, str | bytes] = {"good.py": GOOD, "notes.txt": "no Python\n"}


@pytest.fixture
def bound(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Skip where permissions do not bind, as for the superuser."""
    locked = tmp_path_factory.mktemp("probe")
    locked.chmod(0o500)
    if os.access(locked, os.W_OK):
        pytest.skip("permissions do not bind the superuser")


def user(line: str) -> dict[str, str | bytes]:
    """Return a user's file with one line after the usual head."""
    return {"mine.py": f"{HEAD}{line}\n"}


Case = tuple[list[str], Mapping[str, str | bytes], str]
MINE = ["verify", "mine.py"]
CASES: dict[str, Case] = {
    # the statement
    "float": (MINE, user("c = claim(lhs=0.5 * a)"), "lhs: has the float 0.5; write Rational(1, 2)"),
    "float alone": (MINE, user("c = claim(rhs=0.25)"), "rhs: has the float 0.25"),
    "float NaN": (MINE, user("c = claim(lhs=float('nan'))"), "lhs: "),
    "float infinity": (MINE, user("c = claim(rhs=float('inf'))"), "rhs: "),
    "NaN": (MINE, user("c = claim(lhs=nan)"), "lhs: nan is not a number"),
    "infinity": (MINE, user("c = claim(rhs=oo)"), "rhs: oo is no number; leave the bound out"),
    "division by zero": (MINE, user("c = claim(rhs=zoo)"), "rhs: zoo is not a number"),
    "complex": (MINE, user("c = claim(rhs=I)"), "rhs: I is not real"),
    "text": (MINE, user("c = claim(lhs='a**2')"), "lhs: 'a**2' is text"),
    "float in a hypothesis": (
        MINE,
        user("c = claim(where=(le(a, 0.1),))"),
        "hypothesis: has the float 0.1",
    ),
    "float in a domain": (MINE, user("c = claim(given={a: Real(lo=0.1)})"), "lo: has the float"),
    "relation misspelt": (
        MINE,
        user("c = claim(rel='=>')"),
        "rel: '=>' is not a relation; use one of ==, <=, <, >=, >",
    ),
    "symbol without domain": (
        MINE,
        user("c = claim(rhs=Symbol('b'))"),
        "given: b is not in given; add its domain",
    ),
    "declared beyond its domain": (
        MINE,
        user("p = Symbol('p', positive=True); c = claim(lhs=p, given={p: reals})"),
        "given: p is declared positive, which does not follow from (-oo, oo)",
    ),
    "two symbols of one name": (
        MINE,
        user("c = claim(given={a: reals, Symbol('a'): reals})"),
        "given: two symbols are called a",
    ),
    "empty interval": (MINE, user("c = claim(given={a: Real(lo=1, hi=0)})"), "is empty"),
    "empty sample": (MINE, user("X = Sample(min_size=0)"), "a sample needs min_size >= 1"),
    "sample sizes reversed": (
        MINE,
        user("X = Sample(min_size=5, max_size=3)"),
        "max_size < min_size",
    ),
    "hypothesis is no relation": (
        MINE,
        user("c = claim(where=(a > 0,))"),
        "where: a hypothesis is not a relation; build it with le",
    ),
    # the record
    "no id": (MINE, user("c = claim(id='')"), "id: '' is empty"),
    "id with a space": (MINE, user("c = claim(id='a b')"), "id: 'a b' is empty or has white"),
    "no evidence": (MINE, user("c = claim(evidence=())"), "evidence: there is none"),
    "evidence by name": (
        MINE,
        user("c = claim(evidence=('search',))"),
        "t: evidence: 'search' is none; build it with Enclosure()",
    ),
    "evidence without a tuple": (
        MINE,
        user("c = claim(evidence='search')"),
        "t: evidence: is no tuple but 'search'",
    ),
    "no broken variant": (MINE, user("c = claim(broken=())"), "broken: there is no broken variant"),
    "broken variant is no variant": (
        MINE,
        user("c = claim(broken=(2,))"),
        "t: broken: 2 is none; build it with scale",
    ),
    "variant that changes nothing": (
        MINE,
        user("c = claim(broken=(scale('rhs', 2),))"),
        "t: the broken variant 'rhs times 2' changes nothing",
    ),
    "duplicate id": (
        MINE,
        user("c = claim(); d = claim(rhs=-1)"),
        "t: the id is already used in the files given; give the claim another id",
    ),
    "id of the ledger": (
        MINE,
        user("c = claim(id='A.eq6')"),
        "A.eq6: the id is already used by the ledger",
    ),
    "same id in two files": (
        ["verify", "mine.py", "good.py"],
        user("c = claim()"),
        "t: the id is already used in the files given",
    ),
    "unknown use": (
        MINE,
        user("c = claim(uses=('A.prop2A',))"),
        "t: uses: there is no claim 'A.prop2A'; did you mean 'A.prop2a'?",
    ),
    "use without a tuple": (
        MINE,
        user("c = claim(uses='A.prop2a')"),
        "t: uses: is no tuple but 'A.prop2a'; write ('its.id',)",
    ),
    "unknown step": (MINE, user("c = claim(steps=('t.P1',))"), "there is no claim 't.P1'"),
    "unknown child": (
        MINE,
        user("c = claim(evidence=(Steps(branches=(Branch(parts=(From(claim='q'),)),)),))"),
        "there is no claim 'q'",
    ),
    "unknown amended claim": (
        MINE,
        user("c = claim(amends='A.cor3')"),
        "t: amends: there is no claim 'A.cor3'; did you mean 'A.cor3",
    ),
    "uses itself": (MINE, user("c = claim(uses=('t',))"), "t: depends on itself: t -> t"),
    "cyclic uses": (
        MINE,
        user("c = claim(uses=('u',)); d = claim(id='u', uses=('t',))"),
        "t: depends on itself: t -> u -> t",
    ),
    # the file
    "syntax error": (MINE, user("c = claim("), "mine.py:22: '(' was never closed; mend the syntax"),
    "import error": (MINE, user("import nowhere"), "mine.py:22: ModuleNotFoundError: No module"),
    "error while it runs": (MINE, user("1 / 0"), "mine.py:22: ZeroDivisionError: division by zero"),
    "error of several lines": (MINE, user("raise ValueError('one\\ntwo')"), "ValueError: one two"),
    "endless recursion": (MINE, user("def f(): f()\nf()"), "RecursionError"),
    "exit": (
        MINE,
        user("exit()"),
        "mine.py:22: the file ends the program; remove the call of exit",
    ),
    "sys.exit": (MINE, user("import sys; sys.exit(0)"), "the file ends the program"),
    "other end": (MINE, user("raise GeneratorExit"), "mine.py:22: GeneratorExit"),
    "no claims": (MINE, user("x = 1"), "mine.py: there is no claim in the file; define one"),
    "empty file": (MINE, {"mine.py": ""}, "mine.py: there is no claim in the file"),
    "CLAIMS is no tuple": (MINE, user("CLAIMS = 3"), "mine.py: CLAIMS is no tuple or list"),
    "CLAIMS with a number": (MINE, user("CLAIMS = (claim(), 3)"), "mine.py: CLAIMS has a int"),
    "not UTF-8": (MINE, {"mine.py": b"x = '\xe9'\n"}, "save it as UTF-8 text"),
    "null byte": (MINE, {"mine.py": b"x = 1\0\n"}, "mine.py:1: source code string cannot contain"),
    "no such file": (["verify", "none.py"], {}, "none.py: there is no such file; check the path"),
    "file with a line break": (["verify", "my\nown.py"], {}, "my own.py: there is no such file"),
    "no such folder": (["verify", "no/mine.py"], {}, "no/mine.py: there is no such file"),
    "not .py": (["verify", "notes.txt"], {}, "'notes.txt'; a file of claims ends in .py"),
    "path, not .py": (["verify", "./notes.txt"], {}, "./notes.txt: is no Python file"),
    "a folder": (["verify", "."], {}, ".: is a folder; name a Python file that holds claims"),
    "a folder with a slash": (["verify", "./"], {}, "./: is a folder"),
    "show in a missing file": (["show", "t", "none.py"], {}, "none.py: there is no such file"),
    # ids
    "unknown id": (
        ["verify", "A.prop2A"],
        {},
        "ID: there is no claim 'A.prop2A'; did you mean 'A.prop2a'?",
    ),
    "id like nothing": (["verify", "@@@"], {}, "ID: there is no claim '@@@'; ids start with A"),
    "empty id": (["verify", ""], {}, "ID: an empty name is no claim; leave it out to run all"),
    "one of two ids": (["verify", "A.eq6", "A.zz9"], {}, "ID: there is no claim 'A.zz9'"),
    "id with a line break": (["verify", "A\nB"], {}, "ID: there is no claim 'A\\nB'"),
    "show without id": (["show"], {}, "the following arguments are required: ID; see"),
    "show an unknown id": (["show", "A.cor3"], {}, "ID: "),
    "show a part": (["show", "A"], {}, "claims (A.eq3.mean, A.eq3.variance, A.eq3.law, ...); name"),
    "show an empty id": (["show", ""], {}, "ID: an empty name is no claim"),
    "show a file": (["show", "my.py"], {}, "ID: 'my.py' is a file; name one of its claims first"),
    "show too much": (["show", "t", "good.py", "u"], {}, "u: is not understood here"),
    "constants of an unknown id": (["constants", "A.prop2A"], {}, "did you mean 'A.prop2a'?"),
    "constants without constant": (
        ["constants", "A.eq6"],
        {},
        "ID: none of these claims has a constant",
    ),
    "constants of mine, none": (
        ["constants", "good.py"],
        {},
        "none of these claims has a constant",
    ),
    "constants anew, but not recorded": (
        ["constants", "--anew"],
        {},
        "--anew: redoes what --record keeps; give both, or leave it out",
    ),
    "constants of mine, recorded": (
        ["constants", "good.py", "--record"],
        {},
        "ID: none of these claims has a constant; 'scoreproof verify' lists them",
    ),
    "planted in an unknown id": (["planted", "A.prop2A"], {}, "did you mean 'A.prop2a'?"),
    # options
    "no workers": (
        ["verify", "--jobs", "0"],
        {},
        "--jobs: '0' is not a whole number of at least 1",
    ),
    "workers in words": (["verify", "--jobs", "x"], {}, "--jobs: 'x' is not a whole number"),
    "half a worker": (["verify", "--jobs", "1.5"], {}, "--jobs: '1.5' is not a whole number"),
    "negative seed": (["verify", "--seed", "-1"], {}, "--seed: '-1' is not a whole number"),
    "seed in words": (["verify", "--seed", "x"], {}, "--seed: 'x' is not a whole number"),
    "seed NaN": (["show", "A.eq6", "--seed", "nan"], {}, "--seed: 'nan' is not a whole number"),
    "no seeds": (["planted", "--seeds", "0"], {}, "--seeds: '0' is not a whole number"),
    "option without value": (["verify", "--json"], {}, "--json: expected one argument; see"),
    "unknown option": (
        ["verify", "--fast"],
        {},
        "--fast: is not understood here; see 'scoreproof v",
    ),
    "shortened option": (["verify", "--rec"], {}, "--rec: is not understood here"),
    "option before the command": (["--jobs", "2", "verify"], {}, "--jobs: is not understood here"),
    "unknown command": (
        ["verfy"],
        {},
        "COMMAND: there is no command 'verfy'; did you mean 'verify'?",
    ),
    "command like nothing": (["xyz"], {}, "COMMAND: there is no command 'xyz'; use one of verify,"),
    "file for a command": (["good.py"], {}, "'scoreproof verify good.py' checks a file"),
    "quick and full": (
        ["verify", "--quick", "--full"],
        {},
        "--full: not allowed with argument --quic",
    ),
    "record of no ledger claim": (
        ["verify", "good.py", "--record"],
        {},
        "--record: only claims of the ledger are recorded; leave the option out",
    ),
    # outputs
    "folder missing two levels up": (
        ["verify", "A.eq6", "--json", "new/er/o.json"],
        {},
        "--json: there is no folder new; create it first",
    ),
    "output is a folder": (
        ["verify", "--html", "."],
        {},
        "--html: . is a folder; name a file in it",
    ),
    "output without name": (["verify", "--html", ""], {}, "--html: . is a folder"),
    "output in a file": (
        ["verify", "--junit", "notes.txt/o.xml"],
        {},
        "--junit: notes.txt is not a folder; name a file in a folder",
    ),
    "output is the input": (
        ["verify", "good.py", "--json", "good.py"],
        {},
        "--json: good.py is the input",
    ),
    "output is the input by another name": (
        ["verify", "good.py", "--json", "./../{}/good.py"],
        {},
        "is the input",
    ),
    "same output twice": (
        ["verify", "--json", "o", "--markdown", "o"],
        {},
        "--markdown: o is also given to --json; name another file",
    ),
    "same output by two names": (
        ["verify", "--json", "o", "--latex", "./o"],
        {},
        "--latex: o is also given to --json",
    ),
    "device": (["verify", "--json", "/dev/full"], {}, "--json: /dev/full cannot be overwritten"),
    "table of planted errors": (
        ["planted", "--csv", "no/no/f.csv"],
        {},
        "--csv: there is no folder",
    ),
    "good output, bad id": (["verify", "A.prop2A", "--json", "new/o.json"], {}, "did you mean"),
    "good output, bad file": ([*MINE, "--json", "o.json"], user("1 / 0"), "ZeroDivisionError"),
}


def test_the_table_is_long_enough() -> None:
    assert len(CASES) + len(CALLS) >= 60


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every file below a folder with its bytes, every folder with ``None``."""
    return {
        str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None
        for p in folder.rglob("*")
    }


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_one_line_and_leaves_nothing(name: str, run: Any, folder: Path) -> None:
    words, files, said = CASES[name]
    for path, text in {**FILES, **files}.items():
        (folder / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    before = contents(folder)
    ended = run(*(w.format(folder.name) for w in words))
    assert said in ended.err
    assert_one_line(ended.code, ended.out, ended.err)
    assert contents(folder) == before


def assert_one_line(code: int, out: str, err: str) -> None:
    assert code == 2
    assert out == ""
    assert err.startswith("scoreproof: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    assert len(err) < 250


def test_unreadable_file(run: Any, folder: Path, bound: None) -> None:
    path = folder / "mine.py"
    path.write_text(GOOD)
    path.chmod(0)
    ended = run("verify", "mine.py")
    assert "mine.py: cannot be read (Permission denied); check its permissions" in ended.err
    assert_one_line(ended.code, ended.out, ended.err)


@pytest.mark.parametrize("target", ["locked/o.json", "locked/new/o.json"])
def test_read_only_folder(target: str, run: Any, folder: Path, bound: None) -> None:
    locked = folder / "locked"
    locked.mkdir(mode=0o500)
    ended = run("verify", "A.eq6", "--json", target)
    assert "--json: cannot write in locked" in ended.err
    assert_one_line(ended.code, ended.out, ended.err)
    assert list(locked.iterdir()) == []


def test_what_cannot_be_written_after_all_leaves_nothing(folder: Path) -> None:
    from proofs_check.errors import InputError

    (folder / "taken").mkdir()
    with pytest.raises(InputError, match="taken: cannot be written"):
        write(Path("taken"), "text")
    assert contents(folder) == {"taken": None}


PROCESSES: dict[str, tuple[list[str], str]] = {
    "unknown id": (["verify", "A.prop2A"], "did you mean 'A.prop2a'?"),
    "syntax error": (["verify", "bad.py"], "bad.py:1: "),
    "missing folder": (["verify", "--json", "no/no/o"], "there is no folder"),
    "no workers": (["verify", "--jobs", "0"], "--jobs: '0' is not"),
    "unknown command": (["prove"], "there is no command 'prove'"),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_bad_input_to_the_program(name: str, folder: Path) -> None:
    words, said = PROCESSES[name]
    (folder / "bad.py").write_text("x = (\n")
    before = contents(folder)
    ended = subprocess.run(
        [sys.executable, "-m", "proofs_check", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert said in ended.stderr
    assert_one_line(ended.returncode, ended.stdout, ended.stderr)
    assert contents(folder) == before


# The public functions of the numerics: the error names the argument.
X = [0.0, 1.0, 3.0]
NAN, INF = float("nan"), float("inf")
GOOD_CALL: dict[str, Any] = {"y": [0.5], "x": X, "mu": 0.8, "sigma": 0.5}
CALLS: dict[str, tuple[dict[str, Any], str]] = {
    "NaN in the sample": ({"x": [0.0, NAN]}, "x[1] was nan"),
    "infinity in the sample": ({"x": [0.0, INF]}, "x[1] was inf"),
    "empty sample": ({"x": []}, "x had"),
    "sample of one point": ({"x": [1.0]}, "x had 1 point; it needs at least 2"),
    "sample in a matrix": ({"x": [[0.0, 1.0]]}, "x had shape (1, 2)"),
    "ragged sample": ({"x": [[0.0], [1.0, 2.0]]}, "x was ragged"),
    "sample of words": ({"x": ["a", "b"]}, "x had type"),
    "complex sample": ({"x": [0.0, 1j]}, "x had type complex128"),
    "sigma zero": ({"sigma": 0.0}, "sigma was 0.0; it must be > 0"),
    "sigma negative": ({"sigma": -0.5}, "sigma was -0.5; it must be > 0"),
    "sigma NaN": ({"sigma": NAN}, "sigma was nan; it must be a finite number"),
    "sigma infinite": ({"sigma": INF}, "sigma was inf; it must be a finite number"),
    "sigma too small": ({"sigma": 1e-300}, "sigma was 1e-300; float64 carries"),
    "sigma of two": ({"sigma": [0.1, 0.2]}, "sigma was"),
    "mu zero": ({"mu": 0.0}, "mu was 0.0; it must lie in (0, 1]"),
    "mu negative": ({"mu": -0.5}, "mu was -0.5"),
    "mu above one": ({"mu": 1.5}, "mu was 1.5; it must lie in (0, 1]"),
    "mu NaN": ({"mu": NAN}, "mu was nan"),
    "mu in words": ({"mu": "x"}, "mu was 'x'"),
    "NaN in the points": ({"y": [0.0, NAN]}, "y[1] was nan"),
}


def functions() -> dict[str, Callable[..., Any]]:
    from numerics.empirical_score import empirical_score, empirical_score_derivatives
    from numerics.posterior import posterior_moments, posterior_weights

    found = (empirical_score, empirical_score_derivatives, posterior_moments, posterior_weights)
    return {f.__name__: f for f in found}


@pytest.mark.parametrize("function", functions())
@pytest.mark.parametrize("name", CALLS)
def test_numerics_name_the_argument_in_one_line(name: str, function: str) -> None:
    changed, said = CALLS[name]
    assert_value_error(functions()[function], GOOD_CALL | changed, said)


def assert_value_error(call: Callable[..., Any], arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is checked below
        call(**arguments)
    text = str(caught.value)
    assert said in text
    assert "\n" not in text
    assert len(text) < 200


def test_numerics_accept_the_good_call() -> None:
    for call in functions().values():
        call(**GOOD_CALL)


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ([1.0], "x had 1 point; it needs at least 2"),
        ([0.0, 1.0, 1.0], "x repeated the point 1.0; points must be distinct"),
        ([], "x had"),
    ],
    ids=["one point", "repeated point", "empty"],
)
def test_numerics_of_whole_samples_need_distinct_points(sample: list[float], said: str) -> None:
    from numerics.optimal_risk import optimal_risk
    from numerics.total_variation import score_total_variation, weighted_total_variation

    for call in (optimal_risk, score_total_variation, weighted_total_variation):
        assert_value_error(call, {"x": sample, "mu": 0.8, "sigma": 0.5}, said)


@pytest.mark.parametrize(
    ("covariance", "said"),
    [
        (np.zeros((2, 2)), "singular"),
        (np.diag([1.0, -1.0]), "singular or indefinite"),
        (np.ones((2, 3)), "square"),
        (np.array([[1.0, 0.5], [0.0, 1.0]]), "symmetric"),
        (np.array([[1.0, NAN], [NAN, 1.0]]), "was nan"),
    ],
    ids=["zero", "indefinite", "not square", "not symmetric", "NaN"],
)
def test_divergences_refuse_what_is_no_covariance(covariance: Any, said: str) -> None:
    from numerics.validation import check_covariance

    assert_value_error(check_covariance, {"values": covariance}, said)
