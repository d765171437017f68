r"""Real images for the linear model: the 8 x 8 handwritten digits that scikit-learn bundles.

They are the extra ``data`` of the package. Some pixels never vary, so their covariance has a rank
below the number of pixels: real data with an intrinsic dimension.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from numerics.linear_denoiser import forward_coefficients
from numerics.spectrum_simulation import SpectrumReplicates, compared_fits
from numerics.validation import FloatArray, check_count, check_rng

__all__ = ["DigitPopulation", "digit_population", "digit_replicates"]


@dataclass(frozen=True, kw_only=True)
class DigitPopulation:
    """All digits, in the eigenbasis of their covariance.

    Attributes
    ----------
    points : numpy.ndarray, shape (1797, 64)
        Centred images; pixels were scaled so that their mean variance is one.
    spectrum : numpy.ndarray, shape (64,)
        Eigenvalues of the covariance, in falling order; zeros where no image varies.
    rank : int
        Number of positive eigenvalues.
    """

    points: FloatArray
    spectrum: FloatArray
    rank: int


def digit_population(*, components: int = 64) -> DigitPopulation:
    """Load the digits and rotate them into the eigenbasis of their covariance.

    Parameters
    ----------
    components : int
        Leading principal components that are kept, >= 1; the others are set to zero.

    Returns
    -------
    DigitPopulation
        Points and spectrum.

    Raises
    ------
    ValueError
        If scikit-learn is not installed or ``components`` < 1.

    Notes
    -----
    Claim ``B.realdata``.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise ValueError(
            'the digits need scikit-learn; install the extra with pip install "scoreproof[data]"'
        ) from error
    images = np.asarray(load_digits().data, dtype=np.float64)
    centred = images - images.mean(axis=0)
    _, singular, axes = np.linalg.svd(centred, full_matrices=False)
    spectrum = singular**2 / (len(images) - 1)
    # Pixels that never vary leave singular values at rounding level.
    kept = check_count(components, name="components")
    rank = min(kept, int((singular > 1e-9 * singular[0]).sum()))
    spectrum[rank:] = 0.0
    scale = spectrum.mean()
    points = centred @ axes.T / np.sqrt(scale)
    points[:, rank:] = 0.0
    return DigitPopulation(points=points, spectrum=spectrum / scale, rank=rank)


def digit_replicates(
    rng: np.random.Generator,
    population: DigitPopulation,
    count: int,
    *,
    n: int,
    T: float,
    noise_scale: float,
) -> SpectrumReplicates:
    r"""Draw training sets of digits, fit the one-step model, and compare it with all digits.

    As `numerics.spectrum_simulation.spectrum_replicates` with generation from the noised
    covariance, but the clean points are images drawn without replacement. Divergences are those
    of the Gaussians with the same two moments, within the span of the population.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of randomness.
    population : DigitPopulation
        All digits.
    count : int
        Number of training sets, >= 1.
    n : int
        Images in a training set, >= 2.
    T, noise_scale : float
        Diffusion time and noise scale, > 0.

    Returns
    -------
    SpectrumReplicates
        One value for each training set.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Claim ``B.realdata``.
    """
    check_rng(rng)
    number, size = check_count(count, name="count"), check_count(n, name="n", minimum=2)
    a, q2 = forward_coefficients(T, noise_scale)
    values, images = population.spectrum, population.points
    if size > len(images):
        raise ValueError(f"n was {size}; there are {len(images)} images")

    def pairs() -> Iterator[tuple[FloatArray, FloatArray]]:
        for _ in range(number):
            clean = images[rng.choice(len(images), size=size, replace=False)]
            yield clean, a * clean + np.sqrt(q2) * rng.standard_normal(clean.shape)

    return compared_fits(pairs(), values, begun=np.sqrt(a**2 * values + q2), a=a)
