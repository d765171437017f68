"""The largest eigenvalue of a symmetric operator by Lanczos's method, fully reorthogonalised."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.validation import FloatArray, check_count, check_finite_array, check_positive

__all__ = ["LargestEigenvalue", "largest_eigenvalue"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LargestEigenvalue:
    """A Ritz pair and what is known about its error.

    Attributes
    ----------
    value : float
        The Ritz value: at most the largest eigenvalue, up to rounding.
    residual : float
        Norm of H v - value v: an eigenvalue lies within this distance.
    vector : ndarray
        The unit Ritz vector.
    products : int
        How many products with the operator were used.
    """

    value: float
    residual: float
    vector: FloatArray
    products: int


def largest_eigenvalue(
    product: Callable[[FloatArray], FloatArray],
    start: FloatArray,
    *,
    tolerance: float = 1e-8,
    max_products: int = 200,
) -> LargestEigenvalue:
    """Compute the largest eigenvalue, in the sense of the order and not of the modulus.

    Parameters
    ----------
    product : callable
        Multiplies a vector of k entries with a symmetric matrix.
    start : ndarray, shape (k,)
        Where the Krylov space starts; not orthogonal to the top eigenvector, as a random one.
    tolerance : float
        Residual at which the iteration stops, relative to the value. The error of the value is
        about the square of the residual over the gap.
    max_products : int
        Limit on the products; reaching it is visible in the residual.

    Returns
    -------
    LargestEigenvalue
        Value, residual, vector and number of products.

    Raises
    ------
    ValueError
        If the start is zero or not finite, or a product is not finite.

    Notes
    -----
    Cost of j products plus O(j^2 k). Counterpart with a preconditioner, for one kind of Hessian:
    `numerics.sharpness.sharpness`.

    Examples
    --------
    >>> diagonal = np.array([-5.0, 1.0, 2.0])
    >>> round(largest_eigenvalue(lambda v: diagonal * v, np.ones(3)).value, 12)
    2.0
    """
    vector = check_finite_array(start, name="start", ndim=1)
    length = float(np.linalg.norm(vector))
    if length == 0.0:
        raise ValueError("start was the zero vector; it must have a component of every eigenvector")
    goal = check_positive(tolerance, name="tolerance")
    limit = min(check_count(max_products, name="max_products"), vector.size)
    basis = np.empty((limit, vector.size))
    diagonal, below = np.empty(limit), np.empty(limit)
    vector = vector / length
    for k in range(limit):
        basis[k] = vector
        image = check_finite_array(product(vector), name="product", ndim=1).copy()
        diagonal[k] = vector @ image
        known = basis[: k + 1]
        for _ in range(2):
            # Once leaves what cancellation left over; twice is enough.
            image -= (known @ image) @ known
        below[k] = np.linalg.norm(image)
        ritz, mixtures = np.linalg.eigh(
            np.diag(diagonal[: k + 1]) + np.diag(below[:k], 1) + np.diag(below[:k], -1)
        )
        value, residual = float(ritz[-1]), float(abs(below[k] * mixtures[-1, -1]))
        scale = max(abs(value), abs(float(ritz[0])))
        if residual <= goal * abs(value) or below[k] <= 1e-14 * scale:
            break
        vector = image / below[k]
    return LargestEigenvalue(
        value=value, residual=residual, vector=mixtures[:, -1] @ known, products=k + 1
    )
