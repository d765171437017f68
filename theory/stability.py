r"""Linear stability of gradient descent with random losses, from the moments of its recursion.

At a minimum the linearised step is

.. math:: d_{j+1} = (I - m\eta H_j)\,d_j - m\eta g_j, \qquad E[g_j]=0,

with independent, identically distributed (g_j, H_j). Its mean follows the matrix
I - m eta E[H], its second moment a linear map of matrices, and E|d|^2 >= |E d|^2. What E[H] is
depends on how the batch risk is normalised: that decides the constant of eq. 8.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import product

from sympy import (
    Add,
    Expr,
    Integer,
    Matrix,
    Mul,
    Rational,
    Symbol,
    eye,
    kronecker_product,
    sympify,
    zeros,
)

from theory.symbols import eta, m

__all__ = [
    "EIGENVALUE",
    "BatchRisk",
    "batch_hessians",
    "expected_hessian",
    "mean_growth",
    "mean_square_growth",
    "mean_stability_bound",
    "normalisation_factor",
    "second_moment_map",
    "varying_step_growth",
]

EIGENVALUE = Symbol("lambda_max", positive=True)
"""Largest eigenvalue of the Hessian of R_n, the average over the data."""


class BatchRisk(Enum):
    """How the losses of a batch are put together."""

    SUM = "sum over the batch"
    MEAN = "mean over the batch"
    FULL_SUM = "sum over all data"
    FULL_MEAN = "mean over all data"


def batch_hessians(
    hessians: Sequence[Expr | int], batch: int, risk: BatchRisk
) -> tuple[tuple[Rational, Expr], ...]:
    """List all batches drawn with replacement: probability and Hessian of the batch risk.

    Parameters
    ----------
    hessians : sequence of Expr
        Hessian of the loss of each datum (a number, symbol or matrix).
    batch : int
        Batch size b >= 1; ignored by the two full-batch risks.
    risk : BatchRisk
        The normalisation.

    Returns
    -------
    tuple of (Rational, Expr)
        n^b entries, or one for the full batch.

    Raises
    ------
    ValueError
        If there is no datum or the batch is empty.

    Examples
    --------
    >>> batch_hessians([1, 3], 1, BatchRisk.SUM)
    ((1/2, 1), (1/2, 3))
    """
    size = len(hessians)
    if size < 1 or batch < 1:
        raise ValueError(f"batch was {batch} of {size} data; both must be at least 1")
    if risk in {BatchRisk.FULL_SUM, BatchRisk.FULL_MEAN}:
        scale = Rational(1, size if risk is BatchRisk.FULL_MEAN else 1)
        return ((Integer(1), _added(hessians) * scale),)
    scale = Rational(1, batch if risk is BatchRisk.MEAN else 1)
    chance = Rational(1, size**batch)
    return tuple((chance, _added(drawn) * scale) for drawn in product(hessians, repeat=batch))


def expected_hessian(hessians: Sequence[Expr | int], batch: int, risk: BatchRisk) -> Expr:
    """Return E[H] of one step, averaged over all batches.

    Examples
    --------
    >>> expected_hessian([1, 3], 2, BatchRisk.SUM)
    4
    """
    return _added([chance * h for chance, h in batch_hessians(hessians, batch, risk)])


def normalisation_factor(size: int, batch: int, risk: BatchRisk) -> Expr:
    """Derive c in E[H] = c Hess R_n by enumerating the batches, R_n being the mean over data.

    Returns
    -------
    Expr
        1 for the mean, b for the sum over a batch of b, n for the sum over all data.

    Raises
    ------
    ValueError
        If E[H] is no multiple of the Hessian of R_n.

    Notes
    -----
    Paper A, section 3; claims ``A.eq7``, ``A.eq8``.

    Examples
    --------
    >>> [normalisation_factor(3, 2, risk) for risk in BatchRisk]
    [2, 1, 3, 1]
    """
    losses = [Symbol(f"h_{place}", positive=True) for place in range(1, size + 1)]
    ratio = (expected_hessian(losses, batch, risk) / (Add(*losses) / size)).cancel()
    if ratio.free_symbols:
        raise ValueError(f"E[H] was no multiple of the Hessian of R_n: {ratio}")
    return ratio


def mean_growth(
    eigenvalue: Expr | int = EIGENVALUE, *, factor: Expr | int = 1, step: Expr | int = m * eta
) -> Expr:
    """Return the factor by which a step multiplies the mean along an eigenvector of Hess R_n.

    From E d_{j+1} = (I - step E[H]) E d_j and E[H] = factor Hess R_n.

    Examples
    --------
    >>> mean_growth()
    -eta*lambda_max*m + 1
    """
    return 1 - step * factor * eigenvalue


def mean_stability_bound(*, factor: Expr | int = 1, step: Expr | int = m * eta) -> Expr:
    r"""Return the largest lambda_max at which the mean does not grow.

    The start is the top eigenvector, and E|d_j|^2 >= |E d_j|^2 = (growth)^{2j} |d_0|^2 stays
    bounded only if growth^2 <= 1. The growth decreases from 1 in lambda_max, so the bound is
    where it reaches -1.

    Returns
    -------
    Expr
        2 / (c m eta): eq. 8 is the case c = 1 of the mean over the batch. For the printed sum
        over a batch of b the same argument gives 2 / (b m eta).

    Notes
    -----
    Paper A, eq. 8 and appendix D; claims ``A.eq8``, ``A.appD``.

    Examples
    --------
    >>> mean_stability_bound()
    2/(eta*m)
    >>> b = Symbol("b", positive=True)
    >>> mean_stability_bound(factor=b)
    2/(b*eta*m)
    """
    growth = mean_growth(EIGENVALUE, factor=factor, step=step)
    slope = growth.diff(EIGENVALUE)
    return (-1 - growth.subs(EIGENVALUE, 0)) / slope


def second_moment_map(
    law: Sequence[tuple[Expr | int, Matrix]], *, step: Expr | int = m * eta
) -> Matrix:
    r"""Return the matrix of the map S -> E[(I - step H) S (I - step H)^T] on vectorised S.

    E[d_j d_j^T] follows it (without gradient noise), so d stays bounded in mean square for every
    start if and only if the powers of this matrix are bounded.

    Parameters
    ----------
    law : sequence of (Expr, Matrix)
        Probabilities and square Hessians.
    step : Expr
        m eta.

    Returns
    -------
    Matrix
        E[(I - step H) kron (I - step H)], of size p^2 x p^2.

    Raises
    ------
    ValueError
        If the probabilities do not add up to 1 or the Hessians differ in shape.

    Notes
    -----
    Claims ``A.eq7``, ``A.eq8``.

    Examples
    --------
    >>> second_moment_map([(1, Matrix([[2]]))], step=1)
    Matrix([[1]])
    """
    dimension = law[0][1].rows
    if any(hessian.shape != (dimension, dimension) for _, hessian in law):
        raise ValueError("law held Hessians that are not square of one size")
    if Add(*(sympify(chance) for chance, _ in law)) != 1:
        raise ValueError("law held probabilities that do not add up to 1")
    moved = zeros(dimension**2, dimension**2)
    for chance, hessian in law:
        factor = eye(dimension) - step * hessian
        moved += chance * kronecker_product(factor, factor)
    return moved


def mean_square_growth(
    hessians: Sequence[Expr | int], batch: int, risk: BatchRisk, *, step: Expr | int = m * eta
) -> Expr:
    r"""Return E[(1 - step H)^2] for losses of one parameter, expanded.

    It is (1 - step E H)^2 + step^2 Var H: stability in mean square asks for it to be at most 1,
    which is more than eq. 8 as soon as the batch is random.

    Notes
    -----
    Claims ``A.eq7``, ``A.eq8``.

    Examples
    --------
    >>> s = Symbol("s")
    >>> mean_square_growth([1, 3], 1, BatchRisk.MEAN, step=s)
    5*s**2 - 4*s + 1
    """
    law = [(chance, Matrix([[h]])) for chance, h in batch_hessians(hessians, batch, risk)]
    return second_moment_map(law, step=step)[0, 0].expand()


def varying_step_growth(
    rates: Sequence[Expr | int], eigenvalue: Expr | int = EIGENVALUE, *, width: Expr | int = m
) -> Expr:
    r"""Return the factor of the mean after steps with the given learning rates.

    .. math:: \prod_j (1 - m\eta_j\lambda)

    If every rate is at least eta_min and lambda > 2/(m eta_min), each factor is below
    -(m eta_min lambda - 1) < -1, so the product grows geometrically.

    Notes
    -----
    Paper A, appendix D; claim ``A.appD``.

    Examples
    --------
    >>> varying_step_growth([1, 2], 3, width=1)
    10
    """
    return Mul(*(mean_growth(eigenvalue, step=width * rate) for rate in rates))


def _added(terms: Sequence[Expr | int]) -> Expr:
    """Add numbers or matrices; there is no zero that fits both."""
    first, *others = terms
    return sum(others, first)
