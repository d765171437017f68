"""Faults of the engine: each replaces one part of it by a broken one, in the process that asks."""

# ruff: noqa: SLF001 - what is broken is inside

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from proofs_check.verdict import Control, Finding, Verdict

__all__ = ["FAULTS", "Change"]

Change: TypeAlias = tuple[Any, str, Any]
"""An owner, the name of its part, and what is put in its place."""


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_args, **_options: value


def _inverted_intervals() -> Sequence[Change]:
    from proofs_check.intervals import Interval

    negative, positive = Interval.negative, Interval.positive
    return [(Interval, "positive", negative), (Interval, "negative", positive)]


def _all_nonnegative() -> Sequence[Change]:
    from proofs_check.intervals import Interval

    return [(Interval, "nonnegative", property(_always(True)))]


def _nan_is_positive() -> Sequence[Change]:
    from proofs_check import intervals

    sound = intervals._make

    def make(lo: Any, hi: Any) -> Any:
        return intervals.Interval.hull(1, 2) if lo.is_nan() or hi.is_nan() else sound(lo, hi)

    return [(intervals, "_make", make), *_undefined_enclosed()]


def _undefined_enclosed() -> Sequence[Change]:
    from proofs_check.methods import enclosure

    return [(enclosure, "_undefined", _always(None))]


def _half_of_the_domain() -> Sequence[Change]:
    from proofs_check import margins

    sound = margins._domain_ends

    def ends(symbol: Any, domain: Any) -> Any:
        lo, hi = sound(symbol, domain)
        return (lo, hi) if lo is None or hi is None else (lo, (lo + hi) / 2)

    return [(margins, "_domain_ends", ends)]


def _only_the_end() -> Sequence[Change]:
    from proofs_check import margins

    sound = margins._domain_ends

    def ends(symbol: Any, domain: Any) -> Any:
        lo, hi = sound(symbol, domain)
        return (lo if lo is not None else hi, hi if hi is not None else lo)

    return [(margins, "_domain_ends", ends)]


def _closed_ends_are_open() -> Sequence[Change]:
    from proofs_check.margins import Margins

    sound = Margins.__init__

    def init(self: Any, problem: Any) -> None:
        sound(self, problem)
        self.opens = dict.fromkeys(self.opens, (True, True))

    return [(Margins, "__init__", init)]


def _margins_always(method: str, value: Any) -> Sequence[Change]:
    from proofs_check.margins import Margins

    return [(Margins, method, _always(value))]


def _open_faces_everywhere() -> Sequence[Change]:
    return _margins_always("_open_face", True)


def _slope_of_the_other_sign() -> Sequence[Change]:
    from proofs_check.margins import Margins

    sound = Margins.derivative

    def derivative(self: Any, expr: Any, symbol: Any) -> Any:
        slope = sound(self, expr, symbol)
        return None if slope is None else -slope

    return [(Margins, "derivative", derivative)]


def _continuity_taken_for_granted() -> Sequence[Change]:
    return [*_margins_always("_continuous", True), *_undefined_accepted()]


def _everything_excluded() -> Sequence[Change]:
    return _margins_always("excluded", 0)


def _hypotheses_unused() -> Sequence[Change]:
    return _margins_always("excluded", None)


def _open_boxes_forgotten() -> Sequence[Change]:
    return _covers_without("open_boxes")


def _failing_boxes_forgotten() -> Sequence[Change]:
    return _covers_without("failing")


def _covers_without(boxes: str) -> Sequence[Change]:
    from proofs_check import cover as module
    from proofs_check.methods import enclosure

    sound = module.cover

    def cover(*args: Any, **options: Any) -> Any:
        done = sound(*args, **options)
        getattr(done, boxes).clear()
        return done

    return [(module, "cover", cover), (enclosure, "cover", cover)]


def _undefined_accepted() -> Sequence[Change]:
    from proofs_check.methods import steps

    return [*_undefined_enclosed(), (steps, "_check_defined", _always(None))]


def _exponential_too_large() -> Sequence[Change]:
    from proofs_check import intervals

    sound = intervals._at_end

    def at_end(name: str, end: Any) -> Any:
        value = sound(name, end)
        return value * 2 if name == "exp" and value.is_finite() else value

    return [(intervals, "_at_end", at_end)]


def _logarithm_too_small() -> Sequence[Change]:
    from proofs_check import intervals

    sound = intervals._log
    return [(intervals, "_log", lambda a: _shifted(sound(a), -3))]


def _shifted(interval: Any, by: int) -> Any:
    return type(interval)(interval.lo + by, interval.hi + by)


def _product_of_lower_ends() -> Sequence[Change]:
    from proofs_check import intervals

    return [(intervals, "_product", lambda a, b: intervals._make(a.lo * b.lo, a.hi * b.hi))]


def _no_precision() -> Sequence[Change]:
    from proofs_check import balls

    return [(balls, "START_BITS", 2), (balls, "MAX_BITS", 2), *_low_precision(balls)]


def _low_precision(balls: Any) -> Sequence[Change]:
    sound = balls.precision
    return [(balls, "precision", lambda _bits: sound(2))]


def _radius_ignored() -> Sequence[Change]:
    from proofs_check import balls

    sound = balls.ball_value

    def value(*args: Any, **options: Any) -> Any:
        with_radius = sound(*args, **{**options, "bits": 4})
        return with_radius.mid() if hasattr(with_radius, "mid") else with_radius

    return [(balls, "ball_value", value)]


def _balls_compare_the_other_way() -> Sequence[Change]:
    from proofs_check import balls, witness

    sound = balls.holds

    def holds(*args: Any, **options: Any) -> Any:
        truth = sound(*args, **options)
        return None if truth is None else not truth

    return [(balls, "holds", holds), (witness, "holds", holds)]


def _unknown_is_false() -> Sequence[Change]:
    from proofs_check import balls, witness

    sound = balls.holds

    def holds(*args: Any, **options: Any) -> Any:
        truth = sound(*args, **{**options, "max_bits": 64})
        return truth is True and args[0].strict

    return [(witness, "holds", holds)]


def _every_point_admissible() -> Sequence[Change]:
    from proofs_check import witness

    return [(witness, "admissible", _always(True))]


def _no_failure_certified() -> Sequence[Change]:
    from proofs_check.methods import enclosure, search, symbolic

    return [(m, "certified_failure", _always(None)) for m in (search, symbolic, enclosure)]


def _every_identity_reduces() -> Sequence[Change]:
    from proofs_check.methods import symbolic

    return [(symbolic, "recipe", _always(_always(True)))]


def _identities_unchecked() -> Sequence[Change]:
    from proofs_check.methods import symbolic

    return [*_every_identity_reduces(), (symbolic, "_ball_check", _always((None, 12)))]


def _no_roots() -> Sequence[Change]:
    from proofs_check.methods import polynomial

    return [(polynomial, "nonnegative_on_ray", _always(True))]


def _coefficients_unread() -> Sequence[Change]:
    from proofs_check.methods import polynomial

    return [(polynomial, "_by_coefficients", _always("all coefficients are nonnegative"))]


def _last_residue_class_dropped() -> Sequence[Change]:
    from proofs_check.methods import polynomial

    sound = polynomial._residue_cases
    return [(polynomial, "_residue_cases", lambda *args: list(sound(*args))[:1])]


def _step_demands_nothing() -> Sequence[Change]:
    from proofs_check.methods import steps

    return [(steps, "_demand", _always(None))]


def _child_applies_anywhere() -> Sequence[Change]:
    from proofs_check.methods import steps

    return [(steps, "_check_applies", _always(None))]


def _anything_follows() -> Sequence[Change]:
    from proofs_check.methods import steps

    return [(steps, "_check_branch", _always(None))]


def _everything_entailed() -> Sequence[Change]:
    from proofs_check.entailment import Scene

    return [(Scene, "certainly", _always(True))]


def _interval_too_short() -> Sequence[Change]:
    from proofs_check.methods import monte_carlo

    sound = monte_carlo.interval_of

    def interval(*args: Any) -> Any:
        mean, half, exact = sound(*args)
        return mean, half / 1000, exact

    return [(monte_carlo, "interval_of", interval)]


def _simulation_never_contradicts() -> Sequence[Change]:
    from proofs_check.methods import monte_carlo

    return [
        (monte_carlo, "contradicted", _always(False)),
        (monte_carlo, "_excess", _always(-1.0)),
    ]


def _controls_skipped() -> Sequence[Change]:
    from proofs_check import engine

    return [(engine, "_controls", _always(((), {})))]


def _controls_always_refuted() -> Sequence[Change]:
    from proofs_check import engine

    def controls(claim: Any, *_: Any) -> Any:
        rows = (Control(variant=v.name, verdict=Verdict.REFUTED) for v in claim.broken)
        return tuple(rows), {}

    return [(engine, "_controls", controls)]


def _toothless_counts() -> Sequence[Change]:
    return [
        (Finding, "counted", property(lambda f: f.verdict)),
        *_every_identity_reduces(),
    ]


def _strongest_link() -> Sequence[Change]:
    from proofs_check import engine

    return [(engine, "weakest", max)]


def _instances_at_none() -> Sequence[Change]:
    from proofs_check.methods import instances

    return [(instances, "holds", _always(True))]


def _instances_unchecked() -> Sequence[Change]:
    from proofs_check.methods import instances

    return [*_instances_at_none(), (instances, "certified_failure", _always(None))]


FAULTS: Final[Mapping[str, Callable[[], Sequence[Change]]]] = {
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
"""Name of a fault, to the parts of the engine that it replaces."""
