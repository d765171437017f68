"""Weights of the empirical density at a noised training point, and relaxation: three faces.

The symbolic face completes squares (`theory`), the ball face integrates one variable after the
other with a certified quadrature at the end, and the float64 face uses the trapezoidal rule
(`numerics.collapse`).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Tuple

from proofs_check.balls import to_ball
from proofs_check.functionals import functional
from proofs_check.quantities import gaussian_balls as balls

__all__ = [
    "CollapseTime",
    "ConditionalWeight",
    "EnergyEntropy",
    "EnergyRate",
    "Entropy",
    "ExcessEntropy",
    "FourthCumulant",
    "LogRatioMoment",
    "SecondMoment",
    "SecondMomentRate",
    "StationaryKL",
    "TypicalLog",
    "WeightMoment",
    "weights_of",
]

Array = NDArray[np.float64]
TIME = 0.75
"""Diffusion time of all simulations; the noise scale then follows from gamma."""
SCALE = 1.5
"""Standard deviation of the data in simulations: the weights must not depend on it."""


def _gaussian(exponent: list[list[Any]], precisions: list[Any]) -> Any:
    """Integrate exp(-x^T P x) against independent normal laws of the given variances."""
    from flint import arb

    square = [list(row) for row in exponent]
    constant = arb(0)
    for k, variance in enumerate(precisions):
        square[k][k] = square[k][k] + 1 / (2 * variance)
        constant -= (2 * arb.pi() * variance).log() / 2
    return balls.quadratic_integral(square, [0] * len(square), constant)


def _moment_ball(own: Any, others: Any, signal: Any) -> Any:
    size = len(others) + 2
    # variables z, h_1, h_2, ...
    square = [[own * 0 for _ in range(size)] for _ in range(size)]
    square[0][0] += own / 2
    for k, power in enumerate(others):
        row = [1, 1] + [-1 if j == k else 0 for j in range(len(others))]
        for i, a in enumerate(row):
            for j, b in enumerate(row):
                square[i][j] += power * a * b / 2
    return _gaussian(square, [own * 0 + 1] + [signal] * (size - 1))


def _moment_unfold(own: Expr, others: Tuple, signal: Expr) -> Expr:
    from theory.collapse import coordinate_moment

    return coordinate_moment(own, list(others), signal)


def _moment_float(own: Any, others: Any, signal: Any) -> float:
    from numerics.collapse import coordinate_moment

    p, q, g = float(own), [float(v) for v in np.atleast_1d(others)], float(signal)
    if p < -0.95 or g > 300.0 or g < 1e-6 or max(q, default=0.0) > 100.0:
        # outside of what the grid resolves in little time: the rigorous value decides
        return float("nan")
    return coordinate_moment(p, q, g)


WeightMoment: Final = functional(
    "WeightMoment",
    nargs=3,
    latex=r"E\,\omega_1^{{{0}}}\omega_{{2,\dots}}^{{{1}}}\left({2}\right)",
    float64=_moment_float,
    ball=_moment_ball,
    unfold=_moment_unfold,
    positive=True,
)
"""``WeightMoment(p, (q_2, ...), gamma)`` is E of powers of the weights in one coordinate."""


def _conditional_unfold(place: Expr, signal: Expr) -> Expr:
    from theory.collapse import conditional_weight

    return conditional_weight(place, signal)


def _conditional_ball(place: Any, signal: Any) -> Any:
    from flint import arb

    half = 1 + 0 * signal
    constant = -(2 * arb.pi() * signal).log() / 2 - to_ball(place * place) / 2
    return balls.quadratic_integral([[half / 2 + 1 / (2 * signal)]], [place], constant)


ConditionalWeight: Final = functional(
    "ConditionalWeight",
    nargs=2,
    latex=r"E\left[\omega_2\mid u={0}\right]",
    ball=_conditional_ball,
    unfold=_conditional_unfold,
    positive=True,
)
"""``ConditionalWeight(u, gamma)`` is the mean weight of another point given a coordinate of y."""


def _log_ratio_unfold(power: Expr, signal: Expr) -> Expr:
    from theory.collapse import log_ratio_moment

    return log_ratio_moment(power, signal)


def _log_ratio_ball(power: Any, signal: Any) -> Any:
    mixed = power / (2 * (1 + signal))
    square = [[power / 2 - mixed, -mixed], [-mixed, -mixed]]
    return _gaussian(square, [1 + 0 * signal, signal])


LogRatioMoment: Final = functional(
    "LogRatioMoment",
    nargs=2,
    latex=r"E\,e^{{{0}\,q}}\left({1}\right)",
    ball=_log_ratio_ball,
    unfold=_log_ratio_unfold,
)
"""``LogRatioMoment(theta, gamma)`` is E exp(theta q) in one coordinate of the log-ratio."""


def _typical_unfold(signal: Expr) -> Expr:
    from sympy import Integer

    from theory.collapse import typical_logs

    # one coordinate of the conditional mean, without the factor (n - 1)/n
    value: Expr = (
        typical_logs(signal, Integer(2), Integer(1))[1]
        - typical_logs(signal, Integer(2), Integer(0))[1]
    )
    return value


def _typical_float(signal: Any) -> float:
    from numerics.collapse import typical_log

    g = float(signal)
    return typical_log(g) if 1e-6 <= g <= 300.0 else float("nan")


TypicalLog: Final = functional(
    "TypicalLog",
    nargs=1,
    latex=r"E\log E\left[\omega_2\mid u\right]\left({0}\right)",
    float64=_typical_float,
    unfold=_typical_unfold,
)
"""``TypicalLog(gamma)`` is the mean over y of the log conditional weight, per coordinate."""


def _time(name: str) -> Callable[..., Expr]:
    def unfold(*arguments: Expr) -> Expr:
        import theory.collapse_time as derived

        value: Expr = getattr(derived, name)(*arguments)
        return value

    return unfold


def _entropy_float(variance: Any) -> float:
    from numerics.collapse import differential_entropy

    return differential_entropy(float(variance))


Entropy: Final = functional(
    "Entropy",
    nargs=1,
    latex=r"h\left({0}\right)",
    float64=_entropy_float,
    unfold=_time("differential_entropy"),
)
"""``Entropy(v)`` is the differential entropy of N(0, v)."""

ExcessEntropy: Final = functional(
    "ExcessEntropy",
    nargs=2,
    latex=r"f\left({0},{1}\right)",
    unfold=_time("excess_entropy"),
)
"""``ExcessEntropy(alpha, gamma)`` is that of separate Gaussians over the population, per d."""

EnergyRate: Final = functional(
    "EnergyRate", nargs=2, latex=r"g_{{{1}}}\left({0}\right)", unfold=_time("energy_rate")
)
"""``EnergyRate(beta, gamma)`` is the rate function of the energies of the other points."""

EnergyEntropy: Final = functional(
    "EnergyEntropy", nargs=2, latex=r"s_{{{1}}}\left({0}\right)", unfold=_time("energy_entropy")
)
"""``EnergyEntropy(beta, gamma)`` is g - beta g'."""

CollapseTime: Final = functional(
    "CollapseTime",
    nargs=4,
    latex=r"t_C\left({0},{1},{2},{3}\right)",
    unfold=_time("collapse_time"),
)
"""``CollapseTime(n, d, lambda, s_d)`` is the root of the excess entropy in time."""


def _relaxed(name: str) -> Callable[..., Expr]:
    def unfold(*arguments: Expr) -> Expr:
        import theory.relaxation as derived

        value: Expr = getattr(derived, name)(*arguments)
        return value

    return unfold


def _rate_unfold(same: Expr, noise_scale: Expr, moment: Expr) -> Expr:
    from theory.relaxation import second_moment_rate

    return second_moment_rate(bool(same == 1), noise_scale, moment=moment)


def _second_unfold(same: Expr, start: Expr, time: Expr, noise_scale: Expr) -> Expr:
    from theory.relaxation import second_moment

    return second_moment(bool(same == 1), start, time, noise_scale)


def _second_float(same: Any, start: Any, time: Any, noise_scale: Any) -> float:
    from numerics.diffusion import ornstein_uhlenbeck_moments

    if float(time) > 20.0:
        return float("nan")
    law = ornstein_uhlenbeck_moments(float(time), noise_scale=float(noise_scale))
    return float(law.mean_factor**2 * float(start) + float(same) * law.variance)


def _divergence_float(mean: Any, time: Any, noise_scale: Any, data_sd: Any) -> float:
    from numerics.diffusion import ornstein_uhlenbeck_moments
    from numerics.gaussian_divergences import kl_divergence

    if float(time) > 20.0:
        return float("nan")
    scale = float(noise_scale)
    law = ornstein_uhlenbeck_moments(float(time), noise_scale=scale)
    variance = law.mean_factor**2 * float(data_sd) ** 2 + law.variance
    centre = np.array([law.mean_factor * float(mean)])
    one, two = np.array([[variance]]), np.array([[scale]])
    return float(kl_divergence(centre, one, np.zeros(1), two))


SecondMomentRate: Final = functional(
    "SecondMomentRate",
    nargs=3,
    latex=r"\tfrac d{{dt}}\langle y_iy_j\rangle_{{\delta_{{ij}}={0}}}\left({2}\right)",
    unfold=_rate_unfold,
)
"""``SecondMomentRate(delta_ij, lambda, M)`` is the rate of <y_i y_j> at the value M."""

SecondMoment: Final = functional(
    "SecondMoment",
    nargs=4,
    latex=r"\langle y_iy_j\rangle_{{{2}}}^{{\delta_{{ij}}={0}}}",
    float64=_second_float,
    unfold=_second_unfold,
)
"""``SecondMoment(delta_ij, start, t, lambda)`` is <y_i y_j> at time t."""

StationaryKL: Final = functional(
    "StationaryKL",
    nargs=4,
    latex=r"KL(p_{{{1}}}\Vert N(0,{2}))",
    float64=_divergence_float,
    unfold=_relaxed("stationary_divergence"),
)
"""``StationaryKL(mu, T, lambda, s_d)`` is that of one coordinate of Gaussian data."""

FourthCumulant: Final = functional(
    "FourthCumulant",
    nargs=3,
    latex=r"\kappa_4(y_{{{1}}})",
    unfold=_relaxed("fourth_cumulant"),
)
"""``FourthCumulant(start, t, lambda)`` is that of a coordinate at time t."""


@lru_cache(maxsize=32)
def _drawn(stream: tuple[int, ...], count: int, n: int, d: int, gamma: float) -> Any:
    from numerics.collapse import weight_replicates

    rng = np.random.default_rng(list(stream))
    noise_scale = SCALE**2 / (gamma * float(np.expm1(2.0 * TIME)))
    return weight_replicates(rng, count, n=n, d=d, t=TIME, noise_scale=noise_scale, s_d=SCALE)


def weights_of(function: Callable[[Any], Array]) -> Callable[..., Array]:
    """Return a replicate function of the weights, drawn for the symbols n, d and gamma.

    All quantities of one parameter set share their draws.

    Examples
    --------
    >>> ratio = weights_of(lambda found: found.log_ratio)
    >>> ratio(np.random.default_rng(0), 3, n=4.0, d=2.0, gamma=1.0).shape
    (3,)
    """

    def replicates(rng: np.random.Generator, count: int, **values: float) -> Array:
        entropy = rng.bit_generator.seed_seq.entropy  # type: ignore[attr-defined]
        stream = tuple(int(v) for v in np.atleast_1d(entropy))
        found = _drawn(stream, count, round(values["n"]), round(values["d"]), values["gamma"])
        return np.asarray(function(found), dtype=np.float64)

    replicates.__name__ = "weights"
    return replicates
