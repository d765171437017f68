"""The simulated quantities against the batched divergences, and the summaries."""

from typing import Any

import numpy as np
import pytest

from numerics import gaussian_divergences as gd
from numerics.linear_denoiser import fit_linear_denoiser, generated_law, sample_training_set
from numerics.linear_simulation import divergences_to_isotropic, law_replicates, summarise

SETTING: dict[str, Any] = {"n": 15, "d": 6, "T": 0.8, "noise_scale": 0.9, "s_d": 1.7}


@pytest.mark.parametrize("d", [1, 3, 12])
def test_principal_axes_against_the_cholesky_route(d: Any) -> None:
    rng = np.random.default_rng(d)
    mean, factor = rng.standard_normal(d), rng.standard_normal((d, d))
    covariance = factor @ factor.T
    covariance = 0.5 * (covariance + covariance.T)
    laws = mean, covariance, np.zeros(d), np.eye(d)
    back = laws[2:] + laws[:2]
    values = divergences_to_isotropic(mean, factor, rank=d)
    expected = (
        np.linalg.slogdet(covariance)[1],
        gd.kl_divergence(*laws),
        gd.kl_divergence(*back),
        gd.log_hellinger_affinity(*laws),
        gd.bures_wasserstein_squared(*laws),
        gd.log_squared_l2_distance(*laws),
    )
    # The condition number of the random factor enters squared.
    assert np.allclose(values, [float(v) for v in expected], rtol=1e-9, atol=1e-11)


def test_singular_law_is_infinitely_far_but_transportable() -> None:
    values = divergences_to_isotropic(np.array([1.0, 0.0]), np.diag([2.0, 0.0]), rank=1)
    assert values[:4] == (-np.inf, np.inf, np.inf, -np.inf)
    assert values[4] == pytest.approx(1.0 + 1.0 + 1.0, abs=1e-14)
    assert values[5] == np.inf


@pytest.mark.parametrize("spread", ["population", "empirical"])
def test_replicates_are_the_quantities_of_the_laws(spread: Any) -> None:
    count = 3
    draws = law_replicates(np.random.default_rng(2), count, spread=spread, **SETTING)
    rng = np.random.default_rng(2)
    times = {name: SETTING[name] for name in ("T", "noise_scale", "s_d")}
    for k in range(count):
        data = sample_training_set(rng, **SETTING)
        fit = fit_linear_denoiser(data.clean, data.noised)
        law = generated_law(fit, data.clean, spread=spread, **times)
        covariance = 0.5 * (law.covariance + law.covariance.T)
        target = np.zeros(6), 1.7**2 * np.eye(6)
        assert draws.trace[k] == pytest.approx(np.trace(covariance) / 1.7**2, rel=1e-12)
        assert draws.mean_error[k] == pytest.approx(np.sum(law.mean**2) / 1.7**2, rel=1e-12)
        # The condition number of the covariance is below 1e6.
        assert draws.kl[k] == pytest.approx(
            float(gd.kl_divergence(law.mean, covariance, *target)), rel=1e-9
        )
        assert draws.wasserstein_squared[k] * 1.7**2 == pytest.approx(
            float(gd.bures_wasserstein_squared(law.mean, covariance, *target)), rel=1e-9
        )
        assert draws.log_squared_l2[k] - 6 * np.log(1.7) == pytest.approx(
            float(gd.log_squared_l2_distance(law.mean, covariance, *target)), rel=1e-9
        )
        gram = fit.weights @ fit.weights.T
        assert draws.weight_trace[k] == pytest.approx(np.trace(gram), rel=1e-12)
        assert draws.log_det_weights[k] == pytest.approx(np.linalg.slogdet(gram)[1], rel=1e-9)


@pytest.mark.parametrize("route", ["data", "conditional"])
def test_units_of_the_data_do_not_matter(route: Any) -> None:
    """Scaling s_d and the noise together changes nothing in units of the data."""
    changed: dict[str, Any] = {**SETTING, "s_d": 3.4, "noise_scale": 3.6}
    one = law_replicates(np.random.default_rng(1), 4, route=route, **SETTING)
    other = law_replicates(np.random.default_rng(1), 4, route=route, **changed)
    assert np.allclose(one.kl, other.kl, rtol=1e-10)
    assert np.allclose(one.trace, other.trace, rtol=1e-12)


def test_ridge_reaches_the_weights() -> None:
    plain = law_replicates(np.random.default_rng(1), 4, **SETTING)
    shrunk = law_replicates(np.random.default_rng(1), 4, ridge=5.0, **SETTING)
    assert (shrunk.weight_trace < plain.weight_trace).all()


def test_optimal_ridge_lowers_the_error_of_every_data_set_on_average() -> Any:
    """At n = d + 1 the error without ridge has no mean; with the optimal ridge it is tame."""
    setting: dict[str, Any] = {"n": 7, "d": 6, "T": 0.8, "noise_scale": 0.9, "s_d": 1.7}
    a = np.exp(-0.8)
    q2 = 0.9 * -np.expm1(-1.6)
    v = a**2 * 1.7**2 + q2
    best = 6 * v * q2 / (a**2 * 1.7**2)
    kappa = a * 1.7**2 / v

    def error(ridge: Any) -> Any:
        rng, total = np.random.default_rng(0), []
        for _ in range(600):
            data = sample_training_set(rng, **setting)
            weights = fit_linear_denoiser(data.clean, data.noised, ridge=ridge).weights
            total.append(np.sum((weights - kappa * np.eye(6)) ** 2))
        return float(np.mean(total))

    middle = error(best)
    assert middle < error(best / 3)
    assert middle < error(3 * best)


def test_nothing_overflows_in_a_thousand_dimensions() -> None:
    with np.errstate(over="raise", invalid="raise"):
        draws = law_replicates(
            np.random.default_rng(0), 1, n=6, d=1000, T=1.0, noise_scale=1.0, s_d=1.0
        )
    assert draws.kl[0] == np.inf
    assert np.isfinite(draws.wasserstein_squared[0])
    assert draws.rank[0] == 5


def test_summary_intervals_cover() -> None:
    """Cauchy draws have no mean; the interval of the median still covers."""
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(300):
        summary = summarise(rng.standard_cauchy(200), z_value=2.0)
        hits += summary.median_low <= 0.0 <= summary.median_high
    # Nominal 95 %, four standard errors of 300 trials.
    assert hits / 300 > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 300)
    assert hits < 300


@pytest.mark.parametrize(
    ("blamed", "changes"),
    [
        ("count", {"count": 0}),
        ("n ", {"n": 1}),
        ("d ", {"d": 0}),
        ("route", {"route": "exact"}),
        ("route", {"route": "conditional", "spread": "empirical"}),
        ("route", {"route": "conditional", "ridge": 1.0}),
        ("spread", {"spread": "sample"}),
        ("s_d", {"s_d": -1.0}),
        ("ridge", {"ridge": np.nan}),
        ("T", {"T": np.inf}),
    ],
    ids=range(10),
)
def test_bad_input_is_one_line_with_its_name(blamed: Any, changes: Any) -> None:
    setting: dict[str, Any] = {"count": 2, **SETTING, **changes}
    with pytest.raises(ValueError, match=blamed) as failure:
        law_replicates(np.random.default_rng(0), **setting)
    assert "\n" not in str(failure.value)


def test_summary_refuses_infinite_replicates() -> None:
    with pytest.raises(ValueError, match="replicates"):
        summarise([1.0, np.inf, 2.0])
