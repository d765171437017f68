r"""Is a generated set closer to its training set than to fresh points? A permutation test.

The gap :math:`\Delta` of paper B compares kernel densities of different widths, so its sign is
decided by the numbers of points as much as by memory. Here both sets have m points and one width,
and the null exchanges their points: without memory every relabelling is as likely as the true one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.kernel_density import log_kernel_values
from numerics.pair_blocks import PairBlocks, Precision
from numerics.validation import (
    FloatArray,
    check_count,
    check_points_nd,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = ["MemoryGap", "memory_gap"]


@dataclass(frozen=True, kw_only=True)
class MemoryGap:
    """The gap at equal sizes with its null and its bootstrap distribution.

    Attributes
    ----------
    size : int
        Points of each set.
    log_scale : float
        The gaps below are in units of the exponential of this.
    observed : float
        Squared distance to train less that to the fresh points.
    null : numpy.ndarray, shape (permutations,)
        The same after random exchanges of points between the two sets.
    bootstrap : numpy.ndarray, shape (permutations,)
        The same after resampling points within each set, the generated points as they are.
    """

    size: int
    log_scale: float
    observed: float
    null: FloatArray
    bootstrap: FloatArray

    @property
    def p_value(self) -> float:
        """Share of the null that is as low as the observed gap, itself counted."""
        return (1.0 + float((self.null <= self.observed).sum())) / (1.0 + self.null.size)


def memory_gap(
    rng: np.random.Generator,
    generated: ArrayLike,
    train: ArrayLike,
    fresh: ArrayLike,
    *,
    width: float,
    width_generated: float,
    permutations: int = 199,
    precision: Precision = "double",
) -> MemoryGap:
    r"""Compare the distances of generated points to train and to as many fresh points.

    .. math:: F(S)=\frac1{m^2}\sum_{i\ne j\in S}N(x_i-x_j;0,2\epsilon^2I)
              -\frac2m\sum_{i\in S}\int N(x_i,\epsilon^2I)\,\rho_G,\qquad
              \Delta_m=F(T)-F(O)

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    generated : array_like, shape (k, d)
        Generated points.
    train, fresh : array_like, shapes (m, d)
        As many points of each, m >= 2.
    width, width_generated : float
        Kernel widths of the two sets and of the generated one, > 0.
    permutations : int
        Of the null, and resamplings of the bootstrap, >= 1.
    precision : {"double", "single"}
        Of the exponents.

    Returns
    -------
    MemoryGap
        A negative gap is memory.

    Raises
    ------
    ValueError
        If the sets differ in size or dimension, or an argument is out of range.

    Notes
    -----
    Claims ``B.pdelta.half``, ``B.circular``. Cost :math:`4m^2d+4mkd` for the kernels and
    :math:`10m^2` operations for each permutation; blocks of 2 MB and :math:`2m` numbers for each.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> train, fresh = rng.standard_normal((2, 30, 3))
    >>> gap = memory_gap(rng, train, train, fresh, width=0.3, width_generated=0.3)
    >>> gap.observed < 0.0, gap.p_value < 0.02
    (True, True)
    """
    check_rng(rng)
    own = check_sample_nd(train, name="train")
    other = check_sample_nd(check_points_nd(fresh, own.shape[1], name="fresh"), name="fresh")
    made = check_points_nd(generated, own.shape[1], name="generated")
    made = check_sample_nd(made, name="generated", min_size=1)
    if len(own) != len(other):
        raise ValueError(f"fresh had {len(other)} points; it needs as many as train, {len(own)}")
    count, m = check_count(permutations, name="permutations"), len(own)
    squares = [check_positive(w, name="width") ** 2 for w in (width, width_generated)]
    pooled = np.vstack([own, other])
    values = log_kernel_values(pooled, made, variance=sum(squares), precision=precision)
    labels, weights = _permuted(rng, m, count), _resampled(rng, m, count)
    top = float(values.max())
    sums = _quadratic_forms(pooled, 2.0 * squares[0], labels, weights, top, precision)
    scale, within, across, total, resampled = sums
    cross = np.exp(values - scale)
    # F of the labelled points less F of the others
    pairs = within - (total - 2.0 * across + within)
    gaps = pairs / m**2 - 2.0 * (cross @ labels - cross @ (1.0 - labels)) / m
    signs = np.repeat([1.0, -1.0], m)
    drawn = resampled / m**2 - 2.0 * ((cross * signs) @ weights) / m
    return MemoryGap(
        size=m, log_scale=scale, observed=float(gaps[0]), null=gaps[1:], bootstrap=drawn
    )


def _permuted(rng: np.random.Generator, m: int, count: int) -> FloatArray:
    """Return which m of 2m points play the training set: as given first, then drawn."""
    labels = np.zeros((2 * m, count + 1))
    labels[:m, 0] = 1.0
    for column in range(1, count + 1):
        labels[rng.permutation(2 * m)[:m], column] = 1.0
    return labels


def _resampled(rng: np.random.Generator, m: int, count: int) -> FloatArray:
    """Return how often each point is drawn when both sets are resampled."""
    draws = [rng.multinomial(m, np.full(m, 1.0 / m), size=count).T for _ in range(2)]
    return np.vstack(draws).astype(np.float64)


def _quadratic_forms(
    points: FloatArray,
    variance: float,
    labels: FloatArray,
    weights: FloatArray,
    top: float,
    precision: Precision,
) -> tuple[float, FloatArray, FloatArray, float, FloatArray]:
    """Return the scale, z'Kz, 1'Kz, 1'K1 and w'Kw (train) - w'Kw (fresh), K without diagonal."""
    half, d = len(points) // 2, points.shape[1]
    norm = -0.5 * d * float(np.log(2.0 * np.pi * variance))
    blocks = PairBlocks(points, points, variance, precision)
    within, across = np.zeros(labels.shape[1]), np.zeros(labels.shape[1])
    resampled, total, size = np.zeros(weights.shape[1]), 0.0, PairBlocks.size
    for start in range(0, len(points), size):
        rows = slice(start, start + size)
        left = np.arange(len(points))[rows] < half
        for other in range(start, len(points), size):
            columns = slice(other, other + size)
            kernel = blocks.exponents(start, other).astype(np.float64)
            if start == other:
                np.fill_diagonal(kernel, -np.inf)
            kernel += norm
            peak = float(kernel.max())
            if peak > top:
                shrink = float(np.exp(top - peak))
                within, across, resampled = within * shrink, across * shrink, resampled * shrink
                total, top = total * shrink, peak
            kernel -= top
            np.maximum(kernel, -700.0, out=kernel)
            np.exp(kernel, out=kernel)
            if start == other:
                np.fill_diagonal(kernel, 0.0)
            twice = 1.0 if start == other else 2.0
            moved = kernel @ labels[columns]
            within += twice * np.einsum("ij,ij->j", labels[rows], moved)
            total += twice * float(kernel.sum())
            across += moved.sum(axis=0)
            if start != other:
                across += kernel.sum(axis=1) @ labels[rows]
            right = np.arange(len(points))[columns] < half
            for sign, a, b in ((1.0, left, right), (-1.0, ~left, ~right)):
                if a.any() and b.any():
                    part = kernel[np.ix_(a, b)] @ weights[columns][b]
                    resampled += sign * twice * np.einsum("ij,ij->j", weights[rows][a], part)
    return top, within, across, total, resampled
