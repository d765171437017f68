"""The engine's guards, each shown to fire on a planted fault, and the roll-up of verdicts."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from sympy import Rational, Symbol, exp

from proofs_check import (
    Argued,
    Branch,
    Claim,
    ClaimError,
    Context,
    Enclosure,
    Finding,
    From,
    Instances,
    LedgerError,
    Real,
    Result,
    Search,
    Steps,
    Verdict,
    Witness,
    check,
    check_ledger,
    drop,
    flip,
    ge,
    gt,
    lt,
    scale,
)
from proofs_check.engine import order, roll_up, run_context, selected
from proofs_check.methods import enclosure, search
from proofs_check.verdict import weakest

Make = Callable[..., Claim]

r = Symbol("r", real=True)
line = Real()


def yes(method: str, verdict: Verdict = Verdict.PROVED) -> Callable[..., Finding]:
    def run(claim: Claim, evidence: Any, context: Context) -> Finding:
        return Finding(method=method, verdict=verdict, detail="says yes to everything")

    return run


def tangent(make: Make, **parts: Any) -> Claim:
    parts.setdefault("evidence", (Enclosure(), Search()))
    parts.setdefault("broken", (scale("rhs", Rational(101, 100)), flip()))
    return make(exp(r), ">=", 1 + r, given={r: line}, **parts)


def test_a_sound_run_counts(claim: Make) -> None:
    result = check(tangent(claim))
    assert result.own is Verdict.PROVED
    assert result.void == ()
    assert [c.verdict for c in result.controls] == [Verdict.REFUTED] * 2
    assert all(f.toothless == () for f in result.findings)


def test_a_method_that_accepts_a_broken_variant_does_not_count(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enclosure, "run", yes("enclosure"))
    result = check(tangent(claim))
    assert result.findings[0].verdict is Verdict.PROVED
    assert set(result.findings[0].toothless) == {"rhs times 101/100", "relation reversed"}
    assert result.findings[0].counted is Verdict.UNDECIDED
    assert result.own is Verdict.SUPPORTED


def test_a_search_that_never_finds_anything_does_not_count(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "run", yes("search", Verdict.SUPPORTED))
    result = check(tangent(claim, evidence=(Search(),)))
    assert result.own is Verdict.UNDECIDED
    assert len(result.void) == 2


def test_a_variant_that_nothing_refutes_is_shown(claim: Make) -> None:
    harmless = scale("rhs", Rational(1, 2), name="still true for r above -1")
    made = claim(exp(r), ">=", 1 + r, given={r: Real(lo=0)}, broken=(harmless,))
    result = check(made)
    assert result.void == ("still true for r above -1",)
    assert result.own is Verdict.UNDECIDED


def test_a_crash_is_an_error_and_fails_the_claim(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any) -> Finding:
        raise RuntimeError("planted")

    monkeypatch.setattr(enclosure, "run", crash)
    result = check(tangent(claim))
    assert result.own is Verdict.ERROR
    assert "RuntimeError: planted" in result.findings[0].detail


def test_a_proof_against_a_witness_is_an_error(
    claim: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_here(claim: Claim, evidence: Any, context: Context) -> Finding:
        verdict = Verdict.UNDECIDED if "~" in claim.id else Verdict.PROVED
        return Finding(method="enclosure", verdict=verdict, detail="a lie")

    monkeypatch.setattr(enclosure, "run", only_here)
    made = claim(
        r, ">=", 0, given={r: line}, evidence=(Enclosure(), Search()), broken=(scale("lhs", 2),)
    )
    assert check(made).own is Verdict.ERROR


def test_a_part_that_holds_does_not_contradict_a_witness(claim: Make) -> None:
    evidence = (Instances(at={"one": {r: Fraction(1)}}), Search())
    made = claim(r, ">=", 0, given={r: line}, evidence=evidence, broken=(flip(),))
    assert check(made).own is Verdict.REFUTED


def test_a_valid_step_from_a_false_child_does_not_contradict_a_witness(claim: Make) -> None:
    child = claim(r, ">=", 0, id="c", given={r: line}, evidence=(Search(),))
    branch = Branch(parts=(From(claim="c"),))
    parent = claim(
        r,
        ">=",
        0,
        id="p",
        given={r: line},
        evidence=(Steps(branches=(branch,)), Search()),
        broken=(flip(),),
    )
    found = check_ledger({"c": child, "p": parent})
    assert found.results["p"].own is Verdict.REFUTED
    assert found.results["p"].rolled is Verdict.REFUTED


def test_vacuity_is_reported_and_counts_for_nothing(claim: Make) -> None:
    made = claim(
        r,
        ">=",
        5,
        given={r: Real(lo=0, hi=1)},
        where=(gt(r, Rational(2, 3)), lt(r, Rational(1, 3))),
        broken=(drop(0, 1),),
    )
    result = check(made)
    assert result.own is Verdict.VACUOUS
    assert not result.own.accepts


def test_a_variant_that_changes_nothing_is_refused_when_checked(claim: Make) -> None:
    made = claim(r, ">=", 0, given={r: line}, broken=(drop(3),))
    with pytest.raises(ClaimError, match="changes nothing"):
        check(made)


def test_hypotheses_can_be_dropped_one_by_one(claim: Make) -> None:
    made = claim(r, ">=", 0, given={r: line}, where=(ge(r, 0), ge(r, 1)), broken=(drop(0, 1),))
    assert drop(1).apply(made).where == (ge(r, 0),)
    assert drop(0, 1).apply(made).where == ()
    assert check(made).own is Verdict.PROVED


# roll-up

RANKS = list(Verdict)


@pytest.mark.parametrize(("a", "b"), list(product(RANKS, RANKS)))
def test_a_chain_is_worth_its_weakest_link(a: Verdict, b: Verdict, claim: Make) -> None:
    claims = {"a": claim(id="a"), "b": claim(id="b", uses=("a",))}
    rolled = roll_up(claims, {"a": result("a", a), "b": result("b", b)})
    assert rolled["a"].rolled is a
    settled = b in (Verdict.REFUTED, Verdict.ERROR, Verdict.VACUOUS)
    assert rolled["b"].rolled is (b if settled else weakest([a, b]))
    assert rolled["b"].own is b


def result(
    name: str, verdict: Verdict, *, rests_on: tuple[str, ...] = (), **more: Verdict
) -> Result:
    findings = [Finding(method="m", verdict=verdict, detail="", rests_on=rests_on)]
    findings += [Finding(method=k, verdict=v, detail="") for k, v in more.items()]
    return Result(id=name, own=max(f.verdict for f in findings), findings=tuple(findings))


def test_the_best_way_counts_when_there_are_two(claim: Make) -> None:
    claims = {"a": claim(id="a"), "b": claim(id="b")}
    weak = result("a", Verdict.ARGUED)
    strong = result("b", Verdict.PROVED, rests_on=("a",), other=Verdict.ENCLOSED)
    rolled = roll_up(claims, {"a": weak, "b": strong})
    assert rolled["b"].own is Verdict.PROVED
    assert rolled["b"].rolled is Verdict.ENCLOSED


def test_what_was_not_run_is_undecided(claim: Make) -> None:
    claims = {"a": claim(id="a"), "b": claim(id="b", uses=("a",))}
    rolled = roll_up(claims, {"b": result("b", Verdict.PROVED)})
    assert rolled["b"].rolled is Verdict.UNDECIDED


def test_a_printed_proof_may_be_broken_while_its_statement_stands(claim: Make) -> None:
    claims = {"s": claim(id="s"), "t": claim(id="t", steps=("s",))}
    rolled = roll_up(claims, {"s": result("s", Verdict.REFUTED), "t": result("t", Verdict.PROVED)})
    assert rolled["t"].rolled is Verdict.PROVED
    assert rolled["t"].proof is Verdict.REFUTED
    assert rolled["s"].proof is None


def test_a_long_chain_rolls_down(claim: Make) -> None:
    names = [f"c{k}" for k in range(30)]
    claims = {n: claim(id=n, uses=(names[k - 1],) if k else ()) for k, n in enumerate(names)}
    verdicts = {n: result(n, Verdict.PROVED) for n in names} | {"c0": result("c0", Verdict.ARGUED)}
    assert roll_up(claims, verdicts)["c29"].rolled is Verdict.ARGUED


def test_order_puts_children_first(claim: Make) -> None:
    claims = {"b": claim(id="b", uses=("a",)), "a": claim(id="a")}
    assert order(claims) == ["a", "b"]
    assert selected(claims, ["b"]) == ["b", "a"]
    with pytest.raises(ClaimError, match="there is no claim 'z'"):
        selected(claims, ["z"])
    with pytest.raises(LedgerError, match="a: uses 'z'"):
        order({"a": claim(id="a", evidence=(Argued(rests_on=("z",)),))})


def test_the_error_level_is_split_over_the_ledger(claim: Make) -> None:
    from proofs_check import MonteCarlo

    carlo = MonteCarlo(replicates=lambda rng, count: rng.normal(size=count), at=({},))
    claims = {f"c{k}": claim(id=f"c{k}", evidence=(carlo, carlo)) for k in range(5)}
    assert run_context(claims, full=False, seed=0).level == pytest.approx(1e-3 / 10)


def test_counts_add_up(claim: Make) -> None:
    claims = {"a": tangent(claim, id="a"), "b": tangent(claim, id="b", uses=("a",))}
    found = check_ledger(claims)
    assert found.counts()[Verdict.PROVED] == 2
    assert sum(found.counts(rolled=True).values()) == 2


def test_verdict_order() -> None:
    names = [
        "ERROR",
        "REFUTED",
        "VACUOUS",
        "UNDECIDED",
        "ARGUED",
        "SUPPORTED",
        "ENCLOSED",
        "PROVED",
    ]
    assert [v.name for v in sorted(Verdict)] == names
    assert [v.name for v in Verdict if v.accepts] == names[5:]
    assert [v.name for v in Verdict if v.certified] == names[6:]


def test_a_toothless_refusal_stays_a_refusal() -> None:
    refused = Finding(method="m", verdict=Verdict.REFUTED, detail="", toothless=("x",))
    assert refused.counted is Verdict.REFUTED
    assert replace(refused, verdict=Verdict.SUPPORTED).counted is Verdict.UNDECIDED
    assert Witness(values={"a": (1, 2)}, lhs="0", rhs="1").__str__() == "a = (1, 2)"
