r"""A nonlinear noise predictor: a three-layer ReLU network with hand-written gradients.

Data of variance one are noised to :math:`y=ax+q\xi` with :math:`a^2=\gamma/(1+\gamma)`,
:math:`q^2=1/(1+\gamma)`: the Ornstein-Uhlenbeck process read by its signal-to-noise ratio. The
network predicts the noise from y and three features of :math:`\log\gamma`,

.. math:: \hat\xi_\theta = W_3\,\mathrm{relu}(W_2\,\mathrm{relu}(W_1(y,\tau)+b_1)+b_2)+b_3

and is trained by Adam with fresh noise on the mean squared error. All parameters are one vector, so
that an update is one pass. Nothing in the network favours the population's predictor.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from numerics.random_streams import named_stream
from numerics.validation import (
    FloatArray,
    check_count,
    check_points_nd,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = [
    "LOG_RANGE",
    "Adam",
    "NoisePredictor",
    "noise_loss",
    "noised",
    "parameter_count",
    "predict_noise",
    "random_predictor",
    "train_predictor",
]

LOG_RANGE = (-4.6, 4.6)
"""Log signal-to-noise ratios that the network sees: 1/100 to 100."""
FEATURES = 3
"""Features of the noise level: its position in the range, and one period of a wave."""

Array = NDArray[np.floating]


@dataclass(frozen=True, kw_only=True)
class NoisePredictor:
    """A network and the state of its optimiser.

    Attributes
    ----------
    theta : numpy.ndarray, shape (p,)
        All parameters.
    first, second : numpy.ndarray, shape (p,)
        Adam's running means of the gradient and of its square.
    dimension, width : int
        d, and the width of both hidden layers.
    steps : int
        Steps of training so far.
    """

    theta: Array
    first: Array
    second: Array
    dimension: int
    width: int
    steps: int = 0


@dataclass(frozen=True, kw_only=True)
class Adam:
    """How a network is trained.

    Attributes
    ----------
    rate : float
        Learning rate at the start of a run; it falls to zero along half a cosine.
    batch : int
        Noised points of a step.
    decay : tuple of float
        Memory of the running means.
    seed : int
        Of the streams of noise; the step's number names its stream.
    """

    rate: float = 2e-3
    batch: int = 256
    decay: tuple[float, float] = (0.9, 0.999)
    seed: int = 0


def parameter_count(dimension: int, width: int) -> int:
    """Return the number of parameters.

    Examples
    --------
    >>> parameter_count(16, 256)
    75024
    """
    return sum(rows * columns for rows, columns in _shapes(dimension, width))


def random_predictor(
    width: int, dimension: int, *, rng: np.random.Generator, dtype: type = np.float32
) -> NoisePredictor:
    r"""Draw a network: weights of variance 2/inputs, no offsets, a last layer of zeros.

    Parameters
    ----------
    width, dimension : int
        Sizes, >= 1.
    rng : numpy.random.Generator
        Source of randomness.
    dtype : type
        ``numpy.float32`` or ``numpy.float64``.

    Returns
    -------
    NoisePredictor
        It predicts zero until it is trained.

    Raises
    ------
    ValueError
        If a size is no integer >= 1.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.params``.

    Examples
    --------
    >>> network = random_predictor(4, 2, rng=np.random.default_rng(0))
    >>> network.theta.size == parameter_count(2, 4)
    True
    """
    check_rng(rng)
    width, dimension = check_count(width, name="width"), check_count(dimension, name="dimension")
    theta: Array = np.zeros(parameter_count(dimension, width), dtype=dtype)
    for layer, (rows, columns) in zip(
        _layers(theta, dimension, width)[:2], _shapes(dimension, width)[:2], strict=True
    ):
        fan_in = rows - 1
        layer[:-1] = rng.standard_normal((fan_in, columns)) * np.sqrt(2.0 / fan_in)
    return NoisePredictor(
        theta=theta,
        first=np.zeros_like(theta),
        second=np.zeros_like(theta),
        dimension=dimension,
        width=width,
    )


def noised(
    clean: FloatArray, log_signal: FloatArray, noise: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    r"""Return noised points with both coefficients, :math:`y=ax+q\xi`.

    Parameters
    ----------
    clean, noise : numpy.ndarray, shape (b, d)
        x and standard normal :math:`\xi`.
    log_signal : numpy.ndarray, shape (b,)
        :math:`\log\gamma`.

    Returns
    -------
    tuple of numpy.ndarray
        y (b, d), a (b,), q (b,).

    Examples
    --------
    >>> y, a, q = noised(np.ones((1, 1)), np.zeros(1), np.zeros((1, 1)))
    >>> bool(abs(y[0, 0] ** 2 - 0.5) < 1e-15), bool(a[0] == q[0])
    (True, True)
    """
    a = np.sqrt(1.0 / (1.0 + np.exp(-log_signal)))
    q = np.sqrt(1.0 / (1.0 + np.exp(log_signal)))
    return a[:, None] * clean + q[:, None] * noise, a, q


def predict_noise(network: NoisePredictor, y: ArrayLike, log_signal: ArrayLike) -> FloatArray:
    r"""Predict the noise in points.

    Parameters
    ----------
    network : NoisePredictor
        The network.
    y : array_like, shape (b, d)
        Noised points.
    log_signal : array_like, shape () or (b,)
        :math:`\log\gamma`.

    Returns
    -------
    numpy.ndarray, shape (b, d)
        :math:`\hat\xi`.

    Raises
    ------
    ValueError
        If shapes do not agree or an entry is not finite.

    Examples
    --------
    >>> network = random_predictor(4, 2, rng=np.random.default_rng(0))
    >>> predict_noise(network, [[1.0, 2.0]], 0.0)
    array([[0., 0.]])
    """
    points = check_points_nd(y, network.dimension)
    levels = np.broadcast_to(np.asarray(log_signal, dtype=np.float64), len(points))
    return _forward(network, points, levels)[-1].astype(np.float64)


def noise_loss(
    network: NoisePredictor, y: FloatArray, log_signal: FloatArray, noise: FloatArray
) -> tuple[float, Array]:
    r"""Return the mean squared error of a batch, a coordinate, and its gradient.

    .. math:: L = \frac1{bd}\sum_k\lvert\hat\xi_\theta(y_k,\gamma_k)-\xi_k\rvert^2

    Parameters
    ----------
    network : NoisePredictor
        The network.
    y, noise : numpy.ndarray, shape (b, d)
        Noised points and their noise.
    log_signal : numpy.ndarray, shape (b,)
        :math:`\log\gamma`.

    Returns
    -------
    tuple
        The loss and its gradient, shape (p,).

    Notes
    -----
    Cost: three products of (b, width) and (width, width) matrices; where a ReLU is exactly at its
    kink its slope is taken as zero.

    Examples
    --------
    >>> network = random_predictor(4, 2, rng=np.random.default_rng(0))
    >>> loss, gradient = noise_loss(network, np.ones((1, 2)), np.zeros(1), np.ones((1, 2)))
    >>> loss, gradient.shape == network.theta.shape
    (1.0, True)
    """
    inputs, first, second, output = _forward(network, y, log_signal)
    _, w2, w3 = _layers(network.theta, network.dimension, network.width)
    gradient = np.empty_like(network.theta)
    g1, g2, g3 = _layers(gradient, network.dimension, network.width)
    error = output - noise.astype(output.dtype)
    loss = float(np.vdot(error, error)) / error.size
    error *= 2.0 / error.size
    _accumulate(g3, second, error)
    back = error @ w3[:-1].T
    back *= second > 0.0
    _accumulate(g2, first, back)
    deeper = back @ w2[:-1].T
    deeper *= first > 0.0
    _accumulate(g1, inputs, deeper)
    return loss, gradient


def train_predictor(
    network: NoisePredictor, data: ArrayLike, steps: int, *, adam: Adam | None = None
) -> NoisePredictor:
    r"""Train a network on a training set with fresh noise in every step.

    Parameters
    ----------
    network : NoisePredictor
        The network; its running means and step count go on.
    data : array_like, shape (n, d)
        Training points, in units of the standard deviation of the data.
    steps : int
        Number of steps, >= 1; the learning rate falls to zero along them.
    adam : Adam, optional
        The optimiser.

    Returns
    -------
    NoisePredictor
        A new network; the given one is left as it was.

    Raises
    ------
    ValueError
        If shapes do not agree, a size is out of range, or the loss is no longer finite.

    Notes
    -----
    Claims ``B.nonlinear``, ``B.params``. The noise levels of a step are stratified: one in each of
    ``batch`` equal parts of the range of log gamma.

    Examples
    --------
    >>> network = random_predictor(8, 1, rng=np.random.default_rng(0))
    >>> trained = train_predictor(network, [[1.0], [-1.0]], 3, adam=Adam(batch=4))
    >>> trained.steps, network.steps
    (3, 0)
    """
    used = adam or Adam()
    sample = check_sample_nd(data, name="data", min_size=1)
    sample = check_points_nd(sample, network.dimension, name="data")
    steps = check_count(steps, name="steps")
    check_positive(used.rate, name="adam.rate")
    theta, first, second = (v.copy() for v in (network.theta, network.first, network.second))
    current = replace(network, theta=theta, first=first, second=second)
    low, high = LOG_RANGE
    strata = np.arange(used.batch)
    one, two = used.decay
    for k in range(steps):
        count = network.steps + k
        rng = named_stream(used.seed, "nonlinear-denoiser", count)
        levels = low + (high - low) * (strata + rng.random(used.batch)) / used.batch
        noise = rng.standard_normal((used.batch, network.dimension))
        y, _, _ = noised(sample[rng.integers(0, len(sample), used.batch)], levels, noise)
        loss, gradient = noise_loss(current, y, levels, noise)
        if not np.isfinite(loss):
            raise ValueError(f"the loss was {loss} at step {count}; a smaller rate would do")
        first *= one
        first += (1.0 - one) * gradient
        second *= two
        gradient *= gradient
        second += (1.0 - two) * gradient
        pace = used.rate * 0.5 * (1.0 + np.cos(np.pi * k / steps))
        scale = np.sqrt(1.0 - two ** (count + 1)) / (1.0 - one ** (count + 1))
        update = np.sqrt(second, out=gradient)
        update += 1e-8
        np.divide(first, update, out=update)
        update *= pace * scale
        theta -= update
    return replace(current, steps=network.steps + steps)


def _shapes(dimension: int, width: int) -> tuple[tuple[int, int], ...]:
    """Return the shapes of the three layers, the offsets as their last rows."""
    return (
        (dimension + FEATURES + 1, width),
        (width + 1, width),
        (width + 1, dimension),
    )


def _layers(theta: Array, dimension: int, width: int) -> tuple[Array, ...]:
    """Return views of the layers."""
    found, start = [], 0
    for rows, columns in _shapes(dimension, width):
        stop = start + rows * columns
        found.append(theta[start:stop].reshape(rows, columns))
        start = stop
    return tuple(found)


def _forward(network: NoisePredictor, y: FloatArray, log_signal: FloatArray) -> tuple[Array, ...]:
    """Return the inputs, both hidden layers and the output."""
    low, high = LOG_RANGE
    place = (2.0 * log_signal - low - high) / (high - low)
    inputs = np.empty((len(y), network.dimension + FEATURES), dtype=network.theta.dtype)
    inputs[:, :-FEATURES] = y
    inputs[:, -3] = place
    inputs[:, -2] = np.cos(np.pi * place)
    inputs[:, -1] = np.sin(np.pi * place)
    w1, w2, w3 = _layers(network.theta, network.dimension, network.width)
    first = inputs @ w1[:-1]
    first += w1[-1]
    np.maximum(first, 0.0, out=first)
    second = first @ w2[:-1]
    second += w2[-1]
    np.maximum(second, 0.0, out=second)
    output = second @ w3[:-1]
    output += w3[-1]
    return inputs, first, second, output


def _accumulate(gradient: Array, inputs: Array, error: Array) -> None:
    np.matmul(inputs.T, error, out=gradient[:-1])
    error.sum(axis=0, out=gradient[-1])
