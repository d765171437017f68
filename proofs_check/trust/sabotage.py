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
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from numerics.experiments.experiment import Arrays, Checkpoint, Experiment, Parameters, Profile
from proofs_check.trust.canaries import CANARIES, ledger
from proofs_check.verdict import Control, Finding, Verdict

__all__ = ["EXPERIMENT", "SABOTAGES", "Said", "false_proofs", "judged", "outcome"]

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
"""Sabotages that change nothing: which other part does the same work, and the sabotage of both."""

SECONDS: Final = 300.0
"""Time for the canaries under one sabotage; a sabotage that takes longer has been noticed."""

_Change = tuple[Any, str, Any]


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_args, **_options: value


def _inverted_intervals() -> Sequence[_Change]:
    from proofs_check.intervals import Interval

    negative, positive = Interval.negative, Interval.positive
    return [(Interval, "positive", negative), (Interval, "negative", positive)]


def _all_nonnegative() -> Sequence[_Change]:
    from proofs_check.intervals import Interval

    return [(Interval, "nonnegative", property(_always(True)))]


def _nan_is_positive() -> Sequence[_Change]:
    from proofs_check import intervals

    sound = intervals._make

    def make(lo: Any, hi: Any) -> Any:
        return intervals.Interval.hull(1, 2) if lo.is_nan() or hi.is_nan() else sound(lo, hi)

    return [(intervals, "_make", make), *_undefined_enclosed()]


def _undefined_enclosed() -> Sequence[_Change]:
    from proofs_check.methods import enclosure

    return [(enclosure, "_undefined", _always(None))]


def _half_of_the_domain() -> Sequence[_Change]:
    from proofs_check import margins

    sound = margins._domain_ends

    def ends(symbol: Any, domain: Any) -> Any:
        lo, hi = sound(symbol, domain)
        return (lo, hi) if lo is None or hi is None else (lo, (lo + hi) / 2)

    return [(margins, "_domain_ends", ends)]


def _only_the_end() -> Sequence[_Change]:
    from proofs_check import margins

    sound = margins._domain_ends

    def ends(symbol: Any, domain: Any) -> Any:
        lo, hi = sound(symbol, domain)
        return (lo if lo is not None else hi, hi if hi is not None else lo)

    return [(margins, "_domain_ends", ends)]


def _closed_ends_are_open() -> Sequence[_Change]:
    from proofs_check.margins import Margins

    sound = Margins.__init__

    def init(self: Any, problem: Any) -> None:
        sound(self, problem)
        self.opens = dict.fromkeys(self.opens, (True, True))

    return [(Margins, "__init__", init)]


def _margins_always(method: str, value: Any) -> Sequence[_Change]:
    from proofs_check.margins import Margins

    return [(Margins, method, _always(value))]


def _open_faces_everywhere() -> Sequence[_Change]:
    return _margins_always("_open_face", True)


def _slope_of_the_other_sign() -> Sequence[_Change]:
    from proofs_check.margins import Margins

    sound = Margins.derivative

    def derivative(self: Any, expr: Any, symbol: Any) -> Any:
        slope = sound(self, expr, symbol)
        return None if slope is None else -slope

    return [(Margins, "derivative", derivative)]


def _continuity_taken_for_granted() -> Sequence[_Change]:
    return [*_margins_always("_continuous", True), *_undefined_accepted()]


def _everything_excluded() -> Sequence[_Change]:
    return _margins_always("excluded", 0)


def _hypotheses_unused() -> Sequence[_Change]:
    return _margins_always("excluded", None)


def _open_boxes_forgotten() -> Sequence[_Change]:
    return _covers_without("open_boxes")


def _failing_boxes_forgotten() -> Sequence[_Change]:
    return _covers_without("failing")


def _covers_without(boxes: str) -> Sequence[_Change]:
    from proofs_check import cover as module
    from proofs_check.methods import enclosure

    sound = module.cover

    def cover(*args: Any, **options: Any) -> Any:
        done = sound(*args, **options)
        getattr(done, boxes).clear()
        return done

    return [(module, "cover", cover), (enclosure, "cover", cover)]


def _undefined_accepted() -> Sequence[_Change]:
    from proofs_check.methods import steps

    return [*_undefined_enclosed(), (steps, "_check_defined", _always(None))]


def _exponential_too_large() -> Sequence[_Change]:
    from proofs_check import intervals

    sound = intervals._at_end

    def at_end(name: str, end: Any) -> Any:
        value = sound(name, end)
        return value * 2 if name == "exp" and value.is_finite() else value

    return [(intervals, "_at_end", at_end)]


def _logarithm_too_small() -> Sequence[_Change]:
    from proofs_check import intervals

    sound = intervals._log
    return [(intervals, "_log", lambda a: _shifted(sound(a), -3))]


def _shifted(interval: Any, by: int) -> Any:
    return type(interval)(interval.lo + by, interval.hi + by)


def _product_of_lower_ends() -> Sequence[_Change]:
    from proofs_check import intervals

    return [(intervals, "_product", lambda a, b: intervals._make(a.lo * b.lo, a.hi * b.hi))]


def _no_precision() -> Sequence[_Change]:
    from proofs_check import balls

    return [(balls, "START_BITS", 2), (balls, "MAX_BITS", 2), *_low_precision(balls)]


def _low_precision(balls: Any) -> Sequence[_Change]:
    sound = balls.precision
    return [(balls, "precision", lambda _bits: sound(2))]


def _radius_ignored() -> Sequence[_Change]:
    from proofs_check import balls

    sound = balls.ball_value

    def value(*args: Any, **options: Any) -> Any:
        with_radius = sound(*args, **{**options, "bits": 4})
        return with_radius.mid() if hasattr(with_radius, "mid") else with_radius

    return [(balls, "ball_value", value)]


def _balls_compare_the_other_way() -> Sequence[_Change]:
    from proofs_check import balls, witness

    sound = balls.holds

    def holds(*args: Any, **options: Any) -> Any:
        truth = sound(*args, **options)
        return None if truth is None else not truth

    return [(balls, "holds", holds), (witness, "holds", holds)]


def _unknown_is_false() -> Sequence[_Change]:
    from proofs_check import balls, witness

    sound = balls.holds

    def holds(*args: Any, **options: Any) -> Any:
        truth = sound(*args, **{**options, "max_bits": 64})
        return truth is True and args[0].strict

    return [(witness, "holds", holds)]


def _every_point_admissible() -> Sequence[_Change]:
    from proofs_check import witness

    return [(witness, "admissible", _always(True))]


def _no_failure_certified() -> Sequence[_Change]:
    from proofs_check.methods import enclosure, search, symbolic

    return [(m, "certified_failure", _always(None)) for m in (search, symbolic, enclosure)]


def _every_identity_reduces() -> Sequence[_Change]:
    from proofs_check.methods import symbolic

    return [(symbolic, "recipe", _always(_always(True)))]


def _identities_unchecked() -> Sequence[_Change]:
    from proofs_check.methods import symbolic

    return [*_every_identity_reduces(), (symbolic, "_ball_check", _always((None, 12)))]


def _no_roots() -> Sequence[_Change]:
    from proofs_check.methods import polynomial

    return [(polynomial, "nonnegative_on_ray", _always(True))]


def _coefficients_unread() -> Sequence[_Change]:
    from proofs_check.methods import polynomial

    return [(polynomial, "_by_coefficients", _always("all coefficients are nonnegative"))]


def _last_residue_class_dropped() -> Sequence[_Change]:
    from proofs_check.methods import polynomial

    sound = polynomial._residue_cases
    return [(polynomial, "_residue_cases", lambda *args: list(sound(*args))[:1])]


def _step_demands_nothing() -> Sequence[_Change]:
    from proofs_check.methods import steps

    return [(steps, "_demand", _always(None))]


def _child_applies_anywhere() -> Sequence[_Change]:
    from proofs_check.methods import steps

    return [(steps, "_check_applies", _always(None))]


def _anything_follows() -> Sequence[_Change]:
    from proofs_check.methods import steps

    return [(steps, "_check_branch", _always(None))]


def _everything_entailed() -> Sequence[_Change]:
    from proofs_check.entailment import Scene

    return [(Scene, "certainly", _always(True))]


def _interval_too_short() -> Sequence[_Change]:
    from proofs_check.methods import monte_carlo

    sound = monte_carlo.interval_of

    def interval(*args: Any) -> Any:
        mean, half, exact = sound(*args)
        return mean, half / 1000, exact

    return [(monte_carlo, "interval_of", interval)]


def _simulation_never_contradicts() -> Sequence[_Change]:
    from proofs_check.methods import monte_carlo

    return [
        (monte_carlo, "contradicted", _always(False)),
        (monte_carlo, "_excess", _always(-1.0)),
    ]


def _controls_skipped() -> Sequence[_Change]:
    from proofs_check import engine

    return [(engine, "_controls", _always(((), {})))]


def _controls_always_refuted() -> Sequence[_Change]:
    from proofs_check import engine

    def controls(claim: Any, *_: Any) -> Any:
        rows = (Control(variant=v.name, verdict=Verdict.REFUTED) for v in claim.broken)
        return tuple(rows), {}

    return [(engine, "_controls", controls)]


def _toothless_counts() -> Sequence[_Change]:
    return [
        (Finding, "counted", property(lambda f: f.verdict)),
        *_every_identity_reduces(),
    ]


def _strongest_link() -> Sequence[_Change]:
    from proofs_check import engine

    return [(engine, "weakest", max)]


def _instances_at_none() -> Sequence[_Change]:
    from proofs_check.methods import instances

    return [(instances, "holds", _always(True))]


def _instances_unchecked() -> Sequence[_Change]:
    from proofs_check.methods import instances

    return [*_instances_at_none(), (instances, "certified_failure", _always(None))]


SABOTAGES: Final[Mapping[str, Callable[[], Sequence[_Change]]]] = {
    "comparison of intervals inverted": _inverted_intervals,
    "every interval is nonnegative": _all_nonnegative,
    "an undefined interval is positive": _nan_is_positive,
    "upper half of a domain dropped": _half_of_the_domain,
    "infinite end of a domain dropped": _only_the_end,
    "closed ends taken for open": _closed_ends_are_open,
    "faces taken for excluded": _open_faces_everywhere,
    "slopes of the other sign": _slope_of_the_other_sign,
    "continuity taken for granted": _continuity_taken_for_granted,
    "every box excluded by a hypothesis": _everything_excluded,
    "hypotheses unused in covers": _hypotheses_unused,
    "open boxes forgotten": _open_boxes_forgotten,
    "failing boxes forgotten": _failing_boxes_forgotten,
    "undefined statements accepted": _undefined_accepted,
    "exponential too large": _exponential_too_large,
    "logarithm too small": _logarithm_too_small,
    "products from two ends only": _product_of_lower_ends,
    "precision lost": _no_precision,
    "radius of a ball ignored": _radius_ignored,
    "comparison of balls inverted": _balls_compare_the_other_way,
    "unknown taken for false": _unknown_is_false,
    "hypotheses ignored at a witness": _every_point_admissible,
    "no failure is ever certified": _no_failure_certified,
    "every identity reduces to zero": _every_identity_reduces,
    "every identity reduces and none is compared": _identities_unchecked,
    "polynomials have no roots": _no_roots,
    "coefficients unread": _coefficients_unread,
    "residue classes dropped": _last_residue_class_dropped,
    "a step demands nothing": _step_demands_nothing,
    "a child applies anywhere": _child_applies_anywhere,
    "anything follows": _anything_follows,
    "everything is entailed": _everything_entailed,
    "confidence interval too short": _interval_too_short,
    "a simulation never contradicts": _simulation_never_contradicts,
    "controls skipped": _controls_skipped,
    "controls always refuted": _controls_always_refuted,
    "toothless methods count": _toothless_counts,
    "roll-up takes the strongest": _strongest_link,
    "instances never fail": _instances_at_none,
    "instances never fail and no failure is looked for": _instances_unchecked,
}
"""Name of a sabotage, to the parts of the engine that it replaces."""


def judged(changes: Sequence[_Change]) -> dict[str, list[str]]:
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
        "proofs_check/trust/sabotage.py",
    )
    names = list(SABOTAGES)[::5] if profile == "quick" else list(SABOTAGES)
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
    sys.stdout.write(json.dumps(judged(SABOTAGES[wanted]() if wanted else ())))
