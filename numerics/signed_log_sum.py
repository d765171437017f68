"""Sums of positive and negative numbers given by their logarithms, with the error of the sum.

Squared distances of densities in a hundred dimensions are differences of numbers near 1e-55 that
agree to many digits. The largest is taken out, the rest is added exactly (`math.fsum`), and the
bound on what rounding of the logarithms can have done says whether the sign is certain.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.validation import check_real

__all__ = ["SignedLog", "signed_log_sum"]

_EPS = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, kw_only=True)
class SignedLog:
    r"""A real number :math:`sign\cdot e^{log}` with a bound on its error.

    Attributes
    ----------
    sign : int
        1 or -1 when certain, 0 when the value is zero or smaller than its error.
    log_size : float
        Logarithm of the modulus, ``-inf`` for zero.
    log_error : float
        Logarithm of a bound on the absolute error, ``-inf`` if there is none.
    """

    sign: int
    log_size: float
    log_error: float

    @property
    def value(self) -> float:
        """The number as a float64; it may underflow to zero or overflow to infinity."""
        if self.log_size == -math.inf:
            return 0.0
        size = math.exp(self.log_size) if self.log_size < 709.0 else math.inf
        return self.sign * size


def signed_log_sum(
    logs: Sequence[float], weights: Sequence[float], *, errors: Sequence[float] | None = None
) -> SignedLog:
    r"""Add numbers given by logarithms, with signs.

    .. math:: \sum_kw_ke^{l_k}

    Parameters
    ----------
    logs : sequence of float
        Logarithms :math:`l_k`; ``-inf`` for a term that is zero.
    weights : sequence of float
        Weights :math:`w_k`, finite.
    errors : sequence of float, optional
        Bounds on the absolute errors of the logarithms; one rounding of each by default.

    Returns
    -------
    SignedLog
        Value and error bound. Its sign is 0 unless the value exceeds the bound.

    Raises
    ------
    ValueError
        If the lengths differ, or a logarithm is NaN or ``+inf``.

    Notes
    -----
    Claim ``B.metric``. The sum of the scaled terms is rounded once.

    Examples
    --------
    >>> total = signed_log_sum([-1000.0, -1000.0 + 1e-9], [-1.0, 1.0])
    >>> total.sign, round(total.log_size, 3)
    (1, -1020.723)
    >>> signed_log_sum([0.0, 0.0], [1.0, -1.0]).sign
    0
    """
    exact = errors is None
    bounds = [_EPS * abs(v) if v > -math.inf else 0.0 for v in logs] if errors is None else errors
    if not len(logs) == len(weights) == len(bounds):
        raise ValueError(
            f"logs had {len(logs)} entries, weights {len(weights)}, errors {len(bounds)}; "
            "they must agree"
        )
    for k, log in enumerate(logs):
        if math.isnan(log) or log == math.inf:
            raise ValueError(f"logs[{k}] was {log}; a term must be finite")
    used = [
        (log, check_real(w, name="weights"), bound)
        for log, w, bound in zip(logs, weights, bounds, strict=True)
        if w != 0.0 and log > -math.inf
    ]
    if not used:
        return SignedLog(sign=0, log_size=-math.inf, log_error=-math.inf)
    top = max(log for log, _, _ in used)
    terms = [w * math.exp(log - top) for log, w, _ in used]
    # Each term: the error of its logarithm, the rounding of log - top, of exp and of the product.
    drift = [
        abs(term) * (math.expm1(min(bound, 700.0)) + _EPS * (3.0 + abs(log - top)))
        for term, (log, _, bound) in zip(terms, used, strict=True)
    ]
    total, error = math.fsum(terms), math.fsum(drift)
    if exact and len({log for log, _, _ in used}) == 1:
        # Equal logarithms stand for equal numbers: the weights alone decide.
        error = 0.0
    sign = 0 if abs(total) <= error else (1 if total > 0.0 else -1)
    return SignedLog(
        sign=sign,
        log_size=top + math.log(abs(total)) if total != 0.0 else -math.inf,
        log_error=top + math.log(error) if error > 0.0 else -math.inf,
    )
