"""The linear one-step diffusion model, from its definition: data, noise, least squares, law.

A training set is drawn, noised by the Ornstein-Uhlenbeck process with noise scale lambda, the
denoiser is fitted by least squares with intercept through a singular value decomposition whose
rank is explicit, and the law of the generated points is read off the fitted map.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from numerics.validation import (
    FloatArray,
    check_count,
    check_nonnegative,
    check_points_nd,
    check_positive,
    check_rng,
    check_sample_nd,
)

__all__ = [
    "GeneratedLaw",
    "LinearDenoiser",
    "Spread",
    "TrainingSet",
    "fit_linear_denoiser",
    "forward_coefficients",
    "generate_points",
    "generated_law",
    "sample_training_set",
]

Spread = Literal["population", "empirical"]
"""Where generation starts: at the true variance of the noised data or at the estimated one."""


@dataclass(frozen=True, kw_only=True)
class TrainingSet:
    r"""Clean and noised data, one point per row.

    Attributes
    ----------
    clean, noised : numpy.ndarray, shape (n, d)
        :math:`x_i` and :math:`y_i = a x_i + q\xi_i`.
    """

    clean: FloatArray
    noised: FloatArray


@dataclass(frozen=True, kw_only=True)
class LinearDenoiser:
    r"""The fitted map :math:`y\mapsto b_0 + By`.

    Attributes
    ----------
    weights : numpy.ndarray, shape (d, d)
        :math:`B`.
    intercept : numpy.ndarray, shape (d,)
        :math:`b_0`.
    rank : int
        Number of directions of the centred noised data that were kept.
    """

    weights: FloatArray
    intercept: FloatArray
    rank: int


@dataclass(frozen=True, kw_only=True)
class GeneratedLaw:
    r"""The Gaussian law of one generated point, given the training set.

    Attributes
    ----------
    mean : numpy.ndarray, shape (d,)
        :math:`m_G`.
    factor : numpy.ndarray, shape (d, d)
        :math:`F` with covariance :math:`FF^\top`; of low rank if n <= d.
    variance_ratio : float
        :math:`s^2/s_d^2`, the variance at which generation starts over that of the data.
    """

    mean: FloatArray
    factor: FloatArray
    variance_ratio: float

    @property
    def covariance(self) -> FloatArray:
        """Covariance of the generated points, shape (d, d)."""
        product: FloatArray = self.factor @ self.factor.T
        return product


def forward_coefficients(T: float, noise_scale: float) -> tuple[float, float]:
    r"""Return the contraction and the noise variance of the forward process at time T.

    .. math:: a = e^{-T},\qquad q^2 = \lambda(1-e^{-2T})

    Parameters
    ----------
    T : float
        Diffusion time, > 0.
    noise_scale : float
        :math:`\lambda` > 0; 1 is the standard process, the paper's code has :math:`e^{-2T}`.

    Returns
    -------
    tuple of float
        :math:`(a, q^2)`.

    Raises
    ------
    ValueError
        If an argument is not a finite number > 0 or :math:`a` underflows.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue.

    Examples
    --------
    >>> a, q2 = forward_coefficients(np.log(2.0), 1.0)
    >>> round(a, 12), round(q2, 12)
    (0.5, 0.75)
    """
    time = check_positive(T, name="T")
    scale = check_positive(noise_scale, name="noise_scale")
    contraction = float(np.exp(-time))
    if contraction**2 == 0.0:
        raise ValueError(f"T was {time}; e^(-2T) underflows, T below 350 would do")
    return contraction, -scale * float(np.expm1(-2.0 * time))


def sample_training_set(
    rng: np.random.Generator,
    *,
    n: int,
    d: int,
    T: float,
    noise_scale: float,
    s_d: float,
    mean: float = 0.0,
) -> TrainingSet:
    r"""Draw a training set and its noised copy.

    .. math:: x_i\sim N(\mu_0 1, s_d^2I_d),\qquad y_i = ax_i + q\xi_i

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    n, d : int
        Number of points and dimension, >= 1.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.
    s_d : float
        Standard deviation of a coordinate of the data, > 0.
    mean : float
        The same mean for every coordinate.

    Returns
    -------
    TrainingSet
        Arrays of shape (n, d).

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sample_training_set(rng, n=3, d=2, T=1.0, noise_scale=1.0, s_d=1.0).clean.shape
    (3, 2)
    """
    check_rng(rng)
    shape = (check_count(n, name="n"), check_count(d, name="d"))
    contraction, noise_variance = forward_coefficients(T, noise_scale)
    clean = mean + check_positive(s_d, name="s_d") * rng.standard_normal(shape)
    noised = contraction * clean + np.sqrt(noise_variance) * rng.standard_normal(shape)
    return TrainingSet(clean=clean, noised=noised)


def fit_linear_denoiser(
    clean: ArrayLike, noised: ArrayLike, *, ridge: float = 0.0
) -> LinearDenoiser:
    r"""Fit clean data to noised data by least squares with intercept.

    .. math:: B = X_c^\top Y_c(Y_c^\top Y_c + rI)^+,\qquad b_0 = \bar x - B\bar y

    For fewer than d + 1 points and no ridge this is the solution of minimum norm. One singular
    value decomposition, :math:`O(nd\min(n,d))`.

    Parameters
    ----------
    clean, noised : array_like, shape (n, d)
        Training set, n >= 2, one point per row.
    ridge : float
        Penalty :math:`r\ge0`, not divided by n.

    Returns
    -------
    LinearDenoiser
        The map and the number of singular directions kept: at most n - 1, and less if singular
        values vanish to working precision.

    Raises
    ------
    ValueError
        If the sets are empty, not finite or of different shape, or ``ridge`` < 0.

    Notes
    -----
    Linear diffusion paper, section 0 of the catalogue; claims ``B.cond``, ``B.ridge``.

    Examples
    --------
    >>> fit = fit_linear_denoiser([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]])
    >>> round(float(fit.weights[0, 0]), 12), round(float(fit.intercept[0]), 12), fit.rank
    (0.5, -0.5, 1)
    """
    x = check_sample_nd(clean, name="clean")
    y = check_sample_nd(noised, name="noised")
    if x.shape != y.shape:
        raise ValueError(f"noised had shape {y.shape}; it must be {x.shape}, the shape of clean")
    penalty = check_nonnegative(ridge, name="ridge")
    n, d = x.shape
    mean_x, mean_y = x.mean(axis=0), y.mean(axis=0)
    left, singular, right = np.linalg.svd(y - mean_y, full_matrices=False)
    # Centring leaves at most n - 1 directions; the n-th singular value is rounding.
    floor = max(n, d) * float(np.finfo(np.float64).eps) * singular[0]
    rank = min(n - 1, d, int((singular > floor).sum()))
    left, singular, right = left[:, :rank], singular[:rank], right[:rank]
    gains = singular / (singular**2 + penalty)
    weights = ((x - mean_x).T @ left * gains) @ right
    return LinearDenoiser(weights=weights, intercept=mean_x - weights @ mean_y, rank=rank)


def generated_law(
    denoiser: LinearDenoiser,
    clean: ArrayLike,
    *,
    T: float,
    noise_scale: float,
    s_d: float,
    spread: Spread = "population",
) -> GeneratedLaw:
    r"""Return the law of one generated point, given the training set.

    .. math:: y\sim N(a\bar x, s^2I),\quad x = b_0+By\quad\Rightarrow\quad
              x\sim N(b_0+aB\bar x,\ s^2BB^\top)

    with :math:`s^2=a^2s_d^2+q^2` ("population") or
    :math:`s^2=a^2\overline{\mathrm{var}}+q^2` ("empirical"),
    :math:`\overline{\mathrm{var}}` the mean of the unbiased variances of the coordinates.

    Parameters
    ----------
    denoiser : LinearDenoiser
        The fitted map.
    clean : array_like, shape (n, d)
        The clean training set.
    T, noise_scale, s_d : float
        Diffusion time, noise scale, standard deviation of the data, > 0.
    spread : {"population", "empirical"}
        Which variance generation starts from.

    Returns
    -------
    GeneratedLaw
        Mean and a factor of the covariance.

    Raises
    ------
    ValueError
        If an argument is out of range or ``spread`` is neither word.

    Notes
    -----
    Claim ``B.law``: the covariance is :math:`s^2BB^\top`, not :math:`s^2B^\top B`.

    Examples
    --------
    >>> fit = LinearDenoiser(weights=np.eye(1), intercept=np.zeros(1), rank=1)
    >>> law = generated_law(fit, [[0.0], [2.0]], T=1.0, noise_scale=1.0, s_d=1.0)
    >>> round(float(law.mean[0]), 6), round(float(law.covariance[0, 0]), 6)
    (0.367879, 1.0)
    """
    x = check_points_nd(clean, denoiser.intercept.size, name="clean")
    x = check_sample_nd(x, name="clean")
    contraction, noise_variance = forward_coefficients(T, noise_scale)
    data_variance = check_positive(s_d, name="s_d") ** 2
    if spread == "population":
        start = contraction**2 * data_variance + noise_variance
    elif spread == "empirical":
        start = contraction**2 * float(x.var(axis=0, ddof=1).mean()) + noise_variance
    else:
        raise ValueError(f'spread was {spread!r}; it must be "population" or "empirical"')
    return GeneratedLaw(
        mean=denoiser.intercept + contraction * (denoiser.weights @ x.mean(axis=0)),
        factor=np.sqrt(start) * denoiser.weights,
        variance_ratio=start / data_variance,
    )


def generate_points(rng: np.random.Generator, law: GeneratedLaw, *, count: int) -> FloatArray:
    """Draw generated points.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    law : GeneratedLaw
        Law of one point.
    count : int
        Number of points, >= 1.

    Returns
    -------
    numpy.ndarray, shape (count, d)
        Independent points, given the training set.

    Raises
    ------
    ValueError
        If ``rng`` is no generator or ``count`` < 1.

    Notes
    -----
    For n <= d the points lie in the affine hull of the training set.

    Examples
    --------
    >>> law = GeneratedLaw(mean=np.ones(2), factor=np.zeros((2, 2)), variance_ratio=1.0)
    >>> generate_points(np.random.default_rng(0), law, count=1).tolist()
    [[1.0, 1.0]]
    """
    check_rng(rng)
    size = (check_count(count, name="count"), law.factor.shape[1])
    points: FloatArray = law.mean + rng.standard_normal(size) @ law.factor.T
    return points
