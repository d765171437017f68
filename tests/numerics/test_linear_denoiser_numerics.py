"""The fitted denoiser and its generated law, from the definition."""

from typing import Any

import numpy as np
import pytest

from numerics import linear_denoiser as model

SETTING: dict[str, Any] = {"T": 0.7, "noise_scale": 0.8, "s_d": 1.3}


def _data(n: int, d: int, *, seed: int = 0, **changes: Any) -> Any:
    rng = np.random.default_rng(seed)
    return model.sample_training_set(rng, n=n, d=d, **{**SETTING, **changes})


def test_forward_coefficients_against_the_equation_stepped() -> None:
    """Euler steps of a' = -a, (q^2)' = -2 q^2 + 2 lambda."""
    steps = 200_000
    h, a, q2 = 0.7 / steps, 1.0, 0.0
    for _ in range(steps):
        a, q2 = a - h * a, q2 + h * (-2 * q2 + 2 * 0.8)
    # First-order steps: the error is of the size of h.
    assert np.allclose(model.forward_coefficients(0.7, 0.8), (a, q2), rtol=1e-5)


def test_sample_moments() -> None:
    data = _data(40_000, 2, mean=3.0)
    a, q2 = model.forward_coefficients(0.7, 0.8)
    assert data.clean.shape == data.noised.shape == (40_000, 2)
    # Four standard errors of 80 000 coordinates.
    assert abs(data.clean.mean() - 3.0) < 4 * 1.3 / 280
    residual = data.noised - a * data.clean
    assert abs(residual.var() / q2 - 1) < 4 * np.sqrt(2 / 80_000)
    assert abs(np.corrcoef(residual[:, 0], data.clean[:, 0])[0, 1]) < 4 / 200


@pytest.mark.parametrize(("n", "d"), [(2, 1), (3, 5), (5, 5), (6, 5), (30, 5), (4, 200)])
def test_fit_against_the_pseudo_inverse(n: Any, d: Any) -> None:
    data = _data(n, d)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    x, y = data.clean - data.clean.mean(0), data.noised - data.noised.mean(0)
    expected = x.T @ np.linalg.pinv(y, rcond=1e-10).T
    assert fit.weights.shape == (d, d)
    # The condition of the centred data is below 1e3.
    assert np.allclose(fit.weights, expected, rtol=1e-8, atol=1e-9)
    assert fit.rank == min(n - 1, d) == np.linalg.matrix_rank(fit.weights, tol=1e-9)


@pytest.mark.parametrize(("n", "d"), [(4, 6), (9, 6)])
def test_ridge_against_the_normal_equations(n: Any, d: Any) -> None:
    data = _data(n, d)
    fit = model.fit_linear_denoiser(data.clean, data.noised, ridge=0.3)
    x, y = data.clean - data.clean.mean(0), data.noised - data.noised.mean(0)
    expected = np.linalg.solve(y.T @ y + 0.3 * np.eye(d), y.T @ x).T
    assert np.allclose(fit.weights, expected, rtol=1e-10, atol=1e-12)


def test_fit_reproduces_few_points() -> None:
    data = _data(4, 6)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    again = fit.intercept + data.noised @ fit.weights.T
    assert np.allclose(again, data.clean, atol=1e-12)


def test_rank_is_explicit_for_repeated_noise() -> None:
    y = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [5.0, 5.0]])
    fit = model.fit_linear_denoiser(y[:, ::-1] * [1.0, 2.0], y)
    assert fit.rank == 1
    assert np.isfinite(fit.weights).all()


def test_rank_does_not_count_the_rounding_of_a_large_mean() -> None:
    """Far from the origin the n-th singular value of centred data is above the floor."""
    data = _data(4, 6, mean=1e8)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    assert fit.rank == 3
    near = _data(4, 6)
    expected = model.fit_linear_denoiser(near.clean, near.noised).weights
    # The data themselves carry 1e8 * 1e-16.
    assert np.allclose(fit.weights, expected, atol=1e-5)


@pytest.mark.parametrize("spread", ["population", "empirical"])
def test_generated_law_against_generated_points(spread: Any) -> None:
    """Push the noise through the map, point by point, and compare both moments."""
    data = _data(9, 3)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    law = model.generated_law(fit, data.clean, spread=spread, **SETTING)
    a, q2 = model.forward_coefficients(0.7, 0.8)
    base = 1.3**2 if spread == "population" else data.clean.var(0, ddof=1).mean()
    start = a**2 * base + q2
    rng, count = np.random.default_rng(5), 200_000
    y = a * data.clean.mean(0) + np.sqrt(start) * rng.standard_normal((count, 3))
    points = fit.intercept + y @ fit.weights.T
    scale = np.abs(law.covariance).max()
    # Four standard errors of 200 000 draws.
    assert np.abs(points.mean(0) - law.mean).max() < 4 * np.sqrt(scale / count)
    assert np.abs(np.cov(points.T) - law.covariance).max() < 4 * scale * np.sqrt(2 / count)
    assert np.isclose(law.variance_ratio, start / 1.3**2, rtol=1e-14)
    direct = model.generate_points(rng, law, count=count)
    assert np.abs(np.cov(direct.T) - law.covariance).max() < 4 * scale * np.sqrt(2 / count)


def test_transposed_covariance_is_another_law() -> None:
    data = _data(9, 3)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    law = model.generated_law(fit, data.clean, **SETTING)
    transposed = law.factor.T @ law.factor
    assert np.isclose(np.linalg.slogdet(transposed)[1], np.linalg.slogdet(law.covariance)[1])
    assert np.abs(transposed - law.covariance).max() > 0.01


def test_few_points_generate_inside_their_affine_hull() -> None:
    data = _data(4, 6)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    law = model.generated_law(fit, data.clean, **SETTING)
    points = model.generate_points(np.random.default_rng(0), law, count=50)
    basis = (data.clean - data.clean[0])[1:]
    rest = points - data.clean[0]
    rest = rest - rest @ np.linalg.pinv(basis) @ basis
    assert np.abs(rest).max() < 1e-12


def test_law_moves_with_the_data() -> None:
    data = _data(9, 3)
    a, _ = model.forward_coefficients(0.7, 0.8)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    moved = model.fit_linear_denoiser(data.clean + 7.0, data.noised + 7.0 * a)
    one = model.generated_law(fit, data.clean, **SETTING)
    other = model.generated_law(moved, data.clean + 7.0, **SETTING)
    assert np.allclose(other.mean, one.mean + 7.0, atol=1e-11)
    assert np.allclose(other.factor, one.factor, atol=1e-11)


def test_a_thousand_dimensions() -> None:
    data = _data(40, 1000)
    fit = model.fit_linear_denoiser(data.clean, data.noised)
    assert fit.rank == 39
    assert np.isfinite(fit.weights).all()


GOOD = np.array([[0.0, 1.0], [2.0, 0.0], [1.0, 3.0]])
FIT = model.fit_linear_denoiser(GOOD, GOOD)
NO_RNG: Any = 0
NO_SPREAD: Any = "sample"


@pytest.mark.parametrize(
    ("blamed", "call"),
    [
        ("T", lambda: model.forward_coefficients(0.0, 1.0)),
        ("T", lambda: model.forward_coefficients(1000.0, 1.0)),
        ("noise_scale", lambda: model.forward_coefficients(1.0, -1.0)),
        ("clean", lambda: model.fit_linear_denoiser([[1.0]], [[1.0]])),
        ("noised", lambda: model.fit_linear_denoiser(GOOD, GOOD[:2])),
        ("noised", lambda: model.fit_linear_denoiser(GOOD, GOOD * np.nan)),
        ("ridge", lambda: model.fit_linear_denoiser(GOOD, GOOD, ridge=-1.0)),
        ("n ", lambda: _data(0, 2)),
        ("s_d", lambda: _data(3, 2, s_d=0.0)),
        ("rng", lambda: model.sample_training_set(NO_RNG, n=2, d=2, **SETTING)),
        ("clean", lambda: model.generated_law(FIT, GOOD[:, :1], **SETTING)),
        ("spread", lambda: model.generated_law(FIT, GOOD, spread=NO_SPREAD, **SETTING)),
    ],
    ids=range(12),
)
def test_bad_input_is_one_line_with_its_name(blamed: Any, call: Any) -> None:
    with pytest.raises(ValueError, match=blamed) as failure:
        call()
    assert "\n" not in str(failure.value)
