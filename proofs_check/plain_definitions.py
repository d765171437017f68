"""Definitions, as formulas, of functionals that have a ball evaluator but no symbolic face.

They are written from the papers, not from the evaluators, so that a certificate which is checked
with them is checked by a second route.
"""

import json
from functools import cache
from typing import Any

from sympy import (
    Abs,
    Expr,
    IndexedBase,
    Max,
    Min,
    Rational,
    Sum,
    Symbol,
    bernoulli,
    erf,
    erfc,
    exp,
    log,
    pi,
    sign,
    sqrt,
)

from proofs_check.functionals import Size
from proofs_check.plain_sampling import sampling_definitions
from proofs_check.plain_sharpness import sharpness_definitions
from proofs_check.serialised import tree

__all__ = ["with_nested", "written_definitions"]

_J = Symbol("j", integer=True, positive=True)
_L = Symbol("l", integer=True, positive=True)
_M = Symbol("m", integer=True, positive=True)


def _weight(side: int) -> Any:
    """Return the squared share of the centres on one side times their mean distance."""
    points, sample = IndexedBase("x", real=True), Symbol("x")
    scale, place = Symbol("a1", real=True), Symbol("a2", real=True)
    far = Max(side * (place - scale * points[_J]), 0)
    everywhere = (_J, 1, Size(sample))
    share = Sum(sign(far), everywhere) / Size(sample)
    return [["x", "a1", "a2"], tree(share * Sum(far, everywhere) / Size(sample))]


def _line_mean(level: Expr, rate: Expr, ends: tuple[Expr, Expr], centre: Expr, noise: Expr) -> Expr:
    """Return E[level + rate Z; Z between two ends] for Z ~ N(centre, noise^2)."""
    low, high = ((e - centre) / noise for e in ends)
    mass = (erf(high / sqrt(2)) - erf(low / sqrt(2))) / 2
    bells = (exp(-(high**2) / 2) - exp(-(low**2) / 2)) / sqrt(2 * pi)
    result: Expr = (level + rate * centre) * mass - rate * noise * bells
    return result


def _weight_at(scale: Expr, noise: Expr, place: Expr) -> Expr:
    """Return pi(place): the smaller of two lines, averaged gap by gap, and zero outside."""
    points, size = IndexedBase("x", real=True), Size(Symbol("x"))
    k = Symbol("k", integer=True, positive=True)
    up, down = k**2 / size**2, -((size - k) ** 2) / size**2
    rising = -k / size**2 * scale * Sum(points[_J], (_J, 1, k))
    falling = (size - k) / size**2 * scale * Sum(points[_J], (_J, k + 1, size))
    a, b = scale * points[k], scale * points[k + 1]
    turn = Min(Max((falling - rising) / (up - down), a), b)
    gap = _line_mean(rising, up, (a, turn), place, noise)
    gap = gap + _line_mean(falling, down, (turn, b), place, noise)
    outside = (scale * points[1] - place, place - scale * points[size])
    inside = (1 - sign(Max(outside[0], 0))) * (1 - sign(Max(outside[1], 0)))
    result: Expr = inside * Sum(gap, (k, 1, size - 1))
    return result


def _variation(scale: Expr, noise: Expr) -> Expr:
    """Return the sum over distinct knots of |mass| pi(knot) over the width."""
    net, groups = IndexedBase("a3", real=True), Symbol("a3")
    rows = [[net[4 * _l - 3 + k] for k in range(4)] for _l in (_L, _M)]
    knots = [-inner * bias for inner, _, bias, _ in rows]
    same = 1 - sign(Abs(knots[0] - knots[1]))
    everywhere = (_M, 1, _groups(groups))
    mass = Sum(rows[1][3] * rows[1][1] * same, everywhere)
    term = Abs(mass) / Sum(same, everywhere) * _weight_at(scale, noise, knots[0])
    width = Sum(rows[0][3], (_L, 1, _groups(groups)))
    return Sum(term, (_L, 1, _groups(groups))) / width


def _risk(scale: Expr, noise: Expr) -> Expr:
    """Return the risk, from moments of pairs of ramps under each Gaussian.

    E[(Y - c) relu'] / noise^2 is a probability, by Gaussian integration by parts.
    """
    net, groups = IndexedBase("a3", real=True), Symbol("a3")
    points, size = IndexedBase("x", real=True), Size(Symbol("x"))
    centre = scale * points[_J]
    (v, w, b, c), (v2, w2, b2, c2) = ([net[4 * _l - 3 + k] for k in range(4)] for _l in (_L, _M))
    one, two = -v * b, -v2 * b2
    width = Sum(c, (_L, 1, _groups(groups)))

    def above(t: Expr) -> tuple[Expr, Expr, Expr]:
        u = (t - centre) / noise
        mass, bell = erfc(u / sqrt(2)) / 2, exp(-(u**2) / 2) / sqrt(2 * pi)
        return mass, (bell - u * mass) * noise, ((u**2 + 1) * mass - u * bell) * noise**2

    last, first = Max(one, two), Min(one, two)
    tail = above(last)
    right = tail[2] + (last - first) * tail[1]
    # to the left by reflection
    u = (first - centre) / noise
    mass, bell = erfc(-u / sqrt(2)) / 2, exp(-(u**2) / 2) / sqrt(2 * pi)
    left = ((u**2 + 1) * mass + u * bell) * noise**2
    left = left + (last - first) * (bell + u * mass) * noise
    start, end = (one, two), (two, one)
    facing = []
    for a, z in (start, end):
        p, q = above(a), above(z)
        facing.append(((z - a) * (p[1] + q[1]) - p[2] + q[2]) * sign(Max(z - a, 0)))
    half = Rational(1, 4)
    pair = half * (1 + v) * (1 + v2) * right + half * (1 - v) * (1 - v2) * left
    pair = pair + half * (1 + v) * (1 - v2) * facing[0] + half * (1 - v) * (1 + v2) * facing[1]
    pairs = Sum(Sum(c * c2 * w * w2 * pair, (_M, 1, _groups(groups))), (_L, 1, _groups(groups)))
    active = erfc(v * (one - centre) / noise / sqrt(2)) / 2
    linear = Sum(2 * v * c * w * active, (_L, 1, _groups(groups)))
    return Sum(linear / width + pairs / width**2, (_J, 1, size)) / size + 1 / noise**2


def _groups(value: Symbol) -> Expr:
    from proofs_check.quantities.network_risk import Groups

    result: Expr = Groups(value)
    return result


def _of_group(place: int, names: tuple[str, ...]) -> tuple[list[str], Any]:
    """Return an entry of a group: inner weight, outer weight, bias, copies."""
    net = IndexedBase("net", real=True)
    return list(names), net[4 * Symbol("a1", integer=True, positive=True) - 3 + place]


_SHIFT, _TERMS = 40, 24
"""Steps of the recurrence of the digamma function, and terms of its series, which envelops it."""


def _digamma() -> Any:
    """Return digamma(a0), a0 > 0, between two partial sums of Stirling's series at a0 + 40."""
    place = Symbol("a0", positive=True)
    far = Symbol("far", positive=True)
    shifted = Sum(1 / (place + _J - 1), (_J, 1, _SHIFT))
    parts = [bernoulli(2 * k) / (2 * k) for k in range(1, _TERMS + 2)]
    sums = []
    for count in (_TERMS + 1, _TERMS):
        total: Expr = Rational(0)
        for part in reversed(parts[:count]):
            total = (total + part) / far**2
        sums.append(tree(-total))
    body = ["add", tree(log(far) - 1 / (2 * far) - shifted), ["between", *sums]]
    return ["let", body, "far", tree(place + _SHIFT)]


@cache
def written_definitions() -> dict[str, Any]:
    """Return parameters and formula by the name of the functional."""
    from proofs_check.quantities.network_risk import Groups

    net, value = IndexedBase("net", real=True), Symbol("net")
    place = Symbol("a1", real=True)
    inner, outer, bias, copies = (net[4 * _L - 3 + k] for k in range(4))
    everywhere = (_L, 1, Groups(value))
    width = Sum(copies, everywhere)
    ramps: Expr = Sum(copies * outer * Max(inner * place + bias, 0), everywhere)
    entries = {
        k: _of_group(p, ("net", "a1")) for p, k in enumerate(("Inner", "Outer", "", "Copies"))
    }
    own = entries["Inner"][1], _of_group(2, ("net", "a1"))[1]
    scale, noise = Symbol("a1", real=True), Symbol("a2", positive=True)
    four = ["x", "a1", "a2", "a3"]
    half = Symbol("a0", real=True)
    bell = half * exp(-(half**2) / 2) / sqrt(2 * pi)
    gap = tree(IndexedBase("x", real=True)[_J + 1] - IndexedBase("x", real=True)[_J])
    first = tree(IndexedBase("x", real=True)[2] - IndexedBase("x", real=True)[1])
    last = tree(Size(Symbol("x")) - 1)
    largest = ["max", "m", ["abs", tree(outer)]]
    return {
        "Spacing": [["x"], ["fold", ["min", "m", gap], "m", first, "j", "1", last]],
        "OuterBound": [["net"], ["fold", largest, "m", "0", "l", "1", tree(Groups(value))]],
        "digamma": [["a0"], _digamma()],
        "euler": [[], ["mul", "-1", ["call", "digamma", "1"]]],
        # v^2 times the standard normal density from -a0 to 0, by parts
        "HalfSquare": [["a0"], tree(erf(half / sqrt(2)) / 2 - bell)],
        "WeightFunction": [four, tree(_weight_at(scale, noise, Symbol("a3", real=True)))],
        "NetworkVariation": [four, tree(_variation(scale, noise))],
        "NetworkRisk": [four, tree(_risk(scale, noise))],
        "LeftWeight": _weight(1),
        "RightWeight": _weight(-1),
        "Width": [["net"], tree(width)],
        "NetworkValue": [["net", "a1"], tree(ramps / width)],
        "Knot": [["net", "a1"], tree(-own[0] * own[1])],
        **{k: [names, tree(e)] for k, (names, e) in entries.items() if k},
        **sharpness_definitions(),
        **sampling_definitions(),
    }


def with_nested(found: dict[str, Any], formulas: list[Any]) -> dict[str, Any]:
    """Return definitions and all others that they, or some formulas, call for.

    Examples
    --------
    >>> sorted(with_nested({}, [["euler"]]))
    ['digamma', 'euler']
    """
    known, size = dict(found), -1
    while size < len(known):
        size, text = len(known), json.dumps([*formulas, *known.values()])
        for name, body in written_definitions().items():
            if f'["{name}"' in text or f'["call", "{name}"' in text:
                known.setdefault(name, body)
    return known
