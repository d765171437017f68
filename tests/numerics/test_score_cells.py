"""The series in cells against the direct sums, and its refusal where it would be inexact."""

import numpy as np
import pytest

from numerics.empirical_score import empirical_score, empirical_score_derivatives, log_derivatives
from numerics.gaussian_window import along_the_line, centres, windows
from numerics.score_cells import cell_width, expand, worthwhile


@pytest.mark.parametrize("n", [2, 20, 500])
@pytest.mark.parametrize("sigma", [0.57, 0.1, 0.02])
def test_series_agree_with_direct_sums_where_they_say_so(n: int, sigma: float) -> None:
    x = np.sort(np.random.default_rng(n).normal(size=n))
    table = centres(x, 0.81, sigma)
    y = np.linspace(-4, 4, 1501)
    series, good = expand(table, y)
    direct = np.empty((3, y.size))
    for places, near in windows(table, y):
        direct[:, places] = log_derivatives(near, sigma)
    assert series.shape == direct.shape
    assert good.mean() > 0.9
    # Sums of n terms and 21 powers: a few dozen units of rounding of each quantity's scale.
    for order in range(3):
        scale = np.abs(direct[order]) + sigma ** -(order + 1)
        assert (np.abs(series[order] - direct[order]) / scale)[good].max() < 1e-14


def test_series_refuse_what_they_cannot_resolve() -> None:
    # Two centres 80 sigma apart: the transition at 0 is narrower than a cell.
    table = centres(np.array([-1.0, 1.0]), 1.0, 0.025)
    y = np.linspace(-1.5, 1.5, 601)
    series, good = expand(table, y)
    assert not good[300]
    assert good[[0, 50, 550, 600]].all()
    direct = np.empty((3, y.size))
    for places, near in windows(table, y):
        direct[:, places] = log_derivatives(near, 0.025)
    # Without the refusal the answer would be wrong: the guard is needed.
    assert (np.abs(series[1] - direct[1])[~good]).max() > 1e-3


@pytest.mark.parametrize("sigma", [0.5, 0.05, 1e-4])
def test_public_functions_do_not_depend_on_the_route(
    sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=300), rng.permutation(np.linspace(-4, 4, 5000))
    at = empirical_score_derivatives(y, x, mu=0.8, sigma=sigma)
    score = empirical_score(y, x, mu=0.8, sigma=sigma)
    monkeypatch.setattr("numerics.empirical_score.worthwhile", lambda *_: False)
    direct = empirical_score_derivatives(y, x, mu=0.8, sigma=sigma)
    # As above.
    np.testing.assert_allclose(at.score, direct.score, atol=1e-13 / sigma, rtol=1e-14)
    np.testing.assert_allclose(at.first, direct.first, atol=1e-13 / sigma**2, rtol=1e-13)
    np.testing.assert_allclose(at.second, direct.second, atol=1e-13 / sigma**3, rtol=1e-13)
    np.testing.assert_allclose(score, direct.score, atol=1e-13 / sigma, rtol=1e-14)


def test_many_points_over_dense_data_use_the_series_and_few_do_not() -> None:
    table = centres(np.linspace(-1, 1, 1000), 0.8, 0.3)
    assert worthwhile(table, np.linspace(-3, 3, 10_000))
    assert not worthwhile(table, np.linspace(-3, 3, 5))
    assert not worthwhile(centres(np.linspace(-1, 1, 10), 0.8, 1e-7), np.linspace(-3, 3, 10_000))


def test_points_of_a_cell_are_neighbours_in_the_order() -> None:
    y = np.random.default_rng(2).uniform(-3, 3, size=1000)
    step = cell_width(centres(np.array([0.0, 1.0]), 0.5, 0.1))
    order = np.arange(1000)[along_the_line(y, step)]
    assert sorted(order) == list(range(1000))
    cell = np.floor((y - y.min()) / step)[order]
    assert (np.diff(cell) >= 0).all()
