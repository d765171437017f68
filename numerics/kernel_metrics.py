r"""The memorization metric of paper B: squared L2 distances to two kernel densities, and their gap.

.. math:: E_{TG}=\int(\rho_G-\rho_T)^2,\qquad E_{OG}=\int(\rho_G-\rho_O)^2,\qquad
          \Delta=E_{TG}-E_{OG}

At d = 100 both distances agree to some five digits and :math:`\Delta` is what they do not share.
The norm of :math:`\rho_G` cancels, so :math:`\Delta` is finite where the generated law is singular
and both distances are infinite; with the widths of the paper the diagonal parts of the two kernel
norms cancel as well: each equals :math:`(4\pi s_d^2)^{-d/2}`, whatever the number of points.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from numerics.kernel_density import (
    kernel_width,
    log_gaussian_overlaps,
    log_mean_exp,
    log_overlap_across,
    log_overlap_within,
)
from numerics.pair_blocks import Precision, pair_error
from numerics.signed_log_sum import SignedLog, signed_log_sum
from numerics.validation import (
    check_count,
    check_matrix,
    check_points_nd,
    check_positive,
    check_sample_nd,
)

__all__ = [
    "KernelMetrics",
    "Reference",
    "expected_reference",
    "gaussian_metrics",
    "log_gaussian_norm",
    "reference_set",
    "set_metrics",
]

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A kernel density that a generated law is compared with: its norm and its overlaps.

    Attributes
    ----------
    log_diagonal, log_pairs : float
        Logarithms of the two parts of its squared L2 norm.
    pairs_error : float
        Bound on the error of ``log_pairs``.
    overlap : callable
        Takes a generated law and returns the logarithm of its overlap with the density and a
        bound on its error.
    """

    log_diagonal: float
    log_pairs: float
    pairs_error: float
    overlap: Callable[[Any], tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class KernelMetrics:
    """The metric of one generated law, as logarithms of its parts.

    Attributes
    ----------
    log_generated : float
        Logarithm of the squared norm of the generated density, ``inf`` if it has none.
    train, original : Reference
        The two kernel densities.
    log_cross_train, log_cross_original : float
        Logarithms of the overlaps with them.
    cross_errors : tuple of float
        Bounds on the errors of both.
    """

    log_generated: float
    train: Reference
    original: Reference
    log_cross_train: float
    log_cross_original: float
    cross_errors: tuple[float, float]

    @property
    def delta(self) -> SignedLog:
        """E_TG - E_OG without the parts that cancel."""
        train, original = self.train, self.original
        logs = [train.log_pairs, original.log_pairs, self.log_cross_train, self.log_cross_original]
        weights = [1.0, -1.0, -2.0, 2.0]
        errors = [train.pairs_error, original.pairs_error, *self.cross_errors]
        if train.log_diagonal != original.log_diagonal:
            logs += [train.log_diagonal, original.log_diagonal]
            weights += [1.0, -1.0]
            errors += [_EPS * (1.0 + abs(log)) for log in logs[4:]]
        return signed_log_sum(logs, weights, errors=errors)

    @property
    def log_e_tg(self) -> float:
        """Logarithm of the squared distance to the training density, ``inf`` if it is infinite."""
        return self._distance(self.train, self.log_cross_train)

    @property
    def log_e_og(self) -> float:
        """Logarithm of the squared distance to the original density, ``inf`` if it is infinite."""
        return self._distance(self.original, self.log_cross_original)

    def _distance(self, reference: Reference, cross: float) -> float:
        if self.log_generated == math.inf:
            return math.inf
        parts = [self.log_generated, reference.log_diagonal, reference.log_pairs, cross]
        return signed_log_sum(parts, [1.0, 1.0, 1.0, -2.0]).log_size


def log_gaussian_norm(factor: ArrayLike, *, rank: int | None = None) -> float:
    r"""Return the logarithm of the squared L2 norm of a Gaussian density.

    .. math:: \int N(m,FF^\top)^2 = (4\pi)^{-d/2}\lvert\det F\rvert^{-1}

    Parameters
    ----------
    factor : array_like, shape (d, d)
        F.
    rank : int, optional
        Its rank, if known; otherwise from its singular values.

    Returns
    -------
    float
        The logarithm, ``inf`` for a singular law.

    Raises
    ------
    ValueError
        If ``factor`` is not a square matrix of finite numbers.

    Notes
    -----
    Claim ``B.metric``.

    Examples
    --------
    >>> round(log_gaussian_norm([[2.0]]), 6), log_gaussian_norm([[0.0]])
    (-1.958659, inf)
    """
    matrix = check_matrix(factor, name="factor", square=True)
    d = len(matrix)
    if rank is None:
        values = np.linalg.svd(matrix, compute_uv=False)
        rank = int((values > d * _EPS * values[0]).sum())
        log_det = float(np.log(values).sum()) if rank == d else -math.inf
    else:
        log_det = float(np.linalg.slogdet(matrix)[1]) if rank == d else -math.inf
    return -0.5 * d * math.log(4.0 * math.pi) - log_det


def reference_set(
    points: ArrayLike, *, s_d: float, width: float | None = None, precision: Precision = "double"
) -> Reference:
    r"""Return the kernel density of a set of points.

    Parameters
    ----------
    points : array_like, shape (n, d)
        Centres of the kernels.
    s_d : float
        Standard deviation of a coordinate of the data, > 0.
    width : float, optional
        :math:`\epsilon`; that of the paper, :math:`s_dn^{-1/d}`, by default.
    precision : {"double", "single"}
        Of the pairs; the error bound of a difference takes it into account.

    Returns
    -------
    Reference
        For `gaussian_metrics`.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.metric``. Cost :math:`n^2d` operations, once for any number of generated laws.

    Examples
    --------
    >>> round(reference_set([[0.0], [1.0]], s_d=1.0).log_diagonal, 6)
    -1.265512
    """
    sample = check_sample_nd(points, name="points", min_size=1)
    n, d = sample.shape
    scale = check_positive(s_d, name="s_d")
    used = kernel_width(n, d, s_d=scale) if width is None else check_positive(width, name="width")
    diagonal, pairs = log_overlap_within(sample, width=used, precision=precision)
    if width is None:
        # The power of the width is exactly 1/n: no rounding may tell two sets apart here.
        diagonal = -0.5 * d * math.log(4.0 * math.pi * scale**2)

    def overlap(law: Any) -> tuple[float, float]:
        logs = log_gaussian_overlaps(sample, law.mean, law.factor, width=used)
        return log_mean_exp(logs), _law_error(float(np.abs(logs).max()), d)

    return Reference(
        log_diagonal=diagonal,
        log_pairs=pairs,
        pairs_error=pair_error(sample, width=used, precision=precision) + _EPS * abs(pairs)
        if n > 1
        else 0.0,
        overlap=overlap,
    )


def expected_reference(mean: ArrayLike, *, N: int, s_d: float) -> Reference:
    r"""Return the mean over the original set of what its kernel density contributes.

    .. math:: E\int\rho_O^2 = (4\pi s_d^2)^{-d/2}
              + \Bigl(1-\frac1N\Bigr)\bigl(4\pi(s_d^2+\epsilon_N^2)\bigr)^{-d/2},\qquad
              E\rho_O = N(\mu_0,(s_d^2+\epsilon_N^2)I)

    for N independent points of :math:`N(\mu_0,s_d^2I)`; no set is drawn.

    Parameters
    ----------
    mean : array_like, shape (d,)
        :math:`\mu_0`.
    N : int
        Number of points, >= 1.
    s_d : float
        Standard deviation of a coordinate, > 0.

    Returns
    -------
    Reference
        For `gaussian_metrics`: distances and gap are then means over the original set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.metric``, ``B.rhoO``. One Cholesky factor a law, :math:`O(d^3)`.

    Examples
    --------
    >>> reference = expected_reference(np.zeros(2), N=10**4, s_d=1.0)
    >>> round(reference.log_diagonal, 6)
    -2.531024
    """
    centre = check_points_nd(mean, int(np.size(mean)), name="mean")
    d, scale = centre.size, check_positive(s_d, name="s_d")
    width = kernel_width(check_count(N, name="N"), d, s_d=scale)
    spread = math.hypot(scale, width)
    share = math.log1p(-1.0 / N) if N > 1 else -math.inf

    def overlap(law: Any) -> tuple[float, float]:
        log = float(log_gaussian_overlaps(centre[None], law.mean, law.factor, width=spread)[0])
        return log, _law_error(abs(log), d)

    pairs = share - 0.5 * d * math.log(4.0 * math.pi * spread**2)
    return Reference(
        log_diagonal=-0.5 * d * math.log(4.0 * math.pi * scale**2),
        log_pairs=pairs,
        pairs_error=_EPS * (2.0 + abs(pairs)) * 4.0 if N > 1 else 0.0,
        overlap=overlap,
    )


def gaussian_metrics(
    law: Any, train: Reference, original: Reference, *, rank: int | None = None
) -> KernelMetrics:
    r"""Compare a generated Gaussian law with the training and the original kernel density.

    Parameters
    ----------
    law : numerics.linear_denoiser.GeneratedLaw
        Mean and factor of the covariance, which may be singular.
    train, original : Reference
        From `reference_set` or `expected_reference`.
    rank : int, optional
        Rank of the factor, if known.

    Returns
    -------
    KernelMetrics
        Distances and their difference, in log space.

    Raises
    ------
    ValueError
        If dimensions do not agree.

    Notes
    -----
    Claim ``B.metric``.

    Examples
    --------
    >>> from numerics.linear_denoiser import GeneratedLaw
    >>> law = GeneratedLaw(mean=np.zeros(2), factor=np.eye(2), variance_ratio=1.0)
    >>> train = reference_set([[0.0, 0.0], [3.0, 0.0]], s_d=1.0)
    >>> metrics = gaussian_metrics(law, train, expected_reference(np.zeros(2), N=100, s_d=1.0))
    >>> metrics.delta.sign
    -1
    """
    cross_train, train_error = train.overlap(law)
    cross_original, original_error = original.overlap(law)
    return KernelMetrics(
        log_generated=log_gaussian_norm(law.factor, rank=rank),
        train=train,
        original=original,
        log_cross_train=cross_train,
        log_cross_original=cross_original,
        cross_errors=(train_error, original_error),
    )


def set_metrics(
    generated: ArrayLike,
    train: ArrayLike,
    original: ArrayLike,
    *,
    widths: tuple[float, float, float],
    precision: Precision = "double",
) -> KernelMetrics:
    r"""Compare the kernel density of generated points with two other kernel densities.

    For generators that are known by samples only.

    Parameters
    ----------
    generated, train, original : array_like, shapes (k, d), (n, d), (N, d)
        Points.
    widths : tuple of float
        Kernel widths of the three sets, in this order, > 0.
    precision : {"double", "single"}
        Of the pairs.

    Returns
    -------
    KernelMetrics
        ``log_generated`` is the squared norm of the kernel density of the generated points.

    Raises
    ------
    ValueError
        If an argument is out of its domain.

    Notes
    -----
    Claim ``B.metric``. Cost :math:`(k^2/2+n^2/2+N^2/2+k(n+N))\,2d`.

    Examples
    --------
    >>> points = [[0.0], [1.0], [5.0]]
    >>> metrics = set_metrics(points, points, [[0.5], [2.0]], widths=(0.3, 0.3, 0.3))
    >>> metrics.log_e_tg < -30.0, metrics.delta.sign
    (True, -1)
    """
    made = check_sample_nd(generated, name="generated", min_size=1)
    own = log_overlap_within(made, width=widths[0], precision=precision)
    references, crosses = [], []
    for name, points, width in (("train", train, widths[1]), ("original", original, widths[2])):
        sample = check_sample_nd(
            check_points_nd(points, made.shape[1], name=name), name=name, min_size=1
        )
        references.append(reference_set(sample, s_d=1.0, width=width, precision=precision))
        crosses.append(
            log_overlap_across(made, sample, width_a=widths[0], width_b=width, precision=precision)
        )
    error = 2.0 * pair_error(made, width=widths[0], precision=precision)
    bounds = [error + reference.pairs_error for reference in references]
    return KernelMetrics(
        log_generated=float(np.logaddexp(*own)),
        train=references[0],
        original=references[1],
        log_cross_train=crosses[0],
        log_cross_original=crosses[1],
        cross_errors=(bounds[0], bounds[1]),
    )


def _law_error(size: float, d: int) -> float:
    """Return a bound on the error of a log-density whose parts have a given size."""
    return _EPS * (4.0 * math.sqrt(d) * (size + d) + 8.0)
