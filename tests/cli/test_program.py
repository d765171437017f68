"""The program as a process: how it is asked for help, and how it ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

CLAIMS = """
import time
from sympy import Symbol
from proofs_check import *

a = Symbol("a", real=True)
Slow = functional("Slow", nargs=1, ball=lambda v: time.sleep(0.2) or v * v)
CLAIMS = tuple(
    Claim(id=f"S.{k}", says="slow", given={a: reals}, lhs=Slow(a) if k else a**2, rel=">=",
          rhs=-k, evidence=(Search(examples=20, hypothesis_examples=0),), broken=(flip(),))
    for k in range(4)
)
"""


def group_is_gone(group: int) -> bool:
    """Return whether a process group ends within ten seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(os.name != "posix", reason="process groups are a matter of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_ending_the_program_ends_its_workers(name: str, tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(CLAIMS)
    code = (
        "import sys\nfrom proofs_check import cli, ledger, pool\n"
        "ledger.CHAPTERS = ()\npool.PATIENCE = 0\n"  # to be at work soon
        "if __name__ == '__main__':\n    sys.exit(cli.main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "verify", "slow.py", "--jobs", "2", "--json", "o.json"],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        # the first verdict is shown while the others are still at work
        assert process.stderr.readline().startswith("SUPPORTED  S.0")
        number = getattr(signal, name)
        process.send_signal(number)  # to the parent alone
        assert process.wait(timeout=30) == 128 + number
        assert "Traceback" not in process.stderr.read()
    assert group_is_gone(process.pid)
    assert [path.name for path in tmp_path.iterdir()] == ["slow.py"]


def test_help_is_also_a_word(run: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from proofs_check.cli import main

    for words in (["help"], ["help", "show"]):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(" ".join(["usage: scoreproof", *words[1:]]))
    assert run("help", "shwo").err.endswith("did you mean 'show'?\n")
    assert run("-V").out == run("--version").out
