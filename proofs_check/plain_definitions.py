"""Definitions, as formulas, of functionals that have a ball evaluator but no symbolic face.

They are written from the papers, not from the evaluators, so that a certificate which is checked
with them is checked by a second route.
"""

from functools import cache
from typing import Any

from sympy import Expr, IndexedBase, Max, Sum, Symbol, sign

from proofs_check.functionals import Size
from proofs_check.serialised import tree

__all__ = ["written_definitions"]

_J = Symbol("j", integer=True, positive=True)
_L = Symbol("l", integer=True, positive=True)


def _weight(side: int) -> Any:
    """Return the squared share of the centres on one side times their mean distance."""
    points, sample = IndexedBase("x", real=True), Symbol("x")
    scale, place = Symbol("a1", real=True), Symbol("a2", real=True)
    far = Max(side * (place - scale * points[_J]), 0)
    everywhere = (_J, 1, Size(sample))
    share = Sum(sign(far), everywhere) / Size(sample)
    return [["x", "a1", "a2"], tree(share * Sum(far, everywhere) / Size(sample))]


def _of_group(place: int, names: tuple[str, ...]) -> tuple[list[str], Any]:
    """Return an entry of a group: inner weight, outer weight, bias, copies."""
    net = IndexedBase("net", real=True)
    return list(names), net[4 * Symbol("a1", integer=True, positive=True) - 3 + place]


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
    return {
        "LeftWeight": _weight(1),
        "RightWeight": _weight(-1),
        "Width": [["net"], tree(width)],
        "NetworkValue": [["net", "a1"], tree(ramps / width)],
        "Knot": [["net", "a1"], tree(-own[0] * own[1])],
        **{k: [names, tree(e)] for k, (names, e) in entries.items() if k},
    }
