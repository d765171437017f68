"""Break the engine on purpose, one way at a time, and see whether it is noticed.

Each sabotage replaces one part of the engine in a process of its own. The canaries are then checked
as any ledger is, controls and all, and the certificates of what is called proved or enclosed go to
the independent checker. A sabotage is killed

- by the controls: some canary no longer gets its verdict, and no false one is accepted;
- by the checker: false ones are accepted, and it confirms the certificate of none;
- by the canaries: a false one is accepted with a certificate that passes, as only a list of
  statements with known truth can show.

A fault that changes nothing at all survives: the canaries are blind to it, or it is masked, since
something else in the engine does the same work. A masked fault has to be killed once that other
part is broken too, as a sabotage of its own.
"""

import functools
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from proofs_check.trust.canaries import CANARIES, ledger
from proofs_check.trust.faults import FAULTS, Change
from proofs_check.verdict import Verdict

__all__ = ["EXPERIMENT", "Said", "false_proofs", "judged", "outcome"]

Said = Mapping[str, Sequence[str]]
"""Canary to its own verdict, its rolled-up one, the refuted controls, and why the checker does not
confirm it."""

MASKED: Final[Mapping[str, tuple[str, str]]] = {
    "every identity reduces to zero": (
        "both sides are also compared in balls",
        "every identity reduces and none is compared",
    ),
    "instances never fail": (
        "a certified failure is looked for before",
        "instances never fail and no failure is looked for",
    ),
}
"""Faults that change nothing: which other part does the same work, and the fault of both."""

SECONDS: Final = 300.0
"""Time for the canaries under one sabotage; a sabotage that takes longer has been noticed."""


def judged(changes: Sequence[Change]) -> dict[str, list[str]]:
    """Return what the engine, and after it the checker, say of each canary under some changes."""
    from proofs_check.engine import check_ledger
    from proofs_check.loading import Claims, Origin
    from proofs_check.recheck import recheck
    from proofs_check.report.build import build
    from proofs_check.report.json_ledger import render

    for owner, name, value in changes:
        if not hasattr(owner, name):
            raise AttributeError(f"{owner} has no {name}: the sabotage would break nothing")
        setattr(owner, name, value)
    claims = Claims(by_id=ledger(), mine=frozenset(), origin=Origin())
    found = check_ledger(claims.by_id)
    written = json.loads(render(build(claims, found, {})))
    said = {}
    for name, result in found.results.items():
        _, unconfirmed, refused = recheck(written, name)
        own = [line for line in refused if line.startswith(f"{name}: ")]
        controls = sum(c.verdict is Verdict.REFUTED for c in result.controls)
        said[name] = [
            result.own.name,
            result.rolled.name,
            str(controls),
            "; ".join([*own, *(f"{name}: not confirmed, {why}" for why in unconfirmed)]),
        ]
    return said


def outcome(said: Said, sound: Said) -> tuple[str, str]:
    """Return what becomes of a sabotage, and how that was seen.

    Parameters
    ----------
    said, sound
        What the sabotaged and the sound engine say.
    """
    accepted = [k for k in _false() if Verdict[said[k][0]].accepts]
    passed = [k for k in accepted if not said[k][3]]
    changed = [k for k in sound if list(said[k])[:3] != list(sound[k])[:3]]
    if passed:
        how = ", ".join(f"{k} {said[k][0]}" for k in passed)
        return "killed by the canaries", f"{how}, and nothing for the checker to refuse"
    if accepted:
        return "killed by the checker", f"{', '.join(accepted)}: {said[accepted[0]][3]}"
    if not changed:
        return "survived", "no canary changes"
    shown = ", ".join(f"{k} {said[k][0]} for {sound[k][0]}" for k in changed[:3])
    return "killed by the controls", f"{len(changed)} canaries change: {shown}"


def false_proofs(said: Said) -> list[str]:
    """Return the false canaries that are called proved or enclosed, and confirmed by the checker.

    One that is only supported is not among them: it has no certificate, and claims none.
    """
    return [k for k in _false() if Verdict[said[k][0]].certified and not said[k][3]]


def _false() -> list[str]:
    return [c.claim.id for c in CANARIES if not c.true]


def _in_a_process(name: str) -> dict[str, list[str]] | str:
    """Return what an engine with a sabotage says, or how its process ended."""
    words = [sys.executable, "-m", "proofs_check.trust.sabotage", name]
    try:
        ended = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "time-out"
    if ended.returncode:
        return (ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"])[-1]
    found: dict[str, list[str]] = json.loads(ended.stdout)
    return found


@functools.cache
def _sound() -> dict[str, list[str]]:
    said = _in_a_process("")
    if isinstance(said, str):
        raise TypeError(f"the sound engine: {said}")
    return said


def cells(profile: Profile) -> Sequence[Parameters]:
    """Return one cell for each sabotage; every fifth in the quick profile."""
    from proofs_check.fingerprint import engine_fingerprint, files_fingerprint

    by = files_fingerprint(
        "proofs_check/recheck.py",
        "proofs_check/trust/canaries.py",
        "proofs_check/trust/faults.py",
        "proofs_check/trust/sabotage.py",
    )
    names = list(FAULTS)[::5] if profile == "quick" else list(FAULTS)
    engine = engine_fingerprint()[:16]
    return [{"sabotage": name, "engine": engine, "by": by[:16]} for name in names]


def run(parameters: Parameters, checkpoint: Checkpoint) -> Arrays:
    """Return outcome and reason of one sabotage as texts."""
    del checkpoint
    sound = _sound()
    said = _in_a_process(str(parameters["sabotage"]))
    found, why = ("killed by a crash", said) if isinstance(said, str) else outcome(said, sound)
    if found == "survived" and parameters["sabotage"] in MASKED:
        other, both = MASKED[str(parameters["sabotage"])]
        found, why = "masked", f"{other}; both are broken in: {both}"
    return {
        "name": np.array(str(parameters["sabotage"])),
        "outcome": np.array(found),
        "detail": np.array(why[:400]),
        "false_proofs": np.array(0 if isinstance(said, str) else len(false_proofs(said))),
    }


EXPERIMENT: Final = Experiment(
    name="trust.sabotage",
    says="Whether an engine that is broken on purpose is found out by its canaries",
    cells=cells,
    run=run,
    cost=lambda _parameters: 30.0,
)

if __name__ == "__main__":
    wanted = sys.argv[1]
    sys.stdout.write(json.dumps(judged(FAULTS[wanted]() if wanted else ())))
