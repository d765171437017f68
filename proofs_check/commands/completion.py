"""``scoreproof completion``: a script for the shell, made from the parser and the ledger's ids."""

import argparse
import sys
from collections.abc import Iterator
from typing import Final

__all__ = ["SHELLS", "add_arguments", "run", "script"]

SHELLS: Final = ("bash", "zsh")

HEADS: Final = {
    "bash": "",
    "zsh": "autoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n",
}
"""What a shell needs first: zsh reads the completions of bash."""

BODY: Final = """_scoreproof() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    words="{commands} --help --version"
  else
    case "${{COMP_WORDS[1]}} $before" in
{choices}
    esac
    if [[ -z $words && $word == -* ]]; then
      case "${{COMP_WORDS[1]}}" in
{options}
      esac
    elif [[ -z $words ]]; then
      case "${{COMP_WORDS[1]}}" in
{values}
      esac
    fi
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}}
complete -o bashdefault -o default -F _scoreproof scoreproof
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help="bash or zsh")


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    sys.stdout.write(script(args.shell))
    return 0


def script(shell: str) -> str:
    """Return the script of a shell; files are completed where nothing else fits.

    Parameters
    ----------
    shell
        One of `SHELLS`.
    """
    from proofs_check.cli import COMMANDS
    from proofs_check.recorded import RECORD, read_record

    ids = " ".join(read_record(RECORD))
    options, choices, values = [], [], []
    for name in COMMANDS:
        actions = list(_actions(name))
        long = [word for a in actions for word in a.option_strings if word.startswith("--")]
        options.append(f'        {name}) words="{" ".join(sorted(long))}" ;;')
        for action in actions:
            words = " ".join(map(str, action.choices or ()))
            if words and action.option_strings:
                cases = "|".join(f'"{name} {word}"' for word in action.option_strings)
                choices.append(f'      {cases}) words="{words}" ;;')
            elif words:
                values.append(f'        {name}) words="{words}" ;;')
            elif not action.option_strings and "ID" in str(action.metavar):
                values.append(f'        {name}) words="$ids" ;;')
    body = BODY.format(
        commands=" ".join(COMMANDS),
        choices="\n".join(choices),
        options="\n".join(options),
        values="\n".join(values),
    )
    body = body.replace("before=", f'ids="{ids}" before=', 1)
    return f"{HEADS[shell]}{body}"


def _actions(name: str) -> Iterator[argparse.Action]:
    """Yield the options and arguments of a command."""
    from proofs_check.cli import parser

    for action in parser([name])._actions:  # noqa: SLF001 - argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            yield from action.choices[name]._actions  # noqa: SLF001
