"""Completion in a real shell; examples of ``--help`` that the parser understands."""

import shlex
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

import pytest

from proofs_check.cli import COMMANDS, parser
from proofs_check.commands.completion import script
from proofs_check.commands.examples import EXAMPLES

Run = Any
BASH = shutil.which("bash")


def completed(words: Sequence[str]) -> list[str]:
    """Return what bash offers for the last of some words."""
    line = " ".join(shlex.quote(word) for word in ["scoreproof", *words])
    asked = (
        f"COMP_WORDS=({line}); COMP_CWORD={len(words)}; _scoreproof; "
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    ended = subprocess.run(
        [str(BASH), "--norc", "-c", f"{script('bash')}\n{asked}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stderr == ""
    return ended.stdout.split()


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["ve"], ["verify"]),
        (["sh"], ["show"]),
        (["show", "A.cor3a"], ["A.cor3a", "A.cor3a.amended"]),
        (["verify", "--js"], ["--json"]),
        (["sweep", "--profile", ""], ["quick", "paper"]),
        (["sweep", "--profile", "p"], ["paper"]),
        (["numbers", "th"], ["theorem8"]),
        (["completion", ""], ["bash", "zsh"]),
        (["verify", "my_cl"], []),  # the shell then offers files
        (["regime", "A"], []),
    ],
)
def test_bash_completes(words: list[str], offered: list[str]) -> None:
    assert completed(words) == offered


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_every_command_is_offered() -> None:
    assert set(COMMANDS) <= set(completed([""]))


def test_zsh_is_told_to_read_what_bash_reads() -> None:
    assert script("zsh").startswith("autoload -Uz compinit bashcompinit\n")
    assert script("zsh").endswith(script("bash"))


def test_another_shell_is_one_line(run: Run) -> None:
    ended = run("completion", "fish")
    assert ended.code == 2
    assert ended.err.count("\n") == 1
    assert run("completion", "bash").out == script("bash")


def test_every_command_has_examples_that_it_understands() -> None:
    assert set(EXAMPLES) == set(COMMANDS)
    for command, lines in EXAMPLES.items():
        for line in lines:
            words = shlex.split(line.split("  ")[0])
            args = parser(words).parse_args(words)
            assert args.command in (command, "verify")


def test_help_shows_the_examples(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for command, lines in EXAMPLES.items():
        with pytest.raises(SystemExit):
            run(command, "--help")
        assert f"scoreproof {lines[0]}" in capsys.readouterr().out
