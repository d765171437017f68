r"""Train a noise predictor until more training no longer changes what it has learnt.

The least mean squared error on a data set is that of the exact predictor of the data. Of the gap
between it and the population's predictor a network has closed the share

.. math:: 1-e,\qquad e = \frac{E\lvert\hat\xi_\theta-\hat\xi_X\rvert^2}
                             {E\lvert\hat\xi_\infty-\hat\xi_X\rvert^2}

which is 0 for the population's predictor (e = 1) and 1 for complete memorization (e = 0). Training
goes in rounds, each as long as all before together; it has converged when two rounds in succession
change e by less than a tolerance, after every training point has been visited many times. Both
conditions are needed: a network first learns the population, rests there (e near 1) for a time that
grows with the number of points, and begins to memorize after that.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from numerics.noise_sampling import Predictor, empirical_noise, gaussian_noise
from numerics.nonlinear_denoiser import (
    LOG_RANGE,
    Adam,
    NoisePredictor,
    noised,
    predict_noise,
    train_predictor,
)
from numerics.random_streams import named_stream
from numerics.validation import FloatArray, check_count, check_positive, check_sample_nd

__all__ = ["Trained", "has_converged", "predictor_of", "remaining_gap", "train_until_converged"]


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A network with the path of its training.

    Attributes
    ----------
    network : NoisePredictor
        The network after the last round.
    steps, gaps : numpy.ndarray, shape (rounds + 1,)
        Steps so far, and e after them, from before the first round on.
    converged : bool
        Whether the last two rounds changed e by less than the tolerance each, and every point had
        been visited often enough.
    """

    network: NoisePredictor
    steps: FloatArray
    gaps: FloatArray
    converged: bool


def predictor_of(network: NoisePredictor) -> Predictor:
    """Return a network as a predictor for `numerics.noise_sampling`.

    Examples
    --------
    >>> from numerics.nonlinear_denoiser import random_predictor
    >>> predict = predictor_of(random_predictor(4, 2, rng=np.random.default_rng(0)))
    >>> predict(np.ones((1, 2)), np.zeros(1)).tolist()
    [[0.0, 0.0]]
    """

    def predict(y: FloatArray, log_signal: FloatArray) -> FloatArray:
        return predict_noise(network, y, log_signal)

    return predict


def remaining_gap(
    predict: Predictor, data: ArrayLike, *, draws: int = 4096, seed: int = 0
) -> float:
    r"""Return e, the share of the gap to the exact predictor of the data that is left.

    Parameters
    ----------
    predict : callable
        A noise predictor.
    data : array_like, shape (n, d)
        Training points.
    draws : int
        Noised points, the same for every predictor.
    seed : int
        Of these points.

    Returns
    -------
    float
        e >= 0; it may exceed 1.

    Raises
    ------
    ValueError
        If the data are no points or there are no draws.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.params``. Conditional means are orthogonal to what is left of the
    noise, so both mean squares are differences of training losses.

    Examples
    --------
    >>> data = [[1.0], [-2.0]]
    >>> remaining_gap(empirical_noise(data), data), remaining_gap(gaussian_noise(), data)
    (0.0, 1.0)
    """
    sample = check_sample_nd(data, name="data", min_size=1)
    draws = check_count(draws, name="draws")
    rng = named_stream(seed, "remaining-gap")
    levels = LOG_RANGE[0] + (LOG_RANGE[1] - LOG_RANGE[0]) * rng.random(draws)
    clean = sample[rng.integers(0, len(sample), draws)]
    y, _, _ = noised(clean, levels, rng.standard_normal(clean.shape))
    exact = empirical_noise(sample)(y, levels)
    own = predict(y, levels) - exact
    reference = gaussian_noise()(y, levels) - exact
    return float((own**2).sum() / (reference**2).sum())


def has_converged(gaps: ArrayLike, *, tolerance: float) -> bool:
    """Return whether the last two rounds changed the gap by less than a tolerance each.

    Examples
    --------
    >>> has_converged([0.5, 0.49, 0.48], tolerance=0.02), has_converged([0.5, 0.49], tolerance=0.02)
    (True, False)
    """
    changes = np.abs(np.diff(np.asarray(gaps, dtype=np.float64)))
    return changes.size > 1 and bool((changes[-2:] < tolerance).all())


def train_until_converged(
    network: NoisePredictor,
    data: ArrayLike,
    *,
    first: int = 1000,
    limit: int = 8000,
    tolerance: float = 0.03,
    visits: int = 4000,
    adam: Adam | None = None,
) -> Trained:
    r"""Train in rounds of ``first``, ``first``, 2 ``first``, 4 ``first``, ... steps.

    Parameters
    ----------
    network : NoisePredictor
        An untrained network.
    data : array_like, shape (n, d)
        Training points.
    first : int
        Steps of the first round, >= 1.
    limit : int
        Training stops before a round that would exceed it.
    tolerance : float
        Change of e in a round, which doubles the steps, that counts as none, > 0.
    visits : int
        Noised copies of every training point, on average, before training may count as converged.
    adam : Adam, optional
        The optimiser; its rate falls to zero in every round.

    Returns
    -------
    Trained
        Network, path, and whether it has converged.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.fig4``.

    Examples
    --------
    >>> from numerics.nonlinear_denoiser import random_predictor
    >>> network = random_predictor(4, 1, rng=np.random.default_rng(0))
    >>> found = train_until_converged(network, [[1.0], [-1.0]], first=2, limit=4, tolerance=1e-9)
    >>> found.steps.tolist(), found.converged
    ([0.0, 2.0, 4.0], False)
    """
    first, limit = check_count(first, name="first"), check_count(limit, name="limit")
    check_positive(tolerance, name="tolerance")
    used = adam or Adam()
    least = check_count(visits, name="visits") * len(check_sample_nd(data, name="data", min_size=1))
    current = network
    steps = [float(current.steps)]
    gaps = [remaining_gap(predictor_of(current), data)]
    length, done = first, False
    while current.steps + length <= limit and not done:
        current = train_predictor(current, data, length, adam=used)
        steps.append(float(current.steps))
        gaps.append(remaining_gap(predictor_of(current), data))
        length = current.steps
        done = current.steps * used.batch >= least and has_converged(gaps, tolerance=tolerance)
    return Trained(
        network=current,
        steps=np.array(steps),
        gaps=np.array(gaps),
        converged=done,
    )
