r"""The weights of the empirical density at a noised training point, by simulation and quadrature.

A training point x_1 is noised to :math:`y=ax_1+\sqrt D\,z`; the empirical density at y splits into

.. math:: Z_1 = \frac1ne^{-\lvert y-ax_1\rvert^2/2D},\qquad
          Z_{1^c} = \frac1n\sum_{i\ge2}e^{-\lvert y-ax_i\rvert^2/2D}

Everything here is the definition: drawn data with a log-sum-exp, or the trapezoidal rule. The
closed forms are derived in `theory.collapse` and are not used.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.linear_denoiser import forward_coefficients
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_positive,
    check_real,
    check_rng,
)

__all__ = [
    "WeightReplicates",
    "coordinate_moment",
    "differential_entropy",
    "typical_log",
    "weight_replicates",
]

BLOCK = 2**18
"""Numbers drawn at a time: two megabytes stay in the cache."""
REACH = 9.0
"""Standard deviations covered by a grid; beyond it a normal law has mass 2e-19."""


@dataclass(frozen=True, kw_only=True)
class WeightReplicates:
    r"""Independent replicates of both parts of the empirical density.

    Attributes
    ----------
    log_own : numpy.ndarray, shape (count,)
        :math:`\log Z_1`.
    log_rest : numpy.ndarray, shape (count,)
        :math:`\log Z_{1^c}`.
    """

    log_own: FloatArray
    log_rest: FloatArray

    @property
    def log_ratio(self) -> FloatArray:
        r"""Return :math:`\log(Z_1/Z_{1^c})`, shape (count,)."""
        ratio: FloatArray = self.log_own - self.log_rest
        return ratio

    @property
    def own_share(self) -> FloatArray:
        r"""Return :math:`Z_1/(Z_1+Z_{1^c})`, the posterior weight of the own point."""
        share: FloatArray = np.exp(-np.logaddexp(0.0, -self.log_ratio))
        return share


def weight_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    n: int,
    d: int,
    t: float,
    noise_scale: float,
    s_d: float,
) -> WeightReplicates:
    r"""Draw training sets, noise one point of each, and weigh all points at it.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    n : int
        Number of training points, >= 2.
    d : int
        Dimension, >= 1.
    t, noise_scale, s_d : float
        Diffusion time, :math:`\lambda` and standard deviation of the data, > 0.

    Returns
    -------
    WeightReplicates
        Two arrays of shape (count,); each replicate has its own training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.z1``, ``B.collapse``. Cost: count n d normal numbers; memory is that of one block.
    The logarithm of the sum is taken after its largest term, so nothing underflows.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> found = weight_replicates(rng, 3, n=5, d=2, t=0.5, noise_scale=1.0, s_d=1.0)
    >>> found.log_ratio.shape
    (3,)
    """
    check_rng(rng)
    count = check_count(count, name="count")
    n = check_count(n, name="n", minimum=2)
    d = check_count(d, name="d")
    scale = check_positive(s_d, name="s_d")
    contraction, variance = forward_coefficients(t, noise_scale)
    deviation = np.sqrt(variance)
    own, rest = np.empty(count), np.empty(count)
    rows = max(1, BLOCK // (n * d))
    for start in range(0, count, rows):
        part = slice(start, min(start + rows, count))
        size = part.stop - part.start
        data = rng.standard_normal((size, n, d))
        data *= scale * contraction
        noise = rng.standard_normal((size, d))
        data -= (data[:, 0] + deviation * noise)[:, None, :]
        energies = np.einsum("bij,bij->bi", data, data) / (-2.0 * variance)
        own[part] = energies[:, 0]
        largest = energies[:, 1:].max(axis=1)
        energies[:, 1:] -= largest[:, None]
        rest[part] = largest + np.log(np.exp(energies[:, 1:]).sum(axis=1))
    shift = np.log(n)
    return WeightReplicates(log_own=own - shift, log_rest=rest - shift)


def coordinate_moment(own: float, others: Sequence[float], signal: float) -> float:
    r"""Integrate powers of the weights over one coordinate by the trapezoidal rule.

    .. math:: E\exp\Bigl(-\tfrac12p\,z^2-\tfrac12\sum_kq_k(h_1-h_k+z)^2\Bigr),\qquad
              h_k\sim N(0,\gamma),\ z\sim N(0,1)

    The rule converges faster than any power of the step for these entire integrands.

    Parameters
    ----------
    own : float
        Power p > -1 of the weight of the point that was noised.
    others : sequence of float
        Powers :math:`q_k\ge0` of the weights of other points.
    signal : float
        Signal-to-noise ratio :math:`\gamma=a^2s_d^2/D` > 0.

    Returns
    -------
    float
        The moment, to about 1e-13 relative for powers up to 4.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.z1``. Cost: the square of about 30 (gamma + 1/gamma)^(1/2) evaluations.

    Examples
    --------
    >>> round(coordinate_moment(1.0, [], 1.0) ** 2, 12)
    0.5
    """
    power = check_real(own, name="own")
    if power <= -1.0:
        raise ValueError(f"own was {power}; the moment is computed for powers > -1")
    powers = check_finite_array(others, name="others", ndim=1, min_size=0)
    if bool((powers < 0.0).any()):
        raise ValueError(f"others had the power {powers.min()}; each must be >= 0")
    signal = check_positive(signal, name="signal")
    spread, width = np.sqrt(signal), 1.0 / np.sqrt(1.0 + power)
    # the narrowest factor of the integrand sets the step
    narrow = min(spread, width, 1.0 / np.sqrt(1.0 + float(powers.max(initial=0.0))))
    step = narrow / 3.0
    h, z = _grid(spread, step), _grid(width, step)
    places = _grid_of((h.size + z.size - 2) // 2, step)
    total = np.ones_like(places)
    own_law = np.exp(-0.5 * (h / spread) ** 2) * (step / (spread * np.sqrt(2.0 * np.pi)))
    for q in powers:
        kernel = np.exp(-0.5 * q * (places[:, None] - h[None, :]) ** 2)
        total *= kernel @ own_law
    noise_law = np.exp(-0.5 * (1.0 + power) * z**2) * (step / np.sqrt(2.0 * np.pi))
    # places = h_1 + z runs over one grid, so the double sum is a convolution
    return float(np.convolve(own_law, noise_law) @ total)


def differential_entropy(variance: float) -> float:
    r"""Integrate the entropy of a normal law by the trapezoidal rule.

    .. math:: -\int\rho\log\rho

    Parameters
    ----------
    variance : float
        Variance > 0.

    Returns
    -------
    float
        The entropy in nats, to about 1e-13.

    Raises
    ------
    ValueError
        If the variance is not a finite number > 0.

    Notes
    -----
    Claim ``B.collapse.entropy``.

    Examples
    --------
    >>> round(differential_entropy(1.0), 9)
    1.418938533
    """
    deviation = np.sqrt(check_positive(variance, name="variance"))
    step = float(deviation) / 6.0
    grid = _grid(deviation, step)
    density = np.exp(-0.5 * (grid / deviation) ** 2) / (deviation * np.sqrt(2.0 * np.pi))
    return float(-step * (density * np.log(density)).sum())


def typical_log(signal: float) -> float:
    r"""Average the logarithm of the mean weight of another point over the noised point.

    .. math:: E_u\log E_h\,e^{-(u-h)^2/2},\qquad u\sim N(0,1+\gamma),\ h\sim N(0,\gamma)

    Parameters
    ----------
    signal : float
        Signal-to-noise ratio :math:`\gamma` > 0.

    Returns
    -------
    float
        The double integral, to about 1e-12.

    Raises
    ------
    ValueError
        If ``signal`` is not a finite number > 0.

    Notes
    -----
    Claims ``B.z1.typical``, ``B.z1c``.

    Examples
    --------
    >>> round(typical_log(1.0), 9)
    -0.84657359
    """
    signal = check_positive(signal, name="signal")
    spread, width = np.sqrt(signal), np.sqrt(1.0 + signal)
    step = min(spread, 1.0) / 3.0
    h, u = _grid(spread, step), _grid(width, step)
    law = np.exp(-0.5 * (h / spread) ** 2) * (step / (spread * np.sqrt(2.0 * np.pi)))
    exponents = -0.5 * (u[:, None] - h[None, :]) ** 2
    # far out every weight underflows: its logarithm is taken after the largest
    largest = exponents.max(axis=1)
    logs = largest + np.log(np.exp(exponents - largest[:, None]) @ law)
    outer = np.exp(-0.5 * (u / width) ** 2) * (step / (width * np.sqrt(2.0 * np.pi)))
    return float(outer @ logs)


def _grid(deviation: float, step: float) -> FloatArray:
    return _grid_of(int(np.ceil(REACH * deviation / step)), step)


def _grid_of(half: int, step: float) -> FloatArray:
    grid: FloatArray = float(step) * np.arange(-half, half + 1, dtype=np.float64)
    return grid
