# fmt: off
"""Re-verify the certificates of a JSON ledger with integers and fractions, and nothing else.

This file shares no code with the engine: it may be copied alone to another machine and run there
as ``python recheck.py ledger.json``. `docs/certificates.md` says what a certificate holds. Numbers
are intervals with rational ends, rounded outwards; elementary functions are series with rational
bounds on what is left out. Of its errors, ValueError refuses a certificate, NotImplementedError
leaves it unchecked, ArithmeticError means undefined or not settled at this precision.
"""
import hashlib
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import accumulate, pairwise, product
from math import inf, isqrt, prod
from pathlib import Path
from time import process_time
from types import SimpleNamespace
from typing import Any, TypeAlias

__all__ = ["erf_at", "erfc_at", "exp_at", "log_at", "main", "pi_at", "recheck", "root_at"]
POINTS, PRECISIONS, LARGEST = 8, (64, 128, 256, 512), 1 << 14
ZERO, ONE, TWO = Fraction(0), Fraction(1), Fraction(2)
NOW = SimpleNamespace(bits=64, formal=False, opaque=None, definitions={}, slopes=set())
NIL = ZERO, ZERO
Interval: TypeAlias = tuple[Any, Any]
def _demand(good: Any, why: str, error: type[Exception] = ValueError) -> None:
    if not good:
        raise error(why)
# Elementary functions at exact points: a lower and an upper bound.
def down(x: Any, bits: int) -> Any:
    """Round down to about so many binary digits; short numbers stay exact."""
    if isinstance(x, float) or x.numerator.bit_length() + x.denominator.bit_length() <= 2 * bits:
        return x
    n, d = x.numerator, x.denominator
    shift = bits - n.bit_length() + d.bit_length()
    rounded = (n << shift) // d if shift >= 0 else n // (d << -shift)
    return Fraction(rounded, 1 << shift) if shift >= 0 else Fraction(rounded << -shift)
def _series(first: Any, z: Any, factor: Callable[[int], tuple[int, int]], bits: int) -> Interval:
    """Bound ``first (1 + c0 z + c0 c1 z^2 + ...)``, all positive, ratios in the end below 1/2."""
    w = bits + 16 + max(0, first.denominator.bit_length() - first.numerator.bit_length())
    low, zl, k = (first.numerator << w) // first.denominator, (z.numerator << w) // z.denominator, 0
    lows, highs, high, zh = low, low + 1, low + 1, zl + 1
    while True:
        p, q = factor(k)
        small = 2 * zh * p <= q << w
        low, high, k = low * zl * p // (q << w), -(-high * zh * p // (q << w)), k + 1
        lows, highs = lows + low, highs + high
        if small and high <= 1:
            return Fraction(lows, 1 << w), Fraction(highs + high, 1 << w)
@lru_cache(maxsize=1 << 14)
def exp_at(x: Any, bits: int) -> Interval:
    """Return bounds of exp(x): the series at |x| / 2^s, squared s times."""
    if x == 0:
        return ONE, ONE
    if abs(x) > LARGEST:
        low = exp_at(Fraction(LARGEST), bits)[0]
        return (low, inf) if x > 0 else (ZERO, 1 / low)
    steps = 4 + int(abs(x)).bit_length()
    w = bits + steps + 8
    low, high = _series(ONE, abs(x) / (1 << steps), lambda k: (1, k + 1), w)
    for _ in range(steps):
        low, high = down(low * low, w), -down(-high * high, w)
    return (low, high) if x > 0 else (1 / high, 1 / low)
def pi_at(bits: int) -> Interval:
    """Return bounds of pi = 6 arcsin(1/2)."""
    return _series(Fraction(3), Fraction(1, 4), lambda k: ((2*k+1)**2, (2*k+2) * (2*k+3)), bits)
def _artanh(t: Any, bits: int) -> Interval:
    low, high = _series(abs(t), t * t, lambda k: (2*k+1, 2*k+3), bits) if t else NIL
    return (low, high) if t >= 0 else (-high, -low)
def log_at(x: Any, bits: int) -> Interval:
    """Return bounds of log(x), x > 0: with x = 2^k m and m near 1, k log 2 + 2 artanh."""
    k = x.numerator.bit_length() - x.denominator.bit_length()
    m = x / (1 << k) if k >= 0 else x * (1 << -k)
    k, m = (k + 1, m / 2) if 3 * m > 4 else (k - 1, m * 2) if 3 * m < 2 else (k, m)
    two = _artanh(Fraction(1, 3), bits + 16) if k else NIL
    low, high = _artanh((m - 1) / (m + 1), bits)
    return 2 * (low + k * two[k < 0]), 2 * (high + k * two[k > 0])
def root_at(x: Any, bits: int) -> Interval:
    """Return bounds of the square root of x >= 0; exact where it is rational."""
    n, d = isqrt(x.numerator), isqrt(x.denominator)
    if n * n == x.numerator and d * d == x.denominator:
        return Fraction(n, d), Fraction(n, d)
    shift = max(0, bits + (x.denominator.bit_length() - x.numerator.bit_length()) // 2 + 2)
    low = isqrt((x.numerator << 2 * shift) // x.denominator)
    return Fraction(low, 1 << shift), Fraction(low + 1, 1 << shift)
@lru_cache(maxsize=1 << 14)
def erf_at(x: Any, bits: int) -> Interval:
    """Return bounds of erf(x); far out, 1 - exp(-x^2) < erf(x) < 1."""
    if x <= 0:
        return _negative(erf_at(-x, bits)) if x else NIL
    bell = exp_at(-x * x, bits + 8)
    if x * x > 2 * bits:
        return 1 - bell[1], ONE
    a, b = _series(x, 2 * x * x, lambda k: (1, 2 * k + 3), bits + 2 * int(x * x))
    low, high = (root_at(p, bits + 8) for p in pi_at(bits + 8))
    return 2 * a * bell[0] / high[1], 2 * b * bell[1] / low[0]
def erfc_at(x: Any, bits: int) -> Interval:
    """Return bounds of erfc(x), to as many digits as those of erf allow."""
    low, high = erf_at(x, bits + (2 * int(x * x) + 8 if 0 < x * x <= bits else 0))
    return 1 - high, 1 - low
# Intervals, rounded outwards at the present precision.
def _out(low: Any, high: Any) -> Interval:
    below = down(low, NOW.bits)
    return (low, low) if below is low is high else (below, -down(-high, NOW.bits))
def _negative(a: Interval) -> Interval:
    return -a[1], -a[0]
def _plus(a: Interval, b: Interval) -> Interval:
    def total(x: Any, y: Any) -> Any:
        far = isinstance(x, float) and isinstance(y, float) and x != y
        _demand(not far, "a difference of infinities", ArithmeticError)
        return x if isinstance(x, float) else y if isinstance(y, float) else x + y
    low = total(a[0], b[0])
    return _out(low, low if a[0] is a[1] and b[0] is b[1] else total(a[1], b[1]))
def _times(a: Interval, b: Interval) -> Interval:  # zero times an end that is not reached is zero
    def one(x: Any, y: Any) -> Any:
        far = isinstance(x, float) or isinstance(y, float)
        return x * y if not far else ZERO if not (x and y) else inf if (x > 0) == (y > 0) else -inf
    far = any(isinstance(x, float) for x in (*a, *b))
    for x, y in ((a, b), (b, a)) if far else ():
        good = (-inf < x[1] and x[0] < inf) or y[0] > 0 or y[1] < 0
        _demand(good, "zero times a limit that is infinite", ArithmeticError)
    ends = [one(x, y) for x in a[a[0] is a[1]:] for y in b[b[0] is b[1]:]]  # one number only once
    return _out(min(ends), max(ends)) if len(ends) > 1 else _out(*ends * 2)
def _power(a: Interval, p: int, q: int) -> Interval:
    """Return a^(p/q); a divisor may touch zero at one end, where the quotient grows without end."""
    if q > 2:
        return _monotone("exp", _times(_monotone("log", a), (Fraction(p, q),) * 2))
    bad = (q == 2 and a[0] < 0) or (p < 0 and (a[0] < 0 < a[1] or a == (0, 0)))
    _demand(not bad, "a root or a quotient that may be undefined", ArithmeticError)
    if p < 0:
        low, high = _power(a, -p, q)
        ends = [ZERO if isinstance(e, float) else 1 / e if e else e for e in (high, low)]
        return _out(ends[0] if high else -inf, ends[1] if low else inf)
    if q == 1 and p % 2 == 0 and a[1] > 0 > a[0]:
        a = (ZERO, max(-a[0], a[1]))
    roots = [(x, x) if q == 1 or isinstance(x, float) else root_at(x, NOW.bits + 8) for x in a]
    size = max(0 if isinstance(e, float) else e.numerator.bit_length() + e.denominator.bit_length()
               for r in roots for e in r)
    _demand(p * size <= 1 << 18, "a power is too large", ArithmeticError)
    ends = [e**p if e not in (inf, -inf) or p % 2 else inf for r in roots for e in r]
    return _out(min(ends), max(ends))
_MONOTONE: Mapping[str, tuple[Callable[[Any, int], Interval], Any, Any]] = {
    "exp": (exp_at, ZERO, inf), "log": (log_at, -inf, inf),
    "erf": (erf_at, -ONE, ONE), "erfc": (erfc_at, TWO, ZERO)}
def _monotone(name: str, a: Interval) -> Interval:
    _demand(name != "log" or a[0] >= 0 < a[1], "a logarithm of no positive number", ArithmeticError)
    at, *far = _MONOTONE[name]
    limits = [isinstance(x, float) or (name == "log" and not x) for x in a]
    ends = [(far[x > 0],) * 2 if f else at(x, NOW.bits) for x, f in zip(a, limits, strict=True)]
    return _out(min(e[0] for e in ends), max(e[1] for e in ends))
# Trees: on boxes and at points.
def _value(tree: Any, env: Mapping[str, Any]) -> Any:  # the range of a tree; a list for a sample
    if isinstance(tree, str):
        return env[tree] if tree in env else (_number(tree),) * 2
    name, *parts = tree if tree[0] not in ("digamma", "euler") else ("call", *tree)
    if name in _BINDING:
        return _BINDING[name](env, *parts)
    if name == "log" and NOW.formal:
        x = _value(parts[0], env)
        return _drawn_once(str(x[0]), 1) if x[0] == x[1] else (-inf, inf)
    if name == "call":
        args, key = [_value(a, env) for a in parts[1:]], json.dumps(tree)
        return _call(key if key in NOW.definitions else parts[0], args, env)
    _demand(name in _OPERATIONS, str(name) + " in a formula", NotImplementedError)
    return _OPERATIONS[name](*(_value(a, env) for a in parts))
def _fold(env: Any, body: Any, name: str, start: Any, index: str, *ends: Any) -> Any:
    first, last = (_whole(_value(e, env)) for e in ends)
    _demand(last >= first - 1, "a sum that runs backwards", ArithmeticError)
    now = _value(start, env)
    for k in range(first, last + 1):
        now = _value(body, {**env, name: now, index: (Fraction(k),) * 2})
    return now
def _top(env: Any, body: Any, row: str, column: str, size: Any) -> Interval:
    """Return the largest eigenvalue of a symmetric matrix, cutting the range that holds it."""
    places = [(Fraction(k),) * 2 for k in range(1, _whole(_value(size, env)) + 1)]
    rows = [[_value(body, {**env, row: p, column: q}) for q in places] for p in places]
    high = len(rows) * max(max(-a[0], a[1]) for r in rows for a in r)
    low = -high
    for _ in range(NOW.bits):
        middle = low + (high - low) * 5 / 11  # at halves a pivot is zero too easily
        left = [[_plus((middle * (j == k),) * 2, _negative(a)) for k, a in enumerate(row)]
                for j, row in enumerate(rows)]
        while left and left[0][0][0] > 0:  # it lies below the middle if all pivots are positive
            shares = [_negative(_times(r[0], _power(left[0][0], -1, 1))) for r in left[1:]]
            left = [[_plus(a, _times(s, b)) for a, b in zip(r[1:], left[0][1:], strict=True)]
                    for s, r in zip(shares, left[1:], strict=True)]
        if left and left[0][0][1] >= 0:
            break
        low, high = (middle, high) if left else (low, middle)
    return low, high
_BINDING: Mapping[str, Callable[..., Any]] = {
    "sum": lambda env, body, *over: _fold(env, ["add", "total", body], "total", "0", *over),
    "let": lambda env, body, name, value: _value(body, {**env, name: _value(value, env)}),
    "fold": _fold, "top": _top}
_number = lru_cache(maxsize=1 << 16)(Fraction)
def _whole(a: Interval) -> int:
    _demand(a[0] == a[1] and a[0].denominator == 1, "not an integer", ArithmeticError)
    return int(a[0])
def _raised(a: Interval, b: Interval) -> Interval:  # by a logarithm unless b is one short number
    if b[0] == b[1] and abs(b[0]) < 1 << 12:
        return _power(a, *b[0].as_integer_ratio())
    return _monotone("exp", _times(b, _monotone("log", a)))
def _gamma(a: Interval) -> Interval:
    twice = _whole(_times(a, (TWO, TWO)))
    _demand(twice > 0, "the gamma function at no positive number", ArithmeticError)
    factors = ((Fraction(k, 2),) * 2 for k in range(twice - 2, 0, -2))
    return reduce(_times, factors, _power(_out(*pi_at(NOW.bits)), twice % 2, 2))
def _call(name: str, args: list[Any], env: Mapping[str, Any]) -> Any:  # opaque ones are fixed
    if name in _SIMPLE and (NOW.opaque is None or name in ("Size", "Groups")):
        return _SIMPLE[name](*args)
    if name in NOW.definitions:
        names, body = NOW.definitions[name]
        return _value(body, {**env, **dict(zip(names, args, strict=True))})
    _demand(NOW.opaque is not None, f"the functional {name}", NotImplementedError)
    text = json.dumps([name, args], default=lambda x: str(round(x * (1 << 40))))
    return _drawn_once(text, 1 if name in NOW.opaque else -1 << 20)
@lru_cache(maxsize=1 << 16)
def _drawn_once(text: str, least: int) -> Interval:
    return (Fraction(random.Random(text).randint(least, 1 << 20), 1 << 18),) * 2
_OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "tuple": lambda *a: list(a), "item": lambda a, k: a[_whole(k) - 1],
    "add": lambda *a: reduce(_plus, a), "mul": lambda *a: reduce(_times, a),
    "pow": _raised,
    "min": lambda *a: (min(x[0] for x in a), min(x[1] for x in a)),
    "max": lambda *a: (max(x[0] for x in a), max(x[1] for x in a)),
    "abs": lambda a: (max(a[0], -a[1], ZERO), max(-a[0], a[1])),
    "floor": lambda a: (Fraction(a[0].__floor__()), Fraction(a[1].__floor__())),
    "ceiling": lambda a: (Fraction(a[0].__ceil__()), Fraction(a[1].__ceil__())),
    "sign": lambda a: (Fraction((a[0] > 0) - (a[0] < 0)), Fraction((a[1] > 0) - (a[1] < 0))),
    "pi": lambda: _out(*pi_at(NOW.bits)), "e": lambda: exp_at(ONE, NOW.bits),
    "gamma": _gamma, "between": lambda a, b: (min(a[0], b[0]), max(a[1], b[1])),
    **{f: lambda a, f=f: _monotone(f, a) for f in _MONOTONE}}
_SIMPLE: Mapping[str, Callable[..., Any]] = {
    "Point": lambda sample, k: sample[_whole(k) - 1],
    "Size": lambda sample: (Fraction(len(sample)),) * 2,
    "Groups": lambda net: (Fraction(len(net) // 4),) * 2}
def _at(tree: Any, env: Mapping[str, Any], bits: int, formal: bool = False) -> Interval:
    def lifted(v: Any) -> Any:
        return [(x, x) for x in v] if isinstance(v, list) else v if isinstance(v, tuple) else (v, v)
    NOW.bits, NOW.formal = bits, formal
    return tuple(_value(tree, {s: lifted(v) for s, v in env.items()}))
def _sign(tree: Any, env: Mapping[str, Any]) -> Interval:  # as precise as it takes to tell the sign
    low, high = NIL
    for bits in PRECISIONS:
        try:
            before, (low, high) = (low, high), _at(tree, env, bits)
            idle = all(8 * abs(x - y) < abs(x) for x, y in zip((low, high), before, strict=True))
            if low > 0 or high < 0 or low == high or idle:  # more digits change nothing
                break
        except ArithmeticError:
            if bits == PRECISIONS[-1]:
                raise
    return low, high
def _difference(lhs: Any, rel: str, rhs: Any) -> Any:  # the margin: not negative where it holds
    small, large = (lhs, rhs) if rel in ("<=", "<") else (rhs, lhs)
    return ["add", large, ["mul", "-1", small]]
def _statement(exact: Any) -> list[Any]:
    return [exact["lhs"], exact["rel"], exact["rhs"]]
def _holds(relation: Any, env: Mapping[str, Any]) -> bool | None:  # None when it is unclear
    margin, strict = _difference(*relation), relation[1] in ("<", ">")
    low, high = _sign(margin, env)
    # zero even when each logarithm of an exact number is an arbitrary number
    if low < 0 < high and _at(margin, env, 512, formal=True) == NIL:
        low = high = ZERO
    if relation[1] == "==":
        return True if low == high == 0 else False if low > 0 or high < 0 else None
    sure = low > 0 or (low >= 0 and not strict)
    return True if sure else False if high < 0 or (high <= 0 and strict) else None
# What a certificate must show.
def _inside(domain: Any, x: Any, env: Mapping[str, Any]) -> bool:
    kind, lo, *more = domain
    if kind == "sample":
        return all(a < b for a, b in pairwise(x)) and lo <= len(x) <= (more[0] or len(x))
    if kind == "network":
        whole = all(abs(a) == 1 for a in x[::4]) and all(c.denominator == 1 <= c for c in x[3::4])
        return bool(x) and len(x) % 4 == 0 and whole and not (lo and max(x[3::4]) > 1)
    _demand(kind in ("real", "integer"), f"the domain {kind} is not known")
    (hi, *opens), there = [*more, False, False][:3], {**env, "it": x}
    below = lo == ["-oo"] or _holds([lo, "<" if opens[0] else "<=", "it"], there)
    above = hi == ["oo"] or _holds(["it", "<" if opens[1] else "<=", hi], there)
    return bool(below and above and (kind == "real" or x.denominator == 1))
def _point(exact: Any, values: Mapping[str, Any], hypotheses: bool = True) -> dict[str, Any]:
    env: dict[str, Any] = {}
    for name, domain in exact["given"]:
        v = values[name]
        env[name] = [Fraction(x) for x in v] if isinstance(v, list) else Fraction(v)
        _demand(_inside(domain, env[name], env), f"{name} = {v} is outside of its domain")
    for relation in exact["where"] if hypotheses else ():
        _demand(_holds(relation, env), "a hypothesis does not certainly hold")
    return env
def _points(entry: Any, row: Any, hypotheses: bool = True) -> Iterator[dict[str, Any]]:
    """Yield random admissible points, between those that the ledger names."""
    exact, named, rng = entry["exact"], row["certificate"].get("points"), random.Random()
    real = [s for s, d in exact["given"] if d[0] == "real"]
    for k in range(POINTS if exact["given"] else 1):
        _demand(named, "no admissible point is known", NotImplementedError)
        a, b, t = named[k % len(named)], rng.choice(named), Fraction(rng.randint(1, 10**6), 10**6)
        mixed = {s: Fraction(a[s]) * t + Fraction(b[s]) * (1 - t) for s in real}
        try:
            yield _point(exact, a | mixed, hypotheses)
        except (ValueError, ArithmeticError):
            yield _point(exact, a, hypotheses)
def _same(a: Any, b: Any, env: Mapping[str, Any]) -> bool:  # whether to 100 binary digits
    x, y = _at(a, env, 300), _at(b, env, 300)
    _demand(x[0] <= y[1] and y[0] <= x[1], "two formulas differ at a point")
    return bool((max(x[1], y[1]) - min(x[0], y[0])) * 2**100 <= max(abs(x[0]), Fraction(1, 2**60)))
def _enough(agreeing: list[bool]) -> None:
    _demand(4 * sum(agreeing) >= len(agreeing), "too few points tell", NotImplementedError)
def _pointwise(entry: Any, row: Any) -> str:  # at each instance, or failing at a witness
    fails = row["verdict"] == "REFUTED"
    places = [{"point": row["witness"]["values"]}] if fails else row["certificate"]["instances"]
    for place in places:
        held = _holds(_statement(entry["exact"]), _point(entry["exact"], place["point"]))
        _demand(held is not None, "both sides are too close to be told apart", NotImplementedError)
        _demand(held is not fails, "it does not hold or fail there")
    _demand(places, "no instance is named")
    return "witnesses" if fails else "instances"
def _symbolic(entry: Any, row: Any) -> str:
    exact, cert = entry["exact"], row["certificate"]
    samples = [d for _, d in exact["given"] if d[0] == "sample"]
    _demand(row["verdict"] == "ENCLOSED" or not samples or cert["formal"], "shown for few sizes")
    _enough([_same(exact["lhs"], exact["rhs"], env) for env in _points(entry, row)])
    return "identities, at exact points"
def _positive(tree: Any, domains: Mapping[str, Any]) -> int:  # or 0 if not negative, or -1
    if isinstance(tree, str) and tree in domains:
        low, firm = domains[tree][0], domains[tree][2]
        return 1 if low > 0 or (low == 0 and firm) else 0 if low == 0 else -1
    if tree[0] == "log" and tree[1][:2] == ["add", "1"]:
        return _positive(["add", *tree[1][2:]], domains)
    known = tree[0] in ("add", "mul", "exp", "pow")
    signs = [_positive(a, domains) for a in tree[1:]] if known else []
    if known and (tree[0] == "exp" or (tree[0] == "pow" and signs[0] == 1)):
        return 1
    if tree[0] in ("add", "mul") and -1 not in signs:
        return max(signs) if tree[0] == "add" else min(signs)
    low = _sign(tree, {s: tuple(d[:2]) for s, d in domains.items()})[0]
    return 1 if low > 0 else 0 if low == 0 else -1
def _scaled(tree: Any, factors: Any, domains: Any, least: int = 1) -> Any:
    """Return a tree times factors: positive ones, or also even powers and zero by `least`."""
    for base, exponent in factors:
        good = _positive(base, domains) >= min(least, 1) or (exponent % 2 == 0 and least <= 1)
        _demand(good, "a factor that may not be positive", NotImplementedError)
    return ["mul", tree, *(["pow", base, str(exponent)] for base, exponent in factors)]
def _drawn(box: Mapping[str, Any]) -> dict[str, Any]:  # a random exact point of a box
    env = {}
    for s, (lo, hi) in box.items():
        low = lo if lo > -inf else hi - 4 if hi < inf else -TWO
        high = hi if hi < inf else low + 4
        env[s] = low + (high - low) * Fraction(random.randint(1, 10**6), 10**6 + 1)
    return env
def _slope_is(tree: Any, slope: Any, s: str, box: Mapping[str, Any]) -> None:
    """Demand that a tree has a slope in one variable, by differences at random points of a box."""
    fixed = {k: str(v[0]) for k, v in box.items() if v[0] == v[1]}
    key, step = json.dumps([tree, slope, s, fixed]), Fraction(1, 1 << 80)
    for _ in range(0 if key in NOW.slopes else POINTS):
        env = _drawn(box)
        low, high = (_at(tree, {**env, s: env[s] + d}, 400) for d in (-step, step))
        x = _at(slope, env, 400)
        gap = max(abs((high[k] - low[k]) / (2 * step) - a) for k in (0, 1) for a in x)
        _demand(gap * 2**80 <= 1 + abs(x[0]), "a slope is not the derivative")
    NOW.slopes.add(key)
def _end(tree: Any, formula: Any = None) -> Any:  # what stands for the end of a range
    text = str(tree).strip("[']")
    if text in ("oo", "-oo"):
        return inf if text == "oo" else -inf
    return _number(text) if text[0] in "-0123456789" else formula
def _enclosure(entry: Any, row: Any) -> str:
    """Check that boxes fill the domain and that the margin has its sign on each."""
    exact, cert, agreeing, whole = entry["exact"], row["certificate"], list[bool](), True
    _demand(cert["sample"] is None, "an enclosure for samples of one size", NotImplementedError)
    (problem,), facts = cert["problems"], dict[Any, tuple[Any, bool]]()
    given = [*exact["given"], *([c[2], ["real", *c[4:]]] for c in cert["changes"])]
    for k, h in enumerate(exact["where"]):
        facts["where", k] = _difference(*h), h[1] in ("<", ">")
    for name, (_, lo, hi, *opens) in given:
        facts[name, 0] = _difference(lo, "<=", name), opens[:1] == [True]
        facts[name, 1] = _difference(name, "<=", hi), opens[1:] == [True]
    domains = {s: [_end(lo), _end(hi), *opens] for s, lo, hi, *opens in problem["domains"]}
    margin = _scaled(problem["margin"], problem["factors"], domains)
    pairs = [(_difference(*_statement(exact)), margin), *(c[:2] for c in cert["changes"])]
    for tree, strict, factors, origin in problem["hypotheses"]:
        _demand(facts[tuple(origin)][1] or not strict, "a hypothesis is stricter than printed")
        pairs.append((facts[tuple(origin)][0], _scaled(tree, factors, domains, 2)))
    for env in _points(entry, row):
        for _, _, new, new_is, lo, hi, *_ in cert["changes"]:
            env[new] = _at(new_is, env, 400)
            low, high = env[new]
            _demand(_end(lo) <= high and low <= _end(hi), "a variable leaves its range")
        agreeing.append(all(_same(a, b, env) for a, b in pairs))
    _enough(agreeing)
    for name, (kind, *ends) in given:
        mine, lo, hi = domains.get(name, (-inf, inf)), _end(ends[0], -inf), _end(ends[1], inf)
        low = lo.__ceil__() if kind == "integer" and lo > -inf else lo
        whole = whole and mine[0] <= low and mine[1] >= hi
    _demand(whole or row["verdict"] == "ENCLOSED", "only a part of the domain is covered")
    names, rows = problem["over"], problem["boxes"]
    boxes = [{s: (_end(b[2 * k]), _end(b[2 * k + 1])) for k, s in enumerate(names)} for b in rows]
    _fill({s: tuple(domains[s][:2]) for s in names}, boxes)
    for box, b in zip(boxes, rows, strict=True):
        _settle(problem, exact["rel"] in ("<", ">"), domains, box, b[-1])
    return "enclosures"
def _fill(region: dict[str, Any], boxes: list[Any]) -> None:
    """Demand that boxes fill a region: cut it where no box is cut, until one box is left."""
    for s in () if boxes == [region] else region:
        rows = sorted(boxes, key=lambda b: b[s][0])
        tops = list(accumulate((b[s][1] for b in rows), max))
        cuts = [k for k in range(1, len(rows)) if rows[k][s][0] >= tops[k - 1]]
        if cuts:
            at = rows[k := cuts[len(cuts) // 2]][s][0]
            _fill({**region, s: (region[s][0], at)}, rows[:k])
            return _fill({**region, s: (at, region[s][1])}, rows[k:])
    return _demand(boxes == [region], "the boxes do not fill the domain")
def _settle(problem: Any, strict: bool, domains: Any, box: Any, how: Any) -> None:
    """Check one box: a hypothesis fails on it, or the margin has its sign where it is smallest."""
    if how and how[0] == "hypothesis":
        tree, firm, *_ = problem["hypotheses"][how[1]]
        high = _sign(tree, box)[1]
        return _demand(high < 0 or (high == 0 and firm), "a hypothesis may hold on a box")
    env, firm, margin = dict(box), not strict, problem["margin"]
    jumps = {"floor", "ceiling", "sign", "abs", "min", "max"} & set(json.dumps(margin).split('"'))
    # the slope says nothing across a jump or a pole, of which the range would complain
    _demand(not how or (len(_at(margin, env, 64)) == 2 and not jumps), "a margin that may jump")
    for s, side, slope, factors, curve, more in how:
        _slope_is(margin, _scaled(slope, factors, domains, 0), s, env)
        turn, end = ["mul", "-1" if side else "1", slope], box[s][side]
        low = _sign(turn, env)[0]
        if low < 0 and curve is not None:
            _slope_is(slope, _scaled(curve, more, domains, 0), s, env)
            bend = _sign(["mul", turn[1], curve], env)
            sure, least = bend[0] >= 0 or bend[1] <= 0, (box[s][bend[0] < 0],) * 2
            low = _least(turn, {**env, s: least}) if sure else low
        _demand(low >= 0, "the margin is not certainly monotone on a box")
        # an analytic function that is monotone and not constant is strictly monotone
        rises = slope != "0" and domains[s][2 + side] and end == domains[s][side]
        firm, env[s] = firm or rises, (end, end)
    low = _least(margin, env)
    return _demand(low > 0 or (low == 0 and firm), "the margin may have another sign on a box")
def _least(tree: Any, box: Mapping[str, Any]) -> Any:  # zero if zero to 200 digits at random points
    low = _sign(tree, box)[0]
    values = [_at(tree, _drawn(box), 400) for _ in range(POINTS if low < 0 else 0)]
    return ZERO if values and all(max(-a, b) * 2**200 < 1 for a, b in values) else low
def _polynomial(entry: Any, row: Any) -> str:
    """Check class by class that the margin is a fraction of nonnegative coefficients."""
    exact, moduli = entry["exact"], row["certificate"]["moduli"]
    cases = {tuple(c["residues"]): c for c in row["certificate"]["cases"]}
    weak, margin = exact["rel"] in ("<=", ">="), _difference(*_statement(exact))
    for residues in product(*(range(q) for q in moduli.values())):
        _demand(residues in cases, f"the residue class {residues} is missing")
        case, rest = cases[residues], dict(zip(moduli, residues, strict=True))
        _demand(case["points"] is not None, "a class without a fraction", NotImplementedError)
        top, bottom, skip, count = (case[k] for k in ("top", "bottom", "skip", "points"))
        good = case["finite"] or (_poly(bottom, 0) > 0 and (weak or _poly(top, 0) > 0))
        _demand(good and all(Fraction(c) >= 0 for c, _ in top + bottom), "a negative coefficient")
        least = 0 if case["finite"] else skip + 2 + max(p for _, ps in top + bottom for p in ps)
        _demand(count > least, "too few points for these degrees")
        for steps in product(range(count), repeat=len(exact["given"])):
            env: dict[str, Any] = {}
            for (name, domain), t in zip(exact["given"], steps, strict=True):
                low, q, r = _sign(domain[1], env)[0], moduli.get(name, 1), rest.get(name, 0)
                env[name] = q * (((low - r) / q).__ceil__() + t) + r if name in rest else low + t
            low, high = _sign(margin, {s: Fraction(v) for s, v in env.items()})
            if case["finite"] or max(steps) < skip:
                inside = all(_inside(d, Fraction(env[s]), env) for s, d in exact["given"])
                last = case["finite"] and max(steps) == count - 1
                _demand(not inside or (not last and low >= 0 < low + weak), "a class fails")
            elif min(steps) >= skip:
                x = [_poly(terms, *(t - skip for t in steps)) for terms in (top, bottom)]
                _demand(low == high == x[0] / x[1], "a fraction differs from the margin")
    return "polynomial and integer arguments"
def _poly(terms: Any, *at: int) -> Fraction:
    rows = ((c, zip(at * len(ps) if len(at) == 1 else at, ps, strict=True)) for c, ps in terms)
    return sum((Fraction(c) * prod(Fraction(x) ** p for x, p in row) for c, row in rows), ZERO)
def _steps(entry: Any, row: Any, entries: Any) -> str:
    """Check at exact points that the margin is the combination of other margins."""
    exact, branches, agreeing = entry["exact"], row["certificate"]["branches"], []
    named = {p["claim"] for b in branches for p in _all([*b["parts"], *b["because"]])} - {""}
    _demand(named == set(row["rests_on"]) and branches, "it rests on other claims than it says")
    NOW.opaque = row["certificate"]["positive"]
    for env in _points(entry, row, hypotheses=False):
        goals = ["min", *(b["goal"] for b in branches)]
        agreeing.append(_same(_difference(*_statement(exact)), goals, env))
        for branch in branches:
            there, total = dict(env), ["add", branch["rest"]]
            for k, part in enumerate(branch["parts"]):
                there[f"part {k}"] = _margin_of(part, env, entries)
                total.append(["mul", part["weight"], f"part {k}"])
            agreeing.append(_same(branch["goal"], total, there))
            known = all(_holds(h, env) for h in exact["where"])
            if known and _granted(branch["because"], env, entries):
                signed = [branch["rest"], *(p["weight"] for p in branch["parts"] if not p["equal"])]
                _demand(all(_sign(t, env)[1] >= 0 for t in signed), "a rest or weight is negative")
                for part in branch["parts"]:
                    _margin_of(part, env, entries, apply=True)
    _enough(agreeing)
    return "steps, at exact points"
def _all(parts: Any) -> Iterator[Any]:
    return (q for p in parts for q in (p, *_all(p["because"])))
def _granted(parts: Any, env: Mapping[str, Any], entries: Any) -> bool:
    return all(not p["along"] and _margin_of(p, env, entries)[0] >= 0 for p in parts)
def _margin_of(part: Any, env: Mapping[str, Any], entries: Any, apply: bool = False) -> Interval:
    """Return the margin of a child, at the values that a step takes, added up over its range."""
    if not part["claim"]:
        return _at(part["margin"], env, 300)
    _demand(not part["along"], "an integral of a child", NotImplementedError)
    child, total = entries[part["claim"]]["exact"], NIL
    index, lo, hi = part["over"] or ("none", "1", "1")
    for k in range(_whole(_at(lo, env, 300)), _whole(_at(hi, env, 300)) + 1):
        there = {**env, index: Fraction(k)}
        at = {s: part["at"].get(s, s) for s, _ in child["given"]}
        inner = {s: there[v] if str(v) in there else _at(v, there, 300) for s, v in at.items()}
        ends = [r for s, (kind, lo, *hi) in child["given"] if kind in ("real", "integer")
                for r in ([lo, "<=", s], [s, "<=", hi[0]]) if ["oo"] not in r and ["-oo"] not in r]
        if apply and _granted(part["because"], there, entries):
            fails = [h for h in (*child["where"], *ends) if _holds(h, inner) is False]
            _demand(not fails, f"{part['claim']} does not apply")
        margin = _at(_difference(*_statement(child)), inner, 300)
        total = _plus(total, _times(_at(part["times"], there, 300), margin))
    return total
ORDER = ("ERROR", "REFUTED", "VACUOUS", "UNDECIDED", "ARGUED", "SUPPORTED", "ENCLOSED", "PROVED")
CHECKS: Mapping[str, Callable[[Any, Any], str]] = {
    "enclosure": _enclosure, "instances": _pointwise, "symbolic": _symbolic,
    "polynomial": _polynomial}
SAYS = {"SUPPORTED": {"search", "monte carlo"}, "ARGUED": {"argued"},
        "ENCLOSED": {"definition", *CHECKS},
        "PROVED": {"definition", "steps", *CHECKS} - {"instances"}}
def _finding(entry: Any, row: Any, entries: Any) -> str:  # the kind of what was re-checked
    NOW.opaque, NOW.definitions = None, row["certificate"].get("definitions", {})
    method, verdict = row["method"], row["verdict"]
    _demand(method in SAYS.get(verdict, {method}), f"{method} never says {verdict}")
    exact = method != "definition" and (method, verdict) != ("monte carlo", "REFUTED")
    _demand(exact, "no exact certificate", NotImplementedError)
    if verdict == "REFUTED":
        return _pointwise(entry, row)
    if method == "steps" and verdict == "PROVED":
        return _steps(entry, row, entries)
    return CHECKS[method](entry, row) if verdict in ("PROVED", "ENCLOSED") else ""
def _rolled(entry: Any, entries: Any, done: dict[str, str]) -> str:
    """Return the weakest verdict below an entry, and compare what the ledger says of it."""
    if entry is None or entry["id"] in done:
        return "UNDECIDED" if entry is None else done[entry["id"]]
    done[entry["id"]], rows, rank = "UNDECIDED", entry["evidence"], ORDER.index
    text = json.dumps(entry["exact"], sort_keys=True, separators=(",", ":"))
    _demand(hashlib.sha256(text.encode()).hexdigest() == entry["hash"], "the hash is another")
    _demand(all(entry["exact"][k] == entry[k] for k in ("id", "uses", "steps")), "another entry's")
    def below(names: Any) -> list[str]:
        return [_rolled(entries.get(n), entries, done) for n in names]
    for r in rows:
        weak = "UNDECIDED" if r["toothless"] and rank(r["verdict"]) > 4 else r["verdict"]
        _demand(r["counted"] == weak, "a finding counts as another verdict")
    counted = [r["counted"] for r in rows]
    alone = any(r["counted"] == "PROVED" and not r["rests_on"] for r in rows)
    bad = [v for v in ORDER[:3] if v in counted]
    own = bad[0] if bad else max(counted, key=rank)
    own = "ERROR" if own == "REFUTED" and alone else own
    base = below(entry["uses"])
    ways = [min([r["counted"], *base, *below(r["rests_on"])], key=rank) for r in rows]
    rolled = own if bad else max(ways, key=rank)
    proof = min(below(entry["steps"]), key=rank) if entry["steps"] else None
    done[entry["id"]] = rolled
    said = tuple(entry[k] for k in ("own", "rolled", "proof"))
    _demand((own, rolled, proof) == said, f"the roll-up gives {own}, {rolled}, {proof}")
    return rolled
def recheck(data: Any, only: str | None = None) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return what was re-checked, by kind, what was not, by reason, and what is refused."""
    entries = {e["id"]: e for e in data["entries"]}
    good, skipped, refused, done = Counter[str](), Counter[str](), list[str](), dict[str, str]()
    for entry in data["entries"]:
        for row in (None, *(entry["evidence"] if only in (None, entry["id"]) else ())):
            method = row["method"] if row else "statement"
            try:
                rolled = _rolled(entry, entries, done) and "statements and roll-ups"
                kind = _finding(entry, row, entries) if row else rolled
                good.update([kind] if kind else [])
            except (ZeroDivisionError, ValueError, LookupError, TypeError, AttributeError) as error:
                refused.append(f"{entry['id']}: {method}: {error}")
            except (NotImplementedError, ArithmeticError) as why:
                loose = method in ("steps", "symbolic") or isinstance(why, NotImplementedError)
                skipped.update([f"{method}: {why}"] * loose)
                refused += [f"{entry['id']}: {method}: {why}"] * (not loose)
    return good, skipped, refused
def main(path: str) -> int:
    """Re-check a file, say what was and what was not, and return the exit code."""
    try:
        good, skipped, refused = recheck(json.loads(Path(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        sys.stderr.write(f"{path}: is no ledger that can be re-checked ({type(error).__name__})\n")
        return 2
    share = 100 * good.total() / max(1, good.total() + skipped.total() + len(refused))
    for lead, rows in (("re-checked    ", good), ("not re-checked", skipped)):
        sys.stdout.writelines(f"{lead}  {n:5d}  {what}\n" for what, n in sorted(rows.items()))
    sys.stdout.writelines(f"refused  {line}\n" for line in refused)
    sys.stdout.write(f"{share:.1f} % re-checked, {len(refused)} refused, {process_time():.0f} s\n")
    return 1 if refused else 0
if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else 2)
