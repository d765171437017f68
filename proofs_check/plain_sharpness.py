"""Definitions, as formulas, of a network's sharpness and of what the paper takes it apart into.

Copies of a neuron are written out, and moments of two neurons come from the interval on which both
are active: neither is how the evaluators do it.
"""

from typing import Any

from sympy import Abs, Expr, IndexedBase, Max, Min, Sum, Symbol, erf, exp, pi, sqrt
from sympy import sign as sign_of

from proofs_check.functionals import Size
from proofs_check.serialised import tree

__all__ = ["sharpness_definitions"]

Tree = Any
X, NET = IndexedBase("x", real=True), IndexedBase("net", real=True)
SCALE, NOISE = Symbol("a1", real=True), Symbol("a2", positive=True)
CENTRE, LOW, HIGH = (Symbol(s, real=True) for s in ("centre", "low", "high"))
ROWS = Symbol("r", integer=True, positive=True), Symbol("s", integer=True, positive=True)
GROUPS = Symbol("g", integer=True, positive=True), Symbol("h", integer=True, positive=True)
J, K = Symbol("j", integer=True, positive=True), Symbol("k", integer=True, positive=True)
WIDTH = Symbol("width", integer=True, positive=True)
GRID = 500
"""Points of the notebook's grid."""


def let(body: Tree, **values: Tree) -> Tree:
    """Return a formula in which names stand for values, the last of them outermost."""
    for name, value in values.items():
        body = ["let", body, name, value]
    return body


def plus(*parts: Tree) -> Tree:
    """Return a sum of formulas."""
    return ["add", *parts]


def times(*parts: Tree) -> Tree:
    """Return a product of formulas."""
    return ["mul", *parts]


def _groups() -> Expr:
    from proofs_check.quantities.network_risk import Groups

    result: Expr = Groups(Symbol("net"))
    return result


def _with_width(body: Tree) -> Tree:
    return let(body, width=tree(Sum(NET[4 * J], (J, 1, _groups()))))


def _group_of(neuron: Tree) -> Tree:
    """Return the group of the i-th neuron, copies written out."""
    below = ["add", neuron, ["mul", "-1", tree(Sum(NET[4 * K], (K, 1, J)))]]
    return plus("1", ["sum", ["sign", ["max", below, "0"]], "j", "1", tree(_groups())])


def _is_bias(row: Expr) -> Expr:
    """Return 1 for the biases, which come after the outer weights, and 0 for these."""
    flag: Expr = sign_of(Max(row - WIDTH, 0))
    return flag


def _equal(a: Expr, b: Expr) -> Expr:
    same: Expr = 1 - sign_of(Abs(a - b))
    return same


def _neuron(group: Expr) -> tuple[Expr, Expr, Expr]:
    """Return inner weight, outer weight and bias."""
    inner, outer, bias = (NET[4 * group - 3 + place] for place in range(3))
    return inner, outer, bias


Line = tuple[Expr, Expr]
"""Constant and slope in the noise z of a function that is straight where a neuron is active."""


def _mean_product(lines: tuple[Line, Line], inners: tuple[Expr, Expr], knots: Any) -> Tree:
    """Return E[(a + b z) (a' + b' z)] over the z where both neurons are active, Y = c + sigma z."""
    (one, two), (first, last) = inners, knots
    both, neither = (1 + one) * (1 + two) / 4, (1 - one) * (1 - two) / 4
    low = both * Max(first, last)
    low += (1 + one) * (1 - two) / 4 * first + (1 - one) * (1 + two) / 4 * last
    high = neither * Min(first, last) + (1 - both - neither) * Max(first, last)
    has_low, has_high = 1 - neither, 1 - both
    bells = [end * exp(-(z**2) / 2) / sqrt(2 * pi) for end, z in ((has_low, LOW), (has_high, HIGH))]
    mass = both + has_high * (1 + erf(HIGH / sqrt(2))) / 2 - has_low * (1 + erf(LOW / sqrt(2))) / 2
    (a, b), (c, d) = lines
    slope = bells[0] - bells[1]
    square = LOW * bells[0] - HIGH * bells[1]
    mean = (a * c + b * d) * mass + (a * d + b * c) * slope + b * d * square
    ends = [tree((end - CENTRE) / NOISE) for end in (low, high)]
    return let(tree(mean), low=ends[0], high=ends[1])


def _over_data(body: Tree) -> Tree:
    """Return the mean over the centres of the noisy data."""
    size = tree(Size(Symbol("x")))
    at_centre = let(body, centre=tree(SCALE * X[J]))
    return times(["sum", at_centre, "j", "1", size], ["pow", size, "-1"])


def _ramp(inner: Expr, knot: Expr) -> Line:
    return inner * (CENTRE - knot), inner * NOISE


def _for_rows(body: Tree) -> Tree:
    """Return a formula in rows r and s, with the groups g and h of their neurons."""
    places = {
        name: _group_of(tree(row - WIDTH * _is_bias(row)))
        for name, row in zip(("g", "h"), ROWS, strict=True)
    }
    return let(body, **places)


def _tangent(flags: list[Expr]) -> Tree:
    """Return E[d_r s d_s s]; each row is an outer weight or, with flag 1, a bias of a neuron."""
    lines, inners, knots = [], [], []
    for of_bias, group in zip(flags, GROUPS, strict=True):
        inner, outer, bias = _neuron(group)
        ramp = _ramp(inner, -inner * bias)
        lines.append(((1 - of_bias) * ramp[0] + of_bias * outer, (1 - of_bias) * ramp[1]))
        inners.append(inner)
        knots.append(-inner * bias)
    mean = _mean_product((lines[0], lines[1]), (inners[0], inners[1]), knots)
    return times(_over_data(mean), tree(WIDTH**-2))


def _tangent_top() -> Tree:
    """Return the top of E[grad s grad s^T], which only acts on sums over the copies of a neuron."""
    count = tree(_groups())
    flags = [sign_of(Max(row - _groups(), 0)) for row in ROWS]
    places = [tree(row - _groups() * flag) for row, flag in zip(ROWS, flags, strict=True)]
    copies = tree(sqrt(NET[4 * GROUPS[0]] * NET[4 * GROUPS[1]]))
    entry = let(times(copies, _tangent(flags)), g=places[0], h=places[1])
    return ["top", entry, "r", "s", ["mul", "2", count]]


def _same_neuron() -> Expr:
    """Return 1 for an outer weight and the bias of one neuron."""
    result: Expr = _equal(Abs(ROWS[0] - ROWS[1]), WIDTH)
    return result


def _cross() -> Tree:
    """Return (2/m) E[f 1_l] for the outer weight and the bias of neuron l, else nothing."""
    inner, _, bias = _neuron(GROUPS[0])
    other, outer, shift = _neuron(K)
    knot = -inner * bias
    lines = _ramp(other, -other * shift), (Symbol("one"), Symbol("none"))
    ramps = _mean_product(lines, (other, inner), (-other * shift, knot))
    network = ["sum", times(tree(NET[4 * K] * outer / WIDTH), ramps), "k", "1", tree(_groups())]
    noise = inner * exp(-(((knot - CENTRE) / NOISE) ** 2) / 2) / sqrt(2 * pi) / NOISE
    mean = _over_data(let(plus(network, tree(noise)), one="1", none="0"))
    # a sum over nothing where the entry is zero
    once = ["sum", mean, "u", "1", tree(_same_neuron())]
    return times("2", tree(WIDTH**-1), once)


def _part() -> Tree:
    """Return an entry of the first two terms of eq. 15."""
    return _for_rows(plus(times("2", _tangent([_is_bias(row) for row in ROWS])), _cross()))


def _knot() -> Tree:
    """Return (2/m) w E[f delta] at its own knot, for the bias of a neuron, else nothing.

    relu(w1 y + b) bends by one over b^2 at the knot, upwards for either inner weight.
    """
    inner, outer, bias = _neuron(GROUPS[0])
    knot = -inner * bias
    ramps = NET[4 * K] * NET[4 * K - 2] * Max(NET[4 * K - 3] * knot + NET[4 * K - 1], 0)
    misfit = Sum(ramps, (K, 1, _groups())) / WIDTH + (knot - CENTRE) / NOISE**2
    bell = exp(-(((knot - CENTRE) / NOISE) ** 2) / 2) / sqrt(2 * pi) / NOISE
    own = _equal(ROWS[0], ROWS[1]) * _is_bias(ROWS[0])
    return times("2", tree(own * outer / WIDTH), _over_data(tree(misfit * bell)))


def _hessian() -> Tree:
    """Return an entry of the Hessian of the risk: 2 E[grad s grad s] + 2 E[f Hessian of s]."""
    return plus(_part(), _for_rows(_knot()))


def _on_grid() -> Tree:
    """Return an entry of the Hessian of the risk on the notebook's grid, without its knots."""
    place = -2 + 4 * (J - 1) / (GRID - 1)
    slopes = []
    for row, group in zip(ROWS, GROUPS, strict=True):
        inner, outer, bias = _neuron(group)
        ramp = Max(inner * place + bias, 0)
        slopes.append((1 - _is_bias(row)) * ramp + _is_bias(row) * outer * sign_of(ramp))
    inner, outer, bias = _neuron(K)
    ramps = Sum(NET[4 * K] * outer * Max(inner * place + bias, 0), (K, 1, _groups())) / WIDTH
    pulls = [
        Sum(f * exp(-((place - SCALE * X[K]) ** 2) / (2 * NOISE**2)), (K, 1, Size(Symbol("x"))))
        for f in (1, (SCALE * X[K] - place) / NOISE**2)
    ]
    inner, _, bias = _neuron(GROUPS[0])
    bend = (ramps - pulls[1] / pulls[0]) * sign_of(Max(inner * place + bias, 0)) / WIDTH
    curved = ["sum", tree(bend), "u", "1", tree(_same_neuron())]
    point = times(
        tree(2 * exp(-(place**2) / 2) / GRID), plus(tree(slopes[0] * slopes[1] / WIDTH**2), curved)
    )
    return _for_rows(["sum", point, "j", "1", str(GRID)])


def _step_gradient() -> Tree:
    """Return E |sum over data of the gradient|^2 / n^2, one noise for all data."""
    inner, outer, bias = _neuron(K)
    points = (J, Symbol("i", integer=True, positive=True))
    knots = [-inner * bias - SCALE * X[p] for p in points]
    ramps = _ramp(inner, knots[0]), _ramp(inner, knots[1])
    steps = (outer, Symbol("none")), (outer, Symbol("none"))
    inners = inner, inner
    mean = plus(_mean_product(ramps, inners, knots), _mean_product(steps, inners, knots))
    size = tree(Size(Symbol("x")))
    total = times(tree(NET[4 * K]), ["sum", ["sum", mean, "j", "1", size], "i", "1", size])
    total = let(["sum", total, "k", "1", tree(_groups())], centre="0", none="0")
    return times(total, ["pow", ["mul", "width", size], "-2"])


def sharpness_definitions() -> dict[str, Tree]:
    """Return parameters and formula by the name of the functional."""
    four = ["x", "a1", "a2", "net"]

    def top(entry: Tree) -> Tree:
        return [four, _with_width(["top", entry, "r", "s", ["mul", "2", "width"]])]

    rows = [*four, "r", "s"]
    # as printed, with the factor -w1 that does not belong there
    printed = tree(1 - Symbol("signed") * (1 + _neuron(GROUPS[0])[0]))
    return {
        "HessianEntry": [[*rows, "side"], _with_width(_hessian())],
        "HessianPart": [rows, _with_width(_part())],
        "KnotPart": [[*rows, "signed"], _with_width(_for_rows(times(_knot(), printed)))],
        "HessianTop": top(_hessian()),
        "TruncatedTop": top(_part()),
        "TangentTop": [four, _with_width(_tangent_top())],
        "NotebookTop": top(_on_grid()),
        "StepGradientSquare": [four, _with_width(_step_gradient())],
    }
