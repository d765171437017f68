"""Independent replicates of the moments of the generated law, from its definition.

Every function draws ``count`` training sets and measures one quantity of the generated law of each
(`numerics.linear_simulation.law_replicates` measures all at once). Arguments beyond the setting,
``spread``, ``route`` and ``ridge``, are passed on.
"""

from typing import TypedDict, Unpack

import numpy as np

from numerics.linear_denoiser import Spread
from numerics.linear_simulation import Route, law_replicates
from numerics.validation import FloatArray

__all__ = [
    "Setting",
    "generated_trace_replicates",
    "log_det_replicates",
    "log_det_weights_replicates",
    "log_variance_ratio_replicates",
    "mean_error_replicates",
    "weight_trace_replicates",
]


class Setting(TypedDict, total=False):
    """Keyword arguments of `numerics.linear_simulation.law_replicates`.

    ``n``, ``d``, ``T``, ``noise_scale`` and ``s_d`` are required there.
    """

    n: int
    d: int
    T: float
    noise_scale: float
    s_d: float
    spread: Spread
    route: Route
    ridge: float


def weight_trace_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the trace of the squared weights.

    .. math:: \mathrm{tr}\,BB^\top

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.moments``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> weight_trace_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).weight_trace


def generated_trace_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the total generated variance.

    .. math:: \mathrm{tr}\,\Sigma_G/s_d^2

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.moments``, ``B.rank1``, ``B.t``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> generated_trace_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).trace


def mean_error_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the squared error of the generated mean.

    .. math:: \lvert m_G-\mu_0\rvert^2/s_d^2

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.moments``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> mean_error_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).mean_error


def log_det_weights_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the log-determinant of the squared weights.

    .. math:: \log\det BB^\top

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.logdet``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> log_det_weights_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).log_det_weights


def log_det_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the log-determinant of the generated covariance.

    .. math:: \log\det(\Sigma_G/s_d^2)

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.lambda``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> log_det_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).log_det


def log_variance_ratio_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the log-variance that generation starts from.

    .. math:: \log(s^2/s_d^2)

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    count : int
        Number of replicates, >= 1.
    **setting
        As for `numerics.linear_simulation.law_replicates`.

    Returns
    -------
    numpy.ndarray, shape (count,)
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claims ``B.klexact``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> log_variance_ratio_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).log_variance_ratio
