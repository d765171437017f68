r"""Batches of noised data, ``Y = mu x_i + sigma xi`` with fresh noise, drawn by blocks of steps.

Step j belongs to block j // 64. A block is drawn from its own stream, so that any step can be drawn
again from its number, and a block costs one opening of a stream.
"""

import numpy as np

from numerics.training_choices import Composition
from numerics.validation import FloatArray

__all__ = ["BLOCK_STEPS", "draw_block"]

BLOCK_STEPS = 64


def draw_block(
    key: tuple[int, ...],
    block: int,
    data: FloatArray,
    *,
    mu: float,
    sigma: float,
    batch: int,
    composition: Composition,
) -> tuple[FloatArray, FloatArray]:
    r"""Draw the batches of 64 steps of one member.

    .. math:: Y_i = \mu x_{c_i} + \sigma \xi_i, \qquad
              t_i = -\frac{Y_i - \mu x_{c_i}}{\sigma^2} = -\frac{\xi_i}\sigma

    Parameters
    ----------
    key : tuple of int
        The member's stream, from `numerics.random_streams.stream_key`.
    block : int
        Number of the block, >= 0.
    data : ndarray, shape (n, d)
        The member's data.
    mu, sigma : float
        Contraction and noise level.
    batch : int
        Size N of a batch.
    composition : Composition
        Data drawn with replacement, or each equally often.

    Returns
    -------
    points, targets : ndarray, shape (64, N, d)
        The noised data, and what the score should be there; their residual is ``s(Y) - t``.

    Notes
    -----
    Source: paper A, section 0; claim ``A.code.mean``.

    Examples
    --------
    >>> points, targets = draw_block(
    ...     (0,),
    ...     0,
    ...     np.zeros((3, 1)),
    ...     mu=0.8,
    ...     sigma=0.5,
    ...     batch=2,
    ...     composition=Composition.REPLACEMENT,
    ... )
    >>> points.shape, bool(np.allclose(targets, -4.0 * points))
    ((64, 2, 1), True)
    """
    rng = np.random.default_rng((*key, block))
    count = len(data)
    if composition is Composition.BALANCED:
        full, rest = divmod(batch, count)
        chosen = np.tile(np.arange(count), (BLOCK_STEPS, full + 1))
        last = rng.permuted(chosen[:, full * count :], axis=1)
        chosen = np.concatenate((chosen[:, : full * count], last[:, :rest]), axis=1)
    else:
        chosen = rng.integers(count, size=(BLOCK_STEPS, batch))
    noise = rng.standard_normal((BLOCK_STEPS, batch, data.shape[1]))
    points = (mu * data).take(chosen, axis=0)
    points += sigma * noise
    noise /= -sigma
    return points, noise
