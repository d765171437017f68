"""Batched divergences against quadrature, against the pencil, and at awkward places."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.linalg import eigh

from numerics import gaussian_divergences as gd
from numerics.gaussian_pairs import over_pairs

FORMS = {
    "kl": gd.kl_divergence,
    "renyi": lambda *laws: gd.renyi_divergence(*laws, order=0.7),
    "affinity": gd.log_hellinger_affinity,
    "hellinger": gd.hellinger_squared,
    "bures": gd.bures_wasserstein_squared,
    "log_l2": gd.log_squared_l2_distance,
    "l2": gd.squared_l2_distance,
}
INTEGRANDS = {
    "kl": lambda p, q: p * (np.log(p) - np.log(q)),
    "hellinger": lambda p, q: 0.5 * (np.sqrt(p) - np.sqrt(q)) ** 2,
    "renyi": lambda p, q: p**0.7 * q**0.3,
    "l2": lambda p, q: (p - q) ** 2,
}


def _laws(d: Any, *, seed: Any = 0, count: Any = None) -> Any:
    rng = np.random.default_rng(seed)
    shape = () if count is None else (count,)
    out = []
    for _ in range(2):
        factor = rng.standard_normal((*shape, d, 2 * d))
        out += [
            rng.standard_normal((*shape, d)),
            factor @ np.swapaxes(factor, -1, -2) / (2 * d),
        ]
    return tuple(out)


def _log_density(points: Any, mean: Any, covariance: Any) -> Any:
    gap = np.atleast_2d(points) - mean
    return -0.5 * (
        np.einsum("ki,ki->k", gap, np.linalg.solve(covariance, gap.T).T)
        + np.linalg.slogdet(covariance)[1]
        + mean.size * np.log(2 * np.pi)
    )


def _integrate(name: Any, laws: Any) -> Any:
    """Trapezoid rule: it converges geometrically for analytic integrands that vanish far out."""
    grid = np.linspace(-11, 11, 441)
    axes = np.meshgrid(*[grid] * laws[0].size, indexing="ij")
    points = np.stack([axis.ravel() for axis in axes], axis=1)
    densities = [np.exp(_log_density(points, *law)) for law in (laws[:2], laws[2:])]
    step = grid[1] - grid[0]
    integral = step ** laws[0].size * INTEGRANDS[name](*densities).sum()
    return np.log(integral) / (0.7 - 1.0) if name == "renyi" else integral


@pytest.mark.parametrize("name", list(INTEGRANDS))
def test_line_against_quadrature(name: Any) -> None:
    laws = tuple(np.array(part) for part in ([0.3], [[0.8]], [-0.4], [[1.7]]))
    # Bar 1e-10; the trapezoid rule at step 0.05 is exact to rounding, about 1e-13.
    assert abs(FORMS[name](*laws) - _integrate(name, laws)) < 1e-11


@pytest.mark.parametrize("name", list(INTEGRANDS))
def test_plane_against_quadrature(name: Any) -> None:
    laws = tuple(
        map(
            np.array,
            ([0.3, -0.2], [[0.8, 0.2], [0.2, 0.6]], [-0.4, 0.1], [[1.1, -0.3], [-0.3, 0.9]]),
        )
    )
    # Bar 1e-10; the trapezoid rule at step 0.05 is exact to rounding, about 1e-13.
    assert abs(FORMS[name](*laws) - _integrate(name, laws)) < 1e-10


def test_line_transport_against_quantiles() -> None:
    from scipy.special import ndtri

    value = quad(lambda p: (0.7 + (np.sqrt(0.8) - np.sqrt(1.7)) * ndtri(p)) ** 2, 0, 1)[0]
    # quad meets the logarithmic ends of the quantile function to about 1e-9.
    assert abs(gd.bures_wasserstein_squared([0.3], [[0.8]], [-0.4], [[1.7]]) - value) < 1e-8


@pytest.mark.parametrize("d", [1, 2, 7, 40])
def test_every_form_against_the_generalised_eigenvalues(d: Any) -> None:
    """A second algebraic route: diagonalise the pencil and add univariate values."""
    mean_1, covariance_1, mean_2, covariance_2 = laws = _laws(d, seed=d)
    ratios, basis = eigh(covariance_1, covariance_2)
    shifts = basis.T @ (mean_1 - mean_2)
    log_scale = 0.5 * np.linalg.slogdet(covariance_2)[1]
    expected = {
        "kl": 0.5 * np.sum(ratios + shifts**2 - 1 - np.log(ratios)),
        "affinity": np.sum(
            0.5 * np.log(2 * np.sqrt(ratios) / (1 + ratios)) - shifts**2 / (4 * (1 + ratios))
        ),
        "renyi": np.sum(
            0.35 * shifts**2 / (0.7 + 0.3 * ratios)
            - (np.log(0.7 + 0.3 * ratios) - 0.3 * np.log(ratios)) / (2 * (0.7 - 1))
        ),
    }
    own = -0.5 * d * np.log(4 * np.pi) - log_scale
    cross = -0.5 * d * np.log(2 * np.pi) - log_scale
    cross -= 0.5 * np.sum(np.log1p(ratios) + shifts**2 / (1 + ratios))
    pieces = np.exp([own - 0.5 * np.log(ratios).sum() - cross, own - cross])
    expected["log_l2"] = cross + np.log(pieces.sum() - 2)
    for name, value in expected.items():
        # Two backward-stable routes, condition numbers below 1e3: bar 1e-12 relative.
        assert abs(FORMS[name](*laws) - value) < 1e-12 * max(1.0, abs(value)), name


@pytest.mark.parametrize("d", [2, 7, 40])
def test_transport_against_the_matrix_square_root(d: Any) -> None:
    mean_1, covariance_1, mean_2, covariance_2 = laws = _laws(d, seed=d)
    values, axes = np.linalg.eigh(covariance_1)
    root = axes * np.sqrt(values) @ axes.T
    overlap = np.sqrt(np.linalg.eigvalsh(root @ covariance_2 @ root)).sum()
    expected = np.sum((mean_1 - mean_2) ** 2) + np.trace(covariance_1 + covariance_2) - 2 * overlap
    assert abs(gd.bures_wasserstein_squared(*laws) - expected) < 1e-12 * expected * d


@pytest.mark.parametrize("name", list(FORMS))
def test_batch_is_the_loop(name: Any) -> None:
    laws = _laws(3, count=4)
    batched = FORMS[name](*laws)
    assert batched.shape == (4,)
    single = [FORMS[name](*(part[k] for part in laws)) for k in range(4)]
    assert np.array_equal(batched, single)


def test_leading_axes_broadcast() -> None:
    laws = _laws(3, count=5)
    one = tuple(part[0] for part in laws[2:])
    values = gd.kl_divergence(laws[0], laws[1], *one)
    assert values.shape == (5,)
    assert values[2] == gd.kl_divergence(laws[0][2], laws[1][2], *one)


@pytest.mark.parametrize("name", ["kl", "renyi", "hellinger", "bures"])
def test_equal_laws_have_no_distance(name: Any) -> None:
    mean, covariance, _, _ = _laws(30)
    # Rounding of d terms of size 1.
    assert abs(FORMS[name](mean, covariance, mean, covariance)) < 1e-12
    assert gd.log_squared_l2_distance(mean, covariance, mean, covariance) < -60


@pytest.mark.parametrize("name", ["kl", "hellinger", "renyi"])
def test_change_of_basis_leaves_the_value(name: Any) -> None:
    laws = _laws(5, seed=3)
    base = np.random.default_rng(1).standard_normal((5, 5))
    moved = (base @ laws[0], base @ laws[1] @ base.T, base @ laws[2], base @ laws[3] @ base.T)
    moved = tuple(0.5 * (part + part.T) if part.ndim == 2 else part for part in moved)
    # The basis has condition number about 20.
    assert abs(FORMS[name](*moved) - FORMS[name](*laws)) < 1e-10


def test_transport_is_a_distance() -> None:
    laws = _laws(4, seed=1) + _laws(4, seed=2)[:2]
    sides = [
        np.sqrt(gd.bures_wasserstein_squared(*laws[i : i + 2], *laws[j : j + 2]))
        for i, j in ((0, 2), (2, 4), (0, 4))
    ]
    assert sides[2] <= sides[0] + sides[1]


def test_renyi_is_increasing_in_its_order_and_passes_through_kl() -> None:
    laws = _laws(4, seed=5)
    orders = [0.2, 0.5, 0.999, 1.0, 1.001, 1.2]
    values = [float(gd.renyi_divergence(*laws, order=order)) for order in orders]
    assert all(a < b for a, b in pairwise(values))
    assert values[3] == gd.kl_divergence(*laws)


def test_renyi_is_infinite_exactly_outside_its_domain() -> None:
    wide, narrow = [[3.0]], [[1.0]]
    # (1 - alpha) 3 + alpha > 0 iff alpha < 3/2.
    assert np.isfinite(gd.renyi_divergence([0.0], wide, [0.0], narrow, order=1.4999))
    assert gd.renyi_divergence([0.0], wide, [0.0], narrow, order=1.5) == np.inf
    assert np.isfinite(gd.renyi_divergence([0.0], narrow, [0.0], wide, order=50.0))


def test_badly_conditioned_transport_uses_singular_values() -> None:
    """diag(1, 1e-20) to the unit law: the small root must not be lost."""
    tiny = np.diag([1.0, 1e-20])
    value = gd.bures_wasserstein_squared(np.zeros(2), tiny, np.zeros(2), np.eye(2))
    # 1 - 2e-10 + 1e-20, to rounding of the traces.
    assert abs(value - (1 - 1e-10) ** 2) < 1e-14


def test_graded_transport_does_not_lose_the_small_root() -> None:
    """d = 2 in radicals: tr (S1 S2)^(1/2) = sqrt(tr S1 S2 + 2 sqrt det S1 S2)."""
    factor = np.array([[1e-6, 0.0], [3.0, 1.0]])
    first, second = factor @ factor.T, np.array([[1.0, 0.5], [0.5, 1.0]])
    overlap = np.sqrt(np.trace(first @ second) + 2 * np.sqrt(1e-12 * 0.75))
    value = gd.bures_wasserstein_squared(np.zeros(2), first, np.zeros(2), second)
    # Rounding of traces of size 12; the root of a rounded eigenvalue is off by 7e-10.
    assert abs(value - (np.trace(first + second) - 2 * overlap)) < 1e-13


def test_nothing_overflows_in_a_thousand_dimensions() -> None:
    d = 1000
    scale = np.linspace(0.5, 2.0, d)
    laws = (np.full(d, 3.0), np.diag(scale), np.zeros(d), np.diag(scale[::-1].copy()))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(gd.kl_divergence(*laws))
        assert gd.log_hellinger_affinity(*laws) < -700
        assert gd.hellinger_squared(*laws) == 1.0
        assert np.isfinite(gd.log_squared_l2_distance(*laws))
        assert gd.squared_l2_distance(*laws) == 0.0
        assert np.isfinite(gd.bures_wasserstein_squared(*laws))


BAD = [
    ("mean_1", ([np.nan], [[1.0]], [0.0], [[1.0]])),
    ("covariance_1", ([0.0], [[np.inf]], [0.0], [[1.0]])),
    ("covariance_1", ([0.0], [[0.0]], [0.0], [[1.0]])),
    ("covariance_2", ([0.0], [[1.0]], [0.0], [[-1.0]])),
    ("covariance_1", (np.zeros(2), np.ones((2, 2)), np.zeros(2), np.eye(2))),
    ("covariance_1", (np.zeros(2), [[1.0, 0.5], [0.0, 1.0]], np.zeros(2), np.eye(2))),
    ("covariance_2", (np.zeros(2), np.eye(2), np.zeros(2), np.eye(3))),
    ("mean_2", (np.zeros(2), np.eye(2), np.zeros(3), np.eye(3))),
    ("mean_1", (0.0, [[1.0]], [0.0], [[1.0]])),
    ("leading axes", (np.zeros((2, 1)), np.ones((2, 1, 1)), np.zeros((3, 1)), np.ones((3, 1, 1)))),
]


@pytest.mark.parametrize("name", ["kl", "hellinger", "bures", "l2", "renyi"])
@pytest.mark.parametrize(("blamed", "laws"), BAD)
def test_bad_input_is_one_line_with_its_name(name: Any, blamed: Any, laws: Any) -> None:
    with pytest.raises(ValueError, match=blamed) as failure:
        FORMS[name](*laws)
    assert "\n" not in str(failure.value)


def test_place_in_the_stack_is_named() -> None:
    means, covariances = np.zeros((3, 2)), np.stack([np.eye(2), np.ones((2, 2)), np.eye(2)])
    with pytest.raises(ValueError, match=r"covariance_1\[1\]"):
        gd.kl_divergence(means, covariances, means, np.eye(2))


@pytest.mark.parametrize("order", [0.0, -1.0, np.nan, np.inf])
def test_renyi_refuses_orders_outside_its_definition(order: Any) -> None:
    with pytest.raises(ValueError, match="order"):
        gd.renyi_divergence([0.0], [[1.0]], [0.0], [[1.0]], order=order)


def test_pair_receives_shift_and_covariances() -> None:
    seen = over_pairs(
        lambda gap, one, two: gap[0] + one[0, 0] * two[0, 0], [1.0], [[2.0]], [4.0], [[5.0]]
    )
    assert seen == 7.0
