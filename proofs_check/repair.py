"""The best constant of a statement, as a bracket whose two ends are certified in their own ways.

From one side by exact points at which a more demanding constant fails, from the other by the
claim's own evidence, run again with the constant changed. What could not be certified is said.
"""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import arb
from sympy import Expr, Rational

from proofs_check.balls import ball_value, to_ball
from proofs_check.claim import Claim
from proofs_check.context import Context
from proofs_check.engine import Result, check, run_evidence
from proofs_check.errors import ClaimError
from proofs_check.evidence import Enclosure, Evidence, Polynomial, Steps
from proofs_check.hypothesis_audit import HypothesisAudit, audit
from proofs_check.need_search import search_need
from proofs_check.needed import Needed, simplest_between
from proofs_check.verdict import Finding, Verdict, Witness
from proofs_check.witness import minimal_witness

__all__ = ["HypothesisAudit", "Repair", "audit", "best_constant", "minimal_witness"]

NOT_REFUTED = "not refuted; nothing certifies it"
PARTS = (Fraction(1), Fraction(1, 4), *(Fraction(1, 10**k) for k in (1, 2, 3, 4, 6, 8)))
"""Relative distances from the failing constant at which the evidence is run again."""
REPROVABLE = (Enclosure, Polynomial, Steps)


@dataclass(frozen=True, kw_only=True)
class Repair:
    """The best value of a claim's constant, bracketed.

    Attributes
    ----------
    printed
        The number in the paper.
    lo, hi
        Ends of the bracket; ``None`` for an end about which nothing is known.
    slack
        Bracket of printed / best, when the constant is positive.
    power_of_two
        The best power of two that is known to hold, when the paper prints a power of two; `sharp`
        tells whether the next more demanding power of two is refuted.
    witness
        The failure with a constant just beyond the end that points certify.
    lo_certified_by, hi_certified_by
        How each end is known; `NOT_REFUTED` is said of a printed value that nothing proves.
    detail
        One line for people.
    """

    printed: Expr
    lo: Fraction | None
    hi: Fraction | None
    slack: tuple[Fraction | None, Fraction | None] | None
    power_of_two: Fraction | None
    sharp: bool
    witness: Witness | None
    lo_certified_by: str
    hi_certified_by: str
    detail: str

    @property
    def certified(self) -> bool:
        """Whether both ends are certified."""
        return NOT_REFUTED not in (self.lo_certified_by, self.hi_certified_by) and not (
            self.lo is None or self.hi is None
        )

    def __str__(self) -> str:
        """Return the bracket in one line."""
        return f"printed {self.printed}, best in [{_short(self.lo)}, {_short(self.hi)}]"


def _short(value: Fraction | None) -> str:
    if value is None:
        return "?"
    text = str(value)
    return text if len(text) <= 12 else f"{float(value):.10g}"


@dataclass(frozen=True)
class _Held:
    """A constant for which the claim holds, as far as is known."""

    value: Fraction | None
    certified_by: str


def best_constant(
    claim: Claim, context: Context | None = None, *, seconds: float | None = None
) -> Repair:
    """Return a bracket for the best constant for which a claim holds.

    Parameters
    ----------
    claim
        A claim with a constant.
    context
        Settings of the run; the quick profile by default.
    seconds
        How long the search for a demanding point may take; `search_need` says what is usual.

    Raises
    ------
    ClaimError
        The claim has no constant, or its direction is declared wrongly.

    Examples
    --------
    >>> from sympy import Symbol
    >>> from proofs_check import Constant, Enclosure, Real, Rel, flip
    >>> a, c = Symbol("a", real=True), Symbol("c", positive=True)
    >>> claim = Claim(
    ...     id="bound",
    ...     says="a (1 - a) is at most 1/2",
    ...     given={a: Real(lo=0, hi=1)},
    ...     lhs=a * (1 - a),
    ...     rel=Rel.LE,
    ...     rhs=c,
    ...     constant=Constant(c, Rational(1, 2), power_of_two=True),
    ...     evidence=(Enclosure(),),
    ...     broken=(flip(),),
    ... )
    >>> repair = best_constant(claim)
    >>> repair.lo, repair.hi, repair.slack
    (Fraction(1, 4), Fraction(1, 4), (Fraction(2, 1), Fraction(2, 1)))
    """
    context = context or Context()
    needed, looked = search_need(claim, context, seconds=seconds)
    if needed is not None and needed.value is None:
        return _hopeless(claim, needed)
    result = check(claim, context)
    failing = None if needed is None else needed.value
    held = _held(claim, context, result, failing)
    by_point = "" if needed is None else f"a certified failure at {needed.witness}"
    sense = _sense(claim)
    if held.value is not None and failing is not None and sense * (held.value - failing) < 0:
        raise _contradiction(claim, held, needed)
    ends = (failing, held.value) if sense > 0 else (held.value, failing)
    marks = (by_point, held.certified_by) if sense > 0 else (held.certified_by, by_point)
    power, sharp = _power_of_two(claim, failing, held.value)
    return Repair(
        printed=_printed(claim),
        lo=ends[0],
        hi=ends[1],
        slack=_slack(claim, ends),
        power_of_two=power,
        sharp=sharp,
        witness=None if needed is None else needed.witness,
        lo_certified_by=marks[0] or "no admissible point was certified",
        hi_certified_by=marks[1] or "no admissible point was certified",
        detail=_detail(claim, result, failing, held, looked),
    )


def _printed(claim: Claim) -> Expr:
    assert claim.constant is not None  # noqa: S101 - search_need has refused the claim otherwise
    return claim.constant.printed


def _sense(claim: Claim) -> int:
    return 1 if claim.constant is None or claim.constant.larger_is_weaker else -1


def _contradiction(claim: Claim, held: _Held, needed: Needed | None) -> AssertionError:
    return AssertionError(
        f"{claim.id}: holds with {held.value} by {held.certified_by}, and fails with a weaker "
        f"constant at {needed and needed.witness}: a method or the declared direction is wrong"
    )


def _hopeless(claim: Claim, needed: Needed) -> Repair:
    how = f"fails for every constant at {needed.witness}"
    return Repair(
        printed=_printed(claim),
        lo=None,
        hi=None,
        slack=None,
        power_of_two=None,
        sharp=False,
        witness=needed.witness,
        lo_certified_by=how,
        hi_certified_by=how,
        detail=how,
    )


def _usable(claim: Claim, result: Result, context: Context) -> list[Evidence]:
    """Return the evidence that can be run with another constant and rejects what is false."""
    pairs = zip(claim.evidence, result.findings, strict=True)
    usable: list[Evidence] = [e for e, f in pairs if isinstance(e, REPROVABLE) and not f.toothless]
    if context.full:
        return usable
    # near the best constant a cover grows without end
    return [
        replace(e, max_boxes=min(e.max_boxes, 500)) if isinstance(e, Enclosure) else e
        for e in usable
    ]


def _proof(
    claim: Claim, usable: list[Evidence], value: Fraction, context: Context
) -> Finding | None:
    """Return the strongest certified finding for a claim with another constant."""
    try:
        changed = claim.with_constant(Rational(value.numerator, value.denominator))
    except ClaimError:
        # the symbol is declared to be something that this value is not
        return None
    found = [run_evidence(changed, e, context) for e in usable]
    good = [f for f in found if f.verdict.certified]
    return max(good, key=lambda f: f.verdict, default=None)


def _text(finding: Finding) -> str:
    rests = f", resting on {', '.join(finding.rests_on)}" if finding.rests_on else ""
    return f"{finding.verdict.name} by {finding.method}: {finding.detail}{rests}"


def _held(claim: Claim, context: Context, result: Result, failing: Fraction | None) -> _Held:
    """Return the most demanding constant that could be certified to hold."""
    printed = _rational(_printed(claim), up=_sense(claim) > 0)
    usable = _usable(claim, result, context)
    own = [f for f in result.findings if f.counted.certified]
    best = max(own, key=lambda f: f.verdict, default=None)
    strongest = best.verdict if best is not None else Verdict.ENCLOSED
    held = _Held(None, "no evidence holds with any constant that was tried")
    if best is not None:
        held = _Held(printed, _text(best))
    elif result.own is not Verdict.REFUTED:
        held = _Held(printed, NOT_REFUTED)
    if failing is None or not usable:
        return held
    for value in _candidates(failing, printed, _sense(claim)):
        finding = _proof(claim, usable, value, context)
        if finding is None or finding.verdict < strongest:
            break
        strongest = max(strongest, finding.verdict)
        held = _Held(value, _text(finding))
    return held


def _candidates(failing: Fraction, printed: Fraction, sense: int) -> list[Fraction]:
    """Return constants between the failing and the printed one, most demanding last."""
    size = abs(failing) or abs(printed) or Fraction(1)
    found = []
    for part in PARTS:
        end, slack = failing + sense * size * part, size * part / 8
        value = simplest_between(end - slack, end + slack)
        if sense * (printed - failing) <= 0 or sense * (printed - value) > 0:
            found.append(value)
    return [*found, failing]


def _rational(value: Expr, *, up: bool) -> Fraction:
    """Return a rational equal to a number, or just beyond it on the given side."""
    if value.is_Rational:
        return Fraction(int(value.p), int(value.q))
    ball: arb = to_ball(ball_value(value, {}, bits=128))
    mantissa, exponent = (int(v) for v in (ball.upper() if up else ball.lower()).man_exp())
    return Fraction(mantissa) * Fraction(2) ** exponent


def _slack(
    claim: Claim, ends: tuple[Fraction | None, Fraction | None]
) -> tuple[Fraction | None, Fraction | None] | None:
    """Return the bracket of printed / best for positive numbers."""
    lo, hi = ends
    small, large = (_rational(_printed(claim), up=up) for up in (False, True))
    if small <= 0 or any(e is not None and e <= 0 for e in ends):
        return None
    return (None if hi is None else small / hi, None if lo is None else large / lo)


def _power_of_two(
    claim: Claim, failing: Fraction | None, held: Fraction | None
) -> tuple[Fraction | None, bool]:
    """Return the most demanding power of two that holds, and whether the next one fails."""
    constant = claim.constant
    if constant is None or not constant.power_of_two or held is None or held <= 0:
        return None, False
    exponent = math.ceil(_log2(held)) if constant.larger_is_weaker else math.floor(_log2(held))
    power = Fraction(2) ** exponent
    beyond = power / 2 if constant.larger_is_weaker else power * 2
    sharp = failing is not None and _sense(claim) * (failing - beyond) > 0
    return power, sharp


def _log2(value: Fraction) -> Fraction | float:
    """Return the binary logarithm, exactly for a power of two."""
    p, q = value.numerator, value.denominator
    if p & (p - 1) == 0 and q & (q - 1) == 0:
        return Fraction(p.bit_length() - q.bit_length())
    whole = p.bit_length() - q.bit_length()
    # strictly between two powers of two: any number between the exponents will do
    return whole - Fraction(1, 2) if Fraction(2) ** whole > value else whole + Fraction(1, 2)


def _detail(
    claim: Claim, result: Result, failing: Fraction | None, held: _Held, looked: int
) -> str:
    verdict = f"{result.own.name} with the printed constant"
    if failing is None:
        return f"{verdict}; none of {looked} points could be certified"
    if failing == held.value:
        return f"{verdict}; {_short(failing)} is best possible"
    side = "below" if _sense(claim) > 0 else "above"
    return f"{verdict}; fails {side} {_short(failing)}; {looked} points"
