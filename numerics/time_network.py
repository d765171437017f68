r"""The time-conditioned network r(t, x) of paper A, its batches and its training.

.. math:: r_\theta(t, x) = \frac1m \sum_l V_l\,\mathrm{relu}(w_l^\top (t, x) + b_l), \qquad
          \min_\theta \frac1n \sum_i E\,\lVert r_\theta(t, \mu(t) x_i + \sigma(t) Z) - Z \rVert^2

Step number j draws its batch from the stream ``(seed, name, j)``, so that the parameters and the
counter are the whole state: a run that was stopped goes on bit for bit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from numerics.noise_schedule import NoiseSchedule
from numerics.random_streams import stream_key
from numerics.relu_step import RealArray, descend, forward, sign_words, step_buffers
from numerics.training_choices import PAPER, Composition, StepScaling, TrainingChoices
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_points_nd,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = [
    "TimeNetwork",
    "TimeTask",
    "draw_time_batch",
    "evaluate_time_network",
    "network_score",
    "random_time_network",
    "restore_time_network",
    "stored_time_network",
    "train_time_network",
]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TimeNetwork:
    """The parameters of r(t, x), and how many steps of training they have had.

    Attributes
    ----------
    affine : ndarray, shape (d + 2, m)
        Inner weights of the time, of the d coordinates, and the biases.
    outer : ndarray, shape (d, m)
        Outer weights.
    steps : int
        Number of steps taken.
    """

    affine: RealArray
    outer: RealArray
    steps: int = 0

    @property
    def dimension(self) -> int:
        """The dimension d of the data."""
        return int(self.outer.shape[0])

    @property
    def width(self) -> int:
        """The number m of neurons."""
        return int(self.outer.shape[1])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TimeTask:
    """What is fitted and how: everything a step depends on besides the parameters.

    Attributes
    ----------
    data : ndarray, shape (n, d)
        The training data.
    schedule : NoiseSchedule
        Times, factors, noise levels and probabilities.
    batch : int
        Entries of a batch, each with its own datum, time and noise; 5 000 in the paper.
    learning_rate : float
        eta.
    choices : TrainingChoices
        What the paper leaves open.
    seed : int
        Of the batches.
    name : str
        Of the batches' stream, so that runs on the same seed may differ.
    """

    data: FloatArray
    schedule: NoiseSchedule
    learning_rate: float
    batch: int = 5000
    choices: TrainingChoices = PAPER
    seed: int = 0
    name: str = "time-batch"


def random_time_network(
    width: int,
    dimension: int,
    *,
    rng: np.random.Generator,
    inner_variance: float | None = None,
    dtype: DTypeLike = np.float64,
) -> TimeNetwork:
    r"""Draw the start of training.

    .. math:: V \sim N(0, 1), \quad w \sim N(0, v), \quad b = 0

    Parameters
    ----------
    width, dimension : int
        m and d, >= 1.
    rng : numpy.random.Generator
        Source of the weights.
    inner_variance : float, optional
        v; 1 / d, as printed, if not given. Whether the time counts as an input is left open.
    dtype : dtype
        float64 or float32, of the parameters and so of the training. Both see the same draws.

    Returns
    -------
    TimeNetwork
        Before the first step.

    Raises
    ------
    ValueError
        If a size or the variance is out of its domain.

    Examples
    --------
    >>> random_time_network(5, 2, rng=np.random.default_rng(0)).affine.shape
    (4, 5)
    """
    width, dimension = check_count(width, name="width"), check_count(dimension, name="dimension")
    rng = check_rng(rng)
    if inner_variance is None:
        inner_variance = 1.0 / dimension
    spread = np.sqrt(check_positive(inner_variance, name="inner_variance"))
    affine = np.zeros((dimension + 2, width))
    affine[:-1] = spread * rng.standard_normal((dimension + 1, width))
    outer = rng.standard_normal((dimension, width))
    return TimeNetwork(affine=affine.astype(dtype), outer=outer.astype(dtype))


def evaluate_time_network(
    network: TimeNetwork, t: ArrayLike, x: ArrayLike, *, block: int = 512
) -> FloatArray:
    """Evaluate r(t, x) at points in d dimensions.

    Parameters
    ----------
    network : TimeNetwork
        The network.
    t : array_like
        One time, or one per point.
    x : array_like, shape (N, d)
        Points.
    block : int
        Points at a time, which bounds the memory.

    Returns
    -------
    ndarray, shape (N, d)
        In double precision; computed in the precision of the parameters.

    Raises
    ------
    ValueError
        If the points or times do not fit or are not finite.

    Examples
    --------
    >>> network = random_time_network(5, 2, rng=np.random.default_rng(0))
    >>> evaluate_time_network(network, 0.5, [[0.0, 1.0]]).shape
    (1, 2)
    """
    points = check_points_nd(np.atleast_2d(np.asarray(x)), network.dimension, name="x")
    time = check_finite_array(t, name="t")
    if time.ndim > 1 or time.size not in {1, points.shape[0]}:
        raise ValueError(f"t had shape {time.shape}; it must be one time, or one per point")
    inputs = _negated_inputs(np.broadcast_to(time.ravel(), points.shape[0]), points, network)
    out = np.empty(points.shape, network.outer.dtype)
    rows = min(check_count(block, name="block"), len(points))
    activation = np.empty((rows, network.width), network.affine.dtype)
    mask = sign_words(activation)
    for begin in range(0, len(points), rows):
        part = inputs[begin : begin + rows]
        forward(
            network.affine,
            network.outer,
            part,
            activation[: len(part)],
            mask[: len(part)],
            out[begin : begin + rows],
        )
    return out.astype(np.float64)


def network_score(network: TimeNetwork, t: ArrayLike, sigma: ArrayLike, x: ArrayLike) -> FloatArray:
    r"""Evaluate the score ``-r(t, x) / sigma(t)`` that the network stands for.

    Parameters, shapes and errors are those of `evaluate_time_network`; ``sigma`` goes with ``t``.

    Examples
    --------
    >>> network = random_time_network(5, 2, rng=np.random.default_rng(0))
    >>> network_score(network, 0.5, 0.8, [[0.0, 1.0]]).shape
    (1, 2)
    """
    noise = check_finite_array(sigma, name="sigma").reshape(-1, 1)
    return evaluate_time_network(network, t, x) / -noise


def draw_time_batch(task: TimeTask, step: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Draw the times (N,), noised data (N, d) and noises (N, d) of a step.

    Examples
    --------
    >>> from numerics.noise_schedule import noise_schedule
    >>> task = TimeTask(data=np.ones((3, 2)), schedule=noise_schedule(), learning_rate=1.0, batch=4)
    >>> [part.shape for part in draw_time_batch(task, 0)]
    [(4,), (4, 2), (4, 2)]
    """
    return _draw(task, np.random.default_rng((*stream_key(task.seed, task.name), step)))


def train_time_network(network: TimeNetwork, task: TimeTask, steps: int) -> TimeNetwork:
    r"""Take steps of stochastic gradient descent from where the network stands.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla \hat R_j(\theta_j)

    Parameters
    ----------
    network : TimeNetwork
        The state; it is left unchanged.
    task : TimeTask
        Data, schedule, learning rate and choices.
    steps : int
        How many further steps, >= 0.

    Returns
    -------
    TimeNetwork
        The state after them: equal, bit for bit, however the steps are divided over calls. The
        parameters are not finite if the descent diverged.

    Raises
    ------
    ValueError
        If the task is out of its domain or does not fit the network.

    Notes
    -----
    Cost 6 (2 d + 2) m N operations per step, in blocks that stay in the second-level cache.
    Source: paper A, section 5; claims ``A.fig3``, ``A.fig4``, ``A.fig5``.

    Examples
    --------
    >>> from numerics.noise_schedule import noise_schedule
    >>> start = random_time_network(20, 1, rng=np.random.default_rng(0))
    >>> task = TimeTask(
    ...     data=np.array([[-1.0], [1.0]]), schedule=noise_schedule(), learning_rate=0.1, batch=50
    ... )
    >>> half = train_time_network(start, task, 5)
    >>> whole = train_time_network(start, task, 10)
    >>> bool((train_time_network(half, task, 5).outer == whole.outer).all())
    True
    """
    steps = check_count(steps, name="steps", minimum=0)
    data = check_sample_nd(task.data, name="data", min_size=1)
    if data.shape[1] != network.dimension:
        raise ValueError(
            f"data had {data.shape[1]} columns; the network has dimension {network.dimension}"
        )
    batch = check_count(task.batch, name="batch")
    rate = check_positive(task.learning_rate, name="learning_rate")
    factor = rate * task.choices.gradient_factor(batch, network.dimension)
    if task.choices.scaling is StepScaling.PLAIN:
        factor /= network.width
    affine, outer = network.affine.copy(), network.outer.copy()
    buffers = step_buffers(affine, outer, batch=batch)
    key = stream_key(task.seed, task.name)
    # A descent that diverges runs into infinities; that is a result, which the caller sees.
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(network.steps, network.steps + steps):
            times, points, noise = _draw(task, np.random.default_rng((*key, step)))
            descend(
                affine,
                outer,
                _negated_inputs(times, points, network),
                noise.astype(affine.dtype, copy=False),
                factor=factor,
                buffers=buffers,
            )
    return TimeNetwork(affine=affine, outer=outer, steps=network.steps + steps)


def stored_time_network(network: TimeNetwork) -> dict[str, NDArray[Any]]:
    """Return the state as arrays by name, for a checkpoint.

    Examples
    --------
    >>> network = random_time_network(5, 2, rng=np.random.default_rng(0))
    >>> sorted(stored_time_network(network))
    ['affine', 'outer', 'steps']
    """
    return {
        "affine": network.affine,
        "outer": network.outer,
        "steps": np.array(network.steps, dtype=np.int64),
    }


def restore_time_network(state: Mapping[str, NDArray[Any]]) -> TimeNetwork:
    """Return the state that `stored_time_network` wrote.

    Examples
    --------
    >>> network = random_time_network(5, 2, rng=np.random.default_rng(0))
    >>> bool((restore_time_network(stored_time_network(network)).outer == network.outer).all())
    True
    """
    return TimeNetwork(
        affine=np.array(state["affine"]), outer=np.array(state["outer"]), steps=int(state["steps"])
    )


def _draw(task: TimeTask, rng: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray]:
    data, schedule, batch = task.data, task.schedule, task.batch
    if task.choices.composition is Composition.BALANCED:
        chosen = rng.permutation(np.resize(rng.permutation(len(data)), batch))
    else:
        chosen = rng.integers(len(data), size=batch)
    cumulated = np.add.accumulate(schedule.probability)
    # The last is 1 up to rounding; a draw above it belongs to the last time.
    when = cumulated[:-1].searchsorted(rng.random(batch), side="right")
    noise = rng.standard_normal((batch, data.shape[1]))
    points = data.take(chosen, axis=0)
    points *= schedule.mu.take(when)[:, None]
    points += schedule.sigma.take(when)[:, None] * noise
    return schedule.times.take(when), points, noise


def _negated_inputs(times: FloatArray, points: FloatArray, network: TimeNetwork) -> RealArray:
    inputs = np.empty((len(points), network.dimension + 2), network.affine.dtype)
    np.negative(times, out=inputs[:, 0], casting="same_kind")
    np.negative(points, out=inputs[:, 1:-1], casting="same_kind")
    inputs[:, -1] = -1.0
    return inputs
