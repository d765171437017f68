"""Best constants, minimal witnesses and the audit of hypotheses."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from sympy import Expr, Rational, S, Symbol, exp, log, sqrt

from proofs_check import (
    Claim,
    ClaimError,
    Constant,
    Context,
    Enclosure,
    Instances,
    Integer,
    Point,
    Polynomial,
    Real,
    Sample,
    Search,
    Size,
    Spacing,
    Verdict,
    audit,
    best_constant,
    eq,
    flip,
    ge,
    gt,
    le,
    lt,
    minimal_witness,
    sample_symbol,
    scale,
)
from proofs_check.need_search import search_need
from proofs_check.needed import Need, simplest_between
from proofs_check.repair import NOT_REFUTED
from proofs_check.witness import certified_failure

Make = Callable[..., Claim]

a, b = Symbol("a", real=True), Symbol("b", real=True)
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
c = Symbol("c", positive=True)
m = Symbol("m", integer=True, positive=True)
X = sample_symbol()
line, half_line = Real(), Real(lo=0, lo_open=True)
unit = Real(lo=0, hi=1)

Row = tuple[Expr, str, Any, dict[Symbol, Any], tuple[Any, ...], Any, dict[str, Any], float]

# statement, hypotheses, printed constant, options, the true best constant
E_INVERSE = math.exp(-1)
KNOWN: dict[str, Row] = {
    "parabola": (a * (1 - a), "<=", c, {a: unit}, (), Rational(1, 2), {}, 0.25),
    "peak of p exp(-p)": (
        p * exp(-p), "<=", c, {p: half_line}, (), Rational(1, 2), {}, E_INVERSE,
    ),
    "tangent": (c * exp(a), ">=", 1 + a, {a: line}, (), Rational(3, 2), {}, 1.0),
    "printed too small": (
        p * exp(-p), "<=", c, {p: half_line}, (), Rational(1, 3), {}, E_INVERSE,
    ),
    "smaller is weaker": (
        c * a * (1 - a), "<=", 1, {a: unit}, (), S.One, {"larger_is_weaker": False}, 4.0,
    ),
    "lower bound": (
        p + 1 / p, ">=", c, {p: half_line}, (), Rational(3, 2), {"larger_is_weaker": False}, 2.0,
    ),
    "far away": (p / (1 + p), "<=", c, {p: half_line}, (), S(2), {}, 1.0),
    "integers": (m, "<=", c * 2**m, {m: Integer(lo=1)}, (), S(2), {}, 0.5),
    "hypothesis": (q, "<=", c * p, {p: half_line, q: half_line}, (ge(p, 2 * q),), S.One, {}, 0.5),
    "exponent": (
        exp(-c * p), "<=", 1 / (1 + p), {p: Real(lo=1, hi=2)}, (), S.One, {}, math.log(2),
    ),
    "sample": (
        Spacing(X), "<=", c * (Point(X, Size(X)) - Point(X, 1)), {X: Sample(min_size=3)}, (),
        S.One, {}, 0.5,
    ),
}  # fmt: skip


def known(name: str, make: Make, **parts: Any) -> Claim:
    lhs, rel, rhs, given, where, printed, options, _ = KNOWN[name]
    parts.setdefault("evidence", (Enclosure(max_boxes=300), Search()))
    return make(
        lhs,
        rel,
        rhs,
        given=given,
        where=where,
        constant=Constant(c, printed, **options),
        broken=(flip(),),
        **parts,
    )


@pytest.mark.parametrize("name", KNOWN)
def test_the_needed_constant_is_found_from_below(name: str, claim: Make) -> None:
    made = known(name, claim)
    best = KNOWN[name][-1]
    needed, looked = search_need(made, Context(), seconds=3.0)
    assert looked > 50
    assert needed is not None
    assert needed.value is not None
    # the ascent ends at relative steps of 2^-22, the optimum is quadratic or at an end or infinity
    assert abs(float(needed.value) - best) <= 1e-6 * best
    # never beyond the best constant: the failing side is certified
    sense = 1 if made.constant is not None and made.constant.larger_is_weaker else -1
    assert sense * (float(needed.value) - best) <= 1e-12 * best
    beyond = needed.value - sense * Fraction(1, 1000) * needed.value
    changed = made.with_constant(Rational(beyond.numerator, beyond.denominator))
    assert certified_failure(changed, needed.point) is not None


@pytest.mark.parametrize("name", ["parabola", "tangent", "printed too small", "smaller is weaker"])
def test_brackets_are_certified_from_both_sides(name: str, claim: Make) -> None:
    made = known(name, claim)
    best = KNOWN[name][-1]
    repair = best_constant(made)
    assert repair.certified, repair.detail
    assert repair.lo is not None
    assert repair.hi is not None
    assert float(repair.lo) <= best * (1 + 1e-12)
    assert float(repair.hi) >= best * (1 - 1e-12)
    assert float(repair.hi / repair.lo) < 1.2
    assert repair.slack is not None
    low, high = repair.slack
    assert low is not None
    assert high is not None
    assert low <= high
    assert float(low) <= float(repair.printed) / best * (1 + 1e-9)
    assert float(high) >= float(repair.printed) / best * (1 - 1e-9)


def test_an_exact_optimum_closes_the_bracket(claim: Make) -> None:
    repair = best_constant(known("parabola", claim))
    assert (repair.lo, repair.hi) == (Fraction(1, 4), Fraction(1, 4))
    assert "best possible" in repair.detail
    assert repair.witness is not None
    assert repair.witness.values == {"a": Fraction(1, 2)}


def test_support_is_no_certificate(claim: Make) -> None:
    repair = best_constant(known("hypothesis", claim, evidence=(Search(),)))
    assert repair.lo == Fraction(1, 2)
    assert repair.hi == 1
    assert repair.hi_certified_by == NOT_REFUTED
    assert not repair.certified


def test_a_toothless_method_certifies_no_constant(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proofs_check import Finding
    from proofs_check.methods import enclosure

    def yes(claim: Claim, evidence: Any, context: Context) -> Finding:
        return Finding(method="enclosure", verdict=Verdict.PROVED, detail="yes")

    monkeypatch.setattr(enclosure, "run", yes)
    repair = best_constant(known("parabola", claim))
    assert repair.hi == Fraction(1, 2)
    assert repair.hi_certified_by == NOT_REFUTED


def test_a_method_that_proves_too_much_is_noticed(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from proofs_check import Finding
    from proofs_check.methods import enclosure

    def lies(claim: Claim, evidence: Any, context: Context) -> Finding:
        verdict = Verdict.UNDECIDED if "~" in claim.id else Verdict.PROVED
        return Finding(method="enclosure", verdict=verdict, detail="a lie")

    monkeypatch.setattr(enclosure, "run", lies)
    repair = best_constant(known("parabola", claim))
    assert repair.hi is not None
    assert repair.lo is not None
    # the constant at which points fail is never passed
    assert repair.hi >= repair.lo == Fraction(1, 4)


def test_instances_certify_no_other_constant(claim: Make) -> None:
    at = {"half": {a: Fraction(1, 2)}}
    made = known("parabola", claim, evidence=(Instances(at=at),))
    repair = best_constant(made)
    assert repair.hi == Fraction(1, 2)
    assert repair.hi_certified_by.startswith("ENCLOSED by instances")


def test_a_statement_that_no_constant_saves(claim: Make) -> None:
    made = claim(
        c * a,
        "<=",
        p,
        given={a: Real(lo=0), p: half_line},
        constant=Constant(c, S.One, larger_is_weaker=False),
        evidence=(Search(),),
        broken=(flip(),),
    )
    repair = best_constant(made)
    # the need goes to zero as a grows, so nothing positive is left
    assert repair.hi is not None
    assert repair.hi < Fraction(1, 10**6)
    made = claim(
        a + c * 0 * a, ">=", c - c, given={a: line}, constant=Constant(c, S.One), broken=(flip(),)
    )
    repair = best_constant(made)
    assert repair.lo is None
    assert repair.hi is None
    assert "fails for every constant" in repair.detail


def test_a_wrong_direction_is_noticed(claim: Make) -> None:
    made = claim(
        a * (1 - a),
        "<=",
        c,
        given={a: unit},
        constant=Constant(c, Rational(1, 2), larger_is_weaker=False),
        broken=(flip(),),
    )
    with pytest.raises(ClaimError, match="larger_is_weaker=False is wrong"):
        best_constant(made)


def test_a_claim_without_constant_is_refused(claim: Make) -> None:
    with pytest.raises(ClaimError, match="has no constant"):
        best_constant(claim(a, ">=", 0, given={a: unit}))


@pytest.mark.parametrize(
    ("printed", "options", "power", "sharp"),
    [
        (Rational(1, 2), {"power_of_two": True}, Fraction(1, 4), True),
        (S(64), {"power_of_two": True}, Fraction(1, 4), True),
        (S(64), {}, None, False),
    ],
    ids=["next", "far", "not asked"],
)
def test_powers_of_two(
    printed: Expr, options: dict[str, Any], power: Fraction | None, sharp: bool, claim: Make
) -> None:
    # 0.24 is the best constant: one quarter holds, one eighth fails
    made = claim(
        Rational(24, 25) * a * (1 - a),
        "<=",
        c,
        given={a: unit},
        constant=Constant(c, printed, **options),
        broken=(flip(),),
    )
    repair = best_constant(made)
    assert (repair.power_of_two, repair.sharp) == (power, sharp)


def test_polynomial_evidence_is_run_again(claim: Make) -> None:
    made = claim(
        c * (1 + a**2),
        ">=",
        2 * a,
        given={a: Real(lo=0)},
        constant=Constant(c, S(3)),
        evidence=(Polynomial(),),
        broken=(scale("lhs", Rational(1, 10)),),
    )
    repair = best_constant(made)
    assert (repair.lo, repair.hi) == (Fraction(1), Fraction(1))


def test_an_irrational_printed_constant(claim: Make) -> None:
    made = claim(
        a, "<=", c, given={a: Real(lo=0, hi=1)}, constant=Constant(c, sqrt(2)), broken=(flip(),)
    )
    repair = best_constant(made)
    assert (repair.lo, repair.hi) == (Fraction(1), Fraction(1))
    assert repair.slack is not None
    low, high = repair.slack
    assert low is not None
    assert high is not None
    assert low**2 < 2 < high**2


def test_the_direction_of_a_need(claim: Make) -> None:
    need = Need(known("lower bound", claim))
    assert need.better(1.0, 2.0)
    assert not need.better(2.0, 1.0)
    assert need.estimate({p: Fraction(2)}) == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("lo", "hi", "simple"),
    [
        ("1/3", "1/2", "1/2"),
        ("31/100", "34/100", "1/3"),
        ("-1/2", "1/7", "0"),
        ("-34/100", "-31/100", "-1/3"),
        ("5/2", "7/2", "3"),
        ("22/7", "22/7", "22/7"),
        ("3.1415", "3.1416", "333/106"),
    ],
)
def test_the_simplest_rational(lo: str, hi: str, simple: str) -> None:
    assert simplest_between(Fraction(lo), Fraction(hi)) == Fraction(simple)


def test_the_simplest_rational_needs_an_interval() -> None:
    with pytest.raises(ValueError, match="give lo <= hi"):
        simplest_between(Fraction(1), Fraction(0))


# minimal witnesses

WITNESSES: dict[str, tuple[dict[str, Any], dict[Symbol, Any], str]] = {
    "tied values": (
        {"lhs": p, "rel": "<", "rhs": q, "given": {p: half_line, q: half_line},
         "where": (eq(p, q),)},
        {p: Fraction(100), q: Fraction(100)},
        "p = 1, q = 1",
    ),
    "ordered values": (
        {"lhs": a, "rel": ">=", "rhs": b, "given": {a: line, b: line}, "where": (lt(a, b),)},
        {a: Fraction(100), b: Fraction(101)},
        "a = 0, b = 1",
    ),
    "scaled together": (
        {"lhs": q, "rel": "<=", "rhs": p / 3, "given": {p: half_line, q: half_line},
         "where": (le(p, 2 * q), ge(p, 2 * q))},
        {p: Fraction(1400), q: Fraction(700)},
        "p = 2, q = 1",
    ),
    "one value": (
        {"lhs": a**2, "rel": ">=", "rhs": a, "given": {a: unit}},
        {a: Fraction(123, 457)},
        "a = 1/2",
    ),
    "sample": (
        {"lhs": Point(X, 2) - Point(X, 1), "rel": "<=", "rhs": Spacing(X) - 1,
         "given": {X: Sample()}},
        {X: tuple(Fraction(v) for v in (-17, 3, 40, 77))},
        "X = (0, 1)",
    ),
    "integer": (
        {"lhs": m, "rel": "<=", "rhs": 10, "given": {m: Integer(lo=1)}},
        {m: Fraction(98765)},
        "m = 11",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WITNESSES)
def test_witnesses_shrink(name: str, claim: Make) -> None:
    parts, point, expected = WITNESSES[name]
    made = claim(**parts)
    witness = minimal_witness(made, point)
    if name == "integer":
        # every smaller failing integer is a step that the shrinking tries
        assert witness.values["m"] <= 20
    else:
        assert str(witness) == expected


def test_a_point_that_does_not_fail_is_no_witness(claim: Make) -> None:
    made = claim(a**2, ">=", a, given={a: line})
    with pytest.raises(ClaimError, match="does not certainly fail"):
        minimal_witness(made, {a: Fraction(2)})


# hypotheses


def test_the_audit_tells_needed_from_idle_hypotheses(claim: Make) -> None:
    made = claim(
        a**2,
        ">=",
        a,
        given={a: line},
        where=(ge(a, 2), ge(a, 0)),
        broken=(flip(),),
    )
    rows = audit(made)
    assert [row.needed for row in rows] == [True, False]
    assert rows[0].witness is not None
    assert rows[0].witness.values["a"] == Fraction(1, 2)
    assert [row.index for row in rows] == [0, 1]
    assert str(rows[1]).startswith("a >= 0: not needed")


def test_the_audit_does_not_guess(claim: Make) -> None:
    made = claim(
        exp(a),
        ">=",
        1 + a,
        given={a: line},
        where=(gt(a, -10),),
        evidence=(Search(),),
        broken=(flip(),),
    )
    (row,) = audit(made)
    assert row.needed is None
    assert row.verdict is Verdict.SUPPORTED


def test_the_audit_survives_an_undefined_statement(claim: Make) -> None:
    made = claim(
        log(a), ">=", 0, given={a: line}, where=(ge(a, 2),), evidence=(Search(),), broken=(flip(),)
    )
    (row,) = audit(made)
    assert row.needed is True
    assert row.witness is not None


def test_nothing_to_audit(claim: Make) -> None:
    assert audit(claim(a, ">=", 0, given={a: unit})) == ()
