r"""The Hellinger affinity of the generated law near the onset, fast enough for hundreds of draws.

.. math:: 1-H^2 \le \prod_k\Bigl(\frac{2\sigma_k}{1+\sigma_k^2}\Bigr)^{1/2}

with the singular values of the generated law's factor in units of the data; the mean of the law can
only lower the affinity and is left out. Data are drawn and fitted by the normal equations.
"""

import numpy as np
from scipy.linalg import cho_factor, cho_solve, svdvals

from numerics.linear_denoiser import forward_coefficients
from numerics.validation import FloatArray, check_count, check_positive, check_rng

__all__ = ["log_affinity_bounds"]


def log_affinity_bounds(
    rng: np.random.Generator, count: int, *, n: int, d: int, T: float, noise_scale: float
) -> FloatArray:
    r"""Draw training sets and bound the log affinity of the law generated from each.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of training sets, >= 1.
    n, d : int
        Number of points and dimension, n >= d + 1.
    T, noise_scale : float
        Diffusion time and :math:`\lambda`, > 0; the data have variance one.

    Returns
    -------
    numpy.ndarray, shape (count,)
        Upper bounds of :math:`\log(1-H^2)`, which is never above zero.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.slope``, ``B.slope.sure``. Cost: the singular values of one d x d matrix and
    :math:`2nd^2` operations a draw. The normal equations lose digits near n = d + 1, where the
    bound is far below any threshold of interest.

    Examples
    --------
    >>> found = log_affinity_bounds(np.random.default_rng(0), 3, n=9, d=2, T=1.0, noise_scale=1.0)
    >>> found.shape, bool((found <= 0.0).all())
    ((3,), True)
    """
    check_rng(rng)
    count, d = check_count(count, name="count"), check_count(d, name="d")
    n = check_count(n, name="n", minimum=d + 1)
    contraction, variance = forward_coefficients(T, check_positive(noise_scale, name="noise_scale"))
    start = np.sqrt(contraction**2 + variance)
    found = np.empty(count)
    for k in range(count):
        clean = rng.standard_normal((n, d))
        noised = contraction * clean + np.sqrt(variance) * rng.standard_normal((n, d))
        clean -= clean.mean(axis=0)
        noised -= noised.mean(axis=0)
        gram = cho_factor(noised.T @ noised, lower=True, overwrite_a=True, check_finite=False)
        weights = cho_solve(gram, noised.T @ clean, overwrite_b=True, check_finite=False)
        sigma = start * svdvals(weights, overwrite_a=True, check_finite=False)
        found[k] = 0.5 * np.log(2.0 * sigma / (1.0 + sigma**2)).sum()
    return found
