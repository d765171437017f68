"""The checker of certificates: it accepts what the engine shows, and refuses every alteration."""

import ast
import copy
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import example, given
from hypothesis import strategies as st
from sympy import Abs, Rational, S, Symbol, erfc, exp, floor, log, sqrt

from proofs_check import Claim, Enclosure, recheck, restate
from proofs_check.claim import Rel, ge
from proofs_check.domains import Integer, Real, Sample
from proofs_check.engine import check_ledger
from proofs_check.evidence import (
    Branch,
    Change,
    From,
    Instances,
    Polynomial,
    Search,
    Steps,
    Symbolic,
)
from proofs_check.functionals import Point, Size, sample_symbol
from proofs_check.loading import Claims, Origin
from proofs_check.plain_definitions import written_definitions
from proofs_check.quantities import low_risk, network_risk, weight_function
from proofs_check.recorded import read_record, update_record
from proofs_check.report import markdown
from proofs_check.report.build import build
from proofs_check.report.document import Agreement
from proofs_check.report.json_ledger import render
from proofs_check.report.trust_base import trust_base
from proofs_check.serialised import record, statement_hash
from proofs_check.trust import altered_certificates
from proofs_check.trust.altered_certificates import ALTERATIONS, altered, refused

FILE = Path(recheck.__file__)

a = Symbol("a", real=True)
p = Symbol("p", positive=True)
q = Symbol("q", positive=True)
u = Symbol("u", positive=True)
z = Symbol("z", nonnegative=True)
N = Symbol("N", integer=True, positive=True)
X = sample_symbol()


def claim(name: str, lhs: Any, rel: str, rhs: Any, evidence: Any, **parts: Any) -> Claim:
    parts.setdefault("broken", (restate("shifted", lhs=S(1234567), rel=Rel("=="), rhs=S(0)),))
    return Claim(
        id=name, says="a test", lhs=S(lhs), rel=Rel(rel), rhs=S(rhs), evidence=evidence, **parts
    )


LINE = {a: Real()}
HALF = {z: Real(lo=0)}
OPEN = {p: Real(lo=0, lo_open=True)}
CLAIMS = (
    claim("tangent", exp(a), ">=", 1 + a, (Enclosure(),), given=LINE),
    claim("tail", erfc(z), "<=", 1, (Enclosure(),), given=HALF),
    claim("log", log(p), "<=", p - 1, (Enclosure(),), given=OPEN),
    claim("strict", sqrt(1 + p), ">", 1, (Enclosure(),), given=OPEN),
    claim("touching", log(p) + 2 / p, ">=", log(2) + 1, (Enclosure(),), given=OPEN),
    claim("far", a**2, ">=", 4, (Enclosure(),), given=LINE, where=(ge(a, 3),)),
    claim("box", a**2, "<=", 4, (Enclosure(box={a: Real(lo=-1, hi=2)}),), given=LINE),
    claim(
        "ratio",
        *(log(1 + q / p), "<=", q / p),
        (
            Enclosure(
                changes=(
                    Change(
                        old=q,
                        expression=p * u,
                        new=u,
                        new_is=q / p,
                        domain=Real(lo=0, lo_open=True),
                    ),
                )
            ),
        ),
        given={**OPEN, q: Real(lo=0, lo_open=True)},
    ),
    claim(
        "floor",
        floor(3 * N / 4),
        "<=",
        3 * N / 4,
        (Polynomial(residues={N: 4}),),
        given={N: Integer(lo=1)},
    ),
    claim("later", N**2, ">=", 5 * N - 7, (Polynomial(),), given={N: Integer(lo=1)}),
    claim(
        "few", N**2, "<=", 7 * N - 6, (Polynomial(residues={N: 1}),), given={N: Integer(lo=1, hi=6)}
    ),
    claim("identity", exp(a) * exp(-a), "==", 1, (Symbolic(),), given=LINE),
    claim(
        "steps",
        *(exp(2 * a), ">=", 1 + 2 * a),
        (Steps(branches=(Branch(parts=(From(claim="tangent", at={a: 2 * a}),)),)),),
        given=LINE,
    ),
    claim(
        "combined",
        *(3 * exp(a), ">=", 2 + 3 * a),
        (Steps(branches=(Branch(parts=(From(claim="tangent", weight=S(3)),), rest=S.One),)),),
        given=LINE,
        uses=("steps",),
    ),
    claim(
        "instances",
        *(Point(X, 1), "<=", Size(X)),
        (Instances(at={"two": {X: (Fraction(0), Fraction(1))}}, agreement=None),),
        given={X: Sample()},
    ),
    claim("refuted", a**2, ">=", a, (Search(),), given={a: Real(lo=0)}),
    claim("searched", Abs(a), ">=", a, (Search(),), given=LINE),
)


@pytest.fixture(scope="module")
def ledger() -> Any:
    claims = {c.id: c for c in CLAIMS}
    run = check_ledger(claims)
    document = build(Claims(by_id=claims, mine=frozenset(claims), origin=Origin()), run, {})
    return json.loads(render(document))


def entry(ledger: Any, name: str) -> Any:
    return next(e for e in ledger["entries"] if e["id"] == name)


def test_every_kind_of_certificate_is_accepted(ledger: Any) -> None:
    good, skipped, bad = recheck.recheck(ledger)
    assert bad == []
    assert dict(skipped) == {}
    assert good["enclosures"] == 8
    assert good["polynomial and integer arguments"] == 3
    assert good["identities, at exact points"] == 1
    assert good["steps, at exact points"] == 2
    assert good["instances"] == 1
    assert good["witnesses"] == 1
    assert good["statements and roll-ups"] == len(CLAIMS)


@pytest.mark.parametrize("name", ALTERATIONS)
def test_every_kind_of_alteration_is_refused(
    ledger: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(altered_certificates, "_ledger", lambda: {c.id: c for c in CLAIMS})
    rng = random.Random(name)
    made = 0
    for place, old in enumerate(ledger["entries"]):
        new = copy.deepcopy(old)
        if ALTERATIONS[name](new, rng) and new != old:
            changed = [*ledger["entries"][:place], new, *ledger["entries"][place + 1 :]]
            assert refused({**ledger, "entries": changed}, new["id"]), new["id"]
            made += 1
    assert made


def test_alterations_can_be_drawn_without_end(ledger: Any) -> None:
    stream = altered(ledger, random.Random(0))
    for _ in range(5):
        name, where, data = next(stream)
        assert refused(data, where), name


def altered_row(ledger: Any, name: str, change: Callable[[Any], None]) -> list[str]:
    data = copy.deepcopy(ledger)
    change(entry(data, name))
    return recheck.recheck(data, only=name)[2]


def test_a_verdict_does_not_pass_to_an_edited_statement(ledger: Any) -> None:
    def edit(e: Any) -> None:
        e["exact"]["rhs"] = "2"

    assert any("hash" in line for line in altered_row(ledger, "tangent", edit))

    def rehash(e: Any) -> None:
        edit(e)
        e["hash"] = statement_hash(e["exact"])

    assert any("differ" in line for line in altered_row(ledger, "tangent", rehash))


def test_a_part_of_the_domain_is_no_proof(ledger: Any) -> None:
    def raise_verdict(e: Any) -> None:
        for place in (e, e["evidence"][0]):
            for key in ("own", "rolled", "verdict", "counted"):
                if key in place:
                    place[key] = "PROVED"

    assert any("part of the domain" in line for line in altered_row(ledger, "box", raise_verdict))


def test_a_rest_cannot_carry_a_false_statement(ledger: Any) -> None:
    def all_in_the_rest(e: Any) -> None:
        row = e["evidence"][0]
        row["rests_on"] = []
        branch = row["certificate"]["branches"][0]
        e["exact"]["rhs"] = ["add", "5", "a"]
        e["hash"] = statement_hash(e["exact"])
        branch["parts"] = []
        branch["goal"] = branch["rest"] = recheck._difference(
            e["exact"]["lhs"], ">=", e["exact"]["rhs"]
        )

    assert any("negative" in line for line in altered_row(ledger, "steps", all_in_the_rest))


def test_a_slope_of_another_function_is_refused(ledger: Any) -> None:
    def flatter(e: Any) -> None:
        for box in e["evidence"][0]["certificate"]["problems"][0]["boxes"]:
            for move in box[-1]:
                move[2] = ["mul", "1/2", move[2]]

    assert any("derivative" in line for line in altered_row(ledger, "tangent", flatter))


@pytest.mark.parametrize("numbers", [("1", "-1"), ("0",), ("1", "1")])
def test_an_inadmissible_point_is_no_instance(ledger: Any, numbers: tuple[str, ...]) -> None:
    def move(e: Any) -> None:
        e["evidence"][0]["certificate"]["instances"][0]["point"]["X"] = list(numbers)

    assert any("domain" in line for line in altered_row(ledger, "instances", move))


def test_only_the_standard_library_is_imported() -> None:
    names = set()
    for node in ast.walk(ast.parse(FILE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {n.name.split(".")[0] for n in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).split(".")[0])
    assert names <= set(sys.stdlib_module_names)


def test_it_is_short_enough_to_be_read() -> None:
    assert len(FILE.read_text(encoding="utf-8").splitlines()) <= 600


def run_alone(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    alone = shutil.copy(FILE, folder / "alone.py")
    return subprocess.run(
        [sys.executable, "-S", "-I", str(alone), *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )


def test_the_file_works_alone(ledger: Any, tmp_path: Path) -> None:
    small = {**ledger, "entries": [entry(ledger, n) for n in ("tangent", "refuted")]}
    (tmp_path / "good.json").write_text(json.dumps(small), encoding="utf-8")
    done = run_alone(tmp_path, "good.json")
    assert done.returncode == 0, done.stderr
    assert "0 refused" in done.stdout
    small["entries"][0]["hash"] = "0" * 64
    (tmp_path / "bad.json").write_text(json.dumps(small), encoding="utf-8")
    assert run_alone(tmp_path, "bad.json").returncode == 1
    (tmp_path / "none.json").write_text("[1, 2]", encoding="utf-8")
    assert run_alone(tmp_path, "none.json").returncode == 2


FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[[Any], Any], Callable[[Any], Any]]] = {
    "exp": (recheck.exp_at, lambda x: x.exp(), mpmath.exp),
    "log": (recheck.log_at, lambda x: x.log(), mpmath.log),
    "erf": (recheck.erf_at, lambda x: x.erf(), mpmath.erf),
    "erfc": (recheck.erfc_at, lambda x: x.erfc(), mpmath.erfc),
    "sqrt": (recheck.root_at, lambda x: x.sqrt(), mpmath.sqrt),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@given(
    x=st.fractions(min_value=-40, max_value=40, max_denominator=10**6),
    shift=st.integers(-30, 3),
    bits=st.sampled_from([20, 53, 64, 128]),
)
@example(x=Fraction(1), shift=0, bits=64)
@example(x=Fraction(12), shift=0, bits=64)
@example(x=Fraction(-40), shift=3, bits=64)
def test_bounds_contain_the_value(name: str, x: Fraction, shift: int, bits: int) -> None:
    mine, ball, mp = FUNCTIONS[name]
    x = x * Fraction(2) ** shift
    x = abs(x) + Fraction(1, 10**9) if name in ("log", "sqrt") else x
    low, high = mine(x, bits)
    before = ctx.prec
    ctx.prec = 600
    try:
        exact = ball(arb(fmpq(x.numerator, x.denominator)))
        assert not exact < arb(fmpq(low.numerator, low.denominator))
        assert not exact > arb(fmpq(high.numerator, high.denominator))
    finally:
        ctx.prec = before
    with mpmath.workprec(600):
        value = mp(mpmath.mpf(x.numerator) / x.denominator)
        # 600 bits leave no doubt on which side of a bound of some 100 bits a value lies
        slack = abs(value) * mpmath.mpf(2) ** -580
        assert mpmath.mpf(low.numerator) / low.denominator <= value + slack
        assert mpmath.mpf(high.numerator) / high.denominator >= value - slack
    # close to the best: the widths of far tails are given up, those of the middle are not
    if name != "erfc" and abs(x) < 5:
        assert (high - low) * 2**bits <= 4 * max(abs(low), abs(high))


@given(
    st.lists(st.fractions(min_value=-9, max_value=9, max_denominator=64), min_size=4, max_size=4)
)
def test_ranges_contain_the_values_inside(numbers: list[Fraction]) -> None:
    box = {"x": tuple(sorted(numbers[:2])), "y": tuple(sorted(numbers[2:]))}
    tree = [
        "add",
        ["mul", "x", "y", ["exp", ["mul", "-1", ["pow", "x", "2"]]]],
        ["abs", "y"],
        ["min", "x", "1"],
    ]
    low, high = recheck._at(tree, box, 64)
    for t in (Fraction(0), Fraction(1, 3), Fraction(1)):
        point = {s: lo + (hi - lo) * t for s, (lo, hi) in box.items()}
        inner = recheck._at(tree, point, 200)
        assert low <= inner[1]
        assert inner[0] <= high


@pytest.mark.parametrize(
    "tree",
    [
        ["pow", "x", "-1"],
        ["pow", "x", "-2"],
        ["pow", ["add", "x", "-1/2"], "1/2"],
        ["log", "x"],
    ],
)
def test_a_pole_inside_is_noticed(tree: Any) -> None:
    with pytest.raises(ArithmeticError):
        recheck._at(tree, {"x": (Fraction(-1), Fraction(1))}, 64)


def test_gaps_and_overlaps_are_no_cover() -> None:
    def box(lo: Any, hi: Any) -> Any:
        return {"x": (Fraction(lo), Fraction(hi))}

    recheck._fill(box(0, 3), [box(1, 2), box(0, 1), box(2, 3)])
    for boxes in (
        [box(0, 1), box(2, 3)],
        [box(0, 2), box(1, 3)],
        [box(0, 1), box(1, 2)],
        [],
        [box(0, 3), box(0, 3)],
        [box(0, 1), box(1, 2), box(2, 4)],
    ):
        with pytest.raises(ValueError, match="fill"):
            recheck._fill(box(0, 3), boxes)


@pytest.mark.slow
def test_a_thousand_alterations_are_refused(ledger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altered_certificates, "_ledger", lambda: {c.id: c for c in CLAIMS})
    stream = altered(ledger, random.Random(1))
    for _ in range(1000):
        name, where, data = next(stream)
        assert refused(data, where), (name, where)


def test_a_sum_over_nothing_is_a_statement_like_others() -> None:
    assert recheck._at(["sum", "k", "k", "1", "0"], {}, 64) == (0, 0)
    with pytest.raises(ArithmeticError):
        recheck._at(["sum", "k", "k", "1", "-1"], {}, 64)


def test_rational_numbers_stay_exact() -> None:
    third = recheck._at(["add", "1/3", ["mul", "2", "1/3"]], {}, 64)
    assert third == (1, 1)
    assert recheck._at(["pow", ["pow", "9/4", "1/2"], "3"], {}, 64) == (Fraction(27, 8),) * 2
    assert Rational(1, 3) != third


def test_a_report_says_what_is_trusted(ledger: Any) -> None:
    claims = {c.id: c for c in CLAIMS}
    document = build(
        Claims(by_id=claims, mine=frozenset(claims), origin=Origin()), check_ledger(claims), {}
    )
    lines = trust_base(document)
    # as many certificates as the checker really re-checks
    good, _, _ = recheck.recheck(ledger)
    certificates = good.total() - good["statements and roll-ups"]
    assert lines[0].startswith("0 links are argued")
    assert lines[2].startswith(f"{certificates} of {certificates} certificates are (100.0 %)")
    assert "sympy" in lines[3]
    assert all(line in markdown.render(document) for line in lines)


def test_recorded_verdicts_belong_to_their_statement(tmp_path: Path) -> None:
    claims = {c.id: c for c in CLAIMS if c.id in ("tangent", "strict")}
    run = check_ledger(claims)
    statements = {k: statement_hash(record(c)) for k, c in claims.items()}
    path = tmp_path / "recorded.json"
    update_record(path, run.results, ledger=claims, statements=statements)
    edited = claims | {"strict": replace(claims["strict"], rhs=Rational(1, 2))}
    document = build(
        Claims(by_id=edited, mine=frozenset(), origin=Origin()), run, read_record(path)
    )
    assert [e.agreement for e in document.entries] == [Agreement.SAME, Agreement.UNRECORDED]


SAMPLE = [Fraction(0), Fraction(3, 2), Fraction(5, 2)]
MU, SIGMA = Fraction(3, 4), Fraction(1, 3)
# three groups: two share a knot, one looks to the left
NETWORK = [Fraction(v) for v in (1, 2, "-1/2", 1, -1, 3, "1/3", 2, 1, -5, "-1/2", 1)]


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("LeftWeight", (SAMPLE, MU, Fraction(4, 5))),
        ("RightWeight", (SAMPLE, MU, Fraction(9, 8))),
        ("WeightFunction", (SAMPLE, MU, SIGMA, Fraction(4, 5))),
        ("WeightFunction", (SAMPLE, MU, SIGMA, Fraction(-1))),
        ("NetworkValue", (NETWORK, Fraction(7, 5))),
        ("NetworkVariation", (SAMPLE, MU, SIGMA, NETWORK)),
        ("NetworkRisk", (SAMPLE, MU, SIGMA, NETWORK)),
        ("Knot", (NETWORK, Fraction(2))),
        ("Width", (NETWORK,)),
        ("HalfSquare", (Fraction(5, 2),)),
    ],
)
def test_a_written_definition_agrees_with_the_ball(
    name: str, args: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = {**vars(network_risk), **vars(weight_function), **vars(low_risk)}
    exact = [tuple(map(_ratio, v)) if isinstance(v, list) else _ratio(v) for v in args]
    before = ctx.prec
    ctx.prec = 100
    try:
        ball = arb(kinds[name].ball(*exact))
    finally:
        ctx.prec = before
    monkeypatch.setattr(recheck.NOW, "definitions", written_definitions())
    env = {f"v{k}": v for k, v in enumerate(args)}
    low, high = recheck._at(["call", name, *env], env, 64)
    assert not ball < arb(_ratio(low))
    assert not ball > arb(_ratio(high))
    assert high - low < Fraction(1, 10**9)


def _ratio(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)
