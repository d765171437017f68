"""Rigorous largest eigenvalues of the Hessian of a network's risk and of its parts.

Float64 only proposes eigenvectors: a Rayleigh quotient in balls bounds a largest eigenvalue from
below, a Cholesky factorisation of ``c I - M`` in balls from above. Equal neurons are one row:
symmetric combinations of copies carry the tangent part, the others only see the copy's own block.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from proofs_check.balls import to_ball
from proofs_check.quantities.network_balls import (
    Neuron,
    neurons_of,
    pair_moments,
    residual,
    tails,
    width_of,
)

__all__ = [
    "Parts",
    "cross_entry",
    "cross_share",
    "hessian_top",
    "knot_share",
    "largest_eigenvalue",
    "parts_of",
    "tangent_top",
    "truncated_top",
]

Rows = list[list[arb]]


@dataclass(frozen=True)
class Parts:
    """E[grad s grad s^T] on combinations of copies; E[f 1_l] 2/m and the knot entries per group."""

    tangent: Rows
    cross: list[arb]
    knots: list[arb]
    copies: list[int]

    def total(self, *, with_knots: bool = True) -> Rows:
        """Return the Hessian on symmetric combinations of copies."""
        size = len(self.cross)
        rows = [[2 * v for v in row] for row in self.tangent]
        for k in range(size):
            rows[k][size + k] += self.cross[k]
            rows[size + k][k] += self.cross[k]
            if with_knots:
                rows[size + k][size + k] += self.knots[k]
        return rows


def parts_of(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    *,
    merged: bool = True,
) -> Parts:
    """Return the parts of the Hessian from the moments of pairs of neurons."""
    neurons = neurons_of(value, merged=merged)
    width, size = width_of(neurons), len(neurons)
    tangent = [[arb(0)] * (2 * size) for _ in range(2 * size)]
    cross, knots = [arb(0)] * size, [arb(0)] * size
    for centre in (mu * x for x in sample):
        at = [tails(p.knot, centre, sigma) for p in neurons]
        for k, p in enumerate(neurons):
            # E[(Y - c) 1{active}] = +- sigma^2 density at the knot
            active = p.inner * at[k].density
            for j, q in enumerate(neurons):
                both = pair_moments(q, p, at[j], at[k], lambda a, b: bool(a < b))
                scale = (arb(p.copies) * q.copies).sqrt() / width**2 / len(sample)
                wp, wq = to_ball(p.outer), to_ball(q.outer)
                tangent[j][k] += both.ramps * scale
                tangent[j][size + k] += both.ramp_step * wp * scale
                tangent[size + j][k] += both.step_ramp * wq * scale
                tangent[size + j][size + k] += both.steps * wp * wq * scale
                active += both.ramp_step * wq * q.copies / width
            cross[k] += 2 * active / width / len(sample)
            at_knot = to_ball(residual(value, centre, sigma, p.knot))
            knots[k] += 2 * to_ball(p.outer) * at_knot * at[k].density / width / len(sample)
    return Parts(tangent, cross, knots, [p.copies for p in neurons])


def largest_eigenvalue(rows: Rows) -> arb:
    """Return a ball that holds the largest eigenvalue of a symmetric matrix of balls.

    Examples
    --------
    >>> top = largest_eigenvalue([[arb(2), arb(1)], [arb(1), arb(2)]])
    >>> abs(top - 3) < arb("1e-6")
    True
    """
    size = len(rows)
    # in balls: entries far below the smallest float are not zero
    scale = arb(0)
    for v in (v for row in rows for v in row):
        scale = scale.max(abs(v).upper())
    if not scale.is_finite():
        return arb.nan()
    if scale == 0:
        return arb(0)
    vector = _near_top(rows)
    low = _rayleigh(rows, vector)
    step = scale * arb(2) ** (-(ctx.prec // 2))
    limit = scale * size * 2
    while step < limit:
        high = (low + step).upper()
        if _positive_definite(rows, high):
            return arb(low.lower()).union(arb(high))
        step *= 16
    return arb(low.lower()).union(limit)


def _near_top(rows: Rows) -> list[arb]:
    """Return a vector close to the top eigenvector, refined by inverse iteration."""
    size = len(rows)
    scale = max(abs(v).mid() for row in rows for v in row)
    if scale == 0:
        return [arb(1), *[arb(0)] * (size - 1)]
    plain = np.array([[float((v / scale).mid()) for v in row] for row in rows])
    vector = [arb(float(v)) for v in np.linalg.eigh(plain)[1][:, -1]]
    for _ in range(ctx.prec // 48 - 1):
        shift = (_rayleigh(rows, vector) + scale * arb(2) ** -40).mid()
        moved = arb_mat(
            [
                [(v - (shift if k == j else 0)).mid() for j, v in enumerate(row)]
                for k, row in enumerate(rows)
            ]
        )
        try:
            found = moved.solve(arb_mat([[v] for v in vector]))
        except ZeroDivisionError:
            return vector
        entries = [found[k, 0].mid() for k in range(size)]
        length = sum((v * v for v in entries), arb(0)).sqrt().mid()
        vector = [(v / length).mid() for v in entries]
    return vector


def _product(rows: Rows, vector: Sequence[arb]) -> list[arb]:
    return [sum((a * b for a, b in zip(row, vector, strict=True)), arb(0)) for row in rows]


def _dot(a: Sequence[arb], b: Sequence[arb]) -> arb:
    return sum((p * q for p, q in zip(a, b, strict=True)), arb(0))


def _rayleigh(rows: Rows, vector: Sequence[arb]) -> arb:
    return _dot(vector, _product(rows, vector)) / _dot(vector, vector)


def _positive_definite(rows: Rows, shift: arb) -> bool:
    """Return whether ``shift I - M`` certainly has a Cholesky factor."""
    size = len(rows)
    left = [[(shift if k == j else arb(0)) - rows[k][j] for j in range(size)] for k in range(size)]
    for k in range(size):
        pivot = left[k][k]
        if not pivot > 0:
            return False
        for j in range(k + 1, size):
            factor = left[j][k] / pivot
            for i in range(k + 1, j + 1):
                left[j][i] = left[j][i] - factor * left[i][k]
    return True


def _top_with_copies(parts: Parts, rows: Rows, knots: Sequence[arb]) -> arb:
    """Return the largest eigenvalue over symmetric and other combinations of copies."""
    top = largest_eigenvalue(rows)
    for copies, c, d in zip(parts.copies, parts.cross, knots, strict=True):
        if copies > 1:
            top = top.max((d + (d * d + 4 * c * c).sqrt()) / 2)
    return top


def hessian_top(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return lambda_max of the Hessian of R_n in all outer weights and biases."""
    parts = parts_of(sample, mu, sigma, value)
    return _top_with_copies(parts, parts.total(), parts.knots)


def truncated_top(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return lambda_max of the Hessian without its knot part."""
    parts = parts_of(sample, mu, sigma, value)
    zeros = [arb(0)] * len(parts.knots)
    return _top_with_copies(parts, parts.total(with_knots=False), zeros)


def tangent_top(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return lambda_max of E[grad s grad s^T]; copies add nothing to it beyond their sum."""
    return largest_eigenvalue(parts_of(sample, mu, sigma, value).tangent)


def _top_vector(parts: Parts) -> list[arb]:
    """Return an enclosure of the top unit eigenvector of the tangent part, NaN when not simple.

    Residual over gap bounds the angle (Davis and Kahan); a deflation bounds the second eigenvalue.
    """
    rows = parts.tangent
    vector = _near_top(rows)
    length = _dot(vector, vector).sqrt()
    unit = [v / length for v in vector]
    quotient = _rayleigh(rows, unit)
    rest = [a - quotient * b for a, b in zip(_product(rows, unit), unit, strict=True)]
    deflated = [
        [v - quotient * unit[k] * unit[j] for j, v in enumerate(row)] for k, row in enumerate(rows)
    ]
    gap = quotient - largest_eigenvalue(deflated)
    if not gap > 0:
        return [arb.nan()] * len(unit)
    # the Euclidean norm is at most the sum of moduli, whose root is no problem at zero
    error = (2 * sum((abs(v) for v in rest), arb(0)) / gap).upper()
    return [v + arb(0, 1) * error for v in unit]


def cross_share(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return v^T C v, C the cross part and v the top unit eigenvector of the tangent part."""
    parts = parts_of(sample, mu, sigma, value)
    vector = _top_vector(parts)
    size = len(parts.cross)
    return 2 * sum((vector[k] * vector[size + k] * parts.cross[k] for k in range(size)), arb(0))


def knot_share(sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq]) -> arb:
    """Return v^T D v, D the knot part and v the top unit eigenvector of the tangent part."""
    parts = parts_of(sample, mu, sigma, value)
    vector = _top_vector(parts)
    size = len(parts.cross)
    return sum((vector[size + k] * vector[size + k] * parts.knots[k] for k in range(size)), arb(0))


def hessian_part(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    first: Any,
    second: Any,
) -> arb:
    """Return an entry of the first two terms of eq. 15, counted from 1, outer weights first."""
    rows = parts_of(sample, mu, sigma, value, merged=False).total(with_knots=False)
    return rows[int(first) - 1][int(second) - 1]


def knot_part(
    sample: Sequence[fmpq],
    mu: fmpq,
    sigma: fmpq,
    value: Sequence[fmpq],
    first: Any,
    second: Any,
    signed: Any,
) -> arb:
    """Return an entry of the diagonal knot term, with w or with -w times the inner weight."""
    parts = parts_of(sample, mu, sigma, value, merged=False)
    size = len(parts.knots)
    k = int(first) - 1 - size
    if first != second or k < 0:
        return arb(0)
    neuron: Neuron = neurons_of(value, merged=False)[k]
    return -neuron.inner * parts.knots[k] if int(signed) else parts.knots[k]


def cross_entry(
    sample: Sequence[fmpq], mu: fmpq, sigma: fmpq, value: Sequence[fmpq], index: Any
) -> arb:
    """Return the cross entry (2/m) E[f 1_l] of a neuron."""
    return parts_of(sample, mu, sigma, value, merged=False).cross[int(index) - 1]
