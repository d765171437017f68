r"""Expectations of the linear one-step model on the line, by one-dimensional quadrature.

For d = 1 and given the centred noised data, :math:`W=\lvert Y_c\rvert^2=v\chi^2_m`, the weight is
normal, :math:`B\mid Y\sim N(\kappa,\tau^2/W)`; so every expectation is an integral over the
chi-square law or over Student's law. This is the independent counterpart of the exact
finite-sample results.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from numerics.linear_denoiser import Spread, forward_coefficients
from numerics.validation import FloatArray, check_count, check_positive

__all__ = ["ScalarExpectations", "scalar_expectations"]


@dataclass(frozen=True, kw_only=True)
class ScalarExpectations:
    r"""Expectations for d = 1.

    Attributes
    ----------
    trace : float
        :math:`E\,\Sigma_G/s_d^2`.
    mean_error : float
        :math:`E(m_G-\mu_0)^2/s_d^2`.
    log_det_weights : float
        :math:`E\log B^2`.
    log_variance_ratio : float
        :math:`E\log(s^2/s_d^2)`.
    kl : float
        :math:`E\,KL(\rho_G\Vert\rho)`.
    """

    trace: float
    mean_error: float
    log_det_weights: float
    log_variance_ratio: float
    kl: float


def scalar_expectations(
    *, n: int, T: float, noise_scale: float, s_d: float, spread: Spread = "population"
) -> ScalarExpectations:
    r"""Integrate the expectations of the linear model for d = 1.

    .. math:: E f(B, W) = \int\int f\Bigl(\kappa+\frac{\tau g}{\sqrt{vw}}, w\Bigr)\varphi(g)\,
              \chi^2_m(w)\,dg\,dw

    Polynomials in g by Gauss-Hermite (exact), the logarithm over Student's law with its
    singularity as a break point. About :math:`10^{-11}` relative; a few milliseconds.

    Parameters
    ----------
    n : int
        Number of points, >= 4 (for fewer the expected trace is infinite).
    T, noise_scale, s_d : float
        Diffusion time, noise scale, standard deviation of the data, > 0.
    spread : {"population", "empirical"}
        Variance that generation starts from.

    Returns
    -------
    ScalarExpectations
        Five numbers.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.moments``, ``B.logdet``, ``B.klexact``.

    Examples
    --------
    >>> round(scalar_expectations(n=4, T=np.log(2) / 2, noise_scale=1.0, s_d=1.0).kl, 9)
    0.6875
    """
    if spread not in {"population", "empirical"}:
        raise ValueError(f'spread was {spread!r}; it must be "population" or "empirical"')
    degrees = check_count(n, name="n", minimum=4) - 1
    scale = check_positive(s_d, name="s_d")
    a, q2 = forward_coefficients(T, noise_scale)
    v = a**2 * scale**2 + q2
    kappa, tau = a * scale**2 / v, scale * np.sqrt(q2 / v)
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    weights = weights / weights.sum()

    def start(w: float) -> FloatArray:
        """Return the starting variance given W = v w, at the Gauss-Hermite nodes."""
        if spread == "population":
            return np.full_like(nodes, v)
        energy = (kappa * np.sqrt(v * w) + tau * nodes) ** 2 + tau**2 * (degrees - 1)
        mixed: FloatArray = a**2 * energy / degrees + q2
        return mixed

    def squares(w: float) -> FloatArray:
        bent: FloatArray = (kappa + tau * nodes / np.sqrt(v * w)) ** 2
        return bent

    trace = _over_chi_square(lambda w: float(weights @ (start(w) * squares(w))), degrees)
    weight_square = _over_chi_square(lambda w: float(weights @ squares(w)), degrees)
    mean_error = (scale**2 + q2 * weight_square) / n
    log_weight = _log_square_over_student(a * scale / np.sqrt(q2), degrees) + np.log(tau**2 / v)
    if spread == "population":
        log_start = float(np.log(v))
    else:
        log_start = _over_chi_square(
            lambda w: float(np.log(a**2 * scale**2 * w / degrees + q2)), degrees
        )
    log_ratio = log_start - 2.0 * float(np.log(scale))
    kl = 0.5 * ((trace + mean_error) / scale**2 - 1.0 - log_ratio - log_weight)
    return ScalarExpectations(
        trace=trace / scale**2,
        mean_error=mean_error / scale**2,
        log_det_weights=float(log_weight),
        log_variance_ratio=log_ratio,
        kl=float(kl),
    )


def _over_chi_square(function: Callable[[float], float], degrees: int) -> float:
    """Integrate over the chi-square law in the variable log w."""
    from scipy.integrate import quad
    from scipy.special import gammaln

    half = 0.5 * degrees
    shift = half * np.log(2.0) + gammaln(half)

    def integrand(z: float) -> float:
        return function(float(np.exp(z))) * float(np.exp(half * z - 0.5 * np.exp(z) - shift))

    centre = float(np.log(degrees))
    # Outside, the density is below e^-60 of its peak, even times 1/w.
    low, high = centre - 130.0 / (degrees - 2) - 2.0, centre + np.log1p(150.0 / degrees) + 1.0
    value, _ = quad(integrand, low, high, points=[centre], epsabs=1e-13, epsrel=1e-12, limit=400)
    return float(value)


def _log_square_over_student(offset: float, degrees: int) -> float:
    """Integrate log (offset + t / sqrt(m))^2 over Student's law, t / sqrt(m) = tan(angle)."""
    from scipy.integrate import quad
    from scipy.special import gammaln

    norm = gammaln(0.5 * (degrees + 1)) - gammaln(0.5 * degrees) - 0.5 * np.log(np.pi)

    def integrand(angle: float) -> float:
        gap = abs(offset * np.cos(angle) + np.sin(angle))
        # log (offset + tan)^2 = 2 log gap - 2 log cos, each integrable.
        logs = 2.0 * np.log(max(gap, 1e-300)) - 2.0 * np.log(np.cos(angle))
        return float(logs * np.exp(norm + (degrees - 1) * np.log(np.cos(angle))))

    edge, zero = 0.5 * np.pi, -float(np.arctan(offset))
    pieces = [(-edge + 1e-12, zero), (zero, 0.0), (0.0, edge - 1e-12)]
    return float(
        sum(quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12, limit=400)[0] for a, b in pieces)
    )
