"""Simulate the linear one-step model: independent replicates of every quantity of its law.

Two routes: from data (draw, noise, fit) and from the conditional law of the weights given the
noised data. Expectations near n = d + 1 are carried by rare draws or are infinite; there the
median is the honest summary (`summarise` gives both).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from numerics.linear_denoiser import (
    GeneratedLaw,
    Spread,
    fit_linear_denoiser,
    forward_coefficients,
    generated_law,
    sample_training_set,
)
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_nonnegative,
    check_positive,
    check_rng,
)

__all__ = [
    "LawReplicates",
    "Route",
    "Summary",
    "divergences_to_isotropic",
    "law_replicates",
    "summarise",
]

Route = Literal["data", "conditional"]


@dataclass(frozen=True, kw_only=True)
class LawReplicates:
    r"""Replicates of the quantities of one generated law against :math:`N(\mu_0,s_d^2I)`.

    Attributes
    ----------
    trace : numpy.ndarray, shape (count,)
        :math:`\mathrm{tr}\,\Sigma_G/s_d^2`.
    mean_error : numpy.ndarray, shape (count,)
        :math:`\lvert m_G-\mu_0\rvert^2/s_d^2`.
    log_det : numpy.ndarray, shape (count,)
        :math:`\log\det(\Sigma_G/s_d^2)`, ``-inf`` if the law is singular.
    log_det_weights : numpy.ndarray, shape (count,)
        :math:`\log\det BB^\top`.
    weight_trace : numpy.ndarray, shape (count,)
        :math:`\mathrm{tr}\,BB^\top`.
    log_variance_ratio : numpy.ndarray, shape (count,)
        :math:`\log(s^2/s_d^2)`.
    kl : numpy.ndarray, shape (count,)
        :math:`KL(\rho_G\Vert\rho)`.
    kl_reverse : numpy.ndarray, shape (count,)
        :math:`KL(\rho\Vert\rho_G)`.
    log_affinity : numpy.ndarray, shape (count,)
        Logarithm of the Hellinger affinity.
    wasserstein_squared : numpy.ndarray, shape (count,)
        :math:`W_2^2/s_d^2`.
    log_squared_l2 : numpy.ndarray, shape (count,)
        :math:`\log(s_d^d\lVert\rho_G-\rho\rVert_2^2)`, ``inf`` if the law is singular.
    rank : numpy.ndarray, shape (count,)
        Rank of :math:`B`, as floats.
    """

    trace: FloatArray
    mean_error: FloatArray
    log_det: FloatArray
    log_det_weights: FloatArray
    weight_trace: FloatArray
    log_variance_ratio: FloatArray
    kl: FloatArray
    kl_reverse: FloatArray
    log_affinity: FloatArray
    wasserstein_squared: FloatArray
    log_squared_l2: FloatArray
    rank: FloatArray

    @property
    def hellinger_squared(self) -> FloatArray:
        """Squared Hellinger distances, shape (count,)."""
        squared: FloatArray = -np.expm1(self.log_affinity)
        return squared


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Mean with its normal confidence interval, and median with its order-statistic one.

    Attributes
    ----------
    mean, low, high : float
        Mean and interval; meaningless where the expectation is infinite.
    median, median_low, median_high : float
        Median and interval; valid whatever the tail.
    """

    mean: float
    low: float
    high: float
    median: float
    median_low: float
    median_high: float


def divergences_to_isotropic(
    mean: FloatArray, factor: FloatArray, *, rank: int
) -> tuple[float, float, float, float, float, float]:
    r"""Compare the law :math:`N(\delta, FF^\top)` with :math:`N(0, I)` on its principal axes.

    Both covariances are diagonal in the left singular basis of :math:`F`, so every divergence is
    a sum over coordinates; a singular law (rank < d) is treated as what it is.

    Parameters
    ----------
    mean : numpy.ndarray, shape (d,)
        :math:`\delta`.
    factor : numpy.ndarray, shape (d, d)
        :math:`F`.
    rank : int
        Number of nonzero singular values of :math:`F`.

    Returns
    -------
    tuple of float
        Log-determinant, KL forward, KL backward, log affinity, :math:`W_2^2`, log squared L2.

    Notes
    -----
    Claims ``B.klexact``, ``B.otherdiv``. A second route to `numerics.gaussian_divergences`.

    Examples
    --------
    >>> divergences_to_isotropic(np.zeros(1), np.eye(1), rank=1)[1]
    0.0
    """
    d = mean.size
    axes, widths, _ = np.linalg.svd(factor)
    widths[rank:] = 0.0
    squares = (axes.T @ mean) ** 2
    variances = widths**2
    distance = float(squares.sum() + ((widths - 1.0) ** 2).sum())
    forward = squares.sum() + variances.sum() - d
    if rank < d:
        inf = float("inf")
        return -inf, inf, inf, -inf, distance, inf
    log_det = 2.0 * float(np.log(widths).sum())
    kl = 0.5 * (float(forward) - log_det)
    backward = 0.5 * (float(((1.0 + squares) / variances).sum()) - d + log_det)
    blend = np.log1p(variances)
    affinity = 0.5 * d * np.log(2.0) + 0.25 * log_det - 0.5 * blend.sum()
    affinity -= 0.25 * (squares / (1.0 + variances)).sum()
    logs = -0.5 * d * np.log(4.0 * np.pi) + np.array([0.0, -0.5 * log_det])
    cross = -0.5 * (d * np.log(2.0 * np.pi) + blend.sum() + (squares / (1.0 + variances)).sum())
    top = logs.max()
    excess = float(np.expm1(logs - top).sum() - 2.0 * np.expm1(cross - top))
    l2 = float(top + np.log(excess)) if excess > 0.0 else -float("inf")
    return log_det, kl, backward, float(affinity), distance, l2


def law_replicates(
    rng: np.random.Generator,
    count: int,
    *,
    n: int,
    d: int,
    T: float,
    noise_scale: float,
    s_d: float,
    spread: Spread = "population",
    route: Route = "data",
    ridge: float = 0.0,
) -> LawReplicates:
    r"""Draw independent training sets and measure the generated law of each.

    Route "data" draws :math:`(x_i, y_i)` and fits; route "conditional" draws the centred noised
    data and then the weights from :math:`B\mid Y\sim\kappa P+\tau GW^{+1/2}`. Cost
    :math:`O(d^2\max(n,d))` a replicate, one replicate in memory at a time.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    n, d : int
        Number of points >= 2 and dimension >= 1.
    T, noise_scale, s_d : float
        Diffusion time, noise scale, standard deviation of the data, > 0.
    spread : {"population", "empirical"}
        Variance that generation starts from; "empirical" needs route "data".
    route : {"data", "conditional"}
        How the weights are drawn.
    ridge : float
        Penalty of the fit, >= 0; needs route "data" if > 0.

    Returns
    -------
    LawReplicates
        Arrays of shape (count,).

    Raises
    ------
    ValueError
        If an argument is out of range or the route cannot serve the request.

    Notes
    -----
    Claims ``B.cond``, ``B.moments``, ``B.logdet``, ``B.klexact``, ``B.rank1``, ``B.ridge``.

    Examples
    --------
    >>> draws = law_replicates(
    ...     np.random.default_rng(0), 2, n=3, d=4, T=1.0, noise_scale=1.0, s_d=1.0
    ... )
    >>> draws.rank.tolist(), draws.kl.tolist()
    ([2.0, 2.0], [inf, inf])
    """
    check_rng(rng)
    check_count(count, name="count")
    check_count(n, name="n", minimum=2)
    check_count(d, name="d")
    scale = check_positive(s_d, name="s_d")
    check_nonnegative(ridge, name="ridge")
    setting = _Setting(n=n, d=d, T=T, noise_scale=noise_scale, s_d=scale)
    if route == "data":
        laws = _laws_from_data(rng, count, setting, spread=spread, ridge=ridge)
    elif route == "conditional":
        if spread != "population" or ridge > 0.0:
            raise ValueError(
                f"route was 'conditional' with spread {spread!r} and ridge {ridge}; it serves "
                "population spread without ridge"
            )
        laws = _laws_from_conditional(rng, count, setting)
    else:
        raise ValueError(f'route was {route!r}; it must be "data" or "conditional"')
    rows = [_measured(law, rank, scale) for law, rank in laws]
    return LawReplicates(
        **{f.name: np.array([row[f.name] for row in rows]) for f in fields(LawReplicates)}
    )


def _measured(law: GeneratedLaw, rank: int, s_d: float) -> dict[str, float]:
    """Return the quantities of one generated law, by the names of `LawReplicates`."""
    factor, shift = law.factor / s_d, law.mean / s_d
    trace = float(np.vdot(factor, factor))
    log_ratio = float(np.log(law.variance_ratio))
    log_det, kl, kl_reverse, log_affinity, distance, log_l2 = divergences_to_isotropic(
        shift, factor, rank=rank
    )
    return {
        "trace": trace,
        "mean_error": float(shift @ shift),
        "log_det": log_det,
        "log_det_weights": log_det - shift.size * log_ratio,
        "weight_trace": trace / law.variance_ratio,
        "log_variance_ratio": log_ratio,
        "kl": kl,
        "kl_reverse": kl_reverse,
        "log_affinity": log_affinity,
        "wasserstein_squared": distance,
        "log_squared_l2": log_l2,
        "rank": float(rank),
    }


def summarise(replicates: ArrayLike, *, z_value: float = 3.0) -> Summary:
    r"""Return mean and median of independent replicates with confidence intervals.

    Parameters
    ----------
    replicates : array_like, shape (count,)
        Finite replicates, at least 2.
    z_value : float
        Half width of the intervals in standard errors, > 0 (3 gives 99.7 %).

    Returns
    -------
    Summary
        The interval of the median runs between order statistics, so it needs no moment.

    Raises
    ------
    ValueError
        If there are fewer than two finite replicates or ``z_value`` is not > 0.

    Notes
    -----
    Claim ``B.klexact``: for n in {d + 1, d + 2} the KL is finite but its mean is not.

    Examples
    --------
    >>> summary = summarise([1.0, 2.0, 3.0])
    >>> summary.mean, summary.median
    (2.0, 2.0)
    """
    values = np.sort(check_finite_array(replicates, name="replicates", ndim=1, min_size=2))
    z = check_positive(z_value, name="z_value")
    count = values.size
    mean = float(values.mean())
    half = z * float(values.std(ddof=1)) / np.sqrt(count)
    reach = 0.5 * z * np.sqrt(count)
    below = max(int(np.floor(0.5 * count - reach)), 0)
    above = min(int(np.ceil(0.5 * count + reach)), count - 1)
    return Summary(
        mean=mean,
        low=mean - half,
        high=mean + half,
        median=float(np.median(values)),
        median_low=float(values[below]),
        median_high=float(values[above]),
    )


@dataclass(frozen=True, kw_only=True)
class _Setting:
    n: int
    d: int
    T: float
    noise_scale: float
    s_d: float


def _laws_from_data(
    rng: np.random.Generator, count: int, setting: _Setting, *, spread: Spread, ridge: float
) -> Iterator[tuple[GeneratedLaw, int]]:
    times = {"T": setting.T, "noise_scale": setting.noise_scale, "s_d": setting.s_d}
    for _ in range(count):
        data = sample_training_set(rng, n=setting.n, d=setting.d, **times)
        fit = fit_linear_denoiser(data.clean, data.noised, ridge=ridge)
        yield generated_law(fit, data.clean, spread=spread, **times), fit.rank


def _laws_from_conditional(
    rng: np.random.Generator, count: int, setting: _Setting
) -> Iterator[tuple[GeneratedLaw, int]]:
    n, d, s_d = setting.n, setting.d, setting.s_d
    contraction, noise_variance = forward_coefficients(setting.T, setting.noise_scale)
    variance = contraction**2 * s_d**2 + noise_variance
    slope = contraction * s_d**2 / variance
    spread = s_d * np.sqrt(noise_variance / variance)
    rank = min(n - 1, d)
    for _ in range(count):
        # Centred data of n points are, up to a rotation of the rows, n - 1 free rows.
        noised = np.sqrt(variance) * rng.standard_normal((n - 1, d))
        _, singular, right = np.linalg.svd(noised, full_matrices=False)
        noise = rng.standard_normal((d, rank))
        weights = (slope * right.T + spread * noise / singular) @ right
        # Both sample means are independent of the centred data.
        mean_clean = s_d * rng.standard_normal(d) / np.sqrt(n)
        mean_noise = np.sqrt(noise_variance / n) * rng.standard_normal(d)
        law = GeneratedLaw(
            mean=mean_clean - weights @ mean_noise,
            factor=np.sqrt(variance) * weights,
            variance_ratio=variance / s_d**2,
        )
        yield law, rank
