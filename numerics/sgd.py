r"""Stochastic gradient descent for stacks of networks, each member with its own task.

The members of a stack share the width, the dimension, the batch size and the number of steps, and
differ in data, noise level, learning rate and seed. On the line they take each step together
(`numerics.line_step`); in more dimensions one after another, a block of steps at a time, so that a
network stays in the cache (`numerics.relu_step`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.line_step import descend_line, line_buffers
from numerics.noised_batches import BLOCK_STEPS, draw_block
from numerics.random_streams import stream_key
from numerics.relu_step import RealArray, StepBuffers, descend, step_buffers
from numerics.stacked_network import NetworkStack
from numerics.training_choices import PAPER, StepScaling, TrainingChoices
from numerics.validation import (
    FloatArray,
    check_count,
    check_finite_array,
    check_mu,
    check_positive,
    check_sigma,
)

__all__ = ["ScoreTask", "train_networks"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ScoreTask:
    """What the members of a stack fit and how: everything a step depends on but the parameters.

    Attributes
    ----------
    data : ndarray, shape (s, n, d)
        The data of each member.
    mu, sigma : sequence of float
        Contraction and noise level of each member.
    learning_rate : sequence of float
        eta of each member.
    seeds : sequence of int
        Of each member's batches: its draws depend on nothing else.
    batch : int
        Size of a batch, 50 in the paper.
    choices : TrainingChoices
        What the paper leaves open.
    train_inner : bool
        Whether the inner weights are trained; False for the theoretical class, which needs d = 1.
    """

    data: FloatArray
    mu: Sequence[float]
    sigma: Sequence[float]
    learning_rate: Sequence[float]
    seeds: Sequence[int]
    batch: int = 50
    choices: TrainingChoices = PAPER
    train_inner: bool = True


def train_networks(stack: NetworkStack, task: ScoreTask, steps: int) -> NetworkStack:
    r"""Take steps of stochastic gradient descent from where the stack stands.

    .. math:: \theta_{j+1} = \theta_j - m\eta\,\nabla \hat R_j(\theta_j), \qquad
              \hat R_j(\theta) = c \sum_{i \in B_j}
              \Big\lVert s_\theta(Y_i) + \frac{Y_i - \mu x_i}{\sigma^2} \Big\rVert^2

    Parameters
    ----------
    stack : NetworkStack
        The state; it is left unchanged.
    task : ScoreTask
        Data, noise, learning rates, seeds and choices; c and the step follow from the choices.
    steps : int
        How many further steps, >= 0.

    Returns
    -------
    NetworkStack
        The state after them. It is the same, bit for bit, however the steps are divided over
        calls and whatever else is in the stack. A member that diverged is not finite.

    Raises
    ------
    ValueError
        If the task is out of its domain or does not fit the stack.

    Notes
    -----
    Cost per step and member: O(m + batch) on the line, (6 d + 6 d) m batch operations otherwise.
    Source: paper A, sections 0 and 5; claims ``A.fig1``, ``A.fig2``, ``A.fig5``, ``A.code.mean``.

    Examples
    --------
    >>> from numerics.stacked_network import random_networks
    >>> start = random_networks([0, 1], width=20, dimension=1)
    >>> task = ScoreTask(
    ...     data=np.array([[[-1.0], [1.0]]] * 2),
    ...     mu=[0.8, 0.8],
    ...     sigma=[0.6, 0.6],
    ...     learning_rate=[0.1, 0.5],
    ...     seeds=[0, 1],
    ... )
    >>> half = train_networks(start, task, 50)
    >>> whole = train_networks(start, task, 100)
    >>> bool((train_networks(half, task, 50).outer == whole.outer).all()), whole.steps
    (True, 100)
    """
    steps = check_count(steps, name="steps", minimum=0)
    _check(stack, task)
    end = stack.steps + steps
    affine, outer = stack.affine.copy(), stack.outer.copy()
    factor = np.asarray(task.learning_rate, dtype=np.float64)
    factor = factor * task.choices.gradient_factor(task.batch, stack.dimension)
    if task.choices.scaling is StepScaling.PLAIN:
        factor /= stack.width
    # A descent that diverges runs into infinities; that is a result, which the caller sees.
    with np.errstate(over="ignore", invalid="ignore"):
        if stack.dimension == 1 and affine.dtype == np.float64:
            _train_line(affine, outer, task, stack.steps, end, factor)
        else:
            _train_space(affine, outer, task, stack.steps, end, factor)
    return NetworkStack(affine=affine, outer=outer, steps=end)


def _train_line(
    affine: RealArray,
    outer: RealArray,
    task: ScoreTask,
    start: int,
    end: int,
    factor: FloatArray,
) -> None:
    members, width = outer.shape[0], outer.shape[2]
    mu, sigma = np.asarray(task.mu)[:, None], np.asarray(task.sigma)[:, None]
    centres = mu * task.data[:, :, 0]
    # Four standard deviations: the cells are for speed, points beyond them are exact too.
    buffers = line_buffers(
        (centres - 4.0 * sigma).min(axis=1),
        (centres + 4.0 * sigma).max(axis=1),
        width=width,
        batch=task.batch,
    )
    inner = np.array(affine[:, 0], dtype=np.float64)
    bias = np.array(affine[:, 1], dtype=np.float64)
    weights = np.array(outer[:, 0], dtype=np.float64)
    points = np.empty((BLOCK_STEPS, members, task.batch))
    targets = np.empty_like(points)
    for block, first, last in _blocks(start, end):
        for member in range(members):
            drawn, wanted = _draw(task, member, block)
            points[:, member], targets[:, member] = drawn[..., 0], wanted[..., 0]
        order = points.argsort(axis=-1)
        sorted_points = np.take_along_axis(points, order, axis=-1)
        sorted_targets = np.take_along_axis(targets, order, axis=-1)
        for step in range(first, last):
            descend_line(
                inner,
                bias,
                weights,
                sorted_points[step],
                sorted_targets[step],
                factor=factor,
                train_inner=task.train_inner,
                buffers=buffers,
            )
    affine[:, 0], affine[:, 1], outer[:, 0] = inner, bias, weights


def _train_space(
    affine: RealArray,
    outer: RealArray,
    task: ScoreTask,
    start: int,
    end: int,
    factor: FloatArray,
) -> None:
    buffers = step_buffers(affine[0], outer[0], batch=task.batch)
    for block, first, last in _blocks(start, end):
        for member in range(outer.shape[0]):
            _descend_block(
                affine[member],
                outer[member],
                _draw(task, member, block),
                range(first, last),
                float(factor[member]),
                buffers,
            )


def _descend_block(
    affine: RealArray,
    outer: RealArray,
    drawn: tuple[FloatArray, FloatArray],
    steps: range,
    factor: float,
    buffers: StepBuffers,
) -> None:
    points, targets = drawn
    inputs = np.full((*points.shape[:2], points.shape[2] + 1), -1.0, affine.dtype)
    np.negative(points, out=inputs[..., :-1], casting="same_kind")
    wanted = targets.astype(affine.dtype, copy=False)
    for step in steps:
        descend(affine, outer, inputs[step], wanted[step], factor=factor, buffers=buffers)


def _draw(task: ScoreTask, member: int, block: int) -> tuple[FloatArray, FloatArray]:
    return draw_block(
        stream_key(task.seeds[member], "batch"),
        block,
        task.data[member],
        mu=task.mu[member],
        sigma=task.sigma[member],
        batch=task.batch,
        composition=task.choices.composition,
    )


def _blocks(start: int, end: int) -> list[tuple[int, int, int]]:
    """Return the blocks that hold steps start to end: number, and first and last step within."""
    return [
        (
            block,
            max(start - block * BLOCK_STEPS, 0),
            min(end - block * BLOCK_STEPS, BLOCK_STEPS),
        )
        for block in range(start // BLOCK_STEPS, -(-end // BLOCK_STEPS))
    ]


def _check(stack: NetworkStack, task: ScoreTask) -> None:
    check_count(task.batch, name="batch")
    data = check_finite_array(task.data, name="data", ndim=3)
    if data.shape[0] != stack.members or data.shape[2] != stack.dimension:
        raise ValueError(
            f"data had shape {data.shape}; it must be ({stack.members}, n, {stack.dimension})"
        )
    for name in ("mu", "sigma", "learning_rate", "seeds"):
        found = len(getattr(task, name))
        if found != stack.members:
            raise ValueError(f"{name} had {found} entries; it needs {stack.members}, one a member")
    for mu, sigma, rate in zip(task.mu, task.sigma, task.learning_rate, strict=True):
        check_mu(mu)
        check_sigma(sigma)
        check_positive(rate, name="learning_rate")
    if not task.train_inner and (stack.dimension != 1 or stack.affine.dtype != np.float64):
        raise ValueError("train_inner was False; the theoretical class needs d = 1 and float64")
