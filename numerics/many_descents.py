r"""Gradient descent on the exact risk for many small networks at once.

For narrow networks the O(m log m) gradient of `numerics.exact_risk` is all overhead. Here the
truncated moments of all pairs of neurons are laid out in one array for all runs: the gradient

.. math:: \frac{\partial R_n}{\partial w_l} = \frac2m E[g\,\mathrm{relu}_l], \qquad
          \frac{\partial R_n}{\partial b_l} = \frac{2 w_l}m E[g\,1_l], \qquad
          g(Y) = s(Y) + \frac{Y - \mu X}{\sigma^2},

with ``E[(Y - mu X) f(Y)] = sigma^2 E f'(Y)`` for the second part of g.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.mixture_tails import NoisedSample
from numerics.validation import FloatArray, check_count, check_finite_array

_BOUND = 1e8
"""Parameters beyond it count as diverged; they are no longer moved."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ManyDescents:
    """Where descents ended.

    Attributes
    ----------
    outer, bias : ndarray, shape (runs, m)
        The last parameters.
    slope : ndarray, shape (runs,)
        Norm of the gradient at the end times m, infinite where the descent diverged.
    """

    outer: FloatArray
    bias: FloatArray
    slope: FloatArray


def descend_many(
    outer: ArrayLike,
    inner: ArrayLike,
    bias: ArrayLike,
    sample: NoisedSample,
    *,
    learning_rates: ArrayLike,
    steps: int,
) -> ManyDescents:
    r"""Descend the exact risk from many starts, each with its own learning rate.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla R_n(\theta_j)

    Parameters
    ----------
    outer, inner, bias : array_like, shape (runs, m)
        The starts; inner weights are +1 or -1.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.
    learning_rates : array_like, shape (runs,)
        eta of each run, > 0.
    steps : int
        Number of steps, >= 1.

    Returns
    -------
    ManyDescents
        The ends; a run is stopped when a parameter passes 1e8.

    Raises
    ------
    ValueError
        If a shape, an inner weight, a rate or the number of steps is out of its domain.

    Notes
    -----
    Cost O(runs n m^2) per step, in memory too: for m up to about 20. Counterpart of
    `numerics.descent.gradient_descent`; claims ``A.appD``, ``A.x6``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> ends = descend_many(
    ...     [[1.0, -1.0]],
    ...     [[1.0, -1.0]],
    ...     [[0.5, 0.5]],
    ...     noised_sample([-1.0, 1.0], 0.8, 0.6),
    ...     learning_rates=[0.1],
    ...     steps=10,
    ... )
    >>> ends.outer.shape, bool(ends.slope[0] < 10)
    ((1, 2), True)
    """
    weights = check_finite_array(outer, name="outer", ndim=2).copy()
    signs = check_finite_array(inner, name="inner", ndim=2)
    biases = check_finite_array(bias, name="bias", ndim=2).copy()
    rates = check_finite_array(learning_rates, name="learning_rates", ndim=1)
    steps = check_count(steps, name="steps")
    if not weights.shape == signs.shape == biases.shape:
        raise ValueError(
            f"outer, inner, bias had shapes {weights.shape}, {signs.shape}, {biases.shape}; "
            "they must be equal"
        )
    if not (np.abs(signs) == 1.0).all():
        raise ValueError("inner had an entry other than +1 and -1")
    if rates.shape != weights.shape[:1] or not (rates > 0.0).all():
        raise ValueError("learning_rates must be > 0, one for each run")
    pace = (rates * weights.shape[1])[:, None]
    going = np.ones(rates.size, dtype=np.bool_)
    for _ in range(steps):
        by_weight, by_bias = _gradient(weights[going], signs[going], biases[going], sample)
        weights[going] -= pace[going] * by_weight
        biases[going] -= pace[going] * by_bias
        going = (np.abs(weights).max(axis=1) < _BOUND) & (np.abs(biases).max(axis=1) < _BOUND)
        if not going.any():
            break
    slope = np.full(rates.size, np.inf)
    if going.any():
        by_weight, by_bias = _gradient(weights[going], signs[going], biases[going], sample)
        squares = (by_weight**2 + by_bias**2).sum(axis=1)
        slope[going] = weights.shape[1] * np.sqrt(squares)
    return ManyDescents(outer=weights, bias=biases, slope=slope)


def _gradient(
    outer: FloatArray, inner: FloatArray, bias: FloatArray, sample: NoisedSample
) -> tuple[FloatArray, FloatArray]:
    """Return the gradients in the outer weights and the biases, each of shape (runs, m)."""
    from scipy.special import ndtr

    sigma, width = sample.sigma, outer.shape[1]
    # axes: run, datum, neuron; in units of sigma from the centre of the datum
    knot = (-bias * inner)[:, None, :] - sample.centres[None, :, None]
    knot /= sigma
    mass = ndtr(knot)
    bell = np.exp(-0.5 * knot * knot)
    bell /= np.sqrt(2.0 * np.pi)
    right = (inner > 0.0)[:, None, :]
    # each neuron is active from lo to hi, one of which is its knot and the other infinite
    lower = _ends(right, knot, mass, bell, empty=0.0)
    upper = _ends(~right, knot, mass, bell, empty=1.0)
    active = upper[0] - lower[0]
    later = lower[3][..., :, None] >= lower[3][..., None, :]
    sooner = upper[4][..., :, None] <= upper[4][..., None, :]
    zeroth, first, second = (_joint(sooner, upper[k]) - _joint(later, lower[k]) for k in range(3))
    meet = _joint(sooner, upper[4]) > _joint(later, lower[3])
    zeroth, first, second = (np.where(meet, v, 0.0) for v in (zeroth, first, second))
    # relu = sigma * inner * (z - knot), and the moments of z are -first and zeroth - second
    ramp_step = inner[:, None, :, None] * (-first - knot[..., :, None] * zeroth)
    ramps = zeroth - second + (knot[..., :, None] + knot[..., None, :]) * first
    ramps += knot[..., :, None] * knot[..., None, :] * zeroth
    ramps *= (inner[:, None, :, None] * inner[:, None, None, :]) * sigma**2
    share = outer[:, None, :, None] / width
    by_ramp = (share * ramps).sum(axis=2) + inner[:, None, :] * active
    by_step = sigma * (share * ramp_step).sum(axis=2) + inner[:, None, :] * bell / sigma
    by_weight: FloatArray = by_ramp.mean(axis=1) * (2.0 / width)
    by_bias: FloatArray = by_step.mean(axis=1) * (2.0 / width) * outer
    return by_weight, by_bias


def _ends(
    here: NDArray[np.bool_], knot: FloatArray, mass: FloatArray, bell: FloatArray, *, empty: float
) -> tuple[FloatArray, ...]:
    """Return mass below, density, z times density and place of an end of the active set."""
    return (
        np.where(here, mass, empty),
        np.where(here, bell, 0.0),
        np.where(here, knot * bell, 0.0),
        np.where(here, knot, -np.inf),
        np.where(here, knot, np.inf),
    )


def _joint(first: NDArray[np.bool_], values: FloatArray) -> FloatArray:
    """Take the end of the common active set from the first neuron where it decides."""
    return np.where(first, values[..., :, None], values[..., None, :])
