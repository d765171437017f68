r"""Mean divergence of a K-step sampler on the line, by quadrature over the sample variance."""

import numpy as np

from numerics.sampling_steps import Scheme, sampler_spectrum
from numerics.validation import check_count

__all__ = ["mean_step_kl"]


def mean_step_kl(scheme: Scheme, steps: int, *, n: int, T: float, noise_scale: float) -> float:
    r"""Integrate the mean divergence of what a sampler generates on the line.

    .. math:: E\,\tfrac12\bigl[V(w)+\tfrac{M(w)^2}n-1-\log V(w)\bigr],\qquad
              w = \chi^2_m/m,\ m = n-1

    for data N(0, 1), the unbiased sample variance and the matched start.

    Parameters
    ----------
    scheme : {"em", "euler", "ddpm", "ddim"}
        Sampler.
    steps : int
        :math:`K\ge1`.
    n : int
        Number of points, >= 2.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.

    Returns
    -------
    float
        The mean, to about 1e-10.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.steps``.

    Examples
    --------
    >>> round(mean_step_kl("em", 4, n=4, T=2.0, noise_scale=1.0), 3)
    0.144
    """
    from scipy.special import gammaln

    m = check_count(n, name="n", minimum=2) - 1
    half = 0.5 * m
    centre = float(np.log(m))
    # In z = log(m w) the integrand is smooth and falls off at both ends below e^-40 of its peak.
    low, high = centre - 90.0 / m - 8.0, centre + float(np.log1p(120.0 / m)) + 1.0
    nodes, weights = np.polynomial.legendre.leggauss(40)
    # Panels of fixed width: 40 nodes each resolve a smooth function to rounding.
    edges = np.linspace(low, high, 1 + int(np.ceil((high - low) / 0.5)))
    half_width = 0.5 * (edges[1] - edges[0])
    z = (edges[:-1, None] + half_width * (1.0 + nodes)).ravel()
    mass = np.tile(weights * half_width, len(edges) - 1)
    variance, factor = sampler_spectrum(
        np.exp(z) / m, scheme=scheme, steps=steps, T=T, noise_scale=noise_scale
    )
    value = 0.5 * (variance + factor**2 / n - 1.0 - np.log(variance))
    density = np.exp(half * z - 0.5 * np.exp(z) - half * np.log(2.0) - gammaln(half))
    return float((mass * density * value).sum())
