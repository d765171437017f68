"""Exact expectations against quadrature (d = 1) and against simulation on both sides of n = d."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sympy import Integer, Rational, log, oo

from numerics.linear_expectations import scalar_expectations
from numerics.linear_simulation import law_replicates, summarise
from theory.distance_limits import limiting_log_affinity, limiting_wasserstein_value
from theory.linear_expectations import (
    expected_kl_value,
    expected_mean_error,
    expected_relative_trace,
)
from theory.linear_forward import noised_variance, signal_to_noise
from theory.linear_log_det import canonical_log_product_value
from theory.proportional_limit import kl_bulk, kl_gapped, reverse_kl_gapped

SCALAR = [
    (4, "1/2", "1", "1"),
    (5, "1/2", "7/10", "13/10"),
    (8, "2", "1", "2"),
    (40, "1", "3", "1"),
]
# n, d, T, noise scale, s_d: four with n <= d, six with n > d + 2, both parities of m - d.
CASES = [
    (3, 6, 0.5, 0.7, 1.3),
    (5, 9, 0.5, 0.7, 1.3),
    (8, 20, 2.0, 1.0, 1.0),
    (20, 30, 1.0, 0.2, 2.0),
    (12, 2, 0.3, 1.0, 0.8),
    (10, 4, 0.5, 0.7, 1.3),
    (14, 4, 1.0, 0.4, 1.0),
    (21, 9, 2.0, 0.0183156388887, 1.0),
    (40, 20, 1.5, 1.0, 1.0),
    (61, 30, 0.4, 2.0, 3.0),
]


def _ratio(T: Any, noise_scale: Any, s_d: Any) -> Any:
    exact = (Rational(str(value)) for value in (T, noise_scale, s_d))
    return signal_to_noise(*exact)


@pytest.mark.parametrize("spread", ["population", "empirical"])
@pytest.mark.parametrize(("n", "T", "noise_scale", "s_d"), SCALAR)
def test_line_against_quadrature(n: Any, T: Any, noise_scale: Any, s_d: Any, spread: Any) -> None:
    exact = [Rational(value) for value in (T, noise_scale, s_d)]
    floats = [float(Fraction(value)) for value in (T, noise_scale, s_d)]
    snr = signal_to_noise(*exact)
    value = scalar_expectations(
        n=n, T=floats[0], noise_scale=floats[1], s_d=floats[2], spread=spread
    )
    pairs = [
        (value.trace, expected_relative_trace(Integer(1), Integer(n - 1), snr, spread=spread)),
        (value.mean_error, expected_mean_error(Integer(1), Integer(n - 1), snr)),
        (value.kl, expected_kl_value(1, n - 1, snr, spread=spread)),
        (
            value.log_det_weights,
            canonical_log_product_value(1, n - 1, (snr / (1 + snr)).evalf(40))
            + log(exact[2] ** 2 / noised_variance(*exact)),
        ),
    ]
    for computed, expected in pairs:
        # Bar 1e-8; the quadrature is asked for 1e-12.
        assert abs(computed - float(expected.evalf(20))) < 1e-10 * max(1.0, abs(computed))


@pytest.mark.parametrize("spread", ["population", "empirical"])
@pytest.mark.parametrize(("n", "d", "T", "noise_scale", "s_d"), CASES)
def test_moments_against_simulation_from_data(
    n: Any, d: Any, T: Any, noise_scale: Any, s_d: Any, spread: Any
) -> None:
    rng = np.random.default_rng(n + 100 * d)
    draws = law_replicates(rng, 400, n=n, d=d, T=T, noise_scale=noise_scale, s_d=s_d, spread=spread)
    snr = _ratio(T, noise_scale, s_d)
    sizes = Integer(d), Integer(n - 1)
    expected = {
        "trace": expected_relative_trace(*sizes, snr, spread=spread),
        "mean_error": expected_mean_error(*sizes, snr),
    }
    if n > d:
        reliability = (snr / (1 + snr)).evalf(40)
        shift = -d * log(noised_variance(*(Rational(str(v)) for v in (T, noise_scale, s_d))))
        shift += 2 * d * log(Rational(str(s_d)))
        expected["log_det_weights"] = shift + canonical_log_product_value(d, n - 1, reliability)
        expected["kl"] = expected_kl_value(d, n - 1, snr, spread=spread)
    for name, value in expected.items():
        # 4.5 standard errors: 80 comparisons, one false alarm in 2000 runs; a heavy tail for
        # n close to d + 3 is avoided by the choice of sizes.
        summary = summarise(getattr(draws, name), z_value=4.5)
        assert summary.low < float(value.evalf(20)) < summary.high, name
        assert summary.high - summary.low < 0.5 * abs(float(value.evalf(20))) + 1.0
    assert (draws.rank == min(n - 1, d)).all()


@pytest.mark.parametrize(("n", "d", "T", "noise_scale", "s_d"), CASES[::3])
def test_both_routes_have_the_same_law(n: Any, d: Any, T: Any, noise_scale: Any, s_d: Any) -> None:
    """Weights from data and from their conditional law, compared by quantiles."""
    setting: dict[str, Any] = {"n": n, "d": d, "T": T, "noise_scale": noise_scale, "s_d": s_d}
    routes: list[tuple[int, Any]] = [(1, "data"), (2, "conditional")]
    draws = [
        law_replicates(np.random.default_rng(seed), 600, route=route, **setting)
        for seed, route in routes
    ]
    for name in ("trace", "mean_error", "wasserstein_squared", "weight_trace"):
        one, other = (np.sort(getattr(draw, name)) for draw in draws)
        places = np.searchsorted(other, one, side="right") / 600
        gap = np.abs(places - np.arange(1, 601) / 600).max()
        # Kolmogorov-Smirnov at level 1e-4: 2.2 sqrt(2 / 600).
        assert gap < 2.2 * np.sqrt(2 / 600), name


@pytest.mark.parametrize("offset", [-1, 0, 1, 2, 3])
def test_where_the_divergences_are_infinite(offset: Any) -> None:
    """Almost surely for n <= d; at n = d + 1, d + 2 only the mean is, so the median is reported."""
    d = 6
    setting: dict[str, Any] = {"n": d + offset, "d": d, "T": 1.0, "noise_scale": 1.0, "s_d": 1.0}
    rng = np.random.default_rng(offset + 5)
    draws = law_replicates(rng, 400, **setting)
    singular = offset <= 0
    assert np.isinf(draws.kl).all() == singular
    assert np.isinf(draws.kl_reverse).all() == singular
    assert np.isinf(draws.log_squared_l2).all() == singular
    assert (draws.hellinger_squared == 1.0).all() == singular
    assert np.isfinite(draws.wasserstein_squared).all()
    exact = expected_kl_value(d, d + offset - 1, Rational(1), digits=8)
    assert (exact == oo) == (offset <= 2)
    if not singular:
        assert np.isfinite(summarise(draws.kl).median)


def test_near_the_onset_the_median_is_stable_and_the_mean_is_not() -> None:
    """The largest of 2000 draws at n = d + 1 carries a sizeable part of the whole sum."""
    rng = np.random.default_rng(0)
    heavy = law_replicates(rng, 2000, n=5, d=4, T=1.0, noise_scale=1.0, s_d=1.0).kl
    light = law_replicates(rng, 2000, n=16, d=4, T=1.0, noise_scale=1.0, s_d=1.0).kl
    assert heavy.max() / heavy.sum() > 0.1
    assert light.max() / light.sum() < 0.01
    halves = [summarise(half) for half in np.split(heavy, 2)]
    assert halves[0].median_low < halves[1].median < halves[0].median_high


def test_smallest_singular_value_has_a_density_at_zero() -> None:
    """P(sigma_min < e) ~ c e: why the reversed divergence and the L2 distance have no mean."""
    rng = np.random.default_rng(3)
    draws = law_replicates(rng, 6000, n=9, d=2, T=1.0, noise_scale=1.0, s_d=1.0)
    # |det B| has the same tail as sigma_min up to a factor of order one.
    determinants = np.exp(0.5 * draws.log_det_weights)
    counts = [(determinants < level).mean() for level in (0.02, 0.01)]
    # Halving the level halves the probability; some hundreds of hits.
    assert 1.6 < counts[0] / counts[1] < 2.5


def _limits(psi: Any, snr: Any) -> Any:
    bulk = (psi - 1) * snr < 1
    limits = {
        "kl": kl_bulk(psi, snr) if bulk else kl_gapped(psi, snr),
        "log_affinity": limiting_log_affinity(psi, snr),
        "wasserstein_squared": limiting_wasserstein_value(psi, snr),
    }
    if not bulk:
        limits["kl_reverse"] = reverse_kl_gapped(psi, snr)
    return {name: float(value.evalf(15)) for name, value in limits.items()}


@pytest.mark.slow
@pytest.mark.parametrize("snr", ["1", "1/20"])
@pytest.mark.parametrize("psi", ["3/2", "5/2", "6"])
def test_limits_at_fifty_and_two_hundred_with_their_trend(psi: Any, snr: Any) -> None:
    """The error per dimension shrinks from d = 50 to 200, at most like (log d)/d."""
    ratio, noise = Rational(psi), Rational(snr)
    limits = _limits(ratio, noise)
    time = 0.5 * np.log1p(1 / float(noise))
    gaps = {}
    for d, count in ((50, 60), (200, 8)):
        n = int(ratio * d) + 1
        draws = law_replicates(
            np.random.default_rng(d),
            count,
            n=n,
            d=d,
            T=time,
            noise_scale=1.0,
            s_d=1.0,
            route="conditional",
        )
        for name, limit in limits.items():
            gaps[name, d] = np.median(getattr(draws, name)) / d - limit
    for name, limit in limits.items():
        # A relative error c (log d)/d with c below 4, for all but the reversed divergence,
        # which fluctuates next to its pole.
        slack = 20.0 if name == "kl_reverse" else 4.0
        for d in (50, 200):
            assert abs(gaps[name, d]) < slack * (abs(limit) + 0.2) * np.log(d) / d, (name, gaps)
        if name in {"kl", "log_affinity"}:
            assert abs(gaps[name, 200]) < 0.6 * abs(gaps[name, 50]), gaps


@pytest.mark.slow
def test_standard_process_gets_worse_with_more_samples() -> None:
    """T = 2, lambda = 1, d = 100: the median divergence rises from n = 300 to n = 1000."""
    medians = [
        np.median(
            law_replicates(
                np.random.default_rng(n),
                9,
                n=n,
                d=100,
                T=2.0,
                noise_scale=1.0,
                s_d=1.0,
                route="conditional",
            ).kl
        )
        for n in (150, 300, 1000)
    ]
    assert medians[1] < medians[0]
    assert medians[1] < 0.75 * medians[2]
