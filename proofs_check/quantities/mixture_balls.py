"""Rigorous values of the Gaussian mixture's quantities, from their definitions.

Derivatives of the log density come from truncated power series, integrals from rigorous
quadrature; neither uses the tilting identities under test.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from flint import acb, arb, arb_series, ctx, fmpq

from proofs_check.balls import integer_power, to_ball

__all__ = [
    "affine_excess_risk",
    "affine_risk",
    "centre_risk",
    "curvature",
    "density",
    "log_density_series",
    "loss_density",
    "mean",
    "optimal_risk",
    "score",
    "slope",
    "third",
    "variance",
    "variation",
    "variation_left",
    "variation_on",
    "variation_right",
    "weight",
]

Data = Sequence[fmpq]


def _weights(sample: Data, mu: Any, sigma: Any, y: Any) -> list[arb]:
    """Return the posterior weights; exponents are relative to the nearest centre."""
    squares = [integer_power(y - mu * x, 2) for x in sample]
    scale = 2 * sigma**2
    base = squares[_nearest(squares)]
    exponents = [to_ball((base - s) / scale) for s in squares]
    powers = [e.exp() for e in exponents]
    total = sum(powers, arb(0))
    return [p / total for p in powers]


def _nearest(squares: list[Any]) -> int:
    middles = [float(to_ball(s).mid()) for s in squares]
    return middles.index(min(middles))


def weight(sample: Data, mu: Any, sigma: Any, y: Any, index: Any) -> arb:
    """Return alpha_i(y), i counted from 1."""
    return _weights(sample, mu, sigma, y)[int(index) - 1]


def mean(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return E[W(y)]."""
    alpha = _weights(sample, mu, sigma, y)
    return sum((a * to_ball(x) for a, x in zip(alpha, sample, strict=True)), arb(0))


def variance(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return V[W(y)] as a sum over pairs, which has no cancellation."""
    alpha = _weights(sample, mu, sigma, y)
    total = arb(0)
    for i in range(len(sample)):
        for j in range(i):
            total += alpha[i] * alpha[j] * to_ball((sample[i] - sample[j]) ** 2)
    return total


def third(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return E[(W - E W)^3]."""
    alpha = _weights(sample, mu, sigma, y)
    centre = sum((a * to_ball(x) for a, x in zip(alpha, sample, strict=True)), arb(0))
    return sum(
        (a * integer_power(to_ball(x) - centre, 3) for a, x in zip(alpha, sample, strict=True)),
        arb(0),
    )


def log_density_series(sample: Data, mu: Any, sigma: Any, y: Any, *, terms: int) -> arb_series:
    """Return the Taylor coefficients of the log density at y, up to its constant term."""
    squares = [integer_power(y - mu * x, 2) for x in sample]
    base = squares[_nearest(squares)]
    scale = 2 * sigma**2
    before = ctx.cap
    ctx.cap = terms
    try:
        total = arb_series([0])
        for x, square in zip(sample, squares, strict=True):
            # -(y + h - mu x)^2 / 2 sigma^2 as a polynomial in h
            exponent = arb_series(
                [
                    to_ball((base - square) / scale),
                    to_ball(-2 * (y - mu * x) / scale),
                    to_ball(fmpq(-1) / scale),
                ]
            )
            total = total + exponent.exp()
        return total.log()
    finally:
        ctx.cap = before


def density(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return the mixture density at y."""
    return loss_density(sample, mu, sigma, y, None)


def loss_density(sample: Data, mu: Any, sigma: Any, y: Any, value: Any) -> arb:
    """Return the mean over data of the Gaussian density times (value + (y - mu x)/sigma^2)^2."""
    total = arb(0)
    for x in sample:
        term = to_ball(-integer_power(y - mu * x, 2) / (2 * sigma**2)).exp()
        if value is not None:
            term = term * integer_power(value + (y - mu * x) / sigma**2, 2)
        total += term
    return total / len(sample) / ((2 * arb.pi()).sqrt() * to_ball(sigma))


def score(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return the first derivative of the log density."""
    return arb(log_density_series(sample, mu, sigma, y, terms=2)[1])


def slope(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return the second derivative of the log density."""
    return 2 * arb(log_density_series(sample, mu, sigma, y, terms=3)[2])


def curvature(sample: Data, mu: Any, sigma: Any, y: Any) -> arb:
    """Return the third derivative of the log density."""
    return 6 * arb(log_density_series(sample, mu, sigma, y, terms=4)[3])


def optimal_risk(sample: Data, mu: Any, sigma: Any) -> arb:
    """Return R_n of the empirical optimal score."""
    scale = to_ball(mu / sigma**2)

    def residual(index: int) -> Residual:
        deviation = _deviation(sample, mu, sigma, index)
        return lambda z: scale * deviation(z)

    span = to_ball(sample[-1] - sample[0])
    return _expected_square(len(sample), residual, scale * span, arb(0))


def centre_risk(sample: Data, mu: Any, sigma: Any, index: Any) -> arb:
    """Return E (E[W(Y)] - x_i)^2 for Y normal around the i-th centre."""
    place = int(index) - 1
    deviation = _deviation(sample, mu, sigma, place)
    span = to_ball(sample[-1] - sample[0])
    return _expected_square(1, lambda _: deviation, span, arb(0))


def affine_risk(sample: Data, mu: Any, sigma: Any, a: Any, b: Any) -> Any:
    """Return R_n of s(y) = a + b y from the first two moments of the noise."""
    total = fmpq(0)
    for x in sample:
        total = total + (a + b * mu * x) ** 2 + (b * sigma + 1 / sigma) ** 2
    return total / len(sample)


def affine_excess_risk(sample: Data, mu: Any, sigma: Any, a: Any, b: Any) -> arb:
    """Return the mean of (s(Y) - s*(Y))^2 for s(y) = a + b y."""
    scale = to_ball(mu / sigma**2)

    def residual(index: int) -> Residual:
        deviation = _deviation(sample, mu, sigma, index)
        # a + b y - s*(y) at y = mu x + sigma z, with s* = (mu E[W - x] - sigma z) / sigma^2
        constant, linear = to_ball(a + b * mu * sample[index]), to_ball(b * sigma + 1 / sigma)
        return lambda z: constant + linear * z - scale * deviation(z)

    reach = max(abs(mu * sample[0]), abs(mu * sample[-1]))
    span = to_ball(sample[-1] - sample[0])
    bound = to_ball(abs(a) + abs(b) * reach) + scale * span
    return _expected_square(len(sample), residual, bound, to_ball(abs(b) * sigma + 1 / sigma))


Residual = Callable[[acb], acb]


def _deviation(sample: Data, mu: Any, sigma: Any, index: int) -> Residual:
    """Return E[W] - x_index at mu x_index + sigma z as a function of complex z."""
    steps = [to_ball(mu * (x - sample[index]) / sigma) for x in sample]
    halves = [h * h / 2 for h in steps]
    distances = [to_ball(x - sample[index]) for x in sample]

    def deviation(z: acb) -> acb:
        # alpha_j is proportional to exp(h z - h^2/2) with h = mu (x_j - x_i) / sigma
        exponents = [h * z - half for h, half in zip(steps, halves, strict=True)]
        shift = max(float(e.real.mid()) for e in exponents)
        powers = [(e - shift).exp() for e in exponents]
        top = acb(0)
        for p, d in zip(powers, distances, strict=True):
            top += p * d
        return top / sum(powers, acb(0))

    return deviation


def _expected_square(
    size: int, residual: Callable[[int], Residual], constant: arb, growth: arb
) -> arb:
    """Return the mean over data and standard normal z of residual^2.

    The integrand is meromorphic (no branch cuts), so the quadrature's analyticity flag may be
    ignored; the tail beyond ``reach`` is bounded by |residual| <= constant + growth |z|.
    """
    reach = arb(ctx.prec).sqrt().ceil() + 4
    norm = 1 / (2 * arb.pi()).sqrt()
    tolerance = arb(2) ** -(ctx.prec * 5 // 8)
    total = arb(0)
    for index in range(size):
        value = residual(index)

        def integrand(z: acb, _analytic: bool, value: Residual = value) -> acb:
            at = value(z)
            return at * at * (-z * z / 2).exp()

        total += acb.integral(integrand, -acb(reach), acb(reach), rel_tol=tolerance).real * norm
    density = (-(reach * reach) / 2).exp() * norm
    mass = (reach / arb(2).sqrt()).erfc()
    # E[(c + g|z|)^2; |z| > L] = (c^2 + g^2) P + 2 (2 c g + g^2 L) phi(L)
    c, g = constant, growth
    tail = (c * c + g * g) * mass + 2 * (2 * c * g + g * g * reach) * density
    return total / size + arb(0, 1) * tail.upper() / 2 + tail.upper() / 2


def variation(sample: Data, mu: Any, sigma: Any) -> arb:
    """Return the integral of |s*''| over the line.

    Where the sign of s*'' is certain on a cell, the integral is a difference of s*'; other cells
    are halved until they are negligible. Beyond the outermost centres the weights of the other
    data decay geometrically, which bounds the tails. The sign comes from the third cumulant in
    coordinates local to the nearest centre (Lemma 11, itself a claim), where nothing cancels.
    """
    m, s = to_ball(mu), to_ball(sigma)
    gap = min(to_ball(b - a).mid() for a, b in itertools.pairwise(sample))
    reach = 2 * (ctx.prec + 20) * s**2 / (m * gap)
    span = to_ball(sample[-1] - sample[0])
    total = _covered(sample, mu, sigma, _break_points(sample, m, reach))
    # |s''| <= 2 mu^3 (n - 1) span^3 / sigma^6 * exp(-mu gap (y - mu x_n) / sigma^2) beyond x_n
    rate = m * gap / s**2
    tail = 2 * (2 * m**3 * (len(sample) - 1) * span**3 / s**6) / rate * (-rate * reach).exp()
    slack = tail.upper()
    return total + slack / 2 + arb(0, 1) * slack / 2


def variation_on(sample: Data, mu: Any, sigma: Any, lo: Any, hi: Any) -> arb:
    """Return the integral of |s*''| between two points, infinite ones excluded."""
    left, right = to_ball(lo), to_ball(hi)
    if not left < right:
        return arb(0) if isinstance(lo, fmpq) and isinstance(hi, fmpq) else arb.nan()
    inner = [p for p in _break_points(sample, to_ball(mu), arb(1)) if left < p < right]
    # the ends are balls: what lies between a ball's middle and its ends is bounded by the maximum
    loose = (left.rad() + right.rad()) * to_ball(mu) ** 3 / to_ball(sigma) ** 6
    slack = (2 * loose * to_ball(sample[-1] - sample[0]) ** 3).upper()
    total = _covered(sample, mu, sigma, [left.mid(), *inner, right.mid()])
    return total + arb(0, 1) * slack


def variation_right(sample: Data, mu: Any, sigma: Any, start: Any) -> arb:
    """Return the integral of |s*''| from a point to infinity."""
    m, s = to_ball(mu), to_ball(sigma)
    gap = min(to_ball(b - a).mid() for a, b in itertools.pairwise(sample))
    reach = 2 * (ctx.prec + 20) * s**2 / (m * gap)
    edge = m * to_ball(sample[-1])
    begin = to_ball(start)
    end = ((begin if begin > edge else edge) + reach).upper()
    span = to_ball(sample[-1] - sample[0])
    rate = m * gap / s**2
    tail = (2 * m**3 * (len(sample) - 1) * span**3 / s**6) / rate * (-rate * reach).exp()
    slack = tail.upper()
    inner = variation_on(sample, mu, sigma, start, end)
    return inner + slack / 2 + arb(0, 1) * slack / 2


def variation_left(sample: Data, mu: Any, sigma: Any, end: Any) -> arb:
    """Return the integral of |s*''| from minus infinity to a point, by reflection."""
    mirrored = tuple(-x for x in reversed(sample))
    return variation_right(mirrored, mu, sigma, -end)


def _covered(sample: Data, mu: Any, sigma: Any, ends: list[arb]) -> arb:
    """Return the integral of |s*''| over neighbouring cells."""
    m, s = to_ball(mu), to_ball(sigma)
    scale = m**2 * to_ball(sample[-1] - sample[0]) ** 2 / s**4
    total, uncertain = arb(0), arb(0)
    cells = list(itertools.pairwise(ends))
    while cells:
        a, b = cells.pop()
        value = _local_curvature(sample, mu, sigma, a.union(b))
        if value > 0 or value < 0:
            total += abs(slope(sample, mu, sigma, b) - slope(sample, mu, sigma, a))
            continue
        size = abs(value).upper() * (b - a)
        if size < scale * arb(2) ** (-ctx.prec // 2 - 10):
            uncertain += size
            continue
        middle = ((a + b) / 2).mid()
        cells += [(a, middle), (middle, b)]
    slack = uncertain.upper()
    return total + slack / 2 + arb(0, 1) * slack / 2


def _break_points(sample: Data, m: arb, reach: arb) -> list[arb]:
    """Return exact cell ends: far left, centres and midpoints, far right."""
    centres = [(m * to_ball(x)).mid() for x in sample]
    inner = [centres[0]]
    for a, b in itertools.pairwise(centres):
        inner += [((a + b) / 2).mid(), b]
    return [(centres[0] - reach).lower(), *inner, (centres[-1] + reach).upper()]


def _local_curvature(sample: Data, mu: Any, sigma: Any, y: arb) -> arb:
    """Return an enclosure of s*'' on an interval of y."""
    m, s = to_ball(mu), to_ball(sigma)
    distances = [abs(float((y - m * to_ball(x)).mid())) for x in sample]
    near = distances.index(min(distances))
    steps = [to_ball(x - sample[near]) for x in sample]
    powers = []
    for x, step in zip(sample, steps, strict=True):
        exponent = m * step * (2 * y - m * to_ball(x + sample[near])) / (2 * s**2)
        powers.append(exponent.exp())
    total = sum(powers, arb(0))
    alpha = [p / total for p in powers]
    first = sum((a * d for a, d in zip(alpha, steps, strict=True)), arb(0))
    second = sum((a * d**2 for a, d in zip(alpha, steps, strict=True)), arb(0))
    third_raw = sum((a * d**3 for a, d in zip(alpha, steps, strict=True)), arb(0))
    cumulant: arb = third_raw - 3 * first * second + 2 * integer_power(first, 3)
    if not cumulant.is_finite():
        return to_ball(0) + arb(0, 1) * (m**3 / s**6 * (steps[-1] - steps[0]) ** 3).upper()
    result: arb = m**3 / s**6 * cumulant
    return result
