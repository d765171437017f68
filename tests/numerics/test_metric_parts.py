"""Parts of the metric: coordinates, assignment, the lower bound, replicates, the experiment."""

import math
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import beta

from numerics.assignment import wasserstein_squared
from numerics.binomial_interval import clopper_pearson
from numerics.coordinate_metric import (
    code_grid,
    coordinate_densities,
    coordinate_distance,
    coordinate_l2,
)
from numerics.experiments.memorization_probability import (
    EXPERIMENT,
    NUMBERS,
    VARIANTS,
    run,
)
from numerics.kernel_density import kernel_width, log_kernel_values
from numerics.kernel_replicates import (
    code_scale_replicates,
    coordinate_replicates,
    squared_error_replicates,
)
from numerics.metric_replicates import delta_sign_replicates, transport_replicates
from numerics.midpoint_load import largest_overlap, relative_distance_bound

Array = NDArray[np.float64]
ODD: Any = "odd"


def test_an_assignment_is_the_best_of_all_permutations() -> None:
    rng = np.random.default_rng(0)
    for _ in range(5):
        a, b = rng.standard_normal((2, 6, 3))
        best = min(((a - b[list(p)]) ** 2).sum(axis=1).mean() for p in permutations(range(6)))
        # six terms added in another order
        assert abs(wasserstein_squared(a, b) - best) < 1e-14


def test_on_the_line_the_assignment_is_by_order() -> None:
    a, b = np.random.default_rng(1).standard_normal((2, 50, 1))
    ordered = ((np.sort(a, axis=0) - np.sort(b, axis=0)) ** 2).mean()
    assert abs(wasserstein_squared(a, b) - ordered) < 1e-14  # as above
    assert wasserstein_squared(a, a[::-1]) == 0.0


def test_assignment_refuses() -> None:
    with pytest.raises(ValueError, match="as many as a has, 2"):
        wasserstein_squared([[0.0], [1.0]], [[0.0]])
    with pytest.raises(ValueError, match="at most 4000"):
        wasserstein_squared(np.zeros((4001, 1)), np.zeros((4001, 1)))


def test_coordinate_densities_are_sums_of_kernels() -> None:
    points = np.random.default_rng(2).standard_normal((4, 3))
    grid = np.linspace(-2.0, 2.0, 5)
    found = coordinate_densities(points, grid, s_d=0.8)
    assert found.shape == (3, 5)
    width = 0.2
    for j in range(3):
        for k, place in enumerate(grid):
            direct = np.exp(-((place - points[:, j]) ** 2) / (2 * width**2)).mean()
            direct /= math.sqrt(2 * math.pi) * width
            assert abs(found[j, k] - direct) < 1e-14 * max(1.0, direct)


def test_a_fine_grid_gives_the_integral() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.standard_normal((6, 2)), rng.standard_normal((9, 2))
    grid = np.linspace(-12.0, 12.0, 4001)
    fine = coordinate_distance(a, b, grid, s_d=1.0) * (grid[-1] - grid[0]) * 4001 / 4000
    # trapezoidal sums of Gaussians: exponentially accurate, the rest is rounding of 4001 terms
    assert abs(fine - coordinate_l2(a, b, s_d=1.0)) < 1e-12
    assert coordinate_l2(a, a, s_d=1.0) == 0.0


def test_the_grid_of_the_code_is_coarser_than_its_kernels() -> None:
    grid = code_grid(0.5, 0.1)
    assert grid.shape == (16,)
    assert (grid[1] - grid[0]) / (0.1 / 10) > 6.0


def test_the_lower_bound_holds_for_every_gaussian_tried() -> None:
    rng = np.random.default_rng(4)
    d, n = 60, 6
    points = rng.standard_normal((n, d))
    width = kernel_width(n, d, s_d=1.0)
    bound = relative_distance_bound(points, width=width)
    assert bound > 0.5
    norm = np.exp(log_kernel_values(points, points, variance=2 * width**2)).mean()
    for centre in (points[0], points.mean(axis=0), 0.5 * (points[0] + points[1])):
        for variance in (0.1, 0.5, 1.0, 3.0, 30.0):
            own = (4 * math.pi * variance) ** (-d / 2)
            cross = np.exp(
                log_kernel_values(points, centre[None], variance=variance + width**2)
            ).mean()
            # no multiple of the density comes nearer either
            assert 1.0 - cross**2 / (own * norm) >= bound


def test_the_overlap_of_separate_points_is_one_and_of_copies_their_number() -> None:
    assert largest_overlap(1e3 * np.eye(4), width=1.0) == 1.0
    # five copies: all fifteen points and midpoints coincide
    assert largest_overlap(np.zeros((5, 2)), width=1.0) == 15.0


def test_intervals_are_those_of_the_beta_law() -> None:
    for successes, trials in ((0, 5), (3, 10), (10, 10), (17, 200)):
        low, high = clopper_pearson(successes, trials)
        if successes:
            assert abs(low - beta.ppf(0.025, successes, trials - successes + 1)) < 1e-10
        if successes < trials:
            assert abs(high - beta.ppf(0.975, successes + 1, trials - successes)) < 1e-10
        assert low <= successes / trials <= high
    with pytest.raises(ValueError, match="successes"):
        clopper_pearson(3, 2)


def test_a_cell_of_the_experiment_depends_on_its_parameters_alone() -> None:
    parameters: dict[str, Any] = {"d": 16, "block": 1, "replicates": 2, "original": 40}
    first, second = run(parameters, None), run(parameters, None)  # type: ignore[arg-type]
    assert first.keys() == second.keys()
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
    other = run({**parameters, "block": 2}, None)  # type: ignore[arg-type]
    assert (other["relative"] != first["relative"]).any()
    assert first["sign"].shape == (len(NUMBERS[16]), 2, len(VARIANTS))
    singular = first["n"] <= 16
    assert np.isinf(first["log_norm"][singular]).all()
    assert np.isfinite(first["log_norm"][~singular]).all()
    assert np.isfinite(first["relative"]).all()


def test_quick_cells_are_few_and_distinct() -> None:
    for profile in ("quick", "paper"):
        cells = EXPERIMENT.cells(profile)
        assert len({tuple(sorted(c.items())) for c in cells}) == len(cells)
    cost = EXPERIMENT.cost
    assert cost is not None
    assert sum(cost(c) for c in EXPERIMENT.cells("quick")) < 60.0


def test_replicates_have_the_means_they_should() -> None:
    rng = np.random.default_rng(5)
    # N = n and a fresh set: one half by symmetry; 4 deviations of 200 coins
    half = delta_sign_replicates(rng, 200, d=4, n=6, N=6, gamma=1.0, variant="fresh")
    assert abs(half.mean() - 0.5) < 4.0 * 0.5 / math.sqrt(200)
    # d = 1, n = 1: 1 + 1 - 2 / sqrt(1 + 1/2)
    errors = squared_error_replicates(rng, 400, d=1, n=1)
    expected = 2.0 - 2.0 / math.sqrt(1.5)
    assert abs(errors.mean() - expected) < 4.0 * errors.std() / 20.0
    assert transport_replicates(rng, 3, d=3, n=4, gamma=1.0, against="memory").max() == 0.0
    assert coordinate_replicates(rng, 3, k=4, n=4).min() > 0.0


def test_on_the_scales_of_the_code_everything_generalizes() -> None:
    rng = np.random.default_rng(6)
    for generator in ("perfect", "memory", "noise"):
        assert code_scale_replicates(rng, 5, d=64, generator=generator).min() == 1.0
    assert code_scale_replicates(rng, 5, d=64, generator="memory", common=True).max() == 0.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda rng: delta_sign_replicates(rng, 1, d=2, n=3, N=3, gamma=1.0, variant=ODD),
            "variant was 'odd'",
        ),
        (
            lambda rng: transport_replicates(rng, 1, d=2, n=3, gamma=1.0, against="odd"),
            "against was 'odd'",
        ),
        (lambda rng: code_scale_replicates(rng, 1, d=2, generator=ODD), "generator was 'odd'"),
        (lambda rng: coordinate_replicates(rng, 1, k=2, n=2, ratio=0.0), "ratio was 0"),
        (lambda _: coordinate_densities([[0.0]], [], s_d=1.0), "grid had 0 entries"),
        (lambda _: relative_distance_bound([[0.0]], width=-1.0), "width was -1"),
    ],
)
def test_bad_input_is_named(call: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        call(np.random.default_rng(0))
