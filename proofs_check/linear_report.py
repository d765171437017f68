"""What is known exactly of the linear one-step diffusion model, for arrays of sample sizes.

Every value is taken from `theory` and evaluated; which values are infinite, and in which sense, is
part of the answer. Lengths are in units of the data's standard deviation, divergences in nats.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["VALIDITY", "LinearReport", "linear_report"]

Floats = NDArray[np.float64]

BUDGET: Final = 40_000
"""Largest d (m - d) for which the mean log-determinant is summed exactly (a few seconds)."""

VALIDITY: Final = {
    "rank": "almost surely",
    "trace": "mean of tr Sigma_G / s_d^2, population start; infinite for n in {d, d+1, d+2}",
    "trace_empirical": "the same for the empirical start",
    "mean_error": "mean of |m_G - mu_0|^2 / s_d^2; infinite where the trace is",
    "log_det": "mean of log det(Sigma_G / s_d^2), population start; -inf almost surely for n <= d",
    "kl": "mean of KL(rho_G || rho); infinite almost surely for n <= d, in mean for n = d+1, d+2",
    "kl_reverse": "mean of KL(rho || rho_G): infinite for every n, almost surely for n <= d only",
    "squared_l2": "mean of |rho_G - rho|_2^2: infinite for every n, almost surely for n <= d only",
    "hellinger_squared": "exactly 1 for n <= d; no exact mean is known beyond",
    "limit_trace": "limit of tr Sigma_G / (d s_d^2) at psi = (n-1)/d; infinite at psi = 1",
    "limit_log_det": "limit of log det(Sigma_G / s_d^2) / d, psi >= 1",
    "limit_kl": "limit of KL(rho_G || rho) / d, psi > 1",
    "limit_kl_reverse": "limit in probability of KL(rho || rho_G) / d, psi > 1 + 1/gamma",
    "limit_log_affinity": "limit of log(1 - H^2) / d, psi >= 1",
    "limit_wasserstein_squared": "limit of W_2^2 / (d s_d^2), psi not 1",
}
"""What each column is, and where it holds."""


@dataclass(frozen=True, kw_only=True)
class LinearReport:
    """Exact and limiting values; NaN where no value is known.

    Attributes
    ----------
    d
        Dimension.
    gamma, reliability
        Signal-to-noise ratio and R^2.
    gamma_c
        Signal-to-noise ratio from which on more samples always help in the limit.
    monotone
        Whether the limiting divergence decreases on all of psi > 1.
    psi_c
        Aspect ratio of the second transition, 1 + 1/gamma.
    kl_floor
        KL per dimension that infinitely many samples leave.
    n, psi
        Sample sizes and aspect ratios (n - 1)/d, shape (k,).
    rank, ..., limit_wasserstein_squared
        Columns of shape (k,); `VALIDITY` says what they are.
    """

    d: int
    gamma: float
    reliability: float
    gamma_c: float
    monotone: bool
    psi_c: float
    kl_floor: float
    n: NDArray[np.int64]
    psi: Floats
    rank: NDArray[np.int64]
    trace: Floats
    trace_empirical: Floats
    mean_error: Floats
    log_det: Floats
    kl: Floats
    kl_reverse: Floats
    squared_l2: Floats
    hellinger_squared: Floats
    limit_trace: Floats
    limit_log_det: Floats
    limit_kl: Floats
    limit_kl_reverse: Floats
    limit_log_affinity: Floats
    limit_wasserstein_squared: Floats

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by name, sample sizes first."""
        return {
            field.name: value
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), np.ndarray)
        }


def linear_report(
    n: ArrayLike, d: int, T: float, *, noise_scale: float = 1.0, s_d: float = 1.0
) -> LinearReport:
    r"""Return exact and limiting values of the linear one-step model.

    .. math:: \gamma = \frac{s_d^2}{\lambda(e^{2T}-1)},\qquad \psi = \frac{n-1}d

    Parameters
    ----------
    n : array_like of int, shape (k,) or ()
        Sample sizes, >= 2.
    d : int
        Dimension, >= 1.
    T : float
        Diffusion time, in (0, 300).
    noise_scale : float
        :math:`\lambda` > 0: 1 is the standard process, the public code has :math:`e^{-2T}`.
    s_d : float
        Standard deviation of the data, > 0.

    Returns
    -------
    LinearReport
        One row for each sample size. The mean log-determinant and divergence are NaN where
        d (n - 1 - d) exceeds 40000: there the limits are what can be had quickly.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.moments``, ``B.logdet``, ``B.klexact``, ``B.t``, ``B.lambda``, ``B.kllimit``,
    ``B.monotone``, ``B.floor``, ``B.edge``.

    Examples
    --------
    >>> report = linear_report([3, 10, 22], 10, 1.0)
    >>> report.rank.tolist(), report.trace.round(6).tolist()
    ([2, 9, 10], [2.741141, inf, 10.0])
    >>> report.monotone
    False
    """
    from theory.monotonicity import threshold_enclosure
    from theory.proportional_limit import critical_ratio, kl_floor

    sizes = _sizes(n)
    dimension = _whole(d, "d")
    snr = _signal_to_noise(T, noise_scale, s_d)
    rows = [_row(int(size), dimension, snr) for size in sizes]
    names = list(rows[0])
    columns = {
        name: np.array([row[name] for row in rows], dtype=np.int64 if name == "rank" else float)
        for name in names
    }
    low, high = threshold_enclosure(digits=20)
    return LinearReport(
        d=dimension,
        gamma=float(snr),
        reliability=float(snr / (1 + snr)),
        gamma_c=float((low + high) / 2),
        monotone=bool(snr >= high),
        psi_c=float(critical_ratio(snr)),
        kl_floor=float(kl_floor(snr).evalf(17)),
        n=sizes,
        psi=(sizes - 1) / dimension,
        **columns,
    )


def _sizes(n: ArrayLike) -> NDArray[np.int64]:
    given = np.atleast_1d(np.asarray(n))
    if given.ndim != 1 or given.size == 0:
        raise ValueError(f"n had shape {given.shape}; it must be a number or a nonempty list")
    if given.dtype.kind not in "iuf" or not np.all(np.isfinite(given)):
        raise ValueError("n must hold finite whole numbers")
    sizes = given.astype(np.int64)
    if np.any(sizes != given) or sizes.min() < 2:
        raise ValueError(f"n had the value {given[np.argmin(given)]}; whole numbers >= 2 would do")
    return sizes


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or value != int(value) or value < 1:
        raise ValueError(f"{name} was {value}; it must be a whole number >= 1")
    return int(value)


def _signal_to_noise(T: float, noise_scale: float, s_d: float) -> Any:
    """Return gamma as a rational number next to its value."""
    from sympy import Float, Rational

    from theory.linear_forward import signal_to_noise

    for name, value in (("T", T), ("noise_scale", noise_scale), ("s_d", s_d)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} was {value}; it must be a finite number > 0")
    if T >= 300:
        raise ValueError(f"T was {T}; a time below 300 would do, e^(-2T) underflows beyond")
    exact = [Rational(float(v)) for v in (T, noise_scale, s_d)]
    # closer than float64 can tell, and still short enough for exact algebra
    return Rational(Float(signal_to_noise(*exact).evalf(20), 20))


def _row(n: int, d: int, gamma: Any) -> dict[str, float]:
    """Return all columns at one sample size."""
    from sympy import Integer

    from theory.linear_expectations import expected_mean_error, expected_relative_trace

    m = n - 1
    size, degrees = Integer(d), Integer(m)
    trace = expected_relative_trace(size, degrees, gamma)
    empirical = expected_relative_trace(size, degrees, gamma, spread="empirical")
    error = expected_mean_error(size, degrees, gamma)
    log_det = _log_det(d, m, gamma)
    infinite = m <= d + 1
    kl = float("inf") if infinite else 0.5 * (float(trace + error) - d - log_det)
    return {
        "rank": min(m, d),
        "trace": float(trace),
        "trace_empirical": float(empirical),
        "mean_error": float(error),
        "log_det": log_det,
        "kl": kl,
        "kl_reverse": float("inf"),
        "squared_l2": float("inf"),
        "hellinger_squared": 1.0 if m < d else float("nan"),
        **_limits(m, d, gamma),
    }


def _log_det(d: int, m: int, gamma: Any) -> float:
    from theory.linear_log_det import canonical_log_product_value

    if m < d:
        return -float("inf")
    if m == d:
        return 0.0
    if d * (m - d) > BUDGET:
        return float("nan")
    return float(canonical_log_product_value(d, m, gamma / (1 + gamma), digits=17))


def _limits(m: int, d: int, gamma: Any) -> dict[str, float]:
    """Return the proportional limits at psi = m/d."""
    from sympy import Rational, log

    import theory.proportional_limit as limits
    from theory.distance_limits import affinity_at_onset, limiting_log_affinity

    psi = Rational(m, d)
    found = dict.fromkeys([name for name in VALIDITY if name.startswith("limit_")], float("nan"))
    if psi < 1:
        found["limit_trace"] = float(limits.trace_below(psi, gamma))
        found["limit_kl"] = found["limit_kl_reverse"] = float("inf")
        found["limit_log_det"] = found["limit_log_affinity"] = -float("inf")
        found["limit_wasserstein_squared"] = _wasserstein(psi, gamma)
        return found
    if psi == 1:
        found["limit_trace"] = found["limit_kl"] = found["limit_kl_reverse"] = float("inf")
        found["limit_log_det"] = 0.0
        found["limit_log_affinity"] = float(log(affinity_at_onset(gamma)))
        return found
    bulk = psi < limits.critical_ratio(gamma)
    log_det = limits.log_det_bulk(psi, gamma) if bulk else limits.log_det_gapped(gamma)
    kl = limits.kl_bulk(psi, gamma) if bulk else limits.kl_gapped(psi, gamma)
    beyond = psi > limits.critical_ratio(gamma)
    found["limit_trace"] = float(limits.trace_above(psi, gamma))
    found["limit_log_det"] = float(log_det.evalf(17))
    found["limit_kl"] = float(kl.evalf(17))
    reverse = limits.reverse_kl_gapped(psi, gamma) if beyond else float("inf")
    found["limit_kl_reverse"] = float(reverse)
    found["limit_log_affinity"] = float(limiting_log_affinity(psi, gamma).evalf(15))
    found["limit_wasserstein_squared"] = _wasserstein(psi, gamma)
    return found


def _wasserstein(psi: Any, gamma: Any) -> float:
    """Return the limit of W_2^2 / (d s_d^2), psi not 1."""
    from theory.proportional_limit import trace_above, trace_below

    trace = trace_above(psi, gamma) if psi > 1 else trace_below(psi, gamma)
    mean = _mean_singular_value(float(psi), float(gamma))
    return (
        float(trace) + 1.0 - 2.0 * min(float(psi), 1.0) * mean / float(np.sqrt(1.0 + float(gamma)))
    )


def _mean_singular_value(psi: float, gamma: float) -> float:
    r"""Return the limiting mean of the nonzero singular values, scaled by sqrt(1 + gamma).

    .. math:: \frac2\pi\int_0^\infty(1-wp)\,dw = \frac2\pi\int_0^1w\,df,\qquad f = 1-wp

    along the angle of `theory.distance_limits.mean_singular_value`; by parts, because w is finite
    where its derivative is not. Gauss nodes crowd at both ends.
    """
    gap = abs(psi - 1.0)
    if psi > 1.0:
        end = (1.0 - gamma * (2.0 * psi - 1.0)) / (1.0 + gamma) if gap * gamma < 1.0 else -1.0
    else:
        end = 1.0 - 2.0 * psi * gamma / (1.0 + gamma)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    top = float(np.arccos(end))
    angle = top * np.sin(0.25 * np.pi * (nodes + 1.0)) ** 2
    spread = 0.25 * np.pi * top * np.sin(0.5 * np.pi * (nodes + 1.0))
    sine, cosine = np.sin(angle), np.cos(angle)
    other = np.sqrt(gap**2 + sine**2 / gamma)
    # differences that vanish at angle 0 are formed without cancellation
    scale = 2.0 * min(psi, 1.0)
    filled = (2.0 * np.sin(0.5 * angle) ** 2 + sine**2 / gamma / (other + gap)) / scale
    slope = (sine + sine * cosine / (gamma * other)) / scale
    left = np.maximum(1.0 - filled, 0.0)
    if psi > 1.0:
        w = 2.0 * np.sqrt(gamma) * left / sine
    else:
        w = 2.0 * np.sqrt(psi * gamma * (1.0 - psi * filled) * left) / sine
    return float(2.0 / np.pi * (weights @ (w * slope * spread)))
