r"""Gradient descent and stochastic gradient descent in the theoretical class, with the sharpness.

The step of paper A is ``theta - m eta grad``; a minimum that the iteration does not leave has
``m eta lambda_max / 2 <= 1``. Gradient descent runs on the exact risk, so that nothing but the
finite step separates it from the gradient flow; stochastic gradient descent draws a fresh batch,
with replacement, at each step. Both record the exact risk and ``m eta lambda_max / 2`` on the way.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from numerics.exact_risk import risk_and_gradient
from numerics.mixture_tails import NoisedSample, noised_sample
from numerics.relu_network import ReluNetwork
from numerics.sharpness import sharpness
from numerics.validation import FloatArray, check_count, check_positive, check_rng


class BatchRisk(Enum):
    """What the risk of a batch is: the paper prints the sum, its code takes the mean."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DescentPath:
    """What was recorded along a descent, and where it ended.

    Attributes
    ----------
    step : ndarray, shape (k,)
        Numbers of steps taken when the records were made; the first is 0.
    risk : ndarray, shape (k,)
        Exact risk R_n.
    stability : ndarray, shape (k,)
        m eta lambda_max / 2 with the exact sharpness; the stability limit of eq. 8 is 1.
    network : ReluNetwork
        The last network.
    diverged : bool
        Whether the risk left the finite numbers, or grew a millionfold; the path then ends.
    """

    step: FloatArray
    risk: FloatArray
    stability: FloatArray
    network: ReluNetwork
    diverged: bool


def gradient_descent(
    network: ReluNetwork,
    sample: NoisedSample,
    *,
    learning_rate: float,
    steps: int,
    record_every: int = 1,
) -> DescentPath:
    r"""Descend the exact risk by full gradient steps.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla R_n(\theta_j)

    Parameters
    ----------
    network : ReluNetwork
        The start.
    sample : NoisedSample
        The data under noise, from `numerics.mixture_tails.noised_sample`.
    learning_rate : float
        eta, > 0.
    steps : int
        Number of steps, >= 1.
    record_every : int
        Steps between two records, >= 1; a record costs a sharpness.

    Returns
    -------
    DescentPath
        Risk and m eta lambda_max / 2 along the path.

    Raises
    ------
    ValueError
        If the learning rate is not > 0 or a count is not >= 1.

    Notes
    -----
    Cost O(m log m) per step. Source: paper A, section 3 and appendix D; claims ``A.appD``,
    ``A.x6``.

    Examples
    --------
    >>> from numerics.mixture_tails import noised_sample
    >>> start = random_start(20, rng=np.random.default_rng(0))
    >>> path = gradient_descent(
    ...     start, noised_sample([-1.0, 1.0], 0.8, 0.6), learning_rate=0.2, steps=50
    ... )
    >>> path.risk.size, bool(path.risk[-1] < path.risk[0]), path.diverged
    (51, True, False)
    """
    step_size = network.width * check_positive(learning_rate, name="learning_rate")
    steps = check_count(steps, name="steps")
    record_every = check_count(record_every, name="record_every")
    records, outer, bias = _Records(sample, learning_rate), network.outer, network.bias
    for step in range(steps + 1):
        network = ReluNetwork(outer=outer, inner=network.inner, bias=bias)
        if step % record_every == 0 or step == steps:
            records.add(step, network)
            if records.diverged or step == steps:
                break
        with np.errstate(over="ignore", invalid="ignore"):
            gradient = risk_and_gradient(network, sample)
            outer = outer - step_size * gradient.outer
            bias = bias - step_size * gradient.bias
        if not (np.isfinite(outer).all() and np.isfinite(bias).all()):
            records.diverged = True
            break
    return records.path(network)


def stochastic_gradient_descent(
    network: ReluNetwork,
    x: ArrayLike,
    mu: float,
    sigma: float,
    *,
    learning_rate: float,
    steps: int,
    batch: int,
    batch_risk: BatchRisk,
    rng: np.random.Generator,
    record_every: int = 1,
) -> DescentPath:
    r"""Descend the risks of fresh batches of noised data.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla\hat R_j(\theta_j), \qquad
              \hat R_j(\theta) = c \sum_{i \in B_j}
              \Big(s_\theta(Y_i) + \frac{Y_i - \mu x_i}{\sigma^2}\Big)^2

    with c = 1 for `BatchRisk.SUM` and 1 / \|B_j\| for `BatchRisk.MEAN`.

    Parameters
    ----------
    network : ReluNetwork
        The start.
    x : array_like, shape (n,)
        Distinct data.
    mu, sigma : float
        Contraction of the data and noise level.
    learning_rate : float
        eta, > 0.
    steps : int
        Number of steps, >= 1.
    batch : int
        Size of a batch, drawn with replacement, >= 1.
    batch_risk : BatchRisk
        Sum or mean over the batch.
    rng : numpy.random.Generator
        Source of the batches and the noise.
    record_every : int
        Steps between two records, >= 1.

    Returns
    -------
    DescentPath
        Exact risk and m eta lambda_max / 2 along the path, lambda_max that of the exact risk: with
        the sum, the limit of eq. 8 is 1 / batch instead of 1.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Cost O(batch m) per step. Source: paper A, sections 0 and 3; claims ``A.eq7``, ``A.eq8``,
    ``A.code.mean``, ``A.x6``.

    Examples
    --------
    >>> path = stochastic_gradient_descent(
    ...     random_start(20, rng=np.random.default_rng(0)),
    ...     [-1.0, 1.0],
    ...     0.8,
    ...     0.6,
    ...     learning_rate=0.1,
    ...     steps=40,
    ...     batch=10,
    ...     batch_risk=BatchRisk.MEAN,
    ...     rng=np.random.default_rng(1),
    ...     record_every=20,
    ... )
    >>> path.step.tolist(), path.diverged
    ([0.0, 20.0, 40.0], False)
    """
    eta = check_positive(learning_rate, name="learning_rate")
    steps, batch = check_count(steps, name="steps"), check_count(batch, name="batch")
    record_every = check_count(record_every, name="record_every")
    rng, sample = check_rng(rng), noised_sample(x, mu, sigma)
    inner = network.inner
    scale = 2.0 * eta * (1.0 if batch_risk is BatchRisk.SUM else 1.0 / batch)
    records, outer, bias = _Records(sample, eta), network.outer, network.bias
    for step in range(steps + 1):
        if step % record_every == 0 or step == steps:
            network = ReluNetwork(outer=outer, inner=inner, bias=bias)
            records.add(step, network)
            if records.diverged or step == steps:
                break
        noise = rng.standard_normal(batch)
        y = sample.centres[rng.integers(sample.centres.size, size=batch)] + sigma * noise
        outer, bias = _stepped(outer, inner, bias, y, noise / sigma, scale)
        if not (np.isfinite(outer).all() and np.isfinite(bias).all()):
            records.diverged = True
            break
    return records.path(network)


def _stepped(
    outer: FloatArray,
    inner: FloatArray,
    bias: FloatArray,
    y: FloatArray,
    target: FloatArray,
    scale: float,
) -> tuple[FloatArray, FloatArray]:
    """Return outer weights and biases after one step on a batch; ``scale`` is 2 eta c."""
    activation = np.multiply.outer(y, inner)
    activation += bias
    np.maximum(activation, 0.0, out=activation)
    residual = activation @ outer
    residual /= outer.size
    residual += target
    residual *= scale
    # The factor m of the step cancels the 1/m of the network.
    with np.errstate(over="ignore", invalid="ignore"):
        change = residual @ activation
        return outer - change, bias - outer * (residual @ (activation > 0.0))


def random_start(
    width: int, *, rng: np.random.Generator, outer_scale: float = 1.0, bias_scale: float = 0.0
) -> ReluNetwork:
    """Draw a network of the theoretical class: signs at random, normal outer weights and biases.

    Examples
    --------
    >>> random_start(3, rng=np.random.default_rng(0)).bias
    array([0., 0., 0.])
    """
    width, rng = check_count(width, name="width"), check_rng(rng)
    return ReluNetwork(
        outer=outer_scale * rng.standard_normal(width),
        inner=rng.choice([-1.0, 1.0], width),
        bias=bias_scale * rng.standard_normal(width),
    )


class _Records:
    """The growing record of a descent."""

    def __init__(self, sample: NoisedSample, learning_rate: float) -> None:
        self._sample, self._rate = sample, learning_rate
        self._rows: list[tuple[float, float, float]] = []
        self.diverged = False

    def add(self, step: int, network: ReluNetwork) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            risk = risk_and_gradient(network, self._sample).risk
        if not np.isfinite(risk) or (self._rows and risk > 1e6 * self._rows[0][1]):
            self.diverged = True
            return
        top = sharpness(network, self._sample).value
        self._rows.append((float(step), risk, 0.5 * network.width * self._rate * top))

    def path(self, network: ReluNetwork) -> DescentPath:
        step, risk, stability = np.array(self._rows).T
        return DescentPath(
            step=step, risk=risk, stability=stability, network=network, diverged=self.diverged
        )
