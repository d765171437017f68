"""The score in d dimensions against the plain definition, differences, and one dimension."""

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray

from numerics.empirical_score import empirical_score_derivatives
from numerics.empirical_score_nd import (
    empirical_score_nd,
    score_jacobian_nd,
    score_second_derivative_nd,
)


def plain_score(
    y: NDArray[np.float64], x: NDArray[np.float64], mu: float, sigma: float
) -> list[mp.mpf]:
    """Sum of (mu x_i - y) weights over sigma^2 sum of weights, as written."""
    with mp.workdps(200):
        gaps = [[mp.mpf(mu) * mp.mpf(a) - mp.mpf(b) for a, b in zip(r, y, strict=True)] for r in x]
        squares = [mp.fsum(g**2 for g in row) / (2 * mp.mpf(sigma) ** 2) for row in gaps]
        e = [mp.exp(min(squares) - q) for q in squares]
        total = mp.mpf(sigma) ** 2 * mp.fsum(e)
        return [
            mp.fsum(w * row[a] for w, row in zip(e, gaps, strict=True)) / total
            for a in range(len(y))
        ]


@pytest.mark.parametrize("sigma", [1.0, 0.3, 1e-2, 1e-5, 1e-8])
def test_agrees_with_the_plain_definition(sigma: float) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(15, 3))
    # Data, midpoints of pairs (where two weights balance), and points in between.
    y = np.concatenate([0.8 * x[:3], 0.4 * (x[:6] + x[6:12]), rng.normal(size=(4, 3))])
    got = empirical_score_nd(y, x, mu=0.8, sigma=sigma)
    assert got.shape == y.shape
    for row, point in zip(got, y, strict=True):
        exact = plain_score(point, x, 0.8, sigma)
        # Sums over d of exponents up to 700, relative to distances of order 3.
        assert max(abs(a - b) for a, b in zip(row, exact, strict=True)) < 1e-13 * 3 / sigma**2


def test_one_coordinate_is_the_score_on_the_line() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=40), np.linspace(-2, 2, 33)
    for sigma in (0.5, 0.02, 1e-6):
        line = empirical_score_derivatives(y, x, mu=0.8, sigma=sigma)
        score = empirical_score_nd(y[:, None], x[:, None], mu=0.8, sigma=sigma)
        jacobian = score_jacobian_nd(y[:, None], x[:, None], mu=0.8, sigma=sigma)
        third = score_second_derivative_nd(y[:, None], x[:, None], [[1.0]], mu=0.8, sigma=sigma)
        assert score.shape == (33, 1)
        assert jacobian.shape == (33, 1, 1)
        assert third.shape == (33, 1, 1, 1)
        # Two summation orders of the same exponents.
        np.testing.assert_allclose(score[:, 0], line.score, atol=1e-12 / sigma**2, rtol=0)
        np.testing.assert_allclose(jacobian[:, 0, 0], line.first, atol=1e-12 / sigma**4, rtol=0)
        np.testing.assert_allclose(third[:, 0, 0, 0], line.second, atol=1e-12 / sigma**6, rtol=0)


@pytest.mark.parametrize("sigma", [0.7, 0.2])
def test_derivatives_match_differences(sigma: float) -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(12, 4)), rng.normal(size=(5, 4))
    jacobian = score_jacobian_nd(y, x, mu=0.8, sigma=sigma)
    third = score_second_derivative_nd(y, x, np.eye(4), mu=0.8, sigma=sigma)
    h = 1e-4 * sigma
    for a, step in enumerate(h * np.eye(4)):
        up, down = (empirical_score_nd(y + s, x, mu=0.8, sigma=sigma) for s in (step, -step))
        # Central differences err by h^2 times the next derivative but one.
        np.testing.assert_allclose(
            (up - down) / (2 * h), jacobian[:, a], atol=2e-6 / sigma**4, rtol=0
        )
        up, down = (score_jacobian_nd(y + s, x, mu=0.8, sigma=sigma) for s in (step, -step))
        np.testing.assert_allclose((up - down) / (2 * h), third[:, a], atol=2e-5 / sigma**6, rtol=0)


def test_symmetries_of_the_derivatives() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(9, 3)), rng.normal(size=(4, 3))
    jacobian = score_jacobian_nd(y, x, mu=0.9, sigma=0.6)
    third = score_second_derivative_nd(y, x, np.eye(3), mu=0.9, sigma=0.6)
    scale = 100.0  # 1/sigma^6 and the cube of the spread
    np.testing.assert_allclose(jacobian, jacobian.transpose(0, 2, 1), atol=1e-13, rtol=0)
    for order in ((0, 2, 1, 3), (0, 1, 3, 2), (0, 3, 2, 1)):
        np.testing.assert_allclose(third, third.transpose(order), atol=1e-14 * scale, rtol=0)
    u = rng.normal(size=(2, 3))
    # Contraction is linear in the direction.
    np.testing.assert_allclose(
        score_second_derivative_nd(y, x, u, mu=0.9, sigma=0.6),
        np.einsum("kc,mcab->mkab", u, third),
        atol=1e-13 * scale,
        rtol=0,
    )


def test_rotation_and_permutation() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(30, 5)), rng.normal(size=(7, 5))
    turn, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    score = empirical_score_nd(y, x, mu=0.8, sigma=0.5)
    turned = empirical_score_nd(y @ turn, (x @ turn)[::-1], mu=0.8, sigma=0.5)
    # Rounding of the rotation, exponents of order 30.
    np.testing.assert_allclose(turned, score @ turn, atol=1e-12, rtol=0)


@pytest.mark.parametrize("sigma", [0.05, 0.5, 3.0])
def test_blocks_and_screening_leave_nothing_out(
    sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(400, 6)) + 30.0, rng.normal(size=(150, 6)) + 24.0
    c = 0.8 * x
    exponent = -((y[:, None] - c) ** 2).sum(axis=2) / (2 * sigma**2)
    weight = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    direct = ((weight @ c) / weight.sum(axis=1, keepdims=True) - y) / sigma**2
    monkeypatch.setattr("numerics.gaussian_window_nd._SCREEN", 3000)
    monkeypatch.setattr("numerics.gaussian_window_nd._REFINE", 2000)
    got = empirical_score_nd(y, x, mu=0.8, sigma=sigma)
    # The direct exponents reach 1e4, so its weights are good to 1e-12.
    np.testing.assert_allclose(got, direct, atol=1e-11 * 10 / sigma**2, rtol=0)


def test_bad_input_is_one_line() -> None:
    x = [[0.0, 1.0], [1.0, 0.0]]
    cases: list[tuple[Any, Any, str]] = [
        ([[0.0]], x, "last axis must have length 2"),
        ([[0.0, np.nan]], x, "every entry must be finite"),
        ([[0.0, 0.0]], [[0.0, 1.0]], "x had 1 point"),
        ([[0.0, 0.0]], [0.0, 1.0], "must have 2 axes"),
    ]
    for y, sample, says in cases:
        with pytest.raises(ValueError, match=says) as caught:
            empirical_score_nd(y, sample, mu=0.8, sigma=0.1)
        assert "\n" not in str(caught.value)
