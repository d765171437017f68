"""``scoreproof verify``: verdicts, exit codes, reports, the record, and what may go wrong."""

import importlib.metadata
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from proofs_check import pool, recorded
from proofs_check.claim import Claim
from proofs_check.cli import main

CHEAP = ("A.fact.exponential", "A.prop2b.P2.decreasing")
"""Two claims of the ledger that rest on nothing and take about a second together."""

SLOW = """
import time
from sympy import Symbol
from proofs_check import *

a = Symbol("a", real=True)
Slow = functional("Slow", nargs=1, ball=lambda v: time.sleep({nap}) or v * v)
CLAIMS = tuple(
    Claim(id=f"S.{{k}}", says="slow", given={{a: reals}}, lhs=Slow(a) if k else a**2, rel=">=",
          rhs=-k, evidence=(Search(examples=20, hypothesis_examples=0),),
          broken=(flip(),))
    for k in range(3)
)
"""

CRASH = """
import multiprocessing
import os
import signal
from sympy import Symbol
from proofs_check import *

a = Symbol("a", real=True)


def shot(value):
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    raise RuntimeError("a bug\\nof two lines")


Crash = functional("Crash", nargs=1, ball=shot)


def made(name, lhs):
    return Claim(id=name, says="s", given={a: reals}, lhs=lhs, rel=">=", rhs=0,
                 evidence=(Search(examples=5, hypothesis_examples=0),), broken=(flip(),))


CLAIMS = (made("K.fine", a**2), made("K.crash", Crash(a)), made("K.too", a**4))
"""


def read(path: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return data


def without_seconds(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_seconds(v) for k, v in value.items() if k != "seconds"}
    return [without_seconds(v) for v in value] if isinstance(value, list) else value


# exit codes


@pytest.mark.parametrize(
    ("ids", "options", "code"),
    [
        (["U.proved", "U.enclosed", "U.supported", "U.argued"], [], 0),
        (["U.proved"], ["--strict"], 0),
        (["U.undecided"], [], 0),
        (["U.undecided"], ["--strict"], 3),
        (["U.refuted"], [], 1),
        (["U.refuted.amended"], [], 0),
        (["U.parent"], [], 1),
        ([], ["--strict"], 1),
    ],
    ids=str,
)
def test_exit_code(ids: list[str], options: list[str], code: int, run: Any, mine: str) -> None:
    assert run("verify", mine, *ids, *options).code == code


# the table


def test_a_run_of_which_nothing_changed_says_the_same_without_checking(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("verify", CHEAP[0], "--json", "one.json", "--html", "one.html")
    with monkeypatch.context() as patch:
        patch.setattr(pool, "run", None)
        patch.setattr("proofs_check.loading.load_claims", None)
        again = run("verify", CHEAP[0], "--json", "two.json", "--html", "two.html")
        assert "1 of 1 results are of an earlier run" in again.err
        for words in ([CHEAP[1]], [CHEAP[0], "--seed", "1"], [CHEAP[0], "--full"], [CHEAP[0]]):
            # other claims, another run, no report: the document is another
            with pytest.raises(TypeError):
                run("verify", *words, *(["--json", "no.json"] if words != [CHEAP[0]] else []))
        for option in ("--no-cache", "--record"):
            with pytest.raises(TypeError):
                run("verify", CHEAP[0], option, "--json", "no.json")
    seconds = re.compile(r"in \d+\.\d s")
    assert seconds.sub("", again.out) == seconds.sub("", first.out)
    assert without_seconds(read("two.json")) == without_seconds(read("one.json"))
    assert Path("two.html").read_text() == Path("one.html").read_text()


def test_a_file_of_the_user_is_always_read_anew(
    run: Any, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "U.proved" in run("verify", mine, "U.proved").out
    monkeypatch.setattr("proofs_check.loading.load_claims", None)
    with pytest.raises(TypeError):
        run("verify", mine, "U.proved")


def test_table_has_a_row_for_each_claim(run: Any, mine: str, verdicts: Any) -> None:
    ended = run("verify", mine)
    table = ended.out.split("\n\n")[0]
    rows = {words[0]: words[1:] for line in table.splitlines() if (words := line.split())}
    for name, (own, rolled) in verdicts.items():
        assert rows[name][:2] == [own, rolled], name
    assert rows["U.parent"][2] == "REFUTED"
    assert rows["U.proved"][2] != "REFUTED"


def test_table_counts_own_and_rolled(run: Any, mine: str, verdicts: Any) -> None:
    out = run("verify", mine).out
    own, rolled = (Counter(v[k] for v in verdicts.values()) for k in (0, 1))
    for verdict in own:
        assert re.search(rf"^{verdict} +{own[verdict]} +{rolled[verdict]} *$", out, re.MULTILINE)
    assert re.search(r"^8 claims in \d+\.\d s, quick profile, seed 0$", out, re.MULTILINE)


def test_refutation_is_printed_with_its_witness_and_amendment(run: Any, mine: str) -> None:
    out = run("verify", mine, "U.refuted").out
    assert "U.refuted is REFUTED: a square | exceeds its root_" in out
    assert "  at a = 1/2\n  left side 1/4, right side 1/2\n" in out
    assert "  repaired as U.refuted.amended: PROVED" in out


def test_progress_goes_to_standard_error(run: Any, mine: str, verdicts: Any) -> None:
    ended = run("verify", mine)
    lines = ended.err.splitlines()
    assert {tuple(line.split()[:2]) for line in lines} == {
        (own, name) for name, (own, _) in verdicts.items()
    }


def test_quiet_prints_only_what_makes_the_run_fail(run: Any, mine: str) -> None:
    ended = run("verify", mine, "--quiet")
    assert ended.err == ""
    assert ended.out.splitlines() == ["U.refuted: REFUTED, fails at a = 1/2"]
    assert run("verify", mine, "U.proved", "--quiet").out == ""


def test_ids_are_whole_and_plain_in_a_pipe(run: Any, folder: Path) -> None:
    name = "V." + "a-very-long-name." * 6 + "end"
    (folder / "long.py").write_text(
        "from sympy import Symbol\nfrom proofs_check import *\n"
        "xs = [Symbol(f'x{k}', real=True) for k in range(30)]\n"
        f"c = Claim(id={name!r}, says='s', given=dict.fromkeys(xs, reals), lhs=sum(xs), rel='>=',"
        " rhs=0, evidence=(Search(examples=5, hypothesis_examples=0),), broken=(flip(),))\n"
    )
    ended = run("verify", "long.py", "--seed", "3")
    rows = [line for line in ended.out.splitlines() if line.startswith(name + " ")]
    assert rows
    assert "\x1b" not in ended.out + ended.err
    assert "…" in rows[0]
    # the witness itself is printed on one line, whole
    (witness,) = [line for line in ended.out.splitlines() if line.startswith("  at ")]
    assert "x29 = " in witness


def test_text_is_printed_as_it_is(run: Any, folder: Path, mine: str) -> None:
    text = (folder / mine).read_text().replace("a square | exceeds its root_", "[bold]:smile: [/x]")
    (folder / "marked.py").write_text(text)
    assert "U.refuted is REFUTED: [bold]:smile: [/x]" in run("verify", "marked.py", "U.refuted").out


# which claims


def test_a_name_selects_what_is_below_it_and_its_amendments(run: Any, mine: str) -> None:
    run("verify", mine, "U.refuted", "--json", "o.json")
    assert [e["id"] for e in read("o.json")["entries"]] == ["U.refuted", "U.refuted.amended"]
    run("verify", mine, "U", "--json", "o.json")
    assert len(read("o.json")["entries"]) == 8


def test_a_file_alone_selects_its_claims(run: Any, mine: str, verdicts: Any) -> None:
    run("verify", mine, "--json", "o.json")
    assert [e["id"] for e in read("o.json")["entries"]] == list(verdicts)


def test_what_a_claim_rests_on_is_checked_too(run: Any, mine: str) -> None:
    run("verify", mine, "U.parent", "--json", "o.json")
    ids = [e["id"] for e in read("o.json")["entries"]]
    assert ids == ["U.proved", "U.argued", "U.refuted", "U.parent"]


def test_a_prefix_is_no_part_of_a_word(run: Any, mine: str) -> None:
    assert run("verify", mine, "U.ref").code == 2


# JSON


def test_json_says_all(run: Any, mine: str, verdicts: Any) -> None:
    run("verify", mine, "--json", "o.json", "--seed", "5")
    data = read("o.json")
    assert data["schema_version"] == 2
    assert (data["profile"], data["seed"]) == ("quick", 5)
    assert data["version"] == importlib.metadata.version("scoreproof")
    assert {"python", "sympy", "python-flint"} <= set(data["libraries"])
    entries = {e["id"]: e for e in data["entries"]}
    assert {k: (e["own"], e["rolled"]) for k, e in entries.items()} == verdicts
    assert data["counts"]["own"]["PROVED"] == 3
    assert data["counts"]["rolled"]["PROVED"] == 2
    assert entries["U.parent"]["proof"] == "REFUTED"
    assert entries["U.parent"]["steps"] == ["U.proved", "U.refuted"]
    assert entries["U.refuted.amended"]["amends"] == "U.refuted"
    assert {e["agreement"] for e in entries.values()} == {"user's claim"}


def test_json_witness_is_exact_and_refutes(run: Any, mine: str) -> None:
    run("verify", mine, "U.refuted", "--json", "o.json")
    entry = read("o.json")["entries"][0]
    (evidence,) = entry["evidence"]
    witness = evidence["witness"]
    a = Fraction(witness["values"]["a"])
    assert a**2 < a
    assert (Fraction(witness["lhs"]), Fraction(witness["rhs"])) == (a**2, a)
    control = entry["controls"][0]
    assert control["verdict"] == "REFUTED"
    value = Fraction(control["witness"]["values"]["a"])
    assert not value**2 <= value


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_runs_agree_but_for_seconds(
    jobs: str, run: Any, mine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("verify", mine, "--json", "one.json", "--jobs", "1")
    monkeypatch.setattr(pool, "PATIENCE", 0)
    run("verify", mine, "--json", "two.json", "--jobs", jobs)
    assert without_seconds(read("one.json")) == without_seconds(read("two.json"))


DRAWS = """
from sympy import Symbol
from proofs_check import *

k = Symbol("k", integer=True)
SEEN = []
Seen = functional("Seen", nargs=1, ball=lambda v: SEEN.append(str(v)) or v)
c = Claim(id="D", says="s", given={k: Integer(lo=0, hi=10**6)}, lhs=Seen(k), rel=">=", rhs=-1,
          evidence=(Search(examples=1, hypothesis_examples=150),), broken=(flip(),))
"""


def test_search_does_not_depend_on_loaded_modules(run: Any, folder: Path) -> None:
    before = sys.dont_write_bytecode
    # Hypothesis would take up numbers from 100 on, unless there are more than a thousand
    numbers = ", ".join(str(k) for k in range(100, 1000))
    (folder / "numbers_beside.py").write_text(f"NUMBERS = ({numbers})\n")
    (folder / "plain.py").write_text(DRAWS)
    (folder / "importing.py").write_text(f"import numbers_beside\n{DRAWS}")
    for name in ("plain.py", "importing.py"):
        assert run("verify", name).code == 0
    seen = [sys.modules[f"_scoreproof_user_{k}"].SEEN for k in ("plain", "importing")]
    assert len(seen[0]) > 50
    assert seen[0] == seen[1]
    assert not (folder / "__pycache__").exists()
    assert sys.dont_write_bytecode is before


# other reports


def test_junit_parses_and_counts(run: Any, mine: str, verdicts: Any) -> None:
    run("verify", mine, "--junit", "o.xml")
    root = ET.parse("o.xml").getroot()  # our own file
    suite = root.find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert [c.get("name") for c in cases] == list(verdicts)
    failed = [c.get("name") for c in cases if c.find("failure") is not None]
    assert failed == ["U.refuted"]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("8", "1", "0")


def test_markdown_lists_the_errata(run: Any, mine: str) -> None:
    run("verify", mine, "--markdown", "o.md")
    text = Path("o.md").read_text(encoding="utf-8")
    assert "| U.parent | PROVED | ARGUED | REFUTED |" in text
    errata = text.split("## Errata")[1]
    assert "* **U.refuted**: a square \\| exceeds its root_" in errata
    assert "Fails at a = 1/2:" in errata
    assert "Repaired as U.refuted.amended (PROVED)" in errata
    table = [line for line in text.splitlines() if line.startswith("| U.")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {6}


def test_markdown_without_errata(run: Any, mine: str) -> None:
    run("verify", mine, "U.proved", "--markdown", "o.md")
    text = Path("o.md").read_text(encoding="utf-8")
    assert "## Errata\n\nNone found.\n\n## What is trusted\n" in text


def test_latex_lists_the_errata(run: Any, mine: str) -> None:
    run("verify", mine, "--latex", "o.tex")
    text = Path("o.tex").read_text(encoding="utf-8")
    assert "U.parent & PROVED & ARGUED & REFUTED\\\\" in text
    assert (
        "As printed: $a^{2} \\ge a$. Fails at a = 1/2. Repaired: $a^{2} \\ge a$ (PROVED)." in text
    )
    assert "exceeds its root\\_" in text
    assert text.count("\\begin{") == text.count("\\end{") == 2
    assert text.count("{") == text.count("}")


def test_several_reports_at_once_in_a_new_folder(run: Any, mine: str, folder: Path) -> None:
    outputs = {"--json": "o.json", "--junit": "o.xml", "--markdown": "o.md", "--latex": "o.tex"}
    words = [w for option, name in outputs.items() for w in (option, f"new/{name}")]
    assert run("verify", mine, "U.proved", *words).code == 0
    assert sorted(p.name for p in (folder / "new").iterdir()) == sorted(outputs.values())


def test_outputs_stay_where_they_were_asked_for(run: Any, mine: str, folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    moving = "import os\nos.chdir('elsewhere')\n" + (folder / mine).read_text()
    (folder / "moving.py").write_text(moving)
    assert run("verify", "moving.py", "U.proved", "--json", "o.json").code == 0
    assert (folder / "o.json").exists()


# the record


@pytest.fixture
def record(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = folder / "recorded.json"
    monkeypatch.setattr(recorded, "RECORD", path)
    return path


def test_record_holds_ledger_claims_only(run: Any, mine: str, record: Path) -> None:
    assert run("verify", CHEAP[0]).code == 1
    assert run("verify", mine, "U.proved", CHEAP[0], "--record").code == 0
    first = read(str(record))
    assert list(first) == [CHEAP[0]]
    assert (first[CHEAP[0]]["own"], first[CHEAP[0]]["rolled"]) == ("PROVED", "PROVED")
    assert len(first[CHEAP[0]]["statement"]) == 16
    run("verify", CHEAP[1], "--record")
    # what was recorded before is kept, in the order of the ledger
    both = read(str(record))
    assert list(both) == list(CHEAP)
    assert both[CHEAP[0]] == first[CHEAP[0]]
    assert both[CHEAP[1]]["statement"] != both[CHEAP[0]]["statement"]
    assert run("verify", *CHEAP).code == 0


def test_a_verdict_that_differs_fails(run: Any, record: Path) -> None:
    record.write_text(json.dumps({CHEAP[0]: {"own": "ENCLOSED", "rolled": "ENCLOSED"}}))
    ended = run("verify", *CHEAP, "--quiet", "--junit", "o.xml")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        f"{CHEAP[0]}: PROVED/PROVED differs from the recorded ENCLOSED/ENCLOSED",
        f"{CHEAP[1]}: PROVED/PROVED is not recorded",
    ]
    suite = ET.parse("o.xml").getroot().find("testsuite")
    assert suite is not None
    assert suite.get("failures") == "2"


@pytest.mark.parametrize("text", ["{", "[]", '{"A": 3}', '{"A": {"own": "GOOD"}}', "{\n"])
def test_a_spoilt_record_is_one_line(text: str, run: Any, record: Path) -> None:
    record.write_text(text)
    ended = run("verify", *CHEAP)
    assert ended.code == 2
    assert "recorded.json: is not a record of verdicts" in ended.err
    assert ended.err.count("\n") == 1


# what goes wrong while it runs


def test_a_crash_is_an_error_of_its_claim(run: Any, folder: Path) -> None:
    (folder / "crash.py").write_text(CRASH)
    ended = run("verify", "crash.py", "--jobs", "1", "--json", "o.json", "--junit", "o.xml")
    assert ended.code == 1
    own = {e["id"]: e["own"] for e in read("o.json")["entries"]}
    assert own == {"K.fine": "SUPPORTED", "K.crash": "ERROR", "K.too": "SUPPORTED"}
    assert "K.crash: ERROR, search: RuntimeError: a bug of two lines" in ended.out
    suite = ET.parse("o.xml").getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("errors")) == ("0", "1")


def test_a_killed_worker_costs_its_claim_only(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PATIENCE", 0)
    (folder / "crash.py").write_text(CRASH)
    ended = run("verify", "crash.py", "--jobs", "2", "--json", "o.json")
    assert ended.code == 1
    own = {e["id"]: e["own"] for e in read("o.json")["entries"]}
    assert own == {"K.fine": "SUPPORTED", "K.crash": "ERROR", "K.too": "SUPPORTED"}
    assert "K.crash: ERROR, the process that checked the claim was killed by signal 9" in ended.out


def is_gone(group: int) -> bool:
    """Return whether a process group ends within a few seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_workers_leave_ctrl_c_to_the_parent(
    run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "PATIENCE", 0)
    (folder / "deaf.py").write_text(
        "import signal\nfrom sympy import Symbol\nfrom proofs_check import *\n"
        "# what a file finds when it is read is what its worker was born with\n"
        "found = signal.getsignal(signal.SIGINT) is signal.SIG_IGN\n"
        "a = Symbol('a', real=True)\n"
        "Deaf = functional('Deaf', nargs=1, ball=lambda v: 2 * int(found) + 0 * v)\n"
        "CLAIMS = tuple(Claim(id=f'I.{k}', says='s', given={a: reals}, lhs=Deaf(a), rel='>=',"
        " rhs=1, evidence=(Search(examples=5, hypothesis_examples=0),), broken=(flip(),))"
        " for k in range(2))\n"
    )
    run("verify", "deaf.py", "--jobs", "2", "--json", "o.json")
    assert [e["own"] for e in read("o.json")["entries"]] == ["SUPPORTED", "SUPPORTED"]
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_leaves_no_file_and_no_process(jobs: str, folder: Path) -> None:
    (folder / "slow.py").write_text(SLOW.format(nap=0.2))
    words = ["verify", "slow.py", "--jobs", jobs, "--json", "o.json"]
    code = (
        "import sys\nfrom proofs_check import cli, ledger, pool\n"
        "ledger.CHAPTERS = ()\npool.PATIENCE = 0\n"  # to be at work soon
        f"if __name__ == '__main__':\n    sys.exit(cli.main({words}))"
    )
    before = sorted(folder.iterdir())
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        # the first verdict is shown while the others are still at work
        assert process.stderr.readline().startswith("SUPPORTED  S.0")
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "scoreproof: stopped\n")
    assert sorted(folder.iterdir()) == before
    assert is_gone(process.pid)


def test_a_reader_that_goes_away_changes_no_exit_code(folder: Path, mine: str) -> None:
    line = f"{sys.executable} -m proofs_check verify {mine} | true; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert ended.stdout.strip() == "1"
    assert "Traceback" not in ended.stderr
    assert "PROVED     U.parent" in ended.stderr


# the program


def test_help_is_quick() -> None:
    start = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "proofs_check", "--help"], capture_output=True, text=True, check=True
    )
    # a tenth of a second alone; more on a machine that is busy
    assert time.perf_counter() - start < 2
    for command in ("verify", "show", "constants", "planted"):
        assert re.search(rf"^ +{command}\b", ended.stdout, re.MULTILINE)
    assert "exit codes: 0 as recorded" in ended.stdout


@pytest.mark.parametrize("words", [["--help"], ["verify", "--help"], ["--version"]], ids=str)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom proofs_check.cli import main\n"
        f"try:\n    main({words})\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'scipy', 'sympy', 'flint', 'rich', 'hypothesis', 'multiprocessing'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stderr == "[]\n"


def test_without_a_command_there_is_help(run: Any) -> None:
    ended = run()
    assert ended.code == 0
    assert ended.out.startswith("usage: scoreproof")


def test_version(run: Any) -> None:
    assert run("--version").out == f"scoreproof {importlib.metadata.version('scoreproof')}\n"


def test_console_script_is_installed() -> None:
    points = importlib.metadata.entry_points(group="console_scripts", name="scoreproof")
    assert [p.load() for p in points] == [main]
    beside = Path(sys.executable).with_name("scoreproof")
    assert beside.exists() or shutil.which("scoreproof")


def test_help_of_every_command_names_its_options(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("verify", "show", "constants", "planted"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "--seed" in capsys.readouterr().out


def test_claims_in_a_file_are_the_records_of_the_package(mine: str) -> None:
    from proofs_check.loading import load_claims, read_targets

    origin, _ = read_targets([mine])
    claims = load_claims(origin)
    assert all(isinstance(claims.by_id[k], Claim) for k in claims.mine)
