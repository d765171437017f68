"""The two moments behind the drop at the onset, against fitted models and a direct quadrature."""

import math

import numpy as np
import pytest
from flint import arb, fmpq
from scipy.special import gammaln

from numerics.onset_affinity import log_affinity_bounds
from proofs_check.quantities.onset_affinity import (
    MeanAffinity,
    MeanInverseRoot,
    MeanSquaredDeterminant,
)

TIME, NOISE = 0.8, 0.7
GAMMA = 1.0 / (NOISE * math.expm1(2 * TIME))
EXACT = fmpq(*GAMMA.as_integer_ratio())


def fitted_models(d: int, m: int, draws: int = 60_000) -> np.ndarray:
    """Return the factors of the laws that models fitted to drawn training sets generate."""
    rng = np.random.default_rng(5)
    contraction, variance = math.exp(-TIME), NOISE * -math.expm1(-2 * TIME)
    clean = rng.standard_normal((draws, m + 1, d))
    noised = contraction * clean + math.sqrt(variance) * rng.standard_normal(clean.shape)
    clean, noised = (points - points.mean(axis=1, keepdims=True) for points in (clean, noised))
    across = noised.transpose(0, 2, 1)
    return math.sqrt(contraction**2 + variance) * np.linalg.solve(across @ noised, across @ clean)


def near(value: float, draws: np.ndarray) -> bool:
    # five standard errors: the moments below have finite variances
    return bool(abs(value - draws.mean()) < 5 * draws.std() / math.sqrt(draws.size))


@pytest.mark.parametrize(("d", "m"), [(1, 9), (2, 10), (3, 12)])
def test_the_moments_are_those_of_fitted_models(d: int, m: int) -> None:
    factors = fitted_models(d, m)
    determinant = MeanSquaredDeterminant.ball(fmpq(d), fmpq(m), EXACT)  # type: ignore[misc]
    assert near(float(arb(determinant)), np.linalg.det(factors) ** 2)
    root = float(MeanInverseRoot.ball(fmpq(d), fmpq(m), EXACT))  # type: ignore[misc]
    covariances = factors @ factors.transpose(0, 2, 1)
    assert near(root, np.linalg.det(np.eye(d) + covariances) ** -0.5)


@pytest.mark.parametrize(("d", "m"), [(4, 9), (7, 7), (30, 41)])
def test_the_root_by_radius_and_angle(d: int, m: int) -> None:
    """The mean over the angle is taken directly here, without the Poisson kernel."""
    signal, nu = GAMMA / (1 + GAMMA), m - d + 1
    angle, slope = np.polynomial.legendre.leggauss(100)
    share, weight = np.polynomial.legendre.leggauss(400)
    # an angle from 0 to pi, a share of radius from 0 to 1
    angle, share = math.pi * (angle + 1) / 2, (share + 1) / 2
    slope = slope * np.sin(angle) ** (d - 2)
    slope /= slope.sum()
    squared = share / (1 - share)
    beta = gammaln(d / 2) + gammaln(nu / 2) - gammaln((d + nu) / 2)
    weight = (weight / 2) * np.exp(
        (d / 2 - 1) * np.log(share) + (nu / 2 - 1) * np.log1p(-share) - beta
    )
    cross = 2 * math.sqrt(signal * (1 - signal)) * np.sqrt(squared)[:, None] * np.cos(angle)
    lengths = 1 + signal + (1 - signal) * squared[:, None] + cross
    direct = float(weight @ lengths ** (-d / 2) @ slope)
    ball = MeanInverseRoot.ball(fmpq(d), fmpq(m), EXACT)  # type: ignore[misc]
    # Gauss-Legendre meets half-integer powers at the ends: an error of order 400^-3
    assert float(ball) == pytest.approx(direct, rel=1e-6)


def test_the_ball_holds_the_mean_affinity() -> None:
    d, ratio = 30, fmpq(4, 3)
    ball = MeanAffinity.ball(fmpq(d), ratio, EXACT)  # type: ignore[misc]
    logs = log_affinity_bounds(np.random.default_rng(0), 200, n=41, d=d, T=TIME, noise_scale=NOISE)
    affinity = float(np.exp(logs).mean())
    assert 0 < affinity < float(ball.upper()) < 1
    # no bound at the onset itself, where a moment is infinite, nor between whole numbers of points
    for psi in (fmpq(31, 30), fmpq(101, 100)):
        whole = MeanAffinity.ball(fmpq(d), psi, EXACT)  # type: ignore[misc]
        # radii are rounded up at 30 bits
        assert (float(whole.lower()), float(whole.upper())) == pytest.approx((0, 1), abs=1e-8)


def test_the_bound_at_the_size_of_the_figure() -> None:
    ball = MeanAffinity.ball(fmpq(100), fmpq(5, 4), fmpq(163, 160))  # type: ignore[misc]
    assert 9e-4 < float(ball.upper()) < 1e-3
    assert ball.contains(0)
