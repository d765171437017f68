r"""The sharpness as the public notebook of paper A reports it, to be set against the exact one.

Three things differ from ``lambda_max`` of the Hessian of the risk:

* the mixture of Gaussians is replaced by a grid of 500 points on [-2, 2] with the weights
  exp(-y^2 / 2), not normalised, whatever the data and the noise;
* the Hessian is the one automatic differentiation returns: the derivative of a step is taken as 0,
  so that the knot (Dirac) part of eq. 15 is absent;
* the eigenvalue is what 20 power iterations give.
"""

import numpy as np
from numpy.typing import ArrayLike

from numerics.relu_network import ReluNetwork, evaluate
from numerics.validation import FloatArray, check_count, check_finite_array, check_rng

_GRID_POINTS = 500
_GRID_END = 2.0


def notebook_sharpness(
    network: ReluNetwork,
    target: ArrayLike,
    *,
    rng: np.random.Generator,
    iterations: int = 20,
) -> float:
    r"""Compute the notebook's sharpness of a network of the class S.

    .. math:: \lambda\Big(\nabla^2_{\mathrm{autodiff}}\,\frac1{500}\sum_{j=1}^{500}
              e^{-y_j^2/2}\,(s_\theta(y_j) - t_j)^2\Big), \quad y_j \in [-2, 2]

    Parameters
    ----------
    network : ReluNetwork
        The network, of width m.
    target : array_like, shape (500,)
        The values t_j the risk compares with on the grid, such as the empirical score there.
    rng : numpy.random.Generator
        Source of the Gaussian start of the power iteration.
    iterations : int
        Number of power iterations, 20 in the notebook.

    Returns
    -------
    float
        The Rayleigh quotient after the last iteration. It tends to the eigenvalue of largest
        modulus of the truncated Hessian, not to the sharpness.

    Raises
    ------
    ValueError
        If the target does not have 500 finite entries, or an option is out of range.

    Notes
    -----
    Cost O(m) per grid point and iteration. Source: the public notebook of paper A; claim
    ``A.code.sharpness``. Counterpart: `numerics.sharpness.sharpness`.

    Examples
    --------
    >>> network = ReluNetwork(outer=[1.0], inner=[1], bias=[0.0])
    >>> value = notebook_sharpness(network, np.zeros(500), rng=np.random.default_rng(0))
    >>> round(value, 3)
    1.397
    """
    values = check_finite_array(target, name="target", ndim=1)
    if values.size != _GRID_POINTS:
        raise ValueError(f"target had {values.size} entries; it needs {_GRID_POINTS}, one per node")
    rng = check_rng(rng)
    iterations = check_count(iterations, name="iterations")
    grid = notebook_grid()
    weights = np.exp(-0.5 * grid * grid) / _GRID_POINTS
    residual = weights * (evaluate(network, grid) - values)
    width = network.width
    signed = np.multiply.outer(grid, network.inner) + network.bias
    active = (signed > 0.0).astype(np.float64)
    tangent = np.concatenate([signed * active, network.outer * active], axis=1) / width
    # The off-diagonal blocks: the second derivative in one neuron's outer weight and bias.
    cross = 2.0 * (residual @ active) / width
    vector = rng.standard_normal(2 * width)
    rayleigh = 0.0
    for _ in range(iterations):
        vector /= np.linalg.norm(vector)
        image = _product(tangent, weights, cross, vector)
        rayleigh = float(vector @ image)
        vector = image
    return rayleigh


def notebook_grid() -> FloatArray:
    """Return the 500 points of [-2, 2] on which the notebook averages.

    Examples
    --------
    >>> notebook_grid()[[0, -1]]
    array([-2.,  2.])
    """
    return np.linspace(-_GRID_END, _GRID_END, _GRID_POINTS)


def _product(
    tangent: FloatArray, weights: FloatArray, cross: FloatArray, vector: FloatArray
) -> FloatArray:
    image: FloatArray = 2.0 * ((weights * (tangent @ vector)) @ tangent)
    half = cross.size
    image[:half] += cross * vector[half:]
    image[half:] += cross * vector[:half]
    return image
