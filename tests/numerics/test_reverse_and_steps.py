"""Reverse processes, samplers and other data: one route against another, limits, bad input."""

import sys
from typing import Any

import numpy as np
import pytest

from numerics.digit_images import digit_population, digit_replicates
from numerics.gaussian_mixture import (
    affine_score,
    empirical_score,
    matched_divergences,
    nearest_distance,
    sample_mixture,
)
from numerics.linear_reverse import (
    generated_variance,
    sample_gaussian_line,
    sample_gaussian_replicates,
    simulate_reverse,
)
from numerics.sampler_divergence import mean_step_kl
from numerics.sampling_steps import SCHEMES, sampler_moments, sampler_spectrum
from numerics.spectrum_simulation import spectrum_replicates
from numerics.step_replicates import fitted_spectra, step_replicates

SETTING: dict[str, Any] = {"T": 1.5, "noise_scale": 0.7}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("start", ["matched", "prior"])
def test_matrices_and_eigenvalues_agree(scheme: Any, start: Any) -> None:
    rng = np.random.default_rng(1)
    axes = np.linalg.qr(rng.standard_normal((3, 3)))[0]
    values, mean = np.array([0.2, 1.0, 3.0]), np.array([1.0, -2.0, 0.5])
    covariance = axes * values @ axes.T
    covariance = 0.5 * (covariance + covariance.T)
    m, c = sampler_moments(mean, covariance, scheme=scheme, steps=5, start=start, **SETTING)
    v, f = sampler_spectrum(values, scheme=scheme, steps=5, start=start, **SETTING)
    # Two routes in float64 on matrices of size 3: rounding only.
    np.testing.assert_allclose(c, axes * v @ axes.T, atol=1e-12)
    np.testing.assert_allclose(m, axes @ (f * (axes.T @ mean)), atol=1e-12)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_many_steps_return_the_fit(scheme: Any) -> None:
    variance, factor = sampler_spectrum([0.5, 2.0], scheme=scheme, steps=3000, **SETTING)
    assert variance.shape == factor.shape == (2,)
    # First order in 1/K, up to a logarithm for the ancestral samplers.
    np.testing.assert_allclose(variance, [0.5, 2.0], rtol=2e-2)
    np.testing.assert_allclose(factor, 1.0, rtol=2e-3)


@pytest.mark.parametrize("scheme", ["ddpm", "ddim"])
def test_one_step_is_the_posterior_mean(scheme: Any) -> None:
    a2 = np.exp(-2 * SETTING["T"])
    noise = SETTING["noise_scale"] * (1 - a2)
    variance, factor = sampler_spectrum([0.5], scheme=scheme, steps=1, **SETTING)
    clock = a2 * 0.5 + noise
    assert variance[0] == pytest.approx(a2 * 0.25 / clock, rel=1e-12)  # rounding
    assert factor[0] == pytest.approx(1.0, rel=1e-12)  # rounding


@pytest.mark.parametrize("scheme", ["ddpm", "ddim"])
def test_more_levels_keep_more_variance(scheme: Any) -> None:
    values = np.geomspace(0.01, 20.0, 9)
    found = [
        sampler_spectrum(values, scheme=scheme, steps=k, **SETTING)[0] for k in (1, 2, 4, 8, 16)
    ]
    assert bool((np.diff(found, axis=0) > 0).all())
    assert bool((found[-1] < values).all())


def test_euler_maruyama_ends_with_fresh_noise_in_every_direction() -> None:
    variance, _ = sampler_spectrum([0.0], scheme="em", steps=10, **SETTING)
    assert variance[0] >= 2 * SETTING["noise_scale"] * SETTING["T"] / 10
    assert sampler_spectrum([0.0], scheme="ddpm", steps=10, **SETTING)[0][0] == 0.0


def test_simulated_paths_have_the_propagated_moments() -> None:
    rng = np.random.default_rng(2)
    covariance, mean = np.array([[1.5, 0.4], [0.4, 0.6]]), np.array([1.0, -1.0])
    m, c = sampler_moments(mean, covariance, scheme="em", steps=8, start="prior", **SETTING)

    def score(y: Any, time: float) -> Any:
        a2 = np.exp(-2 * time)
        clock = a2 * covariance + SETTING["noise_scale"] * (1 - a2) * np.eye(2)
        return -np.linalg.solve(clock, (y - np.sqrt(a2) * mean).T).T

    begun = np.sqrt(SETTING["noise_scale"]) * rng.standard_normal((40000, 2))
    made = simulate_reverse(rng, score, begun, steps=8, **SETTING)
    # Five standard errors of 40 000 draws.
    np.testing.assert_allclose(made.mean(axis=0), m, atol=5 * np.sqrt(c.max() / 4e4))
    np.testing.assert_allclose(np.cov(made.T), c, atol=5 * 1.5 * c.max() / 200)


@pytest.mark.parametrize("flow", ["sde", "ode"])
def test_integrated_moments_and_many_steps_agree(flow: Any) -> None:
    scheme: Any = "em" if flow == "sde" else "euler"
    exact = generated_variance(flow, 2.0, SETTING["noise_scale"], **SETTING)
    stepped = sampler_spectrum([2.0], scheme=scheme, steps=4000, start="prior", **SETTING)[0][0]
    assert stepped == pytest.approx(exact, rel=2e-3)  # first order in 1/4000


def test_the_sample_gaussian_does_not_see_the_covariance() -> None:
    values = [
        sample_gaussian_replicates(np.random.default_rng(3), 4, n=7, covariance=c)
        for c in (np.eye(2), [[4.0, 0.0], [0.0, 0.25]])
    ]
    np.testing.assert_allclose(values[0], values[1], rtol=1e-11)  # rounding of the factorisations


def test_simulated_and_integrated_mean_on_the_line() -> None:
    found = sample_gaussian_replicates(np.random.default_rng(4), 20000, n=6, covariance=[[2.0]])
    error = found.std() / np.sqrt(found.size)
    assert abs(found.mean() - sample_gaussian_line(n=6)) < 5 * error


def test_replicates_and_quadrature_of_a_sampler_agree() -> None:
    drawn = fitted_spectra(np.random.default_rng(5), 20000, n=6, d=1)
    found = step_replicates(drawn, scheme="em", steps=4, T=2.0, noise_scale=1.0).kl
    error = found.std() / np.sqrt(found.size)
    assert abs(found.mean() - mean_step_kl("em", 4, n=6, T=2.0, noise_scale=1.0)) < 5 * error


def test_below_the_dimension_only_noise_helps() -> None:
    drawn = fitted_spectra(np.random.default_rng(6), 5, n=4, d=5)
    cases: tuple[Any, ...] = (("em", True), ("ddpm", False), (None, False))
    for scheme, finite in cases:
        found = step_replicates(drawn, scheme=scheme, steps=6, T=2.0, noise_scale=1.0)
        assert bool(np.isfinite(found.kl).all()) is finite
        assert bool(np.isfinite(found.kl_reverse).all()) is finite


def test_finitely_many_euler_maruyama_steps_also_win_off_centre() -> None:
    """The mean of the data is 2 in every coordinate: Euler's bias is of second order."""
    drawn = fitted_spectra(np.random.default_rng(7), 200, n=30, d=20, mean=2.0)
    exact = step_replicates(drawn, scheme=None, steps=1, T=2.0, noise_scale=1.0).kl.mean()
    found = step_replicates(drawn, scheme="em", steps=40, T=2.0, noise_scale=1.0).kl.mean()
    assert found < 0.85 * exact


def test_low_rank_data() -> None:
    spectrum = [1.0, 2.0, 0.0, 0.0, 0.0]
    rng = np.random.default_rng(8)
    for n, rank in ((2, 1), (3, 2), (5, 2), (9, 2)):
        found = spectrum_replicates(rng, 5, n=n, spectrum=spectrum, T=1.0, noise_scale=1.0)
        assert found.rank.tolist() == [rank] * 5
        assert found.leakage.tolist() == [0.0] * 5
        assert bool(np.isfinite(found.kl).all()) is (n >= 3)
        assert bool(np.isfinite(found.exact_kl).all()) is (n >= 3)


def test_the_fit_depends_on_the_start_and_the_rank_does_not() -> None:
    arguments: dict[str, Any] = {"n": 6, "spectrum": [1.0, 4.0], "T": 1.0, "noise_scale": 1.0}
    one, two = (
        spectrum_replicates(np.random.default_rng(9), 3, start=start, **arguments)
        for start in ("matched", "isotropic")
    )
    assert one.rank.tolist() == two.rank.tolist()
    assert bool((one.trace != two.trace).all())
    np.testing.assert_allclose(one.exact_kl, two.exact_kl, rtol=1e-12)  # same draws


def test_mixture_divergences_vanish_together_and_grow() -> None:
    small, large = matched_divergences(0.2), matched_divergences(4.0)
    # delta^8/12 to leading order; 5 % for the next one at delta = 0.2, and quadrature error.
    assert small[0] == pytest.approx(0.2**8 / 12, rel=0.25)
    # At a large distance the mixture is one bit away from two separate Gaussians.
    assert large[0] == pytest.approx(0.5 * np.log(17.0) - np.log(2.0), abs=2e-3)
    assert large[1] > large[0]


def test_affine_score_is_that_of_the_matching_gaussian() -> None:
    rng = np.random.default_rng(10)
    points = sample_mixture(rng, 4000, d=2, separation=2.0)
    _, matrix = affine_score(rng, points, T=0.5, noise_scale=1.0, copies=10)
    a2 = np.exp(-1.0)
    wanted = np.diag([-1 / (a2 * 5.0 + 1 - a2), -1.0])
    # 4 000 points: a few per cent.
    np.testing.assert_allclose(matrix, wanted, atol=0.05)


def test_the_exact_score_is_the_gradient_of_the_log_density() -> None:
    data = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 1.0]])
    place, t, h = np.array([[0.3, 0.4]]), 0.4, 1e-5
    a, q2 = np.exp(-t), 1 - np.exp(-2 * t)

    def log_density(y: Any) -> float:
        return float(np.log(np.exp(-((y - a * data) ** 2).sum(axis=1) / (2 * q2)).mean()))

    steps = [np.array([[h, 0.0]]), np.array([[0.0, h]])]
    wanted = [(log_density(place + s) - log_density(place - s)) / (2 * h) for s in steps]
    found = empirical_score(place, data, t=t, noise_scale=1.0)
    assert found.shape == (1, 2)
    np.testing.assert_allclose(found[0], wanted, atol=1e-8)  # central differences


def test_the_exact_score_returns_the_training_set() -> None:
    rng = np.random.default_rng(11)
    data = sample_mixture(rng, 6, d=2, separation=2.0)
    a, q2 = np.exp(-3.0), 1 - np.exp(-6.0)
    begun = a * data[rng.integers(6, size=60)] + np.sqrt(q2) * rng.standard_normal((60, 2))
    for end in (1e-2, 1e-4):
        made = simulate_reverse(
            rng,
            lambda y, t: empirical_score(y, data, t=t, noise_scale=1.0),
            begun,
            T=3.0,
            noise_scale=1.0,
            steps=200,
            flow="ode",
            end=end,
        )
        # The root of d lambda 2 t, with room for Euler's error.
        assert float(np.median(nearest_distance(made, data))) < 2.0 * np.sqrt(4.0 * end)


def test_digits_have_a_rank_below_their_pixels_and_peak_at_the_pixels() -> None:
    pytest.importorskip("sklearn")
    population = digit_population()
    assert population.points.shape == (1797, 64)
    assert population.rank == 61
    assert population.spectrum.mean() == pytest.approx(1.0)
    rng = np.random.default_rng(12)
    medians = [
        float(np.median(digit_replicates(rng, population, 7, n=n, T=1.0, noise_scale=1.0).trace))
        for n in (30, 65, 130)
    ]
    assert medians[1] > 5 * max(medians[0], medians[2])


def test_missing_digits_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(ValueError, match=r"scoreproof\[data\]"):
        digit_population()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sampler_spectrum([-1.0], scheme="em", steps=1, **SETTING), "eigenvalues had -1"),
        (lambda: sampler_spectrum([1.0], scheme="em", steps=0, **SETTING), "steps was 0"),
        (
            lambda: sampler_spectrum([1.0], scheme="sgd", steps=1, **SETTING),  # type: ignore[arg-type]
            "scheme was 'sgd'",
        ),
        (
            lambda: sampler_spectrum(
                [1.0],
                scheme="em",
                steps=1,
                start="there",  # type: ignore[arg-type]
                **SETTING,
            ),
            "start was 'there'",
        ),
        (
            lambda: sampler_moments([0.0, 1.0], [[1.0]], scheme="em", steps=1, **SETTING),
            r"mean had shape \(2,\)",
        ),
        (
            lambda: spectrum_replicates(
                np.random.default_rng(0), 1, n=3, spectrum=[0.0, 1.0], T=1.0, noise_scale=1.0
            ),
            "positive entries first",
        ),
        (
            lambda: sample_gaussian_replicates(
                np.random.default_rng(0), 1, n=2, covariance=np.eye(2)
            ),
            "n was 2",
        ),
        (lambda: matched_divergences(0.0), "separation was 0.0"),
        (lambda: generated_variance("sde", 0.0, 1.0, **SETTING), "eigenvalue was 0.0"),
        (lambda: nearest_distance([[0.0]], [[0.0, 1.0], [1.0, 1.0]]), "points had"),
    ],
)
def test_bad_input_is_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
