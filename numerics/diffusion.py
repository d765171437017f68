"""The forward Ornstein-Uhlenbeck process, from its moment equations."""

from dataclasses import dataclass

import numpy as np

from numerics.validation import check_positive

__all__ = ["OrnsteinUhlenbeckMoments", "ornstein_uhlenbeck_moments"]


@dataclass(frozen=True, kw_only=True)
class OrnsteinUhlenbeckMoments:
    """Mean of X_t divided by X_0, and variance of X_t given X_0."""

    mean_factor: float
    variance: float


def ornstein_uhlenbeck_moments(
    time: float, *, noise_scale: float = 1.0
) -> OrnsteinUhlenbeckMoments:
    """Integrate the moment equations of the forward process numerically.

    .. math:: dX = -X dt + \\sqrt{2\\lambda}\\,dB:
              \\qquad \\dot m = -m,\\quad \\dot v = 2\\lambda - 2v

    Parameters
    ----------
    time : float
        t > 0, in the process's own unit.
    noise_scale : float
        lambda > 0; 1 for the standard process.

    Returns
    -------
    OrnsteinUhlenbeckMoments
        m(t) from m(0) = 1 and v(t) from v(0) = 0, to about 1e-12.

    Raises
    ------
    ValueError
        If an argument is not a finite positive number.

    Notes
    -----
    Source: paper A, eq. 3 (claim ``A.eq3``). The closed form is derived in `theory.diffusion` and
    is not used here. Cost: about 400 evaluations of the right side per unit of time.

    Examples
    --------
    >>> round(ornstein_uhlenbeck_moments(0.5).mean_factor, 6)
    0.606531
    """
    from scipy.integrate import solve_ivp

    end = check_positive(time, name="time")
    scale = check_positive(noise_scale, name="noise_scale")

    def rates(_t: float, state: np.ndarray) -> np.ndarray:
        return np.array([-state[0], 2 * scale - 2 * state[1]])

    solution = solve_ivp(rates, (0.0, end), [1.0, 0.0], method="DOP853", rtol=3e-14, atol=1e-18)
    return OrnsteinUhlenbeckMoments(
        mean_factor=float(solution.y[0, -1]), variance=float(solution.y[1, -1])
    )
