"""The loop under every divergence of two stacks of Gaussian laws, with its argument checks."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from numerics.validation import FloatArray, check_covariance, check_finite_array

__all__ = ["NotPositiveDefiniteError", "cholesky_factor", "log_det_factor", "over_pairs"]


class NotPositiveDefiniteError(Exception):
    """A factorisation failed; the argument is the number of the law (0 for their sum)."""


def cholesky_factor(covariance: FloatArray, law: int, *, clean: int = 0) -> FloatArray:
    """Return the lower Cholesky factor of a contiguous covariance.

    Above the diagonal stand zeros if ``clean`` is 1, otherwise anything.

    Raises
    ------
    NotPositiveDefiniteError
        If the factorisation breaks down; carries ``law``, 0 for the sum of both covariances.

    Examples
    --------
    >>> float(cholesky_factor(np.array([[4.0]]), 1)[0, 0])
    2.0
    """
    factor, info = lapack.dpotrf(covariance.T, lower=1, clean=clean)
    if info != 0:
        raise NotPositiveDefiniteError(law)
    lower: FloatArray = factor
    return lower


def log_det_factor(factor: FloatArray) -> float:
    """Return the log-determinant of a triangular factor with positive diagonal.

    Examples
    --------
    >>> log_det_factor(np.eye(3))
    0.0
    """
    return float(np.log(factor.diagonal()).sum())


def over_pairs(
    pair: Callable[[FloatArray, FloatArray, FloatArray], float],
    mean_1: ArrayLike,
    covariance_1: ArrayLike,
    mean_2: ArrayLike,
    covariance_2: ArrayLike,
) -> FloatArray:
    """Return ``pair(mean_1 - mean_2, covariance_1, covariance_2)`` for every pair of laws.

    Raises
    ------
    ValueError
        If shapes do not fit or a covariance is not symmetric positive definite; the message
        names the argument and its place in the stack.

    Examples
    --------
    >>> over_pairs(lambda gap, one, two: gap[0], [3.0], [[1.0]], [1.0], [[1.0]])
    array(2.)
    """
    first_mean, second_mean = _checked_mean(mean_1, "mean_1"), _checked_mean(mean_2, "mean_2")
    size = first_mean.shape[-1]
    if second_mean.shape[-1] != size:
        raise ValueError(
            f"mean_2 had shape {second_mean.shape}; its last axis must have length {size}"
        )
    first = _checked_covariance(covariance_1, "covariance_1", size)
    second = _checked_covariance(covariance_2, "covariance_2", size)
    try:
        batch = np.broadcast_shapes(
            first_mean.shape[:-1], first.shape[:-2], second_mean.shape[:-1], second.shape[:-2]
        )
    except ValueError as error:
        raise ValueError(
            f"mean_1, covariance_1, mean_2, covariance_2 had leading axes "
            f"{first_mean.shape[:-1]}, {first.shape[:-2]}, {second_mean.shape[:-1]}, "
            f"{second.shape[:-2]}; they must broadcast"
        ) from error
    deltas = np.broadcast_to(first_mean - second_mean, (*batch, size))
    first = np.broadcast_to(first, (*batch, size, size))
    second = np.broadcast_to(second, (*batch, size, size))
    values = np.empty(batch)
    for index in np.ndindex(batch):
        try:
            values[index] = pair(deltas[index], first[index], second[index])
        except NotPositiveDefiniteError as failure:
            place = list(index) or ""
            for law, matrix in enumerate((first[index], second[index]), start=1):
                if failure.args[0] in (0, law):
                    check_covariance(matrix, name=f"covariance_{law}{place}")
            raise ValueError(
                f"covariance_1{place} and covariance_2{place} were singular to working "
                "precision; they must be positive definite"
            ) from failure
    return values


def _checked_mean(mean: ArrayLike, name: str) -> FloatArray:
    array = check_finite_array(mean, name=name)
    if array.ndim == 0:
        raise ValueError(f"{name} had shape (); its last axis must be the dimension")
    return array


def _checked_covariance(covariance: ArrayLike, name: str, size: int) -> FloatArray:
    """Check shape, finiteness and symmetry at the cost of two products with one vector."""
    array = np.ascontiguousarray(covariance, dtype=np.float64)
    if array.ndim < 2 or array.shape[-2:] != (size, size):
        raise ValueError(f"{name} had shape {array.shape}; its last axes must be {size} x {size}")
    # An asymmetric part that this vector does not see would have to be orthogonal to it.
    probe = 1.0 + 0.5 * np.cos(np.arange(1.0, size + 1.0))
    rows = np.einsum("...ij,j->...i", array, probe)
    columns = np.einsum("...ij,i->...j", array, probe)
    if not np.isfinite(rows).all():
        check_finite_array(array, name=name)
    gap = np.abs(rows - columns).max(axis=-1)
    scale = np.abs(rows).max(axis=-1)
    wrong = gap > 1e-11 * scale
    if wrong.any():
        worst = float(gap[wrong].max())
        raise ValueError(
            f"{name} differed from its transpose (by {worst:.3g} on a test vector); it must be "
            "symmetric"
        )
    return array
