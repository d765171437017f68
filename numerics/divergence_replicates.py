"""Independent replicates of the divergences of the generated law, from its definition.

As `numerics.linear_replicates`, for the divergences between the generated law and the sampling
law. A singular generated law (n <= d) gives ``inf`` where the divergence is infinite.
"""

from typing import Unpack

import numpy as np

from numerics.linear_replicates import Setting
from numerics.linear_simulation import law_replicates
from numerics.validation import FloatArray

__all__ = [
    "hellinger_squared_replicates",
    "kl_replicates",
    "kl_reverse_replicates",
    "log_affinity_replicates",
    "log_squared_l2_replicates",
    "wasserstein_squared_replicates",
]


def kl_replicates(rng: np.random.Generator, count: int, **setting: Unpack[Setting]) -> FloatArray:
    r"""Draw independent replicates of the divergence of the generated law from the sampling law.

    .. math:: KL(\rho_G\Vert\rho)

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
    Claims ``B.klexact``, ``B.kl``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> kl_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).kl


def kl_reverse_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the divergence of the sampling law from the generated law.

    .. math:: KL(\rho\Vert\rho_G)

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
    Claims ``B.klexact``, ``B.kllimit``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> kl_reverse_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).kl_reverse


def hellinger_squared_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the squared Hellinger distance.

    .. math:: H^2(\rho_G,\rho)

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
    Claims ``B.hellinger``, ``B.slope``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> hellinger_squared_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).hellinger_squared


def log_affinity_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the log Hellinger affinity.

    .. math:: \log\int\sqrt{\rho_G\rho}

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
    Claims ``B.edge``, ``B.slope``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> log_affinity_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).log_affinity


def wasserstein_squared_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the squared 2-Wasserstein distance.

    .. math:: W_2^2(\rho_G,\rho)/s_d^2

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
    Claims ``B.edge``.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> wasserstein_squared_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).wasserstein_squared


def log_squared_l2_replicates(
    rng: np.random.Generator, count: int, **setting: Unpack[Setting]
) -> FloatArray:
    r"""Draw independent replicates of the log squared L2 distance.

    .. math:: \log(s_d^d\lVert\rho_G-\rho\rVert_2^2)

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
    >>> log_squared_l2_replicates(rng, 2, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0).shape
    (2,)
    """
    return law_replicates(rng, count, **setting).log_squared_l2
