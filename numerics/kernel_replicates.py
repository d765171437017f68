"""Independent replicates about kernel densities alone: their errors, widths, bounds and scales.

No model is fitted here. Every function takes a source of randomness ``rng`` and the number
``count`` >= 1 of replicates, draws fresh sets for each, and returns an array of shape (count,); an
argument that is out of range raises ``ValueError``.
"""

from typing import Literal, TypeAlias

import numpy as np

from numerics.coordinate_metric import code_grid, coordinate_distance, coordinate_l2
from numerics.kernel_density import (
    kernel_width,
    log_gaussian_overlaps,
    log_mean_exp,
    log_overlap_within,
)
from numerics.midpoint_load import largest_overlap, relative_distance_bound
from numerics.validation import FloatArray, check_count, check_positive

__all__ = [
    "Generator",
    "code_scale_replicates",
    "coordinate_replicates",
    "cosine_excess_replicates",
    "likelihood_gain_replicates",
    "lower_bound_replicates",
    "squared_error_replicates",
]

Generator: TypeAlias = Literal["perfect", "memory", "noise"]
"""Independent draws of the data's law, copies of training points, or uniform noise."""


def squared_error_replicates(rng: np.random.Generator, count: int, *, d: int, n: int) -> FloatArray:
    r"""Draw the relative squared L2 error of a kernel density of Gaussian points.

    .. math:: \lVert\rho_n-\rho\rVert_2^2/\lVert\rho\rVert_2^2

    Parameters
    ----------
    d, n : int
        Dimension and number of points.

    Notes
    -----
    Claims ``B.rhoO``, ``B.bandwidth``.

    Examples
    --------
    >>> squared_error_replicates(np.random.default_rng(0), 2, d=2, n=9).shape
    (2,)
    """
    width = kernel_width(n, d, s_d=1.0)
    unit = -0.5 * d * float(np.log(4.0 * np.pi))
    errors = np.empty(check_count(count, name="count"))
    for k in range(count):
        points = rng.standard_normal((n, d))
        own = np.logaddexp(*log_overlap_within(points, width=width))
        cross = log_mean_exp(log_gaussian_overlaps(points, np.zeros(d), np.eye(d), width=width))
        errors[k] = 1.0 + np.exp(own - unit) - 2.0 * np.exp(cross - unit)
    return errors


def likelihood_gain_replicates(
    rng: np.random.Generator, count: int, *, d: int, n: int, widening: float
) -> FloatArray:
    r"""Draw how much a wider kernel raises the log-likelihood of a fresh point.

    .. math:: \log\rho_n^{w\epsilon_n}(x)-\log\rho_n^{\epsilon_n}(x),\qquad x\sim\rho

    Its mean is what widening takes off :math:`KL(\rho\Vert\rho_n)`.

    Parameters
    ----------
    d, n : int
        Dimension and number of points.
    widening : float
        w > 0.

    Notes
    -----
    Claim ``B.bandwidth``.

    Examples
    --------
    >>> gain = likelihood_gain_replicates(np.random.default_rng(0), 2, d=1, n=9, widening=1.0)
    >>> gain.tolist()
    [0.0, 0.0]
    """
    factor = check_positive(widening, name="widening")
    width = kernel_width(n, d, s_d=1.0)
    gains = np.empty(check_count(count, name="count"))
    for k in range(count):
        points, place = rng.standard_normal((n, d)), rng.standard_normal(d)
        halves = -0.5 * ((points - place) ** 2).sum(axis=1)
        wide = log_mean_exp(halves / (factor * width) ** 2) - d * float(np.log(factor))
        gains[k] = wide - log_mean_exp(halves / width**2)
    return gains


def lower_bound_replicates(rng: np.random.Generator, count: int, *, d: int, n: int) -> FloatArray:
    r"""Draw the lower bound on the relative squared distance of every log-concave density.

    Parameters
    ----------
    d, n : int
        Dimension and number of points.

    Notes
    -----
    Claim ``B.lower``.

    Examples
    --------
    >>> bool((lower_bound_replicates(np.random.default_rng(0), 2, d=100, n=5) > 0.5).all())
    True
    """
    width = kernel_width(n, d, s_d=1.0)
    return np.array(
        [
            relative_distance_bound(rng.standard_normal((n, d)), width=width)
            for _ in range(check_count(count, name="count"))
        ]
    )


def cosine_excess_replicates(rng: np.random.Generator, count: int, *, d: int, n: int) -> FloatArray:
    r"""Draw by how much the best isotropic Gaussian found exceeds the bound on its overlap.

    .. math:: \max_{m,v}\frac{\langle g,\rho_n\rangle^2}
              {\lVert g\rVert_2^2\lVert\rho_n\rVert_2^2}-\frac{2\Lambda}n,\qquad g=N(m,vI)

    over variances between half and four times that of the kernels, centred at the mean, a point
    or a midpoint.

    Parameters
    ----------
    d, n : int
        Dimension and number of points.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each set; not positive if the bound holds.

    Notes
    -----
    Claim ``B.lower.any``.

    Examples
    --------
    >>> bool((cosine_excess_replicates(np.random.default_rng(0), 2, d=50, n=4) < 0.0).all())
    True
    """
    width = kernel_width(n, d, s_d=1.0)
    excess = np.empty(check_count(count, name="count"))
    for k in range(count):
        points = rng.standard_normal((n, d))
        norm = float(np.logaddexp(*log_overlap_within(points, width=width)))
        best = -np.inf
        for centre in (points.mean(axis=0), points[0], 0.5 * (points[0] + points[1])):
            for variance in width**2 * np.array([0.5, 1.0, 1.5, 2.0, 4.0]):
                factor = np.sqrt(variance) * np.eye(d)
                cross = log_mean_exp(log_gaussian_overlaps(points, centre, factor, width=width))
                own = -0.5 * d * np.log(4.0 * np.pi * variance)
                best = max(best, 2.0 * cross - own - norm)
        excess[k] = np.exp(best) - 2.0 * largest_overlap(points, width=width) / n
    return excess


def coordinate_replicates(
    rng: np.random.Generator, count: int, *, k: int, n: int, ratio: float = 1.0
) -> FloatArray:
    r"""Draw the per-coordinate metric, relative to the norm of the population, on the line.

    .. math:: \int(\rho_a-\rho_b)^2\Big/\int\rho^2

    for k points of :math:`N(0,\text{ratio}^2)` and n points of :math:`N(0,1)`, widths 1/k and 1/n.

    Parameters
    ----------
    k, n : int
        Sizes of the sets.
    ratio : float
        Standard deviation of the first set, > 0.

    Notes
    -----
    Claim ``B.coordinate``.

    Examples
    --------
    >>> coordinate_replicates(np.random.default_rng(0), 2, k=5, n=7).shape
    (2,)
    """
    spread = check_positive(ratio, name="ratio")
    unit = 1.0 / np.sqrt(4.0 * np.pi)
    return np.array(
        [
            coordinate_l2(
                spread * rng.standard_normal((k, 1)), rng.standard_normal((n, 1)), s_d=1.0
            )
            / unit
            for _ in range(check_count(count, name="count"))
        ]
    )


def code_scale_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    d: int,
    generator: Generator,
    common: bool = False,
    generated: int = 10,
    original: int = 100,
) -> FloatArray:
    r"""Draw the event :math:`E_{TG}>E_{OG}` of `simulation.py` for generators of known quality.

    The data are :math:`N(\frac12,0.1^2)` in every coordinate. The code compares generated data on
    [0, 1] with training data on [-1, 1] and original data times 255, at 16 places of [0, 1].

    Parameters
    ----------
    d : int
        Dimension; 256 in the code.
    generator : {"perfect", "memory", "noise"}
        What is generated.
    common : bool
        Whether all three sets are put on the scale of the generated data first.
    generated, original : int
        Points of the generated set, which is also how many training points are looked at, and of
        the original set.

    Returns
    -------
    numpy.ndarray, shape (count,)
        1 or 0.

    Notes
    -----
    Claims ``B.code.scales``, ``B.coordinate``.

    Examples
    --------
    >>> draw = code_scale_replicates(np.random.default_rng(0), 2, d=16, generator="perfect")
    >>> draw.tolist()
    [1.0, 1.0]
    """
    events = np.empty(check_count(count, name="count"))
    grid = code_grid(0.5, 0.1)
    for k in range(count):
        train = 0.5 + 0.1 * rng.standard_normal((generated, d))
        whole = 0.5 + 0.1 * rng.standard_normal((original, d))
        if generator == "perfect":
            points = 0.5 + 0.1 * rng.standard_normal((generated, d))
        elif generator == "memory":
            points = train
        elif generator == "noise":
            points = rng.random((generated, d))
        else:
            raise ValueError(f"generator was {generator!r}; perfect, memory or noise would do")
        shown = (train, whole) if common else (2.0 * train - 1.0, 255.0 * whole)
        to_train, to_original = (
            coordinate_distance(points, other, grid, s_d=0.1) for other in shown
        )
        events[k] = float(to_train > to_original)
    return events
