"""Definitions, as formulas, of what samplers with a linear score generate, and of mean divergences.

Recursions are the papers' own steps; means over training sets are integrals with an explicit bound
of what lies beyond their ends, or series with a bound of what follows.
"""

from typing import Any

from sympy import Expr, Function, Integer, Rational, S, Sum, Symbol, exp, ff, log, pi, sign, sqrt

from proofs_check.functionals import Functional
from proofs_check.plain_sharpness import let, plus, times
from proofs_check.serialised import tree

__all__ = ["sampling_call", "sampling_definitions"]

Tree = Any
K = Symbol("k", integer=True, positive=True)
ROOT = Symbol("u", positive=True)
"""The root of the fitted variance in units of its mean, over which means are taken."""
FAR = 36
"""The square of where they end."""
INVERSE = Function("c")(ROOT)


def _slots(count: int) -> list[Expr]:
    return [Symbol(f"a{k}", real=True) for k in range(count)]


def _clock() -> tuple[Expr, Expr, Expr, Expr]:
    """Return step length, time, mean scale and variance of noised data N(., v) before step k."""
    data, _, rate, end, steps = _slots(5)
    length = (1 - end) / steps
    now = 1 - (K - 1) * length
    mean = exp(-rate * now)
    return length, now, mean, data * mean**2 + 1 - exp(-2 * now)


def _reverse_variance() -> Tree:
    """Return the variance that x + h (x + 2 s(x)) + sqrt(2 h) z leaves, step by step."""
    _, _, _, _, steps, last = _slots(6)
    length, _, _, noised = _clock()
    spread = Symbol("spread", real=True)
    silent = (1 - last) * (1 - sign(steps - K))
    step = (1 + length * (1 - 2 / noised)) ** 2 * spread + 2 * length * (1 - silent)
    return ["fold", tree(step), "spread", "a1", "k", "1", "a4"]


def _reverse_mean() -> Tree:
    """Return the mean that the same steps leave, for data of mean 1."""
    length, _, mean, noised = _clock()
    place = Symbol("place", real=True)
    score = -(place - mean) / noised
    return ["fold", tree(place + length * (place + 2 * score)), "place", "a1", "k", "1", "a4"]


def _mean_time() -> Tree:
    first, count, power = _slots(3)
    now = first + (1 - first) * (K - 1) / (count - 1)
    weight = (1 - exp(-2 * now)) ** (power / 2)
    return tree(Sum(weight * now, (K, 1, count)) / Sum(weight, (K, 1, count)))


def _grid_mass() -> Tree:
    (end,) = _slots(1)
    place = end * (2 * (K - 1) / Integer(499) - 1)
    return tree(Sum(exp(-(place**2) / 2), (K, 1, 500)) / 500)


def _by_cells(body: Tree, bend: Tree, name: str, end: Tree, cells: int) -> Tree:
    """Return the integral of a function from 0 to an end, ``bend`` being f''/24.

    Each cell gives its length times f in the middle, plus length^3 / 24 times some f'' in it.
    """
    length, cell = Symbol("length", positive=True), Symbol("cell", integer=True, positive=True)
    ends = [tree((cell - shift) * length) for shift in (1, 0)]
    middle = let(body, **{name: tree((cell - Rational(1, 2)) * length)})
    around = let(bend, **{name: ["between", *ends]})
    each = plus(times("length", middle), times(["pow", "length", "3"], around))
    width = times(end, str(Rational(1, cells)))
    return let(["sum", each, "cell", "1", str(cells)], length=width)


def _mixture_floor() -> Tree:
    """Return the integral of p log(p/q), p two Gaussians at -a0 and a0, q one of their moments.

    It is twice that over x > 0. Beyond a0 + 12 it is at most 8 (1 + 3 a0^2 / 2) (1 + 2 a0^2) e^-36:
    |log(p/q)| is at most (1 + 3 a0^2 / 2) (1 + x^2), and e^(z^2 / 4) >= e^36 for z = x - a0.
    """
    (half,) = _slots(1)
    x = Symbol("v", real=True)
    other = exp(-2 * half * x)
    mass = exp(-((x - half) ** 2) / 2) * (1 + other) / sqrt(2 * pi)
    square = 1 + half**2
    gap = -((x - half) ** 2) / 2 + log((1 + other) / 2) + x**2 / (2 * square) + log(square) / 2
    bend = tree((gap * mass).diff(x, 2) / 24)
    inside = _by_cells(tree(gap * mass), bend, "v", tree(half + 12), 400)
    rest = 8 * (1 + Rational(3, 2) * half**2) * (1 + 2 * half**2) * exp(-36)
    return plus(inside, ["between", tree(-rest), tree(rest)])


def _gain() -> tuple[Expr, Expr, Expr]:
    """Return gain, offset and added variance of step k; c is one over the noised variance."""
    _, steps, _, scale, end = _slots(5)
    length = end / steps
    pull = 2 * scale * length * INVERSE
    return 1 + length - pull, pull * exp(-(end - (K - 1) * length)), 2 * scale * length


def _step() -> Tree:
    """Return variance V and mean factor M after step k with two derivatives each in u."""
    _, steps, _, scale, end = _slots(5)
    high = exp(-(end - (K - 1) * end / steps))
    gain, offset, fresh = _gain()
    inverse = _jet("c")
    bind = dict(zip((INVERSE, INVERSE.diff(ROOT), INVERSE.diff(ROOT, 2)), inverse, strict=True))
    values: dict[str, Tree] = {}
    for name, part in (("g", gain), ("o", offset)):
        values |= {f"{name}{k}": tree(_plain(part.diff(ROOT, k), bind)) for k in range(3)}
    values["c2"] = tree(-2 * high**2 * inverse[0] * (inverse[0] + 2 * ROOT * inverse[1]))
    values["c1"] = tree(-2 * high**2 * ROOT * inverse[0] ** 2)
    values["c0"] = tree(1 / (high**2 * ROOT**2 + scale * (1 - high**2)))
    g, o, v, m = (_jet(name) for name in "govm")
    after = [
        g[0] ** 2 * v[0] + fresh,
        2 * g[0] * g[1] * v[0] + g[0] ** 2 * v[1],
        2 * (g[1] ** 2 + g[0] * g[2]) * v[0] + 4 * g[0] * g[1] * v[1] + g[0] ** 2 * v[2],
        g[0] * m[0] + o[0],
        g[1] * m[0] + g[0] * m[1] + o[1],
        g[2] * m[0] + 2 * g[1] * m[1] + g[0] * m[2] + o[2],
    ]
    return _from_state(let(["tuple", *map(tree, after)], **values))


def _jet(name: str) -> list[Expr]:
    return [Symbol(f"{name}{k}", real=True) for k in range(3)]


def _plain(expr: Expr, bind: dict[Expr, Expr]) -> Expr:
    """Return an expression with symbols for functions of u, the last first."""
    for old in reversed(bind):
        expr = expr.subs(old, bind[old])
    return expr


def _from_state(body: Tree) -> Tree:
    places = {f"{name}{k}": 1 + k + 3 * (name == "m") for name in "vm" for k in range(3)}
    return let(body, **{name: ["item", "state", str(place)] for name, place in places.items()})


def _step_kl() -> Tree:
    """Return the mean over w = chi^2_m / m of (V + M^2/(m + 1) - 1 - log V) / 2.

    V and M are what K Euler-Maruyama steps make of the variance of the noised data and of the
    sample's mean; the root u of w is the variable, up to 6.
    """
    _, _, degrees, scale, end = _slots(5)
    w, spread, mean = ROOT**2, Function("V")(ROOT), Function("M")(ROOT)
    value: Expr = spread + mean**2 / (degrees + 1) - 1 - log(spread)
    # a power of its own, whose derivatives have no pole at zero
    power = Function("P")(ROOT)
    density = power * exp(-degrees * w / 2) * (degrees / 2) ** (degrees / 2)
    named = (spread, "v"), (mean, "m"), (power, "p")
    bind = {f.diff(ROOT, k): _jet(n)[k] for f, n in named for k in range(3)}
    powers = {f"p{k}": tree(ff(degrees - 1, k) * ROOT ** (degrees - 1 - k)) for k in range(3)}
    noised = exp(-2 * end) * w + scale * (1 - exp(-2 * end))
    start = [noised, noised.diff(ROOT), noised.diff(ROOT, 2), exp(-end), S.Zero, S.Zero]
    chain = ["fold", _step(), "state", ["tuple", *map(tree, start)], "k", "1", "a1"]
    both = [
        let(_from_state(tree(_plain((value * density).diff(ROOT, k), bind))), state=chain, **powers)
        for k in (0, 2)
    ]
    inside = times(
        _by_cells(both[0], times("1/24", both[1]), "u", "6", 60),
        ["pow", ["gamma", ["mul", "1/2", "a2"]], "-1"],
    )
    rest = tree(_growth() * 2 ** (degrees / 2 + 1) * exp(-degrees * FAR / 4))
    return plus(inside, ["between", times("-1", rest), rest])


def _growth() -> Expr:
    """Return b such that the terms of `_step_kl` are at most b w for w > 1.

    The mean of w above R is at most 2^(m/2 + 1) e^(-m R / 4), from E[w e^(m (w - R) / 4)]. With
    c = min(1, lambda) <= clock the gains are at most G = 1 + h + 2 lambda h/c, 2 lambda h <= V
    <= G^(2K) (1 + lambda + 2 lambda T) w, |M| <= G^K (1 + 2 lambda T / c).
    """
    _, steps, _, scale, end = _slots(5)
    length = end / steps
    least = scale / (1 + scale)
    gain = 1 + length + 2 * scale * length / least
    spread = gain ** (2 * steps) * (1 + scale + 2 * scale * end)
    mean = gain ** (2 * steps) * (1 + 2 * scale * end / least) ** 2
    result: Expr = 2 * spread + mean + 1 + 1 / (2 * scale * length)
    return result


def sampling_call(call: Functional) -> Tree | None:
    """Return parameters and formula of a functional that one of its arguments chooses.

    Only Euler-Maruyama steps for any size of the sample: claims on one size compare up to 40
    steps or all three schemes, over which the derivatives take minutes.
    """
    if type(call).__name__ != "MeanStepKL" or call.args[0] != 1 or call.args[2].is_number:
        return None
    return [[f"a{k}" for k in range(5)], _step_kl()]


def sampling_definitions() -> dict[str, Tree]:
    """Return parameters and formula by the name of the functional."""
    bodies = {
        "ReverseVariance": (6, _reverse_variance()),
        "ReverseMean": (5, _reverse_mean()),
        "MeanTime": (3, _mean_time()),
        "GridMass": (1, _grid_mass()),
        "MixtureFloor": (1, _mixture_floor()),
    }
    return {name: [[f"a{k}" for k in range(n)], body] for name, (n, body) in bodies.items()}
