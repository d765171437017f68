"""Rigorous divergences of two Gaussian laws, from the densities.

A law is given by its mean and the lower triangular factor L of its covariance LL^T, row by row.
Variables are integrated out one after the other; the last integral is a certified quadrature over
the line with a bounded tail. No determinant of a matrix and no closed form of a divergence is used.
"""

from collections.abc import Sequence
from typing import Any

from flint import acb, acb_mat, arb, arb_mat, ctx

from proofs_check.balls import to_ball

__all__ = [
    "affinity",
    "bures",
    "kl",
    "kl_line",
    "quadratic_integral",
    "renyi",
    "renyi_pivots",
    "squared_l2",
]

Vector = Sequence[Any]
Rows = list[list[Any]]


def factor_rows(entries: Vector) -> Rows:
    """Return the rows of a lower triangular matrix from its entries."""
    rows: Rows = []
    start = 0
    while start < len(entries):
        rows.append(list(entries[start : start + len(rows) + 1]))
        start += len(rows)
    return rows


def _inverse(rows: Rows) -> Rows:
    """Return the full inverse of a lower triangular matrix by forward substitution."""
    d = len(rows)
    inverse: Rows = [[0] * d for _ in range(d)]
    for column in range(d):
        for i in range(column, d):
            known = sum(rows[i][k] * inverse[k][column] for k in range(column, i))
            inverse[i][column] = ((1 if i == column else 0) - known) / rows[i][i]
    return inverse


def _log_density(mean: Vector, entries: Vector) -> tuple[Rows, list[Any], Any]:
    """Return P, b, c with log density = -x^T P x + b^T x + c."""
    rows = factor_rows(entries)
    d = len(rows)
    inverse = _inverse(rows)
    half: Rows = [
        [sum(inverse[k][i] * inverse[k][j] for k in range(d)) / 2 for j in range(d)]
        for i in range(d)
    ]
    moved = [sum(half[i][j] * mean[j] for j in range(d)) for i in range(d)]
    constant = -to_ball(sum(m * v for m, v in zip(mean, moved, strict=True)))
    constant -= arb(d) * (2 * arb.pi()).log() / 2
    for k in range(d):
        constant -= to_ball(rows[k][k]).log()
    return half, [2 * v for v in moved], constant


def line_integral(square: Any, linear: Any, constant: Any) -> arb:
    """Return the integral of exp(-A x^2 + B x + C), A > 0, by quadrature and a bounded tail."""
    a, b, c = to_ball(square), to_ball(linear), to_ball(constant)
    if not a > 0:
        return arb.nan()
    # moved to the middle of the peak, so that the work does not depend on the parameters
    centre = (b / (2 * a)).mid()
    b, c = b - 2 * a * centre, c + b * centre - a * centre * centre
    reach = (2 * abs(b) / a + (arb(2 * ctx.prec + 32) / a).sqrt()).upper()

    def integrand(x: acb, _: bool) -> acb:
        # entire: no branch cut to be told about
        return (-a * x * x + b * x + c).exp()

    inner = acb.integral(integrand, -acb(reach), acb(reach)).real
    # beyond reach >= 2 |B| / A the exponent is at most C - A x^2 / 2
    tail = c.exp() * (2 * arb.pi() / a).sqrt() * (reach * (a / 2).sqrt()).erfc()
    slack = tail.upper() / 2
    return inner + slack + arb(0, 1) * slack


def _eliminated(square: Rows, linear: list[Any], constant: Any) -> tuple[list[Any], Any, Any]:
    """Integrate all variables but the first out; return pivots, linear and constant term."""
    rows = [list(row) for row in square]
    line = list(linear)
    pivots = []
    for k in range(len(rows) - 1, 0, -1):
        pivot = rows[k][k]
        pivots.append(pivot)
        constant = constant + line[k] * line[k] / (4 * pivot)
        line = [line[i] - line[k] * rows[i][k] / pivot for i in range(k)]
        rows = [[rows[i][j] - rows[i][k] * rows[k][j] / pivot for j in range(k)] for i in range(k)]
    return [*pivots, rows[0][0]], line[0], constant


def quadratic_integral(square: Rows, linear: list[Any], constant: Any) -> arb:
    """Return the integral of exp(-x^T P x + b^T x + c) over the whole space."""
    pivots, line, rest = _eliminated(square, linear, constant)
    total = to_ball(rest)
    for pivot in pivots[:-1]:
        ball = to_ball(pivot)
        if not ball > 0:
            return arb.nan()
        total += (arb.pi() / ball).log() / 2
    return line_integral(pivots[-1], line, total)


def _blended(
    delta: Vector, first: Vector, second: Vector, weights: tuple[Any, Any]
) -> tuple[Rows, list[Any], Any]:
    """Return the exponent of a product of powers of the two densities."""
    origin = [0] * len(delta)
    p1, b1, c1 = _log_density(delta, first)
    p2, b2, c2 = _log_density(origin, second)
    w1, w2 = weights
    d = len(delta)
    square = [[w1 * p1[i][j] + w2 * p2[i][j] for j in range(d)] for i in range(d)]
    return square, [w1 * b1[i] + w2 * b2[i] for i in range(d)], w1 * c1 + w2 * c2


def affinity(delta: Vector, first: Vector, second: Vector) -> arb:
    """Return the integral of the geometric mean of two densities."""
    half = arb(1) / 2
    return quadratic_integral(*_blended(delta, first, second, (half, half)))


def renyi(delta: Vector, first: Vector, second: Vector, order: Any) -> arb:
    """Return the integral of a power mean of two densities; NaN where it diverges."""
    return quadratic_integral(*_blended(delta, first, second, (order, 1 - order)))


def renyi_pivots(first: Vector, second: Vector, order: Any) -> list[Any]:
    """Return the numbers that must all be positive for the Rényi integral to converge."""
    origin = [0] * len(factor_rows(first))
    square, linear, constant = _blended(origin, first, second, (order, 1 - order))
    return _eliminated(square, linear, constant)[0]


def squared_l2(delta: Vector, first: Vector, second: Vector) -> arb:
    """Return the integral of the squared difference of two densities."""
    total = arb(0)
    for weights, factor in (((2, 0), 1), ((1, 1), -2), ((0, 2), 1)):
        total += factor * quadratic_integral(*_blended(delta, first, second, weights))
    return total


def kl_line(delta: Any, first: Any, second: Any) -> arb:
    """Return the divergence on the line by quadrature of the log ratio under the first law."""
    shift, s1, s2 = to_ball(delta), to_ball(first), to_ball(second)
    reach = (2 * arb(ctx.prec + 24)).sqrt().upper()
    norm = 1 / (2 * arb.pi()).sqrt()
    logs = s2.log() - s1.log()
    # log ratio at x = delta + s1 z: c0 + c1 z + c2 z^2
    c0 = logs + shift * shift / (2 * s2 * s2)
    c1, c2 = shift * s1 / (s2 * s2), s1 * s1 / (2 * s2 * s2) - arb(1) / 2

    def integrand(z: acb, _: bool) -> acb:
        return (c0 + c1 * z + c2 * z * z) * (-z * z / 2).exp()

    inner = acb.integral(integrand, -acb(reach), acb(reach)).real * norm
    density = (-(reach * reach) / 2).exp() * norm
    mass = (reach / arb(2).sqrt()).erfc()
    tail = abs(c0) * mass + 2 * abs(c1) * density + abs(c2) * (2 * reach * density + mass)
    return inner + arb(0, 1) * tail.upper()


def kl(delta: Vector, first: Vector, second: Vector) -> arb:
    """Return the divergence of the first law from the second by the chain rule.

    In each coordinate, given the ones before, both laws are Gaussian with constant variance; the
    gap of their conditional means is affine in the noise of the first law.
    """
    rows_1, inverse_2, rows_2 = (
        factor_rows(first),
        _inverse(factor_rows(second)),
        factor_rows(second),
    )
    d = len(rows_1)
    if d == 1:
        return kl_line(delta[0], rows_1[0][0], rows_2[0][0])
    total = arb(0)
    for k in range(d):
        # the k-th white coordinate of the second law, as an affine function of the first's noise
        shift = sum(inverse_2[k][j] * delta[j] for j in range(k + 1))
        loads = [sum(inverse_2[k][j] * rows_1[j][i] for j in range(i, k + 1)) for i in range(k + 1)]
        own = to_ball(loads[k])
        mean_square = shift * shift + sum(load * load for load in loads[:k])
        total += (own * own - 1 + to_ball(mean_square)) / 2 - own.log()
    return total


def bures(delta: Vector, first: Vector, second: Vector) -> arb:
    """Return the squared 2-Wasserstein distance from certified eigenvalues."""
    rows_1, rows_2 = factor_rows(first), factor_rows(second)
    d = len(rows_1)
    total = to_ball(sum(v * v for v in delta))
    for rows in (rows_1, rows_2):
        total += to_ball(sum(v * v for row in rows for v in row))
    if d == 1:
        gap = to_ball(rows_1[0][0]) - to_ball(rows_2[0][0])
        return gap * gap + to_ball(delta[0] * delta[0])
    full = [
        arb_mat(d, d, [r[j] if j < len(r) else 0 for r in rows for j in range(d)])
        for rows in (rows_1, rows_2)
    ]
    cross = full[0].transpose() * full[1]
    roots = arb(0)
    for value in acb_mat(cross.transpose() * cross).eig(multiple=True):
        roots += value.real.sqrt()
    squared: arb = total - 2 * roots
    return squared
