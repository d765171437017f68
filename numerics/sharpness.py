r"""The sharpness of the risk: the largest eigenvalue of its Hessian, by projection on a basis.

The basis grows by the residual of the best vector in it (this is Lanczos's method, with full
reorthogonalisation), or by the residual divided by the cross and knot parts of the Hessian, a 2 x 2
block per neuron (Davidson's method, with Olsen's projection): what is left is the tangent part,
whose eigenvalues decay fast, so that a third of the products suffices. Each product with the exact
structured Hessian of `numerics.exact_hessian` costs O(m). The start is the tangent part applied to
a constant function, close to the top eigenvector because all activations are non-negative.
"""

from dataclasses import dataclass

import numpy as np

from numerics.exact_hessian import RiskHessian, risk_hessian, sorted_product
from numerics.mixture_tails import NoisedSample
from numerics.relu_network import ReluNetwork
from numerics.validation import FloatArray, check_count, check_positive

_EPSILON = float(np.finfo(np.float64).eps)
# The gap to the next Ritz value means little on a smaller basis.
_LEAST_PRODUCTS = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Sharpness:
    """The largest eigenvalue of a Hessian, with what is known about its error.

    Attributes
    ----------
    value : float
        The Ritz value: at most the largest eigenvalue, up to rounding.
    residual : float
        Norm of H v - value v for the unit vector v: an eigenvalue lies within this distance.
    error : float
        residual^2 over the distance to the next Ritz value, the error's usual size, plus the
        rounding of a product. An estimate, no bound: eigenvalues closer to each other than the
        residual are not told apart, and the value then lies among them.
    vector : ndarray, shape (2m,)
        The unit Ritz vector, outer weights first, in the order of the neurons.
    products : int
        How many products with the Hessian were used.
    """

    value: float
    residual: float
    error: float
    vector: FloatArray
    products: int


def sharpness(
    network: ReluNetwork,
    sample: NoisedSample,
    *,
    tolerance: float = 1e-12,
    max_products: int = 300,
    preconditioned: bool = True,
) -> Sharpness:
    r"""Compute the largest eigenvalue of the Hessian of the risk, without forming it.

    .. math:: \lambda_{\max}\big(\nabla^2 R_n(\theta)\big)

    Parameters
    ----------
    network : ReluNetwork
        The network, of width m.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.
    tolerance : float
        Relative error at which the iteration stops, > 0.
    max_products : int
        Limit on the products; reaching it is visible in ``error``.
    preconditioned : bool
        Divide each residual by the block-diagonal part of the Hessian before it joins the basis;
        without it the iteration is Lanczos's.

    Returns
    -------
    Sharpness
        The eigenvalue, its residual and error, the vector and the number of products.

    Raises
    ------
    ValueError
        If the tolerance is not > 0 or the limit is not >= 1.

    Notes
    -----
    Cost O(n + m log m + k^2 m) for k products; k is about 7 preconditioned and 20 without. Source:
    paper A, section 3; claims ``A.eq8``, ``A.prop6``, ``A.fig5``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> result = sharpness(network, noised_sample([0.0], 1.0, 1.0))
    >>> round(result.value, 6), result.products
    (3.393654, 2)
    """
    tolerance = check_positive(tolerance, name="tolerance")
    max_products = check_count(max_products, name="max_products")
    hessian = risk_hessian(network, sample)
    width = network.width
    value, residual, error, vector, products = _expand(
        hessian,
        _start(hessian, preconditioned),
        tolerance,
        min(max_products, 2 * width),
        preconditioned,
    )
    unsorted = np.empty((2, width))
    unsorted[:, hessian.order] = vector.reshape(2, width)
    return Sharpness(
        value=value,
        residual=residual,
        error=error,
        vector=unsorted.reshape(-1),
        products=products,
    )


def _start(hessian: RiskHessian, preconditioned: bool) -> FloatArray:
    """Apply the tangent part to the constant 1 and add a little of everything."""
    one, mean, _ = hessian.moments
    start = hessian.left * one
    start[0] -= hessian.opens_left * mean
    start[0] += hessian.by_intercept[1]
    start[1] += hessian.signed_outer * hessian.by_intercept[0]
    flat = start.reshape(-1)
    if preconditioned:
        # Its Rayleigh quotient, or just above the cross and knot parts, stands for the eigenvalue.
        shift = max(float(flat @ flat) / one, 1.02 * _top_of_blocks(hessian))
        if shift > 0.0:
            flat = _divide(hessian, shift, start[None])[0]
    # Fractional parts of multiples of the golden ratio: no symmetry of the data is kept, so that
    # no eigenvector is orthogonal to the start for a reason.
    spread = np.arange(0.0, flat.size)
    spread *= 0.6180339887498949
    spread -= np.floor(spread)
    spread -= 0.5
    # The start is 0 where no neuron reaches the data; any vector then does.
    length = float(np.sqrt(flat @ flat))
    spread *= 0.01 * length / float(np.sqrt(spread @ spread)) if length > 0.0 else 1.0
    flat += spread
    return flat


def _expand(
    hessian: RiskHessian,
    start: FloatArray,
    tolerance: float,
    max_products: int,
    preconditioned: bool,
) -> tuple[float, float, float, FloatArray, int]:
    """Rayleigh-Ritz on a growing orthonormal basis; returns value, residual, error, vector, k."""
    size = start.size
    rows = min(max_products, 8)
    basis, images = np.empty((rows, size)), np.empty((rows, size))
    projected = np.zeros((rows, rows))
    top = _top_of_blocks(hessian)
    pair = np.empty((2, size))  # the residual and the Ritz vector it belongs to
    fresh = start
    for k in range(max_products):
        if k == projected.shape[0]:
            basis = np.concatenate([basis, np.empty_like(basis)])
            images = np.concatenate([images, np.empty_like(images)])
            projected = np.pad(projected, (0, k))
        known = basis[:k]
        for _ in range(2 if k else 0):
            # Once leaves what cancellation left over; twice is enough.
            fresh -= (known @ fresh) @ known
        np.multiply(fresh, 1.0 / np.sqrt(fresh @ fresh), out=basis[k])
        images[k] = sorted_product(hessian, basis[k].reshape(2, -1)).reshape(-1)
        column = basis[: k + 1] @ images[k]
        projected[k, : k + 1] = projected[: k + 1, k] = column
        ritz, mixtures = np.linalg.eigh(projected[: k + 1, : k + 1])
        value, mixture = float(ritz[-1]), mixtures[:, -1]
        residual, vector = pair
        np.dot(mixture, basis[: k + 1], out=vector)
        np.dot(mixture, images[: k + 1], out=residual)
        residual -= value * vector
        length = float(np.sqrt(residual @ residual))
        gap = value - float(ritz[-2]) if k else 0.0
        rounding = 4.0 * _EPSILON * max(abs(value), abs(float(ritz[0])))
        error = min(length, length**2 / gap if gap > 0.0 else length) + rounding
        spent = k + 1 == max_products or length <= rounding
        if spent or (k >= _LEAST_PRODUCTS - 1 and error <= tolerance * abs(value)):
            break
        fresh = _correction(hessian, value, pair) if preconditioned and value > top else residual
    return value, length, error, vector, k + 1


def _correction(hessian: RiskHessian, value: float, pair: FloatArray) -> FloatArray:
    """Solve (value - D) t = residual for t orthogonal to the vector, D the cross and knot parts."""
    step, along = _divide(hessian, value, pair.reshape(2, 2, -1))
    vector = pair[1]
    along *= float((vector @ step) / (vector @ along))
    correction: FloatArray = step - along
    return correction


def _divide(hessian: RiskHessian, value: float, directions: FloatArray) -> FloatArray:
    """Solve (value - D) t = direction for directions of shape (p, 2, m); returns (p, 2m)."""
    cross = hessian.cross
    diagonal = np.empty((2, cross.size))
    np.subtract(value, hessian.knot, out=diagonal[0])
    diagonal[1] = value
    determinant = diagonal[0] * value
    determinant -= cross * cross
    solved = directions * diagonal
    solved += directions[:, ::-1] * cross
    solved /= determinant
    flat: FloatArray = solved.reshape(directions.shape[0], -1)
    return flat


def _top_of_blocks(hessian: RiskHessian) -> float:
    """Return the largest eigenvalue of the cross and knot parts, one 2 x 2 block per neuron."""
    half = 0.5 * hessian.knot
    return float((half + np.hypot(half, hessian.cross)).max())
