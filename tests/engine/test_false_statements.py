"""No method may accept a false statement, however narrowly it fails."""

from collections.abc import Callable
from typing import Any

import pytest
from sympy import (
    Abs,
    Expr,
    Max,
    Min,
    Rational,
    S,
    Symbol,
    atan,
    ceiling,
    cosh,
    digamma,
    erf,
    erfc,
    exp,
    floor,
    log,
    loggamma,
    pi,
    sign,
    sinh,
    sqrt,
    tanh,
)

from proofs_check import (
    Branch,
    Change,
    Enclosure,
    Finding,
    Integer,
    Point,
    Polynomial,
    Real,
    Sample,
    Size,
    Spacing,
    Steps,
    ge,
    gt,
    le,
    sample_symbol,
)

Run = Callable[..., Finding]

r, s, t, u = (Symbol(name, real=True) for name in "rstu")
p, q = Symbol("p", positive=True), Symbol("q", positive=True)
n = Symbol("n", integer=True)
m = Symbol("m", integer=True, positive=True)
X = sample_symbol()

line = Real()
half_line = Real(lo=0, lo_open=True)
unit = Real(lo=0, hi=1)
inner = Real(lo=0, hi=1, lo_open=True, hi_open=True)
tiny = Rational(1, 10**12)

Row = tuple[Expr, str, Any, dict[Symbol, Any], tuple[Any, ...]]


def row(lhs: Any, rel: str, rhs: Any, given: dict[Symbol, Any], *where: Any) -> Row:
    return S(lhs), rel, rhs, given, where


BANK: dict[str, Row] = {
    # only just false
    "parabola below by 1e-12": row(r**2 - 2 * r + 1, ">=", tiny, {r: line}),
    "exp above its tangent by 1e-12": row(exp(r), ">=", (1 + r) * (1 + tiny), {r: line}),
    "tangent plus 1e-12": row(exp(r), ">=", 1 + r + tiny, {r: line}),
    "peak of p exp(-p)": row(p * exp(-p), "<=", exp(-1) * (1 - tiny), {p: half_line}),
    "log below p - 1": row(log(p), "<=", (p - 1) * (1 + tiny), {p: half_line}),
    "means": row(p * q, "<=", (p + q) ** 2 / 4 * (1 - tiny), {p: half_line, q: half_line}),
    "product on the unit interval": row(r * (1 - r), "<=", Rational(1, 4) - tiny, {r: unit}),
    "irrational optimum": row(r**3 - 3 * r, ">=", -2 + tiny, {r: unit}),
    "minimum at sqrt(2)": row(p + 2 / p, ">=", 2 * sqrt(2) + tiny, {p: half_line}),
    "double root at sqrt(2), strict": row((r**2 - 2) ** 2, ">", 0, {r: line}),
    "double root at sqrt(2), lowered": row((r**2 - 2) ** 2, ">=", tiny, {r: line}),
    "double root at log 2, strict": row((exp(r) - 2) ** 2, ">", 0, {r: line}),
    "two double roots": row((r**2 - 2) ** 2 * (r - 1) ** 2, ">", 0, {r: line}),
    "quartic": row(r**4 - r**2, ">=", -Rational(1, 4) + tiny, {r: line}),
    "narrow dip": row((r - Rational(1, 3)) ** 2, ">=", Rational(1, 10**14), {r: unit}),
    "narrow spike": row(exp(-((1000 * r - 333) ** 2)), "<=", Rational(1, 2), {r: unit}),
    "two variables, narrow": row((r - s) ** 2, ">=", tiny, {r: unit, s: unit}),
    # only at one end
    "closed left end": row(r, ">", 0, {r: unit}),
    "closed right end": row(r, "<", 1, {r: unit}),
    "closed end of a power": row(r**5, ">", 0, {r: unit}),
    "closed corner": row(r + s, ">", 0, {r: unit, s: unit}),
    "closed corner, one side open": row(r * s, ">", 0, {r: inner, s: unit}),
    "product at a closed end": row(r * (1 - r), ">", 0, {r: Real(lo=0, hi=1, lo_open=True)}),
    "exp at a closed end": row(exp(r), ">", 1, {r: unit}),
    "sqrt at a closed end": row(sqrt(p), "<", 1, {p: Real(lo=0, hi=1, lo_open=True)}),
    "integer end": row(m, ">", 1, {m: Integer(lo=1)}),
    "last integer": row(m, "<", 5, {m: Integer(lo=1, hi=5)}),
    "first integer": row(2**m, ">", 2, {m: Integer(lo=1)}),
    "integer squares": row(n**2, ">", n, {n: Integer(lo=0)}),
    "cubes": row(n**3, ">=", 0, {n: Integer(lo=-1)}),
    # only close to an open end
    "open left end": row(r, ">=", tiny, {r: inner}),
    "open right end": row(r, "<=", 1 - tiny, {r: inner}),
    "open end of a quotient": row(p / (1 + p), ">=", tiny, {p: half_line}),
    "exp(-1/p) near 0": row(exp(-1 / p), ">=", tiny, {p: half_line}),
    "log near 0": row(log(p), ">=", -(10**6), {p: half_line}),
    "open end, wrong order": row(p**2, ">=", p**3, {p: half_line}),
    "sin-like series": row(p - p**3 / 6, ">=", p * (1 - p**2 / 7), {p: half_line}),
    # only far away
    "square beats the exponential": row(p**3, "<=", exp(p), {p: half_line}),
    "power beats, late": row(log(1 + p), "<=", 30, {p: half_line}),
    "saturating": row(p / (1 + p), "<=", 1 - tiny, {p: half_line}),
    "tanh saturates": row(tanh(r), "<=", 1 - tiny, {r: line}),
    "erf saturates": row(erf(r), "<=", 1 - tiny, {r: line}),
    "erfc falls": row(erfc(p), ">=", Rational(1, 10**30), {p: half_line}),
    "atan rises": row(atan(r), "<=", pi / 2 - tiny, {r: line}),
    "exp falls": row(exp(-p), ">=", Rational(1, 10**30), {p: half_line}),
    "cubic turns": row(-(r**3) + 10**6 * r**2 + 1, ">=", 0, {r: Real(lo=0)}),
    "rational decay": row(1 / (1 + r**2), ">=", Rational(1, 10**9), {r: line}),
    "two variables far away": row(p * q, "<=", p + q + 10**6, {p: half_line, q: half_line}),
    "late integers": row(m**2, "<=", 10**6 * m, {m: Integer(lo=1)}),
    "powers of two": row(2**m, "<=", m**20 + 10**7, {m: Integer(lo=1)}),
    # across poles, jumps and undefined places
    "pole inside, exp": row(exp(1 / (r - 1)), ">=", 1, {r: Real(lo=0, hi=2)}),
    "pole inside, tanh": row(tanh(1 / (r - 1)), ">=", 0, {r: Real(lo=0, hi=2)}),
    "pole inside, atan": row(atan(1 / (r - 1)), ">=", -1, {r: Real(lo=0, hi=2)}),
    "pole inside, erf": row(erf(1 / (r - 1)), ">=", 0, {r: Real(lo=0, hi=2)}),
    "pole on a diagonal": row(exp(1 / (r - s)), ">=", 1, {r: unit, s: unit}),
    "pole, plain": row(1 / (r - 1), ">=", 0, {r: Real(lo=0, hi=2)}),
    "pole, odd power": row((r - 1) ** -3, ">=", 0, {r: Real(lo=0, hi=2)}),
    "undefined at a closed end": row(1 / r, ">=", 0, {r: unit}),
    "undefined inside": row(1 / (r - Rational(1, 3)) ** 2, ">=", 0, {r: unit}),
    "undefined below 0": row(exp(sqrt(r)), ">", 0, {r: Real(lo=-1, hi=1)}),
    "undefined logarithm": row(exp(-(log(r) ** 2)), ">=", 0, {r: Real(lo=-1, hi=1)}),
    "power of zero": row(r**p, ">", 0, {r: unit, p: Real(lo=0, hi=1, lo_open=True)}),
    "negative base": row((-2) ** m, ">=", 0, {m: Integer(lo=1)}),
    "base of either sign": row(r**m, ">=", 0, {r: Real(lo=-1, hi=1), m: Integer(lo=1)}),
    "sign function": row(sign(r) * r, ">", 0, {r: Real(lo=-1, hi=1)}),
    "floor": row(floor(r), ">=", r - 1 + tiny, {r: Real(lo=0, hi=2)}),
    "ceiling": row(ceiling(r), "<=", r + 1 - tiny, {r: Real(lo=0, hi=2)}),
    "digamma": row(digamma(p), "<=", log(p) - 1 / (2 * p), {p: half_line}, ge(p, 10**6)),
    "log gamma": row(loggamma(p), ">=", 0, {p: Real(lo=1)}),
    # hypotheses that help less than it seems
    "hypothesis not strict": row(r, ">", 0, {r: line}, ge(r, 0)),
    "hypothesis of the wrong variable": row(r, ">=", 0, {r: line, s: line}, ge(s, 0)),
    "hypothesis off by a little": row(r, ">=", tiny, {r: line}, ge(r, 0)),
    "sum of two": row(r, ">=", 0, {r: line, s: line}, ge(r + s, 0)),
    "ordered pair": row(r**2, "<=", s**2, {r: line, s: line}, le(r, s)),
    "disc": row(r + s, "<=", sqrt(2) - tiny, {r: line, s: line}, le(r**2 + s**2, 1)),
    "dependent end": row(s, ">", r, {r: unit, s: Real(lo=r, hi=2)}),
    "dependent end, product": row(s * r, ">=", r, {r: unit, s: Real(lo=r, hi=2)}),
    # absolute values and extremes
    "absolute value": row(Abs(r), "<=", r, {r: line}),
    "reverse triangle": row(Abs(r - s), ">=", Abs(r) + Abs(s) - 1, {r: line, s: line}),
    "maximum": row(Max(r, s), "<=", r, {r: line, s: line}),
    "minimum": row(Min(r, 1 - r), ">=", tiny, {r: unit}),
    "cosh": row(cosh(r), "<=", 1 + r**2 / 2, {r: line}),
    "sinh": row(sinh(p), "<=", p + p**3 / 6, {p: half_line}),
    # samples
    "gap at most 1": row(Point(X, 2) - Point(X, 1), "<=", 1, {X: Sample(max_size=2)}),
    "spacing is a gap": row(
        Point(X, 2) - Point(X, 1),
        "<=",
        Spacing(X) * (1 + tiny),
        {X: Sample(min_size=3, max_size=3)},
    ),
    "first point": row(Point(X, 1), ">=", 0, {X: Sample(max_size=3)}),
    "size": row(Size(X), "<=", 2, {X: Sample(max_size=3)}),
    "indexed gap": row(
        Point(X, m + 1) - Point(X, m),
        "<=",
        Spacing(X),
        {X: Sample(min_size=3, max_size=3), m: Integer(lo=1, hi=Size(X) - 1)},
    ),
}


def test_the_bank_is_large() -> None:
    assert len(BANK) >= 60


@pytest.mark.parametrize("name", BANK)
def test_enclosure_does_not_accept(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, where = BANK[name]
    sizes = [d.max_size for d in given.values() if isinstance(d, Sample)]
    evidence = Enclosure(points=sizes[0] if sizes else None, max_boxes=40)
    found = finding(lhs, rel, rhs, given=given, where=where, evidence=(evidence,))
    assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize("name", BANK)
def test_exact_sign_arguments_do_not_accept(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, where = BANK[name]
    residues = [{}, *({k: 2} for k in given if k in (m, n))]
    for table in residues:
        evidence = Polynomial(residues=table)
        found = finding(lhs, rel, rhs, given=given, where=where, evidence=(evidence,))
        assert not found.verdict.accepts, found.detail


def certificates_refuse(name: str, finding: Run) -> None:
    lhs, rel, rhs, given, where = BANK[name]
    margin = rhs - lhs if rel in ("<=", "<") else lhs - rhs
    for branches in ((Branch(rest=margin),), (Branch(rest=margin), Branch(rest=margin))):
        evidence = Steps(branches=branches)
        found = finding(lhs, rel, rhs, given=given, where=where, evidence=(evidence,))
        assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize("name", list(BANK)[::4])
def test_a_certificate_without_children_does_not_accept(name: str, finding: Run) -> None:
    certificates_refuse(name, finding)


@pytest.mark.slow
@pytest.mark.parametrize("name", BANK)
def test_no_certificate_without_children_accepts(name: str, finding: Run) -> None:
    certificates_refuse(name, finding)


CHANGES: dict[str, tuple[Change, dict[Symbol, Any]]] = {
    "logarithm of anything": (
        Change(old=r, expression=exp(t), new=t, new_is=log(r), domain=line),
        {r: line},
    ),
    "a name that is taken": (
        Change(old=r, expression=s, new=s, new_is=r, domain=line),
        {r: line, s: line},
    ),
    "a positive name for the line": (
        Change(old=r, expression=p, new=p, new_is=r, domain=line),
        {r: line},
    ),
    "half of the line": (
        Change(old=r, expression=t, new=t, new_is=r, domain=Real(lo=0)),
        {r: line},
    ),
    "a square": (
        Change(old=r, expression=t**2, new=t, new_is=sqrt(r), domain=line),
        {r: line},
    ),
    "a positive square": (
        Change(old=r, expression=p**2, new=p, new_is=sqrt(r), domain=half_line),
        {r: line},
    ),
    "a cube root": (
        Change(old=r, expression=t**3, new=t, new_is=r ** Rational(1, 3), domain=line),
        {r: line},
    ),
    "a reciprocal": (
        Change(old=r, expression=1 / t, new=t, new_is=1 / r, domain=line),
        {r: line},
    ),
    "an unrelated formula": (
        Change(old=r, expression=t**2, new=t, new_is=r, domain=line),
        {r: line},
    ),
    "a constant": (
        Change(old=r, expression=S(5), new=t, new_is=r, domain=line),
        {r: line},
    ),
    "a bounded range": (
        Change(old=r, expression=tanh(t), new=t, new_is=r, domain=line),
        {r: line},
    ),
    "an unknown symbol": (
        Change(old=r, expression=t + u, new=t, new_is=r - u, domain=line),
        {r: line},
    ),
    "no variable": (Change(old=u, expression=t, new=t, new_is=u, domain=line), {r: line}),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_variable_that_is_none_is_refused(name: str, finding: Run) -> None:
    change, given = CHANGES[name]
    statement = r * s if s in given else r
    found = finding(statement, ">=", 0, given=given, evidence=(Enclosure(changes=(change,)),))
    assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize(
    ("margin", "times"),
    [
        (r - 1, S.One),
        (r**2 + 1, S.One),
        (-(r - 2), S.NegativeOne),
        ((r - 2) ** 2, r - 2),
        (S.Zero, S.Zero),
        (Abs(r - 2), sign(r - 2)),
    ],
    ids=str,
)
def test_a_margin_that_is_not_the_printed_one_is_refused(
    margin: Expr, times: Expr, finding: Run
) -> None:
    evidence = Enclosure(margin=margin, times=times)
    found = finding(r, ">=", 2, given={r: Real(lo=1)}, evidence=(evidence,))
    assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize(
    "box",
    [{r: Real(lo=5, hi=6)}, {r: Real(lo=Rational(1, 2), hi=2)}, {s: Real(lo=0, hi=1)}],
    ids=["outside", "overlapping", "another symbol"],
)
def test_a_box_must_be_a_part_of_the_domain(box: dict[Symbol, Real], finding: Run) -> None:
    found = finding(r, ">=", Rational(1, 2), given={r: unit}, evidence=(Enclosure(box=box),))
    assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize("symbol", [Symbol("g1", positive=True), Symbol("x1", real=True)], ids=str)
def test_a_symbol_called_like_a_sample_point_is_refused(symbol: Symbol, finding: Run) -> None:
    given = {X: Sample(max_size=2), symbol: half_line if symbol.is_positive else line}
    left = Spacing(X) if symbol.is_positive else Point(X, 1)
    found = finding(left, ">=", symbol, given=given, evidence=(Enclosure(points=2),))
    assert not found.verdict.accepts, found.detail


@pytest.mark.parametrize("points", [2, 5])
def test_a_size_outside_of_the_claim_is_refused(points: int, finding: Run) -> None:
    given = {X: Sample(min_size=3, max_size=4)}
    found = finding(
        Size(X),
        "<=",
        points,
        given=given,
        evidence=(Enclosure(points=points),),
    )
    assert not found.verdict.accepts, found.detail


POLYNOMIAL: dict[str, tuple[Row, Polynomial]] = {
    "a chain of lower ends": (
        row(u + r, ">=", -5, {r: Real(lo=-5), s: Real(lo=r), u: Real(lo=s)}),
        Polynomial(),
    ),
    "a longer chain": (
        row(u + r + s, ">=", -10, {r: Real(lo=-5), s: Real(lo=r), u: Real(lo=s)}),
        Polynomial(),
    ),
    "absolute value of negative residues": (
        row(Abs(n), "<=", n, {n: Integer(lo=-5)}),
        Polynomial(residues={n: 2}),
    ),
    "residues of a real number": (
        row(floor(r), ">=", r, {r: Real(lo=0)}),
        Polynomial(residues={r: 1}),
    ),
    "floor off by one": (
        row(floor(m / 2) + ceiling(m / 2), ">=", m + 1, {m: Integer(lo=1)}),
        Polynomial(residues={m: 2}),
    ),
    "count of integers, off by one": (
        row(floor(3 * m / 4) - ceiling(m / 4) - 1, ">=", m / 4, {m: Integer(lo=9)}),
        Polynomial(residues={m: 4}),
    ),
    "one residue class only": (
        row(floor(m / 3), ">=", (m - 1) / 3, {m: Integer(lo=1)}),
        Polynomial(residues={m: 3}),
    ),
    "too coarse a modulus": (
        row(floor(m / 4), ">=", (m - 1) / 4, {m: Integer(lo=1)}),
        Polynomial(residues={m: 2}),
    ),
    "start one too early": (
        row(m**2 - 5 * m + 6, ">", 0, {m: Integer(lo=3)}),
        Polynomial(),
    ),
    "double root, strict": (row(r**2 - 2 * r + 1, ">", 0, {r: Real(lo=0)}), Polynomial()),
    "double root at an end, strict": (row((r - 1) ** 2, ">", 0, {r: Real(lo=1)}), Polynomial()),
    "triple root inside": (row((r - 1) ** 3, ">=", 0, {r: Real(lo=0)}), Polynomial()),
    "root at an open-looking end": (row(r * (2 - r), ">", 0, {r: Real(lo=0, hi=2)}), Polynomial()),
    "two roots close together": (
        row((r - 1) * (r - 1 - tiny), ">=", 0, {r: Real(lo=0)}),
        Polynomial(),
    ),
    "negative divisor": (row(1 / (r - 3), ">=", 0, {r: Real(lo=0)}), Polynomial()),
    "divisor that vanishes": (row(1 / (r - 3) ** 2, ">=", 0, {r: Real(lo=0)}), Polynomial()),
    "a single point": (row(r**2, ">=", r + 1, {r: Real(lo=1, hi=1)}), Polynomial()),
    "two variables": (row(r * s, "<=", r + s, {r: Real(lo=0), s: Real(lo=0)}), Polynomial()),
    "two variables, strict at the corner": (
        row(r + s, ">", 0, {r: Real(lo=0), s: Real(lo=0)}),
        Polynomial(),
    ),
    "a shift that starts too late": (
        row(r * s, ">=", r, {r: Real(lo=0), s: Real(lo=0)}),
        Polynomial(shift={s: s + 1}),
    ),
    "no polynomial": (row(exp(-r), ">=", Rational(1, 2), {r: Real(lo=0)}), Polynomial()),
    "irrational coefficients": (row(r**2, ">=", sqrt(2) * r, {r: Real(lo=0)}), Polynomial()),
}


@pytest.mark.parametrize("name", POLYNOMIAL)
def test_polynomial_traps(name: str, finding: Run) -> None:
    (lhs, rel, rhs, given, where), evidence = POLYNOMIAL[name]
    found = finding(lhs, rel, rhs, given=given, where=where, evidence=(evidence,))
    assert found.verdict.name == "UNDECIDED", found.detail


def test_contradictory_hypotheses_are_vacuous(finding: Run) -> None:
    found = finding(r, ">=", 10**6, given={r: line}, where=(gt(r, 2), le(r, 1)))
    assert found.verdict.name == "VACUOUS"


def test_touching_hypotheses_are_vacuous_when_strict(finding: Run) -> None:
    found = finding(r, ">=", 10**6, given={r: Real(lo=0)}, where=(gt(0, r),))
    assert found.verdict.name == "VACUOUS"
